/* SPDX-License-Identifier: MIT */
/* The handshake messages: the content of each, its parser and its builder
 * (RFC 5246, 7.4; RFC 6347, 4.2; RFC 8422; RFC 4279).  One .c file per
 * message.
 *
 * Every parser takes a whole message body and must use all of it.  It returns
 * DTLS_OK and a complete `out` that borrows from the body, or
 * DTLS_DECODE_ERROR and touches nothing.  The handlers in handshake/ judge
 * whether the values make sense.
 *
 * Every builder appends a body and returns false if it does not fit. */
#ifndef DTLS_MESSAGES_MESSAGES_H
#define DTLS_MESSAGES_MESSAGES_H

#include "crypto/key_kp.h"
#include "crypto/suites.h"

enum dtls_hs_type {
    DTLS_HELLO_REQUEST = 0,
    DTLS_CLIENT_HELLO = 1,
    DTLS_SERVER_HELLO = 2,
    DTLS_HELLO_VERIFY_REQUEST = 3,
    DTLS_NEW_SESSION_TICKET = 4,
    DTLS_CERTIFICATE = 11,
    DTLS_SERVER_KEY_EXCHANGE = 12,
    DTLS_CERTIFICATE_REQUEST = 13,
    DTLS_SERVER_HELLO_DONE = 14,
    DTLS_CERTIFICATE_VERIFY = 15,
    DTLS_CLIENT_KEY_EXCHANGE = 16,
    DTLS_FINISHED = 20,
    DTLS_CERTIFICATE_URL = 21,
    DTLS_CERTIFICATE_STATUS = 22
};

#define DTLS_RANDOM_LEN 32
#define DTLS_SESSION_ID_MAX 32
#define DTLS_COOKIE_MAX 255
#define DTLS_VERIFY_DATA_LEN 12

/* Signalling cipher suite values. */
#define DTLS_SCSV_RENEGOTIATION 0x00ff /* RFC 5746, 3.3 */
#define DTLS_SCSV_FALLBACK 0x5600      /* RFC 7507                          */

struct dtls_client_hello {
    uint16_t version;
    struct dtls_bytes random; /* DTLS_RANDOM_LEN */
    struct dtls_bytes session_id;
    struct dtls_bytes cookie;
    struct dtls_bytes suites;      /* u16 each, at least one */
    struct dtls_bytes compression; /* u8 each, at least one  */
    struct dtls_bytes extensions;  /* the block's contents; empty if absent */
};

DTLS_MUST_USE enum dtls_status dtls_client_hello_parse(
    struct dtls_client_hello *out, struct dtls_bytes body);

/* dtls_client_hello_parse_front reads the front of a ClientHello: the whole
 * body or, if `whole` is false, what its first fragment holds.  It needs the
 * fields up to the cookie.  `suites` and `compression` are set if both lists
 * are there, else empty; the body of a whole message must have them.  It
 * ignores the bytes behind them, and `extensions` is empty. */
DTLS_MUST_USE enum dtls_status dtls_client_hello_parse_front(
    struct dtls_client_hello *out, struct dtls_bytes front, bool whole);

/* dtls_client_hello_put leaves out the extensions: the caller puts their
 * block. */
DTLS_MUST_USE bool dtls_client_hello_put(struct dtls_buf *out,
                                         const struct dtls_client_hello *m);

/* dtls_client_hello_offers returns true if `suite` is in the list. */
static inline bool dtls_client_hello_offers(const struct dtls_client_hello *m,
                                            uint16_t suite)
{
    return dtls_u16_list_has(m->suites, suite);
}

struct dtls_hello_verify {
    uint16_t version; /* only a format hint: fe ff and fe fd are both right */
    struct dtls_bytes cookie;
};

DTLS_MUST_USE enum dtls_status dtls_hello_verify_parse(
    struct dtls_hello_verify *out, struct dtls_bytes body);
DTLS_MUST_USE bool dtls_hello_verify_put(struct dtls_buf *out,
                                         const struct dtls_hello_verify *m);

struct dtls_server_hello {
    uint16_t version;
    struct dtls_bytes random; /* DTLS_RANDOM_LEN */
    struct dtls_bytes session_id;
    uint16_t suite;
    uint8_t compression;
    struct dtls_bytes extensions; /* as in ClientHello */
};

DTLS_MUST_USE enum dtls_status dtls_server_hello_parse(
    struct dtls_server_hello *out, struct dtls_bytes body);

/* dtls_server_hello_put leaves out the extensions, as for ClientHello. */
DTLS_MUST_USE bool dtls_server_hello_put(struct dtls_buf *out,
                                         const struct dtls_server_hello *m);

struct dtls_new_session_ticket {
    uint32_t lifetime_hint;   /* seconds; 0: not said */
    struct dtls_bytes ticket; /* empty: the server has none after all */
};

DTLS_MUST_USE enum dtls_status dtls_new_session_ticket_parse(
    struct dtls_new_session_ticket *out, struct dtls_bytes body);
DTLS_MUST_USE bool dtls_new_session_ticket_put(
    struct dtls_buf *out, const struct dtls_new_session_ticket *m);

struct dtls_certificate {
    struct dtls_bytes list; /* vec24 DER each; empty: no certificate */
};

DTLS_MUST_USE enum dtls_status dtls_certificate_parse(
    struct dtls_certificate *out, struct dtls_bytes body);

/* dtls_raw_certificate_parse reads a Certificate whose type is a raw public
 * key: `list` is the one SubjectPublicKeyInfo (DER), behind its vec24 length,
 * or empty (RFC 7250, 3). */
DTLS_MUST_USE enum dtls_status dtls_raw_certificate_parse(
    struct dtls_certificate *out, struct dtls_bytes body);

