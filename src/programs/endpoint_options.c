/* SPDX-License-Identifier: MIT */
/* Command lines: getopt_long over one table, which is also the help text. */
#include "programs/endpoint_options.h"

#include "programs/lines.h"
#include "programs/option_values.h"

#include <openssl/crypto.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

/* Flags have no text: NULL. */

static void set_ask_staple(struct options *o, const char *text)
{
    (void)text;
    o->ask_staple = true;
}

static void set_client_auth(struct options *o, const char *text)
{
    (void)text;
    o->client_auth = true;
}

static void set_name_required(struct options *o, const char *text)
{
    (void)text;
    o->name_required = true;
}

static void set_echo(struct options *o, const char *text)
{
    (void)text;
    o->echo = true;
}

static void set_renegotiate(struct options *o, const char *text)
{
    (void)text;
    o->renegotiate = true;
}

static void set_no_renegotiation(struct options *o, const char *text)
{
    (void)text;
    o->no_renegotiation = true;
}

static void set_no_old_cookie(struct options *o, const char *text)
{
    (void)text;
    o->no_old_cookie = true;
}

static void set_fresh_timeout(struct options *o, const char *text)
{
    (void)text;
    o->fresh_timeout = true;
}

static void set_no_stdin(struct options *o, const char *text)
{
    (void)text;
    o->no_stdin = true;
}

static void set_verbose(struct options *o, const char *text)
{
    (void)text;
    o->verbose = true;
}

static void add_cert(struct options *o, const char *text)
{
    o->certs[o->num_certs++] = text;
}

static void add_key(struct options *o, const char *text)
{
    o->keys[o->num_keys++] = text;
}

static void set_rpk(struct options *o, const char *text)
{
    (void)text;
    o->rpk = true;
}

static void add_crl(struct options *o, const char *text)
{
    o->crls[o->num_crls++] = text;
}

static void add_ca(struct options *o, const char *text)
{
    o->cas[o->num_cas++] = text;
}

static void set_psk_file(struct options *o, const char *text)
{
    o->psk_file = text;
}

static void set_password(struct options *o, const char *text)
{
    o->password_file = text;
}

static void set_keylog(struct options *o, const char *text)
{
    o->keylog = text;
}

static void set_resume(struct options *o, const char *text)
{
    o->resume = text;
}

static void set_tickets(struct options *o, const char *text)
{
    (void)text;
    o->tickets = true;
}

enum { CLIENT = 1, SERVER = 2, BOTH = CLIENT | SERVER };

static void help(struct options *o, const char *text);

