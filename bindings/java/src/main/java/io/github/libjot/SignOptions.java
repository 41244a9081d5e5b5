package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * What is in the JOSE Header besides {@code alg} and {@code kid}. It never changes: each method
 * returns another one.
 */
public final class SignOptions {
    /** {@code typ} is {@code JWT}. */
    public static final SignOptions DEFAULT = new SignOptions("JWT", null, null, Native.JOT_ATTACHED);

    private final String type;
    private final String contentType;
    private final String parameters;
    final int form;

    private SignOptions(String type, String contentType, String parameters, int form) {
        this.type = type;
        this.contentType = contentType;
        this.parameters = parameters;
        this.form = form;
    }

    /** Sets the {@code typ}; null for none. */
    public SignOptions type(String type) {
        return new SignOptions(type, contentType, parameters, form);
    }

    /** Sets the {@code cty}; null for none. */
    public SignOptions contentType(String contentType) {
        return new SignOptions(type, contentType, parameters, form);
    }

    /**
     * Sets further Header Parameters, of the types that {@link Signer#sign(Map)} takes. There must not
     * be {@code alg}, {@code crit}, {@code b64} or one that is set otherwise.
     */
    public SignOptions parameters(Map<String, ?> parameters) {
        return new SignOptions(type, contentType, Json.write(parameters), form);
    }

    /** Leaves the payload out of the token (RFC 7515 Appendix F); only for {@link Signer#signPayload}. */
    public SignOptions detached() {
        return new SignOptions(type, contentType, parameters, Native.JOT_DETACHED);
    }

    /** Works like {@link #detached}, and signs the payload as it is (RFC 7797). */
    public SignOptions detachedUnencoded() {
        return new SignOptions(type, contentType, parameters, Native.JOT_UNENCODED_DETACHED);
    }

    MemorySegment lent(Lent lent) {
        MemorySegment made = lent.struct(Native.SignHeader.SIZE);
        made.set(JAVA_INT, Native.SignHeader.flags, type == null ? Native.JOT_WITHOUT_TYP : 0);
        Lent.put(made, Native.SignHeader.typ, lent.optional(type));
        Lent.put(made, Native.SignHeader.cty, lent.optional(contentType));
        Lent.put(made, Native.SignHeader.parameters, lent.optional(parameters));
        return made;
    }
}
