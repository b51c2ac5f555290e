/* SPDX-License-Identifier: MIT */
/* Does a handshake of any kind get through a network that loses, doubles and
 * reorders what it carries?  `sim.lossy [COUNT]` plays COUNT handshakes of
 * each test, 400 without an argument; the seed of each is its number. */
#include "kit/kit.h"
#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR UINT64_C(3600000)
#define DEFAULT_COUNT 400
#define COUNT_MAX 1000000

/* The timer is the default: 1 s, doubling to 60 s.  Its ten retransmissions
 * are too few for some: at 30 % loss a round trip fails every other time, and
 * of three round trips in a handshake, eleven times in a row, one in 400
 * will.  With so many none is left in any number of handshakes that one would
 * play. */
#define PATIENT 60
#define USUAL 10

static struct sim_pair pair; /* large: not on the stack */
static unsigned long count = DEFAULT_COUNT;
static struct sim_identity rsa, ec, ecdh, client_ec, chain[3];
static struct sim_anchor root;

/* Every key exchange, and every kind of flight. */
static const struct {
    uint16_t suite;
    const struct dtls_credential *server;
    const struct dtls_credential *client; /* NULL: it shows none */
    uint16_t mtu;
} kinds[] = {
    {0xc0a8, NULL, NULL, 1400},           /* PSK                         */
    {0xd001, NULL, NULL, 1400},           /* ECDHE_PSK                   */
    {0xc02b, &ec.credential, NULL, 1400}, /* ECDHE_ECDSA                 */
    {0xcca8, &chain[0].credential, &client_ec.credential, 600}, /* ECDHE_RSA */
    {0x009c, &rsa.credential, NULL, 1400},  /* RSA                         */
    {0xc02d, &ecdh.credential, NULL, 1400}, /* ECDH_ECDSA                  */
    {0xc027, &chain[0].credential, NULL, 300}, /* in many fragments, CBC    */
};

static void init(unsigned long seed, uint32_t loss, uint32_t retries)
{
    size_t kind = seed % LEN(kinds);

    sim_pair_init(&pair, seed);
    for (int i = 0; i < 2; i++) {
        struct dtls_config *c = &pair.ends[i].config;

        c->suites = &kinds[kind].suite;
        c->num_suites = 1;
        c->anchors = &root.item;
        c->mtu = kinds[kind].mtu;
        c->timer.max_retries = retries;
        c->handshake_limit = retries == PATIENT ? 24 * HOUR : 0;
    }
    pair.ends[SIM_SERVER].config.credentials = kinds[kind].server;
    pair.ends[SIM_CLIENT].config.credentials = kinds[kind].client;
    if (kinds[kind].client != NULL) {
        pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    }
    pair.net.conditions.loss = loss;
    pair.net.conditions.duplication = 10;
    pair.net.conditions.jitter = 500;
}

/* One record each way, on a network that has calmed down; nothing that still
 * comes from the handshake does any harm. */
static void check_data(unsigned long seed)
{
    pair.net.conditions = (struct sim_conditions){.delay = 10};
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int from = 0; from < 2; from++) {
        kit_row("from the %s", kit_role(from));
        assert_int_equal(sim_pair_say(&pair, from, dtls_bytes_of("over", 4)),
                         DTLS_OK);
    }
    sim_pair_drain(&pair, pair.net.now + 1000);
    for (int i = 0; i < 2; i++) {
        kit_row("to the %s", kit_role(i));
        if (pair.ends[i].num_data != 1) {
            fail_msg("seed %lu: no data at end %d", seed, i);
        }
    }
}

/* Neither end is in the middle of a handshake, now or for ever: each is
 * connected, was never there, or says why not. */
