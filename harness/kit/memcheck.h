/* SPDX-License-Identifier: MIT */
/* Tests under valgrind's memcheck.
 *
 * A test marks bytes as undefined, such as secrets of code that is to take
 * constant time, or outputs that nobody may use.  Memcheck then reports every
 * branch and every memory index that depends on one.
 *
 * The program starts itself once more under valgrind; without valgrind, or
 * under a sanitizer, it says so and skips (MEMCHECK_MAIN). */
#ifndef KIT_MEMCHECK_H
#define KIT_MEMCHECK_H

#include "kit/proves.h"

#include <stdlib.h>

#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAN_RUN_VALGRIND 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||    \
    __has_feature(memory_sanitizer)
#define CAN_RUN_VALGRIND 0
#endif
#endif

#if !defined(CAN_RUN_VALGRIND)
#if __has_include(<valgrind/memcheck.h>)
#define CAN_RUN_VALGRIND 1
#else
#define CAN_RUN_VALGRIND 0
#endif
#endif

#if CAN_RUN_VALGRIND

#include <valgrind/memcheck.h>

/* What the program under valgrind exits with; all else is valgrind's. */
#define PASSED 42
#define FAILED 43

/* Runs this program again under valgrind and returns its verdict. */
static inline int run_under_valgrind(const char *program)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        (void)execlp("valgrind", "valgrind", "-q", program, (char *)NULL);
        _exit(EXIT_FAILURE);
    }
    if (child < 0 || waitpid(child, &status, 0) != child ||
        !WIFEXITED(status)) {
        return EXIT_FAILURE;
    }
    if (WEXITSTATUS(status) != PASSED && WEXITSTATUS(status) != FAILED) {
        print_message("skipped: valgrind is not installed or cannot read this "
                      "program (clang 14's debug information needs "
                      "-gdwarf-4)\n");
        return EXIT_SUCCESS;
    }
    return WEXITSTATUS(status) == PASSED ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define MEMCHECK_MAIN(tests)                                                  \
    int main(int argc, char **argv)                                           \
    {                                                                         \
        if (!RUNNING_ON_VALGRIND) {                                           \
            return run_under_valgrind(argc > 0 ? argv[0] : "");               \
        }                                                                     \
        return kit_run_named(__FILE__, tests,                                 \
                             sizeof(tests) / sizeof *(tests)) == 0            \
                   ? PASSED                                                   \
                   : FAILED;                                                  \
    }

#else

#define MEMCHECK_SKIPPED                                                      \
    int main(void)                                                            \
    {                                                                         \
        print_message("skipped: built without valgrind's header, or with a "  \
                      "sanitizer\n");                                         \
        return 0;                                                             \
    }

#endif
#endif
