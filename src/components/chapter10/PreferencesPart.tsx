/** What is preferred to what: pairs, or an annotator who compares what the reference says. */
import { msg } from '../../sim/msg.ts';
import { SAMPLED_DEFAULTS } from '../../sim/experimentDefaults.ts';
import { PairNumbers } from '../chapter/Pairs.tsx';
import { ROLE_NAMES } from '../panels/groupNames.ts';
import { replaced, without } from './sheetEdits.ts';
import type { PairLine, Sheet } from './sheet.ts';
import { FieldProblem, NumberLine, Part, PromptChoice, RemoveButton, ResponseField, ResponseProblem, SheetField, useFirst } from './SheetField.tsx';
import { useSheet } from './useSheet.ts';

const PATHS = ['preferences', 'preferences.pairs', 'preferences.sampled'];
const SIDES = ['chosen', 'rejected'] as const;

export function PreferencesPart() {
  const { sheet, edit } = useSheet();
  const { preferences } = sheet;
  const set = (change: Partial<Sheet['preferences']>, key?: string) => edit({ ...sheet, preferences: { ...preferences, ...change } }, key);
  const choice = (
    <select className="sheet-kind" aria-label={msg`Where the preferences come from`} value={preferences.kind} onChange={(event) => set({ kind: event.target.value === 'sampled' ? 'sampled' : 'pairs' })}>
      <option value="pairs">{msg`these pairs`}</option>
      <option value="sampled">{msg`pairs that are drawn`}</option>
    </select>
  );
  return <Part title={msg`People prefer`} action={choice} paths={PATHS}>{preferences.kind === 'pairs' ? <PairList set={set} /> : <Sampled set={set} />}</Part>;
}

type Change = (change: Partial<Sheet['preferences']>, key?: string) => void;

function PairList({ set }: { set: Change }) {
  const { sheet } = useSheet();
  const { pairs } = sheet.preferences;
  const { shown, more } = useFirst(pairs, 12);
  const last = pairs.at(-1);
  return (
    <>
      {shown.map((pair, i) => (
        <PairEditor key={i} pair={pair} index={i} change={(part, key) => set({ pairs: replaced(pairs, i, part) }, key)} remove={() => set({ pairs: without(pairs, i) })} />
      ))}
      {more}
      <button type="button" className="textual sheet-add" onClick={() => set({ pairs: [...pairs, { prompt: last?.prompt ?? 0, chosen: last?.chosen ?? '', rejected: '', weight: '1' }] })}>{msg`Add a pair`}</button>
    </>
  );
}

interface PairEditorProps { pair: PairLine; index: number; change: (part: Partial<PairLine>, key?: string) => void; remove: () => void }

function PairEditor({ pair, index, change, remove }: PairEditorProps) {
  const path = `preferences.pairs[${index}]`;
  return (
    <div className="sheet-pair" role="group" aria-label={msg`Pair ${index + 1}`}>
      <PromptChoice prompt={pair.prompt} label={msg`Prompt of pair ${index + 1}`} onPrompt={(prompt) => change({ prompt })} />
      <FieldProblem path={`${path}.prompt`} />
      {SIDES.map((side) => (
        <div className="sheet-side" data-side={side} key={side}>
          <span className="sheet-role" aria-hidden="true">{ROLE_NAMES[side]} y<sub>{side === 'chosen' ? '+' : '−'}</sub></span>
          <ResponseField path={`${path}.${side}`} label={side === 'chosen' ? msg`Chosen of pair ${index + 1}` : msg`Rejected of pair ${index + 1}`} text={pair[side]} onText={(text) => change({ [side]: text }, `${path}.${side}`)} />
          <PairNumbers key={`${pair.prompt} ${pair[side]}`} prompt={pair.prompt} text={pair[side]} />
          <ResponseProblem path={`${path}.${side}`} text={pair[side]} />
        </div>
      ))}
      <div className="sheet-pair-foot">
        <span className="sheet-name" aria-hidden="true">{msg`weight`}</span>
        <SheetField path={`${path}.weight`} label={msg`Weight of pair ${index + 1}`} text={pair.weight} placeholder="1" number onText={(weight) => change({ weight }, `${path}.weight`)} />
        <button type="button" className="textual" onClick={() => change({ chosen: pair.rejected, rejected: pair.chosen })} aria-label={msg`Swap chosen and rejected of pair ${index + 1}`}>{msg`swap`}</button>
        <RemoveButton label={msg`Remove pair ${index + 1}`} onRemove={remove} />
        <FieldProblem path={`${path}.weight`} />
      </div>
    </div>
  );
}

function Sampled({ set }: { set: Change }) {
  const { preferences } = useSheet().sheet;
  const { count, labels, temperature, lengthBias } = preferences;
  return (
    <>
      <p className="sheet-hint">{msg`Two responses of the reference at a time; an annotator who knows the true reward says which is better.`}</p>
      <NumberLine path="preferences.sampled.count" label={msg`Number of pairs`} text={count} placeholder={String(SAMPLED_DEFAULTS.count)} onText={(next) => set({ count: next }, 'count')} />
      <div className="sheet-line">
        <label className="sheet-name" htmlFor="sheet-labels">{msg`Who wins`}</label>
        <select id="sheet-labels" value={labels} onChange={(event) => set({ labels: event.target.value === 'argmax' ? 'argmax' : 'bradley-terry' })}>
          <option value="bradley-terry">{msg`mostly the better one (Bradley–Terry)`}</option>
          <option value="argmax">{msg`always the better one`}</option>
        </select>
        <FieldProblem path="preferences.sampled.labels" />
      </div>
      {labels === 'bradley-terry' && <NumberLine path="preferences.sampled.temperature" label={msg`Temperature of the annotator`} text={temperature} placeholder="1" onText={(next) => set({ temperature: next }, 'temperature')} />}
      <NumberLine path="preferences.sampled.lengthBias" label={msg`Added for every word, b`} text={lengthBias} placeholder="0" onText={(next) => set({ lengthBias: next }, 'lengthBias')} />
    </>
  );
}
