# SPDX-License-Identifier: MIT
"""What the pages say of the runs before: what changed, and trends."""

import json
import re
import unittest

from report_on import STEPS, Copy

CELLS = "results/interop.jsonl"
FAILING = "engine-openssl/009d/server/cookie/mtu-300/refused-server"


def changed(page):
    """{what: names} of the part about the last run."""
    part = re.search(r'id="changed">(.*?)</section>', page, re.S)[1]
    found = re.findall(r"<h3>(\d+) ([a-z ]+)</h3>\s*<ul[^>]*>(.*?)</ul>", part, re.S)
    out = {what: re.findall(r"<li>(?:<a [^>]*>)?([^<:]+)", names) for _, what, names in found}
    assert all(int(number) == len(out[what]) for number, what, _ in found), found
    return out


class History(unittest.TestCase):
    def setUp(self):
        self.reports = Copy(self.addCleanup)

    def run_of_the_lab(self, steps=STEPS):
        self.reports.report("--steps", str(steps))
        return self.reports.text("index.html")

    def runs(self):
        return [json.loads(line) for line in self.reports.text("history/runs.jsonl").splitlines()]

    def test_the_first_run_has_nothing_to_compare_with(self):
        self.assertIn("There is no earlier run of this kind", self.run_of_the_lab())
        self.assertEqual(len(self.runs()), 1)

    def test_the_same_again_changes_nothing(self):
        self.run_of_the_lab()
        page = self.run_of_the_lab()
        self.assertIn("Nothing: every result is as it was.", page)
        self.assertEqual(changed(page), {})

    def test_worse_better_new_and_gone_are_named(self):
        self.run_of_the_lab()
        ids = [json.loads(line)["id"] for line in self.reports.text(CELLS).splitlines()]
        passing = [one for one in ids if one != FAILING][:3]

        def edit(cell):
            if cell["id"] == FAILING:
                return {**cell, "verdict": "pass"}
            if cell["id"] == passing[0]:
                return {**cell, "verdict": "fail"}
            if cell["id"] == passing[1]:
                return None
            return {**cell, "id": cell["id"] + "/renamed"} if cell["id"] == passing[2] else cell

        self.reports.change(CELLS, edit)
        self.assertEqual(changed(self.run_of_the_lab()), {
            "got worse": [f"interop/{passing[0]}"], "got better": [f"interop/{FAILING}"],
            "are gone": sorted(f"interop/{one}" for one in passing[1:]), "are new": [f"interop/{passing[2]}/renamed"]})

    def test_pages_that_are_made_again_are_no_run(self):
        self.run_of_the_lab()
        self.reports.change(CELLS, lambda cell: {**cell, "verdict": "pass"} if cell["id"] == FAILING else cell)
        self.run_of_the_lab()
        for _ in range(2):
            self.reports.report()
            self.assertEqual(changed(self.reports.text("index.html")), {"got better": [f"interop/{FAILING}"]})
        self.assertEqual(len(self.runs()), 2)

    def test_a_part_is_not_compared_with_the_whole(self):
        whole = self.reports.folder / "whole.tsv"
        whole.write_text("interop\t1.0\tok\n", "utf-8")
        self.run_of_the_lab()
        self.assertIn("There is no earlier run of this kind", self.run_of_the_lab(whole))
        self.assertIn("every result is as it was", self.run_of_the_lab())
        self.assertEqual([run["kind"] for run in self.runs()], ["--quick", "all", "--quick"])

    def test_trends_show_the_runs_of_this_kind(self):
        for number in range(3):
            self.reports.change(CELLS, lambda cell, n=number: {**cell, "verdict": "fail"} if cell["order"] < n else cell)
            page = self.run_of_the_lab()
        fails = [run["areas"]["interop"]["fail"] for run in self.runs()]
        self.assertEqual(len(fails), 3)
        self.assertIn(f'aria-label="from {fails[0]} to {fails[-1]} in 3 runs, between {min(fails)} and {max(fails)}"', page)

    def test_a_history_that_cannot_be_read_is_said(self):
        self.run_of_the_lab()
        (self.reports.folder / "history" / "runs.jsonl").write_text("{\n", "utf-8")
        done = self.reports.report(status=2)
        self.assertRegex(done.stderr, r"\Ascripts/report: \S+runs.jsonl:1: .*\n\Z")


if __name__ == "__main__":
    unittest.main()
