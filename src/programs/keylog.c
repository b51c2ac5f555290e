/* SPDX-License-Identifier: MIT */
/* The key log, in the format of NSS (SSLKEYLOGFILE).
 *
 * The library has no such service, on purpose: no symbol that it exports can
 * leak a secret.  This program puts a wrapper around the cryptography.  It is
 * the only program that may include the library's own headers for that. */
#include "programs/keylog.h"

#include "programs/lines.h"

#include "nx_secure/session_crypto.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static FILE *file;
static struct dtls_crypto logging;

static void put_hex(struct dtls_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        (void)fprintf(file, "%02x", bytes.data[i]);
    }
}

/* The key expansion has everything that a line needs: PRF(master_secret, "key
 * expansion", server_random + client_random) (RFC 5246, 6.3). */
static enum dtls_status prf(void *self, uint8_t *out, size_t out_len,
                            enum dtls_hash_alg alg, struct dtls_bytes secret,
                            const char *label, struct dtls_bytes seed1,
                            struct dtls_bytes seed2)
{
    if (strcmp(label, "key expansion") == 0) {
        (void)fprintf(file, "CLIENT_RANDOM ");
        put_hex(seed2);
        (void)fprintf(file, " ");
        put_hex(secret);
        (void)fprintf(file, "\n");
        (void)fflush(file);
    }
    return dtls_libcrypto.prf(self, out, out_len, alg, secret, label, seed1,
                              seed2);
}

void keylog_open(const char *path)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

    file = fd < 0 ? NULL : fdopen(fd, "a");
    if (file == NULL) {
        bad_input("--keylog %s: %s", path, strerror(errno));
    }
    logging = dtls_libcrypto;
    logging.prf = prf;
    dtls_nx_crypto = &logging;
}

void keylog_close(void)
{
    if (file != NULL) {
        dtls_nx_crypto = &dtls_libcrypto;
        (void)fclose(file);
        file = NULL;
    }
}
