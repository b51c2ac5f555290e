#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""scripts/style, in a small repository: what is not formatted, what clang-tidy
finds in what changed, and each way in which nothing can be said."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "style"
MISSING = 77  # ctest: skipped

GOOD = """#include "one.h"

int one(int a)
{
    return a + 1;
}
"""
BAD = GOOD.replace("    return a", "  return  a")
# An else after a return.
ELSE = """int two(int a)
{
    if (a > 0) {
        return 1;
    } else {
        return a;
    }
}
"""
HEADER = "int one(int a);\n"
BAD_HEADER = HEADER + "static inline " + ELSE.replace("two", "three")


class Style(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name in (".clang-format", ".clang-tidy"):
            self.write(name, (ROOT / name).read_text("utf-8"))
        self.git("init", "--quiet", "--initial-branch", "main")
        self.write("src/one.h", HEADER)
        self.write("src/one.c", GOOD)
        self.write("src/old.c", ELSE)
        self.write("build/dev/compile_commands.json", json.dumps([
            {"directory": str(self.root), "file": f"src/{name}.c", "command": f"gcc -Wlogical-op -c src/{name}.c"}
            for name in ("one", "old", "two", "moved")]))
        self.write(".gitignore", "build\n")
        self.commit()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def git(self, *words):
        return subprocess.run(["git", "-C", self.root, "-c", "user.name=a", "-c", "user.email=a@b.example", *words],
                              check=True, capture_output=True, text=True).stdout

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "x")

    def run_script(self, *words, **environment):
        clean = {name: value for name, value in os.environ.items() if name != "STYLE_BASE"}
        return subprocess.run([SCRIPT, "--root", self.root, *words], capture_output=True, text=True, check=False,
                              env={**clean, **environment})

    def passes(self, last, *words, **environment):
        done = self.run_script(*words, **environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, last)

    def fails(self, status, said, *words, **environment):
        done = self.run_script(*words, **environment)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertIn(said, done.stdout + done.stderr)
        return done.stdout

    def test_what_is_not_formatted_is_listed_and_can_be_mended(self):
        self.passes("3 files, 0 not formatted")
        self.write("src/one.c", BAD)
        self.write("src/new.h", "int  x;\n")  # git does not know it yet
        said = self.fails(1, "src/one.c:5: not formatted: `return  a + 1;`")
        self.assertIn("src/new.h:1: not formatted: `int  x;`", said)
        self.assertIn("4 files, 2 not formatted", said)
        self.passes("src/one.c: formatted", "--fix")
        self.assertEqual((self.root / "src/one.c").read_text("utf-8"), GOOD)
        self.passes("4 files, 0 not formatted")

    def test_what_says_off_is_left(self):
        self.write("src/one.c", "/* clang-format off */\n" + BAD)
        self.passes("3 files, 0 not formatted")
        self.write("src/one.c", "/* clang-format off: rows */\n" + BAD)  # for 14 this says nothing
        self.fails(1, "src/one.c:6: not formatted: `return  a + 1;`")

    def test_only_what_changed_is_tidied(self):
        self.write("src/two.c", "extern int two_is_not_there;\n")
        self.commit()
        self.passes("^1 files, 0 with findings", "--tidy")
        self.write("src/two.c", ELSE)
        self.fails(1, "src/two.c:5:7: error: do not use 'else' after 'return'", "--tidy")
        self.commit()
        said = self.fails(1, "src/two.c:5:7:", "--tidy")
        self.assertNotIn("old.c", said)
        self.assertIn("1 files, 1 with findings", said)

    def test_all_is_every_file(self):
        said = self.fails(1, "src/old.c:5:7:", "--tidy", "--all")
        self.assertIn("2 files, 1 with findings", said)

    def test_a_header_is_seen_through_a_file_that_includes_it(self):
        self.write("src/one.h", BAD_HEADER)
        self.fails(1, "src/one.h:6:7:", "--tidy", "--base", "HEAD")
        self.write("src/one.h", '#include "inner.h"\n' + HEADER)
        self.write("src/inner.h", BAD_HEADER.replace(HEADER, ""))
        self.fails(1, "src/inner.h:5:7:", "--tidy", "--base", "HEAD")
        self.write("src/one.c", GOOD.replace("one.h", "none.h"))
        self.fails(1, "src/one.h: no file includes it", "--tidy", "--base", "HEAD")

    def test_what_only_moved_is_left_out(self):
        self.git("mv", "src/old.c", "src/moved.c")
        self.passes("^0 files", "--tidy", "--base", "HEAD")
        self.write("src/moved.c", ELSE + "\n")
        self.fails(1, "src/moved.c:5:7:", "--tidy", "--base", "HEAD")

    def test_at_most_so_many_are_those_that_changed_most(self):
        self.write("src/two.c", ELSE)
        self.write("src/one.c", GOOD + "\n")
        self.write("src/one.h", HEADER + "\n")
        said = self.fails(1, "src/two.c:5:7:", "--tidy", "--base", "HEAD", "--most", "1")
        self.assertIn("1 files (1 more that changed: --all), 1 with findings", said)
        self.assertIn("2 files, 1 with findings", self.fails(1, "two.c", "--tidy", "--base", "HEAD", "--most", "2"))
        self.fails(2, "usage", "--tidy", "--all", "--most", "1")

    def test_the_base_is_where_the_branch_left_main(self):
        self.write("src/two.c", ELSE)
        self.commit()
        self.git("checkout", "--quiet", "-b", "other")
        self.write("src/one.c", GOOD + "\n")
        self.commit()
        self.write("src/one.c", GOOD + "\n\n")
        self.commit()
        self.passes("^1 files", "--tidy")
        self.fails(1, "src/two.c:5:7:", "--tidy", "--base", "main~1")
        self.fails(1, "src/two.c:5:7:", "--tidy", STYLE_BASE="main~1")

    def test_without_history_all_has_changed(self):
        said = self.fails(1, "src/old.c:5:7:", "--tidy")
        self.assertIn("no commit to compare with: every file counts as changed", said)
        self.assertIn("2 files, 1 with findings", said)
        shutil.rmtree(self.root / ".git")
        self.assertIn("2 files, 1 with findings", self.fails(1, "src/old.c:5:7:", "--tidy"))
        self.passes("3 files, 0 not formatted")
        self.write("build/one.c", BAD)
        self.passes("3 files, 0 not formatted")

    def test_what_does_not_compile_is_a_finding(self):
        self.write("src/one.c", '#include "nowhere.h"\n')
        self.fails(1, "'nowhere.h' file not found", "--tidy", "--base", "HEAD")

    def test_each_way_not_to_run_has_its_reason(self):
        self.fails(2, "nowhere", "--tidy", "--base", "nowhere")
        self.fails(2, "usage", "--all")
        self.fails(2, "usage", "--fix", "--tidy")
        (self.root / "build/dev/compile_commands.json").unlink()
        self.fails(2, "compile_commands.json: cmake --preset dev", "--tidy", "--all")

    def test_another_version_is_missing(self):
        tools = self.root / "build" / "tools"
        for name in ("clang-format", "clang-tidy"):
            self.write(f"build/tools/{name}", "#!/bin/sh\necho Debian clang-format version 19.1.7\n")
            (tools / name).chmod(0o755)
        for name in ("env", "git", "python3"):
            (tools / name).symlink_to(f"/usr/bin/{name}")
        self.fails(2, "clang-format 14 is missing: scripts/packages style", PATH=str(tools))
        self.fails(2, "clang-tidy 14 is missing: scripts/packages style", "--tidy", "--all", PATH=str(tools))


def missing():
    """What scripts/packages lists, and what it leaves out in this release."""
    done = subprocess.run([ROOT / "scripts" / "packages", "--list", "style"], capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


class LeftOut(unittest.TestCase):
    """Where the release does not have the programs."""

    def test_it_says_so(self):
        for words in [], ["--tidy", "--all"]:
            done = subprocess.run([SCRIPT, *words], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.assertIn("left out, not in debian", done.stderr)


if __name__ == "__main__":
    LISTED, LEFT_OUT = missing()
    if LEFT_OUT:
        unittest.main(defaultTest="LeftOut")
    if LISTED:
        print("skipped: scripts/packages style")
        sys.exit(MISSING)
    unittest.main(defaultTest="Style")
