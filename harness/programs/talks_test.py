#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What client and server say of a session: its protocol, another handshake, who
is refused, what goes to whom.

Called with the path of the program.  Each wait ends with an event, and is only
bounded by a time.
"""

import subprocess
import sys
import unittest

from talking import PATIENCE, Talking

PSK = ["--psk", "id:000102030405060708090a0b0c0d0e0f"]


class Talks(Talking):
    def start(self, role, *arguments, stdin=subprocess.DEVNULL):
        return super().start(role, *PSK, *arguments, stdin=stdin)

    def server(self, *arguments):
        """A server and its address."""
        server = self.start("server", *arguments, "127.0.0.1:0")
        return server, self.line(server, r"listening on (\S+)")[1]

    def test_the_protocol_of_both(self):
        server, address = self.server("--alpn", "mqtt,coap")
        client = self.start("client", "--alpn", "coap", "--no-stdin", address)
        self.assertEqual(self.line(client, r"connected .* alpn=(\S+)")[1], "coap")
        self.assertEqual(self.line(server, r"connected .* alpn=(\S+)")[1], "coap")

    def test_a_name_with_a_blank_stays_one_word(self):
        server, address = self.server("--alpn", "a b")
        client = self.start("client", "--alpn", "a b", "--no-stdin", address)
        self.assertEqual(self.line(client, r"connected .* alpn=(\S+)")[1], "a?b")
        self.assertEqual(self.line(server, r"connected .* alpn=(\S+)")[1], "a?b")

    def test_a_client_makes_another_handshake_first(self):
        _, address = self.server("--echo")
        client = self.start("client", "--renegotiate", "--send", "text", address)
        self.assertEqual(self.line(client, r"(renegotiated|sent|closed|error) ?\S*")[1], "renegotiated")
        self.assertEqual(client.stdout.read().strip(), "text")
        self.assertEqual(client.wait(PATIENCE), 0)

    def test_a_client_says_that_it_may_not(self):
        _, address = self.server("--no-renegotiation")
        client = self.start("client", "--renegotiate", "--no-stdin", address)
        self.line(client, "connected suite=")
        self.assertRegex(self.line(client, r"(error.*|closed.*)")[1], "does not renegotiate")
        self.assertEqual(client.wait(PATIENCE), 1)

    def test_a_server_makes_another_handshake(self):
        server, address = self.server("--renegotiate", "--send", "welcome")
        client = self.start("client", "--no-stdin", address)
        self.line(client, "connected suite=")
        self.assertEqual(client.stdout.read(7), "welcome")
        self.assertRegex(self.line(server, r"session \S+ renegotiated (.*)")[1], "^suite=")

    def test_a_server_says_that_its_client_may_not(self):
        server, address = self.server("--renegotiate")
        client = self.start("client", "--no-renegotiation", "--no-stdin", address)
        self.line(client, "connected suite=")
        self.assertRegex(self.line(server, r"session \S+ not renegotiated (.*)")[1], "^status=0x")

    def test_a_server_says_whom_it_refuses(self):
        server, address = self.server("--sessions", "1", "--verbose")
        first = self.start("client", "--no-stdin", address)
        self.line(first, "connected suite=")
        second = self.start("client", "--no-stdin", address)
        self.assertEqual(self.line(server, r"refused: (.*)")[1], "no session is free")
        self.line(second, "error")
        self.assertEqual(second.wait(PATIENCE), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
