/* SPDX-License-Identifier: MIT */
/* The application's clock is not the library's: tx_time_set and the wrap of
 * tx_time_get change nothing, nor does the 2^32nd tick of the port's own time.
 *
 * Each story brings a session into one phase of its life and lets it run from
 * there.  It is told once with nothing done to the clock, and then once with
 * each trick, which comes DELAY ticks after the phase has begun.  Whatever
 * happens is logged with its tick: every datagram, every status, every slot
 * taken or free, the packets of the server's pool.  The logs must be equal. */
#define SESSIONS 3u
#include "association_kit.h"

#include "nx_secure/internal.h"

#include <stdbool.h>

#define DELAY 7
#define WRAP (UINT64_C(1) << 32)

/* What is done to the clock. */
enum trick {
    NOTHING,
    PORT_WRAPS, /* the port's own time passes 2^32, and tx_time_get wraps */
    TIME_WRAPS,
    DAY_FORWARD,
    HALF_FORWARD, /* 2^31 ticks */
    LITTLE_BACK,  /* less than the phase has lasted */
    DAY_BACK,
    TO_ZERO,
    TO_THE_END /* 1 tick before the wrap */
};
static const char *const tricks[] = {
    "nothing",
    "the port's time passes 2^32",
    "tx_time_get wraps",
    "a day forward",
    "2^31 ticks forward",
    "3 ticks back",
    "a day back",
    "to 0",
    "to the wrap",
};
#define NUM_TRICKS (sizeof tricks / sizeof *tricks)

static enum trick trick;
static ULONG64 pause;      /* before a story begins */
static ULONG64 base;       /* the port's time then */
static ULONG64 phase;      /* when the phase began, since `base` */
static ULONG64 phase_told; /* the same, in the story without a trick */

/* ---- the log ---- */

struct entry {
    ULONG64 at;
    const char *what;
    ULONG value;
};
#define LOG_MAX 600
static struct entry entries[LOG_MAX];
static size_t num_entries;
static struct entry expected[LOG_MAX];
static size_t num_expected;

static VOID note(const char *what, ULONG value)
{
    expect(num_entries < LOG_MAX);
    if (num_entries < LOG_MAX) {
        entries[num_entries++] = (struct entry){
            .at = nxdtls_port_time_get() - base, .what = what, .value = value};
    }
}

/* A status, and how long it took to come. */
static VOID note_status(const char *what, UINT status)
{
    note(what, status);
}

/* ---- the network ---- */

static UINT arrived;  /* datagrams, in either direction */
static UINT cut_from; /* the first that is lost; 0: none is */

static VOID count(NX_IP *ip, NX_PACKET *packet)
{
    arrived++;
    note(ip == &net_a.ip ? "to the client" : "to the server",
         packet->nx_packet_length);
    if (cut_from != 0 && arrived >= cut_from) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
        return;
    }
    _nx_udp_packet_receive(ip, packet);
}

/* ---- the phase ---- */

static VOID play_trick(VOID)
{
    switch (trick) {
    case NOTHING:
    case PORT_WRAPS:
    case TIME_WRAPS:
        break;
    case DAY_FORWARD:
        tx_time_set(tx_time_get() + 24 * 3600 * NX_IP_PERIODIC_RATE);
        break;
    case HALF_FORWARD:
        tx_time_set(tx_time_get() + 0x80000000u);
        break;
    case LITTLE_BACK:
        tx_time_set(tx_time_get() - 3);
        break;
    case DAY_BACK:
        tx_time_set(tx_time_get() - 24 * 3600 * NX_IP_PERIODIC_RATE);
        break;
    case TO_ZERO:
        tx_time_set(0);
        break;
    case TO_THE_END:
        tx_time_set(0xffffffff);
        break;
    }
}

static VOID trickster(ULONG input)
{
    (void)input;
    tx_thread_sleep(DELAY);
    if (trick == PORT_WRAPS) {
        expect_eq(nxdtls_port_time_get(), WRAP);
    }
    if (trick == PORT_WRAPS || trick == TIME_WRAPS) {
        expect_eq(tx_time_get(), 0);
    }
    play_trick();
}

