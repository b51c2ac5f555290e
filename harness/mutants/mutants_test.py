#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""scripts/mutants, on a tree of two libraries, one file and one test."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "mutants"
sys.path.insert(0, str(ROOT / "scripts"))
import mutate  # pylint: disable=wrong-import-position

CMAKE = """cmake_minimum_required(VERSION 3.25)
project(small C)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
enable_testing()
add_compile_options(-fsanitize=${NXDTLS_SANITIZE} -Werror -Wall)
add_link_options(-fsanitize=${NXDTLS_SANITIZE})
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_subdirectory(src)
add_subdirectory(harness)
"""
TESTS = """add_executable(unit.small small_test.c)
target_link_libraries(unit.small PRIVATE small)
add_test(NAME unit.small COMMAND unit.small)
add_executable(lab.small small_test.c)
"""
WRAPS = """add_executable(unit.wraps wraps_test.c)
target_link_libraries(unit.wraps PRIVATE small)
target_link_options(unit.wraps PRIVATE -Wl,--wrap=other)
add_test(NAME unit.wraps COMMAND unit.wraps)
"""
LIBRARIES = """add_library(other SHARED other.c)
add_library(small SHARED small.c)
target_link_libraries(small PRIVATE other)
set_target_properties(other small PROPERTIES LIBRARY_OUTPUT_DIRECTORY parts)
"""
SMALL = """#include "small.h"

int other(int);

int least(int a, int b)
{
    if (a < b) {
        return a;
    }
    return b;
}

int never(int a)
{
    return a + 1;
}

int wrapped(int a)
{
    return other(a);
}

static const int entries[] = {3, 9};

int entry(int a)
{
    return entries[a];
}
"""
TREE = {
    "CMakeLists.txt": CMAKE,
    "harness/CMakeLists.txt": TESTS + WRAPS,
    "src/CMakeLists.txt": LIBRARIES,
    "src/small.h": "int least(int a, int b);\nint never(int a);\nint wrapped(int a);\nint entry(int a);\n",
    "src/small.c": SMALL,
    "src/other.c": "int other(int);\nint other(int a)\n{\n    while (a > 5) {\n        a--;\n    }\n    return a;\n}\n",
    "harness/small_test.c": '#include "../src/small.h"\n'
                            "int main(void)\n{\n"
                            "    return !(least(1, 2) == 1 && least(4, 3) == 3 && least(5, 5) == 5 && wrapped(7) == 5 && entry(0) == 3);\n}\n",
    "harness/wraps_test.c": '#include "../src/small.h"\n'
                            "int __wrap_other(int a);\nint __wrap_other(int a)\n{\n    return a + 70;\n}\n"
                            "int main(void)\n{\n    return wrapped(3) != 73;\n}\n",
}


