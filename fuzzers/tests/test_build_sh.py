#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test_build_sh.py FOLDER: .clusterfuzzlite/build.sh leaves in OUT what a
ClusterFuzzLite runner needs, built with the variables that it was given.
FOLDER keeps the build from one run of this test to the next."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import fuzzing  # noqa: E402 (the folder has to be known first)

FOLDER = pathlib.Path()
PROBE = "nxdtls_probe"


def run(*line, **more):
    return subprocess.run([str(word) for word in line], capture_output=True, text=True, errors="replace", check=False, **more)


class Out(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.out = FOLDER / "out"
        shutil.rmtree(cls.out, ignore_errors=True)
        for name in ("out", "src", "work"):
            (FOLDER / name).mkdir(parents=True, exist_ok=True)
        flags = "-O1 -gline-tables-only -fsanitize=address,fuzzer-no-link"
        done = run(ROOT / ".clusterfuzzlite" / "build.sh", cwd=ROOT, env={
            **os.environ, "CC": "clang", "CXX": "clang++", "CFLAGS": f"{flags} -D{PROBE}=1", "CXXFLAGS": flags,
            "LIB_FUZZING_ENGINE": f"-fsanitize=fuzzer -Wl,--defsym={PROBE}=0", "OUT": str(cls.out),
            "SRC": str(FOLDER / "src"), "WORK": str(FOLDER / "work")})
        if done.returncode != 0:
            raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
        cls.targets = [t for t in fuzzing.read_targets() if not t.name.endswith("_gnutls")]

    def test_every_source_is_a_program(self):
        names = {path.stem for path in fuzzing.FUZZERS.glob("fuzz_*.c") if not path.stem.endswith("_gnutls")}
        self.assertLessEqual(names, {t.name for t in self.targets})
        for target in self.targets:
            self.assertTrue(os.access(self.out / target.name, os.X_OK), target.name)

    def test_each_has_its_seeds_dictionary_and_options(self):
        for target in self.targets:
            with zipfile.ZipFile(self.out / f"{target.name}_seed_corpus.zip") as seeds:
                names = {pathlib.Path(name).name for name in seeds.namelist() if not name.endswith("/")}
            self.assertEqual(names, {path.name for path in target.seeds.iterdir()}, target.name)
            self.assertEqual((self.out / f"{target.name}.dict").read_text(), target.dictionary.read_text(),
                             target.name)
            options = (self.out / f"{target.name}.options").read_text().splitlines()
            self.assertEqual(options, ["[libfuzzer]", f"max_len = {target.length}", f"dict = {target.name}.dict"],
                             target.name)

    def test_nothing_else_is_there(self):
        wanted = {n for t in self.targets for n in (t.name, f"{t.name}.dict", f"{t.name}.options", f"{t.name}_seed_corpus.zip")}
        self.assertEqual({path.name for path in self.out.iterdir()}, wanted)

    def test_they_are_made_with_the_flags_that_were_given(self):
        names = run("nm", self.out / "fuzz_record").stdout
        for name in (PROBE, "__asan_init", "LLVMFuzzerRunDriver"):
            self.assertIn(name, names)
        self.assertNotIn("__ubsan_handle", run("nm", FOLDER / "work" / "nxdtls" / "src" / "libdtls_engine.a").stdout)

    def test_they_run(self):
        for target in self.targets:
            done = run(self.out / target.name, "-runs=0", f"-dict={target.name}.dict", target.seeds, cwd=self.out)
            self.assertEqual(done.returncode, 0, target.name + done.stderr[-2000:])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    FOLDER = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
