/* SPDX-License-Identifier: MIT */
/* One handshake: whole messages come in, a flight goes out, keys change.
 *
 * The session owns it, feeds it messages in order (session/pump.c) and sends
 * its flight.  client_steps.c and server_steps.c hold the two roles' steps. */
#ifndef DTLS_HANDSHAKE_HANDSHAKE_H
#define DTLS_HANDSHAKE_HANDSHAKE_H

#include "flight/flight.h"
#include "flight/reassembly.h"
#include "handshake/area.h"
#include "handshake/resumption.h"
#include "handshake/steps.h"
#include "messages/hello_extensions.h"
#include "messages/messages.h"

enum dtls_role { DTLS_CLIENT, DTLS_SERVER };

/* struct dtls_agreed is the result of a complete handshake.  It holds until
 * the next one is complete, which is bound to it (RFC 5746). */
struct dtls_agreed {
    const struct dtls_suite *suite; /* NULL: no handshake was complete yet */
    uint8_t client_random[DTLS_RANDOM_LEN];
    uint8_t server_random[DTLS_RANDOM_LEN];
    uint8_t master[DTLS_MASTER_LEN];
    uint8_t client_verify_data[DTLS_VERIFY_DATA_LEN];
    uint8_t server_verify_data[DTLS_VERIFY_DATA_LEN];
    /* SHA-256 of the peer's certificate or of the PSK identity. */
    uint8_t peer_leaf[DTLS_LEAF_LEN];
    bool has_peer_leaf; /* a certificate's */
    bool peer_is_raw;   /* or a raw public key's */
    bool has_psk;       /* an identity's */
    /* The first handshake has resumed a session, or made one. */
    bool resumed;
    bool is_kept; /* and config->cache or config->resume has it */
    uint8_t session_id_len;
    uint8_t session_id[DTLS_SESSION_ID_MAX];
    bool extended_master_secret;
    bool secure_renegotiation;
    bool encrypt_then_mac; /* was used, now or in a handshake before */
    bool server_name_known;
    bool routability_checks; /* both ends know RFC 9853 */
    struct dtls_bytes protocol;
    struct dtls_srtp_agreed srtp;
    uint16_t finished_seq; /* message_seq of our Finished */
};

struct dtls_handshake {
    const struct dtls_config *config;
    const struct dtls_crypto *crypto;
    struct dtls_record_layer *records;
    struct dtls_span peer_certs; /* the caller's room for the peer's chain */
    struct dtls_cert *chain;     /* the same, parsed                       */
    enum dtls_role role;
    uint64_t now; /* of the call that runs */

    uint8_t step;          /* DTLS_CLIENT_* or DTLS_SERVER_* */
    bool ccs_seen;         /* the peer's ChangeCipherSpec came */
    bool keys_ready;       /* the next epoch is keyed both ways */
    bool flight_is_new;    /* the handler has made a flight: send it */
    bool key_awaited;      /* config.look_up_psk has none yet */
    uint16_t send_seq;     /* message_seq of our next message */
    uint16_t hello_seq;    /* client: of our last ClientHello */
    uint16_t finished_seq; /* of our Finished */
    uint16_t epoch;        /* in which this handshake began */
    struct dtls_reassembly in;
    struct dtls_flight flight;
    struct dtls_areas *areas; /* the caller's */
    struct dtls_area *area;   /* NULL: no handshake runs */

    const struct dtls_suite *suite; /* NULL until ServerHello */
    uint8_t client_random[DTLS_RANDOM_LEN];
    uint8_t server_random[DTLS_RANDOM_LEN];
    uint8_t cookie[DTLS_COOKIE_MAX]; /* client: what the server asked for */
    uint8_t cookie_len;
    uint16_t client_version; /* as offered: part of the RSA premaster */
    uint16_t group;
    struct dtls_share share;
    uint8_t master[DTLS_MASTER_LEN];

