/**
 * What happened to a run on its way, in a link: `then=120:beta=0.5;200:fork:loss=ipo,beta=0.1`.
 *
 * One entry for every change, in order, with the update after which it acts. A changed β or learning rate goes on in the
 * same run; with `fork` another run begins there from the state of the one before. What no knob can say travels whole,
 * as `200:fork:experiment=` base64url of the minimal JSON.
 */
import type { Experiment } from './experiment.ts';
import { minimalExperiment } from './experimentPrint.ts';
import { quotedList } from './experimentRanges.ts';
import { parseExperiment, supportProblem } from './experimentSchema.ts';
import { forkProblem } from './fork.ts';
import { msg } from './msg.ts';
import { parseParam } from './params.ts';
import { beginningOf, forkedAt, inForce, parentOf, type Place } from './place.ts';
import { knobsFrom, withKnobs } from './urlKnobs.ts';
import { decodeText, encodeText, quoted } from './urlText.ts';
import type { KnobsAt } from './worker/protocol.ts';

/** The knobs that change while a run goes on, by their keys in links. */
const RETUNED = ['beta', 'learningRate'] as const;

/** The entries that lead from the beginning of the first run to a place; empty where nothing happened. */
export function writeThen(place: Place): string {
  return entriesOf(place).join(';');
}

function entriesOf({ experiment, from, changes }: Place): string[] {
  const own = changes.map((change) => `${change.step}:${RETUNED.flatMap((key) => (change[key] === undefined ? [] : [`${key}=${change[key]}`])).join(',')}`);
  if (!from) return own;
  const parent = parentOf(from);
  const knobs = knobsFrom(inForce(parent), experiment)?.map((entry) => entry.join('=')).join(',')
    ?? `experiment=${encodeText(JSON.stringify(minimalExperiment(experiment)))}`;
  return [...entriesOf(parent), `${from.step}:fork${knobs === '' ? '' : `:${knobs}`}`, ...own];
}

/** The place that the entries lead to, at the update of the last of them; why they cannot be used, in a sentence. */
export function readThen(text: string, root: Experiment): Place | string {
  let place = beginningOf(root);
  for (const entry of text.split(';')) {
    const next = after(place, entry);
    if (typeof next === 'string') return msg`then was not used, so the run opens at update 0; its entry ${quoted(entry)} is refused: ${next}`;
    place = next;
  }
  return place;
}

function after(place: Place, entry: string): Place | string {
  const [, update, fork, what = ''] = /^([^:]*)(?::(fork)(?=:|$))?(?::(.*))?$/.exec(entry) ?? [];
  const step = /^\d+$/.test(update ?? '') ? Number(update) : NaN;
  const last = place.changes.at(-1)?.step;
  const changed = fork === undefined && last !== undefined;
  const { steps } = place.experiment;
  // Two changes of the same run at one update would be one.
  const first = changed ? last + 1 : place.step;
  if (!(step >= first && step <= steps)) return msg`it must begin with its update, an integer in [${first}, ${steps}], and a colon, got ${quoted(update ?? entry)}.`;
  const pairs = what === '' ? [] : what.split(',').map((pair): [string, string] => [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1 || pair.length)]);
  return fork === undefined ? retunedAt(place, step, pairs) : forked({ ...place, step }, pairs);
}

function retunedAt(place: Place, step: number, pairs: [string, string][]): Place | string {
  const { experiment, changes } = place;
  const knobs: Omit<KnobsAt, 'step'> = {};
  for (const [key, text] of pairs) {
    const name = RETUNED.find((knob) => knob === key);
    if (!name || knobs[name] !== undefined) return msg`what changes while a run goes on must be ${quotedList(RETUNED)}, each once, got ${quoted(key)}; other knobs need a fork.`;
    const parsed = parseParam(name, text);
    if (!parsed.ok) return parsed.message;
    if (experiment.sweep?.[name]) return msg`${name} must be left alone where its values are swept, got ${quoted(text)}.`;
    knobs[name] = Number(parsed.value);
  }
  if (pairs.length === 0) return msg`after its update it must name ${quotedList(RETUNED)} or a fork, got nothing.`;
  return { ...place, step, changes: [...changes, { step, ...knobs }] };
}

function forked(place: Place, pairs: [string, string][]): Place | string {
  const before = inForce(place);
  const whole = pairs.length === 1 && pairs[0][0] === 'experiment' ? pairs[0][1] : null;
  const change = whole === null ? withKnobs(before, pairs) : readWhole(whole);
  if (typeof change === 'string') return change;
  const problem = supportProblem(change) ?? forkProblem(before, change, place.step);
  return problem ?? forkedAt(place, change);
}

function readWhole(encoded: string): Experiment | string {
  const text = decodeText(encoded);
  if (text === null) return msg`experiment must be base64url of an experiment's JSON, got ${quoted(encoded)}.`;
  const result = parseExperiment(text);
  return result.ok ? result.experiment : result.problems[0].message;
}
