/* SPDX-License-Identifier: MIT */
/* What the target has said (check/heard.h). */
#include "check/heard.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct dtls_span copy_of(struct dtls_span bytes)
{
    struct dtls_span copy = {malloc(bytes.len + 1), bytes.len};

    assert(copy.data != NULL);
    if (bytes.len != 0) {
        memcpy(copy.data, bytes.data, bytes.len);
    }
    return copy;
}

void heard_free(struct heard *h)
{
    for (size_t i = 0; i < h->num_records; i++) {
        free(h->records[i].body.data);
    }
    for (size_t i = 0; i < h->num_messages; i++) {
        free(h->messages[i].body.data);
        free(h->messages[i].marks);
    }
    *h = (struct heard){0};
}

/* Does the phrase end with these words? */
static bool ends_with(const struct heard *h, const char *words)
{
    size_t have = strlen(h->phrase);
    size_t len = strlen(words);

    return have >= len && strcmp(h->phrase + have - len, words) == 0;
}

void heard_note(struct heard *h, const char *format, ...)
{
    char words[HEARD_PHRASE];
    size_t have = strlen(h->phrase);
    va_list more;

    va_start(more, format);
    (void)vsnprintf(words, sizeof words, format, more);
    va_end(more);
    if (!ends_with(h, words)) {
        (void)snprintf(h->phrase + have, sizeof h->phrase - have, "%s%s",
                       have == 0 ? "" : " then ", words);
    }
}

/* ---- alerts ---- */

static void hear_alert(struct heard *h, const struct heard_record *r)
{
    uint8_t level;
    uint8_t description;

    if (!r->opened) {
        heard_note(h, "an alert that does not open");
        return;
    }
    if (r->body.len != 2) {
        heard_note(h, "an alert of %zu bytes", r->body.len);
        return;
    }
    level = r->body.data[0];
    description = r->body.data[1];
    if (level == DTLS_ALERT_FATAL) {
        h->fatal = true;
        heard_note(h, "alert %u", description);
    } else if (level == DTLS_ALERT_WARNING && description == 0) {
        h->closed = true;
        if (!h->asked_to_close) {
            heard_note(h, "close");
        }
    } else if (level == DTLS_ALERT_WARNING) {
        heard_note(h, "warning %u", description);
    } else {
        heard_note(h, "an alert of level %u", level);
    }
}

/* ---- messages ---- */

static struct heard_message *message_of(struct heard *h, uint16_t epoch,
                                        const struct dtls_fragment *f)
{
    struct heard_message *m;

    for (size_t i = 0; i < h->num_messages; i++) {
        m = &h->messages[i];
        if (m->epoch == epoch && m->seq == f->seq && m->type == f->type) {
            return m->body.len == f->message_len ? m : NULL;
        }
    }
    if (h->num_messages == HEARD_MESSAGES || f->message_len > PEER_BODY_MAX) {
        return NULL;
    }
    m = &h->messages[h->num_messages++];
    *m =
        (struct heard_message){.type = f->type, .epoch = epoch, .seq = f->seq};
    m->body =
        (struct dtls_span){calloc(1, f->message_len + 1), f->message_len};
    m->marks = calloc(1, f->message_len + 1);
    assert(m->body.data != NULL && m->marks != NULL);
    return m;
}

static void hear_fragment(struct heard *h, uint16_t epoch,
                          const struct dtls_fragment *f)
{
    struct heard_message *m = message_of(h, epoch, f);

    if (m == NULL) {
        return;
    }
    m->times += f->offset == 0;
    for (size_t i = 0; i < f->body.len; i++) {
        size_t at = f->offset + i;

        m->have += m->marks[at] == 0;
        m->marks[at] = 1;
        m->body.data[at] = f->body.data[i];
    }
}

static void hear_handshake(struct heard *h, const struct heard_record *r)
{
    struct dtls_bytes payload = dtls_span_bytes(r->body);
    struct dtls_fragment fragment;

    while (r->opened && payload.len != 0 &&
           dtls_fragment_next(&payload, &fragment) == DTLS_OK) {
        hear_fragment(h, r->epoch, &fragment);
    }
}

