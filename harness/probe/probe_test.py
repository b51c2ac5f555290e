#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""nxdtls probe, from outside.

usage: probe_test.py NXDTLS PKI WHAT

NXDTLS is the program, PKI the folder of the test certificates.  WHAT is one of
the functions below that main() lists.  A server is started with known
settings, and what the probe finds must be these.  Each wait has an end, and no
result depends on how fast the machine is."""
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

KEY = "000102030405060708090a0b0c0d0e0f"
SUITES = "cca8 c02b c02f c0ac 009c 00a8 c0a8 c023"  # in the order of the program
SECONDS = 300


class Test:
    def __init__(self, nxdtls, pki):
        self.nxdtls = nxdtls
        self.pki = pathlib.Path(pki)
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def run(self, *words, status=0, says=()):
        """Runs nxdtls; returns what it has said."""
        run = subprocess.run([self.nxdtls, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False)
        print(run.stdout)
        assert run.returncode == status, f"{words}: status {run.returncode}, not {status}"
        for text in says:
            assert text in run.stdout, f"{words}: it does not say: {text}"
        return run.stdout

    def probe(self, address, *words, says=()):
        """Probes a server; returns the JSON document and the page."""
        path = self.path / "probe.json"
        said = self.run("probe", "--json", str(path), "--ics", str(self.path / "draft.ini"), *words, address, says=says)
        document = json.loads(path.read_text("utf-8"))
        expect_schema(document)
        return document, said

    def key_words(self, *names):
        return [word for name in names for word in
                ("--cert", str(self.pki / f"{name}.pem"), "--key", str(self.pki / f"{name}.key"))]


def expect_schema(document):
    """The document has what the schema asks for (without its library)."""
    path = pathlib.Path(__file__).resolve().parents[2] / "reports/schema/probe.json"
    schema = json.loads(path.read_text("utf-8"))
    assert set(schema["required"]) <= set(document) <= set(schema["properties"]), document.keys()
    for key, fact in document["facts"].items():
        assert len(fact) == 1 and set(fact) <= {"value", "not_told"}, (key, fact)


def expect(document, **facts):
    """These facts are told, and are so."""
    for key, value in facts.items():
        fact = document["facts"][key]
        assert fact.get("value") == value, f"{key}: {fact}, not {value}"


def expect_draft_holds(test, address, *words):
    """nxdtls check reads the draft and finds every claim of it true."""
    path = test.path / "results.jsonl"
    test.run("check", "--ics", str(test.path / "draft.ini"), "--server", address, "--only", "P-GEN-*", "--json", str(path), *words)
    results = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    verdicts = [result["verdict"] for result in results]
    assert verdicts.count("pass") > 3 and set(verdicts) <= {"pass", "not-applicable"}, verdicts


def expect_untold(document, **reasons):
    """These facts are not told, for these reasons."""
    for key, reason in reasons.items():
        fact = document["facts"][key]
        assert fact.get("not_told") == reason, f"{key}: {fact}, not {reason}"


class Server:
    """A server process; `ready` says when it listens."""

    def __init__(self, words, stdin=subprocess.PIPE):
        self.process = subprocess.Popen(words, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def wait_for(self, text):
        """Returns the first line with the text; what comes later is read, too,
        or the server would wait for a reader."""
        for line in self.process.stdout:
            if text in line:
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return line
        raise AssertionError(f"the server does not say: {text}")

    def wait_a_moment(self):
        """Waits until it ends, for a hundredth of a second."""
        try:
            self.process.wait(0.01)
        except subprocess.TimeoutExpired:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait(SECONDS)


def own_server(test, *words):
    server = Server([test.nxdtls, "server", *words, "127.0.0.1:0"])
    server.address = server.wait_for("listening on").split("listening on ")[1].split()[0]
    return server


def usage(test):
    rest = (
        ([], "HOST:PORT is missing"),
        (["127.0.0.1:1", "127.0.0.1:2"], "one HOST:PORT or --listen PORT is enough"),
        (["--json", str(test.path / "none" / "probe.json"), "127.0.0.1:1"], "probe.json: No such file"),
        (["--nonsense", "127.0.0.1:1"], "unrecognized option"),
        (["--listen", "1", "127.0.0.1:1"], "one HOST:PORT or --listen PORT is enough"),
        (["--psk", "client", "127.0.0.1:1"], "not ID:HEXKEY"),
        (["--psk", "client:xyz", "127.0.0.1:1"], "not a key in hexadecimal"),
        (["--cert", str(test.pki / "ec.pem"), "127.0.0.1:1"], "--cert and --key belong together"),
        (["--cert", str(test.pki / "ec.key"), "127.0.0.1:1"], "the file has no certificate"),
        (["--ca", str(test.path / "none.pem"), "127.0.0.1:1"], "none.pem: No such file"),
    )
    for words, says in rest:
        test.run("probe", *words, status=2, says=[says])
    for size, short in ((15, True), (16, False)):
        said = test.run("probe", "--psk", f"a:b:{'5a' * size}", "nowhere", status=3)
        assert ("warning: the key of a:b: 15 bytes are weaker than any suite" in said) == short, said
        assert "5a" not in said, f"a key is shown: {said}"
    test.run("probe", "--help", says=["usage: nxdtls probe", "--ics FILE", "Exit status"])


def absent(test):
    """No server, and two that are none: one line, status 3."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent_port = silent.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        for address, why in ((f"127.0.0.1:{port}", "nothing listens"), ("nowhere", "not HOST:PORT"),
                             (f"127.0.0.1:{silent_port}", "nothing answers")):
            said = test.run("probe", address, status=3, says=[address, why])
            assert len(said.splitlines()) == 1, said
        # A draft of nothing is none, and leaves the one that was there.
        new, old = test.path / "new.ini", test.path / "old.ini"
        old.write_text("# mine", "ascii")
        test.run("probe", "--json", str(new), "--ics", str(old), f"127.0.0.1:{port}", status=3)
        assert not new.exists() and old.read_text("ascii") == "# mine"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as echo:
        echo.bind(("127.0.0.1", 0))
        threading.Thread(target=send_text, args=(echo,), daemon=True).start()
        test.run("probe", f"127.0.0.1:{echo.getsockname()[1]}", status=3, says=["not DTLS"])


