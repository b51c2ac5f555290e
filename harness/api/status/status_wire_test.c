/* SPDX-License-Identifier: MIT */
/* Status values that a peer, the network or an empty pool causes.  The peer is
 * the library, or the library with records that no session would send, or a
 * UDP socket with bytes of the test. */
#include "produces.h"

#include "nx_secure/internal.h"

#include "flight/fragment.h"
#include "messages/messages.h"
#include "record/header.h"

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;

#define WAIT 300

static UCHAR fatal_alert[] = {2, 40};
static UCHAR hello[] = "hello";

#define server_produces(wanted)                                               \
    produces_at((wanted), wait_started(), #wanted,                            \
                "nx_secure_dtls_server_session_start", __FILE__, __LINE__)

static VOID create_connected(VOID)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    start_psk(&nx_crypto_tls_ciphers, ignore_data);
    produces(NX_SUCCESS, nx_secure_dtls_client_session_start(
                             &client, &net_a.socket, &to, PORT, WAIT));
    server_produces(NX_SUCCESS);
}

/* The older service: the session already has the address. */
static VOID start_older(ULONG input)
{
    (void)input;
    start_status =
        nx_secure_dtls_session_start(next_connect(1000), NX_NULL, 0, WAIT);
    expect_eq(tx_semaphore_put(&started), TX_SUCCESS);
}

static VOID older_body(ULONG input)
{
    (void)input;
    start_association(&nx_crypto_tls_ciphers, &nx_crypto_tls_ciphers,
                      ignore_data);
    add_client_psk(psk);
    add_server_psk();
    start_server(start_older);
    client.nx_secure_dtls_remote_ip_address = net_v4(SERVER_ADDRESS);
    client.nx_secure_dtls_remote_port = PORT;
    expect_eq(nx_secure_dtls_session_start(NX_NULL, &net_a.socket, 1, WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_start(&client, NX_NULL, 1, WAIT),
              NX_PTR_ERROR);
    expect_eq(nx_secure_dtls_session_start(&client, &net_a.socket, 1, WAIT),
              NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&client, WAIT), NX_SUCCESS);
    end_association();
}

static void sessions_start_by_their_older_name(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, older_body);
}

static NX_PACKET *hello_packet(VOID)
{
    return packet_of(&client, &net_a.pool, hello, sizeof hello);
}

static VOID data_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    NXD_ADDRESS ip;
    NX_PACKET *packet;
    UINT port, local;

    (void)input;
    create_connected();
    produces(NX_SUCCESS, nx_secure_dtls_session_client_info_get(
                             connecting, &ip, &port, &local));
    expect_eq(ip.nxd_ip_address.v4, CLIENT_ADDRESS);
    expect_eq(local, PORT);
    packet = hello_packet();
    produces(NX_SUCCESS,
             nx_secure_dtls_session_send(&client, packet, &to, PORT));
    produces(NX_SUCCESS,
             nx_secure_dtls_session_receive(connecting, &packet, WAIT));
    produces(NX_SUCCESS,
             nx_secure_dtls_server_session_send(connecting, packet));
    produces(NX_SUCCESS,
             nx_secure_dtls_session_receive(&client, &packet, WAIT));
    expect_eq(packet->nx_packet_length, sizeof hello);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    produces(NX_SUCCESS, nx_secure_dtls_session_end(&client, WAIT));
    end_association();
}

static void data_goes_both_ways(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, data_body);
}

/* The sockets of the sessions are unbound. */
static VOID unbound_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    NX_PACKET *packet = NX_NULL;

    (void)input;
    create_connected();
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    packet = hello_packet();
    produces(NX_SECURE_TLS_TCP_SEND_FAILED,
             nx_secure_dtls_session_send(&client, packet, &to, PORT));
    produces(NX_NOT_BOUND,
             nx_secure_dtls_session_receive(&client, &packet, WAIT));
    produces(NX_NOT_BOUND, nx_secure_dtls_session_end(&client, WAIT));
    expect_eq(nx_udp_socket_unbind(&server.nx_dtls_server_udp_socket),
              NX_SUCCESS);
    produces(NX_SECURE_TLS_TCP_SEND_FAILED,
             nx_secure_dtls_server_session_send(connecting, packet));
    expect_eq(nx_packet_release(packet), NX_SUCCESS); /* ours again */
    end_association();
}

