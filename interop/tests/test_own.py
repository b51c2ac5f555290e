# SPDX-License-Identifier: MIT
"""A peer of the user: its file, its cells, and real cells with good and bad peers.

NXDTLS names the program, NXDTLS_PKI_DIR its certificates; ctest sets both.
"""

import json
import os
import select
import subprocess
import sys
import tempfile
import unittest

import made  # noqa: F401  (sets the path)
import cells
import own
import peers

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RUN = os.path.join(ROOT, "interop", "run.py")
EXAMPLES = os.path.join(ROOT, "interop", "examples")
PROGRAM = os.environ.get("NXDTLS", "")
STOCK = cells.load(os.path.join(ROOT, "interop", "cells.tsv"))
PLAYED = ("suite-c02b suite-00a8 mutual-ec chain-of-four alpn fragment-512 ipv6 repeated-hello renegotiate singles-1 "
          "unknown-server-ca unknown-client-ca unknown-identity no-common-suite").split()

# A script whose child has the port, never answers, and obeys no SIGTERM.  It holds a pipe open.
MUTE = """python3 -c '
import signal, socket, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind((sys.argv[1], int(sys.argv[2])))
held = open(sys.argv[3], "w")
while True:
    sock.recv(2000)
' "$@"
echo over
"""


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, text, name="peer.ini"):
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        return self.path(name)

    def example(self, name="nxdtls", without=None):
        """An example, or a copy of it without the lines that begin with `without`."""
        path = os.path.join(EXAMPLES, name + ".ini")
        if without is None:
            return path
        with open(path, encoding="utf-8") as lines:
            kept = [line for line in lines if not line.startswith(without)]
        return self.file("".join(kept))

    def run_cells(self, *arguments):
        env = {**os.environ, "PATH": os.path.dirname(PROGRAM) + os.pathsep + os.environ["PATH"]}
        argv = [sys.executable, RUN, "--nxdtls", PROGRAM, "--json", self.path("results.jsonl"), *arguments]
        if os.environ.get("NXDTLS_PKI_DIR"):
            argv += ["--pki", os.environ["NXDTLS_PKI_DIR"]]
        return subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False, env=env)

    def results(self):
        with open(self.path("results.jsonl"), encoding="utf-8") as lines:
            return {r["id"]: r for r in map(json.loads, lines)}


