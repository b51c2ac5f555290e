/* SPDX-License-Identifier: MIT */
/* Target: a whole handshake with a password (EC-JPAKE, real crypto), in which
 *         one byte of one end's keys and proofs may be changed.
 * Input:  a byte: bit 0 the server has another password, bit 1 the change is
 *         in what the client sends, bit 2 in round two; then offset u16 in it,
 *         and the bits to change, u8.
 * Oracle: both ends connect if and only if the passwords are the same and
 *         nothing was changed.  A change is refused with alert 40, 47 or 50 by
 *         the end that reads it, and another password is silence. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"

enum { OTHER = 1, CLIENTS = 2, ROUND_TWO = 4 };

static struct fuzz_pair line;

/* What is to be changed, until it is. */
struct change {
    enum dtls_role sender;
    bool round_two;
    uint16_t offset;
    uint8_t bits;
    bool is_done;
};

/* Finds what round one is in: the value of the hello's extension. */
static struct dtls_span find_value(struct dtls_bytes body, uint8_t type)
{
    struct dtls_client_hello ch;
    struct dtls_server_hello sh;
    struct dtls_bytes block;
    struct dtls_bytes data;
    uint16_t number;

    if (type == DTLS_CLIENT_HELLO) {
        FUZZ_CHECK(dtls_client_hello_parse(&ch, body) == DTLS_OK);
        block = ch.extensions;
    } else {
        FUZZ_CHECK(dtls_server_hello_parse(&sh, body) == DTLS_OK);
        block = sh.extensions;
    }
    while (dtls_get_u16(&block, &number) && dtls_get_vec16(&block, &data)) {
        if (number == 256) {
            return (struct dtls_span){(uint8_t *)(uintptr_t)data.data,
                                      data.len};
        }
    }
    return (struct dtls_span){NULL, 0};
}

/* Finds the keys in a handshake message; empty, if it has none. */
static struct dtls_span find_keys(const struct dtls_fragment *f,
                                  bool round_two)
{
    bool is_hello =
        f->type == DTLS_CLIENT_HELLO || f->type == DTLS_SERVER_HELLO;
    bool is_key = f->type == DTLS_SERVER_KEY_EXCHANGE ||
                  f->type == DTLS_CLIENT_KEY_EXCHANGE;

    if (round_two && is_key) {
        return (struct dtls_span){(uint8_t *)(uintptr_t)f->body.data,
                                  f->body.len};
    }
    return !round_two && is_hello ? find_value(f->body, f->type)
                                  : (struct dtls_span){NULL, 0};
}

static void change_one(struct change *c, struct fuzz_in_flight *datagram)
{
    struct dtls_span rest = {datagram->bytes, datagram->len};
    struct dtls_record record;
    struct dtls_fragment f;

    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        struct dtls_bytes payload = dtls_span_bytes(record.body);

        while (record.type == DTLS_HANDSHAKE && record.epoch == 0 &&
               dtls_fragment_next(&payload, &f) == DTLS_OK) {
            struct dtls_span keys = find_keys(&f, c->round_two);

            if (keys.len != 0 && !c->is_done) {
                keys.data[c->offset % keys.len] ^= c->bits;
                c->is_done = true;
            }
        }
    }
}

static void check(const struct change *c, bool same)
{
    const struct fuzz_association *reader = &line.ends[1 - (int)c->sender];
    const struct fuzz_association *sender = &line.ends[c->sender];
    bool good = same && c->bits == 0;

    FUZZ_CHECK(reader->connected == good && sender->connected == good);
    FUZZ_CHECK(c->is_done);
    if (c->bits != 0) {
        unsigned alert = dtls_status_alert(reader->session.failure);

        FUZZ_CHECK(reader->over && sender->over);
        FUZZ_CHECK(alert == 40 || alert == 47 || alert == 50);
        FUZZ_CHECK(sender->session.failure == DTLS_ALERTED &&
                   sender->session.peer_alert[1] == alert);
    } else {
        FUZZ_CHECK(!reader->over && !sender->over);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    uint8_t how = fuzz_u8(&in);
    struct change c = {
        .sender = (how & CLIENTS) != 0 ? DTLS_CLIENT : DTLS_SERVER,
        .round_two = (how & ROUND_TWO) != 0,
        .offset = fuzz_u16(&in),
        .bits = fuzz_u8(&in),
    };
    const struct fuzz_setup setup = {.knobs = FUZZ_NO_COOKIES,
                                     .password = dtls_bytes_of("J01NU5", 6)};
    bool same = (how & OTHER) == 0;

    fuzz_pair_begin_with(&line, &setup);
    if (!same) {
        line.ends[DTLS_SERVER].config.password = dtls_bytes_of("J01NU6", 6);
    }
    fuzz_association_wait(&line.ends[DTLS_CLIENT], 0);
    while (line.num_queued != 0) {
        if (line.queue[0].to != (int)c.sender) {
            change_one(&c, &line.queue[0]);
        }
        fuzz_pair_deliver(&line, 0);
    }
    check(&c, same);
    fuzz_pair_free(&line);
    return 0;
}
