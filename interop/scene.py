# SPDX-License-Identifier: MIT
"""Plays one cell: two real processes, a relay between them, and an observation.

judge.py judges the observation.  Every wait has a bound far above the time of
its step, so a slow machine changes the seconds and not the outcome.
"""

import contextlib
import os
import re
import socket
import tempfile
from dataclasses import dataclass, field

import peers
import process
import records
import relay

PATIENCE = 30  # seconds: a step that takes longer has failed
GRACE = 2  # seconds our status line may come after an alert on the wire
WAIT = 20  # our --timeout, unless the cell has its own

LISTENING = r"^nxdtls: listening on (\S+):(\d+)"
CONNECTED = r"\bconnected suite=(\S+?)\(0x([0-9A-Fa-f]{4})\)(.*)"
FAILED = (
    r"(?:error:|failed) status=0x([0-9A-Fa-f]+) \((.*)\)"
    r" alert_sent=(\w+)(?:\(\w+\))? alert_received=(\w+)"
)
CLOSED = r"^nxdtls: closed status=0x([0-9A-Fa-f]+) \((.*)\)"
SESSION_CLOSED = r"^nxdtls: session \S+ closed"
COUNTERS = r"^nxdtls: server sessions="


@dataclass
class Attempt:
    """The actions of one client and of our end."""

    wire: relay.Wire = None
    connected: re.Match = None
    failed: re.Match = None
    closed: re.Match = None
    sent: bytes = b""  # input of the client program
    returned: bytes = b""  # output of the client program
    arrived: bytes = None  # output of the server program; None if it echoes itself

    @property
    def outcome(self):
        if self.connected:
            return "connected"
        return "failed" if self.failed else "no status line"


@dataclass
class Observation:
    cell: object
    first: Attempt = field(default_factory=Attempt)
    again: Attempt = None
    counters: dict = None
    our_exit: int = None
    our_lines: list = field(default_factory=list)
    peer_lines: list = field(default_factory=list)
    commands: list = field(default_factory=list)
    keylog: str = ""
    trouble: str = ""  # why the scene did not come to its end


class Trouble(Exception):
    """A program of the scene did not start."""