static VOID begin_phase(VOID)
{
    phase = nxdtls_port_time_get() - base;
    note("the phase begins", 0);
    (void)kit_spawn(trickster, 0, 5);
}

/* ---- the ends ---- */

static UINT server_wait; /* with which the server's thread starts sessions */
static bool unstarted;   /* it does not */

static VOID serve(ULONG input)
{
    (void)input;
    for (;;) {
        NX_SECURE_DTLS_SESSION *session = next_connect(TX_WAIT_FOREVER);

        note("connect_notify", (ULONG)(session - sessions));
        if (!unstarted) {
            note_status(
                "server_session_start",
                nx_secure_dtls_server_session_start(session, server_wait));
        }
    }
}

static VOID start_ends(VOID)
{
    arrived = 0;
    cut_from = 0;
    unstarted = false;
    server_wait = NX_WAIT_FOREVER;
    start_association(&nxdtls_ciphers_all, &nxdtls_ciphers_all, ignore_data);
    net_a.ip.nx_ip_udp_packet_receive = count;
    net_b.ip.nx_ip_udp_packet_receive = count;
    add_client_psk(psk);
    add_server_psk();
    start_server(serve);
}

static VOID connect_within(ULONG wait)
{
    note_status("client_session_start",
                connect_to(net_v4(SERVER_ADDRESS), wait));
}

static VOID connect_now(VOID)
{
    expect_eq(connect_client(), NX_SUCCESS);
    tx_thread_sleep(1);
}

static ULONG in_use(VOID)
{
    NXDTLS_STATISTICS info;

    expect_eq(nxdtls_server_statistics_get(&server, &info), NX_SUCCESS);
    return info.sessions;
}

/* Follows the server's slots and packets for `ticks`. */
static VOID watch_server(ULONG ticks)
{
    ULONG slots = in_use();
    ULONG packets = net_b.pool.nx_packet_pool_available;

    note("slots", slots);
    note("packets", packets);
    for (ULONG i = 0; i < ticks; i += 10) {
        kit_row("tick %lu", (unsigned long)i);
        tx_thread_sleep(10);
        if (in_use() != slots) {
            slots = in_use();
            note("slots", slots);
        }
        if (net_b.pool.nx_packet_pool_available != packets) {
            packets = net_b.pool.nx_packet_pool_available;
            note("packets", packets);
        }
    }
}

/* Afterwards a client connects, is answered and leaves. */
static VOID still_works(VOID)
{
    cut_from = 0;
    unstarted = false;
    connect_now();
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(33)),
              NX_SUCCESS);
    for (UINT i = 0; i < SESSIONS; i++) {
        kit_row("session %u", i);
        if (sessions[i].nx_secure_dtls_receive_queue_count != 0) {
            expect_data(&sessions[i], 100, net_bytes, 33);
        }
    }
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
}

/* ---- handshakes ---- */

static UINT cut_at;      /* datagram of a handshake that is the first lost */
static UINT cut_for;     /* ticks; 0: for good */
static ULONG wait_given; /* to the client */

static VOID mend_network(ULONG input)
{
    (void)input;
    tx_thread_sleep(cut_for);
    cut_from = 0;
}

/* A handshake whose datagrams are lost from one on: the client waits for
 * HelloVerifyRequest, for the server's flight, for its Finished; the server
 * for the rest of the ClientHello or for the client's flight. */
static VOID tell_handshake(VOID)
{
    cut_from = cut_at;
    server_wait = wait_given;
    begin_phase();
    if (cut_for != 0) {
        (void)kit_spawn(mend_network, 0, 4);
    }
    connect_within(wait_given);
    watch_server(wait_given == NX_WAIT_FOREVER ? 40000 : 2000);
}

