# SPDX-License-Identifier: MIT
"""The mutants of a C file: one small change of its syntax tree each.

  condition   a condition negated, == and != exchanged, an operand of && or || left out
  bound       < and <=, > and >= exchanged
  arithmetic  one operator for another: + and -, * and /, << and >>, & and |
  constant    a number one larger
  statement   a call, an assignment, a step, a break, a continue or an early return removed
  return      0 for another value, and the other way round

What a macro's call contains stays as it is, so an assert is no condition of the program; so do the sizes of arrays.
"""

import bisect
import hashlib
import re

from clang.cindex import CursorKind as Kind
from clang.cindex import Index, TranslationUnit, TypeKind

CONDITION = {"==": "!=", "!=": "=="}
BOUND = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&"}
ARITHMETIC.update({f"{old}=": f"{new}=" for old, new in ARITHMETIC.items()})
OPERATORS = {**{old: ("condition", new) for old, new in CONDITION.items()},
             **{old: ("bound", new) for old, new in BOUND.items()},
             **{old: ("arithmetic", new) for old, new in ARITHMETIC.items()}}
OPERATIONS = (Kind.BINARY_OPERATOR, Kind.COMPOUND_ASSIGNMENT_OPERATOR)
# Which child of a statement or an expression is its condition.
CONDITIONAL = {Kind.IF_STMT: 0, Kind.WHILE_STMT: 0, Kind.DO_STMT: 1, Kind.CONDITIONAL_OPERATOR: 0}
BODIES = (Kind.COMPOUND_STMT, Kind.CASE_STMT, Kind.DEFAULT_STMT)
JUMPS = (Kind.BREAK_STMT, Kind.CONTINUE_STMT)
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
NOTHING = ("0", "NULL", "NX_NULL")


class Mutant:
    """Replaces the bytes from `start` to `end` of `file` by `text`; it stands on `line`, in a function or in data."""

    def __init__(self, reader, kind, start, end, text):
        source = reader.source
        first, last = source.rfind("\n", 0, start) + 1, source.find("\n", end)
        self.file, self.kind, self.start, self.end, self.text = reader.file, kind, start, end, text
        self.function, self.is_data = reader.function.spelling, reader.function.kind == Kind.VAR_DECL
        self.line, self.last_line = source.count("\n", 0, start) + 1, source.count("\n", 0, end) + 1
        self.before = " ".join(source[first:last].split())
        self.after = " ".join((source[first:start] + text + source[end:last]).split())
        self.id = ""

    def key(self):
        """What stays when the code around it moves."""
        return self.file, self.function, self.before, self.after

    def rank(self, seed):
        """Its place in the order from which a sample takes the first ones: also what stays when code moves."""
        return hashlib.sha256(f"{seed} {self.id}".encode()).digest()

    def apply(self, source):
        return source[:self.start] + self.text + source[self.end:]


