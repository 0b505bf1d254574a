/**
 * TABLE of the methods that train side by side (chapters 8 and 9): what each makes of one base experiment.
 *
 * A method keeps world, reference, gold reward, preferences, policy, reward model, β, seeds and number of updates;
 * it sets how the policy is trained and, where the same learning rate would not do, the optimiser.
 */
import type {
  DpoAlgorithm, DpoKnobs, DpoLossName, Experiment, OnlineDpoAlgorithm, OptimizerSpec, PpoAlgorithm,
} from './experiment.ts';
import { canonical, DPO_DEFAULTS, ONLINE_DPO_DEFAULTS, PPO_DEFAULTS } from './experimentDefaults.ts';
import { same } from './experimentPrint.ts';
import { defaultLabelSmoothing } from './experimentRanges.ts';
import { msg } from './msg.ts';

export interface Method {
  /** Its name in links and presets. */
  id: string;
  /** Its name on the page. */
  label: string;
  /** Where there is little room. */
  short: string;
  /** What it does that plain DPO does not, in one sentence. */
  explanation: string;
  /** The experiment that this method trains; the same world, reference, β, seeds and number of updates as `base`. */
  apply(base: Experiment): Experiment;
}

/** K of the online methods: updates between two draws. */
const RESAMPLE_EVERY = 10;
/** PPO's gradient has the scale of its whitened advantages, whatever the reward: a learning rate of its own. */
const PPO_OPTIMIZER: OptimizerSpec = { kind: 'adam', learningRate: 0.01 };
export const REMEDY_KNOBS = { labelSmoothing: 0.1, dpopLambda: 1, nllWeight: 0.03, klWeight: 0.02, lengthAlpha: 0.1 } as const;

function trained(base: Experiment, algorithm: Experiment['algorithm'], optimizer: OptimizerSpec = base.optimizer): Experiment {
  const { sweep: _one, ...rest } = base;
  return canonical({ ...rest, algorithm, optimizer });
}

function batchOf({ algorithm }: Experiment): number {
  return algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo' ? algorithm.batch : 0;
}

function offline(base: Experiment, loss: DpoLossName, knobs: Partial<DpoKnobs> = {}): DpoAlgorithm {
  return { ...DPO_DEFAULTS, loss, labelSmoothing: defaultLabelSmoothing(loss), ...knobs, beta: base.algorithm.beta, batch: batchOf(base) };
}

function online(base: Experiment, judge: OnlineDpoAlgorithm['judge']): OnlineDpoAlgorithm {
  return { ...ONLINE_DPO_DEFAULTS, resampleEvery: RESAMPLE_EVERY, judge, beta: base.algorithm.beta, batch: batchOf(base) };
}

function ppo(base: Experiment, reward: PpoAlgorithm['reward']): PpoAlgorithm {
  return { ...PPO_DEFAULTS, reward, beta: base.algorithm.beta };
}

/** Largest share of the learning rate for a squared loss: its curvature along h is 2 whatever β is, and a longer step overshoots. */
const SQUARED_SHARE = 0.03;

/**
 * The optimiser of a loss with the target ±1/(2β): by SGD its first update would be 2/β² times as long as DPO's
 * (gradient 1/β against β/2 along h), so the learning rate is divided by that, and kept where the loss's
 * curvature, which does not shrink with β, still lets it settle. Adam does not see the scale.
 */
function squaredStep({ algorithm: { beta }, optimizer }: Experiment): OptimizerSpec {
  if (optimizer.kind === 'adam') return optimizer;
  return { kind: 'sgd', learningRate: optimizer.learningRate * Math.min(SQUARED_SHARE, beta ** 2 / 2) };
}

/** A loss of the family with the base's optimiser. */
function dpoLoss(id: string, label: string, short: string, explanation: string, loss: DpoLossName, knobs?: Partial<DpoKnobs>): Method {
  return { id, label, short, explanation, apply: (base) => trained(base, offline(base, loss, knobs)) };
}

/** A loss with the target ±1/(2β). */
function squaredLoss(id: string, label: string, explanation: string, loss: DpoLossName): Method {
  return { id, label, short: label, explanation, apply: (base) => trained(base, offline(base, loss), squaredStep(base)) };
}

