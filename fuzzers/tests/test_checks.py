#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_corpus, check_differences and check_rooms notice what is missing or
misplaced: a new target is a file, and they ask for all that belongs to it."""
import pathlib
import subprocess
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parent
HEAD = "/* Target: x.\n * Input: y.\n * Oracle: z. */\n"
PARSER = "enum dtls_status dtls_new_parse(struct dtls_bytes body);\n"
CALL = "dtls_new_parse(body);\n"
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
        self.write("fuzzers/fuzz_new.c", HEAD + CALL)
        self.write("src/messages/messages.h", PARSER)
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

    def test_a_parser_without_a_target(self):
        self.write("src/messages/messages.h", PARSER + PARSER.replace("new", "old"))
        self.assertIn("dtls_old_parse: no target calls it", self.said())
        self.write("fuzzers/kit/old.c", CALL.replace("new", "old"))
        self.assertEqual(self.said(), "")
        self.write("src/messages/messages.h", "")
        self.assertIn("sees nothing", self.said())

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


class Rooms(Check):
    """One wrong line at a time, in a small tree that is right."""

    def setUp(self):
        super().setUp()
        self.write("fuzzers/fuzz_new.c", HEAD + '#include "fuzzers/kit/fuzz.h"\n')
        self.write("fuzzers/kit/fuzz.h", '#include "base/bytes.h"\nint LLVMFuzzerTestOneInput(const uint8_t *);\n')
        self.write("fuzzers/kit/fuzz.c", '#include "fuzzers/kit/fuzz.h"\n')
        self.write("fuzzers/kit/end.h", '#include "fuzzers/kit/fuzz.h"\n')
        self.write("fuzzers/seeds/seed.h", "")
        self.write("fuzzers/seeds/make.c", '#include "fuzzers/seeds/seed.h"\n#include "fuzzers/kit/end.h"\n')
        self.write("src/base/bytes.h", "#include <stdint.h>\n")

    def said(self):
        return self.run_check("check_rooms", self.place)

    def refused(self, name, text, reason):
        self.write(name, text)
        self.assertEqual(self.said(), f"{name}:1: {reason}\n")

    def test_a_good_tree_passes_in_silence(self):
        self.assertEqual(self.said(), "")

    def test_the_kit_includes_no_other_room(self):
        self.refused("fuzzers/kit/end.c", '#include "fuzzers/seeds/seed.h"\n',
                     "kit may not include seeds (fuzzers/seeds/seed.h)")

    def test_a_target_includes_the_kit_alone(self):
        self.refused("fuzzers/fuzz_new.c", '#include "fuzzers/seeds/seed.h"\n',
                     "a target may not include seeds (fuzzers/seeds/seed.h)")

    def test_nothing_includes_a_target(self):
        for name in ("fuzzers/kit/end.c", "fuzzers/seeds/more.c", "fuzzers/fuzz_other.c"):
            self.refused(name, '#include "fuzzers/fuzz_new.c"\n', "nothing includes a target (fuzzers/fuzz_new.c)")
            (self.place / name).unlink()

    def test_names_begin_at_the_root(self):
        self.refused("fuzzers/kit/end.c", '#include "fuzz.h"\n', "fuzz.h is not written from the project's root")
        self.refused("fuzzers/kit/end.c", '#include "kit/fuzz.h"\n',
                     "kit/fuzz.h is not written from the project's root")

    def test_nothing_outside_includes_the_fuzzers(self):
        self.refused("src/base/bytes.h", '#include "fuzzers/kit/fuzz.h"\n',
                     "nothing outside includes fuzzers/ (fuzzers/kit/fuzz.h)")

    def test_a_circle_of_two_modules_of_one_room(self):
        # No header includes itself: only the modules go in a circle.
        self.write("fuzzers/kit/fuzz.c", '#include "fuzzers/kit/end.h"\n')
        self.assertEqual(self.said(), "fuzzers: a circle of includes: "
                         "fuzzers/kit/fuzz -> fuzzers/kit/end -> fuzzers/kit/fuzz\n")

    def test_a_file_in_front_that_is_no_target(self):
        self.refused("fuzzers/shared.h", "", "only targets, fuzz_*.c, stand in front")

    def test_a_target_that_hides_in_a_room(self):
        self.write("fuzzers/kit/fuzz_lost.c", "\nint LLVMFuzzerTestOneInput(const uint8_t *data,\n    size_t size)\n{\n")
        self.assertIn("fuzz_lost.c:1: a target stands in front, or nothing builds it", self.said())

    def test_a_room_that_nobody_described(self):
        self.refused("fuzzers/attic/old.c", "", "fuzzers/attic is not in ROOMS")

    def test_an_empty_house_is_no_success(self):
        done = subprocess.run([TESTS / "check_rooms", self.place / "corpus"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("sees nothing", done.stderr)


if __name__ == "__main__":
    unittest.main()
