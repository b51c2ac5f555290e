# SPDX-License-Identifier: MIT
"""A program of the lab that has a target, from outside: how it is run, what it refuses, whether --help tells the truth."""
import re
import subprocess

SECONDS = 550

# The options that name a target (learn/aim_options.h): None if it has no value, else values that it takes and values
# that it refuses.
AIM = {
    "sut": (("engine",), ()),
    "server": (("127.0.0.1:4433",), ()),
    "client-command": (("true",), ()),
    "role": (("client", "server"), ("", "both")),
    "kx": (("psk", "ecdhe-psk", "ecdhe", "ecdhe-rsa", "rsa"), ("", "dhe")),
    "client-auth": (("none", "optional", "require"), ("", "yes")),
    "without-cookies": None,
    "psk": (("a:00", "a:b:0102"), ("a", ":00", "a:", "a:0", "a:xx")),
    "pki": (("/tmp",), ()),
    "quiet": (("1", "10000"), ("", "0", "10001")),
    "seed": (("0", "18446744073709551615"), ("", "-1", "18446744073709551616")),
    "help": None,
}


class Program:
    """`nxdtls COMMAND`, with the options that it has."""

    def __init__(self, command, options):
        self.command, self.options = command, {**AIM, **options}

    def run(self, nxdtls, *words):
        return subprocess.run([nxdtls, self.command, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=SECONDS, check=False)

    def refused(self, nxdtls, words, text, status=2):
        done = self.run(nxdtls, *words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1), (words, done)
        assert done.stderr.startswith(f"nxdtls {self.command}: ") and text in done.stderr, (words, done)

    def check_options(self, nxdtls, *words):
        """--help names each option; each takes its good values, and refuses the others behind `words`."""
        told = self.run(nxdtls, "--help")
        assert (told.returncode, told.stderr) == (0, ""), told
        assert max(map(len, told.stdout.splitlines())) <= 79, told.stdout
        rows = re.findall(r"^  --([\w-]+) ([A-Z:]*)\n +(\w.*)$", told.stdout, re.M)
        assert {name: bool(word) for name, word, _ in rows} == {n: v is not None for n, v in self.options.items()}, rows
        for name, values in self.options.items():
            for value in () if values is None else values[0]:
                assert self.run(nxdtls, f"--{name}", value, "--help").returncode == 0, (name, value)
            for value in () if values is None else values[1]:
                self.refused(nxdtls, [*words, f"--{name}", value], f"--{name}")
        self.refused(nxdtls, [], "give one of")
        self.refused(nxdtls, ["--sut", "engine", "--server", "127.0.0.1:1"], "only one of")
        self.refused(nxdtls, ["--sut", "such"], "--sut such: no such target")
