/* SPDX-License-Identifier: MIT */
/* A client's session as bytes that the application keeps: out and in again,
 * and everything that is no such session refused. */
#include "kit/kit.h"

#include "base/secret.h"
#include "handshake/resumption.h"

static struct kit_crypto crypto;
static const uint8_t key[DTLS_SAVED_KEY_LEN] = {0x2a, 0x3b, 0x4c};
static struct dtls_client_session made;
static struct dtls_client_session back;
static uint8_t bytes[DTLS_EXPORTED_MAX];

#define NOW 5000000u

/* A session with a ticket of this length; 0: with an id. */
static void make(uint16_t ticket_len, uint8_t identity_len)
{
    uint64_t seed = 0x5e55 + (uint64_t)ticket_len;

    kit_crypto_seed(&crypto, 7);
    made = (struct dtls_client_session){
        .saved = {.suite = identity_len != 0 ? 0xc0a8 : 0xc02b,
                  .has_peer_leaf = identity_len == 0,
                  .peer_until = identity_len == 0 ? 0x6789abcdef : 0,
                  .server_name_known = identity_len == 0,
                  .fragment_length = 1024,
                  .until = NOW + 3600000,
                  .identity_len = identity_len,
                  .id_len = ticket_len == 0 ? DTLS_SESSION_ID_MAX : 0},
        .ticket_until = NOW + 1800000,
        .ticket_len = ticket_len,
        .which = 1,
    };
    kit_fill(&seed, made.saved.master, sizeof made.saved.master);
    kit_fill(&seed, made.saved.scope, sizeof made.saved.scope);
    kit_fill(&seed, made.saved.peer_leaf, sizeof made.saved.peer_leaf);
    kit_fill(&seed, made.saved.identity, identity_len);
    kit_fill(&seed, made.saved.id, made.saved.id_len);
    kit_fill(&seed, made.tickets[1], ticket_len);
}

static struct dtls_bytes export(void)
{
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_int_equal(
        dtls_client_session_export(&crypto.crypto, &out, &made, key, NOW),
        DTLS_OK);
    return dtls_buf_bytes(&out);
}

static enum dtls_status import(struct dtls_bytes in, const uint8_t *with,
                               uint64_t now)
{
    memset(&back, 0x5a, sizeof back);
    return dtls_client_session_import(&crypto.crypto, &back, in, with, now);
}

static void check_none(void)
{
    static const uint8_t zero[sizeof back];

    assert_memory_equal(&back, zero, sizeof back);
}

static void what_goes_out_comes_in_again(void **state)
{
    static const uint16_t tickets[] = {0, 1, 182, 2047, DTLS_TICKET_MAX};
    static const uint8_t identities[] = {0, 1, DTLS_PSK_IDENTITY_MAX};

    (void)state;
    for (size_t t = 0; t < LEN(tickets); t++) {
        kit_row("a ticket of %u bytes", tickets[t]);
        for (size_t i = 0; i < LEN(identities); i++) {
            const uint64_t later = 77;

            kit_row("an identity of %u bytes", identities[i]);
            make(tickets[t], identities[i]);
            /* In another process, whose clock has just begun. */
            assert_int_equal(import(export(), key, later), DTLS_OK);
            assert_int_equal(back.saved.until, later + 3600000);
            assert_int_equal(back.ticket_until, later + 1800000);
            assert_int_equal(back.ticket_len, tickets[t]);
            assert_memory_equal(back.tickets[back.which], made.tickets[1],
                                tickets[t]);
            back.saved.until = made.saved.until;
            assert_memory_equal(&back.saved, &made.saved, sizeof back.saved);
        }
    }
}

static void no_plaintext_goes_out(void **state)
{
    struct dtls_bytes out;

    (void)state;
    make(100, 6);
    out = export();
    for (size_t i = 0; i + 16 <= out.len; i++) {
        kit_row("at byte %zu", i);
        assert_memory_not_equal(&out.data[i], made.saved.master, 16);
        assert_memory_not_equal(&out.data[i], made.tickets[1], 16);
    }
}

static void check_prefix(void *context, struct dtls_bytes prefix)
{
    (void)context;
    assert_int_equal(import(prefix, key, NOW), DTLS_DISCARD);
    check_none();
}

static void anything_else_is_refused(void **state)
{
    uint8_t other[DTLS_SAVED_KEY_LEN];
    struct dtls_bytes out;

    (void)state;
    make(182, 6);
    out = export();
    kit_each_prefix(out, check_prefix, NULL);
    for (size_t i = 0; i < out.len; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            kit_row("bit %u of byte %zu", bit, i);
            bytes[i] ^= (uint8_t)(1u << bit);
            assert_int_equal(import(out, key, NOW), DTLS_DISCARD);
            check_none();
            bytes[i] ^= (uint8_t)(1u << bit);
        }
    }
    memcpy(other, key, sizeof other);
    other[31] ^= 1;
    assert_int_equal(import(out, other, NOW), DTLS_DISCARD);
    check_none();
    bytes[out.len] = 0;
    assert_int_equal(import(dtls_bytes_of(bytes, out.len + 1), key, NOW),
                     DTLS_DISCARD);
    check_none();
    assert_int_equal(import(out, key, NOW), DTLS_OK);
}

