# SPDX-License-Identifier: MIT
"""The relay: it forwards both ways, keeps clients apart and writes everything down."""

import os
import socket
import subprocess
import unittest

import made
import peers
import relay

LAB = os.environ.get("NXDTLS_LAB", os.path.join(os.path.dirname(__file__), "../../build/dev/bin/nxdtls-lab"))


class Forwarding(unittest.TestCase):
    family, host = socket.AF_INET, "127.0.0.1"

    def setUp(self):
        self.server = self.socket()
        self.server.bind((self.host, 0))
        self.relay = relay.Relay(self.server.getsockname()[:2], self.family)
        self.addCleanup(self.relay.close)

    def socket(self):
        sock = socket.socket(self.family, socket.SOCK_DGRAM)
        sock.settimeout(20)
        self.addCleanup(sock.close)
        return sock

    def client(self, text):
        sock = self.socket()
        sock.connect(self.relay.address)
        sock.send(text)
        return sock

    def test_both_ways_and_written_down(self):
        client = self.client(b"there")
        data, back = self.server.recvfrom(100)
        self.assertEqual(data, b"there")
        self.server.sendto(b"and back", back)
        self.assertEqual(client.recv(100), b"and back")
        seen = [(d.sender, d.data) for d in self.relay.wire().datagrams]
        self.assertEqual(seen, [("client", b"there"), ("server", b"and back")])

    def test_two_clients_have_two_addresses_and_two_records(self):
        clients, addresses = [], []
        for text in (b"one", b"two"):
            clients.append(self.client(text))
            addresses.append(self.server.recvfrom(100)[1])
        self.assertNotEqual(*addresses)
        for number, address in enumerate(addresses):
            with self.subTest(client=number):
                self.server.sendto(b"for %d" % number, address)
                self.assertEqual(clients[number].recv(100), b"for %d" % number)
        self.assertEqual([d.data for d in self.relay.wire(1).datagrams], [b"two", b"for 1"])

    def under(self, scenario):
        fates = relay.Fates(LAB, scenario, 1)
        self.addCleanup(fates.close)
        self.relay.fates = fates

    def test_what_is_lost_is_written_down_and_does_not_arrive(self):
        self.under("singles-1")
        hellos = [made.client_hello(), made.client_hello() + b"1", made.client_hello() + b"2"]
        client = self.client(hellos[0])
        for hello in hellos[1:]:
            client.send(hello)
        self.assertEqual([self.server.recv(200) for _ in range(2)], [hellos[0], hellos[2]])
        self.assertEqual([d.lost for d in self.relay.wire().datagrams], [False, True, False])

    def test_data_is_not_lost(self):
        self.under("silence")  # what the server says
        data = bytes([relay.records.APPLICATION_DATA]) + b"data"
        client = self.client(made.client_hello())
        address = self.server.recvfrom(100)[1]
        self.server.sendto(made.client_hello(), address)
        self.server.sendto(data, address)
        self.assertEqual(client.recv(100), data)
        self.assertEqual([d.lost for d in self.relay.wire().datagrams], [False, True, False])

    def test_copies_arrive_in_the_order_of_their_delays(self):
        self.under("jitter")
        hellos = [made.client_hello() + bytes([number]) for number in range(12)]
        client = self.client(hellos[0])
        for hello in hellos[1:]:
            client.send(hello)
        arrived = [self.server.recv(200) for _ in hellos]
        self.assertEqual(sorted(arrived), hellos)
        self.assertNotEqual(arrived, hellos)
        delay = {d.data: d.delays[0] for d in self.relay.wire().datagrams}
        self.assertLess(delay[arrived[0]], delay[arrived[-1]])

    def test_what_is_doubled_arrives_twice(self):
        self.under("doubles")
        client = self.client(made.client_hello())
        for _ in range(19):
            client.send(made.client_hello())
        wire = self.relay.wait(lambda wire: len(wire.datagrams) == 20, 20)
        wanted = sum(len(d.delays) for d in wire.datagrams)
        self.assertGreater(wanted, 20)
        for _ in range(wanted):
            self.server.recv(200)

    def test_a_repeated_hello_is_one_record_further(self):
        self.relay.repeat_hello = True
        hello = made.client_hello()
        client = self.client(hello)
        first, second = self.server.recv(200), self.server.recv(200)
        self.assertEqual((first, second[13:]), (hello, hello[13:]))
        numbers = [made.records.parse(d)[0].seq for d in (first, second)]
        self.assertEqual(numbers[1], numbers[0] + 1)
        client.send(b"once")
        self.assertEqual(self.server.recv(200), b"once")

    def test_a_frozen_relay_is_deaf(self):
        client = self.client(b"one")
        self.server.recv(100)
        self.relay.freeze()
        client.send(b"two")
        self.server.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            self.server.recv(100)
        self.assertEqual(len(self.relay.wire().datagrams), 1)

    def test_a_server_that_is_gone_is_a_loss(self):
        self.server.close()
        client = self.client(b"one")
        client.send(b"two")
        client.settimeout(0.3)
        with self.assertRaises((TimeoutError, ConnectionRefusedError)):
            client.recv(100)
        self.assertTrue(self.relay.thread.is_alive())


