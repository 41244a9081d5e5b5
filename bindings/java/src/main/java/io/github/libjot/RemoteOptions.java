package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How the keys or the list at a URL are followed (docs/keys.md, docs/revocation.md). It never
 * changes: each method returns another one.
 */
public final class RemoteOptions {
    /** The defaults. */
    public static final RemoteOptions DEFAULT = new RemoteOptions(null, List.of());

    /** A member of jot_keeper_options and of jot_list_options; -1 where one has none. */
    private record Setting(long keeper, long list, int value) {}

    private final Fetcher fetcher;
    private final List<Setting> settings;

    private RemoteOptions(Fetcher fetcher, List<Setting> settings) {
        this.fetcher = fetcher;
        this.settings = settings;
    }

    private RemoteOptions with(long keeper, long list, int value) {
        List<Setting> more = new ArrayList<>(settings);
        more.add(new Setting(keeper, list, value));
        return new RemoteOptions(fetcher, List.copyOf(more));
    }

    /** Has this fetcher follow them, instead of that of the process. */
    public RemoteOptions fetcher(Fetcher fetcher) {
        return new RemoteOptions(Objects.requireNonNull(fetcher), settings);
    }

    /** Sets how long a whole fetch may take, in whole seconds; 5 unless set. */
    public RemoteOptions timeout(Duration timeout) {
        int seconds = VerifierBuilder.seconds("timeout", timeout);
        return with(Native.KeeperOptions.timeout, Native.ListOptions.timeout, seconds);
    }

    /**
     * Sets how long keys stay in use if they cannot be fetched again: a day unless set. For a list it
     * is how long the last one stays in use after its {@code exp}: not at all unless set.
     */
    public RemoteOptions serveStaleFor(Duration duration) {
        int seconds = VerifierBuilder.seconds("serve_stale_for", duration);
        return with(Native.KeeperOptions.serve_stale_for, Native.ListOptions.serve_stale_for, seconds);
    }

    /**
     * Sets how long after a fetch for an unknown {@code kid} no other such fetch is made; 30 seconds
     * unless set. It is for keys alone.
     */
    public RemoteOptions coolDown(Duration duration) {
        return with(Native.KeeperOptions.cool_down, -1, VerifierBuilder.seconds("cool_down", duration));
    }

    /**
     * Sets after what time a list is fetched again that does not say so itself, and the least time that
     * it may say; a minute and 5 seconds unless set. It is for lists alone.
     */
    public RemoteOptions pollEvery(Duration poll, Duration least) {
        return with(-1, Native.ListOptions.poll, VerifierBuilder.seconds("poll", poll))
            .with(-1, Native.ListOptions.least_poll, VerifierBuilder.seconds("least_poll", least));
    }

    /** Allows {@code http} to this machine, for tests and for proxies beside the program. */
    public RemoteOptions allowLoopback() {
        return with(
            Native.KeeperOptions.flags, Native.ListOptions.flags,
            // Both have one other flag, which has no name here.
            LOOPBACK);
    }

    private static final int LOOPBACK = Native.JOT_ALLOW_LOOPBACK;

    static {
        if (Native.JOT_ALLOW_LOOPBACK != Native.JOT_LIST_ALLOW_LOOPBACK) {
            throw new AssertionError("the flags differ");
        }
    }

    Fetcher fetcher() {
        return fetcher == null ? Fetcher.shared() : fetcher;
    }

    MemorySegment keeper(Lent lent) {
        MemorySegment made = lent.struct(Native.KeeperOptions.SIZE);
        Lent.check(Native.jot_keeper_options_default(made), "options");
        settings.stream().filter(one -> one.keeper >= 0).forEach(one -> made.set(JAVA_INT, one.keeper, one.value));
        return made;
    }

    MemorySegment list(Lent lent) {
        MemorySegment made = lent.struct(Native.ListOptions.SIZE);
        settings.stream().filter(one -> one.list >= 0).forEach(one -> made.set(JAVA_INT, one.list, one.value));
        return made;
    }
}
