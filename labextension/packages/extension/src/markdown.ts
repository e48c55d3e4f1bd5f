// SPDX-License-Identifier: Apache-2.0
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';

const MIME = 'text/markdown';

/**
 * Show Markdown in an element, by Lab's own renderer and its sanitizer.
 *
 * @returns what ends it
 */
export function showMarkdown(
  rendermime: IRenderMimeRegistry,
  source: string,
  host: HTMLElement
): () => void {
  const renderer = rendermime.createRenderer(MIME);
  const model = rendermime.createModel({
    data: { [MIME]: withoutHtml(source) },
    trusted: false
  });
  // Not attached as a widget: it would refuse to be disposed of when its host has
  // left the page before it.
  host.append(renderer.node);
  renderer.renderModel(model).catch(() => {
    // As text it can be read, too.
    renderer.node.textContent = source;
  });
  return () => {
    renderer.node.remove();
    renderer.dispose();
  };
}

/** HTML and pictures as the text that they are; code is text anyway. */
export function withoutHtml(source: string): string {
  return source
    .split(/(`+[^`]+`+)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll('![', '!\\[')
    )
    .join('');
}
