#!/usr/bin/env python3
"""Writes what LuaJIT is told of the C interface, out of the headers:

scripts/lua_cdef.py            writes bindings/lua/lib/jot/cdef.lua
scripts/lua_cdef.py --check    fails if that is stale
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MADE = ROOT / "bindings/lua/lib/jot/cdef.lua"
HEADERS = {"jot": "include/jot.h", "fetch": "include/jot_fetch.h"}
# LuaJIT compiles no call that takes a struct by value. Where a struct of two words is passed as two
# arguments are, these are declared so as well; bindings/lua/lib/jot/native.lua says where that is.
FLAT = ("jot_verifier_verify", "jot_verifier_check", "jot_verifier_verify_for", "jot_authorization_token")


def declarations(text):
    """The header without comments, directives and what only C compilers want."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    constants = []
    for name, value in re.findall(r"^#define (JOT_\w+) (\d+|U?INT\d+_MAX)$", text, flags=re.M):
        if value == "INT64_MAX":
            continue  # LuaJIT has no constants of 64 bits
        constants.append(f"  {name} = {'4294967295' if value == 'UINT32_MAX' else int(value)},")
    lines = []
    for line in text.replace("\\\n", "").splitlines():
        if line.startswith(("#", 'extern "C"')):
            continue
        line = line.replace("JOT_API ", "").replace("JOT_API", "").replace("JOT_ALIGNED(8) ", "").rstrip()
        if line:
            lines.append(line)
    if lines[-1:] == ["}"]:
        lines.pop()  # of extern "C"
    if constants:
        lines = ["enum {", *constants, "};", *lines]
    return "\n".join(lines)


def flat(text):
    """The declarations of FLAT, with two arguments in the place of a view."""
    lines = []
    for name in FLAT:
        found = re.search(rf"^uint32_t {name}\(([^)]*)\);", text, flags=re.MULTILINE)
        arguments = " ".join(found.group(1).split())
        arguments, count = re.subn(r"\bjot_slice (\w+)", r"const char *\1, size_t \1_length", arguments)
        if count != 1:
            raise SystemExit(f"lua_cdef: {name} has another number of views than one")
        lines.append(f'uint32_t {name}_flat({arguments}) __asm__("{name}");')
    return "\n".join(lines)


def made():
    parts = ["-- Made from include/ by scripts/lua_cdef.py; do not edit.\nlocal M = {}\n"]
    for name, path in HEADERS.items():
        text = declarations((ROOT / path).read_text(encoding="utf-8"))
        if "]]" in text or "#" in text or "JOT_ALIGNED" in text:
            raise SystemExit(f"lua_cdef: {path} has something that LuaJIT would not read")
        parts.append(f"\nM.{name} = [[\n{text}\n]]\n")
    text = declarations((ROOT / HEADERS["jot"]).read_text(encoding="utf-8"))
    parts.append(f"\nM.flat = [[\n{flat(text)}\n]]\n\nreturn M\n")
    return "".join(parts)


def main():
    if sys.argv[1:] == ["--check"]:
        if MADE.read_text(encoding="utf-8") != made():
            raise SystemExit("bindings/lua/lib/jot/cdef.lua is stale: run scripts/lua_cdef.py")
    elif sys.argv[1:]:
        raise SystemExit(__doc__)
    else:
        MADE.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
