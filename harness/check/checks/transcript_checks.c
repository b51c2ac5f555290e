/* SPDX-License-Identifier: MIT */
/* What Finished is computed over (RFC 5246, 7.4.9; RFC 6347, 4.2.6), and the
 * last flight in another order. */
#include "check/checks/all_checks.h"
#include "check/flight_changes.h"

#include <string.h>

static bool has_sha384(const struct dtls_suite *suite)
{
    return suite->prf == DTLS_HASH_SHA384;
}

/* ---- P-CCS-8: Finished over another transcript ---- */

/* The messages of a handshake as an end without faults hashes them, apart from
 * what is wrong with them. */
struct transcript {
    bool short_headers; /* as in TLS: type and length */
    bool has_first;     /* with the first ClientHello, before the cookie */
    bool lacks_one;     /* without ServerHelloDone */
    uint8_t bytes[16384];
    struct dtls_buf out;
};

static void add(struct transcript *t, uint8_t type, uint16_t seq,
                struct dtls_bytes body)
{
    const struct dtls_fragment message = {.type = type,
                                          .message_len = (uint32_t)body.len,
                                          .seq = seq,
                                          .body = body};
    size_t at = t->out.len;

    if (t->lacks_one && type == DTLS_SERVER_HELLO_DONE) {
        return;
    }
    (void)!dtls_fragment_put_header(&t->out, &message);
    if (t->short_headers) {
        t->out.len = at + 4;
    }
    (void)!dtls_put_bytes(&t->out, body);
}

static void add_own(struct transcript *t, const struct peer_message *m)
{
    add(t, m->type, m->seq, dtls_bytes_of(m->body, m->len));
}

/* Adds what the target has said in the clear, from message `type` on. */
static void add_heard(struct transcript *t, const struct scene *s,
                      uint8_t type)
{
    bool begun = false;

    for (size_t i = 0; i < s->heard.num_messages; i++) {
        const struct heard_message *m = &s->heard.messages[i];

        begun |= m->type == type;
        if (begun && m->epoch == 0) {
            add(t, m->type, m->seq, dtls_span_bytes(m->body));
        }
    }
}

/* The verify_data of the peer's Finished over this transcript. */
static void compute(struct scene *s, const struct transcript *t,
                    uint8_t verify_data[DTLS_VERIFY_DATA_LEN])
{
    const struct dtls_handshake *h = &s->peer.session.hs;
    const struct dtls_bytes all = dtls_buf_bytes(&t->out);
    enum dtls_hash_alg alg = s->setup->target.suite->prf;
    uint8_t digest[DTLS_HASH_MAX];

    if (dtls_libcrypto.digest(NULL, digest, alg, &all, 1) != DTLS_OK ||
        dtls_libcrypto.prf(NULL, verify_data, DTLS_VERIFY_DATA_LEN, alg,
                           dtls_bytes_of(h->master, DTLS_MASTER_LEN),
                           "client finished",
                           dtls_bytes_of(digest, dtls_hash_len(alg)),
                           (struct dtls_bytes){0}) != DTLS_OK) {
        scene_stop(s, "the peer cannot compute its Finished");
    }
}

/* Fills the transcript up to the client's Finished. */
static void collect(const struct scene *s, struct transcript *t,
                    const struct peer_message hellos[2])
{
    t->out = (struct dtls_buf){t->bytes, 0, sizeof t->bytes};
    if (t->has_first) {
        add_own(t, &hellos[0]);
    }
    add_own(t, &hellos[1]);
    add_heard(t, s, DTLS_SERVER_HELLO);
    for (size_t i = 0; i < s->next; i++) {
        if (s->peer.messages[i].record_type == DTLS_HANDSHAKE) {
            add_own(t, &s->peer.messages[i]);
        }
    }
}

/* Says Finished over `wrong`, after it has computed the right one, too: or the
 * check would prove nothing. */
static void say_finished_over(struct scene *s, struct transcript *wrong)
{
    static struct transcript right;
    static struct peer_message hellos[2];
    uint8_t verify_data[DTLS_VERIFY_DATA_LEN];
    struct peer_message *m;

    hellos[0] = *scene_come_to(s, DTLS_CLIENT_HELLO);
    hellos[1] = *flight_say_hellos(s);
    m = scene_come_to(s, DTLS_FINISHED);
    collect(s, &right, hellos);
    compute(s, &right, verify_data);
    if (memcmp(verify_data, m->body, sizeof verify_data) != 0) {
        scene_stop(s, "the right Finished is another one");
    }
    collect(s, wrong, hellos);
    compute(s, wrong, m->body);
    scene_say(s, m);
}

static void hash_short_headers(struct scene *s)
{
    static struct transcript t = {.short_headers = true};

    say_finished_over(s, &t);
}

static void hash_first_hello(struct scene *s)
{
    static struct transcript t = {.has_first = true};

    say_finished_over(s, &t);
}

static void hash_one_less(struct scene *s)
{
    static struct transcript t = {.lacks_one = true};

    say_finished_over(s, &t);
}

/* ---- P-CCS-10: SHA-384 ---- */

static void connect_with_suite(struct scene *s)
{
    (void)s; /* the runner goes on to the end by itself */
}

static enum dtls_status sha256_prf(void *self, uint8_t *out, size_t out_len,
                                   enum dtls_hash_alg alg,
                                   struct dtls_bytes secret, const char *label,
                                   struct dtls_bytes seed1,
                                   struct dtls_bytes seed2)
{
    bool is_finished = strstr(label, " finished") != NULL;

    return dtls_libcrypto.prf(self, out, out_len,
                              is_finished ? DTLS_HASH_SHA256 : alg, secret,
                              label, seed1, seed2);
}

