/** "The clip": every token of one update by its ratio and its advantage; what is beyond the band is pushed no further. */
import { useState } from 'react';
import { clipDots, clipFacts, type TokenDot } from '../../../sim/iteration.ts';
import { clipWords } from '../../../sim/iterationWords.ts';
import { msg } from '../../../sim/msg.ts';
import { superscript } from '../../format.ts';
import { Choice } from '../../charts/Choice.tsx';
import type { TableContent } from '../../charts/DataTable.tsx';
import { niceRange } from '../../charts/niceRange.ts';
import { useBox } from '../../charts/useBox.ts';
import { count, formatNumber, formatTick } from '../../format.ts';
import { EmptyChart, Panel } from '../../panels/Panel.tsx';
import { useThrottledRun } from '../../run.ts';
import { placeName, readIteration, whoseUpdate, type PpoReading } from './reading.ts';
import { TokenDots, type DotAxis } from './TokenDots.tsx';
import './iteration.css';

const TITLE = msg`The clip`;
const TABLE_ROWS = 100;
/** More gradient steps than this are chosen from a list. */
const MOST_BUTTONS = 6;

export function ClipPicture() {
  const reading = useThrottledRun(readIteration, 300);
  const [ref, box] = useBox<HTMLDivElement>();
  // Null = the last one, whatever their number.
  const [wanted, setPass] = useState<number | null>(null);
  if (typeof reading === 'string') return <Panel title={TITLE} sub=" "><p className="iteration-finding"> </p><div ref={ref} className="iteration-chart"><EmptyChart>{reading}</EmptyChart></div></Panel>;
  const { iteration, ready: { world } } = reading;
  const passes = iteration.newLogps.length;
  const pass = wanted !== null && wanted < passes ? wanted : passes - 1;
  const dots = clipDots(iteration, pass);
  const { clipRange } = iteration;
  const words = clipWords(clipFacts(iteration, pass), pass, passes);
  const advantages = niceRange([0, ...dots.map(({ y }) => y)]);
  const describe = (dot: TokenDot) => [`ρ ${formatNumber(Math.exp(dot.x))}, A ${formatNumber(dot.y)}: ${count(dot.places.length, 'token')}`, placeName(world, iteration, dot.places[0])] as const;
  return (
    <Panel
      title={TITLE} table={() => tableOf(reading, pass, dots)} tableWord={msg`Table of the tokens`}
      sub={msg`${whoseUpdate(reading)}; a dot is a token, a larger one several on one spot`}
      actions={passes > 1 && <PassChoice passes={passes} pass={pass} onPass={(next) => setPass(next === passes - 1 ? null : next)} />}
      note={msg`Shaded: ρ within 1 ± ${clipRange}. Grey rings are clipped: the token has left the band on the side that its advantage pushes to, and the loss is flat there.`}
    >
      <p className="iteration-finding">{words}</p>
      <div ref={ref} className="iteration-chart">
        {box.width > 0 && (
          <TokenDots
            width={box.width} height={box.height} rem={box.rem} ariaLabel={msg`Scatter of ratio and advantage, ${whoseUpdate(reading)}. ${words}`}
            x={ratioAxis(dots.map(({ x }) => x), clipRange)}
            y={{ domain: advantages.domain, ticks: advantages.ticks.map((value) => ({ value, text: formatTick(value, advantages.step) })), label: msg`advantage A` }}
            dots={dots} band={[Math.log(Math.max(0, 1 - clipRange)), Math.log(1 + clipRange)]} describe={describe}
            corners={[msg`likely enough for now ↗`, msg`↙ unlikely enough for now`]}
          />
        )}
      </div>
    </Panel>
  );
}

/** Which gradient step's ratios are shown. */
function PassChoice({ passes, pass, onPass }: { passes: number; pass: number; onPass: (pass: number) => void }) {
  const label = msg`Gradient step`;
  const nameOf = (p: number) => (p === 0 ? msg`first` : p === passes - 1 ? msg`last` : String(p + 1));
  const numbers = Array.from({ length: passes }, (_, p) => p);
  if (passes > MOST_BUTTONS) {
    return (
      <select className="quiet-select" aria-label={label} value={pass} onChange={(event) => onPass(Number(event.target.value))}>
        {numbers.map((p) => <option key={p} value={p}>{msg`gradient step `}{p + 1}{msg` of `}{passes}</option>)}
      </select>
    );
  }
  return <><span className="iteration-word">{msg`gradient step`}</span><Choice label={label} options={numbers.map((p) => ({ value: String(p), text: nameOf(p) }))} value={String(pass)} onChange={(value) => onPass(Number(value))} /></>;
}

/** Least distance of two ticks, as a share of the axis's half. */
const TICK_GAP = 0.18;

/** An axis of log ρ with 1 in the middle, that holds all dots and the band; its ticks are ratios. */
export function ratioAxis(logRatios: readonly number[], clipRange: number): DotAxis {
  const lowEdge = clipRange < 1 ? -Math.log(1 - clipRange) : 0;
  const reach = 1.06 * Math.max(1.5 * Math.log(1 + clipRange), 1.5 * lowEdge, ...logRatios.filter(Number.isFinite).map(Math.abs));
  const decade = Math.floor(reach / Math.LN10);
  const between = [0.01, 0.02, 0.05, 0.2, 0.5, 2, 5, 20, 50, 100];
  // The more wanted come first: 1, the edges, powers of ten, what lies between.
  const candidates: { value: number; text: string }[] = [0, Math.log(1 + clipRange), ...(clipRange < 1 ? [-lowEdge] : [])].map((value) => ({ value, text: shortRatio(Math.exp(value)) }));
  const stride = Math.max(1, Math.ceil(decade / 3));
  for (let k = stride; k <= decade; k += stride) {
    for (const power of [k, -k]) candidates.push({ value: power * Math.LN10, text: k <= 2 ? shortRatio(10 ** power) : `10${superscript(power)}` });
  }
  candidates.push(...between.map((ratio) => ({ value: Math.log(ratio), text: shortRatio(ratio) })));
  const ticks: { value: number; text: string }[] = [];
  for (const candidate of candidates) {
    if (Math.abs(candidate.value) <= reach && ticks.every(({ value }) => Math.abs(value - candidate.value) >= TICK_GAP * reach)) ticks.push(candidate);
  }
  return { domain: [-reach, reach], ticks, label: msg`ratio ρ, new over old probability, log axis` };
}

const shortRatio = (ratio: number) => String(Number(ratio.toPrecision(3)));

function tableOf(reading: PpoReading, pass: number, dots: readonly TokenDot[]): TableContent {
  const { iteration, ready: { world } } = reading;
  const farthest = dots.toSorted((a, b) => Math.abs(b.x) - Math.abs(a.x));
  return {
    caption: msg`The tokens of ${whoseUpdate(reading)} as gradient step ${pass + 1} found them${dots.length > TABLE_ROWS ? msg`: the ${TABLE_ROWS} spots with the ratios farthest from 1` : ''}`,
    head: [msg`token`, msg`ratio ρ`, msg`advantage`, msg`clipped`, msg`tokens`],
    rows: farthest.slice(0, TABLE_ROWS).map((dot) => [
      placeName(world, iteration, dot.places[0]), { text: formatNumber(Math.exp(dot.x)), value: Math.exp(dot.x) }, { text: formatNumber(dot.y), value: dot.y }, dot.hollow ? msg`yes` : msg`no`, String(dot.places.length),
    ]),
  };
}
