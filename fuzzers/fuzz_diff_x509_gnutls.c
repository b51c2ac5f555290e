/* SPDX-License-Identifier: MIT */
/* Target: dtls_cert_parse, beside GnuTLS's reader.
 * Input:  a certificate.
 * Oracle: GnuTLS accepts what we accept, with the same version, serial number,
 *         names, times, kind of key, basicConstraints and keyUsage; every
 *         exception has a row in differences.tsv.
 *
 * We may be the stricter side: a certificate that we refuse is not
 * compared. */
#include "fuzzers/kit/differences.h"
#include "fuzzers/kit/fuzz.h"
#include "x509/cert.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/x509.h>

enum { SERIAL_MAX = 4096 };

static void check_name(gnutls_x509_crt_t crt,
                       int (*get)(gnutls_x509_crt_t, gnutls_datum_t *),
                       struct dtls_bytes ours)
{
    gnutls_datum_t name = {0};

    FUZZ_CHECK(get(crt, &name) == 0);
    fuzz_same(dtls_bytes_of(name.data, name.size), ours);
    gnutls_free(name.data);
}

static void check_serial(gnutls_x509_crt_t crt, struct dtls_bytes ours)
{
    uint8_t serial[SERIAL_MAX];
    size_t len = sizeof serial;

    if (ours.len <= sizeof serial) {
        FUZZ_CHECK(gnutls_x509_crt_get_serial(crt, serial, &len) == 0);
        fuzz_same(dtls_bytes_of(serial, len), ours);
    }
}

/* GnuTLS cannot express a time before 1970. */
static void check_time(time_t theirs, int64_t ours)
{
    FUZZ_CHECK(theirs == ours || ours < 0);
}

static void check_key(gnutls_x509_crt_t crt, const struct dtls_cert *cert)
{
    int algorithm = gnutls_x509_crt_get_pk_algorithm(crt, NULL);

    switch (cert->key.type) {
    case DTLS_KEY_RSA:
        FUZZ_CHECK(algorithm == GNUTLS_PK_RSA);
        break;
    case DTLS_KEY_EC:
        FUZZ_CHECK(algorithm == GNUTLS_PK_ECDSA);
        break;
    case DTLS_KEY_ED25519:
        FUZZ_CHECK(algorithm == GNUTLS_PK_EDDSA_ED25519);
        break;
    case DTLS_KEY_NONE:
        break;
    }
}

/* 255 stands for every greater number, and theirs must fit into an int. */
static void check_constraints(gnutls_x509_crt_t crt,
                              const struct dtls_cert *cert)
{
    unsigned is_ca = 0;
    int path_len = 0;
    int status =
        gnutls_x509_crt_get_basic_constraints(crt, NULL, &is_ca, &path_len);

    if (cert->has_path_len && cert->path_len == 255) {
        return;
    }
    FUZZ_CHECK((status >= 0) == cert->has_basic_constraints);
    if (status >= 0) {
        FUZZ_CHECK((is_ca != 0) == cert->is_ca);
        FUZZ_CHECK(path_len == (cert->has_path_len ? cert->path_len : -1));
    }
}

/* GnuTLS's keyUsage: the first byte's bits as they are, the ninth bit at
 * 0x8000. */
static void check_usage(gnutls_x509_crt_t crt, const struct dtls_cert *cert)
{
    unsigned usage = 0;

    if (gnutls_x509_crt_get_key_usage(crt, &usage, NULL) == 0) {
        FUZZ_CHECK(cert->has_key_usage &&
                   (usage & 0xff) == (unsigned)cert->key_usage >> 8);
    } else {
        FUZZ_CHECK(!cert->has_key_usage);
    }
}

static void check_all(gnutls_x509_crt_t crt, const struct dtls_cert *cert)
{
    FUZZ_CHECK(gnutls_x509_crt_get_version(crt) == cert->version);
    check_serial(crt, cert->serial);
    check_name(crt, gnutls_x509_crt_get_raw_issuer_dn, cert->issuer);
    check_name(crt, gnutls_x509_crt_get_raw_dn, cert->subject);
    check_time(gnutls_x509_crt_get_activation_time(crt), cert->not_before);
    check_time(gnutls_x509_crt_get_expiration_time(crt), cert->not_after);
    check_key(crt, cert);
    check_constraints(crt, cert);
    check_usage(crt, cert);
}

/* GnuTLS reads every name of an issuerAltName; we have no use for it. */
static bool has_issuer_alt_name(struct dtls_bytes der)
{
    static const uint8_t oid[] = {6, 3, 0x55, 0x1d, 18};

    return memmem(der.data, der.len, oid, sizeof oid) != NULL;
}

/* The known differences (differences.tsv). */
static const struct fuzz_difference they_refuse[] = {
    {"issuer-alt-name", has_issuer_alt_name},
    {NULL, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes der = {data, size};
    struct dtls_cert cert;
    gnutls_x509_crt_t crt;
    gnutls_datum_t theirs = {.size = (unsigned)size};

    if (dtls_cert_parse(&cert, der) != DTLS_OK) {
        return 0;
    }
    FUZZ_CHECK(gnutls_x509_crt_init(&crt) == 0);
    theirs.data = fuzz_exact(der);
    if (gnutls_x509_crt_import(crt, &theirs, GNUTLS_X509_FMT_DER) == 0) {
        check_all(crt, &cert);
    } else {
        FUZZ_CHECK(fuzz_is_known(they_refuse, der));
    }
    free(theirs.data);
    gnutls_x509_crt_deinit(crt);
    return 0;
}
