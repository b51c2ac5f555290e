/* SPDX-License-Identifier: MIT */
/* Resumption: what a full handshake leaves behind, so that a later one can do
 * without key exchange and certificates (RFC 5246, 7.3, F.1.4).
 *
 * Only a session with the extended master secret is kept (RFC 7627, 5.3), and
 * one of a CBC suite only if it has encrypt-then-MAC.  Only the first
 * handshake of an association resumes a session or makes one. */
#ifndef DTLS_HANDSHAKE_RESUMPTION_H
#define DTLS_HANDSHAKE_RESUMPTION_H

#include "handshake/config.h"
#include "messages/messages.h"

#define DTLS_LEAF_LEN 32 /* SHA-256 */

/* DTLS_RESUMPTION_LIMIT_S is the longest time, in seconds after its full
 * handshake, for which a session can be resumed (RFC 5246, F.1.4). */
#define DTLS_RESUMPTION_LIMIT_S 86400

/* struct dtls_saved is a session that can be resumed, at either end.  It is a
 * secret: the function that ends its life wipes it.  All zero means "none". */
struct dtls_saved {
    uint16_t suite; /* 0: none */
    uint8_t id_len;
    uint8_t id[DTLS_SESSION_ID_MAX];
    uint8_t master[DTLS_MASTER_LEN];
    /* SHA-256 over what must be the same when the session is resumed: the
     * server's name, whether and how the peer is authenticated, and the key of
     * the PSK or the trust anchors. */
    uint8_t scope[DTLS_LEAF_LEN];
    /* SHA-256 of the peer's certificate, if it showed one, or of the PSK
     * identity. */
    uint8_t peer_leaf[DTLS_LEAF_LEN];
    bool has_peer_leaf; /* a certificate's */
    bool peer_is_raw;   /* or a raw public key's */
    int64_t peer_until; /* its notAfter, in seconds since 1970 */
    bool server_name_known;
    uint16_t fragment_length; /* as agreed (RFC 6066, 4); 0: none */
    uint64_t until;       /* the time from which it is not resumed any more: it
                           * counts from the full handshake */
    uint8_t identity_len; /* with a PSK suite */
    uint8_t identity[DTLS_PSK_IDENTITY_MAX];
};

/* DTLS_TICKET_MAX is the longest ticket that a client keeps, in bytes. */
#define DTLS_TICKET_MAX 2048

/* struct dtls_client_session is the one session that a client may resume,
 * in the application's memory.  All zero means "none".  A new ticket waits in
 * its own place until the server's Finished has come. */
struct dtls_client_session {
    struct dtls_saved saved;
    uint64_t ticket_until; /* the time from which the ticket is not offered */
    uint16_t ticket_len;   /* 0: the session has an id instead */
    uint8_t which;         /* of `tickets` is its own */
    bool is_unanswered;    /* it was offered, and no ServerHello came */
    uint8_t tickets[2][DTLS_TICKET_MAX];
};

/* A sealed session is a number of 8 bytes, AES-256-GCM of the session's bytes,
 * a tag.  DTLS_SAVED_MAX bounds the bytes in between.
 *
 * dtls_saved_key makes `cipher` ready for one direction.
 *
 * dtls_saved_seal appends a sealed session to `out`.  `number` must not
 * have been used with the key before.  `purpose` is part of the additional
 * data.  It returns DTLS_NO_ROOM if it does not fit, or the status
 * of cryptography that fails; `out` is then as it was.
 *
 * dtls_saved_open is the inverse.  It returns false, and leaves `saved` as it
 * was, for anything that was not sealed so, or whose bytes have another
 * format. */
#define DTLS_SAVED_KEY_LEN 32
#define DTLS_SAVED_TAG_LEN 16
#define DTLS_SAVED_PURPOSE_LEN 3
#define DTLS_SAVED_MAX                                                        \
    (18 + 2 * DTLS_LEAF_LEN + DTLS_MASTER_LEN + 1 + DTLS_PSK_IDENTITY_MAX +   \
     1 + DTLS_SESSION_ID_MAX)
DTLS_MUST_USE enum dtls_status dtls_saved_key(
    const struct dtls_crypto *crypto, struct dtls_cipher *cipher,
    const uint8_t key[DTLS_SAVED_KEY_LEN], bool seal);
