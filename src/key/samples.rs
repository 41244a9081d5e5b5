//! Keys that the unit tests share.

/// Replaces the value of a member that is a string.
pub(super) fn with(jwk: &str, name: &str, value: &str) -> String {
    let (before, rest) = jwk.split_once(&format!("\"{name}\":\"")).unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    format!("{before}\"{name}\":{value}{after}")
}

/// RFC 7638 §3.1, the modulus.
pub(super) const RSA_N: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

/// RFC 7515 A.1.1
pub(super) const SECRET: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

/// RFC 7515 A.3.1
pub(super) const P256: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

/// RFC 7515 A.4.1
pub(super) const P521: &str = r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2","d":"AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C"}"#;

/// RFC 8037 A.1
pub(super) const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// `openssl ecparam -genkey`, which puts the parameters first.
pub(super) const EC_PEM: &str = "\
-----BEGIN EC PARAMETERS-----\n\
BggqhkjOPQMBBw==\n\
-----END EC PARAMETERS-----\n\
-----BEGIN EC PRIVATE KEY-----\n\
MHcCAQEEIM3zkWwiWJfLIi+qGQCws0qDb3nW+dg3qbimE/U2wIskoAoGCCqGSM49\n\
AwEHoUQDQgAEznS3Rxpg0n1j5ZPg18DfNyZtQtRoVV4z4wNmdvNVCiWQeZnXFa/j\n\
wNMC/uSemWda9QVYrZBICYcbCvUDEQLuRQ==\n\
-----END EC PRIVATE KEY-----\n\
";

/// The public key of [`EC_PEM`].
pub(super) const EC_PUBLIC_PEM: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEznS3Rxpg0n1j5ZPg18DfNyZtQtRo\n\
VV4z4wNmdvNVCiWQeZnXFa/jwNMC/uSemWda9QVYrZBICYcbCvUDEQLuRQ==\n\
-----END PUBLIC KEY-----\n\
";

/// A certificate of [`EC_PEM`], made by itself.
pub(super) const EC_CERTIFICATE_PEM: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBcjCCARegAwIBAgIUAxXHAFSbjaDziuyQPX84FzqQlqwwCgYIKoZIzj0EAwIw\n\
DjEMMAoGA1UEAwwDam90MB4XDTI2MTEyMzIyMTgzMFoXDTM2MTEyMDIyMTgzMFow\n\
DjEMMAoGA1UEAwwDam90MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEznS3Rxpg\n\
0n1j5ZPg18DfNyZtQtRoVV4z4wNmdvNVCiWQeZnXFa/jwNMC/uSemWda9QVYrZBI\n\
CYcbCvUDEQLuRaNTMFEwHQYDVR0OBBYEFNt3bSn7onHtiBRXPI2md+LUyAgUMB8G\n\
A1UdIwQYMBaAFNt3bSn7onHtiBRXPI2md+LUyAgUMA8GA1UdEwEB/wQFMAMBAf8w\n\
CgYIKoZIzj0EAwIDSQAwRgIhALqSJhuszEROqj8YnBb/uAgkLZzdZyMuwYkQyXhP\n\
GloBAiEAke74AAkmNJICE9XskoPjlCZ2oKjwK0i6v+kvMWIFxIo=\n\
-----END CERTIFICATE-----\n\
";

/// A certificate of version 1 with another P-256 key.
pub(super) const EC_OLD_CERTIFICATE_PEM: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBFTCBuwIUEuKUVeXpsSU/R899//zF89cNnbUwCgYIKoZIzj0EAwIwDDEKMAgG\n\
A1UEAwwBYTAgFw0yNjExMjkwMjIyMTBaGA8yMTI2MTEwNTAyMjIxMFowDDEKMAgG\n\
A1UEAwwBYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAih0C/gp0uL6Z+P9iez\n\
w51vvAboP+rDzfvc8SE9thOluZt2BWxoUPgj3DHfCAPBwkGr9WRzzgkkCiD3bOOp\n\
5UkwCgYIKoZIzj0EAwIDSQAwRgIhAKj+C2MR/rnrEpGp0J9glIEWeSjMJ8Hz6Kty\n\
RbLNUAZzAiEA21lLwPjM73XoPLq7UUOkMFuveiG0jKpSwvSBqtAJDs0=\n\
-----END CERTIFICATE-----\n\
";

