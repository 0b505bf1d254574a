/** The presenter window: its notes, its clock in words, and what it offers. */
import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { StoreApi } from 'zustand/vanilla';
import { catalogueOf, sourceFiles } from '../scripts/strings.mjs';
import { CHAPTERS, presetOrigin, presetsOf } from '../src/components/chapters.ts';
import { createLabStore, LabContext } from '../src/components/labStore.ts';
import { clockText, elapsedText, paceWords, planned } from '../src/components/lecture/presenter/pace.ts';
import { placeOf } from '../src/components/lecture/presenter/place.ts';
import { PresenterPage } from '../src/components/lecture/presenter/PresenterPage.tsx';
import { slowed } from '../src/components/lecture/presenter/slowed.ts';
import { followedBy, searchOf } from '../src/components/lecture/sync/session.ts';
import type { LectureStores } from '../src/components/lecture/sync/stores.ts';
import { TALK, type TalkStep } from '../src/components/lecture/talk.ts';
import { createTalkStore, TalkContext, type TalkStatus } from '../src/components/lecture/talkStore.ts';
import { createPredictStore, PredictContext } from '../src/components/predict/predictStore.ts';
import { RunContext } from '../src/components/run.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';
import { textOf } from './fixtures/singlePage.tsx';

async function storesAt(step: number, talk: Partial<TalkStatus>): Promise<LectureStores> {
  const run = createRunStore(createFakeClient({ startMs: 1 }));
  const lab = createLabStore(run, {});
  run.getState().load({ ...presetOrigin(null).experiment, steps: 200 });
  await vi.waitFor(() => expect(run.getState().state).toBe('paused'), { interval: 5 });
  run.getState().stepBy(step);
  await vi.waitFor(() => expect(run.getState().step).toBe(step));
  return { run, lab, talk: createTalkStore(run, lab, talk), predict: createPredictStore(run, lab) };
}

/** Rendered to a string, zustand shows what a store began with; here it is to be what it holds now. */
const now = <T,>(store: StoreApi<T>) => ({ ...store, getInitialState: store.getState });

function show({ run, lab, talk, predict }: LectureStores): string {
  return renderToString(
    <RunContext value={now(run)}><LabContext value={now(lab)}><TalkContext value={now(talk)}><PredictContext value={now(predict)}><PresenterPage /></PredictContext></TalkContext></LabContext></RunContext>,
  ).replaceAll('<!-- -->', '');
}

describe('in another language', () => {
  it('what the run does is said in it too', () => {
    for (const text of ['paused', 'playing', 'stopped']) expect(catalogueOf(sourceFiles())).toHaveProperty([text]);
  });
});

describe('the presenter window', () => {
  it('shows the notes of the present step, the next one, and where the talk is', async () => {
    const html = show(await storesAt(12, { on: true, at: 1 }));
    const text = textOf(html);
    const { title, notes } = TALK[1];
    expect(html).toContain(`<h1>${title}</h1>`);
    for (const sentence of notes.say) expect(text).toContain(sentence);
    expect(text).toContain(notes.seen);
    expect(text).toContain(`2 of ${TALK.length}`);
    expect(text).toContain(`Next: ${TALK[2].title}`);
    expect(text).toContain('update 12 of 200, paused');
    for (const name of ['Previous', 'Next', 'All steps', 'End the talk', 'Play', 'Step back', 'Step', 'Reset', 'Blank', 'Freeze', 'Open an audience window']) expect(html, name).toMatch(new RegExp(`<button[^>]*>${name}</button>`));
    expect(html).toContain('aria-label="β in the bar"');
    expect(text).toContain('Another device, a phone for instance, cannot join');
  });

  it('says what the audience does not see', async () => {
    const html = show(await storesAt(0, { on: true, at: 0, blank: true, frozen: false }));
    expect(html).toMatch(/aria-pressed="true"[^>]*>Blank/);
    expect(html).toMatch(/aria-pressed="false"[^>]*>Freeze/);
  });

  it('without a talk has the notes of the open chapter, and offers to begin', async () => {
    const stores = await storesAt(0, { on: false, at: 3 });
    stores.lab.getState().openChapter(6);
    const html = show(stores);
    const first = TALK.find(({ scene }) => scene.chapter === 6)!;
    expect(html).toContain(`<h1>${first.title}</h1>`);
    expect(textOf(html)).toContain('The talk is off');
    expect(html).toMatch(/<button[^>]*>Talk from here<\/button>/);
    expect(html).not.toContain('>Next<');
  });

  it('ends where the talk ends', async () => {
    const text = textOf(show(await storesAt(0, { on: true, at: TALK.length - 1 })));
    expect(text).toContain(`${TALK.length} of ${TALK.length}`);
    expect(text).toContain('nothing, this is the last step');
  });
});

