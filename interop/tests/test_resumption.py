#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Sessions are resumed between our programs and the stock ones of OpenSSL and GnuTLS, by ids and by tickets,
over UDP with the cookie exchange.

The program is $NXDTLS, the certificates are in $NXDTLS_PKI_DIR."""

import os
import re
import subprocess
import time
import unittest

import made  # noqa: F401  (sets the path)
import peers
from stock import IDENTITY, NXDTLS, PATIENCE, Stock, pki


@unittest.skipUnless(NXDTLS, "no program: NXDTLS is not set")
class Resumption(Stock):
    def our_client(self, port):
        """Whether our client has resumed the session in its file; the server may not be there yet."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            done = subprocess.run([NXDTLS, "client", "--resume", self.path("session"), "--ca", pki("root.pem"),
                                   "--name", "localhost", "--no-stdin", "--life-limit", "1", f"127.0.0.1:{port}"],
                                  capture_output=True, timeout=PATIENCE, check=False)
            found = re.search(rb"connected suite=.* resumed=(\d)", done.stdout + done.stderr)
            if found:
                return found[1] == b"1"
        return self.fail("our client does not connect: " + repr(done.stdout + done.stderr))

    def check_our_client(self, port):
        self.assertEqual([self.our_client(port) for _ in range(3)], [False, True, True])

    def test_our_client_with_openssl(self):
        for name, option in (("tickets", []), ("ids", ["-no_ticket"])):
            with self.subTest(name):
                port = peers.free_port("127.0.0.1")
                self.start(["openssl", "s_server", "-dtls1_2", "-quiet", "-accept", f"127.0.0.1:{port}",
                            *IDENTITY["openssl"], *option], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
                self.check_our_client(port)
                os.unlink(self.path("session"))

    def test_our_client_with_gnutls(self):
        for name, option in (("tickets", []), ("ids", ["--noticket", "--priority", "NORMAL:%NO_TICKETS"])):
            with self.subTest(name):
                port = peers.free_port("127.0.0.1")
                self.start(["gnutls-serv", "--udp", "--echo", "-p", str(port), *IDENTITY["gnutls"], *option],
                           stdout=subprocess.DEVNULL)
                self.check_our_client(port)
                os.unlink(self.path("session"))

    def test_openssl_with_our_server(self):
        for option in (["--tickets"], ["--cache", "4"]):
            with self.subTest(option[0]):
                port = self.our_server(option)
                said = []
                for session in (["-sess_out", self.path("s")], ["-sess_in", self.path("s")]):
                    client = self.start(["openssl", "s_client", "-dtls1_2", "-connect", f"127.0.0.1:{port}",
                                         "-CAfile", pki("root.pem"), *session],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                    said.append(self.read_until(client, rb"^(New|Reused), .*$"))
                    # Its session is in the file once it has ended.
                    client.communicate(b"Q\n", timeout=PATIENCE)
                self.assertEqual([word.split(b",")[0] for word in said], [b"New", b"Reused"])

    def test_gnutls_with_our_server(self):
        for option, priority in ((["--tickets"], "NORMAL"), (["--cache", "4"], "NORMAL:%NO_TICKETS")):
            with self.subTest(option[0]):
                port = self.our_server(option)
                client = self.start(["gnutls-cli", "--udp", "--resume", "--priority", priority,
                                     "--no-ca-verification", "-p", port, "127.0.0.1"],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                self.read_until(client, rb"\*\*\* This is a resumed session")


if __name__ == "__main__":
    unittest.main()
