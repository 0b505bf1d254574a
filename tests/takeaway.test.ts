/** What is taken away as numbers: CSV and JSON against the store's own numbers, quoting, guards, methods and sweeps; and the text of pictures. */
import { afterEach, describe, expect, it } from 'vitest';
import { DPO_DEFAULTS } from '../src/sim/experimentDefaults.ts';
import type { Experiment } from '../src/sim/experiment.ts';
import { METRICS, metricIndex } from '../src/sim/metrics.ts';
import { createRunStore, type RunClient, type RunStore } from '../src/sim/runStore.ts';
import { responsesInReadingOrder, responseText } from '../src/sim/world.ts';
import { fileName, seedWords } from '../src/components/takeaway/caption.ts';
import { collectEnds } from '../src/components/takeaway/collect.ts';
import { csvNumber, csvOf, csvText } from '../src/components/takeaway/csv.ts';
import { curvesCsv } from '../src/components/takeaway/curves.ts';
import { responsesCsv } from '../src/components/takeaway/responses.ts';
import { resultPieces } from '../src/components/takeaway/result.ts';
import { tableCsv } from '../src/components/takeaway/tableCsv.ts';
import { createFakeClient, type FakeOptions } from './fixtures/fakeRun.ts';

const EXPERIMENT: Experiment = {
  version: 1, name: 'x', world: { words: ['the', 'a', '=cat', 'mat', 'on'], maxLength: 2, prompts: ['Where, "today", is the cat?'] },
  reference: { kind: 'corpus', corpus: [{ prompt: 0, response: 'the mat', weight: 1 }, { prompt: 0, response: 'a mat', weight: 1 }], smoothing: 0.001 },
  gold: { responses: [{ prompt: 0, response: 'the mat', reward: 1 }], otherwise: -2, perWord: {}, containsWord: {}, perToken: 0 },
  preferences: { pairs: [{ prompt: 0, chosen: 'the mat', rejected: 'a mat', weight: 1 }] },
  policy: { kind: 'mlp', hidden: [16] }, algorithm: { ...DPO_DEFAULTS, beta: 0.05 }, optimizer: { kind: 'sgd', learningRate: 1 },
  steps: 60, seeds: [3, 4, 7],
};
const SWEPT: Experiment = { ...EXPERIMENT, seeds: [0, 1], sweep: { beta: [0.05, 0.5] } };

let client: RunClient | null = null;
afterEach(() => client?.restart());

async function storeAt(experiment: Experiment, updates: number, others: Experiment[] = [], options: FakeOptions = {}): Promise<RunStore> {
  client = createFakeClient({ startMs: 0, ...options });
  const store = createRunStore(client);
  store.getState().load(experiment, { others });
  await expect.poll(() => store.getState().state).toBe('paused');
  store.getState().stepBy(updates);
  await expect.poll(() => store.getState().frame?.step).toBe(updates);
  await expect.poll(() => store.getState().state).not.toBe('running');
  return store;
}

