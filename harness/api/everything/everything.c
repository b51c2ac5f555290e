/* SPDX-License-Identifier: MIT */
/* An application that includes everything and uses every macro that takes
 * arguments.  everything.sh compiles it as C and as C++ with every header in
 * front, then runs it; it returns the number of things that are wrong. */
#include "nx_secure_dtls_api.h"
#include "nxdtls.h"
#include "nxdtls_port.h"

/* The host's own header comes last: its names and ours are the same. */
#include <arpa/inet.h>

NX_CALLER_CHECKING_EXTERNS
NX_SECURE_CALLER_CHECKING_EXTERNS

static int failures;
static TX_THREAD thread;
static UCHAR stack[4096];
static TX_TIMER timer;
static TX_SEMAPHORE semaphore;
static CHAR name[] = "everything";
static UINT from_timer;
static NX_IP ip;

static void check(const char *what, int holds)
{
    if (!holds) {
        printf("%s\n", what);
        failures++;
    }
}

/* Services of the application's own, as add-ons define them. */
static UINT threads_only(VOID)
{
    NX_THREADS_ONLY_CALLER_CHECKING

    return NX_SUCCESS;
}

static UINT init_and_threads(VOID)
{
    NX_INIT_AND_THREADS_CALLER_CHECKING

    return NX_SUCCESS;
}

static UINT not_isr(VOID)
{
    NX_NOT_ISR_CALLER_CHECKING

    return NX_SUCCESS;
}

static UINT may_wait(ULONG wait_option)
{
    NX_THREAD_WAIT_CALLER_CHECKING

    return NX_SUCCESS;
}

static VOID cleanup(TX_THREAD *thread_ptr NX_CLEANUP_PARAMETER)
{
    NX_PARAMETER_NOT_USED(thread_ptr);
    TX_PARAMETER_NOT_USED(thread_ptr);
    NX_CRYPTO_PARAMETER_NOT_USED(thread_ptr);
    NX_CLEANUP_EXTENSION
}

static void check_byte_order(void)
{
    ULONG word = 0x12345678u;
    USHORT half = 0x1234;
    UCHAR bytes[4];
    ULONG on_wire = htonl(word);
    USHORT port = htons(half);

    memcpy(bytes, &on_wire, sizeof bytes);
    check("htonl", bytes[0] == 0x12 && bytes[1] == 0x34 && bytes[3] == 0x78);
    check("ntohl", ntohl(on_wire) == word);
    memcpy(bytes, &port, sizeof port);
    check("htons", bytes[0] == 0x12 && bytes[1] == 0x34);
    check("ntohs", ntohs(port) == half);
    NX_CHANGE_ULONG_ENDIAN(word);
    NX_CHANGE_USHORT_ENDIAN(half);
    check("NX_CHANGE_ULONG_ENDIAN", word == on_wire);
    check("NX_CHANGE_USHORT_ENDIAN", half == port);
    NX_CRYPTO_CHANGE_ULONG_ENDIAN(word);
    NX_CRYPTO_CHANGE_USHORT_ENDIAN(half);
    check("NX_CRYPTO_CHANGE_ULONG_ENDIAN", word == 0x12345678u);
    check("NX_CRYPTO_CHANGE_USHORT_ENDIAN", half == 0x1234);
    check("NX_LITTLE_ENDIAN", NX_LITTLE_ENDIAN == 1);
}

static void check_pointers(void)
{
    ULONG words[4] = {0};
    UCHAR *first = (UCHAR *)words;

    check("TX_UCHAR_POINTER_ADD", TX_UCHAR_POINTER_ADD(first, 3) == first + 3);
    check("NX_UCHAR_POINTER_ADD", NX_UCHAR_POINTER_ADD(first, 3) == first + 3);
    check("TX_UCHAR_POINTER_SUB",
          TX_UCHAR_POINTER_SUB(first + 3, 1) == first + 2);
    check("TX_UCHAR_POINTER_DIF", TX_UCHAR_POINTER_DIF(first + 3, first) == 3);
    check("TX_ULONG_POINTER_ADD", TX_ULONG_POINTER_ADD(words, 3) == words + 3);
    check("TX_ULONG_POINTER_SUB",
          TX_ULONG_POINTER_SUB(words + 3, 1) == words + 2);
    check("TX_ULONG_POINTER_DIF", TX_ULONG_POINTER_DIF(words + 3, words) == 3);
    check("NX_CRYPTO_ALIGN8",
          NX_CRYPTO_ALIGN8(9) == 16 && NX_CRYPTO_ALIGN8(8) == 8);
    check("NX_CRYPTO_OFFSET",
          NX_CRYPTO_OFFSET(NX_UDP_HEADER, nx_udp_header_word_1) == 4);
    NX_ASSERT(failures >= 0)
}

