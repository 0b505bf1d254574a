/** Whether what is written is what runs: what is wrong with it, and what the last edit took along. */
import { count } from '../format.ts';
import { msg } from '../../sim/msg.ts';
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { responseCount } from '../../sim/experimentSizes.ts';
import { fieldName, sentenceOf, type LineProblem } from './reading.ts';
import { useSandbox, type Said } from './sandboxStore.ts';
import { goToField, goToLine, keepingFocus } from './places.ts';
import { useSheet } from './useSheet.ts';
import type { Problem } from '../../sim/problem.ts';

/** Problems that are listed; the others are counted. */
const LISTED = 6;

export function Standing() {
  const { base, experiment, problems, text, unread } = useSheet();
  const said = useSandbox((sandbox) => sandbox.said);
  const refused = useSandbox((sandbox) => sandbox.refused);
  const pane = useSandbox((sandbox) => sandbox.pane);
  const undo = useSandbox((sandbox) => sandbox.undo);
  const waits = useSandbox((sandbox) => sandbox.waits);
  const runIt = useSandbox((sandbox) => sandbox.runIt);
  const pending = experiment !== null && !same(experiment, base);
  const right = pending ? msg`Right; the run begins anew in a moment.` : msg`This is what runs.`;
  const wrong = problems.length > 0;
  const hiddenText = text !== null && pane === 'fields' && wrong;
  return (
    <div className="sheet-standing" data-standing={wrong ? 'wrong' : pending || unread ? 'soon' : 'runs'}>
      <p aria-live="polite">
        {wrong
          ? <><b>{problems.length === 1 ? msg`One thing is not right yet.` : msg`${problems.length} things are not right yet.`}</b> {msg`The run is still that of “${base.name}” as it was before.`}</>
          : refused ?? (unread ? msg`A long text; it is read when typing rests.` : waits && pending ? waitsWords(experiment) : right)}
        {waits && pending && !wrong && <> <button type="button" className="outlined" onClick={() => keepingFocus(runIt)}>{msg`Begin it`}</button></>}
        {hiddenText && <> {msg`They are in the text, which is given up when a field is changed.`}</>}
        {said && <> {takenWords(said)} <button type="button" className="textual" onClick={() => keepingFocus(undo)}>{msg`Undo`}</button></>}
      </p>
      {wrong && pane === 'fields' && !hiddenText && (
        <details className="sheet-which"><summary>{msg`Where`}</summary><ProblemList problems={problems} /></details>
      )}
    </div>
  );
}

/** All of them, each with the way to its field or its line. */
export function ProblemList({ problems }: { problems: readonly (Problem | LineProblem)[] }) {
  return (
    <ul className="sheet-problems">
      {problems.slice(0, LISTED).map((problem, i) => <li key={i}><ProblemLine problem={problem} /></li>)}
      {problems.length > LISTED && <li>{msg`and ${problems.length - LISTED} more.`}</li>}
    </ul>
  );
}

function waitsWords({ world }: Experiment): string {
  return msg`Right, and large: ${responseCount(world).toLocaleString('en')} responses. Its reference alone may take minutes, and nothing stops it while it is being fitted.`;
}

/** "“milk” is gone, and with it 2 sentences and 1 pair." */
export function takenWords({ what, name, taken: { sentences, pairs, rewards } }: Said): string {
  const gone = what === 'word' ? msg`The word “${name}” is gone` : msg`The prompt “${name}” is gone`;
  const parts = [
    ...(sentences > 0 ? [count(sentences, 'sentence')] : []), ...(pairs > 0 ? [count(pairs, 'pair')] : []),
    ...(rewards > 0 ? [rewards === 1 ? msg`1 reward` : msg`${rewards} rewards`] : []),
  ];
  const [last] = parts.slice(-1);
  if (last === undefined) return msg`${gone}; nothing used it.`;
  const list = parts.length === 1 ? last : msg`${parts.slice(0, -1).join(', ')} and ${last}`;
  return msg`${gone}, and with it ${list}.`;
}

function ProblemLine({ problem }: { problem: Problem | LineProblem }) {
  const { path, message } = problem;
  if ('line' in problem) return <button type="button" className="textual" onClick={() => goToLine(problem.line)}>{msg`Line ${problem.line}: ${message}`}</button>;
  if (path === '') return <span>{message}</span>;
  const name = fieldName(path);
  return <button type="button" className="textual" onClick={() => goToField(path)}>{name.charAt(0).toUpperCase()}{name.slice(1)}: {sentenceOf(problem)}</button>;
}
