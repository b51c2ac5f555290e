/* SPDX-License-Identifier: MIT */
/* More words of scripts and of wrong targets, for chains of certificates.
 *
 * A chain is made for its play, with libcrypto: the keys are those of the PKI
 * folder (scripts/pki), so the target trusts its root.  Only what is
 * particular to a chain is said; all else is as in the PKI's own
 * certificates. */
#ifndef CHECK_CHECKS_CHAIN_WORDS_H
#define CHECK_CHECKS_CHAIN_WORDS_H

#include "check/scene.h"
#include "check/wrong.h"

#define CHAIN_MAX 20

/* One certificate.  NULL: as usual; the text of an extension may also be ""
 * for none.  A usual leaf is a server's or a client's, as the peer is; all
 * above it are CAs. */
struct chain_cert {
    const char *name;   /* the subject's CN */
    const char *issuer; /* the issuer's CN; usually the subject of the next */
    /* The certificate of the PKI that has its key; usually the peer's own one
     * for a leaf, ca1 or ca2 above. */
    const char *key;
    const char *signer; /* the same, of the key that signs it */
    bool is_root;       /* it is its own issuer */
    bool is_v1;         /* version 1, without extensions */
    const char *serial; /* the certificate of the PKI that has its number */
    /* How far its last day (less than 0) or its first (more) is from now; 0:
     * it is valid. */
    int days;
    const char *from; /* "20200101000000Z" */
    const char *until;
    const char *digest;   /* of the signature; usually SHA256 */
    const char *names;    /* subjectAltName */
    const char *usage;    /* keyUsage */
    const char *purposes; /* extendedKeyUsage */
    const char *basic;    /* basicConstraints */
    const char *more;     /* "name=value", an extension that is not usual */
};

/* CHAIN_OF lists the certificates of a chain, the leaf first. */
#define CHAIN_OF(...)                                                         \
    (const struct chain_cert[]){__VA_ARGS__},                                 \
        sizeof((const struct chain_cert[]){__VA_ARGS__}) /                    \
            sizeof(struct chain_cert)

struct chain {
    size_t num;
    struct sim_der certs[CHAIN_MAX];
};

/* ---- of scripts ---- */

/* chain_make makes the certificates, each signed by the next, the last one by
 * `root` of the PKI.  chain_add appends one of the PKI as it is. */
void chain_make(struct scene *s, struct chain *chain, const char *root,
                const struct chain_cert *certs, size_t num);
void chain_add(struct scene *s, struct chain *chain, const char *name);

/* chain_add_root appends the PKI's root, signed anew with this digest. */
void chain_add_root(struct scene *s, struct chain *chain, const char *digest);

/* chain_show makes the peer show the chain, in its order and with the key of
 * its usual certificate.  No two certificates may be the same.  The chain must
 * last as long as the play.  chain_use makes and shows one below the PKI's
 * root. */
void chain_show(struct scene *s, const struct chain *chain);
void chain_use(struct scene *s, const struct chain_cert *certs, size_t num);

/* chain_say says a Certificate with this list, whose length it says as `more`
 * than it is, in place of the peer's.  The peer goes on as if it had said its
 * own: only a target that must refuse it can be asked so.  chain_put appends
 * an entry to a list. */
void chain_say(struct scene *s, struct dtls_bytes list, int more);
void chain_put(struct dtls_buf *list, struct dtls_bytes der);

/* chain_now is the target's time, in seconds since 1970. */
int64_t chain_now(const struct scene *s);

/* chain_is_refused goes on as far as the target does, which must end the
 * handshake with one of these phrases (check/check.h); `what` is the fault. */
void chain_is_refused(struct scene *s, const char *phrases, const char *what);

/* ---- of wrong targets ---- */

/* wrong_judges lets the target ask `judge` about every chain that it can
 * read, the leaf first.  DTLS_DISCARD says that the usual rules decide, any
 * other status is the verdict.  `judge` may change what was read. */
void wrong_judges(struct wrong *w,
                  enum dtls_status (*judge)(struct wrong *w,
                                            struct dtls_cert *chain,
                                            size_t num));

/* wrong_takes_other_lists: the target takes a Certificate that it cannot read
 * for the usual one. */
void wrong_takes_other_lists(struct wrong *w);

/* chain_has: are these bytes a part of the certificate?  chain_read_usual
 * reads the certificate that the other end usually shows. */
bool chain_has(const struct dtls_cert *cert, struct dtls_bytes bytes);
void chain_read_usual(struct wrong *w, struct dtls_cert *out);

#endif
