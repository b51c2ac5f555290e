/* SPDX-License-Identifier: MIT */
/* Values of options that are more than a flag or a file
 * (programs/option_values.h). */
#include "programs/option_values.h"

#include "programs/lines.h"

#include <openssl/crypto.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    MTU_MIN = 256,
    MTU_MAX = 65507,
    SEARCH_MIN = 1200,
    SESSIONS_MAX = 65535,
    DAY = 86400
};

/* A decimal number, and nothing else, within the bounds. */
static bool read_number(const char *text, UINT min, UINT max, UINT *out)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    *out = (UINT)value;
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 &&
           value >= min && value <= max;
}

static UINT number(const char *option, const char *text, UINT min, UINT max)
{
    UINT value;

    if (!read_number(text, min, max, &value)) {
        bad_input("%s \"%s\": not a number from %u to %u", option, text, min,
                  max);
    }
    return value;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)((at - digits) % 16);
}

size_t option_hex(UCHAR *out, size_t room, const char *hex, size_t len)
{
    if (len % 2 != 0 || len / 2 > room) {
        return 0;
    }
    for (size_t i = 0; i < len; i += 2) {
        int high = hex_digit(hex[i]);
        int low = hex_digit(hex[i + 1]);

        if (high < 0 || low < 0) {
            return 0;
        }
        out[i / 2] = (UCHAR)(high * 16 + low);
    }
    return len / 2;
}

/* Reads a key in hex; false if it is empty, too long or not hex. */
static bool hex_key(struct psk *out, const char *hex, size_t len)
{
    out->key_len = (UINT)option_hex(out->key, sizeof out->key, hex, len);
    return out->key_len != 0;
}

static void read_key_file(struct psk *out, const char *path)
{
    char text[4 * NX_SECURE_TLS_MAX_PSK_SIZE];
    FILE *file = fopen(path, "r");
    size_t len = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    bool failed = file == NULL || ferror(file);
    bool good;

    if (failed) {
        bad_input("--psk: %s: %s", path, strerror(errno));
    }
    (void)fclose(file);
    text[len] = '\0';
    good = strlen(text) == len &&
           hex_key(out, text, strcspn(text, " \t\r\n")) &&
           text[strcspn(text, " \t\r\n") +
                strspn(text + strcspn(text, " \t\r\n"), " \t\r\n")] == '\0';
    OPENSSL_cleanse(text, sizeof text);
    if (!good) {
        bad_input("--psk: %s: not a key in hexadecimal of 1 to %d bytes", path,
                  NX_SECURE_TLS_MAX_PSK_SIZE);
    }
}

/* One more key, with the identity before the colon. */
static struct psk *add_identity(struct options *o, const char *text,
                                const char *colon, const char *form)
{
    struct psk *psk;

    if (o->num_psks == NX_SECURE_TLS_MAX_PSK_KEYS) {
        bad_input("--psk: more than %d keys", NX_SECURE_TLS_MAX_PSK_KEYS);
    }
    psk = &o->psks[o->num_psks++];
    if (colon == NULL || colon == text ||
        colon - text > (ptrdiff_t)sizeof psk->identity) {
        bad_input("%s with an ID of 1 to %d bytes", form,
                  NX_SECURE_TLS_MAX_PSK_ID_SIZE);
    }
    psk->identity_len = (UINT)(colon - text);
    memcpy(psk->identity, text, psk->identity_len);
    return psk;
}

static bool is_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~') {
        text++;
    }
    return *text == '\0';
}

/* The key stands after the last colon. */
void option_psk_text(struct options *o, const char *text)
{
    const char *colon = strrchr(text, ':');
    struct psk *psk = add_identity(o, text, colon, "--psk-text: not ID:KEY");
    size_t len = strlen(colon + 1);

    if (len == 0 || len > sizeof psk->key || !is_ascii(colon + 1)) {
        bad_input("--psk-text %.*s: not a key in ASCII of 1 to %d bytes",
                  (int)psk->identity_len, text, NX_SECURE_TLS_MAX_PSK_SIZE);
    }
    psk->key_len = (UINT)len;
    memcpy(psk->key, colon + 1, len);
}

/* An identity may contain colons: the key stands after the last one, a file
 * after the first ":@". */
void option_psk(struct options *o, const char *text)
{
    const char *file = strstr(text, ":@");
    const char *colon = file != NULL ? file : strrchr(text, ':');
    struct psk *psk =
        add_identity(o, text, colon, "--psk: not ID:HEXKEY or ID:@FILE");

    if (file != NULL) {
        read_key_file(psk, file + 2);
    } else if (!hex_key(psk, colon + 1, strlen(colon + 1))) {
        bad_input("--psk %.*s: not a key in hexadecimal of 1 to %d bytes",
                  (int)psk->identity_len, text, NX_SECURE_TLS_MAX_PSK_SIZE);
    }
}

