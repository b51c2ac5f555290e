# SPDX-License-Identifier: MIT
"""Messages of peers, stock programs or libraries in the lab, as seeds for the fuzz targets (corpus/fuzz_*).

A message's body is a seed for its parser, a datagram one for the record
parser, and everything that a peer sent one for a whole association of ours.
A file is named after the peer and the cell.  Bytes that are in the corpus
already are not written again.
"""

import os

import records
import relay

MESSAGES = {
    records.CLIENT_HELLO: "fuzz_client_hello",
    records.SERVER_HELLO: "fuzz_server_hello",
    records.HELLO_VERIFY_REQUEST: "fuzz_hello_verify",
    records.CERTIFICATE: "fuzz_certificate",
    records.SERVER_KEY_EXCHANGE: "fuzz_ske_{kx}",
    records.CERTIFICATE_REQUEST: "fuzz_certificate_request",
    records.CERTIFICATE_VERIFY: "fuzz_certificate_verify",
    records.CLIENT_KEY_EXCHANGE: "fuzz_cke_{kx}",
}

# Cells whose peers send different messages; the other cells repeat these.
CASES = ("suite-002f", "suite-c02b", "suite-cca9", "suite-00a8", "defaults", "mutual-rsa", "mutual-ec", "chain-of-four")

# The key exchanges that are not ECDHE with a certificate.
KEY_EXCHANGES = {"suite-002f": "rsa", "suite-00a8": "psk"}

# fuzzers/kit/fuzzed_end.h: the kind of configuration, and two knobs.
KINDS = {"suite-002f": 3, "suite-c02b": 1, "suite-cca9": 1, "suite-00a8": 0, "defaults": 1,
         "mutual-rsa": 3, "mutual-ec": 2, "chain-of-four": 3}
PATCH_COOKIES, TALK = 2, 64


def save(folder, cell, wire):
    """Writes the seeds of one cell below FOLDER (the corpus)."""
    if cell.case not in CASES:
        return
    name = f"{cell.peer}_{cell.case.replace('-', '_').replace('.', '_')}"
    save_said(folder, name, wire, cell.ours, KEY_EXCHANGES.get(cell.case, "ecdhe"), KINDS[cell.case])


def save_said(folder, name, wire, ours, kx, kind):
    """Writes the messages of the peer of our client or server."""
    sender = relay.SERVER if ours == "client" else relay.CLIENT
    for message, target in MESSAGES.items():
        bodies = wire.messages(sender, message)
        if bodies:
            write(folder, target.format(kx=kx), name, bodies[-1])
    said = [d for d in wire.datagrams if d.sender == sender]
    write(folder, "fuzz_record", f"{name}_{ours}", max((d.data for d in said), key=len, default=b""))
    write(folder, f"fuzz_{ours}", name, association(kind, said))


def association(kind, said):
    """{delay, length, datagram}*: the peer's datagrams until it had the keys,
    with its own delays."""
    out = bytearray([kind, PATCH_COOKIES | TALK])
    last = said[0].at if said else 0
    for datagram in said[:24]:
        delay = min(int((datagram.at - last) * 1000), 0xFFFF)
        last = datagram.at
        out += delay.to_bytes(2, "big") + len(datagram.data).to_bytes(2, "big") + datagram.data
    return bytes(out)


def write(folder, target, name, data):
    place = os.path.join(folder, target)
    if not data or not os.path.isdir(place):
        return
    path = os.path.join(place, name)
    for other in os.listdir(place):
        other = os.path.join(place, other)
        if other != path and os.path.getsize(other) == len(data):
            with open(other, "rb") as file:
                if file.read() == data:
                    return
    with open(path, "wb") as out:
        out.write(data)
