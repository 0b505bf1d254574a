/** "Predict first": one line on the first screen, which opens to the question, the answer, and at the end both beside what happened. */
import { useId, useMemo } from 'react';
import { flushSync } from 'react-dom';
import { msg } from '../../sim/msg.ts';
import { answerWords, points, type Asked, type Question } from '../../sim/question.ts';
import { questionOf } from '../../sim/questions.ts';
import { useLab } from '../labStore.ts';
import { useRun } from '../run.ts';
import { useHidden } from '../share/hideable.ts';
import { Asking } from './Asking.tsx';
import { askedOf, questionHere } from './asking.ts';
import { usePredict, type Committed, type PredictStatus, type Result, type VoidReason } from './predictStore.ts';
import { Revealed } from './Revealed.tsx';
import { voidWords } from './words.ts';
import './predict.css';

/** The question that the page asks now, and of what; null where there is none. */
function useQuestion(): { question: Question; asked: Asked } | null {
  const focus = useRun((run) => run.focus);
  const base = useLab((lab) => lab.base);
  const methods = useLab((lab) => lab.methods);
  const ofLink = useLab((lab) => lab.asked);
  const origin = useLab((lab) => lab.origin);
  const picked = usePredict((predict) => predict.picked);
  return useMemo(() => {
    const question = questionHere({ focus }, { base, methods, asked: ofLink, origin }, picked);
    return question && { question, asked: askedOf({ focus }, { base, methods }) };
  }, [focus, base, methods, ofLink, origin, picked]);
}

export function PredictionCard() {
  const id = useId();
  const open = usePredict((predict) => predict.open);
  const setOpen = usePredict((predict) => predict.setOpen);
  const stage = usePredict((predict) => predict.stage);
  const committed = usePredict((predict) => predict.committed);
  const result = usePredict((predict) => predict.result);
  const why = usePredict((predict) => predict.why);
  const here = useQuestion();
  const shown = committed ? { question: questionOf(committed.question), asked: committed.asked } : here;
  if (!shown) return null;
  const [word, rest] = lineOf({ stage, result, committed, open }, shown.question);
  return (
    <section className="predict" aria-label={msg`Prediction`} data-stage={stage}>
      <button type="button" className="predict-line" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <span className="predict-caret" aria-hidden="true" /><span className="predict-words"><b>{word}</b>{rest !== '' && <span className="predict-rest">: {rest}</span>}</span>
      </button>
      <p className="lab-sr" role="status">{spokenOf(result, why)}</p>
      <div id={id} className="predict-body" hidden={!open}>
        {open && (committed ? <Standing committed={committed} {...shown} /> : <Asking {...shown} />)}
      </div>
    </section>
  );
}

/** What is said aloud, when it happens. */
function spokenOf(result: Result | null, why: VoidReason | null): string {
  if (why !== null) return voidWords(why);
  return result ? msg`The prediction is revealed. ${result.score?.sentence ?? ''} ${result.outcome.sentence}` : '';
}

/** What the line of the card says. */
function lineOf({ stage, result, committed, open }: Pick<PredictStatus, 'stage' | 'result' | 'committed' | 'open'>, { kind, title }: Question): [string, string] {
  switch (stage) {
    case 'asked': return [msg`Predict first`, open ? '' : title];
    case 'committed': return [msg`Predicted`, msg`the result comes at update ${committed?.asked.experiment.steps ?? ''}`];
    case 'revealed': {
      const score = result?.score;
      if (!score) return [msg`Revealed`, ''];
      return [msg`Revealed`, kind === 'choice' ? score.sentence : points(score.score)];
    }
    case 'void': return [msg`Prediction void`, ''];
  }
}

/** A prediction that stands, or what came of it. */
function Standing({ committed, question, asked }: { committed: Committed; question: Question; asked: Asked }) {
  const result = usePredict((predict) => predict.result);
  const why = usePredict((predict) => predict.why);
  const again = usePredict((predict) => predict.again);
  return (
    <>
      <p className="predict-question">{question.words(asked)}</p>
      {result && <Revealed committed={committed} question={question} asked={asked} result={result} />}
      {!result && committed.answer && <p className="predict-said"><span className="predict-key">{msg`You said`}</span> {answerWords(question, asked, committed.answer)}</p>}
      {why !== null && <p className="predict-void">{voidWords(why)}</p>}
      <div className="predict-buttons">
        <button type="button" className="outlined" onClick={again}>{result || why !== null ? msg`Predict again` : msg`Start over and take it back`}</button>
        {(result || why !== null) && <AllPredictions />}
      </div>
    </>
  );
}

function AllPredictions() {
  const count = usePredict((predict) => predict.records.length);
  const hidden = useHidden('panels');
  const embedded = useLab((lab) => lab.embedded);
  const set = useLab((lab) => lab.set);
  if (hidden || embedded || count === 0) return null;
  function show(): void {
    flushSync(() => set({ panel: 'predictions' }));
    document.getElementById('second-rank-panel')?.scrollIntoView({ block: 'start', behavior: 'instant' });
  }
  return <button type="button" className="textual predict-all" onClick={show}>{count === 1 ? msg`The record` : msg`All ${count} predictions`}</button>;
}
