/* SPDX-License-Identifier: MIT */
/* Trials as text (fuzz/trial.h). */
#include "fuzz/trial.h"

#include <inttypes.h>
#include <string.h>

#define LINE_BYTES 512
#define BETWEEN " + "
#define BEHIND " / "

static void write_move(FILE *out, const struct alphabet *a,
                       const struct move *m)
{
    for (size_t i = 0; i < m->num; i++) {
        (void)fprintf(out, "%s%s", i == 0 ? "" : BETWEEN,
                      a->letters[m->letters[i]]->name);
    }
    if (m->rounds != 0) {
        (void)fprintf(out, BEHIND "%u mutation%s, seed %" PRIu64, m->rounds,
                      m->rounds == 1 ? "" : "s", m->seed);
    }
    (void)putc('\n', out);
}

void trial_write(FILE *out, const struct alphabet *a,
                 const struct trial *trial)
{
    for (size_t i = 0; i < trial->num; i++) {
        write_move(out, a, &trial->moves[i]);
    }
    (void)putc('\n', out);
}

/* ---- reading ---- */

static bool read_letter(struct move *m, const struct alphabet *a,
                        const char *name)
{
    for (size_t i = 0; i < a->num && m->num < MOVE_LETTERS; i++) {
        if (strcmp(a->letters[i]->name, name) == 0) {
            m->letters[m->num++] = (uint8_t)i;
            return true;
        }
    }
    return false;
}

/* What stands behind the letters: "2 mutations, seed 7". */
static bool read_mutations(struct move *m, const char *text)
{
    unsigned rounds;
    int end = 0;

    if (sscanf(text, "%u mutation%*[s,] seed %" SCNu64 "%n", &rounds, &m->seed,
               &end) != 2 ||
        text[end] != '\0' || rounds == 0 || rounds > MOVE_ROUNDS) {
        return false;
    }
    m->rounds = (uint8_t)rounds;
    return true;
}

static bool read_move(struct move *m, const struct alphabet *a, char *line)
{
    char *behind = strstr(line, BEHIND);
    char *next;

    *m = (struct move){0};
    if (behind != NULL) {
        *behind = '\0';
        if (!read_mutations(m, behind + strlen(BEHIND))) {
            return false;
        }
    }
    for (; line != NULL; line = next) {
        next = strstr(line, BETWEEN);
        if (next != NULL) {
            *next = '\0';
            next += strlen(BETWEEN);
        }
        if (!read_letter(m, a, line)) {
            return false;
        }
    }
    return true;
}

size_t trials_read(struct trial *out, size_t most, FILE *in,
                   const struct alphabet *a, char *problem,
                   size_t problem_size)
{
    char line[LINE_BYTES];
    size_t num = 0;
    bool within = false; /* a trial */

    for (unsigned number = 1; fgets(line, sizeof line, in) != NULL; number++) {
        struct trial *trial;

        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#') {
            within = within && line[0] == '#';
            continue;
        }
        if (!within && num < most) {
            out[num++].num = 0;
            within = true;
        }
        trial = &out[num == 0 ? 0 : num - 1];
        if (!within || trial->num == TRIAL_MOVES ||
            !read_move(&trial->moves[trial->num], a, line)) {
            (void)snprintf(problem, problem_size,
                           "line %u is no move of this alphabet, or one too "
                           "many",
                           number);
            return 0;
        }
        trial->num++;
    }
    (void)snprintf(problem, problem_size, "no trial");
    return num;
}
