/* SPDX-License-Identifier: MIT */
/* The functions that both roles share (handshake/handshake.h). */
#include "handshake/handshake.h"

#include "base/secret.h"

#include <string.h>

void dtls_handshake_init(struct dtls_handshake *h, enum dtls_role role,
                         const struct dtls_handshake_room *room, uint16_t seq)
{
    *h = (struct dtls_handshake){
        .config = room->config,
        .crypto = room->config->crypto,
        .records = room->records,
        .peer_certs = room->peer_certs,
        .chain = room->chain,
        .role = role,
        .areas = room->areas,
        .area = dtls_areas_take(room->areas),
        .send_seq = seq,
        .epoch = room->records->write_epoch,
    };
    dtls_reassembly_init(&h->in, room->arena, seq);
    dtls_flight_init(&h->flight, room->store);
}

enum dtls_status dtls_handshake_start(struct dtls_handshake *h, uint64_t now)
{
    h->now = now;
    return dtls_client_start(h);
}

void dtls_handshake_again(struct dtls_handshake *h)
{
    struct dtls_agreed agreed = h->agreed;
    struct dtls_flight flight = h->flight;
    struct dtls_bytes cookie = {h->cookie, h->cookie_len};
    uint8_t cookie_bytes[DTLS_COOKIE_MAX];
    struct dtls_handshake_room room = {
        .config = h->config,
        .store = h->flight.store,
        .records = h->records,
        .areas = h->areas,
        .arena = h->in.arena,
        .peer_certs = h->peer_certs,
        .chain = h->chain,
    };

    memcpy(cookie_bytes, cookie.data, cookie.len);
    dtls_handshake_end(h);
    dtls_handshake_init(h, h->role, &room, 0);
    h->agreed = agreed;
    h->flight = flight;
    memcpy(h->cookie, cookie_bytes, cookie.len);
    h->cookie_len = (uint8_t)cookie.len;
    dtls_wipe(&agreed, sizeof agreed);
}

enum dtls_status dtls_handshake_ask(struct dtls_handshake *h)
{
    /* HelloRequest is no part of the transcript (RFC 5246, 7.4.1.1). */
    enum dtls_status status =
        dtls_flight_add(&h->flight, DTLS_HELLO_REQUEST, h->send_seq,
                        h->records->write_epoch, NULL, 0);

    h->send_seq++;
    return status;
}

static const struct dtls_hs_step *steps_of(const struct dtls_handshake *h,
                                           size_t *end)
{
    if (h->role == DTLS_CLIENT) {
        *end = DTLS_CLIENT_END;
        return dtls_client_steps;
    }
    *end = DTLS_SERVER_END;
    return dtls_server_steps;
}

/* The peer's ChangeCipherSpec takes effect once every message before it has
 * come: from then on only its Finished can come, under the new keys.  What is
 * kept of the epoch before is no message of the peer's, and in the clear
 * anyone can have sent it. */
static void switch_read_if_due(struct dtls_handshake *h)
{
    uint8_t finished = h->role == DTLS_CLIENT ? (uint8_t)DTLS_CLIENT_FINISHED
                                              : (uint8_t)DTLS_SERVER_FINISHED;

    if (h->ccs_seen && h->keys_ready && h->step == finished &&
        h->records->read_epoch == h->epoch) {
        dtls_record_layer_switch_read(h->records);
        dtls_reassembly_keep_epoch(&h->in, h->records->read_epoch);
    }
}

void dtls_handshake_take_ccs(struct dtls_handshake *h)
{
    h->ccs_seen = true;
    switch_read_if_due(h);
}

/* Skips the steps that are absent, so that `step` can still happen. */
static void skip_absent(struct dtls_handshake *h)
{
    size_t end;
    const struct dtls_hs_step *steps = steps_of(h, &end);

    while (h->step < end && steps[h->step].when(h) == DTLS_ABSENT) {
        h->step++;
    }
}

static void hash_message(struct dtls_handshake *h,
                         const struct dtls_message *message)
{
    dtls_transcript_add(&h->area->transcript, message->type, message->seq,
                        &message->body, 1);
}

