# SPDX-License-Identifier: MIT
"""Programs of a cell: starts them, reads their output, waits with a bound, ends them by pid."""

import os
import re
import shlex
import signal
import subprocess
import threading
import time

# Set when the run is interrupted: every wait ends at once.
stopping = threading.Event()

POLL = 0.1  # seconds between looks at `stopping`; not a bound


class Interrupted(Exception):
    """The run was interrupted; the cell has no verdict."""


def sleep(seconds):
    if stopping.wait(seconds):
        raise Interrupted


def wait_until(condition, predicate, seconds):
    """Waits, holding `condition`, until predicate() is true; returns its last value."""
    deadline = time.monotonic() + seconds
    while True:
        if stopping.is_set():
            raise Interrupted
        value = predicate()
        left = deadline - time.monotonic()
        if value or left <= 0:
            return value
        condition.wait(min(left, POLL))


class Process:
    """A program with its standard streams; `out` is bytes, `lines` its stderr."""

    def __init__(self, argv):
        self.argv = [str(a) for a in argv]
        self.changed = threading.Condition()
        self.out = bytearray()
        self.lines = []
        self.child = subprocess.Popen(
            self.argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the runner
        )
        self.readers = [
            threading.Thread(target=self._read_out, daemon=True),
            threading.Thread(target=self._read_lines, daemon=True),
        ]
        for reader in self.readers:
            reader.start()

    @property
    def command(self):
        return shlex.join(self.argv)

    @property
    def ended(self):
        """The program has exited, and all its output is here."""
        done = self.child.poll() is not None
        return done and not any(r.is_alive() for r in self.readers)

    @property
    def status(self):
        return self.child.poll()

    def wait(self, predicate, seconds):
        """Waits until predicate(self), the end of the program, or the end of the time."""
        with self.changed:
            wait_until(self.changed, lambda: predicate(self) or self.ended, seconds)
            return predicate(self)

    def wait_bytes(self, count, seconds):
        return self.wait(lambda p: len(p.out) >= count, seconds)

    def wait_line(self, pattern, seconds):
        return self.wait(lambda p: p.find(pattern), seconds)

    def wait_end(self, seconds):
        return self.wait(lambda p: p.ended, seconds)

    def find(self, pattern):
        """Returns the match in the first line of stderr that has one."""
        for line in list(self.lines):
            match = re.search(pattern, line)
            if match:
                return match
        return None

    def write(self, data):
        """Returns False if the program does not read any more."""
        try:
            self.child.stdin.write(data)
            self.child.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def close_input(self):
        try:
            self.child.stdin.close()
        except OSError:
            pass

    def terminate(self, seconds=5):
        """Sends SIGTERM, then SIGKILL if the program goes on.

        The signals go to its whole session: a peer may be a script that starts others."""
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGTERM)
            try:
                self.child.wait(seconds)
                self._kill_rest()
            except subprocess.TimeoutExpired:
                self.kill()
        self._join()

    def _kill_rest(self):
        """Ends what the program has left behind."""
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def kill(self):
        if self.child.poll() is None:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self._join()

    def _join(self):
        self.close_input()
        for reader in self.readers:
            reader.join(2)
        for stream in (self.child.stdout, self.child.stderr):
            if not any(r.is_alive() for r in self.readers):
                stream.close()

    def _read_out(self):
        while True:
            data = self.child.stdout.read1(65536)
            with self.changed:
                self.out += data
                self.changed.notify_all()
            if not data:
                return

    def _read_lines(self):
        for line in self.child.stderr:
            with self.changed:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()
