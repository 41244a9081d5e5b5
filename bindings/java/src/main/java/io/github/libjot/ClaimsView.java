package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The claims of an accepted token, lent for the time of a function; see {@link Verifier#read}. What is
 * returned is copied. Only the thread of the function may use it, and not after its end.
 */
public final class ClaimsView {
    private final Thread thread = Thread.currentThread();
    private Slot slot;

    ClaimsView(Slot slot) {
        this.slot = slot;
    }

    void end() {
        slot = null;
    }

    private MemorySegment scratch() {
        if (slot == null || Thread.currentThread() != thread) {
            throw new IllegalStateException("the claims were lent to the thread of a function that has ended");
        }
        return slot.scratch;
    }

    /** A call that reads a claim with this name. */
    @FunctionalInterface
    private interface Ask {
        int claim(MemorySegment scratch, MemorySegment name, MemorySegment to);
    }

    private <T> Optional<T> ask(String name, Ask ask, Function<MemorySegment, T> found) {
        MemorySegment scratch = scratch();
        try (Lent lent = new Lent()) {
            MemorySegment to = lent.arena.allocate(Native.SLICE);
            int code = ask.claim(scratch, lent.text(name), to);
            if (code == Code.VALUE_MISSING.number() || code == Code.VALUE_TYPE.number()) {
                return Optional.empty();
            }
            Lent.check(code, name);
            return Optional.of(found.apply(to));
        }
    }

    /** Returns a claim that is a string. */
    public Optional<String> string(String name) {
        return ask(name, Native::jot_claims_text, view -> Lent.string(view, 0));
    }

    /** Returns a claim that is an integer of 64 bits, written without fraction and exponent. */
    public Optional<Long> integer(String name) {
        return ask(name, Native::jot_claims_integer, to -> to.get(JAVA_LONG, 0));
    }

    /** Returns a claim that is a number, as the nearest double. */
    public Optional<Double> number(String name) {
        return ask(name, Native::jot_claims_number, to -> to.get(JAVA_DOUBLE, 0));
    }

    /** Returns a claim that is {@code true} or {@code false}. */
    public Optional<Boolean> bool(String name) {
        return ask(name, Native::jot_claims_boolean, to -> to.get(JAVA_INT, 0) != 0);
    }

    /** Returns the whole seconds of a claim that is a NumericDate, rounded towards the past. */
    public Optional<Instant> date(String name) {
        return ask(name, Native::jot_claims_date, to -> Instant.ofEpochSecond(Math.clamp(
            to.get(JAVA_LONG, 0), Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())));
    }

    /**
     * Follows names down through nested objects, and returns what is there: a string with its escapes
     * resolved, and any other value as the JSON text that was signed. Without names it is the whole
     * Claims Set.
     */
    public Optional<String> text(String... path) {
        MemorySegment scratch = scratch();
        try (Lent lent = new Lent()) {
            MemorySegment value = lent.arena.allocate(Native.Value.SIZE, 8);
            int code = Native.jot_claims_path(scratch, lent.texts(List.of(path)), path.length, value);
            if (code == Code.VALUE_MISSING.number()) {
                return Optional.empty();
            }
            Lent.check(code, "path");
            return Optional.ofNullable(Lent.string(value, Native.Value.text));
        }
    }

    /** Tells whether the token grants a scope, in {@code scope} or {@code scp}. */
    public boolean hasScope(String scope) {
        MemorySegment scratch = scratch();
        try (Lent lent = new Lent()) {
            return Native.jot_claims_has_scope(scratch, lent.text(scope));
        }
    }

    /**
     * Tells whether the names lead to an array that has this string among its elements, such as a role.
     */
    public boolean contains(String element, String... path) {
        MemorySegment scratch = scratch();
        try (Lent lent = new Lent()) {
            return Native.jot_claims_contains(scratch, lent.texts(List.of(path)), path.length, lent.text(element));
        }
    }

    /** Tells whether the claims meet a condition. */
    public boolean meets(Condition condition) {
        MemorySegment scratch = scratch();
        int code = condition.use(object -> Native.jot_claims_meet(scratch, object));
        if (code != Code.CLAIM_MISSING.number() && code != Code.CLAIM_MISMATCH.number()) {
            Lent.check(code, "condition");
        }
        return code == Native.JOT_ACCEPTED;
    }
}
