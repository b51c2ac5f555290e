# SPDX-License-Identifier: MIT
"""Reads cells.tsv, the cells and their expected results.  PEERS.md explains its columns."""

import fnmatch
from dataclasses import dataclass, field, fields, replace

PEERS = ("openssl", "gnutls")
ROLES = ("client", "server")  # ours
KINDS = ("suite", "mutual", "chain", "hello", "ipv6", "repeat", "renegotiate", "network", "fail")
COLUMNS = ("case", "kind", "ours", "peer", "suite", "server", "client", "again",
           "expect", "note")
NOT_APPLICABLE = "not-applicable"
LONGEST_IDENTITY = "ключ-鍵-" + "ü" * 57 + "."  # 128 bytes of UTF-8 (RFC 4279, 5.3)
LONGEST_KEY = bytes(range(64)).hex()


class BadCells(ValueError):
    """A row or a filter that cannot be used."""


@dataclass(frozen=True)
class Side:
    """The settings of one end, whichever program it is."""

    suite: str = ""  # four hex digits, or empty for its defaults
    cert: str = ""  # a name of the PKI; ours may have several, with commas
    ca: str = ""
    crl: str = ""  # a CRL of the PKI that this end obeys
    rpk: str = ""  # the name of a key of the PKI that this end shows bare (RFC 7250)
    pin: str = ""  # the same of the key that the other end must show
    psk: bool = False
    identity: str = "id1"
    key: str = "000102030405060708090a0b0c0d0e0f"
    longest: bool = False  # identity and key: 128 bytes of UTF-8, 64 bytes
    others: bool = False  # ours: four more keys stand before this one
    hint: str = ""  # a server's, or the one that goes with our client's key
    mtu: int = 0
    ask: bool = False  # a server that requires a client certificate
    renegotiate: bool = False  # this end begins another handshake, or asks for it
    alpn: str = ""  # protocol names with commas between them
    srtp: bool = False  # this end agrees on SRTP_AES128_CM_HMAC_SHA1_80
    staple: str = ""  # what the OCSP response says that this server staples: good, revoked
    judge: bool = False  # a client that judges the server's OCSP response
    fragment: int = 0  # a client's max_fragment_length
    limit: int = 0  # our --record-limit; 0 for the program's own
    version: str = "1.2"
    wait: int = 0  # our --timeout, in seconds; 0 for the runner's


def parse_side(text, suite):
    side = Side(suite=suite)
    known = {f.name: f.type for f in fields(Side)}
    for word in text.split():
        name, equals, value = word.partition("=")
        kind = known.get(name)
        if kind is None or (kind is bool) == bool(equals):
            raise BadCells(f"setting {word!r}: known are {', '.join(known)}")
        side = replace(side, **{name: True if kind is bool else kind(value)})
    if side.longest:
        side = replace(side, identity=LONGEST_IDENTITY, key=LONGEST_KEY)
    return side


@dataclass(frozen=True)
class Cell:
    case: str
    kind: str
    ours: str
    peer: str
    suite: str
    server: Side
    client: Side
    again: Side  # a second client our server must serve after this one, or None
    expect: tuple
    since: str  # the first version of the peer's program that can play it; empty: any
    note: str
    row: dict = field(compare=False)

    @property
    def id(self):
        return f"{self.case}/{self.ours}-{self.peer}"

    @property
    def our_side(self):
        return self.client if self.ours == "client" else self.server

    @property
    def peer_side(self):
        return self.server if self.ours == "client" else self.client

    @property
    def peer_role(self):
        return "server" if self.ours == "client" else "client"

    @property
    def not_applicable(self):
        return self.expect == (NOT_APPLICABLE,)

    @property
    def expects_silence(self):
        return "silence" in self.expect


def load(path):
    """The cells of a file, in its order; BadCells names file and line."""
    out, seen = [], set()
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            values = line.split("\t")
            if tuple(values) == COLUMNS:
                continue
            try:
                cell = parse_row(values)
                if cell.id in seen:
                    raise BadCells(f"{cell.id} occurs twice")
            except ValueError as error:
                raise BadCells(f"{path}:{number}: {error}") from error
            seen.add(cell.id)
            out.append(cell)
    return out


def parse_row(values, peers=PEERS):
    if len(values) != len(COLUMNS):
        raise BadCells(f"the row has {len(values)} columns, not {len(COLUMNS)}")
    row = dict(zip(COLUMNS, values))
    for column, allowed in (("kind", KINDS), ("ours", ROLES), ("peer", peers)):
        if row[column] not in allowed:
            raise BadCells(f"{column} {row[column]!r}: known are {', '.join(allowed)}")
    if row["again"] != "-" and row["ours"] != "server":
        raise BadCells("only our server can be asked again")
    suite = "" if row["suite"] == "-" else row["suite"]
    side = lambda name: parse_side(row[name] if row[name] != "-" else "", suite)
    first, _, rest = row["expect"].partition(" ")
    since = first.removeprefix("since=") if first.startswith("since=") else ""
    if since and row["note"] == "-":
        raise BadCells("a row with since= has a note that says why")
    return Cell(
        case=row["case"],
        kind=row["kind"],
        ours=row["ours"],
        peer=row["peer"],
        suite=suite,
        server=side("server"),
        client=side("client"),
        again=None if row["again"] == "-" else side("again"),
        expect=tuple((rest if since else row["expect"]).split()),
        since=since,
        note="" if row["note"] == "-" else row["note"],
        row=row,
    )


KEYS = ("id", "case", "kind", "ours", "peer", "suite")


def select(cells, filters):
    """Returns the cells that match every filter.

    A filter is WORD[,WORD...] or KEY=WORD[,WORD...].  A word may have * and ?.
    Without KEY it may be the value of any key.  If no cell matches a word, the
    filter is wrong: BadCells lists the possible words."""
    for text in filters:
        key, equals, words = text.partition("=")
        if not equals:
            key, words = "", text
        if equals and key not in KEYS:
            raise BadCells(f"filter {text!r}: no key {key!r}; keys are {', '.join(KEYS)}")
        keys = (key,) if key else KEYS
        kept = []
        for word in words.split(","):
            hits = [c for c in cells if any(matches(c, k, word) for k in keys)]
            if not hits:
                raise BadCells(f"filter {text!r}: nothing matches {word!r}; " + choices(cells, keys))
            kept += hits
        cells = [c for c in cells if c in kept]
    return cells


def matches(cell, key, word):
    return fnmatch.fnmatchcase(getattr(cell, key), word)


def choices(cells, keys):
    """The words that a filter may have."""
    return "; ".join(
        f"{key}: " + ", ".join(dict.fromkeys(getattr(c, key) for c in cells if getattr(c, key)))
        for key in keys
        if key != "id" or keys == ("id",)
    )
