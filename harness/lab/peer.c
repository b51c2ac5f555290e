/* SPDX-License-Identifier: MIT */
/* What all ends share (lab/peer.h). */
#include "lab/peer.h"

#include "lab/clock.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define RECORD_MAX 16384

struct lab_peer *lab_create(const struct lab_driver *driver,
                            const struct lab_setup *setup, uint64_t now)
{
    struct lab_peer *peer = driver->create(setup, now);

    if (peer != NULL) {
        peer->driver = driver;
    }
    return peer;
}

void lab_log(struct lab_peer *peer, const char *format, ...)
{
    char text[256];
    va_list more;

    va_start(more, format);
    (void)vsnprintf(text, sizeof text, format, more);
    va_end(more);
    peer->setup.host.log(peer->setup.host.self, text);
}

void lab_fail(struct lab_peer *peer, const char *format, ...)
{
    va_list more;

    if (peer->state == LAB_FAILED) {
        return;
    }
    va_start(more, format);
    (void)vsnprintf(peer->why, sizeof peer->why, format, more);
    va_end(more);
    peer->state = LAB_FAILED;
    lab_log(peer, "failed: %s", peer->why);
}

void lab_connected(struct lab_peer *peer)
{
    peer->state = LAB_CONNECTED;
    lab_log(peer, "connected");
}

void lab_ended(struct lab_peer *peer)
{
    if (peer->state == LAB_CONNECTED) {
        peer->state = LAB_ENDED;
        lab_log(peer, "the peer has closed");
    }
}

static void step(struct lab_peer *peer)
{
    static uint8_t record[RECORD_MAX];
    const struct lab_host *host = &peer->setup.host;
    const struct lab_driver *driver = peer->driver;
    int len;

    if (peer->state == LAB_HANDSHAKING) {
        driver->shake(peer);
    }
    while (peer->state == LAB_CONNECTED &&
           (len = driver->read(peer, record, sizeof record)) > 0) {
        host->data(host->self, dtls_bytes_of(record, (size_t)len));
    }
}

void lab_step(struct lab_peer *peer, uint64_t now)
{
    peer->now = now;
    lab_clock_enter(now);
    step(peer);
    lab_clock_leave();
}

void lab_receive(struct lab_peer *peer, struct dtls_span datagram,
                 uint32_t address, uint64_t now)
{
    (void)address;
    peer->datagram = dtls_bytes_of(datagram.data, datagram.len);
    peer->has_datagram = true;
    lab_step(peer, now);
    peer->has_datagram = false;
}

void lab_expire(struct lab_peer *peer, uint64_t now)
{
    peer->now = now;
    lab_clock_enter(now);
    if (peer->driver->timeout != NULL) {
        peer->driver->timeout(peer);
    }
    step(peer);
    lab_clock_leave();
}

int lab_take(struct lab_peer *peer, void *out, size_t size)
{
    size_t len = peer->datagram.len < size ? peer->datagram.len : size;

    if (!peer->has_datagram) {
        return -1;
    }
    peer->has_datagram = false;
    memcpy(out, peer->datagram.data, len);
    return (int)len;
}

static char *put_hex(char *at, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        at += sprintf(at, "%02x", bytes[i]);
    }
    return at;
}

void lab_keylog_line(struct lab_peer *peer, const uint8_t *client_random,
                     const uint8_t *master)
{
    char line[192] = "CLIENT_RANDOM ";
    char *at = put_hex(line + strlen(line), client_random, 32);

    *at++ = ' ';
    (void)put_hex(at, master, 48);
    peer->setup.host.keylog(peer->setup.host.self, line);
}

const uint8_t *lab_psk_key(const struct lab_setup *setup)
{
    static const uint8_t keys[2][LAB_PSK_KEY_LEN] = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    };

    return keys[setup->role == LAB_CLIENT && setup->auth == LAB_WRONG_PSK];
}

unsigned lab_client_psk(const struct lab_peer *peer, char *identity,
                        unsigned identity_size, uint8_t *key,
                        unsigned key_size)
{
    assert(key_size >= LAB_PSK_KEY_LEN);
    (void)snprintf(identity, identity_size, LAB_PSK_IDENTITY);
    memcpy(key, lab_psk_key(&peer->setup), LAB_PSK_KEY_LEN);
    return LAB_PSK_KEY_LEN;
}

