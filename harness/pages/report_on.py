# SPDX-License-Identifier: MIT
"""The pages of scripts/report on a copy of the recorded results."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RECORDED = ROOT / "harness" / "pages" / "recorded"
STEPS = RECORDED / "results" / "steps.tsv"


class Copy:
    """A folder of reports that a test may change."""

    def __init__(self, when_done):
        folder = tempfile.TemporaryDirectory()
        when_done(folder.cleanup)
        self.folder = pathlib.Path(folder.name) / "reports"
        shutil.copytree(RECORDED, self.folder)

    def report(self, *words, status=0, path=os.environ["PATH"]):
        done = subprocess.run([ROOT / "scripts" / "report", "--reports", self.folder, *words], text=True, timeout=120,
                              capture_output=True, check=False, env=dict(os.environ, SEED="1", PATH=path))
        assert done.returncode == status, done.stderr
        return done

    def text(self, name):
        return (self.folder / name).read_text("utf-8")

    def change(self, name, edit):
        """Rewrites a file of JSON lines: `edit` returns a line's new value, or None to leave it out."""
        lines = [edit(json.loads(line)) for line in self.text(name).splitlines()]
        (self.folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines if line is not None), "utf-8")
