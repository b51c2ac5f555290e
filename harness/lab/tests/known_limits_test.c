/* SPDX-License-Identifier: MIT */
/* lab/limits.c: a limit explains only what the version of the peer that has it
 * does, and none explains lost data. */
#include "lab/limits.h"

#include "kit/kit.h"

#include <stdio.h>

/* A played cell of our engine, as the client, and another library, with the
 * checks `broken` that did not hold. */
static int limit_of(const char *name, const char *library,
                    const char *scenario, const char *other, const char *state,
                    const char *const *broken)
{
    const struct sut_driver driver = {.library = library};
    const struct sut_entry ours = {.name = "engine", .ours = true};
    const struct sut_entry peer = {.name = name, .driver = &driver};
    const struct lab_variant renegotiates = {.name = "renegotiate-client"};
    const struct lab_cell cell = {
        .client = &ours,
        .server = &peer,
        .cookies = true,
        .scenario = lab_scenario_find(scenario),
        .variant = &renegotiates,
    };
    struct lab_result result = {0};

    (void)snprintf(result.states[0], sizeof result.states[0], "%s", other);
    (void)snprintf(result.states[1], sizeof result.states[1], "%s", state);
    while (broken[result.num_checks] != NULL) {
        result.checks[result.num_checks].word = broken[result.num_checks];
        result.num_checks++;
    }
    return lab_limit_of(&cell, &result);
}

static void a_limit_is_of_the_versions_that_have_it(void **state)
{
    static const char *const broken[] = {"once-server", NULL};
    static const char *const without[] = {"wolfSSL 5.5.4", "wolfSSL 5.7.1"};
    static const char *const with[] = {"wolfSSL 5.7.2", "wolfSSL 5.7.10",
                                       "wolfSSL 5.10.0"};

    (void)state;
    for (size_t i = 0; i < LEN(without); i++) {
        kit_row("%s", without[i]);
        assert_int_equal(limit_of("wolfssl", without[i], "doubles", "closed",
                                  "closed", broken),
                         LAB_NO_LIMIT);
    }
    for (size_t i = 0; i < LEN(with); i++) {
        kit_row("%s", with[i]);
        assert_int_not_equal(limit_of("wolfssl", with[i], "doubles", "closed",
                                      "closed", broken),
                             LAB_NO_LIMIT);
    }
}

static void a_limit_ends_with_the_first_version_without_it(void **state)
{
    static const char *const broken[] = {"renegotiated", NULL};
    static const char *const said[] = {
        "SSL - Processing of the ClientHello handshake message failed",
        "SSL - A message could not be parsed due to a syntactic error",
    };
    static const char *const versions[] = {"mbed TLS 2.28.3",
                                           "Mbed TLS 3.6.6"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        kit_row("%s: %s", versions[i / 2], said[i % 2]);
        assert_int_equal(limit_of("mbedtls", versions[i / 2], "clean",
                                  "connected", said[i % 2],
                                  broken) != LAB_NO_LIMIT,
                         i / 2 == i % 2);
    }
}

static void records_that_come_twice_excuse_none_that_is_lost(void **state)
{
    static const char *const broken[] = {"once-server", "data-server", NULL};
    static const char *const ours[] = {"once-client", NULL};

    (void)state;
    assert_int_equal(limit_of("wolfssl", "wolfSSL 5.7.2", "doubles", "closed",
                              "closed", broken),
                     LAB_NO_LIMIT);
    assert_int_equal(limit_of("wolfssl", "wolfSSL 5.7.2", "doubles", "closed",
                              "closed", ours),
                     LAB_NO_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_of_the_versions_that_have_it),
        cmocka_unit_test(a_limit_ends_with_the_first_version_without_it),
        cmocka_unit_test(records_that_come_twice_excuse_none_that_is_lost),
    };

    return kit_run(tests);
}
