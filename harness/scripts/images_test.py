# SPDX-License-Identifier: MIT
"""The files that images are built from: what a builder would refuse, and whether the tree has what they copy.  Building
them needs root, a registry and minutes; docs/release.md says how that was done."""

import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Each with the folder that the builder gets to see.
FILES = {".ci/Dockerfile": "scripts", ".clusterfuzzlite/Dockerfile": "."}
KNOWN = {"ARG", "FROM", "COPY", "RUN", "ENV", "WORKDIR", "USER", "CMD", "ENTRYPOINT", "LABEL"}


def instructions(text):
    """(word, rest) of each instruction, its lines joined."""
    text = re.sub(r"^[ \t]*#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    return [tuple((line.strip().split(None, 1) + [""])[:2]) for line in text.splitlines() if line.strip()]


def errors(text, context):
    """What is wrong with the text of a file whose context is that folder of the tree."""
    found = []
    given = instructions(text)
    if [word for word, _ in given if word != "ARG"][:1] != ["FROM"]:
        found.append("FROM is not the first instruction")
    for word, rest in given:
        if word not in KNOWN:
            found.append(f"{word}: no such instruction")
        elif not rest:
            found.append(f"{word}: nothing behind it")
        elif word == "COPY":
            found += [f"COPY: {path} is not in {context}" for path in rest.split()[:-1] if not (ROOT / context / path).exists()]
        elif word == "RUN" and subprocess.run(["sh", "-n", "-c", rest], capture_output=True, check=False).returncode:
            found.append(f"RUN: sh does not read it: {rest}")
    return found


class Images(unittest.TestCase):
    def test_each_file_can_be_built(self):
        for path, context in FILES.items():
            with self.subTest(path):
                self.assertEqual(errors((ROOT / path).read_text("utf-8"), context), [])

    def test_none_is_forgotten(self):
        listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*Dockerfile*"], cwd=ROOT, capture_output=True,
                                text=True, check=False)
        if listed.returncode:
            self.skipTest("this tree is no clone")
        self.assertEqual(set(listed.stdout.split()), set(FILES))

    def test_the_documented_command_is_the_file_s_own(self):
        command = re.search(r"docker build -t \S+ -f \.ci/Dockerfile \S+", (ROOT / ".ci/Dockerfile").read_text("utf-8"))[0]
        self.assertEqual(command.split()[-1], FILES[".ci/Dockerfile"])
        self.assertIn(command, (ROOT / "docs/release.md").read_text("utf-8"))

    def test_what_cannot_be_built_is_noticed(self):
        for text, said in (("RUN true\nFROM debian:12\n", "FROM is not the first"), ("FROM a\nCOPY nowhere /\n", "COPY: nowhere"),
                           ("FROM a\nRUN if true; then\n", "RUN: sh does not"), ("FROM a\nRUM true\n", "RUM: no such"),
                           ("FROM a\nWORKDIR\n", "WORKDIR: nothing"), ("FROM a\nRUN a && \\\n  # why\n  b ( c\n", "RUN: sh does not")):
            with self.subTest(text):
                self.assertTrue(any(said in error for error in errors(text, "scripts")), errors(text, "scripts"))


if __name__ == "__main__":
    unittest.main()
