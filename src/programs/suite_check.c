/* SPDX-License-Identifier: MIT */
/* Whether the keys and certificates of the command line suit its suites: by
 * the name of a suite, which begins with its key exchange. */
#include "programs/suite_check.h"

#include "programs/lines.h"

#include <stdio.h>
#include <string.h>

/* What was given. */
struct given {
    const struct options *options;
    const struct credentials *credentials;
};

static bool has_psk(const struct given *g, UINT algorithm, USHORT usage)
{
    (void)algorithm;
    (void)usage;
    return g->options->num_psks != 0 || g->options->psk_file != NULL;
}

static bool has_password(const struct given *g, UINT algorithm, USHORT usage)
{
    (void)algorithm;
    (void)usage;
    return g->options->password_len != 0;
}

/* Tells whether a certificate, or a raw public key, has a private key of this
 * algorithm that may be used so (RFC 5280, 4.2.1.3).  An algorithm without a
 * number in NetX is Ed25519, which signs as EC keys do. */
static bool serves(NX_SECURE_X509_CERT *cert, UINT algorithm, USHORT usage)
{
    bool is_rsa =
        cert->nx_secure_x509_public_algorithm == NX_SECURE_TLS_X509_TYPE_RSA;
    bool is_ec =
        cert->nx_secure_x509_public_algorithm == NX_SECURE_TLS_X509_TYPE_EC;
    USHORT allowed;

    if (!cert->nx_secure_x509_certificate_is_identity_cert ||
        is_rsa != (algorithm == NX_SECURE_TLS_X509_TYPE_RSA) ||
        (usage == NX_SECURE_X509_KEY_USAGE_KEY_AGREEMENT && !is_ec)) {
        return false;
    }
    return nx_secure_x509_key_usage_extension_parse(cert, &allowed) !=
               NX_SUCCESS ||
           (allowed & usage) != 0;
}

static bool one_serves(const struct cert_list *list, UINT algorithm,
                       USHORT usage)
{
    for (size_t i = 0; i < list->num; i++) {
        if (serves(&list->certs[i], algorithm, usage)) {
            return true;
        }
    }
    return false;
}

static bool has_certificate(const struct given *g, UINT algorithm,
                            USHORT usage)
{
    if (!g->options->is_server) {
        return g->options->num_cas != 0 || g->options->num_pins != 0;
    }
    return one_serves(&g->credentials->chain, algorithm, usage) ||
           one_serves(&g->credentials->raw, algorithm, usage);
}

#define A_KEY "--psk or --psk-text", "--psk, --psk-text or --psk-file"
#define TRUST "--ca or --fingerprint"
#define RSA NX_SECURE_TLS_X509_TYPE_RSA
#define EC NX_SECURE_TLS_X509_TYPE_EC
#define SIGN NX_SECURE_X509_KEY_USAGE_DIGITAL_SIGNATURE

/* The key exchanges, and what a client and a server need for them. */
static const struct exchange {
    const char *name;
    bool (*given)(const struct given *g, UINT algorithm, USHORT usage);
    const char *client_needs;
    const char *server_needs;
    UINT algorithm; /* of the server's certificate */
    USHORT usage;
} exchanges[] = {
    {"PSK_", has_psk, A_KEY, 0, 0},
    {"ECDHE_PSK_", has_psk, A_KEY, 0, 0},
    {"ECJPAKE_", has_password, "--password", "--password", 0, 0},
    {"RSA_", has_certificate, TRUST,
     "a --cert with an RSA key that may encipher keys", RSA,
     NX_SECURE_X509_KEY_USAGE_KEY_ENCIPHERMENT},
    {"ECDHE_RSA_", has_certificate, TRUST,
     "a --cert with an RSA key that may sign", RSA, SIGN},
    {"ECDHE_ECDSA_", has_certificate, TRUST,
     "a --cert with an EC or Ed25519 key that may sign", EC, SIGN},
    {"ECDH_", has_certificate, TRUST,
     "a --cert with an EC key that may agree on keys", EC,
     NX_SECURE_X509_KEY_USAGE_KEY_AGREEMENT},
};
#define NUM_EXCHANGES (sizeof exchanges / sizeof *exchanges)

/* Each suite of nxdtls_ciphers_all has one. */
static size_t exchange_of(const NX_SECURE_TLS_CIPHERSUITE_INFO *row)
{
    const char *name = nxdtls_suite_name(row->nx_secure_tls_ciphersuite);
    size_t i = 0;

    while (i + 1 < NUM_EXCHANGES &&
           strncmp(name, exchanges[i].name, strlen(exchanges[i].name)) != 0) {
        i++;
    }
    return i;
}

/* Adds what is needed to the line, once. */
static void add_need(char *line, size_t size, const char *need)
{
    size_t len = strlen(line);

    if (strstr(line, need) == NULL) {
        (void)snprintf(line + len, size - len, "%s%s", len == 0 ? "" : "; or ",
                       need);
    }
}

void suite_check(const struct options *options,
                 const struct credentials *credentials)
{
    const NX_SECURE_TLS_CRYPTO *table = &options->ciphers.table;
    const struct given given = {options, credentials};
    char needs[512] = "";

    for (USHORT i = 0; i < table->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        const struct exchange *e = &exchanges[exchange_of(
            &table->nx_secure_tls_ciphersuite_lookup_table[i])];

        if (e->given(&given, e->algorithm, e->usage)) {
            return;
        }
        add_need(needs, sizeof needs,
                 options->is_server ? e->server_needs : e->client_needs);
    }
    bad_input("%s: no suite can be used: missing %s",
              options->has_ciphers ? "--cipher"
              : options->is_server ? "server"
                                   : "client",
              needs);
}
