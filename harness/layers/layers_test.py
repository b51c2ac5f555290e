#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""layers.py sees what it is there to see: one wrong line at a time."""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
LAYERS = """# a small tree
port/posix          may include  include
session    engine   may include  record base
record     engine   may include  openssl base
base       engine   may include
"""
GOOD = {
    "LAYERS": LAYERS,
    "base/bytes.h": "#include <stdint.h>\n",
    "base/bytes.c": '#include "base/bytes.h"\n#include <string.h>\n',
    "record/layer.h": '#include "base/bytes.h"\n',
    "record/layer.c": '#include "record/layer.h"\n'
                      "#include <openssl/evp.h>\n"
                      "/* malloc(1), NX_IP and <time.h> are only words here,\n"
                      " * pthread_create() too. */\n"
                      'static const char text[] = "malloc(";\n'
                      "void f(struct s *s) { s->free(s); dtls_x_free(s); }\n",
    "session/session.h": '#include "record/layer.h"\n',
    "session/pump.c": '#include "record/layer.h"\n#include "base/bytes.h"\n',
    "port/posix/thread.c": "#include <pthread.h>\n#include <stdlib.h>\n"
                           '#include "nx_api.h"\n#include "port.h"\n'
                           "void *f(void) { return malloc(sizeof(NX_IP)); }\n",
    "port/posix/port.h": "#include <time.h>\n",
}


def run(files):
    """Exit status and output of layers.py on a tree of these files."""
    with tempfile.TemporaryDirectory() as src:
        for name, text in files.items():
            path = os.path.join(src, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "layers.py"), src],
            capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.replace(src + "/", "")


class Layers(unittest.TestCase):
    def refused(self, name, text, expected):
        code, out = run({**GOOD, name: text})
        self.assertEqual(out, expected + "\n")
        self.assertEqual(code, 1)

    def test_a_good_tree_passes_in_silence(self):
        self.assertEqual(run(GOOD), (0, ""))

    def test_an_upward_include_is_refused(self):
        self.refused("record/up.c", '\n#include "session/session.h"\n',
                     "record/up.c:2: record may not include session "
                     "(session/session.h)")
        self.refused("base/up.c", '\n#include "record/layer.h"\n',
                     "base/up.c:2: base may not include record "
                     "(record/layer.h)")
        self.refused("base/up.c", '#include "../record/layer.h"\n',
                     "base/up.c:1: base may not include record "
                     "(../record/layer.h)")

    def test_a_clock_is_refused(self):
        self.refused("session/now.c", "/*\n*/\n#include <time.h>\n",
                     "session/now.c:3: <time.h>: the engine has no clock")
        self.refused("session/now.c", "long f(void) { return time(0); }\n",
                     "session/now.c:1: time: the engine has no clock")

    def test_the_heap_is_refused(self):
        self.refused("record/heap.c", "\n\nvoid *p = malloc(3);\n",
                     "record/heap.c:3: malloc: the engine has no heap")
        self.refused("record/heap.c", "void *p = OPENSSL_malloc(3);\n",
                     "record/heap.c:1: OPENSSL_malloc: the engine has no heap")
        self.refused("record/heap.c", "#include <stdlib.h>\n",
                     "record/heap.c:1: <stdlib.h>: the engine has no heap")

    def test_threads_and_sockets_are_refused(self):
        self.refused("base/t.c", "#include <pthread.h>\n",
                     "base/t.c:1: <pthread.h>: the engine has no threads")
        self.refused("base/t.c", "#include <sys/socket.h>\n",
                     "base/t.c:1: <sys/socket.h>: the engine has no sockets")
        self.refused("base/t.c", "#include <sys/epoll.h>\n",
                     "base/t.c:1: <sys/epoll.h>: the engine calls no system")

    def test_netx_is_refused_in_the_engine(self):
        self.refused("session/netx.c", "extern NX_PACKET *p;\n",
                     "session/netx.c:1: NX_PACKET: the engine knows no "
                     "NetX name")
        self.refused("session/netx.c", "UINT f(void);\n",
                     "session/netx.c:1: UINT: the engine knows no NetX type")
        self.refused("session/netx.c", '#include "nx_api.h"\n',
                     "session/netx.c:1: session may not include include "
                     "(nx_api.h)")

    def test_libcrypto_is_for_those_who_may(self):
        self.refused("base/evp.c", "#include <openssl/evp.h>\n",
                     "base/evp.c:1: base may not include openssl")

    def test_an_unknown_folder_is_refused(self):
        self.refused("magic/a.c", "int a;\n",
                     "magic/a.c:1: its folder has no line in LAYERS")
        self.refused("port/win32/a.c", "int a;\n",
                     "port/win32/a.c:1: its folder has no line in LAYERS")
        self.refused("a.c", "int a;\n",
                     "a.c:1: its folder has no line in LAYERS")

    def test_the_port_may_not_reach_into_the_engine(self):
        self.refused("port/posix/in.c", '#include "record/layer.h"\n',
                     "port/posix/in.c:1: port/posix may not include record "
                     "(record/layer.h)")

    def test_a_layers_file_that_is_not_understood_is_an_error(self):
        self.assertEqual(run({**GOOD, "LAYERS": "base can read all\n"})[0], 2)
        self.assertEqual(run({**GOOD, "LAYERS": LAYERS + LAYERS})[0], 2)


if __name__ == "__main__":
    unittest.main()
