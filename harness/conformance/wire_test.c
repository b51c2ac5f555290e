/* SPDX-License-Identifier: MIT */
/* What whole associations of ours look like on the wire, in either role. */
#include "conformance/stage.h"
#include "sim/pair.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdio.h>

static struct stage s;

#define EACH_ROLE(role)                                                       \
    for (enum dtls_role role = DTLS_CLIENT; role <= DTLS_SERVER; role++)

/* One of each kind: PSK, ECDHE_PSK, ECDHE with either key, RSA; AEAD and CBC.
 */
static const uint16_t kinds[] = {0xc0a8, 0xd001, 0xc037, 0xc02b, 0xc02f,
                                 0xcca8, 0xc027, 0x009c, 0x002f};

static void play(enum dtls_role role, const uint16_t *suite)
{
    stage_init(&s, role, 121);
    stage_suite(&s.peer, suite);
    stage_start(&s);
    stage_connects(&s);
    assert_int_equal(s.target.session.hs.suite->id, *suite);
}

static void play_and_close(enum dtls_role role, const uint16_t *suite)
{
    play(role, suite);
    assert_int_equal(dtls_session_close(&s.target.session, s.target.now),
                     DTLS_OK);
    stage_listen(&s);
}

static void only_records_of_the_four_types_are_sent(void **state)
{
    (void)state;
    proves("D5246-6-1");
    proves("D5246-6.2.1-1");
    proves("D5246-6.1-1");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t i = 0; i < LEN(kinds); i++) {
            kit_row("suite %04x", kinds[i]);
            play_and_close(role, &kinds[i]);
            assert_int_equal(s.records[0].epoch, 0);
            for (size_t k = 0; k < s.num_records; k++) {
                const struct stage_record *r = &s.records[k];

                kit_row("record %zu", k);
                assert_true(r->type >= 20 && r->type <= 23);
                assert_int_not_equal(r->len, 0);
                if (r->epoch == 0 && r->type == DTLS_HANDSHAKE) {
                    /* In the clear: a message whose length fits. */
                    assert_int_equal((size_t)r->body[9] << 16 |
                                         (size_t)r->body[10] << 8 |
                                         r->body[11],
                                     r->len - 12);
                }
            }
            stage_end(&s);
        }
    }
}

/* The index of our ChangeCipherSpec. */
static size_t find_ccs(void)
{
    size_t at = 0;

    while (s.records[at].type != DTLS_CHANGE_CIPHER_SPEC) {
        assert_true(++at < s.num_records);
    }
    return at;
}

static void everything_after_ccs_is_under_the_keys(void **state)
{
    (void)state;
    proves("D5246-6.1-3");
    proves("D5246-7.1-2");
    proves("D5246-7.4.9-1");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t i = 0; i < LEN(kinds); i++) {
            size_t ccs;

            kit_row("suite %04x", kinds[i]);
            play_and_close(role, &kinds[i]);
            ccs = find_ccs();
            kit_assert_hex(
                dtls_bytes_of(s.records[ccs].body, s.records[ccs].len), "01");
            for (size_t k = 0; k < s.num_records; k++) {
                kit_row("record %zu", k);
                assert_int_equal(s.records[k].epoch, k > ccs);
            }
            assert_int_equal(s.records[ccs + 1].type, DTLS_HANDSHAKE);
            for (size_t k = ccs + 1; k < s.num_records; k++) {
                kit_row("record %zu", k);
                assert_true(s.records[k].seq == k - ccs - 1);
            }
            stage_end(&s);
        }
    }
}

static void messages_are_numbered_one_by_one(void **state)
{
    (void)state;
    proves("D6347-4.2.2-3");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t i = 0; i < LEN(kinds); i++) {
            uint16_t next = 0;

            kit_row("suite %04x", kinds[i]);
            play(role, &kinds[i]);
            for (size_t k = 0; k < find_ccs(); k++) {
                kit_row("record %zu", k);
                assert_int_equal(s.records[k].body[4], 0);
                assert_int_equal(s.records[k].body[5], next++);
            }
            /* Finished follows at once; the peer has taken it. */
            assert_int_equal(s.peer.session.hs.in.next_seq, next + 1);
            stage_end(&s);
        }
    }
}

/* Three runs, as the activity says. */
static void the_servers_finished_is_encrypted(void **state)
{
    static const uint16_t suite = 0xc027;
    unsigned others = 0;

    (void)state;
    proves("FCS_DTLSS_EXT.1.1-T3b");
    for (unsigned i = 0; i < 3; i++) {
        const struct stage_record *finished;

        kit_row("seed %u", 122 + i);
        stage_init(&s, DTLS_SERVER, 122 + i);
        s.target.config.crypto = &dtls_libcrypto;
        stage_suite(&s.peer, &suite);
        stage_start(&s);
        stage_connects(&s);
        finished = &s.records[find_ccs() + 1];
        assert_int_equal(finished->type, DTLS_HANDSHAKE);
        assert_true(finished->len > 12 + 12);
        others += finished->body[0] != 0x14;
        for (size_t k = 0; k < s.num_records; k++) {
            const struct stage_record *r = &s.records[k];

            kit_row("record %zu", k);
            assert_int_not_equal(r->type, DTLS_ALERT);
            assert_true(r->type != DTLS_APPLICATION_DATA ||
                        memcmp(r->body, "back and forth", 14) != 0);
        }
        assert_int_equal(s.peer.session.counters->alerts_received, 0);
        stage_end(&s);
    }
    assert_int_not_equal(others, 0);
}

