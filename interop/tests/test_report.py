# SPDX-License-Identifier: MIT
"""scripts/report: summary and pages follow the schemas, whatever came in."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import made  # noqa: F401  (sets the path)
import run

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "harness", "kit"))
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import verdicts  # pylint: disable=wrong-import-position
from schemas import errors, schema  # pylint: disable=wrong-import-position

PASSED = {"area": "interop", "id": "a/b", "group": "a", "column": "b", "verdict": "pass", "seconds": 0.5}
FAILED = {"area": "conformance", "id": "c", "verdict": "fail", "seconds": 1, "reason": "</script><b>"}


def played(scenario, letter, verdict, **more):
    """A cell of libraries in one process."""
    settings = {"letter": letter, "scenario": scenario, "network": "bad", "suite": "AES", "kx": "psk", "auth": "psk",
                "variant": "plain", "cookie": "cookie"}
    return {"area": "interop", "id": f"engine-netx/{scenario}", "group": "engine", "column": "netx",
            "verdict": verdict, "settings": settings, "seconds": 0.5, **more}


JUNIT = """<testsuite name="x"><testcase name="unit.one" time="0.25"/>
<testcase name="unit.two" time="1.5"><failure message="bad"/><system-out>line 7</system-out></testcase>
</testsuite>"""


class Report(unittest.TestCase):
    def report(self, results, steps="", junit=None, coverage=None, history=None):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = lambda *names: os.path.join(folder.name, *names)
        os.mkdir(path("results"))
        os.mkdir(path("fuzz"))
        os.mkdir(path("coverage"))
        files = {"results/a.jsonl": "".join(json.dumps(r) + "\n" for r in results), "steps": steps}
        if junit:
            files["results/tests.xml"] = junit
        if coverage:
            files["coverage/coverage.json"] = json.dumps(coverage)
        if history:
            files["fuzz/history.jsonl"] = "".join(json.dumps(row) + "\n" for row in history)
        for name, text in files.items():
            with open(path(name), "w", encoding="utf-8") as out:
                out.write(text)
        subprocess.run([os.path.join(ROOT, "scripts", "report"), "--reports", folder.name,
                        "--steps", path("steps")], check=True, capture_output=True)
        self.page = path("index.html")
        with open(path("summary.json"), encoding="utf-8") as text:
            summary = json.load(text)
        with open(path("index.html"), encoding="utf-8") as text:
            return summary, text.read()

    def test_summary_follows_its_schema_and_counts(self):
        measured = {one: {"covered": 3, "total": 4, "percent": 75.0} for one in ("functions", "lines", "branches", "mcdc")}
        coverage = {"commit": "1", "selection": "all", **measured, "origins": {}, "folders": [], "uncovered": {},
                    "files": [{"file": "src/base/bytes.c", **measured}]}
        self.assertEqual(errors(coverage, schema("coverage.json")),
                         [f"$.origins: '{one}' is a required property" for one in ("tests", "check", "interop", "corpus")])
        summary, _ = self.report([PASSED, FAILED], "interop\t7.5\tok\nfuzz\t0\tleft out: why\n", JUNIT, coverage)
        self.assertEqual(errors(summary, schema("summary.json")), [])
        self.assertEqual(summary["interop"], {"verdicts": {"pass": 1}, "seconds": 7.5})
        self.assertEqual(summary["tests"]["verdicts"], {"pass": 1, "fail": 1})
        self.assertEqual(summary["fuzz"]["reason"], "left out: why")
        for one in measured:
            self.assertEqual(summary["coverage"][one]["percent"], 75.0)
        self.assertTrue(summary["failed"])

    def test_an_area_without_results_has_a_reason(self):
        summary, _ = self.report([PASSED])
        self.assertEqual(errors(summary, schema("summary.json")), [])
        self.assertFalse(summary["failed"])
        self.assertTrue(all(summary[a].get("reason") for a in ("conformance", "fuzz", "coverage")))

    def test_the_score_of_mutants(self):
        mutant = lambda folder, verdict: {"area": "mutants", "id": "m", "group": folder, "verdict": verdict, "seconds": 1.0}
        verdicts = ("pass", "warning", "pass", "accepted", "not-applicable")
        summary, _ = self.report([mutant("src/base", word) for word in verdicts] + [mutant("src/flight", "warning")])
        self.assertEqual(errors(summary, schema("summary.json")), [])
        self.assertEqual(summary["mutants"]["score"], {"killed": 2, "total": 4, "percent": 50.0})
        self.assertEqual(summary["mutants"]["folders"],
                         [{"folder": "src/base", "score": {"killed": 2, "total": 3, "percent": 66.7}},
                          {"folder": "src/flight", "score": {"killed": 0, "total": 1, "percent": 0.0}}])
        self.assertFalse(summary["failed"])
        self.assertTrue(self.report([mutant("src/base", "fail")])[0]["failed"])

    def test_nothing_at_all_is_no_report(self):
        with self.assertRaises(subprocess.CalledProcessError) as raised:
            self.report([])
        self.assertIn(b"no result in", raised.exception.stderr)

    def test_a_failed_step_fails_the_run(self):
        self.assertTrue(self.report([PASSED], "build dev\t1\tfailed (2)\n")[0]["failed"])

    def pages(self):
        """The text of each page, by its name."""
        folder = os.path.dirname(self.page)
        paths = [self.page, *glob.glob(os.path.join(folder, "pages", "*.html"))]
        out = {}
        for path in paths:
            with open(path, encoding="utf-8") as text:
                out[os.path.basename(path)] = text.read()
        return out

    def test_no_text_of_a_result_is_markup(self):
        _, page = self.report([FAILED])
        self.assertNotIn("</script><b>", "".join(self.pages().values()))
        self.assertIn("&lt;/script&gt;&lt;b&gt;", page)

    def test_the_nights_of_fuzzing_are_on_a_page(self):
        row = {"date": "2026-01-01", "engine": "afl", "target": "fuzz_x", "execs": 7, "coverage": 3, "corpus": 2, "finds": 0}
        self.report([PASSED])
        self.assertIn("There was no night yet.", self.pages()["fuzz.html"])
        self.report([PASSED], history=[row, {**row, "execs": 9}])
        self.assertIn('aria-label="from 7 to 9 in 2 runs', self.pages()["fuzz.html"])

    def test_older_words_are_those_of_today(self):
        results = [{**PASSED, "id": f"cell {i}", "verdict": word} for i, word in enumerate(verdicts.OLDER)]
        summary, _ = self.report(results)
        self.assertEqual(summary["interop"]["verdicts"],
                         {"fail": 2, "inconclusive": 1, "accepted": 2, "warning": 1, "not-applicable": 1})
        for name, text in self.pages().items():
            self.assertNotRegex(text, r"\b(xfail|xpass|non-strict|Crowd)\b|>Cc<|class=\"v info", name)
        known = set(schema("result.json")["properties"]["verdict"]["enum"])
        self.assertEqual(known, set(verdicts.WORDS) | set(verdicts.OLDER))

    def test_the_versions_of_libraries_and_programs_are_told(self):
        of_check = {**PASSED, "area": "conformance", "column": "gnutls", "settings": {"library": "GnuTLS 9.8.7"}}
        summary, _ = self.report([{**played("clean", "c", "pass"), "versions": {"engine": "nxdtls", "openssl": "OpenSSL 9.9.9"}}, of_check])
        self.assertEqual(summary["libraries"], {"engine": "nxdtls", "gnutls": "GnuTLS 9.8.7", "openssl": "OpenSSL 9.9.9"})
        for name in ("versions.html", "audit.html", "interop-engine-netx.html"):
            self.assertIn("OpenSSL 9.9.9", self.pages()[name], name)

    def test_results_of_the_runner_follow_their_schema(self):
        cells = run.cells.load(os.path.join(ROOT, "interop", "cells.tsv"))
        for cell in cells:
            result = {**run.base_result(cell, "pass"), "area": "interop", "seconds": 0.0}
            self.assertEqual(errors(result, schema("result.json")), [], cell.id)
            program = run.peers.PROGRAMS[cell.peer, cell.peer_role]
            self.assertEqual(list(result["versions"]), [program] if shutil.which(program) else [], cell.id)

    def test_the_schema_refuses(self):
        rule = schema("result.json")
        self.assertEqual(errors(PASSED, rule), [])
        for change in ({"verdict": "nice"}, {"seconds": "1"}, {"seconds": -1}):
            self.assertTrue(errors({**PASSED, **change}, rule), change)


if __name__ == "__main__":
    unittest.main()
