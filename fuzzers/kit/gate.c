/* SPDX-License-Identifier: MIT */
/* The cookie gate, asked a second time (gate.h). */
#include "fuzzers/kit/gate.h"
#include "fuzzers/kit/fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of the list MAC at the end of a cookie of full length. */
enum { LIST_MAC = DTLS_COOKIE_LEN / 3 };

bool fuzz_fragment_read(struct fuzz_hello *out, struct dtls_span datagram)
{
    struct dtls_bytes payload;

    if (dtls_record_next(&datagram, &out->record) != DTLS_OK ||
        out->record.type != DTLS_HANDSHAKE || out->record.epoch != 0 ||
        out->record.seq > DTLS_LISTENER_SEQ_MAX ||
        out->record.body.len > DTLS_PLAINTEXT_MAX ||
        (out->record.version != DTLS_VERSION_1_0 &&
         out->record.version != DTLS_VERSION_1_2)) {
        return false;
    }
    payload = dtls_span_bytes(out->record.body);
    return dtls_fragment_next(&payload, &out->fragment) == DTLS_OK &&
           out->fragment.type == DTLS_CLIENT_HELLO &&
           out->fragment.seq <= DTLS_LISTENER_MESSAGE_SEQ_MAX;
}

bool fuzz_hello_read(struct fuzz_hello *out, struct dtls_span datagram)
{
    return fuzz_fragment_read(out, datagram) && out->fragment.offset == 0 &&
           dtls_client_hello_parse_front(
               &out->hello, out->fragment.body,
               dtls_fragment_is_whole(&out->fragment)) == DTLS_OK;
}

bool fuzz_cookie_is_seen(struct dtls_bytes cookie)
{
    return (cookie.data[0] & DTLS_COOKIE_SEEN) != 0;
}

size_t fuzz_cookie_bound(const struct fuzz_hello *hello)
{
    bool later = fuzz_cookie_is_seen(hello->hello.cookie) &&
                 hello->hello.suites.len == 0;

    return DTLS_COOKIE_LEN - (later ? (size_t)LIST_MAC : 0);
}

struct dtls_bytes fuzz_check_reply(struct dtls_bytes reply,
                                   const struct fuzz_hello *hello)
{
    uint8_t *copy = fuzz_exact(reply);
    struct dtls_span rest = {copy, reply.len};
    struct dtls_record record;
    struct dtls_bytes payload;
    struct dtls_fragment fragment;
    struct dtls_hello_verify m;
    size_t at;

    FUZZ_CHECK(reply.len <= DTLS_RECORD_HEADER_LEN + hello->record.body.len);
    FUZZ_CHECK(dtls_record_next(&rest, &record) == DTLS_OK && rest.len == 0);
    FUZZ_CHECK(record.type == DTLS_HANDSHAKE && record.epoch == 0 &&
               record.version == DTLS_VERSION_1_0 &&
               record.seq == hello->record.seq);
    payload = dtls_span_bytes(record.body);
    FUZZ_CHECK(dtls_fragment_next(&payload, &fragment) == DTLS_OK &&
               payload.len == 0 && dtls_fragment_is_whole(&fragment));
    FUZZ_CHECK(fragment.type == DTLS_HELLO_VERIFY_REQUEST &&
               fragment.seq == hello->fragment.seq);
    FUZZ_CHECK(dtls_hello_verify_parse(&m, fragment.body) == DTLS_OK &&
               m.cookie.len == DTLS_COOKIE_LEN);
    at = (size_t)(m.cookie.data - copy);
    free(copy);
    return dtls_bytes_of(&reply.data[at], DTLS_COOKIE_LEN);
}

/* Writes the same ClientHello without a cookie, up to its compression methods
 * or, unless they are to be `seen`, as a fragment that ends before the suites.
 * Returns the length of the datagram. */
static size_t put_without_cookie(const struct fuzz_hello *hello, bool seen,
                                 struct dtls_buf *out)
{
    static const uint8_t suites[] = {0xc0, 0xa8};
    static const uint8_t compression[] = {0};
    struct dtls_client_hello m = hello->hello;
    struct dtls_fragment fragment = hello->fragment;
    struct dtls_buf header = {
        out->data, 0, DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN};
    size_t body_len;

    m.cookie = (struct dtls_bytes){0};
    if (m.suites.len == 0) {
        m.suites = dtls_bytes_of(suites, sizeof suites);
        m.compression = dtls_bytes_of(compression, sizeof compression);
    }
    out->len = header.cap;
    FUZZ_CHECK(dtls_client_hello_put(out, &m));
    fragment.message_len = (uint32_t)(out->len - header.cap);
    if (!seen) {
        out->len -= 2 + m.suites.len + 1 + m.compression.len;
    }
    body_len = out->len - header.cap;
    fragment.body.len = body_len;
    FUZZ_CHECK(dtls_record_put_header(
                   &header, DTLS_HANDSHAKE, hello->record.version, 0,
                   hello->record.seq, DTLS_FRAGMENT_HEADER_LEN + body_len) &&
               dtls_fragment_put_header(&header, &fragment));
    return out->len;
}

void fuzz_hello_ask(struct dtls_listener *listener,
                    uint8_t cookie[DTLS_COOKIE_LEN],
                    const struct dtls_address *peer,
                    const struct fuzz_hello *hello, bool seen, uint64_t now)
{
    size_t cap = DTLS_RECORD_HEADER_LEN + hello->record.body.len + 16;
    uint8_t *bytes = malloc(cap);
    uint8_t reply_bytes[DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN + 3 +
                        DTLS_COOKIE_LEN];
    struct dtls_buf question = {bytes, 0, cap};
    struct dtls_buf reply = {reply_bytes, 0, sizeof reply_bytes};
    struct dtls_gate_pass pass;
    struct dtls_bytes answer;
    struct fuzz_hello asked;
    struct dtls_span datagram = {bytes, 0};

    FUZZ_CHECK(bytes != NULL);
    datagram.len = put_without_cookie(hello, seen, &question);
    FUZZ_CHECK(dtls_listener_gate(listener, &reply, &pass, peer, datagram,
                                  now) == DTLS_GATE_REPLY);
    FUZZ_CHECK(fuzz_hello_read(&asked, datagram));
    answer = fuzz_check_reply(dtls_buf_bytes(&reply), &asked);
    FUZZ_CHECK(fuzz_cookie_is_seen(answer) == seen);
    memcpy(cookie, answer.data, DTLS_COOKIE_LEN);
    free(bytes);
}

bool fuzz_cookie_patch(struct dtls_listener *listener,
                       const struct dtls_address *peer,
                       struct dtls_span datagram, uint64_t now)
{
    struct fuzz_hello hello;
    uint8_t cookie[DTLS_COOKIE_LEN];

    if (!fuzz_hello_read(&hello, datagram) ||
        hello.hello.cookie.len != DTLS_COOKIE_LEN) {
        return false;
    }
    fuzz_hello_ask(listener, cookie, peer, &hello,
                   fuzz_cookie_is_seen(hello.hello.cookie), now);
    memcpy(&datagram.data[hello.hello.cookie.data - datagram.data], cookie,
           sizeof cookie);
    return true;
}
