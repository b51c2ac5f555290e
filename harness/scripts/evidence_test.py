# SPDX-License-Identifier: MIT
"""scripts/evidence: what a pack is made of, what is refused, what verify notices.

  evidence_test.py PROGRAM LIBRARY   nxdtls, which plays a small suite twice, and the shared library
"""

import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "harness" / "kit")]
import debian  # pylint: disable=wrong-import-position
import schemas  # pylint: disable=wrong-import-position
import sums  # pylint: disable=wrong-import-position

PROGRAM = LIBRARY = None
GIT = {**os.environ, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
       "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}
TREE = ("scripts", "reports/schema", "reports/templates", "harness/check/findings", "harness/check/purposes.tsv",
        "docs/findings.md", "CMakeLists.txt", ".gitignore", "interop")
LAB = (ROOT / "scripts" / "lab").read_text("utf-8")


def result(area, name, verdict="pass", **more):
    return {"area": area, "id": name, "verdict": verdict, "seconds": 1.5, **more}


def check(target, name, verdict="pass", **more):
    return result("check", f"{target}/{name}", verdict, run="seed 1, claims 01, program 02", reason="", group=name.split("/")[0],
                  column=target, title="The SUT does it.", expected="data", observed="data", requirements=["D6347-4.1-91"],
                  replay=f"nxdtls check --sut {target}", settings={"role": "server", "library": target}, details={"wire": ["> 1"]}, **more)


# One result or two of each step, in the form in which its tool writes them.
LINES = {
    "results/requirements.jsonl": [result("conformance", "D6347-4.1-91", order=0), result("cc", "T1", "xfail", reason="why", order=1)],
    "results/interop.jsonl": [
        result("interop", "b", group="engine", column="openssl", order=1, settings={"suite": "c02b"}, details={"checks": []}),
        result("interop", "a", "info", group="engine", column="gnutls", order=0, reason="a limit", capture="reports/captures/a.pcapng")],
    "results/interop-stock.jsonl": [result("interop-stock", "suite-c02b/client-openssl", commands=["openssl s_client -port 4711"],
                                           observed="connected", details={"wire": ["0.01 > 100"]})],
    "results/crowd.jsonl": [result("crowd", "200-clients", junk=17, junk_per_second=9)],
    "results/fuzz.jsonl": [result("fuzz", "fuzz_way", execs=1234, coverage=5, new_coverage=1, replay="build/fuzz/fuzz_way")],
    "results/loss.jsonl": [result("loss", "engine-20")],
    "results/interop-asan.jsonl": [result("interop-asan", "a", group="engine", column="gnutls")],
    "results/interop-stock-asan.jsonl": [result("interop-stock-asan", "a", "unsupported", reason="no such program")],
    "results/planted.jsonl": [result("planted", "wrap", group="3", title="a bug", expected="noticed")],
    "results/omissions.jsonl": [result("omissions", "row", title="a step", expected="said")],
    "check/engine.jsonl": [check("engine", "P-CCS-2/server/c02b"), check("engine", "P-CCS-1/server/c02b", "warning")],
    "check/netx.jsonl": [check("netx", "P-CCS-2/server/c02b", "fail")],
    "check/gnutls.jsonl": [check("gnutls", "P-CCS-2/server/c02b", "accepted", accepted="disputed: why"),
                           check("gnutls", "P-CCS-3/server/c02b", "accepted", accepted="withheld: later", capture="the secret")],
    "prove.jsonl": [check("prove", "P-CCS-2/server/c02b")],
}
TEXTS = {
    "results/interop.txt": "a matrix\n", "results/interop-stock.txt": "another\n", "check/engine.ini": "[ics]\n", "check/netx.ini": "[ics]\n",
    "check/gnutls.ini": "[ics]\n", "captures/a.pcapng": "\n\r\r\n", "trace/trace.html": "<p>a</p>\n", "trace/trace.csv": "a,b\n",
    "trace/trace.reqif": "<REQ-IF/>\n", "coverage/uncovered.tsv": "file\n", "coverage/html/style.css": "a{}\n",
}
# What differs from one run to the next, and what the pack has of it.
LCOV = "SF:src/a.c\nFN:3,a\nFNDA:{0},a\nDA:3,{0}\nDA:4,0\nBRDA:4,0,0,{0}\nBRDA:4,0,1,-\nLF:2\nLH:1\nend_of_record\n"
COBERTURA = '<coverage lines-covered="12" timestamp="1"><line number="3" hits="{0}" branch="false"/><line number="4" hits="0"/></coverage>\n'
VIEW = ("<h4>Created: 2026-11-30 1{0}:24</h4><td class='covered-line'><pre>{0}.25k</pre></td><td class='uncovered-line'><pre>0</pre></td>"
        "<span class='covered-line'>{0}</span><span class='tooltip-content'>{0}0</span><a>100.00% (2/2)</a>\n")
TESTS = ("<testsuite><properties><property name='commit' value='{commit}'/><property name='selection' value='{selection}'/></properties>"
         "<testcase name='unit.way' time='{0}.5'><system-out>took {0} s in /tmp/x{0}</system-out></testcase>"
         "<testcase name='api.slow' time='0'><skipped message='no valgrind'/></testcase></testsuite>\n")
MEASURE = {"covered": 1, "total": 2, "percent": 50.0}


class Lab:
    """A small tree of its own, and what a whole run of the lab left in it."""

    def __init__(self, folder):
        self.tree = pathlib.Path(folder) / "tree"
        self.reports = self.tree / "reports"
        for name in TREE:
            take = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
            take(ROOT / name, self.tree / name)
        for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "a")):
            self.git(*words)
        self.commit = self.git("rev-parse", "HEAD").strip()

    def git(self, *words):
        return subprocess.run(["git", "-C", self.tree, *words], env=GIT, check=True, stdout=subprocess.PIPE, text=True).stdout

    def write(self, name, text):
        path = self.reports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def run(self, script, *words, **more):
        return subprocess.run([self.tree / "scripts" / script, *words], cwd=self.tree, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, **more)

    def identity(self, *words):
        done = subprocess.run([sys.executable, self.tree / "scripts" / "identity.py", *words], env={**os.environ, "SEED": "7"}, check=False)
        assert done.returncode == 0

    def begin(self, selection="all"):
        self.identity("begin", selection)

    def leave(self, lines=LINES, number=1):
        """Writes what the tools leave; `number` is what another run would measure otherwise."""
        for name, results in lines.items():
            self.write(name, "".join(json.dumps(one) + "\n" for one in results))
        for name, text in TEXTS.items():
            self.write(name, text)
        self.write("results/tests.xml", TESTS.format(number, commit=self.commit, selection="all"))
        self.write("coverage/coverage.json", json.dumps({
            "commit": self.commit, "selection": "all", "files": [], "uncovered": {}, "folders": [],
            "origins": dict.fromkeys(("tests", "check", "interop", "corpus"), {"reason": "did not run"}),
            **dict.fromkeys(("functions", "lines", "branches", "mcdc"), MEASURE)}))
        for name, text in (("coverage.lcov", LCOV), ("cobertura.xml", COBERTURA), ("html/index.html", VIEW)):
            self.write(f"coverage/{name}", text.format(number))

    def end(self, ends=None, number=1):
        """Seals the run; `ends` are the steps that did not end well, or are not of the lab."""
        names = dict.fromkeys([*re.findall(r'^ *(?:step|must) "([^"]+)"', LAB, re.M), *(ends or {})])
        text = "".join(f"{name}\t{number}.0\t{(ends or {}).get(name, 'ok')}\n" for name in names if (ends or {}).get(name) != "")
        self.write("results/steps.tsv", text)
        self.identity("end", str(self.reports / "results" / "steps.tsv"))

    def evidence(self, *words):
        done = self.run("evidence", *words)
        return done.returncode, done.stdout


