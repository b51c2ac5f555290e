/* SPDX-License-Identifier: MIT */
/* The server's choice for a ClientHello: whether it is acceptable, and which
 * suite, certificate, group and signature serve it. */
#include "handshake/server_steps.h"

#include <string.h>

/* A client without supported_groups accepts secp256r1 (RFC 8422, 4). */
static bool wants_group(const struct dtls_wishes *w, uint16_t group)
{
    if (!w->ext.present[DTLS_EXT_SUPPORTED_GROUPS]) {
        return group == DTLS_GROUP_SECP256R1;
    }
    return dtls_u16_list_has(w->ext.data[DTLS_EXT_SUPPORTED_GROUPS], group);
}

static uint16_t choose_group(const struct dtls_config *config,
                             const struct dtls_wishes *w)
{
    for (size_t i = 0; i < config->num_groups; i++) {
        if (dtls_group_point_len(config->groups[i]) != 0 &&
            wants_group(w, config->groups[i])) {
            return config->groups[i];
        }
    }
    return 0;
}

/* A client without signature_algorithms accepts SHA-1 (RFC 5246,
 * 7.4.1.4.1). */
static struct dtls_bytes offered_sigalgs(const struct dtls_wishes *w)
{
    static const uint8_t sha1[] = {0x02, 0x01, 0x02, 0x03};

    return w->ext.present[DTLS_EXT_SIGNATURE_ALGORITHMS]
               ? w->ext.data[DTLS_EXT_SIGNATURE_ALGORITHMS]
               : dtls_bytes_of(sha1, sizeof sha1);
}

/* Those for the signatures inside a chain (RFC 8446, 4.2.3). */
static struct dtls_bytes chain_sigalgs(const struct dtls_wishes *w)
{
    return w->ext.present[DTLS_EXT_SIGNATURE_ALGORITHMS_CERT]
               ? w->ext.data[DTLS_EXT_SIGNATURE_ALGORITHMS_CERT]
               : offered_sigalgs(w);
}

/* Tells whether this certificate can serve the suite for this client
 * (D5246-7.4.2-2, D8422-5.1-2). */
static bool credential_fits(const struct dtls_config *config,
                            const struct dtls_credential *c,
                            const struct dtls_suite *suite,
                            const struct dtls_wishes *w)
{
    if (!dtls_suite_takes_key(suite, c->key.type) ||
        !dtls_raw_keys_allow(&w->ext, c) ||
        !dtls_auth_allows_suite(&c->cert, suite)) {
        return false;
    }
    if (c->key.type == DTLS_KEY_EC && !wants_group(w, c->key.group)) {
        return false;
    }
    /* A key that we cannot read only signs and decrypts. */
    if (suite->kx == DTLS_KX_ECDH && c->key.handle != NULL) {
        return false;
    }
    return !dtls_suite_is_ecdhe(suite) ||
           dtls_auth_choose_sigalg(config, c, offered_sigalgs(w), NULL) !=
               NULL;
}

/* What a certificate should have beside a key that fits. */
struct preference {
    bool name;        /* the name that the client asks for */
    bool whole_chain; /* no signature that the client does not list */
};

static bool has_wished_name(const struct dtls_credential *c,
                            const struct dtls_wishes *w)
{
    return w->ext.present[DTLS_EXT_SERVER_NAME] &&
           dtls_name_matches(&c->cert, w->ext.data[DTLS_EXT_SERVER_NAME]);
}

static const struct dtls_credential *choose_credential(
    const struct dtls_config *config, const struct dtls_suite *suite,
    const struct dtls_wishes *w, struct preference p)
{
    const struct dtls_credential *c = config->credentials;

    while (c != NULL &&
           ((config->active != NULL && c != config->active) ||
            !credential_fits(config, c, suite, w) ||
            (p.name && !has_wished_name(c, w)) ||
            (p.whole_chain &&
             !dtls_identity_is_signed_with(config, c, chain_sigalgs(w))))) {
        c = dtls_config_next(config, c);
    }
    return c;
}

/* Tells whether the suite is possible.  If it is, the choices that it needs
 * are made. */
static bool choose_for_suite(struct dtls_handshake *h,
                             const struct dtls_suite *suite,
                             const struct dtls_wishes *w, struct preference p)
{
    h->group = dtls_suite_is_ecdhe(suite) ? choose_group(h->config, w) : 0;
    if (dtls_suite_is_ecdhe(suite) && h->group == 0) {
        return false;
    }
    if (suite->kx == DTLS_KX_ECJPAKE) {
        return dtls_password_may_be_used(h) &&
               w->ext.present[DTLS_EXT_ECJPAKE_KEY_KP_PAIR];
    }
    if (dtls_suite_is_psk(suite)) {
        return h->config->num_psks != 0 || h->config->look_up_psk != NULL;
    }
    h->credential = choose_credential(h->config, suite, w, p);
    if (h->credential == NULL) {
        return false;
    }
    if (dtls_suite_is_ecdhe(suite)) {
        h->sigalg = dtls_auth_choose_sigalg(h->config, h->credential,
                                            offered_sigalgs(w), NULL);
    }
    return true;
}

