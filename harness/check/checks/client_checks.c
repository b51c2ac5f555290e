/* SPDX-License-Identifier: MIT */
/* The client's certificate: how it is asked for, and how it comes (RFC 5246,
 * 7.4.4, 7.4.6, 7.4.8).  What is wrong with chains and signatures is in
 * certificate_checks.c and signature_checks.c. */
#include "check/checks/all_checks.h"
#include "check/checks/chain_words.h"
#include "check/checks/key_words.h"

#include <assert.h>
#include <string.h>

#define WITH_CERTIFICATE .suits = dtls_suite_has_certificate, .mutual = true

static bool has_ec(const struct scene *s)
{
    return s->setup->target.suite->kx == DTLS_KX_ECDHE_ECDSA ||
           s->setup->target.suite->kx == DTLS_KX_ECDH;
}

/* ---- what the peer asks for ---- */

static void ask(struct scene *s, bool requires)
{
    s->peer.config.client_auth =
        requires ? DTLS_CLIENT_AUTH_REQUIRED : DTLS_CLIENT_AUTH_OPTIONAL;
}

/* A list of bytes; text NULL: the peer's own. */
struct list {
    const char *bytes;
    size_t len;
};
#define LIST(text) ((struct list){text, sizeof text - 1})

static void choose(struct dtls_bytes *own, struct list other)
{
    if (other.bytes != NULL) {
        *own = dtls_bytes_of(other.bytes, other.len);
    }
}

/* Comes to CertificateRequest and puts these lists in place of its own. */
static void ask_for(struct scene *s, struct list types, struct list pairs,
                    struct list names)
{
    struct peer_message *m = scene_come_to(s, DTLS_CERTIFICATE_REQUEST);
    static uint8_t bytes[2048];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_certificate_request own;
    bool ok = dtls_certificate_request_parse(
                  &own, dtls_bytes_of(m->body, m->len)) == DTLS_OK;

    choose(&own.types, types);
    choose(&own.sigalgs, pairs);
    choose(&own.authorities, names);
    ok = ok && dtls_put_vec8(&body, own.types) &&
         dtls_put_vec16(&body, own.sigalgs) &&
         dtls_put_vec16(&body, own.authorities);
    assert(ok);
    memcpy(m->body, bytes, body.len);
    m->len = body.len;
    scene_rehash(s);
}

static const struct list as_it_is;

/* The list of certificates that the client has sent; NULL: no message. */
static const struct heard_message *hear_list(struct scene *s)
{
    const struct heard_message *m;

    scene_expect(s, scene_await(s, DTLS_CERTIFICATE, 1), "no Certificate");
    m = heard_message(&s->heard, DTLS_CERTIFICATE);
    return m;
}

static void expect_certificate(struct scene *s)
{
    const struct heard_message *list;

    scene_say_rest(s);
    list = hear_list(s);
    scene_expect(s, list == NULL || list->body.len > 3, "an empty list");
}

/* The kind of key in the list's leaf; DTLS_KEY_NONE: the list is empty. */
static enum dtls_key_type shown_key(const struct heard_message *list)
{
    struct dtls_certificate m;
    struct dtls_cert leaf;
    struct dtls_bytes der;

    return dtls_certificate_parse(&m, dtls_span_bytes(list->body)) ==
                       DTLS_OK &&
                   dtls_certificate_next(&m.list, &der) &&
                   dtls_cert_parse(&leaf, der) == DTLS_OK
               ? leaf.key.type
               : DTLS_KEY_NONE;
}

/* An empty list, or a key of the only kind that fits; DTLS_KEY_NONE: none
 * does. */
static void expect_none_but(struct scene *s, enum dtls_key_type fits)
{
    const struct heard_message *list;

    scene_say_rest(s);
    list = hear_list(s);
    if (list == NULL) {
        return;
    }
    scene_expect(s,
                 list->body.len == 3 ||
                     (fits != DTLS_KEY_NONE && shown_key(list) == fits),
                 "a certificate that does not fit");
    scene_connect(s);
    scene_expect(s,
                 list->body.len != 3 ||
                     heard_count(&s->heard, DTLS_CERTIFICATE_VERIFY) == 0,
                 "CertificateVerify without a certificate");
}

/* ---- P-CAU-1: what the client answers ---- */

