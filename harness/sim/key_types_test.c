/* SPDX-License-Identifier: MIT */
/* Raw public keys in whole associations (RFC 7250): with every key exchange
 * and kind of key, in later handshakes, and in sessions that are resumed. */
#include "sim/pki.h"
#include "sim/resumption_kit.h"

static struct sim_identity ec, rsa, ed25519, ecdh, client_ec, client_rsa,
    client_ed25519;
static struct sim_identity raw_ec, raw_rsa, raw_ed25519, raw_ecdh,
    raw_client_ec, raw_client_rsa, raw_client_ed25519;
static struct sim_anchor root, ec_key, client_key;

static const struct {
    struct sim_identity *cert;
    struct sim_identity *raw;
    const char *name;
} all[] = {
    {&ec, &raw_ec, "ec"},
    {&rsa, &raw_rsa, "rsa"},
    {&ed25519, &raw_ed25519, "ed25519"},
    {&ecdh, &raw_ecdh, "ecdh"},
    {&client_ec, &raw_client_ec, "client-ec"},
    {&client_rsa, &raw_client_rsa, "client-rsa"},
    {&client_ed25519, &raw_client_ed25519, "client-ed25519"},
};

static void load_pki(void)
{
    for (size_t i = 0; i < LEN(all); i++) {
        kit_row("%s", all[i].name);
        sim_identity_load(all[i].cert, NXDTLS_PKI_DIR, all[i].name, true);
        sim_identity_raw(all[i].raw, all[i].cert);
    }
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    sim_anchor_raw(&ec_key, &ec);
    sim_anchor_raw(&client_key, &client_ec);
}

static void free_pki(void)
{
    for (size_t i = 0; i < LEN(all); i++) {
        sim_identity_free(all[i].cert);
    }
}

static enum dtls_status accept_any(void *self, struct dtls_bytes info)
{
    (void)self;
    (void)info;
    return DTLS_OK;
}

static const uint16_t ecdsa_suite = 0xc0ae;

/* Each end has a raw key and trusts nothing but the other's. */
static void use_keys(void)
{
    set_suite(&ecdsa_suite);
    config(SIM_SERVER)->client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    config(SIM_SERVER)->credentials = &raw_ec.credential;
    config(SIM_CLIENT)->credentials = &raw_client_ec.credential;
    config(SIM_SERVER)->anchors = &client_key.item;
    config(SIM_CLIENT)->anchors = &ec_key.item;
    config(SIM_SERVER)->raw_keys = config(SIM_CLIENT)->raw_keys = true;
}

static void check_peers(const struct sim_identity *client,
                        const struct sim_identity *server)
{
    const struct sim_identity *of[] = {client, server};

    for (int i = 0; i < 2; i++) {
        const struct dtls_agreed *agreed = &session(!i)->hs.agreed;
        uint8_t leaf[DTLS_LEAF_LEN];

        kit_row("of the %s", kit_role(i));
        assert_int_equal(dtls_libcrypto.digest(dtls_libcrypto.self, leaf,
                                               DTLS_HASH_SHA256,
                                               &of[i]->credential.cert.der, 1),
                         DTLS_OK);
        assert_true(agreed->has_peer_leaf);
        assert_true(agreed->peer_is_raw);
        assert_memory_equal(agreed->peer_leaf, leaf, sizeof leaf);
    }
}

static void connect_pair(void)
{
    sim_pair_start(&pair);
    if (!sim_pair_run(&pair, pair.net.now + HOUR)) {
        fail_msg("client %x, server %x",
                 (unsigned)session(SIM_CLIENT)->failure,
                 (unsigned)session(SIM_SERVER)->failure);
    }
}

