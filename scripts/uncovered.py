# SPDX-License-Identifier: MIT
"""The reviewed list of what no test reaches, and its comparison with a run.

A row of the list names a file, a function, what is missing (covered.Missed), how
often, the text of the line or condition, a kind and a reason.  Code that only
moves needs no other row.
"""

import collections

COLUMNS = ("file", "function", "what", "times", "text", "kind", "reason")
# What a row may say, and whether a run that reaches it contradicts it.
KINDS = {
    "no input": "no input of a peer or a caller leads here; the reason names what prevents it",
    "other code": "only another engine, crypto method or caller than those of this tree would",
    "host": "the host's operating system or libcrypto would have to fail in a way that nothing can provoke",
    "other build": "a build with other switches of NetX has it; harness/api/switches runs those, and what both have counts",
    "race": "two threads, or a real network, have to meet; a run may reach it or not",
    "open": "a test could reach it, and none in virtual time does yet",
}
# A run that reaches such a row says nothing against it.
MAY_BE_REACHED = ("other build", "race", "open")


class Wrong(Exception):
    """The list cannot be read."""


class Judged:
    """What a run has found: new is what the list does not name, stale what it names in vain, done the open rows
    that were reached."""

    def __init__(self):
        self.new, self.stale, self.done, self.rows = [], [], [], []

    def counts(self):
        kinds = collections.Counter()
        for row in self.rows:
            kinds[row["kind"] or "new"] += int(row["times"])
        return {"uncovered": dict(sorted(kinds.items()))}

    def text(self):
        """The list as it would be if it named all of this run."""
        lines = ["\t".join(COLUMNS)] + ["\t".join(row[name] for name in COLUMNS) for row in self.rows]
        return "\n".join(lines) + "\n"


def read(path):
    with open(path, encoding="utf-8") as text:
        lines = [(number, line) for number, line in enumerate(text.read().splitlines(), 1) if not line.startswith("#")]
    rows = {}
    for number, line in lines[1:]:  # below the head
        cells = line.split("\t")
        row = dict(zip(COLUMNS, cells))
        key = tuple(cells[:3]) + tuple(cells[4:5])
        if len(cells) != len(COLUMNS) or not row["times"].isdigit():
            raise Wrong(f"{path}:{number}: not {len(COLUMNS)} columns with a number in the fourth")
        if row["kind"] not in KINDS or not row["reason"]:
            raise Wrong(f"{path}:{number}: {row['kind']!r} is not one of {', '.join(KINDS)}, or has no reason")
        if key in rows:
            raise Wrong(f"{path}:{number}: stands twice")
        rows[key] = row
    return rows


def judge(missed, listed):
    """Compares what was not reached with the list."""
    found = {}
    for one in missed:
        found.setdefault((one.file, one.function, one.what, one.text), []).append(one)
    out = Judged()
    for key, places in found.items():
        row = listed.get(key)
        known = int(row["times"]) if row else 0
        out.rows.append(dict(zip(COLUMNS, (*key[:3], str(len(places)), key[3], *(
            (row["kind"], row["reason"]) if row else ("", ""))))))
        if len(places) > known:
            lines = ", ".join(str(one.line) for one in places)
            out.new.append(f"{key[0]}:{lines}: {key[1]}: {words(key[2])}: {key[3]}"
                           + (f" ({known} of {len(places)} are listed)" if known else ""))
    for key, row in listed.items():
        if len(found.get(key, ())) < int(row["times"]):
            (out.done if row["kind"] in MAY_BE_REACHED else out.stale).append(
                f"uncovered.tsv: {key[0]}: {key[1]}: {words(key[2])}: {key[3]}: is reached, or no longer there: take the row away")
    return out


def with_new(listed, judged):
    """The list with all that the run found besides, as open: for a merge of what others have written."""
    rows = {key: dict(row) for key, row in listed.items()}
    for row in judged.rows:
        key = (row["file"], row["function"], row["what"], row["text"])
        known = rows.setdefault(key, {**row, "times": "0", "kind": row["kind"] or "open",
                                      "reason": row["reason"] or "no test in virtual time reaches it yet"})
        known["times"] = str(max(int(known["times"]), int(row["times"])))
    return "".join("\t".join(rows[key][name] for name in COLUMNS) + "\n" for key in sorted(rows))


def words(what):
    return {"line": "not executed", "alone": "never decides alone"}.get(what, f"never {what}")
