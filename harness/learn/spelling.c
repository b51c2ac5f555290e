/* SPDX-License-Identifier: MIT */
/* How messages and alerts are written (learn/spelling.h). */
#include "learn/spelling.h"

#include "messages/messages.h"
#include "probe/registry_names.h"

#include <stdio.h>
#include <string.h>

const char *spelling_message(uint8_t type)
{
    static const struct {
        uint8_t type;
        const char *name;
    } names[] = {
        {DTLS_HELLO_REQUEST, "HelloRequest"},
        {DTLS_CLIENT_HELLO, "ClientHello"},
        {DTLS_SERVER_HELLO, "ServerHello"},
        {DTLS_HELLO_VERIFY_REQUEST, "HelloVerifyRequest"},
        {DTLS_NEW_SESSION_TICKET, "NewSessionTicket"},
        {DTLS_CERTIFICATE, "Certificate"},
        {DTLS_SERVER_KEY_EXCHANGE, "ServerKeyExchange"},
        {DTLS_CERTIFICATE_REQUEST, "CertificateRequest"},
        {DTLS_SERVER_HELLO_DONE, "ServerHelloDone"},
        {DTLS_CERTIFICATE_VERIFY, "CertificateVerify"},
        {DTLS_CLIENT_KEY_EXCHANGE, "ClientKeyExchange"},
        {DTLS_FINISHED, "Finished"},
        {DTLS_CERTIFICATE_URL, "CertificateUrl"},
        {DTLS_CERTIFICATE_STATUS, "CertificateStatus"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].type == type) {
            return names[i].name;
        }
    }
    return "unknown_message";
}

void spelling_alert(char *out, size_t size, uint8_t level, uint8_t description)
{
    const char *name = registry_name(&registry_alerts, description);
    char number[8];

    (void)snprintf(number, sizeof number, "%u", description);
    if (level == 1 && description == 0) {
        (void)snprintf(out, size, "close_notify");
        return;
    }
    (void)snprintf(out, size, "%s:%s",
                   level == 1   ? "warning"
                   : level == 2 ? "fatal"
                                : "no_level",
                   name == NULL ? number : name);
}

void spelling_join(char *text, size_t size, const char *word)
{
    const size_t len = strlen(text);
    const size_t word_len = strlen(word);
    const char *end = len < word_len ? text : text + len - word_len;

    if (strcmp(end, word) == 0 && (end == text || end[-1] == '+') &&
        strcmp(word, "HelloVerifyRequest") != 0) {
        return;
    }
    if (len + word_len + 2 <= size) {
        (void)snprintf(text + len, size - len, "%s%s", len == 0 ? "" : "+",
                       word);
    }
}