enum dtls_status dtls_handshake_misplaced(uint8_t type)
{
    /* As the enum, so that the compiler names a type that is missing. */
    switch ((enum dtls_hs_type)type) {
    case DTLS_HELLO_REQUEST:
    case DTLS_CLIENT_HELLO:
    case DTLS_SERVER_HELLO:
    case DTLS_HELLO_VERIFY_REQUEST:
    case DTLS_CERTIFICATE:
    case DTLS_SERVER_KEY_EXCHANGE:
    case DTLS_CERTIFICATE_REQUEST:
    case DTLS_SERVER_HELLO_DONE:
    case DTLS_CERTIFICATE_VERIFY:
    case DTLS_CLIENT_KEY_EXCHANGE:
    case DTLS_FINISHED:
    case DTLS_NEW_SESSION_TICKET:
    case DTLS_CERTIFICATE_STATUS:
        return DTLS_UNEXPECTED_MESSAGE;
    case DTLS_CERTIFICATE_URL:
        return DTLS_UNSUPPORTED_MESSAGE;
    }
    return DTLS_UNKNOWN_MESSAGE;
}

enum dtls_status dtls_handshake_show(const struct dtls_handshake *h,
                                     const struct dtls_message *message)
{
    return h->config->see_message == NULL
               ? DTLS_OK
               : h->config->see_message(h->config->self, message);
}

enum dtls_status dtls_handshake_take(struct dtls_handshake *h,
                                     const struct dtls_message *message,
                                     uint64_t now)
{
    size_t end;
    const struct dtls_hs_step *steps = steps_of(h, &end);
    const struct dtls_hs_step *step =
        dtls_steps_find(steps, h->step, end, h, message->type);
    bool new_epoch = message->epoch != h->epoch;
    enum dtls_status status;

    h->now = now;
    h->flight_is_new = false;
    if (message->type == DTLS_HELLO_REQUEST && h->role == DTLS_CLIENT) {
        return DTLS_OK; /* A handshake runs already (RFC 5246, 7.4.1.1). */
    }
    /* Finished is the first and only message under the new keys. */
    if (step == NULL || new_epoch != (message->type == DTLS_FINISHED)) {
        return dtls_handshake_misplaced(message->type);
    }
    if (step->hashed == DTLS_HASH_BEFORE) {
        hash_message(h, message);
    }
    status = step->handler(h, message);
    if (status == DTLS_OK && message->type != DTLS_CLIENT_HELLO) {
        status = dtls_handshake_show(h, message);
    }
    if (status != DTLS_OK) {
        return status;
    }
    if (step->hashed == DTLS_HASH_AFTER) {
        hash_message(h, message);
    }
    h->step = step->next;
    skip_absent(h);
    switch_read_if_due(h);
    return DTLS_OK;
}

bool dtls_handshake_is_done(const struct dtls_handshake *h)
{
    size_t end;

    (void)steps_of(h, &end);
    return h->step == end;
}

bool dtls_handshake_ends_with_us(const struct dtls_handshake *h)
{
    return (h->role == DTLS_SERVER) != h->resumed;
}

