/* SPDX-License-Identifier: MIT */
/* The handshake messages: each against hand-written bytes, cut anywhere, one
 * byte too long, at every bound; and built again. */
#include "kit/kit.h"

#include "messages/messages.h"

#define RANDOM                                                                \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define SERVER_RANDOM                                                         \
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"

/* Room for any message's fields. */
union fields {
    struct dtls_client_hello client_hello;
    struct dtls_hello_verify hello_verify;
    struct dtls_server_hello server_hello;
    struct dtls_new_session_ticket ticket;
    struct dtls_certificate certificate;
    struct dtls_ecdhe_params ecdhe;
    struct dtls_bytes bytes;
    struct dtls_bytes two[2];
    struct dtls_certificate_request request;
    struct dtls_signed sig;
    const uint8_t *verify_data;
};

/* Every parser behind one face. */
typedef enum dtls_status parser(union fields *out, struct dtls_bytes body);

static enum dtls_status client_hello(union fields *o, struct dtls_bytes b)
{
    return dtls_client_hello_parse(&o->client_hello, b);
}

static enum dtls_status client_hello_front(union fields *o,
                                           struct dtls_bytes b)
{
    return dtls_client_hello_parse_front(&o->client_hello, b, false);
}

static enum dtls_status client_hello_whole(union fields *o,
                                           struct dtls_bytes b)
{
    return dtls_client_hello_parse_front(&o->client_hello, b, true);
}

static enum dtls_status hello_verify(union fields *o, struct dtls_bytes b)
{
    return dtls_hello_verify_parse(&o->hello_verify, b);
}

static enum dtls_status server_hello(union fields *o, struct dtls_bytes b)
{
    return dtls_server_hello_parse(&o->server_hello, b);
}

static enum dtls_status status(union fields *o, struct dtls_bytes b)
{
    return dtls_certificate_status_parse(&o->bytes, b);
}

static enum dtls_status raw_certificate(union fields *o, struct dtls_bytes b)
{
    return dtls_raw_certificate_parse(&o->certificate, b);
}

static enum dtls_status ticket(union fields *o, struct dtls_bytes b)
{
    return dtls_new_session_ticket_parse(&o->ticket, b);
}

static enum dtls_status certificate(union fields *o, struct dtls_bytes b)
{
    return dtls_certificate_parse(&o->certificate, b);
}

static enum dtls_status ske_ecdhe(union fields *o, struct dtls_bytes b)
{
    return dtls_ske_ecdhe_parse(&o->ecdhe, b);
}

static enum dtls_status ske_ecdhe_psk(union fields *o, struct dtls_bytes b)
{
    return dtls_ske_ecdhe_psk_parse(&o->ecdhe, b);
}

static enum dtls_status cke_ecdhe_psk(union fields *o, struct dtls_bytes b)
{
    return dtls_cke_ecdhe_psk_parse(&o->two[0], &o->two[1], b);
}

static enum dtls_status ske_psk(union fields *o, struct dtls_bytes b)
{
    return dtls_ske_psk_parse(&o->bytes, b);
}

static enum dtls_status request(union fields *o, struct dtls_bytes b)
{
    return dtls_certificate_request_parse(&o->request, b);
}

static enum dtls_status cke_rsa(union fields *o, struct dtls_bytes b)
{
    return dtls_cke_parse(&o->bytes, DTLS_KX_RSA, b);
}

static enum dtls_status cke_psk(union fields *o, struct dtls_bytes b)
{
    return dtls_cke_parse(&o->bytes, DTLS_KX_PSK, b);
}

static enum dtls_status cke_ecdhe(union fields *o, struct dtls_bytes b)
{
    return dtls_cke_parse(&o->bytes, DTLS_KX_ECDHE_ECDSA, b);
}

static enum dtls_status cke_ecdhe_rsa(union fields *o, struct dtls_bytes b)
{
    return dtls_cke_parse(&o->bytes, DTLS_KX_ECDHE_RSA, b);
}

static enum dtls_status sig(union fields *o, struct dtls_bytes b)
{
    return dtls_signed_parse(&o->sig, b);
}

static enum dtls_status finished(union fields *o, struct dtls_bytes b)
{
    return dtls_finished_parse(&o->verify_data, b);
}

