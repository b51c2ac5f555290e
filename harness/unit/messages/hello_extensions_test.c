/* SPDX-License-Identifier: MIT */
/* messages/hello_extensions.c: each layout, and what may stand in which hello.
 */
#include "kit/kit.h"

#include "messages/hello_extensions.h"

static bool offered_all[DTLS_EXT_COUNT];

static void offer_all(void)
{
    memset(offered_all, true, sizeof offered_all);
}

static enum dtls_status from_client(struct dtls_extensions *out,
                                    const char *text)
{
    static struct kit_hex hex; /* outlives what `out` borrows */

    hex = kit_hex(text);
    return dtls_extensions_parse_client(out, kit_hex_bytes(&hex));
}

static enum dtls_status from_server(struct dtls_extensions *out,
                                    const char *text)
{
    static struct kit_hex hex;

    hex = kit_hex(text);
    return dtls_extensions_parse_server(out, offered_all, kit_hex_bytes(&hex));
}

/* A refused block touches nothing. */
static void client_gives(const char *text, enum dtls_status expected)
{
    struct dtls_extensions ext;
    struct dtls_extensions before;

    memset(&ext, 0, sizeof ext);
    memset(&before, 0, sizeof before);
    ext.data[0].len = before.data[0].len = 0x5a5a;
    assert_int_equal(from_client(&ext, text), expected);
    if (expected != DTLS_OK) {
        assert_memory_equal(&ext, &before, sizeof ext);
    }
}

static void server_gives(const char *text, enum dtls_status expected)
{
    struct dtls_extensions ext;
    struct dtls_extensions before;

    memset(&ext, 0, sizeof ext);
    memset(&before, 0, sizeof before);
    ext.data[0].len = before.data[0].len = 0x5a5a;
    assert_int_equal(from_server(&ext, text), expected);
    if (expected != DTLS_OK) {
        assert_memory_equal(&ext, &before, sizeof ext);
    }
}

#define NAME "0000 0008 0006 00 0003 612e62"
#define EMS "0017 0000"
#define RENEGOTIATION "ff01 0001 00"
#define GROUPS "000a 0006 0004 001d 0017"
#define FORMATS "000b 0002 01 00"
#define SIGALGS "000d 0006 0004 0403 0804"

/* Each extension, in the order in which it is sent: as a client says it and as
 * a server does, and what is read.  A server that never says it has NULL. */
static const struct row {
    const char *said[2]; /* by the client, by the server */
    const char *read[2];
} rows[] = {
    [DTLS_EXT_SERVER_NAME] = {{NAME, "0000 0000"}, {"612e62", ""}},
    [DTLS_EXT_EXTENDED_MASTER_SECRET] = {{EMS, EMS}, {"", ""}},
    [DTLS_EXT_ENCRYPT_THEN_MAC] = {{"0016 0000", "0016 0000"}, {"", ""}},
    [DTLS_EXT_RENEGOTIATION_INFO] = {{RENEGOTIATION, "ff01 0004 03 a1a2a3"},
                                     {"", "a1a2a3"}},
    [DTLS_EXT_SUPPORTED_GROUPS] = {{GROUPS, NULL}, {"001d0017", ""}},
    [DTLS_EXT_EC_POINT_FORMATS] = {{FORMATS, FORMATS}, {"00", "00"}},
    [DTLS_EXT_ECJPAKE_KEY_KP_PAIR] = {{"0100 0002 a7b8", "0100 0002 c9da"},
                                      {"a7b8", "c9da"}},
    [DTLS_EXT_SIGNATURE_ALGORITHMS] = {{SIGALGS, NULL}, {"04030804", ""}},
    [DTLS_EXT_SIGNATURE_ALGORITHMS_CERT] = {{"0032 0008 0006 0403 0401 0804",
                                             NULL},
                                            {"040304010804", ""}},
    [DTLS_EXT_ALPN] = {{"0010 0005 0003 02 6832", "0010 0005 0003 02 6832"},
                       {"026832", "6832"}},
    [DTLS_EXT_CLIENT_CERTIFICATE_TYPE] = {{"0013 0003 02 0200",
                                           "0013 0001 02"},
                                          {"0200", "02"}},
    [DTLS_EXT_SERVER_CERTIFICATE_TYPE] = {{"0014 0003 02 0200",
                                           "0014 0001 02"},
                                          {"0200", "02"}},
    [DTLS_EXT_USE_SRTP] = {{"000e 0009 0004 0007 0001 02 a1a2",
                            "000e 0005 0002 0001 00"},
                           {"00040007000102a1a2", "0002000100"}},
    [DTLS_EXT_STATUS_REQUEST] = {{"0005 0005 01 0000 0000", "0005 0000"},
                                 {"01", ""}},
    [DTLS_EXT_MAX_FRAGMENT_LENGTH] = {{"0001 0001 03", "0001 0001 03"},
                                      {"03", "03"}},
    [DTLS_EXT_RECORD_SIZE_LIMIT] = {{"001c 0002 2345", "001c 0002 2345"},
                                    {"2345", "2345"}},
    [DTLS_EXT_CONNECTION_ID] = {{"0036 0005 04 c1d2e3f4", "0036 0001 00"},
                                {"c1d2e3f4", ""}},
    [DTLS_EXT_RRC] = {{"003d 0000", "003d 0000"}, {"", ""}},
    [DTLS_EXT_SESSION_TICKET] = {{"0023 0003 b1b2b3", "0023 0000"},
                                 {"b1b2b3", ""}},
};
_Static_assert(LEN(rows) == DTLS_EXT_COUNT, "an extension has no row here");

