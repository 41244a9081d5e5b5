// Made from src/error/code.rs by `make docs`; do not edit.

package io.github.libjot;

/** What a token or a call comes to. */
public enum Code {
    /** The signature holds and every rule of the policy is met. */
    ACCEPTED(0, "accepted"),
    /** The policy allows no algorithm. */
    ALGORITHMS_EMPTY(100, "algorithms_empty"),
    /** The verifier was given no key. */
    KEYS_EMPTY(101, "keys_empty"),
    /** Two key sets were given for the same issuer. */
    ISSUER_REPEATED(102, "issuer_repeated"),
    /** The policy needs an issuer and none was given. */
    ISSUER_REQUIRED(103, "issuer_required"),
    /** A policy value is empty, negative or contradicts another. */
    POLICY_INVALID(104, "policy_invalid"),
    /** The claims to sign are not a JSON object with unique member names. */
    CLAIMS_TO_SIGN_INVALID(110, "claims_to_sign_invalid"),
    /** An extra Header Parameter is reserved, repeated or not valid JSON. */
    HEADER_TO_SIGN_INVALID(111, "header_to_sign_invalid"),
    /** The signing key cannot sign with the requested algorithm. */
    ALGORITHM_NOT_FOR_KEY(112, "algorithm_not_for_key"),
    /** The revocation list is full. */
    REVOCATIONS_FULL(120, "revocations_full"),
    /** The text of saved revocations is malformed. */
    REVOCATIONS_INVALID(121, "revocations_invalid"),
    /** The text of saved keys is malformed, or is that of another URL. */
    SAVED_KEYS_INVALID(122, "saved_keys_invalid"),
    /** The verifier has as many status lists as it can. */
    STATUS_LISTS_FULL(123, "status_lists_full"),
    /** The columns of a batch differ in length, or offsets run backwards. */
    BATCH_INVALID(130, "batch_invalid"),
    /** The batch was cancelled before this token's turn. */
    BATCH_CANCELLED(131, "batch_cancelled"),
    /** The system's random number generator failed. */
    RANDOMNESS_MISSING(140, "randomness_missing"),
    /** There is not enough memory for a cache of this size. */
    CACHE_TOO_LARGE(141, "cache_too_large"),
    /** There is not enough memory for what was asked for. */
    MEMORY_MISSING(142, "memory_missing"),
    /** The system refused to start as many threads as were asked for. */
    THREADS_MISSING(143, "threads_missing"),
    /** A required pointer is NULL. */
    ARGUMENT_NULL(150, "argument_null"),
    /** The size of a struct is not one that this library knows, or a length is larger than the address space. */
    ARGUMENT_SIZE(151, "argument_size"),
    /** A pointer is not aligned for the type that it points to. */
    ARGUMENT_MISALIGNED(152, "argument_misaligned"),
    /** A text is not valid UTF-8. */
    ARGUMENT_TEXT(153, "argument_text"),
    /** The argument does not accept this number or flag. */
    ARGUMENT_VALUE(154, "argument_value"),
    /** The handle is in use by another call. */
    HANDLE_BUSY(155, "handle_busy"),
    /** The key set was handed to a verifier and can no longer be changed. */
    KEY_SET_FROZEN(156, "key_set_frozen"),
    /** There is no such claim, Header Parameter, member or element. */
    VALUE_MISSING(157, "value_missing"),
    /** The value has another type than the one asked for. */
    VALUE_TYPE(158, "value_type"),
    /** The value is of a token that the scratch no longer holds. */
    VALUE_STALE(159, "value_stale"),
    /** The condition's name is empty or no JSON Pointer (RFC 6901), where ~ is written ~0, and / within a name ~1. */
    CONDITION_NAME(160, "condition_name"),
    /** No test follows the name: present, equals, any_of, contains, prefix, regex, ge, gt, le or lt, or not and one. */
    CONDITION_TEST(161, "condition_test"),
    /** The number of operands is wrong: present takes none, any_of and contains one or more, every other test one. */
    CONDITION_OPERANDS(162, "condition_operands"),
    /** ge, gt, le and lt take a number, prefix and regex a text that is not empty, no test null, a list or an object. */
    CONDITION_OPERAND(163, "condition_operand"),
    /** A word that begins with a quotation mark is no JSON string, or no space follows the string. */
    CONDITION_QUOTES(164, "condition_quotes"),
    /** The regular expression is malformed or too large. */
    CONDITION_PATTERN(165, "condition_pattern"),
    /** The library was built without the feature `regex`, which a regular expression in a condition needs. */
    REGEX_MISSING(166, "regex_missing"),
    /** The token has no bytes. */
    TOKEN_EMPTY(200, "token_empty"),
    /** The token does not have exactly three segments. */
    TOKEN_SEGMENTS(201, "token_segments"),
    /** The token is a JWS JSON Serialization; only the Compact Serialization is accepted. */
    TOKEN_JSON_SERIALIZATION(202, "token_json_serialization"),
    /** The header segment is empty or not strict base64url. */
    HEADER_ENCODING(203, "header_encoding"),
    /** The payload segment is not strict base64url. */
    PAYLOAD_ENCODING(204, "payload_encoding"),
    /** The signature segment is not strict base64url. */
    SIGNATURE_ENCODING(205, "signature_encoding"),
    /** A detached payload was given and the token carries one as well. */
    PAYLOAD_ATTACHED(206, "payload_attached"),
    /** There is no token in this row. */
    TOKEN_NULL(207, "token_null"),
    /** The token is a JWE: its claims are encrypted, and only a JWS can be verified. */
    TOKEN_ENCRYPTED(208, "token_encrypted"),
    /** The token is surrounded by something else, such as white space, quotes or the word Bearer. */
    TOKEN_WRAPPED(209, "token_wrapped"),
    /** A segment is padded with =, which RFC 7515 does not allow. */
    TOKEN_PADDED(210, "token_padded"),
    /** The JOSE Header is not valid JSON in UTF-8. */
    HEADER_JSON(300, "header_json"),
    /** The JOSE Header is not a JSON object. */
    HEADER_NOT_OBJECT(301, "header_not_object"),
    /** The JOSE Header has the same member name twice. */
    HEADER_REPEATED(302, "header_repeated"),
    /** The JOSE Header has no alg. */
    ALG_MISSING(310, "alg_missing"),
    /** The alg is not a string. */
    ALG_INVALID(311, "alg_invalid"),
    /** The alg is none: the token is unsecured. */
    ALG_NONE(312, "alg_none"),
    /** The alg is not one that this library knows. */
    ALG_UNKNOWN(313, "alg_unknown"),
    /** The alg is not among those that the policy allows. */
    ALG_NOT_ALLOWED(314, "alg_not_allowed"),
    /** The kid is not a string. */
    KID_INVALID(320, "kid_invalid"),
    /** The typ is not a string. */
    TYP_INVALID(330, "typ_invalid"),
    /** The policy demands a typ and the token has none. */
    TYP_MISSING(331, "typ_missing"),
    /** The typ is not the one that the policy demands. */
    TYP_MISMATCH(332, "typ_mismatch"),
    /** The crit is not a non-empty array of strings. */
    CRIT_INVALID(340, "crit_invalid"),
    /** The crit names the same Header Parameter twice. */
    CRIT_REPEATED(341, "crit_repeated"),
    /** The crit names a Header Parameter that RFC 7515 or RFC 7518 defines. */
    CRIT_REGISTERED(342, "crit_registered"),
    /** The crit names a Header Parameter that is not in the header. */
    CRIT_ABSENT(343, "crit_absent"),
    /** The crit names an extension that is not understood. */
    CRIT_UNKNOWN(344, "crit_unknown"),
    /** The b64 is not a boolean. */
    B64_INVALID(350, "b64_invalid"),
    /** The b64 is false and crit does not name it. */
    B64_NOT_CRITICAL(351, "b64_not_critical"),
    /** The b64 is false, which a JWT must not use. */
    B64_IN_JWT(352, "b64_in_jwt"),
    /** No key came with the token: the JOSE Header has no jwk, and no key was handed over. */
    JWK_MISSING(360, "jwk_missing"),
    /** The jwk in the JOSE Header is not an object. */
    JWK_INVALID(361, "jwk_invalid"),
    /** A key was handed over, and the JOSE Header has a jwk as well. */
    JWK_UNEXPECTED(362, "jwk_unexpected"),
    /** The key that comes with the token has a private member, which must not be sent. */
    JWK_PRIVATE(363, "jwk_private"),
    /** The JWK or JWK Set is not a JSON object with unique member names. */
    KEY_JSON(400, "key_json"),
    /** The JWK lacks a member that its type requires. */
    KEY_MEMBER_MISSING(401, "key_member_missing"),
    /** A member of the JWK has the wrong type, encoding or length. */
    KEY_MEMBER_INVALID(402, "key_member_invalid"),
    /** The kty or the key's object identifier is not one that this library knows. */
    KEY_TYPE_UNKNOWN(403, "key_type_unknown"),
    /** The curve is not one that this library verifies with. */
    KEY_CURVE_UNKNOWN(404, "key_curve_unknown"),
    /** The key's alg is not a signature algorithm that this library knows. */
    KEY_ALG_UNKNOWN(405, "key_alg_unknown"),
    /** The key's alg does not fit its type, curve or size. */
    KEY_ALG_MISMATCH(406, "key_alg_mismatch"),
    /** The key's use is not sig. */
    KEY_USE_NOT_SIGNATURE(407, "key_use_not_signature"),
    /** The key's key_ops do not allow this use. */
    KEY_OPS_NOT_ALLOWED(408, "key_ops_not_allowed"),
    /** The key's numbers are not a valid key of its type. */
    KEY_INVALID(409, "key_invalid"),
    /** The text has no PEM block, a malformed one, or several where one was expected. */
    KEY_PEM_INVALID(410, "key_pem_invalid"),
    /** The DER is malformed. */
    KEY_DER_INVALID(411, "key_der_invalid"),
    /** The RSA modulus is shorter than 2048 bits. */
    KEY_RSA_TOO_SHORT(412, "key_rsa_too_short"),
    /** The RSA public exponent is even, less than 3 or longer than 33 bits. */
    KEY_RSA_EXPONENT(413, "key_rsa_exponent"),
    /** The RSA modulus is even or longer than 8192 bits. */
    KEY_RSA_MODULUS(414, "key_rsa_modulus"),
    /** The HMAC secret is shorter than the hash output. */
    KEY_SECRET_TOO_SHORT(415, "key_secret_too_short"),
    /** The HMAC secret is a key in PEM, DER, JWK or SSH form. */
    KEY_SECRET_IS_KEY_TEXT(416, "key_secret_is_key_text"),
    /** None of the keys can be used. */
    KEY_SET_EMPTY(417, "key_set_empty"),
    /** The key has no private part and cannot sign. */
    KEY_NOT_PRIVATE(418, "key_not_private"),
    /** The key could not be generated. */
    KEY_GENERATION(419, "key_generation"),
    /** No key has the token's kid. */
    KID_UNKNOWN(420, "kid_unknown"),
    /** No key that the token may use is bound to its alg. */
    KEY_NOT_FOR_ALG(421, "key_not_for_alg"),
    /** The verifier has no key set of this issuer. */
    ISSUER_UNKNOWN(422, "issuer_unknown"),
    /** A secret has no public part. */
    KEY_SECRET_NOT_PUBLIC(423, "key_secret_not_public"),
    /** The signature holds, but its key was revoked. */
    KEY_REVOKED(424, "key_revoked"),
    /** The signature holds, but its key was not yet in force. */
    KEY_NOT_YET_VALID(425, "key_not_yet_valid"),
    /** The signature holds, but its key was no longer in force. */
    KEY_RETIRED(426, "key_retired"),
    /** The text is an HTML or XML page, such as a login or error page, not a key. */
    KEY_TEXT_IS_PAGE(427, "key_text_is_page"),
    /** The certificate issued another one in the same file, so its key signs certificates, not tokens. */
    KEY_OF_AUTHORITY(428, "key_of_authority"),
    /** The private key is encrypted; decrypt it first, for example with `openssl pkey`. */
    KEY_ENCRYPTED(430, "key_encrypted"),
    /** The key is in an OpenSSH format; `ssh-keygen -e -m PKCS8` converts it to PEM. */
    KEY_TEXT_IS_SSH(431, "key_text_is_ssh"),
    /** The file is PKCS #12; `openssl pkcs12 -nokeys` writes its certificates as PEM. */
    KEY_TEXT_IS_PKCS12(432, "key_text_is_pkcs12"),
    /** The file is PKCS #7; `openssl pkcs7 -print_certs` writes its certificates as PEM. */
    KEY_TEXT_IS_PKCS7(433, "key_text_is_pkcs7"),
    /** The key is DER where text was expected. */
    KEY_TEXT_IS_DER(434, "key_text_is_der"),
    /** The key is PEM where another form was expected. */
    KEY_TEXT_IS_PEM(435, "key_text_is_pem"),
    /** The text is JSON, such as a JWK or JWK Set, where another form was expected. */
    KEY_TEXT_IS_JSON(436, "key_text_is_json"),
    /** The text is the base64 of a key, without the BEGIN and END lines that make it PEM. */
    KEY_TEXT_IS_BASE64(437, "key_text_is_base64"),
    /** The PEM has a backslash and an n in the place of each line break. */
    KEY_TEXT_IS_ESCAPED(438, "key_text_is_escaped"),
    /** The text is UTF-16 or UTF-32; UTF-8 is required. */
    KEY_TEXT_IS_WIDE(439, "key_text_is_wide"),
    /** The text is a discovery document; its jwks_uri says where the JWK Set is. */
    KEY_TEXT_IS_DISCOVERY(440, "key_text_is_discovery"),
    /** The text is a JSON object that maps each kid to a PEM; read each PEM by itself. */
    KEY_TEXT_IS_MAP(441, "key_text_is_map"),
    /** The label of the PEM block is not that of a key or certificate. */
    KEY_PEM_LABEL(442, "key_pem_label"),
    /** The crv is an old name for secp256k1 (RFC 8812). */
    KEY_CURVE_RENAMED(443, "key_curve_renamed"),
    /** The curve is given by its parameters instead of its name, which RFC 5480 forbids. */
    KEY_CURVE_EXPLICIT(444, "key_curve_explicit"),
    /** The RSASSA-PSS key (RFC 4055) is private, or its parameters are not those of PS256, PS384 or PS512. */
    KEY_RSA_PSS(446, "key_rsa_pss"),
    /** The text is neither a JWK, a JWK Set nor PEM. */
    KEY_TEXT_UNKNOWN(447, "key_text_unknown"),
    /** A BEGIN line of PEM starts with exactly five hyphens, and this one does not. */
    KEY_PEM_DASHES(448, "key_pem_dashes"),
    /** The text is a Keycloak realm document; its public_key is the base64 of a key in DER. */
    KEY_TEXT_IS_REALM(449, "key_text_is_realm"),
    /** The issuer's keys have not been fetched yet. */
    KEYS_NOT_YET(450, "keys_not_yet"),
    /** The issuer's keys could not be fetched again for longer than allowed. */
    KEYS_STALE(451, "keys_stale"),
    /** The fetch of the keys ended without an answer. */
    FETCH_FAILED(452, "fetch_failed"),
    /** The fetch of the keys took longer than allowed. */
    FETCH_TIMEOUT(453, "fetch_timeout"),
    /** The answer to the fetch has an HTTP status that brings no keys. */
    FETCH_STATUS(454, "fetch_status"),
    /** The fetch was redirected to another origin, or too often. */
    FETCH_REDIRECT(455, "fetch_redirect"),
    /** The answer to the fetch is longer than the limit. */
    REPLY_TOO_LONG(456, "reply_too_long"),
    /** The key set has more keys than the limit. */
    KEYS_TOO_MANY(457, "keys_too_many"),
    /** The discovery document is malformed or lacks a member. */
    DISCOVERY_INVALID(458, "discovery_invalid"),
    /** The discovery document is that of another issuer. */
    DISCOVERY_ISSUER(459, "discovery_issuer"),
    /** The URL is not one of https, or is written in a way that is not accepted. */
    URL_REFUSED(460, "url_refused"),
    /** The first certificate of x5c has another key than the JWK (RFC 7517). */
    KEY_CERTIFICATE_DIFFERS(461, "key_certificate_differs"),
    /** The list of revocations could not be fetched again for longer than allowed. */
    REVOCATIONS_STALE(462, "revocations_stale"),
    /** The list of revocations has not been fetched yet. */
    REVOCATIONS_NOT_YET(463, "revocations_not_yet"),
    /** The list that was fetched was made before the one in force. */
    REVOCATIONS_OLDER(464, "revocations_older"),
    /** The token's status list has not been fetched yet. */
    STATUS_LIST_NOT_YET(465, "status_list_not_yet"),
    /** The token's status list could not be fetched again for longer than allowed. */
    STATUS_LIST_STALE(466, "status_list_stale"),
    /** The signed status list is malformed, or is that of another URI. */
    STATUS_LIST_INVALID(467, "status_list_invalid"),
    /** The token names a status list that the verifier does not have. */
    STATUS_LIST_UNKNOWN(468, "status_list_unknown"),
    /** The status list has more entries than the limit. */
    STATUS_LIST_TOO_LONG(469, "status_list_too_long"),
    /** The JWS Signature does not hold. */
    SIGNATURE_INVALID(500, "signature_invalid"),
    /** The key that came with the token signed it, which proves nothing until its thumbprint is compared. */
    SELF_SIGNED(501, "self_signed"),
    /** The payload is not valid JSON in UTF-8. */
    CLAIMS_JSON(600, "claims_json"),
    /** The payload is not a JSON object. */
    CLAIMS_NOT_OBJECT(601, "claims_not_object"),
    /** The Claims Set has the same member name twice. */
    CLAIMS_REPEATED(602, "claims_repeated"),
    /** The policy demands an issuer and the token has no iss. */
    ISS_MISSING(610, "iss_missing"),
    /** The iss is not a string. */
    ISS_INVALID(611, "iss_invalid"),
    /** The iss is not the issuer that the key belongs to. */
    ISS_MISMATCH(612, "iss_mismatch"),
    /** The policy demands an audience and the token has no aud. */
    AUD_MISSING(620, "aud_missing"),
    /** The aud is neither a string nor an array of strings. */
    AUD_INVALID(621, "aud_invalid"),
    /** The aud names none of the policy's audiences. */
    AUD_MISMATCH(622, "aud_mismatch"),
    /** The token has an aud and the policy names no audience. */
    AUD_UNEXPECTED(623, "aud_unexpected"),
    /** The policy demands a subject and the token has no sub. */
    SUB_MISSING(630, "sub_missing"),
    /** The sub is not a string. */
    SUB_INVALID(631, "sub_invalid"),
    /** The sub is not the one that the policy demands. */
    SUB_MISMATCH(632, "sub_mismatch"),
    /** The subject's tokens that were issued before a given instant were revoked. */
    SUB_REVOKED(633, "sub_revoked"),
    /** The jti is not a string. */
    JTI_INVALID(640, "jti_invalid"),
    /** The token was revoked by its jti. */
    JTI_REVOKED(641, "jti_revoked"),
    /** The token was revoked with its session, the sid. */
    SID_REVOKED(642, "sid_revoked"),
    /** The token's status list says that it is invalid. */
    STATUS_REVOKED(643, "status_revoked"),
    /** The token's status list says that it is suspended. */
    STATUS_SUSPENDED(644, "status_suspended"),
    /** The status list says something else of the token than valid, invalid or suspended. */
    STATUS_OTHER(645, "status_other"),
    /** The status does not name a list by idx and uri, or the list has no such index. */
    STATUS_INVALID(646, "status_invalid"),
    /** The policy demands a status list and the token names none. */
    STATUS_MISSING(647, "status_missing"),
    /** A claim that the policy demands is absent or null. */
    CLAIM_MISSING(650, "claim_missing"),
    /** A claim has another value than the policy demands. */
    CLAIM_MISMATCH(651, "claim_mismatch"),
    /** The policy demands an authorized party and the token has no azp. */
    AZP_MISSING(660, "azp_missing"),
    /** The azp is not the authorized party that the policy demands. */
    AZP_MISMATCH(661, "azp_mismatch"),
    /** The scope or scp is neither a string nor an array of strings. */
    SCOPE_INVALID(662, "scope_invalid"),
    /** The token lacks a scope that the policy demands. */
    SCOPE_INSUFFICIENT(663, "scope_insufficient"),
    /** The policy limits the age and the token has no iat. */
    IAT_MISSING(670, "iat_missing"),
    /** The iat is not a NumericDate. */
    IAT_INVALID(671, "iat_invalid"),
    /** The iat lies in the future by more than the leeway. */
    ISSUED_IN_FUTURE(672, "issued_in_future"),
    /** The token was issued longer ago than the policy allows. */
    TOO_OLD(673, "too_old"),
    /** The nbf is not a NumericDate. */
    NBF_INVALID(680, "nbf_invalid"),
    /** The nbf lies in the future. */
    NOT_YET_VALID(681, "not_yet_valid"),
    /** The token has no exp and the policy demands one. */
    EXP_MISSING(690, "exp_missing"),
    /** The exp is not a NumericDate. */
    EXP_INVALID(691, "exp_invalid"),
    /** The exp has passed; every other rule of the policy is met. */
    EXPIRED(692, "expired"),
    /** Every rule without dates is met; those with dates need the time of use, which is unknown. */
    TIME_UNKNOWN(695, "time_unknown"),
    /** The token is longer than the limit. */
    TOKEN_TOO_LONG(700, "token_too_long"),
    /** The header segment is longer than the limit. */
    HEADER_TOO_LONG(701, "header_too_long"),
    /** The JOSE Header nests deeper than 32 levels. */
    HEADER_TOO_DEEP(702, "header_too_deep"),
    /** The Claims Set nests deeper than 32 levels. */
    CLAIMS_TOO_DEEP(703, "claims_too_deep"),
    /** The first 8 keys that fit did not verify the token, and more remain. */
    CANDIDATES_TOO_MANY(704, "candidates_too_many"),
    /** A fault of this library; please report it. */
    INTERNAL(900, "internal"),
    /** A fault of this library ended the call early; please report it. */
    PANICKED(901, "panicked");

