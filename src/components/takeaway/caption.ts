/** What a picture says of the run it was made of, and what files are called. */
import type { Experiment, SweepKey } from '../../sim/experiment.ts';
import { focusBeta } from '../../sim/focus.ts';
import { methodOf } from '../../sim/methods.ts';
import { msg } from '../../sim/msg.ts';
import { shownExperiment, type RunStatus, type RunStore } from '../../sim/runStore.ts';
import { methodName, stretches } from '../../sim/story.ts';
import { knobWords, trainedWords } from '../../sim/sentences.ts';
import { focusWords, knobName } from '../../sim/words.ts';
import type { LabStore } from '../labStore.ts';
import { linkOf } from '../link.ts';
import { slugOf } from './slug.ts';

/** "the-the-the-masses-update-800.svg" */
export function fileName(experiment: string, what: string, step: number, extension: string): string {
  return [slugOf(experiment) || 'experiment', ...(what === '' ? [] : [slugOf(what)]), `update-${step}`].filter((part) => part !== '').join('-').concat(`.${extension}`);
}

/** Numbers with runs of neighbours as ranges: "0–7", "0, 2, 5–7". */
export function seedWords(seeds: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < seeds.length;) {
    let end = i;
    while (end + 1 < seeds.length && seeds[end + 1] === seeds[end] + 1) end++;
    parts.push(end - i >= 2 ? `${seeds[i]}–${seeds[end]}` : seeds.slice(i, end + 1).join(', '));
    i = end + 1;
  }
  return parts.join(', ');
}

const labelOf = (experiment: Experiment) => methodOf(experiment)?.label ?? methodName(experiment);

/** The run in one sentence: "“the the the”: DPO, β = 0.05, seed 3 of the seeds 0–7, update 800 of 800, computed by wasm." */
export function runWords(run: RunStatus, title: string): string {
  const experiment = shownExperiment(run);
  if (!experiment) return '';
  const { focus, frame, others, backend, schedule, forkedFrom } = run;
  const step = frame?.step ?? run.step;
  const methods = others.length > 0 ? msg`${[experiment, ...others].map(labelOf).join(', ')} side by side` : methodName(experiment);
  const swept = Object.entries(experiment.sweep ?? {}).filter(([key]) => key !== 'beta').map(([key, values]) => `${knobName(key as SweepKey)} = ${values.map(knobWords).join(', ')}`);
  const beta = experiment.sweep?.beta ? msg`β = ${knobWords(focusBeta(experiment, focus))} of ${experiment.sweep.beta.map(knobWords).join(', ')}` : `β = ${knobWords(experiment.algorithm.beta)}`;
  const seeds = experiment.seeds.length === 1 ? msg`seed ${experiment.seeds[0]}` : focus.seedIndex === null ? msg`seeds ${seedWords(experiment.seeds)}` : msg`${focusWords(experiment, focus)} of ${seedWords(experiment.seeds)}`;
  const policy = { tabular: msg`tabular policy`, mlp: msg`neural network`, transformer: msg`transformer` }[experiment.policy.kind];
  const parts = [methods, policy, beta, ...swept, seeds, msg`update ${step} of ${experiment.steps}`, ...(backend ? [msg`computed by ${backend.name}`] : [])];
  // Knobs that were changed on the way, and forks: no longer one experiment from beginning to end.
  const trained = stretches(schedule, step, (from) => (forkedFrom && from < forkedFrom.step ? methodName(forkedFrom.parent) : methodName(experiment)));
  const way = trained.length > 1 ? ` ${trainedWords(trained)}.` : '';
  const fork = forkedFrom ? msg` Forked from another run at update ${forkedFrom.step}.` : '';
  return `“${title}”: ${parts.join(', ')}.${way}${fork}`;
}

/** The sentence over the charts, as it stands on the page; empty where the page shows none. */
export function sentenceOnPage(page: ParentNode = document): string {
  const said = page.querySelector('main .headline-sentence');
  return said && !said.closest('.preparing') ? (said.textContent ?? '').replaceAll(/\s+/g, ' ').trim() : '';
}

/** What stands under a picture: what the page says is seen, and of which run. */
export function captionOf(run: RunStore, lab: LabStore): string {
  const { origin } = lab.getState();
  return [sentenceOnPage(), runWords(run.getState(), origin.title), changedWords(lab)].filter((text) => text !== '').join('\n');
}

/** Which of the two it is: a preset that was changed is named after it still. */
function changedWords(lab: LabStore): string {
  const { origin, base, methods } = lab.getState();
  const changed = JSON.stringify([origin.experiment, origin.methods ?? []]) !== JSON.stringify([base, methods]);
  return changed ? msg`The experiment was changed since it was opened under this name; the address below holds it as it is.` : '';
}

/** The address that opens what is shown, at the update that is shown; where the page is a file, without the file's place on this machine. */
export function addressOfState(run: RunStore, lab: LabStore): string {
  const { step } = run.getState();
  const search = linkOf(run, lab, { step: step > 0 ? step : null });
  return location.protocol === 'file:' ? search : `${location.origin}${location.pathname}${search}`;
}
