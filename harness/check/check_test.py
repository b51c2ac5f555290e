#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls check, from outside.

usage: check_test.py NXDTLS PKI WHAT

NXDTLS is the program, PKI the folder of the test certificates.  WHAT is one of
the functions below: usage, claims, engine, server, client, command, mutual, absent,
strangers, mortal, init, report, baseline, resume, evidence, listen, trigger, password, foreign.  Each wait has an end, and none depends on how
fast the machine is."""
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as xml

KEY = "client:000102030405060708090a0b0c0d0e0f"
PATIENT = "[ixit]\nlive_ms = 60000\n"
SUITES = "cca8 c02b c02f c0ac 009c 00a8 c0a8 c023"  # in the order of the programs
ICS = f"""[ics]
suites = {SUITES}
groups = 29 23 24 25 30
sigs = 0403 0503 0603 0807 0804 0805 0806 0401 0501 0601
reneg = client server
"""
SECONDS = 300
# In real time, those that wait for no silence; in this process all are played.
QUICK = "P-[ACFV]*"


class Test:
    def __init__(self, nxdtls, pki):
        self.nxdtls = nxdtls
        self.pki = pathlib.Path(pki)
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)
        self.file("ics.ini", ICS + PATIENT)

    def file(self, name, text):
        (self.path / name).write_text(text, encoding="ascii")
        return str(self.path / name)

    def check(self, *words, status=0, says=(), found=None):
        """Runs nxdtls check; returns its results and all that it has said.
        Status None: any.  `found` stands in the file of results before."""
        path = self.path / "results.jsonl"
        path.unlink(missing_ok=True)
        if found is not None:
            path.write_text(found, encoding="utf-8")
        run = subprocess.run([self.nxdtls, "check", "--json", str(path), *words], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False)
        print(run.stdout)
        assert status is None or run.returncode == status, f"{words}: status {run.returncode}, not {status}"
        for text in says:
            assert text in run.stdout, f"{words}: it does not say: {text}"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines], run.stdout


def verdicts(results):
    words = [result["verdict"] for result in results]
    return {word: words.count(word) for word in set(words)}


def expect_good(results, role, least):
    """Every result is good, and at least so many checks passed."""
    found = verdicts(results)
    passed = {r["group"] for r in results if r["verdict"] == "pass" and r["settings"]["role"] == role}
    assert set(found) <= {"pass", "warning", "not-applicable"}, found
    assert len(passed) >= least, (role, sorted(passed))


def usage(test):
    bad = test.file("bad.ini", "[ics]\n\nsuites = c02b\nsuite = c02f\n")
    worse = test.file("worse.ini", "[ics]\ncookie = perhaps\n")
    rest = (
        (["--sut", "nobody"], "--sut nobody: no such target; there are engine"),
        (["--sut", "engine", "--server", "127.0.0.1:1"], "only one of"),
        ([], "--sut, --server, --client-command, --server-command or --listen is missing"),
        (["--sut", "engine", "--jobs", "0"], "not a number from 1 to 64"),
        (["--sut", "engine", "--only", "P-NO*"], "no such check"),
        (["--sut", "engine", "surplus"], "surplus: not an option"),
        (["--sut", "engine", "--ics", bad], "bad.ini:4: suite: no such key in [ics]; keys are role versions suites"),
        (["--sut", "engine", "--ics", worse], "worse.ini:2: cookie = perhaps: not one of on|off|load"),
        (["--sut", "engine", "--ics", str(test.path / "none.ini")], "none.ini: No such file"),
        (["--prove", "--sut", "engine"], "--prove brings its own targets"),
        (["--prove", "--with", "ems=off"], "--baseline, --evidence, --resume and --with are not for --prove"),
        (["--sut", "engine", "--strength", "4"], "--strength 4: not a number from 1 to 3"),
        (["--sut", "engine", "--with", "speed=9"], "--with speed=9: speed: no such parameter; there are suite certificate"),
        (["--sut", "engine", "--with", "order=back"], "order=back: not a value (forward|reversed|shuffled)"),
        (["--sut", "engine", "--with", "order=reversed"], "no peer can do all of this at once"),
        (["--sut", "engine", "--nonsense"], "unrecognized option"),
    )
    for words, says in rest:
        test.check(*words, status=2, says=[says])
    for key in ("", "0a5", "0a5z", "-1", "0x0a5a", " 0a 5a", "0a5a" * 33):
        said = test.check("--sut", "engine", "--ics", test.file("key.ini", f"[ixit]\npsk_key = {key}\n"), status=2,
                          says=["key.ini:2: psk_key: not 1 to 64 bytes in hex"])[1]
        assert "0a5" not in said, f"a key is shown: {said}"
    for size, short in ((15, True), (16, False)):
        said = test.check("--sut", "engine", "--ics", test.file("key.ini", f"[ixit]\npsk_key = {'5a' * size}\n"), "--list")[1]
        assert (f"key.ini: psk_key: {size} bytes are weaker than any suite with a PSK, which asks for 16 (RFC 9257, 6)" in said) == short
        assert "5a" not in said.partition("\n")[0], f"a key is shown: {said}"
    for claims, doubt in (("suites = 1301 c02b", "suites: the lab does not speak 1301, and plays the others"),
                          ("suites = 1301", "suites: the lab speaks none of them"), ("versions = 1.0", "speaks DTLS 1.2 alone"),
                          ("groups =", "groups: a suite needs a group"), ("sigs =", "sigs: a suite needs a signature pair"),
                          ("ticket = no", "it resumes by tickets, but ticket = no"), ("cert = rpk\nrpk = no", "but rpk = no"),
                          ("cert = no", "it verifies none"), ("psk_hint = yes", None)):
        said = test.check("--sut", "engine", "--ics", test.file("doubt.ini", f"[ics]\n{claims}\n"), "--list")[1]
        assert ("warning: " in said) == (doubt is not None) and (doubt or "") in said, (claims, said)
    test.check("--help", says=["usage: nxdtls check", "--client-command COMMAND", "Exit status",
                               "fragment     bytes of a fragment"])


def claims(test):
    """What --claims prints is an ICS and an IXIT of which the same is read again, and says what the library claims."""
    said = test.check("--sut", "gnutls", "--claims")[1]
    for words in ("[ics]\n", "\n[ixit]\n", "\nsuites = c02b ", "\nlive_ms = 5000\n"):
        assert words in said, f"{words!r} is not in what is claimed"
    file = test.file("claims.ini", said)
    assert test.check("--ics", file, "--claims")[1] == said
    assert test.check("--claims")[1] != said
    listed = [test.check("--sut", "gnutls", *words, "--list")[1] for words in ([], ["--ics", file])]
    assert listed[0] == listed[1], "what is claimed selects other cases"


def tell_proofs(results):
    """Says which rows the checks prove (scripts/requirements): those of which one passed and none failed.  What
    reviewed.tsv says about a row of our own library goes before."""
    reviewed = pathlib.Path(__file__).parents[1] / "requirements" / "reviewed.tsv"
    away = {line.split("\t")[0] for line in reviewed.read_text("utf-8").splitlines()}
    found = {}
    for result in results:
        for row in result["requirements"]:
            found.setdefault(row, {}).setdefault(result["verdict"], result["group"])
    for row, by_verdict in found.items():
        if row not in away and "pass" in by_verdict:
            verdict = "fail" if "fail" in by_verdict else "pass"
            print(f"proves: {verdict} {row} {by_verdict[verdict]}")


def engine(test):
    results, said = test.check("--sut", "engine", says=["RFC 6347, "])
    expect_good(results, "client", 20)
    expect_good(results, "server", 20)
    assert len({r["id"] for r in results}) == len(results)
    tell_proofs(results)
    again, _ = test.check("--sut", "engine", "--jobs", "1")
    assert [r["observed"] for r in sorted(again, key=lambda r: r["id"])] == \
        [r["observed"] for r in sorted(results, key=lambda r: r["id"])], "the same seed shows something else"
    listed, _ = test.check("--sut", "engine", "--list", says=["runs", "P-GEN-1/server/c02b\n", ",fragment=1,"])
    assert not listed
    # A combination that was played can be asked for, and has its name.
    one, _ = test.check("--sut", "engine", "--only", "P-GEN-1/server", "--with", "packing=flight,ems=off")
    assert [(r["id"], r["settings"]["ems"], r["settings"]["packing"]) for r in one] == \
        [("engine/P-GEN-1/server/c02b/ems=off,packing=flight", "off", "flight")], one
    # A claim that is not true is a fail, and everything is said of it.
    lie = test.file("lie.ini", "[ics]\nreplay = on\nsuites = c02b\ncookie = off\n")
    few, _ = test.check("--sut", "engine", "--ics", lie, "--only", "P-CK-1", "--verbose", says=["does not meet cookie=on"], status=3)
    assert verdicts(few) == {"not-applicable": 1}


def baseline(test):
    """A fail that was reviewed is accepted, and no longer than it fails."""
    head = "check\tparameters\tclause\treason\n"
    lie = ["--sut", "engine", "--only", "P-GRP-[12]", "--ics", test.file("lie.ini", "[ics]\ngroups = 23\n")]
    true = ["--sut", "engine", "--only", "P-GRP-[12]"]
    good = test.file("good.tsv", f"{head}# reviewed\nP-GRP-1\tc02b\tRFC 8422, 5.1.1\tit offers three groups\n")
    test.check(*lie, status=1)
    results, _ = test.check(*lie, "--baseline", good, says=["accepted       P-GRP-1/client/c02b: seen: ",
                            "it offers three groups (RFC 8422, 5.1.1)", "0 fail, 1 accepted"])
    assert [(r["id"], r["accepted"]) for r in results if r["verdict"] == "accepted"] == \
        [("engine/P-GRP-1/client/c02b", "it offers three groups")], verdicts(results)
    results, _ = test.check(*true, "--baseline", good, status=1,
                            says=["good.tsv:3: P-GRP-1 c02b no longer fails", "1 of the baseline no longer fail"])
    assert [r["id"] for r in results if r["verdict"] == "fail"] == ["engine/baseline/3"]
    test.check("--sut", "engine", "--only", "P-GRP-2", "--baseline", good)  # its case was not played
    # Another combination is another case, and not reviewed.
    test.check(*lie, "--with", "doubled=yes", "--baseline", good, status=1, says=["P-GRP-1/client/c02b/doubled=yes: "])
    for name, entry, says in (
            ("other", "P-GRP-1\tc0a8\tRFC 8422\twhy\n", "other.tsv:2: P-GRP-1 c0a8 names no case of engine"),
            ("short", "P-GRP-1\tc02b\tRFC 8422\n", "short.tsv:2: not four columns"),
            ("mute", "P-GRP-1\tc02b\tRFC 8422\t\n", "mute.tsv:2: an empty column")):
        test.check(*lie, "--baseline", test.file(f"{name}.tsv", head + entry), status=2, says=[says])
    test.check("--prove", "--baseline", good, status=2, says=["--baseline, --evidence, --resume and --with are not for --prove"])


def resume(test):
    """What stands in the file of results is not played again."""
    words = ["--sut", "engine", "--only", "P-ALT-*"]
    whole, _ = test.check(*words)
    lines = (test.path / "results.jsonl").read_text("utf-8").splitlines(keepends=True)
    kept = lines[0].replace('"seconds": ', '"seconds": 12345')
    doubted = lines[1].replace('"verdict": "pass"', '"verdict": "inconclusive"')
    found, _ = test.check(*words, "--resume", found=kept + doubted + lines[2][:-9], says=["kept 1 results of "])
    assert sorted(r["id"] for r in found) == sorted(r["id"] for r in whole)
    assert [r["id"] for r in found if r["seconds"] >= 12345] == [whole[0]["id"]], "it was played again"
    assert verdicts(found) == verdicts(whole)
    test.check(*words, "--resume", says=["kept 0 results of "])  # there is no file
    other = test.file("other.ini", "[ics]\nmtu = 1300\n")
    for more, text, says in (
            (["--seed", "2"], kept, ":1: of another run: engine/P-ALT-"),
            (["--ics", other], kept, ":1: of another run: engine/P-ALT-"),
            (["--only", "P-ALT-5"], kept + lines[1], "is no case of this run"),
            ([], kept + lines[1] + kept, "results.jsonl:3: "),
            ([], kept + "{}\n", "results.jsonl:2: not a result that this program has written")):
        test.check(*words, *more, "--resume", found=text, status=2, says=[says])
        assert (test.path / "results.jsonl").read_text("utf-8") == text, "the file is not as it was"
    interrupt(test)


def interrupt(test):
    """Ctrl-C leaves whole lines, with which the next run goes on."""
    path = test.path / "results.jsonl"
    path.unlink()
    words = [test.nxdtls, "check", "--sut", "engine", "--only", "P-S*", "--json", str(path)]
    # It says more than a pipe holds, so it cannot end before it is interrupted.
    with subprocess.Popen([*words, "--verbose"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as run:
        run.stdout.readline()
        run.send_signal(signal.SIGINT)
        run.stdout.read()
        assert run.wait(SECONDS) == 130
    some = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found, _ = test.check("--sut", "engine", "--only", "P-S*", "--resume", found=path.read_text("utf-8"))
    assert 0 < len(some) < len(found) == len({r["id"] for r in found}), len(some)


def evidence(test):
    """Of what went wrong: a capture with its secrets, the logs and the result."""
    folder = test.path / "evidence"
    lie = test.file("lie.ini", "[ics]\ngroups = 23\n")
    results, _ = test.check("--sut", "engine", "--ics", lie, "--only", "P-GRP-[12]", "--evidence", str(folder), status=1,
                            says=[f"evidence  {folder}/P-GRP-1.client.c02b"])
    case = folder / "P-GRP-1.client.c02b"
    assert [path.name for path in folder.iterdir()] == [case.name], "a case that passed has evidence"
    assert sorted(path.name for path in case.iterdir()) == ["capture.pcapng", "peer.log", "result.json", "target.log"]
    result = next(r for r in results if r["verdict"] == "fail")
    assert (result["evidence"], result["capture"]) == (str(case), str(case / "capture.pcapng"))
    assert json.loads((case / "result.json").read_text("utf-8")) == result
    assert "secret" not in str(result["details"]) and "-- positive control" in result["details"]["wire"]
    assert (case / "peer.log").read_text("ascii").splitlines() == result["details"]["wire"]
    assert "connected" in (case / "target.log").read_text("ascii").splitlines()
    capture = (case / "capture.pcapng").read_bytes()
    assert len(re.findall(rb"CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}\n", capture)) == 2
    if shutil.which("tshark"):
        seen = subprocess.run(["tshark", "-r", case / "capture.pcapng", "-d", "udp.port==4433,dtls", "-Y", "data", "-T",
                               "fields", "-e", "udp.port", "-e", "data.data"], stdout=subprocess.PIPE, text=True,
                              timeout=SECONDS, check=True).stdout.splitlines()
        # In both associations the target's answer is what the peer has sent.
        assert [line.split("\t")[0] for line in seen] == ["4433,40001", "40001,4433", "4433,40002", "40002,4433"], seen
        assert seen[0].split("\t")[1] == seen[1].split("\t")[1] != ""
    # What a command says is its log, though it cannot write to the terminal.
    test.check("--server-command", "printf 'no \\033[2Jserver\\nhere\\n' >&2; exit 7", "--ics", test.file("quick.ini", "[ics]\nsuites = c02b\n"),
               "--only", "P-GEN-1", "--evidence", str(folder), status=3)
    assert (folder / "greeting" / "target.log").read_text("ascii") == \
        "failed: the command ended with status 7\nno ?[2Jserver\nhere\n"


def server_words(test):
    """What our server needs to be what the ICS says."""
    keys = [word for name in ("rsa", "ec") for word in
            ("--cert", str(test.pki / f"{name}.pem"), "--key", str(test.pki / f"{name}.key"))]
    return [test.nxdtls, "server", "--psk", KEY, "--cipher", SUITES.replace(" ", ","), *keys]


def server_at(test, *more, words=None):
    """A server of ours at a free port; its process and its address."""
    process = subprocess.Popen([*(words or server_words(test)), *more, "--echo", "127.0.0.1:0"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "listening on" in line:
            # What it says later is read, too, or it would wait for a reader.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return process, line.split("listening on ")[1].split()[0]
    raise AssertionError("the server does not listen")


def server(test):
    process, address = server_at(test, "--cid", "8")
    words = ["--server", address, "--ics", str(test.path / "ics.ini")]
    cids = test.file("cids.ini", "[ics]\ncid = yes\n[ixit]\ntwo_addresses = 127.0.0.2\n")
    try:
        results, _ = test.check(*words, "--only", QUICK)
        # What takes long in real time is played on demand, or where time is not real.
        test.check(*words, "--list", "--only", "P-RTX-2", says=["not            P-RTX-2/server/cca8: slow: play it with --slow"])
        test.check(*words, "--list", "--only", "P-RTX-2", "--slow", says=["runs           P-RTX-2/server/cca8"])
        few, _ = test.check(*words, "--only", "P-RTX-[24]")
        assert {r["group"]: r["verdict"] for r in few} == {"P-RTX-2": "not-applicable", "P-RTX-4": "pass"}
        assert {r["group"]: "--slow" in r["replay"] for r in few} == {"P-RTX-2": True, "P-RTX-4": False}
        elsewhere(test, words)
        few, _ = test.check(*words, "--ics", cids, "--only", "P-CID-[1478]*")
        expect_good(few, "server", 18)
        for only in ("P-GEN-9", "P-SM-28*", "P-SM-32*"):  # no library in this process is such a server
            more, _ = test.check(*words, "--only", only)
            results += more
    finally:
        process.kill()
        process.wait(SECONDS)
    expect_good(results, "server", 20)
    raw_keys(test)
    test.check("--sut", "engine", "--list", "--only", "P-RTX-2", says=["runs           P-RTX-2/server/c02b"])


def raw_keys(test):
    """A server that has a raw public key, and no certificate."""
    process, address = server_at(test, "--rpk", words=[test.nxdtls, "server", "--key", str(test.pki / "ec.key")])
    claim = test.file("rpk.ini", "[ics]\nsuites = cca9 c02b\nrpk = yes\ncert = rpk\n")
    asks = test.file("asks.ini", "[ics]\nclientauth = require\n")
    words = ["--server", address, "--ics", str(test.path / "ics.ini"), "--ics", claim]
    try:
        results, _ = test.check(*words, "--only", "P-RPK-*")
    finally:
        process.kill()
        process.wait(SECONDS)
    expect_good(results, "server", 8)
    test.check(*words, "--ics", asks, "--list", "--only", "P-CRT-1.leaf", says=["the ICS does not meet cert"])


def password(test):
    """Our own programs with a password and nothing else; then their password is another than the IXIT's."""
    secret = test.file("secret", "sesame\n")
    claim = test.file("claim.ini", f"[ics]\nsuites = c0ff\n[ixit]\npsk_key = {b'sesame'.hex()}\n")
    process, address = server_at(test, words=[test.nxdtls, "server", "--password", secret])
    words = ["--server", address, "--ics", str(test.path / "ics.ini"), "--ics", claim]
    try:
        results, said = test.check(*words)
        another = test.file("another.ini", f"[ixit]\npsk_key = {b'sesam'.hex()}\nlive_ms = 2000\n")
        test.check(*words, "--ics", another, "--only", "P-JPK-1", status=3)
    finally:
        process.kill()
        process.wait(SECONDS)
    expect_good(results, "server", 35)
    assert "weaker" not in said, "a password may be short"
    assert all(r["group"].startswith("P-JPK-") for r in results if r["verdict"] == "pass"), "the password is for its own checks"
    command = f"exec {test.nxdtls} client --echo --password {secret} {{host}}:{{port}}"
    results, _ = test.check("--client-command", command, "--ics", str(test.path / "ics.ini"), "--ics", claim, "--only", "P-JPK-[1-9]*")
    expect_good(results, "client", 30)


