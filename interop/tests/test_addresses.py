# SPDX-License-Identifier: MIT
"""A server on all addresses answers from the one that was asked.

The judge is the client's socket: openssl s_client connects it, so that it hears
one address and no other.  A host has one loopback address of IPv6, so that half
runs again in a network of its own (unshare), where loopback has three.

NXDTLS names the program; ctest sets it.
"""

import os
import re
import socket
import subprocess
import sys
import time
import unittest

import made  # noqa: F401  (sets the path)
import peers
from process import Process

PROGRAM = os.environ.get("NXDTLS", "")
IDENTITY, KEY = "plant", "000102030405060708090a0b0c0d0e0f"
PSK = f"{IDENTITY}:{KEY}"
PATIENCE = 20  # seconds; nothing takes as long
OWN_NETWORK = "NXDTLS_TEST_OWN_NETWORK"  # is set there
OWN_V6 = ["fd00::2", "fd00::3"]
LISTENING = r"listening on .*:(\d+)$"


def in_own_network(*argv):
    """Runs a command where loopback is the only link and also has OWN_V6."""
    script = "ip link set lo up"
    for address in OWN_V6:
        script += f" && ip addr add {address}/128 dev lo nodad"
    try:
        return subprocess.run(["unshare", "-rn", "sh", "-c", script + ' && exec "$@"', "sh", *argv],
                              env={**os.environ, OWN_NETWORK: "yes"}, capture_output=True, text=True,
                              timeout=120, check=False)
    except OSError as error:
        return subprocess.CompletedProcess(argv, 127, "", str(error))


def hears(port, peer):
    """Is there a socket of `port` that is connected to this address?"""
    with open("/proc/net/udp", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    wanted = bytes(reversed(socket.inet_aton(peer))).hex().upper()
    return any(int(row[1].split(":")[1], 16) == port and row[2].startswith(wanted) for row in rows)


@unittest.skipUnless(PROGRAM, "NXDTLS does not name the program")
class Addresses(unittest.TestCase):
    def start(self, *argv):
        process = Process(argv)
        self.addCleanup(process.terminate)
        return process

    def serve(self, address):
        server = self.start(PROGRAM, "server", "--echo", "--psk", PSK, address + ":0")
        self.assertTrue(server.wait_line(LISTENING, PATIENCE), server.lines)
        return server, server.find(LISTENING)[1]

    def stock_client(self, address, *more):
        return self.start("openssl", "s_client", "-dtls1_2", "-quiet", "-no_ign_eof", "-psk_identity",
                          IDENTITY, "-psk", KEY, "-connect", address, *more)

    def exchange(self, client, text):
        """What the client says comes back to it."""
        said = len(client.out)
        self.assertTrue(client.write(text), client.lines)
        client.wait_bytes(said + len(text), PATIENCE)
        self.assertEqual(bytes(client.out[said:]), text, f"{client.command}: {client.lines}")

    def end(self, server, clients):
        """Every client leaves, and the server has had no failure."""
        for client in clients:
            client.close_input()
            self.assertTrue(client.wait_end(PATIENCE), client.lines)
        server.child.terminate()
        self.assertTrue(server.wait_end(PATIENCE))
        counts = dict(re.findall(r"(\w+)=(\d+)", server.lines[-1]))
        self.assertEqual(counts["connected_total"], str(len(clients)), server.lines)
        self.assertEqual(counts["failed_total"], "0", server.lines)

    def test_each_address_of_a_server_on_all_of_them(self):
        server, port = self.serve("0.0.0.0")
        clients = []
        for i in range(1, 4):
            with self.subTest(address=f"127.0.0.{i}"):
                clients.append(self.stock_client(f"127.0.0.{i}:{port}"))
                self.exchange(clients[-1], b"through %d\n" % i)
        for client in clients:  # and once more, with all of them connected
            self.exchange(client, b"again\n")
        self.end(server, clients)

    @unittest.skipUnless(peers.has_ipv6(), "this host has no ::1")
    def test_a_server_on_all_addresses_of_ipv6(self):
        server, port = self.serve("[::]")
        clients = []
        for address in ["::1"] + (OWN_V6 if OWN_NETWORK in os.environ else []):
            with self.subTest(address=address):
                clients.append(self.stock_client(f"[{address}]:{port}", "-bind", "[::1]:0"))
                self.exchange(clients[-1], address.encode() + b"\n")
        self.end(server, clients)

    @unittest.skipIf(OWN_NETWORK in os.environ, "this is the network of its own")
    def test_several_addresses_of_ipv6(self):
        no_network = in_own_network("true")
        if no_network.returncode != 0:
            self.skipTest("no network of one's own: " + no_network.stderr.strip())
        done = in_own_network(sys.executable, os.path.abspath(__file__),
                              "Addresses.test_a_server_on_all_addresses_of_ipv6")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_our_own_client(self):
        server, port = self.serve("0.0.0.0")
        client = self.start(PROGRAM, "client", "--psk", PSK, f"127.0.0.2:{port}")
        self.exchange(client, b"through 2\n")
        self.end(server, [client])

    def test_one_port_of_a_client_speaks_to_two_addresses(self):
        """RFC 6347, 4.2.8: an association belongs to both ends' address and port."""
        server, port = self.serve("0.0.0.0")
        own = peers.free_port("127.0.0.1")
        clients = []
        for i in (2, 3):
            clients.append(self.stock_client(f"127.0.0.{i}:{port}", "-bind", f"127.0.0.1:{own}"))
            self.exchange(clients[-1], b"through %d\n" % i)
            self.assertTrue(hears(own, f"127.0.0.{i}"))
        for client in clients + clients:
            self.exchange(client, b"again\n")
        time.sleep(0.2)
        self.assertFalse([c.lines for c in clients if c.ended])
        self.end(server, clients)


if __name__ == "__main__":
    unittest.main()
