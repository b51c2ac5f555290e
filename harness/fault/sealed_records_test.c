/* SPDX-License-Identifier: MIT */
/* Every call that can fail does so while a record is sealed and while it is
 * opened, with every suite, MAC-then-encrypt and encrypt-then-MAC. */
#include "fault/failing.h"
#include "kit/kit.h"
#include "record/layer.h"

/* What `a` seals, `b` opens. */
static struct failing calls;
static struct dtls_counters counters;
static struct dtls_record_layer a;
static struct dtls_record_layer b;
static uint64_t seed;

static const char text[] = "a plaintext of which no byte may be left behind";

struct wire {
    uint8_t data[512];
    size_t len;
};

static struct dtls_record_room rooms[2];

static enum dtls_status random_bytes(void *self, uint8_t *out, size_t len)
{
    (void)self;
    kit_fill(&seed, out, len);
    return DTLS_OK;
}

static void key(struct dtls_protection *p, const struct dtls_suite *suite,
                bool encrypt_then_mac, bool seal)
{
    static const uint8_t bytes[DTLS_MAC_MAX] = {0x12, 0x23, 0x34};
    struct dtls_cipher_keys keys = {
        .mac = dtls_bytes_of(bytes, dtls_suite_mac_len(suite)),
        .key = dtls_bytes_of(bytes, suite->key_len),
        .salt = dtls_bytes_of(bytes, suite->salt_len),
    };

    assert_non_null(p);
    p->encrypt_then_mac = encrypt_then_mac;
    assert_int_equal(calls.crypto.cipher_key(calls.crypto.self, &p->cipher,
                                             suite, &keys, seal),
                     DTLS_OK);
}

static void begin(const struct dtls_crypto *base,
                  const struct dtls_suite *suite, bool encrypt_then_mac)
{
    seed = 19;
    failing_init(&calls, base, NULL);
    dtls_record_layer_init(&a, &calls.crypto, &counters);
    dtls_record_layer_init(&b, &calls.crypto, &counters);
    dtls_record_layer_lend(&a, &rooms[0]);
    dtls_record_layer_lend(&b, &rooms[1]);
    key(dtls_record_layer_next_write(&a), suite, encrypt_then_mac, true);
    key(dtls_record_layer_next_read(&b), suite, encrypt_then_mac, false);
    dtls_record_layer_switch_write(&a);
    dtls_record_layer_switch_read(&b);
    calls.calls = 0;
}

static void end(void)
{
    dtls_record_layer_free(&a);
    dtls_record_layer_free(&b);
}

static enum dtls_status seal(struct wire *w)
{
    struct dtls_buf out = {w->data, 0, sizeof w->data};
    enum dtls_status status;

    failing_fill(w->data, sizeof w->data);
    failing_paint_stack();
    status = dtls_record_layer_seal(
        &a, &out, 1, DTLS_APPLICATION_DATA,
        dtls_bytes_of((const uint8_t *)text, sizeof text));
    w->len = out.len;
    return status;
}

/* Opens a copy. */
static enum dtls_status open(struct wire w)
{
    struct dtls_span datagram = {w.data, w.len};
    struct dtls_record record;
    enum dtls_status status;

    assert_int_equal(dtls_record_next(&datagram, &record), DTLS_OK);
    status = dtls_record_layer_open(&b, &record);
    if (status == DTLS_OK) {
        assert_int_equal(record.body.len, sizeof text);
        assert_memory_equal(record.body.data, text, sizeof text);
    }
    return status;
}

/* An explicit nonce is the record's number, so one is as unique as the
 * other. */
static void check_nonce(const struct wire *w)
{
    const struct dtls_suite *suite = a.write[1].protection.cipher.suite;

    if (suite->mac == DTLS_HASH_NONE) {
        assert_memory_equal(w->data + DTLS_RECORD_HEADER_LEN, w->data + 3,
                            dtls_suite_explicit_len(suite));
    }
}

/* Call `n` fails.  Nothing is appended, no number is used and no plaintext is
 * left; the next record is as if nothing had been. */
static void check_seal(unsigned n)
{
    struct wire w;
    uint64_t next = dtls_record_layer_next_seq(&a);

    kit_row("sealed, call %u", n);
    calls.calls = 0;
    calls.first = calls.last = n;
    assert_int_equal(seal(&w), DTLS_INTERNAL_ERROR);
    assert_int_equal(w.len, 0);
    assert_null(memmem(w.data, sizeof w.data, text, sizeof text));
    assert_true(dtls_record_layer_next_seq(&a) == next);
    calls.first = 0;
    assert_int_equal(seal(&w), DTLS_OK);
    assert_false(failing_shows(dtls_bytes_of(w.data, w.len)));
    check_nonce(&w);
    assert_int_equal(open(w), DTLS_OK);
}

/* The record is dropped, and another copy of it is still fresh. */
static void check_open(unsigned n)
{
    struct wire w;

    kit_row("opened, call %u", n);
    assert_int_equal(seal(&w), DTLS_OK);
    calls.calls = 0;
    calls.first = calls.last = n;
    assert_int_equal(open(w), DTLS_DISCARD);
    assert_int_equal(calls.failed_of[failing_kind(&calls, n)] != 0, true);
    calls.first = 0;
    assert_int_equal(open(w), DTLS_OK);
    assert_int_equal(open(w), DTLS_DISCARD);
}

static void walk(const struct dtls_suite *suite, bool encrypt_then_mac)
{
    struct dtls_crypto base = dtls_libcrypto;
    struct wire w;
    unsigned to_seal;
    unsigned to_open;

    kit_row("suite %04x%s", suite->id,
            encrypt_then_mac ? ", encrypt-then-MAC" : "");
    base.random = random_bytes;
    begin(&base, suite, encrypt_then_mac);
    assert_int_equal(seal(&w), DTLS_OK);
    to_seal = calls.calls;
    calls.calls = 0;
    assert_int_equal(open(w), DTLS_OK);
    to_open = calls.calls;
    assert_true(to_seal != 0 && to_open != 0);
    for (unsigned n = 1; n <= to_seal; n++) {
        check_seal(n);
    }
    for (unsigned n = 1; n <= to_open; n++) {
        check_open(n);
    }
    end();
}

static void a_record_is_sealed_and_opened_whole_or_not_at_all(void **state)
{
    const struct dtls_suite *suite;

    (void)state;
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        walk(suite, false);
        if (suite->cipher == DTLS_CIPHER_CBC) {
            walk(suite, true);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_sealed_and_opened_whole_or_not_at_all),
    };

    return kit_run(tests);
}
