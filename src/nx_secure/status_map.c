/* SPDX-License-Identifier: MIT */
/* Status values: the engine's to NetX's, and NetX's to words. */
#include "nx_secure/internal.h"

UINT dtls_nx_status(enum dtls_status status)
{
    switch (status) {
    case DTLS_OK:
        return NX_SUCCESS;
    case DTLS_NO_ROOM:
        return NX_SECURE_TLS_RECORD_OVERFLOW;
    case DTLS_TOO_LATE:
        return NX_NOT_SUCCESSFUL;
    case DTLS_NOT_NOW:
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    case DTLS_CLOSED:
        return NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED;
    case DTLS_ALERTED:
        return NX_SECURE_TLS_ALERT_RECEIVED;
    case DTLS_REFUSED:
        return NX_SECURE_TLS_NO_RENEGOTIATION_ERROR;
    case DTLS_IDLE_TOO_LONG:
        return NXDTLS_IDLE_LIMIT;
    case DTLS_TOO_OLD:
        return NXDTLS_LIFE_LIMIT;
    case DTLS_PEER_GONE:
        return NXDTLS_PEER_GONE;
    case DTLS_HANDED_OVER:
        return NXDTLS_HANDED_OVER;
    case DTLS_UNEXPECTED_MESSAGE:
        return NX_SECURE_TLS_UNEXPECTED_MESSAGE;
    case DTLS_UNKNOWN_MESSAGE:
        return NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE;
    case DTLS_UNSUPPORTED_MESSAGE:
        return NX_SECURE_TLS_UNSUPPORTED_FEATURE;
    case DTLS_BAD_RECORD_MAC:
        return NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE;
    case DTLS_RECORD_OVERFLOW:
        return NX_SECURE_TLS_RECORD_OVERFLOW;
    case DTLS_NO_COMMON_SUITE:
        return NX_SECURE_TLS_NO_SUPPORTED_CIPHERS;
    case DTLS_NO_PEER_CERTIFICATE:
        return NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED;
    case DTLS_NO_LOCAL_CERTIFICATE:
        return NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    case DTLS_RENEGOTIATION_INFO:
        return NX_SECURE_TLS_RENEGOTIATION_EXTENSION_ERROR;
    case DTLS_NO_MATCHING_PSK:
    case DTLS_PSK_CHANGED:
    case DTLS_UNKNOWN_PSK_IDENTITY:
        return NX_SECURE_TLS_NO_MATCHING_PSK;
    case DTLS_UNSUPPORTED_KEY:
        return NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER;
    case DTLS_SUITE_NOT_OFFERED:
        return NX_SECURE_TLS_UNSUPPORTED_CIPHER;
    case DTLS_UNKNOWN_VERSION:
        return NX_SECURE_TLS_UNKNOWN_TLS_VERSION;
    case DTLS_BAD_CERTIFICATE:
    case DTLS_CERTIFICATE_CHANGED:
    case DTLS_CERTIFICATE_UNKNOWN:
    case DTLS_UNSUPPORTED_CERTIFICATE:
        return NX_SECURE_TLS_INVALID_CERTIFICATE;
    case DTLS_CERTIFICATE_NAME:
        return NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH;
    case DTLS_CERTIFICATE_SIGNATURE:
        return NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED;
    case DTLS_CERTIFICATE_REVOKED:
        return NX_SECURE_X509_CRL_CERTIFICATE_REVOKED;
    case DTLS_CERTIFICATE_EXPIRED:
        return NX_SECURE_X509_CERTIFICATE_EXPIRED;
    case DTLS_CERTIFICATE_NOT_YET_VALID:
        return NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID;
    case DTLS_CERTIFICATE_REFUSED:
    case DTLS_BAD_CERTIFICATE_STATUS:
        return NX_SECURE_TLS_CERTIFICATE_VERIFY_FAILURE;
    case DTLS_UNKNOWN_CA:
        return NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND;
    case DTLS_BAD_COMPRESSION:
        return NX_SECURE_TLS_BAD_COMPRESSION_METHOD;
    case DTLS_DECODE_ERROR:
        return NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH;
    case DTLS_DECRYPT_ERROR:
        return NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR;
    case DTLS_BAD_FINISHED:
        return NX_SECURE_TLS_FINISHED_HASH_FAILURE;
    case DTLS_PROTOCOL_VERSION:
        return NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION;
    case DTLS_MESSAGE_TOO_LONG:
        return NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL;
    case DTLS_NO_SIGALGS:
        return NX_SECURE_TLS_UNSUPPORTED_SIGNATURE_ALGORITHM;
    case DTLS_NO_GROUPS:
        return NX_SECURE_TLS_UNSUPPORTED_ECC_CURVE;
    case DTLS_STORE_EMPTY:
        return NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
    case DTLS_UNRECOGNIZED_NAME:
        return NX_SECURE_TLS_SNI_EXTENSION_INVALID;
    case DTLS_INAPPROPRIATE_FALLBACK:
        return NX_SECURE_TLS_INAPPROPRIATE_FALLBACK;
    case DTLS_DISCARD:
    case DTLS_FATAL:
    case DTLS_HANDSHAKE_FAILURE:
    case DTLS_BAD_PROOF:
    case DTLS_HELLO_REFUSED:
    case DTLS_ILLEGAL_PARAMETER:
    case DTLS_INTERNAL_ERROR:
    case DTLS_UNSUPPORTED_EXTENSION:
    case DTLS_NO_APPLICATION_PROTOCOL:
        break;
    }
    return NX_SECURE_TLS_HANDSHAKE_FAILURE;
}

