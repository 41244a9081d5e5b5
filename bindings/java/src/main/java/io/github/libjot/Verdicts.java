package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/** The outcomes of a batch, row by row. */
public final class Verdicts {
    private final int[] codes;
    private final byte[] flags;
    private final int[] keys;
    private final long[] expires;
    private final int accepted;
    private final int distinct;
    /** What only an audit wants to know; null if it was not asked for. */
    private final Audit audit;

    Verdicts(Columns columns, MemorySegment report, Audit audit) {
        codes = columns.ints(Native.Columns.codes);
        flags = columns.bytes(Native.Columns.flags);
        keys = columns.ints(Native.Columns.key_index);
        expires = columns.longs(Native.Columns.expires_at);
        accepted = Math.toIntExact(report.get(JAVA_LONG, Native.BatchReport.accepted));
        distinct = Math.toIntExact(report.get(JAVA_LONG, Native.BatchReport.distinct));
        this.audit = audit;
    }

    /** The further columns of {@link BatchOptions#audited}. */
    static final class Audit {
        private final int[] issuers;
        private final long[] notBefore;
        private final long[] issuedAt;
        private final int[] firstRows;
        private final byte[] keyStates;
        private final byte[] timeOk;
        private final long[] expiredBy;
        private final String[] issuer;
        private final String[] subject;
        private final String[] jwtId;
        private final String[] algorithm;
        private final String[] keyId;

        Audit(Columns columns, MemorySegment batch) {
            issuers = columns.ints(Native.Columns.issuer_index);
            notBefore = columns.longs(Native.Columns.not_before);
            issuedAt = columns.longs(Native.Columns.issued_at);
            firstRows = columns.ints(Native.Columns.first_row);
            keyStates = columns.bytes(Native.Columns.key_state);
            timeOk = columns.bytes(Native.Columns.time_ok);
            expiredBy = columns.longs(Native.Columns.expired_by_seconds);
            issuer = claim(columns, batch, Native.JOT_CLAIM_ISSUER);
            subject = claim(columns, batch, Native.JOT_CLAIM_SUBJECT);
            jwtId = claim(columns, batch, Native.JOT_CLAIM_JWT_ID);
            algorithm = unverified(columns, batch, Native.JOT_UNVERIFIED_ALG);
            keyId = unverified(columns, batch, Native.JOT_UNVERIFIED_KID);
        }

        private static String[] claim(Columns columns, MemorySegment batch, int claim) {
            return columns.texts((column, error) -> Native.jot_batch_claim(batch, claim, column, error));
        }

        private static String[] unverified(Columns columns, MemorySegment batch, int name) {
            return columns.texts((column, error) -> Native.jot_batch_unverified(batch, name, column, error));
        }
    }

    private Audit audit() {
        if (audit == null) {
            throw new IllegalStateException("this is told only with BatchOptions.audited");
        }
        return audit;
    }

    /** Returns the number of rows. */
    public int size() {
        return codes.length;
    }

    /** Returns {@link Code#ACCEPTED}, or why the token of a row is rejected. */
    public Code code(int row) {
        return Code.of(codes[row]);
    }

    /** Tells whether the token of a row is accepted. */
    public boolean isAccepted(int row) {
        return codes[row] == Native.JOT_ACCEPTED;
    }

    /** Tells whether the signature of a row held. */
    public boolean signatureOk(int row) {
        return (flags[row] & Native.JOT_SIGNATURE_OK) != 0;
    }

    /** Tells whether the verifier remembered the token of a row. */
    public boolean fromCache(int row) {
        return (flags[row] & Native.JOT_FROM_CACHE) != 0;
    }

    /** Tells whether an earlier row has the same token. */
    public boolean repeated(int row) {
        return (flags[row] & Native.JOT_REPEATED) != 0;
    }

    /** Returns the index of the key that verified a row, in its set; -1 for none. */
    public int keyIndex(int row) {
        return keys[row];
    }

    /** Returns the whole seconds of the {@code exp} of a row. */
    public Optional<Instant> expiresAt(int row) {
        return instant(row, Native.JOT_HAS_EXP, expires);
    }

    private Optional<Instant> instant(int row, int flag, long[] seconds) {
        return Lent.instant((flags[row] & flag) != 0, seconds[row]);
    }

    /** Returns the whole seconds of the {@code nbf} of a row, for an audit. */
    public Optional<Instant> notBefore(int row) {
        return instant(row, Native.JOT_HAS_NBF, audit().notBefore);
    }

    /** Returns the whole seconds of the {@code iat} of a row, for an audit. */
    public Optional<Instant> issuedAt(int row) {
        return instant(row, Native.JOT_HAS_IAT, audit().issuedAt);
    }

    /** Returns the number of the issuer whose key verified a row; -1 for none. For an audit. */
    public int issuerIndex(int row) {
        return audit().issuers[row];
    }

    /** Returns the first row with the same token; -1 for a row without a token. For an audit. */
    public int firstRow(int row) {
        return audit().firstRows[row];
    }

    /** Tells whether the key of a row was in force at its instant, for an audit; empty if that is not known. */
    public Optional<KeyState> keyState(int row) {
        return Optional.ofNullable(KeyState.numbered(audit().keyStates[row]));
    }

    /**
     * Tells whether the dates of a row and of its key were met, for an audit; empty if another rule was
     * broken before, or if its instant is not known.
     */
    public Optional<Boolean> timeOk(int row) {
        byte found = audit().timeOk[row];
        return found == Native.JOT_TIME_OK_UNKNOWN ? Optional.empty() : Optional.of(found == 1);
    }

    /** Returns the seconds between {@code exp} and the instant of a row, for an audit; 0 unless it is {@link Code#EXPIRED}. */
    public long expiredBySeconds(int row) {
        return audit().expiredBy[row];
    }

    /** Returns the {@code iss} of a row whose signature held, for an audit. */
    public Optional<String> issuer(int row) {
        return Optional.ofNullable(audit().issuer[row]);
    }

    /** Returns the {@code sub} of a row whose signature held, for an audit. */
    public Optional<String> subject(int row) {
        return Optional.ofNullable(audit().subject[row]);
    }

    /** Returns the {@code jti} of a row whose signature held, for an audit. */
    public Optional<String> jwtId(int row) {
        return Optional.ofNullable(audit().jwtId[row]);
    }

    /** Returns the {@code alg} that the header of a row names, for an audit. Only {@link #signatureOk} makes it more than a word. */
    public Optional<String> unverifiedAlgorithm(int row) {
        return Optional.ofNullable(audit().algorithm[row]);
    }

    /** Returns the {@code kid} that the header of a row names, for an audit, likewise. */
    public Optional<String> unverifiedKeyId(int row) {
        return Optional.ofNullable(audit().keyId[row]);
    }

    /** Returns the number of rows that are accepted. */
    public int accepted() {
        return accepted;
    }

    /** Returns the number of different tokens. */
    public int distinct() {
        return distinct;
    }
}
