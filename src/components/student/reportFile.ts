/**
 * A report as a file: written as one page that needs nothing else, or as bare JSON; read back from either.
 *
 * What a report of `?path=ood` holds (report.ts): nine tasks in the order predict, run, explain, vary, rewind, fork,
 * control, online, say. Those that are about a run (all but predict, explain and say) have `evidence`: the link that
 * leads to the same update, what ran, seeds, backend, the sentence over the charts, every finite metric of every policy
 * unrounded, the most probable responses; and pictures of the panels, where they could be taken. `answers` are what was
 * entered: a number, a choice with what was found of it, a text of one's own. `predictions` are those of the path, with
 * their scores. `lab` is the version that wrote it, `address` where that lab was open.
 *
 * The hash is SHA-256 over the canonical JSON of the report (reportHash.ts). It shows that something was changed after
 * saving, by accident or by hand without hashing again. It is no signature: whoever knows how can make another.
 */
import { parseJson } from '../../sim/jsonText.ts';
import { msg } from '../../sim/msg.ts';
import { REPORT_LIMITS, type Report } from './report.ts';
import { canonicalJson, hashOf } from './reportHash.ts';
import { reportProblem } from './reportSchema.ts';

export { hashOf } from './reportHash.ts';
export { reportHtml } from './reportHtml.ts';

export type ReadReport = { ok: true; report: Report; hash: string; hashMatches: boolean } | { ok: false; problem: string };

/** The bare JSON with its hash. */
export function printReport(report: Report): string {
  return `{"hash":"${hashOf(report)}","report":${canonicalJson(report)}}\n`;
}

/** Reads a page that `reportHtml` wrote, or the JSON of `printReport`. */
export function readReport(text: string): ReadReport {
  if (new TextEncoder().encode(text).length > REPORT_LIMITS.file) return refused(msg`The file must have at most ${REPORT_LIMITS.file / 1e6} MB to be read as a report.`);
  return /^\s*[{[]/.test(text.replace(/^\uFEFF/, '')) ? fromJson(text.replace(/^\uFEFF/, '')) : fromPage(text);
}

function refused(problem: string): ReadReport {
  return { ok: false, problem };
}

/** An element that may hold the report: what stands in its tag, and in it. */
interface Holder { tag: string; json: string }

const [OPENS, CLOSES] = ['<script', '</script>'];

/** The elements of a page that hold a report. Each character is passed over once: a pattern over the whole would take its time on a page made to stall it. */
function holdersIn(text: string): Holder[] {
  const found: Holder[] = [];
  for (let from = text.indexOf(OPENS); from >= 0;) {
    const tagEnd = text.indexOf('>', from);
    if (tagEnd < 0) break;
    const tag = text.slice(from + OPENS.length, tagEnd);
    let next = tagEnd + 1;
    if (/^\s/.test(tag) && /\sid="dpo-lab-report"/.test(tag)) {
      const close = text.indexOf(CLOSES, next);
      if (close < 0) break;
      found.push({ tag, json: text.slice(next, close) });
      next = close + CLOSES.length;
    }
    from = text.indexOf(OPENS, next);
  }
  return found;
}

function fromPage(text: string): ReadReport {
  const found = holdersIn(text);
  if (found.length === 0) return refused(msg`The file holds no report of the lab.`);
  if (found.length > 1) return refused(msg`The file must hold one report, it holds ${found.length}.`);
  const [{ tag, json }] = found;
  const hash = /\sdata-hash="([^"]*)"/.exec(tag)?.[1];
  const read = parseJson(json);
  if (!read.ok) return refused(msg`The report in the file cannot be read: ${read.sentence}.`);
  return checked(read.value, hash);
}

function fromJson(text: string): ReadReport {
  const read = parseJson(text);
  if (!read.ok) return refused(msg`The file cannot be read: ${read.sentence}.`);
  const { value } = read;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'report')) return refused(msg`The file holds no report of the lab.`);
  const { report, hash } = value as { report: unknown; hash?: unknown };
  return checked(report, hash);
}

function checked(value: unknown, hash: unknown): ReadReport {
  const problem = reportProblem(value);
  if (problem !== null) return refused(problem);
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return refused(msg`The report’s hash must be 64 hexadecimal digits.`);
  const report = value as Report;
  return { ok: true, report, hash, hashMatches: hashOf(report) === hash };
}
