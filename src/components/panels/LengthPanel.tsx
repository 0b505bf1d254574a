/** "The length against the dial": at several length biases or prices of KL, how long the answers are, or what a word is worth. */
import type { Experiment, SweepKey } from '../../sim/experiment.ts';
import { focusedExperiment, metricOf, seedMembers, sweepCount, sweptValues } from '../../sim/focus.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import type { ParamId } from '../../sim/params.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { lengthWords } from '../../sim/sentences7.ts';
import type { PanelProps } from '../chapter/panelLoads.ts';
import { axisOf } from '../charts/ScatterChart.tsx';
import { SettingDots, TargetMark, type Setting, type SettingTarget } from '../charts/SettingDots.tsx';
import { useBox } from '../charts/useBox.ts';
import { useExperiment } from '../controls/useKnob.ts';
import { count, formatNumber, formatTick } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { EmptyChart, Panel, WAITING } from './Panel.tsx';
import { valueNow } from './population.ts';
import './ppoPanels.css';

const HEIGHT_REM = 18;

interface SweepChoice { key: SweepKey; param: ParamId; symbol: string; values: readonly number[]; what: string }
const BIASES: SweepChoice = { key: 'lengthBias', param: 'sweepLengthBias', symbol: 'b', values: [0, 0.2, 0.4, 0.6], what: msg`length biases of the annotator` };
const PRICES: SweepChoice = { key: 'beta', param: 'sweepBeta', symbol: 'β', values: [0.3, 1, 3, 10], what: msg`prices of KL` };

/** What stands at each setting: what a word is worth to a reward model; else how long the answers of the policy are. */
interface Measure { metric: MetricId; what: string; title: string }
const COEFFICIENT: Measure = { metric: 'rm/lengthCoefficient', title: msg`What a word more is worth to it`, what: msg`the median worth of a word` };
const LENGTH: Measure = { metric: 'meanLength', title: msg`The length at several settings`, what: msg`the median of the mean lengths` };
const measureOf = ({ algorithm }: Experiment): Measure => (algorithm.kind === 'reward-model' ? COEFFICIENT : LENGTH);

/** What the annotator adds per word, in the units that Bradley–Terry sees; null where the labels have none. */
function taughtOf(experiment: Experiment): number | null {
  if (!('sampled' in experiment.preferences)) return null;
  const { labels, lengthBias, temperature } = experiment.preferences.sampled;
  return labels === 'bradley-terry' ? lengthBias / temperature : null;
}

function targetsOf(experiment: Experiment, own: (id: MetricId) => number): SettingTarget[] {
  if (experiment.algorithm.kind === 'reward-model') {
    const taught = taughtOf(experiment);
    return taught === null ? [] : [{ value: taught, shape: 'diamond', title: msg`the annotator’s own ${formatNumber(taught)}` }];
  }
  const optima: SettingTarget[] = [
    { value: own('proxyOptimal/meanLength'), shape: 'diamond', title: msg`optimum of the reward it is given: ${formatNumber(own('proxyOptimal/meanLength'))}` },
    { value: own('optimal/meanLength'), shape: 'ring', title: msg`optimum of the truth: ${formatNumber(own('optimal/meanLength'))}` },
  ];
  return optima.filter(({ value }) => Number.isFinite(value));
}

/** Which sweep is on, of the two that this panel shows. */
function choiceOf({ sweep }: Experiment): SweepChoice | null {
  const keys = Object.keys(sweep ?? {});
  if (keys.length !== 1) return null;
  return [BIASES, PRICES].find(({ key }) => key === keys[0]) ?? null;
}

