/* SPDX-License-Identifier: MIT */
/* Command lines: getopt_long over one table, which also has the help. */
#include "programs/endpoint_options.h"

#include "programs/lines.h"

#include <openssl/crypto.h>

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CLIENT = 1,
    SERVER = 2,
    BOTH = CLIENT | SERVER,
    MTU_MIN = 256,
    MTU_MAX = 65507,
    DAY = 86400
};

static const struct spec {
    char id;
    int roles;
    const char *name;
    const char *argument;
    const char *help;
} specs[] = {
    {'p', BOTH, "psk", "ID:HEXKEY|ID:@FILE",
     "a pre-shared key; FILE holds it in hex; up to five times"},
    {'T', BOTH, "psk-text", "ID:KEY",
     "the same, with the key as ASCII text without a colon"},
    {'H', BOTH, "hint", "TEXT", "the identity hint of the key before it"},
    {'c', BOTH, "cert", "FILE",
     "own certificates, PEM or DER, leaf first; with --key; repeatable"},
    {'k', BOTH, "key", "FILE", "the leaf's private key, PEM or DER"},
    {'x', BOTH, "crl", "FILE",
     "refuse certificates that this CRL lists, PEM or DER; repeatable"},
    {'a', BOTH, "ca", "FILE", "trusted certificates, PEM or DER; repeatable"},
    {'A', SERVER, "client-auth", NULL,
     "require a certificate of every client"},
    {'C', BOTH, "cipher", "SUITE[,SUITE]",
     "use these suites, not the default ones: names or four hex digits"},
    {'m', BOTH, "mtu", "BYTES",
     "largest UDP payload of the handshake, 256 to 65507 (1280)"},
    {'t', BOTH, "timeout", "SECONDS",
     "how long to wait for a handshake, a close, an echo (10)"},
    {'n', CLIENT, "name", "HOST",
     "ask for this server; its certificate must have the name"},
    {'q', SERVER, "require-name", NULL,
     "refuse clients that ask for a name the certificate does not have"},
    {'P', BOTH, "alpn", "NAME[,NAME]",
     "protocols above the session, in order of preference"},
    {'f', CLIENT, "max-fragment", "BYTES",
     "ask for records of 512, 1024, 2048 or 4096 bytes at most"},
    {'L', BOTH, "record-limit", "BYTES",
     "accept records of at most 64 to 16384 bytes; 0: without the extension "
     "(16384)"},
    {'N', SERVER, "sessions", "COUNT", "most clients at a time (256)"},
    {'e', BOTH, "echo", NULL, "send received data back"},
    {'s', BOTH, "send", "TEXT",
     "send a record to the peer; repeatable, in order"},
    {'r', BOTH, "renegotiate", NULL,
     "once connected, make another handshake with the peer"},
    {'R', BOTH, "no-renegotiation", NULL,
     "refuse the peer's requests for another handshake"},
    {'i', CLIENT, "no-stdin", NULL, "do not read stdin; only receive"},
    {'l', BOTH, "keylog", "FILE",
     "append the secrets, in the format Wireshark reads"},
    {'v', BOTH, "verbose", NULL, "print more"},
    {'h', BOTH, "help", NULL, "print this text"},
};

#define NUM_SPECS (sizeof specs / sizeof *specs)

static const char client_text[] =
    "usage: nxdtls client [options] ADDRESS:PORT\n"
    "\n"
    "Connects, writes received data to stdout, and sends each line of stdin\n"
    "as one record until stdin ends.  With --send it sends those texts\n"
    "instead, and ends when as many bytes have come back, or after\n"
    "--timeout.  With --echo it stays until the peer closes.  Exit status: 0\n"
    "if the session was connected and did not fail, 1 if not, 2 for bad\n"
    "input.\n";
static const char server_text[] =
    "usage: nxdtls server [options] ADDRESS:PORT\n"
    "\n"
    "Serves many clients until SIGTERM or SIGINT.  Writes received data to\n"
    "stdout, or with --echo sends it back.  With port 0 it takes any free\n"
    "port, which stands in the line `listening on`.  The last line has\n"
    "counts; `sessions` is how many were open when the signal came.\n";

static _Noreturn void help(bool is_server)
{
    (void)printf("%s\nADDRESS is IPv4, [IPv6] or localhost.\n\n",
                 is_server ? server_text : client_text);
    for (size_t i = 0; i < NUM_SPECS; i++) {
        char name[40];

        if (specs[i].roles & (is_server ? SERVER : CLIENT)) {
            (void)snprintf(name, sizeof name, "%s--%s %s",
                           specs[i].id == 'v' ? "-v, " : "", specs[i].name,
                           specs[i].argument ? specs[i].argument : "");
            (void)printf("  %-25s %s%s\n", name,
                         strlen(name) > 25 ? "\n                            "
                                           : "",
                         specs[i].help);
        }
    }
    (void)printf("\nSuites:\n");
    ciphers_print();
    exit(0);
}

