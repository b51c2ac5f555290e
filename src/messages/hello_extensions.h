/* SPDX-License-Identifier: MIT */
/* Hello extensions: one table says which may stand in which hello, and how
 * each is laid out (RFC 5246, 7.4.1.4). */
#ifndef DTLS_MESSAGES_HELLO_EXTENSIONS_H
#define DTLS_MESSAGES_HELLO_EXTENSIONS_H

#include "base/bytes.h"

#define DTLS_STATUS_OCSP 1     /* a CertificateStatusType (RFC 6066, 8) */
#define DTLS_SIZE_LIMIT_MIN 64 /* of a RecordSizeLimit (RFC 8449, 4) */

/* enum dtls_extension lists the extensions that we know, in the order in which
 * we send them. */
enum dtls_extension {
    DTLS_EXT_SERVER_NAME,
    DTLS_EXT_EXTENDED_MASTER_SECRET,
    DTLS_EXT_ENCRYPT_THEN_MAC,
    DTLS_EXT_RENEGOTIATION_INFO,
    DTLS_EXT_SUPPORTED_GROUPS,
    DTLS_EXT_EC_POINT_FORMATS,
    DTLS_EXT_ECJPAKE_KEY_KP_PAIR,
    DTLS_EXT_SIGNATURE_ALGORITHMS,
    DTLS_EXT_SIGNATURE_ALGORITHMS_CERT,
    DTLS_EXT_ALPN,
    DTLS_EXT_CLIENT_CERTIFICATE_TYPE,
    DTLS_EXT_SERVER_CERTIFICATE_TYPE,
    DTLS_EXT_USE_SRTP,
    DTLS_EXT_STATUS_REQUEST,
    DTLS_EXT_MAX_FRAGMENT_LENGTH,
    DTLS_EXT_RECORD_SIZE_LIMIT,
    DTLS_EXT_CONNECTION_ID,
    DTLS_EXT_RRC,
    DTLS_EXT_SESSION_TICKET, /* the last: see dtls_extensions_put_front */
    DTLS_EXT_COUNT
};

/* dtls_use_srtp_get takes the parts of use_srtp (RFC 5764, 4.1.1): the
 * profiles (u16 each, at least one) and the MKI, which may be empty.  It
 * returns false if the value is malformed.  dtls_use_srtp_put is the inverse;
 * it returns false if there is no room. */
DTLS_MUST_USE bool dtls_use_srtp_get(struct dtls_bytes value,
                                     struct dtls_bytes *profiles,
                                     struct dtls_bytes *mki);
DTLS_MUST_USE bool dtls_use_srtp_put(struct dtls_buf *out,
                                     struct dtls_bytes profiles,
                                     struct dtls_bytes mki);

/* struct dtls_extensions is the known extensions of one hello.  `data` borrows
 * the inner value; its outer length prefixes have been checked and taken off:
 *
 *   SERVER_NAME            the host name; empty in a ServerHello
 *   RENEGOTIATION_INFO     renegotiated_connection
 *   SUPPORTED_GROUPS       u16 each
 *   EC_POINT_FORMATS       u8 each
 *   ECJPAKE_KEY_KP_PAIR    as it came: see dtls_key_kp_pair_parse
 *   SIGNATURE_ALGORITHMS, SIGNATURE_ALGORITHMS_CERT
 *                          u16 each
 *   ALPN                   vec8 each; in a ServerHello the one name, bare
 *   CLIENT_, SERVER_CERTIFICATE_TYPE
 *                          u8 each, at least one; in a ServerHello one
 *   USE_SRTP               the whole value, for dtls_use_srtp_get
 *   STATUS_REQUEST         the CertificateStatusType, of one byte; empty in a
 *                          ServerHello
 *   MAX_FRAGMENT_LENGTH    one byte, 1 to 4
 *   RECORD_SIZE_LIMIT      u16, 64 or more
 *   CONNECTION_ID          the id that the sender wants to receive
 *   SESSION_TICKET         the ticket; empty in a ServerHello */
struct dtls_extensions {
    bool present[DTLS_EXT_COUNT];
    struct dtls_bytes data[DTLS_EXT_COUNT];
};

/* dtls_extensions_parse_client reads the block of a ClientHello.  It skips
 * extensions that are not ours.
 *
 * dtls_extensions_parse_server reads the block of a ServerHello.  It returns
 * DTLS_UNSUPPORTED_EXTENSION for anything that the client did not ask for
 * (`offered`).
 *
 * Both return DTLS_DECODE_ERROR for bad lengths and bytes left over.  They
 * return DTLS_ILLEGAL_PARAMETER for a type that stands twice, ours or not, and
 * for a value that can be read but that its extension does not allow: point
 * formats without the uncompressed one, a fragment length beyond the four, a
 * record size limit below 64, two SRTP profiles of a server.  They touch `out`
 * only on DTLS_OK. */
DTLS_MUST_USE enum dtls_status dtls_extensions_parse_client(
    struct dtls_extensions *out, struct dtls_bytes block);
DTLS_MUST_USE enum dtls_status dtls_extensions_parse_server(
    struct dtls_extensions *out, const bool offered[DTLS_EXT_COUNT],
    struct dtls_bytes block);

/* dtls_server_name_get reads the value of a ClientHello's server_name.  `out`
 * is the host name; it is empty if none of the names is one.  It returns false
 * if the value is malformed. */
DTLS_MUST_USE bool dtls_server_name_get(struct dtls_bytes in,
                                        struct dtls_bytes *out);

/* dtls_extensions_put appends the block, each value wrapped in its prefixes,
 * or nothing at all if no extension is present.  `server` says whose hello it
 * is.  It returns false if the block does not fit.
 *
 * dtls_extensions_put_front does so for a ClientHello, but leaves out the
 * bytes of its ticket, which end the block and are counted in its lengths. The
 * ticket may be long, and the caller sends it behind the front. */
DTLS_MUST_USE bool dtls_extensions_put(struct dtls_buf *out,
                                       const struct dtls_extensions *ext,
                                       bool server);
DTLS_MUST_USE bool dtls_extensions_put_front(
    struct dtls_buf *out, const struct dtls_extensions *ext);

#endif
