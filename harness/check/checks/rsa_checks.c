/* SPDX-License-Identifier: MIT */
/* ClientKeyExchange of static RSA (RFC 5246, 7.4.7.1), and an empty one. */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include "crypto/libcrypto_internal.h"

#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

/* ---- P-RSA-1: premasters that are malformed ---- */

enum malformed {
    WRONG_VERSION,
    WRONG_TYPE,
    NO_ZERO,
    EARLY_ZERO,
    LATE_ZERO, /* 47 bytes */
    SOON_ZERO, /* 49 bytes */
    ALL_ZERO,
    THE_MODULUS,
    NUM_MALFORMED
};

static enum malformed malformed;

/* The block under the encryption: 00 02, nonzero bytes, 00, the premaster. */
static void fill_block(uint8_t *block, size_t size,
                       const uint8_t premaster[DTLS_MASTER_LEN])
{
    size_t zero = size - DTLS_MASTER_LEN - 1;

    memset(block, 0x5a, size);
    block[0] = 0;
    block[1] = malformed == WRONG_TYPE ? 1 : 2;
    memcpy(block + zero + 1, premaster, DTLS_MASTER_LEN);
    if (malformed == WRONG_VERSION) {
        block[zero + 2] ^= 1;
    }
    if (malformed == NO_ZERO) {
        memset(block + zero, 0x5a, DTLS_MASTER_LEN + 1);
        return;
    }
    block[malformed == LATE_ZERO   ? zero + 1
          : malformed == SOON_ZERO ? zero - 1
                                   : zero] = 0;
    if (malformed == EARLY_ZERO) {
        block[4] = 0;
    }
    if (malformed == ALL_ZERO) {
        memset(block, 0, size);
    }
}

static enum dtls_status seal_malformed(
    void *self, const struct dtls_public_key *key, uint8_t *out,
    size_t *out_len, const uint8_t premaster[DTLS_MASTER_LEN])
{
    EVP_PKEY *pkey = dtls_public_rsa(key->n, key->e);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    uint8_t block[DTLS_SIGNATURE_MAX];
    bool ok = key->n.len <= sizeof block && *out_len >= key->n.len;

    (void)self;
    if (ok) {
        fill_block(block, key->n.len, premaster);
    }
    ok = ok && EVP_PKEY_encrypt_init(ctx) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
         EVP_PKEY_encrypt(ctx, out, out_len, block, key->n.len) == 1;
    if (ok && malformed == THE_MODULUS) {
        memcpy(out, key->n.data, key->n.len);
    }
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    return ok ? DTLS_OK : DTLS_INTERNAL_ERROR;
}

static void say_malformed_premasters(struct scene *s)
{
    char first[HEARD_PHRASE];

    for (unsigned i = 0; i < NUM_MALFORMED; i++) {
        if (i != 0) {
            scene_again(s);
        }
        malformed = (enum malformed)i;
        s->peer.crypto.premaster_seal = seal_malformed;
        (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
        scene_say_rest(s);
        scene_listen(s);
        if (i == 0) {
            (void)snprintf(first, sizeof first, "%s", s->heard.phrase);
        }
        scene_expect(s, strcmp(first, s->heard.phrase) == 0,
                     "malformation %u gets \"%s\", and 0 gets \"%s\"", i,
                     s->heard.phrase, first);
    }
}

/* Tells whether the type byte is right. */
static enum dtls_status open_and_tell(void *self,
                                      const struct dtls_private_key *key,
                                      uint16_t offered,
                                      uint8_t out[DTLS_MASTER_LEN],
                                      struct dtls_bytes encrypted)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->context, NULL);
    uint8_t block[DTLS_SIGNATURE_MAX];
    size_t len = sizeof block;
    bool tells = EVP_PKEY_decrypt_init(ctx) == 1 &&
                 EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
                 EVP_PKEY_decrypt(ctx, block, &len, encrypted.data,
                                  encrypted.len) == 1 &&
                 block[1] == 1;

    EVP_PKEY_CTX_free(ctx);
    return tells ? DTLS_DECRYPT_ERROR
                 : dtls_libcrypto.premaster_open(self, key, offered, out,
                                                 encrypted);
}

static void tell_of_padding(struct wrong *w)
{
    w->peer.crypto.premaster_open = open_and_tell;
}

/* ---- P-RSA-2: the inner length ---- */

static void change_length(struct scene *s, int by)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    unsigned len = (unsigned)((int)(m->len - 2) + by);

    m->body[0] = (uint8_t)(len >> 8);
    m->body[1] = (uint8_t)len;
    scene_say(s, m);
}

static void say_longer_length(struct scene *s)
{
    change_length(s, 1);
}

static void say_shorter_length(struct scene *s)
{
    change_length(s, -1);
}

static void say_no_length(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    m->len -= 2;
    memmove(m->body, m->body + 2, m->len);
    scene_say(s, m);
}

static bool refuse_length_with_40(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes field;
    struct dtls_fragment f;

    return suite_is_rsa(w->sut.setup.suite) &&
           wrong_message(r, DTLS_CLIENT_KEY_EXCHANGE, &f) &&
           dtls_cke_parse(&field, DTLS_KX_RSA, f.body) != DTLS_OK &&
           wrong_alert(w, 40);
}

