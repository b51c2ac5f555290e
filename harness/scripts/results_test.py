# SPDX-License-Identifier: MIT
"""What the scripts write about a run: a failure is not forgotten, a part is not
taken for the whole, and a file is there as a whole or not at all."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import whole  # pylint: disable=wrong-import-position

PRESETS = {"version": 6, "configurePresets": [], "testPresets": []}
for name in ("dev", "asan"):
    PRESETS["configurePresets"].append({"name": name, "generator": "Ninja", "binaryDir": "${sourceDir}/build/" + name})
    PRESETS["testPresets"].append({"name": name, "configurePreset": name})
# The builds have these tests: `fails` fails as long as its file is there.
CTEST = "add_test(good true)\nadd_test(fails test ! -e %s)\n"


class OnATree(unittest.TestCase):
    """A tree with our scripts, and tests that are there without a build."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name).resolve()
        shutil.copytree(ROOT / "scripts", self.tree / "scripts")
        shutil.copytree(ROOT / "reports" / "templates", self.tree / "reports" / "templates")
        self.write("CMakePresets.json", json.dumps(PRESETS))
        for build in ("dev", "asan"):
            self.write(f"build/{build}/CTestTestfile.cmake", CTEST % (self.tree / "broken"))
        for command in ("bin/cmake", "scripts/packages"):
            self.program(command, "")
        self.program("scripts/requirements", 'echo "$@" >>"$(dirname "$0")/../asked"')

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def program(self, name, body):
        self.write(name, f"#!/bin/sh\n{body}\n").chmod(0o755)

    def run_script(self, name, *words):
        path = f"{self.tree}/bin:{os.environ['PATH']}"
        return subprocess.run([self.tree / "scripts" / name, *words], env=dict(os.environ, PATH=path), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


class Tests(OnATree):
    def status(self, *words):
        self.done = self.run_script("test", *words)
        return self.done.returncode

    def stamp(self, name):
        return whole.stamped(self.tree / "build" / name).get("selection")

    def test_a_whole_run(self):
        self.assertEqual(self.status(), 0)
        self.assertEqual(self.stamp("dev/tests.xml"), "all")
        self.assertEqual((self.tree / "asked").read_text(), "--check\n")
        self.assertEqual(sorted(os.listdir(self.tree / "build/dev")),
                         ["CTestTestfile.cmake", "Testing", "tests.xml"])

    def test_a_failure_is_one(self):
        self.write("broken", "")
        self.assertEqual(self.status(), 1)
        self.assertIn('message=', (self.tree / "build/dev/tests.xml").read_text())

    def test_a_part_does_not_replace_the_whole(self):
        self.assertEqual(self.status(), 0)
        before = (self.tree / "build/dev/tests.xml").read_bytes()
        self.assertEqual(self.status("-R", "good"), 0)
        self.assertEqual((self.tree / "build/dev/tests.xml").read_bytes(), before)
        self.assertEqual(self.stamp("dev/tests-part.xml"), "-R good")
        self.assertEqual((self.tree / "asked").read_text(), "--check\n")

    def test_no_test_is_a_failure(self):
        self.assertEqual(self.status("-R", "typo"), 1, self.done.stdout)
        self.assertFalse((self.tree / "asked").exists())

    def test_an_option_counts_wherever_it_stands(self):
        for words in (("-R", "good", "--preset", "asan"), ("--preset", "asan", "-R", "good"),
                      ("-R", "good", "--preset=asan")):
            with self.subTest(words=words):
                shutil.rmtree(self.tree / "build/asan/Testing", ignore_errors=True)
                (self.tree / "build/asan/tests-part.xml").unlink(missing_ok=True)
                self.assertEqual(self.status(*words), 0)
                self.assertEqual(self.stamp("asan/tests-part.xml"), "-R good")
        for words in (("--preset", "typo"), ("-R", "good", "--preset")):
            self.assertEqual(self.status(*words), 2)


class Report(OnATree):
    def report(self, *words):
        status = self.run_script("report", *words).returncode
        return status, json.loads((self.tree / "reports/summary.json").read_text())["failed"]

    def result(self, verdict):
        self.write("reports/results/one.jsonl", json.dumps(
            {"area": "interop", "id": "one", "verdict": verdict, "reason": "", "seconds": 1, "replay": ""}) + "\n")

    def test_a_step_that_failed_stays_failed(self):
        self.result("pass")
        steps = self.write("steps", "interop\t1.0\tok\nplanted\t2.0\tfailed (1)\n")
        self.assertEqual(self.report("--steps", str(steps)), (0, True))
        steps.unlink()
        self.assertEqual(self.report(), (0, True))
        # Another run: scripts/lab removes its results.
        shutil.rmtree(self.tree / "reports/results")
        self.result("pass")
        self.assertEqual(self.report(), (0, False))

    def test_what_cannot_be_read_is_wrong_usage(self):
        self.result("pass")
        self.refused("--steps", str(self.tree / "none"))
        for name in ("results/torn.xml", "results/torn.jsonl", "fuzz/history.jsonl"):
            with self.subTest(name=name):
                torn = self.write(f"reports/{name}", '<testsuite name="x"><testcase' if "xml" in name else '{"id": ')
                self.refused()
                torn.unlink()

    def test_a_line_that_is_no_result_is_named(self):
        for line in ('[1]', '{"area": "interop"}', '{"area": "interop", "id": "one", "verdict": "nice", "seconds": 1}'):
            with self.subTest(line):
                self.result("pass")
                self.write("reports/results/other.jsonl", '{"row": "psk", "ours": 1}\n' + line + "\n")
                self.refused()
                self.assertIn("other.jsonl:2: not a result\n", self.run_script("report").stdout)

    def test_a_folder_that_is_not_there_is_named(self):
        self.refused("--reports", str(self.tree / "none"))

    def refused(self, *words):
        done = self.run_script("report", *words)
        self.assertEqual((done.returncode, done.stdout.count("\n")), (2, 1), done.stdout)

    def test_a_failed_result_and_none(self):
        self.assertEqual(self.report(), (1, True))
        self.result("fail")
        self.assertEqual(self.report(), (0, True))


class Requirements(OnATree):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "harness" / "requirements", self.tree / "harness" / "requirements")
        shutil.copy2(ROOT / "scripts" / "requirements", self.tree / "scripts" / "requirements")
        self.page = self.write("docs/requirements.md", "as it was")

    def refused(self, stamp, why):
        junit = self.write("tests.xml", f"<testsuite>{stamp}<testcase name='p'/></testsuite>")
        done = self.run_script("requirements", str(junit))
        self.assertEqual(done.returncode, 1)
        self.assertIn(why, done.stdout)
        self.assertEqual(self.page.read_text(), "as it was")

    def test_the_page_is_of_all_tests_of_this_commit(self):
        of = "<properties><property name='commit' value='%s'/><property name='selection' value='%s'/></properties>"
        self.refused("", "unknown selection")
        self.refused(of % ("unknown", "-R one"), "of -R one")
        self.refused(of % ("0123", "all"), "a run of 0123")
        junit = self.write("tests.xml", f"<testsuite>{of % ('unknown', 'all')}<testcase name='p'/></testsuite>")
        self.assertEqual(self.run_script("requirements", str(junit)).returncode, 0)
        self.assertIn("unproven", self.page.read_text().lower())


