/** "Learned against true reward": every response by what it is worth and by what the reward model believes. */
import { useMemo } from 'react';
import { msg } from '../../sim/msg.ts';
import { topScores } from '../../sim/rewardStory.ts';
import { responseName } from '../../sim/words.ts';
import { GROUPS, promptOf, responseText, type World } from '../../sim/world.ts';
import type { View } from '../../sim/worker/protocol.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { axisOf, ScatterChart, type Dot, type DotLabel } from '../charts/ScatterChart.tsx';
import { useBox } from '../charts/useBox.ts';
import { count, formatNumber, formatTick } from '../format.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { useRefreshMs } from '../panels/useRefreshMs.ts';
import { useThrottledRun } from '../run.ts';
import './chapter1.css';

const TABLE_ROWS = 50;
/** More responses than this are thinned out: those in a pair and the extremes always stay. */
const MOST = 6000;
/** Responses of a pair are named as long as there are few of them. */
const NAMED_PAIRS = 2;

/** A number in [−½, ½) that stays with a response: it sets apart dots that lie on each other. */
function jitter(y: number): number {
  return ((Math.imul(y + 1, 0x9e3779b1) >>> 8) & 0xffff) / 0x10000 - 0.5;
}

interface Picture {
  /** Response of every dot. */
  nodes: number[];
  dots: Dot[];
  labels: DotLabel[];
  /** Dots of one true reward stand side by side. */
  spread: boolean;
  left: number;
}

/** How far dots of equal true reward are moved apart: a share of the smallest distance of two rewards that differ. */
function spreadOf(gold: Float64Array): number {
  const levels = [...new Set(gold)].sort((a, b) => a - b);
  if (levels.length > 40) return 0;
  const gaps = levels.slice(1).map((value, i) => value - levels[i]);
  return 0.55 * (gaps.length > 0 ? Math.min(...gaps) : 1);
}

function pictureOf(world: World, { groups, paired }: View, gold: Float64Array, scores: Float64Array): Picture {
  const spread = spreadOf(gold);
  const [topPaired, topUnpaired] = topScores(world, scores, { groups, paired });
  const kept = Math.ceil(world.responseCount / MOST);
  const tops = [topUnpaired?.response, topPaired?.response];
  const nodes = Array.from({ length: world.responseCount }, (_, y) => y).filter((y) => kept === 1 || paired[y] === 1 || tops.includes(y) || y % kept === 0);
  const dots = nodes.map((y): Dot => ({ x: gold[y] + spread * jitter(y), y: scores[y], role: GROUPS[groups[y]], hollow: paired[y] === 0 }));
  const inPairs = nodes.filter((y) => paired[y] === 1);
  const named = new Set<number>(inPairs.length <= NAMED_PAIRS ? inPairs : []);
  for (const top of [topPaired, topUnpaired]) if (top) named.add(top.response);
  const best = nodes.reduce((a, y) => (gold[y] > gold[a] ? y : a), nodes[0]);
  named.add(best);
  const labels = [...named].map((y): DotLabel => ({ index: nodes.indexOf(y), text: responseName(responseText(world, y)), isName: true }));
  return { nodes, dots, labels, spread: spread > 0, left: world.responseCount - nodes.length };
}

export function RewardScatter() {
  const run = useThrottledRun(readyRun, useRefreshMs(200));
  const [ref, box] = useBox<HTMLDivElement>();
  const head = { title: msg`Learned against true reward` };
  const view = run?.view, scores = run?.frame.scores ?? null, world = run?.world;
  const gold = view?.gold ?? null;
  const picture = useMemo(() => (world && view && gold && scores && scores.length === world.responseCount ? pictureOf(world, view, gold, scores) : null), [world, view, gold, scores]);
  if (!run || !world || !view) return <Panel {...head} sub=" "><div ref={ref} className="chart-box scatter-box"><EmptyChart>{WAITING}</EmptyChart></div></Panel>;
  if (!picture || !gold || !scores) {
    return <Panel {...head} sub=" "><div ref={ref} className="chart-box scatter-box"><EmptyChart>{scores ? msg`This experiment has no gold reward to compare with.` : msg`This run fits no reward model.`}</EmptyChart></div></Panel>;
  }
  const whose = run.shown.length > 1 ? msg`mean of ${run.shown.length} seeds` : msg`seed ${run.experiment.seeds[run.shown[0] % run.experiment.seeds.length]}`;
  const normalised = run.experiment.rewardModel?.normalise !== false;
  const name = (y: number) => responseName(responseText(world, y)) + (world.promptCount > 1 ? ` · ${world.prompts[promptOf(world, y)]}` : '');
  const said = picture.labels.map(({ index, text }) => `${text} ${formatNumber(scores[picture.nodes[index]])}`).join(', ');
  return (
    <Panel
      {...head} table={() => tableOf(run, scores, gold, name)} tableWord={msg`Table of the rewards`}
      sub={<>{msg`each dot a response, `}{whose}: <b>●</b>{msg` in a pair${run.shown.length > 1 && 'sampled' in run.experiment.preferences ? msg` of some seed` : ''}, `}<b>○</b>{msg` in none`}</>}
      note={<>
        {normalised ? msg`The learned reward is shifted and scaled: mean 0 and standard deviation 1 under the reference.` : msg`Pairs do not say where the learned reward is 0.`}
        {picture.spread && msg` Dots of equal true reward stand side by side.`}{picture.left > 0 && msg` ${count(picture.left, 'response')} without a dot: only every ${Math.ceil(world.responseCount / MOST)}th of those in no pair is drawn.`}
      </>}
    >
      <div ref={ref} className="chart-box scatter-box">
        {box.width > 0 && (
          <ScatterChart
            width={box.width} height={box.height} rem={box.rem} dots={picture.dots} labels={picture.labels}
            x={axisOf(Array.from(picture.dots, ({ x }) => x), msg`true reward r`, formatTick, Math.max(2, Math.min(6, Math.floor(box.width / (5 * box.rem)))))} y={axisOf(Array.from(picture.dots, ({ y }) => y), msg`learned reward r̂`, formatTick, 4)}
            describe={(i) => { const y = picture.nodes[i]; return msg`${name(y)}: true ${formatNumber(gold[y])}, learned ${formatNumber(scores[y])}`; }}
            ariaLabel={msg`Scatter of ${count(picture.dots.length, 'response')}, true reward and learned reward, ${whose}. ${said}.`}
          />
        )}
      </div>
    </Panel>
  );
}

function tableOf({ world, view: { paired }, frame: { step } }: ReadyRun, scores: Float64Array, gold: Float64Array, name: (y: number) => string) {
  const order = Array.from(scores, (_, y) => y).sort((a, b) => scores[b] - scores[a]);
  const cell = (value: number) => ({ text: formatNumber(value), value });
  return {
    caption: msg`The ${Math.min(TABLE_ROWS, world.responseCount)} responses with the highest learned reward at update ${step}`,
    head: [msg`response`, msg`in a pair`, msg`learned r̂`, msg`true r`],
    rows: order.slice(0, TABLE_ROWS).map((y) => [name(y), paired[y] === 1 ? msg`yes` : msg`no`, cell(scores[y]), cell(gold[y])]),
  };
}
