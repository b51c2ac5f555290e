/* SPDX-License-Identifier: MIT */
/* A live association as bytes (session/handover.h). */
#include "session/handover.h"

#include "base/secret.h"

#include <string.h>

/* It counts up when the bytes change their meaning, or their suites. */
enum { VERSION = 1 };
static const uint8_t for_handover[DTLS_SAVED_PURPOSE_LEN] = {'l', 'i', 'v'};

enum {
    EXTENDED_MASTER_SECRET = 1,
    SECURE_RENEGOTIATION = 1 << 1,
    ENCRYPT_THEN_MAC = 1 << 2, /* in some handshake */
    ENCRYPT_THEN_MAC_NOW = 1 << 3,
    SERVER_NAME_KNOWN = 1 << 4,
    HAS_PEER_LEAF = 1 << 5,
    PEER_IS_RAW = 1 << 6,
    RESUMED = 1 << 7,
    IS_KEPT = 1 << 8,
    ROUTABILITY_CHECKS = 1 << 9,
    CALLED_OFF = 1 << 10, /* the last renegotiation */
    NEVER_AGAIN = 1 << 11,
    FIRST_HELLO_KNOWN = 1 << 12,
    PEER_USES_CID = 1 << 13,
    ALL_FLAGS = (1 << 14) - 1
};

/* What the bytes say. */
struct handover {
    uint8_t role;
    uint16_t flags;
    struct dtls_agreed agreed;
    struct dtls_first_hello first_hello;
    struct dtls_record_position at;
    uint16_t next_seq; /* of the peer's messages */
    uint16_t send_limit;
    uint16_t receive_limit;
    struct dtls_bytes cid;
    struct dtls_bytes peer_cid;
    uint64_t aged;
};

static bool has(const struct handover *h, uint16_t flag)
{
    return (h->flags & flag) != 0;
}

static uint16_t flags_of(const struct dtls_session *s)
{
    const struct dtls_agreed *a = &s->hs.agreed;
    const struct {
        bool is;
        uint16_t flag;
    } rows[] = {
        {a->extended_master_secret, EXTENDED_MASTER_SECRET},
        {a->secure_renegotiation, SECURE_RENEGOTIATION},
        {a->encrypt_then_mac, ENCRYPT_THEN_MAC},
        {dtls_record_layer_protection_out(&s->records)->encrypt_then_mac,
         ENCRYPT_THEN_MAC_NOW},
        {a->server_name_known, SERVER_NAME_KNOWN},
        {a->has_peer_leaf, HAS_PEER_LEAF},
        {a->peer_is_raw, PEER_IS_RAW},
        {a->resumed, RESUMED},
        {a->is_kept, IS_KEPT},
        {a->routability_checks, ROUTABILITY_CHECKS},
        {s->renegotiated != DTLS_OK, CALLED_OFF},
        {s->never_again, NEVER_AGAIN},
        {s->first_hello.known, FIRST_HELLO_KNOWN},
        {dtls_record_layer_protection_in(&s->records)->cid_len != 0,
         PEER_USES_CID},
    };
    uint16_t flags = 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        flags |= rows[i].is ? rows[i].flag : 0;
    }
    return flags;
}

static void set_agreed_flags(const struct handover *h, struct dtls_agreed *a)
{
    a->extended_master_secret = has(h, EXTENDED_MASTER_SECRET);
    a->secure_renegotiation = has(h, SECURE_RENEGOTIATION);
    a->encrypt_then_mac = has(h, ENCRYPT_THEN_MAC);
    a->server_name_known = has(h, SERVER_NAME_KNOWN);
    a->has_peer_leaf = has(h, HAS_PEER_LEAF);
    a->peer_is_raw = has(h, PEER_IS_RAW);
    a->resumed = has(h, RESUMED);
    a->is_kept = has(h, IS_KEPT);
    a->routability_checks = has(h, ROUTABILITY_CHECKS);
    a->has_psk = dtls_suite_is_psk(a->suite);
}

