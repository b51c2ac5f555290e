/* SPDX-License-Identifier: MIT */
/* The method object of EC-JPAKE with what it cannot use: each has its status,
 * and the exchange goes on. */
#include "nx_crypto_ecjpake.h"

#define AREA sizeof(NX_CRYPTO_ECJPAKE)
#include "methods_kit.h"

static const UCHAR password[] = "J01NU5";
static NX_CRYPTO_METHOD *const method = &crypto_method_auth_ecjpake;

/* A message, as an operation writes it. */
struct message {
    UCHAR bytes[400];
    NX_CRYPTO_EXTENDED_OUTPUT out;
};

/* The two ends of an exchange. */
static struct use client;
static struct use server;

static UINT generate(struct use *use, UINT number, struct message *m,
                     ULONG room)
{
    m->out = (NX_CRYPTO_EXTENDED_OUTPUT){m->bytes, room, 0};
    return op(use, number,
              (struct args){.output = &m->out, .output_len = sizeof m->out});
}

static UINT process(struct use *use, UINT number, const struct message *m,
                    UCHAR *secret, ULONG room)
{
    return op(use, number,
              (struct args){.input = m->bytes,
                            .input_len =
                                m->out.nx_crypto_extended_output_actual_size,
                            .output = secret,
                            .output_len = room});
}

/* Both ends after their hellos. */
static void greet(void)
{
    struct message m;

    OK(begin(&client, method, password, 48));
    OK(begin(&server, method, password, 48));
    OK(generate(&client, NX_CRYPTO_ECJPAKE_CLIENT_HELLO_GENERATE, &m, 400));
    OK(process(&server, NX_CRYPTO_ECJPAKE_CLIENT_HELLO_PROCESS, &m, NULL, 0));
    OK(generate(&server, NX_CRYPTO_ECJPAKE_SERVER_HELLO_GENERATE, &m, 400));
    OK(process(&client, NX_CRYPTO_ECJPAKE_SERVER_HELLO_PROCESS, &m, NULL, 0));
}

static void forget(void)
{
    end(&client);
    end(&server);
}

static void an_area_that_is_too_small_is_not_used(void **state)
{
    ULONG size = method->nx_crypto_metadata_area_size;
    UCHAR key[] = "J01NU5";

    (void)state;
    memset(&client, 0xa5, sizeof client);
    client.method = method;
    assert_int_equal(method->nx_crypto_init(method, key, 48, NX_NULL,
                                            area_of(&client), size - 1),
                     NX_CRYPTO_INVALID_BUFFER_SIZE);
    assert_int_equal(method->nx_crypto_operation(
                         NX_CRYPTO_ECJPAKE_CLIENT_HELLO_GENERATE, NX_NULL,
                         method, NX_NULL, 0, NX_NULL, 0, NX_NULL, NX_NULL, 0,
                         area_of(&client), size - 1, NX_NULL, NX_NULL),
                     NX_CRYPTO_INVALID_BUFFER_SIZE);
    for (ULONG i = 0; i < size; i++) {
        kit_row("byte %u", i);
        assert_int_equal(((const UCHAR *)area_of(&client))[i], 0xa5);
    }
}

static void a_setting_needs_its_method(void **state)
{
    static const struct {
        UINT number;
        const NX_CRYPTO_METHOD *set;
        UINT expected;
    } rows[] = {
        {NX_CRYPTO_ECJPAKE_HASH_METHOD_SET, NX_NULL, NX_CRYPTO_PTR_ERROR},
        {NX_CRYPTO_ECJPAKE_HASH_METHOD_SET, &crypto_method_ec_secp256,
         NX_CRYPTO_NOT_SUCCESSFUL},
        {NX_CRYPTO_ECJPAKE_HASH_METHOD_SET, &crypto_method_sha256,
         NX_CRYPTO_SUCCESS},
        {NX_CRYPTO_ECJPAKE_CURVE_SET, NX_NULL, NX_CRYPTO_PTR_ERROR},
        {NX_CRYPTO_ECJPAKE_CURVE_SET, &crypto_method_sha256,
         NX_CRYPTO_NOT_SUCCESSFUL},
        {NX_CRYPTO_ECJPAKE_CURVE_SET, &crypto_method_ec_secp256,
         NX_CRYPTO_SUCCESS},
    };

    (void)state;
    OK(begin(&client, method, password, 48));
    for (size_t i = 0; i < LEN(rows); i++) {
        kit_row("row %zu", i);
        assert_int_equal(
            op(&client, rows[i].number, (struct args){.input = rows[i].set}),
            rows[i].expected);
    }
    end(&client);
}

static void a_key_needs_room(void **state)
{
    struct message m;
    ULONG len;

    (void)state;
    greet();
    assert_int_equal(op(&server,
                        NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_GENERATE,
                        (struct args){0}),
                     NX_CRYPTO_PTR_ERROR);
    OK(generate(&server, NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_GENERATE, &m,
                400));
    len = m.out.nx_crypto_extended_output_actual_size;
    assert_in_range(len, 160, 175);
    memset(m.bytes, 0x5a, sizeof m.bytes);
    assert_int_equal(generate(&server,
                              NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_GENERATE,
                              &m, 160 - 3),
                     NX_CRYPTO_INVALID_BUFFER_SIZE);
    for (size_t i = 0; i < sizeof m.bytes; i++) {
        kit_row("byte %zu", i);
        assert_int_equal(m.bytes[i], 0x5a);
    }
    forget();
}

/* One change of a server's key, which has 3 bytes of a curve and a point and
 * its proof; the client's have no curve. */
