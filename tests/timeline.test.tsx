/** The timeline and the fork: where marks stand, where keys lead, what is said, what is hidden, how branches are drawn. */
import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { presetOrigin } from '../src/components/chapters.ts';
import { Transport } from '../src/components/frame/Transport.tsx';
import { createLabStore, LabContext, type LabStore } from '../src/components/labStore.ts';
import { LossPanel, lossBegan } from '../src/components/panels/LossPanel.tsx';
import { MassPanel } from '../src/components/panels/MassPanel.tsx';
import { RunContext, shownRun } from '../src/components/run.ts';
import type { HideId } from '../src/components/share/hideable.ts';
import { branchDash, branchLines } from '../src/components/timeline/branches.ts';
import { EventItems } from '../src/components/timeline/Events.tsx';
import { ForkPanel } from '../src/components/timeline/ForkButton.tsx';
import { carriedWords, draftOf, draftProblem, forkChoices, forkKnobs, noForkNow } from '../src/components/timeline/forkDraft.ts';
import { marksNow } from '../src/components/timeline/useMarks.ts';
import { APART, placeMarks } from '../src/components/timeline/placeMarks.ts';
import { futureWords, noteWords, playWords, valueWords } from '../src/components/timeline/timelineWords.ts';
import { keyTarget } from '../src/components/timeline/useScrub.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { BRANCHES_KEPT, sharedUntil, type Branch, type Fork } from '../src/sim/fork.ts';
import type { Mark } from '../src/sim/marks.ts';
import { paramOf, setParam } from '../src/sim/params.ts';
import { presetExperiment } from '../src/sim/presets/preset.ts';
import { THE_THE_THE_FILE } from '../src/sim/presets/the-the-the.ts';
import { createRunStore, type RunClient, type RunStore } from '../src/sim/runStore.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

// Without a layout every box is 0 wide and the charts draw nothing.
vi.mock('../src/components/charts/useBox.ts', () => ({ useBox: () => [() => undefined, { width: 800, height: 320, rem: 16, theme: '' }] }));

const EXPERIMENT: Experiment = { ...presetExperiment(THE_THE_THE_FILE), seeds: [0, 1], steps: 200 };
const AT_HALF = setParam(EXPERIMENT, 'beta', 0.5);

let client: RunClient | null = null;
afterEach(() => client?.restart());

interface Page { run: RunStore; lab: LabStore }

/** A page whose run has made updates and went back to one. */
async function pageAt({ made, at = made, ...start }: { made: number; at?: number; hidden?: readonly HideId[] }): Promise<Page> {
  client = createFakeClient({ startMs: 0 });
  const run = createRunStore(client);
  const lab = createLabStore(run, { origin: { ...presetOrigin(null), experiment: EXPERIMENT }, ...start });
  run.getState().load(EXPERIMENT);
  await expect.poll(() => run.getState().state).toBe('paused');
  for (let i = 0; i < made; i += 10) run.getState().stepBy(10);
  if (at !== made) run.getState().seek(at);
  await expect.poll(() => run.getState().step).toBe(at);
  return { run, lab };
}

function show({ run, lab }: Page, part: ReactNode): string {
  // Rendered to a string, zustand shows what a store began with; here it is to be what it holds now.
  const [runNow, labNow] = [{ ...run, getInitialState: run.getState }, { ...lab, getInitialState: lab.getState }];
  return renderToString(<MantineProvider><RunContext value={runNow}><LabContext value={labNow}>{part}</LabContext></RunContext></MantineProvider>).replaceAll('<!-- -->', '');
}
const attribute = (html: string, of: RegExp, name: string) => new RegExp(`${name}="([^"]*)"`).exec(of.exec(html)?.[0] ?? '')?.[1];
const SLIDER = /<div[^>]*role="slider"[^>]*>/;