static enum dtls_status empty(union fields *o, struct dtls_bytes b)
{
    (void)o;
    return dtls_empty_parse(b);
}

/* A refused body touches nothing. */
static void refuse(parser *parse, struct dtls_bytes body)
{
    union fields out;
    union fields before;

    memset(&out, 0x5a, sizeof out);
    memset(&before, 0x5a, sizeof before);
    assert_int_equal(parse(&out, body), DTLS_DECODE_ERROR);
    assert_memory_equal(&out, &before, sizeof out);
}

static void refuse_hex(parser *parse, const char *text)
{
    struct kit_hex body = kit_hex(text);
    uint8_t *block = kit_exact(kit_hex_bytes(&body));

    refuse(parse, dtls_bytes_of(block, body.len));
    free(block);
}

static void accept_hex(parser *parse, const char *text)
{
    struct kit_hex body = kit_hex(text);
    uint8_t *block = kit_exact(kit_hex_bytes(&body));
    union fields out;

    assert_int_equal(parse(&out, dtls_bytes_of(block, body.len)), DTLS_OK);
    free(block);
}

/* One good body per message. */
struct sample {
    parser *parse;
    const char *body;
    size_t also_whole; /* a shorter length that is whole too; 0: none */
};

#define CH1 "fefd" RANDOM "00 00 0002c0a8 0100"

static const struct sample samples[] = {
    {client_hello, CH1 " 000400170000", 42},
    {client_hello, "fefd" RANDOM "03a1a2a3 02b1b2 0004c0a80123 020100", 0},
    {hello_verify, "feff 0cc00c1ec00c1ec00c1ec00c1e", 0},
    {server_hello, "fefd" SERVER_RANDOM "00 c0a8 00 000400170000", 38},
    {ticket, "12345678 0003a1a2a3", 0},
    {ticket, "12345678 0000", 0},
    {certificate, "00000c 000003a1a2a3 000003b1b2b3", 0},
    {raw_certificate, "000003 a1a2a3", 0},
    {status, "01 000003 a1a2a3", 0},
    {ske_ecdhe, "03 1234 05a1a2a3a4a5 0567 0003b1b2b3", 0},
    {ske_psk, "0004a1a2a3a4", 0},
    {ske_ecdhe_psk, "0003d1d2d3 03 1234 05a1a2a3a4a5", 0},
    {cke_ecdhe_psk, "0006636c69656e74 03a1a2a3", 0},
    {request, "020140 000404030804 0009 0003a1a2a3 0002b1b2", 0},
    {cke_rsa, "0003a1a2a3", 0},
    {cke_psk, "0006636c69656e74", 0},
    {cke_ecdhe, "03a1a2a3", 0},
    {cke_ecdhe_rsa, "03a1a2a3", 0},
    {sig, "1234 0003a1a2a3", 0},
    {finished, "8413a413a6595d473389d733", 0},
};

static void refuse_prefix(void *context, struct dtls_bytes prefix)
{
    const struct sample *s = context;

    if (prefix.len != 0 && prefix.len == s->also_whole) {
        union fields out;

        assert_int_equal(s->parse(&out, prefix), DTLS_OK);
        return;
    }
    refuse(s->parse, prefix);
}

static void every_message_that_is_cut_anywhere_is_refused(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-12");
    proves("D4279-2-11");
    for (size_t i = 0; i < LEN(samples); i++) {
        kit_row("sample %zu, %.40s", i, samples[i].body);
        struct sample s = samples[i];
        struct kit_hex body = kit_hex(s.body);

        accept_hex(s.parse, s.body);
        kit_each_prefix(kit_hex_bytes(&body), refuse_prefix, &s);
    }
}

static void every_message_with_a_byte_left_over_is_refused(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-12");
    proves("D6347-4.2.1-7");
    for (size_t i = 0; i < LEN(samples); i++) {
        kit_row("sample %zu, %.40s", i, samples[i].body);
        struct kit_hex body = kit_hex(samples[i].body);

        body.data[body.len++] = 0;
        refuse(samples[i].parse, kit_hex_bytes(&body));
    }
    refuse_hex(empty, "00");
}

static void an_empty_message_is_empty(void **state)
{
    (void)state;
    proves("D5246-7.4.5-2");
    assert_int_equal(dtls_empty_parse((struct dtls_bytes){0}), DTLS_OK);
}