static void know_only_sha256(struct wrong *w)
{
    w->peer.crypto.prf = sha256_prf;
}

/* ---- P-CCS-11: every flight twice ---- */

/* The last flight comes again before Finished, too: behind it no copy can do
 * harm. */
static void say_flights_twice(struct scene *s)
{
    if (s->peer.role == DTLS_SERVER) {
        (void)scene_come_to(s, DTLS_SERVER_HELLO);
        scene_say_rest(s);
        flight_repeat(s);
    }
    (void)scene_come_to(s, DTLS_FINISHED);
    flight_repeat(s);
    scene_say_rest(s);
    flight_repeat(s);
}

/* A message that comes again, whole, while the handshake runs, is hashed
 * again. */
static bool hash_again(struct wrong *w, struct wrong_record *r)
{
    struct dtls_handshake *h = &w->peer.session.hs;
    struct dtls_fragment f;

    if (wrong_fragment(r, &f) && dtls_fragment_is_whole(&f) &&
        r->wire.epoch == 0 && !w->at_the_door && h->area != NULL &&
        !peer_is_connected(&w->peer) && f.type != DTLS_CLIENT_HELLO &&
        f.type != DTLS_HELLO_VERIFY_REQUEST && f.seq < h->in.next_seq) {
        dtls_transcript_add(&h->area->transcript, f.type, f.seq, &f.body, 1);
    }
    return false;
}

static void hash_copies(struct wrong *w)
{
    w->hears = hash_again;
}

/* ---- P-CCS-12: ChangeCipherSpec in another place ---- */

static void say_ccs_first(struct scene *s)
{
    const struct peer_message *ccs;

    (void)scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    for (ccs = s->peer.messages; ccs->record_type != DTLS_CHANGE_CIPHER_SPEC;
         ccs++) {
    }
    scene_say_record(s, 0, DTLS_CHANGE_CIPHER_SPEC,
                     dtls_bytes_of(ccs->body, ccs->len));
    /* As a client does whose timer has ended. */
    scene_say_rest(s);
    flight_repeat(s);
}

static void say_finished_first(struct scene *s)
{
    struct peer_message *ccs = scene_come_to_ccs(s);

    scene_say(s, ccs + 1);
    scene_say(s, ccs);
    scene_say(s, ccs + 1);
}

static bool refuse_early(struct wrong *w, struct wrong_record *r)
{
    const struct dtls_handshake *h = &w->peer.session.hs;

    if (w->at_the_door || peer_is_idle(&w->peer) || h->ccs_seen ||
        peer_is_connected(&w->peer)) {
        return false;
    }
    return (r->wire.epoch == 1 ||
            (r->wire.type == DTLS_CHANGE_CIPHER_SPEC && !h->keys_ready)) &&
           wrong_alert(w, 10);
}

static void insist_on_order_of_ccs(struct wrong *w)
{
    w->hears = refuse_early;
}

/* ---- P-REC-22: a record of epoch 1 comes first ---- */

static void say_finished_before_key(struct scene *s)
{
    struct peer_message *m = scene_come_to(s, DTLS_CLIENT_KEY_EXCHANGE);
    const struct peer_message *finished =
        &s->peer.messages[s->peer.num_messages - 1];

    scene_say(s, finished);
    s->next = (size_t)(m - s->peer.messages);
}

static bool lose_old_epoch(struct wrong *w, struct wrong_record *r)
{
    w->num |= r->wire.epoch == 1;
    return w->num == 1 && r->wire.epoch == 0;
}

static void leave_epoch_0(struct wrong *w)
{
    w->hears = lose_old_epoch;
}

static const struct check checks[] = {
    {.id = "P-CCS-8.short_headers",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.6-1",
     .play = hash_short_headers,
     .strict = "alert 51",
     .wrong = wrong_believes_finished,
     .shows = "refused 51*"},
    {.id = "P-CCS-8.first_hello",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.6-3",
     .play = hash_first_hello,
     .strict = "alert 51",
     .wrong = wrong_believes_finished,
     .shows = "refused 51*"},
    {.id = "P-CCS-8.one_less",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.6-1",
     .play = hash_one_less,
     .strict = "alert 51",
     .wrong = wrong_believes_finished,
     .shows = "refused 51*"},
    {.id = "P-CCS-10",
     .rows = "D5246-7.4.9-6 D5288-3-5",
     .matters = CHECK_EACH_SUITE,
     .suits = has_sha384,
     .is_honest = true,
     .play = connect_with_suite,
     .strict = "data",
     .wrong = know_only_sha256,
     .shows = "*51*"},
    {.id = "P-CCS-11",
     .rows = "D6347-4.2.6-4",
     .matters = CHECK_EACH_KX,
     .play = say_flights_twice,
     .strict = "data",
     .wrong = hash_copies,
     .shows = "*51*"},
    {.id = "P-CCS-12.early",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.2.5-2",
     .play = say_ccs_first,
     .strict = "data",
     .wrong = insist_on_order_of_ccs,
     .shows = "alert 10"},
    {.id = "P-CCS-12.late",
     .rows = "D6347-4.2.5-2",
     .play = say_finished_first,
     .strict = "data",
     .wrong = insist_on_order_of_ccs,
     .shows = "alert 10"},
    {.id = "P-REC-22",
     .roles = CHECK_SERVER,
     .rows = "D6347-4.1-13 D6347-4.2.5-2",
     .play = say_finished_before_key,
     .strict = "data",
     .wrong = leave_epoch_0,
     .shows = "silence"},
};

CHECK_FILE(transcript)