#define RUNS 30

/* The bytes of our share in each of many handshakes. */
static void take_share(enum dtls_role role, uint8_t out[65])
{
    static const uint16_t suite = 0xc02f;
    static const uint16_t group = DTLS_GROUP_SECP256R1;
    struct dtls_bytes m;

    stage_init(&s, role, 123);
    stage_suite(&s.peer, &suite);
    s.target.config.groups = &group;
    s.target.config.num_groups = 1;
    stage_start(&s);
    stage_connects(&s);
    m = stage_said(&s, role == DTLS_CLIENT ? DTLS_CLIENT_KEY_EXCHANGE
                                           : DTLS_SERVER_KEY_EXCHANGE);
    memcpy(out, &m.data[role == DTLS_CLIENT ? 1 : 4], 65);
    assert_int_equal(out[0], 4);
    stage_end(&s);
}

static void no_share_is_used_twice(void **state)
{
    static uint8_t shares[RUNS][65];

    (void)state;
    proves("D7925-9-1");
    proves("D9325-7.4-1");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t i = 0; i < RUNS; i++) {
            kit_row("run %zu", i);
            take_share(role, shares[i]);
            for (size_t k = 0; k < i; k++) {
                kit_row("as in run %zu", k);
                assert_memory_not_equal(shares[i], shares[k], 65);
            }
        }
    }
}

static void a_server_random_is_its_own(void **state)
{
    static uint8_t randoms[RUNS][DTLS_RANDOM_LEN];
    static struct hello hello;

    (void)state;
    proves("D5246-7.4.1.3-2");
    for (size_t i = 0; i < RUNS; i++) {
        kit_row("run %zu", i);
        stage_init(&s, DTLS_SERVER, 124); /* the client's is always the same */
        s.target.config.crypto = &dtls_libcrypto;
        stage_start(&s);
        (void)stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
        hello_read_server(&hello, stage_said(&s, DTLS_SERVER_HELLO));
        memcpy(randoms[i], hello.server.random.data, DTLS_RANDOM_LEN);
        assert_memory_not_equal(randoms[i], s.peer.session.hs.client_random,
                                DTLS_RANDOM_LEN);
        for (size_t k = 0; k < i; k++) {
            kit_row("as in run %zu", k);
            assert_memory_not_equal(randoms[i], randoms[k], DTLS_RANDOM_LEN);
        }
        stage_end(&s);
    }
}

static uint8_t first_byte;

static enum dtls_status random_with_time(void *self, uint8_t *out, size_t len)
{
    struct peer *peer = self;

    kit_fill(&peer->random, out, len);
    if (len >= DTLS_RANDOM_LEN) {
        memset(out, first_byte, 4);
    }
    return DTLS_OK;
}

static void the_time_in_a_random_means_nothing(void **state)
{
    (void)state;
    proves("D7925-12-1");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (unsigned i = 0; i < 2; i++) {
            const uint8_t *random;

            kit_row("time %02x...", i == 0 ? 0x00 : 0xff);
            first_byte = i == 0 ? 0x00 : 0xff;
            stage_init(&s, role, 125);
            s.peer.crypto.random = random_with_time;
            stage_start(&s);
            stage_connects(&s);
            random = role == DTLS_CLIENT ? s.target.session.hs.server_random
                                         : s.target.session.hs.client_random;
            assert_memory_equal(random,
                                i == 0 ? "\0\0\0\0" : "\xff\xff\xff\xff", 4);
            stage_end(&s);
        }
    }
}

static void a_changed_list_of_suites_is_obeyed(void **state)
{
    static const uint16_t lists[][2] = {
        {0xc02f, 0xc030}, {0xcca8, 0xc02b}, {0x00a8, 0xc0a8}};
    static struct hello hello;

    (void)state;
    proves("FCS_DTLSC_EXT.1.6");
    proves("FCS_DTLSS_EXT.1.8");
    for (size_t i = 0; i < LEN(lists); i++) {
        uint8_t bytes[] = {(uint8_t)(lists[i][0] >> 8),
                           (uint8_t)lists[i][0],
                           (uint8_t)(lists[i][1] >> 8),
                           (uint8_t)lists[i][1],
                           0x00,
                           0xff};

        kit_row("suites %04x %04x", lists[i][0], lists[i][1]);
        stage_init(&s, DTLS_CLIENT, 126);
        s.target.config.suites = lists[i];
        s.target.config.num_suites = 2;
        stage_start(&s);
        stage_connects(&s);
        hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
        assert_true(dtls_bytes_equal(hello.client.suites,
                                     dtls_bytes_of(bytes, sizeof bytes)));
        stage_end(&s);

        for (size_t k = 0; k < LEN(lists); k++) {
            kit_row("a client of %04x", lists[k][1]);
            stage_init(&s, DTLS_SERVER, 127);
            s.target.config.suites = lists[i];
            s.target.config.num_suites = 2;
            stage_suite(&s.peer, &lists[k][1]);
            stage_start(&s);
            if (k == i) {
                stage_connects(&s);
                stage_end(&s);
            } else {
                stage_say(&s, stage_come_to(&s, DTLS_CLIENT_HELLO));
                stage_fails(&s, DTLS_NO_COMMON_SUITE);
            }
        }
    }
}

