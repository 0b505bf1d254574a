/** The controls: the chapter's knob and its first ones; everything else of the parameter table behind "More controls". */
import { Switch } from '@mantine/core';
import { focusedExperiment } from '../../sim/focus.ts';
import { msg } from '../../sim/msg.ts';
import { getParam, PARAMS, paramOf, type NumberParam, type ParamId } from '../../sim/params.ts';
import { betaWords, knobWords } from '../../sim/sentences.ts';
import type { Experiment, SweepKey } from '../../sim/experiment.ts';
import { chapterOf, type Dial } from '../chapters.ts';
import { useLab } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import { useRun } from '../run.ts';
import { BareKnob, Knob, Symbol } from './Knob.tsx';
import { NumberKnob } from './NumberKnob.tsx';
import { ChangedFrom } from './PresetPicker.tsx';
import { useExperiment } from './useKnob.ts';
import './controls.css';

export function Controls() {
  const { dial, first } = useChapter();
  const experiment = useExperiment();
  const [noDial, noFirst, noMore] = [useHidden('dial'), useHidden('controls'), useHidden('more')];
  const shown = first.filter((id) => getParam(experiment, id) !== undefined && paramOf(id).appliesTo(experiment));
  if (noDial && noFirst && noMore) return null;
  return (
    <section className="controls" aria-label={msg`Controls`}>
      {dial && !noDial && <DialKnob dial={dial} />}
      {!noFirst && <div className="controls-second">{shown.map((id) => <BareKnob key={id} param={paramOf(id)} brief />)}</div>}
      {!noMore && <MoreControls />}
      <ChangedFrom />
    </section>
  );
}

function useChapter() {
  return chapterOf(useLab((lab) => lab.origin.chapter));
}

/** The value of the dial's knob where it is swept: that of the policies in focus; else undefined. */
function useSwept(id: ParamId): { values: readonly number[]; fixedAt: number } | undefined {
  const experiment = useExperiment();
  const focus = useRun((run) => run.focus);
  const values = experiment.sweep?.[id as SweepKey];
  const fixedAt = getParam(focusedExperiment(experiment, focus), id);
  return values && typeof fixedAt === 'number' ? { values, fixedAt } : undefined;
}

/** What a dial is called: its symbol or its words. */
function headingOf(param: NumberParam, experiment: Experiment) {
  if (param.id === 'beta') return <><b data-term="beta">β</b>, {betaWords(experiment)}</>;
  return <><b>{param.label}</b> <Symbol of={param} /></>;
}

const nameOf = (param: NumberParam) => (param.id === 'beta' ? 'β' : param.label);

function DialKnob({ dial }: { dial: Dial }) {
  const experiment = useExperiment();
  const swept = useSwept(dial.param);
  const param = paramOf(dial.param);
  if (param.kind === 'choice' || param.kind === 'list' || getParam(experiment, param.id) === undefined) return null;
  return (
    <div className="knob-row">
      <NumberKnob
        param={param} name={nameOf(param)} ticks={dial.ticks} {...(swept ? { fixedAt: swept.fixedAt } : {})}
        heading={headingOf(param, experiment)} {...(dial.words ? { words: (value: number) => dial.words?.(value, experiment) ?? null } : {})}
      />
      <p className="knob-hint">{swept ? sweptHint(swept.values, (value) => dial.words?.(value, experiment) ?? knobWords(value)) : <DialHint retunes={param.retune} />}</p>
    </div>
  );
}

function sweptHint(swept: readonly number[], words: (value: number) => string): string {
  const [low, high] = [Math.min(...swept), Math.max(...swept)].map(words);
  return low === high ? msg`swept: ${low}` : msg`swept: ${swept.length} values, ${low} … ${high}`;
}

/** What moving the slider does now. */
function DialHint({ retunes }: { retunes: boolean }) {
  const state = useRun((run) => run.state);
  const begun = useRun((run) => run.step > 0);
  const retuning = useLab((lab) => lab.retuning);
  const willPlay = useLab((lab) => lab.willPlay);
  if (retuning && retunes && state !== 'failed') return msg`acts from the next update on`;
  if (state === 'running' || state === 'done' || (state === 'starting' && willPlay)) return msg`starts over and plays`;
  return begun ? msg`starts over; press Play` : msg`move it, then press Play`;
}

/** The dial within reach of the thumb: in the bar at the bottom of a phone. */
export function QuickDial() {
  const { dial } = useChapter();
  return !useHidden('dial') && dial && <QuickKnob dial={dial} />;
}

function QuickKnob({ dial }: { dial: Dial }) {
  const experiment = useExperiment();
  const swept = useSwept(dial.param);
  const param = paramOf(dial.param);
  if (param.kind === 'choice' || param.kind === 'list' || getParam(experiment, param.id) === undefined) return null;
  return (
    <div className="quick-dial">
      <NumberKnob
        param={param} name={msg`${nameOf(param)} in the bar`} heading={<b>{dial.short ?? nameOf(param)}</b>} {...(swept ? { fixedAt: swept.fixedAt } : {})}
        {...(dial.words ? { words: (value: number) => dial.words?.(value, experiment) ?? null } : {})}
      />
    </div>
  );
}

function MoreControls() {
  const { id, dial, first, hidden } = useChapter();
  const experiment = useExperiment();
  const retuning = useLab((lab) => lab.retuning);
  const set = useLab((lab) => lab.set);
  const elsewhere: readonly ParamId[] = [...(dial ? [dial.param] : []), ...first, ...hidden];
  const rows = PARAMS.filter((param) => !elsewhere.includes(param.id) && param.appliesTo(experiment));
  return (
    <details className="more-controls" open={id === 10 || undefined}>
      <summary>{msg`More controls`}</summary>
      <div className="more-list">
      <Switch
        className="more-retune" size="xs" checked={retuning} onChange={(event) => set({ retuning: event.currentTarget.checked })}
        label={msg`Change β and learning rate while it runs`} description={retuning ? msg`On: these two act from the next update on; every other control starts over from the reference.` : msg`Off: a changed control starts over from the reference.`}
      />
      {rows.map((param) => <Knob key={param.id} param={param} />)}
      </div>
    </details>
  );
}
