/* SPDX-License-Identifier: MIT */
/* What the drivers share (sut/sut.h). */
#include "sut/sut.h"

#include "sut/virtual_clock.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define RECORD_MAX 16384

struct sut *sut_create(const struct sut_driver *driver,
                       const struct sut_setup *setup, uint64_t now)
{
    struct sut *sut = driver->create(setup, now);

    if (sut != NULL) {
        sut->driver = driver;
    }
    return sut;
}

void sut_log(struct sut *sut, const char *format, ...)
{
    char text[256];
    va_list more;

    va_start(more, format);
    (void)vsnprintf(text, sizeof text, format, more);
    va_end(more);
    sut->setup.host.log(sut->setup.host.self, text);
}

void sut_fail(struct sut *sut, const char *format, ...)
{
    va_list more;

    if (sut->state == SUT_FAILED) {
        return;
    }
    va_start(more, format);
    (void)vsnprintf(sut->why, sizeof sut->why, format, more);
    va_end(more);
    sut->state = SUT_FAILED;
    sut_log(sut, "failed: %s", sut->why);
}

void sut_connected(struct sut *sut)
{
    sut->state = SUT_CONNECTED;
    sut_log(sut, "connected");
}

void sut_ended(struct sut *sut)
{
    if (sut->state == SUT_CONNECTED) {
        sut->state = SUT_ENDED;
        sut_log(sut, "the peer has closed");
    }
}

static void step(struct sut *sut)
{
    static uint8_t record[RECORD_MAX];
    const struct sut_host *host = &sut->setup.host;
    const struct sut_driver *driver = sut->driver;
    int len;

    if (sut->state == SUT_HANDSHAKING) {
        driver->shake(sut);
    }
    while (sut->state == SUT_CONNECTED &&
           (len = driver->read(sut, record, sizeof record)) > 0) {
        host->data(host->self, dtls_bytes_of(record, (size_t)len));
    }
}

void sut_step(struct sut *sut, uint64_t now)
{
    sut->now = now;
    sut_clock_enter(now);
    step(sut);
    sut_clock_leave();
}

void sut_receive(struct sut *sut, struct dtls_span datagram, uint32_t address,
                 uint64_t now)
{
    (void)address;
    sut->datagram = dtls_bytes_of(datagram.data, datagram.len);
    sut->has_datagram = true;
    sut_step(sut, now);
    sut->has_datagram = false;
}

void sut_expire(struct sut *sut, uint64_t now)
{
    sut->now = now;
    sut_clock_enter(now);
    if (sut->driver->timeout != NULL) {
        sut->driver->timeout(sut);
    }
    step(sut);
    sut_clock_leave();
}

int sut_take(struct sut *sut, void *out, size_t size)
{
    size_t len = sut->datagram.len < size ? sut->datagram.len : size;

    if (!sut->has_datagram) {
        return -1;
    }
    sut->has_datagram = false;
    memcpy(out, sut->datagram.data, len);
    return (int)len;
}

static char *put_hex(char *at, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        at += sprintf(at, "%02x", bytes[i]);
    }
    return at;
}

void sut_keylog_line(struct sut *sut, const uint8_t *client_random,
                     const uint8_t *master)
{
    char line[192] = "CLIENT_RANDOM ";
    char *at = put_hex(line + strlen(line), client_random, 32);

    *at++ = ' ';
    (void)put_hex(at, master, 48);
    sut->setup.host.keylog(sut->setup.host.self, line);
}

const uint8_t *sut_psk_key(const struct sut_setup *setup)
{
    static const uint8_t keys[2][SUT_PSK_KEY_LEN] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    };

    return keys[setup->role == SUT_CLIENT && setup->auth == SUT_WRONG_PSK];
}

struct dtls_bytes sut_password(const struct sut_setup *setup)
{
    return dtls_bytes_of(sut_psk_key(setup),
                         setup->suite->kx == DTLS_KX_ECJPAKE ? SUT_PSK_KEY_LEN
                                                             : 0);
}

unsigned sut_client_psk(const struct sut *sut, char *identity,
                        unsigned identity_size, uint8_t *key,
                        unsigned key_size)
{
    assert(key_size >= SUT_PSK_KEY_LEN);
    (void)snprintf(identity, identity_size, SUT_PSK_IDENTITY);
    memcpy(key, sut_psk_key(&sut->setup), SUT_PSK_KEY_LEN);
    return SUT_PSK_KEY_LEN;
}

unsigned sut_server_psk(const struct sut *sut, const char *identity,
                        uint8_t *key, unsigned key_size)
{
    assert(key_size >= SUT_PSK_KEY_LEN);
    if (strcmp(identity, SUT_PSK_IDENTITY) != 0) {
        return 0;
    }
    memcpy(key, sut_psk_key(&sut->setup), SUT_PSK_KEY_LEN);
    return SUT_PSK_KEY_LEN;
}

void sut_cookie(uint8_t out[SUT_COOKIE_LEN])
{
    for (int i = 0; i < SUT_COOKIE_LEN; i++) {
        out[i] = (uint8_t)(0xc0 + i);
    }
}

