/* SPDX-License-Identifier: MIT */
/* The server's name: what a client sends of it (RFC 6066, 3), and what it
 * takes for it in a certificate (RFC 9525). */
#include "check/checks/all_checks.h"
#include "check/checks/chain_words.h"
#include "check/checks/hello_words.h"

#include "base/der.h"
#include "sut/sut.h"
#include "x509/chain.h"

#include <assert.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define EXT_NAME 0
#define REFUSED "alert 42 | alert 46"
#define SOMEWHERE_ELSE "elsewhere.example"
#define HAS_NAME .suits = dtls_suite_has_certificate

/* ---- certificates with names ---- */

static const char *wanted(const struct scene *s)
{
    return sut_name(&s->setup->target);
}

/* Shows a leaf with this CN and this subjectAltName, which may be empty. */
static void show(struct scene *s, const char *common_name, const char *names)
{
    chain_use(s, CHAIN_OF({.name = common_name, .names = names}));
}

/* Shows a leaf with one dNSName, in three parts. */
static void show_dns(struct scene *s, const char *before, const char *name,
                     const char *behind)
{
    char names[160];

    (void)snprintf(names, sizeof names, "DNS:%s%s%s", before, name, behind);
    show(s, "a server", names);
}

/* Writes a subjectAltName with one dNSName of any bytes. */
static void write_names(char *out, size_t size, struct dtls_bytes name)
{
    size_t len = (size_t)snprintf(out, size, "DER:30:%02x:82:%02x",
                                  (unsigned)name.len + 2, (unsigned)name.len);

    for (size_t i = 0; i < name.len; i++) {
        assert(len + 4 < size);
        len += (size_t)snprintf(out + len, size - len, ":%02x", name.data[i]);
    }
}

/* ---- what a wrong target looks at ---- */

/* The contents of the name `number` of this tag in subjectAltName; empty:
 * there is none. */
static struct dtls_bytes alt_name(const struct dtls_cert *cert, uint8_t tag,
                                  unsigned number)
{
    struct dtls_bytes list = cert->alt_names;
    struct dtls_bytes name;
    uint8_t found;

    while (dtls_der_get_any(&list, &found, &name)) {
        if (found == tag && number-- == 0) {
            return name;
        }
    }
    return (struct dtls_bytes){0};
}

/* A name as text that ends at its first NUL. */
static const char *as_text(struct dtls_bytes name)
{
    static char texts[2][256];
    static unsigned next;
    char *text = texts[next++ % 2];

    (void)snprintf(text, sizeof texts[0], "%.*s", (int)name.len,
                   (const char *)name.data);
    return text;
}

static const char *dns_of(const struct dtls_cert *cert)
{
    struct dtls_bytes name = alt_name(cert, 0x82, 0);

    return name.len == 0 ? "" : as_text(name);
}

static const char *cn_of(const struct dtls_cert *cert)
{
    struct dtls_bytes name = dtls_cert_common_name(cert);

    return name.len == 0 ? "" : as_text(name);
}

/* A wrong target asks `knows` whether a certificate has the name; 0: no, 1:
 * yes, -1: the usual rules decide. */
static int (*knows)(const struct dtls_cert *cert, const char *name);
static const char *looks_for;

static enum dtls_status ask(void *self, const struct dtls_cert *chain,
                            size_t num)
{
    int answer = knows(&chain[0], looks_for);

    (void)self;
    (void)num;
    if (answer < 0) {
        answer = dtls_name_matches(
            &chain[0], dtls_bytes_of(looks_for, strlen(looks_for)));
    }
    return answer != 0 ? DTLS_OK : DTLS_CERTIFICATE_NAME;
}

static enum dtls_status judge_as_usual(struct wrong *w,
                                       struct dtls_cert *chain, size_t num)
{
    (void)w;
    (void)chain;
    (void)num;
    return DTLS_DISCARD;
}

