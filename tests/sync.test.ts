/** The windows of a lecture: followers hold what the leader holds, whatever is done in which of them. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createLabStore } from '../src/components/labStore.ts';
import { listEdit, editedList, patched, patchOf } from '../src/components/lecture/sync/edits.ts';
import { followLecture, type Following } from '../src/components/lecture/sync/followLecture.ts';
import { keepTalk, restoreTalk } from '../src/components/lecture/sync/keptTalk.ts';
import { lead, type Leader } from '../src/components/lecture/sync/leader.ts';
import { leadLecture } from '../src/components/lecture/sync/leadLecture.ts';
import { mirror } from '../src/components/lecture/sync/mirror.ts';
import { channelName, newName } from '../src/components/lecture/sync/names.ts';
import { sendableArgs } from '../src/components/lecture/sync/plain.ts';
import { readMessage, SYNC_VERSION } from '../src/components/lecture/sync/protocol.ts';
import { audienceOf, LOCAL, THINNED, type LectureStores } from '../src/components/lecture/sync/stores.ts';
import { createTalkStore } from '../src/components/lecture/talkStore.ts';
import { createPredictStore } from '../src/components/predict/predictStore.ts';
import { presetOrigin } from '../src/components/chapters.ts';
import { appendFrame, CAPACITY, emptyHistory, type History } from '../src/sim/history.ts';
import { setParam } from '../src/sim/params.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

const open: { stop(): void }[] = [];
afterEach(() => {
  for (const it of open.splice(0)) it.stop();
  vi.unstubAllGlobals();
});

const wait = (ms: number) => new Promise((done) => { setTimeout(done, ms); });

interface LedLecture {
  session: string;
  stores: LectureStores;
  audience: ReturnType<typeof audienceOf>;
  leader: Leader;
}

interface Notes { line: number; mark: { y: Float64Array } | null; own: string }
const pageStore = () => createStore<Notes>()(() => ({ line: 0, mark: null, own: '' }));

/** `page`: a store without actions, shared too. */
function lecture({ session = newName(), intervalMs = 10, onTaken = () => {}, page = pageStore() } = {}): LedLecture {
  const run = createRunStore(createFakeClient({ startMs: 5 }));
  const lab = createLabStore(run, {});
  const stores = { run, lab, talk: createTalkStore(run, lab), predict: createPredictStore(run, lab) };
  run.getState().load({ ...presetOrigin(null).experiment, steps: 300 });
  const audience = audienceOf(stores);
  const leader = lead(session, { ...stores, page }, { local: { ...LOCAL, page: ['own'] }, thinned: THINNED, adopted: ['page'], standing: () => { const shown = audience.standing(); return shown && { ...shown }; }, intervalMs, onTaken });
  open.push(leader, { stop: () => run.getState().pause() });
  return { session, stores, audience, leader };
}

async function joined(session: string, { page = pageStore(), audience = false } = {}): Promise<Following> {
  const following = followLecture(session, {}, { pingMs: 50, graceMs: 100, audience, pageStores: { page } });
  open.push(following);
  await vi.waitFor(() => expect(following.link.getState().state).toBe('following'), { timeout: 3000, interval: 10 });
  return following;
}

/** What a store shares, without what only the engine can use. */
function shared(stores: LectureStores): unknown {
  return Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, Object.fromEntries(
    Object.entries(store.getState() as Record<string, unknown>)
      .filter(([field, value]) => typeof value !== 'function' && !LOCAL[name]?.includes(field))
      .map(([field, value]) => [field, THINNED[name]?.[field]?.(value) ?? value]),
  )]));
}

async function inStep(leading: LectureStores, ...followers: Following[]): Promise<void> {
  for (const { stores } of followers) await vi.waitFor(() => expect(shared(stores)).toEqual(shared(leading)), { timeout: 4000, interval: 20 });
}

const paused = ({ run }: LectureStores) => vi.waitFor(() => expect(run.getState().state).toBe('paused'), { interval: 5 });

