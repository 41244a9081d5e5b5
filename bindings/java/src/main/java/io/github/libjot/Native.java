// Made from include/jot.h and include/jot_fetch.h by bindings/java/declarations.py; do not edit.

package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/** The library's constants, structs and functions. Each function is looked up when it is first called. */
@SuppressWarnings("unused")
final class Native {
    static final StructLayout SLICE = MemoryLayout.structLayout(ADDRESS.withName("ptr"), JAVA_LONG.withName("len"));

    private Native() {}

    static final int JOT_CONDITION_TEXT = 1;
    static final int JOT_SIGNATURE_OK = 1;
    static final int JOT_FROM_CACHE = 2;
    static final int JOT_REPEATED = 4;
    static final int JOT_HAS_EXP = 8;
    static final int JOT_HAS_NBF = 16;
    static final int JOT_HAS_IAT = 32;
    static final int JOT_DETAIL_BYTES = 256;
    static final int JOT_NULL = 0;
    static final int JOT_BOOLEAN = 1;
    static final int JOT_NUMBER = 2;
    static final int JOT_STRING = 3;
    static final int JOT_ARRAY = 4;
    static final int JOT_OBJECT = 5;
    static final int JOT_ALLOW_WEAK_KEYS = 1;
    static final int JOT_DATED_KEYS = 2;
    static final int JOT_ALL_CERTIFICATES = 4;
    static final int JOT_CERTIFICATE_VALIDITY = 8;
    static final int JOT_ABSENT_TWICE = 1;
    static final int JOT_ALLOW_LOOPBACK = 2;
    static final int JOT_REPLIED = 0;
    static final int JOT_FAILED = 1;
    static final int JOT_TIMED_OUT = 2;
    static final int JOT_CHANGE_KEYS = 1;
    static final int JOT_CHANGE_CONFIRMED = 2;
    static final int JOT_CHANGE_ELSEWHERE = 3;
    static final int JOT_CHANGE_LATE = 4;
    static final int JOT_SLICES = 0;
    static final int JOT_ARROW32 = 1;
    static final int JOT_ARROW64 = 2;
    static final int JOT_ARROW_VIEWS = 3;
    static final int JOT_ARROW_DICTIONARY = 4;
    static final int JOT_BOUNDED = 1;
    static final int JOT_UNSIGNED_INDICES = 2;
    static final int JOT_STATE_ACTIVE = 1;
    static final int JOT_STATE_RETIRED = 2;
    static final int JOT_STATE_NOT_YET_VALID = 3;
    static final int JOT_STATE_UNKNOWN = 4;
    static final int JOT_TIME_OK_UNKNOWN = 2;
    static final int JOT_CLAIM_ISSUER = 1;
    static final int JOT_CLAIM_SUBJECT = 2;
    static final int JOT_CLAIM_JWT_ID = 4;
    static final int JOT_UNVERIFIED_ALG = 1;
    static final int JOT_UNVERIFIED_KID = 2;
    static final int JOT_BACKEND_AWS_LC = 0;
    static final int JOT_BACKEND_AUTO = 1;
    static final int JOT_BACKEND_ACCELERATED = 2;
    static final int JOT_BACKEND_PORTABLE = 3;
    static final int JOT_BACKEND_FINE = 0;
    static final int JOT_BACKEND_UNSUPPORTED = 1;
    static final int JOT_BACKEND_SELF_TEST_FAILED = 2;
    static final int JOT_BACKEND_DISAGREEMENT = 3;
    static final int JOT_BACKEND_CHECK_FAILED = 4;
    static final long JOT_NEVER = Long.MAX_VALUE;
    static final int JOT_START_WITHOUT_LIST = 1;
    static final int JOT_LIST_ALLOW_LOOPBACK = 2;
    static final int JOT_CHANGE_LIST = 1;
    static final int JOT_ANY_TYP = 1;
    static final int JOT_WITHOUT_TYP = 1;
    static final int JOT_ATTACHED = 0;
    static final int JOT_DETACHED = 1;
    static final int JOT_UNENCODED_DETACHED = 2;
    static final int JOT_SEVERAL_TOKENS = 1;
    static final int JOT_WITHOUT_DESCRIPTION = 2;
    static final int JOT_NONE = -1;
    static final int JOT_ABI_VERSION = 0;
    static final int JOT_ACCEPTED = 0;
    static final int JOT_ALGORITHMS_EMPTY = 100;
    static final int JOT_KEYS_EMPTY = 101;
    static final int JOT_ISSUER_REPEATED = 102;
    static final int JOT_ISSUER_REQUIRED = 103;
    static final int JOT_POLICY_INVALID = 104;
    static final int JOT_CLAIMS_TO_SIGN_INVALID = 110;
    static final int JOT_HEADER_TO_SIGN_INVALID = 111;
    static final int JOT_ALGORITHM_NOT_FOR_KEY = 112;
    static final int JOT_REVOCATIONS_FULL = 120;
    static final int JOT_REVOCATIONS_INVALID = 121;
    static final int JOT_SAVED_KEYS_INVALID = 122;
    static final int JOT_STATUS_LISTS_FULL = 123;
    static final int JOT_BATCH_INVALID = 130;
    static final int JOT_BATCH_CANCELLED = 131;
    static final int JOT_RANDOMNESS_MISSING = 140;
    static final int JOT_CACHE_TOO_LARGE = 141;
    static final int JOT_MEMORY_MISSING = 142;
    static final int JOT_THREADS_MISSING = 143;
    static final int JOT_ARGUMENT_NULL = 150;
    static final int JOT_ARGUMENT_SIZE = 151;
    static final int JOT_ARGUMENT_MISALIGNED = 152;
    static final int JOT_ARGUMENT_TEXT = 153;
    static final int JOT_ARGUMENT_VALUE = 154;
    static final int JOT_HANDLE_BUSY = 155;
    static final int JOT_KEY_SET_FROZEN = 156;
    static final int JOT_VALUE_MISSING = 157;
    static final int JOT_VALUE_TYPE = 158;
    static final int JOT_VALUE_STALE = 159;
    static final int JOT_CONDITION_NAME = 160;
    static final int JOT_CONDITION_TEST = 161;
    static final int JOT_CONDITION_OPERANDS = 162;
    static final int JOT_CONDITION_OPERAND = 163;
    static final int JOT_CONDITION_QUOTES = 164;
    static final int JOT_CONDITION_PATTERN = 165;
    static final int JOT_REGEX_MISSING = 166;
    static final int JOT_TOKEN_EMPTY = 200;
    static final int JOT_TOKEN_SEGMENTS = 201;
    static final int JOT_TOKEN_JSON_SERIALIZATION = 202;
    static final int JOT_HEADER_ENCODING = 203;
    static final int JOT_PAYLOAD_ENCODING = 204;
    static final int JOT_SIGNATURE_ENCODING = 205;
    static final int JOT_PAYLOAD_ATTACHED = 206;
    static final int JOT_TOKEN_NULL = 207;
    static final int JOT_TOKEN_ENCRYPTED = 208;
    static final int JOT_TOKEN_WRAPPED = 209;
    static final int JOT_TOKEN_PADDED = 210;
    static final int JOT_HEADER_JSON = 300;
    static final int JOT_HEADER_NOT_OBJECT = 301;
    static final int JOT_HEADER_REPEATED = 302;
    static final int JOT_ALG_MISSING = 310;
    static final int JOT_ALG_INVALID = 311;
    static final int JOT_ALG_NONE = 312;
    static final int JOT_ALG_UNKNOWN = 313;
    static final int JOT_ALG_NOT_ALLOWED = 314;
    static final int JOT_KID_INVALID = 320;
    static final int JOT_TYP_INVALID = 330;
    static final int JOT_TYP_MISSING = 331;
    static final int JOT_TYP_MISMATCH = 332;
    static final int JOT_CRIT_INVALID = 340;
    static final int JOT_CRIT_REPEATED = 341;
    static final int JOT_CRIT_REGISTERED = 342;
    static final int JOT_CRIT_ABSENT = 343;
    static final int JOT_CRIT_UNKNOWN = 344;
    static final int JOT_B64_INVALID = 350;
    static final int JOT_B64_NOT_CRITICAL = 351;
    static final int JOT_B64_IN_JWT = 352;
    static final int JOT_JWK_MISSING = 360;
    static final int JOT_JWK_INVALID = 361;
    static final int JOT_JWK_UNEXPECTED = 362;
    static final int JOT_JWK_PRIVATE = 363;
    static final int JOT_KEY_JSON = 400;
    static final int JOT_KEY_MEMBER_MISSING = 401;
    static final int JOT_KEY_MEMBER_INVALID = 402;
    static final int JOT_KEY_TYPE_UNKNOWN = 403;
    static final int JOT_KEY_CURVE_UNKNOWN = 404;
    static final int JOT_KEY_ALG_UNKNOWN = 405;
    static final int JOT_KEY_ALG_MISMATCH = 406;
    static final int JOT_KEY_USE_NOT_SIGNATURE = 407;
    static final int JOT_KEY_OPS_NOT_ALLOWED = 408;
    static final int JOT_KEY_INVALID = 409;
    static final int JOT_KEY_PEM_INVALID = 410;
    static final int JOT_KEY_DER_INVALID = 411;
    static final int JOT_KEY_RSA_TOO_SHORT = 412;
    static final int JOT_KEY_RSA_EXPONENT = 413;
    static final int JOT_KEY_RSA_MODULUS = 414;
    static final int JOT_KEY_SECRET_TOO_SHORT = 415;
    static final int JOT_KEY_SECRET_IS_KEY_TEXT = 416;
    static final int JOT_KEY_SET_EMPTY = 417;
    static final int JOT_KEY_NOT_PRIVATE = 418;
    static final int JOT_KEY_GENERATION = 419;
    static final int JOT_KID_UNKNOWN = 420;
    static final int JOT_KEY_NOT_FOR_ALG = 421;
    static final int JOT_ISSUER_UNKNOWN = 422;
    static final int JOT_KEY_SECRET_NOT_PUBLIC = 423;
    static final int JOT_KEY_REVOKED = 424;
    static final int JOT_KEY_NOT_YET_VALID = 425;
    static final int JOT_KEY_RETIRED = 426;
    static final int JOT_KEY_TEXT_IS_PAGE = 427;
    static final int JOT_KEY_OF_AUTHORITY = 428;
    static final int JOT_KEY_ENCRYPTED = 430;
    static final int JOT_KEY_TEXT_IS_SSH = 431;
    static final int JOT_KEY_TEXT_IS_PKCS12 = 432;
    static final int JOT_KEY_TEXT_IS_PKCS7 = 433;
    static final int JOT_KEY_TEXT_IS_DER = 434;
    static final int JOT_KEY_TEXT_IS_PEM = 435;
    static final int JOT_KEY_TEXT_IS_JSON = 436;
    static final int JOT_KEY_TEXT_IS_BASE64 = 437;
    static final int JOT_KEY_TEXT_IS_ESCAPED = 438;
    static final int JOT_KEY_TEXT_IS_WIDE = 439;
    static final int JOT_KEY_TEXT_IS_DISCOVERY = 440;
    static final int JOT_KEY_TEXT_IS_MAP = 441;
    static final int JOT_KEY_PEM_LABEL = 442;
    static final int JOT_KEY_CURVE_RENAMED = 443;
    static final int JOT_KEY_CURVE_EXPLICIT = 444;
    static final int JOT_KEY_RSA_PSS = 446;
    static final int JOT_KEY_TEXT_UNKNOWN = 447;
    static final int JOT_KEY_PEM_DASHES = 448;
    static final int JOT_KEY_TEXT_IS_REALM = 449;
    static final int JOT_KEYS_NOT_YET = 450;
    static final int JOT_KEYS_STALE = 451;
    static final int JOT_FETCH_FAILED = 452;
    static final int JOT_FETCH_TIMEOUT = 453;
    static final int JOT_FETCH_STATUS = 454;
    static final int JOT_FETCH_REDIRECT = 455;
    static final int JOT_REPLY_TOO_LONG = 456;
    static final int JOT_KEYS_TOO_MANY = 457;
    static final int JOT_DISCOVERY_INVALID = 458;
    static final int JOT_DISCOVERY_ISSUER = 459;
    static final int JOT_URL_REFUSED = 460;
    static final int JOT_KEY_CERTIFICATE_DIFFERS = 461;
    static final int JOT_REVOCATIONS_STALE = 462;
    static final int JOT_REVOCATIONS_NOT_YET = 463;
    static final int JOT_REVOCATIONS_OLDER = 464;
    static final int JOT_STATUS_LIST_NOT_YET = 465;
    static final int JOT_STATUS_LIST_STALE = 466;
    static final int JOT_STATUS_LIST_INVALID = 467;
    static final int JOT_STATUS_LIST_UNKNOWN = 468;
    static final int JOT_STATUS_LIST_TOO_LONG = 469;
    static final int JOT_SIGNATURE_INVALID = 500;
    static final int JOT_SELF_SIGNED = 501;
    static final int JOT_CLAIMS_JSON = 600;
    static final int JOT_CLAIMS_NOT_OBJECT = 601;
    static final int JOT_CLAIMS_REPEATED = 602;
    static final int JOT_ISS_MISSING = 610;
    static final int JOT_ISS_INVALID = 611;
    static final int JOT_ISS_MISMATCH = 612;
    static final int JOT_AUD_MISSING = 620;
    static final int JOT_AUD_INVALID = 621;
    static final int JOT_AUD_MISMATCH = 622;
    static final int JOT_AUD_UNEXPECTED = 623;
    static final int JOT_SUB_MISSING = 630;
    static final int JOT_SUB_INVALID = 631;
    static final int JOT_SUB_MISMATCH = 632;
    static final int JOT_SUB_REVOKED = 633;
    static final int JOT_JTI_INVALID = 640;
    static final int JOT_JTI_REVOKED = 641;
    static final int JOT_SID_REVOKED = 642;
    static final int JOT_STATUS_REVOKED = 643;
    static final int JOT_STATUS_SUSPENDED = 644;
    static final int JOT_STATUS_OTHER = 645;
    static final int JOT_STATUS_INVALID = 646;
    static final int JOT_STATUS_MISSING = 647;
    static final int JOT_CLAIM_MISSING = 650;
    static final int JOT_CLAIM_MISMATCH = 651;
    static final int JOT_AZP_MISSING = 660;
    static final int JOT_AZP_MISMATCH = 661;
    static final int JOT_SCOPE_INVALID = 662;
    static final int JOT_SCOPE_INSUFFICIENT = 663;
    static final int JOT_IAT_MISSING = 670;
    static final int JOT_IAT_INVALID = 671;
    static final int JOT_ISSUED_IN_FUTURE = 672;
    static final int JOT_TOO_OLD = 673;
    static final int JOT_NBF_INVALID = 680;
    static final int JOT_NOT_YET_VALID = 681;
    static final int JOT_EXP_MISSING = 690;
    static final int JOT_EXP_INVALID = 691;
    static final int JOT_EXPIRED = 692;
    static final int JOT_TIME_UNKNOWN = 695;
    static final int JOT_TOKEN_TOO_LONG = 700;
    static final int JOT_HEADER_TOO_LONG = 701;
    static final int JOT_HEADER_TOO_DEEP = 702;
    static final int JOT_CLAIMS_TOO_DEEP = 703;
    static final int JOT_CANDIDATES_TOO_MANY = 704;
    static final int JOT_INTERNAL = 900;
    static final int JOT_PANICKED = 901;
    static final int JOT_HS256 = 1;
    static final int JOT_HS384 = 2;
    static final int JOT_HS512 = 3;
    static final int JOT_RS256 = 4;
    static final int JOT_RS384 = 5;
    static final int JOT_RS512 = 6;
    static final int JOT_PS256 = 7;
    static final int JOT_PS384 = 8;
    static final int JOT_PS512 = 9;
    static final int JOT_ES256 = 10;
    static final int JOT_ES384 = 11;
    static final int JOT_ES512 = 12;
    static final int JOT_ES256K = 13;
    static final int JOT_EDDSA = 14;
    static final int JOT_ED25519 = 15;
    static final int JOT_ML_DSA_44 = 16;
    static final int JOT_ML_DSA_65 = 17;
    static final int JOT_ML_DSA_87 = 18;

