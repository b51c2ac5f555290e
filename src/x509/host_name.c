/* SPDX-License-Identifier: MIT */
/* The match between a certificate and a host (RFC 6125, 6.4; RFC 2818,
 * 3.1). */
#include "x509/chain.h"
#include "x509/name.h"

#define HOST_MAX 253 /* characters of a DNS name (RFC 1035, 2.3.4) */

/* Takes a decimal number up to 255, written without leading zeros. */
static bool get_decimal(struct dtls_bytes *in, uint8_t *out)
{
    struct dtls_bytes rest = *in;
    unsigned value = 0;
    unsigned num_digits = 0;
    uint8_t c;

    while (dtls_get_u8(&rest, &c) && c >= '0' && c <= '9') {
        value = value * 10 + (unsigned)(c - '0');
        num_digits++;
        *in = rest;
        if (value > 255 || (num_digits > 1 && value < 10)) {
            return false;
        }
    }
    *out = (uint8_t)value;
    return num_digits > 0;
}

static bool parse_ipv4(struct dtls_bytes text, uint8_t out[4])
{
    uint8_t dot;

    for (size_t i = 0; i < 4; i++) {
        if (i > 0 && (!dtls_get_u8(&text, &dot) || dot != '.')) {
            return false;
        }
        if (!get_decimal(&text, &out[i])) {
            return false;
        }
    }
    return text.len == 0;
}

static bool hex_value(uint8_t c, unsigned *out)
{
    if (c >= '0' && c <= '9') {
        *out = (unsigned)(c - '0');
        return true;
    }
    c |= 0x20;
    *out = (unsigned)(c - 'a') + 10;
    return c >= 'a' && c <= 'f';
}

/* Takes one to four hexadecimal digits. */
static bool get_group(struct dtls_bytes *in, unsigned *out)
{
    struct dtls_bytes rest = *in;
    unsigned value = 0;
    unsigned num_digits = 0;
    unsigned digit;
    uint8_t c;

    while (dtls_get_u8(&rest, &c) && hex_value(c, &digit)) {
        value = value << 4 | digit;
        num_digits++;
        *in = rest;
        if (num_digits > 4) {
            return false;
        }
    }
    *out = value;
    return num_digits > 0;
}

static bool get_colon(struct dtls_bytes *in)
{
    struct dtls_bytes rest = *in;
    uint8_t c;

    if (!dtls_get_u8(&rest, &c) || c != ':') {
        return false;
    }
    *in = rest;
    return true;
}

#define NOWHERE 17 /* not even behind the last byte */

/* RFC 4291, 2.2.  Zone identifiers and brackets are no part of an address. */
static bool parse_ipv6(struct dtls_bytes text, uint8_t out[16])
{
    uint8_t bytes[16] = {0};
    size_t num = 0;
    size_t gap = NOWHERE; /* where "::" stands */
    unsigned group;

    if (get_colon(&text)) {
        if (!get_colon(&text)) {
            return false;
        }
        gap = 0;
    }
    while (text.len > 0) {
        if (num <= 12 && parse_ipv4(text, &bytes[num])) {
            num += 4;
            break;
        }
        if (num == 16 || !get_group(&text, &group)) {
            return false;
        }
        bytes[num++] = (uint8_t)(group >> 8);
        bytes[num++] = (uint8_t)group;
        if (text.len == 0) {
            break;
        }
        if (!get_colon(&text) || text.len == 0) {
            return false;
        }
        if (get_colon(&text)) {
            if (gap != NOWHERE) {
                return false;
            }
            gap = num;
        }
    }
    if (gap == NOWHERE ? num != 16 : num == 16) {
        return false;
    }
    for (size_t i = 0; i < 16; i++) {
        size_t zeros = 16 - num;

        out[i] = i < gap ? bytes[i] : i < gap + zeros ? 0 : bytes[i - zeros];
    }
    return true;
}

/* Accepts labels of letters, digits, '-' and '_', none of them empty. */
static bool is_dns_name(struct dtls_bytes host)
{
    uint8_t c = '.';
    uint8_t before = '.';

    if (host.len > HOST_MAX) {
        return false;
    }
    while (dtls_get_u8(&host, &c)) {
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        bool digit = c >= '0' && c <= '9';

        if (c == '.' ? before == '.'
                     : !letter && !digit && c != '-' && c != '_') {
            return false;
        }
        before = c;
    }
    return c != '.';
}

static uint8_t fold(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool equal_folded(struct dtls_bytes a, struct dtls_bytes b)
{
    uint8_t x;
    uint8_t y;

    if (a.len != b.len) {
        return false;
    }
    while (dtls_get_u8(&a, &x) && dtls_get_u8(&b, &y)) {
        if (fold(x) != fold(y)) {
            return false;
        }
    }
    return true;
}

/* Takes everything up to the first dot, and the dot. */
static bool skip_label(struct dtls_bytes *name)
{
    uint8_t c;

    while (dtls_get_u8(name, &c)) {
        if (c == '.') {
            return true;
        }
    }
    return false;
}

bool dtls_name_dns_matches(struct dtls_bytes presented, struct dtls_bytes host)
{
    struct dtls_bytes domain = presented;
    struct dtls_bytes above;
    uint16_t start;

    if (!dtls_get_u16(&domain, &start) || start != ('*' << 8 | '.')) {
        return equal_folded(presented, host);
    }
    above = domain;
    return skip_label(&above) && skip_label(&host) &&
           equal_folded(domain, host);
}

static bool has_ip_address(struct dtls_bytes alt_names,
                           struct dtls_bytes address)
{
    struct dtls_bytes value;
    uint8_t tag;

    while (dtls_der_get_any(&alt_names, &tag, &value)) {
        if (tag == GENERAL_IP_ADDRESS && dtls_bytes_equal(value, address)) {
            return true;
        }
    }
    return false;
}

bool dtls_name_matches(const struct dtls_cert *cert, struct dtls_bytes host)
{
    struct dtls_bytes alt_names = cert->alt_names;
    struct dtls_bytes value;
    uint8_t address[16];
    uint8_t tag;
    bool use_common_name = true;

    if (parse_ipv4(host, address)) {
        return has_ip_address(alt_names, dtls_bytes_of(address, 4));
    }
    if (parse_ipv6(host, address)) {
        return has_ip_address(alt_names, dtls_bytes_of(address, 16));
    }
    if (!is_dns_name(host)) {
        return false;
    }
    while (dtls_der_get_any(&alt_names, &tag, &value)) {
        if (tag == GENERAL_DNS_NAME && dtls_name_dns_matches(value, host)) {
            return true;
        }
        /* The common name counts only without DNS-ID, SRV-ID (an otherName)
         * and URI-ID (RFC 6125, 6.4.4). */
        if (tag == GENERAL_DNS_NAME || tag == GENERAL_OTHER_NAME ||
            tag == GENERAL_URI) {
            use_common_name = false;
        }
    }
    return use_common_name &&
           dtls_name_dns_matches(dtls_cert_common_name(cert), host);
}

bool dtls_name_is_dns(struct dtls_bytes host)
{
    uint8_t address[16];

    return is_dns_name(host) && !parse_ipv4(host, address) &&
           !parse_ipv6(host, address);
}