/* Every option: what is accepted, and what --help prints. */
static const struct spec {
    int roles;
    const char *name;
    const char *argument; /* NULL: a flag */
    void (*take)(struct options *o, const char *text);
    const char *help;
} specs[] = {
    {BOTH, "psk", "ID:HEXKEY|ID:@FILE", option_psk,
     "a pre-shared key; FILE holds it in hex; up to five times"},
    {BOTH, "psk-text", "ID:KEY", option_psk_text,
     "the same, with the key as ASCII text without a colon"},
    {BOTH, "hint", "TEXT", option_hint,
     "the identity hint of the key before it"},
    {SERVER, "psk-file", "FILE", set_psk_file,
     "find further keys in FILE, ID:HEXKEY on each line, any number"},
    {BOTH, "password", "FILE", set_password,
     "authenticate with the password that is the only line of FILE, by "
     "EC-JPAKE, and by nothing else unless --cipher says so"},
    {BOTH, "cert", "FILE", add_cert,
     "own certificates, PEM or DER, leaf first; with --key; repeatable"},
    {BOTH, "key", "FILE", add_key, "the leaf's private key, PEM or DER"},
    {BOTH, "rpk", NULL, set_rpk,
     "with raw public keys: show that of each --key without a --cert, and "
     "take "
     "the peer's, which --fingerprint trusts"},
    {BOTH, "crl", "FILE", add_crl,
     "refuse certificates that this CRL lists, PEM or DER; repeatable"},
    {SERVER, "staple", "FILE", option_staple,
     "staple this OCSP response, DER, to the --cert before it, for clients "
     "that ask"},
    {CLIENT, "ask-staple", NULL, set_ask_staple,
     "ask for an OCSP response, and refuse a server whose response does not "
     "say that its certificate is good; one without goes on"},
    {BOTH, "ca", "FILE", add_ca,
     "trusted certificates, PEM or DER; repeatable"},
    {BOTH, "fingerprint", "SHA256", option_fingerprint,
     "trust the peer whose public key (SubjectPublicKeyInfo) has this hash, "
     "whatever its certificate says; in place of --ca; repeatable"},
    {SERVER, "client-auth", NULL, set_client_auth,
     "require a certificate of every client"},
    {BOTH, "cipher", "SUITE[,SUITE]", option_cipher,
     "use these suites, not the default ones: names or four hex digits"},
    {BOTH, "mtu", "BYTES", option_mtu,
     "largest UDP payload of the handshake, 256 to 65507 (1252 over IPv4, "
     "1232 over IPv6)"},
    {BOTH, "timeout", "SECONDS", option_timeout,
     "how long to wait for a handshake, a close, an echo (10)"},
    {BOTH, "retries", "COUNT", option_retries,
     "how often a flight of a handshake is repeated at most, 0 to 100 (10)"},
    {BOTH, "first-timeout", "MS", option_first_timeout,
     "when it is repeated first, 1 to 60000 ms (1000); then doubled each "
     "time"},
    {BOTH, "idle-limit", "SECONDS", option_idle_limit,
     "end a session in which no data and no record has come or gone for so "
     "long; 0: never (server: 300, client: 0)"},
    {BOTH, "life-limit", "SECONDS", option_life_limit,
     "end a session so long after its handshake"},
    {BOTH, "keepalive", "SECONDS", option_keepalive,
     "ask a peer that is silent for so long whether it is there, three times; "
     "needs --cid at both ends, and else only holds a NAT's mapping; 0: never "
     "(0)"},
    {CLIENT, "path-search", "BYTES", option_path_search,
     "find the largest UDP payload that the path takes, up to 1200 to 65507, "
     "and tell it at the end; needs --cid at both ends"},
    {BOTH, "fresh-timeout", NULL, set_fresh_timeout,
     "begin each flight with the first timeout, also after a loss"},
    {CLIENT, "name", "HOST", option_name,
     "ask for this server, whose certificate must have the name (the HOST of "
     "HOST:PORT, if that is no address)"},
    {SERVER, "require-name", NULL, set_name_required,
     "refuse clients that ask for a name the certificate does not have"},
    {BOTH, "alpn", "NAME[,NAME]", option_alpn,
     "protocols above the session, in order of preference"},
    {BOTH, "srtp", "PROFILE[,PROFILE]", option_srtp,
     "agree on keys for SRTP: SRTP_AES128_CM_HMAC_SHA1_80 or _32, "
     "SRTP_AEAD_AES_128_GCM or _256_GCM; the server's order decides"},
    {CLIENT, "max-fragment", "BYTES", option_max_fragment,
     "ask for records of 512, 1024, 2048 or 4096 bytes at most"},
    {BOTH, "record-limit", "BYTES", option_record_limit,
     "accept records of at most 64 to 16384 bytes; 0: without the extension "
     "(16384)"},
    {BOTH, "cid", "BYTES", option_cid,
     "use connection ids; the one that the peer puts into its records has so "
     "many bytes, 0 to 32"},
    {BOTH, "padding", "BYTES", option_padding,
     "pad records that have a connection id to a multiple of so many bytes, "
     "up to 16384; 0: not at all (0)"},
    {SERVER, "sessions", "COUNT", option_sessions,
     "most clients at a time (256)"},
    {CLIENT, "resume", "FILE", set_resume,
     "resume the session in this file, if it is there, and keep the new one "
     "there; the file has a secret"},
    {SERVER, "tickets", NULL, set_tickets,
     "give clients tickets, with which they resume their sessions"},
    {SERVER, "cache", "COUNT", option_cache,
     "keep so many sessions, which clients resume by their ids (0)"},
    {BOTH, "echo", NULL, set_echo, "send received data back"},
    {BOTH, "send", "TEXT", option_send,
     "send a record to the peer; repeatable, in order"},
    {BOTH, "renegotiate", NULL, set_renegotiate,
     "once connected, make another handshake with the peer"},
    {BOTH, "no-renegotiation", NULL, set_no_renegotiation,
     "refuse the peer's requests for another handshake"},
    {CLIENT, "no-old-cookie", NULL, set_no_old_cookie,
     "begin another handshake without the first one's cookie"},
    {CLIENT, "no-stdin", NULL, set_no_stdin,
     "do not read stdin; only receive"},
    {BOTH, "keylog", "FILE", set_keylog,
     "append the secrets, in the format Wireshark reads"},
    {BOTH, "verbose", NULL, set_verbose, "print more"},
    {BOTH, "help", NULL, help, "print this text"},
};

