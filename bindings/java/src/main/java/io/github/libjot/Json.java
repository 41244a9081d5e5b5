package io.github.libjot;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes JSON. What it reads the engine has checked before: this makes objects of Java of
 * it, and decides nothing.
 */
final class Json {
    private static final int MOST_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** Reads a text that is one object. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        if (!(read(text) instanceof Map<?, ?> object)) {
            throw new IllegalStateException("this is no JSON object");
        }
        return (Map<String, Object>) object;
    }

    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.space();
        if (json.at != text.length()) {
            throw json.fault();
        }
        return value;
    }

    private IllegalStateException fault() {
        return new IllegalStateException("this is no JSON, at character " + at);
    }

    private char peek() {
        space();
        if (at >= text.length()) {
            throw fault();
        }
        return text.charAt(at);
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean take(char wanted) {
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private Object value() {
        if (++depth > MOST_DEPTH) {
            throw fault();
        }
        Object value = switch (peek()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
        depth--;
        return value;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw fault();
        }
        at += word.length();
        return value;
    }

    private Map<String, Object> members() {
        Map<String, Object> made = new LinkedHashMap<>();
        at++;
        if (take('}')) {
            return Collections.unmodifiableMap(made);
        }
        do {
            if (peek() != '"') {
                throw fault();
            }
            String name = string();
            if (!take(':') || made.containsKey(name)) {
                throw fault();
            }
            made.put(name, value());
        } while (take(','));
        if (!take('}')) {
            throw fault();
        }
        return Collections.unmodifiableMap(made);
    }

    private List<Object> elements() {
        List<Object> made = new ArrayList<>();
        at++;
        if (take(']')) {
            return Collections.unmodifiableList(made);
        }
        do {
            made.add(value());
        } while (take(','));
        if (!take(']')) {
            throw fault();
        }
        return Collections.unmodifiableList(made);
    }

    private String string() {
        int start = ++at;
        int end = start;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\\') {
            end++;
        }
        if (end < text.length() && text.charAt(end) == '"') {
            at = end + 1;
            return text.substring(start, end);
        }
        StringBuilder made = new StringBuilder();
        for (at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return made.toString();
            }
            made.append(c == '\\' ? escaped() : c);
        }
        throw fault();
    }

    /** The character of the escape at the backslash; leaves the place of its last character. */
    private char escaped() {
        if (++at >= text.length()) {
            throw fault();
        }
        return switch (text.charAt(at)) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '"', '\\', '/' -> text.charAt(at);
            case 'u' -> {
                if (at + 4 >= text.length()) {
                    throw fault();
                }
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(text.charAt(++at), 16);
                    if (digit < 0) {
                        throw fault();
                    }
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw fault();
        };
    }

    private Number number() {
        int start = at;
        boolean whole = true;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            whole &= ".eE".indexOf(text.charAt(at)) < 0;
            at++;
        }
        String digits = text.substring(start, at);
        try {
            if (!whole) {
                return Double.valueOf(digits);
            }
            // Up to 18 digits fit whatever they are.
            return digits.length() <= 18 ? (Number) Long.valueOf(digits) : narrowed(new BigInteger(digits));
        } catch (NumberFormatException none) {
            throw fault();
        }
    }

    private static Number narrowed(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }

    /**
     * Writes what {@link Claims#asMap} describes, and other integers, floats and iterables.
     *
     * @throws IllegalArgumentException for anything else, and for numbers that JSON does not have
     */
    static String write(Object value) {
        StringBuilder made = new StringBuilder();
        write(value, made);
        return made.toString();
    }

    private static void write(Object value, StringBuilder to) {
        switch (value) {
            case null -> to.append("null");
            case CharSequence string -> quote(string, to);
            case Boolean bool -> to.append(bool);
            case Double number when !Double.isFinite(number) -> throw new IllegalArgumentException("JSON has no " + number);
            case Float number when !Float.isFinite(number) -> throw new IllegalArgumentException("JSON has no " + number);
            case Number number -> to.append(number);
            case java.time.Instant instant -> to.append(instant.getEpochSecond());
            case Map<?, ?> object -> {
                String before = "{";
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    to.append(before);
                    if (!(member.getKey() instanceof CharSequence name)) {
                        throw new IllegalArgumentException("the name of a member is no string");
                    }
                    quote(name, to);
                    to.append(':');
                    write(member.getValue(), to);
                    before = ",";
                }
                to.append(object.isEmpty() ? "{}" : "}");
            }
            case Iterable<?> elements -> {
                to.append('[');
                String before = "";
                for (Object element : elements) {
                    to.append(before);
                    write(element, to);
                    before = ",";
                }
                to.append(']');
            }
            default -> throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
        }
    }

    private static void quote(CharSequence text, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                to.append(String.format("\\u%04x", (int) c));
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }
}
