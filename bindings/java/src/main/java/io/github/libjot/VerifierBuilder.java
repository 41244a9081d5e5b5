package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;

/**
 * The rules and the keys of a {@link Verifier}. A rule that makes no sense, such as an empty
 * audience, is a {@link JotException} of {@link #build}, and never left out.
 */
public final class VerifierBuilder {
    /** Which keys these are: of any issuer, of one, or of calls that name them. */
    record Source(String name, String issuer, KeySource keys) {
        /** What the library finds these keys by; null for the only ones. */
        String id() {
            return name != null ? name : issuer;
        }
    }

    /** A setting of the policy or of the builder of the library, with its name. */
    private record Setting(String name, BiFunction<MemorySegment, Lent, Integer> apply) {}

    /** A call that makes a policy. */
    @FunctionalInterface
    private interface Preset {
        int make(Lent lent, MemorySegment algorithms, long count, MemorySegment policy);
    }

    final List<Source> sources = new ArrayList<>();
    Duration wait = Duration.ofSeconds(5);
    Clock clock = Clock.systemUTC();
    private final List<Algorithm> algorithms = new ArrayList<>();
    private final List<Setting> rules = new ArrayList<>();
    private final List<Setting> builds = new ArrayList<>();
    private Preset preset =
        (lent, algorithms, count, policy) -> Native.jot_policy_new(algorithms, count, policy, lent.error());

    VerifierBuilder() {}

    /** Allows these algorithms and no others. A verifier needs at least one. */
    public VerifierBuilder algorithms(Algorithm... algorithms) {
        this.algorithms.addAll(List.of(algorithms));
        return this;
    }

    /** Trusts these keys for tokens of any issuer, or of none. The verifier can then have no other keys. */
    public VerifierBuilder keys(KeySource keys) {
        sources.add(new Source(null, null, Objects.requireNonNull(keys)));
        return this;
    }

    /** Trusts these keys for tokens whose {@code iss} is exactly this. Call it once for each issuer. */
    public VerifierBuilder issuer(String issuer, KeySource keys) {
        sources.add(new Source(null, Objects.requireNonNull(issuer), Objects.requireNonNull(keys)));
        return this;
    }

    /**
     * Trusts these keys for calls that name them by {@link Demand#keySet}; only for tokens of this
     * issuer, unless it is null.
     */
    public VerifierBuilder keySet(String name, String issuer, KeySource keys) {
        sources.add(new Source(Objects.requireNonNull(name), issuer, Objects.requireNonNull(keys)));
        return this;
    }

    /**
     * Begins with the rules for JWT access tokens (RFC 9068 §4): {@code typ} is {@code at+jwt}, and
     * {@code iss}, {@code exp}, {@code aud}, {@code sub}, {@code client_id}, {@code iat} and
     * {@code jti} are required. The resource is the audience.
     */
    public VerifierBuilder accessTokens(String resource) {
        Objects.requireNonNull(resource);
        preset = (lent, algorithms, count, policy) ->
            Native.jot_policy_new_access_token(lent.text(resource), algorithms, count, policy, lent.error());
        return this;
    }

    /** Begins with the rules of OpenID Connect for ID Tokens. Add {@link #nonce} if one was sent. */
    public VerifierBuilder idTokens(String clientId) {
        Objects.requireNonNull(clientId);
        preset = (lent, algorithms, count, policy) ->
            Native.jot_policy_new_id_token(lent.text(clientId), algorithms, count, policy, lent.error());
        return this;
    }

    /** Adds audiences; the {@code aud} of a token must contain one of them. */
    public VerifierBuilder audience(String... audiences) {
        return each("audience", Native::jot_policy_audience, audiences);
    }

    /** Accepts tokens with any {@code aud}, or none. */
    public VerifierBuilder anyAudience() {
        return rule("any_audience", Native::jot_policy_any_audience);
    }

    /** Requires a {@code typ}, or one of several (RFC 8725 §3.11). */
    public VerifierBuilder type(String... types) {
        return each("typ", Native::jot_policy_typ, types);
    }

