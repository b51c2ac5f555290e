# SPDX-License-Identifier: MIT
"""Verdicts: each word of a cell's `expect` column is one check of an observation.

A check returns (holds, text about the observation).  A cell passes if all
checks hold.
"""

import records
import relay


FAIL, PASS, NOT_APPLICABLE = VERDICTS = ("fail", "pass", "not-applicable")


class UnknownWord(ValueError):
    """A word in the expect column that no check has."""


def judge(seen):
    """Returns (verdict, [(word, holds, text)]) of one played scene."""
    checks = [(word, *check(seen, word)) for word in seen.cell.expect]
    if seen.trouble:
        checks.append(("played", False, seen.trouble))
    holds = bool(checks) and all(check[1] for check in checks)
    return (PASS if holds else FAIL), checks


def check(seen, word):
    name, _, value = word.partition("=")
    function = CHECKS.get(name)
    if not function:
        raise UnknownWord(f"{word!r}: known are {', '.join(CHECKS)}")
    if seen.first.wire is None:
        return False, "nothing was recorded"
    return function(seen, value) if value else function(seen)


def verify_words(cells):
    """Raises UnknownWord if a cell has a word that is no check; called before anything starts."""
    for cell in cells:
        for word in cell.expect:
            if word.partition("=")[0] not in CHECKS and not cell.not_applicable:
                raise UnknownWord(f"{cell.id}: {word!r}: known are {', '.join(CHECKS)}")


def ends(seen):
    """Returns (our sender name, the peer's) on the wire."""
    if seen.cell.ours == "client":
        return relay.CLIENT, relay.SERVER
    return relay.SERVER, relay.CLIENT


# Handshakes that must succeed.


def connected(seen, suite=None):
    """Both ends sent under new keys, and our line and the ServerHello name one suite."""
    return has_connected(seen.first, seen.cell.suite)


def has_connected(attempt, suite):
    if not attempt.connected:
        return False, f"our end: {describe_failure(attempt)}"
    ours = attempt.connected.group(2).lower()
    choice = attempt.wire.choice()
    wire = f"{choice[1]:04x}" if choice else "none"
    keyed = all(attempt.wire.protected(s, records.HANDSHAKE) for s in (relay.CLIENT, relay.SERVER))
    text = f"suite {ours} in our line, {wire} in ServerHello"
    text += "" if keyed else ", a Finished is not on the wire"
    return ours == wire and suite in ("", wire) and keyed, text


def cookie(seen):
    if seen.first.wire.cookie_at() is None:
        return False, "no ClientHello returned the cookie of a HelloVerifyRequest"
    return True, "HelloVerifyRequest, and its cookie back"


def data(seen):
    """The client got back what it sent, and the server program printed the same."""
    return same_bytes(seen.first, ends(seen))


def same_bytes(attempt, both):
    for name, got in (("back", attempt.returned), ("at the server", attempt.arrived)):
        if got is not None and got != attempt.sent:
            return False, f"{name}: {difference(attempt.sent, got)}"
    if not attempt.sent:
        return False, "nothing was sent"
    for sender in both:
        if not attempt.wire.protected(sender, records.APPLICATION_DATA):
            return False, f"no data record of the {sender}"
    return True, f"{len(attempt.sent)} bytes each way, equal"


def difference(sent, got):
    common = next((i for i, (a, b) in enumerate(zip(sent, got)) if a != b), min(len(sent), len(got)))
    return f"{len(got)} of {len(sent)} bytes, different from byte {common}"


def close(seen, how=None):
    """Our close_notify was on the wire; close=0, close=wait: session_end returned 0, or not."""
    attempt, (ours, _) = seen.first, ends(seen)
    if not attempt.closed:
        return False, "our end did not report the end of the session"
    notices = len(attempt.wire.protected(ours, records.ALERT))
    if notices != 1:
        return False, f"{notices} alert records of ours under the new keys"
    if how is None:
        return True, "our close_notify, session closed"
    status = int(attempt.closed.group(1), 16)
    text = f"our close_notify, session_end {status:#x} ({attempt.closed.group(2)})"
    return (status == 0) == (how == "0"), text


