/* SPDX-License-Identifier: MIT */
/* Mbed TLS 2.28 or 3.6.  The application gives it timers and random numbers.
 */
#include "sut/mbedtls_versions.h"
#include "sut/sut.h"
#include "sut/virtual_clock.h"

#include "crypto/crypto.h"
#include "sim/network.h"

#include <mbedtls/error.h>
#include <mbedtls/ssl_ciphersuites.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/ssl_ticket.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RESUME_S 7200 /* seconds; also in the ICS */

struct end {
    struct sut sut;
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_x509_crt root;
    mbedtls_x509_crl crl;
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
    mbedtls_ssl_cache_context cache;    /* a server's sessions, by ids */
    mbedtls_ssl_ticket_context tickets; /* and its keys of tickets */
    mbedtls_ssl_session kept;           /* a client's */
    bool has_kept;
    int suites[2];
    mbed_group groups[SUT_GROUPS_MAX + 1];
    uint64_t intermediate_at;
    uint64_t final_at; /* 0: the timer is off */
    uint8_t master[DTLS_MASTER_LEN];
    uint8_t earlier[DTLS_MASTER_LEN]; /* of the association before `again` */
    uint8_t client_random[32];
    uint8_t server_random[32];
};

static struct end *end_of(struct sut *sut)
{
    return (struct end *)sut;
}

static int random_bytes(void *self, unsigned char *out, size_t len)
{
    (void)self;
    sut_random(out, len);
    return 0;
}

static void set_timer(void *self, uint32_t intermediate, uint32_t final)
{
    struct end *e = self;

    e->intermediate_at = e->sut.now + intermediate;
    e->final_at = final == 0 ? 0 : e->sut.now + final;
}

static int get_timer(void *self)
{
    const struct end *e = self;

    if (e->final_at == 0) {
        return -1;
    }
    return e->sut.now >= e->final_at ? 2 : e->sut.now >= e->intermediate_at;
}

static int send_datagram(void *self, const unsigned char *bytes, size_t len)
{
    struct sut *sut = self;

    sut->setup.host.send(sut->setup.host.self, dtls_bytes_of(bytes, len));
    return (int)len;
}

static int receive_datagram(void *self, unsigned char *out, size_t size)
{
    int len = sut_take(self, out, size);

    return len < 0 ? MBEDTLS_ERR_SSL_WANT_READ : len;
}

static int write_cookie(void *self, unsigned char **at, unsigned char *end,
                        const unsigned char *client, size_t client_len)
{
    (void)self;
    (void)client;
    (void)client_len;
    if (end - *at < SUT_COOKIE_LEN) {
        return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
    }
    sut_cookie(*at);
    *at += SUT_COOKIE_LEN;
    return 0;
}

static int check_cookie(void *self, const unsigned char *cookie, size_t len,
                        const unsigned char *client, size_t client_len)
{
    (void)self;
    (void)client;
    (void)client_len;
    return sut_is_cookie(cookie, len) ? 0 : -1;
}

static void keep_keys(struct end *e, const unsigned char *master,
                      const unsigned char *client_random,
                      const unsigned char *server_random)
{
    memcpy(e->master, master, sizeof e->master);
    memcpy(e->client_random, client_random, sizeof e->client_random);
    memcpy(e->server_random, server_random, sizeof e->server_random);
    sut_keylog_line(&e->sut, client_random, master);
}

#if MBEDTLS_VERSION_MAJOR < 3

static int export_keys(void *self, const unsigned char *master,
                       const unsigned char *block, size_t mac_len,
                       size_t key_len, size_t iv_len,
                       const unsigned char client_random[32],
                       const unsigned char server_random[32],
                       mbedtls_tls_prf_types type)
{
    (void)block;
    (void)mac_len;
    (void)key_len;
    (void)iv_len;
    (void)type; /* the suite tells it, too */
    keep_keys(self, master, client_random, server_random);
    return 0;
}

static void ask_for_keys(struct end *e)
{
    mbedtls_ssl_conf_export_keys_ext_cb(&e->config, export_keys, e);
}

#else

static void export_keys(void *self, mbedtls_ssl_key_export_type what,
                        const unsigned char *secret, size_t len,
                        const unsigned char client_random[32],
                        const unsigned char server_random[32],
                        mbedtls_tls_prf_types type)
{
    (void)type; /* the suite tells it, too */
    if (what == MBEDTLS_SSL_KEY_EXPORT_TLS12_MASTER_SECRET &&
        len == DTLS_MASTER_LEN) {
        keep_keys(self, secret, client_random, server_random);
    }
}

static void ask_for_keys(struct end *e)
{
    mbedtls_ssl_set_export_keys_cb(&e->ssl, export_keys, e);
}

#endif

