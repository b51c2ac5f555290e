/* SPDX-License-Identifier: MIT */
/* Groups, point formats and public values of ECDHE (RFC 8422, RFC 7748). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"

#include "crypto/libcrypto_internal.h"

#include <string.h>

#define EXT_GROUPS 10
#define EXT_FORMATS 11

/* ---- P-GRP-1: what a client lists ---- */

static void read_groups(struct scene *s)
{
    struct dtls_bytes data = {0};
    struct hello offer;

    hello_hear(s, &offer);
    (void)hello_has(&offer, EXT_GROUPS, &data);
    key_expect_list(s, "supported_groups", data, ICS_groups, 10);
    scene_expect(s,
                 hello_has(&offer, EXT_FORMATS, &data) && data.len == 2 &&
                     data.data[0] == 1 && data.data[1] == 0,
                 "ec_point_formats is not 01 00");
}

static void swap_groups(struct hello *hello)
{
    hello_drop(hello, EXT_GROUPS);
    hello_add(hello, EXT_GROUPS, "\0\6\0\x17\0\x1d\0\x18", 8);
}

static bool say_groups_swapped(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, swap_groups);
}

static void list_other_groups(struct wrong *w)
{
    w->says = say_groups_swapped;
}

static bool needs_no_group(const struct dtls_suite *suite)
{
    return suite_is_rsa(suite) || suite_is_psk(suite);
}

/* Does the client offer a suite that needs a group? */
static bool offers_groups_suite(const struct hello *offer)
{
    struct dtls_bytes suites = offer->client.suites;
    uint16_t id;

    while (dtls_get_u16(&suites, &id)) {
        const struct dtls_suite *suite = dtls_suite_find(id);

        if (suite != NULL && !needs_no_group(suite)) {
            return true;
        }
    }
    return false;
}

static void look_for_groups(struct scene *s)
{
    struct dtls_bytes data;
    struct hello offer;

    hello_hear(s, &offer);
    if (offers_groups_suite(&offer)) {
        return;
    }
    scene_expect(s,
                 !hello_has(&offer, EXT_GROUPS, &data) &&
                     !hello_has(&offer, EXT_FORMATS, &data),
                 "groups or point formats without a suite for them");
}

static bool say_groups(struct wrong *w, struct peer_message *m)
{
    return !needs_no_group(w->sut.setup.suite) ||
           wrong_says_hello(w, m, swap_groups);
}

static void list_groups_always(struct wrong *w)
{
    w->says = say_groups;
}

/* ---- P-GRP-2, P-GRP-11: each group alone ---- */

/* The claimed groups that the lab can use. */
static size_t usable_groups(struct scene *s, uint16_t out[HELLO_TYPES_MAX])
{
    uint16_t claimed[HELLO_TYPES_MAX];
    size_t num = key_list(s, ICS_groups, 10, claimed);
    size_t used = 0;

    for (size_t i = 0; i < num; i++) {
        if (dtls_group_point_len(claimed[i]) != 0) {
            out[used++] = claimed[i];
        }
    }
    if (used == 0) {
        scene_stop(s, "its ICS claims no group that the lab speaks");
    }
    return used;
}

static void use_each_group(struct scene *s)
{
    uint16_t groups[HELLO_TYPES_MAX];
    size_t num = usable_groups(s, groups);

    for (size_t i = 0; i < num; i++) {
        if (i != 0) {
            scene_again(s);
        }
        key_only_group(s, groups[i]);
        scene_expect(s, scene_connects(s), "no handshake with group %u",
                     groups[i]);
        scene_expect(s, s->peer.session.hs.group == groups[i],
                     "group %u, not %u", s->peer.session.hs.group, groups[i]);
    }
}

/* Is it a hello, or a share, of just this group? */
static bool is_for_p384(const struct wrong_record *r)
{
    struct dtls_ecdhe_params m;
    struct dtls_bytes list;
    struct dtls_fragment f;

    if (wrong_message(r, DTLS_SERVER_KEY_EXCHANGE, &f)) {
        return dtls_ske_ecdhe_parse(&m, f.body) == DTLS_OK &&
               m.group == DTLS_GROUP_SECP384R1;
    }
    return wrong_hello_has(r, EXT_GROUPS, &list) && list.len == 4 &&
           list.data[3] == DTLS_GROUP_SECP384R1;
}

