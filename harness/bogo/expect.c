/* SPDX-License-Identifier: MIT */
/* The -expect flags (bogo/expect.h). */
#include "bogo/expect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool differs(const char *flag, int64_t expected, int64_t actual)
{
    if (expected == actual) {
        return false;
    }
    (void)fprintf(stderr, "%s %" PRId64 ", but it is %" PRId64 "\n", flag,
                  expected, actual);
    return true;
}

/* Returns the number of the credential that was used. */
static int64_t selected_credential(const struct bogo_connection *c)
{
    for (size_t i = 0; i < c->flags->num_credentials; i++) {
        if (c->session.hs.credential == c->identities[i].chain) {
            return (int64_t)i;
        }
    }
    return BOGO_DEFAULT_CREDENTIAL;
}

static bool is_protocol(const struct bogo_connection *c)
{
    struct dtls_bytes protocol = c->session.hs.agreed.protocol;
    const char *expected = c->flags->expect_alpn;

    if (dtls_bytes_equal(protocol, dtls_bytes_of((const uint8_t *)expected,
                                                 strlen(expected)))) {
        return true;
    }
    (void)fprintf(stderr, "-expect-alpn %s, but it is \"%.*s\"\n", expected,
                  (int)protocol.len, (const char *)protocol.data);
    return false;
}

int bogo_expect(const struct bogo_connection *c)
{
    const struct bogo_flags *f = c->flags;
    const struct dtls_handshake *h = &c->session.hs;

    if (c->unexpected ||
        (f->has_expected_credential &&
         differs("-expect-selected-credential", f->expected_credential,
                 selected_credential(c))) ||
        (f->expect_curve_id != 0 &&
         differs("-expect-curve-id", (int64_t)f->expect_curve_id, h->group)) ||
        (f->expect_extended_master_secret &&
         differs("-expect-extended-master-secret", true,
                 h->extended_master_secret)) ||
        (f->expect_peer_signature_algorithm != 0 &&
         differs("-expect-peer-signature-algorithm",
                 (int64_t)f->expect_peer_signature_algorithm,
                 h->peer_sigalg)) ||
        (f->expect_alpn != NULL && !is_protocol(c))) {
        return BOGO_FAILURE;
    }
    return BOGO_SUCCESS;
}
