/* SPDX-License-Identifier: MIT */
/* Seeds that are written by hand, or need no handshake (seeds_by_hand.h). */
#include "fuzzers/seeds/seeds_by_hand.h"
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzz_credentials.h"
#include "fuzzers/kit/fuzzed_end.h"
#include "fuzzers/kit/gate.h"
#include "fuzzers/seeds/seed.h"
#include "handshake/resumption.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static void write_text(const char *target, const char *name, const char *bytes,
                       size_t len)
{
    seed_write(target, name, dtls_bytes_of(bytes, len));
}
#define WRITE(target, name, text)                                             \
    write_text(target, name, text, sizeof(text) - 1)

/* Fragments of a message of 64 bytes. */
static void write_fragments(void)
{
    static const struct {
        const char *name;
        uint32_t offset;
        uint32_t len;
    } all[] = {
        {"first_of_client_hello", 0, 20},
        {"middle_of_client_hello", 20, 30},
        {"last_of_client_hello", 50, 14},
    };
    static const uint8_t body[64] = {0xfe, 0xfd, 0x23, 0x45, 0x67};
    static struct seed s;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct dtls_fragment f = {
            .type = DTLS_CLIENT_HELLO,
            .message_len = sizeof body,
            .seq = 0x2345,
            .offset = all[i].offset,
            .body = {&body[all[i].offset], all[i].len},
        };

        seed_begin(&s);
        FUZZ_CHECK(dtls_fragment_put_header(&s.buf, &f));
        seed_bytes(&s, f.body);
        seed_end(&s, "fuzz_fragment", all[i].name);
        seed_end(&s, "fuzz_canary", all[i].name);
    }
    WRITE("fuzz_fragment", "past_the_end_of_its_message",
          "\x0b\0\0\x08\x23\x45\0\0\x06\0\0\x04"
          "abcd");
}

/* The operation `add` of fuzz_reassembly: head, message length, offset,
 * length, bytes. */
static void put_add(struct seed *s, unsigned head, unsigned message_len,
                    unsigned offset, struct dtls_bytes bytes)
{
    seed_u8(s, 0);
    seed_u8(s, head);
    seed_u16(s, message_len);
    seed_u16(s, offset);
    seed_u8(s, (unsigned)bytes.len);
    seed_bytes(s, bytes);
}

static void write_reassembly(void)
{
    static struct seed s;
    struct dtls_bytes text = dtls_bytes_of("0123456789abcdef", 16);

    seed_begin(&s);
    seed_u16(&s, 1000);
    seed_u16(&s, 0x2345);
    for (unsigned i = 0; i < 3; i++) {
        put_add(&s, 4, 48, 16 * (2 - i), text);
    }
    seed_u8(&s, 0xc0);
    seed_end(&s, "fuzz_reassembly", "last_fragment_first");

    seed_begin(&s);
    seed_u16(&s, 64);
    seed_u16(&s, 0xfffe);
    for (unsigned i = 0; i < 4; i++) {
        put_add(&s, 7 - i, 40, 0, text);
    }
    put_add(&s, 4, 40, 10, text);
    put_add(&s, 4, 40, 24, text);
    seed_u8(&s, 0xc0);
    seed_u8(&s, 0xc0);
    seed_end(&s, "fuzz_reassembly", "the_next_pushes_out_later_ones");

    seed_begin(&s);
    seed_u16(&s, 600);
    seed_u16(&s, 7);
    put_add(&s, 4, 20, 0, text);
    put_add(&s, 0x14, 20, 0, text); /* another type */
    put_add(&s, 0x54, 20, 4, text); /* another epoch */
    seed_u8(&s, 0xf0);
    seed_u8(&s, 2);
    put_add(&s, 4, 16, 0, text);
    seed_u8(&s, 0xc0);
    seed_end(&s, "fuzz_reassembly", "contradictions_and_a_seek_back");
    WRITE("fuzz_reassembly", "longer_than_the_arena",
          "\0\x10\0\1\0\x04\1\0\0\0\4abcd");
}

static void write_finished(void)
{
    WRITE("fuzz_finished", "verify_data",
          "\x23\x45\x67\x89\xab\xcd"
          "\xef\x01\x32\x54\x76\x98");
    WRITE("fuzz_finished", "a_byte_short",
          "\x23\x45\x67\x89\xab\xcd"
          "\xef\x01\x32\x54\x76");
    WRITE("fuzz_finished", "a_byte_too_much",
          "\x23\x45\x67\x89\xab\xcd\xef"
          "\x01\x32\x54\x76\x98\xba");
    WRITE("fuzz_finished", "nothing", "");
}

/* Sessions as bytes: format, suite, flags, lengths and times; then scope, peer
 * and secret, of which the first bytes do; identity and id. */
