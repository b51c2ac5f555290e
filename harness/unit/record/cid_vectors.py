#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Records with connection ids, computed without a line of this library.

RFC 9146, 4 (the form), 5.1 to 5.3 (MAC and additional data); RFC 5246, 6.2.3;
RFC 5288, 6655, 7905 (nonces); RFC 7366 (encrypt-then-MAC).  Prints
cid_vectors.h, which a test replays; with --check it says whether that file is
what it would print.

In CBC the IV is ours: the record's number and zeros, encrypted under the key.
"""

import hashlib
import hmac
import os
import struct
import sys

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM, ChaCha20Poly1305

CID_TYPE, DATA, HANDSHAKE, CHECK = 25, 23, 22, 27
VERSION = b"\xfe\xfd"
KEY = bytes.fromhex("565d09eb8509c48e14775b9a26c2b947")
LONG_KEY = KEY + bytes.fromhex("33f5e05b5838c0eae8f19fd69fe61bb9")
SALT, IV = bytes.fromhex("2a55285b"), bytes.fromhex("6798558497e9e92a14347fd8")
CBC_KEY = IV + bytes.fromhex("c1a085d0")

# Name: suite, MAC key, key, salt, encrypt-then-MAC.
CLASSES = {
    "CCM_8": (0xC0A8, b"", KEY, SALT, False),
    "CCM": (0xC0A4, b"", KEY, SALT, False),
    "GCM": (0x00A8, b"", KEY, SALT, False),
    "ChaCha20": (0xCCA8, b"", LONG_KEY, IV, False),
    "CBC": (0x00AE, LONG_KEY, CBC_KEY, b"", False),
    "CBC, encrypt-then-MAC": (0x00AE, LONG_KEY, CBC_KEY, b"", True),
    "NULL": (0x00B0, LONG_KEY, b"", b"", False),
}
# Epoch, number, type, content, id, bytes of padding behind the type.
CASES = (
    (1, 1, DATA, b"hello DTLS", bytes.fromhex("c1d2e3f4"), 3),
    (1, 0x23456789ABCD, HANDSHAKE, bytes(range(60, 99)), b"\x87", 0),
    (0x2345, 2, CHECK, bytes.fromhex("000123456789abcdef"), bytes(range(1, 33)), 1),
    (1, 3, DATA, b"", bytes(range(101, 121)), 15),
    (1, 4, DATA, bytes(range(200)), bytes(range(1, 256)), 56),
)


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def authenticated(number, cid, length):
    return (b"\xff" * 8 + bytes((CID_TYPE, len(cid), CID_TYPE)) + VERSION + number + cid
            + struct.pack(">H", length))


def draft_05(number, cid, length):
    """What the draft that Mbed TLS 2.28 follows authenticates."""
    return number + bytes((CID_TYPE,)) + VERSION + cid + struct.pack(">BH", len(cid), length)


def cbc(key, iv, data):
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def padded(data):
    count = 16 - len(data) % 16
    return data + bytes((count - 1,)) * count


def body(name, number, cid, inner, form=authenticated, etm_counts_mac=False):
    _, mac_key, key, salt, etm = CLASSES[name]
    header = form(number, cid, len(inner))
    if name == "ChaCha20":
        nonce = bytes(a ^ b for a, b in zip(salt, bytes(4) + number))
        return ChaCha20Poly1305(key).encrypt(nonce, inner, header)
    if name in ("CCM_8", "CCM", "GCM"):
        cipher = AESGCM(key) if name == "GCM" else AESCCM(key, 8 if name == "CCM_8" else 16)
        return number + cipher.encrypt(salt + number, inner, header)
    if name == "NULL":
        return inner + mac(mac_key, header + inner)
    iv = cbc(key, bytes(16), number + bytes(8))
    if not etm:
        return iv + cbc(key, iv, padded(inner + mac(mac_key, header + inner)))
    sealed = iv + cbc(key, iv, padded(inner))
    length = len(sealed) + (32 if etm_counts_mac else 0)
    return sealed + mac(mac_key, form(number, cid, length) + sealed)


def record(name, case, **how):
    epoch, seq, kind, content, cid, padding = case
    number = struct.pack(">HQ", epoch, seq)[:2] + struct.pack(">Q", seq)[2:]
    inner = content + bytes((kind,)) + bytes(padding)
    sealed = body(name, number, cid, inner, **how)
    return bytes((CID_TYPE,)) + VERSION + number + cid + struct.pack(">H", len(sealed)) + sealed


def literal(data):
    text = data.hex()
    return "\n     ".join(f'"{text[i:i + 64]}"' for i in range(0, len(text), 64)) or '""'


def row(name, case, **how):
    epoch, seq, kind, content, cid, padding = case
    suite, mac_key, key, salt, etm = CLASSES[name]
    pad_to = len(content) + 1 + padding if padding else 0
    return f"""    {{"{name}", 0x{suite:04x}, {"true" if etm else "false"},
     "{mac_key.hex()}", "{key.hex()}", "{salt.hex()}",
     0x{epoch:04x}, 0x{seq:x}, {kind}, {pad_to},
     {literal(cid)},
     {literal(content)},
     {literal(record(name, case, **how))}}},
"""


def header():
    rows = "".join(row(name, case) for name in CLASSES for case in CASES)
    wrong = "".join(row(name, CASES[0], form=draft_05) for name in CLASSES)
    wrong += row("CBC, encrypt-then-MAC", CASES[0], etm_counts_mac=True)
    return f"""/* SPDX-License-Identifier: MIT */
/* Made by cid_vectors.py; not to be edited. */
/* clang-format off */
struct vector {{
    const char *name;
    uint16_t suite;
    bool encrypt_then_mac;
    const char *mac, *key, *salt;
    uint16_t epoch;
    uint64_t seq;
    uint8_t type;
    uint16_t pad_to;
    const char *cid, *content, *record;
}};

static const struct vector vectors[] = {{
{rows}}};

/* The draft's form of what is authenticated, and a length that counts the MAC
 * in encrypt-then-MAC. */
static const struct vector wrong_forms[] = {{
{wrong}}};
/* clang-format on */
"""


def main():
    path = os.path.splitext(os.path.abspath(__file__))[0] + ".h"
    if sys.argv[1:] == ["--check"]:
        with open(path, encoding="ascii") as file:
            same = file.read() == header()
        print(path, "is right" if same else "differs from what this script computes")
        return not same
    print(header(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
