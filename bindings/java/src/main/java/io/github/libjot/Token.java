package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A token that was accepted: a copy of what is known of it, which never changes. */
public final class Token {
    private final int algorithm;
    private final int flags;
    private final int issuerIndex;
    private final int keyIndex;
    private final long expiresAt;
    private final long notBefore;
    private final long issuedAt;
    private final String keyId;
    private final String type;
    private final byte[] header;
    private final byte[] payload;
    /** Made when they are asked for; two threads may make them twice. */
    private Claims claims;

    Token(MemorySegment verdict) {
        algorithm = verdict.get(JAVA_INT, Native.Verdict.alg);
        flags = verdict.get(JAVA_INT, Native.Verdict.flags);
        issuerIndex = verdict.get(JAVA_INT, Native.Verdict.issuer_index);
        keyIndex = verdict.get(JAVA_INT, Native.Verdict.key_index);
        expiresAt = verdict.get(JAVA_LONG, Native.Verdict.expires_at);
        notBefore = verdict.get(JAVA_LONG, Native.Verdict.not_before);
        issuedAt = verdict.get(JAVA_LONG, Native.Verdict.issued_at);
        keyId = Lent.string(verdict, Native.Verdict.kid);
        type = Lent.string(verdict, Native.Verdict.typ);
        header = Lent.copied(verdict, Native.Verdict.header);
        payload = Lent.copied(verdict, Native.Verdict.payload);
    }

    /** Returns the algorithm of the signature. */
    public Algorithm algorithm() {
        return Algorithm.numbered(algorithm).orElseThrow();
    }

    /** Returns the {@code kid} of the JOSE Header. */
    public Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /** Returns the {@code typ} of the JOSE Header. */
    public Optional<String> type() {
        return Optional.ofNullable(type);
    }

    /** Returns the {@code iss}. */
    public Optional<String> issuer() {
        return claims().string("iss");
    }

    /** Returns the {@code sub}. */
    public Optional<String> subject() {
        return claims().string("sub");
    }

    /** Returns the whole seconds of {@code exp}. */
    public Optional<Instant> expiresAt() {
        return instant(Native.JOT_HAS_EXP, expiresAt);
    }

    /** Returns the whole seconds of {@code nbf}. */
    public Optional<Instant> notBefore() {
        return instant(Native.JOT_HAS_NBF, notBefore);
    }

    /** Returns the whole seconds of {@code iat}. */
    public Optional<Instant> issuedAt() {
        return instant(Native.JOT_HAS_IAT, issuedAt);
    }

    private Optional<Instant> instant(int flag, long seconds) {
        return Lent.instant((flags & flag) != 0, seconds);
    }

    /** Returns the number of the issuer whose key verified, in the order of the builder; -1 for none. */
    public int issuerIndex() {
        return issuerIndex;
    }

    /** Returns the index of the key in its set. */
    public int keyIndex() {
        return keyIndex;
    }

    /** Tells whether the verifier remembered the token. */
    public boolean fromCache() {
        return (flags & Native.JOT_FROM_CACHE) != 0;
    }

    /** Returns the Claims Set. */
    public Claims claims() {
        Claims made = claims;
        if (made == null) {
            made = new Claims(text());
            claims = made;
        }
        return made;
    }

    /** Returns the JSON text of the JOSE Header. */
    public String header() {
        return Lent.string(header);
    }

    /** Returns the Header Parameters, of the types of {@link Claims#asMap}. */
    public Map<String, Object> headerParameters() {
        return Json.object(header());
    }

    /** Returns the JSON text of the Claims Set as it was signed; for a JWS, its payload. */
    public String text() {
        return Lent.string(payload);
    }

    /** Returns a copy of the bytes of {@link #text}. */
    public byte[] payload() {
        return payload.clone();
    }
}
