/** The true reward, which judges, annotators and the measure of success read; training from pairs never sees it. */
import { pathText } from '../../sim/experimentFields.ts';
import { msg } from '../../sim/msg.ts';
import { ResponseLine } from './ResponseLine.tsx';
import { replaced, without } from './sheetEdits.ts';
import type { Sheet } from './sheet.ts';
import { FieldProblem, NumberLine, Part, SheetField, useFirst } from './SheetField.tsx';
import { useSheet } from './useSheet.ts';

const PATHS = ['gold', 'gold.responses', 'gold.perWord', 'gold.containsWord'];

export function GoldPart() {
  const { sheet, edit } = useSheet();
  const { gold } = sheet;
  const set = (change: Partial<Sheet['gold']>, key?: string) => edit({ ...sheet, gold: { ...gold, ...change } }, key);
  const choice = (
    <select className="sheet-kind" aria-label={msg`Whether there is a true reward`} value={gold.given ? 'given' : 'none'} onChange={(event) => set({ given: event.target.value === 'given' })}>
      <option value="given">{msg`is this`}</option>
      <option value="none">{msg`is not known`}</option>
    </select>
  );
  return <Part title={msg`The true reward`} action={choice} paths={PATHS}>{gold.given ? <Rewards set={set} /> : <p className="sheet-hint">{msg`Without one there is no exact optimum π*, and nothing to judge fresh pairs by.`}</p>}</Part>;
}

type Change = (change: Partial<Sheet['gold']>, key?: string) => void;

function Rewards({ set }: { set: Change }) {
  const { responses, otherwise, perToken } = useSheet().sheet.gold;
  const { shown, more } = useFirst(responses);
  return (
    <>
      {shown.length > 0 && <div className="sheet-columns" aria-hidden="true"><span>{msg`response`}</span><span>{msg`reward`}</span></div>}
      {shown.map((line, i) => {
        const path = `gold.responses[${i}]`;
        const change = (part: Partial<typeof line>, key?: string) => set({ responses: replaced(responses, i, part) }, key);
        return (
          <ResponseLine
            key={i} path={path} field="reward" line={line} number={line.reward}
            labels={{ prompt: msg`Prompt of reward ${i + 1}`, response: msg`Response of reward ${i + 1}`, number: msg`Reward ${i + 1}`, remove: msg`Remove reward ${i + 1}` }}
            onLine={change} onNumber={(reward, key) => change({ reward }, key)} onRemove={() => set({ responses: without(responses, i) })}
          />
        );
      })}
      {more}
      <button type="button" className="textual sheet-add" onClick={() => set({ responses: [...responses, { prompt: responses.at(-1)?.prompt ?? 0, response: '', reward: '0' }] })}>{msg`Add a reward`}</button>
      <NumberLine path="gold.otherwise" label={msg`Every other response`} text={otherwise} placeholder="0" onText={(next) => set({ otherwise: next }, 'otherwise')} />
      <NumberLine path="gold.perToken" label={msg`Added for every word`} text={perToken} placeholder="0" onText={(next) => set({ perToken: next }, 'perToken')} />
      <ByWord />
    </>
  );
}

/** What single words add. */
function ByWord() {
  const { sheet, edit, byPath } = useSheet();
  const pathOf = (key: 'perWord' | 'containsWord', word: string) => pathText(['gold', key, word]);
  const used = sheet.words.filter(({ perWord, containsWord }) => `${perWord}${containsWord}`.trim() !== '').length;
  const wrong = sheet.words.some(({ word }) => byPath.has(pathOf('perWord', word)) || byPath.has(pathOf('containsWord', word)));
  return (
    <details className="sheet-by-word" open={used > 0 || wrong || undefined}>
      <summary>{msg`Added for single words`}</summary>
      <div className="sheet-columns" aria-hidden="true"><span>{msg`word`}</span><span>{msg`each time`}</span><span>{msg`once, if there`}</span></div>
      {sheet.words.map(({ word, ...line }, i) => (
        <div className="sheet-row" key={i}>
          <span className="sheet-fixed">{word}</span>
          {(['perWord', 'containsWord'] as const).map((key) => (
            <SheetField
              key={key} path={pathOf(key, word)} text={line[key]} number placeholder="0" label={key === 'perWord' ? msg`Reward for every ${word}` : msg`Reward once if ${word} is there`}
              onText={(text) => edit({ ...sheet, words: replaced(sheet.words, i, { [key]: text }) }, `${key} ${i}`)}
            />
          ))}
          <FieldProblem path={pathOf('perWord', word)} /><FieldProblem path={pathOf('containsWord', word)} />
        </div>
      ))}
    </details>
  );
}