def send_text(sock):
    while True:
        try:
            _, address = sock.recvfrom(65535)
            sock.sendto(b"what do you want?", address)
        except OSError:
            return


def everything(test):
    """Our server with certificates of both kinds and a key."""
    with own_server(test, *test.key_words("rsa", "ec"), "--psk", f"client:{KEY}", "--cipher",
                    SUITES.replace(" ", ","), "--alpn", "coap,other", "--echo") as server:
        document, _ = test.probe(server.address)
        expect(document, versions=["1.2"], suites=SUITES.split(), suite_order=["own"], one_client=["no"],
               groups=["001d", "0017", "0018", "0019", "001e"], keys=["ec:256", "rsa:2048"], chain_hashes=["SHA256", "SHA256"],
               pairs="0804 0805 0806 0401 0501 0601 0403 0503 0603".split(),
               ems=["yes"], etm=["yes"], reneg_info=["yes"], alpn="coap", compression=["no"], session_id=["no"],
               extensions="0000 0001 0010 0014 0016 001c 0017 ff01".split(),
               cookie=["on"], cookie_bytes=32, cookie_binds=["address", "random", "suites", "session_id"],
               frag_first_hello=["yes"], frag_hello=["128"],
               fault_suites="alert 40 (handshake_failure)", fault_groups="alert 40 (handshake_failure)",
               fault_pairs="alert 40 (handshake_failure)", fault_version="alert 70 (protocol_version)",
               fault_cut="alert 50 (decode_error)", fault_order="alert 10 (unexpected_message)",
               fault_share="alert 47 (illegal_parameter)", fault_finished="alert 51 (decrypt_error)",
               client_auth=["none"], echo=["yes"], close=["yes"], renegotiation=["client"], replay=["on"], replay_window=64,
               largest_record=16384, badrec=["silent"], psk_unknown=["115"], psk_hint="none")
        chains = "\n".join(document["facts"]["chains"]["value"])
        assert "CN = ec: ec 256 bits" in chains and "DNS:localhost" in chains and "by O = nxdtls test PKI, CN = root" in chains
        assert document["facts"]["schedule"]["value"].count(" s") == 3, document["facts"]["schedule"]
        expect_draft_holds(test, server.address)


def psk(test):
    """A server with a pre-shared key alone, without the key and with it."""
    needs = "it needs a pre-shared key (--psk)"
    with own_server(test, "--psk", f"client:{KEY}", "--hint", "which one?", "--cipher", "c0a8,d001,c037",
                    "--no-renegotiation", "--record-limit", "0") as server:
        document, _ = test.probe(server.address, "--quick")
        expect(document, suites=["d001", "c0a8", "c037"], psk_hint="which one?", psk_unknown=["115"], etm=["yes"],
               groups=["001d", "0017", "0018", "0019", "001e"], extensions=["0001", "0016", "0017", "ff01"])
        expect_untold(document, schedule="--quick does not wait for it", keys="it shows no certificate", pairs="it has no suite that signs", handshake=needs, echo=needs,
                      replay=needs, fault_finished=needs)
        document, _ = test.probe(server.address, "--quick", "--psk", f"client:{KEY}", says=["works with ECDHE_PSK_WITH_AES_128_GCM_SHA256"])
        expect(document, echo=["no"], close=["yes"], renegotiation=["refuse"], badrec=["silent"], fault_finished="alert 51 (decrypt_error)")
        expect_untold(document, replay="it sends no data back")
        expect_draft_holds(test, server.address)


