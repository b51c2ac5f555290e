/* SPDX-License-Identifier: MIT */
/* Seeds that are recorded handshakes (seeds_handshakes.h): our own two ends
 * talk over the simulated network. */
#include "fuzzers/seeds/seeds_handshakes.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/seal.h"
#include "fuzzers/seeds/seed.h"
#include "sim/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600000 };

struct scenario {
    const char *name;
    uint32_t loss; /* percent */
    uint8_t kind;
    uint8_t knobs; /* of both ends, but only one has FUZZ_TALK */
    uint8_t how;
};

/* How a scenario goes. */
enum {
    ENDS_CONNECTED = 1,   /* neither end closes                        */
    PEER_RENEGOTIATES = 2 /* the peer of the end under test asks for it */
};

/* Two ends, and the seed that records what the one under test receives. */
struct world {
    struct sim_network net;
    struct fuzz_association ends[2]; /* by enum dtls_role */
    enum dtls_role under_test;
    uint64_t last; /* when the last step was recorded */
    struct seed seed;
    const char *name;
    bool tap; /* every message becomes a seed, too */
    unsigned num_said[2];
};

static struct world world;

static const struct {
    uint8_t type;
    const char *target;
} message_targets[] = {
    {DTLS_CLIENT_HELLO, "fuzz_client_hello"},
    {DTLS_CLIENT_HELLO, "fuzz_diff_client_hello"},
    {DTLS_SERVER_HELLO, "fuzz_server_hello"},
    {DTLS_HELLO_VERIFY_REQUEST, "fuzz_hello_verify"},
    {DTLS_CERTIFICATE, "fuzz_certificate"},
    {DTLS_CERTIFICATE_REQUEST, "fuzz_certificate_request"},
    {DTLS_CERTIFICATE_VERIFY, "fuzz_certificate_verify"},
};

static const struct {
    enum dtls_kx kx;
    const char *server; /* ServerKeyExchange */
    const char *client; /* ClientKeyExchange */
} key_exchange_targets[] = {
    {DTLS_KX_RSA, NULL, "fuzz_cke_rsa"},
    {DTLS_KX_ECDHE_ECDSA, "fuzz_ske_ecdhe", "fuzz_cke_ecdhe"},
    {DTLS_KX_ECDHE_RSA, "fuzz_ske_ecdhe", "fuzz_cke_ecdhe"},
    {DTLS_KX_ECDH, NULL, "fuzz_cke_ecdh"},
    {DTLS_KX_PSK, "fuzz_ske_psk", "fuzz_cke_psk"},
    {DTLS_KX_ECDHE_PSK, "fuzz_ske_ecdhe_psk", "fuzz_cke_ecdhe_psk"},
};

static void tap_key_exchange(const struct dtls_fragment *f, const char *name)
{
    enum dtls_kx kx = world.ends[DTLS_SERVER].session.hs.suite->kx;

    for (size_t i = 0;
         i < sizeof key_exchange_targets / sizeof *key_exchange_targets; i++) {
        if (key_exchange_targets[i].kx == kx) {
            seed_write(f->type == DTLS_SERVER_KEY_EXCHANGE
                           ? key_exchange_targets[i].server
                           : key_exchange_targets[i].client,
                       name, f->body);
        }
    }
}

static void tap_extensions(const char *name, bool server,
                           struct dtls_bytes block)
{
    static struct seed s;

    if (block.len != 0) {
        seed_begin(&s);
        seed_u8(&s, server ? 0xff : 0);
        seed_u8(&s, server ? 0xff : 0);
        seed_bytes(&s, block);
        seed_end(&s, "fuzz_extensions", name);
    }
}

/* One seed for each server of a differential target. */
static void tap_flight(const char *target, const char *const servers[4],
                       const struct dtls_fragment *f, const char *name)
{
    static struct seed s;
    char full[160];

    for (unsigned i = 0; i < 4 && servers[i] != NULL; i++) {
        (void)snprintf(full, sizeof full, "%s_to_%s", name, servers[i]);
        seed_begin(&s);
        seed_u8(&s, i);
        seed_bytes(&s, f->body);
        seed_end(&s, target, full);
    }
}

static void tap_hello(const struct dtls_fragment *f, const char *name)
{
    static const char *const openssl[4] = {"psk", "ecdsa", "rsa"};
    static const char *const gnutls[4] = {"psk", "ecdsa", "rsa_ecdhe", "rsa"};
    struct dtls_client_hello ch;
    struct dtls_server_hello sh;

    if (f->type == DTLS_CLIENT_HELLO &&
        dtls_client_hello_parse(&ch, f->body) == DTLS_OK) {
        tap_extensions(name, false, ch.extensions);
        tap_flight("fuzz_diff_flight", openssl, f, name);
        tap_flight("fuzz_diff_flight_gnutls", gnutls, f, name);
    }
    if (f->type == DTLS_SERVER_HELLO &&
        dtls_server_hello_parse(&sh, f->body) == DTLS_OK) {
        tap_extensions(name, true, sh.extensions);
    }
}

