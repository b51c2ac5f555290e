/* SPDX-License-Identifier: MIT */
/* Our two ends with every suite and every way to authenticate. */
#include "kit/kit.h"
#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */
static struct sim_identity rsa, ec, ecdh, client_rsa, client_ec;
static struct sim_identity ed25519, client_ed25519, sha1;
static struct sim_identity chain[3];
static struct sim_anchor root, other_root, root_ed25519;

static void load_pki(void)
{
    sim_identity_load(&rsa, NXDTLS_PKI_DIR, "rsa", true);
    sim_identity_load(&ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&ecdh, NXDTLS_PKI_DIR, "ecdh", true);
    sim_identity_load(&client_rsa, NXDTLS_PKI_DIR, "client-rsa", true);
    sim_identity_load(&client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_identity_load(&chain[0], NXDTLS_PKI_DIR, "chain-leaf", true);
    sim_identity_load(&chain[1], NXDTLS_PKI_DIR, "ca2", false);
    sim_identity_load(&chain[2], NXDTLS_PKI_DIR, "ca1", false);
    sim_identity_load(&ed25519, NXDTLS_PKI_DIR, "ed25519", true);
    sim_identity_load(&client_ed25519, NXDTLS_PKI_DIR, "client-ed25519", true);
    sim_identity_load(&sha1, NXDTLS_PKI_DIR, "sha1", true);
    sim_anchor_load(&root_ed25519, NXDTLS_PKI_DIR, "root-ed25519");
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    sim_anchor_load(&other_root, NXDTLS_PKI_DIR, "other-root");
    rsa.credential.next = &ec.credential;
    ec.credential.next = &ecdh.credential;
    chain[0].credential.next = &chain[1].credential;
    chain[1].credential.next = &chain[2].credential;
}

static void free_pki(void)
{
    sim_identity_free(&rsa);
    sim_identity_free(&ec);
    sim_identity_free(&ecdh);
    sim_identity_free(&client_rsa);
    sim_identity_free(&ed25519);
    sim_identity_free(&client_ed25519);
    sim_identity_free(&sha1);
    sim_identity_free(&client_ec);
    sim_identity_free(&chain[0]);
}

/* Makes a pair with certificates that offers only `suite`. */
static void init(const uint16_t *suite)
{
    sim_pair_init(&pair, 11);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials = &rsa.credential;
}

static void check_data(void)
{
    struct dtls_bytes text = dtls_bytes_of("back and forth", 14);

    pair.net.conditions.decide = NULL;
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int from = 0; from < 2; from++) {
        kit_row("from the %s", kit_role(from));
        assert_int_equal(sim_pair_say(&pair, from, text), DTLS_OK);
    }
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int i = 0; i < 2; i++) {
        kit_row("to the %s", kit_role(i));
        assert_int_equal(pair.ends[i].data_len, text.len);
        assert_memory_equal(pair.ends[i].data, text.data, text.len);
    }
}

/* Both ends export the same bytes, and other bytes with another label. */
static void check_exporters(void)
{
    uint8_t out[3][32];

    for (int i = 0; i < 3; i++) {
        kit_row("export %d", i);
        assert_int_equal(dtls_session_export(
                             &pair.ends[i % 2].session, out[i], 32,
                             i == 2 ? "EXPORTER-other" : "EXPORTER-one", NULL),
                         DTLS_OK);
    }
    assert_memory_equal(out[0], out[1], 32);
    assert_memory_not_equal(out[0], out[2], 32);
}

static void check_connects(const uint16_t *suite)
{
    struct dtls_session *client = &pair.ends[SIM_CLIENT].session;

    sim_pair_start(&pair);
    if (!sim_pair_run(&pair, HOUR)) {
        fail_msg("suite %04x: client %x, server %x", *suite,
                 (unsigned)client->failure,
                 (unsigned)pair.ends[SIM_SERVER].session.failure);
    }
    assert_int_equal(client->hs.suite->id, *suite);
    check_exporters();
    check_data();
}

