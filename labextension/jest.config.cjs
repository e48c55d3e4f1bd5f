// SPDX-License-Identifier: Apache-2.0

/** Packages that come as ES modules only and are read by Jest as CommonJS. */
const esm = [
  '@jupyterlab',
  '@jupyter',
  '@lumino',
  '@codemirror',
  '@lezer',
  '@microsoft',
  '@rjsf',
  'lib0',
  'y-.*',
  'yjs',
  'nanoid',
  'vscode-.*',
  'exenv-es6',
  'lodash-es'
].join('|');

module.exports = {
  testEnvironment: 'jsdom',
  roots: ['<rootDir>/packages'],
  testMatch: ['**/test/**/*.spec.{ts,tsx}'],
  setupFiles: ['<rootDir>/test/environment.cjs'],
  setupFilesAfterEnv: ['<rootDir>/test/setup.ts'],
  moduleNameMapper: {
    '^@firesteel/client$': '<rootDir>/packages/client/src/index.ts',
    '^@firesteel/panels$': '<rootDir>/packages/panels/src/index.ts',
    '\\.svg$': '<rootDir>/test/svg.cjs',
    '\\.css$': '<rootDir>/test/empty.cjs'
  },
  transform: {
    '^.+\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2021',
          transform: { react: { runtime: 'classic' } }
        },
        module: { type: 'commonjs' }
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esm})/)`],
  restoreMocks: true,
  testTimeout: 15000
};