describe('followers', () => {
  it('hold what the leader holds, all fields of all stores, and keep to it while it trains', async () => {
    const { session, stores } = lecture();
    await paused(stores);
    const [one, two] = [await joined(session), await joined(session)];
    await inStep(stores, one, two);
    expect(one.stores.run.getState().frame?.logps).toEqual(stores.run.getState().frame?.logps);
    expect(one.stores.run.getState().frame?.logps).not.toBe(stores.run.getState().frame?.logps);
    stores.run.getState().setSpeed(Infinity);
    stores.lab.getState().togglePlay();
    await vi.waitFor(() => expect(stores.run.getState().state).toBe('done'), { timeout: 20_000 });
    await inStep(stores, one, two);
    // Nothing was taken away from the leader by sending it.
    expect(stores.run.getState().frame?.logps.length).toBe(stores.run.getState().world?.responseCount);
    expect(stores.run.getState().history.points.every((point) => point.byteLength > 0)).toBe(true);
  });

  it('catch up when they come late, and after a reload', async () => {
    const { session, stores } = lecture();
    await paused(stores);
    stores.run.getState().stepBy(40);
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(40));
    const first = await joined(session);
    await inStep(stores, first);
    first.stop();
    stores.run.getState().stepBy(20);
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(60));
    const again = await joined(session);
    await inStep(stores, again);
    expect(again.stores.run.getState().history.steps.length).toBeGreaterThan(1);
    expect(first.stores.run.getState().step).toBe(40);
  });

  it('do what is done in them in the leading window', async () => {
    const { session, stores } = lecture();
    await paused(stores);
    const [one, two] = [await joined(session), await joined(session)];
    one.stores.lab.getState().step();
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(1));
    two.stores.lab.getState().openChapter(6);
    await vi.waitFor(() => expect(stores.lab.getState().origin.chapter).toBe(6));
    await paused(stores);
    one.stores.run.getState().stepBy(3);
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(3));
    two.stores.talk.getState().start(0);
    await vi.waitFor(() => expect(stores.talk.getState().on).toBe(true));
    await paused(stores);
    two.stores.lab.getState().set({ panel: 'space' });
    await vi.waitFor(() => expect(stores.lab.getState().panel).toBe('space'));
    await inStep(stores, one, two);
    expect(one.stores.lab.getState().panel).toBe('space');
    expect(one.stores.talk.getState().on).toBe(true);
  });

  it('keep to themselves how they look', async () => {
    const { session, stores } = lecture();
    const [one, two] = [await joined(session), await joined(session)];
    one.stores.lab.getState().set({ theme: 'dark', projector: true, panel: 'space' });
    one.stores.talk.getState().set({ keysShown: true });
    await vi.waitFor(() => expect(two.stores.lab.getState().panel).toBe('space'));
    expect(one.stores.lab.getState()).toMatchObject({ theme: 'dark', projector: true });
    expect(one.stores.talk.getState().keysShown).toBe(true);
    for (const lab of [stores.lab, two.stores.lab]) expect(lab.getState()).toMatchObject({ theme: 'auto', projector: false });
    expect(stores.talk.getState().keysShown).toBe(false);
    stores.lab.getState().set({ theme: 'light' });
    await wait(60);
    expect(one.stores.lab.getState().theme).toBe('dark');
  });

  it('show at once what a slider does, refuse what is not allowed, and end where the leader does', async () => {
    const { session, stores } = lecture();
    await paused(stores);
    const one = await joined(session);
    const lab = one.stores.lab.getState;
    for (const beta of [0.06, 0.07, 0.08]) expect(lab().drag(setParam(lab().draft ?? lab().base, 'beta', beta))).toBeNull();
    expect(lab().draft?.algorithm.beta).toBe(0.08);
    expect(lab().commit(lab().draft ?? lab().base)).toBeNull();
    expect(lab().base.algorithm.beta).toBe(0.08);
    expect(lab().draft).toBeNull();
    await vi.waitFor(() => expect(stores.lab.getState().base.algorithm.beta).toBe(0.08));
    await inStep(stores, one);
    expect(lab().commit({ ...lab().base, algorithm: { ...lab().base.algorithm, beta: -1 } })).toMatch(/beta/);
    await inStep(stores, one);
    expect(stores.lab.getState().base.algorithm.beta).toBe(0.08);
    // What is refused without having been foreseen is said a moment later.
    lab().setMethods(['dpo', 'ipo']);
    await vi.waitFor(() => expect(one.link.getState().said).toMatch(/trains one method at a time/));
  });

  it('do not go back to an older value while newer ones are on their way', async () => {
    const { session, stores } = lecture({ intervalMs: 30 });
    await paused(stores);
    const one = await joined(session);
    const seen: (number | undefined)[] = [];
    one.stores.lab.subscribe((now, before) => { if (now.draft !== before.draft && now.draft) seen.push(now.draft.algorithm.beta); });
    for (let i = 1; i <= 20; i++) {
      one.stores.lab.getState().drag(setParam(one.stores.lab.getState().base, 'beta', i / 100));
      await wait(5);
    }
    expect([...seen].sort((a, b) => Number(a) - Number(b))).toEqual(seen);
    await inStep(stores, one);
  });
});