static void write_saved(void)
{
    static const char heads[][19] = {
        "\x01\xc0\xa8\0\0\0\0\0\x05\x26\x5c\0\0\0\0\0\0\0",
        "\x01\xc0\x2b\3\2\0\0\0\x05\x26\x5c\0\0\0\x69\x2b\x71\x80",
        "\x02\xc0\xa8\0\0\0\0\0\x05\x26\x5c\0\0\0\0\0\0\0",
    };
    static const char *const names[] = {"psk", "certificate",
                                        "another_format"};
    static const uint8_t secrets[2 * DTLS_LEAF_LEN + DTLS_MASTER_LEN] = {
        0x5e, 0xc2, 0xe7};
    static struct seed s;

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        seed_begin(&s);
        FUZZ_CHECK(dtls_put_u8(&s.buf, 1));
        seed_bytes(&s, dtls_bytes_of(heads[i], 18));
        seed_bytes(&s, dtls_bytes_of(secrets, sizeof secrets));
        seed_bytes(&s, i == 1 ? dtls_bytes_of("\0\0", 2)
                              : dtls_bytes_of("\6client\0", 8));
        seed_end(&s, "fuzz_saved", names[i]);
        /* How long its ticket may be offered, and the ticket. */
        seed_bytes(&s, dtls_bytes_of("\0\0\0\x36\xee\x80\0\6ticket", 14));
        seed_end(&s, "fuzz_exported", names[i]);
    }
    WRITE("fuzz_exported", "another_version", "\0\2");
    WRITE("fuzz_saved", "a_ticket_of_another",
          "\0"
          "0123456789abcdef0123456789ab"
          "state and tag are not what they should be");
    WRITE("fuzz_saved", "half_a_name",
          "\0"
          "01234567");
}

/* Live associations: role, flags, suite; randoms, secret, both verify_data and
 * the peer's digest, of which the first bytes do; what was agreed, where the
 * records are, both ids. */
static void write_handover(void)
{
    static const struct {
        const char *name;
        const char *front;
        const char *ids;
        size_t ids_len;
    } rows[] = {
        {"psk_server", "\3\1\x32\3\xc0\xa8", "\4abcd\0", 6},
        {"cbc_client", "\1\0\x02\x0f\x00\xae", "\0\4wxyz", 6},
        {"without_an_id", "\3\1\0\3\xc0\x2b", "\0\0", 2},
        {"of_the_other_role", "\1\1\0\3\xc0\xa8", "\4abcd\0", 6},
    };
    static const uint8_t secrets[2 * DTLS_RANDOM_LEN + DTLS_MASTER_LEN +
                                 2 * DTLS_VERIFY_DATA_LEN + DTLS_LEAF_LEN] = {
        0x5e, 0xc2, 0xe7};
    static const uint8_t first_hello[DTLS_RANDOM_LEN] = {0x12, 0x34};
    static struct seed s;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        seed_begin(&s);
        seed_bytes(&s, dtls_bytes_of(rows[i].front, 6));
        seed_bytes(&s, dtls_bytes_of(secrets, sizeof secrets));
        /* No session id, no SRTP, ALPN, the number of Finished. */
        seed_bytes(&s, dtls_bytes_of("\0\0\0\0\4coap\0\5", 11));
        seed_bytes(&s, dtls_bytes_of(first_hello, sizeof first_hello));
        seed_bytes(&s, dtls_bytes_of("\0\1\0\0\0\0\1\x23\0\0\0\0\0\x45"
                                     "\0\0\0\0\1\x22\0\0\0\0\0\2"
                                     "\0\6\0\0\0\0",
                                     32));
        seed_bytes(&s, dtls_bytes_of(rows[i].ids, rows[i].ids_len));
        seed_bytes(&s, dtls_bytes_of("\0\0\0\0\x27\x10", 6));
        seed_end(&s, "fuzz_handover", rows[i].name);
    }
    WRITE("fuzz_handover", "another_version", "\2\2");
}

static void write_odd_messages(void)
{
    WRITE("fuzz_hello_verify", "cookie_of_three",
          "\xfe\xff\x03"
          "abc");
    WRITE("fuzz_hello_verify", "no_cookie", "\xfe\xfd\0");
    WRITE("fuzz_hello_verify", "cut",
          "\xfe\xff\x20"
          "abc");
    WRITE("fuzz_new_session_ticket", "an_hour", "\0\0\x0e\x10\0\6ticket");
    WRITE("fuzz_new_session_ticket", "none_after_all", "\0\0\0\0\0\0");
    WRITE("fuzz_new_session_ticket", "cut", "\0\0\x0e\x10\0\7ticket");
    WRITE("fuzz_certificate", "no_certificate", "\0\0\0");
    WRITE("fuzz_certificate", "an_empty_certificate", "\0\0\3\0\0\0");
    WRITE("fuzz_certificate", "two_of_one_byte", "\0\0\x08\0\0\1a\0\0\1b");
    WRITE("fuzz_certificate_status", "ocsp", "\1\0\0\5\x30\3\x0a\1\0");
    WRITE("fuzz_certificate_status", "another_type", "\2\0\0\1a");
    WRITE("fuzz_certificate_status", "nothing_in_it", "\1\0\0\0");
    WRITE("fuzz_raw_certificate", "no_key", "\0\0\0");
    WRITE("fuzz_raw_certificate", "three_bytes", "\0\0\3key");
    WRITE("fuzz_raw_certificate", "two_keys", "\0\0\3key\0\0\3key");
    WRITE("fuzz_ske_psk", "psk_hint", "\0\4hint");
    WRITE("fuzz_ske_ecdhe", "x25519_by_name", "\3\0\x1d\x04key!\4\3\0\x03sig");
    WRITE("fuzz_certificate_request", "no_authorities",
          "\1\x40\0\4\4\3\5\3\0\0");
    WRITE("fuzz_certificate_request", "two_authorities",
          "\2\1\x40\0\2\4\1\0\7\0\2ab\0\1c");
    WRITE("fuzz_certificate_request", "an_empty_authority",
          "\1\1\0\2\4\1\0\2\0\0");
    WRITE("fuzz_certificate_verify", "one_byte", "\4\3\0\1s");
    WRITE("fuzz_certificate_verify", "no_signature", "\4\3\0\0");
    WRITE("fuzz_cke_psk", "identity", "\0\6client");
    WRITE("fuzz_cke_ecdhe", "no_point", "\0");
}

