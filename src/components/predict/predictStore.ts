/**
 * What readers predict of a run, what came of it, and the record of both.
 *
 * asked → committed (it cannot be changed any more; the run plays from update 0) → revealed at the last update of that
 * run; void where the run does not get there as it was. All of the state is plain data: windows of a lecture share it.
 */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Experiment } from '../../sim/experiment.ts';
import { same } from '../../sim/experimentPrint.ts';
import { upTo } from '../../sim/history.ts';
import { msg } from '../../sim/msg.ts';
import { isAnswer, scoreOf, type Answer, type Asked, type Outcome, type Score } from '../../sim/question.ts';
import { questionOf, type QuestionId } from '../../sim/questions.ts';
import type { RunStatus, RunStore } from '../../sim/runStore.ts';
import type { LabStore } from '../labStore.ts';
import { linkOf } from '../link.ts';
import { askedOf, questionHere } from './asking.ts';
import { recordOf, RECORDS_KEPT, type PredictionRecord } from './records.ts';

export type Stage = 'asked' | 'committed' | 'revealed' | 'void';

/** Why a prediction is void. */
export type VoidReason = 'changed' | 'over' | 'stopped' | 'undefined';

/** Votes by show of hands, by the option's id. */
export type Votes = Readonly<Record<string, number>>;

/** A prediction that stands. */
export interface Committed {
  question: QuestionId;
  asked: Asked;
  /** Null where only the class voted. */
  answer: Answer | null;
  votes: Votes;
  /** Number of the run that it is about. */
  run: number;
  /** Id of the preset on which it was made; null = none. */
  origin: string | null;
  /** The query string that asks the same again. */
  link: string;
  /** ISO 8601. */
  at: string;
}

export interface Result {
  outcome: Outcome;
  /** Null where only the class voted. */
  score: Score | null;
}

export interface PredictStatus {
  /** The card shows more than its line. */
  open: boolean;
  /** A question that the reader has chosen instead of the page's own; null = the page's. */
  picked: QuestionId | null;
  stage: Stage;
  /** As it is being made; null before that. */
  answer: Answer | null;
  votes: Votes;
  committed: Committed | null;
  result: Result | null;
  why: VoidReason | null;
  /** Newest last. */
  records: readonly PredictionRecord[];
}

export interface PredictActions {
  setOpen(open: boolean): void;
  /** Another question; nothing while a prediction stands. */
  pick(id: QuestionId): void;
  /** The answer as far as it is made. Nothing while a prediction stands, and where it is no answer to the question. */
  setAnswer(answer: Answer): void;
  /** How many hands were counted; 0 takes the vote away. Nothing while a prediction stands. */
  setVote(option: string, count: number): void;
  /** The prediction stands, and the run plays from update 0. Returns what forbids it, or null. */
  commit(): string | null;
  /** Takes back a prediction that stands, by starting the run over; or asks again after a result. */
  again(): void;
  forget(): void;
  setRecords(records: readonly PredictionRecord[]): void;
}

export type PredictStore = StoreApi<PredictStatus & PredictActions>;

const FRESH = { stage: 'asked', answer: null, votes: {}, committed: null, result: null, why: null } as const satisfies Partial<PredictStatus>;
export const MOST_VOTES = 9999;

export function createPredictStore(run: RunStore, lab: LabStore): PredictStore {
  const predict: PredictStore = createStore<PredictStatus & PredictActions>()((set, get) => {
    const questionNow = () => questionHere(run.getState(), lab.getState(), get().picked);
    return {
      ...FRESH, open: lab.getState().asked !== null, picked: null, records: [],
      setOpen: (open) => set({ open }),
      pick(id) {
        if (get().stage !== 'committed') set({ ...FRESH, picked: id });
      },
      setAnswer(answer) {
        const question = questionNow();
        if (get().stage === 'asked' && question && isAnswer(question, askedOf(run.getState(), lab.getState()), answer)) set({ answer });
      },
      setVote(option, count) {
        if (get().stage !== 'asked' || !Number.isInteger(count) || count < 0 || count > MOST_VOTES) return;
        const { [option]: _before, ...rest } = get().votes;
        set({ votes: count === 0 ? rest : { ...rest, [option]: count } });
      },
      commit() {
        const { draft, commit: apply } = lab.getState();
        const refused = draft && apply(draft);
        if (refused) return refused;
        const { stage, answer, votes } = get();
        const question = questionNow();
        if (stage !== 'asked' || !question) return msg`There is no question to answer here.`;
        if (answer === null && Object.keys(votes).length === 0) return msg`Answer the question first, or enter the votes of a class.`;
        const asked = askedOf(run.getState(), lab.getState());
        const link = linkOf(run, lab, { ask: question.id });
        begin(run, lab);
        set({ stage: 'committed', result: null, why: null, committed: { question: question.id, asked, answer, votes, run: run.getState().run, origin: lab.getState().origin.id, link, at: new Date().toISOString() } });
        return null;
      },
      again() {
        const { stage } = get();
        if (stage === 'committed') lab.getState().reset();
        else set({ ...FRESH });
      },
      forget: () => set({ records: [] }),
      setRecords: (records) => set({ records }),
    };
  });
  watchRun(run, lab, predict);
  watchQuestion(run, lab, predict);
  return predict;
}