def foreign(test):
    """Libraries that are not ours staple responses and show raw keys, if this build has them; their faults are known
    (findings/)."""
    known = {line.split("\t")[0] for file in (pathlib.Path(__file__).parent / "findings").glob("*.tsv")
             for line in file.read_text("utf-8").splitlines()}
    for library, only, least in (("openssl", "P-OCS-*", 10), ("gnutls", "P-OCS-*", 10), ("gnutls", "P-RPK-*", 18)):
        results, said = test.check("--sut", library, "--only", only, status=None)
        if f"--sut {library}: " in said:  # it is not in this build
            continue
        good = [r for r in results if r["verdict"] in ("pass", "warning")]
        assert len(good) >= least, (library, only, verdicts(results))
        assert {r["group"] for r in results if r not in good} <= known, (library, only, verdicts(results))


def elsewhere(test, words):
    """A cookie comes back from the lab's second address, if it has one."""
    for address, verdict in (("no", "not-applicable"), ("127.0.0.2", "pass"), ("192.0.2.1", "inconclusive")):
        second = test.file("second.ini", f"[ixit]\ntwo_addresses = {address}\n")
        results, _ = test.check(*words, "--ics", second, "--only", "P-CK-4*", status=None)
        assert {r["group"]: r["verdict"] for r in results} == {
            "P-CK-4": verdict, "P-CK-4.port": "pass" if verdict == "inconclusive" else verdict}, results


