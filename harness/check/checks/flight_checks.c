/* SPDX-License-Identifier: MIT */
/* What every handshake of the target must be like: well-formed, and with fresh
 * randoms and keys. */
#include "check/checks/all_checks.h"
#include "check/checks/chain_words.h"
#include "check/checks/key_words.h"

#include "sut/virtual_clock.h"

#include <string.h>

#define HANDSHAKES 20

/* ---- P-GEN-5: records and messages are well-formed ---- */

/* What is wrong with a record in the clear; NULL: nothing. */
static const char *fault_of(const struct heard_record *r)
{
    struct dtls_bytes payload = dtls_span_bytes(r->body);
    struct dtls_fragment f;

    if (r->version != DTLS_VERSION_1_2 && r->version != DTLS_VERSION_1_0) {
        return "another version";
    }
    if (payload.len == 0 || payload.len > 1u << 14) {
        return "a bad length";
    }
    if (r->type == DTLS_CHANGE_CIPHER_SPEC) {
        return payload.len == 1 && payload.data[0] == 1 ? NULL : "a bad body";
    }
    if (r->type != DTLS_HANDSHAKE) {
        return "a type that has no place there";
    }
    while (payload.len != 0) {
        if (dtls_fragment_next(&payload, &f) != DTLS_OK) {
            return "fragments that do not add up";
        }
    }
    return NULL;
}

static void read_flights(struct scene *s)
{
    if (!scene_connects(s)) {
        return;
    }
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];
        const char *fault = r->epoch == 0 ? fault_of(r) : NULL;

        scene_expect(s, fault == NULL, "a record of type %u has %s", r->type,
                     fault);
    }
}

static bool say_data_early(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE &&
        (m->type == DTLS_CLIENT_HELLO || m->type == DTLS_SERVER_HELLO_DONE)) {
        (void)wrong_data(w, dtls_bytes_of((const uint8_t *)"early", 5));
    }
    return true;
}

static void chatter(struct wrong *w)
{
    w->says = say_data_early;
}

/* ---- P-GEN-6, P-GEN-8: fresh randoms, fresh keys ---- */

/* The values of several handshakes, as long as the shortest of them. */
static struct {
    uint8_t bytes[HANDSHAKES][DTLS_POINT_MAX];
    size_t len;
    size_t num;
} seen;

static void see(struct scene *s, const char *what, struct dtls_bytes value)
{
    seen.len =
        value.len < sizeof seen.bytes[0] ? value.len : sizeof seen.bytes[0];
    memcpy(seen.bytes[seen.num], value.data, seen.len);
    for (size_t i = 0; i < seen.num; i++) {
        scene_expect(s, memcmp(seen.bytes[i], value.data, seen.len) != 0,
                     "%s comes twice", what);
    }
    seen.num++;
}

/* The first four bytes may be the time; other bytes change. */
static void expect_no_constant_byte(struct scene *s)
{
    for (size_t at = 4; at < seen.len; at++) {
        bool changes = false;

        for (size_t i = 1; i < seen.num; i++) {
            changes = changes || seen.bytes[i][at] != seen.bytes[0][at];
        }
        scene_expect(s, changes, "byte %zu of Random is always the same", at);
    }
}

static void collect_randoms(struct scene *s)
{
    bool is_client = s->peer.role == DTLS_SERVER;

    seen.num = 0;
    for (unsigned i = 0; i < HANDSHAKES; i++) {
        struct hello hello;

        if (i != 0) {
            scene_again(s);
        }
        if (!scene_connects(s)) {
            return;
        }
        hello_hear(s, &hello);
        see(s, "a Random",
            is_client ? hello.client.random : hello.server.random);
        scene_expect(s,
                     is_client || memcmp(hello.server.random.data,
                                         s->peer.session.hs.client_random,
                                         DTLS_RANDOM_LEN) != 0,
                     "the server's Random is the client's");
    }
    expect_no_constant_byte(s);
}

/* A wrong server says the client's Random; a wrong client has a byte that is
 * always the same. */
static enum dtls_status poor_random(void *self, uint8_t *out, size_t len)
{
    enum dtls_status status = DTLS_OK;
    struct peer *peer = self;

    for (size_t i = 0; i < len; i++) {
        peer->random =
            peer->random * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)(peer->random >> 40);
    }
    if (len == DTLS_RANDOM_LEN) {
        out[20] = 0x23;
    }
    return status;
}

