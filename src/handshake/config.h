/* SPDX-License-Identifier: MIT */
/* What an application has decided, shared by all sessions that use it.
 *
 * Everything is borrowed and must outlive the sessions; nothing is changed by
 * the engine. */
#ifndef DTLS_HANDSHAKE_CONFIG_H
#define DTLS_HANDSHAKE_CONFIG_H

#include "flight/timer.h"
#include "x509/chain.h"

/* A certificate of ours.  One with a key can be ours to show; one without may
 * complete the chain of another. */
struct dtls_credential {
    struct dtls_cert cert;
    struct dtls_private_key key;
    /* What the key may sign with, in order of preference; none: whatever it
     * can, SHA-1 only if the configuration lists it. */
    const uint16_t *sigalgs;
    size_t num_sigalgs;
    /* Client: of use only for a server whose CertificateRequest names an
     * issuer of its chain. */
    bool must_match_issuer;
    const struct dtls_credential *next;
};

#define DTLS_PSK_MAX 64           /* bytes of key                          */
#define DTLS_PSK_IDENTITY_MAX 128 /* bytes of identity, and of hint        */

#define DTLS_HELLO_VERIFIES_MAX 8 /* a server that asks more often is none */
#define DTLS_PROTOCOLS_MAX 255    /* bytes of ALPN names, with lengths     */

struct dtls_psk {
    struct dtls_bytes identity; /* at most DTLS_PSK_IDENTITY_MAX */
    struct dtls_bytes key;      /* 1 to DTLS_PSK_MAX bytes       */
    struct dtls_bytes hint; /* at most DTLS_PSK_IDENTITY_MAX; may be empty */
};

enum dtls_client_auth {
    DTLS_CLIENT_AUTH_NONE,
    DTLS_CLIENT_AUTH_OPTIONAL, /* ask, go on without                       */
    DTLS_CLIENT_AUTH_REQUIRED
};

struct dtls_message; /* flight/reassembly.h */

struct dtls_config {
    const struct dtls_crypto *crypto;

    const uint16_t *suites; /* in order of preference */
    size_t num_suites;
    const uint16_t *groups; /* the same; ECDHE needs at least one */
    size_t num_groups;
    /* SignatureAndHashAlgorithms that we offer and take from a peer, in
     * certificates too, in order of preference; none: all but SHA-1. */
    const uint16_t *sigalgs;
    size_t num_sigalgs;

    const struct dtls_credential *credentials; /* NULL: none */
    const struct dtls_credential *active;      /* the only one of them to show;
                                                  NULL: the one that fits */
    const struct dtls_cert_item *anchors;      /* NULL: none */
    /* Server: the CAs that a CertificateRequest names, each a Name in DER;
     * NULL: those of the anchors. */
    const struct dtls_bytes *authorities;
    size_t num_authorities;
    const struct dtls_psk *psks;
    size_t num_psks;

    /* Client: to send; empty: none.  A server that acknowledges it must show
     * a certificate that has it. */
    struct dtls_bytes server_name;
    /* Server: a name that the certificate does not have is alert 112; else
     * the handshake goes on without the name. */
    bool refuse_unknown_name;
    bool silent_about_name; /* server: acknowledges no name */
    /* ALPN, in order of preference: vec8 each, at most DTLS_PROTOCOLS_MAX
     * bytes in all; empty: not offered, and ignored if it is. */
    struct dtls_bytes protocols;
    /* Client: to ask for (RFC 6066, 4): 512, 1024, 2048 or 4096; 0: not. */
    uint16_t max_fragment_length;
    /* The longest plaintext that we take in a protected record (RFC 8449): 64
     * to DTLS_PLAINTEXT_MAX; 0: the extension is neither used nor known. */
    uint16_t record_size_limit;
    enum dtls_client_auth client_auth; /* server */
    /* Server: go on with a random key instead of alert 115 (RFC 4279, 2). */
    bool hide_unknown_identity;

    /* unix_time gives seconds since 1970; NULL: validity is not checked.
     * verify_chain takes the place of dtls_chain_verify, and of the look at
     * the name; NULL: it does not.
     * verify_peer has the last word on a verified chain; NULL: accepted.
     * All get `self`; the last two the peer's list as it came, its own
     * certificate first, and any status of theirs but DTLS_OK is fatal. */
    int64_t (*unix_time)(void *self);
    enum dtls_status (*verify_chain)(void *self, const struct dtls_cert *chain,
                                     size_t num);
    enum dtls_status (*verify_peer)(void *self, const struct dtls_cert *chain,
                                    size_t num);
    void *self;

    /* see_message is shown each message of the peer when it has been accepted,
     * a ClientHello before anything is chosen for it; NULL: nobody looks.  Any
     * status but DTLS_OK ends the session. */
    enum dtls_status (*see_message)(void *self,
                                    const struct dtls_message *message);

    /* May the peer renegotiate now?  Asked for each request that could be
     * granted; NULL: yes.  Gets `self`, too. */
    bool (*renegotiate)(void *self);

    struct dtls_timer_config timer;
    uint16_t mtu; /* the largest UDP payload that we send in a handshake */
    /* The path takes that much: silence is no reason for smaller datagrams. */
    bool mtu_is_certain;
    uint16_t replay_window; /* records, up to DTLS_WINDOW_MAX; 0: 64 */
};

#endif
