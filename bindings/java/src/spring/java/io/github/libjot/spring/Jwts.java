package io.github.libjot.spring;

import io.github.libjot.JwtRejectedException;
import io.github.libjot.Token;
import java.util.Map;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;

/** What the decoders make of an accepted token, and of one that is rejected. */
record Jwts(Converter<Map<String, Object>, Map<String, Object>> claims) {
    /** With the claims that Spring's own decoders make. */
    static Jwts ofSpring() {
        return new Jwts(MappedJwtClaimSetConverter.withDefaults(Map.of()));
    }

    Jwt of(String text, Token token) {
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

    static JwtException thrown(JwtRejectedException rejected) {
        return rejected.status() >= 500
            ? new JwtException(rejected.code().toString(), rejected)
            : new BadJwtException(rejected.code().meaning(), rejected);
    }
}
