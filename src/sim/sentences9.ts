/** The sentences of chapter 9, the remedies: pure functions from the numbers of several methods to words. */
import type { MethodFacts, Spread } from './methodFacts.ts';
import { msg } from './msg.ts';
import { count } from './nouns.ts';
import { formatNumber } from './numbers.ts';
import { lossWords, shareWords, type Fragment } from './sentences.ts';
import { brokenWords, listWords, methodName, type SideBySide } from './sentences8.ts';

/** A remedy holds where every seed keeps what nobody wrote at or below this share. */
export const HELD = 0.05;

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

export type Verdict = 'holds' | 'partly' | 'fails';

/** holds: every seed at or below 5 % on what nobody wrote; fails: more than half of the seeds above 50 %; partly: all else. */
export function verdictOf({ members, collapsed, broken, now }: MethodFacts): Verdict {
  if (broken === 0 && now('mass/ood').high <= HELD) return 'holds';
  return collapsed + broken > members.length / 2 ? 'fails' : 'partly';
}

/**
 * Whether a length term has nothing to say: both responses of every pair are equally long, so α·(|y₊| − |y₋|) is 0 and
 * the loss is the same without it.
 */
export function addsNothing({ experiment: { algorithm, preferences } }: Pick<MethodFacts, 'experiment'>): boolean {
  if (algorithm.kind !== 'dpo' || algorithm.lengthAlpha === 0 || !('pairs' in preferences)) return false;
  const length = (text: string) => text.split(' ').filter((word) => word !== '').length;
  return preferences.pairs.every(({ chosen, rejected }) => length(chosen) === length(rejected));
}

/** "3.1 %" or "0.7 % to 74 %" where seeds differ as written. */
export function rangeWords({ low, high }: Spread): string {
  const [from, to] = [shareWords(low), shareWords(high)];
  if (from === to) return from;
  return msg`${from.includes('than') || to.includes('than') ? from : from.slice(0, -2)} to ${to}`;
}

/** What the remedies do: which hold in every seed, which in none. */
export function remediesSentence(state: SideBySide): Fragment[] {
  const { step, methods } = state;
  const [plain, ...remedies] = methods;
  const seeds = plain.members.length;
  const whose = seeds > 1 ? msg`${seeds} seeds` : msg`one seed`;
  if (step === 0) return [{ text: msg`${plain.label} beside ${remedies.length} remedies, the same pairs, the same β, ${whose} each. Which of them keep the probability on what somebody wrote? Press Play.` }];
  const [idle, active] = [remedies.filter(addsNothing), remedies.filter((method) => !addsNothing(method))];
  const named = (verdict: Verdict) => active.filter((method) => verdictOf(method) === verdict).map(methodName);
  const [holds, partly, fails] = (['holds', 'partly', 'fails'] as const).map(named);
  const ood = plain.now('mass/ood');
  const fragments: Fragment[] = [
    { text: msg`After ${count(step, 'update')}, ${methodName(plain)} has ` },
    { text: msg`${shareWords(ood.median)} of its probability on responses nobody ever wrote`, role: 'ood', metric: 'mass/ood', value: ood.median },
    { text: `${seeds > 1 ? msg` (median of ${seeds} seeds)` : ''}.` },
  ];
  const all = seeds > 1 ? msg` in every seed` : '';
  if (holds.length > 0) fragments.push({ text: msg` ${capital(listWords(holds))} ${holds.length === 1 ? msg`keeps` : msg`keep`} it at 5 % or less${all}.` });
  if (partly.length > 0) fragments.push({ text: msg` ${capital(listWords(partly))} ${partly.length === 1 ? msg`leaves` : msg`leave`} more${seeds > 1 ? msg` in some seed` : ''}.` });
  const lost = active.filter((method) => verdictOf(method) === 'fails');
  const everywhere = lost.every((method) => method.collapsed + method.broken === method.members.length) ? all : msg` in most seeds`;
  if (fails.length > 0) fragments.push({ text: msg` ${capital(listWords(fails))} ${fails.length === 1 ? msg`does` : msg`do`} not help: over half is gone${everywhere}.` });
  if (idle.length > 0) fragments.push({ text: msg` ${capital(listWords(idle.map(methodName)))} ${idle.length === 1 ? msg`adds` : msg`add`} nothing here: the responses of a pair are equally long.` });
  const broken = methods.filter((method) => method.broken > 0);
  if (broken.length > 0 || state.diverged) fragments.push({ text: ` ${brokenWords(broken, seeds)}` });
  return fragments;
}

/** A difference of probabilities that is not worth a direction. */
const SAME = 0.02;

/** What a remedy protects: what nobody wrote, and the chosen responses against the reference. */
export function protectsWords(method: MethodFacts): string {
  if (addsNothing(method)) return msg`Nothing of its own: both responses of a pair are equally long, so its length term is 0 and it is plain DPO.`;
  const [ood, chosen, before] = [method.now('mass/ood'), method.now('mass/chosen'), method.start('mass/chosen')];
  const leak = {
    holds: msg`${shareWords(ood.high).includes('than') ? capital(shareWords(ood.high)) : msg`At most ${shareWords(ood.high)}`} on what nobody wrote`,
    partly: msg`${shareWords(ood.low) === shareWords(ood.high) ? capital(shareWords(ood.low)) : msg`Between ${shareWords(ood.low)} and ${shareWords(ood.high)}`} on what nobody wrote`,
    fails: msg`Nothing: ${rangeWords(ood)} on what nobody wrote`,
  }[verdictOf(method)];
  const reference = shareWords(before.median);
  if (Math.abs(chosen.median - before.median) <= SAME) return msg`${leak}; chosen stays at ${shareWords(chosen.median)} (reference: ${reference}).`;
  return msg`${leak}; chosen ${chosen.median > before.median ? msg`rises` : msg`falls`} from ${reference} to ${shareWords(chosen.median)}.`;
}

/** What a remedy gives away: how far its J stays below the best possible one. */
export function givesAwayWords(method: MethodFacts): string {
  const [own, best] = [method.now('objective').median, method.now('objective/optimal').median];
  if (!Number.isFinite(own) || !Number.isFinite(best)) return '';
  const lost = best - own;
  return msg`${lossWords(Math.max(0, lost))} of J, whose best is ${formatNumber(best)}.`;
}