class Findings(unittest.TestCase):
    def test_the_page_is_the_same_however_the_cases_ended(self):
        loader = importlib.machinery.SourceFileLoader("findings", str(ROOT / "scripts" / "findings"))
        findings = importlib.util.module_from_spec(importlib.util.spec_from_loader("findings", loader))
        loader.exec_module(findings)
        check, _, _, reason = next(one for one in findings.reviewed("openssl") if "*" not in one[0] and "/" not in one[0])
        cases = [{"id": f"openssl/{check}/{role}/c02b", "verdict": "accepted", "expected": "data; tolerated: silence", "observed": role,
                  "settings": {"library": "OpenSSL 9"}} for role in ("server", "client")]
        pages = ["".join(findings.section("openssl", order)) for order in (cases, cases[::-1])]
        self.assertEqual(pages[0], pages[1])
        self.assertIn(f"| `{check}` | data | client | {reason} |", pages[0])


class Writing(unittest.TestCase):
    def test_a_file_is_there_as_a_whole_or_as_it_was(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page")
            whole.write(path, "old")
            self.assertRaises(UnicodeEncodeError, whole.write, path, "new \udc80")
            with open(path, encoding="utf-8") as text:
                self.assertEqual(text.read(), "old")
            self.assertEqual(os.listdir(folder), ["page"])
            whole.write(path, "new")
            self.assertEqual(os.stat(path).st_mode & 0o444, 0o444)

    def test_every_script_writes_so(self):
        """But for what a script makes for itself: fuzzing's folders of finds, a lock, a state that is renamed."""
        own = {"whole.py", "fuzzing.py", "nightly"}
        wrong = []
        for path in sorted((ROOT / "scripts").iterdir()):
            if path.is_file() and path.name not in own:
                for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                    if re.search(r'open\([^)]*"[wx]b?"|\.write_text\(', line):
                        wrong.append(f"{path.name}:{number}: {line.strip()}")
        self.assertEqual(wrong, [])


class Unwritable(unittest.TestCase):
    """A file for results that cannot be made is said before the work."""

    def test_each_script_that_takes_one(self):
        for words in (["fuzz-quick"], ["planted"], ["requirements"], ["../interop/crowd.py"]):
            with self.subTest(words[0]):
                done = subprocess.run([ROOT / "scripts" / words[0], "--json", "/nowhere/results"], capture_output=True,
                                      text=True, check=False, timeout=60)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertRegex(done.stderr, r"\A[a-z-]+: --json /nowhere/results: .*\n\Z")

    def test_what_is_no_file_is_not_replaced_by_one(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (folder, "/dev/null"):
                with self.subTest(path):
                    done = subprocess.run([ROOT / "scripts" / "requirements", "--json", path], capture_output=True,
                                          text=True, check=False)
                    self.assertEqual((done.returncode, done.stderr), (2, f"requirements: --json {path}: not a file\n"))


if __name__ == "__main__":
    unittest.main()
