/* SPDX-License-Identifier: MIT */
/* The command line of `nxdtls client` and `nxdtls server`. */
#ifndef NXDTLS_PROGRAMS_ENDPOINT_OPTIONS_H
#define NXDTLS_PROGRAMS_ENDPOINT_OPTIONS_H

#include "programs/ciphers.h"
#include "programs/srtp_profiles.h"

#include <stdbool.h>

#define RECORD_MAX 16384 /* bytes of application data in one record */
#define ALPN_MAX 255     /* bytes of ALPN names, with their lengths */
#define HOST_MAX 253     /* bytes of a host's name */

struct psk {
    UCHAR key[NX_SECURE_TLS_MAX_PSK_SIZE];
    UINT key_len;
    UCHAR identity[NX_SECURE_TLS_MAX_PSK_ID_SIZE];
    UINT identity_len;
    UCHAR hint[NX_SECURE_TLS_MAX_PSK_ID_SIZE];
    UINT hint_len;
};

/* Strings are those of argv. */
struct options {
    bool is_server;
    NXD_ADDRESS address;
    char host[HOST_MAX + 1]; /* a name; empty: address is known */
    UINT port;
    struct psk psks[NX_SECURE_TLS_MAX_PSK_KEYS];
    size_t num_psks;
    const char *psk_file;                       /* NULL: none */
    const char *password_file;                  /* NULL: none */
    UCHAR password[NX_SECURE_TLS_MAX_PSK_SIZE]; /* for EC-JPAKE */
    UINT password_len;                          /* 0: none */
    const char **certs;
    size_t num_certs;
    const char **keys; /* as many, and with `rpk` those of raw public keys */
    size_t num_keys;
    bool rpk;                /* raw public keys */
    const char **staples;    /* of each --cert; NULL: none */
    const char *lone_staple; /* with no --cert before it; NULL: none */
    const char **crls;
    size_t num_crls;
    const char **cas;
    size_t num_cas;
    UCHAR *pins; /* NXDTLS_FINGERPRINT_SIZE bytes each */
    ULONG num_pins;
    const char **sends;
    size_t num_sends;
    struct ciphers ciphers;
    bool has_ciphers; /* by --cipher */
    const char *name;
    UCHAR alpn[ALPN_MAX]; /* as nxdtls_session_alpn_set wants it */
    ULONG alpn_len;
    USHORT srtp[SRTP_PROFILES];
    UINT num_srtp;
    UINT max_fragment;
    UINT record_limit; /* RECORD_MAX: the library's own, too */
    bool cid;          /* with connection ids */
    UINT cid_len;      /* bytes of the own one */
    UINT padding;
    bool name_required;
    const char *keylog;
    const char *resume; /* NULL: no resumption */
    UINT cache;         /* sessions that a server keeps */
    bool tickets;
    UINT mtu; /* 0: the library's */
    UINT retries;
    UINT first_timeout; /* milliseconds */
    UINT sessions;
    ULONG timeout;    /* ticks */
    ULONG idle_limit; /* seconds; 0: none */
    ULONG life_limit;
    ULONG keepalive;  /* seconds; 0: none */
    UINT path_search; /* bytes; 0: none */
    bool fresh_timeout;
    bool client_auth;
    bool ask_staple;
    bool echo;
    bool no_stdin;
    bool renegotiate;
    bool no_renegotiation;
    bool no_old_cookie;
    bool verbose;
};

/* With keepalive, a peer counts as gone after so many questions. */
#define QUESTIONS 3

/* options_parse reads the arguments after the command's name, argv[0].
 * --help ends the program with status 0, bad input with status 2. */
void options_parse(struct options *out, bool is_server, int argc, char **argv);

/* options_free wipes the keys and frees the lists. */
void options_free(struct options *options);

#endif
