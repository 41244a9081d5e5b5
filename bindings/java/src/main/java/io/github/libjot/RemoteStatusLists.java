package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/**
 * The Token Status Lists of an issuer, which a thread of the library follows (docs/revocation.md):
 * those at URIs that are named, and those that tokens name below a URI that ends with a slash.
 */
public final class RemoteStatusLists extends NativeObject {
    /** What follows these lists, and the keys that they are verified with; they live as long as they do. */
    private final Fetcher fetcher;
    private final RemoteKeys keys;

    private RemoteStatusLists(MemorySegment lists, Fetcher fetcher, RemoteKeys keys) {
        super(lists, Native::jot_remote_status_lists_free);
        this.fetcher = fetcher;
        this.keys = keys;
    }

    /**
     * Follows status lists. A list counts if one of these keys signed it with one of these algorithms.
     *
     * @param uris those of lists, which are followed from the start; and URIs that end with {@code /},
     *     below which a list is followed from the first token on that names it
     */
    public static RemoteStatusLists at(
        List<String> uris, RemoteKeys keys, RemoteOptions options, Algorithm... algorithms) {
        Fetcher fetcher = options.fetcher();
        int allowed = Algorithm.set(algorithms);
        try (Lent lent = new Lent()) {
            MemorySegment places = lent.struct(Native.StatusPlaces.SIZE);
            places.set(ADDRESS, Native.StatusPlaces.uris, lent.texts(uris));
            places.set(JAVA_LONG, Native.StatusPlaces.count, uris.size());
            MemorySegment lists = lent.pointer();
            lent.check(fetcher.use(object -> keys.use(remote -> Native.jot_remote_status_lists_new(
                object, places, remote, allowed, options.list(lent), lists, lent.error()))));
            return new RemoteStatusLists(Lent.pointed(lists), fetcher, keys);
        }
    }

    /**
     * Waits until every list that is followed is in force.
     *
     * @throws JotException with what the library says of one that is not in time
     */
    public void await(Duration wait) {
        Lent.check(use(lists -> Native.jot_remote_status_lists_wait(
            lists, Math.clamp(wait.toMillis(), 0, Integer.MAX_VALUE))), "status_lists");
    }

    /** Asks for a fetch of each list as soon as possible. */
    public void refreshNow() {
        Lent.check(use(Native::jot_remote_status_lists_refresh_now), "status_lists");
    }

    /** Returns the URIs of the lists that are followed, in their order. */
    public List<String> uris() {
        return use(lists -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written(
                    (text, error) -> Native.jot_remote_status_lists_uris(lists, text))).lines().toList();
            }
        });
    }

    /**
     * Says in words what was wrong with the last fetch of the list at a URI; empty if it succeeded.
     *
     * @throws JotException {@link Code#STATUS_LIST_UNKNOWN} if it is not followed
     */
    public String reason(String uri) {
        return use(lists -> {
            try (Lent lent = new Lent()) {
                MemorySegment text = lent.text(uri);
                return Lent.string(lent.written(
                    (to, error) -> Native.jot_remote_status_lists_reason(lists, text, to)));
            }
        });
    }
}