def client(test):
    command = f"exec {test.nxdtls} client --echo --cipher {SUITES.replace(' ', ',')} --psk {KEY} --ca {test.pki}/root.pem {{host}}:{{port}}"
    results, _ = test.check("--client-command", command, "--ics", str(test.path / "ics.ini"), "--only", QUICK)
    expect_good(results, "client", 20)
    for length, claim in (("8", "yes"), ("0", "empty")):
        cids = test.file("cids.ini", f"[ics]\ncid = {claim}\nsuites = c02b\n")
        few, _ = test.check("--client-command", command.replace(" client ", f" client --cid {length} "), "--ics",
                            str(test.path / "ics.ini"), "--ics", cids, "--only", "P-CID-1")
        expect_good(few, "client", 1)


def listen(test):
    """Clients that come by themselves, some at a time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = [test.nxdtls, "client", "--echo", "--timeout", "2", "--cipher", SUITES.replace(" ", ","), "--psk", KEY, "--ca",
             str(test.pki / "root.pem"), f"127.0.0.1:{port}"]
    stop = threading.Event()
    clients = [threading.Thread(target=come_again, args=(start, stop)) for _ in range(2)]
    for client_ in clients:
        client_.start()
    patient = test.file("listen.ini", "[ixit]\nquiet_ms = 200\n")
    try:
        results, _ = test.check("--listen", f"127.0.0.1:{port}", "--ics", str(test.path / "ics.ini"), "--ics", patient,
                                "--only", "P-[AC][CL][ST]-[36]*")
        # The port is taken, or no client comes.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            taken = f"127.0.0.1:{other.getsockname()[1]}"
            test.check("--listen", taken, "--ics", str(test.path / "ics.ini"), "--only", "P-CCS-1", status=3, says=["cannot listen there"])
    finally:
        stop.set()
        for client_ in clients:
            client_.join(SECONDS)
    expect_good(results, "client", 5)
    hasty = test.file("hasty.ini", "[ixit]\nlive_ms = 50\n")
    test.check("--listen", f"127.0.0.1:{port}", "--ics", str(test.path / "ics.ini"), "--ics", hasty, "--only", "P-CCS-1", status=3,
               says=["listen: no honest handshake works: no client has come in 50 ms"])


def come_again(start, stop):
    while not stop.is_set():
        subprocess.run(start, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       timeout=SECONDS, check=False)


def command(test):
    """A server that is started for each handshake and sends no data back, as
    servers do that were not written for the lab."""
    start = f"exec {' '.join(server_words(test))} {{host}}:{{port}}"
    mute = test.file("mute.ini", "[ixit]\necho = no\nquiet_ms = 300\n")
    results, _ = test.check("--server-command", start, "--ics", str(test.path / "ics.ini"), "--ics", mute,
                            "--only", QUICK)
    expect_good(results, "server", 15)
    # A target that echoes nothing, and whose maker does not say so.
    test.check("--server-command", start, "--ics", str(test.path / "ics.ini"), "--ics", test.file("brief.ini", "[ixit]\nlive_ms = 1000\n"),
               "--only", "P-CCS-3", status=3, says=["no data come back: should echo = no stand in the IXIT?"])
    assert any("echo = no" in r.get("reason", "") for r in results), "a check judges data that cannot come"
    engine_results, _ = test.check("--sut", "engine", "--ics", mute)
    expect_good(engine_results, "server", 20)


def trigger(test):
    """A command of the IXIT makes the target's application do something."""
    pid = test.path / "pid"
    words = ["--server-command", f"echo $$ >{pid}; exec {' '.join(server_words(test))} --echo {{host}}:{{port}}", "--ics",
             str(test.path / "ics.ini"), "--only", "P-ALT-8", "--jobs", "1"]
    none, _ = test.check(*words, status=3)
    assert [r["reason"] for r in none] == ["the ICS does not meet trigger_close"]
    close = test.file("close.ini", f"[ixit]\ntrigger_close = kill -TERM $(cat {pid})\n")
    results, _ = test.check(*words, "--ics", close)
    assert verdicts(results) == {"pass": 1}
    sent = test.path / "sent"
    send = test.file("send.ini", f"[ixit]\ntrigger_send = touch {sent}\n")
    words[words.index("--only") + 1] = "P-REC-24/server/c02b"
    results, _ = test.check(*words, "--ics", send)
    assert verdicts(results) == {"pass": 1} and sent.exists()
    words[words.index("--only") + 1] = "P-ALT-8"
    restart(test)
    for command, status in (("exit 5", 5), ("tail -f /dev/null", 137)):
        bad = test.file("bad.ini", f"[ixit]\nlive_ms = 1000\ntrigger_close = {command}\n")
        test.check(*words, "--ics", bad, status=3, says=[f"the trigger does not work: its status is {status}"])