    const struct dtls_credential *credential; /* ours, once chosen */
    const struct dtls_sigalg *sigalg;         /* of our signature */
    uint16_t peer_sigalg;                     /* of the peer's; 0: none */
    const struct dtls_psk *psk;               /* once chosen */
    bool extended_master_secret;
    bool encrypt_then_mac;
    bool secure_renegotiation;
    bool server_name_known;     /* the server knows the name */
    bool routability_checks;    /* the hellos agree on RFC 9853 */
    struct dtls_bytes protocol; /* from config->protocols, or empty */
    struct dtls_srtp_agreed srtp;
    /* The longest plaintexts under the next keys; 0: DTLS_PLAINTEXT_MAX. */
    uint16_t send_limit;
    uint16_t receive_limit;
    bool limits_at_once;        /* not only under the next keys */
    bool certificate_requested; /* client: by the server; server: by us */
    bool ed25519_requested;     /* server: the request lists it */
    bool own_is_raw;       /* client: we show a raw public key (RFC 7250) */
    bool peer_is_raw;      /* the peer shows one */
    bool staple_announced; /* CertificateStatus may come, or goes out */
    bool staple_came;
    /* The certificates or the raw public key that the peer showed, accepted or
     * not, in peer_certs, each behind its length. */
    struct dtls_bytes peer_list;
    /* Borrows from peer_certs.  Type NONE: the peer showed no certificate. */
    struct dtls_public_key peer_key;

    /* SHA-256 of the peer's certificate or raw public key, if it showed one,
     * or of the PSK identity. */
    uint8_t peer_leaf[DTLS_LEAF_LEN];
    bool has_peer_leaf; /* a certificate's */
    int64_t peer_until; /* its notAfter */
    /* The reason why the peer's chain was refused, for people; NULL: none, or
     * the status says all. */
    const char *refusal;

    /* The session that this handshake makes or resumes.  Until ServerHello, a
     * client's is the one that it offers. */
    uint8_t session_id[DTLS_SESSION_ID_MAX];
    uint8_t session_id_len;
    bool resumed;          /* the hellos agree to resume it */
    bool is_kept;          /* config->cache or config->resume has it */
    bool asks_for_ticket;  /* client: its hellos have session_ticket ... */
    bool offers_ticket;    /* ... and the ticket of the session */
    bool ticket_announced; /* NewSessionTicket comes, or goes out */
    uint16_t ticket_len;   /* client: of the new one; 0: none came */
    uint32_t ticket_hint;  /* its lifetime in seconds; 0: not said */
    uint8_t scope[DTLS_LEAF_LEN]; /* resumption.c */
    /* Client: the server's PSK hint; server: the client's PSK identity. */
    uint8_t peer_psk_id[DTLS_PSK_IDENTITY_MAX];
    uint8_t peer_psk_id_len; /* 0: none, or longer than there is room */

    uint8_t client_verify_data[DTLS_VERIFY_DATA_LEN];
    uint8_t server_verify_data[DTLS_VERIFY_DATA_LEN];

    struct dtls_agreed agreed; /* by the last complete handshake */
};

/* struct dtls_handshake_room is what a handshake borrows for its life. */
struct dtls_handshake_room {
    const struct dtls_config *config;
    const struct dtls_store *store;
    struct dtls_record_layer *records;
    struct dtls_areas *areas;
    struct dtls_span arena;      /* for reassembly */
    struct dtls_span peer_certs; /* for the peer's chain */
    struct dtls_cert *chain;     /* DTLS_CHAIN_MAX of them */
};

/* dtls_handshake_init prepares one role, and takes an area if there is one:
 * without it the handshake cannot run (dtls_handshake_restore).  `seq` is the
 * message_seq of the first message in both directions (0, or that of a
 * ClientHello with a cookie). */
void dtls_handshake_init(struct dtls_handshake *h, enum dtls_role role,
                         const struct dtls_handshake_room *room, uint16_t seq);

/* dtls_handshake_start makes a client's first flight.
 *
 * It returns DTLS_NO_COMMON_SUITE if no suite of the configuration can
 * succeed, DTLS_NO_GROUPS or DTLS_NO_SIGALGS if its suites need such a list
 * and we know no entry of the configuration's, DTLS_MESSAGE_TOO_LONG if the
 * ClientHello would be too long, DTLS_STORE_EMPTY if the store has no block,
 * or the status of cryptography that fails. */
DTLS_MUST_USE enum dtls_status dtls_handshake_start(struct dtls_handshake *h,
                                                    uint64_t now);

