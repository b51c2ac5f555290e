/* SPDX-License-Identifier: MIT */
/* The words of scripts (check/scene.h). */
#include "check/scene.h"

#include "check/evidence.h"
#include "check/scene_ways.h"
#include "sut/virtual_clock.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROUNDS 12      /* more flights than any handshake has */
#define SEALING_MAX 80 /* bytes that a sealed record may be longer */
#define PROBE_LEN 20   /* bytes of application data */
#define LEAST_OF_HELLO 111
#define OTHER_ROUND 5000 /* no play has as many rounds */
#define LEAST_PIECE 16   /* bytes for which the rest of a datagram is used */

/* ---- how a play ends ---- */

void scene_expect(struct scene *s, bool holds, const char *format, ...)
{
    va_list more;

    if (holds || s->broken) {
        return;
    }
    s->broken = true;
    va_start(more, format);
    (void)vsnprintf(s->why, sizeof s->why, format, more);
    va_end(more);
}

void scene_stop(struct scene *s, const char *format, ...)
{
    va_list more;

    if (!s->broken) {
        s->stopped = true;
        va_start(more, format);
        (void)vsnprintf(s->why, sizeof s->why, format, more);
        va_end(more);
    }
    longjmp(s->end, 1);
}

/* What stood in the way, for scene_stop. */
static const char *obstacle(const struct scene *s)
{
    if (s->heard.phrase[0] != '\0') {
        return s->heard.phrase;
    }
    if (s->line.sut->why[0] != '\0') {
        return s->line.sut->why;
    }
    if (s->probes != 0 && peer_has_settled(&s->peer)) {
        return "a handshake works, but no data come back: should echo = no "
               "stand in the IXIT?";
    }
    if (s->heard.num_foreign != 0) {
        return "it sends datagrams that are not DTLS";
    }
    return s->heard.num_datagrams == 0 ? "it says nothing"
                                       : "it says nothing more";
}

/* ---- waiting ---- */

static bool is_over(const struct scene *s)
{
    return s->heard.fatal || s->heard.closed;
}

/* What a wait is for. */
struct wish {
    bool (*came)(const struct scene *s, const struct wish *wish);
    uint8_t type;           /* of a message */
    struct dtls_bytes data; /* that is to come back */
    unsigned num;           /* so often */
    size_t phrase_len;      /* when the wait began */
    bool had_settled;       /* the same */
};

/* Has the peer got an answer to give, or has something happened? */
static bool reaction_came(const struct scene *s, const struct wish *wish)
{
    return dtls_session_has_output(&s->peer.session) ||
           strlen(s->heard.phrase) != wish->phrase_len ||
           (peer_has_settled(&s->peer) && !wish->had_settled);
}

static bool message_came(const struct scene *s, const struct wish *wish)
{
    return heard_count(&s->heard, wish->type) >= wish->num;
}

static bool close_came(const struct scene *s, const struct wish *wish)
{
    (void)wish;
    return s->heard.closed;
}

static bool data_came(const struct scene *s, const struct wish *wish)
{
    return heard_data(&s->heard, wish->data) >= wish->num;
}

static bool nothing_came(const struct scene *s, const struct wish *wish)
{
    (void)s;
    (void)wish;
    return false;
}

static struct wish for_reaction(const struct scene *s)
{
    return (struct wish){.came = reaction_came,
                         .phrase_len = strlen(s->heard.phrase),
                         .had_settled = peer_has_settled(&s->peer)};
}

static bool is_marked(uint64_t marks, unsigned number)
{
    return number < 64 && (marks >> number & 1) != 0;
}

static void hear(struct scene *s, struct dtls_bytes datagram)
{
    bool deaf = s->deaf ||
                is_marked(s->path.lost_theirs, s->heard.num_datagrams) ||
                (s->path.narrow != 0 && datagram.len > s->path.narrow);
    bool asks = scene_ways_is_deaf(s) && !deaf;

    heard_datagram(&s->heard, &s->peer, deaf || asks, datagram);
    if (asks) {
        scene_ways_ask_for_cookie(s);
    }
}

