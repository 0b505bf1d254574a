/** Every response at the update shown, as the panels show it: of one seed, or of the mean over the seeds. Pure. */
import { sweptValues } from '../../sim/focus.ts';
import { methodOf } from '../../sim/methods.ts';
import { shownExperiment, type RunStatus } from '../../sim/runStore.ts';
import { methodName } from '../../sim/story.ts';
import { GROUPS, promptOf, responsesInReadingOrder, responseText } from '../../sim/world.ts';
import { csvOf, type CsvCell } from './csv.ts';

/**
 * Columns: update, method (where several train), seed ("mean": the log of the mean probability over the seeds), how many
 * seeds there are, swept values, prompt, response, group, log π_ref, log π, log π* and log of the optimum of the given reward
 * (nats; the last two where they exist).
 */
export function responsesCsv(run: RunStatus): string | null {
  const { world, frame, view, others } = run;
  const experiment = shownExperiment(run);
  if (!experiment || !world || !frame || !view || frame.logps.length !== world.responseCount || view.refLogps.length !== world.responseCount) return null;
  const { seedIndex, sweepIndex } = frame.focus;
  const { seeds } = experiment;
  const seed = seedIndex !== null ? seeds[seedIndex] : seeds.length === 1 ? seeds[0] : 'mean';
  const own = [experiment, ...others][others.length > 0 ? sweepIndex : 0] ?? experiment;
  const swept = others.length > 0 ? {} : sweptValues(experiment, { sweepIndex });
  const fixed: [string, CsvCell][] = [
    ['update', frame.step], ...(others.length > 0 ? [['method', methodOf(own)?.id ?? methodName(own)] satisfies [string, CsvCell]] : []),
    ['seed', seed], ['seeds', seeds.length], ...Object.entries(swept).map(([key, value]): [string, CsvCell] => [key, value]),
  ];
  const columns: [string, Float64Array][] = [
    ['log_pi_ref', view.refLogps], ['log_pi', frame.logps],
    ...(view.optimalLogps ? [['log_pi_optimal', view.optimalLogps] satisfies [string, Float64Array]] : []),
    ...(view.rewardModel ? [['log_pi_optimal_of_given_reward', view.rewardModel.optimalLogps] satisfies [string, Float64Array]] : []),
    ...(view.gold ? [['gold_reward', view.gold] satisfies [string, Float64Array]] : []),
    ...(frame.scores ? [['learned_reward', frame.scores] satisfies [string, Float64Array]] : []),
  ];
  const head = [...fixed.map(([name]) => name), 'prompt', 'response', 'group', ...columns.map(([name]) => name)];
  const { prompts } = world;
  function* rows(shown: NonNullable<RunStatus['world']>, groups: Uint8Array): Generator<CsvCell[]> {
    for (const y of responsesInReadingOrder(shown)) {
      yield [...fixed.map(([, cell]) => cell), prompts[promptOf(shown, y)], responseText(shown, y), GROUPS[groups[y]], ...columns.map(([, values]) => values[y])];
    }
  }
  return csvOf(head, rows(world, view.groups));
}