def lines_to_send(mtu):
    """Returns lines of mixed sizes, about 10 KB, or less with a small MTU.

    No line begins with a letter that s_client or s_server takes as a command.
    No line is longer than the MTU: gnutls-cli would lose it (PEERS.md)."""
    top = min(mtu, 1200) - 150 if mtu else 1050
    sizes = [1, 2, 3, 17, 64, 253, 254, 255, 256, 333, 16, 100, 1]
    sizes += [top - 1, top, top // 2, 5] * (12 if mtu else 4)
    out = []
    for index, size in enumerate(size for size in sizes if size <= top):
        text = f"x{index}:" + "abcdefghijklmnopqrstuvwxyz0123456789" * 40
        out.append(text[: size - 1].encode() + b"\n" if size > 1 else b"\n")
    return out


class Scene:
    """Plays one cell; `stage` ends everything that was started."""

    def __init__(self, cell, program, pki, slots, seed=1):
        self.cell = cell
        self.program = program
        self.pki = pki
        self.slots = slots
        self.seed = seed
        self.seen = Observation(cell)
        self.host = "::1" if cell.kind == "ipv6" else "127.0.0.1"
        self.family = socket.AF_INET6 if cell.kind == "ipv6" else socket.AF_INET

    def play(self):
        with contextlib.ExitStack() as stage:
            scratch = stage.enter_context(tempfile.TemporaryDirectory(prefix="nxdtls-interop-"))
            self.stage = stage
            self.files = peers.Files(self.pki, scratch)
            try:
                if self.cell.ours == "client":
                    self.play_our_client()
                else:
                    self.play_our_server()
            except Trouble as trouble:
                self.seen.trouble = str(trouble)
            finally:
                self.keep_keylog()
        return self.seen

    # The two arrangements.

    def play_our_client(self):
        server = self.start_peer_server()
        net = self.relay(server.address)
        argv = peers.our_client(self.program, self.cell.client, net.address, self.files, WAIT)
        ours = self.start(argv)
        first = self.seen.first
        self.await_stall(net)
        with self.resting(self.cell.expects_silence):
            self.await_outcome(first, net, ours, [ours], self.cell.client)
        if first.connected:
            self.await_new_keys(net)
            relay_echo = None if peers.echoes(self.cell.peer) else server.process
            self.converse(first, ours, relay_echo)
            ours.close_input()
            with self.resting("close=0" not in self.cell.expect):
                ours.wait_line(CLOSED, PATIENCE)
            first.closed = ours.find(CLOSED)
            if relay_echo:
                first.arrived = bytes(relay_echo.out)
        ours.wait_end(PATIENCE)
        first.wire = self.last_word(first, net)
        net.freeze()
        self.seen.our_exit = ours.status
        self.seen.our_lines = list(ours.lines)
        self.seen.peer_lines = tail(server.process)

    def play_our_server(self):
        argv = peers.our_server(self.program, self.cell.server, self.host, self.files, WAIT)
        ours = self.start(argv)
        if not ours.wait_line(LISTENING, PATIENCE):
            raise Trouble("our server did not listen: " + " / ".join(tail(ours)))
        net = self.relay((self.host, int(ours.find(LISTENING).group(2))))
        self.visit(self.seen.first, 0, net, ours, self.cell.client)
        if self.cell.again:
            self.seen.again = Attempt()
            self.visit(self.seen.again, 1, net, ours, self.cell.again)
        net.freeze()
        ours.terminate(PATIENCE)
        self.seen.our_exit = ours.status
        self.seen.our_lines = list(ours.lines)
        self.seen.counters = parse_counters(ours)

    def visit(self, attempt, number, net, ours, side):
        """Runs one peer client against our server, to the client's end."""
        argv = peers.command(self.cell.peer, "client", side, net.address, self.files)
        view = Tail(ours, len(ours.lines))
        client = self.start(argv)
        self.await_first(client, net, number)
        silent = self.cell.expects_silence and number == 0
        if silent:
            self.await_stall(net)
        with self.resting(silent):
            self.await_outcome(attempt, net, view, [client], self.cell.server, number)
        if attempt.connected:
            if side.renegotiate and self.cell.peer == "openssl":
                client.write(b"R\n")
            self.await_new_keys(net, number)
            self.converse(attempt, client, None)
            client.close_input()
            closes = "close" in self.cell.expect or self.cell.again
            ours.wait(lambda _: view.find(SESSION_CLOSED), PATIENCE if closes else GRACE)
            client.wait_end(GRACE)
            attempt.closed = view.find(SESSION_CLOSED)
        attempt.wire = self.last_word(attempt, net, number)
        client.terminate()
        self.seen.peer_lines += tail(client)

    # Steps.

    def await_first(self, client, net, number):
        """Waits for the first datagram of a client."""
        bound = peers.start_wait(self.cell.peer)
        sent = lambda: net.wire(number).datagrams
        with client.changed:
            process.wait_until(client.changed, lambda: sent() or client.ended, bound)
        if not sent():
            how = f"ended with status {client.status}" if client.ended else f"sent nothing in {bound} s"
            raise Trouble(" / ".join([f"the client {how}"] + tail(client)))

    def await_outcome(self, attempt, net, ours, watched, side, number=None):
        """Waits for our status line; an alert or an exit shortens the wait to GRACE."""
        said = lambda: ours.find(CONNECTED) or ours.find(FAILED)
        over = lambda: said() or any(p.ended for p in watched) or alerted(net, number)
        bound = (side.wait or WAIT) + PATIENCE
        wait_on(ours, over, bound)
        # Our server may report a failed session only at its own timeout.
        wait_on(ours, said, GRACE if alerted(net, number) else (side.wait or WAIT) + GRACE)
        attempt.connected = ours.find(CONNECTED)
        attempt.failed = ours.find(FAILED)

    def await_new_keys(self, net, number=None):
        """If an end renegotiates, waits until both have sent in the second epoch."""
        if self.cell.server.renegotiate or self.cell.client.renegotiate:
            net.wait(lambda wire: wire.renegotiated(), PATIENCE, number)

    def await_stall(self, net):
        """Waits until an end repeats itself: the silence has begun.  Only then is the job lent."""
        if self.cell.expects_silence:
            waits = self.cell.our_side.wait or WAIT
            net.wait(lambda w: w.repeats(relay.CLIENT) + w.repeats(relay.SERVER), waits)

    def last_word(self, attempt, net, number=None):
        """Returns the wire, after the alerts that our status lines report have passed."""
        def passed(wire):
            if attempt.failed and attempt.failed.group(3) != "none":
                return wire.alerts(self.cell.ours)
            return not attempt.closed or wire.protected(self.cell.ours, records.ALERT)

        return net.wait(passed, GRACE, number)

    def converse(self, attempt, client, echo):
        """Sends each line after the echo of the last; `echo` is a server whose echo we do."""
        sent = bytearray()
        talk = {"data", "again"} & set(self.cell.expect)
        for line in lines_to_send(self.cell.client.mtu or self.cell.server.mtu) if talk else ():
            sent += line
            if not client.write(line):
                break
            if echo and not self.echo_back(echo, sent, len(line)):
                break
            if not client.wait_bytes(len(sent), PATIENCE / 3):
                break
        attempt.sent = bytes(sent)
        attempt.returned = bytes(client.out)

    def echo_back(self, server, sent, count):
        if not server.wait_bytes(len(sent), PATIENCE / 3):
            return False
        end = len(server.out)
        return server.write(bytes(server.out[end - count : end]))

    def start(self, argv):
        started = process.Process(argv)
        self.stage.callback(started.terminate)
        self.seen.commands.append(started.command)
        return started

    def start_peer_server(self):
        """Starts the peer's server on a port of its own, and on another one if it lost a race."""
        for _ in range(3):
            port = peers.free_port(self.host)
            address = (self.host, port)
            argv = peers.command(self.cell.peer, "server", self.cell.server, address, self.files)
            started = self.start(argv)
            with started.changed:
                process.wait_until(
                    started.changed, lambda: peers.bound(port) or started.ended,
                    peers.start_wait(self.cell.peer))
            if peers.bound(port) and not started.ended:
                return PeerServer(started, address)
            lost_race = started.ended
            started.kill()
            if not lost_race:
                break
        how = f"ended with status {started.status}" if lost_race else "does not listen"
        raise Trouble(" / ".join([f"the server {how}"] + tail(started)))

    def relay(self, server):
        fates = None
        if self.cell.kind == "network":
            lab = os.path.join(os.path.dirname(self.program), "nxdtls-lab")
            fates = self.stage.enter_context(relay.Fates(lab, self.cell.case, self.seed))
        return self.stage.enter_context(relay.Relay(
            server, self.family, repeat_hello=self.cell.kind == "repeat", fates=fates))

    @contextlib.contextmanager
    def resting(self, long_wait):
        """Lends this cell's job to another cell while this one only waits for a timeout."""
        if not long_wait:
            yield
            return
        self.slots.release()
        try:
            yield
        finally:
            self.slots.acquire()

    def keep_keylog(self):
        try:
            with open(self.files.path("keylog"), encoding="ascii") as lines:
                self.seen.keylog = lines.read()
        except OSError:
            pass


@dataclass
class PeerServer:
    process: process.Process
    address: tuple


class Tail:
    """The lines of our server from one on; the waits use it like a Process."""

    def __init__(self, whole, skip):
        self.whole = whole
        self.skip = skip
        self.changed = whole.changed

    @property
    def ended(self):
        return self.whole.ended

    def find(self, pattern):
        matches = (re.search(pattern, line) for line in self.whole.lines[self.skip :])
        return next((m for m in matches if m), None)


def wait_on(ours, predicate, seconds):
    with ours.changed:
        process.wait_until(ours.changed, lambda: predicate() or ours.ended, seconds)


def alerted(net, number):
    wire = net.wire(number)
    return any(wire.alerts(side) for side in (relay.CLIENT, relay.SERVER))


def parse_counters(ours):
    found = ours.find(COUNTERS)
    if not found:
        return None
    return {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", found.string)}


def tail(program, count=12):
    """Returns the last lines of a program's stderr."""
    return [line for line in program.lines if line.strip()][-count:]
