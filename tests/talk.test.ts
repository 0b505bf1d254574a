/** The lecture as data: its scenes can be shown, its notes say what is so, and nothing in it has a number that nobody checked. */
import fs from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHAPTERS, chapterOf, movedTo } from '../src/components/chapters.ts';
import { TALK, type Scene, type TalkStep } from '../src/components/lecture/talk.ts';
import { problemOf, runsOf } from '../src/components/starts.ts';
import { STEPS } from '../src/derivation/steps.ts';
import { readExperiment, supportProblem } from '../src/sim/experimentSchema.ts';
import { METHODS } from '../src/sim/methods.ts';
import { formatParam, parseParam, setParam } from '../src/sim/params.ts';
import { OAIF_HUMAN_DUELS } from '../src/sim/published.ts';
import { switchBackend } from './product.ts';
import { EARLY_CLAIMS } from './talkClaimsEarly.ts';
import { LATER_CLAIMS } from './talkClaimsLater.ts';
import { preset } from './talkRuns.ts';

beforeAll(() => switchBackend('wasm'));

const CLAIMS = [...EARLY_CLAIMS, ...LATER_CLAIMS];

/** The cold open, of chapter 5, before chapter 1. */
const OPENING_STEPS = 2;
const CHAPTER_COUNT = 10;

const experimentOf = ({ preset: id, knobs = [] }: Scene) => knobs.reduce((experiment, [param, value]) => setParam(experiment, param, value), preset(id).experiment);
const methodsOf = ({ preset: id, methods }: Scene) => methods ?? preset(id).methods ?? [];
const paragraphs = ({ notes: { say, seen, wrong } }: TalkStep) => [...say, seen, ...(wrong === undefined ? [] : [wrong])];
const each = TALK.map((step, i) => ({ id: step.id, step, before: TALK[i - 1] }));

describe('the steps', () => {
  it('have names of their own, that links can hold', () => {
    const ids = TALK.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(ids[0]).toBe('the-the-the');
  });

  it('open with chapter 5’s first experiment, then follow the lecture, every chapter with an introduction of its own', () => {
    const chapters = TALK.map(({ chapter }) => chapter);
    expect(chapters.slice(0, OPENING_STEPS)).toEqual([5, 5]);
    const rest = chapters.slice(OPENING_STEPS);
    expect(rest).toEqual(rest.toSorted((a, b) => a - b));
    for (let chapter = 1; chapter <= CHAPTER_COUNT; chapter++) {
      const own = TALK.slice(OPENING_STEPS).filter((step) => step.chapter === chapter);
      expect(own.length, `chapter ${chapter}`).toBeGreaterThanOrEqual(chapter === CHAPTER_COUNT ? 1 : 2);
      expect(own[0].scene.run, `chapter ${chapter} does not begin in the middle of a run`).toBe('ready');
      expect(own[0].notes.wrong, `chapter ${chapter}`).toBeTypeOf('string');
    }
  });

  it('take between 60 and 75 minutes, none of them longer than four', () => {
    expect(TALK.length).toBeGreaterThanOrEqual(28);
    expect(TALK.length).toBeLessThanOrEqual(36);
    const total = TALK.reduce((sum, { minutes }) => sum + minutes, 0);
    expect(total).toBeGreaterThanOrEqual(60);
    expect(total).toBeLessThanOrEqual(75);
    for (const { id, minutes } of TALK) { expect(minutes, id).toBeGreaterThanOrEqual(1); expect(minutes, id).toBeLessThanOrEqual(4); }
  });

  it.each(each)('$id: has a scene that this page can show', ({ step: { chapter, scene } }) => {
    const { preset: id, knobs = [], panel } = scene;
    if (chapter < CHAPTER_COUNT) expect(scene.chapter).toBe(chapter);
    expect(CHAPTERS.map((own) => own.id)).toContain(scene.chapter);
    for (const [param, value] of knobs) expect(parseParam(param, formatParam(param, value))).toEqual({ ok: true, value });
    const experiment = experimentOf(scene);
    const methods = methodsOf(scene);
    const origin = preset(id);
    expect(origin.chapter === scene.chapter || movedTo(origin, scene.chapter, experiment, methods) !== null, 'the preset can be shown there').toBe(true);
    if (panel !== undefined) expect(chapterOf(scene.chapter).panels.map((own) => own.id)).toContain(panel);
    for (const method of methods) expect(METHODS.map((own) => own.id)).toContain(method);
    expect(methods.length > 0).toBe(chapterOf(scene.chapter).methods);
    expect(problemOf(experiment, methods)).toBeNull();
    for (const run of runsOf(experiment, methods)) {
      expect(readExperiment(run)).toMatchObject({ ok: true });
      expect(supportProblem(run)).toBeNull();
    }
  });

  it.each(each)('$id: a run that plays was asked about just before, and one that is kept is the one before', ({ step: { scene }, before }) => {
    if (scene.run === 'ready') return;
    const same = { chapter: scene.chapter, preset: scene.preset, knobs: scene.knobs, methods: scene.methods };
    expect(before?.scene).toMatchObject(JSON.parse(JSON.stringify(same)));
    if (scene.run === 'keep') return;
    expect(before?.scene.run).toBe('ready');
    expect(before?.notes.say.join(' ')).toMatch(/\?/);
    expect(before?.notes.wrong).toBeTypeOf('string');
  });

  it('scroll to what is there', () => {
    for (const { id, scene: { at, chapter, panel } } of TALK) {
      const line = /^\[data-derivation-step="([a-z-]+)"\]$/.exec(at ?? '')?.[1];
      if (line !== undefined) expect(STEPS.find((step) => step.id === line)?.chapter, id).toBe(chapter);
      else if (at === '#second-rank-panel') expect(panel, id).toBeTypeOf('string');
      else if (at !== undefined) expect(rendered(PLACES[at]), id).toMatch(new RegExp(`className="${at.slice(1)}"`));
    }
  });
});

