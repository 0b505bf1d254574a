/** Words that sentences, labels and tables share, so that one thing has one name. */
import type { Experiment, SweepKey } from './experiment.ts';
import { sweptValues } from './focus.ts';
import type { Focus } from './worker/protocol.ts';
import { PARAMS } from './paramsTable.ts';

/** The name of a response where it stands alone: its text; the empty one in words. */
export function responseName(text: string): string {
  return text === '' ? 'the empty response' : text;
}

/** A response in running text: “the the the”; the empty one in words. */
export function quoted(text: string): string {
  return text === '' ? responseName(text) : `“${text}”`;
}

/** "7 of 8 seeds have collapsed."; `meaning` says in brackets what that is. */
export function collapseWords(collapsed: number, total: number, meaning = ''): string {
  const end = meaning === '' ? '.' : ` (${meaning}).`;
  if (total === 1) return `This seed has ${collapsed === 1 ? '' : 'not '}collapsed${end}`;
  if (collapsed === 0) return `None of ${total} seeds has collapsed${end}`;
  if (collapsed === total) return `All ${total} seeds have collapsed${end}`;
  return `${collapsed} of ${total} seeds ${collapsed === 1 ? 'has' : 'have'} collapsed${end}`;
}

/** Whose numbers are shown: "seed 3", "median over 8 seeds", "the only seed". */
export function focusWords({ seeds }: Experiment, { seedIndex }: Focus): string {
  if (seeds.length === 1) return 'the only seed';
  return seedIndex === null ? `median over ${seeds.length} seeds` : `seed ${seeds[seedIndex]}`;
}

/** What a chart of lines shows: "median and 10–90 % band over 8 seeds", "seed 3 (thick) and each of 8 seeds". */
export function linesWords(experiment: Experiment, focus: Focus, eachSeed = false): string {
  const whose = focusWords(experiment, focus);
  const { length } = experiment.seeds;
  if (length === 1) return whose;
  if (eachSeed) return `${focus.seedIndex === null ? 'median' : whose} (thick) and each of ${length} seeds`;
  return `${focus.seedIndex === null ? 'median and' : `${whose}, and the`} 10–90 % band over ${length} seeds`;
}

/** A swept knob as the controls call it: "β", "learning rate η". */
export function knobName(key: SweepKey): string {
  const param = PARAMS.find(({ id }) => id === key);
  if (!param || key === 'beta') return param?.symbol ?? key;
  return `${param.label.charAt(0).toLowerCase()}${param.label.slice(1)} ${param.symbol}`;
}

/** What is special about one swept value: "β = 0.05", "β = 0.05, learning rate η = 0.1"; empty without a sweep. */
export function sweepLabel(experiment: Experiment, sweepIndex: number): string {
  const swept = Object.entries(sweptValues(experiment, { sweepIndex })) as [SweepKey, number][];
  return swept.map(([key, value]) => `${knobName(key)} = ${value}`).join(', ');
}