/* Takes the target's next datagram, if one comes before `until`. */
static bool hear_next(struct scene *s, uint64_t until)
{
    struct dtls_bytes datagram;
    bool came = line_next(&s->line, &datagram, until);

    if (s->line.floods) {
        scene_stop(s, "the target floods");
    }
    if (came) {
        s->peer.now = s->line.now;
        hear(s, datagram);
    }
    return came;
}

/* Lets another client connect, and its data come back. */
static void let_another_connect(const struct scene *s)
{
    static struct scene other; /* too large for the stack */
    struct scene_setup setup = *s->setup;

    setup.seed ^= 0x5555;
    setup.with = (struct combination){0};
    other.evidence = NULL;
    scene_play(&other, &setup, NULL, true, 0);
    scene_free(&other);
}

/* A silence need not be waited for: a server that has served another client
 * behind us, from the first message to its application's answer, has nothing
 * more to say to us. */
static bool wait_behind(struct scene *s, const struct wish *wish)
{
    for (int i = 0; i < 2; i++) {
        while (!is_over(s) && !wish->came(s, wish) &&
               hear_next(s, s->line.now)) {
        }
        if (i == 0 && !is_over(s) && !wish->came(s, wish)) {
            let_another_connect(s);
        }
    }
    return wish->came(s, wish);
}

/* Takes what the target says until the wish is fulfilled, the association is
 * over, or the time is up; true if the wish is fulfilled.  `patient`: the
 * target should fulfil it. */
static bool wait_for(struct scene *s, const struct wish *wish, bool patient)
{
    const struct scene_setup *setup = s->setup;
    uint64_t until =
        s->line.now + (patient ? setup->live_ms : setup->quiet_ms);

    if (!patient && setup->driver->real_time &&
        setup->driver->knows_addresses && !setup->one_client &&
        setup->target.role == SUT_SERVER) {
        return wait_behind(s, wish);
    }
    while (!is_over(s) && !wish->came(s, wish) && hear_next(s, until)) {
    }
    return wish->came(s, wish);
}

/* Tells the peer's flights apart, as the engine has made them: by their last
 * message, and by the epoch in which their handshake began.  0: it has no
 * handshake message. */
static uint32_t place_of_flight(const struct scene *s)
{
    const struct peer *p = &s->peer;

    for (size_t i = p->num_messages; i-- > 0;) {
        const struct peer_message *m = &p->messages[i];

        if (m->record_type == DTLS_HANDSHAKE) {
            return (((uint32_t)p->session.hs.epoch + m->epoch) << 16 |
                    m->seq) +
                   1;
        }
    }
    return 0;
}

/* Takes the peer's next flight apart, unless it is one that has been said to
 * its end. */
static void take_flight(struct scene *s)
{
    uint32_t place;

    s->next = 0;
    peer_take_flight(&s->peer);
    place = place_of_flight(s);
    if (place != 0 && place <= s->said && !s->repeats) {
        s->peer.num_messages = 0;
        return;
    }
    s->taken = place;
    scene_ways_change_hello(s);
}

static void begin(struct scene *s)
{
    if (s->has_begun) {
        return;
    }
    s->has_begun = true;
    if (s->peer.role == DTLS_CLIENT) {
        peer_start(&s->peer);
        take_flight(s);
    } else {
        line_start(&s->line);
    }
}

/* ---- saying ---- */

void scene_say_bytes(struct scene *s, struct dtls_bytes datagram)
{
    struct scene_path *path = &s->path;
    unsigned number = path->num++;
    struct dtls_bytes held = dtls_bytes_of(path->held, path->held_len);

    begin(s);
    path->held_len = 0;
    if (is_marked(path->late, number) && held.len == 0) {
        memcpy(path->held, datagram.data, datagram.len);
        path->held_len = datagram.len;
        return;
    }
    if (!is_marked(path->lost, number)) {
        line_send(&s->line, datagram);
    }
    if (s->doubled || is_marked(path->twice, number)) {
        line_send(&s->line, datagram);
    }
    if (held.len != 0) {
        line_send(&s->line, held);
    }
}

void scene_send(struct scene *s)
{
    scene_say_bytes(s, dtls_buf_bytes(&s->out));
    s->out.len = 0;
}

