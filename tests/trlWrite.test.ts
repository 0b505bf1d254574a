/** Writing pairs for TRL, and reading them back: the same pairs, from any experiment and in any format. */
import { describe, expect, test } from 'vitest';
import { readExperiment } from '../src/sim/experimentSchema.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { pairTable, drawnTraining } from '../src/sim/preferences.ts';
import { PLAIN } from '../src/sim/trl/choices.ts';
import { sharedText } from '../src/sim/trl/implicit.ts';
import { pairsOfRun } from '../src/sim/trl/pairsOf.ts';
import { readTrl, type TrlFile } from '../src/sim/trl/read.ts';
import { tokenise } from '../src/sim/trl/tokens.ts';
import { toyOf } from '../src/sim/trl/toy.ts';
import { MOST_REPEATED, writeTrl, type WrittenFormat, type WrittenPair } from '../src/sim/trl/write.ts';
import { buildWorld, nodeOf } from '../src/sim/world.ts';
import { generator, randomFile } from './experimentGenerator.ts';
import { finish } from './fixtures/trlFinish.ts';
import { bytesOf } from './fixtures/trlRows.ts';

const FORMATS: readonly WrittenFormat[] = (['standard', 'conversational'] as const).flatMap((shape) => (['explicit', 'implicit'] as const).map((prompt) => ({ type: 'preference' as const, shape, prompt })));

function readBack(text: string): TrlFile {
  const read = finish(readTrl(bytesOf(text)));
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'));
  expect(read.file.rows).toHaveLength(read.file.total);
  return read.file;
}

/** Equal pairs once, with the sum of their weights. */
function summed(pairs: readonly WrittenPair[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { prompt, chosen, rejected, weight } of pairs) {
    const key = JSON.stringify([prompt.trim(), chosen.trim(), rejected.trim()]);
    sums.set(key, (sums.get(key) ?? 0) + weight);
  }
  return sums;
}

/** What a reader that knows only the texts must take for the prompt. */
function asImplicit(pair: WrittenPair): WrittenPair {
  const [chosen, rejected] = [`${pair.prompt} ${pair.chosen}`, `${pair.prompt} ${pair.rejected}`];
  const { prompt } = sharedText(chosen, rejected);
  return { ...pair, prompt, chosen: chosen.slice(prompt.length), rejected: rejected.slice(prompt.length) };
}

function experiments(count: number): Experiment[] {
  const random = generator(5);
  const found: Experiment[] = [];
  while (found.length < count) {
    const read = readExperiment(randomFile(random));
    if (read.ok && 'pairs' in read.experiment.preferences) found.push(read.experiment);
  }
  return found;
}
const given = (experiment: Experiment) => pairsOfRun({ experiment, world: buildWorld(experiment.world), drawn: null, judged: [], policy: 0 })[0].pairs;

describe('pairs of random experiments, written and read', () => {
  const all = experiments(40);
  test.each(FORMATS)('$shape, $prompt', (format) => {
    let longer = 0;
    for (const experiment of all) {
      const pairs = given(experiment);
      const written = writeTrl(pairs, format);
      const file = readBack(written.text);
      expect(file.total).toBe(written.rows);
      expect(file.format).toEqual({ shape: format.shape, prompt: format.prompt });
      expect(file.weighted).toBe(written.weightColumn);
      const inside = format.shape === 'standard' && format.prompt === 'implicit';
      expect(summed(file.rows)).toEqual(summed(inside ? pairs.map(asImplicit) : pairs));
      longer += written.longerPrompts;
      // Where no two responses begin alike, what the texts share is the prompt.
      if (written.longerPrompts === 0) expect(summed(file.rows)).toEqual(summed(pairs));
    }
    expect(longer > 0).toBe(format.shape === 'standard' && format.prompt === 'implicit');
  });

  test('the toy world of a written file has the pairs of the experiment', () => {
    for (const experiment of all) {
      const { rows } = readBack(writeTrl(given(experiment), FORMATS[0]).text);
      const choices = { ...PLAIN, split: 'spaces', fold: false, words: 64, maxLength: experiment.world.maxLength, prompts: 64 } as const;
      const toy = toyOf(finish(tokenise(rows, choices)), choices, 'again');
      const back = toy.experiment;
      if (!back || !('pairs' in back.preferences)) throw new Error('no world');
      expect(summed(back.preferences.pairs.map(({ prompt, ...pair }) => ({ ...pair, prompt: back.world.prompts[prompt] })))).toEqual(summed(given(experiment)));
    }
  });
});

const PAIR = { prompt: 'p', chosen: 'a', rejected: 'b' };

test('whole weights are rows, others a column', () => {
  const [explicit] = FORMATS;
  const whole = writeTrl([{ ...PAIR, weight: 3 }, { ...PAIR, chosen: 'c', weight: 1 }], explicit);
  expect([whole.rows, whole.weightColumn]).toEqual([4, false]);
  expect(whole.text).not.toContain('weight');
  for (const weights of [[0.5, 1], [MOST_REPEATED, 1]]) {
    const column = writeTrl(weights.map((weight, i) => ({ ...PAIR, chosen: `c${i}`, weight })), explicit);
    expect([column.rows, column.weightColumn]).toEqual([2, true]);
    expect(readBack(column.text).rows.map(({ weight }) => weight)).toEqual(weights);
  }
});

