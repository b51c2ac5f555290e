/* SPDX-License-Identifier: MIT */
/* One trial before the target (fuzz/stunt.h).
 *
 * The voice shows the plaintext of its records; a move's datagrams become an
 * input of the fuzz lab's mutator, with opened records; what comes out of it
 * is sealed with the voice's keys and sent. */
#include "fuzz/stunt.h"

#include "flight/fragment.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/mutator.h"
#include "fuzzers/kit/opened.h"
#include "fuzzers/kit/repeatable_crypto.h"
#include "sut/sut_socket.h"

#include <poll.h>
#include <stdarg.h>
#include <string.h>

#define INPUT_MAX 131072
#define DATAGRAM_MAX 16384  /* larger ones are cut off */
#define MESSAGES_MAX 2      /* of a letter */
#define GREETINGS 3         /* tries; a datagram may be lost outside */
#define GREETING_QUIET 1000 /* milliseconds, outside */

const char *fault_name(enum fault fault)
{
    static const char *const names[NUM_FAULTS] = {
        [FAULT_NONE] = "none",           [FAULT_ANSWER] = "answer",
        [FAULT_AMPLIFIES] = "amplifies", [FAULT_FLOODS] = "floods",
        [FAULT_KEEPS] = "keeps",         [FAULT_SILENT] = "silent",
        [FAULT_GROWS] = "grows",         [FAULT_DIES] = "dies",
        [FAULT_HANGS] = "hangs",
    };

    return names[fault];
}

/* A handshake message as the voice has meant it, and which of its bytes have
 * come through. */
struct meant {
    uint16_t epoch;
    uint8_t type;
    uint16_t seq;
    uint8_t body[VOICE_BODY_MAX];
    bool sent[VOICE_BODY_MAX + 1];
    size_t len;
    bool is_handshake; /* else there is nothing to compare */
};

/* A move on its way. */
struct flight {
    uint8_t bytes[INPUT_MAX]; /* an input of the mutator */
    struct dtls_buf input;
    struct meant meant[MOVE_LETTERS];
    struct said said;
};

static struct dialogue dialogue; /* these two are too large for the stack */
static struct flight flight;

/* ---- what was meant ---- */

static void note_meant(struct meant *m, struct dtls_bytes datagram)
{
    uint8_t copy[2 * VOICE_BODY_MAX];
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record record;
    struct dtls_bytes payload;
    struct dtls_fragment f;

    m->is_handshake = false;
    memcpy(copy, datagram.data, datagram.len);
    if (dtls_record_next(&rest, &record) != DTLS_OK ||
        record.type != DTLS_HANDSHAKE) {
        return;
    }
    payload = dtls_span_bytes(record.body);
    if (dtls_fragment_next(&payload, &f) != DTLS_OK ||
        f.body.len > sizeof m->body) {
        return;
    }
    m->is_handshake = true;
    m->epoch = record.epoch;
    m->type = f.type;
    m->seq = f.seq;
    m->len = f.body.len;
    memset(m->sent, 0, m->len + 1);
    if (m->len != 0) {
        memcpy(m->body, f.body.data, m->len);
    }
}

/* Notes which bytes of the message the fragment brings.  The last flag of
 * `sent` is for a message without a body. */
static void note_fragment(struct meant *m, uint16_t epoch,
                          const struct dtls_fragment *f)
{
    if (!m->is_handshake || epoch != m->epoch || f->type != m->type ||
        f->seq != m->seq || f->message_len != m->len ||
        memcmp(m->body + f->offset, f->body.data, f->body.len) != 0) {
        return;
    }
    memset(m->sent + f->offset, true, f->body.len);
    m->sent[m->len] = true;
}

static bool is_whole(const struct meant *m)
{
    return !m->is_handshake || memchr(m->sent, false, m->len + 1) == NULL;
}

static void note_plain(struct flight *f, uint8_t type, uint16_t epoch,
                       struct dtls_bytes plain)
{
    struct dtls_fragment fragment;

    while (type == DTLS_HANDSHAKE &&
           dtls_fragment_next(&plain, &fragment) == DTLS_OK) {
        for (size_t i = 0; i < f->said.move->num; i++) {
            if (fragment.body.len != 0 || fragment.message_len == 0) {
                note_fragment(&f->meant[i], epoch, &fragment);
            }
        }
    }
}

/* ---- making a move ---- */

/* Appends a datagram of the voice as a step of an input, its protected records
 * in opened form. */
