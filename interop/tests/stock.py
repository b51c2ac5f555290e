#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the tests share that play our programs against the stock ones of OpenSSL and GnuTLS over UDP.

The program is $NXDTLS, the certificates are in $NXDTLS_PKI_DIR."""

import os
import re
import shutil
import subprocess
import tempfile
import threading
import unittest

import made  # noqa: F401  (sets the path)

NXDTLS = os.environ.get("NXDTLS")
PKI = os.environ.get("NXDTLS_PKI_DIR", "")
PATIENCE = 60


def pki(name):
    return os.path.join(PKI, name)


IDENTITY = {
    "ours": ["--cert", pki("ec.pem"), "--key", pki("ec.key")],
    "openssl": ["-cert", pki("ec.pem"), "-key", pki("ec.key")],
    "gnutls": ["--x509certfile", pki("ec.pem"), "--x509keyfile", pki("ec.key")],
}


class Stock(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def start(self, command, **pipes):
        """Starts a program that is ended with the test, or after PATIENCE."""
        if shutil.which(command[0]) is None:
            self.skipTest(f"{command[0]} is not installed")
        process = subprocess.Popen(command, stderr=subprocess.STDOUT, **pipes)
        deadline = threading.Timer(PATIENCE, process.kill)
        deadline.start()

        def end():
            deadline.cancel()
            process.terminate()
            process.communicate(timeout=PATIENCE)

        self.addCleanup(end)
        return process

    def our_server_process(self, option):
        """Our server, on a free port, with ec.pem."""
        return self.start([NXDTLS, "server", "--echo", *IDENTITY["ours"], *option, "127.0.0.1:0"], stdout=subprocess.PIPE,
                          text=True)

    @staticmethod
    def port_of(server):
        return re.search(r"127\.0\.0\.1:(\d+)", server.stdout.readline())[1]

    def our_server(self, option):
        return self.port_of(self.our_server_process(option))

    def read_until(self, process, pattern, group=0):
        """The first match of the pattern in a line of the process."""
        seen = []
        for line in process.stdout:
            seen.append(line)
            found = re.search(pattern, line, re.M)
            if found:
                return found[group]
        return self.fail(f"{pattern!r} is not in {seen!r}")
