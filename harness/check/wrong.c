/* SPDX-License-Identifier: MIT */
/* Wrong targets (check/wrong.h). */
#include "check/wrong.h"

#include "sut/own.h"
#include "sut/virtual_clock.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SEED 0x23456789abcdef01u

static void (*make_wrong)(struct wrong *w); /* of the ends that are made now */
static struct wrong *playing; /* the one whose cryptography is called now */

static struct wrong *wrong_of(struct sut *sut)
{
    return (struct wrong *)sut;
}

/* ---- saying ---- */

static void send_out(struct wrong *w, struct dtls_buf *out)
{
    const struct sut_host *host = &w->sut.setup.host;

    if (w->sends != NULL) {
        w->sends(w, (struct dtls_span){out->data, out->len});
    }
    host->send(host->self, dtls_buf_bytes(out));
    out->len = 0;
}

/* A message that max_fragment_length does not let through whole is cut. */
static void say(struct wrong *w, struct dtls_buf *out,
                const struct peer_message *m)
{
    const size_t limit = dtls_protect_limit(
        dtls_record_layer_protection_out(&w->peer.session.records));
    const size_t most = limit - DTLS_FRAGMENT_HEADER_LEN;

    if (m->record_type != DTLS_HANDSHAKE || m->len <= most) {
        peer_put_message(&w->peer, out, m);
        send_out(w, out);
        return;
    }
    for (size_t at = 0; at < m->len; at += most) {
        peer_put_fragment(&w->peer, out, m, at,
                          m->len - at < most ? m->len - at : most);
        send_out(w, out);
    }
}

static void say_flight(struct wrong *w)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    for (size_t i = 0; i < w->peer.num_messages && !w->deaf; i++) {
        struct peer_message *m = &w->peer.messages[i];

        if (w->says == NULL || w->says(w, m)) {
            say(w, &out, m);
        }
    }
}

static void flush(struct wrong *w)
{
    while (!w->deaf && dtls_session_has_output(&w->peer.session)) {
        peer_take_flight(&w->peer);
        say_flight(w);
    }
}

static void say_record(struct wrong *w, uint16_t epoch, uint8_t type,
                       struct dtls_bytes content)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    if (peer_is_idle(&w->peer)) { /* it has no record layer yet */
        bool fits = dtls_record_put_header(&out, type, DTLS_VERSION_1_2, 0, 0,
                                           content.len) &&
                    dtls_put_bytes(&out, content);

        assert(fits);
    } else if (dtls_record_layer_seal(&w->peer.session.records, &out, epoch,
                                      type, content) != DTLS_OK) {
        return; /* its session has failed, or a limit was agreed on */
    }
    send_out(w, &out);
}

uint64_t wrong_handshake(const struct wrong *w, uint16_t epoch)
{
    return ((uint64_t)w->round << 16 | epoch) + 1;
}

uint16_t wrong_epoch(const struct wrong *w)
{
    return w->peer.session.records.write_epoch;
}

bool wrong_alert(struct wrong *w, uint8_t description)
{
    const uint8_t alert[2] = {DTLS_ALERT_FATAL, description};

    say_record(w, wrong_epoch(w), DTLS_ALERT,
               dtls_bytes_of(alert, sizeof alert));
    w->deaf = true;
    return true;
}

static bool is_dead; /* by wrong_dies */

bool wrong_dies(struct wrong *w)
{
    w->deaf = true;
    is_dead = true;
    return true;
}

bool wrong_data(struct wrong *w, struct dtls_bytes data)
{
    say_record(w, wrong_epoch(w), DTLS_APPLICATION_DATA, data);
    return true;
}

bool wrong_say(struct wrong *w, uint16_t epoch, uint8_t type,
               struct dtls_bytes content)
{
    say_record(w, epoch, type, content);
    return true;
}