static void tap_message(const struct dtls_fragment *f, enum dtls_role from)
{
    char name[128];

    /* Both ends send a Certificate, and a client two hellos: the name says
     * which it is. */
    (void)snprintf(name, sizeof name, "%s_%s_%u", world.name,
                   from == DTLS_CLIENT ? "client" : "server",
                   world.num_said[from]);
    for (size_t i = 0; i < sizeof message_targets / sizeof *message_targets;
         i++) {
        if (message_targets[i].type == f->type && dtls_fragment_is_whole(f)) {
            seed_write(message_targets[i].target, name, f->body);
        }
    }
    if (f->type == DTLS_CERTIFICATE && dtls_fragment_is_whole(f)) {
        seed_write("fuzz_raw_certificate", name, f->body);
    }
    if (!dtls_fragment_is_whole(f)) {
        return;
    }
    tap_hello(f, name);
    if (f->type == DTLS_SERVER_KEY_EXCHANGE ||
        f->type == DTLS_CLIENT_KEY_EXCHANGE) {
        tap_key_exchange(f, name);
    }
}

static void tap(enum dtls_role from, struct dtls_bytes datagram)
{
    uint8_t *copy = fuzz_exact(datagram);
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record record;
    struct dtls_fragment fragment;
    char name[128];

    world.num_said[from]++;
    (void)snprintf(name, sizeof name, "%s_%s_%u", world.name,
                   from == DTLS_CLIENT ? "client" : "server",
                   world.num_said[from]);
    seed_write("fuzz_record", name, datagram);
    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        struct dtls_bytes payload = dtls_span_bytes(record.body);

        if (record.type != DTLS_HANDSHAKE || record.epoch != 0) {
            continue;
        }
        seed_write("fuzz_fragment", name, payload);
        while (dtls_fragment_next(&payload, &fragment) == DTLS_OK) {
            tap_message(&fragment, from);
        }
    }
    free(copy);
}

static void say(enum dtls_role from, struct dtls_bytes datagram)
{
    if (world.tap) {
        tap(from, datagram);
    }
    sim_send(&world.net, (int)from, 1 - (int)from, datagram);
}

static void client_says(void *self, struct dtls_bytes datagram)
{
    (void)self;
    say(DTLS_CLIENT, datagram);
}

static void server_says(void *self, struct dtls_bytes datagram)
{
    (void)self;
    say(DTLS_SERVER, datagram);
}

/* Records a step: {delay, length, datagram}, the datagram's records opened
 * (opened.h).  A long delay takes several steps. */
static void record_step(struct dtls_bytes datagram)
{
    static uint8_t bytes[1 << 16];
    struct dtls_buf opened = {bytes, 0, sizeof bytes};
    struct fuzz_association *sender = &world.ends[1 - (int)world.under_test];
    uint64_t delay = world.net.now - world.last;

    fuzz_open(&sender->session, &sender->crypto, &opened, datagram);
    world.last = world.net.now;
    for (; delay > 0xffff; delay -= 0xffff) {
        seed_u16(&world.seed, 0xffff);
        seed_u16(&world.seed, 0);
    }
    seed_u16(&world.seed, (unsigned)delay);
    seed_u16(&world.seed, (unsigned)opened.len);
    seed_bytes(&world.seed, dtls_buf_bytes(&opened));
}

/* Plays the next event; false if none is due by `until`. */
static bool step(uint64_t until)
{
    uint64_t next = sim_next_due(&world.net);
    struct sim_datagram d;

    for (int i = 0; i < 2; i++) {
        uint64_t deadline = dtls_session_deadline(&world.ends[i].session);

        next = deadline < next ? deadline : next;
    }
    if (next > until) {
        return false;
    }
    world.net.now = next;
    for (int i = 0; i < 2; i++) {
        fuzz_association_wait(&world.ends[i], next - world.ends[i].now);
    }
    if (sim_next_due(&world.net) == next) {
        d = sim_deliver(&world.net);
        if (d.to == (int)world.under_test) {
            record_step(dtls_bytes_of(d.bytes, d.len));
        }
        fuzz_association_receive(&world.ends[d.to],
                                 dtls_bytes_of(d.bytes, d.len));
        free(d.bytes);
    }
    return true;
}

