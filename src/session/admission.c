/* SPDX-License-Identifier: MIT */
/* The admission policy of a server (session/admission.h).  Each of these
 * functions costs the same with 1 and with 100,000 associations: the crowds of
 * one size stand in a circle, and element i holds the head of the circle of
 * size i + 1. */
#include "session/admission.h"

#include <assert.h>
#include <string.h>

/* The table must be empty: then no element is in use. */
void dtls_admission_init(struct dtls_admission *admission,
                         struct dtls_table *table)
{
    assert(table->taken == 0);
    *admission = (struct dtls_admission){.table = table};
    dtls_admission_set(admission, true, 0);
    for (uint32_t i = dtls_table_slots(table); i > 0; i--) {
        dtls_table_slot(table, i - 1)->seat = (struct dtls_seat){
            .here.next = admission->unused,
        };
        admission->unused = i;
    }
}

void dtls_admission_set(struct dtls_admission *admission, bool yields,
                        uint32_t cap)
{
    uint32_t quarter = admission->table->count / 4;

    admission->never_yields = !yields;
    admission->cap = cap != 0 ? cap : quarter != 0 ? quarter : 1;
}

static struct dtls_seat *seat_at(const struct dtls_admission *a, uint32_t link)
{
    return &dtls_table_slot(a->table, link - 1)->seat;
}

static uint32_t link_of(const struct dtls_admission *a,
                        const struct dtls_slot *slot)
{
    return dtls_table_index(a->table, slot) + 1;
}

/* Crowds. */

static uint32_t *bucket_of(const struct dtls_admission *a,
                           const struct dtls_source *source)
{
    uint32_t number = dtls_table_bucket(
        a->table, dtls_bytes_of(source->bytes, sizeof source->bytes));

    return &dtls_table_slot(a->table, number)->seat.bucket;
}

/* Returns the crowd of a source, as a link; 0 if it has none. */
static uint32_t find_crowd(const struct dtls_admission *a,
                           const struct dtls_source *source)
{
    uint32_t link = *bucket_of(a, source);

    while (link != 0 && memcmp(&seat_at(a, link)->here.source, source,
                               sizeof *source) != 0) {
        link = seat_at(a, link)->here.next;
    }
    return link;
}

static uint32_t make_crowd(struct dtls_admission *a,
                           const struct dtls_source *source)
{
    uint32_t link = a->unused;
    struct dtls_crowd *crowd = &seat_at(a, link)->here;
    uint32_t *bucket = bucket_of(a, source);

    a->unused = crowd->next;
    *crowd = (struct dtls_crowd){.source = *source, .next = *bucket};
    *bucket = link;
    return link;
}

static void drop_crowd(struct dtls_admission *a, uint32_t link)
{
    struct dtls_crowd *crowd = &seat_at(a, link)->here;
    uint32_t *from = bucket_of(a, &crowd->source);

    while (*from != link) {
        from = &seat_at(a, *from)->here.next;
    }
    *from = crowd->next;
    *crowd = (struct dtls_crowd){.next = a->unused};
    a->unused = link;
}

/* Takes a crowd out of the circle of its size. */
static void leave_circle(struct dtls_admission *a, uint32_t link)
{
    struct dtls_crowd *crowd = &seat_at(a, link)->here;
    uint32_t *head = &seat_at(a, crowd->size)->of_size;

    seat_at(a, crowd->before)->here.behind = crowd->behind;
    seat_at(a, crowd->behind)->here.before = crowd->before;
    if (*head == link) {
        *head = crowd->behind == link ? 0 : crowd->behind;
    }
}

/* Puts it behind the others of its size. */
static void enter_circle(struct dtls_admission *a, uint32_t link)
{
    struct dtls_crowd *crowd = &seat_at(a, link)->here;
    uint32_t *head = &seat_at(a, crowd->size)->of_size;
    struct dtls_crowd *first;

    if (*head == 0) {
        crowd->before = link;
        crowd->behind = link;
        *head = link;
        return;
    }
    first = &seat_at(a, *head)->here;
    crowd->before = first->before;
    crowd->behind = *head;
    seat_at(a, first->before)->here.behind = link;
    first->before = link;
}