describe('a store without actions', () => {
  it('is in step in both directions, but for its own fields', async () => {
    const page = pageStore();
    const { session, stores } = lecture({ page });
    await paused(stores);
    const [here, there] = [pageStore(), pageStore()];
    await joined(session, { page: here });
    page.setState({ line: 3 });
    await joined(session, { page: there });
    await vi.waitFor(() => expect([here.getState().line, there.getState().line]).toEqual([3, 3]));
    there.setState({ mark: { y: Float64Array.of(1, 2) }, own: 'mine' });
    expect(there.getState().mark).not.toBeNull();
    await vi.waitFor(() => expect(here.getState().mark).toEqual({ y: Float64Array.of(1, 2) }));
    expect(page.getState()).toEqual({ line: 3, mark: { y: Float64Array.of(1, 2) }, own: '' });
    expect(here.getState().own).toBe('');
    for (let line = 4; line <= 20; line++) here.setState({ line });
    page.setState({ mark: null });
    await vi.waitFor(() => expect([page, here, there].map((store) => store.getState())).toMatchObject(Array.from({ length: 3 }, () => ({ line: 20, mark: null }))));
    expect(there.getState().own).toBe('mine');
  });

  it('stands still with the audience’s picture, and not in the presenter window', async () => {
    const page = pageStore();
    const { session, stores } = lecture({ page });
    const [audience, speaker] = [pageStore(), pageStore()];
    await joined(session, { page: audience, audience: true });
    await joined(session, { page: speaker });
    stores.talk.getState().set({ frozen: true });
    page.setState({ line: 8 });
    await vi.waitFor(() => expect(speaker.getState().line).toBe(8));
    expect(audience.getState().line).toBe(0);
    stores.talk.getState().set({ frozen: false });
    await vi.waitFor(() => expect(audience.getState().line).toBe(8));
  });
});

