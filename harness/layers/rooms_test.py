#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rooms.py sees what it is there to see: names and numbers that come twice,
and circles of folders."""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
GOOD = {
    "src/base/bytes.h": "#include <stdint.h>\n",
    "src/base/bytes.c": '#include "base/bytes.h"\n',
    "src/record/layer.h": '#include "base/bytes.h"\n',
    "src/record/layer.c": '#include "record/layer.h"\n'
                          '/* #include "session/pump.h" */\n',
    "src/session/pump.h": '#include "record/layer.h"\n',
    "src/session/pump.c": '#include "session/pump.h"\n',
    "harness/kit/kit.h": '#include "base/bytes.h"\n',
    "harness/kit/kit.c": '#include "kit/kit.h"\n#include "inner.h"\n',
    "harness/kit/inner.h": '#include "kit.h"\n',
    "harness/api/one/nx_user.h": "",
    "harness/api/two/nx_user.h": "",
    "build/dev/made/bytes.h": '#include "record/layer.h"\n',
    "docs/decisions/0001-engine.md": "# 1. An engine\n",
    "docs/decisions/0012-time.md": "# 12. The time\n",
    "docs/architecture.md": "  | base   bytes\n  | record   records\n"
                            "`session/pump.c`, `kit`, `sim`, and api/one\n",
}


def run(files):
    """Exit status and output of rooms.py on a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "rooms.py"), root],
            capture_output=True, text=True, check=False)
        return done.returncode, done.stdout


class Rooms(unittest.TestCase):
    def refused(self, files, *expected):
        code, out = run({**GOOD, **files})
        self.assertEqual(out, "".join(line + "\n" for line in expected))
        self.assertEqual(code, 1)

    def test_a_good_tree_passes_in_silence(self):
        self.assertEqual(run(GOOD), (0, ""))

    def test_a_name_that_comes_twice_is_refused(self):
        self.refused({"harness/bytes.c": "", "fuzzers/kit/bytes.c": ""},
                     "harness/bytes.c:1: fuzzers/kit/bytes.c has this name, "
                     "too",
                     "src/base/bytes.c:1: fuzzers/kit/bytes.c has this name, "
                     "too")

    def test_a_circle_of_two_is_printed(self):
        self.refused({"src/base/up.c": '\n#include "record/layer.h"\n'},
                     "a circle of folders: src/base -> src/record -> src/base",
                     "  src/base/up.c:2: includes src/record/layer.h",
                     "  src/record/layer.h:1: includes src/base/bytes.h")

    def test_a_circle_of_three_is_printed(self):
        self.refused({"src/base/bytes.h": '#include "../session/pump.h"\n',
                      "src/record/more.c": '#include "base/bytes.h"\n'},
                     "a circle of folders: src/base -> src/session -> "
                     "src/record -> src/base",
                     "  src/base/bytes.h:1: includes src/session/pump.h",
                     "  src/session/pump.h:1: includes src/record/layer.h",
                     "  src/record/layer.h:1: includes src/base/bytes.h")

    def test_a_circle_of_a_folder_and_one_within_it_is_printed(self):
        self.refused({"fuzzers/fuzz.h": '#include "kit/fuzzed.h"\n',
                      "fuzzers/kit/fuzzed.h": "",
                      "fuzzers/kit/one.c": '#include "../fuzz.h"\n'},
                     "a circle of folders: fuzzers -> fuzzers/kit -> fuzzers",
                     "  fuzzers/fuzz.h:1: includes fuzzers/kit/fuzzed.h",
                     "  fuzzers/kit/one.c:1: includes fuzzers/fuzz.h")

    def test_two_circles_are_both_printed(self):
        code, out = run({**GOOD,
                         "src/base/up.c": '#include "record/layer.h"\n',
                         "harness/kit/up.c": '#include "sim/net.h"\n',
                         "harness/sim/net.h": '#include "kit/kit.h"\n'})
        self.assertEqual((code, out.count("a circle of folders")), (1, 2))

    def test_a_folder_that_the_page_does_not_name_is_printed(self):
        self.refused({"harness/records/a.c": "", "src/se/b.c": ""},
                     "docs/architecture.md:1: harness/records is not named",
                     "docs/architecture.md:1: src/se is not named")

    def test_a_decision_has_a_number_of_its_own(self):
        self.refused({"docs/decisions/0012-timer.md": "# 12. A timer\n",
                      "docs/decisions/0013-keys.md": "# 12. Keys\n",
                      "docs/decisions/keys.md": "# 14. Keys\n"},
                     "docs/decisions/0012-timer.md:1: "
                     "docs/decisions/0012-time.md has this number, too",
                     "docs/decisions/0013-keys.md:1: "
                     "the title has another number",
                     "docs/decisions/keys.md:1: the title has another number")

    def test_usage(self):
        done = subprocess.run([sys.executable, os.path.join(HERE, "rooms.py")],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
