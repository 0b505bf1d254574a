/** "Drag the policy": bars of π that the reader moves, beside π_ref and π*, and what every move is worth. */
import { useMemo } from 'react';
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import { pullSentence } from '../../sim/sentences2.ts';
import { GROUPS, responseText } from '../../sim/world.ts';
import { quoted, responseName } from '../../sim/words.ts';
import { readyRun } from '../chapter/ready.ts';
import type { TableContent } from '../charts/DataTable.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { useSetting } from '../derivation/useSetting.ts';
import { count, formatNumber, formatProbabilityOfLog } from '../format.ts';
import { useLab } from '../labStore.ts';
import { FocusSelect } from '../panels/FocusSelect.tsx';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { PromptSelect } from '../panels/PromptSelect.tsx';
import { useRun, useThrottledRun } from '../run.ts';
import { seedsMatter, useShownPolicy, usePrompt, type ShownPolicy } from './look.ts';
import { MassBar, type Bar } from './MassBar.tsx';
import { MOST_ROWS, PROJECTED_ROWS, rowsOf, type Rows } from './rows.ts';
import { logMass, RANGE_PERCENT, withMass } from './simplex.ts';
import { useWorth, type Worth } from './worth.ts';
import { WorthPicture } from './WorthPicture.tsx';
import '../charts/bars.css';
import './chapter2.css';

const TABLE_ROWS = 50;
const TITLE = msg`Drag the policy`;

export function DragBars() {
  const setting = useSetting();
  const groups = useThrottledRun(readyRun)?.view.groups;
  if (setting === null || typeof setting === 'string' || !groups) {
    return <Panel title={TITLE} sub={<Key />} note=" "><div className="mass-empty"><EmptyChart>{typeof setting === 'string' ? setting : WAITING}</EmptyChart></div></Panel>;
  }
  return <Bars setting={setting} groups={groups} />;
}

/** What the marks are; the same words while there is nothing to draw. */
function Key({ children }: { children?: React.ReactNode }) {
  return (
    <span className="bars-key">
      <span data-term="pi-ref"><i className="bars-ref" /><PiRef /></span>
      <span data-term="pi-star"><i className="bars-optimal" />π*</span>
      <span><svg className="mass-gradient" viewBox="0 -6 22 12" aria-hidden="true"><path d="M0,-1.3H16V-5L22,0L16,5V1.3H0z" /></svg>{msg`more of it raises J`}</span>
      {children}
    </span>
  );
}

function Bars({ setting, groups }: { setting: Setting; groups: Uint8Array }) {
  const { world, logps: runLogps, refLogps } = setting;
  const policy = useShownPolicy(setting);
  const worth = useWorth(setting, policy.logps);
  const [prompt, setPrompt] = usePrompt(world);
  const choosesSeed = useRun((run) => run.experiment !== null && run.experiment.seeds.length > 1 && seedsMatter(run.experiment));
  const { optimalLogps } = worth;
  const most = useLab((lab) => lab.projector) ? PROJECTED_ROWS : MOST_ROWS;
  const rows = useMemo(() => rowsOf(setting, prompt, [optimalLogps, refLogps, runLogps], most), [setting, prompt, optimalLogps, refLogps, runLogps, most]);
  const bars = barsOf({ setting, groups, rows, policy, worth });
  const over = world.promptCount > 1 ? msg`, mean over ${world.promptCount} prompts` : '';
  return (
    <Panel
      title={TITLE} actions={<><span className="mass-whose" data-own={policy.isOwn} role="status">{policy.isOwn ? msg`your policy` : msg`the run’s policy`}</span>{choosesSeed && <FocusSelect />}</>}
      sub={<Key><PromptSelect world={world} prompt={prompt} onChange={setPrompt} /></Key>}
      note={msg`The arrow is the Lagrangian’s gradient. A bar goes from ${RANGE_PERCENT.least}\u00a0% to ${RANGE_PERCENT.most}\u00a0%; the other bars${world.promptCount > 1 ? msg` of its prompt` : ''} keep their proportions. Arrow keys move 1\u00a0% at a time, with Shift 10\u00a0%.`}
      table={() => tableOf({ setting, rows, policy, worth })}
    >
      <div className="mass-rows" role="group" aria-label={msg`Bars of π over the responses to “${world.prompts[prompt]}”`} data-many={bars.length > 5}>
        {bars.map(({ bar, part }) => (
          <MassBar key={bar.id} bar={bar} gradientScale={spread(setting)} onMove={(mass) => policy.set(withMass(policy.logps, rows.prompt, part, mass))} />
        ))}
      </div>
      <p className="mass-pull">{pullSentence(bars.map(({ bar, part }) => ({ name: part.length === 1 ? quoted(responseText(world, part[0])) : bar.name, gradient: bar.gradient })))}</p>
      <div className="mass-buttons">
        <button type="button" className="quiet-button" onClick={() => policy.set(refLogps)}>{msg`to `}<PiRef /></button>
        <button type="button" className="quiet-button" onClick={() => policy.set(optimalLogps)}>{msg`to π*`}</button>
        <button type="button" className="quiet-button" aria-disabled={!policy.isOwn || undefined} onClick={() => policy.set(null)}>{msg`back to the run’s policy`}</button>
      </div>
      <h3 className="mass-heading">{msg`What it is worth`}<span>{msg`, in reward units`}{over}</span></h3>
      <WorthPicture worth={worth} reach={reachOf(setting, rows)} over={over} />
    </Panel>
  );
}

