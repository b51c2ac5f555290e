# SPDX-License-Identifier: MIT
"""The commands on the pages work when they are pasted: one of each kind.

usage: replay_test.py BUILD

A shell runs each in a tree that has BUILD as its build/dev.  What builds a tree
anew is pasted by planted.script and mutants.script, in their small trees.
"""

import html
import os
import pathlib
import re
import subprocess
import sys
import unittest

from report_on import ROOT, Copy

sys.path.insert(0, str(ROOT / "harness" / "scripts"))
from results_test import OnATree  # pylint: disable=wrong-import-position

# (area, page, a word of the id): what its line must print.
KINDS = (
    ("interop", "interop-engine-engine", "engine-engine/cca8/server/cookie/slow/chain-2", r"1 pass, 0 fail"),
    ("interop-stock", "interop-stock-s_client-server", "suite-002f/server-openssl", r"(?m)^1 pass;"),
    ("check", "target-openssl-P-CK", "openssl/P-CK-6/server/c02b", r"(?m)^fail +P-CK-6/server/c02b: seen: HelloVerifyRequest has number 0"),
    ("crowd", "interop", "200-clients", r"4000 echoes"),
    ("fuzz", "fuzz", "fuzz_alert", r"corpus/fuzz_alert|inputs|ok"),
    ("tests", "tests", "conformance.alerts", r"100% tests passed"),
    ("conformance", "requirements-D5246", "", r"100% tests passed"),
)
BUILD = None


class Pasted(OnATree):
    @classmethod
    def setUpClass(cls):
        cls.reports = Copy(cls.addClassCleanup)
        cls.reports.report()

    def line(self, page, name):
        """The command of a result on a page."""
        for evidence in self.reports.text(f"pages/{page}.html").split("<details ")[1:]:
            found = re.search(r"<b>([^<]*)</b>.*?<pre class=\"replay\">([^<]*)</pre>", evidence, re.S)
            if found and name in html.unescape(found[1]):
                return html.unescape(found[2])
        raise AssertionError(f"{page}: no command of {name}")

    def paste(self, line):
        return subprocess.run(["bash", "-c", line], cwd=self.tree, text=True, timeout=240, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=dict(os.environ, PATH=f"{self.tree}/bin:{os.environ['PATH']}"))

    def programs(self):
        """A tree with the programs of this build, where a line needs them."""
        for name in ("interop", "harness", "corpus"):
            (self.tree / name).symlink_to(ROOT / name)
        (self.tree / "build" / "dev" / "bin").symlink_to(BUILD / "bin")
        (self.tree / "build" / "dev" / "pki").symlink_to(BUILD / "pki")
        (self.tree / "build" / "fuzz").mkdir()
        (self.tree / "build" / "fuzz" / "fuzzers").symlink_to(BUILD / "fuzzers")

    def named_tests(self, line):
        """A tree in which the tests that a line names are there."""
        named = re.search(r"\^\(?([^$]*?)\)?\$", line)[1].split("|")
        self.write("build/dev/CTestTestfile.cmake", "".join(f"add_test({name} true)\n" for name in named))

    def test_each_kind(self):
        for area, page, name, says in KINDS:
            with self.subTest(area):
                line = self.line(page, name)
                if line.startswith("scripts/test "):
                    self.named_tests(line)
                elif not (self.tree / "harness").exists():
                    self.programs()
                done = self.paste(line)
                self.assertEqual(done.returncode, 1 if says.startswith("(?m)^fail") else 0, f"{line}\n{done.stdout}")
                self.assertRegex(done.stdout, says, line)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    BUILD = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
