/* SPDX-License-Identifier: MIT */
/* The options that the two hellos agree on, beside suite, keys and what binds
 * handshakes: the server's name (RFC 6066, 3), a protocol above (RFC 7301),
 * the length of records (RFC 6066, 4; RFC 8449), keys for SRTP (RFC 5764),
 * connection ids (RFC 9146) and checks of the peer's address (RFC 9853). */
#include "handshake/handshake.h"

#include <string.h>

/* Returns the name in the form that server_name allows.  The result is empty
 * for an address, and for anything else that is no DNS name (D6066-3-5,
 * D6066-3-6). */
static struct dtls_bytes name_to_say(struct dtls_bytes name)
{
    if (name.len != 0 && name.data[name.len - 1] == '.') {
        name.len--;
    }
    return dtls_name_is_dns(name) ? name : (struct dtls_bytes){0};
}

static void say(struct dtls_extensions *ext, enum dtls_extension which,
                struct dtls_bytes value)
{
    ext->present[which] = true;
    ext->data[which] = value;
}

static void put_u16(uint8_t out[2], uint16_t value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

/* Returns the record_size_limit that we send.  A server that knows both
 * extensions obeys this one alone (D8449-5-1), so it must also respect what we
 * ask for in the other. */
static uint16_t own_limit(const struct dtls_config *config)
{
    uint16_t limit = config->record_size_limit;
    uint16_t length = config->max_fragment_length;

    return length != 0 && length < limit ? length : limit;
}

/* Returns MaxFragmentLength's number for a length; length_of does the
 * reverse. */
static uint8_t length_code(uint16_t length)
{
    uint8_t code = 0;

    while (length >= 512) {
        code++;
        length /= 2;
    }
    return code;
}

static uint16_t length_of(struct dtls_bytes code)
{
    return (uint16_t)(256u << code.data[0]);
}

enum dtls_status dtls_options_make_cid(struct dtls_handshake *h)
{
    const struct dtls_config *config = h->config;
    uint8_t bytes[DTLS_OWN_CID_MAX];
    struct dtls_span cid = {bytes, config->cid_len};
    enum dtls_status status;

    if (!config->connection_ids || cid.len == 0 || h->records->cid_len != 0) {
        return DTLS_OK;
    }
    status = config->make_cid != NULL
                 ? config->make_cid(config->self, cid)
                 : h->crypto->random(h->crypto->self, cid.data, cid.len);
    if (status == DTLS_OK) {
        dtls_record_layer_set_cid(h->records, dtls_span_bytes(cid));
    }
    return status;
}

/* Our id stays the same in every hello (D9146-3-14). */
static void say_cid(const struct dtls_handshake *h,
                    struct dtls_extensions *ext)
{
    say(ext, DTLS_EXT_CONNECTION_ID,
        dtls_bytes_of(h->records->cid, h->records->cid_len));
}

/* Obeys what the peer's hello says about connection ids; nothing without one
 * holds for the next keys (D9146-3-20). */
static void agree_cids(struct dtls_handshake *h,
                       const struct dtls_extensions *peer)
{
    h->routability_checks =
        peer->present[DTLS_EXT_RRC] && peer->present[DTLS_EXT_CONNECTION_ID];
    h->records->pad_to = h->config->pad_to;
    dtls_record_layer_agree_cids(h->records,
                                 peer->present[DTLS_EXT_CONNECTION_ID],
                                 peer->data[DTLS_EXT_CONNECTION_ID]);
}

enum dtls_status dtls_options_ask(const struct dtls_handshake *h,
                                  struct dtls_extensions *ext,
                                  struct dtls_options_room *room)
{
    const struct dtls_config *config = h->config;
    struct dtls_bytes name = name_to_say(config->server_name);

    if (name.len != 0) {
        say(ext, DTLS_EXT_SERVER_NAME, name);
    }
    if (config->protocols.len != 0) {
        say(ext, DTLS_EXT_ALPN, config->protocols);
    }
    if (config->max_fragment_length != 0) {
        room->length = length_code(config->max_fragment_length);
        say(ext, DTLS_EXT_MAX_FRAGMENT_LENGTH,
            dtls_bytes_of(&room->length, 1));
    }
    if (config->record_size_limit != 0) {
        put_u16(room->limit, own_limit(config));
        say(ext, DTLS_EXT_RECORD_SIZE_LIMIT, dtls_bytes_of(room->limit, 2));
    }
    if (config->connection_ids) {
        say_cid(h, ext);
        say(ext, DTLS_EXT_RRC, (struct dtls_bytes){0}); /* D9853-3-5 */
    }
    return dtls_srtp_ask(config, ext, room);
}

bool dtls_options_has_suite(const struct dtls_config *config, uint16_t id)
{
    for (size_t i = 0; i < config->num_suites; i++) {
        if (config->suites[i] == id) {
            return true;
        }
    }
    return false;
}

struct dtls_bytes dtls_options_find_protocol(struct dtls_bytes list,
                                             struct dtls_bytes name)
{
    struct dtls_bytes entry;

    while (dtls_get_vec8(&list, &entry)) {
        if (dtls_bytes_equal(entry, name)) {
            return entry;
        }
    }
    return (struct dtls_bytes){0};
}

/* Our own order decides (D7301-3.2-1). */
static enum dtls_status choose_protocol(struct dtls_handshake *h,
                                        const struct dtls_extensions *asked,
                                        struct dtls_extensions *answer)
{
    struct dtls_bytes own = h->config->protocols;
    struct dtls_bytes entry;

    if (!asked->present[DTLS_EXT_ALPN] || own.len == 0) {
        return DTLS_OK;
    }
    while (dtls_get_vec8(&own, &entry)) {
        if (dtls_options_find_protocol(asked->data[DTLS_EXT_ALPN], entry)
                .len != 0) {
            h->protocol = entry;
            say(answer, DTLS_EXT_ALPN, entry);
            return DTLS_OK;
        }
    }
    return DTLS_NO_APPLICATION_PROTOCOL; /* D7301-3.2-2 */
}

/* Acknowledges the name only if our certificate contains it.  Without a
 * certificate, as with a raw public key, nothing was matched, so the server
 * says nothing. */
static enum dtls_status answer_name(struct dtls_handshake *h,
                                    const struct dtls_extensions *asked,
                                    struct dtls_extensions *answer)
{
    struct dtls_bytes name = asked->data[DTLS_EXT_SERVER_NAME];

    if (name.len == 0 || h->credential == NULL ||
        dtls_cert_is_raw(&h->credential->cert)) {
        return DTLS_OK;
    }
    if (dtls_name_matches(&h->credential->cert, name)) {
        h->server_name_known = true;
        if (!h->config->silent_about_name) {
            say(answer, DTLS_EXT_SERVER_NAME, (struct dtls_bytes){0});
        }
        return DTLS_OK;
    }
    /* The server fails or goes on, but sends no warning (D6066-3-3,
     * D6066-3-4). */
    return h->config->refuse_unknown_name ? DTLS_UNRECOGNIZED_NAME : DTLS_OK;
}

void dtls_options_limit_fragments(struct dtls_handshake *h, uint16_t length)
{
    h->send_limit = length;
    h->receive_limit = length;
    h->limits_at_once = true;
}

void dtls_options_take_effect(struct dtls_handshake *h)
{
    if (h->limits_at_once) {
        dtls_record_layer_limit(h->records, h->send_limit);
    }
}

/* Sets the peer's limit and ours for records under the next keys (D8449-4-2,
 * D8449-4-3, D8449-4-12).  We send at most 2^14 bytes, whatever the peer says
 * (D8449-4-7). */
static void limit_records(struct dtls_handshake *h, struct dtls_bytes peer)
{
    uint16_t limit = DTLS_PLAINTEXT_MAX;

    h->limits_at_once = false; /* Those of a resumed session end here. */
    h->send_limit = 0;
    if (dtls_get_u16(&peer, &limit) && limit < DTLS_PLAINTEXT_MAX) {
        h->send_limit = limit;
    }
    h->receive_limit = own_limit(h->config);
}

/* A routability check needs connection ids (D9853-3-3). */
static enum dtls_status answer_cid(struct dtls_handshake *h,
                                   const struct dtls_extensions *asked,
                                   struct dtls_extensions *answer)
{
    static const struct dtls_extensions without;
    enum dtls_status status;

    if (!asked->present[DTLS_EXT_CONNECTION_ID] ||
        !h->config->connection_ids) {
        agree_cids(h, &without);
        return DTLS_OK;
    }
    status = dtls_options_make_cid(h);
    if (status != DTLS_OK) {
        return status;
    }
    agree_cids(h, asked);
    say_cid(h, answer);
    if (asked->present[DTLS_EXT_RRC]) {
        say(answer, DTLS_EXT_RRC, (struct dtls_bytes){0});
    }
    return DTLS_OK;
}

enum dtls_status dtls_options_answer(struct dtls_handshake *h,
                                     const struct dtls_extensions *asked,
                                     struct dtls_extensions *answer,
                                     struct dtls_options_room *room)
{
    /* The session that is resumed has its name (D6066-3-11). */
    enum dtls_status status =
        h->resumed ? DTLS_OK : answer_name(h, asked, answer);

    if (status == DTLS_OK) {
        status = choose_protocol(h, asked, answer);
    }
    if (status == DTLS_OK) {
        status = answer_cid(h, asked, answer);
    }
    if (status == DTLS_OK) {
        status = dtls_srtp_answer(h, asked, answer, room);
    }
    if (status != DTLS_OK) {
        return status;
    }
    if (asked->present[DTLS_EXT_RECORD_SIZE_LIMIT] &&
        h->config->record_size_limit != 0) {
        /* max_fragment_length is then ignored (D8449-5-1). */
        limit_records(h, asked->data[DTLS_EXT_RECORD_SIZE_LIMIT]);
        put_u16(room->limit, own_limit(h->config));
        say(answer, DTLS_EXT_RECORD_SIZE_LIMIT, dtls_bytes_of(room->limit, 2));
    } else if (asked->present[DTLS_EXT_MAX_FRAGMENT_LENGTH] && !h->resumed) {
        struct dtls_bytes code = asked->data[DTLS_EXT_MAX_FRAGMENT_LENGTH];

        dtls_options_limit_fragments(h, length_of(code));
        say(answer, DTLS_EXT_MAX_FRAGMENT_LENGTH, code);
    }
    return DTLS_OK;
}

static enum dtls_status take_lengths(struct dtls_handshake *h,
                                     const struct dtls_extensions *answer)
{
    if (answer->present[DTLS_EXT_RECORD_SIZE_LIMIT]) {
        if (answer->present[DTLS_EXT_MAX_FRAGMENT_LENGTH]) {
            return DTLS_ILLEGAL_PARAMETER; /* D8449-5-2 */
        }
        limit_records(h, answer->data[DTLS_EXT_RECORD_SIZE_LIMIT]);
        return DTLS_OK;
    }
    if (answer->present[DTLS_EXT_MAX_FRAGMENT_LENGTH]) {
        uint16_t length =
            length_of(answer->data[DTLS_EXT_MAX_FRAGMENT_LENGTH]);

        if (length != h->config->max_fragment_length) {
            return DTLS_ILLEGAL_PARAMETER; /* D6066-4-4 */
        }
        dtls_options_limit_fragments(h, length);
    }
    return DTLS_OK;
}

enum dtls_status dtls_options_accept(struct dtls_handshake *h,
                                     const struct dtls_extensions *answer)
{
    enum dtls_status status;

    if (!h->resumed) {
        h->server_name_known = answer->present[DTLS_EXT_SERVER_NAME];
    }
    if (answer->present[DTLS_EXT_ALPN]) {
        h->protocol = dtls_options_find_protocol(h->config->protocols,
                                                 answer->data[DTLS_EXT_ALPN]);
        if (h->protocol.len == 0) {
            return DTLS_ILLEGAL_PARAMETER; /* D7301-3.1-5 */
        }
    }
    agree_cids(h, answer);
    status = dtls_srtp_accept(h, answer);
    return status == DTLS_OK ? take_lengths(h, answer) : status;
}

bool dtls_options_name_is_shown(const struct dtls_handshake *h,
                                const struct dtls_cert *leaf)
{
    return !h->server_name_known ||
           dtls_name_matches(leaf, name_to_say(h->config->server_name));
}
