#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Compiles and runs everything.c with every header of the API included before
# it, in C and in C++, with gcc and with clang: there is no warning, and nothing
# is wrong.
#   everything.sh INCLUDE LIBRARY...
set -euo pipefail
include=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for header in "$include"/*.h; do
    echo "#include \"$(basename "$header")\""
done >"$work/all.h"
failed=0
try() {
    if ! "$@" -Wall -Wextra -Werror -I"$include" -include "$work/all.h" "$here/everything.c" \
        -x none "${libraries[@]}" -lcrypto -lpthread -o "$work/everything"; then
        echo "FAIL  $* does not compile it"
        failed=1
    elif ! "$work/everything"; then
        echo "FAIL  $*: what the program prints is wrong"
        failed=1
    fi
}
libraries=("$@")
for optimization in -O0 -O2; do
    try gcc -std=c11 $optimization
    try g++ -std=c++11 $optimization -x c++
    try clang -std=c11 $optimization
    try clang++ -std=c++11 $optimization -x c++
done
try g++ -std=c++98 -x c++
try clang++ -std=c++98 -x c++
exit $failed