export const METHODS: readonly Method[] = [
  dpoLoss('dpo', msg`Offline DPO`, 'DPO', msg`Learns from the given pairs and from nothing else.`, 'sigmoid'),
  {
    id: 'online-dpo', label: msg`Online DPO`, short: msg`Online`,
    explanation: msg`The DPO loss on 8 pairs per prompt that the policy itself draws every ${RESAMPLE_EVERY} updates; the gold reward says which is better.`,
    apply: (base) => trained(base, online(base, 'gold')),
  },
  {
    id: 'online-dpo-rm', label: msg`Online DPO (learned judge)`, short: msg`Online, r̂`,
    explanation: msg`Online DPO whose judge is a reward model fitted to the same preferences.`,
    apply: (base) => trained(base, online(base, 'reward-model')),
  },
  {
    id: 'ppo', label: msg`PPO`, short: msg`PPO`,
    explanation: msg`Every update is a PPO iteration: 64 responses per prompt, scored by the gold reward, the KL to the reference in the reward. Optimiser: Adam, learning rate 0.01.`,
    apply: (base) => trained(base, ppo(base, 'gold'), PPO_OPTIMIZER),
  },
  {
    id: 'ppo-rm', label: msg`PPO (learned reward)`, short: msg`PPO, r̂`,
    explanation: msg`PPO whose scores come from a reward model fitted to the same preferences. Optimiser: Adam, learning rate 0.01.`,
    apply: (base) => trained(base, ppo(base, 'reward-model'), PPO_OPTIMIZER),
  },
  {
    id: 'exact', label: msg`Exact gradient`, short: msg`Exact`,
    explanation: msg`Gradient ascent on E[r] − β·KL computed over all responses: nothing is sampled, so it shows what the network itself allows.`,
    apply: (base) => trained(base, { kind: 'exact', beta: base.algorithm.beta }),
  },
  squaredLoss('ipo', 'IPO', msg`Pulls the log-ratio gap to the finite target 1/(2β) and no further; by SGD with a learning rate that makes its first update as long as DPO’s.`, 'ipo'),
  dpoLoss('cdpo', msg`Label smoothing`, msg`Smoothed`, msg`cDPO, ε = ${REMEDY_KNOBS.labelSmoothing}: treats one label in ten as wrong, so the gap has a finite target, log 9 / β.`, 'sigmoid', { labelSmoothing: REMEDY_KNOBS.labelSmoothing }),
  dpoLoss('dpop', 'DPOP', 'DPOP', msg`Punishes log π(chosen) for falling below the reference, with λ = ${REMEDY_KNOBS.dpopLambda} (its authors use 50).`, 'dpop', { dpopLambda: REMEDY_KNOBS.dpopLambda }),
  dpoLoss('dpo-nll', 'DPO + NLL', '+ NLL', msg`Adds ${REMEDY_KNOBS.nllWeight} × the negative log-likelihood of the chosen responses, per token.`, 'sigmoid', { nllWeight: REMEDY_KNOBS.nllWeight }),
  dpoLoss('dpo-kl', 'DPO + KL', '+ KL', msg`Adds ${REMEDY_KNOBS.klWeight} × the KL from the reference, exact over all responses: what a penalty on the policy’s own samples is on average.`, 'sigmoid', { klWeight: REMEDY_KNOBS.klWeight }),
  dpoLoss('r-dpo', 'R-DPO', 'R-DPO', msg`Adds ${REMEDY_KNOBS.lengthAlpha} × (words of the winner − words of the loser) to the margin: a longer winner gets a smaller gradient.`, 'sigmoid', { lengthAlpha: REMEDY_KNOBS.lengthAlpha }),
  dpoLoss('hinge', msg`Hinge (SLiC)`, msg`Hinge`, msg`A pair whose margin β·h has reached 1 no longer pulls.`, 'hinge'),
  dpoLoss('simpo', 'SimPO', 'SimPO', msg`Compares log-probabilities per token with a margin of 0.5, and does without the reference.`, 'simpo'),
  squaredLoss('sppo-hard', 'SPPO', msg`Pulls the log-ratio of the winner to 1/(2β) and that of the loser to −1/(2β), each by itself; by SGD with IPO’s learning rate.`, 'sppo_hard'),
  dpoLoss('nca', 'NCA', 'NCA', msg`Raises the winner’s own log-ratio instead of the gap alone, and holds both near 0.`, 'nca_pair'),
  dpoLoss('exo', 'EXO', 'EXO', msg`Fits the pair’s probabilities by the reverse KL, labels smoothed by 0.001.`, 'exo_pair'),
  dpoLoss('apo-zero', 'APO-zero', 'APO-0', msg`Raises the winner and lowers the loser, each against the reference alone.`, 'apo_zero'),
  dpoLoss('apo-down', 'APO-down', 'APO-d', msg`Lowers both and the loser more: meant for winners that are worse than what the policy says.`, 'apo_down'),
];

/** The methods of some ids, in the order of the ids; unknown ids are left out. */
export function methodsOf(ids: readonly string[]): Method[] {
  return ids.flatMap((id) => METHODS.find((method) => method.id === id) ?? []);
}

const KNOWN = new WeakMap<Experiment, Method | null>();

/** The method that an experiment trains by; null where it is none of the table. */
export function methodOf(experiment: Experiment): Method | null {
  let method = KNOWN.get(experiment);
  if (method === undefined) {
    method = METHODS.find(({ apply }) => same(apply(experiment).algorithm, experiment.algorithm)) ?? null;
    KNOWN.set(experiment, method);
  }
  return method;
}

/** Responses that training has drawn from the policy after `step` updates, per seed. */
export function samplesAfter({ algorithm, world }: Experiment, step: number): number {
  const prompts = world.prompts.length;
  if (algorithm.kind === 'ppo') return step * algorithm.rolloutBatch * prompts;
  if (algorithm.kind === 'online-dpo') return Math.floor(step / algorithm.resampleEvery) * algorithm.pairsPerResample * 2 * prompts;
  return 0;
}

/** What a judge was asked during `step` updates, per seed: a verdict per drawn pair (online DPO), a score per response (PPO). */
export function judgeCallsAfter(experiment: Experiment, step: number): number {
  const samples = samplesAfter(experiment, step);
  return experiment.algorithm.kind === 'online-dpo' ? samples / 2 : samples;
}

/** Responses drawn from the policy per update and seed, on average. */
export function samplesPerUpdate(experiment: Experiment): number {
  const { algorithm } = experiment;
  const period = algorithm.kind === 'online-dpo' ? algorithm.resampleEvery : 1;
  return samplesAfter(experiment, period) / period;
}

/** Judge calls per update and seed, on average. */
export function judgeCallsPerUpdate(experiment: Experiment): number {
  const { algorithm } = experiment;
  const period = algorithm.kind === 'online-dpo' ? algorithm.resampleEvery : 1;
  return judgeCallsAfter(experiment, period) / period;
}