/// An encrypted form of [`EC_PEM`].
pub(super) const EC_ENCRYPTED_PEM: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgel8gCFArv4gICCAAw\n\
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECR9+tPy9/WWtJvdiMZqSDgEgZBY\n\
p0h9DHfb3fMYRgVAl2MzMaup6AoEO40TXAJ2Ub+ixRp+ROaMXqYe1QT4x/JnYjiv\n\
KXOeIKd2OszmotG7kLD7JjdJQK3g7Y5bK4tXgTILKeOdL4vorMC2H89lvTOcneoj\n\
BfsFYL6cSu8hzgs3a/Y8L7TfVYnnF5PoJLsdtRVwKRfFYnj/mJHN4m3OT1WOZZI=\n\
-----END ENCRYPTED PRIVATE KEY-----\n\
";

/// An X25519 public key, which is not for signatures.
pub(super) const X25519_PEM: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MCowBQYDK2VuAyEAX+URGqlYVQSosTOtok2qtSUgXXHRYCcV2AETsKpNKXc=\n\
-----END PUBLIC KEY-----\n\
";

/// A secp224r1 key.
pub(super) const P224_PEM: &str = "\
-----BEGIN EC PRIVATE KEY-----\n\
MGgCAQEEHKfB43uhhjIyZ7Jrf/xlGoFqLymggxqL3Ltmsm2gBwYFK4EEACGhPAM6\n\
AARC1GHjEEJFOrqsEHOzbZ/4lm2Pz5FnxYxHl2k4CG9Z/ulrvjrMnzwcsKgmgF1d\n\
Kf7jBbAesxWCpQ==\n\
-----END EC PRIVATE KEY-----\n\
";

/// An RSA public key of 1024 bits.
pub(super) const RSA_1024_PEM: &str = "\
-----BEGIN PUBLIC KEY-----\n\
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCr3jNExpnC1IboooIw+wHxeVnS\n\
n009HRld1UAm6/6Bio4Kr9gBU0Ben4EwtKRwq2/V6Hnv7+FGBElUMwqK4Qw/2Upy\n\
+5Jrs9Th//gC27GfB7kxgJlNbylN87RQx6H6hUGJEeryqZEOYYMwjUSiVx/Q3ZX+\n\
ysWGzejF9OHmg6V1aQIDAQAB\n\
-----END PUBLIC KEY-----\n\
";

