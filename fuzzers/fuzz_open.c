/* SPDX-License-Identifier: MIT */
/* Target: dtls_protect_open, with fixed keys, for every suite.
 * Input:  suite u16, how u8.  Bit 1 of `how`: encrypt-then-MAC, if the suite
 *         is CBC; bit 2: the records have a connection id, are padded to 32
 *         bytes, and are of type tls12_cid.  Bit 0 clear: then one record.
 *         Bit 0 set: then which u8,
 *         length u16, {offset u16, xor u8}*: one of the sealed records, cut to
 *         the length and changed at the offsets.
 * Oracle: a record opens if and only if it is, byte for byte, one that was
 *         sealed; its plaintext is the same, inside its own body. */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/repeatable_crypto.h"
#include "record/protect.h"

#include <stdlib.h>
#include <string.h>

enum { EDITED = 1, ENCRYPT_THEN_MAC = 2, WITH_CID = 4 };
enum { SUITES = 128, SEALED = 6, PLAIN_MAX = 300 };

static const size_t plain_lens[SEALED] = {0, 1, 15, 16, 64, PLAIN_MAX};

struct sealed {
    size_t len;
    uint8_t bytes[PLAIN_MAX + 160];
};

struct keyed {
    struct dtls_protection open;
    struct dtls_hmac_key mac;
    struct sealed records[SEALED];
};

static const uint8_t cid[8] = {0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8};

static uint8_t plain_byte(size_t i)
{
    return (uint8_t)(0x23 + 0x22 * i);
}

static uint8_t type_of(size_t which)
{
    return which % 2 != 0 ? DTLS_HANDSHAKE : DTLS_APPLICATION_DATA;
}

static void seal(const struct fuzz_crypto *crypto, struct dtls_protection *p,
                 struct sealed *out, size_t which)
{
    uint8_t plain[PLAIN_MAX];
    struct dtls_buf buf = {out->bytes, 0, sizeof out->bytes};

    for (size_t i = 0; i < sizeof plain; i++) {
        plain[i] = plain_byte(i);
    }
    FUZZ_CHECK(dtls_protect_seal(&crypto->crypto, p, &buf, type_of(which),
                                 DTLS_VERSION_1_2, 1, 0x234567890100u + which,
                                 dtls_bytes_of(plain, plain_lens[which])) ==
               DTLS_OK);
    out->len = buf.len;
}

static void make(struct fuzz_crypto *crypto, struct keyed *k,
                 const struct dtls_suite *suite, bool encrypt_then_mac,
                 bool with_cid)
{
    uint8_t bytes[DTLS_MAC_MAX + DTLS_KEY_MAX];
    uint8_t salt[DTLS_NONCE_LEN];
    struct dtls_cipher_keys keys = {
        .mac = {bytes, dtls_suite_mac_len(suite)},
        .key = {bytes + DTLS_MAC_MAX, suite->key_len},
        .salt = {salt, suite->salt_len},
    };
    struct dtls_hmac_key mac;
    struct dtls_protection p = {.encrypt_then_mac = encrypt_then_mac,
                                .cid = cid,
                                .cid_len = with_cid ? sizeof cid : 0,
                                .pad_to = with_cid ? 32 : 0};

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(0x45 + 3 * i);
    }
    memset(salt, 0x67, sizeof salt);
    k->open = p;
    p.cipher.mac = &mac;
    k->open.cipher.mac = &k->mac;
    FUZZ_CHECK(crypto->crypto.cipher_key(crypto, &p.cipher, suite, &keys,
                                         true) == DTLS_OK &&
               crypto->crypto.cipher_key(crypto, &k->open.cipher, suite, &keys,
                                         false) == DTLS_OK);
    for (size_t which = 0; which < SEALED; which++) {
        seal(crypto, &p, &k->records[which], which);
    }
    crypto->crypto.cipher_free(crypto, &p.cipher);
}

