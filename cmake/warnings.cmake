# SPDX-License-Identifier: MIT
# A warning is an error where the environment has NXDTLS_WERROR=ON, as .ci/run
# does (CMakePresets.json): a compiler of tomorrow warns of more.
set(NXDTLS_WARNINGS
  -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wcast-align
  -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wswitch-enum
  -Wdouble-promotion -Wnull-dereference)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  list(APPEND NXDTLS_WARNINGS -Wlogical-op -Wduplicated-cond -Wduplicated-branches)
endif()

# The compiler says how much stack each function takes: harness/limits/stack.py.
# Instrumentation would change that.
function(nxdtls_measure_stack target)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND NOT NXDTLS_SANITIZE AND NOT NXDTLS_COVERAGE)
    target_compile_options(${target} PRIVATE -fstack-usage)
  endif()
endfunction()

function(nxdtls_warn target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${NXDTLS_WARNINGS}>)
endfunction()