interface Parts { setting: Setting; rows: Rows; policy: ShownPolicy; worth: Worth }

/** The bars with the responses that each moves. */
function barsOf({ setting, groups, rows, policy, worth }: Parts & { groups: Uint8Array }): { bar: Bar; part: readonly number[] }[] {
  const { world, refLogps, rewards } = setting;
  const mass = (logps: Float64Array, part: readonly number[]) => Math.exp(logMass(logps, part));
  const barOf = (part: readonly number[], own: Pick<Bar, 'id' | 'name' | 'detail' | 'role'>) => {
    const p = mass(policy.logps, part);
    // Of several responses: what J gains by giving them more, each in its proportion.
    const gradient = part.length === 1 ? worth.gradient[part[0]] : part.reduce((sum, y) => sum + Math.exp(policy.logps[y]) * worth.gradient[y], 0) / p;
    return {
      part,
      bar: { ...own, p, gradient, ref: mass(refLogps, part), optimal: mass(worth.optimalLogps, part), run: policy.isOwn ? mass(setting.logps, part) : null },
    };
  };
  const singles = rows.shown.map((y) => barOf([y], {
    id: String(y), name: responseName(responseText(world, y)), role: GROUPS[groups[y]], detail: <span data-term="r">r = {formatNumber(rewards[y])}</span>,
  }));
  if (rows.others.length === 0) return singles;
  return [...singles, barOf(rows.others, { id: 'others', name: msg`all others`, role: 'ink', detail: count(rows.others.length, 'response') })];
}

/** Largest reward minus smallest: what gradients are measured against. */
function spread({ rewards }: Setting): number {
  let [low, high] = [Infinity, -Infinity];
  for (const reward of rewards) { low = Math.min(low, reward); high = Math.max(high, reward); }
  return high > low ? high - low : 1;
}

/** J is concave, so it is lowest where all probability is on one response: what it is worth there, for the responses with a bar. */
function reachOf({ rewards, refLogps, beta, world }: Setting, { shown }: Rows): number[] {
  const corners = shown.map((y) => rewards[y] + beta * refLogps[y]);
  return world.promptCount === 1 ? [...corners, ...shown.map((y) => rewards[y])] : [];
}

function tableOf({ setting: { world, refLogps, rewards }, rows, policy, worth }: Parts): TableContent {
  const probability = (logp: number) => ({ text: formatProbabilityOfLog(logp), value: Math.exp(logp) });
  const number = (value: number) => ({ text: formatNumber(value), value });
  const listed = [...rows.shown, ...rows.others].slice(0, TABLE_ROWS);
  return {
    caption: msg`${listed.length === rows.prompt.length ? msg`All` : msg`${listed.length} of ${rows.prompt.length}`} responses under ${policy.isOwn ? msg`your policy` : msg`the run’s policy`}`,
    head: [msg`response`, msg`reward`, 'π', msg`π_ref`, 'π*', msg`gradient`],
    rows: listed.map((y) => [
      responseName(responseText(world, y)), number(rewards[y]), probability(policy.logps[y]), probability(refLogps[y]), probability(worth.optimalLogps[y]), number(worth.gradient[y]),
    ]),
  };
}
