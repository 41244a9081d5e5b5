package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.RS256, "k");
    private static final Verifier VERIFIER =
        Verifier.builder().algorithms(Algorithm.RS256).keys(KeySet.of(SIGNER)).build();

    @Test
    void rowsHaveTheVerdictsOfSingleTokens() {
        String good = SIGNER.sign("{\"exp\":4102444800}");
        List<String> tokens = Arrays.asList(good, "x", null, good, "", "\u0141");
        for (int threads : new int[] {1, 2, 0}) {
            try (Batch batch = Batch.of(threads)) {
                Verdicts found = batch.verify(VERIFIER, tokens);
                assertEquals(6, found.size());
                for (int row = 0; row < tokens.size(); row++) {
                    Code wanted = tokens.get(row) == null ? Code.TOKEN_NULL : VERIFIER.code(tokens.get(row));
                    assertEquals(wanted, found.code(row), "row " + row);
                }
                assertEquals(2, found.accepted());
                assertEquals(4, found.distinct());
                assertTrue(found.isAccepted(0) && found.signatureOk(0) && !found.repeated(0) && found.repeated(3));
                assertFalse(found.fromCache(0) || found.signatureOk(1));
                assertEquals(0, found.keyIndex(0));
                assertEquals(-1, found.keyIndex(1));
                assertEquals(Optional.of(Instant.ofEpochSecond(4102444800L)), found.expiresAt(0));
                assertEquals(Optional.empty(), found.expiresAt(1));
                assertEquals(Code.EXPIRED, batch.verify(VERIFIER, tokens, Instant.MAX).code(0));
                assertEquals(0, batch.verify(VERIFIER, List.of()).size());
            }
        }
        assertEquals(Code.BATCH_INVALID, assertThrows(JotException.class, () -> Batch.of(1025)).code());
        assertThrows(JotException.class, () -> Batch.of(-1));
    }

    @Test
    void rowsAreJudgedAtTheirInstants() {
        String good = SIGNER.sign("{\"exp\":2000}");
        List<String> tokens = List.of(good, good, good, "x");
        try (Batch batch = Batch.of(1)) {
            Verdicts found = batch.verify(VERIFIER, tokens, BatchOptions.DEFAULT.at(Arrays.asList(
                Instant.ofEpochSecond(1999, 999_999_999), Instant.ofEpochSecond(2000), null, null)));
            assertEquals(List.of(Code.ACCEPTED, Code.EXPIRED, Code.TIME_UNKNOWN, Code.TOKEN_SEGMENTS), codes(found));
            found = batch.verify(VERIFIER, tokens, BatchOptions.DEFAULT.atEpochSeconds(new long[] {2000, 1999, 0, 0}));
            assertEquals(List.of(Code.EXPIRED, Code.ACCEPTED, Code.ACCEPTED, Code.TOKEN_SEGMENTS), codes(found));
            assertThrows(IllegalArgumentException.class,
                () -> batch.verify(VERIFIER, tokens, BatchOptions.DEFAULT.atEpochSeconds(new long[3])));
            assertThrows(IllegalStateException.class, () -> batch.verify(VERIFIER, tokens).keyState(0));
        }
    }

    private static List<Code> codes(Verdicts found) {
        return IntStream.range(0, found.size()).mapToObj(found::code).toList();
    }

    @Test
    void auditHasItsColumns() {
        try (Signer old = Signer.generate(Algorithm.ES256, "old"); Signer other = Signer.generate(Algorithm.ES256, "o");
                KeySet ours = KeySet.of(old);
                KeySet dated = KeySet.ofJwks(
                    ours.toJwks().replace("\"kty\"", "\"exp\":1500,\"kty\""), KeyOptions.DEFAULT.dated());
                Verifier verifier = Verifier.builder().algorithms(Algorithm.ES256).issuer("https://\u00e9", dated).build();
                Batch batch = Batch.of(1)) {
            String good = old.sign(Map.of(
                "iss", "https://\u00e9", "sub", "alice", "jti", "j", "nbf", 900, "iat", 901, "exp", 1800));
            List<String> tokens = Arrays.asList(good, good, good, null, other.sign(Map.of("iss", "https://\u00e9", "exp", 1800)));
            Verdicts found = batch.verify(
                verifier, tokens, BatchOptions.DEFAULT.audited().atEpochSeconds(new long[] {1000, 1600, 1900, 0, 1000}));
            assertEquals(
                List.of(Code.ACCEPTED, Code.KEY_RETIRED, Code.KEY_RETIRED, Code.TOKEN_NULL, Code.KID_UNKNOWN), codes(found));
            assertEquals(Optional.of("https://\u00e9"), found.issuer(0));
            assertEquals(Optional.of("alice"), found.subject(0));
            assertEquals(Optional.of("j"), found.jwtId(1));
            assertEquals(Optional.of("ES256"), found.unverifiedAlgorithm(0));
            assertEquals(Optional.of("o"), found.unverifiedKeyId(4));
            assertEquals(Optional.empty(), found.issuer(4));
            assertEquals(Optional.empty(), found.unverifiedKeyId(3));
            assertEquals(Optional.of(Instant.ofEpochSecond(900)), found.notBefore(0));
            assertEquals(Optional.of(Instant.ofEpochSecond(901)), found.issuedAt(0));
            assertEquals(0, found.issuerIndex(0));
            assertEquals(-1, found.issuerIndex(4));
            assertEquals(0, found.firstRow(2));
            assertEquals(-1, found.firstRow(3));
            assertEquals(Optional.of(KeyState.ACTIVE), found.keyState(0));
            assertEquals(Optional.of(KeyState.RETIRED), found.keyState(1));
            assertEquals(Optional.of(KeyState.UNKNOWN), found.keyState(4));
            assertEquals(Optional.empty(), found.keyState(3));
            assertEquals(Optional.of(true), found.timeOk(0));
            assertEquals(Optional.of(false), found.timeOk(1));
            assertEquals(Optional.empty(), found.timeOk(4));
            found = batch.verify(VERIFIER, List.of(SIGNER.sign("{\"exp\":2000}")),
                BatchOptions.DEFAULT.at(Instant.ofEpochSecond(2345)).audited());
            assertEquals(345, found.expiredBySeconds(0));
        }
    }

    @Test
    void cancelEndsTheCallInFlight() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            tokens.add(SIGNER.sign("{\"exp\":4102444800,\"n\":" + i % 100 + "}").replace('-', i % 2 == 0 ? '_' : '-') + i);
        }
        try (Batch batch = Batch.of(1)) {
            batch.cancel();
            boolean cancelled = false;
            // The call may be over before the other thread comes to it.
            for (int round = 0; round < 200 && !cancelled; round++) {
                Thread other = Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        batch.cancel();
                        Thread.onSpinWait();
                    }
                });
                Verdicts found = batch.verify(VERIFIER, tokens);
                other.join();
                cancelled = found.code(tokens.size() - 1) == Code.BATCH_CANCELLED;
            }
            assertTrue(cancelled);
            assertEquals(Code.TOKEN_SEGMENTS, batch.verify(VERIFIER, List.of("x")).code(0));
        }
    }
}
