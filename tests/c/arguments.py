#!/usr/bin/env python3
"""Calls every function of the header with each argument spoilt in turn.

    arguments.py LIBRARY HEADER...

A sound call is put together out of the headers themselves; then each argument that
can be wrong is replaced: NULL, a view of SIZE_MAX bytes at NULL, a view that
runs past all memory, a struct whose size is 0, too small or absurd, a struct
or a row that is misaligned, a text that is not UTF-8. The function must come
back with a code of wrong arguments, or take NULL where it is allowed, and must
leave its outputs alone.
"""

import ctypes
import re
import sys

SIZE_MAX = (1 << 64) - 1
# What may be NULL without being wrong.
OPTIONAL = {
    "error", "options", "header", "report", "verdict", "length", "position", "kid", "why", "name", "user",
    "own_keys",
}
# Functions of the caller's.
CALLBACKS = {"jot_status_wanted"}
ARGUMENT_CODES = range(150, 160)


class Slice(ctypes.Structure):
    _fields_ = [("ptr", ctypes.c_void_p), ("len", ctypes.c_size_t)]


def parse(header):
    text = re.sub(r"/\*.*?\*/", "", open(header, encoding="utf-8").read(), flags=re.S)
    for match in re.finditer(r"JOT_API\s+([\w\s]+?[\s*]+)(jot_\w+)\(([^)]*)\);", text):
        result, name, arguments = (" ".join(part.split()) for part in match.groups())
        parsed = []
        for argument in arguments.split(","):
            kind, _, word = argument.strip().rpartition(" ")
            stars = len(word) - len(word.lstrip("*"))
            if word != "void":
                parsed.append((kind + " *" * stars if stars else kind, word.lstrip("*")))
        yield result, name, parsed
    sizes = {}
    for match in re.finditer(r"typedef struct (?:JOT_ALIGNED\(8\) )?(jot_\w+) \{(.*?)\} \1;", text, flags=re.S):
        fields = [line.strip() for line in match.group(2).split(";") if line.strip()]
        sizes[match.group(1)] = fields
    STRUCTS.update(sizes)


STRUCTS = {}
SCALARS = {
    "size_t": ctypes.c_size_t,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "uint64_t": ctypes.c_uint64,
    "double": ctypes.c_double,
    "jot_slice": Slice,
}


# The structs that grew, and the first member that was added.
GROWN = {
    "jot_batch_options": "as_of_known",
    "jot_columns": "first_row",
    "jot_key_info": "flags",
    "jot_tokens": "offsets_bytes",
}


def size_of(struct, end=None):
    """The size of a struct, or of what it was before this member."""
    size = 0
    for field in STRUCTS[struct]:
        if field.split()[-1].lstrip("*") == end:
            return size
        kind = field.rsplit(" ", 1)[0]
        array = re.search(r"\[(\d+)\]$", field)
        if array:
            bytes_, align = int(array.group(1)), 1
        elif "*" in field or kind in ("size_t", "int64_t", "uint64_t", "jot_progress", "jot_each_selfsigned"):
            bytes_, align = 8, 8
        elif kind == "jot_slice":
            bytes_, align = 16, 8
        elif kind == "uint32_t":
            bytes_, align = 4, 4
        else:
            raise SystemExit(f"arguments: {struct}: {field}?")
        size = (size + align - 1) // align * align + bytes_
    return (size + 7) // 8 * 8


