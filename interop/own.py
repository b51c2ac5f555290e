# SPDX-License-Identifier: MIT
"""A peer that the user brings: `--peer NAME=FILE`.  PEERS.md explains the file.

The file says how the peer's programs are started and what they can do.  Its
cells are those of OpenSSL's programs, or GnuTLS's where OpenSSL cannot play
one.  What the peer cannot do is not-applicable, with the key that is missing.
"""

import os
import re
import shlex
import shutil
import string
from dataclasses import dataclass, field

import cells

# What a role may support, and how a cell that needs it is told apart.
SUPPORTS = {
    "client": ("stdio", "close", "ipv6", "name", "renegotiation"),
    "server": ("cookie", "echo", "stdio", "close", "ipv6", "fragment", "renegotiation", "identity"),
}
# A setting of a cell: the placeholder that carries it, None if it is a flag.
SETTINGS = {
    "suite": "suite",
    "cert": "cert",
    "chain": "cert",
    "ca": "ca",
    "crl": "crl",
    "rpk": None,
    "pin": None,
    "psk": "psk",
    "hint": "hint",
    "mtu": "mtu",
    "ask": None,
    "renegotiate": None,
    "alpn": "alpn",
    "srtp": None,
    "staple": "staple",
    "judge": None,
    "fragment": "fragment",
    "version": "version",
}
WITHOUT = {  # keys of options that are there if the cell does not set this
    "without_suite": "suite",
    "without_cert": "cert",
    "without_ca": "ca",
    "without_version": "version",
}
ONLY = {"ask": "server", "hint": "server", "staple": "server", "judge": "client", "fragment": "client"}
PLACEHOLDERS = ("host", "port", "address", "name", "suite", "cert", "key", "leaf", "inters", "ca", "crl", "rpk", "pin",
                "psk_identity", "psk", "psk_file", "hint", "mtu", "alpn", "staple", "fragment", "version")
NUMBERS = {"start": 30, "wait": 20}  # of [peer], seconds
LONGEST_WAIT = 600
LONGEST_FILE = 1 << 20  # characters
NAME = "localhost"  # in every certificate of the servers
REFUSED_WAIT = 5  # seconds for a peer that refuses in silence
CLOSING_WAIT = 8  # seconds for a peer that does not answer close_notify


class BadPeer(ValueError):
    """A file that cannot be used; the text has its name and line."""


def options_of(role):
    """The keys of a role's section that are templates of options."""
    mine = [name for name in SETTINGS if ONLY.get(name, role) == role]
    return tuple(mine + list(WITHOUT))


def entries(path):
    """Yields (line, section, key, value).  The form is that of an ICS (docs/check.md)."""
    section = ""
    with open(path, encoding="utf-8") as file:
        text = file.read(LONGEST_FILE + 1)
    if len(text) > LONGEST_FILE:
        raise BadPeer(f"{path}: longer than {LONGEST_FILE} characters")
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            if not line.endswith("]") or len(line) < 3:
                raise BadPeer(f"{path}:{number}: a section is [name]")
            section = line[1:-1].strip()
            yield number, section, None, ""
            continue
        key, equals, value = line.partition("=")
        if not equals or not key.strip():
            raise BadPeer(f"{path}:{number}: neither key = value, nor [section], nor # comment")
        yield number, section, key.strip(), value.strip()


@dataclass
class Role:
    """How a client or server is started, and what it can do."""

    command: list = field(default_factory=list)  # words with placeholders
    supports: tuple = ()
    options: dict = field(default_factory=dict)  # setting: words with placeholders

    def takes(self, setting):
        """Can the program be told this setting?"""
        wanted = SETTINGS[setting]
        return setting in self.options or wanted is not None and wanted in placeholders(self.command)


