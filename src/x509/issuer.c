/* SPDX-License-Identifier: MIT */
/* The relation of an issuer to what it has signed (x509/issuer.h). */
#include "x509/issuer.h"
#include "base/der.h"
#include "x509/name.h"

#define RSA_BYTES_MIN 256 /* 2048 bits have 112 bits of security */

/* 112 bits of security, as libcrypto's level 2 demands (D9325-4.5-4). */
bool dtls_issuer_is_strong(const struct dtls_public_key *key)
{
    struct dtls_bytes n = key->n;
    uint8_t top;

    switch (key->type) {
    case DTLS_KEY_ED25519:
    case DTLS_KEY_EC:
        return true; /* the weakest curve we know has 256 bits */
    case DTLS_KEY_RSA:
        return dtls_get_u8(&n, &top) &&
               (key->n.len > RSA_BYTES_MIN ||
                (key->n.len == RSA_BYTES_MIN && top >= 0x80));
    case DTLS_KEY_NONE:
    default:
        return false;
    }
}

enum dtls_status dtls_issuer_check_signature(const struct dtls_crypto *crypto,
                                             const struct dtls_public_key *key,
                                             const struct dtls_sigalg *alg,
                                             struct dtls_bytes tbs,
                                             struct dtls_bytes signature)
{
    uint8_t digest[DTLS_HASH_MAX];
    struct dtls_bytes input = tbs;
    enum dtls_status status = DTLS_OK;

    if (alg == NULL || alg->key != key->type || !dtls_issuer_is_strong(key)) {
        return DTLS_UNSUPPORTED_CERTIFICATE;
    }
    if (alg->hash != DTLS_HASH_NONE) {
        status = crypto->digest(crypto->self, digest, alg->hash, &tbs, 1);
        input = dtls_bytes_of(digest, dtls_hash_len(alg->hash));
    }
    if (status != DTLS_OK) {
        return status;
    }
    status = crypto->verify(crypto->self, key, alg, input, signature);
    return status == DTLS_DECRYPT_ERROR ? DTLS_CERTIFICATE_SIGNATURE : status;
}

/* Finds the first directoryName of `names`.  libcrypto looks at no other
 * either. */
static bool find_directory_name(struct dtls_bytes names,
                                struct dtls_bytes *name)
{
    uint8_t tag;

    while (dtls_der_get_any(&names, &tag, name)) {
        if (tag == GENERAL_DIRECTORY_NAME) {
            return true;
        }
    }
    return false;
}

/* Tells whether `issuer` fits everything that `id` says about its issuer's
 * key.  RFC 5280, 4.2.1.1, uses this only to choose among issuers. */
static bool key_ids_agree(const struct dtls_cert *issuer, struct dtls_bytes id)
{
    struct dtls_bytes field;
    struct dtls_bytes name;

    if (dtls_der_get(&id, DER_CONTEXT(0), &field) &&
        issuer->subject_key_id.data != NULL &&
        !dtls_bytes_equal(field, issuer->subject_key_id)) {
        return false;
    }
    if (dtls_der_get(&id, DER_CONTEXT_IN(1), &field) &&
        find_directory_name(field, &name) &&
        !dtls_name_equal(name, issuer->issuer)) {
        return false;
    }
    return !dtls_der_get(&id, DER_CONTEXT(2), &field) ||
           dtls_bytes_equal(field, issuer->serial);
}

bool dtls_issuer_is_named(const struct dtls_cert *issuer,
                          struct dtls_bytes name,
                          struct dtls_bytes authority_key_id)
{
    return dtls_name_equal(name, issuer->subject) &&
           key_ids_agree(issuer, authority_key_id);
}
