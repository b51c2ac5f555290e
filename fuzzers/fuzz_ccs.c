/* SPDX-License-Identifier: MIT */
/* Target: ChangeCipherSpec at any time, through a session: client or server,
 *         in a handshake or connected (real crypto).
 * Input:  a byte: bit 0 server, bit 1 connected; then {how u8, length u8,
 *         body}*.  Odd `how`: in the clear, else under the newest keys.
 * Oracle: it never ends a session, changes a state or is answered, and the
 *         handshake completes: an early one has switched no keys (RFC 6347,
 *         4.1; CVE-2014-0224). */
#include "fuzzers/kit/fuzz.h"
#include "fuzzers/kit/fuzzed_pair.h"

/* Record numbers in the clear are above the peer's own, but not so far above
 * that the window drops those. */
enum { RECORDS = 40, FIRST_SEQ = 20 };

static struct fuzz_pair line;

static void check_connected(void)
{
    FUZZ_CHECK(line.ends[DTLS_CLIENT].connected &&
               line.ends[DTLS_SERVER].connected);
    fuzz_association_say(&line.ends[DTLS_CLIENT], dtls_bytes_of("ping", 4));
    fuzz_association_say(&line.ends[DTLS_SERVER], dtls_bytes_of("pong", 4));
    fuzz_pair_settle(&line);
    FUZZ_CHECK(line.ends[DTLS_CLIENT].num_data == 1 &&
               line.ends[DTLS_SERVER].num_data == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dtls_bytes in = {data, size};
    uint8_t head = fuzz_u8(&in);
    int role = head & 1;
    bool connected = (head & 2) != 0;
    struct fuzz_association *a = &line.ends[role];
    enum dtls_phase phase;
    unsigned sent;

    fuzz_pair_begin(&line, false, FUZZ_KIND(FUZZ_PSK, 1), FUZZ_NO_COOKIES);
    fuzz_pair_hello(&line);
    if (connected) {
        fuzz_pair_settle(&line);
    }
    phase = a->session.phase;
    sent = line.num_sent[role];
    for (unsigned i = 0; i < RECORDS && in.len != 0; i++) {
        bool clear = (fuzz_u8(&in) & 1) != 0 || !connected;
        struct dtls_bytes body = fuzz_some(&in, fuzz_u8(&in));
        uint8_t bytes[512];
        struct dtls_buf out = {bytes, 0, sizeof bytes};

        if (clear) {
            fuzz_pair_put_clear(&out, DTLS_CHANGE_CIPHER_SPEC, FIRST_SEQ + i,
                                body);
        } else {
            fuzz_pair_put(&line, &out, role, DTLS_CHANGE_CIPHER_SPEC, body);
        }
        fuzz_association_receive(a, dtls_buf_bytes(&out));
        FUZZ_CHECK(a->session.phase == phase && !a->over);
        FUZZ_CHECK(line.num_sent[role] == sent);
    }
    fuzz_pair_settle(&line);
    check_connected();
    fuzz_pair_free(&line);
    return 0;
}