static void every_key_exchange_takes_raw_keys_both_ways(void **state)
{
    static const struct {
        uint16_t suite;
        struct sim_identity *server;
    } rows[] = {
        {0xc02b, &raw_ec},  {0xc0ae, &raw_ec},  {0xc02b, &raw_ed25519},
        {0xc02f, &raw_rsa}, {0x009c, &raw_rsa}, {0xc02d, &raw_ecdh},
        {0xc023, &raw_ec},
    };
    static struct sim_identity *const clients[] = {
        &raw_client_ec, &raw_client_rsa, &raw_client_ed25519};

    (void)state;
    proves("D7250-3-4");
    for (size_t i = 0; i < LEN(rows); i++) {
        for (size_t k = 0; k < LEN(clients); k++) {
            kit_row("suite %04x, client %zu", rows[i].suite, k);
            sim_pair_init(&pair, 51 + i);
            use_keys();
            set_suite(&rows[i].suite);
            config(SIM_SERVER)->credentials = &rows[i].server->credential;
            config(SIM_CLIENT)->credentials = &clients[k]->credential;
            for (int end = 0; end < 2; end++) {
                config(end)->anchors = NULL;
                config(end)->judge_raw_key = accept_any;
            }
            connect_pair();
            check_alive();
            check_peers(clients[k], rows[i].server);
            sim_pair_free(&pair);
        }
    }
}

/* A key has no name: the server acknowledges none, and does not refuse one. */
static void a_name_is_not_looked_for_in_a_key(void **state)
{
    (void)state;
    sim_pair_init(&pair, 61);
    use_keys();
    config(SIM_CLIENT)->server_name = dtls_bytes_of("elsewhere.example", 17);
    config(SIM_SERVER)->refuse_unknown_name = true;
    connect_pair();
    assert_false(session(SIM_CLIENT)->hs.agreed.server_name_known);
    sim_pair_free(&pair);
}

/* With a clock, too: a key has no dates. */
static int64_t far_future(void *self)
{
    (void)self;
    return INT64_C(1) << 40;
}

static void a_key_does_not_expire(void **state)
{
    (void)state;
    sim_pair_init(&pair, 62);
    use_keys();
    config(SIM_CLIENT)->unix_time = config(SIM_SERVER)->unix_time = far_future;
    connect_pair();
    sim_pair_free(&pair);
}

static void renegotiate(void)
{
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + HOUR);
}

static void a_renegotiation_keeps_the_key(void **state)
{
    (void)state;
    proves("D7250-3-4");
    sim_pair_init(&pair, 63);
    use_keys();
    connect_pair();
    renegotiate();
    assert_int_equal(pair.ends[SIM_SERVER].renegotiations, 1);
    check_peers(&raw_client_ec, &raw_ec);
    check_alive();
    sim_pair_free(&pair);
}

/* Neither another key nor a certificate of the same key is the same peer. */
static void a_renegotiation_with_another_key_is_refused(void **state)
{
    struct sim_identity *const others[] = {&raw_client_rsa, &client_ec};

    (void)state;
    for (size_t i = 0; i < LEN(others); i++) {
        kit_row("row %zu", i);
        sim_pair_init(&pair, 64);
        use_keys();
        client_key.item.next = &root.item;
        config(SIM_SERVER)->judge_raw_key = accept_any;
        connect_pair();
        config(SIM_CLIENT)->credentials = &others[i]->credential;
        renegotiate();
        assert_int_equal(session(SIM_SERVER)->failure,
                         DTLS_CERTIFICATE_CHANGED);
        client_key.item.next = NULL;
        sim_pair_free(&pair);
    }
}

/* The ServerHellos on the way: do they have one of the extensions? */
static unsigned hellos, with_types;