#define NUM_SPECS (sizeof specs / sizeof *specs)

static const char client_text[] =
    "usage: nxdtls client [options] HOST:PORT\n"
    "\n"
    "Connects, writes received data to stdout, and sends each line of stdin\n"
    "as one record until stdin ends.  With --send it sends those texts\n"
    "instead, and ends when as many bytes have come back, or after\n"
    "--timeout.  With --echo it stays until the peer closes.  SIGINT and\n"
    "SIGTERM end it after a line that says how far it has come.\n"
    "\n"
    "Exit status: 0 the session was connected and did not fail, 1 it was not\n"
    "connected or has failed, 2 bad input.\n";
static const char server_text[] =
    "usage: nxdtls server [options] HOST:PORT\n"
    "\n"
    "Serves many clients until SIGTERM or SIGINT.  Writes received data to\n"
    "stdout, or with --echo sends it back.  With port 0 it takes any free\n"
    "port, which stands in the line `listening on`.  The last line has\n"
    "counts; `sessions` is how many were open when the signal came.\n"
    "\n"
    "Exit status: 0 it has served until a signal, 1 it has lost packets of "
    "its\n"
    "pool, 2 bad input, or an address or port that it cannot have.\n";

static void help(struct options *o, const char *text)
{
    (void)text;
    (void)printf("%s\nHOST is a name, an IPv4 address or an [IPv6] one.\n\n",
                 o->is_server ? server_text : client_text);
    for (size_t i = 0; i < NUM_SPECS; i++) {
        char name[40];

        if (specs[i].roles & (o->is_server ? SERVER : CLIENT)) {
            (void)snprintf(name, sizeof name, "%s--%s %s",
                           specs[i].take == set_verbose ? "-v, " : "",
                           specs[i].name,
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

/* getopt_long returns a row's number behind FIRST_ROW, which is above every
 * character. */
enum { FIRST_ROW = 256, VERBOSE = 'v' };

static void make_long_options(struct option *out, bool is_server)
{
    for (size_t i = 0; i < NUM_SPECS; i++) {
        if (specs[i].roles & (is_server ? SERVER : CLIENT)) {
            *out++ = (struct option){
                specs[i].name,
                specs[i].argument != NULL ? required_argument : no_argument,
                NULL, FIRST_ROW + (int)i};
        }
    }
    *out = (struct option){0};
}

static const char *command(const struct options *o)
{
    return o->is_server ? "server" : "client";
}

#define ECJPAKE 0xc0ff

/* Without --cipher a password stands alone. */
static void check_password(struct options *o)
{
    if (o->password_file != NULL) {
        option_password(o);
    }
    if (o->password_len != 0 && !o->has_ciphers) {
        if (o->num_psks != 0 || o->psk_file != NULL || o->num_certs != 0 ||
            o->num_cas != 0 || o->num_pins != 0) {
            bad_input("--password: beside keys or certificates, --cipher must "
                      "name the suites");
        }
        ciphers_select(&o->ciphers, "c0ff");
    }
    if (o->password_len != 0 && !ciphers_has(&o->ciphers, ECJPAKE)) {
        bad_input(
            "--password: --cipher names no suite with a password (c0ff)");
    }
    if (o->password_len == 0 && ciphers_has(&o->ciphers, ECJPAKE)) {
        bad_input("--cipher: c0ff needs --password");
    }
}

static void check(struct options *o)
{
    check_password(o);
    if (o->num_certs > o->num_keys ||
        (o->num_certs < o->num_keys && !o->rpk)) {
        bad_input("%s: each --cert needs a --key, and each --key a --cert, or "
                  "--rpk",
                  o->num_certs < o->num_keys ? "--key" : "--cert");
    }
    if (o->rpk && o->num_keys == o->num_certs && o->num_pins == 0) {
        bad_input("--rpk: needs a --key without --cert, or --fingerprint");
    }
    if (o->num_crls != 0 && o->num_cas == 0) {
        bad_input("--crl: needs --ca");
    }
    if (o->lone_staple != NULL) {
        bad_input("--staple %s: no --cert stands before it", o->lone_staple);
    }
    if (o->ask_staple && o->num_cas == 0) {
        bad_input("--ask-staple: needs --ca");
    }
    if (o->num_pins != 0 && o->num_cas != 0) {
        bad_input("--fingerprint: stands in place of --ca; leave one out");
    }
    if (o->is_server && o->num_psks == 0 && o->psk_file == NULL &&
        o->num_keys == 0 && o->password_len == 0) {
        bad_input("server: needs --psk, --psk-file, --password, --cert and "
                  "--key, or --rpk and --key");
    }
    if (!o->is_server && o->num_psks == 0 && o->num_cas == 0 &&
        o->num_pins == 0 && o->password_len == 0) {
        bad_input("client: needs --psk, --password, --ca or --fingerprint");
    }
    if (o->client_auth && o->num_cas == 0 && o->num_pins == 0) {
        bad_input("--client-auth: needs --ca or --fingerprint");
    }
    if (o->is_server && o->num_pins != 0 && !o->client_auth) {
        bad_input("--fingerprint: needs --client-auth");
    }
}

void options_parse(struct options *out, bool is_server, int argc, char **argv)
{
    struct option long_options[NUM_SPECS + 1];
    int id;

    *out = (struct options){
        .is_server = is_server,
        .certs = calloc((size_t)argc + 1, sizeof *out->certs),
        .staples = calloc((size_t)argc + 1, sizeof *out->staples),
        .keys = calloc((size_t)argc + 1, sizeof *out->keys),
        .crls = calloc((size_t)argc + 1, sizeof *out->crls),
        .cas = calloc((size_t)argc + 1, sizeof *out->cas),
        .pins = calloc((size_t)argc + 1, NXDTLS_FINGERPRINT_SIZE),
        .sends = calloc((size_t)argc + 1, sizeof *out->sends),
        .sessions = 256,
        .record_limit = RECORD_MAX,
        .timeout = 10 * NX_IP_PERIODIC_RATE,
        .retries = 10,
        .first_timeout = 1000,
        .idle_limit = is_server ? 300 : 0,
    };
    if (out->certs == NULL || out->keys == NULL || out->crls == NULL ||
        out->cas == NULL || out->pins == NULL || out->sends == NULL ||
        out->staples == NULL) {
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
        if (id == VERBOSE) {
            set_verbose(out, NULL);
        } else {
            specs[id - FIRST_ROW].take(out, optarg);
        }
    }
    if (argc - optind != 1) {
        bad_input("%s: %s", argc == optind ? command(out) : argv[optind + 1],
                  argc == optind ? "HOST:PORT is missing"
                                 : "more than one HOST:PORT");
    }
    option_address(out, argv[optind]);
    check(out);
}

void options_free(struct options *options)
{
    OPENSSL_cleanse(options->psks, sizeof options->psks);
    OPENSSL_cleanse(options->password, sizeof options->password);
    free(options->certs);
    free(options->staples);
    free(options->keys);
    free(options->crls);
    free(options->cas);
    free(options->pins);
    free(options->sends);
}