bool sut_is_cookie(const uint8_t *cookie, size_t len)
{
    uint8_t right[SUT_COOKIE_LEN];

    sut_cookie(right);
    return len == sizeof right && memcmp(cookie, right, len) == 0;
}

bool sut_keeps_ids(const struct sut_setup *setup)
{
    return setup->role == SUT_SERVER &&
           (setup->resumes == SUT_KEEPS_SESSIONS ||
            setup->resumes == SUT_KEEPS_BY_ID);
}

bool sut_gives_tickets(const struct sut_setup *setup)
{
    return setup->role == SUT_SERVER &&
           (setup->resumes == SUT_KEEPS_SESSIONS ||
            setup->resumes == SUT_KEEPS_IN_TICKETS);
}

bool sut_has_ec_key(const struct sut_setup *setup)
{
    return setup->suite->kx == DTLS_KX_ECDHE_ECDSA ||
           setup->suite->kx == DTLS_KX_ECDH;
}

static const char *server_identity(const struct sut_setup *setup)
{
    bool wrong = setup->auth == SUT_WRONG_SERVER;

    if (setup->suite->kx == DTLS_KX_ECDH) {
        return wrong ? "pure-ecdh" : "ecdh";
    }
    if (sut_has_ec_key(setup)) {
        return wrong ? "pure-ec" : "ec";
    }
    return wrong ? "other" : "rsa";
}

/* Returns the leaf's name, without intermediates; NULL: no certificate. */
static const char *leaf_of(const struct sut_setup *setup)
{
    bool is_ec = sut_has_ec_key(setup);

    if (!dtls_suite_has_certificate(setup->suite)) {
        return NULL;
    }
    if (setup->role == SUT_SERVER) {
        return server_identity(setup);
    }
    if (setup->auth == SUT_WRONG_CLIENT) {
        return is_ec ? "pure-client-ec" : "other-client";
    }
    if (setup->auth == SUT_MUTUAL) {
        return is_ec ? "client-ec" : "client-rsa";
    }
    return NULL;
}

const char *sut_identity(const struct sut_setup *setup)
{
    static char names[2][32];
    const char *leaf = leaf_of(setup);
    char *name = names[setup->role];

    if (leaf == NULL || setup->intermediates == 0) {
        return leaf;
    }
    (void)snprintf(name, sizeof names[0], "%s-%u", leaf, setup->intermediates);
    return name;
}

const char *sut_intermediate(const struct sut_setup *setup, unsigned number)
{
    static const char *const names[] = {"ca1", "ca2"};
    unsigned num = setup->intermediates;

    _Static_assert(sizeof names / sizeof *names == SUT_INTERMEDIATES_MAX,
                   "scripts/pki makes a CA for each");
    assert(num <= SUT_INTERMEDIATES_MAX);
    return number < num ? names[num - 1 - number] : NULL;
}

const char *sut_trust(const struct sut_setup *setup)
{
    bool verifies = setup->role == SUT_CLIENT || sut_asks_client(setup);

    return verifies && dtls_suite_has_certificate(setup->suite) ? "root"
                                                                : NULL;
}

const char *sut_name(const struct sut_setup *setup)
{
    return setup->name != NULL ? setup->name : SUT_NAME;
}

const char *sut_dns_name(const struct sut_setup *setup)
{
    const char *name = sut_name(setup);
    bool is_address =
        strchr(name, ':') != NULL || name[strspn(name, "0123456789.")] == '\0';

    return is_address ? NULL : name;
}

bool sut_begins(const struct sut_setup *setup)
{
    return setup->begins ==
           (setup->role == SUT_CLIENT ? SUT_CLIENT_BEGINS : SUT_SERVER_BEGINS);
}

bool sut_refuses(const struct sut_setup *setup)
{
    return setup->refused && !sut_begins(setup);
}

size_t sut_groups(uint16_t out[SUT_GROUPS_MAX], const struct sut_setup *setup)
{
    uint16_t group = setup->group;

    if (group == 0) {
        out[0] = DTLS_GROUP_X25519;
        out[1] = DTLS_GROUP_SECP256R1;
        out[2] = DTLS_GROUP_SECP384R1;
        return 3;
    }
    out[0] = group;
    out[1] = DTLS_GROUP_SECP256R1;
    return sut_has_ec_key(setup) && group != DTLS_GROUP_SECP256R1 ? 2 : 1;
}

bool sut_asks_client(const struct sut_setup *setup)
{
    return setup->auth == SUT_MUTUAL || setup->auth == SUT_WRONG_CLIENT;
}

bool sut_needs_client(const struct sut_setup *setup)
{
    return sut_asks_client(setup) && !setup->needs_no_client;
}

const char *sut_path(const struct sut_setup *setup, const char *name,
                     const char *suffix)
{
    static char paths[4][512];
    static unsigned next;
    char *path = paths[next++ % 4];
    int len =
        snprintf(path, sizeof *paths, "%s/%s%s", setup->pki, name, suffix);

    assert(len > 0 && len < (int)sizeof *paths);
    return path;
}
