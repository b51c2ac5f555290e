/* SPDX-License-Identifier: MIT */
/* A connected pair, and a peer that holds its keys and says what it likes. */
#ifndef SIM_RENEGOTIATION_KIT_H
#define SIM_RENEGOTIATION_KIT_H

#include "sim/pair_kit.h"

static inline void connect_suites(const uint16_t *suites, size_t num)
{
    sim_pair_init(&pair, 31);
    for (int i = 0; i < 2 && num != 0; i++) {
        pair.ends[i].config.suites = suites;
        pair.ends[i].config.num_suites = num;
    }
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 1000);
}

static inline void connect_pair(void)
{
    connect_suites(NULL, 0);
}

static inline void ask(int which)
{
    assert_int_equal(dtls_session_renegotiate(session(which), pair.net.now),
                     DTLS_OK);
}

static inline void seal_fragment(int from,
                                 const struct dtls_fragment *fragment)
{
    uint8_t bytes[1024];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_true(dtls_fragment_put_header(&out, fragment) &&
                dtls_put_bytes(&out, fragment->body));
    seal(from, session(from)->records.write_epoch, DTLS_HANDSHAKE,
         dtls_buf_bytes(&out));
}

static inline void seal_message(int from, uint8_t type, uint16_t seq,
                                struct dtls_bytes body)
{
    struct dtls_fragment whole = {.type = type,
                                  .message_len = (uint32_t)body.len,
                                  .seq = seq,
                                  .body = body};

    seal_fragment(from, &whole);
}

/* What a scripted hello says. */
struct hello {
    const char *cookie; /* hex; NULL: none */
    uint16_t version;   /* a server's; 0: 1.2 */
    bool has_1_3;       /* a server's: supported_versions with 1.3 */
    uint16_t suite;
    bool scsv;
    bool no_info;
    bool no_ems;
    size_t info_len; /* of `info` */
    uint8_t info[40];
};

static inline struct hello right_hello(bool server)
{
    const struct dtls_agreed *last = &session(SIM_CLIENT)->hs.agreed;
    struct hello hello = {.suite = 0xc0a8, .info_len = server ? 24 : 12};

    memcpy(hello.info, last->client_verify_data, 12);
    memcpy(hello.info + 12, last->server_verify_data, 12);
    return hello;
}

static inline void put_extensions(struct dtls_buf *out,
                                  const struct hello *hello, bool server)
{
    struct dtls_extensions ext = {0};

    ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET] = !hello->no_ems;
    ext.present[DTLS_EXT_RENEGOTIATION_INFO] = !hello->no_info;
    ext.data[DTLS_EXT_RENEGOTIATION_INFO] =
        dtls_bytes_of(hello->info, hello->info_len);
    assert_true(dtls_extensions_put(out, &ext, server));
}

static const uint8_t random_bytes[DTLS_RANDOM_LEN] = {0x52, 0x53};

static inline void put_client_hello(struct dtls_buf *out,
                                    const struct hello *hello)
{
    static const uint8_t null_compression[] = {0};
    struct kit_hex cookie = kit_hex(hello->cookie ? hello->cookie : "");
    uint8_t suite_bytes[4];
    struct dtls_buf suites = {suite_bytes, 0, sizeof suite_bytes};
    struct dtls_client_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = dtls_bytes_of(random_bytes, sizeof random_bytes),
        .cookie = kit_hex_bytes(&cookie),
        .compression = dtls_bytes_of(null_compression, 1),
    };

    assert_true(
        dtls_put_u16(&suites, hello->suite) &&
        (!hello->scsv || dtls_put_u16(&suites, DTLS_SCSV_RENEGOTIATION)));
    m.suites = dtls_buf_bytes(&suites);
    assert_true(dtls_client_hello_put(out, &m));
    put_extensions(out, hello, false);
}

static inline void say_client_hello(const struct hello *hello)
{
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    put_client_hello(&body, hello);
    seal_message(SIM_CLIENT, DTLS_CLIENT_HELLO, 0, dtls_buf_bytes(&body));
}

/* Puts one more extension into the block that ends the message, and of which
 * the length stands at `block`. */
static inline void append_extension(struct dtls_buf *out, size_t block,
                                    struct dtls_bytes extension)
{
    assert_true(dtls_put_bytes(out, extension));
    assert_true(out->data[block + 1] + extension.len <= 0xff);
    out->data[block + 1] = (uint8_t)(out->data[block + 1] + extension.len);
}

static inline void put_server_hello(struct dtls_buf *out,
                                    const struct hello *hello)
{
    static const uint8_t supported_versions[] = {0, 43, 0, 2, 0xfe, 0xfc};
    struct dtls_server_hello m = {
        .version = hello->version != 0 ? hello->version : DTLS_VERSION_1_2,
        .random = dtls_bytes_of(random_bytes, sizeof random_bytes),
        .suite = hello->suite,
    };

    size_t block;

    assert_true(dtls_server_hello_put(out, &m));
    block = out->len;
    put_extensions(out, hello, true);
    if (hello->has_1_3) {
        append_extension(
            out, block,
            dtls_bytes_of(supported_versions, sizeof supported_versions));
    }
}

static inline void say_server_hello(const struct hello *hello)
{
    uint8_t bytes[512];
    struct dtls_buf body = {bytes, 0, sizeof bytes};

    put_server_hello(&body, hello);
    seal_message(SIM_SERVER, DTLS_SERVER_HELLO, 0, dtls_buf_bytes(&body));
}

static inline void drop_from(void *self, const struct sim_sent *sent,
                             struct sim_fate *fate)
{
    const int *mute = self;

    fate->lost |=
        sent->from == *mute && sent->bytes.data[0] != DTLS_APPLICATION_DATA;
}

/* The hello that an end has in its flight, whatever epoch it is going to be
 * sealed in. */
static inline struct dtls_bytes hello_of_flight(int of, uint8_t out[512])
{
    const struct dtls_flight *flight = &session(of)->hs.flight;
    struct dtls_flight copy = *flight;
    struct dtls_counters counters = {0};
    struct dtls_record_layer plain;
    struct dtls_buf buf = {out, 0, 512};

    dtls_record_layer_init(&plain, &pair.crypto, &counters);
    copy.num_messages = 1;
    copy.messages[0].epoch = 0;
    dtls_flight_rewind(&copy);
    assert_int_equal(dtls_flight_write(&copy, &plain, &buf), DTLS_OK);
    return dtls_bytes_of(
        out + DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN,
        buf.len - DTLS_RECORD_HEADER_LEN - DTLS_FRAGMENT_HEADER_LEN);
}

#endif
