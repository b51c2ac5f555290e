# SPDX-License-Identifier: MIT
"""scripts/requirements: nothing counts as proved that no test has shown."""

import csv
import importlib.machinery
import importlib.util
import io
import os
import pathlib
import re
import tempfile
import unittest
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOADER = importlib.machinery.SourceFileLoader("requirements", os.path.join(ROOT, "scripts", "requirements"))
requirements = importlib.util.module_from_spec(importlib.util.spec_from_loader("requirements", LOADER))
LOADER.exec_module(requirements)
traceability = requirements.traceability


NAMED = re.compile(r'\bproves\("([^"]*)"\)|\bD\d{4}-[A-Z0-9][\w.]*-\d+\b')


def sources():
    """(path, text) of the C files that may name a row; the tests of proves() name rows that are none."""
    for folder in ("src", "include", "harness", "fuzzers"):
        for path in sorted(pathlib.Path(ROOT, folder).rglob("*.[ch]")):
            if path.parent.name != "kit" or folder != "harness":
                yield path, path.read_text("utf-8")


def row(name, **more):
    return {"id": name, "area": "conformance", "group": "RFC 1", "level": "MUST", "title": f"title of {name}",
            "expected": "", **more}


ROWS = [row("A-1"), row("A-2", level="SHOULD"), row("A-3"), row("both", tests=["A-1", "A-2"])]
AWAY = {"A-3": {"id": "A-3", "status": "not-applicable", "reason": "why"}}
ONE = {"A-1": [("pass", "p: one")]}
ALL = {**ONE, "A-2": [("pass", "p: two")]}


class Tables(unittest.TestCase):
    def test_what_stands_there_is_in_order(self):
        rows, reviewed = requirements.load()
        requirements.check(rows, reviewed, {})
        self.assertGreater(len(rows), 1000)

    def test_every_row_that_the_code_names_is_there(self):
        """Where a test claims it and where a comment points at it, before anything has run."""
        known = {row["id"] for row in requirements.load()[0]}
        named = [(match[1] or match[0], f"{path}:{text.count(chr(10), 0, match.start()) + 1}")
                 for path, text in sources() for match in NAMED.finditer(text)]
        self.assertGreater(len(named), 800)
        wrong = [f"{place}: {one}: no such row" for one, place in named if one not in known]
        self.assertFalse(wrong, "\n".join(["", *wrong]))


class Proofs(unittest.TestCase):
    def test_every_line_of_every_program_is_read(self):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write("<testsuite><testcase name='p'><system-out>[ RUN ] one\nproves: pass A-1 one\n"
                       "proves: skip GENERAL-x two\n</system-out></testcase><testcase name='q'/>"
                       "<testcase name='r'><system-out>proves: fail A-1 three</system-out></testcase></testsuite>")
            file.flush()
            self.assertEqual(requirements.proofs(file.name), {
                "A-1": [("pass", "p: one"), ("fail", "r: three")], "GENERAL-x": [("skip", "p: two")]})


    def test_they_stand_in_one_order_however_the_tests_ended(self):
        cases = [f"<testcase name='{name}'><system-out>proves: pass A-1 one</system-out></testcase>" for name in "pqr"]
        said = []
        for order in (cases, cases[::-1]):
            with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
                file.write(f"<testsuite>{''.join(order)}</testsuite>")
                file.flush()
                said.append(requirements.proofs(file.name))
        self.assertEqual(said[0], said[1])
        self.assertEqual(said[0], {"A-1": [("pass", "p: one"), ("pass", "q: one"), ("pass", "r: one")]})


