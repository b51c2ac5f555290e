/* SPDX-License-Identifier: MIT */
/* Reads what both ends sent (lab/wire.h). */
#include "lab/wire.h"

#include "base/bytes.h"
#include "crypto/suites.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { HANDSHAKE = 22 };
enum { FIRST_TIMEOUT = 1000 }; /* ms, of every library */
enum {
    CLIENT_HELLO = 1,
    SERVER_HELLO = 2,
    HELLO_VERIFY_REQUEST = 3,
    CERTIFICATE = 11,
    SERVER_KEY_EXCHANGE = 12,
    CLIENT_KEY_EXCHANGE = 16,
    CERTIFICATE_STATUS = 22
};
enum { NAMED_CURVE = 3, EPOCH_AGAIN = 2 };
enum {
    ENCRYPT_THEN_MAC = 22,
    EXTENDED_MASTER_SECRET = 23,
    SESSION_TICKET = 35,
    CLIENT_CERTIFICATE_TYPE = 19,
    SERVER_CERTIFICATE_TYPE = 20
};
enum { RAW_PUBLIC_KEY = 2 };

struct record {
    uint8_t type;
    uint16_t epoch;
    struct dtls_bytes fragment;
};

/* struct { ContentType; ProtocolVersion; uint16 epoch; uint48 sequence_number;
 *          uint16 length; opaque fragment[length]; } DTLSCiphertext; */
static bool next_record(struct dtls_bytes *in, struct record *out)
{
    uint16_t version;
    uint64_t number;

    return dtls_get_u8(in, &out->type) && dtls_get_u16(in, &version) &&
           dtls_get_u16(in, &out->epoch) && dtls_get_u48(in, &number) &&
           dtls_get_vec16(in, &out->fragment);
}

struct piece {
    uint8_t type;
    uint32_t message_len;
    uint16_t seq;
    uint32_t offset;
    struct dtls_bytes body;
};

static bool next_piece(struct dtls_bytes *in, struct piece *out)
{
    uint32_t len;

    return dtls_get_u8(in, &out->type) &&
           dtls_get_u24(in, &out->message_len) &&
           dtls_get_u16(in, &out->seq) && dtls_get_u24(in, &out->offset) &&
           dtls_get_u24(in, &len) && dtls_get_bytes(in, len, &out->body);
}

/* What the extensions of a hello say. */
struct said {
    bool ems;
    bool etm;
    bool has_ticket;
    bool raw[2]; /* the client's, the server's certificate: in ServerHello */
};

static struct said read_extensions(struct dtls_bytes in)
{
    struct said said = {0};
    struct dtls_bytes all;
    struct dtls_bytes data;
    uint16_t type;

    if (!dtls_get_vec16(&in, &all)) {
        return said;
    }
    while (dtls_get_u16(&all, &type) && dtls_get_vec16(&all, &data)) {
        said.ems |= type == EXTENDED_MASTER_SECRET;
        said.etm |= type == ENCRYPT_THEN_MAC;
        said.raw[0] |= type == CLIENT_CERTIFICATE_TYPE && data.len == 1 &&
                       data.data[0] == RAW_PUBLIC_KEY;
        said.raw[1] |= type == SERVER_CERTIFICATE_TYPE && data.len == 1 &&
                       data.data[0] == RAW_PUBLIC_KEY;
        said.has_ticket |= type == SESSION_TICKET && data.len != 0;
    }
    return said;
}

static void read_client_hello(struct lab_wire *w, struct dtls_bytes in)
{
    struct dtls_bytes skipped;

    if (dtls_get_bytes(&in, 34, &skipped) && /* version, random */
        dtls_get_vec8(&in, &skipped) &&      /* session_id */
        dtls_get_vec8(&in, &skipped) &&      /* cookie */
        dtls_get_vec16(&in, &skipped) &&     /* cipher_suites */
        dtls_get_vec8(&in, &skipped)) {      /* compression_methods */
        struct said said = read_extensions(in);

        w->offers_ems = said.ems;
        w->offers_etm = said.etm;
        w->offers_ticket = said.has_ticket;
    }
}

