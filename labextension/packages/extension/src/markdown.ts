// SPDX-License-Identifier: Apache-2.0
import type { IRenderMime, IRenderMimeRegistry } from '@jupyterlab/rendermime';

const MIME = 'text/markdown';

/** What words need. Lab's own list has pictures, and buttons that run commands of Lab. */
const TAGS = [
  ...['a', 'b', 'blockquote', 'br', 'code', 'del', 'em', 'hr', 'i', 'li', 'ol'],
  ...['p', 'pre', 'strong', 'ul', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  ...['table', 'tbody', 'td', 'th', 'thead', 'tr']
];

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
  const sanitizer = wordsOnly(rendermime.sanitizer);
  const renderer = rendermime.clone({ sanitizer }).createRenderer(MIME);
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

/**
 * Lab's sanitizer, and stricter: where code ends in `withoutHtml` isn't always
 * where it ends for Lab's parser.
 */
function wordsOnly(labs: IRenderMime.ISanitizer): IRenderMime.ISanitizer {
  return {
    sanitize: (dirty, options) =>
      labs.sanitize(dirty, {
        ...options,
        allowedTags: TAGS,
        allowedAttributes: { a: ['href', 'title'] }
      }),
    getAutolink: () => false,
    allowNamedProperties: false,
    allowCommandLinker: false
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
