/** Head-to-head: whose response has the higher gold reward, here and on the three toy tasks, beside what was published. */
import { useState } from 'react';
import { contestOf, type Contest } from '../../sim/duels.ts';
import type { MethodFacts } from '../../sim/methodFacts.ts';
import { msg } from '../../sim/msg.ts';
import { TASK_NAMES, TASK_PRESETS } from '../../sim/presets/tasks.ts';
import { contestWords, methodName, percent, sameStartWords, tasksWords } from '../../sim/sentences8.ts';
import { count } from '../format.ts';
import { EmptyChart, Panel, WAITING } from '../panels/Panel.tsx';
import { useHidden } from '../share/hideable.ts';
import { OutcomeBar, PublishedDuels } from './PublishedDuels.tsx';
import { useSeries, useStartSeries, type SeriesResult } from './series.ts';
import { SeriesNote } from './SeriesNote.tsx';
import { useMethodRun, type MethodRun } from './useMethods.ts';
import './duels.css';

const ONLINE = 'online-dpo';
const OFFLINE = 'dpo';
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const range = ({ low, high }: { low: number; high: number }) => `${percent(low)}–${percent(high)}`;

/** Online against offline DPO in a result; null where one of them did not train. */
function onlineContest({ methods, duels, seeds }: Pick<SeriesResult, 'methods' | 'duels' | 'seeds'>): Contest | null {
  const [a, b] = [ONLINE, OFFLINE].map((id) => methods.findIndex((method) => method.id === id));
  return duels && a >= 0 && b >= 0 ? contestOf(duels, seeds, a, b) : null;
}

export function DuelPanel() {
  const run = useMethodRun();
  return (
    <Panel title={msg`Who gives the better answer?`} sub={msg`Both answer the same prompt, each by itself; the gold reward decides. All pairs of responses are counted exactly; the sample is 200 comparisons a seed.`}>
      <div className="duel-columns">
        <div className="duel-first">{run ? <Now run={run} /> : <EmptyChart heightRem={8}>{WAITING}</EmptyChart>}</div>
        <Tasks />
        <PublishedDuels />
      </div>
    </Panel>
  );
}

/** Any two methods of the run on screen. */
function Now({ run }: { run: MethodRun }) {
  const { methods, frame, experiment } = run;
  const indexOf = (id: string, otherwise: number) => { const i = methods.findIndex((method) => method.id === id); return i < 0 ? otherwise : i; };
  const [pair, setPair] = useState<readonly [string, string]>([ONLINE, OFFLINE]);
  const b = Math.min(indexOf(pair[1], 0), methods.length - 1);
  const a = indexOf(pair[0], b === 0 ? 1 : 0);
  if (!frame.duels || methods.length < 2 || a >= methods.length) return <p className="lab-panel-note">{msg`There is no gold reward in this experiment to judge by.`}</p>;
  const contest = contestOf(frame.duels, experiment.seeds.length, a, b);
  const [first, second] = [methods[a], methods[b]].map(methodName);
  return (
    <div className="duel-now">
      <p className="duel-who">
        <MethodSelect label={msg`First method`} methods={methods} value={a} except={b} onChange={(id) => { setPair([id, methods[b].id]); }} />
        {msg` against `}
        <MethodSelect label={msg`Second method`} methods={methods} value={b} except={a} onChange={(id) => { setPair([methods[a].id, id]); }} />
      </p>
      {frame.step === 0 ? <p className="duel-sentence">{sameStartWords(first, second)}</p> : (
        <>
          <OutcomeBar win={meanOf(contest.win.values)} tie={meanOf(contest.tie.values)} loss={meanOf(contest.loss.values)} />
          <p className="duel-sentence">{msg`After ${count(frame.step, 'update')}, `}{contestWords(contest, first, second)}</p>
        </>
      )}
    </div>
  );
}

interface MethodSelectProps {
  label: string;
  methods: readonly MethodFacts[];
  value: number;
  except: number;
  onChange(id: string): void;
}

function MethodSelect({ label, methods, value, except, onChange }: MethodSelectProps) {
  return (
    <select className="quiet-select" aria-label={label} value={methods[value].id} onChange={(event) => { onChange(event.target.value); }}>
      {methods.filter(({ index }) => index !== except).map((method) => <option key={method.id} value={method.id}>{method.label}</option>)}
    </select>
  );
}

/** The three toy tasks: what has been run, and a button that runs all. */
function Tasks() {
  const results = useSeries((series) => series.results);
  const queue = useSeries((series) => series.queue);
  const start = useStartSeries();
  const fixed = useHidden('presets');
  const tasks = TASK_PRESETS.map((preset) => {
    const result = results[preset.id];
    return { preset, task: TASK_NAMES[preset.id] ?? preset.title, contest: result ? onlineContest(result) : null };
  });
  const done = tasks.flatMap(({ task, contest }) => (contest ? [{ task, contest }] : []));
  const running = TASK_PRESETS.some(({ id }) => queue.includes(id));
  return (
    <div className="duel-tasks">
      <h3>{msg`Online against offline DPO on three toy tasks`}</h3>
      <div className="duel-scroll" tabIndex={0} role="region" aria-label={msg`Results of the three toy tasks`}>
        <table className="duel-table">
          <thead><tr><th scope="col">{msg`task`}</th><th scope="col">{msg`win`}</th><th scope="col">{msg`tie`}</th><th scope="col">{msg`loss`}</th><th scope="col">{msg`win, sampled`}</th></tr></thead>
          <tbody>
            {tasks.map(({ preset, task, contest }) => (
              <tr key={preset.id} data-task={preset.id}>
                <th scope="row">{task}</th>
                {contest ? (
                  <>
                    {(['win', 'tie', 'loss'] as const).map((key) => <td key={key} data-outcome={key} data-value={String(meanOf(contest[key].values))}>{percent(meanOf(contest[key].values))} %<small>{range(contest[key])}</small></td>)}
                    <td>{percent(contest.sampled.win.share)} %<small>{range(contest.sampled.win)}</small></td>
                  </>
                ) : <td colSpan={4} className="duel-missing">{queue[0] === preset.id ? msg`running …` : msg`not run yet`}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="lab-panel-note">
        {msg`Mean over the seeds, below it the lowest and the highest seed. Last column: the share won of ${done[0] ? done[0].contest.sampled.pairs.toLocaleString('en') : msg`the`} sampled comparisons, below it its 95 % interval (Wilson) for other draws from these very policies, not for other seeds. `}{tasksWords(done, msg`online DPO`, msg`offline DPO`)}
      </p>
      {!running && !fixed && <SeriesNote presets={TASK_PRESETS} />}
      {!fixed && <button type="button" className="outlined" disabled={running} onClick={() => { start(TASK_PRESETS.map(({ id }) => id)); }}>{running ? msg`Running the tasks …` : msg`Run the three tasks`}</button>}
    </div>
  );
}
