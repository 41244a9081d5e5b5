package io.github.libjot;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The answers to a batch of tokens that come with their own keys, row by row. None is an acceptance. */
public final class SelfSignedVerdicts {
    /** The bytes of a thumbprint. */
    static final int DIGEST = 32;

    private final int[] codes;
    private final byte[] digests;

    SelfSignedVerdicts(int[] codes, byte[] digests) {
        this.codes = codes;
        this.digests = digests;
    }

    /** Returns the number of rows. */
    public int size() {
        return codes.length;
    }

    /** Returns {@link Code#SELF_SIGNED} if the key of a row signed its token, or why it is refused. */
    public Code code(int row) {
        return Code.of(codes[row]);
    }

    /** Returns the thumbprint of the key of a row, if it signed the token; see {@link SelfSigned#thumbprint}. */
    public Optional<String> thumbprint(int row) {
        return codes[row] != Native.JOT_SELF_SIGNED ? Optional.empty()
            : Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(
                Arrays.copyOfRange(digests, DIGEST * row, DIGEST * (row + 1))));
    }
}
