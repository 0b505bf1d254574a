/** Chapter 5, "Why is DPO biased?": one sentence, the masses over time, the responses by name, one knob. */
import { Controls } from '../controls/Controls.tsx';
import { PresetPicker } from '../controls/PresetPicker.tsx';
import { useExperiment } from '../controls/useKnob.ts';
import { useLab } from '../labStore.ts';
import { LossPanel } from '../panels/LossPanel.tsx';
import { MassPanel } from '../panels/MassPanel.tsx';
import { ResponsesPanel } from '../panels/ResponsesPanel.tsx';
import { AllNumbers } from './AllNumbers.tsx';
import { Headline } from './Headline.tsx';
import { Pairs } from './Pairs.tsx';
import { SecondRank } from './SecondRank.tsx';
import './Chapter5.css';

export function Chapter5() {
  return (
    <div className="chapter" id="chapter-5">
      <div className="chapter-first">
        <div className="chapter-title">
          <PresetPicker />
          <h1>Where will the probability go?</h1>
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
        </div>
      </div>
      <SecondRank />
      <AllNumbers />
    </div>
  );
}

const ALGORITHMS = { dpo: 'DPO', 'online-dpo': 'Online DPO', ppo: 'PPO', exact: 'Gradient ascent on the exact objective' } as const;

/** What the experiment is, in two short sentences; the preset's question where it differs from the headline. */
function Lead() {
  const { preferences, algorithm, reference } = useExperiment();
  const lookFor = useLab((lab) => lab.origin.lookFor);
  const pairs = 'pairs' in preferences ? preferences.pairs.length : preferences.sampled.count;
  const sentences = reference.kind === 'corpus' ? reference.corpus.filter((entry) => entry.weight > 0).length : null;
  const knows = sentences === null ? 'The reference makes sentences word by word.' : `The policy starts out knowing ${sentences} sentences.`;
  const trains = algorithm.kind === 'exact'
    ? 'Gradient ascent on the exact objective shows the yardstick.'
    : `People prefer one of each pair; ${ALGORITHMS[algorithm.kind]} trains on ${pairs === 1 ? 'that one pair' : `those ${pairs} pairs`}.`;
  return <p className="chapter-lead" title={lookFor || undefined}>{knows} {trains}</p>;
}
