/* SPDX-License-Identifier: MIT */
/* The client's offer and the server's choice: ClientHello, HelloVerifyRequest,
 * ServerHello (RFC 6347, 4.2.4, flights 1 to 4). */
#include "handshake/client_steps.h"

#include <string.h>

enum {
    /* Bytes of a ClientHello body; about 850 are needed. */
    HELLO_MAX = 1280,
    /* Suites, groups or signature pairs in a ClientHello. */
    OFFER_MAX = 96
};

/* The content of a ClientHello, with room for its lists. */
struct offer {
    uint8_t suite_bytes[2 * OFFER_MAX];
    uint8_t group_bytes[2 * OFFER_MAX];
    uint8_t sigalg_bytes[2 * OFFER_MAX];
    struct dtls_options_room options;
    struct dtls_bytes suites;
    struct dtls_extensions extensions;
    bool has_curve;
    bool has_certificate;
    bool has_cbc;
};

/* A suite cannot succeed without its key, password, anchor or group. */
static bool can_offer(const struct dtls_handshake *h,
                      const struct dtls_suite *suite)
{
    const struct dtls_config *config = h->config;

    if (suite->kx == DTLS_KX_ECJPAKE) {
        return h->area->jpake.hello_len != 0; /* It names its group. */
    }
    if (dtls_suite_has_curve(suite) && config->num_groups == 0) {
        return false;
    }
    return dtls_suite_is_psk(suite)
               ? config->num_psks != 0
               : config->anchors != NULL || config->pins.len != 0 ||
                     config->verify_chain != NULL || config->raw_keys;
}

static bool collect_suites(const struct dtls_handshake *h, struct offer *offer)
{
    const struct dtls_config *config = h->config;
    struct dtls_buf buf = {offer->suite_bytes, 0, sizeof offer->suite_bytes};

    for (size_t i = 0; i < config->num_suites; i++) {
        const struct dtls_suite *suite = dtls_suite_find(config->suites[i]);

        if (suite == NULL || !can_offer(h, suite)) {
            continue;
        }
        offer->has_curve |= dtls_suite_has_curve(suite);
        offer->has_certificate |= dtls_suite_has_certificate(suite);
        offer->has_cbc |= suite->cipher == DTLS_CIPHER_CBC;
        if (!dtls_put_u16(&buf, suite->id)) {
            return false;
        }
    }
    offer->suites = dtls_buf_bytes(&buf);
    return buf.len != 0;
}

/* Leaves out what we do not know.  EC-JPAKE needs no list, but servers want to
 * see one with its group. */
static bool put_groups(const struct dtls_handshake *h, struct dtls_buf *buf)
{
    const struct dtls_config *config = h->config;

    if (config->num_groups == 0 && h->area->jpake.hello_len != 0) {
        return dtls_put_u16(buf, DTLS_GROUP_SECP256R1);
    }
    for (size_t i = 0; i < config->num_groups; i++) {
        if (dtls_group_point_len(config->groups[i]) != 0 &&
            !dtls_put_u16(buf, config->groups[i])) {
            return false;
        }
    }
    return true;
}

static void add_extension(struct offer *offer, enum dtls_extension which,
                          struct dtls_bytes value)
{
    offer->extensions.present[which] = true;
    offer->extensions.data[which] = value;
}

/* Fails rather than to send a list without an entry. */
static enum dtls_status collect_extensions(const struct dtls_handshake *h,
                                           struct offer *offer)
{
    static const uint8_t uncompressed[] = {0};
    const struct dtls_config *config = h->config;
    struct dtls_buf groups = {offer->group_bytes, 0,
                              sizeof offer->group_bytes};
    struct dtls_buf sigalgs = {offer->sigalg_bytes, 0,
                               sizeof offer->sigalg_bytes};

