/* SPDX-License-Identifier: MIT */
/* A commissioner of a mesh network: passwords and nothing else. */
#ifndef NX_USER_H
#define NX_USER_H

#define NX_SECURE_ENABLE_ECJPAKE_CIPHERSUITE
#define NX_SECURE_DISABLE_X509

#endif
