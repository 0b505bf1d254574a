/** "True and implicit reward": what each response is worth, and what the policy implies that it is worth. */
import { useMemo, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { quoted } from '../../sim/words.ts';
import type { Setting } from '../../derivation/setting.ts';
import type { Group } from '../../sim/world.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { Choice } from '../charts/Choice.tsx';
import type { TableContent } from '../charts/DataTable.tsx';
import { PiRef } from '../charts/PiRef.tsx';
import { axisOf } from '../charts/ScatterChart.tsx';
import { useBox } from '../charts/useBox.ts';
import { useSetting } from '../derivation/useSetting.ts';
import { count, formatNumber, formatTick } from '../format.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { PromptSelect } from '../panels/PromptSelect.tsx';
import { useRefreshMs } from '../panels/useRefreshMs.ts';
import { useThrottledRun } from '../run.ts';
import { ImpliedChart } from './ImpliedChart.tsx';
import { differencesPicture, MOST_DOTS, responsesPicture, type ImpliedDot, type Picture } from './picture.ts';
import { pairAt } from './pairs.ts';

type View = 'responses' | 'differences';
const VIEWS: readonly { value: View; text: string }[] = [{ value: 'responses', text: msg`each` }, { value: 'differences', text: msg`in pairs` }];
/** As many prompts are drawn together; of more, one. */
const TOGETHER = 2;
const TABLE_ROWS = 100;

export function ImpliedScatter({ pair }: { pair: number }) {
  const run = useThrottledRun(readyRun, useRefreshMs(100));
  const setting = useSetting();
  const [view, setView] = useState<View>('responses');
  const [wanted, setPrompt] = useState(0);
  const head = { title: msg`True and implicit reward`, actions: <Choice label={msg`What a dot is`} options={VIEWS} value={view} onChange={setView} /> };
  const sentence = typeof setting === 'string' ? setting : null;
  if (!run || setting === null || typeof setting === 'string' || setting.logps.length !== run.world.responseCount) {
    return <Panel {...head} sub=" "><div className="chart-box implied-box"><EmptyChart>{sentence ?? WAITING}</EmptyChart></div></Panel>;
  }
  const { promptCount } = setting.world;
  const together = promptCount <= TOGETHER;
  const prompt = wanted < promptCount ? wanted : 0;
  return (
    <Drawn
      head={head} run={run} setting={setting} view={view} pair={pair} prompt={together ? null : prompt}
      select={together ? null : <PromptSelect world={setting.world} prompt={prompt} onChange={setPrompt} />}
    />
  );
}

/** Heights with some air above and below. */
function aired(heights: readonly number[]): number[] {
  const [low, high] = heights.reduce(([a, b], y) => [Math.min(a, y), Math.max(b, y)], [0, 0]);
  const air = 0.05 * (high - low);
  return [low - air, high + air];
}

interface DrawnProps {
  head: { title: string; actions: React.ReactNode };
  run: ReadyRun;
  setting: Setting;
  view: View;
  pair: number;
  /** Whose responses are drawn; null: those of all. */
  prompt: number | null;
  select: React.ReactNode;
}

function Drawn({ head, run, setting, view, pair, prompt: only, select }: DrawnProps) {
  const [ref, box] = useBox<HTMLDivElement>();
  const { groups, paired } = run.view;
  const ofPairs = view === 'differences';
  const { promptCount } = setting.world;
  const prompts = useMemo(() => (only === null ? Array.from({ length: promptCount }, (_, x) => x) : [only]), [only, promptCount]);
  const picture = useMemo(() => {
    const look = { groups, paired, prompts, pair: pairAt(setting, pair) };
    return ofPairs ? differencesPicture(setting, look) : responsesPicture(setting, look);
  }, [setting, groups, paired, prompts, ofPairs, pair]);
  const learned = run.view.gold === null;
  const describe = (dot: ImpliedDot) => msg`${dot.name}${prompts.length > 1 ? ` · ${setting.world.prompts[dot.square ? prompts[1] : prompts[0]]}` : ''}\n${learned ? msg`learned` : msg`true`} ${formatNumber(dot.y)}, implicit ${formatNumber(dot.x)}`;
  const x = axisOf([...picture.dots.map((dot) => dot.x), ...picture.optimal, 0], ofPairs ? msg`difference of implicit rewards r̂` : msg`implicit reward r̂`, formatTick, Math.max(2, Math.min(5, Math.floor(box.width / (5 * box.rem)))));
  const y = axisOf(aired(picture.dots.map((dot) => dot.y)), rewardAxis(learned, ofPairs), formatTick, 5);
  const offsets = picture.lines.map(({ offset }) => formatNumber(offset)).join(msg` and `);
  const isOnly = picture.lines.length === 1;
  return (
    <Panel
      {...head} table={() => tableOf(run, picture, ofPairs, (dot) => describe(dot).split('\n')[0])} tableWord={msg`Table of the rewards`}
      sub={<Key ofPairs={ofPairs} someHollow={picture.dots.some(({ hollow }) => hollow)} roles={rolesOf(picture)} squares={prompts.length > 1 ? setting.world.prompts.slice(0, 2) : null} select={select} />}
      note={noteOf(picture, ofPairs, setting)}
    >
      <div ref={ref} className="chart-box implied-box" data-view={view}>
        {box.width > 0 && (
          <ImpliedChart
            width={box.width} height={box.height} rem={box.rem} x={x} y={y} dots={picture.dots} labels={picture.labels} lines={picture.lines} describe={describe}
            crossing={({ offset, prompt }) => (ofPairs ? '' : isOnly ? msg`β log Z = ${formatNumber(offset)}\u2002` : `${formatNumber(offset)} ${prompt === prompts[0] ? '●' : '■'}`)}
            ariaLabel={msg`Scatter of ${count(picture.dots.length, ofPairs ? 'difference' : 'response')}, ${y.label} and ${x.label}. ${ofPairs ? msg`The line of the optimum goes through 0.` : msg`The line of the optimum crosses implicit reward 0 at ${offsets}.`}`}
          />
        )}
      </div>
    </Panel>
  );
}

/** The roles of dots that no name stands beside. */
function rolesOf({ dots }: Picture): { role: Group; name: string }[] {
  const present = (role: Group) => dots.some((dot) => dot.role === role);
  const roles = [{ role: 'otherInDistribution', name: msg`written` }, { role: 'ood', name: msg`nobody wrote` }] as const;
  return roles.filter(({ role }) => present(role));
}

function Key({ ofPairs, someHollow, roles, squares, select }: { ofPairs: boolean; someHollow: boolean; roles: readonly { role: Group; name: string }[]; squares: readonly string[] | null; select: React.ReactNode }) {
  return (
    <span className="implied-key">
      <span>{ofPairs ? msg`two responses each` : msg`a response each`}{someHollow && <>: <b>●</b> {ofPairs ? msg`compared` : msg`in a pair`}, <b>○</b> {ofPairs ? msg`never compared` : msg`in none`}</>}</span>
      {!ofPairs && roles.map(({ role, name }) => <span key={role} className={`role-${role}`}><i className="implied-key-dot" />{name}</span>)}
      <span data-term="Z"><i className="implied-key-line" />{msg`${ofPairs ? msg`r − r′ = r̂ − r̂′: no Z in it` : msg`r = r̂ + β log Z`}, where `}<span data-term="pi-star">π*</span>{msg` has them`}</span>
      {squares && <><span>● {quoted(squares[0])}</span><span>■ {quoted(squares[1])}</span></>}
      {select}
    </span>
  );
}

function noteOf({ dots, total }: Picture, ofPairs: boolean, { beta }: Setting): React.ReactNode {
  const thin = dots.length < total ? msg` ${MOST_DOTS} of ${count(total, ofPairs ? 'pair' : 'response')} drawn${ofPairs ? '' : msg`, those of the pairs among them`}.` : '';
  const apart = dots.some(({ lift }) => lift !== 0) ? msg` Dots of one height stand a little apart.` : '';
  if (ofPairs) return msg`β log Z(x) is in both rewards of a pair, so it is in no difference.${apart}${thin}`;
  return <>{msg`The true reward stays; r̂ = β log π/`}<PiRef />{msg` moves (β = `}{Number(beta.toPrecision(3))}).{apart}{thin}</>;
}

function tableOf({ frame: { step } }: ReadyRun, { dots, total }: Picture, ofPairs: boolean, name: (dot: ImpliedDot) => string): TableContent {
  const cell = (value: number) => ({ text: formatNumber(value), value });
  const rows = dots.toSorted((a, b) => b.y - a.y).slice(0, TABLE_ROWS);
  return {
    caption: msg`${rows.length} of ${count(total, ofPairs ? 'pair' : 'response')} at update ${step}, the ${ofPairs ? msg`largest true difference` : msg`highest true reward`} first`,
    head: [ofPairs ? msg`what` : msg`response`, ofPairs ? msg`compared` : msg`in a pair`, msg`true r`, msg`implicit r̂`, 'r − r̂'],
    rows: rows.map((dot) => [name(dot), dot.hollow ? msg`no` : msg`yes`, cell(dot.y), cell(dot.x), cell(dot.y - dot.x)]),
  };
}

/** What stands on the vertical axis. */
function rewardAxis(learned: boolean, ofPairs: boolean): string {
  if (ofPairs) return learned ? msg`difference of learned rewards r` : msg`difference of true rewards r`;
  return learned ? msg`learned reward r` : msg`true reward r`;
}