static void client_hello_1_is_read_field_by_field(void **state)
{
    struct kit_hex body = kit_hex(CH1 "000400170000");
    struct dtls_client_hello m;

    (void)state;
    proves("D6347-4.2.1-4");
    proves("D5246-7.4.1.2-11");
    assert_int_equal(body.len, 0x30);
    assert_int_equal(dtls_client_hello_parse(&m, kit_hex_bytes(&body)),
                     DTLS_OK);
    assert_int_equal(m.version, 0xfefd);
    kit_assert_hex(m.random, RANDOM);
    assert_int_equal(m.session_id.len, 0);
    assert_int_equal(m.cookie.len, 0);
    kit_assert_hex(m.suites, "c0a8");
    kit_assert_hex(m.compression, "00");
    kit_assert_hex(m.extensions, "00170000");
    assert_true(dtls_client_hello_offers(&m, 0xc0a8));
    assert_false(dtls_client_hello_offers(&m, 0xa8c0));
}

static void client_hello_2_is_built_from_its_fields(void **state)
{
    static const char expected[] =
        "fefd" RANDOM "00 0cc00c1ec00c1ec00c1ec00c1e 0002c0a8 0100";
    struct kit_hex random = kit_hex(RANDOM);
    struct kit_hex cookie = kit_hex("c00c1ec00c1ec00c1ec00c1e");
    struct kit_hex suites = kit_hex("c0a8");
    struct kit_hex compression = kit_hex("00");
    struct dtls_client_hello m = {
        .version = 0xfefd,
        .random = kit_hex_bytes(&random),
        .cookie = kit_hex_bytes(&cookie),
        .suites = kit_hex_bytes(&suites),
        .compression = kit_hex_bytes(&compression),
    };
    uint8_t bytes[0x3c];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D6347-4.2.1-2");
    assert_true(dtls_client_hello_put(&out, &m));
    kit_assert_hex(dtls_buf_bytes(&out), expected);
    assert_int_equal(out.len + 6, 0x3c); /* the extension block follows */
    for (size_t cap = 0; cap < out.len; cap++) {
        struct dtls_buf small = {bytes, 0, cap};

        kit_row("room for %zu bytes", cap);
        assert_false(dtls_client_hello_put(&small, &m));
    }
}

static void a_parsed_client_hello_is_built_the_same(void **state)
{
    static const char text[] =
        "fefd" RANDOM "03a1a2a3 02b1b2 0004c0a80123 020100";
    struct kit_hex body = kit_hex(text);
    struct dtls_client_hello m;
    uint8_t bytes[64];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    assert_int_equal(dtls_client_hello_parse(&m, kit_hex_bytes(&body)),
                     DTLS_OK);
    kit_assert_hex(m.session_id, "a1a2a3");
    kit_assert_hex(m.cookie, "b1b2");
    kit_assert_hex(m.suites, "c0a80123");
    kit_assert_hex(m.compression, "0100");
    assert_int_equal(m.extensions.len, 0);
    assert_true(dtls_client_hello_put(&out, &m));
    kit_assert_hex(dtls_buf_bytes(&out), text);
}

/* A ClientHello with vectors of these lengths, all zero. */
static enum dtls_status hello_of(size_t session_id, size_t cookie,
                                 size_t suites, size_t compression)
{
    static uint8_t bytes[70000];
    static const uint8_t zeros[65536];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_client_hello m = {
        .version = 0xfefd,
        .random = {zeros, 32},
        .session_id = {zeros, session_id},
        .cookie = {zeros, cookie},
        .suites = {zeros, suites},
        .compression = {zeros, compression},
    };

    assert_true(dtls_client_hello_put(&out, &m));
    return dtls_client_hello_parse(&m, dtls_buf_bytes(&out));
}

