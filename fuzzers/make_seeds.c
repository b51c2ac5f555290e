/* SPDX-License-Identifier: MIT */
/* Writes the named seeds of every corpus, the same every time: handshakes
 * (seeds_handshakes.c), inputs by hand (seeds_by_hand.c); and the fuzzers'
 * dictionary. */
#include "crypto.h"
#include "fuzz.h"
#include "handshake/messages.h"
#include "record/header.h"
#include "seeds.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *corpus;

void seed_begin(struct seed *s)
{
    s->buf = (struct dtls_buf){s->bytes, 0, sizeof s->bytes};
}

void seed_u8(struct seed *s, unsigned value)
{
    FUZZ_CHECK(dtls_put_u8(&s->buf, (uint8_t)value));
}

void seed_u16(struct seed *s, unsigned value)
{
    FUZZ_CHECK(dtls_put_u16(&s->buf, (uint16_t)value));
}

void seed_bytes(struct seed *s, struct dtls_bytes bytes)
{
    FUZZ_CHECK(dtls_put_bytes(&s->buf, bytes));
}

void seed_write(const char *target, const char *name, struct dtls_bytes bytes)
{
    char path[1024];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", corpus, target);
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        perror(path);
        exit(1);
    }
    (void)snprintf(path, sizeof path, "%s/%s/%s", corpus, target, name);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.data, 1, bytes.len, file) != bytes.len ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

void seed_end(const struct seed *s, const char *target, const char *name)
{
    seed_write(target, name, dtls_buf_bytes(&s->buf));
}

size_t seed_read(struct seed *s, const char *target, const char *name)
{
    char path[1024];
    FILE *file;
    size_t len = 0;

    (void)snprintf(path, sizeof path, "%s/%s/%s", corpus, target, name);
    file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
    } else {
        len = fread(s->bytes, 1, sizeof s->bytes, file);
        (void)fclose(file);
    }
    return len;
}

static void put_word(FILE *file, const char *name, struct dtls_bytes word)
{
    (void)fprintf(file, "%s=\"", name);
    for (size_t i = 0; i < word.len; i++) {
        (void)fprintf(file, "\\x%02x", word.data[i]);
    }
    (void)fprintf(file, "\"\n");
}

static void put_number(FILE *file, const char *name, unsigned value)
{
    uint8_t bytes[] = {(uint8_t)(value >> 8), (uint8_t)value};
    char full[32];

    (void)snprintf(full, sizeof full, "%s_%04x", name, value);
    put_word(file, full, dtls_bytes_of(bytes, 2));
}

/* The words of the protocol, from the code's own tables. */
static int write_dictionary(const char *path)
{
    static const uint16_t versions[] = {DTLS_VERSION_1_0, DTLS_VERSION_1_2,
                                        0xfefc, 0x0303};
    static const uint16_t extensions[] = {0,  1,  10, 11, 13, 16,
                                          22, 23, 28, 35, 43, 0xff01};
    static const uint16_t groups[] = {DTLS_GROUP_SECP256R1,
                                      DTLS_GROUP_SECP384R1,
                                      DTLS_GROUP_SECP521R1, DTLS_GROUP_X25519};
    uint8_t null_bytes[16];
    FILE *file = fopen(path, "w");

    if (file == NULL) {
        perror(path);
        return 1;
    }
    (void)fprintf(file, "# SPDX-License-Identifier: MIT\n"
                        "# Made by make_seeds --dictionary.\n");
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        put_number(file, "suite", dtls_suite_at(i)->id);
    }
    put_number(file, "suite", DTLS_SCSV_RENEGOTIATION);
    put_number(file, "suite", DTLS_SCSV_FALLBACK);
    for (size_t i = 0; dtls_sigalg_at(i) != NULL; i++) {
        put_number(file, "pair", dtls_sigalg_at(i)->id);
    }
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        put_number(file, "group", groups[i]);
    }
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        put_number(file, "extension", extensions[i]);
    }
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        put_number(file, "version", versions[i]);
        for (unsigned type = DTLS_CHANGE_CIPHER_SPEC;
             type <= DTLS_APPLICATION_DATA && i < 2; type++) {
            uint8_t start[] = {(uint8_t)type, (uint8_t)(versions[i] >> 8),
                               (uint8_t)versions[i], 0, 0};
            char name[32];

            (void)snprintf(name, sizeof name, "record_%u_%04x_0", type,
                           versions[i]);
            put_word(file, name, dtls_bytes_of(start, sizeof start));
            start[4] = 1;
            (void)snprintf(name, sizeof name, "record_%u_%04x_1", type,
                           versions[i]);
            put_word(file, name, dtls_bytes_of(start, sizeof start));
        }
    }
    memset(null_bytes, FUZZ_NULL_BYTE, sizeof null_bytes);
    put_word(file, "null_tag", dtls_bytes_of(null_bytes, sizeof null_bytes));
    put_word(file, "null_tag_8", dtls_bytes_of(null_bytes, 8));
    return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--dictionary") == 0) {
        return write_dictionary(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "--check") == 0) {
        corpus = argv[2];
        if (seeds_check_handshakes() != 0) {
            (void)fprintf(stderr, "make them again: %s %s\n", argv[0], corpus);
            return 1;
        }
        return 0;
    }
    if (argc != 2 || argv[1][0] == '-') {
        (void)printf("usage: %s CORPUS\n"
                     "       %s --check CORPUS\n"
                     "       %s --dictionary FILE\n"
                     "Writes CORPUS/fuzz_x/NAME for every target's named "
                     "seeds, or checks that\nrecorded handshakes still "
                     "connect, or writes the fuzzers' dictionary.\n",
                     argv[0], argv[0], argv[0]);
        return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    corpus = argv[1];
    seeds_write_handshakes();
    seeds_write_by_hand();
    seeds_write_x509();
    return 0;
}
