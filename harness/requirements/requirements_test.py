# SPDX-License-Identifier: MIT
"""scripts/requirements: nothing counts as proved that no test has shown."""

import importlib.machinery
import importlib.util
import os
import pathlib
import re
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOADER = importlib.machinery.SourceFileLoader("requirements", os.path.join(ROOT, "scripts", "requirements"))
requirements = importlib.util.module_from_spec(importlib.util.spec_from_loader("requirements", LOADER))
LOADER.exec_module(requirements)


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


if __name__ == "__main__":
    unittest.main()