static void sessions_without_their_sockets(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, unbound_body);
}

static VOID no_udp_body(ULONG input)
{
    static NX_IP without_udp;
    static NX_UDP_SOCKET deaf;
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    NX_PACKET *packet;

    (void)input;
    start_nets();
    expect_eq(create_client(&nx_crypto_tls_ciphers), NX_SUCCESS);
    add_client_psk(psk);
    expect_eq(nx_ip_create(&without_udp, net_name, IP_ADDRESS(10, 1, 2, 5),
                           0xFF000000u, &net_a.pool,
                           _nx_ram_network_driver_1500, kit_stack,
                           sizeof kit_stack, 1),
              NX_SUCCESS);
    expect_eq(_nx_udp_socket_create(&without_udp, &deaf, net_name,
                                    NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                    NX_IP_TIME_TO_LIVE, 8),
              NX_SUCCESS);
    expect_eq(
        nx_secure_dtls_client_session_start(&client, &deaf, &to, PORT, WAIT),
        NX_NOT_ENABLED);
    produces(NX_NOT_ENABLED,
             nx_secure_dtls_session_receive(&client, &packet, WAIT));
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(_nx_udp_socket_delete(&deaf), NX_SUCCESS);
    expect_eq(nx_ip_delete(&without_udp), NX_SUCCESS);
    end_nets();
}

static void a_session_on_an_instance_without_udp(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, no_udp_body);
}

/* The client's close_notify cannot be sent, for different reasons. */
static VOID connect_again(VOID)
{
    expect_eq(nx_secure_dtls_session_reset(connecting), NX_SUCCESS);
    expect_eq(connect_client(), NX_SUCCESS);
    expect_eq(wait_started(), NX_SUCCESS);
}

static VOID end_body(ULONG input)
{
    (void)input;
    create_connected();
    client.nx_secure_dtls_remote_ip_address.nxd_ip_address.v4 = 0;
    produces(NX_IP_ADDRESS_ERROR, nx_secure_dtls_session_end(&client, WAIT));
    connect_again();
    client.nx_secure_dtls_remote_port = 0;
    produces(NX_INVALID_PORT, nx_secure_dtls_session_end(&client, WAIT));
    connect_again();
    net_a.ip.nx_ip_interface[0].nx_interface_ip_address = 0;
    produces(NX_SECURE_TLS_TCP_SEND_FAILED,
             nx_secure_dtls_session_end(&client, WAIT));
    net_a.ip.nx_ip_interface[0].nx_interface_ip_address = CLIENT_ADDRESS;
    connect_again();
    drain(&net_a.pool);
    produces(NX_SECURE_TLS_ALLOCATE_PACKET_FAILED,
             nx_secure_dtls_session_end(&client, WAIT));
    refill();
    end_association();
}

static void a_close_notify_that_cannot_leave(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, end_body);
}

/* Sends, with the client's keys, a record that its session would not send. */
static VOID send_record(UCHAR type, struct dtls_bytes body)
{
    struct dtls_record_layer *r = &dtls_nx_session(&client)->engine.records;
    NX_PACKET *packet = NX_NULL;
    struct dtls_buf out;

    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    out = (struct dtls_buf){packet->nx_packet_prepend_ptr, 0, 256};
    expect_eq(dtls_record_layer_seal(r, &out, r->write_epoch, type, body),
              DTLS_OK);
    packet->nx_packet_append_ptr += out.len;
    packet->nx_packet_length = (ULONG)out.len;
    expect_eq(nxd_udp_socket_send(&net_a.socket, packet,
                                  &client.nx_secure_dtls_remote_ip_address,
                                  PORT),
              NX_SUCCESS);
    tx_thread_sleep(1);
}