static bool put_step(struct dtls_buf *out, struct dtls_bytes datagram)
{
    static const uint8_t nonce[FUZZ_NONCE_LEN];
    uint8_t copy[2 * VOICE_BODY_MAX];
    uint8_t bytes[2 * VOICE_BODY_MAX + 64];
    struct dtls_buf step = {bytes, 0, sizeof bytes};
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record r;
    bool ok = true;

    memcpy(copy, datagram.data, datagram.len);
    while (ok && dtls_record_next(&rest, &r) == DTLS_OK) {
        const struct fuzz_opened opened = {dtls_bytes_of(nonce, sizeof nonce),
                                           dtls_span_bytes(r.body)};
        const size_t more = r.epoch == 0 ? 0 : FUZZ_NONCE_LEN + FUZZ_TAG_LEN;

        ok = dtls_record_put_header(&step, r.type, r.version, r.epoch, r.seq,
                                    r.body.len + more) &&
             (r.epoch == 0 ? dtls_put_bytes(&step, opened.plain)
                           : fuzz_opened_put(&step, &opened));
    }
    return ok && dtls_put_u16(out, 0) &&
           dtls_put_vec16(out, dtls_buf_bytes(&step));
}

/* Says the letters, and mutates what they have made. */
static void make_flight(const struct stunt *s, struct flight *f,
                        const struct move *move)
{
    static const uint8_t head[2];
    struct voice *v = &dialogue.voice;

    f->input = (struct dtls_buf){f->bytes, 0, sizeof f->bytes};
    f->said = (struct said){.move = move};
    FUZZ_CHECK(dtls_put_bytes(&f->input, dtls_bytes_of(head, sizeof head)));
    v->unsealed = true;
    for (size_t i = 0; i < move->num; i++) {
        v->out.len = 0;
        s->ground->alphabet.letters[move->letters[i]]->say(v);
        note_meant(&f->meant[i], dtls_buf_bytes(&v->out));
        FUZZ_CHECK(put_step(&f->input, dtls_buf_bytes(&v->out)));
    }
    for (size_t i = 0; i < move->rounds; i++) {
        f->input.len =
            fuzz_mutate(&fuzz_steps, f->bytes, f->input.len, sizeof f->bytes,
                        fuzz_random(move->seed, i));
    }
    v->unsealed = false;
}

/* Appends a record, sealed if it is an opened one and the voice has keys for
 * it; false if it is to go out as it is. */
static bool put_sealed(struct flight *f, struct dtls_buf *out,
                       struct dtls_record *r)
{
    struct fuzz_opened opened;

    if (r->epoch == 0) {
        note_plain(f, r->type, 0, dtls_span_bytes(r->body));
        return false;
    }
    if (!fuzz_opened_get(&opened, dtls_span_bytes(r->body))) {
        return false;
    }
    note_plain(f, r->type, r->epoch, opened.plain);
    r->body = (struct dtls_span){
        r->body.data + (opened.plain.data - r->body.data), opened.plain.len};
    return voice_seals(&dialogue.voice, out, r);
}

/* Appends a datagram with its records sealed, as many of them as fit. */
static void seal(struct flight *f, struct dtls_buf *out,
                 struct dtls_bytes datagram)
{
    static uint8_t copy[0xffff];
    struct dtls_span rest = {copy, datagram.len};
    struct dtls_record r;
    bool ok = true;

    memcpy(copy, datagram.data, datagram.len);
    for (struct dtls_span all = rest;
         ok && dtls_record_next(&rest, &r) == DTLS_OK; all = rest) {
        ok = put_sealed(f, out, &r) ||
             dtls_put_bytes(out, dtls_bytes_of(all.data, all.len - rest.len));
    }
    if (ok && !dtls_put_bytes(out, dtls_span_bytes(rest))) {
        return; /* what is no record does not fit, and is left out */
    }
}

/* ---- oracles ---- */

__attribute__((format(printf, 3, 4))) static void fail(
    struct stunt_result *out, enum fault fault, const char *format, ...)
{
    va_list more;

    if (out->fault == FAULT_NONE) {
        out->fault = fault;
        va_start(more, format);
        (void)vsnprintf(out->detail, sizeof out->detail, format, more);
        va_end(more);
    }
}

