/** "Predictions so far": what was predicted on this machine, right or wrong. */
import { msg } from '../../sim/msg.ts';
import { points } from '../../sim/question.ts';
import { download } from '../frame/download.ts';
import { Panel } from '../panels/Panel.tsx';
import { usePredict } from './predictStore.ts';
import { printRecords, type PredictionRecord } from './records.ts';
import { voidWords } from './words.ts';
import './predict.css';

export function RecordsPanel() {
  const records = usePredict((predict) => predict.records);
  const forget = usePredict((predict) => predict.forget);
  const scored = records.flatMap(({ score }) => (score === null ? [] : [score]));
  const mean = scored.reduce((sum, score) => sum + score / scored.length, 0);
  return (
    <Panel
      title={msg`Predictions so far`} sub={scored.length > 0 ? msg`${scored.length} scored, ${points(mean)} on average` : msg`Every prediction that was committed, right or wrong.`}
      note={msg`They are kept in this browser on this machine, and sent nowhere.`}
    >
      {records.length === 0 ? <p className="predict-none">{msg`None yet. Open “Predict first” at the top of a chapter, answer, and commit.`}</p> : <Records records={records} />}
      {records.length > 0 && (
        <div className="predict-buttons">
          <button type="button" className="outlined" onClick={() => download('predictions.json', printRecords(records))}>{msg`Save as JSON`}</button>
          <button type="button" className="outlined" onClick={forget}>{msg`Forget all of them`}</button>
        </div>
      )}
    </Panel>
  );
}

function Records({ records }: { records: readonly PredictionRecord[] }) {
  return (
    <div className="predict-records" tabIndex={0} role="region" aria-label={msg`List of predictions`}>
      <table>
        <thead><tr><th scope="col">{msg`when`}</th><th scope="col">{msg`question`}</th><th scope="col">{msg`answer`}</th><th scope="col">{msg`what happened`}</th><th scope="col">{msg`score`}</th></tr></thead>
        <tbody>{records.toReversed().map((record) => <RecordRow key={record.committedAt} record={record} />)}</tbody>
      </table>
    </div>
  );
}

function RecordRow({ record: { words, link, said, votes, outcome, score, ended, committedAt } }: { record: PredictionRecord }) {
  const hands = votes.map(({ text, count }) => msg`${count} for ${text}`).join(', ');
  return (
    <tr>
      <td><time dateTime={committedAt}>{new Date(committedAt).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })}</time></td>
      <th scope="row"><a href={link === '' ? '.' : link}>{words}</a></th>
      <td>{said}{hands !== '' && <small>{msg`${said === '' ? '' : ' '}Class: `}{hands}</small>}</td>
      <td>{ended === 'scored' ? outcome?.sentence : voidWords(ended)}</td>
      <td className="predict-points">{score === null ? '–' : points(score)}</td>
    </tr>
  );
}