enum { CLIENT, SERVER };

/* All that an end says, in order or from the last to the first. */
static const char *all_of(int end, bool backward)
{
    static char text[1000];

    text[0] = '\0';
    for (size_t i = 0; i < LEN(rows); i++) {
        const char *said = rows[backward ? LEN(rows) - 1 - i : i].said[end];

        kit_row("extension %zu, %s", i, backward ? "backward" : "forward");
        assert_true(end == SERVER || said != NULL);
        if (said != NULL) {
            assert_true(strlen(text) + strlen(said) < sizeof text);
            strcat(text, said);
        }
    }
    return text;
}

static void check_read(const struct dtls_extensions *ext, int end)
{
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("extension %zu", i);
        assert_int_equal(ext->present[i], rows[i].said[end] != NULL);
        kit_assert_hex(ext->data[i], rows[i].read[end]);
    }
}

/* What was read is built again: the same block, behind its length; and in no
 * less room. */
static void check_put(const struct dtls_extensions *ext, int end)
{
    struct kit_hex block = kit_hex(all_of(end, false));
    uint8_t bytes[sizeof block.data + 2];
    struct dtls_buf out = {bytes, 0, sizeof bytes};
    struct dtls_bytes in;
    struct dtls_bytes inner;

    assert_true(dtls_extensions_put(&out, ext, end == SERVER));
    in = dtls_buf_bytes(&out);
    assert_true(dtls_get_vec16(&in, &inner));
    assert_int_equal(in.len, 0);
    assert_int_equal(inner.len, block.len);
    assert_memory_equal(inner.data, block.data, block.len);
    for (size_t cap = 0; cap < block.len + 2; cap++) {
        struct dtls_buf small = {bytes, 0, cap};

        kit_row("room for %zu bytes", cap);
        assert_false(dtls_extensions_put(&small, ext, end == SERVER));
    }
}

static void every_client_extension_is_read_and_put_the_same(void **state)
{
    struct dtls_extensions ext;

    (void)state;
    proves("D5746-3.2-1");
    proves("D7627-5.1-1");
    proves("D8422-5.1.2-5");
    proves("D7366-2-1");
    assert_int_equal(from_client(&ext, all_of(CLIENT, false)), DTLS_OK);
    check_read(&ext, CLIENT);
    check_put(&ext, CLIENT);
}

static void every_server_extension_is_read_and_put_the_same(void **state)
{
    struct dtls_extensions ext;

    (void)state;
    assert_int_equal(from_server(&ext, all_of(SERVER, false)), DTLS_OK);
    check_read(&ext, SERVER);
    check_put(&ext, SERVER);
}

