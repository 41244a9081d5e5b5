package io.github.libjot;

/** The code that verifies signatures (docs/accelerated.md), in the order of the C interface. */
public enum Backend {
    /** Only aws-lc. */
    AWS_LC,
    /** The fastest code on this machine, for keys that have verified some signatures. */
    AUTO,
    /** The same, with the tables of keys built when the verifier is made and when keys are replaced. */
    ACCELERATED,
    /** The same, without the vector unit. */
    PORTABLE
}
