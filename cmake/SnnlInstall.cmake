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
get_target_property(SNNL_LIBRARY_TYPE snnl TYPE)
if(SNNL_BLAS AND SNNL_LIBRARY_TYPE STREQUAL "STATIC_LIBRARY")
  # The module is looked for where the run path of the program leads: a static library has none of its own.
  target_link_options(snnl_core INTERFACE
    $<INSTALL_INTERFACE:LINKER:-rpath,$<INSTALL_PREFIX>/${SNNL_MODULE_FOLDER}>)
endif()
# What needs no HDF5 is a component of its own.
foreach(part IN ITEMS core all)
  set(target snnl)
  if(part STREQUAL "core")
    set(target snnl_core)
  endif()
  install(TARGETS ${target} EXPORT snnl-${part}
    FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT snnl-${part} NAMESPACE snnl:: DESTINATION ${SNNL_CONFIG_DESTINATION})
endforeach()
install(DIRECTORY docs/schema/ DESTINATION ${SNNL_SCHEMA_DESTINATION} OPTIONAL FILES_MATCHING PATTERN "*.json")

set(SNNL_WITH_SECCOMP ${Seccomp_FOUND})
configure_package_config_file(cmake/snnlConfig.cmake.in ${PROJECT_BINARY_DIR}/snnlConfig.cmake
  INSTALL_DESTINATION ${SNNL_CONFIG_DESTINATION} PATH_VARS SNNL_SCHEMA_DESTINATION)
# For pkg-config; a static library leaves its own dependencies to whoever links it.
file(RELATIVE_PATH SNNL_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
set(SNNL_PC_REQUIRES fmt hdf5 libdeflate libutf8proc)
if(SNNL_WITH_SECCOMP)
  list(APPEND SNNL_PC_REQUIRES libseccomp)
endif()
list(JOIN SNNL_PC_REQUIRES ", " SNNL_PC_REQUIRES)
set(SNNL_PC_CORE_LIBS -lsnnl-core)
if(NOT SNNL_LIBRARY_TYPE STREQUAL "STATIC_LIBRARY")
  set(SNNL_PC_PRIVATE .private)
else()
  list(APPEND SNNL_PC_CORE_LIBS -ldl -pthread)
  if(SNNL_BLAS)
    list(APPEND SNNL_PC_CORE_LIBS "-Wl,-rpath,\${prefix}/${SNNL_MODULE_FOLDER}")
  endif()
endif()
list(JOIN SNNL_PC_CORE_LIBS " " SNNL_PC_CORE_LIBS)
foreach(pc IN ITEMS snnl snnl-core)
  configure_file(cmake/${pc}.pc.in ${PROJECT_BINARY_DIR}/${pc}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${pc}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/snnlConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/snnlConfig.cmake ${PROJECT_BINARY_DIR}/snnlConfigVersion.cmake
  cmake/FindLibdeflate.cmake cmake/FindSeccomp.cmake cmake/FindUtf8proc.cmake DESTINATION ${SNNL_CONFIG_DESTINATION})

if(SNNL_BUILD_TESTS AND NOT SNNL_SANITIZE)
  add_subdirectory(tests/install)
endif()
