#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls relay, from outside.

usage: relay_test.py NXDTLS WHAT

WHAT is one of the functions below: usage, fates, clients, gone, handshakes.
Each wait has an end, and none depends on how fast the machine is."""
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import time

KEY = "client:000102030405060708090a0b0c0d0e0f1011121314151617"
SECONDS = 120
HERE = "127.0.0.1"
LINE = re.compile(r"client (\d+) +[\d.]+ ([<>]) +(\d+)(.*)")


class Lines:
    """A program whose lines on one stream are waited for."""

    def __init__(self, argv, stream="stdout"):
        self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, **{stream: subprocess.PIPE})
        self.pipe = getattr(self.child, stream)
        self.text = b""

    def lines(self):
        return self.text.decode().splitlines()

    def wait(self, enough, what):
        """Reads until enough(lines) is true, and returns that."""
        end = time.monotonic() + SECONDS
        while not enough(self.lines()):
            ready = select.select([self.pipe], [], [], max(0, end - time.monotonic()))[0]
            data = os.read(self.pipe.fileno(), 65536) if ready else b""
            assert data, f"{what}: it did not come; there is:\n{self.text.decode()}"
            self.text += data
        return enough(self.lines())

    def port(self):
        return int(self.wait(lambda lines: lines and re.search(r"listening on \S+:(\d+)", "\n".join(lines)),
                             "the port")[1])

    def stop(self, how=signal.SIGTERM):
        """Ends the program and returns its exit status; `text` is then whole."""
        self.child.send_signal(how)
        self.text += self.pipe.read()
        self.pipe.close()
        return self.child.wait(SECONDS)


class Relay(Lines):
    def __init__(self, nxdtls, target, *options):
        super().__init__([nxdtls, "relay", "--verbose", *options, f"{HERE}:0", f"{HERE}:{target}"])
        self.address = (HERE, self.port())

    def datagrams(self, count):
        """The first `count` lines of datagrams: (client, way, length, what became of it)."""
        found = lambda lines: [m.groups() for m in map(LINE.match, lines) if m]
        return self.wait(lambda lines: len(found(lines)) >= count and found(lines), f"{count} datagrams")

    def end(self, how=signal.SIGTERM):
        """Ends it; returns its counters."""
        status = self.stop(how)
        assert status == 0, f"the relay ended with status {status}"
        last = self.lines()[-1]
        return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", last)}


def udp():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((HERE, 0))
    sock.settimeout(SECONDS)
    return sock


# Every option: good values and bad ones; None for one without a value.
OPTIONS = {
    "scenario": (("clean", "loss-20", "singles", "singles-9", "move-data"), ("", "rain", "singles-10", "singles-x")),
    "list": None,
    "seed": (("0", "18446744073709551615"), ("", "-1", "x", "18446744073709551616")),
    "idle": (("1", "86400"), ("", "0", "86401", "1s")),
    "verbose": None,
    "help": None,
}


def usage(nxdtls):
    def run(*words):
        return subprocess.run([nxdtls, "relay", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=SECONDS, check=False)

    def refused(words, text):
        done = run(*words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), (words, done)
        assert done.stderr.startswith("nxdtls relay: ") and text in done.stderr, (words, done)

    told = run("--help")
    assert (told.returncode, told.stderr) == (0, ""), told
    assert max(map(len, told.stdout.splitlines())) <= 79, told.stdout
    rows = re.findall(r"^  --(\w+)( [A-Z]+)? +(\w.*)$", told.stdout, re.M)
    assert {name: bool(word) for name, word, _ in rows} == {n: v is not None for n, v in OPTIONS.items()}, rows
    for name, values in OPTIONS.items():
        for value in () if values is None else values[0]:
            assert run(f"--{name}", value, "--help").returncode == 0, (name, value)
        for value in () if values is None else values[1]:
            refused([f"--{name}", value, "--help"], f"--{name} {value}")
    names = run("--list").stdout
    assert "loss-20 " in names and "singles-0 to -9 " in names and "reorder " in names, names
    good = ["--scenario", "clean"]
    refused([*good], "LISTEN and TARGET")
    refused([*good, f"{HERE}:0"], "LISTEN and TARGET")
    refused([*good, f"{HERE}:0", f"{HERE}:9", "more"], "LISTEN and TARGET")
    refused([f"{HERE}:0", f"{HERE}:9"], "--scenario is missing")
    refused([*good, "--such", f"{HERE}:0", f"{HERE}:9"], "--such")
    refused([*good, HERE, f"{HERE}:9"], f"LISTEN {HERE}: not HOST:PORT")
    refused([*good, f"{HERE}:0", f"{HERE}:nowhere"], f"TARGET {HERE}:nowhere")
    refused([*good, "192.0.2.1:0", f"{HERE}:9"], "LISTEN 192.0.2.1:0")
    with udp() as taken:
        refused([*good, f"{HERE}:{taken.getsockname()[1]}", f"{HERE}:9"], "LISTEN")


COUNT = 60


def fates_of(nxdtls, scenario, seed):
    """What became of COUNT datagrams each way, in the relay's words, by way."""
    with udp() as target, udp() as client:
        relay = Relay(nxdtls, target.getsockname()[1], "--scenario", scenario, "--seed", str(seed))
        for _ in range(COUNT):
            client.sendto(b"xyz", relay.address)
        relay.datagrams(COUNT)
        _, back = target.recvfrom(100)
        for _ in range(COUNT):
            target.sendto(b"abcdef", back)
        seen = relay.datagrams(2 * COUNT)
        counts = relay.end()
    assert counts["from_clients"] == counts["from_target"] == COUNT, counts
    words = {way: [" ".join(fate.split()) for _, which, _, fate in seen if which == way] for way in "<>"}
    lost = sum("LOST" in fate for way in words.values() for fate in way)
    assert counts["lost"] == lost, (counts, lost)
    return words