/* The first part of the second ClientHello, and no more. */
static VOID tell_part_of_hello(VOID)
{
    static UCHAR names[201] = {200};

    memset(names + 1, 'p', sizeof names - 1);
    expect_eq(nxdtls_session_alpn_set(&client, names, sizeof names),
              NX_SUCCESS);
    expect_eq(nxdtls_session_mtu_set(&client, 256), NX_SUCCESS);
    begin_phase();
    cut_from = cut_at;
    connect_within(50);
    watch_server(5000);
}

/* ---- slots ---- */

static VOID leave_unstarted(VOID)
{
    unstarted = true;
    connect_within(500);
    watch_server(4000);
}

static VOID tell_unstarted(VOID)
{
    begin_phase();
    leave_unstarted();
}

/* The client gets another port. */
static VOID move_client(VOID)
{
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&net_a.socket, NX_ANY_PORT, NX_NO_WAIT),
              NX_SUCCESS);
}

/* Two that are not started and one that waits: the timer is set anew. */
static VOID tell_two_unstarted(VOID)
{
    unstarted = true;
    connect_within(20);
    tx_thread_sleep(600);
    move_client();
    begin_phase();
    connect_within(20);
    watch_server(5000);
}

/* A deadline beyond the longest time that a timer can be set to, and another
 * client while the server waits for it. */
static VOID tell_far_deadline(VOID)
{
    unstarted = true;
    connect_within(20);
    dtls_nx_session(&sessions[0])->admitted += 3 * WRAP * 10;
    begin_phase();
    watch_server(1000);
    tx_thread_sleep(0xfffffffe);
    expect_eq(sessions[0].nx_secure_dtls_session_in_use, NX_TRUE);
    unstarted = false;
    move_client();
    connect_now();
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    expect_eq(nx_secure_dtls_session_end(&sessions[1], NX_NO_WAIT),
              NX_SUCCESS);
    tx_thread_sleep(0xfffffffe);
    expect_eq(sessions[0].nx_secure_dtls_session_in_use, NX_TRUE);
    tx_thread_sleep(0xfffffffe);
    watch_server(4000);
}

/* ---- connected ---- */

static VOID tell_last_flight(VOID)
{
    connect_now();
    begin_phase();
    watch_server(70000);
}

/* A client whose last flight was lost comes back for it. */
static VOID tell_repeated_finished(VOID)
{
    cut_from = 6;
    begin_phase();
    cut_for = 450;
    (void)kit_spawn(mend_network, 0, 4);
    connect_within(3000);
    watch_server(70000);
}

static NX_SECURE_DTLS_SESSION *receiver;
static ULONG data_after; /* ticks; 0: none comes */

static VOID send_later(ULONG input)
{
    (void)input;
    tx_thread_sleep(data_after);
    if (receiver == &client) {
        expect_eq(nx_secure_dtls_server_session_send(
                      &sessions[0],
                      packet_of(&sessions[0], &net_b.pool, net_bytes, 40)),
                  NX_SUCCESS);
    } else {
        expect_eq(
            nx_secure_dtls_client_session_send(&client, client_packet(40)),
            NX_SUCCESS);
    }
}

static VOID tell_receive(VOID)
{
    NX_PACKET *packet = NX_NULL;
    UINT status;

    connect_now();
    begin_phase();
    if (data_after != 0) {
        (void)kit_spawn(send_later, 0, 6);
    }
    status = nx_secure_dtls_session_receive(receiver, &packet, wait_given);
    note_status("session_receive", status);
    if (status == NX_SUCCESS) {
        expect_eq(nx_packet_release(packet), NX_SUCCESS);
    }
}

/* ---- renegotiation ---- */

