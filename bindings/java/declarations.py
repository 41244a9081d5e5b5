#!/usr/bin/env python3
"""Writes Native.java, what Java says of include/jot.h and include/jot_fetch.h:

bindings/java/declarations.py            writes it anew (make docs)
bindings/java/declarations.py --check    fails if it is stale
bindings/java/declarations.py --c        prints a program in C that compiles only if the
                                         sizes and offsets are those of the C compiler
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HEADERS = [ROOT / "include" / name for name in ("jot.h", "jot_fetch.h")]
TARGET = ROOT / "bindings/java/src/main/java/io/github/libjot/Native.java"

# What a type of C is in Java, in FFM's layouts, and its size, which is its alignment, too.
SCALARS = {
    "uint32_t": ("int", "JAVA_INT", 4),
    "int": ("int", "JAVA_INT", 4),
    "uint8_t": ("byte", "JAVA_BYTE", 1),
    "char": ("byte", "JAVA_BYTE", 1),
    "int64_t": ("long", "JAVA_LONG", 8),
    "uint64_t": ("long", "JAVA_LONG", 8),
    "size_t": ("long", "JAVA_LONG", 8),
    "double": ("double", "JAVA_DOUBLE", 8),
    "bool": ("boolean", "JAVA_BOOLEAN", 1),
}
POINTER = ("MemorySegment", "ADDRESS", 8)
SLICE = ("MemorySegment", "SLICE", 16)


def without_comments(text: str) -> str:
    """Takes comments and everything of the preprocessor but plain numbers out."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    lines, skips = [], False
    for line in text.splitlines():
        if line.startswith("#"):
            # A continued line belongs to its directive.
            skips = line.endswith("\\")
            if re.fullmatch(r"#define JOT_[A-Z0-9_]+ \S+", line):
                lines.append(line)
        elif skips:
            skips = line.endswith("\\")
        else:
            lines.append(line)
    return "\n".join(lines)


