/** The catch in the log of judged pairs. */
import { describe, expect, it } from 'vitest';
import { clearestCatch, findCatches, type MassPoint } from '../src/sim/catch.ts';
import type { JudgedBatch } from '../src/sim/worker/protocol.ts';
import { CHOSEN, OOD, OTHER, REJECTED } from '../src/sim/world.ts';

/** Responses 0 to 4. */
const GROUPS = Uint8Array.of(CHOSEN, REJECTED, OOD, OOD, OTHER);
const SCORES = [1, 0, -2, -3, 0.5];

const batch = (step: number, policy: number, ...nodes: number[]): JudgedBatch =>
  ({ step, policy, nodes: Int32Array.from(nodes), scores: Float32Array.from(nodes, (y) => SCORES[y]) });
const MASSES: MassPoint[] = [[0, 0.01], [5, 0.2], [10, 0.5], [15, 0.3], [20, 0.05]].map(([step, mass]) => ({ step, mass }));

describe('findCatches', () => {
  it('finds who lost, won, and was among its own kind, with scores', () => {
    const log = [batch(11, 0, 0, 2, 1, 4, 3, 1, 2, 3, 2, 2)];
    const found = findCatches(log, 0, GROUPS, MASSES, 5);
    expect(found.map(({ outcome, response, against, score, againstScore }) => [outcome, response, against, score, againstScore])).toEqual([
      ['lost', 2, 0, -2, 1], ['won', 3, 1, -3, 0], ['both', 2, 3, -2, -3],
    ]);
  });

  it('says how much OOD mass there was when it was drawn, and some updates later', () => {
    const at = (step: number, wait: number) => findCatches([batch(step, 0, 0, 2)], 0, GROUPS, MASSES, wait)[0];
    // Update 11 trains on pairs of the policy of 10 updates.
    expect(at(11, 5)).toMatchObject({ before: { step: 10, mass: 0.5 }, after: { step: 15, mass: 0.3 } });
    expect(at(10, 5)).toMatchObject({ before: { step: 5, mass: 0.2 }, after: { step: 15, mass: 0.3 } });
    expect(at(1, 1)).toMatchObject({ before: { step: 0, mass: 0.01 }, after: { step: 5, mass: 0.2 } });
    expect(at(18, 5).after).toBeNull();
    expect(findCatches([batch(1, 0, 0, 2)], 0, GROUPS, [], 5)[0]).toMatchObject({ before: null, after: null });
  });

  it('keeps to one policy and to its own groups', () => {
    const log = [batch(3, 1, 0, 2), batch(4, 0, 0, 3), batch(9, 1, 2, 4)];
    expect(findCatches(log, 1, GROUPS, MASSES, 5).map(({ step, outcome }) => [step, outcome])).toEqual([[3, 'lost'], [9, 'won']]);
    expect(findCatches(log, 0, Uint8Array.of(CHOSEN, REJECTED, OTHER, OTHER, OTHER), MASSES, 5)).toEqual([]);
    expect(findCatches([], 0, GROUPS, MASSES, 5)).toEqual([]);
  });
});

describe('clearestCatch', () => {
  it('is the lost one with the largest fall, not a won one and not a rise', () => {
    const log = [batch(1, 0, 0, 2), batch(11, 0, 0, 3), batch(16, 0, 1, 2), batch(11, 0, 2, 0)];
    const found = findCatches(log, 0, GROUPS, MASSES, 5);
    expect(clearestCatch(found)).toMatchObject({ step: 16, response: 2, before: { mass: 0.3 }, after: { mass: 0.05 } });
    expect(clearestCatch(found.filter(({ step }) => step === 11))).toMatchObject({ outcome: 'lost', response: 3 });
    expect(clearestCatch(found.filter(({ step }) => step === 1)), 'the mass rose').toBeNull();
    expect(clearestCatch(findCatches([batch(20, 0, 0, 2)], 0, GROUPS, MASSES, 5)), 'nothing known yet').toBeNull();
  });
});
