package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A policy and trusted keys. It never changes but for its keys and revocations. Make one and share
 * it between any number of threads, virtual ones too.
 *
 * <pre>{@code
 * Verifier verifier = Verifier.builder()
 *     .algorithms(Algorithm.RS256)
 *     .issuer("https://issuer.example", RemoteKeys.discover("https://issuer.example"))
 *     .audience("api")
 *     .build();
 * Token token = verifier.verify(text);
 * }</pre>
 *
 * <p>The defaults are strict: {@code exp} is required, an {@code aud} is rejected unless an audience
 * is named, and the leeway is 0.
 *
 * <p>Only a token whose key has to be fetched first waits, no longer than {@link VerifierBuilder#waiting}
 * says. The end of the wait by {@link Thread#interrupt} is {@link Code#FETCH_TIMEOUT}.
 */
public final class Verifier extends NativeObject {
    private final List<VerifierBuilder.Source> sources;
    private final boolean follows;
    private final Duration wait;
    private final Clock clock;
    /** What is followed for this verifier, and lives as long as it does. */
    private final List<Object> kept = new CopyOnWriteArrayList<>();

    Verifier(MemorySegment verifier, VerifierBuilder made) {
        super(Handle.shared(verifier, Native::jot_verifier_free));
        sources = List.copyOf(made.sources);
        follows = sources.stream().anyMatch(source -> source.keys() instanceof RemoteKeys);
        wait = made.wait;
        clock = made.clock;
        for (VerifierBuilder.Source source : sources) {
            if (source.keys() instanceof RemoteKeys remote) {
                remote.feed(verifier, source.id());
            }
        }
    }

    /** Starts making a verifier. It needs {@link VerifierBuilder#algorithms} and keys. */
    public static VerifierBuilder builder() {
        return new VerifierBuilder();
    }

    /**
     * Verifies a token, and returns it if it is accepted.
     *
     * @throws JwtRejectedException if it is not
     */
    public Token verify(String token) {
        return verify(token, Demand.NONE);
    }

    /** Works like {@link #verify(String)}; the token must also meet a demand. */
    public Token verify(String token, Demand demand) {
        return run(utf8(token), demand, false, TOKEN, Verification.Rejected::orThrow);
    }

    /** Verifies a token, and returns what it comes to. */
    public Verification check(String token) {
        return check(token, Demand.NONE);
    }

    /** Works like {@link #check(String)}; the token must also meet a demand. */
    public Verification check(String token, Demand demand) {
        return check(utf8(token), demand);
    }

    /** Works like {@link #check(String, Demand)}, for a token that comes as bytes. */
    public Verification check(byte[] token, Demand demand) {
        return run(token, demand, false, ACCEPTED, rejected -> rejected);
    }

    /**
     * Verifies a token, and returns only {@link Code#ACCEPTED} or the first rule that it broke: the
     * fastest call.
     */
    public Code code(String token) {
        return code(token, Demand.NONE);
    }

    /** Works like {@link #code(String)}; the token must also meet a demand. */
    public Code code(String token, Demand demand) {
        return code(utf8(token), demand);
    }

    /** Works like {@link #code(String, Demand)}, for a token that comes as bytes. */
    public Code code(byte[] token, Demand demand) {
        return run(token, demand, true, slot -> Code.ACCEPTED, Verification.Rejected::code);
    }

    /**
     * Verifies a token, and lends its claims to a function if it is accepted: only what the function
     * asks for is read. The claims end with the function.
     *
     * @throws JwtRejectedException if it is not accepted
     */
    public <T> T read(String token, Demand demand, Function<ClaimsView, T> reader) {
        return run(utf8(token), demand, false, slot -> {
            ClaimsView view = new ClaimsView(slot);
            try {
                return reader.apply(view);
            } finally {
                view.end();
            }
        }, rejected -> {
            throw new JwtRejectedException(rejected);
        });
    }

    /**
     * Verifies a token; one whose key has to be fetched first holds no thread meanwhile. The future
     * fails with {@link JwtRejectedException}.
     */
    public CompletableFuture<Token> verifyAsync(String token, Demand demand) {
        byte[] bytes = utf8(token);
        Attempt<Token> first = attempt(bytes, demand, false, TOKEN);
        if (first.awaited == null) {
            return first.rejected == null
                ? CompletableFuture.completedFuture(first.result)
                : CompletableFuture.failedFuture(new JwtRejectedException(first.rejected));
        }
        // What the program does with the future is not for the threads that wait for keys.
        return first.awaited.retry(first.rejected.code(), wait).thenApplyAsync(code -> {
            Attempt<Token> last = code == Code.ACCEPTED ? attempt(bytes, demand, false, TOKEN) : first.ended(code);
            return last.rejected == null ? last.result : last.rejected.orThrow();
        });
    }

    /**
     * Verifies header and signature of a JWS whose payload need not be a Claims Set: no rule over
     * claims or dates is checked.
     *
     * @param issuer selects the keys; null for the only key set
     * @param detached the payload of a token that does not carry it, or null
     * @throws JwtRejectedException if it is not accepted
     */
    public Token verifyJws(String token, String issuer, byte[] detached) {
        byte[] bytes = utf8(token);
        try (Lent lent = new Lent()) {
            MemorySegment named = lent.optional(issuer);
            MemorySegment payload = lent.optional(detached);
            Attempt<Token> made = attempt(bytes, false, TOKEN, (verifier, slot) -> Native.jot_verifier_verify_jws(
                verifier, slot.token(bytes), named, payload, slot.scratch, slot.verdict));
            return made.rejected == null ? made.result : made.rejected.orThrow();
        }
    }

    /**
     * Replaces the keys of an issuer, or of a key set by its name; null for the only key set.
     * Verifications that begin afterwards use the new ones.
     *
     * @throws JotException the old keys stay in use
     */
    public void replaceKeys(String issuer, KeySet keys) {
        try (Lent lent = new Lent()) {
            lent.check(use(verifier -> keys.use(set ->
                Native.jot_verifier_replace_keys(verifier, lent.optional(issuer), set, lent.error()))));
        }
    }

    /** Returns the current keys of an issuer, or of a key set by its name; null for the only key set. */
    public KeySet keys(String issuer) {
        try (Lent lent = new Lent()) {
            MemorySegment set = lent.pointer();
            Lent.check(use(verifier -> Native.jot_verifier_keys(verifier, lent.optional(issuer), set)), "issuer");
            return new KeySet(Lent.pointed(set));
        }
    }

    /** Replaces the revocations, also for tokens in the cache. The list may be changed or closed afterwards. */
    public void setRevocations(Revocations revocations) {
        Lent.check(use(verifier -> revocations.use(list ->
            Native.jot_verifier_set_revocations(verifier, list))), "revocations");
    }

    /** Returns a copy of the current revocations, to which more can be added before they are set again. */
    public Revocations revocations() {
        try (Lent lent = new Lent()) {
            MemorySegment list = lent.pointer();
            Lent.check(use(verifier -> Native.jot_verifier_revocations(verifier, list)), "revocations");
            return new Revocations(Lent.pointed(list));
        }
    }

    /**
     * Sets the revocations to those of a list at a URL, now and whenever they change. Until the first
     * list is there every token is {@link Code#REVOCATIONS_NOT_YET}, which is 503.
     */
    public void followRevocations(RemoteRevocations revocations) {
        Lent.check(use(verifier -> revocations.use(list ->
            Native.jot_remote_revocations_feed(list, verifier))), "revocations");
        kept.add(revocations);
    }

    /**
     * Adds the status lists of an issuer, now and whenever they change, and those that tokens name. It is
     * for a policy with {@link VerifierBuilder#checkStatus}. Until a list is there, tokens that name it are
     * {@link Code#STATUS_LIST_NOT_YET}, which is 503.
     */
    public void followStatusLists(RemoteStatusLists lists) {
        Lent.check(use(verifier -> lists.use(object ->
            Native.jot_remote_status_lists_feed(object, verifier))), "status_lists");
        kept.add(lists);
    }

    /** Adds a status list, or replaces the one with the same URI, also for tokens in the cache. */
    public void putStatusList(StatusList list) {
        Lent.check(use(verifier -> list.use(object ->
            Native.jot_verifier_put_status_list(verifier, object))), "status_list");
    }

    /** Drops the status list with this URI; tokens that name it are {@link Code#STATUS_LIST_UNKNOWN}. */
    public void forgetStatusList(String uri) {
        try (Lent lent = new Lent()) {
            Lent.check(use(verifier -> Native.jot_verifier_forget_status_list(verifier, lent.text(uri))), "uri");
        }
    }

    /** Returns the counters. */
    public Statistics statistics() {
        return use(Statistics::of);
    }

    /** Writes the counters in the Prometheus text format (version 0.0.4). */
    public String prometheus() {
        return use(verifier -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written((text, error) -> Native.jot_verifier_prometheus(verifier, text)));
            }
        });
    }

    /** Returns the name of the code that verifies signatures under an algorithm, such as {@code aws-lc}. */
    public String backend(Algorithm algorithm) {
        return use(verifier -> {
            try (Lent lent = new Lent()) {
                return Lent.string(Lent.copied(
                    Native.jot_verifier_backend_name(lent.arena, verifier, algorithm.number())));
            }
        });
    }

    Instant now() {
        return clock.instant();
    }

    private static final Function<Slot, Token> TOKEN = slot -> new Token(slot.verdict);
    private static final Function<Slot, Verification> ACCEPTED = slot -> new Verification.Accepted(TOKEN.apply(slot));

    /** What one attempt comes to: a result, or a rejection and the keys that may change it. */
    private record Attempt<T>(T result, Verification.Rejected rejected, RemoteKeys awaited) {
        /** The same token, whose key did not come. */
        Attempt<T> ended(Code code) {
            return code == rejected.code() ? this : new Attempt<>(null, rejected.as(code), null);
        }
    }

    /** A call of the library that verifies the token of a slot. */
    @FunctionalInterface
    private interface Judge {
        int of(MemorySegment verifier, Slot slot);
    }

    private <T> T run(
        byte[] token, Demand demand, boolean codeOnly, Function<Slot, T> accepted,
        Function<Verification.Rejected, T> refused) {
        Attempt<T> made = attempt(token, demand, codeOnly, accepted);
        if (made.awaited != null) {
            Code code = made.awaited.retryNow(made.rejected.code(), wait);
            made = code == Code.ACCEPTED ? attempt(token, demand, codeOnly, accepted) : made.ended(code);
        }
        return made.rejected == null ? made.result : refused.apply(made.rejected);
    }

    private <T> Attempt<T> attempt(byte[] token, Demand demand, boolean codeOnly, Function<Slot, T> accepted) {
        return attempt(token, follows, accepted, (verifier, slot) -> once(verifier, token, demand, codeOnly, slot));
    }

    private <T> Attempt<T> attempt(byte[] token, boolean follows, Function<Slot, T> accepted, Judge judge) {
        Slot slot = Slot.take();
        try {
            MemorySegment verifier = handle.acquire(slot.number);
            try {
                int code = judge.of(verifier, slot);
                if (code == Native.JOT_ACCEPTED) {
                    return new Attempt<>(accepted.apply(slot), null, null);
                }
                // What the slot holds is gone with the next question.
                Verification.Rejected rejected = rejected(code, slot, token);
                return new Attempt<>(null, rejected, follows ? remoteOf(verifier, slot) : null);
            } finally {
                handle.release(slot.number);
            }
        } finally {
            slot.giveBack();
            Reference.reachabilityFence(this);
        }
    }

    private int once(MemorySegment verifier, byte[] token, Demand demand, boolean codeOnly, Slot slot) {
        long now = demand.at == null ? clock.instant().getEpochSecond() : demand.at;
        MemorySegment view = slot.token(token);
        int code;
        if (demand.lent != null) {
            code = Native.jot_verifier_verify_for(verifier, view, now, demand.lent, slot.scratch, slot.verdict);
        } else if (codeOnly && !demand.needsClaims()) {
            code = Native.jot_verifier_check(verifier, view, now, slot.scratch, slot.verdict);
        } else {
            code = Native.jot_verifier_verify(verifier, view, now, slot.scratch, slot.verdict);
        }
        return code == Native.JOT_ACCEPTED && demand.needsClaims() ? demand.met(slot) : code;
    }

    private static Verification.Rejected rejected(int code, Slot slot, byte[] token) {
        MemorySegment verdict = slot.verdict;
        // What the engine said counts only for its own code: the demands of a call come after it.
        boolean own = verdict.get(JAVA_INT, Native.Verdict.code) == code;
        String claim = own ? Lent.string(verdict, Native.Verdict.fault_claim) : null;
        int offset = own ? verdict.get(JAVA_INT, Native.Verdict.fault_offset) : Native.JOT_NONE;
        return new Verification.Rejected(Code.of(code), claim == null ? "" : claim, slot.flags(), offset, token);
    }

    /** Returns the keys that the token of a slot would have to be verified with, if they are remote. */
    private RemoteKeys remoteOf(MemorySegment verifier, Slot slot) {
        int source = 0;
        if (sources.size() > 1) {
            try (Lent lent = new Lent()) {
                MemorySegment index = lent.arena.allocate(JAVA_INT);
                int code = Native.jot_verifier_unverified_issuer(verifier, slot.token, slot.scratch, index);
                if (code != Native.JOT_ACCEPTED) {
                    return null;
                }
                source = index.get(JAVA_INT, 0);
            }
        }
        return sources.get(source).keys() instanceof RemoteKeys remote ? remote : null;
    }

    private static byte[] utf8(String token) {
        return token.getBytes(StandardCharsets.UTF_8);
    }
}
