"""The names in Python are those of the library; JOT_UPDATE=1 writes them anew."""

from __future__ import annotations

import ctypes
import os
import pathlib
import re

import jot
from conftest import ROOT
from jot import _header, _library
from jot._codes import Code

HEADER = (ROOT / "include" / "jot.h").read_text()
SOURCE = pathlib.Path(jot.__file__).parent / "_codes.py"


def codes() -> list[tuple[str, int]]:
    found, position = [], 0
    while (number := _library.library.jot_code_at(position)) != _header.NONE:
        found.append((_library.library.jot_code_name(number).decode().upper(), number))
        position += 1
    return found


def test_codes_are_those_of_the_library() -> None:
    made = codes()
    if os.environ.get("JOT_UPDATE"):
        kept = [
            line for line in SOURCE.read_text().splitlines() if not re.match(r"    [A-Z0-9_]+ = \d+$", line)
        ]
        while not kept[-1]:
            kept.pop()
        lines = [*kept, "", *(f"    {name} = {number}" for name, number in made)]
        SOURCE.write_text("\n".join(lines) + "\n")
        return
    assert [(code.name, int(code)) for code in Code] == made


def test_every_function_that_is_declared_stands_in_the_header() -> None:
    text = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.S)
    for name, result, arguments in _library._FUNCTIONS:
        found = re.search(rf"JOT_API\s+([\w\s*]+?)\bjot_{name}\(([^)]*)\);", text)
        assert found, name
        parameters = [part.split() for part in found.group(2).split(",") if part.strip() != "void"]
        assert len(parameters) == len(arguments), name
        assert (result is None) == (found.group(1).split() == ["void"]), name
        for parameter, kind in zip(parameters, arguments):
            pointer = "*" in "".join(parameter) or parameter[0] == "jot_progress"
            size = 16 if parameter[0] == "jot_slice" and not pointer else 8 if pointer else None
            if size is not None:
                assert ctypes.sizeof(kind) == size, (name, parameter)


def test_structs_are_as_long_as_those_of_the_header() -> None:
    sizes = {"size_t": 8, "uint32_t": 4, "int64_t": 8, "uint64_t": 8, "jot_slice": 16, "jot_progress": 8}
    sizes["jot_each_selfsigned"] = 8
    names = {
        "jot_error": _header.Failure,
        "jot_verdict": _header.Verdict,
        "jot_key_options": _header.KeyOptions,
        "jot_key_info": _header.KeyInfo,
        "jot_tokens": _header.TokenColumn,
        "jot_batch_options": _header.BatchOptions,
        "jot_columns": _header.ColumnsOut,
        "jot_batch_report": _header.BatchReport,
        "jot_watch": _header.Watch,
        "jot_statistics": _header.Statistics,
        "jot_sign_header": _header.SignHeader,
        "jot_decoded": _header.Decoded,
        "jot_selfsigned": _header.SelfSigned,
        "jot_selfsigned_options": _header.SelfSignedOptions,
        "jot_selfsigned_columns": _header.SelfSignedColumns,
    }
    text = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.S)
    for name, struct in names.items():
        body = re.search(
            rf"typedef struct (?:JOT_ALIGNED\(8\) )?{name} \{{(.*?)\}} {name};", text, flags=re.S
        )
        assert body, name
        length = 0
        for member in filter(None, (line.strip() for line in body.group(1).split(";"))):
            array = re.search(r"\[(\d+)\]", member)
            length += int(array.group(1)) if array else 8 if "*" in member else sizes[member.split()[0]]
        assert ctypes.sizeof(struct) == length, name


def test_version_is_the_engines() -> None:
    assert f'version = "{jot.__version__}"' in (ROOT / "Cargo.toml").read_text()
