/** The preference pairs, with what the reference and the policy give to each side. */
import type { Experiment, PairSpec } from '../../sim/experiment.ts';
import { msg } from '../../sim/msg.ts';
import { responseName } from '../../sim/words.ts';
import { nodeOf } from '../../sim/world.ts';
import { useShownExperiment } from '../controls/useKnob.ts';
import { count, formatProbability, formatProbabilityOfLog } from '../format.ts';
import { ROLE_NAMES } from '../panels/groupNames.ts';
import { useThrottledRun } from '../run.ts';
import './Pairs.css';

/** Distinct pairs shown; the others wait behind "more". */
const SHOWN = 2;

interface Row { prompt: number; chosen: string; rejected: string; weight: number }

/** Equal pairs once, with their weights added up, the heaviest first. */
function grouped(pairs: readonly PairSpec[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { prompt, chosen, rejected, weight } of pairs) {
    const key = JSON.stringify([prompt, chosen, rejected]);
    const row = rows.get(key) ?? { prompt, chosen, rejected, weight: 0 };
    row.weight += weight;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => b.weight - a.weight);
}

/** The pairs that stand for all: the first, and one that tells another kind of thing, a string nobody wrote. */
function examples(rows: readonly Row[], { reference }: Experiment): Row[] {
  if (rows.length <= SHOWN) return [...rows];
  const written = reference.kind === 'corpus' ? new Set(reference.corpus.map(({ prompt, response }) => JSON.stringify([prompt, response]))) : null;
  const [first, ...others] = rows;
  const unwritten = written && others.find(({ prompt, chosen, rejected }) => [chosen, rejected].some((text) => !written.has(JSON.stringify([prompt, text]))));
  return [first, unwritten ?? others[0]];
}

export function Pairs() {
  const experiment = useShownExperiment();
  const prompts = experiment.world.prompts;
  if (!('pairs' in experiment.preferences)) return <section className="pairs" aria-label={msg`Preference pairs`}><Basics experiment={experiment} /><Sampled experiment={experiment} /></section>;
  const all = experiment.preferences.pairs;
  const pairs = grouped(all);
  const shown = examples(pairs, experiment);
  const rest = pairs.filter((row) => !shown.includes(row));
  const total = all.reduce((sum, pair) => sum + pair.weight, 0);
  const uneven = pairs.some((row) => row.weight !== pairs[0].weight);
  const cards = (rows: readonly Row[]) => rows.map((row) => (
    <div className="pair" key={JSON.stringify([row.prompt, row.chosen, row.rejected])}>
      {prompts.length > 1 && <p className="pair-prompt">{prompts[row.prompt]}</p>}
      {uneven && <p className="pair-times">{msg`${(100 * row.weight / total).toPrecision(2)} % of the comparisons`}</p>}
      <PairCard side="chosen" prompt={row.prompt} text={row.chosen} />
      <PairCard side="rejected" prompt={row.prompt} text={row.rejected} />
    </div>
  ));
  return (
    <section className="pairs" aria-label={msg`Preference pairs`} data-compact={pairs.length > 1 || undefined}>
      <Basics experiment={experiment} />
      {cards(shown)}
      {rest.length > 0 && (
        <details className="pairs-more">
          <summary>{msg`and ${rest.length.toLocaleString('en')} more ${rest.length === 1 ? msg`pair` : msg`pairs`}`}{rest.length > 2 && msg` like these`}</summary>
          {cards(rest.slice(0, 40))}
          {rest.length > 40 && <p>{msg`and ${(rest.length - 40).toLocaleString('en')} more.`}</p>}
        </details>
      )}
      <Statistic experiment={experiment} compact={pairs.length > 1} />
    </section>
  );
}

/** "5 words, up to 3 in a row: 156 responses". */
export function worldWords({ words, maxLength, prompts }: Experiment['world']): string {
  let responses = 0;
  for (let length = 0; length <= maxLength; length++) responses += words.length ** length;
  const each = prompts.length > 1 ? msg` to each prompt` : '';
  return msg`${count(words.length, 'word')}, up to ${maxLength} in a row: ${count(responses, 'response')}${each}`;
}

/** What is asked, and how many answers there are. */
export function Basics({ experiment: { world } }: { experiment: Experiment }) {
  return (
    <div className="pairs-basics">
      {world.prompts.length === 1 && <p className="pair-prompt"><span className="lab-sr">{msg`Prompt: `}</span>{world.prompts[0]}</p>}
      <p className="pairs-world">{worldWords(world)}</p>
    </div>
  );
}

/** What the two numbers on a card are; the cards refer to it. */
const STATISTIC = 'pairs-statistic';
function Statistic({ experiment, compact }: { experiment: Experiment; compact: boolean }) {
  const seedIndex = useThrottledRun((run) => (run.frame?.focus ?? run.focus).seedIndex);
  const { seeds } = experiment;
  const whose = seedIndex === null && seeds.length > 1 ? msg`mean of ${seeds.length} seeds` : msg`seed ${seeds[seedIndex ?? 0]}`;
  return <p className="pairs-statistic" id={STATISTIC}>π<sub>ref</sub>{msg`: before training ${compact ? '→' : '·'} π: `}{whose}</p>;
}

function Sampled({ experiment }: { experiment: Experiment }) {
  if (!('sampled' in experiment.preferences)) return null;
  const { count: drawn, labels, temperature, lengthBias } = experiment.preferences.sampled;
  return (
      <p className="pair-note">
        {msg`${drawn.toLocaleString('en')} pairs drawn from the reference, ${labels === 'argmax' ? msg`the better one always chosen` : msg`chosen by Bradley–Terry at temperature ${temperature}`}${lengthBias === 0 ? '' : msg`, with a bias of ${lengthBias} per word`}.`}
      </p>
  );
}

function PairCard({ side, prompt, text }: { side: 'chosen' | 'rejected'; prompt: number; text: string }) {
  return (
    <div className="pair-card" data-side={side}>
      <p className="pair-role"><span className="pair-role-word">{ROLE_NAMES[side]} </span>y<sub>{side === 'chosen' ? '+' : '−'}</sub></p>
      <p className="pair-text">{responseName(text)}</p>
      <PairNumbers prompt={prompt} text={text} describedBy={STATISTIC} />
    </div>
  );
}

/** What the reference and the policy give to a response; dashes while it is none. */
export function PairNumbers({ prompt, text, describedBy }: { prompt: number; text: string; describedBy?: string }) {
  const world = useThrottledRun((run) => run.world);
  const node = world && prompt < world.promptCount ? safeNode(world, prompt, text) : null;
  const ref = useThrottledRun((run) => (node === null ? undefined : run.view?.refLogps[node]));
  const now = useThrottledRun((run) => (node === null ? undefined : run.frame?.logps[node]));
  return (
    <p className="pair-numbers" aria-describedby={describedBy}>
      <span><span className="pair-symbol" title={msg`the reference policy, before training`}>π<sub>ref</sub></span> <Probability logp={ref} /></span>
      <span><span className="pair-symbol" title={msg`the policy now`}>π</span> <Probability logp={now} /></span>
    </p>
  );
}

/** The world in the store may be one start behind the experiment shown. */
function safeNode(world: Parameters<typeof nodeOf>[0], prompt: number, text: string): number | null {
  try {
    return nodeOf(world, prompt, text);
  } catch {
    return null;
  }
}

function Probability({ logp }: { logp: number | undefined }) {
  if (logp === undefined) return <b className="pair-probability">–</b>;
  return <b className="pair-probability" title={formatProbabilityOfLog(logp)}>{formatProbability(Math.exp(logp))}</b>;
}
