# SPDX-License-Identifier: MIT
# Warnings are errors in every preset.
set(NXDTLS_WARNINGS
  -Wall -Wextra -Werror -Wconversion -Wshadow -Wstrict-prototypes
  -Wmissing-prototypes -Wpointer-arith -Wcast-qual -Wcast-align
  -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wswitch-enum
  -Wdouble-promotion -Wnull-dereference)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  list(APPEND NXDTLS_WARNINGS -Wlogical-op -Wduplicated-cond -Wduplicated-branches)
endif()

function(nxdtls_warn target)
  target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${NXDTLS_WARNINGS}>)
endfunction()
