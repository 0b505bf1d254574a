/** The page as a link, and the address bar that always shows it. */
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { quotedList } from '../sim/experimentRanges.ts';
import { supportProblem } from '../sim/experimentSchema.ts';
import { METHODS } from '../sim/methods.ts';
import { msg } from '../sim/msg.ts';
import { beginningOf, inForce, placeOf, type Place } from '../sim/place.ts';
import { PRESETS, type Preset } from '../sim/presets/index.ts';
import { QUESTION_IDS, type QuestionId } from '../sim/questions.ts';
import type { RunStatus, RunStore } from '../sim/runStore.ts';
import { LINK_VERSION, readLink, writeLink, type LinkExtra, type ReadLink } from '../sim/url.ts';
import { CHAPTERS, chapterOf, linkPreset, movedTo, originFor, ownOrigin, panelIn, PANELS, presetOrigin, presetsOf, type Origin } from './chapters.ts';
import type { LabStore } from './labStore.ts';
import { TALK } from './lecture/talk.ts';
import type { TalkStore } from './lecture/talkStore.ts';
import { isBrought, standsAt, type Opening } from './opening.ts';
import { PATH_IDS } from './student/paths.ts';
import { HIDEABLE, type HideId } from './share/hideable.ts';
import { problemOf } from './starts.ts';

/** Longest query string that is offered: servers and mail programs cut longer addresses. */
export const LONGEST_LINK = 8000;

/** What a link says beyond the experiment as it is; what is left out is as on the page. */
export interface LinkOptions {
  /** Opens at this update, with all that happened to the run up to it; else where the present experiment began. */
  step?: number | null;
  hide?: readonly HideId[];
  ask?: QuestionId | null;
  embed?: boolean;
  /** A step of the talk, which says what is shown: the link holds no experiment then. */
  talk?: string | null;
  /** Whether the seed that is shown is in it, or the seed that it shows instead. */
  shown?: boolean | number;
  projector?: boolean;
  /** Whether the guided path that is walked is in it. */
  path?: boolean;
}

/**
 * The query string of what is shown, however long. A link to an update names the backend that made it, pinned or not:
 * on another one its numbers would differ in the last digits.
 */
export function linkOf(run: RunStore, lab: LabStore, options: LinkOptions = {}): string {
  const { origin, base, methods } = lab.getState();
  const { step = null, talk = null } = options;
  if (talk !== null) return withoutExperiment(run, lab, options, { talk });
  const status = run.getState();
  const { forkedFrom } = status;
  const place: Place = step === null ? { experiment: base, from: forkedFrom && { ...forkedFrom, change: base }, changes: [], step: forkedFrom?.step ?? 0 } : placeOf(status, base, step);
  const preset = linkPreset(origin);
  const others = methods.length > 0 && !same(methods, preset.methods ?? []);
  const link = writeLink({
    presetId: preset.id, preset: preset.experiment, place, backend: status.pinnedBackend ?? (place.step > 0 ? ownBackend(status) : null), atStep: step !== null,
    extra: {
      ...pageOf(run, lab, options),
      ...(preset.chapter === origin.chapter ? {} : { chapter: String(origin.chapter) }), ...(others ? { methods: [...methods] } : {}),
    },
  });
  return link === `?preset=${PRESETS[0].id}&v=${LINK_VERSION}` ? '' : link;
}

/** The backend on which an update is the same bit for bit, where every browser has it. */
function ownBackend({ backend }: RunStatus): 'wasm' | 'cpu' | null {
  return backend === null || backend.name === 'webgpu' ? null : backend.name;
}

/** What a link says of the page around the experiment. */
function pageOf(run: RunStore, lab: LabStore, options: LinkOptions): LinkExtra {
  const { theme, panel, hidden, asked, embedded, lang, path, ...now } = lab.getState();
  const { hide = hidden, ask = asked, embed = embedded, shown = true, projector = now.projector } = options;
  const { focus, experiment } = run.getState();
  const inFocus = focus.seedIndex === null ? undefined : experiment?.seeds[focus.seedIndex];
  const seed = typeof shown === 'number' ? shown : inFocus;
  // A link that is made for a frame or without panels opens none.
  const opensPanel = panel !== null && options.embed !== true && options.hide?.includes('panels') !== true;
  return {
    ...(theme === 'auto' ? {} : { theme }), ...(projector ? { projector } : {}), ...(opensPanel ? { panel } : {}),
    ...(shown !== false && seed !== undefined ? { shown: seed } : {}), ...(hide.length > 0 ? { hide: [...hide] } : {}), ...(ask === null ? {} : { ask }), ...(embed ? { embed } : {}), ...(path !== null && options.path !== false && !embed ? { path } : {}), ...(lang === null ? {} : { lang }),
  };
}

