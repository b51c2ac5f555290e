/* SPDX-License-Identifier: MIT */
/* An application's decisions, shared by all sessions that use them.
 *
 * The configuration borrows everything, and must outlive the sessions.  The
 * engine changes nothing in it but what `cache`, `resume` and `tickets` point
 * to. */
#ifndef DTLS_HANDSHAKE_CONFIG_H
#define DTLS_HANDSHAKE_CONFIG_H

#include "flight/timer.h"
#include "handshake/srtp.h"
#include "x509/chain.h"

/* struct dtls_credential is a certificate of ours.  With a key it can be our
 * own; without one it may complete the chain of another.  It may be a raw
 * public key (dtls_cert_parse_raw), which is shown to a peer that asks for
 * one. */
struct dtls_credential {
    struct dtls_cert cert;
    struct dtls_private_key key;
    /* The pairs that the key may sign with, in order of preference.  None: all
     * that it can use, SHA-1 only if the configuration lists it. */
    const uint16_t *sigalgs;
    size_t num_sigalgs;
    /* Client: to be shown only to a server whose CertificateRequest names an
     * issuer of its chain. */
    bool must_match_issuer;
    /* Server: the OCSPResponse (DER) about the certificate, for clients that
     * ask for it; empty: none. */
    struct dtls_bytes staple;
    const struct dtls_credential *next;
};

#define DTLS_PSK_MAX 64           /* bytes of key                          */
#define DTLS_PSK_IDENTITY_MAX 128 /* bytes of identity, and of hint        */

#define DTLS_HELLO_VERIFIES_MAX 8 /* a client answers no more              */
#define DTLS_PROTOCOLS_MAX 255    /* bytes of ALPN names, with lengths     */

#define DTLS_PIN_LEN 32 /* SHA-256 */

struct dtls_psk {
    struct dtls_bytes identity; /* at most DTLS_PSK_IDENTITY_MAX */
    struct dtls_bytes key;      /* 1 to DTLS_PSK_MAX bytes       */
    struct dtls_bytes hint; /* at most DTLS_PSK_IDENTITY_MAX; may be empty */
};

enum dtls_client_auth {
    DTLS_CLIENT_AUTH_NONE,
    DTLS_CLIENT_AUTH_OPTIONAL, /* ask, and go on without a certificate     */
    DTLS_CLIENT_AUTH_REQUIRED
};

struct dtls_message; /* flight/reassembly.h */

struct dtls_cache; /* handshake/resumption.h */
struct dtls_client_session;
struct dtls_tickets; /* handshake/tickets.h */

struct dtls_config {
    const struct dtls_crypto *crypto;

    const uint16_t *suites; /* in order of preference */
    size_t num_suites;
    const uint16_t *groups; /* in order of preference; ECDHE needs one */
    size_t num_groups;
    /* SignatureAndHashAlgorithms that we offer and accept from a peer, in
     * certificates too, in order of preference; none: all but SHA-1. */
    const uint16_t *sigalgs;
    size_t num_sigalgs;

    const struct dtls_credential *credentials; /* NULL: none */
    /* next_credential returns the one after `credential` and gets `self`, so
     * that a credential may be in several lists; NULL: its `next` says. */
    const struct dtls_credential *(*next_credential)(
        void *self, const struct dtls_credential *credential);
    /* The only credential to show; NULL: the one that fits. */
    const struct dtls_credential *active;
    /* NULL: none.  Raw public keys may be among them. */
    const struct dtls_cert_item *anchors;
    /* Server: the CAs that a CertificateRequest names, each a Name in DER;
     * NULL: those of the anchors. */
    const struct dtls_bytes *authorities;
    size_t num_authorities;
    const struct dtls_psk *psks;
    size_t num_psks;
    /* Server: writes the key of an identity that is not among `psks`, 1 to
     * DTLS_PSK_MAX bytes, to the empty `out`; NULL: there are no more keys. It
     * gets `self`.  DTLS_UNKNOWN_PSK_IDENTITY: there is no such key;
     * DTLS_NOT_NOW: not yet, the handshake waits for dtls_session_go_on; any
     * other status ends the session. */
    DTLS_MUST_USE enum dtls_status (*look_up_psk)(void *self,
                                                  struct dtls_buf *out,
                                                  struct dtls_bytes identity);
    /* What both ends know for EC-JPAKE, 1 to DTLS_PSK_MAX bytes that are not 0
     * as a number modulo the order of secp256r1; empty: its suite is neither
     * offered nor chosen. */
    struct dtls_bytes password;
    /* SHA-256 of the SubjectPublicKeyInfo of each key that the peer may have,
     * DTLS_PIN_LEN bytes each.  If there is one, it decides in place of
     * anchors, dates and the server's name. */
    struct dtls_bytes pins;
    /* Client: judges what an OCSP responder says about the server's
     * certificate, an OCSPResponse (DER), or that the server has sent none
     * (empty), once its certificates were accepted; gets `self`.  Any status
     * but DTLS_OK is fatal.  NULL: it is not asked for. */
    DTLS_MUST_USE enum dtls_status (*judge_staple)(void *self,
                                                   struct dtls_bytes response);
    /* Take raw public keys of the peer (RFC 7250): those that are among the
     * anchors or `pins`, and those that judge_raw_key accepts.
     *
     * judge_raw_key gets `self` and the SubjectPublicKeyInfo of another key;
     * any status but DTLS_OK is fatal.  NULL: there are no others. */
    bool raw_keys;
    DTLS_MUST_USE enum dtls_status (*judge_raw_key)(void *self,
                                                    struct dtls_bytes info);

