/** Words that sentences, labels and tables share, so that one thing has one name. */
import type { Experiment, SweepKey } from './experiment.ts';
import { sweptValues } from './focus.ts';
import { msg } from './msg.ts';
import type { Focus } from './worker/protocol.ts';
import { PARAMS } from './paramsTable.ts';

/** The name of a response where it stands alone: its text; the empty one in words. */
export function responseName(text: string): string {
  return text === '' ? msg`the empty response` : text;
}

/** A response in running text: “the the the”; the empty one in words. */
export function quoted(text: string): string {
  return text === '' ? responseName(text) : `“${text}”`;
}

/** "7 of 8 seeds have collapsed."; `meaning` says in brackets what that is. */
export function collapseWords(collapsed: number, total: number, meaning = ''): string {
  const end = meaning === '' ? '.' : ` (${meaning}).`;
  if (total === 1) return msg`This seed has ${collapsed === 1 ? '' : msg`not `}collapsed${end}`;
  if (collapsed === 0) return msg`None of ${total} seeds has collapsed${end}`;
  if (collapsed === total) return msg`All ${total} seeds have collapsed${end}`;
  return msg`${collapsed} of ${total} seeds ${collapsed === 1 ? msg`has` : msg`have`} collapsed${end}`;
}

/** "7 of 8 seeds", "all 8 seeds", "none". */
function someSeeds(n: number, total: number): string {
  if (n === 0) return msg`none`;
  if (total === 1) return msg`the seed`;
  return n === total ? msg`all ${total} seeds` : msg`${n} of ${total} seeds`;
}

/**
 * Between which swept values the collapse stops: "7 of 8 seeds collapse at β = 0.2, none at β = 0.5."
 *
 * @param symbol  of the swept knob
 * @param values  of the knob, in any order
 * @param collapsed  seeds that have collapsed at each
 * @param total  seeds at each
 */
export function boundaryWords(symbol: string, values: readonly number[], collapsed: readonly number[], total: number): string {
  const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  const points = values.map((value, i) => ({ value, n: collapsed[i] })).sort((a, b) => a.value - b.value);
  const verb = (n: number) => (n === 1 || total === 1 ? msg`collapses` : msg`collapse`);
  const at = ({ value }: { value: number }) => `${symbol} = ${value}`;
  if (points.every(({ n }) => n === 0)) return msg`No seed has collapsed at any of these values of ${symbol}.`;
  if (points.every(({ n }) => n === total)) return msg`${total === 1 ? msg`The seed has` : msg`All ${total} seeds have`} collapsed at every one of these values of ${symbol}.`;
  // Where the numbers of neighbours differ: the last before nobody collapses, or before fewer than all do.
  const said = (low: (typeof points)[number], high: (typeof points)[number]) => {
    const [first, second] = low.n === 0 ? [high, low] : [low, high];
    return msg`${capital(someSeeds(first.n, total))} ${verb(first.n)} at ${at(first)}, ${someSeeds(second.n, total)} at ${at(second)}.`;
  };
  const changes = points.flatMap((point, i) => (i > 0 && (point.n === 0) !== (points[i - 1].n === 0) ? [[points[i - 1], point] as const] : []));
  if (changes.length === 1) return said(...changes[0]);
  if (changes.length === 0) {
    const [least, most] = [points.reduce((a, b) => (b.n < a.n ? b : a)), points.reduce((a, b) => (b.n > a.n ? b : a))];
    return msg`${capital(someSeeds(most.n, total))} ${verb(most.n)} at ${at(most)}, ${someSeeds(least.n, total)} at ${at(least)}.`;
  }
  return msg`Seeds that collapse: ${points.map((point) => msg`${point.n} of ${total} at ${at(point)}`).join(', ')}.`;
}

/** Whose numbers are shown: "seed 3", "median over 8 seeds", "the only seed". */
export function focusWords({ seeds }: Experiment, { seedIndex }: Focus): string {
  if (seeds.length === 1) return msg`the only seed`;
  return seedIndex === null ? msg`median over ${seeds.length} seeds` : msg`seed ${seeds[seedIndex]}`;
}

/** What a chart of lines shows: "median and 10–90 % band over 8 seeds", "seed 3 (thick) and each of 8 seeds". */
export function linesWords(experiment: Experiment, focus: Focus, eachSeed = false): string {
  const whose = focusWords(experiment, focus);
  const { length } = experiment.seeds;
  if (length === 1) return whose;
  if (eachSeed) return msg`${focus.seedIndex === null ? msg`median` : whose} (thick) and each of ${length} seeds`;
  return msg`${focus.seedIndex === null ? msg`median and` : msg`${whose}, and the`} 10–90 % band over ${length} seeds`;
}

/** A swept knob as the controls call it: "β", "learning rate η", "updates between fresh pairs K". */
export function knobName(key: SweepKey): string {
  const param = PARAMS.find(({ id }) => id === key);
  if (!param || key === 'beta') return param?.symbol ?? key;
  return `${param.label.charAt(0).toLowerCase()}${param.label.slice(1)} ${param.symbol}`.trim();
}

/** What is special about one swept value: "β = 0.05", "β = 0.05, learning rate η = 0.1"; empty without a sweep. */
export function sweepLabel(experiment: Experiment, sweepIndex: number): string {
  const swept = Object.entries(sweptValues(experiment, { sweepIndex })) as [SweepKey, number][];
  return swept.map(([key, value]) => `${knobName(key)} = ${value}`).join(', ');
}
