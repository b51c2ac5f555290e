/* SPDX-License-Identifier: MIT */
/* Makes a configuration from flags (bogo/shim_config.h). */
#include "bogo/shim_config.h"

#include "bogo/observe.h"
#include "bogo/tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION_1_0 0xfeff
#define VERSION_1_2 0xfefd
#define VERSION_1_3 0xfefc
#define MTU 1400
#define MTU_MIN 64
#define INITIAL_MS 400
#define MAXIMUM_MS 60000
#define WINDOW 256 /* records; the runner expects so many */
#define RETRIES 12 /* the 13th expiry ends the handshake */

static const uint16_t default_groups[] = {
    DTLS_GROUP_X25519, DTLS_GROUP_SECP256R1, DTLS_GROUP_SECP384R1};

/* What BoringSSL accepts from a peer by default. */
static const uint16_t default_verify_prefs[] = {
    0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201};

static void *take_block(void *self, size_t *size)
{
    (void)self;
    *size = BOGO_BLOCK_SIZE;
    return malloc(BOGO_BLOCK_SIZE);
}

static void give_block(void *self, void *block)
{
    (void)self;
    free(block);
}

/* Versions count down. */
static bool allows(const struct bogo_flags *f, bool no, uint64_t version)
{
    return !no && (f->min_version == 0 || f->min_version >= version) &&
           (f->max_version == 0 || f->max_version <= version);
}

/* A run that is for another version is not for this shim.  One that is for no
 * version at all fails as the runner expects. */
static int check_versions(const struct bogo_flags *f)
{
    if (allows(f, f->no_tls12, VERSION_1_2)) {
        return BOGO_SUCCESS;
    }
    if (allows(f, f->no_tls1, VERSION_1_0) ||
        allows(f, f->no_tls13, VERSION_1_3)) {
        return BOGO_UNIMPLEMENTED;
    }
    (void)fprintf(stderr, ":NO_SUPPORTED_VERSIONS_ENABLED:\n");
    return BOGO_FAILURE;
}

/* Verification preferences that we do not know cannot be offered. */
static int check_verify_prefs(const struct bogo_list *prefs)
{
    for (size_t i = 0; i < prefs->num; i++) {
        if (dtls_sigalg_find(prefs->items[i]) == NULL) {
            return BOGO_UNIMPLEMENTED;
        }
    }
    return BOGO_SUCCESS;
}

static bool append_suite(struct bogo_connection *c, const char *name,
                         size_t len)
{
    const struct dtls_suite *suite;

    if (len <= 4 || strncmp(name, "TLS_", 4) != 0) {
        return false;
    }
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        if (strlen(suite->name) == len - 4 &&
            memcmp(suite->name, &name[4], len - 4) == 0) {
            c->suites[c->config.num_suites++] = suite->id;
            return true;
        }
    }
    return false;
}

/* How many suites may be enabled: one for each name of the flag, or all. */
static size_t most_suites(const char *names)
{
    size_t num = 0;

    if (names == NULL) {
        while (dtls_suite_at(num) != NULL) {
            num++;
        }
        return num;
    }
    for (const char *at = names; at != NULL; at = strchr(at + 1, ':')) {
        num++;
    }
    return num;
}

/* Enables the suites of the flag, whose names are the runner's and stand
 * between colons; without it, every suite that encrypts. */
static int choose_suites(struct bogo_connection *c)
{
    const struct dtls_suite *suite;

    c->suites = calloc(most_suites(c->flags->cipher), sizeof *c->suites);
    if (c->suites == NULL) {
        return BOGO_FAILURE;
    }
    c->config.suites = c->suites;
    for (const char *at = c->flags->cipher; at != NULL;) {
        size_t len = strcspn(at, ":");

        if (!append_suite(c, at, len)) {
            return BOGO_UNIMPLEMENTED;
        }
        at = at[len] == ':' ? &at[len + 1] : NULL;
    }
    for (size_t i = 0;
         c->flags->cipher == NULL && (suite = dtls_suite_at(i)) != NULL; i++) {
        if (suite->cipher != DTLS_CIPHER_NULL) {
            c->suites[c->config.num_suites++] = suite->id;
        }
    }
    return BOGO_SUCCESS;
}

