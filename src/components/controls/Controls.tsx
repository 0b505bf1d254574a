/** The controls: β first, then policy and seeds; everything else of the parameter table behind "More controls". */
import { Switch } from '@mantine/core';
import { PARAMS, paramOf, type NumberParam, type ParamId } from '../../sim/params.ts';
import { betaWords, knobWords } from '../../sim/sentences.ts';
import { useLab } from '../labStore.ts';
import { BareKnob, Knob } from './Knob.tsx';
import { NumberKnob } from './NumberKnob.tsx';
import { ChangedFrom } from './PresetPicker.tsx';
import { useExperiment } from './useKnob.ts';
import './controls.css';

const FIRST: readonly ParamId[] = ['beta', 'policy', 'seeds'];
const BETA = paramOf('beta') as NumberParam;

export function Controls() {
  return (
    <section className="controls" aria-label="Controls">
      <Beta />
      <BareKnob param={paramOf('policy')} brief />
      <BareKnob param={paramOf('seeds')} />
      <MoreControls />
      <ChangedFrom />
    </section>
  );
}

function Beta() {
  const experiment = useExperiment();
  const swept = experiment.sweep?.beta;
  if (swept) {
    return <p className="knob-explanation">β is swept over {swept.map(knobWords).join(', ')}: every seed is trained once at each. Leave the sweep to move β by hand.</p>;
  }
  return (
    <div className="knob-row">
      <NumberKnob
        param={BETA} name="β" ticks={[0.01, 0.1, 1, 10]}
        heading={<><b>β</b>, {betaWords(experiment)}</>}
      />
    </div>
  );
}

function MoreControls() {
  const experiment = useExperiment();
  const retuning = useLab((lab) => lab.retuning);
  const set = useLab((lab) => lab.set);
  const rows = PARAMS.filter((param) => !FIRST.includes(param.id) && param.appliesTo(experiment));
  return (
    <details className="more-controls">
      <summary>More controls</summary>
      <div className="more-list">
      <Switch
        className="more-retune" size="xs" checked={retuning} onChange={(event) => set({ retuning: event.currentTarget.checked })}
        label="Change β and learning rate while it runs" description="Off: a changed control starts over from the reference."
      />
      {rows.map((param) => <Knob key={param.id} param={param} />)}
      </div>
    </details>
  );
}
