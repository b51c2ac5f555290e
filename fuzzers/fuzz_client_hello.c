/* SPDX-License-Identifier: MIT */
/* Target: dtls_client_hello_parse and dtls_client_hello_parse_front.
 * Input:  a ClientHello's body.
 * Oracle: what is parsed, built again, is the input; parsing only the front,
 *         of the whole body or of a fragment of it, gives the same fields;
 *         fields lie inside the body; a failure changes nothing. */
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
}

/* Both lists are there, or neither. */
static bool has_lists(const struct dtls_client_hello *m)
{
    FUZZ_CHECK((m->suites.len == 0) == (m->compression.len == 0));
    FUZZ_CHECK(m->suites.len % 2 == 0);
    return m->suites.len != 0;
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

/* Reads the front of the body, and of each fragment of it. */
static bool check_front(struct dtls_bytes body)
{
    struct dtls_client_hello front;
    struct dtls_client_hello part;
    bool is_front;
    bool is_whole;

    fuzz_mark(&front, sizeof front);
    fuzz_mark(&part, sizeof part);
    is_front = dtls_client_hello_parse_front(&front, body, true) == DTLS_OK;
    is_whole = dtls_client_hello_parse_front(&part, body, false) == DTLS_OK;
    if (!is_front) {
        fuzz_untouched(&front, sizeof front);
        FUZZ_CHECK(!is_whole || !has_lists(&part));
    }
    if (!is_whole) {
        FUZZ_CHECK(!is_front);
        fuzz_untouched(&part, sizeof part);
        return false;
    }
    check_fields(&part, body);
    FUZZ_CHECK(part.extensions.len == 0);
    if (is_front) {
        FUZZ_CHECK(has_lists(&front) && has_lists(&part) &&
                   front.suites.data == part.suites.data);
        check_build(&front, body, false);
    }
    return is_front;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes body = {data, size};
    struct dtls_client_hello m;
    bool is_front = check_front(body);

    fuzz_mark(&m, sizeof m);
    if (dtls_client_hello_parse(&m, body) != DTLS_OK) {
        fuzz_untouched(&m, sizeof m);
        return 0;
    }
    FUZZ_CHECK(is_front && has_lists(&m));
    check_fields(&m, body);
    check_build(&m, body, true);
    return 0;
}
