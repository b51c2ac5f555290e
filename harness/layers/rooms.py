#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rooms.py ROOT: does every C file have a name of its own, do the folders
include each other without a circle, does docs/architecture.md name each, and
does every page of docs/decisions have a number of its own?

It prints a complaint for each file whose name another has, wherever below
ROOT they lie; nx_user.h, NetX's name for what each application may bring, may
be there several times.  It prints each circle of folders in src, harness,
fuzzers and interop with one #include for each step, and each folder directly
below one of these four that the page does not name: "`NAME`", "NAME/", or at
the begin of a line of its picture.  The name of a decision begins with its
number in four digits, its first line with "# NUMBER. ".  The exit status is 1
if there is a complaint.
"""

import os
import re
import sys

from layers import INCLUDE, without_comments

ROOMS = ("src", "harness", "fuzzers", "interop")
PAGE = "docs/architecture.md"
DECISIONS = "docs/decisions"
NOT_SEARCHED = ("build", "reports", "corpus")
MAY_REPEAT = {"nx_user.h"}


def sources(root):
    """Every C file below root, by path from there."""
    for folder, folders, files in os.walk(root):
        here = os.path.relpath(folder, root)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".")
            and (here != "." or name not in NOT_SEARCHED))
        for name in sorted(files):
            if re.search(r"\.(?:c|h|cc|inc)$", name):
                yield os.path.normpath(os.path.join(here, name))


def by_name(paths):
    """{base name: the files that have it}"""
    names = {}
    for path in paths:
        names.setdefault(os.path.basename(path), []).append(path)
    return names


def repeated(names):
    """Yields a complaint for each file whose name another has before it."""
    for name, paths in names.items():
        if name not in MAY_REPEAT:
            for path in paths[1:]:
                yield f"{path}:1: {paths[0]} has this name, too"


def target(path, name, names):
    """The file that an #include of path means; None if it is none of ours."""
    here = os.path.normpath(os.path.join(os.path.dirname(path), name))
    candidates = names.get(os.path.basename(name), [])
    if here in candidates:
        return here
    ending = "/" + os.path.normpath(name)
    return next((one for one in candidates if one.endswith(ending)), None)


def arrows(root, paths, names):
    """{folder: {folder that it includes: the first such #include}}"""
    found = {}
    for path in paths:
        if path.split("/")[0] not in ROOMS:
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            lines = without_comments(file.read()).split("\n")
        for number, line in enumerate(lines, 1):
            include = INCLUDE.match(line)
            if not include or include[1] != '"':
                continue
            other = target(path, include[2], names)
            if other is None or other.split("/")[0] not in ROOMS:
                continue
            here, there = os.path.dirname(path), os.path.dirname(other)
            if here != there:
                found.setdefault(here, {}).setdefault(
                    there, f"{path}:{number}: includes {other}")
    return found


def circle(start, found):
    """The shortest way from a folder back to it, as folders; None if none."""
    ways = [[start]]
    seen = set()
    for way in ways:
        for folder in sorted(found.get(way[-1], {})):
            if folder == start:
                return way
            if folder not in seen:
                seen.add(folder)
                ways.append(way + [folder])
    return None


def circles(found):
    """Yields each circle once, as it is printed."""
    shown = set()
    for start in sorted(found):
        way = circle(start, found)
        if way is None or shown & set(way):
            continue
        shown.update(way)
        steps = [found[one][other] for one, other
                 in zip(way, way[1:] + way[:1])]
        yield "a circle of folders: " + "".join(
            f"{one} -> " for one in way) + start
        for step in steps:
            yield f"  {step}"


def unnamed(root, paths):
    """Yields a complaint for each folder of a room that the page leaves out."""
    with open(os.path.join(root, PAGE), encoding="utf-8") as file:
        page = file.read()
    folders = {tuple(path.split("/")[:2]) for path in paths
               if path.split("/")[0] in ROOMS and path.count("/") > 1}
    for room, name in sorted(folders):
        one = re.escape(name)
        if not re.search(rf"`(?:{room}/)?{one}[`/]|\b{one}/|^ *\| +{one}\b", page, re.M):
            yield f"{PAGE}:1: {room}/{name} is not named"


def misnumbered(root):
    """Yields a complaint for each decision whose number another has before it,
    or whose title has another one."""
    folder = os.path.join(root, DECISIONS)
    numbers = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        path, number = f"{DECISIONS}/{name}", name[:4]
        first = numbers.setdefault(number, path)
        if first != path:
            yield f"{path}:1: {first} has this number, too"
        with open(os.path.join(root, path), encoding="utf-8") as file:
            title = file.readline()
        if not number.isdigit() or not title.startswith(f"# {int(number)}. "):
            yield f"{path}:1: the title has another number"


def check(root):
    """The complaints about the tree at root, as printed."""
    paths = list(sources(root))
    names = by_name(paths)
    return (list(repeated(names)) +
            list(circles(arrows(root, paths, names))) +
            list(unnamed(root, paths)) +
            list(misnumbered(root)))


def main(argv):
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = check(argv[1])
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
