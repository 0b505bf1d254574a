/** What the choices cost and leave, in numbers that add up. */
import { MAX_RESPONSES } from '../../sim/experimentSizes.ts';
import { msg } from '../../sim/msg.ts';
import type { Choices } from '../../sim/trl/choices.ts';
import type { TrlFile } from '../../sim/trl/read.ts';
import { balance, number } from '../../sim/trl/reportWords.ts';
import type { Toy } from '../../sim/trl/toy.ts';

export function TrlReport({ file, choices, toy }: { file: TrlFile; choices: Choices; toy: Toy }) {
  const { report } = toy;
  const changed = choices.outside === 'leave' ? msg`responses with words left out` : msg`responses with ‹other› for a word`;
  return (
    <section aria-labelledby="trl-report">
      <h3 id="trl-report">{msg`What that leaves`}</h3>
      <table className="trl-numbers">
        <tbody>
          <tr><th scope="row">{msg`rows in the file`}</th><td data-trl="total">{number(file.total)}</td></tr>
          {balance(file, choices, toy).map(({ what, n }) => <tr key={what} className="trl-minus"><th scope="row">{what}</th><td>−{number(n)}</td></tr>)}
          <tr className="trl-kept"><th scope="row">{msg`rows kept`}</th><td data-trl="kept">{number(report.kept)}</td></tr>
        </tbody>
        <tbody>
          <Of what={msg`responses cut short`} n={report.truncated} all={2 * report.kept} />
          {choices.outside !== 'drop' && <Of what={changed} n={report.changed} all={2 * report.kept} />}
          <Of what={msg`different words`} n={report.words} all={report.wordsInFile} />
          <Of what={msg`words of the responses that stand as they are`} n={report.written} all={report.inFile} />
          <Of what={msg`prompts`} n={report.prompts} all={report.promptsInFile} />
          <tr><th scope="row">{msg`different pairs`}</th><td data-trl="pairs">{number(report.pairs)}</td></tr>
          <Of what={msg`possible responses, of at most`} n={report.responses} all={MAX_RESPONSES} />
        </tbody>
      </table>
    </section>
  );
}

function Of({ what, n, all }: { what: string; n: number; all: number }) {
  return <tr><th scope="row">{what}</th><td>{msg`${number(n)} of ${number(all)}`}</td></tr>;
}
