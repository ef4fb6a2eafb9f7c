# Installs the tools, the library as snnl::snnl for find_package(snnl), its public headers and the schemas.
include(CMakePackageConfigHelpers)

# Public are these headers, and whatever of the library's they include.
file(GLOB SNNL_PUBLIC_HEADERS RELATIVE ${PROJECT_SOURCE_DIR}/lib CONFIGURE_DEPENDS
  lib/snnl/*.hpp lib/snnl/dump/reader.hpp lib/snnl/analysis/*.hpp lib/snnl/json/*.hpp lib/snnl/files/*.hpp)
set(SNNL_HEADERS_TO_FOLLOW ${SNNL_PUBLIC_HEADERS})
while(SNNL_HEADERS_TO_FOLLOW)
  list(POP_FRONT SNNL_HEADERS_TO_FOLLOW SNNL_HEADER)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS lib/${SNNL_HEADER})
  file(STRINGS lib/${SNNL_HEADER} SNNL_INCLUDES REGEX "^#include [\"<]snnl/")
  foreach(SNNL_INCLUDED IN LISTS SNNL_INCLUDES)
    string(REGEX REPLACE "^#include [\"<](snnl/[^\">]*).*" "\\1" SNNL_INCLUDED "${SNNL_INCLUDED}")
    if(NOT SNNL_INCLUDED IN_LIST SNNL_PUBLIC_HEADERS AND NOT SNNL_INCLUDED STREQUAL "snnl/version.hpp")
      list(APPEND SNNL_PUBLIC_HEADERS ${SNNL_INCLUDED})
      list(APPEND SNNL_HEADERS_TO_FOLLOW ${SNNL_INCLUDED})
    endif()
  endforeach()
endwhile()

foreach(SNNL_HEADER IN LISTS SNNL_PUBLIC_HEADERS)
  get_filename_component(SNNL_FOLDER ${SNNL_HEADER} DIRECTORY)
  install(FILES lib/${SNNL_HEADER} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${SNNL_FOLDER})
endforeach()
install(FILES ${PROJECT_BINARY_DIR}/lib/snnl/version.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/snnl)

set(SNNL_CONFIG_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/snnl)
set(SNNL_SCHEMA_DESTINATION ${CMAKE_INSTALL_DATADIR}/snnl/schema)
set_target_properties(snnl PROPERTIES VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
if(SNNL_BUILD_APPS AND BUILD_SHARED_LIBS)
  # The tools find the library beside them, wherever both are put.
  file(RELATIVE_PATH SNNL_LIBRARY_FROM_TOOLS ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  get_property(SNNL_APP_TARGETS DIRECTORY apps PROPERTY BUILDSYSTEM_TARGETS)
  set_property(TARGET ${SNNL_APP_TARGETS} APPEND PROPERTY INSTALL_RPATH "$ORIGIN/${SNNL_LIBRARY_FROM_TOOLS}")
endif()
install(TARGETS snnl EXPORT snnlTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT snnlTargets NAMESPACE snnl:: DESTINATION ${SNNL_CONFIG_DESTINATION})
install(DIRECTORY docs/schema/ DESTINATION ${SNNL_SCHEMA_DESTINATION} OPTIONAL FILES_MATCHING PATTERN "*.json")

get_target_property(SNNL_LIBRARY_TYPE snnl TYPE)
set(SNNL_WITH_SECCOMP ${Seccomp_FOUND})
configure_package_config_file(cmake/snnlConfig.cmake.in ${PROJECT_BINARY_DIR}/snnlConfig.cmake
  INSTALL_DESTINATION ${SNNL_CONFIG_DESTINATION} PATH_VARS SNNL_SCHEMA_DESTINATION)
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/snnlConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/snnlConfig.cmake ${PROJECT_BINARY_DIR}/snnlConfigVersion.cmake
  cmake/FindLibdeflate.cmake cmake/FindSeccomp.cmake cmake/FindUtf8proc.cmake DESTINATION ${SNNL_CONFIG_DESTINATION})

if(SNNL_BUILD_TESTS AND NOT SNNL_SANITIZE)
  add_subdirectory(tests/install)
endif()
