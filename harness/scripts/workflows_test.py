# SPDX-License-Identifier: MIT
"""The files of .github/workflows: what a host that runs them would refuse, and what
we ask of each.  Debian has no linter for them, so this is ours; it knows the keys
that GitHub documents.
"""

import pathlib
import re
import subprocess
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EVENTS = {"push", "pull_request", "schedule", "workflow_dispatch"}
TOP = {"name", "on", "permissions", "concurrency", "env", "defaults", "jobs", "run-name"}
JOB = {"name", "needs", "if", "permissions", "runs-on", "container", "timeout-minutes", "concurrency", "strategy", "env",
       "defaults", "outputs", "services", "continue-on-error", "steps", "environment"}
STEP = {"id", "name", "if", "uses", "with", "run", "env", "shell", "working-directory", "continue-on-error",
        "timeout-minutes"}
SCOPES = {"actions", "attestations", "checks", "contents", "deployments", "id-token", "issues", "packages", "pages",
          "pull-requests", "security-events", "statuses"}
CONTEXTS = {"github", "secrets", "matrix", "steps", "needs", "env", "runner", "job", "inputs", "vars"}
# What an action needs of the token, beyond reading.
NEEDS = {"github/codeql-action/upload-sarif": ("security-events", "write")}
FIELD = r"(?:\*|\d+(?:-\d+)?)(?:/\d+)?(?:,(?:\*|\d+(?:-\d+)?)(?:/\d+)?)*"


class Loader(yaml.SafeLoader):
    """YAML 1.2's booleans: `on` is a word.  A key that stands twice is an error."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def mapping(loader, node):
    keys = [key.value for key, _ in node.value]
    if len(keys) != len(set(keys)):
        raise yaml.YAMLError(f"a key stands twice: {keys}")
    return loader.construct_mapping(node, deep=True)


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)


def unknown(what, given, known):
    return [f"{what}: unknown {name}" for name in sorted(set(given) - known)]


def permissions_errors(what, given):
    if isinstance(given, str):
        return [] if given in ("read-all", "{}") else [f"{what}: permissions {given}"]
    return (unknown(what, given, SCOPES)
            + [f"{what}: {name}: {value}" for name, value in given.items() if value not in ("read", "write", "none")])


def event_errors(on):
    events = [on] if isinstance(on, str) else list(on)
    errors = unknown("on", events, EVENTS)
    for one in (on.get("schedule") or []) if isinstance(on, dict) else []:
        if not re.fullmatch(r" ".join([FIELD] * 5), one["cron"]):
            errors.append(f"cron: {one['cron']}")
    return errors


def run_errors(what, text, root):
    """The command as bash reads it, and the files of ours that it names."""
    shell = re.sub(r"\$\{\{.*?\}\}", "1", text)
    done = subprocess.run(["bash", "-n"], input=shell, capture_output=True, text=True, check=False)
    errors = [f"{what}: {done.stderr.strip()}"] if done.returncode else []
    for name in re.findall(r"(?:^|\s)((?:scripts|\.ci|interop)/[\w.-]+)", text):
        if not (root / name).exists():
            errors.append(f"{what}: there is no {name}")
    return errors


def step_errors(what, step, job, ids, root):
    errors = unknown(what, step, STEP)
    if ("uses" in step) == ("run" in step):
        errors.append(f"{what}: not one of uses and run")
    if "uses" in step and not re.fullmatch(r"[\w.-]+/[\w./-]+@(?:v\d[\w.]*|[0-9a-f]{40})", step["uses"]):
        errors.append(f"{what}: {step['uses']} names no version")
    scope, right = NEEDS.get(step.get("uses", "").partition("@")[0], (None, None))
    if scope and not (isinstance(job["permissions"], dict) and job["permissions"].get(scope) == right):
        errors.append(f"{what}: the token lacks {scope}: {right}")
    if "run" in step:
        errors += run_errors(what, step["run"], root)
    for name in re.findall(r"steps\.([\w-]+)\.", str(step)):
        if name not in ids:
            errors.append(f"{what}: no step before it is {name}")
    return errors


def expression_errors(what, job):
    errors = []
    matrix = set(job.get("strategy", {}).get("matrix", {}))
    for inside in re.findall(r"\$\{\{(.*?)\}\}", str(job)):
        for context, name in re.findall(r"\b([a-z]+)\.([\w-]+)", inside):
            if context not in CONTEXTS:
                errors.append(f"{what}: unknown context {context}")
            if context == "matrix" and name not in matrix:
                errors.append(f"{what}: matrix has no {name}")
    return errors


def job_errors(name, job, jobs, top, root):
    errors = unknown(name, job, JOB)
    needs = job.get("needs", [])
    for one in [needs] if isinstance(needs, str) else needs:
        if one not in jobs:
            errors.append(f"{name}: needs {one}, which is no job")
    if not isinstance(job.get("timeout-minutes"), int):
        errors.append(f"{name}: no timeout-minutes")
    if "runs-on" not in job:
        errors.append(f"{name}: no runs-on")
    errors += permissions_errors(name, job.get("permissions", {})) + expression_errors(name, job)
    rights = dict(job, permissions=job.get("permissions", top.get("permissions")))
    ids = set()
    for number, step in enumerate(job.get("steps", []), 1):
        errors += step_errors(f"{name}, step {number}", step, rights, ids, root)
        ids.add(step.get("id"))
    return errors


def errors_of(text, root=ROOT):
    try:
        top = yaml.load(text, Loader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        return [str(error)]
    errors = unknown("top", top, TOP) + event_errors(top.get("on", ""))
    if "permissions" not in top:
        return errors + ["top: no permissions: the token may do everything"]
    errors += permissions_errors("top", top["permissions"])
    for name, job in top.get("jobs", {}).items():
        errors += job_errors(name, job, top["jobs"], top, root)
    return errors


GOOD = """name: one
on: {push: {branches: [main]}}
permissions: read-all
jobs:
  a:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {security-events: write}
    strategy:
      matrix: {n: [1]}
    steps:
      - id: first
        uses: actions/checkout@v4
      - run: scripts/test ${{ matrix.n }}
      - uses: github/codeql-action/upload-sarif@v3
        if: steps.first.outcome == 'success'
