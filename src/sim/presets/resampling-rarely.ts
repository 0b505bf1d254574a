import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { RESAMPLING_FILE } from './resampling-prevents.ts';

/** The same with 200 updates between two draws. */
export const resamplingRarely: Preset = {
  id: 'resampling-rarely',
  ask: 'drift',
  chapter: 6,
  title: msg`Every 200 updates`,
  question: msg`The judge is asked too, but 200 updates pass between two draws. Is that soon enough?`,
  lookFor: msg`Most seeds drift as without a judge. Where what nobody wrote meets a written response at update 200, it loses and falls below a fifth of what it held within 20 updates. Where every draw is the same nonsense there is nothing to compare, and nothing moves until the next draw.`,
  experiment: presetExperiment({
    ...RESAMPLING_FILE,
    name: 'fresh pairs every 200 updates',
    algorithm: { kind: 'online-dpo', loss: 'sigmoid', beta: 0.05, resampleEvery: 200, pairsPerResample: 8, judge: 'gold' },
  }),
};
