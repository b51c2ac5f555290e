#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""counts.py [--write] PROGRAM FILE: the instructions that a handshake and a record cost.

It runs PROGRAM (bench_counts) under callgrind and compares with FILE, counts.tsv: columns
are the row, the instructions in our own code, and those in our own code and libcrypto
together.  It fails if one of them is more than 2 % above FILE's; one that is more than 2 %
below is named, because FILE should follow it.

The counts are those of one compiler and one libcrypto, which the first line of FILE names.
With any other the comparison is not-applicable, and the exit status is 77.

--write makes FILE anew.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile

LIMIT = 1.02
NOT_APPLICABLE = 77

# The features that libcrypto may use: AES-NI, PCLMULQDQ, SSSE3, AVX, and nothing newer, so
# that machines of different age take the same code.
IA32CAP = "0x16980203478bffff:0x0"

OURS = re.compile(r"(^|/)src/(base|crypto|flight|handshake|messages|record|session|x509)/")
POSITION = re.compile(r"(fl|fi|fe|ob|fn)=(.*)")
COST = re.compile(r"[0-9+*-]\S* (\d+)")


def run(program, folder):
    out = os.path.join(folder, "counts.out")
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "-q", "--collect-atstart=no", "--combine-dumps=yes",
         "--compress-strings=no", "--compress-pos=no", f"--callgrind-out-file={out}", program],
        env={**os.environ, "OPENSSL_ia32cap": IA32CAP, "OPENSSL_CONF": "/dev/null"},
        stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    return done.stdout.strip(), out


def rows_of(path):
    """The counts of every row: [our own code, libcrypto]."""
    rows = collections.OrderedDict()
    row = None
    place = {}
    is_call = False
    with open(path, encoding="utf-8", errors="replace") as text:
        for line in text:
            named = re.match(r"desc: Trigger: Client Request: (.*)", line)
            if line.startswith("desc: Trigger:"):
                row = rows.setdefault(named.group(1), [0, 0]) if named else None
            position = POSITION.match(line)
            if position:
                if position.group(1) == "fl":
                    place.pop("fi", None)
                key = "fl" if position.group(1) in ("fi", "fe") else position.group(1)
                place[key] = position.group(2)
            elif line.startswith("calls="):
                is_call = True
            elif row is not None and COST.match(line):
                if not is_call:
                    cost = int(COST.match(line).group(1))
                    row[0] += cost if OURS.search(place.get("fl", "")) else 0
                    row[1] += cost if "/libcrypto.so" in place.get("ob", "") else 0
                is_call = False
    return rows


def main(arguments):
    write = arguments[:1] == ["--write"]
    program, path = arguments[write:]
    with tempfile.TemporaryDirectory() as folder:
        identity, out = run(program, folder)
        counted = {name: (own, own + lib) for name, (own, lib) in rows_of(out).items()}
    if write:
        with open(path, "w", encoding="utf-8") as text:
            text.write(f"# {identity}\n# row\town\town and libcrypto\n")
            for name, (own, both) in counted.items():
                text.write(f"{name}\t{own}\t{both}\n")
        return 0
    with open(path, encoding="utf-8") as text:
        lines = text.read().splitlines()
    if lines[0] != f"# {identity}":
        print(f"not-applicable: {path} is of {lines[0][2:]}, this is {identity}")
        return NOT_APPLICABLE
    recorded = {}
    for line in lines:
        if not line.startswith("#"):
            name, own, both = line.split("\t")
            recorded[name] = (int(own), int(both))
    return compare(recorded, counted)


def compare(recorded, counted):
    failed = False
    for name in sorted(recorded.keys() | counted.keys()):
        if name not in counted or name not in recorded:
            print(f"{name}: only in " + ("the file" if name in recorded else "the program"))
            failed = True
            continue
        for what, before, now in zip(("own", "own and libcrypto"), recorded[name], counted[name]):
            if now > before * LIMIT or now * LIMIT < before:
                failed |= now > before
                print(f"{name}, {what}: {before} -> {now} ({100 * (now - before) / before:+.1f} %)")
    if failed:
        print("a rise that has its reason is written with --write", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
