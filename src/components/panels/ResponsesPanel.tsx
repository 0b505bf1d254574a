/** "The responses by name": the most probable responses, the pair, and the one that is tracked. */
import { useMemo, useState } from 'react';
import type { Experiment } from '../../sim/experiment.ts';
import { focusMembers } from '../../sim/focus.ts';
import { msg } from '../../sim/msg.ts';
import { GROUPS, responseText, type World } from '../../sim/world.ts';
import type { Frame, View } from '../../sim/worker/protocol.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { quoted, responseName } from '../../sim/words.ts';
import { Choice, SCALES, type ScaleKind } from '../charts/Choice.tsx';
import type { TableContent } from '../charts/DataTable.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { isBelowScale, ResponseBars } from '../charts/ResponseBars.tsx';
import { count, formatNumber, formatProbability, formatProbabilityOfLog } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { FocusSelect } from './FocusSelect.tsx';
import { ROLE_NAMES } from './groupNames.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { PromptSelect } from './PromptSelect.tsx';
import { forEachResponse, pinnedResponses, pinnedWords, responseRows, topResponses, type Pinned } from './ranking.ts';

const ROWS = 8;
const TABLE_ROWS = 50;
/** Rows change places at most once in this time. */
const REORDER_MS = 1000;

function fits(frame: Frame | null, view: View | null, world: World | null): boolean {
  return frame !== null && view !== null && world !== null
    && frame.logps.length === world.responseCount && view.refLogps.length === world.responseCount;
}

const sameFocus = (a: Frame, b: Frame) => a.focus.seedIndex === b.focus.seedIndex && a.focus.sweepIndex === b.focus.sweepIndex;

interface ResponsesPanelProps {
  title?: string;
  /** What the policy shown is, where it is not a trained one. */
  what?: string;
}

export function ResponsesPanel({ title = msg`The responses by name`, what }: ResponsesPanelProps) {
  const run = useThrottledRun((now) => now);
  const { world, view, frame } = run;
  const experiment = shownExperiment(run);
  const slow = useThrottledRun((now) => now.frame, REORDER_MS);
  const [scale, setScale] = useState<ScaleKind>('log');
  const [wantedPrompt, setPrompt] = useState(0);
  const prompt = world && wantedPrompt < world.promptCount ? wantedPrompt : 0;
  // The ranking follows a slower clock than the bars, unless that clock still shows another policy.
  const basis = slow && frame && slow.logps.length === frame.logps.length && sameFocus(slow, frame) && slow.step <= frame.step ? slow : frame;
  const ranked = useMemo(() => {
    if (!world || !view || !basis || !fits(basis, view, world)) return null;
    const pinned = pinnedResponses(world, prompt, basis.logps, view.refLogps, view.groups);
    return { pinned, rows: responseRows(world, prompt, basis.logps, pinned, ROWS) };
  }, [world, view, basis, prompt]);
  const head = {
    title,
    actions: <><FocusSelect /><Choice label={msg`Scale of the bars`} options={SCALES} value={scale} onChange={setScale} /></>,
  };
  if (!experiment || !world || !view || !frame || !ranked || !fits(frame, view, world)) {
    const waitingSub = <span className="bars-key"><span><i className="bars-ref" /><PiRef /></span></span>;
    return <Panel {...head} sub={waitingSub} note=" "><div className="bars-empty"><EmptyChart>{WAITING}</EmptyChart></div></Panel>;
  }
  const bars = ranked.rows.map((response) => ({
    response, name: responseName(responseText(world, response)), role: GROUPS[view.groups[response]],
    logp: frame.logps[response], refLogp: view.refLogps[response], optimalLogp: view.optimalLogps?.[response] ?? null,
    givenLogp: view.rewardModel?.optimalLogps[response] ?? null,
  }));
  const perPrompt = world.responseCount / world.promptCount;
  const said = bars.slice(0, 4).map((b) => `${b.name} ${formatProbability(Math.exp(b.logp))}`).join(', ');
  const sub = (
    <span className="bars-key">
      <span><i className="bars-ref" /><PiRef /></span>
      {view.optimalLogps ? <span data-term="pi-star"><i className="bars-optimal" />{msg`π*, the exact optimum`}</span> : <span>{msg`no gold reward, so no π*`}</span>}
      {scale === 'log' && bars.some((b) => b.optimalLogp !== null && isBelowScale(b.optimalLogp)) && <span><i className="bars-optimal" data-below="true" />π* ≤ 10⁻⁶</span>}
      {view.rewardModel && <span><i className="bars-given" />{msg`π̂*, the optimum of the reward it is given`}</span>}
      <PromptSelect world={world} prompt={prompt} onChange={setPrompt} />
    </span>
  );
  const note = (
    <>
      {what !== undefined && `${what} `}{view.focus.seedIndex === null && experiment.seeds.length > 1 && msg`Bars: the mean of ${experiment.seeds.length} seeds, not the median. `}{msg`${count(perPrompt, 'response')}${world.promptCount > 1 ? msg` to this prompt` : ''}, all enumerated. `}
      <AlwaysShown world={world} pinned={ranked.pinned} />
      <PiRef /> {referenceWords(experiment, view)}
    </>
  );
  return (
    <Panel {...head} sub={sub} note={note} table={() => responseTable(world, prompt, frame, view)}>
      <ResponseBars bars={bars} scale={scale} rows={Math.min(ROWS, perPrompt)} ariaLabel={msg`Bars of the ${bars.length} responses shown, most probable first: ${said}.`} />
    </Panel>
  );
}