class World:
    """Handles and rows that sound calls can use."""

    def __init__(self, library):
        self.library = library
        self.kept = []
        self.handles = {}
        out = ctypes.c_void_p()
        alg = ctypes.c_uint32(1)
        text = self.view(b"k")
        for kind in ("text", "key_set", "scratch"):
            new = getattr(library, f"jot_{kind}_new")
            new.restype = ctypes.c_void_p
            self.handles[f"jot_{kind}"] = new()
        new = library.jot_revocations_new
        new.restype = ctypes.c_void_p
        self.handles["jot_revocations"] = new(ctypes.c_size_t(100))
        self.ok(library.jot_signer_generate(alg, ctypes.c_size_t(0), text, ctypes.byref(out), None))
        self.handles["jot_signer"] = out.value
        self.ok(library.jot_policy_new(ctypes.byref(alg), ctypes.c_size_t(1), ctypes.byref(out), None))
        self.handles["jot_policy"] = out.value
        self.ok(library.jot_verifier_builder_new(self.handle("jot_policy"), ctypes.byref(out), None))
        self.handles["jot_verifier_builder"] = out.value
        keys = self.fresh_keys()
        self.ok(library.jot_verifier_builder_keys(self.handle("jot_verifier_builder"), keys))
        self.ok(library.jot_verifier_builder_build(self.handle("jot_verifier_builder"), ctypes.byref(out), None))
        self.handles["jot_verifier"] = out.value
        self.ok(library.jot_condition_parse(self.view(b"k present"), ctypes.byref(out), None))
        self.handles["jot_condition"] = out.value
        self.ok(library.jot_batch_new(ctypes.c_size_t(1), ctypes.byref(out), None))
        self.handles["jot_batch"] = out.value
        self.ok(
            library.jot_keeper_new(
                self.view(b"https://k"), None, ctypes.c_uint64(0), ctypes.byref(out), None
            )
        )
        self.handles["jot_keeper"] = out.value
        new = library.jot_status_list_not_yet
        new.restype = ctypes.c_void_p
        self.handles["jot_status_list"] = new(self.view(b"https://k"))
        new = library.jot_list_keeper_new_status_list
        judge = self.handle("jot_verifier")
        self.ok(new(self.view(b"https://k"), judge, None, ctypes.c_uint64(0), ctypes.byref(out), None))
        self.handles["jot_list_keeper"] = out.value
        options = self.struct("jot_selfsigned_options")
        # ES256, and any typ.
        ctypes.memmove(options.value + 8, (1 << 10 | 1 << 32).to_bytes(8, "little"), 8)
        self.ok(library.jot_selfsigned_verifier_new(options, ctypes.byref(out), None))
        self.handles["jot_selfsigned_verifier"] = out.value
        library.jot_budget_new.restype = ctypes.c_void_p
        self.handles["jot_budget"] = library.jot_budget_new(ctypes.c_uint32(1), ctypes.c_uint32(1))
        if hasattr(library, "jot_fetcher_new"):
            self.ok(library.jot_fetcher_new(None, ctypes.byref(out), None))
            self.handles["jot_fetcher"] = out.value
            # Nobody listens there.
            url = self.view(b"https://127.0.0.1:1")
            fetcher = self.handle("jot_fetcher")
            self.ok(library.jot_remote_keys_new(fetcher, url, None, ctypes.byref(out), None))
            self.handles["jot_remote_keys"] = out.value
            new = library.jot_remote_revocations_new
            keys, issuer = self.handle("jot_remote_keys"), self.view(b"i")
            algs = ctypes.c_uint32(1 << 1)
            self.ok(new(fetcher, url, keys, issuer, algs, None, ctypes.byref(out), None))
            self.handles["jot_remote_revocations"] = out.value
            new, places = library.jot_remote_status_lists_new, self.struct("jot_status_places")
            self.ok(new(fetcher, places, keys, algs, None, ctypes.byref(out), None))
            self.handles["jot_remote_status_lists"] = out.value

    def ok(self, code):
        if code != 0:
            raise SystemExit(f"arguments: the world does not stand: {code}")

    def fresh_keys(self):
        self.library.jot_key_set_new.restype = ctypes.c_void_p
        keys = ctypes.c_void_p(self.library.jot_key_set_new())
        self.ok(self.library.jot_key_set_add_signer(keys, self.handle("jot_signer"), None))
        return keys

    def handle(self, kind):
        return ctypes.c_void_p(self.handles[kind])

    def view(self, chars):
        buffer = ctypes.create_string_buffer(chars, max(len(chars), 1))
        self.kept.append(buffer)
        return Slice(ctypes.addressof(buffer), len(chars))

    def room(self, size, fill=0, skew=0):
        """Aligned memory of `size` bytes, or skewed by some."""
        buffer = ctypes.create_string_buffer(size + 32)
        self.kept.append(buffer)
        at = (ctypes.addressof(buffer) + 15) // 16 * 16 + skew
        ctypes.memset(at, fill, size)
        return at

    def struct(self, kind, size=None, skew=0):
        whole = size_of(kind)
        at = self.room(whole, 0, skew)
        first = whole if size is None else size
        ctypes.memmove(at, first.to_bytes(8, "little"), 8)
        return ctypes.c_void_p(at)

    def sound(self, kind, name):
        if kind in SCALARS:
            if kind == "jot_slice":
                return self.view(b"k")
            return SCALARS[kind](1 if name in ("count", "depth", "capacity") else 0)
        pointee = kind.replace("const ", "").replace(" *", "", 1)
        if pointee in self.handles:
            return self.handle(pointee)
        if pointee in STRUCTS and STRUCTS[pointee][0] == "size_t size":
            return self.struct(pointee)
        if kind.startswith("const jot_slice"):
            return ctypes.c_void_p(self.room(16))
        if kind.startswith("const uint32_t"):
            at = self.room(4)
            ctypes.memmove(at, (1).to_bytes(4, "little"), 4)
            return ctypes.c_void_p(at)
        return ctypes.c_void_p(self.room(64))

    def spoilt(self, kind, name):
        """What is wrong in place of a sound argument, and what it is called."""
        if kind == "jot_slice":
            yield "SIZE_MAX at NULL", Slice(None, SIZE_MAX)
            yield "one byte at NULL", Slice(None, 1)
            yield "past all memory", Slice(self.room(16), SIZE_MAX)
            yield "half of all memory", Slice(self.room(16), SIZE_MAX // 2 + 1)
        elif kind in CALLBACKS:
            yield "NULL", ctypes.c_void_p(None)
        elif "*" in kind:
            pointee = kind.replace("const ", "").replace(" *", "", 1)
            if name not in OPTIONAL:
                yield "NULL", ctypes.c_void_p(None)
            if pointee in STRUCTS and STRUCTS[pointee][0] == "size_t size":
                grown = [size_of(pointee, GROWN[pointee]) - 1] if pointee in GROWN else []
                for size in (0, 1, 7, *grown, size_of(pointee) - 1, 4097, SIZE_MAX):
                    yield f"size {size}", self.struct(pointee, size)
                yield "misaligned", self.struct(pointee, skew=1)
            elif kind in ("const uint32_t *", "const jot_slice *"):
                yield "misaligned", ctypes.c_void_p(self.room(64, 0, 1))


def main():
    library = ctypes.CDLL(sys.argv[1])
    functions = [function for header in sys.argv[2:] for function in parse(header)]
    world = World(library)
    calls, faults = 0, []
    seen = 0
    for result, name, arguments in functions:
        function = getattr(library, name)
        seen += 1
        if result != "uint32_t" or name in ("jot_abi_version", "jot_code_at", "jot_code_http_status"):
            continue
        function.restype = ctypes.c_uint32
        for spoilt, (kind, word) in enumerate(arguments):
            for what, value in world.spoilt(kind, word):
                # The error is only written to by a call that fails.
                fails = word == "error"
                row = [
                    value if i == spoilt else world.sound(k, w) for i, (k, w) in enumerate(arguments)
                ]
                if fails:
                    row[0] = ctypes.c_void_p(None) if "*" in arguments[0][0] else row[0]
                    if arguments[0][0] == "jot_slice":
                        row[0] = Slice(None, 1)
                    elif "*" not in arguments[0][0]:
                        row[0] = SCALARS[arguments[0][0]](77)
                marks = {}
                for i, (k, w) in enumerate(arguments):
                    if k.endswith("* *") and i != spoilt:
                        at = world.room(8, 0xAA)
                        row[i], marks[w] = ctypes.c_void_p(at), at
                function.argtypes = [type(value) for value in row]
                code = function(*row)
                calls += 1
                if name in ("jot_batch_new", "jot_fetcher_new") and fails:
                    continue  # 77 threads and no options are no mistake
                if code not in ARGUMENT_CODES:
                    faults.append(f"{name}: {word} {what}: {code}")
                for w, at in marks.items():
                    if ctypes.string_at(at, 8) != b"\xaa" * 8:
                        faults.append(f"{name}: {word} {what}: wrote {w}")
        # A setting that failed spoils what it was made on; begin anew.
        if name.startswith("jot_policy_") or name.startswith("jot_verifier_builder_"):
            world = World(library)
    print(f"arguments: {seen} functions, {calls} wrong calls, {len(faults)} faults")
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)
    return 1 if faults or seen < 100 or calls < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
