#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_corpus and check_differences notice what is missing: a new target is
a file, and they ask for all that belongs to it."""
import pathlib
import subprocess
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent
HEAD = "/* Target: x.\n * Input: y.\n * Oracle: z. */\n"
ROW = "fuzz_new\tparser\t100\t512\tdtls.dict\tbytes\n"
DIFFERENCES = "target\tid\trefused by\tclause\twhy\n"
PROGRAM = """#!/bin/sh
[ -z "$FUZZ_DIFFERENCES" ] || grep -h difference "$@" || true
"""


class Check(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = pathlib.Path(place.name)
        self.write("fuzzers/fuzz_new.c", HEAD)
        self.write("fuzzers/targets.tsv", ROW)
        self.write("fuzzers/dictionaries/dtls.dict", "")
        for name in ("one", "two", "three"):
            self.write(f"corpus/fuzz_new/{name}", name)

    def write(self, name, text, mode=0o644):
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(mode)
        return path

    def run_check(self, name, *arguments):
        done = subprocess.run([TESTS / name, *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1 if done.stderr else 0, done.stderr)
        return done.stderr


class Corpus(Check):
    def said(self):
        return self.run_check("check_corpus", self.place / "fuzzers", self.place / "corpus")

    def test_a_whole_target_is_good(self):
        self.assertEqual(self.said(), "")

    def test_a_target_without_a_row(self):
        self.write("fuzzers/targets.tsv", "")
        self.assertIn("fuzz_new: no row", self.said())

    def test_a_row_without_a_target(self):
        self.write("fuzzers/targets.tsv", ROW + ROW.replace("new", "old"))
        self.assertIn("fuzz_old is no target", self.said())

    def test_a_target_without_a_corpus_and_a_corpus_without_a_target(self):
        (self.place / "corpus" / "fuzz_new").rename(self.place / "corpus" / "fuzz_old")
        said = self.said()
        self.assertIn("corpus/fuzz_new is missing", said)
        self.assertIn("corpus/fuzz_old: there is no such target", said)

    def test_too_few_named_seeds(self):
        (self.place / "corpus/fuzz_new/one").rename(self.place / "corpus/fuzz_new" / ("0" * 40))
        self.assertIn("2 named seeds", self.said())

    def test_a_dictionary_that_is_not_there(self):
        self.write("fuzzers/targets.tsv", ROW.replace("dtls", "new"))
        self.assertIn("new.dict is missing", self.said())

    def test_a_head_that_does_not_say_what_must_hold(self):
        self.write("fuzzers/fuzz_new.c", HEAD.replace("Oracle", "Orakel"))
        self.assertIn("no 'Oracle:'", self.said())


class Differences(Check):
    def said(self, rows):
        self.write("fuzzers/fuzz_new.c", HEAD + "fuzz_is_known(a, b)")
        self.write("fuzzers/tests/differences.tsv", DIFFERENCES + "".join(f"fuzz_new\t{r}\tus\tclause\twhy\n" for r in rows))
        self.write("build/fuzz_new", PROGRAM, 0o755)
        self.write("corpus/fuzz_new/one", "difference: first\n")
        return self.run_check("check_differences", self.place / "build", self.place / "fuzzers", self.place / "corpus")

    def test_each_row_is_shown(self):
        self.assertEqual(self.said(["first"]), "")

    def test_a_row_that_nothing_shows(self):
        self.assertIn("no input shows second", self.said(["first", "second"]))

    def test_a_difference_without_a_row(self):
        self.assertIn("first has no row", self.said([]))


if __name__ == "__main__":
    unittest.main()
