/* SPDX-License-Identifier: MIT */
/* One pair, and what the tests of its handshakes after the first share. */
#ifndef SIM_PAIR_KIT_H
#define SIM_PAIR_KIT_H

#include "kit/kit.h"

#include "sim/pair.h"

#define HOUR 3600000u

static struct sim_pair pair; /* large: not on the stack */

static inline struct dtls_session *session(int which)
{
    return &pair.ends[which].session;
}

static inline void run(void)
{
    sim_pair_drain(&pair, pair.net.now + 900);
}

/* Data goes both ways. */
static inline void check_alive(void)
{
    for (int i = 0; i < 2; i++) {
        kit_row("to the %s", kit_role(i));
        pair.ends[i].data_len = 0;
        assert_int_equal(sim_pair_say(&pair, !i, dtls_bytes_of("ping", 4)),
                         DTLS_OK);
    }
    run();
    for (int i = 0; i < 2; i++) {
        kit_row("to the %s", kit_role(i));
        assert_int_equal(pair.ends[i].data_len, 4);
        assert_memory_equal(pair.ends[i].data, "ping", 4);
    }
}

/* Sends a record of `from`'s under its own keys, whatever it thinks of it. */
static inline void seal(int from, uint16_t epoch, uint8_t type,
                        struct dtls_bytes plain)
{
    uint8_t bytes[1024];
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    assert_int_equal(dtls_record_layer_seal(&session(from)->records, &out,
                                            epoch, type, plain),
                     DTLS_OK);
    sim_send(&pair.net, from, !from, dtls_buf_bytes(&out));
}

#endif
