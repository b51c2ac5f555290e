/* SPDX-License-Identifier: MIT */
/* dtls_session_check (session/phase.h) notices what it is for: a session that
 * is as it should be, with one thing changed in it. */
#include "sim/pair_kit.h"

#include "session/phase.h"

/* A copy, so that the pair can still be freed. */
static struct dtls_session broken;

/* Both ends in the middle of their handshake. */
static void handshaking(void)
{
    sim_pair_init(&pair, 61);
    sim_pair_start(&pair);
    while (session(SIM_SERVER)->phase != DTLS_PHASE_HANDSHAKING) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
}

static void connected(void)
{
    sim_pair_init(&pair, 61);
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + HOUR);
    assert_int_equal(session(SIM_SERVER)->phase, DTLS_PHASE_CONNECTED);
}

static void wait_for_ever(void)
{
    broken.timer.deadline = DTLS_NEVER;
    broken.handshake_until = DTLS_NEVER;
    broken.wait_until = DTLS_NEVER;
}

static void forget_handshake(void)
{
    broken.hs.area = NULL;
    memset(broken.hs.master, 0, sizeof broken.hs.master);
    broken.hs.share.context = NULL;
}

static void keep_area(void)
{
    static struct dtls_area area;

    broken.hs.area = &area;
}

static void keep_master(void)
{
    broken.hs.master[DTLS_MASTER_LEN - 1] = 0x23;
}

static void keep_share(void)
{
    broken.hs.share.context = &broken;
}

static void end_with_flight(void)
{
    broken.phase = DTLS_PHASE_ENDED;
    broken.hs.flight.num_messages = 1;
}

static void keep_flight(void)
{
    broken.keep_flight_until = pair.net.now + 1;
}

static void no_keys_to_read(void)
{
    broken.records.read_epoch = 9;
}

static void no_keys_to_write(void)
{
    broken.records.write_epoch = 9;
}

/* Both of its write epochs are there. */
static void keep_epoch(void)
{
    keep_area();
    broken.records.write[0].taken = true;
    broken.records.write[0].usable = true;
    broken.records.write[0].epoch = 0;
    broken.records.write[1].taken = true;
    broken.records.write[1].usable = true;
    broken.records.write[1].epoch = 1;
    broken.phase = DTLS_PHASE_HALF_OPEN;
    broken.records.write_epoch = 1;
    broken.wait_until = pair.net.now + 1;
}

static void key_reading_early(void)
{
    size_t i = broken.records.read[0].epoch == 1 ? 1 : 0;

    broken.records.read[i].taken = true;
    broken.records.read[i].usable = false;
    broken.records.read[i].epoch = 2;
}

static void key_writing_early(void)
{
    size_t i = broken.records.write[0].epoch == 1 ? 1 : 0;

    broken.records.write[i].taken = true;
    broken.records.write[i].usable = false;
    broken.records.write[i].epoch = 2;
}

static void read_in_the_clear(void)
{
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        broken.records.read[i].epoch = (uint16_t)i;
        broken.records.read[i].taken = true;
        broken.records.read[i].usable = true;
    }
    broken.records.read_epoch = 0;
}

static void write_in_the_clear(void)
{
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        broken.records.write[i].epoch = (uint16_t)i;
        broken.records.write[i].taken = true;
        broken.records.write[i].usable = true;
    }
    broken.records.write_epoch = 0;
}

static void flight_of_no_epoch(void)
{
    broken.hs.flight.num_messages = 1;
    broken.hs.flight.messages[0].epoch = 7;
}

static void end_in_the_clear(void)
{
    read_in_the_clear();
    broken.phase = DTLS_PHASE_ENDED;
}

/* Nobody reads or writes what was handed over. */
static void hand_over(void)
{
    end_in_the_clear();
    broken.failure = DTLS_HANDED_OVER;
    no_keys_to_write();
}

#define OUTLIVED "an area or a secret of a handshake has outlived it"
#define NO_KEYS "the current epochs have no keys"
#define EARLY "keys that no handshake will use are kept"
#define CLEAR "a session is connected in the clear"
static const struct {
    void (*arrive)(void);
    void (*change)(void);
    const char *sentence; /* NULL: nothing is wrong */
} rows[] = {
    {handshaking, wait_for_ever, "it waits without a deadline"},
    {handshaking, forget_handshake, "its handshake has no area"},
    {connected, keep_area, OUTLIVED},
    {connected, keep_master, OUTLIVED},
    {connected, keep_share, OUTLIVED},
    {connected, end_with_flight, "a flight is kept that nothing sends"},
    {connected, keep_flight, "a last flight is kept and its epoch is not"},
    {connected, no_keys_to_read, NO_KEYS},
    {connected, no_keys_to_write, NO_KEYS},
    {connected, keep_epoch,
     "the old write epoch is kept though no flight needs it"},
    {connected, key_reading_early, EARLY},
    {connected, key_writing_early, EARLY},
    {connected, read_in_the_clear, CLEAR},
    {connected, write_in_the_clear, CLEAR},
    {connected, end_in_the_clear, CLEAR},
    {connected, hand_over, NULL},
    {connected, flight_of_no_epoch, "an epoch of the flight is gone"},
};

static void each_invariant_that_is_broken_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(rows); i++) {
        const char *sentence;

        kit_row("row %zu, %s", i,
                rows[i].sentence != NULL ? rows[i].sentence : "nothing");
        rows[i].arrive();
        broken = *session(SIM_SERVER);
        assert_null(dtls_session_check(&broken));
        rows[i].change();
        sentence = dtls_session_check(&broken);
        if (rows[i].sentence == NULL) {
            assert_null(sentence);
        } else {
            assert_non_null(sentence);
            assert_string_equal(sentence, rows[i].sentence);
        }
        sim_pair_free(&pair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_invariant_that_is_broken_is_told),
    };

    return kit_run(tests);
}