test('rows as TRL’s documentation has them', () => {
  const pairs: WrittenPair[] = [{ prompt: 'The sky is', chosen: 'blue.', rejected: '', weight: 1 }];
  const user = { role: 'user', content: 'The sky is' };
  const assistant = (content: string) => ({ role: 'assistant', content });
  const written = (format: WrittenFormat) => writeTrl(pairs, format).text.trimEnd().split('\n').map((line): unknown => JSON.parse(line));
  expect(FORMATS.flatMap(written)).toEqual([
    { prompt: 'The sky is', chosen: ' blue.', rejected: '' },
    { chosen: 'The sky is blue.', rejected: 'The sky is ' },
    { prompt: [user], chosen: [assistant('blue.')], rejected: [assistant('')] },
    { chosen: [user, assistant('blue.')], rejected: [user, assistant('')] },
  ]);
  expect(written({ type: 'unpaired', shape: 'standard', prompt: 'explicit' })).toEqual([{ prompt: 'The sky is', completion: ' blue.', label: true }, { prompt: 'The sky is', completion: '', label: false }]);
  expect(written({ type: 'unpaired', shape: 'conversational', prompt: 'explicit' })[1]).toEqual({ prompt: [user], completion: [assistant('')], label: false });
  expect(written({ type: 'prompt-only', shape: 'standard', prompt: 'explicit' })).toEqual([{ prompt: 'The sky is' }]);
  expect(written({ type: 'prompt-only', shape: 'conversational', prompt: 'explicit' })).toEqual([{ prompt: [user] }]);
});

describe('the pairs of a run', () => {
  const read = readExperiment({
    world: { words: ['a', 'b'], maxLength: 1, prompts: ['p', 'q'] }, reference: { kind: 'unigram', wordWeights: [1, 1], stop: 0.5 }, gold: { otherwise: 0 },
    preferences: { sampled: { count: 5 } }, algorithm: { kind: 'online-dpo' }, seeds: [3, 4],
  });
  if (!read.ok) throw new Error(read.problems[0].message);
  const { experiment } = read;
  const world = buildWorld(experiment.world);
  const node = (prompt: number, text: string) => nodeOf(world, prompt, text);

  test('drawn: those of one seed, as often as they were drawn, without a response against itself', () => {
    const draw = (prompt: number, chosen: string, rejected: string) => ({ prompt, chosen: node(prompt, chosen), rejected: node(prompt, rejected), weight: 1 });
    const table = pairTable([[draw(0, 'a', 'b'), draw(0, 'a', 'b'), draw(1, '', 'b'), draw(0, 'a', 'a'), draw(0, 'a', 'b')], Array.from({ length: 5 }, () => draw(1, 'b', 'a'))]);
    const drawn = drawnTraining(table, 0, 5, 3);
    const [found] = pairsOfRun({ experiment, world, drawn, judged: [], policy: 0 });
    expect(found.source).toBe('drawn');
    expect(found.pairs).toEqual([{ prompt: 'p', chosen: 'a', rejected: 'b', weight: 3 }, { prompt: 'q', chosen: '', rejected: 'b', weight: 1 }]);
    expect(found.words).toBe('The 5 pairs that were drawn from the reference of seed 3 and labelled. One of them is the same response twice and is left out.');
    expect(pairsOfRun({ experiment, world, drawn: drawnTraining(table, 1, 5, 4), judged: [], policy: 1 })[0].pairs).toEqual([{ prompt: 'q', chosen: 'b', rejected: 'a', weight: 5 }]);
  });

  test('judged: those of the policy in focus, of all updates on record', () => {
    const batch = (policy: number, step: number, ...nodes: number[]) => ({ policy, step, nodes: Int32Array.from(nodes), scores: new Float32Array(nodes.length) });
    const judged = [batch(0, 1, node(0, 'a'), node(0, 'b')), batch(1, 1, node(1, 'b'), node(1, 'a')), batch(0, 6, node(0, 'a'), node(0, 'b'), node(0, 'b'), node(0, 'b'))];
    const found = pairsOfRun({ experiment, world, drawn: null, judged, policy: 0 });
    expect(found.map(({ source }) => source)).toEqual(['judged']);
    expect(found[0].pairs).toEqual([{ prompt: 'p', chosen: 'a', rejected: 'b', weight: 2 }]);
    expect(pairsOfRun({ experiment, world, drawn: null, judged: [batch(0, 2, node(0, 'a'), node(0, 'a'))], policy: 0 })[0]).toMatchObject({ pairs: [], words: 'The one pair that seed 3 drew and had judged before update 2. It is the same response twice, which teaches nothing.' });
    expect(found[0].words).toBe('The 3 pairs that seed 3 drew and had judged before updates 1 to 6. One of them is the same response twice and is left out.');
  });
});