/* Key exchanges without what they may omit, and with what they may not
 * have. */
static void write_key_exchanges(void)
{
    WRITE("fuzz_ske_psk", "no_hint", "\0\0");
    WRITE("fuzz_ske_psk", "a_byte_too_much", "\0\1hi");
    WRITE("fuzz_ske_ecdhe", "an_explicit_curve", "\1\0\x1d\x01k\4\3\0\1s");
    WRITE("fuzz_ske_ecdhe_psk", "no_hint", "\0\0\3\0\x1d\x04key!");
    WRITE("fuzz_ske_ecdhe_psk", "a_hint", "\0\4hint\3\0\x17\x05point");
    WRITE("fuzz_ske_ecdhe_psk", "a_signature", "\0\0\3\0\x1d\1k\4\3\0\1s");
    WRITE("fuzz_cke_psk", "no_identity", "\0\0");
    WRITE("fuzz_cke_rsa", "nothing_encrypted", "\0\0");
    WRITE("fuzz_cke_rsa", "without_its_length", "\x23\x45\x67\x89");
    WRITE("fuzz_cke_ecdhe", "a_point", "\5point");
    WRITE("fuzz_cke_ecdh", "a_point", "\5point");
    WRITE("fuzz_cke_ecdh", "no_point", "\0");
    WRITE("fuzz_cke_ecdh", "implicit", "");
    WRITE("fuzz_cke_ecdhe_psk", "identity_and_point", "\0\6client\5point");
    WRITE("fuzz_cke_ecdhe_psk", "no_identity", "\0\0\5point");
    WRITE("fuzz_cke_ecjpake", "key", "\3key\5proof\1r");
    WRITE("fuzz_cke_ecjpake", "no_number", "\3key\5proof\0");
    WRITE("fuzz_cke_ecjpake", "two_keys", "\3key\5proof\1r\3key\5proof\1r");
    WRITE("fuzz_ske_ecjpake", "curve_and_key", "\3\0\x17\3key\5proof\1r");
    WRITE("fuzz_ske_ecjpake", "another_curve", "\3\0\x18\3key\5proof\1r");
    WRITE("fuzz_ske_ecjpake", "no_named_curve", "\1\0\x17\3key\5proof\1r");
    WRITE("fuzz_ske_ecjpake", "one_byte_more", "\3\0\x17\3key\5proof\1r!");
    WRITE("fuzz_key_kp_pair", "two_keys", "\3one\5proof\1r\3two\5proof\1r");
    WRITE("fuzz_key_kp_pair", "one_key", "\3one\5proof\1r");
    WRITE("fuzz_key_kp_pair", "three_keys",
          "\3one\1p\1r\3two\1p\1r\5three\1p\1r");
    WRITE("fuzz_cke_ecdhe_psk", "no_point", "\0\6client\0");
}

static void write_extensions(void)
{
    WRITE("fuzz_extensions", "server_name",
          "\0\0\0\0\0\x0e\0\x0c\0\0\x09localhost");
    WRITE("fuzz_extensions", "a_type_twice", "\0\0\0\x17\0\0\0\x17\0\0");
    WRITE("fuzz_extensions", "compressed_points_only", "\0\0\0\x0b\0\2\1\1");
    WRITE("fuzz_extensions", "not_offered", "\x80\0\0\x17\0\0");
    WRITE("fuzz_extensions", "unknown_ones", "\0\0\x23\x45\0\2ab\x67\x89\0\0");
    WRITE("fuzz_extensions", "two_protocols", "\0\0\0\x10\0\x08\0\6\2h2\2h3");
    WRITE("fuzz_extensions", "one_protocol_chosen",
          "\xff\xff\0\x10\0\5\0\3\2h2");
    WRITE("fuzz_extensions", "both_lengths",
          "\xff\xff\0\1\0\1\3\0\x1c\0\2\x23\x45");
}

static void write_moves(void)
{
    WRITE("fuzz_moves", "to_another_address", "\0\5\7\5\0\0\5\0\0\3\0\7");
    WRITE("fuzz_moves", "twice_and_back",
          "\0\5\7\5\0\0\0\6\7\5\0\0\0\0\1\5\0\0");
    WRITE("fuzz_moves", "a_replay_and_a_forgery",
          "\1\200\0\2\201\71\2\202\13\3\0\7");
    WRITE("fuzz_moves", "no_answer_in_time",
          "\0\5\7\4\0\42\4\0\42\4\0\42\4\0\42\5\0\0");
    WRITE("fuzz_moves", "much_for_an_unknown_address",
          "\0\5\7\3\0\77\3\0\77\3\0\1\3\0\77\5\0\0");
}

static void write_alerts(void)
{
    WRITE("fuzz_alert", "close_notify_to_client", "\2\0\2\1\0");
    WRITE("fuzz_alert", "close_notify_to_server", "\3\0\2\1\0\0\2\1\0");
    WRITE("fuzz_alert", "fatal_in_a_handshake", "\1\1\2\2\x28");
    WRITE("fuzz_alert", "warning_then_fatal", "\2\0\2\1\x5a\0\2\2\x14");
    WRITE("fuzz_alert", "in_the_clear_when_connected", "\3\1\2\2\x28");
    WRITE("fuzz_alert", "odd_lengths", "\3\0\0\0\1\2\0\3\2\x28\0\0\2\1\0");
    WRITE("fuzz_alert", "close_notify_of_no_level", "\2\0\2\3\0");
}

