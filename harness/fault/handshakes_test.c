/* SPDX-License-Identifier: MIT */
/* Every call that can fail does so once, and from there on, at every place of
 * every kind of association, in either end (fault/association_play.h).
 *
 *   fault.handshakes [STRIDE]
 *
 * With certificates it tries one of STRIDE places, another one in each kind of
 * handshake; by default 1, all of them.  Under a sanitizer, where that takes
 * long, CMake asks for fewer. */
#include "fault/handshake_kinds.h"
#include "kit/kit.h"

static struct play clean; /* large: not on the stack */
static struct play played;
static unsigned stride = 1;

static void walk_end(const struct play_kind *kind, int end, unsigned first,
                     unsigned step)
{
    kit_row("in the %s", kit_role(end));
    for (unsigned n = first; n <= clean.calls[end]; n += step) {
        kit_row("call %u, %s", n,
                failing_name(failing_kind(&clean.ends[end], n)));
        {
            kit_row("once");
            play_whole(&played, kind, end, n, n, &clean);
            assert_int_equal(played.ends[end].failed, 1);
        }
        {
            kit_row("and from there on");
            play_whole(&played, kind, end, n, UINT32_MAX, &clean);
        }
    }
}

static void walk(const struct play_kind *kind, unsigned first, unsigned step)
{
    kit_row("%s", kind->name);
    play_whole(&clean, kind, SIM_CLIENT, 0, 0, NULL);
    walk_end(kind, SIM_CLIENT, first, step);
    walk_end(kind, SIM_SERVER, first, step);
}

static void nothing_fails_open_with_pre_shared_keys(void **state)
{
    (void)state;
    for (unsigned k = 0; k < PLAY_PSK_KINDS; k++) {
        walk(&play_psk_kinds[k], 1, 1);
    }
}

static void nothing_fails_open_with_certificates(void **state)
{
    (void)state;
    for (unsigned k = 0; k < PLAY_CERTIFICATE_KINDS; k++) {
        walk(&play_certificate_kinds[k], 1 + k % stride, stride);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_fails_open_with_pre_shared_keys),
        cmocka_unit_test(nothing_fails_open_with_certificates),
    };
    int failed;

    if (argc > 1) {
        stride = (unsigned)strtoul(argv[1], NULL, 10);
    }
    assert_true(stride != 0);
    play_prepare();
    failed = kit_run(tests);
    play_finish();
    return failed;
}