static const struct {
    UINT status;
    const CHAR *text;
} texts[] = {
    {NX_SUCCESS, "success"},
    {NX_NO_PACKET, "nothing came in time"},
    {NX_PTR_ERROR, "invalid pointer"},
    {NX_SIZE_ERROR, "a size is out of range"},
    {NX_WAIT_ABORTED, "the wait was aborted"},
    {NX_CALLER_ERROR, "not from this thread"},
    {NX_INVALID_SOCKET, "the session has no socket"},
    {NX_NOT_ENABLED, "UDP is not enabled"},
    {NX_IP_ADDRESS_ERROR, "no such address"},
    {NX_NO_FREE_PORTS, "no port is free"},
    {NX_INVALID_PORT, "not a port"},
    {NX_IN_PROGRESS, "the session is being used"},
    {NX_ALREADY_BOUND, "the socket is bound already"},
    {NX_PORT_UNAVAILABLE, "the port is in use"},
    {NX_NOT_BOUND, "the socket is not bound"},
    {NX_NOT_CONNECTED, "not connected: no answer"},
    {NX_ALREADY_SUSPENDED, "another thread waits on the session"},
    {NX_STILL_BOUND, "the server is not stopped"},
    {NX_NOT_SUCCESSFUL, "no answer to any retransmission"},
    {NX_INVALID_PARAMETERS, "a buffer is too small, or a parameter is 0"},
    {NX_SECURE_TLS_SESSION_UNINITIALIZED, "the session is not active"},
    {NX_SECURE_TLS_HANDSHAKE_FAILURE, "the handshake failed"},
    {NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE,
     "so many records were forged that the keys were given up"},
    {NX_SECURE_TLS_TCP_SEND_FAILED, "the datagram could not be sent"},
    {NX_SECURE_TLS_INCORRECT_MESSAGE_LENGTH, "a message does not decode"},
    {NX_SECURE_TLS_NO_SUPPORTED_CIPHERS, "no common cipher suite"},
    {NX_SECURE_TLS_UNSUPPORTED_TLS_VERSION, "the peer has no DTLS 1.2"},
    {NX_SECURE_TLS_ALLOCATE_PACKET_FAILED, "the packet pool is empty"},
    {NX_SECURE_TLS_UNRECOGNIZED_MESSAGE_TYPE, "a message of unknown type"},
    {NX_SECURE_TLS_UNSUPPORTED_FEATURE,
     "a message of a feature that is not supported"},
    {NX_SECURE_TLS_UNKNOWN_CIPHERSUITE, "the table has no known suite"},
    {NX_SECURE_TLS_UNSUPPORTED_CIPHER, "the peer chose a suite not offered"},
    {NX_SECURE_TLS_UNKNOWN_TLS_VERSION, "the peer chose an unknown version"},
    {NX_SECURE_TLS_INVALID_SERVER_CERT, "not a certificate for a server"},
    {NX_SECURE_TLS_UNSUPPORTED_PUBLIC_CIPHER,
     "the server's key does not do what its suite needs"},
    {NX_SECURE_TLS_INVALID_CERTIFICATE, "a certificate is not acceptable"},
    {NX_SECURE_TLS_ALERT_RECEIVED, "the peer sent an alert"},
    {NX_SECURE_TLS_FINISHED_HASH_FAILURE, "Finished does not match"},
    {NX_SECURE_TLS_BAD_COMPRESSION_METHOD, "no null compression offered"},
    {NX_SECURE_TLS_CERTIFICATE_NOT_FOUND, "no such certificate"},
    {NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND, "unknown CA"},
    {NX_SECURE_TLS_SEND_ADDRESS_MISMATCH, "not the address of the session"},
    {NX_SECURE_TLS_NO_FREE_DTLS_SESSIONS, "no session is free"},
    {NX_SECURE_TLS_NO_MORE_PSK_SPACE, "no space for another PSK"},
    {NX_SECURE_TLS_NO_MATCHING_PSK, "unknown PSK identity, or another one"},
    {NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED, "the peer closed the session"},
    {NX_SECURE_TLS_CERTIFICATE_VERIFY_FAILURE, "the certificate was refused"},
    {NX_SECURE_TLS_EMPTY_REMOTE_CERTIFICATE_RECEIVED,
     "the peer showed no certificate"},
    {NX_SECURE_TLS_NO_RENEGOTIATION_ERROR, "the peer does not renegotiate"},
    {NX_SECURE_TLS_RENEGOTIATION_SESSION_INACTIVE,
     "nothing to renegotiate: not connected"},
    {NX_SECURE_TLS_RENEGOTIATION_FAILURE,
     "no secure renegotiation in this session"},
    {NX_SECURE_TLS_TRANSMIT_LOCKED, "the session is changing its keys"},
    {NX_SECURE_TLS_RENEGOTIATION_EXTENSION_ERROR, "bad renegotiation_info"},
    {NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL,
     "a message is longer than the session's buffers"},
    {NX_SECURE_TLS_SNI_EXTENSION_INVALID,
     "no certificate has the name that was asked for"},
    {NX_SECURE_TLS_MISSING_CRYPTO_ROUTINE,
     "a suite's entry has a NULL method"},
    {NX_SECURE_TLS_UNSUPPORTED_ECC_CURVE,
     "none of the session's curves is supported"},
    {NX_SECURE_TLS_UNSUPPORTED_SIGNATURE_ALGORITHM,
     "none of the session's signature algorithms is supported"},
    {NX_SECURE_TLS_SIGNATURE_VERIFICATION_ERROR, "a signature is wrong"},
    {NX_SECURE_TLS_UNEXPECTED_MESSAGE, "a message came out of order"},
    {NX_SECURE_TLS_RECORD_OVERFLOW, "longer than a record may be"},
    {NX_SECURE_PKCS1_INVALID_PRIVATE_KEY,
     "the private key is not usable, or not that of the certificate"},
    {NX_SECURE_TLS_CRYPTO_KEYS_TOO_LARGE, "an RSA key is above 4096 bits"},
    {NX_SECURE_X509_UNSUPPORTED_PUBLIC_CIPHER,
     "an RSA key is below 2048 bits"},
    {NX_SECURE_TLS_NO_CERT_SPACE_ALLOCATED,
     "too many certificates are in other lists, too"},
    {NX_SECURE_TLS_CERT_ID_DUPLICATE, "a certificate has this number"},
    {NX_SECURE_TLS_INAPPROPRIATE_FALLBACK, "the peer fell back needlessly"},
    {NX_SECURE_X509_INSUFFICIENT_CERT_SPACE,
     "no space for another certificate"},
    {NX_SECURE_X509_NAME_STRING_TOO_LONG, "the name is too long"},
    {NX_SECURE_X509_CERTIFICATE_EXPIRED, "a certificate has expired"},
    {NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID,
     "a certificate is not valid yet"},
    {NX_NOT_SUPPORTED, "not supported"},
    {NX_INVALID_INTERFACE, "there is no such interface"},
    {NX_SECURE_TLS_INVALID_PACKET, "not a packet of DTLS"},
    {NX_SECURE_TLS_BAD_CIPHERSPEC, "a ChangeCipherSpec is malformed"},
    {NX_SECURE_TLS_PADDING_CHECK_FAILED, "a record's padding is wrong"},
    {NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE,
     "no space for the peer's certificates"},
    {NX_SECURE_TLS_PROTOCOL_VERSION_CHANGED,
     "the peer has changed the protocol version"},
    {NX_SECURE_TLS_EXTENSION_NOT_FOUND, "the hello has no such extension"},
    {NX_SECURE_TLS_CERT_ID_INVALID, "a certificate's number must not be 0"},
    {NX_SECURE_X509_ASN1_LENGTH_TOO_LONG,
     "the certificate is longer than its buffer"},
    {NX_SECURE_X509_INVALID_CERTIFICATE_SEQUENCE,
     "no certificate begins here"},
    {NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
     "an issuer may not issue certificates, or the chain is too long"},
    {NX_SECURE_X509_CERTIFICATE_NOT_FOUND, "no such certificate"},
    {NX_SECURE_X509_INVALID_EXTENSION_SEQUENCE, "not a list of names"},
    {NX_SECURE_X509_ALT_NAME_NOT_FOUND, "the certificate has no such name"},
    {NX_SECURE_X509_NO_CERT_SPACE_ALLOCATED,
     "the certificate is in another list, and there is no room for it here"},
    {NX_SECURE_X509_CERT_ID_DUPLICATE, "a certificate has this number"},
    {NX_SECURE_X509_INVALID_CERTIFICATE_DATA, "not a certificate or CRL"},
    {NX_SECURE_X509_INVALID_EXTENSIONS, "a CRL's extension is not understood"},
    {NX_SECURE_X509_CRL_ISSUER_MISMATCH, "another issuer's CRL"},
    {NX_SECURE_X509_CRL_SIGNATURE_CHECK_FAILED, "a CRL's signature is wrong"},
    {NX_SECURE_X509_CRL_CERTIFICATE_REVOKED, "a certificate is revoked"},
    {NX_SECURE_X509_EXTENSION_NOT_FOUND, "no such extension"},
    {NX_SECURE_X509_EXT_KEY_USAGE_NOT_FOUND, "not for that purpose"},
    {NX_SECURE_X509_KEY_USAGE_ERROR, "the issuer may not sign CRLs"},
    {NX_SECURE_X509_UNKNOWN_CERT_SIG_ALGORITHM,
     "signed in a way that is not supported"},
    {NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND, "the issuer is not trusted"},
    {NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH,
     "the certificate is for another name"},
    {NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE, "unknown type of private key"},
    {NX_SECURE_X509_INVALID_CERTIFICATE, "not a certificate"},
    {NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED,
     "a certificate's signature is wrong"},
    {NXDTLS_IDLE_LIMIT, "the session was idle for too long"},
    {NXDTLS_LIFE_LIMIT, "the session has come to the end of its life"},
    {NXDTLS_PEER_GONE, "the peer does not answer any more"},
    {NXDTLS_HANDED_OVER, "the session was exported and goes on elsewhere"},
    {NXDTLS_NO_SESSION, "there is no session to export"},
    {NXDTLS_BAD_SESSION, "the bytes are no exported session of this key"},
};

const CHAR *nxdtls_status_text(UINT status)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].status == status) {
            return texts[i].text;
        }
    }
    return "unknown status";
}
