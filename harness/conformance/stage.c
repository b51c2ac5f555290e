/* SPDX-License-Identifier: MIT */
/* The target before its peer (conformance/stage.h). */
#include "conformance/stage.h"

#include "nxdtls.h"

#include <stdio.h>

struct stage_pki stage_pki;

/* The library wants one; here no kernel starts. */
VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
}

static uint16_t default_suites[128];

void stage_load_pki(void)
{
    struct stage_pki *p = &stage_pki;

    sim_identity_load(&p->rsa, NXDTLS_PKI_DIR, "rsa", true);
    sim_identity_load(&p->ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&p->ec_p384, NXDTLS_PKI_DIR, "ec-p384", true);
    sim_identity_load(&p->client_rsa, NXDTLS_PKI_DIR, "client-rsa", true);
    sim_identity_load(&p->client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_identity_load(&p->chain[0], NXDTLS_PKI_DIR, "chain-leaf", true);
    sim_identity_load(&p->chain[1], NXDTLS_PKI_DIR, "ca2", false);
    sim_identity_load(&p->chain[2], NXDTLS_PKI_DIR, "ca1", false);
    sim_anchor_load(&p->root, NXDTLS_PKI_DIR, "root");
    p->chain[0].credential.next = &p->chain[1].credential;
    p->chain[1].credential.next = &p->chain[2].credential;
}

void stage_free_pki(void)
{
    struct stage_pki *p = &stage_pki;

    sim_identity_free(&p->rsa);
    sim_identity_free(&p->ec);
    sim_identity_free(&p->ec_p384);
    sim_identity_free(&p->client_rsa);
    sim_identity_free(&p->client_ec);
    sim_identity_free(&p->chain[0]);
}

static size_t list_default_suites(void)
{
    const NX_SECURE_TLS_CRYPTO *table = &nxdtls_ciphers_default;
    size_t num = table->nx_secure_tls_ciphersuite_lookup_table_size;

    assert_true(num <= LEN(default_suites));
    for (size_t i = 0; i < num; i++) {
        default_suites[i] = table->nx_secure_tls_ciphersuite_lookup_table[i]
                                .nx_secure_tls_ciphersuite;
    }
    return num;
}

/* Each time anew: a test may have chained them otherwise. */
static void equip(struct peer *end)
{
    end->config.anchors = &stage_pki.root.item;
    if (end->role == DTLS_SERVER) {
        stage_pki.rsa.credential.next = &stage_pki.ec.credential;
        stage_pki.ec.credential.next = NULL;
        end->config.credentials = &stage_pki.rsa.credential;
    }
}

void stage_init(struct stage *s, enum dtls_role target, uint64_t seed)
{
    peer_init(&s->target, target, seed);
    peer_init(&s->peer, target == DTLS_CLIENT ? DTLS_SERVER : DTLS_CLIENT,
              seed + 1);
    s->target.config.suites = default_suites;
    s->target.config.num_suites = list_default_suites();
    equip(&s->target);
    equip(&s->peer);
    s->num_records = 0;
    s->num_datagrams = 0;
    s->num_forged = 0;
    s->out = (struct dtls_buf){s->out_bytes, 0, sizeof s->out_bytes};
}

void stage_suite(struct peer *end, const uint16_t *suite)
{
    end->config.suites = suite;
    end->config.num_suites = 1;
}

void stage_start(struct stage *s)
{
    peer_start(&s->target);
    peer_start(&s->peer);
    stage_exchange(s);
}

void stage_end(struct stage *s)
{
    peer_free(&s->target);
    peer_free(&s->peer);
}

/* decryption_failed, decompression_failure, no_certificate and
 * export_restriction are sent by nobody (D5246-7.2.2-7, D5246-7.2.2-9,
 * D7925-6-1, D7925-6-3). */
static void check_alert(uint8_t description)
{
    assert_int_not_equal(description, 21);
    assert_int_not_equal(description, 30);
    assert_int_not_equal(description, 41);
    assert_int_not_equal(description, 60);
}

/* Notes what the target has sent, before anybody decrypts it in place. */
static void keep_records(struct stage *s, struct dtls_bytes datagram)
{
    while (datagram.len != 0) {
        struct stage_record *r = &s->records[s->num_records++];
        struct dtls_bytes body;

        assert_true(s->num_records <= STAGE_RECORDS);
        assert_true(dtls_get_u8(&datagram, &r->type));
        assert_true(dtls_get_u16(&datagram, &r->version));
        assert_true(dtls_get_u16(&datagram, &r->epoch));
        assert_true(dtls_get_u48(&datagram, &r->seq));
        assert_true(dtls_get_vec16(&datagram, &body));
        r->datagram = s->num_datagrams;
        r->len = body.len;
        memcpy(r->body, body.data,
               body.len < sizeof r->body ? body.len : sizeof r->body);
        if (r->type == DTLS_ALERT && r->epoch == 0) {
            check_alert(r->body[1]);
        }
    }
    s->num_datagrams++;
}

static void listen_to(struct stage *s, bool hand_on)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out;

    for (;;) {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        if (s->target.session.phase == DTLS_PHASE_IDLE) {
            return;
        }
        assert_int_equal(dtls_session_write(&s->target.session, &out),
                         DTLS_OK);
        if (out.len == 0) {
            return;
        }
        keep_records(s, dtls_buf_bytes(&out));
        if (hand_on) {
            peer_receive(&s->peer, dtls_buf_bytes(&out));
            check_alert(s->peer.session.peer_alert[1]);
        }
    }
}