static void have_poor_random(struct wrong *w)
{
    w->peer.crypto.random = poor_random;
}

/* ---- P-GEN-7: the time of day in Random ---- */

#define DAY 86400 /* seconds */

static int64_t first_bytes_as_time(struct dtls_bytes random)
{
    return (int64_t)((uint32_t)random.data[0] << 24 |
                     (uint32_t)random.data[1] << 16 |
                     (uint32_t)random.data[2] << 8 | random.data[3]);
}

/* Three random numbers are not all within a day of now. */
static void look_for_time(struct scene *s)
{
    unsigned near = 0;

    for (unsigned i = 0; i < 3; i++) {
        struct hello hello;
        int64_t away;

        if (i != 0) {
            scene_again(s);
        }
        if (!scene_connects(s)) {
            return;
        }
        hello_hear(s, &hello);
        away = chain_now(s) - first_bytes_as_time(s->peer.role == DTLS_SERVER
                                                      ? hello.client.random
                                                      : hello.server.random);
        near += away > -DAY && away < DAY;
    }
    scene_expect(s, near < 3, "Random begins with the time of day");
}

static enum dtls_status random_with_time(void *self, uint8_t *out, size_t len)
{
    enum dtls_status status = poor_random(self, out, len);

    if (len == DTLS_RANDOM_LEN) {
        out[0] = (uint8_t)(SUT_EPOCH >> 24);
        out[1] = (uint8_t)(SUT_EPOCH >> 16);
        out[2] = (uint8_t)(SUT_EPOCH >> 8);
        out[3] = (uint8_t)SUT_EPOCH;
    }
    return status;
}

static void tell_time(struct wrong *w)
{
    w->peer.crypto.random = random_with_time;
}

static void collect_shares(struct scene *s)
{
    seen.num = 0;
    for (unsigned i = 0; i < HANDSHAKES; i++) {
        if (i != 0) {
            scene_again(s);
        }
        if (!scene_connects(s)) {
            return;
        }
        if (s->peer.role == DTLS_CLIENT) {
            see(s, "a public value", key_hear_params(s).point);
        } else {
            see(s, "a public value",
                dtls_span_bytes(
                    scene_hear(s, DTLS_CLIENT_KEY_EXCHANGE, 1)->body));
        }
    }
}

/* The one key that the wrong target has. */
static struct dtls_share old_share;
static uint8_t old_point[DTLS_POINT_MAX];

static enum dtls_status share_again(void *self, struct dtls_share *share,
                                    uint16_t group, uint8_t *out)
{
    enum dtls_status status = DTLS_OK;

    if (group != DTLS_GROUP_X25519) {
        return dtls_libcrypto.share_make(self, share, group, out);
    }
    if (old_share.context == NULL) {
        status = dtls_libcrypto.share_make(self, &old_share, group, old_point);
    }
    *share = old_share;
    memcpy(out, old_point, dtls_group_point_len(group));
    return status;
}

static void keep_share(void *self, struct dtls_share *share)
{
    (void)self;
    *share = (struct dtls_share){0};
}

static void have_one_key(struct wrong *w)
{
    w->peer.crypto.share_make = share_again;
    w->peer.crypto.share_free = keep_share;
}

static const struct check checks[] = {
    {.id = "P-GEN-5",
     .rows = "D6347-4.1-1 D6347-4.2.2-1 D5246-6-1",
     .play = read_flights,
     .strict = "data",
     .wrong = chatter,
     .shows = "a record of type 23 has a type that has no place there"},
    {.id = "P-GEN-6",
     .rows = "D5246-7.4.1.2-2 D5246-7.4.1.3-2",
     .play = collect_randoms,
     .strict = "data",
     .wrong = have_poor_random,
     .shows = "byte 20 of Random is always the same"},
    {.id = "P-GEN-7",
     .rows = "D7925-12-1 T031163-4.2-2",
     .play = look_for_time,
     .strict = "data",
     .wrong = tell_time,
     .shows = "Random begins with the time of day"},
    {.id = "P-GEN-8",
     .rows = "D5246-F.1.1.3-1 D7925-9-1 D9325-7.4-1",
     .suits = suite_is_ecdhe,
     .play = collect_shares,
     .strict = "data",
     .wrong = have_one_key,
     .shows = "a public value comes twice"},
};

CHECK_FILE(flight)