describe('whose notes are shown', () => {
  const step = (id: string, chapter: TalkStep['scene']['chapter']): TalkStep => ({ id, chapter, title: id, minutes: 1, scene: { chapter, preset: presetsOf(chapter)[0].id, run: 'ready' }, notes: { say: [], seen: '' } });
  const talk = [step('a', 5), step('b', 1), step('c', 5), step('d', 2)];
  it.each([
    [{ on: true, at: 2 }, 1, 'c', 'd'], [{ on: true, at: 3 }, 1, 'd', undefined], [{ on: true, at: 9 }, 1, 'd', undefined],
    [{ on: false, at: 2 }, 1, 'b', 'c'], [{ on: false, at: 2 }, 5, 'a', 'b'], [{ on: false, at: 0 }, 9, undefined, 'a'],
  ] as const)('%j in chapter %i', (status, chapter, shown, next) => {
    const place = placeOf(status, chapter, talk);
    expect([place.step?.id, place.next?.id]).toEqual([shown, next]);
  });
  it('every chapter has some', () => {
    for (const { id } of CHAPTERS) expect(placeOf({ on: false, at: 0 }, id).step, `chapter ${id}`).not.toBeNull();
  });
});

describe('the pace', () => {
  const minutes = [2, 3, 5];
  it('counts the plan from where the clock was started', () => {
    expect(planned(minutes, 0, 0)).toEqual({ from: 0, to: 2 });
    expect(planned(minutes, 2, 0)).toEqual({ from: 5, to: 10 });
    expect(planned(minutes, 2, 1)).toEqual({ from: 3, to: 8 });
  });
  it.each([
    [4.7, 'on time'], [4.4, '1 min ahead of the plan'], [3, '2 min ahead of the plan'], [5, 'on time'], [7.5, 'on time'], [10, 'on time'], [10.3, 'on time'], [10.6, '1 min behind the plan'], [12.5, '3 min behind the plan'],
  ])('after %d minutes of a step planned for minutes 5 to 10: %s', (elapsed, words) => {
    expect(paceWords({ from: 5, to: 10 }, elapsed)).toBe(words);
  });
  it('is told in minutes and hours', () => {
    expect([0, 999, 61_000, 3_599_999, 3_723_000].map(elapsedText)).toEqual(['0:00', '0:00', '1:01', '59:59', '1:02:03']);
    expect(elapsedText(-5)).toBe('0:00');
    expect(clockText(new Date(2020, 1, 2, 7, 5).getTime())).toBe('07:05');
  });
});

describe('the clock', () => {
  it('of a window that opens late is the talk’s: from when and from which step it began', async () => {
    const minutes = TALK.slice(10, 12).reduce((sum, step) => sum + step.minutes, 0);
    const late = await storesAt(0, { on: true, at: 12, begun: true, startedAt: Date.now() - minutes * 60_000, startedStep: 10 });
    const text = textOf(show(late));
    expect(text).toContain('Reset the clock');
    expect(text).toContain('on time');
    expect(text).toContain(`minutes ${minutes} to ${minutes + TALK[12].minutes}`);
  });
  it('runs before the talk where it was started by hand, and that is no talk', async () => {
    const stores = await storesAt(0, {});
    expect(textOf(show(stores))).toContain('Start the clock');
    stores.talk.getState().startClock(2);
    const text = textOf(show(stores));
    expect(text).toContain('Reset the clock');
    expect(text).not.toContain('Go on with the talk');
  });
});

describe('addresses', () => {
  it.each([
    ['?speaker=abcd1234', { role: 'speaker', session: 'abcd1234' }], ['?follow=abcd1234&projector=1', { role: 'follow', session: 'abcd1234' }],
    ['?speaker=', { role: 'speaker', session: '' }], ['', null], ['?beta=0.1&talk=x', null],
  ])('%s', (search, asked) => expect(followedBy(search)).toEqual(asked));
  it('say how the window looks and in which language; the projector’s type is the audience’s', () => {
    expect(searchOf('speaker', 'abcd1234', { theme: 'auto', lang: null, projector: true })).toBe('?speaker=abcd1234');
    expect(searchOf('speaker', 'abcd1234', { theme: 'dark', lang: 'hi', projector: true })).toBe('?speaker=abcd1234&theme=dark&lang=hi');
    expect(searchOf('follow', 'abcd1234', { theme: 'light', lang: 'pt-BR', projector: true })).toBe('?follow=abcd1234&theme=light&projector=1&lang=pt-BR');
  });
});

describe('a store seen at leisure', () => {
  it('shows the last state in the end, and not every one between', async () => {
    const { run } = await storesAt(0, {});
    const slow = slowed(run, 60);
    const seen: number[] = [];
    slow.subscribe(({ speed }) => seen.push(speed));
    for (let speed = 1; speed <= 40; speed++) {
      run.getState().setSpeed(speed);
      await new Promise((done) => { setTimeout(done, 2); });
    }
    await vi.waitFor(() => expect(slow.getState().speed).toBe(40));
    expect(seen.length).toBeLessThan(10);
  });

  it('follows as long as it has listeners, and catches up when it has some again', async () => {
    const { run } = await storesAt(0, {});
    let followed = 0;
    const counted = { ...run, subscribe: (listener: Parameters<typeof run.subscribe>[0]) => { const leave = run.subscribe(listener); followed++; return () => { leave(); followed--; }; } };
    const slow = slowed(counted, 20);
    expect(followed).toBe(0);
    const leave = [slow.subscribe(() => {}), slow.subscribe(() => {})];
    expect(followed).toBe(1);
    leave[0]();
    leave[0]();
    expect(followed).toBe(1);
    leave[1]();
    expect(followed).toBe(0);
    run.getState().setSpeed(7);
    expect(slow.getState().speed).not.toBe(7);
    slow.subscribe(() => {})();
    expect(slow.getState().speed).toBe(7);
  });
});