/** A new run of what the controls say, which plays from update 0 and shows the policies that were shown. */
function begin(run: RunStore, lab: LabStore): void {
  const { origin, base, methods, panel, show } = lab.getState();
  const { focus } = run.getState();
  show({ origin, base, methods, panel, play: true });
  if (!same(run.getState().focus, focus)) run.getState().setFocus(focus);
}

/** Ends a prediction, and keeps it. */
function end(run: RunStore, predict: PredictStore, how: { result: Result } | { why: VoidReason }): void {
  const { committed, records } = predict.getState();
  if (!committed) return;
  const result = 'result' in how ? how.result : null;
  const why = 'why' in how ? how.why : null;
  const record = recordOf(committed, result, why, run.getState().backend?.name ?? null);
  predict.setState({ stage: why === null ? 'revealed' : 'void', result, why, records: [...records, record].slice(-RECORDS_KEPT) });
}

/** Reveals a standing prediction when its run is at its end, or says that the run was left. */
function watchRun(run: RunStore, lab: LabStore, predict: PredictStore): void {
  run.subscribe((now, before) => {
    const { stage, committed } = predict.getState();
    if (stage !== 'committed' || !committed) return;
    const why = leftBy(now, before, committed);
    if (why !== null) {
      end(run, predict, { why });
      // Elsewhere it would be in the way; it is in the records.
      if (lab.getState().origin.id !== committed.origin) predict.setState({ ...FRESH });
    } else if (now.state === 'failed') end(run, predict, { why: 'stopped' });
    else reveal(run, predict, committed);
  });
}

function isSame(experiment: Experiment | null, others: readonly Experiment[], { asked }: Committed): boolean {
  return same(experiment, asked.experiment) && same(others, asked.others);
}

/** Why a run is not the one of the prediction any more; null where it is. */
function leftBy(now: RunStatus, before: RunStatus, committed: Committed): VoidReason | null {
  if (now.run !== committed.run) return isSame(now.experiment, now.others, committed) ? 'over' : 'changed';
  if (now.experiment !== before.experiment && !isSame(now.experiment, now.others, committed)) return 'changed';
  const isEmptied = now.run === before.run && now.history.last === null && before.history.last !== null;
  return isEmptied ? 'over' : null;
}

function reveal(run: RunStore, predict: PredictStore, { asked, question, answer }: Committed): void {
  const { replacing, history } = run.getState();
  const { steps } = asked.experiment;
  if (replacing !== null || history.last === null || history.last.step < steps) return;
  const row = questionOf(question);
  const outcome = row.outcome(asked, upTo(history, steps));
  if (outcome === null) end(run, predict, { why: 'undefined' });
  else end(run, predict, { result: { outcome, score: answer && scoreOf(row, asked, answer, outcome) } });
}

/** What is being answered belongs to one question with the same answers to choose from: another one begins anew. */
function watchQuestion(run: RunStore, lab: LabStore, predict: PredictStore): void {
  const keyOf = () => {
    const question = questionHere(run.getState(), lab.getState(), predict.getState().picked);
    return question ? JSON.stringify([question.id, question.options(askedOf(run.getState(), lab.getState()))]) : '';
  };
  let key = keyOf();
  lab.subscribe((now, before) => {
    if (now.base === before.base && now.methods === before.methods && now.origin === before.origin && now.asked === before.asked) return;
    const { stage, picked } = predict.getState();
    const otherOrigin = now.origin.id !== before.origin.id || now.origin.chapter !== before.origin.chapter;
    if (picked !== null && otherOrigin) predict.setState({ picked: null });
    const next = keyOf();
    const isOther = next !== key;
    key = next;
    if (stage === 'committed') return;
    // A result is one of the experiment as it was.
    if (isOther || (stage !== 'asked' && now.base !== before.base)) predict.setState({ ...FRESH });
  });
}

export const PredictContext = createContext<PredictStore | null>(null);

export function usePredictStore(): PredictStore {
  const store = useContext(PredictContext);
  if (!store) throw new Error('usePredictStore: no PredictContext above this component');
  return store;
}

export function usePredict<T>(selector: (predict: PredictStatus & PredictActions) => T): T {
  return useStore(usePredictStore(), selector);
}
