/* SPDX-License-Identifier: MIT */
/* Retransmission (RFC 6347, 4.2.4).  The peer is deaf for a time: then
 * everything that the target says was lost. */
#include "check/checks/all_checks.h"
#include "check/flight_changes.h"
#include "check/ics.h"
#include "kit/kit.h"

#define TRANSMISSIONS 4
#define PATIENCE_MS 20000 /* for the first of them: 1, 3 and 7 s are usual */

/* Half of the target's first timeout. */
static uint64_t some_time(const struct scene *s)
{
    return ics_number(s->setup->ics, ICS_timer_ms) / 2;
}

/* When each transmission of a flight began. */
struct schedule {
    uint64_t at[TRANSMISSIONS];
    unsigned num;
};

/* Takes what the target says until it has sent its flight `num` times.  What
 * follows within a tenth of a second belongs to the same transmission. */
static void hear_transmissions(struct scene *s, struct schedule *out,
                               unsigned num)
{
    uint64_t until = s->line.now + PATIENCE_MS;
    struct dtls_bytes datagram;
    uint64_t last = 0;

    *out = (struct schedule){0};
    while (line_next(&s->line, &datagram, until)) {
        s->peer.now = s->line.now;
        heard_datagram(&s->heard, &s->peer, s->deaf, datagram);
        if (out->num == 0 || s->line.now > last + 100) {
            out->at[out->num++] = s->line.now;
            until = out->num == num ? s->line.now + 50 : until;
        }
        last = s->line.now;
    }
    scene_expect(s, out->num == num, "the flight is sent %u times, not %u",
                 out->num, num);
}

/* Says a ClientHello, with a cookie, to whose answer the peer is deaf. */
static void say_deaf_hello(struct scene *s)
{
    (void)scene_come_to(s, DTLS_CLIENT_HELLO);
    scene_say_rest(s);
    if (scene_await(s, DTLS_HELLO_VERIFY_REQUEST, 1)) {
        (void)scene_come_to(s, DTLS_CLIENT_HELLO);
        s->deaf = true;
        scene_say_rest(s);
        return;
    }
    scene_stop(s, "no HelloVerifyRequest");
}

/* ---- P-RTX-1: ClientHello again ---- */

static void lose_hello(struct scene *s)
{
    const struct heard_record *first = NULL;
    struct schedule schedule;

    s->deaf = true;
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    hear_transmissions(s, &schedule, 2);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s, first == NULL || r->seq > first->seq,
                     "a retransmission has the number of the record before");
        first = r;
    }
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_HELLO) == 1,
                 "a retransmission has another message_seq");
    s->deaf = false;
}

/* It sends its ClientHello again under the next message_seq. */
static bool renumber_hello(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_HANDSHAKE && m->type == DTLS_CLIENT_HELLO &&
        m->seq == 0 && w->num++ != 0) {
        m->seq = 5;
    }
    return true;
}

static void renumber_retransmissions(struct wrong *w)
{
    w->says = renumber_hello;
}

/* ---- P-RTX-2: gaps that double ---- */

static void measure_gaps(struct scene *s)
{
    struct schedule t;
    uint64_t start;

    s->deaf = s->peer.role == DTLS_SERVER;
    if (s->peer.role == DTLS_SERVER) {
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    } else {
        say_deaf_hello(s);
        (void)scene_hear(s, DTLS_SERVER_HELLO, 1);
        (void)scene_await(s, DTLS_SERVER_HELLO_DONE, 1);
    }
    start = s->line.now;
    hear_transmissions(s, &t, 2);
    if (t.num == 2) {
        uint64_t first = t.at[0] - start;
        uint64_t second = t.at[1] - t.at[0];

        scene_expect(s, second * 4 >= first * 6 && second * 4 <= first * 10,
                     "gaps of %llu and %llu ms", (unsigned long long)first,
                     (unsigned long long)second);
    }
    s->deaf = false;
}

static void keep_timeout(struct wrong *w)
{
    w->peer.config.timer.maximum = w->peer.config.timer.initial;
}

/* ---- P-RTX-4: the whole flight ---- */

static void lose_flight(struct scene *s)
{
    struct schedule schedule;

    (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                               ? DTLS_CLIENT_HELLO
                               : DTLS_SERVER_HELLO_DONE);
    if (s->peer.role == DTLS_CLIENT) {
        say_deaf_hello(s);
    }
    s->deaf = true;
    scene_say_rest(s);
    hear_transmissions(s, &schedule, 1);
    s->deaf = false;
    hear_transmissions(s, &schedule, 1);
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        const struct heard_message *m = &s->heard.messages[i];

        scene_expect(s,
                     m->times >= 2 || m->epoch != 0 ||
                         m->type == DTLS_CLIENT_HELLO ||
                         m->type == DTLS_HELLO_VERIFY_REQUEST,
                     "message %u does not come again", m->type);
    }
}

