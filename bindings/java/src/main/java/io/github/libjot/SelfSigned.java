package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/**
 * A token that the key signed which came with it. <b>This is no acceptance</b>: compare the thumbprint with
 * what somebody trusted says of the key, such as {@code cnf.jkt} of an access token that was accepted,
 * before anything else is believed.
 */
public final class SelfSigned {
    private final String thumbprint;
    private final int algorithm;
    private final int flags;
    private final long expiresAt;
    private final long notBefore;
    private final long issuedAt;
    private final String text;

    SelfSigned(MemorySegment answer) {
        thumbprint = answer.getString(Native.Selfsigned.thumbprint);
        algorithm = answer.get(JAVA_INT, Native.Selfsigned.alg);
        flags = answer.get(JAVA_INT, Native.Selfsigned.flags);
        expiresAt = answer.get(JAVA_LONG, Native.Selfsigned.expires_at);
        notBefore = answer.get(JAVA_LONG, Native.Selfsigned.not_before);
        issuedAt = answer.get(JAVA_LONG, Native.Selfsigned.issued_at);
        text = Lent.string(answer, Native.Selfsigned.payload);
    }

    /** Returns the thumbprint of the key (RFC 7638), as {@code cnf.jkt} has it. */
    public String thumbprint() {
        return thumbprint;
    }

    /** Returns the algorithm of the signature. */
    public Algorithm algorithm() {
        return Algorithm.numbered(algorithm).orElseThrow();
    }

    /** Returns what the holder of the key says. No claim is checked, and no date. */
    public Claims claims() {
        return new Claims(text);
    }

    /** Returns the JSON text of {@link #claims} as it was signed. */
    public String text() {
        return text;
    }

    /** Returns the whole seconds of {@code exp}, unchecked; empty if it is no number. */
    public Optional<Instant> expiresAt() {
        return Lent.instant((flags & Native.JOT_HAS_EXP) != 0, expiresAt);
    }

    /** Returns the whole seconds of {@code nbf}, likewise. */
    public Optional<Instant> notBefore() {
        return Lent.instant((flags & Native.JOT_HAS_NBF) != 0, notBefore);
    }

    /** Returns the whole seconds of {@code iat}, likewise. */
    public Optional<Instant> issuedAt() {
        return Lent.instant((flags & Native.JOT_HAS_IAT) != 0, issuedAt);
    }
}