void stunt_names(const struct stunt *s, const struct move *m,
                 char out[STUNT_PLACE_MAX])
{
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < m->num && len < STUNT_PLACE_MAX; i++) {
        len += (size_t)snprintf(
            out + len, STUNT_PLACE_MAX - len, "%s%s", i == 0 ? "" : " + ",
            s->ground->alphabet.letters[m->letters[i]]->name);
    }
}

static void judge(const struct stunt *s, const struct said *said, size_t sent,
                  const char *heard, struct stunt_result *out)
{
    /* A datagram of a few records may be answered for each of them. */
    const size_t allowed = (MOVE_LETTERS + 2) * s->most_heard + 4 * sent;
    char name[STUNT_PLACE_MAX];

    stunt_names(s, said->move, name);
    if (dialogue.heard_bytes > allowed) {
        fail(out, FAULT_AMPLIFIES, "%zu bytes of %s are answered by %zu", sent,
             name, dialogue.heard_bytes);
        (void)snprintf(out->kind, sizeof out->kind, "%s", name);
    }
    if (s->referee != NULL && !referee_allows(s->referee, said, heard)) {
        fail(out, FAULT_ANSWER, "%s is answered by %s (%s)", name, heard,
             referee_clause(s->referee));
        (void)snprintf(out->kind, sizeof out->kind, "%s, in state %s", heard,
                       referee_place(s->referee));
    }
}

/* ---- playing ---- */

/* Waits until the rate allows another datagram. */
static void keep_rate(struct stunt *s)
{
    s->num_datagrams++;
    if (s->datagrams_per_second != 0) {
        (void)poll(NULL, 0, (int)(1000 / s->datagrams_per_second));
    }
}

static void send_datagram(struct stunt *s, struct dtls_bytes datagram,
                          struct stunt_result *out)
{
    static uint8_t bytes[0xffff];
    struct dtls_buf sealed = {bytes, 0, DATAGRAM_MAX};
    const char *heard;

    seal(&flight, &sealed, datagram);
    for (size_t i = 0; i < flight.said.move->num; i++) {
        flight.said.whole[i] = is_whole(&flight.meant[i]);
    }
    keep_rate(s);
    line_send(&dialogue.line, dtls_buf_bytes(&sealed));
    heard = dialogue_hear(&dialogue, s->dialogue->quiet_ms);
    judge(s, &flight.said, sealed.len, heard, out);
}

/* Only virtual time can be let pass. */
static void wait(struct stunt *s, unsigned delay, struct stunt_result *out)
{
    const char *heard;

    if (delay == 0 || s->dialogue->driver->sleep != NULL) {
        return;
    }
    heard = dialogue_hear(&dialogue, delay);
    if (s->referee != NULL && !referee_allows(s->referee, NULL, heard)) {
        fail(out, FAULT_ANSWER, "%s comes after %u ms (%s)", heard, delay,
             referee_clause(s->referee));
        (void)snprintf(out->kind, sizeof out->kind, "%s, in time", heard);
    }
}

static void send_flight(struct stunt *s, struct stunt_result *out)
{
    struct dtls_bytes in = dtls_buf_bytes(&flight.input);

    (void)fuzz_some(&in, fuzz_steps.head_len);
    while (in.len != 0 && dialogue.problem[0] == '\0') {
        const uint16_t delay = fuzz_u16(&in);
        const struct dtls_bytes datagram = fuzz_some(&in, fuzz_u16(&in));

        wait(s, delay, out);
        if (datagram.len != 0) {
            send_datagram(s, datagram, out);
        }
    }
}

/* An honest letter, as the learner says it.  Its answer, if it is the expected
 * one, is not waited for any longer. */
static void say_honestly(struct stunt *s, const struct move *move,
                         const char *expected, struct stunt_result *out)
{
    struct voice *v = &dialogue.voice;
    const struct said said = {.move = move, .whole = {true}};
    const bool hurries = expected != NULL && s->dialogue->driver->real_time;
    const char *heard;

    v->out.len = 0;
    s->ground->alphabet.letters[move->letters[0]]->say(v);
    keep_rate(s);
    line_send(&dialogue.line, dtls_buf_bytes(&v->out));
    if (hurries && strcmp(expected, SILENCE) == 0) {
        heard = dialogue_hear(&dialogue, 0);
    } else {
        heard = dialogue_awaits(&dialogue, s->dialogue->quiet_ms,
                                hurries ? expected : NULL);
    }
    judge(s, &said, v->out.len, heard, out);
}

