# SPDX-License-Identifier: MIT
"""A UDP relay that records datagrams, and `Wire`, which answers questions about them.

The relay listens on an ephemeral loopback port.  Every client address gets its
own socket towards the server, so that a server sees two clients as two.

`repeat_hello` makes the first ClientHello arrive twice, the second time with
the next record number.  A client does this if its HelloVerifyRequest is late.

`fates` decides when each copy of a datagram arrives: it is the simulated
network of the lab, under one of its scenarios.  The relay asks it about
datagrams of handshakes only, because the programs treat application data as a
stream.
"""

import heapq
import itertools
import selectors
import socket
import subprocess
import threading
import time
from dataclasses import dataclass

import records

CLIENT, SERVER = "client", "server"


@dataclass(frozen=True)
class Datagram:
    at: float  # seconds since the relay was created
    sender: str  # CLIENT or SERVER
    peer: int  # 0 for the first client address, 1 for the second
    data: bytes
    delays: tuple = (0,)  # milliseconds, one for each arrival

    @property
    def lost(self):
        return not self.delays

    @property
    def records(self):
        return records.parse(self.data)


class Fates:
    """The simulated network under a scenario; its delays happen in real time."""

    def __init__(self, lab, scenario, seed):
        self.child = subprocess.Popen([lab, "--fates", scenario, "--seed", str(seed)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      start_new_session=True)  # Ctrl-C is for the runner

    def of(self, sender, length):
        self.child.stdin.write(f"{int(sender == SERVER)} {length}\n")
        self.child.stdin.flush()
        line = self.child.stdout.readline()
        if not line.endswith("\n"):
            raise RuntimeError("nxdtls-lab --fates has ended")
        return tuple(int(delay) for delay in line.split())

    def close(self):
        try:
            self.child.stdin.close()
        except BrokenPipeError:
            pass
        self.child.wait()
        self.child.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Relay:
    """Forwards between clients of `address` and `server` until `close`."""

    def __init__(self, server, family=socket.AF_INET, repeat_hello=False, fates=None):
        self.family = family
        self.fates = fates
        self.later = []  # a heap of (when, order, send)
        self.order = itertools.count()
        self.repeat_hello = repeat_hello
        self.server = server
        self.started = time.monotonic()
        self.lock = threading.Condition()  # told of every datagram
        self.trace = []
        self.frozen = False
        self.clients = {}  # client address -> (number, socket to the server)
        self.selector = selectors.DefaultSelector()
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self.front = self._socket()
        self.front.bind((host, 0))
        self.selector.register(self.front, selectors.EVENT_READ, self._from_client)
        self.wake, self.alarm = socket.socketpair()
        self.selector.register(self.wake, selectors.EVENT_READ, None)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    @property
    def address(self):
        return self.front.getsockname()[:2]

    def freeze(self):
        """Stops forwarding and recording, before the clean-up."""
        with self.lock:
            self.frozen = True

    def wire(self, peer=None):
        """Returns the datagrams so far, of one client or of all."""
        with self.lock:
            return self._wire(peer)

    def wait(self, predicate, seconds, peer=None):
        """Waits until predicate(wire); a status line can come before its datagram."""
        with self.lock:
            self.lock.wait_for(lambda: predicate(self._wire(peer)), seconds)
            return self._wire(peer)

    def _wire(self, peer):
        return Wire([d for d in self.trace if peer is None or d.peer == peer])

    def close(self):
        self.alarm.close()
        self.thread.join(5)
        for sock in [self.front, self.wake] + [s for _, s in self.clients.values()]:
            sock.close()
        self.selector.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _socket(self):
        sock = socket.socket(self.family, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        sock.setblocking(False)
        return sock

    def _run(self):
        while True:
            for key, _ in self.selector.select(self._until_next()):
                if key.fileobj is self.wake:
                    return
                self._drain(key.fileobj, key.data)
            while self.later and self.later[0][0] <= time.monotonic():
                self._send(heapq.heappop(self.later)[2])

    def _until_next(self):
        return max(0, self.later[0][0] - time.monotonic()) if self.later else None

    def _drain(self, sock, forward):
        while True:
            try:
                data, sender = sock.recvfrom(65536)
            except BlockingIOError:
                return
            except OSError:  # a port unreachable of an earlier datagram
                continue
            forward(sock, data, sender)

    def _from_client(self, _, data, sender):
        if sender not in self.clients:
            back = self._socket()
            back.connect(self.server)
            self.clients[sender] = (len(self.clients), back)
            self.selector.register(
                back,
                selectors.EVENT_READ,
                lambda sock, data, _: self._from_server(sender, data),
            )
            if self.repeat_hello:
                self._to_server(sender, data)
                data = next_record_number(data)
        self._to_server(sender, data)

    def _to_server(self, client, data):
        number, back = self.clients[client]
        self._pass(CLIENT, number, data, lambda: back.send(data))

    def _from_server(self, client, data):
        number, _ = self.clients[client]
        self._pass(SERVER, number, data, lambda: self.front.sendto(data, client))

    def _pass(self, sender, number, data, send):
        with self.lock:
            if self.frozen:
                return
            now = time.monotonic()
            asked = self.fates and is_handshake(data)
            delays = self.fates.of(sender, len(data)) if asked else (0,)
            self.trace.append(Datagram(now - self.started, sender, number, data, delays))
            self.lock.notify_all()
        for delay in delays:
            if delay:
                heapq.heappush(self.later, (now + delay / 1000, next(self.order), send))
            else:
                self._send(send)

    def _send(self, send):
        try:
            send()
        except OSError:  # no receiver: the network lost it
            pass


def is_handshake(data):
    """Returns whether it begins with a handshake message or a ChangeCipherSpec."""
    return data[0] in (records.HANDSHAKE, records.CHANGE_CIPHER_SPEC) if data else False


def next_record_number(data):
    """Returns the datagram of one record with the next record number (RFC 6347, 4.1)."""
    number = int.from_bytes(data[5:11], "big") + 1
    return data[:5] + number.to_bytes(6, "big") + data[11:]


class Wire:
    """A recorded exchange, oldest datagram first."""

    def __init__(self, datagrams):
        self.datagrams = list(datagrams)
        self.events = [
            (d.sender, r)
            for d in self.datagrams
            for r in d.records
            if isinstance(r, records.Record)
        ]
        self.junk = [
            (d.sender, r)
            for d in self.datagrams
            for r in d.records
            if isinstance(r, records.Junk)
        ]

    def records(self, sender, kind=None):
        return [r for s, r in self.events if s == sender and kind in (None, r.type)]

    def fragments(self, sender, kind):
        return [
            f for r in self.records(sender) for f in r.fragments if f.type == kind
        ]

    def messages(self, sender, kind):
        """Bodies of the complete messages of one type, by message_seq."""
        parts = {}
        for fragment in self.fragments(sender, kind):
            parts.setdefault(fragment.seq, []).append(fragment)
        bodies = (records.reassemble(parts[seq]) for seq in sorted(parts))
        return [body for body in bodies if body is not None]

    def alerts(self, sender):
        """Descriptions of the alerts in the clear, without close_notify."""
        return [r.alert[1] for r in self.records(sender) if r.alert and r.alert[1]]

    def protected(self, sender, kind):
        return [r for r in self.records(sender, kind) if r.epoch > 0]

    def renegotiated(self):
        """Whether both ends sent a handshake record, their Finished, in the second epoch."""
        return all(
            any(r.epoch == 2 for r in self.protected(sender, records.HANDSHAKE))
            for sender in (CLIENT, SERVER)
        )

    def choice(self):
        """(version, suite) of the last ServerHello, or None."""
        hellos = self.messages(SERVER, records.SERVER_HELLO)
        return records.server_hello_choice(hellos[-1]) if hellos else None

    def cookie_at(self):
        """Index in `events` of the ClientHello that returns the cookie, or None."""
        asked = None
        for index, (sender, record) in enumerate(self.events):
            for f in record.fragments:
                if sender == SERVER and f.type == records.HELLO_VERIFY_REQUEST:
                    asked = records.hello_verify_cookie(f.body)
                if sender == CLIENT and f.type == records.CLIENT_HELLO and f.offset == 0:
                    if asked and records.client_hello_cookie(f.body) == asked:
                        return index
        return None

    def first_alert_at(self, sender):
        for index, (who, record) in enumerate(self.events):
            if who == sender and record.alert and record.alert[1]:
                return index
        return None

    def repeats(self, sender):
        """How often the sender began a handshake message it had begun before."""
        begun, repeated = set(), 0
        for fragment in (f for r in self.records(sender) for f in r.fragments):
            if fragment.offset == 0:
                key = (fragment.key, fragment.body)
                repeated += key in begun
                begun.add(key)
        return repeated

    def largest(self, sender):
        return max((len(d.data) for d in self.datagrams if d.sender == sender), default=0)

    def story(self):
        """One line per datagram, for people; a conversation is one line."""
        out, talk = [], []
        for d in self.datagrams + [None]:
            if d and all(getattr(r, "type", 0) == records.APPLICATION_DATA for r in d.records):
                talk.append(d)
                continue
            out += summary(talk) if len(talk) > 4 else map(line, talk)
            talk = []
            if d:
                out.append(line(d))
        return out


def line(d):
    way = (">" if d.sender == CLIENT else "<") + (str(d.peer) if d.peer else "")
    return f"{d.at:7.3f} {way} {len(d.data):5} " + " ".join(str(r) for r in d.records) + fate(d.delays)


def fate(delays):
    return "".join(f" +{delay} ms" for delay in delays if delay) or " LOST" * (not delays)


def summary(talk):
    from_client = sum(d.sender == CLIENT for d in talk)
    size = sum(len(d.data) for d in talk)
    return [f"{talk[0].at:7.3f} <> {size:5} data in {from_client} datagrams of the client and "
            f"{len(talk) - from_client} of the server, until {talk[-1].at:.3f}"]