    /** Requires this {@code sub}. */
    public VerifierBuilder subject(String subject) {
        return each("subject", Native::jot_policy_subject, subject);
    }

    /** Requires claims to be present and not null. */
    public VerifierBuilder require(String... claims) {
        return each("required", Native::jot_policy_require, claims);
    }

    /** Requires the {@code nonce} that was sent with the authentication request. */
    public VerifierBuilder nonce(String nonce) {
        return each("nonce", Native::jot_policy_nonce, nonce);
    }

    /** Requires this {@code azp}. */
    public VerifierBuilder authorizedParty(String party) {
        return each("authorized_party", Native::jot_policy_authorized_party, party);
    }

    /** Requires all of these scopes, in {@code scope} or {@code scp}. */
    public VerifierBuilder scopes(String... scopes) {
        return each("scope", Native::jot_policy_scope, scopes);
    }

    /**
     * Declares that the program understands and processes these extensions, which {@code crit} may then
     * name (RFC 7515 §4.1.11).
     */
    public VerifierBuilder understandCritical(String... names) {
        return each("critical", Native::jot_policy_understand_critical, names);
    }

    /** Demands that the claims meet a condition, which must stay open until {@link #build}. */
    public VerifierBuilder condition(Condition condition) {
        Objects.requireNonNull(condition);
        rules.add(new Setting("claims", (policy, lent) ->
            condition.use(object -> Native.jot_policy_claim(policy, object))));
        return this;
    }

    /** Sets how many whole seconds the clocks of issuer and verifier may differ; 0 unless set. */
    public VerifierBuilder leeway(Duration leeway) {
        int seconds = seconds("leeway", leeway);
        return rule("leeway", policy -> Native.jot_policy_leeway(policy, seconds));
    }

    /** Requires an {@code iat} at most this many whole seconds ago. */
    public VerifierBuilder maxAge(Duration age) {
        int seconds = seconds("max_age", age);
        return rule("max_age", policy -> Native.jot_policy_max_age(policy, seconds));
    }

    /** Accepts tokens without {@code exp}, which never expire. */
    public VerifierBuilder allowMissingExp() {
        return rule("exp", Native::jot_policy_allow_missing_exp);
    }

    /** Accepts tokens whose {@code iat} is in the future. */
    public VerifierBuilder allowFutureIat() {
        return rule("iat", Native::jot_policy_allow_future_iat);
    }

    /** Makes it an error not to name the issuers. */
    public VerifierBuilder requireIssuer() {
        return rule("issuer", Native::jot_policy_issuer_required);
    }

    /** Sets the longest token and the longest header segment in bytes; 0 keeps the default, 64 KiB and 8 KiB. */
    public VerifierBuilder limits(long tokenBytes, long headerBytes) {
        if (tokenBytes < 0 || headerBytes < 0) {
            throw new JotException(Code.POLICY_INVALID, "limits", -1, null);
        }
        return rule("limits", policy -> Native.jot_policy_limits(policy, tokenBytes, headerBytes));
    }

    /** Checks the status of tokens that name a Token Status List. */
    public VerifierBuilder checkStatus() {
        return rule("status", Native::jot_policy_check_status);
    }

    /** Works like {@link #checkStatus}, and rejects tokens that name no list. */
    public VerifierBuilder requireStatus() {
        return rule("status", Native::jot_policy_require_status);
    }

    /**
     * Remembers up to this many accepted tokens, at 83 bytes each. It never changes a verdict: dates
     * and revocations are checked every time.
     */
    public VerifierBuilder cache(long entries) {
        builds.add(new Setting("cache", (builder, lent) ->
            entries < 0 ? Code.POLICY_INVALID.number() : Native.jot_verifier_builder_cache_entries(builder, entries)));
        return this;
    }

    /** Chooses the code that verifies signatures; {@link Backend#AWS_LC} unless set. */
    public VerifierBuilder backend(Backend backend) {
        int number = backend.ordinal();
        builds.add(new Setting("backend", (builder, lent) -> Native.jot_verifier_builder_backend(builder, number)));
        return this;
    }

