#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rows.py ROOT: does every loop of a test say which row it is in?

It reads the C files under ROOT/harness and ROOT/fuzzers/tests, and follows
each test (test.c, *_test.c) from its main().  A `for` loop of the test that
asserts, or that calls what asserts, needs a kit_row (kit/rows.h): in its body,
around it, in its caller, or in what it calls.  A `while`, and a `for (;;)`,
wait for something and need none.  A loop that cannot have one says why on the
line before:

    /* no row: REASON */

Prints each violation as file:line: reason and exits with 1 if there is one.
It reads C as this project writes it, by its words and brackets.  It takes a
function that is named in a table, or passed on, for one that is called.
"""

import os
import re
import sys

# What fails a test; kit_failed does in a thread of a kernel.
ASSERTS = re.compile(r"_?assert_\w+|_?fail|_?fail_msg|kit_failed")
NO_ROW = re.compile(r"/\* no row: [^*\s]")
TOKEN = re.compile(r"[A-Za-z_]\w*|\n|\S")
COMMENT_OR_TEXT = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.M)
DEFINE = re.compile(r"\s*#\s*define\s+(\w+)(?:\([^)]*\))?(.*)", re.S)
KEYWORDS = {"if", "else", "for", "while", "do", "switch", "return", "sizeof"}


class Scope:
    """A function, a loop or a table: what is called in it, what is in it."""

    def __init__(self, kind, line):
        self.kind = kind
        self.line = line
        self.calls = []
        self.loops = []
        self.has_row = False

    def call(self, name, follower):
        if name == "kit_row":
            self.has_row = True
        elif name not in KEYWORDS:
            self.calls.append((name, follower == "("))


def blank(match):
    """Nothing, on as many lines."""
    return "\n" * match[0].count("\n") or " "


def is_word(token):
    return bool(re.match(r"[A-Za-z_]", token))


class Reader:
    """Reads one file's functions, tables and macros."""

    def __init__(self, text):
        self.exempt = {number for number, line
                       in enumerate(text.split("\n"), 1)
                       if NO_ROW.search(line)}
        text = COMMENT_OR_TEXT.sub(
            lambda m: blank(m) if m[0][0] == "/" else '""', text)
        self.found = {}
        self.loop_macros = set()
        for directive in DIRECTIVE.findall(text):
            self.read_macro(directive)
        self.tokens = []
        self.at = 0
        line = 1
        for match in TOKEN.finditer(DIRECTIVE.sub(blank, text)):
            if match[0] == "\n":
                line += 1
            else:
                self.tokens.append((match[0], line))

    def read_macro(self, directive):
        match = DEFINE.match(directive)
        if not match:
            return
        words = re.findall(r"[A-Za-z_]\w*", match[2])
        if words and words[0] in ("for", "while"):
            self.loop_macros.add(match[1])
        macro = Scope("macro", 0)
        for word in words:
            macro.call(word, "(")
        self.found[match[1]] = macro

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.tokens[at][0] if at < len(self.tokens) else ""

    def line(self):
        return self.tokens[self.at][1]

    def is_loop(self):
        return (self.peek() in ("for", "while") or
                self.peek() in self.loop_macros and self.peek(1) == "(")

    def brackets(self, scope):
        """Passes from an opening bracket to behind its partner."""
        depth = 0
        while self.at < len(self.tokens):
            token = self.peek()
            self.at += 1
            if token in "([{":
                depth += 1
            elif token in ")]}":
                depth -= 1
                if depth == 0:
                    return
            elif is_word(token):
                scope.call(token, self.peek())

    def statement(self, scope):
        token = self.peek()
        if token == "{":
            self.at += 1
            while self.peek() not in ("}", ""):
                self.statement(scope)
            self.at += 1
        elif self.is_loop():
            endless = [self.peek(ahead) for ahead in (2, 3)] == [";", ";"]
            kind = "while" if token == "while" or endless else "for"
            loop = Scope(kind, self.line())
            self.at += 1
            self.brackets(loop)
            self.statement(loop)
            scope.loops.append(loop)
        elif token == "do":
            loop = Scope("while", self.line())
            self.at += 1
            self.statement(loop)
            scope.loops.append(loop)
            self.statement(Scope("condition", 0))
        elif token in ("if", "switch"):
            self.at += 1
            self.brackets(scope)
            self.statement(scope)
            if self.peek() == "else":
                self.at += 1
                self.statement(scope)
        else:
            self.simple(scope)

    def simple(self, scope):
        """Up to the semicolon."""
        while self.at < len(self.tokens):
            token = self.peek()
            if token == ";":
                self.at += 1
                return
            if token in "([{":
                self.brackets(scope)
                continue
            if is_word(token):
                scope.call(token, self.peek(1))
            self.at += 1

    def read(self):
        """Returns {name: Scope} of functions, tables and macros."""
        while self.at < len(self.tokens):
            start = self.at
            name = None
            while self.peek() not in (";", "{", "=", ""):
                if is_word(self.peek()) and self.peek(1) in ("(", "[", "="):
                    name = self.peek()
                    is_function = self.peek(1) == "("
                if self.peek() in "([":
                    self.brackets(Scope("", 0))
                else:
                    self.at += 1
            if self.peek() == "{" and name and is_function:
                scope = Scope("function", self.tokens[start][1])
                self.statement(scope)
                self.found[name] = scope
            elif self.peek() == "=" and name:
                scope = Scope("table", self.tokens[start][1])
                self.simple(scope)
                self.found[name] = scope
            elif self.peek() == "{":  # a struct: its variable may follow
                self.brackets(Scope("", 0))
            else:
                self.at += 1
        return self.found