    if (!put_groups(h, &groups) ||
        !dtls_auth_put_sigalgs(&sigalgs, config, NULL)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    if (offer->has_curve && groups.len == 0) {
        return DTLS_NO_GROUPS;
    }
    if (offer->has_certificate && sigalgs.len == 0) {
        return DTLS_NO_SIGALGS;
    }
    add_extension(offer, DTLS_EXT_EXTENDED_MASTER_SECRET,
                  (struct dtls_bytes){0});
    if (offer->has_cbc) {
        add_extension(offer, DTLS_EXT_ENCRYPT_THEN_MAC,
                      (struct dtls_bytes){0});
    }
    if (offer->has_curve) {
        add_extension(offer, DTLS_EXT_SUPPORTED_GROUPS,
                      dtls_buf_bytes(&groups));
        add_extension(offer, DTLS_EXT_EC_POINT_FORMATS,
                      dtls_bytes_of(uncompressed, sizeof uncompressed));
    }
    if (offer->has_certificate) {
        add_extension(offer, DTLS_EXT_SIGNATURE_ALGORITHMS,
                      dtls_buf_bytes(&sigalgs));
        dtls_raw_keys_ask(config, &offer->extensions, &offer->options);
        dtls_staple_ask(config, &offer->extensions);
    }
    dtls_password_say(h, &offer->extensions);
    return dtls_options_ask(h, &offer->extensions, &offer->options);
}

/* The offer depends on the configuration and on what dtls_resumption_offer and
 * dtls_password_offer have decided, so every ClientHello of a handshake says
 * the same (RFC 6347, 4.2.1). */
static enum dtls_status make_offer(const struct dtls_handshake *h,
                                   struct offer *offer)
{
    *offer = (struct offer){0};
    if (!collect_suites(h, offer)) {
        return DTLS_NO_COMMON_SUITE;
    }
    if (h->asks_for_ticket) {
        add_extension(offer, DTLS_EXT_SESSION_TICKET,
                      dtls_resumption_ticket(h));
    }
    return collect_extensions(h, offer);
}

/* A first ClientHello has the SCSV, any other the extension (RFC 5746, 3.4,
 * 3.5). */
static bool signal_renegotiation(const struct dtls_handshake *h,
                                 struct dtls_buf *suites, struct offer *offer,
                                 uint8_t info[DTLS_RENEGOTIATION_INFO_MAX])
{
    if (!dtls_handshake_is_renegotiation(h)) {
        return dtls_put_u16(suites, DTLS_SCSV_RENEGOTIATION);
    }
    add_extension(offer, DTLS_EXT_RENEGOTIATION_INFO,
                  dtls_renegotiation_info(h, false, info));
    return true;
}

/* Writes the body of flight 1 or 3, up to the ticket.  The transcript begins
 * anew with each (RFC 6347, 4.2.1). */
DTLS_OWN_FRAME static enum dtls_status write_hello(struct dtls_handshake *h,
                                                   struct dtls_bytes cookie,
                                                   struct dtls_buf *body)
{
    static const uint8_t null_compression[] = {0};
    uint8_t info[DTLS_RENEGOTIATION_INFO_MAX];
    struct offer offer;
    struct dtls_client_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(h->client_random, DTLS_RANDOM_LEN),
        .session_id = dtls_bytes_of(h->session_id, h->session_id_len),
        .cookie = cookie,
        .compression = dtls_bytes_of(null_compression, 1),
    };
    enum dtls_status status = make_offer(h, &offer);
    struct dtls_buf suites = {offer.suite_bytes, offer.suites.len,
                              sizeof offer.suite_bytes};

    if (status == DTLS_OK) {
        status = dtls_auth_start_transcript(h);
    }
    if (status != DTLS_OK) {
        return status;
    }
    if (!signal_renegotiation(h, &suites, &offer, info)) {
        return DTLS_MESSAGE_TOO_LONG;
    }
    m.suites = dtls_buf_bytes(&suites);
    return dtls_client_hello_put(body, &m) &&
                   dtls_extensions_put_front(body, &offer.extensions)
               ? DTLS_OK
               : DTLS_MESSAGE_TOO_LONG;
}

static enum dtls_status send_hello(struct dtls_handshake *h,
                                   struct dtls_bytes cookie)
{
    uint8_t bytes[HELLO_MAX];
    struct dtls_buf body = {bytes, 0, sizeof bytes};
    struct dtls_bytes parts[2];
    enum dtls_status status = write_hello(h, cookie, &body);

    if (status != DTLS_OK) {
        return status;
    }
    parts[0] = dtls_buf_bytes(&body);
    parts[1] = dtls_resumption_ticket(h);
    h->hello_seq = h->send_seq;
    return dtls_handshake_send(h, DTLS_CLIENT_HELLO, parts, 2);
}

enum dtls_status dtls_client_start(struct dtls_handshake *h)
{
    enum dtls_status status =
        h->crypto->random(h->crypto->self, h->client_random, DTLS_RANDOM_LEN);

    if (status == DTLS_OK) {
        status = dtls_resumption_offer(h);
    }
    if (status == DTLS_OK) {
        status = dtls_options_make_cid(h);
    }
    if (status == DTLS_OK) {
        status = dtls_password_offer(h);
    }
    if (status != DTLS_OK) {
        return status;
    }
    h->client_version = DTLS_VERSION_1_2;
    /* In a renegotiation some servers want the first handshake's cookie again,
     * others refuse any. */
    return send_hello(h, dtls_bytes_of(h->cookie, h->config->drops_old_cookie
                                                      ? 0
                                                      : h->cookie_len));
}

