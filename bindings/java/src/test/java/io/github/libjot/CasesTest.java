package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The shared table of cases, which every language runs. */
class CasesTest {
    private static final Map<String, Code> NAMED =
        Arrays.stream(Code.values()).collect(Collectors.toMap(Code::toString, code -> code));

    private final Batch batch = Batch.of(1);
    private final List<String> faults = new ArrayList<>();

    /** The root of the checkout. */
    static Path root() {
        return Path.of(System.getProperty("jot.root"));
    }

    @Test
    void sharedTableHasItsOutcomes() throws Exception {
        List<?> cases = (List<?>) Json.read(Files.readString(root().resolve("tests/cases/tokens.json")));
        assertTrue(cases.size() > 1500, "only " + cases.size() + " cases");
        for (Object row : cases) {
            Map<String, Object> one = members(row);
            Code code = NAMED.get((String) one.get("code"));
            Outcome wanted = new Outcome(
                code, one.get("signature_ok") == Boolean.TRUE, (String) one.getOrDefault("claim", ""));
            compare((String) one.get("id"), wanted, world(one).judge(false, batch));
        }
        assertEquals(List.of(), faults);
    }

    private void compare(String id, Outcome wanted, Outcome found) {
        if (!wanted.equals(found)) {
            faults.add(id + ": " + found + ", and wanted is " + wanted);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> members(Object value) {
        return (Map<String, Object>) value;
    }

    private static World world(Map<String, Object> one) {
        World made = new World();
        made.token = token(one);
        made.now = (Long) one.get("now");
        Map<String, Object> policy = members(one.get("policy"));
        policy.forEach(made::rule);
        if (one.get("status_lists") instanceof List<?> lists) {
            lists.forEach(list -> made.statusList(members(list)));
        }
        if (one.get("issuer_keys") instanceof Map<?, ?> issuers) {
            issuers.forEach((issuer, set) -> {
                made.read(() -> KeySet.ofJwks(Json.write(set), made.reading));
                made.trust((String) issuer);
            });
            return made;
        }
        made.read(() -> keys(one, made.reading));
        if (policy.get("issuers") instanceof List<?> issuers) {
            issuers.forEach(issuer -> made.trust((String) issuer));
        } else {
            made.trust(null);
        }
        return made;
    }

    private static KeySet keys(Map<String, Object> one, KeyOptions reading) {
        if (one.containsKey("keys")) {
            return KeySet.ofJwks(Json.write(one.get("keys")), reading);
        }
        if (one.containsKey("jwk")) {
            return KeySet.ofJwk(Json.write(one.get("jwk")), reading);
        }
        if (one.containsKey("pem")) {
            return KeySet.ofPem((String) one.get("pem"), reading);
        }
        return KeySet.ofSecret(Base64.getUrlDecoder().decode((String) one.get("secret_b64")), reading);
    }

    private static byte[] token(Map<String, Object> one) {
        if (one.get("token") instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (one.get("token_b64") instanceof String text) {
            return Base64.getUrlDecoder().decode(text);
        }
        return ((List<?>) one.get("token_parts")).stream()
            .map(part -> part instanceof String text ? text : members(part).get("repeat").toString()
                .repeat(Math.toIntExact((Long) members(part).get("times"))))
            .collect(Collectors.joining()).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The table, the examples of the RFCs and the vectors of Wycheproof, as tests/c_cases.rs writes
     * them for C; scripts/java.sh names the file.
     */
    @Test
    void casesOfCHaveTheirOutcomes() throws Exception {
        String path = System.getProperty("jot.cases");
        assertTrue(path != null, "jot.cases names no file: scripts/java.sh makes it");
        World made = new World();
        String id = "";
        int cases = 0;
        int announced = -1;
        try (BufferedReader lines = Files.newBufferedReader(Path.of(path))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "case" -> {
                        made = new World();
                        id = new String(unhex(words[1]), StandardCharsets.UTF_8);
                        cases++;
                    }
                    case "end" -> announced = Integer.parseInt(words[1]);
                    case "verify", "jws" -> {
                        Outcome wanted = new Outcome(
                            Code.of(Integer.parseInt(words[1])), words[2].equals("1"),
                            new String(unhex(words[3]), StandardCharsets.UTF_8));
                        Outcome found = made.judge(words[0].equals("jws"), batch);
                        // Where no claim is named, none is expected, and none is forbidden.
                        compare(id, wanted, wanted.claim().isEmpty()
                            ? new Outcome(found.code(), found.signed(), "") : found);
                    }
                    default -> obey(made, words);
                }
            }
        }
        assertEquals(List.of(), faults);
        assertEquals(announced, cases);
        assertTrue(cases > 2000, "only " + cases + " cases");
    }

    private static byte[] unhex(String word) {
        return HexFormat.of().parseHex(word.substring(1));
    }

    private static void obey(World made, String[] words) {
        byte[] bytes = words.length > 1 && words[1].startsWith("=") ? unhex(words[1]) : new byte[0];
        String text = new String(bytes, StandardCharsets.UTF_8);
        switch (words[0]) {
            case "alg" -> made.rule("algorithms", List.of(text));
            case "policy" -> { }
            case "weak" -> made.rule("allow_weak_keys", true);
            case "jwks" -> made.read(() -> KeySet.ofJwks(text, made.reading));
            case "jwk" -> made.read(() -> KeySet.ofJwk(text, made.reading));
            case "pem" -> made.read(() -> KeySet.ofPem(text, made.reading));
            case "secret" -> made.read(() -> KeySet.ofSecret(bytes, made.reading));
            case "anyone" -> made.trust(null);
            case "issuer" -> made.trust(text);
            case "status_list" -> made.statusList(Json.object(text));
            case "status_list_not_yet", "status_list_stale" ->
                made.statusList(Map.of("absent", words[0], "sub", text));
            case "now" -> made.now = Long.parseLong(words[1]);
            case "token" -> made.token = bytes;
            case "detached" -> made.detached = bytes;
            case "access_token", "id_token", "subject", "nonce", "authorized_party", "key_alg" ->
                made.rule(words[0], text);
            case "leeway", "max_age", "token_bytes", "header_bytes" -> made.rule(words[0], Long.valueOf(words[1]));
            case "audiences", "typs", "required", "scopes", "understand_critical", "claims" ->
                made.rule(words[0], List.of(text));
            default -> made.rule(words[0], true);
        }
    }
}
