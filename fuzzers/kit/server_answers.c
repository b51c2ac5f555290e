/* SPDX-License-Identifier: MIT */
/* A ClientHello for two servers, and their answers (server_answers.h). */
#include "fuzzers/kit/server_answers.h"
#include "flight/fragment.h"
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"
#include "record/header.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/tls1.h>

enum { COOKIE_AT = 2 + DTLS_RANDOM_LEN };

static void hear_message(struct fuzz_answer *answer,
                         const struct dtls_fragment *f)
{
    struct dtls_hello_verify verify;
    struct dtls_server_hello hello;

    if (f->type == DTLS_HELLO_VERIFY_REQUEST &&
        dtls_hello_verify_parse(&verify, f->body) == DTLS_OK) {
        memcpy(answer->cookie, verify.cookie.data, verify.cookie.len);
        answer->cookie_len = verify.cookie.len;
        answer->asks = true;
    }
    if (f->type == DTLS_SERVER_HELLO) {
        FUZZ_CHECK(dtls_server_hello_parse(&hello, f->body) == DTLS_OK);
        answer->accepts = true;
        answer->suite = hello.suite;
    }
}

void fuzz_flight_hear(void *self, struct dtls_bytes datagram)
{
    uint8_t *copy = fuzz_exact(datagram);
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record record;
    struct dtls_fragment fragment;

    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        struct dtls_bytes payload = dtls_span_bytes(record.body);

        while (record.type == DTLS_HANDSHAKE &&
               dtls_fragment_next(&payload, &fragment) == DTLS_OK) {
            hear_message(self, &fragment);
        }
    }
    free(copy);
}

void fuzz_flight_put(struct dtls_buf *out, struct dtls_bytes body,
                     struct dtls_bytes cookie, uint16_t number)
{
    uint8_t bytes[FUZZ_FLIGHT_BODY + 256];
    struct dtls_buf changed = {bytes, 0, sizeof bytes};
    struct dtls_bytes rest = body;
    struct dtls_bytes head;
    struct dtls_bytes session_id;
    struct dtls_bytes own;
    struct dtls_fragment f = {.type = DTLS_CLIENT_HELLO, .seq = number};

    f.body = body;
    if (dtls_get_bytes(&rest, COOKIE_AT, &head) &&
        dtls_get_vec8(&rest, &session_id) && dtls_get_vec8(&rest, &own)) {
        FUZZ_CHECK(dtls_put_bytes(&changed, head) &&
                   dtls_put_vec8(&changed, session_id) &&
                   dtls_put_vec8(&changed, cookie) &&
                   dtls_put_bytes(&changed, rest));
        f.body = dtls_buf_bytes(&changed);
    }
    f.message_len = (uint32_t)f.body.len;
    FUZZ_CHECK(dtls_record_put_header(out, DTLS_HANDSHAKE, DTLS_VERSION_1_0, 0,
                                      number,
                                      DTLS_FRAGMENT_HEADER_LEN + f.body.len) &&
               dtls_fragment_put_header(out, &f) &&
               dtls_put_bytes(out, f.body));
}

bool fuzz_flight_extension(struct dtls_bytes body, uint16_t wanted,
                           struct dtls_bytes *value)
{
    struct dtls_client_hello m;
    uint16_t type;

    if (dtls_client_hello_parse(&m, body) != DTLS_OK) {
        return false;
    }
    while (dtls_get_u16(&m.extensions, &type) &&
           dtls_get_vec16(&m.extensions, value)) {
        if (type == wanted) {
            return true;
        }
    }
    return false;
}

/* By its number the version would be newer than DTLS 1.2, but it is older. */
bool fuzz_flight_of_no_dtls(struct dtls_bytes body)
{
    uint8_t major;

    return dtls_get_u8(&body, &major) && major <= 3;
}

/* Extensions of TLS 1.3, and those that none of these servers is set up
 * for. */
bool fuzz_flight_ignored(struct dtls_bytes body)
{
    static const uint16_t types[] = {TLSEXT_TYPE_srp,
                                     TLSEXT_TYPE_session_ticket,
                                     TLSEXT_TYPE_psk,
                                     TLSEXT_TYPE_supported_versions,
                                     TLSEXT_TYPE_cookie,
                                     TLSEXT_TYPE_psk_kex_modes,
                                     TLSEXT_TYPE_certificate_authorities,
                                     TLSEXT_TYPE_post_handshake_auth,
                                     TLSEXT_TYPE_key_share};
    struct dtls_bytes value;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (fuzz_flight_extension(body, types[i], &value)) {
            return true;
        }
    }
    return false;
}

bool fuzz_flight_without_x509(struct dtls_bytes body)
{
    struct dtls_bytes value;
    struct dtls_bytes types;

    return fuzz_flight_extension(body, FUZZ_SERVER_CERTIFICATE_TYPE, &value) &&
           dtls_get_vec8(&value, &types) &&
           memchr(types.data, DTLS_CERTIFICATE_X509, types.len) == NULL;
}
