/* SPDX-License-Identifier: MIT */
/* GnuTLS, through its push and pull functions.  A server handles cookies
 * before it opens a session.
 *
 * Retransmission follows clock_gettime and random bytes come from getrandom;
 * virtual_clock.c defines both. */
#include "sut/own.h"
#include "sut/sut.h"
#include "sut/virtual_clock.h"

#include "sim/network.h"

#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS_IN_DATAGRAM 8 /* no end sends more */
#define RETRANSMIT_MS 1000
#define TOTAL_MS 363000 /* our ends give up after the same time */
#define SESSIONS 16     /* that a server keeps; the oldest makes room */
#define RESUME_S 7200   /* seconds; also in the ICS */

struct kept {
    gnutls_datum_t id;
    gnutls_datum_t data;
};

struct end {
    struct sut sut;
    gnutls_priority_t priority;
    gnutls_certificate_credentials_t certificates;
    gnutls_psk_client_credentials_t client_psk;
    gnutls_psk_server_credentials_t server_psk;
    gnutls_session_t
        session;       /* NULL: a server that has seen no valid cookie */
    bool begun;        /* shake was called, ...  */
    uint64_t begun_at; /* ... the last time then */
    bool asking;       /* its HelloRequest is unanswered */
    bool again;        /* in another handshake   */
    struct kept kept[SESSIONS]; /* a server's; a client's first has no id */
    size_t next;                /* that is overwritten */
    gnutls_datum_t ticket_key;
    struct sut_own_staple staple;
};

static unsigned char cookie_secret[] = "0123456789abcdef0123456789abcdef";
static gnutls_datum_t cookie_key = {cookie_secret, 32};

static struct end *end_of(struct sut *sut)
{
    return (struct end *)sut;
}

static ssize_t push(gnutls_transport_ptr_t self, const void *bytes, size_t len)
{
    struct sut *sut = self;

    sut->setup.host.send(sut->setup.host.self, dtls_bytes_of(bytes, len));
    return (ssize_t)len;
}

static ssize_t pull(gnutls_transport_ptr_t self, void *out, size_t size)
{
    int len = sut_take(self, out, size);

    if (len < 0) {
        errno = EAGAIN;
    }
    return len;
}

static int has_input(gnutls_transport_ptr_t self, unsigned ms)
{
    const struct sut *sut = self;

    (void)ms;
    return sut->has_datagram;
}

static int find_psk(gnutls_session_t session, const gnutls_datum_t *identity,
                    gnutls_datum_t *key)
{
    const struct sut *sut = gnutls_session_get_ptr(session);

    if (identity->size != strlen(SUT_PSK_IDENTITY) ||
        memcmp(identity->data, SUT_PSK_IDENTITY, identity->size) != 0) {
        return -1;
    }
    key->data = gnutls_malloc(SUT_PSK_KEY_LEN);
    assert(key->data != NULL);
    key->size = SUT_PSK_KEY_LEN;
    memcpy(key->data, sut_psk_key(&sut->setup), SUT_PSK_KEY_LEN);
    return 0;
}

static int keylog(gnutls_session_t session, const char *label,
                  const gnutls_datum_t *secret)
{
    struct sut *sut = gnutls_session_get_ptr(session);
    gnutls_datum_t client_random;
    gnutls_datum_t server_random;

    if (strcmp(label, "CLIENT_RANDOM") == 0 && secret->size == 48) {
        gnutls_session_get_random(session, &client_random, &server_random);
        sut_keylog_line(sut, client_random.data, secret->data);
    }
    return 0;
}

/* Writes "+GROUP-X25519:+GROUP-...:". */
static void groups_of(char *out, size_t size, const struct sut_setup *setup)
{
    uint16_t groups[SUT_GROUPS_MAX];
    size_t num = sut_groups(groups, setup);
    size_t len = 0;

    for (size_t i = 0; i < num; i++) {
        const char *name = groups[i] == DTLS_GROUP_SECP256R1   ? "SECP256R1"
                           : groups[i] == DTLS_GROUP_SECP384R1 ? "SECP384R1"
                           : groups[i] == DTLS_GROUP_SECP521R1 ? "SECP521R1"
                           : groups[i] == DTLS_GROUP_X25519    ? "X25519"
                                                               : "X448";

        len += (size_t)snprintf(out + len, size - len, "+GROUP-%s:", name);
    }
}

/* Writes the priority string that enables this suite only; false if GnuTLS
 * does not have the suite. */
