/* SPDX-License-Identifier: MIT */
/* Every allocation of libcrypto's own fails once, in a handshake of every key
 * exchange: what libcrypto then says of a signature or a key, and what it
 * leaves behind, lets nobody in. */
#include "kit/kit.h"
#include "sim/pair.h"
#include "sim/pki.h"

#include <openssl/crypto.h>

#define HOUR 3600000u

static unsigned allocations; /* so far */
static unsigned fail_at;     /* the number of the one that fails; 0: none */

static bool is_refused(void)
{
    allocations++;
    return allocations == fail_at;
}

static void *allocate(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_refused() ? NULL : malloc(len);
}

static void *reallocate(void *block, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_refused() ? NULL : realloc(block, len);
}

static void give_back(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

static struct sim_pair pair; /* large: not on the stack */
static struct sim_identity rsa, ec, ecdh, client_ec;
static struct sim_anchor root;

static void load_pki(void)
{
    sim_identity_load(&ec, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&ecdh, NXDTLS_PKI_DIR, "ecdh", true);
    sim_identity_load(&client_ec, NXDTLS_PKI_DIR, "client-ec", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    ec.credential.next = &ecdh.credential;
}

/* The blinding of an RSA key, which libcrypto keeps with the key, is out of
 * step after a failure: the key's next signatures are wrong.  Each handshake
 * therefore has a new one. */
static void renew_rsa(void)
{
    sim_identity_free(&rsa);
    sim_identity_load(&rsa, NXDTLS_PKI_DIR, "rsa", true);
    rsa.credential.next = &ec.credential;
}

static void free_pki(void)
{
    sim_identity_free(&rsa);
    sim_identity_free(&ec);
    sim_identity_free(&ecdh);
    sim_identity_free(&client_ec);
}

static void begin(const uint16_t *suite, bool mutual)
{
    renew_rsa();
    sim_pair_init(&pair, 23);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials = &rsa.credential;
    if (mutual) {
        pair.ends[SIM_CLIENT].config.credentials = &client_ec.credential;
        pair.ends[SIM_SERVER].config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    }
}

/* Connects, or not.  An end that says so has the other end's secret, and the
 * other's certificate if it has asked for one. */
static bool connect_pair(bool mutual)
{
    const struct dtls_agreed *client =
        &pair.ends[SIM_CLIENT].session.hs.agreed;
    const struct dtls_agreed *server =
        &pair.ends[SIM_SERVER].session.hs.agreed;
    bool connected;

    sim_pair_start(&pair);
    connected = sim_pair_run(&pair, HOUR);
    sim_pair_drain(&pair, pair.net.now + HOUR);
    if (connected) {
        assert_memory_equal(client->master, server->master, DTLS_MASTER_LEN);
    }
    if (pair.ends[SIM_SERVER].connected) {
        assert_int_equal(server->has_peer_leaf, mutual);
    }
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_false(dtls_session_is_opening(&pair.ends[i].session));
    }
    return connected;
}

static void walk(const uint16_t *suite, bool mutual)
{
    unsigned num;
    unsigned refused = 0;

    kit_row("suite %04x", *suite);
    /* What libcrypto keeps for ever, it allocates in the first handshake. */
    for (int i = 0; i < 2; i++) {
        begin(suite, mutual);
        allocations = 0;
        assert_true(connect_pair(mutual));
        sim_pair_free(&pair);
    }
    num = allocations;
    assert_true(num > 0);
    for (unsigned n = 1; n <= num; n++) {
        kit_row("allocation %u of %u", n, num);
        begin(suite, mutual);
        allocations = 0;
        fail_at = n;
        refused += !connect_pair(mutual);
        fail_at = 0;
        sim_pair_free(&pair);
    }
    assert_true(refused > 0);
}

static void no_allocation_that_fails_lets_anybody_in(void **state)
{
    static const uint16_t suites[] = {0x00ae, 0xd001, 0x009c,
                                      0xc031, 0xc02f, 0xc02b};

    (void)state;
    for (size_t i = 0; i < LEN(suites); i++) {
        walk(&suites[i], suites[i] == 0xc02b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_allocation_that_fails_lets_anybody_in),
    };
    int failed;

    /* Before libcrypto's first allocation. */
    assert_int_equal(CRYPTO_set_mem_functions(allocate, reallocate, give_back),
                     1);
    load_pki();
    failed = kit_run(tests);
    free_pki();
    return failed;
}
