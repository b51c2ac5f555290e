/* SPDX-License-Identifier: MIT */
/* What an honest peer may do in more than one way: the parameters of a check,
 * and their values, which follow from what the target claims.
 *
 * The table PARAMETERS is the only place that knows them: ids, --with, results
 * and --help are made of it.  scene_ways.c lets the peer do what a value says.
 */
#ifndef CHECK_COMBINATION_H
#define CHECK_COMBINATION_H

#include "check/ics.h"

/* The parameters that matter to a check (struct check). */
enum check_matters {
    CHECK_EACH_SUITE = 1,
    CHECK_EACH_CIPHER = 2,   /* one suite for each way to protect records, CBC
                              * also without encrypt-then-MAC */
    CHECK_EACH_KX = 4,       /* one suite for each key exchange */
    CHECK_EACH_KEY = 8,      /* certificate, group, signature pair */
    CHECK_EACH_BINDING = 16, /* what changes how keys are used */
    CHECK_EACH_CUT = 32,     /* how messages are cut and packed */
    CHECK_EACH_COOKIE = 64,  /* cookies that the peer asks a client for */
    CHECK_EACH_OFFER = 128,  /* what else stands in a ClientHello */
    CHECK_EACH_LENGTH = 256, /* bytes of application data */
    CHECK_EACH_OF_ALL = 511
};

/* ROW(name, kind, group, words, help).  HEX and NUMBER are numbers, WORD is
 * one of `words`, with '|' between them.  A parameter's default is 0, which a
 * combination need not name: the first word, or what `words` says of numbers.
 */
#define PARAMETERS(ROW)                                                       \
    ROW(suite, HEX, CHECK_EACH_SUITE, "the first that suits", "cipher suite") \
    ROW(certificate, WORD, CHECK_EACH_KEY,                                    \
        "usual|one_ca|two_cas|rsa_3072|rsa_4096|p384|none", "of the peer")    \
    ROW(group, NUMBER, CHECK_EACH_KEY, "all", "the only one of the peer")     \
    ROW(pair, HEX, CHECK_EACH_KEY, "all", "signature pair of the server")     \
    ROW(request, WORD, CHECK_EACH_KEY, "no|yes",                              \
        "the peer asks a client for a certificate")                           \
    ROW(ems, WORD, CHECK_EACH_BINDING, "on|off", "extended master secret")    \
    ROW(etm, WORD, CHECK_EACH_BINDING, "on|off", "encrypt-then-MAC")          \
    ROW(reneg_info, WORD, CHECK_EACH_BINDING, "on|extension|off",             \
        "secure renegotiation; a client's usual signal is the suite")         \
    ROW(packing, WORD, CHECK_EACH_CUT,                                        \
        "message|flight|record|1400|576|256|128",                             \
        "a datagram holds a message, a flight, a flight in one record, or "   \
        "so many bytes")                                                      \
    ROW(fragment, NUMBER, CHECK_EACH_CUT, "whole messages",                   \
        "bytes of a fragment; 1: of short messages")                          \
    ROW(order, WORD, CHECK_EACH_CUT, "forward|reversed|shuffled",             \
        "of the fragments of a message")                                      \
    ROW(overlap, WORD, CHECK_EACH_CUT, "none|one|all",                        \
        "bytes of the fragments before that a fragment repeats")              \
    ROW(doubled, WORD, CHECK_EACH_CUT, "no|yes", "each datagram twice")       \
    ROW(cookies, NUMBER, CHECK_EACH_COOKIE, "none",                           \
        "HelloVerifyRequests before a client is accepted")                    \
    ROW(cookie, NUMBER, CHECK_EACH_COOKIE, "16", "bytes of each cookie")      \
    ROW(alpn, WORD, CHECK_EACH_OFFER, "off|on", "protocol names")             \
    ROW(sni, WORD, CHECK_EACH_OFFER, "off|on", "the server's name")           \
    ROW(mfl, NUMBER, CHECK_EACH_OFFER, "none", "max_fragment_length")         \
    ROW(rsl, NUMBER, CHECK_EACH_OFFER, "none", "record_size_limit")           \
    ROW(ticket, WORD, CHECK_EACH_OFFER, "off|on", "session tickets")          \
    ROW(heartbeat, WORD, CHECK_EACH_OFFER, "off|on", "heartbeats")            \
    ROW(status, WORD, CHECK_EACH_OFFER, "off|on", "status_request")           \
    ROW(cid, WORD, CHECK_EACH_OFFER, "off|on", "connection ids")              \
    ROW(padding, WORD, CHECK_EACH_OFFER, "off|on", "200 bytes of padding")    \
    ROW(grease, WORD, CHECK_EACH_OFFER,                                       \
        "off|suites|groups|pairs|extensions|versions|all",                    \
        "unknown values where RFC 8701 has them")                             \
    ROW(data, NUMBER, CHECK_EACH_LENGTH, "20", "bytes of application data")