static bool put_agreed(struct dtls_buf *out, const struct dtls_agreed *a)
{
    return dtls_put_u16(out, a->suite->id) &&
           dtls_put_bytes(out,
                          dtls_bytes_of(a->client_random, DTLS_RANDOM_LEN)) &&
           dtls_put_bytes(out,
                          dtls_bytes_of(a->server_random, DTLS_RANDOM_LEN)) &&
           dtls_put_bytes(out, dtls_bytes_of(a->master, DTLS_MASTER_LEN)) &&
           dtls_put_bytes(out, dtls_bytes_of(a->client_verify_data,
                                             DTLS_VERIFY_DATA_LEN)) &&
           dtls_put_bytes(out, dtls_bytes_of(a->server_verify_data,
                                             DTLS_VERIFY_DATA_LEN)) &&
           dtls_put_bytes(out, dtls_bytes_of(a->peer_leaf, DTLS_LEAF_LEN)) &&
           dtls_put_vec8(out,
                         dtls_bytes_of(a->session_id, a->session_id_len)) &&
           dtls_put_u16(out, a->srtp.profile) &&
           dtls_put_vec8(out, dtls_bytes_of(a->srtp.mki, a->srtp.mki_len)) &&
           dtls_put_vec8(out, a->protocol) &&
           dtls_put_u16(out, a->finished_seq);
}

/* Copies exactly `len` bytes off the front. */
static bool take(struct dtls_bytes *in, uint8_t *out, size_t len)
{
    struct dtls_bytes bytes;

    if (!dtls_get_bytes(in, len, &bytes)) {
        return false;
    }
    memcpy(out, bytes.data, len);
    return true;
}

/* The same for at most `most` bytes behind their length. */
static bool take_vec8(struct dtls_bytes *in, uint8_t *out, size_t most,
                      uint8_t *len)
{
    struct dtls_bytes bytes;

    if (!dtls_get_vec8(in, &bytes) || bytes.len > most) {
        return false;
    }
    if (bytes.len != 0) {
        memcpy(out, bytes.data, bytes.len);
    }
    *len = (uint8_t)bytes.len;
    return true;
}

static bool get_agreed(struct dtls_bytes *in, struct dtls_agreed *a)
{
    uint16_t suite;

    if (!dtls_get_u16(in, &suite) ||
        !take(in, a->client_random, DTLS_RANDOM_LEN) ||
        !take(in, a->server_random, DTLS_RANDOM_LEN) ||
        !take(in, a->master, DTLS_MASTER_LEN) ||
        !take(in, a->client_verify_data, DTLS_VERIFY_DATA_LEN) ||
        !take(in, a->server_verify_data, DTLS_VERIFY_DATA_LEN) ||
        !take(in, a->peer_leaf, DTLS_LEAF_LEN) ||
        !take_vec8(in, a->session_id, sizeof a->session_id,
                   &a->session_id_len) ||
        !dtls_get_u16(in, &a->srtp.profile) ||
        !take_vec8(in, a->srtp.mki, sizeof a->srtp.mki, &a->srtp.mki_len) ||
        !dtls_get_vec8(in, &a->protocol) ||
        !dtls_get_u16(in, &a->finished_seq)) {
        return false;
    }
    a->suite = dtls_suite_find(suite);
    return a->suite != NULL;
}

static uint64_t age_of(const struct dtls_session *s, uint64_t now)
{
    const uint64_t most = DTLS_SEQ_MAX; /* what 48 bits can say */
    uint64_t age = s->aged + (now - s->connected_at);

    return age < most ? age : most;
}

static bool put(struct dtls_buf *out, const struct dtls_session *s,
                uint64_t now)
{
    const struct dtls_record_layer *r = &s->records;
    const struct dtls_record_position at = dtls_record_layer_position(r);
    const struct dtls_protection *in = dtls_record_layer_protection_in(r);
    const struct dtls_protection *sent = dtls_record_layer_protection_out(r);

    return dtls_put_u8(out, (uint8_t)s->hs.role) &&
           dtls_put_u16(out, flags_of(s)) && put_agreed(out, &s->hs.agreed) &&
           dtls_put_bytes(
               out, dtls_bytes_of(s->first_hello.random, DTLS_RANDOM_LEN)) &&
           dtls_put_u16(out, at.epoch) && dtls_put_u48(out, at.next_seq) &&
           dtls_put_u48(out, at.right) && dtls_put_u48(out, at.sealed) &&
           dtls_put_u48(out, at.forged) &&
           dtls_put_u16(out, s->hs.in.next_seq) &&
           dtls_put_u16(out, sent->limit) && dtls_put_u16(out, in->limit) &&
           dtls_put_vec8(out, dtls_bytes_of(r->cid, r->cid_len)) &&
           dtls_put_vec8(out, dtls_protect_cid(sent)) &&
           dtls_put_u48(out, age_of(s, now));
}

