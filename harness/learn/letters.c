/* SPDX-License-Identifier: MIT */
/* The alphabet (learn/letters.h). */
#include "learn/letters.h"

#include <string.h>

#define WARNING 1
#define FATAL 2
#define CLOSE_NOTIFY 0
#define HANDSHAKE_FAILURE 40
#define USER_CANCELED 90

static bool with_certificates(const struct dtls_suite *suite, bool client_auth)
{
    (void)client_auth;
    return dtls_suite_has_certificate(suite);
}

static bool with_client_auth(const struct dtls_suite *suite, bool client_auth)
{
    (void)suite;
    return client_auth;
}

/* What has nothing to do with certificates is said to a client without: with
 * them a client has many more states. */
static bool with_psk(const struct dtls_suite *suite, bool client_auth)
{
    (void)client_auth;
    return dtls_suite_is_psk(suite);
}

/* ---- the client's ---- */

static void client_hello(struct voice *v)
{
    voice_say_client_hello(v, VOICE_NO_COOKIE);
}

static void hello_with_cookie(struct voice *v)
{
    voice_say_client_hello(v, VOICE_RIGHT_COOKIE);
}

static void hello_with_foreign_cookie(struct voice *v)
{
    voice_say_client_hello(v, VOICE_FOREIGN_COOKIE);
}

static void hello_with_other_random(struct voice *v)
{
    voice_say_client_hello(v, VOICE_OTHER_RANDOM);
}

static void hello_with_other_suites(struct voice *v)
{
    voice_say_client_hello(v, VOICE_OTHER_SUITES);
}

static void hello_without_info(struct voice *v)
{
    voice_say_client_hello(v, VOICE_NO_INFO);
}

/* ---- the server's ---- */

static void server_hello(struct voice *v)
{
    voice_say_server_hello(v, false, false);
}

static void server_hello_other(struct voice *v)
{
    voice_say_server_hello(v, true, false);
}

static void server_hello_ticket(struct voice *v)
{
    voice_say_server_hello(v, false, true);
}

static void certificate_request(struct voice *v)
{
    voice_say_certificate_request(v, false);
}

static void certificate_request_other(struct voice *v)
{
    voice_say_certificate_request(v, true);
}

/* ---- of both ---- */

static void certificate(struct voice *v)
{
    voice_say_certificate(v, v->setup->own);
}

static void certificate_empty(struct voice *v)
{
    voice_say_certificate(v, NULL);
}

static void certificate_other(struct voice *v)
{
    voice_say_certificate(v, v->setup->other);
}

static void data(struct voice *v)
{
    voice_say_data(v, false);
}

static void data_clear(struct voice *v)
{
    voice_say_data(v, true);
}

static void warning(struct voice *v)
{
    voice_say_alert(v, WARNING, USER_CANCELED);
}

static void fatal(struct voice *v)
{
    voice_say_alert(v, FATAL, HANDSHAKE_FAILURE);
}

static void close_notify(struct voice *v)
{
    voice_say_alert(v, WARNING, CLOSE_NOTIFY);
}

