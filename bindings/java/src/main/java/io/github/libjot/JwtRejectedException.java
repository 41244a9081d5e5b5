package io.github.libjot;

import java.util.List;

/**
 * A token that is not accepted. The message is the name of the code and of the claim at fault; it
 * has nothing of the token's values.
 */
public final class JwtRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Code code;
    private final String claim;
    private final boolean signatureOk;
    private final transient Verification.Rejected rejected;

    JwtRejectedException(Verification.Rejected rejected) {
        super("token rejected: " + rejected.code() + (rejected.claim().isEmpty() ? "" : " [" + rejected.claim() + "]"));
        this.rejected = rejected;
        code = rejected.code();
        claim = rejected.claim();
        signatureOk = rejected.signatureOk();
    }

    /** Returns the first rule that the token broke. */
    public Code code() {
        return code;
    }

    /** Returns the name of the claim at fault; empty if no single one is. */
    public String claim() {
        return claim;
    }

    /** Tells whether the signature held: good, but expired is {@link Code#EXPIRED} with this. */
    public boolean signatureOk() {
        return signatureOk;
    }

    /** Returns the status of the HTTP response. */
    public int status() {
        return code.status();
    }

    /** Returns the value of {@code WWW-Authenticate}; empty if the status is 500 or 503. */
    public String challenge() {
        return Challenge.of(code, Challenge.REALM, List.of(), null).challenge();
    }

    /** Describes the fault for a log; see {@link Verification.Rejected#detail}. */
    public String detail() {
        return rejected == null ? "" : rejected.detail();
    }
}