static void every_suite_connects(void **state)
{
    const struct dtls_suite *suite;

    (void)state;
    proves("FCS_DTLSC_EXT.1.1-T1");
    proves("FCS_DTLSS_EXT.1.1-T1");
    proves("D7925-4.2-1");
    proves("D7925-4.4-2");
    proves("D7251-2-1");
    proves("D9325-4.2-1");
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        kit_row("suite %04x", suite->id);
        init(&suite->id);
        check_connects(&suite->id);
        assert_int_equal(pair.net.sent, 8);
        sim_pair_free(&pair);
    }
}

static void every_group_connects(void **state)
{
    static const uint16_t suite = 0xc02f;
    static const uint16_t groups[] = {
        DTLS_GROUP_X25519,    DTLS_GROUP_SECP256R1, DTLS_GROUP_SECP384R1,
        DTLS_GROUP_SECP521R1, DTLS_GROUP_X448,      DTLS_GROUP_SECP224R1,
        DTLS_GROUP_SECP192R1};

    (void)state;
    proves("FCS_DTLSC_EXT.1.4-T1");
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        kit_row("group %u", groups[i]);
        init(&suite);
        pair.ends[SIM_CLIENT].config.groups = &groups[i];
        pair.ends[SIM_CLIENT].config.num_groups = 1;
        pair.ends[SIM_SERVER].config.groups = groups;
        pair.ends[SIM_SERVER].config.num_groups =
            sizeof groups / sizeof *groups;
        check_connects(&suite);
        assert_int_equal(pair.ends[SIM_SERVER].session.hs.group, groups[i]);
        sim_pair_free(&pair);
    }
}

static void expect_failure(enum dtls_status client, enum dtls_status server,
                           uint8_t alert)
{
    sim_pair_start(&pair);
    assert_false(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, HOUR);
    assert_int_equal(pair.ends[SIM_CLIENT].session.failure, client);
    assert_int_equal(pair.ends[SIM_SERVER].session.failure, server);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        if (pair.ends[i].session.failure == DTLS_ALERTED) {
            assert_int_equal(pair.ends[i].session.peer_alert[1], alert);
        }
        assert_int_equal(pair.ends[i].store.taken, 0);
    }
    sim_pair_free(&pair);
}

/* A group that no list names is not chosen, although we have it. */
static void a_small_group_is_for_who_lists_it(void **state)
{
    static const uint16_t suite = 0xc02f;
    static const uint16_t small[] = {DTLS_GROUP_SECP192R1,
                                     DTLS_GROUP_SECP224R1};

    (void)state;
    init(&suite);
    pair.ends[SIM_CLIENT].config.groups = small;
    pair.ends[SIM_CLIENT].config.num_groups = 2;
    expect_failure(DTLS_ALERTED, DTLS_NO_COMMON_SUITE, 40);
}

static void clients_authenticate_with_either_key_in_every_suite(void **state)
{
    const struct sim_identity *ids[] = {&client_rsa, &client_ec};
    const struct dtls_suite *suite;

    (void)state;
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        kit_row("suite %04x", suite->id);
        for (size_t k = 0; k < 2 && dtls_suite_has_certificate(suite); k++) {
            kit_row("client with %s", k == 0 ? "RSA" : "EC");
            init(&suite->id);
            pair.ends[SIM_CLIENT].config.credentials = &ids[k]->credential;
            pair.ends[SIM_SERVER].config.client_auth =
                DTLS_CLIENT_AUTH_REQUIRED;
            check_connects(&suite->id);
            assert_int_equal(pair.ends[SIM_SERVER].session.hs.peer_key.type,
                             ids[k]->credential.key.type);
            sim_pair_free(&pair);
        }
    }
}

/* Each pair alone signs the CertificateVerify; SHA-1 only because both ends
 * list it. */
