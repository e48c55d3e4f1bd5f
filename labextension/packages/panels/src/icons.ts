// SPDX-License-Identifier: Apache-2.0
import { LabIcon } from '@jupyterlab/ui-components';
import flameSvg from '../style/icons/flame.svg';

/** A flame above a fire steel, and a spark. */
export const flameIcon = new LabIcon({
  name: 'firesteel:flame',
  svgstr: flameSvg
});