/* The engine compares a name that was acknowledged itself, unless its
 * verification is another. */
static void wrong_knows(struct wrong *w,
                        int (*how)(const struct dtls_cert *cert,
                                   const char *name))
{
    knows = how;
    looks_for = sut_name(&w->sut.setup);
    if (w->peer.config.verify_peer != NULL) {
        wrong_judges(w, judge_as_usual);
        w->peer.config.verify_peer = ask;
    }
}

/* It stops at a certificate of which `knows` says 1. */
static enum dtls_status stop(void *self, const struct dtls_cert *chain,
                             size_t num)
{
    (void)self;
    (void)num;
    return knows(&chain[0], looks_for) == 1 ? DTLS_INTERNAL_ERROR : DTLS_OK;
}

static void wrong_stops(struct wrong *w,
                        int (*at)(const struct dtls_cert *cert,
                                  const char *name))
{
    wrong_knows(w, at);
    if (w->peer.config.verify_peer != NULL) {
        w->peer.config.verify_peer = stop;
    }
}

/* ---- P-NAM-1: other names ---- */

static void show_other_names(struct scene *s)
{
    const char *name = wanted(s);
    char shorter[64];

    show(s, "a server", "DNS:" SOMEWHERE_ELSE);
    chain_is_refused(s, REFUSED, "another name");
    scene_again(s);
    (void)snprintf(shorter, sizeof shorter, "%.*s", (int)strlen(name) - 1,
                   name);
    show_dns(s, "", shorter, "");
    chain_is_refused(s, REFUSED, "a shorter name");
    scene_again(s);
    show_dns(s, "", name, "s");
    chain_is_refused(s, REFUSED, "a longer name");
    scene_again(s);
    show_dns(s, "www.", name, "");
}

static void show_parent(struct scene *s)
{
    show_dns(s, "", strchr(wanted(s), '.') + 1, "");
}

/* Is the one a part of the other? */
static int knows_parts(const struct dtls_cert *cert, const char *name)
{
    const char *dns = dns_of(cert);

    return strstr(dns, name) != NULL ||
                   (*dns != '\0' && strchr(dns, '*') == NULL &&
                    strstr(name, dns) != NULL)
               ? 1
               : -1;
}

static void know_parts(struct wrong *w)
{
    wrong_knows(w, knows_parts);
}

/* ---- P-NAM-2, P-NAM-3: the common name ---- */

static void show_name_as_cn(struct scene *s)
{
    show(s, wanted(s), "DNS:" SOMEWHERE_ELSE);
}

static void show_other_cn(struct scene *s)
{
    char names[128];

    (void)snprintf(names, sizeof names, "DNS:%s", wanted(s));
    show(s, SOMEWHERE_ELSE, names);
}

static void show_cn_alone(struct scene *s)
{
    show(s, wanted(s), "");
}

static void show_other_cn_alone(struct scene *s)
{
    show(s, SOMEWHERE_ELSE, "");
}

static int knows_cn_first(const struct dtls_cert *cert, const char *name)
{
    return strcmp(cn_of(cert), name) == 0 ? 1 : -1;
}

static void know_cn_first(struct wrong *w)
{
    wrong_knows(w, knows_cn_first);
}

static int misses_other_cn(const struct dtls_cert *cert, const char *name)
{
    (void)name;
    return strcmp(cn_of(cert), SOMEWHERE_ELSE) == 0 ? 0 : -1;
}

static void insist_on_cn(struct wrong *w)
{
    wrong_knows(w, misses_other_cn);
}

static int knows_nameless(const struct dtls_cert *cert, const char *name)
{
    (void)name;
    return cert->alt_names.len == 0 ? 1 : -1;
}

static void know_nameless(struct wrong *w)
{
    wrong_knows(w, knows_nameless);
}

static void stop_at_nameless(struct wrong *w)
{
    wrong_stops(w, knows_nameless);
}

