/* SPDX-License-Identifier: MIT */
/* Credentials from the command line (probe/given.h). */
#include "probe/given.h"

#include "base/secret.h"
#include "lab/command_line.h"
#include "probe/probe_options.h"
#include "programs/pem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_SIZE 65536

/* ---- keys that are shared ---- */

void given_psk(struct given *g, const char *text)
{
    command_psk("nxdtls probe", text, g->identity, sizeof g->identity,
                &g->identity_len, g->key, sizeof g->key, &g->key_len);
}

/* ---- files ---- */

/* Calls `take` for each block of the file; it returns how many there are. */
static unsigned read_blocks(struct given *g, const char *option,
                            const char *path, enum pem_kind kind,
                            void (*take)(struct given *g,
                                         struct dtls_bytes der))
{
    static uint8_t bytes[FILE_SIZE];
    struct pem_reader reader;
    const unsigned char *der;
    size_t len;
    unsigned num = 0;
    FILE *in = fopen(path, "rb");

    if (in == NULL) {
        probe_end(2, "%s %s: %s", option, path, strerror(errno));
    }
    len = fread(bytes, 1, sizeof bytes, in);
    if (ferror(in) != 0 || len == sizeof bytes) {
        probe_end(2, "%s %s: it cannot be read, or is too long", option, path);
    }
    (void)fclose(in);
    pem_begin(&reader, kind, bytes, len);
    while (pem_next(&reader, &der, &len)) {
        num++;
        take(g, dtls_bytes_of(der, len));
    }
    pem_end(&reader);
    dtls_wipe(bytes, sizeof bytes);
    return num;
}

static void take_certificate(struct given *g, struct dtls_bytes der)
{
    size_t i = g->num_certificates++;

    if (g->num_certificates > GIVEN_CERTIFICATES || der.len > GIVEN_DER_MAX) {
        probe_end(2,
                  "--cert: more than %d certificates, or a longer one than "
                  "%d bytes",
                  GIVEN_CERTIFICATES, GIVEN_DER_MAX);
    }
    memcpy(g->ders[i], der.data, der.len);
    if (dtls_cert_parse(&g->chain[i].cert,
                        dtls_bytes_of(g->ders[i], der.len)) != DTLS_OK) {
        probe_end(2, "--cert: certificate %zu cannot be read", i + 1);
    }
    if (i != 0) {
        g->chain[i - 1].next = &g->chain[i];
    }
}

void given_certificate(struct given *g, const char *path)
{
    if (g->num_certificates != 0) {
        probe_end(2, "--cert: one file is enough");
    }
    if (read_blocks(g, "--cert", path, PEM_CERTIFICATES, take_certificate) ==
        0) {
        probe_end(2, "--cert %s: the file has no certificate", path);
    }
}

static void take_key(struct given *g, struct dtls_bytes der)
{
    if (g->chain[0].key.type == DTLS_KEY_NONE &&
        dtls_libcrypto.private_key(dtls_libcrypto.self, &g->chain[0].key,
                                   der) != DTLS_OK) {
        probe_end(2, "--key: not an RSA, EC or Ed25519 key");
    }
}

void given_key(struct given *g, const char *path)
{
    if (read_blocks(g, "--key", path, PEM_PRIVATE_KEYS, take_key) == 0) {
        probe_end(2, "--key %s: the file has no private key", path);
    }
}

static void take_root(struct given *g, struct dtls_bytes der)
{
    const unsigned char *at = der.data;
    X509 *root = d2i_X509(NULL, &at, (long)der.len);

    if (root == NULL || X509_STORE_add_cert(g->roots, root) != 1) {
        probe_end(2, "--ca: a certificate cannot be read");
    }
    X509_free(root);
}

void given_roots(struct given *g, const char *path)
{
    if (g->roots == NULL && (g->roots = X509_STORE_new()) == NULL) {
        probe_end(2, "--ca %s: no memory", path);
    }
    if (read_blocks(g, "--ca", path, PEM_CERTIFICATES, take_root) == 0) {
        probe_end(2, "--ca %s: the file has no certificate", path);
    }
}

void given_free(struct given *g)
{
    if (g->chain[0].key.type != DTLS_KEY_NONE) {
        dtls_libcrypto.private_key_free(dtls_libcrypto.self, &g->chain[0].key);
    }
    X509_STORE_free(g->roots);
    dtls_wipe(g->key, sizeof g->key);
}
