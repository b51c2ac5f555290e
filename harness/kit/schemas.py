# SPDX-License-Identifier: MIT
"""Do results follow the schemas of reports/schema?"""

import json
import os

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def schema(name):
    with open(os.path.join(ROOT, "reports", "schema", name), encoding="utf-8") as text:
        return json.load(text)


def errors(value, rule):
    """What is wrong with the value."""
    jsonschema.Draft202012Validator.check_schema(rule)
    return [f"{one.json_path}: {one.message}" for one in jsonschema.Draft202012Validator(rule).iter_errors(value)]
