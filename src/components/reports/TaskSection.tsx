/** One task of a report: what was asked, what was entered and found, what was seen, and the evidence. All of it is text. */
import { msg } from '../../sim/msg.ts';
import type { ReportAnswer, ReportPicture, ReportTask } from '../student/report.ts';
import { EvidenceBlock } from './EvidenceBlock.tsx';
import { When } from './When.tsx';

export function TaskSection({ report, task, index }: { report: string; task: ReportTask; index: number }) {
  const { title, asked, done, at, answers, found, evidence, pictures } = task;
  const id = `report-task-${index}`;
  return (
    <section className="report-task" aria-labelledby={id} data-done={done}>
      <h2 id={id}>{index + 1}. {title}</h2>
      <p className="report-done">{done ? <>{msg`✓ done`}{at !== null && <>, <When at={at} /></>}</> : msg`not done`}</p>
      <p className="report-asked">{asked}</p>
      {answers.map((answer, i) => <Answer key={i} answer={answer} />)}
      {found !== '' && <p className="report-found"><span className="reports-note">{msg`What the lab found: `}</span>{found}</p>}
      {pictures.length > 0 && <div className="report-pictures">{pictures.map((picture, i) => <Picture key={i} picture={picture} />)}</div>}
      {evidence && <EvidenceBlock job={{ report, task: index }} evidence={evidence} />}
    </section>
  );
}

function Answer({ answer: { label, said, found, right, before } }: { answer: ReportAnswer }) {
  const tries = before === 0 ? '' : before === 1 ? msg`after 1 other answer` : msg`after ${before} other answers`;
  const verdict = right === null ? '' : right ? msg`✓ right` : msg`✗ wrong`;
  const remark = [verdict, tries].filter((text) => text !== '').join(', ');
  return (
    <div className="report-answer">
      <p className="reports-note">{label}</p>
      <blockquote dir="auto">{said === '' ? msg`(nothing)` : said}</blockquote>
      {(remark !== '' || found !== '') && <p className="reports-note">{remark}{remark !== '' && found !== '' && ': '}{found}</p>}
    </div>
  );
}

/** A picture from somebody else's file: an image runs no script and loads nothing. */
function Picture({ picture: { title, svg } }: { picture: ReportPicture }) {
  return (
    <figure>
      <img src={pictureAddress(svg)} alt={title} decoding="async" />
      <figcaption>{title}</figcaption>
    </figure>
  );
}

/** An SVG document as an address; halves of characters, which no address can hold, are replaced. */
export function pictureAddress(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg.replace(/\p{Surrogate}/gu, '\uFFFD'))}`;
}
