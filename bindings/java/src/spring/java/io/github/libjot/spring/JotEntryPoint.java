package io.github.libjot.spring;

import io.github.libjot.Code;
import io.github.libjot.JwtRejectedException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.resource.OAuth2ResourceServerConfigurer;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;

/**
 * Answers requests that a resource server refuses with the name of the code in the body: what Spring
 * answers by itself, 401 with a challenge or 400, and 503 without a challenge while keys cannot be had,
 * where Spring's own entry point leaves a 500.
 *
 * <pre>{@code
 * http.oauth2ResourceServer(server -> JotEntryPoint.answer(server.jwt(withDefaults())))
 * }</pre>
 */
public final class JotEntryPoint implements AuthenticationEntryPoint {
    private final AuthenticationEntryPoint challenge = new BearerTokenAuthenticationEntryPoint();

    /** Makes an entry point; {@link #answer} has a resource server use one. */
    public JotEntryPoint() {}

    /** Has a resource server answer so. */
    public static void answer(OAuth2ResourceServerConfigurer<?> server) {
        JotEntryPoint entry = new JotEntryPoint();
        server.authenticationEntryPoint(entry);
        server.withObjectPostProcessor(new ObjectPostProcessor<BearerTokenAuthenticationFilter>() {
            @Override
            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                // Spring would throw what is no fault of the token.
                filter.setAuthenticationFailureHandler(entry::commence);
                return filter;
            }
        });
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException refused)
        throws IOException, ServletException {
        JwtRejectedException rejected = rejected(refused);
        if (rejected == null && refused instanceof AuthenticationServiceException) {
            throw refused;
        }
        if (rejected != null && rejected.status() >= 500) {
            response.setStatus(rejected.status());
        } else {
            challenge.commence(request, response, refused);
        }
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println(rejected == null ? name(refused) : rejected.code());
    }

    private static JwtRejectedException rejected(Throwable refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            if (cause instanceof JwtRejectedException rejected) {
                return rejected;
            }
        }
        return null;
    }

    /** A request without a token, or what Spring refuses by itself, such as several tokens. */
    private static String name(AuthenticationException refused) {
        return refused instanceof OAuth2AuthenticationException own
            ? own.getError().getErrorCode()
            : Code.TOKEN_NULL.toString();
    }
}
