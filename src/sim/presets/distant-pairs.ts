import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { NEAR_PAIRS_FILE } from './near-pairs.ts';

/** The same optimiser and β on two sentences without a word in common. */
export const distantPairs: Preset = {
  id: 'distant-pairs',
  ask: 'collapsed',
  chapter: 5,
  title: msg`Distant pairs do not`,
  question: msg`“the cat sat” beats “dog ran”: two sentences without a word in common. Will it repeat itself?`,
  lookFor: msg`Some seeds waver, and all end on the chosen sentence: β, network and optimiser are those of “Near pairs repeat”, only the pair is another.`,
  experiment: presetExperiment({
    ...NEAR_PAIRS_FILE,
    name: 'distant pairs do not',
    reference: {
      kind: 'corpus',
      corpus: [{ prompt: 0, response: 'the cat sat', weight: 1 }, { prompt: 0, response: 'dog ran', weight: 1 }],
      smoothing: 0.001,
    },
    gold: {
      responses: [{ prompt: 0, response: 'the cat sat', reward: 1 }, { prompt: 0, response: 'dog ran', reward: 0 }],
      otherwise: -2,
    },
    preferences: { pairs: [{ prompt: 0, chosen: 'the cat sat', rejected: 'dog ran' }] },
  }),
};
