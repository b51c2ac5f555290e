/* SPDX-License-Identifier: MIT */
/* This library's own settings (nxdtls.h) at their bounds: what is within is
 * taken, by a session and by a server; what is one beyond is NX_SIZE_ERROR,
 * and the setting stays as it was. */
#include "nx_secure/internal.h"

#include "association_kit.h"
#include "kit/rows.h"

/* A setting of a session, or of a server. */
#define SETTER(name, call)                                                    \
    static UINT name(ULONG value)                                             \
    {                                                                         \
        return (call);                                                        \
    }
#define BOTH(name, ...)                                                       \
    SETTER(session_##name, nxdtls_session_##name##_set(&client, __VA_ARGS__)) \
    SETTER(server_##name, nxdtls_server_##name##_set(&server, __VA_ARGS__))

static const UCHAR zeros[2048];

BOTH(mtu, (UINT)value)
BOTH(record_size_limit, (UINT)value)
BOTH(unread_limit, (UINT)value)
BOTH(padding, (UINT)value)
BOTH(path_search, (UINT)value)
BOTH(fingerprints, zeros, value)
BOTH(password, zeros, (UINT)value)
SETTER(session_cid,
       nxdtls_session_connection_id_set(&client, NX_TRUE, (UINT)value))
SETTER(server_cid,
       nxdtls_server_connection_id_set(&server, NX_TRUE, (UINT)value, NX_NULL))
SETTER(max_fragment,
       nxdtls_session_max_fragment_length_set(&client, (UINT)value))

/* A number that stands for several: first, longest, repeats. */
static UINT retransmission(ULONG value, bool of_server)
{
    static const ULONG rows[][3] = {
        {1, 1, 0},          {60000, 600000, 100}, {0, 1000, 5},
        {60001, 600000, 5}, {1000, 999, 5},       {1000, 600001, 5},
        {1000, 2000, 101},
    };
    const ULONG *row = rows[value];

    return of_server ? nxdtls_server_retransmission_set(&server, row[0],
                                                        row[1], (UINT)row[2])
                     : nxdtls_session_retransmission_set(&client, row[0],
                                                         row[1], (UINT)row[2]);
}
SETTER(session_retransmission, retransmission(value, false))
SETTER(server_retransmission, retransmission(value, true))

/* The same: seconds and questions. */
static UINT keepalive(ULONG value, bool of_server)
{
    static const ULONG rows[][2] = {
        {0, 0}, {1, 1}, {86400, 100}, {0, 101}, {86401, 3}, {10, 0}, {10, 101},
    };
    const ULONG *row = rows[value];

    return of_server
               ? nxdtls_server_keepalive_set(&server, row[0], (UINT)row[1])
               : nxdtls_session_keepalive_set(&client, row[0], (UINT)row[1]);
}
SETTER(session_keepalive, keepalive(value, false))
SETTER(server_keepalive, keepalive(value, true))

/* The same: lists of names, each behind its length. */
static UINT protocols(ULONG value, bool of_server)
{
    static UCHAR longest[257] = {253};
    static const struct {
        const char *list;
        ULONG length;
    } rows[] = {
        {"", 0},
        {"\x01"
         "a",
         2},
        {"\x02h2\x04"
         "coap",
         8},
        {NULL, 254},
        {"\x00", 1},
        {"\x02h", 2},
        {"\x01"
         "a\x00",
         3},
        {"\x01"
         "a\x05"
         "coap",
         7},
        {NULL, 256},
    };
    const UCHAR *list =
        rows[value].list != NULL ? (const UCHAR *)rows[value].list : longest;

    longest[254] = 1; /* with which the last row would be a list, too */
    return of_server
               ? nxdtls_server_alpn_set(&server, list, rows[value].length)
               : nxdtls_session_alpn_set(&client, list, rows[value].length);
}
SETTER(session_protocols, protocols(value, false))
SETTER(server_protocols, protocols(value, true))

#define VALUES 6
static const struct setting {
    const char *name;
    UINT (*set)(ULONG value);
    unsigned num_good;
    ULONG good[VALUES];
    unsigned num_bad;
    ULONG bad[VALUES];
} settings[] = {
#define ROW(name, ...)                                                        \
    {"session " #name, session_##name, __VA_ARGS__},                          \
    {                                                                         \
        "server " #name, server_##name, __VA_ARGS__                           \
    }
    ROW(mtu, 2, {256, 65507}, 2, {255, 65508}),
    ROW(record_size_limit, 3, {0, 64, 16384}, 3, {1, 63, 16385}),
    ROW(unread_limit, 2, {1, 65535}, 2, {0, 65536}),
    ROW(padding, 2, {0, 16384}, 1, {16385}),
    ROW(path_search, 3, {0, 1200, 65507}, 3, {1, 1199, 65508}),
    ROW(fingerprints, 2, {0, 64}, 1, {1001}),
    ROW(password, 1, {0}, 2, {NX_SECURE_TLS_MAX_PSK_SIZE + 1, 1000}),
    ROW(cid, 2, {0, 32}, 2, {33, 256}),
    ROW(retransmission, 2, {0, 1}, 5, {2, 3, 4, 5, 6}),
    ROW(keepalive, 4, {0, 1, 2, 3}, 3, {4, 5, 6}),
    ROW(protocols, 4, {0, 1, 2, 3}, 5, {4, 5, 6, 7, 8}),
    {"session max_fragment",
     max_fragment,
     5,
     {0, 512, 1024, 2048, 4096},
     6,
     {1, 511, 513, 1025, 2047, 8192}},
};

/* The options of both, byte for byte. */
struct all_options {
    UCHAR bytes[2][sizeof(struct dtls_nx_options)];
};

static VOID look_at_options(struct all_options *out)
{
    memcpy(out->bytes[0], &dtls_nx_session(&client)->options,
           sizeof out->bytes[0]);
    memcpy(out->bytes[1], &dtls_nx_server(&server)->options,
           sizeof out->bytes[1]);
}

static VOID bounds_body(ULONG input)
{
    (void)input;
    start_nets();
    expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
    expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_SUCCESS);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct setting *s = &settings[i];
        struct all_options before;
        struct all_options after;

        kit_row("%s", s->name);
        for (unsigned n = 0; n < s->num_good; n++) {
            kit_row("%lu", (unsigned long)s->good[n]);
            expect_eq(s->set(s->good[n]), NX_SUCCESS);
        }
        look_at_options(&before);
        for (unsigned n = 0; n < s->num_bad; n++) {
            kit_row("%lu", (unsigned long)s->bad[n]);
            expect_eq(s->set(s->bad[n]), NX_SIZE_ERROR);
        }
        look_at_options(&after);
        expect(memcmp(before.bytes, after.bytes, sizeof before.bytes) == 0);
    }
    expect_eq(dtls_nx_session(&client)->mtu, 65507);
    expect_eq(dtls_nx_server(&server)->mtu, 65507);
    expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    expect_eq(nx_secure_dtls_server_delete(&server), NX_SUCCESS);
    net_finish(&net_a);
    net_finish(&net_b);
}

static void a_setting_beyond_its_bounds_is_refused(void **state)
{
    (void)state;
    kit_run(NXDTLS_PORT_VIRTUAL, bounds_body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_setting_beyond_its_bounds_is_refused),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