@dataclass
class Peer:
    """What a file says."""

    name: str
    path: str
    roles: dict = field(default_factory=dict)  # client, server: Role
    suites: dict = field(default_factory=dict)  # four hex digits: the peer's word
    numbers: dict = field(default_factory=lambda: dict(NUMBERS))

    def command(self, role, side, address, files):
        """The command line of one end; `files` has the certificates and the scratch folder."""
        mine, values = self.roles[role], self.values(side, address, files)
        words = list(mine.command)
        for setting in settings(side):
            words += mine.options.get(setting) or mine.options.get("cert" if setting == "chain" else setting, [])
        told = ["cert" if setting == "chain" else setting for setting in settings(side)]
        for key, setting in WITHOUT.items():
            words += mine.options.get(key, []) if setting not in told else []
        return [word.format_map(values) for word in words]

    def values(self, side, address, files):
        """What the placeholders stand for; what the cell does not set is empty."""
        host, port = address
        leaf = "chain-leaf" if side.cert == "chain" else side.cert
        out = dict.fromkeys(PLACEHOLDERS, "")
        out.update(host=host, port=str(port), address=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
                   name=NAME, suite=self.suites.get(side.suite, ""), hint=side.hint, alpn=side.alpn,
                   version=side.version, mtu=str(side.mtu or ""), fragment=str(side.fragment or ""))
        if side.cert:
            out.update(cert=files.pem(side.cert), key=files.key(leaf), leaf=files.pem(leaf))
        if side.staple:
            out.update(staple=files.response(side.cert, side.staple))
        if side.cert == "chain":
            out.update(inters=files.pem("inters"))
        if side.ca:
            out.update(ca=files.pem(side.ca))
        if side.rpk:
            out.update(key=files.key(side.rpk), rpk=files.public(side.rpk))
        if side.pin:
            out.update(pin=files.public(side.pin))
        if side.crl:
            out.update(crl=files.crl(side.crl))
        if side.psk:
            out.update(psk_identity=side.identity, psk=side.key,
                       psk_file=files.write("psk.txt", f"{side.identity}:{side.key}\n"))
        return out

    def missing_program(self, role):
        """The program of this role if it is not installed, else an empty string."""
        name = self.roles[role].command[0]
        return "" if shutil.which(name) else name

    def echoes(self):
        """Does its server send data back by itself, or not at all?"""
        supports = self.roles["server"].supports
        return "echo" in supports or "stdio" not in supports

    def talks(self, role):
        return bool({"echo", "stdio"} & set(self.roles[role].supports))

    def cells(self, known):
        """The cells of this peer, in the order of `known`, the stock programs' cells."""
        by_place = {}
        for cell in known:
            by_place.setdefault((cell.case, cell.ours), []).append(cell)
        return [self.cell(rows) for rows in by_place.values()]

    def cell(self, rows):
        base = next((cell for cell in rows if not cell.not_applicable), rows[0])
        row = dict(base.row, peer=self.name)
        why = self.why_not(base)
        if why:
            row.update(expect=cells.NOT_APPLICABLE, note=why)
        elif not base.not_applicable:
            self.adapt(base, row)
        return cells.parse_row(list(row.values()), (self.name,))

    # What it cannot play.

    def why_not(self, cell):
        """Why the peer cannot play the cell; an empty string if it can."""
        role = self.roles.get(cell.peer_role)
        if cell.not_applicable:
            return ""
        if role is None:
            return f"{self.path} has no section [{cell.peer_role}]"
        sides = [cell.peer_side] + ([cell.again] if cell.again else [])
        for suite in [cell.suite] + [side.suite for side in sides]:
            if suite and suite not in self.suites:
                return f"{self.path} has no suite {suite} in [suites]"
        for setting in dict.fromkeys(s for side in sides for s in settings(side)):
            told = setting == "suite" and cell.suite  # our end is told the same
            if not told and not role.takes(setting) and not (setting == "chain" and role.takes("cert")):
                return f"{self.path} has no option {setting} in [{cell.peer_role}]"
        return next((f"{self.path} does not support {word} in [{cell.peer_role}]"
                     for word in needs(cell) if word not in role.supports), "")

    # What is expected of it.

    def adapt(self, base, row):
        """Turns the expectation of a stock program into that of any peer."""
        role = self.roles[base.peer_role]
        words, wait = list(base.expect), self.numbers["wait"]
        if peer_refuses(base):  # in its own way
            words = [w for w in words if w.partition("=")[0] in ("failed", "exit")]
            wait = min(wait, REFUSED_WAIT)
        if base.ours == "client":
            words = [w for w in words if w != "says=name=none" and (w != "cookie" or "cookie" in role.supports)]
            closes = "close" in role.supports
            words = [("close=0" if closes else "close=wait") if w.startswith("close") else w for w in words]
            wait = wait if closes or peer_refuses(base) else min(wait, CLOSING_WAIT)
        elif "close" not in role.supports:
            words = [w for w in words if w != "close"]
        words = [asked_limit(w, base.ours) for w in words]
        if not self.talks(base.peer_role):
            words = [w for w in words if w not in ("data", "again")]
            row["again"] = "-"
        row["expect"] = " ".join(words)
        mine = re.sub(r" ?\bwait=\d+|^-$", "", row[base.ours])
        row[base.ours] = f"{mine} wait={base.our_side.wait if 'silence' in words else wait}"


