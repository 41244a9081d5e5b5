package io.github.libjot;

/**
 * A token that the key which came with it did not sign, or that breaks another rule. To a DPoP proof the
 * answer is 401 with {@code error="invalid_dpop_proof"} whatever the code is (RFC 9449 §7.1).
 */
public final class SelfSignedRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Code code;
    private final String member;
    private final int offset;

    SelfSignedRejectedException(Code code, String member, int offset) {
        super("token rejected: " + code + (member.isEmpty() ? "" : " [" + member + "]"));
        this.code = code;
        this.member = member;
        this.offset = offset;
    }

    /** Returns the first rule that the token or its key broke. */
    public Code code() {
        return code;
    }

    /** Returns the member of the key at fault; empty if no single one is. */
    public String member() {
        return member;
    }

    /** Returns the byte offset of the fault in the JSON text of the header, the claims or the key; -1 if it is not known. */
    public int offset() {
        return offset;
    }
}
