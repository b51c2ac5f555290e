#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""scripts/nightly, scripts/fuzz-rates and scripts/fuzzing.py: with a made-up engine and, given a
build of the fuzzers (argument --build FOLDER), with the real one."""
import contextlib
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))
import fuzzing  # noqa: E402 (the folder has to be known first)

BUILD = None


def load(name):
    loader = importlib.machinery.SourceFileLoader(name, str(SCRIPTS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


nightly = load("nightly")
rates = load("fuzz-rates")
CRASH = """==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6020000{0}
    #0 0x55{0} in dtls_get_u8 /somewhere/src/base/bytes.c:{0}:3
    #1 0x56{0} in {1} /somewhere/src/base/der.c:{0}
    #2 0x57{0} in LLVMFuzzerTestOneInput /somewhere/fuzzers/fuzz_x509.c:9:1
    #3 0x58{0} in main (/bin/x+0x{0})
SUMMARY: AddressSanitizer: heap-buffer-overflow bytes.c:{0} in dtls_get_u8
"""


class Engine:
    """An engine with a clock of its own that finds new coverage where `news` says so."""
    name = "made-up"

    def __init__(self, news):
        self.news = news
        self.time = 0.0
        self.when_run = lambda: None

    def run(self, target, work, finds, seed, runs=None, seconds=None):
        self.time += seconds
        self.when_run()
        coverage = self.news.get(target.name, 0)
        self.news[target.name] = coverage + (coverage > 0)
        return fuzzing.Outcome(execs=10, seconds=seconds, coverage_before=1, coverage=coverage)

    def minimize(self, target, work):
        return 0


def a_run(folder, hours, names):
    return nightly.Run(folder / "run.json", {"hours": hours, "engine": "libfuzzer", "began": 1.0, "targets": names,
                                             "seed": 1, "spent": 0.0, "shares": {}})


class Sharing(unittest.TestCase):
    def setUp(self):
        self.targets = fuzzing.read_targets(["fuzz_record", "fuzz_alert", "fuzz_open"])
        self.folder = self.temporary()

    def temporary(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        return pathlib.Path(place.name)

    def slices(self, news, count):
        """How many slices each target gets out of so many."""
        run, engine = a_run(self.folder, 1, []), Engine(news)
        pairs = [(target, engine) for target in self.targets]
        had = dict.fromkeys((t.name for t in self.targets), 0)
        for _ in range(count):
            target, _ = nightly.pick(run, pairs, [])
            run.share(target, engine).add(10, engine.run(target, None, None, 1, seconds=10), [])
            had[target.name] += 1
        return had

    def test_who_finds_nothing_gets_the_same(self):
        self.assertEqual(set(self.slices({}, 300).values()), {100})

    def test_who_finds_coverage_gets_three_times_as_much(self):
        had = self.slices({"fuzz_alert": 5}, 500)
        self.assertAlmostEqual(had["fuzz_alert"], 300, delta=3)
        self.assertAlmostEqual(had["fuzz_record"], 100, delta=3)

    def test_a_target_runs_once_at_a_time(self):
        run = a_run(self.folder, 1, [])
        pairs = [(self.targets[0], Engine({}))]
        self.assertIsNone(nightly.pick(run, pairs, [self.targets[0].name]))

    def args(self):
        return unittest.mock.Mock(folder=self.folder, reports=self.folder / "reports", jobs=2)

    def test_an_interrupted_run_goes_on(self):
        names = [t.name for t in self.targets]
        run, stop, engine = a_run(self.folder, 1, names), threading.Event(), Engine({})
        engine.when_run = lambda: stop.set() if engine.time > 1000 else None
        with contextlib.redirect_stdout(io.StringIO()), \
                unittest.mock.patch.object(nightly, "clock", lambda: engine.time):
            nightly.fuzz(self.args(), run, [engine], self.targets, stop)
            run.save()
            # A slice that is cut short is done again.
            self.assertTrue(0 < run.spent <= 1500, run.spent)
            again = a_run(self.folder, 99, ["other"])
            self.assertTrue(again.is_resumed)
            self.assertEqual((again.spent, again.hours, again.targets), (run.spent, 1, names))
            nightly.fuzz(self.args(), again, [engine], self.targets, threading.Event())
            nightly.finish(self.args(), again, engine, self.targets)
        self.assertTrue(3600 <= again.spent <= 4200, again.spent)
        self.assertFalse((self.folder / "run.json").exists())
        rows = [json.loads(line) for line in (self.folder / "reports" / "history.jsonl").read_text().splitlines()]
        self.assertEqual(sorted(row["target"] for row in rows), sorted(names))
        self.assertTrue(all(row["execs"] > 0 for row in rows))

    def test_a_run_that_goes_on_with_its_own_options_says_so(self):
        a_run(self.folder, 1, ["fuzz_record"]).save()
        for hours, engine, seed, names, words in (
                (1, "libfuzzer", None, ["fuzz_record"], ""), (2, "libfuzzer", 1, ["fuzz_record"], "its own hours;"),
                (1, "libfuzzer", 2, ["fuzz_record"], "its own seed;"),
                (1, "afl", None, ["fuzz_open"], "its own engine, targets;")):
            with self.subTest(hours=hours, engine=engine, seed=seed, names=names):
                args = unittest.mock.Mock(folder=self.folder, anew=False, hours=hours, engine=engine, targets=names,
                                          seed=seed)
                said = io.StringIO()
                with contextlib.redirect_stdout(said):
                    run = nightly.begin(args)
                self.assertEqual((run.hours, run.engine, run.targets), (1, "libfuzzer", ["fuzz_record"]))
                self.assertIn(words, said.getvalue())
                self.assertEqual(bool(words), bool(said.getvalue()))


class Machines(unittest.TestCase):
    """What two other machines have found is put together with --merge."""

    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def merge(self, *names):
        done = subprocess.run([SCRIPTS / "nightly", "--merge", "--folder", self.folder / "here", "--reports",
                               self.folder / "reports", *(self.folder / name for name in names)],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def files(self, name):
        return {str(path.relative_to(self.folder / name)): path.read_text()
                for path in (self.folder / name).rglob("*") if path.is_file() and path.name != "lock"}

    def test_what_both_have_is_there_once(self):
        one, two = ('{"target": "fuzz_crl", "date": "%s"}\n' % day for day in ("monday", "tuesday"))
        self.write("a/corpus/fuzz_crl/11", "x")
        self.write("a/history.jsonl", one)
        self.write("b/corpus/fuzz_crl/11", "x")
        self.write("b/corpus/fuzz_crl/22", "y")
        self.write("b/history.jsonl", one + two)
        for name in ("a", "b"):
            self.write(f"{name}/finds/fuzz_crl-77/input", name)
            self.write(f"{name}/finds/fuzz_crl-77/replay.txt", f"build/fuzz/fuzzers/fuzz_crl {name}/input\n")
        status, said = self.merge("a", "b")
        self.assertEqual((status, said), (1, "new here: 2 inputs, 2 lines of history, 1 finds\n  fuzz_crl-77\n"))
        self.assertEqual(self.files("here"), {"corpus/fuzz_crl/11": "x", "corpus/fuzz_crl/22": "y"})
        kept = self.files("reports")
        self.assertEqual(kept.pop("finds/fuzz_crl-77/replay.txt"),
                         f"build/fuzz/fuzzers/fuzz_crl {self.folder / 'reports/finds/fuzz_crl-77/input'}\n")
        self.assertEqual(kept, {"history.jsonl": one + two, "finds/fuzz_crl-77/input": "a"})
        self.assertEqual(self.merge("a", "b"), (0, "new here: 0 inputs, 0 lines of history, 0 finds\n"))

    def test_a_folder_without_results_is_named(self):
        self.write("c/other", "")
        for names, words in ((["c"], f"nightly: {self.folder / 'c'}: has neither"), (["d"], "/d: has neither"),
                             ([], "--merge needs a FOLDER")):
            with self.subTest(names):
                status, said = self.merge(*names)
                self.assertEqual(status, 2)
                self.assertIn(words, said)


class Finds(unittest.TestCase):
    def test_addresses_and_lines_do_not_matter(self):
        self.assertEqual(fuzzing.identity(CRASH.format("12345", "dtls_der_get"), 77),
                         fuzzing.identity(CRASH.format("98765", "dtls_der_get"), 77))

    def test_another_caller_is_another_bug(self):
        self.assertNotEqual(fuzzing.identity(CRASH.format("12345", "dtls_der_get"), 77),
                            fuzzing.identity(CRASH.format("12345", "dtls_der_get_oid"), 77))

    def test_another_oracle_is_another_bug(self):
        self.assertNotEqual(fuzzing.identity("a/b.c:7: does not hold: x == y", 77),
                            fuzzing.identity("a/b.c:7: does not hold: x == z", 77))

    def test_one_folder_for_two_inputs_with_the_same_bug(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "fuzzers").mkdir()
            program = folder / "fuzzers" / "fuzz_record"
            program.write_text("#!/bin/sh\n[ -s $1 ] || exit 0\necho \"a.c:$$: does not hold: x\" >&2; exit 77\n")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            engine = fuzzing.Libfuzzer(folder)
            target = fuzzing.read_targets(["fuzz_record"])[0]
            news = []
            for text in ("one", "two", ""):
                (folder / "input").write_text(text)
                news.append(fuzzing.keep_find(folder / "finds", [engine], target, folder / "input"))
            self.assertTrue(news[0][1])
            self.assertEqual(news[1], (news[0][0], False))
            self.assertEqual(news[2], (None, False))
            kept = folder / "finds" / news[0][0]
            self.assertEqual((kept / "input").read_text(), "one")
            self.assertIn("does not hold: x", (kept / "stack.txt").read_text())
            self.assertIn(str(kept / "input"), (kept / "replay.txt").read_text())


class Names(unittest.TestCase):
    def test_an_unknown_target_is_named(self):
        with self.assertRaisesRegex(ValueError, "fuzz_nothing"):
            fuzzing.read_targets(["fuzz_nothing"])


class Rates(unittest.TestCase):
    def judged(self, parsers, associations):
        found = dict(zip(("fuzz_record", "fuzz_open", "fuzz_x509"), parsers))
        said = io.StringIO()
        with unittest.mock.patch.object(sys, "argv", ["fuzz-rates", *found, "fuzz_crl"]), \
                unittest.mock.patch.object(fuzzing.Libfuzzer, "build"), \
                unittest.mock.patch.object(rates, "rate_of", lambda engine, target, seconds: found.get(target.name, 1)), \
                unittest.mock.patch.object(rates, "associations", lambda engine: associations), \
                contextlib.redirect_stdout(said):
            return rates.main(), said.getvalue()

    def test_the_median_of_the_parsers_counts(self):
        status, said = self.judged((5, 100_000, 200_000), 2_000)
        self.assertEqual(status, 0, said)
        self.assertNotIn("TOO SLOW", said)

    def test_slow_parsers_or_associations_are_named(self):
        for parsers, associations in (((5, 99_999, 200_000), 2_000), ((100_000,) * 3, 1_999)):
            with self.subTest(parsers=parsers, associations=associations):
                status, said = self.judged(parsers, associations)
                self.assertEqual((status, said.count("TOO SLOW")), (1, 1), said)


class Afterwards(unittest.TestCase):
    """fault.town, the mutants and clang-tidy after the night, whose own end is made up."""

    TOWN, PAIRS, MUTANTS, STYLE = "fault.town", "nxdtls", "mutants", "style"

    def main(self, night, failing, *words):
        """Its status, and the programs that ran, of which `failing` has failed."""
        def run(line, **_):
            return subprocess.CompletedProcess(line, int(pathlib.Path(line[0]).name == failing))

        with tempfile.TemporaryDirectory() as folder, \
                unittest.mock.patch.object(sys, "argv", ["nightly", "--folder", folder, *words]), \
                unittest.mock.patch.object(nightly, "night", return_value=night), \
                unittest.mock.patch.object(nightly.subprocess, "run", side_effect=run) as ran, \
                contextlib.redirect_stdout(io.StringIO()):
            return nightly.main(), [pathlib.Path(call.args[0][0]).name for call in ran.call_args_list]

    def test_a_finding_of_any_is_one_of_the_night(self):
        each = ["cmake", self.TOWN, "cmake", "cmake", self.PAIRS, self.PAIRS,
                "cmake", *[self.PAIRS] * 24, self.MUTANTS, self.STYLE]
        self.assertEqual(self.main(0, None), (0, each))
        self.assertEqual(self.main(0, self.TOWN), (1, each))
        self.assertEqual(self.main(0, self.PAIRS), (1, each))
        self.assertEqual(self.main(0, self.MUTANTS), (1, each))
        self.assertEqual(self.main(0, self.STYLE), (1, each))
        self.assertEqual(self.main(1, None), (1, each))

    def test_all_are_left_out_for_single_targets_and_when_interrupted(self):
        self.assertEqual(self.main(0, self.TOWN, "fuzz_record"), (0, []))
        self.assertEqual(self.main(130, self.TOWN), (130, []))
        self.assertEqual(self.main(2, self.STYLE), (2, []))


class Machines(unittest.TestCase):
    """A machine is compared with last night's; a library's faults are no news, a difference and our own are."""

    def learned(self, name, status, told):
        def run(line, **_):
            pathlib.Path(line[line.index("--json") + 1]).write_text("new", "utf-8")
            self.compared = "--compare" in line
            self.drawn = [line[i + 1].name for i, word in enumerate(line) if word == "--svg"]
            return subprocess.CompletedProcess(line, status, told)

        with unittest.mock.patch.object(nightly.subprocess, "run", side_effect=run), contextlib.redirect_stdout(io.StringIO()):
            return nightly.learn(pathlib.Path("nxdtls"), self.folder, name, "server")

    def test_what_fails_the_night(self):
        with tempfile.TemporaryDirectory() as folder:
            self.folder = pathlib.Path(folder)
            self.assertEqual((self.learned("engine", 0, "0 faults"), self.compared), (0, False))
            self.assertEqual((self.learned("engine", 0, "0 faults"), self.compared), (0, True))
            self.assertEqual([path.name for path in self.folder.iterdir()], ["engine-server.json"])
            for program in (None, "/usr/bin/dot"):
                with unittest.mock.patch.object(nightly.shutil, "which", return_value=program):
                    self.learned("engine", 0, "0 faults")
                    self.assertEqual(self.drawn, ["engine-server.svg"] if program else [])
            self.assertEqual(self.learned("engine", 1, "1 faults"), 1)
            self.assertEqual(self.learned("openssl", 1, "1 faults"), 0)
            self.assertEqual(self.learned("openssl", 1, "it differs: - instead of Data"), 1)
            self.assertEqual(self.learned("openssl", 3, ""), 1)


class Whole(unittest.TestCase):
    """The program itself, for a few seconds."""

    def setUp(self):
        if BUILD is None:
            self.skipTest("no build of the fuzzers")
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)

    def run_nightly(self, *words):
        arguments = ["nightly", "--hours", "0.0015", "--folder", str(self.folder / "work"), "--reports",
                     str(self.folder / "reports"), *words]
        said = io.StringIO()
        with unittest.mock.patch.object(sys, "argv", arguments), \
                unittest.mock.patch.object(fuzzing.Libfuzzer, "home", BUILD), \
                unittest.mock.patch.object(fuzzing.Libfuzzer, "build"), contextlib.redirect_stdout(said):
            return nightly.main(), said.getvalue()

    def test_a_find_ends_in_a_folder_and_not_in_zero(self):
        status, said = self.run_nightly("fuzz_canary")
        self.assertEqual(status, 1, said)
        finds = list((self.folder / "reports" / "finds").iterdir())
        self.assertEqual(len(finds), 1, "one bug, one folder")
        self.assertIn("does not hold: fragment.offset", (finds[0] / "reason.txt").read_text())
        program = (finds[0] / "replay.txt").read_text().split()
        self.assertNotEqual(fuzzing.execute(["env", "-C", fuzzing.ROOT, *program], 60)[0], 0)

    def test_no_find_ends_in_zero(self):
        status, said = self.run_nightly("fuzz_finished")
        self.assertEqual(status, 0, said)
        row = json.loads((self.folder / "reports" / "history.jsonl").read_text())
        self.assertEqual((row["target"], row["finds"]), ("fuzz_finished", 0))
        self.assertGreater(row["execs"], 1000)


if __name__ == "__main__":
    if "--build" in sys.argv:
        at = sys.argv.index("--build")
        BUILD = pathlib.Path(sys.argv[at + 1]).resolve()
        del sys.argv[at:at + 2]
    unittest.main()
