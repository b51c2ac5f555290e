# SPDX-License-Identifier: MIT
# `cmake --install`: headers, both libraries, a CMake package, a pkg-config
# file, the pages, the programs.  `cpack` makes three Debian packages of them.
include(CMakePackageConfigHelpers)

# A prefix among the sources would be installed again the next time.  Links in
# the part of it that exists may lead there.
install(CODE "
  get_filename_component(to \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\" ABSOLUTE)
  set(there \"\${to}\")
  while(NOT EXISTS \"\${there}\")
    get_filename_component(there \"\${there}\" DIRECTORY)
  endwhile()
  get_filename_component(there \"\${there}\" REALPATH)
  foreach(folder \"${PROJECT_SOURCE_DIR}\" \"${PROJECT_BINARY_DIR}\")
    get_filename_component(real \"\${folder}\" REALPATH)
    cmake_path(IS_PREFIX real \"\${there}\" NORMALIZE inside)
    list(APPEND insides \${inside})
  endforeach()
  if(insides STREQUAL \"ON;OFF\")
    message(FATAL_ERROR \"\${to} is inside the source tree: choose another --prefix\")
  endif()" ALL_COMPONENTS)

set(PACKAGE lib/cmake/nxdtls)
install(TARGETS nxdtls_static nxdtls_shared EXPORT nxdtlsTargets
        ARCHIVE DESTINATION lib COMPONENT dev
        LIBRARY DESTINATION lib COMPONENT library NAMELINK_COMPONENT dev
        INCLUDES DESTINATION include/nxdtls)
install(EXPORT nxdtlsTargets NAMESPACE nxdtls:: DESTINATION ${PACKAGE} COMPONENT dev)
configure_package_config_file(cmake/nxdtlsConfig.cmake.in ${PROJECT_BINARY_DIR}/nxdtlsConfig.cmake
                              INSTALL_DESTINATION ${PACKAGE})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nxdtlsConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nxdtlsConfig.cmake
              ${PROJECT_BINARY_DIR}/nxdtlsConfigVersion.cmake
        DESTINATION ${PACKAGE} COMPONENT dev)
list(TRANSFORM NXDTLS_SWITCHES PREPEND " -D" OUTPUT_VARIABLE SWITCH_FLAGS)
list(JOIN SWITCH_FLAGS "" NXDTLS_SWITCH_FLAGS)
configure_file(cmake/nxdtls.pc.in ${PROJECT_BINARY_DIR}/nxdtls.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/nxdtls.pc DESTINATION lib/pkgconfig COMPONENT dev)

file(GLOB HEADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/*.h)
install(FILES ${HEADERS} DESTINATION include/nxdtls COMPONENT dev)
add_custom_command(
  OUTPUT ${PROJECT_BINARY_DIR}/api.md
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/api-pages ${PROJECT_SOURCE_DIR}/include
          ${PROJECT_SOURCE_DIR}/harness/api/status/values.tsv ${PROJECT_BINARY_DIR}/api.md
  DEPENDS ${HEADERS} scripts/api-pages harness/api/status/values.tsv
  COMMENT "Making the API's pages from the headers"
  VERBATIM)
add_custom_target(api_pages ALL DEPENDS ${PROJECT_BINARY_DIR}/api.md)
set(DOC share/doc/nxdtls)
install(FILES ${PROJECT_BINARY_DIR}/api.md LICENSE DESTINATION ${DOC} COMPONENT dev)
install(DIRECTORY docs/ DESTINATION ${DOC} COMPONENT dev
        FILES_MATCHING PATTERN "*.md" PATTERN "*.[ch]" PATTERN "*.png")

# The programs of this build; `nxdtls_installed` builds all that is installed.
# Those of the lab find their certificates in share/nxdtls/pki.
add_custom_target(nxdtls_installed DEPENDS nxdtls_static nxdtls_shared api_pages)
get_property(PROGRAMS GLOBAL PROPERTY NXDTLS_PROGRAMS)
if(PROGRAMS)
  install(TARGETS ${PROGRAMS} RUNTIME DESTINATION bin COMPONENT programs)
  add_dependencies(nxdtls_installed ${PROGRAMS})
endif()
if(TARGET nxdtls_lab)
  install(DIRECTORY ${NXDTLS_PKI_DIR} DESTINATION share/nxdtls COMPONENT programs)
  add_dependencies(nxdtls_installed pki)
endif()

# Three packages: libnxdtls0.1, libnxdtls-dev, nxdtls.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "the authors of nxdtls")
set(CPACK_PACKAGE_VENDOR nxdtls)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "DTLS 1.2 with the NetX Secure DTLS API")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL library dev)
if(PROGRAMS)
  list(APPEND CPACK_COMPONENTS_ALL programs)
endif()
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libnxdtls${NXDTLS_SOVERSION})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_LIST_DIR}/triggers)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libnxdtls-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libnxdtls${NXDTLS_SOVERSION} (= ${PROJECT_VERSION}), libssl-dev (>= 3.0)")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME nxdtls)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION net)
include(CPack)