/* The same record with a connection id, and with one bit changed: of its id,
 * its number, its type, its last byte. */
static void write_open_with_cid(const struct dtls_suite *suite,
                                const char *name, unsigned which)
{
    static const struct {
        const char *what;
        unsigned offset;
    } all[] = {
        {"cid", 12}, {"cid_number", 10}, {"cid_type", 0}, {"cid_mac", 50}};
    unsigned how = suite->cipher == DTLS_CIPHER_CBC && which % 2 != 0 ? 7 : 5;
    static struct seed s;
    char named[100];

    seed_begin(&s);
    seed_u16(&s, suite->id);
    seed_u8(&s, how);
    seed_u8(&s, which);
    seed_u16(&s, 0xffff);
    (void)snprintf(named, sizeof named, "%s_with_cid", name);
    seed_end(&s, "fuzz_open", named);
    seed_u16(&s, all[which % (sizeof all / sizeof *all)].offset);
    seed_u8(&s, 1);
    (void)snprintf(named, sizeof named, "%s_%s_changed", name,
                   all[which % (sizeof all / sizeof *all)].what);
    seed_end(&s, "fuzz_open", named);
}

/* Records of type tls12_cid (RFC 9146, 4), with ids of fuzz_record.c. */
static void write_records_with_cid(void)
{
    WRITE("fuzz_record", "cid_of_8_bytes",
          "\x19\xfe\xfd\0\1\0\0\x23\x45\x67\x89"
          "\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\0\4abcd");
    WRITE("fuzz_record", "another_cid_of_8_bytes",
          "\x19\xfe\xfd\0\1\0\0\x23\x45\x67\x89"
          "\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc9\0\4abcd");
    WRITE("fuzz_record", "cid_of_1_byte_then_a_record_without",
          "\x19\xfe\xfd\0\1\0\0\x23\x45\x67\x89\xc1\0\2ab"
          "\x15\xfe\xfd\0\0\0\0\x23\x45\x67\x8a\0\2\1\0");
    WRITE("fuzz_record", "cid_cut_in_its_id",
          "\x19\xfe\xfd\0\1\0\0\x23\x45\x67\x89\xc1\xc2\xc3");
    WRITE("fuzz_record", "cid_too_long",
          "\x19\xfe\xfd\0\1\0\0\x23\x45\x67\x89"
          "\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\x48\1abcd");
    WRITE("fuzz_open", "a_record_with_cid_that_nobody_sealed",
          "\xc0\x2b\4\x19\xfe\xfd\0\1\x23\x45\x67\x89\1\0"
          "\xc1\xc2\xc3\xc4\xc5\xc6\xc7\xc8\0\x18"
          "0123456789abcdef01234567");
}

/* A record of every suite, and of some a changed one. */
static void write_open(void)
{
    static struct seed s;
    const struct dtls_suite *suite;

    for (unsigned i = 0; (suite = dtls_suite_at(i)) != NULL; i++) {
        char name[80];
        size_t len = strlen(suite->name);

        for (size_t c = 0; c <= len; c++) {
            name[c] = (char)tolower((unsigned char)suite->name[c]);
        }
        seed_begin(&s);
        seed_u16(&s, suite->id);
        seed_u8(&s, suite->cipher == DTLS_CIPHER_CBC && i % 2 != 0 ? 3 : 1);
        seed_u8(&s, i);
        seed_u16(&s, 0xffff);
        seed_end(&s, "fuzz_open", name);
        if (i % 5 == 0) {
            write_open_with_cid(suite, name, i);
        }
        if (i % 8 != 0) {
            continue;
        }
        (void)snprintf(&name[len], sizeof name - len, "_changed");
        seed_u16(&s, 60 + i);
        seed_u8(&s, 1u << i % 8);
        seed_end(&s, "fuzz_open", name);
    }
    WRITE("fuzz_open", "a_record_that_nobody_sealed",
          "\xc0\x2b\0\x17\xfe\xfd\0\1\x23\x45\x67\x89\1\0\0\x18"
          "0123456789abcdef01234567");
}

/* How a ClientHello looks.  NOT_SEEN: its cookie says that the lists were not
 * seen.  CUT: it is a fragment that ends with the cookie. */
enum { NOT_SEEN = 1, CUT = 2 };

/* A ClientHello with a cookie of this length, or with none. */
static void put_hello(struct seed *s, size_t cookie_len, unsigned looks)
{
    static const uint8_t suites[] = {0xc0, 0xa8, 0x00, 0xff};
    uint8_t bytes[64] = {0xa3, 0x45, 0x67, 0x89};
    struct dtls_client_hello m = {
        .version = DTLS_VERSION_1_2,
        .random = {bytes, DTLS_RANDOM_LEN},
        .cookie = {bytes, cookie_len},
        .suites = {suites, sizeof suites},
        .compression = {&bytes[63], 1},
    };
    struct dtls_fragment f = {.type = DTLS_CLIENT_HELLO, .seq = 1};
    uint8_t body_bytes[256];
    struct dtls_buf body = {body_bytes, 0, sizeof body_bytes};

    if ((looks & NOT_SEEN) != 0) {
        bytes[0] = 0x23;
    }
    FUZZ_CHECK(dtls_client_hello_put(&body, &m));
    f.message_len = (uint32_t)body.len;
    if ((looks & CUT) != 0) {
        body.len -= 2 + sizeof suites + 1 + 1;
    }
    f.body = dtls_buf_bytes(&body);
    seed_u16(s, (unsigned)(DTLS_RECORD_HEADER_LEN + DTLS_FRAGMENT_HEADER_LEN +
                           body.len));
    FUZZ_CHECK(dtls_record_put_header(&s->buf, DTLS_HANDSHAKE,
                                      DTLS_VERSION_1_0, 0, 1,
                                      DTLS_FRAGMENT_HEADER_LEN + body.len) &&
               dtls_fragment_put_header(&s->buf, &f));
    seed_bytes(s, f.body);
}

