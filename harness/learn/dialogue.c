/* SPDX-License-Identifier: MIT */
/* One association of a voice with a target (learn/dialogue.h). */
#include "learn/dialogue.h"

#include "learn/words.h"

#include <stdarg.h>
#include <string.h>

#define FATAL 2
#define HANDSHAKE_FAILURE 40

__attribute__((format(printf, 2, 3))) static bool stop(struct dialogue *d,
                                                       const char *format, ...)
{
    va_list more;

    if (d->problem[0] == '\0') {
        va_start(more, format);
        (void)vsnprintf(d->problem, sizeof d->problem, format, more);
        va_end(more);
    }
    return false;
}

static void hear_datagram(struct dialogue *d, struct dtls_bytes datagram)
{
    d->heard_bytes += datagram.len;
    voice_hears(&d->voice, d->heard, datagram);
}

static void forget_heard(struct dialogue *d)
{
    d->heard[0] = '\0';
    d->heard_bytes = 0;
}

/* A client speaks first. */
static bool hear_first(struct dialogue *d)
{
    const uint64_t until = d->line.now + d->setup->live_ms;
    struct dtls_bytes datagram;

    line_start(&d->line);
    if (!line_next(&d->line, &datagram, until)) {
        return stop(d, "the client says nothing: %s",
                    d->line.sut->why[0] == '\0' ? "no datagram came"
                                                : d->line.sut->why);
    }
    hear_datagram(d, datagram);
    return d->voice.has_hello ||
           stop(d, "the client's first datagram is no ClientHello: %s",
                d->heard);
}

bool dialogue_open(struct dialogue *d, const struct dialogue_setup *setup,
                   FILE *evidence, uint64_t now)
{
    d->setup = setup;
    d->problem[0] = '\0';
    d->voice_setup = setup->voice;
    d->voice_setup.keylog = evidence;
    d->line.evidence = evidence;
    forget_heard(d);
    voice_init(&d->voice, &d->voice_setup);
    if (!line_open(&d->line, setup->driver, &setup->target, now)) {
        return stop(d, "the target cannot be started: %s",
                    d->line.sut == NULL ? "no such end" : d->line.sut->why);
    }
    return setup->target.role == SUT_SERVER || hear_first(d);
}

static void take_leave(struct dialogue *d)
{
    struct voice *v = &d->voice;

    if (d->line.sut == NULL || !d->setup->driver->real_time ||
        v->heard_fatal) {
        return;
    }
    v->out.len = 0;
    voice_say_alert(v, FATAL, HANDSHAKE_FAILURE);
    line_send(&d->line, dtls_buf_bytes(&v->out));
}

uint64_t dialogue_close(struct dialogue *d)
{
    take_leave(d);
    line_close(&d->line);
    voice_free(&d->voice);
    return d->line.now;
}

/* A target that has left says so in its last output. */
static const char *text_of(const struct dialogue *d)
{
    const struct sut *sut = d->line.sut;

    if (d->heard[0] != '\0') {
        return d->heard;
    }
    return sut->driver->real_time && sut->state == SUT_FAILED ? "gone"
                                                              : SILENCE;
}

const char *dialogue_awaits(struct dialogue *d, unsigned patience,
                            const char *expected)
{
    struct dtls_bytes datagram;

    forget_heard(d);
    while ((expected == NULL || strcmp(d->heard, expected) != 0) &&
           line_next(&d->line, &datagram, d->line.now + patience)) {
        hear_datagram(d, datagram);
    }
    if (d->line.floods) {
        (void)stop(d, "the target floods");
    }
    return text_of(d);
}

const char *dialogue_hear(struct dialogue *d, unsigned patience)
{
    return dialogue_awaits(d, patience, NULL);
}
