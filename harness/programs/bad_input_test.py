#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Bad input to the program nxdtls: one clear line that names it, exit status 2.

Called with the path of the program and the folder of the test PKI.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAM, PKI = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
PSK = ["--psk", "id1:00010203"]
SERVER = ["server"] + PSK
CLIENT = ["client"] + PSK


def pki(name):
    return os.path.join(PKI, name)


# Every option: a good value and a bad one.  A flag has neither; no name of a
# file is bad before it is opened (test_files).
OPTIONS = {
    "psk": ("id2:0a0b", "id2:0"),
    "psk-text": ("id3:key", "id3:"),
    "hint": ("plant", "x" * 129),
    "psk-file": ("FILE", None),
    "password": ("FILE", None),
    "cert": (pki("rsa.pem"), None),
    "key": (pki("rsa.key"), None),
    "rpk": (None, None),
    "crl": ("FILE", None),
    "staple": ("FILE", None),
    "ask-staple": (None, None),
    "ca": (pki("root.pem"), None),
    "fingerprint": ("0a" * 32, "0a" * 31),
    "client-auth": (None, None),
    "cipher": ("c0a8", "0000"),
    "mtu": ("1200", "255"),
    "timeout": ("1", "0"),
    "retries": ("0", "101"),
    "first-timeout": ("1", "60001"),
    "idle-limit": ("0", "86401"),
    "life-limit": ("1", "0"),
    "keepalive": ("0", "86401"),
    "path-search": ("1200", "1199"),
    "fresh-timeout": (None, None),
    "name": ("server.example", ""),
    "require-name": (None, None),
    "alpn": ("coap,mqtt", "coap,"),
    "srtp": ("SRTP_AES128_CM_HMAC_SHA1_80,SRTP_AEAD_AES_256_GCM", "SRTP_NULL_HMAC_SHA1_80"),
    "max-fragment": ("1024", "1000"),
    "record-limit": ("64", "63"),
    "cid": ("8", "33"),
    "padding": ("16", "16385"),
    "sessions": ("1", "65536"),
    "resume": ("FILE", None),
    "tickets": (None, None),
    "cache": ("1", "65536"),
    "echo": (None, None),
    "send": ("text", "x" * 16385),
    "renegotiate": (None, None),
    "no-renegotiation": (None, None),
    "no-old-cookie": (None, None),
    "no-stdin": (None, None),
    "keylog": ("FILE", None),
    "verbose": (None, None),
    "help": (None, None),
}


