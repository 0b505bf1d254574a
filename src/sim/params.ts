/** Reading, changing, parsing and printing the knobs of paramsTable.ts. */
import {
  canonical, DPO_DEFAULTS, MLP_DEFAULTS, ONLINE_DPO_DEFAULTS, PPO_DEFAULTS, readsRewardModel, sweepKeysOf, TRANSFORMER_DEFAULTS,
} from './experimentDefaults.ts';
import { defaultLabelSmoothing, describeRange, inRange, quotedList, showValue } from './experimentRanges.ts';
import { msg } from './msg.ts';
import { ON_OFF } from './paramRow.ts';
import { PARAMS } from './paramsTable.ts';
import type { AlgorithmSpec, DpoLossName, Experiment, PolicySpec, SweepKey } from './experiment.ts';
import type { ListParam, Param, ParamId } from './paramRow.ts';

export { PARAMS } from './paramsTable.ts';
export type { ChoiceParam, ListParam, NumberParam, Param, ParamId } from './paramRow.ts';

/** Numbers for sliders, a name for choices, numbers for lists. */
export type ParamValue = number | string | readonly number[];
export type ParseResult = { ok: true; value: ParamValue } | { ok: false; message: string };

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SEED_RUN = /^(\d+)\s*-\s*(\d+)$/;

const ROWS = new Map(PARAMS.map((param) => [param.id, param]));

/** @throws RangeError where there is no such row */
export function paramOf(id: ParamId): Param {
  const param = ROWS.get(id);
  if (param === undefined) throw new RangeError(`paramOf: id must be a row of PARAMS, got ${showValue(id)}`);
  return param;
}

/**
 * The knob's value; undefined where this experiment has no such knob (`hidden` of a table, `loss` of `exact`). What is
 * true or false in the file is "on" or "off" here; a sweep that there could be and is not is empty.
 */
export function getParam(experiment: Experiment, id: ParamId): ParamValue | undefined {
  const { path } = paramOf(id);
  const key = sweepKeyOf(path);
  if (key !== null) return sweepKeysOf(experiment).includes(key) ? experiment.sweep?.[key] ?? [] : undefined;
  const value = path.split('.').reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), experiment);
  return typeof value === 'boolean' ? ON_OFF[value ? 0 : 1].value : value as ParamValue | undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The swept key of a path, null where it is not of a sweep. */
function sweepKeyOf(path: string): SweepKey | null {
  return path.startsWith('sweep.') ? path.slice('sweep.'.length) as SweepKey : null;
}

/**
 * A new experiment with one knob changed; what the change makes meaningless is dropped or takes its default:
 * another algorithm keeps what it shares with the old one (β, a loss and its knobs) and the sweeps it has, the
 * reward model comes and goes with who asks for it, a label smoothing at its loss's default follows the loss.
 * The learning rate stays as it is when the optimiser changes. The result may still break a rule that
 * depends on several fields: `readExperiment` tells.
 *
 * @throws RangeError when the value is not allowed for this knob or the experiment has no such knob
 */
export function setParam(experiment: Experiment, id: ParamId, value: ParamValue): Experiment {
  const problem = valueProblem(id, value);
  if (problem !== null) throw new RangeError(`setParam: ${problem}`);
  const current = getParam(experiment, id);
  if (current === undefined) throw new RangeError(`setParam: ${missingKnob(experiment, id)}`);
  if (typeof value === 'number') return written(experiment, id, value + 0);
  if (typeof value === 'string') return value === current ? experiment : setChoice(experiment, id, value);
  const values = value.map((entry) => entry + 0);
  const key = sweepKeyOf(paramOf(id).path);
  return key === null ? written(experiment, id, values) : canonical(withSweep(experiment, { ...experiment.sweep, [key]: values }));
}

/** The experiment with another value at the knob's path. */
function written(experiment: Experiment, id: ParamId, value: number | string | boolean | number[]): Experiment {
  const put = (at: unknown, [name, ...rest]: string[]): object => {
    const own = isObject(at) ? at : {};
    return { ...own, [name]: rest.length === 0 ? value : put(own[name], rest) };
  };
  return put(experiment, paramOf(id).path.split('.')) as Experiment;
}