/* ---- P-NAM-4: wildcards ---- */

static void show_wildcard(struct scene *s)
{
    show_dns(s, "", "*.example.test", "");
}

static void show_odd_wildcards(struct scene *s)
{
    static const char *const odd[] = {"a*.example.test", "*a.example.test",
                                      "a.*.test", "*.*.test", "*"};

    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        if (i != 0) {
            scene_again(s);
        }
        show_dns(s, "", odd[i], "");
        chain_is_refused(s, REFUSED, odd[i]);
    }
}

static int has_wildcard(const struct dtls_cert *cert, const char *name)
{
    (void)name;
    return strchr(dns_of(cert), '*') != NULL ? 1 : -1;
}

static void stop_at_wildcards(struct wrong *w)
{
    wrong_stops(w, has_wildcard);
}

static int knows_globs(const struct dtls_cert *cert, const char *name)
{
    return has_wildcard(cert, name) == 1 && fnmatch(dns_of(cert), name, 0) == 0
               ? 1
               : -1;
}

static void know_globs(struct wrong *w)
{
    wrong_knows(w, knows_globs);
}

static int knows_nothing_before(const struct dtls_cert *cert, const char *name)
{
    const char *dns = dns_of(cert);

    return strncmp(dns, "*.", 2) == 0 && strcmp(dns + 2, name) == 0 ? 1 : -1;
}

static void know_nothing_before(struct wrong *w)
{
    wrong_knows(w, knows_nothing_before);
}

/* ---- P-NAM-5: odd bytes ---- */

static void show_nul(struct scene *s)
{
    static const char rest[] = "\0." SOMEWHERE_ELSE;
    char bytes[128];
    char names[512];
    size_t len = strlen(wanted(s));

    assert(len + sizeof rest <= sizeof bytes);
    memcpy(bytes, wanted(s), len);
    memcpy(bytes + len, rest, sizeof rest - 1);
    write_names(names, sizeof names,
                dtls_bytes_of(bytes, len + sizeof rest - 1));
    show(s, "a server", names);
}

/* IA5String has seven bits, so a target may well not read the certificate. */
static void show_high_bits(struct scene *s)
{
    static struct chain chain;
    uint8_t bytes[64];
    char names[512];
    uint8_t list_bytes[SIM_DER_MAX + 3];
    struct dtls_buf list = {list_bytes, 0, sizeof list_bytes};
    size_t len = strlen(wanted(s));

    assert(len > 0 && len <= sizeof bytes);
    memcpy(bytes, wanted(s), len);
    bytes[len - 1] |= 0x80;
    write_names(names, sizeof names, dtls_bytes_of(bytes, len));
    chain_make(s, &chain, "root", CHAIN_OF({.names = names}));
    chain_put(&list, dtls_bytes_of(chain.certs[0].bytes, chain.certs[0].len));
    chain_say(s, dtls_buf_bytes(&list), 0);
}

static void show_capitals(struct scene *s)
{
    char name[64];

    (void)snprintf(name, sizeof name, "%s", wanted(s));
    for (size_t i = 0; name[i] != '\0'; i += 2) {
        name[i] =
            (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 32 : name[i]);
    }
    show_dns(s, "", name, "");
}

static void show_dot(struct scene *s)
{
    show_dns(s, "", wanted(s), ".");
}

static int knows_texts(const struct dtls_cert *cert, const char *name)
{
    return strcmp(dns_of(cert), name) == 0 ? 1 : -1;
}

static void know_texts(struct wrong *w)
{
    wrong_knows(w, knows_texts);
}

static int misses_capitals(const struct dtls_cert *cert, const char *name)
{
    const char *dns = dns_of(cert);

    return strcmp(dns, name) != 0 && strcasecmp(dns, name) == 0 ? 0 : -1;
}

static void miss_capitals(struct wrong *w)
{
    wrong_knows(w, misses_capitals);
}

