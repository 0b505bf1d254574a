/** What a card of the gallery is made of, and the links to its toys. */
import type { Experiment } from '../../sim/experiment.ts';
import type { MetricId } from '../../sim/metrics.ts';
import { setParam, type ParamId, type ParamValue } from '../../sim/params.ts';
import { beginningOf } from '../../sim/place.ts';
import { PRESETS, type Preset } from '../../sim/presets/index.ts';
import type { ChapterId } from '../../sim/presets/preset.ts';
import { writeLink, type LinkExtra } from '../../sim/url.ts';
import { chapterOf } from '../chapters.ts';

/** A run of the lab: a preset, with some knobs turned. */
export interface Toy {
  preset: string;
  /** Applied in this order. */
  knobs?: readonly (readonly [ParamId, ParamValue])[];
  /** A panel of the preset's chapter that opens with it. */
  panel?: string;
}

/** A public thread, in our own words; all of them were read in stored copies of GitHub. */
export interface Thread {
  repository: string;
  number: number;
  /** What people reported, and what they found. */
  what: string;
  /** Whole: all of it was stored; part: the description or some of the comments. */
  read: 'whole' | 'part';
}

/** Something that helps in the toy, and the same toy with it. */
export interface Remedy {
  /** What it is, for a link: "With the NLL term". */
  name: string;
  /** What it does to the toy: a test over its seeds. */
  words: string;
  toy: Toy;
}

export interface Bug {
  /** Its name in links: `?view=bugs#never-stops`. */
  id: string;
  /** As a person would type it. */
  symptom: string;
  /** Further words that people use for it. */
  alsoCalled: readonly string[];
  threads: readonly Thread[];
  toy: Toy;
  /** What the toy shows: a test over its eight seeds. */
  shows: string;
  /** What to watch; said of a run on the card. */
  metrics: readonly MetricId[];
  /** Those of them that the card's picture draws: all of one unit. Left out: all. */
  draws?: readonly MetricId[];
  why: string;
  /** The chapter that derives it. */
  chapter: ChapterId;
  remedies: readonly [Remedy, ...Remedy[]];
  /** What the toy does not show. */
  limits: string;
}

/** @throws RangeError where there is no such preset, or where it is several methods */
export function presetOfToy({ preset: id }: Toy): Preset {
  const found = PRESETS.find((preset) => preset.id === id);
  if (!found || found.methods) throw new RangeError(`presetOfToy: preset must be one of a single experiment, got ${id}`);
  return found;
}

/** The experiment of a toy. */
export function toyExperiment(toy: Toy): Experiment {
  return (toy.knobs ?? []).reduce((experiment, [id, value]) => setParam(experiment, id, value), presetOfToy(toy).experiment);
}

/** What of the page's address goes on into the lab: its looks and its language. */
export function keptExtra(search: string): Pick<LinkExtra, 'theme' | 'lang'> {
  const now = new URLSearchParams(search);
  const [theme, lang] = [now.get('theme'), now.get('lang')];
  return { ...(theme === 'light' || theme === 'dark' ? { theme } : {}), ...(lang === null ? {} : { lang }) };
}

/** Opens a toy in the lab, in its own chapter. */
export function toyLink(toy: Toy, search: string): string {
  const { experiment, id } = presetOfToy(toy);
  const extra = { ...keptExtra(search), ...(toy.panel === undefined ? {} : { panel: toy.panel }) };
  return writeLink({ presetId: id, preset: experiment, place: beginningOf(toyExperiment(toy)), extra });
}

/** Opens a chapter of the lab. */
export function chapterLink(id: ChapterId, search: string): string {
  const preset = PRESETS.find(({ chapter }) => chapter === id);
  if (!preset) throw new RangeError(`chapterLink: chapter must have a preset, got ${id}`);
  return writeLink({ presetId: preset.id, preset: preset.experiment, place: beginningOf(preset.experiment), extra: keptExtra(search) });
}

export const chapterTitle = (id: ChapterId): string => chapterOf(id).title;

export const threadName = ({ repository, number }: Pick<Thread, 'repository' | 'number'>): string => `${repository}#${number}`;

/** GitHub leads from an issue's address to a pull request where the number is one. */
export const threadLink = ({ repository, number }: Pick<Thread, 'repository' | 'number'>): string => `https://github.com/${repository}/issues/${number}`;
