
    private static final Code[] NUMBERED = new Code[1000];

    static {
        for (Code code : values()) {
            NUMBERED[code.number] = code;
        }
    }

    private final int number;
    private final String text;

    Code(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** Returns the number, which never changes. */
    public int number() {
        return number;
    }

    /** Returns the name that is the same in every language, such as {@code alg_none}. */
    @Override
    public String toString() {
        return text;
    }

    /** Returns the meaning as one sentence. */
    public String meaning() {
        return Lent.fixed(Native.jot_code_meaning(number));
    }

    /** Returns the stage, such as {@code syntax} or {@code claims}. */
    public String stage() {
        return Lent.fixed(Native.jot_code_stage(number));
    }

    /** Returns the status of the HTTP response to a request whose token has this code. */
    public int status() {
        return Native.jot_code_http_status(number);
    }

    /** Returns the error of RFC 6750 §3.1 for the challenge; empty if there is none. */
    public String bearerError() {
        String error = Lent.fixed(Native.jot_code_bearer_error(number));
        return error == null ? "" : error;
    }

    static Code of(int number) {
        Code found = number >= 0 && number < NUMBERED.length ? NUMBERED[number] : null;
        if (found == null) {
            throw new IllegalStateException("libjot is newer than this jar: it says " + number);
        }
        return found;
    }
}
