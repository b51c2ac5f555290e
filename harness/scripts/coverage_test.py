# SPDX-License-Identifier: MIT
"""scripts/coverage on a small library whose tests reach known parts of it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "harness" / "kit")]
import repeatable  # pylint: disable=wrong-import-position
import schemas  # pylint: disable=wrong-import-position
import uncovered  # pylint: disable=wrong-import-position

SOURCE = """#include "way.h"
#include <assert.h>
static int sign(int n)
{
    if (n < 0 ||
        n > 100) {
        return -1;
    }
    assert(n != 50);
    return n == 0 ? 0 : 1;
}
int way(int n)
{
    return sign(n) + 1;
}
int never(void)
{
    return 7;
}
"""
LIST = "\t".join(uncovered.COLUMNS) + """
src/base/way.c\tnever\tline\t1\treturn 7;\topen\ta reason
src/base/way.c\tsign\ttrue\t1\tn > 100\tno input\ta reason
"""
MAIN = "#include <stdlib.h>\n#include <base/way.h>\nint main(int c, char **v) { return c > 1 ? way(atoi(v[1])) < 0 : 2; }\n"
FLAGS = ("-fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc -fcoverage-prefix-map={0}/= "
         "-fcoverage-compilation-dir=. -fprofile-list={0}/cmake/covered.list -fPIC -I{0}/src")


@unittest.skipUnless(shutil.which("clang-19") and shutil.which("llvm-cov-19"), "without clang-19 (scripts/packages coverage)")
class Coverage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name).resolve()
        shutil.copytree(ROOT / "scripts", self.tree / "scripts")
        for name in ("build/cov/src", "build/cov/bin", "corpus/fuzz_way"):
            (self.tree / name).mkdir(parents=True)
        self.write("cmake/covered.list", (ROOT / "cmake" / "covered.list").read_text("utf-8"))
        self.write("src/base/way.h", "int way(int n);\nint never(void);\n")
        self.write("test.c", MAIN)
        self.write("harness/coverage/uncovered.tsv", LIST)
        self.build(SOURCE)

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def clang(self, *words):
        subprocess.run(["clang-19", *FLAGS.format(self.tree).split(), *words], cwd=self.tree, check=True)

    def build(self, source, *more):
        self.write("src/base/way.c", source)
        paths = [str(self.tree / "src/base" / name) for name in ("way.c", *more)]
        self.clang("-shared", *paths, "-o", "build/cov/src/libnxdtls.so")
        self.clang(*paths, str(self.tree / "test.c"), "-o", "build/cov/bin/nxdtls")

    def play(self, test, *numbers):
        for number in numbers:
            subprocess.run([self.tree / "build/cov/bin/nxdtls", str(number)], check=False, env={
                **os.environ, "LLVM_PROFILE_FILE": f"{self.tree}/build/cov/profiles/{test}/%2m.profraw"})

    def run_script(self, *words):
        return subprocess.run([self.tree / "scripts/coverage", *words], text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def report(self, status, *words):
        self.said = self.run_script(*words)
        self.assertEqual(self.said.returncode, status, self.said.stdout)
        self.out = self.tree / "reports" / ("coverage-part" if words else "coverage")
        return json.loads((self.out / "coverage.json").read_text("utf-8"))

    def test_each_alone_and_all_together(self):
        self.play("unit.way", -1)
        self.play("check.engine", 0)
        self.play("matrix", 1, 1)
        self.play("fuzz.way", 1)
        result = self.report(0)
        origins = result["origins"]
        self.assertEqual(result["functions"], {"covered": 2, "total": 3, "percent": 66.7})
        self.assertEqual([origins[one]["branches"]["covered"] for one in ("tests", "check", "interop", "corpus")], [1, 5, 5, 5])
        self.assertEqual((result["branches"]["covered"], result["branches"]["total"]), (7, 10))
        self.assertEqual(result["mcdc"], {"covered": 1, "total": 2, "percent": 50.0})
        self.assertEqual(result["folders"][0]["folder"], "src/base")
        self.assertEqual(result["selection"], "all")
        self.assertEqual(result["uncovered"], {"no input": 1, "open": 1})
        self.assertEqual(schemas.errors(result, schemas.schema("coverage.json")), [])

    def test_what_is_neither_reached_nor_listed_is_named(self):
        self.play("unit.way", 0, 1)
        self.report(1)
        self.assertIn("src/base/way.c:7: sign: not executed: return -1;", self.said.stdout)
        # The condition before such a line says no more than the line.
        self.assertNotIn("never true: n < 0", self.said.stdout)
        self.assertIn("sign: never true: n > 100: is reached, or no longer there", self.said.stdout)

    def test_code_may_move_and_no_row_hides_a_second_place(self):
        self.play("unit.way", -1, 0, 1)
        self.report(0)
        shutil.rmtree(self.tree / "build/cov/profiles")
        self.build("\n\n" + SOURCE)
        self.play("unit.way", -1, 0, 1)
        self.report(0)
        shutil.rmtree(self.tree / "build/cov/profiles")
        self.build(SOURCE.replace("    return 7;", "    never();\n    return 7;"))
        self.play("unit.way", -1, 0, 1)
        self.report(1)
        self.assertIn("src/base/way.c:18: never: not executed: never();", self.said.stdout)

    def test_the_list_can_take_what_is_new_as_debts(self):
        self.play("unit.way", 0, 1)
        self.report(1)
        before = uncovered.read(self.tree / "harness/coverage/uncovered.tsv")
        self.assertEqual(self.run_script("--open").returncode, 0)
        after = uncovered.read(self.tree / "harness/coverage/uncovered.tsv")
        new = ("src/base/way.c", "sign", "line", "return -1;")
        self.assertEqual((after[new]["kind"], after[new]["times"]), ("open", "1"))
        self.assertEqual({key: row for key, row in after.items() if key != new}, before)

    def test_a_row_for_what_is_reached_is_stale(self):
        self.play("unit.way", -1, 0, 1, 101)
        self.report(1)
        self.assertIn("sign: never true: n > 100: is reached, or no longer there: take the row away", self.said.stdout)

    def test_a_condition_that_never_decides_alone(self):
        self.build(SOURCE.replace("n < 0 ||\n        n > 100", "(n < 0 ||\n        n > 100) && n != -7"))
        self.play("unit.way", -7, 101, 0, 1)
        self.report(1)
        self.assertIn("src/base/way.c:5: sign: never decides alone: n < 0\n", self.said.stdout)

    def test_an_open_row_may_be_reached(self):
        self.play("unit.way", -1, 0, 1)
        self.write("harness/coverage/uncovered.tsv", LIST + "src/base/way.c\tsign\tfalse\t1\tn < 0\topen\ta reason\n")
        self.report(0)
        self.assertIn("1 rows of", self.said.stdout)

    def test_the_results_say_which_tests_ran(self):
        self.play("unit.way", 0, 1)
        self.write("tests.xml", "<testsuite><properties><property name='selection' value='-E slow'/></properties></testsuite>")
        said = self.run_script("--tests", str(self.tree / "tests.xml"))
        self.assertEqual(said.returncode, 1, said.stdout)
        text = (self.tree / "reports/coverage/coverage.json").read_text("utf-8")
        self.assertEqual(json.loads(text)["selection"], "-E slow")

    def test_what_one_user_of_a_header_lacks_another_may_have(self):
        """Of `odd`, one file sees only odd numbers, and one only even ones; neither sees -9.  That a condition decides
        alone is to be seen by one of them."""
        self.write("src/base/way.h", "int way(int n);\nint never(void);\nint two(int n);\n"
                                     "static inline int odd(int n)\n{\n    return n % 2 && n != -9;\n}\n")
        self.write("src/base/two.c", '#include "way.h"\nint two(int n)\n{\n    return odd(2 * n);\n}\n')
        self.build(SOURCE.replace("return sign(n) + 1;", "return sign(n) + 1 + odd(2 * n + 1) + two(n);"), "two.c")
        self.play("unit.way", -1, 0, 1)
        self.report(1)
        self.assertEqual([line for line in self.said.stdout.splitlines() if "way.h" in line],
                         ["scripts/coverage: src/base/way.h:6: odd: never decides alone: n % 2",
                          "scripts/coverage: src/base/way.h:6: odd: never false: n != -9"])

    def test_a_part_of_the_tests_is_no_whole(self):
        self.play("unit.way", -1, 0, 1)
        whole = self.report(0)
        self.play("unit.way", 101)
        part = self.report(0, "--of", "-R", "unit")
        self.assertEqual(part["selection"], "-R unit")
        self.assertEqual(json.loads((self.tree / "reports/coverage/coverage.json").read_text("utf-8")), whole)

    def test_profiles_that_are_none_or_of_another_build(self):
        said = self.run_script()
        self.assertEqual((said.returncode, said.stdout.count("\n")), (2, 1), said.stdout)
        self.play("unit.way", 0)
        self.build(SOURCE.replace("n < 0 ||", "n < 0 || n == 90 ||"))
        said = self.run_script()
        self.assertEqual((said.returncode, said.stdout.count("\n")), (2, 1), said.stdout)
        self.assertIn("profiles of another build", said.stdout)
        self.assertFalse((self.tree / "reports/coverage").exists())

    def test_other_tools_read_it(self):
        """LCOV: the sums are those of its lines.  Cobertura: what coverage-04.dtd asks for."""
        self.play("unit.way", -1, 0, 1)
        result = self.report(0)
        lcov = (self.out / "coverage.lcov").read_text("utf-8").splitlines()
        self.assertIn("SF:src/base/way.c", lcov)
        hits = [int(line.split(",")[1]) for line in lcov if line.startswith("DA:")]
        self.assertEqual((len(hits), sum(map(bool, hits))), (result["lines"]["total"], result["lines"]["covered"]))
        root = xml.parse(self.out / "cobertura.xml").getroot()
        dtd_holds(self, root)
        self.assertEqual(root.get("timestamp"), "0")  # there is no commit here
        self.assertEqual([(c.get("filename"), c.get("name")) for c in root.iter("class")], [("src/base/way.c", "way.c")])
        lines = {line.get("number"): line for line in root.iter("line")}
        self.assertEqual((lines["7"].get("hits"), lines["18"].get("hits")), ("1", "0"))
        self.assertEqual(lines["6"].get("condition-coverage"), "50% (1/2)")

    def test_the_sources_are_shown(self):
        self.play("unit.way", -1, 0, 1)
        self.report(0)
        pages = {path.name: path.read_text("utf-8") for path in (self.out / "html").rglob("*.html")}
        self.assertIn("return 7;", pages["way.c.html"])
        self.assertIn("MC/DC", pages["way.c.html"])
        self.assertFalse([name for name, text in pages.items() if str(self.tree) in text])

    def test_how_often_and_when_is_of_one_run(self):
        """What a pack has of the coverage is the same, however often the same was played."""
        self.play("unit.way", -1, 0, 1)
        self.report(0)
        found = []
        for more in ([], [-1, 0, 1] * 3):
            self.play("unit.way", *more)
            self.report(0)
            texts = {path.relative_to(self.out): path.read_text("utf-8") for path in self.out.rglob("*")
                     if path.suffix in (".html", ".lcov", ".xml")}
            found.append((texts, {name: repeatable.coverage(name.name, text) for name, text in texts.items()}))
        self.assertNotEqual(found[0][0], found[1][0])
        self.assertEqual(found[0][1], found[1][1])
        self.assertIn(pathlib.Path("cobertura.xml"), found[0][1])
        self.assertFalse([name for name, text in found[0][1].items() if "Created" in text])
        view = next(text for name, text in found[0][1].items() if name.name == "way.c.html")
        self.assertIn("'uncovered-line'><pre>0<", view)
        self.assertIn("'covered-line'><pre>1<", view)


# coverage-04.dtd: which attributes an element must have, and may have.
RATES = {"line-rate", "branch-rate", "complexity"}
DTD = {
    "coverage": (RATES | {"lines-covered", "lines-valid", "branches-covered", "branches-valid", "version", "timestamp"},
                 set(), ["sources", "packages"]),
    "sources": (set(), set(), ["source"]),
    "source": (set(), set(), []),
    "packages": (set(), set(), ["package"]),
    "package": (RATES | {"name"}, set(), ["classes"]),
    "classes": (set(), set(), ["class"]),
    "class": (RATES | {"name", "filename"}, set(), ["methods", "lines"]),
    "methods": (set(), set(), []),
    "lines": (set(), set(), ["line"]),
    "line": ({"number", "hits"}, {"branch", "condition-coverage"}, []),
}


def dtd_holds(test, element):
    must, may, children = DTD[element.tag]
    test.assertLessEqual(must, set(element.keys()), element.tag)
    test.assertLessEqual(set(element.keys()), must | may, element.tag)
    there = [child.tag for child in element]
    test.assertEqual(list(dict.fromkeys(there)), [one for one in children if one in there], element.tag)
    if len(children) > 1:
        test.assertEqual(there, children, element.tag)
    for child in element:
        dtd_holds(test, child)


class List(unittest.TestCase):
    def read(self, *rows):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
            file.write("\n".join(["\t".join(uncovered.COLUMNS), *rows]))
            file.flush()
            return uncovered.read(file.name)

    def test_a_row_has_a_kind_and_a_reason_and_stands_once(self):
        good = "src/a.c\tf\tline\t2\treturn 1;\topen\twhy"
        self.assertEqual(len(self.read(good)), 1)
        for wrong in (good.replace("open", "boring"), good.removesuffix("why"), good.replace("\t2\t", "\ttwo\t"),
                      good.replace("\topen", ""), good + "\n" + good):
            with self.subTest(wrong=wrong):
                self.assertRaisesRegex(uncovered.Wrong, r"\.tsv:[23]: ", self.read, *wrong.split("\n"))

    def test_the_list_of_the_tree_is_in_order(self):
        """A reason is of code that is there; what is open may have gone with it."""
        rows = uncovered.read(ROOT / "harness" / "coverage" / "uncovered.tsv")
        for (name, function, what, _), row in rows.items():
            self.assertIn(what, ("line", "true", "false", "alone"))
            if row["kind"] not in uncovered.MAY_BE_REACHED:
                self.assertTrue(re.search(rf"\b{function}\b", (ROOT / name).read_text("utf-8")), f"{name}: {function}")


if __name__ == "__main__":
    unittest.main()
