# SPDX-License-Identifier: MIT
"""From each requirement to what was made of it, and back: test purposes, checks,
tests with their verdicts, the code whose comments name it, and how much of that
code ran.  As a page, as CSV and as ReqIF.

An orphan is a link that leads nowhere, or a requirement or purpose from which
none leads on.
"""

import csv
import html
import io
import json
import os
import re
import xml.etree.ElementTree as xml

import covered

ROW = re.compile(r"\b(?:[DT]\d{4,6}-[A-Z0-9][\w.]*-\d+|F(?:CS|P|IA|DP|TA)_[A-Z]+(?:_EXT)?\.[\w.]+-T\w+(?:-\w)?|GENERAL-\w+)\b")
CHECK = re.compile(r'\.id = "(P-[^".]+)(.*?)(?=\.id = "|\Z)', re.S)
ROWS = re.compile(r'\.rows =((?:\s*"[^"]*")+)')
PROVES = re.compile(r'\bproves\("([^"]+)"\)')
REQIF = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
# Of an activity of Common Criteria, what this lab leaves to the evaluator.
BY_HAND = {
    "A": "Run it before the target of evaluation and keep the capture: nxdtls check has shown it for our library, not for yours.",
    "C": "Configure the target as the claim says, once for each case, and run it again: the lab cannot change the target.",
    "L": "Run it, then find the entry in the target's audit log: the lab sees the wire alone.",
    "": "All of it: no test of this lab belongs to the activity.",
}


def table(path):
    with open(path, encoding="utf-8") as text:
        return list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))


def sources(root, folder, ending=""):
    for base, folders, names in sorted(os.walk(os.path.join(root, folder))):
        folders.sort()
        for name in sorted(names):
            if name.endswith((ending + ".c", ending + ".h")):
                path = os.path.join(base, name)
                with open(path, encoding="utf-8") as text:
                    yield os.path.relpath(path, root), text.read()


def checks(root):
    """Returns {purpose: (file, rows)} of the tables of checks; a purpose may have several checks."""
    out = {}
    for path, text in sources(root, "harness/check/checks"):
        for match in CHECK.finditer(text):
            named = ROWS.search(match[2])
            rows = " ".join(re.findall(r'"([^"]*)"', named[1])).split() if named else []
            _, before = out.get(match[1], (path, []))
            out[match[1]] = (path, before + [row for row in rows if row not in before])
    return out


def code(root):
    """Returns {row: ["file:line"]} of the comments of src/ and include/."""
    out = {}
    for folder in ("src", "include"):
        for path, text in sources(root, folder):
            for match in ROW.finditer(text):
                out.setdefault(match[0], []).append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}")
    return out


def claimed(root):
    """Returns {row: [file]} of the tests that claim to prove it, before anything has run."""
    out = {}
    for path, text in sources(root, "harness", "_test"):
        if path.startswith("harness/unit/kit/"):  # rows that are none
            continue
        for name in PROVES.findall(text):
            if path not in out.setdefault(name, []):
                out[name].append(path)
    return out


