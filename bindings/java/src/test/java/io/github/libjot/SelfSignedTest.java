package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SelfSignedTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.ES256);
    private static final Object JWK = jwk(SIGNER);
    private static final SelfSignedVerifier PROOFS =
        SelfSignedVerifier.builder().algorithms(Algorithm.ES256, Algorithm.EDDSA).type("dpop+jwt").build();

    private static Object jwk(Signer signer) {
        try (KeySet keys = KeySet.of(signer)) {
            return ((List<?>) Json.object(keys.toJwks()).get("keys")).getFirst();
        }
    }

    private static String proof(Signer signer, Object jwk) {
        SignOptions header = SignOptions.DEFAULT.type("dpop+jwt");
        return signer.sign(
            Map.of("htm", "GET", "iat", 1_800_000_000), jwk == null ? header : header.parameters(Map.of("jwk", jwk)));
    }

    private static void refused(Code wanted, String member, Executable call) {
        SelfSignedRejectedException thrown = assertThrows(SelfSignedRejectedException.class, call);
        assertEquals(wanted, thrown.code());
        assertEquals(member, thrown.member());
    }

    @Test
    void proofGivesTheThumbprintAndWhatItsHolderSays() {
        SelfSigned known = PROOFS.verify(proof(SIGNER, JWK));
        assertEquals(SIGNER.info().thumbprint(), known.thumbprint());
        assertEquals(Algorithm.ES256, known.algorithm());
        assertEquals(Optional.of("GET"), known.claims().string("htm"));
        assertEquals(Optional.of(Instant.ofEpochSecond(1_800_000_000)), known.issuedAt());
        assertEquals(Optional.empty(), known.expiresAt());
        assertEquals(Optional.empty(), known.notBefore());
    }

    @Test
    void keyIsHandedOverOrComesWithTheToken() {
        String bare = proof(SIGNER, null);
        assertEquals(SIGNER.info().thumbprint(), PROOFS.verifyWithKey(bare, Json.write(JWK)).thumbprint());
        refused(Code.JWK_MISSING, "", () -> PROOFS.verify(bare));
        refused(Code.JWK_UNEXPECTED, "", () -> PROOFS.verifyWithKey(proof(SIGNER, JWK), Json.write(JWK)));
        refused(Code.KEY_JSON, "", () -> PROOFS.verifyWithKey(bare, ""));
        assertThrows(NullPointerException.class, () -> PROOFS.verifyWithKey(bare, null));
    }

    @Test
    void whatIsWrongIsSaid() {
        try (Signer other = Signer.generate(Algorithm.ES256)) {
            refused(Code.SIGNATURE_INVALID, "", () -> PROOFS.verify(proof(other, JWK)));
            refused(Code.JWK_PRIVATE, "d", () -> PROOFS.verify(proof(other, Json.read(other.toPrivateJwk()))));
            refused(Code.KEY_MEMBER_MISSING, "x", () ->
                PROOFS.verify(proof(other, Map.of("kty", "EC", "crv", "P-256"))));
        }
        refused(Code.TYP_MISMATCH, "", () -> PROOFS.verify(SIGNER.sign("{}")));
        try (SelfSignedVerifier any = SelfSignedVerifier.builder().algorithms(Algorithm.ES256).anyType().limits(100, 0).build()) {
            refused(Code.TOKEN_TOO_LONG, "", () -> any.verify(proof(SIGNER, JWK)));
        }
        for (SelfSignedVerifierBuilder wrong : List.of(
                SelfSignedVerifier.builder().type("t"), SelfSignedVerifier.builder().algorithms(Algorithm.ES256),
                SelfSignedVerifier.builder().algorithms(Algorithm.HS256).anyType(),
                SelfSignedVerifier.builder().algorithms(Algorithm.ES256).type("t").anyType())) {
            assertThrows(JotException.class, wrong::build);
        }
        assertThrows(JotException.class, () -> SelfSignedVerifier.builder().limits(-1, 0));
    }

    @Test
    void batchHasTheAnswersOfSingleTokens() {
        String good = proof(SIGNER, JWK);
        String bare = proof(SIGNER, null);
        try (Batch batch = Batch.of(1)) {
            SelfSignedVerdicts found = batch.verifySelfSigned(PROOFS, Arrays.asList(good, null, bare, good), null);
            assertEquals(4, found.size());
            for (int row : new int[] {0, 3}) {
                assertEquals(Code.SELF_SIGNED, found.code(row));
                assertEquals(Optional.of(SIGNER.info().thumbprint()), found.thumbprint(row));
            }
            assertEquals(Code.TOKEN_NULL, found.code(1));
            assertEquals(Code.JWK_MISSING, found.code(2));
            assertEquals(Optional.empty(), found.thumbprint(2));
            found = batch.verifySelfSigned(PROOFS, List.of(bare, bare), Arrays.asList(Json.write(JWK), null));
            assertEquals(Code.SELF_SIGNED, found.code(0));
            assertEquals(Code.JWK_MISSING, found.code(1));
            assertEquals(Code.BATCH_INVALID, assertThrows(JotException.class,
                () -> batch.verifySelfSigned(PROOFS, List.of(bare), List.of())).code());
        }
    }
}
