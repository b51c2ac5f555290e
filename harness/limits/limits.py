#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""limits.py [--write] PROGRAM FILE: FILE has what PROGRAM prints, between two markers.

Without --write it only looks, and fails with the difference.
"""

import difflib
import subprocess
import sys

BEGIN = "<!-- printed by print_limits: harness/limits/limits.py --write -->\n"
END = "<!-- end of what print_limits prints -->\n"


def main(arguments):
    write = arguments[:1] == ["--write"]
    program, path = arguments[write:]
    with open(path, encoding="utf-8") as text:
        before, begin, rest = text.read().partition(BEGIN)
    stands, end, after = rest.partition(END)
    if not begin or not end:
        print(f"{path}: the markers are missing", file=sys.stderr)
        return 1
    done = subprocess.run([program], capture_output=True, text=True, check=True, timeout=20)
    printed = "\n" + done.stdout + "\n"
    if write:
        with open(path, "w", encoding="utf-8") as out:
            out.write(before + BEGIN + printed + END + after)
        return 0
    difference = list(difflib.unified_diff(stands.splitlines(), printed.splitlines(), path,
                                           "the code's numbers", lineterm=""))
    print("\n".join(difference))
    if difference:
        print("make it again: harness/limits/limits.py --write PROGRAM FILE", file=sys.stderr)
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
