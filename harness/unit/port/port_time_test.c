/* SPDX-License-Identifier: MIT */
/* Tests of the port's own time: tx_time_set does not change it, and it goes on
 * where tx_time_get wraps.  No wait and no timer of the port depends on
 * tx_time_get. */

#include "net_kit.h"

#include <stdbool.h>

#define WRAP (UINT64_C(1) << 32)

static TX_SEMAPHORE sem;
static CHAR name[] = "x";
static bool set; /* the time is set while something waits */
static ULONG set_to;

/* Sets the time while the test's thread waits. */
static VOID set_later(ULONG ticks)
{
    tx_thread_sleep(ticks);
    tx_time_set(set_to);
}

/* From 5 ticks before the 2^32nd. */
static VOID go_near_the_wrap(VOID)
{
    tx_thread_sleep(0x80000000u);
    tx_thread_sleep(0x7ffffffbu);
    expect_eq(nxdtls_port_time_get(), WRAP - 5);
    expect_eq(tx_time_get(), 0xfffffffb);
}

static VOID time_is_set(ULONG input)
{
    static const ULONG times[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff};
    ULONG64 ticks = 0;

    (void)input;
    expect_eq(nxdtls_port_time_get(), 0);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        kit_row("set to 0x%x", times[i]);
        tx_time_set(times[i]);
        expect_eq(tx_time_get(), times[i]);
        expect_eq(nxdtls_port_time_get(), ticks);
        tx_thread_sleep(3);
        ticks += 3;
        expect_eq(tx_time_get(), times[i] + 3);
        expect_eq(nxdtls_port_time_get(), ticks);
    }
}

static void setting_the_time_leaves_the_ports_own_alone(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, time_is_set);
}

static VOID time_wraps(ULONG input)
{
    (void)input;
    go_near_the_wrap();
    tx_thread_sleep(5);
    expect_eq(nxdtls_port_time_get(), WRAP);
    expect_eq(tx_time_get(), 0);
    tx_thread_sleep(0xfffffffe);
    tx_thread_sleep(7);
    expect_eq(nxdtls_port_time_get(), 2 * WRAP + 5);
    expect_eq(tx_time_get(), 5);
}

static void the_ports_time_does_not_wrap(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, time_wraps);
}

static VOID time_is_real(ULONG input)
{
    ULONG64 before = nxdtls_port_time_get();
    ULONG64 after;

    (void)input;
    tx_time_set(0xfffffffe);
    tx_thread_sleep(5);
    after = nxdtls_port_time_get();
    expect(after - before >= 5 && after - before < 500);
    expect(tx_time_get() < 500);
}

static void it_follows_the_hosts_clock_in_real_time(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_REAL, time_is_real);
}

static VOID on_timer(ULONG input)
{
    (void)input;
    kit_note('t');
}

/* Timers and waits of ThreadX, across the wrap or while the time is set. */
static VOID waits(ULONG input)
{
    static TX_TIMER timer;
    ULONG64 start;

    (void)input;
    if (!set) {
        go_near_the_wrap();
    }
    start = nxdtls_port_time_get();
    expect_eq(tx_semaphore_create(&sem, name, 0), TX_SUCCESS);
    expect_eq(
        tx_timer_create(&timer, name, on_timer, 0, 3, 4, TX_AUTO_ACTIVATE),
        TX_SUCCESS);
    if (set) {
        (void)kit_spawn(set_later, 5, 5);
    }
    expect_eq(tx_semaphore_get(&sem, 20), TX_NO_INSTANCE);
    expect_eq(nxdtls_port_time_get() - start, 20);
    expect_eq(strlen(kit_log), 5); /* after 3, 7, 11, 15 and 19 ticks */
    expect_eq(tx_timer_delete(&timer), TX_SUCCESS);
}

static void waits_and_timers_of_threads(void **state)
{
    static const ULONG times[] = {0, 3, 0x80000000, 0xfffffffd};

    (void)state;
    set = false;
    kit_run(NXDTLS_PORT_VIRTUAL, waits);
    set = true;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        kit_row("set to 0x%x", times[i]);
        set_to = times[i];
        kit_run(NXDTLS_PORT_VIRTUAL, waits);
    }
}

