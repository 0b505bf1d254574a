/** The self-check's mathematics on real presets: everything as it should be, and found out where it is not. */
import { expect, it } from 'vitest';
import { checkMathematics, summary } from '../src/components/derivation/selfCheck.ts';
import { SLIDE_VERSIONS } from '../src/derivation/errata.ts';
import { settingOf } from '../src/derivation/setting.ts';
import { STEPS } from '../src/derivation/steps.ts';
import { responseLogps } from '../src/sim/exact/forest.ts';
import { goldRewards } from '../src/sim/gold.ts';
import { givenPairs } from '../src/sim/preferences.ts';
import { PRESETS } from '../src/sim/presets/index.ts';
import type { SelfTestRow } from '../src/sim/worker/selfTestProtocol.ts';
import { buildWorld } from '../src/sim/world.ts';

const USABLE = PRESETS.filter(({ experiment: { gold, preferences, world } }) => gold && 'pairs' in preferences && buildWorld(world).responseCount < 1000);

/** The preset's world with two policies that no training made. */
function settingFor(experiment: (typeof PRESETS)[number]['experiment'], beta: number) {
  const world = buildWorld(experiment.world);
  const logits = (phase: number) => Float64Array.from({ length: world.contextCount * world.tokenCount }, (_, i) => 2 * Math.sin(phase + 1.7 * i));
  return settingOf({ world, beta, refLogps: responseLogps(world, logits(0)), logps: responseLogps(world, logits(1)), rewards: goldRewards(world, experiment.gold!), pairs: givenPairs(world, experiment) });
}

it.each(USABLE.map((preset) => [preset.id, preset.experiment] as const))('on the world of %s every line holds and every slide’s version does what it should', (_id, experiment) => {
  for (const beta of [0.05, 1]) {
    const check = checkMathematics(settingFor(experiment, beta));
    expect(check.steps.map(({ id }) => id)).toEqual(STEPS.map(({ id }) => id));
    expect(check.steps.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect(check.errata).toHaveLength(SLIDE_VERSIONS.length);
    expect(check.errata.filter(({ asExpected }) => !asExpected)).toEqual([]);
    // At β = 1 those that only dropped β are exact.
    expect(check.errata.some(({ found }) => found === 'holds')).toBe(beta === 1);
  }
});

it('says in one sentence what was done, and names what is not as it should be', () => {
  const check = checkMathematics(settingFor(PRESETS[0].experiment, 0.5));
  const row = (name: string, verdict: SelfTestRow['verdict']): SelfTestRow => ({ name, how: '', off: 0, allowed: 0, verdict, note: '' });
  const checked = check.steps.filter(({ verdict }) => verdict !== 'definition').length;
  expect(summary(check, [row('replay', 'pass'), row('memory', 'not-run')])).toBe(`${checked} lines and ${SLIDE_VERSIONS.length} of the slides’ versions were evaluated, 1 tests of the engine run: all as they should be.`);
  const [first, ...rest] = check.errata;
  const broken = { ...check, steps: check.steps.map((step, i) => (i === 0 ? { ...step, verdict: 'fail' as const } : step)), errata: [{ ...first, asExpected: false }, ...rest] };
  expect(summary(broken, [row('replay', 'fail')])).toContain(`not as it should be: the line “${check.steps[0].title}”, the slides’ version ${first.number}, the engine’s replay.`);
});
