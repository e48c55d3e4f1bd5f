# SPDX-License-Identifier: Apache-2.0
# What the wheel holds beside the binary and the Python package; included when scikit-build-core configures.

install(TARGETS firesteel RUNTIME DESTINATION ${SKBUILD_SCRIPTS_DIR} COMPONENT wheel)

set(labextension ${CMAKE_CURRENT_LIST_DIR}/firesteel/labextension)
if(NOT EXISTS ${labextension}/package.json)
  message(FATAL_ERROR "The panel is not built: ${labextension}/package.json is missing. Run `make build` first.")
endif()
file(READ ${labextension}/package.json package)
string(JSON name GET "${package}" name)

set(jupyter ${SKBUILD_DATA_DIR}/share/jupyter/labextensions/${name})
install(DIRECTORY ${labextension}/ DESTINATION ${jupyter} COMPONENT wheel)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/install.json DESTINATION ${jupyter} COMPONENT wheel)
install(FILES ${CMAKE_CURRENT_LIST_DIR}/jupyter_server_config.json
  DESTINATION ${SKBUILD_DATA_DIR}/etc/jupyter/jupyter_server_config.d RENAME firesteel.json COMPONENT wheel)
