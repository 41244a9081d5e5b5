package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * The threads that fetch keys and lists behind a URL, and what they trust. A process needs one only
 * for settings of its own: otherwise all share one thread.
 */
public final class Fetcher extends NativeObject {
    private Fetcher(MemorySegment fetcher) {
        super(fetcher, Fetcher::free);
    }

    /** It may wait for a fetch under way, and who closes it last must not. */
    private static void free(MemorySegment fetcher) {
        Thread thread = new Thread(() -> Native.jot_fetcher_free(fetcher), "jot-fetcher-end");
        thread.setDaemon(true);
        thread.start();
    }

    /** The settings of a fetcher. It never changes: each method returns another one. */
    public static final class Options {
        /** The defaults. */
        public static final Options DEFAULT = new Options(null, null, null, null, 1);

        private final String authorities;
        private final String chain;
        private final String key;
        private final String proxy;
        private final int threads;

        private Options(String authorities, String chain, String key, String proxy, int threads) {
            this.authorities = authorities;
            this.chain = chain;
            this.key = key;
            this.proxy = proxy;
            this.threads = threads;
        }

        /** Trusts the certificates of these authorities in PEM, and no others; Mozilla's unless set. */
        public Options authorities(String pem) {
            return new Options(pem, chain, key, proxy, threads);
        }

        /** Shows servers this certificate chain, in PEM, with its private key. */
        public Options client(String chain, String key) {
            return new Options(authorities, chain, key, proxy, threads);
        }

        /**
         * Uses the proxy at this URL; empty for none. Unless set, {@code HTTPS_PROXY}, {@code ALL_PROXY}
         * and {@code NO_PROXY} say which.
         */
        public Options proxy(String url) {
            return new Options(authorities, chain, key, url, threads);
        }

        /** Fetches with this many threads; one unless set. */
        public Options threads(int threads) {
            return new Options(authorities, chain, key, proxy, threads);
        }
    }

    /** Makes a fetcher. Its threads start with the first issuer that it follows. */
    public static Fetcher of(Options options) {
        try (Lent lent = new Lent()) {
            MemorySegment made = lent.struct(Native.FetcherOptions.SIZE);
            Lent.put(made, Native.FetcherOptions.authorities, lent.optional(options.authorities));
            Lent.put(made, Native.FetcherOptions.client_chain, lent.optional(options.chain));
            Lent.put(made, Native.FetcherOptions.client_key, lent.optional(options.key));
            Lent.put(made, Native.FetcherOptions.proxy, lent.optional(options.proxy));
            made.set(JAVA_INT, Native.FetcherOptions.threads, options.threads);
            MemorySegment fetcher = lent.pointer();
            lent.check(Native.jot_fetcher_new(made, fetcher, lent.error()));
            return new Fetcher(Lent.pointed(fetcher));
        }
    }

    /** That of the process, which is never closed. */
    private static final class Shared {
        static final Fetcher FETCHER = of(Options.DEFAULT);
    }

    static Fetcher shared() {
        return Shared.FETCHER;
    }
}