static void a_ticket_is_read_and_built_the_same(void **state)
{
    static const char text[] = "12345678 0003a1a2a3";
    struct kit_hex body = kit_hex(text);
    struct dtls_new_session_ticket m;
    uint8_t bytes[9];

    (void)state;
    proves("D5077-3.3-11");
    assert_int_equal(dtls_new_session_ticket_parse(&m, kit_hex_bytes(&body)),
                     DTLS_OK);
    assert_int_equal(m.lifetime_hint, 0x12345678);
    kit_assert_hex(m.ticket, "a1a2a3");
    for (size_t cap = 0; cap <= sizeof bytes; cap++) {
        struct dtls_buf out = {bytes, 0, cap};

        kit_row("room for %zu bytes", cap);
        assert_int_equal(dtls_new_session_ticket_put(&out, &m),
                         cap == sizeof bytes);
        assert_int_equal(out.len, cap == sizeof bytes ? cap : 0);
    }
    kit_assert_hex(dtls_bytes_of(bytes, sizeof bytes), text);
}

static void each_vector_of_a_client_hello_has_its_bounds(void **state)
{
    (void)state;
    proves("D5246-7.4.1.3-10");
    proves("D6347-4.2.1-5");
    assert_int_equal(hello_of(0, 0, 2, 1), DTLS_OK);
    assert_int_equal(hello_of(32, 255, 65534, 255), DTLS_OK);
    assert_int_equal(hello_of(33, 0, 2, 1), DTLS_DECODE_ERROR);
    assert_int_equal(hello_of(255, 0, 2, 1), DTLS_DECODE_ERROR);
    assert_int_equal(hello_of(0, 0, 0, 1), DTLS_DECODE_ERROR);
    assert_int_equal(hello_of(0, 0, 1, 1), DTLS_DECODE_ERROR);
    assert_int_equal(hello_of(0, 0, 3, 1), DTLS_DECODE_ERROR);
    assert_int_equal(hello_of(0, 0, 65535, 1), DTLS_DECODE_ERROR);
    assert_int_equal(hello_of(0, 0, 2, 0), DTLS_DECODE_ERROR);
}

static void an_extension_block_may_be_empty_or_absent(void **state)
{
    (void)state;
    proves("D5246-7.4.1.2-11");
    accept_hex(client_hello, CH1);
    accept_hex(client_hello, CH1 "0000");
    refuse_hex(client_hello, CH1 "00");
    refuse_hex(client_hello, CH1 "0001");
    refuse_hex(client_hello, CH1 "000100 00");
    accept_hex(server_hello, "fefd" SERVER_RANDOM "00 c0a8 00");
    accept_hex(server_hello, "fefd" SERVER_RANDOM "00 c0a8 00 0000");
}

/* CH1 has its cookie's length in byte 35, and its lists end with byte 42. */
static void check_front(void *context, struct dtls_bytes prefix)
{
    union fields out;

    (void)context;
    if (prefix.len < 36) {
        refuse(client_hello_front, prefix);
    } else {
        assert_int_equal(client_hello_front(&out, prefix), DTLS_OK);
        assert_int_equal(out.client_hello.version, 0xfefd);
        assert_int_equal(out.client_hello.cookie.len, 0);
        assert_int_equal(out.client_hello.extensions.len, 0);
        assert_int_equal(out.client_hello.suites.len, prefix.len < 42 ? 0 : 2);
        assert_int_equal(out.client_hello.compression.len,
                         prefix.len < 42 ? 0 : 1);
    }
    if (prefix.len < 42) {
        refuse(client_hello_whole, prefix);
    } else {
        assert_int_equal(client_hello_whole(&out, prefix), DTLS_OK);
        kit_assert_hex(out.client_hello.compression, "00");
    }
}

static void the_front_of_a_client_hello_is_enough_for_the_gate(void **state)
{
    static const char *const no_lists[] = {
        "fefd" RANDOM "00 00 0001c0 0100",
        "fefd" RANDOM "00 00 0003c0a800 0100",
        "fefd" RANDOM "00 00 0000 0100",
        "fefd" RANDOM "00 00 0002c0a8 00",
    };
    struct kit_hex body = kit_hex(CH1 "000400170000");
    union fields out;

    (void)state;
    proves("D6347-4.2.1-32");
    kit_each_prefix(kit_hex_bytes(&body), check_front, NULL);
    for (size_t i = 0; i < LEN(no_lists); i++) {
        struct kit_hex bad = kit_hex(no_lists[i]);

        kit_row("%s", no_lists[i]);
        refuse(client_hello_whole, kit_hex_bytes(&bad));
        assert_int_equal(client_hello_front(&out, kit_hex_bytes(&bad)),
                         DTLS_OK);
        assert_int_equal(out.client_hello.suites.len, 0);
        assert_int_equal(out.client_hello.compression.len, 0);
    }
}

