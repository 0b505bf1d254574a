/**
 * A link is an experiment: `?preset=near-pairs&beta=0.5&seeds=0-7&backend=wasm`.
 *
 * Only what differs from the preset is written. What no knob can say (own words, pairs, …) travels whole, as
 * `experiment=` base64url of the minimal JSON. Whatever a link says that cannot be used is reported in a sentence.
 */
import { parseExperiment, readExperiment } from './experimentSchema.ts';
import { minimalExperiment, same } from './experimentPrint.ts';
import { inRange, quotedList, RANGES } from './experimentRanges.ts';
import { formatParam, getParam, missingKnob, PARAMS, parseParam, setParam } from './params.ts';
import type { Experiment } from './experiment.ts';
import type { ParamId, ParamValue } from './params.ts';

export const BACKENDS = ['webgpu', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];
const THEMES = ['light', 'dark'] as const;

/** What a link may say about the page rather than the experiment. */
export interface LinkExtra {
  theme?: (typeof THEMES)[number];
  projector?: boolean;
  panel?: string;
  /** Which chapter of the lab. */
  chapter?: string;
  /** The methods that train side by side, in order. */
  methods?: string[];
  /** The self-check begins as soon as the run is ready; never written, only read. */
  selftest?: boolean;
}

/** The names that a link may use beside presets and knobs. */
export interface LinkNames {
  panels?: readonly string[];
  chapters?: readonly string[];
  methods?: readonly string[];
}

/** How many methods may train side by side. */
export const METHOD_COUNT = { min: 2, max: 8 } as const;

export interface LinkPreset {
  id: string;
  experiment: Experiment;
}

export interface LinkInput {
  presetId: string;
  preset: Experiment;
  experiment: Experiment;
  backend?: Backend | null;
  /** The update to show. */
  step?: number | null;
  extra?: LinkExtra;
}

export interface ReadLink {
  presetId: string;
  experiment: Experiment;
  backend: Backend | null;
  step: number | null;
  extra: LinkExtra;
  /** One sentence for everything the link says that was not used. */
  problems: string[];
}

const PAGE_KEYS = ['preset', 'experiment', 'chapter', 'methods', 'backend', 'step', 'theme', 'projector', 'panel', 'selftest'] as const;
type PageKey = (typeof PAGE_KEYS)[number];

/** The query string of an experiment, `?` included. */
export function writeLink({ presetId, preset, experiment, backend, step, extra = {} }: LinkInput): string {
  const page: [string, string][] = [];
  if (extra.chapter !== undefined) page.push(['chapter', extra.chapter]);
  if (extra.methods !== undefined) page.push(['methods', extra.methods.join(',')]);
  if (backend !== undefined && backend !== null) page.push(['backend', backend]);
  if (step !== undefined && step !== null) page.push(['step', String(step)]);
  if (extra.theme !== undefined) page.push(['theme', extra.theme]);
  if (extra.projector === true) page.push(['projector', '1']);
  if (extra.panel !== undefined) page.push(['panel', extra.panel]);
  const named: [string, string] = ['preset', presetId];
  const short = query([named, ...changedKnobs(preset, experiment)]);
  const read = readLink(short, [{ id: presetId, experiment: preset }]);
  if (read.problems.length === 0 && same(read.experiment, experiment)) return page.length === 0 ? short : `${short}&${query(page).slice(1)}`;
  return query([named, ['experiment', encodeText(JSON.stringify(minimalExperiment(experiment)))], ...page]);
}

/** The knobs that differ, applied one after the other so that what follows from one is not written. */
function changedKnobs(preset: Experiment, experiment: Experiment): [string, string][] {
  const written: [string, string][] = [];
  let reached = preset;
  for (const { id, urlKey } of PARAMS) {
    const from = getParam(reached, id);
    const to = getParam(experiment, id);
    if (from === undefined || to === undefined || same(from, to)) continue;
    const text = formatParam(id, to);
    const parsed = parseParam(id, text);
    if (!parsed.ok) continue;
    reached = setParam(reached, id, parsed.value);
    written.push([urlKey, text]);
  }
  return written;
}

/**
 * What a link says; without a usable preset it is the first one.
 *
 * @param search  the query string, with or without `?`
 * @param presets  at least one; the first is the default
 * @param names  the ids that `panel`, `chapter` and `methods` may name; a key without names is refused
 * @throws RangeError when `presets` is empty
 */
