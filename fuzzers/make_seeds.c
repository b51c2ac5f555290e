/* SPDX-License-Identifier: MIT */
/* Writes the named seeds of every corpus, the same every time: handshakes
 * (seeds_handshakes.c), inputs by hand (seeds_by_hand.c); and the fuzzers'
 * dictionaries (dictionaries.c). */
#include "fuzz.h"
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

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--dictionaries") == 0) {
        return seeds_write_dictionaries(argv[2]);
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
                     "       %s --dictionaries FOLDER\n"
                     "Writes CORPUS/fuzz_x/NAME for every target's named "
                     "seeds, or checks that\nrecorded handshakes still "
                     "connect, or writes the fuzzers' dictionaries.\n",
                     argv[0], argv[0], argv[0]);
        return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    corpus = argv[1];
    seeds_write_handshakes();
    seeds_write_by_hand();
    seeds_write_x509();
    return 0;
}