describe('the leader', () => {
  it('sends at most so many messages of changes a second, the last state always, and nothing where nobody follows', async () => {
    const { session, stores } = lecture({ intervalMs: 50 });
    await paused(stores);
    const ear = new BroadcastChannel(channelName(session));
    const heard: number[] = [];
    ear.onmessage = ({ data }: MessageEvent) => { if (readMessage(data)?.kind === 'changes') heard.push(performance.now()); };
    open.push({ stop: () => ear.close() });
    stores.lab.getState().set({ panel: 'flow' });
    await wait(100);
    expect(heard).toEqual([]);
    const one = await joined(session);
    heard.length = 0;
    const began = performance.now();
    let last = 0;
    while (performance.now() - began < 500) {
      stores.run.getState().setSpeed(++last);
      await wait(1);
    }
    await vi.waitFor(() => expect(one.stores.run.getState().speed).toBe(last));
    expect(heard.length).toBeGreaterThan(3);
    expect(heard.length).toBeLessThanOrEqual(12);
  });

  it('leaves out what cannot cross, and sends the rest', async () => {
    const page = pageStore();
    const { session, stores } = lecture({ page });
    await paused(stores);
    const here = pageStore();
    await joined(session, { page: here });
    page.setState({ line: 5, mark: (() => null) as unknown as null });
    page.setState({ mark: { y: (() => 1) as unknown as Float64Array } });
    await vi.waitFor(() => expect(here.getState().line).toBe(5));
    expect(here.getState().mark).toBeNull();
    const late = pageStore();
    await joined(session, { page: late });
    await vi.waitFor(() => expect(late.getState().line).toBe(5));
  });

  it('that reloads finds its followers again; that is closed is missed in words', async () => {
    const first = lecture();
    await paused(first.stores);
    const one = await joined(first.session);
    first.leader.bye();
    first.leader.stop();
    const second = lecture({ session: first.session });
    await paused(second.stores);
    second.stores.run.getState().stepBy(5);
    await inStep(second.stores, one);
    expect(one.link.getState().state).toBe('following');
    second.leader.bye();
    second.leader.stop();
    await vi.waitFor(() => expect(one.link.getState().state).toBe('closed'), { timeout: 3000 });
    one.stores.lab.getState().togglePlay();
    expect(one.link.getState().said).toMatch(/window is closed/);
    // What was last seen stays.
    expect(one.stores.run.getState().step).toBe(5);
  });

  it('that stops answering is missed too, and so is one that never was', async () => {
    const { session, leader } = lecture();
    const one = await joined(session);
    leader.stop();
    await vi.waitFor(() => expect(one.link.getState().state).toBe('silent'), { timeout: 3000 });
    const lost = followLecture(newName(), {}, { pingMs: 20, pageStores: {} });
    open.push(lost);
    await vi.waitFor(() => expect(lost.link.getState().state).toBe('nobody'), { timeout: 3000 });
  });

  it('is alone in its session: a copy of its window is told', async () => {
    const onTaken = vi.fn<() => void>();
    const { session, stores } = lecture();
    const one = await joined(session);
    const copy = lecture({ session, onTaken });
    await vi.waitFor(() => expect(onTaken).toHaveBeenCalledOnce());
    copy.stores.lab.getState().set({ panel: 'reward' });
    stores.lab.getState().set({ panel: 'flow' });
    await vi.waitFor(() => expect(one.stores.lab.getState().panel).toBe('flow'));
    await wait(50);
    expect(one.stores.lab.getState().panel).toBe('flow');
  });

  it('is one where two begin at the same moment, also where both are busy meanwhile', async () => {
    for (const busy of [0, 300]) {
      const session = newName();
      const taken = vi.fn<(which: number) => void>();
      const both = [0, 1].map((which) => lecture({ session, onTaken: () => taken(which) }));
      const free = performance.now() + busy;
      while (performance.now() < free); // neither hears nor leads
      const one = await joined(session);
      await wait(250);
      expect(taken, `busy for ${busy} ms`).toHaveBeenCalledOnce();
      const stays = both[1 - taken.mock.calls[0][0]];
      stays.stores.lab.getState().set({ panel: 'flow' });
      await vi.waitFor(() => expect(one.stores.lab.getState().panel).toBe('flow'));
    }
  });

  it('gives way to one that answered late', async () => {
    const onTaken = vi.fn<() => void>();
    const session = newName();
    // A window that leads already, but was busy while the copy claimed its session.
    const slow = new BroadcastChannel(channelName(session));
    open.push({ stop: () => slow.close() });
    const began = new Promise<string>((done) => {
      slow.onmessage = ({ data }: MessageEvent) => {
        const message = readMessage(data);
        if (message?.kind === 'lead') done(message.leader);
      };
    });
    lecture({ session, onTaken });
    const copy = await began;
    expect(onTaken).not.toHaveBeenCalled();
    slow.postMessage({ v: SYNC_VERSION, kind: 'taken', leader: 'slow', claimant: copy });
    await vi.waitFor(() => expect(onTaken).toHaveBeenCalledOnce());
  });

  it('answers another one that has begun to lead: refuses a higher name, and is known to a lower one', async () => {
    const session = newName();
    const taken = vi.fn<() => void>();
    const first = lecture({ session, onTaken: taken });
    await paused(first.stores);
    const one = await joined(session);
    const rival = new BroadcastChannel(channelName(session));
    open.push({ stop: () => rival.close() });
    const heard: string[] = [];
    rival.onmessage = ({ data }: MessageEvent) => {
      const message = readMessage(data);
      if (message && 'leader' in message && ['taken', 'lead'].includes(message.kind)) heard.push(message.kind);
    };
    rival.postMessage({ v: SYNC_VERSION, kind: 'lead', leader: '~' }); // after every other name
    await vi.waitFor(() => expect(heard).toEqual(['taken', 'lead']));
    rival.postMessage({ v: SYNC_VERSION, kind: 'lead', leader: '!' }); // before every other name
    await vi.waitFor(() => expect(heard).toEqual(['taken', 'lead', 'lead']));
    expect(taken).not.toHaveBeenCalled();
    await inStep(first.stores, one);
  });

  it.each([['~', false], ['!', true]])('that refuses “%s” and is refused by it: gives way is %s, by the names', async (name, givesWay) => {
    const taken = vi.fn<() => void>();
    const { session } = lecture({ onTaken: taken });
    await joined(session);
    const rival = new BroadcastChannel(channelName(session));
    open.push({ stop: () => rival.close() });
    const refused = new Promise<string>((done) => {
      rival.onmessage = ({ data }: MessageEvent) => {
        const message = readMessage(data);
        if (message?.kind === 'taken' && message.claimant === name) done(message.leader);
      };
    });
    rival.postMessage({ v: SYNC_VERSION, kind: 'claim', leader: name });
    rival.postMessage({ v: SYNC_VERSION, kind: 'taken', leader: name, claimant: await refused });
    await wait(60);
    expect(taken).toHaveBeenCalledTimes(givesWay ? 1 : 0);
  });

  it('knows how many follow now', async () => {
    const { session, leader } = lecture();
    await wait(200);
    expect(leader.followers()).toBe(0);
    const one = await joined(session);
    expect(leader.followers()).toBe(1);
    await joined(session);
    expect(leader.followers()).toBe(2);
    one.stop();
    await vi.waitFor(() => expect(leader.followers()).toBe(1));
    leader.stop();
    expect(leader.followers()).toBe(0);
  });

  it('listens to its page as long as it leads, and no longer', async () => {
    const page = new EventTarget();
    const add = vi.fn(page.addEventListener.bind(page));
    vi.stubGlobal('addEventListener', add);
    const { session, stores, audience } = lecture();
    await joined(session);
    const onTaken = vi.fn<() => void>();
    leadLecture(session, stores, audience, onTaken);
    expect(add.mock.calls.map(([name]) => name)).toEqual(['pagehide', 'pageshow']);
    const signals = add.mock.calls.map(([, , options]) => (options as AddEventListenerOptions).signal);
    expect(signals.map((signal) => signal?.aborted)).toEqual([false, false]);
    await vi.waitFor(() => expect(onTaken).toHaveBeenCalledOnce());
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true]);
  });

  it('is not hurt by messages that are none, of another version, or that ask for what is no action', async () => {
    const page = pageStore();
    const { session, stores } = lecture({ page });
    await paused(stores);
    const one = await joined(session);
    const stranger = new BroadcastChannel(channelName(session));
    open.push({ stop: () => stranger.close() });
    const before = shared(stores);
    const act = { v: SYNC_VERSION, kind: 'act', from: 'stranger', store: 'lab', action: 'set', args: [{ panel: 'flow' }], answered: false };
    for (const message of [
      null, 7, 'hello', [], {}, { v: SYNC_VERSION }, { v: SYNC_VERSION, kind: 'toString' }, { v: SYNC_VERSION, kind: 'hello' },
      { ...act, v: SYNC_VERSION + 1, nth: 1 }, { ...act, nth: -1 }, { ...act, args: {}, nth: 2 }, { ...act, store: '__proto__', nth: 3 },
      { ...act, store: 'constructor', action: 'assign', nth: 4 }, { ...act, action: 'hasOwnProperty', nth: 5 }, { ...act, action: 'base', nth: 6 },
      { ...act, args: [new Map([[1, 2]])], nth: 7 }, { ...act, store: 'run', action: 'load', args: [null], nth: 8 },
      { ...act, store: 'lab', action: '=', args: [{ panel: 'flow' }], nth: 12 }, { ...act, store: 'page', action: '=', args: [{ line: 'x', toString: 7, own: 'theirs' }], nth: 13 },
      { v: SYNC_VERSION, kind: 'whole', leader: 'x', to: 'nobody', seq: 0, stores: { run: 7 }, shown: null, done: {} },
      { v: SYNC_VERSION, kind: 'changes', leader: 'x', seq: 1, stores: { run: { set: { history: null }, lists: {}, histories: {} } }, done: {} },
      { v: SYNC_VERSION, kind: 'lead', leader: 'x' },
    ]) stranger.postMessage(message);
    await wait(60);
    expect(shared(stores)).toEqual(before);
    expect(page.getState()).toEqual({ line: 0, mark: null, own: '' });
    stores.lab.getState().set({ panel: 'space' });
    await inStep(stores, one);
  });
});

