/* SPDX-License-Identifier: MIT */
/* Triggers: what makes the target's application do something (check/scene.h).
 */
#include "check/ics.h"
#include "check/scene.h"
#include "sut/sut_socket.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Targets in this process change the cookie secret with the time; after so
 * many milliseconds they have. */
#define SECRET_MS 300000
#define STEP_MS 5
#define DATA "sent by a trigger\n"
#define NEVER_RAN 0x7f00 /* as if the shell were not there */

_Noreturn static void be_command(const char *command)
{
    int nowhere = open("/dev/null", O_RDWR);

    (void)setpgid(0, 0);
    (void)dup2(nowhere, STDIN_FILENO);
    (void)dup2(nowhere, STDOUT_FILENO);
    (void)dup2(nowhere, STDERR_FILENO);
    (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

int scene_runs(const char *command, unsigned ms)
{
    uint64_t until = sut_real_now() + ms;
    pid_t pid = fork();
    int status = 0;

    if (pid < 0) {
        return NEVER_RAN;
    }
    if (pid == 0) {
        be_command(command);
    }
    (void)setpgid(pid, pid); /* whichever of us two is first */
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (sut_real_now() >= until) {
            (void)kill(-pid, SIGKILL);
            (void)waitpid(pid, &status, 0);
            break;
        }
        (void)poll(NULL, 0, STEP_MS);
    }
    return status;
}

static void trigger_outside(struct scene *s, enum ics_key key)
{
    int status = scene_runs(s->setup->ics->values[key], s->setup->live_ms);

    if (status != 0) {
        scene_stop(s, "the trigger does not work: its status is %d",
                   WIFEXITED(status) ? WEXITSTATUS(status)
                                     : 128 + WTERMSIG(status));
    }
}

void scene_trigger(struct scene *s, enum ics_key key)
{
    const struct sut_driver *driver = s->setup->driver;

    if (driver->real_time) {
        trigger_outside(s, key);
    } else if (key == ICS_trigger_close) {
        driver->close(s->line.sut, s->line.now);
    } else if (key == ICS_trigger_restart) {
        if (!line_restart(&s->line)) {
            scene_stop(s, "the target cannot be started again");
        }
    } else if (key == ICS_trigger_send) {
        (void)driver->send(s->line.sut,
                           dtls_bytes_of((const uint8_t *)DATA, strlen(DATA)),
                           s->line.now);
    } else if (key == ICS_rotate) {
        scene_wait(s, SECRET_MS);
    } else {
        driver->renegotiate(s->line.sut, s->line.now);
    }
}
