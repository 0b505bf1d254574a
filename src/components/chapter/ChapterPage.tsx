/** The frame of every chapter: title, sentence, charts, bars, controls, and what waits below the fold. */
import type { ReactNode } from 'react';
import type { ChapterId } from '../chapters.ts';
import { Controls } from '../controls/Controls.tsx';
import { PresetPicker } from '../controls/PresetPicker.tsx';
import { PhoneChapterNav } from '../frame/ChapterNav.tsx';
import { useLab } from '../labStore.ts';
import { PredictionCard } from '../predict/PredictionCard.tsx';
import { useHidden } from '../share/hideable.ts';
import { PrintPage } from '../takeaway/PrintPage.tsx';
import { AllNumbers } from './AllNumbers.tsx';
import { Preparation } from './Headline.tsx';
import { Lead, LookFor } from './Lead.tsx';
import { SecondRank } from './SecondRank.tsx';
import { SlidesOtherwise } from './SlidesOtherwise.tsx';
import './chapter.css';

interface ChapterPageProps {
  id: ChapterId;
  /** The chapter's question, its heading. */
  question: string;
  /** The generated sentence (`Headline`). */
  headline: ReactNode;
  /** One or two panels under the sentence. */
  charts: ReactNode;
  /** The panel at the right; without one the charts take its room. */
  side?: ReactNode;
  /** Above the controls. */
  setup?: ReactNode;
  /** Over the whole width below the first screen. */
  wide?: ReactNode;
}

export function ChapterPage({ id, question, headline, charts, side: ownSide, setup, wide }: ChapterPageProps) {
  const side = useHidden('responses') ? null : ownSide;
  const [noSentence, noPrediction, noPanels] = [useHidden('sentence'), useHidden('predict'), useHidden('panels')];
  const embedded = useLab((lab) => lab.embedded);
  return (
    <div className="chapter" id={`chapter-${id}`}>
      <div className="chapter-first" data-sides={side ? 2 : 1}>
        <div className="chapter-title">
          <div className="chapter-choices"><PhoneChapterNav /><PresetPicker /></div>
          <h1>{question}</h1>
          <Lead without={question} />
          {!noPrediction && <PredictionCard />}
        </div>
        <div className="chapter-story">
          {noSentence ? <Preparation /> : headline}
          <div className="chapter-charts">{charts}</div>
        </div>
        {side && <div className="chapter-responses">{side}</div>}
        <div className="chapter-setup">
          {setup}
          <Controls />
          <LookFor />
        </div>
      </div>
      {wide && <div className="chapter-wide">{wide}</div>}
      <SecondRank chapter={id} />
      <SlidesOtherwise chapter={id} />
      {!embedded && !noPanels && <AllNumbers />}
      <PrintPage />
    </div>
  );
}
