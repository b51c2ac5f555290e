# SPDX-License-Identifier: MIT
"""The runs of the lab: reports/history/runs.jsonl has a line for each, and a
file for each kind of run has the verdicts of the last two, so that a page can
say what changed.

Runs are of one kind if they left out the same for the same reason: a quick run
is compared with a quick one.
"""

import json
import os
import re

import recorded
import verdicts
import whole


def kind(steps):
    """What a run left out, or `whole`; None if no file says which steps there were."""
    if not steps:
        return None
    return ", ".join(sorted({s["end"].partition(": ")[2] for s in steps if s["end"].startswith("left out")})) or whole.ALL


def line(summary, bench):
    """What is kept of a run."""
    measured = {name: summary["coverage"][name]["percent"] for name in ("lines", "branches", "mcdc") if name in summary["coverage"]}
    if "score" in summary["mutants"]:
        measured["mutants"] = summary["mutants"]["score"]["percent"]
    areas = {name: one["verdicts"] for name, one in summary.items() if isinstance(one, dict) and one.get("verdicts")}
    return {"date": summary["date"], "commit": summary["commit"], "seed": summary["seed"], "kind": kind(summary["steps"]),
            "failed": summary["failed"], "seconds": summary["seconds"], "measured": measured, "areas": areas,
            "bench": {row["row"]: row["ours"] for row in bench}}


def names(results):
    return {f"{r['area']}/{r['id']}": r["verdict"] for r in results}


def read(reports, of):
    """The runs of a kind, the oldest first, and the verdicts of the run before this one."""
    folder = os.path.join(reports, "history")
    runs = [run for run in lines(os.path.join(folder, "runs.jsonl")) if run["kind"] == of]
    return runs, kept(verdict_file(folder, of))["before"]


def lines(path):
    return list(recorded.lines(path)) if os.path.exists(path) else []


def kept(path):
    """The verdicts of the last run of a kind and of the one before; both None if there was none."""
    if not os.path.exists(path):
        return {"now": None, "before": None}
    with open(path, encoding="utf-8") as text:
        try:
            return json.load(text)
        except ValueError as error:
            recorded.wrong(f"{path}: {error}")


def verdict_file(folder, of):
    return os.path.join(folder, re.sub(r"[^a-z]+", "-", f"verdicts {of}".lower()).strip("-") + ".json")


def remember(reports, summary, results, bench):
    """Appends a run, and keeps its verdicts before those of the last."""
    folder, of = os.path.join(reports, "history"), kind(summary["steps"])
    os.makedirs(folder, exist_ok=True)
    path = verdict_file(folder, of)
    before = kept(path)["now"]
    now = {"date": summary["date"], "commit": summary["commit"], "verdicts": names(results)}
    whole.write(path, json.dumps({"now": now, "before": before}) + "\n")
    runs = os.path.join(folder, "runs.jsonl")
    text = "".join(json.dumps(run) + "\n" for run in [*lines(runs), line(summary, bench)])
    whole.write(runs, text)


def changes(before, results):
    """What is not as in the run before: {"worse", "better", "new", "gone"}, each [(name, then, now, result)]."""
    out = {"worse": [], "better": [], "new": [], "gone": []}
    if before is None:
        return out
    then = dict(before["verdicts"])
    for result in results:
        name, now = f"{result['area']}/{result['id']}", result["verdict"]
        old = then.pop(name, None)
        if old is None:
            out["new"].append((name, None, now, result))
        elif old != now:
            worse = verdicts.ORDER.index(now) < verdicts.ORDER.index(old) or now == "not-applicable"
            out["worse" if worse else "better"].append((name, old, now, result))
    out["gone"] = [(name, old, None, None) for name, old in sorted(then.items())]
    return out


def trends(runs):
    """[(what, unit, numbers of the runs)], the oldest first."""
    number = lambda run, word: sum(one.get(word, 0) for one in run["areas"].values())
    rows = [("results that fail", "", [number(run, "fail") for run in runs]),
            ("results that pass", "", [number(run, "pass") for run in runs]),
            ("seconds of the run", " s", [run["seconds"] for run in runs])]
    for name, title in (("lines", "lines of src/ that ran"), ("branches", "branches"), ("mcdc", "MC/DC"), ("mutants", "mutants killed")):
        rows.append((title, " %", [run["measured"].get(name) for run in runs]))
    return [(title, unit, [n for n in numbers if n is not None]) for title, unit, numbers in rows
            if any(n is not None for n in numbers)]