void scene_skip(struct scene *s, const struct peer_message *m)
{
    const struct peer_message *first = s->peer.messages;

    if (m >= first && m < first + s->peer.num_messages) {
        s->next = (size_t)(m - first) + 1;
        if (s->next == s->peer.num_messages && s->taken > s->said) {
            s->said = s->taken;
        }
    }
}

/* The engine has no epoch 0 before its session begins, and forgets it once the
 * handshake is over.  Later numbers are far from those that it has used. */
static void put_record(struct scene *s, uint16_t epoch, uint8_t type,
                       struct dtls_bytes content)
{
    const struct dtls_record_layer *records = &s->peer.session.records;
    uint64_t number = s->in_the_clear + (peer_is_idle(&s->peer) ? 0 : 1000);

    if (epoch != 0 || dtls_record_layer_writing(records, 0) != NULL) {
        peer_put_record(&s->peer, &s->out, epoch, type, content);
        return;
    }
    if (!dtls_record_put_header(&s->out, type, DTLS_VERSION_1_2, 0, number,
                                content.len) ||
        !dtls_put_bytes(&s->out, content)) {
        scene_stop(s, "the record is too long");
    }
    s->in_the_clear++;
}

static bool is_client_hello(const struct peer_message *m)
{
    return m->record_type == DTLS_HANDSHAKE && m->type == DTLS_CLIENT_HELLO;
}

/* A server that keeps nothing before a cookie has come must find it in the
 * first piece. */
static bool stays_whole(const struct scene *s, const struct peer_message *m)
{
    return m->record_type != DTLS_HANDSHAKE ||
           (is_client_hello(m) && s->most_pieces != 0 &&
            (s->pieces < LEAST_OF_HELLO ||
             !ics_claims(s->setup->ics, ICS_frag_first_hello)));
}

/* More than the headers and the sealing of a record with a fragment. */
static size_t headers_of(const struct peer_message *m)
{
    return DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN +
           (m->epoch == 0 ? 0 : SEALING_MAX);
}

/* The bytes of a message's pieces; 0: it stays whole. */
static size_t piece_len(const struct scene *s, const struct peer_message *m)
{
    size_t len = s->pieces;

    if (stays_whole(s, m)) {
        return 0;
    }
    if (s->most_pieces != 0 && m->len > len * s->most_pieces) {
        len = 0;
    }
    if (s->longest != 0 && (len == 0 || len > s->longest)) {
        len = s->longest;
    }
    return m->len > len ? len : 0;
}

/* Which piece is said as number `i` of `num`?  The same server must have the
 * first one first. */
static size_t piece_at(const struct scene *s, const struct peer_message *m,
                       size_t i, size_t num)
{
    if (is_client_hello(m) && s->most_pieces != 0) {
        return i;
    }
    if (s->reversed || (s->shuffled && i % 2 == 1)) {
        i = s->shuffled ? i / 2 : i;
        return num - 1 - i;
    }
    return s->shuffled ? i / 2 : i;
}

/* Sends what a datagram holds if a record of so many bytes would make it
 * longer than it may be. */
static void make_room(struct scene *s, const struct peer_message *m,
                      size_t len)
{
    if (s->datagram_len != 0 && s->out.len != 0 &&
        s->out.len + len + headers_of(m) > s->datagram_len) {
        scene_send(s);
    }
}

/* Appends a piece, and of those before it what they are to have in common. */
static void put_piece(struct scene *s, const struct peer_message *m,
                      size_t from, size_t len)
{
    size_t again = s->overlap == WITH_ALL_BYTES  ? from
                   : s->overlap == WITH_ONE_BYTE ? from != 0
                                                 : 0;

    if (s->longest != 0 && again > s->longest - len) {
        again = s->longest - len;
    }
    make_room(s, m, len + again);
    peer_put_fragment(&s->peer, &s->out, m, from - again, len + again);
}

/* Appends a message, or its pieces, each in a datagram of its own, unless the
 * flight is to be in one. */
static void put_message(struct scene *s, const struct peer_message *m)
{
    const size_t len = piece_len(s, m);
    const size_t num = len == 0 ? 0 : (m->len + len - 1) / len;

    if (num == 0) {
        make_room(s, m, m->len);
        peer_put_message(&s->peer, &s->out, m);
    }
    for (size_t i = 0; i < num; i++) {
        size_t from = piece_at(s, m, i, num) * len;
        size_t left = m->len - from;

        put_piece(s, m, from, left < len ? left : len);
        if (!s->packed && !s->in_one_record && i + 1 < num) {
            scene_send(s);
        }
    }
}