/* dtls_handshake_again prepares the next handshake of the same session, in the
 * current epoch.  It keeps only what was agreed, the flight and a client's
 * cookie.  There must be an area (dtls_areas_are_in_use). */
void dtls_handshake_again(struct dtls_handshake *h);

/* dtls_handshake_ask appends a server's HelloRequest to the flight, after
 * dtls_handshake_again.  It fails as dtls_flight_add does. */
DTLS_MUST_USE enum dtls_status dtls_handshake_ask(struct dtls_handshake *h);

/* dtls_handshake_is_renegotiation returns true if this handshake, running or
 * complete, is not the session's first. */
static inline bool dtls_handshake_is_renegotiation(
    const struct dtls_handshake *h)
{
    return h->epoch != 0;
}

/* dtls_handshake_misplaced returns the status for a message that no step waits
 * for: DTLS_UNEXPECTED_MESSAGE if it is out of order, DTLS_UNSUPPORTED_MESSAGE
 * if we lack its feature, DTLS_UNKNOWN_MESSAGE if no message has this type. */
enum dtls_status dtls_handshake_misplaced(uint8_t type);

/* dtls_handshake_take processes the next message in order.  On DTLS_OK
 * `flight_is_new` tells whether there is a new flight to send.  Any other
 * status is final for the handshake. */
DTLS_MUST_USE enum dtls_status dtls_handshake_take(
    struct dtls_handshake *h, const struct dtls_message *message,
    uint64_t now);

/* dtls_handshake_show lets the application look at an accepted message
 * (see_message) and returns the application's status. */
DTLS_MUST_USE enum dtls_status dtls_handshake_show(
    const struct dtls_handshake *h, const struct dtls_message *message);

/* dtls_handshake_take_ccs notes a ChangeCipherSpec of the epoch in which the
 * handshake began. */
void dtls_handshake_take_ccs(struct dtls_handshake *h);

/* dtls_handshake_is_done returns true if the peer's Finished has been
 * verified. */
bool dtls_handshake_is_done(const struct dtls_handshake *h);

/* dtls_handshake_ends_with_us returns true if the last flight of this
 * handshake is ours: a server's in a full handshake, a client's if a session
 * is resumed. */
bool dtls_handshake_ends_with_us(const struct dtls_handshake *h);

/* dtls_handshake_complete copies the result of the handshake into `agreed`,
 * and ends the handshake. */
void dtls_handshake_complete(struct dtls_handshake *h);

/* dtls_handshake_restore makes the handshake that has just been initialized
 * one that is complete, with `agreed` as its result, and keys the next epoch
 * of the record layer.  The limits are those of the longest plaintexts;
 * `encrypt_then_mac` is of these keys.  It returns the status of cryptography
 * that fails. */
DTLS_MUST_USE enum dtls_status dtls_handshake_restore(
    struct dtls_handshake *h, const struct dtls_agreed *agreed,
    bool encrypt_then_mac, uint16_t send_limit, uint16_t receive_limit);

/* dtls_handshake_end wipes what only the handshake needs, key share and master
 * secret, and gives the area back; `agreed` stays.  dtls_handshake_free also
 * gives the flight back and wipes everything. */
void dtls_handshake_end(struct dtls_handshake *h);
void dtls_handshake_free(struct dtls_handshake *h);

/* The functions from here on are for the files of handshake/. */

/* dtls_handshake_send appends a message to the flight and the transcript.  It
 * fails as dtls_flight_add does. */
DTLS_MUST_USE enum dtls_status dtls_handshake_send(
    struct dtls_handshake *h, uint8_t type, const struct dtls_bytes *parts,
    size_t num_parts);

/* dtls_handshake_send_buf does the same for a body in one piece. */
DTLS_MUST_USE enum dtls_status dtls_handshake_send_buf(
    struct dtls_handshake *h, uint8_t type, const struct dtls_buf *body);

/* dtls_handshake_send_finished appends ChangeCipherSpec and Finished and
 * switches our write epoch.  It returns the status of cryptography that fails,
 * or fails as dtls_flight_add does; the write epoch is then what it was. */
DTLS_MUST_USE enum dtls_status dtls_handshake_send_finished(
    struct dtls_handshake *h);

