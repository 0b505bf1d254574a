/** Reading, changing, parsing and printing the knobs of paramsTable.ts. */
import { DPO_DEFAULTS, MLP_DEFAULTS, sweepKeysOf } from './experimentDefaults.ts';
import { defaultLabelSmoothing, describeRange, inRange, quotedList, showValue } from './experimentRanges.ts';
import { PARAMS } from './paramsTable.ts';
import type { DpoKnobs, DpoLossName, Experiment, OptimizerSpec } from './experiment.ts';
import type { ListParam, Param, ParamId } from './paramsTable.ts';

export { PARAMS } from './paramsTable.ts';
export type { ChoiceParam, ListParam, NumberParam, Param, ParamId } from './paramsTable.ts';

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

/** The knob's value; undefined where this experiment has no such knob (`hidden` of a table, `loss` of `exact`). */
export function getParam(experiment: Experiment, id: ParamId): ParamValue | undefined {
  const { algorithm, optimizer, policy, reference, seeds, steps, sweep } = experiment;
  const dpo = algorithm.kind === 'dpo' || algorithm.kind === 'online-dpo' ? algorithm : undefined;
  switch (id) {
    case 'algorithm': return algorithm.kind;
    case 'loss': return dpo?.loss;
    case 'beta': return algorithm.beta;
    case 'optimizer': return optimizer.kind;
    case 'learningRate': return optimizer.learningRate;
    case 'policy': return policy.kind;
    case 'hidden': return policy.kind === 'mlp' ? policy.hidden : undefined;
    case 'smoothing': return reference.kind === 'corpus' ? reference.smoothing : undefined;
    case 'seeds': return seeds;
    case 'steps': return steps;
    case 'sweepBeta': return sweep?.beta ?? [];
    default: return dpo?.[id];
  }
}

/**
 * A new experiment with one knob changed; what the change makes meaningless is dropped or takes its default:
 * another algorithm keeps only β and the sweeps it has, a label smoothing at its loss's default follows the loss.
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
  if (typeof value === 'number') return setNumber(experiment, id, value + 0);
  if (typeof value === 'string') return value === current ? experiment : setChoice(experiment, id, value);
  return setList(experiment, id, value.map((entry) => entry + 0));
}

function setNumber(experiment: Experiment, id: ParamId, value: number): Experiment {
  const { algorithm, optimizer, reference } = experiment;
  if (id === 'learningRate') return { ...experiment, optimizer: { ...optimizer, learningRate: value } };
  if (id === 'steps') return { ...experiment, steps: value };
  if (id === 'smoothing' && reference.kind === 'corpus') return { ...experiment, reference: { ...reference, smoothing: value } };
  const knob: Partial<DpoKnobs> = { [id]: value };
  return { ...experiment, algorithm: { ...algorithm, ...knob } };
}

function setChoice(experiment: Experiment, id: ParamId, value: string): Experiment {
  const { algorithm, optimizer } = experiment;
  if (id === 'optimizer') return { ...experiment, optimizer: { ...optimizer, kind: value as OptimizerSpec['kind'] } };
  if (id === 'policy') {
    return { ...experiment, policy: value === 'tabular' ? { kind: 'tabular' } : { kind: 'mlp', hidden: [...MLP_DEFAULTS.hidden] } };
  }
  if (id === 'algorithm') {
    const { beta } = algorithm;
    return withSweep({ ...experiment, algorithm: value === 'exact' ? { kind: 'exact', beta } : { ...DPO_DEFAULTS, beta } }, experiment.sweep);
  }
  if (algorithm.kind !== 'dpo' && algorithm.kind !== 'online-dpo') return experiment;
  const loss = value as DpoLossName;
  const atDefault = algorithm.labelSmoothing === defaultLabelSmoothing(algorithm.loss);
  const labelSmoothing = atDefault ? defaultLabelSmoothing(loss) : algorithm.labelSmoothing;
  return { ...experiment, algorithm: { ...algorithm, loss, labelSmoothing } };
}

function setList(experiment: Experiment, id: ParamId, values: number[]): Experiment {
  if (id === 'hidden') return { ...experiment, policy: { kind: 'mlp', hidden: values } };
  if (id === 'seeds') return { ...experiment, seeds: values };
  const { beta: _replaced, ...others } = experiment.sweep ?? {};
  return withSweep(experiment, values.length === 0 ? others : { beta: values, ...others });
}

/** With the sweeps its algorithm has; none at all when they are empty. */
function withSweep({ sweep: _replaced, ...rest }: Experiment, sweep: Experiment['sweep']): Experiment {
  const allowed = sweepKeysOf(rest.algorithm);
  const kept = Object.entries(sweep ?? {}).filter(([key]) => allowed.some((name) => name === key));
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
export function missingKnob({ algorithm, policy, reference }: Experiment, id: ParamId): string {
  const { urlKey } = paramOf(id);
  if (id === 'hidden') return `${urlKey} needs the policy "mlp", and the policy is ${JSON.stringify(policy.kind)}.`;
  if (id === 'smoothing') return `${urlKey} needs a reference of kind "corpus", and it is ${JSON.stringify(reference.kind)}.`;
  return `${urlKey} needs the algorithm "dpo", and the algorithm is ${JSON.stringify(algorithm.kind)}.`;
}

/** What a knob allows, in words: `a number in (0, 1000]`, `one of "sgd", "adam"`. */
export function describeParam(param: Param): string {
  if (param.kind === 'choice') return `one of ${quotedList(param.choices.map((choice) => choice.value))}`;
  if (param.kind !== 'list') return describeRange(param.allowed);
  const each = `${param.distinct ? 'different values, each ' : 'values, each '}${describeRange(param.allowed)}`;
  const how = param.id === 'seeds' ? ' (such as 0-7 or 0,3,9)' : ' (separated by commas)';
  return `${param.minCount === 0 ? '"none" or 1' : param.minCount} to ${param.maxCount} ${each}${how}`;
}

function refusal(param: Param, found: string): string {
  return `${param.urlKey} must be ${describeParam(param)}, got ${found}.`;
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
