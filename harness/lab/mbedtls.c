/* SPDX-License-Identifier: MIT */
/* Mbed TLS 2.28: its timers and its random numbers are ours to give. */
#include "lab/clock.h"
#include "lab/peer.h"

#include "crypto/crypto.h"
#include "sim/network.h"

#include <mbedtls/error.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ciphersuites.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/version.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct end {
    struct lab_peer peer;
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config config;
    mbedtls_x509_crt root;
    mbedtls_x509_crt certificate;
    mbedtls_pk_context key;
    int suites[2];
    mbedtls_ecp_group_id curves[LAB_GROUPS_MAX + 1];
    uint64_t intermediate_at;
    uint64_t final_at; /* 0: the timer is off */
    uint8_t master[DTLS_MASTER_LEN];
    uint8_t client_random[32];
    uint8_t server_random[32];
};

static struct end *end_of(struct lab_peer *peer)
{
    return (struct end *)peer;
}

static int random_bytes(void *self, unsigned char *out, size_t len)
{
    (void)self;
    lab_random(out, len);
    return 0;
}

static void set_timer(void *self, uint32_t intermediate, uint32_t final)
{
    struct end *e = self;

    e->intermediate_at = e->peer.now + intermediate;
    e->final_at = final == 0 ? 0 : e->peer.now + final;
}

static int get_timer(void *self)
{
    const struct end *e = self;

    if (e->final_at == 0) {
        return -1;
    }
    return e->peer.now >= e->final_at ? 2 : e->peer.now >= e->intermediate_at;
}

static int send_datagram(void *self, const unsigned char *bytes, size_t len)
{
    struct lab_peer *peer = self;

    peer->setup.host.send(peer->setup.host.self, dtls_bytes_of(bytes, len));
    return (int)len;
}

static int receive_datagram(void *self, unsigned char *out, size_t size)
{
    int len = lab_take(self, out, size);

    return len < 0 ? MBEDTLS_ERR_SSL_WANT_READ : len;
}

static int write_cookie(void *self, unsigned char **at, unsigned char *end,
                        const unsigned char *client, size_t client_len)
{
    (void)self;
    (void)client;
    (void)client_len;
    if (end - *at < LAB_COOKIE_LEN) {
        return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
    }
    lab_cookie(*at);
    *at += LAB_COOKIE_LEN;
    return 0;
}

static int check_cookie(void *self, const unsigned char *cookie, size_t len,
                        const unsigned char *client, size_t client_len)
{
    (void)self;
    (void)client;
    (void)client_len;
    return lab_is_cookie(cookie, len) ? 0 : -1;
}

static int export_keys(void *self, const unsigned char *master,
                       const unsigned char *block, size_t mac_len,
                       size_t key_len, size_t iv_len,
                       const unsigned char client_random[32],
                       const unsigned char server_random[32],
                       mbedtls_tls_prf_types type)
{
    struct end *e = self;

    (void)block;
    (void)mac_len;
    (void)key_len;
    (void)iv_len;
    (void)type; /* the suite says the same */
    memcpy(e->master, master, sizeof e->master);
    memcpy(e->client_random, client_random, sizeof e->client_random);
    memcpy(e->server_random, server_random, sizeof e->server_random);
    lab_keylog_line(&e->peer, client_random, master);
    return 0;
}

static const char *refuses(const struct lab_setup *setup)
{
    const int *suites = mbedtls_ssl_list_ciphersuites();

    while (*suites != 0 && *suites != setup->suite->id) {
        suites++;
    }
    if (setup->variant->group != 0 &&
        mbedtls_ecp_curve_info_from_tls_id(setup->variant->group) == NULL) {
        return "Mbed TLS 2 has no such group in TLS";
    }
    return *suites == 0 ? "Mbed TLS has no such suite" : NULL;
}

static int load_certificates(struct end *e)
{
    const struct lab_setup *setup = &e->peer.setup;
    const char *identity = lab_identity(setup);
    const char *trust = lab_trust(setup);
    int status = 0;

    if (identity != NULL) {
        status = mbedtls_x509_crt_parse_file(
            &e->certificate, lab_path(setup, identity, ".pem"));
        if (status == 0) {
            status = mbedtls_pk_parse_keyfile(
                &e->key, lab_path(setup, identity, ".key"), NULL);
        }
        if (status == 0) {
            status = mbedtls_ssl_conf_own_cert(&e->config, &e->certificate,
                                               &e->key);
        }
    }
    mbedtls_ssl_conf_authmode(&e->config, MBEDTLS_SSL_VERIFY_NONE);
    if (status == 0 && trust != NULL) {
        status = mbedtls_x509_crt_parse_file(&e->root,
                                             lab_path(setup, trust, ".pem"));
        mbedtls_ssl_conf_ca_chain(&e->config, &e->root, NULL);
        mbedtls_ssl_conf_authmode(&e->config, MBEDTLS_SSL_VERIFY_REQUIRED);
    }
    return status;
}