void dtls_handshake_complete(struct dtls_handshake *h)
{
    struct dtls_agreed *agreed = &h->agreed;

    agreed->suite = h->suite;
    memcpy(agreed->client_random, h->client_random, DTLS_RANDOM_LEN);
    memcpy(agreed->server_random, h->server_random, DTLS_RANDOM_LEN);
    memcpy(agreed->master, h->master, DTLS_MASTER_LEN);
    memcpy(agreed->client_verify_data, h->client_verify_data,
           DTLS_VERIFY_DATA_LEN);
    memcpy(agreed->server_verify_data, h->server_verify_data,
           DTLS_VERIFY_DATA_LEN);
    memcpy(agreed->peer_leaf, h->peer_leaf, DTLS_LEAF_LEN);
    agreed->has_peer_leaf = h->has_peer_leaf;
    agreed->peer_is_raw = h->peer_is_raw;
    agreed->srtp = h->srtp;
    agreed->has_psk = dtls_suite_is_psk(h->suite);
    agreed->extended_master_secret = h->extended_master_secret;
    agreed->secure_renegotiation = h->secure_renegotiation;
    agreed->encrypt_then_mac |= h->encrypt_then_mac;
    agreed->server_name_known = h->server_name_known;
    agreed->routability_checks = h->routability_checks;
    agreed->protocol = h->protocol;
    agreed->finished_seq = h->finished_seq;
    if (!dtls_handshake_is_renegotiation(h)) {
        agreed->resumed = h->resumed;
        agreed->session_id_len = h->session_id_len;
        memcpy(agreed->session_id, h->session_id, DTLS_SESSION_ID_MAX);
        dtls_resumption_keep(h);
        agreed->is_kept = h->is_kept;
    }
    dtls_handshake_end(h);
}

enum dtls_status dtls_handshake_restore(struct dtls_handshake *h,
                                        const struct dtls_agreed *agreed,
                                        bool encrypt_then_mac,
                                        uint16_t send_limit,
                                        uint16_t receive_limit)
{
    enum dtls_status status;
    size_t end;

    h->suite = agreed->suite;
    memcpy(h->client_random, agreed->client_random, DTLS_RANDOM_LEN);
    memcpy(h->server_random, agreed->server_random, DTLS_RANDOM_LEN);
    memcpy(h->master, agreed->master, DTLS_MASTER_LEN);
    h->encrypt_then_mac = encrypt_then_mac;
    h->send_limit = send_limit;
    h->receive_limit = receive_limit;
    h->epoch = h->records->write_epoch;
    status = dtls_keys_expand(h);
    if (status == DTLS_OK) {
        h->agreed = *agreed;
        (void)steps_of(h, &end);
        h->step = (uint8_t)end;
    }
    dtls_handshake_end(h);
    return status;
}

void dtls_handshake_end(struct dtls_handshake *h)
{
    h->crypto->share_free(h->crypto->self, &h->share);
    if (h->area != NULL) {
        h->crypto->jpake_free(h->crypto->self, &h->area->jpake);
        dtls_areas_give(h->areas, h->area);
        h->area = NULL;
    }
    dtls_wipe(h->master, sizeof h->master);
}

void dtls_handshake_free(struct dtls_handshake *h)
{
    dtls_handshake_end(h);
    dtls_flight_clear(&h->flight);
    dtls_wipe(h, sizeof *h);
}

void dtls_handshake_flight_begin(struct dtls_handshake *h)
{
    dtls_flight_clear(&h->flight);
    dtls_record_layer_retire_write(h->records);
    h->flight_is_new = true;
}

/* Appends a message that is to be sent in `epoch`. */
static enum dtls_status send_in(struct dtls_handshake *h, uint16_t epoch,
                                uint8_t type, const struct dtls_bytes *parts,
                                size_t num_parts)
{
    enum dtls_status status = dtls_flight_add(&h->flight, type, h->send_seq,
                                              epoch, parts, num_parts);

    if (status != DTLS_OK) {
        return status;
    }
    dtls_transcript_add(&h->area->transcript, type, h->send_seq, parts,
                        num_parts);
    h->send_seq++;
    return DTLS_OK;
}

enum dtls_status dtls_handshake_send(struct dtls_handshake *h, uint8_t type,
                                     const struct dtls_bytes *parts,
                                     size_t num_parts)
{
    return send_in(h, h->records->write_epoch, type, parts, num_parts);
}

enum dtls_status dtls_handshake_send_buf(struct dtls_handshake *h,
                                         uint8_t type,
                                         const struct dtls_buf *body)
{
    struct dtls_bytes bytes = dtls_buf_bytes(body);

    return dtls_handshake_send(h, type, &bytes, 1);
}

/* Returns where a sender's verify_data is kept, for renegotiation_info. */
static uint8_t *verify_data_of(struct dtls_handshake *h, enum dtls_role sender)
{
    return sender == DTLS_CLIENT ? h->client_verify_data
                                 : h->server_verify_data;
}

