#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Keys for SRTP and stapled OCSP responses between our programs and the stock ones of OpenSSL and GnuTLS, over UDP with
the cookie exchange.

The program is $NXDTLS, the certificates are in $NXDTLS_PKI_DIR."""

import hashlib
import re
import subprocess
import time
import unittest

import made  # noqa: F401  (sets the path)
import peers
from stock import IDENTITY, NXDTLS, PATIENCE, Stock, pki

PROFILE = "SRTP_AES128_CM_HMAC_SHA1_80"
# OpenSSL prints the keys that it exports.  60 bytes: two keys and two salts (RFC 5764, 4.1.2).
EXPORT = ["-use_srtp", "SRTP_AES128_CM_SHA1_80", "-keymatexport", "EXTRACTOR-dtls_srtp", "-keymatexportlen", "60"]
EXPORTED = rb"Keying material: ([0-9A-F]{120})"


def check_of(exported):
    """What our programs print of these keys."""
    return hashlib.sha256(bytes.fromhex(exported.decode())).hexdigest()[:8]


@unittest.skipUnless(NXDTLS, "no program: NXDTLS is not set")
class Media(Stock):
    def response(self, status, leaf="ec", signer="root", listed=None):
        """The file of an OCSP response about a certificate of the PKI; the responder knows `listed` only."""
        listed = listed or leaf

        def value(what):
            done = subprocess.run(["openssl", "x509", "-in", pki(f"{listed}.pem"), "-noout", what, "-nameopt", "compat"],
                                  capture_output=True, text=True, timeout=PATIENCE, check=True)
            return done.stdout.strip().partition("=")[2]

        revoked = "250101000000Z" if status == "R" else ""
        with open(self.path("index"), "w", encoding="ascii") as index:
            index.write("\t".join([status, "991231235959Z", revoked, value("-serial"), "unknown", value("-subject")]) + "\n")
        out = self.path(f"{status}-{leaf}-{signer}-{listed}")
        for arguments in (["-issuer", pki("root.pem"), "-cert", pki(f"{leaf}.pem"), "-no_nonce", "-reqout", self.path("request")],
                          ["-index", self.path("index"), "-CA", pki("root.pem"), "-rsigner", pki(f"{signer}.pem"), "-rkey",
                           pki(f"{signer}.key"), "-reqin", self.path("request"), "-respout", out, "-ndays", "2"]):
            subprocess.run(["openssl", "ocsp", *arguments], capture_output=True, timeout=PATIENCE, check=True)
        return out

    def our_client(self, port, *options):
        """The lines of our client; the server may not be there yet."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            done = subprocess.run([NXDTLS, "client", "--ca", pki("root.pem"), "--name", "localhost", "--no-stdin",
                                   "--life-limit", "1", *options, f"127.0.0.1:{port}"],
                                  capture_output=True, text=True, timeout=PATIENCE, check=False)
            if "nobody listens there" not in done.stderr:
                return done.stderr
        return self.fail("our client meets nobody: " + done.stderr)

    def stock_client(self, command):
        """What a stock client prints until it has read the end of stdin."""
        process = self.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return process.communicate(b"Q\n", timeout=PATIENCE)[0]

    # ---- keys for SRTP ----

    def test_openssl_has_the_keys_of_our_server(self):
        server = self.our_server_process(["--srtp", PROFILE])
        said = self.stock_client(["openssl", "s_client", "-dtls1_2", "-connect", f"127.0.0.1:{self.port_of(server)}", *EXPORT])
        ours = self.read_until(server, f"srtp={PROFILE} mki_length=0 key_check=([0-9a-f]{{8}})$", 1)
        self.assertEqual(check_of(re.search(EXPORTED, said)[1]), ours)

    def test_our_client_has_the_keys_of_openssl(self):
        port = peers.free_port("127.0.0.1")
        server = self.start(["openssl", "s_server", "-dtls1_2", "-accept", f"127.0.0.1:{port}", *IDENTITY["openssl"], *EXPORT],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        said = self.our_client(port, "--srtp", "SRTP_AEAD_AES_256_GCM," + PROFILE)
        exported = self.read_until(server, EXPORTED, 1)
        self.assertRegex(said, f"srtp={PROFILE} mki_length=0 key_check={check_of(exported)}\n")

    def test_gnutls_agrees_with_our_server(self):
        server = self.our_server_process(["--srtp", "SRTP_AES128_CM_HMAC_SHA1_32," + PROFILE])
        said = self.stock_client(["gnutls-cli", "--udp", "--no-ca-verification", "--srtp-profiles", PROFILE,
                                  "-p", self.port_of(server), "127.0.0.1"])
        self.assertIn(b"SRTP profile: " + PROFILE.encode(), said)
        self.read_until(server, f"srtp={PROFILE} ")

    def test_our_client_agrees_with_gnutls(self):
        port = peers.free_port("127.0.0.1")
        self.start(["gnutls-serv", "--udp", "--echo", "-p", str(port), *IDENTITY["gnutls"], "--srtp-profiles", PROFILE],
                   stdout=subprocess.DEVNULL)
        self.assertIn(f"srtp={PROFILE} ", self.our_client(port, "--srtp", PROFILE))

    def test_no_profile_in_common_is_no_failure(self):
        server = self.our_server_process(["--srtp", PROFILE])
        said = self.our_client(self.port_of(server), "--srtp", "SRTP_AEAD_AES_128_GCM")
        self.assertIn("connected suite=", said)
        self.assertIn("srtp=none\n", said)
        self.read_until(server, r"^nxdtls: session \S+ srtp=none$")

    def test_our_ends_print_the_same_check(self):
        server = self.our_server_process(["--srtp", "SRTP_AEAD_AES_256_GCM"])
        said = self.our_client(self.port_of(server), "--srtp", "SRTP_AEAD_AES_256_GCM")
        ours = self.read_until(server, "srtp=SRTP_AEAD_AES_256_GCM mki_length=0 key_check=([0-9a-f]{8})$", 1)
        self.assertIn(f"key_check={ours}\n", said)

    # ---- stapled responses ----

    def test_stock_clients_judge_what_our_server_staples(self):
        for status, openssl, gnutls in (("V", b"Cert Status: good", b"The certificate is trusted"),
                                        ("R", b"Cert Status: revoked", b"revoked via OCSP")):
            with self.subTest(status):
                server = self.our_server_process(["--staple", self.response(status)])
                port = self.port_of(server)
                self.assertIn(openssl, self.stock_client(["openssl", "s_client", "-dtls1_2", "-connect", f"127.0.0.1:{port}",
                                                          "-status"]))
                said = self.stock_client(["gnutls-cli", "--udp", "--x509cafile", pki("root.pem"), "--verify-hostname",
                                          "localhost", "-p", port, "127.0.0.1"])
                self.assertIn(gnutls, said)

    def stock_servers(self, response):
        return {
            "openssl": lambda port: ["openssl", "s_server", "-dtls1_2", "-quiet", "-accept", f"127.0.0.1:{port}",
                                     *IDENTITY["openssl"], "-status_file", response],
            "gnutls": lambda port: ["gnutls-serv", "--udp", "--echo", "-p", str(port), *IDENTITY["gnutls"], "--ocsp-response",
                                    response, "--ignore-ocsp-response-errors"],
        }

    def test_our_client_judges_what_stock_servers_staple(self):
        for status, word in (("V", "staple=good\n"), ("R", "staple=revoked\n")):
            for name, command in self.stock_servers(self.response(status)).items():
                with self.subTest(status, server=name):
                    port = peers.free_port("127.0.0.1")
                    self.start(command(port), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
                    said = self.our_client(port, "--ask-staple")
                    self.assertIn(word, said)
                    self.assertEqual("connected suite=" in said, status == "V")
                    self.assertEqual("alert_sent=113" in said, status == "R")

    def test_our_client_refuses_what_says_nothing_of_the_certificate(self):
        with open(self.path("unauthorized"), "wb") as out:
            out.write(b"\x30\x03\x0a\x01\x06")  # an OCSPResponse without responseBytes (RFC 6960, 4.2.1)
        for response in (self.response("V", leaf="rsa"), self.response("V", signer="other-root"),
                         self.response("V", listed="rsa"), self.path("unauthorized")):
            with self.subTest(response):
                server = self.our_server_process(["--staple", response])
                said = self.our_client(self.port_of(server), "--ask-staple")
                self.assertIn("staple=bad\n", said)
                self.assertIn("alert_sent=113", said)

    def test_without_a_response_or_a_question_the_client_goes_on(self):
        revoked = self.response("R")
        for ours, asks, word in (([], ["--ask-staple"], "staple=none\n"), (["--staple", revoked], [], "connected suite=")):
            with self.subTest(word):
                said = self.our_client(self.port_of(self.our_server_process(ours)), *asks)
                self.assertIn("connected suite=", said)
                self.assertIn(word, said)
                self.assertEqual("staple=" in said, bool(asks))


if __name__ == "__main__":
    unittest.main()