static void a_client_signs_with_every_pair_that_is_listed(void **state)
{
    static const uint16_t suite = 0xc02b;
    static const uint16_t pairs[] = {0x0403, 0x0503, 0x0603, 0x0203,
                                     0x0401, 0x0501, 0x0601, 0x0201,
                                     0x0804, 0x0805, 0x0806};

    (void)state;
    for (size_t i = 0; i < LEN(pairs); i++) {
        bool is_ec = (pairs[i] & 0xff) == 3;
        struct dtls_credential c =
            is_ec ? client_ec.credential : client_rsa.credential;
        /* The other two are those of the chains and the server's key. */
        const uint16_t list[] = {pairs[i], 0x0401, 0x0403};

        kit_row("pair %04x", pairs[i]);
        init(&suite);
        c.sigalgs = &pairs[i];
        c.num_sigalgs = 1;
        pair.ends[SIM_CLIENT].config.credentials = &c;
        for (int end = 0; end < 2; end++) {
            pair.ends[end].config.sigalgs = list;
            pair.ends[end].config.num_sigalgs = LEN(list);
        }
        pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
        check_connects(&suite);
        assert_int_equal(pair.ends[SIM_SERVER].session.hs.peer_sigalg,
                         pairs[i]);
        sim_pair_free(&pair);
    }
}

static void a_long_chain_connects_at_every_mtu(void **state)
{
    static const uint16_t suite = 0xc02f;

    (void)state;
    for (uint16_t mtu = 100; mtu <= 1500; mtu = (uint16_t)(mtu + 77)) {
        kit_row("MTU %u", mtu);
        init(&suite);
        pair.ends[SIM_SERVER].config.credentials = &chain[0].credential;
        pair.ends[SIM_SERVER].config.mtu = mtu;
        check_connects(&suite);
        assert_in_range(pair.net.ledger[SIM_SERVER].largest_sent, mtu / 2,
                        mtu);
        sim_pair_free(&pair);
    }
}

static void drop_large(void *self, const struct sim_sent *sent,
                       struct sim_fate *fate)
{
    (void)self;
    fate->lost |= sent->bytes.len > 600;
}

static void a_path_that_swallows_large_datagrams_is_crossed(void **state)
{
    static const uint16_t suite = 0xc02f;

    (void)state;
    init(&suite);
    pair.ends[SIM_SERVER].config.credentials = &chain[0].credential;
    pair.net.conditions.decide = drop_large;
    check_connects(&suite);
    /* Fragments get smaller after two repeats: for the client's ClientHello,
     * which comes again after 1 s, and for the own timeout, 1 s later. */
    assert_in_range(pair.net.now, 2000, 4000);
    sim_pair_free(&pair);
}

static void drop_one(void *self, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    fate->lost |= sent->number == *(const unsigned *)self;
}

static void any_datagram_of_a_mutual_handshake_may_be_lost(void **state)
{
    static const uint16_t suite = 0xc02b;

    (void)state;
    for (unsigned lost = 0; lost < 20; lost++) {
        kit_row("datagram %u lost", lost);
        init(&suite);
        pair.ends[SIM_CLIENT].config.credentials = &client_ec.credential;
        pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
        pair.ends[SIM_SERVER].config.mtu = 300;
        pair.ends[SIM_CLIENT].config.mtu = 300;
        pair.net.conditions.decide = drop_one;
        pair.net.conditions.self = &lost;
        check_connects(&suite);
        sim_pair_free(&pair);
    }
}

static void an_unknown_ca_is_alert_48_from_either_end(void **state)
{
    static const uint16_t suite = 0xc02b;

    (void)state;
    init(&suite);
    pair.ends[SIM_CLIENT].config.anchors = &other_root.item;
    expect_failure(DTLS_UNKNOWN_CA, DTLS_ALERTED, 48);

    init(&suite);
    pair.ends[SIM_CLIENT].config.credentials = &client_ec.credential;
    pair.ends[SIM_SERVER].config.anchors = &other_root.item;
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    expect_failure(DTLS_ALERTED, DTLS_UNKNOWN_CA, 48);
}

static int64_t in_2100(void *self)
{
    (void)self;
    return 4102444800;
}

static void an_expired_certificate_is_alert_45(void **state)
{
    static const uint16_t suite = 0x009c;

    (void)state;
    init(&suite);
    pair.ends[SIM_CLIENT].config.unix_time = in_2100;
    expect_failure(DTLS_CERTIFICATE_EXPIRED, DTLS_ALERTED, 45);
}

static void a_missing_client_certificate_is_alert_40_if_required(void **state)
{
    static const uint16_t suite = 0xc02f;

    (void)state;
    init(&suite);
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    expect_failure(DTLS_ALERTED, DTLS_NO_PEER_CERTIFICATE, 40);

    init(&suite);
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    check_connects(&suite);
    assert_int_equal(pair.ends[SIM_SERVER].session.hs.peer_key.type,
                     DTLS_KEY_NONE);
    sim_pair_free(&pair);
}