static int has_dot_behind(const struct dtls_cert *cert, const char *name)
{
    const char *dns = dns_of(cert);

    (void)name;
    return *dns != '\0' && dns[strlen(dns) - 1] == '.' ? 1 : -1;
}

static void stop_at_dots(struct wrong *w)
{
    wrong_stops(w, has_dot_behind);
}

/* ---- P-NAM-6: addresses ---- */

static void show_address(struct scene *s)
{
    char names[64];

    (void)snprintf(names, sizeof names, "IP:%s", wanted(s));
    show(s, "a server", names);
}

static void show_other_address(struct scene *s)
{
    show(s, "a server", "IP:127.0.0.2");
}

static void show_address_as_dns(struct scene *s)
{
    show_dns(s, "", wanted(s), "");
}

static void show_mapped_address(struct scene *s)
{
    show(s, "a server", "IP:::ffff:127.0.0.1");
}

static int misses_addresses(const struct dtls_cert *cert, const char *name)
{
    return alt_name(cert, 0x82, 0).len == 0 &&
                   alt_name(cert, 0x87, 0).len != 0 && *name != 'l'
               ? 0
               : -1;
}

static void miss_addresses(struct wrong *w)
{
    wrong_knows(w, misses_addresses);
}

static int knows_any_address(const struct dtls_cert *cert, const char *name)
{
    (void)name;
    return alt_name(cert, 0x82, 0).len == 0 && alt_name(cert, 0x87, 0).len != 0
               ? 1
               : -1;
}

static void know_any_address(struct wrong *w)
{
    wrong_knows(w, knows_any_address);
}

/* ---- P-NAM-7: many names ---- */

static void show_hundred(struct scene *s)
{
    static char names[4096];
    size_t len = 0;

    for (unsigned i = 0; i < 99; i++) {
        len += (size_t)snprintf(names + len, sizeof names - len,
                                "DNS:n%u.example,", i);
    }
    (void)snprintf(names + len, sizeof names - len, "DNS:%s", wanted(s));
    show(s, "a server", names);
}

static int misses_late_names(const struct dtls_cert *cert, const char *name)
{
    (void)name;
    return alt_name(cert, 0x82, 90).len != 0 ? 0 : -1;
}

static void miss_late_names(struct wrong *w)
{
    wrong_knows(w, misses_late_names);
}

/* ---- P-SNI-1: what a client sends ---- */

/* The list has one entry: its type and its name. */
static void expect_name(struct scene *s)
{
    const char *name = wanted(s);
    struct dtls_bytes data = {0};
    struct dtls_bytes entry = {0};
    struct hello offer;
    uint16_t list_len;
    uint8_t type;

    hello_hear(s, &offer);
    if (!hello_has(&offer, EXT_NAME, &data)) {
        scene_expect(s, false, "no server_name");
        return;
    }
    scene_expect(s,
                 dtls_get_u16(&data, &list_len) && list_len == data.len &&
                     dtls_get_u8(&data, &type) && type == 0 &&
                     dtls_get_vec16(&data, &entry) && data.len == 0,
                 "server_name is not one host_name");
    scene_expect(s, strcmp(as_text(entry), name) == 0,
                 "server_name is not the name");
}

static void expect_no_name(struct scene *s)
{
    struct dtls_bytes data;
    struct hello offer;

    hello_hear(s, &offer);
    scene_expect(s, !hello_has(&offer, EXT_NAME, &data),
                 "server_name with an address");
}

static void send_dot(struct hello *hello)
{
    static const char data[] = "\0\15\0\0\12"
                               "localhost.";
    struct dtls_bytes own;

    if (hello_has(hello, EXT_NAME, &own)) {
        hello_drop(hello, EXT_NAME);
        hello_add(hello, EXT_NAME, data, sizeof data - 1);
    }
}

