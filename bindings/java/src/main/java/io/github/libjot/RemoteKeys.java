package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The keys of one issuer, which a thread of the library follows: docs/keys.md says by which rules.
 * Any number of threads and verifiers may share them.
 */
public final class RemoteKeys extends NativeObject implements KeySource {
    /** Each token has a bound of its own. */
    private static final int LONGEST_FETCH_MILLISECONDS = 60_000;

    /** What follows these keys, and lives as long as they do. */
    private final Fetcher fetcher;
    /** What those wait for whose key is being fetched; null if nobody does. */
    private CompletableFuture<Code> asking;

    private RemoteKeys(MemorySegment keys, Fetcher fetcher) {
        super(keys, Native::jot_remote_keys_free);
        this.fetcher = fetcher;
    }

    /** A call that starts following keys. */
    @FunctionalInterface
    private interface Start {
        int at(MemorySegment fetcher, MemorySegment text, MemorySegment options, MemorySegment to, MemorySegment error);
    }

    private static RemoteKeys follow(String text, RemoteOptions options, Start start) {
        Fetcher fetcher = options.fetcher();
        try (Lent lent = new Lent()) {
            MemorySegment keys = lent.pointer();
            lent.check(fetcher.use(object ->
                start.at(object, lent.text(text), options.keeper(lent), keys, lent.error())));
            return new RemoteKeys(Lent.pointed(keys), fetcher);
        }
    }

    /** Follows the keys at a URL: a JWK Set, a JWK, PEM, or an object of PEM by {@code kid}. */
    public static RemoteKeys at(String url) {
        return at(url, RemoteOptions.DEFAULT);
    }

    /** Works like {@link #at(String)}. */
    public static RemoteKeys at(String url, RemoteOptions options) {
        return follow(url, options, Native::jot_remote_keys_new);
    }

    /** Follows the keys that an issuer's OpenID configuration names. */
    public static RemoteKeys discover(String issuer) {
        return discover(issuer, RemoteOptions.DEFAULT);
    }

    /** Works like {@link #discover(String)}. */
    public static RemoteKeys discover(String issuer, RemoteOptions options) {
        return follow(issuer, options, Native::jot_remote_keys_discover);
    }

    /** Returns the keys to verify with now; empty where there are none yet. */
    public KeySet current() {
        try (Lent lent = new Lent()) {
            MemorySegment set = lent.pointer();
            Lent.check(use(keys -> Native.jot_remote_keys_set(keys, set)), "keys");
            return new KeySet(Lent.pointed(set));
        }
    }

    /**
     * Waits until there are keys, for a program that would rather not begin without.
     *
     * @throws JotException with what the library says of the keys, if there are none in time
     */
    public void await(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            // Short waits, so that an interrupt ends them.
            long left = Math.max(end - System.nanoTime(), 0);
            int code = use(keys -> Native.jot_remote_keys_wait(
                keys, (int) Math.min(TimeUnit.NANOSECONDS.toMillis(left), 50)));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            boolean mayCome = code == Code.KEYS_NOT_YET.number() || code == Code.KEYS_STALE.number();
            if (!mayCome || left == 0) {
                Lent.check(code, "keys");
                return;
            }
        }
    }

    /** Asks for a fetch as soon as possible: for operators, not for requests. */
    public void refreshNow() {
        Lent.check(use(Native::jot_remote_keys_refresh_now), "keys");
    }

    /** Describes how the keys do. */
    public Health health() {
        return use(keys -> {
            try (Lent lent = new Lent()) {
                MemorySegment health = lent.struct(Native.Health.SIZE);
                Lent.check(Native.jot_remote_keys_health(keys, health), "keys");
                return Health.of(health);
            }
        });
    }

    /** Says in words what was wrong with the last fetch; empty if it succeeded. */
    public String reason() {
        return use(keys -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written((text, error) -> Native.jot_remote_keys_reason(keys, text)));
            }
        });
    }

    /** Hands the keys to a verifier, now and whenever they change. */
    void feed(MemorySegment verifier, String id) {
        try (Lent lent = new Lent()) {
            lent.check(use(keys -> Native.jot_remote_keys_feed(keys, verifier, lent.optional(id), lent.error())));
        }
    }

    /**
     * Says what becomes of a token that was rejected with this code, because its key may have been
     * published a moment ago: {@link Code#ACCEPTED} to verify it again, else its code.
     */
    CompletableFuture<Code> retry(Code code, Duration wait) {
        int now;
        try {
            // Without a wait this says at once what there is to wait for.
            now = use(keys -> Native.jot_remote_keys_retry(keys, code.number(), 0));
        } catch (IllegalStateException closed) {
            // What was fetched stays in use, and so does the verdict.
            return CompletableFuture.completedFuture(code);
        }
        if (now != Code.FETCH_TIMEOUT.number() || wait.isZero()) {
            return CompletableFuture.completedFuture(Code.of(now));
        }
        return ask(code).copy().completeOnTimeout(Code.FETCH_TIMEOUT, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Works like {@link #retry}, and waits. */
    Code retryNow(Code code, Duration wait) {
        try {
            return retry(code, wait).get();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return Code.FETCH_TIMEOUT;
        } catch (ExecutionException fault) {
            throw Library.fault(fault.getCause());
        }
    }

    /** Has one thread wait in C for the fetch, for all tokens that do: each would hold a thread. */
    private synchronized CompletableFuture<Code> ask(Code code) {
        if (asking == null) {
            CompletableFuture<Code> fetch = new CompletableFuture<>();
            asking = fetch;
            Thread thread = new Thread(() -> waitFor(fetch, code), "jot-keys");
            thread.setDaemon(true);
            thread.start();
        }
        return asking;
    }

    private void waitFor(CompletableFuture<Code> fetch, Code code) {
        Code last = code;
        try {
            last = Code.of(use(keys ->
                Native.jot_remote_keys_retry(keys, code.number(), LONGEST_FETCH_MILLISECONDS)));
        } catch (IllegalStateException closed) {
            // The code stays.
        } finally {
            synchronized (this) {
                asking = null;
            }
            // The keys may have come between the two questions, so the token decides.
            fetch.complete(switch (last) {
                case KID_UNKNOWN, KEYS_NOT_YET, KEYS_STALE -> Code.ACCEPTED;
                default -> last;
            });
        }
    }
}
