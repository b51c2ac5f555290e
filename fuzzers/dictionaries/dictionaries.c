/* SPDX-License-Identifier: MIT */
/* Writes the dictionaries (dictionaries.h): words of the protocol from the
 * code's own tables, and elements of DER from our own certificates and
 * keys. */
#include "fuzzers/dictionaries/dictionaries.h"
#include "base/der.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"
#include "fuzzers/kit/null_crypto.h"
#include "messages/hello_extensions.h"
#include "messages/messages.h"
#include "record/header.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 256, WORD_MAX = 20 };

/* The elements of DER written so far. */
struct words {
    FILE *file;
    struct dtls_bytes seen[WORDS_MAX];
    size_t num;
};

static FILE *begin(const char *folder, const char *name)
{
    char path[1024];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return NULL;
    }
    (void)fprintf(file, "# SPDX-License-Identifier: MIT\n"
                        "# Made by make_seeds --dictionaries.\n");
    return file;
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

/* The number of extension `which`, read from a block that has this extension
 * alone.  Builders may insist on a length of the value, so several are
 * tried. */
static uint16_t extension_type(size_t which)
{
    static const uint8_t value[4] = {1, 2, 3, 4};
    uint16_t number = 0;
    bool done = false;

    for (size_t len = 0; len <= sizeof value && !done; len++) {
        struct dtls_extensions one = {0};
        uint8_t bytes[64];
        struct dtls_buf out = {bytes, 0, sizeof bytes};
        struct dtls_bytes in;

        one.present[which] = true;
        one.data[which] = dtls_bytes_of(value, len);
        done = dtls_extensions_put(&out, &one, false);
        in = dtls_buf_bytes(&out);
        FUZZ_CHECK(!done ||
                   (dtls_get_u16(&in, &number) && dtls_get_u16(&in, &number)));
    }
    FUZZ_CHECK(done);
    return number;
}

static void put_record_starts(FILE *file, uint16_t version)
{
    for (unsigned type = DTLS_CHANGE_CIPHER_SPEC;
         type <= DTLS_APPLICATION_DATA; type++) {
        for (uint8_t epoch = 0; epoch < 2; epoch++) {
            uint8_t start[] = {(uint8_t)type, (uint8_t)(version >> 8),
                               (uint8_t)version, 0, epoch};
            char name[32];

            (void)snprintf(name, sizeof name, "record_%u_%04x_%u", type,
                           version, epoch);
            put_word(file, name, dtls_bytes_of(start, sizeof start));
        }
    }
}

static bool write_dtls(const char *folder)
{
    FILE *file = begin(folder, "dtls.dict");
    uint8_t null_bytes[16];

    if (file == NULL) {
        return false;
    }
    for (size_t i = 0; dtls_suite_at(i) != NULL; i++) {
        put_number(file, "suite", dtls_suite_at(i)->id);
    }
    put_number(file, "suite", DTLS_SCSV_RENEGOTIATION);
    put_number(file, "suite", DTLS_SCSV_FALLBACK);
    for (size_t i = 0; dtls_sigalg_at(i) != NULL; i++) {
        put_number(file, "pair", dtls_sigalg_at(i)->id);
    }
    for (unsigned group = 0; group <= 0xffff; group++) {
        if (dtls_group_point_len((uint16_t)group) != 0) {
            put_number(file, "group", group);
        }
    }
    for (size_t i = 0; i < DTLS_EXT_COUNT; i++) {
        put_number(file, "extension", extension_type(i));
    }
    put_number(file, "version", DTLS_VERSION_1_0);
    put_number(file, "version", DTLS_VERSION_1_2);
    put_record_starts(file, DTLS_VERSION_1_0);
    put_record_starts(file, DTLS_VERSION_1_2);
    memset(null_bytes, FUZZ_NULL_BYTE, sizeof null_bytes);
    put_word(file, "null_tag", dtls_bytes_of(null_bytes, sizeof null_bytes));
    put_word(file, "null_tag_8", dtls_bytes_of(null_bytes, 8));
    return fclose(file) == 0;
}

static void put_new(struct words *words, struct dtls_bytes element)
{
    char name[32];

    for (size_t i = 0; i < words->num; i++) {
        if (dtls_bytes_equal(words->seen[i], element)) {
            return;
        }
    }
    FUZZ_CHECK(words->num < WORDS_MAX);
    words->seen[words->num++] = element;
    (void)snprintf(name, sizeof name, "element_%zu", words->num);
    put_word(words->file, name, element);
}

/* Writes short elements, and those inside elements that contain others; an
 * OCTET STRING may. */
static void walk(struct words *words, struct dtls_bytes in, int depth)
{
    struct dtls_bytes contents;
    uint8_t tag;

    while (in.len != 0) {
        struct dtls_bytes start = in;

        if (!dtls_der_get_any(&in, &tag, &contents)) {
            return;
        }
        start.len -= in.len;
        if (start.len <= WORD_MAX && tag != DER_INTEGER) {
            put_new(words, start);
        }
        if (depth < 12 && ((tag & 0x20) != 0 || tag == DER_OCTET_STRING)) {
            walk(words, contents, depth + 1);
        }
    }
}

static bool write_der(const char *folder)
{
    static struct words words;

    words.num = 0;
    words.file = begin(folder, "der.dict");
    if (words.file == NULL) {
        return false;
    }
    for (int i = 0; i < FUZZ_CREDENTIALS; i++) {
        enum fuzz_credential which = (enum fuzz_credential)i;

        walk(&words, fuzz_credential(which, true)->cert.der, 0);
        walk(&words, fuzz_credential_key(which), 0);
    }
    for (const struct dtls_cert_item *a = fuzz_anchors(); a != NULL;
         a = a->next) {
        walk(&words, a->cert->der, 0);
    }
    return fclose(words.file) == 0;
}

int dictionaries_write(const char *folder)
{
    return write_dtls(folder) && write_der(folder) ? 0 : 1;
}
