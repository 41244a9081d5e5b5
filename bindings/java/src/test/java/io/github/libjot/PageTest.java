package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/java.md and of the READMEs compile, run, and print what stands behind {@code // prints}. */
class PageTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern PRINTS = Pattern.compile("// prints (.*)");

    @TempDir
    Path folder;

    @Test
    void examplesPrintWhatThePageSays() throws Exception {
        String page = Files.readString(CasesTest.root().resolve("docs/java.md"));
        assertTrue(page.startsWith("# Java\n\n```java\n"), "the page begins with lines that run");
        assertEquals(3, examples(page, "Page"));
        assertEquals(1, examples(Files.readString(CasesTest.root().resolve("bindings/java/README.md")), "Readme"));
    }

    /** That of the project is a part of a program, which has a token; here the keys are at hand as well. */
    @Test
    void exampleOfTheProjectVerifies() throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(CasesTest.root().resolve("README.md")));
        assertTrue(block.find());
        String example = block.group(1) + "\nSystem.out.println(token.subject().orElseThrow());";
        assertEquals(Code.ALG_NONE, refused("String text = \"eyJhbGciOiJub25lIn0.e30.\";\n" + example, "Project"));
        String fetched = "RemoteKeys.discover(\"https://issuer.example\")";
        assertTrue(example.contains(fetched), example);
        try (Signer signer = Signer.generate(Algorithm.RS256); KeySet keys = KeySet.of(signer)) {
            // A string of JSON is one of Java, too.
            example = example.replace(fetched, "KeySet.parse(" + Json.write(keys.toJwks()) + ")");
            Map<String, Object> claims =
                Map.of("iss", "https://issuer.example", "aud", "api", "sub", "alice", "exp", 4102444800L);
            String text = "String text = \"" + signer.sign(claims) + "\";\n";
            assertEquals(List.of("alice"), run(text + example, "Accepted"));
            text = "String text = \"" + signer.sign(Map.of("iss", "https://issuer.example", "aud", "api", "exp", 1)) + "\";\n";
            assertEquals(Code.EXPIRED, refused(text + example, "Expired"));
        }
    }

    private Code refused(String example, String name) {
        Throwable thrown = assertThrows(InvocationTargetException.class, () -> run(example, name)).getCause();
        return assertInstanceOf(JwtRejectedException.class, thrown).code();
    }

    private int examples(String page, String name) throws Exception {
        Matcher block = BLOCK.matcher(page);
        int blocks = 0;
        while (block.find()) {
            String example = block.group(1);
            if (example.startsWith("@Bean")) {
                // It needs Spring: it is a part of the application that is tested with it.
                String api = Files.readString(CasesTest.root().resolve("examples/api-spring/example/Api.java"));
                assertTrue(api.contains(example.indent(4)), example);
                continue;
            }
            assertEquals(prints(example), run(example, name + blocks++));
        }
        return blocks;
    }

    private static List<String> prints(String example) {
        return PRINTS.matcher(example).results().map(found -> found.group(1)).toList();
    }

    private List<String> run(String example, String name) throws Exception {
        String source = "import io.github.libjot.*; import java.time.*; import java.util.*;\n"
            + "public class " + name + " { public static void run() throws Exception {\n" + example + "\n} }";
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean lenient) {
                return source;
            }
        };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
            List.of("-d", folder.toString(), "-cp", System.getProperty("jot.classes"), "-proc:none");
        List<String> faults = new ArrayList<>();
        boolean compiled = compiler.getTask(
            null, null, fault -> faults.add(fault.toString()), options, null, List.of(file)).call();
        assertTrue(compiled, () -> faults + "\n" + source);
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, PageTest.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("run").invoke(null);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
