package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The memory of one verification at a time: a scratch, a verdict and the bytes of the token.
 *
 * <p>Slots belong to no thread, because virtual threads come in any number: a call takes one and
 * gives it back, and nothing waits meanwhile. There are places for some; further ones are left to
 * the garbage collector.
 */
final class Slot {
    /** A power of two. */
    static final int PLACES =
        Math.clamp(2L * Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1), 4, 256);

    /** Longer tokens get memory that is given back at once: limits above the default are rare. */
    private static final int KEPT_BYTES = 1 << 17;

    private static final AtomicReferenceArray<Slot> PLACED = new AtomicReferenceArray<>(PLACES);

    /** Which counter of a {@link Handle} its calls use. */
    final int number;
    final MemorySegment scratch;
    final MemorySegment verdict;
    /** The view of the token. */
    final MemorySegment token;
    private final Arena arena = Arena.ofAuto();
    private MemorySegment buffer;
    private Arena large;

    private Slot(int number) {
        this.number = number;
        scratch = Native.jot_scratch_new().reinterpret(arena, Native::jot_scratch_free);
        verdict = arena.allocate(Native.Verdict.SIZE, 8);
        verdict.set(JAVA_LONG, Native.Verdict.size, Native.Verdict.SIZE);
        token = arena.allocate(Native.SLICE);
        buffer = arena.allocate(2048);
    }

    static Slot take() {
        int first = (int) Thread.currentThread().threadId();
        for (int i = 0; i < PLACES; i++) {
            int place = (first + i) & (PLACES - 1);
            if (PLACED.getPlain(place) != null) {
                Slot found = PLACED.getAndSet(place, null);
                if (found != null) {
                    return found;
                }
            }
        }
        return new Slot(first & (PLACES - 1));
    }

    void giveBack() {
        closeLarge();
        for (int i = 0; i < PLACES; i++) {
            int place = (number + i) & (PLACES - 1);
            if (PLACED.getPlain(place) == null && PLACED.compareAndSet(place, null, this)) {
                return;
            }
        }
    }

    /** Copies a token to where the library reads it. */
    MemorySegment token(byte[] bytes) {
        MemorySegment to = buffer;
        if (bytes.length > to.byteSize()) {
            if (bytes.length > KEPT_BYTES) {
                closeLarge();
                large = Arena.ofConfined();
                to = large.allocate(bytes.length, 1);
            } else {
                buffer = arena.allocate(Integer.highestOneBit(bytes.length) * 2L);
                to = buffer;
            }
        }
        MemorySegment.copy(bytes, 0, to, JAVA_BYTE, 0, bytes.length);
        token.set(ADDRESS, 0, to);
        token.set(JAVA_LONG, 8, bytes.length);
        return token;
    }

    private void closeLarge() {
        if (large != null) {
            large.close();
            large = null;
        }
    }

    int flags() {
        return verdict.get(JAVA_INT, Native.Verdict.flags);
    }

    /** Whether the verdict has this flag. */
    boolean has(int flag) {
        return (flags() & flag) != 0;
    }
}
