#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One server, many clients at once, and junk.

Starts `nxdtls server --echo` and its clients, half of them openssl s_client,
half gnutls-cli: all are real processes on loopback.  When every client is
connected, each sends its next line after the echo of the last one.  All the
time another socket sends junk to the server: random bytes, cut and changed
ClientHellos, records of every type.  The test passes if every echo is equal,
no session was lost, and the server ends with every packet back in its pool.
"""
import argparse
import json
import os
import random
import re
import selectors
import signal
import socket
import subprocess
import sys
import time

KEY = "000102030405060708090a0b0c0d0e0f"
OPENSSL = ["openssl", "s_client", "-dtls1_2", "-quiet", "-no_ign_eof",
           "-psk_identity", "id1", "-psk", KEY,
           "-cipher", "PSK-AES128-GCM-SHA256", "-connect"]
GNUTLS = ["gnutls-cli", "--udp", "--no-ca-verification", "--pskusername", "id1",
          "--pskkey", KEY, "--priority",
          "NORMAL:-KX-ALL:+PSK:-CIPHER-ALL:+AES-128-GCM:-VERS-ALL:+VERS-DTLS1.2"]


class Client:
    """One peer process; `line` is the number of the line that was sent last."""

    def __init__(self, number, port):
        self.number = number
        self.name = "openssl" if number % 2 == 0 else "gnutls"
        command = (OPENSSL + [f"127.0.0.1:{port}"] if number % 2 == 0
                   else GNUTLS + ["-p", str(port), "127.0.0.1"])
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.seen = b""
        self.line = 0

    def text(self):
        # No line may begin with a letter that a stock program takes as a
        # command.
        return f"line {self.line} of client {self.number} {'x' * (self.number % 90)}\n".encode()

    def send(self):
        self.process.stdin.write(self.text())

    def take(self):
        """Reads; returns true if the echo of the last line is complete."""
        try:
            self.seen += self.process.stdout.read() or b""
        except BlockingIOError:
            return False
        if self.line == 0 or self.text() not in self.seen:
            return False
        self.seen = self.seen.split(self.text(), 1)[1]
        return True


class Junk:
    """Meaningless datagrams, at a steady rate, from many ports."""

    def __init__(self, port, rate, seed):
        self.random = random.Random(seed)
        self.sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(20)]
        self.to = ("127.0.0.1", port)
        self.rate = rate
        self.start = time.monotonic()
        self.sent = 0

    def datagram(self):
        r = self.random
        hello = bytes.fromhex(
            "16feff0000000000000000003e" "010000320000000000000032"
            "fefd" + "11" * 32 + "00" "00" "000200a8" "0100" "0008" "00170000ff01000100")
        kind = r.randrange(4)
        if kind == 0:
            return r.randbytes(r.randrange(1, 200))
        if kind == 1:
            return hello[:r.randrange(1, len(hello))]
        if kind == 2:
            at = r.randrange(len(hello))
            return hello[:at] + bytes([r.randrange(256)]) + hello[at + 1:]
        body = r.randbytes(r.randrange(0, 60))
        return (bytes([r.randrange(20, 25)]) + b"\xfe\xfd" + bytes([0, r.randrange(2)]) +
                r.randbytes(6) + len(body).to_bytes(2, "big") + body)

    def catch_up(self):
        due = int((time.monotonic() - self.start) * self.rate)
        while self.sent < due:
            self.random.choice(self.sockets).sendto(self.datagram(), self.to)
            self.sent += 1

    def close(self):
        for s in self.sockets:
            s.close()


class Server:
    def __init__(self, program, sessions):
        self.process = subprocess.Popen(
            [program, "server", "--echo", "--psk", f"id1:{KEY}", "--cipher", "00a8",
             "--sessions", str(sessions), "127.0.0.1:0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0)
        self.log = b""
        line = self.process.stderr.readline().decode()
        found = re.search(r"listening on .*:(\d+)", line)
        if not found:
            raise SystemExit(f"crowd: the server did not start: {line.strip()}")
        self.port = int(found.group(1))
        os.set_blocking(self.process.stderr.fileno(), False)

    def take(self):
        self.log += self.process.stderr.read() or b""

    def connected(self):
        return self.log.count(b" connected ")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        os.set_blocking(self.process.stderr.fileno(), True)
        self.log += self.process.stderr.read()
        return self.process.wait(30)


def run(args):
    server = Server(args.nxdtls, args.clients)
    junk = Junk(server.port, args.junk, args.seed)
    clients = []
    selector = selectors.DefaultSelector()
    selector.register(server.process.stderr, selectors.EVENT_READ, server)
    started = time.monotonic()
    connected_at = started
    echoes = 0
    finished = 0
    most = 0
    try:
        while finished < args.clients:
            if time.monotonic() - started > args.limit:
                break
            junk.catch_up()
            # Only a few processes start at a time: the machine has other work.
            if len(clients) < args.clients and len(clients) - server.connected() < 20:
                clients.append(Client(len(clients), server.port))
                selector.register(clients[-1].process.stdout, selectors.EVENT_READ, clients[-1])
            for key, _ in selector.select(0.002):
                if key.data is server:
                    server.take()
                elif key.data.take():
                    echoes += 1
                    if key.data.line == args.lines:
                        finished += 1
                        selector.unregister(key.data.process.stdout)
                    else:
                        key.data.line += 1
                        key.data.send()
            if most < args.clients and server.connected() == args.clients:
                most = server.connected()
                connected_at = time.monotonic()
                for client in clients:
                    client.line = 1
                    client.send()
    finally:
        for client in clients:
            client.process.stdin.close()
            client.process.terminate()
        for client in clients:
            client.process.wait()
            client.process.stdout.close()
        status = server.stop()
        junk.close()
    summary = server.log.decode(errors="replace").strip().splitlines()[-1]
    counters = dict(re.findall(r"(\w+)=(\d+)", summary))
    seconds = time.monotonic() - started
    problems = []
    if most < args.clients:
        problems.append(f"{server.connected()} of {args.clients} clients connected")
    elif finished < args.clients:
        problems.append(f"{finished} of {args.clients} clients got every echo")
    if status != 0:
        problems.append(f"the server ended with {status}")
    if counters.get("packets_lost") != "0":
        problems.append(f"packets are lost: {summary}")
    result = {
        "area": "crowd", "id": "200-clients" if args.clients == 200 else f"{args.clients}-clients", "verdict": "fail" if problems else "pass",
        "seconds": round(seconds, 1), "clients": args.clients, "echoes": echoes,
        "junk": junk.sent, "junk_per_second": round(junk.sent / seconds),
        "expected": f"{args.clients} clients, {args.lines} echoes each",
        "observed": "; ".join(problems) or f"{echoes} echoes, all equal",
        "server": summary,
        "replay": f"interop/crowd.py --clients {args.clients} --lines {args.lines} "
                  f"--junk {args.junk} --seed {args.seed}"}
    if most == args.clients:
        result["seconds_to_connect"] = round(connected_at - started, 1)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nxdtls", default="build/dev/bin/nxdtls", help="the program under test (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=200, help="number of clients (default: %(default)s)")
    parser.add_argument("--lines", type=int, default=20, help="lines of each client (default: %(default)s)")
    parser.add_argument("--junk", type=int, default=1050, help="junk datagrams a second (default: %(default)s)")
    parser.add_argument("--limit", type=int, default=100, help="seconds for the whole test (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the junk (default: %(default)s)")
    parser.add_argument("--json", help="append the result to this file as a JSON line")
    args = parser.parse_args()
    try:
        out = open(args.json, "a", encoding="utf-8") if args.json else None
    except OSError as error:
        print(f"crowd: --json {args.json}: {error.strerror}", file=sys.stderr)
        return 2
    result = run(args)
    print(f"{result['verdict']}  crowd: {result['observed']}; {result['junk']} junk datagrams "
          f"({result['junk_per_second']}/s), {result['seconds']} s")
    print(f"      {result['server']}")
    if out:
        with out:
            out.write(json.dumps(result) + "\n")
    return result["verdict"] != "pass"


if __name__ == "__main__":
    sys.exit(main())