bool wrong_say_message(struct wrong *w, uint16_t epoch, uint8_t type,
                       uint16_t seq, struct dtls_bytes body)
{
    uint8_t bytes[1024];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct dtls_fragment message = {.type = type,
                                          .message_len = (uint32_t)body.len,
                                          .seq = seq,
                                          .body = body};
    bool fits =
        dtls_fragment_put_header(&out, &message) && dtls_put_bytes(&out, body);

    assert(fits);
    return wrong_say(w, epoch, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}

bool wrong_forgets(struct wrong *w, uint16_t seq)
{
    dtls_reassembly_seek(&w->peer.session.hs.in, (uint16_t)(seq + 1));
    return true;
}

/* Does the gate accept the record?  If it replies, that is sent. */
static bool gate_accepts(struct wrong *w, struct dtls_gate_pass *pass,
                         struct dtls_span record)
{
    struct dtls_address client = {.len = 7, .bytes = "\4\177\0\0\1\x12\x34"};
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};

    client.bytes[4] = (uint8_t)(1 + w->address);
    switch (dtls_listener_gate(&w->door, &reply, pass, &client, record,
                               w->peer.now)) {
    case DTLS_GATE_DISCARD:
        return false;
    case DTLS_GATE_REPLY:
        send_out(w, &reply);
        return false;
    case DTLS_GATE_ACCEPT:
        break;
    }
    return true;
}

/* Lets the gate judge a record; true if the session is to read it. */
static bool ask_the_door(struct wrong *w, struct dtls_span record)
{
    struct dtls_gate_pass pass;

    if (!gate_accepts(w, &pass, record)) {
        return false;
    }
    w->at_the_door = false;
    dtls_session_accept(&w->peer.session, &w->peer.room, &pass, w->peer.now);
    return true;
}

/* ---- looking ---- */

bool wrong_fragment(const struct wrong_record *r, struct dtls_fragment *out)
{
    struct dtls_bytes payload = dtls_span_bytes(r->plain);

    return r->opened && r->wire.type == DTLS_HANDSHAKE &&
           dtls_fragment_next(&payload, out) == DTLS_OK;
}

bool wrong_message(const struct wrong_record *r, uint8_t type,
                   struct dtls_fragment *out)
{
    return wrong_fragment(r, out) && out->type == type &&
           dtls_fragment_is_whole(out);
}

bool wrong_piece(const struct wrong_record *r, struct dtls_fragment *out)
{
    return wrong_fragment(r, out) && !dtls_fragment_is_whole(out);
}

bool wrong_reads_in_a_row(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!wrong_piece(r, &f)) {
        return false;
    }
    if (f.offset == 0) {
        w->num = f.seq + 1u;
    }
    return w->num != f.seq + 1u;
}

uint8_t *wrong_at(const struct wrong_record *r, const uint8_t *at)
{
    const struct dtls_span *read =
        r->wire.epoch == 0 ? &r->wire.body : &r->plain;

    assert(at >= r->plain.data && at < r->plain.data + r->plain.len);
    return read->data + (at - r->plain.data);
}

/* ---- ready-made faults ---- */

bool wrong_reads(struct wrong *w, const struct wrong_record *r,
                 struct dtls_bytes content)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    bool fits =
        dtls_record_put_header(&out, r->wire.type, r->wire.version,
                               r->wire.epoch, r->wire.seq, content.len) &&
        dtls_put_bytes(&out, content);

    assert(fits);
    if (r->wire.epoch != 0) {
        return false; /* Its peer would have to open it again. */
    }
    if (w->at_the_door &&
        !ask_the_door(w, (struct dtls_span){bytes, out.len})) {
        return true;
    }
    peer_receive(&w->peer, dtls_buf_bytes(&out));
    return true;
}

