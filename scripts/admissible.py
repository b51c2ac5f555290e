# SPDX-License-Identifier: MIT
"""May a pack of evidence be made of what lies under reports/?  Only of a whole run of
scripts/lab, at the commit of the tree, whose results are still those of the run.
"""

import glob
import json
import os
import xml.etree.ElementTree as xml

import identity
import recorded
import sums
import whole

# What each step of scripts/lab leaves below reports/; a step that ended well has left all of it.
STEPS = {
    "install": (), "build dev": (), "build cov": (), "build fuzz": (), "build asan": (),
    "tests": ("results/tests.xml",), "requirements": ("results/requirements.jsonl",),
    "interop": ("results/interop.jsonl", "results/interop.txt"),
    "interop-stock": ("results/interop-stock.jsonl", "results/interop-stock.txt"), "crowd": ("results/crowd.jsonl",),
    "coverage": ("coverage/coverage.json", "coverage/coverage.lcov", "coverage/cobertura.xml", "coverage/html/index.html"),
    "fuzz": ("results/fuzz.jsonl",), "findings": ("check/engine.jsonl", "check/engine.ini", "check/netx.jsonl", "check/netx.ini"),
    "suites": (), "lossy": (), "loss": ("results/loss.jsonl",), "interop-asan": ("results/interop-asan.jsonl",),
    "interop-stock-asan": ("results/interop-stock-asan.jsonl",), "prove": ("prove.jsonl",), "canaries": (),
    "planted": ("results/planted.jsonl",), "omissions": ("results/omissions.jsonl",),
    "trace": ("trace/trace.html", "trace/trace.csv", "trace/trace.reqif"), "report": ("results/steps.tsv",),
}
# What may come after the lab: of scripts/mutants, which takes hours, and of scripts/bench, of which the pack has nothing.
MUTANTS, BENCH = "results/mutants*.jsonl", "results/bench.jsonl"


class Refused(Exception):
    """The reasons why no pack is made, one to a line."""


def load(path):
    with open(path, encoding="utf-8") as text:
        return json.load(text)


def run_problems(who, seal, here):
    """Is the run whole, and of this commit?"""
    if who["selection"] != "all":
        yield f"a part of the lab: scripts/lab {who['selection']}"
    for when, commit in (("begin", who["commit"]), ("end", seal["commit"])):
        if commit.endswith("-dirty"):
            yield f"the tree was changed at the {when} of the run: commit, then run scripts/lab"
        if commit.removesuffix("-dirty") != here.removesuffix("-dirty"):
            yield f"of {commit} at the {when} of the run, and the tree is of {here}"
    if here.endswith("-dirty"):
        yield "the tree has changes"
    yield from (f"{name}: in no commit" for name in sorted({*who["untracked"], *seal["untracked"]}))


def step_problems(steps, files):
    ends = {one["name"]: one["end"] for one in steps}
    yield from (f"step {name}: unknown to scripts/admissible.py" for name in ends if name not in STEPS)
    for name, left in STEPS.items():
        if name not in ends:
            yield f"step {name}: missing"
        elif ends[name].startswith("left out"):
            yield f"step {name}: {ends[name]}"
        elif ends[name] == "ok":
            yield from (f"step {name}: ended well without {path}" for path in left if path not in files)


def mutants(reports):
    return [os.path.relpath(path, reports) for path in sorted(glob.glob(os.path.join(reports, MUTANTS)))]


def inner_problems(reports, who, files):
    """Do the results that name their commit and selection name this one?"""
    wanted = {"commit": who["commit"], "selection": "all"}
    if "results/tests.xml" in files:
        said = whole.stamped(os.path.join(reports, "results", "tests.xml"))
        yield from (f"results/tests.xml: {name} {said.get(name)}" for name, value in wanted.items() if said.get(name) != value)
    if "coverage/coverage.json" in files:
        said = load(os.path.join(reports, "coverage", "coverage.json"))
        yield from (f"coverage/coverage.json: {name} {said.get(name)}" for name, value in wanted.items() if said.get(name) != value)
    for name in mutants(reports):
        runs = {one.get("run") for one in recorded.lines(os.path.join(reports, name))}
        yield from (f"{name}: of {run}" for run in sorted(map(str, runs)) if run != f"commit {who['commit']}")


def judged(reports):
    """Returns the identity and the seal of the run; raises Refused."""
    try:
        who, seal = (load(os.path.join(reports, "results", name)) for name in ("identity.json", "sealed.json"))
        left = set(identity.left(reports)) - {*mutants(reports), BENCH}
        problems = [*run_problems(who, seal, whole.commit()), *sums.compare(reports, seal["files"], left),
                    *step_problems(seal["steps"], seal["files"])]
        problems += inner_problems(reports, who, seal["files"]) if not problems else []
    except FileNotFoundError as error:
        raise Refused(f"{os.path.relpath(error.filename, reports)}: missing: not a finished run of scripts/lab") from None
    except (ValueError, KeyError, TypeError, AttributeError, xml.ParseError) as error:
        raise Refused(f"the results cannot be read: {error!r}") from None
    if problems:
        raise Refused("\n".join(problems))
    return who, seal
