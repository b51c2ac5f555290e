/* SPDX-License-Identifier: MIT */
/* The adapter's place in the metadata area, its begin and its end
 * (nx_crypto/adapter.h). */
#include "nx_crypto/adapter.h"

#include "base/secret.h"
#include "nx_crypto/adapter_parts.h"

#define ALIGNMENT 16u /* bytes; enough for all that a method stores */

/* The areas that the methods of a table need: the largest of each kind. */
struct needs {
    bool adapter;
    ULONG cipher;
    ULONG mac;
    ULONG prf;
    ULONG transcript;
    ULONG hash;
    ULONG public;
};

static VOID need(struct needs *needs, ULONG *size,
                 const NX_CRYPTO_METHOD *method)
{
    if (dtls_nx_is_foreign(method)) {
        needs->adapter = true;
        if (*size < method->nx_crypto_metadata_area_size) {
            *size = method->nx_crypto_metadata_area_size;
        }
    }
}

static struct needs needs_of(const NX_SECURE_TLS_CRYPTO *table)
{
    struct needs n = {0};
    USHORT num;
    const NX_SECURE_X509_CRYPTO *x509 = dtls_nx_x509_rows(table, &num);

    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        const NX_SECURE_TLS_CIPHERSUITE_INFO *row =
            &table->nx_secure_tls_ciphersuite_lookup_table[i];

        need(&n, &n.public, row->nx_secure_tls_public_cipher);
        need(&n, &n.public, row->nx_secure_tls_public_auth);
        need(&n, &n.cipher, row->nx_secure_tls_session_cipher);
        need(&n, &n.mac, row->nx_secure_tls_hash);
        need(&n, &n.prf, row->nx_secure_tls_prf);
    }
    for (USHORT i = 0; i < num; i++) {
        need(&n, &n.public, x509[i].nx_secure_x509_public_cipher_method);
        need(&n, &n.hash, x509[i].nx_secure_x509_hash_method);
    }
    need(&n, &n.transcript, table->nx_secure_tls_handshake_hash_sha256_method);
    return n;
}

/* Hands out the metadata area from its front; without an area it only
 * counts. */
struct room {
    UCHAR *area;
    uint64_t used;
};

/* Takes `size` bytes and returns where they begin, counted from the front. */
static uint64_t take(struct room *room, uint64_t size)
{
    uint64_t at = room->used;

    room->used += (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return at;
}

static struct dtls_nx_area take_area(struct room *room, ULONG size)
{
    uint64_t at = take(room, size);

    return (struct dtls_nx_area){
        room->area == NX_NULL ? NX_NULL : room->area + at, size};
}

/* Takes every area that there is; no other function knows the list. */
static VOID take_areas(struct room *room, const struct needs *n,
                       struct dtls_nx_adapter *a)
{
    for (size_t i = 0; i < DTLS_NX_CIPHERS; i++) {
        a->cipher_areas[i] = take_area(room, n->cipher);
    }
    a->mac_area = take_area(room, n->mac);
    a->prf_area = take_area(room, n->prf);
    a->transcript_area = take_area(room, n->transcript);
    a->clone_area = take_area(room, n->transcript);
    a->hash_area = take_area(room, n->hash);
    a->public_area = take_area(room, n->public);
}

static uint64_t suites_size(const NX_SECURE_TLS_CRYPTO *table)
{
    return sizeof(uint16_t) *
           (uint64_t)table->nx_secure_tls_ciphersuite_lookup_table_size;
}

uint64_t dtls_nx_adapter_size(const NX_SECURE_TLS_CRYPTO *table)
{
    struct needs n = needs_of(table);
    struct room room = {NX_NULL, 0};
    struct dtls_nx_adapter counted;

    (void)take(&room, suites_size(table));
    if (n.adapter) {
        (void)take(&room, sizeof counted);
        take_areas(&room, &n, &counted);
    }
    /* The area may begin at any address; each of a server's sessions gets a
     * multiple of 8 bytes of the server's area. */
    return room.used + ALIGNMENT;
}

static UCHAR *aligned(VOID *area)
{
    UCHAR *at = area;
    size_t over = (ALIGN_TYPE)at % ALIGNMENT;

    return over == 0 ? at : at + (ALIGNMENT - over);
}

/* A function that no part replaces stays the base's.  Such a function gets the
 * adapter as its self and must not need its own. */
static VOID fill(struct dtls_nx_adapter *a)
{
    a->crypto = *a->base;
    a->crypto.self = a;
    dtls_nx_adapter_fill_hashes(&a->crypto);
    dtls_nx_adapter_fill_record(&a->crypto);
    dtls_nx_adapter_fill_keys(&a->crypto);
    dtls_nx_adapter_fill_shares(&a->crypto);
}

const struct dtls_crypto *dtls_nx_adapter_begin(
    struct dtls_nx_adapter **adapter, uint16_t **suites,
    const NX_SECURE_TLS_SESSION *tls, const struct dtls_suite *const *suite,
    const struct dtls_crypto *base)
{
    const NX_SECURE_TLS_CRYPTO *table = tls->nx_secure_tls_crypto_table;
    struct needs n = needs_of(table);
    struct room room = {aligned(tls->nx_secure_tls_metadata_area), 0};
    struct dtls_nx_adapter *a;

    *suites =
        (uint16_t *)(VOID *)(room.area + take(&room, suites_size(table)));
    if (!n.adapter) {
        return base;
    }
    if (*adapter != NULL) {
        /* A renegotiation: the keys of the session are in use. */
        return &(*adapter)->crypto;
    }
    a = (struct dtls_nx_adapter *)(VOID *)(room.area + take(&room, sizeof *a));
    *a = (struct dtls_nx_adapter){
        .base = base, .tls = tls, .suite = suite, .table = table};
    take_areas(&room, &n, a);
    fill(a);
    *adapter = a;
    return &a->crypto;
}

VOID dtls_nx_adapter_end(struct dtls_nx_adapter **adapter)
{
    struct dtls_nx_adapter *a = *adapter;

    if (a == NULL) {
        return;
    }
    dtls_nx_use_end(&a->transcript);
    dtls_nx_use_end(&a->share);
    dtls_wipe(a, sizeof *a);
    *adapter = NULL;
}
