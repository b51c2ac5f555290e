# SPDX-License-Identifier: MIT
"""The manifest of a pack, its signature, and whether both hold.

manifest.json names every file with its size and SHA-256, but for times.json, which
is of one run.  SHA256SUMS has the sums of these two; SHA256SUMS.sig is its signature
(Ed25519, by openssl).  So a signature, or the sum of one file, stands for all.
"""

import hashlib
import json
import os
import stat
import subprocess

MANIFEST, TIMES, SUMS, SIGNATURE = "manifest.json", "times.json", "SHA256SUMS", "SHA256SUMS.sig"
ROOTS = (MANIFEST, TIMES)
FORMAT = 1


def sum_of(path):
    """The size and SHA-256 of a file."""
    with open(path, "rb") as file:
        data = file.read()
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def files(folder):
    """The names of all files below a folder, in order."""
    for base, folders, names in os.walk(folder):
        folders.sort()
        yield from (os.path.relpath(os.path.join(base, name), folder) for name in sorted(names))


def openssl(*words):
    """Runs openssl, which may ask for the passphrase of a key; returns what it complains about, nothing if all is well."""
    done = subprocess.run(("openssl", *words), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[0] if done.returncode else ""


def is_key(path, *words):
    done = subprocess.run(("openssl", "pkey", "-noout", "-text_pub", *words, "-in", path),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return done.stdout.startswith("ED25519")


def key_problem(path, is_public):
    """What is wrong with a key; nothing if it is one that can be used."""
    if not os.path.isfile(path):
        return "there is no such file"
    if is_public:
        # OpenSSL 3.5 takes a private key for a public one, too.
        good = is_key(path, "-pubin") and not is_key(path, "-passin", "pass:")
    else:
        good = is_key(path)
    return "" if good else f"not {'a public' if is_public else 'a private'} key of Ed25519"


def sign(folder, key):
    """Signs the sums; returns what is wrong with the key."""
    return openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", os.path.join(folder, SUMS), "-out", os.path.join(folder, SIGNATURE))


def seal(folder):
    """Writes the sums of the manifest and the times."""
    with open(os.path.join(folder, SUMS), "x", encoding="ascii") as out:
        out.write("".join(f"{sum_of(os.path.join(folder, name))['sha256']}  {name}\n" for name in ROOTS))


def kind(path):
    """What the name stands for, by lstat; an empty text for a regular file."""
    mode = os.lstat(path).st_mode
    return "" if stat.S_ISREG(mode) else "a symbolic link" if stat.S_ISLNK(mode) else "not a file"


def others(folder):
    """Yields each name that is neither a regular file nor a folder, and each empty folder."""
    for base, folders, names in os.walk(folder):
        name = os.path.relpath(base, folder)
        if not folders and not names:
            yield name, "an empty folder"
        for one in sorted(folders):
            if os.path.islink(os.path.join(base, one)):
                yield os.path.normpath(os.path.join(name, one)), "a symbolic link"
        for one in sorted(names):
            what = kind(os.path.join(base, one))
            if what:
                yield os.path.normpath(os.path.join(name, one)), what


def compare(folder, expected, names):
    """Yields what differs from `expected`, {name: {size, sha256}}; `names` are the files that are there."""
    for name in sorted(expected.keys() | names):
        if name not in names:
            yield f"{name}: missing"
        elif name not in expected:
            yield f"{name}: added"
        elif sum_of(os.path.join(folder, name)) != {key: expected[name].get(key) for key in ("size", "sha256")}:
            yield f"{name}: changed"


def root_problems(folder):
    """Yields what differs from SHA256SUMS."""
    try:
        with open(os.path.join(folder, SUMS), "rb") as text:
            said = text.read()
    except OSError as error:
        yield f"{SUMS}: {error.strerror}"
        return
    lines = {}
    for name in ROOTS:
        try:
            lines[name] = f"{sum_of(os.path.join(folder, name))['sha256']}  {name}\n".encode()
        except OSError as error:
            yield f"{name}: {error.strerror}"
            return
    if said != b"".join(lines.values()):
        names = [name for name in ROOTS if lines[name] not in said]
        yield f"{SUMS}: not the sum of {' and '.join(names)}: one or the other was changed" if names else f"{SUMS}: changed"


def manifest_of(folder):
    """Returns {name: {size, sha256}} of the manifest; raises ValueError."""
    with open(os.path.join(folder, MANIFEST), encoding="utf-8") as text:
        said = json.load(text)
    if said["format"] != FORMAT:
        raise ValueError(f"format {said['format']}, and not {FORMAT}")
    if not (isinstance(said["commit"], str) and isinstance(said["seed"], str) and isinstance(said["signed"], bool)):
        raise ValueError("it does not say what the pack is of")
    listed = {one["path"]: one for one in said["files"]}
    if not all(isinstance(path, str) for path in listed):
        raise ValueError("a path is no text")
    return listed


def problems(folder):
    """Yields everything in which the pack is not what was made, without the signature."""
    found = list(others(folder))
    yield from (f"{name}: {what}" for name, what in found)
    links = {name for name, _ in found}
    yield from root_problems(folder)
    try:
        expected = manifest_of(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"{MANIFEST}: cannot be read: {error}"
        return
    names = set(files(folder)) - links - {MANIFEST, TIMES, SUMS, SIGNATURE}
    yield from compare(folder, {name: one for name, one in expected.items() if name not in links}, names)


def signature_problem(folder, key):
    """What is wrong with the signature, by the public key; nothing if it holds."""
    if not os.path.exists(os.path.join(folder, SIGNATURE)):
        return f"{SIGNATURE}: missing: the pack is not signed"
    said = openssl("pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key, "-in", os.path.join(folder, SUMS),
                   "-sigfile", os.path.join(folder, SIGNATURE))
    return f"{SIGNATURE}: not a signature of {SUMS} by {key}" if said else ""
