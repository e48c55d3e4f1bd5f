// SPDX-License-Identifier: Apache-2.0

/** Where the daemon's API is, below the Jupyter server's base URL. */
export const API_PATH = 'firesteel/api/v1';
/** Where the Spark UIs are, below the Jupyter server's base URL. */
export const SPARK_UI_PATH = 'firesteel/ui';

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
  query: Readonly<Record<string, string | number | boolean | undefined>> = {}
): string {
  const path = segments.map(encodeURIComponent).join('/');
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      parameters.append(name, String(value));
    }
  }
  const search = parameters.toString();
  return `${rootOf(base)}/${API_PATH}/${path}${search && '?' + search}`;
}

/**
 * Address of a connection's Spark UI, as pages of the Jupyter server.
 *
 * @param base Jupyter's base URL, with or without a slash at its end
 * @param name the connection's
 */
export function sparkUiUrl(base: string, name: string): string {
  return `${rootOf(base)}/${SPARK_UI_PATH}/${encodeURIComponent(name)}/`;
}

function rootOf(base: string): string {
  return base.endsWith('/') ? base.slice(0, -1) : base;
}
