/* SPDX-License-Identifier: MIT */
/* switches_kit.h: is a service there? */
#ifndef API_SWITCHES_KIT_H
#define API_SWITCHES_KIT_H

/* A name that nothing defines is NULL, and no error of the linker. */
#define SWITCHED(name) extern char name[] __attribute__((weak))
#define expect_absent(name) assert_null(name)

#endif
