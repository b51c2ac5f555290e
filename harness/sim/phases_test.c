/* SPDX-License-Identifier: MIT */
/* The phases of a session: each row of session/phase.c is walked.  A way is
 * one step that its table permits, with what makes a session take it; and what
 * no way takes, the table does not permit. */
#include "session/handover.h"
#include "sim/renegotiation_kit.h"

#include <stdio.h>
#include <string.h>

/* The end that is judged, and cryptography of its own that can break. */
static int self;
static struct dtls_crypto own;
static bool broken;

static enum dtls_status seal_unless_broken(void *at,
                                           struct dtls_cipher *cipher,
                                           const uint8_t aad[DTLS_AAD_LEN],
                                           struct dtls_span body)
{
    return broken ? DTLS_INTERNAL_ERROR
                  : pair.crypto.aead_seal(at, cipher, aad, body);
}

static void init(void)
{
    sim_pair_init(&pair, 211);
    own = pair.crypto;
    own.aead_seal = seal_unless_broken;
    broken = false;
    pair.ends[self].config.crypto = &own;
}

/* ---- how a phase is come to ---- */

static void idle(void)
{
    init();
}

/* A client without a cookie begins, and the server has let it in. */
static void half_open(void)
{
    struct sim_end *server = &pair.ends[SIM_SERVER];

    init();
    dtls_session_accept(&server->session, &server->room,
                        &(struct dtls_gate_pass){0}, pair.net.now);
    pair.accepted = true;
    sim_pair_start(&pair);
}

/* Steps until the session is in another phase. */
static void go(void)
{
    enum dtls_phase before = session(self)->phase;

    while (session(self)->phase == before) {
        assert_true(sim_pair_step(&pair, HOUR) ||
                    session(self)->phase != before);
    }
}

static void handshaking(void)
{
    half_open();
    if (self == SIM_SERVER) {
        go();
    }
}

static void connected(void)
{
    init();
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    sim_pair_drain(&pair, pair.net.now + 1000);
}

/* The renegotiation is asked for, and nothing of it has left yet. */
static void renegotiating(void)
{
    connected();
    ask(self);
}

static void closing(void)
{
    connected();
    assert_int_equal(dtls_session_close(session(self), pair.net.now), DTLS_OK);
}

static void (*const arrive[DTLS_PHASES])(void) = {
    [DTLS_PHASE_IDLE] = idle,
    [DTLS_PHASE_HALF_OPEN] = half_open,
    [DTLS_PHASE_HANDSHAKING] = handshaking,
    [DTLS_PHASE_CONNECTED] = connected,
    [DTLS_PHASE_RENEGOTIATING] = renegotiating,
    [DTLS_PHASE_CLOSING] = closing,
};

/* ---- how it is left ---- */

static void call_connect(void)
{
    sim_pair_start(&pair);
}

static void call_accept(void)
{
    half_open();
}

static void call_renegotiate(void)
{
    ask(self);
}

static void call_close(void)
{
    assert_int_equal(dtls_session_close(session(self), pair.net.now), DTLS_OK);
}

static void call_abandon(void)
{
    dtls_session_abandon(session(self));
}

static const uint8_t key[DTLS_SAVED_KEY_LEN];
static uint8_t bytes[DTLS_HANDOVER_MAX];

/* Returns an association with connection ids, exported. */
static struct dtls_bytes hand_over(void)
{
    struct dtls_buf out = {bytes, 0, sizeof bytes};

    sim_pair_free(&pair);
    init();
    for (int i = 0; i < 2; i++) {
        pair.ends[i].config.connection_ids = true;
        pair.ends[i].config.cid_len = 8;
    }
    sim_pair_start(&pair);
    assert_true(sim_pair_run(&pair, HOUR));
    run();
    check_alive();
    assert_int_equal(session(self)->phase, DTLS_PHASE_CONNECTED);
    assert_int_equal(dtls_session_hand_over(session(self), &pair.crypto, &out,
                                            key, pair.net.now),
                     DTLS_OK);
    return dtls_buf_bytes(&out);
}

static void call_hand_over(void)
{
    (void)hand_over();
}

