package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * The revocations that an issuer serves as a signed JWT at a URL, which a thread of the library
 * follows (docs/revocation.md).
 */
public final class RemoteRevocations extends NativeObject {
    /** What follows this list, and the keys that it is verified with; they live as long as it does. */
    private final Fetcher fetcher;
    private final RemoteKeys keys;

    private RemoteRevocations(MemorySegment list, Fetcher fetcher, RemoteKeys keys) {
        super(list, Native::jot_remote_revocations_free);
        this.fetcher = fetcher;
        this.keys = keys;
    }

    /**
     * Follows the revocations at a URL. A list counts if one of these keys signed it with one of these
     * algorithms.
     *
     * @param issuer the {@code iss} of the lists; null for keys that were discovered by it
     */
    public static RemoteRevocations at(
        String url, RemoteKeys keys, String issuer, RemoteOptions options, Algorithm... algorithms) {
        Fetcher fetcher = options.fetcher();
        int allowed = Algorithm.set(algorithms);
        try (Lent lent = new Lent()) {
            MemorySegment list = lent.pointer();
            lent.check(fetcher.use(object -> keys.use(remote -> Native.jot_remote_revocations_new(
                object, lent.text(url), remote, lent.optional(issuer), allowed, options.list(lent), list,
                lent.error()))));
            return new RemoteRevocations(Lent.pointed(list), fetcher, keys);
        }
    }

    /**
     * Waits until there is a list in force.
     *
     * @throws JotException with what the library says of the list, if there is none in time
     */
    public void await(Duration wait) {
        Lent.check(use(list -> Native.jot_remote_revocations_wait(
            list, Math.clamp(wait.toMillis(), 0, Integer.MAX_VALUE))), "revocations");
    }

    /** Asks for a fetch as soon as possible. */
    public void refreshNow() {
        Lent.check(use(Native::jot_remote_revocations_refresh_now), "revocations");
    }

    /** Says in words what was wrong with the last fetch; empty if it succeeded. */
    public String reason() {
        return use(list -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written(
                    (text, error) -> Native.jot_remote_revocations_reason(list, text)));
            }
        });
    }
}
