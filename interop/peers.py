# SPDX-License-Identifier: MIT
"""Command lines of the stock programs and of ours.  PEERS.md explains them."""

import base64
import functools
import hashlib
import os
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass

from cells import Side


@dataclass(frozen=True)
class Suite:
    openssl: str
    key_exchange: str  # the next three are GnuTLS's words
    cipher: str
    mac: str
    psk: bool = False

    @property
    def ec(self):
        return self.key_exchange == "ECDHE-ECDSA"


SUITES = {
    "002f": Suite("AES128-SHA", "RSA", "AES-128-CBC", "SHA1"),
    "003c": Suite("AES128-SHA256", "RSA", "AES-128-CBC", "SHA256"),
    "009c": Suite("AES128-GCM-SHA256", "RSA", "AES-128-GCM", "AEAD"),
    "c02b": Suite("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA", "AES-128-GCM", "AEAD"),
    "c02f": Suite("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA", "AES-128-GCM", "AEAD"),
    "cca9": Suite("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA", "CHACHA20-POLY1305", "AEAD"),
    "cca8": Suite("ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA", "CHACHA20-POLY1305", "AEAD"),
    "c02c": Suite("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA", "AES-256-GCM", "AEAD"),
    "c030": Suite("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA", "AES-256-GCM", "AEAD"),
    "009d": Suite("AES256-GCM-SHA384", "RSA", "AES-256-GCM", "AEAD"),
    "c0ad": Suite("ECDHE-ECDSA-AES256-CCM", "ECDHE-ECDSA", "AES-256-CCM", "AEAD"),
    "c0ae": Suite("ECDHE-ECDSA-AES128-CCM8", "ECDHE-ECDSA", "AES-128-CCM-8", "AEAD"),
    "c009": Suite("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA", "AES-128-CBC", "SHA1"),
    "c024": Suite("ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA", "AES-256-CBC", "SHA384"),
    "c027": Suite("ECDHE-RSA-AES128-SHA256", "ECDHE-RSA", "AES-128-CBC", "SHA256"),
    "ccac": Suite("ECDHE-PSK-CHACHA20-POLY1305", "ECDHE-PSK", "CHACHA20-POLY1305", "AEAD", psk=True),
    "c037": Suite("ECDHE-PSK-AES128-CBC-SHA256", "ECDHE-PSK", "AES-128-CBC", "SHA256", psk=True),
    "00a9": Suite("PSK-AES256-GCM-SHA384", "PSK", "AES-256-GCM", "AEAD", psk=True),
    "00ae": Suite("PSK-AES128-CBC-SHA256", "PSK", "AES-128-CBC", "SHA256", psk=True),
    "00a8": Suite("PSK-AES128-GCM-SHA256", "PSK", "AES-128-GCM", "AEAD", psk=True),
    "c0a8": Suite("PSK-AES128-CCM8", "PSK", "AES-128-CCM-8", "AEAD", psk=True),
}

PROGRAMS = {
    ("openssl", "client"): "openssl",
    ("openssl", "server"): "openssl",
    ("gnutls", "client"): "gnutls-cli",
    ("gnutls", "server"): "gnutls-serv",
}