class File(Case):
    def refused(self, text, *words):
        with self.subTest(text=text):
            with self.assertRaises(own.BadPeer) as caught:
                own.load("mine", self.file(text), peers.SUITES)
            for word in words:
                self.assertIn(word, str(caught.exception))

    def test_what_is_wrong_is_named_with_its_line_and_what_there_is(self):
        self.refused("[server]\ncomand = x\n", "peer.ini:2:", "'comand'", "command, supports, suite")
        self.refused("# a comment\n\n[servers]\n", "peer.ini:3:", "'servers'", "peer, client, server, suites")
        self.refused("wait = 3\n", "peer.ini:1:", "section ''", "peer, client")
        self.refused("[server]\ncommand = x {hots}\n", "peer.ini:2:", "{hots}", "{host}, {port}")
        self.refused("[server]\ncommand = x {host!r}\n", "peer.ini:2:", "{host}")
        self.refused("[server]\ncommand = x {host\n", "peer.ini:2:", "expected '}'")
        self.refused("[server]\ncommand = x 'y\n", "peer.ini:2:", "No closing quotation")
        self.refused("[server]\nsupports = echo tea\n", "peer.ini:2:", "'tea'", "cookie, echo, stdio")
        self.refused("[client]\nask = --ask\n", "peer.ini:2:", "'ask'", "command")
        self.refused("[server]\ncommand\n", "peer.ini:2:", "neither key = value")
        self.refused("[server\n", "peer.ini:1:", "[name]")
        self.refused("[server]\npsk = a\npsk = b\n", "peer.ini:3:", "'psk' is there twice")
        self.refused("[suites]\nbeef = X\n", "peer.ini:2:", "'beef'", "002f")
        self.refused("[peer]\nwait = soon\n", "peer.ini:2:", "'soon'", "1 to 600")
        self.refused("[peer]\nwait = 601\n", "peer.ini:2:", "'601'")
        self.refused("[peer]\nspeed = 3\n", "peer.ini:2:", "'speed'", "start, wait")
        self.refused("[server]\n", "[server] has no key 'command'")
        self.refused("[server]\ncommand =\n", "[server] has no key 'command'")
        self.refused("[suites]\nc02b = X\n", "neither [client] nor [server]")

    def test_bad_usage_is_2_in_one_line(self):
        good = self.example()
        bad = self.file("[server]\ncomand = x\n", "bad.ini")
        for arguments, word in ((["--peer", f"mine={bad}"], "bad.ini:2:"), (["--peer", "mine"], "NAME=FILE"),
                                (["--peer", "mine=/dev/zero"], "longer than"),
                                (["--peer", "mine="], "NAME=FILE"), (["--peer", f"openssl={good}"], "openssl"),
                                (["--peer", f"My Peer={good}"], "My Peer"),
                                (["--peer", f"a={good}", "--peer", f"a={good}"], "--peer a"),
                                (["--peer", f"a={self.path('nowhere')}"], "nowhere")):
            with self.subTest(arguments=arguments):
                done = self.run_cells("--list", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
                self.assertIn(word, done.stderr)


class Cells(Case):
    def of(self, path):
        peer = own.load("mine", path, peers.SUITES)
        return peer, {cell.id: cell for cell in peer.cells(STOCK)}

    def missing(self, without):
        """The cells that a peer without these lines cannot play and the whole one can, with the reason."""
        _, whole = self.of(self.example())
        _, less = self.of(self.example(without=without))
        self.assertEqual(list(whole), list(less))
        return {name: cell.note for name, cell in less.items() if cell.not_applicable and not whole[name].not_applicable}

    def test_a_peer_has_every_case_of_both_roles(self):
        _, mine = self.of(self.example())
        self.assertEqual(set(mine), {f"{cell.case}/{cell.ours}-mine" for cell in STOCK})

    def test_what_is_missing_is_not_applicable_by_name(self):
        for without, some, reason in (
                ("ask =", {"mutual-ec/client-mine", "crl/client-mine"}, "no option ask in [server]"),
                ("psk =", {"suite-00a8/client-mine", "suite-00a8/server-mine", "alpn/server-mine"}, "no option psk"),
                ("c02b =", {"suite-c02b/client-mine", "ipv6/server-mine"}, "no suite c02b in [suites]"),
                ("version", set(), ""),
                ("fragment", {"fragment-512/server-mine"}, "no option fragment in [client]"),
                ("renegotiate", {"renegotiate-asked/server-mine"}, "no option renegotiate"),
                ("supports = stdio", {"ipv6/server-mine", "renegotiate/server-mine"}, "does not support"),
                ("supports = cookie", {"ipv6/client-mine", "unknown-identity/client-mine"}, "does not support")):
            with self.subTest(without=without):
                gone = self.missing(without)
                self.assertLessEqual(some, set(gone))
                self.assertEqual([note for note in gone.values() if reason not in note], [])

    def test_a_role_that_is_missing_is_not_applicable(self):
        _, mine = self.of(self.file("[server]\ncommand = x\n"))
        self.assertTrue(all(cell.not_applicable for cell in mine.values() if cell.ours == "server"))

    def test_the_expectation_is_that_of_any_peer(self):
        _, mine = self.of(self.example())
        expects = lambda name: mine[name + "-mine"].expect
        self.assertEqual(expects("suite-c02b/client"), ("connected", "cookie", "data", "close=0", "exit=0"))
        self.assertEqual(expects("unknown-client-ca/client"), ("failed", "exit=1"))
        self.assertEqual(expects("unknown-server-ca/server"), ("failed", "exit=0"))
        self.assertEqual(expects("unknown-server-ca/client"), ("failed", "status=11b", "sent=48", "exit=1"))
        self.assertIn("silence", expects("wrong-psk/server"))
        self.assertIn("says=receive_limit=512", expects("fragment-512/client"))
        _, less = self.of(self.file("[server]\ncommand = x\ncert = {cert}\nsuite = {suite}\n[suites]\nc02b = X\n"))
        self.assertEqual(less["suite-c02b/client-mine"].expect, ("connected", "close=wait", "exit=0"))

    def test_a_command_has_only_what_the_cell_sets(self):
        peer, mine = self.of(self.example("openssl"))
        files = peers.Files("/pki", self.folder)
        words = peer.command("server", mine["suite-00a8/client-mine"].server, ("::1", 7), files)
        self.assertEqual(words, "openssl s_server -quiet -listen -client_renegotiation -accept [::1]:7 -cipher "
                                "PSK-AES128-GCM-SHA256:@SECLEVEL=0 -psk_identity id1 -psk "
                                "000102030405060708090a0b0c0d0e0f -nocert -dtls1_2".split())
        words = peer.command("server", mine["chain-of-four/client-mine"].server, ("h", 7), files)
        self.assertIn("-cert /pki/chain-leaf.pem -key /pki/chain-leaf.key -cert_chain /pki/inters.pem -mtu 512",
                      " ".join(words))
        self.assertNotIn("-nocert", words)


@unittest.skipUnless(PROGRAM, "NXDTLS does not name the program")
class Played(Case):
    def test_good_peers_pass_what_they_can_play(self):
        done = self.run_cells("--peer", f"twin={self.example()}", "--peer", f"example={self.example('openssl')}",
                              "peer=twin,example", "case=" + ",".join(PLAYED))
        verdicts = {name: r["verdict"] for name, r in self.results().items()}
        self.assertEqual(len(verdicts), 4 * len(PLAYED))
        cannot = {"unknown-identity/client-example"}
        if not peers.has_ipv6():
            cannot |= {n for n in verdicts if n.startswith("ipv6/")}
        self.assertEqual({n for n, v in verdicts.items() if v == "not-applicable"}, cannot)
        self.assertEqual({n for n, v in verdicts.items() if v not in ("pass", "not-applicable")}, set(), done.stdout)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"client>s_server.*client>twin +client>example .*twin>server +example>server")
        result = self.results()["singles-1/client-twin"]
        self.assertIn("--peer twin=", result["replay"])
        self.assertEqual(result["column"], "client>twin")

    def test_a_peer_that_does_not_do_what_it_says_fails(self):
        liar = self.file("[server]\ncommand = nxdtls server --echo {address}\nsupports = cookie echo close\n"
                         "cert = --cert {cert} --key {key}\nsuite = --cipher c02c\n[suites]\nc02b = ECDHE\n")
        done = self.run_cells("--peer", f"liar={liar}", "peer=liar", "id=suite-c02b/client*")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("alert sent", self.results()["suite-c02b/client-liar"]["reason"])

    def test_a_peer_that_dies_says_how(self):
        dead = self.file("[client]\ncommand = sh -c 'echo no licence >&2; exit 3'\npsk =\n"
                         "[server]\ncommand = sh -c 'echo no licence >&2; exit 4'\npsk =\n[suites]\n00a8 = X\n")
        done = self.run_cells("--peer", f"dead={dead}", "peer=dead", "case=suite-00a8")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        reasons = {name: r["reason"] for name, r in self.results().items()}
        self.assertEqual(reasons, {"suite-00a8/client-dead": "the server ended with status 4 / no licence",
                                   "suite-00a8/server-dead": "the client ended with status 3 / no licence"})

    def test_a_peer_that_never_answers_is_not_waited_for(self):
        script = self.file(MUTE, "mute")
        os.mkfifo(self.path("pipe"))
        pipe = os.open(self.path("pipe"), os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, pipe)
        mute = self.file(f"[peer]\nwait = 1\n[server]\ncommand = sh {script} {{host}} {{port}} {self.path('pipe')}\n"
                         "psk =\n[suites]\n00a8 = X\n")
        quiet = self.file("[peer]\nwait = 1\nstart = 1\n[client]\ncommand = sleep 1000\npsk =\n"
                          "[server]\ncommand = sleep 1000\npsk =\n[suites]\n00a8 = X\n", "quiet.ini")
        done = self.run_cells("--peer", f"mute={mute}", "--peer", f"quiet={quiet}", "peer=mute,quiet", "case=suite-00a8")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        reasons = {name: r["reason"] for name, r in self.results().items() if r["verdict"] == "fail"}
        self.assertIn("status 0x", reasons["suite-00a8/client-mute"])
        self.assertEqual(reasons["suite-00a8/client-quiet"], "the server does not listen")
        self.assertEqual(reasons["suite-00a8/server-quiet"], "the client sent nothing in 1 s")
        # What the script had started has ended, too: its end of the pipe is closed.
        poll = select.poll()
        poll.register(pipe)
        self.assertEqual(poll.poll(30000), [(pipe, select.POLLHUP)])

    def test_a_program_that_is_not_there_is_missing(self):
        path = self.file("[server]\ncommand = no-such-server {port}\npsk =\n[suites]\n00a8 = X\n")
        done = self.run_cells("--peer", f"none={path}", "peer=none", "id=suite-00a8/client*")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.results()["suite-00a8/client-none"]["reason"], "no-such-server is not installed")


if __name__ == "__main__":
    unittest.main()
