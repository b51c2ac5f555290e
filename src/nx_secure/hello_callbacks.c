/* SPDX-License-Identifier: MIT */
/* Hellos as applications see them: the callbacks for their extensions, and the
 * name that a client asks for (RFC 6066, 3). */
#include "nx_secure/internal.h"

#include <assert.h>

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
UINT _nx_secure_tls_session_client_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions))
{
    if (!dtls_nx_setting_begin(tls_session)) {
        return NX_IN_PROGRESS;
    }
    tls_session->nx_secure_tls_session_client_callback = func_ptr;
    dtls_nx_unlock();
    return NX_SUCCESS;
}
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT _nx_secure_tls_session_server_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_TLS_HELLO_EXTENSION *extensions,
                      UINT num_extensions))
{
    if (!dtls_nx_setting_begin(tls_session)) {
        return NX_IN_PROGRESS;
    }
    tls_session->nx_secure_tls_session_server_callback = func_ptr;
    dtls_nx_unlock();
    return NX_SUCCESS;
}
#endif

/* Returns the extensions of either hello. */
static struct dtls_bytes extensions_of(const struct dtls_message *message)
{
    struct dtls_client_hello client = {0};
    struct dtls_server_hello server = {0};
    bool is_client = message->type == DTLS_CLIENT_HELLO;
    enum dtls_status status =
        is_client ? dtls_client_hello_parse(&client, message->body)
                  : dtls_server_hello_parse(&server, message->body);

    assert(status == DTLS_OK); /* The engine has parsed it before. */
    (void)status;
    return is_client ? client.extensions : server.extensions;
}

/* Lists the extensions of a block.  Returns their number, at most
 * NX_SECURE_TLS_HELLO_EXTENSIONS_MAX. */
static UINT list_extensions(
    NX_SECURE_TLS_HELLO_EXTENSION list[NX_SECURE_TLS_HELLO_EXTENSIONS_MAX],
    struct dtls_bytes block)
{
    uint16_t type;
    struct dtls_bytes data;
    UINT num = 0;

    while (num < NX_SECURE_TLS_HELLO_EXTENSIONS_MAX &&
           dtls_get_u16(&block, &type) && dtls_get_vec16(&block, &data)) {
        list[num++] = (NX_SECURE_TLS_HELLO_EXTENSION){
            .nx_secure_tls_extension_id = type,
            .nx_secure_tls_extension_data_length = (USHORT)data.len,
            .nx_secure_tls_extension_data = data.data,
        };
    }
    return num;
}

enum dtls_status dtls_nx_see_message(void *self,
                                     const struct dtls_message *message)
{
    NX_SECURE_DTLS_SESSION *session = self;
    NX_SECURE_TLS_SESSION *tls = &session->nx_secure_dtls_tls_session;
    NX_SECURE_TLS_HELLO_EXTENSION list[NX_SECURE_TLS_HELLO_EXTENSIONS_MAX];
    ULONG(*callback)
    (NX_SECURE_TLS_SESSION *, NX_SECURE_TLS_HELLO_EXTENSION *, UINT) =
        message->type == DTLS_CLIENT_HELLO
            ? tls->nx_secure_tls_session_server_callback
        : message->type == DTLS_SERVER_HELLO
            ? tls->nx_secure_tls_session_client_callback
            : NX_NULL;
    UINT status;
    UINT num;

    if (callback == NX_NULL) {
        return DTLS_OK;
    }
    num = list_extensions(list, extensions_of(message));
    dtls_nx_call_begin(session);
    status = callback(tls, list, num);
    if (!dtls_nx_call_end(session)) {
        return DTLS_INTERNAL_ERROR;
    }
    if (status == NX_SUCCESS) {
        return DTLS_OK;
    }
    session->nx_secure_dtls_callback_status = status;
    return status == NX_SECURE_TLS_SNI_EXTENSION_INVALID
               ? DTLS_UNRECOGNIZED_NAME
               : DTLS_HELLO_REFUSED;
}

#ifndef NX_SECURE_TLS_CLIENT_DISABLED
UINT _nx_secure_tls_session_sni_extension_set(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_DNS_NAME *dns_name)
{
    tls_session->nx_secure_tls_sni_extension_server_name = dns_name;
    return NX_SUCCESS;
}
#endif

#ifndef NX_SECURE_TLS_SERVER_DISABLED
UINT _nx_secure_tls_session_sni_extension_parse(
    NX_SECURE_TLS_SESSION *tls_session,
    NX_SECURE_TLS_HELLO_EXTENSION *extensions, UINT num_extensions,
    NX_SECURE_X509_DNS_NAME *dns_name)
{
    struct dtls_bytes name;
    UINT i = 0;

    (void)tls_session;
    while (i < num_extensions &&
           extensions[i].nx_secure_tls_extension_id !=
               NX_SECURE_TLS_EXTENSION_SERVER_NAME_INDICATION) {
        i++;
    }
    if (i == num_extensions) {
        return NX_SECURE_TLS_EXTENSION_NOT_FOUND;
    }
    if (!dtls_server_name_get(
            dtls_bytes_of(extensions[i].nx_secure_tls_extension_data,
                          extensions[i].nx_secure_tls_extension_data_length),
            &name) ||
        name.len == 0 || name.len > NX_SECURE_X509_DNS_NAME_MAX) {
        return NX_SECURE_TLS_SNI_EXTENSION_INVALID;
    }
    return _nx_secure_x509_dns_name_initialize(dns_name, name.data,
                                               (USHORT)name.len);
}
#endif
