/* SPDX-License-Identifier: MIT */
/* Raw public keys in place of certificates (RFC 7250). */
#include "check/checks/all_checks.h"
#include "check/checks/hello_words.h"
#include "check/checks/key_words.h"

#include <string.h>

#define CLIENT_TYPE 19 /* client_certificate_type */
#define SERVER_TYPE 20 /* server_certificate_type */
#define RAW_KEY 2      /* CertificateType */

/* ---- what scripts look at ---- */

/* The target's Certificate is the length of one SubjectPublicKeyInfo, and
 * that. */
static void expect_raw_key(struct scene *s)
{
    const struct heard_message *m = scene_hear(s, DTLS_CERTIFICATE, 1);
    struct dtls_bytes body = dtls_span_bytes(m->body);
    struct dtls_bytes info;
    struct dtls_cert cert;

    scene_expect(s,
                 dtls_get_vec24(&body, &info) && body.len == 0 &&
                     dtls_cert_parse_raw(&cert, info) == DTLS_OK,
                 "a Certificate that is no SubjectPublicKeyInfo");
}

/* In ServerHello the extension is one byte; -1: it is not there. */
static int answered_type(struct scene *s, uint16_t extension)
{
    struct dtls_bytes data;
    struct hello hello;

    hello_hear(s, &hello);
    if (!hello_has(&hello, extension, &data)) {
        return -1;
    }
    scene_expect(s, data.len == 1, "%zu types in ServerHello", data.len);
    return data.len == 0 ? -1 : data.data[0];
}

static void expect_type(struct scene *s, uint16_t extension, int type)
{
    int answer = answered_type(s, extension);

    scene_expect(s, answer == type, "type %d in extension %u, not %d", answer,
                 extension, type);
}

static bool offers_raw_key(struct scene *s, uint16_t extension)
{
    struct dtls_bytes data;
    struct dtls_bytes types;
    struct hello hello;

    hello_hear(s, &hello);
    return hello_has(&hello, extension, &data) &&
           dtls_get_vec8(&data, &types) && types.len != 0 &&
           memchr(types.data, RAW_KEY, types.len) != NULL;
}

/* ---- P-RPK-1: known keys ---- */

/* A server is also offered a type that nobody has.  A client has to offer its
 * types again behind a cookie. */
static void use_known_keys(struct scene *s)
{
    if (s->peer.role == DTLS_CLIENT) {
        hello_say_with(s, SERVER_TYPE, "\2\2\143", 3);
        expect_type(s, SERVER_TYPE, RAW_KEY);
        expect_raw_key(s);
    } else {
        s->cookies = 1;
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 2);
        scene_expect(s, offers_raw_key(s, SERVER_TYPE),
                     "no raw public key in ClientHello");
    }
}

static enum dtls_status accept_key(void *self, struct dtls_bytes info)
{
    (void)self;
    (void)info;
    return DTLS_OK;
}

/* Lets a peer that is a server ask for the client's key. */
static void ask_for_key(struct scene *s)
{
    s->peer.config.client_auth = DTLS_CLIENT_AUTH_REQUIRED;
    s->peer.config.raw_keys = true;
    s->peer.config.judge_raw_key = accept_key;
}

static void use_client_key(struct scene *s)
{
    if (s->peer.role == DTLS_CLIENT) {
        hello_say_with(s, CLIENT_TYPE, "\2\2\143", 3);
        expect_type(s, CLIENT_TYPE, RAW_KEY);
    } else {
        ask_for_key(s);
        s->cookies = 1;
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 2);
        scene_expect(s, offers_raw_key(s, CLIENT_TYPE),
                     "no raw public key of its own in ClientHello");
        (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
        scene_say_rest(s);
        expect_raw_key(s);
    }
}

/* Notes that a hello offers more than one type. */
static bool note_lists(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_SERVER &&
        ((wrong_hello_has(r, SERVER_TYPE, &data) && data.len > 2) ||
         (wrong_hello_has(r, CLIENT_TYPE, &data) && data.len > 2))) {
        w->num = 1;
    }
    return false;
}

/* Of a server: it puts the key into a list, as a certificate would stand in
 * one. */
