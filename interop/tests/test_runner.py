# SPDX-License-Identifier: MIT
"""The runner as a whole, with real cells: a wrong expectation must fail.

NXDTLS names the program, NXDTLS_PKI_DIR its certificates; ctest sets both.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import made  # noqa: F401  (sets the path)
import cells

HERE = os.path.dirname(os.path.abspath(__file__))
RUN = os.path.join(os.path.dirname(HERE), "run.py")
MATRIX = os.path.join(os.path.dirname(HERE), "cells.tsv")
PROGRAM = os.environ.get("NXDTLS", "")

SUITE = "suite-c02b/server-openssl"
SILENT = "wrong-psk/server-openssl"
ALERT = "unknown-server-ca/client-openssl"


@unittest.skipUnless(PROGRAM, "NXDTLS does not name the program")
class Runner(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.json = os.path.join(self.folder, "results.jsonl")

    def command(self, *arguments):
        argv = [sys.executable, RUN, "--nxdtls", PROGRAM, "--json", self.json]
        if os.environ.get("NXDTLS_PKI_DIR"):
            argv += ["--pki", os.environ["NXDTLS_PKI_DIR"]]
        return argv + list(arguments)

    def run_cells(self, *arguments, env=None):
        return subprocess.run(self.command(*arguments), capture_output=True, text=True,
                              timeout=300, check=False, env=env)

    def results(self):
        with open(self.json, encoding="utf-8") as lines:
            return {r["id"]: r for r in map(json.loads, lines)}

    def matrix(self, *rows):
        """A cells file of rows of the real one, each with another expectation."""
        original = {c.id: c.row for c in cells.load(MATRIX)}
        path = os.path.join(self.folder, "cells.tsv")
        with open(path, "w", encoding="utf-8") as out:
            for name, expect, changes in rows:
                row = {**original[name], "expect": expect, **changes}
                out.write("\t".join(row[c] for c in cells.COLUMNS) + "\n")
        return path

    def test_a_wrong_expectation_fails_and_the_right_one_passes(self):
        inverted = self.matrix(
            (SUITE, "failed silence", {"server": "cert=ec wait=2"}),
            (SILENT, "connected data", {}),
            (ALERT, "failed sent=47", {}),
        )
        done = self.run_cells("--cells", inverted, "--captures", self.folder)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual({r["verdict"] for r in self.results().values()}, {"fail"})
        for result in self.results().values():
            self.assertTrue(result["reason"] and os.path.getsize(result["capture"]), result["id"])
        done = self.run_cells("id=" + ",".join((SUITE, SILENT, ALERT)))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual({r["verdict"] for r in self.results().values()}, {"pass"})

    def test_the_matrix_is_printed_with_a_word_for_every_cell(self):
        done = self.run_cells("unknown-identity")
        self.assertRegex(done.stdout, r"unknown-identity +not-applicable +pass +pass +pass\n")

    def test_a_peer_that_is_not_installed_fails_and_says_so(self):
        env = {**os.environ, "PATH": self.folder}
        os.symlink(PROGRAM, os.path.join(self.folder, "nxdtls"))
        done = self.run_cells("id=suite-c02b/*", env=env)
        self.assertEqual(done.returncode, 1, done.stderr)
        results = self.results().values()
        self.assertEqual({r["verdict"] for r in results}, {"fail"})
        for result in results:
            self.assertRegex(result["reason"], r"^\S+ is not installed$")

    def test_a_host_without_ipv6_cannot_play_it_and_does_not_fail(self):
        alone = ["unshare", "-rn"]  # in a network that has no address
        if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode != 0:
            self.skipTest("this host gives nobody a network of his own")
        done = subprocess.run(alone + self.command("kind=ipv6"), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        results = self.results().values()
        self.assertEqual({(r["verdict"], r["reason"]) for r in results}, {("not-applicable", "this host has no ::1")})

    def test_results_that_cannot_be_written_are_one_line_and_status_2(self):
        for option, path, reason in (("--json", "/nowhere/x", "No such file or directory"),
                                     ("--matrix", "/nowhere/x", "No such file or directory"),
                                     ("--json", "/dev/full", "No space left on device")):
            with self.subTest(option, path=path):
                done = self.run_cells(option, path, "id=no-common-suite/client-openssl")
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertEqual(done.stderr, f"nxdtls interop --stock: {path}: {reason}\n")

    def test_an_interrupted_run_writes_what_it_has(self):
        run = subprocess.Popen(self.command("kind=suite,fail"), stdout=subprocess.PIPE, text=True)
        seen = run.stdout.readline()
        self.assertIn("pass", seen)
        run.send_signal(signal.SIGINT)
        asked = time.monotonic()
        rest, _ = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 130)
        self.assertLess(time.monotonic() - asked, 30)
        self.assertIn("not played", rest)
        self.assertGreaterEqual(len(self.results()), 1)

    def test_bad_usage_is_2_and_says_what_there_is(self):
        for arguments, text in ((["peer=mbedtls"], "openssl, gnutls"), (["--jobs", "0"], "at least 1"),
                                (["--nxdtls", "/nowhere"], "no program")):
            with self.subTest(arguments=arguments):
                done = self.run_cells(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn(text, done.stderr)

    def test_an_unknown_word_is_found_before_anything_starts(self):
        done = self.run_cells("--cells", self.matrix((SUITE, "conected", {})))
        self.assertEqual(done.returncode, 2)
        self.assertIn("conected", done.stderr)


if __name__ == "__main__":
    unittest.main()
