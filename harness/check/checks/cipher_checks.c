/* SPDX-License-Identifier: MIT */
/* Records that the peer seals by hand: other nonces, tags, paddings and
 * lengths than ours (RFC 5246, 6.2; RFC 5288, 6655, 7905, 7366). */
#include "check/checks/all_checks.h"
#include "check/checks/key_words.h"
#include "check/ics.h"
#include "crypto/stream.h"

#include <string.h>

#define DATA_LEN 24
#define EXPLICIT_LEN 8
#define LONGEST 16384

/* Of this length is the data that shows how long a sealed record is. */
#define MEASURED_LEN 77

/* ---- suites ---- */

static bool is_ccm(const struct dtls_suite *suite)
{
    return suite->cipher == DTLS_CIPHER_CCM ||
           suite->cipher == DTLS_CIPHER_CCM_8;
}

static bool has_explicit_nonce(const struct dtls_suite *suite)
{
    return is_ccm(suite) || suite->cipher == DTLS_CIPHER_GCM;
}

/* None of its messages is cut by max_fragment_length. */
static bool is_short_aead(const struct dtls_suite *suite)
{
    return suite_is_aead(suite) && dtls_suite_is_psk(suite);
}

/* ---- records by hand ---- */

/* Takes the next number and makes the bytes under the MAC or the tag: epoch,
 * number, type, version, length. */
static void make_aad(struct scene *s, uint8_t aad[DTLS_AAD_LEN], size_t len)
{
    const uint16_t epoch = scene_epoch(s);
    const uint64_t number = (*scene_number(s, epoch))++;
    struct dtls_buf out = {aad, 0, DTLS_AAD_LEN};

    if (!dtls_put_u16(&out, epoch) ||
        !dtls_put_u16(&out, (uint16_t)(number >> 32)) ||
        !dtls_put_u16(&out, (uint16_t)(number >> 16)) ||
        !dtls_put_u16(&out, (uint16_t)number) ||
        !dtls_put_u8(&out, DTLS_APPLICATION_DATA) ||
        !dtls_put_u16(&out, DTLS_VERSION_1_2) ||
        !dtls_put_u16(&out, (uint16_t)len)) {
        scene_stop(s, "the record has no room for its header");
    }
}

/* Appends the header of such a record to scene->out. */
static void put_header(struct scene *s, const uint8_t aad[DTLS_AAD_LEN],
                       size_t body_len)
{
    if (!dtls_put_bytes(&s->out, dtls_bytes_of(aad + 8, 3)) ||
        !dtls_put_bytes(&s->out, dtls_bytes_of(aad, 8)) ||
        !dtls_put_u16(&s->out, (uint16_t)body_len)) {
        scene_stop(s, "the datagram has no room for a header");
    }
}

static struct dtls_span put_room(struct scene *s, size_t len)
{
    struct dtls_span room;

    if (!dtls_put_room(&s->out, len, &room)) {
        scene_stop(s, "the datagram is full");
    }
    return room;
}

static struct dtls_protection out_protection(const struct scene *s)
{
    return *dtls_record_layer_protection_out(&s->peer.session.records);
}

/* Appends header, explicit nonce and text of a record of data, and room for
 * its tag, to scene->out.  Returns the body. */
static struct dtls_span put_record(struct scene *s, uint8_t aad[DTLS_AAD_LEN],
                                   const struct dtls_suite *suite,
                                   struct dtls_bytes data)
{
    const size_t prefix = dtls_suite_explicit_len(suite);
    const size_t len = prefix + data.len + dtls_suite_tag_len(suite);
    struct dtls_span body;

    make_aad(s, aad, data.len);
    put_header(s, aad, len);
    body = put_room(s, len);
    memcpy(body.data + prefix, data.data, data.len);
    return body;
}

/* Sends a record of data that `cipher` seals. */
static void send_aead(struct scene *s, struct dtls_cipher *cipher,
                      struct dtls_bytes data)
{
    uint8_t aad[DTLS_AAD_LEN];
    struct dtls_span body = put_record(s, aad, cipher->suite, data);

    if (dtls_libcrypto.aead_seal(&s->peer, cipher, aad, body) != DTLS_OK) {
        scene_stop(s, "the peer cannot seal");
    }
    scene_send(s);
}

/* ---- P-AEA-3: explicit nonces ---- */