static bool say_as_list(struct wrong *w, struct peer_message *m)
{
    if (w->num == 0 || m->record_type != DTLS_HANDSHAKE ||
        m->type != DTLS_CERTIFICATE || m->len > 2000) {
        return true;
    }
    memmove(m->body + 3, m->body, m->len);
    m->body[0] = 0;
    m->body[1] = (uint8_t)(m->len >> 8);
    m->body[2] = (uint8_t)m->len;
    m->len += 3;
    wrong_rehash(w);
    return true;
}

static void drop_types(struct hello *hello)
{
    hello_drop(hello, SERVER_TYPE);
    hello_drop(hello, CLIENT_TYPE);
}

/* Of a client: behind a cookie it asks for no key, and offers none. */
static bool say_without_types(struct wrong *w, struct peer_message *m)
{
    return !w->sut.setup.raw_keys || m->seq == 0 ||
           m->type != DTLS_CLIENT_HELLO || wrong_says_hello(w, m, drop_types);
}

static void list_keys(struct wrong *w)
{
    w->hears = note_lists;
    w->says = w->peer.role == DTLS_SERVER ? say_as_list : say_without_types;
}

static void drop_client_type(struct hello *hello)
{
    hello_drop(hello, CLIENT_TYPE);
}

static bool say_without_client_type(struct wrong *w, struct peer_message *m)
{
    return w->num == 0 || wrong_says_hello(w, m, drop_client_type);
}

static void forget_client_type(struct wrong *w)
{
    w->hears = note_lists;
    w->says = w->peer.role == DTLS_SERVER ? say_without_client_type
                                          : say_without_types;
}

/* ---- P-RPK-2: another key ---- */

static const char *other_identity(const struct scene *s)
{
    bool is_ec = sut_has_ec_key(&s->setup->target);

    if (s->peer.role == DTLS_SERVER) {
        return is_ec ? "client-ec" : "client-rsa";
    }
    return is_ec ? "ec" : "rsa";
}

static void show_other_key(struct scene *s)
{
    static struct sim_identity other; /* borrows from the scene's */
    const struct sim_identity *from = &s->identities[s->num_identities];

    scene_load(s, other_identity(s), true);
    sim_identity_raw(&other, from);
    s->peer.config.credentials = &other.credential;
}

static void believe_keys(struct wrong *w)
{
    w->peer.config.judge_raw_key = accept_key;
}

/* The right key, and a signature that is not made with it. */
static enum dtls_status spoil_proof(void *self,
                                    const struct dtls_private_key *key,
                                    const struct dtls_sigalg *alg,
                                    uint8_t *out, size_t *out_len,
                                    struct dtls_bytes input)
{
    enum dtls_status status =
        dtls_libcrypto.sign(self, key, alg, out, out_len, input);

    out[*out_len - 1] ^= 1;
    return status;
}

static void prove_wrongly(struct scene *s)
{
    s->peer.crypto.sign = spoil_proof;
}

/* ---- P-RPK-2: one key, and nothing else ---- */

/* What is said in place of the length of one key, and that. */
struct keys_said {
    int length;        /* is this much more than the key's */
    size_t list_bytes; /* before it: the length of a list */
    unsigned times;    /* the key itself */
    size_t more;       /* bytes behind it */
};

static void say_keys(struct scene *s, struct keys_said said)
{
    static uint8_t copy[2048];
    struct peer_message *m = scene_come_to(s, DTLS_CERTIFICATE);
    struct dtls_bytes rest = {copy, m->len};
    struct dtls_bytes key;
    struct dtls_buf out = {m->body, 0, sizeof m->body};
    bool fits = m->len <= sizeof copy;

    memcpy(copy, m->body, fits ? m->len : 0);
    fits =
        fits && dtls_get_vec24(&rest, &key) &&
        (said.list_bytes == 0 || dtls_put_u24(&out, (uint32_t)key.len + 3)) &&
        dtls_put_u24(&out,
                     (uint32_t)(key.len * said.times) + (uint32_t)said.length);
    for (unsigned i = 0; i < said.times; i++) {
        fits = fits && dtls_put_bytes(&out, key);
    }
    if (!fits) {
        scene_stop(s, "the peer's key is too long");
    }
    memset(m->body + out.len, 0, said.more);
    m->len = out.len + said.more;
    scene_rehash(s);
    key_is_refused(s, m);
}

static void say_key_in_list(struct scene *s)
{
    say_keys(s, (struct keys_said){.list_bytes = 3, .times = 1});
}

