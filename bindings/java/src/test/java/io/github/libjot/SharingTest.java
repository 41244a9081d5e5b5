package io.github.libjot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Threads, and the ends of what they share. */
class SharingTest {
    private static final Signer SIGNER = Signer.generate(Algorithm.EDDSA, "k");
    private static final KeySet KEYS = KeySet.of(SIGNER);

    private static Verifier verifier() {
        return Verifier.builder().algorithms(Algorithm.EDDSA).keys(KEYS).anyAudience().build();
    }

    private static String token(int number) {
        return SIGNER.sign("{\"sub\":\"s" + number + "\",\"exp\":4102444800}");
    }

    private static void everywhere(ExecutorService threads, int calls) throws Exception {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tokens.add(token(i));
        }
        try (threads; Verifier verifier = verifier()) {
            List<Future<String>> found = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                String text = tokens.get(i % tokens.size());
                found.add(threads.submit(() -> {
                    String subject = verifier.verify(text).subject().orElseThrow();
                    return verifier.read(text, Demand.NONE, view -> {
                        Thread.yield();
                        return view.string("sub").orElseThrow();
                    }).equals(subject) ? subject : "another";
                }));
            }
            for (int i = 0; i < calls; i++) {
                assertEquals("s" + i % tokens.size(), found.get(i).get());
            }
            assertEquals(2L * calls, verifier.statistics().accepted());
        }
    }

    @Test
    void threadsShareAVerifier() throws Exception {
        everywhere(Executors.newFixedThreadPool(8), 2_000);
    }

    @Test
    void virtualThreadsShareAVerifier() throws Exception {
        everywhere(Executors.newVirtualThreadPerTaskExecutor(), 10_000);
    }

    @Test
    void closingInMidCallEndsTheCallsFirst() throws Exception {
        String text = token(0);
        for (int round = 0; round < 50; round++) {
            Verifier verifier = verifier();
            AtomicInteger accepted = new AtomicInteger();
            CountDownLatch running = new CountDownLatch(4);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            assertEquals(Code.ACCEPTED, verifier.code(text));
                            accepted.incrementAndGet();
                            running.countDown();
                        }
                    } catch (IllegalStateException closed) {
                        assertEquals("it was closed", closed.getMessage());
                    }
                }));
            }
            running.await();
            verifier.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertTrue(accepted.get() >= 4);
            verifier.close();
            assertThrows(IllegalStateException.class, () -> verifier.code(text));
            assertThrows(IllegalStateException.class, verifier::statistics);
        }
    }

    @Test
    void objectIsFreedOnceWhenTheLastCallHasEnded() {
        AtomicInteger freed = new AtomicInteger();
        Handle handle = Handle.shared(MemorySegment.ofAddress(64), object -> freed.incrementAndGet());
        for (int number = 0; number < Slot.PLACES; number++) {
            handle.acquire(number);
        }
        handle.run();
        for (int number = 0; number < Slot.PLACES; number++) {
            int late = number;
            assertThrows(IllegalStateException.class, () -> handle.acquire(late));
            assertEquals(0, freed.get());
            handle.release(number);
        }
        assertEquals(1, freed.get());
        assertThrows(IllegalStateException.class, () -> handle.acquire(0));
        assertEquals(1, freed.get());
    }

    @Test
    void everythingMayBeClosedTwiceAndNotUsedAfterwards() {
        Signer signer = Signer.generate(Algorithm.HS256);
        KeySet keys = KeySet.of(signer);
        Batch batch = Batch.of(1);
        Condition condition = Condition.parse("sub present");
        Revocations list = Revocations.ofAtMost(1);
        for (NativeObject object : List.of(signer, keys, batch, condition, list)) {
            object.close();
            object.close();
        }
        try (Verifier verifier = verifier()) {
            assertThrows(IllegalStateException.class, () -> signer.sign("{}"));
            assertThrows(IllegalStateException.class, keys::size);
            assertThrows(IllegalStateException.class, () -> batch.verify(verifier, List.of("x")));
            assertThrows(IllegalStateException.class, () -> verifier.code(token(0), Demand.NONE.condition(condition)));
            assertThrows(IllegalStateException.class, () -> verifier.setRevocations(list));
            VerifierBuilder builder = Verifier.builder().algorithms(Algorithm.HS256).keys(keys);
            assertThrows(IllegalStateException.class, builder::build);
        }
    }

    @Test
    void whatIsForgottenIsFreed() throws Exception {
        AtomicLong freed = new AtomicLong();
        for (int i = 0; i < 100; i++) {
            forget(freed);
        }
        for (int i = 0; i < 100 && freed.get() < 100; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(100, freed.get());
        // And what is in use is not: the verifier has no other reference than the call's.
        for (int i = 0; i < 200; i++) {
            assertEquals(Code.ACCEPTED, verifier().code(token(i)));
            if (i % 20 == 0) {
                System.gc();
            }
        }
    }

    private static void forget(AtomicLong freed) {
        Object forgotten = new Object();
        Handle.CLEANER.register(
            forgotten, Handle.of(MemorySegment.ofAddress(64), object -> freed.incrementAndGet()));
    }
}
