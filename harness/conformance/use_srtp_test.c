/* SPDX-License-Identifier: MIT */
/* use_srtp (RFC 5764): what is offered, agreed on and refused, and the keys.
 */
#include "conformance/stage.h"

#include "handshake/srtp.h"

static struct stage s;
static struct hello hello;
static struct peer_message *m;

enum { USE_SRTP = 14 };

#define MASTER                                                                \
    "d7c9dc46301b012ba5c4b2c1d6ea6526e233efed954357a0"                        \
    "ffaad0d34f2fdf0a0296138ec14e856fb91422032557ddda"

static const uint16_t all[] = {
    DTLS_SRTP_AES128_CM_HMAC_SHA1_80, DTLS_SRTP_AES128_CM_HMAC_SHA1_32,
    DTLS_SRTP_AEAD_AES_128_GCM, DTLS_SRTP_AEAD_AES_256_GCM};
static const uint16_t gcm_first[] = {DTLS_SRTP_AEAD_AES_128_GCM,
                                     DTLS_SRTP_AES128_CM_HMAC_SHA1_80};

static void set(struct peer *end, const uint16_t *profiles, size_t num)
{
    end->config.srtp_profiles = profiles;
    end->config.num_srtp_profiles = num;
}

static struct dtls_bytes value_of(const struct hello *of)
{
    struct dtls_bytes value;

    return hello_has(of, USE_SRTP, &value) ? value : (struct dtls_bytes){0};
}

