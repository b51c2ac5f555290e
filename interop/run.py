#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The interop matrix: our client and server against OpenSSL's and GnuTLS's programs.

Every cell is two real processes on loopback, with a relay between them that
reads the records (records.py, relay.py).  cells.tsv lists the cells and their
expected results, scene.py plays a cell, judge.py compares.
"""

import argparse
import concurrent.futures
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path.insert(0, HERE)

import capture  # noqa: E402
import cells  # noqa: E402
import judge  # noqa: E402
import own  # noqa: E402
import peers  # noqa: E402
import process  # noqa: E402
import scene  # noqa: E402
import seeds  # noqa: E402

HEADINGS = {
    ("client", "openssl"): "client>s_server",
    ("client", "gnutls"): "client>gnutls-serv",
    ("server", "openssl"): "s_client>server",
    ("server", "gnutls"): "gnutls-cli>server",
}
USAGE_ERROR = 2
INTERRUPTED = 130


def heading(ours, peer):
    return HEADINGS.get((ours, peer)) or (f"client>{peer}" if ours == "client" else f"{peer}>server")


def arguments(argv):
    parser = argparse.ArgumentParser(
        prog="nxdtls interop --stock",
        description="Plays our client and server against openssl and gnutls-cli/-serv.",
        epilog="A FILTER is WORD[,WORD...] or KEY=WORD[,WORD...]; a word may have * and ?. "
        f"Keys: {', '.join(cells.KEYS)}. A cell must match all filters. "
        "Exit status: 0 if nothing failed, 1 if a cell failed or a peer is not installed, "
        "2 for wrong usage, 130 if interrupted.",
    )
    add = parser.add_argument
    add("filters", nargs="*", metavar="FILTER", help="play only matching cells")
    add("--filter", action="append", default=[], metavar="FILTER", help="the same as FILTER")
    add("--list", action="store_true", help="print the cells and play none")
    add("--peer", action="append", default=[], metavar="NAME=FILE",
        help="play the cells with a peer of your own, too, which FILE describes (docs/your-own.md)")
    add("--json", metavar="FILE", help="write one JSON line per result (reports/schema/result.json)")
    add("--matrix", metavar="FILE", help="write the matrix to FILE as well")
    add("--area", default="interop-stock", help="name of the run in its JSON lines (default: %(default)s)")
    add("--jobs", type=positive, default=os.cpu_count() or 1, metavar="N",
        help="play N cells at a time, not counting those that only wait for a timeout "
        "(default: %(default)s, the number of cores)")
    add("--seed", type=int, default=1, metavar="N",
        help="seed of the network in the cells of kind network (default: %(default)s)")
    add("--nxdtls", metavar="PROGRAM", help="the program under test (default: build/dev)")
    add("--pki", metavar="FOLDER", help="certificates, made by scripts/pki (default: those of the build)")
    add("--cells", metavar="FILE", default=os.path.join(HERE, "cells.tsv"),
        help="read the cells from FILE (default: interop/cells.tsv)")
    add("--captures", metavar="FOLDER", help="write a pcapng, with its secrets, for every failed cell")
    add("--seeds", metavar="FOLDER", help="write the messages of the peers as seeds for the fuzz targets (corpus)")
    add("-v", "--verbose", action="store_true", help="print the datagrams and checks of every cell")
    return parser.parse_args(argv)


def positive(text):
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def find_program(given):
    if given:
        return os.path.abspath(given)
    for folder in ("build/dev", "build/asan", "build/cov"):
        for inner in ("bin",):
            path = os.path.join(ROOT, folder, inner, "nxdtls")
            if os.path.isfile(path) and os.access(path, os.X_OK):
                return path
    return ""


def find_pki(given, program, scratch):
    """The given folder, or that of the program's build, or a new one."""
    if given:
        return os.path.abspath(given)
    built = os.path.join(os.path.dirname(os.path.dirname(program)), "pki")
    if os.path.exists(os.path.join(built, "root.pem")):
        return built
    made = os.path.join(scratch, "pki")
    subprocess.run([os.path.join(ROOT, "scripts", "pki"), made], check=True)
    return made