static void check_keys(struct scene *s, const struct peer_message *m)
{
    if (dtls_record_layer_writing(&s->peer.session.records, m->epoch) ==
        NULL) {
        scene_stop(s, "the peer has no keys for epoch %u", m->epoch);
    }
}

void scene_say(struct scene *s, const struct peer_message *m)
{
    check_keys(s, m);
    put_message(s, m);
    scene_send(s);
    scene_skip(s, m);
}

static void say_packed(struct scene *s)
{
    while (s->next < s->peer.num_messages) {
        const struct peer_message *m = &s->peer.messages[s->next];

        check_keys(s, m);
        put_message(s, m);
        scene_skip(s, m);
    }
    if (s->out.len != 0) {
        scene_send(s);
    }
}

/* Does the message go into a record with those before it? */
static bool can_be_joined(const struct scene *s, const struct peer_message *m,
                          uint16_t epoch, size_t len)
{
    return m < &s->peer.messages[s->peer.num_messages] &&
           m->record_type == DTLS_HANDSHAKE && m->epoch == epoch &&
           len + m->len + headers_of(m) <= s->datagram_len;
}

/* Puts handshake messages of one epoch, from the next one on, into one record
 * and datagram; anything else stays in a record of its own. */
static void put_joined(struct scene *s)
{
    static uint8_t bytes[DTLS_PLAINTEXT_MAX];
    struct dtls_buf content = {bytes, 0, sizeof bytes};
    const struct peer_message *m = &s->peer.messages[s->next];
    const uint16_t epoch = m->epoch;

    check_keys(s, m);
    while (can_be_joined(s, m, epoch, content.len)) {
        const struct dtls_fragment whole = {
            .type = m->type,
            .message_len = (uint32_t)m->len,
            .seq = m->seq,
            .body = dtls_bytes_of(m->body, m->len)};

        if (!dtls_fragment_put_header(&content, &whole) ||
            !dtls_put_bytes(&content, whole.body)) {
            scene_stop(s, "the flight is too long for one record");
        }
        scene_skip(s, m++);
    }
    if (content.len != 0) {
        make_room(s, m - 1, content.len);
        peer_put_record(&s->peer, &s->out, epoch, DTLS_HANDSHAKE,
                        dtls_buf_bytes(&content));
    } else {
        put_message(s, m);
        scene_skip(s, m);
    }
}

static void say_joined(struct scene *s)
{
    while (s->next < s->peer.num_messages) {
        put_joined(s);
    }
    if (s->out.len != 0) {
        scene_send(s);
    }
}

/* Appends what fits of a message, from `from` on, to a datagram that is to be
 * filled; returns how many bytes that is. */
static size_t fill_datagram(struct scene *s, const struct peer_message *m,
                            size_t from)
{
    const size_t used = s->out.len + headers_of(m);
    const size_t room = used < s->datagram_len ? s->datagram_len - used : 0;
    size_t len = m->len - from;

    if (s->out.len != 0 &&
        (used > s->datagram_len || (room < len && room < LEAST_PIECE))) {
        scene_send(s);
        return fill_datagram(s, m, from);
    }
    if (m->record_type != DTLS_HANDSHAKE) {
        peer_put_message(&s->peer, &s->out, m);
        return len;
    }
    len = len < room ? len : room;
    len = s->longest != 0 && len > s->longest ? s->longest : len;
    peer_put_fragment(&s->peer, &s->out, m, from, len);
    return len;
}

static void fill_datagrams(struct scene *s, const struct peer_message *m)
{
    size_t from = 0;

    check_keys(s, m);
    do {
        from += fill_datagram(s, m, from);
    } while (from < m->len);
}

static void say_full_datagrams(struct scene *s)
{
    while (s->next < s->peer.num_messages) {
        const struct peer_message *m = &s->peer.messages[s->next];

        if (is_client_hello(m) &&
            !ics_claims(s->setup->ics, ICS_frag_first_hello)) {
            peer_put_message(&s->peer, &s->out, m);
        } else {
            fill_datagrams(s, m);
        }
        scene_skip(s, m);
    }
    if (s->out.len != 0) {
        scene_send(s);
    }
}