static void all_that_a_client_advertises_it_can_do(void **state)
{
    static struct hello hello;
    struct dtls_bytes list;
    uint16_t value;

    (void)state;
    proves("D8446-9.3-1");
    stage_init(&s, DTLS_CLIENT, 128);
    stage_start(&s);
    hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
    stage_end(&s);
    list = hello.client.suites;
    while (dtls_get_u16(&list, &value) && value != 0x00ff) {
        kit_row("suite %04x", value);
        play(DTLS_CLIENT, &value);
        stage_end(&s);
    }
    assert_true(hello_has(&hello, 10, &list));
    assert_true(dtls_get_u16(&list, &value));
    while (dtls_get_u16(&list, &value)) {
        kit_row("group %u", value);
        stage_init(&s, DTLS_CLIENT, 128);
        stage_suite(&s.peer, &(const uint16_t){0xc02f});
        s.peer.config.groups = &value;
        s.peer.config.num_groups = 1;
        stage_start(&s);
        stage_connects(&s);
        assert_int_equal(s.target.session.hs.group, value);
        stage_end(&s);
    }
    /* Pairs: conformance.key_exchange, every_pair_that_is_listed_is_taken;
     * here that it lists no other. */
    assert_true(hello_has(&hello, 13, &list));
    kit_assert_hex(list, "0014 0403 0503 0603 0807 0804 0805 0806 0401 0501 "
                         "0601");
}

static void no_failure_makes_a_client_offer_less(void **state)
{
    static const uint8_t alerts[] = {40, 70, 0}; /* 0: silence */
    static struct hello hello;

    (void)state;
    proves("D7925-18-2");
    proves("D9325-3.1.3-1");
    for (size_t i = 0; i < LEN(alerts); i++) {
        kit_row("after alert %u (0: silence)", alerts[i]);
        for (unsigned attempt = 0; attempt < 2; attempt++) {
            kit_row("attempt %u", attempt);
            stage_init(&s, DTLS_CLIENT, 129);
            stage_start(&s);
            if (alerts[i] != 0) {
                uint8_t alert[] = {2, alerts[i]};

                s.peer.num_messages = 0;
                stage_say_record(&s, 0, DTLS_ALERT, dtls_bytes_of(alert, 2));
                assert_int_equal(s.target.session.phase, DTLS_PHASE_FAILED);
            }
            while (dtls_session_is_opening(&s.target.session)) {
                stage_pass(&s);
                stage_listen_alone(&s);
            }
            for (size_t k = 0; k < s.num_records; k++) {
                kit_row("record %zu", k);
                hello_read_client(&hello,
                                  dtls_bytes_of(&s.records[k].body[12],
                                                s.records[k].len - 12));
                assert_int_equal(hello.client.version, 0xfefd);
            }
            stage_end(&s);
        }
    }
}

static void a_first_hello_binds_to_nothing(void **state)
{
    static struct hello hello;
    struct peer_message *m;

    (void)state;
    proves("FCS_DTLSS_EXT.1.11-T2");
    for (unsigned right = 0; right < 2; right++) {
        kit_row("%s renegotiation_info", right ? "right" : "wrong");
        stage_init(&s, DTLS_SERVER, 130);
        stage_start(&s);
        m = stage_come_to(&s, DTLS_CLIENT_HELLO);
        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
        hello_drop(&hello, 0xff01);
        hello_add(&hello, 0xff01, right ? "\0" : "\1x", right ? 1 : 2);
        hello_put(&s, m, &hello);
        if (right) {
            stage_connects(&s);
            stage_end(&s);
        } else {
            stage_say(&s, m);
            stage_fails(&s, DTLS_RENEGOTIATION_INFO);
        }
    }
}

static void the_timer_may_grow_to_a_minute(void **state)
{
    uint64_t longest = 0;

    (void)state;
    proves("D6298-2-1");
    stage_init(&s, DTLS_CLIENT, 131);
    stage_start(&s);
    while (dtls_session_is_opening(&s.target.session)) {
        uint64_t before = s.target.now;

        stage_pass(&s);
        stage_listen_alone(&s);
        longest =
            s.target.now - before > longest ? s.target.now - before : longest;
    }
    assert_true(longest >= 60000);
    stage_end(&s);
}

