/**
 * Reading an experiment file: unknown input → a complete `Experiment`, or every problem in one sentence each.
 *
 * Fields are checked here (valibot, strict objects), what depends on several fields in experimentRules.ts.
 * Nothing of a refused file is used.
 */
import * as v from 'valibot';
import {
  canonical, DPO_DEFAULTS, GOLD_DEFAULTS, MLP_DEFAULTS, NAME_DEFAULT, ONLINE_DPO_DEFAULTS, OPTIMIZER_DEFAULTS, PPO_DEFAULTS,
  REWARD_MODEL_DEFAULTS, SAMPLED_DEFAULTS, SEEDS_DEFAULT, SMOOTHING_DEFAULT, STEPS_DEFAULT, TRANSFORMER_DEFAULTS, WEIGHT_DEFAULT,
} from './experimentDefaults.ts';
import { defaultLabelSmoothing, DPO_LOSSES, RANGES } from './experimentRanges.ts';
import { ruleProblems } from './experimentRules.ts';
import { choice, fields, flag, list, number, oneOfKinds, problemOf, reservedKeys, shape, text, wordMap } from './experimentFields.ts';
import { parseJson } from './jsonText.ts';
import { msg } from './msg.ts';
import { mustBe } from './problem.ts';
import type { Experiment, PreferencesSpec, SweepKey } from './experiment.ts';
import type { Problem } from './problem.ts';

export { minimalExperiment, printExperiment } from './experimentPrint.ts';
export { supportProblem, unusedKnobs } from './experimentKnobs.ts';
export { responseCount } from './experimentSizes.ts';
export type { ExperimentFile } from './experimentPrint.ts';
export type { Problem } from './problem.ts';

export type ReadResult = { ok: true; experiment: Experiment } | { ok: false; problems: Problem[] };

