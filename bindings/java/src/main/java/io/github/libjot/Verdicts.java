package io.github.libjot;

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

    Verdicts(int[] codes, byte[] flags, int[] keys, long[] expires, int accepted, int distinct) {
        this.codes = codes;
        this.flags = flags;
        this.keys = keys;
        this.expires = expires;
        this.accepted = accepted;
        this.distinct = distinct;
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
        return (flags[row] & Native.JOT_HAS_EXP) == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(
            Math.clamp(expires[row], Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())));
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