static bool both_connected(void)
{
    return world.ends[DTLS_CLIENT].connected &&
           world.ends[DTLS_SERVER].connected;
}

static void meet(const struct scenario *s, bool null)
{
    sim_network_init(&world.net, 0x2345);
    world.net.conditions.delay = 10;
    world.net.conditions.loss = s->loss;
    world.last = 0;
    world.name = s->name;
    world.num_said[0] = world.num_said[1] = 0;
    seed_begin(&world.seed);
    seed_u8(&world.seed, s->kind);
    seed_u8(&world.seed, s->knobs);
    for (int role = 0; role < 2; role++) {
        struct fuzz_setup setup = {.role = (enum dtls_role)role,
                                   .null = null,
                                   .kind = s->kind,
                                   .knobs = s->knobs};

        if (setup.role != world.under_test) {
            setup.knobs &= (uint8_t)~FUZZ_TALK;
            setup.kind %= FUZZ_RENEGOTIATE;
            setup.kind |=
                (s->how & PEER_RENEGOTIATES) != 0 ? FUZZ_RENEGOTIATE : 0;
        }
        fuzz_association_init(&world.ends[role], &setup);
    }
    world.ends[DTLS_CLIENT].output = client_says;
    world.ends[DTLS_SERVER].output = server_says;
    fuzz_association_wait(&world.ends[DTLS_CLIENT], 0);
    while (!both_connected() && step(HOUR)) {
    }
}

static void part(void)
{
    (void)fuzz_association_free(&world.ends[DTLS_CLIENT]);
    (void)fuzz_association_free(&world.ends[DTLS_SERVER]);
    sim_network_free(&world.net);
}

/* The peer sends data and closes; the end under test may answer. */
static void talk(void)
{
    struct fuzz_association *peer = &world.ends[1 - (int)world.under_test];

    while (step(world.net.now + 1000)) {
    }
    fuzz_association_say(peer, dtls_bytes_of("ping", 4));
    while (step(world.net.now + 100)) {
    }
    fuzz_association_close(peer);
    while (step(world.net.now + 100)) {
    }
}

static const char *target_of(enum dtls_role role, bool null)
{
    if (null) {
        return role == DTLS_CLIENT ? "fuzz_client_null" : "fuzz_server_null";
    }
    return role == DTLS_CLIENT ? "fuzz_client" : "fuzz_server";
}

static bool renegotiates(const struct scenario *s)
{
    return (s->how & PEER_RENEGOTIATES) != 0 ||
           (s->kind & FUZZ_RENEGOTIATE) != 0;
}

/* Does the recorded input still connect as often as it should? */
static bool serves(const struct scenario *s, enum dtls_role role, bool null,
                   struct dtls_bytes input)
{
    unsigned handshakes = fuzz_association_run(role, null, input).handshakes;

    return handshakes == (renegotiates(s) ? 2 : 1);
}

/* The same input for the listener: two addresses, one after the other, send
 * each datagram. */
static void record_for_listener(const struct scenario *s, bool null)
{
    static struct seed out;
    struct dtls_bytes in = dtls_buf_bytes(&world.seed.buf);

    seed_begin(&out);
    (void)fuzz_u16(&in); /* kind, knobs */
    seed_u8(&out, s->knobs);
    while (in.len != 0) {
        uint16_t delay = fuzz_u16(&in);
        struct dtls_bytes datagram = fuzz_some(&in, fuzz_u16(&in));

        for (unsigned address = 0; address < 2; address++) {
            seed_u16(&out, address == 0 ? delay : 0);
            seed_u8(&out, address);
            seed_u16(&out, (unsigned)datagram.len);
            seed_bytes(&out, datagram);
        }
    }
    seed_end(&out, null ? "fuzz_listener_null" : "fuzz_listener", s->name);
}

static void record(const struct scenario *s, enum dtls_role role, bool null)
{
    world.under_test = role;
    meet(s, null);
    FUZZ_CHECK(both_connected());
    if ((s->how & ENDS_CONNECTED) == 0) {
        talk();
        FUZZ_CHECK(world.ends[role].over && world.ends[role].num_data != 0);
    }
    part();
    FUZZ_CHECK(serves(s, role, null, dtls_buf_bytes(&world.seed.buf)));
    seed_end(&world.seed, target_of(role, null), s->name);
    if (role == DTLS_SERVER &&
        s->kind % FUZZ_OPTIONS % FUZZ_KINDS == FUZZ_PSK) {
        record_for_listener(s, null);
    }
}

/* A handshake without cookies whose ClientHello has the last record number:
 * the server's records begin with that number. */
