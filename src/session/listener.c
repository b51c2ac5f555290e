/* SPDX-License-Identifier: MIT */
/* The gate before a server (session/listener.h). */
#include "session/listener.h"

#include "base/secret.h"

#include <string.h>

enum dtls_status dtls_listener_init(struct dtls_listener *listener,
                                    const struct dtls_crypto *crypto,
                                    struct dtls_counters *counters,
                                    uint64_t now)
{
    struct dtls_listener made = {.counters = counters};
    enum dtls_status status =
        crypto->random(crypto->self, made.instance, sizeof made.instance);

    if (status == DTLS_OK) {
        status = dtls_cookie_init(&made.jar, crypto, now);
    }
    if (status == DTLS_OK) {
        *listener = made;
    }
    dtls_wipe(&made, sizeof made);
    return status;
}

void dtls_listener_free(struct dtls_listener *listener)
{
    dtls_cookie_free(&listener->jar);
    dtls_wipe(listener, sizeof *listener);
}

/* The parts of a ClientHello that the gate looks at. */
struct caller {
    uint64_t record_seq;
    uint16_t record_version;
    struct dtls_fragment fragment;
    struct dtls_client_hello hello;
};

/* Reads the fragment of a ClientHello that a session would take as its first.
 * A record in the clear has at most 2^14 bytes (RFC 5246, 6.2.1). */
static bool read_fragment(struct caller *out, struct dtls_span datagram)
{
    struct dtls_record record;
    struct dtls_bytes payload;

    if (dtls_record_next(&datagram, &record) != DTLS_OK ||
        record.type != DTLS_HANDSHAKE || record.epoch != 0 ||
        record.seq > DTLS_LISTENER_SEQ_MAX ||
        record.body.len > DTLS_PLAINTEXT_MAX ||
        (record.version != DTLS_VERSION_1_0 &&
         record.version != DTLS_VERSION_1_2)) {
        return false;
    }
    payload = dtls_span_bytes(record.body);
    out->record_seq = record.seq;
    out->record_version = record.version;
    return dtls_fragment_next(&payload, &out->fragment) == DTLS_OK &&
           out->fragment.type == DTLS_CLIENT_HELLO &&
           out->fragment.seq <= DTLS_LISTENER_MESSAGE_SEQ_MAX;
}

/* Reads the front of a ClientHello. */
static bool read_caller(struct caller *out, struct dtls_span datagram)
{
    return read_fragment(out, datagram) && out->fragment.offset == 0 &&
           dtls_client_hello_parse_front(
               &out->hello, out->fragment.body,
               dtls_fragment_is_whole(&out->fragment)) == DTLS_OK;
}

/* Tells whether a server without cookies begins with this datagram.  A
 * fragment of a ClientHello may be any of it, in any order (RFC 6347,
 * 4.2.3). */
static bool begins_without_cookie(struct caller *out,
                                  struct dtls_span datagram)
{
    bool has_front = read_caller(out, datagram);

    return (has_front || (read_fragment(out, datagram) &&
                          !dtls_fragment_is_whole(&out->fragment))) &&
           out->fragment.seq == 0;
}

/* Appends a HelloVerifyRequest.  Its record and message copy the ClientHello's
 * numbers, because the server keeps no state to count them (RFC 6347, 4.2.1;
 * erratum on message_seq). */
static bool put_verify_request(struct dtls_buf *out,
                               const struct caller *caller,
                               struct dtls_bytes cookie)
{
    struct dtls_hello_verify m = {
        .version = DTLS_VERSION_1_0,
        .cookie = cookie,
    };
    struct dtls_fragment fragment = {
        .type = DTLS_HELLO_VERIFY_REQUEST,
        .seq = caller->fragment.seq,
        .message_len = (uint32_t)(3 + cookie.len),
        .body = {NULL, 3 + cookie.len},
    };

    struct dtls_buf copy = *out;

    if (!dtls_record_put_header(
            &copy, DTLS_HANDSHAKE, DTLS_VERSION_1_0, 0, caller->record_seq,
            DTLS_FRAGMENT_HEADER_LEN + fragment.body.len) ||
        !dtls_fragment_put_header(&copy, &fragment) ||
        !dtls_hello_verify_put(&copy, &m)) {
        return false;
    }
    *out = copy;
    return true;
}

