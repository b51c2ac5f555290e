/* SPDX-License-Identifier: MIT */
/* Profiles, as tables (probe/profiles.h). */
#include "probe/profiles.h"

#include "probe/registry_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

static bool list_has(const char *list, const char *word, size_t len)
{
    while (*list != '\0') {
        size_t have = strcspn(list, " ");

        if (have == len && memcmp(list, word, len) == 0) {
            return true;
        }
        list += have + (list[have] == ' ');
    }
    return false;
}

/* Has the name one of these parts?  One that begins with ^ is its front. */
static bool has_part(const char *name, const char *parts)
{
    while (*parts != '\0') {
        char part[40];
        size_t len = strcspn(parts, " ");

        (void)snprintf(part, sizeof part, "%.*s", (int)len, parts);
        if (part[0] == '^' ? strncmp(name, part + 1, len - 1) == 0
                           : strstr(name, part) != NULL) {
            return true;
        }
        parts += len + (parts[len] == ' ');
    }
    return false;
}

static void add(char why[PROFILE_WHY], const char *word)
{
    size_t len = strlen(why);

    (void)snprintf(why + len, PROFILE_WHY - len, "%s%s", len == 0 ? "" : " ",
                   word);
}

/* A suite by its number: a page has the names already. */
static void add_suite(char why[PROFILE_WHY], uint16_t id)
{
    char word[8];

    (void)snprintf(word, sizeof word, "%04x", id);
    add(why, word);
}

static const char *name_of(enum fact_key key, uint16_t id)
{
    const struct registry *names =
        fact_rows[key].kind == SUITES   ? &registry_suites
        : fact_rows[key].kind == GROUPS ? &registry_groups
        : fact_rows[key].kind == PAIRS  ? &registry_pairs
                                        : &registry_extensions;
    const char *name = registry_name(names, id);

    return name == NULL ? "?" : name;
}

static enum profile_result by_reason(const char why[PROFILE_WHY])
{
    return why[0] == '\0' ? PROFILE_HOLDS : PROFILE_BROKEN;
}

/* ---- judges ---- */

/* No suite whose name has one of these parts. */
static enum profile_result no_suites(const struct facts *facts,
                                     const struct profile_item *item,
                                     char why[PROFILE_WHY])
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(facts, FACT_suites, found);

    for (size_t i = 0; i < num; i++) {
        const char *name = name_of(FACT_suites, found[i]);

        if (has_part(name, item->list)) {
            add_suite(why, found[i]);
        }
    }
    return by_reason(why);
}

/* Only suites of these key exchanges and ciphers; an empty list has all. */
static enum profile_result only_suites(const struct facts *facts,
                                       const struct profile_item *item,
                                       char why[PROFILE_WHY])
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(facts, FACT_suites, found);

    for (size_t i = 0; i < num; i++) {
        const char *name = name_of(FACT_suites, found[i]);
        const char *with = strstr(name, "_WITH_");
        const char *cipher = with == NULL ? "" : with + 6;
        size_t len = with == NULL ? 0 : (size_t)(with - name);

        if ((*item->list != '\0' && !list_has(item->list, name, len)) ||
            !list_has(item->more, cipher, strlen(cipher))) {
            add_suite(why, found[i]);
        }
    }
    return by_reason(why);
}

/* Every member of the list is in the fact. */
static enum profile_result all_of(const struct facts *facts,
                                  const struct profile_item *item,
                                  char why[PROFILE_WHY])
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(facts, item->fact, found);
    const char *at = item->list;
    char *end;

    for (; *at != '\0'; at = end + (*end == ' ')) {
        uint16_t id = (uint16_t)strtoul(at, &end, 16);

        if (list_find(found, num, id) == num) {
            add(why, why[0] == '\0' ? "without" : "and");
            add(why, name_of(item->fact, id));
        }
    }
    return by_reason(why);
}

