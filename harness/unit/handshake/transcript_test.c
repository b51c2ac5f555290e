/* SPDX-License-Identifier: MIT */
/* handshake/transcript.c: what is hashed, as if it came in one fragment. */
#include "fault/failing.h"
#include "kit/kit.h"

#include "messages/messages.h"
#include "handshake/server_steps.h"
#include "handshake/transcript.h"

#define CH2                                                                   \
    "fefd000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"    \
    "000cc00c1ec00c1ec00c1ec00c1e0002c0a80100000400170000"
#define SH                                                                    \
    "fefd202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"    \
    "00c0a800000400170000"
#define SESSION_HASH                                                          \
    "3cad218954a8cadf199a46268f693d971d1dc532d56f14f7cd6e3876743468e5"

static void begin(struct dtls_transcript *t)
{
    assert_int_equal(dtls_transcript_start(t, &dtls_libcrypto, 0), DTLS_OK);
}

/* Adds a body cut into two byte strings at `cut`. */
static void add_cut(struct dtls_transcript *t, uint8_t type, uint16_t seq,
                    const char *text, size_t cut)
{
    struct kit_hex body = kit_hex(text);
    struct dtls_bytes parts[2];

    cut = cut < body.len ? cut : body.len;
    parts[0] = dtls_bytes_of(body.data, cut);
    parts[1] = dtls_bytes_of(body.data + cut, body.len - cut);
    dtls_transcript_add(t, type, seq, parts, 2);
}

static void add_handshake(struct dtls_transcript *t, size_t cut)
{
    add_cut(t, DTLS_CLIENT_HELLO, 1, CH2, cut);
    add_cut(t, DTLS_SERVER_HELLO, 1, SH, cut);
    dtls_transcript_add(t, DTLS_SERVER_HELLO_DONE, 2, NULL, 0);
    add_cut(t, DTLS_CLIENT_KEY_EXCHANGE, 2, "0006636c69656e74", cut);
}

static void a_psk_handshake_has_the_session_hash_of_the_vector(void **state)
{
    struct dtls_transcript t;
    uint8_t digest[DTLS_HASH_MAX];

    (void)state;
    proves("D6347-4.2.6-1");
    proves("D6347-4.2.6-2");
    proves("D6347-4.2.6-5");
    proves("D7627-3-1");
    begin(&t);
    add_handshake(&t, 0);
    kit_assert_hex(dtls_transcript_digest(&t, DTLS_HASH_SHA256, digest),
                   SESSION_HASH);
}

/* RFC 8422, 5.10: the concatenation of all handshake messages. */
static void messages_are_kept_where_somebody_signs_them(void **state)
{
    static const struct dtls_sigalg *ed25519, *sha512, *sha384;
    struct dtls_transcript t;
    struct dtls_bytes kept;
    uint8_t room[512];
    uint8_t digest[2][DTLS_HASH_MAX];

    (void)state;
    ed25519 = dtls_sigalg_find(DTLS_SIGALG_ED25519);
    sha512 = dtls_sigalg_find(0x0603);
    sha384 = dtls_sigalg_find(0x0503);
    begin(&t);
    assert_false(dtls_transcript_can_sign(&t, ed25519));
    assert_false(dtls_transcript_can_sign(&t, sha512));
    assert_true(dtls_transcript_can_sign(&t, sha384));
    assert_int_equal(dtls_transcript_input(&t, sha384, digest[0]).len, 48);

    dtls_transcript_remember(&t, (struct dtls_span){room, sizeof room});
    add_handshake(&t, 7);
    assert_true(dtls_transcript_can_sign(&t, ed25519));
    kept = dtls_transcript_input(&t, ed25519, digest[0]);
    assert_ptr_equal(kept.data, room);
    assert_int_equal(
        dtls_libcrypto.digest(NULL, digest[0], DTLS_HASH_SHA256, &kept, 1),
        DTLS_OK);
    (void)dtls_transcript_digest(&t, DTLS_HASH_SHA256, digest[1]);
    assert_memory_equal(digest[0], digest[1], 32);
}