def mutual(seen):
    """The client's certificate and CertificateVerify were on the wire, and our server knows it."""
    wire = seen.first.wire
    chains = wire.messages(relay.CLIENT, records.CERTIFICATE)
    counted = records.raw_key_count if seen.cell.client.rpk else records.certificate_count
    count = counted(chains[0]) if chains else 0
    proof = bool(wire.fragments(relay.CLIENT, records.CERTIFICATE_VERIFY))
    text = f"{count} client certificates, CertificateVerify {'sent' if proof else 'missing'}"
    if seen.cell.ours == "server":
        line = seen.first.connected.group(3) if seen.first.connected else ""
        known = "client_certificate=1" in line
        return count > 0 and proof and known, text + f", our line has {line.strip() or 'none'}"
    return count > 0 and proof, text


def chain(seen, length):
    got = seen.first.wire.messages(relay.SERVER, records.CERTIFICATE)
    count = records.certificate_count(got[0]) if got else 0
    return count == int(length), f"{count} certificates in the server's Certificate"


def split(seen):
    """The server's Certificate came in fragments with different offsets."""
    pieces = seen.first.wire.fragments(relay.SERVER, records.CERTIFICATE)
    offsets = {f.offset for f in pieces}
    return len(offsets) > 1, f"Certificate in {len(offsets)} fragments"


def mtu(seen, limit):
    largest = seen.first.wire.largest(ends(seen)[0])
    return 0 < largest <= int(limit), f"our largest datagram has {largest} bytes"


def renegotiated(seen):
    """Both Finished of a second handshake came, and the last data was under its keys."""
    wire = seen.first.wire
    if not wire.renegotiated():
        return False, "one end sent no Finished in the second epoch"
    for sender in ends(seen):
        data = wire.protected(sender, records.APPLICATION_DATA)
        if not data or data[-1].epoch != 2:
            return False, f"no data of the {sender} in the second epoch"
    told = any("renegotiated suite=" in line for line in seen.our_lines)
    if seen.cell.our_side.renegotiate and not told:
        return False, "our end did not report it"
    return True, "both Finished and data in the second epoch"


def says(seen, words):
    """Our status line has these words; in the cell, commas stand between them."""
    line = seen.first.connected.group(3) if seen.first.connected else ""
    missing = [word for word in words.split(",") if word not in line.split()]
    return not missing, f"our line has {line.strip() or 'none'}"


def line(seen, word):
    """A line of ours has this word."""
    holds = any(word in text.split() for text in seen.our_lines)
    return holds, f"{'a' if holds else 'no'} line of ours has {word}"


def ipv6(seen):
    used = seen.cell.kind == "ipv6" and any("[::1]" in command for command in seen.commands)
    return used, "over ::1" if used else "not over IPv6"


# Handshakes that must fail.


def failed(seen):
    """Our end reports the failure with a status and a message."""
    attempt = seen.first
    if attempt.connected or not attempt.failed:
        return False, f"our end: {describe_failure(attempt)}"
    status, text = int(attempt.failed.group(1), 16), attempt.failed.group(2)
    return status != 0 and bool(text), describe_failure(attempt)


def status(seen, value):
    got = seen.first.failed
    holds = bool(got) and int(got.group(1), 16) == int(value, 16)
    return holds, describe_failure(seen.first)


def describe_failure(attempt):
    if not attempt.failed:
        return attempt.outcome
    return "status 0x{} ({}), alert sent {}, received {}".format(*attempt.failed.groups())


def sent(seen, value):
    return alert_of(seen, ends(seen)[0], 3, int(value))


def received(seen, value):
    return alert_of(seen, ends(seen)[1], 4, int(value))


def alert_of(seen, sender, group, value):
    """Exactly this alert was in the clear on the wire, and is in our status line."""
    wire = seen.first.wire.alerts(sender)
    told = seen.first.failed.group(group) if seen.first.failed else "none"
    text = f"on the wire {wire or 'none'}, in our line {told}"
    return set(wire) == {value} and told == str(value), text


