/* SPDX-License-Identifier: MIT */
/* What the values of a combination mean (check/scene_ways.h). */
#include "check/scene_ways.h"

#include "kit/kit.h"

#include <string.h>

#define GREASE_FIRST 0x0a0a
#define GREASE_STEP 0x1010
#define GREASE_VALUES 16
#define MOST_PIECES 100
#define LONGEST_RECORD 1300 /* of a handshake: a datagram is below 1400 */
#define RSA_SHA256 0x0401   /* by which the lab's root signs */

/* Extensions beside the engine's own (registry of TLS extensions). */
enum {
    EXT_STATUS_REQUEST = 5,
    EXT_GROUPS = 10,
    EXT_PAIRS = 13,
    EXT_HEARTBEAT = 15,
    EXT_PADDING = 21,
    EXT_ETM = 22,
    EXT_EMS = 23,
    EXT_TICKET = 35,
    EXT_VERSIONS = 43,
    EXT_CID = 54,
    EXT_RENEGOTIATION_INFO = 0xff01
};

static uint16_t value_of(const struct scene *s, enum parameter parameter)
{
    return s->setup->with.values[parameter];
}

/* ---- the configuration ---- */

static void show_longer_chain(struct scene *s, unsigned num)
{
    struct sut_setup own = s->setup->target;
    struct dtls_credential *last;
    const char *name;

    own.role = own.role == SUT_CLIENT ? SUT_SERVER : SUT_CLIENT;
    own.intermediates = num;
    name = sut_identity(&own);
    if (name == NULL) {
        return; /* a client that is not asked for a certificate */
    }
    scene_show(s, name, sut_intermediate(&own, 0));
    last = &s->identities[s->num_identities - 1].credential;
    if (num > 1) {
        scene_load(s, sut_intermediate(&own, 1), false);
        last->next = &s->identities[s->num_identities - 1].credential;
    }
}

static void show_certificate(struct scene *s)
{
    switch ((enum with_certificate)value_of(s, WITH_certificate)) {
    case WITH_USUAL:
        break;
    case WITH_ONE_CA:
    case WITH_TWO_CAS:
        show_longer_chain(s, value_of(s, WITH_certificate));
        break;
    case WITH_RSA_3072:
        scene_show(s, "rsa-3072", NULL);
        break;
    case WITH_RSA_4096:
        scene_show(s, "rsa-4096", NULL);
        break;
    case WITH_P384:
        scene_show(s, "ec-p384", NULL);
        break;
    case WITH_NO_CERTIFICATE:
        s->peer.config.credentials = NULL;
        break;
    }
}

/* A client offers the curve of the server's certificate, too. */
static void choose_group(struct scene *s)
{
    const uint16_t group = value_of(s, WITH_group);
    const bool needs_curve = s->peer.role == DTLS_CLIENT &&
                             group != DTLS_GROUP_SECP256R1 &&
                             sut_has_ec_key(&s->setup->target);

    if (group != 0) {
        s->groups[0] = group;
        s->groups[1] = DTLS_GROUP_SECP256R1;
        s->peer.config.groups = s->groups;
        s->peer.config.num_groups = needs_curve ? 2 : 1;
    }
}

/* A client offers the pair of the server's chain, too. */
static void choose_pair(struct scene *s)
{
    const uint16_t pair = value_of(s, WITH_pair);

    if (pair == 0) {
        return;
    }
    s->pairs[0] = pair;
    s->pairs[1] = RSA_SHA256;
    if (s->peer.role == DTLS_CLIENT) {
        s->peer.config.sigalgs = s->pairs;
        s->peer.config.num_sigalgs = pair == RSA_SHA256 ? 1 : 2;
        return;
    }
    for (size_t i = 0; i < s->num_identities; i++) {
        s->identities[i].credential.sigalgs = s->pairs;
        s->identities[i].credential.num_sigalgs = 1;
    }
}

/* The first word of a claim. */
static struct dtls_bytes first_word(const struct scene *s, enum ics_key key)
{
    const char *text = s->setup->ics->values[key];

    return dtls_bytes_of((const uint8_t *)text, strcspn(text, ", \t"));
}

static void choose_offer(struct scene *s)
{
    static const char usual[] = "nxdtls-lab";
    struct dtls_config *config = &s->peer.config;
    struct dtls_bytes name =
        dtls_bytes_of((const uint8_t *)usual, sizeof usual - 1);
    struct dtls_buf out = {s->protocols, 0, sizeof s->protocols};

    config->max_fragment_length = value_of(s, WITH_mfl);
    config->record_size_limit = value_of(s, WITH_rsl);
    if (value_of(s, WITH_sni) != 0) {
        config->server_name = first_word(s, ICS_sni);
    }
    if (value_of(s, WITH_alpn) != 0) {
        if (ics_claims(s->setup->ics, ICS_alpn)) {
            name = first_word(s, ICS_alpn);
        }
        if (!dtls_put_vec8(&out, name)) {
            scene_stop(s, "the name of the protocol is too long");
        }
        config->protocols = dtls_buf_bytes(&out);
    }
}

