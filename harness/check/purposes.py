#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the table of test purposes as C.

usage: purposes.py PURPOSES.TSV WITHOUT_CHECK.TSV OUT.c

PURPOSES.TSV has one purpose in a line: its id; the role of the target (client,
server, both); what the target does; the stimulus; the expected answer (strict
first, tolerated ones in brackets); the condition over the ICS (ics.h); the
rows of harness/requirements that it serves, some of which are still to come.
WITHOUT_CHECK.TSV has the purposes that no check carries, and why: `comes with`
a format that the lab does not speak yet, `left out` for a reason, or `open`: a
check can be written.  An id that stands twice or nowhere, another role, another
number of columns or no reason is an error, with exit status 1."""
import json
import re
import sys

COLUMNS = 7
REASON = re.compile(r"(comes with|left out:) .+|open")
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


def read_without(path, purposes):
    reasons = {}
    with open(path, encoding="ascii") as text:
        lines = text.read().rstrip("\n").split("\n")
    for number, line in enumerate(lines[1:], 2):
        name, _, why = line.partition("\t")
        if name in reasons or name not in purposes or not REASON.fullmatch(why):
            sys.exit(f"{path}:{number}: no purpose, one that stands twice, or no reason ({REASON.pattern})")
        reasons[name] = why
    return reasons


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    rows = []
    purposes = list(read(sys.argv[1]))
    without = read_without(sys.argv[2], {fields[0] for fields in purposes})
    for name, role, purpose, _, expected, condition, _ in purposes:
        words = [json.dumps(word) for word in (purpose, expected, condition)]
        words = ", ".join(words + [json.dumps(without[name]) if name in without else "NULL"])
        rows.append(f"    {{{json.dumps(name)}, {ROLES[role]}, {words}}},\n")
    with open(sys.argv[3], "w", encoding="ascii") as out:
        out.write('#include "check/purposes.h"\n\nconst struct purpose purposes[] = {\n')
        out.writelines(rows)
        out.write("};\nconst size_t num_purposes = sizeof purposes / sizeof *purposes;\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
