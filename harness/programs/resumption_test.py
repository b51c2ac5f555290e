#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls client --resume FILE with nxdtls server --tickets and --cache.

usage: resumption_test.py NXDTLS"""
import os
import re
import stat
import subprocess
import sys
import tempfile
import unittest

NXDTLS = sys.argv.pop(1)
PSK = ["--psk", "client:000102030405060708090a0b0c0d0e0f", "--cipher", "c0a8"]


class Server:
    """A server on a free port."""

    def __init__(self, *options):
        self.process = subprocess.Popen([NXDTLS, "server", *PSK, "--echo", *options, "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        self.address = re.search(r"127\.0\.0\.1:\d+", line)[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=20)


class Resumption(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = os.path.join(self.folder.name, "session")

    def client(self, server, *options):
        return subprocess.run([NXDTLS, "client", *PSK, "--send", "hello", *options, server.address],
                              capture_output=True, text=True, timeout=60, check=False)

    def resumed(self, server):
        """Whether a client with the file has resumed its session."""
        done = self.client(server, "--resume", self.file)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return re.search(r"connected suite=.* resumed=(\d)", done.stdout + done.stderr)[1] == "1"

    def test_a_file_resumes_by_ticket_and_by_id(self):
        for options in (["--tickets"], ["--cache", "2"], ["--tickets", "--cache", "2"]):
            with self.subTest(options), Server(*options) as server:
                self.assertEqual([self.resumed(server) for _ in range(3)], [False, True, True])
            os.unlink(self.file)

    def test_nothing_is_resumed_by_default(self):
        with Server() as server:
            self.assertEqual([self.resumed(server) for _ in range(2)], [False, False])
        self.assertFalse(os.path.exists(self.file))

    def test_another_server_gets_a_full_handshake(self):
        with Server("--tickets") as server:
            self.assertFalse(self.resumed(server))
        with Server("--tickets") as server:
            self.assertEqual([self.resumed(server) for _ in range(2)], [False, True])

    def test_the_file_is_its_owners_alone(self):
        with Server("--tickets") as server:
            self.assertFalse(self.resumed(server))
        self.assertEqual(stat.S_IMODE(os.stat(self.file).st_mode), 0o600)
        self.assertEqual(os.listdir(self.folder.name), ["session"])

    def test_what_others_left_beside_the_file_is_not_written_to(self):
        for leave in (os.symlink, os.link):
            other = self.file + "." + leave.__name__
            with open(other, "w", encoding="utf-8") as out:
                out.write("another's")
            leave(other, self.file + ".new")
            with self.subTest(leave.__name__), Server("--tickets") as server:
                self.assertFalse(self.resumed(server))
                with open(other, encoding="utf-8") as kept:
                    self.assertEqual(kept.read(), "another's")
                self.assertTrue(self.resumed(server))
            os.unlink(self.file)

    def test_a_file_that_holds_something_else_is_left_alone(self):
        with Server("--tickets") as server:
            self.assertFalse(self.resumed(server))
            with open(self.file, "rb") as stored:
                good = stored.read()
            for bad in (b"", b"notes", good[:-1], good + b"x", good[:50] + bytes([good[50] ^ 1]) + good[51:]):
                with open(self.file, "wb") as stored:
                    stored.write(bad)
                done = self.client(server, "--resume", self.file)
                self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                self.assertIn("holds no session", done.stdout + done.stderr)
                with open(self.file, "rb") as stored:
                    self.assertEqual(stored.read(), bad)


if __name__ == "__main__":
    unittest.main()