#define PARAMETER_NAME(name, kind, group, words, help) WITH_##name,
enum parameter { PARAMETERS(PARAMETER_NAME) NUM_PARAMETERS };
#undef PARAMETER_NAME

/* The words whose numbers scene_ways.c must know. */
enum with_certificate {
    WITH_USUAL,
    WITH_ONE_CA,
    WITH_TWO_CAS,
    WITH_RSA_3072,
    WITH_RSA_4096,
    WITH_P384,
    WITH_NO_CERTIFICATE
};
enum with_signal { WITH_SIGNAL, WITH_EXTENSION, WITHOUT_SIGNAL };
enum with_packing {
    WITH_MESSAGES,
    WITH_FLIGHTS,
    WITH_ONE_RECORD,
    WITH_1400,
    WITH_576,
    WITH_256,
    WITH_128
};
enum with_order { WITH_FORWARD, WITH_REVERSED, WITH_SHUFFLED };
enum with_overlap { WITH_NO_OVERLAP, WITH_ONE_BYTE, WITH_ALL_BYTES };
enum with_grease {
    WITH_NO_GREASE,
    WITH_GREASE_SUITES,
    WITH_GREASE_GROUPS,
    WITH_GREASE_PAIRS,
    WITH_GREASE_EXTENSIONS,
    WITH_GREASE_VERSIONS,
    WITH_ALL_GREASE
};

/* A value for each parameter; 0: the default. */
struct combination {
    uint16_t values[NUM_PARAMETERS];
};

#define COMBINATION_DATA_MAX 1000 /* bytes of application data */
#define COMBINATION_MAX 512       /* bytes of a written one */
#define COMBINATIONS_VALUES_MAX ICS_SUITES_MAX

/* combination_values lists the values of a parameter other than the suite for
 * a target in this role, the default first; `real_time`: it is in another
 * process. */
size_t combination_values(uint16_t out[COMBINATIONS_VALUES_MAX],
                          const struct ics *ics, bool target_is_client,
                          bool real_time, enum parameter parameter);

/* combination_group is the CHECK_EACH_... of a parameter. */
unsigned combination_group(enum parameter parameter);

/* combination_fits: can the peer do both?  combination_is_possible: all of
 * it? */
bool combination_fits(enum parameter p, uint16_t v, enum parameter q,
                      uint16_t w);
bool combination_is_possible(const struct combination *combination);

/* combination_write writes what is not the default, NAME=VALUE with `between`
 * between two; combination_read reads that, with commas.  It returns false
 * and says in `problem` what is wrong. */
void combination_write(char *out, size_t size,
                       const struct combination *combination,
                       const char *between);
bool combination_read(struct combination *out, const char *text, char *problem,
                      size_t problem_size);

/* combination_value writes one value; returns false if it is the default. */
bool combination_value(char *out, size_t size,
                       const struct combination *combination,
                       enum parameter parameter);
const char *combination_name(enum parameter parameter);

/* combination_help prints a line for each parameter. */
void combination_help(FILE *out);

/* combination_reduce sets back to `base` what of the combination need not
 * differ: as long as `still` is true of what remains, which it asks at most
 * `most` times. */
void combination_reduce(struct combination *combination,
                        const struct combination *base,
                        bool (*still)(void *self,
                                      const struct combination *combination),
                        void *self, unsigned most);

#endif
