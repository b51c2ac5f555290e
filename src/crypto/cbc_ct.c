/* SPDX-License-Identifier: MIT */
/* The check of a MAC-then-encrypt CBC record in constant time (RFC 5246,
 * 6.2.3.2; "Lucky Thirteen", AlFardan and Paterson, 2013).
 *
 * The record is plaintext || MAC || padding || padding_length.  Its length is
 * public; everything in it is secret, and so are padding_length and all that
 * follows from it: no branch and no memory index below depends on them, and
 * the number of compressions depends on the record's length alone. */
#include "crypto/block_hash.h"
#include "crypto/libcrypto_internal.h"

#include "base/secret.h"

#include <string.h>

#define PAD_MAX 255 /* bytes, padding_length itself not counted */

/* The longest TLSCiphertext.fragment (RFC 6347, 4.1).  With it, no length
 * below comes near the top bit that the masks rest on. */
#define FRAGMENT_MAX ((1 << 14) + 2048)

/* Hides from the compiler where a value comes from.  Otherwise the compiler
 * may turn a mask into a branch, or count a loop from a secret (gcc 12 did:
 * the secret fell out of the sum, but neither memcheck nor a reader sees
 * that).  The statement is volatile, so that it stays inside the loop. */
static size_t hide(size_t x)
{
    __asm__ __volatile__("" : "+r"(x));
    return x;
}

/* A mask is all ones for yes and zero for no. */
static size_t mask_of_top_bit(size_t x)
{
    return hide(0 - (x >> (8 * sizeof x - 1)));
}

static size_t mask_less(size_t a, size_t b)
{
    return mask_of_top_bit(hide(a) - hide(b));
}

static size_t mask_equal(size_t a, size_t b)
{
    size_t difference = hide(a) ^ hide(b);

    return mask_of_top_bit(~difference & (difference - 1));
}

static uint8_t select_u8(size_t mask, uint8_t yes, uint8_t no)
{
    return (uint8_t)((mask & yes) | (~mask & no));
}

/* Returns a mask: all ones if every byte of the padding is padding_length and
 * the padding fits behind the MAC.  `pad_len` is then padding_length,
 * otherwise 0. */
static size_t check_padding(struct dtls_bytes data, size_t mac_len,
                            size_t *pad_len)
{
    size_t claimed = data.data[data.len - 1];
    size_t room = data.len - mac_len - 1;
    size_t num_checked = data.len - 1 < PAD_MAX ? data.len - 1 : PAD_MAX;
    size_t good = ~mask_less(room, claimed);

    for (size_t i = 1; i <= num_checked; i++) {
        size_t in_padding = ~mask_less(claimed, i);
        uint8_t byte = data.data[data.len - 1 - i];

        good &= ~in_padding | mask_equal(byte, claimed);
    }
    *pad_len = claimed & good;
    return good;
}

/* The bytes under the MAC, header || plaintext.  Their number, `len`, is
 * secret; `min_len` and `max_len` bound it and are not. */
struct message {
    uint8_t header[DTLS_AAD_MAX];
    size_t header_len;
    const uint8_t *plain;
    size_t len; /* with the header, as the other two */
    size_t min_len;
    size_t max_len;
};

static uint8_t message_byte(const struct message *m, size_t at)
{
    if (at < m->header_len) {
        return m->header[at];
    }
    return at < m->max_len ? m->plain[at - m->header_len] : 0;
}

/* Writes block `index` of the message with the hash's own padding: 80, zeros
 * and the length in bits at the end of the last block.  `is_last` is a mask.
 */
static void make_block(uint8_t *block, const struct message *m, size_t index,
                       unsigned shift, size_t is_last)
{
    size_t block_len = (size_t)1 << shift;
    uint64_t bits = 8 * ((uint64_t)block_len + m->len); /* with ipad's block */

    for (size_t i = 0; i < block_len; i++) {
        size_t at = index * block_len + i;
        size_t inside = mask_less(at, m->len);
        size_t at_end = mask_equal(at, m->len);

        block[i] = (uint8_t)((message_byte(m, at) & inside) | (0x80 & at_end));
    }
    for (size_t i = 0; i < 8; i++) {
        block[block_len - 1 - i] |= (uint8_t)((bits >> (8 * i)) & is_last);
    }
}

/* Hashes every block that the message might have and keeps the chaining
 * value after its last one. */
