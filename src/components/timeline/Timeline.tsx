/** The run's record as a line: the present on it, what was recorded beyond, what happened when; a slider over all of it. */
import type { CSSProperties } from 'react';
import { useHidden } from '../share/hideable.ts';
import { useRun } from '../run.ts';
import { msg } from '../../sim/msg.ts';
import { MarkShape } from './MarkShape.tsx';
import { placeMarks } from './placeMarks.ts';
import { noteWords, valueWords } from './timelineWords.ts';
import { useMarks } from './useMarks.ts';
import { useScrub } from './useScrub.ts';
import './timeline.css';

export function Timeline() {
  const hidden = useHidden('timeline');
  return (
    <div className="track">
      {hidden ? <Progress /> : <Scrubber />}
      <Count hidden={hidden} />
    </div>
  );
}

/** A share of the line as CSS. */
const percent = (share: number) => `${100 * share}%`;

/** The same line, with nothing to take hold of. */
function Progress() {
  const step = useRun((run) => run.step);
  const steps = useRun((run) => run.experiment?.steps ?? 0);
  const share = percent(step / Math.max(1, steps));
  return (
    <div className="timeline timeline-still" role="progressbar" aria-label={msg`Updates made`} aria-valuemin={0} aria-valuemax={steps} aria-valuenow={step} aria-valuetext={valueWords(step, steps, step)}>
      <span className="timeline-line"><span className="timeline-done" style={{ width: share }} /></span>
      <span className="timeline-now" style={{ left: share }} />
    </div>
  );
}

function Scrubber() {
  const step = useRun((run) => run.step);
  const steps = Math.max(1, useRun((run) => run.experiment?.steps ?? 0));
  const furthest = useRun((run) => run.furthest);
  const earliest = useRun((run) => run.earliest);
  const target = useRun((run) => run.seeking?.target ?? null);
  const off = useRun((run) => run.state === 'starting' && !run.seeking);
  const scrub = useScrub(steps);
  const at = target ?? step;
  const [from, to] = [earliest / steps, Math.max(furthest, at) / steps];
  return (
    <div
      className="timeline" role="slider" tabIndex={0} aria-label={msg`Timeline`} aria-valuemin={earliest} aria-valuemax={furthest} aria-valuenow={at}
      aria-valuetext={valueWords(at, steps, furthest)} aria-disabled={off || undefined} {...scrub}
      // A press of the pointer leaves the focus where it is, and so the keys of the page.
      onMouseDown={(event) => event.preventDefault()}
    >
      <span className="timeline-line">
        {from > 0 && <span className="timeline-before" style={{ width: percent(from) }} />}
        <span className="timeline-recorded" style={{ left: percent(from), width: percent(to - from) }} />
        <span className="timeline-done" style={{ left: percent(from), width: percent(at / steps - from) }} />
      </span>
      <Marks steps={steps} />
      <span className="timeline-now" style={{ left: percent(at / steps) }} />
    </div>
  );
}

/** For the eye and the pointer; the list of events says the same to everybody. */
function Marks({ steps }: { steps: number }) {
  return placeMarks(useMarks(), steps).map(({ step, kind, lane, share, sentences }) => (
    <span
      key={`${step} ${kind}`} className={`timeline-mark timeline-mark-${lane}`} data-mark={step} data-kind={kind} style={{ left: percent(share) }} title={sentences.join('\n')}
    >
      <MarkShape kind={kind} />
    </span>
  ));
}

function Count({ hidden }: { hidden: boolean }) {
  const step = useRun((run) => run.step);
  const steps = useRun((run) => run.experiment?.steps ?? 0);
  const note = useRun((run) => (hidden ? '' : noteWords(run)));
  return (
    <span className="track-count" style={{ '--digits': String(steps).length } as CSSProperties}>
      <span><span className="track-word">{msg`update`} </span>{step} / {steps}</span>
      <span className="track-note" aria-hidden={note === '' || undefined}>{note}</span>
    </span>
  );
}