static void write_cookies(void)
{
    static const struct {
        const char *name;
        unsigned how;
        size_t cookie_len;
        unsigned looks;
    } all[] = {
        {"no_cookie", 0, 0, 0},
        {"a_wrong_cookie", 0, 32, 0},
        {"a_right_cookie", 4, 32, 0},
        {"the_cookie_of_another_address", 9, 32, 0},
        {"an_old_cookie", 4 | 16, 32, 0},
        {"a_long_cookie", 4, 33, 0},
        {"a_front_without_a_cookie", 0, 0, CUT},
        {"a_front_of_seen_lists", 4 | 16, 32, CUT},
        {"a_front_of_lists_not_seen", 4, 32, CUT | NOT_SEEN},
        {"lists_not_seen", 4 | 16, 32, NOT_SEEN},
    };
    static struct seed s;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        seed_begin(&s);
        seed_u16(&s, 0);
        seed_u8(&s, all[i].how);
        put_hello(&s, all[i].cookie_len, all[i].looks);
        seed_u16(&s, 0xffff);
        seed_u8(&s, all[i].how);
        put_hello(&s, all[i].cookie_len, all[i].looks);
        seed_end(&s, "fuzz_cookie", all[i].name);
    }
}

static void write_certificate(const char *name, const char *host,
                              struct dtls_bytes der)
{
    static struct seed s;

    seed_begin(&s);
    FUZZ_CHECK(dtls_put_vec8(&s.buf, dtls_bytes_of(host, strlen(host))));
    seed_bytes(&s, der);
    seed_end(&s, "fuzz_x509", name);
    seed_write("fuzz_diff_x509_gnutls", name, der);
}

static void write_x509(void)
{
    const struct dtls_cert_item *anchors = fuzz_anchors();

    write_certificate("ec_server", "localhost",
                      fuzz_credential(FUZZ_SERVER_EC, true)->cert.der);
    write_certificate("ec_client", "",
                      fuzz_credential(FUZZ_CLIENT_EC, true)->cert.der);
    write_certificate("rsa_server", "localhost",
                      fuzz_credential(FUZZ_SERVER_RSA, true)->cert.der);
    write_certificate("rsa_server_by_ipv4", "127.0.0.1",
                      fuzz_credential(FUZZ_SERVER_RSA, true)->cert.der);
    write_certificate("rsa_server_by_ipv6", "::1",
                      fuzz_credential(FUZZ_SERVER_RSA, true)->cert.der);
    write_certificate("ec_root", "root", anchors->cert->der);
    write_certificate("rsa_root", "root", anchors->next->cert->der);
}

static void write_pkcs8(const char *name, enum fuzz_credential which)
{
    struct dtls_bytes der = fuzz_credential_key(which);
    const unsigned char *at = der.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)der.len);
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    unsigned char *bytes = NULL;
    int len = i2d_PKCS8_PRIV_KEY_INFO(info, &bytes);

    FUZZ_CHECK(len > 0);
    seed_write("fuzz_pkcs8", name, dtls_bytes_of(bytes, (size_t)len));
    OPENSSL_free(bytes);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(key);
}

static void put_pem(BIO *bio, const char *name, const char *header,
                    struct dtls_bytes der)
{
    FUZZ_CHECK(PEM_write_bio(bio, name, header, der.data, (long)der.len) > 0);
}

/* A file of PEM blocks, in which fuzz_pem looks for `kind`. */
static void write_pem_file(const char *name, unsigned kind, BIO *bio)
{
    static struct seed s;
    char *text;
    long len = BIO_get_mem_data(bio, &text);

    seed_begin(&s);
    seed_u8(&s, kind);
    seed_bytes(&s, dtls_bytes_of(text, (size_t)len));
    seed_end(&s, "fuzz_pem", name);
    (void)BIO_reset(bio);
}

static void write_pem(void)
{
    static const char encrypted[] =
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,"
        "0123456789ABCDEF0123456789ABCDEF\n";
    struct dtls_bytes ec = fuzz_credential_key(FUZZ_SERVER_EC);
    struct dtls_bytes cert = fuzz_credential(FUZZ_SERVER_EC, true)->cert.der;
    BIO *bio = BIO_new(BIO_s_mem());

    put_pem(bio, PEM_STRING_X509, "", cert);
    put_pem(bio, PEM_STRING_ECPRIVATEKEY, "", ec);
    put_pem(bio, PEM_STRING_X509, "",
            fuzz_credential(FUZZ_CLIENT_EC, true)->cert.der);
    write_pem_file("two_certificates", 0, bio);
    put_pem(bio, PEM_STRING_ECPARAMETERS, "",
            dtls_bytes_of("\6\10\x2a\x86\x48\xce\x3d\3\1\7", 10));
    put_pem(bio, PEM_STRING_ECPRIVATEKEY, "", ec);
    write_pem_file("parameters_and_key", 1, bio);
    put_pem(bio, PEM_STRING_ECPRIVATEKEY, encrypted, ec);
    put_pem(bio, PEM_STRING_PKCS8, "", ec);
    write_pem_file("encrypted_keys", 1, bio);
    put_pem(bio, PEM_STRING_X509_CRL, "", cert);
    write_pem_file("crl", 2, bio);
    (void)BIO_write(bio, cert.data, (int)cert.len);
    write_pem_file("der", 0, bio);
    BIO_free(bio);
}

