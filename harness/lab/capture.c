/* SPDX-License-Identifier: MIT */
/* pcapng (lab/capture.h): blocks of 32-bit words in the machine's byte order,
 * which the section header tells. */
#include "lab/capture.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    SECTION_HEADER = 0x0a0d0d0a,
    INTERFACE = 1,
    ENHANCED_PACKET = 6,
    DECRYPTION_SECRETS = 10
};

enum {
    BYTE_ORDER_MAGIC = 0x1a2b3c4d,
    LINKTYPE_IPV4 = 228,
    TLS_KEY_LOG = 0x544c534b,
    OPTION_COMMENT = 1
};

enum { CLIENT_PORT = 40000, SERVER_PORT = 4433 };

#define HEADERS 28 /* IPv4 and UDP */

static void put(FILE *out, const void *bytes, size_t len)
{
    (void)fwrite(bytes, 1, len, out);
}

static void put32(FILE *out, uint32_t word)
{
    put(out, &word, sizeof word);
}

static void put16(FILE *out, uint16_t word)
{
    put(out, &word, sizeof word);
}

/* Writes bytes, then zeros up to the next word. */
static void put_padded(FILE *out, const void *bytes, size_t len)
{
    static const uint8_t zeros[4];

    put(out, bytes, len);
    put(out, zeros, -len % 4);
}

static uint32_t padded(size_t len)
{
    return (uint32_t)(len + -len % 4);
}

static void put_start(FILE *out)
{
    put32(out, SECTION_HEADER);
    put32(out, 28);
    put32(out, BYTE_ORDER_MAGIC);
    put16(out, 1); /* version 1.0 */
    put16(out, 0);
    put32(out, UINT32_MAX); /* section length: unknown */
    put32(out, UINT32_MAX);
    put32(out, 28);

    put32(out, INTERFACE);
    put32(out, 20);
    put16(out, LINKTYPE_IPV4);
    put16(out, 0);
    put32(out, 0); /* no limit */
    put32(out, 20);
}

static void put_secrets(FILE *out, const char *keylog)
{
    size_t len = strlen(keylog);
    uint32_t block = 20 + padded(len);

    if (len == 0) {
        return;
    }
    put32(out, DECRYPTION_SECRETS);
    put32(out, block);
    put32(out, TLS_KEY_LOG);
    put32(out, (uint32_t)len);
    put_padded(out, keylog, len);
    put32(out, block);
}

/* Writes IPv4 and UDP headers.  Checksums are 0: not computed. */
static void make_headers(uint8_t out[HEADERS], const struct lab_packet *p)
{
    size_t ip_len = HEADERS + p->len;
    size_t udp_len = 8 + p->len;
    bool up = p->from == 0;
    uint16_t client = (uint16_t)(CLIENT_PORT + p->association);
    uint16_t from = up ? client : SERVER_PORT;
    uint16_t to = up ? SERVER_PORT : client;
    uint8_t headers[HEADERS] = {0x45,
                                0,
                                (uint8_t)(ip_len >> 8),
                                (uint8_t)ip_len,
                                0,
                                0,
                                0,
                                0,
                                64,
                                17,
                                0,
                                0,
                                192,
                                0,
                                2,
                                up ? 1 : 2,
                                192,
                                0,
                                2,
                                up ? 2 : 1,
                                (uint8_t)(from >> 8),
                                (uint8_t)from,
                                (uint8_t)(to >> 8),
                                (uint8_t)to,
                                (uint8_t)(udp_len >> 8),
                                (uint8_t)udp_len,
                                0,
                                0};

    memcpy(out, headers, HEADERS);
}

static size_t describe(char *out, size_t size, const struct lab_packet *p)
{
    const struct sim_fate *f = &p->fate;
    int len = 0;

    if (f->lost) {
        len = snprintf(out, size, "lost");
    } else if (f->copies != 1 || f->flip != 0 || f->len != p->len) {
        len = snprintf(out, size, "arrives %u times, %zu bytes%s",
                       (unsigned)f->copies, f->len,
                       f->flip != 0 ? ", changed" : "");
    }
    assert(len >= 0 && (size_t)len < size);
    return (size_t)len;
}

static void put_packet(FILE *out, const struct lab_packet *p)
{
    uint8_t headers[HEADERS];
    char comment[64];
    size_t comment_len = describe(comment, sizeof comment, p);
    uint32_t options = comment_len == 0 ? 0 : 8 + padded(comment_len);
    uint32_t len = (uint32_t)(HEADERS + p->len);
    uint32_t block = 32 + padded(len) + options;
    uint64_t us = p->at * 1000;

    make_headers(headers, p);
    put32(out, ENHANCED_PACKET);
    put32(out, block);
    put32(out, 0);
    put32(out, (uint32_t)(us >> 32));
    put32(out, (uint32_t)us);
    put32(out, len);
    put32(out, len);
    put(out, headers, HEADERS); /* a multiple of 4 */
    put_padded(out, p->bytes, p->len);
    if (comment_len != 0) {
        put16(out, OPTION_COMMENT);
        put16(out, (uint16_t)comment_len);
        put_padded(out, comment, comment_len);
        put32(out, 0); /* end of options */
    }
    put32(out, block);
}

bool lab_capture_write(const char *path, const struct lab_wire *wire,
                       const char *keylog)
{
    FILE *out = fopen(path, "wb");
    bool good;

    if (out == NULL) {
        return false;
    }
    put_start(out);
    put_secrets(out, keylog);
    for (size_t i = 0; i < wire->num_packets; i++) {
        put_packet(out, &wire->packets[i]);
    }
    good = ferror(out) == 0;
    return fclose(out) == 0 && good;
}
