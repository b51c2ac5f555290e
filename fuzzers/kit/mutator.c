/* SPDX-License-Identifier: MIT */
/* Mutations of whole associations (mutator.h).
 *
 * The code splits an input into views, changes something, and puts the views
 * together again.  New bytes live in `pool` until the call returns. */
#include "fuzzers/kit/mutator.h"
#include "flight/fragment.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/opened.h"
#include "fuzzers/kit/repeatable_crypto.h"
#include "messages/messages.h"
#include "record/header.h"

#include <string.h>

enum { STEPS_MAX = 128, RECORDS_MAX = 16, FRAGMENTS_MAX = 8, POOL = 1 << 18 };

const struct fuzz_format fuzz_steps = {2, false};
const struct fuzz_format fuzz_steps_to_many = {1, true};

struct step {
    uint16_t delay;
    uint8_t address;
    struct dtls_bytes datagram;
};

struct input {
    struct dtls_bytes head;
    struct step steps[STEPS_MAX];
    size_t num;
};

/* A record and what its header says, true or not. */
struct part {
    uint8_t type;
    uint16_t version;
    uint16_t epoch;
    uint64_t seq;
    int lie; /* added to the length that is written */
    struct dtls_bytes body;
};

struct dice {
    uint64_t seed;
    uint64_t index;
};

static uint8_t pool_bytes[POOL];
static struct dtls_buf pool;

/* libFuzzer's own mutator; NULL under another engine. */
extern size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
    __attribute__((weak));

static uint64_t roll(struct dice *dice, uint64_t sides)
{
    return fuzz_random(dice->seed, dice->index++) % sides;
}

/* A buffer at the end of the pool, to be completed with end_new. */
static struct dtls_buf begin_new(void)
{
    return (struct dtls_buf){&pool.data[pool.len], 0, pool.cap - pool.len};
}

static struct dtls_bytes end_new(const struct dtls_buf *buf)
{
    pool.len += buf->len;
    return dtls_buf_bytes(buf);
}

/* Changes bytes without a structure, with libFuzzer's mutator if it is
 * there. */
static struct dtls_bytes mutate_bytes(struct dice *dice, struct dtls_bytes in)
{
    struct dtls_buf out = begin_new();
    size_t room = in.len + 64;

    if (out.cap < room || !dtls_put_bytes(&out, in)) {
        return in;
    }
    if (LLVMFuzzerMutate != NULL) {
        out.len = LLVMFuzzerMutate(out.data, out.len, room);
    } else if (out.len == 0 || roll(dice, 8) == 0) {
        FUZZ_CHECK(dtls_put_u8(&out, (uint8_t)roll(dice, 256)));
    } else if (roll(dice, 8) == 0) {
        out.len = roll(dice, out.len + 1);
    } else if (roll(dice, 2) == 0) {
        out.data[roll(dice, out.len)] ^= (uint8_t)(1u << roll(dice, 8));
    } else {
        out.data[roll(dice, out.len)] = (uint8_t)roll(dice, 256);
    }
    return end_new(&out);
}

static bool put_fragment(struct dtls_buf *out, const struct dtls_fragment *f)
{
    return dtls_fragment_put_header(out, f) && dtls_put_bytes(out, f->body);
}

/* Writes one fragment as two, which may overlap; the second begins at or
 * before `at`. */
static bool put_split(struct dice *dice, struct dtls_buf *out,
                      const struct dtls_fragment *f)
{
    size_t at = roll(dice, f->body.len + 1);
    size_t overlap = roll(dice, 2) == 0 ? 0 : roll(dice, at + 1);
    struct dtls_fragment first = *f;
    struct dtls_fragment second = *f;

    first.body.len = at;
    second.offset += (uint32_t)(at - overlap);
    second.body = dtls_bytes_of(f->body.data + (at - overlap),
                                f->body.len - at + overlap);
    if (roll(dice, 2) == 0) {
        return put_fragment(out, &first) && put_fragment(out, &second);
    }
    return put_fragment(out, &second) && put_fragment(out, &first);
}

