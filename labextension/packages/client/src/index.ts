// SPDX-License-Identifier: Apache-2.0
export * from './activity';
export * from './api';
export * from './emitter';
export * from './errors';
export * from './eventstream';
export * from './store';
export * from './types';
export * from './urls';
