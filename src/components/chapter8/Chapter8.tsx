/** Chapter 8: the same world, the same seeds, several methods. */
import { msg } from '../../sim/msg.ts';
import { sideBySideSentence } from '../../sim/sentences8.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, type Sentence } from '../chapter/Headline.tsx';
import { DuelPanel } from './DuelPanel.tsx';
import { FrontierPanel } from './FrontierPanel.tsx';
import { MethodGrid } from './MethodGrid.tsx';
import { MethodPicker } from './MethodPicker.tsx';
import { useSeriesKeeper } from './series.ts';
import { sideBySide } from './useMethods.ts';

/** A single experiment, as the picture of another chapter that is being replaced, has its own sentence. */
export const sentence: Sentence = (run) => (run.others.length > 0 ? sideBySideSentence(sideBySide(run)) : massSentence(run));

const MOST_METHODS = 6;

export function Chapter8() {
  useSeriesKeeper();
  return (
    <ChapterPage
      id={8}
      question={msg`Who ends where?`}
      headline={<Headline sentence={sentence} />}
      charts={<MethodGrid />}
      setup={<MethodPicker most={MOST_METHODS} />}
      wide={<div className="chapter8-wide"><FrontierPanel /><DuelPanel /></div>}
    />
  );
}