static void write_private_keys(void)
{
    struct dtls_bytes ec = fuzz_credential_key(FUZZ_SERVER_EC);
    struct dtls_bytes rsa = fuzz_credential_key(FUZZ_SERVER_RSA);

    seed_write("fuzz_sec1", "secp256r1", ec);
    seed_write("fuzz_sec1", "secp256r1_of_a_client",
               fuzz_credential_key(FUZZ_CLIENT_EC));
    seed_write("fuzz_sec1", "cut", dtls_bytes_of(ec.data, ec.len - 7));
    seed_write("fuzz_pkcs1", "rsa_2048", rsa);
    seed_write("fuzz_pkcs1", "cut", dtls_bytes_of(rsa.data, rsa.len / 2));
    WRITE("fuzz_pkcs1", "too_small",
          "\x30\x1b\2\1\0\2\1\x23\2\1\3\2\1\x17\2\1\5\2\1\7\2\1\3"
          "\2\1\5\2\1\3");
    write_pkcs8("ec", FUZZ_CLIENT_EC);
    write_pkcs8("rsa", FUZZ_SERVER_RSA);
    WRITE("fuzz_pkcs8", "no_key",
          "\x30\x13\2\1\0\x30\x0c\6\7\x2a\x86\x48\xce\x3d\2\1\5\0\4\0");
}

static void write_x509_parts(void)
{
    static const struct {
        const char *name;
        enum fuzz_credential which;
    } all[] = {{"ec_server", FUZZ_SERVER_EC},
               {"ec_client", FUZZ_CLIENT_EC},
               {"rsa_server", FUZZ_SERVER_RSA}};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct dtls_cert *cert =
            &fuzz_credential(all[i].which, true)->cert;

        seed_write("fuzz_x509_name", all[i].name, cert->subject);
        seed_write("fuzz_x509_extensions", all[i].name, cert->extensions);
    }
    seed_write("fuzz_x509_name", "root", fuzz_anchors()->cert->subject);
    seed_write("fuzz_x509_extensions", "root",
               fuzz_anchors()->cert->extensions);
    WRITE("fuzz_x509_name", "nothing_in_it", "\x30\0");
    WRITE("fuzz_x509_extensions", "a_critical_unknown_one",
          "\x30\x0a\6\3\x55\x1d\x7f\1\1\xff\4\0");
    WRITE("fuzz_x509_time", "utc",
          "\x17\x0d"
          "261121124553Z");
    WRITE("fuzz_x509_time", "utc_of_1950",
          "\x17\x0d"
          "500101000000Z");
    WRITE("fuzz_x509_time", "generalized",
          "\x18\x0f"
          "20500228235959Z");
    WRITE("fuzz_x509_time", "a_leap_day",
          "\x18\x0f"
          "20000229000000Z");
    WRITE("fuzz_x509_time", "no_such_day",
          "\x17\x0d"
          "270229000000Z");
    WRITE("fuzz_x509_time", "an_offset",
          "\x17\x11"
          "261121124553+0100");
}

/* Extensions of certificates, one in each seed (RFC 5280, 4.2.1). */
static void write_x509_extensions(void)
{
    WRITE("fuzz_x509_extensions", "policies",
          "\x30\x10\x06\x03\x55\x1d\x20\x04\x09\x30\x07\x30\x05\x06\x03\x2a"
          "\x03\x04");
    WRITE("fuzz_x509_extensions", "policy_with_an_address",
          "\x30\x28\x06\x03\x55\x1d\x20\x04\x21\x30\x1f\x30\x1d\x06\x03\x2a"
          "\x03\x04\x30\x16\x30\x14\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x01"
          "\x16\x08\x68\x74\x74\x70\x3a\x2f\x2f\x61");
    WRITE("fuzz_x509_extensions", "policy_with_a_notice",
          "\x30\x23\x06\x03\x55\x1d\x20\x04\x1c\x30\x1a\x30\x18\x06\x03\x2a"
          "\x03\x04\x30\x11\x30\x0f\x06\x08\x2b\x06\x01\x05\x05\x07\x02\x02"
          "\x30\x03\x0c\x01\x78");
    WRITE("fuzz_x509_extensions", "crl_point",
          "\x30\x19\x06\x03\x55\x1d\x1f\x04\x12\x30\x10\x30\x0e\xa0\x0c\xa0"
          "\x0a\x86\x08\x68\x74\x74\x70\x3a\x2f\x2f\x61");
    WRITE("fuzz_x509_extensions", "crl_point_with_reasons",
          "\x30\x1b\x06\x03\x55\x1d\x1f\x04\x14\x30\x12\x30\x10\x81\x02\x01"
          "\x06\xa2\x0a\x86\x08\x68\x74\x74\x70\x3a\x2f\x2f\x61");
    WRITE("fuzz_x509_extensions", "edi_party",
          "\x30\x15\6\3\x55\x1d\x11\4\x0e\x30\x0c\xa5\x0a\xa0\3\x0c\1y"
          "\xa1\3\x0c\1x");
    WRITE("fuzz_x509_extensions", "x400_address",
          "\x30\x0d\6\3\x55\x1d\x11\4\6\x30\4\xa3\2\x30\0");
    WRITE("fuzz_x509_extensions", "key_purpose",
          "\x30\x13\x06\x03\x55\x1d\x25\x04\x0c\x30\x0a\x06\x08\x2b\x06\x01"
          "\x05\x05\x07\x03\x01");
    WRITE("fuzz_x509_extensions", "authority_by_serial",
          "\x30\x1c\x06\x03\x55\x1d\x23\x04\x15\x30\x13\x80\x02\xaa\xbb\xa1"
          "\x0a\x86\x08\x68\x74\x74\x70\x3a\x2f\x2f\x61\x82\x01\x05");
    WRITE("fuzz_x509_extensions", "every_general_name",
          "\x30\x38\x06\x03\x55\x1d\x11\x04\x31\x30\x2f\xa0\x0a\x06\x03\x2a"
          "\x03\x04\xa0\x03\x0c\x01\x78\x81\x03\x61\x40\x62\x82\x03\x61\x2e"
          "\x62\xa4\x02\x30\x00\x86\x08\x68\x74\x74\x70\x3a\x2f\x2f\x61\x87"
          "\x04\x7f\x00\x00\x01\x88\x03\x2a\x03\x04");
    WRITE("fuzz_x509_extensions", "name_constraints",
          "\x30\x09\x06\x03\x55\x1d\x1e\x04\x02\x30\x00");
}

