/** The presets, in the order of the picker; the first is what opens. */
import { balancedPairs } from './balanced-pairs.ts';
import { biasedJudge } from './biased-judge.ts';
import { chosenFalls } from './chosen-falls.ts';
import { distantPairs } from './distant-pairs.ts';
import { dpoLength } from './dpo-length.ts';
import { everyPair, everyPairNeural } from './every-pair.ts';
import { generousPrompt } from './generous-prompt.ts';
import { implicitReward } from './implicit-reward.ts';
import { lengthBiasedAnnotator } from './length-biased-annotator.ts';
import { nearPairs } from './near-pairs.ts';
import { neverStops } from './never-stops.ts';
import { onePairReward } from './one-pair-reward.ts';
import { otherPrompt } from './other-prompt.ts';
import { ppoClip } from './ppo-clip.ts';
import { ppoGold } from './ppo-gold.ts';
import { ppoKlStrength } from './ppo-kl-strength.ts';
import { ppoLengthBias } from './ppo-length-bias.ts';
import { ppoMoreCoverage } from './ppo-more-coverage.ts';
import { ppoOnePair } from './ppo-one-pair.ts';
import { ownWords, threeAgainstOne, twoManners } from './own-words.ts';
import type { Preset } from './preset.ts';
import { readingTheObjective } from './reading-the-objective.ts';
import { remediesNearPairs, remediesTheTheThe, remediesTwoPrompts } from './remedies.ts';
import { resamplingPrevents } from './resampling-prevents.ts';
import { resamplingRarely } from './resampling-rarely.ts';
import { resamplingSweep } from './resampling-sweep.ts';
import { sampledPreferences } from './sampled-preferences.ts';
import { sideBySide, sixMethods } from './side-by-side.ts';
import { strongTie } from './strong-tie.ts';
import { tabularControl } from './tabular-control.ts';
import { taskHarmlessness, taskHelpfulness, taskSummary } from './tasks.ts';
import { theTheThe } from './the-the-the.ts';
import { threeAnswers } from './three-answers.ts';
import { threeSentencesAboutBeta } from './three-sentences-about-beta.ts';
import { threeAnswersDear } from './three-answers-dear.ts';
import { transformer } from './transformer.ts';
import { twoQuestions } from './two-questions.ts';

export type { Preset };

/** By chapter; the chapter of the first one comes first. */
export const PRESETS: readonly Preset[] = [
  theTheThe, strongTie, tabularControl, transformer, nearPairs, distantPairs, balancedPairs, chosenFalls, neverStops, otherPrompt,
  onePairReward, sampledPreferences, lengthBiasedAnnotator,
  threeAnswers, twoQuestions, threeAnswersDear,
  everyPair, everyPairNeural, implicitReward, generousPrompt,
  readingTheObjective, threeSentencesAboutBeta,
  resamplingPrevents, resamplingRarely, biasedJudge, resamplingSweep,
  ppoLengthBias, ppoGold, ppoClip, ppoKlStrength, ppoOnePair, ppoMoreCoverage, dpoLength,
  sideBySide, taskSummary, taskHelpfulness, taskHarmlessness, sixMethods,
  remediesTheTheThe, remediesNearPairs, remediesTwoPrompts,
  ownWords, twoManners, threeAgainstOne,
];