/* Writes this server's instance and the client's address as one string. */
static struct dtls_bytes place_of(const struct dtls_listener *listener,
                                  const struct dtls_address *peer,
                                  uint8_t out[DTLS_ADDRESS_MAX + 8])
{
    memcpy(out, listener->instance, sizeof listener->instance);
    memcpy(&out[8], peer->bytes, peer->len);
    return dtls_bytes_of(out, 8u + peer->len);
}

static enum dtls_gate discard(struct dtls_listener *listener)
{
    listener->counters->discarded_no_session++;
    return DTLS_GATE_DISCARD;
}

static enum dtls_gate accept(struct dtls_listener *listener,
                             struct dtls_gate_pass *pass,
                             const struct caller *caller,
                             const struct dtls_cookie_bond *bond)
{
    listener->counters->cookies_accepted++;
    *pass = (struct dtls_gate_pass){
        .message_seq = caller->fragment.seq,
        .record_seq = caller->record_seq,
        .record_version = caller->record_version,
        .hello.known = caller->hello.random.len != 0,
        .bond = *bond,
    };
    if (pass->hello.known) {
        memcpy(pass->hello.random, caller->hello.random.data, DTLS_RANDOM_LEN);
    }
    return DTLS_GATE_ACCEPT;
}

/* Tells whether the hello has a valid cookie.  Lists that are not here are
 * checked with `bond` later. */
static bool is_valid(const struct dtls_listener *listener,
                     struct dtls_cookie_bond *bond, struct dtls_bytes place,
                     const struct dtls_client_hello *hello)
{
    return dtls_cookie_check(&listener->jar, bond, place, hello) &&
           (hello->suites.len == 0 ||
            dtls_cookie_holds(listener->jar.crypto, bond, hello) == DTLS_OK);
}

enum dtls_gate dtls_listener_gate(struct dtls_listener *listener,
                                  struct dtls_buf *reply,
                                  struct dtls_gate_pass *pass,
                                  const struct dtls_address *peer,
                                  struct dtls_span datagram, uint64_t now)
{
    uint8_t place_bytes[DTLS_ADDRESS_MAX + 8];
    uint8_t cookie[DTLS_COOKIE_LEN];
    struct dtls_bytes place = place_of(listener, peer, place_bytes);
    struct dtls_cookie_bond bond = {0};
    struct caller caller = {0};

    if (listener->without_cookies) {
        return begins_without_cookie(&caller, datagram)
                   ? accept(listener, pass, &caller, &bond)
                   : discard(listener);
    }
    if (!read_caller(&caller, datagram) ||
        dtls_cookie_renew(&listener->jar, now) != DTLS_OK) {
        return discard(listener);
    }
    if (is_valid(listener, &bond, place, &caller.hello)) {
        return accept(listener, pass, &caller, &bond);
    }
    listener->counters->cookies_refused += caller.hello.cookie.len != 0;
    if (dtls_cookie_make(&listener->jar, cookie, place, &caller.hello) !=
            DTLS_OK ||
        !put_verify_request(reply, &caller,
                            dtls_bytes_of(cookie, listener->jar.len))) {
        return discard(listener);
    }
    listener->counters->cookies_sent++;
    return DTLS_GATE_REPLY;
}

bool dtls_listener_begins_anew(const struct dtls_first_hello *first,
                               struct dtls_span datagram)
{
    struct caller caller;

    return first->known && read_caller(&caller, datagram) &&
           !dtls_bytes_equal(caller.hello.random,
                             dtls_bytes_of(first->random, DTLS_RANDOM_LEN));
}

/* Counts an alert that is to be sent at `now`, unless it is one too many. */
static bool may_refuse(struct dtls_listener *listener, uint64_t now)
{
    if (now - listener->refusals_from >= 1000) {
        listener->refusals_from = now;
        listener->refusals = 0;
    }
    return listener->refusals++ < DTLS_REFUSALS;
}

void dtls_listener_refuse(struct dtls_listener *listener,
                          struct dtls_buf *reply,
                          const struct dtls_gate_pass *pass, uint64_t now)
{
    struct dtls_buf copy = *reply;

    if (listener->without_cookies || !may_refuse(listener, now)) {
        return;
    }
    if (dtls_record_put_header(&copy, DTLS_ALERT, pass->record_version, 0,
                               pass->record_seq, 2) &&
        dtls_put_u8(&copy, DTLS_ALERT_FATAL) &&
        dtls_put_u8(&copy, (uint8_t)DTLS_INTERNAL_ERROR)) {
        *reply = copy;
        listener->counters->alerts_sent++;
    }
}