/* The same flight comes in records with numbers of their own. */
static void compare_numbers(struct scene *s)
{
    const struct heard_record *r = s->heard.records;

    lose_flight(s);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        for (size_t k = 0; k < i; k++) {
            scene_expect(s, r[i].epoch != r[k].epoch || r[i].seq != r[k].seq,
                         "two records in epoch %u have number %llu",
                         r[i].epoch, (unsigned long long)r[i].seq);
        }
    }
}

#define NOTED_MESSAGES 16
#define NUMBER_LEN 6

/* It says a message in the clear again under the number of its first record.
 */
static void keep_number(struct wrong *w, struct dtls_span datagram)
{
    static uint8_t numbers[NOTED_MESSAGES][NUMBER_LEN];
    uint8_t *number = datagram.data + 5;
    const size_t seq = datagram.len < 19 ? NOTED_MESSAGES
                                         : (size_t)datagram.data[17] * 256 +
                                               datagram.data[18];

    if (datagram.len < 25 || datagram.data[0] != DTLS_HANDSHAKE ||
        datagram.data[4] != 0 || seq >= NOTED_MESSAGES) {
        return;
    }
    if ((w->num & 1ull << seq) != 0) {
        memcpy(number, numbers[seq], NUMBER_LEN);
    } else {
        memcpy(numbers[seq], number, NUMBER_LEN);
        w->num |= 1ull << seq;
    }
}

static void keep_numbers(struct wrong *w)
{
    w->sends = keep_number;
}

/* Of a flight that goes out again, one message is left out. */
static bool leave_out_copy(struct wrong *w, struct peer_message *m)
{
    bool is_last = m->record_type == DTLS_HANDSHAKE &&
                   (m->type == DTLS_SERVER_HELLO_DONE ||
                    m->type == DTLS_CLIENT_KEY_EXCHANGE);

    return !is_last || w->num++ == 0;
}

static void repeat_a_part(struct wrong *w)
{
    w->says = leave_out_copy;
}

/* ---- P-RTX-15: no copies without loss ---- */

static void count_copies(struct scene *s)
{
    scene_connect(s);
    scene_pause(s);
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        scene_expect(s, s->heard.messages[i].times == 1,
                     "message %u comes %u times", s->heard.messages[i].type,
                     s->heard.messages[i].times);
    }
}

/* Only with static ECDH: the honest handshake before the check is another. */
static bool say_twice(struct wrong *w, struct peer_message *m)
{
    if (w->sut.setup.suite->kx == DTLS_KX_ECDH &&
        m->record_type == DTLS_HANDSHAKE &&
        (m->type == DTLS_CERTIFICATE || m->type == DTLS_CLIENT_KEY_EXCHANGE)) {
        (void)wrong_say_message(w, 0, m->type, m->seq,
                                dtls_bytes_of(m->body, m->len));
    }
    return true;
}

static void say_messages_twice(struct wrong *w)
{
    w->says = say_twice;
}

/* ---- P-RTX-5: each datagram, and each pair of them, is lost once ---- */

#define DATAGRAMS 7 /* of each direction, from the first one on */
#define TRIES 10

/* Connects, though datagrams are lost: a peer that hears nothing says its
 * flight again. */
static bool connects_in_the_end(struct scene *s)
{
    s->repeats = true;
    for (int i = 0; i < TRIES; i++) {
        if (scene_connects(s)) {
            return true;
        }
        flight_repeat(s);
    }
    return false;
}

/* Loses the datagrams i and k; from DATAGRAMS on, they are the target's. */
static void lose_pair(struct scene *s, unsigned i, unsigned k)
{
    uint64_t lost = 1ull << i | 1ull << k;

    s->path.lost = lost & ((1u << DATAGRAMS) - 1);
    s->path.lost_theirs = lost >> DATAGRAMS;
    scene_expect(s, connects_in_the_end(s),
                 "no connection if datagrams %u and %u are lost", i, k);
    scene_again(s);
}

static void lose_each(struct scene *s)
{
    for (unsigned i = 0; i < 2 * DATAGRAMS; i++) {
        lose_pair(s, i, i);
    }
}

/* Where time is real, every seventh pair. */
static void lose_each_pair(struct scene *s)
{
    unsigned step = s->setup->driver->real_time ? 7 : 1;
    unsigned number = 0;

    for (unsigned i = 0; i < 2 * DATAGRAMS; i++) {
        for (unsigned k = 0; k < i; k++) {
            if (number++ % step == 0) {
                lose_pair(s, i, k);
            }
        }
    }
}

/* Each message is said once; bits are kept for eight of the clear. */
static bool say_once(struct wrong *w, struct peer_message *m)
{
    uint64_t bit = m->record_type == DTLS_HANDSHAKE && m->epoch == 0
                       ? 1ull << (m->seq & 7)
                       : 0;
    bool is_new = (w->num & bit) == 0;

    w->num |= bit;
    return is_new;
}

