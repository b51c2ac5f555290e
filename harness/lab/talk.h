/* SPDX-License-Identifier: MIT */
/* Application data that can be recognized: numbered records of different
 * sizes. Datagrams may be lost, duplicated or reordered. */
#ifndef LAB_TALK_H
#define LAB_TALK_H

#include "base/bytes.h"

#define LAB_TALK_RECORDS 4096 /* more than any talk has */
#define LAB_TALK_RECORD_MAX 1200

struct lab_talk {
    uint16_t len[LAB_TALK_RECORDS];
    uint8_t times[LAB_TALK_RECORDS]; /* received */
    uint8_t salt;
    unsigned num;
    unsigned said;
    unsigned unsent;   /* the sender's library would not take it */
    unsigned received; /* different records, unchanged */
    unsigned twice;
    unsigned wrong;
};

/* lab_talk_init plans records of `bytes` bytes in all.  Each fits into a
 * datagram of `mtu`.  The same seed gives the same plan. */
void lab_talk_init(struct lab_talk *talk, size_t bytes, uint16_t mtu,
                   uint64_t seed);

/* lab_talk_next writes the next record to send and returns its length; 0 after
 * the last one. */
size_t lab_talk_next(struct lab_talk *talk, uint8_t out[LAB_TALK_RECORD_MAX]);
bool lab_talk_is_over(const struct lab_talk *talk);

/* lab_talk_take compares a received record with the plan and counts it. */
void lab_talk_take(struct lab_talk *talk, struct dtls_bytes record);

/* lab_talk_missing returns the number of the first record that was not
 * received; `num` if all were. */
unsigned lab_talk_missing(const struct lab_talk *talk);

#endif
