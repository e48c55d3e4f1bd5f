// SPDX-License-Identifier: Apache-2.0
import type { Connection } from '@firesteel/client';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';

/** The code that gives a notebook its session on this connection. */
export function sessionCode(
  connection: Pick<Connection, 'name' | 'is_default'>
): string {
  // A name is letters, digits, dot, hyphen and underscore: nothing to escape.
  const argument = connection.is_default ? '' : `name="${connection.name}"`;
  return `%load_ext firesteel\nspark = get_spark_session(${argument})`;
}

/** Whether code can be inserted into this notebook now. */
export function canInsert(panel: NotebookPanel | null): boolean {
  const model = panel?.content.model;
  return Boolean(model && !model.readOnly);
}

/**
 * Put code into the notebook's current cell if that is an empty code cell, else
 * into a new code cell below it, and make that cell the current one. What is
 * in the notebook already stays as it is.
 */
export function insertCode(panel: NotebookPanel, code: string): void {
  const notebook = panel.content;
  const model = notebook.model;
  if (!model || model.readOnly) {
    return;
  }
  const current = notebook.activeCell?.model;
  if (
    current?.type === 'code' &&
    current.sharedModel.getSource().trim() === '' &&
    current.getMetadata('editable') !== false
  ) {
    current.sharedModel.setSource(code);
  } else {
    const index = current ? notebook.activeCellIndex + 1 : 0;
    model.sharedModel.insertCell(index, {
      cell_type: 'code',
      metadata: { trusted: true },
      source: code
    });
    notebook.deselectAll();
    notebook.activeCellIndex = index;
  }
  notebook.mode = 'command';
  reveal(notebook);
}

function reveal(notebook: Notebook): void {
  // Scrolling is refused when the notebook is closed meanwhile; nothing is lost.
  notebook.scrollToItem(notebook.activeCellIndex).catch(() => undefined);
}
