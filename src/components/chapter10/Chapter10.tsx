/** Chapter 10, "Sandbox": the reader's own words, pairs and rewards, and every knob. */
import { msg } from '../../sim/msg.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence } from '../chapter/Headline.tsx';
import { Pairs } from '../chapter/Pairs.tsx';
import { LossPanel } from '../panels/LossPanel.tsx';
import { MassPanel } from '../panels/MassPanel.tsx';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';

export function Chapter10() {
  return (
    <ChapterPage
      id={10} question={msg`What will yours do?`} headline={<Headline sentence={massSentence} />}
      charts={<><MassPanel /><LossPanel /></>} side={<ResponsesPanel />} setup={<Pairs />}
    />
  );
}
