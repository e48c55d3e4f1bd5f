// SPDX-License-Identifier: Apache-2.0

/** Put text into the clipboard; gives false where the browser refuses. */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    // In an insecure context there is no `navigator.clipboard`.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return writeByEvent(text);
  }
}

/** The old way, which insecure contexts have too. */
function writeByEvent(text: string): boolean {
  let written = false;
  const onCopy = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    event.stopImmediatePropagation();
    written = event.clipboardData !== null;
  };
  document.addEventListener('copy', onCopy, true);
  try {
    return document.execCommand('copy') && written;
  } catch {
    return false;
  } finally {
    document.removeEventListener('copy', onCopy, true);
  }
}
