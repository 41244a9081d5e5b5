package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** A jot_columns whose memory is lent to one call, and what it has afterwards. */
final class Columns {
    private final Lent lent;
    private final int rows;
    final MemorySegment struct;

    Columns(Lent lent, int rows, boolean audited) {
        this.lent = lent;
        this.rows = rows;
        struct = lent.struct(Native.Columns.SIZE);
        place(Native.Columns.codes, JAVA_INT);
        place(Native.Columns.flags, JAVA_BYTE);
        place(Native.Columns.key_index, JAVA_INT);
        place(Native.Columns.expires_at, JAVA_LONG);
        if (audited) {
            place(Native.Columns.issuer_index, JAVA_INT);
            place(Native.Columns.not_before, JAVA_LONG);
            place(Native.Columns.issued_at, JAVA_LONG);
            place(Native.Columns.first_row, JAVA_INT);
            place(Native.Columns.key_state, JAVA_BYTE);
            place(Native.Columns.time_ok, JAVA_BYTE);
            place(Native.Columns.expired_by_seconds, JAVA_LONG);
            struct.set(JAVA_INT, Native.Columns.claims,
                Native.JOT_CLAIM_ISSUER | Native.JOT_CLAIM_SUBJECT | Native.JOT_CLAIM_JWT_ID);
            struct.set(JAVA_INT, Native.Columns.unverified, Native.JOT_UNVERIFIED_ALG | Native.JOT_UNVERIFIED_KID);
        }
    }

    private void place(long member, ValueLayout of) {
        struct.set(ADDRESS, member, lent.arena.allocate(of, Math.max(rows, 1)));
    }

    private MemorySegment column(long member, ValueLayout of) {
        return struct.get(ADDRESS, member).reinterpret(rows * of.byteSize());
    }

    byte[] bytes(long member) {
        return column(member, JAVA_BYTE).toArray(JAVA_BYTE);
    }

    int[] ints(long member) {
        return column(member, JAVA_INT).toArray(JAVA_INT);
    }

    long[] longs(long member) {
        return column(member, JAVA_LONG).toArray(JAVA_LONG);
    }

    /** A call that hands out a jot_text_column. */
    @FunctionalInterface
    interface Texts {
        int write(MemorySegment column, MemorySegment error);
    }

    /** Copies a column of texts; a row without one is null. */
    String[] texts(Texts texts) {
        MemorySegment column = lent.struct(Native.TextColumn.SIZE);
        lent.check(texts.write(column, lent.error()));
        byte[] data = Lent.copied(column, Native.TextColumn.data);
        MemorySegment ends = column.get(ADDRESS, Native.TextColumn.offsets).reinterpret(8L * (rows + 1));
        MemorySegment bits = column.get(ADDRESS, Native.TextColumn.validity).reinterpret((rows + 7) / 8);
        String[] found = new String[rows];
        for (int row = 0; row < rows; row++) {
            if ((bits.get(JAVA_BYTE, row / 8) >> row % 8 & 1) != 0) {
                int begin = Math.toIntExact(ends.getAtIndex(JAVA_LONG, row));
                int end = Math.toIntExact(ends.getAtIndex(JAVA_LONG, row + 1));
                found[row] = new String(data, begin, end - begin, StandardCharsets.UTF_8);
            }
        }
        return found;
    }
}
