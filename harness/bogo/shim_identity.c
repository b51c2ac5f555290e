/* SPDX-License-Identifier: MIT */
/* Reads credentials from PEM (bogo/shim_identity.h). */
#include "bogo/shim_identity.h"

#include <openssl/pem.h>

#include <string.h>

/* What BoringSSL signs with by default. */
static const uint16_t default_signing_prefs[] = {
    0x0807, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805,
    0x0501, 0x0603, 0x0806, 0x0601, 0x0203, 0x0201};

/* One block of PEM.  Free it with OPENSSL_clear_free. */
struct block {
    uint8_t *data;
    size_t len;
};

/* Reads the next block whose name ends in `name`, and skips others. */
static bool next_block(BIO *bio, const char *name, struct block *out)
{
    char *found;
    char *header;
    unsigned char *data;
    long len;
    bool wanted = false;

    while (!wanted && PEM_read_bio(bio, &found, &header, &data, &len) == 1) {
        size_t skip = strlen(found) - strlen(name);

        wanted =
            strlen(found) >= strlen(name) && strcmp(&found[skip], name) == 0;
        OPENSSL_free(found);
        OPENSSL_free(header);
        if (wanted) {
            *out = (struct block){data, (size_t)len};
        } else {
            OPENSSL_clear_free(data, (size_t)len);
        }
    }
    return wanted;
}

static int load_certs(struct bogo_identity *out, BIO *bio)
{
    struct block block;

    while (next_block(bio, PEM_STRING_X509, &block)) {
        struct dtls_credential *c = &out->chain[out->num];

        if (out->num == BOGO_CHAIN_MAX) {
            OPENSSL_free(block.data);
            return BOGO_UNIMPLEMENTED;
        }
        out->ders[out->num++] = block.data;
        if (dtls_cert_parse(&c->cert, dtls_bytes_of(block.data, block.len)) !=
            DTLS_OK) {
            return BOGO_UNIMPLEMENTED;
        }
        if (out->num > 1) {
            out->chain[out->num - 2].next = c;
        }
    }
    return out->num != 0 ? BOGO_SUCCESS : BOGO_FAILURE;
}

static int load_key(struct bogo_identity *out, BIO *bio)
{
    struct block block;
    enum dtls_status status;

    if (!next_block(bio, "PRIVATE KEY", &block)) {
        return BOGO_FAILURE;
    }
    status =
        dtls_libcrypto.private_key(dtls_libcrypto.self, &out->chain[0].key,
                                   dtls_bytes_of(block.data, block.len));
    OPENSSL_clear_free(block.data, block.len);
    return status == DTLS_OK ? BOGO_SUCCESS : BOGO_UNIMPLEMENTED;
}

static int from_file(struct bogo_identity *out, const char *path,
                     int (*load)(struct bogo_identity *, BIO *))
{
    BIO *bio = path != NULL ? BIO_new_file(path, "r") : NULL;
    int result = bio != NULL ? load(out, bio) : BOGO_FAILURE;

    BIO_free(bio);
    return result;
}

int bogo_identity_load_certs(struct bogo_identity *out, const char *path)
{
    return from_file(out, path, load_certs);
}

int bogo_identity_load(struct bogo_identity *out,
                       const struct bogo_credential_flags *flags)
{
    int result = from_file(out, flags->cert_file, load_certs);

    out->chain[0].must_match_issuer = flags->must_match_issuer;
    out->chain[0].sigalgs = default_signing_prefs;
    out->chain[0].num_sigalgs =
        sizeof default_signing_prefs / sizeof *default_signing_prefs;
    if (flags->signing_prefs.num != 0) {
        out->chain[0].sigalgs = flags->signing_prefs.items;
        out->chain[0].num_sigalgs = flags->signing_prefs.num;
    }
    return result == BOGO_SUCCESS ? from_file(out, flags->key_file, load_key)
                                  : result;
}

void bogo_identity_free(struct bogo_identity *identity)
{
    dtls_libcrypto.private_key_free(dtls_libcrypto.self,
                                    &identity->chain[0].key);
    for (size_t i = 0; i < identity->num; i++) {
        OPENSSL_free(identity->ders[i]);
    }
    *identity = (struct bogo_identity){0};
}
