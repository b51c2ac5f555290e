/* SPDX-License-Identifier: MIT */
/* OpenSSL's libssl, through a datagram BIO.
 *
 * Retransmission follows gettimeofday, which virtual_clock.c defines. */
#include "sut/own.h"
#include "sut/sut.h"
#include "sut/virtual_clock.h"

#include "sim/network.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#define FIRST_TIMEOUT 1000000U /* microseconds */
#define LAST_TIMEOUT 60000000U
#define RESUME_S 7200 /* seconds; also in the ICS */

struct end {
    struct sut sut;
    SSL_CTX *ctx;
    SSL *ssl;
    SSL_SESSION *kept; /* a client's, to be resumed; or NULL */
    unsigned timeout;  /* microseconds; used by keep_timeout */
    bool lost;
    struct sut_own_staple staple;
    bool is_stapled; /* a client has judged a response, which is good */
};

static BIO_METHOD *method;

static struct end *end_of(struct sut *sut)
{
    return (struct end *)sut;
}

static int bio_write(BIO *bio, const char *bytes, int len)
{
    struct sut *sut = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    sut->setup.host.send(sut->setup.host.self,
                         dtls_bytes_of((const uint8_t *)bytes, (size_t)len));
    return len;
}

static int bio_read(BIO *bio, char *bytes, int size)
{
    int len = sut_take(BIO_get_data(bio), bytes, (size_t)size);

    BIO_clear_retry_flags(bio);
    if (len < 0) {
        BIO_set_retry_read(bio);
    }
    return len;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    struct sut *sut = BIO_get_data(bio);

    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
        return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
        return sut->setup.mtu;
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
        return 508;
    default:
        return 0;
    }
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static BIO *make_bio(struct end *e)
{
    BIO *bio;

    if (method == NULL) {
        method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK,
                              "datagrams of the lab");
        assert(method != NULL);
        (void)BIO_meth_set_write(method, bio_write);
        (void)BIO_meth_set_read(method, bio_read);
        (void)BIO_meth_set_ctrl(method, bio_ctrl);
        (void)BIO_meth_set_create(method, bio_create);
    }
    bio = BIO_new(method);
    assert(bio != NULL);
    BIO_set_data(bio, &e->sut);
    return bio;
}

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned *len)
{
    (void)ssl;
    sut_cookie(cookie);
    *len = SUT_COOKIE_LEN;
    return 1;
}

static int check_cookie(SSL *ssl, const unsigned char *cookie, unsigned len)
{
    (void)ssl;
    return sut_is_cookie(cookie, len);
}

static unsigned client_psk(SSL *ssl, const char *hint, char *identity,
                           unsigned identity_size, unsigned char *key,
                           unsigned key_size)
{
    (void)hint;
    return sut_client_psk(SSL_get_app_data(ssl), identity, identity_size, key,
                          key_size);
}

static unsigned server_psk(SSL *ssl, const char *identity, unsigned char *key,
                           unsigned key_size)
{
    return sut_server_psk(SSL_get_app_data(ssl), identity, key, key_size);
}

static void keylog(const SSL *ssl, const char *line)
{
    const struct sut *sut = SSL_get_app_data(ssl);

    sut->setup.host.keylog(sut->setup.host.self, line);
}

static SSL_CTX *make_ctx(enum sut_role role)
{
    SSL_CTX *ctx = SSL_CTX_new(role == SUT_CLIENT ? DTLS_client_method()
                                                  : DTLS_server_method());

    assert(ctx != NULL);
    (void)SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION);
    (void)SSL_CTX_set_max_proto_version(ctx, DTLS1_2_VERSION);
    SSL_CTX_set_security_level(ctx, 0); /* level 1 forbids CCM_8 and NULL */
    return ctx;
}