describe('the audience', () => {
  it('sees a picture that stands still while it is frozen, catches up, and is never held in the presenter window', async () => {
    const { session, stores, audience } = lecture();
    await paused(stores);
    const speaker = await joined(session);
    speaker.stores.talk.getState().set({ frozen: true });
    await vi.waitFor(() => expect(stores.talk.getState().frozen).toBe(true));
    speaker.stores.run.getState().stepBy(7);
    speaker.stores.talk.getState().set({ blank: true });
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(7));
    await inStep(stores, speaker);
    expect(audience.stores.run.getState().step).toBe(0);
    expect(audience.stores.talk.getState()).toMatchObject({ frozen: true, blank: true });
    stores.lab.getState().set({ theme: 'dark', panel: 'space' });
    expect(audience.stores.lab.getState()).toMatchObject({ theme: 'dark', panel: null });
    // A key in a window that stands still turns from the chapter that is open, not from the one that is seen.
    const seenChapter = audience.stores.lab.getState().origin.chapter;
    stores.lab.getState().turnChapter(1);
    audience.stores.lab.getState().turnChapter(-1);
    expect(stores.lab.getState().origin.chapter).toBe(seenChapter);
    stores.lab.getState().restore();
    await paused(stores);
    stores.run.getState().stepBy(7);
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(7));
    // A window that opens now sees what the others see.
    const late = await joined(session);
    const seen = late.audience();
    expect(late.audience(), 'made once').toBe(seen);
    expect(seen.stores.run.getState().step).toBe(0);
    expect(late.stores.run.getState().step).toBe(7);
    speaker.stores.talk.getState().set({ frozen: false });
    await vi.waitFor(() => expect(stores.talk.getState().frozen).toBe(false));
    await inStep(stores, late);
    for (const { run, lab } of [audience.stores, seen.stores]) {
      expect(run.getState().step).toBe(7);
      expect(lab.getState().panel).toBe('space');
      expect(run.getState().history).toEqual(stores.run.getState().history);
    }
  });

  it('of a page that is loaded while the picture stands still: its first picture, and no other', async () => {
    const { stores } = lecture();
    stores.talk.getState().set({ frozen: true });
    const loaded = audienceOf(stores);
    open.push(loaded);
    expect(loaded.stores.run.getState().state).toBe('starting');
    expect(loaded.standing()).toBeNull();
    await paused(stores);
    expect(loaded.stores.run.getState().state).toBe('paused');
    stores.run.getState().stepBy(4);
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(4));
    expect(loaded.stores.run.getState().step).toBe(0);
    expect(loaded.standing()).toBe(loaded.stores);
  });

  it('that is stopped, like a mirror, follows no longer', async () => {
    const { stores } = lecture();
    const left = vi.fn<() => void>();
    const counted = { ...stores.lab, subscribe: (listener: Parameters<typeof stores.lab.subscribe>[0]) => { const leave = stores.lab.subscribe(listener); return () => { leave(); left(); }; } };
    const { store, stop } = mirror(counted, () => false);
    stop();
    expect(left).toHaveBeenCalledOnce();
    stores.lab.getState().set({ panel: 'space' });
    expect(store.getState().panel).toBeNull();
    const seen = audienceOf(stores);
    seen.stop();
    stores.lab.getState().set({ panel: 'flow' });
    stores.talk.getState().set({ blank: true });
    expect([seen.stores.lab.getState().panel, seen.stores.talk.getState().blank]).toEqual(['space', false]);
  });

  it('a mirror has the actions of its store, and tells its listeners', () => {
    let frozen = false;
    const { stores } = lecture();
    const { store, update } = mirror(stores.lab, () => frozen);
    const listener = vi.fn<() => void>();
    store.subscribe(listener);
    store.getState().set({ panel: 'space' });
    expect([stores.lab.getState().panel, store.getState().panel]).toEqual(['space', 'space']);
    expect(listener).toHaveBeenCalledTimes(1);
    frozen = true;
    store.getState().set({ panel: 'flow' });
    expect([stores.lab.getState().panel, store.getState().panel]).toEqual(['flow', 'space']);
    frozen = false;
    update();
    expect(store.getState().panel).toBe('flow');
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

describe('the talk over a reload', () => {
  function storageOf(held: Map<string, string>): () => Storage {
    return () => ({ getItem: (key: string) => held.get(key) ?? null, setItem: (key: string, value: string) => { held.set(key, value); } }) as unknown as Storage;
  }

  it('has its clock, its step, and keeps from the audience what was kept from it', () => {
    const held = new Map<string, string>();
    const { talk } = lecture().stores;
    talk.getState().start(7);
    const stop = keepTalk(talk, storageOf(held));
    talk.getState().next();
    talk.getState().set({ frozen: true, keysShown: true, overview: true });
    const { startedAt } = talk.getState();
    expect(startedAt).not.toBeNull();
    stop();
    talk.getState().set({ frozen: false });
    const { talk: again } = lecture().stores;
    restoreTalk(again, storageOf(held));
    // What stood still is gone with the page: it is not shown what came after.
    expect(again.getState()).toMatchObject({ on: false, at: 8, begun: true, startedAt, startedStep: 7, frozen: true, blank: true, keysShown: false, overview: false });
    // The address begins its step: the clock goes on.
    again.getState().start(8);
    expect(again.getState()).toMatchObject({ on: true, at: 8, startedAt, startedStep: 7, blank: true });
  });

  it.each(['', 'x', '7', 'null', '{"at":-1}', '{"at":0,"begun":true,"startedAt":"1","startedStep":0,"blank":false,"frozen":true}', '{"at":999,"begun":true,"startedAt":1,"startedStep":0,"blank":true,"frozen":true}'])('is as at first where “%s” is kept, and where nothing can be', (text) => {
    const { talk } = lecture().stores;
    const before = talk.getState();
    restoreTalk(talk, storageOf(new Map([['dpo-lab/talk', text]])));
    const blocked = () => { throw new DOMException('blocked', 'SecurityError'); };
    restoreTalk(talk, blocked);
    keepTalk(talk, blocked)();
    expect(talk.getState()).toEqual(before);
  });
});

describe('what changed', () => {
  const point = (step: number) => Float64Array.of(step, -step);

  it('of a history is its new points, and makes the whole of it again', () => {
    let [theirs, known, mine] = [emptyHistory(2, 1), emptyHistory(2, 1), emptyHistory(2, 1)] as [History, History, History];
    let whole = 0;
    for (let step = 0; step < 3 * CAPACITY; step++) {
      mine = appendFrame(mine, step, point(step));
      if (step % 3 !== 0) continue; // several frames between two messages
      const patch = patchOf({ history: known }, { history: mine });
      if (!patch?.histories.history || patch.histories.history.points.added.length > 3) whole++;
      theirs = structuredClone(patched({ history: theirs }, structuredClone(patch)!).history) as History;
      known = mine;
      expect(theirs).toEqual(mine);
    }
    // Once to begin with, and every time that half of the points are dropped.
    expect(whole).toBeLessThanOrEqual(4);
    expect(mine.stride).toBe(4);
  });

  it('of a history that goes back is what it keeps', () => {
    let before = emptyHistory(2, 1);
    for (let step = 0; step < 50; step++) before = appendFrame(before, step, point(step));
    const after = appendFrame(before, 20, point(20));
    const patch = patchOf({ history: before }, { history: after })!;
    expect(patch.set).toEqual({});
    expect(patch.histories.history.points.added.length).toBe(1);
    expect(patched({ history: structuredClone(before) }, structuredClone(patch)).history).toEqual(after);
  });

  it.each([
    [[], [1]], [[1, 2, 3], [1, 2, 3, 4]], [[1, 2, 3], [2, 3, 4]], [[1, 2, 3], [1]], [[1, 2, 3], []], [[1, 2, 3], [3]], [[1, 1, 2], [1, 2]], [[1, 2], [5, 6]],
  ])('of the list %j, to %j, is an edit that does it', (before, after) => {
    const edit = listEdit(before, after);
    expect(edit ? editedList(before, edit) : after).toEqual(after);
    if (edit && after.length > 1 && before.length > 1) expect(edit.added.length).toBeLessThan(after.length);
  });

  it('an edit for another list is refused', () => {
    expect(() => editedList([1], { from: 0, to: 2, added: [] })).toThrow(/keeps items up to 2, the list has 1/);
    expect(() => patched({ list: 7 }, { set: {}, lists: { list: { from: 0, to: 0, added: [] } }, histories: {} })).toThrow(/list is no list/);
  });
});

describe('arguments', () => {
  it('cross where they are plain; events are left out; anything else is refused', async () => {
    const click = { preventDefault: () => undefined, nativeEvent: {} };
    expect(sendableArgs([click])).toEqual([]);
    expect(sendableArgs([{ beta: 1, list: [Float32Array.of(1)] }, null, 'x'])).toEqual([{ beta: 1, list: [Float32Array.of(1)] }, null, 'x']);
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    for (const bad of [() => 1, { f: () => 1 }, new Date(), new Map(), loop, Symbol('x')]) expect(sendableArgs([bad])).toBeNull();
    const { session, stores } = lecture();
    await paused(stores);
    const one = await joined(session);
    (one.stores.lab.getState().openFile as (...args: unknown[]) => void)('name', () => 'text');
    expect(one.link.getState().said).toMatch(/“openFile” was not done/);
    (one.stores.lab.getState().step as (...args: unknown[]) => void)(click);
    await vi.waitFor(() => expect(stores.run.getState().step).toBe(1));
  });
});

/** A generator of our own, so that a failure can be made again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

describe('whatever is done in whichever window', () => {
  it.each([1, 2, 3])('all hold the same in the end (sequence %i)', async (seed) => {
    const { session, stores } = lecture();
    await paused(stores);
    const followers = [await joined(session), await joined(session)];
    const roll = dice(seed);
    for (let i = 0; i < 60; i++) {
      const { run, lab, talk } = [stores, followers[0].stores, followers[1].stores][roll(3)];
      const beta = [0.02, 0.1, 0.5, 2][roll(4)];
      switch (roll(12)) {
        case 0: lab.getState().togglePlay(); break;
        case 1: lab.getState().step(); break;
        case 2: lab.getState().reset(); break;
        case 3: lab.getState().commit(setParam(lab.getState().base, 'beta', beta)); break;
        case 4: lab.getState().drag(setParam(lab.getState().base, 'beta', beta)); break;
        case 5: run.getState().setSpeed([20, 120, Infinity][roll(3)]); break;
        case 6: lab.getState().openChapter(([5, 2, 6] as const)[roll(3)]); break;
        case 7: run.getState().seek(roll(20)); break;
        case 8: run.getState().stepBack(); break;
        case 9: run.getState().setFocus({ seedIndex: roll(2), sweepIndex: 0 }); break;
        case 10: talk.getState().set({ frozen: roll(2) === 0, blank: roll(2) === 0 }); break;
        default: run.getState().retune({ beta }); break;
      }
      await wait(roll(12));
    }
    await wait(30);
    stores.run.getState().pause();
    await inStep(stores, ...followers);
  });
});