/** Longest accepted text, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 5_000_000;

const promptIndex = v.custom<number>((input) => typeof input === 'number', msg`the index of a prompt (0 is the first)`);
const word = text(msg`a word: not empty, without white space, not a reserved name such as "constructor"`,
  (value) => value !== '' && !/\s/u.test(value) && value !== 'prototype' && !(value in {}));

const world = shape({
  words: list(word, 1, 64, 'words'),
  maxLength: number(RANGES.maxLength),
  prompts: list(text(msg`a text that is not empty`, (value) => value.trim() !== ''), 1, 1_000_000, 'prompts'),
});

const reference = oneOfKinds(['corpus', 'unigram'], [
  fields({
    kind: v.literal('corpus'),
    corpus: list(shape({
      prompt: promptIndex,
      response: text(msg`a response (words joined by one space)`),
      weight: v.optional(number(RANGES.corpusWeight), WEIGHT_DEFAULT),
    }), 1, 1_000_000, 'entries'),
    smoothing: v.optional(number(RANGES.smoothing), SMOOTHING_DEFAULT),
  }),
  fields({
    kind: v.literal('unigram'),
    wordWeights: list(number(RANGES.corpusWeight), 1, 64, 'numbers'),
    stop: number(RANGES.stop),
  }),
]);

const gold = shape({
  responses: v.optional(list(shape({
    prompt: promptIndex, response: text(msg`a response (words joined by one space)`), reward: number(RANGES.reward),
  }), 0, 1_000_000, 'entries'), []),
  otherwise: v.optional(number(RANGES.reward), GOLD_DEFAULTS.otherwise),
  perWord: v.optional(wordMap(RANGES.reward), {}),
  containsWord: v.optional(wordMap(RANGES.reward), {}),
  perToken: v.optional(number(RANGES.reward), GOLD_DEFAULTS.perToken),
});

const pairs = list(shape({
  prompt: promptIndex,
  chosen: text(msg`a response (words joined by one space)`),
  rejected: text(msg`a response (words joined by one space)`),
  weight: v.optional(number(RANGES.pairWeight), WEIGHT_DEFAULT),
}), 1, 1_000_000, 'pairs');

const sampled = shape({
  count: v.optional(number(RANGES.sampledCount), SAMPLED_DEFAULTS.count),
  from: v.optional(choice(['reference']), SAMPLED_DEFAULTS.from),
  labels: v.optional(choice(['bradley-terry', 'argmax']), SAMPLED_DEFAULTS.labels),
  temperature: v.optional(number(RANGES.temperature), SAMPLED_DEFAULTS.temperature),
  lengthBias: v.optional(number(RANGES.lengthBias), SAMPLED_DEFAULTS.lengthBias),
});

const policy = oneOfKinds(['mlp', 'tabular', 'transformer'], [
  fields({
    kind: v.optional(v.literal('mlp'), 'mlp'),
    hidden: v.optional(list(number(RANGES.hiddenUnits), 1, 4, msg`layer sizes`), [...MLP_DEFAULTS.hidden]),
  }),
  fields({ kind: v.literal('tabular') }),
  fields({
    kind: v.literal('transformer'),
    width: v.optional(number(RANGES.width), TRANSFORMER_DEFAULTS.width),
    heads: v.optional(number(RANGES.heads), TRANSFORMER_DEFAULTS.heads),
  }),
]);

const rewardModel = shape({
  kind: v.optional(choice(['mlp', 'linear', 'table']), REWARD_MODEL_DEFAULTS.kind),
  steps: v.optional(number(RANGES.steps), REWARD_MODEL_DEFAULTS.steps),
  learningRate: v.optional(number(RANGES.learningRate), REWARD_MODEL_DEFAULTS.learningRate),
  normalise: v.optional(flag, REWARD_MODEL_DEFAULTS.normalise),
  earlyStop: v.optional(flag, REWARD_MODEL_DEFAULTS.earlyStop),
});

const dpoFields = {
  loss: v.optional(choice(DPO_LOSSES), DPO_DEFAULTS.loss),
  beta: v.optional(number(RANGES.beta), DPO_DEFAULTS.beta),
  labelSmoothing: v.optional(number(RANGES.labelSmoothing)),
  lengthAlpha: v.optional(number(RANGES.lengthAlpha), DPO_DEFAULTS.lengthAlpha),
  dpopLambda: v.optional(number(RANGES.dpopLambda), DPO_DEFAULTS.dpopLambda),
  simpoGamma: v.optional(number(RANGES.simpoGamma), DPO_DEFAULTS.simpoGamma),
  nllWeight: v.optional(number(RANGES.nllWeight), DPO_DEFAULTS.nllWeight),
  klWeight: v.optional(number(RANGES.klWeight), DPO_DEFAULTS.klWeight),
  batch: v.optional(number(RANGES.batch), DPO_DEFAULTS.batch),
};

// Extensions of the format's version 1 by this lab, each with a default that means what a file without it meant: the
// algorithm "reward-model", `judgeLengthBias`, `rewardModel.earlyStop`, the sweeps `resampleEvery` and `lengthBias`.
const algorithm = oneOfKinds(['dpo', 'exact', 'online-dpo', 'ppo', 'reward-model'], [
  fields({ kind: v.optional(v.literal('dpo'), 'dpo'), ...dpoFields }),
  fields({ kind: v.literal('exact'), beta: v.optional(number(RANGES.beta), DPO_DEFAULTS.beta) }),
  fields({ kind: v.literal('reward-model'), beta: v.optional(number(RANGES.beta), DPO_DEFAULTS.beta) }),
  fields({
    kind: v.literal('online-dpo'), ...dpoFields,
    resampleEvery: v.optional(number(RANGES.resampleEvery), ONLINE_DPO_DEFAULTS.resampleEvery),
    pairsPerResample: v.optional(number(RANGES.pairsPerResample), ONLINE_DPO_DEFAULTS.pairsPerResample),
    judge: v.optional(choice(['gold', 'reward-model']), ONLINE_DPO_DEFAULTS.judge),
    judgeTemperature: v.optional(number(RANGES.temperature), ONLINE_DPO_DEFAULTS.judgeTemperature),
    judgeLengthBias: v.optional(number(RANGES.lengthBias), ONLINE_DPO_DEFAULTS.judgeLengthBias),
  }),
  fields({
    kind: v.literal('ppo'),
    beta: v.optional(number(RANGES.beta), PPO_DEFAULTS.beta),
    rolloutBatch: v.optional(number(RANGES.rolloutBatch), PPO_DEFAULTS.rolloutBatch),
    epochs: v.optional(number(RANGES.epochs), PPO_DEFAULTS.epochs),
    minibatches: v.optional(number(RANGES.rolloutBatch), PPO_DEFAULTS.minibatches),
    clipRange: v.optional(number(RANGES.clipRange), PPO_DEFAULTS.clipRange),
    gamma: v.optional(number(RANGES.unitInterval), PPO_DEFAULTS.gamma),
    gaeLambda: v.optional(number(RANGES.unitInterval), PPO_DEFAULTS.gaeLambda),
    valueCoef: v.optional(number(RANGES.coefficient), PPO_DEFAULTS.valueCoef),
    valueClip: v.optional(number(RANGES.clipRange), PPO_DEFAULTS.valueClip),
    entropyCoef: v.optional(number(RANGES.coefficient), PPO_DEFAULTS.entropyCoef),
    whitenAdvantages: v.optional(flag, PPO_DEFAULTS.whitenAdvantages),
    reward: v.optional(choice(['gold', 'reward-model']), PPO_DEFAULTS.reward),
  }),
]);

const sweepList = (key: SweepKey) => v.optional(list(number(RANGES[key]), 1, 64, 'values'));

const experimentFile = shape({
  version: v.optional(v.literal(1, '1'), 1),
  name: v.optional(text(msg`a text of at most 200 characters`, (value) => value.length <= 200), NAME_DEFAULT),
  world,
  reference,
  gold: v.optional(gold),
  preferences: shape({ pairs: v.optional(pairs), sampled: v.optional(sampled) }),
  policy: v.optional(policy, { kind: 'mlp' }),
  rewardModel: v.optional(rewardModel),
  algorithm: v.optional(algorithm, { kind: 'dpo' }),
  optimizer: v.optional(shape({
    kind: v.optional(choice(['sgd', 'adam']), OPTIMIZER_DEFAULTS.kind),
    learningRate: v.optional(number(RANGES.learningRate), OPTIMIZER_DEFAULTS.learningRate),
  }), {}),
  steps: v.optional(number(RANGES.steps), STEPS_DEFAULT),
  seeds: v.optional(list(number(RANGES.seed), 1, 256, 'seeds'), [...SEEDS_DEFAULT]),
  sweep: v.optional(shape({
    beta: sweepList('beta'),
    learningRate: sweepList('learningRate'),
    labelSmoothing: sweepList('labelSmoothing'),
    lengthAlpha: sweepList('lengthAlpha'),
    dpopLambda: sweepList('dpopLambda'),
    simpoGamma: sweepList('simpoGamma'),
    nllWeight: sweepList('nllWeight'),
    klWeight: sweepList('klWeight'),
    resampleEvery: sweepList('resampleEvery'),
    lengthBias: sweepList('lengthBias'),
  })),
});

type FileOutput = v.InferOutput<typeof experimentFile>;

/** A complete experiment from what a file, a link or a message holds, or everything that is wrong with it. */
export function readExperiment(input: unknown): ReadResult {
  const reserved = reservedKeys(input);
  if (reserved.length > 0) return { ok: false, problems: reserved };
  const parsed = v.safeParse(experimentFile, input);
  if (!parsed.success) return { ok: false, problems: parsed.issues.map(problemOf) };
  const preferences = preferencesOf(parsed.output.preferences);
  if ('message' in preferences) return { ok: false, problems: [preferences] };
  const experiment = complete(parsed.output, preferences);
  const problems = ruleProblems(experiment);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, experiment };
}

