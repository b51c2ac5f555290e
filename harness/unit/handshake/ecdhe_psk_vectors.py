#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Whole handshakes of ECDHE_PSK suites, computed without a line of this library.

RFC 5489 (premaster), RFC 5246, 5, 6.3, 7.4.9 (PRF, keys, Finished), RFC 7627
(session hash), RFC 6347, 4.2.6 (transcript), RFC 5288 and RFC 6655 (records),
RFC 8442 (the suites).  Prints ecdhe_psk_vectors.h, which a test replays; with
--check it says whether that file is what it would print.
"""

import hashlib
import hmac
import os
import struct
import sys

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# Number: hash, key bytes, cipher of a key.  d001 has a peer: it checks this script.
SUITES = {
    0xD001: ("sha256", 16, AESGCM),
    0xD002: ("sha384", 32, AESGCM),
    0xD003: ("sha256", 16, lambda key: AESCCM(key, tag_length=8)),
    0xD005: ("sha256", 16, lambda key: AESCCM(key, tag_length=16)),
}
PSK = bytes(range(0x30, 0x43))
IDENTITY, HINT = b"device-23", b"fleet"
CLIENT_RANDOM, SERVER_RANDOM = bytes(range(0x00, 0x20)), bytes(range(0x80, 0xA0))
CLIENT_KEY, SERVER_KEY = bytes(range(0x41, 0x61)), bytes(range(0xA1, 0xC1))
VERSION = b"\xfe\xfd"
X25519 = 29
CLIENT_HELLO, SERVER_HELLO, KEY_EXCHANGE, DONE, CLIENT_KEY_EXCHANGE, FINISHED = 1, 2, 12, 14, 16, 20
HANDSHAKE, DATA = 22, 23
TEXT = b"23.5 degrees"


def vec8(data):
    return struct.pack(">B", len(data)) + data


def vec16(data):
    return struct.pack(">H", len(data)) + data


def public(key):
    return X25519PrivateKey.from_private_bytes(key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def prf(name, secret, label, seed, count):
    """PRF of RFC 5246, 5, with P_<name>."""
    seed, out, a = label + seed, b"", label + seed
    while len(out) < count:
        a = hmac.digest(secret, a, name)
        out += hmac.digest(secret, a + seed, name)
    return out[:count]


def message(kind, seq, body):
    """As if it had come in one fragment (RFC 6347, 4.2.6)."""
    length = struct.pack(">I", len(body))[1:]
    return bytes([kind]) + length + struct.pack(">H", seq) + b"\0\0\0" + length + body


def record(cipher, salt, kind, seq, plain):
    """One record of epoch 1; the explicit nonce is epoch and number."""
    seq8 = struct.pack(">HHI", 1, 0, seq)
    header = bytes([kind]) + VERSION
    body = seq8 + cipher.encrypt(salt + seq8, plain, seq8 + header + struct.pack(">H", len(plain)))
    return header + seq8 + vec16(body)


def bodies(suite):
    """The messages up to ClientKeyExchange: (type, message_seq, body)."""
    extensions = vec16(struct.pack(">HH", 23, 0))
    curve = b"\x03" + struct.pack(">H", X25519)
    hello = VERSION + CLIENT_RANDOM + vec8(b"") + vec8(b"\xc0\x0c\x1e") + vec16(struct.pack(">H", suite))
    return [
        (CLIENT_HELLO, 1, hello + vec8(b"\0") + extensions),
        (SERVER_HELLO, 1, VERSION + SERVER_RANDOM + vec8(b"") + struct.pack(">HB", suite, 0) + extensions),
        (KEY_EXCHANGE, 2, vec16(HINT) + curve + vec8(public(SERVER_KEY))),
        (DONE, 3, b""),
        (CLIENT_KEY_EXCHANGE, 2, vec16(IDENTITY) + vec8(public(CLIENT_KEY))),
    ]


def vector(suite):
    """The fields of struct vector, in order."""
    name, key_len, make = SUITES[suite]
    said = bodies(suite)
    transcript = b"".join(message(*one) for one in said)
    shared = X25519PrivateKey.from_private_bytes(CLIENT_KEY).exchange(
        X25519PublicKey.from_public_bytes(public(SERVER_KEY)))
    premaster = vec16(shared) + vec16(PSK)
    session_hash = hashlib.new(name, transcript).digest()
    master = prf(name, premaster, b"extended master secret", session_hash, 48)
    block = prf(name, master, b"key expansion", SERVER_RANDOM + CLIENT_RANDOM, 2 * (key_len + 4))
    client, server = make(block[:key_len]), make(block[key_len : 2 * key_len])
    client_salt, server_salt = block[2 * key_len :][:4], block[2 * key_len + 4 :]

    def finished(label, seq):
        digest = hashlib.new(name, transcript).digest()
        return message(FINISHED, seq, prf(name, master, label, digest, 12))

    client_finished = finished(b"client finished", 3)
    transcript += client_finished
    server_finished = finished(b"server finished", 4)
    return [body.hex() for _, _, body in said] + [
        premaster.hex(),
        master.hex(),
        client_finished.hex(),
        record(client, client_salt, HANDSHAKE, 0, client_finished).hex(),
        server_finished.hex(),
        record(server, server_salt, HANDSHAKE, 0, server_finished).hex(),
        record(client, client_salt, DATA, 1, TEXT).hex(),
        record(server, server_salt, DATA, 1, TEXT).hex(),
    ]


def literal(text):
    """A C string over several lines."""
    pieces = [text[i : i + 64] for i in range(0, len(text), 64)] or [""]
    return "\n     ".join(f'"{piece}"' for piece in pieces)


def header():
    rows = ",\n".join(
        f"    {{0x{suite:04x},\n     " + ",\n     ".join(literal(t) for t in vector(suite)) + "}"
        for suite in SUITES)
    return f"""/* SPDX-License-Identifier: MIT */
/* Made by ecdhe_psk_vectors.py; not to be edited. */
/* clang-format off */
#define VECTOR_CLIENT_KEY "{CLIENT_KEY.hex()}"
#define VECTOR_SERVER_KEY "{SERVER_KEY.hex()}"
#define VECTOR_PSK "{PSK.hex()}"
#define VECTOR_IDENTITY "{IDENTITY.hex()}"
#define VECTOR_HINT "{HINT.hex()}"
#define VECTOR_TEXT "{TEXT.hex()}"

static const struct vector {{
    uint16_t suite;
    const char *client_hello, *server_hello, *server_key_exchange;
    const char *server_hello_done, *client_key_exchange;
    const char *premaster, *master;
    const char *client_finished, *client_finished_record;
    const char *server_finished, *server_finished_record;
    const char *client_data_record, *server_data_record;
}} vectors[] = {{
{rows}}};
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
