package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;

/**
 * At which instants a batch judges its rows, and what it tells of them. It never changes: each method
 * returns another one.
 */
public final class BatchOptions {
    /** All rows at the time of the call, and the verdicts alone. */
    public static final BatchOptions DEFAULT = new BatchOptions(null, null, null, false);

    private final Long now;
    /** An instant for each row, and 0 for those that are unknown; null for the same for all. */
    private final long[] each;
    /** A byte for each row that is 0 if its instant is unknown; null if all are known. */
    private final byte[] known;
    final boolean audited;

    private BatchOptions(Long now, long[] each, byte[] known, boolean audited) {
        this.now = now;
        this.each = each;
        this.known = known;
        this.audited = audited;
    }

    /** Judges all rows at this instant. */
    public BatchOptions at(Instant instant) {
        return new BatchOptions(instant.getEpochSecond(), null, null, audited);
    }

    /**
     * Judges each row at its own instant. A null is one that is not known: a token that meets every rule
     * that needs none is then {@link Code#TIME_UNKNOWN}.
     */
    public BatchOptions at(List<Instant> instants) {
        long[] seconds = new long[instants.size()];
        byte[] told = new byte[seconds.length];
        int row = 0;
        for (Instant instant : instants) {
            if (instant != null) {
                seconds[row] = instant.getEpochSecond();
                told[row] = 1;
            }
            row++;
        }
        return new BatchOptions(null, seconds, told, audited);
    }

    /** Judges each row at its own instant, in seconds since 1970. */
    public BatchOptions atEpochSeconds(long[] seconds) {
        return new BatchOptions(null, seconds.clone(), null, audited);
    }

    /**
     * Tells of each row what an audit wants to know: the methods of {@link Verdicts} that say so. It takes
     * some 100 bytes for each row, and the texts of the tokens' claims and headers.
     */
    public BatchOptions audited() {
        return new BatchOptions(now, each, known, true);
    }

    /** Makes a jot_batch_options. */
    MemorySegment lent(Lent lent, Verifier verifier, int rows) {
        MemorySegment made = lent.struct(Native.BatchOptions.SIZE);
        made.set(JAVA_LONG, Native.BatchOptions.now, now == null ? verifier.now().getEpochSecond() : now);
        if (each != null) {
            if (each.length != rows) {
                throw new IllegalArgumentException("there are " + each.length + " instants and " + rows + " tokens");
            }
            made.set(ADDRESS, Native.BatchOptions.as_of, lent.arena.allocateFrom(JAVA_LONG, each));
        }
        if (known != null) {
            made.set(ADDRESS, Native.BatchOptions.as_of_known, lent.arena.allocateFrom(JAVA_BYTE, known));
        }
        return made;
    }
}
