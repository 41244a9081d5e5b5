package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What one call demands beyond the rules of its verifier, and at which instant it verifies. Demands
 * only narrow. It never changes: each method returns another one, which calls may share.
 */
public final class Demand {
    /** No demands, at the time of the call. */
    public static final Demand NONE = new Demand(null, List.of(), null, null, null, List.of());

    /** The seconds since 1970 at which it verifies; null for the time of the call. */
    final Long at;
    final List<String> scopes;
    final List<String> audiences;
    final List<String> issuers;
    final String keySet;
    final List<Condition> conditions;
    /** A jot_demand, or null for none. */
    final MemorySegment lent;
    /** Views of the scopes. */
    final MemorySegment scopeViews;

    private Demand(
        Long at, List<String> scopes, List<String> audiences, List<String> issuers, String keySet,
        List<Condition> conditions) {
        this.at = at;
        this.scopes = scopes;
        this.audiences = audiences;
        this.issuers = issuers;
        this.keySet = keySet;
        this.conditions = conditions;
        boolean demands = audiences != null || issuers != null || keySet != null;
        Lent memory = demands || !scopes.isEmpty() ? new Lent(Arena.ofAuto()) : null;
        scopeViews = scopes.isEmpty() ? null : memory.texts(scopes);
        lent = demands ? struct(memory) : null;
    }

    private MemorySegment struct(Lent memory) {
        MemorySegment made = memory.struct(Native.Demand.SIZE);
        if (issuers != null) {
            made.set(ADDRESS, Native.Demand.issuers, memory.texts(issuers));
            made.set(JAVA_LONG, Native.Demand.issuer_count, issuers.size());
        }
        if (audiences != null) {
            made.set(ADDRESS, Native.Demand.audiences, memory.texts(audiences));
            made.set(JAVA_LONG, Native.Demand.audience_count, audiences.size());
        }
        if (keySet != null) {
            Lent.put(made, Native.Demand.key_set, memory.text(keySet));
        }
        return made;
    }

    /** Verifies at this instant instead of now. */
    public static Demand at(Instant instant) {
        return NONE.now(instant);
    }

    /** Verifies at this instant instead of the time of the call. */
    public Demand now(Instant instant) {
        return nowEpochSecond(instant.getEpochSecond());
    }

    /** Works like {@link #now}, for instants that {@link Instant} does not have. */
    public Demand nowEpochSecond(long seconds) {
        return new Demand(seconds, scopes, audiences, issuers, keySet, conditions);
    }

    /** Demands all of these scopes. A token that lacks one is {@link Code#SCOPE_INSUFFICIENT}, which is 403. */
    public Demand scopes(String... scopes) {
        return new Demand(at, joined(this.scopes, scopes), audiences, issuers, keySet, conditions);
    }

    /** Demands that {@code aud} is or contains one of these; none rejects every token. */
    public Demand audiences(String... audiences) {
        return new Demand(at, scopes, joined(this.audiences, audiences), issuers, keySet, conditions);
    }

    /** Demands that {@code iss} is exactly one of these; none rejects every token. */
    public Demand issuers(String... issuers) {
        return new Demand(at, scopes, audiences, joined(this.issuers, issuers), keySet, conditions);
    }

    /** Names the key set that must verify the token; see {@link Verifier.Builder#keySet}. */
    public Demand keySet(String name) {
        return new Demand(at, scopes, audiences, issuers, Objects.requireNonNull(name), conditions);
    }

    /** Demands that the claims meet a condition, which must stay open. */
    public Demand condition(Condition condition) {
        return new Demand(
            at, scopes, audiences, issuers, keySet,
            Stream.concat(conditions.stream(), Stream.of(condition)).toList());
    }

    private static List<String> joined(List<String> before, String[] more) {
        return Stream.concat(before == null ? Stream.of() : before.stream(), Stream.of(more))
            .map(Objects::requireNonNull).toList();
    }

    /** Tells whether the claims are looked at after the engine accepted the token. */
    boolean needsClaims() {
        return scopeViews != null || !conditions.isEmpty();
    }

    /** Checks the demands that the engine takes after an accepted token. */
    int met(Slot slot) {
        if (scopeViews != null) {
            int code = Native.jot_claims_have_scopes(slot.scratch, scopeViews, scopes.size());
            if (code != Native.JOT_ACCEPTED) {
                return code;
            }
        }
        for (Condition condition : conditions) {
            int code = condition.use(object -> Native.jot_claims_meet(slot.scratch, object));
            if (code != Native.JOT_ACCEPTED) {
                return code;
            }
        }
        return Native.JOT_ACCEPTED;
    }
}
