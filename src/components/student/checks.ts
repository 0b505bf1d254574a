/**
 * What the tasks of the path find in the state of the page. Pure: plain state in, a sentence with its numbers out.
 *
 * A check is about one experiment and no other: the preset's, but for its name and its seeds (`FEWEST_SEEDS` at least),
 * trained with the same knobs from the reference on.
 */
import type { Experiment } from '../../sim/experiment.ts';
import { minimalExperiment, same } from '../../sim/experimentPrint.ts';
import { COLLAPSE } from '../../sim/focus.ts';
import { msg } from '../../sim/msg.ts';
import { count } from '../../sim/nouns.ts';
import { answerWords } from '../../sim/question.ts';
import { questionOf } from '../../sim/questions.ts';
import { knobWords, shareWords } from '../../sim/sentences.ts';
import {
  alike, CONTROL, crossingOf, endProblem, FEWEST_SEEDS, finite, FORK_BETA, HEADLINE, HELD, isThere, knobsProblem, LEVEL, median, medianAt, medianWords,
  missing, mostOf, ONLINE, ONLINE_EVERY, ONLINE_HELD, otherProblem, seedsOf, stands, withBeta, type Check,
} from './looked.ts';

/** That nobody had watched another run of it before cannot be known. */
const foundPrediction = (said: string) => msg`You predicted, before this run began (whether you had watched another one, the page does not know): ${said}.`;

export const checkPredicted: Check = ({ predict: { stage, committed, records } }, since) => {
  if (committed && committed.answer && (stage === 'committed' || stage === 'revealed') && committed.at >= since) {
    const { asked: { experiment, others }, asked, answer, question } = committed;
    if (others.length === 0 && alike(experiment, HEADLINE) && experiment.seeds.length >= FEWEST_SEEDS) {
      return { ok: true, found: foundPrediction(answerWords(questionOf(question), asked, answer)), facts: {} };
    }
  }
  const own = records.findLast((record) => record.ended === 'scored' && record.answer !== null && record.committedAt >= since
    && record.experiments.length === 1 && record.seeds.length >= FEWEST_SEEDS
    && same({ ...record.experiments[0], name: '', seeds: [] }, { ...minimalExperiment(HEADLINE), name: '', seeds: [] }));
  if (own) return { ok: true, found: foundPrediction(own.said), facts: {} };
  if (committed && stage === 'committed') return missing(msg`The prediction that stands is about another experiment, or about too few seeds.`);
  return missing(msg`No prediction of this run has been committed yet.`);
};

export const checkRun: Check = ({ run }) => {
  const problem = otherProblem(run, HEADLINE) ?? knobsProblem(run) ?? endProblem(run);
  if (problem !== null) return missing(problem);
  const [ood, loss, accuracy] = (['mass/ood', 'loss', 'rewards/accuracies'] as const).map((id) => seedsOf(run, id));
  const start = run.history.points[0];
  const facts = {
    ood: median(ood), loss: median(loss), oodStart: median(seedsOf(run, 'mass/ood', start)), lossStart: median(seedsOf(run, 'loss', start)), seeds: ood.length,
    collapsed: ood.filter((mass) => mass > COLLAPSE).length, rankedRight: accuracy.filter((share) => share === 1).length, updates: run.step,
  };
  return finite({ ok: true, found: msg`The run at β = ${knobWords(HEADLINE.algorithm.beta)} stands at its last update, ${run.step}, with ${count(ood.length, 'seed')}.`, facts });
};

