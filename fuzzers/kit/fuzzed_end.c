/* SPDX-License-Identifier: MIT */
/* One end of an association that the fuzzer drives (fuzzed_end.h). */
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"
#include "fuzzers/kit/gate.h"
#include "fuzzers/kit/null_crypto.h"
#include "fuzzers/kit/seal.h"
#include "session/phase.h"

#include <stdlib.h>
#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum {
    OUT_MAX = 2048,
    ARENA = 8192,
    ARENA_SMALL = 300,
    PEER_CERTS = 4096,
    BLOCK = 256,
    STORE = 32,
    STORE_SMALL = 4,
    MTU = 1200,
    MTU_SMALL = 150,
    FLIGHT_MAX = 8192, /* bytes on the wire of our longest flight */
    ALERT_MAX = 128,
    ANSWER_MAX = 64,
    SEALED_MORE = 128, /* most bytes that sealing adds */
    EXPIRE_MAX = 128,  /* most timers that fire in one wait */
    STEP_MAX = 256
};

static const uint16_t psk_suites[] = {0xc0a8, 0x00a8, 0x00ae};
static const uint16_t ecdsa_suites[] = {0xc02b, 0xcca9, 0xc023};
static const uint16_t rsa_suites[] = {0xc02f, 0xcca8, 0x009c, 0xc027,
                                      0x003c, 0x003d, 0x002f, 0xc0a8};
static const uint16_t ecdhe_psk_suites[] = {0xd001, 0xccac, 0xd003, 0xc037};
static const uint16_t password_suite = 0xc0ff;
static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1,
                                  DTLS_GROUP_SECP384R1};

static const struct dtls_psk psks[] = {
    {{(const uint8_t *)"client", 6},
     {(const uint8_t *)"\x23\x45\x67\x89\xab\xcd\xef\x01", 8},
     {(const uint8_t *)"hint", 4}},
    {{(const uint8_t *)"other", 5},
     {(const uint8_t *)"\x32\x54\x76\x98", 4},
     {NULL, 0}},
};

static const struct {
    const uint16_t *suites;
    uint8_t num_suites;
    uint8_t num_psks;
    bool certificates;
    enum fuzz_credential server;
    bool client_certificate;
    enum dtls_client_auth client_auth;
} kinds[FUZZ_KINDS] = {
    [FUZZ_PSK] = {.suites = psk_suites,
                  .num_suites = LEN(psk_suites),
                  .num_psks = LEN(psks)},
    [FUZZ_ECDSA] = {.suites = ecdsa_suites,
                    .num_suites = LEN(ecdsa_suites),
                    .certificates = true,
                    .server = FUZZ_SERVER_EC},
    [FUZZ_ECDSA_BOTH] = {.suites = ecdsa_suites,
                         .num_suites = LEN(ecdsa_suites),
                         .certificates = true,
                         .server = FUZZ_SERVER_EC,
                         .client_certificate = true,
                         .client_auth = DTLS_CLIENT_AUTH_REQUIRED},
    [FUZZ_RSA] = {.suites = rsa_suites,
                  .num_suites = LEN(rsa_suites),
                  .num_psks = LEN(psks),
                  .certificates = true,
                  .server = FUZZ_SERVER_RSA,
                  .client_auth = DTLS_CLIENT_AUTH_OPTIONAL},
    [FUZZ_ECDHE_PSK] = {.suites = ecdhe_psk_suites,
                        .num_suites = LEN(ecdhe_psk_suites),
                        .num_psks = LEN(psks)},
};

static void *take_block(void *self, size_t *size)
{
    struct fuzz_store *store = self;
    void *block;

    if (store->taken == store->most) {
        return NULL;
    }
    block = malloc(BLOCK);
    FUZZ_CHECK(block != NULL);
    store->taken++;
    *size = BLOCK;
    return block;
}

