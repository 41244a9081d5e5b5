package example;

import static org.springframework.security.config.Customizer.withDefaults;

import io.github.libjot.Algorithm;
import io.github.libjot.RemoteKeys;
import io.github.libjot.RemoteOptions;
import io.github.libjot.RemoteRevocations;
import io.github.libjot.Verifier;
import io.github.libjot.spring.JotEntryPoint;
import io.github.libjot.spring.JotJwtDecoder;
import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An API of Spring Boot that is guarded by tokens of jotd: PORT ISSUER AUDIENCE, on this machine. The
 * library follows the issuer's keys and what it took back, on a thread of its own.
 */
@RestController
@SpringBootApplication
public class Api {
    /** Starts the server. */
    public static void main(String[] arguments) {
        if (arguments.length != 3) {
            System.err.println("api PORT ISSUER AUDIENCE");
            System.exit(2);
        }
        SpringApplication application = new SpringApplication(Api.class);
        application.setDefaultProperties(Map.of(
            "server.address", "127.0.0.1", "server.port", arguments[0], "issuer", arguments[1],
            "audience", arguments[2], "spring.threads.virtual.enabled", "true", "spring.main.banner-mode", "off"));
        application.run();
    }

    @Bean
    RemoteKeys keys(@Value("${issuer}") String issuer) throws InterruptedException {
        RemoteKeys keys = RemoteKeys.discover(issuer, RemoteOptions.DEFAULT.allowLoopback());
        keys.await(Duration.ofSeconds(10));
        return keys;
    }

    @Bean
    Verifier verifier(RemoteKeys keys, @Value("${issuer}") String issuer, @Value("${audience}") String audience) {
        Verifier verifier = Verifier.builder()
            .algorithms(Algorithm.ES256).accessTokens(audience).issuer(issuer, keys).build();
        // As often as the issuer says, also each second.
        RemoteOptions options =
            RemoteOptions.DEFAULT.allowLoopback().pollEvery(Duration.ofSeconds(5), Duration.ofSeconds(1));
        verifier.followRevocations(
            RemoteRevocations.at(issuer + "/revocations", keys, issuer, options, Algorithm.ES256));
        return verifier;
    }

    @Bean
    JwtDecoder decoder(Verifier verifier) {
        return new JotJwtDecoder(verifier);
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http
            .authorizeHttpRequests(requests -> requests
                .requestMatchers("/orders").hasAuthority("SCOPE_orders").anyRequest().denyAll())
            .oauth2ResourceServer(server -> JotEntryPoint.answer(server.jwt(withDefaults())))
            .build();
    }

    @GetMapping("/orders")
    String orders(@AuthenticationPrincipal Jwt token) {
        return "two orders of " + token.getClaimAsString("username") + "\n";
    }
}
