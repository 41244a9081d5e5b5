package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A description of a key, without its secret.
 *
 * @param algorithms those that the key verifies
 * @param signs the one that it signs with; empty for a key that only verifies
 * @param keyId the {@code kid}
 * @param type the {@code kty}, such as {@code RSA}
 * @param curve the {@code crv}, such as {@code P-256}
 * @param thumbprint that of RFC 7638, SHA-256 in base64url. Whoever has that of an HMAC secret can
 *     test guesses of the secret
 * @param notBefore the beginning of the time in which the key is in force
 * @param expiresAt the end of that time
 */
public record KeyInfo(
    Set<Algorithm> algorithms, Optional<Algorithm> signs, Optional<String> keyId, String type, Optional<String> curve,
    String thumbprint, Optional<Instant> notBefore, Optional<Instant> expiresAt) {

    static KeyInfo of(MemorySegment info) {
        int algorithms = info.get(JAVA_INT, Native.KeyInfo.algs);
        int flags = info.get(JAVA_INT, Native.KeyInfo.flags);
        return new KeyInfo(
            Arrays.stream(Algorithm.values())
                .filter(algorithm -> (algorithms & 1 << algorithm.number()) != 0)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Algorithm.class))),
            Algorithm.numbered(info.get(JAVA_INT, Native.KeyInfo.alg)),
            Optional.ofNullable(Lent.string(info, Native.KeyInfo.kid)),
            Lent.string(info, Native.KeyInfo.kty),
            Optional.ofNullable(Lent.string(info, Native.KeyInfo.crv)),
            Lent.string(info, Native.KeyInfo.thumbprint),
            instant(flags & Native.JOT_HAS_NBF, info.get(JAVA_LONG, Native.KeyInfo.not_before)),
            instant(flags & Native.JOT_HAS_EXP, info.get(JAVA_LONG, Native.KeyInfo.expires_at)));
    }

    private static Optional<Instant> instant(int has, long seconds) {
        return has == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(
            Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())));
    }
}
