/* SPDX-License-Identifier: MIT */
/* DER as text (kit/der_text.h). */
#include "kit/der_text.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void put(struct dtls_buf *out, uint8_t byte)
{
    bool has_room = dtls_put_u8(out, byte);

    assert(has_room);
    (void)has_room;
}

static void put_length(struct dtls_buf *out, size_t len)
{
    assert(len < 0x10000);
    if (len >= 0x100) {
        put(out, 0x82);
        put(out, (uint8_t)(len >> 8));
    } else if (len >= 0x80) {
        put(out, 0x81);
    }
    put(out, (uint8_t)len);
}

static uint8_t digit(char c)
{
    assert(isxdigit((unsigned char)c));
    return (uint8_t)(isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
}

static const char *assemble(struct dtls_buf *out, const char *text);

/* Takes what stands in braces, and the brace at its end. */
static const char *put_element(struct dtls_buf *out, const char *text)
{
    uint8_t *bytes = malloc(out->cap);
    struct dtls_buf inner = {bytes, 0, out->cap};

    assert(bytes != NULL);
    text = assemble(&inner, text);
    assert(*text == '}');
    put_length(out, inner.len);
    for (size_t i = 0; i < inner.len; i++) {
        put(out, bytes[i]);
    }
    free(bytes);
    return text + 1;
}

static const char *repeat(struct dtls_buf *out, const char *text)
{
    char *end;
    unsigned long times = strtoul(text, &end, 10);

    assert(*end == '.' && out->len != 0);
    for (unsigned long i = 1; i < times; i++) {
        put(out, out->data[out->len - 1]);
    }
    return end + 1;
}

/* Returns where it stopped: at a closing brace or at the end. */
static const char *assemble(struct dtls_buf *out, const char *text)
{
    while (*text != '\0' && *text != '}') {
        if (*text == ' ') {
            text++;
        } else if (*text == '{') {
            text = put_element(out, text + 1);
        } else if (*text == '*') {
            text = repeat(out, text + 1);
        } else {
            put(out, (uint8_t)(digit(text[0]) << 4 | digit(text[1])));
            text += 2;
        }
    }
    return text;
}

struct dtls_bytes kit_der(struct dtls_span room, const char *text)
{
    struct dtls_buf out = {room.data, 0, room.len};
    const char *end = assemble(&out, text);

    assert(*end == '\0');
    (void)end;
    return dtls_buf_bytes(&out);
}
