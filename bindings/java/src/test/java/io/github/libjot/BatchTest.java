package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
