/* SPDX-License-Identifier: MIT */
/* More words of scripts and of wrong targets, for key exchanges and
 * signatures. */
#ifndef CHECK_CHECKS_KEY_WORDS_H
#define CHECK_CHECKS_KEY_WORDS_H

#include "check/checks/hello_words.h"
#include "check/ics.h"

/* ---- suites ---- */

bool suite_is_ecdhe(const struct dtls_suite *suite);  /* with certificate  */
bool suite_signs_rsa(const struct dtls_suite *suite); /* with an RSA key   */
bool suite_signs_ec(const struct dtls_suite *suite);  /* with an EC key    */
bool suite_is_rsa(const struct dtls_suite *suite);    /* static RSA        */
bool suite_is_psk(const struct dtls_suite *suite);    /* plain PSK         */
bool suite_is_ecdhe_psk(const struct dtls_suite *suite);

/* ---- of scripts ---- */

/* key_only_group makes the peer use one group that the target claims, and
 * key_only_pair one pair. */
void key_only_group(struct scene *s, uint16_t group);
void key_only_pair(struct scene *s, uint16_t pair);

/* key_say_params says the peer's ServerKeyExchange with other ServerECDHParams
 * and a good signature over them, and then that the target refuses them. */
void key_say_params(struct scene *s, struct dtls_bytes params);

/* key_say_share does so with a named group and this point. */
void key_say_share(struct scene *s, uint16_t group, struct dtls_bytes point);

/* key_pair is where ServerKeyExchange of ECDHE has its pair and, two bytes
 * behind that, the length of its signature. */
uint8_t *key_pair(struct peer_message *m);

/* key_is_refused says the message; the target must not go on. */
void key_is_refused(struct scene *s, struct peer_message *m);

/* key_hear_params waits for the target's ServerKeyExchange of ECDHE. */
struct dtls_ecdhe_params key_hear_params(struct scene *s);

/* key_insert says another message in front of `m`, of which the number grows
 * by 1; all that is behind it must be said that way, too. */
void key_insert(struct scene *s, struct peer_message *m, uint8_t type,
                struct dtls_bytes body);

/* key_zero_secret is a share_agree with a secret of zeros, whatever the point
 * is. */
enum dtls_status key_zero_secret(void *self, struct dtls_share *share,
                                 uint8_t *out, size_t *out_len,
                                 struct dtls_bytes peer);

/* key_keep is a cipher_key that keeps in key_kept with what the peer seals
 * last. */
struct key_kept {
    const struct dtls_suite *suite;
    uint8_t mac[DTLS_HASH_MAX];
    uint8_t key[DTLS_KEY_MAX];
    uint8_t salt[DTLS_NONCE_LEN];
};
extern struct key_kept key_kept;
enum dtls_status key_keep(void *self, struct dtls_cipher *cipher,
                          const struct dtls_suite *suite,
                          const struct dtls_cipher_keys *keys, bool seal);

/* key_list reads a list of numbers that the target claims, to base 10 or 16;
 * key_has: is the number in it? */
size_t key_list(const struct scene *s, enum ics_key which, int base,
                uint16_t out[HELLO_TYPES_MAX]);
bool key_has(const uint16_t *list, size_t num, uint16_t value);

/* key_expect_list: a list that the target says must be the one that it claims;
 * `name` is the extension's. */
void key_expect_list(struct scene *s, const char *name, struct dtls_bytes data,
                     enum ics_key which, int base);

/* ---- of wrong targets ---- */

/* wrong_takes_any_group takes a group that is not the target's own;
 * wrong_takes_any_point a value that is no point, and wrong_takes_low_order
 * one of x25519 with which the secret is zero. */
void wrong_takes_any_group(struct wrong *w);
void wrong_takes_any_point(struct wrong *w);
void wrong_takes_low_order(struct wrong *w);

/* wrong_skips: the target does not see a message of this type, and knows the
 * later ones by the number before theirs.  It is called by its `hears`. */
bool wrong_skips(struct wrong *w, const struct wrong_record *r, uint8_t type);

#endif
