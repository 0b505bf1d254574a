/** Predictions with what came of them, as they are kept: plain data, whole without the page. */
import { minimalExperiment, type ExperimentFile } from '../../sim/experimentPrint.ts';
import { answerWords, type Answer, type Outcome, type QuestionId } from '../../sim/question.ts';
import { questionOf } from '../../sim/questions.ts';
import type { Committed, PredictStore, Result, VoidReason } from './predictStore.ts';

/** The newest this many are kept. */
export const RECORDS_KEPT = 200;

export interface Vote {
  option: string;
  text: string;
  count: number;
}

export interface PredictionRecord {
  version: 1;
  question: QuestionId;
  /** The question as it was asked, and what counted. */
  words: string;
  rule: string;
  /** What ran, without what equals a default; where methods trained side by side, each of them. */
  experiments: readonly ExperimentFile[];
  /** Query string of the page that asks the same again. */
  link: string;
  seeds: readonly number[];
  /** The seed that was shown; null = all of them. */
  shownSeed: number | null;
  backend: string | null;
  answer: Answer | null;
  /** The answer in words; empty without one. */
  said: string;
  votes: readonly Vote[];
  ended: 'scored' | VoidReason;
  outcome: Outcome | null;
  /** In [0, 1]; null where there is nothing to score. */
  score: number | null;
  /** ISO 8601. */
  committedAt: string;
  endedAt: string;
}

export function recordOf({ question: id, asked, answer, votes, link, at }: Committed, result: Result | null, why: VoidReason | null, backend: string | null): PredictionRecord {
  const question = questionOf(id);
  const { experiment, others, focus } = asked;
  return {
    version: 1, question: id, words: question.words(asked), rule: question.rule(asked),
    experiments: [experiment, ...others].map(minimalExperiment), link,
    seeds: experiment.seeds, shownSeed: focus.seedIndex === null ? null : experiment.seeds[focus.seedIndex], backend,
    answer, said: answer ? answerWords(question, asked, answer) : '',
    votes: question.options(asked).flatMap(({ id: option, text }) => (votes[option] ? [{ option, text, count: votes[option] }] : [])),
    ended: why ?? 'scored', outcome: result?.outcome ?? null, score: result?.score?.score ?? null,
    committedAt: at, endedAt: new Date().toISOString(),
  };
}

/** The records as a file. */
export function printRecords(records: readonly PredictionRecord[]): string {
  return `${JSON.stringify({ version: 1, predictions: records }, null, 2)}\n`;
}

/** Where they are kept on this machine. */
const KEY = 'dpo-lab/predictions';

/** Whether something that was kept is a record of this version: another program may have written there. */
function isRecord(value: unknown): value is PredictionRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { version, words, said, link, votes, ended, score, committedAt } = value as Partial<Record<keyof PredictionRecord, unknown>>;
  return version === 1 && [words, said, link, ended, committedAt].every((text) => typeof text === 'string')
    && (score === null || typeof score === 'number') && Array.isArray(votes);
}

function readKept(storage: () => Storage): PredictionRecord[] {
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isRecord).slice(-RECORDS_KEPT) : [];
  } catch {
    return []; // not ours, or storage is blocked
  }
}

/** Keeps the records of a store on this machine, and begins with those that are there. @param storage  throws where it is blocked */
export function keepRecords(predict: PredictStore, storage: () => Storage): void {
  const kept = readKept(storage);
  if (kept.length > 0) predict.getState().setRecords(kept);
  predict.subscribe((now, before) => {
    if (now.records === before.records) return;
    try {
      if (now.records.length === 0) storage().removeItem(KEY);
      else storage().setItem(KEY, JSON.stringify(now.records));
    } catch { /* storage is full or blocked: they stay in this session */ }
  });
}
