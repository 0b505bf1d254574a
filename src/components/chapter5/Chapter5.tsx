/** Chapter 5, "Why is DPO biased?": one sentence, the masses over time, the responses by name, one knob. */
import { Controls } from '../controls/Controls.tsx';
import { PresetPicker } from '../controls/PresetPicker.tsx';
import { LossPanel } from '../panels/LossPanel.tsx';
import { MassPanel } from '../panels/MassPanel.tsx';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';
import { AllNumbers } from './AllNumbers.tsx';
import { Headline } from './Headline.tsx';
import { Lead, LookFor, TITLE } from './Lead.tsx';
import { Pairs } from './Pairs.tsx';
import { SecondRank } from './SecondRank.tsx';
import './Chapter5.css';

export function Chapter5() {
  return (
    <div className="chapter" id="chapter-5">
      <div className="chapter-first">
        <div className="chapter-title">
          <PresetPicker />
          <h1>{TITLE}</h1>
          <Lead />
        </div>
        <div className="chapter-story">
          <Headline />
          <div className="chapter-charts">
            <MassPanel />
            <LossPanel />
          </div>
        </div>
        <div className="chapter-responses"><ResponsesPanel /></div>
        <div className="chapter-setup">
          <Pairs />
          <Controls />
          <LookFor />
        </div>
      </div>
      <SecondRank />
      <AllNumbers />
    </div>
  );
}
