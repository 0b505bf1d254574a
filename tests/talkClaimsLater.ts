/** TABLE of what the notes of chapters 4 to 10 claim. */
import { expect } from 'vitest';
import { isoLossPolicy, onGridSetting } from '../src/components/chapter4/isoLoss.ts';
import { EXAMPLES, pushOf, readRuler } from '../src/components/chapter4/ruler.ts';
import { ERRATA } from '../src/derivation/errata.ts';
import { dpoLoss, objectiveOf } from '../src/derivation/objective.ts';
import { settingOf } from '../src/derivation/setting.ts';
import { STAGE_NAMES } from '../src/sim/iterationWords.ts';
import { OAIF_HUMAN_DUELS } from '../src/sim/published.ts';
import { nodeOf } from '../src/sim/world.ts';
import { TABLE, TIED, type Claim } from './talkClaim.ts';
import { courseOf, last, preset, shareOf, valuesOf } from './talkRuns.ts';

const close = (value: number, to: number, by: number) => { expect(Math.abs(value - to)).toBeLessThan(by); };
const all = (values: readonly number[], holds: (value: number) => boolean) => { expect(values.length).toBeGreaterThan(0); expect(values.every(holds), values.join(', ')).toBe(true); };

const BOTH_LEFT = ['presets4.test.ts', 'both marks move left, and the loss falls all the same'] as const;
const NOISE = ['presets4.test.ts', 'with noise the reward gap ends at logit(1 − ε) at every β'] as const;
const NO_NOISE = ['presets4.test.ts', 'without noise it still grows at every β'] as const;
const EVERY_TEN = ['presets6.test.ts', 'every 10 updates: at most 1 % in every seed'] as const;
const RARELY = ['presets6.test.ts', 'most seeds drift as without a judge; what loses to a written response falls'] as const;
const GIVEN_OPTIMUM = ['presets7.test.ts', 'at β 0.3 every seed ends near the optimum of what it is given, at nearly four words'] as const;
const DPO_LENGTH = ['presets7.test.ts', 'DPO lengthens too: in every seed'] as const;
const FOUR_WAYS = ['presets8.test.ts', 'four ways from one reference: offline DPO leaves in at least 5 of 8 seeds'] as const;
const HELD = ['presets9.test.ts', 'IPO, the NLL term, the KL term and the hinge hold in every seed'] as const;
const DPOP = ['presets9.test.ts', 'DPOP holds the chosen sentence at π_ref’s 50 % and gives the rest away'] as const;

/** The slide's figures, in the published table. */
const tldr = () => {
  const [{ task, win, tie, loss }] = OAIF_HUMAN_DUELS;
  expect([task, win, tie, loss]).toEqual(['TL;DR summaries', 63.74, 28.57, 7.69]);
};

/** The loss, KL and J while the pair's mass moves to "the the the", from the reference. */
async function sharesMoved() {
  const { world, beta, rewards, refLogps } = await courseOf('reading-the-objective');
  const [chosen, rejected, y0] = ['on the mat', 'on a mat', 'the the the'].map((text) => nodeOf(world, 0, text));
  const setting = onGridSetting(settingOf({ world, beta, rewards, refLogps: refLogps[0], logps: refLogps[0], pairs: [{ chosen, rejected }] }));
  return [0, 0.2, 0.4, 0.6, 0.8, 0.99].map((share) => {
    const logps = isoLossPolicy(setting, y0, share);
    return { loss: dpoLoss(setting, logps), ...objectiveOf(setting, logps) };
  });
}
async function blindSpot() {
  const points = await sharesMoved();
  points.slice(1).forEach(({ loss, kl, value }, i) => {
    expect(loss).toBe(points[0].loss);
    expect(kl).toBeGreaterThan(points[i].kl);
    expect(value).toBeLessThan(points[i].value);
  });
}


const gold = (id: string) => { const found = preset(id).experiment.gold; if (!found) throw new Error(`${id} has no gold reward`); return found; };
const onlineOf = (id: string) => { const { algorithm } = preset(id).experiment; if (algorithm.kind !== 'online-dpo') throw new Error(`${id} is not online DPO`); return algorithm; };
const slideSays = (number: number) => ERRATA.find((erratum) => erratum.number === number)?.slide;