static void never_repeat(struct wrong *w)
{
    w->says = say_once;
}

/* ---- P-RTX-6: a path that is bad all the time ---- */

/* Where time is real, there are fewer associations. */
static unsigned num_associations(const struct scene *s)
{
    return s->setup->driver->real_time ? 5 : 20;
}

/* Marks about one bit of `ones` in `of`. */
static uint64_t some_bits(uint64_t *seed, unsigned ones, unsigned of)
{
    uint64_t bits = 0;

    for (unsigned i = 0; i < 64; i++) {
        bits |= (uint64_t)(kit_below(seed, of) < ones) << i;
    }
    return bits;
}

/* Counts the associations that work on a path with `percent` of loss, both
 * ways, and half as many datagrams that come twice and late. */
static unsigned count_on_bad_path(struct scene *s, unsigned percent)
{
    uint64_t seed = 0x6789abcdu + percent;
    unsigned num = 0;

    for (unsigned i = 0; i < num_associations(s); i++) {
        s->path.lost = some_bits(&seed, percent, 100);
        s->path.lost_theirs = some_bits(&seed, percent, 100);
        s->path.twice = some_bits(&seed, percent, 200);
        s->path.late = some_bits(&seed, percent, 200);
        num += connects_in_the_end(s);
        scene_again(s);
    }
    return num;
}

static void go_over_bad_paths(struct scene *s)
{
    unsigned some = count_on_bad_path(s, 10);
    unsigned many = count_on_bad_path(s, 25);
    unsigned num = num_associations(s);

    scene_expect(s, some == num, "%u of %u associations at 10 percent of loss",
                 some, num);
    scene_expect(s, many >= num * 95 / 100,
                 "%u of %u associations at 25 percent of loss", many, num);
}

/* ---- P-RTX-7: the keys of the first transmission ---- */

/* Comes to where the target has sent the flight with its ChangeCipherSpec.  A
 * client that heard the answer would have no keys any more for what it says
 * again; a server that did not hear it has no keys to read what comes. */
static void come_to_answer_to_keys(struct scene *s)
{
    s->deaf = false;
    (void)scene_come_to(s, s->peer.role == DTLS_CLIENT
                               ? DTLS_FINISHED
                               : DTLS_SERVER_HELLO_DONE);
    s->deaf = s->peer.role == DTLS_CLIENT;
    scene_say_rest(s);
    (void)scene_hear(s, DTLS_FINISHED, 1);
}

/* A client sends its flight again by its timer.  A server does so when the
 * client's flight comes again. */
static void let_flight_come_again(struct scene *s)
{
    struct schedule schedule;

    if (s->peer.role == DTLS_CLIENT) {
        scene_wait(s, 1500);
        flight_repeat(s);
    }
    hear_transmissions(s, &schedule, 1);
}

static void expect_keys_kept(struct scene *s)
{
    for (size_t i = 0; i < s->heard.num_records; i++) {
        const struct heard_record *r = &s->heard.records[i];

        scene_expect(s, r->type != DTLS_CHANGE_CIPHER_SPEC || r->epoch == 0,
                     "ChangeCipherSpec in epoch %u", r->epoch);
        for (size_t k = 0; k < i && r->epoch == 1; k++) {
            const struct heard_record *before = &s->heard.records[k];

            scene_expect(s, before->epoch != 1 || before->seq != r->seq,
                         "two records with number %llu in epoch 1",
                         (unsigned long long)r->seq);
        }
    }
    for (size_t i = 0; i < s->heard.num_messages; i++) {
        const struct heard_message *m = &s->heard.messages[i];

        scene_expect(s, m->epoch == (m->type == DTLS_FINISHED),
                     "message %u in epoch %u", m->type, m->epoch);
    }
}

static void repeat_keys(struct scene *s)
{
    come_to_answer_to_keys(s);
    let_flight_come_again(s);
    if (s->peer.role == DTLS_SERVER) {
        let_flight_come_again(s);
    }
    expect_keys_kept(s);
    s->deaf = false;
    if (s->peer.role == DTLS_CLIENT) {
        scene_wait(s, 1500);
        flight_repeat(s);
    }
}

/* Its second ChangeCipherSpec stands in the new epoch. */
static bool say_ccs_in_new_epoch(struct wrong *w, struct peer_message *m)
{
    if (m->record_type == DTLS_CHANGE_CIPHER_SPEC && w->num++ != 0) {
        m->epoch = 1;
    }
    return true;
}

static void repeat_under_new_keys(struct wrong *w)
{
    w->says = say_ccs_in_new_epoch;
}

/* ---- P-RTX-8: the peer's flight comes again ---- */

