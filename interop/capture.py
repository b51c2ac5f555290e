# SPDX-License-Identifier: MIT
"""Writes a recorded exchange as pcapng, with the key log inside (Wireshark decrypts it).

The relay records UDP payloads only.  The addresses and ports are invented: the
clients are 192.0.2.1 from port 40000 on, the server is 192.0.2.2:4433.
"""

import os
import struct

import relay

SECTION, INTERFACE, PACKET, SECRETS = 0x0A0D0D0A, 1, 6, 10
LINKTYPE_IPV4 = 228
TLS_KEY_LOG = 0x544C534B


def save(folder, name, wire, keylog):
    """Writes FOLDER/NAME.pcapng and returns its path."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name.replace("/", ".") + ".pcapng")
    with open(path, "wb") as out:
        out.write(pcapng(wire, keylog))
    return path


def pcapng(wire, keylog):
    out = [block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
           block(INTERFACE, struct.pack("<HHI", LINKTYPE_IPV4, 0, 0))]
    if keylog:
        secrets = keylog.encode()
        out.append(block(SECRETS, struct.pack("<II", TLS_KEY_LOG, len(secrets)) + secrets))
    for datagram in wire.datagrams:
        packet = ipv4(datagram)
        at = int(datagram.at * 1_000_000)
        head = struct.pack("<IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(packet), len(packet))
        out.append(block(PACKET, head + packet))
    return b"".join(out)


def block(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def ipv4(datagram):
    ends = [(bytes([192, 0, 2, 1]), 40000 + datagram.peer), (bytes([192, 0, 2, 2]), 4433)]
    if datagram.sender == relay.SERVER:
        ends.reverse()
    (source, source_port), (target, target_port) = ends
    udp = struct.pack("!HHHH", source_port, target_port, 8 + len(datagram.data), 0)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(datagram.data), 0, 0, 64, 17, 0)
    return head + source + target + udp + datagram.data
