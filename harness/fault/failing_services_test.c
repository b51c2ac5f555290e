/* SPDX-License-Identifier: MIT */
/* What can fail below the services does so once, and from there on, at every
 * place: every packet that is allocated, every call of the sessions'
 * cryptography.  A service that could not do its work says so, and does it
 * when the failure is gone; every packet is back in the end. */
#define NET_PACKETS 96u
#include "../unit/nx_secure/association_kit.h"

#include "fault/failing.h"
#include "fault/recorded_crypto.h"
#include "nx_secure/internal.h"

#include <stdbool.h>

#define WAIT 1000 /* ticks for an answer */

/* More ticks than the server's thread waits for a handshake. */
#define SERVER_GIVES_UP 4000

enum what { PACKETS, CRYPTO };
static const char *const whats[] = {"packet", "call"};

/* How the ends know each other. */
enum secret { KEY, LATE_KEY, CERTIFICATES };

static enum what what;
static bool certificates;
static bool late; /* the server's application has the key a little later */
static unsigned first_packet; /* the packets that fail; 0: none */
static unsigned last_packet;
static unsigned packets; /* asked for, so far */
static unsigned packets_failed;
static struct failing calls;
static struct dtls_crypto recorded;

static bool packet_fails(VOID)
{
    packets++;
    if (first_packet == 0 || packets < first_packet || packets > last_packet) {
        return false;
    }
    packets_failed++;
    return true;
}

/* The linker puts these two before those of the port (--wrap), so they have
 * the names that it wants. */
UINT __real__nx_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                NX_PACKET **packet_ptr, ULONG packet_type,
                                ULONG wait_option);
UINT __wrap__nx_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                NX_PACKET **packet_ptr, ULONG packet_type,
                                ULONG wait_option);
UINT __real__nxe_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                 NX_PACKET **packet_ptr, ULONG packet_type,
                                 ULONG wait_option);
UINT __wrap__nxe_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                 NX_PACKET **packet_ptr, ULONG packet_type,
                                 ULONG wait_option);

static UINT filled(UINT status, const NX_PACKET *packet)
{
    if (status == NX_SUCCESS) {
        failing_fill(packet->nx_packet_append_ptr,
                     (size_t)(packet->nx_packet_data_end -
                              packet->nx_packet_append_ptr));
    }
    return status;
}

UINT __wrap__nx_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                NX_PACKET **packet_ptr, ULONG packet_type,
                                ULONG wait_option)
{
    UINT status;

    if (packet_fails()) {
        *packet_ptr = NX_NULL;
        return NX_NO_PACKET;
    }
    status = __real__nx_packet_allocate(pool_ptr, packet_ptr, packet_type,
                                        wait_option);
    return filled(status, *packet_ptr);
}

UINT __wrap__nxe_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                 NX_PACKET **packet_ptr, ULONG packet_type,
                                 ULONG wait_option)
{
    UINT status;

    if (packet_fails()) {
        *packet_ptr = NX_NULL;
        return NX_NO_PACKET;
    }
    status = __real__nxe_packet_allocate(pool_ptr, packet_ptr, packet_type,
                                         wait_option);
    return filled(status, *packet_ptr);
}

static unsigned failures(VOID)
{
    return packets_failed + calls.failed;
}

/* Nothing fails any more, and what has failed is forgotten. */
static VOID disarm(VOID)
{
    first_packet = 0;
    packets_failed = 0;
    calls.first = 0;
    calls.failed = 0;
}

/* Every datagram passes here, in an IP thread. */
static VOID look_at_datagram(NX_IP *ip, NX_PACKET *packet)
{
    if (packet->nx_packet_next == NX_NULL) {
        expect(!failing_shows(dtls_bytes_of(packet->nx_packet_prepend_ptr,
                                            packet->nx_packet_length)));
    }
    _nx_udp_packet_receive(ip, packet);
}

/* The steps of an application.  Each returns a status of a service. */

static UINT make_client(VOID)
{
    return create_client(&nxdtls_ciphers_all);
}

static UINT initialize(NX_SECURE_X509_CERT *cert, const char *der,
                       const char *key)
{
    struct pki_file *d = pki(der);
    struct pki_file *k = pki(key);

    return nx_secure_x509_certificate_initialize(
        cert, d->bytes, d->len, NX_NULL, 0, k->bytes, k->len,
        NX_SECURE_X509_KEY_TYPE_EC_DER);
}

