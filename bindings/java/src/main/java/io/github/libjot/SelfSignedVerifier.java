package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Verifies tokens that come with their own key, such as DPoP proofs (docs/self-signed.md). Any number of
 * threads may use one.
 *
 * <p><b>It accepts nothing</b>: anybody can make a key and sign with it. Its answer has the thumbprint of
 * the key, which is worth something once it is found where somebody trusted put it.
 */
public final class SelfSignedVerifier extends NativeObject {
    SelfSignedVerifier(MemorySegment verifier) {
        super(verifier, Native::jot_selfsigned_verifier_free);
    }

    /** Starts making a verifier. It needs algorithms, and a {@code typ} or that any will do. */
    public static SelfSignedVerifierBuilder builder() {
        return new SelfSignedVerifierBuilder();
    }

    /**
     * Verifies a token with the key in its header's {@code jwk}.
     *
     * @throws SelfSignedRejectedException for the first rule that the token or its key breaks
     */
    public SelfSigned verify(String token) {
        return run(token, null);
    }

    /**
     * Verifies a token with this JWK, such as that of {@code cnf} in another token; one that brings a key
     * as well is refused.
     *
     * @throws SelfSignedRejectedException for the first rule that the token or the key breaks
     */
    public SelfSigned verifyWithKey(String token, String jwk) {
        return run(token, Objects.requireNonNull(jwk));
    }

    private SelfSigned run(String token, String jwk) {
        Slot slot = Slot.take();
        try (Lent lent = new Lent()) {
            MemorySegment answer = lent.struct(Native.Selfsigned.SIZE);
            int code = use(verifier -> Native.jot_selfsigned_verify(
                verifier, lent.text(token), lent.optional(jwk), slot.scratch, answer));
            if (code == Native.JOT_SELF_SIGNED) {
                return new SelfSigned(answer);
            }
            int offset = answer.get(JAVA_INT, Native.Selfsigned.fault_offset);
            throw new SelfSignedRejectedException(
                Code.of(code), answer.getString(Native.Selfsigned.fault_name), offset == Native.JOT_NONE ? -1 : offset);
        } finally {
            slot.giveBack();
        }
    }
}
