/* SPDX-License-Identifier: MIT */
/* Tells the relay of the stock programs what becomes of each datagram
 * (lab/fates.h): the relay owns the sockets, the simulated network decides.
 *
 * A fate depends on the seed, the direction, and the datagram's number in that
 * direction; a scripted one depends on its number among all datagrams. */
#include "lab/fates.h"

#include <stdlib.h>

#define LINE_MAX_LEN 64

/* A relay cannot change addresses or the settings of the ends. */
static bool is_of_the_network(const struct lab_scenario *s)
{
    return !s->moves && !s->replay && !s->path_mtu && s->mtu == LAB_MTU;
}

static void answer(struct sim_network *net, int from, size_t len)
{
    static const uint8_t bytes[SIM_DATAGRAM_MAX];

    net->now = 0; /* the relay has its own clock: it gets delays */
    sim_send(net, from, !from, dtls_bytes_of(bytes, len));
    for (const char *separator = ""; net->num_queued != 0; separator = " ") {
        struct sim_datagram d = sim_deliver(net);

        (void)printf("%s%llu", separator, (unsigned long long)d.due);
        free(d.bytes);
    }
    (void)printf("\n");
    (void)fflush(stdout);
}

int lab_fates(const struct lab_options *options)
{
    unsigned play;
    const struct lab_scenario *scenario =
        lab_scenario_of(options->fates, &play);
    struct sim_conditions conditions[2];
    struct sim_script script;
    struct sim_network net;
    char line[LINE_MAX_LEN];
    int from;
    size_t len;

    if (scenario == NULL || !is_of_the_network(scenario)) {
        lab_bad_input("--fates %s: no scenario of the network alone",
                      options->fates);
    }
    script = lab_sweep_script(scenario, play);
    sim_network_init(&net, options->run.seed);
    lab_scenario_conditions(conditions, scenario, &script);
    net.one_way[0] = &conditions[0];
    net.one_way[1] = &conditions[1];
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "%d %zu", &from, &len) != 2 || from < 0 || from > 1 ||
            len > SIM_DATAGRAM_MAX) {
            lab_bad_input("--fates: %s: not FROM LENGTH", line);
        }
        answer(&net, from, len);
    }
    sim_network_free(&net);
    return 0;
}
