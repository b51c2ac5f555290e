#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The mutator library of AFL++, called the way AFL++ calls it."""
import ctypes
import os
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import fuzzing  # noqa: E402 (the folder has to be known first)

MAX = 4096


class Mutator(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        path = pathlib.Path(cls.place.name) / "mutator.so"
        fuzzing.build_afl_mutator(path, "cc")
        cls.library = ctypes.CDLL(str(path))
        cls.library.afl_custom_init.restype = ctypes.c_void_p
        cls.library.afl_custom_fuzz.restype = ctypes.c_size_t
        cls.seed = (ROOT / "corpus" / "fuzz_server_null" / "psk_ccm_8").read_bytes()

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def outputs(self, seed, count, add=b""):
        os.environ["FUZZ_FORMAT"] = "steps"
        state = ctypes.c_void_p(self.library.afl_custom_init(None, seed))
        out, found = ctypes.POINTER(ctypes.c_uint8)(), []
        for number in range(count):
            size = self.library.afl_custom_fuzz(state, ctypes.create_string_buffer(self.seed, len(self.seed)),
                                                ctypes.c_size_t(len(self.seed)), ctypes.byref(out), add or None,
                                                ctypes.c_size_t(len(add)), ctypes.c_size_t(MAX))
            self.assertLessEqual(size, MAX, f"call {number}")
            found.append(bytes(out[:size]))
        self.library.afl_custom_deinit(state)
        return found

    def test_the_same_seed_does_the_same(self):
        self.assertEqual(self.outputs(7, 50), self.outputs(7, 50))
        self.assertNotEqual(self.outputs(7, 50), self.outputs(123456, 50))

    def test_most_outputs_differ(self):
        self.assertGreater(len(set(self.outputs(1, 200))), 150)

    def test_another_input_is_mixed_in(self):
        # A step that only the other input has: 0x1111 ms, three bytes.
        other = self.seed[:2] + b"\x11\x11\x00\x03abc"
        found = self.outputs(3, 200, other)
        self.assertTrue(any(b"\x11\x11\x00\x03abc" in text for text in found))


if __name__ == "__main__":
    unittest.main()
