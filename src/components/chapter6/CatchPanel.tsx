/** "The catch": when a response that nobody wrote was drawn from the policy, how it was judged, and what became of it. */
import { useMemo, useState } from 'react';
import { clearestCatch, findCatches, type Catch } from '../../sim/catch.ts';
import { focusedExperiment } from '../../sim/focus.ts';
import { msg } from '../../sim/msg.ts';
import { everyOf } from '../../sim/onlineStory.ts';
import { catchWords, everyWords } from '../../sim/sentences6.ts';
import { responseName } from '../../sim/words.ts';
import { responseText, type World } from '../../sim/world.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { useBox } from '../charts/useBox.ts';
import { formatNumber, formatProbability } from '../format.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { threadsOf } from '../panels/population.ts';
import { useThrottledRun } from '../run.ts';
import { CatchChart, type CatchMark } from './CatchChart.tsx';
import './CatchPanel.css';

/** Updates after a draw at which its effect is read. */
const WAIT = 20;
const TABLE_ROWS = 100;

/** How the judge's verdict on a catch is said. */
const OUTCOMES: Readonly<Record<Catch['outcome'], string>> = { lost: msg`lost`, won: msg`won`, both: msg`met its like` };

/** The catches of one draw; the first of them is told. */
interface Draw {
  step: number;
  told: Catch;
  more: number;
}

interface Timeline {
  seed: number;
  points: { step: number; value: number }[];
  /** Updates before which pairs were drawn. */
  steps: number[];
  draws: Draw[];
  /** The draw after which the mass fell most. */
  clearest: number | null;
}

function timelineOf({ experiment, shown, view, history, judged }: ReadyRun): Timeline {
  const [policy] = shown;
  const [points] = threadsOf(history, 'mass/ood', [policy], Infinity);
  const catches = findCatches(judged, policy, view.groups, points.map(({ step, value }) => ({ step, mass: value })), WAIT);
  const draws = new Map<number, Draw>();
  for (const one of catches) {
    const known = draws.get(one.step);
    if (!known) draws.set(one.step, { step: one.step, told: one, more: 0 });
    // What lost is told before what won or met its like.
    else draws.set(one.step, { step: one.step, told: known.told.outcome !== 'lost' && one.outcome === 'lost' ? one : known.told, more: known.more + 1 });
  }
  return {
    seed: experiment.seeds[policy % experiment.seeds.length],
    points,
    steps: judged.filter((batch) => batch.policy === policy).map(({ step }) => step),
    draws: [...draws.values()],
    clearest: clearestCatch(catches)?.step ?? null,
  };
}

export function CatchPanel() {
  const run = useThrottledRun(readyRun, 200);
  const [ref, box] = useBox<HTMLDivElement>();
  const [wanted, setWanted] = useState<number | null>(null);
  const timeline = useMemo(() => run && timelineOf(run), [run]);
  const title = msg`The catch: drawn, judged, fallen`;
  if (!run || !timeline) return <Panel title={title} sub=" "><div className="catch-box"><EmptyChart>{WAITING}</EmptyChart></div></Panel>;
  const { experiment, history, world } = run;
  const { draws, points, steps, seed } = timeline;
  const every = everyOf(focusedExperiment(experiment, run.focus));
  const at = wanted ?? timeline.clearest;
  const found = draws.findIndex(({ step }) => step === at);
  const index = found >= 0 || draws.length === 0 ? found : draws.length - 1;
  const draw = draws[index];
  const marks = draws.map(({ step, told }): CatchMark => ({ step, mass: told.before?.mass ?? NaN, caught: told.outcome === 'lost' }));
  const name = (y: number) => responseText(world, y);
  const last = Math.max(experiment.steps, history.last?.step ?? 0);
  const actions = (
    <>
      <button type="button" className="quiet-button" aria-label={msg`Earlier draw`} aria-disabled={index <= 0 || undefined} onClick={() => { if (index > 0) setWanted(draws[index - 1].step); }}>‹</button>
      <button type="button" className="quiet-button" aria-label={msg`Later draw`} aria-disabled={index >= draws.length - 1 || undefined} onClick={() => { if (index < draws.length - 1) setWanted(draws[index + 1].step); }}>›</button>
    </>
  );
  const told = draw ? catchWords(draw.told, name, draw.more) : emptyWords(every, steps.length);
  return (
    <Panel
      title={title} actions={actions} tableWord={msg`Table of the draws`}
      sub={<>{msg`seed `}{seed}: <span className="catch-ood">{msg`everything nobody wrote`}</span>{msg`; ◆ drawn and lost, ◇ not caught`}</>}
      {...(draws.length > 0 ? { table: () => tableOf(draws, world, seed) } : {})}
    >
      <div ref={ref} className="catch-box">
        {box.width > 0 && (
          <CatchChart
            width={box.width} height={box.height} rem={box.rem} steps={last} points={points} draws={steps} marks={marks}
            selected={draw ? { index, name: responseName(name(draw.told.response)) } : null} onSelect={(i) => setWanted(draws[i].step)}
            ariaLabel={msg`Probability on what nobody wrote over ${last} updates, seed ${seed}: now ${formatProbability(points.at(-1)?.value ?? NaN)}. ${steps.length} draws, ${draws.length} of them with a response nobody wrote. ${told}`}
          />
        )}
      </div>
      <p className="catch-told">{told}</p>
    </Panel>
  );
}

/** What stands there while no draw has held a response that nobody wrote. */
function emptyWords(every: number | null, drawn: number): string {
  if (every === null) return msg`Fresh pairs are never drawn: nothing can be caught.`;
  if (drawn === 0) return msg`Fresh pairs come ${everyWords(every)}; the first draw has not come yet.`;
  return msg`${drawn === 1 ? msg`The one draw` : msg`None of ${drawn.toLocaleString('en')} draws`} ${drawn === 1 ? msg`held no` : msg`held a`} response that nobody wrote: there was nothing to catch.`;
}

function tableOf(draws: readonly Draw[], world: World, seed: number) {
  const nameOf = (y: number) => responseName(responseText(world, y));
  const mass = (point: Catch['before']) => (point ? { text: formatProbability(point.mass), value: point.mass } : '–');
  return {
    caption: msg`Draws of seed ${seed} with a response nobody wrote${draws.length > TABLE_ROWS ? msg`, the last ${TABLE_ROWS} of ${draws.length}` : ''}`,
    head: [msg`before update`, msg`drawn`, msg`beside`, msg`scores`, msg`verdict`, msg`probability then`, msg`${WAIT} updates on`],
    rows: draws.slice(-TABLE_ROWS).map(({ step, told, more }) => [
      String(step), nameOf(told.response), nameOf(told.against), msg`${formatNumber(told.score)} and ${formatNumber(told.againstScore)}`,
      { text: OUTCOMES[told.outcome], ...(more > 0 ? { detail: msg`and ${more} more` } : {}) }, mass(told.before), mass(told.after),
    ]),
  };
}
