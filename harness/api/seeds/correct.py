#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes C files of the documents' example programs.

usage: correct.py ERRATA EXAMPLES PKI OUT

Reads the tables of docs/seed-errata.md (ERRATA), changes those lines of
EXAMPLES/*.txt and writes OUT/NAME.c; writes OUT/seed_der.h with the
certificates of the test PKI as lists of bytes.  Every row must find its text
at every place that it names; else nothing is written and the status is 1.
"""
import pathlib
import re
import sys

ROW = re.compile(r"^\| ([^|`]+) \| `(.+?)` \| `(.+?)` \| [^|]+ \|$")
DER = {
    "SEED_ROOT_CERTIFICATE": "root.der",
    "SEED_SERVER_CERTIFICATE": "rsa.der",
    "SEED_SERVER_KEY": "rsa.key.der",
    "SEED_CLIENT_CERTIFICATE": "client-rsa.der",
    "SEED_CLIENT_KEY": "client-rsa.key.der",
}


def rows(text):
    """Every row of the tables: (places, old, new)."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("| ") or line.startswith(("| where", "| ---")):
            continue
        match = ROW.match(line)
        if not match:
            raise ValueError(f"line {number} is not a row: {line}")
        places = []
        for part in match[1].split(","):
            name, lines = part.strip().split(":")
            places += [(name, int(n)) for n in lines.split("+")]
        yield places, match[2], match[3]


def correct(examples, errata):
    """Changes `examples` (name to lines) as `errata` says."""
    done = set()
    for places, old, new in rows(errata):
        for name, number in places:
            lines = examples.get(name, [])
            found = lines[number - 1] if number <= len(lines) else ""
            if (name, number) in done or found.strip() != old:
                raise ValueError(f"{name}:{number} is not `{old}`: {found!r}")
            done.add((name, number))
            lines[number - 1] = found.replace(old, new)


def der_lists(pki):
    for macro, file in DER.items():
        data = ",".join(str(b) for b in (pki / file).read_bytes())
        yield f"#define {macro} {data}\n"


def main(errata, examples, pki, out):
    texts = {
        path.stem: path.read_text(encoding="utf-8").split("\n")
        for path in pathlib.Path(examples).glob("*.txt")
    }
    try:
        correct(texts, pathlib.Path(errata).read_text(encoding="utf-8"))
    except ValueError as error:
        sys.exit(f"correct.py: {errata}: {error}")
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    for name, lines in texts.items():
        (out / f"{name}.c").write_text("\n".join(lines), encoding="utf-8")
    (out / "seed_der.h").write_text("".join(der_lists(pathlib.Path(pki))))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
