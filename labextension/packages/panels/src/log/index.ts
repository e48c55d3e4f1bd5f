// SPDX-License-Identifier: Apache-2.0
export * from './linetext';
export * from './model';
export * from './options';
export * from './widget';