void scene_say_rest(struct scene *s)
{
    if (s->packed) {
        say_packed(s);
    } else if (s->in_one_record) {
        say_joined(s);
    } else if (s->datagram_len != 0) {
        say_full_datagrams(s);
    }
    while (s->next < s->peer.num_messages) {
        scene_say(s, &s->peer.messages[s->next]);
    }
}

void scene_say_record(struct scene *s, uint16_t epoch, uint8_t type,
                      struct dtls_bytes content)
{
    begin(s);
    put_record(s, epoch, type, content);
    scene_send(s);
}

void scene_say_alert(struct scene *s, uint8_t level, uint8_t description)
{
    const uint8_t alert[2] = {level, description};

    scene_say_record(s, scene_epoch(s), DTLS_ALERT,
                     dtls_bytes_of(alert, sizeof alert));
}

uint16_t scene_epoch(const struct scene *s)
{
    return s->peer.session.records.write_epoch;
}

uint64_t *scene_number(struct scene *s, uint16_t epoch)
{
    struct dtls_record_layer *records = &s->peer.session.records;

    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        if (records->write[i].taken && records->write[i].epoch == epoch) {
            return &records->write[i].next_seq;
        }
    }
    scene_stop(s, "the peer has no keys for epoch %u", epoch);
}

/* ---- going on ---- */

/* Waits for the peer's next flight and takes it; false if there is none. */
static bool go_on_once(struct scene *s, bool patient)
{
    struct wish reaction;

    begin(s);
    scene_say_rest(s);
    if (peer_has_settled(&s->peer) &&
        !dtls_session_has_output(&s->peer.session)) {
        return false;
    }
    /* A target that had to wait repeats its flight; then our peer has nothing
     * new to say, and the answer is still to come. */
    for (int round = 0; round < ROUNDS; round++) {
        reaction = for_reaction(s);
        if (!wait_for(s, &reaction, patient) || is_over(s)) {
            return false;
        }
        take_flight(s);
        if (s->peer.num_messages != 0) {
            return true;
        }
        if (peer_has_settled(&s->peer) || peer_has_failed(&s->peer)) {
            return false;
        }
    }
    return false;
}

/* Goes on honestly up to the peer's next message of this kind; a record type
 * other than DTLS_HANDSHAKE has no message type. */
static struct peer_message *come_to(struct scene *s, uint8_t record_type,
                                    uint8_t type)
{
    begin(s);
    for (int round = 0; round < ROUNDS; round++) {
        while (s->next < s->peer.num_messages) {
            struct peer_message *m = &s->peer.messages[s->next];

            if (m->record_type == record_type && m->type == type) {
                return m;
            }
            scene_say(s, m);
        }
        if (!go_on_once(s, true)) {
            break;
        }
    }
    scene_stop(s, "the play never came to message %u: %s", type, obstacle(s));
}

struct peer_message *scene_come_to(struct scene *s, uint8_t type)
{
    return come_to(s, DTLS_HANDSHAKE, type);
}

struct peer_message *scene_come_to_ccs(struct scene *s)
{
    return come_to(s, DTLS_CHANGE_CIPHER_SPEC, 0);
}

void scene_renegotiate(struct scene *s)
{
    if (dtls_session_renegotiate(&s->peer.session, s->peer.now) != DTLS_OK) {
        scene_stop(s, "the target did not signal RFC 5746");
    }
    take_flight(s);
}

void scene_listen(struct scene *s)
{
    struct wish reaction;

    begin(s);
    reaction = for_reaction(s);
    (void)wait_for(s, &reaction, false);
}

void scene_wait(struct scene *s, uint64_t ms)
{
    uint64_t until;

    begin(s);
    until = s->line.now + ms;
    while (hear_next(s, until)) {
    }
}

void scene_pause(struct scene *s)
{
    const struct wish silence = {.came = nothing_came};

    begin(s);
    (void)wait_for(s, &silence, false);
}

bool scene_await(struct scene *s, uint8_t type, unsigned num)
{
    const struct wish message = {
        .came = message_came, .type = type, .num = num};

    begin(s);
    return wait_for(s, &message, true);
}

