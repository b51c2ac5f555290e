/* SPDX-License-Identifier: MIT */
/* Lists of a server: its suites, groups and signature pairs.  The members are
 * found by offering all and taking out what it chooses, or one by one where a
 * choice hides the others. */
#include "probe/questions.h"
#include "probe/registry_names.h"

#include <string.h>

#define SUITES_AT_A_TIME 16

/* One list of a hello, and how the server's choice of it is read; `pick`
 * returns 0 if there is none. */
struct list {
    uint16_t *items;
    size_t *num;
    uint16_t (*pick)(const struct ask *a);
};

/* Asks, and returns what the server chose of the list; 0: nothing. */
static uint16_t choice(const struct probe *p, const struct ask_hello *h,
                       const struct list *list)
{
    struct ask *a = ask_new(p, h);
    uint16_t id = a->end == ASK_ANSWERED ? list->pick(a) : 0;

    ask_close(a);
    return list_find(list->items, *list->num, id) < *list->num ? id : 0;
}

/* Appends what the server chooses, one after the other, to `out`. */
static void take_out(const struct probe *p, const struct ask_hello *h,
                     const struct list *list, uint16_t *out, size_t *num)
{
    uint16_t id;

    while (*list->num != 0 && (id = choice(p, h, list)) != 0) {
        out[(*num)++] = id;
        list_drop(list->items, list->num, id);
    }
}

/* ---- suites ---- */

static uint16_t pick_suite(const struct ask *a)
{
    return a->server.version == DTLS_VERSION_1_2 ? a->server.suite : 0;
}

/* A server for small hellos is asked for a few suites at a time, and then for
 * the order of what it has. */
static void find_in_parts(const struct probe *p, struct ask_hello *h,
                          const struct list *list, uint16_t *out, size_t *num)
{
    uint16_t found[FACT_LIST_MAX];
    size_t num_found = 0;

    for (size_t at = 0; at < registry_suites.num; at += SUITES_AT_A_TIME) {
        for (*list->num = 0; *list->num < SUITES_AT_A_TIME &&
                             at + *list->num < registry_suites.num;
             ++*list->num) {
            list->items[*list->num] = registry_suites.rows[at + *list->num].id;
        }
        take_out(p, h, list, found, &num_found);
    }
    memcpy(list->items, found, num_found * sizeof *found);
    *list->num = num_found;
    take_out(p, h, list, out, num);
}

/* Offers its two first suites the other way round. */
static void ask_for_order(const struct probe *p, struct ask_hello *h,
                          const struct list *list, const uint16_t *suites,
                          size_t num)
{
    uint16_t chosen;

    if (num < 2) {
        facts_cannot(p->facts, FACT_suite_order, "it has only one suite");
        return;
    }
    h->suites[0] = suites[1];
    h->suites[1] = suites[0];
    h->num_suites = 2;
    chosen = choice(p, h, list);
    if (chosen == 0) {
        facts_cannot(p->facts, FACT_suite_order, "it did not answer");
        return;
    }
    facts_tell(p->facts, FACT_suite_order,
               chosen == suites[0] ? "own" : "client");
}

void question_suites(const struct probe *p)
{
    static struct ask_hello h;
    const struct list list = {h.suites, &h.num_suites, pick_suite};
    uint16_t found[FACT_LIST_MAX];
    size_t num = 0;

    ask_defaults(&h, p);
    take_out(p, &h, &list, found, &num);
    if (num == 0) {
        find_in_parts(p, &h, &list, found, &num);
    }
    if (num == 0) {
        facts_cannot(p->facts, FACT_suites, "it accepts no hello of DTLS 1.2");
        return;
    }
    facts_tell_list(p->facts, FACT_suites, found, num);
    ask_for_order(p, &h, &list, found, num);
}

/* ---- groups and pairs ---- */

/* Appends each candidate that is chosen when it is offered alone, and each
 * other one that is chosen when those stand behind it: a server may need
 * another member for its certificate. */
