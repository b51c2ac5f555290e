/* SPDX-License-Identifier: MIT */
/* Lines on stderr. */
#include "programs/lines.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void print(const char *format, va_list arguments)
    __attribute__((format(printf, 1, 0)));

/* In one write, so that lines of several processes do not mix.  The lock on
 * stderr guards the text. */
static void print(const char *format, va_list arguments)
{
    static char text[4096] = "nxdtls: ";
    size_t len = sizeof "nxdtls: " - 1;
    size_t room = sizeof text - len - 1; /* the newline */
    int n;

    flockfile(stderr);
    n = vsnprintf(text + len, room, format, arguments);
    if (n > 0) {
        len += (size_t)n < room ? (size_t)n : room - 1;
    }
    text[len++] = '\n';
    (void)fwrite(text, 1, len, stderr);
    funlockfile(stderr);
}

void line(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(format, arguments);
    va_end(arguments);
}

void bad_input(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(format, arguments);
    va_end(arguments);
    exit(2);
}

const char *address_text(struct text *out, const NXD_ADDRESS *address,
                         UINT port)
{
    char name[INET6_ADDRSTRLEN] = "?";
    uint32_t words[4];

    if (address->nxd_ip_version == NX_IP_VERSION_V4) {
        words[0] = htonl(address->nxd_ip_address.v4);
        (void)inet_ntop(AF_INET, words, name, sizeof name);
        (void)snprintf(out->s, sizeof out->s, "%s:%u", name, port);
        return out->s;
    }
    for (size_t i = 0; i < 4; i++) {
        words[i] = htonl(address->nxd_ip_address.v6[i]);
    }
    (void)inet_ntop(AF_INET6, words, name, sizeof name);
    (void)snprintf(out->s, sizeof out->s, "[%s]:%u", name, port);
    return out->s;
}

/* A name of any bytes, for a line of words. */
static const char *protocol_text(struct text *out,
                                 const NXDTLS_SESSION_INFO *info)
{
    size_t len = info->alpn_length < sizeof out->s ? info->alpn_length
                                                   : sizeof out->s - 1;

    if (len == 0) {
        return "none";
    }
    for (size_t i = 0; i < len; i++) {
        bool plain = info->alpn[i] > ' ' && info->alpn[i] < 127;

        out->s[i] = plain ? (char)info->alpn[i] : '?';
    }
    out->s[len] = '\0';
    return out->s;
}

const char *suite_text(char *out, size_t size, const NXDTLS_SESSION_INFO *info)
{
    struct text protocol;

    (void)snprintf(
        out, size,
        "suite=%s(0x%04x) ems=%u secure_renegotiation=%u resumed=%u "
        "name=%s alpn=%s send_limit=%u "
        "receive_limit=%u send_id=%u receive_id=%u raw_key=%u",
        info->suite_name, info->suite, info->extended_master_secret != 0,
        info->secure_renegotiation != 0, info->resumed != 0,
        info->server_name_known ? "known" : "none",
        protocol_text(&protocol, info), info->send_limit, info->receive_limit,
        info->send_id_length, info->receive_id_length,
        info->peer_raw_key != 0);
    return out;
}

/* 40(handshake_failure), or "none": 256. */
static const char *alert_text(struct text *out, UINT description)
{
    const CHAR *name = nxdtls_alert_name(description);

    if (description > 255) {
        return "none";
    }
    (void)snprintf(out->s, sizeof out->s, "%u(%s)", description,
                   name == NULL ? "unknown" : name);
    return out->s;
}

const char *failure_text(char *out, size_t size,
                         NX_SECURE_DTLS_SESSION *session, UINT status)
{
    NXDTLS_SESSION_INFO info;
    const CHAR *reason = nxdtls_session_reason(session);
    struct text sent;
    struct text received;

    (void)nxdtls_session_info_get(session, &info);
    (void)snprintf(
        out, size, "status=0x%02x (%s) alert_sent=%s alert_received=%s%s%s",
        status, nxdtls_status_text(status), alert_text(&sent, info.alert_sent),
        alert_text(&received, info.alert_received),
        *reason == '\0' ? "" : ": ", reason);
    return out;
}

/* Appends one counter; a text that is full stays as it is. */
static void put_counter(char *out, size_t size, const char *name, ULONG value)
{
    size_t len = strlen(out);

    (void)snprintf(out + len, size - len, "%s%s=%u", len == 0 ? "" : " ", name,
                   value);
}

const char *counters_text(char *out, size_t size, const NXDTLS_STATISTICS *n)
{
#define PUT(name) put_counter(out, size, #name, n->name);
    *out = '\0';
    DTLS_COUNTERS(PUT)
    return out;
}
