/** y₀: the response in no pair that mass is moved to. */
import type { Setting } from '../../derivation/setting.ts';
import { msg } from '../../sim/msg.ts';
import { OOD, responseText } from '../../sim/world.ts';
import { useRun } from '../run.ts';
import { useRulerStore } from './rulerStore.ts';

/** The slides' own y₀, where the world has it; else the likeliest response that nobody wrote. */
const SLIDE = msg`the the the`;

/** Responses that are offered. */
const OFFERED = 8;

export interface Target {
  /** y₀. */
  response: number;
  isOod: boolean;
  /** The likeliest responses to the first pair's prompt that are in no pair, those that nobody wrote first, and y₀. */
  offered: readonly { response: number; text: string }[];
}

/** The candidates for y₀, those that nobody wrote first, the likelier first. Pure. */
export function candidates({ pairs, promptOf, logps }: Setting, groups: ArrayLike<number> | null): number[] {
  const paired = new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]));
  const x = promptOf[pairs[0].chosen];
  const unwritten = (y: number) => (groups?.[y] === OOD ? 0 : 1);
  const all: number[] = [];
  promptOf.forEach((own, y) => { if (own === x && !paired.has(y)) all.push(y); });
  return all.sort((a, b) => unwritten(a) - unwritten(b) || logps[b] - logps[a] || a - b);
}

/** Null without a setting, or where every response is in a pair. */
export function useTarget(setting: Setting | null): Target | null {
  const wanted = useRulerStore((ruler) => ruler.target);
  const groups = useRun((run) => run.view?.groups ?? null);
  if (!setting) return null;
  const all = candidates(setting, groups);
  if (all.length === 0) return null;
  const named = (text: string | null) => all.find((y) => responseText(setting.world, y) === text);
  const response = named(wanted) ?? named(SLIDE) ?? all[0];
  const shown = all.slice(0, OFFERED);
  if (!shown.includes(response)) shown.push(response);
  return { response, isOod: groups?.[response] === OOD, offered: shown.map((y) => ({ response: y, text: responseText(setting.world, y) })) };
}
