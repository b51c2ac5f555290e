/* SPDX-License-Identifier: MIT */
/* Target: private_key of struct dtls_crypto, beside OpenSSL's and GnuTLS's
 *         readers.
 * Input:  a private key: PKCS#1, SEC 1 or PKCS#8.
 * Oracle: both libraries accept a key that we accept, with the same numbers;
 *         every exception has a row in differences.tsv.  We do not refuse a
 *         key of a kind we support if OpenSSL would write it just like this.
 *
 * In every other respect we may be the stricter side. */
#include "crypto/raw_key.h"
#include "fuzzers/kit/differences.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/repeatable_crypto.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/x509.h>
#include <openssl/err.h>
#include <openssl/x509.h>

static EVP_PKEY *openssl_reads(struct dtls_bytes der)
{
    const unsigned char *at = der.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)der.len);

    if (key != NULL && at != der.data + der.len) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    ERR_clear_error();
    return key;
}

/* Do the numbers belong together? */
static bool is_pair(EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool is_good = EVP_PKEY_check(context) == 1;

    EVP_PKEY_CTX_free(context);
    return is_good;
}

/* Is it a key of a kind we support, in its one DER encoding? */
static bool is_canonical(EVP_PKEY *key, struct dtls_bytes der)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    unsigned char *forms[2] = {NULL, NULL};
    int lens[2] = {i2d_PKCS8_PRIV_KEY_INFO(info, &forms[0]), -1};
    int bits = EVP_PKEY_get_bits(key);
    char group[32] = "";
    bool is_ours = EVP_PKEY_is_a(key, "ED25519") ||
                   (EVP_PKEY_is_a(key, "RSA") && bits >= 2048 && bits <= 4096);
    bool is_same = false;

    if (EVP_PKEY_is_a(key, "EC") &&
        EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1) {
        is_ours = (strcmp(group, "prime256v1") == 0 ||
                   strcmp(group, "secp384r1") == 0 ||
                   strcmp(group, "secp521r1") == 0) &&
                  is_pair(key);
    }
    if (!EVP_PKEY_is_a(key, "ED25519")) {
        lens[1] = i2d_PrivateKey(key, &forms[1]);
    }
    for (int i = 0; i < 2; i++) {
        is_same = is_same || (lens[i] > 0 && (size_t)lens[i] == der.len &&
                              memcmp(forms[i], der.data, der.len) == 0);
        OPENSSL_clear_free(forms[i], lens[i] > 0 ? (size_t)lens[i] : 0);
    }
    PKCS8_PRIV_KEY_INFO_free(info);
    ERR_clear_error();
    return is_ours && is_same;
}

/* Are they equal, apart from zeros in front? */
static void same_number(const gnutls_datum_t *theirs, const uint8_t *ours,
                        size_t len)
{
    struct dtls_bytes a = {theirs->data, theirs->size};
    struct dtls_bytes b = {ours, len};

    while (a.len != 0 && a.data[0] == 0) {
        a = dtls_bytes_of(a.data + 1, a.len - 1);
    }
    while (b.len != 0 && b.data[0] == 0) {
        b = dtls_bytes_of(b.data + 1, b.len - 1);
    }
    fuzz_same(a, b);
}

static void check_rsa(gnutls_x509_privkey_t theirs,
                      const struct dtls_raw_key *ours)
{
    gnutls_datum_t all[6];

    FUZZ_CHECK(gnutls_x509_privkey_export_rsa_raw(theirs, &all[0], &all[1],
                                                  &all[2], &all[3], &all[4],
                                                  &all[5]) == 0);
    same_number(&all[0], ours->public, ours->public_len);
    same_number(&all[1], ours->e, ours->e_len);
    same_number(&all[2], ours->secret, ours->secret_len);
    for (size_t i = 0; i < 6; i++) {
        gnutls_free(all[i].data);
    }
}

static void check_ec(gnutls_x509_privkey_t theirs,
                     const struct dtls_raw_key *ours)
{
    size_t half = ours->public_len / 2;
    gnutls_ecc_curve_t curve;
    gnutls_datum_t all[3];

    FUZZ_CHECK(gnutls_x509_privkey_export_ecc_raw(theirs, &curve, &all[0],
                                                  &all[1], &all[2]) == 0);
    same_number(&all[0], &ours->public[1], half);
    same_number(&all[1], &ours->public[1 + half], half);
    same_number(&all[2], ours->secret, ours->secret_len);
    for (size_t i = 0; i < 3; i++) {
        gnutls_free(all[i].data);
    }
}

/* Numbers that do not belong together, or primes that are not prime. */
static bool is_inconsistent_rsa(struct dtls_bytes der)
{
    EVP_PKEY *key = openssl_reads(der);
    bool shows = key != NULL && EVP_PKEY_is_a(key, "RSA") && !is_pair(key);

    EVP_PKEY_free(key);
    ERR_clear_error();
    return shows;
}

/* The known differences (differences.tsv). */
static const struct fuzz_difference gnutls_refuses[] = {
    {"rsa-numbers", is_inconsistent_rsa},
    {NULL, NULL},
};

static void ask_gnutls(const struct dtls_private_key *key,
                       struct dtls_bytes der)
{
    gnutls_x509_privkey_t theirs;
    gnutls_datum_t datum = {fuzz_exact(der), (unsigned)der.len};
    struct dtls_raw_key raw;

    FUZZ_CHECK(gnutls_x509_privkey_init(&theirs) == 0);
    if (gnutls_x509_privkey_import2(theirs, &datum, GNUTLS_X509_FMT_DER, NULL,
                                    GNUTLS_PKCS_PLAIN) != 0) {
        FUZZ_CHECK(fuzz_is_known(gnutls_refuses, der));
    } else if (key->type != DTLS_KEY_ED25519 &&
               dtls_raw_key_export(&raw, key) == DTLS_OK) {
        if (key->type == DTLS_KEY_RSA) {
            check_rsa(theirs, &raw);
        } else {
            check_ec(theirs, &raw);
        }
    }
    gnutls_x509_privkey_deinit(theirs);
    free(datum.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes der = {data, size};
    struct fuzz_crypto crypto;
    struct dtls_private_key key;
    enum dtls_status status;
    EVP_PKEY *theirs;

    fuzz_crypto_init(&crypto, 0x2345);
    status = crypto.crypto.private_key(crypto.crypto.self, &key, der);
    theirs = openssl_reads(der);
    if (status == DTLS_OK) {
        FUZZ_CHECK(theirs != NULL && EVP_PKEY_eq(theirs, key.context) == 1);
        ask_gnutls(&key, der);
        crypto.crypto.private_key_free(crypto.crypto.self, &key);
    } else if (theirs != NULL) {
        FUZZ_CHECK(!is_canonical(theirs, der));
    }
    EVP_PKEY_free(theirs);
    ERR_clear_error();
    return 0;
}