    /** Where the members of jot_slice are. */
    static final class Slice {
        static final long SIZE = 16;
        static final long ptr = 0;
        static final long len = 8;
    }

    /** Where the members of jot_error are. */
    static final class Error {
        static final long SIZE = 64;
        static final long size = 0;
        static final long code = 8;
        static final long offset = 12;
        static final long name = 16;
    }

    /** Where the members of jot_verdict are. */
    static final class Verdict {
        static final long SIZE = 136;
        static final long size = 0;
        static final long code = 8;
        static final long flags = 12;
        static final long alg = 16;
        static final long issuer_index = 20;
        static final long key_index = 24;
        static final long fault_offset = 28;
        static final long expires_at = 32;
        static final long not_before = 40;
        static final long issued_at = 48;
        static final long fault_claim = 56;
        static final long header = 72;
        static final long payload = 88;
        static final long kid = 104;
        static final long typ = 120;
    }

    /** Where the members of jot_demand are. */
    static final class Demand {
        static final long SIZE = 56;
        static final long size = 0;
        static final long key_set = 8;
        static final long issuers = 24;
        static final long issuer_count = 32;
        static final long audiences = 40;
        static final long audience_count = 48;
    }

    /** Where the members of jot_value are. */
    static final class Value {
        static final long SIZE = 32;
        static final long kind = 0;
        static final long node = 4;
        static final long epoch = 8;
        static final long text = 16;
    }

    /** Where the members of jot_key_options are. */
    static final class KeyOptions {
        static final long SIZE = 32;
        static final long size = 0;
        static final long alg = 8;
        static final long flags = 12;
        static final long kid = 16;
    }

    /** Where the members of jot_key_info are. */
    static final class KeyInfo {
        static final long SIZE = 104;
        static final long size = 0;
        static final long algs = 8;
        static final long alg = 12;
        static final long kid = 16;
        static final long kty = 32;
        static final long crv = 48;
        static final long thumbprint = 64;
        static final long flags = 80;
        static final long reserved = 84;
        static final long not_before = 88;
        static final long expires_at = 96;
    }

    /** Where the members of jot_keeper_options are. */
    static final class KeeperOptions {
        static final long SIZE = 64;
        static final long size = 0;
        static final long fresh = 8;
        static final long least_fresh = 12;
        static final long most_fresh = 16;
        static final long serve_stale_for = 20;
        static final long cool_down = 24;
        static final long timeout = 28;
        static final long most_keys = 32;
        static final long remembered = 36;
        static final long flags = 40;
        static final long algs = 44;
        static final long key_alg = 48;
        static final long key_flags = 52;
        static final long most_bytes = 56;
    }

    /** Where the members of jot_health are. */
    static final class Health {
        static final long SIZE = 72;
        static final long size = 0;
        static final long last_success = 8;
        static final long fresh_until = 16;
        static final long next_fetch = 24;
        static final long error = 32;
        static final long failures = 36;
        static final long fetches = 40;
        static final long successes = 48;
        static final long refused = 56;
        static final long keys = 64;
    }

    /** Where the members of jot_request are. */
    static final class Request {
        static final long SIZE = 104;
        static final long size = 0;
        static final long ticket = 8;
        static final long until = 16;
        static final long url = 24;
        static final long etag = 40;
        static final long last_modified = 56;
        static final long most_bytes = 72;
        static final long timeout = 80;
        static final long reserved = 84;
        static final long accept = 88;
    }

    /** Where the members of jot_field are. */
    static final class Field {
        static final long SIZE = 32;
        static final long name = 0;
        static final long value = 16;
    }

    /** Where the members of jot_reply are. */
    static final class Reply {
        static final long SIZE = 48;
        static final long size = 0;
        static final long outcome = 8;
        static final long status = 12;
        static final long fields = 16;
        static final long field_count = 24;
        static final long body = 32;
    }

    /** Where the members of jot_tokens are. */
    static final class Tokens {
        static final long SIZE = 120;
        static final long size = 0;
        static final long layout = 8;
        static final long flags = 12;
        static final long rows = 16;
        static final long slices = 24;
        static final long data = 32;
        static final long offsets = 48;
        static final long validity = 56;
        static final long offset = 64;
        static final long offsets_bytes = 72;
        static final long validity_bytes = 80;
        static final long buffers = 88;
        static final long buffer_count = 96;
        static final long dictionary = 104;
        static final long index_bytes = 112;
    }

    /** Where the members of jot_batch_options are. */
    static final class BatchOptions {
        static final long SIZE = 48;
        static final long size = 0;
        static final long now = 8;
        static final long as_of = 16;
        static final long progress = 24;
        static final long user = 32;
        static final long as_of_known = 40;
    }

    /** Where the members of jot_columns are. */
    static final class Columns {
        static final long SIZE = 104;
        static final long size = 0;
        static final long codes = 8;
        static final long flags = 16;
        static final long issuer_index = 24;
        static final long key_index = 32;
        static final long expires_at = 40;
        static final long not_before = 48;
        static final long issued_at = 56;
        static final long first_row = 64;
        static final long claims = 72;
        static final long unverified = 76;
        static final long key_state = 80;
        static final long time_ok = 88;
        static final long expired_by_seconds = 96;
    }

    /** Where the members of jot_batch_report are. */
    static final class BatchReport {
        static final long SIZE = 40;
        static final long size = 0;
        static final long rows = 8;
        static final long accepted = 16;
        static final long distinct = 24;
        static final long cancelled = 32;
        static final long reserved = 36;
    }

    /** Where the members of jot_text_column are. */
    static final class TextColumn {
        static final long SIZE = 48;
        static final long size = 0;
        static final long rows = 8;
        static final long data = 16;
        static final long offsets = 32;
        static final long validity = 40;
    }

    /** Where the members of jot_watch are. */
    static final class Watch {
        static final long SIZE = 24;
        static final long done = 0;
        static final long total = 8;
        static final long cancel = 16;
        static final long reserved = 20;
    }

