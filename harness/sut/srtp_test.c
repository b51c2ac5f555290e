/* SPDX-License-Identifier: MIT */
/* Keys for SRTP (RFC 5764) of our engine and of each library that has them:
 * each as client and as server of the other, in one process. */
#include "kit/kit.h"
#include "sut/sut.h"

extern const struct sut_driver sut_engine; /* engine.c */

#define QUEUE 64
#define ROUNDS 500

/* Datagrams on their way to one end; nothing is lost. */
struct way {
    struct sut *to;
    uint8_t bytes[QUEUE][2048];
    size_t len[QUEUE];
    size_t first;
    size_t end;
};

static struct way ways[2]; /* to the client, to the server */

static void send_on(void *self, struct dtls_bytes datagram)
{
    struct way *way = self;
    size_t place = way->end++ % QUEUE;

    assert_true(datagram.len <= sizeof way->bytes[0]);
    assert_true(way->end - way->first <= QUEUE);
    memcpy(way->bytes[place], datagram.data, datagram.len);
    way->len[place] = datagram.len;
}

static void ignore_data(void *self, struct dtls_bytes record)
{
    (void)self;
    (void)record;
}

static void ignore_line(void *self, const char *line)
{
    (void)self;
    (void)line;
}

static bool carry_one(struct way *way)
{
    size_t place = way->first % QUEUE;

    if (way->first == way->end) {
        return false;
    }
    way->first++;
    way->to->driver->receive(
        way->to, (struct dtls_span){way->bytes[place], way->len[place]},
        SUT_HOME, 0);
    return true;
}

static struct sut *make(const struct sut_driver *driver, enum sut_role role,
                        bool srtp)
{
    struct sut_setup setup = {
        .role = role,
        .suite = dtls_suite_find(0xc02b),
        .auth = SUT_SERVER_CERT,
        .cookies = true,
        .mtu = 1400,
        .srtp = srtp,
        .pki = NXDTLS_PKI_DIR,
        .host = {&ways[role == SUT_CLIENT], send_on, ignore_data, ignore_line,
                 ignore_line},
    };
    struct sut *sut = sut_create(driver, &setup, 0);

    assert_non_null(sut);
    assert_int_equal(sut->state, SUT_HANDSHAKING);
    ways[role != SUT_CLIENT].to = sut;
    return sut;
}

/* Connects both, and compares their keys.  Only if both want it there are
 * any. */
static void meet(const struct sut_driver *client,
                 const struct sut_driver *server, bool client_wants,
                 bool server_wants)
{
    uint8_t keys[2][SUT_SRTP_LEN] = {{0}};
    struct sut *ends[2];
    bool both = client_wants && server_wants;

    memset(ways, 0, sizeof ways);
    ends[SUT_CLIENT] = make(client, SUT_CLIENT, client_wants);
    ends[SUT_SERVER] = make(server, SUT_SERVER, server_wants);
    client->start(ends[SUT_CLIENT], 0);
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (!carry_one(&ways[0]) && !carry_one(&ways[1])) {
            break;
        }
    }
    for (int i = 0; i < 2; i++) {
        kit_row("%s with %s, the %s: %s", client->library, server->library,
                kit_role(i), ends[i]->why);
        assert_int_equal(ends[i]->state, SUT_CONNECTED);
        assert_int_equal(ends[i]->driver->srtp_keys(ends[i], keys[i]), both);
    }
    assert_memory_equal(keys[0], keys[1], SUT_SRTP_LEN);
    for (int i = 0; i < 2; i++) {
        kit_row("the %s", kit_role(i));
        assert_int_equal(ends[i]->driver->destroy(ends[i]), 0);
    }
}

/* With ourselves, too. */
static void every_library_has_the_same_keys(void **state)
{
    size_t num;
    const struct sut_entry *all = sut_drivers(&num);
    unsigned played = 0;

    (void)state;
    proves("D5764-4.2-1");
    proves("D5764-4.2-2");
    for (size_t i = 0; i < num; i++) {
        const struct sut_driver *other = all[i].driver;

        /* One with a clock of its own is in the matrix only. */
        if (other == NULL || other->srtp_keys == NULL ||
            other->in_kernel != NULL) {
            continue;
        }
        kit_row("%s", all[i].name);
        meet(&sut_engine, other, true, true);
        meet(other, &sut_engine, true, true);
        meet(&sut_engine, other, true, false);
        meet(other, &sut_engine, true, false);
        meet(&sut_engine, other, false, true);
        played++;
    }
    assert_true(played != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_library_has_the_same_keys),
    };

    return kit_run(tests);
}
