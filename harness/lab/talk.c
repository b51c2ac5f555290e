/* SPDX-License-Identifier: MIT */
/* Application data that can be recognized (lab/talk.h): each record begins
 * with its number, and its other bytes follow from the number. */
#include "lab/talk.h"

#include <assert.h>
#include <string.h>

#define HEAD 4
#define OVERHEAD 120 /* bytes of a record and its headers, with any suite */

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static void fill(const struct lab_talk *talk, unsigned number, uint8_t *out)
{
    uint32_t state = (uint32_t)number * 2654435761u + talk->salt;

    out[0] = (uint8_t)(number >> 24);
    out[1] = (uint8_t)(number >> 16);
    out[2] = (uint8_t)(number >> 8);
    out[3] = (uint8_t)number;
    for (size_t i = HEAD; i < talk->len[number]; i++) {
        state = state * 1664525u + 1013904223u;
        out[i] = (uint8_t)(state >> 24);
    }
}

void lab_talk_init(struct lab_talk *talk, size_t bytes, uint16_t mtu,
                   uint64_t seed)
{
    size_t most = mtu - OVERHEAD < LAB_TALK_RECORD_MAX ? mtu - OVERHEAD
                                                       : LAB_TALK_RECORD_MAX;

    *talk = (struct lab_talk){.salt = (uint8_t)seed};
    while (bytes != 0) {
        size_t len = HEAD + next(&seed) % (most - HEAD + 1);

        len = len < bytes ? len : bytes;
        bytes -= len;
        assert(talk->num < LAB_TALK_RECORDS);
        talk->len[talk->num++] = (uint16_t)(len < HEAD ? HEAD : len);
    }
}

size_t lab_talk_next(struct lab_talk *talk, uint8_t out[LAB_TALK_RECORD_MAX])
{
    if (lab_talk_is_over(talk)) {
        return 0;
    }
    fill(talk, talk->said, out);
    return talk->len[talk->said++];
}

bool lab_talk_is_over(const struct lab_talk *talk)
{
    return talk->said == talk->num;
}

void lab_talk_take(struct lab_talk *talk, struct dtls_bytes record)
{
    uint8_t right[LAB_TALK_RECORD_MAX];
    struct dtls_bytes in = record;
    uint32_t number;

    if (!dtls_get_u32(&in, &number) || number >= talk->num ||
        record.len != talk->len[number]) {
        talk->wrong++;
        return;
    }
    fill(talk, number, right);
    if (memcmp(record.data, right, record.len) != 0) {
        talk->wrong++;
    } else if (talk->times[number]++ != 0) {
        talk->twice++;
    } else {
        talk->received++;
    }
}

unsigned lab_talk_missing(const struct lab_talk *talk)
{
    unsigned i = 0;

    while (i < talk->num && talk->times[i] != 0) {
        i++;
    }
    return i;
}
