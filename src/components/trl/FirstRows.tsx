/** What a preference file holds: its format, what could not be read, its first rows. */
import { msg } from '../../sim/msg.ts';
import { BROKEN_WORDS, number, readWords } from '../../sim/trl/reportWords.ts';
import type { TrlFile } from '../../sim/trl/read.ts';
import { responseName } from '../../sim/words.ts';
import { Shown } from './Shown.tsx';

/** Rows shown. */
const SHOWN = 3;

export function FirstRows({ name, file }: { name: string; file: TrlFile }) {
  const [first, ...others] = readWords(file);
  const broken = file.total - file.rows.length;
  return (
    <section className="trl-read" aria-labelledby="trl-read">
      <h3 id="trl-read">{msg`What was read`}</h3>
      <p><b><Shown text={name} /></b>: {first}</p>
      {others.map((sentence) => <p key={sentence} className="trl-note"><Shown text={sentence} /></p>)}
      {broken > 0 && (
        <details className="trl-broken">
          <summary>{broken === 1 ? msg`1 row could not be read` : msg`${number(broken)} rows could not be read`}: {[...file.broken].map(([reason, n]) => `${number(n)} ${BROKEN_WORDS[reason]}`).join('; ')}</summary>
          <ul>{file.problems.map(({ message }) => <li key={message}><Shown text={message} /></li>)}</ul>
          {broken > file.problems.length && <p>{msg`and ${number(broken - file.problems.length)} more.`}</p>}
        </details>
      )}
      <details className="trl-first" open>
        <summary>{file.rows.length === 1 ? msg`Its row` : msg`Its first rows`}</summary>
        <table>
          <thead><tr><th scope="col">{msg`line`}</th><th scope="col">{msg`prompt`}</th><th scope="col">{msg`chosen`}</th><th scope="col">{msg`rejected`}</th></tr></thead>
          <tbody>
            {file.rows.slice(0, SHOWN).map((row) => (
              <tr key={row.line}>
                <th scope="row">{number(row.line)}</th>
                <td><Shown text={row.prompt === '' ? msg`(no prompt)` : row.prompt} /></td>
                <td className="role-chosen"><Shown text={responseName(row.chosen.trim())} /></td>
                <td className="role-rejected"><Shown text={responseName(row.rejected.trim())} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