/* TLS1-PRF of OpenSSL: label and seed are `seed`. */
static void openssl_prf(uint8_t *out, size_t out_len, const char *hash,
                        struct dtls_bytes secret, struct dtls_bytes seed)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "TLS1-PRF", NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    uint8_t copy[256];
    char name[16];
    OSSL_PARAM params[4];

    assert_true(secret.len + seed.len <= sizeof copy);
    memcpy(copy, secret.data, secret.len);
    memcpy(&copy[secret.len], seed.data, seed.len);
    (void)snprintf(name, sizeof name, "%s", hash);
    params[0] =
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, copy,
                                                  secret.len);
    params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED,
                                                  &copy[secret.len], seed.len);
    params[3] = OSSL_PARAM_construct_end();
    assert_int_equal(EVP_KDF_derive(ctx, out, out_len, params), 1);
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
}

/* verify_data as RFC 5246, 7.4.9, has it. */
static void compute(uint8_t out[DTLS_VERIFY_DATA_LEN], const char *hash,
                    const uint8_t *master, const char *label,
                    struct dtls_bytes messages)
{
    uint8_t seed[15 + EVP_MAX_MD_SIZE];
    unsigned digest_len;

    memcpy(seed, label, 15);
    assert_int_equal(EVP_Digest(messages.data, messages.len, &seed[15],
                                &digest_len, EVP_get_digestbyname(hash), NULL),
                     1);
    openssl_prf(out, DTLS_VERIFY_DATA_LEN, hash,
                dtls_bytes_of(master, DTLS_MASTER_LEN),
                dtls_bytes_of(seed, 15 + digest_len));
}

static void append(struct dtls_buf *log, uint8_t type, uint16_t seq,
                   struct dtls_bytes body)
{
    struct dtls_fragment whole = {.type = type,
                                  .message_len = (uint32_t)body.len,
                                  .seq = seq,
                                  .body = body};

    assert_true(dtls_fragment_put_header(log, &whole) &&
                dtls_put_bytes(log, body));
}

/* What our server and its client say in the clear, in order, is what both
 * Finished are over. */
static void check_finished(const uint16_t suite, const char *hash)
{
    static uint8_t log_bytes[20000];
    struct dtls_buf log = {log_bytes, 0, sizeof log_bytes};
    const struct dtls_handshake *h = &s.target.session.hs;
    uint8_t expected[DTLS_VERIFY_DATA_LEN];
    struct peer_message *m;

    stage_init(&s, DTLS_SERVER, 132);
    s.target.config.suites = &suite;
    s.target.config.num_suites = 1;
    stage_suite(&s.peer, &suite);
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    append(&log, m->type, m->seq, dtls_bytes_of(m->body, m->len));
    m = stage_come_to(&s, DTLS_CLIENT_KEY_EXCHANGE);
    for (size_t i = 0; i < s.num_records; i++) {
        const struct stage_record *r = &s.records[i];

        kit_row("record %zu", i);
        assert_true(r->len <= sizeof r->body);
        assert_true(dtls_put_bytes(&log, dtls_bytes_of(r->body, r->len)));
    }
    append(&log, m->type, m->seq, dtls_bytes_of(m->body, m->len));
    stage_connects(&s);
    compute(expected, hash, h->agreed.master, "client finished",
            dtls_buf_bytes(&log));
    assert_memory_equal(h->agreed.client_verify_data, expected,
                        DTLS_VERIFY_DATA_LEN);
    append(&log, DTLS_FINISHED, (uint16_t)(m->seq + 1),
           dtls_bytes_of(expected, sizeof expected));
    compute(expected, hash, h->agreed.master, "server finished",
            dtls_buf_bytes(&log));
    assert_memory_equal(h->agreed.server_verify_data, expected,
                        DTLS_VERIFY_DATA_LEN);
    stage_end(&s);
}

/* What one end says in the clear, up to ClientKeyExchange: the target from a
 * record of its on, the peer in its flight at hand. */
static void log_target(struct dtls_buf *log, size_t from)
{
    for (size_t i = from; i < s.num_records; i++) {
        const struct stage_record *r = &s.records[i];

        kit_row("record %zu", i);
        if (r->type == DTLS_HANDSHAKE && r->epoch == 0 &&
            r->body[0] != DTLS_CERTIFICATE_VERIFY) {
            assert_true(r->len <= sizeof r->body);
            assert_true(dtls_put_bytes(log, dtls_bytes_of(r->body, r->len)));
        }
    }
}

static void log_peer(struct dtls_buf *log)
{
    for (size_t i = 0; i < s.peer.num_messages; i++) {
        const struct peer_message *m = &s.peer.messages[i];

        kit_row("message %zu", i);
        if (m->record_type == DTLS_HANDSHAKE && m->epoch == 0 &&
            m->type != DTLS_CERTIFICATE_VERIFY) {
            append(log, m->type, m->seq, dtls_bytes_of(m->body, m->len));
        }
    }
}

