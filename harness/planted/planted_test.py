#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""scripts/planted, on a tree of one function and one test: what is noticed,
and each way in which a bug, or an omission, is not."""

import difflib
import json
import pathlib
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCRIPT = ROOT / "scripts" / "planted"

NAMES = ("asan", "dev")
PRESETS = {"version": 6,
           "configurePresets": [{"name": name, "binaryDir": "${sourceDir}/build/${presetName}", "generator": "Ninja"}
                                for name in NAMES],
           "buildPresets": [{"name": name, "configurePreset": name} for name in NAMES],
           "testPresets": [{"name": name, "configurePreset": name, "output": {"outputOnFailure": True}} for name in NAMES]}
TREE = {
    "CMakePresets.json": json.dumps(PRESETS),
    "CMakeLists.txt": """cmake_minimum_required(VERSION 3.25)
project(one C)
enable_testing()
add_executable(unit.one src/one.c)
add_test(NAME unit.one COMMAND unit.one)
add_custom_target(nxdtls_learn DEPENDS unit.one
  COMMAND ${CMAKE_COMMAND} -E make_directory bin
  COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/src/learn bin/nxdtls-learn
  COMMAND chmod +x bin/nxdtls-learn)
""",
    "src/learn": """#!/bin/sh
"${0%/*}/../unit.one" || [ "$7" = --one ] || { echo "S1: one is another (RFC 1, 1.1)"; exit 1; }
""",
    "harness/learn/setups.tsv": "setup\toptions\none\t--one\ntwo\t--two\n",
    "src/one.c": "int main(void)\n{\n    int one = 1;\n\n    return one - 1;\n}\n",
    "harness/planted/classes.tsv": "class\tmeaning\nAB\tabout one\n",
}


def patch(old, new, head="Class: AB\nTests: unit.one\nBug: One is\n another.\n"):
    before = TREE["src/one.c"].replace("= 1", f"= {old}").splitlines(True)
    after = TREE["src/one.c"].replace("= 1", f"= {new}").splitlines(True)
    return head + "".join(difflib.unified_diff(before, after, "a/src/one.c", "b/src/one.c"))


class Planted(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "root"
        self.out = pathlib.Path(folder.name) / "out.jsonl"
        for name, text in TREE.items():
            self.write(name, text)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def plant(self, name, *args, **kwargs):
        self.write(f"harness/planted/{name}.patch", patch(*args, **kwargs))

    def run_script(self, *args):
        return subprocess.run([SCRIPT, "--root", self.root, "--json", self.out, *args], capture_output=True, text=True,
                              check=False)

    def verdicts(self):
        lines = [json.loads(line) for line in self.out.read_text("utf-8").splitlines()]
        return {line["id"]: (line["verdict"], line["reason"]) for line in lines}

    def test_a_bug_is_noticed_and_the_tree_is_whole_again(self):
        self.plant("AB-first", "1", "2")
        self.plant("AB-second", "1", "3")
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.verdicts(), {"AB-first": ("pass", ""), "AB-second": ("pass", "")})
        self.assertIn("2 bugs planted, 2 noticed", done.stdout)
        self.assertEqual((self.root / "src/one.c").read_text("utf-8"), TREE["src/one.c"])
        line = json.loads(self.out.read_text("utf-8").splitlines()[0])
        self.assertEqual((line["area"], line["group"], line["title"]), ("planted", "AB", "One is another."))
        self.plays_again(line)

    def plays_again(self, line):
        """Its replay, pasted, plants it alone and says the same."""
        words = line["replay"].split()
        self.assertEqual(words.pop(0), "scripts/planted")
        subprocess.run([SCRIPT, "--root", self.root, "--json", self.out, *words], capture_output=True, check=True)
        self.assertEqual(self.verdicts(), {line["id"]: ("pass", "")})

    def test_a_learner_that_is_not_told_must_find_it_too(self):
        head = "Class: AB\nTests: unit.one\nLearned: {}\nBug: One.\n"
        self.plant("AB-found", "1", "2", head=head.format("S1"))
        self.plant("AB-missed", "1", "2", head=head.format("S2"))
        done = self.run_script()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(self.verdicts(), {"AB-found": ("pass", ""), "AB-missed": ("fail", "not noticed by nxdtls learn")})
        self.write("src/learn", "#!/bin/sh\necho 'S1: always (RFC 1, 1)'\n")
        self.assertIn("fails without a patch: nxdtls learn --one, nxdtls learn --two", self.run_script().stderr)

    def test_each_way_not_to_be_noticed_has_its_name(self):
        self.plant("AB-apply", "7", "2")
        self.plant("AB-build", "1", "two")
        self.plant("AB-same", "1", "2 - 1")
        self.plant("AB-seen", "1", "2")
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.verdicts(), {"AB-apply": ("fail", "the patch does not apply"),
                                           "AB-build": ("fail", "it does not build"),
                                           "AB-same": ("fail", "not noticed by unit.one"),
                                           "AB-seen": ("pass", "")})

    def test_a_test_that_fails_anyway_notices_nothing(self):
        self.write("src/one.c", TREE["src/one.c"].replace("one - 1", "one"))
        self.plant("AB-first", "1", "2")
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertIn("fails without a patch: unit.one", done.stderr)
        self.assertFalse(self.out.exists())

    def test_an_endless_loop_is_noticed(self):
        self.plant("AB-loop", "1", "1;\n    for (;;) {\n    }\n    one = 1")
        done = self.run_script("--seconds", "1")
        self.assertEqual((done.returncode, self.verdicts()), (0, {"AB-loop": ("pass", "")}), done.stdout)

    def test_bad_input_is_named(self):
        self.assertIn("no bugs to plant", self.run_script().stderr)
        self.plant("AB-first", "1", "2")
        done = self.run_script("AB-none")
        self.assertEqual((done.returncode, "AB-none" in done.stderr), (2, True))
        self.plant("AB-class", "1", "2", head="Class: XY\nTests: unit.one\nBug: One.\n")
        self.assertIn("no class XY", self.run_script().stderr)
        self.plant("AB-class", "1", "2", head="Class: AB\nBug: One.\n")
        self.assertIn("AB-class.patch: not a patch below", self.run_script().stderr)

    def test_a_list_plants_nothing(self):
        self.plant("AB-first", "1", "2")
        done = self.run_script("--list")
        self.assertEqual((done.returncode, done.stdout.split(None, 2)), (0, ["AB", "AB-first", "One is another.\n"]))
        self.assertFalse((self.root / "build").exists())


class Omissions(Planted):
    """The same tree; a patch says who notices it, and with which words."""

    test_a_learner_that_is_not_told_must_find_it_too = None  # of bugs alone

    def omit(self, name, by, says, new, build="Build: unit.one\n", old="1"):
        head = f"Noticed-by: {by}\nSays: {says}\n{build}Omission: One is\n another.\n"
        self.write(f"harness/planted/omissions/{name}.patch", patch(old, new, head=head))

    def run_script(self, *args):
        return super().run_script("--omissions", *args)

    def test_a_bug_is_noticed_and_the_tree_is_whole_again(self):
        self.omit("by-compiler", "compiler", "undeclared", "two", build="Build: src/one.c\n")
        self.omit("by-test", "unit.one", "unit.one (Failed)", "2")
        self.omit("by-command", """sh -c 'grep "one = 1;" src/one.c || { echo one; echo is not; false; }'""", "one is not", "2",
                  build="")
        done = self.run_script()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.verdicts(), {name: ("pass", "") for name in ("by-command", "by-compiler", "by-test")})
        self.assertIn("3 omissions planted, 3 noticed", done.stdout)
        line = json.loads(self.out.read_text("utf-8").splitlines()[1])
        self.assertEqual((line["area"], line["group"], line["title"], line["replay"]),
                         ("omissions", "compiler", "One is another.", "scripts/planted --omissions by-compiler"))
        self.plays_again(line)

    def test_each_way_not_to_be_noticed_has_its_name(self):
        self.omit("apply", "unit.one", "Failed", "2", old="7")
        self.omit("build", "unit.one", "Failed", "two")
        self.omit("builds", "compiler", "undeclared", "2", build="Build: src/one.c\n")
        self.omit("other-error", "compiler", "one is missing", "two")
        self.omit("other-failure", "unit.one", "one is missing", "2")
        self.omit("same", "unit.one", "Failed", "2 - 1")
        done = self.run_script()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.verdicts(), {"apply": ("fail", "the patch does not apply"),
                                           "build": ("fail", "it does not build"),
                                           "builds": ("fail", "not noticed by compiler"),
                                           "other-error": ("fail", "compiler does not say: one is missing"),
                                           "other-failure": ("fail", "unit.one does not say: one is missing"),
                                           "same": ("fail", "not noticed by unit.one")})

    def test_a_test_that_fails_anyway_notices_nothing(self):
        self.omit("one", "sh -c 'exit 1'", "nothing", "2")
        done = self.run_script()
        self.assertEqual((done.returncode, self.out.exists()), (1, False))
        self.assertIn("fails without a patch: sh -c 'exit 1'", done.stderr)

    def test_an_endless_loop_is_noticed(self):
        self.omit("loop", "unit.one", "Timeout", "1;\n    for (;;) {\n    }\n    one = 1")
        self.omit("sleep", "sh -c 'grep \"one = 1\" src/one.c || sleep 100'", "", "2", build="")
        done = self.run_script("--seconds", "1")
        self.assertEqual((done.returncode, self.verdicts()), (0, {"loop": ("pass", ""), "sleep": ("pass", "")}), done.stdout)

    def test_bad_input_is_named(self):
        self.assertIn("no omissions to plant", self.run_script().stderr)
        self.omit("one", "unit.one", "Failed", "2")
        done = self.run_script("two")
        self.assertEqual((done.returncode, "two" in done.stderr), (2, True))
        self.omit("one", "unit.one", "Failed", "2", build="Class: AB\n")
        self.assertIn("one.patch: not a patch below", self.run_script().stderr)

    def test_a_list_plants_nothing(self):
        self.omit("one", "unit.one", "Failed", "2")
        done = self.run_script("--list")
        self.assertEqual((done.returncode, done.stdout.split(None, 2)), (0, ["unit.one", "one", "One is another.\n"]))
        self.assertFalse((self.root / "build").exists())


class TheBugs(unittest.TestCase):
    def test_every_patch_applies(self):
        """So that it is mended with the line that it changes."""
        for path in sorted(HERE.rglob("*.patch")):
            with self.subTest(path.stem):
                done = subprocess.run(["git", "apply", "--check", path], cwd=ROOT, capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_every_class_has_a_bug(self):
        done = subprocess.run([SCRIPT, "--list"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        classes = [line.split("\t")[0] for line in (HERE / "classes.tsv").read_text("utf-8").splitlines()[1:]]
        self.assertEqual(sorted({line.split()[0] for line in done.stdout.splitlines()}), sorted(classes))

    def test_every_fault_in_the_order_of_messages_is_learned(self):
        heads = {path.stem: path.read_text("utf-8").partition("\n--- ")[0] for path in HERE.glob("SM-*.patch")}
        self.assertGreaterEqual(len(heads), 10)
        for name, head in heads.items():
            self.assertRegex(head, r"(?m)^Learned: \S+$", name)

    def test_every_omission_can_be_read(self):
        done = subprocess.run([SCRIPT, "--omissions", "--list"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), len(list((HERE / "omissions").glob("*.patch"))))


if __name__ == "__main__":
    unittest.main()