class Check(unittest.TestCase):
    def refuse(self, what, rows=ROWS, reviewed=AWAY, proved=ONE):
        requirements.check(ROWS, AWAY, ONE)
        with self.assertRaisesRegex(requirements.Wrong, what):
            requirements.check(rows, reviewed, proved)

    def test_a_test_that_claims_an_unknown_row_is_named(self):
        self.refuse("A-9: no such row; p: one", proved={"A-9": [("pass", "p: one")]})

    def test_no_row_stands_twice(self):
        self.refuse("A-1: stands twice", rows=ROWS + [row("A-1")])

    def test_a_review_has_a_row_a_known_status_and_a_reason(self):
        for change in ({"id": "A-9"}, {"status": "boring"}, {"reason": ""}):
            one = {**AWAY["A-3"], **change}
            self.refuse(one["id"], reviewed={one["id"]: one})

    def test_what_is_proved_is_not_reviewed_away(self):
        self.refuse("A-3: .* proves it", proved={"A-3": [("pass", "p: one")]})

    def test_an_activity_names_rows(self):
        self.refuse("both: no such row: A-9", rows=ROWS[:3] + [row("both", tests=["A-9"])])


class Judgement(unittest.TestCase):
    def verdicts(self, proved):
        return {one: verdict for one, (verdict, _, _) in requirements.judge(ROWS, AWAY, proved).items()}

    def test_only_a_test_that_passed_is_a_proof(self):
        self.assertEqual(self.verdicts(ALL), {"A-1": "pass", "A-2": "pass", "A-3": "not-applicable", "both": "pass"})
        self.assertEqual(self.verdicts({"A-1": [("skip", "p: one")]})["A-1"], "unproven")
        self.assertEqual(self.verdicts({"A-1": [("pass", "p: one"), ("fail", "q: x")]})["A-1"], "fail")

    def test_an_activity_is_as_good_as_its_worst_test(self):
        self.assertEqual(self.verdicts(ONE)["both"], "unproven")
        self.assertEqual(self.verdicts({**ALL, "A-2": [("fail", "p: two")]})["both"], "fail")

    def test_the_page_counts_and_names_what_is_unproven(self):
        page = requirements.page(ROWS, requirements.judge(ROWS, AWAY, ONE))
        self.assertIn("| RFC 1 | 4 | 1 | 1 | 0 | 2 | 1 |\n", page)
        self.assertIn("| A-2 | SHOULD | title of A-2 |\n", page)
        self.assertNotIn("title of A-1", page)

    def test_what_does_not_hold_is_neither_proved_nor_away(self):
        rows = ROWS + [row("all", tests=["A-1", "A-3"])]
        judged = requirements.judge(rows, {"A-3": {**AWAY["A-3"], "status": "deviation"}}, ALL)
        self.assertEqual([judged[one][0] for one in ("A-3", "all")], ["xfail", "xfail"])
        page = requirements.page(rows, judged)
        self.assertIn("| RFC 1 | 5 | 3 | 0 | 2 | 0 | 0 |\n", page)
        self.assertIn("| A-3 | MUST | title of A-3 | why |\n", page)

    def test_a_result_names_its_tests_and_how_to_run_them(self):
        first = next(requirements.results(ROWS, requirements.judge(ROWS, AWAY, ONE)))
        self.assertEqual(first["details"], {"tests": ["p: one"]})
        self.assertEqual(first["replay"], "scripts/test -R '^(p)$'")


class Page(unittest.TestCase):
    def test_a_proof_that_is_gone_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            requirements.PAGE = os.path.join(folder, "page.md")
            before, after = (requirements.page(ROWS, requirements.judge(ROWS, AWAY, p)) for p in (ALL, ONE))
            requirements.compare_or_write(before, False)
            requirements.compare_or_write(before, True)
            with self.assertRaisesRegex(requirements.Wrong, r"\+ \| A-2 \| SHOULD"):
                requirements.compare_or_write(after, True)


NS = {"r": traceability.REQIF}
CHECKS = """    {.id = "P-A-1.one",
     .rows = "D1111-1-1 "
             "D1111-1-2",
     .strict = "data"},
    {.id = "P-A-2", .play = f}
"""
PURPOSES = ("id\trole\tpurpose\tstimulus\texpected\tapplicability\trequirements\n"
            "P-A-1\tboth\tThe first.\ts\te\tall\tD1111-1-1, D1111-1-2\nP-A-2\tboth\tThe second.\ts\te\tall\tD1111-1-2\n"
            "P-A-3\tboth\tThe third.\ts\te\tall\tD1111-1-2\n")