const struct heard_message *scene_hear(struct scene *s, uint8_t type,
                                       unsigned num)
{
    const struct heard_message *m = NULL;

    if (scene_await(s, type, num)) {
        m = heard_message(&s->heard, type);
    }
    if (m == NULL) {
        scene_stop(s, "message %u never came: %s", type, obstacle(s));
    }
    return m;
}

void scene_change_hellos(struct scene *s, void (*change)(struct hello *hello))
{
    unsigned asked;

    do {
        struct peer_message *m = scene_come_to(s, DTLS_CLIENT_HELLO);
        struct hello hello;

        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
        change(&hello);
        hello_write(m, &hello);
        scene_rehash(s);
        asked = heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST);
        scene_say(s, m);
        scene_listen(s);
    } while (!is_over(s) &&
             heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) > asked);
}

void scene_change_server_hello(struct scene *s,
                               void (*change)(struct hello *hello))
{
    struct peer_message *m = scene_come_to(s, DTLS_SERVER_HELLO);
    struct hello hello;

    hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    change(&hello);
    hello_write(m, &hello);
    scene_rehash(s);
    scene_say(s, m);
}

void scene_rehash(struct scene *s)
{
    const struct heard_message *hello =
        heard_message(&s->heard, DTLS_CLIENT_HELLO);

    if (s->peer.role == DTLS_CLIENT || hello == NULL) {
        peer_rehash(&s->peer, (struct dtls_bytes){0}, 0);
    } else {
        peer_rehash(&s->peer, dtls_span_bytes(hello->body), hello->seq);
    }
}

/* ---- data ---- */

struct dtls_bytes scene_make_data(struct scene *s, uint8_t *bytes, size_t len)
{
    char name[24];
    int used = snprintf(name, sizeof name, "probe %08x-%04u\n",
                        (unsigned)s->setup->seed, s->probes++);

    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)name[i % (size_t)used];
    }
    return dtls_bytes_of(bytes, len);
}

struct dtls_bytes scene_put_data(struct scene *s, uint8_t *bytes, size_t len)
{
    struct dtls_bytes data = scene_make_data(s, bytes, len);

    peer_put_record(&s->peer, &s->out, scene_epoch(s), DTLS_APPLICATION_DATA,
                    data);
    return data;
}

bool scene_hears(struct scene *s, struct dtls_bytes data, unsigned num)
{
    const struct wish echo = {.came = data_came, .data = data, .num = num};

    if (!s->setup->echo) {
        scene_stop(s, "the target sends no data back");
    }
    return wait_for(s, &echo, s->hopes);
}

bool scene_probe(struct scene *s)
{
    uint8_t bytes[COMBINATION_DATA_MAX];
    const size_t len = s->setup->with.values[WITH_data];
    struct dtls_bytes data;

    if (scene_epoch(s) == 0) {
        return false;
    }
    data = scene_put_data(s, bytes, len == 0 ? PROBE_LEN : len);
    scene_send(s);
    return scene_hears(s, data, 1);
}

/* A target must answer close_notify (RFC 5246, 7.2.1). */
static bool answers_close(struct scene *s)
{
    const struct wish answer = {.came = close_came};

    if (!peer_is_connected(&s->peer)) {
        return false;
    }
    s->heard.asked_to_close = true;
    scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    return wait_for(s, &answer, s->hopes);
}

/* Honestly to the end, as far as that goes. */
static void go_on(struct scene *s)
{
    for (int i = 0; i < ROUNDS && !is_over(s); i++) {
        /* What our peer refuses, a check may wish to go on with. */
        if (!go_on_once(s, s->hopes) || peer_has_failed(&s->peer)) {
            break;
        }
    }
    if (peer_has_failed(&s->peer) && !is_over(s)) {
        heard_note(&s->heard, "refused %u",
                   dtls_status_alert(s->peer.session.failure));
    }
    if (!is_over(s) && (s->setup->echo ? scene_probe(s) : answers_close(s))) {
        heard_note(&s->heard, "data");
    } else if (!s->broken) {
        (void)snprintf(s->why, sizeof s->why, "%s", obstacle(s));
    }
}