/* Says a flight whose answer is lost. */
static void say_unheard_flight(struct scene *s)
{
    if (s->peer.role == DTLS_CLIENT) {
        say_deaf_hello(s);
        (void)scene_hear(s, DTLS_SERVER_HELLO_DONE, 1);
    } else {
        (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
        s->deaf = true;
        scene_say_rest(s);
        (void)scene_hear(s, DTLS_CLIENT_KEY_EXCHANGE, 1);
    }
}

static void repeat_unasked(struct scene *s)
{
    uint8_t type = s->peer.role == DTLS_CLIENT ? DTLS_SERVER_HELLO
                                               : DTLS_CLIENT_KEY_EXCHANGE;
    const struct heard_message *m;

    say_unheard_flight(s);
    scene_wait(s, some_time(s));
    flight_repeat(s);
    scene_wait(s, some_time(s) * 4 / 5);
    m = heard_message(&s->heard, type);
    scene_expect(s, m->times == 2, "its flight comes %u times, not 2",
                 m->times);
    s->deaf = false;
    s->repeats = true;
    scene_wait(s, 2 * some_time(s));
}

static bool is_old_message(const struct wrong *w, const struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->sut.state == SUT_HANDSHAKING && !w->at_the_door &&
           wrong_fragment(r, &f) && f.seq < w->peer.session.hs.in.next_seq;
}

static bool lose_old_message(struct wrong *w, struct wrong_record *r)
{
    return is_old_message(w, r);
}

static void wait_for_timer_only(struct wrong *w)
{
    w->hears = lose_old_message;
}

/* ---- P-RTX-3: a handshake has an end ---- */

static void wait_for_the_end(struct scene *s)
{
    const unsigned limit = ics_number(s->setup->ics, ICS_gives_up_s);
    unsigned num;

    if (s->peer.role == DTLS_CLIENT) {
        say_deaf_hello(s);
    } else {
        s->deaf = true;
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    }
    s->hopes = false;
    scene_wait(s, limit * 1000);
    num = s->heard.num_datagrams;
    scene_wait(s, 120000);
    scene_expect(s, s->heard.num_datagrams == num,
                 "a datagram behind its limit of %u s", limit);
}

static void try_for_ever(struct wrong *w)
{
    w->peer.config.timer.max_retries = 1000;
    w->peer.config.handshake_limit = 86400000;
}

/* ---- P-RTX-9, P-RTX-10: what leaves the timer alone ---- */

/* The time from a flight of the target to its first repetition, with
 * `meanwhile` between them.  The peer hears the flight and does not answer. */
static uint64_t first_gap(struct scene *s, void (*meanwhile)(struct scene *s))
{
    struct schedule schedule;
    uint64_t start;

    if (s->peer.role == DTLS_CLIENT) {
        (void)flight_say_hellos(s);
        start = s->line.now;
        (void)scene_hear(s, DTLS_SERVER_HELLO_DONE, 1);
        /* The target's timer runs since it has sent the flight. */
        if (s->line.now > start + some_time(s) / 4) {
            scene_stop(s, "the flight comes too late to measure times");
        }
    } else {
        (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    }
    start = s->line.now;
    if (meanwhile != NULL) {
        meanwhile(s);
    }
    hear_transmissions(s, &schedule, 1);
    return schedule.at[0] - start;
}

static void expect_same_gap(struct scene *s,
                            void (*meanwhile)(struct scene *s))
{
    uint64_t quiet = first_gap(s, NULL);
    uint64_t gap;

    s->repeats = true;
    scene_connect(s);
    scene_again(s);
    gap = first_gap(s, meanwhile);
    scene_expect(s, gap * 4 >= quiet * 3 && gap * 4 <= quiet * 5,
                 "the first gap is %llu ms instead of %llu",
                 (unsigned long long)gap, (unsigned long long)quiet);
    s->repeats = true;
}

static void say_first_of_answer(struct scene *s)
{
    const struct peer_message *m;

    scene_wait(s, some_time(s));
    m = scene_come_to(s, s->peer.role == DTLS_CLIENT ? DTLS_CLIENT_KEY_EXCHANGE
                                                     : DTLS_SERVER_HELLO);
    if (m == s->peer.messages) { /* else a Certificate came before it */
        scene_say(s, m);
    }
}

static void answer_in_part(struct scene *s)
{
    expect_same_gap(s, say_first_of_answer);
}

static bool grow_patient(struct wrong *w, struct wrong_record *r)
{
    struct dtls_timer *timer = &w->peer.session.timer;
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && timer->deadline != DTLS_NEVER &&
        (f.type == DTLS_SERVER_HELLO || f.type == DTLS_CLIENT_KEY_EXCHANGE)) {
        timer->deadline += 500;
    }
    return false;
}

static void wait_longer_after_part(struct wrong *w)
{
    w->hears = grow_patient;
}

/* A hundred records in a second that no key has made.  On a busy machine they
 * are fewer: the time that they take must not grow. */
static void say_bad_records(struct scene *s)
{
    const uint64_t until = s->line.now + some_time(s);
    uint8_t record[DTLS_RECORD_HEADER_LEN + 40] = {
        DTLS_HANDSHAKE, 0xfe, 0xfd, 0, 1, [12] = 40, [13] = 0x12, 0x34, 0x56};

    while (s->line.now + 10 <= until) {
        record[10]++; /* its number */
        scene_say_bytes(s, dtls_bytes_of(record, sizeof record));
        scene_wait(s, 10);
    }
}

static void pour_bad_records(struct scene *s)
{
    expect_same_gap(s, say_bad_records);
}

static bool start_timer_anew(struct wrong *w, struct wrong_record *r)
{
    struct dtls_timer *timer = &w->peer.session.timer;

    if (!r->opened && timer->deadline != DTLS_NEVER) {
        timer->deadline = w->peer.now + 1000;
    }
    return false;
}

static void wait_from_bad_records(struct wrong *w)
{
    w->hears = start_timer_anew;
}

/* ---- P-RTX-11: the last flight, for 240 s ---- */

static bool has_come(const struct scene *s, unsigned times)
{
    const struct heard_message *m = heard_message(&s->heard, DTLS_FINISHED);

    return m != NULL && m->times >= times;
}

/* Says the client's flight again, after which the server's Finished should
 * come for this time.  Other copies would come at once. */
static void ask_for_last_flight(struct scene *s, unsigned times)
{
    const uint64_t until = s->line.now + s->setup->live_ms;

    flight_repeat(s);
    do {
        scene_wait(s, 100);
    } while (!has_come(s, times) && s->line.now < until);
}

/* The client hears the server's last flight in the end. */
static void hear_last_flight(struct scene *s)
{
    const struct heard_message *m;

    scene_wait(s, 1500);
    m = heard_message(&s->heard, DTLS_FINISHED);
    s->deaf = false;
    ask_for_last_flight(s, m == NULL ? 1 : m->times + 1);
    scene_expect(s, peer_has_settled(&s->peer),
                 "the last flight does not come again");
}

/* The client is deaf to the server's last flight, and says its own again after
 * each of these times, in milliseconds. */
static void miss_last_flight(struct scene *s, const unsigned *gaps, size_t num)
{
    come_to_answer_to_keys(s);
    for (size_t i = 0; i < num; i++) {
        const struct heard_message *m;

        scene_wait(s, gaps[i]);
        ask_for_last_flight(s, (unsigned)i + 2);
        m = heard_message(&s->heard, DTLS_FINISHED);
        scene_expect(s, m->times == i + 2, "Finished comes %u times, not %zu",
                     m->times, i + 2);
    }
    hear_last_flight(s);
}

static void repeat_after_1_s(struct scene *s)
{
    static const unsigned gap = 1000;

    miss_last_flight(s, &gap, 1);
}

static void repeat_up_to_200_s(struct scene *s)
{
    static const unsigned gaps[] = {30000, 170000};

    miss_last_flight(s, gaps, sizeof gaps / sizeof *gaps);
}

static bool lose_late_finished(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->sut.state == SUT_CONNECTED && wrong_fragment(r, &f) &&
           f.type == DTLS_FINISHED;
}

static void forget_last_flight(struct wrong *w)
{
    w->hears = lose_late_finished;
}

static bool lose_later_finished(struct wrong *w, struct wrong_record *r)
{
    return lose_late_finished(w, r) &&
           w->peer.now > w->peer.session.connected_at + 60000;
}

static void forget_it_after_a_minute(struct wrong *w)
{
    w->hears = lose_later_finished;
}

/* ---- P-RTX-13, P-RTX-14: what is no reason to say the last flight again
 * ---- */

/* Nothing has come since `before` datagrams. */
static void expect_nothing_since(struct scene *s, unsigned before)
{
    scene_pause(s);
    scene_expect(s, s->heard.num_datagrams == before, "an answer");
}

static void note_answer_since(struct scene *s, unsigned before)
{
    scene_pause(s);
    if (s->heard.num_datagrams != before) {
        heard_note(&s->heard, "an answer");
    }
}

static void say_old_records(struct scene *s)
{
    static const uint8_t one = 1;
    static const uint8_t junk[20] = "\x31\x41\x59\x26 in the clear";
    unsigned before;

    scene_connect(s);
    before = s->heard.num_datagrams;
    scene_say_record(s, 0, DTLS_CHANGE_CIPHER_SPEC, dtls_bytes_of(&one, 1));
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_bytes_of(junk, sizeof junk));
    scene_say_record(s, 0, DTLS_APPLICATION_DATA,
                     dtls_bytes_of(junk, sizeof junk));
    scene_say_record(s, 0, 99, dtls_bytes_of(junk, sizeof junk));
    expect_nothing_since(s, before);
}