    /* Client: the name to send; empty: none.  A server that acknowledges the
     * name must show a certificate that has it. */
    struct dtls_bytes server_name;
    /* Server: refuse a name that the certificate does not have, with alert
     * 112.  If false, the handshake goes on without the name. */
    bool refuse_unknown_name;
    bool silent_about_name; /* server: acknowledge no name */
    /* ALPN names in order of preference: vec8 each, at most DTLS_PROTOCOLS_MAX
     * bytes in all.  Empty: a client does not offer ALPN, a server ignores
     * it. */
    struct dtls_bytes protocols;
    /* Client: the length to ask for (RFC 6066, 4): 512, 1024, 2048 or 4096; 0:
     * do not ask. */
    uint16_t max_fragment_length;
    /* The longest plaintext that we accept in a protected record (RFC 8449):
     * 64 to DTLS_PLAINTEXT_MAX; 0: do without the extension. */
    uint16_t record_size_limit;
    /* SRTP protection profiles (handshake/srtp.h), in order of preference; the
     * server's decides.  None: without the extension.  A client offers
     * srtp_mki, too, at most DTLS_SRTP_MKI_MAX bytes. */
    const uint16_t *srtp_profiles;
    size_t num_srtp_profiles;
    struct dtls_bytes srtp_mki;
    enum dtls_client_auth client_auth; /* server */
    /* Server: for an unknown identity, go on with a random key instead of
     * alert 115 (RFC 4279, 2). */
    bool hide_unknown_identity;

    /* unix_time returns seconds since 1970; NULL: validity is not checked.
     *
     * verify_chain replaces dtls_chain_verify and the check of the server's
     * name; NULL: these run.
     *
     * verify_peer has the last word on a verified chain; NULL: accepted.
     *
     * All get `self`.  While unix_time or verify_peer runs, the room for the
     * parsed chain may be used in another session.  The last two also get the
     * peer's list as it came, the peer's own certificate first; any status but
     * DTLS_OK is fatal. */
    int64_t (*unix_time)(void *self);
    DTLS_MUST_USE enum dtls_status (*verify_chain)(
        void *self, const struct dtls_cert *chain, size_t num);
    DTLS_MUST_USE enum dtls_status (*verify_peer)(
        void *self, const struct dtls_cert *chain, size_t num);
    void *self;

    /* see_message sees each message of the peer when it has been accepted, and
     * a ClientHello before anything is chosen for it; NULL: not called.  Any
     * status but DTLS_OK ends the session. */
    DTLS_MUST_USE enum dtls_status (*see_message)(
        void *self, const struct dtls_message *message);

    /* Resumption (handshake/resumption.h); NULL: none.  Server: where the
     * sessions are that can be resumed by an id.  Client: the session to
     * resume, and where the next one is kept; it serves one association at a
     * time. */
    struct dtls_cache *cache;
    struct dtls_client_session *resume;
    /* Server: the keys of tickets, which need no memory for sessions; NULL: no
     * tickets. */
    struct dtls_tickets *tickets;
    /* How long after its full handshake a session can be resumed, in seconds,
     * at most DTLS_RESUMPTION_LIMIT_S; 0: as long as that.  For a server's
     * tickets, `tickets` says it. */
    uint32_t resumption_limit;

    /* Connection ids (RFC 9146), and checks of the peer's address with them
     * (RFC 9853).  A client offers them, a server agrees to them.  Our own id
     * has cid_len bytes, at most DTLS_OWN_CID_MAX; with none the peer's
     * records stay without.
     *
     * make_cid writes the id when it is first needed, and gets `self`; NULL:
     * it is random.  Any status but DTLS_OK ends the session. */
    bool connection_ids;
    uint8_t cid_len;
    DTLS_MUST_USE enum dtls_status (*make_cid)(void *self,
                                               struct dtls_span out);
    /* What is encrypted in a record with the peer's id is padded to a multiple
     * of so many bytes; 0: not at all. */
    uint16_t pad_to;

    /* Client: the first ClientHello of a renegotiation has no cookie.  If
     * false, it has the one of the handshake before. */
    bool drops_old_cookie;

    /* renegotiate returns true if the peer may renegotiate now.  It is called
     * for each request that could be granted, and gets `self`, too; NULL:
     * every such request is granted. */
    bool (*renegotiate)(void *self);

    struct dtls_timer_config timer;
    /* The longest time for a handshake, in milliseconds.  0: as long as one
     * flight can wait (dtls_timer_patience). */
    uint64_t handshake_limit;
    /* How long a connected session may be idle, and how long it may live, in
     * milliseconds; 0: without end (session/session.h). */
    uint64_t idle_limit;
    uint64_t life_limit;
    /* Questions to the peer of a connected session (session/probe.h): how long
     * it may be silent until it is asked, in milliseconds, and how often it is
     * then asked before it counts as gone; 0: it is never asked.  The largest
     * UDP payload for which the path is searched; 0: it is not. */
    uint64_t keepalive;
    uint8_t keepalive_questions;
    uint16_t path_search;
    uint16_t mtu; /* the largest UDP payload that we send in a handshake */
    /* The path takes `mtu`, so silence is no reason for smaller datagrams. */
    bool mtu_is_certain;
    uint16_t replay_window; /* records, up to DTLS_WINDOW_MAX; 0: 64 */
};

#endif
