/* SPDX-License-Identifier: MIT */
/* In which sizes a server speaks and listens: datagrams, fragments, hellos. */
#include "probe/questions.h"

#include <stdio.h>
#include <string.h>

/* ---- what it makes ---- */

static size_t largest_fragment(const struct ask *a)
{
    size_t largest = 0;

    for (size_t i = 0; i < a->heard.num_records; i++) {
        struct dtls_bytes payload = dtls_span_bytes(a->heard.records[i].body);
        struct dtls_fragment f;

        while (a->heard.records[i].type == DTLS_HANDSHAKE &&
               a->heard.records[i].epoch == 0 &&
               dtls_fragment_next(&payload, &f) == DTLS_OK) {
            largest = f.body.len > largest ? f.body.len : largest;
        }
    }
    return largest;
}

static void measure(const struct probe *p, const struct ask_hello *h)
{
    struct ask *a = ask_new(p, h);

    if (a->end == ASK_ANSWERED) {
        facts_tell(p->facts, FACT_largest_datagram, "%zu", a->largest);
        facts_tell(p->facts, FACT_largest_fragment, "%zu",
                   largest_fragment(a));
        facts_tell(p->facts, FACT_amplification, "%zu",
                   100 * a->first_bytes_in / a->first_bytes_out);
    }
    ask_close(a);
}

/* ---- what it takes ---- */

static bool is_answered(const struct probe *p, const struct ask_hello *h)
{
    struct ask *a = ask_new(p, h);
    bool so = a->end == ASK_ANSWERED;

    ask_close(a);
    return so;
}

/* Adds bytes (RFC 7685) until a hello has so many. */
static void pad(struct ask_hello *h, size_t bytes, size_t now)
{
    static const uint8_t zeros[ASK_EXTRA_MAX];

    h->extra.len = 0;
    if (now + 4 < bytes) {
        ask_extend(h, 21, zeros, bytes - now - 4);
    }
}

void question_sizes(const struct probe *p)
{
    static const size_t sizes[] = {512, 1024, 1400, 2048, 4096, 8192, 16384};
    static struct ask_hello h;
    size_t largest = 0;
    size_t least;

    ask_defaults(&h, p);
    (void)ask_only_found(&h, p, NULL);
    measure(p, &h);
    least = ask_bytes(&h);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (sizes[i] < least) {
            continue;
        }
        pad(&h, sizes[i], least);
        if (!is_answered(p, &h)) {
            break;
        }
        largest = sizes[i];
    }
    facts_tell(p->facts, FACT_largest_hello, "%zu",
               largest == 0 ? least : largest);
}

/* Says the first hello and the one with the cookie in pieces; 0: whole. */
static bool takes_pieces(const struct probe *p, struct ask_hello *h,
                         size_t first, size_t second)
{
    struct ask *a = ask_open(p);
    bool so;

    h->pieces = first;
    ask_first(a, h);
    (void)ask_settle(a);
    h->pieces = second;
    if (ask_got_cookie(a)) {
        ask_say(a, h, a->cookie);
        (void)ask_listen(a);
    }
    so = ask_settle(a) == ASK_ANSWERED;
    ask_close(a);
    return so;
}

static void ask_in_pieces(const struct probe *p, struct ask_hello *h)
{
    static const size_t sizes[] = {1, 16, 64, 128};
    char taken[32] = "";

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t len = strlen(taken);

        if (takes_pieces(p, h, 0, sizes[i])) {
            (void)snprintf(taken + len, sizeof taken - len, "%s%zu",
                           len == 0 ? "" : " ", sizes[i]);
        }
    }
    facts_tell(p->facts, FACT_frag_hello, "%s",
               taken[0] == '\0' ? "none" : taken);
}

static void ask_both(const struct probe *p, struct ask_hello *h)
{
    facts_tell(p->facts, FACT_frag_first_hello,
               takes_pieces(p, h, 64, 0) ? "yes" : "no");
    if (facts_are(p->facts, FACT_cookie, "off")) {
        facts_cannot(p->facts, FACT_frag_hello, "it asks for no cookie");
    } else {
        ask_in_pieces(p, h);
    }
}

/* The hello names one suite, so that its front is short: a server may want
 * all up to the cookie, or up to the suites, in the first piece.
 *
 * Whole hellos before and behind those in pieces show that no answer is one:
 * a server may also be busy with the last client. */
void question_pieces(const struct probe *p)
{
    static struct ask_hello h;

    ask_defaults(&h, p);
    (void)ask_only_found(&h, p, NULL);
    h.num_suites = 1;
    if (takes_pieces(p, &h, 0, 0)) {
        ask_both(p, &h);
    }
    if (!takes_pieces(p, &h, 0, 0)) {
        facts_forget(p->facts, FACT_frag_first_hello,
                     "a whole hello was not answered, either");
        facts_forget(p->facts, FACT_frag_hello,
                     "a whole hello was not answered, either");
    }
}