/* What the machine expects, as long as every move was honest. */
static const char *expects(const struct machine *m, uint16_t *state,
                           bool *knows, const struct move *move)
{
    const struct machine_step *step = &m->steps[*state][move->letters[0]];

    *knows = *knows && move->rounds == 0;
    if (!*knows) {
        return NULL;
    }
    *state = step->next;
    return m->outputs->texts[step->output];
}

static void tell_place(const struct stunt *s, const struct move *move)
{
    if (s->place != NULL) {
        stunt_names(s, move, s->place);
    }
}

static bool begins_anew(const struct stunt *s, const struct move *move)
{
    return strcmp(s->ground->alphabet.letters[move->letters[0]]->name,
                  DRAW_NEW) == 0;
}

static void play_moves(struct stunt *s, const struct trial *trial,
                       struct stunt_result *out)
{
    uint16_t state = 0;
    bool knows = true;

    for (size_t i = 0; i < trial->num && dialogue.problem[0] == '\0'; i++) {
        const struct move *move = &trial->moves[i];
        const char *expected =
            expects(&s->ground->machine, &state, &knows, move);

        tell_place(s, move);
        if (s->referee != NULL && begins_anew(s, move)) {
            referee_rests(s->referee);
        }
        if (move->rounds == 0 && move->num == 1) {
            say_honestly(s, move, expected, out);
        } else {
            make_flight(s, &flight, move);
            send_flight(s, out);
        }
        voice_settle(&dialogue.voice);
    }
}

/* A server in another process does not leave with an association. */
static bool is_away(const struct stunt *s)
{
    const struct sut *sut = dialogue.line.sut;

    return s->dialogue->driver->real_time && sut != NULL &&
           sut->state == SUT_FAILED && s->dialogue->target.role == SUT_SERVER;
}

void stunt_plays(struct stunt *s, const struct trial *trial,
                 struct stunt_result *out)
{
    *out = (struct stunt_result){.fault = FAULT_NONE};
    if (s->referee != NULL) {
        referee_begins(s->referee);
    }
    if (dialogue_open(&dialogue, s->dialogue, s->evidence, s->now)) {
        play_moves(s, trial, out);
    }
    if (dialogue.line.floods) {
        fail(out, FAULT_FLOODS, "%s", dialogue.problem);
    } else if (dialogue.problem[0] != '\0') {
        fail(out, FAULT_SILENT, "%s", dialogue.problem);
    }
    if (is_away(s)) {
        fail(out, FAULT_SILENT, "the server: %s", dialogue.line.sut->why);
    }
    s->now = dialogue_close(&dialogue);
    if (dialogue.line.unreturned != 0) {
        fail(out, FAULT_KEEPS, "it keeps %u blocks", dialogue.line.unreturned);
    }
}

static bool greet_once(struct stunt *s, const struct word *handshake,
                       unsigned patience, char heard[VOICE_HEARD_MAX])
{
    const struct machine *m = &s->ground->machine;
    struct voice *v = &dialogue.voice;
    uint16_t outputs[WORD_MAX];
    bool ok = dialogue_open(&dialogue, s->dialogue, s->evidence, s->now);

    (void)machine_run(m, 0, handshake, outputs);
    for (size_t i = 0; ok && i < handshake->len; i++) {
        v->out.len = 0;
        s->ground->alphabet.letters[handshake->letters[i]]->say(v);
        keep_rate(s);
        line_send(&dialogue.line, dtls_buf_bytes(&v->out));
        (void)snprintf(heard, VOICE_HEARD_MAX, "%s",
                       dialogue_awaits(&dialogue, patience,
                                       m->outputs->texts[outputs[i]]));
        voice_settle(v);
    }
    if (!ok) {
        (void)snprintf(heard, VOICE_HEARD_MAX, "%.200s", dialogue.problem);
    }
    s->now = dialogue_close(&dialogue);
    return ok && strstr(heard, "Data") != NULL;
}

bool stunt_greets(struct stunt *s, const struct word *handshake,
                  char heard[VOICE_HEARD_MAX])
{
    const bool real = s->dialogue->driver->real_time;
    unsigned patience = s->dialogue->quiet_ms;

    for (int i = 0; i < (real ? GREETINGS : 1); i++) {
        if (greet_once(s, handshake, patience, heard)) {
            return true;
        }
        patience = GREETING_QUIET / GREETINGS * (unsigned)(i + 1);
    }
    return false;
}
