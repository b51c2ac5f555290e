/* SPDX-License-Identifier: MIT */
/* nxdtls-fuzz: mutated messages before any DTLS 1.2 target.  `nxdtls fuzz`
 * starts it. */
#include "fuzz/campaign.h"
#include "fuzz/campaign_options.h"
#include "fuzz/survey.h"
#include "lab/command_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_SECONDS 30
#define COMMAND_BYTES 2048
#define REPLAYS 3
#define PATIENCE 6 /* times as much for a replay */

/* One run; too large for the stack. */
struct run {
    struct campaign_options *options;
    struct aim aim;
    struct saved_machine machine;
    struct ground ground;
    struct stunt stunt;
    struct campaign campaign;
    char target[300];
    char command[COMMAND_BYTES];
};

static struct run run;
/* ---- what trials are drawn from ---- */

static void read_machine(struct run *r)
{
    const char *path = r->options->machine;
    FILE *in = command_open_file(r->options->aim.program, "--machine", path,
                                 MACHINE_FILE_BYTES);

    if (!machine_read(&r->machine, in)) {
        aim_end(&run.options->aim, 2,
                "--machine %s: not what nxdtls learn --json has written",
                path);
    }
    (void)fclose(in);
}

static void survey(struct run *r)
{
    char problem[DIALOGUE_PROBLEM_MAX];

    if (!survey_machine(&r->machine, &r->aim,
                        r->aim.ask.dialogue.driver->real_time ? SURVEY_WALKS
                                                              : SURVEY_LEARNS,
                        problem, sizeof problem, &command_interrupted)) {
        aim_end(&run.options->aim, command_interrupted != 0 ? 130 : 3, "%s",
                problem);
    }
}

/* The largest answer to an honest letter is not known before it was heard:
 * the certificates, keys and hellos of a flight stay below this. */
#define MOST_HEARD 4096

/* A server that outlives an association is there before all else. */
static void start_ward(struct run *r)
{
    struct campaign_options *o = r->options;
    struct ward *ward = &r->campaign.hunt.ward;
    const char *trigger = o->ics.values[ICS_trigger_restart];
    char problem[300];

    ward->command = o->server_command;
    ward->trigger =
        o->aim.server == NULL || strcmp(trigger, "no") == 0 ? NULL : trigger;
    ward->live_ms = ics_number(&o->ics, ICS_live_ms);
    if (ward->command != NULL && !ward_starts(ward, problem, sizeof problem)) {
        aim_end(&o->aim, 3, "%s", problem);
    }
    if (ward->command != NULL) {
        o->aim.server = ward->where;
    }
}

static void prepare(struct run *r)
{
    struct campaign_options *o = r->options;
    struct alphabet alphabet;

    start_ward(r);
    aim_take(&r->aim, &o->aim);
    if (o->server_command != NULL) {
        r->aim.name = o->server_command;
    }
    if (o->machine != NULL) {
        read_machine(r);
    } else {
        survey(r);
    }
    alphabet = (struct alphabet){r->aim.ask.letters, r->aim.ask.num_letters};
    ground_lay(&r->ground, &r->machine.machine, &alphabet);
    r->stunt =
        (struct stunt){.ground = &r->ground,
                       .dialogue = &r->aim.ask.dialogue,
                       .referee = referee_new(&alphabet, r->aim.tags),
                       .most_heard = MOST_HEARD,
                       .datagrams_per_second = ics_number(&o->ics, ICS_rate)};
}

/* ---- a run ---- */

/* The options that name the target, for the line that replays a find. */
static void write_command(struct run *r, int argc, char **argv)
{
    static const char *const others[] = {"--folder", "--hours", "--trials"};
    size_t len =
        (size_t)snprintf(r->command, sizeof r->command, "nxdtls fuzz");

    for (int i = 1; i < argc && len < sizeof r->command; i++) {
        bool is_other = strcmp(argv[i], "--anew") == 0;

        for (size_t n = 0; n < sizeof others / sizeof *others; n++) {
            if (strcmp(argv[i], others[n]) == 0) {
                is_other = true;
                i++;
            }
        }
        if (!is_other) {
            len += (size_t)snprintf(
                r->command + len, sizeof r->command - len,
                strpbrk(argv[i], " '{") == NULL ? " %s" : " '%s'", argv[i]);
        }
    }
}