def pack_files(folder):
    return {name: (folder / name).read_bytes() for name in sums.files(folder)}


class Made(unittest.TestCase):
    """One lab for all tests; what one changes in it, it mends."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name).resolve()
        cls.lab = Lab(cls.folder)
        cls.lab.begin()
        cls.lab.leave()
        cls.lab.end()
        for name, words in (("key", ("genpkey", "-algorithm", "ed25519")), ("rsa", ("genpkey", "-algorithm", "rsa")),
                            ("public", ("pkey", "-pubout", "-in", "key")), ("rsa.public", ("pkey", "-pubout", "-in", "rsa"))):
            subprocess.run(["openssl", *words, "-out", name], cwd=cls.folder, check=True, stderr=subprocess.DEVNULL)
        cls.key, cls.public = str(cls.folder / "key"), str(cls.folder / "public")
        cls.pack = cls.folder / "pack"
        assert cls.lab.evidence("make", str(cls.pack), "--key", cls.key) == (
            0, f"{cls.pack}: commit {cls.lab.commit}, seed 7, signed\n"
               "missing: results/mutants.jsonl: scripts/mutants has not run at this commit\n")

    def load(self, name):
        return json.loads((self.pack / name).read_text("utf-8"))


class Contents(Made):
    def test_every_step_of_the_lab_has_its_place(self):
        self.assertEqual(sorted(self.load("manifest.json")["steps"]), sorted(set(re.findall(r'^ *(?:step|must) "([^"]+)"', LAB, re.M))))

    def test_the_json_is_as_its_schemas_say(self):
        for name, schema in (("manifest.json", "manifest.json"), ("times.json", "times.json"), ("coverage/coverage.json", "coverage.json")):
            with self.subTest(name):
                self.assertEqual(schemas.errors(self.load(name), schemas.schema(schema)), [])
        number = 0
        for path in sorted(self.pack.glob("results/*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                self.assertEqual(schemas.errors(json.loads(line), schemas.schema("result.json")), [], path)
                number += 1
        self.assertEqual(number, sum(map(len, LINES.values())) + 2)
        self.assertEqual({path.name for path in (ROOT / "reports/schema").iterdir()}, {path.name for path in (self.pack / "schema").iterdir()})

    def test_every_result_stands_in_junit_with_its_verdict(self):
        for path in sorted(self.pack.glob("results/*.jsonl")):
            root = xml.parse(self.pack / "junit" / f"{path.stem}.xml").getroot()
            self.assertEqual(len(root.findall(".//testcase")), len(path.read_text("utf-8").splitlines()), path.name)
            self.assertNotIn(b"time=", (self.pack / "junit" / f"{path.stem}.xml").read_bytes())
        for name, child in (("check-netx", "failure"), ("check-gnutls", "skipped"), ("interop", "skipped"), ("requirements", "skipped")):
            self.assertIsNotNone(xml.parse(self.pack / "junit" / f"{name}.xml").find(f".//{child}"), name)

    def test_what_is_of_one_run_stands_in_the_times(self):
        times = self.load("times.json")["results"]
        self.assertEqual(times["results/interop.jsonl"], [{"id": "a", "seconds": 1.5}, {"id": "b", "seconds": 1.5}])
        self.assertEqual(times["results/fuzz.jsonl"][0], {"id": "fuzz_way", "seconds": 1.5, "execs": 1234, "coverage": 5, "new_coverage": 1})
        self.assertIn("4711", json.dumps(times["results/interop-stock.jsonl"]))
        self.assertNotIn(b"4711", b"".join(text for name, text in pack_files(self.pack).items() if name != "times.json"))
        self.assertEqual((self.pack / "coverage/coverage.lcov").read_text(), LCOV.format(1))
        self.assertEqual((self.pack / "captures/a.pcapng").read_bytes(), b"\n\r\r\n")

    def test_what_is_withheld_is_nowhere(self):
        self.assertIn(b"withheld: later", (self.pack / "results/check-gnutls.jsonl").read_bytes())
        self.assertNotIn(b"the secret", b"".join(pack_files(self.pack).values()))

    def test_sarif_has_what_was_found(self):
        runs = self.load("sarif/check.sarif")["runs"]
        self.assertEqual([len(run["results"]) for run in runs], [1, 2, 1])

    def test_the_manifest_counts(self):
        said = self.load("manifest.json")
        self.assertEqual(said["verdicts"]["check-gnutls"], {"accepted": 2})
        self.assertEqual(said["coverage"]["mcdc"], MEASURE)
        self.assertEqual((said["mutants"], said["verdicts"]["prove"]), (None, {"pass": 1}))
        self.assertEqual(said["verdicts"]["requirements"], {"accepted": 1, "pass": 1})

    def test_mutants_that_come_later_are_of_the_same_commit(self):
        mutants = [result("mutants", str(n), verdict, run=f"commit {self.lab.commit}", reason="", group="src")
                   for n, verdict in enumerate(["pass", "pass", "warning", "accepted", "not-applicable"])]
        bench = self.lab.write("results/bench.jsonl", "{}\n")
        self.addCleanup(bench.unlink)
        path = self.lab.write("results/mutants.jsonl", "".join(json.dumps(one) + "\n" for one in mutants))
        self.addCleanup(path.unlink)
        made = self.folder / "mutants"
        self.assertEqual(self.lab.evidence("make", str(made)), (0, f"{made}: commit {self.lab.commit}, seed 7, not signed\n"))
        self.assertEqual(json.loads((made / "manifest.json").read_text())["mutants"], {"killed": 2, "total": 3, "percent": 66.7})
        self.assertEqual(schemas.errors(json.loads((made / "manifest.json").read_text()), schemas.schema("manifest.json")), [])
        path.write_text(path.read_text().replace(self.lab.commit, "0" * 40))
        status, said = self.lab.evidence("make", str(self.folder / "other"))
        self.assertEqual((status, said), (1, f"scripts/evidence: results/mutants.jsonl: of commit {'0' * 40}\n"))


class Verify(Made):
    def verify(self, *words):
        return self.lab.evidence("verify", str(self.pack), *words)

    def test_a_pack_as_it_was_made(self):
        self.assertEqual(self.verify("--key", self.public), (
            0, f"{self.pack}: as it was made, commit {self.lab.commit}, seed 7; signed by {self.public}\n"))

    def test_it_needs_nothing_but_the_pack_and_the_key(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(ROOT / "scripts", f"{folder}/scripts")
            done = subprocess.run([f"{folder}/scripts/evidence", "verify", self.pack, "--key", self.public], cwd="/", check=False,
                                  env={"PATH": os.environ["PATH"]}, stdout=subprocess.PIPE)
            self.assertEqual(done.returncode, 0)

    def test_the_commands_of_the_readme(self):
        lines = [line.strip() for line in (self.pack / "README.md").read_text().splitlines() if line.startswith("    ")]
        self.assertEqual(len(lines), 3)
        lines[0] = lines[0].removesuffix("if it is signed").replace("PUBLIC-KEY", self.public)
        path = self.pack / "trace/trace.csv"
        for change, statuses in ((b"", (0, 0, 0)), (b" ", (0, 0, 1))):
            before = path.read_bytes()
            path.write_bytes(before + change)
            done = [subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=self.pack, capture_output=True, check=False) for line in lines]
            path.write_bytes(before)
            self.assertEqual(tuple(one.returncode for one in done), statuses)

    def test_each_flipped_byte_is_named(self):
        names = list(sums.files(self.pack))
        self.assertGreater(len(names), 60)
        for name in names:
            path = self.pack / name
            before = path.read_bytes()
            flipped = bytearray(before)
            flipped[len(before) // 2] ^= 1
            path.write_bytes(flipped)
            said = [*sums.problems(self.pack), sums.signature_problem(self.pack, self.public)]
            path.write_bytes(before)
            with self.subTest(name):
                if name in (*sums.ROOTS, sums.SUMS):
                    self.assertIn(name, said[0])
                else:
                    self.assertEqual({line.split(": ")[0] for line in said if line}, {name})

    def changed(self, change, *expected):
        """Makes a copy of the pack, changes it, and compares what verify says."""
        with tempfile.TemporaryDirectory() as folder:
            other = pathlib.Path(folder) / "pack"
            shutil.copytree(self.pack, other, symlinks=True)
            change(other)
            done = self.lab.evidence("verify", str(other), "--key", self.public)
            self.assertEqual(done, (1, "".join(f"scripts/evidence: {line}\n" for line in expected)))

    def test_what_is_removed_added_renamed_or_swapped_is_named(self):
        a, b = "trace/trace.csv", "claims/engine.ini"

        def swap(pack):
            texts = (pack / a).read_bytes(), (pack / b).read_bytes()
            (pack / a).write_bytes(texts[1])
            (pack / b).write_bytes(texts[0])

        self.changed(lambda pack: (pack / a).unlink(), f"{a}: missing")
        self.changed(lambda pack: (pack / "trace/new").write_text("x"), "trace/new: added")
        self.changed(lambda pack: (pack / ".hidden").write_text("x"), ".hidden: added")
        self.changed(lambda pack: (pack / a).rename(pack / "trace/other.csv"), "trace/other.csv: added", f"{a}: missing")
        self.changed(swap, f"{b}: changed", f"{a}: changed")
        self.changed(lambda pack: (pack / "empty").mkdir(), "empty: an empty folder")

    def test_what_is_no_file_is_named(self):
        def link(pack):
            (pack / "trace/trace.csv").rename(pack.parent / "elsewhere")
            (pack / "trace/trace.csv").symlink_to(pack.parent / "elsewhere")

        def folder_link(pack):
            (pack / "claims").rename(pack.parent / "claims")
            (pack / "claims").symlink_to(pack.parent / "claims")

        self.changed(link, "trace/trace.csv: a symbolic link")
        self.changed(folder_link, "claims: a symbolic link",
                     *(f"claims/{name}.ini: missing" for name in ("engine", "gnutls", "netx")))
        self.changed(lambda pack: os.mkfifo(pack / "trace/pipe"), "trace/pipe: not a file")

    def test_a_signature_that_is_gone_or_of_another_key(self):
        self.changed(lambda pack: (pack / sums.SIGNATURE).unlink(), "SHA256SUMS.sig: missing: the pack is not signed")
        with tempfile.TemporaryDirectory() as folder:
            other = pathlib.Path(folder) / "pack"
            shutil.copytree(self.pack, other)
            (other / sums.SIGNATURE).unlink()
            self.assertEqual(self.lab.evidence("verify", str(other)), (1, "scripts/evidence: SHA256SUMS.sig: missing\n"))
            for words in (("genpkey", "-algorithm", "ed25519", "-out", "k"), ("pkey", "-in", "k", "-pubout", "-out", "p")):
                subprocess.run(["openssl", *words], cwd=folder, check=True)
            status, said = self.lab.evidence("verify", str(self.pack), "--key", f"{folder}/p")
            self.assertEqual((status, said.split(" by ")[0]), (1, "scripts/evidence: SHA256SUMS.sig: not a signature of SHA256SUMS"))

    def test_one_who_changes_a_file_and_all_sums_is_stopped_by_the_key(self):
        def forge(pack):
            (pack / "trace/trace.csv").write_text("forged")
            manifest = json.loads((pack / "manifest.json").read_text())
            for one in manifest["files"]:
                one.update(sums.sum_of(pack / one["path"]))
            (pack / "manifest.json").write_text(json.dumps(manifest))
            (pack / sums.SUMS).unlink()
            sums.seal(pack)

        self.changed(forge, f"SHA256SUMS.sig: not a signature of SHA256SUMS by {self.public}")

    def test_a_manifest_that_says_nothing_is_one_line(self):
        for text in ("", "[]", "{}", '{"format": 2, "commit": "0", "seed": "1", "signed": false, "files": []}', '{"format": 1, "commit": "0", "seed": "1", "signed": 0, "files": []}',
                     '{"format": 1, "commit": "0", "seed": "1", "signed": false, "files": [{"path": 7}]}',
                     '{"format": 1, "commit": "0", "seed": "1", "signed": false, "files": ["a"]}'):
            with self.subTest(text), tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "manifest.json").write_text(text)
                pathlib.Path(folder, "times.json").write_text("{}")
                sums.seal(folder)
                status, said = self.lab.evidence("verify", folder)
                self.assertEqual((status, said.count("\n"), said.split(":")[1:3]), (1, 1, [" manifest.json", " cannot be read"]), said)

    def test_wrong_usage_is_one_line(self):
        rsa = self.folder / "rsa"
        for words, says in ((("verify", str(self.pack)), f"{self.pack}: is signed: name the public key with --key"),
                            (("verify", "/nowhere"), "/nowhere: there is no such folder"),
                            (("verify", str(self.pack), "--key", "/nowhere"), "--key /nowhere: there is no such file"),
                            (("verify", str(self.pack), "--key", self.key), f"--key {self.key}: not a public key of Ed25519"),
                            (("verify", str(self.pack), "--key", f"{rsa}.public"), f"--key {rsa}.public: not a public key of Ed25519"),
                            (("make", str(self.folder / "n"), "--key", str(rsa)), f"--key {rsa}: not a private key of Ed25519"),
                            (("make", str(self.pack)), f"{self.pack}: is there already"),
                            (("make", "/nowhere/pack"), "/nowhere/pack: cannot be made in /nowhere")):
            with self.subTest(says):
                self.assertEqual(self.lab.evidence(*words), (2, f"scripts/evidence: {says}\n"))


class Refused(unittest.TestCase):
    """What no pack is made of; the place stays as it was."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.lab_of_all = Lab(folder.name)
        cls.lab_of_all.begin()
        cls.lab_of_all.leave()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        self.lab = copy.copy(self.lab_of_all)
        shutil.copytree(self.lab.tree, self.folder / "tree")
        self.lab.tree = self.folder / "tree"
        self.lab.reports = self.lab.tree / "reports"

    def refused(self, *expected):
        status, said = self.lab.evidence("make", str(self.folder / "pack"))
        self.assertEqual((status, said.splitlines()), (1, [f"scripts/evidence: {line}" for line in expected]))
        self.assertEqual(os.listdir(self.folder), ["tree"])

    def test_a_run_that_did_not_end_and_a_part(self):
        self.refused("results/sealed.json: missing: not a finished run of scripts/lab")
        self.lab.begin("--quick")
        self.lab.end({"planted": "left out: --quick"})
        self.refused("a part of the lab: scripts/lab --quick", "step planted: left out: --quick")

    def test_a_changed_tree_and_another_commit(self):
        path = self.lab.tree / "CMakeLists.txt"
        path.write_text(path.read_text() + "\n")
        self.lab.end()
        self.refused("the tree was changed at the end of the run: commit, then run scripts/lab", "the tree has changes")
        self.lab.git("commit", "-q", "-a", "-m", "b")
        here = self.lab.git("rev-parse", "HEAD").strip()
        self.lab.end()
        self.refused(f"of {self.lab.commit} at the begin of the run, and the tree is of {here}")

    def test_a_source_that_is_in_no_commit(self):
        (self.lab.tree / "scripts/new").write_text("")
        (self.lab.tree / "notes").write_text("")
        self.lab.end()
        self.refused("scripts/new: in no commit")

    def test_a_step_is_missing_unknown_or_without_its_results(self):
        for name in ("results/crowd.jsonl", "trace/trace.csv"):
            (self.lab.reports / name).unlink()
        self.lab.end({"interop": "", "new": "ok"})
        self.refused("step new: unknown to scripts/admissible.py", "step interop: missing", "step crowd: ended well without results/crowd.jsonl",
                     "step trace: ended well without trace/trace.csv")

    def test_a_step_that_failed_is_named_in_the_pack(self):
        (self.lab.reports / "results/crowd.jsonl").unlink()
        self.lab.end({"crowd": "failed (1)", "interop": "failed (1)"})
        status, said = self.lab.evidence("make", str(self.folder / "pack"))
        self.assertEqual((status, said.splitlines()[1:4]), (
            0, ["failed: interop: failed (1)", "failed: crowd: failed (1)", "missing: results/crowd.jsonl: its step failed"]))
        text = (self.folder / "pack/README.md").read_text()
        self.assertIn("Failed: interop: failed (1); crowd: failed (1)\n", text)
        self.assertIn("Not signed", text)
        status, said = self.lab.evidence("verify", str(self.folder / "pack"))
        self.assertEqual((status, said.endswith("not signed: whoever had it may have changed it\n")), (0, True))

    def test_results_that_are_not_those_of_the_run(self):
        self.lab.end()
        self.lab.write("results/interop.jsonl", "")
        self.lab.write("check/new.jsonl", "")
        (self.lab.reports / "captures/a.pcapng").unlink()
        self.refused("captures/a.pcapng: missing", "check/new.jsonl: added", "results/interop.jsonl: changed")

    def test_results_that_name_another_commit_or_a_part(self):
        self.lab.write("results/tests.xml", TESTS.format(1, commit=self.lab.commit, selection="-R one"))
        self.lab.write("coverage/coverage.json", json.dumps({"commit": "0123", "selection": "all"}))
        self.lab.end()
        self.refused("results/tests.xml: selection -R one", "coverage/coverage.json: commit 0123")

    def test_results_that_cannot_be_read(self):
        self.lab.end()
        sealed = self.lab.reports / "results/sealed.json"
        for text in ("{", "[]", "{}"):
            sealed.write_text(text)
            status, said = self.lab.evidence("make", str(self.folder / "pack"))
            self.assertEqual((status, said.count("\n"), said.split(":")[1]), (1, 1, " the results cannot be read"), said)

    def test_a_broken_result_leaves_nothing_behind(self):
        for text, says in (('{"id": ', "harness.jsonl:1: Expecting value"), ("[]", "harness, result 1: not a result"),
                           ('{"area": "a", "id": "b", "verdict": "perhaps"}', "harness, result 1: not a result")):
            with self.subTest(text):
                self.lab.write("results/harness.jsonl", text + "\n")
                self.lab.end()
                status, said = self.lab.evidence("make", str(self.folder / "pack"))
                self.assertEqual((status, said.count("\n")), (2, 1), said)
                self.assertIn(says, said)
                self.assertEqual(os.listdir(self.folder), ["tree"])


