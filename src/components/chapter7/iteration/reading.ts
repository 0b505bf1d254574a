/** What the pictures of one PPO update read of the run. */
import type { PpoAlgorithm } from '../../../sim/experiment.ts';
import { focusedExperiment } from '../../../sim/focus.ts';
import { msg } from '../../../sim/msg.ts';
import { quoted } from '../../../sim/words.ts';
import { responseText, wordsOf, type World } from '../../../sim/world.ts';
import type { RunStatus } from '../../../sim/runStore.ts';
import type { PpoIteration } from '../../../sim/worker/protocol.ts';
import { tokenName } from '../../../sim/iteration.ts';
import { readyRun, type ReadyRun } from '../../chapter/ready.ts';

/** One update of one policy, and the run it belongs to. */
export interface PpoReading {
  /** Number of the run. */
  run: number;
  ready: ReadyRun;
  iteration: PpoIteration;
  /** As the focused policy is trained: swept values in place. */
  algorithm: PpoAlgorithm;
  /** Of the policy that made the update. */
  seed: number;
  /** One policy is in focus, so the page's other numbers are of the same one. */
  single: boolean;
}

/** The last update; or in words why there is none to show. */
export function readIteration(status: RunStatus): PpoReading | string {
  const ready = readyRun(status);
  if (!ready) return msg`The reference policy is being prepared; the first update can be looked at once it is made.`;
  const { experiment, focus, frame, shown } = ready;
  const { algorithm } = focusedExperiment(experiment, focus);
  if (algorithm.kind !== 'ppo') return msg`This run does not train by PPO: there is no such update to look at.`;
  if (frame.iteration) {
    return { run: status.run, ready, iteration: frame.iteration, algorithm, seed: experiment.seeds[shown[0] % experiment.seeds.length], single: shown.length === 1 };
  }
  if (frame.step > 0) return msg`What the last update drew is not kept over a break: the next update draws anew.`;
  return msg`Nothing has been drawn yet: press Play, or make one update.`;
}

/** "update 37 of seed 0", and that it is one of several. */
export function whoseUpdate({ iteration, seed, ready }: PpoReading): string {
  return msg`update ${iteration.step.toLocaleString('en')}${ready.experiment.seeds.length > 1 ? msg` of seed ${seed}` : ''}`;
}

/** A token in its place: "“good” after “very”, in “very good”". @param place  in the [B·T] arrays */
export function placeName(world: World, { nodes, tokens, positions }: PpoIteration, place: number): string {
  const node = nodes[Math.floor(place / positions)];
  const before = wordsOf(world, node).slice(0, place % positions).map((w) => world.words[w]).join(' ');
  const token = tokenName(world, tokens[place]);
  return msg`${token}${before === '' ? msg` first` : msg` after “${before}”`}, in ${quoted(responseText(world, node))}`;
}