unsigned lab_server_psk(const struct lab_peer *peer, const char *identity,
                        uint8_t *key, unsigned key_size)
{
    assert(key_size >= LAB_PSK_KEY_LEN);
    if (strcmp(identity, LAB_PSK_IDENTITY) != 0) {
        return 0;
    }
    memcpy(key, lab_psk_key(&peer->setup), LAB_PSK_KEY_LEN);
    return LAB_PSK_KEY_LEN;
}

void lab_cookie(uint8_t out[LAB_COOKIE_LEN])
{
    for (int i = 0; i < LAB_COOKIE_LEN; i++) {
        out[i] = (uint8_t)(0xc0 + i);
    }
}

bool lab_is_cookie(const uint8_t *cookie, size_t len)
{
    uint8_t right[LAB_COOKIE_LEN];

    lab_cookie(right);
    return len == sizeof right && memcmp(cookie, right, len) == 0;
}

bool lab_has_ec_key(const struct lab_setup *setup)
{
    return setup->suite->kx == DTLS_KX_ECDHE_ECDSA ||
           setup->suite->kx == DTLS_KX_ECDH;
}

static const char *server_identity(const struct lab_setup *setup)
{
    bool wrong = setup->auth == LAB_WRONG_SERVER;

    if (setup->suite->kx == DTLS_KX_ECDH) {
        return wrong ? "pure-ecdh" : "ecdh";
    }
    if (lab_has_ec_key(setup)) {
        return wrong ? "pure-ec" : "ec";
    }
    return wrong ? "other" : "rsa";
}

/* The leaf's name: it has as many intermediates as the variant says. */
static const char *leaf_of(const struct lab_setup *setup)
{
    bool is_ec = lab_has_ec_key(setup);

    if (!dtls_suite_has_certificate(setup->suite)) {
        return NULL;
    }
    if (setup->role == LAB_SERVER) {
        return server_identity(setup);
    }
    if (setup->auth == LAB_WRONG_CLIENT) {
        return is_ec ? "pure-client-ec" : "other-client";
    }
    if (setup->auth == LAB_MUTUAL) {
        return is_ec ? "client-ec" : "client-rsa";
    }
    return NULL;
}

const char *lab_identity(const struct lab_setup *setup)
{
    static char names[2][32];
    const char *leaf = leaf_of(setup);
    char *name = names[setup->role];

    if (leaf == NULL || setup->variant->intermediates == 0) {
        return leaf;
    }
    (void)snprintf(name, sizeof names[0], "%s-%u", leaf,
                   setup->variant->intermediates);
    return name;
}

const char *lab_intermediate(const struct lab_setup *setup, unsigned number)
{
    static const char *const names[LAB_INTERMEDIATES_MAX] = {"ca1", "ca2"};
    unsigned num = setup->variant->intermediates;

    return number < num ? names[num - 1 - number] : NULL;
}

const char *lab_trust(const struct lab_setup *setup)
{
    bool verifies = setup->role == LAB_CLIENT || lab_asks_client(setup);

    return verifies && dtls_suite_has_certificate(setup->suite) ? "root"
                                                                : NULL;
}

bool lab_begins(const struct lab_setup *setup)
{
    return setup->variant->begins ==
           (setup->role == LAB_CLIENT ? LAB_CLIENT_BEGINS : LAB_SERVER_BEGINS);
}

bool lab_refuses(const struct lab_setup *setup)
{
    return setup->variant->refused && !lab_begins(setup);
}

size_t lab_groups(uint16_t out[LAB_GROUPS_MAX], const struct lab_setup *setup)
{
    uint16_t group = setup->variant->group;

    if (group == 0) {
        out[0] = DTLS_GROUP_X25519;
        out[1] = DTLS_GROUP_SECP256R1;
        out[2] = DTLS_GROUP_SECP384R1;
        return 3;
    }
    out[0] = group;
    out[1] = DTLS_GROUP_SECP256R1;
    return lab_has_ec_key(setup) && group != DTLS_GROUP_SECP256R1 ? 2 : 1;
}

bool lab_asks_client(const struct lab_setup *setup)
{
    return setup->auth == LAB_MUTUAL || setup->auth == LAB_WRONG_CLIENT;
}

const char *lab_path(const struct lab_setup *setup, const char *name,
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