static void read_server_hello(struct lab_wire *w, struct dtls_bytes in)
{
    struct dtls_bytes skipped;
    uint8_t compression;

    if (dtls_get_bytes(&in, 34, &skipped) && /* version, random */
        dtls_get_vec8(&in, &skipped) &&      /* session_id */
        dtls_get_u16(&in, &w->suite) && dtls_get_u8(&in, &compression)) {
        struct said said = read_extensions(in);

        w->ems = said.ems;
        w->etm = said.etm;
        w->raw[0] = said.raw[0];
        w->raw[1] = said.raw[1];
    }
}

/* struct { ECCurveType curve_type; NamedCurve namedcurve; ...; with ECDHE_PSK
 * after a hint (RFC 5489, 2).  They are at the front, so the first fragment is
 * enough. */
static void read_key_exchange(struct lab_wire *w, struct dtls_bytes in)
{
    const struct dtls_suite *suite = dtls_suite_find(w->suite);
    struct dtls_bytes hint;
    uint8_t type;
    uint16_t group;

    if (suite != NULL && dtls_suite_is_psk(suite) &&
        !dtls_get_vec16(&in, &hint)) {
        return;
    }
    if (dtls_get_u8(&in, &type) && type == NAMED_CURVE &&
        dtls_get_u16(&in, &group)) {
        w->group = group;
    }
}

/* Has nothing arrived at the sender of `b` since it sent that, and a timeout
 * is over?  Two ends that answer each other's repeats for ever are asked
 * often, and have no timeout: all packets are looked at only after one. */
static bool is_silent(const struct lab_wire *w, const struct lab_begun *b,
                      uint64_t now)
{
    if (now - b->at < FIRST_TIMEOUT) {
        return false;
    }
    for (size_t i = 0; i < w->num_packets; i++) {
        const struct lab_packet *p = &w->packets[i];
        uint64_t arrived = p->at + p->fate.delay;

        if (p->from != b->from && !p->fate.lost && arrived > b->at &&
            arrived <= now) {
            return false;
        }
    }
    return true;
}

static void count_repeat(const struct lab_wire *w, struct lab_begun *b,
                         uint64_t now)
{
    bool lost = w->trouble.lost != b->trouble.lost;
    bool troubled = lost || w->trouble.mixed != b->trouble.mixed;

    b->times++;
    b->lost += lost;
    b->troubled += troubled;
    b->silent += !troubled && is_silent(w, b, now);
    b->trouble = w->trouble;
}

static void count(struct lab_wire *w, struct lab_begun what)
{
    for (size_t i = 0; i < w->num_begun; i++) {
        struct lab_begun *b = &w->begun[i];

        if (b->from == what.from && b->epoch == what.epoch &&
            b->type == what.type && b->seq == what.seq) {
            /* Two encrypted records at the same time are two fragments, no
             * retransmission. */
            if (what.epoch == 0 || b->at != what.at) {
                count_repeat(w, b, what.at);
            }
            b->at = what.at;
            return;
        }
    }
    if (w->num_begun < LAB_BEGUN_MAX) {
        what.times = 1;
        what.trouble = w->trouble;
        w->begun[w->num_begun++] = what;
    }
}

/* Puts the piece to those of the same message, and reads what is there.  After
 * the last piece that is the message. */
static void read_hello(struct lab_wire *w, int from, const struct piece *p)
{
    struct dtls_bytes hello = {w->hellos[from], p->message_len};

    if (p->body.len == 0 || p->message_len > LAB_HELLO_MAX ||
        p->offset + p->body.len > p->message_len) {
        return;
    }
    memcpy(w->hellos[from] + p->offset, p->body.data, p->body.len);
    if (p->type == CLIENT_HELLO) {
        read_client_hello(w, hello);
    } else {
        read_server_hello(w, hello);
    }
}

static void read_handshake(struct lab_wire *w, int from, uint64_t at,
                           struct dtls_bytes in)
{
    struct piece p;

