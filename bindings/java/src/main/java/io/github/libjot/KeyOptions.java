package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** How a key is read. It never changes: each method returns another one. */
public final class KeyOptions {
    /** The defaults. */
    public static final KeyOptions DEFAULT = new KeyOptions(null, null, 0);

    private final Algorithm algorithm;
    private final String keyId;
    private final int flags;

    private KeyOptions(Algorithm algorithm, String keyId, int flags) {
        this.algorithm = algorithm;
        this.keyId = keyId;
        this.flags = flags;
    }

    /** Binds the key to this algorithm if the key itself names none. A JWK that has an {@code alg} must have this one. */
    public KeyOptions algorithm(Algorithm algorithm) {
        return new KeyOptions(Objects.requireNonNull(algorithm), keyId, flags);
    }

    /** Gives the key this {@code kid} if it has none itself. */
    public KeyOptions keyId(String keyId) {
        return new KeyOptions(algorithm, Objects.requireNonNull(keyId), flags);
    }

    /** Accepts RSA keys from 1024 bits, and HMAC secrets from one byte. Such keys can be broken or guessed. */
    public KeyOptions allowWeakKeys() {
        return with(Native.JOT_ALLOW_WEAK_KEYS);
    }

    /** Reads the members {@code nbf} and {@code exp} of a JWK, between which the key is in force. */
    public KeyOptions dated() {
        return with(Native.JOT_DATED_KEYS);
    }

    /** Takes every certificate of a PEM text, also those that issued another one. */
    public KeyOptions allCertificates() {
        return with(Native.JOT_ALL_CERTIFICATES);
    }

    /** Reads the dates between which a certificate is valid. */
    public KeyOptions certificateValidity() {
        return with(Native.JOT_CERTIFICATE_VALIDITY);
    }

    private KeyOptions with(int flag) {
        return new KeyOptions(algorithm, keyId, flags | flag);
    }

    MemorySegment lent(Lent lent) {
        MemorySegment made = lent.struct(Native.KeyOptions.SIZE);
        made.set(JAVA_INT, Native.KeyOptions.alg, algorithm == null ? 0 : algorithm.number());
        made.set(JAVA_INT, Native.KeyOptions.flags, flags);
        Lent.put(made, Native.KeyOptions.kid, lent.optional(keyId));
        return made;
    }
}