enum dtls_status dtls_client_take_hello_verify(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    struct dtls_hello_verify m;
    enum dtls_status status = dtls_hello_verify_parse(&m, message->body);

    if (status != DTLS_OK) {
        return status;
    }
    if (h->send_seq > DTLS_HELLO_VERIFIES_MAX) {
        return DTLS_HANDSHAKE_FAILURE;
    }
    /* The version of the message only hints at its format: fe ff and fe fd are
     * both right. */
    memcpy(h->cookie, m.cookie.data, m.cookie.len);
    h->cookie_len = (uint8_t)m.cookie.len;
    dtls_handshake_flight_begin(h);
    return send_hello(h, m.cookie);
}

bool dtls_client_has_returned(const struct dtls_handshake *h,
                              struct dtls_bytes verify)
{
    struct dtls_hello_verify m;

    return h->hello_seq != 0 &&
           dtls_hello_verify_parse(&m, verify) == DTLS_OK &&
           dtls_bytes_equal(m.cookie, dtls_bytes_of(h->cookie, h->cookie_len));
}

static enum dtls_status take_server_extensions(struct dtls_handshake *h,
                                               const struct offer *offer,
                                               struct dtls_bytes block)
{
    bool offered[DTLS_EXT_COUNT];
    struct dtls_extensions ext;
    enum dtls_status status;

    memcpy(offered, offer->extensions.present, sizeof offered);
    offered[DTLS_EXT_RENEGOTIATION_INFO] = true; /* by the SCSV */
    status = dtls_extensions_parse_server(&ext, offered, block);
    if (status != DTLS_OK) {
        return status;
    }
    status = dtls_renegotiation_check_info(
        h, true, ext.data[DTLS_EXT_RENEGOTIATION_INFO]);
    if (status != DTLS_OK) {
        return status;
    }
    h->encrypt_then_mac = ext.present[DTLS_EXT_ENCRYPT_THEN_MAC];
    if (h->encrypt_then_mac && h->suite->cipher != DTLS_CIPHER_CBC) {
        return DTLS_ILLEGAL_PARAMETER; /* RFC 7366, 3 */
    }
    h->secure_renegotiation = ext.present[DTLS_EXT_RENEGOTIATION_INFO];
    h->extended_master_secret = ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET];
    h->ticket_announced = ext.present[DTLS_EXT_SESSION_TICKET];
    h->staple_announced = ext.present[DTLS_EXT_STATUS_REQUEST];
    status = dtls_resumption_check_answer(h);
    if (status == DTLS_OK) {
        status = dtls_options_accept(h, &ext);
    }
    if (status == DTLS_OK) {
        status = dtls_password_accept(h, &ext);
    }
    if (status == DTLS_OK) {
        status = dtls_raw_keys_accept(h, &offer->extensions, &ext);
    }
    if (status == DTLS_OK) {
        status = dtls_renegotiation_check_hellos(h);
    }
    if (status == DTLS_OK) {
        dtls_options_take_effect(h);
    }
    return status;
}

/* Tells whether ServerHello resumes the session that we offer.  Otherwise its
 * id, if it has one, is that of the new session. */
static enum dtls_status take_session_id(struct dtls_handshake *h,
                                        const struct dtls_server_hello *m)
{
    struct dtls_bytes offered =
        dtls_bytes_of(h->session_id, h->session_id_len);

    if (dtls_handshake_is_renegotiation(h)) {
        return DTLS_OK;
    }
    dtls_resumption_answered(h);
    if (offered.len != 0 && dtls_bytes_equal(m->session_id, offered)) {
        return dtls_resumption_accept(h);
    }
    memcpy(h->session_id, m->session_id.data, m->session_id.len);
    h->session_id_len = (uint8_t)m->session_id.len;
    return DTLS_OK;
}

enum dtls_status dtls_client_take_server_hello(
    struct dtls_handshake *h, const struct dtls_message *message)
{
    struct dtls_server_hello m;
    struct offer offer;
    enum dtls_status status = dtls_server_hello_parse(&m, message->body);

    if (status == DTLS_OK) {
        status = make_offer(h, &offer);
    }
    if (status != DTLS_OK) {
        return status;
    }
    if (m.version != DTLS_VERSION_1_2) {
        return m.version == DTLS_VERSION_1_0 ? DTLS_PROTOCOL_VERSION
                                             : DTLS_UNKNOWN_VERSION;
    }
    h->suite = dtls_suite_find(m.suite);
    if (h->suite == NULL || !dtls_u16_list_has(offer.suites, m.suite)) {
        h->suite = NULL;
        return DTLS_SUITE_NOT_OFFERED;
    }
    if (m.compression != 0) {
        return DTLS_ILLEGAL_PARAMETER;
    }
    status = take_session_id(h, &m);
    if (status != DTLS_OK) {
        return status;
    }
    memcpy(h->server_random, m.random.data, DTLS_RANDOM_LEN);
    h->records->version_known = true;
    dtls_auth_narrow_transcript(h);
    status = take_server_extensions(h, &offer, m.extensions);
    return status == DTLS_OK && h->resumed ? dtls_keys_expand(h) : status;
}