static void answer_honestly(struct scene *s)
{
    const struct heard_message *list;
    const struct heard_message *key;
    const struct heard_message *verify;

    ask(s, true);
    (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
    expect_certificate(s);
    scene_connect(s);
    list = heard_message(&s->heard, DTLS_CERTIFICATE);
    key = heard_message(&s->heard, DTLS_CLIENT_KEY_EXCHANGE);
    verify = heard_message(&s->heard, DTLS_CERTIFICATE_VERIFY);
    scene_expect(s,
                 list != NULL && key != NULL && verify != NULL &&
                     key->seq == list->seq + 1 && verify->seq == key->seq + 1,
                 "another order of messages");
}

/* A wrong client says nothing of the kind, whatever it has. */
static enum dtls_status have_none(void *self,
                                  const struct dtls_message *message)
{
    struct wrong *w = self;

    if (message->type == DTLS_CERTIFICATE_REQUEST) {
        w->peer.session.hs.credential = NULL;
    }
    return DTLS_OK;
}

static void forget_certificate(struct wrong *w)
{
    w->peer.config.self = w;
    w->peer.config.see_message = have_none;
}

static void name_no_issuer(struct scene *s)
{
    ask(s, true);
    ask_for(s, as_it_is, as_it_is, LIST(""));
    expect_certificate(s);
}

/* Unknown pairs around those that the peer has. */
static void list_unknown_pairs(struct scene *s)
{
    ask(s, true);
    ask_for(s, LIST("\xca\1\100"),
            LIST("\x0a\x0a\4\3\5\3\x08\4\4\1\x1a\x1a\xfa\xfa"), as_it_is);
    expect_certificate(s);
}

static bool refuse_unknown_pairs(struct wrong *w, struct wrong_record *r)
{
    struct dtls_certificate_request m;
    struct dtls_fragment f;

    return wrong_message(r, DTLS_CERTIFICATE_REQUEST, &f) &&
           dtls_certificate_request_parse(&m, f.body) == DTLS_OK &&
           dtls_u16_list_has(m.sigalgs, 0x0a0a) && wrong_alert(w, 47);
}

static void know_all_pairs(struct wrong *w)
{
    w->hears = refuse_unknown_pairs;
}

static void list_other_types(struct scene *s)
{
    ask(s, false);
    ask_for(s, LIST("\3"), as_it_is, as_it_is); /* for fixed DH */
    expect_none_but(s, DTLS_KEY_NONE);
}

static void list_other_pairs(struct scene *s)
{
    ask(s, false);
    ask_for(s, as_it_is, has_ec(s) ? LIST("\4\1\5\1\x08\4") : LIST("\4\3\5\3"),
            as_it_is);
    expect_none_but(s, has_ec(s) ? DTLS_KEY_RSA : DTLS_KEY_EC);
}

/* A name that no issuer has. */
static void name_other_issuer(struct scene *s)
{
    static const char name[] = "\0\x13\x30\x11\x31\x0f\x30\x0d\6\3\x55\4\3"
                               "\x0c\6nobody";

    ask(s, false);
    ask_for(s, as_it_is, as_it_is, LIST(name));
    scene_say_rest(s);
    (void)hear_list(s);
}

static bool refuse_names(struct wrong *w, struct wrong_record *r)
{
    struct dtls_certificate_request m;
    struct dtls_fragment f;

    return wrong_message(r, DTLS_CERTIFICATE_REQUEST, &f) &&
           dtls_certificate_request_parse(&m, f.body) == DTLS_OK &&
           m.authorities.len == 0x15 && wrong_alert(w, 40);
}

static void insist_on_issuer(struct wrong *w)
{
    w->hears = refuse_names;
}

/* A wrong client shows its certificate whether it fits or not. */
static enum dtls_status show_any(void *self,
                                 const struct dtls_message *message)
{
    struct wrong *w = self;
    struct dtls_handshake *h = &w->peer.session.hs;
    const struct dtls_credential *own = w->peer.config.credentials;

    if (message->type == DTLS_CERTIFICATE_REQUEST && h->credential == NULL &&
        own != NULL) {
        h->credential = own;
        h->sigalg =
            dtls_sigalg_find(own->key.type == DTLS_KEY_EC ? 0x0403 : 0x0401);
    }
    return DTLS_OK;
}

static void show_in_any_case(struct wrong *w)
{
    w->peer.config.self = w;
    w->peer.config.see_message = show_any;
}

/* ---- P-CAU-2: the pair of CertificateVerify ---- */

static enum dtls_status believe_chain(void *self,
                                      const struct dtls_cert *chain,
                                      size_t num)
{
    (void)self;
    (void)chain;
    (void)num;
    return DTLS_OK;
}

/* The peer hashes a handshake in two ways. */
static bool peer_knows(const struct dtls_sigalg *alg)
{
    return alg->hash == DTLS_HASH_SHA256 || alg->hash == DTLS_HASH_SHA384;
}

/* The peer verifies the signature, but not the chain, whose pairs are its
 * issuer's. */
static void use_each_pair(struct scene *s)
{
    static uint16_t only;
    uint16_t claimed[HELLO_TYPES_MAX];
    size_t num = key_list(s, ICS_sigs, 16, claimed);
    unsigned used = 0;

    for (size_t i = 0; i < num; i++) {
        const struct dtls_sigalg *alg = dtls_sigalg_find(claimed[i]);
        const struct heard_message *m;

        if (alg == NULL || !peer_knows(alg) ||
            alg->key != (has_ec(s) ? DTLS_KEY_EC : DTLS_KEY_RSA)) {
            continue;
        }
        if (used++ != 0) {
            scene_again(s);
        }
        only = claimed[i];
        ask(s, true);
        s->peer.config.sigalgs = &only;
        s->peer.config.num_sigalgs = 1;
        s->peer.config.verify_chain = believe_chain;
        scene_expect(s, scene_connects(s), "no handshake with pair %04x",
                     only);
        m = heard_message(&s->heard, DTLS_CERTIFICATE_VERIFY);
        scene_expect(s,
                     m != NULL && m->body.len > 2 &&
                         (m->body.data[0] << 8 | m->body.data[1]) == only,
                     "another pair than %04x", only);
    }
    if (used == 0) {
        scene_stop(s, "its ICS claims no pair that fits the suite");
    }
}

/* A wrong client that signs with SHA-256 whatever the server lists. */
static enum dtls_status use_own_pair(void *self,
                                     const struct dtls_message *message)
{
    struct wrong *w = self;
    struct dtls_handshake *h = &w->peer.session.hs;

    if (message->type == DTLS_CERTIFICATE_REQUEST && h->credential != NULL &&
        h->sigalg->id == 0x0503) {
        h->sigalg = dtls_sigalg_find(0x0403);
    }
    return DTLS_OK;
}

static void sign_with_sha256(struct wrong *w)
{
    w->peer.config.self = w;
    w->peer.config.see_message = use_own_pair;
}

/* ---- P-CAU-3: requests that are malformed ---- */

struct bad_request {
    struct list body;
    const char *what;
};

static void ask_badly(struct scene *s, const struct bad_request *bad,
                      size_t num)
{
    for (size_t i = 0; i < num; i++) {
        struct peer_message *m;

        if (i != 0) {
            scene_again(s);
        }
        ask(s, true);
        m = scene_come_to(s, DTLS_CERTIFICATE_REQUEST);
        memcpy(m->body, bad[i].body.bytes, bad[i].body.len);
        m->len = bad[i].body.len;
        scene_rehash(s);
        chain_is_refused(s, "alert 50 | alert 47", bad[i].what);
    }
}

static void ask_for_no_types(struct scene *s)
{
    static const struct bad_request bad = {LIST("\0\0\2\4\3\0\0"), "no types"};

    ask_badly(s, &bad, 1);
}

static void ask_for_no_pairs(struct scene *s)
{
    static const struct bad_request bad[] = {
        {LIST("\1\100\0\3\4\3\4\0\0"), "an odd list of pairs"},
        {LIST("\1\100\0\0\0\0"), "no pairs"},
    };

    ask_badly(s, bad, sizeof bad / sizeof *bad);
}

static void ask_with_misfits(struct scene *s)
{
    static const struct bad_request bad[] = {
        {LIST("\3\100\0\2\4\3\0\0"), "a longer list of types"},
        {LIST("\1\100\0\4\4\3\0\0"), "a longer list of pairs"},
        {LIST("\1\100\0\2\4\3\0\1"), "a longer list of names"},
        {LIST("\1\100\0\2\4\3\0\4\0\3ab"), "a name past its list"},
        {LIST("\1\100\0\2\4\3\0\0\0"), "a byte behind"},
        {LIST("\1\100\0\2\4\3\0"), "half a length"},
        {LIST("\1\100\0\2\4\3"), "no list of names"},
        {LIST(""), "nothing"},
    };

    ask_badly(s, bad, sizeof bad / sizeof *bad);
}

/* A wrong client that knows no request where it cannot read one. */
static bool skip_bad_request(struct wrong *w, struct wrong_record *r)
{
    struct dtls_certificate_request m;
    struct dtls_fragment f;

    if (w->num == 0 &&
        (!wrong_message(r, DTLS_CERTIFICATE_REQUEST, &f) ||
         dtls_certificate_request_parse(&m, f.body) == DTLS_OK)) {
        return false;
    }
    return wrong_skips(w, r, DTLS_CERTIFICATE_REQUEST);
}

static void skip_bad_requests(struct wrong *w)
{
    w->hears = skip_bad_request;
}

/* ---- P-CAU-5: the request of a server ---- */

static bool is_known_type(uint8_t type)
{
    static const uint8_t known[] = {1, 2, 3, 4, 5, 6, 20, 64, 65, 66, 67, 68};

    return memchr(known, type, sizeof known) != NULL;
}

/* Registered for TLS 1.2: a hash and a signature of RFC 5246, or one of the
 * pairs of RFC 8422, RFC 8446, RFC 8734 and RFC 9367. */
static bool is_known_pair(uint16_t pair)
{
    unsigned hash = pair >> 8;
    unsigned signature = pair & 0xff;

    return hash == 8
               ? (signature >= 4 && signature <= 11) ||
                     (signature >= 0x1a && signature <= 0x1c) ||
                     (signature >= 0x40 && signature <= 0x42)
               : hash >= 1 && hash <= 6 && signature >= 1 && signature <= 3;
}

static void read_lists(struct scene *s, struct dtls_bytes body)
{
    struct dtls_bytes types = {0};
    struct dtls_bytes pairs = {0};
    struct dtls_bytes names = {0};
    struct dtls_bytes name;
    uint16_t pair;
    uint8_t type;

    scene_expect(s,
                 dtls_get_vec8(&body, &types) && types.len != 0 &&
                     dtls_get_vec16(&body, &pairs) && pairs.len != 0 &&
                     pairs.len % 2 == 0 && dtls_get_vec16(&body, &names) &&
                     body.len == 0,
                 "lists that do not fit");
    while (dtls_get_u8(&types, &type)) {
        scene_expect(s, is_known_type(type), "type %u", type);
    }
    while (dtls_get_u16(&pairs, &pair)) {
        scene_expect(s, is_known_pair(pair), "pair %04x", pair);
    }
    while (names.len != 0) {
        bool fits = dtls_get_vec16(&names, &name) && name.len != 0;

        scene_expect(s, fits, "names that do not fit");
        if (!fits) {
            return;
        }
    }
}

static void read_request(struct scene *s)
{
    const struct heard_message *m;
    const struct heard_message *before;
    const struct heard_message *done;

    scene_connect(s);
    m = heard_message(&s->heard, DTLS_CERTIFICATE_REQUEST);
    before = heard_message(&s->heard, DTLS_SERVER_KEY_EXCHANGE);
    before =
        before != NULL ? before : heard_message(&s->heard, DTLS_CERTIFICATE);
    done = heard_message(&s->heard, DTLS_SERVER_HELLO_DONE);
    if (m == NULL || before == NULL || done == NULL) {
        scene_expect(s, false, "no CertificateRequest");
        return;
    }
    scene_expect(s, m->seq == before->seq + 1 && done->seq == m->seq + 1,
                 "CertificateRequest in another place");
    read_lists(s, dtls_span_bytes(m->body));
}

/* One more type, which is not registered. */
static bool say_odd_type(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE &&
        m->type == DTLS_CERTIFICATE_REQUEST) {
        memmove(m->body + 2, m->body + 1, m->len++ - 1);
        m->body[0]++;
        m->body[1] = 200;
        wrong_rehash(w);
    }
    return true;
}

