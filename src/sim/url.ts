/**
 * A link is an experiment: `?preset=near-pairs&beta=0.5&seeds=0-7&backend=wasm&step=80&v=1`.
 *
 * Only what differs from the preset is written. What no knob can say (own words, pairs, …) travels whole, as
 * `experiment=` base64url of the minimal JSON; what happened to the run on its way is said by `then` (urlThen.ts).
 * Whatever a link says that cannot be used is reported in a sentence. A link without `v` is older than versions.
 */
import { minimalExperiment } from './experimentPrint.ts';
import { inRange, quotedList, RANGES } from './experimentRanges.ts';
import { isLanguage, msg } from './msg.ts';
import { PARAMS } from './params.ts';
import { beginningOf, inForce, rootOf, type Place } from './place.ts';
import { knobsFrom, readWhole } from './urlKnobs.ts';
import { encodeText, query, quoted } from './urlText.ts';
import { readThen, writeThen } from './urlThen.ts';
import type { Experiment } from './experiment.ts';
import type { ParamId } from './params.ts';

/** The version of the links that are written here. */
export const LINK_VERSION = 1;

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
  /** The seed whose policy is shown; left out: the mean over all of them. */
  shown?: number;
  /** What is taken off the page. */
  hide?: string[];
  /** The question that is asked before Play. */
  ask?: string;
  /** The page stands in another page. */
  embed?: boolean;
  /** The language of the page's texts; English without. */
  lang?: string;
  /** The step of the talk that the page opens at, as a talk. */
  talk?: string;
  /** The guided path that a student walks. */
  path?: string;
}

/** The names that a link may use beside presets and knobs. */
export interface LinkNames {
  panels?: readonly string[];
  chapters?: readonly string[];
  methods?: readonly string[];
  hide?: readonly string[];
  ask?: readonly string[];
  talk?: readonly string[];
  path?: readonly string[];
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
  /** Where the run is, and how it came there. */
  place: Place;
  backend?: Backend | null;
  /** Whether the link opens at the place's update; else where the last thing happened, or at update 0. */
  atStep?: boolean;
  extra?: LinkExtra;
}

export interface ReadLink {
  presetId: string;
  /** What the link's own knobs say: the experiment that begins with the reference. */
  experiment: Experiment;
  backend: Backend | null;
  /** The update that the link names. */
  step: number | null;
  /** What it opens at. */
  place: Place;
  extra: LinkExtra;
  /** One sentence for everything the link says that was not used. */
  problems: string[];
}

const PAGE_KEYS = [
  'preset', 'experiment', 'chapter', 'methods', 'backend', 'then', 'step', 'shown', 'theme', 'projector', 'panel', 'hide', 'ask', 'embed', 'talk', 'path', 'lang', 'v', 'selftest',
] as const;
type PageKey = (typeof PAGE_KEYS)[number];

/** The query string of a place and the page around it, `?` included. */
export function writeLink({ presetId, preset, place, backend, atStep = false, extra = {} }: LinkInput): string {
  const { chapter, methods, shown, theme, projector, panel, hide, ask, embed, talk, path, lang } = extra;
  const root = rootOf(place);
  const own = knobsFrom(preset, root) ?? [['experiment', encodeText(JSON.stringify(minimalExperiment(root)))] as [string, string]];
  const then = writeThen(place);
  const page: [PageKey, string | undefined][] = [
    ['chapter', chapter], ['methods', methods?.join(',')], ['backend', backend ?? undefined],
    ['then', then === '' ? undefined : then], ['step', atStep ? String(place.step) : undefined], ['shown', shown === undefined ? undefined : String(shown)],
    ['theme', theme], ['projector', projector ? '1' : undefined], ['panel', panel],
    ['hide', hide && hide.length > 0 ? hide.join(',') : undefined], ['ask', ask], ['embed', embed ? '1' : undefined], ['talk', talk], ['path', path], ['lang', lang], ['v', String(LINK_VERSION)],
  ];
  return query([['preset', presetId], ...own, ...page.flatMap(([key, value]): [string, string][] => (value === undefined ? [] : [[key, value]]))]);
}

/**
 * What a link says; without a usable preset it is the first one.
 *
 * @param search  the query string, with or without `?`
 * @param presets  at least one; the first is the default
 * @param names  the ids that `panel`, `chapter`, `methods`, … may name; a key without names is refused
 * @throws RangeError when `presets` is empty
 */
