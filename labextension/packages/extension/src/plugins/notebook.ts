// SPDX-License-Identifier: Apache-2.0
import { IFiresteel } from '@firesteel/panels';
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { COMM_TARGET, KernelRequests } from '../kernelcomm';
import { notebookOf } from '../notebooksource';

/** Answer the notebook's kernel, and those that come after it. */
function answerKernel(panel: NotebookPanel, requests: KernelRequests): void {
  const listen = (kernel: Kernel.IKernelConnection | null | undefined): void =>
    kernel?.registerCommTarget(COMM_TARGET, (comm, message) => {
      const answer = requests.answer(notebookOf(panel), message.content.data);
      // Its end carries the answer: nothing of it stays.
      comm.close({ ...answer });
    });
  listen(panel.sessionContext.session?.kernel);
  panel.sessionContext.kernelChanged.connect((_, { newValue }) =>
    listen(newValue)
  );
}

/** What the active notebook asks for, and what its kernel asks for. */
export const notebookPlugin: JupyterFrontEndPlugin<void> = {
  id: '@firesteel/labextension:notebook',
  description: 'Follows the Spark configuration that notebooks keep.',
  autoStart: true,
  requires: [IFiresteel, INotebookTracker],
  optional: [ITranslator],
  activate: (
    _app: JupyterFrontEnd,
    firesteel: IFiresteel,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('firesteel');
    const { attached } = firesteel.model;
    const follow = async (panel: NotebookPanel | null): Promise<void> => {
      attached.follow(undefined);
      // The metadata is there only when the notebook has been read.
      await panel?.context.ready;
      if (panel && !panel.isDisposed && tracker.currentWidget === panel) {
        attached.follow(notebookOf(panel));
      }
    };
    const added = (panel: NotebookPanel): void =>
      answerKernel(panel, new KernelRequests(firesteel, trans));
    tracker.currentChanged.connect((_, panel) => void follow(panel));
    tracker.widgetAdded.connect((_, panel) => added(panel));
    tracker.forEach(added);
    void follow(tracker.currentWidget);
  }
};
