#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""stack.py [--write] OBJECTS SOURCE FILE: what FILE says of the stack is what the compiler measured.

OBJECTS holds the objects of the library and beside each what -fstack-usage measured; SOURCE is src/.  A function outside
of src/port that takes more than LIMIT bytes is a failure.  FILE has, between two markers, the functions of src/port that do, and the
deepest path from each ENTRY: the frames of the library's functions on the way, without those of libcrypto, of libc, of
src/port and of the application.  Numbers are rounded up, so that not every change of the code changes them.  Without --write it only looks, and fails with the difference.
"""

import difflib
import pathlib
import re
import subprocess
import sys

LIMIT = 2048
STEP = 256   # numbers are rounded up to a multiple
SMALL = 100  # a path leaves out functions with less
RETURN = 8  # bytes: a call pushes the address to return to
BEGIN = "<!-- measured by the compiler: harness/limits/stack.py --write -->\n"
END = "<!-- end of what the compiler measured -->\n"

ENTRIES = {
    "dtls_session_read": "the engine reads a record",
    "dtls_session_write": "the engine writes a datagram",
    "_nx_secure_dtls_client_session_start": "a client's thread connects",
    "_nx_secure_dtls_server_session_start": "a server's thread starts a session",
    "_nx_secure_dtls_session_send": "a thread sends data",
    "dtls_nx_server_receive": "the IP thread of a server takes a datagram",
    "_nx_secure_x509_crl_revocation_check": "a CRL is checked",
}
# The functions that a pointer leads to stand beside ".member = " in SOURCE.  These tables do not name the member: their
# functions are those of a file that a pattern matches, by their names.
TABLES = {
    "handler": ("handshake/*.c", r"dtls_(client|server)_take_\w+|dtls_resumption_take_ticket"),
    "when": ("*_steps.c", r"\w+"),
    "get": ("hello_extensions.c", r"get_\w+|dtls_server_name_get"),
    "put": ("hello_extensions.c", r"put_\w+"),
    "allows": ("hello_extensions.c", r"is_\w+|has_\w+"),
    "parse": ("cert_extensions.c", r"parse_(?!one)\w+|refuse_chain"),
    "read": ("crl.c", r"read_\w+|refuse"),
    "take": ("x509/*.c", r"parse_one|take_extension|take_entry_extension"),
    "store->take": ("nx_secure/packets.c", "take_block"),
    "store->give": ("nx_secure/packets.c", "give_block"),
    "done": ("nx_secure/*.c", r"\w+_is_here|\w+_is_over"),
    "prefix": ("layout*.c", r"explicit_len|no_prefix|prefix"),
    "sealed_len": ("layout*.c", r"\w*sealed_len|plain_len"),
    "fit": ("layout*.c", r"\w*fit"),
    "seal": ("layout*.c", r"\w*seal"),
    "open": ("layout*.c", r"\w*open"),
    "link_newest": ("admission.c", r"link_\w+"),
    "run": ("methods_ecjpake.c", r"generate_\w+|process_\w+"),
}
# Pointers to functions of the application, or to those that only ask for a time or a number.
FOREIGN = re.compile(r"\w*_(notify|callback|function)|callback|notify|now|unix_time|verify_chain|nx_crypto_\w+")
# How often a function is on the stack that calls itself: DTLS_CHAIN_MAX for a path of certificates; for a heap of 100,000
# deadlines what src/session/deadlines.c says.
RECURSIVE = {"extend": 10, "meld": 34}


def plain(name):
    """A function's name in the source; the compiler makes variants of it."""
    return re.sub(r"\.(constprop|isra|part|cold)\b.*", "", name)


