/* SPDX-License-Identifier: MIT */
/* Virtual time and repeatable randomness (sut/virtual_clock.h).
 *
 * This file replaces libc's functions of these names, so it makes the real
 * ones itself, with system calls. */
/* RAND_set_rand_method is deprecated, but without it the lab would have to be
 * a provider. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sut/virtual_clock.h"

#include <openssl/rand.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SEED_BYTES 4096 /* of a /dev/urandom: no library reads more */

static _Thread_local bool is_virtual;
static _Thread_local uint64_t virtual_now; /* milliseconds */
static uint64_t random_state;

void sut_clock_enter(uint64_t now)
{
    is_virtual = true;
    virtual_now = now;
}

void sut_clock_leave(void)
{
    is_virtual = false;
}

/* SplitMix64, as in the network. */
void sut_random(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint64_t z = random_state += 0x9e3779b97f4a7c15u;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        out[i] = (uint8_t)(z ^ z >> 31);
    }
}

static int rand_bytes(unsigned char *out, int len)
{
    sut_random(out, (size_t)len);
    return 1;
}

static int rand_status(void)
{
    return 1;
}

void sut_seed(uint64_t seed)
{
    static const RAND_METHOD method = {
        .bytes = rand_bytes,
        .pseudorand = rand_bytes,
        .status = rand_status,
    };

    random_state = seed;
    (void)RAND_set_rand_method(&method);
}

static int real_clock(clockid_t id, struct timespec *out)
{
    return (int)syscall(SYS_clock_gettime, id, out);
}

int clock_gettime(clockid_t id, struct timespec *out)
{
    if (!is_virtual) {
        return real_clock(id, out);
    }
    out->tv_sec = SUT_EPOCH + (time_t)(virtual_now / 1000);
    out->tv_nsec = (long)(virtual_now % 1000) * 1000000;
    return 0;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now;
    int status = clock_gettime(CLOCK_REALTIME, &now);

    (void)zone;
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return status;
}

time_t time(time_t *out)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (out != NULL) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}

ssize_t getrandom(void *out, size_t len, unsigned flags)
{
    if (!is_virtual) {
        return syscall(SYS_getrandom, out, len, flags);
    }
    sut_random(out, len);
    return (ssize_t)len;
}

int getentropy(void *out, size_t len)
{
    return getrandom(out, len, 0) == (ssize_t)len ? 0 : -1;
}

/* Opens a file of repeatable bytes in place of /dev/urandom. */
static int open_random(void)
{
    uint8_t bytes[SEED_BYTES];
    int fd = memfd_create("urandom", MFD_CLOEXEC);

    sut_random(bytes, sizeof bytes);
    if (fd >= 0 && (write(fd, bytes, sizeof bytes) != sizeof bytes ||
                    lseek(fd, 0, SEEK_SET) != 0)) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list more;
    unsigned mode = 0;

    if (is_virtual && (strcmp(path, "/dev/urandom") == 0 ||
                       strcmp(path, "/dev/random") == 0)) {
        return open_random();
    }
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
        va_start(more, flags);
        mode = va_arg(more, unsigned);
        va_end(more);
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
