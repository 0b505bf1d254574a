/** Chapter 5, "Why is DPO biased?": one sentence, the masses over time, the responses by name, one knob. */
import { Controls } from '../controls/Controls.tsx';
import { PresetPicker } from '../controls/PresetPicker.tsx';
import { useExperiment } from '../controls/useKnob.ts';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';
import { same } from '../../sim/experimentPrint.ts';
import { LossPanel } from '../panels/LossPanel.tsx';
import { MassPanel } from '../panels/MassPanel.tsx';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';
import { AllNumbers } from './AllNumbers.tsx';
import { Headline } from './Headline.tsx';
import { Pairs } from './Pairs.tsx';
import { SecondRank } from './SecondRank.tsx';
import './Chapter5.css';

const TITLE = 'Where will the probability go?';

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

/** The preset's question; for an opened file, what it is. */
function Lead() {
  const question = useLab((lab) => lab.origin.question);
  const { preferences, reference } = useExperiment();
  if (question !== '') return <p className="chapter-lead">{question.replace(TITLE, '').trim()}</p>;
  const pairs = 'pairs' in preferences ? preferences.pairs.length : preferences.sampled.count;
  const known = reference.kind === 'corpus' ? `knows ${counted(reference.corpus.length, 'sentence')}` : 'makes sentences word by word';
  return <p className="chapter-lead">The reference {known}; training uses {counted(pairs, 'pair')}.</p>;
}

function counted(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`;
}

/** What the preset promises, once there is something to compare it with; not for a changed experiment. */
function LookFor() {
  const origin = useLab((lab) => lab.origin);
  const begun = useRun((run) => run.step > 0);
  const experiment = useExperiment();
  if (origin.lookFor === '' || !begun || !same(origin.experiment, experiment)) return null;
  return <p className="look-for"><b>Look for:</b> {origin.lookFor}</p>;
}