/* The premaster that a client has encrypted to our RSA key. */
static void open_premaster(uint8_t out[256], struct dtls_bytes key_exchange)
{
    const unsigned char *der = stage_pki.rsa.key_der.bytes;
    EVP_PKEY *key =
        d2i_AutoPrivateKey(NULL, &der, (long)stage_pki.rsa.key_der.len);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    size_t len = 256;

    assert_int_equal(key_exchange.len, 258);
    assert_int_equal(EVP_PKEY_decrypt_init(ctx), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
    assert_int_equal(
        EVP_PKEY_decrypt(ctx, out, &len, &key_exchange.data[2], 256), 1);
    assert_int_equal(len, 48);
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
}

/* RFC 7627, 4: PRF(premaster, "extended master secret", session_hash). */
static void assert_master_is_of(struct dtls_bytes messages,
                                const uint8_t premaster[48])
{
    const struct dtls_agreed *agreed = &s.target.session.hs.agreed;
    uint8_t expected[DTLS_MASTER_LEN];
    uint8_t seed[22 + 32];

    memcpy(seed, "extended master secret", 22);
    assert_int_equal(EVP_Digest(messages.data, messages.len, &seed[22], NULL,
                                EVP_sha256(), NULL),
                     1);
    openssl_prf(expected, sizeof expected, "SHA256",
                dtls_bytes_of(premaster, 48),
                dtls_bytes_of(seed, sizeof seed));
    assert_true(agreed->extended_master_secret);
    assert_memory_equal(agreed->master, expected, sizeof expected);
}

/* Both ends have a certificate, and RSA key transport shows the premaster to
 * whoever has the key. */
static void a_session_hash_ends_before_certificate_verify(void **state)
{
    static uint8_t log_bytes[20000];
    struct dtls_buf log = {log_bytes, 0, sizeof log_bytes};
    uint8_t premaster[256];

    (void)state;
    proves("D7627-3-2");
    EACH_ROLE(role)
    {
        struct peer *client = role == DTLS_CLIENT ? &s.target : &s.peer;
        struct peer *server = role == DTLS_CLIENT ? &s.peer : &s.target;

        kit_row("target a %s", kit_role(role));
        log.len = 0;
        stage_init(&s, role, 138);
        stage_suite(&s.peer, &(const uint16_t){0x009c});
        server->config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
        client->config.credentials = &stage_pki.client_rsa.credential;
        stage_start(&s);
        if (role == DTLS_CLIENT) {
            log_target(&log, 0);
            log_peer(&log);
            stage_connects(&s);
            log_target(&log, 1);
            open_premaster(premaster,
                           stage_said(&s, DTLS_CLIENT_KEY_EXCHANGE));
            assert_non_null(stage_said(&s, DTLS_CERTIFICATE_VERIFY).data);
        } else {
            const struct peer_message *m;

            log_peer(&log);
            m = stage_come_to(&s, DTLS_CERTIFICATE_VERIFY) - 1;
            assert_int_equal(m->type, DTLS_CLIENT_KEY_EXCHANGE);
            open_premaster(premaster, dtls_bytes_of(m->body, m->len));
            log_target(&log, 0);
            log_peer(&log);
            stage_connects(&s);
        }
        assert_master_is_of(dtls_buf_bytes(&log), premaster);
        stage_end(&s);
    }
}

/* By name: every suite of ours that ends in SHA384. */
static bool is_sha384(uint16_t suite)
{
    static const uint16_t all[] = {0xc02c, 0xc030, 0x009d, 0xd002, 0x00a9,
                                   0xc024, 0xc028, 0xc038, 0x00af};

    for (size_t i = 0; i < LEN(all); i++) {
        if (all[i] == suite) {
            return true;
        }
    }
    return false;
}

static void finished_is_made_with_the_hash_that_the_suite_names(void **state)
{
    static const uint16_t suites[] = {
        0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9, 0xccab, 0xccac, 0xc0ac,
        0xc0ad, 0xc0ae, 0xc0af, 0x009c, 0x009d, 0xc09c, 0xc09d, 0xc0a0, 0xc0a1,
        0xd001, 0xd002, 0xd003, 0xd005, 0x00a8, 0x00a9, 0xc0a4, 0xc0a5, 0xc0a8,
        0xc0a9, 0xc023, 0xc024, 0xc027, 0xc028, 0xc035, 0xc036, 0xc037, 0xc038,
        0x00ae, 0x00af, 0x002f, 0x0035, 0x003c, 0x003d, 0x008c, 0x008d};

    (void)state;
    proves("D5246-5-2");
    proves("D5487-2-2");
    proves("D5288-3-5");
    proves("D5289-3.2-1");
    proves("D6655-3-3");
    proves("D7905-2-3");
    for (size_t i = 0; i < LEN(suites); i++) {
        kit_row("suite %04x", suites[i]);
        check_finished(suites[i], is_sha384(suites[i]) ? "SHA384" : "SHA256");
    }
}

/* label || the randoms || more, in a buffer of its own. */
static struct dtls_bytes make_seed(const char *label, const uint8_t *first,
                                   const uint8_t *second, const void *more,
                                   size_t more_len)
{
    static uint8_t bytes[256];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_true(dtls_put_bytes(&out, dtls_bytes_of(label, strlen(label))) &&
                dtls_put_bytes(&out, dtls_bytes_of(first, DTLS_RANDOM_LEN)) &&
                dtls_put_bytes(&out, dtls_bytes_of(second, DTLS_RANDOM_LEN)) &&
                dtls_put_bytes(&out, dtls_bytes_of(more, more_len)));
    return dtls_buf_bytes(&out);
}

/* The HMAC of a record of our client, with encrypt-then-MAC, under the first
 * bytes of the key block. */
static void check_mac(uint16_t suite, const char *prf, const char *mac,
                      size_t mac_len)
{
    const struct dtls_agreed *agreed = &s.target.session.hs.agreed;
    uint8_t key[EVP_MAX_MD_SIZE];
    uint8_t input[256];
    uint8_t expected[EVP_MAX_MD_SIZE];
    uint8_t room[256];
    struct dtls_buf out = {room, 0, sizeof room};
    struct dtls_buf in = {input, 0, sizeof input};
    unsigned len;

    play(DTLS_CLIENT, &suite);
    assert_true(agreed->encrypt_then_mac);
    openssl_prf(key, mac_len, prf,
                dtls_bytes_of(agreed->master, DTLS_MASTER_LEN),
                make_seed("key expansion", agreed->server_random,
                          agreed->client_random, "", 0));
    assert_int_equal(dtls_session_send(&s.target.session, &out,
                                       dtls_bytes_of("payload", 7),
                                       s.target.now),
                     DTLS_OK);
    /* seq_num || type || version || length || IV and ciphertext */
    assert_true(
        dtls_put_bytes(&in, dtls_bytes_of(&room[3], 8)) &&
        dtls_put_bytes(&in, dtls_bytes_of(room, 3)) &&
        dtls_put_u16(&in, (uint16_t)(out.len - 13 - mac_len)) &&
        dtls_put_bytes(&in, dtls_bytes_of(&room[13], out.len - 13 - mac_len)));
    assert_non_null(HMAC(EVP_get_digestbyname(mac), key, (int)mac_len, input,
                         in.len, expected, &len));
    assert_int_equal(len, mac_len);
    assert_memory_equal(&room[out.len - mac_len], expected, mac_len);
    stage_end(&s);
}

static void cbc_uses_the_hmac_that_the_suite_names(void **state)
{
    static const uint16_t sha256[] = {0xc023, 0xc027, 0xc037, 0x00ae};
    static const uint16_t sha384[] = {0xc024, 0xc028, 0xc038, 0x00af};

    (void)state;
    proves("D5289-3.1-1");
    proves("D5487-3.1-1");
    proves("D5489-2-4");
    for (size_t i = 0; i < LEN(sha256); i++) {
        kit_row("suites %04x, %04x", sha256[i], sha384[i]);
        check_mac(sha256[i], "SHA256", "SHA256", 32);
        check_finished(sha256[i], "SHA256");
        check_mac(sha384[i], "SHA384", "SHA384", 48);
        check_finished(sha384[i], "SHA384");
    }
    check_finished(0xc035, "SHA256");
    check_finished(0xc036, "SHA256");
}

static void an_exporter_has_its_context_in_the_seed(void **state)
{
    static const uint16_t suites[] = {0xc02f, 0xc030};
    static const char label[] = "EXPORTER-of-ours";
    static const struct {
        const char *context; /* NULL: none */
        const char *more;
        size_t more_len;
    } rows[] = {{NULL, "", 0}, {"", "\0\0", 2}, {"abc", "\0\3abc", 5}};

    (void)state;
    proves("D5705-4-2");
    for (size_t i = 0; i < LEN(suites) * LEN(rows); i++) {
        const struct dtls_agreed *agreed = &s.target.session.hs.agreed;
        size_t row = i % LEN(rows);
        uint16_t suite = suites[i / LEN(rows)];
        struct dtls_bytes context = {0};
        uint8_t expected[40];
        uint8_t got[40];

        kit_row("suite %04x, context %s", suite,
                rows[row].context != NULL ? rows[row].context : "none");
        play(DTLS_SERVER, &suite);
        if (rows[row].context != NULL) {
            context =
                dtls_bytes_of(rows[row].context, strlen(rows[row].context));
        }
        assert_int_equal(
            dtls_session_export(&s.target.session, got, sizeof got, label,
                                rows[row].context != NULL ? &context : NULL),
            DTLS_OK);
        openssl_prf(
            expected, sizeof expected, is_sha384(suite) ? "SHA384" : "SHA256",
            dtls_bytes_of(agreed->master, DTLS_MASTER_LEN),
            make_seed(label, agreed->client_random, agreed->server_random,
                      rows[row].more, rows[row].more_len));
        assert_memory_equal(got, expected, sizeof got);
        stage_end(&s);
    }
}

/* The peer's second hello, as after a cookie exchange: message 1, record 9. */
static void a_server_goes_on_from_the_numbers_of_the_hello(void **state)
{
    struct peer_message *m;

    (void)state;
    proves("D6347-4.2.1-20");
    stage_init(&s, DTLS_SERVER, 133);
    s.target.config.mtu = 300;
    stage_start(&s);
    m = stage_come_to(&s, DTLS_CLIENT_HELLO);
    m->seq = 1;
    s.peer.session.records.write[0].next_seq = 9;
    stage_say(&s, m);
    stage_listen_alone(&s);
    assert_true(s.num_records > 3);
    for (size_t i = 0; i < s.num_records; i++) {
        kit_row("record %zu", i);
        assert_true(s.records[i].seq == 9 + i);
    }
    assert_int_equal(s.records[0].body[0], DTLS_SERVER_HELLO);
    stage_end(&s);
}

struct seen {
    uint16_t hello_verify_version;
    uint16_t hello_version;
    unsigned next; /* message_seq that the server's next message must have */
    bool in_order;
};

/* The server's messages in the clear, each whole in a record of its own. */
static void see_server(void *watcher, const struct sim_sent *sent,
                       const struct sim_fate *fate)
{
    struct seen *seen = watcher;
    struct dtls_bytes in = sent->bytes;

    (void)fate;
    while (sent->from == SIM_SERVER && in.len != 0) {
        size_t len = (size_t)in.data[11] << 8 | in.data[12];
        const uint8_t *m = &in.data[13];

        if (in.data[0] == DTLS_HANDSHAKE && in.data[4] == 0) {
            uint16_t version = (uint16_t)(m[12] << 8 | m[13]);

            seen->in_order &= m[5] == seen->next++;
            if (m[0] == DTLS_HELLO_VERIFY_REQUEST) {
                seen->hello_verify_version = version;
            }
            if (m[0] == DTLS_SERVER_HELLO) {
                seen->hello_version = version;
            }
        }
        in = dtls_bytes_of(&in.data[13 + len], in.len - 13 - len);
    }
}

static void after_hello_verify_request_0_comes_server_hello_1(void **state)
{
    static const uint16_t suite = 0xc02f;
    static struct sim_pair pair;
    struct seen seen = {.in_order = true};

    (void)state;
    proves("D6347-4.2.2-4");
    proves("D6347-4.2.1-14");
    sim_pair_init(&pair, 134);
    pair.net.watch = see_server;
    pair.net.watcher = &seen;
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = &suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &stage_pki.root.item;
        pair.ends[i].config.mtu = 4000;
    }
    pair.ends[SIM_SERVER].config.credentials = &stage_pki.rsa.credential;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, 3600000));
    assert_true(seen.in_order);
    assert_int_equal(seen.next, 5); /* 0; 1, 2, 3, 4: Finished is sealed */
    assert_true(seen.hello_verify_version == 0xfeff ||
                seen.hello_verify_version == seen.hello_version);
    assert_int_equal(seen.hello_version, 0xfefd);
    sim_pair_free(&pair);
}

