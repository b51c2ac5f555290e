/* SPDX-License-Identifier: MIT */
/* When a server repeats its flight: a client that says nothing more listens
 * until the third gap. */
#include "probe/questions.h"

#include <stdio.h>
#include <string.h>

#define GAPS 3
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

void question_schedule(const struct probe *p)
{
    static bool (*const came[GAPS])(const struct ask *a) = {
        second_flight, third_flight, fourth_flight};
    static struct ask_hello h;
    uint64_t last;
    uint64_t until;
    char gaps[80] = "";
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
    until = last + (p->slow ? SCHEDULE_SLOW_MS : SCHEDULE_MS);
    for (int i = 0; i < GAPS && a->line.now < until &&
                    ask_wait(a, came[i], (unsigned)(until - a->line.now));
         i++) {
        size_t len = strlen(gaps);
        unsigned gap = (unsigned)(a->line.now - last);

        if (i == 0) {
            facts_tell(p->facts, FACT_timer_ms, "%u", gap);
        }
        (void)snprintf(gaps + len, sizeof gaps - len, "%s%.1f s",
                       i == 0 ? "" : ", ", (double)gap / 1000);
        last = a->line.now;
    }
    if (gaps[0] == '\0') {
        facts_cannot(p->facts, FACT_timer_ms,
                     "nothing is repeated within "
                     "%u s",
                     p->slow ? SCHEDULE_SLOW_MS / 1000 : SCHEDULE_MS / 1000);
    }
    facts_tell(p->facts, FACT_schedule, "%s", gaps[0] == '\0' ? "none" : gaps);
    ask_close(a);
}
