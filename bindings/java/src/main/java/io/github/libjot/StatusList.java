package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/** A Token Status List, or what stands in the place of one. Any number of threads may use it. */
public final class StatusList extends NativeObject {
    private StatusList(MemorySegment list) {
        super(list, Native::jot_status_list_free);
    }

    /**
     * Reads the Claims Set of a signed status list with at most this many entries. Verify the list
     * first: its {@code typ} is {@code statuslist+jwt}.
     */
    public static StatusList ofClaims(String claims, long mostEntries) {
        try (Lent lent = new Lent()) {
            MemorySegment list = lent.pointer();
            lent.check(Native.jot_status_list_from_claims(lent.text(claims), mostEntries, list, lent.error()));
            return new StatusList(Lent.pointed(list));
        }
    }

    /** Makes what stands in the place of a list until it was fetched: 503. */
    public static StatusList notYet(String uri) {
        try (Lent lent = new Lent()) {
            return new StatusList(Native.jot_status_list_not_yet(lent.text(uri)));
        }
    }

    /** Makes what stands in the place of a list that is too old: 503. */
    public static StatusList stale(String uri) {
        try (Lent lent = new Lent()) {
            return new StatusList(Native.jot_status_list_stale(lent.text(uri)));
        }
    }

    /** Returns the number of entries, with those that fill up the last byte. */
    public long size() {
        return use(Native::jot_status_list_len);
    }

    /** Returns the {@code exp} of the list, at which {@link #stale} should be put in its place. */
    public Optional<Instant> end() {
        long end = use(Native::jot_status_list_end);
        return end == Native.JOT_NEVER ? Optional.empty() : Optional.of(Instant.ofEpochSecond(
            Math.clamp(end, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())));
    }
}