static void say_key_and_more(struct scene *s)
{
    say_keys(s, (struct keys_said){.times = 1, .more = 1});
}

static void say_key_twice(struct scene *s)
{
    say_keys(s, (struct keys_said){.times = 2});
}

static void say_short_length(struct scene *s)
{
    say_keys(s, (struct keys_said){.times = 1, .length = -1});
}

static void say_long_length(struct scene *s)
{
    say_keys(s, (struct keys_said){.times = 1, .length = 1});
}

/* The first SubjectPublicKeyInfo in these bytes, which DER begins with its
 * length. */
static struct dtls_bytes find_key(struct dtls_bytes body)
{
    const uint8_t *at = memchr(body.data, 0x30, body.len);
    size_t left = at == NULL ? 0 : body.len - (size_t)(at - body.data);
    size_t len = left < 4        ? SIZE_MAX
                 : at[1] == 0x82 ? 4 + (size_t)at[2] * 256 + at[3]
                 : at[1] < 0x80  ? 2 + (size_t)at[1]
                                 : SIZE_MAX;

    return len > left ? (struct dtls_bytes){0} : dtls_bytes_of(at, len);
}

static bool is_key(struct dtls_bytes body, struct dtls_bytes key)
{
    struct dtls_bytes whole;

    return dtls_get_vec24(&body, &whole) && body.len == 0 &&
           dtls_bytes_equal(whole, key);
}

/* It takes the first key that it finds, whatever is around it. */
static bool read_first_key(struct wrong *w, struct wrong_record *r)
{
    static uint8_t bytes[2048];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_bytes key;
    struct dtls_fragment f;

    if (w->peer.role != DTLS_CLIENT || !w->sut.setup.raw_keys ||
        !wrong_message(r, DTLS_CERTIFICATE, &f)) {
        return false;
    }
    key = find_key(f.body);
    return key.len != 0 && !is_key(f.body, key) &&
           dtls_put_u24(&body, (uint32_t)key.len) &&
           dtls_put_bytes(&body, key) &&
           wrong_reads_message(w, r, DTLS_CERTIFICATE, dtls_buf_bytes(&body));
}

static void find_keys(struct wrong *w)
{
    w->hears = read_first_key;
}

/* ---- P-RPK-3: the types of the client's list ---- */

static void offer_types(struct scene *s, const char *list, size_t len)
{
    hello_say_with(s, SERVER_TYPE, list, len);
}

static void offer_raw_first(struct scene *s)
{
    offer_types(s, "\2\2\0", 3);
    expect_type(s, SERVER_TYPE, RAW_KEY);
}

static void offer_raw_last(struct scene *s)
{
    offer_types(s, "\3\143\0\2", 4);
    expect_type(s, SERVER_TYPE, RAW_KEY);
}

/* A server that also has a certificate may show that. */
static void offer_certificates(struct scene *s)
{
    s->peer.config.anchors = &s->anchor.item;
    offer_types(s, "\1\0", 2);
    scene_expect(s,
                 heard_count(&s->heard, DTLS_SERVER_HELLO) == 0 ||
                     answered_type(s, SERVER_TYPE) != RAW_KEY,
                 "type 2 in extension 20, not 0");
}

static void offer_unknown_type(struct scene *s)
{
    offer_types(s, "\1\143", 2);
    hello_is_refused(s);
}

static void offer_empty_list(struct scene *s)
{
    offer_types(s, "\0", 1);
    hello_is_refused(s);
}

static void offer_cut_list(struct scene *s)
{
    offer_types(s, "\3\2\0", 3);
    hello_is_refused(s);
}

/* The server asks for no certificate. */
static void offer_own_type(struct scene *s)
{
    hello_say_with(s, CLIENT_TYPE, "\2\2\0", 3);
    expect_type(s, CLIENT_TYPE, -1);
}

/* Of a server: it shows its key whatever the client takes. */
static bool read_as_raw(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || !w->sut.setup.raw_keys ||
        !wrong_hello(r, &hello) || !hello_has(&hello, SERVER_TYPE, &data) ||
        (data.len == 2 && data.data[1] == RAW_KEY)) {
        return wrong_keeps_hello(w, r);
    }
    hello_drop(&hello, SERVER_TYPE);
    hello_add(&hello, SERVER_TYPE, "\1\2", 2);
    return wrong_reads_hello(w, r, &hello);
}

