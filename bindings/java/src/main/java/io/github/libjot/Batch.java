package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads and the memory for verifying many tokens at once. Make one and use it again, one call
 * at a time: a second one at the same time is {@link Code#HANDLE_BUSY}.
 */
public final class Batch extends NativeObject {
    private static final VarHandle CANCEL = JAVA_INT.varHandle();
    private static final MemorySegment PROGRESS = Library.address("jot_watch_progress");

    /** What the call in flight looks at. */
    private final AtomicReference<MemorySegment> watch = new AtomicReference<>();

    private Batch(MemorySegment batch) {
        super(batch, Native::jot_batch_free);
    }

    /**
     * Makes a batch that works on this many threads: 1 is only the calling one, and 0 one for each
     * processor.
     */
    public static Batch of(int threads) {
        try (Lent lent = new Lent()) {
            MemorySegment batch = lent.pointer();
            lent.check(Native.jot_batch_new(threads, batch, lent.error()));
            return new Batch(Lent.pointed(batch));
        }
    }

    /** Verifies tokens at the time of the call. A null is a row without a token. */
    public Verdicts verify(Verifier verifier, List<String> tokens) {
        return verify(verifier, tokens, verifier.now());
    }

    /**
     * Verifies tokens at one instant. A null is a row without a token, {@link Code#TOKEN_NULL}. A key
     * that would have to be fetched first is not waited for.
     */
    public Verdicts verify(Verifier verifier, List<String> tokens, Instant now) {
        byte[][] bytes = new byte[tokens.size()][];
        int row = 0;
        for (String token : tokens) {
            bytes[row++] = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
        }
        return verify(verifier, bytes, now);
    }

    /** Works like {@link #verify(Verifier, List, Instant)}, for tokens that come as bytes. */
    public Verdicts verify(Verifier verifier, byte[][] tokens, Instant now) {
        return verify(verifier, tokens, now.getEpochSecond());
    }

    Verdicts verify(Verifier verifier, byte[][] tokens, long now) {
        long length = 0;
        for (byte[] token : tokens) {
            length += token == null ? 0 : token.length;
        }
        try (Lent lent = new Lent()) {
            MemorySegment data = lent.arena.allocate(Math.max(length, 1), 1);
            MemorySegment slices = lent.arena.allocate(Native.SLICE, Math.max(tokens.length, 1));
            long at = 0;
            for (int row = 0; row < tokens.length; row++) {
                byte[] token = tokens[row];
                if (token != null) {
                    MemorySegment.copy(token, 0, data, JAVA_BYTE, at, token.length);
                    // An empty token is not an absent one.
                    slices.set(ADDRESS, row * 16L, MemorySegment.ofAddress(data.address() + at));
                    slices.set(JAVA_LONG, row * 16L + 8, token.length);
                    at += token.length;
                }
            }
            MemorySegment struct = lent.struct(Native.Tokens.SIZE);
            struct.set(JAVA_INT, Native.Tokens.layout, Native.JOT_SLICES);
            struct.set(JAVA_LONG, Native.Tokens.rows, tokens.length);
            struct.set(ADDRESS, Native.Tokens.slices, slices);
            return verify(verifier, lent, struct, tokens.length, now);
        }
    }

    private Verdicts verify(Verifier verifier, Lent lent, MemorySegment tokens, int rows, long now) {
        // Another thread may write to it, and later than the end of this call.
        MemorySegment watched = Arena.ofAuto().allocate(Native.Watch.SIZE, 8);
        MemorySegment options = lent.struct(Native.BatchOptions.SIZE);
        options.set(JAVA_LONG, Native.BatchOptions.now, now);
        options.set(ADDRESS, Native.BatchOptions.progress, PROGRESS);
        options.set(ADDRESS, Native.BatchOptions.user, watched);
        MemorySegment columns = lent.struct(Native.Columns.SIZE);
        long most = Math.max(rows, 1);
        MemorySegment codes = column(lent, columns, Native.Columns.codes, 4 * most);
        MemorySegment flags = column(lent, columns, Native.Columns.flags, most);
        MemorySegment keys = column(lent, columns, Native.Columns.key_index, 4 * most);
        MemorySegment expires = column(lent, columns, Native.Columns.expires_at, 8 * most);
        MemorySegment report = lent.struct(Native.BatchReport.SIZE);
        boolean mine = watch.compareAndSet(null, watched);
        try {
            lent.check(use(batch -> verifier.use(object -> Native.jot_batch_verify(
                batch, object, tokens, options, columns, report, lent.error()))));
        } finally {
            if (mine) {
                watch.set(null);
            }
            Reference.reachabilityFence(watched);
        }
        return new Verdicts(
            codes.asSlice(0, 4L * rows).toArray(JAVA_INT), flags.asSlice(0, rows).toArray(JAVA_BYTE),
            keys.asSlice(0, 4L * rows).toArray(JAVA_INT), expires.asSlice(0, 8L * rows).toArray(JAVA_LONG),
            Math.toIntExact(report.get(JAVA_LONG, Native.BatchReport.accepted)),
            Math.toIntExact(report.get(JAVA_LONG, Native.BatchReport.distinct)));
    }

    private static MemorySegment column(Lent lent, MemorySegment columns, long member, long bytes) {
        MemorySegment made = lent.arena.allocate(bytes, 8);
        columns.set(ADDRESS, member, made);
        return made;
    }

    /**
     * Ends the call in flight early, for example from another thread: rows that were not reached are
     * {@link Code#BATCH_CANCELLED}. Nothing happens if there is none.
     */
    public void cancel() {
        MemorySegment watched = watch.get();
        if (watched != null) {
            CANCEL.setVolatile(watched, Native.Watch.cancel, 1);
        }
    }
}
