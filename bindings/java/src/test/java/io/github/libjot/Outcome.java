package io.github.libjot;

/** What a token comes to, for comparisons. */
record Outcome(Code code, boolean signed, String claim) {
    static Outcome of(Verification verification) {
        return switch (verification) {
            case Verification.Accepted accepted -> new Outcome(Code.ACCEPTED, true, "");
            case Verification.Rejected rejected ->
                new Outcome(rejected.code(), rejected.signatureOk(), rejected.claim());
        };
    }

    static Outcome of(JwtRejectedException rejection) {
        return new Outcome(rejection.code(), rejection.signatureOk(), rejection.claim());
    }

    static Outcome of(JotException fault) {
        return new Outcome(fault.code(), false, "");
    }
}