def mutual(test):
    """A server that asks for the client's certificate."""
    own = test.key_words("ec")
    with own_server(test, *own, "--ca", str(test.pki / "root.pem"), "--client-auth", "--cipher", "c02b") as server:
        document, _ = test.probe(server.address, "--quick")
        expect(document, client_auth=["require"], keys=["ec:256"], suites=["c02b"])
        needs = "it needs a certificate of the client (--cert)"
        expect_untold(document, handshake=needs, close=needs, dh_bits="it has no suite with DHE", trust="no --ca was given",
                      suite_order="it has only one suite")
        document, _ = test.probe(server.address, "--quick", *own)
        expect_untold(document, handshake="it refuses the certificate of --cert")
        document, _ = test.probe(server.address, "--quick", *test.key_words("client-ec-1"), "--ca", str(test.pki / "root.pem"))
        expect(document, client_auth=["require"], handshake="works with ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", close=["yes"], trust="yes")
        document, _ = test.probe(server.address, "--quick", "--ca", str(test.pki / "ec.pem"))
        assert document["facts"]["trust"]["value"] != "yes", document["facts"]["trust"]


def openssl(test):
    """OpenSSL's own program, which serves one client after the other."""
    with openssl_server(test, "-dtls1_2", "-listen") as server:
        document, _ = test.probe(server.address)
    expect(document, versions=["1.2"], one_client=["yes"], suite_order=["client"], cookie=["on"], keys=["rsa:2048"],
           cookie_binds=["address"], frag_first_hello=["yes"], frag_hello=["1", "16", "64", "128"], badrec=["silent"],
           fault_finished="alert 51 (decrypt_error)", client_auth=["none"], ems=["yes"], etm=["yes"], dh_bits=2048)
    assert {"c02f", "002f", "009e"} <= set(document["facts"]["suites"]["value"]), document["facts"]["suites"]
    # The probe leaves a server that has no other socket for its cookies as it found it.
    with openssl_server(test, "-dtls1_2") as server:
        for _ in range(2):
            document, _ = test.probe(server.address)
            expect(document, one_client=["yes"], cookie=["on"], cookie_binds=["address"])
    # One that has DTLS 1.0 alone.
    with openssl_server(test, "-dtls1", "-cipher", "ALL:@SECLEVEL=0") as server:
        document, _ = test.probe(server.address)
    expect(document, versions=["1.0"])
    expect_untold(document, suites="it accepts no hello of DTLS 1.2", cookie="it accepts no hello of DTLS 1.2")
    assert document["profiles"] == []


def openssl_server(test, *words):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % free.getsockname()[1]
    keys = [word.replace("--", "-") for word in test.key_words("rsa")]
    # With a terminal it ends with its first client.
    server = Server(["openssl", "s_server", *words, "-accept", address, *keys, "-quiet"], stdin=subprocess.DEVNULL)
    server.address = address
    wait_for_port(server, address)
    return server


