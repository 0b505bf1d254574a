/** What the distance is worth: the loss over h, and below it the weight of the gradient, with the pairs of the run on both. */
import { useId } from 'react';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { logRatioGap } from '../../derivation/objective.ts';
import { msg } from '../../sim/msg.ts';
import { knobWords } from '../../sim/sentences.ts';
import { quoted } from '../../sim/words.ts';
import { responseText } from '../../sim/world.ts';
import { formatNumber, formatTick } from '../format.ts';
import { useBox } from '../charts/useBox.ts';
import type { TableContent } from '../charts/DataTable.tsx';
import { Panel } from '../panels/Panel.tsx';
import { pushOf, roundReach } from './ruler.ts';
import { useRuler, useUsableSetting } from './useRuler.ts';
import './push.css';

/** The axis shows at least this far to both sides, nats. */
const LEAST_REACH = 20;
/** The loss axis goes up to at least this; a curve that goes on above leaves the picture. */
const LEAST_LOSS = 2;
const POINTS = 161;
/** Most pairs that are drawn. */
const MOST_PAIRS = 60;

interface Mark {
  name: string;
  margin: number;
  loss: number;
  weight: number;
  /** The reader's own or the slide's numbers. */
  own: boolean;
}

export function PushCurves() {
  const [ref, box] = useBox<HTMLDivElement>();
  const ruler = useRuler();
  const setting = useUsableSetting();
  const beta = ruler?.beta ?? setting?.beta;
  if (beta === undefined) return null;
  const marks: Mark[] = (setting?.pairs ?? []).slice(0, MOST_PAIRS).map((pair) => {
    const margin = setting ? logRatioGap(setting, setting.logps, pair) : NaN;
    const name = setting ? `${quoted(responseText(setting.world, pair.chosen))} ≻ ${quoted(responseText(setting.world, pair.rejected))}` : '';
    return { name, margin, ...pushOf(margin, beta), own: false };
  });
  if (ruler && ruler.source.kind !== 'run') marks.push({ name: msg`on the ruler`, margin: ruler.reading.margin, loss: ruler.reading.loss, weight: ruler.reading.weight, own: true });
  const said = marks.map(({ name, margin, weight }) => msg`${name}: h ${formatNumber(margin)}, weight ${formatNumber(weight)}`).join('; ');
  const key = <span className="push-key">{msg`at `}<span data-term="beta">β = {knobWords(beta)}</span>{msg`: ● the run’s ${marks.filter(({ own }) => !own).length > 1 ? msg`pairs` : msg`pair`}`}{marks.some(({ own }) => own) && msg`, ◇ the ruler`}</span>;
  return (
    <Panel title={msg`How hard the gradient pushes`} actions={key} table={() => tableOf(marks, beta)} tableWord={msg`Table of the pairs`}>
      <div ref={ref} className="chart-box push-box">
        {box.width > 0 && <Curves width={box.width} height={box.height} rem={box.rem} beta={beta} marks={marks} ariaLabel={msg`Two curves over the margin h at β = ${knobWords(beta)}: the loss −log σ(βh), falling, and the weight of the gradient σ(−βh), one half at h = 0. ${said}.`} />}
      </div>
    </Panel>
  );
}

interface CurvesProps { width: number; height: number; rem: number; beta: number; marks: readonly Mark[]; ariaLabel: string }

