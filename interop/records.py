# SPDX-License-Identifier: MIT
"""Reads datagrams as far as they can be read without keys (RFC 6347, 4.1 and 4.2.2).

`parse` reads the records of one datagram.  Epoch 0 is in the clear: handshake
fragments and alerts are parsed.  In later epochs only type, epoch, sequence
number and length are known.  A datagram that is not DTLS gives one `Junk`.
"""

import struct
from dataclasses import dataclass

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23

CLIENT_HELLO, SERVER_HELLO, HELLO_VERIFY_REQUEST = 1, 2, 3
CERTIFICATE, SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST = 11, 12, 13
SERVER_HELLO_DONE, CERTIFICATE_VERIFY, CLIENT_KEY_EXCHANGE = 14, 15, 16

RECORD_NAMES = {
    CHANGE_CIPHER_SPEC: "ChangeCipherSpec",
    ALERT: "alert",
    HANDSHAKE: "handshake",
    APPLICATION_DATA: "data",
}
MESSAGE_NAMES = {
    0: "HelloRequest",
    CLIENT_HELLO: "ClientHello",
    SERVER_HELLO: "ServerHello",
    HELLO_VERIFY_REQUEST: "HelloVerifyRequest",
    4: "NewSessionTicket",
    CERTIFICATE: "Certificate",
    SERVER_KEY_EXCHANGE: "ServerKeyExchange",
    CERTIFICATE_REQUEST: "CertificateRequest",
    SERVER_HELLO_DONE: "ServerHelloDone",
    CERTIFICATE_VERIFY: "CertificateVerify",
    CLIENT_KEY_EXCHANGE: "ClientKeyExchange",
    20: "Finished",
    22: "CertificateStatus",
}


class Malformed(ValueError):
    """The bytes do not have the format of the RFC."""


@dataclass(frozen=True)
class Fragment:
    """One handshake fragment: header fields and the bytes it carries."""

    type: int
    message_length: int
    seq: int
    offset: int
    body: bytes

    @property
    def key(self):
        """Equal for a fragment and its retransmission, which may be cut elsewhere."""
        return (self.type, self.seq)

    @property
    def whole(self):
        return self.offset == 0 and len(self.body) == self.message_length


@dataclass(frozen=True)
class Record:
    type: int
    version: int
    epoch: int
    seq: int
    length: int
    fragments: tuple = ()  # of epoch 0, type handshake
    alert: tuple = None  # (level, description), of epoch 0, type alert

    def __str__(self):
        where = "" if self.epoch == 0 else f"[{self.epoch}]"
        if self.fragments:
            return " ".join(describe_fragment(f) for f in self.fragments)
        if self.alert:
            level = {1: "warning", 2: "fatal"}.get(self.alert[0], self.alert[0])
            return f"alert({level} {self.alert[1]})"
        return RECORD_NAMES.get(self.type, f"type{self.type}") + where


@dataclass(frozen=True)
class Junk:
    """Bytes at the end of a datagram that are not a record."""

    reason: str
    length: int

    def __str__(self):
        return f"junk({self.length} bytes: {self.reason})"


def describe_fragment(fragment):
    name = MESSAGE_NAMES.get(fragment.type, f"message{fragment.type}")
    if fragment.whole:
        return name
    end = fragment.offset + len(fragment.body)
    return f"{name}({fragment.offset}..{end} of {fragment.message_length})"


def parse(datagram):
    """Returns the records of one datagram, in order, with `Junk` last for remaining bytes."""
    out = []
    rest = datagram
    while rest:
        try:
            record, rest = take_record(rest)
        except Malformed as error:
            out.append(Junk(str(error), len(rest)))
            break
        out.append(record)
    return out


def take_record(data):
    if len(data) < 13:
        raise Malformed("shorter than a record header")
    kind, version, epoch, high, low, length = struct.unpack_from("!BHHHIH", data)
    if not 20 <= kind <= 63:
        raise Malformed(f"type {kind} is not DTLS")
    if version >> 8 != 0xFE:
        raise Malformed(f"version {version:04x}")
    if 13 + length > len(data):
        raise Malformed("record runs past the datagram")
    body = data[13 : 13 + length]
    fragments, alert = (), None
    if epoch == 0 and kind == HANDSHAKE:
        fragments = tuple(take_fragments(body))
    if epoch == 0 and kind == ALERT:
        if length != 2:
            raise Malformed(f"clear alert of {length} bytes")
        alert = (body[0], body[1])
    record = Record(
        kind, version, epoch, high << 32 | low, length, fragments, alert
    )
    return record, data[13 + length :]


def take_fragments(body):
    while body:
        if len(body) < 12:
            raise Malformed("shorter than a handshake header")
        head = struct.unpack_from("!B3sH3s3s", body)
        message_length, offset, length = (
            int.from_bytes(head[i], "big") for i in (1, 3, 4)
        )
        if 12 + length > len(body) or offset + length > message_length:
            raise Malformed("fragment runs past its record or message")
        yield Fragment(head[0], message_length, head[2], offset, body[12 : 12 + length])
        body = body[12 + length :]


def reassemble(fragments):
    """Returns the body of the fragments' message, or None if bytes are missing."""
    fragments = list(fragments)
    if not fragments:
        return None
    body = bytearray(fragments[0].message_length)
    missing = set(range(len(body)))
    for fragment in fragments:
        end = fragment.offset + len(fragment.body)
        if fragment.message_length != len(body):
            return None
        body[fragment.offset : end] = fragment.body
        missing.difference_update(range(fragment.offset, end))
    return None if missing else bytes(body)


class Cursor:
    """Takes fields off the front of a message body."""

    def __init__(self, data):
        self.data = data

    def take(self, length):
        if length > len(self.data):
            raise Malformed("field runs past its message")
        out, self.data = self.data[:length], self.data[length:]
        return out

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def vector(self, size):
        return self.take(self.number(size))


def client_hello_cookie(body):
    cursor = Cursor(body)
    cursor.take(2 + 32)
    cursor.vector(1)
    return cursor.vector(1)


def hello_verify_cookie(body):
    cursor = Cursor(body)
    cursor.take(2)
    return cursor.vector(1)


def server_hello_choice(body):
    """(version, suite) of a ServerHello."""
    cursor = Cursor(body)
    version = cursor.number(2)
    cursor.take(32)
    cursor.vector(1)
    return version, cursor.number(2)


def certificate_count(body):
    cursor = Cursor(Cursor(body).vector(3))
    count = 0
    while cursor.data:
        cursor.vector(3)
        count += 1
    return count


def raw_key_count(body):
    """How many raw public keys a Certificate has: one, which fills it behind its length, or none (RFC 7250, 3)."""
    cursor = Cursor(body)
    key = cursor.vector(3)
    if cursor.data:
        raise Malformed("bytes behind the raw public key")
    return 1 if key else 0
