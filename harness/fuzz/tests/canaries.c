/* SPDX-License-Identifier: MIT */
/* Bugs planted in `nxdtls server`, which the linker puts around the engine's
 * functions (--wrap).  NXDTLS_CANARY names the one that sings.  A network
 * fuzzer that does not find these finds nothing. */
#include "base/secret.h"
#include "flight/fragment.h"
#include "messages/messages.h"
#include "record/protect.h"

#include <stdlib.h>
#include <string.h>

#define LEAK (8 << 20)    /* bytes for each odd record of data */
#define LEARNER_DATA 5    /* bytes of an honest one */
#define HONEST_IDENTITY 8 /* bytes of ClientKeyExchange, with its length */

static uint16_t last_epoch; /* of the record that was opened last */
static bool has_front;      /* of a ClientKeyExchange */

static char *volatile kept; /* volatile: the compiler must not see that nothing
                             * reads it */

static bool sings(const char *name)
{
    const char *canary = getenv("NXDTLS_CANARY");

    return canary != NULL && strcmp(canary, name) == 0;
}

/* hello: a ClientHello in fragments.  fragment: the second part of a
 * ClientKeyExchange that overlaps the first.  renegotiation: an odd
 * ClientKeyExchange in the keys of a connection. */
static void look_at_fragment(const struct dtls_fragment *f)
{
    if (sings("hello") && f->type == DTLS_CLIENT_HELLO && f->offset != 0) {
        abort();
    }
    if (f->type != DTLS_CLIENT_KEY_EXCHANGE) {
        return;
    }
    if (sings("fragment") && has_front && f->offset != 0) {
        abort();
    }
    has_front = f->offset == 0 && f->body.len < f->message_len;
    if (sings("renegotiation") && last_epoch != 0 &&
        f->message_len != HONEST_IDENTITY) {
        abort();
    }
}

enum dtls_status __real_dtls_fragment_next(struct dtls_bytes *payload,
                                           struct dtls_fragment *out);
enum dtls_status __wrap_dtls_fragment_next(struct dtls_bytes *payload,
                                           struct dtls_fragment *out);

enum dtls_status __wrap_dtls_fragment_next(struct dtls_bytes *payload,
                                           struct dtls_fragment *out)
{
    const enum dtls_status status = __real_dtls_fragment_next(payload, out);

    if (status == DTLS_OK) {
        look_at_fragment(out);
    }
    return status;
}

/* alert: an authentic one that has not two bytes.  memory: odd data is kept
 * for ever. */
static void look_at_record(const struct dtls_record *record, size_t len)
{
    last_epoch = record->epoch;
    if (record->epoch == 0) {
        return;
    }
    if (sings("alert") && record->type == DTLS_ALERT && len != 2) {
        abort();
    }
    if (sings("memory") && record->type == DTLS_APPLICATION_DATA &&
        len != LEARNER_DATA) {
        kept = malloc(LEAK);
        if (kept != NULL) {
            memset(kept, 1, LEAK);
        }
    }
}

enum dtls_status __real_dtls_protect_open(const struct dtls_crypto *crypto,
                                          struct dtls_protection *protection,
                                          const struct dtls_record *record,
                                          struct dtls_span *plain);
enum dtls_status __wrap_dtls_protect_open(const struct dtls_crypto *crypto,
                                          struct dtls_protection *protection,
                                          const struct dtls_record *record,
                                          struct dtls_span *plain);

enum dtls_status __wrap_dtls_protect_open(const struct dtls_crypto *crypto,
                                          struct dtls_protection *protection,
                                          const struct dtls_record *record,
                                          struct dtls_span *plain)
{
    const enum dtls_status status =
        __real_dtls_protect_open(crypto, protection, record, plain);

    if (status == DTLS_OK) {
        look_at_record(record, plain->len);
    }
    return status;
}

/* finished: any verify_data is right. */
bool __real_dtls_ct_equal(const uint8_t *a, const uint8_t *b, size_t len);
bool __wrap_dtls_ct_equal(const uint8_t *a, const uint8_t *b, size_t len);

bool __wrap_dtls_ct_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    return (len == DTLS_VERIFY_DATA_LEN && sings("finished")) ||
           __real_dtls_ct_equal(a, b, len);
}