static void call_take_over(void)
{
    struct dtls_bytes in = hand_over();

    dtls_session_free(session(self));
    assert_int_equal(
        dtls_session_take_over(session(self), &pair.crypto,
                               self == SIM_SERVER ? DTLS_SERVER : DTLS_CLIENT,
                               &pair.ends[self].room, in, key, pair.net.now),
        DTLS_OK);
}

static void peer_alerts(void)
{
    seal(!self, session(!self)->records.write_epoch, DTLS_ALERT,
         dtls_bytes_of("\2\50", 2));
    go();
    assert_int_equal(session(self)->failure, DTLS_ALERTED);
}

static void peer_asks(void)
{
    ask(!self);
    go();
}

static void peer_closes(void)
{
    assert_int_equal(dtls_session_close(session(!self), pair.net.now),
                     DTLS_OK);
    go();
    assert_int_equal(session(self)->failure, DTLS_OK);
}

static void peer_answers(void)
{
    go();
    assert_int_equal(session(self)->failure, DTLS_OK);
}

static void lose_all(void *unused, const struct sim_sent *sent,
                     struct sim_fate *fate)
{
    (void)unused;
    (void)sent;
    fate->lost = true;
}

static void time_passes(void)
{
    pair.net.conditions.decide = lose_all;
    go();
}

static void a_limit_comes(void)
{
    pair.ends[self].config.life_limit = HOUR / 2;
    go();
    assert_int_equal(session(self)->failure, DTLS_TOO_OLD);
}

/* Up to our Finished all is well. */
static void time_passes_while_keys_change(void)
{
    while (!dtls_session_is_changing_keys(session(self))) {
        assert_true(sim_pair_step(&pair, HOUR));
    }
    time_passes();
}

static void a_flight_cannot_be_sealed(void)
{
    broken = true;
    go();
    assert_int_equal(session(self)->failure, DTLS_INTERNAL_ERROR);
}

static void an_alert_cannot_be_sealed(void)
{
    dtls_session_warn(session(self), DTLS_NO_RENEGOTIATION);
    a_flight_cannot_be_sealed();
}

static void no_block_is_free(void)
{
    pair.ends[self].store.left = 0;
    assert_int_equal(dtls_session_renegotiate(session(self), pair.net.now),
                     DTLS_STORE_EMPTY);
}

/* ---- the ways ---- */

/* A call may take two steps.  `start` and `end` are then the phases that are
 * seen before and after it. */
