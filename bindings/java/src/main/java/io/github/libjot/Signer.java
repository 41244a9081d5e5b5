package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Map;

/**
 * A private key or an HMAC secret, ready to sign with exactly one algorithm. It never changes; any
 * number of threads may use it. {@link #close} wipes it.
 */
public final class Signer extends NativeObject {
    private Signer(MemorySegment signer) {
        super(signer, Native::jot_signer_free);
    }

    /** A call that makes a signer. */
    @FunctionalInterface
    private interface Read {
        int from(MemorySegment text, MemorySegment options, MemorySegment signer, MemorySegment error);
    }

    private static Signer read(byte[] key, KeyOptions options, Read read) {
        try (Lent lent = new Lent()) {
            MemorySegment signer = lent.pointer();
            MemorySegment text = lent.bytes(key);
            try {
                lent.check(read.from(text, options.lent(lent), signer, lent.error()));
            } finally {
                // It was a secret.
                Library.MEMORY.asSlice(text.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0), key.length).fill((byte) 0);
            }
            return new Signer(Lent.pointed(signer));
        }
    }

    /** Makes a new key without a {@code kid}. */
    public static Signer generate(Algorithm algorithm) {
        return generate(algorithm, null);
    }

    /** Makes a new key with this {@code kid}. One for RSA has 2048 bits. */
    public static Signer generate(Algorithm algorithm, String keyId) {
        return generate(algorithm, keyId, 0);
    }

    /** Makes a new key for RSA with 2048, 3072, 4096 or 8192 bits. */
    public static Signer generate(Algorithm algorithm, String keyId, int rsaBits) {
        try (Lent lent = new Lent()) {
            MemorySegment signer = lent.pointer();
            lent.check(Native.jot_signer_generate(
                algorithm.number(), rsaBits, lent.optional(keyId), signer, lent.error()));
            return new Signer(Lent.pointed(signer));
        }
    }

    /** Reads a private JWK. */
    public static Signer ofJwk(String jwk, KeyOptions options) {
        return read(jwk.getBytes(StandardCharsets.UTF_8), options, Native::jot_signer_from_jwk);
    }

    /** Reads the only private key in a PEM text, which is not encrypted. */
    public static Signer ofPem(String pem, KeyOptions options) {
        return read(pem.getBytes(StandardCharsets.UTF_8), options, Native::jot_signer_from_pem);
    }

    /** Reads a private key in DER: PrivateKeyInfo, RSAPrivateKey or ECPrivateKey. */
    public static Signer ofDer(byte[] der, KeyOptions options) {
        return read(der, options, Native::jot_signer_from_der);
    }

    /** Takes an HMAC secret, byte for byte. */
    public static Signer ofSecret(byte[] secret, KeyOptions options) {
        return read(secret, options, Native::jot_signer_from_secret);
    }

    /** Takes a key of {@code java.security}, unless it is kept in hardware. */
    public static Signer of(PrivateKey key, KeyOptions options) {
        byte[] der = key.getEncoded();
        if (der == null) {
            throw new IllegalArgumentException("the key does not show what it is: " + key.getClass().getName());
        }
        try {
            return ofDer(der, options);
        } finally {
            java.util.Arrays.fill(der, (byte) 0);
        }
    }

    /** Describes the key. */
    public KeyInfo info() {
        return use(signer -> {
            try (Lent lent = new Lent()) {
                MemorySegment info = lent.struct(Native.KeyInfo.SIZE);
                Lent.check(Native.jot_signer_key(signer, info), "key");
                return KeyInfo.of(info);
            }
        });
    }

    /** Writes the private JWK, which is a secret. */
    public String toPrivateJwk() {
        return use(signer -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written((text, error) -> Native.jot_signer_to_jwk(signer, text, error)));
            }
        });
    }

    /** Writes a PrivateKeyInfo in PEM, which is a secret. An HMAC secret has no such form. */
    public String toPrivatePem() {
        return use(signer -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written((text, error) -> Native.jot_signer_to_pem(signer, text, error)));
            }
        });
    }

    /**
     * Signs claims as a JWT: strings, numbers, booleans, null, maps and iterables of them, and
     * {@link java.time.Instant}s, which become NumericDates.
     *
     * @throws IllegalArgumentException for values of other types
     */
    public String sign(Map<String, ?> claims) {
        return sign(claims, SignOptions.DEFAULT);
    }

    /** Works like {@link #sign(Map)}. */
    public String sign(Map<String, ?> claims, SignOptions options) {
        return sign(Json.write(claims), options);
    }

    /** Signs the text of a JSON object, which goes into the token unchanged, as a JWT. */
    public String sign(String claims) {
        return sign(claims, SignOptions.DEFAULT);
    }

    /** Works like {@link #sign(String)}. */
    public String sign(String claims, SignOptions options) {
        if (options.form != Native.JOT_ATTACHED) {
            throw new IllegalArgumentException("only signPayload makes detached tokens");
        }
        return use(signer -> {
            try (Lent lent = new Lent()) {
                MemorySegment payload = lent.text(claims);
                MemorySegment header = options.lent(lent);
                return Lent.string(lent.written(
                    (text, error) -> Native.jot_signer_sign_claims(signer, header, payload, text, error)));
            }
        });
    }

    /** Signs any bytes as a JWS in the Compact Serialization. */
    public String signPayload(byte[] payload, SignOptions options) {
        return use(signer -> {
            try (Lent lent = new Lent()) {
                MemorySegment bytes = lent.bytes(payload);
                MemorySegment header = options.lent(lent);
                return Lent.string(lent.written((text, error) ->
                    Native.jot_signer_sign_payload(signer, header, bytes, options.form, text, error)));
            }
        });
    }

    /** Signs bytes that are not a token; {@link KeySet#isSignature} verifies the signature. */
    public byte[] signMessage(byte[] message) {
        return use(signer -> {
            try (Lent lent = new Lent()) {
                MemorySegment bytes = lent.bytes(message);
                return lent.written(
                    (text, error) -> Native.jot_signer_sign_message(signer, bytes, text, error));
            }
        });
    }
}