bool wrong_reads_message(struct wrong *w, const struct wrong_record *r,
                         uint8_t type, struct dtls_bytes body)
{
    static uint8_t bytes[PEER_DATAGRAM_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment f;
    bool fits = wrong_fragment(r, &f);

    f.type = type;
    f.message_len = (uint32_t)body.len;
    f.offset = 0;
    f.body = body;
    fits = fits && dtls_fragment_put_header(&out, &f) &&
           dtls_put_bytes(&out, body);
    assert(fits);
    return wrong_reads(w, r, dtls_buf_bytes(&out));
}

/* Whatever the other side's Finished says is what it should say. */
static enum dtls_status believing_prf(void *self, uint8_t *out, size_t out_len,
                                      enum dtls_hash_alg alg,
                                      struct dtls_bytes secret,
                                      const char *label,
                                      struct dtls_bytes seed1,
                                      struct dtls_bytes seed2)
{
    const char *theirs = playing->peer.role == DTLS_SERVER ? "client finished"
                                                           : "server finished";

    if (strcmp(label, theirs) == 0) {
        memcpy(out, playing->verify_data, out_len);
        return DTLS_OK;
    }
    return dtls_libcrypto.prf(self, out, out_len, alg, secret, label, seed1,
                              seed2);
}

static bool keep_finished(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (wrong_message(r, DTLS_FINISHED, &f) &&
        f.body.len == DTLS_VERIFY_DATA_LEN) {
        memcpy(w->verify_data, f.body.data, f.body.len);
    }
    return false;
}

void wrong_believes_finished(struct wrong *w)
{
    w->hears = keep_finished;
    w->peer.crypto.prf = believing_prf;
}

bool wrong_echo(struct wrong *w, const struct wrong_record *r)
{
    struct dtls_record_layer *records = &w->peer.session.records;

    if (!r->opened || r->wire.type != DTLS_APPLICATION_DATA ||
        r->plain.len > DTLS_PLAINTEXT_MAX) {
        return false;
    }
    if (r->wire.epoch == 0 || records->write_epoch != 0) {
        return wrong_data(w, dtls_span_bytes(r->plain));
    }
    if (records->write[1].epoch != 1 || !records->write[1].taken) {
        return false; /* the session has failed, and has no keys any more */
    }
    /* Only for this answer: the handshake may still go on. */
    dtls_record_layer_switch_write(records);
    (void)wrong_data(w, dtls_span_bytes(r->plain));
    records->write_epoch = 0;
    return true;
}

static bool echo_early(struct wrong *w, struct wrong_record *r)
{
    return r->wire.epoch != 0 && w->sut.state == SUT_HANDSHAKING &&
           wrong_echo(w, r);
}

void wrong_takes_early_data(struct wrong *w)
{
    w->hears = echo_early;
}

static enum dtls_status believe(void *self, const struct dtls_public_key *key,
                                const struct dtls_sigalg *alg,
                                struct dtls_bytes input,
                                struct dtls_bytes signature)
{
    (void)self;
    (void)key;
    (void)alg;
    (void)input;
    (void)signature;
    return DTLS_OK;
}

void wrong_believes_signatures(struct wrong *w)
{
    w->peer.crypto.verify = believe;
}

/* ---- the driver ---- */

static int64_t unix_time(void *self)
{
    (void)self;
    return SUT_EPOCH;
}

/* It has no other place for its argument. */
static enum dtls_status judge_peer(void *self, const struct dtls_cert *chain,
                                   size_t num)
{
    (void)self;
    return sut_own_judge_peer(&playing->sut.setup, &playing->peer.config,
                              chain, num);
}

static enum dtls_status judge_staple(void *self, struct dtls_bytes response)
{
    (void)self;
    return sut_own_judge_staple(&playing->sut.setup, response)
               ? DTLS_OK
               : DTLS_BAD_CERTIFICATE_STATUS;
}

static void use_staples(struct wrong *w)
{
    if (w->peer.role == DTLS_CLIENT) {
        w->peer.config.judge_staple = judge_staple;
    } else if (w->peer.config.credentials != NULL) {
        sut_own_make_staple(&w->staple, &w->sut.setup, &w->identity);
        w->identity.credential.staple =
            dtls_bytes_of(w->staple.bytes, w->staple.len);
    }
}

static bool never(void *self)
{
    (void)self;
    return false;
}

static const char *refuses(const struct sut_setup *setup)
{
    (void)setup;
    return NULL;
}

static void configure(struct wrong *w)
{
    static const uint8_t protocols[7] = "\6nxdtls"; /* as the engine's */
    static const uint16_t profile = SUT_SRTP_PROFILE;
    const struct sut_setup *setup = &w->sut.setup;
    struct dtls_config *config = &w->peer.config;
    const char *identity = sut_identity(setup);

    w->psk = (struct dtls_psk){
        .identity = dtls_bytes_of((const uint8_t *)SUT_PSK_IDENTITY,
                                  strlen(SUT_PSK_IDENTITY)),
        .key = dtls_bytes_of(sut_psk_key(setup), SUT_PSK_KEY_LEN),
    };
    config->unix_time = unix_time;
    config->protocols = dtls_bytes_of(protocols, sizeof protocols);
    if (sut_trust(setup) != NULL) {
        config->verify_peer = judge_peer;
        config->server_name =
            dtls_bytes_of(sut_name(setup), strlen(sut_name(setup)));
    }
    config->renegotiate = sut_refuses(setup) ? never : NULL;
    config->suites = &setup->suite->id;
    config->num_suites = 1;
    config->psks = &w->psk;
    config->password = sut_password(setup);
    config->client_auth = sut_needs_client(setup)  ? DTLS_CLIENT_AUTH_REQUIRED
                          : sut_asks_client(setup) ? DTLS_CLIENT_AUTH_OPTIONAL
                                                   : DTLS_CLIENT_AUTH_NONE;
    sim_anchor_load(&w->anchor, setup->pki, "root");
    config->anchors = &w->anchor.item;
    if (identity != NULL) {
        sim_identity_load(&w->identity, setup->pki, identity, true);
        config->credentials = &w->identity.credential;
    }
    if (setup->staples) {
        use_staples(w);
    }
    if (setup->raw_keys) {
        sut_own_show_raw_keys(&w->raw_keys, config, setup, &w->identity);
    }
    config->srtp_profiles = &profile;
    config->num_srtp_profiles = setup->srtp;
    config->connection_ids = setup->cids;
    config->cid_len = SUT_CID_LEN;
    if (setup->resumes) {
        sut_own_remember(&w->memory, config, setup->role == SUT_CLIENT,
                         w->peer.now);
    }
}

static void equip(struct wrong *w, uint64_t now)
{
    static uint64_t num_made; /* no two have the same randoms */

    peer_init(&w->peer,
              w->sut.setup.role == SUT_CLIENT ? DTLS_CLIENT : DTLS_SERVER,
              SEED + now + (num_made++ << 32));
    w->peer.now = now;
    configure(w);
}

static void unequip(struct wrong *w)
{
    peer_free(&w->peer);
    sim_identity_free(&w->identity);
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct wrong *w = calloc(1, sizeof *w);
    enum dtls_status status;

    assert(w != NULL);
    w->sut.setup = *setup;
    equip(w, now);
    status =
        dtls_listener_init(&w->door, &w->peer.crypto, &w->peer.counters, now);
    assert(status == DTLS_OK);
    w->door.without_cookies = !setup->cookies;
    w->at_the_door = setup->role == SUT_SERVER;
    if (make_wrong != NULL) {
        make_wrong(w);
    }
    w->deaf = w->deaf || is_dead;
    return &w->sut;
}

static unsigned destroy(struct sut *sut)
{
    struct wrong *w = wrong_of(sut);

    unequip(w);
    sut_own_forget(&w->memory);
    dtls_listener_free(&w->door);
    free(w);
    return 0;
}

/* ---- hearing ---- */

static void tell_host(struct wrong *w, unsigned num_data)
{
    const struct sut_host *host = &w->sut.setup.host;
    struct peer *p = &w->peer;

    if (p->num_data != num_data) {
        host->data(host->self, dtls_bytes_of(p->data, p->data_len));
    }
    if (w->sut.state == SUT_HANDSHAKING && peer_is_connected(p)) {
        sut_connected(&w->sut);
    }
}

/* Does the client of an association that is up or over begin anew? */
static bool is_new_hello(const struct wrong *w, struct dtls_span record)
{
    return !is_dead && w->sut.setup.role == SUT_SERVER && !w->at_the_door &&
           (w->deaf || w->sut.state != SUT_HANDSHAKING ||
            peer_has_failed(&w->peer)) &&
           dtls_listener_begins_anew(&w->peer.session.first_hello, record);
}

static void begin_anew(struct wrong *w)
{
    unequip(w);
    equip(w, w->peer.now);
    w->sut.state = SUT_HANDSHAKING;
    w->at_the_door = w->sut.setup.role == SUT_SERVER;
    w->deaf = is_dead;
    w->round++;
    if (make_wrong != NULL) {
        make_wrong(w);
    }
}

static void hear_record(struct wrong *w, const struct dtls_record *record,
                        struct dtls_span bytes, unsigned number)
{
    static uint8_t plain[PEER_BODY_MAX];
    struct wrong_record r = {.wire = *record, .number = number};
    struct dtls_record copy = *record;
    struct dtls_gate_pass pass;
    unsigned num_data = w->peer.num_data;

    memcpy(plain, record->body.data, record->body.len);
    copy.body.data = plain;
    r.opened = peer_open(&w->peer, &copy);
    if (r.opened) {
        r.wire.type = copy.type;
    }
    r.plain = copy.body;
    if (w->hears != NULL && w->hears(w, &r)) {
        return;
    }
    if (is_new_hello(w, bytes)) {
        if (!gate_accepts(w, &pass, bytes)) {
            return;
        }
        /* The new association takes the place of the old one. */
        begin_anew(w);
        num_data = 0;
    }
    if (w->at_the_door && !ask_the_door(w, bytes)) {
        return;
    }
    peer_receive(&w->peer, dtls_span_bytes(bytes));
    tell_host(w, num_data);
}

static void receive(struct sut *sut, struct dtls_span datagram,
                    uint32_t address, uint64_t now)
{
    struct wrong *w = wrong_of(sut);
    struct dtls_record record;
    unsigned number = 0;

    playing = w;
    w->address = address;
    w->peer.now = now;
    if (!w->deaf && w->gets != NULL && w->gets(w, datagram)) {
        return;
    }
    while (datagram.len != 0) {
        struct dtls_span bytes = datagram;

        if (dtls_record_layer_next(&w->peer.session.records, &datagram,
                                   &record) != DTLS_OK) {
            break;
        }
        bytes.len -= datagram.len;
        if (!w->deaf || is_new_hello(w, bytes)) {
            hear_record(w, &record, bytes, number++);
        }
    }
    flush(w);
}

static void start(struct sut *sut, uint64_t now)
{
    struct wrong *w = wrong_of(sut);

    playing = w;
    w->peer.now = now;
    peer_start(&w->peer);
    flush(w);
}

static uint64_t deadline(struct sut *sut, uint64_t now)
{
    const struct wrong *w = wrong_of(sut);

    (void)now;
    return w->deaf ? DTLS_NEVER : dtls_session_deadline(&w->peer.session);
}

static void expire(struct sut *sut, uint64_t now)
{
    struct wrong *w = wrong_of(sut);

    playing = w;
    w->peer.now = now;
    if (dtls_session_expire(&w->peer.session, now) == DTLS_EVENT_FAILED) {
        sut_fail(sut, "it gave up");
    }
    flush(w);
}

static bool send_data(struct sut *sut, struct dtls_bytes data, uint64_t now)
{
    struct wrong *w = wrong_of(sut);

    (void)now;
    playing = w;
    return !w->deaf && (w->is_eager || w->sut.state != SUT_HANDSHAKING) &&
           wrong_data(w, data);
}

static void close_session(struct sut *sut, uint64_t now)
{
    struct wrong *w = wrong_of(sut);

    playing = w;
    if (dtls_session_close(&w->peer.session, now) == DTLS_OK) {
        flush(w);
    }
}

static void renegotiate(struct sut *sut, uint64_t now)
{
    struct wrong *w = wrong_of(sut);

    playing = w;
    if (dtls_session_renegotiate(&w->peer.session, now) == DTLS_OK) {
        flush(w);
    }
}

static void again(struct sut *sut, uint64_t now)
{
    struct wrong *w = wrong_of(sut);

    playing = w;
    w->peer.now = now;
    begin_anew(w);
}

static const struct sut_driver driver = {
    .library = "a wrong target",
    .serves_many = true,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = start,
    .receive = receive,
    .deadline = deadline,
    .expire = expire,
    .send = send_data,
    .close = close_session,
    .renegotiate = renegotiate,
    .again = again,
};

const struct sut_driver *wrong_driver(void (*wrong)(struct wrong *w))
{
    make_wrong = wrong;
    is_dead = false;
    return &driver;
}