class Tree:
    """All ends of the links, as the files of the tree have them."""

    def __init__(self, root, rows, reviewed):
        self.rows = {row["id"]: row for row in rows}
        self.reviewed = reviewed
        folder = os.path.join(root, "harness", "check")
        self.purposes = {one["id"]: one for one in table(os.path.join(folder, "purposes.tsv"))}
        self.without_check = {one["id"]: one["why"] for one in table(os.path.join(folder, "without_check.tsv"))}
        self.checks, self.code, self.claimed = checks(root), code(root), claimed(root)
        self.by_row = {}
        for one in self.purposes.values():
            for row in self.rows_of(one):
                self.by_row.setdefault(row, []).append(one["id"])
        for purpose, (_, named) in self.checks.items():
            for row in named:
                if purpose not in self.by_row.setdefault(row, []):
                    self.by_row[row].append(purpose)

    def rows_of(self, purpose):
        return re.findall(r"[^,\s]+", purpose["requirements"])

    def orphans(self):
        """Names every link that leads nowhere, and everything from which none leads on."""
        out = []
        for one in self.purposes.values():
            out += [f"purpose {one['id']}: no such requirement: {row}" for row in self.rows_of(one) if row not in self.rows]
            if not self.rows_of(one):
                out.append(f"purpose {one['id']}: names no requirement")
            if one["id"] not in self.checks and one["id"] not in self.without_check:
                out.append(f"purpose {one['id']}: no check, and no reason in without_check.tsv")
        out += [f"without_check.tsv: no such purpose: {one}" for one in self.without_check if one not in self.purposes]
        for one, (path, rows) in self.checks.items():
            if one not in self.purposes:
                out.append(f"{path}: check {one}: no such purpose")
            out += [f"{path}: check {one}: no such requirement: {row}" for row in rows if row not in self.rows]
        for what, ends in (("comment", self.code), ("test", self.claimed)):
            out += [f"{ends[row][0]}: {what}: no such requirement: {row}" for row in sorted(ends) if row not in self.rows]
        for name, row in self.rows.items():
            if not (name in self.by_row or name in self.claimed or name in self.reviewed or row.get("tests")):
                out.append(f"requirement {name}: no purpose, no test and no review")
        return out


def coverage(path, places):
    """Returns {"file:line": percent of the lines of the function there}; {} without a measurement."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as text:
        lcov = text.read()
    counts, out, starts = covered.line_counts(lcov), {}, {}
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            name = line[3:]
        elif line.startswith("FN:"):
            starts.setdefault(name, set()).add(int(line[3:].split(",")[0]))
    for place in places:
        name, line = place.rsplit(":", 1)
        ends = sorted(starts.get(name, ()))
        lines = counts.get(name, {})
        at = [n for n in ends if n <= int(line)]
        # A comment before a function is about that function.
        if not at or not any(int(line) <= n for n in lines if n >= at[-1] and not any(at[-1] < e <= n for e in ends)):
            at = [n for n in ends if n > int(line)][:1]
        if at:
            stop = next((n for n in ends if n > at[-1]), float("inf"))
            mine = [count for n, count in lines.items() if at[-1] <= n < stop]
            out[place] = round(100 * sum(map(bool, mine)) / len(mine)) if mine else None
    return out


def verdicts(folder):
    """Returns {purpose: the verdicts of its cases before our own targets} of nxdtls check's results."""
    out = {}
    for base, _, names in os.walk(folder):
        for name in sorted(names):
            with open(os.path.join(base, name), encoding="utf-8") as lines:
                for line in lines if name.endswith(".jsonl") else ():
                    one = json.loads(line)
                    if one.get("column") in ("engine", "netx"):
                        words = out.setdefault(one["group"].split(".")[0], {})
                        words[one["verdict"]] = words.get(one["verdict"], 0) + 1
    return out


HEAD = ("requirement", "level", "statement", "verdict", "reason", "purposes", "checks", "verdicts of checks", "tests", "code",
        "coverage of the code")


def lines(tree, judged, played, ran):
    """One line for each requirement, by HEAD."""
    for name, row in tree.rows.items():
        verdict, reason, tests = judged[name]
        purposes = tree.by_row.get(name, [])
        places = tree.code.get(name, [])
        words = [f"{one}: " + ", ".join(f"{n} {word}" for word, n in played[one].items()) for one in purposes if one in played]
        yield dict(zip(HEAD, (
            name, row["level"], row["title"], verdict, reason, purposes, [one for one in purposes if one in tree.checks],
            words, tests, places, [f"{place}: {ran[place]} %" for place in places if ran.get(place) is not None])))


