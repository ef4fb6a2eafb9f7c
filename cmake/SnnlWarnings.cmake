# Warnings and sanitizers for the project's own code; linked privately, never installed.
add_library(snnl_warnings INTERFACE)
target_compile_options(snnl_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast>
  $<$<AND:$<BOOL:${SNNL_WERROR}>,$<CXX_COMPILER_ID:GNU,Clang,AppleClang>>:-Werror>)
if(SNNL_SANITIZE)
  add_compile_options(-fsanitize=${SNNL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SNNL_SANITIZE})
  add_compile_definitions(SNNL_SANITIZED)
endif()
