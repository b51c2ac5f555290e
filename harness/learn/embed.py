#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""embed.py OUT FILE...: writes a C file with all_rules, the text of each FILE, in the order of the files."""
import pathlib
import sys


def literal(text):
    """The text as C strings, one for each line."""
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return "\n".join(f'    "{line}\\n"' for line in escaped)


def main():
    out, *files = sys.argv[1:]
    parts = [f"    {literal(pathlib.Path(name).read_text(encoding='utf-8')).strip()}" for name in files]
    pathlib.Path(out).write_text('#include "learn/rules.h"\n\nconst char *const all_rules[] = {\n'
                                 + ",\n".join(parts) + ",\n    NULL,\n};\n", encoding="utf-8")


if __name__ == "__main__":
    main()
