#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""limits.py [--write] PROGRAM FILE [BYTES]: FILE has what PROGRAM prints, between two markers.

Without --write it only looks, and fails with the difference.  A number may differ by so many BYTES, 0 by default.
"""

import difflib
import os
import re
import subprocess
import sys


def markers(program):
    name = os.path.basename(program)
    return f"<!-- printed by {name}: harness/limits/limits.py --write -->\n", f"<!-- end of what {name} prints -->\n"


def near(stands, printed, most):
    """`printed`, with each number of `stands` that differs by at most `most`, if nothing else differs."""
    number = r"\d+"
    old, new = re.findall(number, stands), re.findall(number, printed)
    if re.split(number, stands) != re.split(number, printed):
        return printed
    return stands if all(abs(int(a) - int(b)) <= most for a, b in zip(old, new)) else printed


def main(arguments):
    write = arguments[:1] == ["--write"]
    program, path, most = (*arguments[write:], 0)[:3]
    first, last = markers(program)
    with open(path, encoding="utf-8") as text:
        before, begin, rest = text.read().partition(first)
    stands, end, after = rest.partition(last)
    if not begin or not end:
        print(f"{path}: the markers are missing", file=sys.stderr)
        return 1
    done = subprocess.run([program], capture_output=True, text=True, check=True, timeout=20)
    printed = "\n" + done.stdout + "\n"
    if write:
        with open(path, "w", encoding="utf-8") as out:
            out.write(before + first + printed + last + after)
        return 0
    printed = near(stands, printed, int(most))
    difference = list(difflib.unified_diff(stands.splitlines(), printed.splitlines(), path,
                                           "the code's numbers", lineterm=""))
    print("\n".join(difference))
    if difference:
        print("make it again: harness/limits/limits.py --write PROGRAM FILE", file=sys.stderr)
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
