# SPDX-License-Identifier: MIT
"""The pages of the lab: reports/index.html, and reports/pages/ for the rest.

Each page is a template of reports/templates with what stands in the results.
A page needs no network and no script; site.js adds the filters.
"""

import itertools
import os
import pathlib
import re
import shutil
import tempfile

import jinja2
import markdown
from markupsafe import Markup

import conformance
import curves
import verdicts
import whole

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "reports" / "templates"
LIMITS = ROOT / "docs" / "limits.md"
FOLDER = "pages"
# (page, what it is called, template), in the order in which people look.
CHAPTERS = (
    ("interop.html", "Interop", "interop.html"),
    ("conformance.html", "Conformance", "conformance.html"),
    ("profiles.html", "Profiles", "profiles.html"),
    ("targets.html", "Targets", "targets.html"),
    ("machines.html", "Machines", "machines.html"),
    ("bugs.html", "Planted bugs", "bugs.html"),
    ("fuzz.html", "Fuzzing", "fuzz.html"),
    ("coverage.html", "Coverage", "coverage.html"),
    ("bench.html", "Speed", "bench.html"),
    ("limits.html", "Limits", "limits.html"),
    ("tests.html", "Tests", "list.html"),
    ("versions.html", "Versions", "versions.html"),
    ("audit.html", "Audit", "audit.html"),
)
# What an area of results is called, and what it is.
AREAS = {
    "interop": ("Libraries against each other", "Every library as client and as server on a simulated network, in virtual time."),
    "interop-asan": ("The same under sanitizers", "A smaller part of the cells, with address and undefined-behaviour sanitizers in our code."),
    "interop-stock": ("Stock programs", "Programs as Debian ships them, against ours, over real UDP; a relay makes the network bad."),
    "interop-stock-asan": ("Stock programs under sanitizers", "The same with sanitizers in our programs."),
    "crowd": ("Many clients at once", "200 clients and a flood of junk before one server of ours."),
    "loss": ("Handshakes under loss", "Each library with itself: 10 ms each way, first timeout 1 s."),
    "conformance": ("Requirements", "Each row is what an RFC or a guideline asks for; it passes if every test that names it passed."),
    "cc": ("Common Criteria", "The tests that the protection profiles ask for."),
    "cc-activities": ("Assurance activities", "What the protection profiles have an evaluator do."),
    "check": ("Conformance checks", "nxdtls check: each check plays a peer that misbehaves, and judges on the wire what comes back."),
    "planted": ("Planted bugs", "A known bug of another stack is put into a copy of ours; it passes if a test notices."),
    "omissions": ("Forgotten steps", "A step of docs/changing.md is left out; it passes if something complains."),
    "mutants": ("Mutants", "A small change in src/; it passes if a test fails with it, and is a warning if it survives."),
    "fuzz": ("Fuzzing", "A short run of each target from its corpus; the planted bug must be found."),
    "tests": ("Tests", "The test programs of this project."),
    "coverage": ("Coverage", "What of src/ ran in all tests."),
    "bench": ("Speed", "The engine beside other libraries."),
}
# What parts of the evidence are called.
HEADINGS = {
    "wire": "On the wire (> from the client)", "ours": "What our program said", "peer": "What the peer said",
    "client": "What the client did", "server": "What the server did", "ends": "How both ends ended",
    "output": "The end of the output", "tests": "Tests that show it",
}
# Parts of a result that its evidence shows in a place of their own.
SHOWN = {"area", "id", "detail", "order", "group", "column", "title", "verdict", "reason", "expected", "observed", "accepted",
         "requirements", "replay", "commands", "capture", "evidence", "settings", "details", "seconds", "page", "anchor",
         "case", "purpose", "wire", "run", "trace"}
DOCUMENT = re.compile(r"(?P<kind>[DT])(?P<number>\d{4,6})-(?P<section>.+)-\d+")
# The areas whose results are requirements.
DEMANDS = ("conformance", "cc", "cc-activities")
GUIDES = {"T02102": "BSI TR-02102-2", "T031163": "BSI TR-03116-3", "T031164": "BSI TR-03116-4"}


