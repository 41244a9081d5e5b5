#!/usr/bin/env python3
"""Makes a jar of a folder of classes and other files, the same bytes each time:

bindings/java/jar.py JAR MODULE VERSION FOLDER

The classes need Java 22, which an older Java would say by the number of a class file's version.
So the jar has versions: Java 9 to 21 find in META-INF/versions/9, in the place of each class, one
that extends a class whose name is a sentence. There is no such class, so they and their compilers
say the sentence, whichever class a program names first. Java 22 and later find the class itself in
META-INF/versions/22. It is at its usual place as well, for programs that are packed anew and lose
the line of the manifest that says that there are versions; the functions that are looked up when
they are first called (Native$...) are only there, because no program can name them.
"""

import struct
import sys
import zipfile
from pathlib import Path

NEEDED = "libjot needs Java 22 or later"
# The versions of class files of Java 9 and 22.
JAVA_9, JAVA_22 = 53, 66
PUBLIC, SUPER = 0x0001, 0x0020


def older(name: str) -> bytes:
    """Returns the class file of a class that extends the one that is nowhere."""

    def utf8(text: str) -> bytes:
        return struct.pack(">BH", 1, len(text)) + text.encode("ascii")

    constants = utf8(name) + struct.pack(">BH", 7, 1) + utf8(NEEDED) + struct.pack(">BH", 7, 3)
    # Interfaces, fields, methods, attributes: none.
    rest = struct.pack(">HHHHHHH", PUBLIC | SUPER, 2, 4, 0, 0, 0, 0)
    return struct.pack(">IHHH", 0xCAFEBABE, 0, JAVA_9, 5) + constants + rest


def files(folder: Path, module: str, version: str) -> dict[str, bytes]:
    """Returns what the jar has, by its path in it."""
    manifest = ["Manifest-Version: 1.0", "Multi-Release: true", f"Automatic-Module-Name: {module}"]
    manifest += [f"Implementation-Version: {version}", "", ""]
    found = {"META-INF/MANIFEST.MF": "\r\n".join(manifest).encode("ascii")}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        found[name] = content
        if not name.endswith(".class") or path.name.startswith("Native$"):
            continue
        # A class of an older Java says itself what it needs.
        if int.from_bytes(content[6:8], "big") >= JAVA_22:
            found[f"META-INF/versions/9/{name}"] = older(name.removesuffix(".class"))
            found[f"META-INF/versions/22/{name}"] = content
    return found


def main() -> None:
    jar, module, version, folder = sys.argv[1:]
    with zipfile.ZipFile(jar, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files(Path(folder), module, version).items():
            made.writestr(
                zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, compress_type=zipfile.ZIP_DEFLATED
            )


main()