static void ask_for_odd_type(struct wrong *w)
{
    w->hears = wrong_keeps_hello;
    w->says = say_odd_type;
}

/* ---- P-CAU-6: each pair that the server lists ---- */

/* The pairs with which the peer can sign, for keys of the listed types. */
static size_t listed_pairs(struct scene *s, uint16_t out[HELLO_TYPES_MAX])
{
    const struct heard_message *heard =
        scene_hear(s, DTLS_CERTIFICATE_REQUEST, 1);
    struct dtls_certificate_request m;
    uint16_t pair;
    size_t num = 0;

    if (dtls_certificate_request_parse(&m, dtls_span_bytes(heard->body)) !=
        DTLS_OK) {
        scene_expect(s, false, "CertificateRequest is malformed");
        return 0;
    }
    while (num < HELLO_TYPES_MAX && dtls_get_u16(&m.sigalgs, &pair)) {
        const struct dtls_sigalg *alg = dtls_sigalg_find(pair);

        if (alg != NULL && peer_knows(alg) &&
            memchr(m.types.data, alg->key == DTLS_KEY_EC ? 64 : 1,
                   m.types.len) != NULL) {
            out[num++] = pair;
        }
    }
    return num;
}

static void use_listed_pairs(struct scene *s)
{
    static uint16_t only;
    uint16_t listed[HELLO_TYPES_MAX];
    size_t num;

    scene_connect(s);
    num = listed_pairs(s, listed);
    for (size_t i = 0; i < num; i++) {
        scene_again(s);
        only = listed[i];
        scene_show(s,
                   dtls_sigalg_find(only)->key == DTLS_KEY_EC ? "client-ec"
                                                              : "client-rsa",
                   NULL);
        s->identities[1].credential.sigalgs = &only;
        s->identities[1].credential.num_sigalgs = 1;
        scene_expect(s, scene_connects(s), "no handshake with pair %04x",
                     only);
    }
}