/* Moves a crowd from the circle of one size to that of another, one larger or
 * one smaller; there is none of size 0. */
static void resize(struct dtls_admission *a, uint32_t link, uint32_t size)
{
    struct dtls_crowd *crowd = &seat_at(a, link)->here;

    if (crowd->size != 0) {
        leave_circle(a, link);
    }
    if (size > a->largest ||
        (a->largest == crowd->size && seat_at(a, a->largest)->of_size == 0)) {
        a->largest = size;
    }
    crowd->size = size;
    if (size != 0) {
        enter_circle(a, link);
    }
}

/* Members of a crowd, or of the second ones. */

static void link_newest(const struct dtls_admission *a,
                        struct dtls_crowd *crowd, uint32_t link)
{
    struct dtls_seat *seat = seat_at(a, link);

    seat->older = crowd->newest;
    seat->newer = 0;
    if (crowd->newest == 0) {
        crowd->oldest = link;
    } else {
        seat_at(a, crowd->newest)->newer = link;
    }
    crowd->newest = link;
}

static void link_oldest(const struct dtls_admission *a,
                        struct dtls_crowd *crowd, uint32_t link)
{
    struct dtls_seat *seat = seat_at(a, link);

    seat->newer = crowd->oldest;
    seat->older = 0;
    if (crowd->oldest == 0) {
        crowd->newest = link;
    } else {
        seat_at(a, crowd->oldest)->older = link;
    }
    crowd->oldest = link;
}

static void unlink_member(const struct dtls_admission *a,
                          struct dtls_crowd *crowd, uint32_t link)
{
    const struct dtls_seat *seat = seat_at(a, link);

    if (seat->older == 0) {
        crowd->oldest = seat->newer;
    } else {
        seat_at(a, seat->older)->newer = seat->newer;
    }
    if (seat->newer == 0) {
        crowd->newest = seat->older;
    } else {
        seat_at(a, seat->newer)->older = seat->older;
    }
}

/* Lists a half-open association among the second ones or in its source's
 * crowd. */
static void list(struct dtls_admission *a, uint32_t link, bool as_oldest)
{
    struct dtls_seat *seat = seat_at(a, link);
    struct dtls_crowd *crowd = &a->second;

    if (!seat->second) {
        seat->crowd = find_crowd(a, &seat->source);
        if (seat->crowd == 0) {
            seat->crowd = make_crowd(a, &seat->source);
        }
        crowd = &seat_at(a, seat->crowd)->here;
        a->num_half_open++;
        resize(a, seat->crowd, crowd->size + 1);
    } else {
        crowd->size++;
    }
    (as_oldest ? link_oldest : link_newest)(a, crowd, link);
    seat->half_open = true;
}

static void unlist(struct dtls_admission *a, uint32_t link)
{
    struct dtls_seat *seat = seat_at(a, link);
    struct dtls_crowd *crowd =
        seat->crowd == 0 ? &a->second : &seat_at(a, seat->crowd)->here;

    unlink_member(a, crowd, link);
    seat->half_open = false;
    if (seat->crowd == 0) {
        crowd->size--;
        return;
    }
    a->num_half_open--;
    resize(a, seat->crowd, crowd->size - 1);
    if (crowd->size == 0) {
        drop_crowd(a, seat->crowd);
    }
    seat->crowd = 0;
}

/* Lets the oldest of a crowd yield, if it is old enough. */
static enum dtls_verdict yield(const struct dtls_admission *a,
                               struct dtls_slot **loser,
                               const struct dtls_crowd *crowd, uint64_t age,
                               uint64_t now)
{
    if (a->never_yields || crowd->size == 0 ||
        now - seat_at(a, crowd->oldest)->since < age) {
        return DTLS_REFUSE;
    }
    *loser = dtls_table_slot(a->table, crowd->oldest - 1);
    return DTLS_ADMIT_INSTEAD;
}