/** What renders the places that steps scroll to. */
const PLACES: Record<string, string> = { '.derivation': 'derivation/Derivation.tsx', '.chapter-responses': 'chapter/ChapterPage.tsx', '.chapter-wide': 'chapter/ChapterPage.tsx', '.published': 'chapter8/PublishedDuels.tsx' };
const rendered = (file: string | undefined): string => fs.readFileSync(new URL(`../src/components/${String(file)}`, import.meta.url), 'utf8');

const AMERICAN = /\b(?:\w*(?:color|avior|favor|center)(?:s|ed|ing)?|(?!(?:sized?|prizes?|seized?)\b)\w+iz(?:e|es|ed|ing|er|ers|ation))\b/i;

describe('the notes', () => {
  it.each(each)('$id: are short enough to be spoken, in plain words', ({ step }) => {
    const { say, seen, wrong } = step.notes;
    expect(say.length).toBeGreaterThanOrEqual(2);
    expect(say.length).toBeLessThanOrEqual(5);
    expect(seen.trim()).not.toBe('');
    for (const text of [step.title, ...paragraphs(step)]) {
      expect(text).toBe(text.trim());
      expect(text, 'no exclamation marks').not.toMatch(/!/);
      expect(text.replaceAll(/“\w+”/g, ''), 'British spelling; the slides’ own words aside').not.toMatch(AMERICAN);
      expect(text, 'typographic quotes').not.toMatch(/["']/);
      expect(text.length).toBeLessThanOrEqual(330);
    }
    for (const text of paragraphs(step)) expect(text).toMatch(/[.?]$/);
    if (wrong !== undefined) expect(wrong, 'the room’s answer, then the reply').toMatch(/^“.+[.?,]?” \S/);
  });

  it('knows American spelling when it sees it', () => {
    for (const word of ['color', 'behavior', 'optimize', 'maximized', 'minimization', 'center']) expect(word).toMatch(AMERICAN);
    for (const word of ['colour', 'optimise', 'size', 'sized', 'prize', 'four', 'enter', 'whatever', 'favour']) expect(word).not.toMatch(AMERICAN);
  });

  it('give the source of a published figure in its own sentence', () => {
    const figures = OAIF_HUMAN_DUELS.flatMap(({ win, tie, loss }) => [win, tie, loss]).map((figure) => figure.toFixed(2));
    const quoting = TALK.flatMap(paragraphs).flatMap(sentences).filter((sentence) => figures.some((figure) => sentence.includes(figure)));
    expect(quoting.length).toBeGreaterThanOrEqual(2);
    for (const sentence of quoting) expect(sentence).toMatch(/\(Guo et al\. 2024, table 2\)/);
  });
});

/** A number, or a word for how much, how often or which way. Years of papers, tables of papers and chapters are none. */
const CLAIMING = /\d|per cent|\b(?:half|twice|third|quarter|tenth|ten times|five steps|every seed|most seeds|nearly every|at least one seed|rises?|rose|falls?|fallen|fell|nearly all|nearly everything|never holds?|at every update)\b/;
const withoutNames = (text: string) => text.replaceAll(/et al\. \d{4}|\b(?:[Cc]hapter|table) \d+|[Uu]pdate 0/g, '');
const sentences = (text: string) => text.split(/(?<=[.?]”?) +(?=[^\p{Ll}\d])/u);

describe('what the notes claim', () => {
  it.each(each)('$id: every number and every direction is in the table', ({ id, step }) => {
    const known = CLAIMS.filter((claim) => claim.step === id).map(({ says }) => says);
    const { say, seen, wrong = '' } = step.notes;
    // What the room says is wrong on purpose.
    for (const sentence of [step.title, ...say, seen, wrong.replace(/^“[^”]+” /, '')].flatMap(sentences)) {
      if (!sentence.endsWith('?') && CLAIMING.test(withoutNames(sentence))) expect(known.some((says) => sentence.includes(says)), sentence).toBe(true);
    }
  });

  it.each(CLAIMS)('$step: $says', async ({ step, says, by, check }) => {
    const own = TALK.find(({ id }) => id === step);
    expect(own && [own.title, ...paragraphs(own)].some((text) => text.includes(says)), 'it is said').toBe(true);
    expect(by !== undefined || check !== undefined).toBe(true);
    if (by) expect(testNames(by[0]).some((name) => name.includes(by[1])), `${by[0]} has a test “${by[1]}”`).toBe(true);
    await check?.();
  });
});

/** The titles of a file's tests. */
function testNames(file: string): string[] {
  const text = fs.readFileSync(new URL(file, import.meta.url), 'utf8');
  return [...text.matchAll(/\b(?:test|it)(?:\.each\([^\n]*\))?\('([^']+)'/g)].map(([, name]) => name);
}
