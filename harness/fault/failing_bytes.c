/* SPDX-License-Identifier: MIT */
/* Reads and writes of bytes that fail (fault/failing_bytes.h). */
#include "fault/failing_bytes.h"

#include <string.h>

struct failing_bytes failing_bytes;

static struct bytes_place *before(const struct bytes_place *place)
{
    return place->next == place ? NULL : place->next;
}

void failing_bytes_begin(const struct bytes_place *place, unsigned first,
                         unsigned last)
{
    struct bytes_place *each;

    for (each = failing_bytes.places; each != NULL; each = before(each)) {
        each->calls = 0;
    }
    failing_bytes.place = place;
    failing_bytes.first = first;
    failing_bytes.last = last;
    failing_bytes.failed = 0;
    failing_bytes.writes = 0;
    failing_bytes.since = 0;
    failing_bytes.stopped = false;
}

void failing_bytes_stop(void)
{
    failing_bytes.stopped = true;
}

static bool writes_message(const struct bytes_place *place)
{
    /* A record for which a datagram has no room goes into the next one; what a
     * transcript keeps, and a session to resume, can be done without. */
    static const char *const others[] = {"src/record/",   "src/flight/",
                                         "/transcript.c", "/saved.c",
                                         "/tickets.c",    "/resumption.c"};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strstr(place->file, others[i]) != NULL) {
            return false;
        }
    }
    return strncmp(place->call, "put", 3) == 0;
}

bool failing_bytes_at(struct bytes_place *place)
{
    struct failing_bytes *f = &failing_bytes;

    if (f->stopped) {
        return false;
    }
    if (place->next == NULL) {
        place->next = f->places != NULL ? f->places : place;
        f->places = place;
    }
    place->calls++;
    f->since++;
    if (place != f->place || place->calls < f->first ||
        place->calls > f->last) {
        return false;
    }
    f->failed++;
    f->writes += writes_message(place);
    f->since = 0;
    return true;
}
