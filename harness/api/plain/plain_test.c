/* SPDX-License-Identifier: MIT */
/* Every service without its checks, with what was never created: control
 * blocks of zero memory, blocks that were deleted, created ones with zero
 * memory around them, and NX_NULL where the checked form does not refuse it.
 * None crashes or hangs, and the status is one that the reference or the
 * header lists for the service.
 *
 * plain_forms.py makes the table from the headers, so a new service is
 * walked.  A service without a checked form relies on its caller for pointers
 * that are not NULL, as its header says. */
#include "../../unit/nx_secure/association_kit.h"

#include <sys/wait.h>
#include <unistd.h>

#define MOST_PARAMETERS 14
#define MEMORY_SIZE (1u << 16)
#define LONGEST 60 /* seconds of a service's calls: a hang */

enum kind {
    SESSION,
    SERVER,
    SOCKET,
    POOL,
    INSTANCE,
    PACKET_OUT,
    MEMORY,
    FUNCTION,
    NUMBER
};

/* The arguments of a call: a pointer for each place, one number for all. */
struct use {
    VOID *at[MOST_PARAMETERS];
    ULONG number;
};

struct form {
    const char *name;
    ULONG (*plain)(const struct use *u);
    ULONG (*checked)(const struct use *u); /* NX_NULL: there is none */
    size_t num;
    enum kind kinds[MOST_PARAMETERS];
    size_t num_listed; /* 0: it returns no status */
    ULONG listed[40];
};

#include "plain_forms.inc"

static ALIGN_TYPE memory[MOST_PARAMETERS][MEMORY_SIZE / sizeof(ALIGN_TYPE)];

/* What there is of a session and of a server before a call. */
enum state { ZERO, DELETED, CREATED, NUM_STATES };

static VOID delete_both(VOID)
{
    if (client.nx_secure_dtls_tls_session.nx_secure_tls_id ==
        NX_SECURE_TLS_ID) {
        expect_eq(nx_secure_dtls_session_delete(&client), NX_SUCCESS);
    }
    if (server.nx_dtls_server_sessions != NX_NULL) {
        (void)nx_secure_dtls_server_stop(&server);
        (void)nx_secure_dtls_server_delete(&server);
    }
}

static VOID make(enum state state)
{
    memset(&client, 0, sizeof client);
    memset(&server, 0, sizeof server);
    memset(memory, 0, sizeof memory);
    if (state != ZERO) {
        expect_eq(create_client(&nxdtls_ciphers_all), NX_SUCCESS);
        expect_eq(create_server(&nxdtls_ciphers_all, ignore_data), NX_SUCCESS);
    }
    if (state == DELETED) {
        delete_both();
    }
}

/* With `real`, sockets, pools and instances are real ones. */
static struct use uses(const struct form *f, bool real, ULONG number)
{
    struct use u = {.number = number};

    for (size_t i = 0; i < f->num; i++) {
        switch (f->kinds[i]) {
        case SESSION:
            u.at[i] = &client; /* a TLS session is its first member */
            break;
        case SERVER:
            u.at[i] = &server;
            break;
        case SOCKET:
            u.at[i] = real ? (VOID *)&net_a.socket : memory[i];
            break;
        case POOL:
            u.at[i] = real ? (VOID *)&net_a.pool : memory[i];
            break;
        case INSTANCE:
            u.at[i] = real ? (VOID *)&net_b.ip : memory[i];
            break;
        case PACKET_OUT:
        case MEMORY:
        case FUNCTION:
        case NUMBER:
            u.at[i] = memory[i];
            break;
        }
    }
    return u;
}

static bool is_documented(const struct form *f, ULONG status)
{
    for (size_t i = 0; i < f->num_listed; i++) {
        if (f->listed[i] == status) {
            return true;
        }
    }
    return f->num_listed == 0;
}

static VOID release_packets(const struct form *f, const struct use *u)
{
    for (size_t i = 0; i < f->num; i++) {
        NX_PACKET **out = f->kinds[i] == PACKET_OUT ? u->at[i] : NX_NULL;

        if (out != NX_NULL && *out != NX_NULL) {
            expect_eq(nx_packet_release(*out), NX_SUCCESS);
        }
    }
}

static VOID call(const struct form *f, const struct use *u)
{
    ULONG status = f->plain(u);

    release_packets(f, u);
    if (!is_documented(f, status)) {
        kit_failed(__FILE__, __LINE__, f->name, status);
    }
    delete_both();
}

static bool is_pointer(enum kind kind)
{
    return kind != NUMBER && kind != FUNCTION;
}

/* Each pointer missing whose absence the checked form does not refuse. */
static VOID call_without(const struct form *f, enum state state, bool real,
                         ULONG number)
{
    for (size_t i = 0; i < f->num; i++) {
        struct use u = uses(f, real, number);
        ULONG status;

        kit_row("argument %zu missing", i);
        if (!is_pointer(f->kinds[i])) {
            continue;
        }
        u.at[i] = NX_NULL;
        make(CREATED);
        status = f->checked(&u);
        release_packets(f, &u);
        delete_both();
        if (status != NX_PTR_ERROR) {
            make(state);
            call(f, &u);
        }
    }
}

static const struct form *form; /* the one that the child walks */

static VOID walk(ULONG input)
{
    static const ULONG numbers[] = {0, 1, 64, 2000};

    (void)input;
    start_nets();
    for (UINT state = 0; state < NUM_STATES; state++) {
        for (UINT real = 0; real < 2; real++) {
            for (UINT n = 0; n < sizeof numbers / sizeof *numbers; n++) {
                struct use u = uses(form, real != 0, numbers[n]);

                kit_row("%s, state %u, real %u, number %lu", form->name, state,
                        real, (unsigned long)numbers[n]);
                make((enum state)state);
                call(form, &u);
                if (form->checked != NX_NULL) {
                    call_without(form, (enum state)state, real != 0,
                                 numbers[n]);
                }
            }
        }
    }
    end_nets();
}

/* In a process of its own, so that a crash has the service's name. */
static bool survives(const struct form *f)
{
    int status = 0;
    pid_t child;

    form = f;
    (void)fflush(NULL);
    child = fork();
    if (child == 0) {
        (void)alarm(LONGEST);
        kit_run_to_end(NXDTLS_PORT_VIRTUAL, walk);
        if (kit_failure[0] != '\0') {
            print_error("%s\n", kit_failure);
        }
        exit(kit_failure[0] == '\0' ? 0 : 1);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    if (status != 0) {
        print_error("%s: status %d of wait\n", f->name, status);
    }
    return status == 0;
}

static void a_plain_service_survives_what_was_never_created(void **state)
{
    size_t failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        kit_row("%s", forms[i].name);
        failed += !survives(&forms[i]);
    }
    assert_int_equal(failed, 0);
}

/* An application prints what a service has returned.  Comments hold other
 * numbers, too, which are larger than those of this module. */
static void each_status_that_is_listed_has_words(void **state)
{
    size_t failed = 0;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        for (size_t j = 0; j < forms[i].num_listed; j++) {
            UINT status = (UINT)forms[i].listed[j];

            if (status < 0x200 &&
                strcmp(nxdtls_status_text(status), "unknown status") == 0) {
                print_error("%s: 0x%x\n", forms[i].name, status);
                failed++;
            }
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_service_survives_what_was_never_created),
        cmocka_unit_test(each_status_that_is_listed_has_words),
    };

    return kit_run_named(__FILE__, tests, sizeof tests / sizeof *tests);
}
