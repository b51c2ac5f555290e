/* SPDX-License-Identifier: MIT */
/* What the suite must know of a target: the ICS is what its maker claims, the
 * IXIT what the lab needs to reach it (ISO/IEC 9646).  Both stand in one file
 * (check/ini.h) with the sections [ics] and [ixit], or in two.
 *
 * The table ICS_ROWS is the only place that knows the keys: the reader, its
 * complaints and the file that `nxdtls check --init` writes are made of it. */
#ifndef CHECK_ICS_H
#define CHECK_ICS_H

#include "base/bytes.h"
#include "crypto/suites.h"

#include <stdio.h>

#define ICS_VALUE_MAX 1024
#define ICS_SUITES_MAX 128

/* ROW(key, section, kind, allowed, default, help).  `kind` says what `allowed`
 * is: a WORD or WORDS of it, separated by '|'; a NUMBER from..to; HEX16 and
 * DEC16 are lists of 16-bit numbers, KEY is 1 to 64 bytes in hex, TEXT is
 * anything. */
#define ICS_ROWS(ROW)                                                         \
    ROW(role, ics, WORD, "client|server|both", "",                            \
        "which end the target can be; empty: the one under test")             \
    ROW(versions, ics, WORDS, "1.0|1.2|1.3", "1.2", "versions of DTLS")       \
    ROW(suites, ics, HEX16, "", "",                                           \
        "cipher suites, preferred ones first, four hex digits each")          \
    ROW(server_pref, ics, WORD, "own|client", "own",                          \
        "whose order of suites a server follows")                             \
    ROW(groups, ics, DEC16, "", "", "groups, preferred ones first")           \
    ROW(sigs, ics, HEX16, "", "", "signature pairs of signature_algorithms")  \
    ROW(sigs_cert, ics, HEX16, "", "", "the same, for certificates")          \
    ROW(cert, ics, WORDS, "x509|rpk|no", "x509",                              \
        "kinds of certificates that it verifies; rpk alone: it also shows "   \
        "its key, and no certificate")                                        \
    ROW(names, ics, WORD, "yes|no", "yes", "a client checks the name")        \
    ROW(cn_fallback, ics, WORD, "yes|no", "no", "and takes it from a CN")     \
    ROW(depth, ics, NUMBER, "1..100", "5", "certificates of a chain")         \
    ROW(clientauth, ics, WORDS, "none|optional|require", "none",              \
        "does a server ask for the client's certificate?  Several words are " \
        "for a target that the lab sets up as each check needs it")           \
    ROW(clientcert, ics, WORD, "yes|no", "no", "a client has a certificate")  \
    ROW(crl, ics, WORD, "yes|no", "no", "it checks revocation lists")         \
    ROW(ocsp, ics, WORDS, "no|staple|staple_v2|must_staple|query", "no",      \
        "its use of OCSP")                                                    \
    ROW(psk_unknown, ics, WORD, "115|51|silent", "115",                       \
        "a server's answer to an identity that it does not know")             \
    ROW(psk_hint, ics, WORD, "yes|no", "no", "a server sends a hint")         \
    ROW(cookie, ics, WORD, "on|off|load", "on", "a server asks for a cookie") \
    ROW(cookie_bind, ics, WORD, "both|address", "both",                       \
        "what its cookie binds")                                              \
    ROW(frag_first_hello, ics, WORD, "yes|no", "yes",                         \
        "a server takes a first ClientHello in fragments")                    \
    ROW(ems, ics, WORD, "no|yes|require", "yes", "extended master secret")    \
    ROW(etm, ics, WORD, "no|yes|require", "yes", "encrypt-then-MAC")          \
    ROW(reneg_info, ics, WORD, "no|yes|require", "yes",                       \
        "the signal of secure renegotiation")                                 \
    ROW(resume, ics, WORD, "none|id|ticket|both", "none", "resumption")       \
    ROW(ticket, ics, WORD, "yes|no", "no", "session tickets")                 \
    ROW(reneg, ics, WORDS, "none|refuse|ignore|client|server|legacy", "none", \
        "renegotiations that it takes part in, or how it declines")           \
    ROW(mfl, ics, WORD, "yes|no", "no", "max_fragment_length")                \
    ROW(rsl, ics, WORD, "yes|no", "no", "record_size_limit")                  \
    ROW(alpn, ics, TEXT, "", "no", "names of ALPN, or no")                    \
    ROW(sni, ics, TEXT, "", "no", "server names, or no")                      \
    ROW(srtp, ics, WORD, "yes|no", "no", "use_srtp")                          \
    ROW(supported_versions, ics, WORD, "yes|no", "no", "that extension")      \
    ROW(truncated_hmac, ics, WORD, "yes|no", "no", "that extension")          \
    ROW(hb, ics, WORD, "no|yes|sender", "no", "heartbeats")                   \
    ROW(cid, ics, WORD, "yes|empty|no", "no",                                 \
        "connection ids; empty: it asks for none of its own")                 \
    ROW(rpk, ics, WORD, "yes|no", "no", "raw public keys")                    \
    ROW(mtu, ics, NUMBER, "128..65507", "1400",                               \
        "bytes of its largest datagram in a handshake")                       \
    ROW(timer_ms, ics, NUMBER, "10..60000", "1000",                           \
        "its first retransmission timeout")                                   \
    ROW(replay, ics, WORD, "on|off", "on", "replay detection")                \
    ROW(replay_window, ics, NUMBER, "1..65535", "64", "records of it")        \
    ROW(badrec, ics, WORD, "silent|close|limit", "silent",                    \
        "what it does about records that are not authentic")                  \
    ROW(badrecs, ics, NUMBER, "1..10000", "100",                              \
        "how many of them end an association, with badrec = limit")           \
    ROW(gives_up_s, ics, NUMBER, "1..3000", "660",                            \
        "it gives a handshake up in so many seconds")                         \
    ROW(lifetime, ics, TEXT, "", "no",                                        \
        "the longest life of a connection, in seconds, or no")                \
    ROW(profile, ics, WORDS,                                                  \
        "none|bcp195|niap|iot|tr02102|tr03116-3|tr03116-4|random_time|"       \
        "stop_resumption",                                                    \
        "none", "profiles that it claims")                                    \
    ROW(server, ixit, TEXT, "", "", "HOST:PORT of a server under test")       \
    ROW(client_command, ixit, TEXT, "", "",                                   \
        "the command that starts a client under test; {host} and {port} "     \
        "become the lab's address")                                           \
    ROW(server_command, ixit, TEXT, "", "",                                   \
        "the command that starts a server under test for one handshake, "     \
        "at {host} and {port}")                                               \
    ROW(listen, ixit, TEXT, "", "",                                           \
        "the port of the lab, or HOST:PORT, to which a client under test "    \
        "comes by itself")                                                    \
    ROW(pki, ixit, TEXT, "", "",                                              \
        "the folder of the lab's certificates; empty: that of the build")     \
    ROW(name, ixit, TEXT, "", "localhost",                                    \
        "what a client under test looks for in the server's certificate")     \
    ROW(psk_identity, ixit, TEXT, "", "client", "the identity of the key")    \
    ROW(psk_key, ixit, KEY, "", "000102030405060708090a0b0c0d0e0f",           \
        "the pre-shared key, or the password of EC-JPAKE, in hex")            \
    ROW(echo, ixit, WORD, "yes|no", "yes",                                    \
        "the target sends application data back as it came; if not, its "     \
        "answer to close_notify shows that it lives")                         \
    ROW(one_client, ixit, WORD, "yes|no", "no",                               \
        "a server serves one client after the other; its silence is then "    \
        "waited for")                                                         \
    ROW(quiet_ms, ixit, NUMBER, "10..600000", "2000",                         \
        "silence for so long is no answer")                                   \
    ROW(live_ms, ixit, NUMBER, "10..600000", "5000",                          \
        "a target that lives answers in this time")                           \
    ROW(rate, ixit, NUMBER, "0..1000000", "0",                                \
        "datagrams that nxdtls fuzz sends in a second, at most; 0: as many "  \
        "as are answered")                                                    \
    ROW(ipv6, ixit, TEXT, "", "no",                                           \
        "HOST:PORT of a server's IPv6 address ([::1]:4433), or no")           \
    ROW(large, ixit, WORD, "yes|no", "yes",                                   \
        "datagrams of 17000 bytes reach the target")                          \
    ROW(two_addresses, ixit, TEXT, "", "no",                                  \
        "the lab's second address, from which it reaches the target too "     \
        "(127.0.0.2 for one on this host), or no")                            \
    ROW(rotate, ixit, TEXT, "", "no",                                         \
        "the command that changes the cookie secret, or no")                  \
    ROW(trigger_close, ixit, TEXT, "", "no",                                  \
        "the command that makes the target close its association, or no")     \
    ROW(trigger_renegotiate, ixit, TEXT, "", "no",                            \
        "the command that makes a server ask for another handshake, or no")   \
    ROW(trigger_send, ixit, TEXT, "", "no",                                   \
        "the command that makes the target send application data, or no")     \
    ROW(trigger_restart, ixit, TEXT, "", "no",                                \
        "the command that ends a server and starts it anew, which has "       \
        "forgotten all, at the same address, or no")                          \
    ROW(resume_s, ixit, TEXT, "", "no",                                       \
        "seconds after which the target resumes a session no more, if the "   \
        "lab is to wait so long, or no")                                      \
    ROW(timing, ixit, WORD, "yes|no", "no",                                   \
        "the path is quiet enough to measure times")

