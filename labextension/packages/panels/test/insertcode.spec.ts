// SPDX-License-Identifier: Apache-2.0
import { YNotebook } from '@jupyter/ydoc';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { canInsert, insertCode, sessionCode } from '../src/insertcode';

const CODE = sessionCode({ name: 'n', is_default: true });

interface ICellSample {
  cell_type: 'code' | 'markdown';
  source: string;
  metadata?: Record<string, boolean>;
}

/** A notebook panel around a real shared notebook; its view is a stand-in. */
function panelOf(cells: ICellSample[], active: number, readOnly = false) {
  const shared = YNotebook.create();
  shared.insertCells(
    0,
    cells.map(cell => ({ metadata: {}, ...cell }))
  );
  const content = {
    model: { readOnly, sharedModel: shared },
    activeCellIndex: active,
    mode: 'edit',
    deselectAll: jest.fn(),
    scrollToItem: jest.fn(() => Promise.resolve()),
    get activeCell() {
      const cell = shared.cells[content.activeCellIndex];
      return cell
        ? {
            model: {
              type: cell.cell_type,
              sharedModel: cell,
              getMetadata: (key: string) => cell.getMetadata(key)
            }
          }
        : null;
    }
  };
  return {
    panel: { content } as unknown as NotebookPanel,
    content,
    sources: () => shared.cells.map(cell => `${cell.cell_type}:${cell.source}`)
  };
}

beforeEach(() => {
  // The shared model itself reads cells before they are in a notebook, which its
  // library warns of.
  jest.spyOn(console, 'warn').mockImplementation();
});

describe('the code', () => {
  test('names the connection only when it is not the default', () => {
    expect(sessionCode({ name: 'n', is_default: true })).toBe(
      '%load_ext firesteel\nspark = get_spark_session()'
    );
    expect(sessionCode({ name: 'yarn-1', is_default: false })).toBe(
      '%load_ext firesteel\nspark = get_spark_session(name="yarn-1")'
    );
  });
});

describe('inserting', () => {
  test('fills the current cell when it is empty', () => {
    const { panel, content, sources } = panelOf(
      [
        { cell_type: 'code', source: 'a' },
        { cell_type: 'code', source: ' \n' }
      ],
      1
    );
    insertCode(panel, CODE);
    expect(sources()).toEqual(['code:a', `code:${CODE}`]);
    expect(content.activeCellIndex).toBe(1);
    expect(content.scrollToItem).toHaveBeenCalledWith(1);
  });

  test('makes a cell below one that is not empty', () => {
    const { panel, content, sources } = panelOf(
      [
        { cell_type: 'code', source: 'a' },
        { cell_type: 'code', source: 'b' }
      ],
      0
    );
    insertCode(panel, CODE);
    expect(sources()).toEqual(['code:a', `code:${CODE}`, 'code:b']);
    expect(content.activeCellIndex).toBe(1);
  });

  test('never writes code into a cell of text, even an empty one', () => {
    const { panel, sources } = panelOf(
      [{ cell_type: 'markdown', source: '' }],
      0
    );
    insertCode(panel, CODE);
    expect(sources()).toEqual(['markdown:', `code:${CODE}`]);
  });

  test('leaves a cell alone that may not be edited', () => {
    const { panel, sources } = panelOf(
      [{ cell_type: 'code', source: '', metadata: { editable: false } }],
      0
    );
    insertCode(panel, CODE);
    expect(sources()).toEqual(['code:', `code:${CODE}`]);
  });

  test('works in a notebook without cells', () => {
    const { panel, sources } = panelOf([], -1);
    insertCode(panel, CODE);
    expect(sources()).toEqual([`code:${CODE}`]);
  });

  test('does nothing in a notebook that is read only', () => {
    const { panel, sources } = panelOf(
      [{ cell_type: 'code', source: '' }],
      0,
      true
    );
    expect(canInsert(panel)).toBe(false);
    insertCode(panel, CODE);
    expect(sources()).toEqual(['code:']);
  });

  test('needs a notebook', () => {
    expect(canInsert(null)).toBe(false);
    expect(canInsert(panelOf([], -1).panel)).toBe(true);
  });
});