static void messages_that_do_not_fit_are_not_kept(void **state)
{
    const struct dtls_sigalg *ed25519 = dtls_sigalg_find(DTLS_SIGALG_ED25519);
    uint8_t room[512];
    size_t needed = 0;

    (void)state;
    /* From the most room to the least: the first says how much is needed. */
    for (size_t cap = sizeof room; cap > 0; cap--) {
        uint8_t digest[DTLS_HASH_MAX];
        struct dtls_transcript t;

        kit_row("room for %zu bytes", cap);
        begin(&t);
        memset(room, 0x5a, sizeof room);
        dtls_transcript_remember(&t, (struct dtls_span){room, cap});
        add_handshake(&t, 0);
        if (cap == sizeof room) {
            needed = dtls_transcript_input(&t, ed25519, digest).len;
            assert_in_range(needed, 4 * 12, sizeof room - 1);
        }
        assert_int_equal(dtls_transcript_can_sign(&t, ed25519), cap >= needed);
        if (cap >= needed) {
            assert_int_equal(dtls_transcript_input(&t, ed25519, digest).len,
                             needed);
        }
        assert_true(cap == sizeof room || room[cap] == 0x5a);
        kit_assert_hex(dtls_transcript_digest(&t, DTLS_HASH_SHA256, digest),
                       SESSION_HASH);
    }
}

static void how_a_body_is_cut_into_parts_does_not_matter(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < 70; cut++) {
        struct dtls_transcript t;
        uint8_t digest[DTLS_HASH_MAX];

        kit_row("cut at %zu", cut);
        begin(&t);
        add_handshake(&t, cut);
        kit_assert_hex(dtls_transcript_digest(&t, DTLS_HASH_SHA256, digest),
                       SESSION_HASH);
    }
}

static void asking_for_a_digest_leaves_the_hash_running(void **state)
{
    struct dtls_transcript t;
    uint8_t digest[DTLS_HASH_MAX];

    (void)state;
    begin(&t);
    add_cut(&t, DTLS_CLIENT_HELLO, 1, CH2, 3);
    (void)dtls_transcript_digest(&t, DTLS_HASH_SHA256, digest);
    add_cut(&t, DTLS_SERVER_HELLO, 1, SH, 3);
    dtls_transcript_add(&t, DTLS_SERVER_HELLO_DONE, 2, NULL, 0);
    (void)dtls_transcript_digest(&t, DTLS_HASH_SHA384, digest);
    add_cut(&t, DTLS_CLIENT_KEY_EXCHANGE, 2, "0006636c69656e74", 3);
    for (int i = 0; i < 2; i++) {
        kit_row("time %d", i);
        kit_assert_hex(dtls_transcript_digest(&t, DTLS_HASH_SHA256, digest),
                       SESSION_HASH);
    }
}

/* Both hashes over the header of message 0x1234 and its three bytes. */
static void every_byte_of_the_header_is_hashed(void **state)
{
    struct kit_hex whole = kit_hex("0b 000003 1234 000000 000003 a1a2a3");
    static const enum dtls_hash_alg algs[] = {DTLS_HASH_SHA256,
                                              DTLS_HASH_SHA384};
    struct dtls_transcript t;

    (void)state;
    proves("D6347-4.2.6-1");
    begin(&t);
    add_cut(&t, 11, 0x1234, "a1a2a3", 1);
    for (size_t i = 0; i < LEN(algs); i++) {
        uint8_t expected[DTLS_HASH_MAX];
        uint8_t digest[DTLS_HASH_MAX];
        struct dtls_hash hash;
        struct dtls_bytes got = dtls_transcript_digest(&t, algs[i], digest);

        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        assert_int_equal(dtls_libcrypto.hash_start(NULL, &hash, algs[i]),
                         DTLS_OK);
        dtls_libcrypto.hash_update(NULL, &hash, kit_hex_bytes(&whole));
        dtls_libcrypto.hash_digest(NULL, &hash, expected);
        assert_true(dtls_bytes_equal(
            got, dtls_bytes_of(expected, dtls_hash_len(algs[i]))));
    }
}

