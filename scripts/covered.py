# SPDX-License-Identifier: MIT
"""What llvm-cov has measured: counts by folder and file, what was never reached,
and the same for other tools (Cobertura).

A measure is {"covered": n, "total": n, "percent": x}; the four are functions,
lines, branches (each side of a condition counts) and mcdc (conditions that were
shown to decide alone).
"""

import collections
import os
import re
import xml.etree.ElementTree as xml

MEASURES = ("functions", "lines", "branches", "mcdc")
# llvm-cov's fields of a branch: where the condition is, how often it was true and false.
Branch = collections.namedtuple("Branch", "line column end_line end_column true false file expanded kind")
# One thing that was not reached.  `what` says it: "line" was not executed, the
# condition was never "true" or "false", it did not decide "alone".
Missed = collections.namedtuple("Missed", "file function what text line")


def measure(counts):
    covered = sum(one["covered"] for one in counts)
    total = sum(one.get("count", one.get("total")) for one in counts)
    return {"covered": covered, "total": total, "percent": round(100 * covered / total, 1) if total else 100.0}


def measures(summaries):
    return {name: measure([one[name] for one in summaries]) for name in MEASURES}


def by_file(data):
    return [{"file": one["filename"], **measures([one["summary"]])} for one in data["files"]]


def by_folder(files):
    """The sums of the files, by folder; src/port/posix is src/port."""
    folders = {}
    for one in files:
        folders.setdefault("/".join(one["file"].split("/")[:2]), []).append(one)
    return [{"folder": folder, **measures(mine)} for folder, mine in sorted(folders.items())]


def line_counts(lcov):
    """Returns {file: {line: how often}} of llvm-cov's LCOV."""
    out, lines = {}, None
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            lines = out.setdefault(line[3:], {})
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            lines[int(number)] = int(count)
    return out


class Sources:
    """The texts of the files, from which a place is named."""

    def __init__(self, root):
        self.root, self.texts = root, {}

    def lines(self, name):
        if name not in self.texts:
            with open(os.path.join(self.root, name), encoding="utf-8") as text:
                self.texts[name] = text.read().split("\n")
        return self.texts[name]

    def line(self, name, number):
        return " ".join(self.lines(name)[number - 1].split())

    def span(self, name, where):
        """The text between two places, on one line and without comments."""
        first, last = where.line - 1, where.end_line - 1
        text = self.lines(name)[first : last + 1]
        text[-1] = text[-1][: where.end_column - 1]
        text[0] = text[0][where.column - 1 :]
        return " ".join(re.sub(r"/\*.*?\*/", " ", " ".join(text)).split()) or self.line(name, where.line)


def short(function):
    """llvm's name of a static function has its file in front."""
    return re.split("[:;]", function)[-1]


