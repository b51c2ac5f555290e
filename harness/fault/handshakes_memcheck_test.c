/* SPDX-License-Identifier: MIT */
/* No byte that nobody has written decides anything or goes out
 * (kit/memcheck.h) when a call fails: a sample of the places that
 * fault.handshakes walks, under memcheck, for which the output of a call that
 * fails is undefined. */
#define _POSIX_C_SOURCE 200809L

#include "fault/handshake_kinds.h"
#include "kit/kit.h"
#include "kit/memcheck.h"

#if CAN_RUN_VALGRIND

/* Of so many calls one is tried. */
#define STRIDE 197

static struct play clean; /* large: not on the stack */
static struct play played;

static void walk(const struct play_kind *kind, unsigned first)
{
    kit_row("%s", kind->name);
    play_whole(&clean, kind, SIM_CLIENT, 0, 0, NULL);
    for (unsigned n = first; n <= clean.calls[0] + clean.calls[1];
         n += STRIDE) {
        int end = n > clean.calls[0] ? SIM_SERVER : SIM_CLIENT;
        unsigned call = end == SIM_CLIENT ? n : n - clean.calls[0];

        kit_row("call %u in the %s", call, kit_role(end));
        play_whole(&played, kind, end, call, call, &clean);
        assert_int_equal(VALGRIND_COUNT_ERRORS, 0);
    }
}

static void what_a_failed_call_leaves_is_not_used(void **state)
{
    (void)state;
    play_prepare();
    for (unsigned k = 0; k < PLAY_PSK_KINDS; k++) {
        walk(&play_psk_kinds[k], 1 + 29 * k % 150);
    }
    for (unsigned k = 0; k < PLAY_CERTIFICATE_KINDS; k++) {
        walk(&play_certificate_kinds[k], 1 + 29 * k % 150);
    }
    play_finish();
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_a_failed_call_leaves_is_not_used),
};

MEMCHECK_MAIN(tests)

#else

MEMCHECK_SKIPPED

#endif
