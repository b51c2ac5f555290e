# SPDX-License-Identifier: MIT
"""Results that say what they are: files that are whole or not there, and test
results that name their commit and selection.

  python3 scripts/whole.py FROM TO [WORD...]

makes TO of FROM, a JUnit file that ctest has written: with the commit, and with
the WORDs that selected the tests, or `all`.  FROM is removed.
"""

import datetime
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ALL = "all"


def write(path, text):
    """Writes a file at once: whoever reads it finds the old text or the new one."""
    folder = os.path.dirname(os.path.abspath(path))
    handle, name = tempfile.mkstemp(dir=folder, prefix="." + os.path.basename(path))
    try:
        with open(handle, "w", encoding="utf-8") as out:
            out.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def must_be_writable(option, path):
    """Ends the program with status 2 and one line if write() could not make the
    file; call it before the work whose results it takes."""
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.lexists(path) and not os.path.isfile(path):
        reason = "not a file"
    elif not os.path.isdir(folder):
        reason = f"there is no folder {folder}"
    elif not os.access(folder, os.W_OK):
        reason = f"cannot write to {folder}"
    else:
        return
    print(f"{os.path.basename(sys.argv[0])}: {option} {path}: {reason}", file=sys.stderr)
    sys.exit(2)


def commit(root=ROOT):
    """The commit of the tree, with `-dirty` if files differ from it."""
    try:
        said = subprocess.run(["git", "-C", root, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"],
                              capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return said or "unknown"


def committed(root=ROOT):
    """When the commit of the tree was made: the time of what is made of it alone, which is the same each time."""
    try:
        said = subprocess.run(["git", "-C", root, "log", "-1", "--format=%ct"],
                              capture_output=True, text=True, timeout=30, check=True).stdout
        seconds = int(said)
    except (OSError, subprocess.SubprocessError, ValueError):
        seconds = 0
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def version(root=ROOT):
    """The version of nxdtls."""
    with open(os.path.join(root, "CMakeLists.txt"), encoding="utf-8") as text:
        return re.search(r"^project\(nxdtls VERSION ([\d.]+)", text.read(), re.M)[1]


def stamp(source, path, words):
    """Gives ctest's results their commit and selection."""
    tree = xml.parse(source)
    properties = xml.Element("properties")
    for name, value in (("commit", commit()), ("selection", " ".join(words) or ALL)):
        xml.SubElement(properties, "property", name=name, value=value)
    tree.getroot().insert(0, properties)
    write(path, xml.tostring(tree.getroot(), encoding="unicode") + "\n")
    os.unlink(source)


def stamped(path):
    """What stamp() wrote: a dict with `commit` and `selection`, or an empty one."""
    return {one.get("name"): one.get("value") for one in xml.parse(path).getroot().findall("properties/property")}


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    stamp(sys.argv[1], sys.argv[2], sys.argv[3:])