/* At least one member of the list is in the fact. */
static enum profile_result one_of(const struct facts *facts,
                                  const struct profile_item *item,
                                  char why[PROFILE_WHY])
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(facts, item->fact, found);
    const char *at = item->list;
    char *end;

    for (; *at != '\0'; at = end + (*end == ' ')) {
        if (list_find(found, num, (uint16_t)strtoul(at, &end, 16)) < num) {
            return PROFILE_HOLDS;
        }
    }
    add(why, "none of them");
    return PROFILE_BROKEN;
}

/* `only`: nothing but members of the list is in the fact; else none of
 * them. */
static enum profile_result compare(const struct facts *facts,
                                   const struct profile_item *item, bool only,
                                   char why[PROFILE_WHY])
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(facts, item->fact, found);

    for (size_t i = 0; i < num; i++) {
        char id[8];

        (void)snprintf(id, sizeof id, "%04x", found[i]);
        if (list_has(item->list, id, 4) != only) {
            add(why, name_of(item->fact, found[i]));
        }
    }
    return by_reason(why);
}

static enum profile_result only_of(const struct facts *facts,
                                   const struct profile_item *item,
                                   char why[PROFILE_WHY])
{
    return compare(facts, item, true, why);
}

static enum profile_result none_of(const struct facts *facts,
                                   const struct profile_item *item,
                                   char why[PROFILE_WHY])
{
    return compare(facts, item, false, why);
}

/* One word of the fact is in the list; with `more`, none is in that. */
static enum profile_result word_is(const struct facts *facts,
                                   const struct profile_item *item,
                                   char why[PROFILE_WHY])
{
    const char *at = facts->items[item->fact].value;
    bool has = *item->list == '\0';
    size_t len;

    for (; *at != '\0'; at += len + (at[len] == ' ')) {
        len = strcspn(at, " ");
        has = has || list_has(item->list, at, len);
        if (item->more != NULL && list_has(item->more, at, len)) {
            add(why, facts->items[item->fact].value);
            return PROFILE_BROKEN;
        }
    }
    if (!has) {
        add(why, facts->items[item->fact].value);
    }
    return by_reason(why);
}

/* Each key of the kind in `list` has at least so many bits. */
static enum profile_result key_bits(const struct facts *facts,
                                    const struct profile_item *item,
                                    char why[PROFILE_WHY])
{
    const char *at = facts->items[item->fact].value;
    size_t kind = strlen(item->list);
    size_t len;

    for (; *at != '\0'; at += len + (at[len] == ' ')) {
        len = strcspn(at, " ");
        if (len > kind && memcmp(at, item->list, kind) == 0 &&
            at[kind] == ':' &&
            strtoul(at + kind + 1, NULL, 10) < item->number) {
            char word[40];

            (void)snprintf(word, sizeof word, "%.*s bits", (int)len, at);
            add(why, word);
        }
    }
    return by_reason(why);
}

static enum profile_result at_least(const struct facts *facts,
                                    const struct profile_item *item,
                                    char why[PROFILE_WHY])
{
    if (facts_number(facts, item->fact) < item->number) {
        add(why, facts->items[item->fact].value);
    }
    return by_reason(why);
}

/* The first suite keeps its secret if a key is lost, and no client can have
 * another one first. */
static enum profile_result secret_first(const struct facts *facts,
                                        const struct profile_item *item,
                                        char why[PROFILE_WHY])
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(facts, FACT_suites, found);
    bool others = false;

    (void)item;
    for (size_t i = 0; i < num; i++) {
        others = others ||
                 !has_part(name_of(FACT_suites, found[i]), "^ECDHE_ ^DHE_");
    }
    if (num != 0 &&
        !has_part(name_of(FACT_suites, found[0]), "^ECDHE_ ^DHE_")) {
        add(why, "first is");
        add_suite(why, found[0]);
    } else if (others && facts_are(facts, FACT_suite_order, "client")) {
        add(why, "it takes the client's order");
    }
    return by_reason(why);
}

/* CBC goes with encrypt-then-MAC alone. */
static enum profile_result cbc_is_safe(const struct facts *facts,
                                       const struct profile_item *item,
                                       char why[PROFILE_WHY])
{
    (void)item;
    if (!facts_are(facts, FACT_etm, "require")) {
        add(why, facts_are(facts, FACT_etm, "yes")
                     ? "it takes CBC without it, too"
                     : "it does not answer it");
    }
    return by_reason(why);
}