export const checkVaried: Check = ({ run }) => {
  const beta = run.experiment?.algorithm.beta ?? NaN;
  if (run.experiment && alike(run.experiment, HEADLINE)) return missing(msg`β is still ${knobWords(beta)}: raise it.`);
  const problem = otherProblem(run, withBeta(HEADLINE, beta)) ?? (beta < HEADLINE.algorithm.beta ? msg`β = ${knobWords(beta)} is smaller than before: raise it.` : null) ?? knobsProblem(run) ?? endProblem(run);
  if (problem !== null) return missing(problem);
  const ood = seedsOf(run, 'mass/ood');
  const worst = Math.max(...ood);
  if (!(worst <= HELD)) {
    const over = ood.filter((mass) => !(mass <= HELD)).length;
    return missing(msg`At β = ${knobWords(beta)} the run ended with up to ${shareWords(worst)} on responses nobody wrote, and with more than ${100 * HELD} % in ${over} of ${ood.length} seeds: raise β further.`);
  }
  const loss = median(seedsOf(run, 'loss'));
  return finite({ ok: true, found: msg`At β = ${knobWords(beta)} no seed of ${ood.length} ended with more than ${shareWords(worst)} on responses nobody wrote.`, facts: { beta, worst, ood: median(ood), loss } });
};

/** How far before and after the crossing the loss is looked at, updates. */
const AROUND = 50;

export const checkRewound: Check = ({ run }) => {
  const problem = otherProblem(run, HEADLINE) ?? knobsProblem(run);
  if (problem !== null) return missing(problem);
  const { furthest, step, experiment, history } = run;
  if (run.state === 'failed') return missing(msg`The run has stopped; set it up again.`);
  if (furthest < (experiment?.steps ?? 0)) return missing(run.state === 'running' ? msg`The run is going on.` : msg`The run is on record up to update ${furthest} of ${experiment?.steps ?? 0}; let it go to its end first.`);
  const crossed = crossingOf(history);
  if (!crossed) return missing(msg`In this run the median never passed one half.`);
  if (!stands(run)) return missing(msg`The run is on its way.`);
  const ood = seedsOf(run, 'mass/ood');
  if (step === furthest) return missing(msg`The run stands at its end: go back to where the median passed one half.`);
  if (!isThere(step, crossed)) {
    return missing(step < crossed.step
      ? msg`At update ${step} responses nobody wrote have ${medianWords(ood)}: go further on.`
      : msg`At update ${step} responses nobody wrote have ${medianWords(ood)}: the median passed one half earlier.`);
  }
  const [before, at, after] = [crossed.step - AROUND, crossed.step, crossed.step + AROUND].map((around) => medianAt(run, 'loss', around));
  return finite({
    ok: true, found: msg`The run stands at update ${step}, with ${medianWords(ood)} on responses nobody wrote; by update ${crossed.step} the median has passed one half.`,
    facts: { step, crossing: crossed.step, ood: median(ood), lossBefore: before.value, lossAt: at.value, lossAfter: after.value, stepBefore: before.step, stepAt: at.step, stepAfter: after.step },
  });
};

export const checkForked: Check = ({ run }) => {
  const { experiment, forkedFrom, branches, history } = run;
  if (!forkedFrom || !experiment) return missing(msg`The run on the page is no fork yet.`);
  const { parent, from, changes, step: forkStep } = forkedFrom;
  if (from || changes.length > 0 || !alike(parent, HEADLINE)) return missing(msg`The fork must leave the run at β = ${knobWords(HEADLINE.algorithm.beta)}, whose knobs were not changed; this one left another.`);
  const left = branches.findLast((branch) => branch.forkedAt === forkStep && same(branch.experiment, parent));
  const crossed = crossingOf(left?.history ?? history);
  if (!crossed || !isThere(forkStep, crossed)) {
    return missing(msg`The fork left at update ${forkStep}${crossed ? msg`; the median passed one half by update ${crossed.step}` : msg`, where the median has not passed one half`}: fork it there.`);
  }
  const { beta } = experiment.algorithm;
  const problem = otherProblem(run, withBeta(HEADLINE, beta)) ?? (beta < FORK_BETA ? msg`The fork goes on with β = ${knobWords(beta)}; take ${FORK_BETA} or more.` : null);
  if (problem !== null) return missing(problem);
  // A knob that is changed in the fork makes a third stretch.
  if (run.schedule.some(({ step }) => step > forkStep)) return missing(msg`A knob was changed after the fork; fork again without that.`);
  const end = endProblem(run);
  if (end !== null) return missing(end);
  const ood = seedsOf(run, 'mass/ood');
  const atFork = medianAt(run, 'mass/ood', forkStep);
  const lossAtFork = medianAt({ ...run, history: { ...history, steps: history.steps.filter((step) => step > forkStep), points: history.points.filter((_, i) => history.steps[i] > forkStep) } }, 'loss', forkStep);
  return finite({
    ok: true,
    found: msg`The fork left at update ${forkStep} with ${shareWords(atFork.value)} on responses nobody wrote, went on at β = ${knobWords(beta)} and ended with ${medianWords(ood)}.`,
    facts: { step: forkStep, beta, oodFork: atFork.value, oodEnd: median(ood), lossFork: lossAtFork.value, lossStep: lossAtFork.step, loss: median(seedsOf(run, 'loss')) },
  });
};

