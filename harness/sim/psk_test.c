/* SPDX-License-Identifier: MIT */
/* Pre-shared keys: several of them, of every length, by identity and by hint
 * (RFC 4279). */
#include "kit/kit.h"
#include "sim/pair.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

static uint8_t bytes[2][DTLS_PSK_IDENTITY_MAX];
static struct dtls_psk ours[2][3]; /* of the client, of the server */

static struct dtls_bytes text(const char *s)
{
    return dtls_bytes_of(s, strlen(s));
}

static struct dtls_psk psk(const char *identity, const char *key,
                           const char *hint)
{
    return (struct dtls_psk){text(identity), text(key), text(hint)};
}

static void init(size_t num_client, size_t num_server, uint16_t suite)
{
    static uint16_t suites[1];
    const size_t nums[2] = {num_client, num_server};

    suites[0] = suite;
    sim_pair_init(&pair, 41);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suites;
        pair.ends[i].config.psks = ours[i];
        pair.ends[i].config.num_psks = nums[i];
    }
}

static bool connects(void)
{
    bool result;

    sim_pair_start(&pair);
    result = sim_pair_run(&pair, HOUR);
    if (!result) {
        sim_pair_drain(&pair, HOUR);
    }
    return result;
}

/* The two suites say where hint and identity stand: RFC 4279 and RFC 5489. */
static const uint16_t both[] = {0xc0a8, 0xccac};

static void keys_of_1_to_64_bytes_connect(void **state)
{
    static const size_t lengths[] = {1, 2, 15, 16, 31, 63, 64};

    (void)state;
    proves("D4279-2-6");
    proves("D4279-2-7");
    proves("D4279-5.3-2");
    proves("D7925-4.2-5");
    for (size_t i = 0; i < LEN(lengths); i++) {
        kit_row("a key of %zu bytes", lengths[i]);
        for (size_t s = 0; s < LEN(both); s++) {
            uint64_t seed = 7;

            kit_row("suite %04x", both[s]);
            kit_fill(&seed, bytes[0], sizeof bytes[0]);
            memcpy(bytes[1], bytes[0], sizeof bytes[1]);
            for (int end = 0; end < 2; end++) {
                ours[end][0] = psk("one", "", "");
                ours[end][0].key = dtls_bytes_of(bytes[end], lengths[i]);
            }
            init(1, 1, both[s]);
            assert_true(connects());
            sim_pair_free(&pair);

            /* And the last byte of the key matters. */
            bytes[1][lengths[i] - 1] ^= 1;
            init(1, 1, both[s]);
            proves("D4279-2-10");
            assert_false(connects());
            assert_false(pair.ends[SIM_SERVER].connected);
            sim_pair_free(&pair);
        }
    }
}

static void identities_to_128_bytes_of_any_kind_connect(void **state)
{
    static const size_t lengths[] = {0, 1, 2, 127, 128};

    (void)state;
    proves("D4279-5.3-1");
    proves("D7925-4.2-2");
    proves("D7925-4.2-5");
    for (size_t i = 0; i < LEN(lengths); i++) {
        kit_row("an identity of %zu bytes", lengths[i]);
        for (size_t s = 0; s < LEN(both); s++) {
            uint64_t seed = 9;

            kit_row("suite %04x", both[s]);
            kit_fill(&seed, bytes[0], sizeof bytes[0]);
            for (int end = 0; end < 2; end++) {
                ours[end][0] = psk("", "a key", "");
                ours[end][0].identity = dtls_bytes_of(bytes[0], lengths[i]);
                ours[end][0].hint = ours[end][0].identity;
            }
            init(1, 1, both[s]);
            assert_true(connects());
            sim_pair_free(&pair);
        }
    }
}

/* What stands in ClientKeyExchange: a u16 length, then the identity.  And
 * how many fragments of ServerKeyExchange there were. */
static struct dtls_bytes sent_identity;
static uint8_t sent_bytes[DTLS_PSK_IDENTITY_MAX];
static size_t rest_of_message;
static unsigned num_server_key_exchange;

