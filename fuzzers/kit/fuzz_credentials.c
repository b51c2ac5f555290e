/* SPDX-License-Identifier: MIT */
/* Keys and certificates of the fuzz targets (fuzz_credentials.h). */
#include "fuzzers/kit/fuzz_credentials.h"
#include "fuzzers/kit/fuzz.h"

#include "fuzzers/kit/credentials_der.h"

static const struct {
    struct dtls_bytes cert;
    struct dtls_bytes key;
    enum dtls_key_type type;
    uint16_t group;
} ders[FUZZ_CREDENTIALS] = {
    [FUZZ_SERVER_EC] = {{server_ec_der, sizeof server_ec_der},
                        {server_ec_key_der, sizeof server_ec_key_der},
                        DTLS_KEY_EC,
                        DTLS_GROUP_SECP256R1},
    [FUZZ_CLIENT_EC] = {{client_ec_der, sizeof client_ec_der},
                        {client_ec_key_der, sizeof client_ec_key_der},
                        DTLS_KEY_EC,
                        DTLS_GROUP_SECP256R1},
    [FUZZ_SERVER_RSA] = {{server_rsa_der, sizeof server_rsa_der},
                         {server_rsa_key_der, sizeof server_rsa_key_der},
                         DTLS_KEY_RSA,
                         0},
};

static void read_credential(struct dtls_credential *c,
                            enum fuzz_credential which, bool null)
{
    enum dtls_status status = dtls_cert_parse(&c->cert, ders[which].cert);

    FUZZ_CHECK(status == DTLS_OK);
    if (null) {
        c->key.type = ders[which].type;
        c->key.group = ders[which].group;
        return;
    }
    status = dtls_libcrypto.private_key(NULL, &c->key, ders[which].key);
    FUZZ_CHECK(status == DTLS_OK && c->key.type == ders[which].type &&
               c->key.group == ders[which].group);
}

const struct dtls_credential *fuzz_credential(enum fuzz_credential which,
                                              bool null)
{
    static struct dtls_credential made[2][FUZZ_CREDENTIALS];
    struct dtls_credential *c = &made[null][which];

    if (c->key.type == DTLS_KEY_NONE) {
        read_credential(c, which, null);
    }
    return c;
}

const struct dtls_cert_item *fuzz_anchors(void)
{
    static struct dtls_cert certs[2];
    static struct dtls_cert_item items[2] = {{&certs[0], &items[1]},
                                             {&certs[1], NULL}};

    if (certs[0].version == 0) {
        FUZZ_CHECK(
            dtls_cert_parse(&certs[0],
                            dtls_bytes_of(root_ec_der, sizeof root_ec_der)) ==
            DTLS_OK);
        FUZZ_CHECK(
            dtls_cert_parse(
                &certs[1], dtls_bytes_of(root_rsa_der, sizeof root_rsa_der)) ==
            DTLS_OK);
    }
    return items;
}

struct dtls_bytes fuzz_credential_key(enum fuzz_credential which)
{
    return ders[which].key;
}
