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
    uint16_t message_seq;
    struct dtls_client_hello hello;
};

static bool read_caller(struct caller *out, struct dtls_span datagram)
{
    struct dtls_record record;
    struct dtls_fragment fragment;
    struct dtls_bytes payload;

    if (dtls_record_next(&datagram, &record) != DTLS_OK ||
        record.type != DTLS_HANDSHAKE || record.epoch != 0 ||
        record.seq > DTLS_LISTENER_SEQ_MAX ||
        (record.version != DTLS_VERSION_1_0 &&
         record.version != DTLS_VERSION_1_2)) {
        return false;
    }
    payload = dtls_span_bytes(record.body);
    if (dtls_fragment_next(&payload, &fragment) != DTLS_OK ||
        fragment.type != DTLS_CLIENT_HELLO || fragment.offset != 0 ||
        dtls_client_hello_parse_head(&out->hello, fragment.body) != DTLS_OK) {
        return false;
    }
    out->record_seq = record.seq;
    out->message_seq = fragment.seq;
    return true;
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
        .seq = caller->message_seq,
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

enum dtls_gate dtls_listener_gate(struct dtls_listener *listener,
                                  struct dtls_buf *reply,
                                  struct dtls_gate_pass *pass,
                                  const struct dtls_address *peer,
                                  struct dtls_span datagram, uint64_t now)
{
    uint8_t place_bytes[DTLS_ADDRESS_MAX + 8];
    uint8_t cookie[DTLS_COOKIE_LEN];
    struct dtls_bytes place = place_of(listener, peer, place_bytes);
    struct caller caller;

    if (!read_caller(&caller, datagram) ||
        dtls_cookie_renew(&listener->jar, now) != DTLS_OK) {
        listener->counters->discarded_no_session++;
        return DTLS_GATE_DISCARD;
    }
    if (listener->without_cookies ||
        dtls_cookie_check(&listener->jar, place, &caller.hello)) {
        listener->counters->cookies_accepted++;
        *pass = (struct dtls_gate_pass){caller.message_seq, caller.record_seq};
        return DTLS_GATE_ACCEPT;
    }
    listener->counters->cookies_refused += caller.hello.cookie.len != 0;
    dtls_cookie_make(&listener->jar, cookie, place, &caller.hello);
    if (!put_verify_request(reply, &caller,
                            dtls_bytes_of(cookie, listener->jar.len))) {
        listener->counters->discarded_no_session++;
        return DTLS_GATE_DISCARD;
    }
    listener->counters->cookies_sent++;
    return DTLS_GATE_REPLY;
}

bool dtls_listener_begins_anew(const struct dtls_session *live,
                               struct dtls_span datagram)
{
    struct caller caller;

    return live->state != DTLS_IDLE && live->state != DTLS_HANDSHAKING &&
           read_caller(&caller, datagram) &&
           !dtls_bytes_equal(
               caller.hello.random,
               dtls_bytes_of(live->first_random, DTLS_RANDOM_LEN));
}