/* The password is the file's one line, whatever its bytes are. */
void option_password(struct options *o)
{
    const char *path = o->password_file;
    char text[NX_SECURE_TLS_MAX_PSK_SIZE + 3]; /* \r\n, and one too many */
    FILE *file = fopen(path, "r");
    size_t len = file == NULL ? 0 : fread(text, 1, sizeof text, file);
    size_t line_len = len;

    if (file == NULL || ferror(file)) {
        bad_input("--password: %s: %s", path, strerror(errno));
    }
    (void)fclose(file);
    if (line_len != 0 && text[line_len - 1] == '\n') {
        line_len--;
        line_len -= line_len != 0 && text[line_len - 1] == '\r';
    }
    if (line_len == 0 || line_len > sizeof o->password ||
        memchr(text, '\n', line_len) != NULL) {
        OPENSSL_cleanse(text, sizeof text);
        bad_input("--password: %s: not one line of 1 to %d bytes", path,
                  NX_SECURE_TLS_MAX_PSK_SIZE);
    }
    memcpy(o->password, text, line_len);
    o->password_len = (UINT)line_len;
    OPENSSL_cleanse(text, sizeof text);
}

void option_hint(struct options *o, const char *text)
{
    struct psk *psk;

    if (o->num_psks == 0) {
        bad_input("--hint %s: no --psk stands before it", text);
    }
    if (strlen(text) > NX_SECURE_TLS_MAX_PSK_ID_SIZE) {
        bad_input("--hint %s: longer than %d bytes", text,
                  NX_SECURE_TLS_MAX_PSK_ID_SIZE);
    }
    psk = &o->psks[o->num_psks - 1];
    psk->hint_len = (UINT)strlen(text);
    memcpy(psk->hint, text, psk->hint_len);
}

void option_fingerprint(struct options *o, const char *text)
{
    /* A size is 64 bits wide, a ULONG 32: the product is made as the former.
     */
    UCHAR *pin = &o->pins[(size_t)o->num_pins * NXDTLS_FINGERPRINT_SIZE];

    if (option_hex(pin, NXDTLS_FINGERPRINT_SIZE, text, strlen(text)) !=
        NXDTLS_FINGERPRINT_SIZE) {
        bad_input("--fingerprint \"%s\": not a SHA-256 of %d hex digits", text,
                  2 * NXDTLS_FINGERPRINT_SIZE);
    }
    o->num_pins++;
}

void option_name(struct options *o, const char *text)
{
    if (*text == '\0' || strlen(text) > NX_SECURE_X509_DNS_NAME_MAX) {
        bad_input("--name \"%s\": not a name of 1 to %d bytes", text,
                  NX_SECURE_X509_DNS_NAME_MAX);
    }
    o->name = text;
}

/* "a,bc" becomes 1 a 2 b c. */
void option_alpn(struct options *o, const char *text)
{
    size_t len = strlen(text);
    size_t start = 0;

    if (len == 0 || len >= sizeof o->alpn) {
        bad_input("--alpn \"%s\": not 1 to %zu bytes of names", text,
                  sizeof o->alpn - 1);
    }
    for (size_t i = 0; i <= len; i++) {
        if (text[i] != ',' && text[i] != '\0') {
            o->alpn[i + 1] = (UCHAR)text[i];
            continue;
        }
        if (i == start) {
            bad_input("--alpn \"%s\": a name is empty", text);
        }
        o->alpn[start] = (UCHAR)(i - start);
        start = i + 1;
    }
    o->alpn_len = (ULONG)len + 1;
}

void option_staple(struct options *o, const char *text)
{
    if (o->num_certs == 0) {
        o->lone_staple = text;
    } else {
        o->staples[o->num_certs - 1] = text;
    }
}

void option_srtp(struct options *o, const char *text)
{
    const char *at = text;

    o->num_srtp = 0;
    for (bool more = true; more;) {
        size_t len = strcspn(at, ",");

        if (o->num_srtp == SRTP_PROFILES ||
            !srtp_profile(&o->srtp[o->num_srtp], at, len)) {
            bad_input("--srtp \"%s\": not one to %d names of profiles", text,
                      SRTP_PROFILES);
        }
        o->num_srtp++;
        more = at[len] == ',';
        at += len + more;
    }
}

void option_max_fragment(struct options *o, const char *text)
{
    o->max_fragment = number("--max-fragment", text, 512, 4096);
    if ((o->max_fragment & (o->max_fragment - 1)) != 0) {
        bad_input("--max-fragment \"%s\": not 512, 1024, 2048 or 4096", text);
    }
}

