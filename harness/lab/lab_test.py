#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls-lab from outside: its options, what it says to bad input, names with a
dash, that a run repeats, that an interrupted one leaves what it has, and that
its checks can fail.

    lab_test.py PROGRAM MANY PKI [TEST...]

MANY is the same program with more drivers (tests/many_drivers.c).  Without a
name of unittest all tests run.
"""

import functools
import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM, MANY, PKI = sys.argv[1:4]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def only(**words):
    """Filters, one for each key: faster than an id, which is made for every cell there is."""
    return [argument for key, word in words.items() for argument in ("--only", f"{key}={word}")]


ONE = only(client="engine", server="engine", suite="c0a8", auth="psk", cookie="cookie", scenario="clean", variant="plain")
SERVER_CERT = "engine-engine/c02f/server/cookie/clean"
SECRETS_BLOCK, TLS_KEY_LOG = 10, 0x544C534B


def run(*arguments, pki=PKI, program=PROGRAM):
    return subprocess.run([program, "--pki", pki, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=300, check=False)


@functools.cache
def drivers(program):
    """The names of all drivers, as the program lists them."""
    return run("--only", "peer=nobody", program=program).stderr.partition("there are:")[2].split()


def pairs(program):
    """{CLIENT-SERVER: (client, server)}: a name may have a dash, so nobody can split an id there."""
    names = drivers(program)
    return {f"{client}-{server}": (client, server) for client in names for server in names}


def results(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def blocks(data):
    """(type, body) of a pcapng file's blocks."""
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length % 4 == 0 and struct.unpack_from("<I", data, at + length - 4)[0] == length
        yield kind, data[at + 8 : at + length - 4]
        at += length


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="nxdtls-lab-")
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)


NUMBERS = ("", "x", "-1", "1x", "99999999999999999999")
NOWHERE = "/no/such/folder/file"

# Every option: values that it takes, and values that it refuses; None: it takes no value.
OPTIONS = {
    "only": (("scenario=clean", "id=*,engine-*", "suite=*PSK*"),
             ("", "clean", "colour=red", "peer=nobody", "id=" + "x" * 128)),
    "cover": (("each", "pairs", "all"), ("", "most", "each,all")),
    "seed": (("0", "18446744073709551615", "0x10"), NUMBERS),
    "jobs": (("1", "64"), (*NUMBERS, "0", "65")),
    "repeat": (("1", "3"), (*NUMBERS, "0", "1000001")),
    "list": None,
    "json": (("%s/json",), ("", NOWHERE)),
    "matrix": (("%s/matrix",), ("", NOWHERE)),
    "captures": (("%s/captures",), ("", NOWHERE)),
    "curves": None,
    "fates": (("clean", "singles-3"), ("", "rain", "singles-99", "replay")),
    "area": (("x", "interop-2.b_c"), ("", "a b", 'a"', "a\\n")),
    "pki": ((PKI,), ("", NOWHERE)),
    "verbose": None,
    "help": None,
}


