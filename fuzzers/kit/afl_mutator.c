/* SPDX-License-Identifier: MIT */
/* mutator.h as a library for AFL++ (AFL_CUSTOM_MUTATOR_LIBRARY).
 * FUZZ_FORMAT in the environment names the format of the inputs: steps or
 * steps_to_many. */
#include "fuzzers/kit/mutator.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

enum { CROSS = 8 }; /* one output in this many is made from two inputs */

struct state {
    const struct fuzz_format *format;
    uint64_t seed;
    uint8_t *out;
    size_t cap;
};

/* AFL++ finds these by name. */
EXPORT void *afl_custom_init(void *afl, unsigned seed);
EXPORT size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size,
                              uint8_t **out, uint8_t *add, size_t add_size,
                              size_t max_size);
EXPORT void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned seed)
{
    struct state *state = calloc(1, sizeof *state);
    const char *name = getenv("FUZZ_FORMAT");

    (void)afl;
    if (state != NULL) {
        state->seed = seed;
        state->format = name != NULL && strcmp(name, "steps_to_many") == 0
                            ? &fuzz_steps_to_many
                            : &fuzz_steps;
    }
    return state;
}

size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size,
                       uint8_t **out, uint8_t *add, size_t add_size,
                       size_t max_size)
{
    struct state *state = data;
    size_t len = buf_size < max_size ? buf_size : max_size;

    if (state->cap < max_size) {
        free(state->out);
        state->out = malloc(max_size);
        state->cap = state->out == NULL ? 0 : max_size;
    }
    if (state->out == NULL) {
        *out = buf;
        return buf_size;
    }
    *out = state->out;
    state->seed++;
    if (add != NULL && state->seed % CROSS == 0) {
        struct dtls_buf both = {state->out, 0, max_size};

        fuzz_cross(state->format, &both, dtls_bytes_of(buf, buf_size),
                   dtls_bytes_of(add, add_size), state->seed);
        return both.len;
    }
    memcpy(state->out, buf, len);
    return fuzz_mutate(state->format, state->out, len, max_size, state->seed);
}

void afl_custom_deinit(void *data)
{
    struct state *state = data;

    free(state->out);
    free(state);
}