    /** Where the members of jot_statistics are. */
    static final class Statistics {
        static final long SIZE = 56;
        static final long size = 0;
        static final long accepted = 8;
        static final long refused = 16;
        static final long cache_hits = 24;
        static final long cache_misses = 32;
        static final long cache_evictions = 40;
        static final long cache_bytes = 48;
    }

    /** Where the members of jot_backend_report are. */
    static final class BackendReport {
        static final long SIZE = 88;
        static final long size = 0;
        static final long accepted = 8;
        static final long referred = 16;
        static final long cross_checked = 24;
        static final long disagreements = 32;
        static final long table_bytes = 40;
        static final long warning = 48;
        static final long reserved = 52;
        static final long tables = 56;
        static final long tables_refused = 64;
        static final long failed_checks = 72;
        static final long failed_self_tests = 80;
    }

    /** Where the members of jot_list_options are. */
    static final class ListOptions {
        static final long SIZE = 48;
        static final long size = 0;
        static final long poll = 8;
        static final long least_poll = 12;
        static final long most_poll = 16;
        static final long serve_stale_for = 20;
        static final long timeout = 24;
        static final long most_entries = 28;
        static final long flags = 32;
        static final long reserved = 36;
        static final long most_bytes = 40;
    }

    /** Where the members of jot_list_health are. */
    static final class ListHealth {
        static final long SIZE = 72;
        static final long size = 0;
        static final long last_success = 8;
        static final long issued_at = 16;
        static final long expires_at = 24;
        static final long next_fetch = 32;
        static final long error = 40;
        static final long failures = 44;
        static final long fetches = 48;
        static final long successes = 56;
        static final long entries = 64;
    }

    /** Where the members of jot_selfsigned_options are. */
    static final class SelfsignedOptions {
        static final long SIZE = 56;
        static final long size = 0;
        static final long algs = 8;
        static final long flags = 12;
        static final long typs = 16;
        static final long typ_count = 24;
        static final long token_bytes = 32;
        static final long header_bytes = 40;
        static final long backend = 48;
        static final long reserved = 52;
    }

    /** Where the members of jot_selfsigned are. */
    static final class Selfsigned {
        static final long SIZE = 160;
        static final long size = 0;
        static final long code = 8;
        static final long flags = 12;
        static final long alg = 16;
        static final long fault_offset = 20;
        static final long expires_at = 24;
        static final long not_before = 32;
        static final long issued_at = 40;
        static final long thumbprint = 48;
        static final long fault_name = 96;
        static final long payload = 144;
    }

    /** Where the members of jot_selfsigned_columns are. */
    static final class SelfsignedColumns {
        static final long SIZE = 40;
        static final long size = 0;
        static final long codes = 8;
        static final long digests = 16;
        static final long each = 24;
        static final long user = 32;
    }

    /** Where the members of jot_critical are. */
    static final class Critical {
        static final long SIZE = 32;
        static final long name = 0;
        static final long value = 16;
    }

    /** Where the members of jot_sign_header are. */
    static final class SignHeader {
        static final long SIZE = 80;
        static final long size = 0;
        static final long flags = 8;
        static final long reserved = 12;
        static final long typ = 16;
        static final long cty = 32;
        static final long parameters = 48;
        static final long critical = 64;
        static final long critical_count = 72;
    }

    /** Where the members of jot_decoded are. */
    static final class Decoded {
        static final long SIZE = 64;
        static final long size = 0;
        static final long header = 8;
        static final long payload = 24;
        static final long signature = 40;
        static final long claims_code = 56;
        static final long reserved = 60;
    }

    /** Where the members of jot_challenge are. */
    static final class Challenge {
        static final long SIZE = 64;
        static final long size = 0;
        static final long code = 8;
        static final long flags = 12;
        static final long realm = 16;
        static final long resource_metadata = 32;
        static final long scopes = 48;
        static final long scope_count = 56;
    }

    /** Where the members of jot_fetcher_options are. */
    static final class FetcherOptions {
        static final long SIZE = 88;
        static final long size = 0;
        static final long authorities = 8;
        static final long client_chain = 24;
        static final long client_key = 40;
        static final long proxy = 56;
        static final long threads = 72;
        static final long budget_fetches = 76;
        static final long budget_seconds = 80;
        static final long reserved = 84;
    }

    /** Where the members of jot_status_places are. */
    static final class StatusPlaces {
        static final long SIZE = 32;
        static final long size = 0;
        static final long uris = 8;
        static final long count = 16;
        static final long most = 24;
        static final long forget_after = 28;
    }

