/* SPDX-License-Identifier: MIT */
/* What holds in each phase, and which may follow (session/phase.h): one row
 * per phase. */
#include "session/phase.h"

#include "session/session.h"

enum must { NO, MAY, MUST };

/* A set of phases. */
#define TO(phase) (1u << DTLS_PHASE_##phase)

/* deadline: a time at which the session acts by itself.
 * handshake: what only a handshake needs: its area, with transcript and early
 *     Finished, key share, master secret.
 * flight: messages of ours that wait to be sent or resent.
 * old_write: the write epoch before the current one, for a last flight.
 * next: keys of an epoch that is not yet in use.
 * to: the phases to which each cause may lead. */
static const struct rule {
    const char *name;
    enum must deadline;
    enum must handshake;
    enum must flight;
    enum must old_write;
    enum must next;
    unsigned to[DTLS_CAUSES];
} rules[DTLS_PHASES] = {
    /* clang-format off */
    /*                name         deadline handshake flight old_write next
     *                to: peer, caller, time, error */
    [DTLS_PHASE_IDLE] = {"idle",            NO,   NO,   NO,  NO,  NO,
        {0, TO(HALF_OPEN) | TO(HANDSHAKING) | TO(CONNECTED), 0, 0}},
    [DTLS_PHASE_HALF_OPEN] = {"half open",  MUST, MUST,  NO,  NO,  NO,
        {TO(HANDSHAKING) | TO(FAILED), 0, TO(FAILED), 0}},
    [DTLS_PHASE_HANDSHAKING] = {"handshaking", MUST, MUST, MAY, MAY, MAY,
        {TO(CONNECTED) | TO(FAILED), 0, TO(FAILED), TO(FAILED)}},
    [DTLS_PHASE_CONNECTED] = {"connected",  MAY,  NO,   MAY, MAY, NO,
        {TO(RENEGOTIATING) | TO(ENDED) | TO(FAILED),
         TO(RENEGOTIATING) | TO(CLOSING) | TO(ENDED), TO(ENDED), TO(FAILED)}},
    [DTLS_PHASE_RENEGOTIATING] = {"renegotiating", MUST, MUST, MAY, MAY, MAY,
        {TO(CONNECTED) | TO(FAILED), TO(CONNECTED),
         TO(CONNECTED) | TO(FAILED), TO(CONNECTED) | TO(FAILED)}},
    [DTLS_PHASE_CLOSING] = {"closing",      MUST, NO,   MAY, MAY, NO,
        {TO(ENDED) | TO(FAILED), TO(ENDED), TO(ENDED), TO(FAILED)}},
    [DTLS_PHASE_ENDED] = {"ended",          NO,   NO,   NO,  MAY, NO,
        {0, 0, 0, 0}},
    [DTLS_PHASE_FAILED] = {"failed",        NO,   NO,   NO,  MAY, NO,
        {0, 0, 0, 0}},
    /* clang-format on */
};

const char *dtls_phase_name(enum dtls_phase phase)
{
    return rules[phase].name;
}

bool dtls_phase_may_follow(enum dtls_phase from, enum dtls_phase to,
                           enum dtls_cause by)
{
    return (rules[from].to[by] & (1u << to)) != 0;
}

void dtls_session_enter(struct dtls_session *s, enum dtls_phase phase,
                        enum dtls_cause by)
{
#ifdef DTLS_CHECKED
    assert(dtls_phase_may_follow(s->phase, phase, by));
#else
    (void)by;
#endif
    s->phase = phase;
}

bool dtls_session_is_opening(const struct dtls_session *s)
{
    return s->phase == DTLS_PHASE_HALF_OPEN ||
           s->phase == DTLS_PHASE_HANDSHAKING;
}

bool dtls_session_is_in_handshake(const struct dtls_session *s)
{
    return dtls_session_is_opening(s) || s->phase == DTLS_PHASE_RENEGOTIATING;
}

