# SPDX-License-Identifier: MIT
"""The relay: it forwards both ways, keeps clients apart and writes everything down."""

import socket
import unittest

import made
import relay


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
            self.server.sendto(b"for %d" % number, address)
            self.assertEqual(clients[number].recv(100), b"for %d" % number)
        self.assertEqual([d.data for d in self.relay.wire(1).datagrams], [b"two", b"for 1"])

    def test_what_is_lost_is_written_down_and_does_not_arrive(self):
        self.relay.loses = [1]
        hellos = [made.client_hello(), made.client_hello() + b"1", made.client_hello() + b"2"]
        client = self.client(hellos[0])
        for hello in hellos[1:]:
            client.send(hello)
        self.assertEqual([self.server.recv(200) for _ in range(2)], [hellos[0], hellos[2]])
        self.assertEqual([d.lost for d in self.relay.wire().datagrams], [False, True, False])

    def test_data_is_not_lost(self):
        self.relay.loses = range(10)
        data = bytes([relay.records.APPLICATION_DATA]) + b"data"
        self.client(data)
        self.assertEqual(self.server.recv(100), data)

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


class Forwarding6(Forwarding):
    family, host = socket.AF_INET6, "::1"


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