/* A ticket stands behind what is put, and is counted all the same. */
static void a_front_counts_the_ticket_that_follows(void **state)
{
    struct kit_hex block = kit_hex(all_of(CLIENT, false));
    struct dtls_extensions ext;
    uint8_t bytes[sizeof block.data + 2];
    static uint8_t ticket[0x10000];

    (void)state;
    proves("D5077-3.2-7");
    assert_int_equal(from_client(&ext, all_of(CLIENT, false)), DTLS_OK);
    for (size_t cap = 0; cap <= sizeof bytes; cap++) {
        struct dtls_buf out = {bytes, 0, cap};
        bool fits = cap >= block.len - 3 + 2;

        kit_row("room for %zu bytes", cap);
        assert_int_equal(dtls_extensions_put_front(&out, &ext), fits);
        if (fits) {
            assert_int_equal(out.len, block.len - 3 + 2);
            assert_int_equal(bytes[0] << 8 | bytes[1], block.len);
            assert_memory_equal(&bytes[2], block.data, block.len - 3);
        }
    }
    memset(&ext, 0, sizeof ext);
    ext.present[DTLS_EXT_SESSION_TICKET] = true;
    for (size_t len = 0xffff - 6; len <= 0x10000; len++) {
        struct dtls_buf out = {bytes, 0, sizeof bytes};

        kit_row("a ticket of %zu bytes", len);
        ext.data[DTLS_EXT_SESSION_TICKET] = dtls_bytes_of(ticket, len);
        assert_int_equal(dtls_extensions_put_front(&out, &ext),
                         len + 4 <= 0xffff);
    }
}

static void extensions_may_come_in_any_order(void **state)
{
    struct dtls_extensions ext;

    (void)state;
    proves("D5246-7.4.1.4-3");
    for (int end = CLIENT; end <= SERVER; end++) {
        const char *text = all_of(end, true);

        kit_row("from the %s", kit_role(end));
        assert_int_equal(end == CLIENT ? from_client(&ext, text)
                                       : from_server(&ext, text),
                         DTLS_OK);
        check_read(&ext, end);
    }
}

static void an_empty_block_says_nothing(void **state)
{
    struct dtls_extensions ext = {0};
    uint8_t bytes[2];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    (void)state;
    assert_int_equal(from_client(&ext, ""), DTLS_OK);
    assert_int_equal(from_server(&ext, ""), DTLS_OK);
    for (size_t i = 0; i < DTLS_EXT_COUNT; i++) {
        kit_row("extension %zu", i);
        assert_false(ext.present[i]);
    }
    assert_true(dtls_extensions_put(&out, &ext, false));
    assert_true(dtls_extensions_put(&out, &ext, true));
    assert_int_equal(out.len, 0);
}

/* Cuts inside an extension are refused; between two of them they are not. */
static void check_cut(void *context, struct dtls_bytes prefix)
{
    static const size_t whole[] = {0, 12, 16, 21, 31, 37};
    struct dtls_extensions ext;
    bool is_whole = false;

    (void)context;
    for (size_t i = 0; i < LEN(whole); i++) {
        is_whole |= prefix.len == whole[i];
    }
    assert_int_equal(dtls_extensions_parse_client(&ext, prefix),
                     is_whole ? DTLS_OK : DTLS_DECODE_ERROR);
}

static void a_block_that_is_cut_inside_an_extension_is_refused(void **state)
{
    struct kit_hex all =
        kit_hex(NAME EMS RENEGOTIATION GROUPS FORMATS SIGALGS);

    (void)state;
    proves("D5246-7.4.1.4-7");
    kit_each_prefix(kit_hex_bytes(&all), check_cut, NULL);
}

