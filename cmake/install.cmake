# SPDX-License-Identifier: MIT
# `cmake --install`: headers, both libraries, a CMake package, a pkg-config
# file, the pages made from the headers' comments.
include(CMakePackageConfigHelpers)

set(PACKAGE lib/cmake/nxdtls)
install(TARGETS dtls_engine nxdtls EXPORT nxdtlsTargets
        ARCHIVE DESTINATION lib INCLUDES DESTINATION include/nxdtls)
if(TARGET nxdtls_shared)
  install(TARGETS nxdtls_shared EXPORT nxdtlsTargets
          LIBRARY DESTINATION lib INCLUDES DESTINATION include/nxdtls)
endif()
install(EXPORT nxdtlsTargets NAMESPACE nxdtls:: DESTINATION ${PACKAGE})
configure_package_config_file(cmake/nxdtlsConfig.cmake.in ${PROJECT_BINARY_DIR}/nxdtlsConfig.cmake
                              INSTALL_DESTINATION ${PACKAGE})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nxdtlsConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nxdtlsConfig.cmake
              ${PROJECT_BINARY_DIR}/nxdtlsConfigVersion.cmake DESTINATION ${PACKAGE})
list(TRANSFORM NXDTLS_SWITCHES PREPEND " -D" OUTPUT_VARIABLE SWITCH_FLAGS)
list(JOIN SWITCH_FLAGS "" NXDTLS_SWITCH_FLAGS)
configure_file(cmake/nxdtls.pc.in ${PROJECT_BINARY_DIR}/nxdtls.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/nxdtls.pc DESTINATION lib/pkgconfig)
install(DIRECTORY include/ DESTINATION include/nxdtls FILES_MATCHING PATTERN "*.h")

file(GLOB HEADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.h)
add_custom_command(
  OUTPUT ${PROJECT_BINARY_DIR}/api.md
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/api-pages ${PROJECT_SOURCE_DIR}/include
          ${PROJECT_SOURCE_DIR}/harness/api/status/values.tsv ${PROJECT_BINARY_DIR}/api.md
  DEPENDS ${HEADERS} scripts/api-pages harness/api/status/values.tsv
  COMMENT "Making the API's pages from the headers"
  VERBATIM)
add_custom_target(api_pages ALL DEPENDS ${PROJECT_BINARY_DIR}/api.md)
install(FILES ${PROJECT_BINARY_DIR}/api.md docs/porting.md docs/limits.md LICENSE
        DESTINATION share/doc/nxdtls)
