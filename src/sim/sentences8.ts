/** The sentences of chapter 8, side by side: pure functions from the numbers of several methods to words. */
import type { Contest, Estimate } from './duels.ts';
import type { MethodFacts } from './methodFacts.ts';
import { msg } from './msg.ts';
import { count, numberWord } from './nouns.ts';
import { formatNumber } from './numbers.ts';
import { shareWords, type Fragment } from './sentences.ts';

/** A moment of several methods. */
export interface SideBySide {
  step: number;
  methods: readonly MethodFacts[];
  /** E[r] of π* at the β of the run; null without a gold reward. */
  optimalReward: number | null;
  /** The run has stopped because its numbers did. */
  diverged: boolean;
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** "A", "A and B", "A, B and C". */
export function listWords(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : msg`${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** A method's name within a sentence: "offline DPO", "PPO", "hinge (SLiC)". */
export function methodName({ label }: { label: string }): string {
  if (label === msg`Exact gradient`) return msg`the exact gradient`;
  return /^[A-Z][a-z]/.test(label) && !label.startsWith('SimPO') ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
}

/** "After 200 updates, median over 8 seeds" */
function whenWords({ step, methods }: SideBySide): string {
  const { seeds } = methods[0].experiment;
  const whose = seeds.length > 1 ? msg`median over ${seeds.length} seeds` : msg`seed ${seeds[0]}`;
  return msg`After ${count(step, 'update')} (${whose})`;
}

/** The headline of chapter 8. */
export function sideBySideSentence(state: SideBySide): Fragment[] {
  const { step, methods } = state;
  const seeds = methods[0].experiment.seeds.length;
  if (step === 0) {
    return [{ text: msg`${capital(numberWord(methods.length))} methods, ${seeds > 1 ? msg`the same references, the same ${seeds} seeds` : msg`the same reference`}, the same β: ${listWords(methods.map(methodName))}. Press Play.` }];
  }
  const broken = methods.filter((method) => method.broken > 0);
  const sound = methods.filter((method) => method.broken < method.members.length);
  const fragments: Fragment[] = [{ text: msg`${whenWords(state)}, responses nobody ever wrote hold ` }];
  sound.forEach((method, i) => {
    const { median } = method.now('mass/ood');
    let before = '';
    if (i > 0) before = i === sound.length - 1 ? msg` and ` : ', ';
    fragments.push({ text: before }, { text: `${shareWords(median)}${i === 0 ? msg` of the probability` : ''}`, role: 'ood', metric: 'mass/ood', value: median }, { text: msg` with ${methodName(method)}` });
  });
  fragments.push({ text: '.' }, ...rewardFragments(state, sound));
  if (broken.length > 0 || state.diverged) fragments.push({ text: ` ${brokenWords(broken, seeds)}` });
  return fragments;
}

/** "Nearest to π* is PPO, at 0.00255 nats. Gold rewards go from −1.99 (offline DPO) to 1.00 (PPO); π* has 1.00." */
function rewardFragments({ optimalReward }: SideBySide, methods: readonly MethodFacts[]): Fragment[] {
  const ranked = methods.map((method) => ({ method, reward: method.now('goldReward').median })).filter(({ reward }) => Number.isFinite(reward)).sort((a, b) => b.reward - a.reward);
  if (ranked.length < 2) return [];
  const nearest = methods.map((method) => ({ method, distance: method.now('klToOptimal').median })).filter(({ distance }) => Number.isFinite(distance)).sort((a, b) => a.distance - b.distance)[0];
  const fragments: Fragment[] = nearest ? [{ text: msg` Nearest to π* is ${methodName(nearest.method)}, at ` }, { text: msg`${formatNumber(nearest.distance)} nats`, metric: 'klToOptimal', value: nearest.distance }, { text: '.' }] : [];
  const reward = ({ method, reward: value }: (typeof ranked)[number]): Fragment[] => [{ text: formatNumber(value), metric: 'goldReward', value }, { text: ` (${methodName(method)})` }];
  fragments.push({ text: msg` Gold rewards go from ` }, ...reward(ranked[ranked.length - 1]), { text: msg` to ` }, ...reward(ranked[0]));
  if (optimalReward !== null) fragments.push({ text: msg`; π* has ${formatNumber(optimalReward)}` });
  return [...fragments, { text: '.' }];
}

/** Which methods' numbers stopped being finite, and in how many seeds. */
export function brokenWords(broken: readonly MethodFacts[], seeds: number): string {
  if (broken.length === 0) return msg`The run has stopped: its numbers are no longer finite. The charts show the last state that was.`;
  return msg`${listWords(broken.map((method) => msg`${method.label} in ${method.broken} of ${count(seeds, 'seed')}`))}: numbers are no longer finite.`;
}

/** A sampled share and its interval, which is for further draws from the same policies: other seeds are other policies. */
export function estimateWords({ share, low, high }: Estimate): string {
  return msg`${percent(share)} % (95 % interval for other draws from these very policies, not for other seeds: ${percent(low)} to ${percent(high)} %)`;
}

/** Shares closer than this are equal but for rounding. */
const LEVEL = 1e-9;

/** A share in percent with one decimal: "63.7"; only none and all are "0.0" and "100.0", what rounds to them is "< 0.1" or "> 99.9". */
export function percent(share: number): string {
  const text = (100 * share).toFixed(1);
  if (text === '0.0' && share > LEVEL) return '< 0.1';
  return text === '100.0' && share < 1 - LEVEL ? '> 99.9' : text;
}

/** Before the first update two methods are one policy. */
export function sameStartWords(first: string, second: string): string {
  return msg`At update 0 ${first} and ${second} are the same policy, the reference: there is nothing to compare yet.`;
}

/** What a head-to-head shows: who wins how often, and whether every seed agrees. */
export function contestWords({ win, tie, loss, sampled }: Contest, first: string, second: string): string {
  const seeds = win.values.length;
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [w, t, l] = [win, tie, loss].map(({ values }) => mean(values));
  const whose = seeds > 1 ? msg` (mean over ${seeds} seeds)` : '';
  const ahead = win.values.filter((value, s) => value - loss.values[s] > LEVEL).length;
  const behind = win.values.filter((value, s) => loss.values[s] - value > LEVEL).length;
  if (ahead === 0 && behind === 0) return msg`neither is better: ${first} and ${second} each give the better answer in ${percent(w)} % of all comparisons, and in ${percent(t)} % both are equal${whose}.`;
  let agree = '';
  if (seeds > 1) {
    if (ahead === seeds) agree = msg`: in every one of ${seeds} seeds it wins more often than it loses`;
    else if (behind === seeds) agree = msg`: in every one of ${seeds} seeds it loses more often than it wins`;
    else agree = msg`: it wins more often than it loses in ${ahead} of ${seeds} seeds`;
  }
  return msg`${first} gives the better answer in ${percent(w)} % of all comparisons with ${second}, an equal one in ${percent(t)} %, the worse one in ${percent(l)} %${whose}${agree}. `
    + msg`In a sample of ${sampled.pairs.toLocaleString('en')} comparisons it won ${estimateWords(sampled.win)}.`;
}

/** What the three tasks show together; null until one is done. */
export function tasksWords(results: readonly { task: string; contest: Contest }[], first: string, second: string): string | null {
  if (results.length === 0) return null;
  const always = results.filter(({ contest: { win, loss } }) => win.values.every((value, s) => value - loss.values[s] > LEVEL));
  const [names, total] = [results.map(({ task }) => task), results.length];
  const where = total === 1 ? msg`On ${names[0]}` : msg`On ${listWords(names)}`;
  if (always.length === total) return msg`${where}, ${first} wins against ${second} more often than it loses, in every seed${total > 1 ? msg` of every task` : ''}.`;
  if (always.length === 0) return msg`${where}, there is no task where ${first} wins against ${second} more often than it loses in every seed.`;
  return msg`In every seed, ${first} wins against ${second} more often than it loses on ${listWords(always.map(({ task }) => task))}; elsewhere seeds disagree or it loses.`;
}

/** What a method has used up so far: "12,800 responses drawn, 12,800 scores", "no response drawn: it spends the given pairs". */
export function costWords({ experiment }: Pick<MethodFacts, 'experiment'>, samples: number, calls: number): string {
  const { algorithm, preferences } = experiment;
  const drawn = msg`${count(samples, 'response')} drawn per seed`;
  switch (algorithm.kind) {
    case 'ppo': return msg`${drawn}, ${calls.toLocaleString('en')} scores`;
    case 'online-dpo': return msg`${drawn}, ${calls.toLocaleString('en')} verdicts`;
    case 'exact': return msg`nothing drawn: it reads the reward of every response at every update`;
    default: return 'sampled' in preferences ? msg`nothing drawn: it trains on ${preferences.sampled.count.toLocaleString('en')} pairs judged before the start, over and over` : msg`nothing drawn: it trains on the given pairs alone, over and over`;
  }
}