void option_record_limit(struct options *o, const char *text)
{
    o->record_limit = number("--record-limit", text, 0, RECORD_MAX);
    if (o->record_limit != 0 && o->record_limit < 64) {
        bad_input("--record-limit \"%s\": neither 0 nor 64 to %d", text,
                  RECORD_MAX);
    }
}

void option_cid(struct options *o, const char *text)
{
    o->cid = true;
    o->cid_len = number("--cid", text, 0, 32);
}

void option_padding(struct options *o, const char *text)
{
    o->padding = number("--padding", text, 0, RECORD_MAX);
}

void option_send(struct options *o, const char *text)
{
    if (strlen(text) > RECORD_MAX) {
        bad_input("--send: longer than a record, %d bytes", RECORD_MAX);
    }
    o->sends[o->num_sends++] = text;
}

static bool is_v6(NXD_ADDRESS *out, const char *text)
{
    uint32_t words[4];

    if (inet_pton(AF_INET6, text, words) != 1) {
        return false;
    }
    out->nxd_ip_version = NX_IP_VERSION_V6;
    for (size_t i = 0; i < 4; i++) {
        out->nxd_ip_address.v6[i] = ntohl(words[i]);
    }
    return true;
}

static bool is_v4(NXD_ADDRESS *out, const char *text)
{
    uint32_t word;

    if (inet_pton(AF_INET, text, &word) != 1) {
        return false;
    }
    out->nxd_ip_version = NX_IP_VERSION_V4;
    out->nxd_ip_address.v4 = ntohl(word);
    return true;
}

/* A name is letters, digits, '-', '_' and '.'.  What ends in a number is an
 * address, and a wrong one. */
static bool is_name(const char *text)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_.";
    const char *dot = strrchr(text, '.');
    const char *last = dot == NULL ? text : dot + 1;

    return *text != '\0' && strspn(text, characters) == strlen(text) &&
           strspn(last, "0123456789") != strlen(last);
}

static bool is_host(struct options *o, const char *text)
{
    size_t len = strlen(text);

    if (len > 1 && text[0] == '[' && text[len - 1] == ']') {
        char inner[HOST_MAX + 1];

        memcpy(inner, text + 1, len - 2);
        inner[len - 2] = '\0';
        return is_v6(&o->address, inner);
    }
    if (is_v4(&o->address, text)) {
        return true;
    }
    memcpy(o->host, text, len + 1);
    return is_name(text);
}

void option_address(struct options *o, const char *text)
{
    const char *colon = strrchr(text, ':');
    char host[HOST_MAX + 1];
    size_t len = colon == NULL ? 0 : (size_t)(colon - text);
    bool good = len > 0 && len < sizeof host;

    if (good) {
        memcpy(host, text, len);
        host[len] = '\0';
        good = is_host(o, host);
    }
    if (!good) {
        bad_input("%s: not NAME:PORT, IPV4:PORT or [IPV6]:PORT", text);
    }
    if (!read_number(colon + 1, o->is_server ? 0 : 1, NX_MAX_PORT, &o->port)) {
        bad_input("%s: not a port from %d to %d", text, o->is_server ? 0 : 1,
                  NX_MAX_PORT);
    }
}

void option_retries(struct options *o, const char *text)
{
    o->retries = number("--retries", text, 0, 100);
}

void option_first_timeout(struct options *o, const char *text)
{
    o->first_timeout = number("--first-timeout", text, 1, 60000);
}

void option_mtu(struct options *o, const char *text)
{
    o->mtu = number("--mtu", text, MTU_MIN, MTU_MAX);
}

void option_timeout(struct options *o, const char *text)
{
    o->timeout = number("--timeout", text, 1, DAY) * NX_IP_PERIODIC_RATE;
}

void option_idle_limit(struct options *o, const char *text)
{
    o->idle_limit = number("--idle-limit", text, 0, DAY);
}

void option_life_limit(struct options *o, const char *text)
{
    o->life_limit = number("--life-limit", text, 1, DAY);
}

void option_keepalive(struct options *o, const char *text)
{
    o->keepalive = number("--keepalive", text, 0, DAY);
}

void option_path_search(struct options *o, const char *text)
{
    o->path_search = number("--path-search", text, SEARCH_MIN, MTU_MAX);
}

void option_sessions(struct options *o, const char *text)
{
    o->sessions = number("--sessions", text, 1, SESSIONS_MAX);
}

void option_cache(struct options *o, const char *text)
{
    o->cache = number("--cache", text, 1, SESSIONS_MAX);
}

void option_cipher(struct options *o, const char *text)
{
    ciphers_select(&o->ciphers, text);
    o->has_ciphers = true;
}
