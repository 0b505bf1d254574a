/** The sentence that says what is seen, generated from the run; before that, what is being prepared. */
import { useState } from 'react';
import { storyOf, type Story } from '../../sim/story.ts';
import { headline, type Fragment } from '../../sim/sentences.ts';
import { shownExperiment, type RunStatus } from '../../sim/runStore.ts';
import { useRefreshMs } from '../panels/useRefreshMs.ts';
import { useRun, useThrottledRun } from '../run.ts';
import './Headline.css';

function selectStory(run: RunStatus): Story | null {
  const { world, frame, view, focus, members, history, schedule, state, step, replacing, fault } = run;
  const experiment = shownExperiment(run);
  const start = history.points[0];
  if (!experiment || !world || !frame || !view || !start) return null;
  // A run that goes on from an earlier update after a fault has no numbers of its own yet.
  if (state === 'starting' && !replacing && frame.step !== step) return null;
  return storyOf({
    experiment, world, frame, view, focus: frame.focus ?? focus, policyCount: members.length, start, schedule,
    still: state === 'paused' || state === 'done', diverged: state === 'failed' && fault?.kind === 'not-finite',
  });
}

/** The last story stands until the next one begins: runs that start at once must not make the page blink. What failed is not held. */
function holdingStory(): (run: RunStatus) => Story | null {
  let last: Story | null = null;
  return (run) => {
    const story = selectStory(run);
    if (story || run.progress) last = story;
    if (run.state === 'failed') last = null;
    return story ?? last;
  };
}

export function Headline() {
  const state = useRun((run) => run.state);
  const [select] = useState(holdingStory);
  const story = useThrottledRun(select, useRefreshMs(100));
  return (
    <div className="headline">
      {story ? <p className="headline-sentence">{headline(story).map((fragment, i) => <Piece key={i} fragment={fragment} />)}</p> : state === 'starting' && <Preparing />}
    </div>
  );
}

function Piece({ fragment }: { fragment: Fragment }) {
  const { text, role, metric, value } = fragment;
  if (!role && !metric) return unbroken(text);
  return <span data-role={role} data-metric={metric} data-value={value === undefined ? undefined : String(value)}>{unbroken(text)}</span>;
}

/** Quoted responses, "97 %" and "β = 0.05" stay on one line. */
function unbroken(text: string) {
  return text.split(/(“[^”]{1,30}”|[\d.]+ %|β = [\d.]+)/).map((part, i) => (i % 2 === 1 ? <span key={i} className="headline-unbroken">{part}</span> : part));
}

const STAGES = { backend: 'Measuring what this machine computes with', reference: 'Training the reference policy' } as const;

function Preparing() {
  const progress = useRun((run) => run.progress);
  return (
    <div className="preparing" role="status">
      <p className="headline-sentence">{progress ? `${STAGES[progress.stage]}.` : 'Getting ready.'}</p>
      <progress aria-label="Preparation" max={1} value={progress?.done ?? 0} />
      <p className="preparing-detail">{progress?.detail ?? ''}</p>
    </div>
  );
}
