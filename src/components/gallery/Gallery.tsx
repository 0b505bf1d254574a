/** "Your bug as a toy": public reports of DPO going wrong, each with the small run that shows the same symptom. */
import { useEffect, useMemo, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { BACKENDS } from '../../sim/url.ts';
import { createRunClient } from '../../sim/worker/client.ts';
import { openWorker } from '../openWorker.ts';
import '../charts/charts.css';
import '../panels/panels.css';
import { BugCard } from './BugCard.tsx';
import { BUGS } from './bugs.ts';
import './gallery.css';
import { found } from './search.ts';
import { createShow } from './showStore.ts';

/** Examples of what can be typed, each with something to find. */
const EXAMPLES = ['rewards/chosen', 'EOS', 'NaN', 'trl#2382'] as const;

export function Gallery() {
  const [query, setQuery] = useState('');
  const [show] = useState(() => createShow(() => createRunClient(openWorker), askedBackend()));
  const [named, setNamed] = useState(namedCard);
  const bugs = useMemo(() => found(BUGS, query), [query]);
  useEffect(() => {
    const changed = () => {
      setNamed(namedCard());
      // The card may have been filtered out.
      setQuery('');
    };
    addEventListener('hashchange', changed);
    return () => { removeEventListener('hashchange', changed); };
  }, []);
  useEffect(() => {
    if (named !== null) document.getElementById(named)?.scrollIntoView({ block: 'start' });
  }, [named]);
  return (
    <>
      <h1>{msg`Your bug as a toy`}</h1>
      <p className="gallery-lead">{msg`People train with DPO, and something goes wrong. Each card takes a symptom from public threads and shows a run of the lab that has it too: small enough to see every response, with what helps beside it. Every sentence about a toy is tested over eight seeds.`}</p>
      <div className="gallery-search" role="search">
        <label htmlFor="gallery-query">{msg`What do you see?`}</label>
        <input id="gallery-query" type="search" value={query} onChange={(event) => { setQuery(event.target.value); }} autoComplete="off" spellCheck={false} aria-describedby="gallery-count" />
        <span className="gallery-examples">{msg`for example`} {EXAMPLES.map((text) => <button key={text} type="button" className="textual" onClick={() => { setQuery(text); }}>{text}</button>)}</span>
      </div>
      <p id="gallery-count" className="gallery-count" role="status">{countWords(bugs.length)}</p>
      {bugs.length === 0 && <button type="button" className="outlined" onClick={() => { setQuery(''); }}>{msg`Show all cards`}</button>}
      <div className="gallery-cards">{bugs.map((bug) => <BugCard key={bug.id} bug={bug} show={show} named={bug.id === named} />)}</div>
      <p className="gallery-note">{msg`The threads were read in stored copies of GitHub, some of them in part; they may have gone on since. What is said of them is in our own words. Same symptom does not mean same cause: a toy shows one way in which it comes about. Links to threads open in a window of their own, and only when you follow them.`}</p>
    </>
  );
}

function countWords(found: number): string {
  if (found === BUGS.length) return msg`${found} cards`;
  if (found === 0) return msg`No card says that. Fewer words, or the name of a metric, find more.`;
  return found === 1 ? msg`1 of ${BUGS.length} cards` : msg`${found} of ${BUGS.length} cards`;
}

/** The backend that the address asks for. */
function askedBackend() {
  const asked = new URLSearchParams(location.search).get('backend');
  return BACKENDS.find((name) => name === asked) ?? null;
}

/** The card that the address names: `?view=bugs#never-stops`. */
function namedCard(): string | null {
  const hash = location.hash.slice(1);
  return BUGS.some(({ id }) => id === hash) ? hash : null;
}
