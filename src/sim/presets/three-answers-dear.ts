import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { THREE_ANSWERS_FILE } from './three-answers.ts';

/** The other end of the slider: leaving the reference costs far more than any reward pays. */
export const threeAnswersDear: Preset = {
  id: 'three-answers-dear',
  ask: 'where',
  chapter: 2,
  title: msg`Three answers at a high price`,
  question: msg`The same three answers, but each nat of KL now costs 10. How far will the policy go?`,
  lookFor: msg`Hardly anywhere: π* itself is within 0.003 nats of the reference, and the likeliest answer is still “no”.`,
  experiment: presetExperiment({ ...THREE_ANSWERS_FILE, name: 'three answers at a high price', algorithm: { kind: 'exact', beta: 10 }, steps: 60 }),
};
