// SPDX-License-Identifier: Apache-2.0

/**
 * The commands that the panel's buttons, its menus and the palette share. Those
 * that act on a connection take `{ name }`; without it they act on the default
 * connection, else on the only one.
 */
export const CommandIDs = {
  /** Keep what a connection runs with in the active notebook. */
  attachConfig: 'firesteel:attach-config',
  copyEndpoint: 'firesteel:copy-endpoint',
  detachConfig: 'firesteel:detach-config',
  edit: 'firesteel:edit',
  /** Of the open form's own options. */
  exportOptions: 'firesteel:export-options',
  /** Into the form; it opens if it is closed. */
  importOptions: 'firesteel:import-options',
  insertCode: 'firesteel:insert-code',
  /**
   * Of `{ name, session_id, operation_id }` the operation, of
   * `{ name, session_id }` what the session runs, else all of the connection.
   */
  interrupt: 'firesteel:interrupt',
  makeDefault: 'firesteel:make-default',
  newConnection: 'firesteel:new-connection',
  /** Of `{ name, session_id }`; without them it does nothing. */
  releaseSession: 'firesteel:release-session',
  remove: 'firesteel:remove',
  removePreset: 'firesteel:remove-preset',
  restart: 'firesteel:restart',
  /** Fill the form with what the active notebook asks for. */
  reviewAttached: 'firesteel:review-attached',
  savePreset: 'firesteel:save-preset',
  showConfigDifference: 'firesteel:show-config-difference',
  /** Of `{ name, line }` at this line (a number from 0 on); else where it was, or at the end. */
  showLog: 'firesteel:show-log',
  showPanel: 'firesteel:show-panel',
  showSparkUi: 'firesteel:show-spark-ui',
  showSparkUiInBrowser: 'firesteel:show-spark-ui-in-browser',
  start: 'firesteel:start',
  /** Start the connection that the active notebook asks for. */
  startAttached: 'firesteel:start-attached',
  stop: 'firesteel:stop'
} as const;