static void no_common_suite_is_alert_40(void **state)
{
    static const uint16_t one = 0xc02f;
    static const uint16_t other = 0xc02b;

    (void)state;
    init(&one);
    pair.ends[SIM_SERVER].config.suites = &other;
    expect_failure(DTLS_ALERTED, DTLS_NO_COMMON_SUITE, 40);
}

/* Without a group a client can offer neither ECDHE nor ECDH, so it sends
 * nothing. */
static void a_client_without_groups_offers_no_curve(void **state)
{
    static const uint16_t suites[] = {0xc02b, 0xc02f, 0xd001, 0xc02d, 0xc031};

    (void)state;
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        struct sim_end *client = &pair.ends[SIM_CLIENT];

        kit_row("suite %04x", suites[i]);
        init(&suites[i]);
        client->config.num_groups = 0;
        assert_int_equal(
            dtls_session_connect(&client->session, &client->room, 0),
            DTLS_NO_COMMON_SUITE);
        sim_pair_free(&pair);
    }
}

/* Changes a byte of the first handshake message of this type. */
struct spoiler {
    uint8_t handshake_type;
    bool done;
};

static void spoil(void *self, const struct sim_sent *sent,
                  struct sim_fate *fate)
{
    struct spoiler *s = self;
    /* The script sees the datagram before it is copied: the harness may
     * change it. */
    struct dtls_span rest = {(uint8_t *)(uintptr_t)sent->bytes.data,
                             sent->bytes.len};
    struct dtls_record record;

    (void)fate;
    while (dtls_record_next(&rest, &record) == DTLS_OK) {
        if (record.type == DTLS_HANDSHAKE && record.epoch == 0 &&
            record.body.data[0] == s->handshake_type) {
            /* The last byte belongs to the signature. */
            record.body.data[record.body.len - 1] ^= 0x40;
            s->done = true;
        }
    }
}

static void a_spoiled_signature_is_alert_51(void **state)
{
    static const uint16_t suites[] = {0xc02b, 0xc02f};
    struct spoiler s;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kit_row("suite %04x", suites[i]);
        s = (struct spoiler){.handshake_type = DTLS_SERVER_KEY_EXCHANGE};
        init(&suites[i]);
        pair.net.conditions.decide = spoil;
        pair.net.conditions.self = &s;
        expect_failure(DTLS_DECRYPT_ERROR, DTLS_ALERTED, 51);
        assert_true(s.done);

        s = (struct spoiler){.handshake_type = DTLS_CERTIFICATE_VERIFY};
        init(&suites[i]);
        pair.ends[SIM_CLIENT].config.credentials = &client_rsa.credential;
        pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
        pair.net.conditions.decide = spoil;
        pair.net.conditions.self = &s;
        sim_pair_start(&pair);
        assert_false(sim_pair_run(&pair, HOUR));
        assert_true(s.done);
        assert_int_equal(pair.ends[SIM_SERVER].session.failure,
                         DTLS_DECRYPT_ERROR);
        assert_false(pair.ends[SIM_SERVER].connected);
        sim_pair_free(&pair);
    }
}

/* The key of the certificate is the server's share, and any CA may sign it
 * (RFC 4492, 2.1; RFC 5246, 7.4.2). */
static void static_ecdh_uses_the_key_of_the_certificate(void **state)
{
    static const uint16_t suites[] = {0xc031, 0xc02d};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct dtls_area *area = &pair.ends[SIM_CLIENT].area;
        uint8_t seen[DTLS_POINT_MAX] = {0};
        struct dtls_bytes point = ecdh.credential.cert.key.point;

        kit_row("suite %04x", suites[i]);
        init(&suites[i]);
        check_connects(&suites[i]);
        assert_ptr_equal(pair.ends[SIM_SERVER].session.hs.credential,
                         &ecdh.credential);
        sim_pair_free(&pair);

        init(&suites[i]);
        sim_pair_start(&pair);
        while (pair.ends[SIM_CLIENT].session.hs.area != NULL) {
            memcpy(seen, area->peer_point, sizeof seen);
            assert_true(sim_pair_step(&pair, HOUR));
        }
        assert_memory_equal(seen, point.data, point.len);
        assert_null(pair.ends[SIM_SERVER].session.hs.share.context);
        sim_pair_free(&pair);
    }
}

