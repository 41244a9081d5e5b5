package io.github.libjot.servlet;

import io.github.libjot.Demand;
import io.github.libjot.Guard;
import io.github.libjot.Token;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Lets requests pass whose bearer token is accepted, and answers the others as RFC 6750 says: 401 with
 * a challenge, 403 if a scope is missing, 400 for several tokens, 503 without a challenge while keys
 * cannot be had.
 *
 * <p>The token is the attribute {@value #TOKEN} of the request, {@link #tokenOf}, and its {@code sub}
 * the name of the user.
 */
public final class JotFilter extends HttpFilter {
    /** The name of the attribute. */
    public static final String TOKEN = "io.github.libjot.token";

    private static final long serialVersionUID = 1;

    private final transient Guard guard;
    private final transient Demand demand;
    private final transient BiConsumer<HttpServletRequest, Guard.Refused> refused;

    /**
     * Makes a filter.
     *
     * @param guard judges the requests
     * @param demand what their tokens must meet, beyond the rules of its verifier
     */
    public JotFilter(Guard guard, Demand demand) {
        this(guard, demand, (request, refusal) -> { });
    }

    /**
     * Makes a filter.
     *
     * @param guard judges the requests
     * @param demand what their tokens must meet, beyond the rules of its verifier
     * @param refused is told of every request that does not pass, for logs and counters
     */
    public JotFilter(Guard guard, Demand demand, BiConsumer<HttpServletRequest, Guard.Refused> refused) {
        this.guard = guard;
        this.demand = demand;
        this.refused = refused;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
        List<String> authorization = Collections.list(request.getHeaders("Authorization"));
        switch (guard.judge(authorization, demand)) {
            case Guard.Passed passed -> {
                request.setAttribute(TOKEN, passed.token());
                chain.doFilter(new Guarded(request, passed.token()), response);
            }
            case Guard.Refused refusal -> {
                refused.accept(request, refusal);
                answer(response, refusal);
            }
        }
    }

    private static void answer(HttpServletResponse response, Guard.Refused refusal) throws IOException {
        response.setStatus(refusal.status());
        if (!refusal.challenge().isEmpty()) {
            response.setHeader("WWW-Authenticate", refusal.challenge());
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println(refusal.code());
    }

    /** Returns the token of a request that passed a filter; null if none did. */
    public static Token tokenOf(HttpServletRequest request) {
        return (Token) request.getAttribute(TOKEN);
    }

    /** A request whose user is the subject of its token. */
    private static final class Guarded extends HttpServletRequestWrapper {
        private final Token token;

        Guarded(HttpServletRequest request, Token token) {
            super(request);
            this.token = token;
        }

        @Override
        public String getRemoteUser() {
            return token.subject().orElse(null);
        }

        @Override
        public Principal getUserPrincipal() {
            return token.subject().<Principal>map(subject -> () -> subject).orElse(null);
        }

        @Override
        public String getAuthType() {
            return "Bearer";
        }
    }
}
