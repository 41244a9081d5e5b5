package io.github.libjot;

/** A mistake of the program, or a key that cannot be used. It is never a rejection of a token. */
public final class JotException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Code code;
    private final String name;
    private final int offset;

    JotException(Code code, String name, int offset, String sentence) {
        super(sentence != null ? sentence : code + ": " + code.meaning() + (name.isEmpty() ? "" : " [" + name + "]"));
        this.code = code;
        this.name = name;
        this.offset = offset;
    }

    /** Returns what is wrong. */
    public Code code() {
        return code;
    }

    /**
     * Returns the argument, JWK member, Header Parameter or setting at fault; empty if no single one
     * is.
     */
    public String member() {
        return name;
    }

    /** Returns the byte offset of the fault in the text; -1 if it is not known. */
    public int offset() {
        return offset;
    }
}
