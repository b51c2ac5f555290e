# SPDX-License-Identifier: MIT
"""The Debian packages of this machine that a run used: the libraries that a program
loads, and programs.  Versions and licences are what dpkg and the packages say."""

import os
import re
import shutil
import subprocess

FIELDS = ("package", "version", "source", "homepage")
SHORT_NAMES = {  # of DEP-5, as SPDX has them
    "apache-2.0": "Apache-2.0", "apache-2-llvm-exceptions": "Apache-2.0 WITH LLVM-exception", "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause", "expat": "MIT", "isc": "ISC", "mit": "MIT", "zlib": "Zlib"}
# Of libraries under test whose file of copyright is for people alone: what it says.
SAID = {"gnutls-bin": "GPL-3.0-or-later", "libc6": "LGPL-2.1-or-later", "libgnutls30": "LGPL-2.1-or-later",
        "libgnutls30t64": "LGPL-2.1-or-later"}


def output(*words):
    """What a program writes, though it may fail for a part; nothing if it is not there."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "LC_ALL": "C"})
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def loaded(program):
    """The files of the shared libraries that a program loads."""
    return re.findall(r"=> (/\S+)", output("ldd", program))


def owners(paths):
    """Returns {path: package} of the files that a package has.  /bin is /usr/bin, and dpkg knows one of the names."""
    names = {}
    for path in paths:
        short = [name.removeprefix("/usr") for name in (os.path.realpath(path), path)]
        names[path] = dict.fromkeys(name for one in short for name in ("/usr" + one, one))
    said = output("dpkg-query", "-S", *(name for of in names.values() for name in of)) if names else ""
    found = {path: package for package, path in re.findall(r"^([^:,\s]+)[^\n]*?: (/.*)$", said, re.M)}
    return {path: next(found[name] for name in of if name in found) for path, of in names.items() if found.keys() & of.keys()}


def spdx(words):
    """A DEP-5 expression as one of SPDX; None if a word of it is unknown."""
    out = []
    for word in re.split(r"\s+(or|and)\s+", words.strip()):
        gnu = re.fullmatch(r"([AL]?GPL)-(\d)(?:\.(\d))?(\+?)", word)
        if word in ("or", "and"):
            out.append(word.upper())
        elif gnu:
            out.append(f"{gnu[1]}-{gnu[2]}.{gnu[3] or 0}-{'or-later' if gnu[4] else 'only'}")
        elif word.lower() in SHORT_NAMES:
            out.append(SHORT_NAMES[word.lower()])
        else:
            return None
    return " ".join(out)


def licence(package):
    """What the package declares of all its files; None if that cannot be read by a program."""
    try:
        with open(f"/usr/share/doc/{package}/copyright", encoding="utf-8", errors="replace") as text:
            said = text.read()
    except OSError:
        said = ""
    all_files = re.search(r"^Files:\s*\*\s*\n(?:\S.*\n|[ \t].*\n)*?License:[ \t]*(\S.*)", said, re.M) if said.startswith("Format:") else None
    return (spdx(all_files[1]) if all_files else None) or SAID.get(package)


def packages(libraries, programs):
    """Describes the packages of `libraries`, {role: files}, and `programs`, {role: names}; a package has the first of its roles."""
    role_of = {}
    for role, files in (*libraries.items(), *((role, list(filter(None, map(shutil.which, names)))) for role, names in programs.items())):
        for package in owners(files).values():
            role_of.setdefault(package, role)
    said = output("dpkg-query", "-W", "-f=${Package}\t${Version}\t${source:Package}\t${Homepage}\n", *role_of) if role_of else ""
    found = {line.split("\t")[0]: dict(zip(FIELDS, line.split("\t"))) for line in said.splitlines()}
    return [{**found[name], "licence": licence(name), "role": role_of[name]} for name in sorted(found)]
