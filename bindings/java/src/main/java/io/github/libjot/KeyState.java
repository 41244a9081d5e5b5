package io.github.libjot;

/** Whether a key was in force at the instant of a row, in the order of the C interface. */
public enum KeyState {
    /** The key that verified was in force. */
    ACTIVE,
    /** The key that verified was no longer in force. */
    RETIRED,
    /** The key that verified was not in force yet. */
    NOT_YET_VALID,
    /** No key has the token's {@code kid}. */
    UNKNOWN;

    private static final KeyState[] ALL = values();

    static KeyState numbered(int number) {
        return number == 0 ? null : ALL[number - 1];
    }
}