class BadInput(unittest.TestCase):
    def refused(self, arguments, named, **environment):
        """The program ends at once and its only line names what is wrong."""
        with self.subTest(arguments=arguments):
            done = subprocess.run([PROGRAM] + arguments, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=20, env={**os.environ, **environment})
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertEqual(done.stdout, "")
            lines = done.stderr.strip().splitlines()
            self.assertEqual(len(lines), 1, done.stderr)
            self.assertTrue(lines[0].startswith("nxdtls: "), lines[0])
            self.assertIn(named, lines[0])

    def options_of(self, role):
        """Name and argument of each option in the help, which explains every one."""
        done = subprocess.run([PROGRAM, role, "--help"], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("(null)", done.stdout)
        found = re.findall(r"^  (?:-v, )?--([\w-]+)(?: (\S+))?(?: +|\n +)(\S.*)$", done.stdout, re.M)
        self.assertEqual(len(found), len(re.findall(r"^  (?:-\w, )?--", done.stdout, re.M)), "an option without help")
        return [(name, argument) for name, argument, _ in found]

    def test_every_option_of_the_help(self):
        seen = set()
        for role in ("client", "server"):
            for name, argument in self.options_of(role):
                with self.subTest(role=role, option=name):
                    seen.add(name)
                    self.assertIn(name, OPTIONS, "this test does not know the option")
                    good, bad = OPTIONS[name]
                    self.assertEqual(bool(argument), good is not None)
                    if name == "help":
                        continue
                    # It is taken: what is wrong is the address behind it.
                    value = [] if good is None else [good]
                    self.refused([role] + PSK + ["--" + name] + value + ["nowhere"], "nowhere")
                    if value:
                        self.refused([role] + PSK + ["--" + name], "--" + name)
                    if bad is not None:
                        self.refused([role] + PSK + ["--" + name, bad, "127.0.0.1:4433"], "--" + name)
        self.assertEqual(seen, set(OPTIONS))

    def test_a_command_that_is_none(self):
        self.refused(["serve"], "serve")
        self.refused([], "a command is missing")

    def test_stock_programs_are_played_by_the_lab(self):
        self.refused(["interop", "--stock"], "/no/such/lab/interop/run.py", NXDTLS_LAB_DIR="/no/such/lab")
        self.refused(["interop", "--stock"], "interop: /xxx", NXDTLS_LAB_DIR="/" + "x" * 5000)
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "interop"))
            with open(os.path.join(folder, "interop", "run.py"), "w", encoding="ascii") as out:
                out.write("import sys\nprint(*sys.argv[1:])\n")
            done = subprocess.run([PROGRAM, "interop", "--stock", "--seed", "7"], capture_output=True, text=True,
                                  timeout=20, env={**os.environ, "NXDTLS_LAB_DIR": folder})
            self.assertEqual((done.stdout.split(), done.returncode),
                             (["--nxdtls", os.path.realpath(PROGRAM), "--seed", "7"], 0))

    def test_addresses(self):
        for address in ("127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:4433x",
                        "300.0.0.1:4433", "[::1:4433", "[::g]:4433", "ex ample:4433", "example.1:4433", ""):
            self.refused(CLIENT + [address], address)
        # A label has 63 bytes at most, so no name server is asked.
        self.refused(CLIENT + ["x" * 64 + ".example:4433"], "x" * 64 + ".example")
        self.refused(CLIENT, "HOST:PORT")
        self.refused(CLIENT + ["127.0.0.1:1", "127.0.0.1:2"], "127.0.0.1:2")

    def test_keys(self):
        for key in ("id1", "id1:", "id1:0", "id1:0g", "id1:" + "00" * 65, ":00", "x" * 129 + ":00"):
            # The line names the option and not the value, which may be secret.
            self.refused(["client", "--psk", key, "127.0.0.1:4433"], "--psk")
        for key in ("id1", "id1:", "id1:" + "k" * 65, "id1:k\u00e9y", "id1:a\tb", ":key", "x" * 129 + ":key"):
            self.refused(["client", "--psk-text", key, "127.0.0.1:4433"], "--psk-text")
        self.refused(["client", "--psk", "id1:@/no/such/file", "127.0.0.1:4433"], "/no/such/file")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "key")
            for text in ("", " ", "0", "00 01", "00\n01", "zz", "00\0", "00" * 65, "00" * 128):
                with open(path, "w", encoding="ascii") as out:
                    out.write(text)
                self.refused(["client", "--psk", "id1:@" + path, "127.0.0.1:4433"], path)
            for text in ("00", "00 \r\n\t", "0a" * 64 + "\n"):
                with open(path, "w", encoding="ascii") as out:
                    out.write(text)
                self.refused(["client", "--psk", "id1:@" + path, "nowhere"], "nowhere")  # the file is taken
        self.refused(["client"] + PSK * 6 + ["127.0.0.1:4433"], "psk")
        self.refused(["client"] + PSK + ["--hint", "x" * 129, "127.0.0.1:4433"], "--hint")
        self.refused(["client", "--hint", "plant"] + PSK + ["127.0.0.1:4433"], "--hint")

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            empty = os.path.join(folder, "empty")
            garbage = os.path.join(folder, "garbage")
            open(empty, "w").close()
            with open(garbage, "wb") as out:
                out.write(bytes(range(256)))
            for bad in ("/no/such/file", folder, empty, garbage, "/dev/zero"):
                self.refused(["client", "--ca", bad, "127.0.0.1:4433"], bad)
                self.refused(["client", "--ca", pki("root.pem"), "--crl", bad, "127.0.0.1:4433"], bad)
                self.refused(["server", "--cert", pki("rsa.pem"), "--staple", bad, "--key", pki("rsa.key"), "127.0.0.1:0"], bad)
                self.refused(["server", "--cert", bad, "--key", pki("rsa.key"), "127.0.0.1:0"], bad)
                self.refused(["server", "--cert", pki("rsa.pem"), "--key", bad, "127.0.0.1:0"], bad)
            # A file without a key, and a key of a kind that is none: the line names those that are.
            curve = os.path.join(folder, "ed448")
            subprocess.run(["openssl", "genpkey", "-algorithm", "ED448", "-out", curve], check=True)
            for key in (pki("root.pem"), curve):
                self.refused(["server", "--cert", pki("rsa.pem"), "--key", key, "127.0.0.1:0"], "RSA, EC or Ed25519")
        self.refused(CLIENT + ["--keylog", "/no/such/folder/log", "127.0.0.1:4433"], "/no/such/folder/log")
        for bad in ("/dev/null/session", "/" + "x" * 300):
            self.refused(["client", "--psk", "id1:" + "00" * 24, "--resume", bad, "127.0.0.1:4433"], bad)

    def test_a_file_of_keys(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "keys")
            for text, named in (("", path), ("\n\n", path), ("a:00\nb\n", path + ":2"), ("a:00\n\n:00\n", path + ":3"),
                                ("a:0\n", path + ":1"), ("a:" + "00" * 65, path + ":1"), ("a:00 \n", path + ":1"),
                                ("x" * 129 + ":00\n", path + ":1"), ("a:0\0\n", path + ":1"),
                                ("b:00\na:00\nb:01\n", path + ":3: line 1"), ("a:secret\n", path + ":1")):
                with open(path, "w", encoding="ascii") as out:
                    out.write(text)
                self.refused(["server", "--psk-file", path, "127.0.0.1:0"], named)
            with open(path, "w", encoding="ascii") as out:
                out.write("x" * 128 + ":" + "00" * 64 + "\r\n" + "y:00\r\r\n" + "z:00")
            self.refused(["server", "--psk-file", path, "nowhere"], "nowhere")  # the file is taken
            for bad in ("/no/such/file", folder, "/dev/zero"):
                self.refused(["server", "--psk-file", bad, "127.0.0.1:0"], bad)

    def test_a_password(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "password")
            for text in ("", "\n", "two\nlines\n", "x" * 65, "x" * 65 + "\n", "x" * 100):
                with open(path, "w", encoding="ascii") as out:
                    out.write(text)
                self.refused(["server", "--password", path, "127.0.0.1:0"], path)
            with open(path, "w", encoding="ascii") as out:
                out.write("J01NU5\n")
            for more, named in ((["--psk", "a:00"], "--cipher"), (["--cipher", "c0a8", "--psk", "a:00"], "c0ff")):
                self.refused(["client", "--password", path, *more, "127.0.0.1:4433"], named)
            keys = os.path.join(folder, "keys")
            with open(keys, "w", encoding="ascii") as out:
                out.write("a:00\n")
            for more in (["--psk-file", keys], ["--cert", pki("rsa.pem"), "--key", pki("rsa.key")],
                         ["--ca", pki("root.pem")], ["--fingerprint", "0a" * 32]):
                self.refused(["server", "--password", path, *more, "127.0.0.1:0"], "--cipher")
            for bad in ("/no/such/file", folder, "/dev/zero"):
                self.refused(["server", "--password", bad, "127.0.0.1:0"], bad)
        self.refused(["client", "--cipher", "c0ff", "--psk", "a:00", "127.0.0.1:4433"], "--password")

    def test_fingerprints(self):
        good = "0123456789abcdefABCDEF" + "0" * 42
        for bad in ("", good + "00", good[:-1] + "g", ":".join(re.findall("..", good))):
            self.refused(["client", "--fingerprint", bad, "127.0.0.1:4433"], "--fingerprint")
        self.refused(["client", "--fingerprint", good, "--ca", pki("root.pem"), "127.0.0.1:4433"], "--ca")
        self.refused(SERVER + ["--fingerprint", good, "127.0.0.1:0"], "--client-auth")

    def test_a_certificate_and_its_key_belong_together(self):
        self.refused(["server", "--cert", pki("rsa.pem"), "127.0.0.1:0"], "--key")
        self.refused(["server", "--key", pki("rsa.key"), "127.0.0.1:0"], "--cert")
        self.refused(["server", "--rpk", "--cert", pki("rsa.pem"), "127.0.0.1:0"], "--key")

    def test_a_raw_public_key_needs_a_private_one_or_a_fingerprint(self):
        for command, address in (("server", "127.0.0.1:0"), ("client", "127.0.0.1:4433")):
            self.refused([command, "--rpk", "--psk", "id:0a0b", address], "--rpk")
            self.refused([command, "--rpk", "--cert", pki("rsa.pem"), "--key", pki("rsa.key"), address], "--rpk")
            self.refused([command, "--rpk", "--psk", "id:0a0b", "--key", pki("rsa.pem"), address], pki("rsa.pem"))
        self.refused(["client", "--rpk", "--key", pki("ec.key"), "127.0.0.1:4433"], "--fingerprint")
        self.refused(["server", "--cert", pki("rsa.pem"), "--key", pki("ec.key"), "127.0.0.1:0"], "ec.key")
        both = ["--cert", pki("rsa.pem"), "--key", pki("rsa.key")]
        self.refused(["server"] + both + ["--cert", pki("ec.pem"), "127.0.0.1:0"], "--key")
        self.refused(["server"] + both + ["--cert", pki("ec.pem"), "--key", pki("rsa.key"), "127.0.0.1:0"], "ec.pem")

    def test_a_crl_is_about_trusted_issuers(self):
        self.refused(SERVER + ["--crl", pki("root.crl"), "127.0.0.1:0"], "--ca")
        self.refused(["client", "--ca", pki("root.pem"), "--crl", pki("root.pem"), "127.0.0.1:4433"], "root.pem")

    def test_a_staple_is_about_a_certificate(self):
        self.refused(SERVER + ["--staple", "/no/such/file", "127.0.0.1:0"], "--cert")
        self.refused(CLIENT + ["--ask-staple", "127.0.0.1:4433"], "--ca")

    def test_numbers(self):
        for option in ("--mtu", "--timeout"):
            for value in ("", "x", "-1", "1x", "99999999999999999999"):
                self.refused(CLIENT + [option, value, "127.0.0.1:4433"], option)
        self.refused(CLIENT + ["--mtu", "255", "127.0.0.1:4433"], "--mtu")
        self.refused(SERVER + ["--sessions", "0", "127.0.0.1:0"], "--sessions")

    def test_what_hellos_say(self):
        for names in ("", ",", "a,", ",a", "a,,b", "x" * 255):
            self.refused(CLIENT + ["--alpn", names, "127.0.0.1:4433"], "--alpn")
        for names in ("", ",", "SRTP_AEAD_AES_128_GCM,", "srtp_aead_aes_128_gcm", "SRTP_AEAD_AES_128_GC",
                      ",".join(["SRTP_AEAD_AES_128_GCM"] * 5)):
            self.refused(CLIENT + ["--srtp", names, "127.0.0.1:4433"], "--srtp")
        for value in ("0", "511", "513", "768", "4097", "8192"):
            self.refused(CLIENT + ["--max-fragment", value, "127.0.0.1:4433"], "--max-fragment")
        for value in ("1", "63", "16385", "-1"):
            self.refused(SERVER + ["--record-limit", value, "127.0.0.1:0"], "--record-limit")
        self.refused(SERVER + ["--max-fragment", "512", "127.0.0.1:0"], "--max-fragment")

    def test_suites(self):
        for suite in ("", "beef", "c02b,", "NO_SUCH_SUITE"):
            self.refused(CLIENT + ["--cipher", suite, "127.0.0.1:4433"], "--cipher")

    # What each set of credentials suffices for: the suites' key exchanges.
    CREDENTIALS = {
        "client": {
            ("--psk", "a:00"): "PSK ECDHE_PSK",
            ("--ca", pki("root.pem")): "RSA ECDHE_RSA ECDHE_ECDSA ECDH_RSA ECDH_ECDSA",
            ("--fingerprint", "0a" * 32): "RSA ECDHE_RSA ECDHE_ECDSA ECDH_RSA ECDH_ECDSA",
            ("--rpk", "--fingerprint", "0a" * 32): "RSA ECDHE_RSA ECDHE_ECDSA ECDH_RSA ECDH_ECDSA",
            # Its own certificate is for the server's question, and no trust.
            ("--psk", "a:00", "--cert", pki("client-rsa.pem"), "--key", pki("client-rsa.key")): "PSK ECDHE_PSK",
        },
        "server": {
            ("--psk", "a:00"): "PSK ECDHE_PSK",
            ("--psk-file", "FILE"): "PSK ECDHE_PSK",
            ("rsa",): "RSA ECDHE_RSA",
            ("encipher-only",): "RSA",
            ("sign-only",): "ECDHE_RSA",
            ("ec",): "ECDHE_ECDSA",
            ("pure-ecdh",): "ECDH_RSA ECDH_ECDSA",
            ("ed25519",): "ECDHE_ECDSA",
            ("--rpk", "--key", pki("rsa.key")): "RSA ECDHE_RSA",
            ("--rpk", "--key", pki("ec.key")): "ECDHE_ECDSA ECDH_RSA ECDH_ECDSA",
            ("--psk", "a:00", "--ca", pki("root.pem"), "--client-auth"): "PSK ECDHE_PSK",
        },
    }

    def exchanges(self):
        """{key exchange: a suite that has it}, of all suites but the one with a password (test_a_password)."""
        done = subprocess.run([PROGRAM, "client", "--help"], capture_output=True, text=True, timeout=20)
        suites = re.findall(r"^  ([0-9a-f]{4})  (\w+?)_WITH_", done.stdout, re.M)
        self.assertEqual(len(suites), len(re.findall(r"^  [0-9a-f]{4}  ", done.stdout, re.M)))
        return {exchange: suite for suite, exchange in suites if exchange != "ECJPAKE"}

    def test_a_suite_needs_its_key_or_certificate(self):
        exchanges = self.exchanges()
        known = {name for sets in self.CREDENTIALS.values() for serves in sets.values() for name in serves.split()}
        self.assertEqual(known, set(exchanges), "this test does not know a key exchange")
        # What comes behind the check: no name server is asked for such a name.
        host = "x" * 64 + ".example"
        with tempfile.TemporaryDirectory() as folder:
            keys = os.path.join(folder, "keys")
            with open(keys, "w", encoding="ascii") as out:
                out.write("a:00\n")
            for role, sets in self.CREDENTIALS.items():
                for words, serves in sets.items():
                    given = [keys if word == "FILE" else word for word in words]
                    if len(given) == 1:
                        given = ["--cert", pki(given[0] + ".pem"), "--key", pki(given[0] + ".key")]
                    for exchange, suite in exchanges.items():
                        arguments = [role] + given + ["--cipher", suite, host + ":4433"]
                        self.refused(arguments, host if exchange in serves.split() else "--cipher: no suite can be used")
                    # One suite that can come about is enough.
                    self.refused([role] + given + ["--cipher", ",".join(exchanges.values()), host + ":4433"], host)

    def test_the_line_names_what_a_suite_needs(self):
        psk, ca = ["--psk", "a:00"], ["--ca", pki("root.pem")]
        ec = ["--cert", pki("ec.pem"), "--key", pki("ec.key")]
        rsa = ["--cert", pki("rsa.pem"), "--key", pki("rsa.key")]
        for arguments, named in (
                (["client", *psk, "--cipher", "c02b"], "missing --ca or --fingerprint"),
                (["client", *ca, "--cipher", "00a8"], "missing --psk or --psk-text"),
                (["server", *psk, "--cipher", "c02b"], "missing a --cert with an EC or Ed25519 key that may sign"),
                (["server", *ec, "--cipher", "009c,c02f"], "an RSA key that may sign; or a --cert with an RSA key that"),
                (["server", *rsa, "--cipher", "00a8"], "missing --psk, --psk-text or --psk-file"),
                (["server", *rsa, "--cipher", "c02d"], "missing a --cert with an EC key that may agree on keys"),
                (["server", "--cert", pki("pure-ecdh.pem"), "--key", pki("pure-ecdh.key")], "server: no suite")):
            self.refused(arguments + ["127.0.0.1:0" if arguments[0] == "server" else "127.0.0.1:9"], named)

    def test_options(self):
        self.refused(CLIENT + ["--no-such-option", "127.0.0.1:4433"], "--no-such-option")
        self.refused(["client", "--psk"], "--psk")
        self.refused(["client", "127.0.0.1:4433"], "--psk")
        self.refused(["server", "127.0.0.1:0"], "--psk")
        self.refused(["server", "--client-auth", "--cert", pki("rsa.pem"), "--key", pki("rsa.key"), "127.0.0.1:0"],
                     "--ca")

    def test_help_is_no_mistake(self):
        for arguments in (["--help"], ["-h"], ["server", "--help"], ["client", "--help"], ["--version"]):
            with self.subTest(arguments=arguments):
                done = subprocess.run([PROGRAM] + arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                      timeout=20)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("nxdtls", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