static VOID on_timer(ULONG input)
{
    int *pointer;

    NX_TIMER_EXTENSION_PTR_GET(pointer, int, input)
    check("NX_TIMER_EXTENSION_PTR_GET", pointer == &failures);
    check("threads only, in a timer", threads_only() == NX_CALLER_ERROR);
    check("threads and start, in a timer",
          init_and_threads() == NX_CALLER_ERROR);
    check("anywhere, in a timer", not_isr() == NX_SUCCESS);
    check("a wait, in a timer", may_wait(1) == NX_CALLER_ERROR);
    check("no wait, in a timer", may_wait(NX_NO_WAIT) == NX_SUCCESS);
    from_timer = NX_TRUE;
    tx_semaphore_put(&semaphore);
}

static VOID run(ULONG input)
{
    int *pointer;
    TX_THREAD *self = tx_thread_identify();

    NX_THREAD_EXTENSION_PTR_GET(pointer, int, input)
    check("NX_THREAD_EXTENSION_PTR_GET", pointer == &failures);
    NX_THREAD_EXTENSION_PTR_SET(self, NX_NULL);
    NX_THREAD_EXTENSION_PTR_GET(pointer, int, 64)
    check("a pointer in the input", pointer == (int *)64);
    check("threads only, in a thread", threads_only() == NX_SUCCESS);
    check("threads and start, in a thread", init_and_threads() == NX_SUCCESS);
    check("a wait, in a thread", may_wait(1) == NX_SUCCESS);
    cleanup(self NX_CLEANUP_ARGUMENT);
    NX_PACKET_DEBUG(__FILE__, __LINE__, NX_NULL);
    NX_TRACE_OBJECT_REGISTER(1, &ip, name, 0, 0);
    NX_TRACE_OBJECT_UNREGISTER(&ip);
    NX_TRACE_IN_LINE_INSERT(1, 2, 3, 4, 5, 6, 7, 8);
    NX_TRACE_EVENT_UPDATE(1, 2, 3, 4, 5, 6, 7);
    check("the timer fires",
          tx_semaphore_get(&semaphore, 100) == TX_SUCCESS && from_timer);
    nxdtls_port_stop();
}

VOID tx_application_define(VOID *first_unused_memory)
{
    NX_PARAMETER_NOT_USED(first_unused_memory);
    check("threads only, at the start", threads_only() == NX_CALLER_ERROR);
    check("threads and start, at the start", init_and_threads() == NX_SUCCESS);
    tx_semaphore_create(&semaphore, name, 0);
    tx_timer_create(&timer, name, on_timer, 0, 3, 0, TX_AUTO_ACTIVATE);
    NX_TIMER_EXTENSION_PTR_SET(&timer, &failures);
    tx_thread_create(&thread, name, run, 0, stack, sizeof stack, 4, 4,
                     TX_NO_TIME_SLICE, TX_AUTO_START);
    NX_THREAD_EXTENSION_PTR_SET(&thread, &failures);
}

int main(void)
{
    check_byte_order();
    check_pointers();
    ip.nx_ip_driver_mtu = 1500;
    check("nx_ip_driver_mtu",
          ip.nx_ip_interface[0].nx_interface_ip_mtu_size == 1500);
    check("versions", _tx_version_id[0] != 0 && _nx_version_id[0] != 0 &&
                          _nx_secure_version_id[0] != 0);
    if (nxdtls_port_mode_set(NXDTLS_PORT_VIRTUAL) != TX_SUCCESS) {
        return 1;
    }
    tx_kernel_enter();
    check("the kernel did not stall", !nxdtls_port_stalled());
    return failures;
}
