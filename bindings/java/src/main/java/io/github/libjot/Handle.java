package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/**
 * An object of the library, freed once it was closed and no call uses it any more.
 *
 * <p>Calls are counted. What many threads use at once has several counters, each on a cache line
 * of its own, so that threads do not wait for each other's.
 */
final class Handle implements Runnable {
    /** Frees what the program forgot to close. */
    static final Cleaner CLEANER = Cleaner.create(work -> {
        Thread thread = new Thread(work, "jot-cleaner");
        thread.setDaemon(true);
        return thread;
    });

    private static final long CLOSED = Long.MIN_VALUE / 2;
    /** How many counters of 8 bytes are on the lines that one thread's counter keeps to itself. */
    private static final int APART = 16;

    private final MemorySegment object;
    private final Consumer<MemorySegment> free;
    private final int counters;
    /** How many calls use the object; less than 0 once it was closed. */
    private final AtomicLongArray uses;
    private final AtomicIntegerArray ended;
    /** How many counters have not ended. */
    private final AtomicInteger open;

    private Handle(MemorySegment object, Consumer<MemorySegment> free, int counters) {
        this.object = object;
        this.free = free;
        this.counters = counters;
        uses = new AtomicLongArray(counters * APART);
        ended = new AtomicIntegerArray(counters);
        open = new AtomicInteger(counters);
    }

    static Handle of(MemorySegment object, Consumer<MemorySegment> free) {
        return new Handle(object, free, 1);
    }

    /** For what many threads use at once. */
    static Handle shared(MemorySegment object, Consumer<MemorySegment> free) {
        return new Handle(object, free, Slot.PLACES);
    }

    /** Returns the object for one call, which ends with {@link #release} of the same number. */
    MemorySegment acquire(int number) {
        int counter = number % counters;
        if (uses.incrementAndGet(counter * APART) < 0) {
            release(number);
            throw new IllegalStateException("it was closed");
        }
        return object;
    }

    void release(int number) {
        int counter = number % counters;
        if (uses.decrementAndGet(counter * APART) == CLOSED) {
            end(counter);
        }
    }

    /** Closes it; {@link Cleaner.Cleanable} calls this once. */
    @Override
    public void run() {
        for (int counter = 0; counter < counters; counter++) {
            if (uses.getAndAdd(counter * APART, CLOSED) == 0) {
                end(counter);
            }
        }
    }

    /** A call that comes too late may be the last to leave, and so may the last that came in time. */
    private void end(int counter) {
        if (ended.compareAndSet(counter, 0, 1) && open.decrementAndGet() == 0) {
            free.accept(object);
        }
    }
}