/* ServerHello and half of Certificate in one record, the rest in the next. */
static void a_record_may_end_in_the_middle_of_a_message(void **state)
{
    static uint8_t bytes[20000];
    struct dtls_buf content = {bytes, 0, sizeof bytes};
    struct peer_message *m;
    size_t half;

    (void)state;
    proves("D6347-4.2.3-16");
    stage_init(&s, DTLS_CLIENT, 135);
    stage_suite(&s.peer, &(const uint16_t){0xc02f});
    stage_start(&s);
    m = stage_come_to(&s, DTLS_SERVER_HELLO);
    append(&content, m->type, m->seq, dtls_bytes_of(m->body, m->len));
    m++;
    assert_int_equal(m->type, DTLS_CERTIFICATE);
    half = m->len / 2;
    {
        struct dtls_fragment part = {.type = m->type,
                                     .message_len = (uint32_t)m->len,
                                     .seq = m->seq,
                                     .body = {m->body, half}};

        assert_true(dtls_fragment_put_header(&content, &part) &&
                    dtls_put_bytes(&content, part.body));
    }
    stage_say_record(&s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&content));
    peer_put_fragment(&s.peer, &s.out, m, half, m->len - half);
    stage_say_bytes(&s, dtls_buf_bytes(&s.out));
    s.out.len = 0;
    assert_int_equal(s.target.session.hs.in.next_seq, m->seq + 1);
    stage_say_rest(&s, m);
    stage_exchange(&s);
    stage_connects(&s);
    stage_end(&s);
}