/* Reads what `put` has written.  Only authentic bytes come here. */
static bool get(struct dtls_bytes in, struct handover *out)
{
    if (!dtls_get_u8(&in, &out->role) || !dtls_get_u16(&in, &out->flags) ||
        (out->flags & ~ALL_FLAGS) != 0 || !get_agreed(&in, &out->agreed) ||
        !take(&in, out->first_hello.random, DTLS_RANDOM_LEN) ||
        !dtls_get_u16(&in, &out->at.epoch) || out->at.epoch == 0 ||
        !dtls_get_u48(&in, &out->at.next_seq) ||
        !dtls_get_u48(&in, &out->at.right) ||
        !dtls_get_u48(&in, &out->at.sealed) ||
        !dtls_get_u48(&in, &out->at.forged) ||
        !dtls_get_u16(&in, &out->next_seq) ||
        !dtls_get_u16(&in, &out->send_limit) ||
        !dtls_get_u16(&in, &out->receive_limit) ||
        out->send_limit > DTLS_PLAINTEXT_MAX ||
        out->receive_limit > DTLS_PLAINTEXT_MAX ||
        !dtls_get_vec8(&in, &out->cid) || out->cid.len > DTLS_OWN_CID_MAX ||
        !dtls_get_vec8(&in, &out->peer_cid) ||
        !dtls_get_u48(&in, &out->aged) || in.len != 0) {
        return false;
    }
    set_agreed_flags(out, &out->agreed);
    out->first_hello.known = has(out, FIRST_HELLO_KNOWN);
    return true;
}

/* A client is found by the id in its records, which is its server's; a server
 * by its own, which is in its client's. */
static bool is_found_by_cid(const struct dtls_session *s)
{
    const struct dtls_protection *p =
        s->hs.role == DTLS_SERVER
            ? dtls_record_layer_protection_in(&s->records)
            : dtls_record_layer_protection_out(&s->records);

    return p->cid_len != 0;
}

static enum dtls_status may_leave(const struct dtls_session *s)
{
    if (s->phase != DTLS_PHASE_CONNECTED || dtls_session_has_output(s) ||
        s->hs.flight.num_messages != 0 || s->route.checking ||
        !is_found_by_cid(s)) {
        return DTLS_NOT_NOW;
    }
    return dtls_record_layer_next_seq(&s->records) >
                   DTLS_SEQ_MAX - DTLS_HANDOVER_JUMP
               ? DTLS_TOO_LATE
               : DTLS_OK;
}

/* Nothing of the association is left here. */
static void leave(struct dtls_session *s)
{
    dtls_session_end(s, DTLS_BY_CALLER);
    s->failure = DTLS_HANDED_OVER;
    dtls_record_layer_free(&s->records);
    dtls_wipe(s->hs.agreed.master, sizeof s->hs.agreed.master);
}

enum dtls_status dtls_session_hand_over(struct dtls_session *s,
                                        const struct dtls_crypto *crypto,
                                        struct dtls_buf *out,
                                        const uint8_t key[DTLS_SAVED_KEY_LEN],
                                        uint64_t now)
{
    struct dtls_export e;
    enum dtls_status status = may_leave(s);

    if (status != DTLS_OK) {
        return status;
    }
    status = dtls_export_begin(crypto, &e, out, key, VERSION);
    if (status == DTLS_OK && !put(&e.out, s, now)) {
        status = DTLS_NO_ROOM;
    }
    status = dtls_export_end(crypto, &e, out, (uint64_t)s->handovers + 1,
                             for_handover, status);
    if (status == DTLS_OK) {
        leave(s);
    }
    dtls_session_assert(s);
    return status;
}