static void see_key_exchanges(void *self, const struct sim_sent *sent,
                              struct sim_fate *fate)
{
    struct dtls_span rest = {(uint8_t *)(uintptr_t)sent->bytes.data,
                             sent->bytes.len};
    struct dtls_record record;

    (void)fate;
    (void)self;
    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        struct dtls_bytes body = {record.body.data, record.body.len};
        struct dtls_fragment f;

        if (record.type != DTLS_HANDSHAKE || record.epoch != 0 ||
            dtls_fragment_next(&body, &f) != DTLS_OK) {
            continue;
        }
        num_server_key_exchange += f.type == DTLS_SERVER_KEY_EXCHANGE;
        if (f.type == DTLS_CLIENT_KEY_EXCHANGE) {
            assert_true(dtls_get_vec16(&f.body, &sent_identity));
            rest_of_message = f.body.len;
            memcpy(sent_bytes, sent_identity.data, sent_identity.len);
            sent_identity.data = sent_bytes;
        }
    }
}

static void an_identity_is_sent_as_it_is_utf_8_and_all(void **state)
{
    static const char name[] = "Stra\xc3\x9f"
                               "e \xe6\x9d\xb1\xe4\xba\xac \xf0\x9f\x94\x91";

    (void)state;
    proves("D4279-2-5");
    proves("D4279-5.1-1");
    for (int end = 0; end < 2; end++) {
        ours[end][0] = psk(name, "a key", "");
    }
    init(1, 1, 0xc0a8);
    pair.net.conditions.decide = see_key_exchanges;
    assert_true(connects());
    assert_true(dtls_bytes_equal(sent_identity, text(name)));
    assert_int_equal(rest_of_message, 0);
    sim_pair_free(&pair);
}

static void a_server_finds_the_key_by_identity_alone(void **state)
{
    static const char *const names[] = {"a", "ab", "abc"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        kit_row("identity %s", names[i]);
        for (size_t s = 0; s < LEN(both); s++) {
            kit_row("suite %04x", both[s]);
            ours[SIM_SERVER][0] = psk("a", "key of a", "");
            ours[SIM_SERVER][1] = psk("ab", "key of ab", "");
            ours[SIM_SERVER][2] = psk("abc", "key of abc", "");
            ours[SIM_CLIENT][0] = ours[SIM_SERVER][i];
            ours[SIM_CLIENT][0].identity = text(names[i]);
            init(1, 3, both[s]);
            assert_true(connects());
            sim_pair_free(&pair);
        }
    }
}

static void an_identity_that_is_nearly_known_is_unknown(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } near[] = {{"Client", 6},
                {"client", 5},
                {"client\0", 7},
                {"client ", 7},
                {"", 0}};

    (void)state;
    proves("D4279-2-8");
    proves("D7925-4.2-3");
    for (size_t i = 0; i < LEN(near); i++) {
        kit_row("identity %zu, %.*s", i, (int)near[i].len, near[i].bytes);
        ours[SIM_SERVER][0] = psk("client", "a key", "");
        ours[SIM_CLIENT][0] = psk("", "a key", "");
        ours[SIM_CLIENT][0].identity =
            dtls_bytes_of(near[i].bytes, near[i].len);
        init(1, 1, 0xc0a8);
        assert_false(connects());
        assert_int_equal(pair.ends[SIM_SERVER].session.failure,
                         DTLS_UNKNOWN_PSK_IDENTITY);
        assert_int_equal(pair.ends[SIM_CLIENT].session.peer_alert[1], 115);
        sim_pair_free(&pair);
    }
}

static void an_unknown_identity_can_look_like_a_wrong_key(void **state)
{
    enum dtls_status failures[2];

    (void)state;
    proves("D4279-2-9");
    for (int unknown = 0; unknown < 2; unknown++) {
        kit_row("%s", unknown ? "unknown identity" : "another key");
        ours[SIM_SERVER][0] = psk("client", "a key", "");
        ours[SIM_CLIENT][0] = unknown ? psk("nobody", "a key", "")
                                      : psk("client", "another key", "");
        init(1, 1, 0xc0a8);
        pair.ends[SIM_SERVER].config.hide_unknown_identity = true;
        assert_false(connects());
        failures[unknown] = pair.ends[SIM_CLIENT].session.failure;
        assert_int_not_equal(failures[unknown], DTLS_ALERTED);
        sim_pair_free(&pair);
    }
    assert_int_equal(failures[0], failures[1]);
}

