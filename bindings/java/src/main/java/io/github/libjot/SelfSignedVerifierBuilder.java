package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The rules of a {@link SelfSignedVerifier}. */
public final class SelfSignedVerifierBuilder {
    private final List<Algorithm> algorithms = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private boolean anyType;
    private long tokenBytes;
    private long headerBytes;
    private Backend backend = Backend.AWS_LC;

    SelfSignedVerifierBuilder() {}

    /** Allows these algorithms and no others; none of them may be symmetric. */
    public SelfSignedVerifierBuilder algorithms(Algorithm... algorithms) {
        this.algorithms.addAll(List.of(algorithms));
        return this;
    }

    /** Requires one of these {@code typ}, such as {@code dpop+jwt}. */
    public SelfSignedVerifierBuilder type(String... types) {
        this.types.addAll(List.of(types));
        return this;
    }

    /** Takes tokens with any {@code typ}, or none. */
    public SelfSignedVerifierBuilder anyType() {
        anyType = true;
        return this;
    }

    /** Sets the longest token and header segment; 0 for 64 KiB and 8 KiB. */
    public SelfSignedVerifierBuilder limits(long tokenBytes, long headerBytes) {
        if (tokenBytes < 0 || headerBytes < 0) {
            throw new JotException(Code.POLICY_INVALID, "limits", -1, null);
        }
        this.tokenBytes = tokenBytes;
        this.headerBytes = headerBytes;
        return this;
    }

    /** Chooses the code that verifies the signatures of batches, without tables of keys. */
    public SelfSignedVerifierBuilder backend(Backend backend) {
        this.backend = backend;
        return this;
    }

    /**
     * Makes the verifier.
     *
     * @throws JotException for rules that make no sense, such as neither a {@code typ} nor that any will do
     */
    public SelfSignedVerifier build() {
        try (Lent lent = new Lent()) {
            MemorySegment options = lent.struct(Native.SelfsignedOptions.SIZE);
            options.set(JAVA_INT, Native.SelfsignedOptions.algs, Algorithm.set(algorithms.toArray(Algorithm[]::new)));
            options.set(JAVA_INT, Native.SelfsignedOptions.flags, anyType ? Native.JOT_ANY_TYP : 0);
            options.set(ADDRESS, Native.SelfsignedOptions.typs, lent.texts(types));
            options.set(JAVA_LONG, Native.SelfsignedOptions.typ_count, types.size());
            options.set(JAVA_LONG, Native.SelfsignedOptions.token_bytes, tokenBytes);
            options.set(JAVA_LONG, Native.SelfsignedOptions.header_bytes, headerBytes);
            options.set(JAVA_INT, Native.SelfsignedOptions.backend, backend.ordinal());
            MemorySegment verifier = lent.pointer();
            lent.check(Native.jot_selfsigned_verifier_new(options, verifier, lent.error()));
            return new SelfSignedVerifier(Lent.pointed(verifier));
        }
    }
}
