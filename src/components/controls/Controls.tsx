/** The controls: β first, then policy and seeds; everything else of the parameter table behind "More controls". */
import { Switch } from '@mantine/core';
import { PARAMS, paramOf, type NumberParam, type ParamId } from '../../sim/params.ts';
import { focusBeta } from '../../sim/focus.ts';
import { betaWords, knobWords } from '../../sim/sentences.ts';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';
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
      <div className="controls-second">
        <BareKnob param={paramOf('policy')} brief />
        <BareKnob param={paramOf('seeds')} />
      </div>
      <MoreControls />
      <ChangedFrom />
    </section>
  );
}

function Beta() {
  const experiment = useExperiment();
  const focus = useRun((run) => run.focus);
  const swept = experiment.sweep?.beta;
  return (
    <div className="knob-row">
      <NumberKnob
        param={BETA} name="β" ticks={[0.01, 0.1, 1, 10]} {...(swept ? { fixedAt: focusBeta(experiment, focus) } : {})}
        heading={<><b>β</b>, {betaWords(experiment)}</>}
      />
      <p className="knob-hint">{swept ? sweptHint(swept) : <BetaHint />}</p>
    </div>
  );
}

function sweptHint(swept: readonly number[]): string {
  const [low, high] = [Math.min(...swept), Math.max(...swept)].map(knobWords);
  return low === high ? `swept: ${low}` : `swept: ${swept.length} values, ${low} … ${high}`;
}

/** What moving the slider does now. */
function BetaHint() {
  const state = useRun((run) => run.state);
  const begun = useRun((run) => run.step > 0);
  const retuning = useLab((lab) => lab.retuning);
  const willPlay = useLab((lab) => lab.willPlay);
  if (retuning && state !== 'failed') return 'acts from the next update on';
  if (state === 'running' || state === 'done' || (state === 'starting' && willPlay)) return 'starts over and plays';
  return begun ? 'starts over; press Play' : 'move it, then press Play';
}

/** β within reach of the thumb: in the bar at the bottom of a phone. */
export function QuickBeta() {
  const experiment = useExperiment();
  const focus = useRun((run) => run.focus);
  const fixed = experiment.sweep?.beta ? { fixedAt: focusBeta(experiment, focus) } : {};
  return <div className="quick-beta"><NumberKnob param={BETA} name="β in the bar" heading={<b>β</b>} {...fixed} /></div>;
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
        label="Change β and learning rate while it runs" description={retuning ? 'On: these two act from the next update on; every other control starts over from the reference.' : 'Off: a changed control starts over from the reference.'}
      />
      {rows.map((param) => <Knob key={param.id} param={param} />)}
      </div>
    </details>
  );
}