/* Leaves out the groups that the engine does not have; some are of TLS 1.3. */
static int choose_groups(struct bogo_connection *c)
{
    const struct bogo_list *curves = &c->flags->curves;

    c->config.groups = default_groups;
    c->config.num_groups = sizeof default_groups / sizeof *default_groups;
    if (curves->num == 0) {
        return BOGO_SUCCESS;
    }
    c->config.groups = c->groups;
    c->config.num_groups = 0;
    for (size_t i = 0; i < curves->num; i++) {
        if (dtls_group_point_len(curves->items[i]) != 0) {
            c->groups[c->config.num_groups++] = curves->items[i];
        }
    }
    return c->config.num_groups != 0 ? BOGO_SUCCESS : BOGO_UNIMPLEMENTED;
}

static void append_credential(struct bogo_connection *c,
                              struct bogo_identity *identity)
{
    struct bogo_identity *before = NULL;

    for (struct bogo_identity *i = c->identities; i != identity; i++) {
        before = i;
    }
    if (before != NULL) {
        before->chain[before->num - 1].next = identity->chain;
    }
    c->config.credentials = c->identities[0].chain;
}

static int load_credentials(struct bogo_connection *c)
{
    const struct bogo_flags *f = c->flags;
    bool has_default = f->default_credential.cert_file != NULL;
    int result = BOGO_SUCCESS;

    for (size_t i = 0; i < f->num_credentials + has_default; i++) {
        struct bogo_identity *identity = &c->identities[i];
        const struct bogo_credential_flags *credential =
            i < f->num_credentials ? &f->credentials[i]
                                   : &f->default_credential;

        /* Servers get such names in an extension that we do not have. */
        if (f->server && credential->must_match_issuer) {
            return BOGO_UNIMPLEMENTED;
        }
        result = bogo_identity_load(identity, credential);
        if (result != BOGO_SUCCESS) {
            (void)fprintf(stderr, "credential %zu cannot be used\n", i);
            break;
        }
        append_credential(c, identity);
    }
    return result;
}

static struct dtls_bytes text(const char *string)
{
    return dtls_bytes_of((const uint8_t *)string, strlen(string));
}

static void set_psk(struct bogo_connection *c)
{
    const struct bogo_flags *f = c->flags;

    if (f->psk == NULL) {
        return;
    }
    c->psk.key = text(f->psk);
    c->psk.identity = text(f->psk_identity);
    c->psk.hint = c->psk.identity;
    c->config.psks = &c->psk;
    c->config.num_psks = 1;
}

/* A client offers the flag's list.  A server has one protocol; to reject all,
 * it has one that no client offers. */
static int choose_protocols(struct bogo_connection *c)
{
    const struct bogo_flags *f = c->flags;
    struct dtls_buf list = {c->alpn, 0, sizeof c->alpn};
    bool fits = true;

    if (f->advertise_alpn != NULL && !f->server) {
        fits = dtls_put_bytes(&list, text(f->advertise_alpn));
    } else if (f->reject_alpn && f->server) {
        fits = dtls_put_vec8(&list, dtls_bytes_of((const uint8_t *)"", 1));
    } else if (f->select_alpn != NULL && f->server) {
        fits = dtls_put_vec8(&list, text(f->select_alpn));
    }
    c->config.protocols = dtls_buf_bytes(&list);
    return fits ? BOGO_SUCCESS : BOGO_UNIMPLEMENTED;
}

/* Sets the CAs that a server names in CertificateRequest. */
static int choose_authorities(struct bogo_connection *c)
{
    struct dtls_buf list = {c->authorities_bytes, 0,
                            sizeof c->authorities_bytes};
    struct dtls_bytes names;

    if (c->flags->use_client_ca_list == NULL) {
        return BOGO_SUCCESS;
    }
    if (!bogo_names(&list, c->flags->use_client_ca_list)) {
        return BOGO_UNIMPLEMENTED;
    }
    names = dtls_buf_bytes(&list);
    c->config.authorities = c->authorities;
    while (
        c->config.num_authorities < BOGO_LIST_MAX &&
        dtls_get_vec16(&names, &c->authorities[c->config.num_authorities])) {
        c->config.num_authorities++;
    }
    return names.len == 0 ? BOGO_SUCCESS : BOGO_UNIMPLEMENTED;
}

static enum dtls_client_auth client_auth(const struct bogo_flags *f)
{
    if (f->require_any_client_certificate) {
        return DTLS_CLIENT_AUTH_REQUIRED;
    }
    return f->verify_peer ? DTLS_CLIENT_AUTH_OPTIONAL : DTLS_CLIENT_AUTH_NONE;
}

