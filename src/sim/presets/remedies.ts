import type { ExperimentFile } from '../experimentSchema.ts';
import { msg } from '../msg.ts';
import { NEAR_PAIRS_FILE } from './near-pairs.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THE_THE_THE_FILE } from './the-the-the.ts';

/** Plain DPO first: the others are compared with it. */
const REMEDIES = ['dpo', 'ipo', 'cdpo', 'dpop', 'dpo-nll', 'dpo-kl', 'r-dpo', 'hinge'];

export const remediesTheTheThe: Preset = {
  id: 'remedies-the-the-the',
  ask: 'holding',
  chapter: 9,
  title: msg`Remedies for “the the the”`,
  question: msg`The pair that sends DPO to “the the the”, and seven remedies that need no new data. Which of them hold, and what do they give away?`,
  lookFor: msg`IPO, the NLL term, the KL term and the hinge keep what nobody wrote below 5 % in every seed. DPOP holds the chosen sentence at the reference’s 50 % and gives the rest away. R-DPO does nothing here: both sentences are equally long.`,
  experiment: presetExperiment({ ...THE_THE_THE_FILE, name: 'remedies, the the the' }),
  methods: REMEDIES,
};

export const remediesNearPairs: Preset = {
  id: 'remedies-near-pairs',
  ask: 'method',
  chapter: 9,
  title: msg`Remedies for near pairs`,
  question: msg`“the cat sat” beats “the cat ran”, and the optimiser is Adam. Do the same remedies hold?`,
  lookFor: msg`IPO, the NLL term and the KL term hold in every seed again. Label smoothing, which left it to the seed before, now loses more than a third in every seed; the hinge lets 20 % or more go in at least one.`,
  experiment: presetExperiment({ ...NEAR_PAIRS_FILE, name: 'remedies, near pairs' }),
  methods: REMEDIES,
};

/** The same two answers to two prompts; only the first prompt has a pair. */
export const TWO_PROMPTS_FILE: ExperimentFile = {
  ...THE_THE_THE_FILE,
  name: 'remedies, a prompt without pairs',
  world: { words: ['the', 'a', 'cat', 'mat', 'on'], maxLength: 3, prompts: ['Where is the cat?', 'Where do you sleep?'] },
  reference: {
    kind: 'corpus',
    corpus: [0, 1].flatMap((prompt) => [{ prompt, response: 'on the mat', weight: 1 }, { prompt, response: 'on a mat', weight: 1 }]),
    smoothing: 0.001,
  },
  gold: {
    responses: [0, 1].flatMap((prompt) => [{ prompt, response: 'on the mat', reward: 1 }, { prompt, response: 'on a mat', reward: 0 }]),
    otherwise: -2,
  },
};

export const remediesTwoPrompts: Preset = {
  id: 'remedies-two-prompts',
  ask: 'holding',
  chapter: 9,
  title: msg`Remedies and a prompt without pairs`,
  question: msg`The same pair, but for one of two prompts only: what becomes of the other prompt, which no pair speaks of?`,
  lookFor: msg`DPO leaves the written sentences with more than half of the probability, mean over both prompts, in every seed. IPO and the KL term hold in every seed; the NLL term, which speaks of the first prompt only, in at least 7 of 8. DPOP holds the chosen sentence at the reference’s level again.`,
  experiment: presetExperiment(TWO_PROMPTS_FILE),
  methods: REMEDIES,
};

export const REMEDY_PRESETS: readonly Preset[] = [remediesTheTheThe, remediesNearPairs, remediesTwoPrompts];
