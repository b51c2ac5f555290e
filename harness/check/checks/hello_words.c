/* SPDX-License-Identifier: MIT */
/* Words for hellos (check/checks/hello_words.h). */
#include "check/checks/hello_words.h"

#include <assert.h>
#include <string.h>

/* ---- of scripts ---- */

/* What hello_say_with puts in. */
static struct {
    uint16_t type;
    const void *data; /* NULL: nothing */
    size_t len;
} extension;

void hello_say(struct scene *s, void (*change)(struct hello *hello))
{
    if (s->peer.role == DTLS_CLIENT) {
        scene_change_hellos(s, change);
    } else {
        scene_change_server_hello(s, change);
    }
}

static void replace_extension(struct hello *hello)
{
    hello_drop(hello, extension.type);
    if (extension.data != NULL) {
        hello_add(hello, extension.type, extension.data, extension.len);
    }
}

void hello_say_with(struct scene *s, uint16_t type, const void *data,
                    size_t len)
{
    extension.type = type;
    extension.data = data;
    extension.len = len;
    hello_say(s, replace_extension);
}

void hello_say_without(struct scene *s, uint16_t type)
{
    hello_say_with(s, type, NULL, 0);
}

void hello_say_body(struct scene *s, void (*change)(struct peer_message *m))
{
    bool is_client = s->peer.role == DTLS_CLIENT;
    unsigned asked;

    do {
        struct peer_message *m = scene_come_to(
            s, is_client ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO);

        change(m);
        scene_rehash(s);
        asked = heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST);
        scene_say(s, m);
        if (is_client) {
            scene_listen(s);
        }
    } while (!s->heard.fatal &&
             heard_count(&s->heard, DTLS_HELLO_VERIFY_REQUEST) > asked);
}

void hello_signal_fallback(struct hello *hello)
{
    static uint8_t list[256];
    struct dtls_buf out = {list, 0, sizeof list};
    bool fits = dtls_put_bytes(&out, hello->client.suites) &&
                dtls_put_u16(&out, DTLS_SCSV_FALLBACK);

    assert(fits);
    hello->client.suites = dtls_buf_bytes(&out);
}

void hello_is_refused(struct scene *s)
{
    if (s->peer.role == DTLS_CLIENT) {
        scene_expect(s, heard_count(&s->heard, DTLS_SERVER_HELLO) == 0,
                     "ServerHello");
        return;
    }
    scene_say_rest(s);
    scene_listen(s);
    scene_expect(s, heard_count(&s->heard, DTLS_CLIENT_KEY_EXCHANGE) == 0,
                 "ClientKeyExchange");
}

/* Do the extensions' lengths add up?  hello_has takes that for granted. */
static bool is_block(struct dtls_bytes block)
{
    struct dtls_bytes data;
    uint16_t type;

    while (block.len != 0) {
        if (!dtls_get_u16(&block, &type) || !dtls_get_vec16(&block, &data)) {
            return false;
        }
    }
    return true;
}

void hello_is_refused_with(struct scene *s, uint16_t type, const void *data,
                           size_t len)
{
    hello_say_with(s, type, data, len);
    hello_is_refused(s);
}

void hello_hear(struct scene *s, struct hello *out)
{
    bool is_client = s->peer.role == DTLS_SERVER;
    const struct heard_message *m =
        scene_hear(s, is_client ? DTLS_CLIENT_HELLO : DTLS_SERVER_HELLO, 1);
    struct dtls_bytes body = dtls_span_bytes(m->body);
    struct dtls_client_hello client;
    struct dtls_server_hello server;

    if ((is_client ? dtls_client_hello_parse(&client, body)
                   : dtls_server_hello_parse(&server, body)) != DTLS_OK ||
        !is_block(is_client ? client.extensions : server.extensions) ||
        body.len > sizeof out->copy) {
        scene_stop(s, "a hello that cannot be read");
    }
    (is_client ? hello_read_client : hello_read_server)(out, body);
}

size_t hello_types(const struct hello *hello, uint16_t types[HELLO_TYPES_MAX])
{
    struct dtls_bytes block = dtls_buf_bytes(&hello->block);
    struct dtls_bytes data;
    size_t num = 0;

    while (num < HELLO_TYPES_MAX && dtls_get_u16(&block, &types[num]) &&
           dtls_get_vec16(&block, &data)) {
        num++;
    }
    return num;
}

size_t hello_numbers(struct dtls_bytes list, uint16_t out[HELLO_TYPES_MAX])
{
    struct dtls_bytes inner;
    size_t num = 0;

    if (!dtls_get_vec16(&list, &inner)) {
        return 0;
    }
    while (num < HELLO_TYPES_MAX && dtls_get_u16(&inner, &out[num])) {
        num++;
    }
    return num;
}