static unsigned decryptions;

static enum dtls_status count_decrypt(void *self, struct dtls_cipher *cipher,
                                      const uint8_t iv[DTLS_CBC_BLOCK],
                                      struct dtls_span data)
{
    decryptions++;
    return dtls_libcrypto.cbc_decrypt(self, cipher, iv, data);
}

static void a_mac_is_checked_before_anything_is_decrypted(void **state)
{
    (void)state;
    proves("D7366-3-4");
    EACH_ROLE(role)
    {
        unsigned before;

        kit_row("target a %s", kit_role(role));
        stage_init(&s, role, 136);
        s.target.crypto.cbc_decrypt = count_decrypt;
        stage_suite(&s.peer, &(const uint16_t){0xc027});
        stage_start(&s);
        decryptions = 0;
        stage_connects(&s);
        assert_int_not_equal(decryptions, 0);
        before = decryptions;
        for (size_t at = 1; at <= 80; at++) {
            kit_row("byte %zu from the end", at % 64);
            peer_put_data(&s.peer, &s.out, dtls_bytes_of("payload", 7));
            assert_true(s.out.len >= DTLS_RECORD_HEADER_LEN + 64);
            s.out.data[s.out.len - 1 - at % 64] ^= 0x40;
            stage_say_bytes(&s, dtls_buf_bytes(&s.out));
            s.out.len = 0;
        }
        assert_int_equal(decryptions, before);
        stage_exchanges_data(&s);
        stage_end(&s);
    }
}

