/* SPDX-License-Identifier: MIT */
/* When a server repeats its flight: a client that says nothing more listens
 * until the third gap. */
#include "probe/questions.h"

#include <stdio.h>
#include <string.h>

#define SCHEDULE_MS 15000
#define SCHEDULE_SLOW_MS 120000

static unsigned num_flights(const struct ask *a)
{
    const struct heard_message *m =
        heard_message(&a->heard, DTLS_SERVER_HELLO);

    return m == NULL ? 0 : m->times;
}

static bool second_flight(const struct ask *a)
{
    return num_flights(a) >= 2;
}

static bool third_flight(const struct ask *a)
{
    return num_flights(a) >= 3;
}

static bool fourth_flight(const struct ask *a)
{
    return num_flights(a) >= 4;
}

unsigned schedule_limit(const struct probe *p)
{
    return p->slow ? SCHEDULE_SLOW_MS : SCHEDULE_MS;
}

void schedule_tell(const struct probe *p, const unsigned *gaps, unsigned num)
{
    char text[80] = "";

    for (unsigned i = 0; i < num; i++) {
        size_t len = strlen(text);

        (void)snprintf(text + len, sizeof text - len, "%s%.1f s",
                       i == 0 ? "" : ", ", (double)gaps[i] / 1000);
    }
    facts_tell(p->facts, FACT_schedule, "%s", num == 0 ? "none" : text);
    if (num == 0) {
        facts_cannot(p->facts, FACT_timer_ms,
                     "nothing is repeated within %u s",
                     schedule_limit(p) / 1000);
    } else {
        facts_tell(p->facts, FACT_timer_ms, "%u", gaps[0]);
    }
}

void question_schedule(const struct probe *p)
{
    static bool (*const came[SCHEDULE_GAPS])(const struct ask *a) = {
        second_flight, third_flight, fourth_flight};
    static struct ask_hello h;
    unsigned gaps[SCHEDULE_GAPS];
    unsigned num = 0;
    uint64_t last;
    uint64_t until;
    struct ask *a;

    ask_defaults(&h, p);
    (void)ask_only_found(&h, p, NULL);
    a = ask_new(p, &h);
    if (a->end != ASK_ANSWERED) {
        facts_cannot(p->facts, FACT_schedule, "no flight came");
        ask_close(a);
        return;
    }
    last = a->line.now;
    until = last + schedule_limit(p);
    while (num < SCHEDULE_GAPS && a->line.now < until &&
           ask_wait(a, came[num], (unsigned)(until - a->line.now))) {
        gaps[num++] = (unsigned)(a->line.now - last);
        last = a->line.now;
    }
    schedule_tell(p, gaps, num);
    ask_close(a);
}
