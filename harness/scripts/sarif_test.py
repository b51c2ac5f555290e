# SPDX-License-Identifier: MIT
"""scripts/check-report --sarif, as Microsoft's validator of SARIF reads it.  It comes
with `scripts/npm-tools`.  Status 77: it is not there.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "build" / "npm" / "node_modules" / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
RECORDED = ROOT / "harness" / "pages" / "recorded"
KNOWN = "does not provide 'informationUri'"  # the project has no address to give


def complaints(text):
    """What the validator says of a document, and how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "a.sarif"
        path.write_text(text, "utf-8")
        done = subprocess.run([TOOL, "validate", path], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120,
                              check=False, env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
    lines = [line for line in done.stdout.splitlines() if ": error " in line or ": warning " in line]
    return [line for line in lines if KNOWN not in line], done


class Sarif(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        files = [*sorted(RECORDED.glob("check/*.jsonl")), RECORDED / "results" / "interop.jsonl"]
        cls.text = subprocess.run([ROOT / "scripts" / "check-report", "--sarif", *files], text=True, stdout=subprocess.PIPE, check=True).stdout

    def test_results_of_each_level_are_valid(self):
        found = [one for run in json.loads(self.text)["runs"] for one in run["results"]]
        self.assertEqual({(one["level"], "suppressions" in one) for one in found},
                         {("error", False), ("error", True), ("warning", False)})
        lines, done = complaints(self.text)
        self.assertEqual((lines, done.returncode), ([], 0), done.stdout)

    def test_the_validator_sees_what_is_wrong(self):
        for old, new in (('"ruleId"', '"rule"'), ('"2.1.0"', '"2.2"'), ('"text": ', '"words": '), ('"name": "nxdtls check"', '"nome": "x"')):
            with self.subTest(old):
                self.assertIn(old, self.text)
                lines, done = complaints(self.text.replace(old, new))
                self.assertTrue(lines or done.returncode, done.stdout)


if __name__ == "__main__":
    if not TOOL.exists():
        print("left out: without sarif-multitool (scripts/npm-tools)")
        sys.exit(77)
    unittest.main()
