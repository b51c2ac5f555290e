# SPDX-License-Identifier: MIT
"""What two runs of one commit and seed have in common, and what is of one run
alone: seconds, rates, ports, process ids, the datagrams of what is played in real
time, how often a line ran.  The pack has the one in its files and the other in
times.json, or not at all.
"""

import json
import re

# Played in real time, by processes that choose ports: only what was asked and judged is the same.
REAL_TIME = ("crowd", "fuzz", "interop-stock", "interop-stock-asan", "tests")
JUDGED = ("area", "id", "run", "group", "column", "order", "title", "verdict", "reason", "accepted", "expected", "requirements",
          "replay", "settings")
HITS = re.compile(r"((?:covered-line|tooltip-content)'>(?:<pre>)?)[\d.]*[1-9][\d.]*[kMGTPEZY]?(?=<)")
CREATED = re.compile(r"<h4>Created: [^<]*</h4>")


def split(result):
    """Returns the result as every run has it, and what is of this run."""
    own = {"seconds"} if result["area"] not in REAL_TIME else result.keys() - set(JUDGED)
    return ({name: value for name, value in result.items() if name not in own},
            {name: result[name] for name in sorted(own) if name in result})


def in_order(results):
    """In the tool's own order, or that of their names; they stand as they ended."""
    return sorted(results, key=lambda one: (one["area"], one.get("order", 0), one["id"]))


def as_lines(results):
    return "".join(json.dumps(one, sort_keys=True) + "\n" for one in results)


def once(match):
    """A count that is not 0 becomes 1."""
    return match[1] + "1"


def lcov(text):
    """Whether a line, a branch or a function ran, not how often."""
    text = re.sub(r"^(DA:\d+,)[1-9]\d*", once, text, flags=re.M)
    text = re.sub(r"^(BRDA:\d+,\d+,\d+,)[1-9]\d*", once, text, flags=re.M)
    return re.sub(r"^(FNDA:)[1-9]\d*(?=,)", once, text, flags=re.M)


def cobertura(text):
    return re.sub(r'(\bhits=")[1-9]\d*', once, text)


def source_view(text):
    """A page of llvm-cov."""
    return HITS.sub(once, CREATED.sub("", text))


def coverage(name, text):
    """A file of scripts/coverage."""
    for ending, change in ((".lcov", lcov), (".xml", cobertura), (".html", source_view)):
        if name.endswith(ending):
            return change(text)
    return text
