#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""status_codes.py notices what it is there to notice."""
import unittest

import status_codes

VALUES = [["nx_a", "NX_ONE", "0x01", "yes"], ["nx_a", "NX_TWO", "0x02", "yes"]]
ONE, TWO = ("nx_a", "NX_ONE"), ("nx_a", "NX_TWO")


def wrong(checked, unchecked, forbidden):
    made = {"checked": dict.fromkeys(checked, "t"), "unchecked": dict.fromkeys(unchecked, "t")}
    return list(status_codes.judge(VALUES, forbidden, made))


class Judge(unittest.TestCase):
    def test_all_is_well(self):
        self.assertEqual(wrong([ONE, TWO], [ONE, TWO], {}), [])
        self.assertEqual(wrong([ONE], [ONE], {TWO: "RFC"}), [])

    def test_a_value_that_nothing_produces(self):
        self.assertEqual(len(wrong([ONE], [ONE, TWO], {})), 1)
        self.assertEqual(len(wrong([ONE, TWO], [ONE], {})), 1)

    def test_a_value_that_is_produced_and_forbidden(self):
        self.assertEqual(len(wrong([ONE, TWO], [ONE], {TWO: "RFC"})), 1)

    def test_a_forbidden_value_that_is_no_row(self):
        self.assertEqual(len(wrong([ONE, TWO], [ONE, TWO], {("nx_b", "NX_ONE"): "RFC"})), 1)

    def test_too_many_forbidden_values(self):
        many = {("nx_a", f"NX_{i}"): "RFC" for i in range(21)}
        self.assertIn("21 rows", wrong([ONE, TWO], [ONE, TWO], many)[0])

    def test_only_whole_lines_count(self):
        made = status_codes.produced_by("[ RUN      ] t\nproduces: nx_a NX_ONE\nnot produces: nx_a NX_TWO\n")
        self.assertEqual(made, {ONE: "t"})


if __name__ == "__main__":
    unittest.main()