static void watch_types(void *self, const struct sim_sent *sent,
                        const struct sim_fate *fate)
{
    struct dtls_bytes in = sent->bytes;
    struct dtls_bytes head;
    struct dtls_server_hello m;
    struct dtls_extensions ext;
    static const bool all_offered[DTLS_EXT_COUNT] = {
        [DTLS_EXT_CLIENT_CERTIFICATE_TYPE] = true,
        [DTLS_EXT_SERVER_CERTIFICATE_TYPE] = true,
        [DTLS_EXT_RENEGOTIATION_INFO] = true,
        [DTLS_EXT_EXTENDED_MASTER_SECRET] = true,
        [DTLS_EXT_EC_POINT_FORMATS] = true,
        [DTLS_EXT_SESSION_TICKET] = true,
    };
    struct dtls_fragment f;
    struct dtls_bytes payload;

    (void)self;
    (void)fate;
    if (sent->from != SIM_SERVER || in.data[0] != DTLS_HANDSHAKE ||
        !dtls_get_bytes(&in, 11, &head) || !dtls_get_vec16(&in, &payload) ||
        dtls_fragment_next(&payload, &f) != DTLS_OK ||
        f.type != DTLS_SERVER_HELLO) {
        return;
    }
    hellos++;
    assert_int_equal(dtls_server_hello_parse(&m, f.body), DTLS_OK);
    assert_int_equal(
        dtls_extensions_parse_server(&ext, all_offered, m.extensions),
        DTLS_OK);
    with_types += ext.present[DTLS_EXT_CLIENT_CERTIFICATE_TYPE] +
                  ext.present[DTLS_EXT_SERVER_CERTIFICATE_TYPE];
}

static void prepare_keys(uint64_t seed)
{
    prepare(seed, seed * 1000);
    use_keys();
    hellos = with_types = 0;
    pair.net.watch = watch_types;
}

static void a_resumed_session_keeps_the_key_and_says_no_type(void **state)
{
    (void)state;
    proves("D7250-4.2-11");
    for (int tickets_on = 0; tickets_on < 2; tickets_on++) {
        kit_row("%s", tickets_on ? "tickets" : "ids");
        with_tickets = tickets_on;
        forget_all();
        prepare_keys(71);
        assert_false(connect_and_close());
        assert_int_equal(hellos, 1);
        assert_int_equal(with_types, 2);

        prepare_keys(72);
        connect_pair();
        assert_true(is_resumed());
        assert_int_equal(hellos, 1);
        assert_int_equal(with_types, 0);
        check_peers(&raw_client_ec, &raw_ec);
        sim_pair_free(&pair);
    }
}

/* What made the session trusted must be there still: the switch, the keys, the
 * function. */
static void a_session_is_not_resumed_under_another_trust(void **state)
{
    (void)state;
    with_tickets = false;
    for (int change = 0; change < 3; change++) {
        for (int end = 0; end < 2; end++) {
            struct sim_anchor more = root;

            kit_row("change %d at the %s", change, kit_role(end));
            forget_all();
            prepare_keys(73);
            assert_false(connect_and_close());
            prepare_keys(74);
            more.item = (struct dtls_cert_item){.cert = &root.cert,
                                                .next = config(end)->anchors};
            if (change == 0) {
                config(end)->judge_raw_key = accept_any;
            } else if (change == 1) {
                config(end)->anchors = &more.item;
            } else {
                /* The other end can then show its certificate only. */
                config(end)->raw_keys = false;
                config(end)->anchors = &root.item;
                config(!end)->credentials =
                    end == SIM_CLIENT ? &ec.credential : &client_ec.credential;
            }
            assert_false(connect_and_close());
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_exchange_takes_raw_keys_both_ways),
        cmocka_unit_test(a_name_is_not_looked_for_in_a_key),
        cmocka_unit_test(a_key_does_not_expire),
        cmocka_unit_test(a_renegotiation_keeps_the_key),
        cmocka_unit_test(a_renegotiation_with_another_key_is_refused),
        cmocka_unit_test(a_resumed_session_keeps_the_key_and_says_no_type),
        cmocka_unit_test(a_session_is_not_resumed_under_another_trust),
    };
    int failed;

    load_pki();
    failed = kit_run(tests);
    end_all();
    free_pki();
    return failed;
}
