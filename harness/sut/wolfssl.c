/* SPDX-License-Identifier: MIT */
/* wolfSSL, through its input and output callbacks.
 *
 * The application has to run its timer.  Its random numbers are seeded from
 * /dev/urandom, which virtual_clock.c replaces. */
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

#include "sut/own.h"
#include "sut/sut.h"
#include "sut/virtual_clock.h"

#include "sim/network.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_MAX 60           /* seconds */
#define WOLFSSL_DEFAULT_MTU 1400 /* bytes of a datagram */

struct end {
    struct sut sut;
    WOLFSSL_CTX *ctx;
    WOLFSSL *ssl;
    WOLFSSL_SESSION *kept; /* a client's, to be resumed; or NULL */
    uint64_t deadline;
    struct sut_own_staple staple; /* of a server */
};

static struct end *end_of(struct sut *sut)
{
    return (struct end *)sut;
}

static int send_datagram(WOLFSSL *ssl, char *bytes, int len, void *self)
{
    struct sut *sut = self;

    (void)ssl;
    sut->setup.host.send(sut->setup.host.self,
                         dtls_bytes_of((uint8_t *)bytes, (size_t)len));
    return len;
}

static int receive_datagram(WOLFSSL *ssl, char *out, int size, void *self)
{
    int len = sut_take(self, out, (size_t)size);

    (void)ssl;
    return len < 0 ? WOLFSSL_CBIO_ERR_WANT_READ : len;
}

static int make_cookie(WOLFSSL *ssl, unsigned char *out, int size, void *self)
{
    uint8_t cookie[SUT_COOKIE_LEN];

    (void)ssl;
    (void)self;
    sut_cookie(cookie);
    if (size > SUT_COOKIE_LEN) {
        size = SUT_COOKIE_LEN;
    }
    memcpy(out, cookie, (size_t)size);
    return size;
}

static unsigned client_psk(WOLFSSL *ssl, const char *hint, char *identity,
                           unsigned identity_size, unsigned char *key,
                           unsigned key_size)
{
    (void)hint;
    return sut_client_psk(wolfSSL_get_app_data(ssl), identity, identity_size,
                          key, key_size);
}

static unsigned server_psk(WOLFSSL *ssl, const char *identity,
                           unsigned char *key, unsigned key_size)
{
    return sut_server_psk(wolfSSL_get_app_data(ssl), identity, key, key_size);
}

static WOLFSSL_CTX *make_ctx(const struct sut_setup *setup)
{
    static bool begun;
    byte id[2] = {(byte)(setup->suite->id >> 8), (byte)setup->suite->id};
    WOLFSSL_CTX *ctx;

    if (!begun) {
        (void)wolfSSL_Init();
        begun = true;
    }
    ctx = wolfSSL_CTX_new(setup->role == SUT_CLIENT
                              ? wolfDTLSv1_2_client_method()
                              : wolfDTLSv1_2_server_method());
    assert(ctx != NULL);
    if (wolfSSL_CTX_set_cipher_list_bytes(ctx, id, sizeof id) !=
        WOLFSSL_SUCCESS) {
        wolfSSL_CTX_free(ctx);
        return NULL;
    }
    return ctx;
}

static bool is_montgomery(uint16_t group)
{
    return group == DTLS_GROUP_X25519 || group == DTLS_GROUP_X448;
}

/* What the setup wants that this driver has not. */
static const char *lacks(const struct sut_setup *setup)
{
    if (setup->raw_keys) {
        return "this build of wolfSSL has no raw public keys";
    }
    if (setup->srtp) {
        return "this build of wolfSSL has no use_srtp";
    }
    return NULL;
}

