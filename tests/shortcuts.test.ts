/** The table of keys, and what is handed to the page around an embedded lab. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handToHost, isNamedKey } from '../src/components/frame/hostKeys.ts';
import { EMBEDDED_KEYS, keyGroups, LECTURE_KEYS, PAGE_KEYS, RUN_KEYS, shortcutFor, TALK_KEYS, writtenKey, type Hands } from '../src/components/frame/shortcuts.ts';
import { createLabStore } from '../src/components/labStore.ts';
import { TALK } from '../src/components/lecture/talk.ts';
import { createTalkStore } from '../src/components/lecture/talkStore.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { createRunStore } from '../src/sim/runStore.ts';
import type { HideId } from '../src/components/share/hideable.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

function setUp(hidden: readonly HideId[] = []): Hands & { press(key: string): void | false | null } {
  const run = createRunStore(createFakeClient());
  const lab = createLabStore(run, { origin: PRESETS[0], hidden });
  run.getState().load(PRESETS[0].experiment);
  vi.advanceTimersByTime(100);
  const talk = createTalkStore(run, lab);
  const hands: Hands = { run, lab, talk, scheme: 'light' };
  return { ...hands, press: (key) => shortcutFor(key, { talkOn: talk.getState().on, embedded: false })?.act(hands) ?? null };
}

describe('the table of keys', () => {
  test('within a group no key stands twice; the talk’s come before the page’s', () => {
    for (const group of [[...LECTURE_KEYS, ...RUN_KEYS, ...PAGE_KEYS], TALK_KEYS, EMBEDDED_KEYS]) {
      const keys = group.flatMap((row) => row.keys);
      expect(new Set(keys).size).toBe(keys.length);
    }
    expect(shortcutFor(' ', { talkOn: false, embedded: false })?.what).toBe('play or pause');
    expect(shortcutFor(' ', { talkOn: true, embedded: false })?.what).toBe('next step');
    expect(shortcutFor('k', { talkOn: true, embedded: false })?.what).toBe('play or pause');
    expect(shortcutFor('x', { talkOn: true, embedded: false })).toBeNull();
  });

  test('every key is in the list, by the name that stands on keyboards', () => {
    const listed = keyGroups(false).flatMap(({ keys }) => keys.flatMap((row) => row.keys));
    expect(listed).toEqual([...RUN_KEYS, ...PAGE_KEYS, ...LECTURE_KEYS, ...TALK_KEYS].flatMap((row) => row.keys));
    expect([' ', 'ArrowRight', 'k', 'PageDown', '?', 'Home'].map(writtenKey)).toEqual(['Space', '→', 'K', 'Page Down', '?', 'Home']);
  });

  test('outside the talk ← goes one update back, and in the talk one step', () => {
    const { run, talk, press } = setUp();
    run.getState().stepBy(3);
    expect(run.getState().step).toBe(3);
    press('ArrowLeft');
    expect(run.getState().step).toBe(2);
    press(',');
    expect(run.getState().step).toBe(1);
    press('l');
    press('ArrowRight');
    press('PageDown');
    expect(talk.getState()).toMatchObject({ on: true, at: 2 });
    press('ArrowLeft');
    expect(talk.getState().at).toBe(1);
    press('End');
    expect(talk.getState().at).toBe(TALK.length - 1);
    press('Home');
    expect(talk.getState().at).toBe(0);
    press('.');
    expect(talk.getState().blank).toBe(true);
    press('l');
    expect(talk.getState().on).toBe(false);
  });

  test('what a link hides has no key either', () => {
    const { lab, run, talk, press } = setUp(['chapters', 'timeline']);
    run.getState().stepBy(3);
    for (const key of ['ArrowLeft', ',', '[', ']', 'l', 'o', 'g']) expect(press(key), key).toBe(false);
    expect(run.getState().step).toBe(3);
    expect(lab.getState().origin.chapter).toBe(5);
    expect(talk.getState()).toMatchObject({ on: false, overview: false, jumping: false });
  });

  test('without a presenter window the picture is not frozen, and it is said why', () => {
    const { lab, talk, press } = setUp();
    press('z');
    expect(talk.getState().frozen).toBe(false);
    expect(lab.getState().notices).toEqual(['To freeze the picture, open the presenter window first (S): it goes on while this page stands still.']);
    talk.getState().set({ frozen: true });
    press('z');
    expect(talk.getState().frozen).toBe(false);
  });
});

describe('embedded', () => {
  const key = (name: string) => ({ key: name, code: '', shiftKey: false, repeat: false });
  /** A host of another origin: its page cannot be read. */
  function strangeHost() {
    const posted: unknown[] = [];
    const host = { get document(): never { throw new DOMException('cross-origin', 'SecurityError'); }, postMessage: (message: unknown) => { posted.push(message); } };
    return { host: host as unknown as Window, posted };
  }

  test('the lab keeps few keys, and none that it hands over', () => {
    const { host } = strangeHost();
    for (const row of EMBEDDED_KEYS) for (const name of row.keys) expect(handToHost(key(name), host), name).toBe(false);
    for (const name of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', ' ', 'PageUp', 'PageDown', 'Home', 'End', 'Escape', 'f', 'F', 'b', 'o', 's', '?', '.']) {
      expect(handToHost(key(name), host), name).toBe(true);
      expect(shortcutFor(name.toLowerCase(), { talkOn: false, embedded: true }), name).toBeNull();
    }
    expect(keyGroups(true).flatMap(({ keys }) => keys)).toEqual(EMBEDDED_KEYS);
  });

  test('without single keys the host still gets those that have a name, Space among them', () => {
    expect([' ', 'ArrowRight', 'PageDown', 'Escape'].map(isNamedKey)).toEqual([true, true, true, true]);
    expect(['b', 'n', '.', '?'].map(isNamedKey)).toEqual([false, false, false, false]);
  });

  test('a host of another origin gets reveal.js’s command and a message of our own', () => {
    const { host, posted } = strangeHost();
    handToHost(key('ArrowRight'), host);
    handToHost(key('F'), host);
    handToHost(key('Home'), host);
    expect(posted).toEqual([
      '{"method":"right"}', { type: 'dpo-lab/key', key: 'ArrowRight', shiftKey: false, repeat: false },
      { type: 'dpo-lab/key', key: 'F', shiftKey: false, repeat: false },
      '{"method":"slide","args":[0]}', { type: 'dpo-lab/key', key: 'Home', shiftKey: false, repeat: false },
    ]);
  });

  test('a host of the same origin gets the key itself, with its code', () => {
    vi.stubGlobal('KeyboardEvent', class extends Event {
      readonly key: string;
      constructor(type: string, init: KeyboardEventInit) { super(type, init); this.key = init.key ?? ''; }
    });
    const page = new EventTarget();
    const heard: unknown[] = [];
    page.addEventListener('keydown', (event) => { const { key: name, keyCode } = event as KeyboardEvent; heard.push([name, keyCode]); });
    const host = { document: page, postMessage: () => { throw new Error('not needed'); } } as unknown as Window;
    for (const name of ['ArrowRight', ' ', 'b']) handToHost(key(name), host);
    expect(heard).toEqual([['ArrowRight', 39], [' ', 32], ['b', 66]]);
  });
});