static enum profile_result cannot_tell(const struct facts *facts,
                                       const struct profile_item *item,
                                       char why[PROFILE_WHY])
{
    (void)facts;
    add(why, item->list);
    return PROFILE_UNTOLD;
}

/* ---- the tables ---- */

#define MUST true
#define SHOULD false
#define AEAD                                                                  \
    "AES_128_GCM_SHA256 AES_256_GCM_SHA384 AES_128_CCM AES_256_CCM "          \
    "AES_128_CCM_SHA256 AES_128_CCM_8 AES_256_CCM_8 AES_128_CCM_8_SHA256 "    \
    "CHACHA20_POLY1305_SHA256 ARIA_128_GCM_SHA256 ARIA_256_GCM_SHA384 "       \
    "CAMELLIA_128_GCM_SHA256 CAMELLIA_256_GCM_SHA384"

static const struct profile_item bcp195[] = {
    {"D9325-3.1.2-2", MUST, "it speaks DTLS 1.2", word_is, .list = "1.2",
     .fact = FACT_versions},
    {"D9325-3.1.2-1", MUST, "it does not speak DTLS 1.0", word_is, .list = "",
     .more = "1.0", .fact = FACT_versions},
    {"D9325-3.3-1", SHOULD, "it does not compress", word_is, .list = "no",
     .fact = FACT_compression},
    {"D9325-3.5-1", MUST, "it answers renegotiation_info", word_is,
     .list = "yes require", .fact = FACT_reneg_info},
    {"D9325-3.5-4", MUST, "it answers extended_master_secret", word_is,
     .list = "yes require", .fact = FACT_ems},
    {"D9325-4.1-1 D9325-4.1-2 D9325-4.1-3", MUST,
     "no suite without encryption, with RC4, or for export", no_suites,
     .list = "_NULL_ RC4 EXPORT _DES_", .fact = FACT_suites},
    {"D9325-4.1-4", SHOULD, "no suite with 3DES", no_suites, .list = "3DES",
     .fact = FACT_suites},
    {"D9325-4.1-5", SHOULD, "no suite with static RSA", no_suites,
     .list = "^RSA_WITH", .fact = FACT_suites},
    {"D9325-4.1-6", SHOULD, "no suite with static Diffie-Hellman", no_suites,
     .list = "^DH_ ^ECDH_", .fact = FACT_suites},
    {"D9325-4.1-7 D9325-4.2.1-2", MUST,
     "suites with forward secrecy come first", secret_first,
     .fact = FACT_suites},
    {"D9325-4.1-8", SHOULD, "no suite with DHE", no_suites, .list = "^DHE_",
     .fact = FACT_suites},
    {"D9325-4.2-1", SHOULD, "c02b and c02c", all_of, .list = "c02b c02c",
     .fact = FACT_suites, .meant = "ECDSA_"},
    {"D9325-4.2-1", SHOULD, "c02f and c030", all_of, .list = "c02f c030",
     .fact = FACT_suites, .meant = "_RSA_ ^RSA_WITH"},
    {"D9325-4.2-2", SHOULD, "CBC only with encrypt-then-MAC", cbc_is_safe,
     .fact = FACT_etm, .meant = "_CBC_"},
    {"D9325-4.2.1-4", SHOULD, "secp256r1 and x25519", all_of,
     .list = "0017 001d", .fact = FACT_groups, .meant = "ECDHE_"},
    {"D9325-4.5-1", MUST, "a prime of 2048 bits or more for DHE", at_least,
     .number = 2048, .fact = FACT_dh_bits, .meant = "^DHE_"},
    {"D9325-4.5-2", MUST, "no curve of less than 224 bits", none_of,
     .list = "0010 0012 0013", .fact = FACT_groups, .meant = "ECDHE_"},
    {"D9325-4.5-3", MUST, "RSA keys of 2048 bits or more", key_bits,
     .list = "rsa", .number = 2048, .fact = FACT_keys, .meant = "_RSA_ ^RSA_"},
    {"D9325-4.5-4", MUST, "no signature with SHA-1 or MD5", none_of,
     .list = "0201 0202 0203 0101", .fact = FACT_pairs,
     .meant = "DHE_RSA DHE_ECDSA DHE_DSS"},
    {"D9325-4.5-4", MUST, "no certificate with SHA-1 or MD5", word_is,
     .list = "", .more = "SHA1 MD5", .fact = FACT_chain_hashes,
     .meant = "RSA_ ECDSA_ DSS_"},
    {"D9325-4.6-1", MUST, "it does not answer truncated_hmac", none_of,
     .list = "0004", .fact = FACT_extensions},
};