static VOID tell_renegotiation(VOID)
{
    NX_PACKET *packet;

    connect_now();
    cut_from = cut_at == 0 ? 0 : arrived + cut_at;
    begin_phase();
    if (cut_for != 0) {
        (void)kit_spawn(mend_network, 0, 4);
    }
    note_status("session_renegotiate",
                nxdtls_session_renegotiate(receiver, wait_given));
    /* A client reads and repeats while it waits for data. */
    note_status("session_receive",
                nx_secure_dtls_session_receive(&client, &packet, 1000));
    note("state of the client",
         client.nx_secure_dtls_tls_session.nx_secure_tls_local_session_active);
    watch_server(40000);
    note("state of the server",
         sessions[0]
             .nx_secure_dtls_tls_session.nx_secure_tls_local_session_active);
    (void)nx_secure_dtls_session_end(&client, NX_NO_WAIT);
    (void)nx_secure_dtls_session_end(&sessions[0], NX_NO_WAIT);
}

/* ---- the end ---- */

static VOID tell_end(VOID)
{
    connect_now();
    cut_from = arrived + cut_at;
    begin_phase();
    note_status("session_end",
                nx_secure_dtls_session_end(receiver, wait_given));
    (void)nx_secure_dtls_session_end(&client, NX_NO_WAIT);
    (void)nx_secure_dtls_session_end(&sessions[0], NX_NO_WAIT);
    watch_server(100);
}

/* ---- a long life ---- */

/* A session lives for more than 2^32 ticks, and so does its server. */
static VOID tell_long_life(VOID)
{
    connect_now();
    begin_phase();
    tx_thread_sleep(0xfffffffe);
    tx_thread_sleep(1002);
    expect_eq(nxdtls_session_renegotiate(&client, 100), NX_SUCCESS);
    expect_eq(nx_secure_dtls_client_session_send(&client, client_packet(40)),
              NX_SUCCESS);
    expect_data(&sessions[0], 100, net_bytes, 40);
    expect_eq(nx_secure_dtls_session_end(&client, 100), NX_SUCCESS);
    watch_server(40000);
    leave_unstarted();
}

/* ---- the runner ---- */

static VOID (*tell)(VOID);
static UINT longest_waits; /* of about 2^32 ticks, in this story */

static VOID sleep_for(ULONG64 ticks)
{
    while (ticks > 0x80000000u) {
        tx_thread_sleep(0x80000000u);
        ticks -= 0x80000000u;
    }
    if (ticks != 0) {
        tx_thread_sleep((ULONG)ticks);
    }
}

/* A wait that never ends would only end with the test's time. */
static VOID guard(ULONG input)
{
    (void)input;
    for (UINT i = 0; i < longest_waits; i++) {
        tx_thread_sleep(0xfffffffe);
    }
    tx_thread_sleep(500000);
    kit_failed(__FILE__, __LINE__, "the story ends", 0);
    nxdtls_port_stop();
}

static VOID body(ULONG input)
{
    (void)input;
    sleep_for(pause);
    (void)kit_spawn(guard, 0, 3);
    base = nxdtls_port_time_get();
    if (trick == TIME_WRAPS) {
        tx_time_set((ULONG)(WRAP - phase_told - DELAY));
    }
    num_entries = 0;
    start_ends();
    tell();
    still_works();
    end_association();
}

static VOID run_with(enum trick what, ULONG64 ticks)
{
    trick = what;
    pause = ticks;
    kit_run(NXDTLS_PORT_VIRTUAL, body);
    assert_false(nxdtls_port_stalled());
}

static VOID compare(VOID)
{
    for (size_t i = 0; i < num_entries && i < num_expected; i++) {
        const struct entry *got = &entries[i];
        const struct entry *want = &expected[i];

        if (got->at != want->at || strcmp(got->what, want->what) != 0 ||
            got->value != want->value) {
            fail_msg("entry %zu: at %llu \"%s\" 0x%x, not at %llu \"%s\" 0x%x",
                     i, got->at, got->what, got->value, want->at, want->what,
                     want->value);
        }
    }
    assert_int_equal(num_entries, num_expected);
}

/* The last entry of that name in the story without a trick. */
static const struct entry *find(const char *what)
{
    for (size_t i = num_expected; i > 0; i--) {
        if (strcmp(expected[i - 1].what, what) == 0) {
            return &expected[i - 1];
        }
    }
    fail_msg("no \"%s\"", what);
    return NULL;
}

