/** The preference pairs of the run to take away, as a data set for TRL. */
import { useMemo, useState } from 'react';
import { focusMembers } from '../../sim/focus.ts';
import { msg } from '../../sim/msg.ts';
import { pairsOfRun, type PairSource, type PairsOfRun } from '../../sim/trl/pairsOf.ts';
import { writeTrl, type WrittenFile, type WrittenFormat } from '../../sim/trl/write.ts';
import { download } from '../frame/download.ts';
import { useRun, useThrottledRun } from '../run.ts';
import { pairsFileName } from '../trl/names.ts';
import './pairs.css';

/** The pairs of a run that goes on are gathered at most once in this time, ms. */
const READ_MS = 1000;

type FormatId = 'standard' | 'standard-implicit' | 'conversational' | 'conversational-implicit' | 'unpaired' | 'unpaired-conversational' | 'prompts' | 'prompts-conversational';

const FORMATS: readonly { id: FormatId; text: string; format: WrittenFormat }[] = [
  { id: 'standard', text: msg`preference: texts, with a prompt`, format: { type: 'preference', shape: 'standard', prompt: 'explicit' } },
  { id: 'standard-implicit', text: msg`preference: texts, the prompt inside them`, format: { type: 'preference', shape: 'standard', prompt: 'implicit' } },
  { id: 'conversational', text: msg`preference: messages, with a prompt`, format: { type: 'preference', shape: 'conversational', prompt: 'explicit' } },
  { id: 'conversational-implicit', text: msg`preference: messages, the prompt inside them`, format: { type: 'preference', shape: 'conversational', prompt: 'implicit' } },
  { id: 'unpaired', text: msg`unpaired (KTO): texts`, format: { type: 'unpaired', shape: 'standard', prompt: 'explicit' } },
  { id: 'unpaired-conversational', text: msg`unpaired (KTO): messages`, format: { type: 'unpaired', shape: 'conversational', prompt: 'explicit' } },
  { id: 'prompts', text: msg`prompts only: texts`, format: { type: 'prompt-only', shape: 'standard', prompt: 'explicit' } },
  { id: 'prompts-conversational', text: msg`prompts only: messages`, format: { type: 'prompt-only', shape: 'conversational', prompt: 'explicit' } },
];

const SOURCES: Readonly<Record<PairSource, string>> = {
  given: msg`given in the experiment`, drawn: msg`drawn from the reference`, judged: msg`judged while it trained`,
};

export function PairsEntry() {
  const sources = usePairs();
  const name = useRun((run) => run.experiment?.name ?? '');
  const [source, setSource] = useState<PairSource | null>(null);
  const [formatId, setFormatId] = useState<FormatId>('standard');
  // What was judged is what is trained on now: the first choice where there is any.
  const chosen = sources?.find((one) => one.source === source) ?? sources?.at(-1) ?? null;
  const { format } = FORMATS.find(({ id }) => id === formatId) ?? FORMATS[0];
  const file = useMemo(() => chosen && writeTrl(chosen.pairs, format), [chosen, format]);
  return (
    <section className="take-entry" aria-labelledby="take-pairs">
      <h3 id="take-pairs">{msg`Preference pairs for TRL`}</h3>
      <p>{msg`The pairs of this run as JSON Lines in the formats of TRL’s data sets. Preference files are opened by this page again.`}</p>
      {!chosen || !file ? <p role="status">{msg`The pairs are known when the reference stands.`}</p> : (
        <>
          {sources && sources.length > 1 && (
            <label className="pairs-row">
              <span>{msg`Which pairs`}</span>
              <select value={chosen.source} onChange={(event) => setSource(sources.find((one) => one.source === event.currentTarget.value)?.source ?? null)}>
                {sources.map((one) => <option key={one.source} value={one.source}>{SOURCES[one.source]}</option>)}
              </select>
            </label>
          )}
          <label className="pairs-row">
            <span>{msg`Format`}</span>
            <select value={formatId} onChange={(event) => setFormatId(FORMATS.find(({ id }) => id === event.currentTarget.value)?.id ?? 'standard')}>
              {FORMATS.map(({ id, text }) => <option key={id} value={id}>{text}</option>)}
            </select>
          </label>
          <p className="pairs-said">{chosen.words} {fileWords(file)}</p>
          {file.rows > 0 && <button type="button" className="outlined" onClick={() => download(pairsFileName(name), file.text, 'application/jsonl')}>{msg`Save ${pairsFileName(name)}`}</button>}
        </>
      )}
    </section>
  );
}

/** "24 rows." and what TRL makes of them that is not in the pairs. */
export function fileWords({ rows, weightColumn, longerPrompts }: WrittenFile): string {
  if (rows === 0) return msg`There is nothing to save.`;
  return [
    rows === 1 ? msg`1 row.` : msg`${rows.toLocaleString('en')} rows.`,
    ...(weightColumn ? [msg`The column “weight” says how much each pair counts; this page reads it, TRL ignores it.`] : []),
    ...(longerPrompts > 0 ? [longerPrompts === 1 ? msg`In one pair both responses begin alike: with the prompt inside, TRL takes that beginning for part of the prompt.` : msg`In ${longerPrompts.toLocaleString('en')} pairs both responses begin alike: with the prompt inside, TRL takes that beginning for part of the prompt.`] : []),
  ].join(' ');
}

/** The run's pairs by source; null before its reference stands. */
function usePairs(): PairsOfRun[] | null {
  const { experiment, world, view, judged, focus } = useThrottledRun((run) => run, READ_MS);
  return useMemo(() => {
    if (!experiment || !world || !view) return null;
    const [policy] = focusMembers(experiment, focus);
    return pairsOfRun({ experiment, world, drawn: view.drawn ?? null, judged, policy });
  }, [experiment, world, view, judged, focus]);
}
