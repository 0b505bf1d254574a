/** Two objectives compared: which one trains, what is marked as common and different, and that the numbers are the run's. */
import { expect, it } from 'vitest';
import { DiffPanel, trainedFormula } from '../src/components/derivation/DiffPanel.tsx';
import { FORMULAS } from '../src/derivation/formulas.ts';
import { metricIndex } from '../src/sim/metrics.ts';
import { setParam, type ParamId, type ParamValue } from '../src/sim/params.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import { singlePage, textOf } from './fixtures/singlePage.tsx';

const THE = PRESETS[0].experiment;

it.each<[string, [ParamId, ParamValue][]]>([
  ['dpo', []], ['ipo', [['loss', 'ipo']]], ['hinge', [['loss', 'hinge']]], ['dpop', [['loss', 'dpop']]], ['simpo', [['loss', 'simpo']]],
  ['cdpo', [['labelSmoothing', 0.1]]], ['r-dpo', [['lengthAlpha', 0.1]]], ['dpo-nll', [['nllWeight', 0.1]]], ['dpo-kl', [['klWeight', 0.1]]],
  ['rlhf', [['algorithm', 'exact']]], ['ppo', [['algorithm', 'ppo']]], ['reward-model', [['algorithm', 'reward-model']]], ['dpo', [['algorithm', 'online-dpo']]],
])('what trains is %s', (id, changes) => {
  const experiment = changes.reduce((now, [param, value]) => setParam(now, param, value), THE);
  expect(trainedFormula(experiment)).toBe(id);
  expect(FORMULAS.some((formula) => formula.id === id)).toBe(true);
});

/** A row's kind and its data-values. */
function row(html: string, key: string): { is: string | undefined; values: number[] } {
  const [text] = html.match(new RegExp(`<tr data-diff-row="${key}".*?</tr>`)) ?? [''];
  return { is: text.match(/data-is="(\w+)"/)?.[1], values: [...text.matchAll(/data-value="([^"]*)"/g)].map(([, value]) => Number(value)) };
}

it('DPO beside IPO: log-ratios in common, β and the target not, the totals the losses of this policy', async () => {
  const page = await singlePage(PRESETS[0], { ...setParam(THE, 'policy', 'tabular'), seeds: [0], steps: 40 });
  const before = row(page.show(<DiffPanel />), 'total').values;
  expect(before[0]).toBeCloseTo(Math.LN2, 12);
  expect(before[1]).toBeCloseTo((1 / (2 * 0.05)) ** 2, 9);
  await page.trainTo(40);
  const html = page.show(<DiffPanel />);
  expect(textOf(html)).toContain('2 parts in common; 1 in another form, 1 only in DPO, 1 only in IPO.');
  expect(['outer', 'scale', 'chosen', 'rejected', 'target'].map((key) => row(html, key).is)).toEqual(['changed', 'only', 'same', 'same', 'only']);
  const [chosen, other] = row(html, 'chosen').values;
  expect(chosen).toBe(other);
  const h = chosen + row(html, 'rejected').values[0];
  expect(h).toBeGreaterThan(1);
  const { metrics } = page.store.getState().frame!;
  const [dpo, ipo] = row(html, 'total').values;
  expect(dpo, 'the loss that the engine measured').toBeCloseTo(metrics[metricIndex('loss')], 5);
  expect(ipo).toBeCloseTo((h - 10) ** 2, 9);
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
});
