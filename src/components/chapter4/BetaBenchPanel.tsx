/** "Three true sentences about β": a population over β with and without noise, read at four moments. */
import { useMemo, useState } from 'react';
import { benchFacts, benchNoise, restingGap, type BenchFacts, type BenchReading } from '../../sim/betaBench.ts';
import { historyPoints } from '../../sim/history.ts';
import { msg } from '../../sim/msg.ts';
import { threeSentencesAboutBeta } from '../../sim/presets/three-sentences-about-beta.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { benchWords, type BenchWords } from '../../sim/sentences4.ts';
import { count, formatNumber } from '../format.ts';
import { presetsOf } from '../chapters.ts';
import type { TableContent } from '../charts/DataTable.tsx';
import { useLabStore } from '../labStore.ts';
import { useHidden } from '../share/hideable.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { useThrottledRun } from '../run.ts';
import { BenchChart } from './BenchChart.tsx';
import { useBench, useStartBench } from './benchStore.ts';
import '../panels/sweep.css';
import './bench.css';

const TITLE = msg`Three true sentences about β`;

type Situation = 'first' | 'after' | 'noisy' | 'noiseless';

export function BetaBenchPanel() {
  const run = useThrottledRun((now) => now, 200);
  const first = useBench((bench) => bench.first);
  const start = useStartBench();
  const lab = useLabStore();
  const fixed = useHidden('presets');
  const [wanted, setWanted] = useState<number | null>(null);
  const experiment = shownExperiment(run);
  const { history } = run;
  const kept = first?.run === run.run ? first.metrics : null;
  const n = wanted ?? Math.round((experiment?.steps ?? 0) / 50);
  const facts = useMemo(() => (experiment && !run.replacing ? benchFacts(experiment, history, kept, n) : null), [experiment, run.replacing, history, kept, n]);
  if (!experiment) return <Panel title={TITLE}><EmptyChart heightRem={24}>{WAITING}</EmptyChart></Panel>;
  if (!facts) {
    const isBench = benchNoise(experiment) !== null;
    return <Panel title={TITLE}><EmptyChart heightRem={24}><Invitation replaces={!isBench} onStart={start} /></EmptyChart></Panel>;
  }
  const words = benchWords(facts);
  const [back] = presetsOf(4);
  const moment = facts.noiseless.step >= facts.steps ? msg`At the end` : msg`So far`;
  const actions = (
    <>
      <button type="button" className="quiet-button" onClick={start}>{msg`Run it again`}</button>
      {!fixed && <button type="button" className="quiet-button" onClick={() => { lab.getState().choosePreset(back.id); }}>{msg`Back to “`}{back.title}”</button>}
    </>
  );
  const sub = <>{msg`one pair, ${facts.noiseless.cells.length} β, each without and with noise; ● `}<span data-term="h">{msg`log-ratio gap h`}</span>, ■ <span data-term="beta">{msg`reward gap βh`}</span>{msg`, both axes logarithmic`}</>;
  return (
    <Panel title={TITLE} actions={actions} sub={sub} table={() => tableOf(facts)} tableWord={msg`Table of the gaps`}>
      <div className="bench">
        <Cell id="first" title={msg`The first update`} facts={facts} words={words} />
        <Cell id="after" title={msg`After ${count(facts.after.step, 'update')}`} facts={facts} words={words}>
          <Moment steps={historyPoints(history).steps.slice(1)} step={facts.after.step} onStep={setWanted} />
        </Cell>
        <Cell id="noisy" title={msg`${moment}, ${Math.round(100 * facts.epsilon)} % noise`} facts={facts} words={words} />
        <Cell id="noiseless" title={msg`${moment}, no noise`} facts={facts} words={words} />
      </div>
      <p className="bench-slide"><b>{msg`The slide says: “Higher β, more the model attempts to increase the gap.”`}</b> {words.slide}</p>
    </Panel>
  );
}

/** What the bench would run. */
function Invitation({ replaces, onStart }: { replaces: boolean; onStart: () => void }) {
  const { experiment: { sweep, steps } } = threeSentencesAboutBeta;
  const [betas, noise] = [sweep?.beta ?? [], sweep?.labelSmoothing ?? []];
  return (
    <div className="sweep-invitation">
      <p>
        {msg`One pair at β = ${betas.join(', ')}, each without noise and with a tenth of the comparisons the other way round: `}{betas.length * noise.length}{msg` policies, ${steps.toLocaleString('en')} updates, trained side by side, flat out. Which β opens the widest gap?`}
      </p>
      {replaces && <p>{msg`This replaces the present run.`}</p>}
      <button type="button" className="outlined bench-start" onClick={onStart}>{msg`Run the bench`}</button>
    </div>
  );
}

/** The range of all charts, in whole decades. */
function domainOf({ first, after, noisy, noiseless }: BenchFacts): readonly [number, number] {
  const values = [first, after, noisy, noiseless].flatMap((reading) => (reading ? reading.cells.flatMap(({ gap, rewardGap }) => [gap, rewardGap]) : [])).filter((value) => value > 0 && Number.isFinite(value));
  if (values.length === 0) return [0.1, 10];
  const [low, high] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

interface CellProps { id: Situation; title: string; facts: BenchFacts; words: BenchWords; children?: React.ReactNode }

function Cell({ id, title, facts, words, children }: CellProps) {
  const reading = facts[id];
  const said = reading ? reading.cells.map(({ beta, gap, rewardGap }) => msg`β ${beta}: h ${formatNumber(gap)}, βh ${formatNumber(rewardGap)}`).join('; ') : '';
  return (
    <section className="bench-cell" aria-label={title}>
      <h3>{title}</h3>
      <div className="bench-moment">{children}</div>
      {reading ? <BenchChart id={id} cells={reading.cells} domain={domainOf(facts)} ariaLabel={`${title}. ${said}.`} /> : <div className="bench-box" />}
      <p>{words[id]}</p>
    </section>
  );
}

/** The moment "after n updates": one that the history has kept. */
function Moment({ steps, step, onStep }: { steps: readonly number[]; step: number; onStep: (step: number) => void }) {
  return (
    <input
      className="knob-slider" type="range" aria-label={msg`n, updates made`} min={0} max={Math.max(1, steps.length - 1)} step={1} value={Math.max(0, steps.indexOf(step))} aria-valuetext={count(step, 'update')}
      onChange={(event) => { const wanted = steps[Number(event.target.value)]; if (wanted !== undefined) onStep(wanted); }}
    />
  );
}

function tableOf({ first, after, noisy, noiseless, epsilon }: BenchFacts): TableContent {
  const cell = (value: number) => ({ text: formatNumber(value), value });
  const rows = (when: string, reading: BenchReading | null) => (reading ? [
    [`${when}: h`, ...reading.cells.map(({ gap }) => cell(gap))],
    [msg`${when}: βh`, ...reading.cells.map(({ rewardGap }) => cell(rewardGap))],
  ] : []);
  return {
    caption: msg`Log-ratio gap h (nats) and reward gap βh; noise: ε = ${epsilon}, at rest βh = ${formatNumber(restingGap(epsilon))}`,
    head: [msg`what`, ...noiseless.cells.map(({ beta }) => `β = ${beta}`)],
    rows: [...rows(msg`first update`, first), ...rows(msg`${count(after.step, 'update')}, no noise`, after), ...rows(msg`${count(noisy.step, 'update')}, noise`, noisy), ...rows(msg`${count(noiseless.step, 'update')}, no noise, so far`, noiseless)],
  };
}
