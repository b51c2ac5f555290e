/* SPDX-License-Identifier: MIT */
/* The gate and the session judge a ClientHello's first record alike: both are
 * asked with the same datagram.  What the gate lets through the session reads,
 * or a slot is taken for nothing; what it discards the session would not have
 * read, except for the rows of `stricter`. */
#include "kit/kit.h"
#include "sim/pair.h"

/* Where the fields of a datagram are. */
enum {
    RECORD_VERSION = 1,
    RECORD_EPOCH = 3,
    RECORD_SEQ = 5,
    RECORD_LENGTH = 11,
    MESSAGE_LENGTH = 14,
    MESSAGE_SEQ = 17,
    MESSAGE_OFFSET = 19,
    FRAGMENT_LENGTH = 22,
    BODY = 25,
    HEADERS = 25
};

/* What the fields of a hello are made of. */
struct parts {
    uint8_t session_id_len;
    uint8_t cookie_len;
    uint16_t suites_len;
    uint8_t compression_len;
    bool gate_cookie; /* the cookie is the gate's; its length is then 32 */
};

struct wire {
    uint8_t data[DTLS_RECORD_HEADER_LEN + DTLS_CIPHERTEXT_MAX + 16];
    size_t len;
};

enum reading { DROPPED, KEPT, TAKEN, FAILED };

static struct sim_pair pair;
static bool with_cookies;
static unsigned accepted; /* so that no walk is without a datagram that is */
static unsigned discarded;

static void begin(bool cookies)
{
    sim_pair_init(&pair, 13);
    with_cookies = cookies;
    pair.listener.without_cookies = !cookies;
    accepted = 0;
    discarded = 0;
}

static void end(void)
{
    sim_pair_free(&pair);
    assert_true(accepted != 0 && discarded != 0);
}

static void put(struct wire *w, size_t at, size_t len, uint64_t value)
{
    for (size_t i = len; i-- > 0; value >>= 8) {
        w->data[at + i] = (uint8_t)value;
    }
}

static uint64_t get(const struct wire *w, size_t at, size_t len)
{
    uint64_t value = 0;

    for (size_t i = 0; i < len; i++) {
        value = value << 8 | w->data[at + i];
    }
    return value;
}

/* The whole message in one record. */
static void put_headers(struct wire *w)
{
    size_t body_len = w->len - HEADERS;

    w->data[0] = DTLS_HANDSHAKE;
    put(w, RECORD_VERSION, 2, DTLS_VERSION_1_2);
    put(w, RECORD_EPOCH, 2, 0);
    put(w, RECORD_SEQ, 6, 0x23456789ab);
    put(w, RECORD_LENGTH, 2, DTLS_FRAGMENT_HEADER_LEN + body_len);
    w->data[RECORD_LENGTH + 2] = DTLS_CLIENT_HELLO;
    put(w, MESSAGE_LENGTH, 3, body_len);
    put(w, MESSAGE_SEQ, 2, with_cookies ? 0x0102 : 0);
    put(w, MESSAGE_OFFSET, 3, 0);
    put(w, FRAGMENT_LENGTH, 3, body_len);
}

static void add(struct wire *w, const void *bytes, size_t len)
{
    memcpy(&w->data[w->len], bytes, len);
    w->len += len;
}

static void add_vector(struct wire *w, size_t prefix, const uint8_t *bytes,
                       size_t len)
{
    put(w, w->len, prefix, len);
    w->len += prefix;
    add(w, bytes, len);
}

static void make_wire(struct wire *w, const struct parts *p,
                      const uint8_t *cookie)
{
    static uint8_t bytes[UINT16_MAX];
    static const uint8_t head[34] = {0xfe, 0xfd, 0x12, 0x34, 0x56};

    w->len = HEADERS;
    add(w, head, sizeof head);
    add_vector(w, 1, bytes, p->session_id_len);
    add_vector(w, 1, cookie, p->cookie_len);
    bytes[0] = 0xc0;
    bytes[1] = 0xa8;
    add_vector(w, 2, bytes, p->suites_len);
    bytes[0] = 0;
    bytes[1] = 0;
    add_vector(w, 1, bytes, p->compression_len);
    put_headers(w);
}

