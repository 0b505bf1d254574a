/** All remedies at once: a dot for every seed in four quantities, and what each protects and gives away, in words. */
import { scaleLinear } from 'd3-scale';
import type { MethodFacts } from '../../sim/methodFacts.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { addsNothing, givesAwayWords, protectsWords, verdictOf, type Verdict } from '../../sim/sentences9.ts';
import { count, formatNumber, formatProbability, formatTick } from '../format.ts';
import { logRange, logScale } from '../charts/logRange.ts';
import { niceRange } from '../charts/niceRange.ts';
import { useMethodRun, type MethodRun } from '../chapter8/useMethods.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { useRun } from '../run.ts';
import './remedies.css';

interface Column {
  metric: MetricId;
  title: string;
  role: string;
  format(value: number): string;
  /** In the row, where what is very small says only that it is; the table has the number. */
  brief?(value: number): string;
  /** Shares have a fixed axis. */
  domain?: readonly [number, number];
  /** The axis is logarithmic, and values up to this one stand at its foot. */
  logFrom?: number;
  /** What the axis holds besides the values. */
  holds?: MetricId;
  /** What the reference has is marked. */
  marksReference?: true;
}

/** "0.197 %", "< 0.01 %". */
const briefShare = (share: number) => (share > 0 && share < 1e-4 ? '< 0.01 %' : formatProbability(share));

const COLUMNS: readonly Column[] = [
  { metric: 'mass/ood', title: msg`nobody wrote`, role: 'ood', format: formatProbability, brief: briefShare, domain: [0, 1] },
  { metric: 'mass/chosen', title: msg`chosen`, role: 'chosen', format: formatProbability, brief: briefShare, domain: [0, 1], marksReference: true },
  { metric: 'goldReward', title: msg`gold reward`, role: 'ink', format: formatNumber, holds: 'optimal/goldReward' },
  { metric: 'kl', title: msg`KL, nats (log)`, role: 'ink', format: formatNumber, logFrom: 0.01 },
];

/** In words, and as a sign where there is no room for them. */
const VERDICTS: Record<Verdict, { word: string; sign: string }> = { holds: { word: msg`holds`, sign: '✓' }, partly: { word: msg`in part`, sign: '~' }, fails: { word: msg`does not hold`, sign: '✗' } };

export function RemedyPanel() {
  const run = useMethodRun();
  const head = { title: msg`What each remedy protects, and what it gives away` };
  if (!run) return <Panel {...head}><EmptyChart heightRem={24}>{WAITING}</EmptyChart></Panel>;
  const seeds = run.experiment.seeds.length;
  const prompts = run.experiment.world.prompts.length;
  const axes = COLUMNS.map((column) => axisOf(column, run.methods));
  const sub = msg`a dot for every seed, a bar for the median of ${count(seeds, 'seed')}${prompts > 1 ? msg`, mean over ${prompts} prompts` : ''}; the tick under “chosen” is the reference; J = gold reward − β·KL`;
  return (
    <Panel {...head} sub={sub} note={msg`Click a name to show that method in the panels below.`} table={() => tableOf(run)}>
      <div className="remedies">
        <Heads axes={axes} />
        {run.methods.map((method) => <Remedy key={method.index} method={method} axes={axes} begun={run.frame.step > 0} />)}
      </div>
    </Panel>
  );
}

/** One axis for all rows of a column: places in percent of its width, and what stands at either end. */
interface Axis { place(value: number): number; ends: readonly [string, string] }

function axisOf({ metric, domain, logFrom, holds }: Column, methods: readonly MethodFacts[]): Axis {
  const range = [1.5, 98.5] as const;
  const values = methods.flatMap((method) => [...method.now(metric).values, ...method.start(metric).values, ...(holds ? method.now(holds).values : [])]);
  if (logFrom !== undefined) {
    const ends = logRange(values, logFrom);
    return { place: logScale(ends, range), ends: [`≤ ${ends[0]}`, String(ends[1])] };
  }
  const [low, high] = domain ?? niceRange(values).domain;
  const scale = scaleLinear([low, high], [...range]);
  return { place: (value) => scale(value), ends: domain ? [`${100 * low} %`, `${100 * high} %`] : [formatTick(low, low), formatTick(high, high)] };
}