bool dtls_session_is_open(const struct dtls_session *s)
{
    return s->phase == DTLS_PHASE_CONNECTED ||
           s->phase == DTLS_PHASE_RENEGOTIATING;
}

bool dtls_session_is_connected(const struct dtls_session *s)
{
    return dtls_session_is_open(s) || s->phase == DTLS_PHASE_CLOSING;
}

bool dtls_session_is_alive(const struct dtls_session *s)
{
    return dtls_session_is_opening(s) || dtls_session_is_connected(s);
}

static bool is_broken(enum must rule, bool is)
{
    return (rule == NO && is) || (rule == MUST && !is);
}

static bool is_zero(const void *data, size_t len)
{
    const uint8_t *bytes = data;

    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static bool has_handshake(const struct dtls_session *s)
{
    const struct dtls_handshake *h = &s->hs;

    return h->area != NULL || !is_zero(h->master, sizeof h->master) ||
           h->share.context != NULL;
}

/* The epoch of every message of the flight must be live: the flight is always
 * sent in the epochs in which it was made. */
static bool flight_has_its_epochs(const struct dtls_session *s)
{
    const struct dtls_flight *flight = &s->hs.flight;

    for (size_t i = 0; i < flight->num_messages; i++) {
        if (dtls_record_layer_writing(&s->records,
                                      flight->messages[i].epoch) == NULL) {
            return false;
        }
    }
    return true;
}

static bool is_live(const struct dtls_record_layer *r)
{
    return dtls_record_layer_reading(r, r->read_epoch) != NULL &&
           dtls_record_layer_writing(r, r->write_epoch) != NULL;
}

static bool has_old_write(const struct dtls_record_layer *r)
{
    return dtls_record_layer_writing(r, (uint16_t)(r->write_epoch - 1)) !=
           NULL;
}

static bool has_next(const struct dtls_record_layer *r)
{
    for (size_t i = 0; i < DTLS_EPOCHS; i++) {
        if ((r->read[i].taken && !r->read[i].usable) ||
            (r->write[i].taken && !r->write[i].usable)) {
            return true;
        }
    }
    return false;
}

static const char *check_records(const struct dtls_session *s,
                                 const struct rule *rule)
{
    const struct dtls_record_layer *r = &s->records;

    if (s->phase != DTLS_PHASE_IDLE && s->failure != DTLS_HANDED_OVER &&
        !is_live(r)) {
        return "the current epochs have no keys";
    }
    if (is_broken(rule->old_write, has_old_write(r))) {
        return "the old write epoch is kept though no flight needs it";
    }
    if (is_broken(rule->next, has_next(r))) {
        return "keys that no handshake will use are kept";
    }
    if ((dtls_session_is_connected(s) || s->phase == DTLS_PHASE_ENDED) &&
        s->failure != DTLS_HANDED_OVER &&
        (r->read_epoch == 0 || r->write_epoch == 0)) {
        return "a session is connected in the clear";
    }
    return flight_has_its_epochs(s) ? NULL : "an epoch of the flight is gone";
}

const char *dtls_session_check(const struct dtls_session *s)
{
    const struct rule *rule = &rules[s->phase];

    if (is_broken(rule->deadline, dtls_session_deadline(s) != DTLS_NEVER)) {
        return rule->deadline == MUST ? "it waits without a deadline"
                                      : "it has a deadline and waits for "
                                        "nothing";
    }
    if (is_broken(rule->handshake, has_handshake(s))) {
        return rule->handshake == MUST ? "its handshake has no area"
                                       : "an area or a secret of a handshake "
                                         "has outlived it";
    }
    if (is_broken(rule->flight, s->hs.flight.num_messages != 0)) {
        return "a flight is kept that nothing sends";
    }
    if (s->keep_flight_until != DTLS_NEVER && dtls_session_is_connected(s) &&
        !has_old_write(&s->records)) {
        return "a last flight is kept and its epoch is not";
    }
    return check_records(s, rule);
}
