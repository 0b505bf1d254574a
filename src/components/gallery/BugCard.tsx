/** One card: the symptom, who reported it, its toy, and behind a word why it happens and what helps. */
import { useStore, type StoreApi } from 'zustand';
import { msg } from '../../sim/msg.ts';
import { Choice } from '../charts/Choice.tsx';
import { RunContext } from '../run.ts';
import { useViewSearch } from '../views/viewAddress.ts';
import { chapterLink, chapterTitle, threadLink, threadName, toyLink, type Bug, type Thread } from './bug.ts';
import { glued, rowOf } from './outcome.ts';
import { RunPicture } from './RunPicture.tsx';
import type { Show } from './showStore.ts';

/** @param named  the page's address names this card: it is open, and marked */
export function BugCard({ bug, show, named }: { bug: Bug; show: StoreApi<Show>; named: boolean }) {
  const search = useViewSearch();
  const heading = `${bug.id}-symptom`;
  const isShown = useStore(show, ({ shown }) => shown?.bug === bug);
  return (
    <article className="bug" id={bug.id} aria-labelledby={heading} data-named={named} data-shown={isShown}>
      <h2 id={heading}><a href={`#${bug.id}`}>{bug.symptom}</a></h2>
      <p className="bug-shows">{glued(bug.shows)}</p>
      <p className="bug-watch">{msg`Watch:`} {bug.metrics.map((id, i) => <span key={id}>{i > 0 && ', '}{rowOf(id).label}{rowOf(id).label !== id && <> <code>{id}</code></>}</span>)}</p>
      <div className="bug-actions">
        <button type="button" className="outlined" aria-expanded={isShown} onClick={() => { if (isShown) show.getState().close(); else show.getState().show(bug, null); }}>
          {isShown ? msg`Close the picture` : msg`Show it here`}
        </button>
        <a className="outlined" href={toyLink(bug.toy, search)}>{msg`Open the toy`}</a>
        <a className="outlined" href={toyLink(bug.remedies[0].toy, search)}>{msg`Open it with what helps`}</a>
      </div>
      {isShown && <ShownRun bug={bug} show={show} />}
      <div className="bug-threads">
        <span id={`${bug.id}-threads`}>{msg`Reported in`}</span>
        <ul aria-labelledby={`${bug.id}-threads`}>{bug.threads.map((thread) => <li key={threadName(thread)}><ThreadLink thread={thread} /></li>)}</ul>
      </div>
      <details className="bug-more" open={named}>
        <summary>{msg`Why, what helps, and what the toy leaves out`}</summary>
        <More bug={bug} />
      </details>
    </article>
  );
}

function ThreadLink({ thread }: { thread: Thread }) {
  return <a href={threadLink(thread)} rel="noreferrer" target="_blank">{threadName(thread)}</a>;
}

function More({ bug }: { bug: Bug }) {
  const search = useViewSearch();
  return (
    <>
      <h3>{msg`Why`}</h3>
      <p>{bug.why} <a href={chapterLink(bug.chapter, search)}>{msg`Chapter ${bug.chapter}: ${chapterTitle(bug.chapter)}`}</a></p>
      <h3>{msg`What helps in the toy`}</h3>
      <ul>
        {bug.remedies.map(({ name, words, toy }) => <li key={name}><a href={toyLink(toy, search)}>{name}</a>: {glued(words)}</li>)}
      </ul>
      <h3>{msg`What the toy leaves out`}</h3>
      <p>{glued(bug.limits)}</p>
      <h3>{msg`What people wrote, in our words`}</h3>
      <ul>
        {bug.threads.map((thread) => (
          <li key={threadName(thread)}><ThreadLink thread={thread} />: {thread.what}{thread.read === 'part' && <> <span className="bug-part">{msg`(read in part)`}</span></>}</li>
        ))}
      </ul>
    </>
  );
}

function ShownRun({ bug, show }: { bug: Bug; show: StoreApi<Show> }) {
  const run = useStore(show, (now) => now.run);
  const remedy = useStore(show, ({ shown }) => shown?.remedy ?? null);
  if (!run) return null;
  const ways = [{ value: '', text: msg`As reported` }, ...bug.remedies.map(({ name }, i) => ({ value: String(i), text: name }))];
  const now = remedy === null ? '' : String(remedy);
  return (
    <div className="bug-run">
      <Choice label={msg`What runs here`} options={ways} value={now} onChange={(value) => { show.getState().show(bug, value === '' ? null : Number(value)); }} />
      <RunContext value={run}><RunPicture metrics={bug.metrics} draws={bug.draws ?? bug.metrics} /></RunContext>
    </div>
  );
}
