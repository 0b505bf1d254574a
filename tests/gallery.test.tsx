/** The gallery as a table and as a page: ids, links, threads, search, and what a card says. What the toys do: galleryAnswers, galleryCurves. */
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import { BugCard } from '../src/components/gallery/BugCard.tsx';
import { chapterLink, presetOfToy, threadLink, threadName, toyExperiment, toyLink, type Bug } from '../src/components/gallery/bug.ts';
import { BUGS } from '../src/components/gallery/bugs.ts';
import { areShares, glued, outcomeSentence, rowOf, valueWords } from '../src/components/gallery/outcome.ts';
import { found } from '../src/components/gallery/search.ts';
import { createShow, shownExperiment } from '../src/components/gallery/showStore.ts';
import { panelIn } from '../src/components/chapters.ts';
import { openingOf } from '../src/components/link.ts';
import { askedScheme, labLink, ViewSearch, withScheme } from '../src/components/views/viewAddress.ts';
import { metricIndex, METRICS } from '../src/sim/metrics.ts';
import { neverStops } from '../src/sim/presets/never-stops.ts';
import { otherPrompt } from '../src/sim/presets/other-prompt.ts';
import type { RunClient } from '../src/sim/runStore.ts';
import { buildWorld } from '../src/sim/world.ts';
import type { Command, Frame } from '../src/sim/worker/protocol.ts';

const toysOf = (bug: Bug) => [bug.toy, ...bug.remedies.map(({ toy }) => toy)];

test('eight to twelve cards, each with a name of its own that an address can hold', () => {
  expect(BUGS.length).toBeGreaterThanOrEqual(8);
  expect(BUGS.length).toBeLessThanOrEqual(12);
  const ids = BUGS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
  expect(new Set(BUGS.map(({ symptom }) => symptom)).size).toBe(ids.length);
});

