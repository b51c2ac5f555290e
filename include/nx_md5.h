/* SPDX-License-Identifier: MIT */
/* nx_md5.h: the crypto methods are in nx_crypto.h; this name is for programs
 * that include it. */

#ifndef NX_MD5_H
#define NX_MD5_H

#include "nx_crypto.h"

#endif
