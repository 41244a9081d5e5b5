package io.github.libjot.spring;

import io.github.libjot.Demand;
import io.github.libjot.Verification;
import io.github.libjot.Verifier;
import java.util.Map;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/**
 * The decoder of Spring Security's resource server, in the place of {@code NimbusJwtDecoder}: a bean of
 * this type is all that an application needs.
 *
 * <p>The claims are those that {@code NimbusJwtDecoder} makes. A rejected token is a
 * {@code BadJwtException}, which Spring answers with 401, and keys that cannot be had are a
 * {@code JwtException}, which it answers with 500, and with 503 by {@link JotEntryPoint}; the cause of both is a
 * {@link io.github.libjot.JwtRejectedException}. Scopes are better left to Spring's rules, because its
 * decoder cannot answer 403.
 */
public final class JotJwtDecoder implements JwtDecoder {
    private final Verifier verifier;
    private final Demand demand;
    private final Jwts jwts;

    /**
     * Makes a decoder.
     *
     * @param verifier judges the tokens
     */
    public JotJwtDecoder(Verifier verifier) {
        this(verifier, Demand.NONE, Jwts.ofSpring());
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
        this(verifier, demand, new Jwts(claims));
    }

    private JotJwtDecoder(Verifier verifier, Demand demand, Jwts jwts) {
        this.verifier = verifier;
        this.demand = demand;
        this.jwts = jwts;
    }

    @Override
    public Jwt decode(String text) {
        return switch (verifier.check(text, demand)) {
            case Verification.Accepted accepted -> jwts.of(text, accepted.token());
            case Verification.Rejected rejected -> throw Jwts.thrown(rejected.exception());
        };
    }
}