static bool refuse_p384(struct wrong *w, struct wrong_record *r)
{
    return is_for_p384(r) && wrong_alert(w, 47);
}

static void use_no_p384(struct wrong *w)
{
    w->hears = refuse_p384;
}

static void offer_groups(struct scene *s, const char *list, size_t len)
{
    hello_say_with(s, EXT_GROUPS, list, len);
}

static void offer_grease_group(struct scene *s)
{
    offer_groups(s, "\0\2\x6a\x6a", 4);
    hello_is_refused(s);
}

static void offer_p192(struct scene *s)
{
    offer_groups(s, "\0\2\0\x13", 4);
    hello_is_refused(s);
}

static void offer_no_groups(struct scene *s)
{
    hello_say_without(s, EXT_GROUPS);
}

/* Takes a list of one group that is not its own for no list. */
static bool forget_foreign_group(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;

    return wrong_hello_has(r, EXT_GROUPS, &list) && list.len == 4 &&
           (list.data[2] == 0x6a || list.data[3] == 0x13) &&
           wrong_reads_without(w, r, EXT_GROUPS);
}

static void use_own_groups(struct wrong *w)
{
    w->hears = forget_foreign_group;
}

static bool refuse_without_groups(struct wrong *w, struct wrong_record *r)
{
    struct hello hello;

    return suite_is_ecdhe(w->sut.setup.suite) && wrong_hello(r, &hello) &&
           !wrong_hello_has(r, EXT_GROUPS, NULL) && wrong_alert(w, 50);
}

static void insist_on_groups(struct wrong *w)
{
    w->hears = refuse_without_groups;
}

/* ---- P-GRP-12: the curve of the server's certificate ---- */

static void offer_only_p384(struct scene *s)
{
    offer_groups(s, "\0\2\0\x18", 4);
    hello_is_refused(s);
}

static bool read_p256_too(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;
    struct hello hello;

    if (w->sut.setup.suite->kx != DTLS_KX_ECDHE_ECDSA ||
        !wrong_hello_has(r, EXT_GROUPS, &list) || list.len != 4 ||
        list.data[3] != DTLS_GROUP_SECP384R1 || !wrong_hello(r, &hello)) {
        return false;
    }
    swap_groups(&hello);
    return wrong_reads_hello(w, r, &hello);
}

static void sign_on_any_curve(struct wrong *w)
{
    w->hears = read_p256_too;
}

/* ---- P-GRP-13: groups that nobody needs ---- */

static void offer_useless_groups(struct scene *s)
{
    offer_groups(s, "\0\4\x6a\x6a\xfe\xdc", 6);
}

static bool refuse_useless_groups(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;

    return wrong_hello_has(r, EXT_GROUPS, &list) && list.len == 6 &&
           list.data[4] == 0xfe && wrong_alert(w, 40);
}

static void insist_on_a_group(struct wrong *w)
{
    w->hears = refuse_useless_groups;
}

/* ---- P-GRP-14: point formats ---- */

static void offer_compressed_only(struct scene *s)
{
    hello_is_refused_with(s, EXT_FORMATS, "\1\1", 2);
}

static void offer_char2_only(struct scene *s)
{
    hello_is_refused_with(s, EXT_FORMATS, "\1\2", 2);
}

static void offer_no_format(struct scene *s)
{
    hello_is_refused_with(s, EXT_FORMATS, "\0", 1);
}

static void offer_all_formats(struct scene *s)
{
    struct dtls_bytes data = {0};
    struct hello answer;

    hello_say_with(s, EXT_FORMATS, "\3\0\1\2", 4);
    if (!scene_await(s, DTLS_SERVER_HELLO, 1)) {
        return;
    }
    hello_hear(s, &answer);
    scene_expect(s,
                 !hello_has(&answer, EXT_FORMATS, &data) ||
                     memchr(data.data, 0, data.len) != NULL,
                 "ec_point_formats without 0");
}

