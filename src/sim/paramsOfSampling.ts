/** Rows of the parameter table about drawing and judging responses: online DPO, PPO, the reward model, the annotator. */
import { readsRewardModel, sweepKeysOf, usesRewardModel } from './experimentDefaults.ts';
import { RANGES } from './experimentRanges.ts';
import { msg } from './msg.ts';
import { ON_OFF, type ChoiceParam, type NumberParam, type Param } from './paramRow.ts';
import type { Experiment } from './experiment.ts';

type Only = (experiment: Experiment) => boolean;
type Shown = Pick<Param, 'id' | 'label' | 'symbol' | 'tex' | 'unit' | 'explanation' | 'appliesTo'>;

/** A row under its own name in the file and in links. */
const row = (section: string, shown: Shown) => ({ path: `${section}.${shown.id}`, urlKey: shown.id, retune: false, ...shown });
const number = (section: string, shown: Shown, slider: Pick<NumberParam, 'kind' | 'min' | 'max' | 'step' | 'allowed'>): NumberParam => ({ ...row(section, shown), ...slider });
const choice = (section: string, shown: Shown, choices: ChoiceParam['choices']): ChoiceParam => ({ ...row(section, shown), kind: 'choice', choices });

const online: Only = ({ algorithm }) => algorithm.kind === 'online-dpo';
const ppo: Only = ({ algorithm }) => algorithm.kind === 'ppo';
const withCritic: Only = ({ algorithm }) => algorithm.kind === 'ppo' && algorithm.valueCoef > 0;
const sampled: Only = ({ preferences }) => 'sampled' in preferences;
/** Whether what an annotator said is trained on; where it is, a length bias of theirs may be swept. */
const annotated: Only = (experiment) => sweepKeysOf(experiment).includes('lengthBias');
const WHO = [{ value: 'gold', label: msg`the gold reward` }, { value: 'reward-model', label: msg`a reward model (fitted on the preferences)` }] as const;
const NONE = { symbol: '', tex: '', unit: '' } as const;

const ONLINE: readonly Param[] = [
  number('algorithm', {
    id: 'resampleEvery', label: msg`Updates between fresh pairs`, symbol: 'K', tex: 'K', unit: msg`updates`,
    explanation: msg`After how many updates new pairs are drawn from the policy and judged; above the run’s updates they never are.`,
    appliesTo: (experiment) => online(experiment) && experiment.sweep?.resampleEvery === undefined,
  }, { kind: 'log', min: 1, max: 1000, step: 0.05, allowed: RANGES.resampleEvery }),
  number('algorithm', {
    id: 'pairsPerResample', label: msg`Fresh pairs per prompt`, symbol: '', tex: '', unit: msg`pairs`,
    explanation: msg`How many pairs are drawn for each prompt whenever new ones are drawn.`, appliesTo: online,
  }, { kind: 'integer', min: 1, max: 64, step: 1, allowed: RANGES.pairsPerResample }),
  choice('algorithm', {
    id: 'judge', label: msg`Judge`, ...NONE, explanation: msg`What decides which of two drawn responses is the better one.`,
    appliesTo: (experiment) => online(experiment) && experiment.gold !== undefined,
  }, WHO),
  number('algorithm', {
    id: 'judgeTemperature', label: msg`Judge’s temperature`, symbol: 'τ_J', tex: '\\tau_J', unit: msg`reward`,
    explanation: msg`How often the judge errs: the better of two responses wins with probability σ(difference of their scores / τ_J).`, appliesTo: online,
  }, { kind: 'log', min: 0.01, max: 10, step: 0.05, allowed: RANGES.temperature }),
  number('algorithm', {
    id: 'judgeLengthBias', label: msg`Judge’s length bias`, symbol: 'b_J', tex: 'b_J', unit: msg`reward per word`,
    explanation: msg`What the judge adds to a response’s score for every word; 0 is an honest judge.`, appliesTo: online,
  }, { kind: 'linear', min: -1, max: 1, step: 0.05, allowed: RANGES.lengthBias }),
];