/* Sends a record of data under the kept keys.  The explicit part of its nonce
 * is not its number. */
static void send_with_nonce(struct scene *s,
                            const uint8_t explicit_part[EXPLICIT_LEN],
                            struct dtls_bytes data)
{
    uint8_t aad[DTLS_AAD_LEN];
    uint8_t nonce[DTLS_NONCE_LEN];
    struct dtls_span body = put_record(s, aad, key_kept.suite, data);
    uint8_t *text = body.data + EXPLICIT_LEN;
    struct dtls_stream stream;
    bool is_sealed;

    memcpy(body.data, explicit_part, EXPLICIT_LEN);
    memcpy(nonce, key_kept.salt, sizeof nonce);
    memcpy(nonce + DTLS_NONCE_LEN - EXPLICIT_LEN, explicit_part, EXPLICIT_LEN);
    is_sealed =
        dtls_stream_make(
            &stream, key_kept.suite->cipher,
            dtls_bytes_of(key_kept.key, key_kept.suite->key_len)) == DTLS_OK &&
        dtls_stream_begin(&stream, true, nonce, dtls_bytes_of(aad, sizeof aad),
                          data.len) == DTLS_OK &&
        dtls_stream_update(&stream, text, text, data.len) == DTLS_OK &&
        dtls_stream_tag(&stream, text + data.len) == DTLS_OK;
    dtls_stream_free(&stream);
    if (!is_sealed) {
        scene_stop(s, "the peer cannot seal");
    }
    scene_send(s);
}

static void use_other_nonces(struct scene *s)
{
    uint8_t nonce[EXPLICIT_LEN] = {0xa5, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd};
    uint8_t bytes[DATA_LEN];

    s->peer.crypto.cipher_key = key_keep;
    scene_connect(s);
    for (uint8_t i = 5; i != 0; i--) {
        struct dtls_bytes data = scene_make_data(s, bytes, sizeof bytes);

        nonce[EXPLICIT_LEN - 1] = i;
        send_with_nonce(s, nonce, data);
        scene_expect(s, scene_hears(s, data, 1),
                     "a record with a nonce of its own is lost");
    }
}

static bool lose_other_nonce(struct wrong *w, struct wrong_record *r)
{
    return has_explicit_nonce(w->sut.setup.suite) && r->opened &&
           r->wire.type == DTLS_APPLICATION_DATA && r->wire.epoch != 0 &&
           r->wire.body.data[0] == 0xa5;
}

static void insist_on_numbers(struct wrong *w)
{
    w->hears = lose_other_nonce;
}

/* ---- P-AEA-5: tags of CCM ---- */

/* The same key with the other length of the tag, for the peer and for a wrong
 * target. */
struct other_tag {
    struct dtls_suite suite;
    struct dtls_cipher cipher;
};
static struct other_tag of_peer;
static struct other_tag of_wrong;

static enum dtls_status key_other(struct other_tag *other, void *self,
                                  const struct dtls_suite *suite,
                                  const struct dtls_cipher_keys *keys,
                                  bool seal)
{
    dtls_libcrypto.cipher_free(self, &other->cipher);
    other->suite = *suite;
    other->suite.cipher =
        suite->cipher == DTLS_CIPHER_CCM ? DTLS_CIPHER_CCM_8 : DTLS_CIPHER_CCM;
    return dtls_libcrypto.cipher_key(self, &other->cipher, &other->suite, keys,
                                     seal);
}

static enum dtls_status key_to_seal(void *self, struct dtls_cipher *cipher,
                                    const struct dtls_suite *suite,
                                    const struct dtls_cipher_keys *keys,
                                    bool seal)
{
    enum dtls_status status =
        seal ? key_other(&of_peer, self, suite, keys, seal) : DTLS_OK;

    return status != DTLS_OK
               ? status
               : dtls_libcrypto.cipher_key(self, cipher, suite, keys, seal);
}

static enum dtls_status key_to_open(void *self, struct dtls_cipher *cipher,
                                    const struct dtls_suite *suite,
                                    const struct dtls_cipher_keys *keys,
                                    bool seal)
{
    enum dtls_status status =
        !seal && is_ccm(suite) ? key_other(&of_wrong, self, suite, keys, seal)
                               : DTLS_OK;

    return status != DTLS_OK
               ? status
               : dtls_libcrypto.cipher_key(self, cipher, suite, keys, seal);
}

