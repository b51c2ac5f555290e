/* SPDX-License-Identifier: MIT */
/* The variants (lab/variant.h). */
#include "lab/variant.h"

#include "crypto/suites.h"

const struct lab_variant lab_variants[] = {
    {.name = "plain", .what = "as most cells are"},
    {.name = "secp256r1",
     .what = "ECDHE in secp256r1",
     .group = DTLS_GROUP_SECP256R1},
    {.name = "secp384r1",
     .what = "ECDHE in secp384r1",
     .group = DTLS_GROUP_SECP384R1},
    {.name = "secp521r1",
     .what = "ECDHE in secp521r1",
     .group = DTLS_GROUP_SECP521R1},
    {.name = "x25519", .what = "ECDHE in x25519", .group = DTLS_GROUP_X25519},
    {.name = "x448", .what = "ECDHE in x448", .group = DTLS_GROUP_X448},
    {.name = "chain-1",
     .what = "certificates of an intermediate CA",
     .intermediates = 1},
    {.name = "chain-2",
     .what = "certificates below two intermediate CAs",
     .intermediates = 2},
    {.name = "renegotiate-client",
     .what = "the client begins another handshake",
     .begins = SUT_CLIENT_BEGINS},
    {.name = "renegotiate-server",
     .what = "the server asks for another handshake",
     .begins = SUT_SERVER_BEGINS},
    {.name = "refused-client",
     .what = "the client begins another handshake and is refused",
     .begins = SUT_CLIENT_BEGINS,
     .refused = true},
    {.name = "refused-server",
     .what = "the server asks for another handshake and is refused",
     .begins = SUT_SERVER_BEGINS,
     .refused = true},
    {.name = "resume-id",
     .what = "the session of an earlier handshake is resumed by its id",
     .resumes = SUT_KEEPS_BY_ID},
    {.name = "resume-ticket",
     .what = "the session of an earlier handshake is resumed by a ticket",
     .resumes = SUT_KEEPS_IN_TICKETS},
};
const size_t lab_num_variants = sizeof lab_variants / sizeof *lab_variants;