static bool choose_suite(struct dtls_handshake *h, const struct dtls_wishes *w,
                         struct preference p)
{
    for (size_t i = 0; i < h->config->num_suites; i++) {
        const struct dtls_suite *suite = dtls_suite_find(h->config->suites[i]);

        if (suite != NULL && dtls_client_hello_offers(&w->hello, suite->id) &&
            choose_for_suite(h, suite, w, p)) {
            h->suite = suite;
            return true;
        }
    }
    return false;
}

/* Tells whether a certificate has the name that the client asks for.  If the
 * application has chosen the certificate, its name does not matter. */
static bool knows_wished_name(const struct dtls_config *config,
                              const struct dtls_wishes *w)
{
    const struct dtls_credential *c = config->credentials;

    while (c != NULL &&
           (c->key.type == DTLS_KEY_NONE || !has_wished_name(c, w))) {
        c = dtls_config_next(config, c);
    }
    return c != NULL && config->active == NULL;
}

/* Prefers a certificate with the name that the client asks for (RFC 6066, 3),
 * then a chain signed with algorithms that the client lists (D5246-7.4.2-10).
 * If none fits, it tries one anyway: many clients list only what they accept
 * in ServerKeyExchange. */
enum dtls_status dtls_server_choose_suite(struct dtls_handshake *h,
                                          const struct dtls_wishes *w)
{
    static const struct preference order[] = {
        {true, true}, {true, false}, {false, true}, {false, false}};
    size_t i = knows_wished_name(h->config, w) ? 0 : 2;

    while (i < sizeof order / sizeof *order && !choose_suite(h, w, order[i])) {
        i++;
    }
    if (i < sizeof order / sizeof *order) {
        return DTLS_OK;
    }
    return dtls_raw_keys_differ(h, &w->ext) ? DTLS_UNSUPPORTED_CERTIFICATE
                                            : DTLS_NO_COMMON_SUITE;
}

static bool has_null_compression(const struct dtls_client_hello *hello)
{
    return memchr(hello->compression.data, 0, hello->compression.len) != NULL;
}

/* Tells whether the client's highest version is 1.2 or newer.  DTLS writes a
 * version as its one's complement, so the numbers fall as versions rise, the
 * first byte's too (RFC 6347, 4.2.1).  Numbers whose first byte is below 4 are
 * those of SSL, of TLS and of DTLS before RFC 4347 (01 00): all are older. */
static bool is_new_enough(uint16_t version)
{
    return version <= DTLS_VERSION_1_2 && version >> 8 > 3;
}

/* D5246-E.1-2, D5246-E.1-3 */
static enum dtls_status check_version(const struct dtls_client_hello *hello)
{
    if (is_new_enough(hello->version)) {
        return DTLS_OK;
    }
    return dtls_client_hello_offers(hello, DTLS_SCSV_FALLBACK)
               ? DTLS_INAPPROPRIATE_FALLBACK
               : DTLS_PROTOCOL_VERSION;
}

/* A renegotiation must not have the SCSV (RFC 5746, 3.6 and 3.7). */
static enum dtls_status check_renegotiation(struct dtls_handshake *h,
                                            const struct dtls_wishes *w)
{
    bool scsv = dtls_client_hello_offers(&w->hello, DTLS_SCSV_RENEGOTIATION);
    bool present = w->ext.present[DTLS_EXT_RENEGOTIATION_INFO];

    if (scsv && dtls_handshake_is_renegotiation(h)) {
        return DTLS_RENEGOTIATION_INFO;
    }
    h->secure_renegotiation = scsv || present;
    return dtls_renegotiation_check_info(
        h, false, w->ext.data[DTLS_EXT_RENEGOTIATION_INFO]);
}

enum dtls_status dtls_server_read_hello(struct dtls_handshake *h,
                                        struct dtls_bytes body,
                                        struct dtls_wishes *w)
{
    enum dtls_status status = dtls_client_hello_parse(&w->hello, body);

    if (status == DTLS_OK) {
        status = check_version(&w->hello);
    }
    if (status == DTLS_OK) {
        status = dtls_extensions_parse_client(&w->ext, w->hello.extensions);
    }
    if (status != DTLS_OK) {
        return status;
    }
    if (!has_null_compression(&w->hello)) {
        return DTLS_BAD_COMPRESSION;
    }
    status = check_renegotiation(h, w);
    if (status != DTLS_OK) {
        return status;
    }
    h->extended_master_secret =
        w->ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET];
    h->client_version = w->hello.version;
    memcpy(h->client_random, w->hello.random.data, DTLS_RANDOM_LEN);
    return DTLS_OK;
}
