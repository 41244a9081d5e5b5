package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What has memory of the library. It may be closed at any time, by any thread, and more than once:
 * calls in flight end first, and later ones throw {@link IllegalStateException}. What is not closed
 * is freed some time after the last reference to it is gone.
 */
public abstract sealed class NativeObject implements AutoCloseable
    permits Batch, Condition, Fetcher, KeySet, RemoteKeys, RemoteRevocations, RemoteStatusLists, Revocations,
        SelfSignedVerifier, Signer, StatusList, Verifier {
    final Handle handle;
    private final Cleaner.Cleanable cleanable;

    NativeObject(Handle handle) {
        this.handle = handle;
        cleanable = Handle.CLEANER.register(this, handle);
    }

    NativeObject(MemorySegment object, Consumer<MemorySegment> free) {
        this(Handle.of(object, free));
    }

    /** Frees it, once the calls in flight have ended. */
    @Override
    public void close() {
        cleanable.clean();
    }

    /** Lends the object to one call. */
    <T> T use(Function<MemorySegment, T> call) {
        MemorySegment object = handle.acquire(0);
        try {
            return call.apply(object);
        } finally {
            handle.release(0);
            Reference.reachabilityFence(this);
        }
    }
}
