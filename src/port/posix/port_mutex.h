/* SPDX-License-Identifier: MIT */
/* port_mutex.h: the kernel's mutex itself, for condition variables. */

#ifndef NXDTLS_SRC_PORT_POSIX_PORT_MUTEX_H
#define NXDTLS_SRC_PORT_POSIX_PORT_MUTEX_H

#include "port.h"

#include <pthread.h>

/* port_mutex returns the mutex that port_enter takes. */
pthread_mutex_t *port_mutex(void);

#endif
