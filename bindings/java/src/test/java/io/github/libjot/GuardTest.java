package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuardTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.ES256);
    private static final Verifier VERIFIER =
        Verifier.builder().algorithms(Algorithm.ES256).keys(KeySet.of(SIGNER)).build();
    private static final String WHERE = "https://api.example/.well-known/oauth-protected-resource";
    private static final Guard GUARD = new Guard(VERIFIER, "orders", WHERE);
    private static final Demand READ = Demand.NONE.scopes("read");

    private static String token(String scope) {
        return SIGNER.sign("{\"sub\":\"alice\",\"exp\":4102444800,\"scope\":\"" + scope + "\"}");
    }

    private static void refuses(int status, Code code, String challenge, String... fields) {
        Guard.Refused refused = assertInstanceOf(Guard.Refused.class, GUARD.judge(List.of(fields), READ));
        assertEquals(status, refused.status());
        assertEquals(code, refused.code());
        assertEquals(challenge, refused.challenge());
    }

    @Test
    void oneAcceptedTokenPasses() {
        for (List<String> fields : List.of(
                List.of("Bearer " + token("read")), List.of("bEARER   " + token("read") + " "),
                List.of("Basic YTpi", "Bearer " + token("x read")))) {
            Guard.Passed passed = assertInstanceOf(Guard.Passed.class, GUARD.judge(fields, READ));
            assertEquals(Optional.of("alice"), passed.token().subject());
        }
    }

    @Test
    void answersAreThoseOfRfc6750() {
        String where = ", resource_metadata=\"" + WHERE + "\"";
        // Without a token the metadata say where to ask for the scopes.
        String none = "Bearer realm=\"orders\", scope=\"read\"" + where;
        refuses(401, Code.TOKEN_NULL, none);
        refuses(401, Code.TOKEN_NULL, none, "Basic YTpi");
        refuses(403, Code.SCOPE_INSUFFICIENT,
            "Bearer realm=\"orders\", error=\"insufficient_scope\", error_description=\""
                + Code.SCOPE_INSUFFICIENT.meaning() + "\", scope=\"read\"" + where,
            "Bearer " + token("write"));
        refuses(401, Code.TOKEN_SEGMENTS,
            "Bearer realm=\"orders\", error=\"invalid_token\", error_description=\""
                + Code.TOKEN_SEGMENTS.meaning() + "\"" + where,
            "Bearer x");
        String several = "Bearer realm=\"orders\", error=\"invalid_request\", "
            + "error_description=\"There is more than one token.\"" + where;
        refuses(400, Code.TOKEN_NULL, several, "Bearer a", "Bearer a");
        refuses(400, Code.TOKEN_NULL, several, "Bearer a, bearer b");
    }

    @Test
    void serverFaultsHaveNoChallenge() {
        Verifier none = Verifier.builder().algorithms(Algorithm.ES256).keys(KeySet.of(SIGNER)).checkStatus().build();
        none.setRevocations(Revocations.notYet());
        Guard.Refused refused = assertInstanceOf(
            Guard.Refused.class, new Guard(none).judge(List.of("Bearer " + token("read")), READ));
        assertEquals(503, refused.status());
        assertEquals(Code.REVOCATIONS_NOT_YET, refused.code());
        assertEquals("", refused.challenge());
    }

    @Test
    void realmsAreQuoted() {
        Guard guard = new Guard(VERIFIER, "a\"b\r\nX-Evil: 1", null);
        Guard.Refused refused = assertInstanceOf(Guard.Refused.class, guard.judge(List.of(), Demand.NONE));
        assertEquals("Bearer realm=\"a\\\"bX-Evil: 1\"", refused.challenge());
        Guard.Refused usual = assertInstanceOf(Guard.Refused.class, new Guard(VERIFIER).judge(List.of(), Demand.NONE));
        assertEquals("Bearer realm=\"protected\"", usual.challenge());
        assertThrows(NullPointerException.class, () -> new Guard(VERIFIER, null, null));
    }
}