static const char *refuses(const struct sut_setup *setup)
{
    const int *suites = mbedtls_ssl_list_ciphersuites();

    if (setup->raw_keys) {
        return "Mbed TLS has no raw public keys";
    }
    if (setup->staples) {
        return "Mbed TLS has no status_request";
    }
    if (setup->srtp) {
        return "Mbed TLS has use_srtp only in some builds, this driver none";
    }
    while (*suites != 0 && *suites != setup->suite->id) {
        suites++;
    }
    if (setup->group != 0 &&
        mbedtls_ecp_curve_info_from_tls_id(setup->group) == NULL) {
        return "Mbed TLS has no such group";
    }
    return *suites == 0 ? "Mbed TLS has no such suite" : NULL;
}

static int load_certificates(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    const char *identity = sut_identity(setup);
    const char *trust = sut_trust(setup);
    int status = 0;

    if (identity != NULL) {
        status = mbedtls_x509_crt_parse_file(
            &e->certificate, sut_path(setup, identity, ".pem"));
        if (status == 0) {
            status = mbed_load_key(&e->key, sut_path(setup, identity, ".key"),
                                   random_bytes, NULL);
        }
        if (status == 0) {
            status = mbedtls_ssl_conf_own_cert(&e->config, &e->certificate,
                                               &e->key);
        }
    }
    mbedtls_ssl_conf_authmode(&e->config, MBEDTLS_SSL_VERIFY_NONE);
    if (status == 0 && trust != NULL) {
        status = mbedtls_x509_crt_parse_file(&e->root,
                                             sut_path(setup, trust, ".pem"));
        if (status == 0) {
            status = mbedtls_x509_crl_parse_file(
                &e->crl, sut_path(setup, SUT_CRL, ".crl"));
        }
        mbedtls_ssl_conf_ca_chain(&e->config, &e->root, &e->crl);
        mbedtls_ssl_conf_authmode(
            &e->config, setup->needs_no_client ? MBEDTLS_SSL_VERIFY_OPTIONAL
                                               : MBEDTLS_SSL_VERIFY_REQUIRED);
    }
    return status;
}

/* Without a group in the setup the library's own, longer list stays. */
static void set_groups(struct end *e)
{
    uint16_t groups[SUT_GROUPS_MAX];
    size_t num = sut_groups(groups, &e->sut.setup);

    for (size_t i = 0; i < num; i++) {
        e->groups[i] = mbed_group_of(groups[i]);
    }
    e->groups[num] = MBED_NO_GROUP;
    if (e->sut.setup.group != 0) {
        mbed_conf_groups(&e->config, e->groups);
    }
}

/* Without SHA-224, which is in the library's own list. */
static void set_signatures(mbedtls_ssl_config *c)
{
#if MBEDTLS_VERSION_MAJOR < 3
    static const int hashes[] = {MBEDTLS_MD_SHA512, MBEDTLS_MD_SHA384,
                                 MBEDTLS_MD_SHA256, MBEDTLS_MD_NONE};

    mbedtls_ssl_conf_sig_hashes(c, hashes);
#else
    static const uint16_t algorithms[] = {0x0603, 0x0601, 0x0503, 0x0501,
                                          0x0403, 0x0401, 0};

    mbedtls_ssl_conf_sig_algs(c, algorithms);
#endif
}

/* Sessions are kept where the setup says so: a server's in its cache or in
 * tickets, a client's by `again`. */
