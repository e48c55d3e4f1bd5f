// SPDX-License-Identifier: Apache-2.0
import {
  RenderMimeRegistry,
  standardRendererFactories
} from '@jupyterlab/rendermime';
import { waitFor } from '@testing-library/react';
import { showMarkdown, withoutHtml } from '../src/markdown';

test.each([
  ['a **b** `c`', 'a **b** `c`'],
  ['a < b && c > d', 'a &lt; b &amp;&amp; c > d'],
  ['<b>x</b> `<b>y</b>`', '&lt;b>x&lt;/b> `<b>y</b>`'],
  ['one ` is no code <i>', 'one ` is no code &lt;i>'],
  ['![](http://elsewhere/seen.png)', '!\\[](http://elsewhere/seen.png)'],
  [
    'see [this](https://spark.apache.org)',
    'see [this](https://spark.apache.org)'
  ]
])('of %s the HTML is text: %s', (source, expected) => {
  expect(withoutHtml(source)).toBe(expected);
});

describe('in an element', () => {
  /** As Lab has it, with a parser that lets all HTML through. */
  function registry(render: (source: string) => string): RenderMimeRegistry {
    return new RenderMimeRegistry({
      initialFactories: standardRendererFactories,
      markdownParser: { render: source => Promise.resolve(render(source)) }
    });
  }

  let host: HTMLElement;

  beforeEach(() => {
    host = document.createElement('div');
    document.body.append(host);
  });

  afterEach(() => host.remove());

  async function shown(
    source: string,
    render: (source: string) => string
  ): Promise<() => void> {
    const end = showMarkdown(registry(render), source, host);
    await waitFor(() => expect(host).not.toBeEmptyDOMElement());
    await waitFor(() => expect(host.textContent).not.toBe(''));
    return end;
  }

  test('it is shown, and goes when it ends', async () => {
    const end = await shown(
      'disk',
      source => `<p><strong>${source}</strong></p>`
    );
    expect(host.querySelector('strong')?.textContent).toBe('disk');
    end();
    expect(host.childElementCount).toBe(0);
  });

  test('it can end after its host has left the page', async () => {
    const end = await shown('disk', source => `<p>${source}</p>`);
    host.remove();
    expect(end).not.toThrow();
  });

  test.each([
    '<img src=x onerror="alert(1)">',
    '<script>alert(1)</script>',
    '<a href="javascript:alert(1)">x</a>',
    '<iframe src="http://elsewhere"></iframe>',
    '<style>body{display:none}</style>',
    '<img src="http://elsewhere/seen.png">',
    '<b style="position:fixed">x</b>',
    '<button data-commandlinker-command="terminal:create-new">x</button>'
  ])('%s does no harm, even from a parser that makes it', async hostile => {
    await shown('x', () => `<p>before ${hostile}</p>`);
    expect(host).toHaveTextContent('before');
    expect(
      host.querySelector('script, iframe, style, img, button, p [style]')
    ).toBeNull();
    for (const element of host.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^on|^data-commandlinker/);
        expect(value).not.toMatch(/javascript:/);
      }
    }
  });
});