static const struct way {
    enum dtls_phase from;
    enum dtls_cause by;
    enum dtls_phase to;
    void (*play)(void);
    bool not_for[2]; /* client, server */
    bool is_half;    /* the step is the first or the second of two */
    enum dtls_phase start;
    enum dtls_phase end;
} ways[] = {
#define WAY(from_, by_, to_, ...)                                             \
    {                                                                         \
        .from = DTLS_PHASE_##from_, .by = DTLS_BY_##by_,                      \
        .to = DTLS_PHASE_##to_, .play = __VA_ARGS__                           \
    }
#define CLIENT_ONLY .not_for[SIM_SERVER] = true
#define SERVER_ONLY .not_for[SIM_CLIENT] = true
#define HALF(start_, end_)                                                    \
    .is_half = true, .start = DTLS_PHASE_##start_, .end = DTLS_PHASE_##end_
    WAY(IDLE, CALLER, HALF_OPEN, call_accept, SERVER_ONLY),
    WAY(IDLE, CALLER, HANDSHAKING, call_connect, CLIENT_ONLY),
    WAY(IDLE, CALLER, CONNECTED, call_take_over),
    WAY(HALF_OPEN, PEER, HANDSHAKING, peer_answers, SERVER_ONLY),
    WAY(HALF_OPEN, PEER, FAILED, peer_alerts, SERVER_ONLY),
    WAY(HALF_OPEN, TIME, FAILED, time_passes, SERVER_ONLY),
    WAY(HANDSHAKING, PEER, CONNECTED, peer_answers),
    WAY(HANDSHAKING, PEER, FAILED, peer_alerts),
    WAY(HANDSHAKING, TIME, FAILED, time_passes),
    /* A server is connected when it seals its first record. */
    WAY(HANDSHAKING, ERROR, FAILED, a_flight_cannot_be_sealed, CLIENT_ONLY),
    WAY(CONNECTED, PEER, RENEGOTIATING, peer_asks),
    WAY(CONNECTED, PEER, ENDED, peer_closes),
    WAY(CONNECTED, PEER, FAILED, peer_alerts),
    WAY(CONNECTED, CALLER, RENEGOTIATING, call_renegotiate),
    WAY(CONNECTED, CALLER, CLOSING, call_close),
    WAY(CONNECTED, CALLER, ENDED, call_abandon),
    WAY(CONNECTED, CALLER, ENDED, call_hand_over),
    WAY(CONNECTED, TIME, ENDED, a_limit_comes),
    WAY(CONNECTED, ERROR, FAILED, an_alert_cannot_be_sealed),
    WAY(RENEGOTIATING, PEER, CONNECTED, peer_answers),
    WAY(RENEGOTIATING, PEER, CONNECTED, peer_closes,
        HALF(RENEGOTIATING, ENDED)),
    WAY(RENEGOTIATING, PEER, FAILED, peer_alerts),
    WAY(RENEGOTIATING, CALLER, CONNECTED, call_close,
        HALF(RENEGOTIATING, CLOSING)),
    WAY(RENEGOTIATING, CALLER, CONNECTED, call_abandon,
        HALF(RENEGOTIATING, ENDED)),
    WAY(RENEGOTIATING, TIME, CONNECTED, time_passes),
    /* A server's keys change with the end of the handshake. */
    WAY(RENEGOTIATING, TIME, FAILED, time_passes_while_keys_change,
        CLIENT_ONLY),
    /* A server's HelloRequest needs no block. */
    WAY(RENEGOTIATING, ERROR, CONNECTED, no_block_is_free,
        HALF(CONNECTED, CONNECTED), CLIENT_ONLY),
    WAY(RENEGOTIATING, ERROR, FAILED, a_flight_cannot_be_sealed),
    WAY(CLOSING, PEER, ENDED, peer_answers),
    WAY(CLOSING, PEER, FAILED, peer_alerts),
    WAY(CLOSING, CALLER, ENDED, call_abandon),
    WAY(CLOSING, TIME, ENDED, time_passes),
    WAY(CLOSING, ERROR, FAILED, a_flight_cannot_be_sealed),
};

static const char *const causes[DTLS_CAUSES] = {"the peer", "the caller",
                                                "time", "an error"};

static void walk(const struct way *way)
{
    enum dtls_phase start = way->is_half ? way->start : way->from;
    enum dtls_phase end = way->is_half ? way->end : way->to;

    for (self = 0; self < 2; self++) {
        kit_row("the %s", kit_role(self));
        if (way->not_for[self]) {
            continue;
        }
        arrive[start]();
        assert_int_equal(session(self)->phase, start);
        way->play();
        assert_int_equal(session(self)->phase, end);
        assert_null(dtls_session_check(session(self)));
        sim_pair_free(&pair);
        assert_int_equal(session(self)->phase, DTLS_PHASE_IDLE);
    }
}

static void each_way_leads_where_its_row_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(ways); i++) {
        kit_row("%s, by %s to %s", dtls_phase_name(ways[i].from),
                causes[ways[i].by], dtls_phase_name(ways[i].to));
        walk(&ways[i]);
    }
}

static bool has_way(enum dtls_phase from, enum dtls_cause by,
                    enum dtls_phase to)
{
    for (size_t i = 0; i < LEN(ways); i++) {
        if (ways[i].from == from && ways[i].by == by && ways[i].to == to) {
            return true;
        }
    }
    return false;
}

static void the_table_permits_these_ways_and_no_other(void **state)
{
    (void)state;
    for (unsigned from = 0; from < DTLS_PHASES; from++) {
        kit_row("%s", dtls_phase_name(from));
        for (unsigned by = 0; by < DTLS_CAUSES; by++) {
            kit_row("by %s", causes[by]);
            for (unsigned to = 0; to < DTLS_PHASES; to++) {
                kit_row("to %s", dtls_phase_name(to));
                assert_int_equal(dtls_phase_may_follow(from, to, by),
                                 has_way(from, by, to));
            }
        }
    }
}