static const struct change {
    const char *what;
    ULONG at; /* the byte that changes, or none from 400 on */
    UCHAR flip;
    int longer; /* than the message, in bytes; at -1000, `at` bytes stay */
} changes[] = {
    {"no byte", 0, 0, -1000},
    {"the curve's type alone", 1, 0, -1000},
    {"half of the curve", 2, 0, -1000},
    {"the curve alone", 3, 0, -1000},
    {"explicit curve", 0, 1, 0},
    {"secp384r1", 2, 0x0f, 0},
    {"a byte less", 400, 0, -1},
    {"a byte more", 400, 0, 1},
    {"another point", 40, 1, 0},
    {"another proof", 120, 1, 0},
};

static struct message changed(const struct message *m, const struct change *c)
{
    struct message out = *m;
    ULONG *len = &out.out.nx_crypto_extended_output_actual_size;

    if (c->longer == -1000) {
        *len = c->at;
        return out;
    }
    *len += (ULONG)c->longer;
    if (c->at < sizeof out.bytes) {
        out.bytes[c->at] ^= c->flip;
    }
    return out;
}

static void a_servers_key_is_whole_and_proved(void **state)
{
    const UINT number = NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_PROCESS;
    UCHAR secret[32] = {0};
    struct message m;

    (void)state;
    greet();
    OK(generate(&server, NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_GENERATE, &m,
                400));
    assert_int_equal(process(&client, number, &m, NULL, 32),
                     NX_CRYPTO_PTR_ERROR);
    assert_int_equal(process(&client, number, &m, secret, 31),
                     NX_CRYPTO_INVALID_BUFFER_SIZE);
    for (size_t i = 0; i < LEN(changes); i++) {
        struct message wrong = changed(&m, &changes[i]);

        kit_row("%s", changes[i].what);
        assert_int_equal(process(&client, number, &wrong, secret, 32),
                         NX_CRYPTO_NOT_SUCCESSFUL);
        assert_memory_equal(secret, (const UCHAR[32]){0}, 32);
    }
    OK(process(&client, number, &m, secret, 32));
    assert_memory_not_equal(secret, (const UCHAR[32]){0}, 32);
    forget();
}

static void a_clients_key_has_no_curve(void **state)
{
    UCHAR secrets[2][32] = {{0}};
    struct message m;

    (void)state;
    greet();
    OK(generate(&server, NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_GENERATE, &m,
                400));
    OK(process(&client, NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_PROCESS, &m,
               secrets[0], 32));
    assert_int_equal(process(&server,
                             NX_CRYPTO_ECJPAKE_CLIENT_KEY_EXCHANGE_PROCESS, &m,
                             secrets[1], 32),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    OK(generate(&client, NX_CRYPTO_ECJPAKE_CLIENT_KEY_EXCHANGE_GENERATE, &m,
                400));
    OK(process(&server, NX_CRYPTO_ECJPAKE_CLIENT_KEY_EXCHANGE_PROCESS, &m,
               secrets[1], 32));
    assert_memory_equal(secrets[0], secrets[1], 32);
    forget();
}

static void a_hello_that_is_none_is_no_greeting(void **state)
{
    struct message m = {.out = {NX_NULL, 0, 0}};

    (void)state;
    OK(begin(&server, method, password, 48));
    OK(begin(&client, method, password, 48));
    OK(generate(&client, NX_CRYPTO_ECJPAKE_CLIENT_HELLO_GENERATE, &m, 400));
    m.out.nx_crypto_extended_output_actual_size--;
    assert_int_equal(
        process(&server, NX_CRYPTO_ECJPAKE_CLIENT_HELLO_PROCESS, &m, NULL, 0),
        NX_CRYPTO_NOT_SUCCESSFUL);
    m.out.nx_crypto_extended_output_actual_size++;
    m.bytes[30] ^= 1;
    assert_int_not_equal(
        process(&server, NX_CRYPTO_ECJPAKE_CLIENT_HELLO_PROCESS, &m, NULL, 0),
        NX_CRYPTO_SUCCESS);
    assert_int_equal(generate(&server,
                              NX_CRYPTO_ECJPAKE_SERVER_KEY_EXCHANGE_GENERATE,
                              &m, 400),
                     NX_CRYPTO_NOT_SUCCESSFUL);
    forget();
}

/* The method that stands where a slot must not be empty. */
static void the_null_method_does_nothing(void **state)
{
    NX_CRYPTO_METHOD *m = &crypto_method_public_null;
    UCHAR bytes[2] = {0x23, 0x45};
    UCHAR out[2] = {0x5a, 0x5a};

    (void)state;
    assert_int_equal(m->nx_crypto_init(m, bytes, 16, NX_NULL, NX_NULL, 0),
                     NX_CRYPTO_SUCCESS);
    assert_int_equal(m->nx_crypto_operation(NX_CRYPTO_ENCRYPT, NX_NULL, m,
                                            bytes, 16, bytes, 2, NX_NULL, out,
                                            2, NX_NULL, 0, NX_NULL, NX_NULL),
                     NX_CRYPTO_SUCCESS);
    assert_memory_equal(out, "\x5a\x5a", 2);
    assert_int_equal(m->nx_crypto_cleanup(NX_NULL), NX_CRYPTO_SUCCESS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_that_is_too_small_is_not_used),
        cmocka_unit_test(a_setting_needs_its_method),
        cmocka_unit_test(a_key_needs_room),
        cmocka_unit_test(a_servers_key_is_whole_and_proved),
        cmocka_unit_test(a_clients_key_has_no_curve),
        cmocka_unit_test(a_hello_that_is_none_is_no_greeting),
        cmocka_unit_test(the_null_method_does_nothing),
    };

    return kit_run(tests);
}
