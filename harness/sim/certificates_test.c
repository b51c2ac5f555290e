/* SPDX-License-Identifier: MIT */
/* Certificates in whole handshakes: what the configuration decides about ours
 * and about the peer's. */
#include "kit/kit.h"
#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */
static struct sim_identity leaf, ca1, ca2, client_rsa, client_ec, pure_client;
static struct sim_anchor root, root_ec, other_root;

static void load_pki(void)
{
    sim_identity_load(&leaf, NXDTLS_PKI_DIR, "chain-leaf", true);
    sim_identity_load(&ca2, NXDTLS_PKI_DIR, "ca2", false);
    sim_identity_load(&ca1, NXDTLS_PKI_DIR, "ca1", false);
    sim_identity_load(&client_rsa, NXDTLS_PKI_DIR, "client-rsa", true);
    sim_identity_load(&client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_identity_load(&pure_client, NXDTLS_PKI_DIR, "pure-client-ec", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    sim_anchor_load(&root_ec, NXDTLS_PKI_DIR, "root-ec");
    sim_anchor_load(&other_root, NXDTLS_PKI_DIR, "other-root");
    /* Added in the wrong order. */
    ca1.credential.next = &leaf.credential;
    leaf.credential.next = &ca2.credential;
    client_rsa.credential.next = &client_ec.credential;
    client_ec.credential.next = &pure_client.credential;
    root.item.next = &root_ec.item;
}

static void free_pki(void)
{
    sim_identity_free(&leaf);
    sim_identity_free(&client_rsa);
    sim_identity_free(&client_ec);
    sim_identity_free(&pure_client);
}

static void init(void)
{
    static const uint16_t suite = 0xc02f;

    sim_pair_init(&pair, 31);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = &suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials = &ca1.credential;
    pair.ends[SIM_CLIENT].config.credentials = &client_rsa.credential;
}

static void connect(void)
{
    sim_pair_start(&pair);
    if (!sim_pair_run(&pair, HOUR)) {
        fail_msg("client %x, server %x",
                 (unsigned)pair.ends[SIM_CLIENT].session.failure,
                 (unsigned)pair.ends[SIM_SERVER].session.failure);
    }
}

/* What verify_chain and verify_peer have seen, and what they are to say. */
struct seen {
    size_t num;
    struct dtls_bytes subjects[DTLS_CHAIN_MAX];
    enum dtls_status answer;
};

static enum dtls_status see(void *self, const struct dtls_cert *chain,
                            size_t num)
{
    struct seen *seen = self;

    seen->num = num;
    for (size_t i = 0; i < num; i++) {
        seen->subjects[i] = chain[i].subject;
    }
    return seen->answer;
}

static void assert_saw_the_chain(const struct seen *seen)
{
    const struct sim_identity *order[] = {&leaf, &ca2, &ca1};

    assert_int_equal(seen->num, 3);
    for (size_t i = 0; i < 3; i++) {
        kit_row("certificate %zu", i);
        assert_true(dtls_bytes_equal(seen->subjects[i],
                                     order[i]->credential.cert.subject));
    }
}

static void a_chain_arrives_in_order_and_the_callback_sees_all_of_it(
    void **state)
{
    struct seen seen = {.answer = DTLS_OK};

    (void)state;
    proves("D5246-7.4.2-3");
    proves("D5246-7.4.2-5");
    init();
    pair.ends[SIM_CLIENT].config.verify_peer = see;
    pair.ends[SIM_CLIENT].config.self = &seen;
    connect();
    assert_saw_the_chain(&seen);
    sim_pair_free(&pair);
}

static void the_verifier_of_the_configuration_takes_the_place_of_ours(
    void **state)
{
    struct seen seen = {.answer = DTLS_OK};

    (void)state;
    init();
    pair.ends[SIM_CLIENT].config.anchors = NULL;
    pair.ends[SIM_CLIENT].config.verify_chain = see;
    pair.ends[SIM_CLIENT].config.self = &seen;
    connect();
    assert_saw_the_chain(&seen);
    sim_pair_free(&pair);

    init();
    seen.answer = DTLS_CERTIFICATE_EXPIRED;
    pair.ends[SIM_CLIENT].config.verify_chain = see;
    pair.ends[SIM_CLIENT].config.self = &seen;
    sim_pair_start(&pair);
    assert_false(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, HOUR);
    assert_int_equal(pair.ends[SIM_CLIENT].session.failure,
                     DTLS_CERTIFICATE_EXPIRED);
    assert_int_equal(pair.ends[SIM_SERVER].session.peer_alert[1], 45);
    sim_pair_free(&pair);
}

/* Runs with client authentication and gives what the client has shown. */
static const struct dtls_credential *shown(void)
{
    const struct dtls_credential *c;

    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    connect();
    c = pair.ends[SIM_CLIENT].session.hs.credential;
    assert_int_equal(pair.ends[SIM_SERVER].session.hs.peer_key.type,
                     c->key.type);
    sim_pair_free(&pair);
    return c;
}

static void a_request_names_the_anchors_or_what_the_configuration_says(
    void **state)
{
    struct dtls_bytes names[] = {other_root.cert.subject,
                                 root_ec.cert.subject};

    (void)state;
    proves("D5246-7.4.4-1");
    init();
    assert_ptr_equal(shown(), &client_rsa.credential);
    init();
    pair.ends[SIM_SERVER].config.authorities = names;
    pair.ends[SIM_SERVER].config.num_authorities = 2;
    assert_ptr_equal(shown(), &pure_client.credential);
    /* An empty list of the configuration's is not that of the anchors. */
    init();
    pair.ends[SIM_SERVER].config.authorities = names;
    pair.ends[SIM_SERVER].config.num_authorities = 0;
    client_rsa.credential.must_match_issuer = true;
    assert_ptr_equal(shown(), &client_ec.credential);
    client_rsa.credential.must_match_issuer = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_chain_arrives_in_order_and_the_callback_sees_all_of_it),
        cmocka_unit_test(
            the_verifier_of_the_configuration_takes_the_place_of_ours),
        cmocka_unit_test(
            a_request_names_the_anchors_or_what_the_configuration_says),
    };
    int failed;

    load_pki();
    failed = kit_run(tests);
    free_pki();
    return failed;
}