static UINT give_client_its_key(VOID)
{
    UINT status;

    if (!certificates) {
        return nx_secure_dtls_psk_add(&client, psk, sizeof psk, psk_identity,
                                      sizeof psk_identity - 1, NX_NULL, 0);
    }
    status = initialize(&client_cert, "client-ec.der", "client-ec.key.der");
    return status == NX_SUCCESS ? nx_secure_dtls_session_local_certificate_add(
                                      &client, &client_cert, 1)
                                : status;
}

/* A receive_notify: there is data, or an end, as the server says. */
static UINT expect_that_it_waits(NX_SECURE_DTLS_SESSION *session)
{
    expect(session->nx_secure_dtls_receive_queue_head != NX_NULL ||
           dtls_nx_ending(session) != NX_SUCCESS);
    return NX_SUCCESS;
}

/* An error_notify: which of the server's sessions have failed, as it says. */
static bool told[SESSIONS];

static UINT note_error(NX_SECURE_DTLS_SESSION *session, UINT error_code)
{
    expect(error_code != NX_SUCCESS);
    if (session != NX_NULL) {
        told[session - sessions] = true;
    }
    return NX_SUCCESS;
}

/* A session of the server that has failed is known to have. */
static VOID check_told(VOID)
{
    for (UINT i = 0; i < SESSIONS; i++) {
        const struct dtls_session *e = &dtls_nx_session(&sessions[i])->engine;

        if (e->phase == DTLS_PHASE_FAILED) {
            expect(told[i]);
        } else {
            told[i] = false;
        }
    }
}

static UINT make_server(VOID)
{
    UINT status = create_server(&nxdtls_ciphers_all, expect_that_it_waits);

    if (status != NX_SUCCESS) {
        const struct dtls_nx_server *v = dtls_nx_server(&server);

        /* No secret is left where the application has got its memory back. */
        expect(v->listener.jar.crypto == NULL && v->table.first == NULL);
        return status;
    }
    return nx_secure_dtls_server_notify_set(&server, NX_NULL, note_error);
}

/* What the server's application is asked, and the thread that answers. */
static TX_SEMAPHORE asked;
static NX_SECURE_DTLS_SESSION *asked_in;

static UINT look_up_later(NX_SECURE_DTLS_SESSION *session,
                          const UCHAR *identity, UINT identity_length,
                          UCHAR *key, UINT *key_length)
{
    (void)key;
    (void)key_length;
    expect(identity_length == sizeof psk_identity - 1 &&
           memcmp(identity, psk_identity, identity_length) == 0);
    asked_in = session;
    expect_eq(tx_semaphore_put(&asked), TX_SUCCESS);
    return NX_IN_PROGRESS;
}

static VOID answer(ULONG input)
{
    (void)input;
    while (tx_semaphore_get(&asked, TX_WAIT_FOREVER) == TX_SUCCESS) {
        tx_thread_sleep(1);
        /* A handshake that has failed meanwhile does not wait any more. */
        (void)nxdtls_session_psk_answer(
            asked_in, psk_identity, sizeof psk_identity - 1, psk, sizeof psk);
    }
}

static UINT give_server_its_key(VOID)
{
    UINT status;

    if (late) {
        return nxdtls_server_psk_lookup_set(&server, look_up_later);
    }
    if (!certificates) {
        return nx_secure_dtls_server_psk_add(
            &server, psk, sizeof psk, psk_identity, sizeof psk_identity - 1,
            NX_NULL, 0);
    }
    status = initialize(&server_cert, "ec.der", "ec.key.der");
    return status == NX_SUCCESS ? nx_secure_dtls_server_local_certificate_add(
                                      &server, &server_cert, 1)
                                : status;
}

/* What cannot fail. */
static UINT set_the_rest(VOID)
{
    if (certificates) {
        trust("root.der");
        demand_client_identity();
        set_all_curves();
    }
    if (late) {
        static CHAR name[] = "asked";

        expect_eq(tx_semaphore_create(&asked, name, 0), TX_SUCCESS);
        (void)kit_spawn(answer, 0, 12);
    }
    start_server(start_sessions);
    return NX_SUCCESS;
}

static UINT connect_to_server(VOID)
{
    UINT status = connect_client();

    /* What could not begin has not begun. */
    if (dtls_nx_session(&client)->engine.phase == DTLS_PHASE_IDLE) {
        expect(status != NX_SUCCESS);
        expect_eq(client.nx_secure_dtls_session_in_use, NX_FALSE);
        expect_eq(client.nx_secure_dtls_session_started, NX_FALSE);
    }
    return status;
}

