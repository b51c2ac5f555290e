# SPDX-License-Identifier: MIT
# The certificates and keys of the tests, in ${PROJECT_BINARY_DIR}/pki.
# nxdtls_use_pki(target) lets a program find them as NXDTLS_PKI_DIR; they are
# made once, and again when scripts/pki changes.
set(NXDTLS_PKI_DIR ${PROJECT_BINARY_DIR}/pki)
add_custom_command(
  OUTPUT ${NXDTLS_PKI_DIR}.stamp
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/pki ${NXDTLS_PKI_DIR}
  COMMAND ${CMAKE_COMMAND} -E touch ${NXDTLS_PKI_DIR}.stamp
  DEPENDS ${PROJECT_SOURCE_DIR}/scripts/pki
  COMMENT "Making the test PKI"
  VERBATIM)
add_custom_target(pki DEPENDS ${NXDTLS_PKI_DIR}.stamp)

function(nxdtls_use_pki target)
  add_dependencies(${target} pki)
  target_compile_definitions(${target} PRIVATE NXDTLS_PKI_DIR="${NXDTLS_PKI_DIR}")
endfunction()