/* Returns OpenSSL's name of a suite; NULL if this build does not have it. */
static const char *name_of(SSL_CTX *ctx, uint16_t suite)
{
    STACK_OF(SSL_CIPHER) * all;

    (void)SSL_CTX_set_cipher_list(ctx, "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
    all = SSL_CTX_get_ciphers(ctx);
    for (int i = 0; i < sk_SSL_CIPHER_num(all); i++) {
        const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(all, i);

        if (SSL_CIPHER_get_protocol_id(cipher) == suite) {
            return SSL_CIPHER_get_name(cipher);
        }
    }
    return NULL;
}

static const char *refuses(const struct sut_setup *setup)
{
    SSL_CTX *ctx = make_ctx(setup->role);
    const char *name = name_of(ctx, setup->suite->id);

    SSL_CTX_free(ctx);
    if (setup->raw_keys) {
        return "OpenSSL has no raw public keys before 3.2, this driver none";
    }
    return name == NULL ? "OpenSSL has no such suite" : NULL;
}

static bool load_credentials(SSL_CTX *ctx, const struct sut_setup *setup)
{
    const char *identity = sut_identity(setup);
    const char *trust = sut_trust(setup);
    int mode = sut_needs_client(setup)
                   ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                   : SSL_VERIFY_PEER;

    if (identity != NULL &&
        (SSL_CTX_use_certificate_chain_file(
             ctx, sut_path(setup, identity, ".pem")) != 1 ||
         SSL_CTX_use_PrivateKey_file(ctx, sut_path(setup, identity, ".key"),
                                     SSL_FILETYPE_PEM) != 1)) {
        return false;
    }
    if (trust == NULL) {
        return true;
    }
    SSL_CTX_set_verify(ctx, mode, NULL);
    return SSL_CTX_load_verify_locations(ctx, sut_path(setup, trust, ".pem"),
                                         NULL) == 1;
}

static bool set_groups(SSL_CTX *ctx, const struct sut_setup *setup)
{
    uint16_t groups[SUT_GROUPS_MAX];
    int nids[SUT_GROUPS_MAX];
    size_t num = sut_groups(groups, setup);

    for (size_t i = 0; i < num; i++) {
        switch (groups[i]) {
        case DTLS_GROUP_SECP256R1:
            nids[i] = NID_X9_62_prime256v1;
            break;
        case DTLS_GROUP_SECP384R1:
            nids[i] = NID_secp384r1;
            break;
        case DTLS_GROUP_SECP521R1:
            nids[i] = NID_secp521r1;
            break;
        case DTLS_GROUP_X25519:
            nids[i] = NID_X25519;
            break;
        default:
            nids[i] = NID_X448;
        }
    }
    return SSL_CTX_set1_groups(ctx, nids, (int)num) == 1;
}

/* OpenSSL's own order, without the SHA-1 and SHA-224 that security level 0
 * lets in.  It is not const: the macro that takes it casts const away. */
static char pairs[] =
    "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:"
    "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:"
    "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"
    "RSA+SHA256:RSA+SHA384:RSA+SHA512";

/* Sessions are kept where the setup says so: a server's in its cache or in
 * tickets, a client's by `again`. */
static void set_resumption(struct end *e)
{
    static const unsigned char context[] = "lab";
    const struct sut_setup *setup = &e->sut.setup;
    bool asks =
        setup->role == SUT_CLIENT && setup->resumes != SUT_KEEPS_NOTHING;

    if (!asks && !sut_gives_tickets(setup)) {
        (void)SSL_CTX_set_options(e->ctx, SSL_OP_NO_TICKET);
    }
    (void)SSL_CTX_set_session_cache_mode(e->ctx, sut_keeps_ids(setup)
                                                     ? SSL_SESS_CACHE_SERVER
                                                     : SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_session_id_context(e->ctx, context, sizeof context - 1);
    (void)SSL_CTX_set_timeout(e->ctx, RESUME_S);
}

/* A server's callback gives the response, a client's judges it. */
static int give_staple(SSL *ssl, void *self)
{
    const struct end *e = self;
    unsigned char *copy = OPENSSL_memdup(e->staple.bytes, e->staple.len);

    assert(copy != NULL);
    (void)SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)e->staple.len);
    return SSL_TLSEXT_ERR_OK;
}

static int judge_staple(SSL *ssl, void *self)
{
    struct end *e = self;
    const unsigned char *bytes = NULL;
    long len = SSL_get_tlsext_status_ocsp_resp(ssl, &bytes);

    e->is_stapled =
        len > 0 &&
        sut_own_judge_staple(&e->sut.setup, dtls_bytes_of(bytes, (size_t)len));
    return len <= 0 || e->is_stapled;
}

static void use_staples(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    const char *identity = sut_identity(setup);
    bool is_client = setup->role == SUT_CLIENT;
    int (*callback)(SSL *, void *) = is_client ? judge_staple : give_staple;

    if (is_client) {
        (void)SSL_CTX_set_tlsext_status_type(e->ctx, TLSEXT_STATUSTYPE_ocsp);
    } else if (identity != NULL) {
        sut_own_make_staple(&e->staple, setup,
                            sut_own_identity(setup, identity, false));
    }
    (void)SSL_CTX_set_tlsext_status_cb(e->ctx, callback);
    (void)SSL_CTX_set_tlsext_status_arg(e->ctx, e);
}