static enum dtls_gate ask_gate(const struct wire *w, struct dtls_buf *reply,
                               struct dtls_gate_pass *pass)
{
    uint8_t *block = kit_exact(dtls_bytes_of(w->data, w->len));
    enum dtls_gate gate =
        dtls_listener_gate(&pair.listener, reply, pass, &pair.client_address,
                           (struct dtls_span){block, w->len}, pair.net.now);

    free(block);
    return gate;
}

/* A hello of these parts.  If the gate does not answer it, its cookie is
 * zero. */
static void make_hello(struct wire *w, struct parts p)
{
    uint8_t cookie[255] = {0};
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;

    if (with_cookies && p.gate_cookie) {
        p.cookie_len = 0;
        make_wire(w, &p, cookie);
        if (ask_gate(w, &reply, &pass) == DTLS_GATE_REPLY) {
            memcpy(cookie, &bytes[reply.len - DTLS_COOKIE_LEN],
                   DTLS_COOKIE_LEN);
        }
        p.cookie_len = DTLS_COOKIE_LEN;
    }
    make_wire(w, &p, cookie);
}

static const struct parts usual = {
    .suites_len = 4, .compression_len = 1, .gate_cookie = true};

/* Asks a new session. */
static enum reading ask_session(const struct wire *w,
                                const struct dtls_gate_pass *pass)
{
    struct dtls_session *s = &pair.ends[SIM_SERVER].session;
    uint8_t *block = kit_exact(dtls_bytes_of(w->data, w->len));
    struct dtls_span datagram = {block, w->len};
    struct dtls_span data;
    enum reading reading = DROPPED;

    dtls_session_accept(s, &pair.ends[SIM_SERVER].room, pass, pair.net.now);
    assert_int_equal(dtls_session_deadline(s), pair.net.now + DTLS_HELLO_MS);
    while (datagram.len != 0) {
        enum dtls_event event =
            dtls_session_read(s, &datagram, &data, pair.net.now);

        assert_true(event == DTLS_EVENT_NONE || event == DTLS_EVENT_FAILED);
    }
    if (s->phase == DTLS_PHASE_FAILED) {
        reading = FAILED;
    } else if (s->hs.step != DTLS_SERVER_CLIENT_HELLO) {
        reading = TAKEN;
    } else if (s->hs.in.slots[0].used) {
        reading = KEPT;
    }
    assert_true(s->phase == DTLS_PHASE_FAILED ||
                dtls_session_deadline(s) != DTLS_NEVER);
    dtls_session_free(s);
    free(block);
    return reading;
}

static bool is_behind_the_front(const struct wire *w)
{
    size_t cookie = 35 + (size_t)w->data[BODY + 34];
    size_t len = (size_t)get(w, FRAGMENT_LENGTH, 3);

    return get(w, MESSAGE_OFFSET, 3) != 0 || len <= cookie ||
           len <= cookie + w->data[BODY + cookie];
}

/* Where the gate discards what a session would read, and why: without state it
 * cannot put a front together; numbers must not run out; a client whose first
 * ClientHello is not number 0 is in the middle of something else. */
static bool is_stricter(const struct wire *w)
{
    return (with_cookies && is_behind_the_front(w)) ||
           get(w, RECORD_SEQ, 6) > DTLS_LISTENER_SEQ_MAX ||
           get(w, MESSAGE_SEQ, 2) > DTLS_LISTENER_MESSAGE_SEQ_MAX ||
           (!with_cookies && get(w, MESSAGE_SEQ, 2) != 0);
}

/* A ClientHello that gets a HelloVerifyRequest can be read as well. */
static void ask_both(const struct wire *w)
{
    uint8_t bytes[64];
    struct dtls_buf reply = {bytes, 0, sizeof bytes};
    struct dtls_gate_pass pass;
    enum dtls_gate gate = ask_gate(w, &reply, &pass);
    enum reading reading;

    if (gate != DTLS_GATE_ACCEPT) {
        pass = (struct dtls_gate_pass){
            .message_seq = (uint16_t)get(w, MESSAGE_SEQ, 2),
            .record_seq = get(w, RECORD_SEQ, 6),
        };
    }
    reading = ask_session(w, &pass);
    if (gate != DTLS_GATE_DISCARD) {
        assert_true(reading != DROPPED);
    } else {
        assert_true(reading == DROPPED || reading == FAILED || is_stricter(w));
    }
    accepted += gate == DTLS_GATE_ACCEPT;
    discarded += gate == DTLS_GATE_DISCARD;
}