static void give_block(void *self, void *block)
{
    struct fuzz_store *store = self;

    FUZZ_CHECK(block != NULL && store->taken != 0);
    store->taken--;
    free(block);
}

/* 2030-01-01, when all certificates are valid. */
static int64_t unix_time(void *self)
{
    (void)self;
    return INT64_C(1893456000);
}

static bool has(const struct fuzz_association *a, uint8_t knob)
{
    return (a->setup.knobs & knob) != 0;
}

static enum dtls_status judge_staple(void *self, struct dtls_bytes response)
{
    (void)self;
    return response.len < 300 ? DTLS_OK : DTLS_BAD_CERTIFICATE_STATUS;
}

static const uint16_t srtp_profiles[] = {DTLS_SRTP_AEAD_AES_128_GCM,
                                         DTLS_SRTP_AES128_CM_HMAC_SHA1_80};

static enum dtls_status accept_key(void *self, struct dtls_bytes info)
{
    (void)self;
    return info.len < 100 ? DTLS_OK : DTLS_CERTIFICATE_REFUSED;
}

/* Raw public keys (RFC 7250), before the certificates, and what else hellos
 * may say then. */
static void add_raw_keys(struct fuzz_association *a)
{
    const struct dtls_credential *own = a->config.credentials;

    a->config.raw_keys = true;
    a->config.judge_raw_key = accept_key;
    a->config.judge_staple = judge_staple;
    a->config.srtp_profiles = srtp_profiles;
    a->config.num_srtp_profiles = LEN(srtp_profiles);
    if (own != NULL) {
        a->raw = *own;
        a->raw.next = own;
        FUZZ_CHECK(dtls_cert_parse_raw(&a->raw.cert,
                                       dtls_cert_key_info(&own->cert)) ==
                   DTLS_OK);
        a->config.credentials = &a->raw;
    }
}

/* Extensions and limits that are off by default.  FUZZ_HIDE_IDENTITY is a
 * server's knob; for a client it selects the older limit, max_fragment_length.
 * Where there is no PSK it also selects raw public keys, SRTP and stapling.
 */
static void add_options(struct fuzz_association *a)
{
    bool is_client = a->setup.role == DTLS_CLIENT;

    a->config.idle_limit = 40000;
    a->config.life_limit = 100000;
    a->config.protocols = dtls_bytes_of("\4coap\2h2", 8);
    if (is_client) {
        a->config.server_name = dtls_bytes_of("localhost", 9);
        a->config.protocols = dtls_bytes_of("\2h2\5coaps", 9);
    }
    if (is_client && has(a, FUZZ_HIDE_IDENTITY)) {
        a->config.max_fragment_length = 512;
    } else {
        a->config.record_size_limit = is_client ? 600 : 300;
    }
    if (a->config.num_psks == 0 && has(a, FUZZ_HIDE_IDENTITY)) {
        add_raw_keys(a);
    }
}