static void answer_length_with_40(struct wrong *w)
{
    w->hears = refuse_length_with_40;
}

/* ---- P-RSA-3: the version in a client's premaster ---- */

static uint8_t premaster_seen[2];

static enum dtls_status open_and_look(void *self,
                                      const struct dtls_private_key *key,
                                      uint16_t offered,
                                      uint8_t out[DTLS_MASTER_LEN],
                                      struct dtls_bytes encrypted)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->context, NULL);
    uint8_t block[DTLS_SIGNATURE_MAX];
    size_t len = sizeof block;

    memset(premaster_seen, 0, sizeof premaster_seen);
    if (EVP_PKEY_decrypt_init(ctx) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_decrypt(ctx, block, &len, encrypted.data, encrypted.len) ==
            1 &&
        len == DTLS_MASTER_LEN) {
        memcpy(premaster_seen, block, 2);
    }
    EVP_PKEY_CTX_free(ctx);
    return dtls_libcrypto.premaster_open(self, key, offered, out, encrypted);
}

static void read_premaster(struct scene *s)
{
    s->peer.crypto.premaster_open = open_and_look;
    (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
    scene_say_rest(s);
    (void)scene_hear(s, DTLS_CLIENT_KEY_EXCHANGE, 1);
    scene_expect(s, premaster_seen[0] == 0xfe && premaster_seen[1] == 0xfd,
                 "the premaster begins with %02x%02x", premaster_seen[0],
                 premaster_seen[1]);
}

static enum dtls_status seal_as_tls(void *self,
                                    const struct dtls_public_key *key,
                                    uint8_t *out, size_t *out_len,
                                    const uint8_t premaster[DTLS_MASTER_LEN])
{
    uint8_t other[DTLS_MASTER_LEN];

    memcpy(other, premaster, sizeof other);
    other[0] = other[1] = 3;
    return dtls_libcrypto.premaster_seal(self, key, out, out_len, other);
}

static void say_version_of_tls(struct wrong *w)
{
    w->peer.crypto.premaster_seal = seal_as_tls;
}

/* ---- P-RSA-4: no public value ---- */

static void say_empty_message(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    m->len = 0;
    scene_say(s, m);
}

static void say_empty_value(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);

    m->body[0] = 0;
    m->len = 1;
    scene_say(s, m);
}

static bool refuse_empty_with_40(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return suite_is_ecdhe(w->sut.setup.suite) &&
           wrong_message(r, DTLS_CLIENT_KEY_EXCHANGE, &f) && f.body.len < 2 &&
           wrong_alert(w, 40);
}

static void answer_empty_with_40(struct wrong *w)
{
    w->hears = refuse_empty_with_40;
}

static const struct check checks[] = {
    {.id = "P-RSA-1",
     .rows = "D5246-7.4.7.1-3 D5246-7.4.7.1-4 D5246-7.4.7.1-2",
     .suits = suite_is_rsa,
     .play = say_malformed_premasters,
     .strict = "alert 51 | alert 20 | silence",
     .wrong = tell_of_padding,
     .shows = "malformation 1 gets *"},
    {.id = "P-RSA-2.long",
     .rows = "D5246-7.4.7.1-6 D5246-7.4.1.2-12",
     .suits = suite_is_rsa,
     .play = say_longer_length,
     .strict = "alert 50 | alert 51 | alert 20 | silence",
     .wrong = answer_length_with_40,
     .shows = "alert 40"},
    {.id = "P-RSA-2.short",
     .rows = "D5246-7.4.7.1-6 D5246-7.4.1.2-12",
     .suits = suite_is_rsa,
     .play = say_shorter_length,
     .strict = "alert 50 | alert 51 | alert 20 | silence",
     .wrong = answer_length_with_40,
     .shows = "alert 40"},
    {.id = "P-RSA-2.none",
     .rows = "D5246-7.4.7.1-6 D5246-7.4.1.2-12",
     .suits = suite_is_rsa,
     .play = say_no_length,
     .strict = "alert 50 | alert 51 | alert 20 | silence",
     .wrong = answer_length_with_40,
     .shows = "alert 40"},
    {.id = "P-RSA-3",
     .rows = "D5246-7.4.7.1-1",
     .suits = suite_is_rsa,
     .is_honest = true,
     .play = read_premaster,
     .strict = "data",
     .wrong = say_version_of_tls,
     .shows = "the premaster begins with 0303"},
    {.id = "P-RSA-4.empty",
     .rows = "D5246-7.4.7-2",
     .suits = suite_is_ecdhe,
     .play = say_empty_message,
     .strict = "alert 50 | alert 47",
     .wrong = answer_empty_with_40,
     .shows = "alert 40"},
    {.id = "P-RSA-4.zero",
     .rows = "D5246-7.4.7-2",
     .suits = suite_is_ecdhe,
     .play = say_empty_value,
     .strict = "alert 50 | alert 47",
     .wrong = answer_empty_with_40,
     .shows = "alert 40"},
};

CHECK_FILE(rsa)