static bool forget_bad_formats(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;

    return wrong_hello_has(r, EXT_FORMATS, &list) && list.len < 3 &&
           (list.len == 1 || list.data[1] != 0) &&
           wrong_reads_without(w, r, EXT_FORMATS);
}

static void read_no_formats(struct wrong *w)
{
    w->hears = forget_bad_formats;
}

static bool refuse_more_formats(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes list;

    return wrong_hello_has(r, EXT_FORMATS, &list) && list.len == 4 &&
           wrong_alert(w, 47);
}

static void insist_on_one_format(struct wrong *w)
{
    w->hears = refuse_more_formats;
}

/* ---- P-GRP-3, P-GRP-4: groups that the client did not list ---- */

static bool lists_group(struct scene *s, uint16_t group)
{
    uint16_t listed[HELLO_TYPES_MAX];
    struct dtls_bytes data = {0};
    struct hello offer;

    (void)scene_come_to(s, DTLS_SERVER_KEY_EXCHANGE);
    hello_hear(s, &offer);
    return hello_has(&offer, EXT_GROUPS, &data) &&
           key_has(listed, hello_numbers(data, listed), group);
}

/* A good share of a group that the target could have listed. */
static void use_unlisted(struct scene *s)
{
    static const uint16_t groups[] = {
        DTLS_GROUP_SECP192R1, DTLS_GROUP_SECP224R1, DTLS_GROUP_X448,
        DTLS_GROUP_SECP521R1, DTLS_GROUP_SECP384R1};
    uint8_t point[DTLS_POINT_MAX];
    struct dtls_share share = {0};

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        uint16_t group = groups[i];

        if (!lists_group(s, group) &&
            dtls_libcrypto.share_make(NULL, &share, group, point) == DTLS_OK) {
            dtls_libcrypto.share_free(NULL, &share);
            key_say_share(s, group,
                          dtls_bytes_of(point, dtls_group_point_len(group)));
            return;
        }
    }
    scene_stop(s, "the target lists every group of the lab");
}

static void use_nonsense(struct scene *s, uint16_t group)
{
    static const uint8_t point[65] = {4, 0x23, 0x45};

    if (lists_group(s, group)) {
        scene_stop(s, "the target lists group %u", group);
    }
    key_say_share(s, group, dtls_bytes_of(point, sizeof point));
}

static void use_grease(struct scene *s)
{
    use_nonsense(s, 0x2a2a);
}

static void use_group_0(struct scene *s)
{
    use_nonsense(s, 0);
}

/* The generator of secp256r1. */
#define GX                                                                    \
    "\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77"    \
    "\x03\x7d\x81\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96"
#define GY                                                                    \
    "\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b"    \
    "\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf\x51\xf5"

/* explicit_prime with p = 23 and a base of two bytes; explicit_char2. */
static void describe_prime_curve(struct scene *s)
{
    static const char params[] = "\1\1\x17\1\1\1\1\3\4\1\2\1\7\1\1\3\4\1\2";

    key_say_params(s,
                   dtls_bytes_of((const uint8_t *)params, sizeof params - 1));
}

static void describe_binary_curve(struct scene *s)
{
    static const char params[] =
        "\2\0\7\1\1\1\1\1\1\1\3\4\1\2\1\7\1\1\3\4\1\2";

    key_say_params(s,
                   dtls_bytes_of((const uint8_t *)params, sizeof params - 1));
}

/* ---- P-GRP-5, P-GRP-6: values that are no points ---- */

static struct dtls_bytes bad_value;

static enum dtls_status make_bad_value(void *self, struct dtls_share *share,
                                       uint16_t group, uint8_t *out)
{
    (void)self;
    share->group = group;
    memcpy(out, bad_value.data, bad_value.len);
    return DTLS_OK;
}

/* The client's value, with a secret of zeros; one of another length is not
 * what its Finished is about. */