static void inner_digest(uint8_t *out, const struct dtls_hmac_key *key,
                         const struct message *m)
{
    unsigned shift = dtls_block_hash_shift(key->alg);
    size_t length_len = shift == 7 ? 16 : 8;
    size_t last = (m->len + length_len) >> shift;
    size_t last_possible = (m->max_len + length_len) >> shift;
    size_t num_whole = m->min_len >> shift; /* of message bytes only */
    union dtls_block_hash hash;
    uint8_t block[DTLS_BLOCK_MAX];
    uint64_t chain[8] = {0};
    uint64_t result[8] = {0};

    dtls_block_hash_restore(&hash, key->alg, key->inner);
    for (size_t i = 0; i <= last_possible; i++) {
        size_t is_last = mask_equal(i, last);

        if (i << shift >= m->header_len && i < num_whole) {
            /* It stands in one piece in the record. */
            dtls_block_hash_transform(&hash, key->alg,
                                      m->plain + (i << shift) - m->header_len);
            continue;
        }
        make_block(block, m, i, shift, is_last);
        dtls_block_hash_transform(&hash, key->alg, block);
        dtls_block_hash_save(&hash, key->alg, chain);
        for (size_t j = 0; j < 8; j++) {
            result[j] |= chain[j] & is_last;
        }
    }
    dtls_block_hash_digest(out, key->alg, result);

    dtls_wipe(&hash, sizeof hash);
    dtls_wipe(block, sizeof block);
    dtls_wipe(chain, sizeof chain);
    dtls_wipe(result, sizeof result);
}

static void compute_mac(uint8_t *out, const struct dtls_hmac_key *key,
                        const struct message *m)
{
    union dtls_block_hash hash;
    uint8_t digest[DTLS_HASH_MAX];

    inner_digest(digest, key, m);
    dtls_block_hash_restore(&hash, key->alg, key->outer);
    dtls_block_hash_update(&hash, key->alg,
                           dtls_bytes_of(digest, dtls_hash_len(key->alg)));
    dtls_block_hash_finish(&hash, key->alg, out);
    dtls_wipe(digest, sizeof digest);
}

/* Turns `mac` left by `by` bytes, which is secret: by 1, 2, 4, ...  or not at
 * all. */
static void rotate(uint8_t mac[DTLS_MAC_MAX], size_t mac_len, size_t by)
{
    uint8_t turned[DTLS_MAC_MAX];

    for (size_t step = 1; step < mac_len; step <<= 1) {
        size_t turn = ~mask_equal(by & step, 0);

        for (size_t i = 0, from = step; i < mac_len; i++, from++) {
            from = from < mac_len ? from : 0;
            turned[i] = select_u8(turn, mac[from], mac[i]);
        }
        memcpy(mac, turned, mac_len);
    }
    dtls_wipe(turned, sizeof turned);
}

/* Copies the MAC that begins at `at`, which is secret.  The MAC goes round in
 * a ring of `mac_len` bytes, so that each byte of the record is read once; the
 * ring is then turned to its beginning. */
static void copy_mac(uint8_t out[DTLS_MAC_MAX], size_t mac_len,
                     struct dtls_bytes data, size_t at)
{
    size_t reach = mac_len + PAD_MAX + 1; /* the MAC is inside these */
    size_t start = data.len > reach ? data.len - reach : 0;
    size_t begin = 0;

    memset(out, 0, DTLS_MAC_MAX);
    for (size_t i = start, j = 0; i < data.len; i++, j++) {
        size_t inside = ~mask_less(i, at) & mask_less(i, at + mac_len);

        j = j < mac_len ? j : 0;
        out[j] |= (uint8_t)(data.data[i] & inside);
        begin |= j & mask_equal(i, at);
    }
    rotate(out, mac_len, begin);
}

enum dtls_status dtls_cbc_ct_check(void *self, struct dtls_cipher *cipher,
                                   const uint8_t *header,
                                   struct dtls_bytes data, size_t *plain_len)
{
    size_t mac_len =
        cipher->suite == NULL ? 0 : dtls_suite_mac_len(cipher->suite);
    struct message m;
    uint8_t expected[DTLS_HASH_MAX];
    uint8_t received[DTLS_MAC_MAX];
    size_t difference = 0;
    size_t pad_len;
    size_t good;
    size_t len;

    (void)self;
    *plain_len = 0;
    if (mac_len == 0 || mac_len > DTLS_MAC_MAX) {
        return DTLS_INTERNAL_ERROR;
    }
    /* The record's length is no secret. */
    if (data.len < mac_len + 1 || data.len > FRAGMENT_MAX) {
        return DTLS_DISCARD;
    }

    good = check_padding(data, mac_len, &pad_len);
    len = data.len - mac_len - 1 - pad_len;

    m.header_len = dtls_aad_len(header);
    memcpy(m.header, header, m.header_len);
    m.header[m.header_len - 2] = (uint8_t)(len >> 8);
    m.header[m.header_len - 1] = (uint8_t)len;
    m.plain = data.data;
    m.len = m.header_len + len;
    m.max_len = m.header_len + data.len - mac_len - 1;
    m.min_len = m.max_len > m.header_len + PAD_MAX ? m.max_len - PAD_MAX
                                                   : m.header_len;
    compute_mac(expected, cipher->mac, &m);
    copy_mac(received, mac_len, data, len);
    for (size_t i = 0; i < mac_len; i++) {
        difference |= (size_t)(expected[i] ^ received[i]);
    }
    good &= mask_equal(difference, 0);

    dtls_wipe(expected, sizeof expected);
    dtls_wipe(received, sizeof received);
    *plain_len = len & good;
    return (enum dtls_status)(~good & DTLS_DISCARD);
}