static void a_type_may_stand_only_once(void **state)
{
    char twice[200];

    (void)state;
    proves("D5246-7.4.1.4-4");
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("%s", rows[i].said[CLIENT]);
        strcpy(twice, rows[i].said[CLIENT]);
        client_gives(twice, DTLS_OK);
        strcat(twice, "0012 0000");
        strcat(twice, rows[i].said[CLIENT]);
        client_gives(twice, DTLS_ILLEGAL_PARAMETER);
    }
    /* Also types that are not ours. */
    client_gives("0012 0000 0012 0000", DTLS_ILLEGAL_PARAMETER);
    client_gives("4a4a 0000 2345 0001 00 4a4a 0000", DTLS_ILLEGAL_PARAMETER);
    client_gives("ffff 0000 ffff 0000", DTLS_ILLEGAL_PARAMETER);
    client_gives("0100 0000 0001 0001 01 0101 0000", DTLS_OK);
    client_gives("003f 0000 0017 0000 003f 0001 77", DTLS_ILLEGAL_PARAMETER);
    server_gives(EMS EMS, DTLS_ILLEGAL_PARAMETER);
    server_gives(RENEGOTIATION EMS RENEGOTIATION, DTLS_ILLEGAL_PARAMETER);
}

static void what_a_server_does_not_know_is_passed_over(void **state)
{
    struct dtls_extensions ext;

    (void)state;
    proves("D5246-7.4.1.4-6");
    proves("D5746-3.6-5");
    assert_int_equal(
        from_client(&ext, "0012 0003 010203 ffff 0000 3a3a 0001 00" EMS),
        DTLS_OK);
    assert_true(ext.present[DTLS_EXT_EXTENDED_MASTER_SECRET]);
    client_gives("0012 0003 0102", DTLS_DECODE_ERROR);
}

/* Does a server ever say an extension of this type? */
static bool is_said(unsigned type)
{
    for (size_t i = 0; i < LEN(rows); i++) {
        if (rows[i].said[SERVER] != NULL &&
            strtoul(rows[i].said[SERVER], NULL, 16) == type) {
            return true;
        }
    }
    return false;
}

static void every_type_but_ours_is_unsolicited_from_a_server(void **state)
{
    (void)state;
    proves("D5246-7.4.1.4-2");
    for (unsigned type = 0; type <= 0xffff; type++) {
        uint8_t bytes[5] = {(uint8_t)(type >> 8), (uint8_t)type, 0, 0, 0};
        struct dtls_extensions ext;

        kit_row("extension %u", type);
        if (is_said(type)) {
            continue;
        }
        assert_int_equal(dtls_extensions_parse_server(&ext, offered_all,
                                                      dtls_bytes_of(bytes, 4)),
                         DTLS_UNSUPPORTED_EXTENSION);
    }
}

static void what_was_not_offered_is_unsolicited(void **state)
{
    (void)state;
    proves("D5246-7.4.1.4-2");
    for (size_t i = 0; i < LEN(rows); i++) {
        const char *said = rows[i].said[SERVER];
        struct kit_hex hex = kit_hex(said != NULL ? said : "");
        bool offered[DTLS_EXT_COUNT];
        struct dtls_extensions ext;

        kit_row("extension %zu", i);
        if (said == NULL) {
            continue;
        }
        memcpy(offered, offered_all, sizeof offered);
        offered[i] = false;
        assert_int_equal(
            dtls_extensions_parse_server(&ext, offered, kit_hex_bytes(&hex)),
            DTLS_UNSUPPORTED_EXTENSION);
        offered[i] = true;
        assert_int_equal(
            dtls_extensions_parse_server(&ext, offered, kit_hex_bytes(&hex)),
            DTLS_OK);
    }
}

static void groups_and_signatures_never_come_from_a_server(void **state)
{
    (void)state;
    proves("D5246-7.4.1.4.1-7");
    server_gives(GROUPS, DTLS_UNSUPPORTED_EXTENSION);
    server_gives(SIGALGS, DTLS_UNSUPPORTED_EXTENSION);
}