static void init_config(struct fuzz_association *a)
{
    uint8_t kind = a->setup.kind % FUZZ_OPTIONS % FUZZ_KINDS;
    uint8_t suite = a->setup.kind % FUZZ_OPTIONS / FUZZ_KINDS;
    bool is_client = a->setup.role == DTLS_CLIENT;
    bool null = a->setup.null;

    a->config = (struct dtls_config){
        .connection_ids = a->setup.connection_ids,
        .cid_len = a->setup.role == DTLS_SERVER ? 8 : 0,
        .keepalive = a->setup.connection_ids ? 15000 : 0,
        .keepalive_questions = 100,
        .path_search = a->setup.connection_ids ? MTU : 0,
        .crypto = &a->crypto.crypto,
        .suites = kinds[kind].suites,
        .num_suites = kinds[kind].num_suites,
        .groups = groups,
        .num_groups = LEN(groups),
        .psks = psks,
        .num_psks = kinds[kind].num_psks,
        .hide_unknown_identity = has(a, FUZZ_HIDE_IDENTITY),
        .client_auth = kinds[kind].client_auth,
        .unix_time = unix_time,
        .timer = {.initial = 1000,
                  .maximum = 60000,
                  .max_retries = 10,
                  .shift = 1},
        .mtu = has(a, FUZZ_SMALL_MTU) ? MTU_SMALL : MTU,
        .resume = a->setup.resume,
        .cache = a->setup.cache,
        .tickets = a->setup.tickets,
    };
    if (a->setup.password.len != 0) {
        a->config.password = a->setup.password;
        a->config.suites = &password_suite;
        a->config.num_suites = 1;
    } else if (suite != 0) {
        a->config.suites += (suite - 1) % kinds[kind].num_suites;
        a->config.num_suites = 1;
    }
    if (kinds[kind].certificates) {
        a->config.anchors = fuzz_anchors();
    }
    if (kinds[kind].certificates && !is_client) {
        a->config.credentials = fuzz_credential(kinds[kind].server, null);
    }
    if (kinds[kind].client_certificate && is_client) {
        a->config.credentials = fuzz_credential(FUZZ_CLIENT_EC, null);
    }
    if ((a->setup.kind & FUZZ_OPTIONS) != 0) {
        add_options(a);
    }
}

/* A heap block of exactly this size: the sanitizer sees every access past
 * it. */
static struct dtls_span make_span(size_t len)
{
    struct dtls_span span = {malloc(len), len};

    FUZZ_CHECK(span.data != NULL);
    return span;
}

void fuzz_association_init(struct fuzz_association *a,
                           const struct fuzz_setup *setup)
{
    uint64_t seed =
        (setup->role == DTLS_CLIENT ? 0x2345 : 0x6789) + setup->now;

    *a = (struct fuzz_association){
        .setup = *setup,
        .now = setup->now,
        .digest = FUZZ_DIGEST,
        .told = FUZZ_DIGEST,
        .peer = {.len = 7,
                 .bytes = {4, 127, 0, 0, 1, 0x23,
                           (uint8_t)(0x45 + setup->address)}},
    };
    if (setup->null) {
        fuzz_null_crypto_init(&a->crypto, seed);
    } else {
        fuzz_crypto_init(&a->crypto, seed);
    }
    init_config(a);
    a->store = (struct fuzz_store){
        .store = {&a->store, take_block, give_block},
        .most = has(a, FUZZ_SMALL_STORE) ? STORE_SMALL : STORE,
    };
    a->areas = (struct dtls_areas){NULL};
    dtls_areas_add(&a->areas, &a->area);
    a->room = (struct dtls_session_room){
        .config = &a->config,
        .store = &a->store.store,
        .counters = &a->counters,
        .areas = &a->areas,
        .records = &a->records,
        .arena = make_span(has(a, FUZZ_SMALL_ARENA) ? ARENA_SMALL : ARENA),
        .peer_certs = make_span(PEER_CERTS),
        .chain = a->chain,
    };
    a->allowed = FLIGHT_MAX + ALERT_MAX;
    if (setup->role == DTLS_CLIENT) {
        a->accepted =
            dtls_session_connect(&a->session, &a->room, a->now) == DTLS_OK;
        a->over = !a->accepted; /* the store was too small */
    } else if (setup->listener != NULL) {
        a->listener = setup->listener;
    } else {
        a->listener = &a->own_listener;
        FUZZ_CHECK(dtls_listener_init(a->listener, &a->crypto.crypto,
                                      &a->counters, a->now) == DTLS_OK);
        a->listener->without_cookies = has(a, FUZZ_NO_COOKIES);
    }
}

static void see(struct fuzz_association *a, uint8_t what,
                struct dtls_bytes bytes)
{
    a->digest = fuzz_digest(a->digest, dtls_bytes_of(&what, 1));
    a->digest = fuzz_digest(a->digest, dtls_bytes_of(&a->now, sizeof a->now));
    a->digest = fuzz_digest(a->digest, bytes);
}

