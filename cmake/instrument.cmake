# SPDX-License-Identifier: MIT
# Sanitizers and coverage, the same for every target of the build.
if(NXDTLS_SANITIZE)
  add_compile_options(-fsanitize=${NXDTLS_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${NXDTLS_SANITIZE})
endif()
# Another engine brings its own flags.
if(NXDTLS_FUZZ AND NXDTLS_FUZZ_ENGINE STREQUAL "-fsanitize=fuzzer")
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(NXDTLS_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping -fcoverage-mcdc
                      -fprofile-list=${CMAKE_CURRENT_LIST_DIR}/covered.list
                      -fcoverage-prefix-map=${PROJECT_SOURCE_DIR}/= -fcoverage-compilation-dir=.)
  add_link_options(-fprofile-instr-generate)
endif()
# valgrind of Debian 12 cannot read clang's DWARF 5.
if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-gdwarf-4)
endif()
