/* SPDX-License-Identifier: MIT */
/* The verification of a chain (x509/chain.h; RFC 5280, 6.1). */
#include "x509/chain.h"
#include "x509/issuer.h"

#define SIGNATURES_MAX 32 /* checked in one call                           */
#define LIMIT_REACHED 1   /* progress: less than that of any fault         */

/* A depth-first search from the leaf upward.  A link is checked when it is
 * made, signature first, so every certificate on the path is good up to there.
 * Each link costs one of SIGNATURES_MAX, so neither loops nor many
 * certificates of one name make the search long.
 *
 * `reason` is the failure of the link that came furthest, the first of
 * several, and `why` says it in words.  It stays DTLS_UNKNOWN_CA if no
 * certificate on the way was a candidate for the next issuer: no path leads to
 * an anchor.  It is DTLS_MESSAGE_TOO_LONG if there was no fault, but a path
 * longer than DTLS_CHAIN_MAX. */
struct search {
    const struct dtls_verify *verify;
    const struct dtls_cert *peer;
    size_t num_peer;
    const struct dtls_cert *path[DTLS_CHAIN_MAX];
    size_t path_len;
    unsigned signatures_left;
    enum dtls_status reason;
    const char *why; /* NULL: the status says all */
    size_t progress; /* of `reason`: two steps per link, signed and fit */
};

static void note_failure(struct search *s, enum dtls_status reason,
                         const char *why, size_t progress)
{
    if (progress > s->progress) {
        s->reason = reason;
        s->why = why;
        s->progress = progress;
    }
}

/* A certificate is valid from the second notBefore through the second
 * notAfter, inclusive (RFC 5280, 4.1.2.5; D5246-7.4.2-13).  libcrypto leaves
 * the last second out. */
static enum dtls_status check_time(const struct dtls_verify *verify,
                                   const struct dtls_cert *cert)
{
    if (!verify->check_time) {
        return DTLS_OK;
    }
    if (verify->unix_time < cert->not_before) {
        return DTLS_CERTIFICATE_NOT_YET_VALID;
    }
    if (verify->unix_time > cert->not_after) {
        return DTLS_CERTIFICATE_EXPIRED;
    }
    return DTLS_OK;
}

/* Tells whether extKeyUsage is absent or names the purpose.  This holds for
 * every certificate on the path: a CA's extKeyUsage narrows down what it
 * issues.  anyExtendedKeyUsage alone is not enough, which RFC 5280, 4.2.1.12,
 * permits; libcrypto 3.0 and FCS_DTLSC_EXT.1.1-T2b agree. */
static bool allows_purpose(const struct dtls_verify *verify,
                           const struct dtls_cert *cert)
{
    uint8_t wanted = verify->purpose == DTLS_PURPOSE_SERVER
                         ? DTLS_EKU_SERVER_AUTH
                         : DTLS_EKU_CLIENT_AUTH;

    return verify->purpose == DTLS_PURPOSE_ANY || !cert->has_ext_key_usage ||
           (cert->ext_key_usage & wanted) != 0;
}

/* Tells whether the leaf's keyUsage fits the purpose: a server signs, decrypts
 * or agrees, depending on the suite; a client signs (RFC 5246, 7.4.2 and
 * 7.4.6). */
static bool allows_use(const struct dtls_verify *verify,
                       const struct dtls_cert *cert)
{
    uint16_t wanted = DTLS_KU_DIGITAL_SIGNATURE;

    if (verify->purpose == DTLS_PURPOSE_SERVER) {
        wanted |= DTLS_KU_KEY_ENCIPHERMENT | DTLS_KU_KEY_AGREEMENT;
    }
    return verify->purpose == DTLS_PURPOSE_ANY || !cert->has_key_usage ||
           (cert->key_usage & wanted) != 0;
}

/* Words for a server's certificate, a client's, and any. */
static const char *const of_version_1[] = {
    "a version 1 certificate cannot be a server's",
    "a version 1 certificate cannot be a client's",
    "a version 1 certificate cannot be used",
};
static const char *const other_purpose[] = {
    "a certificate's extKeyUsage does not allow it for a server",
    "a certificate's extKeyUsage does not allow it for a client",
    "a certificate's extKeyUsage does not allow it",
};
static const char *const other_use[] = {
    "a server's certificate whose keyUsage allows nothing that a server does",
    "a client's certificate whose keyUsage does not let it sign",
    "a certificate whose keyUsage does not allow this",
};
static const char unhandled[] =
    "a certificate has a critical extension, or name or policy constraints, "
    "that are not supported";