@unittest.skipUnless(peers.has_ipv6(), "this host has no ::1")
class Forwarding6(Forwarding):
    family, host = socket.AF_INET6, "::1"


class Fate(unittest.TestCase):
    def fates(self, scenario, seed, senders):
        with relay.Fates(LAB, scenario, seed) as fates:
            said = [(sender, fates.of(sender, 100)) for sender in senders]
        return {way: [delays for sender, delays in said if sender == way] for way in (relay.CLIENT, relay.SERVER)}

    def test_it_follows_from_seed_direction_and_place(self):
        client, server = [relay.CLIENT] * 20, [relay.SERVER] * 20
        one = self.fates("loss-20", 7, client + server)
        self.assertEqual(one, self.fates("loss-20", 7, [way for both in zip(client, server) for way in both]))
        self.assertNotEqual(one, self.fates("loss-20", 8, client + server))
        self.assertIn((), one[relay.CLIENT])
        self.assertIn((10,), one[relay.CLIENT])
        self.assertNotEqual(one[relay.CLIENT], one[relay.SERVER])

    def test_one_way_scenarios_are_one_way(self):
        seen = self.fates("silence", 1, [relay.CLIENT, relay.SERVER] * 5)
        self.assertEqual(seen, {relay.CLIENT: [(10,)] * 5, relay.SERVER: [()] * 5})

    def test_what_a_relay_cannot_do_is_refused(self):
        for scenario in ("rain", "singles-99", "singles-x", "move-data", "replay", "mtu-300"):
            done = subprocess.run([LAB, "--fates", scenario], input="0 1\n", capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""), scenario)
            self.assertIn(scenario, done.stderr)


class Questions(unittest.TestCase):
    def test_the_cookie_must_be_the_one_asked_for(self):
        self.assertEqual(made.wire(*made.HELLOS).cookie_at(), 2)
        other = made.HELLOS[:2] + [(">", made.client_hello(b"other", seq=1))]
        self.assertIsNone(made.wire(*other).cookie_at())
        self.assertIsNone(made.wire(made.HELLOS[2]).cookie_at())

    def test_a_retransmission_is_a_repeat_and_a_new_message_is_not(self):
        self.assertEqual(made.wire(*made.HELLOS).repeats(relay.CLIENT), 0)
        again = made.HELLOS + [made.HELLOS[2]] * 2
        self.assertEqual(made.wire(*again).repeats(relay.CLIENT), 2)

    def test_close_notify_is_no_alert(self):
        steps = [("<", made.alert(0, 1)), ("<", made.alert(70))]
        self.assertEqual(made.wire(*steps).alerts(relay.SERVER), [70])

    def test_the_largest_datagram_of_one_sender(self):
        steps = [(">", bytes(7)), ("<", bytes(99)), (">", bytes(3))]
        self.assertEqual(made.wire(*steps).largest(relay.CLIENT), 7)


if __name__ == "__main__":
    unittest.main()