/* Puts version and salt, and makes the key that the application's has with
 * it. */
static struct dtls_cipher begin_export(struct dtls_buf *out)
{
    static const uint8_t salt[DTLS_EXPORT_SALT_LEN] = {0x5a, 0x17};
    struct dtls_bytes part = {salt, sizeof salt};
    struct dtls_cipher cipher = {0};
    struct dtls_hmac_key hmac;
    uint8_t own[32];

    kit_crypto_seed(&crypto, 7);
    assert_true(dtls_put_u8(out, 1) && dtls_put_bytes(out, part));
    assert_int_equal(crypto.crypto.hmac_key(crypto.crypto.self, &hmac,
                                            DTLS_HASH_SHA256,
                                            dtls_bytes_of(key, sizeof key)),
                     DTLS_OK);
    crypto.crypto.hmac(crypto.crypto.self, &hmac, own, &part, 1);
    assert_int_equal(dtls_saved_key(&crypto.crypto, &cipher, own, true),
                     DTLS_OK);
    return cipher;
}

/* Under the right key, but for another purpose, or no session at all. */
static void what_is_sealed_must_be_an_exported_session(void **state)
{
    static const struct {
        const char *name;
        uint8_t purpose[DTLS_SAVED_PURPOSE_LEN];
    } rows[] = {{"a ticket", {'t', 'k', 't'}},
                {"a session without a ticket's length", {'e', 'x', 'p'}}};

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        struct dtls_cipher cipher;

        kit_row("%s", rows[i].name);
        make(0, 6);
        cipher = begin_export(&out);
        assert_int_equal(dtls_saved_seal(&crypto.crypto, &cipher, &out,
                                         &made.saved, 0, rows[i].purpose),
                         DTLS_OK);
        crypto.crypto.cipher_free(crypto.crypto.self, &cipher);
        assert_int_equal(import(dtls_buf_bytes(&out), key, NOW), DTLS_DISCARD);
        check_none();
    }
}

/* ---- What an export says, under the right key ---- */

/* One export, field by field. */
struct said {
    const char *name;
    enum dtls_status status;
    uint8_t format;
    uint8_t flags;
    uint8_t identity_len;
    uint8_t id_len;
    uint16_t ticket_len;
    size_t more; /* bytes behind the ticket */
};

static uint8_t plain[5000];

static struct dtls_bytes write_state(const struct said *said)
{
    static const uint8_t filler[3000];
    struct dtls_buf out = {plain, 0, sizeof plain};
    const size_t fixed = 2 * DTLS_LEAF_LEN + DTLS_MASTER_LEN;

    assert_true(
        dtls_put_u8(&out, said->format) && dtls_put_u16(&out, 0xc02b) &&
        dtls_put_u8(&out, said->flags) && dtls_put_u16(&out, 1024) &&
        dtls_put_u48(&out, 3600000) && dtls_put_u48(&out, 0x6789abcd) &&
        dtls_put_bytes(&out, dtls_bytes_of(filler, fixed)) &&
        dtls_put_vec8(&out, dtls_bytes_of(filler, said->identity_len)) &&
        dtls_put_vec8(&out, dtls_bytes_of(filler, said->id_len)) &&
        dtls_put_u48(&out, 1800000) &&
        dtls_put_vec16(&out, dtls_bytes_of(filler, said->ticket_len)) &&
        dtls_put_bytes(&out, dtls_bytes_of(filler, said->more)));
    return dtls_buf_bytes(&out);
}

/* Seals a state as an export is sealed: its number, which is 0, the state, the
 * tag. */
static struct dtls_bytes seal_state(struct dtls_bytes state)
{
    static const uint8_t aad[DTLS_AAD_LEN] = {0, 0, 0,   0,   0,  0,
                                              0, 0, 'e', 'x', 'p'};
    static uint8_t sealed[6000];
    struct dtls_buf out = {sealed, 0, sizeof sealed};
    struct dtls_cipher cipher = begin_export(&out);
    struct dtls_span body = {&sealed[out.len],
                             8 + state.len + DTLS_SAVED_TAG_LEN};

    memset(body.data, 0, 8);
    memcpy(&body.data[8], state.data, state.len);
    assert_int_equal(
        crypto.crypto.aead_seal(crypto.crypto.self, &cipher, aad, body),
        DTLS_OK);
    crypto.crypto.cipher_free(crypto.crypto.self, &cipher);
    return dtls_bytes_of(sealed, out.len + body.len);
}