export function readLink(search: string, presets: readonly LinkPreset[], names: LinkNames = {}): ReadLink {
  const [first] = presets;
  if (first === undefined) throw new RangeError('readLink: presets must have at least one entry, got none');
  const problems: string[] = [];
  const { page, knobs, newer } = collect(search, problems);

  const choose = <T extends string>(key: PageKey, options: readonly T[] = []): T | undefined => {
    const text = page.get(key);
    const found = options.find((option) => option === text);
    const allowed = options.length === 0 ? msg`left out` : msg`one of ${quotedList(options)}`;
    if (text !== undefined && found === undefined) problems.push(msg`${key} must be ${allowed}, got ${quoted(text)}.`);
    return found;
  };
  const presetId = choose('preset', presets.map(({ id }) => id));
  const preset = presets.find(({ id }) => id === presetId) ?? first;
  const experiment = readWhole(page.get('experiment'), preset.experiment, knobs, problems);
  const theme = choose('theme', THEMES);
  const projector = choose('projector', ['1']);
  const panel = choose('panel', names.panels);
  const selftest = choose('selftest', ['', '1']);
  const chapter = choose('chapter', names.chapters);
  const methods = readNames('methods', page.get('methods'), names.methods, METHOD_COUNT, problems);
  const hide = readNames('hide', page.get('hide'), names.hide, { min: 1, max: names.hide?.length ?? 0 }, problems, newer);
  const ask = choose('ask', names.ask);
  const embed = choose('embed', ['1']);
  const talk = choose('talk', names.talk);
  const path = choose('path', names.path);
  const lang = page.get('lang');
  const named = lang !== undefined && isLanguage(lang);
  if (lang !== undefined && !named) problems.push(msg`lang must be the name of a language, such as "hi", got ${quoted(lang)}.`);
  const shown = readShown(page.get('shown'), experiment, problems);
  const way = page.has('then') ? readThen(page.get('then') ?? '', experiment) : beginningOf(experiment);
  if (typeof way === 'string') problems.push(way);
  // Without its way an update would be one of another run.
  const step = typeof way === 'string' ? null : readStep(page.get('step'), way, problems);
  const place = typeof way === 'string' ? beginningOf(experiment) : { ...way, step: step ?? way.step };
  return {
    presetId: preset.id,
    experiment,
    backend: choose('backend', BACKENDS) ?? null,
    step,
    place,
    extra: {
      ...(theme && { theme }), ...(projector && { projector: true }), ...(panel !== undefined && { panel }),
      ...(chapter !== undefined && { chapter }), ...(methods && { methods }), ...(selftest !== undefined && { selftest: true }),
      ...(shown !== null && { shown }), ...(hide && { hide }), ...(ask !== undefined && { ask }), ...(embed && { embed: true }), ...(talk !== undefined && { talk }), ...(path !== undefined && { path }), ...(named && { lang }),
    },
    problems,
  };
}

/** Keys and values, sorted into page and knobs; unknown and repeated keys are reported, all of them in one sentence where the link is newer than this page. */
function collect(search: string, problems: string[]): { page: Map<PageKey, string>; knobs: Map<ParamId, string>; newer: boolean } {
  const page = new Map<PageKey, string>();
  const knobs = new Map<ParamId, string>();
  const parameters = new URLSearchParams(search);
  const version = parameters.get('v');
  const newer = version !== null && /^[1-9]\d*$/.test(version) && Number(version) > LINK_VERSION;
  const unknown: string[] = [];
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key);
    const value = values[0] ?? '';
    const pageKey = PAGE_KEYS.find((name) => name === key);
    const param = PARAMS.find(({ urlKey }) => urlKey === key);
    if (pageKey === undefined && param === undefined) {
      if (newer) unknown.push(quoted(key));
      else problems.push(msg`The link's key ${quoted(key)} must be one of ${quotedList([...PAGE_KEYS, ...PARAMS.map(({ urlKey }) => urlKey)], 64)}; its value ${quoted(value)} was not used.`);
    } else if (values.length > 1) {
      problems.push(msg`${key} must be given once, got it ${values.length} times (${values.map(quoted).join(', ')}); none of them was used.`);
    } else if (pageKey !== undefined) page.set(pageKey, value);
    else if (param !== undefined) knobs.set(param.id, value);
  }
  if (newer && unknown.length > 0) problems.push(msg`This link is newer than the page (its version v is ${version}, the page reads ${LINK_VERSION}): it is opened with what is understood, and ${unknown.join(', ')} left aside.`);
  else if (newer) problems.push(msg`This link is newer than the page (its version v is ${version}, the page reads ${LINK_VERSION}): it is opened with what is understood.`);
  else if (version !== null && version !== String(LINK_VERSION) && page.has('v')) problems.push(msg`v must be the version of the link, an integer from 1 on, got ${quoted(version)}.`);
  return { page, knobs, newer };
}

function readStep(text: string | undefined, place: Place, problems: string[]): number | null {
  if (text === undefined) return null;
  const step = /^\d+$/.test(text) ? Number(text) : NaN;
  const { steps } = inForce(place);
  if (inRange(step, { ...RANGES.steps, min: place.step, max: steps })) return step;
  problems.push(msg`step must be an integer in [${place.step}, ${steps}], got ${quoted(text)}.`);
  return null;
}

function readShown(text: string | undefined, { seeds }: Experiment, problems: string[]): number | null {
  if (text === undefined) return null;
  const seed = seeds.find((value) => String(value) === text);
  if (seed !== undefined) return seed;
  problems.push(msg`shown must be one of the seeds ${quotedList(seeds.map(String))}, got ${quoted(text)}.`);
  return null;
}

/**
 * The names of `methods=dpo,ppo`; null where there are none, or where one of them is not used.
 *
 * @param partly  takes the names that are known
 */
function readNames(key: PageKey, text: string | undefined, names: readonly string[] = [], { min, max }: { min: number; max: number }, problems: string[], partly = false): string[] | null {
  if (text === undefined) return null;
  const found = text.split(',').map((name) => name.trim());
  const known = found.filter((name) => names.includes(name));
  const fits = known.length >= min && known.length <= max && new Set(known).size === known.length;
  if (known.length === found.length && fits) return known;
  const allowed = names.length === 0 ? msg`left out` : msg`${min} to ${max} different names, separated by commas, each one of ${quotedList(names)}`;
  const used = partly && fits ? msg` Used of it: ${known.join(',')}.` : '';
  problems.push(msg`${key} must be ${allowed}, got ${quoted(text)}.${used}`);
  return partly && fits ? known : null;
}
