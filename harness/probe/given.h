/* SPDX-License-Identifier: MIT */
/* Credentials that the user gives a probe.  Each function ends the program
 * with status 2 and a line that names the option if the value is bad. */
#ifndef PROBE_GIVEN_H
#define PROBE_GIVEN_H

#include "handshake/config.h"

#include <openssl/x509.h>

#define GIVEN_CERTIFICATES 8
#define GIVEN_DER_MAX 8192

struct given {
    uint8_t identity[DTLS_PSK_IDENTITY_MAX];
    size_t identity_len;
    uint8_t key[DTLS_PSK_MAX];
    size_t key_len; /* 0: no --psk */
    uint8_t ders[GIVEN_CERTIFICATES][GIVEN_DER_MAX];
    struct dtls_credential chain[GIVEN_CERTIFICATES]; /* of --cert */
    size_t num_certificates;
    X509_STORE *roots; /* NULL: no --ca */
};

/* given_psk reads ID:HEXKEY.  given_certificate reads a file of certificates,
 * the own one first, and given_key its key.  given_roots reads a file of
 * trusted certificates, and adds them. */
void given_psk(struct given *given, const char *text);
void given_certificate(struct given *given, const char *path);
void given_key(struct given *given, const char *path);
void given_roots(struct given *given, const char *path);

/* given_free wipes the keys. */
void given_free(struct given *given);

#endif