/* The client's keys go by the server's hint; a hint that it does not know
 * changes nothing (D4279-5.2-2). */
static void a_client_chooses_its_key_by_the_hint(void **state)
{
    static const struct {
        const char *hint;
        size_t chosen;
    } rows[] = {{"", 0}, {"plant", 1}, {"office", 2}, {"Plant", 0}, {"p", 0}};

    (void)state;
    proves("D4279-2-4");
    proves("D4279-5.2-2");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("hint \"%s\"", rows[i].hint);
        for (size_t s = 0; s < LEN(both); s++) {
            kit_row("suite %04x", both[s]);
            ours[SIM_CLIENT][0] = psk("any", "key of any", "");
            ours[SIM_CLIENT][1] = psk("p", "key of p", "plant");
            ours[SIM_CLIENT][2] = psk("o", "key of o", "office");
            ours[SIM_SERVER][0] = ours[SIM_CLIENT][rows[i].chosen];
            ours[SIM_SERVER][0].hint = text(rows[i].hint);
            init(3, 1, both[s]);
            assert_true(connects());
            assert_ptr_equal(pair.ends[SIM_CLIENT].session.hs.psk,
                             &ours[SIM_CLIENT][rows[i].chosen]);
            sim_pair_free(&pair);
        }
    }
}

static void a_hint_of_128_bytes_chooses_too(void **state)
{
    uint64_t seed = 3;

    (void)state;
    kit_fill(&seed, bytes[0], sizeof bytes[0]);
    for (size_t s = 0; s < LEN(both); s++) {
        kit_row("suite %04x", both[s]);
        ours[SIM_CLIENT][0] = psk("any", "key of any", "");
        ours[SIM_CLIENT][1] = psk("p", "key of p", "");
        ours[SIM_CLIENT][1].hint = dtls_bytes_of(bytes[0], sizeof bytes[0]);
        ours[SIM_SERVER][0] = ours[SIM_CLIENT][1];
        init(2, 1, both[s]);
        assert_true(connects());
        assert_ptr_equal(pair.ends[SIM_CLIENT].session.hs.psk,
                         &ours[SIM_CLIENT][1]);
        sim_pair_free(&pair);
    }
}

/* Where no ServerKeyExchange is sent at all there is no hint either. */
static void without_a_hint_plain_psk_has_no_server_key_exchange(void **state)
{
    (void)state;
    proves("D4279-2-3");
    proves("D4279-5.2-1");
    proves("D5489-2-2");
    for (size_t s = 0; s < LEN(both); s++) {
        kit_row("suite %04x", both[s]);
        ours[SIM_CLIENT][0] = psk("p", "key of p", "plant");
        ours[SIM_CLIENT][1] = psk("any", "key of any", "");
        ours[SIM_SERVER][0] = psk("any", "key of any", "");
        init(2, 1, both[s]);
        num_server_key_exchange = 0;
        pair.net.conditions.decide = see_key_exchanges;
        assert_true(connects());
        assert_int_equal(num_server_key_exchange, s); /* ECDHE_PSK has one */
        assert_ptr_equal(pair.ends[SIM_CLIENT].session.hs.psk,
                         &ours[SIM_CLIENT][1]);
        sim_pair_free(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_1_to_64_bytes_connect),
        cmocka_unit_test(identities_to_128_bytes_of_any_kind_connect),
        cmocka_unit_test(an_identity_is_sent_as_it_is_utf_8_and_all),
        cmocka_unit_test(a_server_finds_the_key_by_identity_alone),
        cmocka_unit_test(an_identity_that_is_nearly_known_is_unknown),
        cmocka_unit_test(an_unknown_identity_can_look_like_a_wrong_key),
        cmocka_unit_test(a_client_chooses_its_key_by_the_hint),
        cmocka_unit_test(a_hint_of_128_bytes_chooses_too),
        cmocka_unit_test(without_a_hint_plain_psk_has_no_server_key_exchange),
    };

    return kit_run(tests);
}
