package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The memory that one call lends to the library, and where its outputs and its error go. */
final class Lent implements AutoCloseable {
    final Arena arena;
    private MemorySegment error;

    Lent() {
        this(Arena.ofConfined());
    }

    /** For memory that lives longer than a call. */
    Lent(Arena arena) {
        this.arena = arena;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** A view of a text in UTF-8. */
    MemorySegment text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    MemorySegment bytes(byte[] bytes) {
        MemorySegment view = arena.allocate(Native.SLICE);
        fill(view, bytes);
        return view;
    }

    /** The view that stands for an argument that is absent. */
    MemorySegment absent() {
        return arena.allocate(Native.SLICE);
    }

    MemorySegment optional(String text) {
        return text == null ? absent() : text(text);
    }

    MemorySegment optional(byte[] bytes) {
        return bytes == null ? absent() : bytes(bytes);
    }

    /** A view for each text. */
    MemorySegment texts(List<String> texts) {
        MemorySegment views = arena.allocate(Native.SLICE, Math.max(texts.size(), 1));
        for (int i = 0; i < texts.size(); i++) {
            long at = i * Native.SLICE.byteSize();
            fill(views.asSlice(at, Native.SLICE), texts.get(i).getBytes(StandardCharsets.UTF_8));
        }
        return views;
    }

    /** An empty text is not an absent one: its address is not 0. */
    private void fill(MemorySegment view, byte[] bytes) {
        MemorySegment copy = arena.allocate(Math.max(bytes.length, 1), 1);
        MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
        view.set(ADDRESS, 0, copy);
        view.set(JAVA_LONG, 8, bytes.length);
    }

    /** A struct whose first member is its size. */
    MemorySegment struct(long size) {
        MemorySegment made = arena.allocate(size, 8);
        made.set(JAVA_LONG, 0, size);
        return made;
    }

    /** Sets a member that is a view. */
    static void put(MemorySegment struct, long member, MemorySegment view) {
        MemorySegment.copy(view, 0, struct, member, Native.SLICE.byteSize());
    }

    MemorySegment algorithms(List<Algorithm> algorithms) {
        return arena.allocateFrom(JAVA_INT, algorithms.stream().mapToInt(Algorithm::number).toArray());
    }

    /** Where a call writes a pointer. */
    MemorySegment pointer() {
        return arena.allocate(ADDRESS);
    }

    static MemorySegment pointed(MemorySegment pointer) {
        return pointer.get(ADDRESS, 0);
    }

    /** Where a call writes what was wrong. */
    MemorySegment error() {
        error = struct(Native.Error.SIZE);
        return error;
    }

    /** Throws what the call of the last {@link #error} wrote, unless its code is 0. */
    void check(int code) {
        if (code == Native.JOT_ACCEPTED) {
            return;
        }
        // A call that did not get so far wrote nothing.
        if (error == null || error.get(JAVA_INT, Native.Error.code) != code) {
            throw new JotException(Code.of(code), "", -1, null);
        }
        int offset = error.get(JAVA_INT, Native.Error.offset);
        throw new JotException(
            Code.of(code), error.getString(Native.Error.name), offset == Native.JOT_NONE ? -1 : offset,
            sized((buffer, length) -> Native.jot_error_message(
                error, buffer, buffer.byteSize(), length)));
    }

    /** Throws the error of a call that gives only its code. */
    static void check(int code, String name) {
        if (code != Native.JOT_ACCEPTED) {
            throw new JotException(Code.of(code), name, -1, null);
        }
    }

    /** The text that a call writes into a buffer, or as much as is needed. */
    static String sized(BiFunction<MemorySegment, MemorySegment, Integer> write) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocate(JAVA_LONG);
            MemorySegment buffer = arena.allocate(512);
            check(write.apply(buffer, length), "buffer");
            long needed = length.get(JAVA_LONG, 0) + 1;
            if (needed > buffer.byteSize()) {
                buffer = arena.allocate(needed);
                check(write.apply(buffer, length), "buffer");
            }
            return buffer.getString(0);
        }
    }

    /** The bytes that a call writes into a text of the library. */
    byte[] written(BiFunction<MemorySegment, MemorySegment, Integer> write) {
        MemorySegment text = Native.jot_text_new();
        try {
            check(write.apply(text, error()));
            return copied(Native.jot_text_view(arena, text));
        } finally {
            Native.jot_text_free(text);
        }
    }

    /** Copies what a view shows; null if it is absent. */
    static byte[] copied(MemorySegment view) {
        return copied(view, 0);
    }

    static byte[] copied(MemorySegment struct, long member) {
        long address = struct.get(JAVA_LONG, member);
        if (address == 0) {
            return null;
        }
        byte[] copy = new byte[Math.toIntExact(struct.get(JAVA_LONG, member + 8))];
        MemorySegment.copy(Library.MEMORY, JAVA_BYTE, address, copy, 0, copy.length);
        return copy;
    }

    /** The text that a view shows; null if it is absent. */
    static String string(MemorySegment struct, long member) {
        byte[] copy = copied(struct, member);
        return copy == null ? null : new String(copy, StandardCharsets.UTF_8);
    }

    static String string(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The instant of some seconds since 1970, if there is one: what lies beyond the ends of Instant is as good as its ends. */
    static Optional<Instant> instant(boolean there, long seconds) {
        return there ? Optional.of(Instant.ofEpochSecond(
            Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()))) : Optional.empty();
    }

    /** A text that ends with a NUL and lives as long as the program; null for NULL. */
    static String fixed(MemorySegment address) {
        return address.address() == 0 ? null : Library.MEMORY.getString(address.address());
    }
}