static void send_address(struct hello *hello)
{
    static const char data[] = "\0\14\0\0\11"
                               "127.0.0.1";
    struct dtls_bytes own;

    if (!hello_has(hello, EXT_NAME, &own)) {
        hello_add(hello, EXT_NAME, data, sizeof data - 1);
    }
}

static bool say_dot(struct wrong *w, struct peer_message *m)
{
    return wrong_says_hello(w, m, send_dot);
}

static bool say_address(struct wrong *w, struct peer_message *m)
{
    return sut_dns_name(&w->sut.setup) != NULL ||
           wrong_says_hello(w, m, send_address);
}

static void say_dots(struct wrong *w)
{
    w->says = say_dot;
}

static void say_addresses(struct wrong *w)
{
    w->says = say_address;
}

/* ---- P-SNI-4: names that are none ---- */

/* Says this server_name, which the server must not take for one that it
 * knows. */
static void say_odd_name(struct scene *s, const char *data, size_t len)
{
    const struct heard_message *m;
    struct dtls_bytes answer;
    struct hello hello;

    hello_say_with(s, EXT_NAME, data, len);
    m = heard_message(&s->heard, DTLS_SERVER_HELLO);
    if (m != NULL) {
        hello_read_server(&hello, dtls_span_bytes(m->body));
        scene_expect(s, !hello_has(&hello, EXT_NAME, &answer),
                     "server_name is acknowledged");
    }
}

static void say_two_names(struct scene *s)
{
    static const char data[] = "\0\30\0\0\11localhost\0\0\11localhost";

    say_odd_name(s, data, sizeof data - 1);
}

static void say_name_with_nul(struct scene *s)
{
    static const char data[] = "\0\16\0\0\13localhost\0x";

    say_odd_name(s, data, sizeof data - 1);
}

static void say_name_with_bell(struct scene *s)
{
    static const char data[] = "\0\15\0\0\12localhost\7";

    say_odd_name(s, data, sizeof data - 1);
}

static void say_name_in_utf8(struct scene *s)
{
    static const char data[] = "\0\14\0\0\11local\303\266st";

    say_odd_name(s, data, sizeof data - 1);
}

/* A wrong server takes any list for the name that it knows. */
static bool read_known_name(struct wrong *w, struct wrong_record *r)
{
    static const char known[] = "\0\14\0\0\11localhost";
    struct dtls_bytes data;
    struct hello hello;

    if (w->peer.role != DTLS_SERVER || !wrong_hello_has(r, EXT_NAME, &data) ||
        data.len < 10 || memcmp(data.data + 5, "local", 5) != 0 ||
        (data.len == sizeof known - 1 &&
         memcmp(data.data, known, data.len) == 0)) {
        return false;
    }
    (void)wrong_hello(r, &hello);
    hello_drop(&hello, EXT_NAME);
    hello_add(&hello, EXT_NAME, known, sizeof known - 1);
    return wrong_reads_hello(w, r, &hello);
}

static void know_every_name(struct wrong *w)
{
    w->hears = read_known_name;
}

/* ---- P-SNI-5, P-SNI-6: what a server says of the name ---- */

static void answer_with_data(struct scene *s)
{
    hello_is_refused_with(s, EXT_NAME, "\1", 1);
}

static bool read_no_data(struct wrong *w, struct wrong_record *r)
{
    struct dtls_bytes data;

    return wrong_hello_has(r, EXT_NAME, &data) && data.len == 1 &&
           wrong_reads_without(w, r, EXT_NAME);
}

static void read_over_data(struct wrong *w)
{
    w->hears = read_no_data;
}

static void know_name_but_show_another(struct scene *s)
{
    show(s, "a server", "DNS:" SOMEWHERE_ELSE);
    hello_say_with(s, EXT_NAME, "", 0);
}

static int knows_another(const struct dtls_cert *cert, const char *name)
{
    (void)name;
    return strcmp(dns_of(cert), SOMEWHERE_ELSE) == 0 ? 1 : -1;
}

