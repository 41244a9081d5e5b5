package io.github.libjot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A million calls of every kind, whose memory must not grow: more than 2 % after the first 100,000 is too much. */
final class Memory {
    private Memory() {}

    public static void main(String[] arguments) throws Exception {
        Signer signer = Signer.generate(Algorithm.HS256, "k");
        KeySet keys = KeySet.of(signer);
        Verifier verifier = Verifier.builder().algorithms(Algorithm.HS256).keys(keys).audience("api")
            .cache(1000).backend(Backend.AUTO).build();
        String[] tokens = new String[5_000];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = signer.sign("{\"aud\":\"api\",\"sub\":\"s" + i + "\",\"exp\":4102444800,\"scope\":\"read\"}");
        }
        Demand read = Demand.NONE.scopes("read").audiences("api");
        Demand write = Demand.NONE.scopes("write");
        long early = 0;
        try (Batch batch = Batch.of(2)) {
            for (int call = 1; call <= 1_000_000; call++) {
                String token = tokens[call % tokens.length];
                boolean held = switch (call % 8) {
                    case 0 -> verifier.verify(token).claims().string("aud").isPresent();
                    case 1 -> verifier.code(token) == Code.ACCEPTED;
                    case 2 -> verifier.check(token, read) instanceof Verification.Accepted;
                    case 3 -> verifier.code(token, write) == Code.SCOPE_INSUFFICIENT;
                    case 4 -> verifier.read(token, Demand.NONE, view -> view.string("sub").isPresent());
                    case 5 -> ((Verification.Rejected) verifier.check(token + "x")).detail().isEmpty();
                    case 6 -> verifier.code("x".repeat(call % 200_000)).status() == 401;
                    default -> call % 800 != 7 || whole(verifier, batch, keys, token);
                };
                if (!held && call % 8 != 5) {
                    throw new AssertionError("call " + call);
                }
                if (call == 100_000) {
                    early = resident();
                }
            }
        }
        long after = resident();
        System.out.printf("RSS after 100,000 calls %d kB, after 1,000,000 %d kB: %+.2f %%%n",
            early, after, 100.0 * (after - early) / early);
        if (after > early * 1.02) {
            throw new AssertionError("it grows");
        }
    }

    /** The life of a verifier. */
    private static boolean whole(Verifier verifier, Batch batch, KeySet keys, String token) {
        try (Verifier short_ = Verifier.builder().algorithms(Algorithm.HS256).keys(keys).anyAudience().build()) {
            return short_.code(token) == Code.ACCEPTED
                && batch.verify(verifier, List.of(token, "x", token)).accepted() == 2;
        }
    }

    private static long resident() throws Exception {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }
}
