/* SPDX-License-Identifier: MIT */
/* A shim for BoringSSL's protocol test runner: one association of our engine,
 * in a process of its own.  README.md says how the runner uses it. */
#include "bogo/connection.h"

#include <signal.h>
#include <stdio.h>

static struct bogo_connection connection; /* large: not on the stack */

int main(int argc, char **argv)
{
    struct bogo_flags flags;
    const char *problem;
    int result = bogo_flags_parse(&flags, argc, argv, &problem);

    if (result != BOGO_SUCCESS) {
        (void)fprintf(stderr, "not implemented: %s\n", problem);
        return result;
    }
    if (flags.is_handshaker_supported) {
        (void)puts("No");
        return BOGO_SUCCESS;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    return bogo_connection_run(&connection, &flags);
}
