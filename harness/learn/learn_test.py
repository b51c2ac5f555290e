#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls learn, from outside.

usage: learn_test.py NXDTLS WHAT

WHAT is one of the functions below: usage, absent, engine, svg, faults, compare, answers."""
import json
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import aimed_program
from aimed_program import SECONDS

HERE = "127.0.0.1"

PROGRAM = aimed_program.Program("learn", {
    "dot": (("/tmp/x",), ()),
    "svg": (("/tmp/x",), ()),
    "json": (("/tmp/x",), ()),
    "compare": ((), ("/no/such/file", "/dev/null", "/dev/zero")),
    "answers": (("/tmp/x",), ("/no/such/folder/file", "/dev/null", "/dev/zero")),
    "evidence": (("/tmp",), ()),
    "words": (("0", "100000000"), ("", "-1", "x", "100000001")),
    "extra": (("0", "1", "2"), ("", "-1", "3")),
    "jobs": (("1", "64"), ("", "0", "65", "x")),
    "verbose": None,
})
run, refused = PROGRAM.run, PROGRAM.refused


def usage(nxdtls):
    PROGRAM.check_options(nxdtls, "--sut", "engine")
    refused(nxdtls, ["--server", f"{HERE}:1", "--role", "client"], "--role is for --sut")
    refused(nxdtls, ["--sut", "engine", "more"], "more: not an option")
    refused(nxdtls, ["--sut", "engine", "--extra", "0", "--words", "0", "--json", "/no/such/folder"], "--json /no/such")


def absent(nxdtls):
    """A target that is not there, that says nothing, that answers at random: one line each."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind((HERE, 0))
        port = mute.getsockname()[1]
        done = run(nxdtls, "--server", f"{HERE}:{port}", "--quiet", "1")
        assert done.returncode == 3 and "no data comes back" in done.stderr.splitlines()[-1], done
    done = run(nxdtls, "--server", f"{HERE}:{port}", "--quiet", "1")
    assert done.returncode == 3 and "no data comes back" in done.stderr.splitlines()[-1], done
    refused(nxdtls, ["--server", "nowhere"], "nowhere", 3)
    refused(nxdtls, ["--client-command", "exit 3"], "the client says nothing: the command ended with status 3", 3)
    refused(nxdtls, ["--client-command", "printf x | socat - udp:{host}:{port} || printf x >/dev/udp/{host}/{port}"],
            "the client", 3)


def machine(path):
    """The steps of a machine that was written: {(state, letter): (output, next)}."""
    told = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    return told, {(state, letter): (output, after) for state, letter, output, after in told["steps"]}


def follow(steps, *letters):
    state, outputs = 0, []
    for letter in letters:
        output, state = steps[state, letter]
        outputs.append(output)
    return outputs


def engine(nxdtls):
    """Our server and our client, and what they say in an honest handshake; the same machine, whoever asks ahead."""
    with tempfile.TemporaryDirectory() as folder:
        once, twice, graph = (f"{folder}/{name}" for name in ("once", "twice", "graph"))
        for path, jobs in (once, "1"), (twice, "3"):
            done = run(nxdtls, "--sut", "engine", "--extra", "0", "--words", "1000", "--jobs", jobs, "--json", path, "--dot", graph)
            assert (done.returncode, done.stderr) == (0, ""), done
        told, steps = machine(once)
        assert (told["words"], steps) == (machine(twice)[0]["words"], machine(twice)[1])
        text = pathlib.Path(graph).read_text(encoding="utf-8")
        assert text.startswith("digraph") and text.count(" -> ") >= told["states"], text
        assert follow(steps, "ClientHello", "ClientHello(cookie)", "ClientKeyExchange", "ChangeCipherSpec", "Finished",
                      "Data", "close_notify", "Data") == [
                          "HelloVerifyRequest", "ServerHello+ServerHelloDone", "-", "-", "ChangeCipherSpec+Finished",
                          "Data", "close_notify", "-"], steps
        assert len({letter for _, letter in steps}) >= 20
        assert f"{told['states']} states" in done.stdout and told["unsteady"] == 0, done.stdout
        done = run(nxdtls, "--sut", "engine", "--role", "client", "--extra", "0", "--words", "1000", "--json", once)
        assert (done.returncode, done.stderr) == (0, ""), done
        assert follow(machine(once)[1], "HelloVerifyRequest", "ServerHello", "ServerHelloDone", "ChangeCipherSpec",
                      "Finished", "Data") == [
                          "ClientHello", "-", "ClientKeyExchange+ChangeCipherSpec+Finished", "-", "-", "Data"], once


