/** What a card's run came to, in a sentence, and the lines of its picture. Pure. */
import type { Experiment } from '../../sim/experiment.ts';
import { focusMembers, focusValue } from '../../sim/focus.ts';
import { METRICS, type MetricId, type MetricUnit } from '../../sim/metrics.ts';
import { msg } from '../../sim/msg.ts';
import { promptOf, responseText, type World } from '../../sim/world.ts';
import type { Frame } from '../../sim/worker/protocol.ts';
import { count, formatNumber, formatProbability } from '../format.ts';

export const rowOf = (id: MetricId) => METRICS.find((row) => row.id === id)!;

const isShare = (unit: MetricUnit) => unit === 'probability' || unit === 'share';

/** Whether all of the metrics lie between 0 and 1. */
export const areShares = (ids: readonly MetricId[]): boolean => ids.every((id) => isShare(rowOf(id).unit));

/** A line breaks between numbers, not inside one: "> 99.9 %" stays whole. */
export const glued = (text: string): string => text.replaceAll(/(?<=[\d<>≈]) (?=[\d%])/g, '\u00a0');

/** "98 %", "3.95 words". */
export function valueWords(id: MetricId, value: number): string {
  const { unit } = rowOf(id);
  if (isShare(unit)) return formatProbability(value);
  return unit === 'words' ? msg`${formatNumber(value)} words` : formatNumber(value);
}

/** The most probable response of every prompt: its name and what it holds. */
function tops(world: World, logps: Float64Array): { prompt: number; text: string; share: number }[] {
  const best = new Map<number, number>();
  logps.forEach((logp, y) => {
    const now = best.get(promptOf(world, y));
    if (now === undefined || logp > logps[now]) best.set(promptOf(world, y), y);
  });
  return [...best].map(([prompt, y]) => ({ prompt, text: responseText(world, y), share: Math.exp(logps[y]) }));
}

/** "After 600 updates, median of 3 seeds: responses nobody wrote 98 %, chosen 0.2 %. It says “sat sat sat” (97 %)." */
export function outcomeSentence(experiment: Experiment, world: World, frame: Frame, ids: readonly MetricId[]): string {
  const members = focusMembers(experiment, frame.focus);
  const policies = frame.metrics.length / METRICS.length;
  const values = ids.map((id) => `${rowOf(id).label} ${valueWords(id, focusValue(frame.metrics, policies, id, members))}`);
  const said = tops(world, frame.logps).map(({ prompt, text, share }) => {
    const answer = text === '' ? msg`nothing (${formatProbability(share)})` : msg`“${text}” (${formatProbability(share)})`;
    return experiment.world.prompts.length > 1 ? msg`“${experiment.world.prompts[prompt]}” ${answer}` : answer;
  });
  return msg`After ${count(frame.step, 'update')}, median of ${count(experiment.seeds.length, 'seed')}: ${values.join(', ')}. Said most: ${said.join('; ')}.`;
}