const PPO: readonly Param[] = [
  choice('algorithm', {
    id: 'reward', label: msg`Reward`, ...NONE, explanation: msg`What PPO is told a response is worth.`,
    appliesTo: (experiment) => ppo(experiment) && experiment.gold !== undefined,
  }, WHO),
  number('algorithm', {
    id: 'rolloutBatch', label: msg`Responses per prompt`, symbol: '', tex: '', unit: msg`responses`,
    explanation: msg`How many responses each iteration draws for each prompt.`, appliesTo: ppo,
  }, { kind: 'integer', min: 8, max: 256, step: 8, allowed: RANGES.rolloutBatch }),
  number('algorithm', {
    id: 'epochs', label: msg`Epochs`, symbol: '', tex: '', unit: msg`epochs`,
    explanation: msg`How often each iteration goes through the responses it drew.`, appliesTo: ppo,
  }, { kind: 'integer', min: 1, max: 10, step: 1, allowed: RANGES.epochs }),
  number('algorithm', {
    id: 'minibatches', label: msg`Minibatches`, symbol: '', tex: '', unit: msg`per epoch`,
    explanation: msg`Into how many parts the responses are dealt in each epoch, one gradient step for each.`, appliesTo: ppo,
  }, { kind: 'integer', min: 1, max: 8, step: 1, allowed: RANGES.rolloutBatch }),
  number('algorithm', {
    id: 'clipRange', label: msg`Clip range`, symbol: 'ε_clip', tex: '\\varepsilon_{\\mathrm{clip}}', unit: '',
    explanation: msg`How far a token’s probability ratio to the policy that drew it may leave 1 before it is pushed no further.`, appliesTo: ppo,
  }, { kind: 'linear', min: 0.05, max: 1, step: 0.05, allowed: RANGES.clipRange }),
  number('algorithm', {
    id: 'gamma', label: msg`Discount`, symbol: 'γ', tex: '\\gamma', unit: msg`per token`,
    explanation: msg`What a reward one token later is worth now; 1 does not discount.`, appliesTo: ppo,
  }, { kind: 'linear', min: 0, max: 1, step: 0.01, allowed: RANGES.unitInterval }),
  number('algorithm', {
    id: 'gaeLambda', label: msg`GAE λ`, symbol: 'λ', tex: '\\lambda', unit: '',
    explanation: msg`How much an advantage trusts the rewards that came (1) rather than the critic’s values (0).`, appliesTo: withCritic,
  }, { kind: 'linear', min: 0, max: 1, step: 0.01, allowed: RANGES.unitInterval }),
  number('algorithm', {
    id: 'valueCoef', label: msg`Weight of the critic`, symbol: 'c_V', tex: 'c_V', unit: '',
    explanation: msg`The weight of the value function’s loss; 0 trains without a critic.`, appliesTo: ppo,
  }, { kind: 'linear', min: 0, max: 1, step: 0.05, allowed: RANGES.coefficient }),
  number('algorithm', {
    id: 'valueClip', label: msg`Clip range of values`, symbol: 'ε_V', tex: '\\varepsilon_V', unit: msg`reward`,
    explanation: msg`How far a value may leave the one the responses were drawn with before its loss pushes no further.`, appliesTo: withCritic,
  }, { kind: 'linear', min: 0.05, max: 2, step: 0.05, allowed: RANGES.clipRange }),
  number('algorithm', {
    id: 'entropyCoef', label: msg`Entropy bonus`, symbol: 'c_H', tex: 'c_H', unit: msg`per nat`,
    explanation: msg`What the loss pays for every nat of a token’s entropy.`, appliesTo: ppo,
  }, { kind: 'linear', min: 0, max: 0.5, step: 0.01, allowed: RANGES.coefficient }),
  choice('algorithm', {
    id: 'whitenAdvantages', label: msg`Whiten advantages`, ...NONE,
    explanation: msg`Shifts and scales the advantages of each iteration to mean 0 and variance 1.`, appliesTo: ppo,
  }, ON_OFF),
];