static void in_both_modes(void (*walk)(void))
{
    for (int cookies = 0; cookies < 2; cookies++) {
        kit_row("%s cookies", cookies ? "with" : "without");
        begin(cookies != 0);
        walk();
        end();
    }
}

static const char *mode(void)
{
    return with_cookies ? "with cookies" : "without cookies";
}

/* Tries every value of each byte from `first` up to `end`. */
static void walk_bytes(size_t first, size_t end)
{
    struct wire w;

    make_hello(&w, usual);
    for (size_t at = first; at < end && at < w.len; at++) {
        uint8_t right = w.data[at];

        kit_row("%s: byte %zu", mode(), at);
        for (unsigned value = 0; value < 256; value++) {
            kit_row("%s: byte %zu is %02x", mode(), at, value);
            w.data[at] = (uint8_t)value;
            ask_both(&w);
        }
        w.data[at] = right;
    }
}

static void walk_header_bytes(void)
{
    walk_bytes(0, HEADERS);
}

static void each_byte_of_both_headers(void **state)
{
    (void)state;
    in_both_modes(walk_header_bytes);
}

/* Values of a field of two bytes from end to end, and all of them near the
 * ends of what is allowed: 0, ff 00, fe fd, fe ff. */
static void walk_field(size_t at)
{
    struct wire w;

    make_hello(&w, usual);
    for (unsigned value = 0; value <= UINT16_MAX;
         value += value < 0x100 || value >= 0xfe00 ? 1 : 31) {
        kit_row("%s: bytes %zu and %zu are %04x", mode(), at, at + 1, value);
        put(&w, at, 2, value);
        ask_both(&w);
    }
}

static void walk_versions(void)
{
    walk_field(RECORD_VERSION);
}

static void walk_epochs(void)
{
    walk_field(RECORD_EPOCH);
}

static void walk_message_seqs(void)
{
    walk_field(MESSAGE_SEQ);
}

static void versions_epochs_and_message_seqs(void **state)
{
    (void)state;
    in_both_modes(walk_versions);
    in_both_modes(walk_epochs);
    in_both_modes(walk_message_seqs);
}

static void walk_sequence_numbers(void)
{
    static const uint64_t edges[] = {0, 0xffff, DTLS_LISTENER_SEQ_MAX,
                                     DTLS_SEQ_MAX};
    struct wire w;

    make_hello(&w, usual);
    for (size_t i = 0; i < LEN(edges); i++) {
        for (uint64_t by = 0; by < 3; by++) {
            put(&w, RECORD_SEQ, 6, edges[i] + by);
            kit_row("%s: number %012llx", mode(),
                    (unsigned long long)get(&w, RECORD_SEQ, 6));
            ask_both(&w);
        }
    }
}

static void sequence_numbers(void **state)
{
    (void)state;
    in_both_modes(walk_sequence_numbers);
}

static bool is_near_a_bound(size_t len)
{
    return len < 200 ||
           (len > DTLS_PLAINTEXT_MAX - 100 &&
            len < DTLS_PLAINTEXT_MAX + 100) ||
           len > DTLS_CIPHERTEXT_MAX - 100;
}

/* The record has `len` bytes, and the datagram no others. */
static void walk_record_lengths(void)
{
    struct wire w;
    size_t whole;

    make_hello(&w, usual);
    whole = w.len;
    memset(&w.data[whole], 0, sizeof w.data - whole);
    for (size_t len = 0; len <= DTLS_CIPHERTEXT_MAX + 2;
         len += is_near_a_bound(len) ? 1 : 61) {
        kit_row("%s: a record of %zu bytes", mode(), len);
        put(&w, RECORD_LENGTH, 2, len);
        w.len = DTLS_RECORD_HEADER_LEN + len;
        ask_both(&w);
        /* And a fragment that fills it, of a message as long. */
        if (len > whole) {
            put(&w, MESSAGE_LENGTH, 3, len - DTLS_FRAGMENT_HEADER_LEN + 1);
            put(&w, FRAGMENT_LENGTH, 3, len - DTLS_FRAGMENT_HEADER_LEN);
            ask_both(&w);
            put(&w, MESSAGE_LENGTH, 3, whole - HEADERS);
            put(&w, FRAGMENT_LENGTH, 3, whole - HEADERS);
        }
    }
}

