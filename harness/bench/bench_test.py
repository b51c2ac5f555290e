#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls bench, from outside: its options, and its lines.  No number is judged.

usage: bench_test.py NXDTLS [sanitized]"""
import json
import os
import re
import subprocess
import sys
import tempfile

SECONDS = 250

# Values that an option takes and values that it refuses; None: it has no value.
OPTIONS = {
    "runs": (("7", "99"), ("", "6", "100", "x")),
    "time": (("1", "10000"), ("", "0", "10001", "-1")),
    "only": (("*", ""), ()),
    "json": (("/dev/null",), ()),
    "help": None,
}

# One row of each kind: they have every other library that the build has.
ROWS = {"handshake psk": "us", "record gcm 64": "k/s", "growth 1": "k/s", "timer 100": "ns", "api handshake psk": "us",
        "api record gcm 64": "us", "api clients 4": "us", "memory psk": "bytes"}


def main(nxdtls, build=""):
    def run(*words):
        return subprocess.run([nxdtls, "bench", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=SECONDS, check=False)

    told = run("--help")
    assert (told.returncode, told.stderr) == (0, ""), told
    assert max(map(len, told.stdout.splitlines())) <= 79, told.stdout
    rows = re.findall(r"^  --(\w+) ([A-Z]*)$", told.stdout, re.M)
    assert {name: bool(word) for name, word in rows} == {n: v is not None for n, v in OPTIONS.items()}, rows
    for name, values in OPTIONS.items():
        for value in () if values is None else values[0]:
            assert run(f"--{name}", value, "--help").returncode == 0, (name, value)
        for value in () if values is None else values[1]:
            done = run(f"--{name}", value, "--help")
            assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), (name, value, done)
    assert run("more").returncode == 2
    assert run("--json", "/nowhere/x", "--only", "").returncode == 2

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bench.jsonl")
        for row, unit in ROWS.items():
            done = run("--time", "1", "--only", row, "--json", path)
            assert (done.returncode, done.stderr) == (0, ""), done
            if row.startswith("memory") and build == "sanitized":
                assert "memory: not measured" in done.stdout, done
                continue
            with open(path, encoding="utf-8") as text:
                lines = [json.loads(line) for line in text]
            assert len(lines) == 1 and f" {row} " in done.stdout, (row, lines, done.stdout)
            check(lines[0], row, unit)
        # A row is there, whatever has been measured before it.
        run("--time", "1", "--only", "*psk", "--json", path)
        with open(path, encoding="utf-8") as text:
            named = {json.loads(line)["row"] for line in text}
        assert named == {"handshake psk", "api handshake psk", "memory psk"} - ({"memory psk"} if build == "sanitized" else set()), named


def check(line, row, unit):
    """The ratios follow from the numbers."""
    peers = [line[name] for name in line["medians"] if name not in ("ours", "floor") and line[name] is not None]
    more = unit == "k/s"
    assert (line["row"], line["unit"], line["runs"]) == (row, unit, 7), line
    assert line["ours"] > 0, line
    if peers:
        best = max(peers) if more else min(peers)
        ratio = line["ours"] / best if more else best / line["ours"]
        assert abs(line["ratio_peer"] / ratio - 1) < 1e-3, line
    else:
        assert line["ratio_peer"] is None, line
    assert (line["ratio_floor"] is None) == (line["floor"] is None), line


if __name__ == "__main__":
    main(*sys.argv[1:])
