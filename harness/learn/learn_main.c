/* SPDX-License-Identifier: MIT */
/* nxdtls-learn: the state machine of any DTLS 1.2 target.  `nxdtls learn`
 * starts it. */
#include "learn/learn_options.h"
#include "learn/judge.h"
#include "learn/learner.h"
#include "learn/machine_read.h"
#include "learn/machine_write.h"
#include "lab/command_line.h"

#include "sut/virtual_clock.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIVE_MS 5000
#define QUIET_IN_KERNEL 20 /* of the kernel's own milliseconds */

/* One run; too large for the stack. */
struct run {
    const struct learn_options *options;
    struct ask_setup setup;
    struct sim_identity own;
    struct sim_identity other;
    struct ask ask;
    struct learner learner;
    struct machine machine;
    struct doubt doubt;
    struct saved_machine saved; /* of --compare */
    struct verdicts verdicts;
    char *report; /* of the automata; on the heap */
    size_t report_len;
    unsigned differences;
    char tags[80];
    FILE *json; /* NULL: none */
    FILE *dot;  /* the same */
    bool learned;
    double cpu_seconds;
};

static struct run run;

/* ---- the target ---- */

static const struct sut_entry *find_entry(const struct sut_entry *entries,
                                          size_t num, const char *name)
{
    for (size_t i = 0; i < num; i++) {
        if (strcmp(entries[i].name, name) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

static const struct sut_driver *driver_of(const struct learn_options *o)
{
    const char *name = o->sut != NULL      ? o->sut
                       : o->server != NULL ? "udp"
                                           : "command";
    size_t num;
    const struct sut_entry *entries =
        o->sut != NULL ? sut_drivers(&num) : sut_outside(&num);
    const struct sut_entry *entry = find_entry(entries, num, name);

    if (entry == NULL) {
        learn_end(2, "--sut %s: no such target", name);
    }
    if (entry->driver == NULL) {
        learn_end(2, "--sut %s: %s", name, entry->missing);
    }
    return entry->driver;
}

static enum sut_auth auth_of(const struct learn_options *o,
                             const struct dtls_suite *suite)
{
    if (dtls_suite_is_psk(suite)) {
        return SUT_PSK;
    }
    return o->client_auth == LEARN_NO_CLIENT ? SUT_SERVER_CERT : SUT_MUTUAL;
}

static struct sut_setup target_with(const struct learn_options *o,
                                    const struct dtls_suite *suite)
{
    return (struct sut_setup){
        .role = o->role,
        .suite = suite,
        .auth = auth_of(o, suite),
        .needs_no_client = o->client_auth == LEARN_OPTIONAL,
        .cookies = true,
        .mtu = 1400,
        .pki = o->pki != NULL ? o->pki : command_pki(),
        .where = o->server != NULL ? o->server : o->client_command,
    };
}

/* The first suite with authenticated encryption that the target can do. */
static void choose_suite(struct run *r)
{
    const struct dtls_suite *suite;
    const char *why = "we have no such suite";
    enum dtls_kx kx = DTLS_KX_PSK;

    (void)learn_kx(r->options->kx, &kx);
    for (size_t i = 0; (suite = dtls_suite_at(i)) != NULL && why != NULL;
         i++) {
        if (suite->kx == kx && suite->mac == DTLS_HASH_NONE) {
            r->setup.target = target_with(r->options, suite);
            why = r->setup.driver->refuses(&r->setup.target);
        }
    }
    if (why != NULL) {
        learn_end(2, "--kx %s: %s", r->options->kx, why);
    }
}

/* ---- the voice ---- */

static bool asks_client(const struct run *r)
{
    return r->setup.target.auth == SUT_MUTUAL;
}

/* The voice has a certificate where its role needs one, and another one of
 * the other kind of key. */
static void choose_certificates(struct run *r)
{
    struct sut_setup own = r->setup.target;
    struct voice_setup *voice = &r->setup.voice;
    const char *name;

    own.role = own.role == SUT_CLIENT ? SUT_SERVER : SUT_CLIENT;
    name = sut_identity(&own);
    if (name == NULL) {
        return;
    }
    sim_identity_load(&r->own, own.pki, name, true);
    sim_identity_load(&r->other, own.pki,
                      strcmp(name, "ec") == 0          ? "rsa"
                      : strcmp(name, "rsa") == 0       ? "ec"
                      : strcmp(name, "client-ec") == 0 ? "client-rsa"
                                                       : "client-ec",
                      true);
    voice->own = &r->own;
    voice->other = &r->other;
}

static void choose_voice(struct run *r)
{
    const struct learn_options *o = r->options;

    r->setup.voice = (struct voice_setup){
        .role = o->role == SUT_CLIENT ? DTLS_SERVER : DTLS_CLIENT,
        .suite = r->setup.target.suite,
        .psk_identity = dtls_bytes_of(o->identity, o->identity_len),
        .psk_key = dtls_bytes_of(o->key, o->key_len),
        .seed = o->seed,
    };
    choose_certificates(r);
    r->setup.num_letters = letters_of(r->setup.letters, r->setup.voice.role,
                                      r->setup.target.suite, asks_client(r));
}

/* A listener answers a new association while another one lives. */
static void write_tags(struct run *r)
{
    const struct learn_options *o = r->options;
    const struct sut_driver *driver = r->setup.driver;
    const bool listens = o->role == SUT_SERVER &&
                         (driver->real_time || driver->in_kernel != NULL);

    (void)snprintf(r->tags, sizeof r->tags, "%s %s%s %s%s",
                   o->role == SUT_CLIENT ? "client" : "server", o->kx,
                   dtls_suite_is_ecdhe(r->setup.target.suite) ? " ephemeral"
                                                              : "",
                   !asks_client(r)                   ? "one-way"
                   : o->client_auth == LEARN_REQUIRE ? "client-auth require"
                                                     : "client-auth",
                   listens ? " listener" : "");
}

static void prepare(struct run *r)
{
    const struct learn_options *o = r->options;
    const struct sut_driver *driver = driver_of(o);

    r->setup.driver = driver;
    choose_suite(r);
    choose_voice(r);
    r->setup.quiet_ms = driver->real_time       ? o->quiet_ms
                        : driver->sleep != NULL ? QUIET_IN_KERNEL
                                                : 0;
    r->setup.live_ms = LIVE_MS;
    r->setup.notes = stderr;
    r->doubt = (struct doubt){
        .extra = o->extra, .num_words = o->words, .seed = o->seed};
    letters_handshake(&r->doubt.handshake, r->setup.letters,
                      r->setup.num_letters, r->setup.target.suite,
                      asks_client(r));
    write_tags(r);
    ask_init(&r->ask, &r->setup);
}

/* ---- learning ---- */

static void tell_hypothesis(const struct learner *l)
{
    (void)fprintf(stderr, "hypothesis %u: %zu states, %llu words\n",
                  l->num_hypotheses, l->num_basis,
                  (unsigned long long)l->ask->num_words);
}

/* What a target in this process does to us, it has done to the word. */
static void target_died(int number)
{
    (void)fprintf(stderr, "nxdtls learn: signal %d ended the target at\n",
                  number);
    for (size_t i = 0; i < run.ask.asked.len; i++) {
        (void)fprintf(stderr, "  %s\n",
                      run.setup.letters[run.ask.asked.letters[i]]->name);
    }
    _exit(3);
}

static void watch_target(void)
{
    static const int numbers[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
    const struct sigaction action = {.sa_handler = target_died};

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        (void)sigaction(numbers[i], &action, NULL);
    }
}

/* The honest handshake must work, or nothing is learned but refusals. */
static bool greets(struct run *r)
{
    const struct word *word = &r->doubt.handshake;
    uint16_t outputs[WORD_MAX];
    bool ok = ask_plays(&r->ask, word, outputs);

    if (ok &&
        strstr(r->ask.outputs.texts[outputs[word->len - 1]], "Data") == NULL) {
        (void)fprintf(stderr, "the honest handshake goes\n");
        ask_print(stderr, &r->ask, word, outputs, "  ");
        (void)snprintf(r->ask.problem, sizeof r->ask.problem,
                       "no data comes back behind an honest handshake");
        ok = false;
    }
    return ok;
}

/* What the automata say is printed behind the machine. */
static bool judge(struct run *r)
{
    FILE *out;
    bool ok;

    free(r->report);
    r->report = NULL;
    out = open_memstream(&r->report, &r->report_len);
    assert(out != NULL);
    ok = judge_machine(&r->ask, &r->machine, out, r->options->evidence,
                       &r->verdicts);
    (void)fclose(out);
    return ok;
}

static void learn(void *self)
{
    struct run *r = self;
    const clock_t began = clock();

    r->learner.ask = &r->ask;
    r->learner.progress = r->options->verbose ? tell_hypothesis : NULL;
    r->machine.tags = r->tags;
    r->machine.target = r->options->sut != NULL      ? r->options->sut
                        : r->options->server != NULL ? r->options->server
                                                     : "a client's command";
    r->learned = greets(r);
    do {
        r->learned = r->learned &&
                     learner_run(&r->learner, &r->machine, &r->doubt) &&
                     judge(r);
    } while (r->learned && r->verdicts.errors != 0);
    r->cpu_seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
}

/* ---- what comes out ---- */

/* Before anything is asked: nobody wants to wait for a bad path. */
static FILE *open_file(const char *option, const char *path)
{
    FILE *out = path == NULL ? NULL : fopen(path, "w");

    if (path != NULL && out == NULL) {
        learn_end(2, "--%s %s: %s", option, path, strerror(errno));
    }
    return out;
}

static void close_file(FILE *out, const char *option, const char *path)
{
    if (ferror(out) != 0 || fclose(out) != 0) {
        learn_end(2, "--%s %s: it cannot be written", option, path);
    }
}

static void open_files(struct run *r)
{
    r->json = open_file("json", r->options->json);
    r->dot = open_file("dot", r->options->dot);
}

static void write_json(const struct run *r)
{
    const struct ask *a = &r->ask;
    const struct machine_cost cost = {a->num_words, a->num_letters,
                                      a->num_again, a->num_unsteady,
                                      r->cpu_seconds};

    machine_json(r->json, &r->machine, &cost);
    close_file(r->json, "json", r->options->json);
}

static void write_dot(const struct run *r)
{
    machine_dot(r->dot, &r->machine);
    close_file(r->dot, "dot", r->options->dot);
}

/* The child becomes dot, which reads the graph from a pipe. */
_Noreturn static void be_dot(const int ends[2], const char *path)
{
    (void)dup2(ends[0], STDIN_FILENO);
    (void)close(ends[1]);
    (void)execlp("dot", "dot", "-Tsvg", "-o", path, (char *)NULL);
    _exit(127);
}

static void write_svg(const struct run *r)
{
    const char *path = r->options->svg;
    int ends[2];
    int status = 0;
    pid_t pid;
    FILE *out;

    (void)signal(SIGPIPE, SIG_IGN);
    if (pipe(ends) != 0 || (pid = fork()) < 0) {
        learn_end(3, "--svg %s: %s", path, strerror(errno));
    }
    if (pid == 0) {
        be_dot(ends, path);
    }
    (void)close(ends[0]);
    out = fdopen(ends[1], "w");
    if (out != NULL) {
        machine_dot(out, &r->machine);
        (void)fclose(out);
    }
    if (waitpid(pid, &status, 0) != pid || status != 0) {
        learn_end(3, "--svg %s: %s", path,
                  WEXITSTATUS(status) == 127
                      ? "there is no dot; it is in the package graphviz"
                      : "dot could not make it");
    }
}

/* Before anything is asked, too. */
static void read_saved(struct run *r)
{
    const char *path = r->options->compare;
    FILE *in = path == NULL ? NULL : fopen(path, "r");

    if (path == NULL) {
        return;
    }
    if (in == NULL) {
        learn_end(2, "--compare %s: %s", path, strerror(errno));
    }
    if (!machine_read(&r->saved, in)) {
        learn_end(2, "--compare %s: not what --json has written", path);
    }
    (void)fclose(in);
}

static void tell_difference(void *self, const struct word *word,
                            const char *own, const char *saved)
{
    const struct run *r = self;

    (void)printf("it differs: %s instead of %s at the end of\n", own, saved);
    for (size_t i = 0; i < word->len; i++) {
        (void)printf("  %s\n", r->machine.letters[word->letters[i]]);
    }
}

static void print_all(struct run *r)
{
    const struct ask *a = &r->ask;

    machine_table(stdout, &r->machine);
    (void)fputs(r->report, stdout);
    if (r->options->compare != NULL) {
        r->differences =
            machine_differ(&r->machine, &r->saved.machine, tell_difference, r);
    }
    (void)printf("%s, %s: %zu states, %zu letters; %llu words with %llu "
                 "letters asked, %llu of them again; %u answers unsteady; "
                 "%.1f s of CPU\n"
                 "%u automata applied, %u faults\n",
                 r->machine.target, r->tags, r->machine.num_states,
                 r->machine.num_letters, (unsigned long long)a->num_words,
                 (unsigned long long)a->num_letters,
                 (unsigned long long)a->num_again, a->num_unsteady,
                 r->cpu_seconds, r->verdicts.tried, r->verdicts.hits);
    if (r->dot != NULL) {
        write_dot(r);
    }
    if (r->json != NULL) {
        write_json(r);
    }
    if (r->options->svg != NULL) {
        write_svg(r);
    }
}

int main(int argc, char **argv)
{
    static struct learn_options o;

    learn_options_parse(&o, argc, argv);
    run.options = &o;
    prepare(&run);
    read_saved(&run);
    open_files(&run);
    watch_target();
    sut_seed(o.seed);
    if (run.setup.driver->in_kernel != NULL) {
        run.setup.driver->in_kernel(learn, &run);
    } else {
        learn(&run);
    }
    if (!run.learned) {
        learn_end(3, "%s", run.ask.problem);
    }
    print_all(&run);
    ask_free(&run.ask);
    saved_machine_free(&run.saved);
    free(run.report);
    return run.verdicts.hits != 0 || run.differences != 0;
}
