/** "The scale of the reward": how large the learned reward has become, and whether the pairs set a limit. */
import { msg } from '../../sim/msg.ts';
import { scaleWords } from '../../sim/sentences1.ts';
import { metricOf } from '../../sim/focus.ts';
import { readyRun, type ReadyRun } from '../chapter/ready.ts';
import { useThrottledRun } from '../run.ts';
import { valueNow } from './population.ts';
import { TargetPanel, type TargetLook } from './TargetPanel.tsx';
import './ppoPanels.css';

function look({ experiment }: ReadyRun): TargetLook {
  const normalised = experiment.rewardModel?.normalise !== false;
  return {
    title: msg`The scale of the learned reward`, unit: msg`reward units, before normalising`,
    lines: [{ metric: 'rm/margin', label: msg`gap of a pair, r̂₊ − r̂₋`, shortLabel: msg`gap`, role: 'ink' }, { metric: 'rm/scale', label: msg`standard deviation under the reference`, shortLabel: msg`deviation`, role: 'ink', dash: '7 5' }],
    targets: [], holds: 0,
    note: normalised ? msg`The other panels show it normalised: divided by this deviation.` : msg`Not normalised: the optimum at a given β uses the reward as large as it is here.`,
  };
}

export function ScalePanel() {
  const words = useThrottledRun((run) => {
    const ready = readyRun(run);
    if (!ready || ready.frame.step === 0) return ' ';
    const { history, shown, start, policyCount } = ready;
    const first = metricOf(start, policyCount, 'rm/scale', shown).sort((a, b) => a - b);
    return scaleWords({ accuracy: Math.min(...metricOf(ready.frame.metrics, policyCount, 'rm/accuracy', shown)), start: first[Math.floor(first.length / 2)], now: valueNow(history, 'rm/scale', shown) });
  }, 500);
  return (
    <>
      <p className="ppo-finding">{words}</p>
      <TargetPanel lookOf={look} boxClass="scale-box" tableWord={msg`Table of the scale`} />
    </>
  );
}