class Program:
    """One test and what it shares with others."""

    def __init__(self, own, shared):
        self.own = own
        self.shared = shared
        self.known = {}

    def find(self, call):
        """What is called; what is only named is of this file, or a variable."""
        name, is_call = call
        return self.own.get(name) or is_call and self.shared.get(name) or None

    def asserts(self, call):
        """Can this fail a test outside of every row?"""
        if ASSERTS.fullmatch(call[0]):
            return True
        if call not in self.known:
            self.known[call] = False  # until shown; ends recursion
            scope = self.find(call)
            self.known[call] = scope is not None and self.is_bare(scope)
        return self.known[call]

    def is_bare(self, scope):
        return not scope.has_row and (
            any(self.asserts(call) for call in scope.calls) or
            any(self.is_bare(loop) for loop in scope.loops))

    def loops_without_row(self):
        """Yields the test's own, of what main(), or a table `tests` where a
        macro makes main(), leads to outside of every row."""
        seen = set()
        waiting = [("main", True), ("tests", False)]
        while waiting:
            call = waiting.pop()
            scope = self.find(call)
            if scope is None or scope in seen or scope.has_row:
                continue
            seen.add(scope)
            inner = [scope]
            while inner:
                part = inner.pop()
                if part.has_row:
                    continue
                waiting += part.calls
                inner += part.loops
                if (part.kind == "for" and call[0] in self.own and
                        any(self.asserts(call) for call in part.calls)):
                    yield part


def is_test(path):
    return os.path.basename(path) == "test.c" or path.endswith("_test.c")


def sources(root):
    for top in ("harness", "fuzzers/tests"):
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(files):
                if name.endswith((".c", ".h")):
                    yield os.path.join(folder, name)


def check(root):
    """Returns the violations under root, as printed."""
    readers = {}
    for path in sources(root):
        with open(path, encoding="utf-8") as file:
            readers[path] = Reader(file.read())
    shared_macros = set()
    for reader in readers.values():
        shared_macros |= reader.loop_macros
    shared = {}
    for path, reader in readers.items():
        reader.loop_macros = shared_macros
        reader.read()
        if not is_test(path):
            shared.update(reader.found)
    found = []
    for path, reader in readers.items():
        if is_test(path):
            lines = {loop.line for loop
                     in Program(reader.found, shared).loops_without_row()}
            found += [f"{path}:{line}: a loop asserts and has no kit_row"
                      for line in sorted(lines)
                      if line - 1 not in reader.exempt]
    return found


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
