package io.github.libjot;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * Finds libjot_fetch and its functions: the file that the system property {@value #PROPERTY} or the
 * variable {@value #VARIABLE} names, else the one in the jar for this platform, else an installed
 * one.
 */
final class Library {
    static final String PROPERTY = "io.github.libjot.path";
    static final String VARIABLE = "JOT_LIBRARY";
    private static final String INSTALLED = "libjot_fetch.so.0";

    /** All memory, for reading what the library points to. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final BiFunction<Path, Arena, SymbolLookup> BY_PATH = SymbolLookup::libraryLookup;
    private static final BiFunction<String, Arena, SymbolLookup> BY_NAME = SymbolLookup::libraryLookup;

    private static final SymbolLookup SYMBOLS = load();

    private Library() {}

    static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(address(name), descriptor);
    }

    static MemorySegment address(String name) {
        return SYMBOLS.find(name).orElseThrow(
            () -> new UnsatisfiedLinkError("libjot has no " + name + ": it is older than this jar, replace it"));
    }

    /** What a call of the library may throw is a fault of ours, never of a token's. */
    static RuntimeException fault(Throwable fault) {
        if (fault instanceof RuntimeException known) {
            throw known;
        }
        if (fault instanceof Error known) {
            throw known;
        }
        throw new IllegalStateException(fault);
    }

    private static SymbolLookup load() {
        SymbolLookup symbols = find();
        int version = version(symbols);
        if (version != Native.JOT_ABI_VERSION) {
            throw new UnsatisfiedLinkError(
                "libjot has ABI version " + version + " and this jar needs " + Native.JOT_ABI_VERSION);
        }
        return symbols;
    }

    private static int version(SymbolLookup symbols) {
        MemorySegment function = symbols.find("jot_abi_version").orElseThrow(
            () -> new UnsatisfiedLinkError("this is no libjot: it has no jot_abi_version"));
        FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT);
        try {
            return (int) Linker.nativeLinker().downcallHandle(function, descriptor).invokeExact();
        } catch (Throwable fault) {
            throw fault(fault);
        }
    }

    private static SymbolLookup find() {
        String named = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (named != null) {
            return open(Path.of(named), "named by " + PROPERTY + " or " + VARIABLE);
        }
        String platform = platform();
        try (InputStream inside = Library.class.getResourceAsStream("native/" + platform + "/libjot_fetch.so")) {
            if (inside != null) {
                return extracted(inside);
            }
        } catch (IOException fault) {
            throw linkError("libjot could not be taken out of its jar; is java.io.tmpdir writable?", fault);
        }
        try {
            return BY_NAME.apply(INSTALLED, Arena.global());
        } catch (IllegalArgumentException fault) {
            throw linkError("this jar has no libjot for " + platform + ", and " + INSTALLED
                + " is not installed: set -D" + PROPERTY + "=/path/to/libjot_fetch.so", fault);
        }
    }

    private static SymbolLookup open(Path path, String whence) {
        try {
            return BY_PATH.apply(path.toAbsolutePath(), Arena.global());
        } catch (IllegalArgumentException fault) {
            throw linkError(path + ", " + whence + ", cannot be loaded", fault);
        }
    }

    /** The folder is nobody else's, and the file is not needed once it is loaded. */
    private static SymbolLookup extracted(InputStream inside) throws IOException {
        Path folder = Files.createTempDirectory("libjot");
        Path file = folder.resolve("libjot_fetch.so");
        try {
            Files.copy(inside, file);
            return open(file, "taken out of the jar (java.io.tmpdir must allow executable files)");
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(folder);
        }
    }

    /** Such as linux-x86_64-gnu; the names of the folders in the jar. */
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").replace("amd64", "x86_64").replace("arm64", "aarch64");
        if (!system.equals("linux")) {
            return system.replace(" ", "") + "-" + arch;
        }
        return "linux-" + arch + (isMusl() ? "-musl" : "-gnu");
    }

    /** The C library of this process, not one that is installed as well. */
    private static boolean isMusl() {
        try {
            return Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1).contains("/ld-musl-");
        } catch (IOException hidden) {
            return false;
        }
    }

    private static UnsatisfiedLinkError linkError(String message, Throwable cause) {
        UnsatisfiedLinkError made = new UnsatisfiedLinkError(message + ": " + cause.getMessage());
        made.initCause(cause);
        return made;
    }
}
