package io.github.libjot;

import java.util.List;
import java.util.Objects;

/**
 * The rule by which requests pass (RFC 6750), without a framework: a request with one bearer token that
 * is accepted. {@code io.github.libjot.servlet.JotFilter} guards servlets with it. Any number of
 * threads may share one.
 */
public final class Guard {
    private final Verifier verifier;
    private final String realm;
    private final String metadata;

    /**
     * Makes a guard of the realm {@code protected} that tells no metadata.
     *
     * @param verifier judges the tokens
     */
    public Guard(Verifier verifier) {
        this(verifier, Challenge.REALM, null);
    }

    /**
     * Makes a guard.
     *
     * @param verifier judges the tokens
     * @param realm what clients are asked to authenticate for
     * @param metadata the URL of the metadata of the protected resource (RFC 9728 §5.1); null for none
     */
    public Guard(Verifier verifier, String realm, String metadata) {
        this.verifier = verifier;
        this.realm = Objects.requireNonNull(realm);
        this.metadata = metadata;
    }

    /** Whether a request passes. */
    public sealed interface Decision {}

    /**
     * The request passes.
     *
     * @param token its token
     */
    public record Passed(Token token) implements Decision {}

    /**
     * The request does not pass.
     *
     * @param status that of the response: 400, 401, 403, 500 or 503
     * @param challenge the value of {@code WWW-Authenticate}; empty if no token would be a better one
     * @param code what is wrong; {@link Code#TOKEN_NULL} if there is no token, or more than one
     * @param rejected what is wrong with the token; null if there is none, or more than one
     */
    public record Refused(int status, String challenge, Code code, Verification.Rejected rejected)
        implements Decision {}

    /**
     * Judges a request.
     *
     * @param authorization the values of its {@code Authorization} fields
     * @param demand what its token must meet, beyond the rules of the verifier
     */
    public Decision judge(List<String> authorization, Demand demand) {
        Challenge.Found found = Challenge.token(authorization);
        if (found.several()) {
            return refused(Challenge.ofSeveral(realm, metadata), Code.TOKEN_NULL, null);
        }
        if (found.token() == null) {
            return refused(answer(Code.TOKEN_NULL, demand), Code.TOKEN_NULL, null);
        }
        return switch (verifier.check(found.token(), demand)) {
            case Verification.Accepted accepted -> new Passed(accepted.token());
            case Verification.Rejected rejected -> refused(answer(rejected.code(), demand), rejected.code(), rejected);
        };
    }

    private Challenge.Answer answer(Code code, Demand demand) {
        return Challenge.of(code, realm, demand.scopes, metadata);
    }

    private static Refused refused(Challenge.Answer answer, Code code, Verification.Rejected rejected) {
        return new Refused(answer.status(), answer.challenge(), code, rejected);
    }
}