static const char *refuses(const struct sut_setup *setup)
{
    WOLFSSL_CTX *ctx;

    if (lacks(setup) != NULL) {
        return lacks(setup);
    }
    if (setup->role == SUT_SERVER && !setup->cookies) {
        return "a wolfSSL server always asks for a cookie";
    }
    if (setup->mtu != WOLFSSL_DEFAULT_MTU) {
        return "this build of wolfSSL has no setting for the MTU";
    }
    if (setup->path_mtu) {
        return "wolfSSL leaves finding the MTU to the application";
    }
    if (setup->begins != SUT_NOBODY_BEGINS) {
        return "this build of wolfSSL has no renegotiation";
    }
    if (setup->role == SUT_CLIENT && setup->suite->kx == DTLS_KX_ECDHE_PSK &&
        is_montgomery(setup->group)) {
        return "a wolfSSL client refuses this group's key with ECDHE_PSK";
    }
    if (setup->role == SUT_SERVER && sut_has_ec_key(setup) &&
        setup->group != 0 && setup->group != DTLS_GROUP_SECP256R1) {
        return "a wolfSSL server takes the curve of its certificate's key";
    }
    ctx = make_ctx(setup);
    if (ctx == NULL) {
        return "wolfSSL has no such suite";
    }
    wolfSSL_CTX_free(ctx);
    return NULL;
}

/* A server that may resume in either way does so by tickets: its cache of ids
 * is one for all servers of a process, and outlives them.  A client keeps
 * sessions by `again`. */
static void set_resumption(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    bool by_id = sut_keeps_ids(setup) && setup->resumes == SUT_KEEPS_BY_ID;

    (void)wolfSSL_CTX_set_session_cache_mode(
        e->ctx, by_id ? WOLFSSL_SESS_CACHE_SERVER : WOLFSSL_SESS_CACHE_OFF);
    if (by_id) {
        (void)wolfSSL_CTX_NoTicketTLSv12(e->ctx);
    }
    if (setup->resumes != SUT_KEEPS_NOTHING && setup->role == SUT_CLIENT) {
        (void)wolfSSL_CTX_UseSessionTicket(e->ctx);
    }
}

/* The library asks an OCSP responder for what it staples: this one. */
static int answer_ocsp(void *self, const char *url, int url_len,
                       unsigned char *request, int request_len,
                       unsigned char **response)
{
    struct end *e = self;

    (void)url;
    (void)url_len;
    (void)request;
    (void)request_len;
    *response = e->staple.bytes;
    return (int)e->staple.len;
}

static void keep_answer(void *self, unsigned char *response)
{
    (void)self;
    (void)response;
}

/* A server needs the root to check its own response.  Without one, a client
 * refuses the server. */
static bool use_staples(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    const char *identity = sut_identity(setup);

    if (wolfSSL_CTX_EnableOCSPStapling(e->ctx) != WOLFSSL_SUCCESS) {
        return false;
    }
    if (setup->role == SUT_CLIENT) {
        return wolfSSL_CTX_EnableOCSPMustStaple(e->ctx) == WOLFSSL_SUCCESS &&
               wolfSSL_CTX_UseOCSPStapling(e->ctx, WOLFSSL_CSR_OCSP, 0) ==
                   WOLFSSL_SUCCESS;
    }
    sut_own_make_staple(&e->staple, setup,
                        sut_own_identity(setup, identity, false));
    return wolfSSL_CTX_EnableOCSP(e->ctx, WOLFSSL_OCSP_URL_OVERRIDE) ==
               WOLFSSL_SUCCESS &&
           wolfSSL_CTX_SetOCSP_OverrideURL(e->ctx, "http://localhost/") ==
               WOLFSSL_SUCCESS &&
           wolfSSL_CTX_SetOCSP_Cb(e->ctx, answer_ocsp, keep_answer, e) ==
               WOLFSSL_SUCCESS &&
           wolfSSL_CTX_load_verify_locations(e->ctx,
                                             sut_path(setup, "root", ".pem"),
                                             NULL) == WOLFSSL_SUCCESS;
}

