#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The sample applications as two processes that talk over 127.0.0.1.

Called with the paths of sensor and gateway and the folder of the test PKI.
"""
import os
import socket
import subprocess
import sys
import unittest

SENSOR, GATEWAY, PKI = (os.path.abspath(a) for a in sys.argv[1:4])
WAIT = 60  # seconds; only a failure takes that long


def credentials(name):
    return [os.path.join(PKI, f) for f in ("root.der", f"{name}.der", f"{name}.key.der")]


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


class Samples(unittest.TestCase):
    def test_readings(self):
        port = free_port()
        gateway = subprocess.Popen([GATEWAY, "127.0.0.1", port, "7"] + credentials("rsa"),
                                   stdout=subprocess.PIPE, text=True)
        try:
            self.assertEqual(gateway.stdout.readline(), "ready\n")
            sensor = subprocess.run([SENSOR, "127.0.0.1", port, "7"] + credentials("client-rsa"),
                                    capture_output=True, text=True, timeout=WAIT)
            self.assertEqual(sensor.returncode, 0, sensor.stderr)
            taken, _ = gateway.communicate(timeout=WAIT)
        finally:
            if gateway.poll() is None:
                gateway.kill()
        self.assertEqual(gateway.returncode, 0)
        self.assertEqual(len(taken.splitlines()), 7)
        self.assertEqual(taken, sensor.stdout)

    def test_usage(self):
        for program in (SENSOR, GATEWAY):
            with self.subTest(program=program):
                done = subprocess.run([program], capture_output=True, text=True, timeout=WAIT)
                self.assertEqual(done.returncode, 2)
                self.assertIn("usage:", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
