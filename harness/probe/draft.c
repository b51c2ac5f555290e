/* SPDX-License-Identifier: MIT */
/* The draft of an ICS (probe/page.h). */
#include "probe/page.h"

#include "check/ics.h"

#include <string.h>

/* A claim that is a fact as it stands. */
static const struct same {
    enum ics_key claim;
    enum fact_key fact;
} same[] = {
    {ICS_versions, FACT_versions},
    {ICS_suites, FACT_suites},
    {ICS_server_pref, FACT_suite_order},
    {ICS_sigs, FACT_pairs},
    {ICS_clientauth, FACT_client_auth},
    {ICS_cookie, FACT_cookie},
    {ICS_frag_first_hello, FACT_frag_first_hello},
    {ICS_ems, FACT_ems},
    {ICS_etm, FACT_etm},
    {ICS_reneg_info, FACT_reneg_info},
    {ICS_timer_ms, FACT_timer_ms},
    {ICS_replay, FACT_replay},
    {ICS_replay_window, FACT_replay_window},
    {ICS_reneg, FACT_renegotiation},
    {ICS_badrec, FACT_badrec},
};

/* A claim that is an extension which it answers. */
static const struct answered {
    enum ics_key claim;
    uint16_t type;
} answered[] = {
    {ICS_ticket, 35},
    {ICS_mfl, 1},
    {ICS_rsl, 28},
    {ICS_srtp, 14},
    {ICS_truncated_hmac, 4},
    {ICS_hb, 15},
    {ICS_cid, 54},
    {ICS_rpk, 20},
    {ICS_supported_versions, 43},
};

/* A value that the ICS has no word for stays at its default. */
static void claim(struct ics *ics, enum ics_key key, const char *value)
{
    (void)ics_set(ics, key, value);
}

static void claim_groups(struct ics *ics, const struct facts *facts)
{
    uint16_t list[FACT_LIST_MAX];
    size_t num = facts_list(facts, FACT_groups, list);
    char text[ICS_VALUE_MAX] = "";
    size_t len = 0;

    for (size_t i = 0; i < num; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%u",
                                i == 0 ? "" : " ", list[i]);
    }
    claim(ics, ICS_groups, text);
}

static void claim_extensions(struct ics *ics, const struct facts *facts)
{
    uint16_t list[FACT_LIST_MAX];
    size_t num = facts_list(facts, FACT_extensions, list);

    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++) {
        claim(ics, answered[i].claim,
              list_find(list, num, answered[i].type) < num ? "yes" : "no");
    }
    claim(ics, ICS_alpn,
          list_find(list, num, 16) < num ? facts->items[FACT_alpn].value
                                         : "no");
    claim(ics, ICS_sni, list_find(list, num, 0) < num ? "localhost" : "no");
}

/* What a server gives, it should take back. */
static void claim_resumption(struct ics *ics, const struct facts *facts)
{
    bool gives_ids = facts_are(facts, FACT_session_id, "yes");
    bool gives_tickets = ics_claims(ics, ICS_ticket);

    claim(ics, ICS_resume,
          gives_ids && gives_tickets ? "both"
          : gives_ids                ? "id"
          : gives_tickets            ? "ticket"
                                     : "none");
}

/* Claims that need another word than the fact has. */
static void claim_others(struct ics *ics, const struct facts *facts)
{
    claim_resumption(ics, facts);
    if (facts_number(facts, FACT_largest_datagram) >
        ics_number(ics, ICS_mtu)) {
        claim(ics, ICS_mtu, facts->items[FACT_largest_datagram].value);
    }
    claim(ics, ICS_cookie_bind,
          facts_are(facts, FACT_cookie_binds, "random") ? "both" : "address");
    if (facts_are(facts, FACT_psk_unknown, "20")) {
        claim(ics, ICS_psk_unknown, "51"); /* both hide the identity */
    } else if (facts->items[FACT_psk_unknown].told) {
        claim(ics, ICS_psk_unknown, facts->items[FACT_psk_unknown].value);
    }
    claim(ics, ICS_psk_hint,
          facts->items[FACT_psk_hint].told &&
                  strcmp(facts->items[FACT_psk_hint].value, "none") != 0
              ? "yes"
              : "no");
}

/* Only what was found: another file has the rest. */
static void write_ixit(FILE *out, const struct probe *p)
{
    if (p->who == CLIENT) {
        return;
    }
    (void)fprintf(out, "[ixit]\n\nserver = %s\none_client = %s\n", p->where,
                  p->one_client ? "yes" : "no");
    if (p->facts->items[FACT_echo].told) {
        (void)fprintf(out, "echo = %s\n", p->facts->items[FACT_echo].value);
    }
    if (p->psk_identity.len != 0) {
        (void)fprintf(out, "psk_identity = %.*s\n", (int)p->psk_identity.len,
                      (const char *)p->psk_identity.data);
    }
}

void page_ics(FILE *out, const struct probe *p)
{
    static struct ics ics;

    ics_init(&ics);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const struct fact *fact = &p->facts->items[same[i].fact];

        if (fact->told) {
            claim(&ics, same[i].claim, fact->value);
        }
    }
    claim_groups(&ics, p->facts);
    claim_extensions(&ics, p->facts);
    if (p->who == SERVER) {
        claim_others(&ics, p->facts);
    }
    claim(&ics, ICS_role, p->who == CLIENT ? "client" : "server");
    (void)fprintf(out,
                  "# The draft of an ICS: what nxdtls probe has found at %s.\n"
                  "# Other values are defaults; change what is not true.  A "
                  "pre-shared key\n# is not written here: psk_key is the "
                  "lab's own.\n\n",
                  p->where);
    ics_write(out, &ics, "ics");
    (void)fputc('\n', out);
    write_ixit(out, p);
}