def slug(text):
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-")


def pasted(line):
    """A replay line as it works in the project's folder: results do not say where `nxdtls` is."""
    return re.sub(r"^nxdtls ", "build/dev/bin/nxdtls ", line)


def document(row):
    """Of a requirement: (the file's name, its document, its section)."""
    found = DOCUMENT.fullmatch(row)
    if not found:
        return "common-criteria", "Common Criteria", row.split(".")[0]
    name = found["kind"] + found["number"]
    return name, GUIDES.get(name, f"RFC {found['number']}"), found["section"]


def by_number(section):
    """The key that sorts sections: 4.2.10 behind 4.2.9."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in section.split(".")]


def on_a_network(result):
    return "letter" in result["settings"]


def place(result):
    """The page on which a result stands."""
    area = result["area"]
    if area == "check":
        return f"target-{slug(result['column'])}{'-' + slug(family(result['purpose'])) if result['verdict'] in verdicts.NEWS else ''}.html"
    if area in DEMANDS:
        return f"requirements-{slug(document(result['id'])[0])}.html"
    if on_a_network(result):
        return f"{area}-{slug(result['group'])}-{slug(result['column'])}.html"
    if area.startswith("interop-stock"):
        return f"{area}-{slug(result['column'])}.html"
    return f"{slug(area)}.html"


def placed(results):
    """Results that know their page and place, the worst first."""
    for result in results:
        result.setdefault("settings", {})
        result.update(page=place(result), anchor=slug(f"{result['area']}-{result['id']}"), reason=result.get("reason", ""),
                      title=result.get("title") or result.get("detail", ""))
    return sorted(results, key=lambda r: (verdicts.ORDER.index(r["verdict"]), r.get("order", 0), r["id"]))


def told(result):
    """The evidence of a result: (heading, kind, what stands there)."""
    details = dict(result.get("details", {}))
    checks = details.pop("checks", None)
    own = [f"{name}: {value}" for name, value in result.items() if name not in SHOWN and not isinstance(value, (dict, list))]
    parts = [("Why", "text", result.get("reason")), ("Accepted because", "text", result.get("accepted"))]
    if checks:
        parts.append(("Expected and seen", "checks", checks))
    else:
        parts += [("Expected", "text", result.get("expected")), ("Seen", "text", result.get("observed"))]
    parts += [("Clauses", "text", "; ".join(conformance.clause_names([{"requirements": [], **result}]))),
              ("Do it again, in the project's folder", "replay", pasted(result.get("replay", ""))),
              ("Command lines", "lines", result.get("commands")),
              ("Versions", "lines", [f"{name}: {version}" for name, version in result.get("versions", {}).items()]),
              ("Capture", "file", result.get("capture")), ("Evidence", "file", result.get("evidence"))]
    parts += [(HEADINGS.get(name, name), "lines", [lines] if isinstance(lines, str) else lines) for name, lines in details.items()]
    parts.append(("Further numbers", "lines", own))
    return [part for part in parts if part[2]]


def in_order(summary):
    """The areas of a summary, as AREAS has them, then those that it does not have."""
    found = {name: one for name, one in summary.items() if isinstance(one, dict) and "verdicts" in one}
    return [(name, found[name]) for name in [*AREAS, *(name for name in found if name not in AREAS)] if name in found]


def groups(results, key):
    out = {}
    for result in results:
        out.setdefault(key(result), []).append(result)
    return out


def family(purpose):
    """P-HSH of P-HSH-7.inside/client."""
    return purpose.partition("/")[0].partition(".")[0].rpartition("-")[0]


def networks(results):
    """A matrix of clients and servers: a letter for each scenario, with the worst that came of it."""
    results = sorted(results, key=lambda r: r.get("order", 0))
    ends = list(dict.fromkeys(end for r in results for end in (r["group"], r["column"])))
    scenes = {r["settings"]["letter"]: r["settings"] for r in results}
    cells = groups(results, lambda r: (r["group"], r["column"]))
    for key, found in cells.items():
        found.sort(key=lambda r: verdicts.ORDER.index(r["verdict"]))
        cells[key] = sorted(groups(found, lambda r: r["settings"]["letter"]).items())
    return {"ends": ends, "scenes": sorted(scenes.items()), "cells": cells}


def searched(result):
    """The words by which a filter finds a cell of a network."""
    s = result["settings"]
    return " ".join([result["verdict"], *(s.get(name, "") for name in ("scenario", "suite", "kx", "auth", "variant", "cookie"))])


def known_limits(results):
    """[(why, how many cells show it, one of them)] of the cells that are accepted."""
    found = groups((r for r in results if r["area"].startswith("interop") and r["verdict"] == "accepted"),
                   lambda r: r.get("reason", "").partition("; seen: ")[0])
    return sorted(((why, len(cells), cells[0]) for why, cells in found.items()), key=lambda row: -row[1])


def our_limits():
    """docs/limits.md as HTML; links out of it lead nowhere here, so they are text."""
    text = LIMITS.read_text("utf-8") if LIMITS.exists() else ""
    made = markdown.markdown(text.partition("\n")[2], extensions=["tables"])
    made = re.sub(r"<a [^>]*>(.*?)</a>", r"\1", made)
    number = itertools.count(1)
    wide = lambda found: f'<div class="wide" tabindex="0" role="region" aria-label="limits {next(number)}">{found[0]}</div>'
    return Markup(re.sub(r"<table>.*?</table>", wide, made, flags=re.S))


def documents(rows, targets):
    """[(page, document, its rows, {target: results of checks that name one of its rows})]"""
    named = {}
    for target, results in targets.items():
        for result in results:
            for name in {document(row)[0] for row in result["requirements"]}:
                named.setdefault((target, name), []).append(result)
    out = [(found[0]["page"], document(found[0]["id"])[1], found, {target: named.get((target, name), []) for target in targets})
           for name, found in groups(rows, lambda r: document(r["id"])[0]).items()]
    return sorted(out, key=lambda row: row[1])


def machine_rows(machine):
    """{state: [(input, output, next)]} with the inputs that have the same answer joined."""
    states = {}
    for state, letter, answer, after in machine["steps"]:
        states.setdefault(state, {}).setdefault((answer, after), []).append(letter)
    return {state: [(letters, answer, after) for (answer, after), letters in ways.items()] for state, ways in states.items()}


def environment():
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
                             undefined=jinja2.StrictUndefined)
    env.globals.update(
        CHAPTERS=CHAPTERS, AREAS=AREAS, WORDS=verdicts.WORDS, NEWS=verdicts.NEWS, count=verdicts.count, worst=verdicts.worst,
        curves=curves, differ=conformance.differ, told=told, slug=slug, searched=searched, in_order=in_order, machine_rows=machine_rows,
        spelled=lambda found: ", ".join(f"{number} {word}" for word, number in found.items()),
        by=lambda results, field: groups(results, lambda r: r[field]),
        bench_of=lambda runs, name: [run["bench"].get(name) for run in runs],
        families=lambda rows: groups(rows, lambda row: family(row[0])),
        by_target=lambda nights: groups(nights, lambda night: f"{night['target']} {night['engine']}"))
    env.tests["on_a_network"] = on_a_network
    env.filters["thousands"] = lambda n: f"{n:,}"
    env.filters["figures"] = lambda n: f"{n:,.0f}" if abs(n) >= 1000 else f"{n:.4g}"
    env.filters["as_number"] = lambda head: "#" + head
    return env


def of_checks(results):
    """One page about the results of nxdtls check, for scripts/check-report; it stands alone."""
    targets = conformance.by_target(placed([{**result, "area": "check"} for result in results]))
    env = environment()
    return env.get_template("check.html").render(
        style=Markup((TEMPLATES / "site.css").read_text("utf-8")), targets=targets, to=None, up=lambda path: path,
        file=lambda path: path, profiles=list(conformance.profiles(targets)), clauses=conformance.by_clause(targets),
        differences=conformance.differences(targets))


class Site:
    """The pages of one run; write() makes them all, or leaves those that are there."""

    def __init__(self, reports, about):
        self.reports, self.env = pathlib.Path(reports), environment()
        self.results = placed(about["results"])
        areas = groups(self.results, lambda r: r["area"])
        targets = conformance.by_target(areas.get("check", []))
        self.demands = [r for area in DEMANDS for r in areas.get(area, [])]
        self.about = {
            **about, "results": self.results, "areas": areas, "targets": targets, "documents": documents(self.demands, targets),
            "profiles": list(conformance.profiles(targets)) if targets else [], "differences": conformance.differences(targets),
            "known": known_limits(self.results), "networks": networks, "limits": our_limits}

    def html(self, name, template, title, **more):
        """The text of a page; `name` says how it links to the others."""
        front = name == "index.html"
        up = "" if front else "../"
        to = lambda page: up + page if page == "index.html" else (FOLDER + "/" if front else "") + page
        return self.env.get_template(template).render(
            name=name, title=title, to=to, up=lambda path: up + path, file=self.file, **self.about, **more)

    def file(self, path):
        """Where a file of the evidence is from reports/, or None if it is not there."""
        path = path.removeprefix("reports/")
        return path if not os.path.isabs(path) and (self.reports / path).exists() else None

    def chapters(self):
        for name, title, template in CHAPTERS:
            yield name, self.html(name, template, title, listed=self.about["areas"].get("tests", []), area="tests")

    def documents(self):
        """A page for each document: by section, what it asks for, and what the checks say of it."""
        clauses = {text: cells for rows in conformance.by_clause(self.about["targets"]).values() for text, cells in rows}
        for name, rows in groups(self.demands, lambda r: r["page"]).items():
            title = document(rows[0]["id"])[1]
            sections = groups(rows, lambda r: document(r["id"])[2])
            checks = {section: clauses[f"{title}, {section}"] for section in sections if f"{title}, {section}" in clauses}
            words = {word for cells in checks.values() for found in cells for word in found} | {r["verdict"] for r in rows}
            yield name, self.html(name, "requirements.html", title, checks=checks, words=words,
                                  sections=sorted(sections.items(), key=lambda one: by_number(one[0])))

    def targets(self):
        for target, found in self.about["targets"].items():
            name = f"target-{slug(target)}.html"
            yield name, self.html(name, "target.html", target, found=found)

    def lists(self):
        """The pages that are a list of results, those of cells of a matrix among them."""
        chapters = [name for name, _, _ in CHAPTERS]
        other = lambda r: r["area"] in DEMANDS or r["page"] in chapters or (r["area"] == "check" and r["verdict"] not in verdicts.NEWS)
        for name, found in groups((r for r in self.results if not other(r)), lambda r: r["page"]).items():
            area = found[0]["area"]
            title = AREAS.get(area, (area, ""))[0]
            if area == "check":
                title = f"{found[0]['column']}, {family(found[0]['purpose'])}"
            if area.startswith("interop"):
                title = f"{found[0]['group']} > {found[0]['column']}" if on_a_network(found[0]) else found[0]["column"]
            yield name, self.html(name, "list.html", title, listed=found, area=area)

    def write(self):
        folder = tempfile.mkdtemp(dir=self.reports, prefix=".pages")
        try:
            for name, text in itertools.chain(self.chapters(), self.documents(), self.targets(), self.lists()):
                whole.write(os.path.join(folder, name), text)
            for name in ("site.css", "site.js"):
                shutil.copyfile(TEMPLATES / name, os.path.join(folder, name))
            failed = [step for step in self.about["summary"]["steps"] if step["end"].startswith("failed")]
            front = self.html("index.html", "index.html", "nxdtls lab", failed_steps=failed)
            os.chmod(folder, 0o755)
            shutil.rmtree(self.reports / FOLDER, ignore_errors=True)
            os.rename(folder, self.reports / FOLDER)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        whole.write(self.reports / "index.html", front)