/* Chooses among the crowds.  There is one. */
static enum dtls_verdict yield_by_source(const struct dtls_admission *a,
                                         struct dtls_slot **loser,
                                         const struct dtls_source *source,
                                         uint64_t now)
{
    uint32_t own = find_crowd(a, source);
    uint32_t own_size = own == 0 ? 0 : seat_at(a, own)->here.size;
    uint32_t most = seat_at(a, a->largest)->of_size;

    if (own_size >= a->cap || own_size == a->largest) {
        return yield(a, loser, &seat_at(a, own)->here, DTLS_YIELD_AGE_MS, now);
    }
    return yield(a, loser, &seat_at(a, most)->here,
                 a->largest > own_size + 1 ? 0 : DTLS_YIELD_AGE_MS, now);
}

enum dtls_verdict dtls_admission_judge(const struct dtls_admission *admission,
                                       struct dtls_slot **loser,
                                       const struct dtls_newcomer *newcomer,
                                       uint64_t now)
{
    const struct dtls_table *table = admission->table;
    struct dtls_slot *own = dtls_table_find(table, &newcomer->peer);

    *loser = NULL;
    if (own != NULL && own->seat.half_open) {
        *loser = own;
        return DTLS_ADMIT_ANEW;
    }
    if (own != NULL || table->taken - admission->num_second < table->count) {
        return dtls_table_is_full(table)
                   ? yield(admission, loser, &admission->second,
                           DTLS_YIELD_AGE_MS, now)
                   : DTLS_ADMIT;
    }
    return admission->num_half_open == 0
               ? DTLS_REFUSE_ALL
               : yield_by_source(admission, loser, &newcomer->source, now);
}

struct dtls_slot *dtls_admission_enter(struct dtls_admission *admission,
                                       const struct dtls_newcomer *newcomer,
                                       const struct dtls_slot *anew,
                                       uint64_t now)
{
    bool second = dtls_table_find(admission->table, &newcomer->peer) != NULL;
    struct dtls_slot *slot =
        dtls_table_take(admission->table, &newcomer->peer);

    assert(slot != NULL);
    slot->seat.source = newcomer->source;
    slot->seat.since = anew == NULL ? now : anew->seat.since;
    slot->seat.second = second;
    admission->num_second += second;
    list(admission, link_of(admission, slot), anew != NULL);
    return slot;
}

void dtls_admission_establish(struct dtls_admission *admission,
                              struct dtls_slot *slot)
{
    if (slot->seat.half_open) {
        unlist(admission, link_of(admission, slot));
    }
}

static struct dtls_slot *find_oldest(const struct dtls_table *table,
                                     const struct dtls_address *peer)
{
    struct dtls_slot *slot = dtls_table_find(table, peer);
    struct dtls_slot *oldest = slot;

    while (slot != NULL) {
        oldest = slot;
        slot = dtls_table_find_older(table, slot);
    }
    return oldest;
}

/* If the main association of a peer has left, the oldest one that is left is
 * its main one. */
static void promote(struct dtls_admission *a, const struct dtls_address *peer)
{
    struct dtls_slot *slot = find_oldest(a->table, peer);
    bool half_open;

    if (slot == NULL) {
        return;
    }
    half_open = slot->seat.half_open;
    if (half_open) {
        unlist(a, link_of(a, slot));
    }
    slot->seat.second = false;
    a->num_second--;
    if (half_open) {
        list(a, link_of(a, slot), true);
    }
}

void dtls_admission_leave(struct dtls_admission *admission,
                          struct dtls_slot *slot)
{
    const bool second = slot->seat.second;

    dtls_admission_establish(admission, slot);
    dtls_table_give(admission->table, slot);
    slot->seat.second = false;
    if (second) {
        admission->num_second--;
    } else {
        promote(admission, &slot->peer);
    }
}
