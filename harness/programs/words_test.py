#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What client and server say, and at once where they can know at once: names of
hosts and alerts, likely causes, the line after SIGINT.

Called with the path of the program and the folder of the test PKI.  Each wait
ends with an event, and is only bounded by a time.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import unittest

from talking import PATIENCE, PROGRAM, Talking

PKI = os.path.abspath(sys.argv[2])
KEY = "000102030405060708090a0b0c0d0e0f1011121314151617"
PSK = ["--psk", f"id:{KEY}"]
DAY = ["--timeout", "86400"]
OWN_KEY = ["--cert", os.path.join(PKI, "client-ec.pem"), "--key", os.path.join(PKI, "client-ec.key")]  # freed at each end


def pki(name):
    return os.path.join(PKI, name)


def udp(family=socket.AF_INET, host="127.0.0.1"):
    """A bound socket, and its address in the words of the program."""
    own = socket.socket(family, socket.SOCK_DGRAM)
    own.settimeout(PATIENCE)
    own.bind((host, 0))
    return own, ("[%s]:%d" if family == socket.AF_INET6 else "%s:%d") % (host, own.getsockname()[1])


class Words(Talking):
    def server(self, *arguments):
        """A server and its port."""
        server = self.start("server", *arguments, "127.0.0.1:0")
        return server, self.line(server, r"listening on \S+:(\d+)")[1]

    def client(self, *arguments):
        """The lines of a client that ends by itself, and its exit status."""
        done = subprocess.run([PROGRAM, "client", "--no-stdin", *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE)
        return done.stderr, done.returncode

    def fails(self, pattern, *arguments):
        said, status = self.client(*arguments)
        self.assertRegex(said, pattern)
        self.assertNotIn("Sanitizer", said)
        self.assertEqual(status, 1)


class Unreachable(Words):
    def test_nobody_listens(self):
        for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with self.subTest(host=host):
                try:
                    own, address = udp(family, host)
                except OSError:
                    self.skipTest("this host has no such address")
                own.close()
                self.fails(re.escape(address) + ": nobody listens there", *PSK, *OWN_KEY, *DAY, address)

    def test_the_listener_has_gone(self):
        """The first ClientHello is heard, and the second is not."""
        own, address = udp()
        client = self.start("client", *PSK, *DAY, "--no-stdin", address)
        own.recv(65535)
        own.close()
        self.line(client, "nobody listens there")
        self.assertEqual(client.wait(PATIENCE), 1)

    def test_no_way_leads_there(self):
        self.fails("is there a route", *PSK, *DAY, "255.255.255.255:4433")


class Causes(Words):
    def test_another_key_than_the_servers(self):
        server, port = self.server("--psk", f"id:{KEY}ff", "--retries", "1", "--first-timeout", "100")
        self.fails("does not answer our Finished: wrong key", *PSK, "--retries", "1", "--first-timeout", "100",
                   f"127.0.0.1:{port}")
        self.line(server, "failed status=.* the peer's records do not open: wrong key")

    def test_an_alert_has_a_name_and_a_meaning(self):
        server, port = self.server(*PSK)
        self.fails(r"alert_received=115\(unknown_psk_identity\): the peer does not know our PSK identity",
                   "--psk", f"other:{KEY}", f"127.0.0.1:{port}")
        self.line(server, r"alert_sent=115\(unknown_psk_identity\)")

    def test_silence(self):
        own, address = udp()
        self.fails("nothing has come from the peer", *PSK, "--timeout", "1", address)
        own.close()


class Names(Words):
    def test_a_name_of_a_host(self):
        _, port = self.server(*PSK, "--send", "text")
        client = self.start("client", *PSK, "--no-stdin", f"localhost:{port}")
        self.assertEqual(self.line(client, r"localhost is (\S+)")[1], f"127.0.0.1:{port}")
        self.line(client, "connected suite=")

    def test_a_certificate_must_have_the_name_of_the_host(self):
        _, port = self.server("--cert", pki("client-ec.pem"), "--key", pki("client-ec.key"))
        _, good = self.server("--cert", pki("ec.pem"), "--key", pki("ec.key"))
        trust = ["--ca", pki("root.pem")]
        self.line(self.start("client", *trust, "--no-stdin", f"localhost:{good}"), r"connected .* name=known")
        self.fails("another name|not a certificate for a server", *trust, f"localhost:{port}")
        self.fails("another name", *trust, "--name", "elsewhere", f"localhost:{good}")


class Times(Words):
    def test_retries_and_first_timeout(self):
        """A ClientHello and two repeats, after 50 and 100 ms."""
        own, address = udp()
        self.fails("status=0x38", *PSK, *DAY, "--retries", "2", "--first-timeout", "50", address)
        own.setblocking(False)
        for _ in range(3):
            own.recv(65535)
        self.assertRaises(BlockingIOError, own.recv, 1)
        own.close()


class Interrupted(Words):
    def test_before_an_answer(self):
        own, address = udp()
        client = self.start("client", *PSK, *OWN_KEY, *DAY, "--no-stdin", address)
        own.recv(65535)
        client.send_signal(signal.SIGINT)
        self.line(client, "interrupted: " + re.escape(address) + ": nothing has come from the peer")
        self.assertNotIn("Sanitizer", client.stderr.read())
        self.assertEqual(client.wait(PATIENCE), 1)
        own.close()

    def test_in_a_session(self):
        _, port = self.server(*PSK, "--send", "text")
        client = self.start("client", *PSK, "--no-stdin", f"127.0.0.1:{port}")
        self.line(client, "connected")
        client.send_signal(signal.SIGINT)
        self.line(client, r"interrupted: sent=0 received=\d")
        self.line(client, "closed status=0x00")
        self.assertEqual(client.wait(PATIENCE), 0)


class Help(Words):
    def test_each_command_names_its_exit_statuses(self):
        def text(*arguments):
            return subprocess.run([PROGRAM, *arguments, "--help"], capture_output=True, text=True, check=True,
                                  timeout=PATIENCE).stdout
        commands = re.findall(r"^  ([a-z]+) ", text(), re.M)
        self.assertLessEqual({"client", "server"}, set(commands))
        for command in [[]] + [[name] for name in commands]:
            with self.subTest(command=command):
                self.assertRegex(text(*command), r"(?i)exit status")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