static void a_server_name_is_one_host_name(void **state)
{
    struct dtls_extensions ext;

    (void)state;
    client_gives("0000 0000", DTLS_DECODE_ERROR);
    client_gives("0000 0002 0000", DTLS_DECODE_ERROR);
    client_gives("0000 0005 0003 00 0000", DTLS_DECODE_ERROR);
    client_gives("0000 0006 0004 00 0001 61", DTLS_OK);
    client_gives("0000 0006 0004 00 0002 61", DTLS_DECODE_ERROR);
    client_gives("0000 0007 0004 00 0001 61 00", DTLS_DECODE_ERROR);
    client_gives("0000 000a 0008 00 0001 61 00 0001 62", DTLS_DECODE_ERROR);
    /* Another name type is passed over. */
    assert_int_equal(from_client(&ext, "0000 000b 0009 07 0002 7172"
                                       "00 0001 61"),
                     DTLS_OK);
    kit_assert_hex(ext.data[DTLS_EXT_SERVER_NAME], "61");
    server_gives("0000 0001 00", DTLS_DECODE_ERROR);
}

static void an_extended_master_secret_is_empty(void **state)
{
    (void)state;
    proves("D7627-5.1-2");
    client_gives("0017 0001 00", DTLS_DECODE_ERROR);
    server_gives("0017 0001 00", DTLS_DECODE_ERROR);
}

static void renegotiation_info_has_an_inner_length_that_fits(void **state)
{
    struct dtls_extensions ext;

    (void)state;
    proves("D5746-3.4-5");
    client_gives("ff01 0000", DTLS_DECODE_ERROR);
    client_gives("ff01 0001 01", DTLS_DECODE_ERROR);
    client_gives("ff01 0002 00 00", DTLS_DECODE_ERROR);
    client_gives("ff01 0003 03 a1a2", DTLS_DECODE_ERROR);
    server_gives("ff01 0000", DTLS_DECODE_ERROR);
    server_gives("ff01 0002 00 00", DTLS_DECODE_ERROR);
    assert_int_equal(from_client(&ext, "ff01 0004 03 a1a2a3"), DTLS_OK);
    kit_assert_hex(ext.data[DTLS_EXT_RENEGOTIATION_INFO], "a1a2a3");
}

static void a_list_of_numbers_has_whole_numbers_and_one_at_least(void **state)
{
    static const char *const types[] = {"000a", "000d"};

    (void)state;
    proves("D5246-7.4.1.4.1-8");
    proves("D8422-5.1.1-3");
    for (size_t i = 0; i < LEN(types); i++) {
        static const struct {
            const char *data;
            enum dtls_status status;
        } cases[] = {
            {"0000", DTLS_DECODE_ERROR},
            {"0001 00", DTLS_DECODE_ERROR},
            {"0002 0000", DTLS_DECODE_ERROR},
            {"0003 0001 17", DTLS_DECODE_ERROR},
            {"0004 0002 0017", DTLS_OK},
            {"0005 0002 0017 00", DTLS_DECODE_ERROR},
            {"0005 0003 001700", DTLS_DECODE_ERROR},
            {"0006 0004 00170018", DTLS_OK},
            {"0004 0004 0017", DTLS_DECODE_ERROR},
        };
        char text[64];

        kit_row("type %s", types[i]);
        for (size_t k = 0; k < LEN(cases); k++) {
            kit_row("data %s", cases[k].data);
            strcpy(text, types[i]);
            strcat(text, cases[k].data);
            client_gives(text, cases[k].status);
        }
    }
}

static void point_formats_hold_the_uncompressed_one(void **state)
{
    (void)state;
    proves("D8422-5.1-1");
    proves("D8422-5.1.2-4");
    proves("D8422-5.2-1");
    client_gives("000b 0000", DTLS_DECODE_ERROR);
    client_gives("000b 0001 00", DTLS_DECODE_ERROR);
    client_gives("000b 0002 02 00", DTLS_DECODE_ERROR);
    client_gives("000b 0003 01 00 00", DTLS_DECODE_ERROR);
    client_gives("000b 0004 03 010200", DTLS_OK);
    client_gives("000b 0003 02 0102", DTLS_ILLEGAL_PARAMETER);
    server_gives("000b 0002 01 01", DTLS_ILLEGAL_PARAMETER);
    server_gives("000b 0003 02 0100", DTLS_OK);
}

