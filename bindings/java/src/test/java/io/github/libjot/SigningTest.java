package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SigningTest {
    @Test
    void everyAlgorithmSignsAndVerifies() {
        for (Algorithm algorithm : Algorithm.values()) {
            try (Signer signer = Signer.generate(algorithm, "k"); KeySet keys = KeySet.of(signer);
                    Verifier verifier =
                        Verifier.builder().algorithms(algorithm).keys(keys).anyAudience().build()) {
                Token token = verifier.verify(signer.sign(Map.of("exp", 4102444800L)));
                assertEquals(algorithm, token.algorithm());
                assertEquals(Optional.of(algorithm), signer.info().signs());
                assertEquals(Optional.of("k"), signer.info().keyId());
                try (Signer again = Signer.ofJwk(signer.toPrivateJwk(), KeyOptions.DEFAULT)) {
                    assertEquals(signer.info(), again.info());
                }
            }
        }
    }

    @Test
    void claimsAreWrittenAsTheyAre() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", "\"\\\n\u00e9\ud83d\ude00\u0000");
        claims.put("exp", Instant.ofEpochSecond(4102444800L, 999));
        claims.put("n", -1.5);
        claims.put("list", List.of(1, true, "x", List.of(), Map.of()));
        claims.put("none", null);
        try (Signer signer = Signer.generate(Algorithm.HS256); KeySet keys = KeySet.of(signer);
                Verifier verifier = Verifier.builder().algorithms(Algorithm.HS256).keys(keys).build()) {
            Claims found = verifier.verify(signer.sign(claims)).claims();
            assertEquals(claims.get("sub"), found.string("sub").orElseThrow());
            assertEquals(4102444800L, found.integer("exp").orElseThrow());
            assertEquals(-1.5, found.number("n").orElseThrow());
            assertEquals(List.of(1L, true, "x", List.of(), Map.of()), found.asMap().get("list"));
            assertTrue(found.asMap().containsKey("none") && found.asMap().get("none") == null);
            assertThrows(IllegalArgumentException.class, () -> signer.sign(Map.of("n", Double.NaN)));
            assertThrows(IllegalArgumentException.class, () -> signer.sign(Map.of("o", new Object())));
            assertEquals(Code.CLAIMS_TO_SIGN_INVALID,
                assertThrows(JotException.class, () -> signer.sign("{\"a\":1,\"a\":2}")).code());
        }
    }

    @Test
    void headerHasWhatTheOptionsSay() {
        try (Signer signer = Signer.generate(Algorithm.EDDSA, "k"); KeySet keys = KeySet.of(signer);
                Verifier verifier = Verifier.builder().algorithms(Algorithm.EDDSA).keys(keys).type("at+jwt").build()) {
            SignOptions options = SignOptions.DEFAULT.type("at+jwt").contentType("x").parameters(Map.of("a", List.of(1)));
            Token token = verifier.verify(signer.sign(Map.of("exp", 4102444800L), options));
            assertEquals(Optional.of("at+jwt"), token.type());
            assertTrue(token.header().contains("\"cty\":\"x\"") && token.header().contains("\"a\":[1]"), token.header());
            assertEquals(Code.TYP_MISMATCH, verifier.code(signer.sign("{\"exp\":4102444800}")));
            assertEquals(Code.HEADER_TO_SIGN_INVALID, assertThrows(JotException.class,
                () -> signer.sign("{}", SignOptions.DEFAULT.parameters(Map.of("alg", "none")))).code());
            byte[] payload = "not.json".getBytes(StandardCharsets.UTF_8);
            for (SignOptions form : List.of(SignOptions.DEFAULT.detached(), SignOptions.DEFAULT.detachedUnencoded())) {
                assertThrows(IllegalArgumentException.class, () -> signer.sign("{}", form));
            }
            try (Verifier any = Verifier.builder().algorithms(Algorithm.EDDSA).keys(keys).build()) {
                String detached = signer.signPayload(payload, SignOptions.DEFAULT.detachedUnencoded());
                assertArrayEquals(payload, any.verifyJws(detached, null, payload).payload());
                byte[] other = {1};
                assertEquals(Code.SIGNATURE_INVALID, assertThrows(JwtRejectedException.class,
                    () -> any.verifyJws(detached, null, other)).code());
            }
        }
    }

    @Test
    void keysOfJavaAreTaken() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        Map<KeyPair, Algorithm> pairs = Map.of(
            rsa.generateKeyPair(), Algorithm.RS256, ec.generateKeyPair(), Algorithm.ES256,
            KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), Algorithm.EDDSA);
        for (Map.Entry<KeyPair, Algorithm> pair : pairs.entrySet()) {
            try (Signer signer = Signer.of(pair.getKey().getPrivate(), KeyOptions.DEFAULT);
                    KeySet keys = KeySet.of(pair.getKey().getPublic(), KeyOptions.DEFAULT.keyId("k"));
                    Verifier verifier = Verifier.builder().algorithms(pair.getValue()).keys(keys).build()) {
                assertEquals(Code.ACCEPTED, verifier.code(signer.sign("{\"exp\":4102444800}")));
                assertTrue(keys.toPem(0).startsWith("-----BEGIN PUBLIC KEY-----"));
                assertEquals(Optional.of("k"), keys.keys().getFirst().keyId());
            }
        }
    }

    @Test
    void signaturesOfMessagesAreChecked() {
        try (Signer signer = Signer.generate(Algorithm.ES256); KeySet keys = KeySet.of(signer)) {
            byte[] message = {1, 2, 3};
            byte[] signature = signer.signMessage(message);
            assertTrue(keys.isSignature(0, Algorithm.ES256, message, signature));
            assertFalse(keys.isSignature(0, Algorithm.ES256, new byte[] {1}, signature));
            assertFalse(keys.isSignature(0, Algorithm.ES384, message, signature));
            assertThrows(JotException.class, () -> keys.isSignature(1, Algorithm.ES256, message, signature));
        }
    }

    @Test
    void setsSayWhatIsInThemAndWhatWasSkipped() {
        try (Signer signer = Signer.generate(Algorithm.ES256, "a"); KeySet one = KeySet.of(signer)) {
            String jwks = one.toJwks().replace("{\"keys\":[", "{\"keys\":[{\"kty\":\"new\",\"kid\":\"b\"},");
            try (KeySet keys = KeySet.parse(jwks)) {
                assertEquals(1, keys.size());
                assertTrue(keys.skipped().contains("b"), keys.skipped());
                KeyInfo info = keys.keys().getFirst();
                assertEquals(Set.of(Algorithm.ES256), info.algorithms());
                assertEquals("EC", info.type());
                assertEquals(Optional.of("P-256"), info.curve());
                assertEquals(Optional.empty(), info.signs());
            }
        }
        byte[] secret = "0123456789abcdef0123456789abcdef\n".getBytes(StandardCharsets.US_ASCII);
        try (KeySet keys = KeySet.ofSecret(secret, KeyOptions.DEFAULT)) {
            assertTrue(keys.secretDoubt().isPresent());
            assertEquals(Code.KEY_SECRET_NOT_PUBLIC, assertThrows(JotException.class, keys::toJwks).code());
        }
        assertEquals(Code.KEY_SECRET_TOO_SHORT, assertThrows(JotException.class,
            () -> KeySet.ofSecret(Arrays.copyOf(secret, 8), KeyOptions.DEFAULT)).code());
    }
}
