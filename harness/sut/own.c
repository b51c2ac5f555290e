/* SPDX-License-Identifier: MIT */
/* What our own ends share (sut/own.h). */
#include "sut/own.h"

#include "sut/virtual_clock.h"
#include "x509/chain.h"
#include "x509/crl.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKETS_MS (1000ull * DTLS_RESUMPTION_LIMIT_S)
#define PATH_BYTES 600 /* of an identity's files */

static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    (void)self;
    sut_random(out, len);
    return DTLS_OK;
}

/* PRF(master_secret, "key expansion", server_random + client_random) has every
 * value of a key log line among its arguments (RFC 5246, 6.3). */
static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    if (strcmp(label, "key expansion") == 0) {
        sut_keylog_line(self, seed2.data, secret.data);
    }
    return dtls_libcrypto.prf(self, out, out_len, alg, secret, label, seed1,
                              seed2);
}

struct dtls_crypto sut_own_crypto(struct sut *sut)
{
    struct dtls_crypto crypto = dtls_libcrypto;

    crypto.self = sut;
    crypto.random = random_bytes;
    crypto.prf = prf;
    return crypto;
}

/* An identity that was loaded.  To read a private key costs more than a key
 * exchange, and an end is made for each association. */
struct loaded {
    struct loaded *next;
    char path[PATH_BYTES];
    struct sim_identity identity;
};

const struct sim_identity *sut_own_identity(const struct sut_setup *setup,
                                            const char *name, bool with_key)
{
    static struct loaded *all;
    char path[PATH_BYTES];
    struct loaded *l = all;

    (void)snprintf(path, sizeof path, "%s%s", sut_path(setup, name, ""),
                   with_key ? " with its key" : "");
    while (l != NULL && strcmp(l->path, path) != 0) {
        l = l->next;
    }
    if (l == NULL) {
        l = calloc(1, sizeof *l);
        assert(l != NULL);
        memcpy(l->path, path, sizeof path);
        sim_identity_load(&l->identity, setup->pki, name, with_key);
        l->next = all;
        all = l;
    }
    return &l->identity;
}

void sut_own_load_crl(struct sim_der *out, const struct sut_setup *setup)
{
    FILE *f = fopen(sut_path(setup, SUT_CRL, ".crl"), "rb");

    assert(f != NULL);
    out->len = fread(out->bytes, 1, sizeof out->bytes, f);
    (void)fclose(f);
}

/* Asks the CRL about the first certificate; that of another issuer says
 * nothing about it. */
static bool is_revoked(const struct dtls_crl *crl,
                       const struct dtls_config *config,
                       const struct dtls_cert *chain, size_t num)
{
    const struct dtls_verify verify = {.crypto = config->crypto,
                                       .anchors = config->anchors,
                                       .purpose = DTLS_PURPOSE_ANY};
    struct dtls_crl_check check = {
        .crypto = config->crypto, .check_time = true, .unix_time = SUT_EPOCH};

    return dtls_chain_find_issuer(&verify, &check.issuer, chain, num) ==
               DTLS_OK &&
           check.issuer != NULL &&
           dtls_crl_check(&check, crl, &chain[0]) == DTLS_CERTIFICATE_REVOKED;
}

enum dtls_status sut_own_judge_peer(const struct sut_setup *setup,
                                    const struct dtls_config *config,
                                    const struct dtls_cert *chain, size_t num)
{
    const char *name = sut_name(setup);
    struct dtls_crl crl;
    struct sim_der der;
    enum dtls_status status;

    if (setup->role == SUT_CLIENT &&
        !dtls_name_matches(&chain[0], dtls_bytes_of(name, strlen(name)))) {
        return DTLS_CERTIFICATE_NAME;
    }
    sut_own_load_crl(&der, setup);
    status = dtls_crl_parse(&crl, dtls_bytes_of(der.bytes, der.len));
    assert(status == DTLS_OK);
    (void)status;
    for (size_t i = 0; i < num; i++) {
        if (is_revoked(&crl, config, &chain[i], num - i)) {
            return DTLS_CERTIFICATE_REVOKED;
        }
    }
    return DTLS_OK;
}

void sut_own_remember(struct sut_own_memory *memory,
                      struct dtls_config *config, bool is_client, uint64_t now)
{
    enum dtls_status status = DTLS_OK;

    if (is_client) {
        config->resume = &memory->session;
        return;
    }
    if (memory->cache.entries == NULL) {
        dtls_cache_init(&memory->cache, memory->entries, SUT_OWN_SESSIONS);
        status = dtls_tickets_init(&memory->tickets, config->crypto,
                                   TICKETS_MS, now);
    }
    assert(status == DTLS_OK);
    (void)status;
    config->cache = &memory->cache;
    config->tickets = &memory->tickets;
}

void sut_own_keep(struct sut_own_memory *memory, struct dtls_config *config,
                  const struct sut_setup *setup, uint64_t now)
{
    bool is_client = setup->role == SUT_CLIENT;

    sut_own_remember(memory, config, is_client, now);
    if (!is_client && !sut_keeps_ids(setup)) {
        config->cache = NULL;
    }
    if (!is_client && !sut_gives_tickets(setup)) {
        config->tickets = NULL;
    }
}

void sut_own_forget(struct sut_own_memory *memory)
{
    dtls_cache_free(&memory->cache);
    dtls_tickets_free(&memory->tickets);
    memset(memory, 0, sizeof *memory);
}

struct sut_setup sut_other_end(const struct sut_setup *setup)
{
    struct sut_setup other = *setup;

    other.role = setup->role == SUT_CLIENT ? SUT_SERVER : SUT_CLIENT;
    return other;
}

void sut_own_show_raw_keys(struct sut_own_raw_keys *keys,
                           struct dtls_config *config,
                           const struct sut_setup *setup,
                           const struct sim_identity *own)
{
    const struct sut_setup other = sut_other_end(setup);

    if (sut_identity(setup) != NULL) {
        sim_identity_raw(&keys->identity, own);
        config->credentials = &keys->identity.credential;
    }
    config->anchors = NULL;
    config->verify_peer = NULL;
    config->server_name = (struct dtls_bytes){0};
    if (sut_trust(setup) != NULL) {
        sim_anchor_raw(&keys->anchor,
                       sut_own_identity(setup, sut_identity(&other), false));
        config->anchors = &keys->anchor.item;
        config->raw_keys = true;
    }
}

struct dtls_bytes sut_own_key(const struct sut_setup *setup)
{
    return dtls_cert_key_info(
        &sut_own_identity(setup, sut_identity(setup), false)->credential.cert);
}

struct dtls_bytes sut_own_peer_key(const struct sut_setup *setup)
{
    const struct sut_setup other = sut_other_end(setup);

    return sut_own_key(&other);
}

void sut_own_make_staple(struct sut_own_staple *staple,
                         const struct sut_setup *setup,
                         const struct sim_identity *own)
{
    staple->len =
        sim_ocsp_make(staple->bytes, setup->pki, own->credential.cert.der,
                      SIM_OCSP_GOOD, SUT_EPOCH);
}

bool sut_own_judge_staple(const struct sut_setup *setup,
                          struct dtls_bytes response)
{
    const struct sut_setup other = sut_other_end(setup);

    if (response.len == 0) {
        return true;
    }
    return sim_ocsp_is_good(
        response, setup->pki,
        sut_own_identity(setup, sut_identity(&other), false)
            ->credential.cert.der,
        SUT_EPOCH);
}
