# SPDX-License-Identifier: MIT
"""What the results of nxdtls check say: of each target, of each clause, of each
profile, and where targets differ.

A cell below is how many results have each verdict, the worst first.
"""

import csv
import json
import pathlib
import re

import recorded
import verdicts

ROOT = pathlib.Path(__file__).resolve().parent.parent
PURPOSES = ROOT / "harness" / "check" / "purposes.tsv"
ROW = re.compile(r"D(\d+)-([^-]+)-\d+")
# A purpose belongs to a profile if its condition asks for one of the words, or
# one of its rows begins so.
PROFILES = (
    ("RFC 9325 (BCP 195)", ("bcp195",), ("D9325-",)),
    ("RFC 7925 (internet of things)", ("iot",), ("D7925-",)),
    ("NIAP", ("niap",), ()),
    ("BSI TR-02102-2, TR-03116", ("tr02102", "tr03116-3", "tr03116-4"), ("T02102-", "T031163-", "T031164-")),
)
TEXTS = ("id", "column", "group", "verdict", "reason", "title", "expected", "observed", "replay", "accepted", "evidence")


def read_line(line):
    """A result with all of its texts; one of the baseline has few, and the words of other tools may be older."""
    result = recorded.withhold(json.loads(line))
    if not isinstance(result.get("verdict"), str):
        raise ValueError("not a result")
    for name in ("column", "group"):
        result[name] = result.get(name) or result.get("area")
    word, result["verdict"] = result["verdict"], verdicts.word(result["verdict"])
    if word != result["verdict"] == "accepted":
        result["accepted"] = result.get("reason")
    for name in TEXTS:
        result[name] = str(result.get(name, ""))
    if result["verdict"] not in verdicts.WORDS or not result["column"]:
        raise ValueError("not a result")
    result["case"] = result["id"].removeprefix(result["column"] + "/")
    result["purpose"] = result["group"].split(".")[0]
    result.setdefault("requirements", [])
    result["wire"] = "\n".join(result.get("details", {}).get("wire", []))
    return result


def read(paths):
    """The results in these files; ValueError says where one cannot be read."""
    results = []
    files = {}
    for path in paths:
        for result in recorded.read(path, read_line):
            files.setdefault(result["column"], set()).add(path)
            results.append((path, result))
    for path, result in results:
        if len(files[result["column"]]) > 1:
            result["column"] += f" ({pathlib.Path(path).stem})"
    return [result for _, result in results]


def clauses(result):
    """The clauses of a result, as (RFC, numbers of the section, text)."""
    for row in result["requirements"]:
        found = ROW.fullmatch(row)
        if found:
            numbers = tuple(int(n) if n.isdigit() else 0 for n in found[2].split("."))
            yield int(found[1]), numbers, f"RFC {found[1]}, {found[2]}"


def clause_names(results):
    return [clause[2] for clause in sorted({clause for result in results for clause in clauses(result)})]


def by_target(results):
    targets = {}
    for result in results:
        targets.setdefault(result["column"], []).append(result)
    return dict(sorted(targets.items()))


def expected_and_seen(result):
    lines = [("Purpose", result["title"]), ("Clauses", "; ".join(clause_names([result]))),
             ("Rows", " ".join(result["requirements"])), ("Expected", result["expected"]),
             ("Seen", result["observed"]), ("Accepted", result["accepted"]), ("Replay", result["replay"]),
             ("Evidence", result["evidence"])]
    return [(name, text) for name, text in lines if text]


def differ(cells):
    """Is the worst verdict not the same for all targets that have one?"""
    worst = {next(iter(words)) for words in cells if words}
    return len(worst - {"not-applicable"}) > 1


def read_purposes():
    """{purpose: (its condition, its rows)}"""
    with open(PURPOSES, encoding="ascii", newline="") as text:
        return {row["id"]: (row["applicability"], row["requirements"].split(", "))
                for row in csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)}


def belongs(purposes, result, words, rows):
    condition, own = purposes.get(result["purpose"], ("", []))
    return (any(f"profile={word}" in re.split(r"[,| ]+", condition) for word in words)
            or any(row.startswith(rows) for row in [*own, *result["requirements"]]))


def cells(of_targets, targets):
    return [verdicts.count(of_targets.get(target, [])) for target in targets]


def profiles(targets):
    """For each profile: its name, how many of its purposes were played, how many it has, and a cell for each target."""
    purposes = read_purposes()
    for name, words, rows in PROFILES:
        own = {target: [r for r in results if belongs(purposes, r, words, rows)] for target, results in targets.items()}
        played = {r["purpose"] for results in own.values() for r in results}
        wanted = {one for one in purposes if belongs(purposes, {"purpose": one, "requirements": []}, words, rows)}
        yield name, len(played), len(played | wanted), cells(own, targets)


def by_clause(targets):
    """{RFC: [(clause, a cell for each target)]}, in the order of the sections."""
    tables = {}
    for target, results in targets.items():
        for result in results:
            for clause in set(clauses(result)):
                tables.setdefault(clause[0], {}).setdefault(clause, {}).setdefault(target, []).append(result)
    return {rfc: [(clause[2], cells(found, targets)) for clause, found in sorted(rows.items())]
            for rfc, rows in sorted(tables.items())}


def differences(targets):
    """[(check, a cell for each target)] where the worst verdict is not the same for all.  Targets have other suites, so
    the cases of a check and a role are taken together."""
    checks = {}
    for target, results in targets.items():
        for result in results:
            checks.setdefault("/".join(result["case"].split("/")[:2]), {}).setdefault(target, []).append(result)
    rows = [(name, cells(found, targets)) for name, found in sorted(checks.items())]
    return [(name, found) for name, found in rows if differ(found)]