/* keyAgreement must be among the key's uses, if it names any (RFC 5246,
 * 7.4.2). */
static void a_key_that_may_only_sign_agrees_on_nothing(void **state)
{
    static const uint16_t suite = 0xc031;
    struct sim_identity lax = ec;

    (void)state;
    init(&suite);
    lax.credential.next = NULL;
    pair.ends[SIM_SERVER].config.credentials = &lax.credential;
    expect_failure(DTLS_ALERTED, DTLS_NO_COMMON_SUITE, 40);

    init(&suite);
    lax.credential.cert.has_key_usage = false; /* server: no check */
    pair.ends[SIM_SERVER].config.credentials = &lax.credential;
    expect_failure(DTLS_UNSUPPORTED_KEY, DTLS_ALERTED, 43);
}

/* The client's groups also apply to a certificate's key, even if the server
 * ignores that (RFC 8422, 5.1). */
static void a_certificate_on_a_curve_that_nobody_lists_is_alert_43(
    void **state)
{
    static const uint16_t suites[] = {0xc02b, 0xc031};
    static const uint16_t group = DTLS_GROUP_X25519;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kit_row("suite %04x", suites[i]);
        init(&suites[i]);
        sim_pair_start(&pair);
        while (!pair.accepted) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        pair.ends[SIM_CLIENT].config.groups = &group;
        pair.ends[SIM_CLIENT].config.num_groups = 1;
        assert_false(sim_pair_run(&pair, HOUR));
        sim_pair_drain(&pair, HOUR);
        assert_int_equal(pair.ends[SIM_CLIENT].session.failure,
                         DTLS_UNSUPPORTED_KEY);
        assert_int_equal(pair.ends[SIM_SERVER].session.peer_alert[1], 43);
        sim_pair_free(&pair);
    }
}

/* Certificates, ServerKeyExchange and CertificateVerify (RFC 8422, 5.1.1, 5.4,
 * 5.8, 5.10). */
static void ed25519_signs_for_both_ends(void **state)
{
    static const uint16_t suite = 0xc02b;
    struct dtls_handshake *hs = &pair.ends[SIM_SERVER].session.hs;

    (void)state;
    init(&suite);
    pair.ends[SIM_SERVER].config.credentials = &ed25519.credential;
    pair.ends[SIM_CLIENT].config.credentials = &client_ed25519.credential;
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    pair.ends[SIM_SERVER].config.anchors = &root_ed25519.item;
    pair.ends[SIM_CLIENT].config.anchors = &root_ed25519.item;
    check_connects(&suite);
    assert_int_equal(hs->sigalg->id, DTLS_SIGALG_ED25519);
    assert_int_equal(hs->peer_key.type, DTLS_KEY_ED25519);
    sim_pair_free(&pair);
}

/* Ed25519 signs the messages themselves, which need room beside the
 * certificates.  The server asks for Ed25519 only if it has that room. */
static void without_room_for_messages_ed25519_is_not_asked_for(void **state)
{
    static const uint16_t suite = 0xc02b;

    (void)state;
    init(&suite);
    pair.ends[SIM_SERVER].config.credentials = &ec.credential;
    pair.ends[SIM_SERVER].config.anchors = &root_ed25519.item;
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    pair.ends[SIM_SERVER].room.peer_certs.len = 700;
    pair.ends[SIM_CLIENT].config.credentials = &client_ed25519.credential;
    expect_failure(DTLS_ALERTED, DTLS_NO_PEER_CERTIFICATE, 40);

    /* Other certificates work as before. */
    init(&suite);
    pair.ends[SIM_SERVER].config.credentials = &ec.credential;
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    pair.ends[SIM_SERVER].room.peer_certs.len = 700;
    pair.ends[SIM_CLIENT].config.credentials = &client_ec.credential;
    check_connects(&suite);
    sim_pair_free(&pair);
}

/* A client that has been asked for Ed25519 may run out of room with its own
 * messages.  A signature over what is left would be one over nothing. */
