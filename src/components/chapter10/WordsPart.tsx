/** The words there are, the longest response, and how many responses that makes. */
import { useEffect, useRef, useState } from 'react';
import { msg } from '../../sim/msg.ts';
import { fieldId } from './places.ts';
import { loadWords, sentenceOf, spaceWords } from './reading.ts';
import { addWords, removeWord, renameWord, wordsProblem } from './sheetEdits.ts';
import { FieldProblem, NumberLine, Part, RemoveButton } from './SheetField.tsx';
import { useSheet } from './useSheet.ts';

/** Quiet time after typing until a word is renamed, ms. */
const TYPING = 700;

export function WordsPart() {
  const { sheet, edit } = useSheet();
  return (
    <Part title={msg`Words`} hint={msg`All that can be said, one after another. A word that is renamed here is renamed everywhere.`} paths={['world.words']}>
      <ul className="sheet-words">
        {sheet.words.map((_, i) => <Word key={i} index={i} />)}
        <li><NewWords /></li>
      </ul>
      <NumberLine path="world.maxLength" label={msg`Words in a row, at most`} text={sheet.maxLength} onText={(maxLength) => edit({ ...sheet, maxLength }, 'maxLength')} />
      <Space />
    </Part>
  );
}

function Word({ index }: { index: number }) {
  const { sheet, edit } = useSheet();
  const { word } = sheet.words[index];
  const [typed, setTyped] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // A word that changes under the field (undone, renamed, another experiment) is not renamed to what was typed before.
  const [under, setUnder] = useState(word);
  if (under !== word) {
    setUnder(word);
    setTyped(null);
    setSaid(null);
  }
  useEffect(() => () => clearTimeout(timer.current), [word]);
  const shown = typed ?? word;
  const problemOf = (text: string) => {
    const problem = text === word ? null : wordsProblem(sheet.words.map((line, i) => (i === index ? text : line.word)));
    return problem && sentenceOf(problem);
  };
  const problem = typed === null ? said : problemOf(typed);
  function take(text: string, done: boolean): void {
    clearTimeout(timer.current);
    const refused = problemOf(text);
    if (refused === null) edit(renameWord(sheet, index, text), `word ${index}`);
    if (!done) return;
    setTyped(null);
    setSaid(refused && msg`${refused} It is “${word}” as before.`);
  }
  // The latest sheet is renamed, not the one of the keystroke.
  const latest = useRef(take);
  latest.current = take;
  const removed = removeWord(sheet, index);
  const with_ = removed.taken.sentences + removed.taken.pairs + removed.taken.rewards;
  const id = fieldId(`world.words[${index}]`);
  return (
    <li className="sheet-word">
      <input
        id={id} className="sheet-input" type="text" aria-label={msg`Word ${index + 1}`} value={shown} size={Math.max(2, shown.length)} autoComplete="off" spellCheck={false} autoCapitalize="none"
        aria-invalid={problem !== null || undefined} aria-describedby={problem === null ? undefined : `${id}-problem`}
        onChange={({ target: { value } }) => {
          setTyped(value);
          setSaid(null);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => latest.current(value, false), TYPING);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed !== null) take(typed, true);
          if (event.key === 'Escape') { clearTimeout(timer.current); setTyped(null); setSaid(null); }
        }}
        onBlur={() => { if (typed !== null) take(typed, true); }}
      />
      <RemoveButton
        disabled={sheet.words.length === 1}
        label={with_ === 0 ? msg`Remove the word ${word}` : msg`Remove the word ${word}, and ${with_} of the lines below that use it`}
        onRemove={() => edit(removed.sheet, undefined, { what: 'word', name: word, taken: removed.taken })}
      />
      {problem !== null && <p className="field-problem" id={`${id}-problem`} role="alert">{problem}</p>}
    </li>
  );
}

/** Several at once, where they are typed with spaces or commas between them. */
function NewWords() {
  const { sheet, edit } = useSheet();
  const [typed, setTyped] = useState('');
  const added = typed.split(/[\s,]+/u).filter((word) => word !== '');
  const problem = added.length === 0 ? null : wordsProblem([...sheet.words.map(({ word }) => word), ...added]);
  const add = () => {
    if (added.length === 0 || problem) return;
    edit(addWords(sheet, added));
    setTyped('');
  };
  return (
    <form className="sheet-new" onSubmit={(event) => { event.preventDefault(); add(); }}>
      <input
        className="sheet-input sheet-add" type="text" aria-label={msg`New words`} placeholder={msg`another word`} value={typed} autoComplete="off" spellCheck={false} autoCapitalize="none"
        aria-invalid={problem ? true : undefined} aria-describedby={problem ? 'sheet-new-words-problem' : undefined}
        onChange={(event) => setTyped(event.target.value)}
      />
      {typed !== '' && <button type="submit" className="textual" aria-disabled={problem ? true : undefined}>{msg`Add`}</button>}
      {problem && <p className="field-problem" id="sheet-new-words-problem" role="alert">{sentenceOf(problem)}</p>}
    </form>
  );
}

function Space() {
  const { sheet, experiment } = useSheet();
  const space = spaceWords(sheet);
  return (
    <div className="sheet-space" aria-live="polite" data-fits={space?.fits} data-responses={space?.responses}>
      <p>{space?.sentence ?? msg`How many responses that makes depends on the longest of them.`}</p>
      <p>{experiment && space?.fits ? loadWords(experiment) : ''}</p>
      <FieldProblem path="world" />
    </div>
  );
}