class Packages(unittest.TestCase):
    def test_licences_become_those_of_spdx(self):
        for said, spdx in (("GPL-2+", "GPL-2.0-or-later"), ("LGPL-2.1", "LGPL-2.1-only"), ("Apache-2.0 or GPL-2+", "Apache-2.0 OR GPL-2.0-or-later"),
                           ("LGPL-3+ or GPL-2+", "LGPL-3.0-or-later OR GPL-2.0-or-later"), ("BSD-3-clause and Expat", "BSD-3-Clause AND MIT"),
                           ("GPL-2+ with exception", None), ("mine", None)):
            with self.subTest(said):
                self.assertEqual(debian.spdx(said), spdx)

    def test_a_file_has_the_package_that_dpkg_names(self):
        self.assertEqual(debian.owners(["/bin/bash", "/usr/bin/bash", "/nowhere/file"]), {"/bin/bash": "bash", "/usr/bin/bash": "bash"})
        self.assertEqual([(one["package"], one["role"]) for one in debian.packages({"library": ["/bin/bash"]}, {"tool": ["bash", "nowhere"]})],
                         [("bash", "library")])


EXPRESSION = re.compile(r"(?:[A-Za-z0-9.-]+(?: WITH [A-Za-z0-9.-]+)?)(?: (?:OR|AND) [A-Za-z0-9.-]+(?: WITH [A-Za-z0-9.-]+)?)*")
LICENCES = {*debian.SHORT_NAMES.values(), *debian.SAID.values(),
            *(f"{name}-{end}" for name in ("GPL-2.0", "GPL-3.0", "LGPL-2.0", "LGPL-2.1", "LGPL-3.0") for end in ("only", "or-later"))}