/* Sends an empty message of `type` with the next message number. */
static VOID send_message(UCHAR type)
{
    UCHAR bytes[16];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment f = {
        .type = type,
        .seq = dtls_nx_session(connecting)->engine.hs.in.next_seq};

    expect(dtls_fragment_put_header(&out, &f));
    send_record(DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}

static VOID alert_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    create_connected();
    send_record(DTLS_ALERT, dtls_bytes_of(fatal_alert, 2));
    produces(NX_SECURE_TLS_ALERT_RECEIVED,
             nx_secure_dtls_session_receive(connecting, &packet, WAIT));
    end_association();
}

static VOID unknown_message_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    create_connected();
    send_message(99);
    produces(NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE,
             nx_secure_dtls_session_receive(connecting, &packet, WAIT));
    end_association();
}

static VOID cut_message_body(ULONG input)
{
    NX_PACKET *packet;

    (void)input;
    create_connected();
    send_record(DTLS_HANDSHAKE, dtls_bytes_of(hello, 3));
    produces(NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH,
             nx_secure_dtls_session_receive(connecting, &packet, WAIT));
    end_association();
}

/* Long enough for a record of every suite: its MAC is tried. */
#define FORGED_LEN 96

/* A forged record of the newest epoch, when so many have come that the keys
 * must not be used any longer. */
