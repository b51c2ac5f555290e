#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""scripts/names, on a small tree: it sees one wrong name, one function too
many, at a time."""

import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import tempfile
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]

KNOWN = "harness/style/known_names.tsv"
UNCALLED = "harness/style/uncalled.tsv"
GOOD = {
    "include/nx_api.h": "int nx_start(int now);\n",
    "src/base/bytes.h": "#include <stdint.h>\n"
                        "/* dtls_get_u8 takes a byte; `out` is left if it returns false. */\n"
                        "int dtls_get_u8(int out_len);\n"
                        "static inline int dtls_twice(int a) { return 2 * a; }\n",
    "src/base/bytes.c": '#include "base/bytes.h"\n'
                        "static int help_it(int a)\n{\n    return dtls_twice(a);\n}\n"
                        "int dtls_get_u8(int out)\n{\n    return help_it(out);\n}\n",
    "src/nx/start.c": '#include "nx_api.h"\n#include "base/bytes.h"\n'
                      "#define MADE(name) int name(void)\n"
                      "struct table { int (*one)(int); };\n"
                      "static int one(int a) { return a; }\n"
                      "static const struct table table = {.one = one};\n"
                      "MADE(made)\n{\n    return 1;\n}\n"
                      "int nx_start(int now)\n{\n    return dtls_get_u8(now) + table.one(now);\n}\n",
    "harness/kit/kit.h": "int kit_run(void);\n",
    "harness/kit/kit.c": "int kit_run(void) { return 0; }\n",
    "harness/unit/bytes_test.c": '#include "kit/kit.h"\nint main(void) { return kit_run(); }\n',
    "harness/requirements/requirements.tsv": "id\ttext\nD1\tthe alert close_notify ends it\n",
    "CMakeLists.txt": "# kit_of(target) is below.\nfunction(kit_of target)\nendfunction()\n",
    "scripts/run": "#!/bin/sh\n# run_it is below.\nrun_it() { :; }\n",
    "docs/decisions/0001-first.md": "`nx_start`, src/base, base/bytes.h, bytes.{c,h}\n",
    "CHANGELOG.md": "* `dtls_gone` in gone.c went.\n",
    KNOWN: "name\treason\n",
    UNCALLED: "function\treason\n",
}

def load():
    loader = importlib.machinery.SourceFileLoader("names", str(ROOT / "scripts" / "names"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("names", loader))
    loader.exec_module(module)
    return module


sys.dont_write_bytecode = True
names = load()


class Names(unittest.TestCase):
    def run_script(self, files, *words):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
            said = io.StringIO()
            with unittest.mock.patch.object(sys, "argv", ["names", "--root", folder, *words]), \
                    contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                try:
                    return names.main(), said.getvalue()
                except SystemExit as wrong:
                    return wrong.code, said.getvalue()

    def refused(self, name, text, *expected):
        """Appended to a file, this gives these complaints and no other."""
        files = {**GOOD, name: GOOD.get(name, "") + text}
        self.assertEqual(self.run_script(files), (1, "".join(f"{line}\n" for line in expected)))

    def accepted(self, name, text):
        self.assertEqual(self.run_script({**GOOD, name: GOOD.get(name, "") + text}), (0, ""))

    def test_a_good_tree_passes_in_silence(self):
        self.assertEqual(self.run_script(GOOD), (0, ""))
        self.assertEqual(self.run_script(GOOD, "comments"), (0, ""))
        self.assertEqual(self.run_script(GOOD, "callers"), (0, ""))
        self.assertEqual(self.run_script(GOOD, "both")[0], 2)

    def test_a_name_that_nothing_has_is_refused(self):
        for said, name in (("dtls_get_u9 is gone", "dtls_get_u9"), ("call gone() first", "gone"),
                           ("its `gone` is", "gone"), ("a gone_name", "gone_name"), ("all dtls_gone_*", "dtls_gone_"),
                           ("all dtls_set* too", "dtls_set"), ("GONE_NAME", "GONE_NAME"), ("in s->gone_at", "gone_at"),
                           ("each dtls_gone_x", "dtls_gone_x"), ("some _gone_ in it", "_gone_")):
            self.refused("src/base/bytes.h", f"/* Here,\n * {said}. */\n",
                         f"src/base/bytes.h:6: {name}: no such symbol")

    def test_a_file_that_is_not_there_is_refused(self):
        for name in ("gone.c", "base/gone.h", "record/bytes.h", "src/base/bytes.{c,cc}", "byte_*.c", "gone.md",
                     "src/gone", "harness/unit/gone/", "docs/decisions/0002"):
            self.refused("src/base/bytes.h", f"// See {name} for it.\n",
                         f"src/base/bytes.h:5: {name}: no such file")

    def test_what_is_there_may_be_named(self):
        for said in ("dtls_get_u8(), dtls_get_u*, dtls_get_*, dtls_get_x, dtls_NAME", "get_u8 or out_len, _get_ within",
                     "close_notify ends it, `made` too", "bytes.h, base/bytes.c, bytes.{c,h}, src/base/, bytes_*.c",
                     "bytes_x.c, docs/decisions/0001, <stdint.h>, build/dev/made.c", "kit_of(target), run_it",
                     "many NX_STARTs"):
            text = f"/* {said} */\nint dtls_of(void);\nint dtls_of(void) {{ return NX_START; }}\n"
            files = {**GOOD, "include/nx_api.h": GOOD["include/nx_api.h"] + "#define NX_START dtls_of()\n"}
            files["src/base/bytes.c"] += text
            self.assertEqual(self.run_script(files), (0, ""), said)

    def test_what_begins_as_ours_is_named_whole_and_is_code(self):
        files = {**GOOD, "harness/more.tsv": "kit_gone\tnx_gone\n"}
        files["src/base/bytes.h"] += "/* kit_gone and nx_gone, of a table; kit_ru, of a name */\n"
        self.assertEqual(self.run_script(files), (1, "src/base/bytes.h:5: kit_gone: no such symbol\n"
                                                     "src/base/bytes.h:5: kit_ru: no such symbol\n"))

    def test_a_string_is_no_comment_and_a_comment_is_no_code(self):
        self.accepted("src/nx/start.c", 'extern char text[];\nchar text[] = "/* gone_name */ // gone()";\n')
        self.refused("src/nx/start.c", "/* gone_name */ /* gone_name */\n",
                     "src/nx/start.c:15: gone_name: no such symbol")
        self.refused("src/nx/start.c", "#define TWO 2 /* gone_name,\n * TWO */\n",
                     "src/nx/start.c:15: gone_name: no such symbol")

    def test_comments_of_scripts_and_documents_are_read(self):
        self.refused("CMakeLists.txt", "# gone.c\n", "CMakeLists.txt:4: gone.c: no such file")
        self.refused("scripts/run", "run_it # gone_name\n", "scripts/run:4: gone_name: no such symbol")
        self.refused("docs/page.md", "\nOne `nx_gone`.\n", "docs/page.md:2: nx_gone: no such symbol")
        self.accepted("CHANGELOG.md", "* `dtls_away` in away.c, too.\n")

    def test_a_known_name_has_a_reason_and_is_needed(self):
        files = {**GOOD, KNOWN: GOOD[KNOWN] + "gone_name\tRFC 1\n", "docs/page.md": "gone_name\n"}
        self.assertEqual(self.run_script(files), (0, ""))
        files["docs/page.md"] = "no more\n"
        self.assertEqual(self.run_script(files), (1, f"{KNOWN}:2: gone_name: is not needed here any more\n"))
        files = {**GOOD, KNOWN: GOOD[KNOWN] + "gone_name\n", "docs/page.md": "gone_name\n"}
        self.assertEqual(self.run_script(files),
                         (1, f"{KNOWN}:2: gone_name: a name, a tab and a reason, each name once\n"))

    def test_a_function_without_a_caller_is_refused(self):
        self.refused("src/base/bytes.c", "int dtls_more(void) { return 1; }\n",
                     "src/base/bytes.c:10: dtls_more: nothing calls it")
        self.refused("src/base/bytes.h", "static inline int more(void) { return 1; }\n",
                     "src/base/bytes.h:5: more: nothing calls it")
        self.refused("harness/kit/kit.c", "int kit_more(void)\n{\n    return 1;\n}\n",
                     "harness/kit/kit.c:2: kit_more: nothing calls it")

    def test_a_call_of_a_test_is_none(self):
        files = {**GOOD, "harness/kit/kit.c": "int dtls_more(void);\nint kit_run(void) { return dtls_more(); }\n"}
        files["src/base/bytes.c"] += "int dtls_more(void) { return 1; }\n"
        self.assertEqual(self.run_script(files), (1, "src/base/bytes.c:10: dtls_more: only tests call it\n"))
        files[UNCALLED] += "dtls_more\tthe kit's\n"
        self.assertEqual(self.run_script(files), (0, ""))

    def test_a_call_of_what_nothing_calls_is_none(self):
        self.refused("src/base/bytes.c", "static int least(void) { return 1; }\n"
                     "int dtls_more(void) { return least(); }\n"
                     "int dtls_itself(int a) { return dtls_itself(a); }\n",
                     "src/base/bytes.c:10: least: nothing calls it",
                     "src/base/bytes.c:11: dtls_more: nothing calls it",
                     "src/base/bytes.c:12: dtls_itself: nothing calls it")

    def test_a_member_or_a_declaration_of_the_name_is_no_call(self):
        self.refused("src/nx/start.c", "int dtls_more(void);\nint dtls_more(void) { return 1; }\n"
                     "static struct table more = {.dtls_more = 0};\n",
                     "src/nx/start.c:16: dtls_more: nothing calls it")

    def test_an_address_in_a_table_is_a_call(self):
        self.accepted("src/nx/start.c", "static int more(int a) { return a; }\n"
                      "const struct table tables[] = {\n    [0] = {more},\n};\n")
        self.accepted("src/nx/start.c", "int more(int a) { return a; }\n#define MORE(a) more(a)\n")

    def test_what_is_declared_is_defined(self):
        self.refused("src/base/bytes.h", "int dtls_more(\n    int a);\ntypedef int (*other)(void);\n",
                     "src/base/bytes.h:5: dtls_more: nothing defines it")

    def test_an_uncalled_function_has_a_reason_and_is_needed(self):
        line = "dtls_get_u8\tno caller\n"
        self.refused(UNCALLED, line, f"{UNCALLED}:2: dtls_get_u8: is not needed here any more")
        self.refused(UNCALLED, "dtls_more\tgone\n", f"{UNCALLED}:2: dtls_more: is not needed here any more")


if __name__ == "__main__":
    unittest.main()
