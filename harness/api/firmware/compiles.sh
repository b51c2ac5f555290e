#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Compiles applications with gcc and clang, as C and as C++ (a .cc as C++ alone),
# with error checking and without: -Wall -Wextra -Werror.
#   compiles.sh INCLUDE FILE...
set -euo pipefail
include=$1
shift
failed=0
for file in "$@"; do
    for compiler in "gcc -std=c11" "clang -std=c11" "g++ -std=c++17 -x c++" "clang++ -std=c++17 -x c++"; do
        [[ $file != *.cc || $compiler == *++* ]] || continue
        for switches in "" "-DNX_SECURE_DISABLE_ERROR_CHECKING -DNX_DISABLE_ERROR_CHECKING -DTX_DISABLE_ERROR_CHECKING"; do
            # shellcheck disable=SC2086  # several words on purpose
            if ! $compiler $switches -Wall -Wextra -Werror -I"$include" -fsyntax-only "$file"; then
                echo "FAIL  $(basename "$file") with $compiler $switches"
                failed=1
            fi
        done
    done
done
exit $failed