static void a_client_without_room_for_its_messages_signs_nothing(void **state)
{
    static const uint16_t suite = 0xc02b;
    unsigned refused = 0;
    unsigned connected = 0;

    (void)state;
    for (size_t room = 700; room < 4000; room += 11) {
        struct dtls_session *client = &pair.ends[SIM_CLIENT].session;

        kit_row("%zu bytes", room);
        init(&suite);
        for (int i = 0; i < 2; i++) {
            pair.ends[i].config.anchors = &root_ed25519.item;
        }
        pair.ends[SIM_SERVER].config.credentials = &ed25519.credential;
        pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
        pair.ends[SIM_CLIENT].config.credentials = &client_ed25519.credential;
        pair.ends[SIM_CLIENT].room.peer_certs.len = room;
        sim_pair_start(&pair);
        if (sim_pair_run(&pair, HOUR)) {
            connected++;
        } else if (pair.ends[SIM_SERVER].session.failure !=
                   DTLS_NO_PEER_CERTIFICATE) {
            assert_int_equal(client->failure, DTLS_MESSAGE_TOO_LONG);
            refused++;
        }
        sim_pair_free(&pair);
    }
    assert_true(refused > 0);
    assert_true(connected > 0);
}

static bool keeps_messages(int end)
{
    return pair.ends[end].session.hs.area->transcript.messages.cap != 0;
}

/* The kept messages take room; only an Ed25519 CertificateVerify needs them.
 */
static void messages_are_kept_where_ed25519_may_sign_them(void **state)
{
    static const uint16_t suite = 0xc02b;
    static const uint16_t ecdsa = 0x0403;

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct dtls_config *server = &pair.ends[SIM_SERVER].config;
        struct dtls_config *client = &pair.ends[SIM_CLIENT].config;

        kit_row("client's credentials %d", i);
        init(&suite);
        server->client_auth =
            i != 0 ? DTLS_CLIENT_AUTH_REQUIRED : DTLS_CLIENT_AUTH_NONE;
        server->sigalgs = &ecdsa;
        server->num_sigalgs = i == 1;
        client_ec.credential.next = i == 3 ? &client_ed25519.credential : NULL;
        client->credentials = i == 0 ? NULL : &client_ec.credential;
        server->credentials = &ec.credential;
        sim_pair_start(&pair);
        while (!pair.accepted) {
            assert_true(sim_pair_step(&pair, HOUR));
        }
        assert_int_equal(keeps_messages(SIM_SERVER), i >= 2);
        assert_int_equal(keeps_messages(SIM_CLIENT), i == 3);
        client_ec.credential.next = NULL;
        sim_pair_free(&pair);
    }
}

/* SHA-1 in certificates and in ServerKeyExchange is used only if the client
 * lists it (RFC 9155). */
static void sha1_signs_only_if_asked_for(void **state)
{
    static const uint16_t suite = 0xc02f;
    static const uint16_t old[] = {0x0201, 0x0401};
    struct dtls_handshake *hs = &pair.ends[SIM_SERVER].session.hs;

    (void)state;
    init(&suite);
    pair.ends[SIM_SERVER].config.credentials = &sha1.credential;
    expect_failure(DTLS_UNSUPPORTED_CERTIFICATE, DTLS_ALERTED, 43);

    init(&suite);
    pair.ends[SIM_SERVER].config.credentials = &sha1.credential;
    pair.ends[SIM_CLIENT].config.sigalgs = old;
    pair.ends[SIM_CLIENT].config.num_sigalgs = 2;
    check_connects(&suite);
    assert_int_equal(hs->sigalg->id, 0x0401);
    sim_pair_free(&pair);

    init(&suite);
    pair.ends[SIM_CLIENT].config.sigalgs = old;
    pair.ends[SIM_CLIENT].config.num_sigalgs = 1; /* SHA-1 only */
    expect_failure(DTLS_ALERTED, DTLS_NO_COMMON_SUITE, 40);
}

/* An end's list of algorithms is for its peer: it may sign with others itself.
 */