def restart(test):
    """The trigger puts a new server in the place of ours."""
    first, address = server_at(test)
    pid = test.path / "second"
    listens = f"grep -q ':{int(address.split(':')[1]):04X} 00000000' /proc/net/udp"
    command = (f"kill -9 {first.pid}; while {listens}; do :; done; {' '.join(server_words(test))} --echo {address} & "
               f"echo $! >{pid}; until {listens}; do :; done")
    ixit = test.file("restart.ini", f"[ixit]\ntrigger_restart = {command}\n")
    try:
        results, _ = test.check("--server", address, "--ics", str(test.path / "ics.ini"), "--ics", ixit, "--only", "P-SM-28.restarted")
    finally:
        first.kill()
        first.wait(SECONDS)
        os.kill(int(pid.read_text("ascii")), signal.SIGKILL)
    assert verdicts(results) == {"pass": 1}


def mutual(test):
    """A server that asks for the client's certificate, and a client that has one and looks for the server's name."""
    root = ["--ca", str(test.pki / "root.pem"), "--crl", str(test.pki / "root.crl")]
    asks = test.file("asks.ini", "[ics]\nclientauth = require\ncrl = yes\n")
    has = test.file("has.ini", "[ics]\nclientcert = yes\nsni = localhost\ncrl = yes\n")
    process, address = server_at(test, "--client-auth", *root)
    try:
        results, _ = test.check("--server", address, "--ics", str(test.path / "ics.ini"), "--ics", asks,
                                "--only", "P-C[AR]*")
    finally:
        process.kill()
        process.wait(SECONDS)
    expect_good(results, "server", 60)
    keys = [word for name in ("client-rsa", "client-ec") for word in
            ("--cert", str(test.pki / f"{name}.pem"), "--key", str(test.pki / f"{name}.key"))]
    command = " ".join([f"exec {test.nxdtls} client --echo --name localhost --cipher {SUITES.replace(' ', ',')}",
                        "--psk", KEY, *root, *keys, "{host}:{port}"])
    results, _ = test.check("--client-command", command, "--ics", str(test.path / "ics.ini"), "--ics", has,
                            "--only", "P-[CN]A*")
    expect_good(results, "client", 15)


