/* SPDX-License-Identifier: MIT */
/* Our engine (session/session.h), driven directly. */
#include "sut/own.h"
#include "sut/virtual_clock.h"

#include "session/listener.h"
#include "sim/network.h"
#include "sim/pki.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define ARENA 20000
#define BLOCK_SIZE 512
#define BLOCKS 64

struct end {
    struct sut sut;
    struct dtls_crypto crypto; /* of sut_own_crypto */
    struct dtls_config config;
    struct dtls_psk psk;
    struct dtls_store store;
    unsigned blocks_out;
    const struct sim_identity *identity;
    struct dtls_credential credentials[1 + SUT_INTERMEDIATES_MAX];
    uint16_t groups[SUT_GROUPS_MAX];
    struct sim_anchor anchor;
    struct dtls_listener listener;
    struct dtls_session session;
    struct dtls_areas areas; /* a pool of one */
    struct dtls_area area;
    struct dtls_record_room records;
    struct dtls_session_room room;
    struct dtls_counters counters;
    struct sut_own_memory memory;
    struct sut_own_raw_keys raw_keys;
    struct sut_own_staple staple;
    bool is_stapled; /* a client has judged a response, which is good */
    bool accepted;
    uint32_t address;   /* of the client that was accepted */
    uint32_t sender;    /* of the last datagram */
    uint32_t candidate; /* session/route.h */
    uint8_t arena[ARENA];
    uint8_t certs[ARENA];
    struct dtls_cert chain[DTLS_CHAIN_MAX];
};

static struct end *end_of(struct sut *sut)
{
    return (struct end *)sut;
}

static void *take_block(void *self, size_t *size)
{
    struct end *e = self;

    if (e->blocks_out == BLOCKS) {
        return NULL;
    }
    e->blocks_out++;
    *size = BLOCK_SIZE;
    return malloc(BLOCK_SIZE);
}

static void give_block(void *self, void *block)
{
    struct end *e = self;

    e->blocks_out--;
    free(block);
}

static int64_t unix_time(void *self)
{
    (void)self;
    return SUT_EPOCH;
}

static const char *refuses(const struct sut_setup *setup)
{
    (void)setup;
    return NULL;
}

static bool may_renegotiate(void *self)
{
    const struct end *e = self;

    return !sut_refuses(&e->sut.setup);
}

static enum dtls_status judge_peer(void *self, const struct dtls_cert *chain,
                                   size_t num)
{
    const struct end *e = self;

    return sut_own_judge_peer(&e->sut.setup, &e->config, chain, num);
}

static enum dtls_status judge_staple(void *self, struct dtls_bytes response)
{
    struct end *e = self;
    bool is_good = sut_own_judge_staple(&e->sut.setup, response);

    e->is_stapled = is_good && response.len != 0;
    return is_good ? DTLS_OK : DTLS_BAD_CERTIFICATE_STATUS;
}

static void use_staples(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;

    if (setup->role == SUT_CLIENT) {
        e->config.judge_staple = judge_staple;
    } else if (e->config.credentials != NULL) {
        sut_clock_enter(0);
        sut_own_make_staple(&e->staple, setup, e->identity);
        sut_clock_leave();
        e->credentials[0].staple =
            dtls_bytes_of(e->staple.bytes, e->staple.len);
    }
}

static void load_chain(struct end *e, const char *identity)
{
    const struct sut_setup *setup = &e->sut.setup;
    struct dtls_credential *chain = e->credentials;
    const char *above;

    e->identity = sut_own_identity(setup, identity, true);
    chain[0] = e->identity->credential;
    for (unsigned i = 0; (above = sut_intermediate(setup, i)) != NULL; i++) {
        chain[i + 1] = sut_own_identity(setup, above, false)->credential;
        chain[i].next = &chain[i + 1];
    }
    e->config.credentials = chain;
}