static VOID forged_body(ULONG input)
{
    struct dtls_record_layer *r;
    UCHAR bytes[128] = {0};
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_protection *p;
    NX_PACKET *packet = NX_NULL;

    (void)input;
    create_connected();
    r = &dtls_nx_session(connecting)->engine.records;
    p = &r->read[r->read_epoch & 1].protection;
    p->used = dtls_protect_endurance(p).forged - 1;
    expect(dtls_record_put_header(&out, DTLS_APPLICATION_DATA,
                                  DTLS_VERSION_1_2, r->read_epoch, 0x2345,
                                  FORGED_LEN));
    expect_eq(
        nx_packet_allocate(&net_a.pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    expect_eq(nx_packet_data_append(packet, bytes, (ULONG)out.len + FORGED_LEN,
                                    &net_a.pool, NX_NO_WAIT),
              NX_SUCCESS);
    expect_eq(nxd_udp_socket_send(&net_a.socket, packet,
                                  &client.nx_secure_dtls_remote_ip_address,
                                  PORT),
              NX_SUCCESS);
    tx_thread_sleep(1);
    produces(NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE,
             nx_secure_dtls_session_receive(connecting, &packet, WAIT));
    end_association();
}

static void what_ends_an_established_session(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, alert_body);
    kit_run(NXDTLS_PORT_VIRTUAL, unknown_message_body);
    kit_run(NXDTLS_PORT_VIRTUAL, cut_message_body);
    kit_run(NXDTLS_PORT_VIRTUAL, forged_body);
}

/* The test as a peer: it sends records of epoch 0 from net_b.socket. */
static UINT peer_records;

static VOID say(struct net_host *from, ULONG address, UINT port, UCHAR type,
                struct dtls_bytes body)
{
    NXD_ADDRESS to = net_v4(address);
    NX_PACKET *packet = NX_NULL;
    struct dtls_buf out;

    expect_eq(
        nx_packet_allocate(&from->pool, &packet, NX_UDP_PACKET, NX_NO_WAIT),
        NX_SUCCESS);
    out = (struct dtls_buf){packet->nx_packet_prepend_ptr, 0, 1400};
    expect(dtls_record_put_header(&out, type, DTLS_VERSION_1_2, 0,
                                  peer_records++, body.len) &&
           dtls_put_bytes(&out, body));
    packet->nx_packet_append_ptr += out.len;
    packet->nx_packet_length = (ULONG)out.len;
    expect_eq(nxd_udp_socket_send(&from->socket, packet, &to, port),
              NX_SUCCESS);
}

/* Writes a message to `out`, which is large enough. */
static struct dtls_bytes message(UCHAR *out, size_t cap, UCHAR type,
                                 uint16_t seq, struct dtls_bytes body)
{
    struct dtls_buf buf = {out, 0, cap};
    struct dtls_fragment f = {.type = type,
                              .seq = seq,
                              .message_len = (uint32_t)body.len,
                              .body = body};

    expect(dtls_fragment_put_header(&buf, &f) && dtls_put_bytes(&buf, body));
    return dtls_buf_bytes(&buf);
}

/* The test as a server: it waits for a ClientHello and answers it so. */
struct answer {
    uint16_t version;
    uint16_t suite;
    UCHAR type;   /* of the only message; 0: ServerHello */
    UCHAR record; /* DTLS_ALERT: no message at all */
    UCHAR compression;
    bool cut;                /* without the end of its ServerHello */
    const char *certificate; /* a Certificate follows; "" is no DER */
};

static const struct answer *answer;

static VOID answer_certificate(ULONG address, UINT port)
{
    static UCHAR out[2200];
    static UCHAR body[2100];
    static const UCHAR no_der[] = {0x5a, 0x5a, 0x5a};
    struct dtls_buf buf = {body, 0, sizeof body};
    struct dtls_bytes der = {no_der, sizeof no_der};

    if (answer->certificate[0] != '\0') {
        const struct pki_file *file = pki(answer->certificate);

        der = dtls_bytes_of(file->bytes, file->len);
    }
    expect(dtls_put_u24(&buf, (uint32_t)der.len + 3) &&
           dtls_put_u24(&buf, (uint32_t)der.len) && dtls_put_bytes(&buf, der));
    say(&net_b, address, port, DTLS_HANDSHAKE,
        message(out, sizeof out, DTLS_CERTIFICATE, 1, dtls_buf_bytes(&buf)));
}

static VOID answer_hello(ULONG address, UINT port)
{
    static const uint8_t random[DTLS_RANDOM_LEN] = {0x52};
    UCHAR out[256];
    UCHAR body[128];
    struct dtls_buf buf = {body, 0, sizeof body};
    struct dtls_server_hello m = {.version = answer->version,
                                  .random = {random, sizeof random},
                                  .suite = answer->suite,
                                  .compression = answer->compression};
    UCHAR type = answer->type != 0 ? answer->type : (UCHAR)DTLS_SERVER_HELLO;

    if (answer->record == DTLS_ALERT) {
        say(&net_b, address, port, DTLS_ALERT, dtls_bytes_of(fatal_alert, 2));
        return;
    }
    expect(dtls_server_hello_put(&buf, &m));
    buf.len -= answer->cut ? 2 : 0;
    say(&net_b, address, port, DTLS_HANDSHAKE,
        message(out, sizeof out, type, 0, dtls_buf_bytes(&buf)));
    if (answer->certificate != NULL) {
        answer_certificate(address, port);
    }
}

static VOID be_server(ULONG input)
{
    NX_PACKET *packet;
    NXD_ADDRESS from;
    UINT port;

    (void)input;
    expect_eq(nx_udp_socket_receive(&net_b.socket, &packet, 1000), NX_SUCCESS);
    expect_eq(nxd_udp_source_extract(packet, &from, &port), NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    answer_hello(from.nxd_ip_address.v4, port);
}

/* Like `produces`, after the kernel has ended. */
static void told(UINT wanted, UINT got, const char *status,
                 const char *service, int line)
{
    if (got != wanted) {
        fail_msg("line %d: %s: 0x%x is not %s", line, service, got, status);
    }
    produces_at(wanted, got, status, service, __FILE__, line);
}

static VOID client_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);

    (void)input;
    start_nets();
    expect_eq(nx_udp_socket_bind(&net_b.socket, PORT, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(create_client(&nx_crypto_tls_ciphers), NX_SUCCESS);
    trust("root.der");
    peer_records = 0;
    (void)kit_spawn(be_server, 0, 10);
    start_status = nx_secure_dtls_client_session_start(&client, &net_a.socket,
                                                       &to, PORT, WAIT);
    tx_thread_sleep(1);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_udp_socket_unbind(&net_b.socket), NX_SUCCESS);
    end_nets();
}

/* Returns the status of a client that gets this answer. */
static UINT client_told(struct answer a)
{
    answer = &a;
    kit_run(NXDTLS_PORT_VIRTUAL, client_body);
    return start_status;
}

#define client_produces(wanted, ...)                                          \
    told((wanted), client_told((struct answer){__VA_ARGS__}), #wanted,        \
         "nx_secure_dtls_client_session_start", __LINE__)

static void what_a_server_can_say_to_a_client(void **state)
{
    (void)state;
    client_produces(NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE, .version = 0xfefd,
                    .suite = 0x3c, .type = 99);
    client_produces(NX_SECURE_TLS_UNKNOWN_TLS_VERSION, .version = 0x0303,
                    .suite = 0x3c);
    client_produces(NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION, .version = 0xfeff,
                    .suite = 0x3c);
    client_produces(NX_SECURE_TLS_UNSUPPORTED_CIPHER, .version = 0xfefd,
                    .suite = 0xc02b);
    client_produces(NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH, .version = 0xfefd,
                    .suite = 0x3c, .cut = true);
    client_produces(NX_SECURE_TLS_ALERT_RECEIVED, .record = DTLS_ALERT);
    client_produces(NX_SECURE_TLS_INVALID_CERTIFICATE, .version = 0xfefd,
                    .suite = 0x3c, .certificate = "");
    client_produces(NX_SECURE_TLS_INVALID_SERVER_CERT, .version = 0xfefd,
                    .suite = 0x3c, .certificate = "wrong-purpose.der");
    client_produces(NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER, .version = 0xfefd,
                    .suite = 0x3c, .certificate = "ec.der");
    client_produces(NX_SECURE_TLS_HANDSHAKE_FAILURE, .version = 0xfefd,
                    .suite = 0x3c, .compression = 1);
}

static VOID nobody_body(ULONG input)
{
    NXD_ADDRESS to = net_v4(SERVER_ADDRESS);
    static NX_SECURE_TLS_CRYPTO psk_only;
    static NX_SECURE_TLS_CIPHERSUITE_INFO row;
    const NX_SECURE_TLS_CRYPTO *all = &nx_crypto_tls_ciphers;

    (void)input;
    start_nets();
    psk_only = *all;
    psk_only.nx_secure_tls_ciphersuite_lookup_table = &row;
    psk_only.nx_secure_tls_ciphersuite_lookup_table_size = 1;
    for (UINT i = 0; i < all->nx_secure_tls_ciphersuite_lookup_table_size;
         i++) {
        if (all->nx_secure_tls_ciphersuite_lookup_table[i]
                .nx_secure_tls_ciphersuite == 0x00ae) {
            row = all->nx_secure_tls_ciphersuite_lookup_table[i];
        }
    }
    /* With PSK suites only and no PSK there is nothing to offer. */
    expect_eq(create_client(&psk_only), NX_SUCCESS);
    produces(NX_SECURE_TLS_NO_SUPPORTED_CIPHERS,
             nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                                 PORT, WAIT));
    row.nx_secure_tls_session_cipher = NX_NULL;
    produces(NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE,
             nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                                 PORT, WAIT));
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);

    expect_eq(create_client(all), NX_SUCCESS);
    add_client_psk(psk);
    produces(NX_NOT_CONNECTED,
             nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                                 PORT, NX_WAIT_FOREVER));
    net_a.ip.nx_ip_interface[0].nx_interface_ip_address = 0;
    produces(NX_SECURE_TLS_TCP_SEND_FAILED,
             nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                                 PORT, WAIT));
    net_a.ip.nx_ip_interface[0].nx_interface_ip_address = CLIENT_ADDRESS;
    drain(&net_a.pool);
    produces(NX_SECURE_TLS_ALLOCATE_PACKET_FAILED,
             nx_secure_dtls_client_session_start(&client, &net_a.socket, &to,
                                                 PORT, WAIT));
    refill();
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    end_nets();
}