def lab_of(nxdtls, scenario, seed):
    """The same, asked of the lab: the delays of each copy, by way."""
    sent = [">"] * COUNT + ["<"] * COUNT
    asked = "".join(f"{int(way == '<')} {6 if way == '<' else 3}\n" for way in sent)
    lab = pathlib.Path(nxdtls).parent / "nxdtls-lab"
    said = subprocess.run([lab, "--fates", scenario, "--seed", str(seed)], input=asked, capture_output=True, text=True,
                          timeout=SECONDS, check=True).stdout.split("\n")
    return {way: [line.split() for which, line in zip(sent, said) if which == way] for way in "<>"}


def fates(nxdtls):
    """The same seed gives the same fates, which are those of the lab; another gives others."""
    for scenario in ("loss-20", "bursts", "reorder", "doubles", "jitter", "silence", "singles-7"):
        seen = fates_of(nxdtls, scenario, 7)
        assert seen == fates_of(nxdtls, scenario, 7), f"{scenario}: not the same again"
        if not scenario.startswith("si"):
            assert seen != fates_of(nxdtls, scenario, 8), f"{scenario}: the seed does not matter"
        lab = lab_of(nxdtls, scenario, 7)
        for way in "<>":
            for word, delays in zip(seen[way], lab[way]):
                first = re.search(r"\+(\d+) ms", word)
                assert ("LOST" in word) == (not delays), (scenario, way, word, delays)
                assert not delays or first and first[1] in delays, (scenario, way, word, delays)
                assert ("x2" in word) == (len(delays) == 2), (scenario, way, word, delays)
    assert "LOST in a burst" in " ".join(fates_of(nxdtls, "bursts", 7)[">"])
    assert "LOST by chance" in " ".join(fates_of(nxdtls, "loss-20", 7)[">"])


def clients(nxdtls):
    """Each client has a socket and a network of its own; a silent one is forgotten; 256 at most."""
    with udp() as target, udp() as one, udp() as two:
        relay = Relay(nxdtls, target.getsockname()[1], "--scenario", "clean", "--idle", "1")
        one.sendto(b"one", relay.address)
        data, first = target.recvfrom(100)
        two.sendto(b"two", relay.address)
        other, second = target.recvfrom(100)
        assert (data, other) == (b"one", b"two") and first != second, (first, second)
        target.sendto(b"for two", second)
        target.sendto(b"for one", first)
        assert (one.recv(100), two.recv(100)) == (b"for one", b"for two")
        relay.wait(lambda lines: {"client 0 is forgotten", "client 1 is forgotten"} <= set(lines), "the end of both")
        one.sendto(b"again", relay.address)
        assert target.recvfrom(100)[0] == b"again"
        assert relay.end(signal.SIGINT)["clients"] == 3
    with udp() as target:
        relay = Relay(nxdtls, target.getsockname()[1], "--scenario", "clean")
        many = [udp() for _ in range(300)]
        for number, sock in enumerate(many, 1):
            sock.sendto(b"x", relay.address)
            relay.datagrams(min(number, 256))
        many[0].sendto(b"the last", relay.address)
        relay.datagrams(257)
        counts = relay.end()
        for sock in many:
            sock.close()
    assert (counts["clients"], counts["dropped"], counts["from_clients"]) == (256, 44, 301), counts


def gone(nxdtls):
    """A target that is not there is told in the counters, and a later one is served."""
    with udp() as target:
        port = target.getsockname()[1]
    with udp() as client:
        relay = Relay(nxdtls, port, "--scenario", "instant")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as target:
            client.sendto(b"lost", relay.address)
            relay.wait(lambda lines: "client 0: a datagram was refused: Connection refused" in lines, "the complaint")
            target.bind((HERE, port))
            target.settimeout(SECONDS)
            client.sendto(b"found", relay.address)
            assert target.recvfrom(100)[0] == b"found"
        counts = relay.end()
    assert counts["refused"] == 1, counts


def handshakes(nxdtls):
    """Our client comes through the relay to our server, and its data goes there and back."""
    server = Lines([nxdtls, "server", "--psk", KEY, "--echo", f"{HERE}:0"], "stderr")
    for scenario, seed in (("loss-20", 3), ("reorder", 1), ("doubles", 1), ("replay", 1), ("move-cookie", 1)):
        relay = Relay(nxdtls, server.port(), "--scenario", scenario, "--seed", str(seed))
        client = subprocess.run([nxdtls, "client", "--psk", KEY, "--timeout", "60", "--send", "hello", "--no-stdin",
                                 f"{HERE}:{relay.address[1]}"], capture_output=True, text=True, timeout=SECONDS,
                                check=False)
        counts = relay.end()
        print(relay.text.decode())
        assert "connected suite=" in client.stderr, (scenario, client)
        if scenario != "loss-20":  # lost data does not come again
            assert client.stdout == "hello", (scenario, client)
        assert counts["clients"] == 1, counts
        assert counts["lost"] > 0 or scenario != "loss-20", counts
        assert counts["doubled"] > 0 or scenario != "doubles", counts
    assert server.stop() == 0


if __name__ == "__main__":
    {"usage": usage, "fates": fates, "clients": clients, "gone": gone,
     "handshakes": handshakes}[sys.argv[2]](sys.argv[1])