def after_cookie(seen):
    """Our alert came only after the client had returned a valid cookie."""
    wire, (ours, _) = seen.first.wire, ends(seen)
    cookie_at, alert_at = wire.cookie_at(), wire.first_alert_at(ours)
    if cookie_at is None or alert_at is None:
        return False, f"cookie at record {cookie_at}, our alert at {alert_at}"
    return cookie_at < alert_at, f"cookie at record {cookie_at}, our alert at {alert_at}"


def silence(seen):
    """Neither end sent an alert or data, the server sent nothing under new keys,
    and an end that waited retransmitted."""
    wire = seen.first.wire
    for sender in (relay.CLIENT, relay.SERVER):
        if wire.records(sender, records.ALERT):
            return False, f"an alert record of the {sender}"
        if wire.records(sender, records.APPLICATION_DATA):
            return False, f"a data record of the {sender}"
    if wire.protected(relay.SERVER, records.HANDSHAKE):
        return False, "the server finished"
    repeats = wire.repeats(relay.CLIENT) + wire.repeats(relay.SERVER)
    return repeats > 0, f"no alert, {repeats} messages repeated"


def lost(seen):
    """The network lost datagrams, and an end retransmitted."""
    wire = seen.first.wire
    number = sum(d.lost for d in wire.datagrams)
    repeats = wire.repeats(relay.CLIENT) + wire.repeats(relay.SERVER)
    return number > 0 and repeats > 0, f"{number} datagrams lost, {repeats} messages repeated"


def network(seen):
    """The simulated network decided about every datagram of a handshake."""
    asked = [d for d in seen.first.wire.datagrams if relay.is_handshake(d.data)]
    passed = sum(d.delays == (0,) for d in asked)
    lost, doubled = sum(d.lost for d in asked), sum(len(d.delays) > 1 for d in asked)
    longest = max((delay for d in asked for delay in d.delays), default=0)
    return bool(asked) and not passed, (
        f"of {len(asked)} datagrams {lost} lost, {doubled} doubled, {passed} not asked about; up to {longest} ms late")


def keyed(seen):
    """The client sent its Finished, as far as it can be seen without keys."""
    sent = bool(seen.first.wire.protected(relay.CLIENT, records.HANDSHAKE))
    return sent, "the client's Finished " + ("was sent" if sent else "was not sent")


def unanswered(seen):
    """The client returned the cookie, and no message of the server came after it."""
    wire = seen.first.wire
    kinds = {f.type for r in wire.records(relay.SERVER) for f in r.fragments}
    text = f"the server's messages are of types {sorted(kinds) or 'none'}"
    return wire.cookie_at() is not None and kinds == {records.HELLO_VERIFY_REQUEST}, text


def counter(seen, name):
    value = (seen.counters or {}).get(name)
    return bool(value), f"{name}={value}"


def again(seen):
    """A server with one slot served a second client."""
    if seen.again is None:
        return False, "no second client came"
    for holds, text in (
        has_connected(seen.again, seen.cell.again.suite),
        same_bytes(seen.again, ends(seen)),
    ):
        if not holds:
            return False, "second client: " + text
    return True, "a second client was served"


def exit_status(seen, value):
    return seen.our_exit == int(value), f"our program exited with {seen.our_exit}"


CHECKS = {
    "connected": connected,
    "cookie": cookie,
    "data": data,
    "close": close,
    "mutual": mutual,
    "chain": chain,
    "split": split,
    "mtu": mtu,
    "renegotiated": renegotiated,
    "ipv6": ipv6,
    "says": says,
    "line": line,
    "failed": failed,
    "status": status,
    "sent": sent,
    "received": received,
    "after-cookie": after_cookie,
    "silence": silence,
    "lost": lost,
    "network": network,
    "keyed": keyed,
    "unanswered": unanswered,
    "counter": counter,
    "again": again,
    "exit": exit_status,
}
