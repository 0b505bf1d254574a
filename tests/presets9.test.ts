/** What chapter 9 says of the remedies on its three worlds, over eight seeds each. */
import { beforeAll, describe, expect, it } from 'vitest';
import { HELD } from '../src/sim/sentences9.ts';
import { trainMethods } from './trainMethods.ts';

type Worlds = Awaited<ReturnType<typeof trainMethods>>;

const most = (values: readonly number[]) => Math.max(...values);
const least = (values: readonly number[]) => Math.min(...values);

function expectHeld({ of }: Worlds, ids: readonly string[]) {
  for (const id of ids) expect(most(of(id).end('mass/ood')), id).toBeLessThanOrEqual(HELD);
}

/** Both responses of every pair have the same length: R-DPO's term is 0. */
function expectSameAsDpo({ of }: Worlds) {
  expect(of('r-dpo').end('mass/ood')).toEqual(of('dpo').end('mass/ood'));
}

describe('“the the the”', () => {
  let trained: Worlds;
  beforeAll(async () => { trained = await trainMethods('remedies-the-the-the'); }, 300_000);

  it('plain DPO collapses in every seed, and R-DPO with it', () => {
    expect(least(trained.of('dpo').end('mass/ood'))).toBeGreaterThan(0.5);
    expectSameAsDpo(trained);
  });
  it('IPO, the NLL term, the KL term and the hinge hold in every seed', () => expectHeld(trained, ['ipo', 'dpo-nll', 'dpo-kl', 'hinge']));
  it('DPOP holds the chosen sentence at π_ref’s 50 % and gives the rest away', () => {
    const { start, end } = trained.of('dpop');
    end('mass/chosen').forEach((mass, s) => expect(Math.abs(mass - start('mass/chosen')[s])).toBeLessThan(0.05));
    end('mass/ood').forEach((mass, s) => expect(mass + end('mass/chosen')[s]).toBeGreaterThan(0.98));
    expect(least(end('mass/ood'))).toBeGreaterThan(0.4);
  });
  it('label smoothing leaves it to the seed: finite, but far', () => {
    const mass = trained.of('cdpo').end('mass/ood');
    expect(least(mass)).toBeLessThan(0.05);
    expect(most(mass)).toBeGreaterThan(0.4);
  });
});

describe('near pairs', () => {
  let trained: Worlds;
  beforeAll(async () => { trained = await trainMethods('remedies-near-pairs'); }, 300_000);

  it('plain DPO collapses in every seed, and R-DPO with it', () => {
    expect(least(trained.of('dpo').end('mass/ood'))).toBeGreaterThan(0.5);
    expectSameAsDpo(trained);
  });
  it('IPO, the NLL term and the KL term hold in every seed', () => expectHeld(trained, ['ipo', 'dpo-nll', 'dpo-kl']));
  it('label smoothing loses more than a third in every seed, the hinge 20 % or more in at least one', () => {
    expect(least(trained.of('cdpo').end('mass/ood'))).toBeGreaterThan(1 / 3);
    expect(most(trained.of('hinge').end('mass/ood'))).toBeGreaterThanOrEqual(0.2);
  });
  it('DPOP never lets the chosen sentence fall below the reference', () => {
    const { start, end } = trained.of('dpop');
    end('mass/chosen').forEach((mass, s) => expect(mass).toBeGreaterThan(start('mass/chosen')[s] - 0.05));
  });
});

describe('a prompt without pairs', () => {
  let trained: Worlds;
  beforeAll(async () => { trained = await trainMethods('remedies-two-prompts'); }, 300_000);

  it('plain DPO leaves with more than half of the probability in every seed', () => {
    expect(least(trained.of('dpo').end('mass/ood'))).toBeGreaterThan(0.5);
    expectSameAsDpo(trained);
  });
  it('IPO and the KL term hold in every seed; the NLL term of the one prompt in at least 7 of 8, and never above 10 %', () => {
    expectHeld(trained, ['ipo', 'dpo-kl', 'hinge']);
    const nll = trained.of('dpo-nll').end('mass/ood');
    expect(nll.filter((mass) => mass <= HELD).length).toBeGreaterThanOrEqual(7);
    expect(most(nll)).toBeLessThan(0.1);
  });
  it('DPOP holds the chosen sentence at the reference’s level', () => {
    const { start, end } = trained.of('dpop');
    end('mass/chosen').forEach((mass, s) => expect(Math.abs(mass - start('mass/chosen')[s])).toBeLessThan(0.05));
    expect(least(end('mass/ood'))).toBeGreaterThan(0.2);
  });
});