static void hello_verify_accepts_either_version_and_any_cookie(void **state)
{
    static uint8_t body[3 + 256];

    (void)state;
    proves("D6347-4.2.1-5");
    proves("D6347-4.2.1-9");
    for (size_t len = 0; len <= 255; len++) {
        struct dtls_hello_verify m;

        kit_row("a cookie of %zu bytes", len);
        body[0] = 0xfe;
        body[1] = len % 2 == 0 ? 0xff : 0xfd;
        body[2] = (uint8_t)len;
        assert_int_equal(
            dtls_hello_verify_parse(&m, dtls_bytes_of(body, 3 + len)),
            DTLS_OK);
        assert_int_equal(m.version, len % 2 == 0 ? 0xfeff : 0xfefd);
        assert_int_equal(m.cookie.len, len);
        assert_ptr_equal(m.cookie.data, body + 3);
        refuse(hello_verify, dtls_bytes_of(body, 3 + len + 1));
    }
}

static void hello_verify_is_built_as_it_is_parsed(void **state)
{
    struct kit_hex cookie = kit_hex("c00c1ec00c1ec00c1ec00c1e");
    struct dtls_hello_verify m = {0xfeff, kit_hex_bytes(&cookie)};
    uint8_t bytes[0xf];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D6347-4.2.1-8");
    assert_true(dtls_hello_verify_put(&out, &m));
    kit_assert_hex(dtls_buf_bytes(&out), "feff0cc00c1ec00c1ec00c1ec00c1e");
    for (size_t cap = 0; cap < sizeof bytes; cap++) {
        struct dtls_buf small = {bytes, 0, cap};

        kit_row("room for %zu bytes", cap);
        assert_false(dtls_hello_verify_put(&small, &m));
    }
}

static void server_hello_is_read_field_by_field_and_built_again(void **state)
{
    struct kit_hex body =
        kit_hex("fefd" SERVER_RANDOM "03a1a2a3 c0a8 7b 000400170000");
    struct dtls_server_hello m;
    uint8_t bytes[41];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    assert_int_equal(dtls_server_hello_parse(&m, kit_hex_bytes(&body)),
                     DTLS_OK);
    assert_int_equal(m.version, 0xfefd);
    kit_assert_hex(m.random, SERVER_RANDOM);
    kit_assert_hex(m.session_id, "a1a2a3");
    assert_int_equal(m.suite, 0xc0a8);
    assert_int_equal(m.compression, 0x7b);
    kit_assert_hex(m.extensions, "00170000");
    assert_true(dtls_server_hello_put(&out, &m));
    kit_assert_hex(dtls_buf_bytes(&out),
                   "fefd" SERVER_RANDOM "03a1a2a3 c0a8 7b");
    out = (struct dtls_buf){bytes, 0, 40};
    assert_false(dtls_server_hello_put(&out, &m));
}

static void a_server_session_id_has_at_most_32_bytes(void **state)
{
    (void)state;
    proves("D5246-7.4.1.3-10");
    accept_hex(server_hello, "fefd" RANDOM "20" RANDOM "c0a8 00");
    refuse_hex(server_hello, "fefd" RANDOM "21" RANDOM "00 c0a8 00");
}

static void certificates_are_taken_one_by_one(void **state)
{
    struct kit_hex body = kit_hex("00000d 000003a1a2a3 000004b1b2b3b4");
    struct dtls_certificate m;
    struct dtls_bytes der;

    (void)state;
    proves("D5246-7.4.2-20");
    assert_int_equal(dtls_certificate_parse(&m, kit_hex_bytes(&body)),
                     DTLS_OK);
    assert_true(dtls_certificate_next(&m.list, &der));
    kit_assert_hex(der, "a1a2a3");
    assert_true(dtls_certificate_next(&m.list, &der));
    kit_assert_hex(der, "b1b2b3b4");
    assert_false(dtls_certificate_next(&m.list, &der));
}

