/* SPDX-License-Identifier: MIT */
/* Prints the tables of docs/devices.md: what a handshake and a record cost on
 * the wire, measured between our client and our server. */
#include "sim/pki.h"
#include "sim/resumption_kit.h"

#include <stdio.h>

#define ONE_WAY 50 /* ms */
#define PAYLOAD 64 /* bytes */

static struct sim_identity server_id, client_id, raw_server, raw_client;
static struct sim_anchor root, server_key, client_key;

/* ---- Credentials ---- */

static void load_all(void)
{
    sim_identity_load(&server_id, NXDTLS_PKI_DIR, "ec", true);
    sim_identity_load(&client_id, NXDTLS_PKI_DIR, "client-ec", true);
    sim_identity_raw(&raw_server, &server_id);
    sim_identity_raw(&raw_client, &client_id);
    sim_anchor_load(&root, NXDTLS_PKI_DIR, "root");
    sim_anchor_raw(&server_key, &server_id);
    sim_anchor_raw(&client_key, &client_id);
}

static void use_suite(uint16_t suite)
{
    static uint16_t only;

    only = suite;
    set_suite(&only);
}

static void use_psk(void)
{
    use_suite(0xc0a8);
}

static void use_password(void)
{
    use_suite(0xc0ff);
}

static void use_ecdhe_psk(void)
{
    use_suite(0xd005);
}

static void use_certificate(void)
{
    use_suite(0xc0ae);
    config(SIM_SERVER)->credentials = &server_id.credential;
    config(SIM_CLIENT)->anchors = &root.item;
}

static void use_certificates(void)
{
    use_certificate();
    config(SIM_SERVER)->client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    config(SIM_SERVER)->anchors = &root.item;
    config(SIM_CLIENT)->credentials = &client_id.credential;
}

static void use_raw_key(void)
{
    use_certificate();
    config(SIM_SERVER)->credentials = &raw_server.credential;
    config(SIM_CLIENT)->anchors = &server_key.item;
    config(SIM_SERVER)->raw_keys = config(SIM_CLIENT)->raw_keys = true;
}

static void use_raw_keys(void)
{
    use_raw_key();
    config(SIM_SERVER)->client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    config(SIM_SERVER)->anchors = &client_key.item;
    config(SIM_CLIENT)->credentials = &raw_client.credential;
}

static void use_ids(void)
{
    for (int i = 0; i < 2; i++) {
        config(i)->connection_ids = true;
    }
    config(SIM_SERVER)->cid_len = 8;
}

/* ---- Handshakes ---- */

/* Connects the pair that is prepared.  Returns after how many milliseconds the
 * client may send data. */
static uint64_t connect_pair(void)
{
    uint64_t began = pair.net.now;
    uint64_t client_may;

    pair.net.conditions.delay = ONE_WAY;
    sim_pair_start(&pair);
    while (!pair.ends[SIM_CLIENT].connected) {
        assert_true(sim_pair_step(&pair, began + HOUR));
    }
    client_may = pair.net.now - began;
    assert_true(sim_pair_run(&pair, began + HOUR));
    return client_may;
}

static void print_handshake(const char *name, uint64_t ms)
{
    const struct sim_ledger *client = &pair.net.ledger[SIM_CLIENT];
    const struct sim_ledger *server = &pair.net.ledger[SIM_SERVER];

    (void)printf(
        "| %s | %u | %u | %u | %u | %u |\n", name,
        (unsigned)(ms / (2 * ONE_WAY)), (unsigned)client->datagrams_sent,
        (unsigned)client->bytes_sent, (unsigned)server->datagrams_sent,
        (unsigned)server->bytes_sent);
}

static void disconnect(void)
{
    assert_int_equal(dtls_session_close(session(SIM_CLIENT), pair.net.now),
                     DTLS_OK);
    sim_pair_drain(&pair, pair.net.now + 1000);
    sim_pair_free(&pair);
}

static void measure(const char *name, void (*use)(void), bool ids)
{
    uint64_t ms;

    forget_all();
    prepare(1, 0);
    config(SIM_SERVER)->cache = NULL;
    config(SIM_SERVER)->tickets = NULL;
    config(SIM_CLIENT)->resume = NULL;
    use();
    if (ids) {
        use_ids();
    }
    ms = connect_pair();
    print_handshake(name, ms);
    disconnect();
}

static void measure_resumed(const char *name, bool by_ticket)
{
    uint64_t ms;

    with_tickets = by_ticket;
    forget_all();
    for (unsigned i = 0; i < 2; i++) {
        prepare(1 + i, i * HOUR);
        use_certificates();
        ms = connect_pair();
        assert_int_equal(is_resumed(), i == 1);
        if (is_resumed()) {
            print_handshake(name, ms);
        }
        disconnect();
    }
    with_tickets = false;
}

static void print_handshakes(void)
{
    (void)printf("| handshake | round trips | datagrams of the client | its "
                 "bytes | datagrams of the server | its bytes |\n"
                 "| --- | ---: | ---: | ---: | ---: | ---: |\n");
    measure("pre-shared key", use_psk, false);
    measure("pre-shared key, with a connection id of 8 bytes", use_psk, true);
    measure("pre-shared key with ECDHE", use_ecdhe_psk, false);
    measure("password (EC-JPAKE)", use_password, false);
    measure("the server's raw public key", use_raw_key, false);
    measure("raw public keys of both", use_raw_keys, false);
    measure("the server's certificate", use_certificate, false);
    measure("certificates of both", use_certificates, false);
    measure_resumed("the last one, resumed by session id", false);
    measure_resumed("the last one, resumed by ticket", true);
}

/* ---- Records ---- */

/* Returns what a record of the client has more than its data. */
static unsigned overhead(uint16_t suite, bool ids)
{
    uint8_t data[PAYLOAD] = {0};
    uint64_t before;
    uint64_t after;

    sim_pair_init(&pair, 1);
    use_suite(suite);
    if (ids) {
        use_ids();
    }
    (void)connect_pair();
    before = pair.net.ledger[SIM_CLIENT].bytes_sent;
    assert_int_equal(
        sim_pair_say(&pair, SIM_CLIENT, dtls_bytes_of(data, sizeof data)),
        DTLS_OK);
    after = pair.net.ledger[SIM_CLIENT].bytes_sent;
    disconnect();
    return (unsigned)(after - before - sizeof data);
}

static void print_records(void)
{
    static const struct {
        const char *name;
        uint16_t suite;
    } rows[] = {{"AES-CCM-8", 0xc0a8},
                {"AES-CCM, AES-GCM", 0x00a8},
                {"ChaCha20-Poly1305", 0xccab},
                {"AES-CBC with SHA-256, encrypt-then-MAC", 0x00ae}};

    (void)printf("\n| record of 64 bytes | bytes more | with a connection id "
                 "of 8 bytes |\n| --- | ---: | ---: |\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)printf("| %s | %u | %u |\n", rows[i].name,
                     overhead(rows[i].suite, false),
                     overhead(rows[i].suite, true));
    }
}

int main(void)
{
    load_all();
    print_handshakes();
    print_records();
    end_all();
    sim_identity_free(&server_id);
    sim_identity_free(&client_id);
    return 0;
}
