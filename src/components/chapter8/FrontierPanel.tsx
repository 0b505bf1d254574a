/** Reward against KL: where each method went, and the exact frontier of π* over β. */
import { scaleLinear, scaleSqrt } from 'd3-scale';
import { line } from 'd3-shape';
import { msg } from '../../sim/msg.ts';
import type { FrontierPoint } from '../../sim/worker/protocol.ts';
import type { MethodFacts } from '../../sim/methodFacts.ts';
import { knobWords } from '../../sim/sentences.ts';
import { spreadLabels } from '../charts/labels.ts';
import { EndMarker } from '../charts/marks.tsx';
import { niceRange } from '../charts/niceRange.ts';
import { useBox, type Box } from '../charts/useBox.ts';
import { formatNumber, formatTick } from '../format.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { bandsOf } from '../panels/population.ts';
import { useMethodRun, type MethodRun } from './useMethods.ts';
import './frontier.css';

const HEIGHT_REM = 24;
const POINTS = 100;
/** β that are written at the frontier, where it has them. */
const NAMED = [0.05, 0.1, 0.3, 1, 3];

interface Place { kl: number; reward: number }

/** The medians of a method's KL and gold reward over the updates. */
function pathOf({ history }: MethodRun, { members }: MethodFacts): Place[] {
  const read = (id: 'kl' | 'goldReward') => bandsOf(history, id, { shown: members, seeds: members }, POINTS);
  const rewards = read('goldReward');
  return read('kl').map(({ median }, i) => ({ kl: median, reward: rewards[i].median })).filter(({ kl, reward }) => Number.isFinite(kl) && Number.isFinite(reward));
}

/** π* at a β between two points of the frontier (β ascending or descending), on the line between them in log β. */
function placeAt(frontier: readonly FrontierPoint[], beta: number): Place | null {
  for (let i = 1; i < frontier.length; i++) {
    const [a, b] = [frontier[i - 1], frontier[i]];
    const share = Math.log(beta / a.beta) / Math.log(b.beta / a.beta);
    if (share >= 0 && share <= 1) return { kl: a.kl + share * (b.kl - a.kl), reward: a.reward + share * (b.reward - a.reward) };
  }
  return null;
}

export function FrontierPanel() {
  const run = useMethodRun();
  const [ref, box] = useBox<HTMLDivElement>();
  const head = { title: msg`What it costs to earn reward` };
  const body = (chart: React.ReactNode) => <div ref={ref} className="chart-box" style={{ height: `${HEIGHT_REM}rem` }}>{chart}</div>;
  if (!run) return <Panel {...head}>{body(<EmptyChart>{WAITING}</EmptyChart>)}</Panel>;
  if (!run.view.frontier) return <Panel {...head}>{body(<EmptyChart>{msg`There is no gold reward in this experiment.`}</EmptyChart>)}</Panel>;
  const seeds = run.experiment.seeds.length;
  const sub = <>{msg`paths of the median${seeds > 1 ? msg` over ${seeds} seeds, a dot for every seed` : ''}; `}<span className="frontier-optimal">{msg`the best possible: π* at every β`}</span>, {placeAt(run.view.frontier, run.view.beta) ? msg`the ring at β = ${knobWords(run.view.beta)}` : msg`β = ${knobWords(run.view.beta)} is beyond its end`}</>;
  const table = () => ({
    caption: msg`Gold reward and KL from the reference after ${run.frame.step} updates, median over ${seeds} seeds`,
    head: [msg`method`, msg`KL, nats`, msg`gold reward`, msg`KL(π‖π*), nats`],
    rows: run.methods.map((method) => [method.label, ...(['kl', 'goldReward', 'klToOptimal'] as const).map((id) => {
      const { median } = method.now(id);
      return { text: formatNumber(median), value: median };
    })]),
  });
  return <Panel {...head} sub={sub} table={table}>{body(box.width > 0 && <FrontierChart run={run} box={box} />)}</Panel>;
}