/* IV, the blocks of 256 bytes with the least padding, MAC. */
static void padding_does_not_go_beyond_a_reduced_limit(void **state)
{
    (void)state;
    proves("D8449-4.1-1");
    stage_init(&s, DTLS_CLIENT, 137);
    s.target.config.record_size_limit = 16384;
    s.peer.config.record_size_limit = 256;
    stage_suite(&s.peer, &(const uint16_t){0xc027});
    stage_start(&s);
    stage_connects(&s);
    for (size_t len = 1; len <= 256; len++) {
        static const uint8_t zeros[256];
        uint8_t room[512];
        struct dtls_buf out = {room, 0, sizeof room};

        kit_row("%zu bytes", len);
        assert_int_equal(dtls_session_send(&s.target.session, &out,
                                           dtls_bytes_of(zeros, len),
                                           s.target.now),
                         DTLS_OK);
        assert_true(out.len <= DTLS_RECORD_HEADER_LEN + 16 + 272 + 32);
    }
    stage_end(&s);
}

static size_t longest_datagram(void)
{
    size_t sum[STAGE_RECORDS] = {0};
    size_t longest = 0;

    for (size_t i = 0; i < s.num_records; i++) {
        size_t *len = &sum[s.records[i].datagram];

        *len += DTLS_RECORD_HEADER_LEN + s.records[i].len;
        longest = *len > longest ? *len : longest;
    }
    return longest;
}

/* The limit of a record says nothing of datagrams, nor they of it. */
static void mtu_and_size_limit_are_set_apart(void **state)
{
    static const struct {
        uint16_t mtu;
        uint16_t limit;
    } cases[] = {{500, 16384}, {500, 64}, {1400, 16384}, {1400, 300}};

    (void)state;
    proves("D8449-4-14");
    EACH_ROLE(role)
    {
        kit_row("target a %s", kit_role(role));
        for (size_t i = 0; i < LEN(cases); i++) {
            static struct hello hello;
            struct dtls_bytes data;
            uint16_t limit;
            size_t longest;

            kit_row("MTU %u, limit %u", cases[i].mtu, cases[i].limit);
            stage_init(&s, role, 139);
            stage_suite(&s.peer, &(const uint16_t){0xc02f});
            s.target.config.mtu = cases[i].mtu;
            s.target.config.record_size_limit = cases[i].limit;
            s.peer.config.record_size_limit = 16384;
            stage_start(&s);
            stage_connects(&s);
            longest = longest_datagram();
            assert_true(longest <= cases[i].mtu);
            assert_true(role == DTLS_CLIENT || cases[i].limit > cases[i].mtu ||
                        longest > cases[i].limit);
            assert_int_equal(s.peer.session.records.write[1].protection.limit,
                             cases[i].limit % 16384);
            if (role == DTLS_CLIENT) {
                hello_read_client(&hello, stage_said(&s, DTLS_CLIENT_HELLO));
                assert_true(hello_has(&hello, 28, &data));
                assert_true(dtls_get_u16(&data, &limit));
                assert_int_equal(limit, cases[i].limit);
            }
            stage_end(&s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_records_of_the_four_types_are_sent),
        cmocka_unit_test(everything_after_ccs_is_under_the_keys),
        cmocka_unit_test(messages_are_numbered_one_by_one),
        cmocka_unit_test(the_servers_finished_is_encrypted),
        cmocka_unit_test(no_share_is_used_twice),
        cmocka_unit_test(a_server_random_is_its_own),
        cmocka_unit_test(the_time_in_a_random_means_nothing),
        cmocka_unit_test(a_changed_list_of_suites_is_obeyed),
        cmocka_unit_test(all_that_a_client_advertises_it_can_do),
        cmocka_unit_test(no_failure_makes_a_client_offer_less),
        cmocka_unit_test(a_first_hello_binds_to_nothing),
        cmocka_unit_test(the_timer_may_grow_to_a_minute),
        cmocka_unit_test(finished_is_made_with_the_hash_that_the_suite_names),
        cmocka_unit_test(a_session_hash_ends_before_certificate_verify),
        cmocka_unit_test(cbc_uses_the_hmac_that_the_suite_names),
        cmocka_unit_test(an_exporter_has_its_context_in_the_seed),
        cmocka_unit_test(a_server_goes_on_from_the_numbers_of_the_hello),
        cmocka_unit_test(after_hello_verify_request_0_comes_server_hello_1),
        cmocka_unit_test(a_record_may_end_in_the_middle_of_a_message),
        cmocka_unit_test(a_mac_is_checked_before_anything_is_decrypted),
        cmocka_unit_test(padding_does_not_go_beyond_a_reduced_limit),
        cmocka_unit_test(mtu_and_size_limit_are_set_apart),
    };
    int failed;

    stage_load_pki();
    failed = kit_run(tests);
    stage_free_pki();
    return failed;
}
