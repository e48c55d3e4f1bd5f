// SPDX-License-Identifier: Apache-2.0

/** Where the daemon's API is, below the Jupyter server's base URL. */
export const API_PATH = 'firesteel/api/v1';

/**
 * Address of a resource of the API.
 *
 * @param base Jupyter's base URL (`http:` or `ws:`), with or without a slash at its end
 * @param segments path below the API's root; each is encoded
 * @param query parameters; those that are undefined are left out
 */
export function apiUrl(
  base: string,
  segments: readonly string[],
  query: Readonly<Record<string, string | number | undefined>> = {}
): string {
  const path = segments.map(encodeURIComponent).join('/');
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      parameters.append(name, String(value));
    }
  }
  const search = parameters.toString();
  const root = base.endsWith('/') ? base.slice(0, -1) : base;
  return `${root}/${API_PATH}/${path}${search && '?' + search}`;
}
