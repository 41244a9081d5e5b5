package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A set of verifying keys. It never changes; any number of threads may use it. A verifier keeps its
 * keys when the set is closed.
 */
public final class KeySet extends NativeObject implements KeySource {
    KeySet(MemorySegment set) {
        super(set, Native::jot_key_set_free);
    }

    /** A call that adds keys to a set. */
    @FunctionalInterface
    private interface Add {
        int to(MemorySegment set, MemorySegment text, MemorySegment options, MemorySegment error);
    }

    private static KeySet read(byte[] text, KeyOptions options, Add add) {
        MemorySegment set = Native.jot_key_set_new();
        try (Lent lent = new Lent()) {
            lent.check(add.to(set, lent.bytes(text), options.lent(lent), lent.error()));
            return new KeySet(set);
        } catch (JotException fault) {
            Native.jot_key_set_free(set);
            throw fault;
        }
    }

    /**
     * Reads the keys of a JWK Set, a JWK, or PEM. Keys of a set that cannot be used are skipped, see
     * {@link #skipped}.
     *
     * @throws JotException if no key is left, or the text is malformed
     */
    public static KeySet parse(String text) {
        return parse(text, KeyOptions.DEFAULT);
    }

    /** Works like {@link #parse(String)}. */
    public static KeySet parse(String text, KeyOptions options) {
        return read(utf8(text), options, Native::jot_key_set_add_text);
    }

    /** Reads a JWK Set (RFC 7517 §5), like {@link #parse(String)}. */
    public static KeySet ofJwks(String jwks, KeyOptions options) {
        return read(utf8(jwks), options, Native::jot_key_set_add_jwks);
    }

    /** Reads one JWK, private or public. */
    public static KeySet ofJwk(String jwk, KeyOptions options) {
        return read(utf8(jwk), options, Native::jot_key_set_add_jwk);
    }

    /** Reads the only key in a PEM text: a public key, a certificate, or the public part of a private key. */
    public static KeySet ofPem(String pem, KeyOptions options) {
        return read(utf8(pem), options, Native::jot_key_set_add_pem);
    }

    /**
     * Reads a key in DER: a SubjectPublicKeyInfo, an RSAPublicKey, an X.509 certificate, or the public
     * part of a private key.
     */
    public static KeySet ofDer(byte[] der, KeyOptions options) {
        return read(der, options, Native::jot_key_set_add_der);
    }

    /**
     * Takes an HMAC secret, byte for byte. A secret that is a key in PEM, DER, JWK or SSH form is
     * refused.
     */
    public static KeySet ofSecret(byte[] secret, KeyOptions options) {
        return read(secret, options, Native::jot_key_set_add_secret);
    }

    /** Takes a key of {@code java.security}. */
    public static KeySet of(PublicKey key, KeyOptions options) {
        byte[] der = key.getEncoded();
        if (der == null) {
            throw new IllegalArgumentException("the key does not show what it is: " + key.getClass().getName());
        }
        return ofDer(der, options);
    }

    /** Makes a set of the keys that verify what these sign, for example to publish it. */
    public static KeySet of(Signer... signers) {
        MemorySegment set = Native.jot_key_set_new();
        try (Lent lent = new Lent()) {
            for (Signer signer : signers) {
                lent.check(signer.use(object -> Native.jot_key_set_add_signer(set, object, lent.error())));
            }
            return new KeySet(set);
        } catch (RuntimeException fault) {
            Native.jot_key_set_free(set);
            throw fault;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Returns the number of keys. */
    public int size() {
        return use(set -> (int) Native.jot_key_set_len(set));
    }

    /** Describes every key, in the order in which they were read. */
    public List<KeyInfo> keys() {
        return use(set -> {
            List<KeyInfo> all = new ArrayList<>();
            try (Lent lent = new Lent()) {
                for (long index = 0; index < Native.jot_key_set_len(set); index++) {
                    MemorySegment info = lent.struct(Native.KeyInfo.SIZE);
                    Lent.check(Native.jot_key_set_key(set, index, info), "index");
                    all.add(KeyInfo.of(info));
                }
            }
            return all;
        });
    }

    /** Returns one line about the keys that were skipped, with the reasons; empty if none was. */
    public String skipped() {
        return use(set -> Lent.sized((buffer, length) ->
            Native.jot_key_set_reasons(set, buffer, buffer.byteSize(), length)));
    }

    /**
     * Returns a sentence if an HMAC secret may not be the bytes that its owner meant: it ends with a
     * line break, or looks like base64 or hexadecimal. It has no byte of the secret.
     */
    public Optional<String> secretDoubt() {
        return use(set -> {
            try (Lent lent = new Lent()) {
                byte[] text = Lent.copied(Native.jot_key_set_secret_doubt(lent.arena, set));
                return Optional.ofNullable(text).map(Lent::string);
            }
        });
    }

    /**
     * Writes the public keys as a JWK Set.
     *
     * @throws JotException {@link Code#KEY_SECRET_NOT_PUBLIC} for an HMAC secret
     */
    public String toJwks() {
        return use(set -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written((text, error) -> Native.jot_key_set_to_jwks(set, text, error)));
            }
        });
    }

    /** Writes the key with this index as a SubjectPublicKeyInfo in PEM. */
    public String toPem(int index) {
        return use(set -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written(
                    (text, error) -> Native.jot_key_set_to_pem(set, index, text, error)));
            }
        });
    }

    /**
     * Tells whether a signature over bytes that are not a token holds, with the key that has this
     * index. Nothing else is checked.
     */
    public boolean isSignature(int index, Algorithm algorithm, byte[] message, byte[] signature) {
        return use(set -> {
            try (Lent lent = new Lent()) {
                int code = Native.jot_key_set_check_signature(
                    set, index, algorithm.number(), lent.bytes(message), lent.bytes(signature));
                if (code != Code.SIGNATURE_INVALID.number()) {
                    Lent.check(code, "signature");
                }
                return code == Native.JOT_ACCEPTED;
            }
        });
    }
}
