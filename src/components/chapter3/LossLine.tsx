/** The last line of the cancellation: the DPO loss, of the pair and over all pairs, beside the loss of the run. */
import { focusedExperiment, focusValue } from '../../sim/focus.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { paramOf } from '../../sim/params.ts';
import { otherLossWords, type OtherLoss } from '../../sim/sentences3.ts';
import { dpoLoss } from '../../derivation/objective.ts';
import type { Setting, SettingPair } from '../../derivation/setting.ts';
import type { ReadyRun } from '../chapter/ready.ts';
import { Tex } from '../charts/Tex.tsx';
import { count, formatLoss, formatNumber } from '../format.ts';
import { pairsOf } from './pairs.ts';
import { pairLoss, TEX } from './terms.ts';

/** Null where the run minimises exactly the formula's loss, on the pairs of its experiment. */
export function otherLossOf({ algorithm, preferences }: Experiment): OtherLoss | null {
  if (algorithm.kind !== 'dpo') {
    const choice = paramOf('algorithm');
    const name = choice.kind === 'choice' ? choice.choices.find(({ value }) => value === algorithm.kind)?.label : undefined;
    return { name: name ?? algorithm.kind, why: algorithm.kind === 'online-dpo' ? 'pairs' : 'form' };
  }
  const { loss, labelSmoothing, lengthAlpha, nllWeight, klWeight } = algorithm;
  const param = paramOf('loss');
  const name = param.kind === 'choice' ? param.choices.find(({ value }) => value === loss)?.label ?? loss : loss;
  if (loss !== 'sigmoid') return { name, why: 'form' };
  const extra = Object.entries({ labelSmoothing, lengthAlpha, nllWeight, klWeight }).filter(([, value]) => value !== 0).map(([id]) => paramOf(id as 'nllWeight').label.toLowerCase());
  if (extra.length > 0) return { name: msg`DPO with ${extra.join(msg` and `)}`, why: 'form' };
  return 'sampled' in preferences ? { name, why: 'pairs' } : null;
}

interface LossLineProps {
  setting: Setting;
  run: ReadyRun;
  pair: SettingPair;
  /** r̂(x, y₊) − r̂(x, y₋) of the policy in training, reward units. */
  gap: number;
}

export function LossLine({ setting, run, pair, gap }: LossLineProps) {
  const { experiment, frame, focus, policyCount, shown } = run;
  const other = otherLossOf(focusedExperiment(experiment, focus));
  const own = focusValue(frame.metrics, policyCount, 'loss', shown);
  const pairs = pairsOf(setting).length;
  const all = dpoLoss(setting, setting.logps);
  const ofPair = pairLoss(gap);
  return (
    <>
      <span className="cancel-rule" data-from="4" />
      <span className="cancel-loss" data-from="4" data-end="4" data-pair={`${pair.chosen} ${pair.rejected}`}>
        <Tex tex={TEX.loss} />
        <span className="cancel-loss-numbers">
          <span>{msg`−log σ(`}<b>{formatNumber(gap)}</b>) = <b data-slot="loss/pair" data-value={String(ofPair)} title={String(ofPair)}>{formatLoss(ofPair)}</b>{pairs > 1 && msg`, this pair`}{shown.length > 1 && msg`, mean policy`}</span>
          {pairs > 1 && <span>{msg`mean of ${count(pairs, 'pair')} `}<b data-slot="loss/pairs" data-value={String(all)} title={String(all)}>{formatLoss(all)}</b></span>}
          {other
            ? <span data-other-loss={other.why}>{otherLossWords(other)}{Number.isFinite(own) && <>{msg` Its loss is `}<b data-metric="loss" data-value={String(own)}>{formatLoss(own)}</b>.</>}</span>
            : <span>{shown.length > 1 ? msg`the run’s loss, median of ${shown.length} seeds` : msg`the loss of the run`} <b data-metric="loss" data-value={String(own)} title={String(own)}>{formatLoss(own)}</b></span>}
        </span>
      </span>
    </>
  );
}
