/* SPDX-License-Identifier: MIT */
/* Target: struct dtls_reassembly: add, next, done, seek in any order.
 * Input:  operations, each a byte and its arguments; see do_* below.
 * Oracle: a model that only notes which byte came last where.  A message is
 *         complete if and only if the model has all its bytes, and then reads
 *         the same.  The arena is a block of exactly its size and never
 *         overfull; its slots do not overlap and leave no hole.  Every refusal
 *         has one of the documented reasons. */
#include "flight/reassembly.h"
#include "fuzzers/kit/fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 512, OP_MAX = 512 };

struct kept {
    bool used;
    uint8_t type;
    uint16_t epoch;
    uint32_t len;
    uint8_t body[MESSAGE_MAX];
    bool received[MESSAGE_MAX];
};

struct model {
    struct dtls_reassembly r;
    /* Message s stands at s % SLOTS: no two in reach share a place. */
    struct kept kept[DTLS_REASSEMBLY_SLOTS];
};

static struct kept *kept_of(struct model *m, uint16_t seq)
{
    return &m->kept[seq % DTLS_REASSEMBLY_SLOTS];
}

static const struct dtls_reassembly_slot *slot_of(const struct model *m,
                                                  uint16_t seq)
{
    const struct dtls_reassembly_slot *found = NULL;

    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        if (m->r.slots[i].used && m->r.slots[i].seq == seq) {
            FUZZ_CHECK(found == NULL);
            found = &m->r.slots[i];
        }
    }
    return found;
}

/* The arena has its slots side by side, without a hole. */
static void check_arena(const struct model *m)
{
    size_t total = 0;

    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        const struct dtls_reassembly_slot *a = &m->r.slots[i];
        size_t end = a->at + a->len + (a->len + 7) / 8;

        if (!a->used) {
            continue;
        }
        total += end - a->at;
        FUZZ_CHECK(end <= m->r.arena_used);
        for (size_t j = 0; j < i; j++) {
            const struct dtls_reassembly_slot *b = &m->r.slots[j];

            FUZZ_CHECK(!b->used || b->at >= end || a->at == end ||
                       b->at + b->len + (b->len + 7) / 8 <= a->at);
        }
    }
    FUZZ_CHECK(total == m->r.arena_used);
    FUZZ_CHECK(m->r.arena_used <= m->r.arena.len);
}

/* Does the model have every byte of the message? */
static bool is_complete(const struct kept *kept)
{
    for (size_t i = 0; i < kept->len; i++) {
        if (!kept->received[i]) {
            return false;
        }
    }
    return kept->used;
}

/* The model forgets what the engine has pushed out or left behind; whatever
 * the engine has, the model has. */
static void follow(struct model *m)
{
    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        uint16_t seq = (uint16_t)(m->r.next_seq + i);

        if (slot_of(m, seq) == NULL) {
            kept_of(m, seq)->used = false;
        } else {
            FUZZ_CHECK(kept_of(m, seq)->used);
        }
    }
}

static void check_next(struct model *m)
{
    struct kept *kept = kept_of(m, m->r.next_seq);
    struct dtls_message message;

    fuzz_mark(&message, sizeof message);
    if (!dtls_reassembly_next(&m->r, &message)) {
        fuzz_untouched(&message, sizeof message);
        FUZZ_CHECK(!is_complete(kept));
        return;
    }
    FUZZ_CHECK(is_complete(kept));
    FUZZ_CHECK(message.type == kept->type && message.epoch == kept->epoch &&
               message.seq == m->r.next_seq);
    fuzz_same(message.body, dtls_bytes_of(kept->body, kept->len));
    fuzz_inside(message.body, dtls_bytes_of(m->r.arena.data, m->r.arena.len));
}

static void note(struct model *m, const struct dtls_fragment *f,
                 uint16_t epoch)
{
    struct kept *kept = kept_of(m, f->seq);

    if (!kept->used || kept->type != f->type || kept->epoch != epoch ||
        kept->len != f->message_len) {
        memset(kept, 0, sizeof *kept);
        kept->used = true;
        kept->type = f->type;
        kept->epoch = epoch;
        kept->len = f->message_len;
    }
    for (size_t i = 0; i < f->body.len; i++) {
        kept->body[f->offset + i] = f->body.data[i];
        kept->received[f->offset + i] = true;
    }
}

static void do_add(struct model *m, struct dtls_bytes *in)
{
    uint8_t head = fuzz_u8(in); /* seq 4 bits, type 2, epoch 2 */
    struct dtls_fragment f = {
        .type = (uint8_t)(head >> 4 & 3),
        .message_len = fuzz_u16(in) % (MESSAGE_MAX + 1u),
        .seq = (uint16_t)(m->r.next_seq - 4 + (head & 15)),
    };
    uint16_t epoch = head >> 6;
    uint32_t reach = (uint32_t)f.seq - m->r.next_seq;
    size_t size = f.message_len + (f.message_len + 7) / 8;
    enum dtls_status status;

    f.offset = fuzz_u16(in) % (f.message_len + 1u);
    f.body = fuzz_some(in, fuzz_u8(in));
    if (f.body.len > f.message_len - f.offset) {
        f.body.len = f.message_len - f.offset;
    }
    status = dtls_reassembly_add(&m->r, &f, epoch);
    switch ((unsigned)status) {
    case DTLS_OK:
        FUZZ_CHECK(reach < DTLS_REASSEMBLY_SLOTS);
        note(m, &f, epoch);
        break;
    case DTLS_DISCARD:
        FUZZ_CHECK(reach >= DTLS_REASSEMBLY_SLOTS ||
                   m->r.arena.len - m->r.arena_used < size);
        FUZZ_CHECK(reach != 0); /* it pushes out all others */
        break;
    default:
        FUZZ_CHECK(status == DTLS_NO_ROOM && reach == 0 &&
                   size > m->r.arena.len);
        break;
    }
}

static void do_done(struct model *m)
{
    kept_of(m, m->r.next_seq)->used = false;
    dtls_reassembly_done(&m->r);
}

static void do_seek(struct model *m, struct dtls_bytes *in)
{
    uint16_t to = (uint16_t)(m->r.next_seq + fuzz_u8(in) % 16 - 8);

    dtls_reassembly_seek(&m->r, to);
    FUZZ_CHECK(m->r.next_seq == to);
    for (size_t i = 0; i < DTLS_REASSEMBLY_SLOTS; i++) {
        FUZZ_CHECK(!m->r.slots[i].used ||
                   (uint16_t)(m->r.slots[i].seq - to) < DTLS_REASSEMBLY_SLOTS);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model m;
    struct dtls_bytes in = {data, size};
    size_t arena_len = fuzz_u16(&in) % 2048u;
    struct dtls_span arena = {malloc(arena_len + 1), arena_len};

    FUZZ_CHECK(arena.data != NULL);
    memset(&m, 0, sizeof m);
    arena.data[arena_len] = 0xa5;
    dtls_reassembly_init(&m.r, arena, fuzz_u16(&in));
    for (unsigned i = 0; i < OP_MAX && in.len != 0; i++) {
        uint8_t op = fuzz_u8(&in);

        if (op < 0xc0) {
            do_add(&m, &in);
        } else if (op < 0xf0) {
            do_done(&m);
        } else {
            do_seek(&m, &in);
        }
        follow(&m);
        check_arena(&m);
        check_next(&m);
    }
    FUZZ_CHECK(arena.data[arena_len] == 0xa5);
    free(arena.data);
    return 0;
}
