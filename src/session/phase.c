/* SPDX-License-Identifier: MIT */
/* What holds in each phase (session/phase.h): one row per phase. */
#include "session/phase.h"

enum must { NO, MAY, MUST };

/* deadline: a time at which the session acts by itself.
 * handshake: a handshake's secrets and kept messages: transcript, key share,
 *     master secret, early Finished.
 * flight: messages of ours that wait to be sent or resent.
 * old_write: the write epoch before the current one, for a last flight.
 * next: keys of an epoch that is not yet in use. */
static const struct rule {
    const char *name;
    enum must deadline;
    enum must handshake;
    enum must flight;
    enum must old_write;
    enum must next;
} rules[DTLS_PHASES] = {
    /*                           name        deadline handshake flight
     *                                                   old_write next */
    [DTLS_PHASE_IDLE] = {"idle", NO, NO, NO, NO, NO},
    [DTLS_PHASE_HALF_OPEN] = {"half open", MUST, MAY, NO, NO, NO},
    [DTLS_PHASE_HANDSHAKING] = {"handshaking", MUST, MUST, MAY, MAY, MAY},
    [DTLS_PHASE_CONNECTED] = {"connected", MAY, NO, MAY, MAY, NO},
    [DTLS_PHASE_RENEGOTIATING] = {"renegotiating", MUST, MAY, MAY, MAY, MAY},
    [DTLS_PHASE_CLOSING] = {"closing", MAY, NO, MAY, MAY, NO},
    [DTLS_PHASE_ENDED] = {"ended", NO, NO, NO, MAY, NO},
    [DTLS_PHASE_FAILED] = {"failed", NO, NO, NO, MAY, NO},
};

enum dtls_phase dtls_session_phase(const struct dtls_session *s)
{
    switch (s->state) {
    case DTLS_IDLE:
        break;
    case DTLS_HANDSHAKING:
        return s->hs.role == DTLS_SERVER &&
                       s->hs.step == DTLS_SERVER_CLIENT_HELLO
                   ? DTLS_PHASE_HALF_OPEN
                   : DTLS_PHASE_HANDSHAKING;
    case DTLS_CONNECTED:
        if (s->close_sent) {
            return DTLS_PHASE_CLOSING;
        }
        return s->renegotiating ? DTLS_PHASE_RENEGOTIATING
                                : DTLS_PHASE_CONNECTED;
    case DTLS_ENDED:
        return DTLS_PHASE_ENDED;
    case DTLS_FAILED:
        return DTLS_PHASE_FAILED;
    }
    return DTLS_PHASE_IDLE;
}

const char *dtls_phase_name(enum dtls_phase phase)
{
    return rules[phase].name;
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

    return !is_zero(&h->transcript, sizeof h->transcript) ||
           !is_zero(h->master, sizeof h->master) || h->share.context != NULL ||
           s->early.len != 0;
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

    if (s->state != DTLS_IDLE && !is_live(r)) {
        return "the current epochs have no keys";
    }
    if (is_broken(rule->old_write, has_old_write(r))) {
        return "the old write epoch is kept though no flight needs it";
    }
    if (is_broken(rule->next, has_next(r))) {
        return "keys that no handshake will use are kept";
    }
    if ((s->state == DTLS_CONNECTED || s->state == DTLS_ENDED) &&
        (r->read_epoch == 0 || r->write_epoch == 0)) {
        return "a session is connected in the clear";
    }
    return flight_has_its_epochs(s) ? NULL : "an epoch of the flight is gone";
}

const char *dtls_session_check(const struct dtls_session *s)
{
    const struct rule *rule = &rules[dtls_session_phase(s)];

    if (is_broken(rule->deadline, dtls_session_deadline(s) != DTLS_NEVER)) {
        return rule->deadline == MUST ? "it waits without a deadline"
                                      : "it has a deadline and waits for "
                                        "nothing";
    }
    if (is_broken(rule->handshake, has_handshake(s))) {
        return rule->handshake == MUST ? "its handshake has no transcript"
                                       : "a secret of a handshake has "
                                         "outlived it";
    }
    if (is_broken(rule->flight, s->hs.flight.num_messages != 0)) {
        return "a flight is kept that nothing sends";
    }
    if (s->keep_flight_until != DTLS_NEVER && s->state == DTLS_CONNECTED &&
        !has_old_write(&s->records)) {
        return "a last flight is kept and its epoch is not";
    }
    return check_records(s, rule);
}