void stage_listen(struct stage *s)
{
    listen_to(s, true);
}

void stage_listen_alone(struct stage *s)
{
    listen_to(s, false);
}

void stage_exchange(struct stage *s)
{
    stage_listen(s);
    s->peer.num_messages = 0;
    if (s->peer.session.phase != DTLS_PHASE_IDLE) {
        peer_take_flight(&s->peer);
    }
}

void stage_say_bytes(struct stage *s, struct dtls_bytes datagram)
{
    peer_receive(&s->target, datagram);
}

static void send_out(struct stage *s)
{
    stage_say_bytes(s, dtls_buf_bytes(&s->out));
    s->out.len = 0;
}

void stage_say(struct stage *s, const struct peer_message *message)
{
    peer_put_message(&s->peer, &s->out, message);
    send_out(s);
}

void stage_say_rest(struct stage *s, const struct peer_message *message)
{
    while (++message < &s->peer.messages[s->peer.num_messages]) {
        stage_say(s, message);
    }
}

/* The peer's own record layer has no epoch 0 any more: a forged record. */
static void put_in_the_clear(struct stage *s, uint8_t type,
                             struct dtls_bytes content)
{
    assert_true(dtls_record_put_header(&s->out, type, DTLS_VERSION_1_2, 0,
                                       1000 + s->num_forged++, content.len) &&
                dtls_put_bytes(&s->out, content));
}

void stage_say_record(struct stage *s, uint16_t epoch, uint8_t type,
                      struct dtls_bytes content)
{
    struct dtls_record_layer *records = &s->peer.session.records;
    enum dtls_status status =
        dtls_record_layer_seal(records, &s->out, epoch, type, content);

    if (epoch == 0 && status != DTLS_OK) {
        put_in_the_clear(s, type, content);
    } else {
        assert_int_equal(status, DTLS_OK);
    }
    send_out(s);
}

struct peer_message *stage_come_to(struct stage *s, uint8_t type)
{
    for (;;) {
        for (size_t i = 0; i < s->peer.num_messages; i++) {
            struct peer_message *m = &s->peer.messages[i];

            if (m->record_type == DTLS_HANDSHAKE && m->type == type) {
                return m;
            }
            stage_say(s, m);
        }
        stage_exchange(s);
        if (s->peer.num_messages == 0) {
            fail_msg("never came to message %u: target %x, peer %x", type,
                     (unsigned)s->target.session.failure,
                     (unsigned)s->peer.session.failure);
        }
    }
}

void stage_pass(struct stage *s)
{
    uint64_t deadline = dtls_session_deadline(&s->target.session);

    assert_true(deadline != DTLS_NEVER);
    s->target.now = deadline;
    s->peer.now = deadline;
    s->target.event = dtls_session_expire(&s->target.session, deadline);
}

struct dtls_bytes stage_said(const struct stage *s, uint8_t type)
{
    struct dtls_bytes found = {0};

