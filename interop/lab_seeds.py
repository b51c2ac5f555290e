#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Messages of Mbed TLS and wolfSSL in the lab, as seeds for the fuzz targets.

usage: interop/lab_seeds.py NXDTLS CORPUS

Plays some cells of `NXDTLS interop`, reads their pcapng files, and adds the
peer's messages to CORPUS/fuzz_* (seeds.py).  The seeds of OpenSSL and GnuTLS
come from the stock programs: nxdtls interop --stock --seeds CORPUS."""

import pathlib
import struct
import subprocess
import sys
import tempfile

import relay
import seeds

PEERS = ("mbedtls", "wolfssl")

# suite, authentication, variant: the key exchange and kind of fuzzers/kit/fuzzed_end.h.
CELLS = {
    ("c02b", "server", ""): ("ecdhe", 1),
    ("c02b", "mutual", ""): ("ecdhe", 2),
    ("cca8", "server", ""): ("ecdhe", 3),
    ("c02f", "mutual", "/chain-2"): ("ecdhe", 3),
    ("003c", "server", ""): ("rsa", 3),
    ("00a8", "psk", ""): ("psk", 0),
    ("c037", "psk", ""): ("ecdhe_psk", 4),
}

PACKET = 6  # an Enhanced Packet Block
IPV4_UDP = 28  # bytes of headers
SERVER_PORT = 4433


def read_blocks(data):
    """(type, body) of each block of a pcapng file in this machine's byte order."""
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("=II", data, at)
        yield kind, data[at + 8:at + size - 4]
        at += size


def read_wire(path):
    """Reads a capture of the lab: its datagrams, oldest first."""
    datagrams = []
    for kind, body in read_blocks(path.read_bytes()):
        if kind != PACKET:
            continue
        _, high, low, size, _ = struct.unpack_from("=5I", body)
        packet = body[20:20 + size]
        port = struct.unpack_from(">H", packet, 20)[0]
        sender = relay.SERVER if port == SERVER_PORT else relay.CLIENT
        datagrams.append(relay.Datagram((high << 32 | low) / 1e6, sender, 0, packet[IPV4_UDP:]))
    return relay.Wire(datagrams)


def save(captures, corpus, peer, cell):
    suite, auth, variant = cell
    name = "_".join([peer, suite, auth, *variant.strip("/").replace("-", "_").split()])
    for ours, ends in (("server", f"{peer}-engine"), ("client", f"engine-{peer}")):
        path = captures / f"{ends}.{suite}.{auth}.cookie.clean{variant.replace('/', '.')}.pcapng"
        if path.exists():  # not every library has every suite
            seeds.save_said(corpus, name, read_wire(path), ours, *CELLS[cell])


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 0 if sys.argv[1:] in (["-h"], ["--help"]) else 2
    with tempfile.TemporaryDirectory() as folder:
        ids = [f"{ends}/{suite}/{auth}/cookie/clean{variant}" for suite, auth, variant in CELLS for peer in PEERS
               for ends in (f"{peer}-engine", f"engine-{peer}")]
        subprocess.run([sys.argv[1], "interop", "-v", "--cover", "all", "--captures", folder, "--only", "id=" + ",".join(ids)],
                       check=True, stdout=subprocess.DEVNULL)
        for peer in PEERS:
            for cell in CELLS:
                save(pathlib.Path(folder), sys.argv[2], peer, cell)
    return 0


if __name__ == "__main__":
    sys.exit(main())
