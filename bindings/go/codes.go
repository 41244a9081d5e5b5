// Made from src/error/code.rs by `make docs`; do not edit.

package jot

// The codes.
const (
	// CodeAccepted: The signature holds and every rule of the policy is met.
	CodeAccepted Code = 0
	// CodeAlgorithmsEmpty: The policy allows no algorithm.
	CodeAlgorithmsEmpty Code = 100
	// CodeKeysEmpty: The verifier was given no key.
	CodeKeysEmpty Code = 101
	// CodeIssuerRepeated: Two key sets were given for the same issuer.
	CodeIssuerRepeated Code = 102
	// CodeIssuerRequired: The policy needs an issuer and none was given.
	CodeIssuerRequired Code = 103
	// CodePolicyInvalid: A policy value is empty, negative or contradicts another.
	CodePolicyInvalid Code = 104
	// CodeClaimsToSignInvalid: The claims to sign are not a JSON object with unique member names.
	CodeClaimsToSignInvalid Code = 110
	// CodeHeaderToSignInvalid: An extra Header Parameter is reserved, repeated or not valid JSON.
	CodeHeaderToSignInvalid Code = 111
	// CodeAlgorithmNotForKey: The signing key cannot sign with the requested algorithm.
	CodeAlgorithmNotForKey Code = 112
	// CodeRevocationsFull: The revocation list is full.
	CodeRevocationsFull Code = 120
	// CodeRevocationsInvalid: The text of saved revocations is malformed.
	CodeRevocationsInvalid Code = 121
	// CodeSavedKeysInvalid: The text of saved keys is malformed, or is that of another URL.
	CodeSavedKeysInvalid Code = 122
	// CodeStatusListsFull: The verifier has as many status lists as it can.
	CodeStatusListsFull Code = 123
	// CodeBatchInvalid: The columns of a batch differ in length, or offsets run backwards.
	CodeBatchInvalid Code = 130
	// CodeBatchCancelled: The batch was cancelled before this token's turn.
	CodeBatchCancelled Code = 131
	// CodeRandomnessMissing: The system's random number generator failed.
	CodeRandomnessMissing Code = 140
	// CodeCacheTooLarge: There is not enough memory for a cache of this size.
	CodeCacheTooLarge Code = 141
	// CodeMemoryMissing: There is not enough memory for what was asked for.
	CodeMemoryMissing Code = 142
	// CodeThreadsMissing: The system refused to start as many threads as were asked for.
	CodeThreadsMissing Code = 143
	// CodeArgumentNull: A required pointer is NULL.
	CodeArgumentNull Code = 150
	// CodeArgumentSize: The size of a struct is not one that this library knows, or a length is larger than the address space.
	CodeArgumentSize Code = 151
	// CodeArgumentMisaligned: A pointer is not aligned for the type that it points to.
	CodeArgumentMisaligned Code = 152
	// CodeArgumentText: A text is not valid UTF-8.
	CodeArgumentText Code = 153
	// CodeArgumentValue: The argument does not accept this number or flag.
	CodeArgumentValue Code = 154
	// CodeHandleBusy: The handle is in use by another call.
	CodeHandleBusy Code = 155
	// CodeKeySetFrozen: The key set was handed to a verifier and can no longer be changed.
	CodeKeySetFrozen Code = 156
	// CodeValueMissing: There is no such claim, Header Parameter, member or element.
	CodeValueMissing Code = 157
	// CodeValueType: The value has another type than the one asked for.
	CodeValueType Code = 158
	// CodeValueStale: The value is of a token that the scratch no longer holds.
	CodeValueStale Code = 159
	// CodeConditionName: The condition's name is empty or no JSON Pointer (RFC 6901), where ~ is written ~0, and / within a name ~1.
	CodeConditionName Code = 160
	// CodeConditionTest: No test follows the name: present, equals, any_of, contains, prefix, regex, ge, gt, le or lt, or not and one.
	CodeConditionTest Code = 161
	// CodeConditionOperands: The number of operands is wrong: present takes none, any_of and contains one or more, every other test one.
	CodeConditionOperands Code = 162
	// CodeConditionOperand: ge, gt, le and lt take a number, prefix and regex a text that is not empty, no test null, a list or an object.
	CodeConditionOperand Code = 163
	// CodeConditionQuotes: A word that begins with a quotation mark is no JSON string, or no space follows the string.
	CodeConditionQuotes Code = 164
	// CodeConditionPattern: The regular expression is malformed or too large.
	CodeConditionPattern Code = 165
	// CodeRegexMissing: The library was built without the feature `regex`, which a regular expression in a condition needs.
	CodeRegexMissing Code = 166
	// CodeTokenEmpty: The token has no bytes.
	CodeTokenEmpty Code = 200
	// CodeTokenSegments: The token does not have exactly three segments.
	CodeTokenSegments Code = 201
	// CodeTokenJsonSerialization: The token is a JWS JSON Serialization; only the Compact Serialization is accepted.
	CodeTokenJsonSerialization Code = 202
	// CodeHeaderEncoding: The header segment is empty or not strict base64url.
	CodeHeaderEncoding Code = 203
	// CodePayloadEncoding: The payload segment is not strict base64url.
	CodePayloadEncoding Code = 204
	// CodeSignatureEncoding: The signature segment is not strict base64url.
	CodeSignatureEncoding Code = 205
	// CodePayloadAttached: A detached payload was given and the token carries one as well.
	CodePayloadAttached Code = 206
	// CodeTokenNull: There is no token in this row.
	CodeTokenNull Code = 207
	// CodeTokenEncrypted: The token is a JWE: its claims are encrypted, and only a JWS can be verified.
	CodeTokenEncrypted Code = 208
	// CodeTokenWrapped: The token is surrounded by something else, such as white space, quotes or the word Bearer.
	CodeTokenWrapped Code = 209
	// CodeTokenPadded: A segment is padded with =, which RFC 7515 does not allow.
	CodeTokenPadded Code = 210
	// CodeHeaderJson: The JOSE Header is not valid JSON in UTF-8.
	CodeHeaderJson Code = 300
	// CodeHeaderNotObject: The JOSE Header is not a JSON object.
	CodeHeaderNotObject Code = 301
	// CodeHeaderRepeated: The JOSE Header has the same member name twice.
	CodeHeaderRepeated Code = 302
	// CodeAlgMissing: The JOSE Header has no alg.
	CodeAlgMissing Code = 310
	// CodeAlgInvalid: The alg is not a string.
	CodeAlgInvalid Code = 311
	// CodeAlgNone: The alg is none: the token is unsecured.
	CodeAlgNone Code = 312
	// CodeAlgUnknown: The alg is not one that this library knows.
	CodeAlgUnknown Code = 313
	// CodeAlgNotAllowed: The alg is not among those that the policy allows.
	CodeAlgNotAllowed Code = 314
	// CodeKidInvalid: The kid is not a string.
	CodeKidInvalid Code = 320
	// CodeTypInvalid: The typ is not a string.
	CodeTypInvalid Code = 330
	// CodeTypMissing: The policy demands a typ and the token has none.
	CodeTypMissing Code = 331
	// CodeTypMismatch: The typ is not the one that the policy demands.
	CodeTypMismatch Code = 332
	// CodeCritInvalid: The crit is not a non-empty array of strings.
	CodeCritInvalid Code = 340
	// CodeCritRepeated: The crit names the same Header Parameter twice.
	CodeCritRepeated Code = 341
	// CodeCritRegistered: The crit names a Header Parameter that RFC 7515 or RFC 7518 defines.
	CodeCritRegistered Code = 342
	// CodeCritAbsent: The crit names a Header Parameter that is not in the header.
	CodeCritAbsent Code = 343
	// CodeCritUnknown: The crit names an extension that is not understood.
	CodeCritUnknown Code = 344
	// CodeB64Invalid: The b64 is not a boolean.
	CodeB64Invalid Code = 350
	// CodeB64NotCritical: The b64 is false and crit does not name it.
	CodeB64NotCritical Code = 351
	// CodeB64InJwt: The b64 is false, which a JWT must not use.
	CodeB64InJwt Code = 352
	// CodeJwkMissing: No key came with the token: the JOSE Header has no jwk, and no key was handed over.
	CodeJwkMissing Code = 360
	// CodeJwkInvalid: The jwk in the JOSE Header is not an object.
	CodeJwkInvalid Code = 361
	// CodeJwkUnexpected: A key was handed over, and the JOSE Header has a jwk as well.
	CodeJwkUnexpected Code = 362
	// CodeJwkPrivate: The key that comes with the token has a private member, which must not be sent.
	CodeJwkPrivate Code = 363
	// CodeKeyJson: The JWK or JWK Set is not a JSON object with unique member names.
	CodeKeyJson Code = 400
	// CodeKeyMemberMissing: The JWK lacks a member that its type requires.
	CodeKeyMemberMissing Code = 401
	// CodeKeyMemberInvalid: A member of the JWK has the wrong type, encoding or length.
	CodeKeyMemberInvalid Code = 402
	// CodeKeyTypeUnknown: The kty or the key's object identifier is not one that this library knows.
	CodeKeyTypeUnknown Code = 403
	// CodeKeyCurveUnknown: The curve is not one that this library verifies with.
	CodeKeyCurveUnknown Code = 404
	// CodeKeyAlgUnknown: The key's alg is not a signature algorithm that this library knows.
	CodeKeyAlgUnknown Code = 405
	// CodeKeyAlgMismatch: The key's alg does not fit its type, curve or size.
	CodeKeyAlgMismatch Code = 406
	// CodeKeyUseNotSignature: The key's use is not sig.
	CodeKeyUseNotSignature Code = 407
	// CodeKeyOpsNotAllowed: The key's key_ops do not allow this use.
	CodeKeyOpsNotAllowed Code = 408
	// CodeKeyInvalid: The key's numbers are not a valid key of its type.
	CodeKeyInvalid Code = 409
	// CodeKeyPemInvalid: The text has no PEM block, a malformed one, or several where one was expected.
	CodeKeyPemInvalid Code = 410
	// CodeKeyDerInvalid: The DER is malformed.
	CodeKeyDerInvalid Code = 411
	// CodeKeyRsaTooShort: The RSA modulus is shorter than 2048 bits.
	CodeKeyRsaTooShort Code = 412
	// CodeKeyRsaExponent: The RSA public exponent is even, less than 3 or longer than 33 bits.
	CodeKeyRsaExponent Code = 413
	// CodeKeyRsaModulus: The RSA modulus is even or longer than 8192 bits.
	CodeKeyRsaModulus Code = 414
	// CodeKeySecretTooShort: The HMAC secret is shorter than the hash output.
	CodeKeySecretTooShort Code = 415
	// CodeKeySecretIsKeyText: The HMAC secret is a key in PEM, DER, JWK or SSH form.
	CodeKeySecretIsKeyText Code = 416
	// CodeKeySetEmpty: None of the keys can be used.
	CodeKeySetEmpty Code = 417
	// CodeKeyNotPrivate: The key has no private part and cannot sign.
	CodeKeyNotPrivate Code = 418
	// CodeKeyGeneration: The key could not be generated.
	CodeKeyGeneration Code = 419
	// CodeKidUnknown: No key has the token's kid.
	CodeKidUnknown Code = 420
	// CodeKeyNotForAlg: No key that the token may use is bound to its alg.
	CodeKeyNotForAlg Code = 421
	// CodeIssuerUnknown: The verifier has no key set of this issuer.
	CodeIssuerUnknown Code = 422
	// CodeKeySecretNotPublic: A secret has no public part.
	CodeKeySecretNotPublic Code = 423
	// CodeKeyRevoked: The signature holds, but its key was revoked.
	CodeKeyRevoked Code = 424
	// CodeKeyNotYetValid: The signature holds, but its key was not yet in force.
	CodeKeyNotYetValid Code = 425
	// CodeKeyRetired: The signature holds, but its key was no longer in force.
	CodeKeyRetired Code = 426
	// CodeKeyTextIsPage: The text is an HTML or XML page, such as a login or error page, not a key.
	CodeKeyTextIsPage Code = 427
	// CodeKeyOfAuthority: The certificate issued another one in the same file, so its key signs certificates, not tokens.
	CodeKeyOfAuthority Code = 428
	// CodeKeyEncrypted: The private key is encrypted; decrypt it first, for example with `openssl pkey`.
	CodeKeyEncrypted Code = 430
	// CodeKeyTextIsSsh: The key is in an OpenSSH format; `ssh-keygen -e -m PKCS8` converts it to PEM.
	CodeKeyTextIsSsh Code = 431
	// CodeKeyTextIsPkcs12: The file is PKCS #12; `openssl pkcs12 -nokeys` writes its certificates as PEM.
	CodeKeyTextIsPkcs12 Code = 432
	// CodeKeyTextIsPkcs7: The file is PKCS #7; `openssl pkcs7 -print_certs` writes its certificates as PEM.
	CodeKeyTextIsPkcs7 Code = 433
	// CodeKeyTextIsDer: The key is DER where text was expected.
	CodeKeyTextIsDer Code = 434
	// CodeKeyTextIsPem: The key is PEM where another form was expected.
	CodeKeyTextIsPem Code = 435
	// CodeKeyTextIsJson: The text is JSON, such as a JWK or JWK Set, where another form was expected.
	CodeKeyTextIsJson Code = 436
	// CodeKeyTextIsBase64: The text is the base64 of a key, without the BEGIN and END lines that make it PEM.
	CodeKeyTextIsBase64 Code = 437
	// CodeKeyTextIsEscaped: The PEM has a backslash and an n in the place of each line break.
	CodeKeyTextIsEscaped Code = 438
	// CodeKeyTextIsWide: The text is UTF-16 or UTF-32; UTF-8 is required.
	CodeKeyTextIsWide Code = 439
	// CodeKeyTextIsDiscovery: The text is a discovery document; its jwks_uri says where the JWK Set is.
	CodeKeyTextIsDiscovery Code = 440
	// CodeKeyTextIsMap: The text is a JSON object that maps each kid to a PEM; read each PEM by itself.
	CodeKeyTextIsMap Code = 441
	// CodeKeyPemLabel: The label of the PEM block is not that of a key or certificate.
	CodeKeyPemLabel Code = 442
	// CodeKeyCurveRenamed: The crv is an old name for secp256k1 (RFC 8812).
	CodeKeyCurveRenamed Code = 443
	// CodeKeyCurveExplicit: The curve is given by its parameters instead of its name, which RFC 5480 forbids.
	CodeKeyCurveExplicit Code = 444
	// CodeKeyRsaPss: The RSASSA-PSS key (RFC 4055) is private, or its parameters are not those of PS256, PS384 or PS512.
	CodeKeyRsaPss Code = 446
	// CodeKeyTextUnknown: The text is neither a JWK, a JWK Set nor PEM.
	CodeKeyTextUnknown Code = 447
	// CodeKeyPemDashes: A BEGIN line of PEM starts with exactly five hyphens, and this one does not.
	CodeKeyPemDashes Code = 448
	// CodeKeyTextIsRealm: The text is a Keycloak realm document; its public_key is the base64 of a key in DER.
	CodeKeyTextIsRealm Code = 449
	// CodeKeysNotYet: The issuer's keys have not been fetched yet.
	CodeKeysNotYet Code = 450
	// CodeKeysStale: The issuer's keys could not be fetched again for longer than allowed.
	CodeKeysStale Code = 451
	// CodeFetchFailed: The fetch of the keys ended without an answer.
	CodeFetchFailed Code = 452
	// CodeFetchTimeout: The fetch of the keys took longer than allowed.
	CodeFetchTimeout Code = 453
	// CodeFetchStatus: The answer to the fetch has an HTTP status that brings no keys.
	CodeFetchStatus Code = 454
	// CodeFetchRedirect: The fetch was redirected to another origin, or too often.
	CodeFetchRedirect Code = 455
	// CodeReplyTooLong: The answer to the fetch is longer than the limit.
	CodeReplyTooLong Code = 456
	// CodeKeysTooMany: The key set has more keys than the limit.
	CodeKeysTooMany Code = 457
	// CodeDiscoveryInvalid: The discovery document is malformed or lacks a member.
	CodeDiscoveryInvalid Code = 458
	// CodeDiscoveryIssuer: The discovery document is that of another issuer.
	CodeDiscoveryIssuer Code = 459
	// CodeUrlRefused: The URL is not one of https, or is written in a way that is not accepted.
	CodeUrlRefused Code = 460
	// CodeKeyCertificateDiffers: The first certificate of x5c has another key than the JWK (RFC 7517).
	CodeKeyCertificateDiffers Code = 461
	// CodeRevocationsStale: The list of revocations could not be fetched again for longer than allowed.
	CodeRevocationsStale Code = 462
	// CodeRevocationsNotYet: The list of revocations has not been fetched yet.
	CodeRevocationsNotYet Code = 463
	// CodeRevocationsOlder: The list that was fetched was made before the one in force.
	CodeRevocationsOlder Code = 464
	// CodeStatusListNotYet: The token's status list has not been fetched yet.
	CodeStatusListNotYet Code = 465
	// CodeStatusListStale: The token's status list could not be fetched again for longer than allowed.
	CodeStatusListStale Code = 466
	// CodeStatusListInvalid: The signed status list is malformed, or is that of another URI.
	CodeStatusListInvalid Code = 467
	// CodeStatusListUnknown: The token names a status list that the verifier does not have.
	CodeStatusListUnknown Code = 468
	// CodeStatusListTooLong: The status list has more entries than the limit.
	CodeStatusListTooLong Code = 469
	// CodeSignatureInvalid: The JWS Signature does not hold.
	CodeSignatureInvalid Code = 500
	// CodeSelfSigned: The key that came with the token signed it, which proves nothing until its thumbprint is compared.
	CodeSelfSigned Code = 501
	// CodeClaimsJson: The payload is not valid JSON in UTF-8.
	CodeClaimsJson Code = 600
	// CodeClaimsNotObject: The payload is not a JSON object.
	CodeClaimsNotObject Code = 601
	// CodeClaimsRepeated: The Claims Set has the same member name twice.
	CodeClaimsRepeated Code = 602
	// CodeIssMissing: The policy demands an issuer and the token has no iss.
	CodeIssMissing Code = 610
	// CodeIssInvalid: The iss is not a string.
	CodeIssInvalid Code = 611
	// CodeIssMismatch: The iss is not the issuer that the key belongs to.
	CodeIssMismatch Code = 612
	// CodeAudMissing: The policy demands an audience and the token has no aud.
	CodeAudMissing Code = 620
	// CodeAudInvalid: The aud is neither a string nor an array of strings.
	CodeAudInvalid Code = 621
	// CodeAudMismatch: The aud names none of the policy's audiences.
	CodeAudMismatch Code = 622
	// CodeAudUnexpected: The token has an aud and the policy names no audience.
	CodeAudUnexpected Code = 623
	// CodeSubMissing: The policy demands a subject and the token has no sub.
	CodeSubMissing Code = 630
	// CodeSubInvalid: The sub is not a string.
	CodeSubInvalid Code = 631
	// CodeSubMismatch: The sub is not the one that the policy demands.
	CodeSubMismatch Code = 632
	// CodeSubRevoked: The subject's tokens that were issued before a given instant were revoked.
	CodeSubRevoked Code = 633
	// CodeJtiInvalid: The jti is not a string.
	CodeJtiInvalid Code = 640
	// CodeJtiRevoked: The token was revoked by its jti.
	CodeJtiRevoked Code = 641
	// CodeSidRevoked: The token was revoked with its session, the sid.
	CodeSidRevoked Code = 642
	// CodeStatusRevoked: The token's status list says that it is invalid.
	CodeStatusRevoked Code = 643
	// CodeStatusSuspended: The token's status list says that it is suspended.
	CodeStatusSuspended Code = 644
	// CodeStatusOther: The status list says something else of the token than valid, invalid or suspended.
	CodeStatusOther Code = 645
	// CodeStatusInvalid: The status does not name a list by idx and uri, or the list has no such index.
	CodeStatusInvalid Code = 646
	// CodeStatusMissing: The policy demands a status list and the token names none.
	CodeStatusMissing Code = 647
	// CodeClaimMissing: A claim that the policy demands is absent or null.
	CodeClaimMissing Code = 650
	// CodeClaimMismatch: A claim has another value than the policy demands.
	CodeClaimMismatch Code = 651
	// CodeAzpMissing: The policy demands an authorized party and the token has no azp.
	CodeAzpMissing Code = 660
	// CodeAzpMismatch: The azp is not the authorized party that the policy demands.
	CodeAzpMismatch Code = 661
	// CodeScopeInvalid: The scope or scp is neither a string nor an array of strings.
	CodeScopeInvalid Code = 662
	// CodeScopeInsufficient: The token lacks a scope that the policy demands.
	CodeScopeInsufficient Code = 663
	// CodeIatMissing: The policy limits the age and the token has no iat.
	CodeIatMissing Code = 670
	// CodeIatInvalid: The iat is not a NumericDate.
	CodeIatInvalid Code = 671
	// CodeIssuedInFuture: The iat lies in the future by more than the leeway.
	CodeIssuedInFuture Code = 672
	// CodeTooOld: The token was issued longer ago than the policy allows.
	CodeTooOld Code = 673
	// CodeNbfInvalid: The nbf is not a NumericDate.
	CodeNbfInvalid Code = 680
	// CodeNotYetValid: The nbf lies in the future.
	CodeNotYetValid Code = 681
	// CodeExpMissing: The token has no exp and the policy demands one.
	CodeExpMissing Code = 690
	// CodeExpInvalid: The exp is not a NumericDate.
	CodeExpInvalid Code = 691
	// CodeExpired: The exp has passed; every other rule of the policy is met.
	CodeExpired Code = 692
	// CodeTimeUnknown: Every rule without dates is met; those with dates need the time of use, which is unknown.
	CodeTimeUnknown Code = 695
	// CodeTokenTooLong: The token is longer than the limit.
	CodeTokenTooLong Code = 700
	// CodeHeaderTooLong: The header segment is longer than the limit.
	CodeHeaderTooLong Code = 701
	// CodeHeaderTooDeep: The JOSE Header nests deeper than 32 levels.
	CodeHeaderTooDeep Code = 702
	// CodeClaimsTooDeep: The Claims Set nests deeper than 32 levels.
	CodeClaimsTooDeep Code = 703
	// CodeCandidatesTooMany: The first 8 keys that fit did not verify the token, and more remain.
	CodeCandidatesTooMany Code = 704
	// CodeInternal: A fault of this library; please report it.
	CodeInternal Code = 900
	// CodePanicked: A fault of this library ended the call early; please report it.
	CodePanicked Code = 901
)