export function LengthPanel({ onSweepOf }: PanelProps) {
  const run = useThrottledRun((now) => now, 200);
  const base = useExperiment();
  const [ref, box] = useBox<HTMLDivElement>();
  const { history, focus, setFocus } = run;
  const experiment = shownExperiment(run);
  if (!experiment) return <Panel title={LENGTH.title}><EmptyChart heightRem={HEIGHT_REM}>{WAITING}</EmptyChart></Panel>;
  const measure = measureOf(experiment);
  const choice = choiceOf(experiment);
  if (!choice) return <Invitation base={base} title={measure.title} onSweepOf={onSweepOf} />;
  const ready = history.last !== null;
  const settings = Array.from({ length: sweepCount(experiment) }, (_, sweepIndex): Setting & { knob: number } => {
    const members = seedMembers(experiment, { sweepIndex });
    const knob = sweptValues(experiment, { sweepIndex })[choice.key] ?? NaN;
    const own = (id: MetricId) => valueNow(history, id, members);
    return {
      sweepIndex, knob, label: `${choice.symbol} = ${knob}`, values: history.last ? metricOf(history.last.metrics, history.policyCount, measure.metric, members) : [],
      median: own(measure.metric), targets: targetsOf(focusedExperiment(experiment, { sweepIndex }), own),
    };
  });
  const all = settings.flatMap(({ values, targets }) => [...values, ...targets.map(({ value }) => value)]);
  const finding = lengthWords(choice.symbol, settings.map(({ knob, median, targets }) => ({ value: knob, median, target: targets.find(({ shape }) => shape === 'diamond')?.value ?? NaN })), measure.what);
  const isCoefficient = measure === COEFFICIENT;
  const marked = (shape: SettingTarget['shape']) => settings.some(({ targets }) => targets.some((target) => target.shape === shape));
  const table = () => ({
    caption: msg`${measure.title} after ${history.last?.step} updates, ${count(experiment.seeds.length, 'seed')}`,
    head: [choice.symbol, msg`median`, msg`lowest`, msg`highest`, ...(settings[0]?.targets.map(({ shape }) => (isCoefficient ? msg`the annotator’s` : shape === 'ring' ? 'π*' : 'π̂*')) ?? [])],
    rows: settings.map(({ knob, values, median, targets }) => {
      const cell = (value: number) => ({ text: formatNumber(value), value });
      return [String(knob), cell(median), cell(Math.min(...values)), cell(Math.max(...values)), ...targets.map(({ value }) => cell(value))];
    }),
  });
  const sub = (
    <>
      {msg`${isCoefficient ? msg`reward units per word, the true reward held fixed` : msg`words`}; a dot for each of ${count(experiment.seeds.length, 'seed')}, a bar for their median. `}
      {marked('diamond') && <Key shape="diamond">{isCoefficient ? msg`what the annotator adds` : msg`π̂*, optimum of the reward it is given`}</Key>}
      {marked('ring') && <Key shape="ring">{msg`π*, optimum of the truth`}</Key>}
    </>
  );
  return (
    <Panel title={measure.title} sub={sub} actions={<button type="button" className="quiet-button" onClick={() => { onSweepOf(choice.param, null); }}>{msg`Back to one `}{choice.symbol}</button>} {...(ready ? { table } : {})}>
      <p className="ppo-finding" data-finding="length">{ready ? finding : ' '}</p>
      <div ref={ref} className="chart-box" style={{ height: `${HEIGHT_REM}rem` }}>
        {ready ? (
          <SettingDots
            width={box.width} height={box.height} rem={box.rem} settings={settings} shown={focus.sweepIndex} yAxis={{ kind: 'linear', ...axisOf([0, ...all], '', formatTick) }} format={formatNumber}
            ariaLabel={msg`${measure.title} by ${choice.symbol}: ${settings.map(({ label, median }) => `${label} ${formatNumber(median)}`).join(', ')}.`}
          />
        ) : <EmptyChart>{WAITING}</EmptyChart>}
      </div>
      <div className="setting-names" role="group" aria-label={msg`Setting shown above`}>
        {settings.map(({ sweepIndex, label, median }) => (
          <button key={sweepIndex} type="button" aria-pressed={focus.sweepIndex === sweepIndex} onClick={() => { setFocus({ ...focus, sweepIndex }); }}>
            <span>{label}</span><b data-median={String(median)} title={String(median)}>{ready ? formatNumber(median) : ' '}</b>
          </button>
        ))}
      </div>
    </Panel>
  );
}

function Key({ shape, children }: { shape: SettingTarget['shape']; children: string }) {
  return <span className="setting-key"><svg width="1rem" height="1rem" viewBox="0 0 16 16" aria-hidden="true"><TargetMark shape={shape} x={8} y={8} size={4.5} /></svg>{children}</span>;
}

/** What a click starts, for the sweeps that this experiment can have. */
function Invitation({ base, title, onSweepOf }: { base: Experiment; title: string; onSweepOf: PanelProps['onSweepOf'] }) {
  const choices = [...('sampled' in base.preferences ? [BIASES] : []), ...(base.algorithm.kind === 'ppo' ? [PRICES] : [])]
    // What PPO on the gold reward does has nothing to do with the annotator.
    .filter(({ key }) => key !== 'lengthBias' || base.algorithm.kind !== 'ppo' || base.algorithm.reward === 'reward-model');
  return (
    <Panel title={title}>
      <EmptyChart heightRem={HEIGHT_REM / 1.5}>
        <div className="setting-invitation">
          {choices.length === 0 ? <p>{msg`The pairs are given, so there is no annotator whose length bias could be moved. Open a preset with sampled pairs.`}</p> : (
            <>
              <p>{msg`The same world and ${count(base.seeds.length, 'seed')} at several settings, trained side by side as one population. The run begins again at update 0.`}</p>
              <div className="setting-buttons">
                {choices.map(({ param, symbol, values, what }) => (
                  <button key={param} type="button" className="quiet-button setting-button" onClick={() => { onSweepOf(param, values); }}>{values.length} {what}: {symbol} = {values.join(', ')}</button>
                ))}
              </div>
            </>
          )}
        </div>
      </EmptyChart>
    </Panel>
  );
}
