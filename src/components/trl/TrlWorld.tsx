/** The toy world in small: its words, and pairs with what the reference is to give to their sides. */
import { Fragment } from 'react';
import type { Experiment, PairSpec } from '../../sim/experiment.ts';
import { responseCount } from '../../sim/experimentSizes.ts';
import { msg } from '../../sim/msg.ts';
import { responseName } from '../../sim/words.ts';
import { PiRef } from '../charts/PiRef.tsx';
import { formatProbability } from '../format.ts';
import { Shown } from './Shown.tsx';

/** Pairs shown: those with the most rows. */
const SHOWN = 4;

export function TrlWorld({ experiment }: { experiment: Experiment }) {
  const { world, preferences } = experiment;
  const pairs = 'pairs' in preferences ? preferences.pairs.toSorted((a, b) => b.weight - a.weight).slice(0, SHOWN) : [];
  return (
    <section className="trl-world" aria-labelledby="trl-world">
      <h3 id="trl-world">{msg`The world`}</h3>
      <p className="trl-words">{world.words.map((word, i) => <Fragment key={word}>{i > 0 && ' '}<span><Shown text={word} /></span></Fragment>)}</p>
      <p className="trl-note">{msg`The heaviest pairs, and the share of each response in what `}<PiRef />{msg` is fitted to:`}</p>
      <ul className="trl-pairs">
        {pairs.map((pair) => (
          <li key={JSON.stringify(pair)}>
            <p className="trl-pair-prompt"><Shown text={world.prompts[pair.prompt]} />{pair.weight !== 1 && ` (${Number(pair.weight.toPrecision(3)).toLocaleString('en')} ×)`}</p>
            <Side side="chosen" sign="≻" experiment={experiment} pair={pair} />
            <Side side="rejected" sign="≺" experiment={experiment} pair={pair} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Side({ side, sign, experiment, pair }: { side: 'chosen' | 'rejected'; sign: string; experiment: Experiment; pair: PairSpec }) {
  const share = targetShare(experiment, pair.prompt, pair[side]);
  return (
    <p className={`trl-side role-${side}`}>
      <span aria-hidden="true">{sign} </span><span className="lab-sr">{side === 'chosen' ? msg`chosen: ` : msg`rejected: `}</span>
      <Shown text={responseName(pair[side])} /> <b>{formatProbability(share)}</b>
    </p>
  );
}

/** target(y|x) = (1 − ε)·corpus(y|x) + ε·uniform over all responses of x. */
export function targetShare({ world, reference }: Experiment, prompt: number, response: string): number {
  if (reference.kind !== 'corpus') return NaN;
  const own = reference.corpus.filter((entry) => entry.prompt === prompt);
  const total = own.reduce((sum, { weight }) => sum + weight, 0);
  const weight = own.find((entry) => entry.response === response)?.weight ?? 0;
  return (1 - reference.smoothing) * (weight / total) + reference.smoothing / (responseCount(world) / world.prompts.length);
}
