# SPDX-License-Identifier: MIT
"""The record parser: what it reads, and that no bytes make it fail."""

import unittest

import made
import records


class Records(unittest.TestCase):
    def test_every_field_of_a_record_is_read(self):
        (got,) = records.parse(made.record(23, b"abc", epoch=0x2345, seq=0x23456789ABCD))
        self.assertEqual((got.type, got.version, got.epoch), (23, 0xFEFD, 0x2345))
        self.assertEqual((got.seq, got.length), (0x23456789ABCD, 3))

    def test_records_of_one_datagram_keep_their_order(self):
        got = records.parse(made.server_hello() + made.alert(40) + made.finished())
        self.assertEqual([r.type for r in got], [22, 21, 22])
        self.assertEqual([r.epoch for r in got], [0, 0, 1])

    def test_fragments_of_one_record_are_told_apart(self):
        body = made.fragment(14, b"", seq=3) + made.fragment(11, b"abcd", 4, 0x234, 0x23456)
        (got,) = records.parse(made.record(22, body))
        self.assertEqual([f.type for f in got.fragments], [14, 11])
        self.assertTrue(got.fragments[0].whole)
        second = got.fragments[1]
        self.assertEqual((second.offset, second.message_length, second.seq, second.body),
                         (0x234, 0x23456, 4, b"abcd"))
        self.assertIn("564..568 of 144470", str(got))

    def test_an_alert_is_read_in_epoch_0_only(self):
        clear, hidden = records.parse(made.alert(48) + made.alert(48, epoch=1))
        self.assertEqual(clear.alert, (2, 48))
        self.assertIsNone(hidden.alert)

    def test_every_truncation_ends_in_junk_and_never_raises(self):
        whole = made.certificate(200, 300)
        datagram = made.server_hello() + made.record(22, whole)
        for cut in range(len(datagram)):
            got = records.parse(datagram[:cut])
            complete = cut in (0, len(made.server_hello()))
            self.assertEqual(any(isinstance(r, records.Junk) for r in got), not complete, cut)

    def test_foreign_bytes_are_junk(self):
        for data in (b"\x01" * 20, b"\x16\x03\x03\x00\x01" * 4, b"\x40" * 13, b"x"):
            with self.subTest(data=data):
                (got,) = records.parse(data)
                self.assertIsInstance(got, records.Junk)

    def test_a_fragment_beyond_its_message_is_junk(self):
        (got,) = records.parse(made.record(22, made.fragment(11, b"abcd", 0, 3, 6)))
        self.assertIsInstance(got, records.Junk)


class Messages(unittest.TestCase):
    def fragments(self, *ranges):
        body = bytes(range(100))
        return [records.Fragment(11, 100, 2, a, body[a:b]) for a, b in ranges]

    def test_reassembly_takes_any_order_and_overlaps(self):
        pieces = self.fragments((60, 100), (0, 30), (20, 70))
        self.assertEqual(records.reassemble(pieces), bytes(range(100)))

    def test_reassembly_waits_for_every_byte(self):
        self.assertIsNone(records.reassemble(self.fragments((0, 59), (60, 100))))
        self.assertIsNone(records.reassemble([]))

    def test_cookies_suite_and_certificates_are_found(self):
        wire = made.wire(*made.WORKING)
        self.assertEqual(wire.choice(), (0xFEFD, 0xC02B))
        (body,) = made.wire(("<", made.record(22, made.certificate(3, 0x234)))).messages("server", 11)
        self.assertEqual(records.certificate_count(body), 2)

    def test_a_raw_key_fills_its_message(self):
        self.assertEqual(records.raw_key_count(bytes.fromhex("000003a1a2a3")), 1)
        self.assertEqual(records.raw_key_count(bytes.fromhex("000000")), 0)
        for bad in ("000003a1a2", "000003a1a2a3a4", "0000"):
            with self.subTest(bad), self.assertRaises(records.Malformed):
                records.raw_key_count(bytes.fromhex(bad))

    def test_a_cut_hello_is_malformed(self):
        with self.assertRaises(records.Malformed):
            records.client_hello_cookie(b"\xfe\xfd" + bytes(32) + b"\x00\x05ab")


if __name__ == "__main__":
    unittest.main()
