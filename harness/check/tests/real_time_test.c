/* SPDX-License-Identifier: MIT */
/* Targets in another process: a loss is no fail, a fail is one, and the ends
 * of a run do not share a port. */
#include "check/play_child.h"
#include "check/wrong.h"
#include "sut/sut_socket.h"

#include "kit/kit.h"

#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a fail is played again ---- */

static struct {
    unsigned lost;      /* bit i: the large hello of play i is lost */
    bool dies;          /* and the target with it */
    unsigned num_plays; /* with a large hello */
    bool is_dead;
} path;

static bool lose_large_hello(struct wrong *w, struct wrong_record *r)
{
    struct dtls_fragment f;

    if (!wrong_fragment(r, &f) || f.type != DTLS_CLIENT_HELLO ||
        f.message_len < 1000) {
        return false;
    }
    if (w->num == 0) {
        w->num = ++path.num_plays;
    }
    if ((path.lost >> (w->num - 1) & 1) == 0) {
        return false;
    }
    path.is_dead = path.dies;
    return true;
}

static void take_the_path(struct wrong *w)
{
    w->hears = lose_large_hello;
    w->deaf = path.is_dead;
}

/* A wrong target whose losses are taken for those of a real path, though its
 * time is virtual. */
static struct target target_of(bool is_real)
{
    static struct ics ics;
    static struct sut_driver driver;

    ics_init(&ics);
    assert_true(ics_set(&ics, ICS_suites, "c02b"));
    driver = *wrong_driver(take_the_path);
    driver.real_time = is_real;
    return (struct target){.name = "wrong",
                           .driver = &driver,
                           .ics = &ics,
                           .pki = NXDTLS_PKI_DIR,
                           .is_server = true};
}

static void a_fail_counts_unless_the_case_then_passes(void **state)
{
    static const struct {
        const char *what;
        bool is_real;
        unsigned lost;
        bool dies;
        enum verdict verdict;
        unsigned num_plays;
        const char *reason;
    } rows[] = {
        {"no loss", true, 0, false, VERDICT_PASS, 1, ""},
        {"a loss", true, 1, false, VERDICT_PASS, 2,
         "when played again; first seen: silence"},
        {"each time", true, 7, false, VERDICT_FAIL, 2, "seen: silence"},
        {"it dies", true, 1, true, VERDICT_FAIL, 1, "seen: dead"},
        {"no real path", false, 1, false, VERDICT_FAIL, 1, "seen: silence"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct target target = target_of(rows[i].is_real);
        struct check_cases cases;
        struct case_result result;

        kit_row("%s", rows[i].what);
        memset(&path, 0, sizeof path);
        path.lost = rows[i].lost;
        path.dies = rows[i].dies;
        cases_select(&cases, &target,
                     &(struct case_selection){.only = "P-HEL-2.of_8000"});
        assert_int_equal(cases.num, 1);
        play_here(&result, &target, &cases.items[0], 1, NULL);
        assert_int_equal(result.verdict, rows[i].verdict);
        assert_string_equal(result.reason, rows[i].reason);
        assert_int_equal(path.num_plays, rows[i].num_plays);
        cases_free(&cases);
    }
}

/* ---- ports ---- */

#define ENDS 1000 /* so many that random ports would meet */

static const struct sut_driver *udp(void)
{
    size_t num;
    const struct sut_entry *entries = sut_outside(&num);

    assert_string_equal(entries[0].name, "udp");
    return entries[0].driver;
}

static in_port_t port_of(const struct sut *sut)
{
    const struct sut_socket *end = (const struct sut_socket *)sut;
    struct sockaddr_in own;
    socklen_t len = sizeof own;

    assert_int_equal(getsockname(end->fd, (struct sockaddr *)&own, &len), 0);
    return own.sin_port;
}

/* Marks the port of each of so many ends, one after the other. */
static void take_ports(uint8_t *marks)
{
    for (int i = 0; i < ENDS; i++) {
        const struct sut_setup setup = {.role = SUT_SERVER,
                                        .where = "127.0.0.1:9"};
        struct sut *sut = sut_create(udp(), &setup, 0);

        kit_row("end %d", i);
        assert_int_equal(sut->state, SUT_HANDSHAKING);
        marks[port_of(sut)]++;
        (void)udp()->destroy(sut);
    }
}

static void no_two_ends_have_the_same_port(void **state)
{
    uint8_t *marks = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int status;
    pid_t child;

    (void)state;
    assert_ptr_not_equal(marks, MAP_FAILED);
    sut_share_ports(); /* as children_run does */
    child = fork();
    take_ports(marks);
    if (child == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    for (int i = 0; i < 65536; i++) {
        kit_row("port %d", ntohs((in_port_t)i));
        assert_in_range(marks[i], 0, 1);
    }
    (void)munmap(marks, 65536);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fail_counts_unless_the_case_then_passes),
        cmocka_unit_test(no_two_ends_have_the_same_port),
    };

    return kit_run(tests);
}
