# Installs into WORK/prefix, then configures, builds and runs the consumers against that alone.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "failed (${status}): ${command}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --prefix ${WORK}/prefix)

# Nothing of the build machine's tree or of its warnings may reach the users.
file(GLOB_RECURSE exported ${WORK}/prefix/*snnl*.cmake)
foreach(file IN LISTS exported)
  file(READ ${file} text)
  foreach(leak IN ITEMS snnl_warnings -Wall ${BUILD}/ BLAS xsimd nlohmann_json)
    string(FIND "${text}" "${leak}" place)
    if(NOT place EQUAL -1)
      message(FATAL_ERROR "${file} mentions ${leak}")
    endif()
  endforeach()
endforeach()

# Configures and builds a project against what is installed, without what `ARGN` names.
function(build name)
  list(TRANSFORM ARGN REPLACE "(.+)" "-DCMAKE_DISABLE_FIND_PACKAGE_\\1=ON")
  run(${CMAKE_COMMAND} -S ${CONSUMERS}/${name} -B ${WORK}/${name} -G ${GENERATOR}
    -D CMAKE_BUILD_TYPE=${CONFIG}
    -D CMAKE_C_COMPILER=${C_COMPILER}
    -D CMAKE_CXX_COMPILER=${CXX_COMPILER}
    -D CMAKE_PREFIX_PATH=${WORK}/prefix
    -D SNNL_VERSION_WANTED=${VERSION}
    ${ARGN})
  run(${CMAKE_COMMAND} --build ${WORK}/${name} --config ${CONFIG})
endfunction()
# Who computes products, where the environment says that BLAS must.
set(by_blas ${CMAKE_COMMAND} -E env)
if(WITH_BLAS)
  list(APPEND by_blas SNNL_PRODUCTS=blas)
endif()
build(consumer BLAS xsimd nlohmann_json CLI11)
run(${by_blas} ${WORK}/consumer/bin/consumer ${VERSION} ${WORK}/consumer.h5)
build(core_consumer BLAS xsimd nlohmann_json CLI11 HDF5 fmt Libdeflate Utf8proc Seccomp)
run(${by_blas} ${WORK}/core_consumer/core)

# The public face is what is in the folder of the library, and no more.
file(GLOB_RECURSE headers RELATIVE ${WORK}/prefix/include/snnl ${WORK}/prefix/include/snnl/*)
foreach(header IN LISTS headers)
  if(header MATCHES "/")
    message(FATAL_ERROR "include/snnl/${header} is no part of the public face, and was installed")
  endif()
  file(READ ${WORK}/prefix/include/snnl/${header} text)
  if(text MATCHES "nlohmann|#include \"snnl/[a-z0-9_]+/")
    message(FATAL_ERROR "include/snnl/${header} shows what is inside: ${CMAKE_MATCH_0}")
  endif()
endforeach()

# The same by pkg-config.
find_program(PKG_CONFIG NAMES pkg-config pkgconf)
if(PKG_CONFIG)
  file(GLOB_RECURSE pc ${WORK}/prefix/*/snnl.pc)
  get_filename_component(folder ${pc} DIRECTORY)
  # Compiles and runs a program with the flags of a package.
  function(run_by_pkg_config package source)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${folder} ${PKG_CONFIG} --cflags --libs ${package}
      OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    separate_arguments(flags)
    run(${CXX_COMPILER} -std=c++20 ${CONSUMERS}/${source} -o ${WORK}/by_pkg_config ${flags} -Wl,-rpath,${folder}/..)
    run(${by_blas} ${WORK}/by_pkg_config ${ARGN})
  endfunction()
  run_by_pkg_config(snnl consumer/main.cpp ${VERSION} ${WORK}/by_pkg_config.h5)
  run_by_pkg_config(snnl-core core_consumer/core.cpp)
else()
  message(STATUS "no pkg-config: snnl.pc and snnl-core.pc were not tried")
endif()
execute_process(COMMAND ${WORK}/prefix/bin/snnl-analyze --version OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
if(WITH_BLAS AND NOT said MATCHES "BLAS: OpenBLAS")
  message(FATAL_ERROR "the installed tools do not find their module of BLAS: ${said}")
endif()

# Each tool comes with its manual page and completions, in the default folders of GNUInstallDirs.
file(GLOB tools RELATIVE ${WORK}/prefix/bin ${WORK}/prefix/bin/snnl-*)
foreach(tool IN LISTS tools)
  foreach(file IN ITEMS share/man/man1/${tool}.1 share/bash-completion/completions/${tool}
          share/zsh/site-functions/_${tool} share/fish/vendor_completions.d/${tool}.fish)
    if(NOT EXISTS ${WORK}/prefix/${file})
      message(FATAL_ERROR "${file} was not installed")
    endif()
    file(READ ${WORK}/prefix/${file} text)
    string(FIND "${text}" "version" place)
    if(place EQUAL -1)
      message(FATAL_ERROR "${file} does not tell the options of ${tool}")
    endif()
  endforeach()
endforeach()