static void a_certificate_list_is_whole_or_refused(void **state)
{
    (void)state;
    proves("D5246-7.4.2-18");
    proves("D5246-7.4.2-20");
    accept_hex(certificate, "000000");
    accept_hex(certificate, "000004 000001a1");
    refuse_hex(certificate, "000003 000000");
    refuse_hex(certificate, "000007 000001a1 000000");
    refuse_hex(certificate, "000004 000002a1");
    refuse_hex(certificate, "000005 000001a1 00");
    refuse_hex(certificate, "000003 000001 a1");
}

static void a_long_certificate_has_a_24_bit_length(void **state)
{
    static uint8_t body[6 + 0x10203];
    struct dtls_certificate m;
    struct dtls_bytes der;

    (void)state;
    memcpy(body, "\x01\x02\x06\x01\x02\x03", 6);
    assert_int_equal(
        dtls_certificate_parse(&m, dtls_bytes_of(body, sizeof body)), DTLS_OK);
    assert_true(dtls_certificate_next(&m.list, &der));
    assert_int_equal(der.len, 0x10203);
}

static void ecdhe_parameters_are_read_with_what_is_signed(void **state)
{
    struct kit_hex body = kit_hex("03 1234 05a1a2a3a4a5 5678 0003b1b2b3");
    struct dtls_ecdhe_params m;
    uint8_t bytes[9];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    proves("D8422-5.4-1");
    assert_int_equal(dtls_ske_ecdhe_parse(&m, kit_hex_bytes(&body)), DTLS_OK);
    assert_int_equal(m.group, 0x1234);
    kit_assert_hex(m.point, "a1a2a3a4a5");
    assert_ptr_equal(m.signed_part.data, body.data);
    kit_assert_hex(m.signed_part, "03 1234 05a1a2a3a4a5");
    assert_int_equal(m.sigalg, 0x5678);
    kit_assert_hex(m.signature, "b1b2b3");

    assert_true(dtls_ske_ecdhe_put_params(&out, m.group, m.point));
    kit_assert_hex(dtls_buf_bytes(&out), "03 1234 05a1a2a3a4a5");
    out = (struct dtls_buf){bytes, 0, 8};
    assert_false(dtls_ske_ecdhe_put_params(&out, m.group, m.point));
}

static void only_a_named_curve_with_a_point_is_taken(void **state)
{
    (void)state;
    proves("D8422-5.4-2");
    for (unsigned type = 0; type < 256; type++) {
        kit_row("curve type %u", type);
        struct kit_hex body = kit_hex("03 1234 01a1 5678 0001b1");

        body.data[0] = (uint8_t)type;
        if (type != 3) {
            refuse(ske_ecdhe, kit_hex_bytes(&body));
        }
    }
    accept_hex(ske_ecdhe, "03 1234 01a1 5678 0001b1");
    accept_hex(ske_ecdhe, "03 1234 01a1 5678 0000");
    refuse_hex(ske_ecdhe, "03 1234 00 5678 0001b1");
}

static void a_psk_hint_may_be_empty(void **state)
{
    struct kit_hex body = kit_hex("0004a1a2a3a4");
    struct dtls_bytes hint;

    (void)state;
    proves("D4279-2-4");
    assert_int_equal(dtls_ske_psk_parse(&hint, kit_hex_bytes(&body)), DTLS_OK);
    kit_assert_hex(hint, "a1a2a3a4");
    accept_hex(ske_psk, "0000");
}

static void a_certificate_request_is_read_field_by_field(void **state)
{
    struct kit_hex body =
        kit_hex("020140 000404030804 0009 0003a1a2a3 0002b1b2");
    struct dtls_certificate_request m;

    (void)state;
    assert_int_equal(dtls_certificate_request_parse(&m, kit_hex_bytes(&body)),
                     DTLS_OK);
    kit_assert_hex(m.types, "0140");
    kit_assert_hex(m.sigalgs, "04030804");
    kit_assert_hex(m.authorities, "0003a1a2a3 0002b1b2");
}

static void each_list_of_a_certificate_request_has_its_bounds(void **state)
{
    (void)state;
    proves("D5246-7.4.4-5");
    proves("D5246-7.4.4-6");
    accept_hex(request, "0101 00020403 0000");
    refuse_hex(request, "00 00020403 0000");
    refuse_hex(request, "0101 0000 0000");
    refuse_hex(request, "0101 000104 0000");
    refuse_hex(request, "0101 0003040308 0000");
    accept_hex(request, "0101 00020403 0003 0001a1");
    refuse_hex(request, "0101 00020403 0002 0000");
    refuse_hex(request, "0101 00020403 0003 0002a1");
    refuse_hex(request, "0101 00020403 0004 0001a1 00");
}

