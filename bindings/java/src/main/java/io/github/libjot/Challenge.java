package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** The token of a request, and the answer to one that is refused (RFC 6750 §3, RFC 9728 §5.1). */
final class Challenge {
    /** The realm where the program names none. */
    static final String REALM = "protected";

    private Challenge() {}

    /** The token of a request, null for none, and whether there are several. */
    record Found(byte[] token, boolean several) {}

    /** The status of a response, and its {@code WWW-Authenticate}, empty for none. */
    record Answer(int status, String challenge) {}

    /** Finds the token in the values of {@code Authorization}. */
    static Found token(List<String> values) {
        try (Lent lent = new Lent()) {
            MemorySegment token = lent.absent();
            MemorySegment found = lent.arena.allocate(JAVA_INT);
            Lent.check(Native.jot_authorization_token(
                lent.text("Bearer"), lent.texts(values), values.size(), token, found), "values");
            return new Found(Lent.copied(token), found.get(JAVA_INT, 0) > 1);
        }
    }

    /** Returns the answer to a request whose token has this code. */
    static Answer of(Code code, String realm, List<String> scopes, String metadata) {
        return written(code, 0, realm, scopes, metadata);
    }

    /** Returns the answer to a request with more than one token. */
    static Answer ofSeveral(String realm, String metadata) {
        return written(Code.TOKEN_NULL, Native.JOT_SEVERAL_TOKENS, realm, List.of(), metadata);
    }

    private static Answer written(Code code, int flags, String realm, List<String> scopes, String metadata) {
        try (Lent lent = new Lent()) {
            MemorySegment parts = lent.struct(Native.Challenge.SIZE);
            parts.set(JAVA_INT, Native.Challenge.code, code.number());
            parts.set(JAVA_INT, Native.Challenge.flags, flags);
            Lent.put(parts, Native.Challenge.realm, lent.text(realm));
            Lent.put(parts, Native.Challenge.resource_metadata, lent.optional(metadata));
            parts.set(ADDRESS, Native.Challenge.scopes, lent.texts(scopes));
            parts.set(JAVA_LONG, Native.Challenge.scope_count, scopes.size());
            MemorySegment status = lent.arena.allocate(JAVA_INT);
            byte[] text =
                lent.written((to, error) -> Native.jot_challenge_write(parts, status, to, error));
            return new Answer(status.get(JAVA_INT, 0), text == null ? "" : Lent.string(text));
        }
    }
}