static void show_key_anyway(struct wrong *w)
{
    w->hears = read_as_raw;
}

/* It answers with a type that it does not show. */
static void answer_x509(struct hello *hello)
{
    struct dtls_bytes data;

    if (hello_has(hello, SERVER_TYPE, &data)) {
        hello_drop(hello, SERVER_TYPE);
        hello_add(hello, SERVER_TYPE, "", 1);
    }
}

static bool say_x509(struct wrong *w, struct peer_message *m)
{
    return w->num == 0 || wrong_says_hello(w, m, answer_x509);
}

static void answer_other_type(struct wrong *w)
{
    w->hears = note_lists;
    w->says = say_x509;
}

static void answer_client_type(struct hello *hello)
{
    hello_add(hello, CLIENT_TYPE, "\2", 1);
}

static bool say_client_type(struct wrong *w, struct peer_message *m)
{
    return w->num == 0 || wrong_says_hello(w, m, answer_client_type);
}

static bool note_client_type(struct wrong *w, struct wrong_record *r)
{
    (void)wrong_keeps_hello(w, r);
    if (w->peer.role == DTLS_SERVER && w->sut.setup.raw_keys &&
        wrong_hello_has(r, CLIENT_TYPE, NULL)) {
        w->num = 1;
    }
    return false;
}

static void answer_without_request(struct wrong *w)
{
    w->hears = note_client_type;
    w->says = say_client_type;
}

/* ---- P-RPK-4: types that the client did not offer ---- */

static void answer_openpgp(struct scene *s)
{
    hello_is_refused_with(s, SERVER_TYPE, "\1", 1);
}

static void answer_two_types(struct scene *s)
{
    hello_is_refused_with(s, SERVER_TYPE, "\2\2", 2);
}

static void answer_openpgp_to_client(struct scene *s)
{
    ask_for_key(s);
    hello_is_refused_with(s, CLIENT_TYPE, "\1", 1);
}

/* It reads the answer that it has hoped for. */
static bool read_as_hoped(struct wrong *w, struct wrong_record *r)
{
    static const uint16_t types[] = {SERVER_TYPE, CLIENT_TYPE};
    struct dtls_bytes data;
    struct hello hello;
    bool changed = false;

    if (w->peer.role != DTLS_CLIENT || !wrong_hello(r, &hello)) {
        return false;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (hello_has(&hello, types[i], &data) &&
            (data.len != 1 || data.data[0] != RAW_KEY)) {
            hello_drop(&hello, types[i]);
            hello_add(&hello, types[i], "\2", 1);
            changed = true;
        }
    }
    return changed && wrong_reads_hello(w, r, &hello);
}

static void overlook_types(struct wrong *w)
{
    w->hears = read_as_hoped;
}

#define RAW_KEYS .suits = dtls_suite_has_certificate, .raw_keys = true

