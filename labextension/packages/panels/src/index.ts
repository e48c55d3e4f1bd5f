// SPDX-License-Identifier: Apache-2.0
export * from './activitywords';
export * from './commands';
export * from './format';
export * from './icons';
export * from './insertcode';
export * from './log';
export * from './model';
export * from './panelwidget';
export * from './problem';
export * from './sparkuistate';
export * from './sparkuiwidget';
export * from './tokens';
