/** Random settings for the derivation's property tests: the same 200 for everyone, from a fixed seed. */
import { responseLogps } from '../../src/sim/exact/forest.ts';
import { buildWorld, promptOf, type World } from '../../src/sim/world.ts';
import { settingOf, type Setting } from '../../src/derivation/setting.ts';
import { generator } from '../experimentGenerator.ts';

const WORDS = ['the', 'a', 'cat', 'dog', 'sat', 'ran', 'mat'];
const PROMPTS = ['Where is the cat?', 'What does the dog do?', 'Who sat?'];
/** Most responses of a world, over all prompts. */
const MOST_RESPONSES = 450;

/** β: the first worlds are at the ends, at 1 (where some slides are exact), and between. */
const FIRST_BETAS = [1, 0.01, 10, 0.1];
/** How far apart the logits of one context are: from nearly uniform to responses at e^−200 and far below. */
const FIRST_SPREADS = [1, 120, 60, 3];

/** `count` settings, always the same; several prompts, near-zero support, rewards up to ±50, β from 0.01 to 10. */
export function randomSettings(count = 200, seed = 20230529): Setting[] {
  const random = generator(seed);
  return Array.from({ length: count }, (_, i) => randomSetting(random, i));
}

function randomSetting(random: () => number, i: number): Setting {
  const below = (n: number): number => Math.floor(random() * n);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const between = (low: number, high: number): number => low * (high / low) ** random(); // log-uniform
  const world = randomWorld(below);
  const policy = (spread: number): Float64Array =>
    responseLogps(world, Float64Array.from({ length: world.contextCount * world.tokenCount }, () => spread * normal()));
  const beta = FIRST_BETAS[i] ?? between(0.01, 10);
  const refLogps = policy(FIRST_SPREADS[i] ?? between(0.3, 150));
  // Rewards are of any size, up to ±50; in some worlds only a few values, so that responses tie.
  const size = i % 5 === 0 ? 50 : between(0.1, 50);
  const ties = i % 4 === 1;
  const rewards = Float64Array.from({ length: world.responseCount }, () => size * (ties ? below(3) - 1 : 2 * random() - 1));
  // π_θ is the reference a little later, or any other policy.
  const away = policy(between(0.01, 30));
  const logps = i % 3 === 0 ? away : refLogps.map((logp, y) => logp + 0.1 * away[y]);
  const pairs = Array.from({ length: 1 + below(6) }, () => randomPair(world, below, random));
  return settingOf({ world, beta, refLogps, rewards, logps, pairs, ...(i % 2 === 0 ? {} : { shown: below(world.responseCount) }) });
}

function randomWorld(below: (n: number) => number): World {
  for (;;) {
    const world = buildWorld({ words: WORDS.slice(0, 2 + below(6)), maxLength: 1 + below(4), prompts: PROMPTS.slice(0, 1 + below(3)) });
    if (world.responseCount <= MOST_RESPONSES) return world;
  }
}

function randomPair(world: World, below: (n: number) => number, random: () => number): { chosen: number; rejected: number; weight: number } {
  for (;;) {
    const chosen = below(world.responseCount);
    const rejected = below(world.responseCount);
    if (chosen !== rejected && promptOf(world, chosen) === promptOf(world, rejected)) return { chosen, rejected, weight: 0.1 + random() };
  }
}
