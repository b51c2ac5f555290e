/* SPDX-License-Identifier: MIT */
/* What a server does before it believes a client's address: its cookie (RFC
 * 6347, 4.2.1). */
#include "probe/questions.h"

#include <string.h>

#define AGE_MS 3000
#define AGES_SLOW 100 /* with --slow: so often */

/* A cookie that has outlived its association. */
struct cookie {
    uint8_t bytes[DTLS_COOKIE_MAX];
    size_t len;
};

/* Says a first hello; true if the answer is a HelloVerifyRequest. */
static bool get_cookie(struct ask *a, const struct ask_hello *h,
                       struct cookie *out)
{
    ask_first(a, h);
    (void)ask_settle(a);
    out->len = a->cookie.len;
    if (out->len != 0) {
        memcpy(out->bytes, a->cookie.data, out->len);
    }
    return a->end != ASK_ANSWERED && a->cookie.data != NULL;
}

/* Gives a cookie with this hello; true if the server goes on. */
static bool is_taken(struct ask *a, const struct ask_hello *h,
                     const struct cookie *cookie)
{
    ask_say(a, h, dtls_bytes_of(cookie->bytes, cookie->len));
    (void)ask_listen(a);
    return ask_settle(a) == ASK_ANSWERED;
}

/* Is the cookie of `first` good for `second`, from another port or not? */
static bool carries_over(const struct probe *p, const struct ask_hello *first,
                         const struct ask_hello *second, bool other_port)
{
    struct ask *a = ask_open(p);
    struct cookie cookie;
    bool so = get_cookie(a, first, &cookie);

    if (other_port) {
        ask_close(a);
        a = ask_open(p);
        a->hellos = 1; /* as if it had asked there */
        a->number = 1;
    }
    so = so && is_taken(a, second, &cookie);
    ask_close(a);
    return so;
}

static void tell_bound(const struct probe *p, const struct ask_hello *h)
{
    static const uint8_t id[8] = "resume?";
    static struct ask_hello other;
    bool port = !carries_over(p, h, h, true);
    bool random;
    bool suites;
    bool session;

    other = *h;
    other.random[31] ^= 1;
    random = !carries_over(p, h, &other, false);
    other = *h;
    other.suites[other.num_suites++] = 0x5a5a;
    suites = !carries_over(p, h, &other, false);
    other = *h;
    other.session_id = dtls_bytes_of(id, sizeof id);
    session = !carries_over(p, h, &other, false);
    facts_tell(p->facts, FACT_cookie_binds, "%s%s%s%s",
               port ? "address" : "nothing", random ? " random" : "",
               suites ? " suites" : "", session ? " session_id" : "");
}

static const enum fact_key keys[] = {FACT_cookie_bytes, FACT_cookie_binds,
                                     FACT_cookie_renewal};

/* Tells whether there is a cookie; false if there is none to ask about. */
static bool tell_cookie(const struct probe *p, const struct ask *a)
{
    const char *why =
        a->end == ASK_ANSWERED ? "it asks for no cookie" : "it did not answer";

    if (a->cookie.data != NULL) {
        facts_tell(p->facts, FACT_cookie, "on");
        facts_tell(p->facts, FACT_cookie_bytes, "%zu", a->cookie.len);
        return true;
    }
    if (a->end == ASK_ANSWERED) {
        facts_tell(p->facts, FACT_cookie, "off");
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        facts_cannot(p->facts, keys[i], "%s", why);
    }
    return false;
}

void question_cookie(const struct probe *p)
{
    static struct ask_hello h;
    struct ask *a;
    bool on;

    ask_defaults(&h, p);
    (void)ask_only_found(&h, p, NULL);
    a = ask_new(p, &h);
    on = tell_cookie(p, a);
    ask_close(a);
    if (!on) {
        return;
    }
    if (!carries_over(p, &h, &h, false)) {
        facts_cannot(p->facts, FACT_cookie_binds, "its own cookie is refused");
    } else {
        tell_bound(p, &h);
    }
}

/* ---- how long it lives ---- */

static bool never(const struct ask *a)
{
    (void)a;
    return false;
}

/* Asks for the cookie of the same hello again; true if it is another one. */
static bool has_changed(struct ask *a, const struct ask_hello *h,
                        const struct cookie *old)
{
    struct cookie now;

    a->hellos = 0;
    return get_cookie(a, h, &now) &&
           (now.len != old->len ||
            memcmp(now.bytes, old->bytes, now.len) != 0);
}

void question_cookie_age(const struct probe *p)
{
    static struct ask_hello h;
    struct cookie cookie;
    struct ask *a;
    unsigned times = p->slow ? AGES_SLOW : 1;
    unsigned seconds = 0;

    if (!facts_are(p->facts, FACT_cookie, "on")) {
        return;
    }
    ask_defaults(&h, p);
    (void)ask_only_found(&h, p, NULL);
    a = ask_open(p);
    if (!get_cookie(a, &h, &cookie)) {
        ask_close(a);
        return;
    }
    if (has_changed(a, &h, &cookie)) {
        facts_tell(p->facts, FACT_cookie_renewal, "with every request");
        ask_close(a);
        return;
    }
    for (unsigned i = 0; i < times && seconds == 0; i++) {
        (void)ask_wait(a, never, AGE_MS);
        seconds = has_changed(a, &h, &cookie) ? (i + 1) * AGE_MS / 1000 : 0;
    }
    if (seconds == 0) {
        facts_tell(p->facts, FACT_cookie_renewal, "not within %u s",
                   times * AGE_MS / 1000);
    } else {
        facts_tell(p->facts, FACT_cookie_renewal,
                   "within %u s; the old one is %s", seconds,
                   is_taken(a, &h, &cookie) ? "still good" : "refused");
    }
    ask_close(a);
}
