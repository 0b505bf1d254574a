/** Chapter 9: remedies that need no new data. */
import { msg } from '../../sim/msg.ts';
import { remediesSentence } from '../../sim/sentences9.ts';
import { ChapterPage } from '../chapter/ChapterPage.tsx';
import { Headline, massSentence, type Sentence } from '../chapter/Headline.tsx';
import { MethodPicker } from '../chapter8/MethodPicker.tsx';
import { useSeriesKeeper } from '../chapter8/series.ts';
import { sideBySide } from '../chapter8/useMethods.ts';
import { RemedyPanel } from './RemedyPanel.tsx';
import { WorldsPanel } from './WorldsPanel.tsx';

/** A single experiment, as the picture of another chapter that is being replaced, has its own sentence. */
export const sentence: Sentence = (run) => (run.others.length > 0 ? remediesSentence(sideBySide(run)) : massSentence(run));

/** Plain DPO and seven others. */
const MOST_METHODS = 8;

export function Chapter9() {
  useSeriesKeeper();
  return (
    <ChapterPage
      id={9}
      question={msg`Can it be fixed without new data?`}
      headline={<Headline sentence={sentence} />}
      charts={<RemedyPanel />}
      setup={<MethodPicker most={MOST_METHODS} fixed="dpo" />}
      wide={<WorldsPanel />}
    />
  );
}