static void find_each(const struct probe *p, const struct ask_hello *h,
                      const struct list *list, const struct registry *all,
                      uint16_t *out, size_t *num)
{
    for (size_t i = 0; i < all->num; i++) {
        uint16_t id = all->rows[i].id;

        list->items[0] = id;
        *list->num = 1;
        if (choice(p, h, list) == id) {
            out[(*num)++] = id;
        }
    }
    for (size_t i = 0; i < all->num; i++) {
        uint16_t id = all->rows[i].id;

        if (*num == 0 || list_find(out, *num, id) < *num) {
            continue;
        }
        list->items[0] = id;
        memcpy(list->items + 1, out, *num * sizeof *out);
        *list->num = *num + 1;
        if (choice(p, h, list) == id) {
            out[(*num)++] = id;
        }
    }
}

/* Brings what was found into the server's order, as far as it tells. */
static void tell_in_order(const struct probe *p, const struct ask_hello *h,
                          const struct list *list, enum fact_key key,
                          const uint16_t *found, size_t num)
{
    uint16_t ordered[FACT_LIST_MAX];
    size_t num_ordered = 0;

    memcpy(list->items, found, num * sizeof *found);
    *list->num = num;
    take_out(p, h, list, ordered, &num_ordered);
    for (size_t i = 0; i < num; i++) {
        if (list_find(ordered, num_ordered, found[i]) == num_ordered) {
            ordered[num_ordered++] = found[i];
        }
    }
    facts_tell_list(p->facts, key, ordered, num_ordered);
}

static uint16_t pick_group(const struct ask *a)
{
    struct exchange exchange;

    ask_exchange(a, &exchange);
    return exchange.group;
}

static uint16_t pick_pair(const struct ask *a)
{
    struct exchange exchange;

    ask_exchange(a, &exchange);
    return exchange.pair;
}

static void ask_for_prime(const struct probe *p, struct ask_hello *h)
{
    struct exchange exchange;
    struct ask *a;

    if (ask_only_found(h, p, "DHE_") == 0 ||
        (ask_drop(h, "ECDHE_"), h->num_suites == 0)) {
        facts_cannot(p->facts, FACT_dh_bits, "it has no suite with DHE");
        return;
    }
    a = ask_new(p, h);
    ask_exchange(a, &exchange);
    ask_close(a);
    if (exchange.dh_bits != 0) {
        facts_tell(p->facts, FACT_dh_bits, "%u", exchange.dh_bits);
    }
}

void question_groups(const struct probe *p)
{
    static struct ask_hello h;
    const struct list list = {h.groups, &h.num_groups, pick_group};
    uint16_t found[FACT_LIST_MAX];
    size_t num = 0;

    ask_defaults(&h, p);
    ask_for_prime(p, &h);
    if (ask_only_found(&h, p, "ECDHE_") == 0) {
        facts_cannot(p->facts, FACT_groups, "it has no suite with ECDHE");
        return;
    }
    find_each(p, &h, &list, &registry_groups, found, &num);
    tell_in_order(p, &h, &list, FACT_groups, found, num);
}

void question_pairs(const struct probe *p)
{
    static struct ask_hello h;
    const struct list list = {h.pairs, &h.num_pairs, pick_pair};
    uint16_t found[FACT_LIST_MAX];
    size_t num = 0;

    ask_defaults(&h, p);
    (void)ask_only_found(&h, p, "DHE_");
    ask_drop(&h, "PSK");
    ask_drop(&h, "anon");
    if (h.num_suites == 0) {
        facts_cannot(p->facts, FACT_pairs, "it has no suite that signs");
        return;
    }
    ask_extend_list(&h, 50, &registry_pairs); /* for the certificates: all */
    find_each(p, &h, &list, &registry_pairs, found, &num);
    tell_in_order(p, &h, &list, FACT_pairs, found, num);
}