static void emit(struct fuzz_association *a, struct dtls_bytes datagram)
{
    see(a, 'o', datagram);
    a->sent += datagram.len;
    FUZZ_CHECK(a->sent <= a->allowed);
    if (a->output != NULL) {
        a->output(a->self, datagram);
    }
}

/* An epoch uses its numbers in ascending order, each once; an epoch that is
 * over does not come back. */
static void check_number(struct fuzz_association *a,
                         const struct dtls_record *record)
{
    unsigned at = record->epoch & 1;

    FUZZ_CHECK(record->epoch <= a->session.records.write_epoch);
    FUZZ_CHECK(record->epoch >= a->epoch[at]);
    if (record->epoch != a->epoch[at]) {
        a->epoch[at] = record->epoch;
        a->next_seq[at] = 0;
    }
    FUZZ_CHECK(record->seq >= a->next_seq[at]);
    a->next_seq[at] = record->seq + 1;
}

/* We send DTLS 1.2, except for an alert in the clear to a peer that has shown
 * no version above 1.0 (RFC 7507, 3). */
static bool is_our_version(const struct dtls_record *record)
{
    return record->version == DTLS_VERSION_1_2 ||
           (record->version == DTLS_VERSION_1_0 &&
            record->type == DTLS_ALERT && record->epoch == 0);
}

/* The datagram is whole records, each of a type, version and epoch that we may
 * send. */
static void check_records(struct fuzz_association *a,
                          struct dtls_span datagram)
{
    const struct dtls_record_layer *records = &a->session.records;
    struct dtls_bytes cid =
        dtls_bytes_of(records->cid_out, records->cid_out_len);
    struct dtls_record record;

    FUZZ_CHECK(datagram.len <= a->config.mtu);
    while (datagram.len != 0) {
        FUZZ_CHECK(dtls_record_next_of(&datagram, cid, &record) == DTLS_OK);
        FUZZ_CHECK((record.type >= DTLS_CHANGE_CIPHER_SPEC &&
                    record.type <= DTLS_APPLICATION_DATA) ||
                   (record.epoch != 0 &&
                    (record.type == DTLS_ROUTABILITY_CHECK ||
                     (record.type == DTLS_TLS12_CID && record.cid_is_ours))));
        FUZZ_CHECK(is_our_version(&record));
        FUZZ_CHECK(record.type != DTLS_APPLICATION_DATA ||
                   (record.epoch != 0 && a->connected));
        check_number(a, &record);
    }
}

/* Sends everything that is ready. */
static void flush(struct fuzz_association *a)
{
    struct dtls_buf out;
    struct dtls_span room = make_span(OUT_MAX);

    do {
        enum dtls_status status;

        out = (struct dtls_buf){room.data, 0, room.len};
        status = dtls_session_write(&a->session, &out);
        if (out.len != 0) {
            check_records(a, (struct dtls_span){out.data, out.len});
            emit(a, dtls_buf_bytes(&out));
        }
        /* A client may begin with the last record number there is. */
        FUZZ_CHECK(status == DTLS_OK ||
                   (status == DTLS_TOO_LATE && a->epoch[0] == 0 &&
                    a->next_seq[0] > DTLS_SEQ_MAX));
        if (status != DTLS_OK) {
            break;
        }
    } while (out.len != 0);
    free(room.data);
}

void fuzz_association_say(struct fuzz_association *a, struct dtls_bytes data)
{
    struct dtls_span room = make_span(OUT_MAX);
    struct dtls_buf out = {room.data, 0, room.len};
    enum dtls_status status;

    if (data.len > ANSWER_MAX) {
        data.len = ANSWER_MAX;
    }
    status = dtls_session_send(&a->session, &out, data, a->now);
    FUZZ_CHECK((status == DTLS_OK) ==
               (dtls_session_is_open(&a->session) &&
                !dtls_session_is_changing_keys(&a->session)));
    if (status == DTLS_OK) {
        a->allowed += 2 * ANSWER_MAX + ALERT_MAX;
        check_records(a, (struct dtls_span){out.data, out.len});
        emit(a, dtls_buf_bytes(&out));
    }
    free(room.data);
}