"""
# What is changed, and what must be said of it.
BAD = (
    ("permissions: read-all\n", "", "no permissions"),
    ("permissions: read-all", "permissions: write-all", "permissions write-all"),
    ("{security-events: write}", "{security-events: read}", "lacks security-events: write"),
    ("{security-events: write}", "{security: write}", "unknown security"),
    ("timeout-minutes: 5\n", "name: x\n", "no timeout-minutes"),
    ("timeout-minutes: 5\n", "timeout-minutes: 5\n    timeout: 5\n", "unknown timeout"),
    ("timeout-minutes: 5\n", "timeout-minutes: 5\n    timeout-minutes: 6\n", "stands twice"),
    ("timeout-minutes: 5\n", "timeout-minutes: 5\n    needs: b\n", "needs b"),
    ("checkout@v4", "checkout", "names no version"),
    ("checkout@v4", "checkout@main", "names no version"),
    ("matrix.n ", "matrix.m ", "matrix has no m"),
    ("scripts/test", "scripts/tests", "there is no scripts/tests"),
    ("scripts/test", "if scripts/test", "syntax error"),
    ("steps.first.", "steps.second.", "no step before it is second"),
    ("{push: {branches: [main]}}", "{pushed: {}}", "unknown pushed"),
    ("{push: {branches: [main]}}", "{schedule: [{cron: '1 2 3 4'}]}", "cron: 1 2 3 4"),
    ("name: one", "name: [one", "while parsing"),
)


class Workflows(unittest.TestCase):
    def test_each_file(self):
        self.assertGreaterEqual(len(FILES), 7)
        for path in FILES:
            with self.subTest(path.name):
                self.assertEqual(errors_of(path.read_text("utf-8")), [])

    def test_each_rule_is_broken_once(self):
        self.assertEqual(errors_of(GOOD), [])
        for old, new, words in BAD:
            with self.subTest(new):
                self.assertIn(old, GOOD)
                self.assertIn(words, "; ".join(errors_of(GOOD.replace(old, new, 1))))


if __name__ == "__main__":
    unittest.main()