static int set_resumption(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    mbedtls_ssl_config *c = &e->config;

    mbedtls_ssl_conf_session_tickets(
        c, setup->resumes == SUT_KEEPS_NOTHING
               ? MBEDTLS_SSL_SESSION_TICKETS_DISABLED
               : MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
    if (sut_keeps_ids(setup)) {
        mbedtls_ssl_cache_set_timeout(&e->cache, RESUME_S);
        mbedtls_ssl_conf_session_cache(c, &e->cache, mbedtls_ssl_cache_get,
                                       mbedtls_ssl_cache_set);
    }
    if (!sut_gives_tickets(setup)) {
        return 0;
    }
    mbedtls_ssl_conf_session_tickets_cb(c, mbedtls_ssl_ticket_write,
                                        mbedtls_ssl_ticket_parse, &e->tickets);
    return mbedtls_ssl_ticket_setup(&e->tickets, random_bytes, NULL,
                                    MBEDTLS_CIPHER_AES_256_GCM, RESUME_S);
}

static int configure(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    mbedtls_ssl_config *c = &e->config;
    int role = setup->role == SUT_CLIENT ? MBEDTLS_SSL_IS_CLIENT
                                         : MBEDTLS_SSL_IS_SERVER;
    int status = mbedtls_ssl_config_defaults(
        c, role, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT);

    e->suites[0] = setup->suite->id;
    mbedtls_ssl_conf_rng(c, random_bytes, NULL);
    mbed_conf_dtls_1_2(c);
    mbedtls_ssl_conf_ciphersuites(c, e->suites);
    set_signatures(c);
    set_groups(e);
    mbedtls_ssl_conf_renegotiation(
        c, setup->begins != SUT_NOBODY_BEGINS && !sut_refuses(setup)
               ? MBEDTLS_SSL_RENEGOTIATION_ENABLED
               : MBEDTLS_SSL_RENEGOTIATION_DISABLED);
    /* By default it waits 16 records for a peer that refuses, then fails. */
    mbedtls_ssl_conf_renegotiation_enforced(
        c, MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
    mbedtls_ssl_conf_handshake_timeout(c, 1000, 60000);
    mbedtls_ssl_conf_dtls_cookies(c, setup->cookies ? write_cookie : NULL,
                                  setup->cookies ? check_cookie : NULL, e);
    if (status == 0 && dtls_suite_is_psk(setup->suite)) {
        status = mbedtls_ssl_conf_psk(c, sut_psk_key(setup), SUT_PSK_KEY_LEN,
                                      (const unsigned char *)SUT_PSK_IDENTITY,
                                      strlen(SUT_PSK_IDENTITY));
    }
    if (status == 0) {
        status = set_resumption(e);
    }
    return status == 0 ? load_certificates(e) : status;
}

/* A server tells clients apart for their cookies. */
static int know_client(struct end *e)
{
    return mbedtls_ssl_set_client_transport_id(
        &e->ssl, (const unsigned char *)"client", 6);
}

static int open_ssl(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    int status = mbedtls_ssl_setup(&e->ssl, &e->config);

    mbedtls_ssl_set_bio(&e->ssl, e, send_datagram, receive_datagram, NULL);
    mbedtls_ssl_set_timer_cb(&e->ssl, e, set_timer, get_timer);
    mbedtls_ssl_set_mtu(&e->ssl, setup->mtu);
    ask_for_keys(e);
    if (status == 0 && setup->role == SUT_CLIENT && sut_trust(setup) != NULL) {
        status = mbedtls_ssl_set_hostname(&e->ssl, sut_name(setup));
    }
    if (status == 0 && setup->role == SUT_SERVER) {
        status = know_client(e);
    }
    return status;
}

static void note_error(struct end *e, int status)
{
    char text[128];

    switch (status) {
    case MBEDTLS_ERR_SSL_WANT_READ:
    case MBEDTLS_ERR_SSL_WANT_WRITE:
        break;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
        sut_ended(&e->sut);
        break;
    default:
        mbedtls_strerror(status, text, sizeof text);
        sut_fail(&e->sut, "%s", text);
    }
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);
    int status;

    assert(e != NULL);
    e->sut.setup = *setup;
    e->sut.now = now;
    mbedtls_ssl_init(&e->ssl);
    mbedtls_ssl_config_init(&e->config);
    mbedtls_x509_crt_init(&e->root);
    mbedtls_x509_crl_init(&e->crl);
    mbedtls_x509_crt_init(&e->certificate);
    mbedtls_pk_init(&e->key);
    mbedtls_ssl_cache_init(&e->cache);
    mbedtls_ssl_ticket_init(&e->tickets);
    mbedtls_ssl_session_init(&e->kept);
    sut_clock_enter(now);
    status = configure(e);
    if (status == 0) {
        status = open_ssl(e);
    }
    sut_clock_leave();
    if (status != 0) {
        note_error(e, status);
    }
    return &e->sut;
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = end_of(sut);

    mbedtls_ssl_free(&e->ssl);
    mbedtls_ssl_config_free(&e->config);
    mbedtls_x509_crt_free(&e->root);
    mbedtls_x509_crl_free(&e->crl);
    mbedtls_x509_crt_free(&e->certificate);
    mbedtls_pk_free(&e->key);
    mbedtls_ssl_cache_free(&e->cache);
    mbedtls_ssl_ticket_free(&e->tickets);
    mbedtls_ssl_session_free(&e->kept);
    free(e);
    return 0;
}

static int read_data(struct sut *sut, uint8_t *out, size_t size)
{
    struct end *e = end_of(sut);
    int len = mbedtls_ssl_read(&e->ssl, out, size);

    if (len <= 0) {
        note_error(e, len);
    }
    return len;
}

/* After a HelloVerifyRequest the server's context must be reset. */
static int shake_hands(struct end *e)
{
    int status = mbedtls_ssl_handshake(&e->ssl);

    if (status != MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
        return status;
    }
    status = mbedtls_ssl_session_reset(&e->ssl);
    if (status == 0) {
        status = know_client(e);
    }
    return status == 0 ? MBEDTLS_ERR_SSL_WANT_READ : status;
}

static void shake(struct sut *sut)
{
    int status = shake_hands(end_of(sut));

    if (status == 0) {
        sut_connected(sut);
    } else {
        note_error(end_of(sut), status);
    }
}

static uint64_t deadline(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    (void)now;
    return e->final_at == 0 || sut->state == SUT_FAILED ||
                   sut->state == SUT_ENDED
               ? SIM_NO_EVENT
               : e->final_at;
}

static bool send_data(struct sut *sut, struct dtls_bytes data, uint64_t now)
{
    struct end *e = end_of(sut);
    int len;

    e->sut.now = now;
    sut_clock_enter(now);
    len = mbedtls_ssl_write(&e->ssl, data.data, data.len);
    sut_clock_leave();
    /* After it has lost a flight, the library refuses data of more than 508
     * bytes. */
    if (len < 0 && len != MBEDTLS_ERR_SSL_BAD_INPUT_DATA) {
        note_error(e, len);
    }
    return len == (int)data.len;
}

static void close_session(struct sut *sut, uint64_t now)
{
    sut_clock_enter(now);
    (void)mbedtls_ssl_close_notify(&end_of(sut)->ssl);
    sut_clock_leave();
}

static void renegotiate(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);
    int status;

    sut->now = now;
    sut_clock_enter(now);
    status = mbedtls_ssl_renegotiate(&e->ssl);
    if (status != 0) {
        note_error(e, status);
    }
    sut_clock_leave();
}