DTLS_MUST_USE enum dtls_status dtls_saved_seal(
    const struct dtls_crypto *crypto, struct dtls_cipher *cipher,
    struct dtls_buf *out, const struct dtls_saved *saved, uint64_t number,
    const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN]);
DTLS_MUST_USE bool dtls_saved_open(
    const struct dtls_crypto *crypto, struct dtls_cipher *cipher,
    struct dtls_saved *saved, struct dtls_bytes sealed,
    const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN]);

/* What an application keeps under a key of its own: a version, a random salt,
 * and under a key made of both for this salt alone what dtls_saved_seal would
 * make of the bytes.
 *
 * dtls_export_begin makes `e->out`, a copy of `out`, ready for the bytes.
 * dtls_export_end is called after it, whatever `status` is by then; with
 * DTLS_OK it seals them and appends all to `out`.  `number` stands in the
 * clear and is authentic.  If that fails, what was written behind `out` is
 * wiped.  Both return DTLS_NO_ROOM if it does not fit, or the status of
 * cryptography that fails.
 *
 * dtls_export_open opens `in` in `room`, which it may leave with secrets, and
 * sets `state` to the bytes.  It returns DTLS_DISCARD if `in` was not made so,
 * with this key, version and purpose. */
#define DTLS_EXPORT_SALT_LEN 16
#define DTLS_EXPORT_EXTRA                                                     \
    (1 + DTLS_EXPORT_SALT_LEN + 8 + DTLS_SAVED_TAG_LEN) /* beside the bytes   \
                                                         */
struct dtls_export {
    struct dtls_buf out;
    struct dtls_span number;
    struct dtls_cipher cipher;
};
DTLS_MUST_USE enum dtls_status dtls_export_begin(
    const struct dtls_crypto *crypto, struct dtls_export *e,
    const struct dtls_buf *out, const uint8_t key[DTLS_SAVED_KEY_LEN],
    uint8_t version);
DTLS_MUST_USE enum dtls_status dtls_export_end(
    const struct dtls_crypto *crypto, struct dtls_export *e,
    struct dtls_buf *out, uint64_t number,
    const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN], enum dtls_status status);
DTLS_MUST_USE enum dtls_status dtls_export_open(
    const struct dtls_crypto *crypto, struct dtls_span room,
    struct dtls_bytes in, const uint8_t key[DTLS_SAVED_KEY_LEN],
    uint8_t version, const uint8_t purpose[DTLS_SAVED_PURPOSE_LEN],
    struct dtls_bytes *state);

/* dtls_client_session_export appends a client's session to `out`, as bytes
 * that the application may keep, sealed under its key.  Times are written as
 * what is left of them at `now`.  It returns DTLS_NOT_NOW if there is no
 * session, or its offer is unanswered, DTLS_NO_ROOM if `out` is too small
 * (DTLS_EXPORTED_MAX bytes always suffice), or the status of cryptography that
 * fails; `out` is then as it was, and what was written behind it is wiped.
 *
 * dtls_client_session_import is the inverse, in whatever process.  It returns
 * DTLS_DISCARD if the bytes were not made so under this key, or have another
 * version; `own` then has no session. */
#define DTLS_EXPORTED_MAX                                                     \
    (DTLS_EXPORT_EXTRA + DTLS_SAVED_MAX + 6 + 2 + DTLS_TICKET_MAX)
DTLS_MUST_USE enum dtls_status dtls_client_session_export(
    const struct dtls_crypto *crypto, struct dtls_buf *out,
    const struct dtls_client_session *own,
    const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now);
DTLS_MUST_USE enum dtls_status dtls_client_session_import(
    const struct dtls_crypto *crypto, struct dtls_client_session *own,
    struct dtls_bytes in, const uint8_t key[DTLS_SAVED_KEY_LEN], uint64_t now);

/* struct dtls_cache holds the sessions of a server that can be resumed by
 * their ids, in the application's memory.  The newest session takes the place
 * of the oldest.  A search costs the same however many there are. */
struct dtls_cache_entry {
    struct dtls_saved saved;
    uint32_t head; /* the first entry in the bucket of this number, plus 1 */
    uint32_t next; /* the next entry in the same bucket, plus 1 */
};
struct dtls_cache {
    struct dtls_cache_entry *entries;
    uint32_t num;
    uint32_t oldest; /* the entry that dtls_cache_put replaces */
};

