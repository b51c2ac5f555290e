/* SPDX-License-Identifier: MIT */
/* Compares messages with flags (bogo/observe.h). */
#include "bogo/observe.h"

#include "bogo/tokens.h"

#include <openssl/evp.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 4096 /* of a flag's value */

static void expect(struct bogo_connection *c, const char *flag, bool is_so)
{
    if (!is_so) {
        (void)fprintf(stderr, "%s: the peer has said something else\n", flag);
        c->unexpected = true;
    }
}

static bool is_text(struct dtls_bytes bytes, const char *text)
{
    return dtls_bytes_equal(
        bytes, dtls_bytes_of((const uint8_t *)text, strlen(text)));
}

static bool are_pairs(struct dtls_bytes sigalgs, const struct bogo_list *list)
{
    uint16_t pair;

    for (size_t i = 0; i < list->num; i++) {
        if (!dtls_get_u16(&sigalgs, &pair) || pair != list->items[i]) {
            return false;
        }
    }
    return sigalgs.len == 0;
}

static bool are_types(struct dtls_bytes types, const char *base64)
{
    uint8_t bytes[BYTES_MAX];
    size_t len = strlen(base64);
    int num = -1;

    if (len / 4 * 3 <= sizeof bytes) {
        num = EVP_DecodeBlock(bytes, (const unsigned char *)base64, (int)len);
    }
    /* EVP_DecodeBlock counts padding as zero bytes. */
    for (; num > 0 && len > 0 && base64[len - 1] == '='; len--) {
        num--;
    }
    return num >= 0 &&
           dtls_bytes_equal(types, dtls_bytes_of(bytes, (size_t)num));
}

static bool put_hex(struct dtls_buf *out, const char *digits, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2) {
        char pair[3] = {digits[i], digits[i + 1], '\0'};

        if (!isxdigit((unsigned char)pair[0]) ||
            !isxdigit((unsigned char)pair[1]) ||
            !dtls_put_u8(out, (uint8_t)strtoul(pair, NULL, 16))) {
            return false;
        }
    }
    return len % 2 == 0;
}

bool bogo_names(struct dtls_buf *out, const char *list)
{
    if (strcmp(list, "<NULL>") == 0 || strcmp(list, "<EMPTY>") == 0) {
        return true;
    }
    for (const char *at = list; at != NULL;) {
        size_t len = strcspn(at, ",");
        size_t mark;

        if (!dtls_put_open16(out, &mark) || !put_hex(out, at, len) ||
            !dtls_put_close16(out, mark)) {
            return false;
        }
        at = at[len] == ',' ? &at[len + 1] : NULL;
    }
    return true;
}

static void see_client_hello(struct bogo_connection *c, struct dtls_bytes body)
{
    const struct bogo_flags *f = c->flags;
    struct dtls_client_hello m;
    struct dtls_extensions ext;

    /* The engine has accepted it, so it can be parsed. */
    if (dtls_client_hello_parse(&m, body) != DTLS_OK ||
        dtls_extensions_parse_client(&ext, m.extensions) != DTLS_OK) {
        return;
    }
    expect(c, "-expect-server-name",
           f->expect_server_name == NULL ||
               is_text(ext.data[DTLS_EXT_SERVER_NAME], f->expect_server_name));
    expect(c, "-expect-advertised-alpn",
           f->expect_advertised_alpn == NULL ||
               is_text(ext.data[DTLS_EXT_ALPN], f->expect_advertised_alpn));
    expect(c, "-expect-peer-verify-pref",
           f->expect_peer_verify_prefs.num == 0 ||
               are_pairs(ext.data[DTLS_EXT_SIGNATURE_ALGORITHMS],
                         &f->expect_peer_verify_prefs));
}

static void see_certificate_request(struct bogo_connection *c,
                                    struct dtls_bytes body)
{
    const struct bogo_flags *f = c->flags;
    struct dtls_certificate_request m;
    uint8_t bytes[BYTES_MAX];
    struct dtls_buf names = {bytes, 0, sizeof bytes};

    if (dtls_certificate_request_parse(&m, body) != DTLS_OK) {
        return;
    }
    expect(c, "-expect-certificate-types",
           f->expect_certificate_types == NULL ||
               are_types(m.types, f->expect_certificate_types));
    expect(c, "-expect-client-ca-list",
           f->expect_client_ca_list == NULL ||
               (bogo_names(&names, f->expect_client_ca_list) &&
                dtls_bytes_equal(m.authorities, dtls_buf_bytes(&names))));
    expect(c, "-expect-peer-verify-pref",
           f->expect_peer_verify_prefs.num == 0 ||
               are_pairs(m.sigalgs, &f->expect_peer_verify_prefs));
}

enum dtls_status bogo_observe(void *self, const struct dtls_message *message)
{
    struct bogo_connection *c = self;

    switch (message->type) {
    case DTLS_CLIENT_HELLO:
        see_client_hello(c, message->body);
        break;
    case DTLS_CERTIFICATE_REQUEST:
        see_certificate_request(c, message->body);
        break;
    case DTLS_SERVER_HELLO:
        if (c->flags->no_legacy_server_connect &&
            !c->session.hs.secure_renegotiation) {
            return BOGO_LEGACY_SERVER;
        }
        break;
    default:
        break;
    }
    return DTLS_OK;
}

void bogo_observe_chain(struct bogo_connection *c,
                        const struct dtls_cert *chain, size_t num_certs)
{
    const char *path = c->flags->expect_peer_cert_file;
    static struct bogo_identity expected;
    bool same = path == NULL ||
                (bogo_identity_load_certs(&expected, path) == BOGO_SUCCESS &&
                 expected.num == num_certs);

    for (size_t i = 0; path != NULL && same && i < num_certs; i++) {
        same = dtls_bytes_equal(expected.chain[i].cert.der, chain[i].der);
    }
    expect(c, "-expect-peer-cert-file", same);
    bogo_identity_free(&expected);
}