static bool answer_old_ccs(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t one = 1;

    return w->sut.state == SUT_CONNECTED && r->wire.epoch == 0 &&
           r->wire.type == DTLS_CHANGE_CIPHER_SPEC &&
           wrong_say(w, wrong_epoch(w), DTLS_CHANGE_CIPHER_SPEC,
                     dtls_bytes_of(&one, 1));
}

static void answer_any_old_ccs(struct wrong *w)
{
    w->hears = answer_old_ccs;
}

/* One message of the last flight but one, alone. */
static void say_old_message(struct scene *s)
{
    static uint8_t bytes[DTLS_FRAGMENT_HEADER_LEN + PEER_BODY_MAX];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    const struct peer_message *m =
        scene_come_to(s, s->peer.role == DTLS_CLIENT ? DTLS_CLIENT_KEY_EXCHANGE
                                                     : DTLS_SERVER_HELLO_DONE);
    const struct dtls_fragment f = {.type = m->type,
                                    .message_len = (uint32_t)m->len,
                                    .seq = m->seq,
                                    .body = {m->body, m->len}};
    unsigned before;

    if (!dtls_fragment_put_header(&out, &f) || !dtls_put_bytes(&out, f.body)) {
        scene_stop(s, "the message is too long");
    }
    scene_connect(s);
    before = s->heard.num_datagrams;
    scene_say_record(s, 0, DTLS_HANDSHAKE, dtls_buf_bytes(&out));
    note_answer_since(s, before);
}

