/* SPDX-License-Identifier: MIT */
/* The module: its lock, its clock, its cryptography. */
#include "nx_secure/internal.h"

#include <assert.h>
#include <stdlib.h>

TX_MUTEX _nx_secure_tls_protection;
CHAR _nx_secure_version_id[] = "nxdtls, the API of NetX Secure 6.4.2";

const struct dtls_crypto *dtls_nx_crypto = &dtls_libcrypto;

_Static_assert(sizeof(struct dtls_nx_session) <=
                   sizeof(ALIGN_TYPE[NX_SECURE_DTLS_SESSION_PRIVATE_WORDS]),
               "NX_SECURE_DTLS_SESSION_PRIVATE_WORDS is too small");
_Static_assert(sizeof(struct dtls_nx_server) <=
                   sizeof(ALIGN_TYPE[NX_SECURE_DTLS_SERVER_PRIVATE_WORDS]),
               "NX_SECURE_DTLS_SERVER_PRIVATE_WORDS is too small");
_Static_assert(sizeof(struct dtls_nx_cert) <=
                   sizeof(ALIGN_TYPE[NX_SECURE_X509_PRIVATE_WORDS]),
               "NX_SECURE_X509_PRIVATE_WORDS is too small");

_Static_assert(NX_SECURE_DTLS_COOKIE_LENGTH >= 16 &&
                   NX_SECURE_DTLS_COOKIE_LENGTH <= DTLS_COOKIE_LEN,
               "NX_SECURE_DTLS_COOKIE_LENGTH: 16 to 32");
_Static_assert(NX_SECURE_TLS_MAX_PSK_SIZE <= DTLS_PSK_MAX &&
                   NX_SECURE_TLS_MAX_PSK_ID_SIZE <= DTLS_PSK_IDENTITY_MAX,
               "a pre-shared key is longer than a handshake has room for");
_Static_assert(NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT < 32,
               "NX_SECURE_DTLS_RETRANSMIT_RETRY_SHIFT: 0 to 31");

static CHAR protection_name[] = "TLS protection";

/* The way out: a thread has it while it sends. */
static TX_MUTEX way_out;
static CHAR way_out_name[] = "DTLS way out";

VOID _nx_secure_tls_initialize(VOID)
{
    tx_mutex_create(&_nx_secure_tls_protection, protection_name,
                    TX_NO_INHERIT);
    tx_mutex_create(&way_out, way_out_name, TX_NO_INHERIT);
}

UINT _nx_secure_tls_shutdown(VOID)
{
    (void)tx_mutex_delete(&way_out);
    return tx_mutex_delete(&_nx_secure_tls_protection);
}

UINT _nx_secure_crypto_table_self_test(
    const NX_SECURE_TLS_CRYPTO *crypto_table, VOID *metadata,
    UINT metadata_size)
{
    (void)metadata;
    (void)metadata_size;
    return dtls_nx_check_table(crypto_table) == NX_SUCCESS ? NX_SUCCESS
                                                           : NX_NOT_SUCCESSFUL;
}

UINT _nx_secure_crypto_rng_self_test(VOID)
{
    uint8_t drawn[2][16];
    enum dtls_status status = DTLS_OK;

    for (size_t i = 0; i < 2 && status == DTLS_OK; i++) {
        status = dtls_nx_crypto->random(dtls_nx_crypto->self, drawn[i],
                                        sizeof *drawn);
    }
    return status == DTLS_OK &&
                   NX_SECURE_MEMCMP(drawn[0], drawn[1], sizeof *drawn) != 0
               ? NX_SUCCESS
               : NX_NOT_SUCCESSFUL;
}

static ULONG generation;

VOID _nx_secure_dtls_initialize(VOID)
{
    generation++;
    dtls_nx_time_forget();
}

ULONG dtls_nx_generation(VOID)
{
    return generation;
}

/* Returns false if the wait for the mutex was aborted. */
static bool get(TX_MUTEX *mutex)
{
    bool undisturbed = true;

    while (tx_mutex_get(mutex, TX_WAIT_FOREVER) == TX_WAIT_ABORTED) {
        undisturbed = false;
    }
    return undisturbed;
}

/* The thread that has the lock has the way out, too: it has sent. */
static bool way_out_is_kept;

bool dtls_nx_lock(VOID)
{
    bool undisturbed = get(&_nx_secure_tls_protection);

    way_out_is_kept = false; /* Who had both may have been terminated. */
    return undisturbed;
}

/* Only who has the mutex frees it. */
static VOID put(TX_MUTEX *mutex)
{
    UINT status = tx_mutex_put(mutex);

    assert(status != TX_NOT_OWNED);
}

/* The lock goes first: a thread that waits for the way out wants the lock
 * next. */
VOID dtls_nx_unlock(VOID)
{
    bool kept = way_out_is_kept;

    way_out_is_kept = false;
    put(&_nx_secure_tls_protection);
    if (kept) {
        put(&way_out);
    }
}

/* Threads wait for the way out in the order in which they had the lock: no
 * other thread runs between the unlock and the wait. */
bool dtls_nx_way_out_take(VOID)
{
    TX_THREAD *self = tx_thread_identify();
    UINT threshold;
    bool undisturbed;

    if (way_out_is_kept || tx_mutex_get(&way_out, TX_NO_WAIT) == TX_SUCCESS) {
        way_out_is_kept = false;
        put(&_nx_secure_tls_protection);
        return true;
    }
    (void)tx_thread_preemption_change(self, 0, &threshold);
    put(&_nx_secure_tls_protection);
    undisturbed = get(&way_out);
    (void)tx_thread_preemption_change(self, threshold, &threshold);
    return undisturbed;
}

bool dtls_nx_lock_again(VOID)
{
    bool undisturbed = dtls_nx_lock();

    way_out_is_kept = true;
    return undisturbed;
}

VOID dtls_nx_way_out_give(VOID)
{
    put(&way_out);
}

VOID dtls_nx_unlock_behind_sends(VOID)
{
    (void)dtls_nx_way_out_take();
    dtls_nx_way_out_give();
}

int _nxdtls_rand(void)
{
    uint8_t bytes[4];

    if (dtls_nx_crypto->random(dtls_nx_crypto->self, bytes, sizeof bytes) !=
        DTLS_OK) {
        abort(); /* a number that is not random would be worse */
    }
    return (int)(((uint32_t)bytes[0] & 0x7f) << 24 | (uint32_t)bytes[1] << 16 |
                 (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3]);
}

uint64_t dtls_nx_now(VOID)
{
    uint64_t ticks = nxdtls_port_time_get();

    /* Whole seconds apart, so that the product cannot wrap. */
    return ticks / TX_TIMER_TICKS_PER_SECOND * 1000 +
           ticks % TX_TIMER_TICKS_PER_SECOND * 1000 /
               TX_TIMER_TICKS_PER_SECOND;
}