class Stranger(threading.Thread):
    """A UDP service that answers each datagram with `answer`, or from the first
    one on without an end."""

    def __init__(self, answer, floods=False):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.answer, self.floods = answer, floods
        self.start()

    def run(self):
        address = None
        while True:
            wait = 0 if self.floods and address else SECONDS
            if select.select([self.socket], [], [], wait)[0]:
                data, sender = self.socket.recvfrom(65536)
                if data == b"end":
                    self.socket.close()
                    return
                address = sender
            self.socket.sendto(self.answer, address)

    def end(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto(b"end", ("127.0.0.1", int(self.address.rsplit(":", 1)[1])))
        self.join(SECONDS)


def strangers(test):
    """What is there, but is no honest server; partial results are kept."""
    quick = test.file("quick.ini", "[ics]\nsuites = c02b\n[ixit]\nquiet_ms = 50\nlive_ms = 400\n")
    other = Stranger(b"HTTP/1.1 400 Bad Request\r\n")
    test.check("--server", other.address, "--ics", quick, status=3, says=["datagrams that are not DTLS"])
    other.end()
    patient = test.file("patient.ini", PATIENT)
    flood = Stranger(bytes.fromhex("16fefd000000000000000000010a"), floods=True)
    test.check("--server", flood.address, "--ics", quick, "--ics", patient, status=3, says=["the target floods"])
    flood.end()


def mortal(test):
    """A server that a relay kills at its sixtieth datagram."""
    process, address = server_at(test)
    host, port = address.rsplit(":", 1)
    relay = Relay((host, int(port)), 60, process)
    patient = test.file("mortal.ini", "[ixit]\nquiet_ms = 200\nlive_ms = 1000\n")
    try:
        results, said = test.check("--server", relay.address, "--ics", str(test.path / "ics.ini"), "--ics", patient,
                                   "--jobs", "1", status=None)
    finally:
        relay.end()
        process.kill()
        process.wait(SECONDS)
        process.stderr.close()
    found = verdicts(results)
    assert "the target is lost" in said, said
    assert found["pass"] >= 1 and found["inconclusive"] >= 20, found
    assert len(results) == len({r["id"] for r in results})
    assert said.count("inconclusive   ") <= 5, "what was not played is one line"
    one_by_one(test)


def one_by_one(test):
    """A server that has one client at a time gets one, whatever --jobs says."""
    process, address = server_at(test)
    host, port = address.rsplit(":", 1)
    relay = Relay((host, int(port)), 10 ** 6, process)
    alone = test.file("alone.ini", "[ixit]\none_client = yes\nquiet_ms = 100\n")
    try:
        results, _ = test.check("--server", relay.address, "--ics", str(test.path / "ics.ini"), "--ics", alone,
                                "--only", "P-ALT-1.*", "--jobs", "4")
    finally:
        relay.end()
        process.kill()
        process.wait(SECONDS)
        process.stderr.close()
    expect_good(results, "server", 3)
    assert len(relay.clients) == len(set(relay.clients)) > 5, "two clients at a time"


class Relay(threading.Thread):
    """Passes datagrams on both ways, between each client and the server, until
    so many have come from clients; then it kills the server."""

    def __init__(self, server, count, process):
        super().__init__(daemon=True)
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.front.getsockname()[1]}"
        self.server, self.count, self.process = server, count, process
        self.backs = {}
        self.clients = []  # as they began, or came again behind another
        self.stop = threading.Event()
        self.start()

    def from_client(self):
        data, client = self.front.recvfrom(65536)
        if self.count == 0:
            return
        if client not in self.backs:
            self.backs[client] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.backs[client].connect(self.server)
        if self.clients[-1:] != [client]:
            self.clients.append(client)
        self.count -= 1
        if self.count == 0:
            self.process.kill()
        else:
            self.backs[client].send(data)

    def from_server(self, client, back):
        try:
            self.front.sendto(back.recv(65536), client)
        except ConnectionRefusedError:
            pass

    def run(self):
        while not self.stop.is_set():
            ready, _, _ = select.select([self.front, *self.backs.values()], [], [], 0.1)
            for one in ready:
                if one is self.front:
                    self.from_client()
            for client, back in list(self.backs.items()):
                if back in ready:
                    self.from_server(client, back)

    def end(self):
        self.stop.set()
        self.join(SECONDS)
        for one in [self.front, *self.backs.values()]:
            one.close()