static bool die_of_old_message(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    return w->sut.state == SUT_CONNECTED && r->wire.epoch == 0 &&
           wrong_fragment(r, &f) && wrong_alert(w, 10);
}

static void stumble_over_old_message(struct wrong *w)
{
    w->hears = die_of_old_message;
}

/* The peer's Finished, to be said once more. */
static const struct peer_message *connect_and_keep_finished(struct scene *s)
{
    static struct peer_message finished;

    finished = *scene_come_to(s, DTLS_FINISHED);
    scene_connect(s);
    return &finished;
}

static void say_wrong_finished(struct scene *s)
{
    struct peer_message wrong = *connect_and_keep_finished(s);
    unsigned before = s->heard.num_datagrams;

    wrong.body[0] ^= 1;
    scene_say(s, &wrong);
    note_answer_since(s, before);
}

static void say_forged_finished(struct scene *s)
{
    const struct peer_message *m = connect_and_keep_finished(s);
    unsigned before = s->heard.num_datagrams;

    peer_put_message(&s->peer, &s->out, m);
    s->out.data[s->out.len - 1] ^= 1;
    scene_send(s);
    expect_nothing_since(s, before);
}

static bool die_of_late_finished(struct wrong *w, struct wrong_record *r)
{
    return lose_late_finished(w, r) && wrong_alert(w, 51);
}

static void judge_late_finished(struct wrong *w)
{
    w->hears = die_of_late_finished;
}

static bool answer_forged(struct wrong *w, struct wrong_record *r)
{
    static const uint8_t one = 1;

    return w->sut.state == SUT_CONNECTED && !r->opened &&
           r->wire.type == DTLS_HANDSHAKE && r->wire.epoch == 1 &&
           wrong_say(w, wrong_epoch(w), DTLS_CHANGE_CIPHER_SPEC,
                     dtls_bytes_of(&one, 1));
}

static void answer_any_finished(struct wrong *w)
{
    w->hears = answer_forged;
}

/* ---- P-RTX-17: data, before the last flight has come ---- */

static void say_data_too_early(struct scene *s)
{
    uint8_t bytes[24];

    come_to_answer_to_keys(s);
    (void)scene_put_data(s, bytes, sizeof bytes);
    scene_send(s);
    hear_last_flight(s);
}

static bool forget_flight_for_data(struct wrong *w, struct wrong_record *r)
{
    if (r->opened && r->wire.type == DTLS_APPLICATION_DATA) {
        w->num = 1;
    }
    return w->num != 0 && lose_late_finished(w, r);
}

static void take_data_for_the_end(struct wrong *w)
{
    w->hears = forget_flight_for_data;
}

/* ---- P-RTX-19: a raised timeout stays ---- */

static void lose_two_flights(struct scene *s)
{
    struct schedule before;
    struct schedule after;
    uint64_t start;
    uint64_t gap;

    s->deaf = true;
    (void)scene_hear(s, DTLS_CLIENT_HELLO, 1);
    start = s->line.now;
    hear_transmissions(s, &before, 2);
    s->deaf = false;
    (void)scene_come_to(s, DTLS_SERVER_HELLO_DONE);
    scene_say_rest(s);
    (void)scene_hear(s, DTLS_FINISHED, 1);
    gap = s->line.now;
    hear_transmissions(s, &after, 1);
    gap = after.at[0] - gap;
    start = before.at[0] - start; /* the first gap of all */
    scene_expect(s, gap * 4 >= start * 3,
                 "the first gap of the next flight is %llu ms",
                 (unsigned long long)gap);
    if (gap * 2 < start * 3) {
        heard_note(&s->heard, "the first timeout again");
    }
}