static bool refuse_pss_384(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r, DTLS_CERTIFICATE_VERIFY, &f) && f.body.len > 2 &&
           f.body.data[0] == 8 && f.body.data[1] == 5 && wrong_alert(w, 51);
}

static void list_too_much(struct wrong *w)
{
    w->hears = refuse_pss_384;
}

/* ---- P-CAU-10: no certificate ---- */

static void show_no_certificate(struct scene *s)
{
    s->peer.config.credentials = NULL;
}

static void need_none(struct wrong *w)
{
    if (w->peer.config.client_auth == DTLS_CLIENT_AUTH_REQUIRED) {
        w->peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    }
}

static void need_certificate(struct wrong *w)
{
    if (w->peer.config.client_auth == DTLS_CLIENT_AUTH_OPTIONAL) {
        w->peer.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    }
}

/* ---- P-CAU-12, P-CAU-13: bad chains ---- */

static void show_each_bad_chain(struct scene *s)
{
    static struct chain chain;

    chain_use(s, CHAIN_OF({.days = -1}));
    chain_is_refused(s, "alert 45 | alert 42 | alert 46 | alert 40",
                     "a last day in the past");
    scene_again(s);
    chain_use(s, CHAIN_OF({0}, {.basic = "critical,CA:FALSE", .usage = ""}));
    chain_is_refused(s, "alert 48 | alert 42 | alert 43 | alert 46 | alert 40",
                     "an issuer that is no CA");
    scene_again(s);
    chain_make(s, &chain, "root", CHAIN_OF({0}));
    chain.certs[0].bytes[chain.certs[0].len - 5] ^= 1;
    chain_show(s, &chain);
    chain_is_refused(s, "alert 42 | alert 48 | alert 51 | alert 46 | alert 40",
                     "a wrong signature");
    scene_again(s);
    chain_make(s, &chain, "other-root", CHAIN_OF({0}));
    chain_show(s, &chain);
}