/* The session refuses only without RFC 5746 or without a free block. */
static void renegotiate(struct fuzz_association *a)
{
    enum dtls_status status = dtls_session_renegotiate(&a->session, a->now);

    FUZZ_CHECK((a->session.phase == DTLS_PHASE_RENEGOTIATING) ==
               (status == DTLS_OK));
    FUZZ_CHECK(status == DTLS_OK || status == DTLS_STORE_EMPTY ||
               !a->session.hs.agreed.secure_renegotiation);
}

static void note(struct fuzz_association *a, enum dtls_event event,
                 struct dtls_bytes data, struct dtls_bytes datagram)
{
    if (event == DTLS_EVENT_NONE) {
        return;
    }
    FUZZ_CHECK(!a->over);
    see(a, (uint8_t)event, data);
    switch (event) {
    case DTLS_EVENT_CONNECTED:
        FUZZ_CHECK(!a->connected && a->session.phase == DTLS_PHASE_CONNECTED);
        a->connected = true;
        if (has(a, FUZZ_TALK)) {
            fuzz_association_say(a, dtls_bytes_of("hello", 5));
        }
        if ((a->setup.kind & FUZZ_RENEGOTIATE) != 0) {
            renegotiate(a);
        }
        break;
    case DTLS_EVENT_RENEGOTIATED:
        FUZZ_CHECK(a->connected && a->session.phase == DTLS_PHASE_CONNECTED);
        a->renegotiations++;
        FUZZ_CHECK(a->session.records.read_epoch == 1 + a->renegotiations &&
                   a->session.records.write_epoch == 1 + a->renegotiations);
        break;
    case DTLS_EVENT_DATA:
        FUZZ_CHECK(a->connected && data.len != 0);
        fuzz_inside(data, datagram);
        a->num_data++;
        a->told = fuzz_digest(a->told, data);
        if (a->heard != NULL) {
            a->heard(a->self, data);
        }
        if (has(a, FUZZ_TALK)) {
            fuzz_association_say(a, data);
        }
        break;
    case DTLS_EVENT_ENDED:
        FUZZ_CHECK(a->connected && a->session.phase == DTLS_PHASE_ENDED);
        a->over = true;
        break;
    case DTLS_EVENT_FAILED:
        FUZZ_CHECK(a->session.phase == DTLS_PHASE_FAILED &&
                   a->session.failure != DTLS_OK);
        a->over = true;
        break;
    case DTLS_EVENT_NONE:
        break;
    }
}

/* The gate accepted this hello, so its cookie is the one that the gate gives
 * to the hello now.  In the second half of a cookie's life the previous secret
 * made it; then the two are not compared. */
static void check_pass(struct fuzz_association *a, struct dtls_span datagram)
{
    struct fuzz_hello hello;
    uint8_t cookie[DTLS_COOKIE_LEN];

    if (has(a, FUZZ_NO_COOKIES)) {
        FUZZ_CHECK(fuzz_fragment_read(&hello, datagram) &&
                   hello.fragment.seq == 0);
        return;
    }
    FUZZ_CHECK(fuzz_hello_read(&hello, datagram));
    FUZZ_CHECK(hello.hello.cookie.len == DTLS_COOKIE_LEN);
    fuzz_hello_ask(a->listener, cookie, &a->peer, &hello,
                   fuzz_cookie_is_seen(hello.hello.cookie), a->now);
    if (a->now < DTLS_COOKIE_PERIOD_MS) {
        size_t bound = fuzz_cookie_bound(&hello);

        fuzz_same(dtls_bytes_of(hello.hello.cookie.data, bound),
                  dtls_bytes_of(cookie, bound));
    }
}

