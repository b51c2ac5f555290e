#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""One EC-JPAKE exchange on secp256r1, computed without a line of this library.

draft-cragie-tls-ecjpake-01; RFC 8235 (the proofs).  Prints jpake_vectors.h,
which a test replays; with --check it says whether that file is what it would
print.
"""

import hashlib
import os
import struct
import sys

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
PASSWORD = b"threadjpaketest"


def add(a, b):
    """Returns the sum of two points of the curve; None is infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def mul(number, point):
    out = None
    while number:
        if number & 1:
            out = add(out, point)
        point = add(point, point)
        number >>= 1
    return out


def encode(point):
    return b"\x04" + point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def vec8(data):
    return struct.pack(">B", len(data)) + data


def challenge(base, v, x, sender):
    items = (encode(base), encode(v), encode(x), sender)
    digest = hashlib.sha256(b"".join(struct.pack(">I", len(item)) + item for item in items)).digest()
    return int.from_bytes(digest, "big") % N


def key_kp(base, x, v, sender):
    """Returns a KeyKP, and the public key in it."""
    public, commitment = mul(x, base), mul(v, base)
    r = (v - x * challenge(base, commitment, public, sender)) % N
    return vec8(encode(public)) + vec8(encode(commitment)) + vec8(r.to_bytes((r.bit_length() + 7) // 8, "big")), public


def counting(first, last):
    """The number of 31 bytes that count up, and a last one."""
    return int.from_bytes(bytes(range(first, first + 31)) + bytes([last]), "big")


def hashed(name):
    return int.from_bytes(hashlib.sha256(name.encode("ascii")).digest(), "big") % N


def text(data, indent="    "):
    digits = data.hex()
    return "\n".join(f'{indent}"{digits[at:at + 64]}"' for at in range(0, len(digits), 64))


def numbers(values):
    return "\n".join(f'        "{value:064x}",' for value in values)


def shared(peer, peers_second, own_second, password):
    """Returns the point that both ends come to."""
    x, y = mul(own_second * password % N, peers_second)
    return mul(own_second, add(peer, (x, -y % P)))


def header():
    x1, x2, x3, x4 = counting(1, 0x21), counting(0x61, 0x81), counting(0x81, 0xA1), counting(0xC1, 0xE1)
    v = [hashed(f"v{number}") for number in range(6)]
    password = int.from_bytes(PASSWORD, "big")
    hello, point = {}, {}
    for who, name, first, second, at in (("client", b"client", x1, x2, 0), ("server", b"server", x3, x4, 2)):
        one, point[who, 1] = key_kp(G, first, v[at], name)
        two, point[who, 2] = key_kp(G, second, v[at + 1], name)
        hello[who] = one + two
    server_base = add(add(point["client", 1], point["client", 2]), point["server", 1])
    client_base = add(add(point["client", 1], point["server", 1]), point["server", 2])
    server_key, server_point = key_kp(server_base, x4 * password % N, v[4], b"server")
    client_key, client_point = key_kp(client_base, x2 * password % N, v[5], b"client")
    secret = shared(server_point, point["server", 2], x2, password)
    assert secret == shared(client_point, point["client", 2], x4, password)
    short = next(kp for kp in (key_kp(G, x1, hashed(f"s{number}"), b"client")[0] for number in range(1000)) if kp[132] < 32)
    return f"""/* SPDX-License-Identifier: MIT */
/* Made by jpake_vectors.py; not to be edited.
 *
 * One exchange of suite c0ff in hex, of the numbers in `draws`: the private
 * keys count up, the other number of each proof is the SHA-256 of "v0" to
 * "v5", modulo the group's order. */
#ifndef UNIT_CRYPTO_JPAKE_VECTORS_H
#define UNIT_CRYPTO_JPAKE_VECTORS_H

#define JPAKE_PASSWORD "{PASSWORD.decode("ascii")}"

/* What a client draws, and a server, in this order: the first key, its proof,
 * the second key, its proof, the proof of the third. */
static const char *const jpake_draws[2][5] = {{
    {{
{numbers((x1, v[0], x2, v[1], v[5]))}
    }},
    {{
{numbers((x3, v[2], x4, v[3], v[4]))}
    }},
}};

/* The round one of a client, and of a server. */
static const char *const jpake_hellos[2] = {{
{text(hello["client"])},
{text(hello["server"])},
}};

/* The round two of the same. */
static const char *const jpake_keys[2] = {{
{text(client_key)},
{text(server_key)},
}};

static const char jpake_secret[] =
{text(hashlib.sha256(secret[0].to_bytes(32, "big")).digest())};

/* The client's first key with a proof whose r has 31 bytes. */
static const char jpake_short_r[] =
{text(short)};

#endif
"""


def main():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jpake_vectors.h")
    if sys.argv[1:] != ["--check"]:
        print(header(), end="")
        return 0
    with open(path, encoding="ascii") as file:
        same = file.read() == header()
    if not same:
        print(f"{path} is not what jpake_vectors.py prints", file=sys.stderr)
    return not same


if __name__ == "__main__":
    sys.exit(main())
