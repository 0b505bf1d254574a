import { msg } from '../msg.ts';
import { presetExperiment, type Preset } from './preset.ts';
import { TWO_PROMPTS_FILE } from './remedies.ts';

/** Plain DPO on a pair for one prompt, and what becomes of another prompt, which no pair speaks of. */
export const otherPrompt: Preset = {
  id: 'other-prompt',
  ask: 'most',
  chapter: 5,
  title: msg`A prompt without pairs`,
  question: msg`The pair belongs to “Where is the cat?”; “Where do you sleep?” has none. Will the answers to the second question stay as they were?`,
  lookFor: msg`In every seed responses nobody wrote get at least ten times as much of the second prompt as before, in at least 5 of 8 more than half of it, although no pair speaks of it: the two prompts share the network’s weights.`,
  experiment: presetExperiment({ ...TWO_PROMPTS_FILE, name: 'a prompt without pairs' }),
};