/* The association borrows the configuration's own entry of its protocol. */
static bool find_protocol(const struct dtls_config *config,
                          struct dtls_bytes *protocol)
{
    bool has_one = protocol->len != 0;

    *protocol = dtls_options_find_protocol(config->protocols, *protocol);
    return !has_one || protocol->len != 0;
}

static bool fits(struct handover *h, enum dtls_role role,
                 const struct dtls_session_room *room)
{
    const struct dtls_config *config = room->config;
    bool keeps =
        role == DTLS_CLIENT ? config->resume != NULL : config->cache != NULL;

    h->agreed.is_kept = h->agreed.is_kept && keeps;
    return h->role == (uint8_t)role &&
           (h->peer_cid.len == 0 || room->records != NULL) &&
           dtls_options_has_suite(config, h->agreed.suite->id) &&
           find_protocol(config, &h->agreed.protocol);
}

/* Makes the all-zero session the association. */
static enum dtls_status arrive(struct dtls_session *s, enum dtls_role role,
                               const struct dtls_session_room *room,
                               struct handover *h, uint64_t now)
{
    enum dtls_status status;

    if (h->at.next_seq > DTLS_SEQ_MAX - DTLS_HANDOVER_JUMP) {
        return DTLS_TOO_LATE;
    }
    h->at.next_seq += DTLS_HANDOVER_JUMP;
    dtls_session_init(s, role, room, h->next_seq, now);
    dtls_record_layer_set_cid(&s->records, h->cid);
    dtls_record_layer_agree_cids(&s->records, has(h, PEER_USES_CID),
                                 h->peer_cid);
    s->records.pad_to = room->config->pad_to;
    dtls_record_layer_begin_at(&s->records, h->at.epoch);
    status = dtls_handshake_restore(&s->hs, &h->agreed,
                                    has(h, ENCRYPT_THEN_MAC_NOW),
                                    h->send_limit, h->receive_limit);
    dtls_session_enter(s, DTLS_PHASE_CONNECTED, DTLS_BY_CALLER);
    if (status != DTLS_OK) {
        dtls_session_free(s);
        return status;
    }
    dtls_record_layer_go_on(&s->records, &h->at);
    s->first_hello = h->first_hello;
    s->never_again = has(h, NEVER_AGAIN);
    s->renegotiated = has(h, CALLED_OFF) ? DTLS_REFUSED : DTLS_OK;
    s->aged = h->aged;
    s->connected_at = s->active_at = s->heard_at = s->sent_at = now;
    return DTLS_OK;
}

enum dtls_status dtls_session_take_over(
    struct dtls_session *s, const struct dtls_crypto *crypto,
    enum dtls_role role, const struct dtls_session_room *room,
    struct dtls_bytes in, const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now)
{
    uint8_t bytes[DTLS_HANDOVER_MAX];
    struct handover h = {0};
    struct dtls_bytes state;
    enum dtls_status status =
        dtls_export_open(crypto, (struct dtls_span){bytes, sizeof bytes}, in,
                         key, VERSION, for_handover, &state);

    if (status == DTLS_OK) {
        status = get(state, &h) && fits(&h, role, room)
                     ? arrive(s, role, room, &h, now)
                     : DTLS_DISCARD;
    }
    if (status == DTLS_OK) {
        s->handovers = (uint32_t)dtls_handover_serial(in);
        dtls_session_assert(s);
    }
    dtls_wipe(bytes, sizeof bytes);
    dtls_wipe(&h, sizeof h);
    return status;
}

uint64_t dtls_handover_serial(struct dtls_bytes in)
{
    uint8_t version;
    struct dtls_bytes salt;
    uint32_t high;
    uint32_t low;

    if (!dtls_get_u8(&in, &version) || version != VERSION ||
        !dtls_get_bytes(&in, DTLS_EXPORT_SALT_LEN, &salt) ||
        !dtls_get_u32(&in, &high) || !dtls_get_u32(&in, &low)) {
        return 0;
    }
    return (uint64_t)high << 32 | low;
}