/* Steps over a vector whose length has `width` bytes, at most to the end: a
 * wrong target may have been sent less than a hello. */
static size_t behind(const struct peer_message *m, size_t at, size_t width)
{
    size_t len = 0;

    for (size_t i = 0; i < width && at < m->len; i++) {
        len = len << 8 | m->body[at++];
    }
    return at + len < m->len ? at + len : m->len;
}

size_t hello_block(const struct peer_message *m)
{
    size_t at = behind(m, 2 + DTLS_RANDOM_LEN, 1); /* session_id */

    if (m->type == DTLS_SERVER_HELLO) {
        return at + 3; /* suite and compression method */
    }
    at = behind(m, at, 1); /* cookie */
    at = behind(m, at, 2); /* suites */
    return behind(m, at, 1);
}

/* ---- of wrong targets ---- */

bool wrong_hello(const struct wrong_record *r, struct hello *out)
{
    struct dtls_client_hello client;
    struct dtls_server_hello server;
    struct dtls_fragment f;

    if (r->wire.epoch != 0 || !wrong_fragment(r, &f) ||
        !dtls_fragment_is_whole(&f) || f.body.len > sizeof out->copy) {
        return false;
    }
    if (f.type == DTLS_CLIENT_HELLO &&
        dtls_client_hello_parse(&client, f.body) == DTLS_OK &&
        is_block(client.extensions)) {
        hello_read_client(out, f.body);
        return true;
    }
    if (f.type == DTLS_SERVER_HELLO &&
        dtls_server_hello_parse(&server, f.body) == DTLS_OK &&
        is_block(server.extensions)) {
        hello_read_server(out, f.body);
        return true;
    }
    return false;
}

bool wrong_hello_has(const struct wrong_record *r, uint16_t type,
                     struct dtls_bytes *data)
{
    static struct hello hello; /* what `data` borrows from */
    struct dtls_bytes none;

    return wrong_hello(r, &hello) &&
           hello_has(&hello, type, data == NULL ? &none : data);
}

bool wrong_reads_hello(struct wrong *w, const struct wrong_record *r,
                       const struct hello *hello)
{
    static struct peer_message m;
    struct dtls_fragment f;
    bool is_one = wrong_fragment(r, &f);

    assert(is_one);
    m.type = f.type;
    hello_write(&m, hello);
    return wrong_reads_message(w, r, f.type, dtls_bytes_of(m.body, m.len));
}

bool wrong_reads_without(struct wrong *w, const struct wrong_record *r,
                         uint16_t type)
{
    struct hello hello;
    bool is_one = wrong_hello(r, &hello);

    assert(is_one);
    hello_drop(&hello, type);
    return wrong_reads_hello(w, r, &hello);
}

bool wrong_reads_no_block(struct wrong *w, const struct wrong_record *r)
{
    static struct peer_message m;
    struct dtls_fragment f;
    bool is_one = wrong_fragment(r, &f);

    assert(is_one);
    m.type = f.type;
    m.len = f.body.len;
    memcpy(m.body, f.body.data, f.body.len);
    return wrong_reads_message(w, r, f.type,
                               dtls_bytes_of(m.body, hello_block(&m)));
}

static struct {
    uint8_t bytes[2048];
    size_t len; /* 0: none was kept */
    uint16_t seq;
} kept; /* a ClientHello */

bool wrong_keeps_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    (void)w;
    if (wrong_message(r, DTLS_CLIENT_HELLO, &f) &&
        f.body.len <= sizeof kept.bytes) {
        memcpy(kept.bytes, f.body.data, f.body.len);
        kept.len = f.body.len;
        kept.seq = f.seq;
    }
    return false;
}

void wrong_rehash(struct wrong *w)
{
    if (w->peer.role == DTLS_CLIENT) {
        peer_rehash(&w->peer, (struct dtls_bytes){0}, 0);
    } else if (kept.len != 0) {
        peer_rehash(&w->peer, dtls_bytes_of(kept.bytes, kept.len), kept.seq);
    }
}

bool wrong_says_hello(struct wrong *w, struct peer_message *m,
                      void (*change)(struct hello *hello))
{
    struct hello hello;

    if (m->record_type != DTLS_HANDSHAKE) {
        return true;
    }
    if (m->type == DTLS_CLIENT_HELLO) {
        hello_read_client(&hello, dtls_bytes_of(m->body, m->len));
    } else if (m->type == DTLS_SERVER_HELLO) {
        hello_read_server(&hello, dtls_bytes_of(m->body, m->len));
    } else {
        return true;
    }
    change(&hello);
    hello_write(m, &hello);
    wrong_rehash(w);
    return true;
}
