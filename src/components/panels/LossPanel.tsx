/** The loss: a thin strip under the masses, on the same updates. */
import { useState } from 'react';
import type { Experiment } from '../../sim/experiment.ts';
import type { Fork } from '../../sim/fork.ts';
import { focusedExperiment, focusMembers, seedMembers } from '../../sim/focus.ts';
import { msg } from '../../sim/msg.ts';
import { shownExperiment } from '../../sim/runStore.ts';
import { focusWords } from '../../sim/words.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { Tex } from '../charts/Tex.tsx';
import { useBox } from '../charts/useBox.ts';
import { formatLoss } from '../format.ts';
import { useThrottledRun } from '../run.ts';
import { lossAxis } from './lossAxis.ts';
import { lossNumbers, lossTex } from './lossTex.ts';
import { lossTrend } from './lossTrend.ts';
import { Panel } from './Panel.tsx';
import { aheadOf, bandsOf, decimate, valueNow } from './population.ts';

/** @param experiment  of the focused policies alone */
export function LossFormula({ experiment }: { experiment: Experiment }) {
  return <><Tex tex={lossTex(experiment)} display />{lossNumbers(experiment)}</>;
}

const nameOf = ({ algorithm }: Experiment) => ('loss' in algorithm ? algorithm.loss : algorithm.kind);

/** The update from which on the present loss is what training makes smaller; before a fork it may have been another. */
export function lossBegan(fork: Fork | null): number {
  if (fork === null) return 0;
  return nameOf(fork.parent) === nameOf(fork.change) ? lossBegan(fork.from) : fork.step;
}

export function LossPanel() {
  const run = useThrottledRun((now) => now);
  const [ref, box] = useBox<HTMLDivElement>();
  const [formula, setFormula] = useState(false);
  const { history, recorded, focus } = run;
  const experiment = shownExperiment(run);
  if (!experiment || !history.last) {
    return (
      <Panel title={msg`The loss`} quiet note=" ">
        <div ref={ref} className="chart-box chart-box-loss"></div>
      </Panel>
    );
  }
  const members = { shown: focusMembers(experiment, focus), seeds: seedMembers(experiment, focus) };
  const band = bandsOf(history, 'loss', members);
  const ahead = aheadOf(recorded, history, 'loss', members);
  const began = lossBegan(run.forkedFrom);
  const words = lossTrend(band.filter(({ step }) => step >= began).map((p) => p.median));
  const value = valueNow(history, 'loss', members.shown);
  const steps = Math.max(experiment.steps, recorded.last?.step ?? 0);
  const axis = lossAxis(band[0].median, [...band, ...ahead].flatMap(({ low, median, high }) => [low, median, high]));
  const name = nameOf(experiment);
  const table = () => ({
    caption: msg`Loss (${name}), ${focusWords(experiment, focus)}, and the 10 % and 90 % quantiles over the seeds`,
    head: [msg`update`, msg`loss`, '10 %', '90 %'],
    rows: decimate(band.length, 50).map((i) => [
      String(band[i].step), { text: formatLoss(band[i].median), value: band[i].median },
      { text: formatLoss(band[i].low), value: band[i].low }, { text: formatLoss(band[i].high), value: band[i].high },
    ]),
  });
  const actions = <button type="button" className="quiet-button" aria-expanded={formula} onClick={() => setFormula(!formula)}>{msg`formula`}</button>;
  const note = (
    <>
      {began > 0 && <p>{msg`Before update ${began} the line is another loss: this run was forked there.`}</p>}
      {formula && <LossFormula experiment={focusedExperiment(experiment, focus)} />}
    </>
  );
  return (
    <Panel title={msg`The loss`} quiet actions={actions} table={table} tableWord={msg`Table of the loss`} note={note}>
      <div ref={ref} className="chart-box chart-box-loss">
        {box.width > 0 && (
          <LineChart
            width={box.width} rem={box.rem} height={box.height} steps={steps} yAxis={axis} showXAxis={false} formatValue={formatLoss} {...(members.shown.length > 1 ? { valueWord: msg`median` } : {})}
            ariaLabel={msg`Line chart of the loss: ${words}. At update 0 it was ${formatLoss(band[0].median)}, after ${history.last.step} updates ${formatLoss(value)}.`}
            series={[{ id: 'loss', role: 'ink', label: words, marker: 'circle', band, showBand: members.seeds.length > 1, ahead, valueText: formatLoss(value), value, metric: 'loss' }]}
          />
        )}
      </div>
    </Panel>
  );
}
