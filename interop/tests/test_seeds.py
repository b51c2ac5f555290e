# SPDX-License-Identifier: MIT
"""Captures become seeds for the fuzz targets."""

import pathlib
import tempfile
import unittest

import made
import capture
import lab_seeds
import relay
import seeds

HELLO, VERIFY, ANSWER = made.client_hello(), made.hello_verify_request(), made.client_hello(made.COOKIE, 1)
WIRE = relay.Wire([relay.Datagram(0, relay.CLIENT, 0, HELLO), relay.Datagram(0.25, relay.SERVER, 0, VERIFY),
                   relay.Datagram(1.5, relay.CLIENT, 0, ANSWER)])


class Seeds(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for target in ("client_hello", "hello_verify", "record", "server"):
            (self.folder / f"fuzz_{target}").mkdir()

    def read(self, target):
        return (self.folder / f"fuzz_{target}" / "peer").read_bytes()

    def test_a_capture_is_read_as_it_was_written(self):
        path = self.folder / "made.pcapng"
        path.write_bytes(capture.pcapng(WIRE, "CLIENT_RANDOM 00 00\n"))
        got = lab_seeds.read_wire(path).datagrams
        self.assertEqual([(d.at, d.sender, d.data) for d in got], [(d.at, d.sender, d.data) for d in WIRE.datagrams])

    def test_what_the_client_said_is_for_our_server(self):
        seeds.save_said(self.folder, "peer", WIRE, "server", "ecdhe", 1)
        self.assertEqual(self.read("client_hello"), ANSWER[25:])
        self.assertEqual((self.folder / "fuzz_record" / "peer_server").read_bytes(), ANSWER)
        self.assertEqual(list((self.folder / "fuzz_hello_verify").iterdir()), [])
        # kind, knobs, {delay in milliseconds, length, datagram}*
        steps = bytes([1, seeds.PATCH_COOKIES | seeds.TALK])
        for delay, datagram in ((0, HELLO), (1500, ANSWER)):
            steps += delay.to_bytes(2, "big") + len(datagram).to_bytes(2, "big") + datagram
        self.assertEqual(self.read("server"), steps)

    def test_what_another_has_said_is_not_written_again(self):
        (self.folder / "fuzz_client_hello" / "other").write_bytes(ANSWER[25:])
        seeds.save_said(self.folder, "peer", WIRE, "server", "ecdhe", 1)
        self.assertEqual([p.name for p in (self.folder / "fuzz_client_hello").iterdir()], ["other"])


if __name__ == "__main__":
    unittest.main()