SOURCE = """/* The comment of a function (D1111-1-1). */
int first(void)
{
    return 1; /* D1111-1-2 */
}
"""
LCOV = "SF:src/a.c\nFN:3,first\nDA:3,1\nDA:4,0\nDA:5,1\nDA:6,1\nend_of_record\n"


class Trace(unittest.TestCase):
    """A small tree, in which every link leads somewhere."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        self.rows = [row(f"D1111-1-{n}") for n in (1, 2, 3, 4)]
        self.reviewed = {"D1111-1-4": {"id": "D1111-1-4", "status": "not-applicable", "reason": "why"}}
        self.put("harness/check/purposes.tsv", PURPOSES)
        self.put("harness/check/without_check.tsv", "id\twhy\nP-A-3\tno time\n")
        self.put("harness/check/checks/a_checks.c", CHECKS)
        self.put("harness/unit/a_test.c", 'proves("D1111-1-3");\n')
        self.put("src/a.c", SOURCE)

    def put(self, name, text):
        path = pathlib.Path(self.root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def tree(self):
        return traceability.Tree(self.root, self.rows, self.reviewed)

    def test_every_link_of_the_project_leads_somewhere(self):
        rows, reviewed = requirements.load()
        tree = traceability.Tree(ROOT, rows, reviewed)
        self.assertEqual(tree.orphans(), [])
        self.assertGreater(len(tree.checks), 300)
        self.assertGreater(len(tree.code), 50)

    def test_a_link_that_leads_nowhere_is_named(self):
        self.assertEqual(self.tree().orphans(), [])
        for name, text, orphan in (
                ("harness/check/purposes.tsv", PURPOSES + "P-A-4\tboth\t\t\t\t\tD1111-1-9\n", "purpose P-A-4: no such requirement: D1111-1-9"),
                ("harness/check/purposes.tsv", PURPOSES + "P-A-4\tboth\t\t\t\t\t\n", "purpose P-A-4: names no requirement"),
                ("harness/check/without_check.tsv", "id\twhy\n", "purpose P-A-3: no check, and no reason in without_check.tsv"),
                ("harness/check/without_check.tsv", "id\twhy\nP-A-3\tx\nP-B-1\ty\n", "without_check.tsv: no such purpose: P-B-1"),
                ("harness/check/checks/a_checks.c", CHECKS.replace("P-A-2", "P-B-2"), "harness/check/checks/a_checks.c: check P-B-2: no such purpose"),
                ("harness/check/checks/a_checks.c", CHECKS.replace("D1111-1-2", "D1111-1-8"), "harness/check/checks/a_checks.c: check P-A-1: no such requirement: D1111-1-8"),
                ("src/a.c", SOURCE + "/* D1111-2-1 */", "src/a.c:6: comment: no such requirement: D1111-2-1"),
                ("harness/unit/a_test.c", 'proves("D1111-7-7");', "harness/unit/a_test.c: test: no such requirement: D1111-7-7"),
                ("harness/unit/a_test.c", "", "requirement D1111-1-3: no purpose, no test and no review")):
            with self.subTest(orphan=orphan):
                path = pathlib.Path(self.root, name)
                before = path.read_text("utf-8")
                path.write_text(text, "utf-8")
                self.assertIn(orphan, self.tree().orphans())
                path.write_text(before, "utf-8")

    def test_code_has_the_coverage_of_its_function(self):
        self.put("lcov", LCOV)
        self.put("src/a.c", SOURCE)
        self.assertEqual(traceability.coverage(os.path.join(self.root, "lcov"), ["src/a.c:1", "src/a.c:4"]),
                         {"src/a.c:1": 75, "src/a.c:4": 75})
        self.assertEqual(traceability.coverage(os.path.join(self.root, "none"), ["src/a.c:1"]), {})

    def found(self):
        self.put("check/own.jsonl", '{"column": "engine", "group": "P-A-1.one", "verdict": "pass"}\n'
                                    '{"column": "gnutls", "group": "P-A-1.one", "verdict": "fail"}\n')
        tree = self.tree()
        judged = requirements.judge(self.rows, self.reviewed, {"D1111-1-3": [("pass", "p: one")]})
        played = traceability.verdicts(os.path.join(self.root, "check"))
        return tree, list(traceability.lines(tree, judged, played, {"src/a.c:1": 75}))

    def test_a_line_has_both_directions(self):
        tree, found = self.found()
        self.assertEqual(found[0]["verdicts of checks"], ["P-A-1: 1 pass"])
        self.assertEqual((found[0]["code"], found[0]["coverage of the code"]), (["src/a.c:1"], ["src/a.c:1: 75 %"]))
        rows = list(csv.DictReader(io.StringIO(traceability.as_csv(found))))
        self.assertEqual([one["requirement"] for one in rows], list(tree.rows))
        self.assertEqual(rows[1]["purposes"], "P-A-1; P-A-2; P-A-3")
        self.assertEqual((rows[1]["checks"], rows[2]["tests"], rows[3]["reason"]), ("P-A-1; P-A-2", "p: one", "why"))

    def test_the_page_says_what_leads_nowhere_and_what_is_left_to_do_by_hand(self):
        for mode, tests, text in (("A", ["D1111-1-3"], "not for yours"), ("C", ["D1111-1-3"], "Configure"), ("L", ["D1111-1-3"], "audit log"),
                                  ("A", [], "All of it")):
            with self.subTest(mode=mode, tests=tests):
                self.rows = self.rows[:4] + [row("PP X T1", mode=mode, tests=tests, group="CC activities", action="do <this>")]
                tree, found = self.found()
                page = traceability.as_html(tree, found, "0123", ["a link"])
                self.assertIn('<p class="fail">a link</p>', page)
                self.assertIn(text, page)
                self.assertIn("do &lt;this&gt;", page)
                xml.fromstring(re.sub("<!DOCTYPE html>|<meta[^>]*>|<br>", "", page))

    def test_reqif_is_what_the_standard_asks_for(self):
        tree, found = self.found()
        text = traceability.as_reqif(tree, found, "2026-01-01T00:00:00+00:00")
        root = xml.fromstring(text)
        reqif_holds(self, root)
        names = {one.get("IDENTIFIER"): one.get("LONG-NAME") for one in root.iterfind(".//r:SPEC-OBJECT", NS)}
        links = {(names[one.findtext("r:SOURCE/r:SPEC-OBJECT-REF", "", NS)], names[one.findtext("r:TARGET/r:SPEC-OBJECT-REF", "", NS)])
                 for one in root.iterfind(".//r:SPEC-RELATION", NS)}
        self.assertEqual(links, {("D1111-1-1", "P-A-1"), ("D1111-1-1", "src/a.c:1"), ("D1111-1-2", "P-A-1"), ("D1111-1-2", "P-A-2"),
                                 ("D1111-1-2", "P-A-3"), ("D1111-1-2", "src/a.c:4"), ("D1111-1-3", "p: one")})
        for old, new in (("type-purpose<", "type-no<"), ('IDENTIFIER="link-1"', 'IDENTIFIER="link-0"'), ("<VALUES>", "<VALUE>"),
                         ("T00:00:00", " 00:00:00")):
            with self.subTest(old=old), self.assertRaises((AssertionError, xml.ParseError)):
                reqif_holds(self, xml.fromstring(text.replace(old, new)))

    def test_reqif_of_the_project(self):
        rows, reviewed = requirements.load()
        tree = traceability.Tree(ROOT, rows, reviewed)
        judged = requirements.judge(rows, reviewed, {})
        found = list(traceability.lines(tree, judged, {}, {}))
        root = xml.fromstring(traceability.as_reqif(tree, found, "2026-01-01T00:00:00+00:00"))
        reqif_holds(self, root)
        self.assertEqual(len(root.findall(".//r:SPEC-HIERARCHY", NS)), len(rows))


# ReqIF 1.2, as far as we write it: what may stand in an element.  No schema of it is packaged.
CHILDREN = {
    "REQ-IF": "THE-HEADER CORE-CONTENT", "THE-HEADER": "REQ-IF-HEADER", "CORE-CONTENT": "REQ-IF-CONTENT",
    "REQ-IF-HEADER": "CREATION-TIME REQ-IF-TOOL-ID REQ-IF-VERSION SOURCE-TOOL-ID TITLE",
    "REQ-IF-CONTENT": "DATATYPES SPEC-TYPES SPEC-OBJECTS SPEC-RELATIONS SPECIFICATIONS",
    "DATATYPES": "DATATYPE-DEFINITION-STRING", "SPEC-TYPES": "SPEC-OBJECT-TYPE SPEC-RELATION-TYPE SPECIFICATION-TYPE",
    "SPEC-OBJECT-TYPE": "SPEC-ATTRIBUTES", "SPEC-ATTRIBUTES": "ATTRIBUTE-DEFINITION-STRING",
    "ATTRIBUTE-DEFINITION-STRING": "TYPE", "SPEC-OBJECTS": "SPEC-OBJECT", "SPEC-OBJECT": "VALUES TYPE",
    "VALUES": "ATTRIBUTE-VALUE-STRING", "ATTRIBUTE-VALUE-STRING": "DEFINITION", "DEFINITION": "ATTRIBUTE-DEFINITION-STRING-REF",
    "SPEC-RELATIONS": "SPEC-RELATION", "SPEC-RELATION": "TARGET SOURCE TYPE", "TARGET": "SPEC-OBJECT-REF",
    "SOURCE": "SPEC-OBJECT-REF", "SPECIFICATIONS": "SPECIFICATION", "SPECIFICATION": "TYPE CHILDREN",
    "CHILDREN": "SPEC-HIERARCHY", "SPEC-HIERARCHY": "OBJECT", "OBJECT": "SPEC-OBJECT-REF",
    "TYPE": "DATATYPE-DEFINITION-STRING-REF SPEC-OBJECT-TYPE-REF SPEC-RELATION-TYPE-REF SPECIFICATION-TYPE-REF",
}
LISTS = ("SPEC-TYPES", "SPEC-ATTRIBUTES", "SPEC-OBJECTS", "VALUES", "SPEC-RELATIONS", "CHILDREN", "DATATYPES", "SPECIFICATIONS")


def reqif_holds(test, root):
    """Asserts the structure, unique identifiers, dates, and that each reference is to an element of its kind."""
    of, references = {}, []
    for element in root.iter():
        tag = element.tag.replace("{" + traceability.REQIF + "}", "")
        inner = [child.tag.replace("{" + traceability.REQIF + "}", "") for child in element]
        test.assertLessEqual(set(inner), set(CHILDREN.get(tag, "").split()), tag)
        if tag not in LISTS:
            test.assertEqual(len(inner), len(set(inner)), tag)
        if element.get("IDENTIFIER"):
            test.assertRegex(element.get("IDENTIFIER"), r"^[A-Za-z_][\w.-]*$")
            test.assertNotIn(element.get("IDENTIFIER"), of)
            of[element.get("IDENTIFIER")] = tag
        if tag != "REQ-IF-HEADER" and element.get("IDENTIFIER"):
            test.assertRegex(element.get("LAST-CHANGE", ""), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
        if tag.endswith("-REF"):
            references.append((tag.removesuffix("-REF"), element.text))
    for kind, name in references:
        test.assertEqual(of.get(name), kind, name)


if __name__ == "__main__":
    unittest.main()