/* dtls_handshake_check_finished compares the peer's verify_data.  It returns
 * DTLS_BAD_FINISHED if it is wrong, DTLS_DECODE_ERROR if the message is
 * malformed, and the status of dtls_renegotiation_check_peer. */
DTLS_MUST_USE enum dtls_status dtls_handshake_check_finished(
    struct dtls_handshake *h, const struct dtls_message *message);

/* dtls_handshake_is_last_finished returns true if `body` is the content of the
 * Finished that ended the peer's part of the last complete handshake. */
bool dtls_handshake_is_last_finished(const struct dtls_handshake *h,
                                     struct dtls_bytes body);

/* dtls_handshake_can_end_again returns true if our last flight is nothing but
 * what dtls_handshake_end_again makes. */
bool dtls_handshake_can_end_again(const struct dtls_handshake *h);

/* dtls_handshake_end_again makes the flight that ended the last complete
 * handshake once more, ChangeCipherSpec and Finished, into an empty flight: it
 * is the same each time.  It returns the status of
 * dtls_flight_add; the flight is then empty. */
DTLS_MUST_USE enum dtls_status dtls_handshake_end_again(
    struct dtls_handshake *h);

/* dtls_handshake_flight_begin drops the last flight, which has been answered,
 * with the epoch before ours, which only that flight can still need, and
 * begins a new one. */
void dtls_handshake_flight_begin(struct dtls_handshake *h);

/* Our certificates: identity.c. */

/* dtls_identity_chain lists the certificates that go out with `leaf`: its own,
 * then its issuers among ours, each once.  It returns their number. */
size_t dtls_identity_chain(const struct dtls_config *config,
                           const struct dtls_credential *leaf,
                           const struct dtls_cert *out[DTLS_CHAIN_MAX]);

/* dtls_identity_is_signed_with returns true if `sigalgs` (u16 each) names the
 * pair of every signature in that chain.  A root's own signature does not
 * count. */
bool dtls_identity_is_signed_with(const struct dtls_config *config,
                                  const struct dtls_credential *leaf,
                                  struct dtls_bytes sigalgs);

/* dtls_identity_has_issuer returns true if an issuer in that chain is one of
 * `names` (vec16 Name each). */
bool dtls_identity_has_issuer(const struct dtls_config *config,
                              const struct dtls_credential *leaf,
                              struct dtls_bytes names);

/* Certificates and signatures of either role: authenticate.c. */

/* dtls_auth_send_certificate sends the chosen credential and its issuers, or
 * an empty list if none is chosen. */
DTLS_MUST_USE enum dtls_status dtls_auth_send_certificate(
    struct dtls_handshake *h);

/* dtls_auth_take_certificate stores and verifies the peer's chain, or its raw
 * public key.  On DTLS_OK peer_key is set, unless the list was empty. */
DTLS_MUST_USE enum dtls_status dtls_auth_take_certificate(
    struct dtls_handshake *h, const struct dtls_message *message);

/* dtls_auth_judge_key returns DTLS_CERTIFICATE_UNKNOWN unless the key of a
 * certificate, or the raw one, is one of config->pins, or the status of a
 * digest that fails. */
DTLS_MUST_USE enum dtls_status dtls_auth_judge_key(
    const struct dtls_handshake *h, const struct dtls_cert *leaf);

/* dtls_auth_allows_suite returns true if the keyUsage of a server's
 * certificate allows the suite, or it has no keyUsage. */
bool dtls_auth_allows_suite(const struct dtls_cert *cert,
                            const struct dtls_suite *suite);

/* dtls_auth_start_transcript begins the transcript of a handshake.  It keeps
 * the messages themselves if a CertificateVerify may be over them. */
DTLS_MUST_USE enum dtls_status dtls_auth_start_transcript(
    struct dtls_handshake *h);

/* dtls_auth_narrow_transcript stops, once the suite is chosen, every hash but
 * that of its PRF, unless a CertificateVerify may be over another. */
void dtls_auth_narrow_transcript(struct dtls_handshake *h);

/* In the next three functions `transcript` is NULL for ServerKeyExchange and
 * certificates; for CertificateVerify it is the transcript to be signed.
 *
 * dtls_auth_choose_sigalg returns the first pair that the credential may sign
 * with and `offered` (u16 each) names, or NULL. */