describe('marks on the line', () => {
  const mark = (step: number, kind: Mark['kind'], sentence = `${kind} ${step}`): Mark => ({ step, kind, sentence });

  it('stand at their update, above it what happened, below what was done, on it the draws', () => {
    const placed = placeMarks([mark(0, 'chosen-falls'), mark(50, 'knobs'), mark(100, 'draw'), mark(200, 'divergence')], 200);
    expect(placed.map(({ share, lane }) => [share, lane])).toEqual([[0, 'above'], [0.25, 'below'], [0.5, 'on'], [1, 'above']]);
  });

  it('that would cover each other become one shape that says all of it; in other lanes they stay apart', () => {
    const near = Math.floor(1000 * APART) - 1;
    const placed = placeMarks([mark(100, 'collapse'), mark(100, 'knobs'), mark(100 + near, 'catch'), mark(100 + near + 5, 'recovery')], 1000);
    expect(placed.map(({ step, kind, sentences }) => [step, kind, sentences])).toEqual([
      [100, 'collapse', ['collapse 100', `catch ${100 + near}`]], [100, 'knobs', ['knobs 100']], [100 + near + 5, 'recovery', [`recovery ${100 + near + 5}`]],
    ]);
    expect(placeMarks([mark(1, 'draw'), mark(2, 'draw')], 1000), 'draws are thin').toHaveLength(2);
  });

  it('beyond the last update stand at the end', () => expect(placeMarks([mark(30, 'collapse')], 20)[0].share).toBe(1));
});

test.each([
  ['ArrowLeft', false, 49], ['ArrowDown', false, 49], ['ArrowRight', false, 51], ['ArrowUp', false, 51],
  ['ArrowLeft', true, 41], ['ArrowRight', true, 59], ['PageDown', false, 41], ['PageUp', false, 59], ['Home', false, 20], ['End', false, 110], ['a', false, null],
])('%s (shift %s) leads to %s', (key, shift, target) => {
  expect(keyTarget(key, shift, { at: 50, earliest: 20, furthest: 110 })).toBe(target);
});
test('keys lead to recorded updates only', () => {
  expect(keyTarget('ArrowLeft', false, { at: 20, earliest: 20, furthest: 22 })).toBe(20);
  expect(keyTarget('PageUp', false, { at: 22, earliest: 20, furthest: 22 })).toBe(22);
  expect(keyTarget('PageDown', false, { at: 22, earliest: 20, furthest: 22 }), 'a page is at least one update').toBe(21);
});

test('words: the update, the record beyond it, where it is going and what Play does', () => {
  const at = { state: 'paused', step: 40, furthest: 100, earliest: 0, seeking: null } as const;
  expect(valueWords(40, 200, 100)).toBe('update 40 of 200, recorded up to 100');
  expect(valueWords(100, 200, 100)).toBe('update 100 of 200');
  expect(noteWords(at)).toBe('recorded up to 100');
  expect(noteWords({ ...at, furthest: 40 })).toBe('');
  expect(noteWords({ ...at, seeking: { target: 20, sent: 20, at: null } }), 'a short way is no news').toBe('recorded up to 100');
  expect(noteWords({ ...at, seeking: { target: 20, sent: 20, at: 7 } })).toBe('going back to update 20…');
  expect(noteWords({ ...at, seeking: { target: 90, sent: 90, at: 70 } })).toBe('going to update 90…');
  expect(futureWords(at)).toMatch(/updates up to 100 again, the same bit for bit\. .* a fork, makes others\.$/);
  expect(futureWords({ ...at, step: 100 })).toBeNull();
  expect([playWords(at), playWords({ ...at, step: 100 }), playWords({ ...at, state: 'running' }), playWords({ ...at, state: 'done' })])
    .toEqual(['Play on from update 40 (Space)', 'Play (Space)', 'Pause (Space)', 'Play again from the reference (Space)']);
});