/* Keys, and the records sealed with them; made once for each suite. */
static struct keyed *keyed_for(struct fuzz_crypto *crypto, uint16_t id,
                               uint8_t how)
{
    static struct keyed all[2][2][SUITES];
    bool with_cid = (how & WITH_CID) != 0;
    const struct dtls_suite *suite;
    struct keyed *k;
    bool encrypt_then_mac;
    size_t which = 0;

    while (dtls_suite_at(which) != NULL && dtls_suite_at(which)->id != id) {
        which++;
    }
    if (dtls_suite_at(which) == NULL) {
        which = 0;
    }
    FUZZ_CHECK(which < SUITES);
    suite = dtls_suite_at(which);
    encrypt_then_mac =
        (how & ENCRYPT_THEN_MAC) != 0 && suite->cipher == DTLS_CIPHER_CBC;
    k = &all[with_cid][encrypt_then_mac][which];
    if (k->open.cipher.suite == NULL) {
        make(crypto, k, suite, encrypt_then_mac, with_cid);
    }
    return k;
}

/* Which of the sealed records is this?  SEALED: none of them. */
static size_t find_sealed(const struct keyed *k, struct dtls_bytes record)
{
    size_t which = 0;

    while (which < SEALED &&
           !dtls_bytes_equal(record, dtls_bytes_of(k->records[which].bytes,
                                                   k->records[which].len))) {
        which++;
    }
    return which;
}

static void check(const struct fuzz_crypto *crypto, struct keyed *k,
                  struct dtls_span datagram)
{
    struct dtls_span rest = datagram;
    struct dtls_record record;
    struct dtls_span plain;
    size_t which;

    if (dtls_record_next_of(&rest, dtls_protect_cid(&k->open), &record) !=
        DTLS_OK) {
        return;
    }
    which =
        find_sealed(k, dtls_bytes_of(datagram.data, datagram.len - rest.len));
    if (record.type == DTLS_TLS12_CID && k->open.cid_len != 0 &&
        !record.cid_is_ours) {
        FUZZ_CHECK(which == SEALED);
        return; /* the layer drops it */
    }
    fuzz_mark(&plain, sizeof plain);
    if (dtls_protect_open(&crypto->crypto, &k->open, &record, &plain) !=
        DTLS_OK) {
        FUZZ_CHECK(which == SEALED);
        fuzz_untouched(&plain, sizeof plain);
        return;
    }
    fuzz_inside(dtls_span_bytes(plain), dtls_span_bytes(record.body));
    if (record.type == DTLS_TLS12_CID) {
        record.body = plain;
        FUZZ_CHECK(dtls_protect_unwrap(&record));
        plain = record.body;
    }
    FUZZ_CHECK(which < SEALED && plain.len == plain_lens[which]);
    FUZZ_CHECK(record.type == type_of(which));
    for (size_t i = 0; i < plain.len; i++) {
        FUZZ_CHECK(plain.data[i] == plain_byte(i));
    }
}

/* A sealed record, cut to a length that its header then has, and changed. */
static struct dtls_bytes change(struct sealed *out, const struct keyed *k,
                                struct dtls_bytes *in)
{
    uint8_t which = fuzz_u8(in) % SEALED;
    uint16_t len = fuzz_u16(in);
    size_t header = DTLS_RECORD_HEADER_LEN + k->open.cid_len;

    *out = k->records[which];
    if (len >= header && len < out->len) {
        out->len = len;
        out->bytes[header - 2] = (uint8_t)((len - header) >> 8);
        out->bytes[header - 1] = (uint8_t)(len - header);
    }
    while (in->len != 0) {
        uint16_t offset = fuzz_u16(in);

        out->bytes[offset % out->len] ^= fuzz_u8(in);
    }
    return dtls_bytes_of(out->bytes, out->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    struct fuzz_crypto crypto;
    struct sealed changed;
    uint16_t id = fuzz_u16(&in);
    uint8_t how = fuzz_u8(&in);
    struct keyed *k;
    uint8_t *copy;

    fuzz_crypto_init(&crypto, 0x2345);
    k = keyed_for(&crypto, id, how);
    if ((how & EDITED) != 0) {
        in = change(&changed, k, &in);
    }
    copy = fuzz_exact(in);
    check(&crypto, k, (struct dtls_span){copy, in.len});
    free(copy);
    return 0;
}
