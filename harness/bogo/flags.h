/* SPDX-License-Identifier: MIT */
/* The command line of BoringSSL's protocol test runner: single-dash flags, a
 * value in the argument that follows. */
#ifndef BOGO_FLAGS_H
#define BOGO_FLAGS_H

#include "base/bytes.h"

#define BOGO_LIST_MAX 32
#define BOGO_CREDENTIALS_MAX 8
#define BOGO_DEFAULT_CREDENTIAL (-1) /* the runner's number for it */

/* Exit statuses that the runner knows. */
enum { BOGO_SUCCESS = 0, BOGO_FAILURE = 1, BOGO_UNIMPLEMENTED = 89 };

/* A flag that may be given several times; 0 items: not given. */
struct bogo_list {
    uint16_t items[BOGO_LIST_MAX];
    size_t num;
};

struct bogo_credential_flags {
    const char *cert_file;
    const char *key_file;
    struct bogo_list signing_prefs;
    bool must_match_issuer;
};

struct bogo_flags {
    /* How to reach the runner. */
    uint64_t port;
    uint64_t shim_id;
    bool ipv6;

    bool is_handshaker_supported;
    bool dtls; /* must be given: there is no TLS here */
    bool server;
    /* Our own flags: the server asks for a cookie; each flight begins with the
     * first timeout. */
    bool cookie;
    bool fresh_timeout;
    uint64_t resume_count;

    /* Credentials: 0 is preferred, the default comes last. */
    struct bogo_credential_flags credentials[BOGO_CREDENTIALS_MAX];
    size_t num_credentials;
    struct bogo_credential_flags default_credential;
    bool has_expected_credential;
    int64_t expected_credential;
    struct bogo_list verify_prefs;
    bool verify_peer;
    bool require_any_client_certificate;
    bool verify_fail;
    bool use_custom_verify_callback;
    const char *psk;
    const char *psk_identity;

    struct bogo_list curves;
    const char *cipher;
    uint64_t min_version;
    uint64_t max_version;
    bool no_tls1; /* DTLS 1.0 */
    bool no_tls12;
    bool no_tls13;
    uint64_t mtu;
    uint64_t initial_timeout_ms;
    uint64_t max_cert_list;

    const char *host_name;
    const char *expect_server_name;
    bool no_server_name_ack;
    const char *expect_advertised_alpn;
    struct bogo_list expect_peer_verify_prefs;
    const char *expect_certificate_types; /* base64 */
    const char
        *use_client_ca_list; /* Names in hex with commas, <NULL>, <EMPTY> */
    const char *expect_client_ca_list;
    const char *expect_peer_cert_file;
    bool no_legacy_server_connect;
    const char *advertise_alpn; /* vec8 each */
    const char *select_alpn;
    const char *expect_alpn;
    bool decline_alpn;
    bool reject_alpn;

    bool shim_writes_first;
    bool send_alert;
    bool shim_shuts_down;
    bool check_close_notify;
    bool tls_unique;
    uint64_t export_len;
    const char *export_label;
    const char *export_context;
    bool use_export_context;

    uint64_t expect_curve_id;
    uint64_t expect_peer_signature_algorithm;
    bool expect_extended_master_secret;
};

/* bogo_flags_parse reads the whole command line.  It returns BOGO_SUCCESS, or
 * BOGO_UNIMPLEMENTED if this shim does not implement a flag, a value or a
 * number of flags; `problem` is then that argument.  The strings are argv's.
 */
int bogo_flags_parse(struct bogo_flags *out, int argc, char *const *argv,
                     const char **problem);

#endif