static void a_client_that_reaches_nobody(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, nobody_body);
}

/* The test as a client: it sends a ClientHello, the same with the cookie, and
 * then something wrong. */
struct says {
    uint16_t suite;
    UCHAR compression;
    bool twice;   /* one extension twice */
    UCHAR type;   /* the message after the ClientHello; 0: none */
    UCHAR record; /* or a record of this type */
};

static const struct says *says;

static VOID say_hello(struct dtls_bytes cookie, uint16_t seq)
{
    static const uint8_t random[DTLS_RANDOM_LEN] = {0x63};
    static UCHAR twice[] = {0, 8, 0, 23, 0, 0, 0, 23, 0, 0};
    UCHAR suites[] = {(UCHAR)(says->suite >> 8), (UCHAR)says->suite};
    UCHAR out[512];
    UCHAR body[400];
    struct dtls_buf buf = {body, 0, sizeof body};
    struct dtls_client_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = {random, sizeof random},
        .cookie = cookie,
        .suites = {suites, 2},
        .compression = {&says->compression, 1},
    };

    expect(dtls_client_hello_put(&buf, &m));
    expect(!says->twice ||
           dtls_put_bytes(&buf, dtls_bytes_of(twice, sizeof twice)));
    say(&net_a, SERVER_ADDRESS, PORT, DTLS_HANDSHAKE,
        message(out, sizeof out, DTLS_CLIENT_HELLO, seq,
                dtls_buf_bytes(&buf)));
}