static bool configure(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    const char *identity = sut_identity(setup);
    const char *trust = sut_trust(setup);
    int mode = sut_needs_client(setup)
                   ? WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT
                   : WOLFSSL_VERIFY_PEER;

    /* Its own list changes with the suite and has SHA-1. */
    if (wolfSSL_CTX_set1_sigalgs_list(
            e->ctx, "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA256:"
                    "RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:"
                    "RSA+SHA512") != WOLFSSL_SUCCESS) {
        return false;
    }
    if (setup->staples && !use_staples(e)) {
        return false;
    }
    wolfSSL_CTX_SetIORecv(e->ctx, receive_datagram);
    wolfSSL_CTX_SetIOSend(e->ctx, send_datagram);
    wolfSSL_CTX_SetGenCookie(e->ctx, make_cookie);
    set_resumption(e);
    wolfSSL_CTX_set_verify(e->ctx, trust == NULL ? WOLFSSL_VERIFY_NONE : mode,
                           NULL);
    if (dtls_suite_is_psk(setup->suite)) {
        wolfSSL_CTX_set_psk_client_callback(e->ctx, client_psk);
        wolfSSL_CTX_set_psk_server_callback(e->ctx, server_psk);
    }
    if (identity != NULL &&
        (wolfSSL_CTX_use_certificate_chain_file(
             e->ctx, sut_path(setup, identity, ".pem")) != WOLFSSL_SUCCESS ||
         wolfSSL_CTX_use_PrivateKey_file(
             e->ctx, sut_path(setup, identity, ".key"),
             WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS)) {
        return false;
    }
    return trust == NULL || wolfSSL_CTX_load_verify_locations(
                                e->ctx, sut_path(setup, trust, ".pem"),
                                NULL) == WOLFSSL_SUCCESS;
}

static void use_groups(struct end *e)
{
    uint16_t groups[SUT_GROUPS_MAX];
    size_t num = sut_groups(groups, &e->sut.setup);

    for (size_t i = 0; i < num; i++) {
        /* With X25519, wolfSSL's ECDHE_PSK client refuses every server's
         * key. */
        if (e->sut.setup.group != 0 || !is_montgomery(groups[i])) {
            (void)wolfSSL_UseSupportedCurve(e->ssl, groups[i]);
        }
    }
}

static bool open_ssl(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;

    e->ssl = wolfSSL_new(e->ctx);
    if (e->ssl == NULL) {
        return false;
    }
    (void)wolfSSL_set_app_data(e->ssl, &e->sut);
    wolfSSL_SetIOReadCtx(e->ssl, &e->sut);
    wolfSSL_SetIOWriteCtx(e->ssl, &e->sut);
    wolfSSL_dtls_set_using_nonblock(e->ssl, 1);
    use_groups(e);
    (void)wolfSSL_dtls_set_timeout_max(e->ssl, TIMEOUT_MAX);
    (void)wolfSSL_dtls_set_timeout_init(e->ssl, 1);
    wolfSSL_KeepArrays(e->ssl); /* the exporter needs them */
    if (e->kept != NULL) {
        (void)wolfSSL_set_session(e->ssl, e->kept);
    }
    if (setup->role == SUT_CLIENT && sut_trust(setup) != NULL) {
        const char *host = sut_dns_name(setup);

        (void)wolfSSL_check_domain_name(e->ssl, sut_name(setup));
        if (host != NULL) {
            (void)wolfSSL_UseSNI(e->ssl, WOLFSSL_SNI_HOST_NAME, host,
                                 (unsigned short)strlen(host));
        }
    }
    return true;
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);

    assert(e != NULL);
    e->sut.setup = *setup;
    e->deadline = SIM_NO_EVENT;
    sut_clock_enter(now);
    e->ctx = make_ctx(setup);
    if (e->ctx == NULL || !configure(e) || !open_ssl(e)) {
        sut_fail(&e->sut, "wolfSSL refuses its configuration");
    }
    sut_clock_leave();
    return &e->sut;
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = end_of(sut);

    wolfSSL_free(e->ssl);
    wolfSSL_SESSION_free(e->kept);
    wolfSSL_CTX_free(e->ctx);
    free(e);
    return 0;
}

static void note_error(struct end *e, int result)
{
    int error = wolfSSL_get_error(e->ssl, result);
    char text[WOLFSSL_MAX_ERROR_SZ];

    switch (error) {
    case WOLFSSL_ERROR_WANT_READ:
    case WOLFSSL_ERROR_WANT_WRITE:
        break;
    case WOLFSSL_ERROR_ZERO_RETURN:
        sut_ended(&e->sut);
        break;
    default:
        sut_fail(&e->sut, "%s",
                 wolfSSL_ERR_error_string((unsigned long)error, text));
    }
}

static void log_master(struct end *e)
{
    unsigned char client_random[32];
    unsigned char master[48];

    if (wolfSSL_get_client_random(e->ssl, client_random,
                                  sizeof client_random) ==
            sizeof client_random &&
        wolfSSL_SESSION_get_master_key(wolfSSL_get_session(e->ssl), master,
                                       sizeof master) == sizeof master) {
        sut_keylog_line(&e->sut, client_random, master);
    }
}