def report(test):
    """The reports of two targets, of which one fails and says things that are not harmless."""
    results, _ = test.check("--sut", "engine", "--only", "P-ALT-*")
    first = next(r for r in results if r["verdict"] == "pass")
    rude = "<b>data</b> ]]> & \u0001"
    bad = [dict(first, id="<other>/" + first["id"].split("/", 1)[1], column="<other>", verdict="fail", reason=rude, observed=rude),
           dict(first, id="<other>/P-ALT-0", column="<other>", verdict="accepted", accepted="it <i>may</i>"),
           dict(first, id="<other>/P-ALT-00", column="<other>", verdict="accepted", accepted="withheld: later",
                reason="the secret", observed="the secret", replay="the secret", details={"wire": ["the secret"]})]
    for r in results:
        r["details"]["wire"] = r["details"]["wire"][:3]
    ours = test.file("ours.jsonl", "".join(json.dumps(r) + "\n" for r in results))
    theirs = test.file("theirs.jsonl", "".join(json.dumps(r) + "\n" for r in bad))
    html = reported("--html", ours, theirs).stdout
    case = "/".join(first["id"].split("/")[1:3])
    for words in ('col">engine</th>', 'col">&lt;other&gt;</th>', "<h3>RFC 5246</h3>", "RFC 5246, 7.2.2", "RFC 9325 (BCP 195)",
                  'fail">1 fail</span> <span class="v accepted">2 accepted</span>', "&lt;b&gt;data&lt;/b&gt;", "it &lt;i&gt;may&lt;/i&gt;",
                  f'<tr class="differs"><th scope="row">{case} '):
        assert words in html, f"the page does not have: {words}"
    assert "<b>data" not in html and "<i>" not in html and "<script" not in html
    for kind in ("--html", "--junit", "--sarif"):
        made = reported(kind, ours, theirs).stdout
        assert "withheld: later" in made and "the secret" not in made, kind
    expect_junit(xml.fromstring(reported("--junit", ours, theirs).stdout), verdicts(results))
    expect_sarif(json.loads(reported("--sarif", ours, theirs).stdout), first)
    twice = reported("--html", ours, test.file("again.jsonl", "".join(json.dumps(r) + "\n" for r in results))).stdout
    assert 'col">engine (ours)</th>' in twice and 'col">engine (again)</th>' in twice and "<p>None.</p>" in twice
    for text, says in (("{\n", "broken.jsonl:1:"), ("{}\n", "broken.jsonl:1: not a result")):
        broken = reported("--html", test.file("broken.jsonl", text), status=1)
        assert says in broken.stderr, broken.stderr
    for path, says in (("/dev/zero", "/dev/zero:1: longer than"), ("/no/such/file", "/no/such/file"), ("/", "directory")):
        unread = reported("--html", path, status=1).stderr
        assert says in unread and unread.count("\n") == 1, unread
    reported("--html", status=2)
    reported(ours, theirs, status=2)


