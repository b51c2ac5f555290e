#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The options of the program nxdtls that set times: the limits of a session,
what follows a loss, and what goes on while an answer is awaited, or while many
clients leave their handshakes unfinished.

Called with the path of the program.  Each wait ends with an event, and is only
bounded by a time: a slow computer makes the test slower, and no other.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
PSK = ["--psk", "client:000102030405060708090a0b0c0d0e0f"]
PATIENCE = 60  # seconds


@contextlib.contextmanager
def running(role, *arguments):
    """The program, and then its end."""
    process = subprocess.Popen([PROGRAM, role, *PSK, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def line_of(process, pattern):
    """What the pattern finds in the first line of the process that has it."""
    for line in process.stderr or process.stdout:
        found = re.search(pattern, line)
        if found:
            return found
    raise AssertionError(f"no line with {pattern}")


class Limits(unittest.TestCase):
    def ends(self, of_server, of_client, server_status, client_status):
        """A session without data ends at a limit, and neither end has failed."""
        with running("server", *of_server, "127.0.0.1:0") as server:
            address = line_of(server, r"listening on (\S+)")[1]
            with running("client", *of_client, "--no-stdin", address) as client:
                self.assertEqual(line_of(client, r"closed status=(\S+)")[1], client_status)
                self.assertEqual(client.wait(PATIENCE), 0)
            self.assertEqual(line_of(server, r"closed status=(\S+)")[1], server_status)

    def test_a_server_ends_an_idle_session(self):
        self.ends(["--idle-limit", "1"], [], "0x1f0", "0x00")

    def test_a_server_ends_an_old_session(self):
        self.ends(["--life-limit", "1"], [], "0x1f1", "0x00")

    def test_a_client_ends_an_idle_session(self):
        self.ends([], ["--idle-limit", "1"], "0x127", "0x1f0")

    def test_a_client_ends_an_old_session(self):
        self.ends([], ["--life-limit", "1"], "0x127", "0x1f1")

    def test_a_client_notices_that_its_server_is_gone(self):
        with running("server", "--cid", "8", "127.0.0.1:0") as server:
            address = line_of(server, r"listening on (\S+)")[1]
            with running("client", "--cid", "0", "--keepalive", "1", "--no-stdin", address) as client:
                line_of(client, r"connected")
                server.kill()
                self.assertEqual(line_of(client, r"error.* status=(\S+)")[1], "0x1f4")
                self.assertEqual(client.wait(PATIENCE), 1)

    def test_a_client_without_connection_ids_does_not_claim_that(self):
        with running("server", "127.0.0.1:0") as server:
            address = line_of(server, r"listening on (\S+)")[1]
            with running("client", "--keepalive", "1", "--life-limit", "6", "--no-stdin", address) as client:
                line_of(client, r"connected")
                server.kill()
                self.assertEqual(line_of(client, r"closed status=(\S+)")[1], "0x1f1")

    def test_a_client_tells_what_it_knows_of_the_path(self):
        with running("server", "--cid", "8", "--life-limit", "1", "127.0.0.1:0") as server:
            address = line_of(server, r"listening on (\S+)")[1]
            with running("client", "--cid", "0", "--path-search", "1472", "--no-stdin", address) as client:
                self.assertIn(int(line_of(client, r"path mtu=(\d+)")[1]), range(40, 1473))
                self.assertEqual(client.wait(PATIENCE), 0)


def hello_verify(client_hello):
    """The answer to a ClientHello: a HelloVerifyRequest with an 8-byte cookie."""
    body = b"\xfe\xff\x08" + b"\x11\x22\x33\x44\x55\x66\x77\x88"
    length = len(body).to_bytes(3, "big")
    message = b"\x03" + length + b"\0\0" + b"\0\0\0" + length + body
    return b"\x16\xfe\xff" + client_hello[3:11] + len(message).to_bytes(2, "big") + message


class Silent:
    """A server that answers a client's second ClientHello alone, as if the first
    were lost, and counts its further ones."""

    def __init__(self, *options):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(PATIENCE)
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.options = ["--timeout", str(PATIENCE), *options, "--no-stdin", self.address]

    def hear(self):
        return self.socket.recvfrom(65535)

    def answer_the_second(self):
        self.hear()
        hello, client = self.hear()
        self.socket.sendto(hello_verify(hello), client)
        self.hear()  # with the cookie


class Loss(unittest.TestCase):
    def test_a_fresh_timeout_is_the_shorter_one(self):
        """After a loss both clients wait for the answer to a new flight.  The one
        that begins afresh was answered first and repeats it after 1 s, not 2."""
        kept, fresh = Silent(), Silent("--fresh-timeout")
        with running("client", *kept.options), running("client", *fresh.options):
            fresh.answer_the_second()
            kept.answer_the_second()
            fresh.hear()
            kept.socket.setblocking(False)
            self.assertRaises(BlockingIOError, kept.hear)
            kept.socket.settimeout(PATIENCE)
            kept.hear()
        kept.socket.close()
        fresh.socket.close()


def is_request(datagram):
    """Is it a handshake record in the first keys' epoch, behind Finished?"""
    return datagram[0] == 22 and datagram[3:5] == b"\0\1" and datagram[5:11] != bytes(6)


class Relay:
    """A path to a server's address that loses what is_request finds."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.server = (host, int(port))
        self.client = None
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.lost = threading.Event()
        threading.Thread(target=self.forward, daemon=True).start()

    def forward(self):
        while True:
            datagram, sender = self.socket.recvfrom(65535)
            if sender != self.server:
                self.client = sender
                self.socket.sendto(datagram, self.server)
            elif is_request(datagram):
                self.lost.set()
            else:
                self.socket.sendto(datagram, self.client)


class Renegotiation(unittest.TestCase):
    def test_a_server_prints_data_while_its_request_is_not_answered(self):
        """The request is lost for as long as the server waits; the line that
        gives it up comes after the data, or not at all."""
        server = subprocess.Popen([PROGRAM, "server", *PSK, "--renegotiate", "--timeout", "20", "127.0.0.1:0"],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            relay = Relay(line_of(server, r"listening on (\S+)")[1])
            with running("client", "--send", "a text\n", "--no-stdin", relay.address):
                lines = []
                while "a text\n" not in lines:
                    lines.append(server.stdout.readline())
                    self.assertNotIn("not renegotiated", lines[-1])
                self.assertTrue(relay.lost.wait(PATIENCE))
        finally:
            server.kill()
            server.communicate(timeout=PATIENCE)


def client_hello(random, cookie):
    """A ClientHello that offers one suite with a key."""
    body = b"\xfe\xfd" + random + b"\0" + bytes([len(cookie)]) + cookie + b"\0\x02\0\xa8" + b"\x01\0"
    length = len(body).to_bytes(3, "big")
    number = bytes([0, bool(cookie)])
    message = b"\x01" + length + number + b"\0\0\0" + length + body
    return b"\x16\xfe\xfd" + bytes(6) + number + len(message).to_bytes(2, "big") + message


def leave_unfinished(host, port):
    """A handshake up to the server's flight; the socket that was used."""
    guest = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    guest.settimeout(PATIENCE)
    guest.connect((host, port))
    random = os.urandom(32)
    guest.send(client_hello(random, b""))
    cookie = guest.recv(65535)[28:]
    guest.send(client_hello(random, cookie))
    flight = guest.recv(65535)
    assert flight[13] == 2, flight  # ServerHello
    return guest


class Crowd(unittest.TestCase):
    def test_unfinished_handshakes_keep_nobody_out(self):
        """However many handshakes are not finished, the next one begins at once."""
        with running("server", "--sessions", "300", "--timeout", "600", "127.0.0.1:0") as server:
            host, port = line_of(server, r"listening on (\S+):(\d+)").groups()
            guests = [leave_unfinished(host, int(port)) for _ in range(200)]
            with running("client", "--no-stdin", f"{host}:{port}"):
                line_of(server, r"session \S+ connected")
            for guest in guests:
                guest.close()

    def test_an_unfinished_handshake_is_given_up(self):
        with running("server", "--timeout", "1", "127.0.0.1:0") as server:
            host, port = line_of(server, r"listening on (\S+):(\d+)").groups()
            guest = leave_unfinished(host, int(port))
            self.assertEqual(line_of(server, r"session \S+ failed status=(\S+)")[1], "0x43")
            guest.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
