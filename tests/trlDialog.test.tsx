/** Parts of the preference file's dialog: texts that are shown safely, and shares that are those of the reference's target. */
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { referenceTarget } from '../src/sim/reference.ts';
import { PLAIN } from '../src/sim/trl/choices.ts';
import { tokenise } from '../src/sim/trl/tokens.ts';
import { toyOf } from '../src/sim/trl/toy.ts';
import { buildWorld, nodeOf, pathOf } from '../src/sim/world.ts';
import { inSlices } from '../src/components/trl/inSlices.ts';
import { experimentName, pairsFileName } from '../src/components/trl/names.ts';
import { Shown, shownText } from '../src/components/trl/Shown.tsx';
import { targetShare, TrlWorld } from '../src/components/trl/TrlWorld.tsx';
import { finish } from './fixtures/trlFinish.ts';
import { plainRows } from './fixtures/trlRows.ts';

test('somebody else’s text is one line of text, its unseen characters by their numbers', () => {
  expect(shownText(' a\r\nb\tc\u202e\u0000\u200b ')).toBe('a ↵ b c\\u202e\\u0000\\u200b');
  expect(shownText('x'.repeat(500))).toBe(`${'x'.repeat(240)} …`);
  expect(shownText('ab\ud83d\ude00', 3)).toBe('ab …');
  expect(shownText('\ud800')).toBe('\ufffd');
  expect(renderToStaticMarkup(<Shown text={'<img src=x onerror=alert(1)>'} />)).toBe('<bdi class="trl-text">&lt;img src=x onerror=alert(1)&gt;</bdi>');
});

test('names come from the file, without its ending and what cannot be seen', () => {
  expect(experimentName('ultra\u202efeedback.jsonl')).toBe('ultrafeedback');
  expect(experimentName('.jsonl')).toBe('a preference file');
  expect(experimentName(`${'n'.repeat(300)}.json`)).toHaveLength(80);
  expect(pairsFileName('the the the')).toBe('the-the-the-pairs.jsonl');
  expect(pairsFileName('…')).toBe('experiment-pairs.jsonl');
});

test('the shares beside the pairs are what the reference is fitted to', () => {
  const rows = plainRows(80).map((row, i) => ({ ...row, line: i + 1, weight: 1 }));
  const choices = { ...PLAIN, split: 'spaces', fold: false } as const;
  const { experiment } = toyOf(finish(tokenise(rows, choices)), choices, 'shares');
  if (!experiment || !('pairs' in experiment.preferences)) throw new Error('no world');
  const world = buildWorld(experiment.world);
  const { conditionals } = referenceTarget(world, experiment);
  const target = (node: number) => pathOf(world, node).reduce((product, { context, token }) => product * conditionals[context * world.tokenCount + token], 1);
  for (const { prompt, chosen, rejected } of experiment.preferences.pairs) {
    for (const response of [chosen, rejected]) expect(targetShare(experiment, prompt, response)).toBeCloseTo(target(nodeOf(world, prompt, response)), 12);
  }
  const html = renderToStaticMarkup(<TrlWorld experiment={experiment} />);
  for (const word of experiment.world.words) expect(html).toContain(`>${word}<`);
});

test('work in slices says how far it is, ends once, and is given up for good', async () => {
  function* work(steps: number): Generator<number, string> {
    const until = performance.now() + steps;
    while (performance.now() < until) yield 0.5;
    return 'done';
  }
  const said: unknown[] = [];
  await new Promise<void>((resolve) => inSlices(work(60), (done) => said.push(done), (result) => { said.push(result); resolve(); }));
  expect(said.length).toBeGreaterThan(1);
  expect(said.at(-1)).toBe('done');
  expect(said.slice(0, -1).every((done) => done === 0.5)).toBe(true);
  const given: unknown[] = [];
  const giveUp = inSlices(work(20), (done) => given.push(done), (result) => given.push(result));
  giveUp();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(given).toEqual([]);
});