class Mutations(unittest.TestCase):
    """What is a mutant of a C file?"""

    def mutants(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        root = pathlib.Path(folder.name)
        (root / "one.c").write_text(text, "utf-8")
        self.text = text
        return mutate.mutants_of(root, "one.c", ["-std=c11"])

    def found(self, body, head="int f(int a, int b, int *p)"):
        return {(one.kind, one.after) for one in self.mutants(f"void g(int);\n{head}\n{{\n{body}\n}}\n")}

    def test_each_kind(self):
        rows = (
            ("if (a == b) { g(a); }\nreturn a;", {("condition", "if (a != b) { g(a); }"), ("statement", "if (a == b) { ; }"),
                                                  ("return", "return !(a);")}),
            ("return a && b;", {("return", "return !(a && b);"), ("condition", "return a;"), ("condition", "return b;")}),
            ("return a >= b;", {("return", "return !(a >= b);"), ("bound", "return a > b;")}),
            ("while (a) { a -= 2; }\nreturn 0;",
             {("condition", "while (!(a)) { a -= 2; }"), ("arithmetic", "while (a) { a += 2; }"),
              ("constant", "while (a) { a -= 3; }"), ("statement", "while (a) { ; }"), ("return", "return !(0);")}),
            ("return a /* + */ + b;", {("return", "return !(a /* + */ + b);"), ("arithmetic", "return a /* + */ - b;")}),
            ("for (;;) { if (b) { break; } }", {("condition", "for (;;) { if (!(b)) { break; } }"),
                                                ("statement", "for (;;) { if (b) { ; } }")}),
            ("(void)p;\n(void)f(0x1f, 017, p);\nreturn a != b;",
             {("statement", ";"), ("constant", "(void)f(0x20, 017, p);"), ("constant", "(void)f(0x1f, 16, p);"),
              ("condition", "return a == b;")}),
        )
        for body, mutants in rows:
            with self.subTest(body):
                self.assertEqual(self.found(body), mutants)

    def test_of_pointers_and_of_nothing(self):
        self.assertEqual(self.found("return p;", "int *f(int a, int b, int *p)"), {("return", "return 0;")})
        self.assertEqual(self.found("return 0;", "int *f(int a, int b, int *p)"), set())
        self.assertEqual(self.found("if (a) { return; }\ng(b);\nreturn;", "void f(int a, int b, int *p)"),
                         {("condition", "if (!(a)) { return; }"), ("statement", "if (a) { ; }"), ("statement", ";")})

    def test_nothing_in_a_call_of_a_macro_and_no_size(self):
        found = self.mutants("#define assert(x) ((void)((x) ? 0 : 1))\n#define ONE (1 + 1)\nint f(int a);\nint f(int a)\n{\n"
                             "    static int b[3] = {4};\n    assert(a < ONE && a > 3);\n    return b[a] + ONE;\n}\n")
        self.assertEqual({one.after for one in found}, {"static int b[3] = {5};", "return b[a] - ONE;", "return !(b[a] + ONE);"})

    def test_a_mutant_is_that_text(self):
        for one in self.mutants(SMALL.replace('#include "small.h"', "")):
            changed = one.apply(self.text)
            self.assertNotEqual(changed, self.text)
            self.assertEqual(" ".join(changed[self.text.rfind("\n", 0, one.start) + 1:].split())[:len(one.after)], one.after)

    def test_moved_code_has_the_same_mutants(self):
        before = self.mutants("int f(int a)\n{\n    return a + 1;\n}\n")
        after = self.mutants("\n\nint g(int a)\n{\n    return a + 1;\n}\n\nint f(int a)\n{\n        return  a + 1;\n}\n")
        self.assertEqual([one.id for one in before], [one.id for one in after if one.function == "f"])
        self.assertEqual(len({one.id for one in after}), len(after))


class OnATree(unittest.TestCase):
    """The whole way: each test builds the small tree."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve() / "root"
        self.out = self.root / "out.jsonl"
        for name, text in TREE.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def review(self, *rows):
        self.write("harness/mutants/reviewed.tsv",
                   "".join("\t".join(row) + "\n" for row in (("file", "function", "line", "mutant", "reason"), *rows)))

    def run_script(self, *words):
        self.out.unlink(missing_ok=True)
        done = subprocess.run([SCRIPT, "--root", self.root, "--json", self.out, *words], capture_output=True, text=True, check=False)
        lines = self.out.read_text("utf-8").splitlines() if self.out.exists() else []
        self.lines = [json.loads(line) for line in lines]
        self.results = {line["title"].split(": ", 2)[2]: line for line in self.lines}
        return done

    def count(self, verdict):
        return sum(line["verdict"] == verdict for line in self.lines)

    def verdict(self, change):
        line = self.results[change]
        return line["verdict"], line["reason"].removeprefix(f"{line['title']}: ")

    def test_the_dead_the_living_and_those_that_hang(self):
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.verdict("if (a < b) { -> if (!(a < b)) {"), ("pass", "unit.small: 1"))
        self.assertEqual(self.verdict("if (a < b) { -> if (a <= b) {"), ("warning", "1 tests reach the line and pass"))
        self.assertEqual(self.verdict("return a + 1; -> return a - 1;"), ("warning", "no test reaches the line"))
        entries = "static const int entries[] = {3, 9}; -> static const int entries[] = "
        self.assertEqual(self.verdict(entries + "{4, 9};"), ("pass", "unit.small: 1"))
        self.assertEqual(self.verdict(entries + "{3, 10};"), ("warning", "2 tests reach the line and pass"))
        self.assertEqual(self.verdict("a--; -> ;"), ("pass", "unit.small: timeout"))
        self.assertEqual(self.verdict("return other(a); -> return !(other(a));")[0], "pass")
        self.assertIn("-    if (a < b) {\n+    if (a <= b) {\n", done.stdout)
        killed, left = self.count("pass"), self.count("warning")
        self.assertIn(f"{killed} killed, {left} survived, 0 reviewed, 0 do not build; score {100 * killed / (killed + left):.1f} %",
                      done.stdout)
        self.assertEqual((self.root / "src/small.c").read_text("utf-8"), SMALL)
        only = self.results["if (a < b) { -> if (a <= b) {"]["replay"].split()[1:]
        again = self.run_script("--least", "50", *only)
        self.assertEqual((again.returncode, len(self.results)), (1, 1))
        self.assertIn("1 of 1 mutants are known", again.stdout)
        self.write("harness/small_test.c", TREE["harness/small_test.c"].replace("== 1", "<= 1"))
        self.assertNotIn("are known", self.run_script(*only).stdout)

    def test_a_wrapped_function_judges(self):
        self.write("harness/small_test.c", "int main(void)\n{\n    return 0;\n}\n")
        self.write("harness/CMakeLists.txt", TESTS)
        change = "return other(a); -> return !(other(a));"
        self.assertEqual(self.run_script("--file", "src/small.c").returncode, 0)
        self.assertEqual(self.verdict(change)[0], "warning")
        # What is new is looked at, and only the mutants that it reaches are tried again.
        self.write("harness/CMakeLists.txt", TESTS + WRAPS)
        self.assertEqual(self.run_script("--file", "src/small.c").returncode, 0)
        self.assertEqual(self.verdict(change), ("pass", "unit.wraps: 1"))

    def test_a_review_holds_or_fails(self):
        equal = ("src/small.c", "least", "if (a < b) {", "if (a <= b) {", "of two that are equal it does not matter which")
        self.review(equal)
        self.assertEqual(self.run_script("--file", "src/small.c").returncode, 0)
        self.assertEqual(self.verdict("if (a < b) { -> if (a <= b) {"), ("accepted", equal[4]))
        self.assertEqual(self.run_script("--reviewed").returncode, 0)
        self.review(equal, ("src/small.c", "least", "if (a < b) {", "if (!(a < b)) {", "none"))
        self.assertEqual(self.run_script("--file", "src/small.c").returncode, 1)
        self.assertEqual(self.verdict("if (a < b) { -> if (!(a < b)) {"), ("fail", "reviewed, but: unit.small: 1"))
        self.review(equal, ("src/small.c", "least", "if (a > b) {", "if (a >= b) {", "none"))
        done = self.run_script("--reviewed")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such mutant: src/small.c: least: if (a > b) { -> if (a >= b) {", done.stderr)
        self.review(equal[:4])
        self.assertEqual(self.run_script("--reviewed").returncode, 2)

    def test_samples_and_parts(self):
        def ids(*words):
            done = subprocess.run([SCRIPT, "--root", self.root, "--list", *words], capture_output=True, text=True, check=True)
            return [line.split()[0] for line in done.stdout.splitlines() if line[:1] in "0123456789abcdef"]
        everything = ids()
        self.assertGreater(len(everything), 10)
        self.assertEqual(sorted(ids("--part", "1/2") + ids("--part", "2/2")), sorted(everything))
        few = ids("--sample", "4", "--seed", "7")
        self.assertEqual((few, len(few)), (ids("--sample", "4", "--seed", "7"), 4))
        self.assertNotEqual(few, ids("--sample", "4", "--seed", "8"))
        self.write("src/small.c", SMALL.replace("int never", "\n/* Moved. */\nint never"))
        self.assertEqual(few, ids("--sample", "4", "--seed", "7"))

    def test_a_test_that_fails_anyway_is_named(self):
        self.write("harness/small_test.c", "int main(void)\n{\n    return 1;\n}\n")
        done = self.run_script()
        self.assertEqual(done.returncode, 2)
        self.assertIn("fails without a mutant: unit.small", done.stderr)
        self.assertFalse(self.out.exists())

    def test_bad_input_is_named(self):
        for words, said in ((("--part", "3/2"), "--part 3/2"), (("--json", "/none/out"), "--json /none/out: there is no folder"),
                            (("--sample", "0"), "--sample"), (("--only", "none"), "none"),
                            (("--file", "src/none.c"), "src/none.c")):
            done = self.run_script(*words)
            self.assertEqual((done.returncode, said in done.stderr.splitlines()[-1]), (2, True), done.stderr)


if __name__ == "__main__":
    unittest.main()
