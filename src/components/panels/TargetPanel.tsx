/** One metric over the updates, beside the values that optima have: for charts of "how far has it come". */
import type { ReactNode } from 'react';
import { msg } from '../../sim/msg.ts';
import { focusWords, linesWords } from '../../sim/words.ts';
import type { MetricId } from '../../sim/metrics.ts';
import type { BandPoint } from '../../sim/history.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { LineChart, type LineSeries, type YAxis } from '../charts/LineChart.tsx';
import type { TableContent } from '../charts/DataTable.tsx';
import { niceRange, sizeOf, type NiceRange } from '../charts/niceRange.ts';
import { useBox } from '../charts/useBox.ts';
import { formatAmong, formatTick } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { bandsOf, decimate, valueNow } from './population.ts';

export interface TargetLine {
  metric: MetricId;
  label: string;
  shortLabel?: string;
  role: 'ink' | 'optimal';
  dash?: string;
}

export interface TargetLook {
  title: string;
  /** Before "median and band over the seeds, by updates". */
  unit: string;
  /** The lines that move, with bands. */
  lines: readonly TargetLine[];
  /** The values to compare with: constant while β is. */
  targets: readonly TargetLine[];
  /** A value that the axis always shows, such as the 0 that a log-likelihood climbs to. */
  holds?: number;
  /** The least value that the lines can have. */
  floor?: number;
  note?: ReactNode;
}

interface TargetPanelProps {
  /** What is drawn of a run; null where the run has no such numbers. */
  lookOf: (run: ReadyRun) => TargetLook;
  /** CSS class of the chart's box. */
  boxClass: string;
  quiet?: boolean;
  /** Another chart below it has the same updates. */
  showXAxis?: boolean;
  tableWord: string;
}

/** A round axis; where its box is low, with every second tick, counted from 0. */
function axisFor({ domain, ticks, step }: NiceRange, isLow: boolean): YAxis {
  const shown = isLow && ticks.length > 3 ? ticks.filter((value) => Math.round(value / step) % 2 === 0) : ticks;
  return { kind: 'linear', domain, ticks: shown.map((value) => ({ value, text: formatTick(value, step) })) };
}

/** A target's line goes on to the end of the run. */
function throughout(band: readonly BandPoint[], steps: number): BandPoint[] {
  const last = band.at(-1);
  return last && last.step < steps ? [...band, { ...last, step: steps }] : [...band];
}

export function TargetPanel({ lookOf, boxClass, quiet = false, showXAxis = !quiet, tableWord }: TargetPanelProps) {
  const run = useThrottledRun(readyRun);
  const [ref, box] = useBox<HTMLDivElement>();
  if (!run) return <Panel title={msg`Training`} sub=" "><div ref={ref} className={`chart-box ${boxClass}`}><EmptyChart>{WAITING}</EmptyChart></div></Panel>;
  const { experiment, focus, history, shown, seeds } = run;
  const { title, unit, lines, targets, note, holds, floor } = lookOf(run);
  const steps = Math.max(experiment.steps, history.last?.step ?? 0);
  const drawn = [...lines, ...targets].map((line, i): LineSeries => {
    const isTarget = i >= lines.length;
    const band = bandsOf(history, line.metric, { shown, seeds });
    const value = valueNow(history, line.metric, shown);
    return {
      id: line.metric, role: line.role, label: line.label, ...(line.shortLabel ? { shortLabel: line.shortLabel } : {}), ...(line.dash ? { dash: line.dash } : {}),
      marker: isTarget ? 'none' : 'circle', band: isTarget ? throughout(band, steps) : band, showBand: !isTarget && seeds.length > 1,
      valueText: '', value, metric: line.metric,
    };
  }).filter(({ band }) => band.some(({ median }) => Number.isFinite(median)));
  const values = drawn.flatMap(({ band, showBand }) => band.flatMap((p) => (showBand ? [p.low, p.median, p.high] : [p.median])));
  const range = niceRange(holds === undefined ? values : [holds, ...values], 4, floor);
  const format = (value: number) => formatAmong(value, sizeOf(range));
  const series = drawn.map((line) => ({ ...line, valueText: format(line.value) }));
  const said = series.map(({ label, valueText }) => `${label} ${valueText}`).join(', ');
  return (
    <Panel
      title={title} quiet={quiet} sub={quiet ? undefined : msg`${unit}, ${linesWords(experiment, focus)}, by updates`} note={note ?? ' '} tableWord={tableWord}
      table={() => tableOf(series, `${title}, ${focusWords(experiment, focus)}`, format)}
    >
      <div ref={ref} className={`chart-box ${boxClass}`}>
        {series.length === 0 ? <EmptyChart>{msg`The first numbers come with the first update.`}</EmptyChart> : box.width > 0 && (
          <LineChart
            width={box.width} rem={box.rem} height={box.height} steps={steps} yAxis={axisFor(range, box.height < 10.5 * box.rem)} series={series} showXAxis={showXAxis} formatValue={format}
            ariaLabel={msg`Line chart of ${title.charAt(0).toLowerCase()}${title.slice(1)} over ${steps} updates. After ${history.last?.step} updates: ${said}.`}
          />
        )}
      </div>
    </Panel>
  );
}

function tableOf(series: readonly LineSeries[], caption: string, format: (value: number) => string): TableContent {
  const [first] = series;
  return {
    caption, head: [msg`update`, ...series.map(({ label }) => label)],
    rows: first ? decimate(first.band.length, 50).map((i) => [
      String(first.band[i].step), ...series.map(({ band, showBand }) => {
        const point = band[i] ?? band[band.length - 1];
        return { text: format(point.median), value: point.median, ...(showBand ? { detail: msg`${format(point.low)} to ${format(point.high)}` } : {}) };
      }),
    ]) : [],
  };
}
