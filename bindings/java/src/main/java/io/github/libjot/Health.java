package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.Optional;

/**
 * How the keys at a URL do, for logs and metrics.
 *
 * @param lastSuccess when they were fetched or confirmed last
 * @param freshUntil until when they are fresh
 * @param nextFetch when the next fetch is due
 * @param error what was wrong with the last fetch; {@link Code#ACCEPTED} if it succeeded
 * @param failures how many fetches failed since the last success
 * @param fetches how many were asked for
 * @param successes how many brought or confirmed keys
 * @param refused how often an unknown {@code kid} was refused without a fetch
 * @param keys how many keys are in force
 */
public record Health(
    Optional<Instant> lastSuccess, Optional<Instant> freshUntil, Optional<Instant> nextFetch, Code error,
    int failures, long fetches, long successes, long refused, long keys) {

    static Health of(MemorySegment health) {
        return new Health(
            moment(health, Native.Health.last_success), moment(health, Native.Health.fresh_until),
            moment(health, Native.Health.next_fetch), Code.of(health.get(JAVA_INT, Native.Health.error)),
            health.get(JAVA_INT, Native.Health.failures), health.get(JAVA_LONG, Native.Health.fetches),
            health.get(JAVA_LONG, Native.Health.successes), health.get(JAVA_LONG, Native.Health.refused),
            health.get(JAVA_LONG, Native.Health.keys));
    }

    private static Optional<Instant> moment(MemorySegment health, long member) {
        long seconds = health.get(JAVA_LONG, member);
        return seconds == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(
            Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())));
    }
}
