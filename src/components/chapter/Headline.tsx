/** The sentence that says what is seen, generated from the run; before that, what is being prepared. */
import { useMemo } from 'react';
import { msg } from '../../sim/msg.ts';
import { headline, type Fragment } from '../../sim/sentences.ts';
import type { RunStatus } from '../../sim/runStore.ts';
import { storyOf } from '../../sim/story.ts';
import { useRefreshMs } from '../panels/useRefreshMs.ts';
import { useRun, useThrottledRun } from '../run.ts';
import { readyRun, type ReadyRun } from './ready.ts';
import './Headline.css';

/** What a chapter says of a run. */
export type Sentence = (run: ReadyRun) => Fragment[];

/** The sentence of any run: what the loss does, and where the probability is. */
export const massSentence: Sentence = (run) => headline(storyOf(run));

/** The last sentence stands until the next one begins: runs that start at once must not make the page blink. What failed is not held. */
function holding(sentence: Sentence): (run: RunStatus) => Fragment[] | null {
  let last: Fragment[] | null = null;
  return (run) => {
    const ready = readyRun(run);
    const said = ready && sentence(ready);
    if (said || run.progress) last = said;
    if (run.state === 'failed') last = null;
    return said ?? last;
  };
}

/** @param sentence  a function that stays the same */
export function Headline({ sentence }: { sentence: Sentence }) {
  const state = useRun((run) => run.state);
  const select = useMemo(() => holding(sentence), [sentence]);
  const said = useThrottledRun(select, useRefreshMs(100));
  return (
    <div className="headline">
      {said ? <p className="headline-sentence">{said.map((fragment, i) => <Piece key={i} fragment={fragment} />)}</p> : state === 'starting' && <Preparing />}
    </div>
  );
}

/** Where no sentence is shown: over the charts, which are empty then, so that nothing moves. */
export function Preparation() {
  const starting = useRun((run) => run.state === 'starting');
  return starting && <div className="preparing-alone"><Preparing /></div>;
}

/** A piece of a generated sentence, in the colour of its role. */
export function Piece({ fragment }: { fragment: Fragment }) {
  const { text, role, metric, value } = fragment;
  if (!role && !metric) return unbroken(text);
  return <span data-role={role} data-metric={metric} data-value={value === undefined ? undefined : String(value)}>{unbroken(text)}</span>;
}

/** Quoted responses, "97 %" and "β = 0.05" stay on one line. */
function unbroken(text: string) {
  return text.split(/(“[^”]{1,30}”|[\d.]+ %|β = [\d.]+)/).map((part, i) => (i % 2 === 1 ? <span key={i} className="headline-unbroken">{part}</span> : part));
}

const STAGES = { backend: msg`Measuring what this machine computes with`, reference: msg`Training the reference policy`, 'reward-model': msg`Fitting the reward model` } as const;

function Preparing() {
  const progress = useRun((run) => run.progress);
  return (
    <div className="preparing" role="status">
      <p className="headline-sentence">{progress ? `${STAGES[progress.stage]}.` : msg`Getting ready.`}</p>
      <progress aria-label={msg`Preparation`} max={1} value={progress?.done ?? 0} />
      <p className="preparing-detail">{progress?.detail ?? ''}</p>
    </div>
  );
}
