# SPDX-License-Identifier: MIT
"""Clients and servers of a test that end with it."""

import os
import re
import subprocess
import sys
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
PATIENCE = 60  # seconds


class Talking(unittest.TestCase):
    def start(self, role, *arguments, stdin=subprocess.DEVNULL):
        process = subprocess.Popen([PROGRAM, role, *arguments], stdin=stdin, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate, timeout=PATIENCE)
        self.addCleanup(process.kill)
        return process

    def line(self, process, pattern):
        """What the pattern finds in the first line of stderr that has it."""
        for line in process.stderr:
            if found := re.search(pattern, line):
                return found
        self.fail(f"no line with {pattern}")
