/* SPDX-License-Identifier: MIT */
/* Target: dtls_client_hello_parse and dtls_client_hello_parse_head.
 * Input:  a ClientHello's body.
 * Oracle: what is parsed, built again, is the input; parsing only the head
 *         gives the same fields; fields lie inside the body; a failure changes
 *         nothing. */
#include "fuzzers/kit/fuzz.h"
#include "messages/messages.h"

#include <stdlib.h>

static void check_fields(const struct dtls_client_hello *m,
                         struct dtls_bytes body)
{
    fuzz_inside(m->random, body);
    fuzz_inside(m->session_id, body);
    fuzz_inside(m->cookie, body);
    fuzz_inside(m->suites, body);
    fuzz_inside(m->compression, body);
    fuzz_inside(m->extensions, body);
    FUZZ_CHECK(m->random.len == DTLS_RANDOM_LEN);
    FUZZ_CHECK(m->session_id.len <= DTLS_SESSION_ID_MAX);
    FUZZ_CHECK(m->suites.len >= 2 && m->suites.len % 2 == 0);
    FUZZ_CHECK(m->compression.len >= 1);
}

/* Builds the hello again. */
static void check_build(const struct dtls_client_hello *m,
                        struct dtls_bytes body, bool whole)
{
    struct dtls_buf out = {malloc(body.len), 0, body.len};
    size_t head;

    FUZZ_CHECK(out.data != NULL && dtls_client_hello_put(&out, m));
    head = out.len;
    if (whole && head != body.len) {
        FUZZ_CHECK(dtls_put_vec16(&out, m->extensions));
        FUZZ_CHECK(out.len == body.len);
    }
    fuzz_same(dtls_buf_bytes(&out), dtls_bytes_of(body.data, out.len));
    free(out.data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_client_hello head;
    struct dtls_client_hello m;
    bool has_head;

    fuzz_mark(&head, sizeof head);
    fuzz_mark(&m, sizeof m);
    has_head = dtls_client_hello_parse_head(&head, body) == DTLS_OK;
    if (!has_head) {
        fuzz_untouched(&head, sizeof head);
    } else {
        check_fields(&head, body);
        FUZZ_CHECK(head.extensions.len == 0);
        check_build(&head, body, false);
    }
    if (dtls_client_hello_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    FUZZ_CHECK(has_head && head.suites.data == m.suites.data &&
               head.cookie.data == m.cookie.data);
    check_fields(&m, body);
    check_build(&m, body, true);
    return 0;
}
