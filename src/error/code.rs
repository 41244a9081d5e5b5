//! The one table of codes.

use std::fmt;

use super::stage::Stage;

macro_rules! codes {
    ($($variant:ident = $number:literal, $name:literal, $stage:ident, $meaning:literal;)*) => {
        /// Why a token, a key or an argument was refused; 0 is acceptance.
        ///
        /// Numbers and names are stable: they are never changed or reused.
        /// Bands: 0 accepted, 1xx caller, 2xx syntax, 3xx header, 4xx key,
        /// 5xx signature, 6xx claims, 7xx limits, 9xx internal.
        ///
        /// ```
        /// use jot::{Code, Stage};
        ///
        /// assert_eq!((Code::Expired.number(), Code::Expired.name()), (692, "expired"));
        /// assert_eq!("expired".parse(), Ok(Code::Expired));
        /// assert_eq!(Code::from_number(692), Some(Code::Expired));
        /// assert_eq!((Code::Expired.stage(), Code::Expired.http_status()), (Stage::Claims, 401));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u32)]
        pub enum Code {
            $(#[doc = $meaning] $variant = $number,)*
        }

        /// The codes numbered without gaps.
        enum Ordinal {
            $($variant,)*
        }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the stable name, such as `"expired"`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns the step at which the code arises.
            #[must_use]
            pub const fn stage(self) -> Stage {
                match self { $(Self::$variant => Stage::$stage,)* }
            }

            /// Name, stage and meaning for C, ended by a NUL.
            #[cfg(feature = "capi")]
            pub(crate) const fn c_texts(self) -> [&'static str; 3] {
                match self {
                    $(Self::$variant => [
                        concat!($name, "\0"),
                        Stage::$stage.c_name(),
                        concat!($meaning, "\0"),
                    ],)*
                }
            }

            /// Returns one sentence that says what the code means.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// Returns the position in [`Code::ALL`].
            pub(crate) const fn row(self) -> usize {
                match self { $(Self::$variant => Ordinal::$variant as usize,)* }
            }

            /// Returns the code with this number, if there is one.
            #[must_use]
            pub const fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

codes! {
    Accepted = 0, "accepted", Accepted, "The signature holds and every rule of the policy is met.";

    AlgorithmsEmpty = 100, "algorithms_empty", Caller, "The policy allows no algorithm.";
    KeysEmpty = 101, "keys_empty", Caller, "The verifier was given no key.";
    IssuerRepeated = 102, "issuer_repeated", Caller, "Two key sets were given for the same issuer.";
    IssuerRequired = 103, "issuer_required", Caller, "The policy needs an issuer and none was given.";
    PolicyInvalid = 104, "policy_invalid", Caller, "A policy value is empty, negative or contradicts another.";
    ClaimsToSignInvalid = 110, "claims_to_sign_invalid", Caller, "The claims to sign are not a JSON object with unique member names.";
    HeaderToSignInvalid = 111, "header_to_sign_invalid", Caller, "An extra Header Parameter is reserved, repeated or not valid JSON.";
    AlgorithmNotForKey = 112, "algorithm_not_for_key", Caller, "The signing key cannot sign with the requested algorithm.";

    RevocationsFull = 120, "revocations_full", Caller, "The revocation list is full.";
    RevocationsInvalid = 121, "revocations_invalid", Caller, "The text of saved revocations is malformed.";
    SavedKeysInvalid = 122, "saved_keys_invalid", Caller, "The text of saved keys is malformed, or is that of another URL.";
    StatusListsFull = 123, "status_lists_full", Caller, "The verifier has as many status lists as it can.";
    BatchInvalid = 130, "batch_invalid", Caller, "The columns of a batch differ in length, or offsets run backwards.";
    BatchCancelled = 131, "batch_cancelled", Caller, "The batch was cancelled before this token's turn.";
    RandomnessMissing = 140, "randomness_missing", Caller, "The system's random number generator failed.";
    CacheTooLarge = 141, "cache_too_large", Caller, "There is not enough memory for a cache of this size.";
    MemoryMissing = 142, "memory_missing", Caller, "There is not enough memory for what was asked for.";
    ThreadsMissing = 143, "threads_missing", Caller, "The system refused to start as many threads as were asked for.";
    ArgumentNull = 150, "argument_null", Caller, "A required pointer is NULL.";
    ArgumentSize = 151, "argument_size", Caller, "The size of a struct is not one that this library knows, or a length is larger than the address space.";
    ArgumentMisaligned = 152, "argument_misaligned", Caller, "A pointer is not aligned for the type that it points to.";
    ArgumentText = 153, "argument_text", Caller, "A text is not valid UTF-8.";
    ArgumentValue = 154, "argument_value", Caller, "The argument does not accept this number or flag.";
    HandleBusy = 155, "handle_busy", Caller, "The handle is in use by another call.";
    KeySetFrozen = 156, "key_set_frozen", Caller, "The key set was handed to a verifier and can no longer be changed.";
    ValueMissing = 157, "value_missing", Caller, "There is no such claim, Header Parameter, member or element.";
    ValueType = 158, "value_type", Caller, "The value has another type than the one asked for.";
    ValueStale = 159, "value_stale", Caller, "The value is of a token that the scratch no longer holds.";

    ConditionName = 160, "condition_name", Caller, "The condition's name is empty or no JSON Pointer (RFC 6901), where ~ is written ~0, and / within a name ~1.";
    ConditionTest = 161, "condition_test", Caller, "No test follows the name: present, equals, any_of, contains, prefix, regex, ge, gt, le or lt, or not and one.";
    ConditionOperands = 162, "condition_operands", Caller, "The number of operands is wrong: present takes none, any_of and contains one or more, every other test one.";
    ConditionOperand = 163, "condition_operand", Caller, "ge, gt, le and lt take a number, prefix and regex a text that is not empty, no test null, a list or an object.";
    ConditionQuotes = 164, "condition_quotes", Caller, "A word that begins with a quotation mark is no JSON string, or no space follows the string.";
    ConditionPattern = 165, "condition_pattern", Caller, "The regular expression is malformed or too large.";
    RegexMissing = 166, "regex_missing", Caller, "The library was built without the feature `regex`, which a regular expression in a condition needs.";

    TokenEmpty = 200, "token_empty", Syntax, "The token has no bytes.";
    TokenSegments = 201, "token_segments", Syntax, "The token does not have exactly three segments.";
    TokenJsonSerialization = 202, "token_json_serialization", Syntax, "The token is a JWS JSON Serialization; only the Compact Serialization is accepted.";
    HeaderEncoding = 203, "header_encoding", Syntax, "The header segment is empty or not strict base64url.";
    PayloadEncoding = 204, "payload_encoding", Syntax, "The payload segment is not strict base64url.";
    SignatureEncoding = 205, "signature_encoding", Syntax, "The signature segment is not strict base64url.";
    PayloadAttached = 206, "payload_attached", Syntax, "A detached payload was given and the token carries one as well.";
    TokenNull = 207, "token_null", Syntax, "There is no token in this row.";
    TokenEncrypted = 208, "token_encrypted", Syntax, "The token is a JWE: its claims are encrypted, and only a JWS can be verified.";
    TokenWrapped = 209, "token_wrapped", Syntax, "The token is surrounded by something else, such as white space, quotes or the word Bearer.";
    TokenPadded = 210, "token_padded", Syntax, "A segment is padded with =, which RFC 7515 does not allow.";

    HeaderJson = 300, "header_json", Header, "The JOSE Header is not valid JSON in UTF-8.";
    HeaderNotObject = 301, "header_not_object", Header, "The JOSE Header is not a JSON object.";
    HeaderRepeated = 302, "header_repeated", Header, "The JOSE Header has the same member name twice.";
    AlgMissing = 310, "alg_missing", Header, "The JOSE Header has no alg.";
    AlgInvalid = 311, "alg_invalid", Header, "The alg is not a string.";
    AlgNone = 312, "alg_none", Header, "The alg is none: the token is unsecured.";
    AlgUnknown = 313, "alg_unknown", Header, "The alg is not one that this library knows.";
    AlgNotAllowed = 314, "alg_not_allowed", Header, "The alg is not among those that the policy allows.";
    KidInvalid = 320, "kid_invalid", Header, "The kid is not a string.";
    TypInvalid = 330, "typ_invalid", Header, "The typ is not a string.";
    TypMissing = 331, "typ_missing", Header, "The policy demands a typ and the token has none.";
    TypMismatch = 332, "typ_mismatch", Header, "The typ is not the one that the policy demands.";
    CritInvalid = 340, "crit_invalid", Header, "The crit is not a non-empty array of strings.";
    CritRepeated = 341, "crit_repeated", Header, "The crit names the same Header Parameter twice.";
    CritRegistered = 342, "crit_registered", Header, "The crit names a Header Parameter that RFC 7515 or RFC 7518 defines.";
    CritAbsent = 343, "crit_absent", Header, "The crit names a Header Parameter that is not in the header.";
    CritUnknown = 344, "crit_unknown", Header, "The crit names an extension that is not understood.";
    B64Invalid = 350, "b64_invalid", Header, "The b64 is not a boolean.";
    B64NotCritical = 351, "b64_not_critical", Header, "The b64 is false and crit does not name it.";
    B64InJwt = 352, "b64_in_jwt", Header, "The b64 is false, which a JWT must not use.";
    JwkMissing = 360, "jwk_missing", Header, "No key came with the token: the JOSE Header has no jwk, and no key was handed over.";
    JwkInvalid = 361, "jwk_invalid", Header, "The jwk in the JOSE Header is not an object.";
    JwkUnexpected = 362, "jwk_unexpected", Header, "A key was handed over, and the JOSE Header has a jwk as well.";
    JwkPrivate = 363, "jwk_private", Header, "The key that comes with the token has a private member, which must not be sent.";

    KeyJson = 400, "key_json", Key, "The JWK or JWK Set is not a JSON object with unique member names.";
    KeyMemberMissing = 401, "key_member_missing", Key, "The JWK lacks a member that its type requires.";
    KeyMemberInvalid = 402, "key_member_invalid", Key, "A member of the JWK has the wrong type, encoding or length.";
    KeyTypeUnknown = 403, "key_type_unknown", Key, "The kty or the key's object identifier is not one that this library knows.";
    KeyCurveUnknown = 404, "key_curve_unknown", Key, "The curve is not one that this library verifies with.";
    KeyAlgUnknown = 405, "key_alg_unknown", Key, "The key's alg is not a signature algorithm that this library knows.";
    KeyAlgMismatch = 406, "key_alg_mismatch", Key, "The key's alg does not fit its type, curve or size.";
    KeyUseNotSignature = 407, "key_use_not_signature", Key, "The key's use is not sig.";
    KeyOpsNotAllowed = 408, "key_ops_not_allowed", Key, "The key's key_ops do not allow this use.";
    KeyInvalid = 409, "key_invalid", Key, "The key's numbers are not a valid key of its type.";
    KeyPemInvalid = 410, "key_pem_invalid", Key, "The text has no PEM block, a malformed one, or several where one was expected.";
    KeyDerInvalid = 411, "key_der_invalid", Key, "The DER is malformed.";
    KeyRsaTooShort = 412, "key_rsa_too_short", Key, "The RSA modulus is shorter than 2048 bits.";
    KeyRsaExponent = 413, "key_rsa_exponent", Key, "The RSA public exponent is even, less than 3 or longer than 33 bits.";
    KeyRsaModulus = 414, "key_rsa_modulus", Key, "The RSA modulus is even or longer than 8192 bits.";
    KeySecretTooShort = 415, "key_secret_too_short", Key, "The HMAC secret is shorter than the hash output.";
    KeySecretIsKeyText = 416, "key_secret_is_key_text", Key, "The HMAC secret is a key in PEM, DER, JWK or SSH form.";
    KeySetEmpty = 417, "key_set_empty", Key, "None of the keys can be used.";
    KeyNotPrivate = 418, "key_not_private", Key, "The key has no private part and cannot sign.";
    KeyGeneration = 419, "key_generation", Key, "The key could not be generated.";
    KidUnknown = 420, "kid_unknown", Key, "No key has the token's kid.";
    KeyNotForAlg = 421, "key_not_for_alg", Key, "No key that the token may use is bound to its alg.";
    IssuerUnknown = 422, "issuer_unknown", Key, "The verifier has no key set of this issuer.";
    KeySecretNotPublic = 423, "key_secret_not_public", Key, "A secret has no public part.";
    KeyRevoked = 424, "key_revoked", Key, "The signature holds, but its key was revoked.";
    KeyNotYetValid = 425, "key_not_yet_valid", Key, "The signature holds, but its key was not yet in force.";
    KeyRetired = 426, "key_retired", Key, "The signature holds, but its key was no longer in force.";
    KeyTextIsPage = 427, "key_text_is_page", Key, "The text is an HTML or XML page, such as a login or error page, not a key.";
    KeyOfAuthority = 428, "key_of_authority", Key, "The certificate issued another one in the same file, so its key signs certificates, not tokens.";
    KeyEncrypted = 430, "key_encrypted", Key, "The private key is encrypted; decrypt it first, for example with `openssl pkey`.";
    KeyTextIsSsh = 431, "key_text_is_ssh", Key, "The key is in an OpenSSH format; `ssh-keygen -e -m PKCS8` converts it to PEM.";
    KeyTextIsPkcs12 = 432, "key_text_is_pkcs12", Key, "The file is PKCS #12; `openssl pkcs12 -nokeys` writes its certificates as PEM.";
    KeyTextIsPkcs7 = 433, "key_text_is_pkcs7", Key, "The file is PKCS #7; `openssl pkcs7 -print_certs` writes its certificates as PEM.";
    KeyTextIsDer = 434, "key_text_is_der", Key, "The key is DER where text was expected.";
    KeyTextIsPem = 435, "key_text_is_pem", Key, "The key is PEM where another form was expected.";
    KeyTextIsJson = 436, "key_text_is_json", Key, "The text is JSON, such as a JWK or JWK Set, where another form was expected.";
    KeyTextIsBase64 = 437, "key_text_is_base64", Key, "The text is the base64 of a key, without the BEGIN and END lines that make it PEM.";
    KeyTextIsEscaped = 438, "key_text_is_escaped", Key, "The PEM has a backslash and an n in the place of each line break.";
    KeyTextIsWide = 439, "key_text_is_wide", Key, "The text is UTF-16 or UTF-32; UTF-8 is required.";
    KeyTextIsDiscovery = 440, "key_text_is_discovery", Key, "The text is a discovery document; its jwks_uri says where the JWK Set is.";
    KeyTextIsMap = 441, "key_text_is_map", Key, "The text is a JSON object that maps each kid to a PEM; read each PEM by itself.";
    KeyPemLabel = 442, "key_pem_label", Key, "The label of the PEM block is not that of a key or certificate.";
    KeyCurveRenamed = 443, "key_curve_renamed", Key, "The crv is an old name for secp256k1 (RFC 8812).";
    KeyCurveExplicit = 444, "key_curve_explicit", Key, "The curve is given by its parameters instead of its name, which RFC 5480 forbids.";
    KeyRsaPss = 446, "key_rsa_pss", Key, "The RSASSA-PSS key (RFC 4055) is private, or its parameters are not those of PS256, PS384 or PS512.";
    KeyTextUnknown = 447, "key_text_unknown", Key, "The text is neither a JWK, a JWK Set nor PEM.";
    KeyPemDashes = 448, "key_pem_dashes", Key, "A BEGIN line of PEM starts with exactly five hyphens, and this one does not.";
    KeyTextIsRealm = 449, "key_text_is_realm", Key, "The text is a Keycloak realm document; its public_key is the base64 of a key in DER.";
    KeysNotYet = 450, "keys_not_yet", Key, "The issuer's keys have not been fetched yet.";
    KeysStale = 451, "keys_stale", Key, "The issuer's keys could not be fetched again for longer than allowed.";
    FetchFailed = 452, "fetch_failed", Key, "The fetch of the keys ended without an answer.";
    FetchTimeout = 453, "fetch_timeout", Key, "The fetch of the keys took longer than allowed.";
    FetchStatus = 454, "fetch_status", Key, "The answer to the fetch has an HTTP status that brings no keys.";
    FetchRedirect = 455, "fetch_redirect", Key, "The fetch was redirected to another origin, or too often.";
    ReplyTooLong = 456, "reply_too_long", Key, "The answer to the fetch is longer than the limit.";
    KeysTooMany = 457, "keys_too_many", Key, "The key set has more keys than the limit.";
    DiscoveryInvalid = 458, "discovery_invalid", Key, "The discovery document is malformed or lacks a member.";
    DiscoveryIssuer = 459, "discovery_issuer", Key, "The discovery document is that of another issuer.";
    UrlRefused = 460, "url_refused", Key, "The URL is not one of https, or is written in a way that is not accepted.";
    KeyCertificateDiffers = 461, "key_certificate_differs", Key, "The first certificate of x5c has another key than the JWK (RFC 7517).";
    RevocationsStale = 462, "revocations_stale", Key, "The list of revocations could not be fetched again for longer than allowed.";
    RevocationsNotYet = 463, "revocations_not_yet", Key, "The list of revocations has not been fetched yet.";
    RevocationsOlder = 464, "revocations_older", Key, "The list that was fetched was made before the one in force.";
    StatusListNotYet = 465, "status_list_not_yet", Key, "The token's status list has not been fetched yet.";
    StatusListStale = 466, "status_list_stale", Key, "The token's status list could not be fetched again for longer than allowed.";
    StatusListInvalid = 467, "status_list_invalid", Key, "The signed status list is malformed, or is that of another URI.";
    StatusListUnknown = 468, "status_list_unknown", Key, "The token names a status list that the verifier does not have.";
    StatusListTooLong = 469, "status_list_too_long", Key, "The status list has more entries than the limit.";

    SignatureInvalid = 500, "signature_invalid", Signature, "The JWS Signature does not hold.";
    SelfSigned = 501, "self_signed", Signature, "The key that came with the token signed it, which proves nothing until its thumbprint is compared.";

    ClaimsJson = 600, "claims_json", Claims, "The payload is not valid JSON in UTF-8.";
    ClaimsNotObject = 601, "claims_not_object", Claims, "The payload is not a JSON object.";
    ClaimsRepeated = 602, "claims_repeated", Claims, "The Claims Set has the same member name twice.";
    IssMissing = 610, "iss_missing", Claims, "The policy demands an issuer and the token has no iss.";
    IssInvalid = 611, "iss_invalid", Claims, "The iss is not a string.";
    IssMismatch = 612, "iss_mismatch", Claims, "The iss is not the issuer that the key belongs to.";
    AudMissing = 620, "aud_missing", Claims, "The policy demands an audience and the token has no aud.";
    AudInvalid = 621, "aud_invalid", Claims, "The aud is neither a string nor an array of strings.";
    AudMismatch = 622, "aud_mismatch", Claims, "The aud names none of the policy's audiences.";
    AudUnexpected = 623, "aud_unexpected", Claims, "The token has an aud and the policy names no audience.";
    SubMissing = 630, "sub_missing", Claims, "The policy demands a subject and the token has no sub.";
    SubInvalid = 631, "sub_invalid", Claims, "The sub is not a string.";
    SubMismatch = 632, "sub_mismatch", Claims, "The sub is not the one that the policy demands.";
    SubRevoked = 633, "sub_revoked", Claims, "The subject's tokens that were issued before a given instant were revoked.";
    JtiInvalid = 640, "jti_invalid", Claims, "The jti is not a string.";
    JtiRevoked = 641, "jti_revoked", Claims, "The token was revoked by its jti.";
    SidRevoked = 642, "sid_revoked", Claims, "The token was revoked with its session, the sid.";
    StatusRevoked = 643, "status_revoked", Claims, "The token's status list says that it is invalid.";
    StatusSuspended = 644, "status_suspended", Claims, "The token's status list says that it is suspended.";
    StatusOther = 645, "status_other", Claims, "The status list says something else of the token than valid, invalid or suspended.";
    StatusInvalid = 646, "status_invalid", Claims, "The status does not name a list by idx and uri, or the list has no such index.";
    StatusMissing = 647, "status_missing", Claims, "The policy demands a status list and the token names none.";
    ClaimMissing = 650, "claim_missing", Claims, "A claim that the policy demands is absent or null.";
    ClaimMismatch = 651, "claim_mismatch", Claims, "A claim has another value than the policy demands.";
    AzpMissing = 660, "azp_missing", Claims, "The policy demands an authorized party and the token has no azp.";
    AzpMismatch = 661, "azp_mismatch", Claims, "The azp is not the authorized party that the policy demands.";
    ScopeInvalid = 662, "scope_invalid", Claims, "The scope or scp is neither a string nor an array of strings.";
    ScopeInsufficient = 663, "scope_insufficient", Claims, "The token lacks a scope that the policy demands.";
    IatMissing = 670, "iat_missing", Claims, "The policy limits the age and the token has no iat.";
    IatInvalid = 671, "iat_invalid", Claims, "The iat is not a NumericDate.";
    IssuedInFuture = 672, "issued_in_future", Claims, "The iat lies in the future by more than the leeway.";
    TooOld = 673, "too_old", Claims, "The token was issued longer ago than the policy allows.";
    NbfInvalid = 680, "nbf_invalid", Claims, "The nbf is not a NumericDate.";
    NotYetValid = 681, "not_yet_valid", Claims, "The nbf lies in the future.";
    ExpMissing = 690, "exp_missing", Claims, "The token has no exp and the policy demands one.";
    ExpInvalid = 691, "exp_invalid", Claims, "The exp is not a NumericDate.";
    Expired = 692, "expired", Claims, "The exp has passed; every other rule of the policy is met.";
    TimeUnknown = 695, "time_unknown", Claims, "Every rule without dates is met; those with dates need the time of use, which is unknown.";

    TokenTooLong = 700, "token_too_long", Limits, "The token is longer than the limit.";
    HeaderTooLong = 701, "header_too_long", Limits, "The header segment is longer than the limit.";
    HeaderTooDeep = 702, "header_too_deep", Limits, "The JOSE Header nests deeper than 32 levels.";
    ClaimsTooDeep = 703, "claims_too_deep", Limits, "The Claims Set nests deeper than 32 levels.";
    CandidatesTooMany = 704, "candidates_too_many", Limits, "The first 8 keys that fit did not verify the token, and more remain.";

    Internal = 900, "internal", Internal, "A fault of this library; please report it.";
    Panicked = 901, "panicked", Internal, "A fault of this library ended the call early; please report it.";
}

impl Code {
    /// Returns the stable number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Writes a code and its meaning, and the name and the offset that are known.
pub(crate) fn describe(
    f: &mut fmt::Formatter<'_>,
    code: Code,
    name: Option<&str>,
    offset: Option<u32>,
) -> fmt::Result {
    write!(f, "{} ({}): {}", code.name(), code.number(), code.meaning())?;
    if let Some(name) = name {
        write!(f, " [{name}]")?;
    }
    if let Some(offset) = offset {
        write!(f, " [byte {offset}]")?;
    }
    Ok(())
}
