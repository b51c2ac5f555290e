/* SPDX-License-Identifier: MIT */
/* What a probe has found out: one fact for each row of FACT_ROWS, the only
 * place that knows them.  The page, the JSON document, the profiles and the
 * draft of the ICS are made of it. */
#ifndef PROBE_FOUND_H
#define PROBE_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACT_MAX 4096
#define FACT_REASON 160
#define FACT_LIST_MAX 400

/* ROW(key, section of the page, kind, label).
 *
 * WORDS are one or more of a few; a NUMBER is decimal, its label names the
 * unit; SUITES, GROUPS, PAIRS and EXTENSIONS are lists of four hex digits
 * each, in the server's order if it has one; TEXT is for people, LINES are
 * several of them. */
#define FACT_ROWS(ROW)                                                        \
    ROW(versions, "Protocol", WORDS, "DTLS versions")                         \
    ROW(one_client, "Protocol", WORDS, "serves one client at a time")         \
    ROW(compression, "Protocol", WORDS, "compresses")                         \
    ROW(session_id, "Protocol", WORDS, "gives a session id")                  \
    ROW(suites, "Cipher suites", SUITES, "accepts")                           \
    ROW(suite_order, "Cipher suites", WORDS, "whose order counts")            \
    ROW(groups, "Keys", GROUPS, "groups")                                     \
    ROW(dh_bits, "Keys", NUMBER, "bits of the DHE prime")                     \
    ROW(pairs, "Keys", PAIRS, "signs with")                                   \
    ROW(keys, "Keys", WORDS, "kinds and bits of its keys")                    \
    ROW(chain_hashes, "Keys", WORDS, "hashes in its chains")                  \
    ROW(chains, "Keys", LINES, "certificates")                                \
    ROW(trust, "Keys", TEXT, "verified with --ca")                            \
    ROW(client_auth, "Keys", WORDS, "certificate of clients")                 \
    ROW(extensions, "Extensions", EXTENSIONS, "answers")                      \
    ROW(ems, "Extensions", WORDS, "extended master secret")                   \
    ROW(etm, "Extensions", WORDS, "encrypt-then-MAC")                         \
    ROW(reneg_info, "Extensions", WORDS, "renegotiation_info")                \
    ROW(alpn, "Extensions", TEXT, "application protocols")                    \
    ROW(cookie, "Cookie", WORDS, "asks for one")                              \
    ROW(cookie_bytes, "Cookie", NUMBER, "bytes")                              \
    ROW(cookie_binds, "Cookie", WORDS, "binds")                               \
    ROW(cookie_renewal, "Cookie", TEXT, "changes")                            \
    ROW(amplification, "Cookie", NUMBER, "bytes out for 100 bytes in")        \
    ROW(largest_datagram, "Sizes", NUMBER, "bytes of its largest datagram")   \
    ROW(largest_fragment, "Sizes", NUMBER, "bytes of its largest fragment")   \
    ROW(frag_first_hello, "Sizes", WORDS, "a first hello in pieces of 64")    \
    ROW(frag_hello, "Sizes", WORDS, "a hello with cookie in pieces of")       \
    ROW(largest_hello, "Sizes", NUMBER, "bytes of the largest hello")         \
    ROW(timer_ms, "Times", NUMBER, "ms to its first repeat")                  \
    ROW(schedule, "Times", TEXT, "gaps between its flights")                  \
    ROW(handshake, "Association", TEXT, "a handshake")                        \
    ROW(echo, "Association", WORDS, "sends data back")                        \
    ROW(close, "Association", WORDS, "answers close_notify")                  \
    ROW(renegotiation, "Association", WORDS, "renegotiates")                  \
    ROW(replay, "Association", WORDS, "detects replays")                      \
    ROW(replay_window, "Association", NUMBER, "records of the replay window") \
    ROW(largest_record, "Association", NUMBER, "bytes of the largest record") \
    ROW(badrec, "Association", WORDS, "a record that was changed")            \
    ROW(psk_unknown, "Association", WORDS, "an unknown PSK identity")         \
    ROW(psk_hint, "Association", TEXT, "its PSK hint")                        \
    ROW(fault_suites, "Answers to faults", TEXT, "no common suite")           \
    ROW(fault_groups, "Answers to faults", TEXT, "no common group")           \
    ROW(fault_pairs, "Answers to faults", TEXT, "no common signature pair")   \
    ROW(fault_version, "Answers to faults", TEXT, "an unknown version")       \
    ROW(fault_cut, "Answers to faults", TEXT, "a hello without its end")      \
    ROW(fault_order, "Answers to faults", TEXT, "a message out of order")     \
    ROW(fault_share, "Answers to faults", TEXT, "a share that is no point")   \
    ROW(fault_finished, "Answers to faults", TEXT, "a wrong Finished")

#define FACT_NAME(key, section, kind, label) FACT_##key,
enum fact_key { FACT_ROWS(FACT_NAME) FACT_NUM };
#undef FACT_NAME

enum fact_kind {
    WORDS,
    NUMBER,
    SUITES,
    GROUPS,
    PAIRS,
    EXTENSIONS,
    TEXT,
    LINES
};

struct fact_row {
    const char *key;
    const char *section;
    enum fact_kind kind;
    const char *label;
};
extern const struct fact_row fact_rows[FACT_NUM];

struct fact {
    bool told;
    char value[FACT_MAX];     /* if told */
    char reason[FACT_REASON]; /* why not; empty: nothing has asked yet */
};

struct facts {
    struct fact items[FACT_NUM];
    bool gone; /* the server has stopped answering: nothing more is asked */
};

/* facts_tell sets a fact; what is too long is cut at the end.  facts_cannot
 * says why it cannot be told, unless it has been told. */
void facts_tell(struct facts *facts, enum fact_key key, const char *format,
                ...) __attribute__((format(printf, 3, 4)));
void facts_cannot(struct facts *facts, enum fact_key key, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

/* facts_tell_list sets a list of 16-bit numbers, and facts_list reads one; it
 * returns 0 for a fact that is not told. */
void facts_tell_list(struct facts *facts, enum fact_key key,
                     const uint16_t *list, size_t num);
size_t facts_list(const struct facts *facts, enum fact_key key,
                  uint16_t out[FACT_LIST_MAX]);

/* facts_are: is the fact told, and is the word, which stands between blanks,
 * in it?  facts_number returns 0 for a fact that is not told. */
bool facts_are(const struct facts *facts, enum fact_key key, const char *word);
unsigned facts_number(const struct facts *facts, enum fact_key key);

/* list_find returns the place of a number in a list, `num` if it is not there.
 * list_drop takes it out. */
size_t list_find(const uint16_t *list, size_t num, uint16_t id);
void list_drop(uint16_t *list, size_t *num, uint16_t id);

#endif