static const struct check checks[] = {
    {.id = "P-RPK-1",
     .rows = "D7250-4.2-2 D7250-4.2-3",
     RAW_KEYS,
     .play = use_known_keys,
     .strict = "data",
     .wrong = list_keys,
     .shows = "a Certificate that is no SubjectPublicKeyInfo | no raw public "
              "key in ClientHello"},
    {.id = "P-RPK-1.mutual",
     .rows = "D7250-4.2-8 D7250-4.2-3 D7925-4.3-1",
     .when = "role=server|clientcert, role=client|clientauth",
     RAW_KEYS,
     .mutual = true,
     .play = use_client_key,
     .strict = "data",
     .wrong = forget_client_type,
     .shows = "type -1 in extension 19, not 2 | no raw public key of its own "
              "in ClientHello"},
    {.id = "P-RPK-2",
     .rows = "D7250-4.2-5 D7250-6-1",
     .when = "role=client|clientauth",
     RAW_KEYS,
     .mutual = true,
     .play = show_other_key,
     .strict = "alert 46 | alert 42",
     .tolerated = "alert 40 | alert 48",
     .wrong = believe_keys,
     .shows = "data"},
    {.id = "P-RPK-2.proof",
     .rows = "D7250-3-4",
     .when = "role=client|clientauth",
     RAW_KEYS,
     .mutual = true,
     .play = prove_wrongly,
     .strict = "alert 51",
     .wrong = wrong_believes_signatures,
     .shows = "data"},
    {.id = "P-RPK-2.list",
     .roles = CHECK_CLIENT,
     .rows = "D7250-3-1",
     RAW_KEYS,
     .play = say_key_in_list,
     .strict = "alert 50 | alert 42",
     .wrong = find_keys,
     .shows = "ClientKeyExchange"},
    {.id = "P-RPK-2.more",
     .roles = CHECK_CLIENT,
     .rows = "D7250-3-1",
     RAW_KEYS,
     .play = say_key_and_more,
     .strict = "alert 50 | alert 42",
     .wrong = find_keys,
     .shows = "ClientKeyExchange"},
    {.id = "P-RPK-2.two",
     .roles = CHECK_CLIENT,
     .rows = "D7250-3-1",
     RAW_KEYS,
     .play = say_key_twice,
     .strict = "alert 50 | alert 42",
     .wrong = find_keys,
     .shows = "ClientKeyExchange"},
    {.id = "P-RPK-2.short",
     .roles = CHECK_CLIENT,
     .rows = "D7250-3-1",
     RAW_KEYS,
     .play = say_short_length,
     .strict = "alert 50 | alert 42",
     .wrong = find_keys,
     .shows = "ClientKeyExchange"},
    {.id = "P-RPK-2.long",
     .roles = CHECK_CLIENT,
     .rows = "D7250-3-1",
     RAW_KEYS,
     .play = say_long_length,
     .strict = "alert 50 | alert 42",
     .wrong = find_keys,
     .shows = "ClientKeyExchange"},
    {.id = "P-RPK-3",
     .rows = "D7250-4.2-2",
     RAW_KEYS,
     .play = offer_raw_first,
     .strict = "data",
     .wrong = answer_other_type,
     .shows = "type 0 in extension 20, not 2"},
    {.id = "P-RPK-3.last",
     .rows = "D7250-4.2-2 D7250-4.1-3",
     RAW_KEYS,
     .play = offer_raw_last,
     .strict = "data",
     .wrong = answer_other_type,
     .shows = "type 0 in extension 20, not 2"},
    {.id = "P-RPK-3.x509",
     .rows = "D7250-4.2-1",
     RAW_KEYS,
     .play = offer_certificates,
     .strict = "alert 43 | data",
     .wrong = show_key_anyway,
     .shows = "type 2 in extension 20, not 0"},
    {.id = "P-RPK-3.unknown",
     .rows = "D7250-4.2-1 D7250-4.1-3",
     RAW_KEYS,
     .play = offer_unknown_type,
     .strict = "alert 43",
     .wrong = show_key_anyway,
     .shows = "ServerHello"},
    {.id = "P-RPK-3.empty",
     .rows = "D7250-4.1-2",
     RAW_KEYS,
     .play = offer_empty_list,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = show_key_anyway,
     .shows = "ServerHello"},
    {.id = "P-RPK-3.cut",
     .rows = "D7250-4.1-2",
     RAW_KEYS,
     .play = offer_cut_list,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = show_key_anyway,
     .shows = "ServerHello"},
    {.id = "P-RPK-3.client",
     .rows = "D7250-4.2-4",
     .when = "!clientauth=require|clientauth=none",
     RAW_KEYS,
     .play = offer_own_type,
     .strict = "data",
     .wrong = answer_without_request,
     .shows = "type 2 in extension 19, not -1"},
    {.id = "P-RPK-4",
     .rows = "D7250-4.2-6",
     RAW_KEYS,
     .play = answer_openpgp,
     .strict = "alert 47 | alert 43 | alert 110",
     .wrong = overlook_types,
     .shows = "ClientKeyExchange"},
    {.id = "P-RPK-4.client",
     .rows = "D7250-4.2-6",
     .when = "clientcert",
     RAW_KEYS,
     .mutual = true,
     .play = answer_openpgp_to_client,
     .strict = "alert 47 | alert 43 | alert 110",
     .wrong = overlook_types,
     .shows = "ClientKeyExchange"},
    {.id = "P-RPK-4.two",
     .rows = "D7250-4.1-2",
     RAW_KEYS,
     .play = answer_two_types,
     .strict = "alert 50",
     .tolerated = "alert 47",
     .wrong = overlook_types,
     .shows = "ClientKeyExchange"},
};

CHECK_FILE(raw_key)
