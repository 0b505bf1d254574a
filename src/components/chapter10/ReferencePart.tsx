/** What the reference policy was trained to say: sentences with weights, or words drawn one by one. */
import { msg } from '../../sim/msg.ts';
import { ResponseLine } from './ResponseLine.tsx';
import { replaced, without } from './sheetEdits.ts';
import type { Sheet } from './sheet.ts';
import { FieldProblem, NumberLine, Part, SheetField, useFirst } from './SheetField.tsx';
import { useSheet } from './useSheet.ts';

const PATHS = ['reference', 'reference.kind', 'reference.corpus', 'reference.wordWeights'];

export function ReferencePart() {
  const { sheet, edit } = useSheet();
  const { reference } = sheet;
  const set = (change: Partial<Sheet['reference']>, key?: string) => edit({ ...sheet, reference: { ...reference, ...change } }, key);
  const choice = (
    <select className="sheet-kind" aria-label={msg`What the reference says`} value={reference.kind} onChange={(event) => set({ kind: event.target.value === 'unigram' ? 'unigram' : 'corpus' })}>
      <option value="corpus">{msg`these sentences`}</option>
      <option value="unigram">{msg`words one by one`}</option>
    </select>
  );
  return (
    <Part title={msg`Before training, π says`} action={choice} paths={PATHS}>
      {reference.kind === 'corpus' ? <Corpus set={set} /> : <Unigram set={set} />}
    </Part>
  );
}

type Change = (change: Partial<Sheet['reference']>, key?: string) => void;

function Corpus({ set }: { set: Change }) {
  const { sheet } = useSheet();
  const { corpus, smoothing } = sheet.reference;
  const { shown, more } = useFirst(corpus);
  return (
    <>
      {shown.length > 0 && <div className="sheet-columns" aria-hidden="true"><span>{msg`sentence`}</span><span>{msg`weight`}</span></div>}
      {shown.map((line, i) => {
        const path = `reference.corpus[${i}]`;
        const change = (part: Partial<typeof line>, key?: string) => set({ corpus: replaced(corpus, i, part) }, key);
        return (
          <ResponseLine
            key={i} path={path} field="weight" line={line} number={line.weight} placeholder="1"
            labels={{ prompt: msg`Prompt of sentence ${i + 1}`, response: msg`Sentence ${i + 1}`, number: msg`Weight of sentence ${i + 1}`, remove: msg`Remove sentence ${i + 1}` }}
            onLine={change} onNumber={(weight, key) => change({ weight }, key)} onRemove={() => set({ corpus: without(corpus, i) })}
          />
        );
      })}
      {more}
      <button type="button" className="textual sheet-add" onClick={() => set({ corpus: [...corpus, { prompt: corpus.at(-1)?.prompt ?? 0, response: '', weight: '1' }] })}>{msg`Add a sentence`}</button>
      <NumberLine path="reference.smoothing" label={msg`Share spread over all other responses, ε`} text={smoothing} placeholder="0.001" onText={(next) => set({ smoothing: next }, 'smoothing')} />
    </>
  );
}

function Unigram({ set }: { set: Change }) {
  const { sheet, edit } = useSheet();
  return (
    <>
      <div className="sheet-columns" aria-hidden="true"><span>{msg`word`}</span><span>{msg`weight`}</span></div>
      {sheet.words.map(({ word, weight }, i) => {
        const path = `reference.wordWeights[${i}]`;
        return (
          <div className="sheet-row" key={i}>
            <span className="sheet-fixed">{word}</span>
            <SheetField path={path} label={msg`Weight of ${word}`} text={weight} number placeholder="0" onText={(next) => edit({ ...sheet, words: replaced(sheet.words, i, { weight: next }) }, path)} />
            <FieldProblem path={path} />
          </div>
        );
      })}
      <NumberLine path="reference.stop" label={msg`Probability of stopping, at every word`} text={sheet.reference.stop} onText={(stop) => set({ stop }, 'stop')} />
    </>
  );
}
