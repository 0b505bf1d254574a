/** The question with what it can be answered with, the votes of a class, and the button that makes it stand. */
import { useState } from 'react';
import { msg } from '../../sim/msg.ts';
import type { Asked, Question, QuestionId } from '../../sim/question.ts';
import { questionsFor } from '../../sim/questions.ts';
import { useLab } from '../labStore.ts';
import { AnswerField } from './AnswerField.tsx';
import { usePredict } from './predictStore.ts';
import { VoteFields } from './VoteFields.tsx';

export function Asking({ question, asked }: { question: Question; asked: Asked }) {
  const commit = usePredict((predict) => predict.commit);
  const ready = usePredict((predict) => predict.answer !== null || Object.keys(predict.votes).length > 0);
  const [refused, setRefused] = useState<string | null>(null);
  return (
    <>
      <p className="predict-question">{question.words(asked)}</p>
      <AnswerField question={question} asked={asked} />
      <p className="predict-rule">{question.rule(asked)}</p>
      <VoteFields question={question} asked={asked} />
      <div className="predict-buttons">
        <button type="button" className="outlined predict-commit" aria-disabled={!ready || undefined} onClick={() => setRefused(commit())}>{msg`Commit and run`}</button>
        <OtherQuestions question={question} asked={asked} />
      </div>
      <p className="predict-refused" role="status">{ready ? '' : refused}</p>
    </>
  );
}

/** Other questions that can be asked of the same run; a link's question is the only one. */
function OtherQuestions({ question, asked }: { question: Question; asked: Asked }) {
  const pick = usePredict((predict) => predict.pick);
  const ofLink = useLab((lab) => lab.asked);
  const questions = questionsFor(asked);
  if (ofLink !== null || questions.length < 2) return null;
  return (
    <label className="predict-other">
      <span className="lab-sr">{msg`Ask another question`}</span>
      <select value={question.id} onChange={(event) => pick(event.target.value as QuestionId)}>
        {questions.map(({ id, title }) => <option key={id} value={id}>{title}</option>)}
      </select>
    </label>
  );
}