static bool priority_of(char *out, size_t size, const struct sut_setup *setup)
{
    char groups[80];
    unsigned char id[2];
    gnutls_kx_algorithm_t kx;
    gnutls_cipher_algorithm_t cipher;
    gnutls_mac_algorithm_t mac;
    gnutls_protocol_t version;

    groups_of(groups, sizeof groups, setup);
    for (size_t i = 0;
         gnutls_cipher_suite_info(i, id, &kx, &cipher, &mac, &version) != NULL;
         i++) {
        if ((id[0] << 8 | id[1]) == setup->suite->id &&
            version <= GNUTLS_DTLS1_2) {
            (void)snprintf(out, size,
                           "NONE:+VERS-DTLS1.2:+COMP-NULL:%s:+SIGN-ALL:"
                           "%s+%s:+%s:+%s:%%VERIFY_ALLOW_BROKEN",
                           setup->raw_keys ? "+CTYPE-RAWPK" : "+CTYPE-X509",
                           groups, gnutls_kx_get_name(kx),
                           gnutls_cipher_get_name(cipher),
                           gnutls_mac_get_name(mac));
            return true;
        }
    }
    return false;
}

static const char *refuses(const struct sut_setup *setup)
{
    char priority[256];
    gnutls_priority_t made;

    if (setup->path_mtu) {
        return "GnuTLS leaves finding the MTU to the application";
    }
    if (!priority_of(priority, sizeof priority, setup)) {
        return "GnuTLS has no such suite";
    }
    if (gnutls_priority_init(&made, priority, NULL) != 0) {
        return "GnuTLS has this suite switched off";
    }
    gnutls_priority_deinit(made);
    return NULL;
}

/* Loads the certificate's key, in place of the certificate. */
static int load_raw_key(struct end *e, const char *identity)
{
    const struct sut_setup *setup = &e->sut.setup;
    struct dtls_bytes info = sut_own_key(setup);
    gnutls_datum_t spki = {(unsigned char *)(uintptr_t)info.data,
                           (unsigned)info.len};
    gnutls_datum_t key;
    int status = gnutls_load_file(sut_path(setup, identity, ".p8.der"), &key);

    if (status >= 0) {
        status = gnutls_certificate_set_rawpk_key_mem(
            e->certificates, &spki, &key, GNUTLS_X509_FMT_DER, NULL, 0, NULL,
            0, 0);
        gnutls_free(key.data);
    }
    return status;
}

static int load_identity(struct end *e, const char *identity)
{
    const struct sut_setup *setup = &e->sut.setup;

    if (setup->raw_keys) {
        return load_raw_key(e, identity);
    }
    return gnutls_certificate_set_x509_key_file(
        e->certificates, sut_path(setup, identity, ".pem"),
        sut_path(setup, identity, ".key"), GNUTLS_X509_FMT_PEM);
}

static int give_staple(gnutls_session_t session, void *self,
                       gnutls_datum_t *out)
{
    const struct end *e = self;

    (void)session;
    out->data = gnutls_malloc(e->staple.len);
    assert(out->data != NULL);
    out->size = (unsigned)e->staple.len;
    memcpy(out->data, e->staple.bytes, e->staple.len);
    return 0;
}

static void use_staple(struct end *e, const char *identity)
{
    sut_own_make_staple(&e->staple, &e->sut.setup,
                        sut_own_identity(&e->sut.setup, identity, false));
    gnutls_certificate_set_ocsp_status_request_function(e->certificates,
                                                        give_staple, e);
}

static int load_certificates(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    const char *identity = sut_identity(setup);
    const char *trust = sut_trust(setup);
    int status = gnutls_certificate_allocate_credentials(&e->certificates);

    if (status >= 0 && trust != NULL) {
        status = gnutls_certificate_set_x509_trust_file(
            e->certificates, sut_path(setup, trust, ".pem"),
            GNUTLS_X509_FMT_PEM);
        if (status >= 0) {
            status = gnutls_certificate_set_x509_crl_file(
                e->certificates, sut_path(setup, SUT_CRL, ".crl"),
                GNUTLS_X509_FMT_DER);
        }
    }
    if (status >= 0 && identity != NULL) {
        status = load_identity(e, identity);
        if (setup->staples && setup->role == SUT_SERVER) {
            use_staple(e, identity);
        }
    }
    return status;
}

