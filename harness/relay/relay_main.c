/* SPDX-License-Identifier: MIT */
/* nxdtls-relay: a scenario of the lab before any UDP service (relay/relay.h).
 * `nxdtls relay` starts it. */
#include "relay/relay.h"

int main(int argc, char **argv)
{
    struct relay_options options;
    struct relay *relay;

    relay_options_parse(&options, argc, argv);
    relay = relay_open(&options);
    relay_run(relay);
    relay_close(relay);
    return 0;
}