describe.each(BUGS)('$id', (bug) => {
  test('its toys are presets with knobs that open in the lab as they are, without a problem', () => {
    const links = toysOf(bug).map((toy) => {
      const link = toyLink(toy, '');
      const opened = openingOf(link);
      expect(opened.problems, link).toEqual([]);
      expect(opened.base).toEqual(toyExperiment(toy));
      expect(opened.origin.id).toBe(presetOfToy(toy).id);
      expect(opened.origin.chapter).toBe(presetOfToy(toy).chapter);
      if (toy.panel !== undefined) expect(panelIn(opened.origin.chapter, toy.panel)).toBe(toy.panel);
      return link;
    });
    expect(new Set(links).size, 'what helps differs from the toy').toBe(links.length);
    expect(openingOf(chapterLink(bug.chapter, '')).problems).toEqual([]);
    expect(openingOf(chapterLink(bug.chapter, '')).origin.chapter).toBe(bug.chapter);
  });

  test('its links keep the page’s looks and language, and nothing else', () => {
    const opened = openingOf(toyLink(bug.toy, '?view=bugs&theme=dark&lang=hi&hide=share'));
    expect(opened.problems).toEqual([]);
    expect(opened.link.extra).toMatchObject({ theme: 'dark', lang: 'hi' });
    expect(opened.hidden).toEqual([]);
  });

  test('it names at least one thread, each once and by an address on GitHub', () => {
    expect(bug.threads.length).toBeGreaterThan(0);
    const names = bug.threads.map(threadName);
    expect(new Set(names).size).toBe(names.length);
    for (const thread of bug.threads) {
      expect(threadName(thread)).toMatch(/^[\w-]+\/[\w.-]+#[1-9]\d*$/);
      expect(threadLink(thread)).toBe(`https://github.com/${thread.repository}/issues/${thread.number}`);
      expect(thread.what.length).toBeGreaterThan(20);
    }
  });

  test('what is watched is defined for its toy, and what is drawn of one unit', () => {
    const experiment = toyExperiment(bug.toy);
    expect(bug.metrics.length).toBeGreaterThan(0);
    const draws = bug.draws ?? bug.metrics;
    expect(draws.length).toBeGreaterThan(0);
    for (const id of draws) expect(bug.metrics).toContain(id);
    expect(areShares(draws) || new Set(draws.map((id) => rowOf(id).unit)).size === 1).toBe(true);
    for (const id of bug.metrics) {
      const row: (typeof METRICS)[number] & { needsGold?: true; needsRewardModel?: true } = rowOf(id);
      if (row.needsGold) expect(experiment.gold).toBeDefined();
      if (row.needsRewardModel) expect(experiment.rewardModel).toBeDefined();
    }
    expect(experiment.seeds).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(experiment.sweep, 'one picture, one setting').toBeUndefined();
  });

  test('the card says symptom, toy, threads, reasons, remedies and limits', () => {
    const show = createShow(fakeClient, null);
    const html = renderToStaticMarkup(<ViewSearch value="?view=bugs&theme=dark"><BugCard bug={bug} show={show} named={false} /></ViewSearch>);
    const text = html.replaceAll(/<[^>]*>/g, '').replaceAll('&amp;', '&').replaceAll('\u00a0', ' ');
    for (const part of [bug.symptom, bug.shows, bug.why, bug.limits, ...bug.threads.map(({ what }) => what), ...bug.remedies.flatMap(({ name, words }) => [name, words])]) expect(text).toContain(part);
    for (const link of toysOf(bug).map((toy) => toyLink(toy, '?theme=dark').replaceAll('&', '&amp;'))) expect(html).toContain(`href="${link}"`);
    for (const [anchor] of html.matchAll(/<a [^>]*https:[^>]*>/g)) {
      expect(anchor).toContain('rel="noreferrer"');
      expect(anchor).toContain('target="_blank"');
    }
    expect(html.split('https://').length - 1).toBe(2 * bug.threads.length);
  });
});

describe('search', () => {
  const ids = (query: string) => found(BUGS, query).map(({ id }) => id);
  test('finds by the words of a symptom, a metric, a repository, a number, a remedy, in any order and case', () => {
    expect(ids('')).toHaveLength(BUGS.length);
    expect(ids('  ')).toHaveLength(BUGS.length);
    expect(ids('stops answer NEVER')).toContain('never-stops');
    expect(ids('eos')).toEqual(['never-stops']);
    expect(ids('repeated tokens')).toContain('repeats-one-word');
    expect(ids('nan')).toContain('ipo-nan');
    expect(ids('0.6931')).toContain('stuck-at-0-693');
    expect(ids('rewards/chosen')).toContain('chosen-reward-negative');
    expect(ids('trl#2382')).toEqual(['repeats-one-word', 'never-stops']);
    expect(ids('llamafactory 4413')).toEqual(['other-prompts-change']);
    expect(ids('dpop')).toContain('chosen-reward-negative');
    expect(ids('reward hacking')).toEqual(['ppo-grows-alike']);
    expect(ids('length spikes')).toEqual(['longer-answers']);
  });
  test('every example finds something, nonsense nothing', () => {
    for (const example of ['rewards/chosen', 'EOS', 'NaN', 'trl#2382']) expect(ids(example), example).not.toEqual([]);
    expect(ids('segmentation fault')).toEqual([]);
  });
});

function fakeClient(sent: Command[] = []): RunClient {
  return { send: (command) => { sent.push(command); }, restart: () => {}, onEvent: () => {}, onCrash: () => {} };
}

describe('shown on its card', () => {
  const [first, second] = BUGS;

  test('the toy plays with its first three seeds, in one run store for all cards, made when it is first needed', () => {
    const sent: Command[] = [];
    const make = vi.fn<() => RunClient>(() => fakeClient(sent));
    const show = createShow(make, 'cpu');
    expect(show.getState().run).toBeNull();
    show.getState().show(first, null);
    const { run } = show.getState();
    expect(run?.getState().experiment).toEqual({ ...toyExperiment(first.toy), seeds: [0, 1, 2] });
    expect(sent.at(-1)).toMatchObject({ type: 'start', play: true, backend: 'cpu', updatesPerSecond: toyExperiment(first.toy).steps / 4 });
    show.getState().show(second, 0);
    expect(show.getState().run).toBe(run);
    expect(make).toHaveBeenCalledTimes(1);
    expect(run?.getState().experiment).toEqual(shownExperiment({ bug: second, remedy: 0 }));
    show.getState().close();
    expect(show.getState().shown).toBeNull();
    expect(sent.at(-1)).toMatchObject({ type: 'pause' });
  });

  test('what it came to is said with the numbers of the frame', () => {
    const experiment = { ...neverStops.experiment, seeds: [0, 1, 2] };
    const world = buildWorld(experiment.world);
    const metrics = new Float64Array(METRICS.length * 3).fill(NaN);
    metrics.set([3.9, 4, 3.8], metricIndex('meanLength') * 3);
    const logps = new Float64Array(world.responseCount).fill(-20);
    logps[0] = Math.log(0.75);
    const frame = { step: 600, metrics, logps, focus: { seedIndex: null, sweepIndex: 0 } } as Frame;
    expect(outcomeSentence(experiment, world, frame, ['meanLength'])).toBe('After 600 updates, median of 3 seeds: mean length 3.90 words. Said most: nothing (75.0 %).');
    expect(valueWords('rewards/accuracies', 1)).toBe('100 %');
    expect(glued('keeps > 99.9 % of it')).toBe('keeps >\u00a099.9\u00a0% of it');
  });

  test('with several prompts it says what is said to each', () => {
    const experiment = { ...otherPrompt.experiment, seeds: [0] };
    const world = buildWorld(experiment.world);
    const metrics = new Float64Array(METRICS.length).fill(0.5);
    const logps = new Float64Array(world.responseCount).fill(-20);
    const frame = { step: 1, metrics, logps, focus: { seedIndex: null, sweepIndex: 0 } } as Frame;
    expect(outcomeSentence(experiment, world, frame, ['mass/ood'])).toMatch(/^After 1 update, median of 1 seed: responses nobody wrote 50\.0 %\. Said most: “Where is the cat\?” .*; “Where do you sleep\?” .*\.$/);
  });
});

test('a page’s theme goes into its address and into its links back', () => {
  expect(askedScheme('?view=bugs')).toBeNull();
  expect(askedScheme('?theme=blue')).toBeNull();
  expect(askedScheme(withScheme('?view=bugs&lang=hi', 'dark'))).toBe('dark');
  expect(withScheme('?view=bugs&theme=dark', 'light')).toBe('?view=bugs&theme=light');
  expect(labLink('?view=bugs')).toBe('?');
  expect(labLink('?view=bugs&theme=dark&lang=hi')).toBe('?theme=dark&lang=hi');
});