static void record_last_number(void)
{
    static const struct scenario s = {"with_the_last_record_number", 0,
                                      FUZZ_KIND(FUZZ_PSK, 1), FUZZ_NO_COOKIES,
                                      ENDS_CONNECTED};
    size_t seq = 2 + 4 + 5; /* kind, knobs; delay, length; type to epoch */

    world.under_test = DTLS_SERVER;
    meet(&s, false);
    part();
    memset(&world.seed.bytes[seq], 0xff, 6);
    seed_end(&world.seed, "fuzz_server", s.name);
}

static const struct scenario scenarios[] = {
    {"psk_ccm_8", 0, FUZZ_KIND(FUZZ_PSK, 1), 0, 0},
    {"psk_gcm", 0, FUZZ_KIND(FUZZ_PSK, 2), 0, 0},
    {"psk_cbc", 0, FUZZ_KIND(FUZZ_PSK, 3), 0, 0},
    {"ecdsa_gcm", 0, FUZZ_KIND(FUZZ_ECDSA, 1), 0, 0},
    {"ecdsa_chacha20", 0, FUZZ_KIND(FUZZ_ECDSA, 2), 0, 0},
    {"ecdsa_cbc", 0, FUZZ_KIND(FUZZ_ECDSA, 3), 0, 0},
    {"ecdsa_both", 0, FUZZ_KIND(FUZZ_ECDSA_BOTH, 0), 0, 0},
    {"rsa_ecdhe_gcm", 0, FUZZ_KIND(FUZZ_RSA, 1), 0, 0},
    {"rsa_ecdhe_chacha20", 0, FUZZ_KIND(FUZZ_RSA, 2), 0, 0},
    {"rsa_gcm", 0, FUZZ_KIND(FUZZ_RSA, 3), 0, 0},
    {"rsa_cbc_256", 0, FUZZ_KIND(FUZZ_RSA, 6), 0, 0},
    {"rsa_cbc_sha1", 0, FUZZ_KIND(FUZZ_RSA, 7), 0, 0},
    {"ecdhe_psk_gcm", 0, FUZZ_KIND(FUZZ_ECDHE_PSK, 1), 0, 0},
    {"ecdhe_psk_chacha20", 0, FUZZ_KIND(FUZZ_ECDHE_PSK, 2), 0, 0},
    {"ecdhe_psk_cbc", 0, FUZZ_KIND(FUZZ_ECDHE_PSK, 4), 0, 0},
    {"everything_offered", 0, FUZZ_KIND(FUZZ_RSA, 0), 0, 0},
    {"options_psk", 0, FUZZ_OPTIONS | FUZZ_KIND(FUZZ_PSK, 2), FUZZ_TALK, 0},
    {"options_certificates", 0, FUZZ_OPTIONS | FUZZ_KIND(FUZZ_ECDSA_BOTH, 1),
     0, 0},
    {"options_fragment_length", 0, FUZZ_OPTIONS | FUZZ_KIND(FUZZ_RSA, 1),
     FUZZ_HIDE_IDENTITY, 0},
    {"options_raw_keys", 0, FUZZ_OPTIONS | FUZZ_KIND(FUZZ_ECDSA_BOTH, 1),
     FUZZ_HIDE_IDENTITY, 0},
    {"options_renegotiated", 0,
     FUZZ_OPTIONS | FUZZ_RENEGOTIATE | FUZZ_KIND(FUZZ_RSA, 1), 0, 0},
    {"no_cookies", 0, FUZZ_KIND(FUZZ_PSK, 0), FUZZ_NO_COOKIES, 0},
    {"cookies_patched", 0, FUZZ_KIND(FUZZ_PSK, 0), FUZZ_PATCH_COOKIES, 0},
    {"talkative", 0, FUZZ_KIND(FUZZ_PSK, 0), FUZZ_TALK, 0},
    {"closed_by_us", 0, FUZZ_KIND(FUZZ_PSK, 0), FUZZ_CLOSE, ENDS_CONNECTED},
    {"many_fragments", 0, FUZZ_KIND(FUZZ_ECDSA_BOTH, 1), FUZZ_SMALL_MTU, 0},
    {"many_fragments_and_loss", 10, FUZZ_KIND(FUZZ_ECDSA, 1), FUZZ_SMALL_MTU,
     0},
    {"a_third_is_lost", 30, FUZZ_KIND(FUZZ_PSK, 1), FUZZ_TALK, ENDS_CONNECTED},
    {"renegotiates", 0, FUZZ_RENEGOTIATE | FUZZ_KIND(FUZZ_PSK, 1), 0, 0},
    {"renegotiates_talking", 0,
     FUZZ_RENEGOTIATE | FUZZ_KIND(FUZZ_ECDSA_BOTH, 1), FUZZ_TALK, 0},
    {"is_asked_to_renegotiate", 0, FUZZ_KIND(FUZZ_PSK, 3), 0,
     PEER_RENEGOTIATES},
    {"is_asked_in_many_fragments", 0, FUZZ_KIND(FUZZ_ECDSA, 1), FUZZ_SMALL_MTU,
     PEER_RENEGOTIATES},
    {"both_renegotiate", 0, FUZZ_RENEGOTIATE | FUZZ_KIND(FUZZ_PSK, 1), 0,
     PEER_RENEGOTIATES},
};