static void choose_packing(struct scene *s)
{
    static const size_t sizes[] = {
        [WITH_MESSAGES] = 0, [WITH_FLIGHTS] = 1400, [WITH_ONE_RECORD] = 1400,
        [WITH_1400] = 1400,  [WITH_576] = 576,      [WITH_256] = 256,
        [WITH_128] = 128};
    const uint16_t packing = value_of(s, WITH_packing);
    const uint16_t length = value_of(s, WITH_mfl);

    s->packed = packing == WITH_FLIGHTS;
    s->in_one_record = packing == WITH_ONE_RECORD;
    s->datagram_len = sizes[packing];
    s->pieces = value_of(s, WITH_fragment);
    s->most_pieces = MOST_PIECES;
    s->longest =
        (length == 512 ? 512u : LONGEST_RECORD) - DTLS_FRAGMENT_HEADER_LEN;
    s->reversed = value_of(s, WITH_order) == WITH_REVERSED;
    s->shuffled = value_of(s, WITH_order) == WITH_SHUFFLED;
    s->overlap = (enum with_overlap)value_of(s, WITH_overlap);
    s->doubled = value_of(s, WITH_doubled) != 0;
}

/* A script without parameters may say what no honest peer does. */
static bool has_choices(const struct scene *s)
{
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        if (p != WITH_suite && value_of(s, (enum parameter)p) != 0) {
            return true;
        }
    }
    return false;
}

void scene_ways_begin(struct scene *s)
{
    if (!has_choices(s)) {
        return;
    }
    s->cookies = value_of(s, WITH_cookies);
    show_certificate(s);
    choose_group(s);
    choose_pair(s);
    choose_offer(s);
    choose_packing(s);
    if (value_of(s, WITH_request) != 0) {
        s->peer.config.client_auth = DTLS_CLIENT_AUTH_OPTIONAL;
    }
}

/* ---- hellos ---- */

static bool greases(const struct scene *s, enum with_grease what)
{
    return value_of(s, WITH_grease) == what ||
           value_of(s, WITH_grease) == WITH_ALL_GREASE;
}

/* The `number`th of a play's values, which are the same in each of its
 * hellos. */
static uint16_t grease(const struct scene *s, unsigned number)
{
    unsigned at = (unsigned)((s->setup->seed + number) % GREASE_VALUES);

    return (uint16_t)(GREASE_FIRST + GREASE_STEP * at);
}

static void change_suites(const struct scene *s, struct hello *hello)
{
    static uint8_t list[512];
    struct dtls_buf out = {list, 0, sizeof list};
    struct dtls_bytes in = hello->client.suites;
    const bool has_signal = value_of(s, WITH_reneg_info) == WITH_SIGNAL;
    uint16_t suite;
    bool fits =
        !greases(s, WITH_GREASE_SUITES) || dtls_put_u16(&out, grease(s, 0));

    while (fits && dtls_get_u16(&in, &suite)) {
        fits = (suite == DTLS_SCSV_RENEGOTIATION && !has_signal) ||
               dtls_put_u16(&out, suite);
    }
    assert_true(fits);
    hello->client.suites = dtls_buf_bytes(&out);
}

/* Puts a value that nobody knows before those of a list, if the hello has
 * it. */
static void grease_list(const struct scene *s, struct hello *hello,
                        uint16_t type)
{
    uint8_t bytes[256];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_bytes data;
    struct dtls_bytes list;

    if (!hello_has(hello, type, &data) || !dtls_get_vec16(&data, &list)) {
        return;
    }
    assert_true(dtls_put_u16(&out, (uint16_t)(list.len + 2)) &&
                dtls_put_u16(&out, grease(s, 1)) &&
                dtls_put_bytes(&out, list));
    hello_drop(hello, type);
    hello_add(hello, type, bytes, out.len);
}

static void add_grease(const struct scene *s, struct hello *hello)
{
    const uint16_t version = grease(s, 2);
    const uint8_t versions[] = {4, (uint8_t)(version >> 8), (uint8_t)version,
                                DTLS_VERSION_1_2 >> 8,
                                DTLS_VERSION_1_2 & 0xff};

    if (greases(s, WITH_GREASE_GROUPS)) {
        grease_list(s, hello, EXT_GROUPS);
    }
    if (greases(s, WITH_GREASE_PAIRS)) {
        grease_list(s, hello, EXT_PAIRS);
    }
    if (greases(s, WITH_GREASE_EXTENSIONS)) {
        hello_add(hello, grease(s, 3), "", 0);
        hello_add(hello, grease(s, 4), "\0", 1);
    }
    if (greases(s, WITH_GREASE_VERSIONS)) {
        hello_add(hello, EXT_VERSIONS, versions, sizeof versions);
    }
}

