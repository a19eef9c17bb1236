# The libraries of other people. scripts/setup installs each of them.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(GTest REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(simdjson REQUIRED)
find_package(PkgConfig REQUIRED)

# Asio is compiled once, in boost_asio.cpp; everyone else sees declarations.
add_library(boost_asio STATIC ${CMAKE_SOURCE_DIR}/cmake/boost_asio.cpp)
target_link_libraries(boost_asio PUBLIC Boost::headers Threads::Threads)
target_compile_definitions(boost_asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)

# One precompiled header for the product, one for the tests; every target reuses one of them.
add_library(precompiled OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
target_link_libraries(precompiled PUBLIC boost_asio fmt::fmt)
target_precompile_headers(precompiled PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.h)
add_library(precompiled_tests OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
target_link_libraries(precompiled_tests PUBLIC boost_asio fmt::fmt GTest::gmock)
target_precompile_headers(precompiled_tests PRIVATE
  ${CMAKE_SOURCE_DIR}/cmake/precompiled.h <gmock/gmock.h> <gtest/gtest.h>)
set(tests_compile_options -O0)
target_compile_options(precompiled_tests PRIVATE ${tests_compile_options})
# Clang writes the path of its source into a precompiled header and refuses it once that is gone. The cache gives
# one checkout what another compiled (see toolchain.cmake), so these two never pass through it.
set_target_properties(precompiled precompiled_tests PROPERTIES CXX_COMPILER_LAUNCHER "")
