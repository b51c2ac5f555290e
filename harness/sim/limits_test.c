/* SPDX-License-Identifier: MIT */
/* Sizes at their ends: the longest record, and messages that just fit into
 * the caller's buffers or just do not. */
#include "kit/kit.h"
#include "sim/pair.h"
#include "sim/pki.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */
static struct sim_identity chain[3];
static struct sim_anchor root;

static void init_chain(void)
{
    static const uint16_t suite = 0xc02f;

    sim_pair_init(&pair, 51);
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.suites = &suite;
        pair.ends[i].config.num_suites = 1;
        pair.ends[i].config.anchors = &root.item;
        pair.ends[i].config.mtu = 600;
    }
    pair.ends[SIM_SERVER].config.credentials = &chain[0].credential;
}

static void a_record_of_16384_bytes_goes_in_one_datagram(void **state)
{
    static const uint16_t suites[] = {0x00a8, 0xc0a8, 0xccab, 0x00ae, 0x00b0};
    static uint8_t text[DTLS_PLAINTEXT_MAX + 1];

    (void)state;
    proves("D5246-6.2.1-5");
    proves("D5246-6.2.3-2");
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (uint8_t)(i * 7 + i / 256);
    }
    for (size_t i = 0; i < LEN(suites); i++) {
        kit_row("suite %04x", suites[i]);
        sim_pair_init(&pair, 52);
        pair.ends[0].config.suites = pair.ends[1].config.suites = &suites[i];
        sim_pair_start(&pair);
        assert_true(sim_pair_run(&pair, HOUR));
        for (int from = 0; from < 2; from++) {
            struct sim_end *to = &pair.ends[!from];
            unsigned before = pair.net.sent;

            kit_row("from the %s", kit_role(from));
            assert_int_equal(
                sim_pair_say(&pair, from, dtls_bytes_of(text, sizeof text)),
                DTLS_NO_ROOM);
            assert_int_equal(
                sim_pair_say(&pair, from,
                             dtls_bytes_of(text, DTLS_PLAINTEXT_MAX)),
                DTLS_OK);
            assert_int_equal(pair.net.sent, before + 1);
            sim_pair_drain(&pair, pair.net.now + 100);
            assert_int_equal(to->data_len, DTLS_PLAINTEXT_MAX);
            assert_memory_equal(to->data, text, DTLS_PLAINTEXT_MAX);
        }
        sim_pair_free(&pair);
    }
}

/* The longest message that a server sends in pieces. */
static void watch_certificate(void *self, const struct sim_sent *sent,
                              struct sim_fate *fate)
{
    struct dtls_span in = {(uint8_t *)(uintptr_t)sent->bytes.data,
                           sent->bytes.len};
    struct dtls_record record;
    struct dtls_fragment fragment;
    size_t *len = self;

    (void)fate;
    while (sent->from == SIM_SERVER &&
           dtls_record_next(&in, &record) == DTLS_OK) {
        struct dtls_bytes payload = dtls_span_bytes(record.body);

        if (record.epoch == 0 && record.type == DTLS_HANDSHAKE &&
            dtls_fragment_next(&payload, &fragment) == DTLS_OK &&
            fragment.type == DTLS_CERTIFICATE) {
            *len = fragment.message_len;
        }
    }
}

static size_t certificate_len(void)
{
    size_t len = 0;

    init_chain();
    pair.net.conditions.decide = watch_certificate;
    pair.net.conditions.self = &len;
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_free(&pair);
    assert_true(len > 2000);
    return len;
}

static void a_message_fits_its_buffer_to_the_byte(void **state)
{
    size_t len = certificate_len();
    size_t needed = len + (len + 7) / 8;

    (void)state;
    proves("D6347-4.2.3-14");
    for (size_t missing = 0; missing < 2; missing++) {
        struct sim_end *client = &pair.ends[SIM_CLIENT];

        kit_row("%zu bytes missing", missing);
        init_chain();
        client->room.arena.len = needed - missing;
        sim_pair_start(&pair);
        assert_int_equal(sim_pair_run(&pair, HOUR), missing == 0);
        if (missing != 0) {
            /* 0x135 to the application, internal_error to the server. */
            assert_int_equal(client->session.failure, DTLS_MESSAGE_TOO_LONG);
            sim_pair_drain(&pair, pair.net.now + 100);
            assert_int_equal(pair.ends[SIM_SERVER].session.peer_alert[1], 80);
        }
        sim_pair_free(&pair);
    }
}

static void a_chain_fits_its_buffer_to_the_byte(void **state)
{
    size_t total = 0;

    (void)state;
    for (size_t i = 0; i < LEN(chain); i++) {
        total += 3 + chain[i].cert_der.len;
    }
    for (size_t missing = 0; missing < 2; missing++) {
        struct sim_end *client = &pair.ends[SIM_CLIENT];

        kit_row("%zu bytes missing", missing);
        init_chain();
        client->room.peer_certs.len = total - missing;
        sim_pair_start(&pair);
        assert_int_equal(sim_pair_run(&pair, HOUR), missing == 0);
        if (missing != 0) {
            assert_int_equal(client->session.failure, DTLS_MESSAGE_TOO_LONG);
        }
        sim_pair_free(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_of_16384_bytes_goes_in_one_datagram),
        cmocka_unit_test(a_message_fits_its_buffer_to_the_byte),
        cmocka_unit_test(a_chain_fits_its_buffer_to_the_byte),
    };
    int failed;

    sim_identity_load(&chain[0], NXDTLS_PKI_DIR, "chain-leaf", true);
    sim_identity_load(&chain[1], NXDTLS_PKI_DIR, "ca2", false);
    sim_identity_load(&chain[2], NXDTLS_PKI_DIR, "ca1", false);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    chain[0].credential.next = &chain[1].credential;
    chain[1].credential.next = &chain[2].credential;
    failed = kit_run(tests);
    sim_identity_free(&chain[0]);
    return failed;
}
