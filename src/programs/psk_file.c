/* SPDX-License-Identifier: MIT */
/* Pre-shared keys in a file (programs/psk_file.h). */
#include "programs/psk_file.h"

#include "programs/lines.h"
#include "programs/option_values.h"

#include <openssl/crypto.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The longest line is ID:HEXKEY\r, and a longer one is no entry. */
#define LINE_BYTES                                                            \
    (NX_SECURE_TLS_MAX_PSK_ID_SIZE + 1 + 2 * NX_SECURE_TLS_MAX_PSK_SIZE + 2)

static int compare(const void *a, const void *b)
{
    const struct psk_entry *x = a;
    const struct psk_entry *y = b;

    return x->identity_len != y->identity_len
               ? (x->identity_len < y->identity_len ? -1 : 1)
               : memcmp(x->identity, y->identity, x->identity_len);
}

/* An identity may contain colons: the key stands after the last one. */
static bool read_entry(struct psk_entry *out, const char *text, size_t len)
{
    const char *colon = memrchr(text, ':', len);
    size_t id_len = colon == NULL ? 0 : (size_t)(colon - text);

    if (id_len == 0 || id_len > sizeof out->identity) {
        return false;
    }
    memcpy(out->identity, text, id_len);
    out->identity_len = (UINT)id_len;
    out->key_len = (UINT)option_hex(out->key, sizeof out->key, colon + 1,
                                    len - id_len - 1);
    return out->key_len != 0;
}

/* Makes room for one more; the old memory is wiped. */
static struct psk_entry *add(struct psk_file *file)
{
    size_t size = file->num * sizeof *file->entries;
    struct psk_entry *more;

    if ((file->num & (file->num - 1)) == 0) { /* 0, or a power of two */
        more = calloc(file->num == 0 ? 1 : 2 * file->num, sizeof *more);
        if (more == NULL) {
            bad_input("--psk-file: no memory for %zu keys", file->num + 1);
        }
        if (size != 0) {
            memcpy(more, file->entries, size);
            OPENSSL_cleanse(file->entries, size);
        }
        free(file->entries);
        file->entries = more;
    }
    return &file->entries[file->num++];
}

/* Reads a line without its end; one that is too long is not read further.
 * Returns false at the end of the file. */
static bool read_line(FILE *file, char text[LINE_BYTES], size_t *len)
{
    int byte = getc(file);

    if (byte == EOF) {
        return false;
    }
    for (*len = 0; byte != EOF && byte != '\n'; byte = getc(file)) {
        text[(*len)++] = (char)byte;
        if (*len == LINE_BYTES) {
            return true;
        }
    }
    while (*len > 0 && text[*len - 1] == '\r') {
        --*len;
    }
    return true;
}

static void read_lines(struct psk_file *out, FILE *file, const char *path)
{
    char text[LINE_BYTES];
    size_t len;

    for (size_t number = 1; read_line(file, text, &len); number++) {
        struct psk_entry *entry;

        if (len == 0) {
            continue;
        }
        entry = add(out);
        entry->line = number;
        if (!read_entry(entry, text, len)) {
            bad_input("--psk-file: %s:%zu: not ID:HEXKEY with an ID of 1 to "
                      "%d bytes and a key of 1 to %d",
                      path, number, NX_SECURE_TLS_MAX_PSK_ID_SIZE,
                      NX_SECURE_TLS_MAX_PSK_SIZE);
        }
    }
    OPENSSL_cleanse(text, sizeof text);
}

static void refuse_twins(const struct psk_file *file, const char *path)
{
    for (size_t i = 1; i < file->num; i++) {
        const struct psk_entry *a = &file->entries[i - 1];
        const struct psk_entry *b = &file->entries[i];

        if (compare(a, b) == 0) {
            bad_input("--psk-file: %s:%zu: line %zu has the same ID", path,
                      a->line > b->line ? a->line : b->line,
                      a->line > b->line ? b->line : a->line);
        }
    }
}

void psk_file_load(struct psk_file *out, const char *path)
{
    FILE *file = fopen(path, "r");

    *out = (struct psk_file){NULL, 0};
    if (file == NULL) {
        bad_input("--psk-file: %s: %s", path, strerror(errno));
    }
    read_lines(out, file, path);
    if (ferror(file)) {
        bad_input("--psk-file: %s: %s", path, strerror(errno));
    }
    (void)fclose(file);
    if (out->num == 0) {
        bad_input("--psk-file: %s: there is no key", path);
    }
    qsort(out->entries, out->num, sizeof *out->entries, compare);
    refuse_twins(out, path);
}

const struct psk_entry *psk_file_find(const struct psk_file *file,
                                      const UCHAR *identity, UINT len)
{
    struct psk_entry wanted = {.identity_len = len};

    if (file->num == 0 || len > sizeof wanted.identity) {
        return NULL;
    }
    memcpy(wanted.identity, identity, len);
    return bsearch(&wanted, file->entries, file->num, sizeof wanted, compare);
}

void psk_file_free(struct psk_file *file)
{
    if (file->entries != NULL) {
        OPENSSL_cleanse(file->entries, file->num * sizeof *file->entries);
    }
    free(file->entries);
    *file = (struct psk_file){NULL, 0};
}
