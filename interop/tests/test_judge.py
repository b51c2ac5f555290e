# SPDX-License-Identifier: MIT
"""Verdicts: for every check one exchange that holds and one that does not."""

import dataclasses
import unittest

import made
import cells
import judge
import scene

LINE = "nxdtls: connected suite=ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xC02B) ems=1"
CLOSED = "nxdtls: closed status=0x0 (success)"
LATE = "nxdtls: closed status=0x1 (nothing came in time)"
TIMEOUT = ("nxdtls: error: status=0x43 (no answer to any retransmission) "
           "alert_sent=none alert_received=none")


def failure(sent="none", received="none"):
    return f"nxdtls: error: status=0x106 (no) alert_sent={sent}(name) alert_received={received}(name): reason"


def observe(expect, steps, line=None, closed=None, ours="client", **more):
    row = ["case", "fail", ours, "openssl", "c02b", "cert=ec", "ca=root", "-", expect, "-"]
    seen = scene.Observation(cells.parse_row(row))
    seen.first = made.attempt(steps, line, closed)
    for name, value in more.items():
        setattr(seen, name, value)
    return seen


class Words(unittest.TestCase):
    def verdict(self, *args, **kwargs):
        return judge.judge(observe(*args, **kwargs))[0]

    def passes(self, *args, **kwargs):
        self.assertEqual(self.verdict(*args, **kwargs), "pass")

    def fails(self, *args, **kwargs):
        self.assertEqual(self.verdict(*args, **kwargs), "fail")

    def test_connected_needs_our_line_the_wire_and_the_suite(self):
        self.passes("connected", made.WORKING, LINE)
        self.fails("connected", made.WORKING)
        self.fails("connected", made.HELLOS, LINE)
        self.fails("connected", made.WORKING, LINE.replace("C02B", "C02F"))
        other = [s if s[1] != made.server_hello() else ("<", made.server_hello(0xC02F))
                 for s in made.WORKING]
        self.fails("connected", other, LINE.replace("C02B", "C02F"))

    def test_no_word_at_all_is_no_pass(self):
        self.fails("", made.WORKING, LINE)

    def test_says_asks_for_whole_words_of_our_line(self):
        line = LINE + " alpn=coap receive_limit=512"
        self.passes("says=ems=1,alpn=coap", made.WORKING, line)
        self.fails("says=alpn=coa", made.WORKING, line)
        self.fails("says=alpn=coap,receive_limit=51", made.WORKING, line)
        self.fails("says=alpn=coap", made.WORKING)

    def test_a_word_of_any_line_of_ours(self):
        row = ["case", "hello", "client", "openssl", "c02b", "cert=ec staple=good", "ca=root judge", "-", "line=staple=good", "-"]
        seen = scene.Observation(cells.parse_row(row))
        seen.first = made.attempt(made.WORKING, LINE)
        for text, verdict in (("nxdtls: staple=good", "pass"), ("nxdtls: staple=goods", "fail")):
            seen.our_lines = [text]
            self.assertEqual(judge.judge(seen)[0], verdict)

    def test_trouble_is_never_a_pass(self):
        self.fails("connected", made.WORKING, LINE, trouble="the peer did not start")

    def test_cookie(self):
        self.passes("cookie", made.WORKING)
        self.fails("cookie", made.WORKING[2:])

    def test_close_needs_exactly_one_alert_record_and_the_status(self):
        self.passes("close=0", made.WORKING, LINE, CLOSED)
        self.fails("close=0", made.WORKING, LINE, LATE)
        self.passes("close=wait", made.WORKING, LINE, LATE)
        self.fails("close=wait", made.WORKING, LINE, CLOSED)
        self.fails("close=0", made.WORKING[:-1], LINE, CLOSED)
        self.fails("close=0", made.WORKING + made.WORKING[-1:], LINE, CLOSED)
        self.fails("close=0", made.WORKING, LINE)

    def test_sent_is_on_the_wire_and_in_our_line_and_alone(self):
        steps = made.HELLOS + [(">", made.alert(48))]
        self.passes("failed sent=48", steps, failure(sent=48))
        self.fails("failed sent=48", steps, failure(sent="none"))
        self.fails("failed sent=48", made.HELLOS, failure(sent=48))
        self.fails("failed sent=47", steps, failure(sent=48))
        self.fails("failed sent=48", steps + [(">", made.alert(40))], failure(sent=48))
        self.fails("failed received=48", steps, failure(received=48))

    def test_received(self):
        steps = made.HELLOS + [("<", made.alert(40))]
        self.passes("failed received=40", steps, failure(received=40))
        self.fails("failed received=40", steps, failure())

    def test_after_cookie(self):
        late = made.HELLOS + [("<", made.alert(70))]
        early = [made.HELLOS[0], ("<", made.alert(70))] + made.HELLOS[1:]
        self.passes("after-cookie", late, ours="server")
        self.fails("after-cookie", early, ours="server")
        self.fails("after-cookie", made.HELLOS, ours="server")

    def test_silence_is_retransmissions_and_nothing_else(self):
        waiting = made.HELLOS + [made.HELLOS[2]]
        self.passes("failed silence", waiting, TIMEOUT)
        self.fails("failed silence", made.HELLOS, TIMEOUT)
        for way in "<>":
            self.fails("silence", waiting + [(way, made.alert(40))], TIMEOUT)
            self.fails("silence", waiting + [(way, made.alert(0, 1, epoch=1))], TIMEOUT)
            self.fails("silence", waiting + [(way, made.data())], TIMEOUT)
        self.fails("silence", waiting + [("<", made.finished())], TIMEOUT)
        self.passes("silence", waiting + [(">", made.finished())], TIMEOUT)

    def test_how_far_a_silent_handshake_came(self):
        self.passes("keyed", made.HELLOS + [(">", made.finished())])
        self.fails("keyed", made.HELLOS)
        self.passes("unanswered", made.HELLOS)
        self.fails("unanswered", made.HELLOS[:2])
        self.fails("unanswered", made.HELLOS + [("<", made.server_hello())])

    def test_failed_is_not_satisfied_by_a_connection_or_by_nothing(self):
        self.fails("failed", made.WORKING, LINE)
        self.fails("failed", made.HELLOS)
        self.passes("status=43", made.HELLOS, TIMEOUT)
        self.fails("status=1", made.HELLOS, TIMEOUT)

    def test_mutual_needs_a_certificate_its_proof_and_our_word(self):
        proof = [(">", made.record(22, made.certificate(9))), (">", made.handshake(15, b"ab", 4))]
        known, unknown = LINE + " client_certificate=1", LINE + " client_certificate=0"
        self.passes("mutual", made.WORKING + proof, known, ours="server")
        self.fails("mutual", made.WORKING + proof, unknown, ours="server")
        self.fails("mutual", made.WORKING + proof[:1], known, ours="server")
        empty = [(">", made.record(22, made.certificate())), proof[1]]
        self.fails("mutual", made.WORKING + empty, known, ours="server")

    def test_split_and_mtu(self):
        body = made.certificate(300, 300, 300)[12:]
        pieces = [("<", made.handshake(11, body[a:a + 400], 2, offset=a, total=len(body)))
                  for a in range(0, len(body), 400)]
        self.passes("split chain=3 mtu=512", pieces, ours="server")
        self.fails("mtu=400", pieces, ours="server")
        self.fails("chain=4", pieces, ours="server")
        twice = [("<", made.record(22, made.certificate(300)))] * 2
        self.fails("split", twice, ours="server")

    def test_counters(self):
        self.passes("counter=discarded_mac", made.HELLOS, counters={"discarded_mac": 2})
        self.fails("counter=discarded_mac", made.HELLOS, counters={"discarded_mac": 0})
        self.fails("counter=discarded_mac", made.HELLOS)

    def test_renegotiated_needs_both_finished_and_data_in_the_second_epoch(self):
        finished = [(">", made.finished(2)), ("<", made.finished(2))]
        data = [(">", made.record(23, bytes(40), 2)), ("<", made.record(23, bytes(40), 2))]
        self.passes("renegotiated", made.WORKING + finished + data, LINE)
        self.fails("renegotiated", made.WORKING, LINE)
        self.fails("renegotiated", made.WORKING + finished, LINE)
        for missing in (0, 1):
            kept = [step for i, step in enumerate(finished) if i != missing]
            self.fails("renegotiated", made.WORKING + kept + data, LINE)
            kept = [step for i, step in enumerate(data) if i != missing]
            self.fails("renegotiated", made.WORKING + finished + kept, LINE)

    def test_who_renegotiates_must_say_so(self):
        row = ["case", "renegotiate", "client", "openssl", "c02b", "cert=ec", "ca=root renegotiate",
               "-", "renegotiated", "-"]
        seen = scene.Observation(cells.parse_row(row))
        seen.first = made.attempt(made.WORKING + [
            (">", made.finished(2)), ("<", made.finished(2)),
            (">", made.record(23, bytes(40), 2)), ("<", made.record(23, bytes(40), 2))], LINE)
        self.assertEqual(judge.judge(seen)[0], "fail")
        seen.our_lines = ["nxdtls: renegotiated suite=X(0xc02b) ems=1"]
        self.assertEqual(judge.judge(seen)[0], "pass")

    def test_again(self):
        row = ["case", "fail", "server", "openssl", "c02b", "cert=ec", "ca=root", "ca=root",
               "again", "-"]
        seen = scene.Observation(cells.parse_row(row))
        seen.first = made.attempt(made.HELLOS, TIMEOUT)
        self.assertEqual(judge.judge(seen)[0], "fail")
        seen.again = made.attempt(made.WORKING, LINE)
        seen.again.sent = seen.again.returned = seen.again.arrived = b"abc"
        self.assertEqual(judge.judge(seen)[0], "pass")
        seen.again.arrived = b"ab"
        self.assertEqual(judge.judge(seen)[0], "fail")


