# SPDX-License-Identifier: MIT
"""scripts/suites: an empty cell is an error, not a blank."""

import importlib.machinery
import importlib.util
import os
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(os.path.dirname(os.path.dirname(HERE)), "scripts", "suites")
LOADER = importlib.machinery.SourceFileLoader("suites", SCRIPT)
suites = importlib.util.module_from_spec(importlib.util.spec_from_loader("suites", LOADER))
LOADER.exec_module(suites)

ONE = [("c02b", "NAME", False)]


def result(pair, suite="c02b", verdict="pass"):
    client, server = pair.split("-")
    return {"id": f"{pair}/{suite}/mutual/cookie/clean", "group": client, "column": server, "verdict": verdict}


class Page(unittest.TestCase):
    def test_each_role_has_the_libraries_of_the_other_end(self):
        page = suites.page(ONE, [result("netx-openssl"), result("netx-gnutls"), result("mbedtls-netx")])
        self.assertIn("| c02b | NAME |  | gnutls, openssl | mbedtls |\n", page)

    def test_a_suite_that_is_off_by_default_says_so(self):
        page = suites.page([("c02b", "NAME", True)], [result("netx-openssl"), result("openssl-netx")])
        self.assertIn("| c02b | NAME | by name | openssl | openssl |\n", page)

    def refuse(self, rows, results):
        with self.assertRaisesRegex(suites.Wrong, "empty cell"):
            suites.page(rows, results)

    def test_a_role_that_nobody_played_is_an_error(self):
        self.refuse(ONE, [])
        self.refuse(ONE, [result("netx-openssl")])
        self.refuse(ONE, [result("openssl-netx")])

    def test_what_did_not_pass_does_not_count(self):
        for verdict in ("fail", "inconclusive", "accepted", "not-applicable"):
            self.refuse(ONE, [result("netx-openssl"), result("openssl-netx", verdict=verdict)])

    def test_our_own_other_end_is_nobody(self):
        self.refuse(ONE, [result("netx-openssl"), result("netx-netx"), result("engine-netx")])

    def test_vectors_stand_in_only_for_what_no_library_has(self):
        for suite, path in suites.NOWHERE_ELSE.items():
            with self.subTest(suite=suite):
                rows = [(suite, "NAME", False)]
                self.assertIn("| vectors | vectors |", suites.page(rows, [result("netx-netx", suite)]))
                self.refuse(rows, [])
                self.assertFalse(suites.has_vectors("c02b", path))


if __name__ == "__main__":
    unittest.main()