static int load_psk(struct end *e)
{
    unsigned char bytes[SUT_PSK_KEY_LEN];
    gnutls_datum_t key = {bytes, sizeof bytes};
    int status;

    memcpy(bytes, sut_psk_key(&e->sut.setup), sizeof bytes);
    if (e->sut.setup.role == SUT_SERVER) {
        status = gnutls_psk_allocate_server_credentials(&e->server_psk);
        gnutls_psk_set_server_credentials_function2(e->server_psk, find_psk);
        return status;
    }
    status = gnutls_psk_allocate_client_credentials(&e->client_psk);
    return status < 0
               ? status
               : gnutls_psk_set_client_credentials(e->client_psk,
                                                   SUT_PSK_IDENTITY, &key,
                                                   GNUTLS_PSK_KEY_RAW);
}

/* Is the key that the peer shows the one that it has in the PKI? */
static int judge_raw_key(gnutls_session_t session)
{
    const struct sut *sut = gnutls_session_get_ptr(session);
    unsigned num = 0;
    const gnutls_datum_t *shown = gnutls_certificate_get_peers(session, &num);
    struct dtls_bytes right = sut_own_peer_key(&sut->setup);

    return num == 1 && shown->size == right.len &&
                   memcmp(shown->data, right.data, right.len) == 0
               ? 0
               : GNUTLS_E_CERTIFICATE_ERROR;
}

/* Lets the end judge what its peer shows; `name` is what a client looks for.
 */
static void judge_peer(struct end *e, const char *name)
{
    if (e->sut.setup.raw_keys) {
        gnutls_session_set_verify_function(e->session, judge_raw_key);
    } else {
        gnutls_session_set_verify_cert(e->session, name, 0);
    }
}

static void set_credentials(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    gnutls_session_t s = e->session;
    bool is_client = setup->role == SUT_CLIENT;

    if (dtls_suite_is_psk(setup->suite)) {
        (void)gnutls_credentials_set(s, GNUTLS_CRD_PSK,
                                     is_client ? (void *)e->client_psk
                                               : (void *)e->server_psk);
        return;
    }
    (void)gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, e->certificates);
    if (is_client) {
        const char *host = sut_dns_name(setup);

        if (host != NULL) {
            (void)gnutls_server_name_set(s, GNUTLS_NAME_DNS, host,
                                         strlen(host));
        }
        judge_peer(e, sut_name(setup));
    } else if (sut_asks_client(setup)) {
        gnutls_certificate_server_set_request(s, sut_needs_client(setup)
                                                     ? GNUTLS_CERT_REQUIRE
                                                     : GNUTLS_CERT_REQUEST);
    }
    /* Its own verification takes no answer without a certificate. */
    if (sut_needs_client(setup)) {
        judge_peer(e, NULL);
    }
}

static gnutls_datum_t copy_of(gnutls_datum_t datum)
{
    gnutls_datum_t out = {gnutls_malloc(datum.size + 1), datum.size};

    assert(out.data != NULL);
    memcpy(out.data, datum.data, datum.size);
    return out;
}

static void forget(struct kept *kept)
{
    gnutls_free(kept->id.data);
    gnutls_free(kept->data.data);
    *kept = (struct kept){{NULL, 0}, {NULL, 0}};
}

static struct kept *kept_of(struct end *e, gnutls_datum_t id)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        struct kept *kept = &e->kept[i];

        if (kept->id.size == id.size && id.size != 0 &&
            memcmp(kept->id.data, id.data, id.size) == 0) {
            return kept;
        }
    }
    return NULL;
}

static int keep_by_id(void *self, gnutls_datum_t id, gnutls_datum_t data)
{
    struct end *e = self;
    struct kept *kept = kept_of(e, id);

    if (kept == NULL) {
        kept = &e->kept[e->next++ % SESSIONS];
    }
    forget(kept);
    *kept = (struct kept){copy_of(id), copy_of(data)};
    return 0;
}

static gnutls_datum_t fetch_by_id(void *self, gnutls_datum_t id)
{
    const struct kept *kept = kept_of(self, id);

    return kept == NULL ? (gnutls_datum_t){NULL, 0} : copy_of(kept->data);
}

static int drop_by_id(void *self, gnutls_datum_t id)
{
    struct kept *kept = kept_of(self, id);

    if (kept == NULL) {
        return GNUTLS_E_DB_ERROR;
    }
    forget(kept);
    return 0;
}

