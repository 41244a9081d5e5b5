package io.github.libjot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** What a token comes to: for programs that would rather {@code switch} than catch. */
public sealed interface Verification {
    /** Returns {@link Code#ACCEPTED}, or the first rule that the token broke. */
    Code code();

    /** Returns the token, or throws why it is rejected. */
    Token orThrow();

    /**
     * A token that is accepted.
     *
     * @param token what is known of it
     */
    record Accepted(Token token) implements Verification {
        @Override
        public Code code() {
            return Code.ACCEPTED;
        }

        @Override
        public Token orThrow() {
            return token;
        }
    }

    /** A token that is not accepted. */
    final class Rejected implements Verification {
        private final Code code;
        private final String claim;
        private final int flags;
        private final int offset;
        private final byte[] token;

        Rejected(Code code, String claim, int flags, int offset, byte[] token) {
            this.code = code;
            this.claim = claim;
            this.flags = flags;
            this.offset = offset;
            this.token = token;
        }

        /** The same token, with another code for a key that did not come. */
        Rejected as(Code code) {
            return new Rejected(code, "", flags, Native.JOT_NONE, token);
        }

        @Override
        public Code code() {
            return code;
        }

        /** Returns the name of the claim at fault; empty if no single one is. */
        public String claim() {
            return claim;
        }

        /** Tells whether the signature held: good, but expired is {@link Code#EXPIRED} with this. */
        public boolean signatureOk() {
            return (flags & Native.JOT_SIGNATURE_OK) != 0;
        }

        /** Returns the status of the HTTP response. */
        public int status() {
            return code.status();
        }

        /**
         * Describes the fault for a log in at most 255 printable characters, such as
         * {@code unverified kid="old" alg="ES256" iss="https://issuer"}. Anybody may have written what
         * follows {@code unverified}. It never contains the token, or the value of a claim about a
         * person. It reads the token again, so call it only to log.
         */
        public String detail() {
            try (Lent lent = new Lent()) {
                MemorySegment verdict = lent.struct(Native.Verdict.SIZE);
                verdict.set(JAVA_INT, Native.Verdict.code, code.number());
                verdict.set(JAVA_INT, Native.Verdict.flags, flags);
                verdict.set(JAVA_INT, Native.Verdict.fault_offset, offset);
                if (!claim.isEmpty()) {
                    Lent.put(verdict, Native.Verdict.fault_claim, lent.text(claim));
                }
                MemorySegment text = lent.bytes(token);
                return Lent.sized((buffer, length) ->
                    Native.jot_verdict_detail(verdict, text, buffer, buffer.byteSize(), length));
            }
        }

        @Override
        public Token orThrow() {
            throw exception();
        }

        /** Returns what {@link #orThrow} throws. */
        public JwtRejectedException exception() {
            return new JwtRejectedException(this);
        }

        /** Returns the name of the code, and the claim at fault. */
        @Override
        public String toString() {
            return claim.isEmpty() ? code.toString() : code + " [" + claim + "]";
        }
    }
}
