/* SPDX-License-Identifier: MIT */
/* One seed (seed.h). */
#include "fuzzers/seeds/seed.h"
#include "fuzzers/kit/fuzz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *corpus;

void seed_set_corpus(const char *folder)
{
    corpus = folder;
}

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
