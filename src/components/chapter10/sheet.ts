/**
 * The experiment as it is being written: words, prompts, reference, preferences and gold reward, with every number as the
 * text that was typed. What a reader types may be wrong for a while; `fileOf` makes of it what the reader of experiment
 * files then judges. The knobs (algorithm, optimiser, seeds …) are not in it: they are those of the experiment beneath.
 */
import type { Experiment, GoldSpec, PreferencesSpec, ReferenceSpec } from '../../sim/experiment.ts';
import { GOLD_DEFAULTS, SAMPLED_DEFAULTS, SMOOTHING_DEFAULT } from '../../sim/experimentDefaults.ts';
import { same } from '../../sim/experimentPrint.ts';
import { withDecimalPoint } from '../controls/TextField.tsx';

/** A word with the numbers that belong to it; an empty text = none given. */
export interface WordLine {
  word: string;
  /** In a unigram reference. */
  weight: string;
  /** Gold reward per occurrence, and once if present. */
  perWord: string;
  containsWord: string;
}

export interface CorpusLine { prompt: number; response: string; weight: string }
export interface RewardLine { prompt: number; response: string; reward: string }
export interface PairLine { prompt: number; chosen: string; rejected: string; weight: string }

/** Both kinds of reference and of preferences are kept, so that looking at the other one loses nothing. */
export interface Sheet {
  name: string;
  words: readonly WordLine[];
  maxLength: string;
  prompts: readonly string[];
  reference: { kind: ReferenceSpec['kind']; corpus: readonly CorpusLine[]; smoothing: string; stop: string };
  preferences: {
    kind: 'pairs' | 'sampled'; pairs: readonly PairLine[];
    count: string; labels: 'bradley-terry' | 'argmax'; temperature: string; lengthBias: string;
  };
  gold: { given: boolean; responses: readonly RewardLine[]; otherwise: string; perToken: string };
}

/** What an experiment is beside its sheet. */
export type Knobs = Pick<Experiment, 'version' | 'policy' | 'rewardModel' | 'algorithm' | 'optimizer' | 'steps' | 'seeds' | 'sweep'>;

const PARTS = ['name', 'world', 'reference', 'gold', 'preferences'] as const;

/** Whether two experiments differ in their knobs at most. */
export function sameSheet(a: Experiment, b: Experiment): boolean {
  return PARTS.every((part) => a[part] === b[part] || same(a[part] ?? null, b[part] ?? null));
}

/** As good as empty: the least that can be run, to be written over. */
export const EMPTY_SHEET: Sheet = {
  name: '',
  words: [{ word: 'yes', weight: '1', perWord: '', containsWord: '' }, { word: 'no', weight: '1', perWord: '', containsWord: '' }],
  maxLength: '2', prompts: ['?'],
  reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'yes', weight: '1' }, { prompt: 0, response: 'no', weight: '1' }], smoothing: String(SMOOTHING_DEFAULT), stop: '0.35' },
  preferences: { kind: 'pairs', pairs: [{ prompt: 0, chosen: 'yes', rejected: 'no', weight: '1' }], ...sampledOf(SAMPLED_DEFAULTS) },
  gold: { given: false, responses: [], otherwise: '0', perToken: '0' },
};

const sheets = new WeakMap<Experiment, Sheet>();

/** The sheet of an experiment, the same object whenever it is asked for. */
export function sheetOf(experiment: Experiment): Sheet {
  const known = sheets.get(experiment);
  if (known) return known;
  const { name, world, reference, preferences } = experiment;
  const gold = experiment.gold ?? GOLD_DEFAULTS;
  const sheet: Sheet = {
    name, maxLength: String(world.maxLength), prompts: world.prompts,
    words: world.words.map((word, i) => ({
      word, weight: reference.kind === 'unigram' ? String(reference.wordWeights[i]) : '1',
      perWord: textOf(gold.perWord, word), containsWord: textOf(gold.containsWord, word),
    })),
    reference: reference.kind === 'corpus'
      ? { kind: 'corpus', corpus: reference.corpus.map((line) => ({ ...line, weight: String(line.weight) })), smoothing: String(reference.smoothing), stop: EMPTY_SHEET.reference.stop }
      : { kind: 'unigram', corpus: [], smoothing: String(SMOOTHING_DEFAULT), stop: String(reference.stop) },
    preferences: preferencesOf(preferences),
    gold: {
      given: experiment.gold !== undefined, otherwise: String(gold.otherwise), perToken: String(gold.perToken),
      responses: gold.responses.map((line) => ({ ...line, reward: String(line.reward) })),
    },
  };
  sheets.set(experiment, sheet);
  return sheet;
}

function textOf(rewards: GoldSpec['perWord'], word: string): string {
  return Object.hasOwn(rewards, word) ? String(rewards[word]) : '';
}

function preferencesOf(preferences: PreferencesSpec): Sheet['preferences'] {
  if ('pairs' in preferences) return { kind: 'pairs', pairs: preferences.pairs.map((pair) => ({ ...pair, weight: String(pair.weight) })), ...sampledOf(SAMPLED_DEFAULTS) };
  return { kind: 'sampled', pairs: [], ...sampledOf(preferences.sampled) };
}

function sampledOf({ count, labels, temperature, lengthBias }: typeof SAMPLED_DEFAULTS) {
  return { count: String(count), labels, temperature: String(temperature), lengthBias: String(lengthBias) };
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that was typed; nothing for nothing; else the text, for the reader to refuse. */
export function numberOf(text: string): number | string | undefined {
  const trimmed = withDecimalPoint(text).trim();
  if (trimmed === '') return undefined;
  return NUMBER.test(trimmed) ? Number(trimmed) : text;
}

/** The experiment file that a sheet says, with the knobs of another experiment; it may be wrong. */
export function fileOf(sheet: Sheet, { version, policy, rewardModel, algorithm, optimizer, steps, seeds, sweep }: Knobs): Record<string, unknown> {
  const { name, words, maxLength, prompts, reference, preferences, gold } = sheet;
  const rewards = (key: 'perWord' | 'containsWord') => Object.fromEntries(words.filter((line) => line[key].trim() !== '').map((line) => [line.word, numberOf(line[key])]));
  return {
    version, name,
    world: { words: words.map(({ word }) => word), maxLength: numberOf(maxLength), prompts },
    reference: reference.kind === 'corpus'
      ? { kind: 'corpus', corpus: reference.corpus.map((line) => ({ ...line, weight: numberOf(line.weight) })), smoothing: numberOf(reference.smoothing) }
      : { kind: 'unigram', wordWeights: words.map(({ weight }) => numberOf(weight) ?? 0), stop: numberOf(reference.stop) },
    ...(gold.given ? {
      gold: {
        responses: gold.responses.map((line) => ({ ...line, reward: numberOf(line.reward) })), otherwise: numberOf(gold.otherwise),
        perWord: rewards('perWord'), containsWord: rewards('containsWord'), perToken: numberOf(gold.perToken),
      },
    } : {}),
    preferences: preferences.kind === 'pairs'
      ? { pairs: preferences.pairs.map((pair) => ({ ...pair, weight: numberOf(pair.weight) })) }
      : { sampled: { count: numberOf(preferences.count), from: 'reference', labels: preferences.labels, temperature: numberOf(preferences.temperature), lengthBias: numberOf(preferences.lengthBias) } },
    policy, ...(rewardModel === undefined ? {} : { rewardModel }), algorithm, optimizer, steps, seeds, ...(sweep === undefined ? {} : { sweep }),
  };
}
