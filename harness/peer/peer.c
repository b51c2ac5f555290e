/* SPDX-License-Identifier: MIT */
/* A peer that can misbehave (peer/peer.h). */
#include "peer/peer.h"

#include "kit/kit.h"

static const uint16_t groups[] = {DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1,
                                  DTLS_GROUP_SECP384R1};
static uint16_t all_suites[128];
static const struct dtls_psk psks[] = {
    {{(const uint8_t *)"client", 6}, {(const uint8_t *)"abcdefgh", 8}, {0}},
};

static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    struct peer *peer = self;

    kit_fill(&peer->random, out, len);
    return DTLS_OK;
}

static void put_hex(FILE *out, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        (void)fprintf(out, "%02x", bytes[i]);
    }
}

/* PRF(master_secret, "key expansion", server_random + client_random) has every
 * value of a key log line among its arguments (RFC 5246, 6.3). */
static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    const struct peer *peer = self;

    if (peer->keylog != NULL && strcmp(label, "key expansion") == 0) {
        (void)fprintf(peer->keylog, "CLIENT_RANDOM ");
        put_hex(peer->keylog, seed2.data, seed2.len);
        (void)putc(' ', peer->keylog);
        put_hex(peer->keylog, secret.data, secret.len);
        (void)putc('\n', peer->keylog);
    }
    return dtls_libcrypto.prf(dtls_libcrypto.self, out, out_len, alg, secret,
                              label, seed1, seed2);
}

static void *take_block(void *self, size_t *size)
{
    (void)self;
    *size = 4096;
    return malloc(*size);
}

static void give_block(void *self, void *block)
{
    (void)self;
    free(block);
}

static size_t list_suites(void)
{
    const struct dtls_suite *suite;
    size_t num = 0;

    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        assert_true(num < LEN(all_suites));
        all_suites[num++] = suite->id;
    }
    return num;
}

void peer_init(struct peer *peer, enum dtls_role role, uint64_t seed)
{
    memset(peer, 0, sizeof *peer);
    peer->role = role;
    peer->random = seed;
    peer->crypto = dtls_libcrypto;
    peer->crypto.self = peer;
    peer->crypto.random = random_bytes;
    peer->crypto.prf = prf;
    peer->config = (struct dtls_config){
        .crypto = &peer->crypto,
        .suites = all_suites,
        .num_suites = list_suites(),
        .groups = groups,
        .num_groups = LEN(groups),
        .psks = psks,
        .num_psks = LEN(psks),
        .timer = {.initial = 1000,
                  .maximum = 60000,
                  .max_retries = 10,
                  .shift = 1},
        .mtu = PEER_DATAGRAM_MAX,
        .mtu_is_certain = true, /* a flight's messages stay whole */
    };
    peer->store = (struct dtls_store){NULL, take_block, give_block};
    peer->areas = (struct dtls_areas){NULL};
    dtls_areas_add(&peer->areas, &peer->area);
    peer->room = (struct dtls_session_room){
        .config = &peer->config,
        .store = &peer->store,
        .counters = &peer->counters,
        .areas = &peer->areas,
        .records = &peer->records,
        .arena = {peer->arena, sizeof peer->arena},
        .peer_certs = {peer->peer_certs, sizeof peer->peer_certs},
        .chain = peer->chain,
    };
}

void peer_start(struct peer *peer)
{
    if (peer->role == DTLS_CLIENT) {
        assert_int_equal(
            dtls_session_connect(&peer->session, &peer->room, peer->now),
            DTLS_OK);
    }
}

void peer_free(struct peer *peer)
{
    dtls_session_free(&peer->session);
}

