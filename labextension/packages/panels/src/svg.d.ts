// SPDX-License-Identifier: Apache-2.0
declare module '*.svg' {
  const source: string;
  export default source;
}