class Header:
    """The constants, structs and functions of the headers."""

    def __init__(self, text: str):
        text = without_comments(text)
        self.pointers = set(re.findall(r"typedef \w+ \(\*(\w+)\)", text))
        self.constants = self._constants(text)
        self.structs: dict[str, list[tuple[str, int, int]]] = {}
        self.sizes: dict[str, int] = {"jot_slice": 16}
        for match in re.finditer(
            r"typedef struct (?:JOT_ALIGNED\(8\) )?(\w+) \{(.*?)\} (\w+);", text, re.DOTALL
        ):
            self._struct(match[1], match[2])
        self.functions = [
            self._function(" ".join(match[1].split()))
            for match in re.finditer(r"^JOT_API\s([^;]*\([^;]*\));", text, re.MULTILINE)
        ]

    @staticmethod
    def _constants(text: str) -> list[tuple[str, str, str]]:
        special = {"UINT32_MAX": ("int", "-1"), "INT64_MAX": ("long", "Long.MAX_VALUE")}
        found = []
        for name, value in re.findall(r"^#define (JOT_[A-Z0-9_]+) (\S+)$", text, re.MULTILINE):
            if value in special or value.isdigit():
                found.append((name, *special.get(value, ("int", value))))
        for body in re.findall(r"^enum \w+ \{(.*?)\};", text, re.MULTILINE | re.DOTALL):
            found += [(name, "int", value) for name, value in re.findall(r"(JOT_\w+) = (\d+)", body)]
        return found

    def _type(self, text: str) -> tuple[str, str, int]:
        text = text.replace("const ", "").strip()
        if "*" in text or text in self.pointers:
            return POINTER
        if text == "jot_slice":
            return SLICE
        return SCALARS[text]

    def _struct(self, name: str, body: str) -> None:
        fields, at, widest = [], 0, 1
        for line in filter(None, (line.strip() for line in body.split(";"))):
            match = re.fullmatch(r"(.*?)(\w+)(?:\[(\d+)\])?", line)
            assert match, line
            size = self._type(match[1])[2]
            alignment = min(size, 8)
            at = -(-at // alignment) * alignment
            fields.append((match[2], at, size))
            at += size * int(match[3] or 1)
            widest = max(widest, alignment)
        self.structs[name] = fields
        self.sizes[name] = -(-at // widest) * widest

    def _function(self, text: str) -> tuple[str, str, list[tuple[str, str]]]:
        match = re.fullmatch(r"(.*?)(\w+)\((.*)\)", text)
        assert match, text
        arguments = []
        for argument in match[3].split(","):
            if argument.strip() != "void":
                parts = re.fullmatch(r"(.*?)(\w+)", argument.strip())
                assert parts, text
                arguments.append((parts[1], parts[2]))
        return match[1].strip(), match[2], arguments

    def java_of(self, result: str, name: str, arguments: list[tuple[str, str]]) -> str:
        types = [self._type(kind) for kind, _ in arguments]
        names = [f"{word}_" if word == "boolean" else word for _, word in arguments]
        lends = result == "jot_slice"
        taken = (["SegmentAllocator allocator"] if lends else []) + [
            f"{kind[0]} {word}" for kind, word in zip(types, names)
        ]
        layouts = ", ".join(kind[1] for kind in types)
        passed = ", ".join((["allocator"] if lends else []) + names)
        if result == "void":
            descriptor, kind, gives = f"ofVoid({layouts})", "void", ""
        else:
            of = self._type(result)
            descriptor, kind = f"of({', '.join(filter(None, [of[1], layouts]))})", of[0]
            gives = f"return ({kind}) "
        return f"""
    private static final class Of_{name} {{
        static final MethodHandle CALL = Library.function("{name}", FunctionDescriptor.{descriptor});
    }}

    static {kind} {name}({", ".join(taken)}) {{
        try {{
            {gives}Of_{name}.CALL.invokeExact({passed});
        }} catch (Throwable fault) {{
            throw Library.fault(fault);
        }}
    }}
"""

    def java(self) -> str:
        parts = [
            """// Made from include/jot.h and include/jot_fetch.h by bindings/java/declarations.py; do not edit.

package io.github.libjot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/** The library's constants, structs and functions. Each function is looked up when it is first called. */
@SuppressWarnings("unused")
final class Native {
    static final StructLayout SLICE = MemoryLayout.structLayout(ADDRESS.withName("ptr"), JAVA_LONG.withName("len"));

    private Native() {}

"""
        ]
        parts += [f"    static final {kind} {name} = {value};\n" for name, kind, value in self.constants]
        for name, fields in self.structs.items():
            parts.append(
                f"\n    /** Where the members of {name} are. */\n    static final class {camel(name)} {{\n"
            )
            parts.append(f"        static final long SIZE = {self.sizes[name]};\n")
            for field, at, _ in fields:
                # The first member of most structs is `size`, which SIZE is written to.
                parts.append(f"        static final long {field} = {at};\n")
            parts.append("    }\n")
        parts += [self.java_of(*function) for function in self.functions]
        parts.append("}\n")
        return "".join(parts)

    def c(self) -> str:
        lines = ["#include <stddef.h>\n#include <jot_fetch.h>\n"]
        for name, fields in self.structs.items():
            lines.append(f'_Static_assert(sizeof({name}) == {self.sizes[name]}, "{name}");\n')
            for field, at, size in fields:
                lines.append(f'_Static_assert(offsetof({name}, {field}) == {at}, "{name}.{field}");\n')
                lines.append(
                    f'_Static_assert(sizeof((({name} *)0)->{field}) % {size} == 0, "{name}.{field}");\n'
                )
        lines.append("int main(void) { return 0; }\n")
        return "".join(lines)


def camel(name: str) -> str:
    """jot_key_info is KeyInfo."""
    return "".join(word.capitalize() for word in name.split("_")[1:])


def main() -> None:
    header = Header("\n".join(path.read_text() for path in HEADERS))
    assert len(header.functions) > 200 and len(header.structs) > 20, "the headers were not understood"
    declared = sum(len(re.findall(r"^JOT_API", path.read_text(), re.MULTILINE)) for path in HEADERS)
    assert declared == len(header.functions), (
        f"{declared} functions, {len(header.functions)} of them understood"
    )
    if "--c" in sys.argv:
        print(header.c(), end="")
        return
    made = header.java()
    if "--check" in sys.argv:
        if TARGET.read_text() != made:
            sys.exit(f"declarations: {TARGET.relative_to(ROOT)} is stale: run `make docs`")
        return
    TARGET.write_text(made)


main()