/* A decimal number, and nothing else, within the bounds. */
static bool read_number(const char *text, UINT min, UINT max, UINT *out)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    *out = (UINT)value;
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 &&
           value >= min && value <= max;
}

static UINT number(const char *option, const char *text, UINT min, UINT max)
{
    UINT value;

    if (!read_number(text, min, max, &value)) {
        bad_input("%s \"%s\": not a number from %u to %u", option, text, min,
                  max);
    }
    return value;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)((at - digits) % 16);
}

/* Reads a key in hex; false if it is empty, too long or not hex. */
static bool hex_key(struct psk *out, const char *hex, size_t len)
{
    if (len == 0 || len % 2 != 0 || len / 2 > sizeof out->key) {
        return false;
    }
    for (size_t i = 0; i < len; i += 2) {
        int high = hex_digit(hex[i]);
        int low = hex_digit(hex[i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        out->key[i / 2] = (UCHAR)(high * 16 + low);
    }
    out->key_len = (UINT)(len / 2);
    return true;
}

static void read_key_file(struct psk *out, const char *path)
{
    char text[4 * NX_SECURE_TLS_MAX_PSK_SIZE];
    FILE *file = fopen(path, "r");
    size_t len = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    bool failed = file == NULL || ferror(file);
    bool good;

    if (failed) {
        bad_input("--psk: %s: %s", path, strerror(errno));
    }
    (void)fclose(file);
    text[len] = '\0';
    good = strlen(text) == len &&
           hex_key(out, text, strcspn(text, " \t\r\n")) &&
           text[strcspn(text, " \t\r\n") +
                strspn(text + strcspn(text, " \t\r\n"), " \t\r\n")] == '\0';
    OPENSSL_cleanse(text, sizeof text);
    if (!good) {
        bad_input("--psk: %s: not a key in hexadecimal of 1 to %d bytes", path,
                  NX_SECURE_TLS_MAX_PSK_SIZE);
    }
}

/* One more key, with the identity before the colon. */
static struct psk *add_identity(struct options *o, const char *text,
                                const char *colon, const char *form)
{
    struct psk *psk;

    if (o->num_psks == NX_SECURE_TLS_MAX_PSK_KEYS) {
        bad_input("--psk: more than %d keys", NX_SECURE_TLS_MAX_PSK_KEYS);
    }
    psk = &o->psks[o->num_psks++];
    if (colon == NULL || colon == text ||
        colon - text > (ptrdiff_t)sizeof psk->identity) {
        bad_input("%s with an ID of 1 to %d bytes", form,
                  NX_SECURE_TLS_MAX_PSK_ID_SIZE);
    }
    psk->identity_len = (UINT)(colon - text);
    memcpy(psk->identity, text, psk->identity_len);
    return psk;
}

static bool is_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

/* The key stands after the last colon. */
static void add_psk_text(struct options *o, const char *text)
{
    const char *colon = strrchr(text, ':');
    struct psk *psk = add_identity(o, text, colon, "--psk-text: not ID:KEY");
    size_t len = strlen(colon + 1);

    if (len == 0 || len > sizeof psk->key || !is_ascii(colon + 1)) {
        bad_input("--psk-text %.*s: not a key in ASCII of 1 to %d bytes",
                  (int)psk->identity_len, text, NX_SECURE_TLS_MAX_PSK_SIZE);
    }
    psk->key_len = (UINT)len;
    memcpy(psk->key, colon + 1, len);
}

/* An identity may contain colons: the key stands after the last one, a file
 * after the first ":@". */
static void add_psk(struct options *o, const char *text)
{
    const char *file = strstr(text, ":@");
    const char *colon = file != NULL ? file : strrchr(text, ':');
    struct psk *psk =
        add_identity(o, text, colon, "--psk: not ID:HEXKEY or ID:@FILE");

    if (file != NULL) {
        read_key_file(psk, file + 2);
    } else if (!hex_key(psk, colon + 1, strlen(colon + 1))) {
        bad_input("--psk %.*s: not a key in hexadecimal of 1 to %d bytes",
                  (int)psk->identity_len, text, NX_SECURE_TLS_MAX_PSK_SIZE);
    }
}

static void take_hint(struct options *o, const char *text)
{
    struct psk *psk;

    if (o->num_psks == 0) {
        bad_input("--hint %s: no --psk stands before it", text);
    }
    if (strlen(text) > NX_SECURE_TLS_MAX_PSK_ID_SIZE) {
        bad_input("--hint %s: longer than %d bytes", text,
                  NX_SECURE_TLS_MAX_PSK_ID_SIZE);
    }
    psk = &o->psks[o->num_psks - 1];
    psk->hint_len = (UINT)strlen(text);
    memcpy(psk->hint, text, psk->hint_len);
}

static void take_name(struct options *o, const char *text)
{
    if (*text == '\0' || strlen(text) > NX_SECURE_X509_DNS_NAME_MAX) {
        bad_input("--name \"%s\": not a name of 1 to %d bytes", text,
                  NX_SECURE_X509_DNS_NAME_MAX);
    }
    o->name = text;
}

/* "a,bc" becomes 1 a 2 b c. */
static void take_alpn(struct options *o, const char *text)
{
    size_t len = strlen(text);
    size_t start = 0;

    if (len == 0 || len >= sizeof o->alpn) {
        bad_input("--alpn \"%s\": not 1 to %zu bytes of names", text,
                  sizeof o->alpn - 1);
    }
    for (size_t i = 0; i <= len; i++) {
        if (text[i] != ',' && text[i] != '\0') {
            o->alpn[i + 1] = (UCHAR)text[i];
            continue;
        }
        if (i == start) {
            bad_input("--alpn \"%s\": a name is empty", text);
        }
        o->alpn[start] = (UCHAR)(i - start);
        start = i + 1;
    }
    o->alpn_len = (ULONG)len + 1;
}

static void take_max_fragment(struct options *o, const char *text)
{
    o->max_fragment = number("--max-fragment", text, 512, 4096);
    if ((o->max_fragment & (o->max_fragment - 1)) != 0) {
        bad_input("--max-fragment \"%s\": not 512, 1024, 2048 or 4096", text);
    }
}

static void take_record_limit(struct options *o, const char *text)
{
    o->record_limit = number("--record-limit", text, 0, RECORD_MAX);
    if (o->record_limit != 0 && o->record_limit < 64) {
        bad_input("--record-limit \"%s\": neither 0 nor 64 to %d", text,
                  RECORD_MAX);
    }
}

static void add_send(struct options *o, const char *text)
{
    if (strlen(text) > RECORD_MAX) {
        bad_input("--send: longer than a record, %d bytes", RECORD_MAX);
    }
    o->sends[o->num_sends++] = text;
}

static bool is_v6(NXD_ADDRESS *out, const char *text)
{
    uint32_t words[4];

    if (inet_pton(AF_INET6, text, words) != 1) {
        return false;
    }
    out->nxd_ip_version = NX_IP_VERSION_V6;
    for (size_t i = 0; i < 4; i++) {
        out->nxd_ip_address.v6[i] = ntohl(words[i]);
    }
    return true;
}

static bool is_v4(NXD_ADDRESS *out, const char *text)
{
    uint32_t word;

    if (strcmp(text, "localhost") == 0) {
        text = "127.0.0.1";
    }
    if (inet_pton(AF_INET, text, &word) != 1) {
        return false;
    }
    out->nxd_ip_version = NX_IP_VERSION_V4;
    out->nxd_ip_address.v4 = ntohl(word);
    return true;
}

static void take_address(struct options *o, const char *text)
{
    const char *colon = strrchr(text, ':');
    char host[128];
    size_t len = colon == NULL ? 0 : (size_t)(colon - text);
    bool good = len > 0 && len < sizeof host;

    if (good) {
        memcpy(host, text, len);
        host[len] = '\0';
        if (host[0] == '[' && host[len - 1] == ']') {
            host[len - 1] = '\0';
            good = is_v6(&o->address, host + 1);
        } else {
            good = is_v4(&o->address, host);
        }
    }
    if (!good) {
        bad_input("%s: not an address: IPV4:PORT, [IPV6]:PORT or "
                  "localhost:PORT",
                  text);
    }
    if (!read_number(colon + 1, o->is_server ? 0 : 1, NX_MAX_PORT, &o->port)) {
        bad_input("%s: not a port from %d to %d", text, o->is_server ? 0 : 1,
                  NX_MAX_PORT);
    }
}

static void take(struct options *o, int id)
{
    switch (id) {
    case 'p':
        add_psk(o, optarg);
        break;
    case 'T':
        add_psk_text(o, optarg);
        break;
    case 'H':
        take_hint(o, optarg);
        break;
    case 'c':
        o->certs[o->num_certs++] = optarg;
        break;
    case 'k':
        o->keys[o->num_keys++] = optarg;
        break;
    case 'x':
        o->crls[o->num_crls++] = optarg;
        break;
    case 'a':
        o->cas[o->num_cas++] = optarg;
        break;
    case 'A':
        o->client_auth = true;
        break;
    case 'C':
        ciphers_select(&o->ciphers, optarg);
        break;
    case 'm':
        o->mtu = number("--mtu", optarg, MTU_MIN, MTU_MAX);
        break;
    case 't':
        o->timeout = number("--timeout", optarg, 1, DAY) * NX_IP_PERIODIC_RATE;
        break;
    case 'n':
        take_name(o, optarg);
        break;
    case 'q':
        o->name_required = true;
        break;
    case 'P':
        take_alpn(o, optarg);
        break;
    case 'f':
        take_max_fragment(o, optarg);
        break;
    case 'L':
        take_record_limit(o, optarg);
        break;
    case 'N':
        o->sessions = number("--sessions", optarg, 1, 65535);
        break;
    case 'e':
        o->echo = true;
        break;
    case 's':
        add_send(o, optarg);
        break;
    case 'r':
        o->renegotiate = true;
        break;
    case 'R':
        o->no_renegotiation = true;
        break;
    case 'i':
        o->no_stdin = true;
        break;
    case 'l':
        o->keylog = optarg;
        break;
    case 'v':
        o->verbose = true;
        break;
    default:
        help(o->is_server);
    }
}

static void make_long_options(struct option *out, bool is_server)
{
    for (size_t i = 0; i < NUM_SPECS; i++) {
        if (specs[i].roles & (is_server ? SERVER : CLIENT)) {
            *out++ = (struct option){
                specs[i].name,
                specs[i].argument != NULL ? required_argument : no_argument,
                NULL, specs[i].id};
        }
    }
    *out = (struct option){0};
}

static const char *command(const struct options *o)
{
    return o->is_server ? "server" : "client";
}

static void check(const struct options *o)
{
    if (o->num_certs != o->num_keys) {
        bad_input("%s: each --cert needs a --key, and each --key a --cert",
                  o->num_certs < o->num_keys ? "--key" : "--cert");
    }
    if (o->num_crls != 0 && o->num_cas == 0) {
        bad_input("--crl: needs --ca");
    }
    if (o->is_server && o->num_psks == 0 && o->num_certs == 0) {
        bad_input("server: needs --psk, or --cert and --key");
    }
    if (!o->is_server && o->num_psks == 0 && o->num_cas == 0) {
        bad_input("client: needs --psk or --ca");
    }
    if (o->client_auth && o->num_cas == 0) {
        bad_input("--client-auth: needs --ca");
    }
}

void options_parse(struct options *out, bool is_server, int argc, char **argv)
{
    struct option long_options[NUM_SPECS + 1];
    int id;

    *out = (struct options){
        .is_server = is_server,
        .certs = calloc((size_t)argc + 1, sizeof *out->certs),
        .keys = calloc((size_t)argc + 1, sizeof *out->keys),
        .crls = calloc((size_t)argc + 1, sizeof *out->crls),
        .cas = calloc((size_t)argc + 1, sizeof *out->cas),
        .sends = calloc((size_t)argc + 1, sizeof *out->sends),
        .sessions = 256,
        .record_limit = RECORD_MAX,
        .timeout = 10 * NX_IP_PERIODIC_RATE,
    };
    if (out->certs == NULL || out->keys == NULL || out->crls == NULL ||
        out->cas == NULL || out->sends == NULL) {
        bad_input("no memory");
    }
    ciphers_default(&out->ciphers);
    make_long_options(long_options, is_server);
    opterr = 0;
    while ((id = getopt_long(argc, argv, ":v", long_options, NULL)) != -1) {
        if (id == ':') {
            bad_input("%s: needs a value", argv[optind - 1]);
        }
        if (id == '?') {
            bad_input("%s: no such option of nxdtls %s; see --help",
                      argv[optind - 1], command(out));
        }
        take(out, id);
    }
    if (argc - optind != 1) {
        bad_input("%s: %s", argc == optind ? command(out) : argv[optind + 1],
                  argc == optind ? "ADDRESS:PORT is missing"
                                 : "more than one ADDRESS:PORT");
    }
    take_address(out, argv[optind]);
    check(out);
}

void options_free(struct options *options)
{
    OPENSSL_cleanse(options->psks, sizeof options->psks);
    free(options->certs);
    free(options->keys);
    free(options->crls);
    free(options->cas);
    free(options->sends);
}