static void set_up(struct run *r)
{
    const struct campaign_options *o = r->options;
    struct campaign *c = &r->campaign;

    (void)snprintf(r->target, sizeof r->target, "%.150s %s seed %llu",
                   r->aim.name, r->aim.tags, (unsigned long long)o->aim.seed);
    c->folder = o->folder;
    c->target = r->target;
    c->seconds = o->hours * 3600;
    c->most = o->trials;
    c->hunt.needs_ward = o->aim.server != NULL;
    c->hunt.usual = &r->aim.ask.dialogue;
    c->hunt.patient = r->aim.ask.dialogue;
    c->hunt.patient.quiet_ms *= PATIENCE;
    c->hunt.command = r->command;
    c->hunt.notes = stdout;
    c->hunt.batch = (struct batch){.stunt = &r->stunt,
                                   .handshake = &r->aim.handshake,
                                   .stop = &command_interrupted,
                                   .seconds = BATCH_SECONDS,
                                   .seed = o->aim.seed};
}

static int fuzz(struct run *r)
{
    struct campaign *c = &r->campaign;

    if (!campaign_opens(c, r->options->anew)) {
        aim_end(&run.options->aim, 2, "%s", c->problem);
    }
    if (!campaign_runs(c)) {
        aim_end(&run.options->aim, 3, "%s", c->problem);
    }
    (void)printf(
        "%s, %s: %zu states; %llu associations, %llu datagrams in "
        "%.1f s, %.0f associations and %.0f datagrams per second; "
        "%u found, %zu kinds known%s\n",
        r->aim.name, r->aim.tags, r->ground.num, (unsigned long long)c->trials,
        (unsigned long long)c->datagrams, c->fuzzed,
        c->fuzzed > 0 ? (double)c->trials / c->fuzzed : 0,
        c->fuzzed > 0 ? (double)c->datagrams / c->fuzzed : 0, c->hunt.num,
        c->known.num, c->is_gone ? "; the target is gone" : "");
    return command_interrupted != 0 ? 130 : c->hunt.num != 0;
}

static int replay(struct run *r)
{
    static struct trial trials[FIND_TRIALS_MAX];
    static struct batch_result result;
    const char *path = r->options->replay;
    FILE *in = command_open_file(r->options->aim.program, "--replay", path,
                                 COMMAND_FILE_BYTES);
    char problem[200];
    size_t num;
    int faults = 0;

    num = trials_read(trials, FIND_TRIALS_MAX, in, &r->ground.alphabet,
                      problem, sizeof problem);
    (void)fclose(in);
    if (num == 0) {
        aim_end(&run.options->aim, 2, "--replay %s: %s", path, problem);
    }
    for (int i = 0; i < REPLAYS && command_interrupted == 0; i++) {
        (void)find_replays(&result, &r->campaign.hunt, trials, num);
        (void)printf("%s: %s\n", fault_name(result.result.fault),
                     result.result.detail);
        faults += result.result.fault != FAULT_NONE;
    }
    return command_interrupted != 0 ? 130 : faults != 0;
}

int main(int argc, char **argv)
{
    static struct campaign_options o;
    int status;

    campaign_options_parse(&o, argc, argv);
    run.options = &o;
    write_command(&run, argc, argv);
    command_watch_signals();
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    prepare(&run);
    set_up(&run);
    status = o.replay != NULL ? replay(&run) : fuzz(&run);
    ward_ends(&run.campaign.hunt.ward);
    referee_free(run.stunt.referee);
    saved_machine_free(&run.machine);
    return status;
}
