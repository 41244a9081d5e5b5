package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifierTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.ES256, "k");
    private static final KeySet KEYS = KeySet.of(SIGNER);

    private static Verifier verifier() {
        return Verifier.builder().algorithms(Algorithm.ES256).issuer("https://a", KEYS).audience("api").build();
    }

    private static String token(String more) {
        return SIGNER.sign("{\"iss\":\"https://a\",\"aud\":\"api\",\"sub\":\"alice\",\"exp\":4102444800" + more + "}");
    }

    /** A system may have the other C library as well. */
    @Test
    void platformIsThatOfTheProcess() throws Exception {
        boolean glibc = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1).contains("libc.so.6");
        assertTrue(Library.platform().endsWith(glibc ? "-gnu" : "-musl"), Library.platform());
    }

    @Test
    void acceptedTokenSaysWhatIsKnownOfIt() {
        try (Verifier verifier = verifier()) {
            Token token = verifier.verify(token(",\"iat\":1700000000,\"nested\":{\"a\":[1,\"zwei\",{\"b\":null}]}"));
            assertEquals(Algorithm.ES256, token.algorithm());
            assertEquals(Optional.of("k"), token.keyId());
            assertEquals(Optional.of("JWT"), token.type());
            assertEquals(Optional.of("alice"), token.subject());
            assertEquals(Optional.of("https://a"), token.issuer());
            assertEquals(Optional.of(Instant.ofEpochSecond(4102444800L)), token.expiresAt());
            assertEquals(Optional.of(Instant.ofEpochSecond(1700000000L)), token.issuedAt());
            assertEquals(Optional.empty(), token.notBefore());
            assertEquals(Optional.of(List.of("api")), token.claims().strings("aud"));
            assertEquals(Optional.of(4102444800L), token.claims().integer("exp"));
            assertEquals(Optional.empty(), token.claims().integer("sub"));
            assertEquals(0, token.keyIndex());
            assertEquals(0, token.issuerIndex());
            assertFalse(token.fromCache());
            assertEquals("{\"typ\":\"JWT\",\"alg\":\"ES256\",\"kid\":\"k\"}".length(), token.header().length());
            assertTrue(token.text().startsWith("{\"iss\":\"https://a\""));
            List<?> inner = token.claims().at(List.class, "nested", "a").orElseThrow();
            assertEquals(List.of(1L, "zwei"), inner.subList(0, 2));
            assertThrows(UnsupportedOperationException.class, () -> token.claims().asMap().put("sub", "mallory"));
        }
    }

    @Test
    void rejectionNamesCodeAndClaimAndNothingOfTheToken() {
        try (Verifier verifier = verifier()) {
            String text = token("");
            Demand late = Demand.at(Instant.ofEpochSecond(4102444800L));
            JwtRejectedException expired =
                assertThrows(JwtRejectedException.class, () -> verifier.verify(text, late));
            assertEquals(new Outcome(Code.EXPIRED, true, "exp"), Outcome.of(expired));
            assertEquals("token rejected: expired [exp]", expired.getMessage());
            assertEquals(401, expired.status());
            assertEquals("Bearer realm=\"protected\", error=\"invalid_token\", error_description=\"" + Code.EXPIRED.meaning() + "\"",
                expired.challenge());
            assertEquals("exp=4102444800", expired.detail());
            Verification.Rejected other = assertInstanceOf(
                Verification.Rejected.class, verifier.check(text, Demand.NONE.audiences("other")));
            assertEquals("aud=\"api\"", other.detail());
            assertThrows(JwtRejectedException.class, other::orThrow);
            assertEquals(Code.ALG_NONE, verifier.code("eyJhbGciOiJub25lIn0.e30."));
        }
    }

    /** A character that is not in ASCII must not become one that is. */
    @Test
    void otherCharactersAreRejectedAsTheyAre() {
        try (Verifier verifier = verifier()) {
            String good = token("");
            assertEquals(Code.ACCEPTED, verifier.code(good));
            for (String wrong : List.of("\u00e9", "\u0141", "\u2603", "\ud83d\ude00", "\ud800", "\0", "?", " ", "\n")) {
                for (int at : new int[] {0, 5, good.indexOf('.') + 3, good.length() - 3, good.length()}) {
                    for (int end : new int[] {at, Math.min(at + 1, good.length())}) {
                        String changed = good.substring(0, at) + wrong + good.substring(end);
                        byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
                        assertNotEquals(Code.ACCEPTED, verifier.code(changed));
                        assertEquals(verifier.code(bytes, Demand.NONE), verifier.code(changed));
                    }
                }
            }
            // The same low byte as that of a character of the token.
            for (int at : new int[] {0, 5, good.length() - 3}) {
                char other = (char) (good.charAt(at) + 0x100);
                assertNotEquals(Code.ACCEPTED, verifier.code(good.substring(0, at) + other + good.substring(at + 1)));
            }
        }
    }

    @Test
    void hugeAndEmptyTokensAreRejected() {
        try (Verifier verifier = verifier()) {
            for (int length : new int[] {1 << 16, (1 << 16) + 1, 1 << 17, (1 << 17) + 1, 10_000_000}) {
                Code wanted = length > 1 << 16 ? Code.TOKEN_TOO_LONG : Code.TOKEN_SEGMENTS;
                assertEquals(wanted, verifier.code("a".repeat(length)));
                assertEquals(wanted, verifier.check("a".repeat(length)).code());
            }
            assertEquals(verifier.code("", Demand.NONE), verifier.code(new byte[0], Demand.NONE));
            assertEquals(401, verifier.code("").status());
            assertThrows(NullPointerException.class, () -> verifier.code((String) null));
            // And the buffers are what they were.
            assertEquals(Code.ACCEPTED, verifier.code(token("")));
        }
        String nested = "{\"a\":" + "[".repeat(33) + "]".repeat(33) + ",\"iss\":\"https://a\",\"aud\":\"api\",\"exp\":4102444800}";
        byte[] bytes = nested.getBytes(StandardCharsets.UTF_8);
        try (Verifier verifier = verifier()) {
            assertEquals(Code.CLAIMS_TOO_DEEP, verifier.code(SIGNER.signPayload(bytes, SignOptions.DEFAULT)));
        }
    }

    @Test
    void demandsNarrow() {
        try (Verifier verifier = verifier(); Condition gold = Condition.parse("tier equals gold")) {
            String text = token(",\"scope\":\"read write\",\"tier\":\"gold\"");
            assertEquals(Code.ACCEPTED, verifier.code(text, Demand.NONE.scopes("read", "write").condition(gold)));
            assertEquals(Code.SCOPE_INSUFFICIENT, verifier.code(text, Demand.NONE.scopes("read").scopes("admin")));
            assertEquals(403, Code.SCOPE_INSUFFICIENT.status());
            assertEquals(Code.CLAIM_MISSING, verifier.code(token(""), Demand.NONE.condition(gold)));
            assertEquals(Code.ACCEPTED, verifier.code(text, Demand.NONE.audiences("x", "api").issuers("https://a")));
            assertEquals(Code.AUD_MISMATCH, verifier.code(text, Demand.NONE.audiences("x")));
            assertEquals(Code.AUD_MISMATCH, verifier.code(text, Demand.NONE.audiences()));
            assertEquals(Code.ISS_MISMATCH, verifier.code(text, Demand.NONE.issuers("https://b")));
            assertEquals(Code.ISSUER_UNKNOWN, verifier.code(text, Demand.NONE.keySet("none")));
        }
        try (Verifier verifier = Verifier.builder().algorithms(Algorithm.ES256).keySet("mine", null, KEYS)
                .anyAudience().build()) {
            assertEquals(Code.ACCEPTED, verifier.code(token(""), Demand.NONE.keySet("mine")));
            assertEquals(Code.ISSUER_UNKNOWN, verifier.code(token("")));
        }
    }

    @Test
    void claimsAreLentForTheTimeOfAFunction() {
        try (Verifier verifier = verifier(); Condition gold = Condition.parse("tier equals gold")) {
            String text = token(",\"scope\":\"read\",\"tier\":\"gold\",\"roles\":[\"admin\"],\"n\":1.5,\"b\":true,\"t\":1e9");
            ClaimsView[] kept = new ClaimsView[1];
            assertEquals("alice", verifier.read(text, Demand.NONE, view -> {
                kept[0] = view;
                assertEquals(Optional.of(4102444800L), view.integer("exp"));
                assertEquals(Optional.of(Instant.ofEpochSecond(1_000_000_000)), view.date("t"));
                assertEquals(Optional.of(1.5), view.number("n"));
                assertEquals(Optional.of(true), view.bool("b"));
                assertEquals(Optional.empty(), view.string("n"));
                assertEquals(Optional.empty(), view.string("none"));
                assertEquals(Optional.of("[\"admin\"]"), view.text("roles"));
                assertEquals(Optional.empty(), view.text("roles", "x"));
                assertTrue(view.hasScope("read") && !view.hasScope("write"));
                assertTrue(view.contains("admin", "roles") && !view.contains("root", "roles"));
                assertTrue(view.meets(gold));
                // Another token, meanwhile.
                assertEquals(Code.ACCEPTED, verifier.code(token("")));
                return view.string("sub").orElseThrow();
            }));
            assertThrows(IllegalStateException.class, () -> kept[0].string("sub"));
        }
    }

    @Test
    void mistakesAreErrorsWithTheirCode() {
        VerifierBuilder empty = Verifier.builder().algorithms(Algorithm.ES256).keys(KEYS).audience("");
        JotException fault = assertThrows(JotException.class, empty::build);
        assertEquals(Code.POLICY_INVALID, fault.code());
        assertEquals("audience", fault.member());
        assertEquals(Code.ALGORITHMS_EMPTY,
            assertThrows(JotException.class, () -> Verifier.builder().keys(KEYS).build()).code());
        assertEquals(Code.KEYS_EMPTY, assertThrows(JotException.class,
            () -> Verifier.builder().algorithms(Algorithm.ES256).build()).code());
        assertEquals(Code.KEY_JSON,
            assertThrows(JotException.class, () -> KeySet.parse("{\"keys\":")).code());
        assertEquals(Code.POLICY_INVALID, assertThrows(JotException.class,
            () -> Verifier.builder().leeway(Duration.ofMillis(1))).code());
        assertEquals(Code.POLICY_INVALID, assertThrows(JotException.class,
            () -> Verifier.builder().maxAge(Duration.ofSeconds(-1))).code());
        JotException word = assertThrows(JotException.class, () -> Condition.parse("tier likes gold"));
        assertEquals("likes", word.member());
        assertTrue(word.getMessage().contains("likes"), word.getMessage());
        assertEquals(Code.ALG_UNKNOWN, assertThrows(JotException.class, () -> Algorithm.named("ES257")).code());
        assertThrows(NullPointerException.class, () -> Verifier.builder().audience((String) null));
    }

    @Test
    void keysAreReplacedAndSetsOfThemReturned() {
        try (Verifier verifier = verifier(); Signer next = Signer.generate(Algorithm.ES256, "next")) {
            String text = token("");
            assertEquals(Code.ACCEPTED, verifier.code(text));
            verifier.replaceKeys("https://a", KeySet.of(next));
            assertEquals(Code.KID_UNKNOWN, verifier.code(text));
            assertEquals(Optional.of("next"), verifier.keys("https://a").keys().getFirst().keyId());
            assertEquals(Code.ISSUER_UNKNOWN, assertThrows(JotException.class,
                () -> verifier.replaceKeys("https://b", KEYS)).code());
        }
    }

    @Test
    void cacheRevocationsAndCountersWorkTogether() {
        try (Verifier verifier = Verifier.builder().algorithms(Algorithm.ES256).keys(KEYS).anyAudience()
                .cache(100).backend(Backend.AUTO).build();
                Revocations list = Revocations.ofAtMost(10)) {
            String text = token(",\"jti\":\"j1\"");
            assertFalse(verifier.verify(text).fromCache());
            assertTrue(verifier.verify(text).fromCache());
            assertEquals(Code.EXPIRED, verifier.code(text, Demand.at(Instant.ofEpochSecond(4102444800L))));
            list.revokeJti("j1", null);
            verifier.setRevocations(list);
            assertEquals(Code.JTI_REVOKED, verifier.code(text));
            try (Revocations copy = verifier.revocations(); Revocations read = Revocations.parse(list.toText(), 10)) {
                assertEquals(1, copy.size());
                assertEquals(1, read.size());
            }
            list.revokeKey(KEYS.keys().getFirst().thumbprint());
            verifier.setRevocations(list);
            assertEquals(Code.KEY_REVOKED, verifier.code(token("")));
            Statistics counters = verifier.statistics();
            assertEquals(2, counters.accepted());
            assertEquals(3, counters.refused());
            assertEquals(1, counters.cacheHits());
            assertEquals(Map.of(Code.ACCEPTED, 2L, Code.EXPIRED, 1L, Code.JTI_REVOKED, 1L, Code.KEY_REVOKED, 1L),
                counters.verdicts());
            assertTrue(verifier.prometheus().contains("jot_"), verifier.prometheus());
            assertFalse(verifier.backend(Algorithm.ES256).isEmpty());
        }
    }

    @Test
    void tablesOfNamesAreThoseOfTheLibrary() {
        for (int at = 0; at < Code.values().length; at++) {
            Code code = Code.values()[at];
            assertEquals(Native.jot_code_at(at), code.number());
            assertEquals(Lent.fixed(Native.jot_code_name(code.number())), code.toString());
            assertFalse(code.meaning().contains("\"") || code.meaning().contains("\\"), code.meaning());
        }
        assertEquals(Native.JOT_NONE, Native.jot_code_at(Code.values().length));
        assertThrows(IllegalStateException.class, () -> Code.of(-1));
        assertThrows(IllegalStateException.class, () -> Code.of(1));
        for (Algorithm algorithm : Algorithm.values()) {
            assertEquals(algorithm, Algorithm.named(algorithm.toString()));
        }
        assertEquals("unknown", Lent.fixed(Native.jot_alg_name(Algorithm.values().length + 1)));
        assertEquals(Native.JOT_BACKEND_PORTABLE, Backend.PORTABLE.ordinal());
        assertEquals(Native.JOT_BACKEND_ACCELERATED, Backend.ACCELERATED.ordinal());
        assertEquals(Native.JOT_BACKEND_AUTO, Backend.AUTO.ordinal());
    }
}
