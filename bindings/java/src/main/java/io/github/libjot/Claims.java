package io.github.libjot;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Claims Set of an accepted token. It is read when a claim is first asked for; {@link #text} is
 * free.
 */
public final class Claims {
    private final String text;
    /** Made when a claim is asked for; two threads may make it twice. */
    private Map<String, Object> members;

    Claims(String text) {
        this.text = text;
    }

    /** Returns the JSON text as it was signed, for a library that reads JSON. */
    public String text() {
        return text;
    }

    /**
     * Returns all claims, in their order; neither the map nor anything in it can be changed. A string
     * is a {@link String}, an integer that fits is a {@link Long}, a longer one a
     * {@link java.math.BigInteger}, another number the nearest {@link Double}, {@code true} and
     * {@code false} are {@link Boolean}, an array is a {@link List}, an object a {@link Map}, and
     * {@code null} is null.
     */
    public Map<String, Object> asMap() {
        Map<String, Object> made = members;
        if (made == null) {
            made = Json.object(text);
            members = made;
        }
        return made;
    }

    /** Returns a claim that is a string. */
    public Optional<String> string(String name) {
        return of(name, String.class);
    }

    /** Returns a claim that is an integer of 64 bits. */
    public Optional<Long> integer(String name) {
        return of(name, Long.class);
    }

    /** Returns a claim that is a number, as the nearest double. */
    public Optional<Double> number(String name) {
        return of(name, Number.class).map(Number::doubleValue);
    }

    /** Returns a claim that is {@code true} or {@code false}. */
    public Optional<Boolean> bool(String name) {
        return of(name, Boolean.class);
    }

    /** Returns the whole seconds of a claim that is a NumericDate, rounded towards the past. */
    public Optional<Instant> date(String name) {
        return number(name).filter(Double::isFinite).map(seconds -> Instant.ofEpochSecond((long) Math.floor(
            Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()))));
    }

    /** Returns a claim that is a string, or an array of strings, as {@code aud} may be. */
    public Optional<List<String>> strings(String name) {
        Object value = asMap().get(name);
        if (value instanceof String one) {
            return Optional.of(List.of(one));
        }
        if (value instanceof List<?> several && several.stream().allMatch(String.class::isInstance)) {
            return Optional.of(several.stream().map(String.class::cast).toList());
        }
        return Optional.empty();
    }

    /**
     * Follows names down through nested objects to a value of this type: for example
     * {@code at(List.class, "realm_access", "roles")}.
     */
    public <T> Optional<T> at(Class<T> type, String... path) {
        Object value = asMap();
        for (String name : path) {
            value = value instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
    }

    private <T> Optional<T> of(String name, Class<T> type) {
        return at(type, name);
    }

    /** Returns {@link #text}. */
    @Override
    public String toString() {
        return text;
    }
}