static void use_other_tag(struct scene *s)
{
    uint8_t bytes[DATA_LEN];
    struct dtls_bytes data;

    s->peer.crypto.cipher_key = key_to_seal;
    scene_connect(s);
    data = scene_make_data(s, bytes, sizeof bytes);
    send_aead(s, &of_peer.cipher, data);
    dtls_libcrypto.cipher_free(&s->peer, &of_peer.cipher);
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1),
                 "a record with a tag of another length is taken");
    s->hopes = true;
}

/* Opens what the suite's own tag does not fit. */
static bool echo_other_tag(struct wrong *w, struct wrong_record *r)
{
    const size_t fixed = EXPLICIT_LEN + dtls_suite_tag_len(&of_wrong.suite);
    uint8_t aad[DTLS_AAD_LEN] = {0, 1, [8] = DTLS_APPLICATION_DATA, 0xfe,
                                 0xfd};
    struct dtls_span text;

    if (!is_ccm(w->sut.setup.suite) || !peer_is_connected(&w->peer) ||
        r->opened || r->wire.epoch != 1 || r->wire.body.len <= fixed) {
        return false;
    }
    text = (struct dtls_span){r->wire.body.data + EXPLICIT_LEN,
                              r->wire.body.len - fixed};
    for (unsigned i = 0; i < 6; i++) {
        aad[7 - i] = (uint8_t)(r->wire.seq >> 8 * i);
    }
    aad[11] = (uint8_t)(text.len >> 8);
    aad[12] = (uint8_t)text.len;
    return dtls_libcrypto.aead_open(&w->peer, &of_wrong.cipher, aad,
                                    r->wire.body) == DTLS_OK &&
           wrong_data(w, dtls_span_bytes(text));
}

static void take_any_tag(struct wrong *w)
{
    w->peer.crypto.cipher_key = key_to_open;
    w->hears = echo_other_tag;
}

/* ---- P-AEA-5: the length of a sealed record ---- */

/* Looks at the datagram as it came: what scene->heard keeps is opened. */
static void measure_record(struct scene *s)
{
    const struct dtls_suite *suite = s->setup->target.suite;
    const size_t expansion = EXPLICIT_LEN + dtls_suite_tag_len(suite);
    uint8_t bytes[MEASURED_LEN];
    struct dtls_bytes datagram;
    size_t len;

    scene_connect(s);
    (void)scene_put_data(s, bytes, sizeof bytes);
    scene_send(s);
    do {
        if (!line_next(&s->line, &datagram, s->line.now + s->setup->live_ms)) {
            scene_stop(s, "data does not come back");
        }
    } while (datagram.len < DTLS_RECORD_HEADER_LEN ||
             datagram.data[0] != DTLS_APPLICATION_DATA);
    len = (size_t)(datagram.data[11] << 8 | datagram.data[12]);
    scene_expect(s, len == MEASURED_LEN + expansion,
                 "a record is %zu bytes long, not %zu", len,
                 MEASURED_LEN + expansion);
}

/* Answers that data with a record that is 8 bytes longer. */
static bool say_longer(struct wrong *w, struct wrong_record *r)
{
    const struct sut_host *host = &w->sut.setup.host;
    uint8_t bytes[256];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    if (!is_ccm(w->sut.setup.suite) || !r->opened ||
        r->wire.type != DTLS_APPLICATION_DATA ||
        r->plain.len != MEASURED_LEN) {
        return false;
    }
    peer_put_data(&w->peer, &out, dtls_span_bytes(r->plain));
    memset(bytes + out.len, 0, 8);
    bytes[12] = (uint8_t)(bytes[12] + 8);
    host->send(host->self, dtls_bytes_of(bytes, out.len + 8));
    return true;
}

static void seal_longer(struct wrong *w)
{
    w->hears = say_longer;
}

/* ---- P-AEA-7: the longest record ---- */

static void send_longest(struct scene *s, size_t len)
{
    static uint8_t bytes[LONGEST + 1];
    struct dtls_protection p = out_protection(s);

    send_aead(s, &p.cipher, scene_make_data(s, bytes, len));
}