static void configure(struct end *e)
{
    static const uint8_t protocols[7] = "\6nxdtls";
    static const uint16_t profile = SUT_SRTP_PROFILE;
    const struct sut_setup *setup = &e->sut.setup;
    const char *identity = sut_identity(setup);
    const char *trust = sut_trust(setup);

    e->config = (struct dtls_config){
        .crypto = &e->crypto,
        .suites = &setup->suite->id,
        .num_suites = 1,
        .groups = e->groups,
        .num_groups = sut_groups(e->groups, setup),
        .psks = &e->psk,
        .num_psks = dtls_suite_is_psk(setup->suite),
        .password = sut_password(setup),
        .client_auth = sut_needs_client(setup)  ? DTLS_CLIENT_AUTH_REQUIRED
                       : sut_asks_client(setup) ? DTLS_CLIENT_AUTH_OPTIONAL
                                                : DTLS_CLIENT_AUTH_NONE,
        .unix_time = unix_time,
        .renegotiate = may_renegotiate,
        .self = e,
        .timer = {.initial = 1000,
                  .maximum = 60000,
                  .max_retries = 10,
                  .shift = 1,
                  .begins_anew = setup->other_timeout},
        .mtu = setup->mtu,
        .protocols = dtls_bytes_of(protocols, sizeof protocols),
        .srtp_profiles = &profile,
        .num_srtp_profiles = setup->srtp,
        .connection_ids = setup->cids,
        .cid_len = SUT_CID_LEN,
        .record_size_limit =
            setup->role == SUT_SERVER ? DTLS_PLAINTEXT_MAX : 0,
    };
    if (identity != NULL) {
        load_chain(e, identity);
    }
    if (trust != NULL) {
        sim_anchor_load(&e->anchor, setup->pki, trust);
        e->config.anchors = &e->anchor.item;
        e->config.server_name =
            dtls_bytes_of(sut_name(setup), strlen(sut_name(setup)));
        e->config.verify_peer = judge_peer;
    }
    if (setup->staples) {
        use_staples(e);
    }
    if (setup->raw_keys) {
        sut_own_show_raw_keys(&e->raw_keys, &e->config, setup, e->identity);
    }
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);
    enum dtls_status status;

    assert(e != NULL);
    e->sut.setup = *setup;
    e->crypto = sut_own_crypto(&e->sut);
    e->psk = (struct dtls_psk){
        .identity = dtls_bytes_of((const uint8_t *)SUT_PSK_IDENTITY,
                                  strlen(SUT_PSK_IDENTITY)),
        .key = dtls_bytes_of(sut_psk_key(setup), SUT_PSK_KEY_LEN),
    };
    configure(e);
    if (setup->resumes != SUT_KEEPS_NOTHING) {
        sut_own_keep(&e->memory, &e->config, setup, now);
    }
    e->store = (struct dtls_store){e, take_block, give_block};
    e->areas = (struct dtls_areas){NULL};
    dtls_areas_add(&e->areas, &e->area);
    e->room = (struct dtls_session_room){
        .config = &e->config,
        .store = &e->store,
        .counters = &e->counters,
        .areas = &e->areas,
        .records = &e->records,
        .arena = {e->arena, sizeof e->arena},
        .peer_certs = {e->certs, sizeof e->certs},
        .chain = e->chain,
    };
    status = dtls_listener_init(&e->listener, &e->crypto, &e->counters, now);
    assert(status == DTLS_OK);
    e->listener.without_cookies = !setup->cookies;
    return &e->sut;
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = end_of(sut);
    unsigned out;

    dtls_session_free(&e->session);
    dtls_listener_free(&e->listener);
    sut_own_forget(&e->memory);
    out = e->blocks_out;
    free(e);
    return out;
}

/* Hands the host what the session has just made, with where it goes. */
static void send_made(struct end *e, struct dtls_bytes datagram)
{
    const struct sut_host *host = &e->sut.setup.host;
    enum dtls_where to = dtls_session_goes_to(&e->session, datagram.len);

    e->sut.to = to == DTLS_AT_CANDIDATE ? e->candidate
                : to == DTLS_AT_OTHER   ? e->sender
                                        : e->address;
    host->send(host->self, datagram);
    if (to == DTLS_AT_BOTH) {
        e->sut.to = e->candidate;
        host->send(host->self, datagram);
    }
}

static void flush(struct end *e)
{
    uint8_t bytes[2048];
    struct dtls_buf out;

    for (;;) {
        out = (struct dtls_buf){bytes, 0, sizeof bytes};
        if (dtls_session_write(&e->session, &out) != DTLS_OK || out.len == 0) {
            return;
        }
        send_made(e, dtls_buf_bytes(&out));
    }
}

static void note(struct end *e, enum dtls_event event, struct dtls_span data)
{
    struct sut *sut = &e->sut;

    if (event == DTLS_EVENT_CONNECTED) {
        sut_connected(sut);
    } else if (event == DTLS_EVENT_DATA) {
        sut->setup.host.data(sut->setup.host.self,
                             dtls_bytes_of(data.data, data.len));
    } else if (event == DTLS_EVENT_ENDED &&
               e->session.failure == DTLS_OK) { /* else it gave up waiting */
        sut_ended(sut);
    } else if (event == DTLS_EVENT_FAILED) {
        sut_fail(sut, "status %x, alert received %u",
                 (unsigned)e->session.failure, e->session.peer_alert[1]);
    }
}

static void start(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);
    enum dtls_status status = dtls_session_connect(&e->session, &e->room, now);

    if (status != DTLS_OK) {
        sut_fail(sut, "connect: status %x", (unsigned)status);
    }
    flush(e);
}

/* What a server does before it has a session.  It returns true if the session
 * is to read the datagram. */
static bool at_the_door(struct end *e, struct dtls_span datagram,
                        uint32_t from, uint64_t now)
{
    const struct sut_host *host = &e->sut.setup.host;
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;
    struct dtls_address address = {.len = 7, .bytes = "\4\177\0\0\1\x12\x34"};

    e->sut.to = from;
    if (e->accepted) {
        return from == e->address ||
               (datagram.len != 0 && datagram.data[0] == DTLS_TLS12_CID);
    }
    if (from == SUT_IPV6) {
        address = (struct dtls_address){.len = 19, .bytes = {6, 0xfd}};
    } else if (from != SUT_HOME) {
        address.bytes[from == SUT_OTHER_HOST ? 4 : 6]++;
    }
    switch (dtls_listener_gate(&e->listener, &reply, &pass, &address, datagram,
                               now)) {
    case DTLS_GATE_DISCARD:
        return false;
    case DTLS_GATE_REPLY:
        host->send(host->self, dtls_buf_bytes(&reply));
        return false;
    case DTLS_GATE_ACCEPT:
        break;
    }
    e->accepted = true;
    e->address = from;
    dtls_session_accept(&e->session, &e->room, &pass, now);
    return true;
}

