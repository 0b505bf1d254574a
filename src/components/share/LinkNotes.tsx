/** What a link cannot say. */
import { msg } from '../../sim/msg.ts';
import { knobWords } from '../../sim/sentences.ts';
import { useRun } from '../run.ts';

/** @param atStep  the link opens at the update shown, by the way that led there */
export function LinkNotes({ atStep }: { atStep: boolean }) {
  const schedule = useRun((run) => run.schedule);
  const last = schedule.at(-1);
  return (
    <>
      {schedule.length > 1 && last && !atStep && (
        <p className="link-note" data-note="mixed">
          {msg`β or the learning rate was changed while this ran. The link opens the experiment from the start at β = ${knobWords(last.beta)} and learning rate ${knobWords(last.learningRate)}, not this mixed run.`}
        </p>
      )}
      <p className="link-note">{msg`Not in the link: the scales of the charts, the speed, branches that were left.`}</p>
    </>
  );
}
