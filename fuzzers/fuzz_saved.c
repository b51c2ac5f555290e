/* SPDX-License-Identifier: MIT */
/* Target: dtls_tickets_open, dtls_saved_open.
 * Input:  one byte; then a ticket or, if that byte is odd, the bytes of a
 *         session, which are sealed here.
 * Oracle: no ticket is opened that was not sealed; a session that is read,
 *         sealed again, has the same bytes; a refusal changes nothing. */
#include "fuzzers/kit/fuzz.h"
#include "handshake/tickets.h"

#include <string.h>

static const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN] = {'t', 'k', 't'};

/* Keys of zeros do: the target is the reader. */
static enum dtls_status zeros(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
    return DTLS_OK;
}

static struct dtls_crypto make_crypto(void)
{
    struct dtls_crypto crypto = dtls_libcrypto;

    crypto.random = zeros;
    return crypto;
}

static void try_ticket(struct dtls_tickets *tickets, struct dtls_bytes ticket)
{
    struct dtls_saved saved;
    bool is_old = true;

    fuzz_mark(&saved, sizeof saved);
    FUZZ_CHECK(!dtls_tickets_open(tickets, &saved, &is_old, ticket, 0));
    fuzz_untouched(&saved, sizeof saved);
    FUZZ_CHECK(is_old);
}

static void try_state(const struct dtls_crypto *crypto,
                      struct dtls_tickets *tickets, struct dtls_bytes state)
{
    struct dtls_saved saved;
    uint8_t sealed[2 * DTLS_TICKET_MADE_MAX];
    uint8_t again[2 * DTLS_TICKET_MADE_MAX];
    struct dtls_buf in = {sealed, 0, sizeof sealed};
    struct dtls_buf out = {again, 0, sizeof again};
    struct dtls_span number;
    struct dtls_span text;
    struct dtls_span tag;
    uint8_t aad[DTLS_AAD_LEN] = {0};

    if (!dtls_put_room(&in, 8, &number) ||
        !dtls_put_room(&in, state.len, &text) ||
        !dtls_put_room(&in, DTLS_SAVED_TAG_LEN, &tag)) {
        return;
    }
    memset(number.data, 0, number.len);
    if (state.len != 0) {
        memcpy(text.data, state.data, state.len);
    }
    memcpy(&aad[8], purpose, sizeof purpose);
    FUZZ_CHECK(crypto->aead_seal(crypto->self, &tickets->current.seal, aad,
                                 (struct dtls_span){sealed, in.len}) ==
               DTLS_OK);
    fuzz_mark(&saved, sizeof saved);
    if (!dtls_saved_open(crypto, &tickets->current.open, &saved,
                         dtls_buf_bytes(&in), purpose)) {
        fuzz_untouched(&saved, sizeof saved);
        return;
    }
    FUZZ_CHECK(dtls_saved_seal(crypto, &tickets->current.seal, &out, &saved, 0,
                               purpose) == DTLS_OK);
    fuzz_same(dtls_buf_bytes(&out), dtls_buf_bytes(&in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    struct dtls_crypto crypto = make_crypto();
    struct dtls_tickets tickets;
    uint8_t kind = fuzz_u8(&in);

    FUZZ_CHECK(dtls_tickets_init(&tickets, &crypto, 1000, 0) == DTLS_OK);
    if ((kind & 1) != 0) {
        try_state(&crypto, &tickets, in);
    } else {
        try_ticket(&tickets, in);
    }
    dtls_tickets_free(&tickets);
    return 0;
}