/* The types of certificates (IANA's registry) that we know. */
enum { DTLS_CERTIFICATE_X509 = 0, DTLS_CERTIFICATE_RAW = 2 };

/* dtls_certificate_next takes the next certificate off a parsed list.  It
 * returns false at the list's end. */
DTLS_MUST_USE bool dtls_certificate_next(struct dtls_bytes *list,
                                         struct dtls_bytes *der);

/* dtls_certificate_status_parse reads a CertificateStatus: `response` becomes
 * the OCSPResponse (DER), which is not empty.
 *
 * dtls_certificate_status_head writes what stands before such a response, of
 * DTLS_STATUS_HEAD_LEN bytes (RFC 6066, 8). */
#define DTLS_STATUS_HEAD_LEN 4
DTLS_MUST_USE enum dtls_status dtls_certificate_status_parse(
    struct dtls_bytes *response, struct dtls_bytes body);
DTLS_MUST_USE bool dtls_certificate_status_head(struct dtls_buf *out,
                                                size_t response_len);

struct dtls_ecdhe_params {
    uint16_t group;
    struct dtls_bytes point;
    struct dtls_bytes signed_part; /* ServerECDHParams as on the wire */
    uint16_t sigalg;
    struct dtls_bytes signature;
    struct dtls_bytes hint; /* ECDHE_PSK: instead of a signature */
};

DTLS_MUST_USE enum dtls_status dtls_ske_ecdhe_parse(
    struct dtls_ecdhe_params *out, struct dtls_bytes body);

/* dtls_ske_ecdhe_psk_parse reads the same with a hint in front and no
 * signature (RFC 5489, 2). */
DTLS_MUST_USE enum dtls_status dtls_ske_ecdhe_psk_parse(
    struct dtls_ecdhe_params *out, struct dtls_bytes body);

/* dtls_ske_put_curve appends what the parameters of any exchange on a named
 * curve begin with. */
DTLS_MUST_USE bool dtls_ske_put_curve(struct dtls_buf *out, uint16_t group);

/* dtls_ske_ecdhe_put_params appends ServerECDHParams.  The caller appends the
 * signature with dtls_signed_put. */
DTLS_MUST_USE bool dtls_ske_ecdhe_put_params(struct dtls_buf *out,
                                             uint16_t group,
                                             struct dtls_bytes point);

/* dtls_ske_psk_parse reads ServerKeyExchange of plain PSK, which is a hint
 * (RFC 4279, 2). */
DTLS_MUST_USE enum dtls_status dtls_ske_psk_parse(struct dtls_bytes *hint,
                                                  struct dtls_bytes body);

/* dtls_ske_ecjpake_parse reads ServerKeyExchange of EC-JPAKE: a curve and a
 * KeyKP.  The writer's part is dtls_ske_put_curve. */
DTLS_MUST_USE enum dtls_status dtls_ske_ecjpake_parse(uint16_t *group,
                                                      struct dtls_key_kp *key,
                                                      struct dtls_bytes body);

struct dtls_certificate_request {
    struct dtls_bytes types;       /* u8 each, at least one  */
    struct dtls_bytes sigalgs;     /* u16 each, at least one */
    struct dtls_bytes authorities; /* vec16 Name each        */
};

DTLS_MUST_USE enum dtls_status dtls_certificate_request_parse(
    struct dtls_certificate_request *out, struct dtls_bytes body);

/* ClientCertificateType. */
enum { DTLS_TYPE_RSA_SIGN = 1, DTLS_TYPE_ECDSA_SIGN = 64 };

/* dtls_cke_parse and dtls_cke_put are for ClientKeyExchange with one field:
 * that of each key exchange but ECDHE_PSK and EC-JPAKE. */
DTLS_MUST_USE enum dtls_status dtls_cke_parse(struct dtls_bytes *field,
                                              enum dtls_kx kx,
                                              struct dtls_bytes body);
DTLS_MUST_USE bool dtls_cke_put(struct dtls_buf *out, enum dtls_kx kx,
                                struct dtls_bytes field);

/* dtls_cke_ecdhe_psk_* are for ClientKeyExchange of ECDHE_PSK, which has two
 * fields (RFC 5489, 2). */
DTLS_MUST_USE enum dtls_status dtls_cke_ecdhe_psk_parse(
    struct dtls_bytes *identity, struct dtls_bytes *point,
    struct dtls_bytes body);
DTLS_MUST_USE bool dtls_cke_ecdhe_psk_put(struct dtls_buf *out,
                                          struct dtls_bytes identity,
                                          struct dtls_bytes point);

/* dtls_cke_ecjpake_parse reads ClientKeyExchange of EC-JPAKE: a KeyKP. */
DTLS_MUST_USE enum dtls_status dtls_cke_ecjpake_parse(struct dtls_key_kp *key,
                                                      struct dtls_bytes body);

/* struct dtls_signed is a digitally-signed struct: CertificateVerify, and the
 * end of ServerKeyExchange (RFC 5246, 4.7). */
struct dtls_signed {
    uint16_t sigalg;
    struct dtls_bytes signature;
};

DTLS_MUST_USE enum dtls_status dtls_signed_parse(struct dtls_signed *out,
                                                 struct dtls_bytes body);
DTLS_MUST_USE bool dtls_signed_put(struct dtls_buf *out,
                                   const struct dtls_signed *m);

DTLS_MUST_USE enum dtls_status dtls_finished_parse(const uint8_t **verify_data,
                                                   struct dtls_bytes body);

/* dtls_empty_parse is for HelloRequest and ServerHelloDone, which have an
 * empty body. */
DTLS_MUST_USE enum dtls_status dtls_empty_parse(struct dtls_bytes body);

#endif
