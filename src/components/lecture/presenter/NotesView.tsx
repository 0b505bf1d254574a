/** The notes of a step, in type that is read from a lectern. */
import { msg } from '../../../sim/msg.ts';
import type { Place } from './place.ts';

export const SIZES = [1.0625, 1.3125, 1.625, 2] as const;

interface NotesViewProps {
  place: Place;
  on: boolean;
  /** Index into SIZES. */
  size: number;
}

export function NotesView({ place: { step, next }, on, size }: NotesViewProps) {
  return (
    <section className="presenter-notes" aria-label={msg`Notes`} style={{ fontSize: `${SIZES[size]}rem` }}>
      {/* A new step begins at its top. */}
      <div key={step?.id} className="presenter-text" role="region" aria-label={msg`What to say`} tabIndex={0} data-scrolls>
        {step ? (
          <>
            <h1>{step.title}</h1>
            {step.notes.say.map((sentence) => <p key={sentence} className="presenter-say">{sentence}</p>)}
            <h2>{msg`What will be seen`}</h2>
            <p>{step.notes.seen}</p>
            {step.notes.wrong && <><h2>{msg`The wrong answer to expect`}</h2><p>{step.notes.wrong}</p></>}
          </>
        ) : <p>{msg`There are no notes for this chapter.`}</p>}
      </div>
      {on && <p className="presenter-next"><b>{msg`Next:`}</b> {next ? next.title : msg`nothing, this is the last step`}</p>}
    </section>
  );
}