/* Shows the datagram to the server's gate; true if a session exists to read
 * it. */
static bool at_the_door(struct fuzz_association *a, struct dtls_span datagram)
{
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;
    struct fuzz_hello hello;

    if (has(a, FUZZ_PATCH_COOKIES) && !has(a, FUZZ_NO_COOKIES)) {
        (void)fuzz_cookie_patch(a->listener, &a->peer, datagram, a->now);
    }
    switch (dtls_listener_gate(a->listener, &reply, &pass, &a->peer, datagram,
                               a->now)) {
    case DTLS_GATE_DISCARD:
        FUZZ_CHECK(reply.len == 0);
        return false;
    case DTLS_GATE_REPLY:
        FUZZ_CHECK(fuzz_hello_read(&hello, datagram));
        (void)fuzz_check_reply(dtls_buf_bytes(&reply), &hello);
        emit(a, dtls_buf_bytes(&reply));
        return false;
    case DTLS_GATE_ACCEPT:
        break;
    }
    FUZZ_CHECK(reply.len == 0 && a->store.taken == 0);
    check_pass(a, datagram);
    dtls_session_accept(&a->session, &a->room, &pass, a->now);
    return true;
}

/* What the gate has let through the session has read: the first ClientHello or
 * a part of it is kept, or is answered, if only with an alert.  The datagram
 * may even hold all that follows. */
static void check_first_input(const struct fuzz_association *a)
{
    const struct dtls_session *s = &a->session;
    bool kept = false;

    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        kept |= s->hs.in.slots[i].used;
    }
    FUZZ_CHECK(kept || s->phase != DTLS_PHASE_HALF_OPEN);
}

/* Only a new ClientHello sends a datagram to the gate again. */
static void check_begins_anew(const struct fuzz_association *a,
                              struct dtls_span datagram)
{
    struct fuzz_hello hello;

    if (dtls_listener_begins_anew(&a->session.first_hello, datagram)) {
        FUZZ_CHECK(fuzz_hello_read(&hello, datagram));
        FUZZ_CHECK(!dtls_bytes_equal(
            hello.hello.random,
            dtls_bytes_of(a->session.first_hello.random, DTLS_RANDOM_LEN)));
    }
}

/* The session keeps the invariants of its phase. */
static void check_phase(const struct fuzz_association *a)
{
    FUZZ_CHECK(dtls_session_check(&a->session) == NULL);
}

static void begin_input(struct fuzz_association *a)
{
    a->sent = 0;
    a->allowed = FLIGHT_MAX + ALERT_MAX;
}

static void read_datagram(struct fuzz_association *a,
                          struct dtls_span datagram)
{
    struct dtls_bytes whole = dtls_span_bytes(datagram);
    struct dtls_span data = {0};

    while (datagram.len != 0) {
        size_t left = datagram.len;
        enum dtls_event event =
            dtls_session_read(&a->session, &datagram, &data, a->now);

        FUZZ_CHECK(datagram.len < left);
        note(a, event,
             event == DTLS_EVENT_DATA ? dtls_span_bytes(data)
                                      : (struct dtls_bytes){0},
             whole);
    }
}

/* Seals and reads one record after the other: a record may set up the keys of
 * the next one in the same datagram. */
static void read_sealing(struct fuzz_association *a, struct dtls_span datagram)
{
    struct dtls_record record;
    struct dtls_span one = datagram;

    while (dtls_record_next(&datagram, &record) == DTLS_OK) {
        struct dtls_span room =
            make_span(DTLS_RECORD_HEADER_LEN + record.body.len + SEALED_MORE);
        struct dtls_buf sealed = {room.data, 0, room.len};

        one.len = DTLS_RECORD_HEADER_LEN + record.body.len;
        if (fuzz_seal(&a->session, &a->crypto, &sealed, &record)) {
            one = (struct dtls_span){sealed.data, sealed.len};
        }
        read_datagram(a, one);
        free(room.data);
        one = datagram;
    }
    read_datagram(a, one);
}

