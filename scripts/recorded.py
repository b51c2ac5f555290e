# SPDX-License-Identifier: MIT
"""What the tools of the lab have written, one dict for each result
(reports/schema/result.json)."""

import glob
import json
import os
import sys
import xml.etree.ElementTree as xml

import verdicts

# What an accepted fail shows is not told if the reason begins so: it may be a
# fault that others could use.
WITHHELD = "withheld"
LONGEST = 1 << 24  # characters of a line
SHOWN = ("reason", "observed", "replay", "evidence", "capture", "details")


def withhold(result):
    """Takes from a result what is not to be told."""
    if str(result.get("accepted", "")).startswith(WITHHELD):
        for name in SHOWN:
            result.pop(name, None)
    return result


def wrong(text):
    """Ends the program: what it was given cannot be read."""
    print(f"scripts/{os.path.basename(sys.argv[0])}: {text}", file=sys.stderr)
    sys.exit(2)


def read(path, reader):
    """What `reader` makes of each line of a file; the ValueError of a line says where it stands.  A file such as
    /dev/zero has a line without an end."""
    with open(path, encoding="utf-8") as text:
        number = 1
        try:
            while line := text.readline(LONGEST):
                if len(line) == LONGEST:
                    raise ValueError(f"longer than {LONGEST - 1} characters")
                yield reader(line)
                number += 1
        except (ValueError, AttributeError, TypeError) as error:
            raise ValueError(f"{path}:{number}: {error}") from error


def lines(path):
    """What stands in a file of JSON lines."""
    try:
        yield from read(path, json.loads)
    except ValueError as error:
        wrong(str(error))


def is_result(one):
    """Is it a line of a tool: with a verdict, or a row of scripts/bench?"""
    known = lambda word: word in verdicts.WORDS or word in verdicts.OLDER
    return isinstance(one, dict) and ("row" in one or ({"area", "id", "verdict"} <= one.keys() and known(one["verdict"])))


def results(folder):
    """All results in the files of a folder."""
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
        found += [one for number, one in enumerate(lines(path), 1) if is_result(one) or wrong(f"{path}:{number}: not a result")]
    for path in sorted(glob.glob(os.path.join(folder, "*.xml"))):
        found += junit(path)
    return found


def steps(path):
    """How the steps of a run ended: the lines of name, seconds and end of a file of scripts/steps."""
    with open(path, encoding="utf-8") as text:
        rows = [line.split("\t") for line in text.read().splitlines()]
    return [{"name": name, "seconds": float(seconds), "end": end} for name, seconds, end in rows]


def junit(path):
    """ctest's file: one result per test program, area `tests`."""
    try:
        tree = xml.parse(path)
    except xml.ParseError as error:
        wrong(f"{path}: {error}")
    for case in tree.getroot().iter("testcase"):
        failure, skipped = case.find("failure"), case.find("skipped")
        verdict, reason = "pass", ""
        if failure is not None:
            verdict, reason = "fail", failure.get("message") or "failed"
        if skipped is not None:
            verdict, reason = "not-applicable", skipped.get("message") or "skipped"
        name = case.get("name")
        output = (case.findtext("system-out") or "").strip().splitlines()
        yield {
            "area": "tests",
            "id": name,
            "verdict": verdict,
            "reason": reason,
            "seconds": float(case.get("time") or 0),
            "replay": f"scripts/test -R '^{name}$'",
            "details": {"output": output[-40:] if verdict == "fail" else []},
        }