static bool put_changed_fragment(struct dice *dice, struct dtls_buf *out,
                                 struct dtls_fragment f)
{
    static const uint8_t types[] = {
        DTLS_HELLO_REQUEST,       DTLS_CLIENT_HELLO,
        DTLS_SERVER_HELLO,        DTLS_HELLO_VERIFY_REQUEST,
        DTLS_NEW_SESSION_TICKET,  DTLS_CERTIFICATE,
        DTLS_SERVER_KEY_EXCHANGE, DTLS_CERTIFICATE_REQUEST,
        DTLS_SERVER_HELLO_DONE,   DTLS_CERTIFICATE_VERIFY,
        DTLS_CLIENT_KEY_EXCHANGE, DTLS_FINISHED};
    bool whole = dtls_fragment_is_whole(&f);

    switch (roll(dice, 10)) {
    case 0:
        f.type = types[roll(dice, sizeof types)];
        break;
    case 1:
        f.seq = (uint16_t)(f.seq + roll(dice, 5) - 2);
        break;
    case 2:
        f.message_len =
            (f.message_len + (uint32_t)roll(dice, 3) - 1) & 0xffffff;
        break;
    case 3:
        f.offset = (f.offset + (uint32_t)roll(dice, 3) - 1) & 0xffffff;
        break;
    case 4:
        return true; /* left out */
    case 5:
        /* Twice. */
        if (!put_fragment(out, &f)) {
            return false;
        }
        break;
    case 6:
        return put_split(dice, out, &f);
    default:
        f.body = mutate_bytes(dice, f.body);
        f.message_len = whole ? (uint32_t)f.body.len : f.message_len;
        break;
    }
    return put_fragment(out, &f);
}

/* Changes one of the fragments of a handshake record. */
static struct dtls_bytes mutate_fragments(struct dice *dice,
                                          struct dtls_bytes in)
{
    static uint8_t bytes[1 << 16];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_buf kept = {0};
    struct dtls_fragment all[FRAGMENTS_MAX];
    struct dtls_bytes rest = in;
    size_t num = 0;
    size_t which;
    bool ok = true;

    while (num < FRAGMENTS_MAX &&
           dtls_fragment_next(&rest, &all[num]) == DTLS_OK) {
        num++;
    }
    if (num == 0) {
        return mutate_bytes(dice, in);
    }
    which = roll(dice, num);
    for (size_t i = 0; i < num && ok; i++) {
        ok = i == which ? put_changed_fragment(dice, &out, all[i])
                        : put_fragment(&out, &all[i]);
    }
    ok = ok && dtls_put_bytes(&out, rest);
    kept = begin_new();
    return ok && dtls_put_bytes(&kept, dtls_buf_bytes(&out)) ? end_new(&kept)
                                                             : in;
}

static struct dtls_bytes put_opened(const struct fuzz_opened *opened)
{
    struct dtls_buf out = begin_new();

    return fuzz_opened_put(&out, opened) ? end_new(&out) : opened->plain;
}

static struct dtls_bytes mutate_plain(struct dice *dice, uint8_t type,
                                      struct dtls_bytes plain)
{
    return type == DTLS_HANDSHAKE ? mutate_fragments(dice, plain)
                                  : mutate_bytes(dice, plain);
}

/* Changes the plaintext if the record shows it, else the whole body. */
static void mutate_body(struct dice *dice, struct part *part)
{
    struct fuzz_opened opened;

    if (part->epoch == 0 || !fuzz_opened_get(&opened, part->body)) {
        part->body = mutate_plain(dice, part->type, part->body);
        return;
    }
    opened.plain = mutate_plain(dice, part->type, opened.plain);
    part->body = put_opened(&opened);
}

/* Shifts the epoch; or moves the record from the clear into the first epoch
 * with keys, or back. */
static void change_epoch(struct dice *dice, struct part *part)
{
    static const uint8_t nonce[FUZZ_NONCE_LEN] = {0, 1};
    struct fuzz_opened opened = {{nonce, sizeof nonce}, part->body};

    if (roll(dice, 2) == 0) {
        part->epoch = (uint16_t)(part->epoch + roll(dice, 3) - 1);
    } else if (part->epoch == 0) {
        part->epoch = 1;
        part->body = put_opened(&opened);
    } else if (fuzz_opened_get(&opened, part->body)) {
        part->epoch = 0;
        part->body = opened.plain;
    }
}