/* Tells the session where a datagram comes from. */
static void hear_from(struct end *e, uint32_t from)
{
    e->sender = from;
    dtls_session_hear_from(&e->session,
                           from == e->address ? DTLS_AT_PEER
                           : e->session.route.checking && from == e->candidate
                               ? DTLS_AT_CANDIDATE
                               : DTLS_AT_OTHER);
}

static void follow(struct end *e)
{
    if (dtls_session_takes_candidate(&e->session)) {
        e->candidate = e->sender;
    }
    if (dtls_session_moves(&e->session)) {
        e->address = e->candidate;
    }
}

static void receive(struct sut *sut, struct dtls_span datagram,
                    uint32_t address, uint64_t now)
{
    struct end *e = end_of(sut);
    struct dtls_span data = {0};

    if (sut->setup.role == SUT_SERVER) {
        if (!at_the_door(e, datagram, address, now)) {
            return;
        }
        hear_from(e, address);
    }
    while (datagram.len != 0) {
        enum dtls_event event =
            dtls_session_read(&e->session, &datagram, &data, now);

        note(e, event, data);
    }
    follow(e);
    flush(e);
}

static uint64_t deadline(struct sut *sut, uint64_t now)
{
    (void)now;
    return dtls_session_deadline(&end_of(sut)->session);
}

static void expire(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    note(e, dtls_session_expire(&e->session, now), (struct dtls_span){0});
    flush(e);
}

static bool send_data(struct sut *sut, struct dtls_bytes data, uint64_t now)
{
    uint8_t bytes[2048];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    if (dtls_session_send(&end_of(sut)->session, &out, data, now) != DTLS_OK) {
        return false;
    }
    send_made(end_of(sut), dtls_buf_bytes(&out));
    return true;
}

static void close_session(struct sut *sut, uint64_t now)
{
    if (dtls_session_close(&end_of(sut)->session, now) == DTLS_OK) {
        flush(end_of(sut));
    }
}

static void renegotiate(struct sut *sut, uint64_t now)
{
    enum dtls_status status =
        dtls_session_renegotiate(&end_of(sut)->session, now);

    if (status != DTLS_OK) {
        sut_log(sut, "renegotiate: status %x", (unsigned)status);
    }
    flush(end_of(sut));
}

static void again(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    (void)now;
    dtls_session_free(&e->session);
    e->accepted = false;
    sut->state = SUT_HANDSHAKING;
}

static uint16_t suite(struct sut *sut)
{
    const struct dtls_suite *chosen = end_of(sut)->session.hs.suite;

    return chosen == NULL ? 0 : chosen->id;
}

static bool exporter(struct sut *sut, uint8_t out[SUT_EXPORT_LEN])
{
    return dtls_session_export(&end_of(sut)->session, out, SUT_EXPORT_LEN,
                               SUT_EXPORT_LABEL, NULL) == DTLS_OK;
}

static bool resumed(struct sut *sut)
{
    return end_of(sut)->session.hs.agreed.resumed;
}

static bool stapled(struct sut *sut)
{
    return end_of(sut)->is_stapled;
}

static bool srtp_keys(struct sut *sut, uint8_t out[SUT_SRTP_LEN])
{
    struct dtls_srtp_keys keys;

    if (dtls_session_srtp_keys(&end_of(sut)->session, &keys) != DTLS_OK) {
        return false;
    }
    memcpy(out, keys.client_key, SUT_SRTP_KEY);
    memcpy(out + SUT_SRTP_KEY, keys.server_key, SUT_SRTP_KEY);
    out += 2 * SUT_SRTP_KEY;
    memcpy(out, keys.client_salt, SUT_SRTP_SALT);
    memcpy(out + SUT_SRTP_SALT, keys.server_salt, SUT_SRTP_SALT);
    return true;
}

const struct sut_driver sut_engine = {
    .library = "nxdtls, the engine",
    .other = "engine, anew",
    .ics = SUT_USUAL_ICS
    "sigs = 0403 0503 0603 0807 0804 0805 0806 0401 0501 0601\n"
    "profile = random_time\nmfl = yes\nrsl = yes\nsni = localhost\ncrl = "
    "yes\nalpn = nxdtls\nresume = both\nticket = yes\ncid = yes\nsrtp = "
    "yes\nrpk = yes\nocsp = staple\n"
    "[ixit]\ntwo_addresses = yes\nipv6 = yes\nrotate = driver\nresume_s = "
    "86400\n",
    .knows_addresses = true,
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
    .suite = suite,
    .exporter = exporter,
    .resumed = resumed,
    .stapled = stapled,
    .srtp_keys = srtp_keys,
};