static bool configure(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    uint64_t options = 0;
    char list[128];

    (void)snprintf(list, sizeof list, "%s:@SECLEVEL=0",
                   name_of(e->ctx, setup->suite->id));
    if (SSL_CTX_set_cipher_list(e->ctx, list) != 1 ||
        SSL_CTX_set1_sigalgs_list(e->ctx, pairs) != 1 ||
        !set_groups(e->ctx, setup) || !load_credentials(e->ctx, setup)) {
        return false;
    }
    if (setup->cookies) {
        options |= SSL_OP_COOKIE_EXCHANGE;
    }
    /* Since 3.0 a server refuses a client's renegotiation by default. */
    options |= sut_refuses(setup) ? SSL_OP_NO_RENEGOTIATION
                                  : SSL_OP_ALLOW_CLIENT_RENEGOTIATION;
    (void)SSL_CTX_set_options(e->ctx, options);
    set_resumption(e);
    if (setup->staples) {
        use_staples(e);
    }
    (void)SSL_CTX_set_mode(e->ctx, SSL_MODE_NO_AUTO_CHAIN);
    SSL_CTX_set_cookie_generate_cb(e->ctx, make_cookie);
    SSL_CTX_set_cookie_verify_cb(e->ctx, check_cookie);
    SSL_CTX_set_keylog_callback(e->ctx, keylog);
    if (dtls_suite_is_psk(setup->suite)) {
        SSL_CTX_set_psk_client_callback(e->ctx, client_psk);
        SSL_CTX_set_psk_server_callback(e->ctx, server_psk);
    }
    return true;
}

/* RFC 6347, 4.2.4.1: a raised timeout stays until a flight got through.  By
 * default OpenSSL starts every flight with the first timeout. */
static unsigned keep_timeout(SSL *ssl, unsigned us)
{
    struct end *e = end_of(SSL_get_app_data(ssl));
    bool new_flight = us == 0;

    if (!new_flight) {
        e->timeout = us > LAST_TIMEOUT / 2 ? LAST_TIMEOUT : 2 * us;
    } else if (!e->lost) {
        e->timeout = FIRST_TIMEOUT;
    }
    e->lost = !new_flight;
    return e->timeout;
}

static void set_name(SSL *ssl, const struct sut_setup *setup)
{
    char host[256]; /* not const: the macro casts const away */

    (void)SSL_set1_host(ssl, sut_name(setup));
    if (sut_dns_name(setup) != NULL) {
        (void)snprintf(host, sizeof host, "%s", sut_dns_name(setup));
        (void)SSL_set_tlsext_host_name(ssl, host);
    }
}

static void make_ssl(struct end *e)
{
    const struct sut_setup *setup = &e->sut.setup;
    BIO *bio = make_bio(e);

    e->ssl = SSL_new(e->ctx);
    assert(e->ssl != NULL);
    SSL_set_app_data(e->ssl, &e->sut);
    SSL_set_bio(e->ssl, bio, bio);
    (void)SSL_set_mtu(e->ssl, setup->mtu);
    if (setup->srtp) {
        (void)SSL_set_tlsext_use_srtp(e->ssl, "SRTP_AES128_CM_SHA1_80");
    }
    if (setup->other_timeout) {
        DTLS_set_timer_cb(e->ssl, keep_timeout);
    }
    if (setup->role == SUT_SERVER) {
        SSL_set_accept_state(e->ssl);
        return;
    }
    SSL_set_connect_state(e->ssl);
    if (e->kept != NULL) {
        (void)SSL_set_session(e->ssl, e->kept);
    }
    if (sut_trust(setup) != NULL) {
        set_name(e->ssl, setup);
    }
}

static struct sut *create(const struct sut_setup *setup, uint64_t now)
{
    struct end *e = calloc(1, sizeof *e);

    assert(e != NULL);
    e->sut.setup = *setup;
    sut_clock_enter(now);
    e->ctx = make_ctx(setup->role);
    if (!configure(e)) {
        sut_log(&e->sut, "%s", ERR_reason_error_string(ERR_get_error()));
        SSL_CTX_free(e->ctx);
        free(e);
        e = NULL;
    } else {
        make_ssl(e);
    }
    sut_clock_leave();
    return e == NULL ? NULL : &e->sut;
}

static unsigned destroy(struct sut *sut)
{
    struct end *e = end_of(sut);

    SSL_free(e->ssl);
    SSL_SESSION_free(e->kept);
    SSL_CTX_free(e->ctx);
    free(e);
    return 0;
}

static void note_error(struct end *e, int result)
{
    int error = SSL_get_error(e->ssl, result);
    const char *reason = ERR_reason_error_string(ERR_peek_error());

    ERR_clear_error();
    switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        break;
    case SSL_ERROR_ZERO_RETURN:
        sut_ended(&e->sut);
        break;
    default:
        sut_fail(&e->sut, "%s", reason == NULL ? "no reason" : reason);
    }
}

static void shake(struct sut *sut)
{
    int result = SSL_do_handshake(end_of(sut)->ssl);

    if (result == 1) {
        sut_connected(sut);
    } else {
        note_error(end_of(sut), result);
    }
}