static const struct profile_item iot[] = {
    {"D7925-4.2-1", MUST, "c0a8 with pre-shared keys", all_of, .list = "c0a8",
     .fact = FACT_suites, .meant = "PSK"},
    {"D7925-4.4-2", MUST, "c0ae with certificates", all_of, .list = "c0ae",
     .fact = FACT_suites, .meant = "RSA_ ECDSA_ DSS_"},
    {"D7925-13-1", MUST, "only AEAD suites", only_suites, .list = "",
     .more = AEAD, .fact = FACT_suites},
    {"D7925-13-2", MUST,
     "it answers neither encrypt_then_mac nor "
     "truncated_hmac",
     none_of, .list = "0016 0004", .fact = FACT_extensions},
    {"D7925-17-1", MUST, "it does not renegotiate", word_is, .list = "",
     .more = "client", .fact = FACT_renegotiation},
    {"D7925-6-4", MUST, "it does not tell an unknown identity", word_is,
     .list = "", .more = "115", .fact = FACT_psk_unknown, .meant = "PSK"},
    {"D7925-18-3", MUST, "it does not speak DTLS 1.0", word_is, .list = "",
     .more = "1.0", .fact = FACT_versions},
    {"D7925-8-1", SHOULD, "it does not compress", word_is, .list = "no",
     .fact = FACT_compression},
    {"D7925-16-1", SHOULD, "it answers extended_master_secret", word_is,
     .list = "yes require", .fact = FACT_ems},
    {"D7925-15-1", SHOULD, "it answers max_fragment_length", all_of,
     .list = "0001", .fact = FACT_extensions},
    {"D7925-11-1", SHOULD, "it waits 9 s before its first repeat", at_least,
     .number = 8000, .fact = FACT_timer_ms},
};

static const struct profile_item niap[] = {
    {"", MUST, "only the suites and groups of the security target",
     cannot_tell, .list = "the security target names them",
     .fact = FACT_suites},
    {"", MUST, "it speaks DTLS 1.2", word_is, .list = "1.2",
     .fact = FACT_versions},
    {"", MUST, "it answers extended_master_secret", word_is,
     .list = "yes require", .fact = FACT_ems},
    {"", MUST, "it answers renegotiation_info (FCS_DTLSS_EXT.1.11-T1)",
     word_is, .list = "yes require", .fact = FACT_reneg_info},
    {"", MUST, "no suite without encryption (FCS_DTLSS_EXT.1.1-T2b)",
     no_suites, .list = "_NULL_", .fact = FACT_suites},
    {"", MUST,
     "a hello without a claimed suite is refused with an alert "
     "(FCS_DTLSS_EXT.1.1-T2a)",
     word_is, .list = "alert", .fact = FACT_fault_suites},
    {"", MUST, "a changed Finished is refused (FCS_DTLSS_EXT.1.1-T3a)",
     word_is, .list = "", .more = "data", .fact = FACT_fault_finished},
    {"", MUST, "secp192r1 is refused (FCS_DTLSS_EXT.1.4-T1b)", none_of,
     .list = "0013", .fact = FACT_groups, .meant = "ECDHE_"},
    {"", MUST,
     "a changed record is dropped, or ends the session "
     "(FCS_DTLSS_EXT.1.5)",
     word_is, .list = "silent close", .fact = FACT_badrec},
    {"", MUST, "a record that comes again is dropped (FCS_DTLSS_EXT.1.6)",
     word_is, .list = "on", .fact = FACT_replay},
};