static VOID expect_entry(const char *what, ULONG value, ULONG64 after)
{
    const struct entry *e = find(what);

    assert_int_equal(e->value, value);
    assert_int_equal(e->at - phase_told, after);
}

static VOID run_story(VOID (*story)(VOID))
{
    ULONG64 to_wrap;

    tell = story;
    run_with(NOTHING, 0);
    to_wrap = WRAP - phase - DELAY;
    phase_told = phase;
    memcpy(expected, entries, sizeof expected);
    num_expected = num_entries;
    for (size_t i = PORT_WRAPS; i < NUM_TRICKS; i++) {
        kit_row("%s", tricks[i]);
        run_with((enum trick)i, i == PORT_WRAPS ? to_wrap : 0);
        compare();
    }
}

/* ---- the stories ---- */

/* A handshake with a key has six datagrams: ClientHello, HelloVerifyRequest,
 * ClientHello, the server's flight, the client's, the server's. */
#define NUM_DATAGRAMS 6

static void a_handshake_whose_datagrams_are_lost(void **state)
{
    static const ULONG waits[] = {1500, NX_WAIT_FOREVER};
    static const UINT outages[] = {0, 20, 450};

    (void)state;
    for (UINT i = 1; i <= NUM_DATAGRAMS; i++) {
        for (size_t j = 0; j < 2; j++) {
            for (size_t k = 0; k < 3; k++) {
                kit_row("lost from datagram %u on, for %u ticks, wait 0x%x", i,
                        outages[k], waits[j]);
                cut_at = i;
                cut_for = outages[k];
                wait_given = waits[j];
                run_story(tell_handshake);
            }
        }
    }
}

static void a_handshake_that_nobody_answers(void **state)
{
    (void)state;
    cut_at = 1;
    cut_for = 0;
    wait_given = NX_WAIT_FOREVER;
    run_story(tell_handshake);
    expect_entry("client_session_start", NX_NOT_CONNECTED, 36300);
    wait_given = 1500;
    run_story(tell_handshake);
    expect_entry("client_session_start", NX_NO_PACKET, 1500);
}

static void a_hello_of_which_a_part_is_lost(void **state)
{
    (void)state;
    cut_at = 5;
    run_story(tell_part_of_hello);
}

static void slots_of_sessions_that_are_not_started(void **state)
{
    (void)state;
    run_story(tell_unstarted);
    assert_in_range(find("slots")->at - phase_told, 3000, 3010);
    assert_int_equal(find("slots")->value, 0);
    run_story(tell_two_unstarted);
    assert_in_range(find("slots")->at - phase_told, 3000, 3010);
    assert_int_equal(find("slots")->value, 0);
}

static void last_flights(void **state)
{
    (void)state;
    run_story(tell_last_flight);
    assert_in_range(find("packets")->at - phase_told, 66000, 66010);
    assert_int_equal(find("packets")->value, NET_PACKETS);
    run_story(tell_repeated_finished);
    assert_int_equal(find("packets")->value, NET_PACKETS);
}

static void a_wait_for_data(void **state)
{
    NX_SECURE_DTLS_SESSION *const ends[] = {&client, &sessions[0]};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kit_row("%s", i == 0 ? "client" : "server");
        receiver = ends[i];
        data_after = 0;
        wait_given = 500;
        run_story(tell_receive);
        expect_entry("session_receive", NX_NO_PACKET, 500);
        data_after = 300;
        run_story(tell_receive);
        expect_entry("session_receive", NX_SUCCESS, 300);
        wait_given = NX_WAIT_FOREVER;
        run_story(tell_receive);
        expect_entry("session_receive", NX_SUCCESS, 300);
    }
}

