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
import java.util.function.BiFunction;

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
        return verify(verifier, tokens, BatchOptions.DEFAULT);
    }

    /** Works like {@link #verify(Verifier, List, BatchOptions)}, at one instant. */
    public Verdicts verify(Verifier verifier, List<String> tokens, Instant now) {
        return verify(verifier, tokens, BatchOptions.DEFAULT.at(now));
    }

    /**
     * Verifies tokens. A null is a row without a token, {@link Code#TOKEN_NULL}. A key that would have to be
     * fetched first is not waited for.
     */
    public Verdicts verify(Verifier verifier, List<String> tokens, BatchOptions options) {
        return verify(verifier, bytes(tokens), options);
    }

    /** Works like {@link #verify(Verifier, List, BatchOptions)}, for tokens that come as bytes. */
    public Verdicts verify(Verifier verifier, byte[][] tokens, BatchOptions options) {
        return exclusive((lent, watched) -> {
            MemorySegment how = options.lent(lent, verifier, tokens.length);
            how.set(ADDRESS, Native.BatchOptions.progress, PROGRESS);
            how.set(ADDRESS, Native.BatchOptions.user, watched);
            Columns columns = new Columns(lent, tokens.length, options.audited);
            MemorySegment report = lent.struct(Native.BatchReport.SIZE);
            MemorySegment column = tokens(lent, tokens);
            return use(batch -> {
                lent.check(verifier.use(object -> Native.jot_batch_verify(
                    batch, object, column, how, columns.struct, report, lent.error())));
                return new Verdicts(columns, report, options.audited ? new Verdicts.Audit(columns, batch) : null);
            });
        });
    }

    /**
     * Verifies tokens with the keys that come with them, or each with the JWK of its row. Every row is
     * verified, also if tokens are equal. {@link #cancel} does not end it.
     *
     * @param keys the JWKs, in which a null is a row without one, {@link Code#JWK_MISSING}; null itself if
     *     the tokens bring their keys
     */
    public SelfSignedVerdicts verifySelfSigned(SelfSignedVerifier verifier, List<String> tokens, List<String> keys) {
        return exclusive((lent, watched) -> {
            int rows = tokens.size();
            MemorySegment struct = lent.struct(Native.SelfsignedColumns.SIZE);
            MemorySegment codes = lent.arena.allocate(JAVA_INT, Math.max(rows, 1));
            MemorySegment digests = lent.arena.allocate(SelfSignedVerdicts.DIGEST * Math.max(rows, 1), 1);
            struct.set(ADDRESS, Native.SelfsignedColumns.codes, codes);
            struct.set(ADDRESS, Native.SelfsignedColumns.digests, digests);
            MemorySegment column = tokens(lent, bytes(tokens));
            MemorySegment own = keys == null ? MemorySegment.NULL : tokens(lent, bytes(keys));
            lent.check(use(batch -> verifier.use(object -> Native.jot_batch_verify_selfsigned(
                batch, object, column, own, struct, lent.error()))));
            return new SelfSignedVerdicts(
                codes.asSlice(0, 4L * rows).toArray(JAVA_INT),
                digests.asSlice(0, SelfSignedVerdicts.DIGEST * rows).toArray(JAVA_BYTE));
        });
    }

    private static byte[][] bytes(List<String> texts) {
        byte[][] bytes = new byte[texts.size()][];
        int row = 0;
        for (String text : texts) {
            bytes[row++] = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }

    /** Makes a jot_tokens with a copy of these. */
    private static MemorySegment tokens(Lent lent, byte[][] tokens) {
        long length = 0;
        for (byte[] token : tokens) {
            length += token == null ? 0 : token.length;
        }
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
        return struct;
    }

    /**
     * Runs the only call at a time: the texts of its tokens, which the library keeps until the next one, are
     * then those of this one.
     */
    private <T> T exclusive(BiFunction<Lent, MemorySegment, T> call) {
        // Another thread may write to it, and later than the end of this call.
        MemorySegment watched = Arena.ofAuto().allocate(Native.Watch.SIZE, 8);
        if (!watch.compareAndSet(null, watched)) {
            throw new JotException(Code.HANDLE_BUSY, "batch", -1, null);
        }
        try (Lent lent = new Lent()) {
            return call.apply(lent, watched);
        } finally {
            watch.set(null);
            Reference.reachabilityFence(watched);
        }
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
