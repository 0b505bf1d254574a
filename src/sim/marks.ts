/**
 * What happened when: the updates of a recorded run that a reader may want to go to. Pure.
 *
 * A history has a point every few updates, so an event is marked at the first point that shows it.
 */
import { CATCH_WAIT, clearestCatch, findCatches } from './catch.ts';
import type { Experiment } from './experiment.ts';
import { COLLAPSE, focusedExperiment, focusMembers, metricOf } from './focus.ts';
import type { Fork } from './fork.ts';
import { differenceWords } from './differenceWords.ts';
import { historyPoints, quantile, type History } from './history.ts';
import type { MetricId } from './metrics.ts';
import { msg } from './msg.ts';
import { everyOf } from './onlineStory.ts';
import type { KnobChange } from './runStore.ts';
import { knobWords } from './sentences.ts';
import { quoted } from './words.ts';
import { responseText, type World } from './world.ts';
import type { Focus, JudgedBatch } from './worker/protocol.ts';

export type MarkKind = 'collapse' | 'recovery' | 'chosen-falls' | 'draw' | 'catch' | 'knobs' | 'fork' | 'divergence';

/** Something to go to. */
export interface Mark {
  step: number;
  kind: MarkKind;
  /** One sentence. */
  sentence: string;
}

/** What a run store knows that marks are made of. */
export interface MarkedRun {
  experiment: Experiment;
  others: readonly Experiment[];
  world: World;
  focus: Focus;
  /** All that was recorded. */
  history: History;
  furthest: number;
  schedule: readonly KnobChange[];
  /** The log up to the present and beyond. */
  judged: readonly JudgedBatch[];
  judgedAhead: readonly JudgedBatch[];
  /** Index into GROUPS per response, of the focused policy, [Y]; null before the first view. */
  groups: Uint8Array | null;
  brokeAfter: number | null;
  forkedFrom: Fork | null;
}

/** Most marks of the same kind; draws are thinned to so many. */
export const MARKS_OF_A_KIND = 24;
/** By how much the chosen probability falls below its largest value before that is an event. */
export const FALL = 0.01;

/** All marks, ascending by update; at the same update in the order of what caused what. */
export function marksOf(run: MarkedRun): Mark[] {
  const marks = [...knobMarks(run), ...forkMark(run), ...drawMarks(run), ...catchMark(run), ...massMarks(run), ...chosenMark(run), ...breakMark(run)];
  return marks.sort((a, b) => a.step - b.step);
}

/** One metric of the focus over the history: the seed's, or the median over seeds. */
function lineOf({ history, experiment, focus }: MarkedRun, id: MetricId): { step: number; value: number }[] {
  const members = focusMembers(experiment, focus);
  const { steps, points } = historyPoints(history);
  return points.map((metrics, i) => ({ step: steps[i], value: quantile(metricOf(metrics, history.policyCount, id, members), 0.5) }));
}

/** What the policies shown are trained with: a swept value, or one of the methods side by side. */
function methodShown({ experiment, others, focus }: MarkedRun): Experiment {
  return others[focus.sweepIndex - 1] ?? (others.length > 0 ? experiment : focusedExperiment(experiment, focus));
}

function seedsWords({ experiment, focus }: MarkedRun): string {
  if (focus.seedIndex !== null) return msg` (seed ${experiment.seeds[focus.seedIndex]})`;
  return experiment.seeds.length > 1 ? msg` (median over ${experiment.seeds.length} seeds)` : '';
}

/** Where the OOD mass crosses one half, up or down. */
function massMarks(run: MarkedRun): Mark[] {
  const line = lineOf(run, 'mass/ood').filter(({ value }) => Number.isFinite(value));
  const crossings = line.flatMap(({ step, value }, i): Mark[] => {
    if (i === 0 || value > COLLAPSE === line[i - 1].value > COLLAPSE) return [];
    return value > COLLAPSE
      ? [{ step, kind: 'collapse', sentence: msg`By update ${step} more than half of the probability is on responses nobody wrote${seedsWords(run)}.` }]
      : [{ step, kind: 'recovery', sentence: msg`By update ${step} no more than half of the probability is on responses nobody wrote${seedsWords(run)}.` }];
  });
  return crossings.slice(0, MARKS_OF_A_KIND);
}