static void add_unknown(const struct scene *s, struct hello *hello)
{
    static const uint8_t padding[200];
    static const uint8_t ocsp[] = {1, 0, 0, 0, 0};
    const struct {
        enum parameter parameter;
        uint16_t type;
        const void *data;
        size_t len;
    } all[] = {
        {WITH_ticket, EXT_TICKET, "", 0},
        {WITH_heartbeat, EXT_HEARTBEAT, "\1", 1},
        {WITH_status, EXT_STATUS_REQUEST, ocsp, sizeof ocsp},
        {WITH_cid, EXT_CID, "\0", 1},
        {WITH_padding, EXT_PADDING, padding, sizeof padding},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (value_of(s, all[i].parameter) != 0) {
            hello_add(hello, all[i].type, all[i].data, all[i].len);
        }
    }
}

static void change_client_hello(const struct scene *s, struct hello *hello)
{
    change_suites(s, hello);
    if (value_of(s, WITH_reneg_info) == WITH_EXTENSION) {
        hello_add(hello, EXT_RENEGOTIATION_INFO, "\0", 1);
    }
    add_unknown(s, hello);
    add_grease(s, hello);
}

/* A server that does not know an extension also does not do what it says. */
static void forget_extensions(struct scene *s, struct hello *hello)
{
    struct dtls_handshake *h = &s->peer.session.hs;

    if (value_of(s, WITH_ems) != 0) {
        hello_drop(hello, EXT_EMS);
        h->extended_master_secret = false;
    }
    if (value_of(s, WITH_etm) != 0) {
        hello_drop(hello, EXT_ETM);
        h->encrypt_then_mac = false;
    }
}

/* A renegotiation's hello is as usual. */
static struct peer_message *own_hello(struct scene *s)
{
    const uint8_t type =
        s->peer.role == DTLS_CLIENT ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO;

    for (size_t i = 0; i < s->peer.num_messages; i++) {
        struct peer_message *m = &s->peer.messages[i];

        if (m->record_type == DTLS_HANDSHAKE && m->type == type &&
            m->epoch == 0) {
            return m;
        }
    }
    return NULL;
}

/* Is there anything that scene_ways_begin could not set? */
static bool says_another_hello(const struct scene *s)
{
    for (int p = 0; p < NUM_PARAMETERS; p++) {
        const unsigned group = combination_group((enum parameter)p);

        if ((group == CHECK_EACH_OFFER || group == CHECK_EACH_BINDING) &&
            value_of(s, (enum parameter)p) != 0) {
            return true;
        }
    }
    return false;
}

void scene_ways_change_hello(struct scene *s)
{
    static struct hello hello; /* large */
    struct peer_message *m = own_hello(s);

    if (m == NULL || !says_another_hello(s)) {
        return;
    }
    if (s->peer.role == DTLS_CLIENT) {
        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
        change_client_hello(s, &hello);
    } else {
        hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    }
    forget_extensions(s, &hello);
    hello_write(m, &hello);
    scene_rehash(s);
}

/* ---- cookies ---- */

bool scene_ways_is_deaf(const struct scene *s)
{
    return s->peer.role == DTLS_SERVER && peer_is_idle(&s->peer) &&
           s->num_cookies < s->cookies;
}

void scene_ways_ask_for_cookie(struct scene *s)
{
    const uint16_t wanted = value_of(s, WITH_cookie);
    const struct heard_message *hello =
        heard_message(&s->heard, DTLS_CLIENT_HELLO);
    uint8_t cookie[255];
    uint8_t bytes[300];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_fragment fragment = {.type = DTLS_HELLO_VERIFY_REQUEST};
    struct dtls_hello_verify m = {
        .version = DTLS_VERSION_1_0,
        .cookie = dtls_bytes_of(cookie, wanted == 0 ? 16 : wanted)};

    if (hello == NULL || hello->seq < s->num_cookies) {
        return;
    }
    /* It has the number of the ClientHello's record (D6347-4.2.1-16). */
    s->in_the_clear = s->heard.records[s->heard.num_records - 1].seq;
    memset(cookie, 0x5a + (int)s->num_cookies, sizeof cookie);
    fragment.seq = (uint16_t)s->num_cookies++;
    fragment.message_len = (uint32_t)(3 + m.cookie.len);
    fragment.body.len = fragment.message_len;
    assert_true(dtls_fragment_put_header(&out, &fragment) &&
                dtls_hello_verify_put(&out, &m));
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
}
