package io.github.libjot;

import java.lang.foreign.MemorySegment;

/** A condition on one claim, such as {@code tier any_of gold silver}; docs/conditions.md has the notation. */
public final class Condition extends NativeObject {
    private final String text;

    private Condition(MemorySegment condition, String text) {
        super(condition, Native::jot_condition_free);
        this.text = text;
    }

    /**
     * Reads a condition.
     *
     * @throws JotException with the word at fault
     */
    public static Condition parse(String text) {
        try (Lent lent = new Lent()) {
            MemorySegment condition = lent.pointer();
            lent.check(Native.jot_condition_parse(lent.text(text), condition, lent.error()));
            return new Condition(Lent.pointed(condition), text);
        }
    }

    /** Returns the text that was read. */
    @Override
    public String toString() {
        return text;
    }
}