static void client_key_exchange_has_the_field_of_its_key_exchange(void **s)
{
    struct kit_hex vec16 = kit_hex("0006636c69656e74");
    struct kit_hex vec8 = kit_hex("03a1a2a3");
    struct dtls_bytes field;
    uint8_t bytes[8];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)s;
    proves("D4279-2-5");
    proves("D5246-7.4.7.1-6");
    assert_int_equal(
        dtls_cke_parse(&field, DTLS_KX_PSK, kit_hex_bytes(&vec16)), DTLS_OK);
    assert_true(
        dtls_bytes_equal(field, dtls_bytes_of((const uint8_t *)"client", 6)));
    assert_true(dtls_cke_put(&out, DTLS_KX_PSK, field));
    kit_assert_hex(dtls_buf_bytes(&out), "0006636c69656e74");
    out.len = 0;
    assert_true(dtls_cke_put(&out, DTLS_KX_RSA, field));
    kit_assert_hex(dtls_buf_bytes(&out), "0006636c69656e74");

    assert_int_equal(
        dtls_cke_parse(&field, DTLS_KX_ECDHE_RSA, kit_hex_bytes(&vec8)),
        DTLS_OK);
    kit_assert_hex(field, "a1a2a3");
    out.len = 0;
    assert_true(dtls_cke_put(&out, DTLS_KX_ECDHE_RSA, field));
    kit_assert_hex(dtls_buf_bytes(&out), "03a1a2a3");
    out.len = 0;
    assert_true(dtls_cke_put(&out, DTLS_KX_ECDHE_ECDSA, field));
    kit_assert_hex(dtls_buf_bytes(&out), "03a1a2a3");
    assert_int_equal(
        dtls_cke_parse(&field, DTLS_KX_ECDH, kit_hex_bytes(&vec8)), DTLS_OK);
    kit_assert_hex(field, "a1a2a3");
    out.len = 0;
    assert_true(dtls_cke_put(&out, DTLS_KX_ECDH, field));
    kit_assert_hex(dtls_buf_bytes(&out), "03a1a2a3");
}

static void an_implicit_point_is_refused_and_an_empty_identity_taken(void **s)
{
    (void)s;
    proves("D5246-7.4.7-2");
    refuse_hex(cke_ecdhe, "00");
    refuse_hex(cke_ecdhe_rsa, "00");
    refuse_hex(cke_ecdhe, "");
    accept_hex(cke_ecdhe, "01a1");
    accept_hex(cke_psk, "0000");
    accept_hex(cke_rsa, "0000");
}

static void an_identity_of_128_bytes_is_taken_and_one_of_65535_too(void **s)
{
    static uint8_t body[2 + 65535];
    static const size_t lens[] = {128, 129, 255, 256, 0x1234, 65535};

    (void)s;
    proves("D4279-5.3-1");
    for (size_t i = 0; i < LEN(lens); i++) {
        union fields out;

        kit_row("%zu bytes", lens[i]);
        body[0] = (uint8_t)(lens[i] >> 8);
        body[1] = (uint8_t)lens[i];
        assert_int_equal(cke_psk(&out, dtls_bytes_of(body, 2 + lens[i])),
                         DTLS_OK);
        assert_int_equal(out.bytes.len, lens[i]);
    }
}

static void a_signature_is_read_field_by_field_and_built_again(void **state)
{
    struct kit_hex body = kit_hex("1234 0003a1a2a3");
    struct dtls_signed m;
    uint8_t bytes[7];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    assert_int_equal(dtls_signed_parse(&m, kit_hex_bytes(&body)), DTLS_OK);
    assert_int_equal(m.sigalg, 0x1234);
    kit_assert_hex(m.signature, "a1a2a3");
    assert_true(dtls_signed_put(&out, &m));
    kit_assert_hex(dtls_buf_bytes(&out), "1234 0003a1a2a3");
    out = (struct dtls_buf){bytes, 0, 6};
    assert_false(dtls_signed_put(&out, &m));
    accept_hex(sig, "1234 0000");
}