static void write_hosts(void)
{
    WRITE("fuzz_x509_host", "localhost", "\0localhost");
    WRITE("fuzz_x509_host", "ipv4",
          "\2"
          "127.0.0.1");
    WRITE("fuzz_x509_host", "ipv6", "\2::1");
    WRITE("fuzz_x509_host", "ipv6_in_full",
          "\2"
          "0:0:0:0:0:0:0:1");
    WRITE("fuzz_x509_host", "ipv4_in_ipv6", "\2::ffff:127.0.0.1");
    WRITE("fuzz_x509_host", "upper_case", "\0LOCALHOST");
    WRITE("fuzz_x509_host", "a_dot_at_the_end", "\0localhost.");
}

static void write_options(void)
{
    WRITE("fuzz_options", "client_psk",
          "\0\0--psk\0id:23456789\0--send\0hi\0localhost:4433\0");
    WRITE("fuzz_options", "server_everything",
          "\1\0--psk=a:23\0--hint=h\0--cert=c\0--key=k\0--ca=a\0"
          "--client-auth\0--mtu=1280\0--timeout=5\0--sessions=7\0--echo\0"
          "--keylog=l\0-v\0[::1]:0\0");
    WRITE("fuzz_options", "key_in_a_file",
          "\2\x09"
          "23456789\n127.0.0.1:4433\0");
    WRITE("fuzz_options", "suites",
          "\0\0--cipher\0c0a8,0xC02B,TLS_PSK_WITH_AES_128_CCM_8\0--psk=a:2a\0"
          "127.0.0.1:1\0");
    WRITE("fuzz_options", "nothing", "");
    WRITE("fuzz_options", "client_name",
          "\0\0--ca=roots.pem\0--name\0example.org\0--no-stdin\0"
          "10.0.0.1:65535\0");
}

static void write_sessions(void)
{
    WRITE("fuzz_ccs", "early_to_server", "\1\1\1\1");
    WRITE("fuzz_ccs", "early_to_client", "\0\1\1\1\1\1\1");
    WRITE("fuzz_ccs", "malformed", "\1\1\0\1\1\2\1\2\1\1");
    WRITE("fuzz_ccs", "protected_when_connected", "\3\0\1\1\1\1\1");
    WRITE("fuzz_ignored", "hello_request_in_a_handshake", "\0\0\0\0\0\2\0");
    WRITE("fuzz_ignored", "hello_request_when_connected", "\2\0\0\0\0");
    WRITE("fuzz_ignored", "hello_request_with_a_body", "\0\0\3abc");
    WRITE("fuzz_ignored", "ticket_in_a_handshake", "\0\1\6\0\0\x0e\x10\0\0");
    WRITE("fuzz_ignored", "ticket_when_connected", "\2\1\6\0\0\x0e\x10\0\0");
    WRITE("fuzz_ignored", "to_a_server", "\1\0\0");
    WRITE("fuzz_ignored", "to_a_connected_server", "\3\0\0\1\0");
    /* kind, knobs, how, steps: fuzz_resume.c. */
    WRITE("fuzz_resume", "by_id", "\0\0\0");
    WRITE("fuzz_resume", "by_ticket", "\0\0\1");
    WRITE("fuzz_resume", "ecdsa_by_ticket", "\1\0\1");
    WRITE("fuzz_resume", "client_certificate_by_id", "\2\0\0");
    WRITE("fuzz_resume", "client_certificate_by_ticket", "\2\0\1");
    WRITE("fuzz_resume", "rsa_by_ticket", "\3\0\1");
    WRITE("fuzz_resume", "ecdhe_psk_by_id", "\4\0\0");
    WRITE("fuzz_resume", "options", "\x41\0\1");
    WRITE("fuzz_resume", "server_began_anew", "\0\0\3");
    WRITE("fuzz_resume", "cache_is_lost", "\0\0\2");
    WRITE("fuzz_resume", "ticket_is_spoilt", "\0\0\5\0\x20\1");
    WRITE("fuzz_resume", "id_is_spoilt", "\0\0\4\0\3\1");
    WRITE("fuzz_resume", "too_late", "\0\0\x9");
    WRITE("fuzz_resume", "carried", "\0\0\x11");
    WRITE("fuzz_resume", "carried_by_id", "\0\0\x10");
    WRITE("fuzz_resume", "carried_with_a_certificate", "\2\0\x11");
    WRITE("fuzz_resume", "sealed_by_a_stranger", "\0\0\x51");
    WRITE("fuzz_resume", "ticket_beside_a_cache", "\0\0\x21");
    WRITE("fuzz_resume", "renegotiates", "\x80\0\1");
    WRITE("fuzz_resume", "no_cookie", "\0\1\1");
    WRITE("fuzz_resume", "loses_the_hello", "\0\0\1\1\4\x10\0");
    WRITE("fuzz_resume", "loses_finished", "\0\0\1\0\0\0\1\4\x10\0");
    WRITE("fuzz_resume", "loses_the_last_flight", "\0\0\1\0\0\0\0\1\4\x10\0");
    WRITE("fuzz_resume", "damage", "\0\0\1\0\0\0\3\0\x30\1");
    WRITE("fuzz_identity", "known", "\0client");
    WRITE("fuzz_identity", "the_other", "\2other");
    WRITE("fuzz_identity", "with_the_wrong_key", "\2client");
    WRITE("fuzz_identity", "unknown", "\0clienu");
    WRITE("fuzz_identity", "unknown_and_hidden", "\1clienu");
    WRITE("fuzz_identity", "ecdhe_known", "\4client");
    WRITE("fuzz_identity", "ecdhe_unknown", "\4nobody");
    WRITE("fuzz_identity", "empty", "\0");
    /* how, offset, bits: fuzz_password.c. */
    WRITE("fuzz_password", "right", "\0\0\0\0");
    WRITE("fuzz_password", "wrong", "\1\0\0\0");
    WRITE("fuzz_password", "servers_first_key", "\0\0\x28\1");
    WRITE("fuzz_password", "clients_second_proof", "\2\1\x28\1");
    WRITE("fuzz_password", "servers_curve", "\4\0\2\xf");
    WRITE("fuzz_password", "servers_third_key", "\4\0\x28\1");
    WRITE("fuzz_password", "clients_third_number", "\6\0\x90\1");
    WRITE("fuzz_password", "clients_third_length", "\6\0\0\1");
}