/** Which rows stand there however improbable they are. */
function AlwaysShown({ world, pinned }: { world: World; pinned: Pinned }) {
  const pairs = pinnedWords(pinned);
  const { tracked } = pinned;
  if (tracked === null) return pairs === '' ? null : msg`Always shown: ${pairs}. `;
  return (
    <>
      {msg`Always shown: `}{pairs}{pairs === '' ? '' : msg` and `}<span className="lab-serif">{quoted(responseText(world, tracked))}</span>
      {world.words.includes('the') ? '' : msg`, the likeliest repetition`}.{' '}
    </>
  );
}

/** How well the reference of the policy shown was fitted: "was fitted to within KL 0.00200 nats of its target (worst of 8 seeds)." */
export function referenceWords(experiment: Experiment, { focus, referenceKl }: View): string {
  if (experiment.policy.kind === 'tabular') return msg`is exactly its target: a table can hold any distribution.`;
  const members = focusMembers(experiment, focus);
  const worst = Math.max(...members.map((r) => referenceKl[r]));
  const whose = members.length > 1 ? msg` (worst of ${members.length} seeds)` : experiment.seeds.length > 1 && focus.seedIndex !== null ? msg` (seed ${experiment.seeds[focus.seedIndex]})` : '';
  return msg`was fitted to within KL ${formatNumber(worst)} nats of its target${whose}.`;
}

/** The most probable responses and everything else in one row: sums to the whole prompt. */
function responseTable(world: World, prompt: number, frame: Frame, view: View): TableContent {
  const top = topResponses(world, prompt, frame.logps, TABLE_ROWS);
  const probability = (logp: number) => ({ text: formatProbabilityOfLog(logp), value: Math.exp(logp) });
  const given = view.rewardModel?.optimalLogps;
  const columns = [
    { head: 'π', logps: frame.logps }, { head: msg`π_ref`, logps: view.refLogps },
    ...(view.optimalLogps ? [{ head: 'π*', logps: view.optimalLogps }] : []), ...(given ? [{ head: 'π̂*', logps: given }] : []),
  ];
  const rest = columns.map(({ logps }) => {
    let sum = 0;
    forEachResponse(world, prompt, (y) => { sum += Math.exp(logps[y]); });
    const value = Math.max(0, top.reduce((left, y) => left - Math.exp(logps[y]), sum));
    return { text: formatProbability(value), value };
  });
  const size = world.responseCount / world.promptCount;
  return {
    caption: msg`Responses to “${world.prompts[prompt]}” at update ${frame.step}, most probable first`,
    head: [msg`response`, msg`group`, ...columns.map(({ head }) => head)],
    rows: [
      ...top.map((y) => [
        responseName(responseText(world, y)), ROLE_NAMES[GROUPS[view.groups[y]]], ...columns.map(({ logps }) => probability(logps[y])),
      ]),
      ...(size > top.length ? [[msg`the other ${size - top.length}`, '', ...rest]] : []),
    ],
  };
}