RELATIONS = {"DESCRIBES", "DEPENDS_ON", "TEST_DEPENDENCY_OF", "BUILD_TOOL_OF"}


def spdx_errors(document):
    """What clauses 6, 7 and 11 of SPDX 2.3 forbid in our document.  No validator of it is packaged in Debian 12."""
    out = []
    wanted = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT"}
    out += [f"{name}: {document.get(name)}" for name, value in wanted.items() if document.get(name) != value]
    if not document.get("name") or not re.fullmatch(r"[a-z][a-z0-9+.-]*:[^#\s]+", document.get("documentNamespace", "")):
        out.append("no name, or no namespace that is a URI without #")
    creation = document.get("creationInfo", {})
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", creation.get("created", "")):
        out.append(f"created: {creation.get('created')}")
    if not creation.get("creators") or not all(re.fullmatch(r"(?:Tool|Organization|Person): .+", one) for one in creation["creators"]):
        out.append("creators")
    names = ["SPDXRef-DOCUMENT"]
    for one in document.get("packages", []):
        names.append(one.get("SPDXID", ""))
        out += package_errors(one)
    out += [f"{name}: not an identifier" for name in names if not re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name)]
    out += [f"{name}: stands twice" for name in sorted(set(names)) if names.count(name) > 1]
    for one in document.get("relationships", []):
        out += [f"{one[end]}: no such element" for end in ("spdxElementId", "relatedSpdxElement") if one.get(end) not in names]
        if one.get("relationshipType") not in RELATIONS:
            out.append(f"{one.get('relationshipType')}: unknown relationship")
    if not any(one.get("relationshipType") == "DESCRIBES" for one in document.get("relationships", [])):
        out.append("describes nothing")
    return out


