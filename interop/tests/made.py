# SPDX-License-Identifier: MIT
"""Records and exchanges made by hand, for the tests of the runner."""

import os
import re
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import records  # noqa: E402,F401
import relay  # noqa: E402
import scene  # noqa: E402

COOKIE = bytes.fromhex("23456789abcdef01")
RANDOM = bytes(range(0x40, 0x60))


def record(kind, body, epoch=0, seq=0x234567, version=0xFEFD):
    head = struct.pack("!BHHHIH", kind, version, epoch, seq >> 32, seq & 0xFFFFFFFF, len(body))
    return head + body


def fragment(kind, body, seq=0, offset=0, total=None):
    total = len(body) if total is None else total
    return (bytes([kind]) + total.to_bytes(3, "big") + seq.to_bytes(2, "big")
            + offset.to_bytes(3, "big") + len(body).to_bytes(3, "big") + body)


def handshake(kind, body, seq=0, **where):
    return record(22, fragment(kind, body, seq, **where))


def client_hello(cookie=b"", seq=0):
    body = b"\xfe\xfd" + RANDOM + b"\0" + bytes([len(cookie)]) + cookie
    return handshake(1, body + b"\x00\x02\xc0\x2b\x01\x00", seq)


def hello_verify_request():
    return handshake(3, b"\xfe\xff" + bytes([len(COOKIE)]) + COOKIE)


def server_hello(suite=0xC02B):
    return handshake(2, b"\xfe\xfd" + RANDOM + b"\0" + suite.to_bytes(2, "big") + b"\0", seq=1)


def certificate(*lengths, seq=2):
    entries = b"".join(n.to_bytes(3, "big") + bytes(n) for n in lengths)
    return fragment(11, len(entries).to_bytes(3, "big") + entries, seq)


def alert(description, level=2, epoch=0):
    # Protected, an alert is longer than its two bytes.
    return record(21, bytes([level, description]) if epoch == 0 else bytes(26), epoch)


def finished(epoch=1):
    return record(22, bytes(40), epoch)


def data(length=33):
    return record(23, bytes(length), 1)


def wire(*steps):
    """Steps are (">" or "<", datagram); time goes on by a tenth of a second."""
    return relay.Wire(
        relay.Datagram(i / 10, relay.CLIENT if way == ">" else relay.SERVER, 0, bytes_)
        for i, (way, bytes_) in enumerate(steps)
    )


HELLOS = [(">", client_hello()), ("<", hello_verify_request()),
          (">", client_hello(COOKIE, seq=1))]
WORKING = HELLOS + [("<", server_hello()), (">", finished()), ("<", finished()),
                    (">", data()), ("<", data()), (">", alert(0, 1, epoch=1))]


def attempt(steps, line=None, closed=None):
    """What an `Attempt` of our end is after it wrote these status lines."""
    out = scene.Attempt(wire=wire(*steps))
    if line:
        out.connected = re.search(scene.CONNECTED, line)
        out.failed = re.search(scene.FAILED, line)
    if closed:
        out.closed = re.search(scene.CLOSED, closed) or re.search(scene.SESSION_CLOSED, closed)
    return out
