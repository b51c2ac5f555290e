/* SPDX-License-Identifier: MIT */
/* Scripts (sim/script.h). */
#include "sim/script.h"

#define MOVABLE 4 /* datagrams of a flight that change places */

/* Which flight this datagram belongs to, and where it stands in it. */
static unsigned place_in_flight(struct sim_script *s, int from)
{
    if (!s->begun || from != s->from) {
        s->flight += s->begun;
        s->begun = true;
        s->from = from;
        s->place = 0;
    }
    return s->place++;
}

/* Where the datagram at `place` arrives in permutation `number`, whose digits
 * in the factorial system choose among the places that are left. */
static unsigned arrives_at(unsigned number, unsigned place)
{
    unsigned left[MOVABLE] = {0, 1, 2, 3};
    unsigned num_left = MOVABLE;

    if (place >= MOVABLE) {
        return place;
    }
    for (unsigned i = 0;; i++) {
        unsigned digit = number % num_left;
        unsigned chosen = left[digit];

        if (i == place) {
            return chosen;
        }
        number /= num_left;
        num_left--;
        for (unsigned j = digit; j < num_left; j++) {
            left[j] = left[j + 1];
        }
    }
}

void sim_script_decide(void *self, const struct sim_sent *sent,
                       struct sim_fate *fate)
{
    struct sim_script *s = self;
    unsigned place = place_in_flight(s, sent->from);

    switch (s->kind) {
    case SIM_SCRIPT_NONE:
        break;
    case SIM_SCRIPT_DROP:
        if (sent->number == s->a || sent->number == s->b) {
            fate->lost = true;
            fate->cause = "by the script";
        }
        break;
    case SIM_SCRIPT_LATE:
        fate->delay += sent->number == s->a ? SIM_LATE_MS : 0;
        break;
    case SIM_SCRIPT_PERMUTE:
        if (s->flight == s->a) {
            fate->delay += arrives_at(s->b, place);
        }
        break;
    case SIM_SCRIPT_MOVE:
        if (sent->from == s->client && sent->number >= s->a &&
            sent->number <= s->b) {
            fate->address = 1;
        }
        break;
    }
}
