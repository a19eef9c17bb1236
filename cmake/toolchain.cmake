# Compiler, linker, cache and sanitizer flags shared by every target.

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
# Members left out of a designated initialiser take their defaults; that is why we write them.
add_compile_options(-Wno-missing-field-initializers -Wno-missing-designated-field-initializers)
add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
add_link_options(-fuse-ld=lld)

# The same object is wanted whichever checkout it is built in, so the cache must not see the path. With Clang that holds
# for what uses no precompiled header: such a header has the path in it, so the rest is found again in its own checkout.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_COMPILERCHECK=content
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

set(VERDIKT_SANITIZER "" CACHE STRING "Value for -fsanitize=, or empty")
if(VERDIKT_SANITIZER)
  add_compile_options(-fsanitize=${VERDIKT_SANITIZER} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${VERDIKT_SANITIZER})
endif()
if(VERDIKT_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(VERDIKT_INVARIANTS)
  add_compile_definitions(VERDIKT_INVARIANTS)
endif()
