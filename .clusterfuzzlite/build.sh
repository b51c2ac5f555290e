#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds every fuzz target for ClusterFuzzLite or OSS-Fuzz, in the project's
# folder: programs, seeds, dictionaries and options go to OUT.  Environment: CC,
# CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, OUT, SRC; WORK for what is between.
# With SRC/openssl libcrypto is built from there and linked statically.
set -euo pipefail
: "${CC:?}" "${CXX:?}" "${LIB_FUZZING_ENGINE:?}" "${OUT:?}" "${SRC:?}"
work=${WORK:-$(mktemp -d)}
openssl=()

if [ -d "$SRC/openssl" ]; then
    (
        cd "$SRC/openssl"
        # CFLAGS reach it through the environment.
        ./config no-shared no-tests no-asm --prefix="$work/openssl" --libdir=lib
        make -j"$(nproc)" build_libs
        make install_dev
    ) >"$work/openssl.log" 2>&1
    openssl=(-DOPENSSL_ROOT_DIR="$work/openssl" -DOPENSSL_USE_STATIC_LIBS=ON)
fi

cmake -S . -B "$work/nxdtls" -DCMAKE_BUILD_TYPE=None -DNXDTLS_FUZZ=ON \
    -DNXDTLS_FUZZ_ENGINE="$LIB_FUZZING_ENGINE" "${openssl[@]}"
cmake --build "$work/nxdtls" --target fuzzers -j"$(nproc)"

# What belongs to a target stands in its row; fuzzers/tests/check_corpus sees that
# each source has one.  Those beside GnuTLS stay at home: it has no static
# library, and the image that runs the targets has no other.
grep -v -e '^#' -e '^target' -e '^[a-z0-9_]*_gnutls' fuzzers/targets.tsv |
    while IFS=$'\t' read -r name _ _ length dictionary _; do
        cp "$work/nxdtls/fuzzers/$name" "$OUT/"
        cp "fuzzers/dictionaries/$dictionary" "$OUT/$name.dict"
        rm -f "$OUT/${name}_seed_corpus.zip"
        python3 -m zipfile -c "$OUT/${name}_seed_corpus.zip" "corpus/$name/"
        printf '[libfuzzer]\nmax_len = %s\ndict = %s.dict\n' "$length" "$name" >"$OUT/$name.options"
    done
