#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""layers.py SRC: does every folder keep to its line in SRC/LAYERS?

Prints each violation as file:line: reason and exits with 1 if there is one.
The rules are told in LAYERS itself.
"""

import os
import re
import sys

# Names that an engine folder must not see, with the reason.
HEADERS = {
    "time.h": "the engine has no clock",
    "sys/time.h": "the engine has no clock",
    "pthread.h": "the engine has no threads",
    "threads.h": "the engine has no threads",
    "stdatomic.h": "the engine has no threads",
    "sys/socket.h": "the engine has no sockets",
    "netinet/in.h": "the engine has no sockets",
    "arpa/inet.h": "the engine has no sockets",
    "poll.h": "the engine has no sockets",
    "stdio.h": "the engine prints nothing",
    "unistd.h": "the engine calls no system",
    "stdlib.h": "the engine has no heap",
    "malloc.h": "the engine has no heap",
    "errno.h": "the engine calls no system",
    "signal.h": "the engine calls no system",
}
WORDS = [
    (r"(?:malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|"
     r"strdup|strndup|alloca|free)\s*\(", "the engine has no heap"),
    (r"OPENSSL_(?:\w+_)?(?:malloc|zalloc|realloc|strdup|memdup)\w*",
     "the engine has no heap"),
    (r"pthread_\w+", "the engine has no threads"),
    (r"(?:time|clock|gettimeofday|clock_gettime)\s*\(",
     "the engine has no clock"),
    (r"(?:socket|sendto|recvfrom|sendmsg|recvmsg)\s*\(",
     "the engine has no sockets"),
    (r"(?:NX|TX|nx|tx)_\w+", "the engine knows no NetX name"),
    (r"(?:UINT|ULONG|USHORT|UCHAR|VOID)\b", "the engine knows no NetX type"),
]
WORDS = [(re.compile(r"(?<![\w.>])" + word), why) for word, why in WORDS]
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


class BadLayers(Exception):
    """LAYERS itself cannot be read."""


class Layer:
    """One line of LAYERS."""

    def __init__(self, name, engine, below):
        self.name = name
        self.engine = engine
        self.below = below


def read_layers(text):
    """Returns {folder: Layer} in the order of the file."""
    layers = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        match = re.fullmatch(
            r"(\S+)(\s+engine)?\s+may include((?:\s+\S+)*)", line)
        if not match or match[1] in layers:
            raise BadLayers(f"LAYERS:{number}: not understood: {line}")
        layers[match[1]] = Layer(match[1], bool(match[2]), match[3].split())
    return layers


def blank(match):
    """The same number of lines, with nothing on them."""
    return "\n" * match[0].count("\n") or " "


def without_comments(text):
    """Comments and strings may name anything; an #include keeps its name."""
    text = re.sub(r"/\*.*?\*/", blank, text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return "\n".join(
        line if INCLUDE.match(line)
        else re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
        for line in text.split("\n"))


def owner(path, names):
    """The folder of LAYERS that a path under src/ lies in; None if none."""
    inside = [name for name in names if path.startswith(name + "/")]
    return max(inside, key=len) if inside else None


def judge_include(layer, kind, name, src, here, layers):
    """Why this #include is wrong; None if it is right."""
    if kind == "<":
        if name.startswith("openssl/"):
            if "openssl" not in layer.below:
                return f"{layer.name} may not include openssl"
        elif layer.engine and name in HEADERS:
            return f"<{name}>: {HEADERS[name]}"
        elif layer.engine and re.match(r"(sys|linux|net|netinet)/", name):
            return f"<{name}>: the engine calls no system"
        return None
    if os.path.isfile(os.path.join(src, name)):
        target = owner(name, layers)
    elif os.path.isfile(os.path.join(src, here, name)):
        target = owner(os.path.normpath(os.path.join(here, name)), layers)
    else:
        target = "include"  # not under src/: what an application sees
    if target is None:
        return f"{name} lies in a folder that LAYERS does not name"
    if target != layer.name and not {target, name} & set(layer.below):
        return f"{layer.name} may not include {target} ({name})"
    return None


def check_file(path, src, layer, layers):
    """Yields (line, reason) for one file."""
    with open(os.path.join(src, path), encoding="utf-8") as file:
        lines = without_comments(file.read()).split("\n")
    for number, line in enumerate(lines, 1):
        include = INCLUDE.match(line)
        if include:
            reason = judge_include(layer, include[1], include[2], src,
                                   os.path.dirname(path), layers)
            if reason:
                yield number, reason
            continue
        if layer.engine:
            for word, why in WORDS:
                found = word.search(line)
                if found:
                    yield number, f"{found[0].rstrip('( ')}: {why}"


def sources(src):
    """Every C file under src, by path from there."""
    for folder, folders, files in os.walk(src):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".c", ".h", ".inc")):
                yield os.path.relpath(os.path.join(folder, name), src)


def check(src):
    """Returns the violations under src, as printed."""
    with open(os.path.join(src, "LAYERS"), encoding="utf-8") as file:
        layers = read_layers(file.read())
    found = []
    for path in sources(src):
        name = owner(path, layers)
        full = os.path.join(src, path)
        if name is None:
            found.append(f"{full}:1: its folder has no line in LAYERS")
            continue
        found += [f"{full}:{line}: {reason}" for line, reason
                  in check_file(path, src, layers[name], layers)]
    return found


def main(argv):
    if len(argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        found = check(argv[1])
    except (BadLayers, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
