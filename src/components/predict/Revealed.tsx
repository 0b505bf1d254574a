/** A prediction beside what happened, its score, and the votes beside both. */
import { msg } from '../../sim/msg.ts';
import { massOf, rangeWords, type Answer, type Asked, type Option, type Question } from '../../sim/question.ts';
import { formatProbability } from '../format.ts';
import { roleOf } from './MassBars.tsx';
import type { Committed, Result, Votes } from './predictStore.ts';

interface RevealedProps { committed: Committed; question: Question; asked: Asked; result: Result }

export function Revealed({ committed: { answer, votes }, question, asked, result: { outcome, score } }: RevealedProps) {
  const options = question.options(asked);
  const isChoice = question.kind === 'choice';
  return (
    <>
      {question.kind === 'masses' && <Pairs rows={options.map((option) => massRow(option, answer, outcome.answer))} />}
      {question.range && <Pairs rows={[scaleRow(question, asked, answer, outcome.answer)]} />}
      {isChoice && <Choices options={options} answer={answer} right={outcome.right} />}
      {score && <p className="predict-score">{score.sentence}</p>}
      {Object.keys(votes).length > 0 && <VoteBars options={options} votes={votes} right={outcome.right} title={question.kind === 'masses' ? msg`The class, on who would hold most` : msg`The class`} />}
      <p className="predict-happened">{outcome.sentence}</p>
    </>
  );
}

interface PairRow { id: string; name: string; role: string; said: { share: number; text: string } | null; was: { share: number; text: string } }

function massRow({ id, text, group }: Option, answer: Answer | null, truth: Answer): PairRow {
  const bar = (from: Answer) => {
    const p = from.kind === 'masses' ? massOf(from.masses, group) : NaN;
    return { share: p, text: formatProbability(p) };
  };
  const said = answer && bar(answer);
  return { id, name: text, role: roleOf(group), said: said && { ...said, text: `${Math.round(100 * said.share)} %` }, was: bar(truth) };
}

function scaleRow(question: Question, asked: Asked, answer: Answer | null, truth: Answer): PairRow {
  const range = question.range?.(asked) ?? { low: 0, high: 1, step: 1, unit: '' };
  const bar = (from: Answer) => {
    const value = from.kind === 'count' ? from.count : from.kind === 'number' ? from.value : NaN;
    return { share: Math.min(1, Math.max(0, (value - range.low) / (range.high - range.low))), text: rangeWords(value, range) };
  };
  return { id: question.id, name: '', role: 'role-ink', said: answer && bar(answer), was: bar(truth) };
}

/** Two bars a row: hatched what was said, solid what was. */
function Pairs({ rows }: { rows: readonly PairRow[] }) {
  return (
    <div className="predict-pairs">
      {rows.map(({ id, name, role, said, was }) => (
        <div key={id} className={`predict-pair ${role}`}>
          {name !== '' && <span className="predict-pair-name">{name}</span>}
          {said && <PairBar word="said" bar={said} />}
          <PairBar word="was" bar={was} />
        </div>
      ))}
    </div>
  );
}

function PairBar({ word, bar: { share, text } }: { word: 'said' | 'was'; bar: { share: number; text: string } }) {
  return (
    <div className="predict-pair-line" data-bar={word}>
      <span className="predict-key">{word === 'said' ? msg`you said` : msg`it was`}</span>
      <span className="predict-rail" aria-hidden="true"><b style={{ width: `${100 * share}%` }} /></span>
      <span className="predict-value">{text}</span>
    </div>
  );
}

function Choices({ options, answer, right }: { options: readonly Option[]; answer: Answer | null; right: readonly string[] }) {
  const own = answer?.kind === 'choice' ? answer.option : null;
  const listed = options.filter(({ id }) => id === own || right.includes(id));
  return (
    <ul className="predict-choices">
      {listed.map(({ id, text }) => (
        <li key={id} data-right={right.includes(id)}>
          <span className="predict-tick" aria-hidden="true">{right.includes(id) ? '✓' : '✗'}</span>
          {text}
          <span className="predict-key"> {[...(id === own ? [msg`you said`] : []), ...(right.includes(id) ? [msg`it was`] : [])].join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}

function VoteBars({ options, votes, right, title }: { options: readonly Option[]; votes: Votes; right: readonly string[]; title: string }) {
  const total = Object.values(votes).reduce((sum, count) => sum + count, 0);
  const hit = options.reduce((sum, { id }) => sum + (right.includes(id) ? votes[id] ?? 0 : 0), 0);
  return (
    <div className="predict-tally">
      <p className="predict-tally-title">{title}: {hit}{msg` of `}{total}{msg` hands right`}</p>
      {options.filter(({ id }) => votes[id] || right.includes(id)).map(({ id, text }) => (
        <div key={id} className="predict-tally-row" data-right={right.includes(id)}>
          <span className="predict-bar-name">{right.includes(id) && <><span aria-hidden="true">✓ </span><span className="lab-sr">{msg`right: `}</span></>}{text}</span>
          <span className="predict-rail" aria-hidden="true"><b style={{ width: `${(100 * (votes[id] ?? 0)) / total}%` }} /></span>
          <span className="predict-value">{votes[id] ?? 0} <small>{Math.round((100 * (votes[id] ?? 0)) / total)} %</small></span>
        </div>
      ))}
    </div>
  );
}
