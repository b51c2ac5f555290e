/* SPDX-License-Identifier: MIT */
/* struct dtls_crypto implemented with libcrypto.  The comment above each group
 * of entries names its files. */
#include "crypto/libcrypto_internal.h"

const struct dtls_crypto dtls_libcrypto = {
    .self = NULL,
    /* random.c */
    .random = dtls_random_fill,
    /* hash.c */
    .digest = dtls_hash_all,
    .hash_start = dtls_hash_start,
    .hash_update = dtls_hash_update,
    .hash_digest = dtls_hash_digest,
    /* hmac.c, prf.c */
    .hmac_key = dtls_hmac_prepare,
    .hmac = dtls_hmac_parts,
    .prf = dtls_prf_expand,
    /* cipher.c, cbc_ct.c */
    .cipher_key = dtls_cipher_set_key,
    .cipher_free = dtls_cipher_free,
    .mac = dtls_cipher_mac,
    .aead_seal = dtls_cipher_aead_seal,
    .aead_open = dtls_cipher_aead_open,
    .cbc_encrypt = dtls_cipher_cbc_encrypt,
    .cbc_decrypt = dtls_cipher_cbc_decrypt,
    .cbc_check = dtls_cbc_ct_check,
    /* share.c */
    .share_make = dtls_share_make,
    .share_agree = dtls_share_agree,
    .share_free = dtls_share_free,
    /* jpake.c, schnorr.c */
    .jpake_make = dtls_jpake_make,
    .jpake_hello = dtls_jpake_hello,
    .jpake_take_hello = dtls_jpake_take_hello,
    .jpake_key = dtls_jpake_key,
    .jpake_take_key = dtls_jpake_take_key,
    .jpake_agree = dtls_jpake_agree,
    .jpake_free = dtls_jpake_free,
    /* private_key.c, signature.c, premaster.c */
    .private_key = dtls_private_key_read,
    .private_key_free = dtls_private_key_free,
    .sign = dtls_signature_sign,
    .verify = dtls_signature_verify,
    .check_key = dtls_signature_check_key,
    .premaster_seal = dtls_premaster_seal,
    .premaster_open = dtls_premaster_open,
};
