// SPDX-License-Identifier: Apache-2.0
// What browsers have and jsdom has not, as far as JupyterLab's modules ask for it
// when they are loaded.
const { TextDecoder, TextEncoder } = require('util');

if (typeof window !== 'undefined') {
  Object.assign(globalThis, { TextDecoder, TextEncoder });
  globalThis.DragEvent ??= class DragEvent extends Event {};
  globalThis.ResizeObserver ??= class ResizeObserver {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  globalThis.requestIdleCallback ??= callback => setTimeout(callback);
  globalThis.matchMedia ??= () => ({
    matches: false,
    addListener() {},
    removeListener() {}
  });
  globalThis.document.queryCommandSupported ??= () => false;
  globalThis.navigator.clipboard ??= { writeText: () => Promise.resolve() };
}