static const char weak[] =
    "a certificate's key is too short, or of a kind that is not supported";

/* Returns why a leaf cannot be used for its purpose, or NULL. */
static const char *fault_of_leaf(const struct dtls_verify *verify,
                                 const struct dtls_cert *leaf)
{
    if (leaf->version != 3) { /* D5246-7.4.2-6: X.509v3. */
        return leaf->version == 1 ? of_version_1[verify->purpose]
                                  : "a certificate of version 2";
    }
    if (leaf->has_unhandled_critical) {
        return unhandled;
    }
    if (!dtls_issuer_is_strong(&leaf->key)) {
        return weak;
    }
    if (!allows_purpose(verify, leaf)) {
        return other_purpose[verify->purpose];
    }
    return allows_use(verify, leaf) ? NULL : other_use[verify->purpose];
}

static enum dtls_status check_leaf(const struct dtls_verify *verify,
                                   const struct dtls_cert *leaf,
                                   const char **why)
{
    enum dtls_status status;

    *why = fault_of_leaf(verify, leaf);
    if (*why != NULL) {
        return DTLS_UNSUPPORTED_CERTIFICATE;
    }
    status = check_time(verify, leaf);
    if (status != DTLS_OK) {
        return status;
    }
    /* An issuer's key is proved by its first signature; the leaf's is not. */
    status = verify->crypto->check_key(verify->crypto->self, &leaf->key);
    *why = status == DTLS_BAD_CERTIFICATE
               ? "the key of a certificate is not usable"
               : NULL;
    return status;
}

/* Counts the certificates on the path that count against the path length of
 * the next issuer: neither the leaf nor self-issued ones (RFC 5280,
 * 4.2.1.9). */
static size_t count_intermediates(const struct search *s)
{
    size_t num = 0;

    for (size_t i = 1; i < s->path_len; i++) {
        if (!dtls_cert_is_self_issued(s->path[i])) {
            num++;
        }
    }
    return num;
}

/* Tells whether a certificate says that it is a CA.  A trust anchor is no
 * certificate of the path (RFC 5280, 6.1): it may be a root of version 1,
 * which cannot say it, or without basicConstraints if its keyUsage says it.
 * libcrypto judges so, too. */
static bool is_ca(const struct dtls_cert *issuer, bool is_anchor)
{
    if (issuer->has_basic_constraints) {
        return issuer->is_ca;
    }
    return is_anchor &&
           (issuer->has_key_usage ||
            (issuer->version == 1 && dtls_cert_is_self_issued(issuer)));
}

/* Returns why `issuer`, which signed the end of the path, may not issue it, or
 * NULL. */
static const char *fault_of_issuer(const struct search *s,
                                   const struct dtls_cert *issuer,
                                   bool is_anchor)
{
    if (!is_ca(issuer, is_anchor)) {
        return "an issuer is not a CA: its basicConstraints do not say so";
    }
    if (issuer->has_key_usage &&
        (issuer->key_usage & DTLS_KU_KEY_CERT_SIGN) == 0) {
        return "an issuer's keyUsage does not let it sign certificates";
    }
    return issuer->has_path_len && count_intermediates(s) > issuer->path_len
               ? "a CA's path length allows fewer certificates below it"
               : NULL;
}

/* Checks whether `issuer`, which signed the end of the path, may issue it. */
static enum dtls_status check_issuer(const struct search *s,
                                     const struct dtls_cert *issuer,
                                     bool is_anchor, const char **why)
{
    *why = issuer->has_unhandled_critical ? unhandled
           : !allows_purpose(s->verify, issuer)
               ? other_purpose[s->verify->purpose]
               : NULL;
    if (*why != NULL) {
        return DTLS_UNSUPPORTED_CERTIFICATE;
    }
    *why = fault_of_issuer(s, issuer, is_anchor);
    return *why != NULL ? DTLS_BAD_CERTIFICATE : check_time(s->verify, issuer);
}

/* Tells whether `issuer` could have issued the end of the path.  A certificate
 * is on a path only once. */
static bool is_candidate(const struct search *s,
                         const struct dtls_cert *issuer)
{
    const struct dtls_cert *end = s->path[s->path_len - 1];

    if (!dtls_issuer_is_named(issuer, end->issuer, end->authority_key_id)) {
        return false;
    }
    for (size_t i = 0; i < s->path_len; i++) {
        if (dtls_bytes_equal(s->path[i]->der, issuer->der)) {
            return false;
        }
    }
    return true;
}