function setChoice(experiment: Experiment, id: ParamId, value: string): Experiment {
  const { algorithm } = experiment;
  const param = paramOf(id);
  if (id === 'policy') return { ...experiment, policy: policyOf(value as PolicySpec['kind']) };
  if (id === 'algorithm') return adapted({ ...experiment, algorithm: algorithmOf(value as AlgorithmSpec['kind'], experiment) });
  if (id === 'judge' || id === 'reward') return adapted(written(experiment, id, value));
  if (id === 'loss' && 'loss' in algorithm) {
    const loss = value as DpoLossName;
    const atDefault = algorithm.labelSmoothing === defaultLabelSmoothing(algorithm.loss);
    const labelSmoothing = atDefault ? defaultLabelSmoothing(loss) : algorithm.labelSmoothing;
    return { ...experiment, algorithm: { ...algorithm, loss, labelSmoothing } };
  }
  return written(experiment, id, param.kind === 'choice' && param.choices === ON_OFF ? value === ON_OFF[0].value : value);
}

function policyOf(kind: PolicySpec['kind']): PolicySpec {
  if (kind === 'tabular') return { kind };
  return kind === 'mlp' ? { kind, hidden: [...MLP_DEFAULTS.hidden] } : { ...TRANSFORMER_DEFAULTS };
}

/** An algorithm with its defaults, and with what the present one has of it; without gold it is judged by a reward model. */
function algorithmOf(kind: AlgorithmSpec['kind'], { algorithm, gold }: Experiment): AlgorithmSpec {
  const who = gold === undefined ? 'reward-model' : 'gold';
  const { beta } = algorithm;
  const shared = 'loss' in algorithm ? {
    loss: algorithm.loss, labelSmoothing: algorithm.labelSmoothing, lengthAlpha: algorithm.lengthAlpha, dpopLambda: algorithm.dpopLambda,
    simpoGamma: algorithm.simpoGamma, nllWeight: algorithm.nllWeight, klWeight: algorithm.klWeight, batch: algorithm.batch,
  } : {};
  switch (kind) {
    case 'dpo': return { ...DPO_DEFAULTS, ...shared, beta };
    case 'online-dpo': return { ...ONLINE_DPO_DEFAULTS, ...shared, judge: who, beta };
    case 'ppo': return { ...PPO_DEFAULTS, reward: who, beta };
    default: return { kind, beta };
  }
}

/** With the sweeps its algorithm has, and with a reward model where one is read and only there. */
function adapted(experiment: Experiment): Experiment {
  const { rewardModel: _dropped, ...rest } = experiment;
  return canonical(withSweep(readsRewardModel(experiment) ? experiment : rest, experiment.sweep));
}

/** With the sweeps its algorithm has and that are not empty; none at all when there are none. */
function withSweep({ sweep: _replaced, ...rest }: Experiment, sweep: Experiment['sweep']): Experiment {
  const allowed = sweepKeysOf(rest);
  const kept = Object.entries(sweep ?? {}).filter(([key, values]) => values.length > 0 && allowed.some((name) => name === key));
  return kept.length === 0 ? rest : { ...rest, sweep: Object.fromEntries(kept) };
}

/** A value from text as links and inputs hold it; a refusal is one sentence with the range and the text. */
export function parseParam(id: ParamId, text: string): ParseResult {
  const param = paramOf(id);
  const trimmed = text.trim();
  const value = param.kind === 'choice' ? trimmed : param.kind === 'list' ? parseList(param, trimmed) : parseNumber(trimmed);
  if (value === null || valueProblem(id, value) !== null) return { ok: false, message: refusal(param, JSON.stringify(text)) };
  return { ok: true, value };
}

/** The text that `parseParam` reads back as the same value: `0.05`, `32,32`, `0-7`, `none`. */
export function formatParam(id: ParamId, value: ParamValue): string {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  if (value.length === 0) return 'none';
  return id === 'seeds' ? formatSeeds(value) : value.join(',');
}

