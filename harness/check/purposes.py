#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the table of test purposes as C.

usage: purposes.py PURPOSES.TSV OUT.c

PURPOSES.TSV has one purpose in a line: its id; the role of the target (client,
server, both); what the target does; the stimulus; the expected answer (strict
first, tolerated ones in brackets); the condition over the ICS (ics.h); the
rows of harness/requirements that it serves, some of which are still to come.
An id that stands twice, another role or another number of columns is an error,
with exit status 1."""
import json
import sys

COLUMNS = 7
ROLES = {"client": "true, false", "server": "false, true", "both": "true, true"}


def read(path):
    with open(path, encoding="ascii") as text:
        lines = text.read().rstrip("\n").split("\n")
    seen = set()
    for number, line in enumerate(lines[1:], 2):
        fields = line.split("\t")
        if len(fields) != COLUMNS or fields[1] not in ROLES or fields[0] in seen:
            sys.exit(f"{path}:{number}: not {COLUMNS} columns, no role, or an id that stands twice")
        seen.add(fields[0])
        yield fields


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    rows = []
    for name, role, purpose, _, expected, condition, _ in read(sys.argv[1]):
        words = ", ".join(json.dumps(word) for word in (purpose, expected, condition))
        rows.append(f"    {{{json.dumps(name)}, {ROLES[role]}, {words}}},\n")
    with open(sys.argv[2], "w", encoding="ascii") as out:
        out.write('#include "check/purposes.h"\n\nconst struct purpose purposes[] = {\n')
        out.writelines(rows)
        out.write("};\nconst size_t num_purposes = sizeof purposes / sizeof *purposes;\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
