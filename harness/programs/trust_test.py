#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls client and server that trust a key: --fingerprint, --rpk, --psk-file.

usage: trust_test.py NXDTLS PKI"""
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import unittest

NXDTLS, PKI = sys.argv.pop(1), sys.argv.pop(1)
KEY = "000102030405060708090a0b0c0d0e0f"
CCM = ["--cipher", "c0a8"]  # no warning: it asks for 16 bytes


def pki(name):
    return os.path.join(PKI, name)


def fingerprint(name):
    """SHA-256 of the public key of a certificate, as openssl has it."""
    pem = subprocess.run(["openssl", "x509", "-in", pki(name), "-noout", "-pubkey"], capture_output=True, check=True)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=pem.stdout, capture_output=True,
                         check=True)
    return hashlib.sha256(der.stdout).hexdigest()


class Server:
    """A server on a free port."""

    def __init__(self, *options):
        self.process = subprocess.Popen([NXDTLS, "server", "--echo", *options, "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.address = re.search(r"127\.0\.0\.1:\d+", self.process.stdout.readline())[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=20)


class Trust(unittest.TestCase):
    def client(self, server, *options):
        """Exit status and output of a client that sends a line and gets it back."""
        done = subprocess.run([NXDTLS, "client", "--timeout", "5", "--send", "hello", *options, server.address],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_a_client_trusts_the_key_of_a_fingerprint_and_no_other(self):
        # A certificate of no authority, and of another name.
        with Server("--cert", pki("ec.pem"), "--key", pki("ec.key")) as server:
            right = fingerprint("ec.pem")
            wrong = fingerprint("rsa.pem")
            for options in (["--fingerprint", right], ["--fingerprint", wrong, "--fingerprint", right.upper()],
                            ["--fingerprint", right, "--name", "another.example"]):
                with self.subTest(options):
                    status, output = self.client(server, *options)
                    self.assertEqual(status, 0, output)
                    self.assertIn("hello", output)
            status, output = self.client(server, "--fingerprint", wrong)
            self.assertEqual(status, 1, output)
            self.assertNotIn("connected suite", output)

    def test_a_password_that_both_have_and_no_other(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for name, text in (("right", "J01NU5\n"), ("same", "J01NU5"), ("other", "J01NU6\r\n")):
                paths.append(os.path.join(folder, name))
                with open(paths[-1], "w", encoding="ascii", newline="") as out:
                    out.write(text)
            with Server("--password", paths[0]) as server:
                for path, expected in ((paths[0], 0), (paths[1], 0), (paths[2], 1), (paths[0], 0)):
                    with self.subTest(path):
                        status, output = self.client(server, "--password", path)
                        self.assertEqual(status, expected, output)
                        self.assertEqual("connected suite=ECJPAKE_WITH_AES_128_CCM_8" in output, expected == 0, output)

    def test_a_server_trusts_the_keys_of_its_clients(self):
        own = ["--cert", pki("ec.pem"), "--key", pki("ec.key"), "--client-auth"]
        with Server(*own, "--fingerprint", fingerprint("client-ec.pem")) as server:
            trust = ["--fingerprint", fingerprint("ec.pem")]
            for name, wanted in (("client-ec", 0), ("client-rsa", 1)):
                with self.subTest(name):
                    status, output = self.client(server, *trust, "--cert", pki(name + ".pem"), "--key",
                                                 pki(name + ".key"))
                    self.assertEqual(status, wanted, output)
            self.assertEqual(self.client(server, *trust)[0], 1)

    def test_both_show_raw_public_keys(self):
        trust = ["--rpk", "--fingerprint", fingerprint("ec.pem")]
        with Server("--rpk", "--key", pki("ec.key"), "--client-auth", "--fingerprint",
                    fingerprint("client-ed25519.pem")) as server:
            for options, wanted in ((["--key", pki("client-ed25519.key")], 0), (["--key", pki("client-ec.key")], 1),
                                    ([], 1),
                                    (["--cert", pki("client-ed25519.pem"), "--key", pki("client-ed25519.key")], 0)):
                with self.subTest(options):
                    status, output = self.client(server, *trust, *options)
                    self.assertEqual(status, wanted, output)
                    self.assertEqual("raw_key=1" in output, wanted == 0, output)
            status, output = self.client(server, "--rpk", "--fingerprint", fingerprint("rsa.pem"), "--key",
                                         pki("client-ed25519.key"))
            self.assertEqual(status, 1, output)
            self.assertIn("raw public key is not trusted", output)

    def test_a_raw_public_key_is_for_those_that_take_one(self):
        trust = ["--fingerprint", fingerprint("ec.pem")]
        with Server("--rpk", "--key", pki("ec.key")) as server:
            self.assertEqual(self.client(server, "--rpk", *trust)[0], 0)
            status, output = self.client(server, *trust)
            self.assertEqual(status, 1, output)
            self.assertIn("43(unsupported_certificate)", output)
        with Server("--cert", pki("ec.pem"), "--key", pki("ec.key")) as server:
            status, output = self.client(server, "--rpk", *trust)
            self.assertEqual(status, 0, output)
            self.assertIn("raw_key=0", output)

    def test_a_server_finds_keys_in_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "keys")
            with open(path, "w", encoding="ascii") as out:
                out.write("".join(f"device{i}:{i:032x}\n" for i in range(5000)) + f"\na:b:{KEY}\r\nlast:{KEY}")
            with Server("--psk-file", path, "--psk", f"own:{KEY}", *CCM) as server:
                for psk in (f"device0:{0:032x}", f"device4999:{4999:032x}", f"a:b:{KEY}", f"last:{KEY}", f"own:{KEY}"):
                    with self.subTest(psk):
                        status, output = self.client(server, "--psk", psk)
                        self.assertEqual(status, 0, output)
                for psk in (f"device7:{8:032x}", f"device5000:{5000:032x}", f"a:{KEY}"):
                    with self.subTest(psk):
                        self.assertEqual(self.client(server, "--psk", psk)[0], 1)
            # Alone, too.
            with Server("--psk-file", path, *CCM) as server:
                self.assertEqual(self.client(server, "--psk", f"last:{KEY}")[0], 0)


if __name__ == "__main__":
    unittest.main()
