/** What a teacher's link takes off the page is absent from it, alone and together; and the builder of such links. */
import { MantineProvider } from '@mantine/core';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { presetOrigin } from '../src/components/chapters.ts';
import { Chapter5 } from '../src/components/chapter5/Chapter5.tsx';
import { Chapter8 } from '../src/components/chapter8/Chapter8.tsx';
import { Header } from '../src/components/frame/Header.tsx';
import { Transport } from '../src/components/frame/Transport.tsx';
import { createLabStore, LabContext, type LabStatus, type LabStore } from '../src/components/labStore.ts';
import { createTalkStore, TalkContext, type TalkStore } from '../src/components/lecture/talkStore.ts';
import { linkOf, openingOf } from '../src/components/link.ts';
import { createPredictStore, PredictContext, type PredictStore } from '../src/components/predict/predictStore.ts';
import { RunContext } from '../src/components/run.ts';
import { choiceFor, choiceNow, optionsOf, type ClassChoice } from '../src/components/share/classChoice.ts';
import { ClassLink } from '../src/components/share/ClassLink.tsx';
import { FRAME_SIZES } from '../src/components/share/embed.ts';
import { HIDE_GROUPS, HIDEABLE, type HideId } from '../src/components/share/hideable.ts';
import { HIDE_SETS, setOf, withPart, withSet } from '../src/components/share/sets.ts';
import { createRunStore, type RunStore } from '../src/sim/runStore.ts';
import { createFakeClient } from './fixtures/fakeRun.ts';
import { textOf } from './fixtures/singlePage.tsx';