def as_csv(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for row in rows:
        writer.writerow("; ".join(row[name]) if isinstance(row[name], list) else row[name] for name in HEAD)
    return out.getvalue()


STYLE = """body{font:15px/1.45 system-ui,sans-serif;margin:2rem 1rem;color:#1d2330;background:#fff}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #ccd3dd;padding:.3rem .5rem;vertical-align:top;text-align:left;overflow-wrap:anywhere}
th{background:#f0f3f8}code{font-size:.85em}.fail,.unproven{background:#fde2e1}.pass{background:#e4f5e6}.xfail{background:#fff3d6}
@media(prefers-color-scheme:dark){body{color:#e4e8f0;background:#14171d}th{background:#232936}th,td{border-color:#3a4252}
.fail,.unproven{background:#5a2322}.pass{background:#1d4324}.xfail{background:#574514}}"""


def cell(value, kind="td", css=""):
    text = "<br>".join(html.escape(one) for one in value) if isinstance(value, list) else html.escape(value)
    return f"<{kind}{f' class={chr(34)}{css}{chr(34)}' if css else ''}>{text}</{kind}>"


def as_html(tree, rows, of, orphans):
    """The page: what leads nowhere, the activities with what is left to do by hand, then every requirement."""
    body = [f"<h1>Traceability</h1><p>Of commit <code>{html.escape(of)}</code>. Requirement, test purpose, check, test, verdict, "
            "code, coverage; the same is in <a href=\"trace.csv\">trace.csv</a> and <a href=\"trace.reqif\">trace.reqif</a>.</p>"]
    body.append("<h2>Links that lead nowhere</h2>" + ("".join(f"<p class=\"fail\">{html.escape(one)}</p>" for one in orphans)
                                                      or "<p>None.</p>"))
    groups = {}
    for row in rows:
        groups.setdefault(tree.rows[row["requirement"]]["group"], []).append(row)
    for group, mine in groups.items():
        body.append(f"<h2>{html.escape(group)}</h2>" + (activities(tree, mine) if group == "CC activities" else plain(mine)))
    return (f"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Traceability</title><style>{STYLE}</style></head>"
            f"<body>{chr(10).join(body)}</body></html>\n")


def plain(rows):
    head = "".join(cell(name, "th") for name in HEAD)
    return f"<table><tr>{head}</tr>" + "".join(
        f"<tr id=\"{html.escape(row['requirement'])}\">" + "".join(
            cell(row[name], css=row["verdict"] if name == "verdict" else "") for name in HEAD) + "</tr>" for row in rows) + "</table>"


def activities(tree, rows):
    head = "".join(cell(name, "th") for name in ("activity", "what is done", "verdict expected", "verdict of our library", "tests",
                                                 "what an evaluator does by hand"))
    out = [f"<table><tr>{head}</tr>"]
    for row in rows:
        of = tree.rows[row["requirement"]]
        mode = of["mode"] if of.get("tests") else ""
        out.append(f"<tr id=\"{html.escape(row['requirement'])}\">" + cell(row["requirement"]) + cell(of["action"])
                   + cell(of["expected"]) + cell(f"{row['verdict']} {row['reason']}".strip(), css=row["verdict"])
                   + cell(row["tests"]) + cell(BY_HAND[mode]) + "</tr>")
    return "".join(out) + "</table>"


class Reqif:
    """A ReqIF 1.2 document: an object for each requirement, purpose, test and place in the code, a relation for each link."""

    TYPES = ("requirement", "purpose", "test", "code")
    FIELDS = ("text", "verdict")
    LINKS = {"purpose": "is covered by", "test": "is proved by", "code": "is obeyed by"}

    def __init__(self, time):
        self.time, self.objects, self.relations = time, {}, {}
        self.root = xml.Element("REQ-IF", {"xmlns": REQIF})
        header = xml.SubElement(xml.SubElement(self.root, "THE-HEADER"), "REQ-IF-HEADER", IDENTIFIER="nxdtls-trace")
        for name, text in (("CREATION-TIME", time), ("REQ-IF-TOOL-ID", "nxdtls"), ("REQ-IF-VERSION", "1.0"),
                           ("SOURCE-TOOL-ID", "nxdtls scripts/requirements"), ("TITLE", "nxdtls: traceability")):
            xml.SubElement(header, name).text = text
        self.content = xml.SubElement(xml.SubElement(self.root, "CORE-CONTENT"), "REQ-IF-CONTENT")
        self.add("DATATYPES", "DATATYPE-DEFINITION-STRING", "type-string", {"MAX-LENGTH": "65535"})
        types = xml.SubElement(self.content, "SPEC-TYPES")
        for name in self.TYPES:
            one = self.element(types, "SPEC-OBJECT-TYPE", f"type-{name}", {"LONG-NAME": name})
            fields = xml.SubElement(one, "SPEC-ATTRIBUTES")
            for field in self.FIELDS:
                at = self.element(fields, "ATTRIBUTE-DEFINITION-STRING", f"type-{name}-{field}", {"LONG-NAME": field})
                xml.SubElement(xml.SubElement(at, "TYPE"), "DATATYPE-DEFINITION-STRING-REF").text = "type-string"
        for name, text in self.LINKS.items():
            self.element(types, "SPEC-RELATION-TYPE", f"type-to-{name}", {"LONG-NAME": text})
        self.element(types, "SPECIFICATION-TYPE", "type-list", {"LONG-NAME": "list"})
        self.spec_objects = xml.SubElement(self.content, "SPEC-OBJECTS")
        self.spec_relations = xml.SubElement(self.content, "SPEC-RELATIONS")

    def element(self, parent, tag, name, more):
        return xml.SubElement(parent, tag, {"IDENTIFIER": name, "LAST-CHANGE": self.time, **more})

    def add(self, group, tag, name, more):
        return self.element(xml.SubElement(self.content, group), tag, name, more)

    def put(self, kind, name, text="", verdict=""):
        """An object, once; returns its identifier."""
        key = (kind, name)
        if key in self.objects:
            return self.objects[key]
        self.objects[key] = identifier = f"{kind}-{len(self.objects)}"
        one = self.element(self.spec_objects, "SPEC-OBJECT", identifier, {"LONG-NAME": name})
        values = xml.SubElement(one, "VALUES")
        for field, value in zip(self.FIELDS, (text, verdict)):
            at = xml.SubElement(values, "ATTRIBUTE-VALUE-STRING", {"THE-VALUE": value})
            xml.SubElement(xml.SubElement(at, "DEFINITION"), "ATTRIBUTE-DEFINITION-STRING-REF").text = f"type-{kind}-{field}"
        xml.SubElement(xml.SubElement(one, "TYPE"), "SPEC-OBJECT-TYPE-REF").text = f"type-{kind}"
        return identifier

    def link(self, source, kind, target):
        identifier = f"link-{len(self.relations)}"
        self.relations[identifier] = (source, target)
        one = self.element(self.spec_relations, "SPEC-RELATION", identifier, {})
        for tag, name in (("TARGET", target), ("SOURCE", source)):
            xml.SubElement(xml.SubElement(one, tag), "SPEC-OBJECT-REF").text = name
        xml.SubElement(xml.SubElement(one, "TYPE"), "SPEC-RELATION-TYPE-REF").text = f"type-to-{kind}"

    def text(self):
        self.specifications()
        xml.indent(self.root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(self.root, encoding="unicode") + "\n"

    def specifications(self):
        """One list of all requirements, in order."""
        spec = self.add("SPECIFICATIONS", "SPECIFICATION", "requirements", {"LONG-NAME": "Requirements"})
        xml.SubElement(xml.SubElement(spec, "TYPE"), "SPECIFICATION-TYPE-REF").text = "type-list"
        children = xml.SubElement(spec, "CHILDREN")
        for (kind, _), identifier in self.objects.items():
            if kind == "requirement":
                one = self.element(children, "SPEC-HIERARCHY", f"place-{identifier}", {})
                xml.SubElement(xml.SubElement(one, "OBJECT"), "SPEC-OBJECT-REF").text = identifier


def as_reqif(tree, rows, time):
    out = Reqif(time)
    for row in rows:
        source = out.put("requirement", row["requirement"], row["statement"], row["verdict"])
        for one in row["purposes"]:
            purpose = tree.purposes.get(one, {"purpose": ""})["purpose"]
            out.link(source, "purpose", out.put("purpose", one, purpose))
        for one in row["tests"]:
            out.link(source, "test", out.put("test", one))
        for one in row["code"]:
            out.link(source, "code", out.put("code", one))
    return out.text()
