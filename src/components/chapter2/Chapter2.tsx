/** Chapter 2, "The optimal policy": the derivation line by line, and beside it a policy that can be dragged. */
import { msg } from '../../sim/msg.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Derivation } from '../derivation/Derivation.tsx';
import { BetaStrip } from './BetaStrip.tsx';
import { DragBars } from './DragBars.tsx';
import { WorthHeadline } from './WorthHeadline.tsx';
import './chapter2.css';

export function Chapter2() {
  return (
    <ChapterPage
      id={2} question={msg`Which policy is best?`} headline={<WorthHeadline />}
      charts={<Derivation chapter={2} />} side={<DragBars />} setup={<BetaStrip />}
    />
  );
}
