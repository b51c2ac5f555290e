/* SPDX-License-Identifier: MIT */
/* main() of a fuzz target that is built without an engine.  It runs every file
 * on the command line, and every file of every folder there, each in a block
 * of exactly its size.  It prints how many it ran, and fails if there was
 * none. */
#include "fuzzers/kit/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (1 << 20) /* bytes of an input */

static uint8_t bytes[FILE_MAX];
static size_t num_files;

static bool run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *exact;
    size_t len;

    if (file == NULL) {
        perror(path);
        return false;
    }
    len = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    exact = fuzz_exact(dtls_bytes_of(bytes, len));
    /* Printed first: an abort leaves the name behind. */
    (void)printf("%s\n", path);
    (void)fflush(stdout);
    (void)LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    num_files++;
    return true;
}

static bool run_folder(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    bool ok = folder != NULL;

    while (ok && (entry = readdir(folder)) != NULL) {
        char name[4096];

        if (entry->d_name[0] == '.') {
            continue;
        }
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        ok = run_file(name);
    }
    if (folder == NULL) {
        perror(path);
    } else {
        (void)closedir(folder);
    }
    return ok;
}

int main(int argc, char **argv)
{
    struct stat info;

    if (argc < 2 || strcmp(argv[1], "--help") == 0) {
        (void)printf("usage: %s FILE_OR_FOLDER...\n"
                     "Runs this fuzz target on every file.\n",
                     argv[0]);
        return argc < 2 ? 2 : 0;
    }
    for (int i = 1; i < argc; i++) {
        bool is_folder = stat(argv[i], &info) == 0 && S_ISDIR(info.st_mode);

        if (!(is_folder ? run_folder(argv[i]) : run_file(argv[i]))) {
            return 2;
        }
    }
    (void)printf("%zu inputs\n", num_files);
    return num_files == 0 ? 1 : 0;
}