export const checkControl: Check = ({ run }) => {
  const { experiment } = run;
  const shares = experiment !== null && run.others.length === 0 && experiment.policy.kind !== 'tabular' && alike({ ...experiment, policy: CONTROL.policy }, CONTROL);
  if (shares) return missing(msg`The policy on the page shares weights between contexts: choose the table.`);
  const problem = otherProblem(run, CONTROL) ?? knobsProblem(run) ?? endProblem(run);
  if (problem !== null) return missing(problem);
  const [start, most, end, chosen] = [seedsOf(run, 'mass/ood', run.history.points[0]), mostOf(run, 'mass/ood'), seedsOf(run, 'mass/ood'), seedsOf(run, 'mass/chosen')];
  const above = most.filter((mass, r) => !(mass <= start[r] + LEVEL)).length;
  if (above > 0) return missing(msg`In ${above} of ${end.length} seeds responses nobody wrote rose above their level in the reference.`);
  return finite({
    ok: true,
    found: msg`In the reference responses nobody wrote had up to ${shareWords(Math.max(...start))}, at the end up to ${shareWords(Math.max(...end))}: in no seed of ${end.length} were they above their level in the reference on the way. “on the mat” ended with ${medianWords(chosen)}.`,
    facts: { oodStart: Math.max(...start), oodEnd: Math.max(...end), chosen: median(chosen), loss: median(seedsOf(run, 'loss')) },
  });
};

export const checkOnline: Check = ({ run }) => {
  const { algorithm } = run.experiment ?? HEADLINE;
  const every = algorithm.kind === 'online-dpo' ? algorithm.resampleEvery : NaN;
  const wanted: Experiment = ONLINE.algorithm.kind === 'online-dpo' && Number.isFinite(every) ? { ...ONLINE, algorithm: { ...ONLINE.algorithm, resampleEvery: every } } : ONLINE;
  const problem = otherProblem(run, wanted) ?? (every > ONLINE_EVERY ? msg`Pairs are drawn every ${every} updates; draw them at least every ${ONLINE_EVERY}.` : null) ?? knobsProblem(run) ?? endProblem(run);
  if (problem !== null) return missing(problem);
  const ood = seedsOf(run, 'mass/ood');
  const worst = Math.max(...mostOf(run, 'mass/ood'));
  if (!(worst <= ONLINE_HELD)) return missing(msg`The run had up to ${shareWords(worst)} on responses nobody wrote on its way: draw pairs more often.`);
  const nodes = run.judged.map((batch) => batch.nodes);
  const pairs = nodes.reduce((sum, { length }) => sum + length / 2, 0);
  const twice = nodes.reduce((sum, own) => sum + Array.from({ length: own.length / 2 }, (_, i) => Number(own[2 * i] === own[2 * i + 1])).reduce((a, b) => a + b, 0), 0);
  return finite({
    ok: true, found: msg`With pairs drawn every ${every} updates no seed of ${ood.length} had more than ${shareWords(worst)} on responses nobody wrote, at any update on record, at β = ${knobWords(algorithm.beta)}.`,
    facts: { every, worst, ood: median(ood), pairs, twice, loss: median(seedsOf(run, 'loss')) },
  });
};