class Runner:
    """Plays cells, some at a time, and hands each result to `report`."""

    def __init__(self, options, program, pki, report):
        self.options = options
        self.program = program
        self.pki = pki
        self.report = report
        self.slots = threading.BoundedSemaphore(options.jobs)
        self.lock = threading.Lock()
        self.order = {}

    def run(self, chosen):
        """Returns True if all were played, False if the run was interrupted."""
        # There are more threads than jobs, for cells that wait for a timeout.
        # These cells start first, so that their waiting overlaps the work.
        self.order = {cell.id: index for index, cell in enumerate(chosen)}
        queue = sorted(chosen, key=lambda cell: not cell.expects_silence)
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs * 8) as pool:
            waiting = {pool.submit(self.one, cell) for cell in queue}
            while waiting and not process.stopping.is_set():
                _, waiting = concurrent.futures.wait(waiting, timeout=0.2)
            for future in waiting:
                future.cancel()
        return not process.stopping.is_set()

    def one(self, cell):
        started = time.monotonic()
        try:
            result = self.without_playing(cell) or self.play(cell)
        except process.Interrupted:
            return
        except Exception as error:  # a bug of the runner makes a failed cell
            result = base_result(cell, judge.FAIL)
            result["reason"] = f"the runner failed: {error!r}"
        result["area"] = self.options.area
        result["order"] = self.order[cell.id]
        result["replay"] = self.replay(cell)
        result["seconds"] = round(time.monotonic() - started, 3)
        with self.lock:
            self.report(cell, result)

    def without_playing(self, cell):
        if cell.not_applicable:
            return base_result(cell, judge.NOT_APPLICABLE, cell.note)
        if cell.kind == "ipv6" and not peers.has_ipv6():
            return base_result(cell, judge.NOT_APPLICABLE, "this host has no ::1")
        absent = peers.missing_program(cell.peer, cell.peer_role)
        if absent:
            return base_result(cell, judge.FAIL, f"{absent} is not installed")
        if cell.since and peers.is_older(cell.peer, cell.peer_role, cell.since):
            return base_result(cell, judge.NOT_APPLICABLE, cell.note)
        if cell.suite and not peers.has_suite(cell.peer, cell.suite):
            return base_result(cell, judge.NOT_APPLICABLE,
                               f"the installed {cell.peer} has no suite {cell.suite}")
        return None

    def play(self, cell):
        with self.slots:
            seen = scene.Scene(cell, self.program, self.pki, self.slots, self.options.seed).play()
        verdict, checks = judge.judge(seen)
        result = base_result(cell, verdict)
        broken = [f"{word}: {text}" for word, holds, text in checks if not holds]
        result["reason"] = seen.trouble or "; ".join(broken)
        result["observed"] = "; ".join(f"{word}: {text}" for word, _, text in checks)
        result["commands"] = seen.commands
        wire = seen.first.wire
        result["details"] = {
            "checks": [{"word": w, "holds": h, "seen": t} for w, h, t in checks],
            "wire": wire.story() if wire else [],
            "ours": seen.our_lines[-20:],
            "peer": seen.peer_lines[-20:],
        }
        if verdict != judge.PASS and self.options.captures and wire:
            result["capture"] = capture.save(self.options.captures, cell.id, wire, seen.keylog)
        if verdict == judge.PASS and self.options.seeds and wire:
            seeds.save(self.options.seeds, cell, wire)
        return result


    def replay(self, cell):
        """The command that plays this cell again."""
        words = ["nxdtls", "interop", "--stock"]
        if cell.kind == "network":
            words += ["--seed", str(self.options.seed)]
        if cell.peer in peers.OWN:
            words += ["--peer", f"{cell.peer}={peers.OWN[cell.peer].path}"]
        return shlex.join(words + ["-v", f"id={cell.id}"])


def base_result(cell, verdict, reason=""):
    return {
        "id": cell.id,
        "group": cell.case,
        "column": heading(cell.ours, cell.peer),
        "title": cell.note if verdict != judge.NOT_APPLICABLE else "",
        "verdict": verdict,
        "reason": reason,
        "expected": " ".join(cell.expect),
        "observed": "",
        "settings": {k: v for k, v in cell.row.items() if v != "-"},
        "versions": peers.versions(cell.peer, cell.peer_role),
    }