static void without_a_setting_there_is_none(void **state)
{
    struct dtls_bytes value;

    (void)state;
    proves("D5764-4.1-2");
    stage_init(&s, DTLS_CLIENT, 141);
    stage_start(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    assert_false(hello_has(&hello, USE_SRTP, &value));
    stage_end(&s);
}

static void a_client_offers_its_profiles_and_its_mki(void **state)
{
    static const uint8_t mki[] = {0xc1, 0xd2, 0xe3, 0xf4};
    static const uint16_t with_others[] = {0x0005, 0x0007, 0x0007,
                                           0xfffe, 0x0001, 0x0007};

    (void)state;
    proves("D5764-4.1-1");
    stage_init(&s, DTLS_CLIENT, 142);
    set(&s.target, gcm_first, LEN(gcm_first));
    stage_start(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    kit_assert_hex(value_of(&hello), "0004 0007 0001 00");
    stage_end(&s);
    kit_row("with an MKI, profiles that are not ours, and one three times");
    stage_init(&s, DTLS_CLIENT, 143);
    set(&s.target, with_others, LEN(with_others));
    s.target.config.srtp_mki = dtls_bytes_of(mki, sizeof mki);
    stage_start(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    kit_assert_hex(value_of(&hello), "0004 0007 0001 04 c1d2e3f4");
    stage_end(&s);
}

/* The server has these profiles, the client offers that value.  Leaves the
 * answer in `hello`. */
static void answer_to(const uint16_t *profiles, size_t num,
                      struct dtls_bytes value)
{
    stage_init(&s, DTLS_SERVER, 144);
    set(&s.target, profiles, num);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    hello_add(&hello, USE_SRTP, value.data, value.len);
    hello_put(&s, m, &hello);
    stage_say(&s, m);
    stage_listen_alone(&s);
    hello_read_server(&hello, stage_said(&s, DTLS_SERVER_HELLO));
}

static void a_server_answers_with_one_profile_of_the_list(void **state)
{
    static const struct {
        const uint16_t *own;
        size_t num;
        const char *offered;
        const char *answer; /* empty: none */
    } rows[] = {
        {all, 4, "0006 0001 0002 0005 00", "0002 0001 00"},
        {all, 4, "0002 0002 00", "0002 0002 00"},
        {all, 4, "0004 0008 0007 00", "0002 0007 00"}, /* our order */
        {gcm_first, 2, "0004 0001 0007 00", "0002 0007 00"},
        {gcm_first, 2, "0004 ffff 0001 00", "0002 0001 00"},
        {gcm_first, 2, "0004 0002 0008 00", ""},
        {all, 4, "0004 0005 0006 00", ""},
        {all, 4, "0002 ffff 00", ""},
        {all, 0, "0002 0001 00", ""},
    };

    (void)state;
    proves("D5764-4.1.1-1");
    proves("D5764-4.1.1-2");
    proves("D5764-4.1.1-3");
    proves("D5764-4.1.1-6");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct kit_hex offered = kit_hex(rows[i].offered);

        kit_row("row %zu", i);
        answer_to(rows[i].own, rows[i].num, kit_hex_bytes(&offered));
        kit_assert_hex(value_of(&hello), rows[i].answer);
        stage_end(&s);
    }
}

/* The MKI comes back as it is, or not at all. */
static void a_server_takes_an_mki_for_which_it_has_room(void **state)
{
    static const size_t lengths[] = {0, 1, DTLS_SRTP_MKI_MAX,
                                     DTLS_SRTP_MKI_MAX + 1, 255};

    (void)state;
    proves("D5764-4.1.3-1");
    proves("D5764-4.1.3-3");
    for (size_t i = 0; i < LEN(lengths); i++) {
        size_t len = lengths[i] > DTLS_SRTP_MKI_MAX ? 0 : lengths[i];
        uint8_t bytes[300] = {0, 2, 0, 1, (uint8_t)lengths[i], 0xa1, 0xb2};
        uint8_t expected[300];

        kit_row("%zu bytes", lengths[i]);
        memcpy(expected, bytes, sizeof expected);
        expected[4] = (uint8_t)len;
        answer_to(all, LEN(all), dtls_bytes_of(bytes, 5 + lengths[i]));
        assert_true(dtls_bytes_equal(value_of(&hello),
                                     dtls_bytes_of(expected, 5 + len)));
        assert_int_equal(s.target.session.hs.srtp.mki_len, len);
        assert_memory_equal(s.target.session.hs.srtp.mki, &expected[5], len);
        stage_end(&s);
    }
}

static void a_client_refuses_what_it_has_not_offered(void **state)
{
    static const uint8_t mki[] = {0xc1, 0xd2};
    static const struct {
        const char *what;
        const char *answer;
        enum dtls_status status; /* DTLS_OK: it is fine */
    } rows[] = {
        {"its profile", "0002 0007 00", DTLS_OK},
        {"its profile and its MKI", "0002 0001 02 c1d2", DTLS_OK},
        {"another profile", "0002 0002 00", DTLS_ILLEGAL_PARAMETER},
        {"no profile at all", "0002 0000 00", DTLS_ILLEGAL_PARAMETER},
        {"two profiles", "0004 0007 0001 00", DTLS_ILLEGAL_PARAMETER},
        {"another MKI", "0002 0007 02 c1d3", DTLS_ILLEGAL_PARAMETER},
        {"a longer MKI", "0002 0007 03 c1d200", DTLS_ILLEGAL_PARAMETER},
        {"a shorter MKI", "0002 0007 01 c1", DTLS_ILLEGAL_PARAMETER},
        {"half a profile", "0001 00 00", DTLS_DECODE_ERROR},
        {"an empty list", "0000 00", DTLS_DECODE_ERROR},
        {"no MKI", "0002 0007", DTLS_DECODE_ERROR},
        {"bytes behind", "0002 0007 00 00", DTLS_DECODE_ERROR},
    };

    (void)state;
    proves("D5764-4.1.1-4");
    proves("D5764-4.1.3-2");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct kit_hex answer = kit_hex(rows[i].answer);

        kit_row("%s", rows[i].what);
        stage_init(&s, DTLS_CLIENT, 145);
        set(&s.target, gcm_first, LEN(gcm_first));
        s.target.config.srtp_mki = dtls_bytes_of(mki, sizeof mki);
        stage_start(&s);
        m = stage_come_to(&s, DTLS_SERVER_HELLO);
        hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
        hello_drop(&hello, USE_SRTP);
        hello_add(&hello, USE_SRTP, answer.data, answer.len);
        hello_put(&s, m, &hello);
        stage_say(&s, m);
        if (rows[i].status == DTLS_OK) {
            stage_say_rest(&s, m);
            stage_connects(&s);
            stage_end(&s);
        } else {
            stage_fails(&s, rows[i].status);
        }
    }
}

/* Both ends connect with one profile, and have the same keys. */
static void connect_with(uint16_t profile, struct dtls_srtp_keys keys[2])
{
    static uint16_t only;

    only = profile;
    stage_init(&s, DTLS_SERVER, 146);
    set(&s.target, &only, 1);
    set(&s.peer, &only, 1);
    stage_start(&s);
    stage_connects(&s);
    assert_int_equal(dtls_session_srtp_keys(&s.target.session, &keys[0]),
                     DTLS_OK);
    assert_int_equal(dtls_session_srtp_keys(&s.peer.session, &keys[1]),
                     DTLS_OK);
}

static void both_ends_have_the_keys_of_the_exporter(void **state)
{
    static const struct {
        uint16_t id;
        size_t key, salt;
    } rows[] = {{0x0001, 16, 14},
                {0x0002, 16, 14},
                {0x0007, 16, 12},
                {0x0008, 32, 12}};
    static const struct dtls_bytes empty = {(const uint8_t *)"", 0};

    (void)state;
    proves("D5764-4.2-1");
    proves("D5764-4.2-2");
    proves("D5764-4.4-1");
    for (size_t i = 0; i < LEN(rows); i++) {
        struct dtls_srtp_keys keys[2];
        uint8_t bytes[2][2 * (32 + 14)];
        size_t k = rows[i].key;
        size_t salts = 2 * k;
        size_t len = 2 * (k + rows[i].salt);

        kit_row("profile %04x", rows[i].id);
        connect_with(rows[i].id, keys);
        assert_memory_equal(&keys[0], &keys[1], sizeof keys[0]);
        assert_int_equal(dtls_session_export(&s.peer.session, bytes[0], len,
                                             "EXTRACTOR-dtls_srtp", NULL),
                         DTLS_OK);
        assert_int_equal(dtls_session_export(&s.peer.session, bytes[1], len,
                                             "EXTRACTOR-dtls_srtp", &empty),
                         DTLS_OK);
        assert_memory_not_equal(bytes[0], bytes[1], len);
        assert_memory_equal(keys[0].client_key, bytes[0], k);
        assert_memory_equal(keys[0].server_key, bytes[0] + k, k);
        assert_memory_equal(keys[0].client_salt, bytes[0] + salts,
                            rows[i].salt);
        assert_memory_equal(keys[0].server_salt,
                            bytes[0] + salts + rows[i].salt, rows[i].salt);
        assert_int_equal(dtls_srtp_find(rows[i].id)->packets, 2147483648u);
        stage_end(&s);
    }
}

/* The handshake of the vectors: its master secret and its randoms. */
static void the_keys_of_a_known_handshake(void **state)
{
    static struct dtls_handshake h;
    struct kit_hex master = kit_hex(MASTER);
    struct dtls_srtp_keys keys;

    (void)state;
    proves("D5764-4.2-1");
    h.crypto = &dtls_libcrypto;
    h.agreed.suite = dtls_suite_find(0xc0a8);
    h.agreed.srtp.profile = DTLS_SRTP_AES128_CM_HMAC_SHA1_80;
    assert_int_equal(master.len, DTLS_MASTER_LEN);
    memcpy(h.agreed.master, master.data, master.len);
    for (uint8_t i = 0; i < DTLS_RANDOM_LEN; i++) {
        h.agreed.client_random[i] = i;
        h.agreed.server_random[i] = (uint8_t)(0x20 + i);
    }
    assert_int_equal(dtls_srtp_keys(&h, &keys), DTLS_OK);
    kit_assert_hex(dtls_bytes_of(keys.client_key, 16),
                   "5247c3af3cb7b9a606962f406f39b2bf");
    kit_assert_hex(dtls_bytes_of(keys.server_key, 16),
                   "8514e7eded6da5dad64589d18c970ec0");
    kit_assert_hex(dtls_bytes_of(keys.client_salt, 14),
                   "df5feb23730ad5c8a614df197d4b");
    kit_assert_hex(dtls_bytes_of(keys.server_salt, 14),
                   "e34b044226ac9664e3bbe9c5c515");
}

/* Without the extended master secret, or before there is a session. */
static void there_are_no_keys_from_a_weak_handshake(void **state)
{
    struct dtls_srtp_keys keys[2];

    (void)state;
    proves("D5764-4.2-3");
    connect_with(DTLS_SRTP_AEAD_AES_128_GCM, keys);
    s.target.session.hs.agreed.extended_master_secret = false;
    assert_int_equal(dtls_session_srtp_keys(&s.target.session, &keys[0]),
                     DTLS_NOT_NOW);
    stage_end(&s);
    kit_row("none in common");
    stage_init(&s, DTLS_SERVER, 147);
    set(&s.target, &gcm_first[0], 1);
    set(&s.peer, &gcm_first[1], 1);
    stage_start(&s);
    stage_connects(&s);
    assert_int_equal(dtls_session_srtp_keys(&s.target.session, &keys[0]),
                     DTLS_NOT_NOW);
    stage_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_setting_there_is_none),
        cmocka_unit_test(a_client_offers_its_profiles_and_its_mki),
        cmocka_unit_test(a_server_answers_with_one_profile_of_the_list),
        cmocka_unit_test(a_server_takes_an_mki_for_which_it_has_room),
        cmocka_unit_test(a_client_refuses_what_it_has_not_offered),
        cmocka_unit_test(both_ends_have_the_keys_of_the_exporter),
        cmocka_unit_test(the_keys_of_a_known_handshake),
        cmocka_unit_test(there_are_no_keys_from_a_weak_handshake),
    };
    int failed;

    stage_load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