def svg(nxdtls):
    """graphviz makes the picture; without it, one line says what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "machine.svg"
        done = run(nxdtls, "--sut", "engine", "--extra", "0", "--words", "100", "--svg", str(path))
        if shutil.which("dot") is None:
            assert done.returncode == 3 and "graphviz" in done.stderr, done
            return
        assert done.returncode == 0 and "<svg" in path.read_text(encoding="utf-8"), done


SMALL = ("--sut", "engine", "--extra", "0", "--words", "300")
SETUPS = pathlib.Path(__file__).parent / "setups.tsv"


def faults(nxdtls):
    """No automaton flags our server or our client."""
    for line in SETUPS.read_text(encoding="utf-8").splitlines()[1:]:
        done = run(nxdtls, *SMALL, *line.split("\t")[1].split())
        assert (done.returncode, done.stderr) == (0, ""), done
        tried = re.search(r"^(\d+) automata applied, 0 faults$", done.stdout, re.M)
        assert tried and int(tried[1]) >= 20, done.stdout


def compare(nxdtls):
    """A machine is like itself; a change of one answer is told with the word that shows it."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "machine"
        assert run(nxdtls, *SMALL, "--json", str(path)).returncode == 0
        assert run(nxdtls, *SMALL, "--compare", str(path)).returncode == 0
        text = path.read_text(encoding="utf-8")
        other = re.sub(r'(\[0, "ClientHello", )"\w+"', r'\1"ServerHello"', text)
        assert other != text
        path.write_text(other, encoding="utf-8")
        done = run(nxdtls, *SMALL, "--compare", str(path))
        assert done.returncode == 1, done
        assert "it differs: HelloVerifyRequest instead of ServerHello at the end of\n  ClientHello\n" in done.stdout, done
        path.write_text(text.replace('  [0, "ClientHello", ', '  [900, "ClientHello", '), encoding="utf-8")
        refused(nxdtls, [*SMALL, "--compare", str(path)], "--compare")


def answers(nxdtls):
    """An interrupted run says how far it was, and its answers are not asked for again; another target's are refused."""
    with tempfile.TemporaryDirectory() as folder:
        kept, whole, rest = (pathlib.Path(folder) / name for name in ("kept", "whole", "rest"))
        assert run(nxdtls, *SMALL, "--answers", str(kept), "--json", str(whole)).returncode == 0
        done = run(nxdtls, *SMALL, "--answers", str(kept), "--json", str(rest))
        assert done.returncode == 0 and re.fullmatch(r".* has \d+ answers\n", done.stderr), done
        assert machine(rest)[0]["words"] * 5 < machine(whole)[0]["words"], "asked anew"
        text = kept.read_text(encoding="utf-8")
        for words, why in ((["--role", "client"], "another role"), (["--seed", "2"], "another --seed"),
                           (["--client-auth", "none", "--kx", "ecdhe"], "another role or setup")):
            refused(nxdtls, [*SMALL, *words, "--answers", str(kept)], why)
        for bad, why in ((text.replace("letter Data\n", "letter Date\n"), "another alphabet"), (text[:-4], "damaged"),
                         (text.replace("answers, 1", "answers, 2"), "not what nxdtls learn has written"),
                         (text.replace("\nanswers\n", "\nanswers\n2 0 0\n"), "damaged")):
            assert bad != text
            kept.write_text(bad, encoding="utf-8")
            refused(nxdtls, [*SMALL, "--answers", str(kept)], why)
            assert kept.read_text(encoding="utf-8") == bad
        interrupted(nxdtls, kept)


def interrupted(nxdtls, kept):
    """The signal may come at any word: the file is there, and whole, before the first one."""
    kept.unlink()
    with subprocess.Popen([nxdtls, "learn", "--sut", "engine", "--words", "100000000", "--answers", str(kept)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        while not kept.exists():
            assert child.poll() is None, child.communicate()
        child.send_signal(signal.SIGINT)
        out, told = child.communicate(timeout=SECONDS)
    assert (child.returncode, out) == (130, ""), (child.returncode, told)
    assert re.fullmatch(r"nxdtls learn: interrupted: \d+ states are known, \d+ words were asked; the same command goes on\n", told)
    assert run(nxdtls, *SMALL, "--answers", str(kept)).returncode == 0


def main():
    nxdtls, what = sys.argv[1:]
    {"usage": usage, "absent": absent, "engine": engine, "svg": svg, "faults": faults, "compare": compare,
     "answers": answers}[what](nxdtls)


if __name__ == "__main__":
    main()