static const struct profile_item tr02102[] = {
    {"T02102-3.3.1-1", SHOULD,
     "only suites of the list (RSA_PSK and static ones end with 2026)",
     only_suites,
     .list = "ECDHE_ECDSA ECDHE_RSA DHE_RSA DHE_DSS ECDHE_PSK DHE_PSK RSA_PSK "
             "DH_RSA DH_DSS ECDH_RSA ECDH_ECDSA",
     .more = "AES_128_CBC_SHA256 AES_256_CBC_SHA256 AES_256_CBC_SHA384 "
             "AES_128_GCM_SHA256 AES_256_GCM_SHA384 AES_128_CCM AES_256_CCM "
             "AES_128_CCM_SHA256",
     .fact = FACT_suites},
    {"T02102-3.3.2-1", SHOULD, "only groups of the list", only_of,
     .list = "0017 0018 0019 001a 001b 001c 0101 0102", .fact = FACT_groups,
     .meant = "ECDHE_"},
    {"T02102-3.3.2-2", SHOULD, "only pairs with SHA-256, -384 and -512",
     only_of,
     .list =
         "0403 0503 0603 0804 0805 0806 0809 080a 080b 0401 0501 0601 0402",
     .fact = FACT_pairs, .meant = "DHE_RSA DHE_ECDSA DHE_DSS"},
    {"T02102-3.3.2-2", SHOULD, "no RSA PKCS#1 v1.5 (it ended with 2025)",
     none_of, .list = "0401 0501 0601", .fact = FACT_pairs,
     .meant = "DHE_RSA"},
    {"T02102-3.6.1-1", MUST, "RSA keys of 3000 bits or more", key_bits,
     .list = "rsa", .number = 3000, .fact = FACT_keys, .meant = "_RSA_ ^RSA_"},
    {"T02102-3.6.1-1", MUST, "EC keys of 250 bits or more", key_bits,
     .list = "ec", .number = 250, .fact = FACT_keys, .meant = "ECDSA_"},
    {"T02102-3.6.1-1", MUST, "a prime of 3000 bits or more for DHE", at_least,
     .number = 3000, .fact = FACT_dh_bits, .meant = "^DHE_"},
    {"T02102-3.3.4.1-1", MUST, "no renegotiation by the client", word_is,
     .list = "", .more = "client", .fact = FACT_renegotiation},
    {"T02102-3.3.4.6-1", MUST, "no heartbeat", none_of, .list = "000f",
     .fact = FACT_extensions},
    {"", MUST, "no truncated_hmac", none_of, .list = "0004",
     .fact = FACT_extensions},
    {"", MUST, "it does not compress", word_is, .list = "no",
     .fact = FACT_compression},
    {"", SHOULD, "CBC only with encrypt-then-MAC", cbc_is_safe,
     .fact = FACT_etm, .meant = "_CBC_"},
    {"", SHOULD, "it answers extended_master_secret", word_is,
     .list = "yes require", .fact = FACT_ems},
};

static const struct profile_item tr03116_4[] = {
    {"T031164-2.2.1.2-1", MUST, "one of c023, c02b, c027, c02f", one_of,
     .list = "c023 c02b c027 c02f", .fact = FACT_suites,
     .meant = "RSA_ ECDSA_ DSS_"},
    {"T031164-2.2.1.3-1", MUST, "c037 with pre-shared keys", all_of,
     .list = "c037", .fact = FACT_suites, .meant = "PSK"},
    {"T031164-2.2.2-1", MUST, "secp256r1 and brainpoolP256r1", all_of,
     .list = "0017 001a", .fact = FACT_groups, .meant = "ECDHE_"},
    {"T031164-2.2.3.1-1", MUST, "rsa+sha256 with an RSA key", all_of,
     .list = "0401", .fact = FACT_pairs, .meant = "DHE_RSA"},
    {"T031164-2.2.3.1-1", MUST, "ecdsa+sha256 with an EC key", all_of,
     .list = "0403", .fact = FACT_pairs, .meant = "DHE_ECDSA"},
    {"T031164-3-1", MUST, "no session lives longer than 48 hours", cannot_tell,
     .list = "a probe does not wait so long", .fact = FACT_suites},
};