static void set_resumption(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;

    if (setup->role == SUT_CLIENT && e->kept->data.size != 0) {
        (void)gnutls_session_set_data(e->session, e->kept->data.data,
                                      e->kept->data.size);
    }
    if (sut_keeps_ids(setup)) {
        gnutls_db_set_ptr(e->session, e);
        gnutls_db_set_store_function(e->session, keep_by_id);
        gnutls_db_set_retrieve_function(e->session, fetch_by_id);
        gnutls_db_set_remove_function(e->session, drop_by_id);
        gnutls_db_set_cache_expiration(e->session, RESUME_S);
    }
    if (sut_gives_tickets(setup)) {
        gnutls_db_set_cache_expiration(e->session, RESUME_S);
        (void)gnutls_session_ticket_enable_server(e->session, &e->ticket_key);
    }
}

static void open_session(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    unsigned role = setup->role == SUT_CLIENT ? GNUTLS_CLIENT : GNUTLS_SERVER;
    unsigned tickets =
        setup->resumes != SUT_KEEPS_NOTHING ? 0 : GNUTLS_NO_TICKETS;
    unsigned raw = setup->raw_keys ? GNUTLS_ENABLE_RAWPK : 0;
    int status = gnutls_init(&e->session, role | GNUTLS_DATAGRAM |
                                              GNUTLS_NONBLOCK | tickets | raw);

    assert(status == 0);
    gnutls_session_set_ptr(e->session, &e->sut);
    (void)gnutls_priority_set(e->session, e->priority);
    set_credentials(e);
    gnutls_transport_set_ptr(e->session, &e->sut);
    gnutls_transport_set_push_function(e->session, push);
    gnutls_transport_set_pull_function(e->session, pull);
    gnutls_transport_set_pull_timeout_function(e->session, has_input);
    gnutls_session_set_keylog_function(e->session, keylog);
    gnutls_dtls_set_mtu(e->session, setup->mtu);
    gnutls_dtls_set_timeouts(e->session, RETRANSMIT_MS, TOTAL_MS);
    if (setup->srtp) {
        (void)gnutls_srtp_set_profile(e->session,
                                      GNUTLS_SRTP_AES128_CM_HMAC_SHA1_80);
    }
    set_resumption(e);
}

/* A server that asks for cookies opens its session for a valid one. */
static void begin(struct end *e)
{
    if (e->sut.setup.role == SUT_CLIENT || !e->sut.setup.cookies) {
        open_session(e);
    }
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);
    char priority[256] = "";
    int status;

    assert(e != NULL);
    e->sut.setup = *setup;
    sut_clock_enter(now);
    (void)priority_of(priority, sizeof priority, setup);
    status = gnutls_priority_init(&e->priority, priority, NULL);
    if (status >= 0) {
        status = dtls_suite_is_psk(setup->suite) ? load_psk(e)
                                                 : load_certificates(e);
    }
    if (status >= 0 && sut_gives_tickets(setup)) {
        status = gnutls_session_ticket_key_generate(&e->ticket_key);
    }
    if (status >= 0) {
        begin(e);
    }
    sut_clock_leave();
    if (status < 0) {
        sut_fail(&e->sut, "%s", gnutls_strerror(status));
    }
    return &e->sut;
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = end_of(sut);

    if (e->session != NULL) {
        gnutls_deinit(e->session);
    }
    if (e->certificates != NULL) {
        gnutls_certificate_free_credentials(e->certificates);
    }
    if (e->client_psk != NULL) {
        gnutls_psk_free_client_credentials(e->client_psk);
    }
    if (e->server_psk != NULL) {
        gnutls_psk_free_server_credentials(e->server_psk);
    }
    if (e->priority != NULL) {
        gnutls_priority_deinit(e->priority);
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        forget(&e->kept[i]);
    }
    gnutls_free(e->ticket_key.data);
    free(e);
    return 0;
}

/* Checks cookies until there is a session, and opens it for the first
 * ClientHello with a valid one.  It returns true if there is a session. */
static bool at_the_door(struct end *e)
{
    static char address[] = "client";
    struct sut *sut = &e->sut;
    gnutls_dtls_prestate_st prestate = {0};

    if (e->session != NULL) {
        return true;
    }
    if (!sut->has_datagram) {
        return false;
    }
    if (gnutls_dtls_cookie_verify(&cookie_key, address, sizeof address,
                                  (void *)(uintptr_t)sut->datagram.data,
                                  sut->datagram.len, &prestate) < 0) {
        (void)gnutls_dtls_cookie_send(&cookie_key, address, sizeof address,
                                      &prestate, sut, push);
        sut->has_datagram = false;
        return false;
    }
    open_session(e);
    gnutls_dtls_prestate_set(e->session, &prestate);
    return true;
}