/* Services by their number in fuzz_api.c: create, psk_add, start, send,
 * receive, end, reset, delete, raw, sleep, stop, start, ask. */
static void write_calls(void)
{
    WRITE("fuzz_api", "connect_echo_end",
          "\0\0\1\0\0\2\0\x60\3\0\0\x17\4\0\x20\x0c\0\5\0\x10\7");
    WRITE("fuzz_api", "two_clients",
          "\0\0\x82\0\1\0\0\1\1\0\2\0\x60\x84\0\x60\3\0\1\x17\3\1\0\x17"
          "\4\0\x20\4\1\x20\7\x85");
    WRITE("fuzz_api", "again_from_the_same_port",
          "\0\0\1\0\0\2\0\x60\6\0\2\0\x60\3\0\0\5\4\0\x20\5\0\x10");
    WRITE("fuzz_api", "nobody_there", "\0\0\1\0\0\2\7\x40\5\0\0");
    WRITE("fuzz_api", "missing_pointers",
          "\0\1\0\2\0\3\0\5\0\x8\0\0\1\0\1\1\0\2\2\x40\5\2\x80\5\4\xff\0");
    WRITE("fuzz_api", "server_stops_and_starts",
          "\0\0\1\0\0\2\0\x60\x0a\4\0\x05\x0b\5\0\0\2\0\x60\x0c\x10");
    WRITE("fuzz_api", "raw_datagrams",
          "\x08\0\x0f\x16\xfe\xff\0\0\0\0\0\0\0\0\0\2\1\0\x08\0\0\x0c\x10");
}

/* kind, knobs, then what the network does (fuzz_pair.c). */
static void write_pairs(const char *target)
{
    static struct seed s;

    for (unsigned kind = 0; kind < FUZZ_KINDS; kind++) {
        char name[32];

        (void)snprintf(name, sizeof name, "quiet_kind_%u", kind);
        seed_begin(&s);
        seed_u8(&s, FUZZ_KIND(kind, 1));
        seed_u8(&s, 0);
        for (unsigned i = 0; i < 24; i++) {
            seed_u8(&s, 0);
        }
        seed_bytes(&s, dtls_bytes_of("\7\0\7\1\0\0", 6));
        seed_end(&s, target, name);
    }
    WRITE(target, "loss_and_repeats",
          "\5\0\0\2\6\4\0\3\0\3\0\2\2\6\x10\0\3\0\3\0\0\7\0\3\0");
    WRITE(target, "the_last_first",
          "\6\x10\0\0\0\1\7\1\6\1\5\1\4\1\3\1\2\1\1\0\0\0");
    WRITE(target, "damage_and_cuts",
          "\5\1\4\0\x20\1\6\4\0\0\5\0\x30\6\4\0\0\0\0");
    WRITE(target, "inventions",
          "\5\1\0\x8\1\x0f\x15\xfe\xfd\0\0\0\0\0\0\0\x23\0\2\2\x28\0\0");
}

void seeds_write_by_hand(void)
{
    write_fragments();
    write_reassembly();
    write_finished();
    write_odd_messages();
    write_saved();
    write_handover();
    write_key_exchanges();
    write_extensions();
    write_moves();
    write_alerts();
    write_open();
    write_records_with_cid();
    write_cookies();
    write_x509();
    write_private_keys();
    write_pem();
    write_x509_parts();
    write_x509_extensions();
    write_hosts();
    write_options();
    write_sessions();
    write_pairs("fuzz_pair");
    write_pairs("fuzz_pair_null");
    write_calls();
}
