/* SPDX-License-Identifier: MIT */
/* What a server says to hellos: versions, extensions, refusals. */
#include "probe/questions.h"

#include <stdio.h>
#include <string.h>

/* ---- versions ---- */

static bool speaks(const struct probe *p, const struct ask_hello *h,
                   uint16_t version)
{
    struct ask *a = ask_new(p, h);
    bool so = a->end == ASK_ANSWERED && a->server.version == version &&
              (version != DTLS_VERSION_1_2 || a->server.suite >> 8 != 0x13);

    ask_close(a);
    return so;
}

/* A server of DTLS 1.3 answers with its ServerHello, or asks for a share. */
static bool speaks_1_3(const struct probe *p)
{
    static const uint16_t suites[] = {0x1301, 0x1302, 0x1303, 0x1304, 0x1305};
    static const uint8_t version[] = {2, 0xfe, 0xfc};
    static const uint8_t no_shares[] = {0, 0};
    static struct ask_hello h;
    struct ask *a;
    bool so;

    ask_defaults(&h, p);
    memcpy(h.suites, suites, sizeof suites);
    h.num_suites = sizeof suites / sizeof *suites;
    ask_extend(&h, 43, version, sizeof version);
    ask_extend(&h, 51, no_shares, sizeof no_shares);
    a = ask_new(p, &h);
    so = a->end == ASK_ANSWERED && a->server.suite >> 8 == 0x13;
    ask_close(a);
    return so;
}

static void ask_for_more(const struct probe *p, struct ask_hello *h)
{
    static const uint8_t deflate_first[] = {1, 0};
    struct ask *a;

    h->compression = dtls_bytes_of(deflate_first, sizeof deflate_first);
    a = ask_new(p, h);
    if (a->end == ASK_ANSWERED) {
        facts_tell(p->facts, FACT_compression,
                   a->server.compression == 0 ? "no" : "deflate");
        facts_tell(p->facts, FACT_session_id,
                   a->server.session_id.len == 0 ? "no" : "yes");
    }
    ask_close(a);
}

void question_versions(const struct probe *p)
{
    static struct ask_hello h;
    char found[16] = "";
    bool speaks_1_2;

    ask_defaults(&h, p);
    h.version = DTLS_VERSION_1_0;
    (void)strcat(found, speaks(p, &h, DTLS_VERSION_1_0) ? " 1.0" : "");
    h.version = DTLS_VERSION_1_2;
    speaks_1_2 = speaks(p, &h, DTLS_VERSION_1_2);
    (void)strcat(found, speaks_1_2 ? " 1.2" : "");
    (void)strcat(found, speaks_1_3(p) ? " 1.3" : "");
    if (found[0] == '\0') {
        facts_cannot(p->facts, FACT_versions, "it accepts no hello of ours");
        return;
    }
    facts_tell(p->facts, FACT_versions, "%s", found + 1);
    if (speaks_1_2) {
        ask_for_more(p, &h);
    }
}

/* ---- extensions ---- */

/* An extension, and a value that a server should know what to do with. */
static const struct offer {
    uint16_t type;
    const char *suites; /* only with such suites; NULL: any */
    size_t len;
    const char *data;
} offers[] = {
    {0, NULL, 14, "\0\x0c\0\0\x09localhost"},
    {1, NULL, 1, "\x02"},
    {4, "CBC", 0, ""},
    {5, NULL, 5, "\x01\0\0\0\0"},
    {14, NULL, 7, "\0\x04\0\x01\0\x02\0"},
    {15, NULL, 1, "\x01"},
    {16, NULL, 35,
     "\0\x21\4coap\2h2\x08http/1.1\6webrtc\x08"
     "c-webrtc"},
    {17, NULL, 9, "\0\x07\x02\0\4\0\0\0\0"},
    {18, NULL, 0, ""},
    {19, NULL, 3, "\2\2\0"},
    {20, NULL, 3, "\2\2\0"},
    {22, "CBC", 0, ""},
    {28, NULL, 2, "\x40\0"},
    {35, NULL, 0, ""},
    {54, NULL, 1, "\0"},
};

static void note_alpn(const struct probe *p, const struct ask *a,
                      struct dtls_bytes data)
{
    struct dtls_bytes list;
    struct dtls_bytes name;

    if (dtls_get_vec16(&data, &list) && dtls_get_vec8(&list, &name)) {
        facts_tell(p->facts, FACT_alpn, "%.*s", (int)name.len,
                   (const char *)name.data);
    } else if (a->end == ASK_ALERT && a->alert == 120) {
        facts_tell(p->facts, FACT_alpn,
                   "none of coap, h2, http/1.1, webrtc, "
                   "c-webrtc");
    } else {
        facts_tell(p->facts, FACT_alpn, "no");
    }
}

