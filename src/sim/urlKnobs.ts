/** What sets one experiment apart from another, as the keys and values of links. Pure. */
import { same } from './experimentPrint.ts';
import { parseExperiment, readExperiment } from './experimentSchema.ts';
import { quotedList } from './experimentRanges.ts';
import { msg } from './msg.ts';
import { formatParam, getParam, missingKnob, PARAMS, parseParam, setParam } from './params.ts';
import { decodeText, quoted } from './urlText.ts';
import type { Experiment } from './experiment.ts';
import type { ParamId, ParamValue } from './params.ts';

/** The knobs that make `to` of `from`, each with its key in links; null where knobs cannot say it. */
export function knobsFrom(from: Experiment, to: Experiment): [string, string][] | null {
  const written = changedKnobs(from, to);
  const read = withKnobs(from, written);
  return typeof read !== 'string' && same(read, to) ? written : null;
}

/** The knobs that differ, applied one after the other so that what follows from one is not written. */
function changedKnobs(from: Experiment, to: Experiment): [string, string][] {
  const written: [string, string][] = [];
  let reached = from;
  for (const { id, urlKey } of PARAMS) {
    const before = getParam(reached, id);
    const after = getParam(to, id);
    if (before === undefined || after === undefined || same(before, after)) continue;
    const text = formatParam(id, after);
    const parsed = parseParam(id, text);
    if (!parsed.ok) continue;
    reached = setParam(reached, id, parsed.value);
    written.push([urlKey, text]);
  }
  return written;
}

/** An experiment with knobs set, in the order of the table; why one of them cannot be, in a sentence. */
export function withKnobs(from: Experiment, knobs: readonly (readonly [string, string])[]): Experiment | string {
  const unknown = knobs.find(([key]) => !PARAMS.some(({ urlKey }) => urlKey === key));
  if (unknown) return msg`a knob must be one of ${quotedList(PARAMS.map(({ urlKey }) => urlKey), 64)}, got ${quoted(unknown[0])}.`;
  const twice = knobs.find(([key], i) => knobs.findIndex(([other]) => other === key) !== i);
  if (twice) return msg`${twice[0]} must be given once, got it again with the value ${quoted(twice[1])}.`;
  let reached = from;
  for (const { id, urlKey } of PARAMS) {
    const found = knobs.find(([key]) => key === urlKey);
    if (!found) continue;
    const parsed = parseParam(id, found[1]);
    if (!parsed.ok) return parsed.message;
    if (getParam(reached, id) === undefined) return missingKnob(reached, id);
    reached = setParam(reached, id, parsed.value);
  }
  if (reached === from) return from;
  const result = readExperiment(reached);
  return result.ok ? result.experiment : result.problems[0].message;
}

/** The experiment: the whole one of the link, else the preset, with the link's knobs applied. */
export function readWhole(encoded: string | undefined, preset: Experiment, knobs: ReadonlyMap<ParamId, string>, problems: string[]): Experiment {
  if (encoded === undefined) return applyKnobs(preset, knobs, problems);
  const text = decodeText(encoded);
  if (text === null) {
    problems.push(msg`experiment must be base64url of an experiment's JSON, got ${quoted(encoded)}; the preset is used as it is.`);
    return preset;
  }
  const result = parseExperiment(text);
  if (result.ok) return applyKnobs(result.experiment, knobs, problems);
  problems.push(...result.problems.map(({ message }) => msg`The experiment in the link is refused and the preset is used as it is: ${message}`));
  return preset;
}

function applyKnobs(base: Experiment, knobs: ReadonlyMap<ParamId, string>, problems: string[]): Experiment {
  const values: [ParamId, string, ParamValue][] = [];
  for (const { id } of PARAMS) {
    const text = knobs.get(id);
    if (text === undefined) continue;
    const parsed = parseParam(id, text);
    if (parsed.ok) values.push([id, text, parsed.value]);
    else problems.push(parsed.message);
  }
  let reached = base;
  for (const [id, text, value] of values) {
    if (getParam(reached, id) === undefined) problems.push(msg`The link's value ${quoted(text)} was not used: ${missingKnob(reached, id)}`);
    else reached = setParam(reached, id, value);
  }
  if (reached === base) return base;
  const result = readExperiment(reached);
  if (result.ok) return result.experiment;
  problems.push(...result.problems.map(({ message }) => msg`The link's values do not go together, so none of them is used: ${message}`));
  return base;
}
