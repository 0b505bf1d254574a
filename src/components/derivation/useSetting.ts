/** The numbers that the derivation is evaluated on: the run's own world, policies and pairs, at the β of the slider. */
import { useMemo } from 'react';
import { LARGEST_EXPONENT, settingOf, type Setting } from '../../derivation/setting.ts';
import { focusedExperiment } from '../../sim/focus.ts';
import { forEachResponse } from '../../sim/exact/forest.ts';
import { msg } from '../../sim/msg.ts';
import { nodeOf, type World } from '../../sim/world.ts';
import { readyRun } from '../chapter/ready.ts';
import { formatNumber } from '../format.ts';
import { useLab } from '../labStore.ts';
import { useRefreshMs } from '../panels/useRefreshMs.ts';
import { useThrottledRun } from '../run.ts';
import { useReading } from './reading.ts';
import { AT_ONCE } from './useEvaluations.ts';

function noGold(): string {
  return msg`This experiment has no gold reward, so there is no optimum to derive. Add "gold" to its file.`;
}

function tooLarge(beta: number): string {
  return msg`The lines divide rewards by β, and at β = ${formatNumber(beta)} the quotient is above ${formatNumber(LARGEST_EXPONENT)}, more than they can be checked with. Raise β.`;
}

function notFinite(): string {
  return msg`The policy’s numbers are no longer finite, so no line can be evaluated on them. Reset the run.`;
}

/**
 * The setting of what is on screen; null while a run gets ready.
 * A sentence instead where the experiment has nothing to derive from.
 */
export function useSetting(): Setting | string | null {
  const run = useThrottledRun(readyRun, useRefreshMs(100));
  // What is dragged counts at once; in a large world only what was applied.
  const large = run !== null && run.world.responseCount > AT_ONCE;
  const wantedBeta = useLab((lab) => (large ? lab.base : lab.draft ?? lab.base).algorithm.beta);
  const response = useReading((state) => state.response);
  return useMemo(() => {
    if (!run) return null;
    const { world, view, frame, experiment, focus } = run;
    const rewards = view.gold ?? view.rewardModel?.scores ?? null;
    if (!rewards) return noGold();
    const given = 'pairs' in experiment.preferences ? experiment.preferences.pairs : [];
    const nodes = given.map((pair) => ({ chosen: nodeOf(world, pair.prompt, pair.chosen), rejected: nodeOf(world, pair.prompt, pair.rejected), weight: pair.weight }));
    const pairs = nodes.length > 0 ? nodes : [bestAndWorst(world, rewards)];
    // A swept β is the focused policies'; else the slider's, at once.
    const beta = experiment.sweep?.beta ? focusedExperiment(experiment, focus).algorithm.beta : wantedBeta;
    if (rewards.some((reward) => Math.abs(reward) > LARGEST_EXPONENT * beta)) {
      return tooLarge(beta);
    }
    const shown = response && known(world, response);
    try {
      return settingOf({ world, beta, refLogps: view.refLogps, rewards, logps: frame.logps, pairs, ...(shown === null ? {} : { shown }) });
    } catch {
      return notFinite();
    }
  }, [run, wantedBeta, response]);
}

function known(world: World, { prompt, text }: { prompt: number; text: string }): number | null {
  try {
    return prompt < world.promptCount ? nodeOf(world, prompt, text) : null;
  } catch {
    return null; // a response of another world
  }
}

/** Where pairs are drawn, the formulas speak of the best and the worst response to the first prompt. */
function bestAndWorst(world: World, rewards: Float64Array): { chosen: number; rejected: number } {
  const own: number[] = [];
  forEachResponse(world, (y, x) => { if (x === 0) own.push(y); });
  own.sort((a, b) => rewards[b] - rewards[a]);
  return { chosen: own[0], rejected: own[own.length - 1] };
}