static void mutate_record(struct dice *dice, struct part *part)
{
    static const uint16_t versions[] = {0xfeff, 0xfefd, 0xfefc, 0x0303};
    static const int lies[] = {-1, 1, -0x4000, 0x4000};
    static const uint64_t seqs[] = {0, DTLS_SEQ_MAX, DTLS_SEQ_MAX - 1, 64};

    switch (roll(dice, 12)) {
    case 0:
        part->type = (uint8_t)(DTLS_CHANGE_CIPHER_SPEC + roll(dice, 5));
        break;
    case 1:
        part->version = versions[roll(dice, 4)];
        break;
    case 2:
        change_epoch(dice, part);
        break;
    case 3:
        part->seq = roll(dice, 2) == 0
                        ? seqs[roll(dice, 4)]
                        : (part->seq + roll(dice, 5) - 2) & DTLS_SEQ_MAX;
        break;
    case 4:
        part->lie = lies[roll(dice, 4)];
        break;
    default:
        mutate_body(dice, part);
        break;
    }
}

static bool put_part(struct dtls_buf *out, const struct part *part)
{
    return dtls_put_u8(out, part->type) && dtls_put_u16(out, part->version) &&
           dtls_put_u16(out, part->epoch) &&
           dtls_put_u16(out, (uint16_t)(part->seq >> 32)) &&
           dtls_put_u32(out, (uint32_t)part->seq) &&
           dtls_put_u16(out, (uint16_t)((int)part->body.len + part->lie)) &&
           dtls_put_bytes(out, part->body);
}

/* Takes records off the front of a datagram, and leaves what is not a record.
 * Returns how many there were. */
static size_t take_apart(struct part *parts, struct dtls_bytes *datagram)
{
    size_t num = 0;

    while (num < RECORDS_MAX) {
        struct part *p = &parts[num];
        struct dtls_bytes in = *datagram;
        uint16_t high;
        uint32_t low;

        if (!dtls_get_u8(&in, &p->type) || !dtls_get_u16(&in, &p->version) ||
            !dtls_get_u16(&in, &p->epoch) || !dtls_get_u16(&in, &high) ||
            !dtls_get_u32(&in, &low) || !dtls_get_vec16(&in, &p->body)) {
            break;
        }
        p->seq = (uint64_t)high << 32 | low;
        p->lie = 0;
        *datagram = in;
        num++;
    }
    return num;
}

static struct dtls_bytes mutate_datagram(struct dice *dice,
                                         struct dtls_bytes datagram)
{
    struct part parts[RECORDS_MAX + 1];
    struct dtls_bytes rest = datagram;
    size_t num = take_apart(parts, &rest);
    size_t which = num == 0 ? 0 : roll(dice, num);
    struct dtls_buf out;
    bool ok = true;

    if (num == 0) {
        return mutate_bytes(dice, datagram);
    }
    switch (roll(dice, 8)) {
    case 0: /* left out */
        num--;
        memmove(&parts[which], &parts[which + 1],
                (num - which) * sizeof parts[0]);
        break;
    case 1: /* twice */
        parts[num++] = parts[which];
        break;
    case 2: { /* another order */
        struct part first = parts[0];

        parts[0] = parts[which];
        parts[which] = first;
        break;
    }
    default:
        mutate_record(dice, &parts[which]);
        break;
    }
    out = begin_new();
    for (size_t i = 0; i < num && ok; i++) {
        ok = put_part(&out, &parts[i]);
    }
    ok = ok && dtls_put_bytes(&out, rest);
    return ok && out.len <= 0xffff ? end_new(&out) : datagram;
}

static void read_input(const struct fuzz_format *format, struct input *out,
                       struct dtls_bytes in)
{
    out->head = fuzz_some(&in, format->head_len);
    out->num = 0;
    while (in.len != 0 && out->num < STEPS_MAX) {
        struct step *s = &out->steps[out->num++];

        s->delay = fuzz_u16(&in);
        s->address = format->has_address ? fuzz_u8(&in) : 0;
        s->datagram = fuzz_some(&in, fuzz_u16(&in));
    }
}

/* Writes the input, or as many steps of it as fit. */
static void write_input(const struct fuzz_format *format, struct dtls_buf *out,
                        const struct input *in)
{
    bool ok = dtls_put_bytes(out, in->head);

    for (size_t i = 0; i < in->num && ok; i++) {
        const struct step *s = &in->steps[i];
        size_t before = out->len;

        ok = dtls_put_u16(out, s->delay) &&
             (!format->has_address || dtls_put_u8(out, s->address)) &&
             dtls_put_vec16(out, s->datagram);
        if (!ok) {
            out->len = before;
        }
    }
}