/* Sends `len` bytes and receives them at the other end. */
static UINT pass_on(NX_SECURE_DTLS_SESSION *from, NX_SECURE_DTLS_SESSION *to,
                    NX_PACKET_POOL *pool, ULONG len)
{
    static UCHAR got[sizeof net_bytes];
    NX_PACKET *packet = NX_NULL;
    ULONG copied = 0;
    UINT status =
        nx_secure_dtls_packet_allocate(from, pool, &packet, NX_NO_WAIT);

    if (status == NX_SUCCESS) {
        status =
            nx_packet_data_append(packet, net_bytes, len, pool, NX_NO_WAIT);
    }
    if (status == NX_SUCCESS) {
        status = nx_secure_dtls_client_session_send(from, packet);
    }
    if (status != NX_SUCCESS) {
        if (packet != NX_NULL) {
            expect_eq(nx_packet_release(packet), NX_SUCCESS);
        }
        return status;
    }
    status = nx_secure_dtls_session_receive(to, &packet, WAIT);
    if (status == NX_SUCCESS) {
        expect_eq(packet->nx_packet_length, len);
        expect_eq(nx_packet_data_retrieve(packet, got, &copied), NX_SUCCESS);
        expect(copied == len && memcmp(got, net_bytes, len) == 0);
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
    return status;
}

static UINT send_a_little(VOID)
{
    return pass_on(&client, connecting, &net_a.pool, 35);
}

/* More than a packet holds, so that chains are made. */
static UINT send_a_lot(VOID)
{
    return pass_on(&client, connecting, &net_a.pool, NET_PAYLOAD + 300);
}

static UINT send_back(VOID)
{
    return pass_on(connecting, &client, &net_b.pool, NET_PAYLOAD);
}

static UINT export_keys(VOID)
{
    UCHAR out[2][20];
    UINT status = nxdtls_session_export(&client, out[0], sizeof out[0],
                                        "EXPORTER-x", NX_NULL, 0);

    if (status == NX_SUCCESS) {
        status = nxdtls_session_export(connecting, out[1], sizeof out[1],
                                       "EXPORTER-x", NX_NULL, 0);
    }
    if (status == NX_SUCCESS) {
        expect(memcmp(out[0], out[1], sizeof out[0]) == 0);
    }
    return status;
}

static UINT renegotiate(VOID)
{
    return nxdtls_session_renegotiate(&client, WAIT);
}

static UINT be_asked_to_renegotiate(VOID)
{
    UINT status = nxdtls_session_renegotiate(connecting, WAIT / 10);

    /* The client has a part in it only while its thread is in a service. */
    if (status != NX_NO_PACKET) {
        expect(failures() != 0);
        told[connecting - sessions] = true;
    }
    return send_back();
}

struct step {
    const char *name;
    UINT (*run)(VOID);
    bool needs_session;
};
static const struct step steps[] = {
    {"create the client", make_client, false},
    {"give it its key", give_client_its_key, false},
    {"create the server", make_server, false},
    {"give it its key", give_server_its_key, false},
    {"set the rest", set_the_rest, false},
    {"connect", connect_to_server, false},
    {"send a little", send_a_little, true},
    {"send a lot", send_a_lot, true},
    {"send back", send_back, true},
    {"export", export_keys, true},
    {"renegotiate", renegotiate, true},
    {"send after that", send_a_little, true},
    {"be asked to renegotiate", be_asked_to_renegotiate, true},
    {"send after that, too", send_a_little, true},
};
#define NUM_STEPS (sizeof steps / sizeof steps[0])

static bool is_connected(NX_SECURE_DTLS_SESSION *session)
{
    return session != NX_NULL &&
           dtls_session_is_connected(&dtls_nx_session(session)->engine);
}

/* Both ends say that they are connected: to each other. */
static VOID check_proof(VOID)
{
    const struct dtls_agreed *ours =
        &dtls_nx_session(&client)->engine.hs.agreed;
    const struct dtls_agreed *theirs =
        &dtls_nx_session(connecting)->engine.hs.agreed;

    expect(memcmp(ours->master, theirs->master, DTLS_MASTER_LEN) == 0);
    expect_eq(ours->has_peer_leaf, certificates);
    expect_eq(theirs->has_peer_leaf, certificates);
}

/* The next association, without failures; what is left of the last one is
 * ended as an application does. */
static VOID connect_anew(VOID)
{
    (void)nx_secure_dtls_session_end(&client, NX_NO_WAIT);
    tx_thread_sleep(SERVER_GIVES_UP);
    for (UINT i = 0; i < SESSIONS; i++) {
        (void)nx_secure_dtls_session_end(&sessions[i], NX_NO_WAIT);
    }
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(1);
    expect_eq(start_status, NX_SUCCESS);
}

/* A step works, or says that it does not; then it works without failures. */
static VOID take_step(const struct step *step)
{
    UINT status = step->run();

    kit_row("%s", step->name);
    if (status != NX_SUCCESS && connecting != NX_NULL &&
        status == dtls_nx_ending(connecting)) {
        told[connecting - sessions] = true; /* by the status */
    }
    check_told();
    if (status == NX_SUCCESS && step->run == connect_to_server) {
        /* The server's thread may not have run yet. */
        tx_thread_sleep(1);
    }
    if (status != NX_SUCCESS) {
        if (failures() == 0) {
            kit_failed(__FILE__, __LINE__, "a status without a failure",
                       status);
        }
        disarm();
        if (step->needs_session || step->run == connect_to_server) {
            connect_anew();
        }
        if (step->run != connect_to_server) {
            expect_eq(step->run(), NX_SUCCESS);
        }
    }
    if (is_connected(&client) && is_connected(connecting)) {
        check_proof();
    }
}

/* An end that could not be told to the peer says so, and is an end. */
static VOID close_all(VOID)
{
    unsigned sealed_before = calls.failed_of[FAILING_AEAD_SEAL];
    UINT status = nx_secure_dtls_session_end(&client, WAIT);

    kit_row("end");
    if (status != NX_SUCCESS) {
        expect(failures() != 0);
    } else {
        expect_eq(calls.failed_of[FAILING_AEAD_SEAL], sealed_before);
    }
    disarm();
    expect_eq(dtls_nx_session(&client)->engine.phase, DTLS_PHASE_IDLE);
    expect_eq(client.nx_secure_dtls_session_in_use, NX_FALSE);
    end_association();
}

static VOID body(ULONG input)
{
    (void)input;
    kit_row("%s %u", whats[what],
            what == PACKETS ? first_packet : calls.first);
    start_nets();
    net_a.ip.nx_ip_udp_packet_receive = look_at_datagram;
    net_b.ip.nx_ip_udp_packet_receive = look_at_datagram;
    packets = 0;
    packets_failed = 0;
    calls.calls = 0;
    calls.failed = 0;
    for (size_t i = 0; i < NUM_STEPS; i++) {
        take_step(&steps[i]);
    }
    close_all();
}

static void run(unsigned first, unsigned last)
{
    recorded_init(&recorded, &dtls_libcrypto);
    failing_init(&calls, &recorded, NULL);
    dtls_nx_crypto = &calls.crypto;
    first_packet = what == PACKETS ? first : 0;
    last_packet = last;
    calls.first = what == CRYPTO ? first : 0;
    calls.last = last;
    kit_run(NXDTLS_PORT_VIRTUAL, body);
    assert_false(nxdtls_port_stalled());
    assert_int_equal(calls.live, 0);
}

static void walk(enum secret secret, enum what which)
{
    unsigned num;

    certificates = secret == CERTIFICATES;
    late = secret == LATE_KEY;
    what = which;
    run(0, 0);
    num = what == PACKETS ? packets : calls.calls;
    assert_true(num > 50);
    for (unsigned n = 1; n <= num; n++) {
        kit_row("%s %u", whats[what], n);
        run(n, n);
        run(n, UINT32_MAX);
    }
}

static void packets_run_out_with_a_key(void **state)
{
    (void)state;
    walk(KEY, PACKETS);
}

static void packets_run_out_with_certificates(void **state)
{
    (void)state;
    walk(CERTIFICATES, PACKETS);
}

static void cryptography_fails_with_a_key(void **state)
{
    (void)state;
    walk(KEY, CRYPTO);
}

static void cryptography_fails_with_certificates(void **state)
{
    (void)state;
    walk(CERTIFICATES, CRYPTO);
}

static void either_fails_with_a_key_that_comes_later(void **state)
{
    (void)state;
    walk(LATE_KEY, PACKETS);
    walk(LATE_KEY, CRYPTO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_run_out_with_a_key),
        cmocka_unit_test(packets_run_out_with_certificates),
        cmocka_unit_test(cryptography_fails_with_a_key),
        cmocka_unit_test(cryptography_fails_with_certificates),
        cmocka_unit_test(either_fails_with_a_key_that_comes_later),
    };

    recorded_prepare();
    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