static void only_the_hash_that_is_kept_goes_on(void **state)
{
    static const enum dtls_hash_alg algs[] = {DTLS_HASH_SHA256,
                                              DTLS_HASH_SHA384};
    static const uint16_t pairs[] = {0x0403, 0x0503, 0x0603};

    (void)state;
    for (size_t i = 0; i < LEN(algs); i++) {
        struct dtls_transcript t;
        uint8_t digest[DTLS_HASH_MAX];

        kit_row("hash of %zu bytes", dtls_hash_len(algs[i]));
        begin(&t);
        dtls_transcript_keep(&t, algs[i]);
        add_handshake(&t, 0);
        assert_int_equal(dtls_transcript_digest(&t, algs[i], digest).len,
                         dtls_hash_len(algs[i]));
        for (size_t k = 0; k < LEN(pairs); k++) {
            kit_row("pair %04x", pairs[k]);
            assert_int_equal(
                dtls_transcript_can_sign(&t, dtls_sigalg_find(pairs[k])),
                i == k);
        }
    }
}

/* SHA-512 and SHA-1 run if somebody may sign with them. */
static void a_hash_runs_that_is_asked_for(void **state)
{
    static const struct {
        enum dtls_hash_alg alg;
        uint16_t pair;
    } rows[] = {{DTLS_HASH_SHA512, 0x0603}, {DTLS_HASH_SHA1, 0x0203}};

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_transcript t;
        struct dtls_buf kept;
        uint8_t room[512];
        uint8_t expected[DTLS_HASH_MAX];
        uint8_t digest[DTLS_HASH_MAX];
        struct dtls_bytes messages;
        struct dtls_bytes got;

        kit_row("pair %04x", rows[i].pair);
        assert_int_equal(dtls_transcript_start(&t, &dtls_libcrypto,
                                               DTLS_HASH_BIT(rows[i].alg)),
                         DTLS_OK);
        dtls_transcript_remember(&t, (struct dtls_span){room, sizeof room});
        add_handshake(&t, 3);
        assert_true(
            dtls_transcript_can_sign(&t, dtls_sigalg_find(rows[i].pair)));
        assert_false(
            dtls_transcript_can_sign(&t, dtls_sigalg_find(rows[1 - i].pair)));
        got =
            dtls_transcript_input(&t, dtls_sigalg_find(rows[i].pair), digest);
        kept = t.messages;
        messages = dtls_buf_bytes(&kept);
        assert_int_equal(
            dtls_libcrypto.digest(NULL, expected, rows[i].alg, &messages, 1),
            DTLS_OK);
        assert_true(dtls_bytes_equal(
            got, dtls_bytes_of(expected, dtls_hash_len(rows[i].alg))));
    }
}

static void ask_for_the_other_digest(void *context)
{
    uint8_t digest[DTLS_HASH_MAX];

    (void)dtls_transcript_digest(context, DTLS_HASH_SHA384, digest);
}

static void ask_for_lost_messages(void *context)
{
    uint8_t digest[DTLS_HASH_MAX];

    (void)dtls_transcript_input(context, dtls_sigalg_find(DTLS_SIGALG_ED25519),
                                digest);
}

/* A Finished or a signature over nothing is not made. */
static void what_is_not_there_is_not_taken_for_empty(void **state)
{
    struct dtls_transcript t;

    (void)state;
    begin(&t);
    assert_false(kit_aborts(ask_for_the_other_digest, &t));
    dtls_transcript_keep(&t, DTLS_HASH_SHA256);
    assert_true(kit_aborts(ask_for_the_other_digest, &t));
    assert_true(kit_aborts(ask_for_lost_messages, &t));
}