static void say_clients_value(struct scene *s, uint16_t group)
{
    struct peer_message *m;
    struct dtls_buf body;

    s->peer.crypto.share_agree = key_zero_secret;
    if (bad_value.len == dtls_group_point_len(group)) {
        s->peer.crypto.share_make = make_bad_value;
        (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
        return;
    }
    m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    body = (struct dtls_buf){m->body, 0, sizeof m->body};
    if (!dtls_put_vec8(&body, bad_value)) {
        scene_stop(s, "the value is too long");
    }
    m->len = body.len;
}

/* Says a public value of the peer: in its ServerKeyExchange, signed, or in its
 * ClientKeyExchange. */
static void say_value(struct scene *s, uint16_t group, const void *value,
                      size_t len)
{
    key_only_group(s, group);
    bad_value = dtls_bytes_of(value, len);
    if (s->peer.role == DTLS_SERVER) {
        key_say_share(s, group, bad_value);
    } else {
        say_clients_value(s, group);
    }
}

static void say_point(struct scene *s, const char *point, size_t len)
{
    say_value(s, DTLS_GROUP_SECP256R1, point, len);
}

static void say_off_curve(struct scene *s)
{
    static uint8_t point[65];

    memcpy(point, "\4" GX GY, 65);
    point[64] ^= 1;
    say_value(s, DTLS_GROUP_SECP256R1, point, 65);
}

static void say_infinity(struct scene *s)
{
    say_point(s, "\0", 1);
}

static void say_compressed(struct scene *s)
{
    say_point(s, "\3" GX, 33);
}

static void say_hybrid(struct scene *s)
{
    say_point(s, "\7" GX GY, 65);
}

static void say_short_point(struct scene *s)
{
    say_point(s, "\4" GX GY, 64);
}

static void say_long_point(struct scene *s)
{
    say_point(s, "\4" GX GY "\0", 66);
}

/* ---- P-GRP-7, P-GRP-8: values of x25519 ---- */

static void say_zero(struct scene *s)
{
    static const uint8_t value[32];

    say_value(s, DTLS_GROUP_X25519, value, 32);
}

static void say_one(struct scene *s)
{
    static const uint8_t value[32] = {1};

    say_value(s, DTLS_GROUP_X25519, value, 32);
}

static void say_order_eight(struct scene *s)
{
    static const char value[] =
        "\xe0\xeb\x7a\x7c\x3b\x41\xb8\xae\x16\x56\xe3\xfa\xf1\x9f\xc4\x6a\xda"
        "\x09\x8d\xeb\x9c\x32\xb1\xfd\x86\x62\x05\x16\x5f\x49\xb8";

    say_value(s, DTLS_GROUP_X25519, value, 32);
}

static enum dtls_status share_with_top_bit(void *self,
                                           struct dtls_share *share,
                                           uint16_t group, uint8_t *out)
{
    enum dtls_status status =
        dtls_libcrypto.share_make(self, share, group, out);

    out[31] |= 0x80;
    return status;
}

static void set_top_bit(struct scene *s)
{
    key_only_group(s, DTLS_GROUP_X25519);
    s->peer.crypto.share_make = share_with_top_bit;
}

/* p + 9 is 9, the base point: the secret is the target's own public value. */
static enum dtls_status share_of_p_plus_9(void *self, struct dtls_share *share,
                                          uint16_t group, uint8_t *out)
{
    (void)self;
    share->group = group;
    memset(out, 0xff, 32);
    out[0] = 0xf6;
    out[31] = 0x7f;
    return DTLS_OK;
}

static enum dtls_status agree_on_their_value(void *self,
                                             struct dtls_share *share,
                                             uint8_t *out, size_t *out_len,
                                             struct dtls_bytes peer)
{
    (void)self;
    (void)share;
    memcpy(out, peer.data, peer.len);
    *out_len = peer.len;
    return DTLS_OK;
}

static void say_p_plus_9(struct scene *s)
{
    key_only_group(s, DTLS_GROUP_X25519);
    s->peer.crypto.share_make = share_of_p_plus_9;
    s->peer.crypto.share_agree = agree_on_their_value;
}

static enum dtls_status agree_on_canonical(void *self,
                                           struct dtls_share *share,
                                           uint8_t *out, size_t *out_len,
                                           struct dtls_bytes peer)
{
    bool is_odd = share->group == DTLS_GROUP_X25519 && peer.len == 32 &&
                  ((peer.data[31] & 0x80) != 0 ||
                   (peer.data[0] == 0xf6 && peer.data[1] == 0xff &&
                    peer.data[31] == 0x7f));

    return is_odd
               ? DTLS_ILLEGAL_PARAMETER
               : dtls_libcrypto.share_agree(self, share, out, out_len, peer);
}

static void insist_on_canonical(struct wrong *w)
{
    w->peer.crypto.share_agree = agree_on_canonical;
}

/* ---- P-GRP-9: a secret that begins with a zero ---- */

/* Makes shares until the secret with the server's one is so. */
static struct scene *grinding;

static enum dtls_status grind_share(void *self, struct dtls_share *share,
                                    uint16_t group, uint8_t *out)
{
    const struct dtls_bytes theirs =
        dtls_bytes_of(grinding->peer.session.hs.area->peer_point,
                      dtls_group_point_len(group));
    enum dtls_status status = DTLS_INTERNAL_ERROR;

    for (unsigned tries = 0; tries < 20000; tries++) {
        uint8_t secret[DTLS_SHARED_MAX];
        size_t len = sizeof secret;

        status = dtls_libcrypto.share_make(self, share, group, out);
        if (status != DTLS_OK ||
            dtls_libcrypto.share_agree(self, share, secret, &len, theirs) !=
                DTLS_OK ||
            secret[0] == 0) {
            break;
        }
        dtls_libcrypto.share_free(self, share);
    }
    return status;
}

static void grind_zero(struct scene *s)
{
    grinding = s;
    s->peer.crypto.share_make = grind_share;
}

static enum dtls_status agree_without_zeros(void *self,
                                            struct dtls_share *share,
                                            uint8_t *out, size_t *out_len,
                                            struct dtls_bytes peer)
{
    enum dtls_status status =
        dtls_libcrypto.share_agree(self, share, out, out_len, peer);

    if (grinding == NULL) {
        return status; /* nor does a zero by chance disturb other plays */
    }
    grinding = NULL;
    while (status == DTLS_OK && *out_len > 1 && out[0] == 0) {
        memmove(out, out + 1, --*out_len);
    }
    return status;
}

static void strip_zeros(struct wrong *w)
{
    w->peer.crypto.share_agree = agree_without_zeros;
}

static const struct check checks[] = {
    {.id = "P-GRP-1",
     .rows = "D8422-4-1 D8422-5.1.2-5 D8422-5.1.2-3 D9325-4.2.1-5 "
             "D7251-2-2",
     .suits = suite_is_ecdhe,
     .play = read_groups,
     .strict = "data",
     .wrong = list_other_groups,
     .shows = "supported_groups is not the list of the ICS: 23 29 24"},
    {.id = "P-GRP-1.none",
     .rows = "D8422-4-4",
     .suits = needs_no_group,
     .play = look_for_groups,
     .strict = "data",
     .wrong = list_groups_always,
     .shows = "groups or point formats without a suite for them"},
    {.id = "P-GRP-2",
     .rows = "D8446-9.3-1 D8422-5.1.1-1 D8422-5.1.2-1",
     .suits = suite_is_ecdhe,
     .play = use_each_group,
     .strict = "data",
     .wrong = use_no_p384,
     .shows = "no handshake with group 24"},
    {.id = "P-GRP-11.each",
     .rows = "D8422-4-2 D7251-2-3",
     .suits = suite_signs_rsa,
     .play = use_each_group,
     .strict = "data",
     .wrong = use_no_p384,
     .shows = "no handshake with group 24"},
    {.id = "P-GRP-11.grease",
     .rows = "D8422-4-3",
     .suits = suite_is_ecdhe,
     .play = offer_grease_group,
     .strict = "alert 40",
     .wrong = use_own_groups,
     .shows = "ServerHello"},
    {.id = "P-GRP-11.p192",
     .rows = "D8422-4-3",
     .suits = suite_is_ecdhe,
     .play = offer_p192,
     .strict = "alert 40",
     .wrong = use_own_groups,
     .shows = "ServerHello"},
    {.id = "P-GRP-11.none",
     .rows = "D8422-4-2",
     .suits = suite_is_ecdhe,
     .play = offer_no_groups,
     .strict = "data",
     .tolerated = "alert 40",
     .wrong = insist_on_groups,
     .shows = "alert 50"},
    {.id = "P-GRP-12",
     .rows = "D8422-5.1-2 D8422-5.1-90",
     .suits = suite_signs_ec,
     .play = offer_only_p384,
     .strict = "alert 40",
     .wrong = sign_on_any_curve,
     .shows = "ServerHello"},
    {.id = "P-GRP-13",
     .rows = "D8422-4-3",
     .suits = needs_no_group,
     .play = offer_useless_groups,
     .strict = "data",
     .wrong = insist_on_a_group,
     .shows = "alert 40"},
    {.id = "P-GRP-14.compressed",
     .rows = "D8422-5.1.2-4",
     .suits = suite_is_ecdhe,
     .play = offer_compressed_only,
     .strict = "alert 47",
     .wrong = read_no_formats,
     .shows = "ServerHello"},
    {.id = "P-GRP-14.char2",
     .rows = "D8422-5.1.2-4",
     .suits = suite_is_ecdhe,
     .play = offer_char2_only,
     .strict = "alert 47",
     .wrong = read_no_formats,
     .shows = "ServerHello"},
    {.id = "P-GRP-14.empty",
     .rows = "D8422-5.1.2-4",
     .suits = suite_is_ecdhe,
     .play = offer_no_format,
     .strict = "alert 47",
     .tolerated = "alert 50",
     .wrong = read_no_formats,
     .shows = "ServerHello"},
    {.id = "P-GRP-14.all",
     .rows = "D8422-5.2-1 D8422-5.2-2",
     .suits = suite_is_ecdhe,
     .play = offer_all_formats,
     .strict = "data",
     .wrong = insist_on_one_format,
     .shows = "alert 47"},
    {.id = "P-GRP-3.real",
     .when = "!groups=19|!groups=21|!groups=30|!groups=25|!groups=24",
     .rows = "D8422-5.1.1-2 D9325-4.5-2",
     .suits = suite_is_ecdhe,
     .play = use_unlisted,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = wrong_takes_any_group,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-3.grease",
     .rows = "D8422-5.1.1-2 D8701-3.1-4",
     .suits = suite_is_ecdhe,
     .play = use_grease,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = wrong_takes_any_group,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-3.zero",
     .rows = "D8422-5.1.1-2",
     .suits = suite_is_ecdhe,
     .play = use_group_0,
     .strict = "alert 47",
     .tolerated = "alert 40",
     .wrong = wrong_takes_any_group,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-4.prime",
     .rows = "D8422-5.4-2",
     .suits = suite_is_ecdhe,
     .play = describe_prime_curve,
     .strict = "alert 47 | alert 40",
     .tolerated = "alert 50",
     .wrong = wrong_takes_any_group,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-4.binary",
     .rows = "D8422-5.4-2",
     .suits = suite_is_ecdhe,
     .play = describe_binary_curve,
     .strict = "alert 47 | alert 40",
     .tolerated = "alert 50",
     .wrong = wrong_takes_any_group,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-5.off_curve",
     .rows = "D8422-5.11-2",
     .suits = suite_is_ecdhe,
     .play = say_off_curve,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51",
     .wrong = wrong_takes_any_point,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-5.infinity",
     .rows = "D8422-5.11-2",
     .suits = suite_is_ecdhe,
     .play = say_infinity,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51",
     .wrong = wrong_takes_any_point,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-5.compressed",
     .rows = "D8422-5.1.2-2",
     .suits = suite_is_ecdhe,
     .play = say_compressed,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51",
     .wrong = wrong_takes_any_point,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-5.hybrid",
     .rows = "D8422-5.11-2",
     .suits = suite_is_ecdhe,
     .play = say_hybrid,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51",
     .wrong = wrong_takes_any_point,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-5.short",
     .rows = "D8422-5.11-2 D8422-5.4.1-90",
     .suits = suite_is_ecdhe,
     .play = say_short_point,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51",
     .wrong = wrong_takes_any_point,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-5.long",
     .rows = "D8422-5.11-2 D8422-5.4.1-90",
     .suits = suite_is_ecdhe,
     .play = say_long_point,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51",
     .wrong = wrong_takes_any_point,
     .shows = "ClientKeyExchange"},
    {.id = "P-GRP-6.off_curve",
     .rows = "D8422-5.11-1",
     .suits = suite_is_ecdhe,
     .play = say_off_curve,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51 | silence",
     .wrong = wrong_takes_any_point,
     .shows = "data"},
    {.id = "P-GRP-6.infinity",
     .rows = "D8422-5.11-1",
     .suits = suite_is_ecdhe,
     .play = say_infinity,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51 | silence",
     .wrong = wrong_takes_any_point,
     .shows = "alert 80"},
    {.id = "P-GRP-6.compressed",
     .rows = "D8422-5.1.2-2",
     .suits = suite_is_ecdhe,
     .play = say_compressed,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51 | silence",
     .wrong = wrong_takes_any_point,
     .shows = "alert 80"},
    {.id = "P-GRP-6.hybrid",
     .rows = "D8422-5.11-1",
     .suits = suite_is_ecdhe,
     .play = say_hybrid,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51 | silence",
     .wrong = wrong_takes_any_point,
     .shows = "data"},
    {.id = "P-GRP-6.short",
     .rows = "D8422-5.11-1 D8422-5.4.1-90",
     .suits = suite_is_ecdhe,
     .play = say_short_point,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51 | silence",
     .wrong = wrong_takes_any_point,
     .shows = "alert 80"},
    {.id = "P-GRP-6.long",
     .rows = "D8422-5.11-1 D8422-5.4.1-90",
     .suits = suite_is_ecdhe,
     .play = say_long_point,
     .strict = "alert 47",
     .tolerated = "alert 50 | alert 40 | alert 51 | silence",
     .wrong = wrong_takes_any_point,
     .shows = "alert 80"},
    {.id = "P-GRP-7.zero",
     .when = "groups=29",
     .rows = "D8422-5.10-2 D8422-5.11-3",
     .suits = suite_signs_rsa,
     .play = say_zero,
     .strict = "alert 47 | alert 40",
     .wrong = wrong_takes_low_order,
     .shows = "data | ClientKeyExchange"},
    {.id = "P-GRP-7.one",
     .when = "groups=29",
     .rows = "D8422-5.10-2 D8422-5.11-3",
     .suits = suite_signs_rsa,
     .play = say_one,
     .strict = "alert 47 | alert 40",
     .wrong = wrong_takes_low_order,
     .shows = "data | ClientKeyExchange"},
    {.id = "P-GRP-7.eight",
     .when = "groups=29",
     .rows = "D8422-5.10-2 D8422-5.11-3",
     .suits = suite_signs_rsa,
     .play = say_order_eight,
     .strict = "alert 47 | alert 40",
     .wrong = wrong_takes_low_order,
     .shows = "data | ClientKeyExchange"},
    {.id = "P-GRP-8.top_bit",
     .when = "groups=29",
     .rows = "D8422-5.10-1 D7748-5-1",
     .suits = suite_signs_rsa,
     .play = set_top_bit,
     .strict = "data",
     .wrong = insist_on_canonical,
     .shows = "alert 47"},
    {.id = "P-GRP-8.canonical",
     .when = "groups=29",
     .rows = "D8422-5.10-1 D7748-5-2",
     .suits = suite_signs_rsa,
     .play = say_p_plus_9,
     .strict = "data",
     .wrong = insist_on_canonical,
     .shows = "alert 47"},
    {.id = "P-GRP-9",
     .rows = "D8422-5.10-1",
     .roles = CHECK_SERVER,
     .suits = suite_is_ecdhe,
     .play = grind_zero,
     .strict = "data",
     .wrong = strip_zeros,
     .shows = "silence"},
};

CHECK_FILE(group)