class Data(unittest.TestCase):
    def verdict(self, sent, returned, arrived):
        seen = observe("data", made.WORKING, LINE)
        seen.first.sent, seen.first.returned, seen.first.arrived = sent, returned, arrived
        return judge.judge(seen)[0]

    def test_the_network_decided_about_each_datagram_of_a_handshake(self):
        def verdict(*delays):
            seen = observe("network", made.WORKING, LINE)
            wire = seen.first.wire
            wire.datagrams = [dataclasses.replace(d, delays=delays[i % len(delays)])
                              for i, d in enumerate(wire.datagrams)]
            return judge.judge(seen)[0]

        self.assertEqual(verdict((10,), ()), judge.PASS)
        self.assertEqual(verdict((10,), (10, 60)), judge.PASS)
        self.assertEqual(verdict((10,), (0,)), judge.FAIL)

    def test_one_byte_of_difference_or_loss_fails(self):
        self.assertEqual(self.verdict(b"abc", b"abc", b"abc"), "pass")
        self.assertEqual(self.verdict(b"abc", b"abc", None), "pass")
        for returned, arrived in ((b"abd", b"abc"), (b"abc", b"ab"), (b"abcc", b"abc"), (b"", b"abc")):
            with self.subTest(returned=returned, arrived=arrived):
                self.assertEqual(self.verdict(b"abc", returned, arrived), "fail")
        self.assertEqual(self.verdict(b"", b"", b""), "fail")


if __name__ == "__main__":
    unittest.main()