/* Offers it alone; true if the server answers with the extension. */
static bool is_answered(const struct probe *p, const struct offer *offer)
{
    static struct ask_hello h;
    struct dtls_bytes data = {0};
    struct ask *a;
    bool so;

    ask_defaults(&h, p);
    if (ask_only_found(&h, p, offer->suites) == 0) {
        return false;
    }
    ask_extend(&h, offer->type, offer->data, offer->len);
    a = ask_new(p, &h);
    so = ask_extension(a, offer->type, &data);
    if (offer->type == 16) {
        note_alpn(p, a, data);
    }
    ask_close(a);
    return so;
}

/* "yes" if the server answers, "require" if it refuses a hello without. */
static void tell_use(const struct probe *p, enum fact_key key, uint16_t type,
                     const struct ask_hello *with,
                     const struct ask_hello *without)
{
    struct ask *a = ask_new(p, with);
    struct dtls_bytes data;
    bool answers = ask_extension(a, type, &data);
    bool refuses = a->end != ASK_ANSWERED;

    ask_close(a);
    if (refuses) {
        facts_cannot(p->facts, key, "it did not answer the offer");
        return;
    }
    a = ask_new(p, without);
    refuses = a->end != ASK_ANSWERED;
    ask_close(a);
    facts_tell(p->facts, key, !answers ? "no" : refuses ? "require" : "yes");
}

static void ask_for_uses(const struct probe *p)
{
    static struct ask_hello with;
    static struct ask_hello without;

    ask_defaults(&with, p);
    (void)ask_only_found(&with, p, NULL);
    without = with;
    without.ems = false;
    tell_use(p, FACT_ems, 23, &with, &without);
    without = with;
    without.reneg_info = false;
    tell_use(p, FACT_reneg_info, 0xff01, &with, &without);
    if (ask_only_found(&with, p, "CBC") == 0) {
        facts_cannot(p->facts, FACT_etm, "it has no suite with CBC");
        return;
    }
    without = with;
    ask_extend(&with, 22, NULL, 0);
    tell_use(p, FACT_etm, 22, &with, &without);
}

void question_extensions(const struct probe *p)
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = 0;

    ask_for_uses(p);
    for (size_t i = 0; i < sizeof offers / sizeof *offers; i++) {
        if (is_answered(p, &offers[i])) {
            found[num++] = offers[i].type;
        }
    }
    if (!facts_are(p->facts, FACT_ems, "no")) {
        found[num++] = 23;
    }
    if (!facts_are(p->facts, FACT_reneg_info, "no")) {
        found[num++] = 0xff01;
    }
    facts_tell_list(p->facts, FACT_extensions, found, num);
}

/* ---- refusals ---- */

static void tell_answer(const struct probe *p, enum fact_key key,
                        const struct ask_hello *h)
{
    char phrase[ALERT_WORDS];
    struct ask *a = ask_new(p, h);

    facts_tell(p->facts, key, "%s", ask_phrase(a, phrase));
    ask_close(a);
}

/* A number that stands for nothing (RFC 8701). */
#define NOTHING 0x5a5a

void question_refusals(const struct probe *p)
{
    static struct ask_hello good;
    static struct ask_hello h;

    ask_defaults(&good, p);
    (void)ask_only_found(&good, p, NULL);
    h = good;
    h.suites[0] = NOTHING;
    h.num_suites = 1;
    tell_answer(p, FACT_fault_suites, &h);
    h = good;
    h.version = 0xff00;
    tell_answer(p, FACT_fault_version, &h);
    h = good;
    h.cut = 1;
    tell_answer(p, FACT_fault_cut, &h);
    h = good;
    h.groups[0] = NOTHING;
    h.num_groups = 1;
    if (ask_only_found(&h, p, "ECDHE_") == 0) {
        facts_cannot(p->facts, FACT_fault_groups,
                     "it has no suite with "
                     "ECDHE");
    } else {
        tell_answer(p, FACT_fault_groups, &h);
    }
    h = good;
    h.pairs[0] = NOTHING;
    h.num_pairs = 1;
    (void)ask_only_found(&h, p, "DHE_");
    ask_drop(&h, "PSK");
    ask_drop(&h, "anon");
    if (h.num_suites == 0) {
        facts_cannot(p->facts, FACT_fault_pairs, "it has no suite that signs");
    } else {
        tell_answer(p, FACT_fault_pairs, &h);
    }
}
