// SPDX-License-Identifier: Apache-2.0
import { METADATA_KEY, type INotebook } from '@firesteel/panels';
import type { NotebookPanel } from '@jupyterlab/notebook';

/** The notebook's metadata, by the model that Lab saves and shares. */
export function notebookOf(panel: NotebookPanel): INotebook | undefined {
  const model = panel.content.model;
  if (!model) {
    return undefined;
  }
  return {
    get path() {
      return panel.context.localPath;
    },
    get readOnly() {
      return model.readOnly;
    },
    read: () => model.getMetadata(METADATA_KEY) as unknown,
    write: value => {
      if (value) {
        model.setMetadata(METADATA_KEY, value);
      } else {
        model.deleteMetadata(METADATA_KEY);
      }
    },
    subscribe: listener => {
      const onChanged = (_: unknown, change: { key: string }): void => {
        if (change.key === METADATA_KEY) {
          listener();
        }
      };
      model.metadataChanged.connect(onChanged);
      return () => {
        model.metadataChanged.disconnect(onChanged);
      };
    }
  };
}