static void a_renegotiation_whose_datagrams_are_lost(void **state)
{
    static const ULONG waits[] = {NX_NO_WAIT, 1500, NX_WAIT_FOREVER};
    static const UINT outages[] = {0, 450};
    NX_SECURE_DTLS_SESSION *const ends[] = {&client, &sessions[0]};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (UINT j = 1; j <= 4; j++) {
            for (size_t k = 0; k < 6; k++) {
                kit_row("%s, lost from datagram %u on for %u ticks, wait 0x%x",
                        i == 0 ? "client" : "server", j, outages[k % 2],
                        waits[k / 2]);
                receiver = ends[i];
                cut_at = j;
                cut_for = outages[k % 2];
                wait_given = waits[k / 2];
                run_story(tell_renegotiation);
            }
        }
    }
}

static void an_end_that_is_not_answered(void **state)
{
    NX_SECURE_DTLS_SESSION *const ends[] = {&client, &sessions[0]};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        kit_row("%s", i == 0 ? "client" : "server");
        receiver = ends[i];
        cut_at = 1;
        wait_given = 500;
        run_story(tell_end);
        expect_entry("session_end", NX_NO_PACKET, 500);
        /* The session ends by itself. */
        wait_given = NX_WAIT_FOREVER;
        run_story(tell_end);
        expect_entry("session_end", NX_NO_PACKET,
                     DTLS_CLOSE_MS / 1000 * NX_IP_PERIODIC_RATE);
    }
}

static void a_life_of_more_than_2_32_ticks(void **state)
{
    (void)state;
    longest_waits = 1;
    run_story(tell_long_life);
    longest_waits = 3;
    run_story(tell_far_deadline);
    longest_waits = 0;
    assert_int_equal(find("slots")->value, 0);
    assert_in_range(find("slots")->at, 3 * WRAP + 3000, 3 * WRAP + 3010);
}

/* The ticks until a deadline are enough to reach it, and not one too many. */
static void a_wait_lasts_until_its_deadline(void **state)
{
    static const uint64_t nows[] = {0, 10, 990, UINT64_C(0xffffffff) * 10,
                                    UINT64_C(1) << 60};
    static const uint64_t distances[] = {1,    9,    10,    11,   999,
                                         1000, 1001, 60000, WRAP, 1 + WRAP};
    const uint64_t longest = NX_WAIT_FOREVER - 1;
    const uint64_t ms_per_tick = 1000 / TX_TIMER_TICKS_PER_SECOND;

    (void)state;
    for (size_t i = 0; i < sizeof nows / sizeof *nows; i++) {
        uint64_t now = nows[i];

        for (size_t j = 0; j < sizeof distances / sizeof *distances; j++) {
            uint64_t distance = distances[j];
            ULONG ticks = dtls_nx_ticks(now + distance, now);

            kit_row("from %ju, %ju ms", now, distance);
            assert_true(ticks * ms_per_tick >= distance);
            assert_true((ticks - 1) * ms_per_tick < distance);
        }
        kit_row("from %ju", now);
        assert_int_equal(dtls_nx_ticks(now, now), 1);
        assert_int_equal(dtls_nx_ticks(0, now), 1);
        assert_int_equal(dtls_nx_ticks(DTLS_NEVER, now), NX_WAIT_FOREVER);
        assert_int_equal(dtls_nx_ticks(DTLS_NEVER - 1, now), longest);
        for (uint64_t ticks = longest - 200; ticks < longest + 200; ticks++) {
            ULONG got = dtls_nx_ticks(now + ticks * ms_per_tick, now);

            assert_true(got == ticks ||
                        (got == longest && ticks >= longest - 99));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handshake_that_nobody_answers),
        cmocka_unit_test(a_handshake_whose_datagrams_are_lost),
        cmocka_unit_test(a_hello_of_which_a_part_is_lost),
        cmocka_unit_test(slots_of_sessions_that_are_not_started),
        cmocka_unit_test(last_flights),
        cmocka_unit_test(a_wait_for_data),
        cmocka_unit_test(a_renegotiation_whose_datagrams_are_lost),
        cmocka_unit_test(an_end_that_is_not_answered),
        cmocka_unit_test(a_life_of_more_than_2_32_ticks),
        cmocka_unit_test(a_wait_lasts_until_its_deadline),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
