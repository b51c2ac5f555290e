/* SPDX-License-Identifier: MIT */
/* Target: messages that a session does not wait for: HelloRequest and
 *         NewSessionTicket.  Client or server, in a handshake or connected
 *         (null crypto).
 * Input:  a byte: bit 0 server, bit 1 connected; then {what u8, length u8,
 *         body}*.  Odd `what` is a ticket; bit 1 of it: a message_seq that is
 *         not the next.
 * Oracle: only the next message in order can end a session, and a HelloRequest
 *         never ends a client; a session does not answer at length; no such
 *         message becomes data. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"

enum { MESSAGES = 32, FIRST_SEQ = 20 };

static struct fuzz_pair line;

static void put_message(struct dtls_buf *out, uint8_t type, uint16_t seq,
                        struct dtls_bytes body)
{
    struct dtls_fragment f = {.type = type,
                              .seq = seq,
                              .message_len = (uint32_t)body.len,
                              .body = body};

    FUZZ_CHECK(dtls_fragment_put_header(out, &f) && dtls_put_bytes(out, body));
}

static void send_message(struct fuzz_association *a, unsigned number,
                         uint8_t what, struct dtls_bytes body)
{
    uint8_t type =
        (what & 1) != 0 ? DTLS_NEW_SESSION_TICKET : DTLS_HELLO_REQUEST;
    uint16_t seq = a->session.hs.in.next_seq;
    uint8_t plain_bytes[300];
    uint8_t bytes[400];
    struct dtls_buf plain = {plain_bytes, 0, sizeof plain_bytes};
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    put_message(&plain, type, (uint16_t)(seq + ((what & 2) != 0)), body);
    if (a->connected) {
        fuzz_pair_put(&line, &out, (int)a->setup.role, DTLS_HANDSHAKE,
                      dtls_buf_bytes(&plain));
    } else {
        fuzz_pair_put_clear(&out, DTLS_HANDSHAKE, FIRST_SEQ + number,
                            dtls_buf_bytes(&plain));
    }
    fuzz_association_receive(a, dtls_buf_bytes(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    uint8_t head = fuzz_u8(&in);
    enum dtls_role role = (head & 1) != 0 ? DTLS_SERVER : DTLS_CLIENT;
    struct fuzz_association *a = &line.ends[role];
    bool connected = (head & 2) != 0;
    /* A ticket that came early may be read after a later HelloRequest. */
    bool may_end = role == DTLS_SERVER;

    fuzz_pair_begin(&line, true, FUZZ_KIND(FUZZ_PSK, 1), FUZZ_NO_COOKIES);
    fuzz_pair_hello(&line);
    if (connected) {
        fuzz_pair_settle(&line);
    }
    for (unsigned i = 0; i < MESSAGES && in.len != 0 && !a->over; i++) {
        uint8_t what = fuzz_u8(&in);
        struct dtls_bytes body = fuzz_some(&in, fuzz_u8(&in));
        unsigned sent = line.num_sent[role];

        may_end = may_end || (what & 1) != 0;
        send_message(a, i, what, body);
        FUZZ_CHECK(a->connected == connected && a->num_data == 0);
        FUZZ_CHECK(line.num_sent[role] <= sent + 1);
        if (a->over) {
            FUZZ_CHECK(may_end && (what & 2) == 0);
            FUZZ_CHECK(dtls_status_alert(a->session.failure) == 10);
        }
    }
    fuzz_pair_free(&line);
    return 0;
}
