# snnl_add_tool(TOOL SOURCE...): snnl-TOOL, of main.cpp and the library snnl_TOOL, which is made of the sources. Installs it
# with its manual page and its completion for bash, zsh and fish, which the built tool prints itself.
function(snnl_add_tool tool)
  set(name snnl-${tool})
  add_executable(${name} main.cpp)
  if(ARGN)
    add_library(snnl_${tool} STATIC ${ARGN})
    target_link_libraries(snnl_${tool} PUBLIC snnl_apps PRIVATE snnl_warnings)
    target_link_libraries(${name} PRIVATE snnl_${tool})
  endif()
  target_link_libraries(${name} PRIVATE snnl_apps snnl_warnings)
  if(SNNL_PRECOMPILE AND NOT tool STREQUAL "train")  # libtorch's headers come before CLI11's
    foreach(target IN ITEMS ${name} snnl_${tool})
      if(TARGET ${target})
        target_precompile_headers(${target} REUSE_FROM snnl_apps)
      endif()
    endforeach()
  endif()
  file(RELATIVE_PATH from_tools /${CMAKE_INSTALL_BINDIR} /${SNNL_MODULE_FOLDER})
  set_target_properties(${name} PROPERTIES INSTALL_RPATH $ORIGIN/${from_tools})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  set_property(TARGET snnl_apps APPEND PROPERTY SNNL_TOOLS ${name})

  if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    message(STATUS "${name} cannot run here: no manual page and no completion will be installed")
    return()
  endif()
  set(folder ${PROJECT_BINARY_DIR}/share)
  set(share ${CMAKE_INSTALL_DATADIR})
  snnl_generate(${name} man ${folder}/man/${name}.1 ${CMAKE_INSTALL_MANDIR}/man1)
  snnl_generate(${name} bash ${folder}/bash/${name} ${share}/bash-completion/completions)
  snnl_generate(${name} zsh ${folder}/zsh/_${name} ${share}/zsh/site-functions)
  snnl_generate(${name} fish ${folder}/fish/${name}.fish ${share}/fish/vendor_completions.d)
  add_custom_target(${name}-share ALL DEPENDS
    ${folder}/man/${name}.1 ${folder}/bash/${name} ${folder}/zsh/_${name} ${folder}/fish/${name}.fish)
endfunction()

function(snnl_generate name kind file destination)
  add_custom_command(OUTPUT ${file}
    COMMAND ${CMAKE_COMMAND} -D "COMMAND=${CMAKE_CROSSCOMPILING_EMULATOR};$<TARGET_FILE:${name}>;--generate=${kind}"
            -D OUTPUT=${file} -P ${PROJECT_SOURCE_DIR}/cmake/write_output.cmake
    DEPENDS ${name} ${PROJECT_SOURCE_DIR}/cmake/write_output.cmake VERBATIM)
  install(FILES ${file} DESTINATION ${destination})
endfunction()
