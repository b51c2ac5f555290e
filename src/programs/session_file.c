/* SPDX-License-Identifier: MIT */
/* A client's session in a file (programs/session_file.h). */
#include "programs/session_file.h"

#include "programs/lines.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LEN 32

/* What the file holds, byte for byte.  It is too large for the stack, and is
 * wiped after each use. */
static struct {
    UCHAR key[KEY_LEN];
    UCHAR session[NXDTLS_EXPORTED_SESSION_SIZE + 1]; /* to see a longer file */
} content;

void session_file_load(NXDTLS_SAVED_SESSION *saved, const char *path)
{
    size_t len;
    FILE *in = fopen(path, "rb");

    if (in == NULL && errno == ENOENT) {
        return;
    }
    if (in == NULL) {
        bad_input("--resume %s: %s", path, strerror(errno));
    }
    len = fread(&content, 1, sizeof content, in);
    (void)fclose(in);
    if (len < KEY_LEN ||
        nxdtls_saved_session_import(saved, content.key, content.session,
                                    (ULONG)(len - KEY_LEN)) != NX_SUCCESS) {
        OPENSSL_cleanse(&content, sizeof content);
        bad_input("--resume %s: it holds no session", path);
    }
    OPENSSL_cleanse(&content, sizeof content);
}

/* Writes a file that nobody else has made: what stands there under its name,
 * a link or a file of another user's, is removed and not written to. */
static bool write_file(const char *path, const VOID *data, size_t len)
{
    int file;
    bool ok;

    (void)unlink(path); /* If it stays, O_EXCL says so. */
    file = open(path, O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return false;
    }
    ok = write(file, data, len) == (ssize_t)len;
    return close(file) == 0 && ok;
}

/* The file is whole at any time: the new one takes its place. */
static bool replace_file(const char *path, const VOID *data, size_t len)
{
    static char made[4096];
    int name_len = snprintf(made, sizeof made, "%s.new", path);

    if (name_len < 0 || (size_t)name_len >= sizeof made) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (write_file(made, data, len) && rename(made, path) == 0) {
        return true;
    }
    (void)unlink(made);
    return false;
}

void session_file_store(const NXDTLS_SAVED_SESSION *saved, const char *path)
{
    ULONG len = 0;
    UINT status = NX_NOT_SUCCESSFUL;
    bool ok = false;

    errno = EIO;
    if (RAND_bytes(content.key, KEY_LEN) == 1) {
        status = nxdtls_saved_session_export(
            saved, content.key, content.session, sizeof content.session, &len);
    }
    if (status == NX_SUCCESS) {
        ok = replace_file(path, &content, KEY_LEN + (size_t)len);
    } else if (status == NXDTLS_NO_SESSION) {
        ok = unlink(path) == 0 || errno == ENOENT;
    }
    if (!ok) {
        line("warning: --resume %s: %s", path, strerror(errno));
    }
    OPENSSL_cleanse(&content, sizeof content);
}
