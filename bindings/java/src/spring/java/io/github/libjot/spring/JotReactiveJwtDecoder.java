package io.github.libjot.spring;

import io.github.libjot.Demand;
import io.github.libjot.JwtRejectedException;
import io.github.libjot.Verifier;
import java.util.Map;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/**
 * The decoder of a resource server of WebFlux, in the place of {@code NimbusReactiveJwtDecoder}. It makes
 * of tokens what {@link JotJwtDecoder} makes. A token whose key has to be fetched first holds no thread
 * meanwhile.
 */
public final class JotReactiveJwtDecoder implements ReactiveJwtDecoder {
    private final Verifier verifier;
    private final Demand demand;
    private final Jwts jwts;

    /**
     * Makes a decoder.
     *
     * @param verifier judges the tokens
     */
    public JotReactiveJwtDecoder(Verifier verifier) {
        this(verifier, Demand.NONE, Jwts.ofSpring());
    }

    /**
     * Makes a decoder.
     *
     * @param verifier judges the tokens
     * @param demand what tokens must meet, beyond the rules of the verifier
     * @param claims makes the claims of a {@link Jwt} of those of a token
     */
    public JotReactiveJwtDecoder(
        Verifier verifier, Demand demand, Converter<Map<String, Object>, Map<String, Object>> claims) {
        this(verifier, demand, new Jwts(claims));
    }

    private JotReactiveJwtDecoder(Verifier verifier, Demand demand, Jwts jwts) {
        this.verifier = verifier;
        this.demand = demand;
        this.jwts = jwts;
    }

    @Override
    public Mono<Jwt> decode(String text) {
        return Mono.fromFuture(() -> verifier.verifyAsync(text, demand))
            .onErrorMap(JwtRejectedException.class, Jwts::thrown)
            .map(token -> jwts.of(text, token));
    }
}