/** `readExperiment` from JSON text (at most 5 MB); a syntax error is one sentence with line and column. */
export function parseExperiment(source: string): ReadResult {
  const refuse = (expected: string, found: string, message: string): ReadResult =>
    ({ ok: false, problems: [{ path: '', expected, found, message }] });
  const bytes = source.length > MAX_TEXT_BYTES ? source.length : new TextEncoder().encode(source).length;
  if (bytes > MAX_TEXT_BYTES) {
    return refuse(msg`at most ${MAX_TEXT_BYTES} bytes`, msg`${bytes} bytes`,
      msg`The experiment must be a text of at most ${MAX_TEXT_BYTES} bytes (5 MB), got ${bytes} bytes${bytes === source.length ? msg` or more` : ''}.`);
  }
  const json = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (json.trim() === '') return refuse(msg`a JSON object`, msg`an empty file`, msg`The experiment must be a JSON object, got an empty file.`);
  const parsed = parseJson(json);
  if (!parsed.ok) return refuse(msg`valid JSON`, parsed.found, msg`The experiment must be valid JSON; ${parsed.sentence}.`);
  return readExperiment(parsed.value);
}

function preferencesOf({ pairs: given, sampled: drawn }: FileOutput['preferences']): PreferencesSpec | Problem {
  const expected = msg`an object with exactly one of "pairs" and "sampled"`;
  if (given !== undefined && drawn !== undefined) return mustBe('preferences', expected, msg`both`);
  if (given !== undefined) return { pairs: given };
  if (drawn !== undefined) return { sampled: drawn };
  return mustBe('preferences', expected, msg`neither`);
}

function complete(file: FileOutput, preferences: PreferencesSpec): Experiment {
  const { gold: goldSpec, rewardModel: model, sweep, algorithm: given, ...rest } = file;
  const spec = given.kind === 'dpo' || given.kind === 'online-dpo'
    ? { ...given, labelSmoothing: given.labelSmoothing ?? defaultLabelSmoothing(given.loss) }
    : given;
  return canonical({
    ...rest, preferences, algorithm: spec,
    ...(goldSpec === undefined ? {} : { gold: goldSpec }),
    ...(model === undefined ? {} : { rewardModel: model }),
    ...(sweep === undefined ? {} : { sweep: definedLists(sweep) }),
  });
}

function definedLists(sweep: NonNullable<FileOutput['sweep']>): NonNullable<Experiment['sweep']> {
  return Object.fromEntries(Object.entries(sweep).filter(([, values]) => values !== undefined));
}