    /** Has aws-lc check one in so many signatures as well that accelerated code accepted. */
    public VerifierBuilder crossCheck(int oneIn) {
        builds.add(new Setting("cross_check", (builder, lent) ->
            Native.jot_verifier_builder_cross_check(builder, oneIn)));
        return this;
    }

    /** Sets how long a token may wait for its key, if that has to be fetched: 5 seconds unless set, 0 for not. */
    public VerifierBuilder waiting(Duration wait) {
        if (wait.isNegative()) {
            throw new JotException(Code.POLICY_INVALID, "waiting", -1, null);
        }
        this.wait = wait;
        return this;
    }

    /** Sets what the time is asked of, for tests; the system unless set. */
    public VerifierBuilder clock(Clock clock) {
        this.clock = Objects.requireNonNull(clock);
        return this;
    }

    /**
     * Makes the verifier.
     *
     * @throws JotException {@link Code#ALGORITHMS_EMPTY}, {@link Code#KEYS_EMPTY},
     *     {@link Code#POLICY_INVALID} with the setting, {@link Code#ISSUER_REPEATED},
     *     {@link Code#ISSUER_REQUIRED} and others
     */
    public Verifier build() {
        try (Lent lent = new Lent()) {
            MemorySegment policy = lent.pointer();
            lent.check(preset.make(lent, lent.algorithms(algorithms), algorithms.size(), policy));
            try {
                return build(lent, Lent.pointed(policy));
            } finally {
                Native.jot_policy_free(Lent.pointed(policy));
            }
        }
    }

    private Verifier build(Lent lent, MemorySegment policy) {
        for (Setting rule : rules) {
            Lent.check(rule.apply.apply(policy, lent), rule.name);
        }
        MemorySegment made = lent.pointer();
        lent.check(Native.jot_verifier_builder_new(policy, made, lent.error()));
        MemorySegment builder = Lent.pointed(made);
        try {
            for (Source source : sources) {
                Lent.check(trust(builder, source, lent), "keys");
            }
            for (Setting setting : builds) {
                Lent.check(setting.apply.apply(builder, lent), setting.name);
            }
            MemorySegment verifier = lent.pointer();
            lent.check(Native.jot_verifier_builder_build(builder, verifier, lent.error()));
            return new Verifier(Lent.pointed(verifier), this);
        } finally {
            Native.jot_verifier_builder_free(builder);
        }
    }

    private static int trust(MemorySegment builder, Source source, Lent lent) {
        return switch (source.keys) {
            case KeySet set -> set.use(object -> trust(builder, source, object, lent));
            case RemoteKeys remote -> {
                try (KeySet set = remote.current()) {
                    yield set.use(object -> trust(builder, source, object, lent));
                }
            }
        };
    }

    private static int trust(MemorySegment builder, Source source, MemorySegment set, Lent lent) {
        if (source.name != null) {
            return Native.jot_verifier_builder_key_set(
                builder, lent.text(source.name), lent.optional(source.issuer), set);
        }
        return source.issuer != null
            ? Native.jot_verifier_builder_issuer(builder, lent.text(source.issuer), set)
            : Native.jot_verifier_builder_keys(builder, set);
    }

    private VerifierBuilder rule(String name, ToIntFunction<MemorySegment> apply) {
        rules.add(new Setting(name, (policy, lent) -> apply.applyAsInt(policy)));
        return this;
    }

    /** Applies one rule for each text. */
    private VerifierBuilder each(
        String name, BiFunction<MemorySegment, MemorySegment, Integer> apply, String... texts) {
        for (String text : texts) {
            Objects.requireNonNull(text, name);
            rules.add(new Setting(name, (policy, lent) -> apply.apply(policy, lent.text(text))));
        }
        return this;
    }

    /** The whole seconds of a rule, as an unsigned number. */
    static int seconds(String name, Duration duration) {
        if (duration.isNegative() || duration.getNano() != 0 || duration.getSeconds() >>> Integer.SIZE != 0) {
            throw new JotException(
                Code.POLICY_INVALID, name, -1, name + ": whole seconds of 32 bits are wanted, not " + duration);
        }
        return (int) duration.getSeconds();
    }
}
