# SPDX-License-Identifier: Apache-2.0
# firesteel_module(<name> SOURCES … [USES <modules and libraries>] [TESTS …] [TEST_USES …])
#
# One library per module with its own include root, so that an include against the direction of the arrows fails to
# compile. Test files become one executable, run by ctest with the label `unit`.
function(firesteel_module name)
  cmake_parse_arguments(M "" "" "SOURCES;USES;TESTS;TEST_USES" ${ARGN})
  set(target firesteel_${name})
  if(M_SOURCES)
    add_library(${target} STATIC ${M_SOURCES})
    target_include_directories(${target} PUBLIC include PRIVATE src)
    target_link_libraries(${target} PUBLIC ${M_USES})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE include)
    target_link_libraries(${target} INTERFACE ${M_USES})
  endif()
  if(FIRESTEEL_TESTS AND M_TESTS)
    add_executable(${name}_test ${M_TESTS})
    target_include_directories(${name}_test PRIVATE src)
    target_link_libraries(${name}_test PRIVATE ${target} ${M_TEST_USES} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name}_test PROPERTIES LABELS unit TIMEOUT 60)
  endif()
endfunction()
