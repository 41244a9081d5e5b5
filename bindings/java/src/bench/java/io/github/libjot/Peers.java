package io.github.libjot;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import io.fusionauth.jwt.JWTDecoder;
import io.jsonwebtoken.JwtParser;
import io.jsonwebtoken.Jwts;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import java.util.function.Function;
import javax.crypto.spec.SecretKeySpec;

/** Other libraries, set up as their pages say: all of them check signature, issuer, audience and exp. */
final class Peers {
    static final String ISSUER = "https://issuer.example";
    static final String AUDIENCE = "api";
    static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private Peers() {}

    /** Returns what verifies a token and gives its subject; null if the library does not have the algorithm. */
    static Function<String, String> of(String name, Algorithm algorithm, KeyPair pair) throws Exception {
        return switch (name) {
            case "auth0" -> auth0(algorithm, pair);
            case "jjwt" -> jjwt(algorithm, pair);
            case "nimbus" -> nimbus(algorithm, pair);
            case "fusionauth" -> fusionauth(algorithm, pair);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Function<String, String> auth0(Algorithm algorithm, KeyPair pair) {
        com.auth0.jwt.algorithms.Algorithm chosen = switch (algorithm) {
            case HS256 -> com.auth0.jwt.algorithms.Algorithm.HMAC256(SECRET);
            case RS256 -> com.auth0.jwt.algorithms.Algorithm.RSA256((RSAPublicKey) pair.getPublic(), null);
            case ES256 -> com.auth0.jwt.algorithms.Algorithm.ECDSA256((ECPublicKey) pair.getPublic(), null);
            default -> null;
        };
        if (chosen == null) {
            return null;
        }
        JWTVerifier verifier = JWT.require(chosen).withIssuer(ISSUER).withAudience(AUDIENCE).build();
        return token -> verifier.verify(token).getSubject();
    }

    private static Function<String, String> jjwt(Algorithm algorithm, KeyPair pair) {
        io.jsonwebtoken.JwtParserBuilder builder = Jwts.parser().requireIssuer(ISSUER).requireAudience(AUDIENCE);
        JwtParser parser = (algorithm == Algorithm.HS256
            ? builder.verifyWith(new SecretKeySpec(SECRET, "HmacSHA256"))
            : builder.verifyWith(pair.getPublic())).build();
        return token -> parser.parseSignedClaims(token).getPayload().getSubject();
    }

    private static Function<String, String> nimbus(Algorithm algorithm, KeyPair pair) throws Exception {
        JWSVerifier verifier = switch (algorithm) {
            case HS256 -> new MACVerifier(SECRET);
            case RS256 -> new RSASSAVerifier((RSAPublicKey) pair.getPublic());
            case ES256 -> new ECDSAVerifier((ECPublicKey) pair.getPublic());
            default -> null;
        };
        if (verifier == null) {
            return null;
        }
        JWSAlgorithm wanted = JWSAlgorithm.parse(algorithm.toString());
        DefaultJWTClaimsVerifier<com.nimbusds.jose.proc.SecurityContext> rules = new DefaultJWTClaimsVerifier<>(
            AUDIENCE, new JWTClaimsSet.Builder().issuer(ISSUER).build(), Set.of("exp"));
        return text -> {
            try {
                SignedJWT token = SignedJWT.parse(text);
                if (!token.getHeader().getAlgorithm().equals(wanted) || !token.verify(verifier)) {
                    throw new IllegalStateException("rejected");
                }
                rules.verify(token.getJWTClaimsSet(), null);
                return token.getJWTClaimsSet().getSubject();
            } catch (Exception rejected) {
                throw new IllegalStateException(rejected);
            }
        };
    }

    private static Function<String, String> fusionauth(Algorithm algorithm, KeyPair pair) {
        io.fusionauth.jwt.Verifier verifier = switch (algorithm) {
            case HS256 -> io.fusionauth.jwt.hmac.HMACVerifier.newVerifier(SECRET);
            case RS256 -> io.fusionauth.jwt.rsa.RSAVerifier.newVerifier((RSAPublicKey) pair.getPublic());
            case ES256 -> io.fusionauth.jwt.ec.ECVerifier.newVerifier((ECPublicKey) pair.getPublic());
            default -> null;
        };
        if (verifier == null) {
            return null;
        }
        JWTDecoder decoder = io.fusionauth.jwt.domain.JWT.getDecoder();
        return text -> {
            io.fusionauth.jwt.domain.JWT token = decoder.decode(text, verifier);
            if (!ISSUER.equals(token.issuer) || !AUDIENCE.equals(token.audience)) {
                throw new IllegalStateException("rejected");
            }
            return token.subject;
        };
    }
}
