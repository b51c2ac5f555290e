#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Definitions that nothing could be built with end in an #error that says why.
#   refused.sh CC INCLUDE
set -euo pipefail
cc=$1
include=$2
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
compile() { "$cc" -std=c11 -fsyntax-only -I"$include" -include nx_secure_dtls_api.h "$@" -x c /dev/null 2>&1; }
refuses() {
    local sentence=$1
    shift
    if compile "$@" >"$out" || ! grep -q "#error.*$sentence" "$out"; then
        echo "$*: not refused with \"$sentence\""
        failed=1
    fi
}
if ! compile; then
    echo "without any switch it does not compile"
    failed=1
fi
for missing in PSK_CIPHERSUITES ECC_CIPHERSUITE AEAD_CIPHER; do
    refuses "EC-JPAKE needs" -DNX_SECURE_ENABLE_ECJPAKE_CIPHERSUITE "-DNX_SECURE_DISABLE_$missing"
done
refuses "makes its secrets itself" -DNX_SECURE_CUSTOM_SECRET_GENERATION
refuses "neither certificates nor pre-shared keys" -DNX_SECURE_DISABLE_X509 -DNX_SECURE_DISABLE_PSK_CIPHERSUITES
refuses "neither clients nor servers" -DNX_SECURE_TLS_CLIENT_DISABLED -DNX_SECURE_TLS_SERVER_DISABLED
refuses "neither IPv4 nor IPv6" -DNX_DISABLE_IPV4 -DNX_DISABLE_IPV6
exit $failed
