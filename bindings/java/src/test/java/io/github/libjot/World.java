package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A case in the making: what tests/c/cases.c keeps, too. */
final class World {
    final VerifierBuilder builder = Verifier.builder();
    final List<StatusList> lists = new ArrayList<>();
    KeyOptions reading = KeyOptions.DEFAULT;
    KeySet keys;
    long now;
    byte[] token;
    byte[] detached;
    private JotException fault;

    void read(Supplier<KeySet> read) {
        keys = null;
        try {
            keys = read.get();
        } catch (JotException refused) {
            fault = fault == null ? refused : fault;
        }
    }

    void trust(String issuer) {
        if (keys == null) {
            return;
        }
        if (issuer == null) {
            builder.keys(keys);
        } else {
            builder.issuer(issuer, keys);
        }
    }

    /** Sets a rule of the shared table, whose value is of the types of {@link Json}. */
    void rule(String name, Object value) {
        switch (name) {
            case "algorithms" -> each(value, text -> builder.algorithms(Algorithm.named(text)));
            case "issuers" -> { }
            case "allow_weak_keys" -> reading = reading.allowWeakKeys();
            case "key_alg" -> reading = reading.algorithm(Algorithm.named((String) value));
            case "access_token" -> builder.accessTokens((String) value);
            case "id_token" -> builder.idTokens((String) value);
            case "audiences" -> each(value, builder::audience);
            case "typs" -> each(value, builder::type);
            case "required" -> each(value, builder::require);
            case "scopes" -> each(value, builder::scopes);
            case "understand_critical" -> each(value, builder::understandCritical);
            case "claims" -> each(value, text -> builder.condition(Condition.parse(text)));
            case "subject" -> builder.subject((String) value);
            case "nonce" -> builder.nonce((String) value);
            case "authorized_party" -> builder.authorizedParty((String) value);
            case "leeway" -> builder.leeway(Duration.ofSeconds((Long) value));
            case "max_age" -> builder.maxAge(Duration.ofSeconds((Long) value));
            case "token_bytes" -> builder.limits((Long) value, 0);
            case "header_bytes" -> builder.limits(0, (Long) value);
            default -> flag(name, value);
        }
    }

    private void flag(String name, Object value) {
        assertEquals(true, value, name);
        switch (name) {
            case "any_audience" -> builder.anyAudience();
            case "allow_missing_exp" -> builder.allowMissingExp();
            case "allow_future_iat" -> builder.allowFutureIat();
            case "issuer_required" -> builder.requireIssuer();
            case "check_status" -> builder.checkStatus();
            case "require_status" -> builder.requireStatus();
            default -> throw new AssertionError("the policy has an unknown setting: " + name);
        }
    }

    private static void each(Object value, Consumer<String> use) {
        ((List<?>) value).forEach(text -> use.accept((String) text));
    }

    void statusList(Map<String, Object> list) {
        String sub = (String) list.get("sub");
        lists.add(switch ((String) list.get("absent")) {
            case null -> StatusList.ofClaims(Json.write(list), 1 << 10);
            case "status_list_not_yet" -> StatusList.notYet(sub);
            case "status_list_stale" -> StatusList.stale(sub);
            case String other -> throw new AssertionError(other + ": what is that?");
        });
    }

    /** Gives the answer of every way to verify, which must be the same. */
    Outcome judge(boolean jws, Batch batch) {
        if (fault != null) {
            return Outcome.of(fault);
        }
        try (Verifier verifier = builder.build()) {
            lists.forEach(verifier::putStatusList);
            return jws ? jws(verifier) : every(verifier, batch);
        } catch (JotException refused) {
            return Outcome.of(refused);
        }
    }

    private Outcome jws(Verifier verifier) {
        try {
            verifier.verifyJws(new String(token, StandardCharsets.UTF_8), null, detached);
            return new Outcome(Code.ACCEPTED, true, "");
        } catch (JwtRejectedException rejection) {
            return Outcome.of(rejection);
        }
    }

    private Outcome every(Verifier verifier, Batch batch) {
        Demand at = Demand.NONE.nowEpochSecond(now);
        Verification found = verifier.check(token, at);
        Outcome outcome = Outcome.of(found);
        assertEquals(outcome.code(), verifier.code(token, at));
        Verdicts verdicts = batch.verify(
            verifier, new byte[][] {token}, BatchOptions.DEFAULT.atEpochSeconds(new long[] {now}));
        assertEquals(outcome.code(), verdicts.code(0));
        assertEquals(outcome.signed(), verdicts.signatureOk(0));
        assertEquals(outcome.code() == Code.ACCEPTED ? 1 : 0, verdicts.accepted());
        String text = new String(token, StandardCharsets.UTF_8);
        // The token may be bytes that are not UTF-8, which no String has.
        if (java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), token)) {
            asText(verifier, found, text, at);
        }
        return outcome;
    }

    private static void asText(Verifier verifier, Verification found, String text, Demand at) {
        if (found instanceof Verification.Accepted accepted) {
            Token token = verifier.verify(text, at);
            assertEquals(accepted.token().text(), token.text());
            assertArrayEquals(accepted.token().payload(), token.payload());
            verifier.read(text, at, view -> {
                compare(view, token.claims());
                return null;
            });
            return;
        }
        JwtRejectedException rejection = assertThrows(JwtRejectedException.class, () -> verifier.verify(text, at));
        assertEquals(Outcome.of(found), Outcome.of(rejection));
        assertThrows(JwtRejectedException.class, () -> verifier.read(text, at, view -> null));
    }

    /** What Java made of the claims is what the engine says of them. */
    private static void compare(ClaimsView view, Claims claims) {
        assertEquals(view.text().orElseThrow(), claims.text());
        claims.asMap().forEach((name, value) -> {
            assertEquals(view.string(name), claims.string(name), name);
            assertEquals(view.integer(name), claims.integer(name), name);
            // -0 is an integer, and Long has no such zero.
            assertEquals(view.number(name).map(n -> n + 0.0), claims.number(name).map(n -> n + 0.0), name);
            assertEquals(view.bool(name), claims.bool(name), name);
            String text = view.text(name).orElseThrow();
            assertEquals(value instanceof String ? text : Json.read(text), value, name);
        });
    }
}
