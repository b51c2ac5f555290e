#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the status values that tests produce with those that the reference lists.

usage: status_codes.py --check|--write PAGE PROGRAM...

Runs the test programs, whose names end in _checked or _unchecked (built with
NX_SECURE_DISABLE_ERROR_CHECKING), and reads their lines

    [ RUN      ] TEST
    produces: SERVICE STATUS

Both builds must produce every row of values.tsv, except those of
not_produced.tsv (at most 20), which neither build may produce.  --write writes
PAGE from the result; --check fails if PAGE is not what --write would write.
"""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
MAX_NOT_PRODUCED = 20
BUILDS = ("checked", "unchecked")


def table(path):
    rows = [line.split("\t") for line in path.read_text().splitlines()
            if line and not line.startswith("#")]
    return rows[1:]


def produced_by(output):
    """(service, status) to the first test that produced it."""
    found, test = {}, None
    for line in output.splitlines():
        run = re.match(r"\[ RUN +\] (\w+)$", line)
        made = re.match(r"produces: (\w+) (\w+)$", line)
        if run:
            test = run[1]
        elif made:
            found.setdefault((made[1], made[2]), test)
    return found


def run(programs):
    """{build: {(service, status): test}} of all programs."""
    made = {build: {} for build in BUILDS}
    for program in programs:
        build = program.rsplit("_", 1)[1]
        # cmocka writes to stdout and stderr: one pipe keeps their order.
        done = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f"status_codes: {program} failed\n{done.stdout}")
        for pair, test in produced_by(done.stdout).items():
            made[build].setdefault(pair, test)
    return made


def judge(values, forbidden, made):
    """The mistakes, one line each."""
    known = {(service, status) for service, status, _, _ in values}
    if len(forbidden) > MAX_NOT_PRODUCED:
        yield f"not_produced.tsv has {len(forbidden)} rows, more than {MAX_NOT_PRODUCED}"
    for pair in forbidden.keys() - known:
        yield f"not_produced.tsv: the reference does not list {pair}"
    for service, status, _, bold in values:
        for build in BUILDS:
            if build == "unchecked" and bold != "yes":
                continue
            is_made = (service, status) in made[build]
            if is_made and (service, status) in forbidden:
                yield f"{service} {status}: produced ({build}) and in not_produced.tsv"
            if not is_made and (service, status) not in forbidden:
                yield f"{service} {status}: no test produces it ({build})"


def page(values, forbidden, made):
    produced = len(values) - len(forbidden)
    yield f"""# Status values

Every value that the reference (chapter 4, English edition) lists for a service, and the test that makes the service return it, or the
reason why no service can. `harness/api/status/status_codes.py --write` makes this page from a run of the tests. The test `api.status_codes`
fails if a value is neither produced nor forbidden, or if this page does not show the result of the run.

{len(values)} values of {len({v[0] for v in values})} services: {produced} produced, {len(forbidden)} not. The reference prints all of them in bold: "not affected by
NX_SECURE_DISABLE_ERROR_CHECKING". Each test therefore runs twice, built with error checking and without, and both builds
return the value ([decision 14](decisions/0014-error-checking.md)).

| service | status | value | produced by the test |
| --- | --- | --- | --- |
"""
    for service, status, value, _ in values:
        why = forbidden.get((service, status))
        by = f"not produced: {why}" if why else f"`{made['checked'][(service, status)]}`"
        yield f"| {service} | {status} | {value} | {by} |\n"


def main(mode, path, programs):
    values = table(HERE / "values.tsv")
    forbidden = {(service, status): why for service, status, why in table(HERE / "not_produced.tsv")}
    made = run(programs)
    wrong = list(judge(values, forbidden, made))
    if wrong:
        sys.exit("status_codes: " + "\n              ".join(wrong))
    text = "".join(page(values, forbidden, made))
    path = pathlib.Path(path)
    if mode == "--write":
        path.write_text(text)
    elif not path.exists() or path.read_text() != text:
        sys.exit(f"status_codes: {path} does not show the result of this run; see --write")
    print(f"{len(values)} values, {len(values) - len(forbidden)} produced, {len(forbidden)} forbidden")


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("--check", "--write"):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