const struct dtls_sigalg *dtls_auth_choose_sigalg(
    const struct dtls_config *config, const struct dtls_credential *credential,
    struct dtls_bytes offered, const struct dtls_transcript *transcript);

/* dtls_auth_take_sigalg notes the pair that a peer has used.  It returns the
 * pair if we offer it and it fits the peer's key, else NULL. */
const struct dtls_sigalg *dtls_auth_take_sigalg(
    struct dtls_handshake *h, uint16_t id,
    const struct dtls_transcript *transcript);

/* dtls_auth_put_sigalgs appends every pair that we offer.  It returns false if
 * there is no room. */
DTLS_MUST_USE bool dtls_auth_put_sigalgs(
    struct dtls_buf *out, const struct dtls_config *config,
    const struct dtls_transcript *transcript);

/* dtls_auth_params_input writes the bytes that ServerKeyExchange's signature
 * is over: the digest of client_random || server_random || params, or these
 * themselves if the pair has no hash.  `out` is empty, with room for
 * DTLS_PARAMS_INPUT_MAX bytes. */
#define DTLS_PARAMS_INPUT_MAX (2 * DTLS_RANDOM_LEN + 4 + 255)
DTLS_MUST_USE enum dtls_status dtls_auth_params_input(
    struct dtls_handshake *h, const struct dtls_sigalg *alg,
    struct dtls_bytes params, struct dtls_buf *out);

/* Raw public keys: raw_keys.c. */

struct dtls_options_room;

/* dtls_raw_keys_ask adds the types of certificates that a client can show and
 * verify, if raw public keys are among them.
 *
 * dtls_raw_keys_accept obeys the server's answer to what was `asked`.  It
 * returns DTLS_ILLEGAL_PARAMETER for a type that was not. */
void dtls_raw_keys_ask(const struct dtls_config *config,
                       struct dtls_extensions *ext,
                       struct dtls_options_room *room);
DTLS_MUST_USE enum dtls_status dtls_raw_keys_accept(
    struct dtls_handshake *h, const struct dtls_extensions *asked,
    const struct dtls_extensions *answer);

/* dtls_raw_keys_allow returns true if the client can verify a credential of
 * this type.
 *
 * dtls_raw_keys_differ returns true, and notes the reason, if the server has
 * credentials, but none of a type that the client can verify.
 *
 * dtls_raw_keys_answer adds the server's answers, once its credential has been
 * chosen. */
bool dtls_raw_keys_allow(const struct dtls_extensions *asked,
                         const struct dtls_credential *c);
bool dtls_raw_keys_differ(struct dtls_handshake *h,
                          const struct dtls_extensions *asked);
void dtls_raw_keys_answer(struct dtls_handshake *h,
                          const struct dtls_extensions *asked,
                          struct dtls_extensions *answer);

/* dtls_raw_keys_only returns true if no certificate can be verified. */
bool dtls_raw_keys_only(const struct dtls_config *config);

/* dtls_raw_keys_verify judges the peer's raw public key.  It returns
 * DTLS_UNSUPPORTED_CERTIFICATE for one that is too short or of a kind that is
 * not ours, DTLS_BAD_CERTIFICATE for a point that is not on its curve, and
 * DTLS_CERTIFICATE_UNKNOWN, or what config->judge_raw_key says, for one that
 * is not trusted. */
DTLS_MUST_USE enum dtls_status dtls_raw_keys_verify(
    struct dtls_handshake *h, const struct dtls_cert *key);

/* Keys for SRTP: srtp.c. */

/* dtls_srtp_ask adds the profiles that a client offers, dtls_srtp_answer the
 * server's choice.  An MKI of ours that is longer than DTLS_SRTP_MKI_MAX is
 * DTLS_MESSAGE_TOO_LONG.
 *
 * dtls_srtp_accept obeys the server's answer.  It returns
 * DTLS_ILLEGAL_PARAMETER for a profile or an MKI that is not ours. */
DTLS_MUST_USE enum dtls_status dtls_srtp_ask(const struct dtls_config *config,
                                             struct dtls_extensions *ext,
                                             struct dtls_options_room *room);