/* A wrong server that takes every chain that does not come from the root. */
static enum dtls_status overlook_root(struct wrong *w, struct dtls_cert *chain,
                                      size_t num)
{
    return num == 1 && w->peer.role == DTLS_SERVER &&
                   !dtls_bytes_equal(chain[0].issuer, w->anchor.cert.subject)
               ? DTLS_OK
               : DTLS_DISCARD;
}

static void let_any_root_in(struct wrong *w)
{
    wrong_judges(w, overlook_root);
}

/* The issuer has the name of the root, and another key. */
static void show_false_root(struct scene *s)
{
    chain_use(s, CHAIN_OF({.signer = "ca2"}));
}

static const struct check checks[] = {
    {.id = "P-CAU-1.fits",
     .rows = "D5246-7.3-2 D5246-7.4.6-3 D5246-7.4.8-1 D8422-5.6-1",
     WITH_CERTIFICATE,
     .play = answer_honestly,
     .strict = "data",
     .wrong = forget_certificate,
     .shows = "an empty list"},
    {.id = "P-CAU-1.any_issuer",
     .rows = "D5246-7.4.4-6",
     WITH_CERTIFICATE,
     .play = name_no_issuer,
     .strict = "data",
     .wrong = forget_certificate,
     .shows = "an empty list"},
    {.id = "P-CAU-1.grease",
     .rows = "D8701-4.2-1",
     WITH_CERTIFICATE,
     .play = list_unknown_pairs,
     .strict = "data",
     .wrong = know_all_pairs,
     .shows = "no Certificate"},
    {.id = "P-CAU-1.types",
     .rows = "D5246-7.4.4-3 D5246-7.4.6-1 D8422-3-1 D8422-3-2",
     WITH_CERTIFICATE,
     .play = list_other_types,
     .strict = "data",
     .wrong = show_in_any_case,
     .shows = "a certificate that does not fit"},
    {.id = "P-CAU-1.pairs",
     .rows = "D5246-7.4.4-2 D5246-7.4.6-1",
     WITH_CERTIFICATE,
     .play = list_other_pairs,
     .strict = "data",
     .wrong = show_in_any_case,
     .shows = "a certificate that does not fit"},
    {.id = "P-CAU-1.other_issuer",
     .rows = "D5246-7.3-2",
     WITH_CERTIFICATE,
     .play = name_other_issuer,
     .strict = "data",
     .wrong = insist_on_issuer,
     .shows = "no Certificate"},
    {.id = "P-CAU-2",
     .rows = "D5246-7.4.8-4 D5246-7.4.8-7 D5246-7.4.8-1",
     WITH_CERTIFICATE,
     .play = use_each_pair,
     .strict = "data",
     .wrong = sign_with_sha256,
     .shows = "no handshake with pair 0503"},
    {.id = "P-CAU-3.types",
     .rows = "D5246-7.4.4-5",
     WITH_CERTIFICATE,
     .play = ask_for_no_types,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = skip_bad_requests,
     .shows = "no alert after no types"},
    {.id = "P-CAU-3.pairs",
     .rows = "D5246-7.4.4-5",
     WITH_CERTIFICATE,
     .play = ask_for_no_pairs,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = skip_bad_requests,
     .shows = "no alert after an odd list of pairs"},
    {.id = "P-CAU-3.misfits",
     .rows = "D5246-7.4.4-5",
     WITH_CERTIFICATE,
     .play = ask_with_misfits,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = skip_bad_requests,
     .shows = "no alert after a longer list of types"},
    {.id = "P-CAU-5",
     .rows = "D5246-7.4.4-1 D5246-7.4.4-90",
     WITH_CERTIFICATE,
     .play = read_request,
     .strict = "data",
     .wrong = ask_for_odd_type,
     .shows = "type 200"},
    {.id = "P-CAU-6",
     .rows = "D5246-7.4.4-91 D8446-4.2.3-3",
     WITH_CERTIFICATE,
     .play = use_listed_pairs,
     .strict = "data",
     .wrong = list_too_much,
     .shows = "no handshake with pair 0805"},
    {.id = "P-CAU-10.required",
     .rows = "D5246-7.4.6-2",
     .when = "clientauth=require",
     WITH_CERTIFICATE,
     .play = show_no_certificate,
     .strict = "alert 40",
     .tolerated = "alert 42 | alert 46",
     .wrong = need_none,
     .shows = "data"},
    {.id = "P-CAU-10.optional",
     .rows = "D5246-7.4.6-2",
     .when = "clientauth=optional",
     WITH_CERTIFICATE,
     .needs_no_client = true,
     .play = show_no_certificate,
     .strict = "data",
     .wrong = need_certificate,
     .shows = "alert 40"},
    {.id = "P-CAU-12",
     .rows = "D5246-7.4.6-90",
     WITH_CERTIFICATE,
     .play = show_each_bad_chain,
     .strict = "alert 48 | alert 42 | alert 46 | alert 40",
     .wrong = let_any_root_in,
     .shows = "data"},
    {.id = "P-CAU-13",
     .rows = "D5246-7.4.6-90",
     WITH_CERTIFICATE,
     .play = show_false_root,
     .strict = "alert 48 | alert 42 | alert 51",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
};

CHECK_FILE(client)