const REWARD_MODEL: readonly Param[] = [
  {
    ...choice('rewardModel', {
      id: 'rewardModelKind', label: msg`Reward model`, ...NONE,
      explanation: msg`What the learned reward is made of: a network over the tokens, word counts and length, or one number per response.`, appliesTo: readsRewardModel,
    }, [
      { value: 'mlp', label: msg`Neural network (responses share weights)` },
      { value: 'linear', label: msg`Linear (word counts and length)` },
      { value: 'table', label: msg`Table (one number per response)` },
    ]), path: 'rewardModel.kind', urlKey: 'rewardModel',
  },
  {
    ...number('rewardModel', {
      id: 'rewardModelSteps', label: msg`Updates of the reward model`, symbol: '', tex: '', unit: msg`updates`,
      explanation: msg`How many Adam updates fit the reward model before training starts.`, appliesTo: usesRewardModel,
    }, { kind: 'integer', min: 50, max: 3000, step: 50, allowed: RANGES.steps }), path: 'rewardModel.steps',
  },
  {
    ...number('rewardModel', {
      id: 'rewardModelRate', label: msg`Learning rate of the reward model`, symbol: '', tex: '', unit: '',
      explanation: msg`The size of one of the updates that fit the reward model.`, appliesTo: usesRewardModel,
    }, { kind: 'log', min: 1e-4, max: 1, step: 0.05, allowed: RANGES.learningRate }), path: 'rewardModel.learningRate',
  },
  choice('rewardModel', {
    id: 'normalise', label: msg`Normalise the learned reward`, ...NONE,
    explanation: msg`Shifts and scales the learned reward to mean 0 and standard deviation 1 under the reference.`, appliesTo: readsRewardModel,
  }, ON_OFF),
  choice('rewardModel', {
    id: 'earlyStop', label: msg`Early stopping of the reward model`, ...NONE,
    explanation: msg`Keeps the reward model of the best held-out log-likelihood rather than the last one.`,
    appliesTo: (experiment) => usesRewardModel(experiment) && sampled(experiment),
  }, ON_OFF),
];

const ANNOTATOR: readonly Param[] = [
  {
    ...number('preferences.sampled', {
      id: 'pairCount', label: msg`Sampled pairs`, symbol: 'N', tex: 'N', unit: msg`pairs`,
      explanation: msg`How many pairs are drawn from the reference and labelled by the annotator.`, appliesTo: annotated,
    }, { kind: 'log', min: 1, max: 4000, step: 0.05, allowed: RANGES.sampledCount }), path: 'preferences.sampled.count',
  },
  choice('preferences.sampled', {
    id: 'labels', label: msg`Annotator`, ...NONE, explanation: msg`Whether the annotator errs or always takes the better response.`, appliesTo: annotated,
  }, [{ value: 'bradley-terry', label: msg`errs (Bradley–Terry)` }, { value: 'argmax', label: msg`never errs` }]),
  number('preferences.sampled', {
    id: 'temperature', label: msg`Annotator’s temperature`, symbol: 'τ', tex: '\\tau', unit: msg`reward`,
    explanation: msg`How often the annotator errs: the better of two responses wins with probability σ(difference / τ).`,
    appliesTo: (experiment) => annotated(experiment) && 'sampled' in experiment.preferences && experiment.preferences.sampled.labels !== 'argmax',
  }, { kind: 'log', min: 0.01, max: 10, step: 0.05, allowed: RANGES.temperature }),
  number('preferences.sampled', {
    id: 'lengthBias', label: msg`Annotator’s length bias`, symbol: 'b', tex: 'b', unit: msg`reward per word`,
    explanation: msg`What the annotator adds to the true reward of a response for every word.`,
    appliesTo: (experiment) => annotated(experiment) && experiment.sweep?.lengthBias === undefined,
  }, { kind: 'linear', min: -1, max: 1, step: 0.05, allowed: RANGES.lengthBias }),
];

/** In the order in which a link's values are applied: a judge or a reward brings the reward model. */
export const SAMPLING_PARAMS: readonly Param[] = [...ONLINE, ...PPO, ...REWARD_MODEL, ...ANNOTATOR];

/** The sweeps over what these rows say. */
export const SAMPLING_SWEEPS: readonly Param[] = [
  {
    id: 'sweepResample', path: 'sweep.resampleEvery', urlKey: 'resamples', label: msg`Compare values of K`, symbol: 'K', tex: 'K', unit: msg`updates`, retune: false,
    explanation: msg`Trains every seed once for each of these numbers of updates between fresh pairs; none means the one K above.`,
    appliesTo: online, kind: 'list', minCount: 0, maxCount: 64, allowed: RANGES.resampleEvery, distinct: true, suggestions: ['none', '1,10,100,1000000'],
  },
  {
    id: 'sweepLengthBias', path: 'sweep.lengthBias', urlKey: 'lengthBiases', label: msg`Compare length biases`, symbol: 'b', tex: 'b', unit: msg`reward per word`, retune: false,
    explanation: msg`Trains every seed once for each of these length biases of the annotator; none means the one above.`,
    appliesTo: annotated, kind: 'list', minCount: 0, maxCount: 64, allowed: RANGES.lengthBias, distinct: true, suggestions: ['none', '0,0.3,0.6'],
  },
];