export function readLink(search: string, presets: readonly LinkPreset[], names: LinkNames = {}): ReadLink {
  const { panels = [], chapters = [], methods: methodNames = [] } = names;
  const first = presets[0];
  if (first === undefined) throw new RangeError('readLink: presets must have at least one entry, got none');
  const problems: string[] = [];
  const { page, knobs } = collect(search, problems);

  const choose = <T extends string>(key: PageKey, options: readonly T[]): T | undefined => {
    const text = page.get(key);
    const found = options.find((option) => option === text);
    const allowed = options.length === 0 ? 'left out' : `one of ${quotedList(options)}`;
    if (text !== undefined && found === undefined) problems.push(`${key} must be ${allowed}, got ${quoted(text)}.`);
    return found;
  };
  const presetId = choose('preset', presets.map(({ id }) => id));
  const preset = presets.find(({ id }) => id === presetId) ?? first;
  const experiment = readWhole(page.get('experiment'), preset.experiment, knobs, problems);
  const theme = choose('theme', THEMES);
  const projector = choose('projector', ['1']);
  const panel = choose('panel', panels);
  const selftest = choose('selftest', ['', '1']);
  const chapter = choose('chapter', chapters);
  const methods = readMethods(page.get('methods'), methodNames, problems);
  return {
    presetId: preset.id,
    experiment,
    backend: choose('backend', BACKENDS) ?? null,
    step: readStep(page.get('step'), experiment, problems),
    extra: {
      ...(theme && { theme }), ...(projector && { projector: true }), ...(panel !== undefined && { panel }),
      ...(chapter !== undefined && { chapter }), ...(methods && { methods }), ...(selftest !== undefined && { selftest: true }),
    },
    problems,
  };
}

/** Keys and values, sorted into page and knobs; unknown and repeated keys are reported. */
function collect(search: string, problems: string[]): { page: Map<PageKey, string>; knobs: Map<ParamId, string> } {
  const page = new Map<PageKey, string>();
  const knobs = new Map<ParamId, string>();
  const parameters = new URLSearchParams(search);
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key);
    const value = values[0] ?? '';
    const pageKey = PAGE_KEYS.find((name) => name === key);
    const param = PARAMS.find(({ urlKey }) => urlKey === key);
    if (pageKey === undefined && param === undefined) {
      problems.push(`The link's key ${quoted(key)} must be one of ${quotedList([...PAGE_KEYS, ...PARAMS.map(({ urlKey }) => urlKey)], 64)}; its value ${quoted(value)} was not used.`);
    } else if (values.length > 1) {
      problems.push(`${key} must be given once, got it ${values.length} times (${values.map(quoted).join(', ')}); none of them was used.`);
    } else if (pageKey !== undefined) page.set(pageKey, value);
    else if (param !== undefined) knobs.set(param.id, value);
  }
  return { page, knobs };
}

/** The experiment: the whole one of the link, else the preset, with the link's knobs applied. */
function readWhole(encoded: string | undefined, preset: Experiment, knobs: ReadonlyMap<ParamId, string>, problems: string[]): Experiment {
  if (encoded === undefined) return applyKnobs(preset, knobs, problems);
  const text = decodeText(encoded);
  if (text === null) {
    problems.push(`experiment must be base64url of an experiment's JSON, got ${quoted(encoded)}; the preset is used as it is.`);
    return preset;
  }
  const result = parseExperiment(text);
  if (result.ok) return applyKnobs(result.experiment, knobs, problems);
  problems.push(...result.problems.map(({ message }) => `The experiment in the link is refused and the preset is used as it is: ${message}`));
  return preset;
}

function applyKnobs(base: Experiment, knobs: ReadonlyMap<ParamId, string>, problems: string[]): Experiment {
  const values: [ParamId, string, ParamValue][] = [];
  for (const { id } of PARAMS) {
    const text = knobs.get(id);
    if (text === undefined) continue;
    const parsed = parseParam(id, text);
    if (parsed.ok) values.push([id, text, parsed.value]);
    else problems.push(parsed.message);
  }
  let reached = base;
  for (const [id, text, value] of values) {
    if (getParam(reached, id) === undefined) problems.push(`The link's value ${quoted(text)} was not used: ${missingKnob(reached, id)}`);
    else reached = setParam(reached, id, value);
  }
  if (reached === base) return base;
  const result = readExperiment(reached);
  if (result.ok) return result.experiment;
  problems.push(...result.problems.map(({ message }) => `The link's values do not go together, so none of them is used: ${message}`));
  return base;
}

function readStep(text: string | undefined, { steps }: Experiment, problems: string[]): number | null {
  if (text === undefined) return null;
  const step = /^\d+$/.test(text) ? Number(text) : NaN;
  if (inRange(step, { ...RANGES.steps, max: steps })) return step;
  problems.push(`step must be an integer in [0, ${steps}], got ${quoted(text)}.`);
  return null;
}

/** The methods of `methods=dpo,ppo`; null where there are none, or where one of them is not used. */
function readMethods(text: string | undefined, names: readonly string[], problems: string[]): string[] | null {
  if (text === undefined) return null;
  const { min, max } = METHOD_COUNT;
  const methods = text.split(',').map((name) => name.trim());
  const known = methods.every((name) => names.includes(name));
  if (known && methods.length >= min && methods.length <= max && new Set(methods).size === methods.length) return methods;
  const allowed = names.length === 0 ? 'left out' : `${min} to ${max} different names, separated by commas, each one of ${quotedList(names)}`;
  problems.push(`methods must be ${allowed}, got ${quoted(text)}.`);
  return null;
}

/** A value of a link as its sentences show it. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 56)} …` : text);
}

function query(entries: readonly (readonly [string, string])[]): string {
  return `?${entries.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2C', ',')}`).join('&')}`;
}

function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decodeText(encoded: string): string | null {
  if (!/^[A-Za-z0-9_-]+$/.test(encoded)) return null;
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}