class Reader:
    """Walks the syntax tree of one file."""

    def __init__(self, root, file, arguments):
        self.file, self.path = str(file), str(root / file)
        self.source = (root / file).read_bytes().decode("latin-1")  # offsets are bytes
        self.tree = Index.create().parse(self.path, arguments, options=TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD)
        wrong = [str(said) for said in self.tree.diagnostics if said.severity >= 3]
        if wrong:
            raise ValueError(wrong[0])
        self.macros = []  # calls that stand in no other one
        for start, end in sorted(self.span(macro) for macro in self.own() if macro.kind == Kind.MACRO_INSTANTIATION):
            if self.source[end - 1] == ")" and (not self.macros or start >= self.macros[-1][1]):
                self.macros.append((start, end))
        self.calls = set(self.macros)
        self.found, self.function = {}, None

    def own(self):
        return (node for node in self.tree.cursor.get_children()
                if node.location.file and node.location.file.name == self.path)

    @staticmethod
    def span(node):
        return node.extent.start.offset, node.extent.end.offset

    def words(self, node):
        start, end = self.span(node)
        return self.source[start:end]

    def in_macro(self, start, end):
        """Is it a part of a macro's call?"""
        at = bisect.bisect_right(self.macros, (start, len(self.source))) - 1
        return at >= 0 and end <= self.macros[at][1] and (start, end) != self.macros[at]

    def add(self, kind, start, end, text):
        if not self.in_macro(start, end) and (start, end, text) not in self.found:
            self.found[start, end, text] = Mutant(self, kind, start, end, text)

    def operator(self, node):
        """Returns where the operator of an operation stands, and what it is."""
        left, right = node.get_children()
        start, end = self.span(left)[1], self.span(right)[0]
        between = COMMENT.sub(lambda comment: " " * len(comment[0]), self.source[start:end])
        start += len(between) - len(between.lstrip())
        return start, between.strip()

    def operation(self, node):
        start, word = self.operator(node)
        if word in ("&&", "||"):
            for operand in node.get_children():
                self.add("condition", *self.span(node), self.words(operand))
        elif word in OPERATORS:
            kind, new = OPERATORS[word]
            self.add(kind, start, start + len(word), new)

    def is_comparison(self, node):
        """Is it one whose exchange is its negation?"""
        return node.kind == Kind.BINARY_OPERATOR and self.operator(node)[1] in CONDITION

    def condition(self, node):
        children = list(node.get_children())
        asked = children[CONDITIONAL[node.kind]]
        if not self.is_comparison(asked):
            self.add("condition", *self.span(asked), f"!({self.words(asked)})")

    @staticmethod
    def is_array(node):
        """Is it the declaration of one, with its size?"""
        return node.kind in (Kind.VAR_DECL, Kind.FIELD_DECL) and node.type.kind == TypeKind.CONSTANTARRAY

    def number(self, node, parent):
        found = NUMBER.fullmatch(self.words(node))
        if not found or parent.kind == Kind.RETURN_STMT or self.is_array(parent):
            return
        digits, suffix = found.groups()
        value = int(digits, 16 if digits[:2] in ("0x", "0X") else 8 if digits[0] == "0" else 10) + 1
        self.add("constant", *self.span(node), f"{value:#x}{suffix}" if digits[:2] == "0x" else f"{value}{suffix}")

    def returned(self, node):
        value = next(node.get_children(), None)
        if value is None or self.is_comparison(value):
            return
        kind = self.function.result_type.get_canonical().kind
        if kind == TypeKind.POINTER:
            if self.words(value) not in NOTHING:
                self.add("return", *self.span(value), "0")
        elif kind != TypeKind.RECORD:
            self.add("return", *self.span(value), f"!({self.words(value)})")

    def statement(self, node, body):
        """Removes what stands in a body and does something."""
        does = node.kind in (Kind.CALL_EXPR, Kind.COMPOUND_ASSIGNMENT_OPERATOR, Kind.UNARY_OPERATOR, *JUMPS)
        if node.kind == Kind.BINARY_OPERATOR:
            does = self.operator(node)[1] == "="
        if node.kind == Kind.CSTYLE_CAST_EXPR:  # (void) before a call
            does = any(inner.kind == Kind.CALL_EXPR for inner in node.walk_preorder())
        if node.kind == Kind.RETURN_STMT:
            does = not list(node.get_children()) and body is not self.function
        start, end = self.span(node)
        if does and self.source[end:end + 8].lstrip().startswith(";"):
            self.add("statement", start, end, "")

    def walk(self, node, outer=None):
        """Walks what is in a node; `outer` is the last one on the way that stands in the source as such."""
        outer = outer if node.kind == Kind.UNEXPOSED_EXPR else node
        for child in node.get_children():
            if node.kind in BODIES:
                self.statement(child, node)
            if self.span(child) in self.calls or child.kind == Kind.STATIC_ASSERT:
                continue
            if child.kind in OPERATIONS:
                self.operation(child)
            elif child.kind == Kind.INTEGER_LITERAL:
                self.number(child, outer)
            elif child.kind == Kind.RETURN_STMT:
                self.returned(child)
            elif child.kind in CONDITIONAL:
                self.condition(child)
            self.walk(child, outer)

    def mutants(self):
        """Returns the mutants in the order in which they stand in the file."""
        for node in self.own():
            if node.kind in (Kind.FUNCTION_DECL, Kind.VAR_DECL):
                self.function = node
                self.walk(node)
        return [self.found[place] for place in sorted(self.found)]


def mutants_of(root, file, arguments):
    """Returns the mutants of one file; `arguments` are the compiler's."""
    found, times = Reader(root, file, arguments).mutants(), {}
    for mutant in found:
        times[mutant.key()] = times.get(mutant.key(), 0) + 1
        words = (*mutant.key(), str(times[mutant.key()]))
        mutant.id = hashlib.sha256("\t".join(words).encode()).hexdigest()[:10]
    return found