def settings(side):
    """The settings of an end, as keys of the file."""
    out = [name for name in SETTINGS if name not in ("chain", "version") and getattr(side, name)]
    out = ["chain" if name == "cert" and side.cert == "chain" else name for name in out]
    return out + (["version"] if side.version != "1.2" else [])


def needs(cell):
    """What a peer must support for this cell, beyond the settings of its own end."""
    out = ["ipv6"] if cell.kind == "ipv6" else []
    if cell.case == "server-name" and cell.ours == "server":
        out.append("name")
    if cell.our_side.fragment:
        out.append("fragment")
    if cell.ours == "client" and cell.client.identity != cell.server.identity:
        out.append("identity")
    if cell.kind == "renegotiate":
        out += ["renegotiation"] if cell.our_side.renegotiate else []
        out += ["stdio"] if cell.peer_role == "client" else []  # judged by data under the new keys
    return out


def peer_refuses(cell):
    """In this cell the peer finds the fault; how it says so is its own affair."""
    words = [word.partition("=")[0] for word in cell.expect]
    return "failed" in words and "sent" not in words and (cell.ours == "client" or "received" in words)


def placeholders(words):
    """The names of the placeholders in words that have been checked."""
    return {name for word in words for _, name, _, _ in string.Formatter().parse(word) if name is not None}


def asked_limit(word, ours):
    """Of the two limits that max_fragment_length sets, the one that was asked for.  record_size_limit sets only that."""
    limits = re.fullmatch(r"says=(send_limit=\d+),(receive_limit=\d+)", word)
    return f"says={limits[2 if ours == 'client' else 1]}" if limits else word


# The file.


def template(text):
    """Splits a template into words, as a shell would; raises ValueError with the reason."""
    words = shlex.split(text)
    for word in words:
        for _, name, form, conversion in string.Formatter().parse(word):
            if name is not None and (name not in PLACEHOLDERS or form or conversion):
                known = ", ".join("{" + known + "}" for known in PLACEHOLDERS)
                raise ValueError(f"placeholder {{{name}}}: known are {known}")
    return words


def choose(word, what, known):
    if word not in known:
        raise ValueError(f"{what} {word!r}: known are {', '.join(known)}")
    return word


def number(text):
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LONGEST_WAIT:
        raise ValueError(f"{text!r} is not a number of seconds from 1 to {LONGEST_WAIT}")
    return int(text)


def take(peer, section, key, value, suites):
    """Takes one entry; raises ValueError with what is wrong."""
    choose(section, "section", ("peer", "client", "server", "suites"))
    if key is None:
        if section in SUPPORTS:
            peer.roles.setdefault(section, Role())
    elif section == "peer":
        peer.numbers[choose(key, "key", NUMBERS)] = number(value)
    elif section == "suites":
        peer.suites[choose(key, "suite", suites)] = value
    else:
        take_role(peer.roles[section], section, key, value)


def take_role(role, name, key, value):
    choose(key, "key", ("command", "supports") + options_of(name))
    if key == "command":
        role.command = template(value)
    elif key == "supports":
        role.supports = tuple(choose(word, "supports", SUPPORTS[name]) for word in value.split())
    else:
        role.options[key] = template(value)


def load(name, path, suites):
    """Reads a file; `suites` are the numbers that a cell may have.  BadPeer says what is wrong."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) or name in cells.PEERS:
        raise BadPeer(f"--peer {name}=...: a name is small letters, digits and -, and not {' or '.join(cells.PEERS)}")
    peer, seen, line = Peer(name, os.path.relpath(path)), set(), 0
    try:
        for line, section, key, value in entries(path):
            if key is not None and (section, key) in seen:
                raise ValueError(f"key {key!r} is there twice in [{section}]")
            seen.add((section, key))
            take(peer, section, key, value, suites)
    except BadPeer:
        raise
    except UnicodeDecodeError as error:
        raise BadPeer(f"{path}: it is not UTF-8") from error
    except ValueError as error:
        raise BadPeer(f"{path}:{line}: {error}") from error
    for role, what in peer.roles.items():
        if not what.command:
            raise BadPeer(f"{path}: [{role}] has no key 'command'")
    if not peer.roles:
        raise BadPeer(f"{path}: neither [client] nor [server]")
    return peer
