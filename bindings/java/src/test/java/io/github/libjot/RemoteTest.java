package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteTest {
    private static final RemoteOptions HERE = RemoteOptions.DEFAULT.allowLoopback();
    private static final Signer OLD = Signer.generate(Algorithm.ES256, "old");
    private static final Signer FRESH = Signer.generate(Algorithm.ES256, "fresh");
    private static final Signer STRANGER = Signer.generate(Algorithm.ES256, "stranger");
    private Site site;

    @BeforeEach
    void open() throws Exception {
        site = new Site();
        site.publish(OLD);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private VerifierBuilder builder(KeySource keys) {
        return Verifier.builder().algorithms(Algorithm.ES256).issuer(site.url, keys).audience("api");
    }

    @Test
    void keysAreDiscoveredAndFollowed() throws Exception {
        try (RemoteKeys keys = RemoteKeys.discover(site.url, HERE.coolDown(Duration.ZERO));
                Verifier verifier = builder(keys).build()) {
            // The first token waits for the keys.
            assertEquals(Optional.of("old"), verifier.verify(site.token(OLD)).keyId());
            keys.await(Duration.ofSeconds(5));
            // One whose key was published a moment ago causes a fetch.
            site.publish(OLD, FRESH);
            assertEquals(Optional.of("fresh"), verifier.verify(site.token(FRESH)).keyId());
            Health health = keys.health();
            assertEquals(2, health.keys());
            assertEquals(Code.ACCEPTED, health.error());
            assertTrue(health.successes() >= 2 && health.lastSuccess().isPresent());
            assertEquals("", keys.reason());
            keys.refreshNow();
        }
    }

    @Test
    void strangersCauseOneFetchAndHoldNoThreads() throws Exception {
        try (RemoteKeys keys = RemoteKeys.at(site.url + "/jwks", HERE); Verifier verifier = builder(keys).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            verifier.verify(site.token(OLD));
            site.pause = 300;
            String text = site.token(STRANGER);
            List<Future<Code>> found = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                found.add(threads.submit(() -> verifier.code(text)));
            }
            for (Future<Code> one : found) {
                assertEquals(Code.KID_UNKNOWN, one.get());
            }
            // The first fetch, and one for all the strangers.
            assertEquals(2, site.asked.get());
        }
    }

    @Test
    void futureWaitsWithoutAThread() throws Exception {
        try (RemoteKeys keys = RemoteKeys.discover(site.url, HERE); Verifier verifier = builder(keys).build()) {
            assertEquals(Optional.of("alice"),
                verifier.verifyAsync(site.token(OLD), Demand.NONE).get(5, TimeUnit.SECONDS).subject());
            for (String wrong : List.of("x", site.token(STRANGER))) {
                ExecutionException thrown = assertThrows(ExecutionException.class,
                    () -> verifier.verifyAsync(wrong, Demand.NONE).get(5, TimeUnit.SECONDS));
                assertInstanceOf(JwtRejectedException.class, thrown.getCause());
            }
            CompletionException thrown = assertThrows(CompletionException.class,
                () -> verifier.verifyAsync("x", Demand.NONE).join());
            assertEquals(Code.TOKEN_SEGMENTS, ((JwtRejectedException) thrown.getCause()).code());
        }
    }

    @Test
    void waitEndsInTimeAndByAnInterrupt() throws Exception {
        site.pause = 3_000;
        try (RemoteKeys keys = RemoteKeys.discover(site.url, HERE);
                Verifier verifier = builder(keys).waiting(Duration.ofMillis(100)).build();
                Verifier patient = builder(keys).build();
                Verifier impatient = builder(keys).waiting(Duration.ZERO).build()) {
            String text = site.token(OLD);
            assertEquals(Code.FETCH_TIMEOUT, impatient.code(text));
            assertEquals(503, Code.FETCH_TIMEOUT.status());
            Instant start = Instant.now();
            assertEquals(Code.FETCH_TIMEOUT, verifier.code(text));
            assertTrue(Duration.between(start, Instant.now()).toMillis() < 2_500);
            Thread.currentThread().interrupt();
            assertEquals(Code.FETCH_TIMEOUT, patient.code(text));
            assertTrue(Thread.interrupted());
            JotException none = assertThrows(JotException.class, () -> keys.await(Duration.ofMillis(60)));
            assertEquals(Code.KEYS_NOT_YET, none.code());
            // Not a token of these keys: nothing waits.
            assertEquals(Code.TOKEN_SEGMENTS, patient.code("x"));
        }
    }

    @Test
    void onlyTheIssuerOfATokenIsAsked() throws Exception {
        try (Site other = new Site(); RemoteKeys keys = RemoteKeys.at(site.url + "/jwks", HERE);
                RemoteKeys others = RemoteKeys.at(other.url + "/jwks", HERE)) {
            other.publish(FRESH);
            keys.await(Duration.ofSeconds(5));
            others.await(Duration.ofSeconds(5));
            try (Verifier verifier = builder(keys).issuer(other.url, others)
                    .issuer("https://fixed", KeySet.of(OLD)).build()) {
                assertEquals(1, verifier.verify(other.token(FRESH)).issuerIndex());
                assertEquals(Code.KID_UNKNOWN, verifier.code(other.token(STRANGER)));
                assertEquals(1, site.asked.get());
                assertEquals(2, other.asked.get());
                Map<String, Object> claims = Map.of("iss", "https://fixed", "aud", "api", "exp", 4102444800L);
                assertEquals(Code.ACCEPTED, verifier.code(OLD.sign(claims)));
                assertEquals(Code.KID_UNKNOWN, verifier.code(STRANGER.sign(claims)));
                // Its details are the token's own, though the issuer was asked for.
                JwtRejectedException late = assertThrows(JwtRejectedException.class,
                    () -> verifier.verify(other.token(FRESH), Demand.at(Instant.MAX)));
                assertEquals(new Outcome(Code.EXPIRED, true, "exp"), Outcome.of(late));
            }
        }
    }

    @Test
    void closedKeysStayInUse() throws Exception {
        RemoteKeys keys = RemoteKeys.discover(site.url, HERE);
        try (Verifier verifier = builder(keys).build()) {
            verifier.verify(site.token(OLD));
            keys.close();
            assertEquals(Code.ACCEPTED, verifier.code(site.token(OLD)));
            assertEquals(Code.KID_UNKNOWN, verifier.code(site.token(STRANGER)));
            assertThrows(IllegalStateException.class, keys::health);
            assertThrows(IllegalStateException.class, () -> builder(keys).build());
        }
    }

    @Test
    void urlsOfStrangersAreRefusedAndFailuresTold() throws Exception {
        assertEquals(Code.URL_REFUSED,
            assertThrows(JotException.class, () -> RemoteKeys.at("http://issuer.example/jwks")).code());
        site.down = true;
        try (RemoteKeys keys = RemoteKeys.at(site.url + "/jwks", HERE); Verifier verifier = builder(keys).build()) {
            Code code = verifier.code(site.token(OLD));
            assertEquals(503, code.status(), code.toString());
            assertFalse(keys.reason().isEmpty());
        }
    }

    @Test
    void fetcherHasSettingsOfItsOwn() throws Exception {
        try (Fetcher fetcher = Fetcher.of(Fetcher.Options.DEFAULT.threads(2).proxy(""));
                RemoteKeys keys = RemoteKeys.at(site.url + "/jwks", HERE.fetcher(fetcher).timeout(Duration.ofSeconds(2)));
                Verifier verifier = builder(keys).build()) {
            assertEquals(Code.ACCEPTED, verifier.code(site.token(OLD)));
        }
        assertEquals(Code.ARGUMENT_VALUE, assertThrows(JotException.class,
            () -> Fetcher.of(Fetcher.Options.DEFAULT.authorities("no PEM"))).code());
    }

    @Test
    void revocationsAreFollowed() throws Exception {
        long now = Instant.now().getEpochSecond();
        try (RemoteKeys keys = RemoteKeys.discover(site.url, HERE); Verifier verifier = builder(keys).build()) {
            String text = OLD.sign(Map.of("iss", site.url, "aud", "api", "jti", "j", "exp", 4102444800L));
            assertEquals(Code.ACCEPTED, verifier.code(text));
            try (RemoteRevocations list = RemoteRevocations.at(
                    site.url + "/revocations", keys, site.url, HERE, Algorithm.ES256)) {
                verifier.followRevocations(list);
                assertEquals(Code.REVOCATIONS_NOT_YET, verifier.code(text));
                site.pages.put("/revocations", OLD.sign(
                    "{\"iss\":\"" + site.url + "\",\"iat\":" + now + ",\"exp\":" + (now + 600)
                        + ",\"revocations\":[{\"jti\":\"j\",\"until\":4102444800}]}",
                    SignOptions.DEFAULT.type("revocations+jwt")));
                list.refreshNow();
                list.await(Duration.ofSeconds(10));
                assertEquals(Code.JTI_REVOKED, verifier.code(text));
                assertEquals("", list.reason());
            }
        }
    }

    @Test
    void statusListsAreFollowed() throws Exception {
        long now = Instant.now().getEpochSecond();
        String uri = site.url + "/status/1";
        // Two bytes of one bit for each token: the one with the index 9 is revoked.
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[] {0, 2});
        deflater.finish();
        byte[] packed = new byte[64];
        String list = Base64.getUrlEncoder().withoutPadding()
            .encodeToString(Arrays.copyOf(packed, deflater.deflate(packed)));
        site.pages.put("/status/1", OLD.sign(
            Map.of("sub", uri, "iat", now, "exp", now + 600, "status_list", Map.of("bits", 1, "lst", list)),
            SignOptions.DEFAULT.type("statuslist+jwt")));
        try (RemoteKeys keys = RemoteKeys.discover(site.url, HERE);
                Verifier verifier = builder(keys).checkStatus().build()) {
            keys.await(Duration.ofSeconds(5));
            String good = token(uri, 8);
            String revoked = token(uri, 9);
            assertEquals(Code.STATUS_LIST_UNKNOWN, verifier.code(good));
            try (RemoteStatusLists lists = RemoteStatusLists.at(
                    List.of(site.url + "/status/"), keys, HERE, Algorithm.ES256)) {
                verifier.followStatusLists(lists);
                assertEquals(List.of(), lists.uris());
                // The first token that names the list has it followed.
                for (int i = 0; i < 500 && verifier.code(good) == Code.STATUS_LIST_NOT_YET; i++) {
                    Thread.sleep(10);
                }
                assertEquals(Code.ACCEPTED, verifier.code(good));
                assertEquals(Code.STATUS_REVOKED, verifier.code(revoked));
                assertEquals(List.of(uri), lists.uris());
                assertEquals("", lists.reason(uri));
                assertEquals(Code.STATUS_LIST_UNKNOWN, assertThrows(JotException.class,
                    () -> lists.reason(site.url + "/status/2")).code());
                lists.refreshNow();
                lists.await(Duration.ofSeconds(5));
                verifier.forgetStatusList(uri);
            }
        }
    }

    private String token(String uri, int index) {
        return OLD.sign(Map.of("iss", site.url, "aud", "api", "exp", 4102444800L,
            "status", Map.of("status_list", Map.of("idx", index, "uri", uri))));
    }
}
