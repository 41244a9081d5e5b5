package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import example.Api;
import io.github.libjot.spring.JotJwtDecoder;
import io.github.libjot.spring.JotReactiveJwtDecoder;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The decoder of Spring Security, and the application of examples/api-spring. */
class SpringTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.RS256, "k");
    private static final KeySet KEYS = KeySet.of(SIGNER);
    private static final Verifier VERIFIER =
        Verifier.builder().algorithms(Algorithm.RS256).keys(KEYS).anyAudience().build();
    private static final JotJwtDecoder DECODER = new JotJwtDecoder(VERIFIER);

    @Test
    void tokensAreThoseOfNimbus() throws Exception {
        RSAKey key = JWKSet.parse(KEYS.toJwks()).getKeys().getFirst().toRSAKey();
        NimbusJwtDecoder nimbus = NimbusJwtDecoder.withPublicKey(key.toRSAPublicKey()).build();
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>(Map.of(
            "iss", "https://a", "sub", "alice", "aud", "api", "exp", now + 600, "iat", now - 5, "nbf", now - 5,
            "jti", "j", "scope", "read write", "n", 1.5));
        claims.put("nested", Map.of("roles", List.of("a", "b"), "deep", Map.of("x", true)));
        for (String removed : List.of("none", "iat", "nbf", "aud", "jti", "nested")) {
            claims.remove(removed);
            String text = SIGNER.sign(claims);
            Jwt wanted = nimbus.decode(text);
            Jwt found = DECODER.decode(text);
            assertEquals(wanted.getClaims(), found.getClaims());
            assertEquals(wanted.getHeaders().keySet(), found.getHeaders().keySet());
            assertEquals(wanted.getHeaders().get("kid"), found.getHeaders().get("kid"));
            assertEquals(wanted.getIssuedAt(), found.getIssuedAt());
            assertEquals(wanted.getExpiresAt(), found.getExpiresAt());
            assertEquals(wanted.getAudience(), found.getAudience());
            assertEquals(text, found.getTokenValue());
        }
    }

    @Test
    void rejectionsAreThoseThatSpringAnswers() {
        for (Map.Entry<String, Code> wrong : Map.of(
                "x", Code.TOKEN_SEGMENTS, "eyJhbGciOiJub25lIn0.e30.", Code.ALG_NONE,
                SIGNER.sign(Map.of("exp", 1)), Code.EXPIRED).entrySet()) {
            BadJwtException thrown = assertThrows(BadJwtException.class, () -> DECODER.decode(wrong.getKey()));
            assertEquals(wrong.getValue(), assertInstanceOf(JwtRejectedException.class, thrown.getCause()).code());
        }
        try (Verifier down = Verifier.builder().algorithms(Algorithm.RS256).keys(KEYS).build()) {
            down.setRevocations(Revocations.stale());
            JwtException thrown = assertThrows(JwtException.class,
                () -> new JotJwtDecoder(down).decode(SIGNER.sign(Map.of("exp", 4102444800L))));
            assertEquals(JwtException.class, thrown.getClass());
            assertEquals("revocations_stale", thrown.getMessage());
        }
        // What the engine accepts and Spring does not.
        String strange = SIGNER.sign(Map.of("exp", 4102444800L, "iat", 4102444801L));
        try (Verifier lax = Verifier.builder().algorithms(Algorithm.RS256).keys(KEYS).allowFutureIat().build()) {
            assertEquals(Code.ACCEPTED, lax.code(strange));
            assertThrows(BadJwtException.class, () -> new JotJwtDecoder(lax).decode(strange));
        }
    }

    @Test
    void reactiveDecoderDoesTheSame() throws Exception {
        JotReactiveJwtDecoder reactive = new JotReactiveJwtDecoder(VERIFIER);
        String text = SIGNER.sign(Map.of("sub", "alice", "aud", "api", "exp", 4102444800L));
        assertEquals(DECODER.decode(text).getClaims(), reactive.decode(text).block().getClaims());
        String expired = SIGNER.sign(Map.of("exp", 1));
        BadJwtException thrown = assertThrows(BadJwtException.class, () -> reactive.decode(expired).block());
        assertEquals(Code.EXPIRED, assertInstanceOf(JwtRejectedException.class, thrown.getCause()).code());
        try (Site site = new Site(); RemoteKeys keys = RemoteKeys.at(site.url + "/jwks", RemoteOptions.DEFAULT.allowLoopback());
                Verifier verifier = Verifier.builder().algorithms(Algorithm.RS256).keys(keys).build()) {
            site.publish(SIGNER);
            site.pause = 300;
            // Nothing waits but the Mono.
            JotReactiveJwtDecoder remote = new JotReactiveJwtDecoder(verifier);
            List<Mono<Jwt>> all = Stream.generate(() -> remote.decode(SIGNER.sign(Map.of("exp", 4102444800L)))).limit(50).toList();
            assertEquals(50, Flux.merge(all).count().block());
            verifier.setRevocations(Revocations.stale());
            JwtException down =
                assertThrows(JwtException.class, () -> remote.decode(SIGNER.sign(Map.of("exp", 4102444800L))).block());
            assertEquals(JwtException.class, down.getClass());
        }
    }

    @Test
    void applicationIsGuarded() throws Exception {
        Signer signer = Signer.generate(Algorithm.ES256, "k");
        long now = Instant.now().getEpochSecond();
        try (Site site = new Site()) {
            site.publish(signer);
            String revocations = signer.sign(
                "{\"iss\":\"" + site.url + "\",\"iat\":" + now + ",\"exp\":" + (now + 600)
                    + ",\"ttl\":1,\"revocations\":[{\"jti\":\"taken-back\"}]}",
                SignOptions.DEFAULT.type("revocations+jwt"));
            String port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = Integer.toString(free.getLocalPort());
            }
            Api.main(new String[] {port, site.url, "api"});
            Map<String, Object> claims = new LinkedHashMap<>(Map.of(
                "iss", site.url, "sub", "s", "aud", "api", "client_id", "c", "iat", now - 1, "exp", now + 600,
                "jti", "j", "scope", "orders", "username", "alice"));
            SignOptions type = SignOptions.DEFAULT.type("at+jwt");
            String good = signer.sign(claims, type);
            assertEquals("token_null\n", answer(port, 401, "", "Bearer"));
            assertEquals("revocations_not_yet\n", answer(port, 503, "Bearer " + good, ""));
            assertEquals("", send(port, "Bearer " + good).headers().firstValue("WWW-Authenticate").orElse(""));
            site.pages.put("/revocations", revocations);
            for (int i = 0; i < 150 && status(port, good) != 200; i++) {
                Thread.sleep(100);
            }
            assertEquals("two orders of alice\n", answer(port, 200, "Bearer " + good, null));
            assertEquals("typ_mismatch\n",
                answer(port, 401, "Bearer " + signer.sign(claims), "error=\"invalid_token\""));
            assertEquals("signature_invalid\n",
                answer(port, 401, "Bearer " + good.substring(0, good.length() - 4) + "AAAA",
                    "error_description=\"" + Code.SIGNATURE_INVALID.meaning() + "\""));
            // What Spring refuses without the engine.
            assertEquals("invalid_token\n", answer(port, 401, "Bearer a b", "error=\"invalid_token\""));
            claims.put("jti", "taken-back");
            assertEquals("jti_revoked\n", answer(port, 401, "Bearer " + signer.sign(claims, type),
                "error_description=\"" + Code.JTI_REVOKED.meaning() + "\""));
            claims.put("jti", "j");
            claims.put("scope", "read");
            answer(port, 403, "Bearer " + signer.sign(claims, type), "error=\"insufficient_scope\"");
        }
    }

    private static int status(String port, String token) throws Exception {
        return send(port, "Bearer " + token).statusCode();
    }

    private static HttpResponse<String> send(String port, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orders"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String answer(String port, int status, String authorization, String challenge) throws Exception {
        HttpResponse<String> answer = send(port, authorization);
        assertEquals(status, answer.statusCode());
        if (challenge != null) {
            String found = answer.headers().firstValue("WWW-Authenticate").orElse("");
            assertTrue(found.contains(challenge), found);
        }
        return answer.body();
    }
}