DTLS_MUST_USE enum dtls_status dtls_srtp_answer(
    struct dtls_handshake *h, const struct dtls_extensions *asked,
    struct dtls_extensions *answer, struct dtls_options_room *room);
DTLS_MUST_USE enum dtls_status dtls_srtp_accept(
    struct dtls_handshake *h, const struct dtls_extensions *answer);

/* dtls_srtp_keys makes the keys of the profile that is agreed (RFC 5764, 4.2).
 * It returns DTLS_NOT_NOW if there is none, and else as dtls_keys_export does;
 * `out` is then untouched. */
DTLS_MUST_USE enum dtls_status dtls_srtp_keys(const struct dtls_handshake *h,
                                              struct dtls_srtp_keys *out);

/* OCSP responses: staple.c. */

/* dtls_staple_ask asks the server for one, if the application judges them.
 *
 * dtls_staple_take takes the one that has come, dtls_staple_miss sees that
 * none has, where one was asked for; both return what the application says,
 * and the first DTLS_DECODE_ERROR for a message that is malformed. */
void dtls_staple_ask(const struct dtls_config *config,
                     struct dtls_extensions *ext);
DTLS_MUST_USE enum dtls_status dtls_staple_take(
    struct dtls_handshake *h, const struct dtls_message *message);
DTLS_MUST_USE enum dtls_status dtls_staple_miss(
    const struct dtls_handshake *h);

/* dtls_staple_answer announces a server's, if the client has asked for it and
 * its certificate has one; dtls_staple_send then sends it, and fails as
 * dtls_handshake_send does. */
void dtls_staple_answer(struct dtls_handshake *h,
                        const struct dtls_extensions *asked,
                        struct dtls_extensions *answer);
DTLS_MUST_USE enum dtls_status dtls_staple_send(struct dtls_handshake *h);

/* The bond between a handshake and the one before it: renegotiation_info.c. */

/* dtls_renegotiation_info returns the content of a hello's renegotiation_info:
 * nothing in a first handshake, else the verify_data of the last one, the
 * client's or, in a ServerHello, both (RFC 5746, 3.2).  It writes to `room`,
 * which the result borrows. */
#define DTLS_RENEGOTIATION_INFO_MAX (2 * DTLS_VERIFY_DATA_LEN)
struct dtls_bytes dtls_renegotiation_info(
    const struct dtls_handshake *h, bool server_hello,
    uint8_t room[DTLS_RENEGOTIATION_INFO_MAX]);

/* dtls_renegotiation_check_info judges a peer's renegotiation_info, which is
 * empty if the hello has none.  It returns DTLS_RENEGOTIATION_INFO unless
 * `info` is exactly that content. */
DTLS_MUST_USE enum dtls_status dtls_renegotiation_check_info(
    const struct dtls_handshake *h, bool server_hello, struct dtls_bytes info);

/* dtls_renegotiation_check_hellos is called once both hellos are known.  It
 * returns DTLS_HANDSHAKE_FAILURE if the new handshake would lose the extended
 * master secret or encrypt-then-MAC (RFC 7627; RFC 7366, 3.1), and
 * DTLS_PSK_CHANGED if it would go from a PSK to certificates. */
DTLS_MUST_USE enum dtls_status dtls_renegotiation_check_hellos(
    const struct dtls_handshake *h);

/* dtls_renegotiation_check_peer returns DTLS_CERTIFICATE_CHANGED if the peer
 * has shown a certificate before and does not show the same one now, and
 * DTLS_PSK_CHANGED if the last handshake was one with a PSK and this one is
 * not, or has another identity. */
DTLS_MUST_USE enum dtls_status dtls_renegotiation_check_peer(
    const struct dtls_handshake *h);

/* dtls_renegotiation_note_psk notes the identity of a handshake with a PSK and
 * returns the status of dtls_renegotiation_check_peer, or that of a digest
 * that fails. */
DTLS_MUST_USE enum dtls_status dtls_renegotiation_note_psk(
    struct dtls_handshake *h, struct dtls_bytes identity);

/* The options of both hellos: hello_options.c. */