def package_errors(one):
    name, out = one.get("name"), []
    out += [f"{name}: lacks {field}" for field in ("name", "SPDXID", "downloadLocation") if not one.get(field)]
    for field in ("licenseConcluded", "licenseDeclared"):
        said = one.get(field, "")
        known = all(word in LICENCES for word in re.split(r" (?:OR|AND) ", said))
        if said != "NOASSERTION" and not (EXPRESSION.fullmatch(said) and known):
            out.append(f"{name}: {field} {said}")
    if one.get("filesAnalyzed") is not False:
        out.append(f"{name}: filesAnalyzed without files")
    if not re.fullmatch(r"(?:Organization|Person): .+|NOASSERTION", one.get("supplier", "NOASSERTION")):
        out.append(f"{name}: supplier {one['supplier']}")
    for reference in one.get("externalRefs", []):
        if reference.get("referenceCategory") != "PACKAGE-MANAGER" or not re.fullmatch(
                r"pkg:deb/debian/[a-z0-9.+-]+@[\w.%+~-]+", reference.get("referenceLocator", "")):
            out.append(f"{name}: {reference}")
    for one_sum in one.get("checksums", []):
        if one_sum.get("algorithm") != "SHA256" or not re.fullmatch("[0-9a-f]{64}", one_sum.get("checksumValue", "")):
            out.append(f"{name}: {one_sum}")
    return out