static void protocol_names_are_neither_empty_nor_cut(void **state)
{
    (void)state;
    proves("D7301-3.1-2");
    proves("D7301-3.1-4");
    client_gives("0010 0000", DTLS_DECODE_ERROR);
    client_gives("0010 0002 0000", DTLS_DECODE_ERROR);
    client_gives("0010 0003 0001 00", DTLS_DECODE_ERROR);
    client_gives("0010 0004 0002 01 61", DTLS_OK);
    client_gives("0010 0005 0003 01 61 00", DTLS_DECODE_ERROR);
    client_gives("0010 0005 0002 01 61 00", DTLS_DECODE_ERROR);
    client_gives("0010 0004 0002 02 61", DTLS_DECODE_ERROR);
    client_gives("0010 0006 0004 01 61 01 62", DTLS_OK);
    server_gives("0010 0000", DTLS_DECODE_ERROR);
    server_gives("0010 0002 0000", DTLS_DECODE_ERROR);
    server_gives("0010 0003 0001 00", DTLS_DECODE_ERROR);
    server_gives("0010 0004 0002 01 61", DTLS_OK);
    server_gives("0010 0006 0004 01 61 01 62", DTLS_DECODE_ERROR);
}

static void a_fragment_length_is_one_of_four(void **state)
{
    char text[] = "0001 0001 00";

    (void)state;
    proves("D6066-4-1");
    proves("D6066-4-3");
    client_gives("0001 0000", DTLS_DECODE_ERROR);
    client_gives("0001 0002 0101", DTLS_DECODE_ERROR);
    for (unsigned code = 0; code <= 0xff; code++) {
        enum dtls_status expected =
            code >= 1 && code <= 4 ? DTLS_OK : DTLS_ILLEGAL_PARAMETER;

        kit_row("code %u", code);
        text[10] = "0123456789abcdef"[code >> 4];
        text[11] = "0123456789abcdef"[code & 15];
        client_gives(text, expected);
        server_gives(text, expected);
    }
}

static void a_record_size_limit_is_64_or_more(void **state)
{
    (void)state;
    proves("D8449-4-1");
    proves("D8449-4-5");
    proves("D8449-4-11");
    client_gives("001c 0000", DTLS_DECODE_ERROR);
    client_gives("001c 0001 40", DTLS_DECODE_ERROR);
    client_gives("001c 0003 004000", DTLS_DECODE_ERROR);
    client_gives("001c 0002 0000", DTLS_ILLEGAL_PARAMETER);
    client_gives("001c 0002 003f", DTLS_ILLEGAL_PARAMETER);
    client_gives("001c 0002 0040", DTLS_OK);
    client_gives("001c 0002 4001", DTLS_OK);
    client_gives("001c 0002 ffff", DTLS_OK);
    server_gives("001c 0002 003f", DTLS_ILLEGAL_PARAMETER);
    server_gives("001c 0002 0040", DTLS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_client_extension_is_read_and_put_the_same),
        cmocka_unit_test(every_server_extension_is_read_and_put_the_same),
        cmocka_unit_test(a_front_counts_the_ticket_that_follows),
        cmocka_unit_test(extensions_may_come_in_any_order),
        cmocka_unit_test(an_empty_block_says_nothing),
        cmocka_unit_test(a_block_that_is_cut_inside_an_extension_is_refused),
        cmocka_unit_test(a_type_may_stand_only_once),
        cmocka_unit_test(what_a_server_does_not_know_is_passed_over),
        cmocka_unit_test(every_type_but_ours_is_unsolicited_from_a_server),
        cmocka_unit_test(what_was_not_offered_is_unsolicited),
        cmocka_unit_test(groups_and_signatures_never_come_from_a_server),
        cmocka_unit_test(a_server_name_is_one_host_name),
        cmocka_unit_test(an_extended_master_secret_is_empty),
        cmocka_unit_test(renegotiation_info_has_an_inner_length_that_fits),
        cmocka_unit_test(a_list_of_numbers_has_whole_numbers_and_one_at_least),
        cmocka_unit_test(point_formats_hold_the_uncompressed_one),
        cmocka_unit_test(protocol_names_are_neither_empty_nor_cut),
        cmocka_unit_test(a_fragment_length_is_one_of_four),
        cmocka_unit_test(a_record_size_limit_is_64_or_more),
    };

    offer_all();

    return kit_run(tests);
}
