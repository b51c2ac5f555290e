/* SPDX-License-Identifier: MIT */
/* Target: alerts that reach a session: client or server, in a handshake or
 *         connected (null crypto).
 * Input:  a byte: bit 0 server, bit 1 connected; then {how u8, length u8,
 *         alert}*.  Odd `how`: in the clear, else under the newest keys.
 * Oracle: RFC 5246, 7.2, and the table of junk, written down again in
 *         expect(): a fatal alert ends the session and is not answered;
 *         close_notify is answered once; everything else changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"

enum { ALERTS = 64 };

static struct fuzz_pair line;

static void begin(bool connected)
{
    fuzz_pair_begin(&line, true, FUZZ_KIND(FUZZ_PSK, 1), FUZZ_NO_COOKIES);
    fuzz_pair_hello(&line); /* the server has a session now */
    if (connected) {
        fuzz_pair_settle(&line);
    }
    FUZZ_CHECK(line.ends[DTLS_CLIENT].connected == connected &&
               line.ends[DTLS_SERVER].connected == connected);
}

struct outcome {
    bool over;
    enum dtls_phase phase;
    unsigned answers;
};

static struct outcome expect(const struct fuzz_association *a, bool in_time,
                             struct dtls_bytes alert)
{
    struct outcome same = {a->over, a->session.phase, 0};

    if (a->over || !in_time || alert.len != 2 ||
        (alert.data[0] != 1 && alert.data[0] != 2)) {
        return same;
    }
    if (alert.data[1] == 0 && a->connected) {
        return (struct outcome){true, DTLS_PHASE_ENDED, 1};
    }
    if (alert.data[1] == 0 || alert.data[0] == 2) {
        return (struct outcome){true, DTLS_PHASE_FAILED, 0};
    }
    return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    uint8_t head = fuzz_u8(&in);
    int role = head & 1;
    bool connected = (head & 2) != 0;
    struct fuzz_association *a = &line.ends[role];

    begin(connected);
    for (unsigned i = 0; i < ALERTS && in.len != 0; i++) {
        bool clear = (fuzz_u8(&in) & 1) != 0 || !connected;
        struct dtls_bytes alert = fuzz_some(&in, fuzz_u8(&in));
        uint8_t bytes[512];
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        unsigned answers = line.num_sent[role];
        struct outcome wanted = expect(a, clear != connected, alert);

        if (clear) {
            fuzz_pair_put_clear(&out, DTLS_ALERT, 1000 + i, alert);
        } else {
            fuzz_pair_put(&line, &out, role, DTLS_ALERT, alert);
        }
        fuzz_association_receive(a, dtls_buf_bytes(&out));
        FUZZ_CHECK(a->over == wanted.over);
        FUZZ_CHECK(a->session.phase == wanted.phase);
        FUZZ_CHECK(line.num_sent[role] == answers + wanted.answers);
        FUZZ_CHECK(wanted.phase != DTLS_PHASE_FAILED ||
                   a->session.failure == DTLS_ALERTED);
    }
    fuzz_pair_free(&line);
    return 0;
}
