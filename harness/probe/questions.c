/* SPDX-License-Identifier: MIT */
/* Which question is asked when (probe/questions.h). */
#include "probe/questions.h"

#include "lab/children.h"

#include <assert.h>
#include <stdio.h>

#define JOBS 6
#define QUESTION_SECONDS 30
#define QUESTION_SLOW_SECONDS 400
#define ROUNDS 3
#define MEET_TRIES 3
#define MEET_MS 1500
#define MEET_SECOND_MS 5000

/* ---- meeting ---- */

/* How long most answers take, with much to spare. */
static unsigned patience(unsigned flight_ms)
{
    unsigned ms = 100 + 4 * flight_ms;

    return ms > 2000 ? 2000 : ms;
}

static bool take_first_answer(struct probe *p, const struct ask *a, char *why,
                              size_t why_size)
{
    switch (a->end) {
    case ASK_ANSWERED:
    case ASK_ALERT:
        p->is_known = true;
        p->patience_ms = patience(a->flight_ms);
        return true;
    case ASK_SILENCE:
        (void)snprintf(why, why_size, "nothing answers a ClientHello there");
        break;
    case ASK_NOBODY:
        (void)snprintf(why, why_size, "%s", a->line.sut->why);
        break;
    case ASK_FOREIGN:
        (void)snprintf(why, why_size, "what answers there is not DTLS");
        break;
    }
    return false;
}

/* A second client, while the first is in its handshake.  A server for one
 * client says nothing to it, or says what it has said to the first. */
static void meet_again(struct probe *p, const struct ask *first)
{
    static struct ask_hello h;
    struct probe patient = *p;
    struct ask *a;

    ask_defaults(&h, p);
    h.random[0] ^= 0x33;
    patient.is_known = false;
    patient.live_ms = MEET_SECOND_MS;
    a = ask_new(&patient, &h);
    p->one_client = (a->end != ASK_ANSWERED && a->end != ASK_ALERT) ||
                    (a->end == ASK_ANSWERED &&
                     dtls_bytes_equal(a->server.random, first->server.random));
    ask_close(a);
}

/* A server for one client must let the next one in. */
static bool lets_next_in(struct probe *p, char *why, size_t why_size)
{
    static struct ask_hello h;
    struct ask *a;
    bool so;

    if (!p->one_client) {
        return true;
    }
    ask_defaults(&h, p);
    a = ask_new(p, &h);
    so = a->end == ASK_ANSWERED || a->end == ASK_ALERT;
    ask_close(a);
    if (!so) {
        (void)snprintf(why, why_size,
                       "it serves one client at a time, and lets no other in "
                       "after a handshake that an alert has ended");
    }
    return so;
}

bool questions_meet(struct probe *p, char *why, size_t why_size)
{
    static struct ask_hello h;
    struct probe impatient = *p;
    bool met = false;

    ask_defaults(&h, p);
    impatient.live_ms = MEET_MS;
    for (int i = 0; i < MEET_TRIES && !met; i++) {
        struct ask *a = ask_new(&impatient, &h);

        met = take_first_answer(p, a, why, why_size);
        if (a->end == ASK_ANSWERED) {
            meet_again(p, a);
        }
        ask_close(a);
    }
    facts_tell(p->facts, FACT_one_client, p->one_client ? "yes" : "no");
    return met && lets_next_in(p, why, why_size);
}

/* ---- asking ---- */

/* Questions of one round run at the same time.  A server for one client gets
 * them in this order: some are not the same after a fault, or after a client
 * that was given a cookie and never came back. */
static const struct question {
    int round;
    void (*ask)(const struct probe *p);
    bool waits; /* for seconds: not with --quick */
} questions[] = {
    {1, question_suites, false},    {1, question_versions, false},
    {2, question_handshake, false}, {2, question_groups, false},
    {2, question_pairs, false},     {2, question_extensions, false},
    {2, question_refusals, false},  {2, question_cookie, false},
    {2, question_sizes, false},     {2, question_chains, false},
    {3, question_echo, false},      {3, question_renegotiation, false},
    {3, question_psk, false},       {3, question_schedule, true},
    {3, question_faults, false},    {3, question_pieces, false},
    {3, question_cookie_age, true},
};
enum { NUM_QUESTIONS = sizeof questions / sizeof *questions };

struct round {
    struct probe *probe;
    int number;
};

static bool is_of_round(void *self, size_t piece)
{
    const struct round *round = self;
    const struct question *q = &questions[piece];

    return q->round == round->number && !round->probe->facts->gone &&
           !(q->waits && round->probe->quick);
}

static void work(void *self, size_t piece, FILE *out)
{
    const struct round *round = self;
    struct probe own = *round->probe;

    (void)out;
    own.seed = own.seed * 1000 + piece + 1;
    questions[piece].ask(&own);
}

/* A question that dies leaves its facts untold. */
static void done(void *self, size_t piece, const char *said, size_t len,
                 const char *death)
{
    (void)self;
    (void)said;
    (void)len;
    if (death != NULL) {
        (void)fprintf(stderr, "nxdtls probe: question %zu: %s\n", piece,
                      death);
    }
}

static const char *reason(const struct probe *p)
{
    if (p->who == CLIENT) {
        return "its hello does not tell";
    }
    return p->facts->gone ? "the server stopped answering"
           : p->facts->items[FACT_suites].told
               ? "its question got no answer"
               : "it accepts no hello of DTLS 1.2";
}

void questions_name_untold(const struct probe *p)
{
    static const enum fact_key waits[] = {FACT_timer_ms, FACT_schedule,
                                          FACT_cookie_renewal};

    for (size_t i = 0; p->quick && i < sizeof waits / sizeof *waits; i++) {
        facts_cannot(p->facts, waits[i], "--quick does not wait for it");
    }
    for (int key = 0; key < FACT_NUM; key++) {
        const struct fact *fact = &p->facts->items[key];

        if (!fact->told && fact->reason[0] == '\0') {
            facts_cannot(p->facts, (enum fact_key)key, "%s", reason(p));
        }
    }
}

bool questions_ask(struct probe *p, const volatile int *stop)
{
    struct round round = {.probe = p};
    const struct children all = {
        .num = NUM_QUESTIONS,
        .jobs = p->one_client ? 1 : JOBS,
        .seconds = p->slow ? QUESTION_SLOW_SECONDS : QUESTION_SECONDS,
        .self = &round,
        .begin = is_of_round,
        .work = work,
        .done = done,
        .stop = stop,
    };

    do {
        round.number++;
        if (!children_run(&all)) {
            return false;
        }
    } while (round.number < ROUNDS && p->facts->items[FACT_suites].told);
    return true;
}
