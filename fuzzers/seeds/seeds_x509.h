/* SPDX-License-Identifier: MIT */
/* Seeds that are certificate chains and CRLs. */
#ifndef FUZZERS_SEEDS_SEEDS_X509_H
#define FUZZERS_SEEDS_SEEDS_X509_H

void seeds_write_x509(void);

#endif