/* The number of ticks after which the check gives up. */
static ULONG64 check_for(ULONG wait)
{
    ULONG64 start = nxdtls_port_time_get();
    ULONG actual;

    expect_eq(nx_ip_status_check(&net_b.ip, NX_IP_ARP_ENABLED, &actual, wait),
              NX_NOT_SUCCESSFUL);
    return nxdtls_port_time_get() - start;
}

static VOID arp_later(ULONG input)
{
    (void)input;
    tx_thread_sleep(30);
    expect_eq(nx_arp_enable(&net_b.ip, net_bytes, 1024), NX_SUCCESS);
}

static VOID status_check(ULONG input)
{
    ULONG64 start;
    ULONG actual;

    (void)input;
    if (!set) {
        go_near_the_wrap();
    }
    net_start(&net_b, _nx_ram_network_driver, IP_ADDRESS(10, 1, 2, 3),
              net_v6(0x20010db8, 1), 5);
    if (set) {
        (void)kit_spawn(set_later, 5, 5);
    }
    expect_eq(check_for(20), 20);
    /* Without a limit, also where the time gives one: 2^32 - 1 ticks. */
    (void)kit_spawn(arp_later, 0, 5);
    set_to = tx_time_get() - 1;
    (void)kit_spawn(set_later, 0, 5);
    start = nxdtls_port_time_get();
    expect_eq(nx_ip_status_check(&net_b.ip, NX_IP_ARP_ENABLED, &actual,
                                 NX_WAIT_FOREVER),
              NX_SUCCESS);
    expect_eq(nxdtls_port_time_get() - start, 30);
    net_finish(&net_b);
}

static void a_check_of_the_ips_status(void **state)
{
    static const ULONG times[] = {0, 3, 0x80000000, 0xfffffffd};

    (void)state;
    set = false;
    kit_run(NXDTLS_PORT_VIRTUAL, status_check);
    set = true;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        kit_row("set to 0x%x", times[i]);
        set_to = times[i];
        kit_run(NXDTLS_PORT_VIRTUAL, status_check);
    }
}

#define PORT 1111

static VOID change_hands(ULONG input)
{
    static NX_UDP_SOCKET third;

    (void)input;
    expect_eq(nx_udp_socket_create(&net_a.ip, &third, net_name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 5),
              NX_SUCCESS);
    tx_thread_sleep(60);
    expect_eq(nx_udp_socket_unbind(&net_a.socket), NX_SUCCESS);
    expect_eq(nx_udp_socket_bind(&third, PORT, NX_NO_WAIT), NX_SUCCESS);
    tx_thread_sleep(100);
    expect_eq(nx_udp_socket_unbind(&third), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&third), NX_SUCCESS);
}

/* A port that goes to another socket while one waits for it: the wait does not
 * begin anew. */
static VOID bind_waits_once(ULONG input)
{
    static NX_UDP_SOCKET second;

    (void)input;
    net_start(&net_a, _nx_ram_network_driver, IP_ADDRESS(10, 1, 2, 3),
              net_v6(0x20010db8, 1), 5);
    expect_eq(nx_udp_socket_bind(&net_a.socket, PORT, NX_NO_WAIT), NX_SUCCESS);
    expect_eq(nx_udp_socket_create(&net_a.ip, &second, net_name, NX_IP_NORMAL,
                                   NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 5),
              NX_SUCCESS);
    (void)kit_spawn(change_hands, 0, 10);
    expect_eq(nx_udp_socket_bind(&second, PORT, 100), NX_PORT_UNAVAILABLE);
    expect_eq(nxdtls_port_time_get(), 100);
    expect_eq(nx_udp_socket_bind(&second, PORT, NX_WAIT_FOREVER), NX_SUCCESS);
    expect_eq(nxdtls_port_time_get(), 160);
    expect_eq(nx_udp_socket_unbind(&second), NX_SUCCESS);
    expect_eq(nx_udp_socket_delete(&second), NX_SUCCESS);
    tx_thread_sleep(1);
    net_finish(&net_a);
}

static void a_bind_waits_no_longer_than_it_was_told(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bind_waits_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_the_time_leaves_the_ports_own_alone),
        cmocka_unit_test(the_ports_time_does_not_wrap),
        cmocka_unit_test(it_follows_the_hosts_clock_in_real_time),
        cmocka_unit_test(waits_and_timers_of_threads),
        cmocka_unit_test(a_check_of_the_ips_status),
        cmocka_unit_test(a_bind_waits_no_longer_than_it_was_told),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