/* Lets the target know that this is all. */
static void take_leave(struct scene *s)
{
    static const uint8_t failure[2] = {DTLS_ALERT_FATAL, 40};

    if (s->line.sut == NULL || !s->has_begun || s->vanishes || is_over(s)) {
        return;
    }
    if (scene_epoch(s) != 0) {
        scene_say_alert(s, DTLS_ALERT_WARNING, DTLS_CLOSE_NOTIFY);
    }
    if (s->setup->one_client && !peer_is_connected(&s->peer)) {
        scene_say_record(s, 0, DTLS_ALERT,
                         dtls_bytes_of(failure, sizeof failure));
    }
}

bool scene_connects(struct scene *s)
{
    while (go_on_once(s, true)) {
    }
    return peer_has_settled(&s->peer) && !is_over(s) &&
           (!s->setup->echo || scene_probe(s));
}

void scene_connect(struct scene *s)
{
    if (!scene_connects(s)) {
        scene_stop(s, "the play never came to a connection: %s", obstacle(s));
    }
}

/* ---- a play ---- */

void scene_load(struct scene *s, const char *name, bool with_key)
{
    struct sim_identity *id = &s->identities[s->num_identities++];

    assert(s->num_identities <= SCENE_CERTIFICATES);
    sim_identity_load(id, s->setup->target.pki, name, with_key);
}

void scene_show(struct scene *s, const char *name, const char *above)
{
    struct sim_identity *id = &s->identities[s->num_identities];

    scene_load(s, name, true);
    if (above != NULL) {
        scene_load(s, above, false);
        id->credential.next = &id[1].credential;
    }
    s->peer.config.credentials = &id->credential;
}

int64_t scene_now(const struct scene *s)
{
    return s->setup->driver->real_time ? (int64_t)time(NULL) : SUT_EPOCH;
}

void scene_staple(struct scene *s, enum sim_ocsp what)
{
    struct dtls_credential *shown = &s->identities[0].credential;

    s->staple.len = sim_ocsp_make(s->staple.bytes, s->setup->target.pki,
                                  shown->cert.der, what, scene_now(s));
    shown->staple = dtls_bytes_of(s->staple.bytes, s->staple.len);
}

/* What the target staples is for a script to judge. */
static enum dtls_status accept_staple(void *self, struct dtls_bytes response)
{
    (void)self;
    (void)response;
    return DTLS_OK;
}

static void use_staples(struct scene *s)
{
    if (s->peer.role == DTLS_CLIENT) {
        s->peer.config.judge_staple = accept_staple;
    } else if (s->num_identities != 0) {
        scene_staple(s, SIM_OCSP_GOOD);
    }
}

/* The peer has what the target's other end would have. */
static void equip(struct scene *s)
{
    static const uint16_t srtp_profiles[DTLS_SRTP_PROFILES_MAX] = {
        DTLS_SRTP_AEAD_AES_128_GCM, DTLS_SRTP_AEAD_AES_256_GCM,
        DTLS_SRTP_AES128_CM_HMAC_SHA1_80, DTLS_SRTP_AES128_CM_HMAC_SHA1_32};
    const struct scene_setup *setup = s->setup;
    const struct sut_setup own = sut_other_end(&setup->target);
    const char *name = sut_identity(&own);

    s->psk = (struct dtls_psk){.identity = setup->psk_identity,
                               .key = setup->psk_key};
    s->peer.config.suites = &setup->target.suite->id;
    s->peer.config.num_suites = 1;
    s->peer.config.psks = &s->psk;
    if (setup->target.suite->kx == DTLS_KX_ECJPAKE) {
        s->peer.config.password = setup->psk_key;
    }
    s->peer.config.client_auth = DTLS_CLIENT_AUTH_NONE;
    sim_anchor_load(&s->anchor, setup->target.pki, "root");
    s->peer.config.anchors = &s->anchor.item;
    if (name != NULL) {
        scene_show(s, name, NULL);
    }
    if (own.staples) {
        use_staples(s);
    }
    if (own.raw_keys) {
        sut_own_show_raw_keys(&s->raw_keys, &s->peer.config, &own,
                              &s->identities[0]);
    }
    s->peer.config.srtp_profiles = srtp_profiles;
    s->peer.config.num_srtp_profiles =
        setup->target.srtp ? DTLS_SRTP_PROFILES_MAX : 0;
    s->peer.config.connection_ids = setup->target.cids;
    s->peer.config.cid_len = SUT_CID_LEN;
    scene_ways_begin(s);
    if (setup->target.resumes) {
        sut_own_remember(&s->memory, &s->peer.config,
                         setup->target.role == SUT_SERVER, s->line.now);
    }
}

