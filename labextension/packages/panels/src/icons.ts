// SPDX-License-Identifier: Apache-2.0
import { LabIcon } from '@jupyterlab/ui-components';
import flameSvg from '../style/icons/flame.svg';
import followSvg from '../style/icons/follow.svg';
import wrapSvg from '../style/icons/wrap.svg';

/** A flame above a fire steel, and a spark. */
export const flameIcon = new LabIcon({
  name: 'firesteel:flame',
  svgstr: flameSvg
});

/** Down to the last line. */
export const followIcon = new LabIcon({
  name: 'firesteel:follow',
  svgstr: followSvg
});

/** A line that goes on in the next. */
export const wrapIcon = new LabIcon({
  name: 'firesteel:wrap',
  svgstr: wrapSvg
});
