#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls fuzz, from outside.

usage: fuzz_test.py NXDTLS CANARIES WHAT

WHAT is one of the functions below: usage, absent, engine, again, resume, server.  CANARIES is `nxdtls` with planted bugs
(tests/canaries.c)."""
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "learn"))
import aimed_program  # noqa: E402 (the folder has to be known first)
from aimed_program import SECONDS  # noqa: E402

HERE = "127.0.0.1"

PROGRAM = aimed_program.Program("fuzz", {
    "server-command": (("true",), ()),
    "ics": (("/dev/null",), ("/no/such/file", "/proc/self/cmdline", "/dev/zero")),
    "machine": ((), ("/no/such/file", "/dev/null", "/dev/zero")),
    "folder": (("/tmp",), ("/no/such/folder",)),
    "hours": (("0.001", "1000"), ("", "0", "-1", "x", "1001", "nan")),
    "trials": (("1", "18446744073709551614"), ("", "0", "x")),
    "anew": None,
    "replay": ((), ("/no/such/file", "/dev/null", "/dev/zero")),
})
run, refused = PROGRAM.run, PROGRAM.refused


def fuzz(nxdtls, folder, *words):
    """The numbers of the last line: states, associations, datagrams, finds."""
    done = run(nxdtls, "--sut", "engine", "--folder", str(folder), *words)
    told = re.search(r": (\d+) states; (\d+) associations, (\d+) datagrams in .*; (\d+) found, \d+ kinds known$", done.stdout)
    assert told, done
    numbers = tuple(map(int, told.groups()))
    assert (done.returncode, done.stderr) == (int(numbers[3] != 0), ""), done
    return numbers


def usage(nxdtls, folder):
    PROGRAM.check_options(nxdtls, "--sut", "engine", "--folder", str(folder), "--trials", "1")
    refused(nxdtls, ["--sut", "engine", "--server-command", "true"], "only one of")
    bad = folder / "bad"
    for text, number in ("ClientHello\nNoSuch\n", 2), ("ClientHello / 9 mutations, seed 1\n", 1), ("\n\nData / x\n", 3):
        bad.write_text(text, encoding="utf-8")
        refused(nxdtls, ["--sut", "engine", "--replay", str(bad)], f"line {number} is no move")


def absent(nxdtls, folder):
    """A target that is not there, that says nothing, that ends at once, that answers at random: one line each."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind((HERE, 0))
        port = mute.getsockname()[1]
        refused(nxdtls, ["--server", f"{HERE}:{port}", "--quiet", "1"], "no data comes back", 3)
    refused(nxdtls, ["--server", f"{HERE}:{port}", "--quiet", "1"], "no data comes back", 3)
    refused(nxdtls, ["--server", "nowhere"], "nowhere", 3)
    refused(nxdtls, ["--server-command", "exit 3"], "the command ended with status 3", 3)
    refused(nxdtls, ["--client-command", "exit 3"], "the client says nothing: the command ended with status 3", 3)
    refused(nxdtls, ["--client-command", "exec bash -c 'printf x >/dev/udp/{host}/{port}; sleep 9'"], "no ClientHello: garbage", 3)
    assert not list(folder.iterdir()), list(folder.iterdir())


def engine(nxdtls, folder):
    """Our server and our client: nothing is found, and every state is come to."""
    for kind in ((), ("--role", "client"), ("--kx", "ecdhe", "--client-auth", "require"),
                 ("--kx", "ecdhe", "--client-auth", "require", "--role", "client")):
        states, associations, datagrams, found = fuzz(nxdtls, folder / "x", "--trials", "700", "--anew", *kind)
        assert (associations, found) == (700, 0) and states >= 8 and datagrams > 3000, kind


def again(nxdtls, folder):
    """The same seed is the same run, another one is not, and a machine that learn has written serves as well."""
    machine = folder / "machine"
    subprocess.run([nxdtls, "learn", "--sut", "engine", "--extra", "0", "--words", "100", "--json", str(machine)], check=True,
                   capture_output=True, timeout=SECONDS)
    runs = [fuzz(nxdtls, folder / str(i), "--trials", "300", "--machine", str(machine), "--seed", seed)
            for i, seed in enumerate("5567")]
    assert runs[0] == runs[1] and len(set(runs)) == 3, runs


def resume(nxdtls, folder):
    """A run that was interrupted goes on where it was: the next one plays what is left of the time."""
    words = [nxdtls, "fuzz", "--sut", "engine", "--folder", str(folder / "x"), "--hours", "1"]
    progress = folder / "x" / "progress"
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        while not progress.exists() or "next 0\n" in progress.read_text(encoding="utf-8"):
            assert child.poll() is None
            time.sleep(0.01)  # a deadline is the test's own
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (130, ""), (out, err)
    first = int(re.search(r"^next (\d+)$", progress.read_text(encoding="utf-8"), re.M)[1])
    assert first >= int(re.search(r"(\d+) associations,", out)[1]) > 0, (first, out)
    fuzz(nxdtls, folder / "x", "--trials", "300")
    assert f"next {first + 300}\nspent 0.0\n" in progress.read_text(encoding="utf-8")
    refused(nxdtls, ["--sut", "engine", "--folder", str(folder / "x"), "--seed", "2"], "another target or seed")
    progress.write_text("", encoding="utf-8")
    refused(nxdtls, ["--sut", "engine", "--folder", str(folder / "x")], "--anew")


def server(nxdtls, canaries, folder):
    """A server that a command starts: nothing is found in ours; a planted bug ends another, and is found, reduced, told."""
    serve = f"{shlex.quote(canaries)} server --psk client:000102030405060708090a0b0c0d0e0f --echo {{host}}:{{port}}"
    ixit = folder / "ixit.ini"
    ixit.write_text(f"[ixit]\nserver_command = exec {serve}\nrate = 2000\n", encoding="utf-8")
    done = run(nxdtls, "--ics", str(ixit), "--quiet", "20", "--folder", str(folder / "a"), "--trials", "40")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert " 40 associations, " in done.stdout and "0 found" in done.stdout, done
    os.environ["NXDTLS_CANARY"] = "alert"
    done = run(nxdtls, "--server-command", f"exec {serve}", "--quiet", "10", "--folder", str(folder / "b"), "--trials", "100")
    found = re.search(r"^FOUND dies: the command ended with status 134 after a mutated (.*)\n"
                      r"  1 trial, replayed 3 times of 3: (.*)$", done.stdout, re.M)
    assert found and (done.returncode, done.stderr) == (1, ""), done
    find = pathlib.Path(found[2])
    assert sorted(path.name for path in find.iterdir()) == ["capture.pcapng", "peer.log", "report", "target.log", "trials"]
    assert f"--replay {find}/trials" in (find / "report").read_text(encoding="utf-8")
    again = run(nxdtls, "--server-command", f"exec {serve}", "--replay", str(find / "trials"))
    assert again.returncode == 1 and again.stdout.count("dies: ") == 3, again
    os.environ["NXDTLS_CANARY"] = "none"
    again = run(nxdtls, "--server-command", f"exec {serve}", "--replay", str(find / "trials"))
    assert again.returncode == 0 and again.stdout.count("none: ") == 3, again


def main():
    nxdtls, canaries, what = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        if what == "server":
            server(nxdtls, canaries, pathlib.Path(folder))
        else:
            {"usage": usage, "absent": absent, "engine": engine, "again": again, "resume": resume}[what](nxdtls, pathlib.Path(folder))


if __name__ == "__main__":
    main()
