/* SPDX-License-Identifier: MIT */
/* Target: dtls_cert_parse, dtls_cert_common_name, dtls_name_matches.
 * Input:  length u8, host name, certificate.
 * Oracle: slices lie inside the certificate; libcrypto accepts what we accept,
 *         all of it, with the same serial number, names and times; a name that
 *         matches for us matches for libcrypto; a failure changes nothing.
 *
 * We may be the stricter side (x509/chain.h): a certificate that we refuse is
 * not compared.  No difference the other way is known. */
#include "fuzzers/kit/fuzz.h"
#include "x509/chain.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static void check_slices(const struct dtls_cert *cert)
{
    const struct dtls_bytes parts[] = {
        cert->tbs,
        cert->serial,
        cert->issuer,
        cert->subject,
        cert->signature,
        cert->alt_names,
        cert->extensions,
        cert->subject_key_id,
        cert->authority_key_id,
        cert->key.point,
        cert->key.n,
        cert->key.e,
        dtls_cert_common_name(cert),
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        fuzz_inside(parts[i], cert->der);
    }
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t days(const struct tm *t)
{
    int64_t y = t->tm_year + 1900 - (t->tm_mon < 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year = y - era * 400;
    int64_t month = (t->tm_mon + 10) % 12; /* from March */
    int64_t day = (153 * month + 2) / 5 + t->tm_mday - 1;

    return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

static void check_time(const ASN1_TIME *theirs, int64_t ours)
{
    struct tm t;

    FUZZ_CHECK(ASN1_TIME_to_tm(theirs, &t) == 1);
    FUZZ_CHECK(days(&t) * 86400 + INT64_C(3600) * t.tm_hour +
                   INT64_C(60) * t.tm_min + t.tm_sec ==
               ours);
}

static void check_name(const X509_NAME *theirs, struct dtls_bytes ours)
{
    const unsigned char *bytes;
    size_t len;

    FUZZ_CHECK(X509_NAME_get0_der(theirs, &bytes, &len) == 1);
    fuzz_same(dtls_bytes_of(bytes, len), ours);
}

static void check_serial(X509 *theirs, struct dtls_bytes ours)
{
    unsigned char *bytes = NULL;
    int len = i2d_ASN1_INTEGER(X509_get_serialNumber(theirs), &bytes);

    FUZZ_CHECK(len > 0 && (size_t)len >= ours.len);
    fuzz_same(dtls_bytes_of(&bytes[(size_t)len - ours.len], ours.len), ours);
    OPENSSL_free(bytes);
}

static void check_host(X509 *theirs, const struct dtls_cert *cert,
                       struct dtls_bytes host)
{
    char text[256];

    if (!dtls_name_matches(cert, host)) {
        return;
    }
    FUZZ_CHECK(host.len < sizeof text);
    memcpy(text, host.data, host.len);
    text[host.len] = '\0';
    FUZZ_CHECK(X509_check_host(theirs, text, host.len,
                               X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                               NULL) == 1 ||
               X509_check_ip_asc(theirs, text, 0) == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    struct dtls_bytes host = fuzz_some(&in, fuzz_u8(&in));
    uint8_t *der = fuzz_exact(in);
    const unsigned char *at = der;
    struct dtls_cert cert;
    X509 *theirs;

    fuzz_mark(&cert, sizeof cert);
    if (dtls_cert_parse(&cert, dtls_bytes_of(der, in.len)) != DTLS_OK) {
        fuzz_untouched(&cert, sizeof cert);
        free(der);
        return 0;
    }
    check_slices(&cert);
    theirs = d2i_X509(NULL, &at, (long)in.len);
    FUZZ_CHECK(theirs != NULL && at == der + in.len);
    check_serial(theirs, cert.serial);
    check_name(X509_get_issuer_name(theirs), cert.issuer);
    check_name(X509_get_subject_name(theirs), cert.subject);
    check_time(X509_get0_notBefore(theirs), cert.not_before);
    check_time(X509_get0_notAfter(theirs), cert.not_after);
    check_host(theirs, &cert, host);
    X509_free(theirs);
    ERR_clear_error();
    free(der);
    return 0;
}