void scene_free(struct scene *s)
{
    peer_free(&s->peer);
    heard_free(&s->heard);
    for (size_t i = 0; i < s->num_identities; i++) {
        sim_identity_free(&s->identities[i]);
    }
    s->num_identities = 0;
}

/* Makes the scene new, but for what a whole play keeps. */
static void prepare(struct scene *s, const struct scene_setup *setup)
{
    FILE *evidence = s->evidence;

    memset(s, 0, offsetof(struct scene, broken));
    s->setup = setup;
    s->evidence = evidence;
    s->line.evidence = evidence;
    s->hopes = true;
    s->out = (struct dtls_buf){s->out_bytes, 0, sizeof s->out_bytes};
    peer_init(&s->peer,
              setup->target.role == SUT_CLIENT ? DTLS_SERVER : DTLS_CLIENT,
              setup->seed + 0x10000ull * s->round);
    s->peer.keylog = evidence;
    equip(s);
}

/* A server that serves one client after the other needs a moment before the
 * next one. */
static void let_it_return(const struct scene_setup *setup)
{
    const struct timespec moment = {.tv_nsec = 200000000};

    if (setup->one_client && setup->driver->knows_addresses) {
        (void)nanosleep(&moment, NULL);
    }
}

static void open_target(struct scene *s, bool again, uint64_t now)
{
    const struct scene_setup *setup = s->setup;

    let_it_return(setup);
    if (!(again ? line_again(&s->line, setup->driver, &setup->target)
                : line_open(&s->line, setup->driver, &setup->target, now))) {
        scene_stop(s, "the target cannot be started: %s",
                   s->line.sut == NULL ? "no such end" : s->line.sut->why);
    }
    s->peer.now = s->line.now;
}

void scene_again(struct scene *s)
{
    struct line line;

    take_leave(s);
    scene_free(s);
    s->round++;
    evidence_heading(s->evidence, "again");
    line = s->line;
    prepare(s, s->setup);
    s->line = line;
    open_target(s, true, 0);
}

void scene_restart(struct scene *s)
{
    struct line line = s->line;

    scene_free(s);
    s->round++;
    evidence_heading(s->evidence, "anew, from the same port");
    prepare(s, s->setup);
    s->line = line;
    s->peer.now = line.now;
}

/* A stop is one of this step alone. */
bool scene_step(struct scene *s)
{
    volatile bool more = false;
    jmp_buf end;

    memcpy(&end, &s->end, sizeof end);
    if (setjmp(s->end) == 0) {
        begin(s);
        if (s->next < s->peer.num_messages) {
            scene_say(s, &s->peer.messages[s->next]);
            more = true;
        } else {
            more = go_on_once(s, true);
        }
    }
    memcpy(&s->end, &end, sizeof end);
    return more;
}

/* Forgets what the scene has kept of an earlier play. */
static void clear(struct scene *s)
{
    s->broken = false;
    s->stopped = false;
    s->why[0] = '\0';
    s->round = 0;
    sut_own_forget(&s->memory);
}

void scene_join(const struct scene *s, struct scene *other)
{
    clear(other);
    other->round = OTHER_ROUND;
    other->evidence = NULL;
    prepare(other, s->setup);
    if (setjmp(other->end) == 0) {
        open_target(other, false, s->line.now);
    }
}

void scene_leave(struct scene *other)
{
    take_leave(other);
    line_close(&other->line);
    scene_free(other);
    sut_own_forget(&other->memory);
}

void scene_play(struct scene *s, const struct scene_setup *setup,
                void (*play)(struct scene *s), bool hopes, uint64_t now)
{
    clear(s);
    prepare(s, setup);
    if (setjmp(s->end) == 0) {
        open_target(s, false, now);
        if (play != NULL) {
            play(s);
        }
        s->hopes = hopes;
        go_on(s);
    }
    take_leave(s);
    line_close(&s->line);
    sut_own_forget(&s->memory);
}
