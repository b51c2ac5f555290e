/* SPDX-License-Identifier: MIT */
/* What a target outside needs first (check/init.h). */
#include "check/init.h"

#include "check/check_options.h"
#include "check/ics.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_SIZE 4096

static void make_folder(const char *path)
{
    if (mkdir(path, 0777) != 0) {
        check_bad_input("--init %s: %s", path, strerror(errno));
    }
}

static FILE *make_file(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    FILE *out;

    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= PATH_SIZE) {
        check_bad_input("--init %s: the path is too long", folder);
    }
    out = fopen(path, "wx");
    if (out == NULL) {
        check_bad_input("--init %s: %s", path, strerror(errno));
    }
    return out;
}

static void finish_file(FILE *out, const char *folder)
{
    if (ferror(out) != 0 || fclose(out) != 0) {
        check_bad_input("--init %s: it cannot be written", folder);
    }
}

static void copy_file(const char *to, const char *from, const char *name)
{
    char path[PATH_SIZE];
    char bytes[4096];
    FILE *in;
    FILE *out;
    size_t len;

    if (snprintf(path, sizeof path, "%s/%s", from, name) >= PATH_SIZE ||
        (in = fopen(path, "r")) == NULL) {
        check_bad_input("--init: %s/%s: %s", from, name, strerror(errno));
    }
    out = make_file(to, name);
    while ((len = fread(bytes, 1, sizeof bytes, in)) != 0) {
        (void)fwrite(bytes, 1, len, out);
    }
    (void)fclose(in);
    finish_file(out, to);
}

/* Plain files only: scripts/pki makes no folders. */
static void copy_pki(const char *to, const char *from)
{
    DIR *folder = opendir(from);
    const struct dirent *entry;

    if (folder == NULL) {
        check_bad_input("--pki %s: %s", from, strerror(errno));
    }
    make_folder(to);
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_type == DT_REG) {
            copy_file(to, from, entry->d_name);
        }
    }
    (void)closedir(folder);
}

static const char ics_head[] =
    "# What the target claims.  nxdtls check tests what is claimed here, and\n"
    "# says of every check that it leaves out which claim is missing.  What\n"
    "# stands here is a guess to begin with: change it.\n\n";

static const char ixit_head[] =
    "# How the lab reaches the target.  Give it, from the folder pki:\n"
    "#   a server  rsa.pem and rsa.key, or ec.pem and ec.key\n"
    "#   a client  root.pem, which it is to trust\n"
    "# and the pre-shared key below.  The target must send application data\n"
    "# back as it came: that shows that it lives.\n\n";

void init_write(const char *folder, const char *pki)
{
    static struct ics ics;
    char own_pki[ICS_VALUE_MAX];
    FILE *out;

    ics_init(&ics);
    (void)ics_set(&ics, ICS_suites, "c02b c02f c0a8");
    (void)ics_set(&ics, ICS_groups, "29 23");
    (void)ics_set(&ics, ICS_sigs, "0403 0804 0401");
    make_folder(folder);
    out = make_file(folder, "ics.ini");
    (void)fputs(ics_head, out);
    ics_write(out, &ics, "ics");
    finish_file(out, folder);
    if (snprintf(own_pki, sizeof own_pki, "%s/pki", folder) >=
            (int)sizeof own_pki ||
        !ics_set(&ics, ICS_pki, own_pki)) {
        check_bad_input("--init %s: the path is too long", folder);
    }
    out = make_file(folder, "ixit.ini");
    (void)fputs(ixit_head, out);
    ics_write(out, &ics, "ixit");
    finish_file(out, folder);
    copy_pki(own_pki, pki);
    (void)printf("wrote %s/ics.ini, %s/ixit.ini and %s\n", folder, folder,
                 own_pki);
}
