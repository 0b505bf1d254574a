/** Show of hands: how many of a class are for each answer. */
import { msg } from '../../sim/msg.ts';
import type { Asked, Question } from '../../sim/question.ts';
import { MOST_VOTES, usePredict } from './predictStore.ts';

export function VoteFields({ question, asked }: { question: Question; asked: Asked }) {
  const votes = usePredict((predict) => predict.votes);
  const setVote = usePredict((predict) => predict.setVote);
  const total = Object.values(votes).reduce((sum, count) => sum + count, 0);
  return (
    <details className="predict-votes">
      <summary>{msg`Votes of a class${total > 0 ? msg`: ${total} hands` : ''}`}</summary>
      <p className="predict-rule">{voteWords(question)}</p>
      <div className="predict-vote-fields">
        {question.options(asked).map(({ id, text }) => (
          <label key={id} className="predict-vote">
            <span>{text}</span>
            <input
              type="number" className="field-input" inputMode="numeric" min={0} max={MOST_VOTES} step={1} placeholder="0" value={votes[id] ?? ''}
              onChange={(event) => setVote(id, event.target.value === '' ? 0 : Number(event.target.value))}
            />
          </label>
        ))}
      </div>
    </details>
  );
}

function voteWords({ kind }: Question): string {
  return kind === 'masses' ? msg`Hands for the group that will hold most.` : msg`Hands for each answer.`;
}