static const struct said good = {"good", DTLS_OK, 1, 0, 6, 32, 180, 0};

static void each_field_of_an_export_has_its_bounds(void **state)
{
    static const struct said rows[] = {
        {"another format", DTLS_DISCARD, 2, 0, 6, 32, 180, 0},
        {"all flags", DTLS_OK, 1, 7, 6, 32, 180, 0},
        {"a flag more", DTLS_DISCARD, 1, 8, 6, 32, 180, 0},
        {"the longest identity", DTLS_OK, 1, 0, 128, 32, 180, 0},
        {"one byte more", DTLS_DISCARD, 1, 0, 129, 32, 180, 0},
        {"no id", DTLS_OK, 1, 0, 6, 0, 180, 0},
        {"an id of 33 bytes", DTLS_DISCARD, 1, 0, 6, 33, 180, 0},
        {"the longest ticket", DTLS_OK, 1, 0, 6, 32, 2048, 0},
        {"a ticket of 2049 bytes", DTLS_DISCARD, 1, 0, 6, 32, 2049, 0},
        {"a byte behind the ticket", DTLS_DISCARD, 1, 0, 6, 32, 180, 1},
        {"more than there is room for", DTLS_DISCARD, 1, 0, 6, 32, 2000, 2200},
    };

    (void)state;
    assert_int_equal(import(seal_state(write_state(&good)), key, NOW),
                     DTLS_OK);
    assert_int_equal(back.saved.identity_len, 6);
    assert_int_equal(back.saved.peer_until, 0x6789abcd);
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].name);
        assert_int_equal(import(seal_state(write_state(&rows[i])), key, NOW),
                         rows[i].status);
        if (rows[i].status == DTLS_OK) {
            assert_int_equal(back.saved.identity_len, rows[i].identity_len);
            assert_int_equal(back.saved.id_len, rows[i].id_len);
            assert_int_equal(back.ticket_len, rows[i].ticket_len);
            assert_int_equal(back.saved.has_peer_leaf, rows[i].flags & 1);
        } else {
            check_none();
        }
    }
}

static void an_export_that_was_cut_before_it_was_sealed_is_refused(
    void **state)
{
    struct dtls_bytes whole = write_state(&good);

    (void)state;
    for (size_t len = 0; len < whole.len; len++) {
        kit_row("%zu bytes", len);
        assert_int_equal(
            import(seal_state(dtls_bytes_of(plain, len)), key, NOW),
            DTLS_DISCARD);
        check_none();
    }
}

static void without_room_nothing_is_left_behind(void **state)
{
    static const uint8_t zero[sizeof bytes];
    size_t len;

    (void)state;
    make(182, 6);
    len = export().len;
    for (size_t cap = 0; cap <= len; cap++) {
        struct dtls_buf out = {bytes, 0, cap};

        kit_row("room for %zu bytes", cap);
        memset(bytes, 0, sizeof bytes);
        assert_int_equal(
            dtls_client_session_export(&crypto.crypto, &out, &made, key, NOW),
            cap == len ? DTLS_OK : DTLS_NO_ROOM);
        assert_int_equal(out.len, cap == len ? len : 0);
        if (cap != len) {
            assert_memory_equal(bytes, zero, sizeof bytes);
        }
    }
}

static void without_a_session_there_is_nothing_to_export(void **state)
{
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    made = (struct dtls_client_session){0};
    kit_crypto_seed(&crypto, 7);
    assert_int_equal(
        dtls_client_session_export(&crypto.crypto, &out, &made, key, NOW),
        DTLS_NOT_NOW);
    assert_int_equal(out.len, 0);
}

/* Without a hint the ticket may be offered for as long as the session. */
static void times_that_are_over_or_without_end_stay_so(void **state)
{
    (void)state;
    make(182, 6);
    made.ticket_until = UINT64_MAX;
    made.saved.until = NOW - 1;
    assert_int_equal(import(export(), key, 99), DTLS_OK);
    assert_true(back.ticket_until == UINT64_MAX);
    assert_int_equal(back.saved.until, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_out_comes_in_again),
        cmocka_unit_test(no_plaintext_goes_out),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(what_is_sealed_must_be_an_exported_session),
        cmocka_unit_test(each_field_of_an_export_has_its_bounds),
        cmocka_unit_test(
            an_export_that_was_cut_before_it_was_sealed_is_refused),
        cmocka_unit_test(without_room_nothing_is_left_behind),
        cmocka_unit_test(without_a_session_there_is_nothing_to_export),
        cmocka_unit_test(times_that_are_over_or_without_end_stay_so),
    };

    return kit_run(tests);
}