interface Page { run: RunStore; lab: LabStore; talk: TalkStore; predict: PredictStore }

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('location', { origin: 'https://lab.example', pathname: '/dpo/', protocol: 'https:', hostname: 'lab.example', search: '' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function opened(start: Partial<LabStatus> = {}, preset = 'the-the-the'): Promise<Page> {
  const run = createRunStore(createFakeClient({ startMs: 10 }));
  const lab = createLabStore(run, { origin: presetOrigin(preset), ...start });
  run.getState().load(lab.getState().base);
  await vi.advanceTimersByTimeAsync(50);
  return { run, lab, talk: createTalkStore(run, lab), predict: createPredictStore(run, lab) };
}

function show({ run, lab, talk, predict }: Page, part: React.ReactNode): string {
  // Rendered to a string, zustand shows what a store began with; here it is to be what it holds now.
  const now = <T extends { getState: () => unknown }>(store: T): T => ({ ...store, getInitialState: store.getState });
  return renderToString(
    <MantineProvider><RunContext value={now(run)}><LabContext value={now(lab)}><TalkContext value={now(talk)}><PredictContext value={now(predict)}>{part}</PredictContext></TalkContext></LabContext></RunContext></MantineProvider>,
  ).replaceAll('<!-- -->', '');
}

const CHAPTER = <><Header /><Chapter5 /><Transport /></>;

/** What each part puts on the page of chapter 5. What the slides say is fetched: the browser's test sees it. */
const SIGNS: Partial<Record<HideId, readonly string[]>> = {
  sentence: ['class="headline"'],
  responses: ['The responses by name'],
  panels: ['The whole space', 'All the numbers'],
  dial: ['aria-label="β"', 'class="quick-dial"'],
  controls: ['>Policy<', 'aria-label="Seeds"'],
  more: ['More controls'],
  presets: ['class="preset-button"'],
  timeline: ['aria-label="Step back"', 'role="slider"'],
  speed: ['aria-label="Speed"'],
  chapters: ['aria-label="Chapters"', '>Lecture<', 'href="?"'],
  link: ['>Share<', '>File<', 'type="file"'],
  predict: ['aria-label="Prediction"'],
};
const PARTS = Object.keys(SIGNS) as HideId[];

function expectParts(html: string, hidden: readonly HideId[]): void {
  for (const part of PARTS) for (const sign of SIGNS[part] ?? []) expect(html.includes(sign), `${sign} where ${hidden.join(', ') || 'nothing'} is hidden`).toBe(!hidden.includes(part));
  expect(html).toContain('<h1>');
  expect(html).toContain('>Play<');
  expect(html).toContain('Where is the probability?');
}

describe('what a link hides', () => {
  test('every part is there, and none when it is hidden, alone', async () => {
    expectParts(show(await opened(), CHAPTER), []);
    for (const part of PARTS) expectParts(show(await opened({ hidden: [part] }), CHAPTER), [part]);
  });

  test('in pairs, in the ready-made choices, and all together', async () => {
    const pairs = PARTS.flatMap((a, i) => PARTS.slice(i + 1).map((b) => [a, b]));
    const all = HIDEABLE.map(({ id }) => id);
    for (const hidden of [...pairs, ...HIDE_SETS.map(({ hide }) => hide), all]) expectParts(show(await opened({ hidden }), CHAPTER), hidden);
  });

  test('the controls take the choice of methods with them, and the other experiments the runs of other experiments', async () => {
    const at = async (hidden: readonly HideId[]) => show(await opened({ hidden, methods: presetOrigin('side-by-side').methods ?? [] }, 'side-by-side'), <Chapter8 />);
    expect(await at([])).toContain('Choose other methods');
    expect(await at(['controls'])).not.toContain('Choose other methods');
    expect(await at(['controls'])).toMatch(/What the \d methods are/);
    expect(await at([])).toContain('Run the three tasks');
    expect(await at(['presets'])).not.toContain('Run the three tasks');
  });

  test('inside another page the head is a link to the lab and the list of keys', async () => {
    const html = show(await opened({ embedded: true, hidden: ['dial'] }), <Header />);
    expect(textOf(html)).toMatch(/Open in the lab\?$/);
    expect(html).toContain('href="/dpo/?preset=the-the-the&amp;hide=dial&amp;v=1"');
    expect(html).toContain('target="_blank"');
  });
});

const NOTHING: ClassChoice = { hide: [], ask: null, seed: null, atStep: false, projector: false, frame: FRAME_SIZES[0].id };

describe('the builder', () => {
  const build = (page: Page, choice: Partial<ClassChoice> = {}, step = 0, inHall = false) =>
    show(page, <ClassLink step={step} choice={{ ...NOTHING, ...choice }} onChoice={() => undefined} inHall={inHall} onHall={() => undefined} />);
  /** What stands in a text field. */
  const field = (html: string, label: string) => textOf(html.match(new RegExp(`${label}<textarea[^>]*>([^<]*)`))?.[1] ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

  test('offers every part by name under a heading, ticked where it is shown', async () => {
    const html = build(await opened(), { hide: ['speed'] });
    for (const { label, group } of HIDEABLE) expect(html.includes(`/> ${label}</label>`), label).toBe(group !== null);
    for (const { label } of HIDE_GROUPS) expect(html).toContain(`aria-label="${label}"`);
    expect(html).toMatch(/<input type="checkbox"\/> the speed</);
    expect(html).toMatch(/<input type="checkbox" checked=""\/> the chapter’s dial/);
    expect(html.match(/class="sketch-hidden"/g)).toHaveLength(1);
  });

  test('shows the address that it makes, in the field, the code’s name, the student’s link and the frame', async () => {
    const html = build(await opened(), { hide: ['dial', 'link'], ask: 'chosen', seed: 3, projector: true, frame: '480x360' });
    const link = field(html, 'Link for the class');
    expect(link).toBe('https://lab.example/dpo/?preset=the-the-the&shown=3&projector=1&hide=dial,link&ask=chosen&v=1');
    expect(html).toContain(`aria-label="QR code of ${link.replaceAll('&', '&amp;')}"`);
    expect(html).toContain(`<a href="${link.replaceAll('&', '&amp;')}" target="_blank"`);
    const frame = field(html, 'Frame for another page');
    expect(frame).toContain('src="https://lab.example/dpo/?preset=the-the-the&amp;shown=3&amp;hide=dial,link&amp;ask=chosen&amp;embed=1&amp;v=1"');
    expect(frame).toContain('width="480" height="360"');
    expect(frame).toContain('title="DPO Lab: the the the"');
    expect(openingOf(new URL(link).search)).toMatchObject({ hidden: ['dial', 'link'], asked: 'chosen', problems: [], link: { extra: { shown: 3, projector: true } } });
  });

  test('a question can be the experiment’s own, another one, or none', async () => {
    const page = await opened();
    const html = build(page);
    expect(html).toContain('its own: Where will the probability go?');
    expect(html).toContain('<option value="none">nothing</option>');
    expect(html).toContain('<option value="chosen">');
    expect(html).not.toContain('value="beta"'); // without a sweep of β
    expect(field(build(page, { hide: ['predict'], ask: 'chosen' }), 'Link for the class')).toBe('https://lab.example/dpo/?preset=the-the-the&hide=predict&v=1');
  });

  test('the update is offered once there is one, and is that of the moment when it was opened', async () => {
    const page = await opened();
    expect(build(page)).not.toContain('at update');
    page.run.getState().stepBy(7);
    await vi.advanceTimersByTimeAsync(1000);
    expect(page.run.getState().step).toBe(7);
    expect(field(build(page, { atStep: true }, 5), 'Link for the class')).toMatch(/&step=5&v=1$/);
    expect(build(page, {}, 5)).toContain('at update 5, with all that led to it');
  });

  test('says where an address is too long for a code, and for a link', async () => {
    const long = (count: number) => {
      const origin = presetOrigin('the-the-the');
      const { experiment } = origin;
      const words = Array.from({ length: count }, (_, i) => `w${(i * 7919) % 9973}x`);
      return { ...origin, id: null, title: 'Own', experiment: { ...experiment, name: words.join(' ') } };
    };
    expect(build(await opened({ origin: long(250), base: long(250).experiment }))).toMatch(/No QR code: the link has [\d,]+ characters/);
    const html = build(await opened({ origin: long(2500), base: long(2500).experiment }));
    expect(html).toContain('too long for a link');
    expect(html).not.toContain('<textarea');
  });

  test('for the room there is the code, and the address where somebody might type it', async () => {
    const html = build(await opened(), {}, 0, true);
    expect(html).toContain('<p class="hall-address">https://lab.example/dpo/</p>');
    expect(html).toContain('class="qr"');
    expect(build(await opened(), { hide: [...HIDE_SETS[2].hide] }, 0, true)).not.toContain('hall-address');
  });
});

describe('a choice', () => {
  test('begins as the page is', async () => {
    const { run, lab } = await opened({ hidden: ['speed'], asked: 'loss' });
    run.getState().setFocus({ seedIndex: 2, sweepIndex: 0 });
    const choice = choiceNow(run.getState(), lab.getState());
    expect(choice).toMatchObject({ hide: ['speed'], ask: 'loss', seed: lab.getState().base.seeds[2], atStep: false });
    expect(linkOf(run, lab, optionsOf(choice, 0))).toBe(linkOf(run, lab));
  });

  test('made for another experiment loses what that has not', () => {
    const choice: ClassChoice = { ...NOTHING, ask: 'earned', seed: 5 };
    expect(choiceFor(choice, { seeds: [0, 1] }, ['where'])).toMatchObject({ ask: null, seed: null });
    expect(choiceFor(choice, { seeds: [5, 6] }, ['earned'])).toEqual(choice);
    expect(choiceFor(choice, { seeds: [5] }, ['earned']).seed, 'the only seed is not chosen').toBeNull();
  });

  test('ready-made sets leave the question alone, and are recognised', () => {
    for (const set of HIDE_SETS) {
      expect(setOf(withSet([], set))).toBe(set);
      expect(setOf(withSet(['predict'], set))).toBe(set);
      expect(withSet(['predict', 'dial'], set)).toContain('predict');
    }
    expect(setOf(['dial'])).toBeNull();
    expect(withPart(['speed', 'sentence'], 'dial', false)).toEqual(['sentence', 'dial', 'speed']);
    expect(withPart(['speed', 'sentence'], 'speed', true)).toEqual(['sentence']);
  });
});
