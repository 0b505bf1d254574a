/** All remedies at once: a dot for every seed in four quantities, and what each protects and gives away, in words. */
import { scaleLinear, scaleSymlog } from 'd3-scale';
import type { MethodFacts } from '../../sim/methodFacts.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { givesAwayWords, protectsWords, verdictOf, type Verdict } from '../../sim/sentences9.ts';
import { count, formatNumber, formatProbability } from '../format.ts';
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
  /** Shares have a fixed axis. */
  domain?: readonly [number, number];
  symlog?: true;
  /** What the reference has is marked. */
  marksReference?: true;
}

const COLUMNS: readonly Column[] = [
  { metric: 'mass/ood', title: 'nobody wrote', role: 'ood', format: formatProbability, domain: [0, 1] },
  { metric: 'mass/chosen', title: 'chosen', role: 'chosen', format: formatProbability, domain: [0, 1], marksReference: true },
  { metric: 'goldReward', title: 'gold reward', role: 'ink', format: formatNumber },
  { metric: 'kl', title: 'KL, nats', role: 'ink', format: formatNumber, symlog: true },
];

const VERDICTS: Record<Verdict, string> = { holds: 'holds', partly: 'in part', fails: 'does not hold' };

export function RemedyPanel() {
  const run = useMethodRun();
  const head = { title: 'What each remedy protects, and what it gives away' };
  if (!run) return <Panel {...head}><EmptyChart heightRem={24}>{WAITING}</EmptyChart></Panel>;
  const seeds = run.experiment.seeds.length;
  const prompts = run.experiment.world.prompts.length;
  const sub = `a dot for every seed, a bar for the median of ${count(seeds, 'seed')}${prompts > 1 ? `, mean over ${prompts} prompts` : ''}; the tick under “chosen” is the reference, KL is from the reference, on a logarithmic axis; click a name to show it in the panels below`;
  return (
    <Panel {...head} sub={sub} table={() => tableOf(run)}>
      <div className="remedies">
        <Heads run={run} />
        {run.methods.map((method) => <Remedy key={method.index} method={method} run={run} />)}
      </div>
    </Panel>
  );
}

/** One axis for all rows of a column. */
function domainOf({ metric, domain }: Column, methods: readonly MethodFacts[]): readonly [number, number] {
  if (domain) return domain;
  return niceRange(methods.flatMap((method) => [...method.now(metric).values, ...method.start(metric).values])).domain;
}

function Heads({ run }: { run: MethodRun }) {
  return (
    <div className="remedy-heads" aria-hidden="true">
      <span />
      {COLUMNS.map((column) => {
        const [low, high] = domainOf(column, run.methods);
        return (
          <span key={column.metric} className={`remedy-head role-${column.role}`}>
            <b>{column.title}</b>
            <span><i>{column.domain ? `${100 * low} %` : formatNumber(low)}</i><i>{column.domain ? `${100 * high} %` : formatNumber(high)}</i></span>
          </span>
        );
      })}
    </div>
  );
}

function Remedy({ method, run }: { method: MethodFacts; run: MethodRun }) {
  const setFocus = useRun((now) => now.setFocus);
  const focus = useRun((now) => now.focus);
  const begun = run.frame.step > 0;
  const verdict = verdictOf(method);
  return (
    <section className="remedy" data-method={method.id} aria-label={method.label}>
      <button type="button" className="remedy-name" aria-pressed={focus.sweepIndex === method.index} onClick={() => { setFocus({ ...focus, sweepIndex: method.index }); }}>
        {method.label} {begun && <span className="remedy-verdict" data-verdict={verdict}>{VERDICTS[verdict]}</span>}
      </button>
      {COLUMNS.map((column) => <Strip key={column.metric} column={column} method={method} domain={domainOf(column, run.methods)} />)}
      <p className="remedy-words">{begun ? <><b>Protects:</b> {protectsWords(method)} <b>Gives away:</b> {givesAwayWords(method) || 'there is no gold reward to say.'}</> : method.explanation}</p>
    </section>
  );
}

function Strip({ column: { metric, role, format, title, symlog, marksReference }, method, domain }: { column: Column; method: MethodFacts; domain: readonly [number, number] }) {
  const { values, median } = method.now(metric);
  const range = [1.5, 98.5];
  const x = symlog ? scaleSymlog([...domain], range).constant(0.2) : scaleLinear([...domain], range);
  const at = (value: number) => `${x(value).toFixed(2)}%`;
  const finite = values.filter(Number.isFinite);
  return (
    <span className={`remedy-strip role-${role}`}>
      <svg className="chart" role="img" aria-label={`${title}: median ${format(median)}`} width="100%" height="1.5rem">
        <line className="grid" x1="0" x2="100%" y1="50%" y2="50%" />
        {marksReference && <line className="remedy-reference" x1={at(method.start(metric).median)} x2={at(method.start(metric).median)} y1="15%" y2="85%" />}
        {finite.map((value, s) => <circle key={s} cx={at(value)} cy={`${50 + 18 * (((s * 5) % 8) / 3.5 - 1)}%`} r="0.2rem" style={{ fill: 'var(--role)', fillOpacity: 0.5 }} />)}
        {finite.length > 1 && <line x1={at(median)} x2={at(median)} y1="8%" y2="92%" style={{ stroke: 'var(--role)', strokeWidth: 'var(--stroke)' }} />}
      </svg>
      <span className="remedy-value" data-metric={metric} data-value={String(median)} title={String(median)}><span className="remedy-value-name">{title} </span>{format(median)}</span>
    </span>
  );
}

function tableOf({ methods, frame, experiment }: MethodRun) {
  return {
    caption: `After ${frame.step} updates: median over ${experiment.seeds.length} seeds (lowest to highest)`,
    head: ['remedy', ...COLUMNS.map(({ title }) => title), 'collapsed seeds'],
    rows: methods.map((method) => [method.label, ...COLUMNS.map(({ metric, format }) => {
      const { median, low, high } = method.now(metric);
      return { text: format(median), value: median, detail: `${format(low)} to ${format(high)}` };
    }), `${method.collapsed} of ${method.members.length}`]),
  };
}
