# SPDX-License-Identifier: MIT
"""cells.tsv is complete, and filters choose what they say or explain themselves."""

import os
import tempfile
import unittest
import unittest.mock

import made  # noqa: F401  (sets the path)
import cells
import judge
import peers
import scene

HERE = os.path.dirname(os.path.abspath(__file__))
ALL = cells.load(os.path.join(os.path.dirname(HERE), "cells.tsv"))
PAIRINGS = {(o, p) for o in cells.ROLES for p in cells.PEERS}


class Matrix(unittest.TestCase):
    def test_every_case_has_all_four_pairings(self):
        for case in {c.case for c in ALL}:
            self.assertEqual({(c.ours, c.peer) for c in ALL if c.case == case}, PAIRINGS, case)

    def test_every_suite_is_tried(self):
        self.assertEqual({c.suite for c in ALL if c.kind == "suite" and c.suite}, set(peers.SUITES))

    def test_every_word_is_known_and_every_command_can_be_made(self):
        judge.verify_words(ALL)
        with tempfile.TemporaryDirectory() as scratch:
            files = peers.Files("pki", scratch)
            for cell in ALL:
                argv = peers.command(cell.peer, cell.peer_role, cell.peer_side,
                                     ("127.0.0.1", 4433), files)
                self.assertTrue(all(isinstance(word, str) for word in argv), cell.id)

    def test_only_a_cell_with_a_reason_is_not_applicable(self):
        for cell in ALL:
            self.assertTrue(not cell.not_applicable or cell.note, cell.id)

    def test_a_program_before_the_version_of_a_cell_does_not_play_it(self):
        [cell] = cells.select(ALL, ["id=suite-ccac/server-gnutls"])
        self.assertEqual((cell.since, cell.expect[0]), ("3.8.9", "connected"))
        for said, older in (("gnutls-cli 3.7.9", True), ("gnutls-cli 3.8.8", True), ("gnutls-cli 3.8.9", False),
                            ("gnutls-cli 3.8.10", False), ("gnutls-cli 3.10.0", False), ("unknown", False)):
            with self.subTest(said), unittest.mock.patch.object(peers, "version", lambda program, said=said: said):
                self.assertEqual(peers.is_older(cell.peer, cell.peer_role, cell.since), older)
        with self.assertRaisesRegex(cells.BadCells, "a row with since= has a note"):
            cells.parse_row(list(dict(cell.row, note="-").values()))

    def test_a_working_cell_compares_data_and_a_failing_one_a_status(self):
        for cell in ALL:
            if not cell.not_applicable:
                need = {"failed"} if cell.kind == "fail" else {"connected", "cookie", "data"}
                self.assertLessEqual(need, set(cell.expect), cell.id)

    def test_lines_are_several_kilobytes_below_the_mtu_and_obey_the_peers(self):
        for mtu in (0, 512):
            with self.subTest(mtu=mtu):
                lines = scene.lines_to_send(mtu)
                self.assertGreater(sum(map(len, lines)), 4000)
                self.assertLess(max(map(len, lines)), (mtu or 1200) - 100)
                self.assertFalse([x for x in lines if x[:1] in b"QqrRPS" or x[-1:] != b"\n"])


class Filters(unittest.TestCase):
    def ids(self, *filters):
        return [c.id for c in cells.select(ALL, filters)]

    def test_no_filter_is_everything(self):
        self.assertEqual(len(self.ids()), len(ALL))

    def test_words_keys_and_patterns(self):
        self.assertEqual(len(self.ids("wrong-psk")), 4)
        self.assertEqual(len(self.ids("wrong-psk,ipv6")), 8)
        self.assertEqual(len(self.ids("wrong-psk", "peer=gnutls")), 2)
        self.assertEqual(self.ids("id=ipv6/server-gnutls"), ["ipv6/server-gnutls"])
        self.assertEqual(len(self.ids("mutual-*")), 8)

    def test_an_unknown_word_names_the_choices(self):
        with self.assertRaisesRegex(cells.BadCells, "openssl, gnutls"):
            self.ids("peer=mbedtls")
        with self.assertRaisesRegex(cells.BadCells, "keys are"):
            self.ids("colour=red")


class BadRows(unittest.TestCase):
    good = ["a", "suite", "client", "openssl", "c02b", "cert=ec", "ca=root", "-", "connected", "-"]

    def test_each_wrong_column_is_named(self):
        cells.parse_row(self.good)
        for index, value, words in ((1, "nice", "kind"), (2, "theirs", "ours"), (3, "x", "peer"),
                                    (5, "colour=red", "colour"), (6, "ask=1", "ask"),
                                    (7, "ca=root", "asked again")):
            with self.subTest(index=index, value=value):
                row = list(self.good)
                row[index] = value
                with self.assertRaisesRegex(cells.BadCells, words):
                    cells.parse_row(row)

    def test_a_file_with_a_cell_twice_is_refused(self):
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as out:
            out.write("\t".join(self.good) + "\n" + "\t".join(self.good) + "\n")
            out.flush()
            with self.assertRaisesRegex(cells.BadCells, ":2: .*twice"):
                cells.load(out.name)


if __name__ == "__main__":
    unittest.main()