/* Whichever hash cannot be begun, the transcript is what it was. */
static void a_start_that_fails_changes_nothing(void **state)
{
    (void)state;
    for (unsigned call = 1; call <= DTLS_TRANSCRIPT_HASHES; call++) {
        struct dtls_transcript t;
        struct dtls_transcript before;
        struct failing f;

        kit_row("call %u", call);
        begin(&t);
        add_handshake(&t, 0);
        before = t;
        failing_init(&f, &dtls_libcrypto, NULL);
        f.first = call;
        f.last = call;
        assert_int_equal(dtls_transcript_start(&t, &f.crypto, ~0u),
                         DTLS_INTERNAL_ERROR);
        assert_memory_equal(&t, &before, sizeof t);
    }
}

static void a_new_start_forgets_what_was_hashed(void **state)
{
    struct dtls_transcript t;
    uint8_t digest[DTLS_HASH_MAX];

    (void)state;
    proves("D6347-4.2.6-3");
    begin(&t);
    add_cut(&t, DTLS_CLIENT_HELLO, 0, "a1a2a3", 0);
    begin(&t);
    add_handshake(&t, 0);
    kit_assert_hex(dtls_transcript_digest(&t, DTLS_HASH_SHA256, digest),
                   SESSION_HASH);
}

/* Over nothing a signature would be the same in every handshake: such a pair
 * is refused by its name, any other by the signature. */
static void what_does_not_run_cannot_have_been_signed(void **state)
{
    static const struct {
        uint16_t id;
        enum dtls_key_type key;
        enum dtls_status status;
    } rows[] = {
        {0x0807, DTLS_KEY_ED25519, DTLS_ILLEGAL_PARAMETER},
        {0x0603, DTLS_KEY_EC, DTLS_ILLEGAL_PARAMETER},
        {0x0601, DTLS_KEY_RSA, DTLS_ILLEGAL_PARAMETER},
        {0x0806, DTLS_KEY_RSA, DTLS_ILLEGAL_PARAMETER},
        {0x0503, DTLS_KEY_EC, DTLS_DECRYPT_ERROR},
        {0x0804, DTLS_KEY_RSA, DTLS_DECRYPT_ERROR},
    };
    static const struct dtls_config config; /* every pair but SHA-1's */
    static struct dtls_handshake hs;        /* large: not on the stack */
    static struct dtls_area area;

    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        uint8_t bytes[128];
        struct dtls_buf body = {bytes, 0, sizeof bytes};
        struct dtls_message m = {.type = DTLS_CERTIFICATE_VERIFY};

        kit_row("pair %04x", rows[i].id);
        hs = (struct dtls_handshake){.config = &config,
                                     .crypto = &dtls_libcrypto,
                                     .area = &area,
                                     .peer_key.type = rows[i].key};
        begin(&area.transcript);
        assert_true(dtls_put_u16(&body, rows[i].id) &&
                    dtls_put_vec16(&body, dtls_bytes_of(hs.cookie, 32)));
        m.body = dtls_buf_bytes(&body);
        assert_int_equal(dtls_server_take_certificate_verify(&hs, &m),
                         rows[i].status);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_psk_handshake_has_the_session_hash_of_the_vector),
        cmocka_unit_test(messages_are_kept_where_somebody_signs_them),
        cmocka_unit_test(messages_that_do_not_fit_are_not_kept),
        cmocka_unit_test(how_a_body_is_cut_into_parts_does_not_matter),
        cmocka_unit_test(asking_for_a_digest_leaves_the_hash_running),
        cmocka_unit_test(every_byte_of_the_header_is_hashed),
        cmocka_unit_test(only_the_hash_that_is_kept_goes_on),
        cmocka_unit_test(a_hash_runs_that_is_asked_for),
        cmocka_unit_test(what_is_not_there_is_not_taken_for_empty),
        cmocka_unit_test(a_start_that_fails_changes_nothing),
        cmocka_unit_test(a_new_start_forgets_what_was_hashed),
        cmocka_unit_test(what_does_not_run_cannot_have_been_signed),
    };

    return kit_run(tests);
}
