# SPDX-License-Identifier: MIT
"""Do results follow the schemas of reports/schema?"""

import json
import os

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
         "number": (int, float)}


def schema(name):
    with open(os.path.join(ROOT, "reports", "schema", name), encoding="utf-8") as text:
        return json.load(text)


def errors(value, rule, root=None, where="it"):
    """What is wrong with the value; of JSON Schema only what our schemas use."""
    root = root or rule
    if "$ref" in rule:
        rule = root["$defs"][rule["$ref"].rpartition("/")[2]]
    kind = rule.get("type")
    if kind and (not isinstance(value, KINDS[kind]) or (kind != "boolean" and isinstance(value, bool))):
        return [f"{where} is no {kind}"]
    out = []
    if "enum" in rule and value not in rule["enum"]:
        out.append(f"{where}: {value!r}")
    if "minimum" in rule and value < rule["minimum"]:
        out.append(f"{where}: {value} below {rule['minimum']}")
    if "maximum" in rule and value > rule["maximum"]:
        out.append(f"{where}: {value} above {rule['maximum']}")
    if kind == "array":
        for item in value:
            out += errors(item, rule.get("items", {}), root, where + "[]")
    if kind == "object":
        known = rule.get("properties", {})
        out += [f"{where} lacks {name}" for name in rule.get("required", []) if name not in value]
        for name, item in value.items():
            inner = known.get(name, rule.get("additionalProperties", {}))
            if inner is False:
                out.append(f"{where} has {name}")
            else:
                out += errors(item, inner, root, f"{where}.{name}")
    return out