/** The link of a page whose experiment is not in it. */
function withoutExperiment(run: RunStore, lab: LabStore, options: LinkOptions, own: LinkExtra): string {
  const { experiment, id } = PRESETS[0];
  const { panel: _panel, shown: _shown, ...page } = pageOf(run, lab, options);
  const link = writeLink({ presetId: id, preset: experiment, place: beginningOf(experiment), backend: run.getState().pinnedBackend, extra: { ...page, ...own } });
  const rest = link.replace(/preset=[^&]*&/, '');
  return rest === `?v=${LINK_VERSION}` ? '' : rest;
}

/**
 * What the address bar shows: the link, with the update that the page was opened at while the run is still there; while
 * the page is given as a talk the link to its step; without the experiment where that is too long for an address.
 */
export function addressOf(run: RunStore, lab: LabStore, talk: TalkStore | null = null): string {
  const { opening, origin, panel, methods } = lab.getState();
  const step = opening?.atStep && standsAt(run, lab.getState().base, opening) ? opening.place.step : null;
  const lecture = talk?.getState();
  const link = linkOf(run, lab, { step, talk: lecture?.on ? TALK[lecture.at]?.id ?? null : null });
  if (link.length <= LONGEST_LINK) return link;
  const chapter = origin.chapter === PRESETS[0].chapter ? {} : { chapter: String(origin.chapter) };
  return withoutExperiment(run, lab, {}, { ...chapter, ...(panel ? { panel } : {}), ...(methods.length > 0 ? { methods: [...methods] } : {}) });
}

/** The presets, first the one that a link without a preset opens: its chapter's first. */
function presetsFor(search: string): readonly Preset[] {
  const chapter = CHAPTERS.find(({ id }) => String(id) === new URLSearchParams(search).get('chapter'));
  const own = chapter ? presetsOf(chapter.id) : [];
  return [...own, ...PRESETS.filter((preset) => !own.includes(preset))];
}

/** What the page shows for a query string. */
export interface Opened {
  link: ReadLink;
  origin: Origin;
  methods: readonly string[];
  /** The experiment that the controls change. */
  base: Experiment;
  /** Where its run is to be. */
  place: Place;
  hidden: readonly HideId[];
  asked: QuestionId | null;
  /** One sentence for everything the link says that was not used. */
  problems: string[];
}

