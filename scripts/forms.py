# SPDX-License-Identifier: MIT
"""Results in the forms that other tools read: JUnit's XML and SARIF 2.1.0."""

import json
import re
import xml.etree.ElementTree as xml

import conformance
import verdicts
import whole

NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# ---- JUnit ----


def plain(text):
    """XML has no way to say a control character."""
    return NO_XML.sub("?", text)


def took(results):
    """The time of results, if they have one: those of a pack do not."""
    seconds = [result["seconds"] for result in results if "seconds" in result]
    return {"time": f"{sum(seconds):.3f}"} if seconds else {}


def add_case(suite, result):
    case = xml.SubElement(suite, "testcase", name=plain(result["case"]),
                          classname=plain(f"{result['column']}.{result['group']}"), **took([result]))
    text = plain("\n".join(f"{name}: {fact}" for name, fact in conformance.expected_and_seen(result)) + "\n" + result["wire"])
    reason = plain(result["reason"])
    if result["verdict"] == "not-applicable":
        xml.SubElement(case, "skipped", message=reason)
    elif result["verdict"] == "accepted":
        xml.SubElement(case, "skipped", message=plain(f"accepted: {result['accepted']}; {result['reason']}"))
        xml.SubElement(case, "system-out").text = text
    elif result["verdict"] == "fail":
        xml.SubElement(case, "failure", message=reason).text = text
    elif result["verdict"] == "inconclusive":
        xml.SubElement(case, "error", message=reason).text = text
    elif result["verdict"] == "warning":
        xml.SubElement(case, "system-out").text = f"warning: {reason}\n{text}"


def junit(results):
    root = xml.Element("testsuites", name="nxdtls check")
    for target, own in conformance.by_target(results).items():
        found = verdicts.count(own)
        suite = xml.SubElement(root, "testsuite", name=plain(target), tests=str(len(own)),
                               failures=str(found.get("fail", 0)), errors=str(found.get("inconclusive", 0)),
                               skipped=str(found.get("not-applicable", 0) + found.get("accepted", 0)),
                               **took(own))
        for result in own:
            add_case(suite, result)
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


# ---- SARIF ----

LEVELS = {"fail": "error", "accepted": "error", "warning": "warning"}


def rules(results):
    purposes = {}
    for result in results:
        purposes.setdefault(result["purpose"], []).append(result)
    return [{"id": purpose, "shortDescription": {"text": of_it[0]["title"] or of_it[0]["reason"]},
             "properties": {"clauses": conformance.clause_names(of_it)}} for purpose, of_it in sorted(purposes.items())]


def sarif_result(result):
    facts = {name.lower(): text for name, text in conformance.expected_and_seen(result)}
    made = {
        "ruleId": result["purpose"],
        "level": LEVELS[result["verdict"]],
        "message": {"text": f"{result['case']}: {result['reason']}"},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": result["id"]}]}],
        "properties": facts,
    }
    if result["verdict"] == "accepted":
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": result["accepted"]}]
    return made


def sarif(results):
    runs = []
    for target, own in conformance.by_target(results).items():
        found = [result for result in own if result["verdict"] in LEVELS]
        runs.append({
            "tool": {"driver": {"name": "nxdtls check", "semanticVersion": whole.version(), "rules": rules(found)}},
            "automationDetails": {"id": f"nxdtls check/{target}"},
            "results": [sarif_result(result) for result in found],
        })
    return json.dumps({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": runs},
                      indent=1) + "\n"