void fuzz_association_receive(struct fuzz_association *a,
                              struct dtls_bytes datagram)
{
    uint8_t *copy = fuzz_exact(datagram);
    struct dtls_span rest = {copy, datagram.len};
    bool was_accepted = a->accepted;

    begin_input(a);
    if (a->setup.role == DTLS_SERVER && a->accepted) {
        check_begins_anew(a, rest);
    } else if (a->setup.role == DTLS_SERVER) {
        a->accepted = at_the_door(a, rest);
    }
    if (a->accepted && a->setup.seals) {
        read_sealing(a, rest);
    } else if (a->accepted) {
        read_datagram(a, rest);
    }
    if (a->accepted && !was_accepted) {
        check_first_input(a);
    }
    check_phase(a);
    if (a->accepted) {
        flush(a);
    }
    check_phase(a);
    free(copy);
}

void fuzz_association_wait(struct fuzz_association *a, uint64_t delay)
{
    uint64_t until = a->now + delay;
    unsigned fired = 0;

    begin_input(a);
    flush(a);
    while (dtls_session_deadline(&a->session) <= until) {
        FUZZ_CHECK(++fired <= EXPIRE_MAX);
        a->now = dtls_session_deadline(&a->session);
        note(a, dtls_session_expire(&a->session, a->now),
             (struct dtls_bytes){0}, (struct dtls_bytes){0});
        FUZZ_CHECK(dtls_session_deadline(&a->session) > a->now);
        check_phase(a);
        begin_input(a);
        flush(a);
    }
    a->now = until;
}

void fuzz_association_close(struct fuzz_association *a)
{
    begin_input(a);
    if (dtls_session_close(&a->session, a->now) == DTLS_OK) {
        flush(a);
    }
}

uint64_t fuzz_association_free(struct fuzz_association *a)
{
    see(a, 'e', dtls_bytes_of(&a->session.failure, sizeof a->session.failure));
    see(a, 'd', dtls_bytes_of(&a->counters, sizeof a->counters));
    dtls_session_free(&a->session);
    fuzz_zero(&a->session, sizeof a->session);
    FUZZ_CHECK(a->store.taken == 0);
    if (a->listener == &a->own_listener) {
        dtls_listener_free(a->listener);
    }
    free(a->room.arena.data);
    free(a->room.peer_certs.data);
    return a->digest;
}

struct fuzz_outcome fuzz_association_run(enum dtls_role role, bool null,
                                         struct dtls_bytes input)
{
    static struct fuzz_association a;
    struct fuzz_setup setup = {.role = role, .null = null, .seals = true};
    struct fuzz_outcome outcome;

    setup.kind = fuzz_u8(&input);
    setup.knobs = fuzz_u8(&input);
    fuzz_association_init(&a, &setup);
    for (unsigned i = 0; i < STEP_MAX && input.len != 0; i++) {
        uint16_t delay = fuzz_u16(&input);
        struct dtls_bytes datagram = fuzz_some(&input, fuzz_u16(&input));

        fuzz_association_wait(&a, delay);
        if (datagram.len != 0) {
            fuzz_association_receive(&a, datagram);
        }
    }
    if (has(&a, FUZZ_CLOSE)) {
        fuzz_association_close(&a);
    }
    outcome.handshakes = a.connected ? 1 + a.renegotiations : 0;
    outcome.heard = a.told;
    outcome.digest = fuzz_association_free(&a);
    return outcome;
}

void fuzz_association_input(enum dtls_role role, bool null,
                            struct dtls_bytes input)
{
    uint64_t digest = fuzz_association_run(role, null, input).digest;

    FUZZ_CHECK(fuzz_association_run(role, null, input).digest == digest);
}