/* An end of a session, and what could still be tried with it. */
static void (*const ends[])(void) = {peer_closes, call_abandon, peer_alerts,
                                     an_alert_cannot_be_sealed};
static const struct {
    uint8_t type;
    const char *hex;
} records[] = {
    {DTLS_CHANGE_CIPHER_SPEC, "01"},
    {DTLS_ALERT, "0100"},
    {DTLS_ALERT, "0164"},
    {DTLS_ALERT, "0228"},
    {DTLS_HANDSHAKE, "000000000000000000000000"}, /* HelloRequest */
    {DTLS_HANDSHAKE, "ff0000000000000000000000"},
    {DTLS_APPLICATION_DATA, "77"},
};

static void try_all(void)
{
    for (size_t i = 0; i < LEN(records); i++) {
        struct kit_hex plain = kit_hex(records[i].hex);

        kit_row("a record of type %u, %s", records[i].type, records[i].hex);
        seal(!self, 1, records[i].type, kit_hex_bytes(&plain));
        run();
    }
    call_abandon();
    assert_int_equal(dtls_session_close(session(self), pair.net.now),
                     DTLS_NOT_NOW);
    assert_int_equal(dtls_session_renegotiate(session(self), pair.net.now),
                     DTLS_NOT_NOW);
    assert_int_equal(dtls_session_expire(session(self), DTLS_NEVER - 1),
                     DTLS_EVENT_NONE);
}

static void nothing_leads_out_of_an_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(ends); i++) {
        kit_row("end %zu", i);
        for (self = 0; self < 2; self++) {
            enum dtls_phase end;

            kit_row("the %s", kit_role(self));
            connected();
            ends[i]();
            end = session(self)->phase;
            assert_false(dtls_session_is_alive(session(self)));
            try_all();
            assert_int_equal(session(self)->phase, end);
            sim_pair_free(&pair);
        }
    }
}

/* Finds the row of a phase in the page, and in it the cell that tells where a
 * cause leads: the second is that of the first cause. */
static void cell_of(char out[256], const char *page, enum dtls_phase phase,
                    enum dtls_cause by)
{
    char start[32];
    const char *cell;

    (void)snprintf(start, sizeof start, "\n| %s ", dtls_phase_name(phase));
    cell = strstr(page, start);
    cell = cell == NULL ? NULL : cell + 1; /* its first bar */
    for (unsigned i = 0; cell != NULL && i <= (unsigned)by; i++) {
        cell = strchr(cell + 1, '|');
    }
    assert_non_null(cell);
    (void)snprintf(out, 256, "%.*s", (int)strcspn(cell + 1, "|\n"), cell + 1);
}

static void the_page_tells_where_each_phase_leads(void **state)
{
    static char page[100000];
    FILE *file = fopen(NXDTLS_HARNESS_DIR "/../docs/architecture.md", "r");
    size_t len;

    (void)state;
    assert_non_null(file);
    len = fread(page, 1, sizeof page - 1, file);
    (void)fclose(file);
    assert_in_range(len, 1, sizeof page - 2);
    for (unsigned from = 0; from < DTLS_PHASES; from++) {
        kit_row("%s", dtls_phase_name(from));
        for (unsigned by = 0; by < DTLS_CAUSES; by++) {
            char cell[256];

            kit_row("by %s", causes[by]);
            cell_of(cell, page, from, by);
            for (unsigned to = 0; to < DTLS_PHASES; to++) {
                kit_row("to %s", dtls_phase_name(to));
                assert_int_equal(strstr(cell, dtls_phase_name(to)) != NULL,
                                 dtls_phase_may_follow(from, to, by));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_leads_where_its_row_says),
        cmocka_unit_test(the_table_permits_these_ways_and_no_other),
        cmocka_unit_test(nothing_leads_out_of_an_end),
        cmocka_unit_test(the_page_tells_where_each_phase_leads),
    };

    return kit_run(tests);
}
