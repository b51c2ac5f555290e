/* SPDX-License-Identifier: MIT */
/* Changes of the peer's flight (check/flight_changes.h). */
#include "check/flight_changes.h"

#include <assert.h>
#include <string.h>

static struct peer_message *end_of(struct scene *s)
{
    return s->peer.messages + s->peer.num_messages;
}

/* Gives the messages from `m` on their numbers, of which `seq` is the first.
 * What the peer says later follows them, and if its hello is in the flight,
 * its transcript has what the flight has: a server that resumes a session says
 * Finished in it, too. */
static void renumber(struct scene *s, struct peer_message *m, uint16_t seq)
{
    const struct dtls_handshake *h = &s->peer.session.hs;
    bool is_last_flight = false;

    for (; m < end_of(s); m++) {
        if (m->record_type == DTLS_HANDSHAKE) {
            m->seq = seq++;
            is_last_flight |= m->type == DTLS_FINISHED && !h->resumed;
        }
    }
    s->peer.session.hs.send_seq = seq;
    if (s->peer.role == DTLS_SERVER && !is_last_flight) {
        scene_rehash(s);
    }
}

void flight_drop(struct scene *s, struct peer_message *m)
{
    uint16_t seq = m->seq;

    memmove(m, m + 1, (size_t)(end_of(s) - (m + 1)) * sizeof *m);
    s->peer.num_messages--;
    renumber(s, m, seq);
}

void flight_swap(struct scene *s, struct peer_message *m)
{
    static struct peer_message first;
    uint16_t seq = m->seq;

    assert(m + 1 < end_of(s));
    first = m[0];
    m[0] = m[1];
    m[1] = first;
    renumber(s, m, seq);
}

/* The number of the first handshake message from `m` on. */
static uint16_t number_at(struct scene *s, const struct peer_message *m)
{
    for (; m < end_of(s); m++) {
        if (m->record_type == DTLS_HANDSHAKE) {
            return m->seq;
        }
    }
    return s->peer.session.hs.send_seq;
}

struct peer_message *flight_insert(struct scene *s, struct peer_message *m,
                                   const struct peer_message *message)
{
    static struct peer_message copy;
    uint16_t seq = number_at(s, m);

    assert(s->peer.num_messages < PEER_MESSAGES);
    copy = *message;
    memmove(m + 1, m, (size_t)(end_of(s) - m) * sizeof *m);
    s->peer.num_messages++;
    *m = copy;
    renumber(s, m, seq);
    return m;
}

struct peer_message *flight_double(struct scene *s, struct peer_message *m)
{
    return flight_insert(s, m + 1, m);
}

const struct peer_message *flight_say_hellos(struct scene *s)
{
    static struct peer_message said;
    unsigned asked;

    do {
        said = *scene_come_to(s, DTLS_CLIENT_HELLO);
        asked = heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST);
        scene_say(s, &said);
        s->next = s->peer.num_messages;
        scene_listen(s);
    } while (heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) > asked);
    return &said;
}

void flight_repeat(struct scene *s)
{
    for (size_t i = 0; i < s->next; i++) {
        struct peer_message *m = &s->peer.messages[i];
        size_t next = s->next;

        scene_say(s, m);
        s->next = next;
    }
}
