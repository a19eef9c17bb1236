# How this project declares its libraries, programs and tests.
#
# A library is a folder: verdikt_library(NAME DEPENDS ...) takes every .cpp beside the CMakeLists.txt.
# Includes name files from the root, so the include path alone would let any file see any other; the
# configure step therefore reads each file's includes and refuses a folder whose library is not among
# the DEPENDS. That is what makes "dependencies point one way" true.

function(verdikt_library NAME)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB headers CONFIGURE_DEPENDS *.h)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set_property(GLOBAL PROPERTY verdikt_folder_${folder} ${NAME})
  set(target verdikt_${NAME})
  if(sources)
    add_library(${target} STATIC ${sources})
    target_precompile_headers(${target} REUSE_FROM precompiled)
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR})
  # scripts/lint compiles each header alone, so that none leans on what its includers include first.
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_link_libraries(${target} ${scope} boost_asio fmt::fmt ${ARG_LINK})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(${target} ${scope} verdikt_${dependency})
  endforeach()
  verdikt_check_includes(${NAME} "${ARG_DEPENDS}" ${sources} ${headers})
endfunction()

# Requires: the libraries that NAME depends on were declared before it.
function(verdikt_check_includes NAME DEPENDS)
  foreach(file IN LISTS ARGN)
    file(STRINGS ${file} includes REGEX "^#include \"")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE "^#include \"(.*)/[^/]*\".*" "\\1" folder "${include}")
      get_property(owner GLOBAL PROPERTY verdikt_folder_${folder})
      if(NOT owner STREQUAL NAME AND NOT owner IN_LIST DEPENDS)
        message(FATAL_ERROR "${file} has ${include}, but library '${NAME}' depends only on: ${DEPENDS}")
      endif()
    endforeach()
  endforeach()
endfunction()

# A program of this folder: verdikt_program(verdikt-broker SOURCES main.cpp DEPENDS ...).
function(verdikt_program NAME)
  cmake_parse_arguments(ARG "" "PRECOMPILED" "SOURCES;DEPENDS;LINK" ${ARGN})
  if(NOT ARG_PRECOMPILED)
    set(ARG_PRECOMPILED precompiled)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  target_precompile_headers(${NAME} REUSE_FROM ${ARG_PRECOMPILED})
  target_include_directories(${NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE boost_asio fmt::fmt ${ARG_LINK})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_link_libraries(${NAME} PRIVATE verdikt_${dependency})
  endforeach()
endfunction()

# The tests of this folder, one program, each case a ctest entry: verdikt_test(unit_kafka DEPENDS kafka).
# What tests do themselves takes no time in most of them, and compiling them took a third of the build, so they are
# not optimised, but for those that are BUSY: models that storm by the thousand.
function(verdikt_test NAME)
  cmake_parse_arguments(ARG "BUSY" "TIMEOUT" "DEPENDS;LINK;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(header precompiled_tests)
  if(ARG_BUSY)
    set(header precompiled)
  endif()
  verdikt_program(${NAME} PRECOMPILED ${header} SOURCES ${sources} DEPENDS ${ARG_DEPENDS}
    LINK GTest::gtest_main GTest::gmock ${ARG_LINK})
  if(NOT ARG_BUSY)
    target_compile_options(${NAME} PRIVATE ${tests_compile_options})
  endif()
  include(GoogleTest)
  gtest_discover_tests(${NAME} DISCOVERY_MODE PRE_TEST
    TEST_PREFIX ${NAME}: PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# A libFuzzer program: verdikt_fuzzer(messages SOURCES messages.cpp DEPENDS kafka_messages) makes fuzz_messages,
# whose seeds lie in corpus/messages beside the CMakeLists.txt. scripts/fuzz runs all of them.
function(verdikt_fuzzer NAME)
  if(NOT VERDIKT_FUZZERS)
    return()
  endif()
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINK" ${ARGN})
  verdikt_program(fuzz_${NAME} SOURCES ${ARG_SOURCES} DEPENDS ${ARG_DEPENDS} LINK ${ARG_LINK})
  target_link_options(fuzz_${NAME} PRIVATE -fsanitize=fuzzer)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers fuzz_${NAME})
endfunction()