    private static final class Of_jot_error_message {
        static final MethodHandle CALL = Library.function("jot_error_message", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_error_message(MemorySegment error, MemorySegment buffer, long capacity, MemorySegment length) {
        try {
            return (int) Of_jot_error_message.CALL.invokeExact(error, buffer, capacity, length);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_new {
        static final MethodHandle CALL = Library.function("jot_policy_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_policy_new(MemorySegment algs, long count, MemorySegment policy, MemorySegment error) {
        try {
            return (int) Of_jot_policy_new.CALL.invokeExact(algs, count, policy, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_new_access_token {
        static final MethodHandle CALL = Library.function("jot_policy_new_access_token", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_policy_new_access_token(MemorySegment resource, MemorySegment algs, long count, MemorySegment policy, MemorySegment error) {
        try {
            return (int) Of_jot_policy_new_access_token.CALL.invokeExact(resource, algs, count, policy, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_new_id_token {
        static final MethodHandle CALL = Library.function("jot_policy_new_id_token", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_policy_new_id_token(MemorySegment client_id, MemorySegment algs, long count, MemorySegment policy, MemorySegment error) {
        try {
            return (int) Of_jot_policy_new_id_token.CALL.invokeExact(client_id, algs, count, policy, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_new_revocation_list {
        static final MethodHandle CALL = Library.function("jot_policy_new_revocation_list", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_policy_new_revocation_list(MemorySegment algs, long count, MemorySegment policy, MemorySegment error) {
        try {
            return (int) Of_jot_policy_new_revocation_list.CALL.invokeExact(algs, count, policy, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_new_status_list {
        static final MethodHandle CALL = Library.function("jot_policy_new_status_list", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_policy_new_status_list(MemorySegment algs, long count, MemorySegment policy, MemorySegment error) {
        try {
            return (int) Of_jot_policy_new_status_list.CALL.invokeExact(algs, count, policy, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_typ {
        static final MethodHandle CALL = Library.function("jot_policy_typ", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_typ(MemorySegment policy, MemorySegment typ) {
        try {
            return (int) Of_jot_policy_typ.CALL.invokeExact(policy, typ);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_understand_critical {
        static final MethodHandle CALL = Library.function("jot_policy_understand_critical", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_understand_critical(MemorySegment policy, MemorySegment name) {
        try {
            return (int) Of_jot_policy_understand_critical.CALL.invokeExact(policy, name);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_audience {
        static final MethodHandle CALL = Library.function("jot_policy_audience", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_audience(MemorySegment policy, MemorySegment audience) {
        try {
            return (int) Of_jot_policy_audience.CALL.invokeExact(policy, audience);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_any_audience {
        static final MethodHandle CALL = Library.function("jot_policy_any_audience", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_policy_any_audience(MemorySegment policy) {
        try {
            return (int) Of_jot_policy_any_audience.CALL.invokeExact(policy);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_subject {
        static final MethodHandle CALL = Library.function("jot_policy_subject", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_subject(MemorySegment policy, MemorySegment subject) {
        try {
            return (int) Of_jot_policy_subject.CALL.invokeExact(policy, subject);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_require {
        static final MethodHandle CALL = Library.function("jot_policy_require", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_require(MemorySegment policy, MemorySegment claim) {
        try {
            return (int) Of_jot_policy_require.CALL.invokeExact(policy, claim);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_nonce {
        static final MethodHandle CALL = Library.function("jot_policy_nonce", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_nonce(MemorySegment policy, MemorySegment nonce) {
        try {
            return (int) Of_jot_policy_nonce.CALL.invokeExact(policy, nonce);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_authorized_party {
        static final MethodHandle CALL = Library.function("jot_policy_authorized_party", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_authorized_party(MemorySegment policy, MemorySegment party) {
        try {
            return (int) Of_jot_policy_authorized_party.CALL.invokeExact(policy, party);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_scope {
        static final MethodHandle CALL = Library.function("jot_policy_scope", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_policy_scope(MemorySegment policy, MemorySegment scope) {
        try {
            return (int) Of_jot_policy_scope.CALL.invokeExact(policy, scope);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_leeway {
        static final MethodHandle CALL = Library.function("jot_policy_leeway", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    static int jot_policy_leeway(MemorySegment policy, int seconds) {
        try {
            return (int) Of_jot_policy_leeway.CALL.invokeExact(policy, seconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_allow_missing_exp {
        static final MethodHandle CALL = Library.function("jot_policy_allow_missing_exp", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_policy_allow_missing_exp(MemorySegment policy) {
        try {
            return (int) Of_jot_policy_allow_missing_exp.CALL.invokeExact(policy);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_allow_future_iat {
        static final MethodHandle CALL = Library.function("jot_policy_allow_future_iat", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_policy_allow_future_iat(MemorySegment policy) {
        try {
            return (int) Of_jot_policy_allow_future_iat.CALL.invokeExact(policy);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_max_age {
        static final MethodHandle CALL = Library.function("jot_policy_max_age", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    static int jot_policy_max_age(MemorySegment policy, int seconds) {
        try {
            return (int) Of_jot_policy_max_age.CALL.invokeExact(policy, seconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_issuer_required {
        static final MethodHandle CALL = Library.function("jot_policy_issuer_required", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_policy_issuer_required(MemorySegment policy) {
        try {
            return (int) Of_jot_policy_issuer_required.CALL.invokeExact(policy);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_limits {
        static final MethodHandle CALL = Library.function("jot_policy_limits", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    }

    static int jot_policy_limits(MemorySegment policy, long token_bytes, long header_bytes) {
        try {
            return (int) Of_jot_policy_limits.CALL.invokeExact(policy, token_bytes, header_bytes);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_fits {
        static final MethodHandle CALL = Library.function("jot_policy_fits", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_policy_fits(MemorySegment policy, MemorySegment set) {
        try {
            return (int) Of_jot_policy_fits.CALL.invokeExact(policy, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_free {
        static final MethodHandle CALL = Library.function("jot_policy_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_policy_free(MemorySegment policy) {
        try {
            Of_jot_policy_free.CALL.invokeExact(policy);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_condition_parse {
        static final MethodHandle CALL = Library.function("jot_condition_parse", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_condition_parse(MemorySegment text, MemorySegment condition, MemorySegment error) {
        try {
            return (int) Of_jot_condition_parse.CALL.invokeExact(text, condition, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_condition_new {
        static final MethodHandle CALL = Library.function("jot_condition_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_condition_new(MemorySegment path, long depth, MemorySegment words, long count, int flags, MemorySegment condition, MemorySegment error) {
        try {
            return (int) Of_jot_condition_new.CALL.invokeExact(path, depth, words, count, flags, condition, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_claim {
        static final MethodHandle CALL = Library.function("jot_policy_claim", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_policy_claim(MemorySegment policy, MemorySegment condition) {
        try {
            return (int) Of_jot_policy_claim.CALL.invokeExact(policy, condition);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_meet {
        static final MethodHandle CALL = Library.function("jot_claims_meet", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_claims_meet(MemorySegment scratch, MemorySegment condition) {
        try {
            return (int) Of_jot_claims_meet.CALL.invokeExact(scratch, condition);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_have_scopes {
        static final MethodHandle CALL = Library.function("jot_claims_have_scopes", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    }

    static int jot_claims_have_scopes(MemorySegment scratch, MemorySegment scopes, long count) {
        try {
            return (int) Of_jot_claims_have_scopes.CALL.invokeExact(scratch, scopes, count);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_condition_free {
        static final MethodHandle CALL = Library.function("jot_condition_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_condition_free(MemorySegment condition) {
        try {
            Of_jot_condition_free.CALL.invokeExact(condition);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_new {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_verifier_builder_new(MemorySegment policy, MemorySegment builder, MemorySegment error) {
        try {
            return (int) Of_jot_verifier_builder_new.CALL.invokeExact(policy, builder, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_keys {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_keys", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_builder_keys(MemorySegment builder, MemorySegment set) {
        try {
            return (int) Of_jot_verifier_builder_keys.CALL.invokeExact(builder, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_issuer {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_issuer", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_verifier_builder_issuer(MemorySegment builder, MemorySegment issuer, MemorySegment set) {
        try {
            return (int) Of_jot_verifier_builder_issuer.CALL.invokeExact(builder, issuer, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_key_set {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_key_set", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, SLICE, ADDRESS));
    }

    static int jot_verifier_builder_key_set(MemorySegment builder, MemorySegment name, MemorySegment issuer, MemorySegment set) {
        try {
            return (int) Of_jot_verifier_builder_key_set.CALL.invokeExact(builder, name, issuer, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_cache_entries {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_cache_entries", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_verifier_builder_cache_entries(MemorySegment builder, long entries) {
        try {
            return (int) Of_jot_verifier_builder_cache_entries.CALL.invokeExact(builder, entries);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_cache_bytes {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_cache_bytes", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_verifier_builder_cache_bytes(MemorySegment builder, long bytes) {
        try {
            return (int) Of_jot_verifier_builder_cache_bytes.CALL.invokeExact(builder, bytes);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_build {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_build", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_verifier_builder_build(MemorySegment builder, MemorySegment verifier, MemorySegment error) {
        try {
            return (int) Of_jot_verifier_builder_build.CALL.invokeExact(builder, verifier, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_check {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_check", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_builder_check(MemorySegment builder, MemorySegment error) {
        try {
            return (int) Of_jot_verifier_builder_check.CALL.invokeExact(builder, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_free {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_verifier_builder_free(MemorySegment builder) {
        try {
            Of_jot_verifier_builder_free.CALL.invokeExact(builder);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_replace_keys {
        static final MethodHandle CALL = Library.function("jot_verifier_replace_keys", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_verifier_replace_keys(MemorySegment verifier, MemorySegment issuer, MemorySegment set, MemorySegment error) {
        try {
            return (int) Of_jot_verifier_replace_keys.CALL.invokeExact(verifier, issuer, set, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_keys {
        static final MethodHandle CALL = Library.function("jot_verifier_keys", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_verifier_keys(MemorySegment verifier, MemorySegment issuer, MemorySegment set) {
        try {
            return (int) Of_jot_verifier_keys.CALL.invokeExact(verifier, issuer, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_set_revocations {
        static final MethodHandle CALL = Library.function("jot_verifier_set_revocations", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_set_revocations(MemorySegment verifier, MemorySegment revocations) {
        try {
            return (int) Of_jot_verifier_set_revocations.CALL.invokeExact(verifier, revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_revocations {
        static final MethodHandle CALL = Library.function("jot_verifier_revocations", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_revocations(MemorySegment verifier, MemorySegment revocations) {
        try {
            return (int) Of_jot_verifier_revocations.CALL.invokeExact(verifier, revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_free {
        static final MethodHandle CALL = Library.function("jot_verifier_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_verifier_free(MemorySegment verifier) {
        try {
            Of_jot_verifier_free.CALL.invokeExact(verifier);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_scratch_new {
        static final MethodHandle CALL = Library.function("jot_scratch_new", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_scratch_new() {
        try {
            return (MemorySegment) Of_jot_scratch_new.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_scratch_free {
        static final MethodHandle CALL = Library.function("jot_scratch_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_scratch_free(MemorySegment scratch) {
        try {
            Of_jot_scratch_free.CALL.invokeExact(scratch);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_verify {
        static final MethodHandle CALL = Library.function("jot_verifier_verify", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_verifier_verify(MemorySegment verifier, MemorySegment token, long now, MemorySegment scratch, MemorySegment verdict) {
        try {
            return (int) Of_jot_verifier_verify.CALL.invokeExact(verifier, token, now, scratch, verdict);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_check {
        static final MethodHandle CALL = Library.function("jot_verifier_check", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_verifier_check(MemorySegment verifier, MemorySegment token, long now, MemorySegment scratch, MemorySegment verdict) {
        try {
            return (int) Of_jot_verifier_check.CALL.invokeExact(verifier, token, now, scratch, verdict);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_verify_jws {
        static final MethodHandle CALL = Library.function("jot_verifier_verify_jws", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, SLICE, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_verifier_verify_jws(MemorySegment verifier, MemorySegment token, MemorySegment issuer, MemorySegment detached, MemorySegment scratch, MemorySegment verdict) {
        try {
            return (int) Of_jot_verifier_verify_jws.CALL.invokeExact(verifier, token, issuer, detached, scratch, verdict);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verdict_detail {
        static final MethodHandle CALL = Library.function("jot_verdict_detail", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_verdict_detail(MemorySegment verdict, MemorySegment token, MemorySegment buffer, long capacity, MemorySegment length) {
        try {
            return (int) Of_jot_verdict_detail.CALL.invokeExact(verdict, token, buffer, capacity, length);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_verify_for {
        static final MethodHandle CALL = Library.function("jot_verifier_verify_for", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_verifier_verify_for(MemorySegment verifier, MemorySegment token, long now, MemorySegment demand, MemorySegment scratch, MemorySegment verdict) {
        try {
            return (int) Of_jot_verifier_verify_for.CALL.invokeExact(verifier, token, now, demand, scratch, verdict);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_get {
        static final MethodHandle CALL = Library.function("jot_claims_get", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_claims_get(MemorySegment scratch, MemorySegment name, MemorySegment value) {
        try {
            return (int) Of_jot_claims_get.CALL.invokeExact(scratch, name, value);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_path {
        static final MethodHandle CALL = Library.function("jot_claims_path", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_claims_path(MemorySegment scratch, MemorySegment path, long depth, MemorySegment value) {
        try {
            return (int) Of_jot_claims_path.CALL.invokeExact(scratch, path, depth, value);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_text {
        static final MethodHandle CALL = Library.function("jot_claims_text", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_claims_text(MemorySegment scratch, MemorySegment name, MemorySegment text) {
        try {
            return (int) Of_jot_claims_text.CALL.invokeExact(scratch, name, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_integer {
        static final MethodHandle CALL = Library.function("jot_claims_integer", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_claims_integer(MemorySegment scratch, MemorySegment name, MemorySegment integer) {
        try {
            return (int) Of_jot_claims_integer.CALL.invokeExact(scratch, name, integer);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_number {
        static final MethodHandle CALL = Library.function("jot_claims_number", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_claims_number(MemorySegment scratch, MemorySegment name, MemorySegment number) {
        try {
            return (int) Of_jot_claims_number.CALL.invokeExact(scratch, name, number);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_boolean {
        static final MethodHandle CALL = Library.function("jot_claims_boolean", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_claims_boolean(MemorySegment scratch, MemorySegment name, MemorySegment boolean_) {
        try {
            return (int) Of_jot_claims_boolean.CALL.invokeExact(scratch, name, boolean_);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_date {
        static final MethodHandle CALL = Library.function("jot_claims_date", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_claims_date(MemorySegment scratch, MemorySegment name, MemorySegment seconds) {
        try {
            return (int) Of_jot_claims_date.CALL.invokeExact(scratch, name, seconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_has_scope {
        static final MethodHandle CALL = Library.function("jot_claims_has_scope", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, SLICE));
    }

    static boolean jot_claims_has_scope(MemorySegment scratch, MemorySegment scope) {
        try {
            return (boolean) Of_jot_claims_has_scope.CALL.invokeExact(scratch, scope);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_claims_contains {
        static final MethodHandle CALL = Library.function("jot_claims_contains", FunctionDescriptor.of(JAVA_BOOLEAN, ADDRESS, ADDRESS, JAVA_LONG, SLICE));
    }

    static boolean jot_claims_contains(MemorySegment scratch, MemorySegment path, long depth, MemorySegment element) {
        try {
            return (boolean) Of_jot_claims_contains.CALL.invokeExact(scratch, path, depth, element);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_header_get {
        static final MethodHandle CALL = Library.function("jot_header_get", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_header_get(MemorySegment scratch, MemorySegment name, MemorySegment value) {
        try {
            return (int) Of_jot_header_get.CALL.invokeExact(scratch, name, value);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_header_path {
        static final MethodHandle CALL = Library.function("jot_header_path", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_header_path(MemorySegment scratch, MemorySegment path, long depth, MemorySegment value) {
        try {
            return (int) Of_jot_header_path.CALL.invokeExact(scratch, path, depth, value);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_value_member {
        static final MethodHandle CALL = Library.function("jot_value_member", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_value_member(MemorySegment scratch, MemorySegment value, MemorySegment name, MemorySegment member) {
        try {
            return (int) Of_jot_value_member.CALL.invokeExact(scratch, value, name, member);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_value_next {
        static final MethodHandle CALL = Library.function("jot_value_next", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_value_next(MemorySegment scratch, MemorySegment value, MemorySegment cursor, MemorySegment name, MemorySegment next) {
        try {
            return (int) Of_jot_value_next.CALL.invokeExact(scratch, value, cursor, name, next);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_value_integer {
        static final MethodHandle CALL = Library.function("jot_value_integer", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_value_integer(MemorySegment value, MemorySegment integer) {
        try {
            return (int) Of_jot_value_integer.CALL.invokeExact(value, integer);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_value_number {
        static final MethodHandle CALL = Library.function("jot_value_number", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_value_number(MemorySegment value, MemorySegment number) {
        try {
            return (int) Of_jot_value_number.CALL.invokeExact(value, number);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_value_boolean {
        static final MethodHandle CALL = Library.function("jot_value_boolean", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_value_boolean(MemorySegment value, MemorySegment boolean_) {
        try {
            return (int) Of_jot_value_boolean.CALL.invokeExact(value, boolean_);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_new {
        static final MethodHandle CALL = Library.function("jot_key_set_new", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_key_set_new() {
        try {
            return (MemorySegment) Of_jot_key_set_new.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_not_yet {
        static final MethodHandle CALL = Library.function("jot_key_set_not_yet", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_key_set_not_yet() {
        try {
            return (MemorySegment) Of_jot_key_set_not_yet.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_stale {
        static final MethodHandle CALL = Library.function("jot_key_set_stale", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_key_set_stale() {
        try {
            return (MemorySegment) Of_jot_key_set_stale.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_jwks {
        static final MethodHandle CALL = Library.function("jot_key_set_add_jwks", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_jwks(MemorySegment set, MemorySegment jwks, MemorySegment options, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_jwks.CALL.invokeExact(set, jwks, options, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_jwk {
        static final MethodHandle CALL = Library.function("jot_key_set_add_jwk", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_jwk(MemorySegment set, MemorySegment jwk, MemorySegment options, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_jwk.CALL.invokeExact(set, jwk, options, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_pem {
        static final MethodHandle CALL = Library.function("jot_key_set_add_pem", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_pem(MemorySegment set, MemorySegment pem, MemorySegment options, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_pem.CALL.invokeExact(set, pem, options, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_pem_bundle {
        static final MethodHandle CALL = Library.function("jot_key_set_add_pem_bundle", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_pem_bundle(MemorySegment set, MemorySegment pem, MemorySegment options, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_pem_bundle.CALL.invokeExact(set, pem, options, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_text {
        static final MethodHandle CALL = Library.function("jot_key_set_add_text", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_text(MemorySegment set, MemorySegment text, MemorySegment options, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_text.CALL.invokeExact(set, text, options, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_der {
        static final MethodHandle CALL = Library.function("jot_key_set_add_der", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_der(MemorySegment set, MemorySegment der, MemorySegment options, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_der.CALL.invokeExact(set, der, options, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_secret {
        static final MethodHandle CALL = Library.function("jot_key_set_add_secret", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_secret(MemorySegment set, MemorySegment secret, MemorySegment options, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_secret.CALL.invokeExact(set, secret, options, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_len {
        static final MethodHandle CALL = Library.function("jot_key_set_len", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_key_set_len(MemorySegment set) {
        try {
            return (long) Of_jot_key_set_len.CALL.invokeExact(set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_key {
        static final MethodHandle CALL = Library.function("jot_key_set_key", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_key_set_key(MemorySegment set, long index, MemorySegment info) {
        try {
            return (int) Of_jot_key_set_key.CALL.invokeExact(set, index, info);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_skipped_len {
        static final MethodHandle CALL = Library.function("jot_key_set_skipped_len", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_key_set_skipped_len(MemorySegment set) {
        try {
            return (long) Of_jot_key_set_skipped_len.CALL.invokeExact(set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_skipped {
        static final MethodHandle CALL = Library.function("jot_key_set_skipped", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_key_set_skipped(MemorySegment set, long index, MemorySegment position, MemorySegment kid, MemorySegment why) {
        try {
            return (int) Of_jot_key_set_skipped.CALL.invokeExact(set, index, position, kid, why);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_reasons {
        static final MethodHandle CALL = Library.function("jot_key_set_reasons", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_key_set_reasons(MemorySegment set, MemorySegment buffer, long capacity, MemorySegment length) {
        try {
            return (int) Of_jot_key_set_reasons.CALL.invokeExact(set, buffer, capacity, length);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_secret_doubt {
        static final MethodHandle CALL = Library.function("jot_key_set_secret_doubt", FunctionDescriptor.of(SLICE, ADDRESS));
    }

    static MemorySegment jot_key_set_secret_doubt(SegmentAllocator allocator, MemorySegment set) {
        try {
            return (MemorySegment) Of_jot_key_set_secret_doubt.CALL.invokeExact(allocator, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_to_jwks {
        static final MethodHandle CALL = Library.function("jot_key_set_to_jwks", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_key_set_to_jwks(MemorySegment set, MemorySegment jwks, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_to_jwks.CALL.invokeExact(set, jwks, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_to_pem {
        static final MethodHandle CALL = Library.function("jot_key_set_to_pem", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_key_set_to_pem(MemorySegment set, long index, MemorySegment pem, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_to_pem.CALL.invokeExact(set, index, pem, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_check_signature {
        static final MethodHandle CALL = Library.function("jot_key_set_check_signature", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, SLICE, SLICE));
    }

    static int jot_key_set_check_signature(MemorySegment set, long index, int alg, MemorySegment message, MemorySegment signature) {
        try {
            return (int) Of_jot_key_set_check_signature.CALL.invokeExact(set, index, alg, message, signature);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_free {
        static final MethodHandle CALL = Library.function("jot_key_set_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_key_set_free(MemorySegment set) {
        try {
            Of_jot_key_set_free.CALL.invokeExact(set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_options_default {
        static final MethodHandle CALL = Library.function("jot_keeper_options_default", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_keeper_options_default(MemorySegment options) {
        try {
            return (int) Of_jot_keeper_options_default.CALL.invokeExact(options);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_new {
        static final MethodHandle CALL = Library.function("jot_keeper_new", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_keeper_new(MemorySegment url, MemorySegment options, long seed, MemorySegment keeper, MemorySegment error) {
        try {
            return (int) Of_jot_keeper_new.CALL.invokeExact(url, options, seed, keeper, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_new_issuer {
        static final MethodHandle CALL = Library.function("jot_keeper_new_issuer", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_keeper_new_issuer(MemorySegment issuer, MemorySegment options, long seed, MemorySegment keeper, MemorySegment error) {
        try {
            return (int) Of_jot_keeper_new_issuer.CALL.invokeExact(issuer, options, seed, keeper, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_new_authorization_server {
        static final MethodHandle CALL = Library.function("jot_keeper_new_authorization_server", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_keeper_new_authorization_server(MemorySegment issuer, MemorySegment options, long seed, MemorySegment keeper, MemorySegment error) {
        try {
            return (int) Of_jot_keeper_new_authorization_server.CALL.invokeExact(issuer, options, seed, keeper, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_keys {
        static final MethodHandle CALL = Library.function("jot_keeper_keys", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_keeper_keys(MemorySegment keeper, long now, MemorySegment set) {
        try {
            return (int) Of_jot_keeper_keys.CALL.invokeExact(keeper, now, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_budget_new {
        static final MethodHandle CALL = Library.function("jot_budget_new", FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT));
    }

    static MemorySegment jot_budget_new(int fetches, int seconds) {
        try {
            return (MemorySegment) Of_jot_budget_new.CALL.invokeExact(fetches, seconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_budget_free {
        static final MethodHandle CALL = Library.function("jot_budget_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_budget_free(MemorySegment budget) {
        try {
            Of_jot_budget_free.CALL.invokeExact(budget);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_unknown_kid {
        static final MethodHandle CALL = Library.function("jot_keeper_unknown_kid", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_keeper_unknown_kid(MemorySegment keeper, MemorySegment budget, long now, MemorySegment pending) {
        try {
            return (int) Of_jot_keeper_unknown_kid.CALL.invokeExact(keeper, budget, now, pending);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_refresh_now {
        static final MethodHandle CALL = Library.function("jot_keeper_refresh_now", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_keeper_refresh_now(MemorySegment keeper, long now) {
        try {
            return (int) Of_jot_keeper_refresh_now.CALL.invokeExact(keeper, now);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_reseed {
        static final MethodHandle CALL = Library.function("jot_keeper_reseed", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_keeper_reseed(MemorySegment keeper, long seed) {
        try {
            return (int) Of_jot_keeper_reseed.CALL.invokeExact(keeper, seed);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_health {
        static final MethodHandle CALL = Library.function("jot_keeper_health", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_keeper_health(MemorySegment keeper, MemorySegment health) {
        try {
            return (int) Of_jot_keeper_health.CALL.invokeExact(keeper, health);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_snapshots {
        static final MethodHandle CALL = Library.function("jot_keeper_snapshots", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_keeper_snapshots(MemorySegment keeper) {
        try {
            return (long) Of_jot_keeper_snapshots.CALL.invokeExact(keeper);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_snapshot {
        static final MethodHandle CALL = Library.function("jot_keeper_snapshot", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_keeper_snapshot(MemorySegment keeper, long number, MemorySegment since, MemorySegment set) {
        try {
            return (int) Of_jot_keeper_snapshot.CALL.invokeExact(keeper, number, since, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_save {
        static final MethodHandle CALL = Library.function("jot_keeper_save", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_keeper_save(MemorySegment keeper, MemorySegment text) {
        try {
            return (int) Of_jot_keeper_save.CALL.invokeExact(keeper, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_restore {
        static final MethodHandle CALL = Library.function("jot_keeper_restore", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_keeper_restore(MemorySegment keeper, MemorySegment saved, MemorySegment error) {
        try {
            return (int) Of_jot_keeper_restore.CALL.invokeExact(keeper, saved, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_free {
        static final MethodHandle CALL = Library.function("jot_keeper_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_keeper_free(MemorySegment keeper) {
        try {
            Of_jot_keeper_free.CALL.invokeExact(keeper);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_poll {
        static final MethodHandle CALL = Library.function("jot_keeper_poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_keeper_poll(MemorySegment keeper, long now, MemorySegment request) {
        try {
            return (int) Of_jot_keeper_poll.CALL.invokeExact(keeper, now, request);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_keeper_answer {
        static final MethodHandle CALL = Library.function("jot_keeper_answer", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_keeper_answer(MemorySegment keeper, long ticket, MemorySegment reply, long now, MemorySegment change, MemorySegment error) {
        try {
            return (int) Of_jot_keeper_answer.CALL.invokeExact(keeper, ticket, reply, now, change, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_batch_new {
        static final MethodHandle CALL = Library.function("jot_batch_new", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_batch_new(long threads, MemorySegment batch, MemorySegment error) {
        try {
            return (int) Of_jot_batch_new.CALL.invokeExact(threads, batch, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_batch_verify {
        static final MethodHandle CALL = Library.function("jot_batch_verify", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_batch_verify(MemorySegment batch, MemorySegment verifier, MemorySegment tokens, MemorySegment options, MemorySegment columns, MemorySegment report, MemorySegment error) {
        try {
            return (int) Of_jot_batch_verify.CALL.invokeExact(batch, verifier, tokens, options, columns, report, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_batch_free {
        static final MethodHandle CALL = Library.function("jot_batch_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_batch_free(MemorySegment batch) {
        try {
            Of_jot_batch_free.CALL.invokeExact(batch);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_batch_claim {
        static final MethodHandle CALL = Library.function("jot_batch_claim", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_batch_claim(MemorySegment batch, int claim, MemorySegment column, MemorySegment error) {
        try {
            return (int) Of_jot_batch_claim.CALL.invokeExact(batch, claim, column, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_batch_unverified {
        static final MethodHandle CALL = Library.function("jot_batch_unverified", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_batch_unverified(MemorySegment batch, int name, MemorySegment column, MemorySegment error) {
        try {
            return (int) Of_jot_batch_unverified.CALL.invokeExact(batch, name, column, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_watch_progress {
        static final MethodHandle CALL = Library.function("jot_watch_progress", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
    }

    static int jot_watch_progress(MemorySegment user, long done, long total) {
        try {
            return (int) Of_jot_watch_progress.CALL.invokeExact(user, done, total);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_statistics {
        static final MethodHandle CALL = Library.function("jot_verifier_statistics", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_statistics(MemorySegment verifier, MemorySegment statistics) {
        try {
            return (int) Of_jot_verifier_statistics.CALL.invokeExact(verifier, statistics);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_verdicts {
        static final MethodHandle CALL = Library.function("jot_verifier_verdicts", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
    }

    static long jot_verifier_verdicts(MemorySegment verifier, int code) {
        try {
            return (long) Of_jot_verifier_verdicts.CALL.invokeExact(verifier, code);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_verifications {
        static final MethodHandle CALL = Library.function("jot_verifier_verifications", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
    }

    static long jot_verifier_verifications(MemorySegment verifier, int alg) {
        try {
            return (long) Of_jot_verifier_verifications.CALL.invokeExact(verifier, alg);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_prometheus {
        static final MethodHandle CALL = Library.function("jot_verifier_prometheus", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_prometheus(MemorySegment verifier, MemorySegment text) {
        try {
            return (int) Of_jot_verifier_prometheus.CALL.invokeExact(verifier, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_backend {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_backend", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    static int jot_verifier_builder_backend(MemorySegment builder, int backend) {
        try {
            return (int) Of_jot_verifier_builder_backend.CALL.invokeExact(builder, backend);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_table_bytes {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_table_bytes", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_verifier_builder_table_bytes(MemorySegment builder, long bytes) {
        try {
            return (int) Of_jot_verifier_builder_table_bytes.CALL.invokeExact(builder, bytes);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_builder_cross_check {
        static final MethodHandle CALL = Library.function("jot_verifier_builder_cross_check", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    static int jot_verifier_builder_cross_check(MemorySegment builder, int one_in) {
        try {
            return (int) Of_jot_verifier_builder_cross_check.CALL.invokeExact(builder, one_in);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_backend_distrusted {
        static final MethodHandle CALL = Library.function("jot_backend_distrusted", FunctionDescriptor.of(JAVA_LONG));
    }

    static long jot_backend_distrusted() {
        try {
            return (long) Of_jot_backend_distrusted.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_backend_news {
        static final MethodHandle CALL = Library.function("jot_backend_news", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_backend_news(MemorySegment told, MemorySegment line) {
        try {
            return (int) Of_jot_backend_news.CALL.invokeExact(told, line);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_prepare {
        static final MethodHandle CALL = Library.function("jot_verifier_prepare", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_verifier_prepare(MemorySegment verifier) {
        try {
            return (long) Of_jot_verifier_prepare.CALL.invokeExact(verifier);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_backend_name {
        static final MethodHandle CALL = Library.function("jot_verifier_backend_name", FunctionDescriptor.of(SLICE, ADDRESS, JAVA_INT));
    }

    static MemorySegment jot_verifier_backend_name(SegmentAllocator allocator, MemorySegment verifier, int alg) {
        try {
            return (MemorySegment) Of_jot_verifier_backend_name.CALL.invokeExact(allocator, verifier, alg);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_backend_report {
        static final MethodHandle CALL = Library.function("jot_verifier_backend_report", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_backend_report(MemorySegment verifier, MemorySegment report) {
        try {
            return (int) Of_jot_verifier_backend_report.CALL.invokeExact(verifier, report);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_new {
        static final MethodHandle CALL = Library.function("jot_revocations_new", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
    }

    static MemorySegment jot_revocations_new(long limit) {
        try {
            return (MemorySegment) Of_jot_revocations_new.CALL.invokeExact(limit);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_revoke_jti {
        static final MethodHandle CALL = Library.function("jot_revocations_revoke_jti", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG));
    }

    static int jot_revocations_revoke_jti(MemorySegment revocations, MemorySegment jti, long until) {
        try {
            return (int) Of_jot_revocations_revoke_jti.CALL.invokeExact(revocations, jti, until);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_revoke_session {
        static final MethodHandle CALL = Library.function("jot_revocations_revoke_session", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG));
    }

    static int jot_revocations_revoke_session(MemorySegment revocations, MemorySegment sid, long until) {
        try {
            return (int) Of_jot_revocations_revoke_session.CALL.invokeExact(revocations, sid, until);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_revoke_subject {
        static final MethodHandle CALL = Library.function("jot_revocations_revoke_subject", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG));
    }

    static int jot_revocations_revoke_subject(MemorySegment revocations, MemorySegment subject, long issued_before) {
        try {
            return (int) Of_jot_revocations_revoke_subject.CALL.invokeExact(revocations, subject, issued_before);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_revoke_key {
        static final MethodHandle CALL = Library.function("jot_revocations_revoke_key", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_revocations_revoke_key(MemorySegment revocations, MemorySegment thumbprint) {
        try {
            return (int) Of_jot_revocations_revoke_key.CALL.invokeExact(revocations, thumbprint);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_purge {
        static final MethodHandle CALL = Library.function("jot_revocations_purge", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_revocations_purge(MemorySegment revocations, long now) {
        try {
            return (int) Of_jot_revocations_purge.CALL.invokeExact(revocations, now);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_len {
        static final MethodHandle CALL = Library.function("jot_revocations_len", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_revocations_len(MemorySegment revocations) {
        try {
            return (long) Of_jot_revocations_len.CALL.invokeExact(revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_end {
        static final MethodHandle CALL = Library.function("jot_revocations_end", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_revocations_end(MemorySegment revocations) {
        try {
            return (long) Of_jot_revocations_end.CALL.invokeExact(revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_stale {
        static final MethodHandle CALL = Library.function("jot_revocations_stale", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_revocations_stale() {
        try {
            return (MemorySegment) Of_jot_revocations_stale.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_not_yet {
        static final MethodHandle CALL = Library.function("jot_revocations_not_yet", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_revocations_not_yet() {
        try {
            return (MemorySegment) Of_jot_revocations_not_yet.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_to_text {
        static final MethodHandle CALL = Library.function("jot_revocations_to_text", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_revocations_to_text(MemorySegment revocations, MemorySegment text) {
        try {
            return (int) Of_jot_revocations_to_text.CALL.invokeExact(revocations, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_from_text {
        static final MethodHandle CALL = Library.function("jot_revocations_from_text", FunctionDescriptor.of(JAVA_INT, SLICE, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_revocations_from_text(MemorySegment text, long limit, MemorySegment revocations, MemorySegment error) {
        try {
            return (int) Of_jot_revocations_from_text.CALL.invokeExact(text, limit, revocations, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_from_claims {
        static final MethodHandle CALL = Library.function("jot_revocations_from_claims", FunctionDescriptor.of(JAVA_INT, SLICE, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_revocations_from_claims(MemorySegment claims, long limit, MemorySegment revocations, MemorySegment error) {
        try {
            return (int) Of_jot_revocations_from_claims.CALL.invokeExact(claims, limit, revocations, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_revocations_free {
        static final MethodHandle CALL = Library.function("jot_revocations_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_revocations_free(MemorySegment revocations) {
        try {
            Of_jot_revocations_free.CALL.invokeExact(revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_check_status {
        static final MethodHandle CALL = Library.function("jot_policy_check_status", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_policy_check_status(MemorySegment policy) {
        try {
            return (int) Of_jot_policy_check_status.CALL.invokeExact(policy);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_policy_require_status {
        static final MethodHandle CALL = Library.function("jot_policy_require_status", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_policy_require_status(MemorySegment policy) {
        try {
            return (int) Of_jot_policy_require_status.CALL.invokeExact(policy);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_status_list_from_claims {
        static final MethodHandle CALL = Library.function("jot_status_list_from_claims", FunctionDescriptor.of(JAVA_INT, SLICE, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_status_list_from_claims(MemorySegment claims, long most_entries, MemorySegment list, MemorySegment error) {
        try {
            return (int) Of_jot_status_list_from_claims.CALL.invokeExact(claims, most_entries, list, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_status_list_not_yet {
        static final MethodHandle CALL = Library.function("jot_status_list_not_yet", FunctionDescriptor.of(ADDRESS, SLICE));
    }

    static MemorySegment jot_status_list_not_yet(MemorySegment uri) {
        try {
            return (MemorySegment) Of_jot_status_list_not_yet.CALL.invokeExact(uri);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_status_list_stale {
        static final MethodHandle CALL = Library.function("jot_status_list_stale", FunctionDescriptor.of(ADDRESS, SLICE));
    }

    static MemorySegment jot_status_list_stale(MemorySegment uri) {
        try {
            return (MemorySegment) Of_jot_status_list_stale.CALL.invokeExact(uri);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_status_list_len {
        static final MethodHandle CALL = Library.function("jot_status_list_len", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_status_list_len(MemorySegment list) {
        try {
            return (long) Of_jot_status_list_len.CALL.invokeExact(list);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_status_list_end {
        static final MethodHandle CALL = Library.function("jot_status_list_end", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_status_list_end(MemorySegment list) {
        try {
            return (long) Of_jot_status_list_end.CALL.invokeExact(list);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_status_list_free {
        static final MethodHandle CALL = Library.function("jot_status_list_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_status_list_free(MemorySegment list) {
        try {
            Of_jot_status_list_free.CALL.invokeExact(list);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_put_status_list {
        static final MethodHandle CALL = Library.function("jot_verifier_put_status_list", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_verifier_put_status_list(MemorySegment verifier, MemorySegment list) {
        try {
            return (int) Of_jot_verifier_put_status_list.CALL.invokeExact(verifier, list);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_set_status_list {
        static final MethodHandle CALL = Library.function("jot_verifier_set_status_list", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG, ADDRESS));
    }

    static int jot_verifier_set_status_list(MemorySegment verifier, MemorySegment claims, long most_entries, MemorySegment error) {
        try {
            return (int) Of_jot_verifier_set_status_list.CALL.invokeExact(verifier, claims, most_entries, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_forget_status_list {
        static final MethodHandle CALL = Library.function("jot_verifier_forget_status_list", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_verifier_forget_status_list(MemorySegment verifier, MemorySegment uri) {
        try {
            return (int) Of_jot_verifier_forget_status_list.CALL.invokeExact(verifier, uri);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_status_list_was_named {
        static final MethodHandle CALL = Library.function("jot_verifier_status_list_was_named", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_verifier_status_list_was_named(MemorySegment verifier, MemorySegment uri, MemorySegment named) {
        try {
            return (int) Of_jot_verifier_status_list_was_named.CALL.invokeExact(verifier, uri, named);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_add_status_feed {
        static final MethodHandle CALL = Library.function("jot_verifier_add_status_feed", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_verifier_add_status_feed(MemorySegment verifier, MemorySegment wanted, MemorySegment user) {
        try {
            return (int) Of_jot_verifier_add_status_feed.CALL.invokeExact(verifier, wanted, user);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_new_revocations {
        static final MethodHandle CALL = Library.function("jot_list_keeper_new_revocations", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_list_keeper_new_revocations(MemorySegment url, MemorySegment lists, MemorySegment options, long seed, MemorySegment keeper, MemorySegment error) {
        try {
            return (int) Of_jot_list_keeper_new_revocations.CALL.invokeExact(url, lists, options, seed, keeper, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_new_status_list {
        static final MethodHandle CALL = Library.function("jot_list_keeper_new_status_list", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_list_keeper_new_status_list(MemorySegment uri, MemorySegment lists, MemorySegment options, long seed, MemorySegment keeper, MemorySegment error) {
        try {
            return (int) Of_jot_list_keeper_new_status_list.CALL.invokeExact(uri, lists, options, seed, keeper, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_feed {
        static final MethodHandle CALL = Library.function("jot_list_keeper_feed", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));
    }

    static int jot_list_keeper_feed(MemorySegment keeper, MemorySegment verifier, long now) {
        try {
            return (int) Of_jot_list_keeper_feed.CALL.invokeExact(keeper, verifier, now);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_refresh_now {
        static final MethodHandle CALL = Library.function("jot_list_keeper_refresh_now", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_list_keeper_refresh_now(MemorySegment keeper, long now) {
        try {
            return (int) Of_jot_list_keeper_refresh_now.CALL.invokeExact(keeper, now);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_reseed {
        static final MethodHandle CALL = Library.function("jot_list_keeper_reseed", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    }

    static int jot_list_keeper_reseed(MemorySegment keeper, long seed) {
        try {
            return (int) Of_jot_list_keeper_reseed.CALL.invokeExact(keeper, seed);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_health {
        static final MethodHandle CALL = Library.function("jot_list_keeper_health", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_list_keeper_health(MemorySegment keeper, MemorySegment health) {
        try {
            return (int) Of_jot_list_keeper_health.CALL.invokeExact(keeper, health);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_save {
        static final MethodHandle CALL = Library.function("jot_list_keeper_save", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_list_keeper_save(MemorySegment keeper, MemorySegment text) {
        try {
            return (int) Of_jot_list_keeper_save.CALL.invokeExact(keeper, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_restore {
        static final MethodHandle CALL = Library.function("jot_list_keeper_restore", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, JAVA_LONG));
    }

    static int jot_list_keeper_restore(MemorySegment keeper, MemorySegment saved, long now) {
        try {
            return (int) Of_jot_list_keeper_restore.CALL.invokeExact(keeper, saved, now);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_free {
        static final MethodHandle CALL = Library.function("jot_list_keeper_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_list_keeper_free(MemorySegment keeper) {
        try {
            Of_jot_list_keeper_free.CALL.invokeExact(keeper);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_poll {
        static final MethodHandle CALL = Library.function("jot_list_keeper_poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
    }

    static int jot_list_keeper_poll(MemorySegment keeper, long now, MemorySegment request) {
        try {
            return (int) Of_jot_list_keeper_poll.CALL.invokeExact(keeper, now, request);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_list_keeper_answer {
        static final MethodHandle CALL = Library.function("jot_list_keeper_answer", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_list_keeper_answer(MemorySegment keeper, long ticket, MemorySegment reply, long now, MemorySegment change, MemorySegment error) {
        try {
            return (int) Of_jot_list_keeper_answer.CALL.invokeExact(keeper, ticket, reply, now, change, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_selfsigned_verifier_new {
        static final MethodHandle CALL = Library.function("jot_selfsigned_verifier_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_selfsigned_verifier_new(MemorySegment options, MemorySegment verifier, MemorySegment error) {
        try {
            return (int) Of_jot_selfsigned_verifier_new.CALL.invokeExact(options, verifier, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_selfsigned_verifier_free {
        static final MethodHandle CALL = Library.function("jot_selfsigned_verifier_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_selfsigned_verifier_free(MemorySegment verifier) {
        try {
            Of_jot_selfsigned_verifier_free.CALL.invokeExact(verifier);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_selfsigned_verify {
        static final MethodHandle CALL = Library.function("jot_selfsigned_verify", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_selfsigned_verify(MemorySegment verifier, MemorySegment token, MemorySegment key, MemorySegment scratch, MemorySegment answer) {
        try {
            return (int) Of_jot_selfsigned_verify.CALL.invokeExact(verifier, token, key, scratch, answer);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_batch_verify_selfsigned {
        static final MethodHandle CALL = Library.function("jot_batch_verify_selfsigned", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_batch_verify_selfsigned(MemorySegment batch, MemorySegment verifier, MemorySegment tokens, MemorySegment own_keys, MemorySegment columns, MemorySegment error) {
        try {
            return (int) Of_jot_batch_verify_selfsigned.CALL.invokeExact(batch, verifier, tokens, own_keys, columns, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_generate {
        static final MethodHandle CALL = Library.function("jot_signer_generate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_signer_generate(int alg, long rsa_bits, MemorySegment kid, MemorySegment signer, MemorySegment error) {
        try {
            return (int) Of_jot_signer_generate.CALL.invokeExact(alg, rsa_bits, kid, signer, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_from_jwk {
        static final MethodHandle CALL = Library.function("jot_signer_from_jwk", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_signer_from_jwk(MemorySegment jwk, MemorySegment options, MemorySegment signer, MemorySegment error) {
        try {
            return (int) Of_jot_signer_from_jwk.CALL.invokeExact(jwk, options, signer, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_from_pem {
        static final MethodHandle CALL = Library.function("jot_signer_from_pem", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_signer_from_pem(MemorySegment pem, MemorySegment options, MemorySegment signer, MemorySegment error) {
        try {
            return (int) Of_jot_signer_from_pem.CALL.invokeExact(pem, options, signer, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_from_der {
        static final MethodHandle CALL = Library.function("jot_signer_from_der", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_signer_from_der(MemorySegment der, MemorySegment options, MemorySegment signer, MemorySegment error) {
        try {
            return (int) Of_jot_signer_from_der.CALL.invokeExact(der, options, signer, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_from_secret {
        static final MethodHandle CALL = Library.function("jot_signer_from_secret", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_signer_from_secret(MemorySegment secret, MemorySegment options, MemorySegment signer, MemorySegment error) {
        try {
            return (int) Of_jot_signer_from_secret.CALL.invokeExact(secret, options, signer, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_key {
        static final MethodHandle CALL = Library.function("jot_signer_key", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_signer_key(MemorySegment signer, MemorySegment info) {
        try {
            return (int) Of_jot_signer_key.CALL.invokeExact(signer, info);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_to_jwk {
        static final MethodHandle CALL = Library.function("jot_signer_to_jwk", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_signer_to_jwk(MemorySegment signer, MemorySegment jwk, MemorySegment error) {
        try {
            return (int) Of_jot_signer_to_jwk.CALL.invokeExact(signer, jwk, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_to_pem {
        static final MethodHandle CALL = Library.function("jot_signer_to_pem", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_signer_to_pem(MemorySegment signer, MemorySegment pem, MemorySegment error) {
        try {
            return (int) Of_jot_signer_to_pem.CALL.invokeExact(signer, pem, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_key_set_add_signer {
        static final MethodHandle CALL = Library.function("jot_key_set_add_signer", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_key_set_add_signer(MemorySegment set, MemorySegment signer, MemorySegment error) {
        try {
            return (int) Of_jot_key_set_add_signer.CALL.invokeExact(set, signer, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_sign_claims {
        static final MethodHandle CALL = Library.function("jot_signer_sign_claims", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_signer_sign_claims(MemorySegment signer, MemorySegment header, MemorySegment claims, MemorySegment token, MemorySegment error) {
        try {
            return (int) Of_jot_signer_sign_claims.CALL.invokeExact(signer, header, claims, token, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_sign_payload {
        static final MethodHandle CALL = Library.function("jot_signer_sign_payload", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, SLICE, JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_signer_sign_payload(MemorySegment signer, MemorySegment header, MemorySegment payload, int form, MemorySegment token, MemorySegment error) {
        try {
            return (int) Of_jot_signer_sign_payload.CALL.invokeExact(signer, header, payload, form, token, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_sign_message {
        static final MethodHandle CALL = Library.function("jot_signer_sign_message", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_signer_sign_message(MemorySegment signer, MemorySegment message, MemorySegment signature, MemorySegment error) {
        try {
            return (int) Of_jot_signer_sign_message.CALL.invokeExact(signer, message, signature, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_signer_free {
        static final MethodHandle CALL = Library.function("jot_signer_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_signer_free(MemorySegment signer) {
        try {
            Of_jot_signer_free.CALL.invokeExact(signer);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_token_decode_unverified {
        static final MethodHandle CALL = Library.function("jot_token_decode_unverified", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_token_decode_unverified(MemorySegment token, MemorySegment scratch, MemorySegment decoded) {
        try {
            return (int) Of_jot_token_decode_unverified.CALL.invokeExact(token, scratch, decoded);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_verifier_unverified_issuer {
        static final MethodHandle CALL = Library.function("jot_verifier_unverified_issuer", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS));
    }

    static int jot_verifier_unverified_issuer(MemorySegment verifier, MemorySegment token, MemorySegment scratch, MemorySegment index) {
        try {
            return (int) Of_jot_verifier_unverified_issuer.CALL.invokeExact(verifier, token, scratch, index);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_authorization_token {
        static final MethodHandle CALL = Library.function("jot_authorization_token", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_authorization_token(MemorySegment scheme, MemorySegment values, long count, MemorySegment token, MemorySegment found) {
        try {
            return (int) Of_jot_authorization_token.CALL.invokeExact(scheme, values, count, token, found);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_challenge_write {
        static final MethodHandle CALL = Library.function("jot_challenge_write", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_challenge_write(MemorySegment challenge, MemorySegment status, MemorySegment text, MemorySegment error) {
        try {
            return (int) Of_jot_challenge_write.CALL.invokeExact(challenge, status, text, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_text_new {
        static final MethodHandle CALL = Library.function("jot_text_new", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_text_new() {
        try {
            return (MemorySegment) Of_jot_text_new.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_text_view {
        static final MethodHandle CALL = Library.function("jot_text_view", FunctionDescriptor.of(SLICE, ADDRESS));
    }

    static MemorySegment jot_text_view(SegmentAllocator allocator, MemorySegment text) {
        try {
            return (MemorySegment) Of_jot_text_view.CALL.invokeExact(allocator, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_text_free {
        static final MethodHandle CALL = Library.function("jot_text_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_text_free(MemorySegment text) {
        try {
            Of_jot_text_free.CALL.invokeExact(text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_abi_version {
        static final MethodHandle CALL = Library.function("jot_abi_version", FunctionDescriptor.of(JAVA_INT));
    }

    static int jot_abi_version() {
        try {
            return (int) Of_jot_abi_version.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_version {
        static final MethodHandle CALL = Library.function("jot_version", FunctionDescriptor.of(ADDRESS));
    }

    static MemorySegment jot_version() {
        try {
            return (MemorySegment) Of_jot_version.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_clock_now {
        static final MethodHandle CALL = Library.function("jot_clock_now", FunctionDescriptor.of(JAVA_LONG));
    }

    static long jot_clock_now() {
        try {
            return (long) Of_jot_clock_now.CALL.invokeExact();
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_code_name {
        static final MethodHandle CALL = Library.function("jot_code_name", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    static MemorySegment jot_code_name(int code) {
        try {
            return (MemorySegment) Of_jot_code_name.CALL.invokeExact(code);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_code_stage {
        static final MethodHandle CALL = Library.function("jot_code_stage", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    static MemorySegment jot_code_stage(int code) {
        try {
            return (MemorySegment) Of_jot_code_stage.CALL.invokeExact(code);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_code_meaning {
        static final MethodHandle CALL = Library.function("jot_code_meaning", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    static MemorySegment jot_code_meaning(int code) {
        try {
            return (MemorySegment) Of_jot_code_meaning.CALL.invokeExact(code);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_code_http_status {
        static final MethodHandle CALL = Library.function("jot_code_http_status", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    static int jot_code_http_status(int code) {
        try {
            return (int) Of_jot_code_http_status.CALL.invokeExact(code);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_code_bearer_error {
        static final MethodHandle CALL = Library.function("jot_code_bearer_error", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    static MemorySegment jot_code_bearer_error(int code) {
        try {
            return (MemorySegment) Of_jot_code_bearer_error.CALL.invokeExact(code);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_code_at {
        static final MethodHandle CALL = Library.function("jot_code_at", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    }

    static int jot_code_at(long position) {
        try {
            return (int) Of_jot_code_at.CALL.invokeExact(position);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_alg_parse {
        static final MethodHandle CALL = Library.function("jot_alg_parse", FunctionDescriptor.of(JAVA_INT, SLICE, ADDRESS));
    }

    static int jot_alg_parse(MemorySegment name, MemorySegment alg) {
        try {
            return (int) Of_jot_alg_parse.CALL.invokeExact(name, alg);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_alg_name {
        static final MethodHandle CALL = Library.function("jot_alg_name", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    static MemorySegment jot_alg_name(int alg) {
        try {
            return (MemorySegment) Of_jot_alg_name.CALL.invokeExact(alg);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_fetcher_new {
        static final MethodHandle CALL = Library.function("jot_fetcher_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_fetcher_new(MemorySegment options, MemorySegment fetcher, MemorySegment error) {
        try {
            return (int) Of_jot_fetcher_new.CALL.invokeExact(options, fetcher, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_fetcher_free {
        static final MethodHandle CALL = Library.function("jot_fetcher_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_fetcher_free(MemorySegment fetcher) {
        try {
            Of_jot_fetcher_free.CALL.invokeExact(fetcher);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_new {
        static final MethodHandle CALL = Library.function("jot_remote_keys_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_remote_keys_new(MemorySegment fetcher, MemorySegment url, MemorySegment options, MemorySegment keys, MemorySegment error) {
        try {
            return (int) Of_jot_remote_keys_new.CALL.invokeExact(fetcher, url, options, keys, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_discover {
        static final MethodHandle CALL = Library.function("jot_remote_keys_discover", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_remote_keys_discover(MemorySegment fetcher, MemorySegment issuer, MemorySegment options, MemorySegment keys, MemorySegment error) {
        try {
            return (int) Of_jot_remote_keys_discover.CALL.invokeExact(fetcher, issuer, options, keys, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_set {
        static final MethodHandle CALL = Library.function("jot_remote_keys_set", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_keys_set(MemorySegment keys, MemorySegment set) {
        try {
            return (int) Of_jot_remote_keys_set.CALL.invokeExact(keys, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_feed {
        static final MethodHandle CALL = Library.function("jot_remote_keys_feed", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_remote_keys_feed(MemorySegment keys, MemorySegment verifier, MemorySegment issuer, MemorySegment error) {
        try {
            return (int) Of_jot_remote_keys_feed.CALL.invokeExact(keys, verifier, issuer, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_wait {
        static final MethodHandle CALL = Library.function("jot_remote_keys_wait", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    static int jot_remote_keys_wait(MemorySegment keys, int milliseconds) {
        try {
            return (int) Of_jot_remote_keys_wait.CALL.invokeExact(keys, milliseconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_retry {
        static final MethodHandle CALL = Library.function("jot_remote_keys_retry", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    static int jot_remote_keys_retry(MemorySegment keys, int code, int milliseconds) {
        try {
            return (int) Of_jot_remote_keys_retry.CALL.invokeExact(keys, code, milliseconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_start {
        static final MethodHandle CALL = Library.function("jot_remote_keys_start", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_remote_keys_start(MemorySegment keys) {
        try {
            return (int) Of_jot_remote_keys_start.CALL.invokeExact(keys);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_refresh_now {
        static final MethodHandle CALL = Library.function("jot_remote_keys_refresh_now", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_remote_keys_refresh_now(MemorySegment keys) {
        try {
            return (int) Of_jot_remote_keys_refresh_now.CALL.invokeExact(keys);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_health {
        static final MethodHandle CALL = Library.function("jot_remote_keys_health", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_keys_health(MemorySegment keys, MemorySegment health) {
        try {
            return (int) Of_jot_remote_keys_health.CALL.invokeExact(keys, health);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_reason {
        static final MethodHandle CALL = Library.function("jot_remote_keys_reason", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_keys_reason(MemorySegment keys, MemorySegment text) {
        try {
            return (int) Of_jot_remote_keys_reason.CALL.invokeExact(keys, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_snapshots {
        static final MethodHandle CALL = Library.function("jot_remote_keys_snapshots", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_remote_keys_snapshots(MemorySegment keys) {
        try {
            return (long) Of_jot_remote_keys_snapshots.CALL.invokeExact(keys);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_snapshot {
        static final MethodHandle CALL = Library.function("jot_remote_keys_snapshot", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
    }

    static int jot_remote_keys_snapshot(MemorySegment keys, long number, MemorySegment since, MemorySegment set) {
        try {
            return (int) Of_jot_remote_keys_snapshot.CALL.invokeExact(keys, number, since, set);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_save {
        static final MethodHandle CALL = Library.function("jot_remote_keys_save", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_keys_save(MemorySegment keys, MemorySegment text) {
        try {
            return (int) Of_jot_remote_keys_save.CALL.invokeExact(keys, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_restore {
        static final MethodHandle CALL = Library.function("jot_remote_keys_restore", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_remote_keys_restore(MemorySegment keys, MemorySegment saved, MemorySegment error) {
        try {
            return (int) Of_jot_remote_keys_restore.CALL.invokeExact(keys, saved, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_keys_free {
        static final MethodHandle CALL = Library.function("jot_remote_keys_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_remote_keys_free(MemorySegment keys) {
        try {
            Of_jot_remote_keys_free.CALL.invokeExact(keys);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_new {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS, SLICE, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_remote_revocations_new(MemorySegment fetcher, MemorySegment url, MemorySegment keys, MemorySegment issuer, int algs, MemorySegment options, MemorySegment revocations, MemorySegment error) {
        try {
            return (int) Of_jot_remote_revocations_new.CALL.invokeExact(fetcher, url, keys, issuer, algs, options, revocations, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_feed {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_feed", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_revocations_feed(MemorySegment revocations, MemorySegment verifier) {
        try {
            return (int) Of_jot_remote_revocations_feed.CALL.invokeExact(revocations, verifier);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_wait {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_wait", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    static int jot_remote_revocations_wait(MemorySegment revocations, int milliseconds) {
        try {
            return (int) Of_jot_remote_revocations_wait.CALL.invokeExact(revocations, milliseconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_list {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_list", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_revocations_list(MemorySegment revocations, MemorySegment list) {
        try {
            return (int) Of_jot_remote_revocations_list.CALL.invokeExact(revocations, list);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_start {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_start", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_remote_revocations_start(MemorySegment revocations) {
        try {
            return (int) Of_jot_remote_revocations_start.CALL.invokeExact(revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_refresh_now {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_refresh_now", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_remote_revocations_refresh_now(MemorySegment revocations) {
        try {
            return (int) Of_jot_remote_revocations_refresh_now.CALL.invokeExact(revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_health {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_health", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_revocations_health(MemorySegment revocations, MemorySegment health) {
        try {
            return (int) Of_jot_remote_revocations_health.CALL.invokeExact(revocations, health);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_reason {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_reason", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_revocations_reason(MemorySegment revocations, MemorySegment text) {
        try {
            return (int) Of_jot_remote_revocations_reason.CALL.invokeExact(revocations, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_save {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_save", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_revocations_save(MemorySegment revocations, MemorySegment text) {
        try {
            return (int) Of_jot_remote_revocations_save.CALL.invokeExact(revocations, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_restore {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_restore", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE));
    }

    static int jot_remote_revocations_restore(MemorySegment revocations, MemorySegment saved) {
        try {
            return (int) Of_jot_remote_revocations_restore.CALL.invokeExact(revocations, saved);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_revocations_free {
        static final MethodHandle CALL = Library.function("jot_remote_revocations_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_remote_revocations_free(MemorySegment revocations) {
        try {
            Of_jot_remote_revocations_free.CALL.invokeExact(revocations);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_new {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_new", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
    }

    static int jot_remote_status_lists_new(MemorySegment fetcher, MemorySegment places, MemorySegment keys, int algs, MemorySegment options, MemorySegment lists, MemorySegment error) {
        try {
            return (int) Of_jot_remote_status_lists_new.CALL.invokeExact(fetcher, places, keys, algs, options, lists, error);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_feed {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_feed", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_status_lists_feed(MemorySegment lists, MemorySegment verifier) {
        try {
            return (int) Of_jot_remote_status_lists_feed.CALL.invokeExact(lists, verifier);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_wait {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_wait", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    }

    static int jot_remote_status_lists_wait(MemorySegment lists, int milliseconds) {
        try {
            return (int) Of_jot_remote_status_lists_wait.CALL.invokeExact(lists, milliseconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_retry {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_retry", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    }

    static int jot_remote_status_lists_retry(MemorySegment lists, int code, int milliseconds) {
        try {
            return (int) Of_jot_remote_status_lists_retry.CALL.invokeExact(lists, code, milliseconds);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_start {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_start", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_remote_status_lists_start(MemorySegment lists) {
        try {
            return (int) Of_jot_remote_status_lists_start.CALL.invokeExact(lists);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_refresh_now {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_refresh_now", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    static int jot_remote_status_lists_refresh_now(MemorySegment lists) {
        try {
            return (int) Of_jot_remote_status_lists_refresh_now.CALL.invokeExact(lists);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_uris {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_uris", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    static int jot_remote_status_lists_uris(MemorySegment lists, MemorySegment text) {
        try {
            return (int) Of_jot_remote_status_lists_uris.CALL.invokeExact(lists, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_health {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_health", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_remote_status_lists_health(MemorySegment lists, MemorySegment uri, MemorySegment health) {
        try {
            return (int) Of_jot_remote_status_lists_health.CALL.invokeExact(lists, uri, health);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_reason {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_reason", FunctionDescriptor.of(JAVA_INT, ADDRESS, SLICE, ADDRESS));
    }

    static int jot_remote_status_lists_reason(MemorySegment lists, MemorySegment uri, MemorySegment text) {
        try {
            return (int) Of_jot_remote_status_lists_reason.CALL.invokeExact(lists, uri, text);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_refused {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_refused", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    }

    static long jot_remote_status_lists_refused(MemorySegment lists) {
        try {
            return (long) Of_jot_remote_status_lists_refused.CALL.invokeExact(lists);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }

    private static final class Of_jot_remote_status_lists_free {
        static final MethodHandle CALL = Library.function("jot_remote_status_lists_free", FunctionDescriptor.ofVoid(ADDRESS));
    }

    static void jot_remote_status_lists_free(MemorySegment lists) {
        try {
            Of_jot_remote_status_lists_free.CALL.invokeExact(lists);
        } catch (Throwable fault) {
            throw Library.fault(fault);
        }
    }
}