static void trust_what_is_known(struct wrong *w)
{
    wrong_knows(w, knows_another);
}

static const struct check checks[] = {
    {.id = "P-NAM-1.others",
     .rows = "D9525-6.3-1",
     HAS_NAME,
     .play = show_other_names,
     .strict = REFUSED,
     .wrong = know_parts,
     .shows = "no alert after a shorter name"},
    {.id = "P-NAM-1.parent",
     .rows = "D9525-6.3-1",
     HAS_NAME,
     .name = "a.example.test",
     .play = show_parent,
     .strict = REFUSED,
     .wrong = know_parts,
     .shows = "data"},
    {.id = "P-NAM-2.cn",
     .rows = "D9525-6.3-2",
     HAS_NAME,
     .play = show_name_as_cn,
     .strict = REFUSED,
     .wrong = know_cn_first,
     .shows = "data"},
    {.id = "P-NAM-2.san",
     .rows = "D9525-6.3-2",
     HAS_NAME,
     .play = show_other_cn,
     .strict = "data",
     .wrong = insist_on_cn,
     .shows = "alert 42"},
    {.id = "P-NAM-3.cn",
     .rows = "D9525-6.3-6",
     HAS_NAME,
     .play = show_cn_alone,
     .strict = REFUSED,
     .tolerated = "data",
     .wrong = stop_at_nameless,
     .shows = "alert 80"},
    {.id = "P-NAM-3.other",
     .rows = "D9525-6.3-6",
     HAS_NAME,
     .play = show_other_cn_alone,
     .strict = REFUSED,
     .wrong = know_nameless,
     .shows = "data"},
    {.id = "P-NAM-4.label",
     .rows = "D9525-6.3-3",
     HAS_NAME,
     .name = "a.example.test",
     .play = show_wildcard,
     .strict = "data | " REFUSED,
     .wrong = stop_at_wildcards,
     .shows = "alert 80"},
    {.id = "P-NAM-4.none",
     .rows = "D9525-6.3-3",
     HAS_NAME,
     .name = "example.test",
     .play = show_wildcard,
     .strict = REFUSED,
     .wrong = know_nothing_before,
     .shows = "data"},
    {.id = "P-NAM-4.two",
     .rows = "D9525-6.3-3",
     HAS_NAME,
     .name = "b.a.example.test",
     .play = show_wildcard,
     .strict = REFUSED,
     .wrong = know_globs,
     .shows = "data"},
    {.id = "P-NAM-4.odd",
     .rows = "D9525-6.3-4",
     HAS_NAME,
     .name = "a.example.test",
     .play = show_odd_wildcards,
     .strict = REFUSED,
     .wrong = know_globs,
     .shows = "no alert after a*.example.test"},
    {.id = "P-NAM-5.nul",
     .rows = "D9525-6.3-5",
     HAS_NAME,
     .play = show_nul,
     .strict = REFUSED,
     .wrong = know_texts,
     .shows = "data"},
    {.id = "P-NAM-5.high",
     .rows = "D9525-6.3-5",
     HAS_NAME,
     .play = show_high_bits,
     .strict = REFUSED,
     .wrong = wrong_takes_other_lists,
     .shows = "data"},
    {.id = "P-NAM-5.case",
     .rows = "D9525-6.3-7",
     HAS_NAME,
     .play = show_capitals,
     .strict = "data",
     .wrong = miss_capitals,
     .shows = "alert 42"},
    {.id = "P-NAM-5.dot",
     .rows = "D9525-6.3-7",
     HAS_NAME,
     .play = show_dot,
     .strict = "data | " REFUSED,
     .wrong = stop_at_dots,
     .shows = "alert 80"},
    {.id = "P-NAM-6.same",
     .rows = "D9525-6.4-1",
     HAS_NAME,
     .name = "127.0.0.1",
     .play = show_address,
     .strict = "data",
     .wrong = miss_addresses,
     .shows = "alert 42"},
    {.id = "P-NAM-6.ipv6",
     .rows = "D9525-6.4-1",
     HAS_NAME,
     .name = "::1",
     .play = show_address,
     .strict = "data",
     .wrong = miss_addresses,
     .shows = "alert 42"},
    {.id = "P-NAM-6.other",
     .rows = "D9525-6.4-1",
     HAS_NAME,
     .name = "127.0.0.1",
     .play = show_other_address,
     .strict = REFUSED,
     .wrong = know_any_address,
     .shows = "data"},
    {.id = "P-NAM-6.dns",
     .rows = "D9525-6.4-1",
     HAS_NAME,
     .name = "127.0.0.1",
     .play = show_address_as_dns,
     .strict = REFUSED,
     .wrong = know_texts,
     .shows = "data"},
    {.id = "P-NAM-6.cn",
     .rows = "D9525-6.4-1",
     HAS_NAME,
     .name = "127.0.0.1",
     .play = show_cn_alone,
     .strict = REFUSED,
     .wrong = know_cn_first,
     .shows = "data"},
    {.id = "P-NAM-6.mapped",
     .rows = "D9525-6.4-1",
     HAS_NAME,
     .name = "127.0.0.1",
     .play = show_mapped_address,
     .strict = REFUSED,
     .wrong = know_any_address,
     .shows = "data"},
    {.id = "P-NAM-7",
     .rows = "D9525-6.3-1",
     HAS_NAME,
     .play = show_hundred,
     .strict = "data",
     .wrong = miss_late_names,
     .shows = "alert 42"},
    {.id = "P-SNI-1.name",
     .rows = "D6066-3-1 D6066-3-6",
     HAS_NAME,
     .play = expect_name,
     .strict = "data",
     .wrong = say_dots,
     .shows = "server_name is not the name"},
    {.id = "P-SNI-1.address",
     .rows = "D6066-3-5",
     HAS_NAME,
     .name = "127.0.0.1",
     .play = expect_no_name,
     .strict = "data",
     .wrong = say_addresses,
     .shows = "server_name with an address"},
    {.id = "P-SNI-4.two",
     .rows = "D6066-3-2",
     HAS_NAME,
     .play = say_two_names,
     .strict = "alert 50 | alert 47 | alert 112 | data",
     .wrong = know_every_name,
     .shows = "server_name is acknowledged"},
    {.id = "P-SNI-4.nul",
     .rows = "D5246-7.4.1.4-7",
     HAS_NAME,
     .play = say_name_with_nul,
     .strict = "alert 50 | alert 47 | alert 112 | data",
     .wrong = know_every_name,
     .shows = "server_name is acknowledged"},
    {.id = "P-SNI-4.bell",
     .rows = "D5246-7.4.1.4-7",
     HAS_NAME,
     .play = say_name_with_bell,
     .strict = "alert 50 | alert 47 | alert 112 | data",
     .wrong = know_every_name,
     .shows = "server_name is acknowledged"},
    {.id = "P-SNI-4.utf8",
     .rows = "D5246-7.4.1.4-7",
     HAS_NAME,
     .play = say_name_in_utf8,
     .strict = "alert 50 | alert 47 | alert 112 | data",
     .wrong = know_every_name,
     .shows = "server_name is acknowledged"},
    {.id = "P-SNI-5",
     .rows = "D6066-3-8",
     HAS_NAME,
     .play = answer_with_data,
     .strict = "alert 50 | alert 47",
     .wrong = read_over_data,
     .shows = "ClientKeyExchange"},
    {.id = "P-SNI-6",
     .rows = "D9325-3.7-2",
     HAS_NAME,
     .play = know_name_but_show_another,
     .strict = REFUSED " | alert 112",
     .wrong = trust_what_is_known,
     .shows = "data"},
};

CHECK_FILE(name)
