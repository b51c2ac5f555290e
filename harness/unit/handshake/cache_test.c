/* SPDX-License-Identifier: MIT */
/* A server's sessions: found by their ids, the oldest replaced, none left
 * behind. */
#include "kit/kit.h"

#include "handshake/resumption.h"

#define NUM 7
#define SESSIONS 2000

static struct dtls_cache cache;
static struct dtls_cache_entry entries[NUM];

static struct dtls_saved made[SESSIONS];

static struct dtls_bytes id_of(size_t i)
{
    return dtls_bytes_of(made[i].id, made[i].id_len);
}

/* Ids as a server makes them; few bits of their hash differ. */
static void make(void)
{
    uint64_t seed = 5;

    for (size_t i = 0; i < SESSIONS; i++) {
        made[i] = (struct dtls_saved){.suite = 0xc0a8,
                                      .id_len = DTLS_SESSION_ID_MAX};
        kit_fill(&seed, made[i].id, sizeof made[i].id);
        kit_fill(&seed, made[i].master, sizeof made[i].master);
        memset(made[i].id, 0, 3);
        made[i].id[3] = (uint8_t)kit_below(&seed, 3 * NUM);
    }
}

static void check_found(size_t i, bool there)
{
    const struct dtls_saved *found = dtls_cache_find(&cache, id_of(i));

    assert_int_equal(found != NULL, there);
    if (there) {
        assert_memory_equal(found, &made[i], sizeof *found);
    }
}

static void the_newest_sessions_are_found(void **state)
{
    (void)state;
    proves("D5246-7.4.1.3-99");
    make();
    dtls_cache_init(&cache, entries, NUM);
    for (size_t i = 0; i < SESSIONS; i++) {
        kit_row("%zu sessions", i + 1);
        dtls_cache_put(&cache, &made[i]);
        for (size_t back = 0; back < 2 * NUM && back <= i; back++) {
            kit_row("the one %zu before", back);
            check_found(i - back, back < NUM);
        }
    }
    dtls_cache_free(&cache);
}

/* Random calls, against a list of what must be there. */
static void removed_sessions_are_gone_and_the_others_stay(void **state)
{
    uint64_t seed = 9;
    size_t ring[NUM]; /* which session stands in which entry; 0: none */
    size_t next = 0;

    (void)state;
    make();
    memset(ring, 0, sizeof ring);
    dtls_cache_init(&cache, entries, NUM);
    for (size_t i = 1; i < SESSIONS; i++) {
        size_t place = kit_below(&seed, NUM);

        kit_row("call %zu", i);
        if (kit_below(&seed, 3) == 0) {
            /* one that is there, or was */
            dtls_cache_remove(&cache, id_of(ring[place]));
            ring[place] = 0;
        } else {
            dtls_cache_put(&cache, &made[i]);
            ring[next] = i;
            next = (next + 1) % NUM;
        }
        for (size_t e = 0; e < NUM; e++) {
            kit_row("entry %zu", e);
            if (ring[e] != 0) {
                check_found(ring[e], true);
            } else {
                assert_int_equal(entries[e].saved.suite, 0);
            }
        }
    }
    dtls_cache_free(&cache);
}

static void no_id_finds_nothing(void **state)
{
    uint8_t id[DTLS_SESSION_ID_MAX] = {0};

    (void)state;
    make();
    dtls_cache_init(&cache, entries, NUM);
    for (size_t len = 0; len <= sizeof id; len++) {
        kit_row("%zu bytes", len);
        assert_null(dtls_cache_find(&cache, dtls_bytes_of(id, len)));
        dtls_cache_remove(&cache, dtls_bytes_of(id, len));
    }
    dtls_cache_put(&cache, &made[0]);
    for (size_t len = 0; len < DTLS_SESSION_ID_MAX; len++) {
        kit_row("%zu bytes of an id", len);
        assert_null(dtls_cache_find(&cache, dtls_bytes_of(made[0].id, len)));
    }
    dtls_cache_free(&cache);
}

static void the_end_wipes_every_secret(void **state)
{
    static const uint8_t zero[sizeof entries];

    (void)state;
    proves("D5246-7.2.2-2");
    make();
    dtls_cache_init(&cache, entries, NUM);
    for (size_t i = 0; i < NUM; i++) {
        dtls_cache_put(&cache, &made[i]);
    }
    dtls_cache_remove(&cache, id_of(3));
    assert_memory_equal(&entries[3].saved, zero, sizeof entries[3].saved);
    dtls_cache_free(&cache);
    assert_memory_equal(entries, zero, sizeof entries);
    dtls_cache_free(&cache); /* once more */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_sessions_are_found),
        cmocka_unit_test(removed_sessions_are_gone_and_the_others_stay),
        cmocka_unit_test(no_id_finds_nothing),
        cmocka_unit_test(the_end_wipes_every_secret),
    };

    return kit_run(tests);
}