/** What the page shows for a query string: all of the link that can be used. */
export function openingOf(search: string): Opened {
  const link = readLink(search, presetsFor(search), {
    panels: PANELS, chapters: CHAPTERS.map(({ id }) => String(id)), methods: METHODS.map(({ id }) => id),
    hide: HIDEABLE.map(({ id }) => id), ask: QUESTION_IDS, talk: TALK.map(({ id }) => id), path: PATH_IDS,
  });
  const problems = link.problems.map((sentence) => withTitles(sentence, search));
  const hidden = HIDEABLE.flatMap(({ id }) => (link.extra.hide?.includes(id) ? [id] : []));
  const asked = QUESTION_IDS.find((id) => id === link.extra.ask) ?? null;
  const preset = presetOrigin(link.presetId);
  const unsupported = supportProblem(link.experiment);
  const whole = new URLSearchParams(search).has('experiment') && !same(link.experiment, preset.experiment);
  const found = whole && !preset.methods && unsupported === null ? originFor(link.experiment) : preset;
  const own = whole && preset.methods ? { ...ownOrigin(link.experiment), chapter: preset.chapter, methods: preset.methods } : found;
  const { chapter, methods: named } = link.extra;
  // Beside a whole experiment the preset says the chapter that it was shown in.
  const wanted = CHAPTERS.find(({ id }) => String(id) === chapter)?.id ?? (whole ? preset.chapter : undefined);
  const origin = (wanted !== undefined && movedTo(own, wanted, link.experiment, own.methods ?? [])) || own;
  if (chapter !== undefined && chapter !== String(origin.chapter)) problems.push(msg`The link's chapter ${chapter} was not used: its experiment belongs to chapter ${origin.chapter}.`);
  const several = chapterOf(origin.chapter).methods;
  if (named && !several) problems.push(msg`The link's methods were not used: chapter ${origin.chapter} trains one method at a time.`);
  const methods = (several ? named : undefined) ?? origin.methods ?? [];
  const refused = problemOf(link.experiment, methods);
  const shown = refused === null ? origin.chapter : preset.chapter;
  const { panel } = link.extra;
  if (panel !== undefined && panelIn(shown, panel) === null) problems.push(msg`The link's panel ${panel} was not used: chapter ${shown} does not have it.`);
  if (refused !== null) {
    problems.push(refused);
    return { link, origin: preset, methods: preset.methods ?? [], base: preset.experiment, place: beginningOf(preset.experiment), hidden, asked, problems };
  }
  const barred = wayProblem(link.place, methods);
  if (barred !== null) problems.push(msg`The link's then was not used, so the run opens at update 0: ${barred}`);
  const place = barred === null ? link.place : beginningOf(link.experiment);
  return { link, origin, methods, base: inForce(place), place, hidden, asked, problems };
}

/** Why methods side by side cannot go the way of a link, in a sentence; null where they can, or where there is one method only. */
function wayProblem({ from, changes }: Place, methods: readonly string[]): string | null {
  if (methods.length === 0) return null;
  if (from) return msg`methods side by side have no forks.`;
  if (changes.some(({ learningRate }) => learningRate !== undefined)) return msg`methods side by side have learning rates of their own, which do not change while they run.`;
  return null;
}

/** What Reset returns to: the whole state of a link that opens more than an experiment at its beginning; else null. */
export function authoredBy({ link, origin, methods, place }: Opened): Opening | null {
  const { hide, ask, embed, shown, panel, talk } = link.extra;
  const happened = place.from !== null || place.changes.length > 0 || link.step !== null;
  if (talk !== undefined || !(happened || hide || ask !== undefined || embed)) return null;
  return { origin, methods, panel: panelIn(origin.chapter, panel ?? null), place, atStep: link.step !== null || place.changes.length > 0, backend: link.backend, shown: shown ?? null };
}

/** A sentence that lists the presets' names in links says what they are called on the page too. */
function withTitles(sentence: string, search: string): string {
  if (!sentence.includes(quotedList(presetsFor(search).map(({ id }) => id)))) return sentence;
  return msg`${sentence} On the page they are called ${PRESETS.map(({ title }) => `“${title}”`).join(', ')}.`;
}

/** Quiet time before the address bar is written, ms; browsers limit how often it may be. */
const SETTLE = 400;

/**
 * Keeps the address bar equal to the page (as far as an address can be), never while a control is being dragged or a run
 * is being brought to a fork. Returns how to stop.
 */
export function keepAddress(run: RunStore, lab: LabStore, talk: TalkStore | null = null): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    if (lab.getState().draft || isBrought(run)) return;
    const search = addressOf(run, lab, talk);
    if (search !== location.search) history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(write, SETTLE); };
  /** Whether the address is that of the opening, of another place, or has to wait. */
  const standing = () => { const { opening, base } = lab.getState(); return isBrought(run) ? 'brought' : opening?.atStep === true && standsAt(run, base, opening); };
  let stood = standing();
  const stopRun = run.subscribe((now, before) => {
    const moved = standing() !== stood;
    stood = standing();
    if (moved || (['pinnedBackend', 'focus', 'forkedFrom', 'backend'] as const).some((key) => now[key] !== before[key])) soon();
  });
  const stopLab = lab.subscribe(soon);
  const stopTalk = talk?.subscribe((now, before) => { if (now.on !== before.on || now.at !== before.at) soon(); });
  return () => { clearTimeout(timer); stopRun(); stopLab(); stopTalk?.(); };
}