static int read_data(struct sut *sut, uint8_t *out, size_t size)
{
    size_t len;
    int result;

    do { /* an empty record is no end */
        result = SSL_read_ex(end_of(sut)->ssl, out, size, &len);
    } while (result == 1 && len == 0);
    if (result != 1) {
        note_error(end_of(sut), result);
    }
    return result == 1 ? (int)len : -1;
}

static uint64_t deadline(struct sut *sut, uint64_t now)
{
    struct timeval left;
    uint64_t at = SIM_NO_EVENT;

    if (sut->state == SUT_FAILED) {
        return at;
    }
    sut_clock_enter(now);
    if (DTLSv1_get_timeout(end_of(sut)->ssl, &left) == 1) {
        at = now + (uint64_t)left.tv_sec * 1000 +
             ((uint64_t)left.tv_usec + 999) / 1000;
    }
    sut_clock_leave();
    return at;
}

static void timeout(struct sut *sut)
{
    if (DTLSv1_handle_timeout(end_of(sut)->ssl) < 0) {
        note_error(end_of(sut), -1);
    }
}

static bool send_data(struct sut *sut, struct dtls_bytes data, uint64_t now)
{
    struct end *e = end_of(sut);
    int len;

    sut_clock_enter(now);
    len = SSL_write(e->ssl, data.data, (int)data.len);
    if (len <= 0) {
        note_error(e, len);
    }
    sut_clock_leave();
    return len == (int)data.len;
}

static void close_session(struct sut *sut, uint64_t now)
{
    sut_clock_enter(now);
    (void)SSL_shutdown(end_of(sut)->ssl);
    ERR_clear_error();
    sut_clock_leave();
}

static void renegotiate(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);
    int result;

    sut_clock_enter(now);
    (void)SSL_renegotiate(e->ssl);
    result = SSL_do_handshake(e->ssl);
    if (result != 1) {
        note_error(e, result);
    }
    sut_clock_leave();
}

/* An association that is freed without close_notify would take its session out
 * of the cache. */
static void again(struct sut *sut, uint64_t now)
{
    struct end *e = end_of(sut);

    sut_clock_enter(now);
    SSL_SESSION_free(e->kept);
    e->kept = SSL_get1_session(e->ssl);
    if (e->kept != NULL && SSL_SESSION_is_resumable(e->kept) != 1) {
        SSL_SESSION_free(e->kept);
        e->kept = NULL;
    }
    SSL_set_shutdown(e->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(e->ssl);
    make_ssl(e);
    sut->state = SUT_HANDSHAKING;
    sut_clock_leave();
}

static uint16_t suite(struct sut *sut)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(end_of(sut)->ssl);

    return cipher == NULL ? 0 : SSL_CIPHER_get_protocol_id(cipher);
}

static bool exporter(struct sut *sut, uint8_t out[SUT_EXPORT_LEN])
{
    return SSL_export_keying_material(
               end_of(sut)->ssl, out, SUT_EXPORT_LEN, SUT_EXPORT_LABEL,
               strlen(SUT_EXPORT_LABEL), NULL, 0, 0) == 1;
}

static bool resumed(struct sut *sut)
{
    return SSL_session_reused(end_of(sut)->ssl) == 1;
}

static bool stapled(struct sut *sut)
{
    return end_of(sut)->is_stapled;
}

static bool srtp_keys(struct sut *sut, uint8_t out[SUT_SRTP_LEN])
{
    static const char label[] = "EXTRACTOR-dtls_srtp";
    SSL *ssl = end_of(sut)->ssl;
    const SRTP_PROTECTION_PROFILE *profile =
        SSL_get_selected_srtp_profile(ssl);

    return profile != NULL && profile->id == SUT_SRTP_PROFILE &&
           SSL_export_keying_material(ssl, out, SUT_SRTP_LEN, label,
                                      sizeof label - 1, NULL, 0, 0) == 1;
}

const struct sut_driver sut_openssl = {
    .ics = SUT_USUAL_ICS "reneg_info = require\n" /* its client does */
                         "sigs = 0403 0503 0603 0807 0808 0809 080a 080b 0804 "
                         "0805 0806 0401 0501 0601\n"
                         "resume = both\nticket = yes\nsrtp = yes\nocsp = "
                         "staple\n"
                         "[ixit]\nresume_s = 7200\n",
    .other = "openssl, kept",
    .library = OPENSSL_VERSION_TEXT,
    .refuses = refuses,
    .create = create,
    .destroy = destroy,
    .start = sut_step,
    .receive = sut_receive,
    .deadline = deadline,
    .expire = sut_expire,
    .send = send_data,
    .close = close_session,
    .renegotiate = renegotiate,
    .again = again,
    .suite = suite,
    .exporter = exporter,
    .resumed = resumed,
    .stapled = stapled,
    .srtp_keys = srtp_keys,
    .shake = shake,
    .read = read_data,
    .timeout = timeout,
};