/// An RSA private key as an RSAPrivateKey.
pub(super) const RSA_PRIVATE_PEM: &str = "\
-----BEGIN RSA PRIVATE KEY-----\n\
MIIEogIBAAKCAQEAnvYkohRTSc8lYuIY7/J/ZHIaCvX5F+FXjWjAO5cVVggXf3YY\n\
PPQvkwjCDKESNE8E4IXtnefEfRcDZM3h1d1+fIcdtB7BiOE++ocdSdOTe1k1N2AF\n\
SSON2zfev2bsZTzT4cvkUkVhdEAE5a8WNahco3JEwJhk+ROr+Okx48rgWLOxBFp3\n\
l5nqaMklFt+9dOgH0fcebap33fBqEtDV7etI/GOdoenMhw7w+oTfaDzrCR2ACytq\n\
0iFGnd2Zi5MiI4tXrcJpQlfsv/ziMcLbnXCumoV8KnPLv81O8B5scuucOr21loJc\n\
yIXwhNzgwmvYX9UbrIyzlO0X+rf5+aBxzOmu6QIDAQABAoIBAAsR8TMoXzSArIXa\n\
YQo0xRJlr9KblqFHHCXI6bo8p0u6fIhv3PhBuR5wObNPdEkYR6qrKQUaIuDjPWVD\n\
wTp3llttvW/RxICXzx77UdrWVSr952rX0QZq53Igze5eaJAUUF0lKd1g34yM+MpW\n\
CyHpe6oWRxtygXWnHQ7UjpjihAUpQjFme3pVmBgmqBnBWRKOP3o36TJKR3aPCfB7\n\
kb/wvcUnjJ4yCfwIS3OFfPjxVpdgtKiD/Tmj6pGYxfgwgB1lorKShb2DgdZgPepA\n\
OvCuYU3orkNo5KnjJwn8QS9G9u/7mcJtAfeg6z6BPdTWBwzIGNb989oWiiWvA8jr\n\
eel45FECgYEA3HSN4cFcNHH0s4E4vlkdQrI4How86vluxoGcAZvjt7UkQIAiS1cg\n\
rkTBlOqFF9UyJNvLvgR31JkNR9OqkiozvTDqqLprJCnpx4FKfI/M271xwt+KJj9E\n\
NJI6aX7LI0fwmKp7Olmm1/OYJgWLwWoyMJ+YjFsz6K/+GPTn/34mSxMCgYEAuJdj\n\
wf2rSfJpoczDx+uXgDfJk9Z2pqXEsi2A/PU6LY3ZLbFyr0pHI08s8GJwukIYALKX\n\
OERJZ9ZoPQXZSd2lrVKYA9abYCasVDYSN/Z00fMthBz3GrBV5VpXKDlydzZqvlnP\n\
scQxRtGiRUdQ85OjDTSCdxjU/iS+SK21XvWIgZMCgYAhk+cgYZEns8uvo5j+9RfN\n\
1tNRY87Lg15qAce/Pv06N+7jnCCdFRI3OOW7RtUqwiA3GPs5X/jYes9ZB1ZNmPv0\n\
bwTu2iYDhhbDel/cBRMQzRQMuHuUQ8KhtzwKYXOTVhvBRQYr5wfQkJu1/tZAiWpH\n\
madkiWeoo1Wye2rysUYn3QKBgDbiXHjrkah0+U9wcK3asLsg20CnvbOjCi7oNLgB\n\
ugCdcnuRjUXtUeV/vx7iRh47VKOwdiH2u9Sx/WBXgtnhm0dDjYtmneAi345SXWxi\n\
TS23nkrvydEXqRJ+n/eHzS8A8RAT6Bs0+GnUHul2YO1rckmU2U3MBlhiWGmHrKvF\n\
WYcdAoGAdrnNIYYsic89pbYFnDdle9hzsJgALtBjZpKmQ1x/F42L7L2pE0PxRnKG\n\
f84ma0di3IXlW56yHW+EmV6YwBOygI1etWu/iudSJ0FjE9iQUB7BiWXw0R2wWNJw\n\
j4sdsWDYVS4sQKVrrOccP4Pk+Y6/lGHk7ia4pR0Idnd9JPp1Gbo=\n\
-----END RSA PRIVATE KEY-----\n\
";

/// The public key of [`RSA_PRIVATE_PEM`] as an RSAPublicKey.
pub(super) const RSA_PUBLIC_PEM: &str = "\
-----BEGIN RSA PUBLIC KEY-----\n\
MIIBCgKCAQEAnvYkohRTSc8lYuIY7/J/ZHIaCvX5F+FXjWjAO5cVVggXf3YYPPQv\n\
kwjCDKESNE8E4IXtnefEfRcDZM3h1d1+fIcdtB7BiOE++ocdSdOTe1k1N2AFSSON\n\
2zfev2bsZTzT4cvkUkVhdEAE5a8WNahco3JEwJhk+ROr+Okx48rgWLOxBFp3l5nq\n\
aMklFt+9dOgH0fcebap33fBqEtDV7etI/GOdoenMhw7w+oTfaDzrCR2ACytq0iFG\n\
nd2Zi5MiI4tXrcJpQlfsv/ziMcLbnXCumoV8KnPLv81O8B5scuucOr21loJcyIXw\n\
hNzgwmvYX9UbrIyzlO0X+rf5+aBxzOmu6QIDAQAB\n\
-----END RSA PUBLIC KEY-----\n\
";
