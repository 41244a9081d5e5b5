package io.github.libjot;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * 1,000 different tokens of ten claims in turn, in the way that a name says. The row {@code cpu} is the
 * CPU time of all threads of the process for each token, those of the compiler and the collector
 * included, which other programs disturb less than the time of the clock.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Bench {
    private static final int TOKENS = 1_000;

    /** The algorithm. */
    @Param({"RS256", "ES256", "EDDSA", "HS256"})
    public Algorithm algorithm;

    /** The way. A cache for few tokens never has the token; one for many always does. */
    @Param({
        "verify", "accelerated", "accelerated-code", "accelerated-claims", "cached", "cached-code", "missed-code", "batch",
        "auth0", "jjwt", "nimbus", "fusionauth"
    })
    public String way;

    private String[] tokens;
    private Function<String, String> peer;
    private Verifier verifier;
    private Batch batch;

    /** Makes keys and tokens, and sees that the way accepts them and rejects others. */
    @Setup
    public void setUp() throws Exception {
        KeyPair pair = algorithm == Algorithm.HS256 ? null : pair(algorithm);
        tokens = new String[TOKENS];
        try (Signer signer = pair == null ? Signer.ofSecret(Peers.SECRET, KeyOptions.DEFAULT)
                : Signer.of(pair.getPrivate(), KeyOptions.DEFAULT); KeySet keys = KeySet.of(signer)) {
            long now = Instant.now().getEpochSecond();
            for (int i = 0; i < TOKENS; i++) {
                tokens[i] = signer.sign("{\"iss\":\"" + Peers.ISSUER + "\",\"aud\":\"" + Peers.AUDIENCE
                    + "\",\"sub\":\"user-" + i + "\",\"exp\":" + (now + 86400) + ",\"iat\":" + now
                    + ",\"jti\":\"7b1f0c2e-" + i + "\",\"client_id\":\"web\",\"scope\":\"read write profile\","
                    + "\"email\":\"user" + i + "@example.com\",\"roles\":[\"admin\",\"editor\"]}");
            }
            VerifierBuilder builder = Verifier.builder().algorithms(algorithm).issuer(Peers.ISSUER, keys)
                .audience(Peers.AUDIENCE).backend(way.equals("verify") ? Backend.AWS_LC : Backend.ACCELERATED);
            if (way.startsWith("cached") || way.startsWith("missed")) {
                builder.cache(way.startsWith("cached") ? 100_000 : 16);
            }
            verifier = builder.build();
        }
        batch = Batch.of(1);
        if (List.of("auth0", "jjwt", "nimbus", "fusionauth").contains(way)) {
            peer = Peers.of(way, algorithm, pair);
            if (peer == null) {
                throw new IllegalStateException(way + " does not have " + algorithm);
            }
        }
        check();
    }

    private static KeyPair pair(Algorithm algorithm) throws Exception {
        KeyPairGenerator made = KeyPairGenerator.getInstance(
            algorithm == Algorithm.RS256 ? "RSA" : algorithm == Algorithm.ES256 ? "EC" : "Ed25519");
        if (algorithm == Algorithm.RS256) {
            made.initialize(2048);
        } else if (algorithm == Algorithm.ES256) {
            made.initialize(new ECGenParameterSpec("secp256r1"));
        }
        return made.generateKeyPair();
    }

    private void check() {
        String good = tokens[7];
        String bad = good.substring(0, good.length() - 8) + "AAAAAAAA";
        if (peer == null) {
            if (verifier.code(good) != Code.ACCEPTED || verifier.code(bad) != Code.SIGNATURE_INVALID) {
                throw new AssertionError(way);
            }
            return;
        }
        if (!peer.apply(good).equals("user-7")) {
            throw new AssertionError(way);
        }
        try {
            peer.apply(bad);
        } catch (RuntimeException rejected) {
            return;
        }
        throw new AssertionError(way + " accepts another signature");
    }

    /** All tokens once. */
    @Benchmark
    @OperationsPerInvocation(TOKENS)
    public int tokens() {
        int sum = 0;
        if (way.equals("batch")) {
            return batch.verify(verifier, Arrays.asList(tokens)).accepted();
        }
        for (String token : tokens) {
            sum += one(token);
        }
        return sum;
    }

    private int one(String token) {
        return switch (way) {
            case "verify", "accelerated", "cached" -> verifier.verify(token).keyIndex();
            case "accelerated-code", "cached-code", "missed-code" -> verifier.code(token).ordinal();
            case "accelerated-claims" -> verifier.verify(token).claims().asMap().size();
            default -> peer.apply(token).length();
        };
    }

    /** The CPU time of the process. */
    public static final class Cpu implements InternalProfiler {
        private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private long start;

        @Override
        public String getDescription() {
            return "CPU time of the process";
        }

        @Override
        public void beforeIteration(BenchmarkParams parameters, IterationParams iteration) {
            start = SYSTEM.getProcessCpuTime();
        }

        @Override
        public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams parameters, IterationParams iteration, IterationResult result) {
            double spent = SYSTEM.getProcessCpuTime() - start;
            return List.of(new ScalarResult(
                "cpu", spent / 1_000 / result.getMetadata().getMeasuredOps(), "us/op", AggregationPolicy.AVG));
        }
    }
}
