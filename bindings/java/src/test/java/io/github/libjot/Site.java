package io.github.libjot;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An issuer on this machine, which counts the requests for its keys. */
final class Site implements AutoCloseable {
    final String url;
    final AtomicInteger asked = new AtomicInteger();
    final Map<String, String> pages = new ConcurrentHashMap<>();
    volatile long pause;
    volatile boolean down;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Site() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String page = pages.get(path);
            if (path.equals("/jwks")) {
                asked.incrementAndGet();
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException ended) {
                return;
            }
            byte[] body = page == null || down ? new byte[] {'n', 'o'} : page.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(page == null || down ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    void publish(Signer... signers) {
        pages.put("/.well-known/openid-configuration",
            Json.write(Map.of("issuer", url, "jwks_uri", url + "/jwks")));
        try (KeySet keys = KeySet.of(signers)) {
            pages.put("/jwks", keys.toJwks());
        }
    }

    String token(Signer signer) {
        return signer.sign(Map.of("iss", url, "aud", "api", "sub", "alice", "exp", 4102444800L));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