static void note_error(struct end *e, ssize_t status)
{
    if (status == GNUTLS_E_FATAL_ALERT_RECEIVED) {
        sut_fail(&e->sut, "alert received: %d",
                 (int)gnutls_alert_get(e->session));
    } else if (gnutls_error_is_fatal((int)status)) {
        sut_fail(&e->sut, "%s", gnutls_strerror((int)status));
        (void)gnutls_alert_send_appropriate(e->session, (int)status);
    }
}

/* A server's HelloRequest is a flight of its own.  The call must be repeated
 * until the client's answer has arrived. */
static int ask(struct end *e)
{
    int status = e->asking ? gnutls_rehandshake(e->session) : 0;

    e->asking = status == GNUTLS_E_AGAIN;
    return status;
}

static void shake_again(struct end *e)
{
    int status = ask(e);

    if (status == 0) {
        status = gnutls_handshake(e->session);
    }
    e->begun_at = e->sut.now;
    e->again = status != 0 && !gnutls_error_is_fatal(status);
    if (status == GNUTLS_E_WARNING_ALERT_RECEIVED &&
        gnutls_alert_get(e->session) == GNUTLS_A_NO_RENEGOTIATION) {
        sut_log(&e->sut, "refused");
        e->again = false;
    }
    if (status != 0 && !e->again) {
        note_error(e, status);
    }
}

/* The peer has asked for another handshake. */
static void answer_wish(struct end *e)
{
    if (sut_refuses(&e->sut.setup)) {
        (void)gnutls_alert_send(e->session, GNUTLS_AL_WARNING,
                                GNUTLS_A_NO_RENEGOTIATION);
    } else {
        shake_again(e);
    }
}

static int read_data(struct sut *sut, uint8_t *out, size_t size)
{
    struct end *e = end_of(sut);
    ssize_t len;

    if (e->again) {
        shake_again(e);
    }
    do {
        len = gnutls_record_recv(e->session, out, size);
        if (len == GNUTLS_E_REHANDSHAKE) {
            answer_wish(e);
        }
    } while (len < 0 && len != GNUTLS_E_AGAIN &&
             !gnutls_error_is_fatal((int)len));
    if (len == 0) {
        sut_ended(sut);
    } else if (len < 0) {
        note_error(e, len);
    }
    return (int)len;
}

static void shake(struct sut *sut)
{
    struct end *e = end_of(sut);
    int status;

    e->begun = true;
    e->begun_at = sut->now;
    if (!at_the_door(e)) {
        return;
    }
    status = gnutls_handshake(e->session);
    if (status == 0) {
        sut_connected(sut);
    } else {
        note_error(e, status);
    }
}

/* GnuTLS returns GNUTLS_E_AGAIN after every record that it drops, and keeps
 * the rest of the datagram in its buffer.  So it is called once for each
 * record that a datagram can hold. */
static void receive(struct sut *sut, struct dtls_span datagram,
                    uint32_t address, uint64_t now)
{
    sut_receive(sut, datagram, address, now);
    for (int i = 1; i < RECORDS_IN_DATAGRAM; i++) {
        sut_step(sut, now);
    }
}

static uint64_t deadline(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);
    unsigned left;

    if (!e->begun || e->session == NULL ||
        (sut->state != SUT_HANDSHAKING &&
         !(sut->state == SUT_CONNECTED && e->again))) {
        return SIM_NO_EVENT;
    }
    sut_clock_enter(now);
    left = gnutls_dtls_get_timeout(e->session);
    sut_clock_leave();
    /* GnuTLS also returns 0 while it has no flight to repeat.  It then needs a
     * call only to notice that its total time is over. */
    return left == 0 ? e->begun_at + RETRANSMIT_MS : now + left;
}

static bool send_data(struct sut *sut, struct dtls_bytes data, uint64_t now)
{
    ssize_t len;

    sut_clock_enter(now);
    len = gnutls_record_send(end_of(sut)->session, data.data, data.len);
    sut_clock_leave();
    if (len < 0) {
        sut_log(sut, "send: %s", gnutls_strerror((int)len));
    }
    return len == (ssize_t)data.len;
}

