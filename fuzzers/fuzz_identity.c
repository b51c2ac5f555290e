/* SPDX-License-Identifier: MIT */
/* Target: a PSK identity on its way through a whole handshake, PSK or
 *         ECDHE_PSK (real crypto).
 * Input:  a byte: bit 0 the server hides unknown identities, bit 1 the client
 *         has the second key, bit 2 ECDHE_PSK; then the identity.
 * Oracle: both ends connect if and only if the server has this identity with
 *         this key.  An unknown identity causes alert 115; if it is hidden, it
 *         looks like a wrong key: silence (RFC 4279, 2). */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"

enum { HIDE = 1, SECOND_KEY = 2, ECDHE = 4 };

static struct fuzz_pair line;

/* The row of the server's table that has this identity, or NULL. */
static const struct dtls_psk *find(struct dtls_bytes identity)
{
    const struct dtls_config *config = &line.ends[DTLS_SERVER].config;

    for (size_t i = 0; i < config->num_psks; i++) {
        if (dtls_bytes_equal(config->psks[i].identity, identity)) {
            return &config->psks[i];
        }
    }
    return NULL;
}

static void check(const struct dtls_psk *shown, bool hide)
{
    const struct dtls_psk *known = find(shown->identity);
    const struct fuzz_association *client = &line.ends[DTLS_CLIENT];
    const struct fuzz_association *server = &line.ends[DTLS_SERVER];
    bool good = known != NULL && dtls_bytes_equal(known->key, shown->key);

    FUZZ_CHECK(client->connected == good && server->connected == good);
    if (known == NULL && !hide) {
        FUZZ_CHECK(server->session.failure == DTLS_UNKNOWN_PSK_IDENTITY);
        FUZZ_CHECK(client->session.failure == DTLS_ALERTED &&
                   client->session.peer_alert[1] == 115);
    } else {
        FUZZ_CHECK(!client->over && !server->over);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    uint8_t how = fuzz_u8(&in);
    uint8_t kind = (how & ECDHE) != 0 ? FUZZ_KIND(FUZZ_ECDHE_PSK, 1)
                                      : FUZZ_KIND(FUZZ_PSK, 1);
    bool hide = (how & HIDE) != 0;
    struct dtls_psk shown = {.identity =
                                 fuzz_some(&in, DTLS_PSK_IDENTITY_MAX)};

    fuzz_pair_begin(&line, false, kind,
                    FUZZ_NO_COOKIES | (hide ? FUZZ_HIDE_IDENTITY : 0));
    shown.key =
        line.ends[DTLS_SERVER].config.psks[(how & SECOND_KEY) != 0].key;
    line.ends[DTLS_CLIENT].config.psks = &shown;
    line.ends[DTLS_CLIENT].config.num_psks = 1;
    fuzz_pair_hello(&line);
    fuzz_pair_settle(&line);
    check(&shown, hide);
    fuzz_pair_free(&line);
    return 0;
}