static void check_clear_end(unsigned long seed)
{
    sim_pair_drain(&pair, pair.net.now + 2 * HOUR);
    for (int i = 0; i < 2; i++) {
        const struct dtls_session *s = &pair.ends[i].session;

        kit_row("the %s", kit_role(i));
        if (dtls_session_is_opening(s) ||
            (s->phase == DTLS_PHASE_FAILED && s->failure != DTLS_TOO_LATE &&
             s->failure != DTLS_ALERTED)) {
            fail_msg("seed %lu: end %d is %s, failure %x", seed, i,
                     dtls_phase_name(s->phase), (unsigned)s->failure);
        }
        assert_int_equal(dtls_session_deadline(s), DTLS_NEVER);
        assert_int_equal(pair.ends[i].store.taken, 0);
    }
    assert_int_equal(pair.ends[SIM_CLIENT].session.failure, DTLS_TOO_LATE);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* How many of them connect. */
static unsigned long play(uint32_t loss, uint32_t retries)
{
    uint64_t *took = calloc(count, sizeof *took);
    unsigned long connected = 0;

    assert_non_null(took);
    for (unsigned long seed = 1; seed <= count; seed++) {
        kit_row("seed %lu, loss %u %%, %u retries", seed, loss, retries);
        init(seed, loss, retries);
        sim_pair_start(&pair);
        if (sim_pair_run(&pair, 4 * HOUR)) {
            took[connected++] = pair.net.now;
            check_data(seed);
        } else {
            check_clear_end(seed);
        }
        sim_pair_free(&pair);
    }
    qsort(took, connected, sizeof *took, by_value);
    print_message("loss %u %%, %u retries: %lu of %lu connected, the others "
                  "gave up; p50 %llu ms, p90 %llu ms, max %llu ms\n",
                  loss, retries, connected, count,
                  (unsigned long long)took[connected / 2],
                  (unsigned long long)took[connected * 9 / 10],
                  (unsigned long long)took[connected - 1]);
    free(took);
    return connected;
}

static void with_a_third_lost_every_handshake_completes(void **state)
{
    (void)state;
    assert_int_equal(play(30, PATIENT), count);
}

static void with_ten_retries_few_give_up_and_say_so(void **state)
{
    (void)state;
    assert_in_range(play(30, USUAL), count - count / 200 - 8, count);
}

/* Also because the server keeps its last flight as long as the client asks. */
static void with_half_lost_every_handshake_ends(void **state)
{
    (void)state;
    proves("D6347-4.2.4-8");
    assert_in_range(play(50, USUAL), count * 85 / 100, count);
    assert_in_range(play(50, PATIENT), count - count / 1000, count);
}

static void load_pki(void)
{
    sim_identity_load(&rsa, NXDTLS_PKI_DIR, "rsa", true);
    sim_identity_load(&ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&ecdh, NXDTLS_PKI_DIR, "ecdh", true);
    sim_identity_load(&client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_identity_load(&chain[0], NXDTLS_PKI_DIR, "chain-leaf", true);
    sim_identity_load(&chain[1], NXDTLS_PKI_DIR, "ca2", false);
    sim_identity_load(&chain[2], NXDTLS_PKI_DIR, "ca1", false);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    chain[0].credential.next = &chain[1].credential;
    chain[1].credential.next = &chain[2].credential;
}

static void free_pki(void)
{
    sim_identity_free(&rsa);
    sim_identity_free(&ec);
    sim_identity_free(&ecdh);
    sim_identity_free(&client_ec);
    sim_identity_free(&chain[0]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_third_lost_every_handshake_completes),
        cmocka_unit_test(with_ten_retries_few_give_up_and_say_so),
        cmocka_unit_test(with_half_lost_every_handshake_ends),
    };
    int failed;

    if (argc > 1) {
        count = strtoul(argv[1], NULL, 10);
    }
    if (count == 0 || count > COUNT_MAX) {
        print_error("usage: sim.lossy [COUNT], 1 to %d\n", COUNT_MAX);
        return 2;
    }
    load_pki();
    failed = kit_run(tests);
    free_pki();
    return failed;
}