def inside(inner, outer):
    return (outer.line, outer.column) <= (inner.line, inner.column) and (
        inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def function_lines(data):
    """Returns {file: {line: function}}."""
    out = {}
    for one in data["functions"]:
        of = out.setdefault(one["filenames"][0], {})
        for region in one["regions"]:
            if region[5] == 0:
                of.update(dict.fromkeys(range(region[0], region[2] + 1), short(one["name"])))
    return out


def missed_lines(counts, owners, sources):
    for name, lines in sorted(counts.items()):
        for number, count in sorted(lines.items()):
            text = sources.line(name, number)
            if count == 0 and re.search(r"\w", text):
                yield Missed(name, owners.get(name, {}).get(number, ""), "line", text, number)


def alone(function, branches):
    """Yields each condition of a function that did not decide alone, though it was true and false."""
    for record in function["mcdc_records"]:
        decision, shown = Branch(*record[:4], 0, 0, 0, record[4], record[5]), record[6]
        conditions = sorted({b[:4]: b for b in branches if b.kind == 6 and b.file == 0 and inside(b, decision)}.values())
        if len(conditions) != len(shown):
            conditions = [decision] * len(shown)
        for condition, was in zip(conditions, shown):
            if not was and (condition is decision or (condition.true and condition.false)):
                yield condition


def merged(functions):
    """An inline function of a header is there once for each file that includes it: what one lacks another may
    have.  Yields each function once, with all that was seen of it."""
    groups = {}
    for one in functions:
        groups.setdefault((one["filenames"][0], short(one["name"])), []).append(one)
    for same in groups.values():
        branches, records = {}, {}
        for one in same:
            for b in one["branches"]:
                key = (*b[:4], one["filenames"][b[6]], b[8])
                before = branches.get(key, (0, 0))
                branches[key] = before[0] + b[4], before[1] + b[5]
            for record in one["mcdc_records"]:
                before = records.get(tuple(record[:4]), (record[4:6], record[6]))
                records[tuple(record[:4])] = record[4:6], [a or b for a, b in zip(before[1], record[6])]
        files = list(dict.fromkeys(key[4] for key in branches)) or same[0]["filenames"][:1]
        files.sort(key=lambda name, first=same[0]["filenames"][0]: name != first)
        yield {"name": same[0]["name"], "count": sum(one["count"] for one in same), "filenames": files,
               "branches": [[*key[:4], *seen, files.index(key[4]), 0, key[5]] for key, seen in branches.items()],
               "mcdc_records": [[*key, *kind, shown] for key, (kind, shown) in records.items()]}


def missed_conditions(data, counts, sources):
    """What conditions lack.  What a line that was not reached says is not said again of its conditions, nor of
    the condition before it; the false side of an assert is what is proved not to be."""
    for function in merged(data["functions"]):
        if not function["count"]:
            continue
        branches = [Branch(*one) for one in function["branches"]]
        decisions = [Branch(*record[:4], 0, 0, 0, 0, 0) for record in function["mcdc_records"]]
        found = [(b, side) for b in branches for side in ("true", "false") if not getattr(b, side)]
        found += [(b, "alone") for b in alone(function, branches)]
        for b, what in found:
            name = function["filenames"][b.file]
            text = sources.span(name, b)
            line = sources.line(name, b.line)
            whole = next((d for d in decisions if b.file == 0 and inside(b, d)), b)
            lines = counts.get(name, {})
            if lines.get(b.line) == 0 or lines.get(whole.end_line + 1) == 0:
                continue
            if text in ("true", "false", "0", "1") or line.startswith("assert("):
                continue
            yield Missed(name, short(function["name"]), what, text, b.line)


def missed(data, lcov, root):
    """Returns everything in `data`, and the lines in `lcov`, that was not reached."""
    sources, counts = Sources(root), line_counts(lcov)
    found = [*missed_lines(counts, function_lines(data), sources), *missed_conditions(data, counts, sources)]
    return sorted(set(found), key=lambda one: (one.file, one.line, one.what, one.text))


def rate(counts):
    return {"covered": str(counts["covered"]), "valid": str(counts["total"]),
            "rate": f"{counts['covered'] / counts['total'] if counts['total'] else 1:.4f}"}


def rates(sums):
    return {"line-rate": rate(sums["lines"])["rate"], "branch-rate": rate(sums["branches"])["rate"], "complexity": "0"}


def sides(branches):
    """Returns {line: (sides that were taken, sides)}."""
    out = {}
    for one in branches:
        b = Branch(*one)
        taken, total = out.get(b.line, (0, 0))
        out[b.line] = taken + bool(b.true) + bool(b.false), total + 2
    return out


def cobertura(data, lcov, version, timestamp):
    """The same as Cobertura's XML (coverage-04.dtd)."""
    files, counts = by_file(data), line_counts(lcov)
    whole = measures(files)
    lines, branches = rate(whole["lines"]), rate(whole["branches"])
    root = xml.Element("coverage", {
        **rates(whole), "lines-covered": lines["covered"], "lines-valid": lines["valid"],
        "branches-covered": branches["covered"], "branches-valid": branches["valid"],
        "version": version, "timestamp": timestamp})
    xml.SubElement(xml.SubElement(root, "sources"), "source").text = "."
    packages = xml.SubElement(root, "packages")
    by_name = {one["filename"]: sides(one["branches"]) for one in data["files"]}
    for folder in by_folder(files):
        package = xml.SubElement(packages, "package", {"name": folder["folder"], **rates(folder)})
        classes = xml.SubElement(package, "classes")
        for one in files:
            if one["file"].startswith(folder["folder"] + "/"):
                add_class(classes, one, counts.get(one["file"], {}), by_name[one["file"]])
    xml.indent(root)
    return '<?xml version="1.0"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def add_class(classes, one, counts, branches):
    name = one["file"]
    place = xml.SubElement(classes, "class", {"name": os.path.basename(name), "filename": name, **rates(one)})
    xml.SubElement(place, "methods")
    lines = xml.SubElement(place, "lines")
    for number, hits in sorted(counts.items()):
        line = xml.SubElement(lines, "line", number=str(number), hits=str(hits), branch="false")
        if number in branches:
            taken, total = branches[number]
            line.set("branch", "true")
            line.set("condition-coverage", f"{100 * taken // total}% ({taken}/{total})")