/* ---- records ---- */

/* Keeps the record, opened if that can be done.  The bytes stay as they
 * are. */
static void keep(struct heard *h, struct peer *peer,
                 const struct dtls_record *record)
{
    struct heard_record r = {.has_cid = record->cid_is_ours,
                             .version = record->version,
                             .epoch = record->epoch,
                             .seq = record->seq,
                             .datagram = h->num_datagrams};
    struct dtls_span copy = copy_of(record->body);
    struct dtls_record opened = *record;

    opened.body = copy;
    r.opened = peer_open(peer, &opened);
    r.type = r.opened ? opened.type : record->type;
    r.body = copy_of(r.opened ? opened.body : record->body);
    free(copy.data);
    if (r.type == DTLS_ALERT) {
        hear_alert(h, &r);
    } else if (r.type == DTLS_HANDSHAKE) {
        hear_handshake(h, &r);
    }
    if (h->num_records < HEARD_RECORDS) {
        h->records[h->num_records++] = r;
    } else {
        free(r.body.data);
    }
}

void heard_datagram(struct heard *h, struct peer *peer, bool deaf,
                    struct dtls_bytes datagram)
{
    struct dtls_span own = copy_of((struct dtls_span){
        (uint8_t *)(uintptr_t)datagram.data, datagram.len}); /* only read */
    struct dtls_span rest = own;
    const struct dtls_record_layer *records = &peer->session.records;
    struct dtls_record record;

    while (rest.len != 0) {
        const uint8_t *from = rest.data;

        struct dtls_bytes cid =
            h->cid.len != 0 ? h->cid
                            : dtls_bytes_of(records->cid, records->cid_len);

        if (dtls_record_next_of(&rest, cid, &record) != DTLS_OK) {
            h->num_foreign++;
            break;
        }
        keep(h, peer, &record);
        if (!deaf) {
            peer_receive(peer,
                         dtls_bytes_of(from, (size_t)(rest.data - from)));
        }
    }
    h->num_datagrams++;
    h->num_bytes += datagram.len;
    if (datagram.len > h->largest) {
        h->largest = datagram.len;
    }
    free(own.data);
}

/* ---- questions ---- */

const struct heard_message *heard_message(const struct heard *h, uint8_t type)
{
    for (size_t i = h->num_messages; i-- > 0;) {
        const struct heard_message *m = &h->messages[i];

        if (m->type == type && m->have == m->body.len) {
            return m;
        }
    }
    return NULL;
}

unsigned heard_count(const struct heard *h, uint8_t type)
{
    unsigned num = 0;

    for (size_t i = 0; i < h->num_messages; i++) {
        num += h->messages[i].type == type;
    }
    return num;
}

const struct heard_record *heard_first(const struct heard *h, uint8_t type)
{
    for (size_t i = 0; i < h->num_records; i++) {
        const struct heard_record *r = &h->records[i];

        if (r->type == DTLS_HANDSHAKE && r->epoch == 0 && r->body.len != 0 &&
            r->body.data[0] == type) {
            return r;
        }
    }
    return NULL;
}

unsigned heard_data(const struct heard *h, struct dtls_bytes bytes)
{
    unsigned num = 0;

    for (size_t i = 0; i < h->num_records; i++) {
        const struct heard_record *r = &h->records[i];

        num += r->type == DTLS_APPLICATION_DATA && r->epoch != 0 &&
               r->opened && r->body.len == bytes.len &&
               (bytes.len == 0 ||
                memcmp(r->body.data, bytes.data, bytes.len) == 0);
    }
    return num;
}

unsigned heard_count_data(const struct heard *h)
{
    unsigned num = 0;

    for (size_t i = 0; i < h->num_records; i++) {
        num += h->records[i].type == DTLS_APPLICATION_DATA;
    }
    return num;
}