/* Tells whether `issuer` is a good next certificate of the path. */
static bool check_link(struct search *s, const struct dtls_cert *issuer,
                       bool is_anchor)
{
    const struct dtls_cert *end = s->path[s->path_len - 1];
    size_t progress = 2 * s->path_len;
    const char *why = NULL;
    enum dtls_status status;

    if (s->signatures_left == 0) {
        return false;
    }
    s->signatures_left--;
    status = dtls_issuer_check_signature(
        s->verify->crypto, &issuer->key,
        dtls_sigalg_find_listed(s->verify->sigalgs, s->verify->num_sigalgs,
                                end->sigalg),
        end->tbs, end->signature);
    if (status == DTLS_INTERNAL_ERROR) {
        s->signatures_left = 0; /* libcrypto failed: give up */
        note_failure(s, status, NULL, SIZE_MAX);
        return false;
    }
    if (status == DTLS_OK) {
        progress++;
        status = check_issuer(s, issuer, is_anchor, &why);
    } else if (status == DTLS_UNSUPPORTED_CERTIFICATE) {
        why = "a certificate is signed in a way that is not accepted, or with "
              "a key that is too short";
    }
    if (status != DTLS_OK) {
        note_failure(s, status, why, progress);
        return false;
    }
    return true;
}

/* Tells whether the path could go on. */
static bool has_candidate(const struct search *s)
{
    const struct dtls_cert_item *item;

    for (item = s->verify->anchors; item != NULL; item = item->next) {
        if (is_candidate(s, item->cert)) {
            return true;
        }
    }
    for (size_t i = 1; i < s->num_peer; i++) {
        if (is_candidate(s, &s->peer[i])) {
            return true;
        }
    }
    return false;
}

/* Extends the path to an anchor; returns false if that fails.  It calls itself
 * only after a good signature: at most DTLS_CHAIN_MAX deep, and at most
 * SIGNATURES_MAX times. */
static bool extend(struct search *s)
{
    const struct dtls_cert_item *item;

    if (s->path_len == DTLS_CHAIN_MAX) {
        if (has_candidate(s)) {
            note_failure(s, DTLS_MESSAGE_TOO_LONG,
                         "the chain has too many certificates", LIMIT_REACHED);
        }
        return false;
    }
    for (item = s->verify->anchors; item != NULL; item = item->next) {
        if (is_candidate(s, item->cert) && check_link(s, item->cert, true)) {
            s->path[s->path_len++] = item->cert;
            return true;
        }
    }
    for (size_t i = 1; i < s->num_peer; i++) {
        if (!is_candidate(s, &s->peer[i]) ||
            !check_link(s, &s->peer[i], false)) {
            continue;
        }
        s->path[s->path_len++] = &s->peer[i];
        if (extend(s)) {
            return true;
        }
        s->path_len--;
    }
    return false;
}

static bool is_anchor(const struct dtls_verify *verify,
                      const struct dtls_cert *cert)
{
    const struct dtls_cert_item *item;

    for (item = verify->anchors; item != NULL; item = item->next) {
        if (dtls_bytes_equal(item->cert->der, cert->der)) {
            return true;
        }
    }
    return false;
}

enum dtls_status dtls_chain_find_issuer(const struct dtls_verify *verify,
                                        const struct dtls_cert **issuer,
                                        const struct dtls_cert *peer,
                                        size_t num_peer)
{
    struct search s = {
        .verify = verify,
        .peer = peer,
        .num_peer = num_peer,
        .path = {peer},
        .path_len = 1,
        .signatures_left = SIGNATURES_MAX,
        .reason = DTLS_UNKNOWN_CA,
    };
    enum dtls_status status = check_leaf(verify, peer, &s.why);

    if (status == DTLS_OK && !is_anchor(verify, peer) && !extend(&s)) {
        status = s.reason;
    }
    if (status != DTLS_OK) {
        if (verify->why != NULL) {
            *verify->why = s.why;
        }
        return status;
    }
    *issuer = s.path_len > 1 ? s.path[1] : NULL;
    return DTLS_OK;
}

enum dtls_status dtls_chain_verify(const struct dtls_verify *verify,
                                   const struct dtls_cert *peer,
                                   size_t num_peer)
{
    const struct dtls_cert *issuer;

    return dtls_chain_find_issuer(verify, &issuer, peer, num_peer);
}