/* Smart meters: the wide area network, and the home area network. */
static const struct profile_item tr03116_3_wan[] = {
    {"T031163-4.2.1-1", MUST, "c023 and c02b", all_of, .list = "c023 c02b",
     .fact = FACT_suites},
    {"T031163-4.2.1-1", MUST, "no suite but c023, c02b and c02c", only_of,
     .list = "c023 c02b c02c", .fact = FACT_suites},
    {"T031163-4.2.1-1", MUST, "secp256r1, brainpoolP256r1 and brainpoolP384r1",
     all_of, .list = "0017 001a 001b", .fact = FACT_groups},
    {"T031163-4.2.1-1", MUST, "only curves of NIST and brainpool up to 512",
     only_of, .list = "0017 0018 001a 001b 001c", .fact = FACT_groups},
    {"T031163-4.2.1-1", MUST, "only ECDSA with SHA-256, -384 and -512",
     only_of, .list = "0403 0503 0603", .fact = FACT_pairs},
};

static const struct profile_item tr03116_3_han[] = {
    {"T031163-5.2-1", MUST, "c023, c02b and c02c", all_of,
     .list = "c023 c02b c02c", .fact = FACT_suites},
    {"T031163-5.2-1", MUST,
     "secp256r1, secp384r1 and the brainpool curves of 256, 384 and 512",
     all_of, .list = "0017 0018 001a 001b 001c", .fact = FACT_groups},
};

#define PROFILE(name, items)                                                  \
    {                                                                         \
        name, items, sizeof(items) / sizeof *(items)                          \
    }
static const struct profile all[] = {
    PROFILE("RFC 9325 (BCP 195)", bcp195),
    PROFILE("RFC 7925 (IoT)", iot),
    PROFILE("NIAP FP_TLS", niap),
    PROFILE("BSI TR-02102-2 (2023)", tr02102),
    PROFILE("BSI TR-03116-4 (2023)", tr03116_4),
    PROFILE("BSI TR-03116-3 WAN (2023)", tr03116_3_wan),
    PROFILE("BSI TR-03116-3 HAN (2023)", tr03116_3_han),
};

const struct profile *profiles(size_t *num)
{
    *num = sizeof all / sizeof *all;
    return all;
}

/* ---- verdicts ---- */

static bool is_meant(const struct facts *facts,
                     const struct profile_item *item)
{
    uint16_t found[FACT_LIST_MAX];
    size_t num = facts_list(facts, FACT_suites, found);

    for (size_t i = 0; i < num; i++) {
        if (has_part(name_of(FACT_suites, found[i]), item->meant)) {
            return true;
        }
    }
    return false;
}

enum profile_result profile_judge(const struct facts *facts,
                                  const struct profile_item *item,
                                  char why[PROFILE_WHY])
{
    const struct fact *fact = &facts->items[item->fact];

    why[0] = '\0';
    if (item->meant != NULL && !is_meant(facts, item)) {
        return PROFILE_NOT_MEANT;
    }
    if (!fact->told) {
        (void)snprintf(why, PROFILE_WHY, "%s", fact->reason);
        return PROFILE_UNTOLD;
    }
    return item->judge(facts, item, why);
}

const char *profile_verdict(const struct facts *facts,
                            const struct profile *profile,
                            struct profile_counts *out)
{
    char why[PROFILE_WHY];

    *out = (struct profile_counts){0};
    for (size_t i = 0; i < profile->num; i++) {
        const struct profile_item *item = &profile->items[i];
        enum profile_result result = profile_judge(facts, item, why);

        out->broken += result == PROFILE_BROKEN && item->must;
        out->unmet += result == PROFILE_BROKEN && !item->must;
        out->untold += result == PROFILE_UNTOLD;
    }
    return out->broken != 0   ? "would fail"
           : out->untold != 0 ? "ok as far as told"
                              : "ok";
}