export const LATER_CLAIMS: readonly Claim[] = [
  {
    step: 'reading', says: '0.9 over 0.8 with 0.11 over 0.1', check() {
      expect([EXAMPLES.high.label, EXAMPLES.low.label]).toEqual(['0.9 against 0.8', '0.11 against 0.1']);
      close(0.9 / 0.8, 0.11 / 0.1, 0.03);
    },
  },
  { step: 'reading', says: '1.125 and 1.10', check() { close(readRuler(EXAMPLES.high.marks, 1).chosen.ratio, 1.125, 1e-12); close(readRuler(EXAMPLES.low.marks, 1).chosen.ratio, 1.1, 1e-12); } },
  { step: 'reading', says: 'the loss is log 2', check() { for (const beta of [0.05, 5]) close(pushOf(0, beta).loss, Math.log(2), 1e-15); } },
  { step: 'reading-run', says: 'and the loss has fallen', by: BOTH_LEFT },
  { step: 'reading-run', says: 'both marks end to the left of zero, y₋ further', by: BOTH_LEFT },
  { step: 'reading-run', says: 'the weight of the gradient fades as the marks move apart and is never zero', check() { expect([0, 10, 100, 1000].map((h) => pushOf(h, 0.05).weight).every((weight, i, own) => weight > 0 && (i === 0 || weight < own[i - 1]))).toBe(true); } },
  { step: 'reading-run', says: 'The slide says that either y₊ rises or y₋ falls', check() { expect(slideSays(18)).toContain('either π_θ(y₊) will increase or π_θ(y₋) will decrease'); } },
  { step: 'reading-run', says: 'Both can fall: that is likelihood displacement, and Razin et al. 2024 report it of large models', check() { expect(ERRATA.find(({ number }) => number === 18)?.note).toContain('most often reported of large models (likelihood displacement: Razin et al. 2024)'); } },
  { step: 'blind-spot', says: 'The KL rises, and J falls', check: blindSpot },
  { step: 'blind-spot', says: 'The loss stays the same to its last digit', check: blindSpot },
  { step: 'blind-spot', says: '(0.1, 0, 0.9) is as good as (1, 0, 0)', by: ['derivation/objective.test.ts', 'has the whole solution set of Xu’s table 1'] },
  {
    step: 'higher-beta', says: 'five values of β, each without noise and with a tenth of the comparisons the other way round', check() {
      const { sweep } = preset('three-sentences-about-beta').experiment;
      expect(sweep?.beta).toHaveLength(5);
      expect(sweep?.labelSmoothing).toEqual([0, 0.1]);
    },
  },
  { step: 'higher-beta-run', says: 'First update: the gap opens in proportion to β', by: ['presets4.test.ts', 'the first update opens the gap in proportion to β'] },
  { step: 'higher-beta-run', says: 'The first picture rises with β', by: ['presets4.test.ts', 'the slide’s sentence is true of the log-ratio gap at the first update only'] },
  { step: 'higher-beta-run', says: 'at the same value at every β, log 9, so the gap itself is narrower the higher β is', by: NOISE },
  { step: 'higher-beta-run', says: 'the log-ratio gap h falls with β and the reward gap βh is level', by: NOISE },
  { step: 'higher-beta-run', says: 'by the last update the smallest β has the widest log-ratio gap, though not the widest reward gap', by: NO_NOISE },
  { step: 'higher-beta-run', says: 'the smallest β ends with the widest h', by: NO_NOISE },
  { step: 'table', says: 'The slide calls it no issue if y₊ rises', check() { expect(slideSays(19)).toBe('If π_θ(y₊) increases, there is no issue.'); } },
  {
    step: 'table', says: 'y₊ did rise, and “the the the” with it', async check() {
      const course = await courseOf('the-the-the');
      const [chosen, the] = ['on the mat', 'the the the'].map((text) => course.points.map((point) => shareOf(course, point, text)));
      chosen[0].forEach((_, r) => { expect(chosen.some((now, i) => now[r] > chosen[0][r] && the[i][r] > 2 * the[0][r]), `seed ${r}`).toBe(true); });
    },
  },
  { step: 'table-run', says: 'what nobody wrote never holds more than in the reference, and “on the mat” takes what “on a mat” loses', by: TABLE },
  { step: 'table-run', says: 'In every seed the total of what nobody wrote never rises above where it began, and “on the mat” ends with nearly everything', by: TABLE },
  { step: 'table-run', says: '“Near pairs repeat” and “A tiny transformer” both end on strings nobody wrote in most seeds', by: ['presetTransformer.test.ts', 'at least 6 of 8 seeds end with 90 % on responses nobody wrote'] },
  { step: 'table-run', says: '“Near pairs repeat”', by: ['presets.test.ts', 'near pairs repeat “sat”'] },
  { step: 'beta-dial', says: 'β ten times as high as at the beginning', check() { close(preset('strong-tie').experiment.algorithm.beta / preset('the-the-the').experiment.algorithm.beta, 10, 1e-12); } },
  { step: 'beta-dial', says: 'Ten times the β', check() { expect({ ...preset('strong-tie').experiment, name: '', algorithm: null }).toEqual({ ...preset('the-the-the').experiment, name: '', algorithm: null }); } },
  { step: 'beta-dial-run', says: '“on the mat” is on top in every seed, and what nobody wrote never gets beyond a few per cent', by: TIED },
  { step: 'beta-dial-run', says: 'the loss falls here as it fell there', by: TIED },
  { step: 'beta-dial-run', says: 'In every seed “on the mat” ends on top and at most 6 % of the probability leaves', by: TIED },
  { step: 'beta-dial-run', says: 'The loss falls all the way', by: TIED },
  { step: 'somebody-looks', says: 'every 10 updates', check() { expect(onlineOf('resampling-prevents')).toMatchObject({ resampleEvery: 10, judge: 'gold', judgeLengthBias: 0, beta: preset('the-the-the').experiment.algorithm.beta }); } },
  { step: 'somebody-looks-run', says: 'in the end nearly all are one sentence twice', by: EVERY_TEN },
  {
    step: 'somebody-looks-run', says: 'It hardly ever meets it', async check() {
      const { drawn } = await courseOf('resampling-prevents');
      const sum = (pairs: typeof drawn) => pairs.reduce((total, { times }) => total + times, 0);
      expect(sum(drawn)).toBe(8 * 8 * 80);
      expect(sum(drawn.filter(({ winner, loser }) => winner.group === 'ood' || loser.group === 'ood')) / sum(drawn)).toBeLessThan(0.02);
    },
  },
  { step: 'somebody-looks-run', says: 'In every seed what nobody wrote holds at most 1 % at any time, and “on the mat” ends with nearly everything', by: EVERY_TEN },
  { step: 'too-rarely', says: '200 updates pass between two draws', check() { expect(onlineOf('resampling-rarely').resampleEvery).toBe(200); } },
  { step: 'too-rarely', says: 'is at 200', check() { expect({ ...preset('resampling-rarely').experiment, name: '', algorithm: { ...onlineOf('resampling-rarely'), resampleEvery: 10 } }).toEqual({ ...preset('resampling-prevents').experiment, name: '' }); } },
  { step: 'too-rarely-run', says: 'Until the first draw nothing is different from offline DPO, and most seeds drift away', by: RARELY },
  { step: 'too-rarely-run', says: 'it loses, and within twenty updates most of it is gone', by: RARELY },
  { step: 'too-rarely-run', says: 'ends with answers as long as can be in nearly every seed', by: ['presets6.test.ts', 'a judge that likes length: outputs as long as can be'] },
  { step: 'too-rarely-run', says: 'In most seeds what nobody wrote takes more than half of the probability before update 200', by: RARELY },
  { step: 'too-rarely-run', says: 'it loses and falls at once; in at least one seed it meets only itself and stays', by: RARELY },
  { step: 'ppo', says: 'a quarter off for every word', check() { expect(gold('ppo-length-bias').perToken).toBe(-0.25); } },
  { step: 'ppo', says: 'adds 0.6 for every word, and a reward model was fitted to 1,000', check() { expect(preset('ppo-length-bias').experiment).toMatchObject({ preferences: { sampled: { count: 1000, lengthBias: 0.6 } }, algorithm: { kind: 'ppo', reward: 'reward-model' } }); } },
  {
    step: 'ppo-run', says: 'The reward that it is given rises to where its optimum is', async check() {
      const { points } = await courseOf('ppo-length-bias');
      const [start, end] = [points[0], last(points)];
      const [from, to, best] = [valuesOf(start, 'proxyReward'), valuesOf(end, 'proxyReward'), valuesOf(end, 'proxyOptimal/proxyReward')];
      to.forEach((reward, r) => { expect(reward).toBeGreaterThan(from[r] + 2); close(reward, best[r], 0.3); });
    },
  },
  { step: 'ppo-run', says: 'The true reward stays far below what was possible', by: GIVEN_OPTIMUM },
  { step: 'ppo-run', says: 'In every seed the reward it is given rises and PPO ends near its optimum, at nearly four words', by: GIVEN_OPTIMUM },
  { step: 'ppo-run', says: 'nearly four words', by: GIVEN_OPTIMUM },
  { step: 'slow-motion', says: 'sample, score, KL, advantage, epochs, refresh', check() { expect(Object.values(STAGE_NAMES).join(', ')).toBe('sample, score, KL, advantage, epochs, refresh'); } },
  { step: 'slow-motion', says: 'the ratio ρ is 1, and PPO’s gradient is an estimate of the policy gradient', by: ['derivation/objective.test.ts', 'has the slope of the whole clipped surrogate'] },
  { step: 'slow-motion', says: 'that token no longer pulls', by: ['derivation/objective.test.ts', 'is cut off exactly where the advantage and the ratio say'] },
  { step: 'length-blame', says: 'who add 0, 0.3 or 0.6 for every word', check() { expect(preset('dpo-length').experiment.sweep?.lengthBias).toEqual([0, 0.3, 0.6]); } },
  { step: 'length-blame-run', says: 'In every seed the answers are the longer, the more the annotator likes length', by: DPO_LENGTH },
  { step: 'length-blame-run', says: 'it rises with it, in every seed', by: DPO_LENGTH },
  { step: 'length-blame-run', says: 'grew to about twice the length of the starting model’s', check() { expect(ERRATA.find(({ number }) => number === 16)?.correct).toContain('grew to about twice the length of the starting model’s (Park et al. 2024)'); } },
  { step: 'side-by-side-run', says: 'In most seeds offline DPO ends with more than half of its probability on what nobody wrote', by: FOUR_WAYS },
  { step: 'side-by-side-run', says: 'keep nearly all of it on the written sentences in every seed and end near π*', by: FOUR_WAYS },
  { step: 'side-by-side-run', says: 'it ends on “the the the” as well', by: ['presets7.test.ts', 'does not make PPO safe: every seed ends on “the the the”'] },
  { step: 'published', says: 'online DPO won 63.74 %, tied 28.57 % and lost 7.69 %', check: tldr },
  { step: 'published', says: '63.74 % seems to be a share of ties; it is the share that offline DPO lost', check: tldr },
  { step: 'published', says: 'from 1 to 5', check() { for (const { quality } of OAIF_HUMAN_DUELS) all([...quality], (value) => value >= 1 && value <= 5); } },
  { step: 'published', says: 'In each of the three published tasks online DPO wins more often than it loses', check() { expect(OAIF_HUMAN_DUELS).toHaveLength(3); for (const { win, loss } of OAIF_HUMAN_DUELS) expect(win).toBeGreaterThan(loss); } },
  { step: 'remedies', says: 'a dot for every seed; all rows begin at the same place', check() { expect(preset('remedies-the-the-the').methods).toHaveLength(8); } },
  { step: 'remedies-run', says: 'IPO, the NLL term, the KL term and the hinge hold in every seed', by: HELD },
  { step: 'remedies-run', says: 'Label smoothing leaves it to the seed: its target is finite, and far', by: ['presets9.test.ts', 'label smoothing leaves it to the seed: finite, but far'] },
  { step: 'remedies-run', says: 'where the reference had it, at half, and gives the rest away', by: DPOP },
  { step: 'remedies-run', says: 'the hinge no longer holds in every seed', by: ['presets9.test.ts', 'the hinge 20 % or more in at least one'] },
  { step: 'remedies-run', says: 'IPO and the KL term hold in all three worlds', by: ['presets9.test.ts', 'IPO and the KL term hold in every seed'] },
  { step: 'remedies-run', says: 'Plain DPO and R-DPO collapse in every seed', by: ['presets9.test.ts', 'plain DPO collapses in every seed, and R-DPO with it'] },
  { step: 'remedies-run', says: 'keep what nobody wrote at 5 % or less in every seed', by: HELD },
  { step: 'remedies-run', says: 'DPOP holds the chosen sentence at the reference’s level', by: DPOP },
  { step: 'your-turn', says: 'one pair, “tea please” over “tea”', check() { expect(preset('own-words').experiment.preferences).toEqual({ pairs: [{ prompt: 0, chosen: 'tea please', rejected: 'tea', weight: 1 }] }); } },
  { step: 'your-turn', says: '“please please please” ends with nearly nine tenths or more in at least seven of the eight seeds', by: ['presets10.test.ts', 'says “please please please” with nearly nine tenths or more in at least seven of eight seeds'] },
  { step: 'your-turn', says: 'nobody ever said please three times', check() { const { reference } = preset('own-words').experiment; expect(reference.kind === 'corpus' && reference.corpus.every(({ response }) => !response.includes('please please'))).toBe(true); } },
];