static void close_session(struct sut *sut, uint64_t now)
{
    sut_clock_enter(now);
    (void)gnutls_bye(end_of(sut)->session, GNUTLS_SHUT_WR);
    sut_clock_leave();
}

static void renegotiate(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    sut_clock_enter(now);
    e->asking = sut->setup.role == SUT_SERVER;
    shake_again(e);
    sut_clock_leave();
}

/* What a client offers next: the session of a handshake that was complete, and
 * nothing after a failure. */
static void keep_for_client(struct end *e)
{
    gnutls_datum_t data = {NULL, 0};

    if (e->sut.state == SUT_HANDSHAKING) {
        return;
    }
    forget(e->kept);
    if (e->sut.state != SUT_FAILED &&
        gnutls_session_get_data2(e->session, &data) == 0) {
        e->kept->data = data;
    }
}

static void again(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    sut_clock_enter(now);
    if (sut->setup.role == SUT_CLIENT) {
        keep_for_client(e);
    } else if (sut->state == SUT_FAILED && e->session != NULL) {
        gnutls_db_remove_session(e->session); /* as its manual asks */
    }
    if (e->session != NULL) {
        gnutls_deinit(e->session);
    }
    e->session = NULL;
    e->begun = false;
    e->asking = false;
    e->again = false;
    sut->state = SUT_HANDSHAKING;
    begin(e);
    sut_clock_leave();
}

static uint16_t suite(struct sut *sut)
{
    gnutls_session_t s = end_of(sut)->session;
    unsigned char id[2];
    gnutls_kx_algorithm_t kx;
    gnutls_cipher_algorithm_t cipher;
    gnutls_mac_algorithm_t mac;

    for (size_t i = 0;
         gnutls_cipher_suite_info(i, id, &kx, &cipher, &mac, NULL) != NULL;
         i++) {
        if (kx == gnutls_kx_get(s) && cipher == gnutls_cipher_get(s) &&
            mac == gnutls_mac_get(s)) {
            return (uint16_t)(id[0] << 8 | id[1]);
        }
    }
    return 0;
}

static bool exporter(struct sut *sut, uint8_t out[SUT_EXPORT_LEN])
{
    return gnutls_prf_rfc5705(end_of(sut)->session, strlen(SUT_EXPORT_LABEL),
                              SUT_EXPORT_LABEL, 0, NULL, SUT_EXPORT_LEN,
                              (char *)out) == 0;
}

static bool resumed(struct sut *sut)
{
    return gnutls_session_is_resumed(end_of(sut)->session) != 0;
}

/* Its own verification of the chain has judged the response. */
static bool stapled(struct sut *sut)
{
    return gnutls_ocsp_status_request_is_checked(end_of(sut)->session, 0) != 0;
}

static bool srtp_keys(struct sut *sut, uint8_t out[SUT_SRTP_LEN])
{
    gnutls_session_t session = end_of(sut)->session;
    uint8_t room[SUT_SRTP_LEN];
    gnutls_srtp_profile_t profile;
    gnutls_datum_t parts[4]; /* keys, then salts; the client's first */
    size_t at = 0;

    if (gnutls_srtp_get_selected_profile(session, &profile) != 0 ||
        profile != GNUTLS_SRTP_AES128_CM_HMAC_SHA1_80 ||
        gnutls_srtp_get_keys(session, room, sizeof room, &parts[0], &parts[2],
                             &parts[1], &parts[3]) != SUT_SRTP_LEN) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        memcpy(out + at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    return at == SUT_SRTP_LEN;
}

const struct sut_driver sut_gnutls = {
    .ics = SUT_USUAL_ICS "crl = yes\n"
                         "sigs = 0401 0809 0804 0403 0807 0501 080a 0805 0503 "
                         "0808 0601 080b 0806 0603 0201 0203\n"
                         "resume = both\nticket = yes\nsrtp = yes\nocsp = "
                         "staple\nrpk = yes\n"
                         "[ixit]\nresume_s = 7200\n",
    .library = "GnuTLS " GNUTLS_VERSION,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = sut_step,
    .receive = receive,
    .deadline = deadline,
    .expire = sut_expire,
    .send = send_data,
    .close = close_session,
    .renegotiate = renegotiate,
    .again = again,
    .suite = suite,
    .exporter = exporter,
    .resumed = resumed,
    .stapled = stapled,
    .srtp_keys = srtp_keys,
    .shake = shake,
    .read = read_data,
};
