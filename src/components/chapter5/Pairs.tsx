/** The preference pairs, with what the reference and the policy give to each side. */
import type { Experiment, PairSpec } from '../../sim/experiment.ts';
import { responseName } from '../../sim/words.ts';
import { nodeOf } from '../../sim/world.ts';
import { useShownExperiment } from '../controls/useKnob.ts';
import { formatProbability, formatProbabilityOfLog } from '../format.ts';
import { useRun, useThrottledRun } from '../run.ts';
import './Pairs.css';

/** More pairs than this wait behind "more". */
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

export function Pairs() {
  const experiment = useShownExperiment();
  if (!('pairs' in experiment.preferences)) return <Sampled experiment={experiment} />;
  const all = experiment.preferences.pairs;
  const pairs = grouped(all);
  const total = all.reduce((sum, pair) => sum + pair.weight, 0);
  const uneven = pairs.some((row) => row.weight !== pairs[0].weight);
  const named = experiment.world.prompts.length > 1;
  const cards = (rows: readonly Row[]) => rows.map((row) => (
    <div className="pair" key={`${row.prompt} ${row.chosen} ${row.rejected}`}>
      {named && <p className="pair-prompt">{experiment.world.prompts[row.prompt]}</p>}
      {uneven && <p className="pair-times">{(100 * row.weight / total).toPrecision(2)} % of the comparisons</p>}
      <PairCard side="chosen" prompt={row.prompt} text={row.chosen} />
      <PairCard side="rejected" prompt={row.prompt} text={row.rejected} />
    </div>
  ));
  return (
    <section className="pairs" aria-label="Preference pairs">
      {cards(pairs.slice(0, SHOWN))}
      {pairs.length > SHOWN && (
        <details className="pairs-more">
          <summary>{pairs.length - SHOWN} more {pairs.length - SHOWN === 1 ? 'pair' : 'pairs'}</summary>
          {cards(pairs.slice(SHOWN, SHOWN + 40))}
          {pairs.length > SHOWN + 40 && <p>and {pairs.length - SHOWN - 40} more.</p>}
        </details>
      )}
    </section>
  );
}

function Sampled({ experiment }: { experiment: Experiment }) {
  if (!('sampled' in experiment.preferences)) return null;
  const { count, labels, temperature, lengthBias } = experiment.preferences.sampled;
  return (
    <section className="pairs" aria-label="Preference pairs">
      <p className="pair-note">
        {count} pairs drawn from the reference, {labels === 'argmax' ? 'the better one always chosen' : `chosen by Bradley–Terry at temperature ${temperature}`}
        {lengthBias === 0 ? '' : `, with a bias of ${lengthBias} per word`}.
      </p>
    </section>
  );
}

function PairCard({ side, prompt, text }: { side: 'chosen' | 'rejected'; prompt: number; text: string }) {
  const world = useRun((run) => run.world);
  const node = world && prompt < world.promptCount ? safeNode(world, prompt, text) : null;
  const ref = useRun((run) => (node === null ? undefined : run.view?.refLogps[node]));
  const now = useThrottledRun((run) => (node === null ? undefined : run.frame?.logps[node]));
  return (
    <div className="pair-card" data-side={side}>
      <p className="pair-role">{side === 'chosen' ? <>chosen y<sub>+</sub></> : <>rejected y<sub>−</sub></>}</p>
      <p className="pair-text">{responseName(text)}</p>
      <p className="pair-numbers">
        <span><span>π<sub>ref</sub></span> <Probability logp={ref} /></span>
        <span><span>π</span> <Probability logp={now} /></span>
      </p>
    </div>
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