#define ICS_NAME(key, section, kind, allowed, value, help) ICS_##key,
enum ics_key { ICS_ROWS(ICS_NAME) ICS_NUM_KEYS };
#undef ICS_NAME

struct ics {
    char values[ICS_NUM_KEYS][ICS_VALUE_MAX];
};

/* ics_init sets every default. */
void ics_init(struct ics *ics);

/* ics_read changes what `text` says.  It returns true, or false and a message
 * of one line that begins with `name` and the number of the line; ics may then
 * be half changed. */
bool ics_read(struct ics *ics, const char *name, struct dtls_bytes text,
              char *problem, size_t problem_size);

/* ics_set sets one value, as a line of a file would; it returns false, and
 * changes nothing, if the key does not take it. */
bool ics_set(struct ics *ics, enum ics_key key, const char *value);

/* ics_has: is the word in the value?  ics_claims: is the value anything but
 * empty, "no", "none" or "off"? */
bool ics_has(const struct ics *ics, enum ics_key key, const char *word);
bool ics_claims(const struct ics *ics, enum ics_key key);
unsigned ics_number(const struct ics *ics, enum ics_key key);

/* ics_suites lists the claimed suites that the lab speaks, in their order. */
size_t ics_suites(const struct ics *ics,
                  const struct dtls_suite *out[ICS_SUITES_MAX]);

/* suite_is_cbc, suite_is_aead: the way in which a suite protects records, if
 * it encrypts them. */
bool suite_is_cbc(const struct dtls_suite *suite);
bool suite_is_aead(const struct dtls_suite *suite);

/* ics_applies: does `condition` hold for the target in this role?  If not,
 * `why` says which part of it does not.
 *
 * A condition is a list with commas, of which every part must hold: `all`; a
 * key, which then is claimed; KEY=WORD, which then is in the value; or one of
 * the short forms that ics.c lists.  Alternatives have '|' between them, and a
 * '!' in front means that a part does not hold.
 * ics_is_condition: is every word of it known? */
bool ics_applies(const struct ics *ics, bool is_client, const char *condition,
                 char *why, size_t why_size);
bool ics_is_condition(const char *condition);

/* ics_write writes a file with every key of a section, its help and its
 * value. */
void ics_write(FILE *out, const struct ics *ics, const char *section);

#endif