/* struct dtls_options_room holds the values that extensions borrow. */
struct dtls_options_room {
    uint8_t limit[2];
    uint8_t length;
    uint8_t own_types[2];
    uint8_t peer_types[2];
    uint8_t srtp[2 + 2 * DTLS_SRTP_PROFILES_MAX + 1 + DTLS_SRTP_MKI_MAX];
};

/* dtls_options_has_suite tells whether the configuration lists a suite.
 * dtls_options_find_protocol returns the entry of a list of protocols that is
 * `name`; empty if there is none. */
bool dtls_options_has_suite(const struct dtls_config *config, uint16_t id);
struct dtls_bytes dtls_options_find_protocol(struct dtls_bytes list,
                                             struct dtls_bytes name);

/* dtls_options_ask adds the options that a client asks for.  It fails as
 * dtls_srtp_ask. */
DTLS_MUST_USE enum dtls_status dtls_options_ask(
    const struct dtls_handshake *h, struct dtls_extensions *ext,
    struct dtls_options_room *room);

/* dtls_options_make_cid makes our connection id, if the configuration asks for
 * one and the session has none yet.  It fails as the configuration's make_cid,
 * or as cryptography does. */
DTLS_MUST_USE enum dtls_status dtls_options_make_cid(struct dtls_handshake *h);

/* dtls_options_answer makes the server's choices and adds its answers.  The
 * certificate must have been chosen.
 *
 * It returns DTLS_UNRECOGNIZED_NAME if the configuration refuses the name,
 * DTLS_NO_APPLICATION_PROTOCOL if both lists have no protocol in common, and
 * the status of dtls_options_make_cid. */
DTLS_MUST_USE enum dtls_status dtls_options_answer(
    struct dtls_handshake *h, const struct dtls_extensions *asked,
    struct dtls_extensions *answer, struct dtls_options_room *room);

/* dtls_options_accept obeys the server's answer.  It returns
 * DTLS_ILLEGAL_PARAMETER if the answer does not fit what the client asked
 * for. */
DTLS_MUST_USE enum dtls_status dtls_options_accept(
    struct dtls_handshake *h, const struct dtls_extensions *answer);

/* dtls_options_take_effect limits our records to an agreed max_fragment_length
 * at once (D6066-4-5).  It is called when nothing can fail any more: a server
 * has made its answer, or a client has accepted it. */
void dtls_options_take_effect(struct dtls_handshake *h);

/* dtls_options_limit_fragments limits records both ways to an agreed
 * max_fragment_length. */
void dtls_options_limit_fragments(struct dtls_handshake *h, uint16_t length);

/* dtls_options_name_is_shown returns true if the server has acknowledged no
 * name, or its certificate has the acknowledged name. */
bool dtls_options_name_is_shown(const struct dtls_handshake *h,
                                const struct dtls_cert *leaf);

/* EC-JPAKE: password.c. */

/* dtls_password_may_be_used returns true if there is a password, and this is
 * the session's first handshake: no other is made with one. */
bool dtls_password_may_be_used(const struct dtls_handshake *h);

/* dtls_password_offer makes a client's round one, if the configuration has its
 * suite and a password.  dtls_password_say adds it, or a server's, to a hello,
 * if there is one.
 *
 * dtls_password_answer makes a server's round one, if its suite was chosen,
 * and takes the client's.  dtls_password_accept takes a server's.  It returns
 * DTLS_HANDSHAKE_FAILURE for the suite without round one, and
 * DTLS_ILLEGAL_PARAMETER for round one with another suite.
 *
 * These and the functions below return DTLS_DECODE_ERROR for what is
 * malformed, DTLS_BAD_PROOF for what does not verify, and the status of
 * cryptography that fails. */
DTLS_MUST_USE enum dtls_status dtls_password_offer(struct dtls_handshake *h);
void dtls_password_say(const struct dtls_handshake *h,
                       struct dtls_extensions *ext);
DTLS_MUST_USE enum dtls_status dtls_password_answer(struct dtls_handshake *h,
                                                    struct dtls_bytes offered);
DTLS_MUST_USE enum dtls_status dtls_password_accept(
    struct dtls_handshake *h, const struct dtls_extensions *answer);

/* dtls_password_send_params sends a server's round two, and
 * dtls_password_take_params takes it.
 *
 * dtls_password_exchange_client makes a client's round two, the body of
 * ClientKeyExchange, and the premaster; dtls_password_exchange_server takes
 * the body and makes the premaster. */
