/* SPDX-License-Identifier: MIT */
/* Mbed TLS under measurement (bench/bench.h). */
#include "bench/bench.h"
#include "crypto/suites.h"
#include "sut/mbedtls_versions.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl_cookie.h>

#define NAME "mbedtls"

struct pair {
    mbedtls_ssl_context ssl[2];
};

static mbedtls_ssl_config configs[2];
static mbedtls_ssl_cookie_ctx cookies;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context drbg;
static mbedtls_x509_crt root;
static mbedtls_x509_crt leafs[2];
static mbedtls_pk_context keys[2];
static int suites[2]; /* one, and 0 */
static bool has_certificates;
static uint16_t mtu;

/* A connection's transport is the side whose queue it reads. */
static int sides[2] = {BENCH_CLIENT, BENCH_SERVER};

/* No time passes, so no timer ever fires. */
static void set_timer(void *timer, uint32_t intermediate, uint32_t final)
{
    (void)timer;
    (void)intermediate;
    (void) final;
}

static int get_timer(void *timer)
{
    (void)timer;
    return 0;
}

static int send_datagram(void *at, const unsigned char *data, size_t len)
{
    return bench_push(!*(const int *)at, data, len);
}

static int receive_datagram(void *at, unsigned char *out, size_t size)
{
    int len = bench_pop(*(const int *)at, out, size);

    return len < 0 ? MBEDTLS_ERR_SSL_WANT_READ : len;
}

static bool configure(int side)
{
    static mbed_group groups[] = {MBED_NO_GROUP, MBED_NO_GROUP};
    mbedtls_ssl_config *c = &configs[side];

    if (mbedtls_ssl_config_defaults(
            c,
            side == BENCH_CLIENT ? MBEDTLS_SSL_IS_CLIENT
                                 : MBEDTLS_SSL_IS_SERVER,
            MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
        return false;
    }
    mbedtls_ssl_conf_rng(c, mbedtls_ctr_drbg_random, &drbg);
    mbed_conf_dtls_1_2(c);
    mbedtls_ssl_conf_ciphersuites(c, suites);
    groups[0] = mbed_group_of(DTLS_GROUP_SECP256R1);
    mbed_conf_groups(c, groups);
    mbedtls_ssl_conf_authmode(c, MBEDTLS_SSL_VERIFY_NONE);
    mbedtls_ssl_conf_session_tickets(c, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    return mbedtls_ssl_conf_psk(c, (const unsigned char *)BENCH_PSK,
                                BENCH_PSK_LEN,
                                (const unsigned char *)BENCH_PSK_IDENTITY,
                                strlen(BENCH_PSK_IDENTITY)) == 0;
}

static bool load(int side, const char *pki, const char *identity,
                 bool verifies)
{
    if (identity != NULL &&
        (mbedtls_x509_crt_parse_file(&leafs[side],
                                     bench_path(pki, identity, ".pem")) != 0 ||
         mbed_load_key(&keys[side], bench_path(pki, identity, ".key"),
                       mbedtls_ctr_drbg_random, &drbg) != 0 ||
         mbedtls_ssl_conf_own_cert(&configs[side], &leafs[side],
                                   &keys[side]) != 0)) {
        return false;
    }
    if (verifies) {
        mbedtls_ssl_conf_ca_chain(&configs[side], &root, NULL);
        mbedtls_ssl_conf_authmode(&configs[side], MBEDTLS_SSL_VERIFY_REQUIRED);
    }
    return true;
}

static bool begin(const struct bench_kind *kind, const char *pki,
                  size_t longest)
{
    has_certificates = kind->root != NULL;
    mtu = longest + 200 > BENCH_MTU ? 0 : BENCH_MTU;
    suites[0] = kind->suite;
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&drbg);
    mbedtls_x509_crt_init(&root);
    mbedtls_ssl_cookie_init(&cookies);
    for (int i = 0; i < 2; i++) {
        mbedtls_ssl_config_init(&configs[i]);
        mbedtls_x509_crt_init(&leafs[i]);
        mbedtls_pk_init(&keys[i]);
    }
    if (mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL,
                              0) != 0 ||
        mbedtls_ssl_cookie_setup(&cookies, mbedtls_ctr_drbg_random, &drbg) !=
            0 ||
        !configure(BENCH_CLIENT) || !configure(BENCH_SERVER)) {
        return false;
    }
    mbedtls_ssl_conf_dtls_cookies(&configs[BENCH_SERVER],
                                  mbedtls_ssl_cookie_write,
                                  mbedtls_ssl_cookie_check, &cookies);
    return !has_certificates ||
           (mbedtls_x509_crt_parse_file(
                &root, bench_path(pki, kind->root, ".pem")) == 0 &&
            load(BENCH_CLIENT, pki, kind->client, true) &&
            load(BENCH_SERVER, pki, kind->server, kind->client != NULL));
}