class Files:
    """The folder of the certificates, and one for the files that a cell writes."""

    def __init__(self, pki, scratch):
        self.pki = pki
        self.scratch = scratch

    def pem(self, name):
        return os.path.join(self.pki, name + ".pem")

    def key(self, name):
        return os.path.join(self.pki, ("chain-leaf" if name == "chain" else name) + ".key")

    def crl(self, name):
        return os.path.join(self.pki, name + ".crl")

    def public(self, name):
        """The public key of NAME in PEM, in a file of the cell's."""
        return self.write(name + ".pub", run(["openssl", "pkey", "-in", self.key(name), "-pubout"]))

    def fingerprint(self, name):
        """SHA-256 of the public key of NAME."""
        with open(self.public(name), encoding="ascii") as pem:
            lines = [line for line in pem.read().splitlines() if not line.startswith("-")]
        return hashlib.sha256(base64.b64decode("".join(lines))).hexdigest()

    def response(self, name, says):
        """An OCSP response of the root, in DER, in a file of the cell's: NAME is good, or revoked."""
        request, out = self.path("ocsp-request"), self.path(f"{name}.{says}")

        def value(what):
            return run(["openssl", "x509", "-in", self.pem(name), "-noout", what, "-nameopt", "compat"]).strip().partition("=")[2]

        state = ["R", "991231235959Z", "250101000000Z"] if says == "revoked" else ["V", "991231235959Z", ""]
        index = self.write("index", "\t".join([*state, value("-serial"), "unknown", value("-subject")]) + "\n")
        root = self.pem("root")
        run(["openssl", "ocsp", "-issuer", root, "-cert", self.pem(name), "-no_nonce", "-reqout", request])
        run(["openssl", "ocsp", "-index", index, "-CA", root, "-rsigner", root, "-rkey", self.key("root"), "-reqin", request,
             "-respout", out, "-ndays", "2"])
        return out

    def write(self, name, text):
        path = os.path.join(self.scratch, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def path(self, name):
        return os.path.join(self.scratch, name)


def endpoint(address):
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


SRTP = "SRTP_AES128_CM_HMAC_SHA1_80"

# Ours.


def our_options(side, files, server):
    out = []
    if side.suite:
        out += ["--cipher", side.suite]
    for number in range(4 if side.others else 0):
        out += ["--psk", f"other{number}:{number:02x}{number:02x}"]
    if side.psk:
        out += ["--psk", f"{side.identity}:{side.key}"]
    if side.hint:
        out += ["--hint", side.hint]
    for name in side.cert.split(",") if side.cert else []:
        out += ["--cert", files.pem(name), "--key", files.key(name)]
    if side.staple:
        out += ["--staple", files.response(side.cert, side.staple)]
    if side.judge:
        out += ["--ask-staple"]
    if side.srtp:
        out += ["--srtp", SRTP]
    if side.rpk or side.pin:
        out += ["--rpk"]
    if side.rpk:
        out += ["--key", files.key(side.rpk)]
    if side.pin:
        out += ["--fingerprint", files.fingerprint(side.pin)]
    if side.ca:
        out += ["--ca", files.pem(side.ca)]
    if side.crl:
        out += ["--crl", files.crl(side.crl)]
    if side.ca and not server:
        out += ["--name", "localhost"]
    if side.ask:
        out += ["--client-auth"]
    if side.mtu:
        out += ["--mtu", str(side.mtu)]
    if side.renegotiate:
        out += ["--renegotiate"]
    if side.alpn:
        out += ["--alpn", side.alpn]
    if side.fragment:
        out += ["--max-fragment", str(side.fragment)]
    if side.limit:
        out += ["--record-limit", str(side.limit)]
    return out


def our_client(program, side, address, files, wait):
    return [program, "client", *our_options(side, files, False),
            "--timeout", str(side.wait or wait), "--keylog", files.path("keylog"),
            endpoint(address)]


def our_server(program, side, host, files, wait):
    return [program, "server", "--echo", "--sessions", "1", *our_options(side, files, True),
            "--timeout", str(side.wait or wait), "--keylog", files.path("keylog"),
            endpoint((host, 0))]


# OpenSSL.


def openssl_cipher(side):
    cipher = SUITES[side.suite].openssl if side.suite else "DEFAULT"
    # CCM_8 has a tag of 64 bits; DTLS 1.0 signs with SHA-1.
    weak = side.version == "1.0" or side.suite and SUITES[side.suite].cipher.endswith("CCM-8")
    return cipher + (":@SECLEVEL=0" if weak else "")


def openssl_common(side, files):
    out = ["-dtls1" if side.version == "1.0" else "-dtls1_2", "-quiet"]
    if side.alpn:
        out += ["-alpn", side.alpn]
    if side.srtp:
        out += ["-use_srtp", "SRTP_AES128_CM_SHA1_80"]
    if side.mtu:
        out += ["-mtu", str(side.mtu)]
    if side.suite:
        out += ["-cipher", openssl_cipher(side)]
    if side.psk:
        out += ["-psk_identity", side.identity, "-psk", side.key]
    if side.cert:
        leaf = "chain-leaf" if side.cert == "chain" else side.cert
        out += ["-cert", files.pem(leaf), "-key", files.key(leaf)]
    if side.cert == "chain":
        out += ["-cert_chain", files.pem("inters")]
    if side.ca:
        out += ["-CAfile", files.pem(side.ca), "-verify_return_error"]
    if side.crl:
        out += ["-CRL", files.crl(side.crl), "-CRLform", "DER", "-crl_check"]
    return out


def openssl_server(side, address, files):
    out = ["openssl", "s_server", *openssl_common(side, files), "-listen",
           "-client_renegotiation", "-accept", endpoint(address)]
    if side.ask:
        out += ["-Verify", "2"]
    if side.hint:
        out += ["-psk_hint", side.hint]
    if not side.cert:
        out += ["-nocert"]
    if side.staple:
        out += ["-status_file", files.response(side.cert, side.staple)]
    return out


def openssl_client(side, address, files):
    fragment = ["-maxfraglen", str(side.fragment)] if side.fragment else []
    status = ["-status"] if side.judge else []
    return ["openssl", "s_client", "-nbio", *openssl_common(side, files), *fragment, *status, "-no_ign_eof",
            "-servername", "localhost", "-connect", endpoint(address)]


# GnuTLS.


def gnutls_priority(side):
    out = ["NORMAL", "-VERS-ALL", "+VERS-DTLS" + side.version]
    if side.suite:
        suite = SUITES[side.suite]
        out += ["-KX-ALL", "+" + suite.key_exchange, "-CIPHER-ALL", "+" + suite.cipher,
                "-MAC-ALL", "+" + suite.mac]
    if side.rpk or side.pin:
        out += ["-CTYPE-ALL", "+CTYPE-RAWPK"]
    return ":".join(out)


def gnutls_common(side, files):
    out = ["--udp", "--priority", gnutls_priority(side)]
    for name in side.alpn.split(",") if side.alpn else []:
        out += ["--alpn", name]
    if side.srtp:
        out += ["--srtp-profiles", SRTP]
    if side.mtu:
        out += ["--mtu", str(side.mtu)]
    if side.cert:
        out += ["--x509certfile", files.pem(side.cert), "--x509keyfile", files.key(side.cert)]
    if side.rpk:
        out += ["--rawpkfile", files.public(side.rpk), "--rawpkkeyfile", files.key(side.rpk)]
    if side.ca:
        out += ["--x509cafile", files.pem(side.ca)]
    return out


def gnutls_server(side, address, files):
    out = ["gnutls-serv", "--echo", *gnutls_common(side, files), "--port", str(address[1])]
    if side.staple:  # It checks its own response, and has no root to do so with.
        out += ["--ocsp-response", files.response(side.cert, side.staple), "--ignore-ocsp-response-errors"]
    if side.psk:
        keys = files.write("psk.txt", f"{side.identity}:{side.key}\n")
        out += ["--pskpasswd", keys, "--pskhint", side.hint or "hint1"]
    if side.ask:  # It takes any raw public key: it knows none to compare with.
        return out + ["--require-client-cert"] + ([] if side.pin else ["--verify-client-cert"])
    return out + ["--disable-client-cert"]


def gnutls_client(side, address, files):
    out = ["gnutls-cli", *gnutls_common(side, files), "--logfile", files.path("gnutls-cli.log")]
    if side.renegotiate:
        out += ["--rehandshake"]
    if side.fragment:
        out += ["--recordsize", str(side.fragment)]
    if side.psk:
        out += ["--pskusername", side.identity, "--pskkey", side.key]
    if side.ca:
        out += ["--verify-hostname", "localhost", "--sni-hostname", "localhost"]
    else:
        out += ["--no-ca-verification"]
    return out + ["--port", str(address[1]), address[0]]


COMMANDS = {
    ("openssl", "client"): openssl_client,
    ("openssl", "server"): openssl_server,
    ("gnutls", "client"): gnutls_client,
    ("gnutls", "server"): gnutls_server,
}


# Peers of the user (own.py), by name.
OWN = {}


def command(peer, role, side, address, files):
    if peer in OWN:
        return OWN[peer].command(role, side, address, files)
    return COMMANDS[peer, role](side, address, files)


# Properties of a peer.


def missing_program(peer, role):
    """Returns the program if it is not installed, else an empty string."""
    if peer in OWN:
        return OWN[peer].missing_program(role)
    name = PROGRAMS[peer, role]
    return "" if shutil.which(name) else name


@functools.lru_cache(maxsize=None)
def has_suite(peer, suite):
    """Returns whether the installed peer can negotiate the suite."""
    if peer in OWN:
        return suite in OWN[peer].suites
    side = Side(suite=suite)
    if peer == "openssl":
        argv = ["openssl", "ciphers", "-s", "-tls1_2", "-psk", openssl_cipher(side)]
        return SUITES[suite].openssl in run(argv).strip().split(":")
    listed = run(["gnutls-cli", "--list", "--priority", gnutls_priority(side)])
    return f"0x{suite[:2]}, 0x{suite[2:]}" in listed


def echoes(peer):
    """Returns whether the peer's server needs nobody to send its data back."""
    return OWN[peer].echoes() if peer in OWN else peer == "gnutls"


def start_wait(peer):
    """Seconds until the peer's server listens or its client sends something."""
    return OWN[peer].numbers["start"] if peer in OWN else 30


@functools.lru_cache(maxsize=None)
def version(program):
    """Returns the first line of the program's version."""
    argument = "version" if program == "openssl" else "--version"
    said = run([program, argument]).splitlines()
    return said[0] if said else "unknown"


def versions(peer, role):
    """Returns {program: version} of a peer; nothing for a user's own, or for a program that is not there."""
    return {} if peer in OWN or missing_program(peer, role) else {PROGRAMS[peer, role]: version(PROGRAMS[peer, role])}


def is_older(peer, role, than):
    """Returns whether the peer's program has a version before `than`; one without a number has not."""
    found = None if peer in OWN else re.search(r"\d+(\.\d+)+", version(PROGRAMS[peer, role]))
    numbers = lambda text: [int(number) for number in text.split(".")]
    return found is not None and numbers(found[0]) < numbers(than)


def run(argv):
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60, check=False)
    except OSError:
        return ""
    return done.stdout


# Ports.


def has_ipv6():
    """True if this host has the loopback address ::1."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


def free_port(host):
    """Returns a port that is free now.  Its user must cope with losing the race for it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((host, 0))
        return sock.getsockname()[1]


def bound(port):
    """Returns whether a process has this UDP port open (Linux)."""
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        try:
            with open(table, encoding="ascii") as lines:
                for line in lines.readlines()[1:]:
                    if int(line.split()[1].rpartition(":")[2], 16) == port:
                        return True
        except OSError:
            continue
    return False