class Output:
    """Progress, the JSON lines as they come, and the matrix at the end."""

    def __init__(self, total, json_path, verbose, stream=sys.stdout):
        self.total = total
        self.verbose = verbose
        self.stream = stream
        self.live = stream.isatty() and not verbose
        self.results = {}
        # Each line is flushed: an interrupted run leaves its results so far.
        self.json = open(json_path, "w", encoding="utf-8") if json_path else None
        self.json_error = None

    def report(self, cell, result):
        self.results[cell.id] = result
        self.write_result(result)
        text = f"{result['verdict']:14} {cell.id}  {result['seconds']:.1f} s"
        if result["reason"]:
            text += f"\n    {result['reason']}"
        if self.live:
            count = f"[{len(self.results)}/{self.total}] {cell.id}"
            width = shutil.get_terminal_size().columns
            self.stream.write("\r\033[K")
            if result["verdict"] == judge.FAIL:
                self.stream.write(text + "\n")
            self.stream.write(count[: width - 1])
        else:
            self.stream.write(f"[{len(self.results):3}/{self.total}] {text}\n")
        if self.verbose:
            self.explain(result)
        self.stream.flush()

    def write_result(self, result):
        """A file that takes no more ends, and is told of once all is played."""
        if self.json and not self.json_error:
            try:
                self.json.write(json.dumps(result) + "\n")
                self.json.flush()
            except OSError as error:
                self.json_error = error

    def explain(self, result):
        details = result.get("details", {})
        for command in result.get("commands", []):
            self.stream.write(f"    $ {command}\n")
        for name in ("wire", "ours", "peer"):
            for line in details.get(name, []):
                self.stream.write(f"    {name:5} {line}\n")
        for check in details.get("checks", []):
            self.stream.write(f"    {'ok ' if check['holds'] else 'BAD'} "
                              f"{check['word']}: {check['seen']}\n")

    def finish(self, chosen, seconds):
        if self.live:
            self.stream.write("\r\033[K")
        self.stream.write("\n" + matrix(chosen, self.results))
        self.stream.write(f"\n{counts(self.results.values())}; {seconds:.1f} s\n")
        self.stream.flush()
        if self.json and not self.json_error:
            self.json.close()


def matrix(chosen, results):
    """The verdicts as a table: rows are cases, columns are pairings."""
    cases = list(dict.fromkeys(cell.case for cell in chosen))
    by_place = {(c.case, c.ours, c.peer): c.id for c in chosen}

    def word(case, column):
        place = by_place.get((case, *column))
        if place is None:
            return "-"
        return results[place]["verdict"] if place in results else "not played"

    columns = [(o, p) for o in cells.ROLES for p in (*cells.PEERS, *peers.OWN)]
    table = [["case"] + [heading(*c) for c in columns]]
    table += [[case] + [word(case, c) for c in columns] for case in cases]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    return "".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip() + "\n"
        for row in table
    )


def counts(results):
    words = [r["verdict"] for r in results]
    return ", ".join(f"{words.count(v)} {v}" for v in judge.VERDICTS if words.count(v)) or "nothing played"


def take_peer(text):
    """Adds the peer of a --peer NAME=FILE."""
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise own.BadPeer(f"--peer {text}: not NAME=FILE")
    if name in peers.OWN:
        raise own.BadPeer(f"--peer {name}: there are two of this name")
    peers.OWN[name] = own.load(name, path, peers.SUITES)


def load(options):
    known = cells.load(options.cells)
    for text in options.peer:
        take_peer(text)
    known += [cell for peer in peers.OWN.values() for cell in peer.cells(known)]
    chosen = cells.select(known, options.filters + options.filter)
    judge.verify_words(chosen)
    return chosen


def interrupt(*_):
    process.stopping.set()


def main(argv):
    options = arguments(argv)
    try:
        chosen = load(options)
    except (OSError, ValueError) as error:
        print(f"nxdtls interop --stock: {error}", file=sys.stderr)
        return USAGE_ERROR
    if options.list:
        for cell in chosen:
            print(f"{cell.id}\t{' '.join(cell.expect)}")
        return 0
    program = find_program(options.nxdtls)
    if not os.access(program, os.X_OK):
        print(f"nxdtls interop --stock: there is no program {program or 'nxdtls in build/dev; name it with --nxdtls'}",
              file=sys.stderr)
        return USAGE_ERROR
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, interrupt)
    with tempfile.TemporaryDirectory(prefix="nxdtls-interop-") as scratch:
        return play(options, chosen, program, find_pki(options.pki, program, scratch))


def cannot_write(path, error):
    print(f"nxdtls interop --stock: {path}: {error.strerror}", file=sys.stderr)
    return USAGE_ERROR


def play(options, chosen, program, pki):
    started = time.monotonic()
    try:
        output = Output(len(chosen), options.json, options.verbose)
        if options.matrix:
            open(options.matrix, "a", encoding="utf-8").close()
    except OSError as error:
        return cannot_write(error.filename, error)
    finished = Runner(options, program, pki, output.report).run(chosen)
    output.finish(chosen, time.monotonic() - started)
    if output.json_error:
        return cannot_write(options.json, output.json_error)
    if options.matrix:
        with open(options.matrix, "w", encoding="utf-8") as out:
            out.write(matrix(chosen, output.results))
    if not finished:
        print("nxdtls interop --stock: interrupted", file=sys.stderr)
        return INTERRUPTED
    bad = any(r["verdict"] == judge.FAIL for r in output.results.values())
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except BrokenPipeError:  # the reader of --list has closed the pipe
        sys.stderr.close()
        sys.exit(1)
