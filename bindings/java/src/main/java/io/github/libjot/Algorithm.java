package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A signature algorithm. */
public enum Algorithm {
    /** HMAC with SHA-256. */
    HS256,
    /** HMAC with SHA-384. */
    HS384,
    /** HMAC with SHA-512. */
    HS512,
    /** RSASSA-PKCS1-v1_5 with SHA-256. */
    RS256,
    /** RSASSA-PKCS1-v1_5 with SHA-384. */
    RS384,
    /** RSASSA-PKCS1-v1_5 with SHA-512. */
    RS512,
    /** RSASSA-PSS with SHA-256. */
    PS256,
    /** RSASSA-PSS with SHA-384. */
    PS384,
    /** RSASSA-PSS with SHA-512. */
    PS512,
    /** ECDSA on P-256 with SHA-256. */
    ES256,
    /** ECDSA on P-384 with SHA-384. */
    ES384,
    /** ECDSA on P-521 with SHA-512. */
    ES512,
    /** ECDSA on secp256k1 with SHA-256. */
    ES256K,
    /** Ed25519 under its old name (RFC 8037). Allowing it allows {@link #ED25519}, too. */
    EDDSA,
    /** Ed25519 under its full name (RFC 9864). */
    ED25519,
    /** ML-DSA-44 (RFC 9964). */
    ML_DSA_44,
    /** ML-DSA-65 (RFC 9964). */
    ML_DSA_65,
    /** ML-DSA-87 (RFC 9964). */
    ML_DSA_87;

    private static final Algorithm[] ALL = values();

    /** The number of the C interface, in whose order they stand here. */
    int number() {
        return ordinal() + 1;
    }

    /** The bits of algorithms in a number of the C interface. */
    static int set(Algorithm... algorithms) {
        int set = 0;
        for (Algorithm algorithm : algorithms) {
            set |= 1 << algorithm.number();
        }
        return set;
    }

    static Optional<Algorithm> numbered(int number) {
        return number > 0 && number <= ALL.length ? Optional.of(ALL[number - 1]) : Optional.empty();
    }

    /** Returns the {@code alg} name, such as {@code EdDSA}. */
    @Override
    public String toString() {
        return Lent.fixed(Native.jot_alg_name(number()));
    }

    /**
     * Finds the algorithm with this {@code alg} name, compared exactly.
     *
     * @throws JotException {@link Code#ALG_UNKNOWN}, or {@link Code#ALG_NONE} for {@code none} in any
     *     casing
     */
    public static Algorithm named(String name) {
        try (Lent lent = new Lent(Arena.ofConfined())) {
            MemorySegment number = lent.arena.allocate(JAVA_INT);
            Lent.check(Native.jot_alg_parse(lent.text(name), number), "alg");
            return numbered(number.get(JAVA_INT, 0)).orElseThrow();
        }
    }
}