static const struct letter letters[] = {
    {"ClientHello", DTLS_CLIENT, NULL, client_hello},
    {"ClientHello(cookie)", DTLS_CLIENT, NULL, hello_with_cookie},
    {"ClientHello(foreign cookie)", DTLS_CLIENT, NULL,
     hello_with_foreign_cookie},
    {"ClientHello(cookie, other random)", DTLS_CLIENT, NULL,
     hello_with_other_random},
    {"ClientHello(cookie, other suites)", DTLS_CLIENT, NULL,
     hello_with_other_suites},
    {"ClientHello(cookie, no renegotiation_info)", DTLS_CLIENT, NULL,
     hello_without_info},
    {"ClientHello(number skipped)", DTLS_CLIENT, NULL,
     voice_try_hello_skipped},
    {"ClientHello(new)", DTLS_CLIENT, NULL, voice_say_new_hello},
    {"Certificate", DTLS_CLIENT, with_client_auth, certificate},
    {"Certificate(other)", DTLS_CLIENT, with_client_auth, certificate_other},
    {"Certificate(empty)", DTLS_CLIENT, NULL, certificate_empty},
    {"ClientKeyExchange", DTLS_CLIENT, NULL, voice_say_client_key_exchange},
    {"CertificateVerify", DTLS_CLIENT, NULL, voice_say_certificate_verify},
    {"HelloRequest", DTLS_CLIENT, NULL, voice_say_hello_request},

    {"HelloRequest", DTLS_SERVER, NULL, voice_say_hello_request},
    {"HelloVerifyRequest", DTLS_SERVER, NULL, voice_say_hello_verify},
    {"ServerHello", DTLS_SERVER, NULL, server_hello},
    {"ServerHello(other suite)", DTLS_SERVER, NULL, server_hello_other},
    {"ServerHello(ticket)", DTLS_SERVER, with_psk, server_hello_ticket},
    {"Certificate", DTLS_SERVER, with_certificates, certificate},
    {"Certificate(other)", DTLS_SERVER, with_certificates, certificate_other},
    {"Certificate(empty)", DTLS_SERVER, NULL, certificate_empty},
    {"ServerKeyExchange", DTLS_SERVER, NULL, voice_say_server_key_exchange},
    {"CertificateRequest", DTLS_SERVER, NULL, certificate_request},
    {"CertificateRequest(other kind)", DTLS_SERVER, with_client_auth,
     certificate_request_other},
    {"ServerHelloDone", DTLS_SERVER, NULL, voice_say_server_hello_done},
    {"NewSessionTicket", DTLS_SERVER, with_psk, voice_say_ticket},
    {"ChangeCipherSpec(early)", DTLS_CLIENT, with_client_auth,
     voice_try_ccs_early},

#define BOTH(name, say)                                                       \
    {name, DTLS_CLIENT, NULL, say},                                           \
    {                                                                         \
        name, DTLS_SERVER, NULL, say                                          \
    }
    BOTH("ChangeCipherSpec", voice_say_ccs),
    BOTH("Finished", voice_say_finished),
    BOTH("Finished(clear)", voice_try_finished_clear),
    BOTH("Finished(number skipped)", voice_try_finished_skipped),
    BOTH("Finished(again)", voice_say_finished_again),
    BOTH("Data", data),
    BOTH("Data(clear)", data_clear),
    BOTH("warning", warning),
    BOTH("fatal", fatal),
    BOTH("close_notify", close_notify),
};

size_t letters_of(const struct letter *out[LETTERS_MAX], enum dtls_role role,
                  const struct dtls_suite *suite, bool client_auth)
{
    size_t num = 0;

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        const struct letter *l = &letters[i];

        if (l->role == role &&
            (l->suits == NULL || l->suits(suite, client_auth))) {
            out[num++] = l;
        }
    }
    return num;
}

static bool has_share(const struct dtls_suite *suite, bool request)
{
    (void)request;
    return dtls_suite_is_ecdhe(suite);
}

void letters_handshake(struct word *out, const struct letter *const *all,
                       size_t num, const struct dtls_suite *suite,
                       bool request, bool cookies)
{
    static const struct {
        const char *name;
        bool (*suits)(const struct dtls_suite *suite, bool request);
        bool is_for_cookies;
    } steps[] = {
        {"ClientHello", NULL, false},
        {"ClientHello(cookie)", NULL, true},
        {"HelloVerifyRequest", NULL, true},
        {"ServerHello", NULL, false},
        {"Certificate", with_certificates, false},
        {"ServerKeyExchange", has_share, false},
        {"CertificateRequest", with_client_auth, false},
        {"ServerHelloDone", NULL, false},
        {"ClientKeyExchange", NULL, false},
        {"CertificateVerify", with_client_auth, false},
        {"ChangeCipherSpec", NULL, false},
        {"Finished", NULL, false},
        {"Data", NULL, false},
    };

    out->len = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (size_t l = 0; l < num; l++) {
            if (strcmp(all[l]->name, steps[i].name) == 0 &&
                (cookies || !steps[i].is_for_cookies) &&
                (steps[i].suits == NULL || steps[i].suits(suite, request))) {
                word_add(out, (uint8_t)l);
            }
        }
    }
}