function FrontierChart({ run, box: { width, height, rem } }: { run: MethodRun; box: Box }) {
  const { methods, view } = run;
  const frontier = view.frontier ?? [];
  const paths = methods.map((method) => pathOf(run, method));
  const dots = methods.map((method) => method.now('kl').values.map((kl, s) => ({ kl, reward: method.now('goldReward').values[s] })));
  const reached = [...paths, ...dots].flat();
  const [left, right, top, bottom] = [3.2 * rem, Math.max(8 * rem, width - 9.5 * rem), 2.1 * rem, height - 2.6 * rem];
  const atRun = placeAt(frontier, view.beta);
  // The frontier's own far end (β near 0) is drawn where the methods went, not beyond.
  const farthest = Math.max(...reached.map(({ kl }) => kl).filter(Number.isFinite), atRun?.kl ?? 0, 0.1);
  const [klScale, rewardScale] = [niceRange([0, farthest]), niceRange([...reached, ...frontier.filter(({ kl }) => kl <= farthest)].map(({ reward }) => reward))];
  // Near the reference the frontier is steep: a square root opens it.
  const x = scaleSqrt(klScale.domain, [left, right]);
  const y = scaleLinear(rewardScale.domain, [bottom, top]);
  const draw = line<Place>().x(({ kl }) => x(kl)).y(({ reward }) => y(reward));
  const inside = frontier.filter(({ kl }) => kl <= klScale.domain[1]);
  const ends = paths.map((path) => path[path.length - 1] ?? { kl: 0, reward: 0 });
  const centres = spreadLabels(ends.map(({ reward }) => y(reward)), ends.map(() => 1.3 * rem), 0, bottom);
  const said = methods.map(({ label }, i) => msg`${label} KL ${formatNumber(ends[i].kl)}, reward ${formatNumber(ends[i].reward)}`).join('; ');
  return (
    <svg className="chart" role="img" aria-label={msg`Gold reward against KL from the reference after ${run.frame.step} updates: ${said}. The frontier of π* reaches reward ${formatNumber(Math.max(...inside.map(({ reward }) => reward)))}.`} width={width} height={height}>
      {rewardScale.ticks.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={left - 0.5 * rem} y={y(tick)} dy="0.32em" textAnchor="end">{formatTick(tick, rewardScale.step)}</text>
        </g>
      ))}
      {spaced(klScale.ticks, x, 2.2 * rem).map((tick) => <text key={tick} x={x(tick)} y={bottom + 1.15 * rem} textAnchor="middle">{formatTick(tick, klScale.step)}</text>)}
      <text x={left} y={bottom + 2.3 * rem}>{msg`KL from the reference, nats (square-root axis)`}</text>
      <text x={0} y={0.9 * rem}>{msg`gold reward`}</text>
      <path className="line role-optimal" d={draw(inside) ?? ''} style={{ stroke: 'var(--role)' }} />
      <BetaNames points={inside} x={x} y={y} rem={rem} />
      {methods.map((method, i) => (
        <g key={method.index} className={`frontier-method${method.index === run.focus.sweepIndex ? ' frontier-shown' : ''}`}>
          <path className="line" d={draw(paths[i]) ?? ''} />
          {dots[i].map(({ kl, reward }, s) => Number.isFinite(kl) && Number.isFinite(reward) && <circle key={s} cx={x(kl)} cy={y(reward)} r={0.16 * rem} />)}
          <line className="leader" x1={x(ends[i].kl) + 0.3 * rem} y1={y(ends[i].reward)} x2={right + 0.4 * rem} y2={centres[i]} />
          <g className="role-ink"><EndMarker kind="circle" x={x(ends[i].kl)} y={y(ends[i].reward)} size={0.3 * rem} /></g>
          <text className="label" x={right + 0.6 * rem} y={centres[i]} dy="0.32em">{method.short}</text>
        </g>
      ))}
      {atRun && <circle className="frontier-ring" cx={x(atRun.kl)} cy={y(atRun.reward)} r={0.5 * rem}><title>{msg`π* at β = ${knobWords(view.beta)}`}</title></circle>}
    </svg>
  );
}

/** Ticks with room between them, from 0 on. */
function spaced(ticks: readonly number[], x: (kl: number) => number, room: number): number[] {
  const kept: number[] = [];
  for (const tick of ticks) if (kept.length === 0 || x(tick) - x(kept[kept.length - 1]) >= room) kept.push(tick);
  return kept;
}

/** The β of some points of the frontier, written below them where they do not meet. */
function BetaNames({ points, x, y, rem }: { points: readonly { beta: number; kl: number; reward: number }[]; x: (kl: number) => number; y: (reward: number) => number; rem: number }) {
  let last = -Infinity;
  return NAMED.toReversed().map((beta) => {
    const point = points.find((candidate) => Math.abs(Math.log(candidate.beta / beta)) < 0.15);
    if (!point || x(point.kl) - last < 3.2 * rem) return null;
    last = x(point.kl);
    return (
      <g key={beta} className="role-optimal">
        <circle cx={x(point.kl)} cy={y(point.reward)} r={0.16 * rem} style={{ fill: 'var(--role)' }} />
        <text x={x(point.kl) - 0.45 * rem} y={y(point.reward)} dy="0.1em" textAnchor="end" style={{ fill: 'var(--role-text)' }}>β {beta}</text>
      </g>
    );
  });
}