/* dtls_cache_init makes an empty cache of `num` entries, which it borrows
 * until dtls_cache_free has wiped them.  An all-zero cache keeps nothing, and
 * dtls_cache_free leaves such a one. */
void dtls_cache_init(struct dtls_cache *cache,
                     struct dtls_cache_entry *entries, uint32_t num);
void dtls_cache_free(struct dtls_cache *cache);

/* dtls_cache_put keeps a copy of a session that has an id. */
void dtls_cache_put(struct dtls_cache *cache, const struct dtls_saved *saved);

/* dtls_cache_find returns the session with this id, which the cache owns and
 * the next call may change.  It returns NULL if there is none. */
const struct dtls_saved *dtls_cache_find(const struct dtls_cache *cache,
                                         struct dtls_bytes id);

/* dtls_cache_remove wipes the session with this id, if there is one. */
void dtls_cache_remove(struct dtls_cache *cache, struct dtls_bytes id);

struct dtls_handshake;
struct dtls_extensions;

/* dtls_resumption_offer prepares a client's offer, once in a handshake.  If
 * there is a session to resume that fits the configuration, every ClientHello
 * has its ticket and an id made for it, or its id.  An offer that got no
 * ServerHello is left out of the next handshake, and of that alone: whoever
 * can spoil an attempt costs a client no more than a full handshake.  It
 * returns the status of cryptography that fails.
 *
 * dtls_resumption_answered notes that ServerHello has come. */
DTLS_MUST_USE enum dtls_status dtls_resumption_offer(struct dtls_handshake *h);
void dtls_resumption_answered(const struct dtls_handshake *h);

/* dtls_resumption_accept is called when ServerHello has the id that the client
 * offered; `h->suite` is ServerHello's.  It returns DTLS_ILLEGAL_PARAMETER if
 * the suite is not the session's. */
DTLS_MUST_USE enum dtls_status dtls_resumption_accept(
    struct dtls_handshake *h);

/* dtls_resumption_check_answer returns DTLS_HANDSHAKE_FAILURE if the hellos
 * that resume a session leave out what the session has: the extended master
 * secret (RFC 7627, 5.3), or encrypt-then-MAC under CBC. */
DTLS_MUST_USE enum dtls_status dtls_resumption_check_answer(
    const struct dtls_handshake *h);

/* dtls_resumption_ticket returns the ticket that the client offers; it is
 * empty if there is none. */
struct dtls_bytes dtls_resumption_ticket(const struct dtls_handshake *h);

/* dtls_resumption_choose lets a server resume the session that the ClientHello
 * names by its ticket or, without one, by its id, if it fits the hello and the
 * configuration: `resumed` of the handshake says so.  Whatever does not fit
 * leads to a full handshake.
 *
 * It returns DTLS_HANDSHAKE_FAILURE if only the extended master secret is
 * missing in the hello (RFC 7627, 5.3), or the status of cryptography that
 * fails. */
DTLS_MUST_USE enum dtls_status dtls_resumption_choose(
    struct dtls_handshake *h, const struct dtls_client_hello *hello,
    const struct dtls_extensions *asked);

/* dtls_resumption_name decides how a new session can be resumed, if it can:
 * the server announces a ticket, or gives the session an id.  It is called
 * once both hellos are decided. */
DTLS_MUST_USE enum dtls_status dtls_resumption_name(
    struct dtls_handshake *h, const struct dtls_extensions *asked);

/* dtls_resumption_send_ticket sends the ticket that the server has announced,
 * if it has.  `offered` is the client's, if it is to be renewed.  A ticket
 * that cannot be made is sent empty (RFC 5077, 3.3). */
DTLS_MUST_USE enum dtls_status dtls_resumption_send_ticket(
    struct dtls_handshake *h, struct dtls_bytes offered);

/* dtls_resumption_take_ticket notes the server's ticket, which counts once
 * the handshake is complete. */
DTLS_MUST_USE enum dtls_status dtls_resumption_take_ticket(
    struct dtls_handshake *h, const struct dtls_message *message);

/* dtls_resumption_keep keeps the session of a complete handshake, if it is a
 * new one and can be kept, and a client's new ticket of a resumed one. */
void dtls_resumption_keep(struct dtls_handshake *h);

/* dtls_resumption_forget makes sure that the session of this association is
 * not resumed again: a fatal alert has ended it (RFC 5246, 7.2.2). */
void dtls_resumption_forget(struct dtls_handshake *h);

#endif