enum dtls_status dtls_handshake_send_finished(struct dtls_handshake *h)
{
    uint16_t epoch = h->records->write_epoch;
    uint8_t *verify_data = verify_data_of(h, h->role);
    struct dtls_bytes body = {verify_data, DTLS_VERIFY_DATA_LEN};
    enum dtls_status status = dtls_keys_verify_data(h, h->role, verify_data);

    if (status == DTLS_OK) {
        status = dtls_flight_add_ccs(&h->flight, epoch);
    }
    if (status == DTLS_OK) {
        h->finished_seq = h->send_seq;
        /* There is a next epoch, since dtls_keys_derive has keyed it. */
        status = send_in(h, (uint16_t)(epoch + 1), DTLS_FINISHED, &body, 1);
    }
    if (status != DTLS_OK) {
        return status;
    }
    /* If anything failed before, our alert is in an epoch that the peer
     * reads. */
    dtls_record_layer_switch_write(h->records);
    return DTLS_OK;
}

bool dtls_handshake_is_last_finished(const struct dtls_handshake *h,
                                     struct dtls_bytes body)
{
    const uint8_t *expected = h->role == DTLS_CLIENT
                                  ? h->agreed.server_verify_data
                                  : h->agreed.client_verify_data;

    return body.len == DTLS_VERIFY_DATA_LEN &&
           dtls_ct_equal(expected, body.data, DTLS_VERIFY_DATA_LEN);
}

bool dtls_handshake_can_end_again(const struct dtls_handshake *h)
{
    return h->flight.num_messages == 2; /* or it has a ticket, too */
}

enum dtls_status dtls_handshake_end_again(struct dtls_handshake *h)
{
    const struct dtls_agreed *agreed = &h->agreed;
    uint16_t epoch = h->records->write_epoch;
    struct dtls_bytes body =
        dtls_bytes_of(h->role == DTLS_CLIENT ? agreed->client_verify_data
                                             : agreed->server_verify_data,
                      DTLS_VERIFY_DATA_LEN);
    enum dtls_status status =
        dtls_flight_add_ccs(&h->flight, (uint16_t)(epoch - 1));

    if (status == DTLS_OK) {
        status = dtls_flight_add(&h->flight, DTLS_FINISHED,
                                 agreed->finished_seq, epoch, &body, 1);
    }
    if (status != DTLS_OK) {
        dtls_flight_clear(&h->flight);
    }
    return status;
}

enum dtls_status dtls_handshake_check_finished(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    enum dtls_role peer = h->role == DTLS_CLIENT ? DTLS_SERVER : DTLS_CLIENT;
    uint8_t *expected = verify_data_of(h, peer);
    const uint8_t *received;
    enum dtls_status status = dtls_finished_parse(&received, message->body);

    if (status == DTLS_OK) {
        status = dtls_renegotiation_check_peer(h);
    }
    if (status == DTLS_OK) {
        status = dtls_keys_verify_data(h, peer, expected);
    }
    if (status != DTLS_OK) {
        return status;
    }
    return dtls_ct_equal(expected, received, DTLS_VERIFY_DATA_LEN)
               ? DTLS_OK
               : DTLS_BAD_FINISHED;
}

const struct dtls_psk *dtls_config_find_psk(const struct dtls_config *config,
                                            struct dtls_bytes identity)
{
    for (size_t i = 0; i < config->num_psks; i++) {
        if (dtls_bytes_equal(config->psks[i].identity, identity)) {
            return &config->psks[i];
        }
    }
    return NULL;
}

bool dtls_config_has_group(const struct dtls_config *config, uint16_t group)
{
    for (size_t i = 0; i < config->num_groups; i++) {
        if (config->groups[i] == group) {
            return true;
        }
    }
    return false;
}

const struct dtls_credential *dtls_config_next(
    const struct dtls_config *config, const struct dtls_credential *c)
{
    return config->next_credential != NULL
               ? config->next_credential(config->self, c)
               : c->next;
}
