/* SPDX-License-Identifier: MIT */
/* Target: dtls_session_take_over, then dtls_session_hand_over.
 * Input:  one byte; then an exported association or, if that byte is odd, what
 *         is sealed in one, which is sealed here.  Its next bit is the role.
 * Oracle: nothing is read that was not sealed; a refusal leaves a session that
 *         is all zero; what is accepted is a connected session with every
 *         invariant; if it can leave again, it does so whole, and goes on
 *         DTLS_HANDOVER_JUMP numbers further. */
#include "fuzzers/kit/fuzz.h"
#include "session/handover.h"

#include <string.h>

enum { ODD = 1, SERVER = 2, AT_ONCE = 1000 };

static const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN] = {'l', 'i', 'v'};
static const uint8_t key[DTLS_SAVED_KEY_LEN];
static struct dtls_session first, second; /* large: not on the stack */
static struct dtls_crypto crypto;
static struct dtls_counters counters;

/* Keys and salts of zeros do: the target is the reader. */
static enum dtls_status zeros(void *self, uint8_t *out, size_t len)
{
    (void)self;
    memset(out, 0, len);
    return DTLS_OK;
}

static void *take_none(void *self, size_t *size)
{
    (void)self;
    (void)size;
    return NULL;
}

static const struct dtls_store store = {.take = take_none};
static const uint16_t suites[] = {0xc0a8, 0x00a8, 0xccab, 0x00ae,
                                  0xc02b, 0xc02c, 0x00b0};
static struct dtls_config config = {
    .crypto = &crypto,
    .suites = suites,
    .num_suites = sizeof suites / sizeof *suites,
    .protocols = {(const uint8_t *)"\4coap", 5},
    .mtu = 1200,
    .life_limit = 3600000,
};

static bool take_over(struct dtls_session *s, enum dtls_role role,
                      struct dtls_bytes in)
{
    static uint8_t arena[2000];
    static const struct dtls_session zero;
    static struct dtls_area area;
    static struct dtls_record_room records;
    struct dtls_areas areas = {NULL};
    const struct dtls_session_room room = {.config = &config,
                                           .store = &store,
                                           .counters = &counters,
                                           .areas = &areas,
                                           .records = &records,
                                           .arena = {arena, sizeof arena}};
    enum dtls_status status;

    dtls_areas_add(&areas, &area);
    *s = zero;
    status = dtls_session_take_over(s, &crypto, role, &room, in, key, AT_ONCE);
    if (status != DTLS_OK) {
        FUZZ_CHECK(status == DTLS_DISCARD || status == DTLS_TOO_LATE);
        fuzz_zero(s, sizeof *s);
        return false;
    }
    FUZZ_CHECK(s->phase == DTLS_PHASE_CONNECTED);
    FUZZ_CHECK(dtls_session_check(s) == NULL);
    return true;
}

static bool seal(struct dtls_buf *in, struct dtls_bytes state)
{
    struct dtls_export e;
    enum dtls_status status = dtls_export_begin(&crypto, &e, in, key, 1);

    FUZZ_CHECK(status == DTLS_OK);
    status = dtls_put_bytes(&e.out, state) ? DTLS_OK
                                           : (enum dtls_status)DTLS_NO_ROOM;
    return dtls_export_end(&crypto, &e, in, 1, purpose, status) == DTLS_OK;
}

/* The session leaves, and comes to the other one. */
static void go_on(enum dtls_role role)
{
    uint8_t bytes[DTLS_HANDOVER_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct dtls_record_position at =
        dtls_record_layer_position(&first.records);
    const struct dtls_agreed agreed = first.hs.agreed;
    struct dtls_record_position then;
    enum dtls_status status =
        dtls_session_hand_over(&first, &crypto, &out, key, AT_ONCE);

    FUZZ_CHECK(dtls_session_check(&first) == NULL);
    if (status != DTLS_OK) { /* without an id, or at the end of the numbers */
        FUZZ_CHECK(status == DTLS_NOT_NOW || status == DTLS_TOO_LATE);
        FUZZ_CHECK(first.phase == DTLS_PHASE_CONNECTED && out.len == 0);
        return;
    }
    FUZZ_CHECK(first.failure == DTLS_HANDED_OVER);
    FUZZ_CHECK(dtls_handover_serial(dtls_buf_bytes(&out)) == 2);
    if (!take_over(&second, role, dtls_buf_bytes(&out))) {
        FUZZ_CHECK(at.next_seq > DTLS_SEQ_MAX - DTLS_HANDOVER_JUMP);
        return;
    }
    then = dtls_record_layer_position(&second.records);
    FUZZ_CHECK(then.next_seq == at.next_seq + DTLS_HANDOVER_JUMP);
    FUZZ_CHECK(then.epoch == at.epoch && then.right == at.right &&
               then.sealed == at.sealed && then.forged == at.forged);
    FUZZ_CHECK(
        memcmp(second.hs.agreed.master, agreed.master, DTLS_MASTER_LEN) == 0 &&
        second.hs.agreed.suite == agreed.suite &&
        second.hs.agreed.protocol.len == agreed.protocol.len);
    dtls_session_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes bytes = {data, size};
    uint8_t sealed[2 * DTLS_HANDOVER_MAX];
    struct dtls_buf in = {sealed, 0, sizeof sealed};
    uint8_t kind = fuzz_u8(&bytes);
    enum dtls_role role = (kind & SERVER) != 0 ? DTLS_SERVER : DTLS_CLIENT;

    crypto = dtls_libcrypto;
    crypto.random = zeros;
    if ((kind & ODD) == 0) {
        FUZZ_CHECK(!take_over(&first, role, bytes));
        return 0;
    }
    if (!seal(&in, bytes) || !take_over(&first, role, dtls_buf_bytes(&in))) {
        return 0;
    }
    go_on(role);
    dtls_session_free(&first);
    return 0;
}
