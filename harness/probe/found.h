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

/* ROW(key, section of the page, who it is about, kind, label).
 *
 * WORDS are one or more of a few; a NUMBER is decimal, its label names the
 * unit; SUITES, GROUPS, PAIRS and EXTENSIONS are lists of four hex digits
 * each, in the server's order if it has one; TEXT is for people, LINES are
 * several of them. */
#define FACT_ROWS(ROW)                                                        \
    ROW(versions, "Protocol", BOTH, WORDS, "DTLS versions")                   \
    ROW(one_client, "Protocol", SERVER, WORDS, "serves one client at a time") \
    ROW(compression, "Protocol", SERVER, WORDS, "compresses")                 \
    ROW(session_id, "Protocol", SERVER, WORDS, "gives a session id")          \
    ROW(suites, "Cipher suites", BOTH, SUITES, "in this order")               \
    ROW(suite_order, "Cipher suites", SERVER, WORDS, "whose order counts")    \
    ROW(groups, "Keys", BOTH, GROUPS, "groups")                               \
    ROW(dh_bits, "Keys", SERVER, NUMBER, "bits of the DHE prime")             \
    ROW(pairs, "Keys", BOTH, PAIRS, "signature pairs")                        \
    ROW(keys, "Keys", SERVER, WORDS, "kinds and bits of its keys")            \
    ROW(chain_hashes, "Keys", SERVER, WORDS, "hashes in its chains")          \
    ROW(chains, "Keys", SERVER, LINES, "certificates")                        \
    ROW(trust, "Keys", SERVER, TEXT, "verified with --ca")                    \
    ROW(client_auth, "Keys", SERVER, WORDS, "certificate of clients")         \
    ROW(extensions, "Extensions", BOTH, EXTENSIONS, "in its hello")           \
    ROW(ems, "Extensions", BOTH, WORDS, "extended master secret")             \
    ROW(etm, "Extensions", BOTH, WORDS, "encrypt-then-MAC")                   \
    ROW(reneg_info, "Extensions", BOTH, WORDS, "renegotiation_info")          \
    ROW(alpn, "Extensions", BOTH, TEXT, "application protocols")              \
    ROW(server_name, "Extensions", CLIENT, TEXT, "server name")               \
    ROW(cookie, "Cookie", SERVER, WORDS, "asks for one")                      \
    ROW(cookie_bytes, "Cookie", SERVER, NUMBER, "bytes")                      \
    ROW(cookie_binds, "Cookie", SERVER, WORDS, "binds")                       \
    ROW(cookie_renewal, "Cookie", SERVER, TEXT, "changes")                    \
    ROW(amplification, "Cookie", SERVER, NUMBER,                              \
        "bytes out for 100 bytes in")                                         \
    ROW(returns_cookie, "Cookie", CLIENT, WORDS, "gives a cookie back")       \
    ROW(same_hello, "Cookie", CLIENT, WORDS, "in the same hello")             \
    ROW(largest_datagram, "Sizes", BOTH, NUMBER,                              \
        "bytes of its largest datagram")                                      \
    ROW(largest_fragment, "Sizes", BOTH, NUMBER,                              \
        "bytes of its largest fragment")                                      \
    ROW(frag_first_hello, "Sizes", SERVER, WORDS,                             \
        "a first hello in pieces of 64")                                      \
    ROW(frag_hello, "Sizes", SERVER, WORDS,                                   \
        "a hello with cookie in pieces of")                                   \
    ROW(largest_hello, "Sizes", SERVER, NUMBER, "bytes of the largest hello") \
    ROW(hello_bytes, "Sizes", CLIENT, NUMBER, "bytes of its first hello")     \
    ROW(timer_ms, "Times", BOTH, NUMBER, "ms to its first repeat")            \
    ROW(schedule, "Times", BOTH, TEXT, "gaps between its flights")            \
    ROW(handshake, "Association", SERVER, TEXT, "a handshake")                \
    ROW(echo, "Association", SERVER, WORDS, "sends data back")                \
    ROW(close, "Association", SERVER, WORDS, "answers close_notify")          \
    ROW(renegotiation, "Association", SERVER, WORDS, "renegotiates")          \
    ROW(replay, "Association", SERVER, WORDS, "detects replays")              \
    ROW(replay_window, "Association", SERVER, NUMBER,                         \
        "records of the replay window")                                       \
    ROW(largest_record, "Association", SERVER, NUMBER,                        \
        "bytes of the largest record")                                        \
    ROW(badrec, "Association", SERVER, WORDS, "a record that was changed")    \
    ROW(psk_unknown, "Association", SERVER, WORDS, "an unknown PSK identity") \
    ROW(psk_hint, "Association", SERVER, TEXT, "its PSK hint")                \
    ROW(fault_suites, "Answers to faults", SERVER, TEXT, "no common suite")   \
    ROW(fault_groups, "Answers to faults", SERVER, TEXT, "no common group")   \
    ROW(fault_pairs, "Answers to faults", SERVER, TEXT,                       \
        "no common signature pair")                                           \
    ROW(fault_version, "Answers to faults", SERVER, TEXT,                     \
        "an unknown version")                                                 \
    ROW(fault_cut, "Answers to faults", SERVER, TEXT,                         \
        "a hello without its end")                                            \
    ROW(fault_order, "Answers to faults", SERVER, TEXT,                       \
        "a message out of order")                                             \
    ROW(fault_share, "Answers to faults", SERVER, TEXT,                       \
        "a share that is no point")                                           \
    ROW(fault_finished, "Answers to faults", SERVER, TEXT, "a wrong Finished")

#define FACT_NAME(key, section, who, kind, label) FACT_##key,
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

enum fact_who { SERVER = 1, CLIENT = 2, BOTH = SERVER | CLIENT };

struct fact_row {
    const char *key;
    const char *section;
    enum fact_who who;
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

/* facts_tell sets a fact; what is too long is cut at the end, and what is not
 * printable ASCII becomes a question mark.  facts_cannot sets the reason why
 * it cannot be told; facts_forget also takes back what was told. */
void facts_tell(struct facts *facts, enum fact_key key, const char *format,
                ...) __attribute__((format(printf, 3, 4)));
void facts_cannot(struct facts *facts, enum fact_key key, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

void facts_forget(struct facts *facts, enum fact_key key, const char *reason);

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
