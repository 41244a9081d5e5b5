package io.github.libjot.spring;

import io.github.libjot.Demand;
import io.github.libjot.Token;
import io.github.libjot.Verification;
import io.github.libjot.Verifier;
import java.util.Map;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;

/**
 * The decoder of Spring Security's resource server, in the place of {@code NimbusJwtDecoder}: a bean of
 * this type is all that an application needs.
 *
 * <p>The claims are those that {@code NimbusJwtDecoder} makes. A rejected token is a
 * {@link BadJwtException}, which Spring answers with 401, and keys that cannot be had are a
 * {@link JwtException}, which it answers with 500; the cause of both is a
 * {@link io.github.libjot.JwtRejectedException}. Scopes are better left to Spring's rules, because its
 * decoder cannot answer 403.
 */
public final class JotJwtDecoder implements JwtDecoder {
    private final Verifier verifier;
    private final Demand demand;
    private final Converter<Map<String, Object>, Map<String, Object>> claims;

    /**
     * Makes a decoder.
     *
     * @param verifier judges the tokens
     */
    public JotJwtDecoder(Verifier verifier) {
        this(verifier, Demand.NONE, MappedJwtClaimSetConverter.withDefaults(Map.of()));
    }

    /**
     * Makes a decoder.
     *
     * @param verifier judges the tokens
     * @param demand what tokens must meet, beyond the rules of the verifier
     * @param claims makes the claims of a {@link Jwt} of those of a token
     */
    public JotJwtDecoder(
        Verifier verifier, Demand demand, Converter<Map<String, Object>, Map<String, Object>> claims) {
        this.verifier = verifier;
        this.demand = demand;
        this.claims = claims;
    }

    @Override
    public Jwt decode(String text) {
        return switch (verifier.check(text, demand)) {
            case Verification.Accepted accepted -> jwt(text, accepted.token());
            case Verification.Rejected rejected -> throw thrown(rejected);
        };
    }

    private Jwt jwt(String text, Token token) {
        try {
            Map<String, Object> made = claims.convert(token.claims().asMap());
            return Jwt.withTokenValue(text)
                .headers(headers -> headers.putAll(token.headerParameters()))
                .claims(all -> all.putAll(made))
                .build();
        } catch (IllegalArgumentException refused) {
            // Spring has rules of its own, such as that iat is before exp.
            throw new BadJwtException("Spring takes no such token: " + refused.getMessage(), refused);
        }
    }

    private static JwtException thrown(Verification.Rejected rejected) {
        return rejected.status() >= 500
            ? new JwtException(rejected.toString(), rejected.exception())
            : new BadJwtException(rejected.code().meaning(), rejected.exception());
    }
}