/* The cookie is the end of a HelloVerifyRequest. */
static VOID return_cookie(VOID)
{
    UCHAR got[256];
    ULONG len = 0;
    NX_PACKET *packet;

    expect_eq(nx_udp_socket_receive(&net_a.socket, &packet, 100), NX_SUCCESS);
    expect_eq(nx_packet_data_retrieve(packet, got, &len), NX_SUCCESS);
    expect_eq(nx_packet_release(packet), NX_SUCCESS);
    expect(len > 32);
    say_hello(dtls_bytes_of(got + len - 32, 32), 1);
}

static VOID be_client(VOID)
{
    UCHAR out[64];

    say_hello((struct dtls_bytes){0}, 0);
    return_cookie();
    tx_thread_sleep(2);
    if (says->type != 0) {
        say(&net_a, SERVER_ADDRESS, PORT, DTLS_HANDSHAKE,
            message(out, sizeof out, says->type, 2, dtls_bytes_of(hello, 1)));
    }
    if (says->record != 0) {
        say(&net_a, SERVER_ADDRESS, PORT, says->record,
            dtls_bytes_of(fatal_alert, 2));
    }
}

static VOID server_body(ULONG input)
{
    (void)input;
    start_nets();
    expect_eq(create_server(&nx_crypto_tls_ciphers, ignore_data), NX_SUCCESS);
    add_server_psk();
    start_server(start_sessions);
    peer_records = 0;
    be_client();
    (void)wait_started();
    delete_server();
    end_nets();
}

static UINT server_told(struct says s)
{
    says = &s;
    kit_run(NXDTLS_PORT_VIRTUAL, server_body);
    return start_status;
}

#define server_told_produces(wanted, ...)                                     \
    told((wanted), server_told((struct says){__VA_ARGS__}), #wanted,          \
         "nx_secure_dtls_server_session_start", __LINE__)

static void what_a_client_can_say_to_a_server(void **state)
{
    (void)state;
    server_told_produces(NX_SECURE_TLS_NO_SUPPORTED_CIPHERS, .suite = 0x1301);
    server_told_produces(NX_SECURE_TLS_BAD_COMPRESSION_METHOD, .suite = 0x00ae,
                         .compression = 1);
    server_told_produces(NX_SECURE_TLS_HANDSHAKE_FAILURE, .suite = 0x00ae,
                         .twice = true);
    server_told_produces(NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE,
                         .suite = 0x00ae, .type = 99);
    server_told_produces(NX_SECURE_TLS_UNSUPPORTED_FEATURE, .suite = 0x00ae,
                         .type = DTLS_CERTIFICATE_URL);
    server_told_produces(NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH,
                         .suite = 0x00ae, .type = DTLS_CLIENT_KEY_EXCHANGE);
    server_told_produces(NX_SECURE_TLS_ALERT_RECEIVED, .suite = 0x00ae,
                         .record = DTLS_ALERT);
}

/* Called in the IP thread when the client connects. */
static VOID (*happens)(VOID);

static UINT on_connect_happens(NX_SECURE_DTLS_SESSION *session,
                               NXD_ADDRESS *ip, UINT port)
{
    happens();
    return on_connect(session, ip, port);
}

static VOID when_connecting(VOID (*what)(VOID))
{
    happens = what;
    server.nx_dtls_server_connect_notify = on_connect_happens;
}