/* A server's session begins with the numbers of the ClientHello. */
static void accept(struct peer *peer, struct dtls_span datagram)
{
    struct dtls_record record;
    struct dtls_fragment fragment;
    struct dtls_bytes payload;

    if (dtls_record_next(&datagram, &record) != DTLS_OK ||
        record.type != DTLS_HANDSHAKE) {
        return;
    }
    payload = dtls_span_bytes(record.body);
    if (dtls_fragment_next(&payload, &fragment) == DTLS_OK &&
        fragment.type == DTLS_CLIENT_HELLO) {
        dtls_session_accept(
            &peer->session, &peer->room,
            &(struct dtls_gate_pass){.message_seq = fragment.seq,
                                     .record_seq = record.seq},
            peer->now);
    }
}

void peer_receive(struct peer *peer, struct dtls_bytes bytes)
{
    uint8_t *copy = kit_exact(bytes);
    struct dtls_span datagram = {copy, bytes.len};

    if (peer_is_idle(peer)) {
        accept(peer, datagram);
    }
    while (datagram.len != 0) {
        struct dtls_span data = {0};
        enum dtls_event event =
            dtls_session_read(&peer->session, &datagram, &data, peer->now);

        if (event != DTLS_EVENT_NONE) {
            peer->event = event;
        }
        if (event == DTLS_EVENT_DATA) {
            assert_true(data.len <= sizeof peer->data);
            memcpy(peer->data, data.data, data.len);
            peer->data_len = data.len;
            peer->num_data++;
        }
    }
    free(copy);
}

static struct peer_message *add_message(struct peer *peer,
                                        const struct dtls_record *record,
                                        struct dtls_bytes body)
{
    struct peer_message *m = &peer->messages[peer->num_messages++];

    assert_true(peer->num_messages <= PEER_MESSAGES &&
                body.len <= PEER_BODY_MAX);
    m->record_type = record->type;
    m->type = 0;
    m->seq = 0;
    m->epoch = record->epoch;
    m->len = body.len;
    memcpy(m->body, body.data, body.len);
    return m;
}

static void add_handshake(struct peer *peer, const struct dtls_record *record)
{
    struct dtls_bytes payload = dtls_span_bytes(record->body);
    struct dtls_fragment fragment;

    while (payload.len != 0) {
        struct peer_message *m;

        assert_int_equal(dtls_fragment_next(&payload, &fragment), DTLS_OK);
        assert_true(dtls_fragment_is_whole(&fragment));
        m = add_message(peer, record, fragment.body);
        m->type = fragment.type;
        m->seq = fragment.seq;
    }
}

static void take_apart(struct peer *peer, struct dtls_span datagram)
{
    struct dtls_record record;

    while (datagram.len != 0) {
        assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
        if (record.type == DTLS_HANDSHAKE) {
            add_handshake(peer, &record);
        } else {
            (void)add_message(peer, &record, dtls_span_bytes(record.body));
        }
    }
}

/* The engine writes with record layers that protect nothing; its own come back
 * afterwards, with the numbers that they had. */
void peer_take_flight(struct peer *peer)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_record_layer *records = &peer->session.records;
    const struct dtls_record_layer kept = *records;
    struct dtls_buf out;

    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        records->write[i].protection = (struct dtls_protection){0};
    }
    peer->num_messages = 0;
    do {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        assert_int_equal(dtls_session_write(&peer->session, &out), DTLS_OK);
        take_apart(peer, (struct dtls_span){bytes, out.len});
    } while (out.len != 0);
    *records = kept;
}

bool peer_is_idle(const struct peer *peer)
{
    return peer->session.phase == DTLS_PHASE_IDLE;
}

bool peer_is_connected(const struct peer *peer)
{
    return dtls_session_is_connected(&peer->session);
}

bool peer_has_failed(const struct peer *peer)
{
    return peer->session.phase == DTLS_PHASE_FAILED;
}

bool peer_is_renegotiating(const struct peer *peer)
{
    return peer->session.phase == DTLS_PHASE_RENEGOTIATING;
}

bool peer_has_settled(const struct peer *peer)
{
    return peer_is_connected(peer) && !peer_is_renegotiating(peer);
}

