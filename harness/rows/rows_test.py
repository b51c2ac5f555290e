#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""rows.py sees what it is there to see: one loop at a time."""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import rows  # noqa: E402  (it lies beside this file)

KIT = ("void kit_check(int value)\n"
       "{\n"
       "    for (int i = 0; i < 2; i++) {\n"
       "        assert_true(value);\n"
       "    }\n"
       "}\n"
       "int kit_is_odd(int value)\n"
       "{\n"
       "    return value % 2;\n"
       "}\n"
       "#define kit_check_twice(value) (kit_check(value), kit_check(value))\n")
MAIN = ("int main(void)\n"
        "{\n"
        "    const struct CMUnitTest tests[] = {cmocka_unit_test(one)};\n"
        "    return kit_run(tests);\n"
        "}\n")


def found(body, before, main):
    """What rows.py finds in a test whose function one() has this body, from
    line 2, and is followed by `before`."""
    files = {
        "harness/kit/kit.c": KIT,
        "harness/unit/x_test.c": "static void one(void **state) {\n" + body +
                                 "\n}\n" + before + main,
    }
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path))
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return [line.replace(root + "/", "") for line in rows.check(root)]


class Rows(unittest.TestCase):
    def passes(self, body, before="", main=MAIN):
        self.assertEqual(found(body, before, main), [])

    def refused(self, line, body, before="", main=MAIN):
        self.assertEqual(found(body, before, main),
                         [f"harness/unit/x_test.c:{line}: "
                          "a loop asserts and has no kit_row"])

    def test_a_loop_that_asserts_needs_a_row(self):
        self.refused(2, "for (i = 0; i < 3; i++) {\nassert_true(a[i]);\n}")
        self.refused(2, "for (i = 0; i < 3; i++)\nfail();")
        self.refused(3, "if (x) {\nfor (i = 0; i < 3; i++) {\n"
                        "if (a[i]) {\nfail_msg(\"no\");\n}\n}\n}")
        self.passes("for (i = 0; i < 3; i++) {\n"
                    "kit_row(\"row %d\", i);\nassert_true(a[i]);\n}")

    def test_a_loop_that_cannot_fail_needs_none(self):
        self.passes("for (i = 0; i < 3; i++) {\nsum += kit_is_odd(i);\n}\n"
                    "assert_int_equal(sum, 1);")

    def test_what_it_calls_counts(self):
        self.refused(2, "for (i = 0; i < 3; i++) {\nkit_check(i);\n}")
        self.refused(2, "for (i = 0; i < 3; i++) {\nkit_check_twice(i);\n}")
        self.refused(2, "for (i = 0; i < 3; i++) {\ntwo(i);\n}",
                     "void two(int i)\n{\nthree(i);\n}\n"
                     "void three(int i)\n{\nassert_true(i);\n}\n")
        self.passes("for (i = 0; i < 3; i++) {\ntwo(i);\n}",
                    "void two(int i)\n{\nkit_row(\"%d\", i);\nkit_check(i);\n"
                    "for (;i > 0;i--) {\nassert_true(i);\n}\n}\n")

    def test_functions_of_a_table_are_called(self):
        table = ("void two(void)\n{\nassert_true(x);\n}\n"
                 "static const struct {\nint n;\nvoid (*f)(void);\n"
                 "} rows[] = {{1, two}};\n")
        self.refused(2, "for (i = 0; i < 3; i++) {\nrows[i].f();\n}", table)
        self.passes("for (i = 0; i < 3; i++) {\nsum += other[i].n;\n}", table)

    def test_functions_that_are_passed_on_are_called(self):
        self.refused(6, "each(two);",
                     "void two(int n)\n{\nfor (i = 0; i < n; i++) {\nfail();\n"
                     "}\n}\n")

    def test_a_row_around_is_enough(self):
        self.passes("for (i = 0; i < 3; i++) {\nkit_row(\"%d\", i);\n"
                    "for (k = 0; k < 3; k++) {\nassert_true(a[i][k]);\n}\n}")
        self.passes("kit_row(\"all\");\n"
                    "for (i = 0; i < 3; i++) {\nassert_true(a[i]);\n}")
        self.passes("for (i = 0; i < 3; i++) {\nkit_row(\"%d\", i);\ntwo(i);\n"
                    "}", "void two(int n)\n{\nfor (i = 0; i < n; i++) {\n"
                    "fail();\n}\n}\n")

    def test_a_row_within_is_enough(self):
        self.passes("for (i = 0; i < 3; i++) {\n"
                    "for (k = 0; k < 3; k++) {\nkit_row(\"%d %d\", i, k);\n"
                    "assert_true(a[i][k]);\n}\n}")
        self.refused(2, "for (i = 0; i < 3; i++) {\n"
                        "for (k = 0; k < 3; k++) {\nkit_row(\"%d %d\", i, k);\n"
                        "assert_true(a[i][k]);\n}\nassert_true(a[i][3]);\n}")

    def test_a_row_elsewhere_is_not(self):
        self.refused(5, "for (i = 0; i < 3; i++) {\nkit_row(\"%d\", i);\n}\n"
                        "for (i = 0; i < 3; i++) {\nassert_true(a[i]);\n}")
        self.refused(2, "for (i = 0; i < 3; i++) {\n/* kit_row(\"%d\", i); */\n"
                        "assert_true(a[i]);\nputs(\"kit_row(\");\n}")

    def test_what_waits_needs_none(self):
        self.passes("while (!done) {\nassert_true(step());\n}\n"
                    "do {\nassert_true(step());\n} while (!done);\n"
                    "for (;;) {\nassert_true(step());\n}")

    def test_a_macro_that_loops_is_a_loop(self):
        macro = "#define EACH(n) \\\n    for (int n = 0; n < 2; n++)\n"
        self.refused(2, "EACH(i) {\nassert_true(a[i]);\n}", macro)
        self.passes("EACH(i) {\nkit_row(\"%d\", i);\nassert_true(a[i]);\n}",
                    macro)

    def test_a_reason_excuses(self):
        loop = "for (i = 0; i < 3; i++) {\nassert_true(a[i]);\n}"
        self.passes("/* no row: a million of them */\n" + loop)
        self.refused(3, "/* no row: */\n" + loop)
        self.refused(4, "/* no row: a million of them */\n\n" + loop)

    def test_a_main_that_a_macro_makes_is_followed_too(self):
        self.refused(2, "for (i = 0; i < 3; i++) {\nfail();\n}",
                     main="static const struct CMUnitTest tests[] = {\n"
                          "cmocka_unit_test(one),\n};\nMEMCHECK_MAIN(tests)\n")

    def test_what_no_test_leads_to_is_not_looked_at(self):
        self.passes("assert_true(x);", "void two(int n)\n{\n"
                    "for (i = 0; i < n; i++) {\nfail();\n}\n}\n")

    def test_it_exits_with_1_if_there_is_one(self):
        program = [sys.executable, os.path.join(HERE, "rows.py")]
        with tempfile.TemporaryDirectory() as root:
            path = os.path.join(root, "fuzzers/tests/test.c")
            os.makedirs(os.path.dirname(path))
            for body, status in (("kit_row(\"%d\", i);", 0), ("", 1)):
                with self.subTest(body=body):
                    with open(path, "w", encoding="utf-8") as file:
                        file.write("int main(void)\n{\n"
                                   "for (i = 0; i < 3; i++) {\n" + body +
                                   "assert_true(a[i]);\n}\n}\n")
                    done = subprocess.run(program + [root], capture_output=True,
                                          text=True, check=False)
                    self.assertEqual(done.returncode, status)
                    self.assertEqual(done.stdout, status * (
                        path + ":3: a loop asserts and has no kit_row\n"))
        self.assertEqual(subprocess.run(program, capture_output=True,
                                        check=False).returncode, 2)


if __name__ == "__main__":
    unittest.main()