    while (in.len != 0 && next_piece(&in, &p)) {
        if (p.offset == 0) {
            count(w,
                  (struct lab_begun){
                      .from = from, .type = p.type, .seq = p.seq, .at = at});
        }
        if (p.type == SERVER_KEY_EXCHANGE && p.offset == 0) {
            read_key_exchange(w, p.body);
        }
        if (p.type == CERTIFICATE && p.body.len != 0 &&
            p.offset + p.body.len <= LAB_CHAIN_MAX) {
            memcpy(w->chains[from] + p.offset, p.body.data, p.body.len);
        }
        w->hello_verify |= p.type == HELLO_VERIFY_REQUEST;
        if (p.type == CLIENT_HELLO || p.type == SERVER_HELLO) {
            read_hello(w, from, &p);
        }
    }
}

static void read_datagram(struct lab_wire *w, int from, uint64_t at,
                          struct dtls_bytes in)
{
    struct record r;

    while (in.len != 0 && next_record(&in, &r)) {
        if (r.type == HANDSHAKE && r.epoch == 0) {
            read_handshake(w, from, at, r.fragment);
        } else if (r.type == HANDSHAKE) {
            count(w, (struct lab_begun){
                         .from = from, .epoch = r.epoch, .at = at});
        }
    }
}

static void note_trouble(struct lab_wire *w, const struct sim_sent *sent,
                         const struct sim_fate *fate)
{
    uint64_t arrives = sent->at + fate->delay;

    if (fate->lost || fate->flip != 0 || fate->len != sent->bytes.len) {
        w->trouble.lost++;
        return;
    }
    w->trouble.mixed += fate->copies != 1 || arrives < w->latest[sent->from];
    if (arrives > w->latest[sent->from]) {
        w->latest[sent->from] = arrives;
    }
}

void lab_wire_watch(void *watcher, const struct sim_sent *sent,
                    const struct sim_fate *fate)
{
    struct lab_wire *w = watcher;
    struct lab_packet *p;

    if (w->num_packets == w->cap) {
        w->cap = w->cap == 0 ? 256 : w->cap * 2;
        w->packets = realloc(w->packets, w->cap * sizeof *w->packets);
        assert(w->packets != NULL);
    }
    p = &w->packets[w->num_packets++];
    *p = (struct lab_packet){
        .at = sent->at,
        .from = sent->from,
        .fate = *fate,
        .len = sent->bytes.len,
        .bytes = malloc(sent->bytes.len + 1),
    };
    assert(p->bytes != NULL);
    memcpy(p->bytes, sent->bytes.data, sent->bytes.len);
    read_datagram(w, sent->from, sent->at, sent->bytes);
    note_trouble(w, sent, fate); /* what was said before has not met it */
}

void lab_wire_free(struct lab_wire *wire)
{
    for (size_t i = 0; i < wire->num_packets; i++) {
        free(wire->packets[i].bytes);
    }
    free(wire->packets);
    *wire = (struct lab_wire){0};
}

unsigned lab_wire_repeats(const struct lab_wire *wire, int from)
{
    unsigned most = 0;

    for (size_t i = 0; i < wire->num_begun; i++) {
        const struct lab_begun *b = &wire->begun[i];

        if (b->from == from && b->times - 1 > most) {
            most = b->times - 1;
        }
    }
    return most;
}

unsigned lab_wire_idle_repeats(const struct lab_wire *wire, int from)
{
    unsigned most = 0;

    for (size_t i = 0; i < wire->num_begun; i++) {
        const struct lab_begun *b = &wire->begun[i];
        unsigned repeats = b->times - 1;
        unsigned needed = b->silent + 2 * b->troubled;

        if (b->from == from && repeats > needed + most) {
            most = repeats - needed;
        }
    }
    return most;
}

bool lab_wire_lost_all(const struct lab_wire *wire, int from)
{
    const struct lab_begun *last = NULL;

    for (size_t i = 0; i < wire->num_begun; i++) {
        const struct lab_begun *b = &wire->begun[i];

        if (b->from == from && (last == NULL || b->at >= last->at)) {
            last = b;
        }
    }
    return last != NULL && last->times >= LAB_COPIES &&
           last->lost == last->times - 1 &&
           wire->trouble.lost != last->trouble.lost;
}