class Library:
    """The functions of the library: their frames, and which of them call which."""

    def __init__(self, objects, source):
        self.source = source
        self.texts = {path: path.read_text("utf-8") for path in source.rglob("*.[ch]")}
        self.frames = {}   # (object, function): bytes
        self.places = {}   # (object, function): FILE:LINE of its definition
        self.named = {}    # function: its keys
        self.calls = {}    # key: what objdump says of its calls
        self.paths = {}    # key: its deepest path
        for path in sorted(objects.rglob("*.su")):
            self.read_frames(path)
        for item in sorted({key[0] for key in self.frames if not self.is_aside(key)}):
            self.read_calls(item)

    def is_aside(self, key):
        """The port and the program have no part in the paths."""
        return self.places[key][0].parts[0] in ("port", "programs")

    def read_frames(self, path):
        item = path.with_suffix(".o")
        for row in path.read_text("utf-8").splitlines():
            place, size, _ = row.split("\t")
            file, line, _, name = place.split(":")
            key = (item, plain(name))
            self.frames[key] = max(self.frames.get(key, 0), int(size))
            self.places[key] = (pathlib.Path(file).relative_to(self.source), int(line))
            self.named.setdefault(plain(name), set()).add(key)

    def read_calls(self, item):
        done = subprocess.run(["objdump", "-drl", "--no-show-raw-insn", item], capture_output=True, text=True, check=True)
        key = where = None
        for row in done.stdout.splitlines():
            if found := re.match(r"[0-9a-f]+ <(.+)>:", row):
                key = (item, plain(found[1]))
                self.calls.setdefault(key, set())
            elif found := re.match(r"(/.*):(\d+)", row):
                where = (pathlib.Path(found[1]), int(found[2]))
            elif re.search(r"\t(call|jmp) +\*", row):
                self.calls[key] |= {(item, name) for name in self.pointed(where, key)}
            elif found := re.search(r"\t(?:call|jmp) +[0-9a-f]+ <([\w.]+?)>|R_X86_64_PLT32\t([\w.]+)", row):
                self.calls[key].add((item, plain(found[1] or found[2])))

    def pointed(self, where, key):
        """The functions that a call through a pointer may reach: the source's line says which pointer it is."""
        path, number = where
        rows = self.texts[path].splitlines()
        text = " ".join(rows[number - 1:number + 1])
        for name in re.findall(r"((?:store->)?\w+) ?\)?\(", text):
            if name == "switch" or FOREIGN.fullmatch(name):
                return set()
            if name in TABLES:
                pattern, functions = TABLES[name]
                found = {f for f, keys in self.named.items() if re.fullmatch(functions, f)
                         and any(self.places[k][0].match(pattern) for k in keys)}
                return found or sys.exit(f"no function of {pattern} is a {name}")
            named = {f for p, t in self.texts.items() for f in re.findall(rf"\.{name} =\s+(\w+)", t)
                     if "crypto->" not in text and "base->" not in text or p.name == "libcrypto.c"}
            if named:
                return named
        sys.exit(f"{path.relative_to(self.source)}:{number}: {key[1]} calls through a pointer that stack.py does not know: "
                 f"{text.strip()}")

    def callees(self, key):
        for item, name in self.calls.get(key, ()):
            if (item, name) in self.frames:
                yield (item, name)
            else:
                yield from (k for k in self.named.get(name, ()) if not self.is_aside(k))

    def deepest(self, key, above=()):
        """(bytes, [(name, bytes of it)]) of the deepest path that begins with `key`."""
        if key in self.paths:
            return self.paths[key]
        best = (0, [])
        for callee in set(self.callees(key)):
            if callee == key and key[1] in RECURSIVE:
                continue
            if callee in above or callee == key:
                sys.exit(f"{' > '.join(k[1] for k in (*above, key, callee))}: a circle")
            best = max(best, self.deepest(callee, (*above, key)))
        frame = self.frames[key] + RETURN
        times = RECURSIVE.get(key[1], 1)
        name = key[1] if times == 1 else f"{key[1]} ({times} times)"
        self.paths[key] = (best[0] + times * frame, [(name, times * frame), *best[1]])
        return self.paths[key]



def rounded(size):
    return -(-size // STEP) * STEP


def report(library):
    yield "| function | bytes of stack, rounded up |"
    yield "| --- | --- |"
    for key in sorted(library.frames, key=lambda key: (-library.frames[key], key[1])):
        if library.frames[key] > LIMIT and library.places[key][0].parts[0] == "port":
            yield f"| `{key[1]}` (`{library.places[key][0]}`) | {rounded(library.frames[key])} |"
    yield ""
    yield "| from | deepest path, bytes, rounded up | most of it in |"
    yield "| --- | --- | --- |"
    for name, meaning in ENTRIES.items():
        (key,) = library.named[name]
        size, path = library.deepest(key)
        yield f"| {meaning} | {rounded(size)} | {', '.join(f'`{step}`' for step, frame in path if frame >= SMALL)} |"


def main(arguments):
    write = arguments[:1] == ["--write"]
    objects, source, path = (pathlib.Path(argument).resolve() for argument in arguments[write:])
    library = Library(objects, source)
    if not library.frames:
        sys.exit(f"{objects}: no .su file: the compiler measured nothing")
    too_large = [key for key, size in library.frames.items() if size > LIMIT and library.places[key][0].parts[0] != "port"]
    for key in too_large:
        print(f"{library.places[key][0]}: {key[1]} takes {library.frames[key]} bytes of stack, more than {LIMIT}", file=sys.stderr)
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    stands, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path}: the markers are missing")
    printed = "\n" + "\n".join(report(library)) + "\n\n"
    if write:
        path.write_text(before + BEGIN + printed + END + after, encoding="utf-8")
        return bool(too_large)
    difference = list(difflib.unified_diff(stands.splitlines(), printed.splitlines(), str(path), "measured", lineterm=""))
    print("\n".join(difference))
    if difference:
        print("make it again: harness/limits/stack.py --write OBJECTS SOURCE FILE", file=sys.stderr)
    return bool(difference or too_large)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
