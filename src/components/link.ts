/** The page as a link, and the address bar that always shows it. */
import type { Experiment } from '../sim/experiment.ts';
import { same } from '../sim/experimentPrint.ts';
import { supportProblem } from '../sim/experimentSchema.ts';
import { METHODS } from '../sim/methods.ts';
import { PRESETS, type Preset } from '../sim/presets/index.ts';
import type { RunStore } from '../sim/runStore.ts';
import { readLink, writeLink, type ReadLink } from '../sim/url.ts';
import { CHAPTERS, chapterOf, linkPreset, movedTo, originFor, ownOrigin, panelIn, PANELS, presetOrigin, presetsOf, type ChapterId, type Origin } from './chapters.ts';
import type { LabStore } from './labStore.ts';
import { problemOf } from './starts.ts';

/** Longest query string that is offered: servers and mail programs cut longer addresses. */
export const LONGEST_LINK = 8000;

/** The query string of what is shown, however long; with `step`, the link opens at that update. */
export function linkOf(run: RunStore, lab: LabStore, step: number | null = null): string {
  const { origin, base } = lab.getState();
  const preset = linkPreset(origin);
  return written(run, lab, preset, base, step, preset.chapter === origin.chapter ? undefined : origin.chapter);
}

function written(run: RunStore, lab: LabStore, preset: Preset, experiment: Experiment, step: number | null, chapter?: ChapterId): string {
  const { theme, projector, panel, methods } = lab.getState();
  const others = methods.length > 0 && !same(methods, preset.methods ?? []);
  const link = writeLink({
    presetId: preset.id, preset: preset.experiment, experiment, backend: run.getState().pinnedBackend, step,
    extra: {
      ...(theme === 'auto' ? {} : { theme }), ...(projector ? { projector } : {}), ...(panel ? { panel } : {}),
      ...(chapter ? { chapter: String(chapter) } : {}), ...(others ? { methods: [...methods] } : {}),
    },
  });
  return link === `?preset=${PRESETS[0].id}` ? '' : link;
}

/** What the address bar shows: the link, or without the experiment where that is too long for one. */
export function addressOf(run: RunStore, lab: LabStore): string {
  const link = linkOf(run, lab);
  if (link.length <= LONGEST_LINK) return link;
  const { chapter } = lab.getState().origin;
  const named = chapter === PRESETS[0].chapter ? undefined : chapter;
  return written(run, lab, PRESETS[0], PRESETS[0].experiment, null, named).replace(/preset=[^&]*&?/, '');
}

/** The presets, first the one that a link without a preset opens: its chapter's first. */
function presetsFor(search: string): readonly Preset[] {
  const chapter = CHAPTERS.find(({ id }) => String(id) === new URLSearchParams(search).get('chapter'));
  const own = chapter ? presetsOf(chapter.id) : [];
  return [...own, ...PRESETS.filter((preset) => !own.includes(preset))];
}

/** What a link opens. */
export interface Opening {
  link: ReadLink;
  origin: Origin;
  methods: readonly string[];
  base: Experiment;
  /** One sentence for everything the link says that was not used. */
  problems: string[];
}

/** What the page shows for a query string: all of the link that can be used. */
export function openingOf(search: string): Opening {
  const link = readLink(search, presetsFor(search), { panels: PANELS, chapters: CHAPTERS.map(({ id }) => String(id)), methods: METHODS.map(({ id }) => id) });
  const problems = link.problems.map(withTitles);
  const preset = presetOrigin(link.presetId);
  const unsupported = supportProblem(link.experiment);
  const whole = new URLSearchParams(search).has('experiment') && !same(link.experiment, preset.experiment);
  const found = whole && !preset.methods && unsupported === null ? originFor(link.experiment) : preset;
  const own = whole && preset.methods ? { ...ownOrigin(link.experiment), chapter: preset.chapter, methods: preset.methods } : found;
  const { chapter, methods: asked } = link.extra;
  // Beside a whole experiment the preset says the chapter that it was shown in.
  const wanted = CHAPTERS.find(({ id }) => String(id) === chapter)?.id ?? (whole ? preset.chapter : undefined);
  const origin = (wanted !== undefined && movedTo(own, wanted, link.experiment, own.methods ?? [])) || own;
  if (chapter !== undefined && chapter !== String(origin.chapter)) problems.push(`The link's chapter ${chapter} was not used: its experiment belongs to chapter ${origin.chapter}.`);
  const several = chapterOf(origin.chapter).methods;
  if (asked && !several) problems.push(`The link's methods were not used: chapter ${origin.chapter} trains one method at a time.`);
  const methods = (several ? asked : undefined) ?? origin.methods ?? [];
  const refused = problemOf(link.experiment, methods);
  const shown = refused === null ? origin.chapter : preset.chapter;
  const { panel } = link.extra;
  if (panel !== undefined && panelIn(shown, panel) === null) problems.push(`The link's panel ${panel} was not used: chapter ${shown} does not have it.`);
  if (refused === null) return { link, origin, methods, base: link.experiment, problems };
  problems.push(refused);
  return { link, origin: preset, methods: preset.methods ?? [], base: preset.experiment, problems };
}

/** A sentence that lists the presets' names in links says what they are called on the page too. */
function withTitles(sentence: string): string {
  if (!sentence.startsWith('preset ')) return sentence;
  return `${sentence} On the page they are called ${PRESETS.map(({ title }) => `“${title}”`).join(', ')}.`;
}

/** Quiet time before the address bar is written, ms; browsers limit how often it may be. */
const SETTLE = 400;

/** Keeps the address bar equal to the page (as far as an address can be), never while a control is being dragged. Returns how to stop. */
export function keepAddress(run: RunStore, lab: LabStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = () => {
    if (lab.getState().draft) return;
    const search = addressOf(run, lab);
    if (search !== location.search) history.replaceState(null, '', `${location.pathname}${search}${location.hash}`);
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(write, SETTLE); };
  const stopRun = run.subscribe((now, before) => {
    if (now.pinnedBackend !== before.pinnedBackend) soon();
  });
  const stopLab = lab.subscribe(soon);
  return () => { clearTimeout(timer); stopRun(); stopLab(); };
}