static void drop_step(struct input *in, size_t at)
{
    in->num--;
    memmove(&in->steps[at], &in->steps[at + 1],
            (in->num - at) * sizeof in->steps[0]);
}

static void insert_step(struct input *in, size_t at, struct step step)
{
    if (in->num < STEPS_MAX) {
        memmove(&in->steps[at + 1], &in->steps[at],
                (in->num - at) * sizeof in->steps[0]);
        in->steps[at] = step;
        in->num++;
    }
}

/* Puts the next step's datagram behind this one's. */
static void join_steps(struct input *in, size_t at)
{
    struct dtls_buf out = begin_new();

    if (at + 1 < in->num && dtls_put_bytes(&out, in->steps[at].datagram) &&
        dtls_put_bytes(&out, in->steps[at + 1].datagram) &&
        out.len <= 0xffff) {
        in->steps[at].datagram = end_new(&out);
        drop_step(in, at + 1);
    }
}

static void mutate_steps(const struct fuzz_format *format, struct dice *dice,
                         struct input *in)
{
    static const uint16_t delays[] = {0,    1,    999,   1000,
                                      1001, 4000, 60000, 0xffff};
    size_t at = roll(dice, in->num);
    struct step copy = in->steps[at];

    switch (roll(dice, 16)) {
    case 0:
        in->steps[at].delay = delays[roll(dice, 8)];
        break;
    case 1:
        drop_step(in, at);
        break;
    case 2: /* again, now or later */
        insert_step(in, at + roll(dice, in->num - at + 1), copy);
        break;
    case 3: {
        size_t other = roll(dice, in->num);

        in->steps[at] = in->steps[other];
        in->steps[other] = copy;
        break;
    }
    case 4:
        join_steps(in, at);
        break;
    case 5: /* nothing comes */
        insert_step(in, at,
                    (struct step){.delay = delays[roll(dice, 8)],
                                  .address = copy.address});
        break;
    case 6:
        if (format->has_address) {
            in->steps[at].address = (uint8_t)roll(dice, 256);
            break;
        }
        /* fall through */
    default:
        in->steps[at].datagram = mutate_datagram(dice, copy.datagram);
        break;
    }
}

/* Changes the head; a result that is too short is thrown away. */
static struct dtls_bytes mutate_head(const struct fuzz_format *format,
                                     struct dice *dice, struct dtls_bytes head)
{
    struct dtls_bytes new = mutate_bytes(dice, head);

    return new.len < format->head_len
               ? head
               : dtls_bytes_of(new.data, format->head_len);
}

size_t fuzz_mutate(const struct fuzz_format *format, uint8_t *data, size_t len,
                   size_t max_len, uint64_t seed)
{
    static struct input input;
    static uint8_t result[POOL];
    struct dice dice = {seed, 0};
    struct dtls_buf out = {result, 0, max_len < POOL ? max_len : POOL};

    pool = (struct dtls_buf){pool_bytes, 0, sizeof pool_bytes};
    read_input(format, &input, dtls_bytes_of(data, len));
    if (input.num == 0 || roll(&dice, 24) == 0) {
        input.head = mutate_head(format, &dice, input.head);
    } else {
        for (uint64_t n = 1 + roll(&dice, 3); n != 0 && input.num != 0; n--) {
            mutate_steps(format, &dice, &input);
        }
    }
    write_input(format, &out, &input);
    memcpy(data, out.data, out.len);
    return out.len;
}

void fuzz_cross(const struct fuzz_format *format, struct dtls_buf *out,
                struct dtls_bytes a, struct dtls_bytes b, uint64_t seed)
{
    static struct input from[2];
    struct dice dice = {seed, 0};
    size_t front;
    size_t back;

    read_input(format, &from[0], a);
    read_input(format, &from[1], b);
    front = roll(&dice, from[0].num + 1);
    back = roll(&dice, from[1].num + 1);
    from[0].num = front;
    for (; back < from[1].num && from[0].num < STEPS_MAX; back++) {
        from[0].steps[from[0].num++] = from[1].steps[back];
    }
    write_input(format, out, &from[0]);
}