def verdicts(test):
    """Profiles, for a server that is made for one of them, and for a bad one."""
    with own_server(test, *test.key_words("ec"), "--cipher", "c02b,c02c", "--no-renegotiation", "--echo") as server:
        document, said = test.probe(server.address, "--quick")
    expect_profile(document, "RFC 9325 (BCP 195)", "ok")
    expect_profile(document, "NIAP FP_TLS", "ok as far as told")
    expect_profile(document, "BSI TR-02102-2 (2023)", "ok", advice={"only groups of the list": "x25519"})
    expect_profile(document, "BSI TR-03116-4 (2023)", "would fail", fails={"secp256r1 and brainpoolP256r1": "without brainpoolP256r1"})
    expect_profile(document, "RFC 7925 (IoT)", "would fail", fails={"c0ae with certificates":
                                                                    "without ECDHE_ECDSA_WITH_AES_128_CCM_8"})
    expect_profile(document, "BSI TR-03116-3 WAN (2023)", "would fail", fails={
        "c023 and c02b": "without ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "secp256r1, brainpoolP256r1 and brainpoolP384r1": "without brainpoolP256r1 and brainpoolP384r1",
        "only curves of NIST and brainpool up to 512": "x25519"})
    expect_profile(document, "BSI TR-03116-3 HAN (2023)", "would fail", fails={
        "c023, c02b and c02c": "without ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "secp256r1, secp384r1 and the brainpool curves of 256, 384 and 512":
            "without secp384r1 and brainpoolP256r1 and brainpoolP384r1 and brainpoolP512r1"})
    assert "FAIL      secp256r1 and brainpoolP256r1: without brainpoolP256r1" in said
    with own_server(test, *test.key_words("ec"), "--cipher", "c0ae", "--no-renegotiation") as server:
        document, _ = test.probe(server.address, "--quick")
    expect_profile(document, "RFC 7925 (IoT)", "ok as far as told")
    expect_profile(document, "RFC 9325 (BCP 195)", "ok", advice={"c02b and c02c": "without ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and "
                                                                 "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"})
    with own_server(test, *test.key_words("rsa"), "--cipher", "0002,c013") as server:
        document, _ = test.probe(server.address, "--quick")
    safe = {"CBC only with encrypt-then-MAC": "it takes CBC without it, too"}
    expect_profile(document, "RFC 9325 (BCP 195)", "would fail",
                   fails={"no suite without encryption, with RC4, or for export": "0002"},
                   advice={"no suite with static RSA": "0002", "c02f and c030": "without ECDHE_RSA_WITH_AES_128_GCM_SHA256 and "
                           "ECDHE_RSA_WITH_AES_256_GCM_SHA384", **safe})
    expect_profile(document, "NIAP FP_TLS", "would fail", fails={"no suite without encryption (FCS_DTLSS_EXT.1.1-T2b)": "0002"})
    expect_profile(document, "BSI TR-02102-2 (2023)", "would fail",
                   fails={"RSA keys of 3000 bits or more": "rsa:2048 bits", "no renegotiation by the client": "client"},
                   advice={"only suites of the list (RSA_PSK and static ones end with 2026)": "c013 0002",
                           "only groups of the list": "x25519 x448", **safe,
                           "no RSA PKCS#1 v1.5 (it ended with 2025)": "rsa+sha256 rsa+sha384 rsa+sha512"})


def expect_profile(document, name, verdict, fails=None, advice=None):
    """The profile's verdict, and just these items are broken."""
    profile, = (p for p in document["profiles"] if p["name"] == name)
    broken = {must: {item["what"]: item["why"] for item in profile["items"] if item["result"] == "broken" and item["must"] == must}
              for must in (True, False)}
    assert (profile["verdict"], broken[True], broken[False]) == (verdict, fails or {}, advice or {}), (name, profile["verdict"], broken)
    assert (profile["broken"], profile["unmet"]) == (len(broken[True]), len(broken[False]))


def client(test):
    """Our client, which comes to the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % free.getsockname()[1]
    files = [str(test.path / name) for name in ("client.json", "client.ini")]
    words = [test.nxdtls, "client", "--echo", "--name", "localhost", "--alpn", "coap,other", "--cipher", "c02b,c02f", "--timeout", "60",
             "--ca", str(test.pki / "root.pem")]
    with Server([test.nxdtls, "probe", "--listen", address, "--json", files[0], "--ics", files[1]]) as probe:
        probe.wait_for("waiting for a client")
        subprocess.run([*words, "--no-stdin", address], timeout=SECONDS, check=False)
        assert probe.process.wait(SECONDS) == 0
    document = json.loads(pathlib.Path(files[0]).read_text("utf-8"))
    expect_schema(document)
    assert document["who"] == "client" and document["profiles"] == []
    expect(document, versions=["1.2"], suites=["c02b", "c02f"], groups=["001d", "0017", "0018", "0019", "001e"],
           pairs="0403 0503 0603 0807 0804 0805 0806 0401 0501 0601".split(),
           extensions="0000 0017 000a 000b 000d 0010 001c".split(), ems=["yes"], etm=["no"], reneg_info=["yes"],
           alpn="coap other", server_name="localhost", returns_cookie=["yes"], same_hello=["yes"])
    assert document["facts"]["schedule"]["value"].count(" s") == 3, document["facts"]["schedule"]
    assert "cookie" not in document["facts"]
    command = f"exec {' '.join(words)} {{host}}:{{port}}"
    test.run("check", "--client-command", command, "--ics", files[1], "--only", "P-GEN-2", says=["1 pass, 0 fail"])


def wait_for_port(server, address):
    """Waits until somebody has a socket at the address."""
    host, port = address.split(":")
    entry = f" {socket.inet_aton(host)[::-1].hex().upper()}:{int(port):04X} "
    for _ in range(SECONDS * 100):
        assert server.process.poll() is None, "the server has ended"
        if entry in pathlib.Path("/proc/net/udp").read_text("ascii"):
            return
        server.wait_a_moment()
    raise AssertionError("the server does not listen")


def main():
    what = {function.__name__: function for function in (usage, absent, everything, psk, mutual, verdicts, openssl, client)}
    what[sys.argv[3]](Test(sys.argv[1], sys.argv[2]))


main()
