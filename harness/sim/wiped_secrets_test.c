/* SPDX-License-Identifier: MIT */
/* Every secret that the engine gets from its cryptography, or gives to it, is
 * wiped: on the stack before the call returns, in a session when it ends.  The
 * linker puts a wipe that notes what it wipes before the library's. */
#include "base/secret.h"
#include "kit/kit.h"
#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR 3600000u
#define SECRETS_MAX 64

static struct sim_pair pair; /* large: not on the stack */
static struct dtls_crypto base;
static struct sim_identity rsa, ec;
static struct sim_anchor root;

/* The places that hold a secret. */
static struct secret {
    uintptr_t at;
    size_t len;
    const char *what;
} secrets[SECRETS_MAX];
static size_t num_secrets;
static size_t num_noted;

static void note(const void *at, size_t len, const char *what)
{
    num_noted++;
    for (size_t i = 0; i < num_secrets; i++) {
        if (secrets[i].at == (uintptr_t)at) {
            secrets[i].len = len > secrets[i].len ? len : secrets[i].len;
            return;
        }
    }
    assert_true(num_secrets < SECRETS_MAX);
    secrets[num_secrets++] = (struct secret){(uintptr_t)at, len, what};
}

static bool is_in_pair(const struct secret *s)
{
    return s->at >= (uintptr_t)&pair && s->at < (uintptr_t)(&pair + 1);
}

void __real_dtls_wipe(void *secret, size_t len);
void __wrap_dtls_wipe(void *secret, size_t len);

/* A session may be wiped as a whole.  On the stack a secret has a wipe of its
 * own: another that happens to cover it is that of a later call.  A premaster
 * secret of RSA begins with the version. */
void __wrap_dtls_wipe(void *secret, size_t len)
{
    uintptr_t from = (uintptr_t)secret;

    __real_dtls_wipe(secret, len);
    for (size_t i = 0; i < num_secrets; i++) {
        bool covers = from <= secrets[i].at &&
                      secrets[i].at + secrets[i].len <= from + len;

        if (covers && (is_in_pair(&secrets[i]) || secrets[i].at - from <= 2)) {
            secrets[i--] = secrets[--num_secrets];
        }
    }
}

/* Outside of the associations nothing is left when a call has returned. */
static void check_the_stack(void)
{
    for (size_t i = 0; i < num_secrets; i++) {
        if (!is_in_pair(&secrets[i])) {
            fail_msg("not wiped: %s, %zu bytes", secrets[i].what,
                     secrets[i].len);
        }
    }
}

static enum dtls_status noted_random(void *self, uint8_t *out, size_t len)
{
    struct secret here = {(uintptr_t)out, len, NULL};
    enum dtls_status status = base.random(self, out, len);

    /* What goes into an association may be public: a nonce, a session's id. */
    if (!is_in_pair(&here)) {
        note(out, len, "random bytes");
    }
    return status;
}

static enum dtls_status noted_prf(void *self, uint8_t *out, size_t out_len,
                                  enum dtls_hash_alg alg,
                                  struct dtls_bytes secret, const char *label,
                                  struct dtls_bytes seed1,
                                  struct dtls_bytes seed2)
{
    enum dtls_status status =
        base.prf(self, out, out_len, alg, secret, label, seed1, seed2);

    note(secret.data, secret.len, label);
    if (strstr(label, "finished") == NULL) {
        note(out, out_len, label);
    }
    return status;
}

static enum dtls_status noted_agree(void *self, struct dtls_share *share,
                                    uint8_t *out, size_t *out_len,
                                    struct dtls_bytes peer)
{
    enum dtls_status status =
        base.share_agree(self, share, out, out_len, peer);

    note(out, *out_len, "the shared secret");
    return status;
}

static enum dtls_status noted_open(void *self,
                                   const struct dtls_private_key *key,
                                   uint16_t version,
                                   uint8_t out[DTLS_MASTER_LEN],
                                   struct dtls_bytes encrypted)
{
    enum dtls_status status =
        base.premaster_open(self, key, version, out, encrypted);

    note(out, DTLS_MASTER_LEN, "the premaster secret");
    return status;
}

static void init(const uint16_t *suite)
{
    num_secrets = 0;
    num_noted = 0;
    sim_pair_init(&pair, 23);
    base = pair.crypto;
    pair.crypto.random = noted_random;
    pair.crypto.prf = noted_prf;
    pair.crypto.share_agree = noted_agree;
    pair.crypto.premaster_open = noted_open;
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
    }
    pair.ends[SIM_SERVER].config.credentials =
        strstr(dtls_suite_find(*suite)->name, "ECDSA") != NULL
            ? &ec.credential
            : &rsa.credential;
}

static void play(void)
{
    sim_pair_start(&pair);
    check_the_stack();
    while (!pair.ends[SIM_CLIENT].connected ||
           !pair.ends[SIM_SERVER].connected) {
        assert_true(sim_pair_step(&pair, HOUR));
        check_the_stack();
    }
    assert_true(num_noted > 10);
    for (int i = 0; i < 2; i++) {
        note(pair.ends[i].session.hs.agreed.master, DTLS_MASTER_LEN,
             "a session's master secret");
    }
    sim_pair_free(&pair);
    for (size_t i = 0; i < num_secrets; i++) {
        fail_msg("not wiped at the end: %s", secrets[i].what);
    }
}

static void no_secret_of_a_handshake_is_left(void **state)
{
    /* Each key exchange; MAC keys and none. */
    static const uint16_t suites[] = {0xc0a8, 0x00ae, 0xc037, 0x003c,
                                      0x009c, 0xc02b, 0xc02f, 0xc027};

    (void)state;
    for (size_t i = 0; i < LEN(suites); i++) {
        for (int hides = 0; hides < 2; hides++) {
            kit_row("suite %04x, identities %d", suites[i], hides);
            init(&suites[i]);
            pair.ends[SIM_SERVER].config.hide_unknown_identity = hides;
            play();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_secret_of_a_handshake_is_left),
    };
    int failed;

    sim_identity_load(&rsa, NXDTLS_PKI_DIR, "rsa", true);
    sim_identity_load(&ec, NXDTLS_PKI_DIR, "ec", true);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    failed = kit_run(tests);
    sim_identity_free(&rsa);
    sim_identity_free(&ec);
    return failed;
}