class Options(Scratch):
    """The table of options, as --help prints it."""

    def refused(self, arguments, word):
        with self.subTest(arguments=arguments):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2, done)
            self.assertEqual(done.stdout, "")
            self.assertEqual(done.stderr.count("\n"), 1, done)
            self.assertTrue(done.stderr.startswith("nxdtls interop: "), done)
            self.assertIn(word, done.stderr)

    def test_help_shows_every_option_with_its_text(self):
        done = run("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        table = done.stdout.partition("\n\n")[2].partition("\n\n")[0]
        rows = re.findall(r"^  (?:-(\w), )?--([\w-]+)((?: [A-Z\[].*?)?)(?:  +|\n {10,})(\S.*)$", table, re.M)
        self.assertEqual(len(rows), len(re.findall("^  -", table, re.M)), table)
        self.assertEqual({name: argument != "" for _, name, argument, _ in rows},
                         {name: values is not None for name, values in OPTIONS.items()})
        self.assertEqual({letter: name for letter, name, _, _ in rows if letter}, {"v": "verbose", "h": "help"})
        self.assertEqual([line for line in table.splitlines() if len(line) > 79], [])

    def test_every_option_is_taken(self):
        for name, values in OPTIONS.items():
            for value in [None] if values is None else values[0]:
                option = [f"--{name}"] if value is None else [f"--{name}", value.replace("%s", self.folder.name)]
                play = ONE if name in ("only", "json", "matrix", "captures", "pki", "fates") else ["--help"]
                done = run(*play, *option)
                self.assertEqual((done.returncode, done.stderr), (0, ""), option)
        self.assertEqual(run("-v", "-h").returncode, 0)

    def test_every_bad_value_is_refused(self):
        for name, values in OPTIONS.items():
            if values is None:
                self.refused([*ONE, f"--{name}=x"], f"--{name}")
                continue
            self.refused([*ONE, f"--{name}"], f"--{name}")
            for value in values[1]:
                self.refused([*ONE, f"--{name}", value], f"--{name} {value}")

    def test_what_is_no_option(self):
        self.refused(["--no-such-option"], "--no-such-option")
        self.refused(["-x"], "'x'")
        self.refused(["clean"], "clean")


class BadInput(unittest.TestCase):
    def refused(self, arguments, *words):
        with self.subTest(arguments=arguments):
            done = run(*arguments)
            self.assertEqual(done.returncode, 2, done)
            for word in words:
                self.assertIn(word, done.stderr)

    def test_an_unknown_value_names_those_that_there_are(self):
        self.refused(["--only", "peer=nobody"], "nobody", "there are: engine netx openssl")
        self.refused(["--only", "client=clean"], "engine")
        self.refused(["--only", "scenario=rain"], "rain", "clean", "loss-20", "silence")
        self.refused(["--only", "auth=none"], "wrong-psk")
        self.refused(["--only", "kx=dhe"], "ecdhe-ecdsa")
        self.refused(["--only", "suite=beef"], "c02b")
        self.refused(["--only", "cookie=yes"], "no-cookie")
        self.refused(["--only", "variant=x42"], "plain secp256r1", "refused-server")
        self.refused(["--only", "id=a/b"], "--list")

    def test_an_unknown_key_names_those_that_there_are(self):
        for text in ("colour=red", "clean", "", "=clean"):
            self.refused(["--only", text], "keys are id, client, server, peer")

    def test_one_wrong_word_of_several_is_enough(self):
        self.refused(["--only", "scenario=clean,rain"], "rain")

    def test_filters_that_contradict_each_other(self):
        self.refused(["--only", "auth=psk", "--only", "kx=rsa"], "no cell")

    def test_what_a_peer_has_not_is_not_applicable(self):
        self.refused(["--only", "client=netx", "--only", "server=netx", "--only", "cookie=no-cookie"], "not-applicable: ")

    def test_a_word_names_those_that_there_are(self):
        self.refused(["--cover", "most"], "each, pairs or all")


class Matrix(unittest.TestCase):
    def test_the_default_selection_is_two_thousand_different_cells(self):
        listed = run("--list").stdout.split()
        self.assertEqual(len(listed), len(set(listed)))
        self.assertGreaterEqual(len(listed), 2000)

    def test_filters_choose_what_they_say(self):
        listed = run("--list", "--cover", "all", "--only", "peer=openssl", "--only", "scenario=loss-*",
                     "--only", "suite=c02b,00a8").stdout.split()
        known = pairs(PROGRAM)
        self.assertTrue(listed)
        for cell in listed:
            with self.subTest(cell=cell):
                ends, suite, _, _, scenario, *_ = cell.split("/")
                self.assertIn("openssl", known[ends])
                self.assertIn(suite, ("c02b", "00a8"))
                self.assertTrue(scenario.startswith("loss-"))

    def test_a_variant_is_the_end_of_an_id(self):
        listed = run("--list", "--cover", "all", "--only", "variant=x448", "--only", "client=engine",
                     "--only", "suite=c02f").stdout.split()
        self.assertTrue(listed)
        self.assertEqual({cell.rpartition("/")[2] for cell in listed}, {"x448"})

    def test_every_pair_of_ends_is_there(self):
        for program, suites in ((PROGRAM, "*"), (MANY, "c0a8")):
            listed = run("--list", "--cover", "each", "--only", f"suite={suites}", program=program).stdout.split()
            self.assertEqual({cell.partition("/")[0] for cell in listed}, set(pairs(program)))


class Names(Scratch):
    """The names of drivers, which may have a dash."""

    def test_no_two_pairs_have_the_same_name(self):
        self.assertGreater(len(drivers(MANY)), len(drivers(PROGRAM)))
        for program in (PROGRAM, MANY):
            names = drivers(program)
            self.assertEqual(len(pairs(program)), len(names) ** 2, names)
            for name in names:
                self.assertRegex(name, r"^[A-Za-z0-9._-]+$")

    def test_a_selection_has_room_for_them(self):
        done = run("--list", "--cover", "each", program=MANY)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual({cell.partition("/")[0] for cell in done.stdout.split()}, set(pairs(MANY)))

    def test_a_filter_means_the_whole_name(self):
        known = pairs(MANY)
        some = ["--list", "--cover", "all", *only(suite="c0a8", scenario="clean")]
        for key, name, ends in (("client", "engine-1", {0}), ("server", "mbedtls-2.28", {1}), ("peer", "b-c", {0, 1})):
            listed = run(*some, "--only", f"{key}={name}", program=MANY).stdout.split()
            seen = {known[cell.partition("/")[0]] for cell in listed}
            self.assertEqual(seen, {pair for pair in known.values() if any(pair[end] == name for end in ends)})

    def test_every_reader_gets_both_names(self):
        done = run(*only(suite="c0a8", scenario="clean", variant="plain", auth="psk", cookie="cookie"), "--cover", "all",
                   "--json", self.path("r"), "--matrix", self.path("m"), program=MANY)
        self.assertEqual(done.returncode, 0, done)
        known = pairs(MANY)
        read = {r["id"].partition("/")[0]: (r["group"], r["column"]) for r in results(self.path("r"))}
        self.assertEqual(read, known)
        self.assert_matrix_is(known)
        pair = "engine-1-1-mbedtls-2.28"
        done = run("--only", f"id={pair}/c0a8/psk/cookie/clean", "--json", self.path("r"), program=MANY)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([(r["group"], r["column"]) for r in results(self.path("r"))], [known[pair]])

    def assert_matrix_is(self, known):
        names = drivers(MANY)
        with open(self.path("m"), encoding="utf-8") as text:
            head, *rows = text.read().splitlines()
        self.assertEqual(head.split(), ["client", ">", "server", *names])
        self.assertEqual([row.split() for row in rows], [[name, *["1/1"] * len(names)] for name in names])
        self.assertEqual({len(row) for row in rows}, {len(head)})
        self.assertEqual(len(known), len(names) * len(rows))

    def test_the_page_of_suites_reads_names_with_a_dash(self):
        loader = importlib.machinery.SourceFileLoader("suites", os.path.join(ROOT, "scripts", "suites"))
        suites = importlib.util.module_from_spec(importlib.util.spec_from_loader("suites", loader))
        sys.dont_write_bytecode = True
        loader.exec_module(suites)
        lines = [{"id": f"{client}-{server}/c02b/mutual/cookie/clean", "group": client, "column": server,
                  "verdict": "pass"} for client, server in (("netx", "mbedtls-3.6"), ("b-c", "netx"))]
        self.assertEqual(suites.passed(lines), {"c02b": {"client": {"mbedtls-3.6"}, "server": {"b-c"}}})


class Runs(Scratch):
    def test_a_cell_that_holds(self):
        done = run(*ONE, "--json", self.path("r"), "--matrix", self.path("m"), "--captures", self.path("c"))
        self.assertEqual(done.returncode, 0, done)
        [result] = results(self.path("r"))
        self.assertEqual((result["verdict"], result["datagrams"], result["connected_ms"]), ("pass", 6, 60))
        words = {check["word"] for check in result["details"]["checks"]}
        self.assertLessEqual({"connected", "suite", "exporter", "ems", "etm", "cookie", "retransmissions", "datagrams",
                              "data-client", "data-server", "once-client", "once-server", "close", "pool"}, words)
        self.assertEqual(os.listdir(self.path("c")), [])
        with open(self.path("m"), encoding="utf-8") as text:
            self.assertIn("1/1", text.read())

    def test_variants_have_checks_of_their_own(self):
        wanted = {"secp521r1": "group", "chain-2": "chain-server", "renegotiate-server": "renegotiated",
                  "refused-client": "refused"}
        done = run("--only", "id=engine-gnutls/c02f/mutual/cookie/clean/*", "--only", "variant=" + ",".join(wanted),
                   "--json", self.path("r"))
        self.assertEqual(done.returncode, 0, done)
        seen = {r["settings"]["variant"]: r for r in results(self.path("r"))}
        self.assertEqual(set(seen), set(wanted))
        for result in seen.values():
            self.assertEqual(list(result["versions"]), ["engine", "gnutls"])
            self.assertRegex(result["versions"]["gnutls"], r"^GnuTLS \d+\.\d+")
        for variant, word in wanted.items():
            with self.subTest(variant=variant):
                self.assertIn(word, [check["word"] for check in seen[variant]["details"]["checks"]])

    def test_a_session_of_every_library_is_resumed(self):
        done = run(*only(variant="resume-*", suite="c02f", auth="mutual", scenario="clean,reorder", cookie="cookie"),
                   "--cover", "all", "--jobs", "2", "--json", self.path("r"))
        self.assertEqual(done.returncode, 0, done)
        lines = results(self.path("r"))
        self.assertEqual({(r["group"], r["column"]) for r in lines}, set(pairs(PROGRAM).values()))
        for result in lines:
            with self.subTest(cell=result["id"]):
                self.assertIn(result["verdict"], ("pass", "accepted"))
                by = result["settings"]["variant"].removeprefix("resume-")
                # That an Mbed TLS 2 client with a ticket gets through no cookie is a known limit.
                if result["verdict"] == "pass" or by == "id" or result["group"] != "mbedtls":
                    [seen] = [check["seen"] for check in result["details"]["checks"] if check["word"] == "resumed"]
                    self.assertEqual(seen, "client 1, server 1; no key exchange, " +
                                     ("by a ticket" if by == "ticket" else "no ticket"))

    def test_what_hellos_agree_on_is_checked_with_every_library_that_has_it(self):
        wanted = {
            "raw-keys": ("raw-keys", {"engine", "netx", "gnutls"}, {"engine", "netx", "gnutls"}),
            "srtp": ("srtp", {"engine", "netx", "openssl", "gnutls"}, {"engine", "netx", "openssl", "gnutls"}),
            "staple": ("staple", {"engine", "netx", "openssl", "gnutls", "wolfssl"}, {"engine", "netx", "openssl", "gnutls"}),
        }
        done = run(*only(variant=",".join(wanted), suite="c02b", auth="mutual,server", scenario="clean", cookie="cookie"),
                   "--cover", "all", "--jobs", "2", "--json", self.path("r"))
        self.assertEqual(done.returncode, 0, done)
        lines = [r for r in results(self.path("r")) if r["verdict"] == "pass"]
        for variant, (word, clients, servers) in wanted.items():
            mine = [r for r in lines if r["settings"]["variant"] == variant]
            with self.subTest(variant=variant):
                self.assertEqual({(r["group"], r["column"]) for r in mine},
                                 {(client, server) for client in clients for server in servers})
                self.assertTrue(all(word in [check["word"] for check in r["details"]["checks"]] for r in mine))

    def test_a_resumed_handshake_is_a_flight_shorter(self):
        done = run(*only(client="engine", server="netx", suite="c0a8", cookie="cookie", scenario="clean", auth="psk",
                         variant="plain,resume-*"), "--cover", "all", "--json", self.path("r"))
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual({r["settings"]["variant"]: (r["datagrams"], r["connected_ms"]) for r in results(self.path("r"))},
                         {"plain": (6, 60), "resume-id": (5, 50), "resume-ticket": (5, 50)})

    def test_what_a_library_cannot_do_is_a_line_with_its_reason(self):
        done = run("--only", "id=engine-*/c02b/server/cookie/clean*", "--only", "variant=plain,x448,refused-client",
                   "--cover", "all", "--json", self.path("r"))
        self.assertEqual(done.returncode, 0, done)
        reasons = {r["id"]: r["reason"] for r in results(self.path("r")) if r["verdict"] == "not-applicable"}
        self.assertEqual(reasons, {
            "engine-wolfssl/c02b/server/cookie/clean/x448":
                "a wolfSSL server takes the curve of its certificate's key",
            "engine-wolfssl/c02b/server/cookie/clean/refused-client": "this build of wolfSSL has no renegotiation",
        })
        self.assertNotIn("not-applicable engine", done.stdout)
        self.assertIn("2 not-applicable", done.stdout)

    def test_a_hello_in_pieces_is_read(self):
        for scenario in ("mtu-300", "orders"):
            for cookie in ("cookie", "no-cookie"):
                with self.subTest(scenario=scenario, cookie=cookie):
                    done = run("--only", f"id=engine-engine/c0ff/psk/{cookie}/{scenario}")
                    self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_same_seed_gives_the_same_run(self):
        selection = ["--cover", "each", "--only", "scenario=loss-10,doubles", "--only", "suite=c02b",
                     "--only", "server=engine,gnutls", "--jobs", "2"]
        runs = []
        for seed in ("7", "7", "8"):
            self.assertEqual(run(*selection, "--seed", seed, "--json", self.path("r")).returncode, 0, seed)
            runs.append({r["id"]: {k: v for k, v in r.items() if k not in ("seconds", "order")}
                         for r in results(self.path("r"))})
        self.assertGreater(len(runs[0]), 20)
        self.assertEqual(runs[0], runs[1])
        traces = [{r["trace"] for r in one.values() if "trace" in r} for one in runs]
        self.assertFalse(traces[0] & traces[2])

    def test_repetitions_are_compared(self):
        self.assertEqual(run("--repeat", "20", *ONE).returncode, 0)

    def test_an_interrupted_run_leaves_what_it_has(self):
        argv = [PROGRAM, "--pki", PKI, "--cover", "all", "--json", self.path("r"), "--matrix", self.path("m")]
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as child:
            for _ in range(1200):
                if os.path.exists(self.path("r")) and os.path.getsize(self.path("r")) > 0:
                    break
                time.sleep(0.1)
            child.send_signal(signal.SIGINT)
            self.assertIn("interrupted", child.communicate(timeout=60)[1])
        self.assertEqual(child.returncode, 130)
        self.assertTrue(results(self.path("r")))
        self.assertTrue(os.path.exists(self.path("m")))


class Failures(Scratch):
    """With the certificate of a stranger the same cell must fail, and say why."""

    def setUp(self):
        super().setUp()
        self.pki = self.path("pki")
        shutil.copytree(PKI, self.pki)
        for suffix in (".pem", ".der", ".key", ".key.der", ".p8.der"):
            shutil.copy(os.path.join(PKI, "other" + suffix), os.path.join(self.pki, "rsa" + suffix))

    def test_a_cell_that_does_not_hold(self):
        self.assertEqual(run("--only", f"id={SERVER_CERT}").returncode, 0)
        done = run("--only", f"id={SERVER_CERT}", "--json", self.path("r"), "--captures", self.path("c"), pki=self.pki)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"nxdtls interop --seed 1 -v --only id={SERVER_CERT}", done.stdout)
        [result] = results(self.path("r"))
        self.assertEqual(result["verdict"], "fail")
        self.assertTrue(result["reason"].startswith("connected: client "), result["reason"])
        for lines in ("wire", "client", "server"):
            with self.subTest(lines=lines):
                self.assertTrue(result["details"][lines])
        self.assertTrue(os.path.exists(result["capture"]))

    def test_a_known_limit_of_a_peer_hides_no_other_failure(self):
        cell = ["--only", "id=engine-mbedtls/c02f/server/cookie/replay", "--json", self.path("r")]
        self.assertEqual(run(*cell).returncode, 0)
        [result] = results(self.path("r"))
        self.assertEqual(result["verdict"], "accepted")
        self.assertTrue(result["reason"].startswith("an Mbed TLS server ends an association"), result["reason"])
        self.assertEqual(run(*cell, pki=self.pki).returncode, 1)
        [result] = results(self.path("r"))
        self.assertEqual(result["verdict"], "fail")

    def test_its_capture_has_the_secrets_inside(self):
        done = run("-v", *ONE, "--captures", self.path("c"))
        self.assertEqual(done.returncode, 0, done)
        path = os.path.join(self.path("c"), "engine-engine.c0a8.psk.cookie.clean.pcapng")
        with open(path, "rb") as file:
            kinds = dict(blocks(file.read()))
        kind, length = struct.unpack_from("<II", kinds[SECRETS_BLOCK])
        self.assertEqual(kind, TLS_KEY_LOG)
        self.assertRegex(kinds[SECRETS_BLOCK][8 : 8 + length].decode(), "^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n")

    @unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
    def test_tshark_decrypts_it(self):
        run("-v", *ONE, "--captures", self.path("c"))
        path = os.path.join(self.path("c"), "engine-engine.c0a8.psk.cookie.clean.pcapng")
        seen = subprocess.run(["tshark", "-r", path, "-d", "udp.port==4433,dtls", "-Y", "dtls.record.content_type == 23",
                               "-T", "fields", "-e", "data.data"], capture_output=True, text=True, check=True)
        # The first record says of itself that it is number 0 (lab/talk.c).
        self.assertTrue(seen.stdout.startswith("00000000"), seen.stdout[:80])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[4:])
