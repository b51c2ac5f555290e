/* SPDX-License-Identifier: MIT */
/* Target: alerts, through a session: client or server, in a handshake or
 *         connected (null crypto).
 * Input:  a byte: bit 0 server, bit 1 connected; then {how u8, length u8,
 *         alert}*.  Odd `how`: in the clear, else under the newest keys.
 * Oracle: what RFC 5246, 7.2, and the table of junk say, written down again in
 *         expect(): a fatal alert ends the session and is not answered,
 *         close_notify is answered once, all else changes nothing. */
#include "association.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { QUEUE = 16, DATAGRAM = 2048, ALERTS = 64 };

struct line {
    struct fuzz_association ends[2]; /* by enum dtls_role */
    struct {
        int to;
        size_t len;
        uint8_t bytes[DATAGRAM];
    } queue[QUEUE];
    size_t num_queued;
    unsigned num_sent[2];
};

static struct line line;

static void send_to(int to, struct dtls_bytes datagram)
{
    line.num_sent[1 - to]++;
    if (line.num_queued < QUEUE && datagram.len <= DATAGRAM) {
        line.queue[line.num_queued].to = to;
        line.queue[line.num_queued].len = datagram.len;
        memcpy(line.queue[line.num_queued].bytes, datagram.data, datagram.len);
        line.num_queued++;
    }
}

static void from_client(void *self, struct dtls_bytes datagram)
{
    (void)self;
    send_to(DTLS_SERVER, datagram);
}

static void from_server(void *self, struct dtls_bytes datagram)
{
    (void)self;
    send_to(DTLS_CLIENT, datagram);
}

static void deliver_first(void)
{
    struct fuzz_association *to = &line.ends[line.queue[0].to];

    fuzz_association_receive(
        to, dtls_bytes_of(line.queue[0].bytes, line.queue[0].len));
    /* What the other side says while this is read stands behind it. */
    line.num_queued--;
    memmove(&line.queue[0], &line.queue[1],
            line.num_queued * sizeof line.queue[0]);
}

static void begin(bool connected)
{
    for (int role = 0; role < 2; role++) {
        struct fuzz_setup setup = {.role = (enum dtls_role)role,
                                   .null = true,
                                   .kind = FUZZ_KIND(FUZZ_PSK, 1),
                                   .knobs = FUZZ_NO_COOKIES};

        fuzz_association_init(&line.ends[role], &setup);
    }
    line.num_queued = 0;
    line.num_sent[0] = line.num_sent[1] = 0;
    line.ends[DTLS_CLIENT].output = from_client;
    line.ends[DTLS_SERVER].output = from_server;
    fuzz_association_wait(&line.ends[DTLS_CLIENT], 0);
    deliver_first(); /* the server has a session now */
    while (connected && line.num_queued != 0) {
        deliver_first();
    }
    FUZZ_CHECK(line.ends[DTLS_CLIENT].connected == connected &&
               line.ends[DTLS_SERVER].connected == connected);
}

struct outcome {
    bool over;
    enum dtls_state state;
    unsigned answers;
};

static struct outcome expect(const struct fuzz_association *a, bool in_time,
                             struct dtls_bytes alert)
{
    struct outcome same = {a->over, a->session.state, 0};

    if (a->over || !in_time || alert.len != 2) {
        return same;
    }
    if (alert.data[1] == 0 && a->connected) {
        return (struct outcome){true, DTLS_ENDED, 1};
    }
    if (alert.data[1] == 0 || alert.data[0] == 2) {
        return (struct outcome){true, DTLS_FAILED, 0};
    }
    return same;
}

static void put_record(struct dtls_buf *out, bool clear, uint64_t seq,
                       int from, struct dtls_bytes alert)
{
    struct dtls_record_layer *records = &line.ends[from].session.records;

    if (clear) {
        FUZZ_CHECK(dtls_record_put_header(out, DTLS_ALERT, DTLS_VERSION_1_2, 0,
                                          1000 + seq, alert.len) &&
                   dtls_put_bytes(out, alert));
        return;
    }
    FUZZ_CHECK(dtls_record_layer_seal(records, out, records->write_epoch,
                                      DTLS_ALERT, alert) == DTLS_OK);
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

        put_record(&out, clear, i, 1 - role, alert);
        fuzz_association_receive(a, dtls_buf_bytes(&out));
        FUZZ_CHECK(a->over == wanted.over);
        FUZZ_CHECK(a->session.state == wanted.state);
        FUZZ_CHECK(line.num_sent[role] == answers + wanted.answers);
        FUZZ_CHECK(wanted.state != DTLS_FAILED ||
                   a->session.failure == DTLS_ALERTED);
    }
    (void)fuzz_association_free(&line.ends[DTLS_CLIENT]);
    (void)fuzz_association_free(&line.ends[DTLS_SERVER]);
    return 0;
}