/** A reader of RFC 4180 that shares no line with the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const body = text.replace(/^\ufeff/, '');
  for (let i = 0; i < body.length; i++) {
    const c = body[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (body[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') { rows[rows.length - 1].push(cell); cell = ''; }
    else if (c === '\r' && body[i + 1] === '\n') { rows[rows.length - 1].push(cell); cell = ''; rows.push([]); i++; } else cell += c;
  }
  expect([cell, rows.pop()], 'the file ends with a line end').toEqual(['', []]);
  return rows;
}

describe('CSV', () => {
  it('quotes what needs it and nothing else', () => {
    expect(csvOf(['a', 'b'], [['x, y', 'say "no"'], ['two\nlines', ' edge'], ['plain', 1]])).toBe('a,b\r\n"x, y","say ""no"""\r\n"two\nlines"," edge"\r\nplain,1\r\n');
  });

  it('puts an apostrophe before what a spreadsheet would take for a formula, and before no number', () => {
    for (const text of ['=1+1', '+1', '-1', '@cmd', '\tx', '\rx', '\nx', '＝1', ' =1+1', '\u00a0=1+1', '\ufeff@cmd', '\u200b+1', '\u0000\t-1']) expect(readCsv(csvOf(['a'], [[text]]))[1][0], JSON.stringify(text)).toBe(`'${text}`);
    expect(csvText("=HYPERLINK(\"x\")")).toBe('"\'=HYPERLINK(""x"")"');
    expect(csvText('a = b')).toBe('a = b');
    expect(csvNumber(-0.5)).toBe('-0.5');
  });

  it('writes numbers that read back to the last digit, with a point, and says what is not finite', () => {
    for (const value of [0.1 + 0.2, 1e-300, -Number.MAX_VALUE, Number.MIN_VALUE, 123456789.12345679]) expect(Number(csvNumber(value))).toBe(value);
    expect([NaN, Infinity, -Infinity, null, -0].map(csvNumber)).toEqual(['NaN', 'Infinity', '-Infinity', '', '0']);
    expect(csvNumber(0.05)).not.toContain(',');
  });

  it('begins with a byte order mark exactly where there are letters beyond ASCII', () => {
    expect(csvOf(['a'], [['mat']])).toMatch(/^a\r\n/);
    expect(csvOf(['a'], [['Käse']])).toMatch(/^\ufeffa\r\n/);
  });
});

describe('the curves', () => {
  it('are every recorded update and seed, to the last digit', async () => {
    const store = await storeAt(EXPERIMENT, 40);
    const [head, ...rows] = readCsv(curvesCsv(store.getState()) ?? '');
    const { frame, history } = store.getState();
    expect(head.slice(0, 2)).toEqual(['update', 'seed']);
    expect(rows.length).toBe(new Set(rows.map(([update]) => update)).size * 3);
    expect(rows.slice(-3).map((row) => row.slice(0, 2))).toEqual([['40', '3'], ['40', '4'], ['40', '7']]);
    for (const [c, id] of head.entries()) {
      const m = METRICS.findIndex((metric) => metric.id === id);
      if (m < 0) continue;
      for (const [r, row] of rows.slice(-3).entries()) expect(row[c], id).toBe(csvNumber(frame!.metrics[m * 3 + r]));
      expect(Number(rows[1][c]), id).toBe(history.points[0][m * 3 + 1]);
    }
    expect(head).toContain('mass/ood');
    expect(head.filter((id) => METRICS.some((metric) => metric.id === id)), 'no column without a number').not.toContain('val/ratio');
  });

  it('end at the present, also where the run went back', async () => {
    const store = await storeAt(EXPERIMENT, 40);
    const before = store.getState();
    expect(before.history.steps.length).toBeGreaterThan(1);
    const [step] = before.history.steps;
    const now = { ...before, step, frame: { ...before.frame!, step, metrics: before.history.points[0] } };
    const rows = readCsv(curvesCsv(now) ?? '').slice(1);
    expect(rows.map(([update, seed]) => [update, seed])).toEqual([['0', '3'], ['0', '4'], ['0', '7']]);
  });

  it('name the swept value of every policy', async () => {
    const store = await storeAt(SWEPT, 5);
    const [head, ...rows] = readCsv(curvesCsv(store.getState()) ?? '');
    expect(head.slice(0, 3)).toEqual(['update', 'seed', 'beta']);
    expect(rows.slice(-4).map((row) => row.slice(0, 3))).toEqual([['5', '0', '0.05'], ['5', '1', '0.05'], ['5', '0', '0.5'], ['5', '1', '0.5']]);
  });

  it('name the method where several train, and leave empty what a method does not have', async () => {
    const store = await storeAt({ ...EXPERIMENT, seeds: [0, 1] }, 5);
    const status = store.getState();
    // Two methods of two seeds: the same numbers twice, the second without a gold reward's.
    const doubled = (metrics: Float64Array) => Float64Array.from({ length: METRICS.length * 4 }, (_, i) => {
      const [m, r] = [Math.floor(i / 4), i % 4];
      return r >= 2 && m === metricIndex('goldReward') ? NaN : metrics[m * 2 + (r % 2)];
    });
    const others = [{ ...EXPERIMENT, seeds: [0, 1], algorithm: { ...DPO_DEFAULTS, loss: 'ipo' as const, beta: 0.05 } }];
    const { history } = status;
    const points = history.points.map(doubled);
    const run = { ...status, others, history: { ...history, policyCount: 4, points, last: { step: 5, metrics: doubled(status.frame!.metrics) } }, frame: { ...status.frame!, metrics: doubled(status.frame!.metrics) } };
    const [head, ...rows] = readCsv(curvesCsv(run) ?? '');
    expect(head.slice(0, 3)).toEqual(['update', 'method', 'seed']);
    expect(rows.slice(-4).map((row) => row.slice(1, 3))).toEqual([['dpo', '0'], ['dpo', '1'], ['ipo', '0'], ['ipo', '1']]);
    const gold = head.indexOf('goldReward');
    expect(rows.slice(-4).map((row) => row[gold] === '')).toEqual([false, false, true, true]);
  });

  it('say NaN where numbers broke', async () => {
    const store = await storeAt(EXPERIMENT, 5);
    const status = store.getState();
    const broken = Float64Array.from(status.frame!.metrics);
    broken[metricIndex('loss') * 3 + 1] = NaN;
    const run = { ...status, frame: { ...status.frame!, metrics: broken }, history: { ...status.history, points: [...status.history.points.slice(0, -1), broken], last: { step: 5, metrics: broken } } };
    const [head, ...rows] = readCsv(curvesCsv(run) ?? '');
    expect(rows.slice(-3).map((row) => row[head.indexOf('loss')] === 'NaN')).toEqual([false, true, false]);
  });

  it('are not there before the first numbers', () => {
    client = createFakeClient({ startMs: 0 });
    expect(curvesCsv(createRunStore(client).getState())).toBeNull();
  });
});

describe('the responses', () => {
  it('are all of them as on screen: the mean, or the seed in focus', async () => {
    const store = await storeAt(EXPERIMENT, 20);
    const { world, frame, view } = store.getState();
    const [head, ...rows] = readCsv(responsesCsv(store.getState()) ?? '');
    expect(head.slice(0, 6)).toEqual(['update', 'seed', 'seeds', 'prompt', 'response', 'group']);
    const order = [...responsesInReadingOrder(world!)];
    expect(rows.length).toBe(world!.responseCount);
    rows.forEach((row, i) => {
      const text = responseText(world!, order[i]);
      expect(row.slice(0, 5)).toEqual(['20', 'mean', '3', EXPERIMENT.world.prompts[0], text.startsWith('=') ? `'${text}` : text]);
      expect(Number(row[head.indexOf('log_pi')])).toBe(frame!.logps[order[i]]);
      expect(Number(row[head.indexOf('log_pi_ref')])).toBe(view!.refLogps[order[i]]);
      expect(Number(row[head.indexOf('log_pi_optimal')])).toBe(view!.optimalLogps![order[i]]);
    });
    store.getState().setFocus({ seedIndex: 2, sweepIndex: 0 });
    await expect.poll(() => store.getState().frame?.focus.seedIndex).toBe(2);
    expect(readCsv(responsesCsv(store.getState()) ?? '')[1].slice(0, 3)).toEqual(['20', '7', '3']);
  });
});

interface ResultFile {
  experiment: Experiment; backend: string; notes: Record<string, unknown>;
  runs: { seed: number; beta: number; steps: number[]; metrics: Record<string, (number | null)[]>; final?: { prompt: number; response: string; logp: number; refLogp: number; group: string }[] }[];
}

describe('the result file', () => {
  it('has every policy with its curves and its end, and leaves the focus as it was', async () => {
    const store = await storeAt(SWEPT, 12);
    const focus = { seedIndex: 1, sweepIndex: 1 };
    store.getState().setFocus(focus);
    await expect.poll(() => store.getState().frame?.focus.sweepIndex).toBe(1);
    const { frame, world } = store.getState();
    const ends = await collectEnds(store);
    expect(store.getState().focus).toEqual(focus);
    await expect.poll(() => store.getState().frame?.focus).toEqual(focus);
    const file = JSON.parse((resultPieces(store.getState(), ends, '?x') ?? []).join('')) as ResultFile;
    expect(file.experiment).toEqual(SWEPT);
    expect(file.runs.map(({ seed, beta }) => [seed, beta])).toEqual([[0, 0.05], [1, 0.05], [0, 0.5], [1, 0.5]]);
    expect(file.notes).toMatchObject({ link: '?x', update: 12, policies: 4, policiesWithFinal: 4, forks: [] });
    file.runs.forEach(({ metrics, steps, final }, r) => {
      expect(steps.at(-1)).toBe(12);
      expect(metrics['mass/ood'].at(-1)).toBe(frame!.metrics[metricIndex('mass/ood') * 4 + r]);
      expect(metrics['objective/optimal'], 'as in the command line’s files').toBeUndefined();
      expect(final?.length).toBe(world!.responseCount);
      expect(final?.reduce((sum, { logp }) => sum + Math.exp(logp), 0)).toBeCloseTo(1, 9);
    });
    const order = [...responsesInReadingOrder(world!)];
    expect(file.runs[3].final?.map(({ logp }) => logp)).toEqual(order.map((y) => frame!.logps[y]));
    expect(file.runs[2].final?.[5].logp).not.toBe(file.runs[3].final?.[5].logp);
  });

  it('says how many ends it has where the engine has stopped', async () => {
    const store = await storeAt(EXPERIMENT, 5);
    store.getState().setFocus({ seedIndex: 0, sweepIndex: 0 });
    await expect.poll(() => store.getState().frame?.focus.seedIndex).toBe(0);
    store.setState({ state: 'failed', fault: { kind: 'not-finite', sentence: '', step: 5, nextBackend: null } });
    const file = JSON.parse((resultPieces(store.getState(), await collectEnds(store), '') ?? []).join('')) as ResultFile;
    expect(file.notes).toMatchObject({ policiesWithFinal: 1, lastFiniteUpdate: 5 });
    expect(file.runs.map(({ final }) => final !== undefined)).toEqual([true, false, false]);
  });
});

describe('the table behind a chart', () => {
  it('has numbers in full and the second lines in a column of their own', () => {
    const text = tableCsv({ caption: 'c', head: ['update', 'mass', 'name'], rows: [['0', { text: '12 %', value: 0.1234567890123, detail: '10 % to 20 %' }, '=x']] });
    expect(readCsv(text)).toEqual([['update', 'mass', 'mass (range)', 'name'], ['0', '0.1234567890123', '10 % to 20 %', "'=x"]]);
  });
});

describe('names', () => {
  it('of files are the experiment, the panel and the update', () => {
    expect(fileName('the the the', 'Where is the probability?', 800, 'svg')).toBe('the-the-the-where-is-the-probability-update-800.svg');
    expect(fileName(' ../§ ', 'π* over β', 3, 'png')).toBe('experiment-π-over-β-update-3.png');
  });

  it('of seeds are ranges where they are neighbours', () => {
    expect(seedWords([0, 1, 2, 3])).toBe('0–3');
    expect(seedWords([0, 2, 5, 6, 7, 9])).toBe('0, 2, 5–7, 9');
  });
});
