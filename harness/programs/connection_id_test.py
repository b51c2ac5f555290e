#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls client --cid with nxdtls server --cid, behind a NAT that forgets.

usage: connection_id_test.py NXDTLS

A relay plays the NAT on loopback: when it forgets the client, the client's
datagrams leave it from a new port, and the old one is closed.  What passes is
then decrypted by tshark, which is not ours: where its version knows connection
ids, it must see the data.  Without it that test is skipped."""
import os
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

NXDTLS = sys.argv.pop(1)
PSK = ["--psk", "client:000102030405060708090a0b0c0d0e0f"]
SUITE = ["--cipher", "c0a8"]
PATIENCE = 60


class Nat(threading.Thread):
    """Forwards between one client and the server."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.inner = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.inner.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.inner.getsockname()[1]
        self.seen = []  # (from the client?, bytes)
        self.stopped = threading.Event()
        self.forgets = threading.Event()
        self.outer = self.new_port()

    def new_port(self):
        outer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        outer.connect(self.server)
        return outer

    def run(self):
        client = None
        while not self.stopped.is_set():
            for ready in select.select([self.inner, self.outer], [], [], 0.05)[0]:
                if ready is self.inner:
                    data, client = self.inner.recvfrom(65536)
                    self.seen.append((True, data))
                    if self.forgets.is_set():
                        self.forgets.clear()
                        self.outer.close()
                        self.outer = self.new_port()
                    self.outer.send(data)
                else:
                    data = self.outer.recv(65536)
                    self.seen.append((False, data))
                    self.inner.sendto(data, client)

    def stop(self):
        self.stopped.set()
        self.join(PATIENCE)
        self.inner.close()
        self.outer.close()


def pcap(seen):
    """The datagrams as if between port 40000 of one host and port 4433 of another."""
    out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 228)]
    for i, (from_client, data) in enumerate(seen):
        ends = [(bytes([192, 0, 2, 1]), 40000), (bytes([192, 0, 2, 2]), 4433)]
        (source, source_port), (target, target_port) = ends if from_client else ends[::-1]
        packet = (struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(data), 0, 0, 64, 17, 0) + source + target
                  + struct.pack("!HHHH", source_port, target_port, 8 + len(data), 0) + data)
        out.append(struct.pack("<IIII", 0, i, len(packet), len(packet)) + packet)
    return b"".join(out)


class ConnectionId(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.keylog = os.path.join(self.folder.name, "keys")

    def start(self, role, *options):
        process = subprocess.Popen([NXDTLS, role, *PSK, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        process.terminate()
        process.wait(PATIENCE)
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()

    def wait_for(self, process, pattern):
        """The line of stderr that matches; the program ends if there is none."""
        lines = []
        for line in process.stderr:
            lines.append(line)
            if re.search(pattern, line):
                return line
        return self.fail(f"{pattern}: not in {lines}")

    def connect(self, server_options, client_options):
        """A server that echoes, and a client of it behind a NAT."""
        server = self.start("server", "--echo", *server_options, "127.0.0.1:0")
        port = int(re.search(r"127\.0\.0\.1:(\d+)", self.wait_for(server, "listening"))[1])
        nat = Nat(("127.0.0.1", port))
        self.addCleanup(nat.stop)
        nat.start()
        client = self.start("client", "--keylog", self.keylog, *client_options, nat.address)
        return server, nat, client, self.wait_for(client, " connected ")

    def echo(self, client, text):
        client.stdin.write(text + "\n")
        client.stdin.flush()
        self.assertEqual(client.stdout.readline(), text + "\n")

    def test_a_session_survives_new_ports(self):
        server, nat, client, connected = self.connect([*SUITE, "--cid", "8"], [*SUITE, "--cid", "0"])
        self.assertIn("send_id=8 receive_id=0", connected)
        for i in range(10):
            nat.forgets.set()
            self.echo(client, f"text {i}")  # answered at once, from a port not seen before
            self.wait_for(server, r"session 127\.0\.0\.1:\d+ moved to 127\.0\.0\.1:\d+")
        client.stdin.close()
        self.assertEqual(client.wait(PATIENCE), 0)
        server.terminate()
        self.wait_for(server, r"handshakes=1 .*moves=10 moves_refused=0")

    def test_without_ids_it_does_not(self):
        _, nat, client, connected = self.connect(SUITE, [*SUITE, "--cid", "0", "--timeout", "1"])
        self.assertIn("send_id=0 receive_id=0", connected)
        self.echo(client, "heard")
        nat.forgets.set()
        client.stdin.write("lost\n")
        client.stdin.close()
        self.assertEqual(client.stdout.read(), "")

    @unittest.skipUnless(shutil.which("tshark"), "no tshark")
    def test_tshark_decrypts_both_directions(self):
        for suite in ("c0a8", "00a8", "00ae"):
            with self.subTest(suite):
                if os.path.exists(self.keylog):
                    os.unlink(self.keylog)
                _, nat, client, _ = self.connect(["--cid", "8", "--padding", "64", "--cipher", suite],
                                                 ["--cid", "3", "--cipher", suite])
                for text in ("first text", "second text"):
                    self.echo(client, text)
                path = os.path.join(self.folder.name, "pcap")
                with open(path, "wb") as out:
                    out.write(pcap(nat.seen))
                shown = subprocess.run(["tshark", "-r", path, "-o", f"tls.keylog_file:{self.keylog}", "-d",
                                        "udp.port==4433,dtls", "-T", "fields", "-e", "udp.srcport", "-e",
                                        "dtls.record.connection_id", "-e", "data.data", "-Y",
                                        "dtls.record.connection_id && data.data"],
                                       capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
                rows = [line.split("\t") for line in shown.splitlines()]
                for port, length in (("40000", 8), ("4433", 3)):
                    own = [row for row in rows if row[0] == port]
                    self.assertEqual([bytes.fromhex(row[2].replace(":", "")) for row in own],
                                     [b"first text\n", b"second text\n"], shown)
                    self.assertEqual({len(row[1].replace(":", "")) for row in own}, {2 * length}, shown)


if __name__ == "__main__":
    unittest.main()
