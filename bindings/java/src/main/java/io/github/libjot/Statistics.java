package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counters of a verifier since it was made.
 *
 * @param accepted tokens that were accepted
 * @param refused tokens that were rejected
 * @param cacheHits accepted tokens that the cache held
 * @param cacheMisses accepted tokens that the cache did not hold, or no longer
 * @param cacheEvictions entries of the cache that others evicted
 * @param cacheBytes the memory of the cache
 * @param verdicts how often a code was the verdict, for those that were
 */
public record Statistics(
    long accepted, long refused, long cacheHits, long cacheMisses, long cacheEvictions, long cacheBytes,
    Map<Code, Long> verdicts) {

    static Statistics of(MemorySegment verifier) {
        try (Lent lent = new Lent()) {
            MemorySegment counters = lent.struct(Native.Statistics.SIZE);
            Lent.check(Native.jot_verifier_statistics(verifier, counters), "statistics");
            Map<Code, Long> verdicts = new EnumMap<>(Code.class);
            for (Code code : Code.values()) {
                long times = Native.jot_verifier_verdicts(verifier, code.number());
                if (times != 0) {
                    verdicts.put(code, times);
                }
            }
            return new Statistics(
                counters.get(JAVA_LONG, Native.Statistics.accepted),
                counters.get(JAVA_LONG, Native.Statistics.refused),
                counters.get(JAVA_LONG, Native.Statistics.cache_hits),
                counters.get(JAVA_LONG, Native.Statistics.cache_misses),
                counters.get(JAVA_LONG, Native.Statistics.cache_evictions),
                counters.get(JAVA_LONG, Native.Statistics.cache_bytes),
                Map.copyOf(verdicts));
        }
    }
}
