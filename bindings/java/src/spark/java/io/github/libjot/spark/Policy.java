package io.github.libjot.spark;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.libjot.Algorithm;
import io.github.libjot.Backend;
import io.github.libjot.KeyOptions;
import io.github.libjot.KeySet;
import io.github.libjot.Verifier;
import io.github.libjot.VerifierBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The verifiers of a JVM, one for each text that says what it is: a JSON object with {@code algorithms},
 * {@code keys} (a JWK Set) or {@code issuers} (an object from issuer to JWK Set), {@code audience} or
 * {@code any_audience}, and, where wanted, {@code scopes}, {@code types}, {@code require}, {@code leeway}
 * and {@code max_age} in seconds, and {@code cache}, the number of tokens that are remembered. Keys are in
 * force between their {@code nbf} and {@code exp}, as in an audit.
 */
final class Policy {
    /** A query has one policy, or a few: this many are none that a program wrote. */
    private static final int MOST = 1000;

    private static final ObjectMapper JSON =
        new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final Map<String, Verifier> MADE = new ConcurrentHashMap<>();

    private Policy() {}

    /** Returns the verifier of a text; it lives as long as the JVM. */
    static Verifier of(String text) {
        Verifier found = MADE.get(text);
        if (found != null) {
            return found;
        }
        if (MADE.size() >= MOST) {
            throw new IllegalStateException("there are " + MOST + " policies: a policy is no column");
        }
        return MADE.computeIfAbsent(text, Policy::make);
    }

    private static Verifier make(String text) {
        JsonNode policy;
        try {
            policy = JSON.readTree(text);
        } catch (JsonProcessingException fault) {
            // Its message may show the text.
            throw new IllegalArgumentException("the policy is no JSON with unique names");
        }
        if (!policy.isObject()) {
            throw new IllegalArgumentException("the policy is no JSON object");
        }
        VerifierBuilder builder = Verifier.builder().backend(Backend.AUTO);
        policy.properties().forEach(member -> set(builder, member.getKey(), member.getValue()));
        return builder.build();
    }

    private static void set(VerifierBuilder builder, String name, JsonNode value) {
        switch (name) {
            case "algorithms" -> each(name, value, text -> builder.algorithms(Algorithm.named(text)));
            case "keys" -> builder.keys(KeySet.ofJwks(value.toString(), KeyOptions.DEFAULT.dated()));
            case "issuers" -> value.properties().forEach(issuer ->
                builder.issuer(issuer.getKey(), KeySet.ofJwks(issuer.getValue().toString(), KeyOptions.DEFAULT.dated())));
            case "audience" -> each(name, value, builder::audience);
            case "scopes" -> each(name, value, builder::scopes);
            case "types" -> each(name, value, builder::type);
            case "any_audience" -> {
                if (!value.isBoolean()) {
                    throw wrong(name, "true or false");
                }
                if (value.booleanValue()) {
                    builder.anyAudience();
                }
            }
            case "require" -> each(name, value, builder::require);
            case "max_age" -> builder.maxAge(Duration.ofSeconds(whole(name, value)));
            case "leeway" -> builder.leeway(Duration.ofSeconds(whole(name, value)));
            case "cache" -> builder.cache(whole(name, value));
            default -> throw new IllegalArgumentException("the policy has an unknown member: " + name);
        }
    }

    private static long whole(String name, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number");
        }
        return value.longValue();
    }

    private static void each(String name, JsonNode value, Consumer<String> use) {
        if (!value.isArray()) {
            throw wrong(name, "an array of strings");
        }
        value.forEach(text -> {
            if (!text.isTextual()) {
                throw wrong(name, "an array of strings");
            }
            use.accept(text.textValue());
        });
    }

    private static IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException("the policy's " + name + " is not " + wanted);
    }
}