/* Bytes of data that have come back after `before` records. */
static size_t bytes_since(const struct scene *s, size_t before)
{
    size_t len = 0;

    for (size_t i = before; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        len += r->type == DTLS_APPLICATION_DATA && r->opened ? r->body.len : 0;
    }
    return len;
}

static void send_longest_by_cbc(struct scene *s, size_t len)
{
    static uint8_t bytes[LONGEST];

    peer_put_record(&s->peer, &s->out, scene_epoch(s), DTLS_APPLICATION_DATA,
                    scene_make_data(s, bytes, len));
    scene_send(s);
}

/* Few targets can send so much back.  Whether it was taken shows in the window
 * that it has moved: a record from before that window does not come back. */
static void move_window(struct scene *s,
                        void (*send)(struct scene *s, size_t len))
{
    uint8_t bytes[DATA_LEN];
    uint8_t old[256];
    struct dtls_buf copy = {old, 0, sizeof old};
    struct dtls_bytes data;

    scene_connect(s);
    data = scene_put_data(s, bytes, sizeof bytes);
    if (!dtls_put_bytes(&copy, dtls_buf_bytes(&s->out))) {
        scene_stop(s, "the record is too long");
    }
    s->out.len = 0;
    *scene_number(s, scene_epoch(s)) +=
        ics_number(s->setup->ics, ICS_replay_window) + 100;
    send(s, LONGEST);
    scene_say_bytes(s, dtls_buf_bytes(&copy));
    s->hopes = false;
    scene_expect(s, !scene_hears(s, data, 1), "a record of %d bytes is lost",
                 LONGEST);
    s->hopes = true;
}

static void take_longest(struct scene *s)
{
    move_window(s, send_longest);
}

static void take_longest_by_cbc(struct scene *s)
{
    move_window(s, send_longest_by_cbc);
}

static void take_too_much(struct scene *s)
{
    size_t before;

    scene_connect(s);
    before = s->heard.num_records;
    send_longest(s, LONGEST + 1);
    scene_pause(s);
    scene_expect(s, bytes_since(s, before) == 0,
                 "a record of %d bytes is taken", LONGEST + 1);
}

static bool lose_longest(struct wrong *w, struct wrong_record *r)
{
    (void)w;
    return r->opened && r->plain.len == LONGEST;
}

static void keep_below_longest(struct wrong *w)
{
    w->hears = lose_longest;
}

static bool echo_beginning(struct wrong *w, struct wrong_record *r)
{
    return r->opened && r->wire.epoch != 0 && r->plain.len == LONGEST + 1 &&
           wrong_data(w, dtls_bytes_of(r->plain.data, 1000));
}

static void echo_too_much(struct wrong *w)
{
    w->hears = echo_beginning;
}

/* ---- P-LIM-4: records above the agreed length ---- */

#define AGREED 512

static struct dtls_protection agree_on_length(struct scene *s)
{
    struct dtls_bytes data;
    struct hello answer;

    s->peer.config.max_fragment_length = AGREED;
    scene_connect(s);
    hello_hear(s, &answer);
    if (!hello_has(&answer, 1, &data)) {
        scene_stop(s, "the target does not agree to max_fragment_length");
    }
    return out_protection(s);
}

static void send_above_agreed(struct scene *s)
{
    uint8_t bytes[AGREED + 1];
    struct dtls_protection p = agree_on_length(s);
    const size_t before = s->heard.num_records;

    send_aead(s, &p.cipher, scene_make_data(s, bytes, sizeof bytes));
    scene_pause(s);
    scene_expect(s, bytes_since(s, before) == 0,
                 "a record of %zu bytes is taken", sizeof bytes);
}

static bool echo_above_agreed(struct wrong *w, struct wrong_record *r)
{
    return r->opened && r->wire.epoch != 0 && r->plain.len == AGREED + 1 &&
           wrong_data(w, dtls_bytes_of(r->plain.data, AGREED));
}

static void take_above_agreed(struct wrong *w)
{
    w->hears = echo_above_agreed;
}

static void forge_above_agreed(struct scene *s)
{
    uint8_t body[AGREED + 100] = {0};
    uint8_t aad[DTLS_AAD_LEN];

    (void)agree_on_length(s);
    make_aad(s, aad, sizeof body);
    put_header(s, aad, sizeof body);
    memcpy(put_room(s, sizeof body).data, body, sizeof body);
    scene_send(s);
}

