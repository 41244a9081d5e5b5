// Made from src/error/code.rs by `make docs`; do not edit.

/** The name of a code. */
export type Code =
  /** The signature holds and every rule of the policy is met. */
  | 'accepted'
  /** The policy allows no algorithm. */
  | 'algorithms_empty'
  /** The verifier was given no key. */
  | 'keys_empty'
  /** Two key sets were given for the same issuer. */
  | 'issuer_repeated'
  /** The policy needs an issuer and none was given. */
  | 'issuer_required'
  /** A policy value is empty, negative or contradicts another. */
  | 'policy_invalid'
  /** The claims to sign are not a JSON object with unique member names. */
  | 'claims_to_sign_invalid'
  /** An extra Header Parameter is reserved, repeated or not valid JSON. */
  | 'header_to_sign_invalid'
  /** The signing key cannot sign with the requested algorithm. */
  | 'algorithm_not_for_key'
  /** The revocation list is full. */
  | 'revocations_full'
  /** The text of saved revocations is malformed. */
  | 'revocations_invalid'
  /** The text of saved keys is malformed, or is that of another URL. */
  | 'saved_keys_invalid'
  /** The verifier has as many status lists as it can. */
  | 'status_lists_full'
  /** The columns of a batch differ in length, or offsets run backwards. */
  | 'batch_invalid'
  /** The batch was cancelled before this token's turn. */
  | 'batch_cancelled'
  /** The system's random number generator failed. */
  | 'randomness_missing'
  /** There is not enough memory for a cache of this size. */
  | 'cache_too_large'
  /** There is not enough memory for what was asked for. */
  | 'memory_missing'
  /** The system refused to start as many threads as were asked for. */
  | 'threads_missing'
  /** A required pointer is NULL. */
  | 'argument_null'
  /** The size of a struct is not one that this library knows, or a length is larger than the address space. */
  | 'argument_size'
  /** A pointer is not aligned for the type that it points to. */
  | 'argument_misaligned'
  /** A text is not valid UTF-8. */
  | 'argument_text'
  /** The argument does not accept this number or flag. */
  | 'argument_value'
  /** The handle is in use by another call. */
  | 'handle_busy'
  /** The key set was handed to a verifier and can no longer be changed. */
  | 'key_set_frozen'
  /** There is no such claim, Header Parameter, member or element. */
  | 'value_missing'
  /** The value has another type than the one asked for. */
  | 'value_type'
  /** The value is of a token that the scratch no longer holds. */
  | 'value_stale'
  /** The condition's name is empty or no JSON Pointer (RFC 6901), where ~ is written ~0, and / within a name ~1. */
  | 'condition_name'
  /** No test follows the name: present, equals, any_of, contains, prefix, regex, ge, gt, le or lt, or not and one. */
  | 'condition_test'
  /** The number of operands is wrong: present takes none, any_of and contains one or more, every other test one. */
  | 'condition_operands'
  /** ge, gt, le and lt take a number, prefix and regex a text that is not empty, no test null, a list or an object. */
  | 'condition_operand'
  /** A word that begins with a quotation mark is no JSON string, or no space follows the string. */
  | 'condition_quotes'
  /** The regular expression is malformed or too large. */
  | 'condition_pattern'
  /** The library was built without the feature `regex`, which a regular expression in a condition needs. */
  | 'regex_missing'
  /** The token has no bytes. */
  | 'token_empty'
  /** The token does not have exactly three segments. */
  | 'token_segments'
  /** The token is a JWS JSON Serialization; only the Compact Serialization is accepted. */
  | 'token_json_serialization'
  /** The header segment is empty or not strict base64url. */
  | 'header_encoding'
  /** The payload segment is not strict base64url. */
  | 'payload_encoding'
  /** The signature segment is not strict base64url. */
  | 'signature_encoding'
  /** A detached payload was given and the token carries one as well. */
  | 'payload_attached'
  /** There is no token in this row. */
  | 'token_null'
  /** The token is a JWE: its claims are encrypted, and only a JWS can be verified. */
  | 'token_encrypted'
  /** The token is surrounded by something else, such as white space, quotes or the word Bearer. */
  | 'token_wrapped'
  /** A segment is padded with =, which RFC 7515 does not allow. */
  | 'token_padded'
  /** The JOSE Header is not valid JSON in UTF-8. */
  | 'header_json'
  /** The JOSE Header is not a JSON object. */
  | 'header_not_object'
  /** The JOSE Header has the same member name twice. */
  | 'header_repeated'
  /** The JOSE Header has no alg. */
  | 'alg_missing'
  /** The alg is not a string. */
  | 'alg_invalid'
  /** The alg is none: the token is unsecured. */
  | 'alg_none'
  /** The alg is not one that this library knows. */
  | 'alg_unknown'
  /** The alg is not among those that the policy allows. */
  | 'alg_not_allowed'
  /** The kid is not a string. */
  | 'kid_invalid'
  /** The typ is not a string. */
  | 'typ_invalid'
  /** The policy demands a typ and the token has none. */
  | 'typ_missing'
  /** The typ is not the one that the policy demands. */
  | 'typ_mismatch'
  /** The crit is not a non-empty array of strings. */
  | 'crit_invalid'
  /** The crit names the same Header Parameter twice. */
  | 'crit_repeated'
  /** The crit names a Header Parameter that RFC 7515 or RFC 7518 defines. */
  | 'crit_registered'
  /** The crit names a Header Parameter that is not in the header. */
  | 'crit_absent'
  /** The crit names an extension that is not understood. */
  | 'crit_unknown'
  /** The b64 is not a boolean. */
  | 'b64_invalid'
  /** The b64 is false and crit does not name it. */
  | 'b64_not_critical'
  /** The b64 is false, which a JWT must not use. */
  | 'b64_in_jwt'
  /** No key came with the token: the JOSE Header has no jwk, and no key was handed over. */
  | 'jwk_missing'
  /** The jwk in the JOSE Header is not an object. */
  | 'jwk_invalid'
  /** A key was handed over, and the JOSE Header has a jwk as well. */
  | 'jwk_unexpected'
  /** The key that comes with the token has a private member, which must not be sent. */
  | 'jwk_private'
  /** The JWK or JWK Set is not a JSON object with unique member names. */
  | 'key_json'
  /** The JWK lacks a member that its type requires. */
  | 'key_member_missing'
  /** A member of the JWK has the wrong type, encoding or length. */
  | 'key_member_invalid'
  /** The kty or the key's object identifier is not one that this library knows. */
  | 'key_type_unknown'
  /** The curve is not one that this library verifies with. */
  | 'key_curve_unknown'
  /** The key's alg is not a signature algorithm that this library knows. */
  | 'key_alg_unknown'
  /** The key's alg does not fit its type, curve or size. */
  | 'key_alg_mismatch'
  /** The key's use is not sig. */
  | 'key_use_not_signature'
  /** The key's key_ops do not allow this use. */
  | 'key_ops_not_allowed'
  /** The key's numbers are not a valid key of its type. */
  | 'key_invalid'
  /** The text has no PEM block, a malformed one, or several where one was expected. */
  | 'key_pem_invalid'
  /** The DER is malformed. */
  | 'key_der_invalid'
  /** The RSA modulus is shorter than 2048 bits. */
  | 'key_rsa_too_short'
  /** The RSA public exponent is even, less than 3 or longer than 33 bits. */
  | 'key_rsa_exponent'
  /** The RSA modulus is even or longer than 8192 bits. */
  | 'key_rsa_modulus'
  /** The HMAC secret is shorter than the hash output. */
  | 'key_secret_too_short'
  /** The HMAC secret is a key in PEM, DER, JWK or SSH form. */
  | 'key_secret_is_key_text'
  /** None of the keys can be used. */
  | 'key_set_empty'
  /** The key has no private part and cannot sign. */
  | 'key_not_private'
  /** The key could not be generated. */
  | 'key_generation'
  /** No key has the token's kid. */
  | 'kid_unknown'
  /** No key that the token may use is bound to its alg. */
  | 'key_not_for_alg'
  /** The verifier has no key set of this issuer. */
  | 'issuer_unknown'
  /** A secret has no public part. */
  | 'key_secret_not_public'
  /** The signature holds, but its key was revoked. */
  | 'key_revoked'
  /** The signature holds, but its key was not yet in force. */
  | 'key_not_yet_valid'
  /** The signature holds, but its key was no longer in force. */
  | 'key_retired'
  /** The text is an HTML or XML page, such as a login or error page, not a key. */
  | 'key_text_is_page'
  /** The certificate issued another one in the same file, so its key signs certificates, not tokens. */
  | 'key_of_authority'
  /** The private key is encrypted; decrypt it first, for example with `openssl pkey`. */
  | 'key_encrypted'
  /** The key is in an OpenSSH format; `ssh-keygen -e -m PKCS8` converts it to PEM. */
  | 'key_text_is_ssh'
  /** The file is PKCS #12; `openssl pkcs12 -nokeys` writes its certificates as PEM. */
  | 'key_text_is_pkcs12'
  /** The file is PKCS #7; `openssl pkcs7 -print_certs` writes its certificates as PEM. */
  | 'key_text_is_pkcs7'
  /** The key is DER where text was expected. */
  | 'key_text_is_der'
  /** The key is PEM where another form was expected. */
  | 'key_text_is_pem'
  /** The text is JSON, such as a JWK or JWK Set, where another form was expected. */
  | 'key_text_is_json'
  /** The text is the base64 of a key, without the BEGIN and END lines that make it PEM. */
  | 'key_text_is_base64'
  /** The PEM has a backslash and an n in the place of each line break. */
  | 'key_text_is_escaped'
  /** The text is UTF-16 or UTF-32; UTF-8 is required. */
  | 'key_text_is_wide'
  /** The text is a discovery document; its jwks_uri says where the JWK Set is. */
  | 'key_text_is_discovery'
  /** The text is a JSON object that maps each kid to a PEM; read each PEM by itself. */
  | 'key_text_is_map'
  /** The label of the PEM block is not that of a key or certificate. */
  | 'key_pem_label'
  /** The crv is an old name for secp256k1 (RFC 8812). */
  | 'key_curve_renamed'
  /** The curve is given by its parameters instead of its name, which RFC 5480 forbids. */
  | 'key_curve_explicit'
  /** The RSASSA-PSS key (RFC 4055) is private, or its parameters are not those of PS256, PS384 or PS512. */
  | 'key_rsa_pss'
  /** The text is neither a JWK, a JWK Set nor PEM. */
  | 'key_text_unknown'
  /** A BEGIN line of PEM starts with exactly five hyphens, and this one does not. */
  | 'key_pem_dashes'
  /** The text is a Keycloak realm document; its public_key is the base64 of a key in DER. */
  | 'key_text_is_realm'
  /** The issuer's keys have not been fetched yet. */
  | 'keys_not_yet'
  /** The issuer's keys could not be fetched again for longer than allowed. */
  | 'keys_stale'
  /** The fetch of the keys ended without an answer. */
  | 'fetch_failed'
  /** The fetch of the keys took longer than allowed. */
  | 'fetch_timeout'
  /** The answer to the fetch has an HTTP status that brings no keys. */
  | 'fetch_status'
  /** The fetch was redirected to another origin, or too often. */
  | 'fetch_redirect'
  /** The answer to the fetch is longer than the limit. */
  | 'reply_too_long'
  /** The key set has more keys than the limit. */
  | 'keys_too_many'
  /** The discovery document is malformed or lacks a member. */
  | 'discovery_invalid'
  /** The discovery document is that of another issuer. */
  | 'discovery_issuer'
  /** The URL is not one of https, or is written in a way that is not accepted. */
  | 'url_refused'
  /** The first certificate of x5c has another key than the JWK (RFC 7517). */
  | 'key_certificate_differs'
  /** The list of revocations could not be fetched again for longer than allowed. */
  | 'revocations_stale'
  /** The list of revocations has not been fetched yet. */
  | 'revocations_not_yet'
  /** The list that was fetched was made before the one in force. */
  | 'revocations_older'
  /** The token's status list has not been fetched yet. */
  | 'status_list_not_yet'
  /** The token's status list could not be fetched again for longer than allowed. */
  | 'status_list_stale'
  /** The signed status list is malformed, or is that of another URI. */
  | 'status_list_invalid'
  /** The token names a status list that the verifier does not have. */
  | 'status_list_unknown'
  /** The status list has more entries than the limit. */
  | 'status_list_too_long'
  /** The JWS Signature does not hold. */
  | 'signature_invalid'
  /** The key that came with the token signed it, which proves nothing until its thumbprint is compared. */
  | 'self_signed'
  /** The payload is not valid JSON in UTF-8. */
  | 'claims_json'
  /** The payload is not a JSON object. */
  | 'claims_not_object'
  /** The Claims Set has the same member name twice. */
  | 'claims_repeated'
  /** The policy demands an issuer and the token has no iss. */
  | 'iss_missing'
  /** The iss is not a string. */
  | 'iss_invalid'
  /** The iss is not the issuer that the key belongs to. */
  | 'iss_mismatch'
  /** The policy demands an audience and the token has no aud. */
  | 'aud_missing'
  /** The aud is neither a string nor an array of strings. */
  | 'aud_invalid'
  /** The aud names none of the policy's audiences. */
  | 'aud_mismatch'
  /** The token has an aud and the policy names no audience. */
  | 'aud_unexpected'
  /** The policy demands a subject and the token has no sub. */
  | 'sub_missing'
  /** The sub is not a string. */
  | 'sub_invalid'
  /** The sub is not the one that the policy demands. */
  | 'sub_mismatch'
  /** The subject's tokens that were issued before a given instant were revoked. */
  | 'sub_revoked'
  /** The jti is not a string. */
  | 'jti_invalid'
  /** The token was revoked by its jti. */
  | 'jti_revoked'
  /** The token was revoked with its session, the sid. */
  | 'sid_revoked'
  /** The token's status list says that it is invalid. */
  | 'status_revoked'
  /** The token's status list says that it is suspended. */
  | 'status_suspended'
  /** The status list says something else of the token than valid, invalid or suspended. */
  | 'status_other'
  /** The status does not name a list by idx and uri, or the list has no such index. */
  | 'status_invalid'
  /** The policy demands a status list and the token names none. */
  | 'status_missing'
  /** A claim that the policy demands is absent or null. */
  | 'claim_missing'
  /** A claim has another value than the policy demands. */
  | 'claim_mismatch'
  /** The policy demands an authorized party and the token has no azp. */
  | 'azp_missing'
  /** The azp is not the authorized party that the policy demands. */
  | 'azp_mismatch'
  /** The scope or scp is neither a string nor an array of strings. */
  | 'scope_invalid'
  /** The token lacks a scope that the policy demands. */
  | 'scope_insufficient'
  /** The policy limits the age and the token has no iat. */
  | 'iat_missing'
  /** The iat is not a NumericDate. */
  | 'iat_invalid'
  /** The iat lies in the future by more than the leeway. */
  | 'issued_in_future'
  /** The token was issued longer ago than the policy allows. */
  | 'too_old'
  /** The nbf is not a NumericDate. */
  | 'nbf_invalid'
  /** The nbf lies in the future. */
  | 'not_yet_valid'
  /** The token has no exp and the policy demands one. */
  | 'exp_missing'
  /** The exp is not a NumericDate. */
  | 'exp_invalid'
  /** The exp has passed; every other rule of the policy is met. */
  | 'expired'
  /** Every rule without dates is met; those with dates need the time of use, which is unknown. */
  | 'time_unknown'
  /** The token is longer than the limit. */
  | 'token_too_long'
  /** The header segment is longer than the limit. */
  | 'header_too_long'
  /** The JOSE Header nests deeper than 32 levels. */
  | 'header_too_deep'
  /** The Claims Set nests deeper than 32 levels. */
  | 'claims_too_deep'
  /** The first 8 keys that fit did not verify the token, and more remain. */
  | 'candidates_too_many'
  /** A fault of this library; please report it. */
  | 'internal'
  /** A fault of this library ended the call early; please report it. */
  | 'panicked';