/* What a client offers next: the session of a handshake that was complete, and
 * nothing after a failure. */
static void keep_session(struct end *e)
{
    if (e->sut.state == SUT_HANDSHAKING) {
        return;
    }
    mbedtls_ssl_session_free(&e->kept);
    mbedtls_ssl_session_init(&e->kept);
    e->has_kept = e->sut.state != SUT_FAILED &&
                  mbedtls_ssl_get_session(&e->ssl, &e->kept) == 0;
}

static void again(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);
    int status;

    sut_clock_enter(now);
    if (sut->setup.role == SUT_CLIENT) {
        keep_session(e);
    }
    memcpy(e->earlier, e->master, sizeof e->earlier);
    sut->state = SUT_HANDSHAKING;
    e->final_at = 0;
    status = mbedtls_ssl_session_reset(&e->ssl);
    if (status == 0 && e->has_kept) {
        status = mbedtls_ssl_set_session(&e->ssl, &e->kept);
    }
    if (status == 0 && sut->setup.role == SUT_SERVER) {
        status = know_client(e);
    }
    sut_clock_leave();
    if (status != 0) {
        note_error(e, status);
    }
}

static uint16_t suite(struct sut *sut)
{
    const char *name = mbedtls_ssl_get_ciphersuite(&end_of(sut)->ssl);

    return name == NULL ? 0 : (uint16_t)mbedtls_ssl_get_ciphersuite_id(name);
}

/* PRF(master_secret, label, client_random + server_random) (RFC 5705, 4).  The
 * library has no exporter, but its key export callback gave all arguments. */
static bool exporter(struct sut *sut, uint8_t out[SUT_EXPORT_LEN])
{
    struct end *e = end_of(sut);

    return dtls_libcrypto.prf(
               dtls_libcrypto.self, out, SUT_EXPORT_LEN, sut->setup.suite->prf,
               dtls_bytes_of(e->master, sizeof e->master), SUT_EXPORT_LABEL,
               dtls_bytes_of(e->client_random, sizeof e->client_random),
               dtls_bytes_of(e->server_random, sizeof e->server_random)) ==
           DTLS_OK;
}

/* The library does not tell, but a resumed session has the same secret. */
static bool resumed(struct sut *sut)
{
    const struct end *e = end_of(sut);

    return memcmp(e->earlier, e->master, sizeof e->master) == 0;
}

const struct sut_driver sut_mbedtls = {
    .ics = SUT_USUAL_ICS "crl = yes\n"
                         "groups = 25 28 24 27 23 22 26 21 20 19 18 29 30\n"
                         "sigs = 0603 0601 0503 0501 0403 0401\n"
                         "frag_first_hello = no\n"
                         "resume = both\nticket = yes\n"
                         "[ixit]\nresume_s = 7200\n",
    .library = MBEDTLS_VERSION_STRING_FULL,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = sut_step,
    .receive = sut_receive,
    .deadline = deadline,
    .expire = sut_expire,
    .send = send_data,
    .close = close_session,
    .renegotiate = renegotiate,
    .again = again,
    .suite = suite,
    .exporter = exporter,
    .resumed = resumed,
    .shake = shake,
    .read = read_data,
};