/* Its own list is longer; the variants are about one group. */
static void set_groups(struct end *e)
{
    uint16_t groups[LAB_GROUPS_MAX];
    size_t num = lab_groups(groups, &e->peer.setup);

    for (size_t i = 0; i < num; i++) {
        e->curves[i] = mbedtls_ecp_curve_info_from_tls_id(groups[i])->grp_id;
    }
    e->curves[num] = MBEDTLS_ECP_DP_NONE;
    if (e->peer.setup.variant->group != 0) {
        mbedtls_ssl_conf_curves(&e->config, e->curves);
    }
}

static int configure(struct end *e)
{
    const struct lab_setup *setup = &e->peer.setup;
    mbedtls_ssl_config *c = &e->config;
    int role = setup->role == LAB_CLIENT ? MBEDTLS_SSL_IS_CLIENT
                                         : MBEDTLS_SSL_IS_SERVER;
    int status = mbedtls_ssl_config_defaults(
        c, role, MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT);

    e->suites[0] = setup->suite->id;
    mbedtls_ssl_conf_rng(c, random_bytes, NULL);
    mbedtls_ssl_conf_min_version(c, 3, 3);
    mbedtls_ssl_conf_max_version(c, 3, 3);
    mbedtls_ssl_conf_ciphersuites(c, e->suites);
    set_groups(e);
    mbedtls_ssl_conf_renegotiation(
        c, setup->variant->begins != LAB_NOBODY_BEGINS && !lab_refuses(setup)
               ? MBEDTLS_SSL_RENEGOTIATION_ENABLED
               : MBEDTLS_SSL_RENEGOTIATION_DISABLED);
    /* Without this its patience with a peer that refuses is 16 records. */
    mbedtls_ssl_conf_renegotiation_enforced(
        c, MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
    mbedtls_ssl_conf_handshake_timeout(c, 1000, 60000);
    mbedtls_ssl_conf_session_tickets(c, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    mbedtls_ssl_conf_export_keys_ext_cb(c, export_keys, e);
    mbedtls_ssl_conf_dtls_cookies(c, setup->cookies ? write_cookie : NULL,
                                  setup->cookies ? check_cookie : NULL, e);
    if (status == 0 && dtls_suite_is_psk(setup->suite)) {
        status = mbedtls_ssl_conf_psk(c, lab_psk_key(setup), LAB_PSK_KEY_LEN,
                                      (const unsigned char *)LAB_PSK_IDENTITY,
                                      strlen(LAB_PSK_IDENTITY));
    }
    return status == 0 ? load_certificates(e) : status;
}

static int open_ssl(struct end *e)
{
    const struct lab_setup *setup = &e->peer.setup;
    int status = mbedtls_ssl_setup(&e->ssl, &e->config);

    mbedtls_ssl_set_bio(&e->ssl, e, send_datagram, receive_datagram, NULL);
    mbedtls_ssl_set_timer_cb(&e->ssl, e, set_timer, get_timer);
    mbedtls_ssl_set_mtu(&e->ssl, setup->mtu);
    if (status == 0 && setup->role == LAB_CLIENT && lab_trust(setup) != NULL) {
        status = mbedtls_ssl_set_hostname(&e->ssl, "localhost");
    }
    if (status == 0 && setup->role == LAB_SERVER) {
        status = mbedtls_ssl_set_client_transport_id(
            &e->ssl, (const unsigned char *)"client", 6);
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
        lab_ended(&e->peer);
        break;
    default:
        mbedtls_strerror(status, text, sizeof text);
        lab_fail(&e->peer, "%s", text);
    }
}

static struct lab_peer *create(const struct lab_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);
    int status;

    assert(e != NULL);
    e->peer.setup = *setup;
    e->peer.now = now;
    mbedtls_ssl_init(&e->ssl);
    mbedtls_ssl_config_init(&e->config);
    mbedtls_x509_crt_init(&e->root);
    mbedtls_x509_crt_init(&e->certificate);
    mbedtls_pk_init(&e->key);
    lab_clock_enter(now);
    status = configure(e);
    if (status == 0) {
        status = open_ssl(e);
    }
    lab_clock_leave();
    if (status != 0) {
        note_error(e, status);
    }
    return &e->peer;
}

static unsigned destroy(struct lab_peer *peer)
{
    struct end *e = end_of(peer);

    mbedtls_ssl_free(&e->ssl);
    mbedtls_ssl_config_free(&e->config);
    mbedtls_x509_crt_free(&e->root);
    mbedtls_x509_crt_free(&e->certificate);
    mbedtls_pk_free(&e->key);
    free(e);
    return 0;
}

static int read_data(struct lab_peer *peer, uint8_t *out, size_t size)
{
    struct end *e = end_of(peer);
    int len = mbedtls_ssl_read(&e->ssl, out, size);

    if (len <= 0) {
        note_error(e, len);
    }
    return len;
}

/* After its HelloVerifyRequest a server begins anew, with the same context. */
static int shake_hands(struct end *e)
{
    int status = mbedtls_ssl_handshake(&e->ssl);

    if (status != MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
        return status;
    }
    status = mbedtls_ssl_session_reset(&e->ssl);
    if (status == 0) {
        status = mbedtls_ssl_set_client_transport_id(
            &e->ssl, (const unsigned char *)"client", 6);
    }
    return status == 0 ? MBEDTLS_ERR_SSL_WANT_READ : status;
}

static void shake(struct lab_peer *peer)
{
    int status = shake_hands(end_of(peer));

    if (status == 0) {
        lab_connected(peer);
    } else {
        note_error(end_of(peer), status);
    }
}

static uint64_t deadline(struct lab_peer *peer, uint64_t now)
{
    struct end *e = end_of(peer);

    (void)now;
    return e->final_at == 0 || peer->state == LAB_FAILED ||
                   peer->state == LAB_ENDED
               ? SIM_NO_EVENT
               : e->final_at;
}

static bool send_data(struct lab_peer *peer, struct dtls_bytes data,
                      uint64_t now)
{
    struct end *e = end_of(peer);
    int len;

    e->peer.now = now;
    lab_clock_enter(now);
    len = mbedtls_ssl_write(&e->ssl, data.data, data.len);
    lab_clock_leave();
    /* After a lost flight it sends no more than 508 bytes at a time. */
    if (len < 0 && len != MBEDTLS_ERR_SSL_BAD_INPUT_DATA) {
        note_error(e, len);
    }
    return len == (int)data.len;
}

static void close_session(struct lab_peer *peer, uint64_t now)
{
    lab_clock_enter(now);
    (void)mbedtls_ssl_close_notify(&end_of(peer)->ssl);
    lab_clock_leave();
}

static void renegotiate(struct lab_peer *peer, uint64_t now)
{
    struct end *e = end_of(peer);
    int status;

    peer->now = now;
    lab_clock_enter(now);
    status = mbedtls_ssl_renegotiate(&e->ssl);
    if (status != 0) {
        note_error(e, status);
    }
    lab_clock_leave();
}

static uint16_t suite(struct lab_peer *peer)
{
    const char *name = mbedtls_ssl_get_ciphersuite(&end_of(peer)->ssl);

    return name == NULL ? 0 : (uint16_t)mbedtls_ssl_get_ciphersuite_id(name);
}

/* PRF(master_secret, label, client_random + server_random) (RFC 5705, 4): the
 * library has no call for it, its key export has all that is needed. */
static bool exporter(struct lab_peer *peer, uint8_t out[LAB_EXPORT_LEN])
{
    struct end *e = end_of(peer);

    return dtls_libcrypto.prf(
               dtls_libcrypto.self, out, LAB_EXPORT_LEN,
               peer->setup.suite->prf,
               dtls_bytes_of(e->master, sizeof e->master), LAB_EXPORT_LABEL,
               dtls_bytes_of(e->client_random, sizeof e->client_random),
               dtls_bytes_of(e->server_random, sizeof e->server_random)) ==
           DTLS_OK;
}

const struct lab_driver lab_mbedtls = {
    .name = "mbedtls",
    .library = MBEDTLS_VERSION_STRING_FULL,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = lab_step,
    .receive = lab_receive,
    .deadline = deadline,
    .expire = lab_expire,
    .send = send_data,
    .close = close_session,
    .renegotiate = renegotiate,
    .suite = suite,
    .exporter = exporter,
    .shake = shake,
    .read = read_data,
};