static int read_data(struct sut *sut, uint8_t *out, size_t size)
{
    struct end *e = end_of(sut);
    int len = wolfSSL_read(e->ssl, out, (int)size);

    if (len <= 0) {
        note_error(e, len);
    }
    return len;
}

static void shake(struct sut *sut)
{
    struct end *e = end_of(sut);
    int result = sut->setup.role == SUT_CLIENT ? wolfSSL_connect(e->ssl)
                                               : wolfSSL_accept(e->ssl);

    if (result == WOLFSSL_SUCCESS) {
        e->deadline = SIM_NO_EVENT;
        log_master(e);
        sut_connected(sut);
        return;
    }
    note_error(e, result);
    e->deadline =
        sut->now + 1000 * (uint64_t)wolfSSL_dtls_get_current_timeout(e->ssl);
}

static uint64_t deadline(struct sut *sut, uint64_t now)
{
    (void)now;
    return sut->state == SUT_HANDSHAKING ? end_of(sut)->deadline
                                         : SIM_NO_EVENT;
}

static void timeout(struct sut *sut)
{
    struct end *e = end_of(sut);
    int result = wolfSSL_dtls_got_timeout(e->ssl);

    if (result != WOLFSSL_SUCCESS) {
        note_error(e, result);
    }
}

static bool send_data(struct sut *sut, struct dtls_bytes data, uint64_t now)
{
    struct end *e = end_of(sut);
    int len;

    sut_clock_enter(now);
    len = wolfSSL_write(e->ssl, data.data, (int)data.len);
    sut_clock_leave();
    if (len <= 0) {
        note_error(e, len);
    }
    return len == (int)data.len;
}

static void close_session(struct sut *sut, uint64_t now)
{
    sut_clock_enter(now);
    (void)wolfSSL_shutdown(end_of(sut)->ssl);
    sut_clock_leave();
}

/* What a client offers next: the session of a handshake that was complete, and
 * nothing after a failure. */
static void keep_session(struct end *e)
{
    if (e->sut.state == SUT_HANDSHAKING) {
        return;
    }
    wolfSSL_SESSION_free(e->kept);
    e->kept = e->sut.state == SUT_FAILED ? NULL : wolfSSL_get1_session(e->ssl);
}

static void again(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    sut_clock_enter(now);
    if (sut->setup.role == SUT_CLIENT) {
        keep_session(e);
    }
    wolfSSL_free(e->ssl);
    e->deadline = SIM_NO_EVENT;
    sut->state = SUT_HANDSHAKING;
    if (!open_ssl(e)) {
        sut_fail(sut, "wolfSSL refuses another association");
    }
    sut_clock_leave();
}

static uint16_t suite(struct sut *sut)
{
    return (uint16_t)wolfSSL_get_current_cipher_suite(end_of(sut)->ssl);
}

static bool exporter(struct sut *sut, uint8_t out[SUT_EXPORT_LEN])
{
    return wolfSSL_export_keying_material(
               end_of(sut)->ssl, out, SUT_EXPORT_LEN, SUT_EXPORT_LABEL,
               strlen(SUT_EXPORT_LABEL), NULL, 0, 0) == WOLFSSL_SUCCESS;
}

/* It has refused any server that did not (configure). */
static bool stapled(struct sut *sut)
{
    return sut->setup.staples;
}

static bool resumed(struct sut *sut)
{
    return wolfSSL_session_reused(end_of(sut)->ssl) == 1;
}

const struct sut_driver sut_wolfssl = {
    .ics =
        SUT_USUAL_ICS "groups = 23 24\ntruncated_hmac = yes\n"
                      "frag_first_hello = no\nresume = ticket\nticket = yes\n"
                      "sigs = 0403 0503 0603 0804 0809 0805 080a 0806 080b "
                      "0401 0501 0601\nfrag_first_hello = no\n",
    .library = "wolfSSL " LIBWOLFSSL_VERSION_STRING,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = sut_step,
    .receive = sut_receive,
    .deadline = deadline,
    .expire = sut_expire,
    .send = send_data,
    .close = close_session,
    .again = again,
    .suite = suite,
    .exporter = exporter,
    .resumed = resumed,
    .stapled = stapled,
    .shake = shake,
    .read = read_data,
    .timeout = timeout,
};
