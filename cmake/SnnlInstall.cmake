# Installs the tools, the library as snnl::snnl for find_package(snnl), its public headers and the schemas.
include(CMakePackageConfigHelpers)

set(SNNL_CONFIG_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/snnl)
set(SNNL_SCHEMA_DESTINATION ${CMAKE_INSTALL_DATADIR}/snnl/schema)
set_target_properties(snnl_core snnl PROPERTIES VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
if(SNNL_BUILD_APPS AND BUILD_SHARED_LIBS)
  # The tools find the library beside them, wherever both are put.
  file(RELATIVE_PATH SNNL_LIBRARY_FROM_TOOLS ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  get_target_property(SNNL_APP_TARGETS snnl_apps SNNL_TOOLS)
  set_property(TARGET ${SNNL_APP_TARGETS} APPEND PROPERTY INSTALL_RPATH "$ORIGIN/${SNNL_LIBRARY_FROM_TOOLS}")
endif()
install(TARGETS snnl_core snnl EXPORT snnlTargets
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT snnlTargets NAMESPACE snnl:: DESTINATION ${SNNL_CONFIG_DESTINATION})
install(DIRECTORY docs/schema/ DESTINATION ${SNNL_SCHEMA_DESTINATION} OPTIONAL FILES_MATCHING PATTERN "*.json")

get_target_property(SNNL_LIBRARY_TYPE snnl TYPE)
set(SNNL_WITH_SECCOMP ${Seccomp_FOUND})
# For pkg-config; a static library leaves its own dependencies to whoever links it.
file(RELATIVE_PATH SNNL_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(SNNL_PC_REQUIRES fmt hdf5 libdeflate libutf8proc)
if(SNNL_WITH_SECCOMP)
  list(APPEND SNNL_PC_REQUIRES libseccomp)
endif()
list(JOIN SNNL_PC_REQUIRES ", " SNNL_PC_REQUIRES)
set(SNNL_PC_LIBS -lsnnl -lsnnl-core)
if(SNNL_LIBRARY_TYPE STREQUAL "STATIC_LIBRARY")
  list(APPEND SNNL_PC_LIBS -ldl -pthread)
else()
  set(SNNL_PC_PRIVATE .private)
endif()
list(JOIN SNNL_PC_LIBS " " SNNL_PC_LIBS)
configure_package_config_file(cmake/snnlConfig.cmake.in ${PROJECT_BINARY_DIR}/snnlConfig.cmake
  INSTALL_DESTINATION ${SNNL_CONFIG_DESTINATION} PATH_VARS SNNL_SCHEMA_DESTINATION)
configure_file(cmake/snnl.pc.in ${PROJECT_BINARY_DIR}/snnl.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/snnl.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/snnlConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/snnlConfig.cmake ${PROJECT_BINARY_DIR}/snnlConfigVersion.cmake
  cmake/FindLibdeflate.cmake cmake/FindSeccomp.cmake cmake/FindUtf8proc.cmake DESTINATION ${SNNL_CONFIG_DESTINATION})

if(SNNL_BUILD_TESTS AND NOT SNNL_SANITIZE)
  add_subdirectory(tests/install)
endif()