static bool refuse_forged(struct wrong *w, struct wrong_record *r)
{
    return !r->opened && peer_is_connected(&w->peer) && r->wire.epoch == 1 &&
           r->wire.body.len == AGREED + 100 && wrong_alert(w, 22);
}

static void tell_forger(struct wrong *w)
{
    w->hears = refuse_forged;
}

/* ---- P-CBC-2: padding ---- */

/* The bytes that CBC encrypts, padded to whole blocks, and the IV before
 * them. */
static struct dtls_span put_blocks(struct scene *s, struct dtls_bytes data,
                                   size_t mac_len, size_t padding)
{
    struct dtls_span iv = put_room(s, DTLS_CBC_BLOCK);
    struct dtls_span blocks = put_room(s, data.len + mac_len + padding);

    memset(iv.data, (int)padding, iv.len);
    memcpy(blocks.data, data.data, data.len);
    memset(blocks.data + data.len + mac_len, (int)padding - 1, padding);
    return blocks;
}

static void encrypt(struct scene *s, struct dtls_cipher *cipher,
                    struct dtls_span blocks)
{
    if (dtls_libcrypto.cbc_encrypt(&s->peer, cipher,
                                   blocks.data - DTLS_CBC_BLOCK,
                                   blocks) != DTLS_OK) {
        scene_stop(s, "the peer cannot encrypt");
    }
}

static void put_mac(struct scene *s, struct dtls_cipher *cipher,
                    const uint8_t aad[DTLS_AAD_LEN], struct dtls_bytes content,
                    uint8_t *out)
{
    const struct dtls_bytes parts[] = {dtls_bytes_of(aad, DTLS_AAD_LEN),
                                       content};

    if (dtls_libcrypto.mac(&s->peer, cipher, out, parts, 2) != DTLS_OK) {
        scene_stop(s, "the peer cannot make a MAC");
    }
}

/* MAC-then-encrypt (RFC 5246, 6.2.3.2). */
static void put_mac_first(struct scene *s, struct dtls_bytes data,
                          size_t padding)
{
    struct dtls_protection p = out_protection(s);
    const size_t mac_len = dtls_suite_mac_len(p.cipher.suite);
    uint8_t aad[DTLS_AAD_LEN];
    struct dtls_span blocks;

    make_aad(s, aad, data.len);
    put_header(s, aad, DTLS_CBC_BLOCK + data.len + mac_len + padding);
    blocks = put_blocks(s, data, mac_len, padding);
    put_mac(s, &p.cipher, aad, data, blocks.data + data.len);
    encrypt(s, &p.cipher, blocks);
}

/* encrypt-then-MAC (RFC 7366, 3). */
static void put_mac_last(struct scene *s, struct dtls_bytes data,
                         size_t padding)
{
    struct dtls_protection p = out_protection(s);
    const size_t mac_len = dtls_suite_mac_len(p.cipher.suite);
    const size_t len = DTLS_CBC_BLOCK + data.len + padding;
    uint8_t aad[DTLS_AAD_LEN];
    struct dtls_span blocks;

    make_aad(s, aad, len);
    put_header(s, aad, len + mac_len);
    blocks = put_blocks(s, data, 0, padding);
    encrypt(s, &p.cipher, blocks);
    put_mac(s, &p.cipher, aad,
            dtls_bytes_of(blocks.data - DTLS_CBC_BLOCK, len),
            put_room(s, mac_len).data);
}

/* Padding of each length up to 256 bytes, of which one says how long it is. */
static void pad_in_each_way(struct scene *s)
{
    bool mac_last;
    size_t padding;
    uint8_t bytes[DATA_LEN];

    scene_connect(s);
    mac_last = s->peer.session.hs.agreed.encrypt_then_mac;
    padding = DATA_LEN;
    if (!mac_last) {
        padding += dtls_suite_mac_len(s->setup->target.suite);
    }
    padding = DTLS_CBC_BLOCK - padding % DTLS_CBC_BLOCK;
    for (; padding <= 256; padding += DTLS_CBC_BLOCK) {
        struct dtls_bytes data = scene_make_data(s, bytes, sizeof bytes);

        (mac_last ? put_mac_last : put_mac_first)(s, data, padding);
        scene_send(s);
        scene_expect(s, scene_hears(s, data, 1),
                     "a record with %zu bytes of padding is lost", padding);
    }
}