def provenance_errors(statement):
    """What in-toto's Statement 1 and SLSA's provenance 1 ask for."""
    out = []
    wanted = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1"}
    out += [f"{name}: {statement.get(name)}" for name, value in wanted.items() if statement.get(name) != value]
    for one in statement.get("subject") or [{}]:
        if not one.get("name") or not re.fullmatch("[0-9a-f]{64}", one.get("digest", {}).get("sha256", "")):
            out.append(f"subject: {one}")
    built, ran = (statement.get("predicate", {}).get(name, {}) for name in ("buildDefinition", "runDetails"))
    for uri in (built.get("buildType", ""), ran.get("builder", {}).get("id", ""),
                *(one.get("uri", "") for one in built.get("resolvedDependencies", []))):
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", uri):
            out.append(f"not a URI: {uri!r}")
    if not built.get("externalParameters"):
        out.append("no externalParameters")
    return out


class Played(unittest.TestCase):
    """A small suite, played twice by the program in two places: real results in the place of those above."""

    @classmethod
    def setUpClass(cls):
        cls.packs, cls.commits = [], []
        for number in (1, 2):
            folder = tempfile.TemporaryDirectory()
            cls.addClassCleanup(folder.cleanup)
            lab = Lab(pathlib.Path(folder.name).resolve())
            (lab.tree / "build/dev").mkdir(parents=True)
            for name, path in (("bin", PROGRAM), ("src", LIBRARY)):
                (lab.tree / "build/dev" / name).symlink_to(pathlib.Path(path).parent)
            lab.begin()
            lab.leave(number=number)
            cls.play(lab)
            lab.end(number=number)
            pack = pathlib.Path(folder.name) / "pack"
            status, said = lab.evidence("make", str(pack))
            assert status == 0, said
            cls.packs.append(pack)

    @classmethod
    def play(cls, lab):
        results = "reports/results"
        check_ccs = ("--only", "P-CCS-*", "--seed", "7")
        for words in (
                ("interop", "--seed", "7", "--only", "id=engine-engine/*", "--only", "scenario=loss-20", "-v", "--json", f"{results}/interop.jsonl",
                 "--matrix", f"{results}/interop.txt", "--captures", "reports/captures"),
                ("interop", "--stock", "--json", f"{results}/interop-stock.jsonl", "--matrix", f"{results}/interop-stock.txt",
                 "id=suite-c02b/*-openssl"),
                *(("check", "--sut", name, *check_ccs, "--json", f"reports/check/{name}.jsonl") for name in ("engine", "netx")),
                ("check", "--prove", "--only", "P-CCS-2/*", "--others", "5", "--json", "reports/prove.jsonl")):
            done = subprocess.run([PROGRAM, *words], cwd=lab.tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            assert done.returncode in (0, 1), done.stdout
        done = subprocess.run([ROOT / "interop/crowd.py", "--nxdtls", PROGRAM, "--clients", "3", "--lines", "2", "--junk", "20",
                               "--json", "new.jsonl"], cwd=lab.reports, check=False)
        assert done.returncode == 0
        (lab.reports / "new.jsonl").rename(lab.reports / "results/crowd.jsonl")

    def test_two_runs_of_a_commit_and_a_seed_differ_in_the_times_alone(self):
        first, second = map(pack_files, self.packs)
        self.assertEqual(sorted(first), sorted(second))
        self.assertEqual([name for name in first if first[name] != second[name]], [sums.SUMS, sums.TIMES])
        lines = {name: text.count(b"\n") for name, text in first.items() if name.startswith("results/")}
        self.assertGreater(lines["results/interop.jsonl"], 20)
        self.assertGreater(lines["results/check-engine.jsonl"], 10)
        self.assertGreaterEqual(lines["results/interop-stock.jsonl"], 2)
        self.assertGreater(sum(name.startswith("captures/") for name in first), 20)

    def test_no_file_names_a_place_on_this_machine(self):
        for name, text in pack_files(self.packs[0]).items():
            if name != sums.TIMES:
                self.assertNotIn(str(self.packs[0].parent).encode(), text, name)
                self.assertNotIn(str(ROOT).encode(), text, name)

    def test_results_of_our_programs_are_as_the_schema_says(self):
        for path in sorted(self.packs[0].glob("results/*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                self.assertEqual(schemas.errors(json.loads(line), schemas.schema("result.json")), [], path)

    def test_the_sbom_is_as_spdx_asks_and_names_every_library(self):
        document = json.loads((self.packs[0] / "sbom.spdx.json").read_text())
        self.assertEqual(spdx_errors(document), [])
        names = {one["name"]: one for one in document["packages"]}
        played = [name for name in ("libgnutls", "libmbedtls", "libwolfssl")
                  if any(name in path for path in debian.loaded(pathlib.Path(PROGRAM).parent / "nxdtls-lab"))]
        for name in ("nxdtls", "libssl3", "openssl", "gnutls-bin", "cmake", *played):
            found = [one for known, one in names.items() if known.startswith(name)]
            self.assertTrue(found, name)
            self.assertTrue(found[0]["versionInfo"], name)
            self.assertNotEqual(found[0]["licenseDeclared"], "NOASSERTION", name)
        needed = {one["relatedSpdxElement"] for one in document["relationships"] if one["relationshipType"] == "DEPENDS_ON"}
        self.assertTrue(any(one.startswith("SPDXRef-libssl3") for one in needed), needed)
        self.assertFalse(any("gnutls" in one for one in needed), needed)

    def test_each_rule_of_the_sbom_is_broken_once(self):
        good = (self.packs[0] / "sbom.spdx.json").read_text()
        for old, new in (("SPDX-2.3", "SPDX-2"), ("CC0-1.0", "MIT"), ('"created": "2026', '"created": "26'), ("Tool: ", "Program: "),
                         ("urn:nxdtls", "nxdtls#"), ('"licenseDeclared": "MIT"', '"licenseDeclared": "Mine"'), ("SPDXRef-nxdtls", "nxdtls"),
                         ("SPDXRef-cmake", "SPDXRef-nxdtls"), ('"DESCRIBES"', '"SHOWS"'), ("pkg:deb", "deb"), ("Organization: Debian", "Debian"),
                         ('"filesAnalyzed": false', '"filesAnalyzed": true'), ('"downloadLocation": "NOASSERTION"', '"downloadLocation": ""')):
            with self.subTest(old):
                self.assertIn(old, good)
                self.assertNotEqual(spdx_errors(json.loads(good.replace(old, new))), [])

    def test_the_statement_is_as_in_toto_and_slsa_ask(self):
        text = (self.packs[0] / "provenance.json").read_text()
        statement = json.loads(text)
        self.assertEqual(provenance_errors(statement), [])
        self.assertIn({"name": "build/dev/bin/nxdtls-check", "digest": {"sha256": sums.sum_of(pathlib.Path(PROGRAM).parent / "nxdtls-check")["sha256"]}},
                      statement["subject"])
        self.assertEqual(statement["predicate"]["buildDefinition"]["externalParameters"]["seed"], "7")
        for old, new in (("Statement/v1", "Statement/v0.1"), ("provenance/v1", "provenance/v0.2"), ('"sha256": "', '"sha256": "x'),
                         ('"externalParameters"', '"parameters"'), ("urn:nxdtls:builder:by-hand", "by hand")):
            with self.subTest(old):
                self.assertIn(old, text)
                self.assertNotEqual(provenance_errors(json.loads(text.replace(old, new))), [])


if __name__ == "__main__":
    PROGRAM, LIBRARY = (os.path.abspath(sys.argv.pop(1)) for _ in "ab")
    unittest.main()