/* Its first timeout, for the last flight, is a tenth of what it was. */
static bool hurry_in_the_end(struct wrong *w, struct peer_message *m)
{
    if (m->type == DTLS_FINISHED && w->num++ == 0) {
        w->peer.session.timer.deadline = w->peer.now + 100;
    }
    return true;
}

static void hurry(struct wrong *w)
{
    w->says = hurry_in_the_end;
}

/* ---- P-RTX-20, P-RTX-21: alerts ---- */

/* Comes to a message of the peer, which is then cut short. */
static const struct peer_message *come_to_bad_message(struct scene *s)
{
    struct peer_message *m =
        scene_come_to(s, s->peer.role == DTLS_CLIENT ? DTLS_CLIENT_KEY_EXCHANGE
                                                     : DTLS_SERVER_HELLO);

    m->len = 1;
    return m;
}

static void wait_after_alert(struct scene *s)
{
    unsigned alerts = 0;

    scene_say(s, come_to_bad_message(s));
    scene_wait(s, 60000);
    for (size_t i = 0; i < s->heard.num_records; i++) {
        alerts += s->heard.records[i].type == DTLS_ALERT;
    }
    scene_expect(s, alerts <= 1, "the alert comes %u times", alerts);
}

static bool is_bad_message(const struct wrong *w, const struct wrong_record *r)
{
    struct dtls_fragment f;

    return wrong_message(r,
                         w->peer.role == DTLS_SERVER ? DTLS_CLIENT_KEY_EXCHANGE
                                                     : DTLS_SERVER_HELLO,
                         &f) &&
           f.body.len == 1;
}

static bool complain(struct wrong *w)
{
    static const uint8_t alert[2] = {DTLS_ALERT_FATAL, 50};

    return wrong_say(w, 0, DTLS_ALERT, dtls_bytes_of(alert, sizeof alert));
}

static bool complain_of_bad(struct wrong *w, struct wrong_record *r)
{
    if (!is_bad_message(w, r)) {
        return false;
    }
    w->num = 1;
    return complain(w);
}

static bool complain_instead(struct wrong *w, struct peer_message *m)
{
    (void)m;
    return w->num == 0 || !complain(w);
}

static void complain_by_timer(struct wrong *w)
{
    w->hears = complain_of_bad;
    w->says = complain_instead;
}

static void say_bad_message_twice(struct scene *s)
{
    const struct peer_message *m = come_to_bad_message(s);
    size_t before;

    scene_say(s, m);
    scene_wait(s, 2000);
    before = s->heard.num_records;
    scene_say(s, m);
    scene_wait(s, 500);
    for (size_t i = before; i < s->heard.num_records && s->heard.fatal; i++) {
        scene_expect(s, s->heard.records[i].type == DTLS_ALERT,
                     "a record of type %u behind its alert",
                     s->heard.records[i].type);
    }
}

static bool complain_once(struct wrong *w, struct wrong_record *r)
{
    if (!is_bad_message(w, r)) {
        return false;
    }
    w->peer.session.timer.deadline = DTLS_NEVER;
    if (w->num++ == 0) {
        return complain(w);
    }
    return wrong_say_message(w, 0, DTLS_SERVER_HELLO_DONE, 9,
                             (struct dtls_bytes){0});
}

static void go_on_behind_alert(struct wrong *w)
{
    w->hears = complain_once;
}