static void pad_without_etm(struct scene *s)
{
    hello_say_without(s, 22);
    s->peer.session.hs.encrypt_then_mac = false;
    pad_in_each_way(s);
}

static bool lose_padded(struct wrong *w, struct wrong_record *r)
{
    return suite_is_cbc(w->sut.setup.suite) && peer_is_connected(&w->peer) &&
           r->opened && r->wire.epoch != 0 &&
           r->wire.body.len - r->plain.len > 128 && r->plain.len != 0;
}

static void bear_little_padding(struct wrong *w)
{
    w->hears = lose_padded;
}

static const struct check checks[] = {
    {.id = "P-AEA-3",
     .rows = "D5288-3-4",
     .matters = CHECK_EACH_CIPHER,
     .suits = has_explicit_nonce,
     .needs_echo = true,
     .play = use_other_nonces,
     .strict = "data",
     .wrong = insist_on_numbers,
     .shows = "a record with a nonce of its own is lost"},
    {.id = "P-AEA-5",
     .rows = "D6655-6.1-1",
     .matters = CHECK_EACH_SUITE,
     .suits = is_ccm,
     .needs_echo = true,
     .play = use_other_tag,
     .strict = "data",
     .wrong = take_any_tag,
     .shows = "a record with a tag of another length is taken"},
    {.id = "P-AEA-5.length",
     .rows = "D6655-3-1 D8442-3-4",
     .matters = CHECK_EACH_SUITE,
     .suits = is_ccm,
     .needs_echo = true,
     .play = measure_record,
     .strict = "data",
     .wrong = seal_longer,
     .shows = "a record is * bytes long, not *"},
    {.id = "P-AEA-7",
     .rows = "D5246-6.2.3-2",
     .matters = CHECK_EACH_CIPHER,
     .suits = suite_is_aead,
     .needs_echo = true,
     .when = "replay,large",
     .play = take_longest,
     .strict = "data",
     .wrong = keep_below_longest,
     .shows = "a record of 16384 bytes is lost"},
    {.id = "P-REC-19",
     .rows = "D5246-6.2.3-2",
     .suits = suite_is_cbc,
     .needs_echo = true,
     .when = "replay,large",
     .play = take_longest_by_cbc,
     .strict = "data",
     .wrong = keep_below_longest,
     .shows = "a record of 16384 bytes is lost"},
    {.id = "P-AEA-7.above",
     .rows = "D5246-6.2.1-5",
     .matters = CHECK_EACH_CIPHER,
     .suits = suite_is_aead,
     .needs_echo = true,
     .when = "large",
     .play = take_too_much,
     .strict = "data | alert 22",
     .wrong = echo_too_much,
     .shows = "a record of 16385 bytes is taken"},
    {.id = "P-LIM-4",
     .roles = CHECK_SERVER,
     .rows = "D6066-4-8",
     .when = "mfl",
     .matters = CHECK_EACH_CIPHER,
     .suits = is_short_aead,
     .needs_echo = true,
     .play = send_above_agreed,
     .strict = "data | alert 22",
     .wrong = take_above_agreed,
     .shows = "a record of 513 bytes is taken"},
    {.id = "P-LIM-4.forged",
     .roles = CHECK_SERVER,
     .rows = "D6066-4-9",
     .when = "mfl",
     .matters = CHECK_EACH_CIPHER,
     .suits = is_short_aead,
     .play = forge_above_agreed,
     .strict = "data",
     .wrong = tell_forger,
     .shows = "alert 22"},
    {.id = "P-CBC-2",
     .rows = "D5246-6.2.3.2-6",
     .matters = CHECK_EACH_SUITE,
     .suits = suite_is_cbc,
     .needs_echo = true,
     .play = pad_in_each_way,
     .strict = "data",
     .wrong = bear_little_padding,
     .shows = "a record with * bytes of padding is lost"},
    {.id = "P-CBC-2.mac_first",
     .rows = "D5246-6.2.3.2-6",
     .matters = CHECK_EACH_SUITE,
     .suits = suite_is_cbc,
     .needs_echo = true,
     .play = pad_without_etm,
     .strict = "data",
     .wrong = bear_little_padding,
     .shows = "a record with * bytes of padding is lost"},
};

CHECK_FILE(cipher)