/** Why a value is not allowed for a knob, in a sentence; null where it is. */
export function valueProblem(id: ParamId, value: ParamValue): string | null {
  const param = paramOf(id);
  let fits: boolean;
  if (param.kind === 'choice') fits = param.choices.some((choice) => choice.value === value);
  else if (param.kind !== 'list') fits = inRange(value, param.allowed);
  else {
    fits = Array.isArray(value) && value.length >= param.minCount && value.length <= param.maxCount
      && value.every((entry) => inRange(entry, param.allowed)) && !(param.distinct && new Set(value).size < value.length);
  }
  return fits ? null : refusal(param, showValue(value));
}

/** Why an experiment has no such knob, in a sentence. */
export function missingKnob({ algorithm, policy, preferences, reference }: Experiment, id: ParamId): string {
  const { path, urlKey } = paramOf(id);
  const needs = (what: string, found: string): string => msg`${urlKey} needs ${what}, and ${found}.`;
  const isPolicy = msg`the policy is ${JSON.stringify(policy.kind)}`;
  if (id === 'hidden') return needs(msg`the policy "mlp"`, isPolicy);
  if (id === 'width' || id === 'heads') return needs(msg`the policy "transformer"`, isPolicy);
  if (id === 'smoothing') return needs(msg`a reference of kind "corpus"`, msg`it is ${JSON.stringify(reference.kind)}`);
  const isAlgorithm = msg`the algorithm is ${JSON.stringify(algorithm.kind)}`;
  if (path.startsWith('rewardModel.')) return needs(msg`a reward model as the algorithm, as the judge or as the reward`, isAlgorithm);
  const areSampled = 'sampled' in preferences;
  if (path.startsWith('preferences.sampled.') || (path === 'sweep.lengthBias' && !areSampled)) return needs(msg`sampled preferences`, msg`the pairs are given`);
  if (path === 'sweep.lengthBias') return needs(msg`an algorithm that learns from the preferences`, isAlgorithm);
  if (id in PPO_DEFAULTS) return needs(msg`the algorithm "ppo"`, isAlgorithm);
  const both = id in DPO_DEFAULTS ? msg`"dpo" or "online-dpo"` : '"online-dpo"';
  return needs(msg`the algorithm ${both}`, isAlgorithm);
}

/** What a knob allows, in words: `a number in (0, 1000]`, `one of "sgd", "adam"`. */
export function describeParam(param: Param): string {
  if (param.kind === 'choice') return msg`one of ${quotedList(param.choices.map((choice) => choice.value))}`;
  if (param.kind !== 'list') return describeRange(param.allowed);
  const each = `${param.distinct ? msg`different values, each ` : msg`values, each `}${describeRange(param.allowed)}`;
  const how = param.id === 'seeds' ? msg` (such as 0-7 or 0,3,9)` : msg` (separated by commas)`;
  return msg`${param.minCount === 0 ? msg`"none" or 1` : param.minCount} to ${param.maxCount} ${each}${how}`;
}

function refusal(param: Param, found: string): string {
  return msg`${param.urlKey} must be ${describeParam(param)}, got ${found}.`;
}

function parseNumber(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null;
}

function parseList(param: ListParam, text: string): number[] | null {
  if (text === 'none') return [];
  const values: number[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const run = param.id === 'seeds' ? SEED_RUN.exec(part) : null;
    const first = run === null ? parseNumber(part) : Number(run[1]);
    const last = run === null ? first : Number(run[2]);
    if (first === null || last === null || last < first || values.length + (last - first) >= param.maxCount) return null;
    for (let value = first; value <= last; value += 1) values.push(value);
  }
  return values;
}

/** `0-7,9`: a run of three or more consecutive seeds as first-last. */
function formatSeeds(seeds: readonly number[]): string {
  const parts: string[] = [];
  for (let start = 0; start < seeds.length;) {
    let end = start;
    while (end + 1 < seeds.length && seeds[end + 1] === (seeds[end] ?? NaN) + 1) end += 1;
    if (end - start >= 2) parts.push(`${seeds[start]}-${seeds[end]}`);
    else parts.push(...seeds.slice(start, end + 1).map(String));
    start = end + 1;
  }
  return parts.join(',');
}
