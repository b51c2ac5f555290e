# SPDX-License-Identifier: MIT
"""What a run of the lab was, so that scripts/evidence can tell a whole one from a
part, from that of another commit, and from one whose results were changed later.

  python3 scripts/identity.py begin WORD     before the tools of the lab run
  python3 scripts/identity.py end STEPS      after them

`begin` writes reports/results/identity.json: the commit, the seed, what selected
the run (WORD, `all` for all of it), and the packages and programs that it uses.
`end` writes reports/results/sealed.json: how the steps of the file STEPS
(scripts/steps) ended, and the sizes and sums of all files that they have left.
"""

import datetime
import json
import os
import platform
import sys

import debian
import recorded
import sums
import whole

ROOT = whole.ROOT
REPORTS = os.path.join(ROOT, "reports")
LEFT = ("results", "check", "coverage", "trace", "captures", "prove.jsonl")  # by the steps, below reports/
SEAL = "results/sealed.json"
LAB, LIBRARY = "build/dev/bin/nxdtls-lab", "build/dev/src/libnxdtls.so"
UNDER_TEST = (LIBRARY, *(f"build/dev/bin/nxdtls{end}" for end in ("", "-check", "-fuzz", "-lab", "-learn", "-probe", "-relay")))
SOURCES = ("src", "include", "harness", "fuzzers", "corpus", "interop", "scripts", "cmake")  # a file there is built, or run
PROGRAMS = {"peer": ("openssl", "gnutls-cli"),
            "tool": ("gcc", "clang-19", "llvm-cov-19", "clang", "cmake", "ninja", "python3", "valgrind", "openssl")}


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


def left(reports):
    """The files below reports/ that are a run's, but for the seal."""
    return [name for name in sums.files(reports) if name.split(os.sep)[0] in LEFT and name != SEAL]


def untracked(root):
    """The sources that are in no commit."""
    return debian.output("git", "-C", root, "ls-files", "--others", "--exclude-standard", "--", *SOURCES).splitlines()


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def packages(root):
    product, lab = (debian.loaded(os.path.join(root, path)) for path in (LIBRARY, LAB))
    return debian.packages({"library": product, "peer": lab}, PROGRAMS)


def write(reports, name, value):
    os.makedirs(os.path.join(reports, "results"), exist_ok=True)
    whole.write(os.path.join(reports, "results", name), json.dumps(value, indent=1) + "\n")


def begin(root, reports, selection):
    """Writes who the run is; what is built is there already."""
    built = {path: sums.sum_of(os.path.join(root, path)) for path in UNDER_TEST if os.path.exists(os.path.join(root, path))}
    write(reports, "identity.json", {
        "commit": whole.commit(root), "committed": whole.committed(root).isoformat(), "seed": os.environ.get("SEED", "none"),
        "untracked": untracked(root), "selection": selection, "started": now(), "system": f"{system()}, {platform.machine()}",
        "builder": os.environ.get("GITHUB_WORKFLOW_REF", "by hand"), "built": built, "packages": packages(root)})


def end(root, reports, path):
    """Seals what the run has left."""
    write(reports, "sealed.json", {
        "commit": whole.commit(root), "untracked": untracked(root), "ended": now(), "steps": recorded.steps(path),
        "files": {name: sums.sum_of(os.path.join(reports, name)) for name in left(reports)}})


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("begin", "end"):
        sys.exit(__doc__)
    (begin if sys.argv[1] == "begin" else end)(ROOT, REPORTS, sys.argv[2])
