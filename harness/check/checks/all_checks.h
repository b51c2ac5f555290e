/* SPDX-License-Identifier: MIT */
/* Every file of checks, by subject.  For each name here there is a file
 * NAME_checks.c, which ends in CHECK_FILE(NAME). */
#ifndef CHECK_CHECKS_ALL_CHECKS_H
#define CHECK_CHECKS_ALL_CHECKS_H

#include "check/check.h"

#define CHECK_FILES(FILE)                                                     \
    FILE(handshake)                                                           \
    FILE(cookie)                                                              \
    FILE(hello)                                                               \
    FILE(fragment)                                                            \
    FILE(record)                                                              \
    FILE(replay)                                                              \
    FILE(certificate)                                                         \
    FILE(name)                                                                \
    FILE(client)                                                              \
    FILE(finished)                                                            \
    FILE(alert)                                                               \
    FILE(renegotiation)                                                       \
    FILE(extension)                                                           \
    FILE(ems)                                                                 \
    FILE(etm)                                                                 \
    FILE(group)                                                               \
    FILE(signature)                                                           \
    FILE(psk)                                                                 \
    FILE(version)                                                             \
    FILE(rsa)                                                                 \
    FILE(suite)                                                               \
    FILE(flight)                                                              \
    FILE(limit)                                                               \
    FILE(order)                                                               \
    FILE(unasked)                                                             \
    FILE(transcript)                                                          \
    FILE(layout)                                                              \
    FILE(window)                                                              \
    FILE(piece)                                                               \
    FILE(loss)                                                                \
    FILE(epoch)                                                               \
    FILE(flood)                                                               \
    FILE(message)                                                             \
    FILE(trigger)                                                             \
    FILE(life)                                                                \
    FILE(cipher)                                                              \
    FILE(unwanted)                                                            \
    FILE(protocol)                                                            \
    FILE(resumption)                                                          \
    FILE(ticket)                                                              \
    FILE(resumed)                                                             \
    FILE(profile)                                                             \
    FILE(secret)                                                              \
    FILE(cid)                                                                 \
    FILE(srtp)                                                                \
    FILE(raw_key)                                                             \
    FILE(staple)                                                              \
    FILE(password)                                                            \
    FILE(offer)

#define CHECK_GROUP(name) GROUP_##name,
enum { CHECK_FILES(CHECK_GROUP) NUM_GROUPS };
#undef CHECK_GROUP

#define CHECK_DECLARE(name) struct check_group check_##name(void);
CHECK_FILES(CHECK_DECLARE)
#undef CHECK_DECLARE

/* CHECK_FILE defines the function of a file whose table is `checks`. */
#define CHECK_FILE(name)                                                      \
    struct check_group check_##name(void)                                     \
    {                                                                         \
        return (struct check_group){checks, sizeof checks / sizeof *checks};  \
    }

#endif