    private static final Code[] NUMBERED = new Code[1000];

    static {
        for (Code code : values()) {
            NUMBERED[code.number] = code;
        }
    }

    private final int number;
    private final String text;

    Code(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** Returns the number, which never changes. */
    public int number() {
        return number;
    }

    /** Returns the name that is the same in every language, such as {@code alg_none}. */
    @Override
    public String toString() {
        return text;
    }

    /** Returns the meaning as one sentence. */
    public String meaning() {
        return Lent.fixed(Native.jot_code_meaning(number));
    }

    /** Returns the stage, such as {@code syntax} or {@code claims}. */
    public String stage() {
        return Lent.fixed(Native.jot_code_stage(number));
    }

    /** Returns the status of the HTTP response to a request whose token has this code. */
    public int status() {
        return Native.jot_code_http_status(number);
    }

    /** Returns the error of RFC 6750 §3.1 for the challenge; empty if there is none. */
    public String bearerError() {
        String error = Lent.fixed(Native.jot_code_bearer_error(number));
        return error == null ? "" : error;
    }

    static Code of(int number) {
        Code found = number >= 0 && number < NUMBERED.length ? NUMBERED[number] : null;
        if (found == null) {
            throw new IllegalStateException("libjot is newer than this jar: it says " + number);
        }
        return found;
    }
}
