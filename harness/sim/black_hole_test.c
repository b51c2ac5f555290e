/* SPDX-License-Identifier: MIT */
/* Paths that swallow what is too large and say nothing: handshakes with chains
 * of certificates both ways get through, and in how many repeats. */
#include "sim/pair_kit.h"
#include "sim/pki.h"

static struct sim_identity chain[3], client_rsa;
static struct sim_anchor root;

static void load_pki(void)
{
    sim_identity_load(&chain[0], NXDTLS_PKI_DIR, "chain-leaf", true);
    sim_identity_load(&chain[1], NXDTLS_PKI_DIR, "ca2", false);
    sim_identity_load(&chain[2], NXDTLS_PKI_DIR, "ca1", false);
    chain[0].credential.next = &chain[1].credential;
    chain[1].credential.next = &chain[2].credential;
    sim_identity_load(&client_rsa, NXDTLS_PKI_DIR, "client-rsa", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
}

static void free_pki(void)
{
    sim_identity_free(&chain[0]);
    sim_identity_free(&client_rsa);
}

/* Datagrams above so many bytes vanish, both ways. */
static void begin(uint32_t hole, uint64_t seed)
{
    static const uint16_t suite = 0xc02f;

    sim_pair_init(&pair, seed);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = &suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials = &chain[0].credential;
    pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    pair.ends[SIM_CLIENT].config.credentials = &client_rsa.credential;
    pair.net.conditions.mtu = hole;
    sim_pair_start(&pair);
}

/* How often the flight with the certificates is repeated, at most.  The client
 * repeats its ClientHello meanwhile, at its own pace, so the server's flight
 * goes out more often than its timer says. */
static uint32_t repeats(uint32_t hole)
{
    return hole >= 1400 ? 0 : hole >= 508 ? 2 : 4;
}

/* What is reported is true, and what was found is kept. */
static void check_end(int which, uint32_t hole)
{
    const struct dtls_session *s = session(which);

    kit_row("a hole above %u bytes, the %s", (unsigned)hole, kit_role(which));
    assert_in_range(s->mtu.confirmed, 40, hole);
    assert_true(dtls_session_mtu(s) <= hole ||
                pair.net.ledger[which].largest_sent <= hole);
    assert_in_range(s->counters->retransmissions, 0, 2 * repeats(hole) + 1);
}

static void every_hole_is_passed(void **state)
{
    (void)state;
    proves("D6347-4.1.1.1-6");
    load_pki();
    for (uint32_t hole = 256; hole <= 1500; hole += hole % 16 == 0 ? 11 : 5) {
        kit_row("a hole above %u bytes", (unsigned)hole);
        begin(hole, hole);
        assert_true(sim_pair_run(&pair, 60000));
        for (int i = 0; i < 2; i++) {
            check_end(i, hole);
        }
        sim_pair_free(&pair);
    }
    free_pki();
}

static void every_hole_is_passed_with_loss(void **state)
{
    (void)state;
    load_pki();
    for (uint32_t hole = 256; hole <= 1500; hole += 31) {
        kit_row("a hole above %u bytes", (unsigned)hole);
        begin(hole, hole);
        pair.net.conditions.loss = 10;
        assert_true(sim_pair_run(&pair, HOUR));
        for (int i = 0; i < 2; i++) {
            assert_in_range(session(i)->mtu.confirmed, 40, hole);
        }
        sim_pair_free(&pair);
    }
    free_pki();
}

/* A later handshake on the same path needs no repeat, and after ten minutes
 * asks the path again. */
static void a_renegotiation_knows_the_path(void **state)
{
    uint32_t before;

    (void)state;
    load_pki();
    begin(600, 3);
    assert_true(sim_pair_run(&pair, 60000));
    run();
    for (int i = 0; i < 2; i++) {
        kit_row("renegotiation %d", i);
        before = session(SIM_SERVER)->counters->retransmissions;
        assert_int_equal(
            dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now),
            DTLS_OK);
        sim_pair_drain(&pair, pair.net.now + 20000);
        assert_int_equal(pair.ends[SIM_CLIENT].renegotiations, i + 1);
        assert_true(session(SIM_SERVER)->counters->retransmissions == before ||
                    i == 1);
        assert_int_equal(dtls_session_mtu(session(SIM_SERVER)), 508);
        sim_pair_drain(&pair, pair.net.now + DTLS_MTU_RAISE_MS);
        pair.net.now += DTLS_MTU_RAISE_MS;
    }
    /* The path has become wider meanwhile. */
    pair.net.conditions.mtu = 0;
    assert_int_equal(
        dtls_session_renegotiate(session(SIM_CLIENT), pair.net.now), DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 20000);
    assert_int_equal(dtls_session_mtu(session(SIM_SERVER)), 1400);
    assert_in_range(session(SIM_SERVER)->mtu.confirmed, 1300, 1400);
    sim_pair_free(&pair);
    free_pki();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hole_is_passed),
        cmocka_unit_test(every_hole_is_passed_with_loss),
        cmocka_unit_test(a_renegotiation_knows_the_path),
    };

    return kit_run(tests);
}