function Curves({ width, height, rem, beta, marks, ariaLabel }: CurvesProps) {
  const clip = useId();
  const narrow = width < 30 * rem;
  const reach = roundReach(Math.max(LEAST_REACH, ...marks.map(({ margin }) => 1.1 * Math.abs(margin)).filter(Number.isFinite)));
  const mostLoss = Math.max(LEAST_LOSS, ...marks.map(({ loss }) => 1.15 * loss).filter(Number.isFinite));
  const left = 3.4 * rem, right = width - 0.75 * rem, bottom = height - 2.4 * rem, gap = 1.1 * rem, top = 0.6 * rem;
  const middle = top + (bottom - top - gap) / 2;
  const x = scaleLinear([-reach, reach], [left, right]);
  const plots = [
    { id: 'loss', label: narrow ? msg`loss` : msg`loss −log σ(βh)`, term: 'sigma', y: scaleLinear([0, mostLoss], [middle, top]), ticks: [0, mostLoss === LEAST_LOSS ? 1 : Number((mostLoss / 2).toPrecision(1))], dash: '7 5', value: (h: number) => pushOf(h, beta).loss, atZero: 'log 2' },
    { id: 'weight', label: narrow ? msg`weight σ(−βh)` : msg`weight of the gradient σ(−βh)`, term: 'h', y: scaleLinear([0, 1], [bottom, middle + gap]), ticks: [0, 0.5, 1], value: (h: number) => pushOf(h, beta).weight, atZero: '½' },
  ];
  const hs = Array.from({ length: POINTS }, (_, i) => reach * (2 * i / (POINTS - 1) - 1));
  const step = reach / 2;
  return (
    <svg className="chart push" role="img" aria-label={ariaLabel} width={width} height={height}>
      <defs>{plots.map(({ id, y }) => <clipPath key={id} id={`${clip}${id}`}><rect x={left} y={y.range()[1] - 0.3 * rem} width={right - left} height={y.range()[0] - y.range()[1] + 0.6 * rem} /></clipPath>)}</defs>
      {[-2, -1, 0, 1, 2].map((k) => (
        <g key={k}>
          <line className={k === 0 ? 'push-zero' : 'grid'} x1={x(k * step)} x2={x(k * step)} y1={top} y2={bottom} />
          <text x={x(k * step)} y={bottom + 1.05 * rem} textAnchor="middle">{formatTick(k * step, step)}</text>
        </g>
      ))}
      <text x={(left + right) / 2} y={bottom + 2.15 * rem} textAnchor="middle" data-term="h">{msg`margin h, nats`}</text>
      {plots.map(({ id, label, term, y, ticks, dash, value, atZero }) => (
        <g key={id} className="role-ink">
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="grid" x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
              <text x={left - 0.5 * rem} y={y(tick)} dy="0.32em" textAnchor="end">{tick === 0.5 ? '½' : formatTick(tick, tick || 1)}</text>
            </g>
          ))}
          <path className="line" clipPath={`url(#${clip}${id})`} data-term={term} d={line<number>().x((h) => x(h)).y((h) => y(value(h)))(hs) ?? ''} style={{ stroke: 'var(--role)' }} strokeDasharray={dash} />
          <text className="label" x={right} y={y.range()[1] + 0.85 * rem} textAnchor="end" style={{ fill: 'var(--role-text)' }}>{label}</text>
          <text x={x(0) + 0.4 * rem} y={y(value(0)) - 0.55 * rem}>{atZero}</text>
          {marks.map((mark, i) => <PairMark key={i} mark={mark} metric={id} x={x(mark.margin)} y={y(id === 'loss' ? mark.loss : mark.weight)} rem={rem} />)}
        </g>
      ))}
    </svg>
  );
}

function PairMark({ mark, metric, x, y, rem }: { mark: Mark; metric: string; x: number; y: number; rem: number }) {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return null;
  const size = 0.42 * rem;
  const data = { 'data-pair': metric, 'data-value': String(metric === 'loss' ? mark.loss : mark.weight), 'data-h': String(mark.margin), 'data-term': 'h' };
  const title = <title>{`${mark.name}: h ${formatNumber(mark.margin)}, ${metric === 'loss' ? msg`loss ${formatNumber(mark.loss)}` : msg`weight ${formatNumber(mark.weight)}`}`}</title>;
  if (mark.own) return <path className="push-own" {...data} d={`M${x},${y - 1.25 * size}l${1.25 * size},${1.25 * size}l${-1.25 * size},${1.25 * size}l${-1.25 * size},${-1.25 * size}z`}>{title}</path>;
  return <circle className="push-pair" {...data} cx={x} cy={y} r={size}>{title}</circle>;
}

function tableOf(marks: readonly Mark[], beta: number): TableContent {
  const cell = (value: number) => ({ text: formatNumber(value), value });
  return {
    caption: msg`Loss and weight of each pair at β = ${knobWords(beta)}`,
    head: [msg`pair`, 'h', 'β·h', msg`loss`, msg`weight`],
    rows: marks.map(({ name, margin, loss, weight }) => [name, cell(margin), cell(beta * margin), cell(loss), cell(weight)]),
  };
}