/** Where the chosen responses' probability is largest, if it falls afterwards. */
function chosenMark(run: MarkedRun): Mark[] {
  const line = lineOf(run, 'mass/chosen').filter(({ value }) => Number.isFinite(value));
  if (line.length === 0) return [];
  const peak = line.reduce((best, point) => (point.value > best.value ? point : best));
  if (!line.some(({ step, value }) => step > peak.step && value < peak.value - FALL)) return [];
  const sentence = peak.step === line[0].step
    ? msg`From update ${peak.step} on the probability of the chosen responses falls${seedsWords(run)}.`
    : msg`At about update ${peak.step} the probability of the chosen responses is largest, then it falls${seedsWords(run)}.`;
  return [{ step: peak.step, kind: 'chosen-falls', sentence }];
}

/** Updates that train on pairs drawn just before them. */
function drawMarks(run: MarkedRun): Mark[] {
  const { furthest } = run;
  const own = methodShown(run);
  const every = everyOf(own);
  if (every === null || own.algorithm.kind !== 'online-dpo') return [];
  const count = Math.floor(furthest / every);
  const stride = Math.ceil(count / MARKS_OF_A_KIND);
  const { pairsPerResample } = own.algorithm;
  const pairs = pairsPerResample === 1 ? msg`one pair` : msg`${pairsPerResample} pairs`;
  const thinned = stride > 1 ? msg`; of ${count} draws one in ${stride} is marked` : '';
  return Array.from({ length: stride === 0 ? 0 : Math.floor(count / stride) }, (_, i): Mark => {
    const step = (i + 1) * stride * every;
    return { step, kind: 'draw', sentence: msg`For update ${step} the policy draws ${pairs} per prompt and the judge ranks them${thinned}.` };
  });
}

/** The draw that brought the probability of what nobody wrote down most. */
function catchMark(run: MarkedRun): Mark[] {
  const { experiment, focus, world, groups, judged, judgedAhead, history } = run;
  if (!groups || methodShown(run).algorithm.kind !== 'online-dpo' || judged.length + judgedAhead.length === 0) return [];
  const [policy] = focusMembers(experiment, focus);
  const { steps, points } = historyPoints(history);
  const masses = points.map((metrics, i) => ({ step: steps[i], mass: metricOf(metrics, history.policyCount, 'mass/ood', [policy])[0] }));
  const clearest = clearestCatch(findCatches([...judged, ...judgedAhead], policy, groups, masses, CATCH_WAIT));
  if (!clearest) return [];
  const seed = experiment.seeds.length > 1 ? msg` (seed ${experiment.seeds[policy % experiment.seeds.length]})` : '';
  const name = (y: number) => quoted(responseText(world, y));
  return [{
    step: clearest.step, kind: 'catch',
    sentence: msg`The catch: for update ${clearest.step} ${name(clearest.response)}, which nobody wrote, was drawn, lost to ${name(clearest.against)}, and its kind lost probability${seed}.`,
  }];
}

/** Where β or the learning rate was changed while the run went on. */
function knobMarks({ schedule, forkedFrom }: MarkedRun): Mark[] {
  return schedule.slice(1).flatMap((change, i): Mark[] => {
    const before = schedule[i];
    const beta = change.beta === before.beta ? [] : [`β = ${knobWords(change.beta)}`];
    const rate = change.learningRate === before.learningRate ? [] : [msg`learning rate ${knobWords(change.learningRate)}`];
    // What a fork changes is said of the fork.
    if (change.step === forkedFrom?.step || beta.length + rate.length === 0) return [];
    return [{ step: change.step, kind: 'knobs', sentence: msg`After update ${change.step}: ${[...beta, ...rate].join(', ')}.` }];
  });
}

function forkMark({ forkedFrom }: MarkedRun): Mark[] {
  if (!forkedFrom) return [];
  const { step, change, parent } = forkedFrom;
  return [{ step, kind: 'fork', sentence: msg`After update ${step} this branch goes its own way: ${differenceWords(change, parent)}.` }];
}

function breakMark({ brokeAfter }: MarkedRun): Mark[] {
  if (brokeAfter === null) return [];
  return [{ step: brokeAfter, kind: 'divergence', sentence: msg`Update ${brokeAfter} is the last one with finite numbers; with the next one they break.` }];
}