/* Makes the peer's Finished of this flight anew. */
static void finish_again(struct peer *peer, struct peer_message *m)
{
    struct dtls_handshake *h = &peer->session.hs;
    uint8_t *verify_data = peer->role == DTLS_CLIENT ? h->client_verify_data
                                                     : h->server_verify_data;

    assert_int_equal(dtls_keys_verify_data(h, peer->role, verify_data),
                     DTLS_OK);
    memcpy(m->body, verify_data, DTLS_VERIFY_DATA_LEN);
}

void peer_rehash(struct peer *peer, struct dtls_bytes client_hello,
                 uint16_t seq)
{
    struct dtls_handshake *h = &peer->session.hs;
    struct dtls_transcript *t = &h->area->transcript;

    assert_int_equal(dtls_transcript_start(t, h->crypto, 0), DTLS_OK);
    if (client_hello.data != NULL) {
        dtls_transcript_add(t, DTLS_CLIENT_HELLO, seq, &client_hello, 1);
        dtls_transcript_keep(t, h->suite->prf);
    }
    for (size_t i = 0; i < peer->num_messages; i++) {
        struct peer_message *m = &peer->messages[i];
        struct dtls_bytes body = dtls_bytes_of(m->body, m->len);

        if (m->record_type != DTLS_HANDSHAKE) {
            continue;
        }
        if (m->type == DTLS_FINISHED) {
            finish_again(peer, m);
        }
        dtls_transcript_add(t, m->type, m->seq, &body, 1);
    }
}

bool peer_open(struct peer *peer, struct dtls_record *record)
{
    struct dtls_record_layer *records = &peer->session.records;

    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        struct dtls_read_epoch *read = &records->read[i];
        uint64_t used = read->protection.used;
        enum dtls_status status;

        if (!read->taken || read->epoch != record->epoch) {
            continue;
        }
        status = dtls_protect_open(&peer->crypto, &read->protection, record,
                                   &record->body);
        read->protection.used = used;
        return status == DTLS_OK &&
               (record->type != DTLS_TLS12_CID ||
                (record->cid_is_ours && dtls_protect_unwrap(record)));
    }
    return record->epoch == 0;
}

struct peer_message *peer_find(struct peer *peer, uint8_t type)
{
    for (size_t i = 0; i < peer->num_messages; i++) {
        if (peer->messages[i].record_type == DTLS_HANDSHAKE &&
            peer->messages[i].type == type) {
            return &peer->messages[i];
        }
    }
    fail_msg("no message of type %u in the flight", type);
    return NULL;
}

void peer_put_record(struct peer *peer, struct dtls_buf *out, uint16_t epoch,
                     uint8_t type, struct dtls_bytes content)
{
    assert_int_equal(dtls_record_layer_seal(&peer->session.records, out, epoch,
                                            type, content),
                     DTLS_OK);
}

void peer_put_fragment(struct peer *peer, struct dtls_buf *out,
                       const struct peer_message *message, size_t offset,
                       size_t len)
{
    static uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN + PEER_BODY_MAX];
    struct dtls_buf content = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {
        .type = message->type,
        .message_len = (uint32_t)message->len,
        .seq = message->seq,
        .offset = (uint32_t)offset,
        .body = dtls_bytes_of(&message->body[offset], len),
    };

    assert_true(dtls_fragment_put_header(&content, &fragment) &&
                dtls_put_bytes(&content, fragment.body));
    peer_put_record(peer, out, message->epoch, DTLS_HANDSHAKE,
                    dtls_buf_bytes(&content));
}

void peer_put_message(struct peer *peer, struct dtls_buf *out,
                      const struct peer_message *message)
{
    if (message->record_type == DTLS_HANDSHAKE) {
        peer_put_fragment(peer, out, message, 0, message->len);
    } else {
        peer_put_record(peer, out, message->epoch, message->record_type,
                        dtls_bytes_of(message->body, message->len));
    }
}

void peer_put_data(struct peer *peer, struct dtls_buf *out,
                   struct dtls_bytes data)
{
    peer_put_record(peer, out, peer->session.records.write_epoch,
                    DTLS_APPLICATION_DATA, data);
}