static VOID drain_server(VOID)
{
    drain(&net_b.pool);
}

static VOID empty_pool_body(ULONG input)
{
    (void)input;
    start_psk(&nx_crypto_tls_ciphers, ignore_data);
    when_connecting(drain_server);
    (void)connect_to(net_v4(SERVER_ADDRESS), 50);
    server_produces(NX_SECURE_TLS_ALLOCATE_PACKET_FAILED);
    refill();
    end_association();
}

static VOID take_address(VOID)
{
    net_b.ip.nx_ip_interface[0].nx_interface_ip_address = 0;
}

static VOID no_way_back_body(ULONG input)
{
    (void)input;
    start_psk(&nx_crypto_tls_ciphers, ignore_data);
    when_connecting(take_address);
    (void)connect_to(net_v4(SERVER_ADDRESS), 50);
    server_produces(NX_SECURE_TLS_TCP_SEND_FAILED);
    end_association();
}

static VOID unknown_suites_body(ULONG input)
{
    static NX_SECURE_TLS_CRYPTO table;
    static NX_SECURE_TLS_CIPHERSUITE_INFO row;

    (void)input;
    table = nx_crypto_tls_ciphers;
    row = table.nx_secure_tls_ciphersuite_lookup_table[0];
    row.nx_secure_tls_ciphersuite = 0x1301;
    table.nx_secure_tls_ciphersuite_lookup_table = &row;
    table.nx_secure_tls_ciphersuite_lookup_table_size = 1;
    start_association(&nx_crypto_tls_ciphers, &table, ignore_data);
    add_client_psk(psk);
    add_server_psk();
    start_server(start_sessions);
    (void)connect_to(net_v4(SERVER_ADDRESS), 50);
    server_produces(NX_SECURE_TLS_UNKNOWN_CIPHERSUITE);
    end_association();
}

/* The client computes everything correctly but its Finished. */
static enum dtls_status wrong_finished(void *self, uint8_t *out,
                                       size_t out_len, enum dtls_hash_alg alg,
                                       struct dtls_bytes secret,
                                       const char *label,
                                       struct dtls_bytes seed1,
                                       struct dtls_bytes seed2)
{
    enum dtls_status status = dtls_libcrypto.prf(self, out, out_len, alg,
                                                 secret, label, seed1, seed2);

    out[0] ^= strcmp(label, "client finished") == 0 ? 0x23 : 0;
    return status;
}

static struct dtls_crypto wrong_crypto;

/* A session takes dtls_nx_crypto when it starts; the client has started. */
static VOID go_right(VOID)
{
    dtls_nx_crypto = &dtls_libcrypto;
}

static VOID finished_body(ULONG input)
{
    (void)input;
    start_psk(&nx_crypto_tls_ciphers, ignore_data);
    wrong_crypto = dtls_libcrypto;
    wrong_crypto.prf = wrong_finished;
    dtls_nx_crypto = &wrong_crypto;
    when_connecting(go_right);
    (void)connect_to(net_v4(SERVER_ADDRESS), 50);
    server_produces(NX_SECURE_TLS_FINISHED_HASH_FAILURE);
    go_right();
    end_association();
}

static void what_becomes_of_a_servers_handshake(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, empty_pool_body);
    kit_run(NXDTLS_PORT_VIRTUAL, no_way_back_body);
    kit_run(NXDTLS_PORT_VIRTUAL, unknown_suites_body);
    kit_run(NXDTLS_PORT_VIRTUAL, finished_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_goes_both_ways),
        cmocka_unit_test(sessions_start_by_their_older_name),
        cmocka_unit_test(sessions_without_their_sockets),
        cmocka_unit_test(a_session_on_an_instance_without_udp),
        cmocka_unit_test(a_close_notify_that_cannot_leave),
        cmocka_unit_test(what_ends_an_established_session),
        cmocka_unit_test(what_a_server_can_say_to_a_client),
        cmocka_unit_test(a_client_that_reaches_nobody),
        cmocka_unit_test(what_a_client_can_say_to_a_server),
        cmocka_unit_test(what_becomes_of_a_servers_handshake),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
