/** Chapter 5, "Why is DPO biased?": one sentence, the masses over time, the responses by name, one knob. */
import { msg } from '../../sim/msg.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence } from '../chapter/Headline.tsx';
import { Pairs } from '../chapter/Pairs.tsx';
import { LossPanel } from '../panels/LossPanel.tsx';
import { MassPanel } from '../panels/MassPanel.tsx';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';

export function Chapter5() {
  return (
    <ChapterPage
      id={5} question={msg`Where will the probability go?`} headline={<Headline sentence={massSentence} />}
      charts={<><MassPanel /><LossPanel /></>} side={<ResponsesPanel />} setup={<Pairs />}
    />
  );
}
