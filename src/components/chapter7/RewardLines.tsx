/** "Proxy up, truth down": the reward PPO is given and the true one over the updates, with the values of both optima. */
import { msg } from '../../sim/msg.ts';
import { bargainOf, isLearned } from '../../sim/ppoStory.ts';
import { bargainWords } from '../../sim/sentences7.ts';
import type { ReadyRun } from '../chapter/ready.ts';
import { TargetPanel, type TargetLook } from '../panels/TargetPanel.tsx';
import './RewardLines.css';

const isPpo = ({ experiment: { algorithm } }: ReadyRun) => algorithm.kind === 'ppo';
const learned = ({ experiment }: ReadyRun) => isLearned(experiment);

const PI_STAR = { label: msg`optimum of the truth, π*`, shortLabel: 'π*', role: 'optimal', dash: '7 5' } as const;

/** What is said of the two values once PPO has moved. */
function bargain(run: ReadyRun, optimum: string): string {
  return run.frame.step === 0 ? '' : bargainWords(bargainOf(run), optimum);
}

/** What it is given: the reward model's scores, or the gold reward itself; of what is given none, how long its answers are. */
function givenLook(run: ReadyRun): TargetLook {
  if (!isPpo(run)) {
    return { title: msg`The length of the answers`, unit: msg`words, expected under π`, lines: [{ metric: 'meanLength', label: msg`this policy`, role: 'ink' }], targets: [{ metric: 'optimal/meanLength', ...PI_STAR }], floor: 0 };
  }
  if (!learned(run)) {
    return {
      title: msg`The reward it is given: the true one`, unit: msg`expected under π`, lines: [{ metric: 'goldReward', label: msg`PPO`, role: 'ink' }],
      targets: [{ metric: 'optimal/goldReward', ...PI_STAR }], note: bargain(run, 'π*'),
    };
  }
  const unit = run.experiment.rewardModel?.normalise === false ? msg`as fitted` : msg`in deviations under the reference`;
  return {
    title: msg`The reward it is given`, unit, lines: [{ metric: 'proxyReward', label: msg`PPO`, role: 'ink' }],
    targets: [{ metric: 'proxyOptimal/proxyReward', label: msg`optimum of this reward ◇`, shortLabel: 'π̂* ◇', role: 'ink', dash: '2 5' }], note: bargain(run, 'π̂*'),
  };
}

/** The truth beside it; where PPO is given the truth, how far it is from its optimum. */
function truthLook(run: ReadyRun): TargetLook {
  if (!isPpo(run)) return { title: msg`The true reward`, unit: msg`expected under π`, lines: [{ metric: 'goldReward', label: msg`this policy`, role: 'ink' }], targets: [{ metric: 'optimal/goldReward', ...PI_STAR }] };
  if (!learned(run)) {
    return { title: msg`Distance from the optimum`, unit: msg`KL(π‖π*) in nats`, lines: [{ metric: 'klToOptimal', label: msg`to π*`, role: 'ink' }], targets: [], floor: 0 };
  }
  if (!run.experiment.gold) {
    return { title: msg`Distance from the optimum of that reward`, unit: msg`KL(π‖π̂*) in nats`, lines: [{ metric: 'klToProxyOptimal', label: msg`to π̂*`, role: 'ink' }], targets: [], floor: 0 };
  }
  return {
    title: msg`The true reward`, unit: msg`expected under π`, lines: [{ metric: 'goldReward', label: msg`PPO`, role: 'ink' }],
    targets: [
      { metric: 'optimal/goldReward', ...PI_STAR },
      { metric: 'proxyOptimal/goldReward', label: msg`optimum of what it is given ◇`, shortLabel: 'π̂* ◇', role: 'ink', dash: '2 5' },
    ],
  };
}

export function GivenReward() {
  return <TargetPanel lookOf={givenLook} boxClass="reward-box given-box" showXAxis={false} tableWord={msg`Table of the upper chart`} />;
}

export function TrueReward() {
  return <TargetPanel lookOf={truthLook} boxClass="reward-box" tableWord={msg`Table of the lower chart`} />;
}
