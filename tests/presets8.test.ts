/** The claims of chapter 8's presets, over their own eight seeds. */
import { describe, expect, it } from 'vitest';
import { TASK_PRESETS } from '../src/sim/presets/tasks.ts';
import { trainMethods } from './trainMethods.ts';

const written = (chosen: number[], rejected: number[], other: number[]) => chosen.map((value, s) => value + rejected[s] + other[s]);

it('four ways from one reference: offline DPO leaves in at least 5 of 8 seeds, the others stay and end near π*', async () => {
  const { of } = await trainMethods('side-by-side');
  expect(of('dpo').end('mass/ood').filter((mass) => mass > 0.5).length).toBeGreaterThanOrEqual(5);
  for (const id of ['online-dpo', 'ppo', 'exact']) {
    const { end } = of(id);
    const kept = written(end('mass/chosen'), end('mass/rejected'), end('mass/otherInDistribution'));
    expect(Math.min(...kept), id).toBeGreaterThanOrEqual(0.98);
    expect(Math.max(...end('klToOptimal')), id).toBeLessThanOrEqual(0.5);
  }
}, 300_000);

describe.each(TASK_PRESETS)('$id', ({ id }) => {
  it('online DPO wins more often than it loses in every seed, and loses fewer than 5 % of all comparisons', async () => {
    const { contest, of, seeds } = await trainMethods(id);
    const { win, loss, sampled } = contest('online-dpo', 'dpo');
    expect(seeds).toBe(8);
    win.values.forEach((value, s) => expect(value, `seed ${s}`).toBeGreaterThan(loss.values[s]));
    expect(loss.high).toBeLessThan(0.05);
    expect(sampled.win.low, 'the sample says so too').toBeGreaterThan(sampled.loss.high);
    const [online, offline] = [of('online-dpo').end('goldReward'), of('dpo').end('goldReward')];
    online.forEach((reward, s) => expect(reward).toBeGreaterThan(offline[s]));
  }, 300_000);
});

it('six methods: the true judge leads near π*, a learned one costs PPO gold reward in every seed', async () => {
  const { of } = await trainMethods('six-methods');
  const [dpo, online, ppo] = ['dpo', 'online-dpo', 'ppo'].map((id) => of(id).end('klToOptimal'));
  for (const near of [online, ppo]) near.forEach((distance, s) => expect(distance, `seed ${s}`).toBeLessThan(dpo[s]));
  const [truth, learned] = ['ppo', 'ppo-rm'].map((id) => of(id).end('goldReward'));
  learned.forEach((reward, s) => expect(reward, `seed ${s}`).toBeLessThan(truth[s]));
}, 300_000);
