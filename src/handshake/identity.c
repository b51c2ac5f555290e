/* SPDX-License-Identifier: MIT */
/* Our certificates: which of them go out together, and which peers they suit
 * (RFC 5246, 7.4.2, 7.4.6). */
#include "handshake/handshake.h"

#include "x509/issuer.h"
#include "x509/name.h"

static bool is_among(const struct dtls_cert *const *chain, size_t num,
                     const struct dtls_cert *cert)
{
    for (size_t i = 0; i < num; i++) {
        if (dtls_bytes_equal(chain[i]->der, cert->der)) {
            return true;
        }
    }
    return false;
}

size_t dtls_identity_chain(const struct dtls_config *config,
                           const struct dtls_credential *leaf,
                           const struct dtls_cert *out[DTLS_CHAIN_MAX])
{
    const struct dtls_credential *c = leaf;
    size_t num = 0;

    while (c != NULL && num < DTLS_CHAIN_MAX) {
        const struct dtls_cert *end = &c->cert;

        out[num++] = end;
        if (dtls_cert_is_raw(end) || dtls_cert_is_self_issued(end)) {
            break; /* a root ends the chain, and a raw key has none */
        }
        c = config->credentials;
        while (c != NULL && (!dtls_issuer_is_named(&c->cert, end->issuer,
                                                   end->authority_key_id) ||
                             is_among(out, num, &c->cert))) {
            c = dtls_config_next(config, c);
        }
    }
    return num;
}

bool dtls_identity_is_signed_with(const struct dtls_config *config,
                                  const struct dtls_credential *leaf,
                                  struct dtls_bytes sigalgs)
{
    const struct dtls_cert *chain[DTLS_CHAIN_MAX];
    size_t num = dtls_identity_chain(config, leaf, chain);

    for (size_t i = 0; i < num; i++) {
        if (!dtls_cert_is_raw(chain[i]) &&
            !dtls_cert_is_self_issued(chain[i]) &&
            !dtls_u16_list_has(sigalgs, chain[i]->sigalg)) {
            return false;
        }
    }
    return true;
}

/* The peer sent these names.  An entry that is not a Name matches none of
 * ours. */
static bool names_has(struct dtls_bytes names, struct dtls_bytes wanted)
{
    struct dtls_bytes element;
    struct dtls_bytes name;

    while (dtls_get_vec16(&names, &element)) {
        if (dtls_name_get(&element, &name) && element.len == 0 &&
            dtls_name_equal(name, wanted)) {
            return true;
        }
    }
    return false;
}

bool dtls_identity_has_issuer(const struct dtls_config *config,
                              const struct dtls_credential *leaf,
                              struct dtls_bytes names)
{
    const struct dtls_cert *chain[DTLS_CHAIN_MAX];
    size_t num = dtls_identity_chain(config, leaf, chain);

    for (size_t i = 0; i < num; i++) {
        if (!dtls_cert_is_raw(chain[i]) &&
            names_has(names, chain[i]->issuer)) {
            return true;
        }
    }
    return false;
}
