package io.github.libjot;

import java.lang.foreign.MemorySegment;
import java.time.Instant;

/**
 * A list of revoked tokens, sessions, subjects and keys. One thread at a time may use it. An instant
 * that is null never comes.
 */
public final class Revocations extends NativeObject {
    Revocations(MemorySegment list) {
        super(list, Native::jot_revocations_free);
    }

    /** Makes an empty list for at most this many revocations. */
    public static Revocations ofAtMost(int limit) {
        return new Revocations(Native.jot_revocations_new(Math.max(limit, 0)));
    }

    /** Makes the list of a verifier that has not fetched its first list yet: its tokens are 503. */
    public static Revocations notYet() {
        return new Revocations(Native.jot_revocations_not_yet());
    }

    /** Makes the list of a verifier that could not fetch its list again for too long: its tokens are 503. */
    public static Revocations stale() {
        return new Revocations(Native.jot_revocations_stale());
    }

    /** Reads the text of {@link #toText}, for at most this many revocations. */
    public static Revocations parse(String text, int limit) {
        try (Lent lent = new Lent()) {
            MemorySegment list = lent.pointer();
            lent.check(Native.jot_revocations_from_text(
                lent.text(text), Math.max(limit, 0), list, lent.error()));
            return new Revocations(Lent.pointed(list));
        }
    }

    /** Reads the Claims Set of a signed list (docs/revocation.md), which was verified before. */
    public static Revocations ofClaims(String claims, int limit) {
        try (Lent lent = new Lent()) {
            MemorySegment list = lent.pointer();
            lent.check(Native.jot_revocations_from_claims(
                lent.text(claims), Math.max(limit, 0), list, lent.error()));
            return new Revocations(Lent.pointed(list));
        }
    }

    /** Revokes the tokens with this {@code jti}; {@link #purge} drops the entry once they expired. */
    public void revokeJti(String jti, Instant until) {
        change(jti, "jti", (list, text) -> Native.jot_revocations_revoke_jti(list, text, seconds(until)));
    }

    /** Revokes the tokens of the session with this {@code sid}. */
    public void revokeSession(String sid, Instant until) {
        change(sid, "sid", (list, text) -> Native.jot_revocations_revoke_session(list, text, seconds(until)));
    }

    /** Revokes the tokens of this {@code sub} that were issued before an instant, and those without {@code iat}. */
    public void revokeSubject(String subject, Instant issuedBefore) {
        change(subject, "sub",
            (list, text) -> Native.jot_revocations_revoke_subject(list, text, seconds(issuedBefore)));
    }

    /** Revokes the key with this thumbprint, and so every token that it signed. */
    public void revokeKey(String thumbprint) {
        change(thumbprint, "thumbprint", Native::jot_revocations_revoke_key);
    }

    /** Drops the entries that have expired. */
    public void purge(Instant now) {
        Lent.check(use(list -> Native.jot_revocations_purge(list, now.getEpochSecond())), "revocations");
    }

    /** Returns the number of revocations. */
    public int size() {
        return use(list -> Math.toIntExact(Native.jot_revocations_len(list)));
    }

    /** Writes the list as lines of JSON. */
    public String toText() {
        return use(list -> {
            try (Lent lent = new Lent()) {
                return Lent.string(lent.written((text, error) -> Native.jot_revocations_to_text(list, text)));
            }
        });
    }

    /** A call that changes a list. */
    @FunctionalInterface
    private interface Change {
        int to(MemorySegment list, MemorySegment text);
    }

    private void change(String text, String name, Change change) {
        try (Lent lent = new Lent()) {
            Lent.check(use(list -> change.to(list, lent.text(text))), name);
        }
    }

    private static long seconds(Instant instant) {
        return instant == null ? Native.JOT_NEVER : instant.getEpochSecond();
    }
}