static const struct check checks[] = {
    {.id = "P-RTX-1",
     .rows = "D6347-3.2.1-2 D6347-4.2.4-2",
     .play = lose_hello,
     .strict = "data",
     .wrong = renumber_retransmissions,
     .shows = "a retransmission has another message_seq"},
    {.id = "P-RTX-2",
     .rows = "D6347-4.2.4.1-2",
     .is_slow = true,
     .play = measure_gaps,
     .strict = "data",
     .wrong = keep_timeout,
     .shows = "gaps of 1000 and 1000 ms"},
    {.id = "P-RTX-4",
     .rows = "D6347-4.2.4-1 D6347-4.2.4-3",
     .play = lose_flight,
     .strict = "data",
     .wrong = repeat_a_part,
     .shows = "message * does not come again"},
    {.id = "P-RTX-4.numbers",
     .rows = "D6347-4.2.2-7",
     .play = compare_numbers,
     .strict = "data",
     .wrong = keep_numbers,
     .shows = "two records in epoch 0 have number *"},
    {.id = "P-RTX-5",
     .rows = "D6347-4.2.4-3 D6347-4.2.4-4",
     .matters = CHECK_EACH_KX,
     .is_slow = true,
     .play = lose_each,
     .strict = "data",
     .wrong = never_repeat,
     .shows = "no connection if datagrams * are lost"},
    {.id = "P-RTX-5.pairs",
     .rows = "D6347-4.2.4-3 D6347-4.2.4-4",
     .is_slow = true,
     .play = lose_each_pair,
     .strict = "data",
     .wrong = never_repeat,
     .shows = "no connection if datagrams * are lost"},
    {.id = "P-RTX-6",
     .rows = "D6347-4.2.4-3",
     .is_slow = true,
     .play = go_over_bad_paths,
     .strict = "data",
     .wrong = never_repeat,
     .shows = "* of 20 associations at 10 percent of loss"},
    {.id = "P-RTX-7",
     .rows = "D6347-4.1-8",
     .matters = CHECK_EACH_CIPHER,
     .play = repeat_keys,
     .strict = "data",
     .wrong = repeat_under_new_keys,
     .shows = "ChangeCipherSpec in epoch 1"},
    {.id = "P-RTX-8",
     .rows = "D6347-4.2.4-4",
     .play = repeat_unasked,
     .strict = "data",
     .wrong = wait_for_timer_only,
     .shows = "its flight comes 1 times, not 2"},
    {.id = "P-RTX-9",
     .rows = "D6347-4.2.4-5",
     .play = answer_in_part,
     .strict = "data",
     .wrong = wait_longer_after_part,
     .shows = "the first gap is 1500 ms instead of 1000"},
    {.id = "P-RTX-3",
     .rows = "D6347-4.2.4.1-6",
     .is_slow = true,
     .play = wait_for_the_end,
     .strict = "silence | alert * | close",
     .wrong = try_for_ever,
     .shows = "a datagram behind its limit of 660 s"},
    {.id = "P-RTX-10",
     .rows = "D6347-4.2.4.1-7",
     .play = pour_bad_records,
     .strict = "data",
     .tolerated = "alert 20",
     .wrong = wait_from_bad_records,
     .shows = "the first gap is 1490 ms instead of 1000"},
    {.id = "P-RTX-11",
     .rows = "D6347-4.2.4-8 D6347-4.2.4-7",
     .matters = CHECK_EACH_KX,
     .play = repeat_after_1_s,
     .strict = "data",
     .wrong = forget_last_flight,
     .shows = "Finished comes 1 times, not 2"},
    {.id = "P-RTX-11.late",
     .rows = "D6347-4.2.4-8",
     .is_slow = true,
     .play = repeat_up_to_200_s,
     .strict = "data",
     .wrong = forget_it_after_a_minute,
     .shows = "Finished comes 2 times, not 3"},
    {.id = "P-RTX-13",
     .rows = "D6347-4.2.4-10",
     .play = say_old_records,
     .strict = "data",
     .wrong = answer_any_old_ccs,
     .shows = "an answer"},
    {.id = "P-RTX-13.message",
     .rows = "D6347-4.2.4-10",
     .play = say_old_message,
     .strict = "data",
     .tolerated = "an answer then data",
     .wrong = stumble_over_old_message,
     .shows = "alert 10*"},
    {.id = "P-RTX-14",
     .rows = "D6347-4.2.4-10 D6347-4.2.4-90",
     .play = say_wrong_finished,
     .strict = "data",
     .tolerated = "an answer then data",
     .wrong = judge_late_finished,
     .shows = "alert 51*"},
    {.id = "P-RTX-14.forged",
     .rows = "D6347-4.2.4-10 D6347-4.2.4-90",
     .play = say_forged_finished,
     .strict = "data",
     .wrong = answer_any_finished,
     .shows = "an answer"},
    {.id = "P-RTX-15",
     .rows = "D6347-4.2.4-1 D6347-4.2.4.1-90",
     .matters = CHECK_EACH_KX,
     .is_honest = true,
     .play = count_copies,
     .strict = "data",
     .wrong = say_messages_twice,
     .shows = "message * comes 2 times"},
    {.id = "P-RTX-17",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.4-8 D6347-4.2.4-12",
     .play = say_data_too_early,
     .strict = "data",
     .wrong = take_data_for_the_end,
     .shows = "the last flight does not come again"},
    {.id = "P-RTX-19",
     .roles = CHECK_CLIENT,
     .rows = "D6347-4.2.4.1-4",
     .is_slow = true,
     .play = lose_two_flights,
     .strict = "data",
     .tolerated = "the first timeout again then data",
     .wrong = hurry,
     .shows = "the first gap of the next flight is 100 ms"},
    {.id = "P-RTX-20",
     .rows = "D6347-4.2.7-1",
     .is_slow = true,
     .play = wait_after_alert,
     .strict = "alert * | silence",
     .wrong = complain_by_timer,
     .shows = "the alert comes * times"},
    {.id = "P-RTX-21",
     .rows = "D6347-4.2.7-2",
     .play = say_bad_message_twice,
     .strict = "alert * | silence",
     .wrong = go_on_behind_alert,
     .shows = "a record of type 22 behind its alert"},
};

CHECK_FILE(loss)