static void a_list_for_the_peer_is_not_one_s_own(void **state)
{
    static const uint16_t suite = 0xc02f;
    static const uint16_t ecdsa = 0x0403;

    (void)state;
    init(&suite); /* the server's key is an RSA key */
    pair.ends[SIM_SERVER].config.sigalgs = &ecdsa;
    pair.ends[SIM_SERVER].config.num_sigalgs = 1;
    check_connects(&suite);
    sim_pair_free(&pair);
}

static void a_credential_signs_with_what_it_lists(void **state)
{
    static const uint16_t suite = 0xc02f;
    static const uint16_t lists[][2] = {{0x0601, 0x0804}, {0x0201, 0x0601}};
    static const uint16_t all[] = {0x0804, 0x0601, 0x0201, 0x0401};
    struct dtls_handshake *hs = &pair.ends[SIM_SERVER].session.hs;
    struct sim_identity choosy = rsa;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kit_row("list %04x %04x", lists[i][0], lists[i][1]);
        init(&suite);
        choosy.credential.sigalgs = lists[i];
        choosy.credential.num_sigalgs = 2;
        pair.ends[SIM_SERVER].config.credentials = &choosy.credential;
        pair.ends[SIM_CLIENT].config.sigalgs = all;
        pair.ends[SIM_CLIENT].config.num_sigalgs = 4;
        check_connects(&suite);
        assert_int_equal(hs->sigalg->id, lists[i][0]);
        sim_pair_free(&pair);
    }
}

/* Multiplying such points with a static key would reveal the key. */
static void a_point_off_the_curve_is_alert_47(void **state)
{
    static const uint16_t suites[] = {0xc02d, 0xc02b, 0xd001};
    struct spoiler s;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        static const uint16_t group = DTLS_GROUP_SECP256R1;

        kit_row("suite %04x", suites[i]);
        s = (struct spoiler){.handshake_type = DTLS_CLIENT_KEY_EXCHANGE};
        init(&suites[i]);
        pair.ends[SIM_SERVER].config.groups = &group;
        pair.ends[SIM_SERVER].config.num_groups = 1;
        pair.net.conditions.decide = spoil;
        pair.net.conditions.self = &s;
        expect_failure(DTLS_ALERTED, DTLS_ILLEGAL_PARAMETER, 47);
        assert_true(s.done);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_connects),
        cmocka_unit_test(every_group_connects),
        cmocka_unit_test(a_small_group_is_for_who_lists_it),
        cmocka_unit_test(clients_authenticate_with_either_key_in_every_suite),
        cmocka_unit_test(a_client_signs_with_every_pair_that_is_listed),
        cmocka_unit_test(a_long_chain_connects_at_every_mtu),
        cmocka_unit_test(a_path_that_swallows_large_datagrams_is_crossed),
        cmocka_unit_test(any_datagram_of_a_mutual_handshake_may_be_lost),
        cmocka_unit_test(an_unknown_ca_is_alert_48_from_either_end),
        cmocka_unit_test(an_expired_certificate_is_alert_45),
        cmocka_unit_test(a_missing_client_certificate_is_alert_40_if_required),
        cmocka_unit_test(no_common_suite_is_alert_40),
        cmocka_unit_test(a_client_without_groups_offers_no_curve),
        cmocka_unit_test(a_spoiled_signature_is_alert_51),
        cmocka_unit_test(static_ecdh_uses_the_key_of_the_certificate),
        cmocka_unit_test(a_key_that_may_only_sign_agrees_on_nothing),
        cmocka_unit_test(
            a_certificate_on_a_curve_that_nobody_lists_is_alert_43),
        cmocka_unit_test(a_point_off_the_curve_is_alert_47),
        cmocka_unit_test(ed25519_signs_for_both_ends),
        cmocka_unit_test(without_room_for_messages_ed25519_is_not_asked_for),
        cmocka_unit_test(a_client_without_room_for_its_messages_signs_nothing),
        cmocka_unit_test(messages_are_kept_where_ed25519_may_sign_them),
        cmocka_unit_test(sha1_signs_only_if_asked_for),
        cmocka_unit_test(a_list_for_the_peer_is_not_one_s_own),
        cmocka_unit_test(a_credential_signs_with_what_it_lists),
    };
    int failed;

    load_pki();
    failed = kit_run(tests);
    free_pki();
    return failed;
}