static void finished_has_12_bytes(void **state)
{
    struct kit_hex body = kit_hex("8413a413a6595d473389d733");
    const uint8_t *verify_data;

    (void)state;
    proves("D5246-7.4.9-3");
    assert_int_equal(dtls_finished_parse(&verify_data, kit_hex_bytes(&body)),
                     DTLS_OK);
    assert_ptr_equal(verify_data, body.data);
}

static void an_exchange_with_psk_and_shares_has_both(void **state)
{
    struct kit_hex ske = kit_hex("0003d1d2d3 03 1234 05a1a2a3a4a5");
    struct kit_hex cke = kit_hex("0006636c69656e74 03a1a2a3");
    struct dtls_ecdhe_params m;
    struct dtls_bytes identity;
    struct dtls_bytes point;
    uint8_t bytes[16];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    assert_int_equal(dtls_ske_ecdhe_psk_parse(&m, kit_hex_bytes(&ske)),
                     DTLS_OK);
    kit_assert_hex(m.hint, "d1d2d3");
    assert_int_equal(m.group, 0x1234);
    kit_assert_hex(m.point, "a1a2a3a4a5");
    assert_int_equal(m.signature.len, 0);
    assert_int_equal(
        dtls_cke_ecdhe_psk_parse(&identity, &point, kit_hex_bytes(&cke)),
        DTLS_OK);
    kit_assert_hex(identity, "636c69656e74");
    kit_assert_hex(point, "a1a2a3");
    assert_true(dtls_cke_ecdhe_psk_put(&out, identity, point));
    kit_assert_hex(dtls_buf_bytes(&out), "0006636c69656e7403a1a2a3");
    /* An identity may be empty, a share may not. */
    accept_hex(cke_ecdhe_psk, "0000 01a1");
    refuse_hex(cke_ecdhe_psk, "0000 00");
    accept_hex(ske_ecdhe_psk, "0000 03 1234 01a1");
    refuse_hex(ske_ecdhe_psk, "0000 03 1234 00");
    refuse_hex(ske_ecdhe_psk, "0000 01 1234 01a1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_with_psk_and_shares_has_both),
        cmocka_unit_test(every_message_that_is_cut_anywhere_is_refused),
        cmocka_unit_test(every_message_with_a_byte_left_over_is_refused),
        cmocka_unit_test(an_empty_message_is_empty),
        cmocka_unit_test(client_hello_1_is_read_field_by_field),
        cmocka_unit_test(client_hello_2_is_built_from_its_fields),
        cmocka_unit_test(a_ticket_is_read_and_built_the_same),
        cmocka_unit_test(a_parsed_client_hello_is_built_the_same),
        cmocka_unit_test(each_vector_of_a_client_hello_has_its_bounds),
        cmocka_unit_test(an_extension_block_may_be_empty_or_absent),
        cmocka_unit_test(the_front_of_a_client_hello_is_enough_for_the_gate),
        cmocka_unit_test(hello_verify_accepts_either_version_and_any_cookie),
        cmocka_unit_test(hello_verify_is_built_as_it_is_parsed),
        cmocka_unit_test(server_hello_is_read_field_by_field_and_built_again),
        cmocka_unit_test(a_server_session_id_has_at_most_32_bytes),
        cmocka_unit_test(certificates_are_taken_one_by_one),
        cmocka_unit_test(a_certificate_list_is_whole_or_refused),
        cmocka_unit_test(a_long_certificate_has_a_24_bit_length),
        cmocka_unit_test(ecdhe_parameters_are_read_with_what_is_signed),
        cmocka_unit_test(only_a_named_curve_with_a_point_is_taken),
        cmocka_unit_test(a_psk_hint_may_be_empty),
        cmocka_unit_test(a_certificate_request_is_read_field_by_field),
        cmocka_unit_test(each_list_of_a_certificate_request_has_its_bounds),
        cmocka_unit_test(
            client_key_exchange_has_the_field_of_its_key_exchange),
        cmocka_unit_test(
            an_implicit_point_is_refused_and_an_empty_identity_taken),
        cmocka_unit_test(
            an_identity_of_128_bytes_is_taken_and_one_of_65535_too),
        cmocka_unit_test(a_signature_is_read_field_by_field_and_built_again),
        cmocka_unit_test(finished_has_12_bytes),
    };

    return kit_run(tests);
}
