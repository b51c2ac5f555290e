/* SPDX-License-Identifier: MIT */
/* Target: a server's first flight, beside GnuTLS's, without cookies (in GnuTLS
 *         the application handles them).
 * Input:  u8, which credentials and suites both servers have; a ClientHello's
 *         body.
 * Oracle: both servers continue with a ServerHello, or neither does; every
 *         exception has a row in differences.tsv.
 *
 * The chosen suite is not compared: GnuTLS has another order. */
#include "fuzzers/kit/differences.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/server_answers.h"
#include "messages/hello_extensions.h"
#include "messages/messages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>

#define PRIORITY                                                              \
    "NONE:+VERS-DTLS1.2:+COMP-NULL:+GROUP-X25519:+GROUP-SECP256R1:"           \
    "+GROUP-SECP384R1:+SIGN-ALL:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:"             \
    "%SERVER_PRECEDENCE:"

enum { SERVER_NAME = 0, GROUPS = 10 }; /* extensions */

static const struct {
    uint8_t kind;
    enum fuzz_credential credential;
    const char *priority; /* the same suites */
} kinds[] = {
    {FUZZ_KIND(FUZZ_PSK, 0), FUZZ_CREDENTIALS,
     PRIORITY "+PSK:+AES-128-CCM-8:+AES-128-GCM:+AES-128-CBC:+AEAD:+SHA256"},
    {FUZZ_KIND(FUZZ_ECDSA, 0), FUZZ_SERVER_EC,
     PRIORITY "+ECDHE-ECDSA:+AES-128-GCM:+CHACHA20-POLY1305:+AES-128-CBC:"
              "+AEAD:+SHA256"},
    {FUZZ_KIND(FUZZ_RSA, 1), FUZZ_SERVER_RSA,
     PRIORITY "+ECDHE-RSA:+AES-128-GCM:+AEAD"},
    {FUZZ_KIND(FUZZ_RSA, 3), FUZZ_SERVER_RSA,
     PRIORITY "+RSA:+AES-128-GCM:+AEAD"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void ask_us(struct fuzz_answer *answer, uint8_t kind,
                   struct dtls_bytes datagram)
{
    static struct fuzz_association a;
    struct fuzz_setup setup = {.role = DTLS_SERVER,
                               .kind = kinds[kind].kind,
                               .knobs = FUZZ_NO_COOKIES};

    fuzz_association_init(&a, &setup);
    a.output = fuzz_flight_hear;
    a.self = answer;
    fuzz_association_receive(&a, datagram);
    (void)fuzz_association_free(&a);
}

/* What GnuTLS reads, once, and what it says. */
struct wire {
    struct dtls_bytes in;
    struct fuzz_answer *answer;
    gnutls_session_t session;
};

static ssize_t pull(gnutls_transport_ptr_t self, void *out, size_t cap)
{
    struct wire *wire = self;
    size_t len = wire->in.len < cap ? wire->in.len : cap;

    if (len == 0) {
        gnutls_transport_set_errno(wire->session, EAGAIN);
        return -1;
    }
    memcpy(out, wire->in.data, len);
    wire->in.len = 0;
    return (ssize_t)len;
}

static int wait(gnutls_transport_ptr_t self, unsigned ms)
{
    const struct wire *wire = self;

    (void)ms;
    return wire->in.len != 0;
}

static ssize_t push(gnutls_transport_ptr_t self, const void *data, size_t len)
{
    const struct wire *wire = self;

    fuzz_flight_hear(wire->answer, dtls_bytes_of(data, len));
    return (ssize_t)len;
}

static int find_psk(gnutls_session_t session, const char *identity,
                    gnutls_datum_t *key)
{
    (void)session;
    (void)identity;
    (void)key;
    return -1; /* that comes after the first flight */
}

static gnutls_certificate_credentials_t make_certificate(
    enum fuzz_credential which)
{
    struct dtls_bytes cert = fuzz_credential(which, false)->cert.der;
    struct dtls_bytes key = fuzz_credential_key(which);
    gnutls_datum_t cert_der = {fuzz_exact(cert), (unsigned)cert.len};
    gnutls_datum_t key_der = {fuzz_exact(key), (unsigned)key.len};
    gnutls_certificate_credentials_t made;

    FUZZ_CHECK(gnutls_certificate_allocate_credentials(&made) == 0);
    FUZZ_CHECK(gnutls_certificate_set_x509_key_mem(made, &cert_der, &key_der,
                                                   GNUTLS_X509_FMT_DER) >= 0);
    free(cert_der.data);
    free(key_der.data);
    return made;
}

/* Made once; they last as long as the process. */
static void set_credentials(gnutls_session_t session, uint8_t kind)
{
    static gnutls_psk_server_credentials_t psk;
    static gnutls_certificate_credentials_t certificates[KINDS];

    if (kinds[kind].credential != FUZZ_CREDENTIALS) {
        if (certificates[kind] == NULL) {
            certificates[kind] = make_certificate(kinds[kind].credential);
        }
        FUZZ_CHECK(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
                                          certificates[kind]) == 0);
        return;
    }
    if (psk == NULL) {
        FUZZ_CHECK(gnutls_psk_allocate_server_credentials(&psk) == 0);
        gnutls_psk_set_server_credentials_function(psk, find_psk);
    }
    FUZZ_CHECK(gnutls_credentials_set(session, GNUTLS_CRD_PSK, psk) == 0);
}

static void ask_them(struct fuzz_answer *answer, uint8_t kind,
                     struct dtls_bytes datagram)
{
    struct wire wire = {.in = datagram, .answer = answer};

    FUZZ_CHECK(gnutls_init(&wire.session, GNUTLS_SERVER | GNUTLS_DATAGRAM |
                                              GNUTLS_NONBLOCK |
                                              GNUTLS_NO_TICKETS) == 0);
    FUZZ_CHECK(gnutls_priority_set_direct(wire.session, kinds[kind].priority,
                                          NULL) == 0);
    set_credentials(wire.session, kind);
    gnutls_dtls_set_mtu(wire.session, 1400);
    gnutls_transport_set_ptr(wire.session, &wire);
    gnutls_transport_set_pull_function(wire.session, pull);
    gnutls_transport_set_pull_timeout_function(wire.session, wait);
    gnutls_transport_set_push_function(wire.session, push);
    (void)gnutls_handshake(wire.session);
    gnutls_deinit(wire.session);
}

/* The curve of the certificate, if it has one, is not among the groups. */
static bool has_other_groups(struct dtls_bytes body)
{
    struct dtls_bytes value;
    struct dtls_bytes groups;

    return fuzz_flight_extension(body, GROUPS, &value) &&
           dtls_get_vec16(&value, &groups) &&
           !dtls_u16_list_has(groups, DTLS_GROUP_SECP256R1);
}

/* GnuTLS does not look at what it has no use for.  fuzz_diff_flight judges us
 * extension by extension. */
static bool has_malformed_extension(struct dtls_bytes body)
{
    struct dtls_client_hello m;
    struct dtls_extensions ext;

    return dtls_client_hello_parse(&m, body) == DTLS_OK &&
           dtls_extensions_parse_client(&ext, m.extensions) != DTLS_OK;
}

/* GnuTLS checks the characters of a name. */
static bool has_server_name(struct dtls_bytes body)
{
    struct dtls_bytes value;

    return fuzz_flight_extension(body, SERVER_NAME, &value);
}

/* The known differences (differences.tsv). */
static const struct fuzz_difference we_refuse[] = {
    {"version-major", fuzz_flight_of_no_dtls},
    {"malformed-extension", has_malformed_extension},
    {"curve-of-certificate", has_other_groups},
    {"without-x509", fuzz_flight_without_x509},
    {NULL, NULL},
};

static const struct fuzz_difference they_refuse[] = {
    {"unknown-extension", fuzz_flight_ignored},
    {"server-name", has_server_name},
    {NULL, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[FUZZ_FLIGHT_BODY + 512];
    struct dtls_buf datagram = {bytes, 0, sizeof bytes};
    struct dtls_bytes body = {data, size};
    uint8_t kind = fuzz_u8(&body) % KINDS;
    struct fuzz_answer ours = {0};
    struct fuzz_answer theirs = {0};

    if (body.len == 0 || body.len > FUZZ_FLIGHT_BODY) {
        return 0;
    }
    fuzz_flight_put(&datagram, body, (struct dtls_bytes){0}, 0);
    ask_us(&ours, kind, dtls_buf_bytes(&datagram));
    ask_them(&theirs, kind, dtls_buf_bytes(&datagram));
    if (ours.accepts && !theirs.accepts) {
        FUZZ_CHECK(fuzz_is_known(they_refuse, body));
    }
    if (!ours.accepts && theirs.accepts) {
        FUZZ_CHECK(fuzz_is_known(we_refuse, body));
    }
    return 0;
}