def reported(*words, status=0):
    program = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "check-report"
    made = subprocess.run([program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=SECONDS,
                          check=False)
    assert made.returncode == status, made.stderr
    return made


def expect_junit(root, ours):
    suites = {suite.get("name"): suite for suite in root.iter("testsuite")}
    assert len(suites["engine"].findall("testcase")) == int(suites["engine"].get("tests")) == sum(ours.values())
    assert suites["engine"].get("failures") == "0"
    assert len(suites["engine"].findall("testcase/skipped")) == ours.get("not-applicable", 0)
    other = suites["<other>"]
    failure = other.find("testcase/failure")
    assert (other.get("failures"), other.get("errors"), other.get("skipped")) == ("1", "0", "2")
    assert failure.get("message") == "<b>data</b> ]]> & ?"
    for words in ("Expected: ", "Seen: <b>data", "Clauses: RFC ", "Replay: nxdtls check --sut engine --seed 1"):
        assert words in failure.text, failure.text
    assert other.find("testcase/skipped").get("message").startswith("accepted: it <i>may</i>")


def expect_sarif(log, first):
    assert log["version"] == "2.1.0" and len(log["runs"]) == 2
    other = next(run for run in log["runs"] if "<other>" in run["automationDetails"]["id"])
    rules = {rule["id"]: rule for rule in other["tool"]["driver"]["rules"]}
    fail, accepted, _ = other["results"]
    assert rules[fail["ruleId"]]["shortDescription"]["text"] == first["title"]
    assert rules[fail["ruleId"]]["properties"]["clauses"][0].startswith("RFC ")
    assert fail["level"] == "error" and "<b>data</b>" in fail["message"]["text"] and "suppressions" not in fail
    assert fail["properties"]["expected"] and fail["properties"]["replay"]
    assert accepted["suppressions"][0]["justification"] == "it <i>may</i>"


def absent(test):
    """Targets that are not there, or cannot be started."""
    quick = test.file("quick.ini", "[ics]\nsuites = c02b\n[ixit]\nquiet_ms = 50\nlive_ms = 200\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        mute = f"127.0.0.1:{free.getsockname()[1]}"
        results, _ = test.check("--server", mute, "--ics", quick, status=3, says=["it says nothing"])
        assert "pass" not in verdicts(results) and verdicts(results)["inconclusive"] >= 10
    _, said = test.check("--server", mute, "--ics", quick, status=3, says=["cases that were not played: no honest handshake works"])
    assert said.count("inconclusive   ") == 1, said
    test.check("--server", mute, "--ics", quick, status=3, says=["nothing listens at its address"])
    test.check("--server", "127.0.0.1", "--ics", quick, status=3, says=["not HOST:PORT"])
    for option in ("--client-command", "--server-command"):
        test.check(option, "exit 7", "--ics", quick, status=3, says=["the command ended with status 7"])


def init(test):
    folder = test.path / "lab"
    test.check("--init", str(folder), says=["ics.ini"])
    test.check("--init", str(folder), status=2, says=["File exists"])
    ics = folder / "ics.ini"  # with what its maker knows of the engine
    ics.write_text(ics.read_text("utf-8").replace("\nalpn = no\n", "\nalpn = nxdtls\n"), "utf-8")
    test.check("--sut", "engine", "--ics", str(ics), "--ics", str(folder / "ixit.ini"), "--only", "P-GEN-1")
    assert os.path.exists(folder / "pki" / "rsa.pem")


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    test = Test(sys.argv[1], sys.argv[2])
    {"usage": usage, "claims": claims, "engine": engine, "server": server, "client": client, "command": command,
     "mutual": mutual, "absent": absent, "strangers": strangers, "mortal": mortal, "init": init,
     "report": report, "baseline": baseline, "resume": resume, "evidence": evidence, "listen": listen, "trigger": trigger, "password": password, "foreign": foreign}[sys.argv[3]](test)
    return 0


if __name__ == "__main__":
    sys.exit(main())