    for (size_t i = 0; i < s->num_records; i++) {
        const struct stage_record *r = &s->records[i];
        struct dtls_bytes payload = dtls_bytes_of(r->body, r->len);
        struct dtls_fragment fragment;

        if (r->type != DTLS_HANDSHAKE || r->epoch != 0) {
            continue;
        }
        assert_true(r->len <= sizeof r->body);
        while (payload.len != 0) {
            assert_int_equal(dtls_fragment_next(&payload, &fragment), DTLS_OK);
            if (fragment.type == type) {
                assert_true(dtls_fragment_is_whole(&fragment));
                found = fragment.body;
            }
        }
    }
    return found;
}

void stage_change(struct stage *s)
{
    peer_rehash(&s->peer, stage_said(s, DTLS_CLIENT_HELLO), 0);
}

void hello_put(struct stage *s, struct peer_message *message,
               const struct hello *hello)
{
    hello_write(message, hello);
    stage_change(s);
}

void stage_exchanges_data(struct stage *s)
{
    static const uint8_t text[] = "back and forth";
    struct dtls_bytes data = dtls_bytes_of(text, sizeof text);
    unsigned before = s->target.num_data;
    uint8_t bytes[256];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    peer_put_data(&s->peer, &s->out, data);
    send_out(s);
    assert_int_equal(s->target.num_data, before + 1);
    assert_memory_equal(s->target.data, text, sizeof text);
    before = s->peer.num_data;
    assert_int_equal(
        dtls_session_send(&s->target.session, &out, data, s->target.now),
        DTLS_OK);
    keep_records(s, dtls_buf_bytes(&out));
    peer_receive(&s->peer, dtls_buf_bytes(&out));
    assert_int_equal(s->peer.num_data, before + 1);
}

void stage_connects(struct stage *s)
{
    for (unsigned i = 0; i < 8; i++) {
        for (size_t k = 0; k < s->peer.num_messages; k++) {
            stage_say(s, &s->peer.messages[k]);
        }
        stage_exchange(s);
        if (dtls_session_is_connected(&s->peer.session) &&
            dtls_session_is_connected(&s->target.session)) {
            stage_exchanges_data(s);
            return;
        }
    }
    fail_msg("not connected: target %x, peer %x",
             (unsigned)s->target.session.failure,
             (unsigned)s->peer.session.failure);
}

/* What nobody may get an answer to any more. */
static void talk_on(struct stage *s)
{
    static const uint8_t text[] = "is anybody there?";
    unsigned before = s->target.num_data;

    stage_say_record(s, 0, DTLS_HANDSHAKE, dtls_bytes_of(text, sizeof text));
    if (s->peer.session.records.write_epoch != 0) {
        peer_put_data(&s->peer, &s->out, dtls_bytes_of(text, sizeof text));
        send_out(s);
    }
    assert_int_equal(s->target.num_data, before);
}

void stage_fails_at(struct stage *s, enum dtls_status status, const char *file,
                    int line)
{
    const struct dtls_session *t = &s->target.session;
    const struct stage_record *last;
    size_t num;

    stage_listen(s);
    if (t->phase != DTLS_PHASE_FAILED ||
        dtls_status_alert(t->failure) != dtls_status_alert(status) ||
        s->num_records == 0) {
        fprintf(stderr, "%s, failure %x\n", dtls_phase_name(t->phase),
                (unsigned)t->failure);
        _fail(file, line);
    }
    last = &s->records[s->num_records - 1];
    _assert_int_equal(last->type, DTLS_ALERT, file, line);
    if (last->epoch == 0) {
        _assert_int_equal(last->len, 2, file, line);
        _assert_int_equal(last->body[0], 2, file, line);
        _assert_int_equal(last->body[1], dtls_status_alert(status), file,
                          line);
    } else {
        _assert_int_equal(s->peer.session.peer_alert[0], 2, file, line);
        _assert_int_equal(s->peer.session.peer_alert[1],
                          dtls_status_alert(status), file, line);
    }
    num = s->num_records;
    talk_on(s);
    stage_listen(s);
    _assert_int_equal(s->num_records, num, file, line);
    stage_end(s);
}

void stage_ignores(struct stage *s)
{
    size_t num = s->num_records;

    stage_listen(s);
    assert_int_equal(s->num_records, num);
    assert_true(dtls_session_is_alive(&s->target.session));
}