function Heads({ axes }: { axes: readonly Axis[] }) {
  return (
    <div className="remedy-heads" aria-hidden="true">
      <span />
      {COLUMNS.map((column, c) => {
        const { ends: [low, high] } = axes[c];
        return (
          <span key={column.metric} className={`remedy-head role-${column.role}`}>
            <b>{column.title}</b>
            <span><i>{low}</i><i>{high}</i></span>
          </span>
        );
      })}
    </div>
  );
}

function Remedy({ method, axes, begun }: { method: MethodFacts; axes: readonly Axis[]; begun: boolean }) {
  const setFocus = useRun((now) => now.setFocus);
  const focus = useRun((now) => now.focus);
  return (
    <section className="remedy" data-method={method.id} aria-label={method.label}>
      <button type="button" className="remedy-name" aria-pressed={focus.sweepIndex === method.index} onClick={() => { setFocus({ ...focus, sweepIndex: method.index }); }}>
        {method.label} {begun && <Outcome method={method} />}
      </button>
      {COLUMNS.map((column, c) => <Strip key={column.metric} column={column} method={method} axis={axes[c]} />)}
      <p className="remedy-words">{begun ? <><b>{msg`Protects:`}</b> {protectsWords(method)} {!addsNothing(method) && <><b>{msg`Gives away:`}</b> {givesAwayWords(method) || msg`there is no gold reward to say.`}</>}</> : method.explanation}</p>
    </section>
  );
}

/** Whether it holds, beside its name: in words, or as a sign. */
function Outcome({ method }: { method: MethodFacts }) {
  const verdict = verdictOf(method);
  if (addsNothing(method)) return <span className="remedy-verdict" data-verdict={verdict} data-idle="true"><span className="remedy-verdict-word">{msg`adds nothing here`}</span><span className="remedy-verdict-sign" aria-hidden="true">=</span></span>;
  const { word, sign } = VERDICTS[verdict];
  return <span className="remedy-verdict" data-verdict={verdict}><span className="remedy-verdict-word">{word}</span><span className="remedy-verdict-sign" aria-hidden="true">{sign}</span></span>;
}

function Strip({ column: { metric, role, format, brief = format, title, marksReference }, method, axis }: { column: Column; method: MethodFacts; axis: Axis }) {
  const { values, median } = method.now(metric);
  const at = (value: number) => `${axis.place(value).toFixed(2)}%`;
  const finite = values.filter(Number.isFinite);
  return (
    <span className={`remedy-strip role-${role}`}>
      <svg className="chart" role="img" aria-label={msg`${title}: median ${format(median)}`} width="100%" height="1.5rem">
        <line className="grid" x1="0" x2="100%" y1="50%" y2="50%" />
        {marksReference && <line className="remedy-reference" x1={at(method.start(metric).median)} x2={at(method.start(metric).median)} y1="15%" y2="85%" />}
        {finite.map((value, s) => <circle key={s} cx={at(value)} cy={`${50 + 18 * (((s * 5) % 8) / 3.5 - 1)}%`} r="0.2rem" style={{ fill: 'var(--role)', fillOpacity: 0.5 }} />)}
        {finite.length > 1 && <line x1={at(median)} x2={at(median)} y1="8%" y2="92%" style={{ stroke: 'var(--role)', strokeWidth: 'var(--stroke)' }} />}
      </svg>
      <span className="remedy-value" data-metric={metric} data-value={String(median)} title={String(median)}><span className="remedy-value-name">{title} </span>{brief(median)}</span>
    </span>
  );
}

function tableOf({ methods, frame, experiment }: MethodRun) {
  return {
    caption: msg`After ${frame.step} updates: median over ${experiment.seeds.length} seeds (lowest to highest)`,
    head: [msg`remedy`, ...COLUMNS.map(({ title }) => title), msg`collapsed seeds`],
    rows: methods.map((method) => [method.label, ...COLUMNS.map(({ metric, format }) => {
      const { median, low, high } = method.now(metric);
      return { text: format(median), value: median, detail: msg`${format(low)} to ${format(high)}` };
    }), msg`${method.collapsed} of ${method.members.length}`]),
  };
}
