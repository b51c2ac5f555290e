#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Is every driver built, and does every driver have a row?

usage: rows.py SUT

A driver is a file NAME.c of the folder SUT that defines `const struct
sut_driver sut_NAME`.  CMakeLists.txt must build it, by its file's name or with
sut_library(NAME ...), and the table in drivers.c, or in elsewhere.c, must have
a row with it: otherwise nothing would play it, and nothing would say so.
Complaints are file:line: reason; the exit status is 1 if there is one."""
import pathlib
import re
import sys

DRIVER = re.compile(r"^const struct sut_driver (\w+)\b", re.M)
TABLE = re.compile(r"^static const struct sut_entry \w+\[\] = \{(.*?)^\};", re.M | re.S)


def problems(sut):
    build = (sut / "CMakeLists.txt").read_text("utf-8")
    built = set(re.findall(r"\b(\w+)\.c\b", build)) | set(re.findall(r"^sut_library\((\w+)", build, re.M))
    tables = [table for name in ("drivers.c", "elsewhere.c") if (sut / name).exists()
              for table in TABLE.findall((sut / name).read_text("utf-8"))]
    rows = set(re.findall(r"\bsut_\w+", " ".join(tables)))
    seen = 0
    for path in sorted(sut.glob("*.c")):
        text = path.read_text("utf-8")
        for found in DRIVER.finditer(text):
            seen += 1
            where = f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
            if found[1] != f"sut_{path.stem}":
                yield f"{where}: {found[1]} is not named after its file"
            if path.stem not in built:
                yield f"{where}: CMakeLists.txt does not build it"
            if found[1] not in rows:
                yield f"{where}: {found[1]} has no row in drivers.c"
    if seen == 0:
        yield f"{sut}:1: no driver: this check sees nothing"


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = list(problems(pathlib.Path(sys.argv[1])))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