unsigned lab_wire_chain(const struct lab_wire *wire, int from)
{
    struct dtls_bytes in = dtls_bytes_of(wire->chains[from], LAB_CHAIN_MAX);
    struct dtls_bytes all;
    struct dtls_bytes one;
    unsigned num = 0;

    if (dtls_get_vec24(&in, &all)) {
        while (dtls_get_vec24(&all, &one)) {
            num++;
        }
    }
    return num;
}

/* Has an end begun such a message in the clear? */
static bool has_begun(const struct lab_wire *wire, uint8_t type)
{
    for (size_t i = 0; i < wire->num_begun; i++) {
        if (wire->begun[i].epoch == 0 && wire->begun[i].type == type) {
            return true;
        }
    }
    return false;
}

bool lab_wire_exchanged(const struct lab_wire *wire)
{
    return has_begun(wire, CERTIFICATE) ||
           has_begun(wire, SERVER_KEY_EXCHANGE) ||
           has_begun(wire, CLIENT_KEY_EXCHANGE);
}

bool lab_wire_stapled(const struct lab_wire *wire)
{
    return has_begun(wire, CERTIFICATE_STATUS);
}

bool lab_wire_again(const struct lab_wire *wire, int from)
{
    for (size_t i = 0; i < wire->num_begun; i++) {
        const struct lab_begun *b = &wire->begun[i];

        if (b->from == from && b->epoch == EPOCH_AGAIN) {
            return true;
        }
    }
    return false;
}

static const char *name_of(uint8_t type)
{
    static const char *const names[256] = {
        [0] = "HelloRequest",        [1] = "ClientHello",
        [2] = "ServerHello",         [3] = "HelloVerifyRequest",
        [11] = "Certificate",        [12] = "ServerKeyExchange",
        [13] = "CertificateRequest", [14] = "ServerHelloDone",
        [15] = "CertificateVerify",  [16] = "ClientKeyExchange",
        [20] = "Finished",           [22] = "CertificateStatus",
    };

    return names[type] != NULL ? names[type] : "?";
}

static void print_record(FILE *out, const struct record *r)
{
    struct dtls_bytes in = r->fragment;
    struct piece p;

    if (r->epoch != 0) {
        (void)fprintf(out, " [%u/%u %zu]", r->type, r->epoch, in.len);
    } else if (r->type == HANDSHAKE) {
        while (in.len != 0 && next_piece(&in, &p)) {
            (void)fprintf(out, " %s#%u", name_of(p.type), p.seq);
            if (p.body.len != p.message_len) {
                (void)fprintf(out, "(%u+%zu/%u)", (unsigned)p.offset,
                              p.body.len, (unsigned)p.message_len);
            }
        }
    } else if (r->type == 21 && in.len == 2) {
        (void)fprintf(out, " Alert(%u,%u)", in.data[0], in.data[1]);
    } else {
        (void)fprintf(out, " %s", r->type == 20 ? "CCS" : "?");
    }
}

static void print_fate(FILE *out, const struct sim_fate *fate, size_t len)
{
    if (fate->lost) {
        (void)fprintf(out, " LOST%s%s", fate->cause == NULL ? "" : " ",
                      fate->cause == NULL ? "" : fate->cause);
        return;
    }
    if (fate->delay != 0) {
        (void)fprintf(out, " +%u ms", (unsigned)fate->delay);
    }
    if (fate->copies != 1) {
        (void)fprintf(out, " x%u", (unsigned)fate->copies);
    }
    if (fate->flip != 0) {
        (void)fprintf(out, " CHANGED at %zu", fate->flip_at);
    }
    if (fate->len != len) {
        (void)fprintf(out, " CUT to %zu", fate->len);
    }
    if (fate->address != 0) {
        (void)fprintf(out, " from address %u", (unsigned)fate->address);
    }
}

void lab_wire_line(FILE *out, const struct lab_packet *p)
{
    struct dtls_bytes in = dtls_bytes_of(p->bytes, p->len);
    struct record r;

    (void)fprintf(out, "%9.3f %s %5zu", (double)p->at / 1000,
                  p->from == 0 ? ">" : "<", p->len);
    while (in.len != 0 && next_record(&in, &r)) {
        print_record(out, &r);
    }
    print_fate(out, &p->fate, p->len);
}
