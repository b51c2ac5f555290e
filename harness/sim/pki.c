/* SPDX-License-Identifier: MIT */
/* Certificates of the test PKI (sim/pki.h). */
#include "sim/pki.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

FILE *sim_pki_open(const char *folder, const char *name, const char *suffix)
{
    char path[512];
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
    }
    assert(f != NULL);
    return f;
}

static void load(struct sim_der *der, const char *folder, const char *name,
                 const char *suffix)
{
    FILE *f = sim_pki_open(folder, name, suffix);

    der->len = fread(der->bytes, 1, sizeof der->bytes, f);
    assert(der->len > 0 && der->len < sizeof der->bytes);
    (void)fclose(f);
}

static struct dtls_bytes bytes_of(const struct sim_der *der)
{
    return dtls_bytes_of(der->bytes, der->len);
}

void sim_identity_load(struct sim_identity *id, const char *folder,
                       const char *name, bool with_key)
{
    enum dtls_status status;

    memset(id, 0, sizeof *id);
    load(&id->cert_der, folder, name, ".der");
    status = dtls_cert_parse(&id->credential.cert, bytes_of(&id->cert_der));
    assert(status == DTLS_OK);
    if (with_key) {
        load(&id->key_der, folder, name, ".key.der");
        status = dtls_libcrypto.private_key(
            dtls_libcrypto.self, &id->credential.key, bytes_of(&id->key_der));
        assert(status == DTLS_OK);
    }
}

void sim_identity_free(struct sim_identity *id)
{
    dtls_libcrypto.private_key_free(dtls_libcrypto.self, &id->credential.key);
}

void sim_identity_raw(struct sim_identity *id, const struct sim_identity *from)
{
    enum dtls_status status;

    memset(id, 0, sizeof *id);
    id->credential.key = from->credential.key;
    status = dtls_cert_parse_raw(&id->credential.cert,
                                 dtls_cert_key_info(&from->credential.cert));
    assert(status == DTLS_OK);
}

void sim_anchor_raw(struct sim_anchor *anchor, const struct sim_identity *from)
{
    enum dtls_status status;

    memset(anchor, 0, sizeof *anchor);
    status = dtls_cert_parse_raw(&anchor->cert,
                                 dtls_cert_key_info(&from->credential.cert));
    assert(status == DTLS_OK);
    anchor->item.cert = &anchor->cert;
}

void sim_anchor_load(struct sim_anchor *anchor, const char *folder,
                     const char *name)
{
    enum dtls_status status;

    memset(anchor, 0, sizeof *anchor);
    load(&anchor->der, folder, name, ".der");
    status = dtls_cert_parse(&anchor->cert, bytes_of(&anchor->der));
    assert(status == DTLS_OK);
    anchor->item.cert = &anchor->cert;
}