DTLS_MUST_USE enum dtls_status dtls_password_send_params(
    struct dtls_handshake *h);
DTLS_MUST_USE enum dtls_status dtls_password_take_params(
    struct dtls_handshake *h, struct dtls_bytes body);
DTLS_MUST_USE enum dtls_status dtls_password_exchange_client(
    struct dtls_handshake *h, struct dtls_buf *body,
    struct dtls_buf *premaster);
DTLS_MUST_USE enum dtls_status dtls_password_exchange_server(
    struct dtls_handshake *h, struct dtls_bytes body,
    struct dtls_buf *premaster);

/* Secrets and keys: keys.c. */

/* dtls_keys_derive makes the master secret from the premaster (which the
 * caller wipes) and keys the next epoch both ways.  It returns DTLS_TOO_LATE
 * if there is no next epoch. */
DTLS_MUST_USE enum dtls_status dtls_keys_derive(struct dtls_handshake *h,
                                                struct dtls_bytes premaster);

/* dtls_keys_expand does the same with the master secret that is there. */
DTLS_MUST_USE enum dtls_status dtls_keys_expand(struct dtls_handshake *h);

/* dtls_keys_psk_premaster appends the premaster of plain PSK (RFC 4279, 2),
 * dtls_keys_shared_psk_premaster that of ECDHE_PSK (RFC 5489, 2).  Both return
 * false if there is no room. */
#define DTLS_PREMASTER_MAX (4 + DTLS_SHARED_MAX + DTLS_PSK_MAX)
DTLS_MUST_USE bool dtls_keys_psk_premaster(struct dtls_buf *out,
                                           struct dtls_bytes psk);
DTLS_MUST_USE bool dtls_keys_shared_psk_premaster(struct dtls_buf *out,
                                                  struct dtls_bytes shared,
                                                  struct dtls_bytes psk);

/* dtls_keys_verify_data writes the content of Finished for the messages so far
 * (RFC 5246, 7.4.9). */
DTLS_MUST_USE enum dtls_status dtls_keys_verify_data(
    struct dtls_handshake *h, enum dtls_role sender,
    uint8_t out[DTLS_VERIFY_DATA_LEN]);

/* dtls_keys_export makes keying material for a protocol above (RFC 5705, 4)
 * from what is agreed.  A NULL `context` means none, which is not the same as
 * an empty one.
 *
 * It returns DTLS_NO_ROOM if out_len is above DTLS_EXPORT_MAX, the context
 * above DTLS_EXPORT_CONTEXT_MAX bytes, or the label one of TLS's own. */
#define DTLS_EXPORT_MAX DTLS_PRF_OUT_MAX
#define DTLS_EXPORT_CONTEXT_MAX 512
DTLS_MUST_USE enum dtls_status dtls_keys_export(
    const struct dtls_handshake *h, uint8_t *out, size_t out_len,
    const char *label, const struct dtls_bytes *context);

/* dtls_client_start adds a client's first ClientHello to the flight: see
 * dtls_handshake_start. */
DTLS_MUST_USE enum dtls_status dtls_client_start(struct dtls_handshake *h);

/* dtls_client_has_returned returns true if the last ClientHello returned the
 * cookie of this HelloVerifyRequest, which then says nothing new. */
bool dtls_client_has_returned(const struct dtls_handshake *h,
                              struct dtls_bytes verify);

/* dtls_config_find_psk returns the PSK with this identity, or NULL. */
const struct dtls_psk *dtls_config_find_psk(const struct dtls_config *config,
                                            struct dtls_bytes identity);

/* dtls_config_has_group returns true if `group` is in the configuration's
 * list. */
bool dtls_config_has_group(const struct dtls_config *config, uint16_t group);

/* dtls_config_next returns the credential after `c`, or NULL. */
const struct dtls_credential *dtls_config_next(
    const struct dtls_config *config, const struct dtls_credential *c);

/* dtls_handshake_keep_psk_id keeps what the peer sent with a PSK. */
void dtls_handshake_keep_psk_id(struct dtls_handshake *h,
                                struct dtls_bytes id);

#endif