describe('the bar', () => {
  it('is a slider over what is recorded, with the present and what lies beyond', async () => {
    const html = show(await pageAt({ made: 100, at: 40 }), <Transport />);
    expect(['aria-valuemin', 'aria-valuenow', 'aria-valuemax', 'aria-valuetext'].map((name) => attribute(html, SLIDER, name))).toEqual(['0', '40', '100', 'update 40 of 200, recorded up to 100']);
    expect(html).toContain('</span>40 / 200</span>');
    expect(html).toMatch(/class="track-note">recorded up to 100</);
    expect(html).toMatch(/timeline-recorded" style="left:0%;width:50%"/);
    expect(html).toMatch(/timeline-done" style="left:0%;width:20%"/);
    for (const name of ['Step back', 'Events', 'Fork']) expect(html).toContain(name);
    expect(html).toContain('aria-describedby="transport-future"');
  });

  it('has nothing to go back to at the start', async () => {
    const html = show(await pageAt({ made: 0 }), <Transport />);
    expect(/<button[^>]*aria-label="Step back"[^>]*>/.exec(html)?.[0]).toContain('aria-disabled="true"');
    expect(html).not.toContain('transport-future');
  });

  it('is a simple progress bar where the link hides going back, and has no speed where it hides that', async () => {
    const html = show(await pageAt({ made: 100, at: 40, hidden: ['timeline', 'speed'] }), <Transport />);
    expect(html).not.toMatch(SLIDER);
    expect(attribute(html, /<div[^>]*role="progressbar"[^>]*>/, 'aria-valuenow')).toBe('40');
    for (const gone of ['Step back', 'Events', 'Fork', 'recorded up to', 'aria-label="Speed"']) expect(html).not.toContain(gone);
    for (const kept of ['Play', 'Step', 'Reset']) expect(html).toContain(kept);
  });
});

describe('the events', () => {
  it('are found once for a record, and come as sentences that lead to their update', async () => {
    const page = await pageAt({ made: 200, at: 10 });
    const { schedule } = page.run.getState();
    page.run.setState({ schedule: [...schedule, { ...schedule[0], step: 30, beta: 0.4 }] });
    const marks = marksNow(shownRun(page.run.getState()));
    expect(marks).toEqual([{ step: 30, kind: 'knobs', sentence: 'After update 30: β = 0.4.' }]);
    expect(marksNow(shownRun(page.run.getState()))).toBe(marks);
    const html = show(page, <EventItems marks={marks} close={() => undefined} />);
    for (const { step, sentence } of marks) {
      expect(html).toContain(sentence);
      expect(html).toContain(`title="Go to update ${step}"`);
    }
    page.run.setState({ earliest: 150 });
    expect(show(page, <EventItems marks={[{ step: 20, kind: 'knobs', sentence: 'x' }]} close={() => undefined} />)).toMatch(/aria-disabled="true".*Before this branch began: it starts at update 150/);
  });

  it('have one sentence for all draws, and a button for each', async () => {
    const draws = [10, 20, 30].map((step): Mark => ({ step, kind: 'draw', sentence: `For update ${step} the policy draws.` }));
    const html = show(await pageAt({ made: 40, at: 20 }), <EventItems marks={draws} close={() => undefined} />);
    expect(html.match(/the policy draws/g)).toHaveLength(1);
    expect([...html.matchAll(/data-event="draw" data-step="(\d+)"/g)].map(([, step]) => step)).toEqual(['10', '20', '30']);
    expect(html).toMatch(/data-step="20" aria-current="true"/);
  });

  it('say what would be marked where there are none', async () => {
    expect(show(await pageAt({ made: 0 }), <EventItems marks={[]} close={() => undefined} />)).toContain('Nothing to mark so far.');
  });
});

describe('a page that went back', () => {
  it('shows the numbers of the present, and what is recorded beyond it fainter', async () => {
    const page = await pageAt({ made: 200, at: 40 });
    const { history, frame } = page.run.getState();
    expect(history.last?.step).toBe(200);
    const past = shownRun(page.run.getState()).history;
    expect([past.last?.step, past.last?.metrics]).toEqual([40, frame?.metrics]);
    expect(shownRun(page.run.getState()).history, 'the same object for the same frame').toBe(past);
    for (const panel of [<MassPanel key="mass" />, <LossPanel key="loss" />]) {
      const html = show(page, panel);
      expect(html).toContain('fter 40 updates');
      expect(html).toContain('line-ahead');
    }
    page.run.getState().seek(200);
    await expect.poll(() => page.run.getState().step).toBe(200);
    expect(show(page, <MassPanel />)).not.toContain('line-ahead');
  });
});

describe('a fork', () => {
  it('keeps what is not chosen, and what does not apply to another algorithm is left out', () => {
    expect(draftOf(EXPERIMENT, {})).toEqual(EXPERIMENT);
    expect(draftOf(EXPERIMENT, { beta: 0.5, learningRate: 0.1 })).toEqual(setParam(AT_HALF, 'learningRate', 0.1));
    expect(draftOf(EXPERIMENT, { algorithm: 'ppo', loss: 'ipo' }).algorithm).toMatchObject({ kind: 'ppo', beta: 0.05 });
    expect(forkKnobs(EXPERIMENT).map(({ id }) => id)).toEqual(['algorithm', 'loss', 'beta', 'learningRate']);
    expect(forkKnobs(draftOf(EXPERIMENT, { algorithm: 'ppo' })).map(({ id }) => id)).toEqual(['algorithm', 'beta', 'learningRate']);
    expect(forkChoices(paramOf('algorithm'), EXPERIMENT).map(({ value }) => value)).toEqual(['dpo', 'online-dpo', 'ppo']);
    expect(forkKnobs({ ...EXPERIMENT, sweep: { beta: [0.1, 1] } }).map(({ id }) => id), 'a swept knob has no one value').not.toContain('beta');
  });

  it('says what forbids it', async () => {
    const { run } = await pageAt({ made: 20 });
    const now = run.getState();
    expect(noForkNow(now)).toBeNull();
    expect(noForkNow({ ...now, others: [AT_HALF] })).toMatch(/^Methods side by side have no forks/);
    expect(noForkNow({ ...now, state: 'starting' })).toMatch(/being prepared/);
    expect(noForkNow({ ...now, state: 'failed' })).toMatch(/Go back to an update on the timeline/);
    expect(noForkNow({ ...now, step: 200 })).toMatch(/^The run has made all of its 200 updates\. Go back/);
    expect(noForkNow({ ...now, experiment: setParam(EXPERIMENT, 'algorithm', 'reward-model') })).toMatch(/reward model has no forks/);
    expect(draftProblem(EXPERIMENT, EXPERIMENT, 20)).toMatch(/^Change at least one/);
    expect(draftProblem(EXPERIMENT, AT_HALF, 20)).toBeNull();
    expect(draftProblem(EXPERIMENT, { ...AT_HALF, seeds: [7, 8] }, 20)).toMatch(/its seeds must be that of the run it leaves/);
    expect(carriedWords(EXPERIMENT, AT_HALF)).toContain('the optimiser with what it remembers');
    expect(carriedWords(EXPERIMENT, draftOf(EXPERIMENT, { algorithm: 'ppo' }))).not.toContain('optimiser');
  });

  it('is offered at the present update, with what is kept in memory', async () => {
    const html = show(await pageAt({ made: 100, at: 40 }), <ForkPanel close={() => undefined} />);
    expect(html).toContain('Fork at update 40');
    expect(html).toMatch(/up to 64 MB .* at most 6 branches, up to 32 MB; the oldest goes first/);
    expect(html).toContain('Change at least one of these');
    expect(/<button[^>]*fork-start[^>]*>/.exec(html)?.[0]).toContain('aria-disabled="true"');
  });
});

describe('branches', () => {
  const fork = (step: number, from: Fork | null = null): Fork => ({ parent: EXPERIMENT, from, changes: [], step, change: AT_HALF });
  const named = (forkedAt: number, id = forkedAt) => ({ id, forkedAt }) as Branch;

  it('share the past of a run that left them, and nothing of one that began anew', () => {
    const branches = [named(30), named(80)];
    expect(sharedUntil(branches, fork(80, fork(30)))).toEqual([30, 80]);
    expect(sharedUntil(branches, null)).toEqual([0, 0]);
    expect(sharedUntil(branches, fork(80)), 'the older one is of a run before').toEqual([0, 80]);
    expect(sharedUntil([named(30)], fork(80, fork(30))), 'the newer one was removed').toEqual([30]);
    expect(sharedUntil([named(80)], fork(80, fork(30)))).toEqual([80]);
  });

  it('are told apart by their dashes', () => {
    expect(new Set(Array.from({ length: BRANCHES_KEPT }, (_, i) => branchDash(i + 5))).size).toBe(BRANCHES_KEPT);
  });

  async function forked(): Promise<Page> {
    const page = await pageAt({ made: 200, at: 40 });
    const branch: Branch = { id: 1, name: 'β = 0.05', experiment: EXPERIMENT, history: page.run.getState().history, schedule: [], forkedAt: 40 };
    page.run.setState({ branches: [branch], forkedFrom: fork(40), furthest: 40, earliest: 40, experiment: AT_HALF, history: shownRun(page.run.getState()).history });
    return page;
  }

  it('are drawn from where they were left to the end of their record, and named there', async () => {
    const page = await forked();
    const { branches, forkedFrom } = page.run.getState();
    const [line] = branchLines(branches, forkedFrom, 'mass/ood', [0, 1]);
    expect([line.leftAt, line.band[0].step, line.band.at(-1)?.step]).toEqual([40, 40, 200]);
    expect(branchLines(branches, null, 'mass/ood', [0, 1])[0].band[0].step, 'all of it beside a run that began anew').toBe(0);
    const html = show(page, <MassPanel />);
    expect(html).toContain('class="left-at"');
    expect(html).toContain(`stroke-dasharray="${branchDash(1)}"`);
    expect(html).toMatch(/<title>β = 0\.05<\/title>β = 0\.05 <tspan/);
    expect(html).toContain('<b>β = 0.05</b> (left at update 40)');
    expect(html).toMatch(/Beside it the run with β = 0\.05, left at update 40: on responses nobody wrote .* after 200 updates\./);
  });

  it('of another loss make the line two lines: the words are about the present one', async () => {
    const page = await forked();
    const ipo = setParam(EXPERIMENT, 'loss', 'ipo');
    expect(lossBegan(fork(40))).toBe(0);
    expect(lossBegan({ ...fork(80, { ...fork(40), change: ipo }), parent: ipo, change: setParam(ipo, 'beta', 0.5) })).toBe(40);
    expect(show(page, <LossPanel />)).not.toContain('another loss');
    page.run.setState({ forkedFrom: { ...fork(40), change: ipo }, experiment: ipo });
    expect(show(page, <LossPanel />)).toContain('Before update 40 the line is another loss: this run was forked there.');
  });

  it('can be hidden, shown and removed', async () => {
    const page = await forked();
    const { showBranch, removeBranch } = page.run.getState();
    showBranch(1, false);
    expect(show(page, <MassPanel />)).not.toContain('line-beside');
    expect(show(page, <MassPanel />)).toMatch(/aria-pressed="false" data-branch="1"/);
    showBranch(1, true);
    expect(show(page, <MassPanel />)).toContain('line-beside');
    expect(show(page, <ForkPanel close={() => undefined} />)).toContain('Remove the branch β = 0.05, left at update 40');
    removeBranch(1);
    expect(page.run.getState().branches).toEqual([]);
    expect(show(page, <MassPanel />)).not.toContain('branch-chip');
  });
});
