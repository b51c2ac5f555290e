#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls check, from outside.

usage: check_test.py NXDTLS PKI WHAT

NXDTLS is the program, PKI the folder of the test certificates.  WHAT is one of
the functions below: usage, engine, server, client, absent, init.  Each wait
has an end, and none depends on how fast the machine is."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile

KEY = "client:000102030405060708090a0b0c0d0e0f"
PATIENT = "[ixit]\nlive_ms = 60000\n"
ICS = """[ics]
suites = c02b c02f c0ac cca8 c023 009c 00a8 c0a8
groups = 29 23 24
sigs = 0403 0503 0804 0805 0806 0401 0501 0601
reneg = client server
"""
SECONDS = 300


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

    def check(self, *words, status=0, says=()):
        """Runs nxdtls check; returns its results and all that it has said."""
        path = self.path / "results.jsonl"
        path.unlink(missing_ok=True)
        run = subprocess.run([self.nxdtls, "check", "--json", str(path), *words], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False)
        print(run.stdout)
        assert run.returncode == status, f"{words}: status {run.returncode}, not {status}"
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
        ([], "--sut, --server or --client-command is missing"),
        (["--sut", "engine", "--jobs", "0"], "not a number from 1 to 64"),
        (["--sut", "engine", "--only", "P-NO*"], "no such check"),
        (["--sut", "engine", "surplus"], "surplus: not an option"),
        (["--sut", "engine", "--ics", bad], "bad.ini:4: suite: no such key in [ics]; keys are role versions suites"),
        (["--sut", "engine", "--ics", worse], "worse.ini:2: cookie = perhaps: not one of on|off|load"),
        (["--sut", "engine", "--ics", str(test.path / "none.ini")], "none.ini: No such file"),
        (["--prove", "--sut", "engine"], "--prove brings its own targets"),
        (["--sut", "engine", "--nonsense"], "unrecognized option"),
    )
    for words, says in rest:
        test.check(*words, status=2, says=[says])
    test.check("--help", says=["usage: nxdtls check", "--client-command COMMAND", "Exit status"])


def engine(test):
    results, said = test.check("--sut", "engine", says=["RFC 6347, "])
    expect_good(results, "client", 20)
    expect_good(results, "server", 20)
    assert len({r["id"] for r in results}) == len(results)
    again, _ = test.check("--sut", "engine", "--jobs", "1")
    assert [r["observed"] for r in sorted(again, key=lambda r: r["id"])] == \
        [r["observed"] for r in sorted(results, key=lambda r: r["id"])], "the same seed shows something else"
    listed, _ = test.check("--sut", "engine", "--list", says=["runs"])
    assert not listed
    # A claim that is not true is a fail, and everything is said of it.
    lie = test.file("lie.ini", "[ics]\nreplay = on\nsuites = c02b\ncookie = off\n")
    few, _ = test.check("--sut", "engine", "--ics", lie, "--only", "P-CK-1", "--verbose", says=["does not claim cookie=on"], status=3)
    assert verdicts(few) == {"not-applicable": 1}


def server_at(test):
    """A server of ours at a free port; its process and its address."""
    keys = [word for name in ("rsa", "ec") for word in
            ("--cert", str(test.pki / f"{name}.pem"), "--key", str(test.pki / f"{name}.key"))]
    process = subprocess.Popen([test.nxdtls, "server", "--echo", "--psk", KEY, *keys, "127.0.0.1:0"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "listening on" in line:
            return process, line.split("listening on ")[1].split()[0]
    raise AssertionError("the server does not listen")


def server(test):
    process, address = server_at(test)
    try:
        results, _ = test.check("--server", address, "--ics", str(test.path / "ics.ini"))
    finally:
        process.kill()
        process.wait(SECONDS)
        process.stderr.close()
    expect_good(results, "server", 20)


def client(test):
    command = f"exec {test.nxdtls} client --echo --psk {KEY} --ca {test.pki}/root.pem {{host}}:{{port}}"
    results, _ = test.check("--client-command", command, "--ics", str(test.path / "ics.ini"))
    expect_good(results, "client", 20)


def absent(test):
    """Targets that are not there, do not speak DTLS, or cannot be started."""
    quick = test.file("quick.ini", "[ics]\nsuites = c02b\n[ixit]\nquiet_ms = 50\nlive_ms = 200\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        mute = f"127.0.0.1:{free.getsockname()[1]}"
        results, _ = test.check("--server", mute, "--ics", quick, status=3, says=["it says nothing"])
        assert "pass" not in verdicts(results) and verdicts(results)["inconclusive"] >= 10
    test.check("--server", mute, "--ics", quick, status=3, says=["nothing listens at its address"])
    test.check("--server", "127.0.0.1", "--ics", quick, status=3, says=["not HOST:PORT"])
    test.check("--client-command", "exit 7", "--ics", quick, status=3, says=["the command ended with status 7"])


def init(test):
    folder = test.path / "lab"
    test.check("--init", str(folder), says=["ics.ini"])
    test.check("--init", str(folder), status=2, says=["File exists"])
    test.check("--sut", "engine", "--ics", str(folder / "ics.ini"), "--ics", str(folder / "ixit.ini"), "--only",
               "P-GEN-1")
    assert os.path.exists(folder / "pki" / "rsa.pem")


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    test = Test(sys.argv[1], sys.argv[2])
    {"usage": usage, "engine": engine, "server": server, "client": client, "absent": absent,
     "init": init}[sys.argv[3]](test)
    return 0


if __name__ == "__main__":
    sys.exit(main())