static void finish(void)
{
    for (int i = 0; i < 2; i++) {
        mbedtls_ssl_config_free(&configs[i]);
        mbedtls_x509_crt_free(&leafs[i]);
        mbedtls_pk_free(&keys[i]);
    }
    mbedtls_ssl_cookie_free(&cookies);
    mbedtls_x509_crt_free(&root);
    mbedtls_ctr_drbg_free(&drbg);
    mbedtls_entropy_free(&entropy);
}

static void set_address(mbedtls_ssl_context *ssl)
{
    (void)mbedtls_ssl_set_client_transport_id(
        ssl, (const unsigned char *)BENCH_ADDRESS, BENCH_ADDRESS_LEN);
}

static int shake(void *pair, int side)
{
    struct pair *p = pair;
    int result = mbedtls_ssl_handshake(&p->ssl[side]);

    if (result == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
        (void)mbedtls_ssl_session_reset(&p->ssl[side]);
        set_address(&p->ssl[side]);
        return 0;
    }
    if (result == MBEDTLS_ERR_SSL_WANT_READ) {
        return 0;
    }
    return result == 0 ? 1 : -1;
}

static void *connect_pair(void)
{
    struct pair *p = calloc(1, sizeof *p);

    for (int i = 0; i < 2 && p != NULL; i++) {
        mbedtls_ssl_init(&p->ssl[i]);
        if (mbedtls_ssl_setup(&p->ssl[i], &configs[i]) != 0) {
            bench_die(NAME, "making a session");
        }
        mbedtls_ssl_set_timer_cb(&p->ssl[i], NULL, set_timer, get_timer);
        mbedtls_ssl_set_bio(&p->ssl[i], &sides[i], send_datagram,
                            receive_datagram, NULL);
        mbedtls_ssl_set_mtu(&p->ssl[i], mtu);
        if (i == BENCH_SERVER) {
            set_address(&p->ssl[i]);
        } else if (has_certificates &&
                   mbedtls_ssl_set_hostname(&p->ssl[i], BENCH_HOST) != 0) {
            bench_die(NAME, "setting a name");
        }
    }
    bench_shake(NAME, shake, p);
    return p;
}

/* What is sealed, and what was opened. */
static uint8_t bytes[DTLS_PLAINTEXT_MAX];

static void say(void *pair, size_t len)
{
    struct pair *p = pair;

    if (mbedtls_ssl_write(&p->ssl[BENCH_CLIENT], bytes, len) != (int)len) {
        bench_die(NAME, "sealing a record");
    }
}

static void hear(void *pair, size_t len)
{
    struct pair *p = pair;

    if (mbedtls_ssl_read(&p->ssl[BENCH_SERVER], bytes, sizeof bytes) !=
        (int)len) {
        bench_die(NAME, "opening a record");
    }
}

static void record(void *pair, size_t len)
{
    say(pair, len);
    hear(pair, len);
}

static void end(void *pair)
{
    struct pair *p = pair;

    mbedtls_ssl_free(&p->ssl[0]);
    mbedtls_ssl_free(&p->ssl[1]);
    free(p);
}

const struct bench_lib bench_mbedtls = {NAME, begin, connect_pair, record,
                                        say,  hear,  end,          finish};
