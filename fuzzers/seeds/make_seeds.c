/* SPDX-License-Identifier: MIT */
/* Writes the named seeds of every corpus, the same bytes every time, and the
 * dictionaries; checks that recorded handshakes still connect. */
#include "fuzzers/dictionaries/dictionaries.h"
#include "fuzzers/seeds/seed.h"
#include "fuzzers/seeds/seeds_by_hand.h"
#include "fuzzers/seeds/seeds_handshakes.h"
#include "fuzzers/seeds/seeds_x509.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--dictionaries") == 0) {
        return dictionaries_write(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "--check") == 0) {
        seed_set_corpus(argv[2]);
        if (seeds_check_handshakes() != 0) {
            (void)fprintf(stderr, "make them again: %s %s\n", argv[0],
                          argv[2]);
            return 1;
        }
        return 0;
    }
    if (argc != 2 || argv[1][0] == '-') {
        (void)printf("usage: %s CORPUS\n"
                     "       %s --check CORPUS\n"
                     "       %s --dictionaries FOLDER\n"
                     "Writes CORPUS/fuzz_x/NAME for every target's named "
                     "seeds, or checks that\nrecorded handshakes still "
                     "connect, or writes the fuzzers' dictionaries.\n",
                     argv[0], argv[0], argv[0]);
        return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    seed_set_corpus(argv[1]);
    seeds_write_handshakes();
    seeds_write_by_hand();
    seeds_write_x509();
    return 0;
}