/* The runner's certificates have no issuer: the flags say what the result is.
 * They must allow what their key does; for a server's the engine checks it
 * with the suite. */
static enum dtls_status judge(void *self, const struct dtls_cert *chain,
                              size_t num_certs)
{
    struct bogo_connection *c = self;
    const struct bogo_flags *f = c->flags;

    bogo_observe_chain(c, chain, num_certs);
    if (f->server && chain[0].has_key_usage &&
        (chain[0].key_usage & DTLS_KU_DIGITAL_SIGNATURE) == 0) {
        return DTLS_UNSUPPORTED_CERTIFICATE;
    }
    if (!f->verify_fail ||
        !(f->verify_peer || f->require_any_client_certificate)) {
        return DTLS_OK;
    }
    return f->use_custom_verify_callback ? DTLS_CERTIFICATE_UNKNOWN
                                         : BOGO_VERIFY_FAILED;
}

static bool never(void *self)
{
    (void)self;
    return false;
}

static void set_rest(struct bogo_connection *c)
{
    const struct bogo_flags *f = c->flags;
    size_t longest =
        f->max_cert_list != 0 && f->max_cert_list < BOGO_MESSAGE_MAX
            ? (size_t)f->max_cert_list
            : BOGO_MESSAGE_MAX;

    if (f->host_name != NULL) {
        c->config.server_name = text(f->host_name);
    }
    c->config.client_auth = client_auth(f);
    c->config.sigalgs = default_verify_prefs;
    c->config.num_sigalgs =
        sizeof default_verify_prefs / sizeof *default_verify_prefs;
    if (f->verify_prefs.num != 0) {
        c->config.sigalgs = f->verify_prefs.items;
        c->config.num_sigalgs = f->verify_prefs.num;
    }
    c->config.verify_chain = judge;
    c->config.silent_about_name = f->no_server_name_ack;
    c->config.see_message = bogo_observe;
    c->config.renegotiate = never;
    c->config.self = c;

    c->config.timer = (struct dtls_timer_config){
        .initial = f->initial_timeout_ms != 0 ? (uint32_t)f->initial_timeout_ms
                                              : INITIAL_MS,
        .maximum = MAXIMUM_MS,
        .max_retries = RETRIES,
        .shift = 1,
        .begins_anew = f->fresh_timeout,
    };
    c->config.mtu = MTU;
    c->config.mtu_is_certain = true;
    c->config.replay_window = WINDOW;
    c->store = (struct dtls_store){NULL, take_block, give_block};
    c->areas = (struct dtls_areas){NULL};
    dtls_areas_add(&c->areas, &c->area);
    c->room = (struct dtls_session_room){
        .config = &c->config,
        .store = &c->store,
        .counters = &c->counters,
        .areas = &c->areas,
        .records = &c->records,
        .arena = {c->arena, sizeof c->arena},
        .peer_certs = {c->peer_certs, longest},
        .chain = c->chain,
    };
}

int bogo_config_set_mtu(struct dtls_config *config, uint64_t mtu)
{
    if (mtu < MTU_MIN || mtu > UINT16_MAX) {
        return BOGO_UNIMPLEMENTED;
    }
    config->mtu = (uint16_t)mtu;
    return BOGO_SUCCESS;
}

int bogo_config_make(struct bogo_connection *c)
{
    int result = check_versions(c->flags);

    c->config.crypto = &dtls_libcrypto;
    set_rest(c);
    set_psk(c);
    if (result == BOGO_SUCCESS) {
        result = check_verify_prefs(&c->flags->verify_prefs);
    }
    if (result == BOGO_SUCCESS && c->flags->mtu != 0) {
        result = bogo_config_set_mtu(&c->config, c->flags->mtu);
    }
    if (result == BOGO_SUCCESS) {
        result = choose_authorities(c);
    }
    if (result == BOGO_SUCCESS) {
        result = choose_protocols(c);
    }
    if (result == BOGO_SUCCESS) {
        result = choose_suites(c);
    }
    if (result == BOGO_SUCCESS) {
        result = choose_groups(c);
    }
    return result == BOGO_SUCCESS ? load_credentials(c) : result;
}

void bogo_config_free(struct bogo_connection *c)
{
    free(c->suites);
    c->suites = NULL;
    for (size_t i = 0; i <= BOGO_CREDENTIALS_MAX; i++) {
        bogo_identity_free(&c->identities[i]);
    }
}