/* When the engine says other things than it did, recorded handshakes still run
 * but no longer connect. */
int seeds_check_handshakes(void)
{
    static struct seed s;
    int lost = 0;

    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        for (unsigned n = 0; n < 4; n++) {
            enum dtls_role role = n % 2 != 0 ? DTLS_SERVER : DTLS_CLIENT;
            bool null = n / 2 != 0;
            const char *target = target_of(role, null);
            size_t len = seed_read(&s, target, scenarios[i].name);

            if (!serves(&scenarios[i], role, null,
                        dtls_bytes_of(s.bytes, len))) {
                (void)fprintf(stderr, "%s/%s does not connect any more\n",
                              target, scenarios[i].name);
                lost++;
            }
        }
    }
    return lost;
}

/* An association whose peer says nothing. */
static void write_lonely(const char *target)
{
    static struct seed s;

    seed_begin(&s);
    seed_u8(&s, FUZZ_KIND(FUZZ_ECDSA, 0));
    seed_u8(&s, 0);
    for (unsigned i = 0; i < 12; i++) {
        seed_u16(&s, 60001);
        seed_u16(&s, 0);
    }
    seed_end(&s, target, "nobody_answers");
}

/* A record of type tls12_cid (RFC 9146) in the clear and one in epoch 1, where
 * no connection id was agreed on. */
static void put_records_with_cid(struct seed *s)
{
    static const uint8_t records[] = {
        DTLS_TLS12_CID, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0,
        DTLS_TLS12_CID, 0xfe, 0xfd, 0, 1, 0, 0, 0, 0, 0, 1, 0, 2, 1, 0};

    seed_u16(s, sizeof records);
    seed_bytes(s, dtls_bytes_of(records, sizeof records));
}

static void write_unagreed_cid(const char *target)
{
    static struct seed s;

    seed_begin(&s);
    seed_u8(&s, FUZZ_KIND(FUZZ_PSK, 0));
    seed_u8(&s, 0);
    seed_u16(&s, 1);
    put_records_with_cid(&s);
    seed_end(&s, target, "cid_that_was_not_agreed_on");
}

static void write_cid_at_the_door(const char *target)
{
    static struct seed s;

    seed_begin(&s);
    seed_u8(&s, 0);
    seed_u16(&s, 1);
    seed_u8(&s, 2);
    put_records_with_cid(&s);
    seed_end(&s, target, "cid_of_a_stranger");
}

static void write_associations(void)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        for (int role = 0; role < 2; role++) {
            record(&scenarios[i], (enum dtls_role)role, false);
            record(&scenarios[i], (enum dtls_role)role, true);
        }
    }
    record_last_number();
    write_lonely("fuzz_server");
    write_lonely("fuzz_server_null");
    write_lonely("fuzz_client");
    write_lonely("fuzz_client_null");
    write_unagreed_cid("fuzz_server");
    write_unagreed_cid("fuzz_server_null");
    write_unagreed_cid("fuzz_client");
    write_unagreed_cid("fuzz_client_null");
    write_cid_at_the_door("fuzz_listener");
    write_cid_at_the_door("fuzz_listener_null");
}

static void write_messages(void)
{
    static const char *const tapped[] = {"psk_ccm_8",
                                         "ecdsa_gcm",
                                         "ecdsa_both",
                                         "rsa_ecdhe_gcm",
                                         "rsa_gcm",
                                         "everything_offered",
                                         "ecdhe_psk_gcm",
                                         "many_fragments",
                                         "options_psk",
                                         "options_certificates",
                                         "options_fragment_length",
                                         "options_raw_keys"};

    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        for (size_t n = 0; n < sizeof tapped / sizeof *tapped; n++) {
            if (strcmp(scenarios[i].name, tapped[n]) == 0) {
                world.tap = true;
                meet(&scenarios[i], false);
                world.tap = false;
                part();
            }
        }
    }
}

void seeds_write_handshakes(void)
{
    write_associations();
    write_messages();
}