static void records_of_every_length(void **state)
{
    (void)state;
    in_both_modes(walk_record_lengths);
}

/* A fragment of a message of `message_len` bytes.  The bytes are those of the
 * whole message, as far as it has any. */
static void ask_fragment(const struct wire *whole, size_t message_len,
                         size_t offset, size_t len)
{
    size_t body_len = whole->len - HEADERS;
    struct wire w = *whole;

    kit_row("%s: bytes %zu to %zu of %zu", mode(), offset, offset + len,
            message_len);
    memset(&w.data[BODY], 0, len);
    for (size_t i = 0; i < len && offset + i < body_len; i++) {
        w.data[BODY + i] = whole->data[BODY + offset + i];
    }
    w.len = HEADERS + len;
    put(&w, RECORD_LENGTH, 2, DTLS_FRAGMENT_HEADER_LEN + len);
    put(&w, MESSAGE_LENGTH, 3, message_len);
    put(&w, MESSAGE_OFFSET, 3, offset);
    put(&w, FRAGMENT_LENGTH, 3, len);
    ask_both(&w);
}

static void walk_fragments(void)
{
    static const size_t more[] = {
        0, 1, 2, 3, 100, 17776, 17777, 20000, 131072, 16777214, 16777215};
    struct wire w;
    size_t body_len;

    make_hello(&w, usual);
    body_len = w.len - HEADERS;
    for (size_t offset = 0; offset <= body_len + 1; offset++) {
        for (size_t len = 0; len <= body_len - offset + 2; len++) {
            ask_fragment(&w, body_len, offset, len);
        }
    }
    for (size_t len = 0; len <= body_len; len++) {
        for (size_t i = 0; i < LEN(more); i++) {
            ask_fragment(&w, more[i], 0, len);
            ask_fragment(&w, body_len + more[i], 0, len);
            ask_fragment(&w, len, 0, len);
        }
    }
}

static void fragments_of_every_place_and_length(void **state)
{
    (void)state;
    in_both_modes(walk_fragments);
}

static void ask_parts(const struct parts *p)
{
    struct wire w;

    kit_row("%s: session_id %u, cookie %u, suites %u, compression %u", mode(),
            p->session_id_len, p->cookie_len, p->suites_len,
            p->compression_len);
    make_hello(&w, *p);
    ask_both(&w);
}

static void walk_vectors(void)
{
    static const uint16_t long_lists[] = {998, 999, 1000, 15999, 16000};

    for (unsigned len = 0; len <= 255; len++) {
        struct parts p = usual;

        p.session_id_len = (uint8_t)len;
        ask_parts(&p);
        p = usual;
        p.suites_len = (uint16_t)len;
        ask_parts(&p);
        p = usual;
        p.compression_len = (uint8_t)len;
        ask_parts(&p);
        p = usual;
        p.gate_cookie = false;
        p.cookie_len = (uint8_t)len;
        ask_parts(&p);
    }
    for (size_t i = 0; i < LEN(long_lists); i++) {
        struct parts p = usual;

        p.suites_len = long_lists[i];
        ask_parts(&p);
    }
}

static void vectors_of_every_length(void **state)
{
    (void)state;
    in_both_modes(walk_vectors);
}

/* Each byte of the body, and the length of each vector among them. */
static void walk_body_bytes(void)
{
    walk_bytes(BODY, SIZE_MAX);
}

static void each_byte_of_the_body(void **state)
{
    (void)state;
    in_both_modes(walk_body_bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_byte_of_both_headers),
        cmocka_unit_test(versions_epochs_and_message_seqs),
        cmocka_unit_test(sequence_numbers),
        cmocka_unit_test(records_of_every_length),
        cmocka_unit_test(fragments_of_every_place_and_length),
        cmocka_unit_test(vectors_of_every_length),
        cmocka_unit_test(each_byte_of_the_body),
    };

    return kit_run(tests);
}
