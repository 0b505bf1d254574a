/** What a row of the parameter table (paramsTable.ts) says of a knob. */
import type { Experiment } from './experiment.ts';
import type { Range } from './experimentRanges.ts';
import { msg } from './msg.ts';

export type ParamId =
  | 'algorithm' | 'loss' | 'beta' | 'optimizer' | 'learningRate'
  | 'labelSmoothing' | 'lengthAlpha' | 'dpopLambda' | 'simpoGamma' | 'nllWeight' | 'klWeight'
  | 'resampleEvery' | 'pairsPerResample' | 'judge' | 'judgeTemperature' | 'judgeLengthBias'
  | 'reward' | 'rolloutBatch' | 'epochs' | 'minibatches' | 'clipRange' | 'gamma' | 'gaeLambda'
  | 'valueCoef' | 'valueClip' | 'entropyCoef' | 'whitenAdvantages'
  | 'rewardModelKind' | 'rewardModelSteps' | 'rewardModelRate' | 'normalise' | 'earlyStop'
  | 'pairCount' | 'labels' | 'temperature' | 'lengthBias'
  | 'policy' | 'hidden' | 'width' | 'heads' | 'smoothing' | 'seeds' | 'steps'
  | 'sweepBeta' | 'sweepResample' | 'sweepLengthBias';

interface ParamRow {
  id: ParamId;
  /** Where it is in the Experiment. */
  path: string;
  /** Its key in a link. */
  urlKey: string;
  /** Words a student knows. */
  label: string;
  /** The paper's letter, as text and as TeX; empty where there is none. */
  symbol: string;
  tex: string;
  unit: string;
  /** What it does, in one sentence. */
  explanation: string;
  /** Whether it may change while a run goes on. */
  retune: boolean;
  /** Whether it has an effect in this experiment. */
  appliesTo: (experiment: Experiment) => boolean;
}

export interface NumberParam extends ParamRow {
  /** Of the slider; whether only integers are allowed says `allowed`. */
  kind: 'log' | 'linear' | 'integer';
  /** Ends of the slider. */
  min: number;
  max: number;
  /** Step of the slider: in decades for `log`, else in units of the value. */
  step: number;
  /** What the schema allows. */
  allowed: Range;
}

export interface ChoiceParam extends ParamRow {
  kind: 'choice';
  choices: readonly { value: string; label: string }[];
}

export interface ListParam extends ParamRow {
  kind: 'list';
  /** How many entries. */
  minCount: number;
  maxCount: number;
  /** What the schema allows for each entry. */
  allowed: Range;
  distinct: boolean;
  /** Offered beside free text, as text. */
  suggestions: readonly string[];
}

export type Param = NumberParam | ChoiceParam | ListParam;

/** The choices of a knob that is true or false in the file. */
export const ON_OFF = [{ value: 'on', label: msg`on` }, { value: 'off', label: msg`off` }] as const;
